/* Origin rules, by recursive descent over single tokens; ref_origin.h has the grammar. */
#include "base/limits.h"
#include "ref/ref_origin.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_OTHER };

struct reader {
	struct arena *arena;
	struct span all;
	uint32_t next; /* where the token behind the current one begins */
	enum token_kind kind;
	struct span token;
	uint32_t at;     /* where the current token begins */
	uint32_t behind; /* where the one before it ended */
	uint32_t tests, codes, depth;
	const char *fault;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/* A word that begins with a letter may have hyphens in it ("build-down"); behind digits a hyphen makes a range. */
static uint32_t word_end(const char *p, uint32_t i, uint32_t n)
{
	bool letter = !is_digit(p[i]);

	while (i < n && (is_word_char(p[i]) ||
			 (letter && p[i] == '-' && i + 1 < n && is_word_char(p[i + 1])) ||
			 (!letter && p[i] == '.')))
		i++;
	return i;
}

static void advance(struct reader *r)
{
	const char *p = r->all.p;
	uint32_t i = r->next, n = r->all.n, begin;

	r->behind = r->next;
	while (i < n && p[i] == ' ')
		i++;
	begin = i;
	if (i == n) {
		r->kind = TOKEN_END;
	} else if (is_word_char(p[i])) {
		r->kind = is_digit(p[i]) ? TOKEN_NUMBER : TOKEN_WORD;
		i = word_end(p, i, n);
	} else {
		r->kind = memchr("%(),-", p[i], 5) ? TOKEN_SIGN : TOKEN_OTHER;
		i++;
	}
	r->at = begin;
	r->token = (struct span){p ? p + begin : p, i - begin, r->all.line};
	r->next = i;
}

/* Only the first fault counts, at the current token. */
static bool refuse(struct reader *r, const char *text)
{
	if (!r->fault)
		r->fault = text;
	return false;
}

static bool accept(struct reader *r, const char *token)
{
	if (!span_is(r->token, token))
		return false;
	advance(r);
	return true;
}

static bool read_percent(struct reader *r, struct decimal *ret)
{
	struct decimal d;

	if (r->kind != TOKEN_NUMBER || decimal_parse(r->token, &d))
		return refuse(r, "a number is expected here");
	if (d.scale > LIMIT_ORIGIN_PERCENT_SCALE || decimal_compare(d, decimal_of(100, 0)) > 0)
		return refuse(r, "a per cent is from 0 to 100, with at most four decimals");
	advance(r);
	if (!accept(r, "%"))
		return refuse(r, "% is expected here");
	*ret = d;
	return true;
}

/* ---- codes ---- */

static bool read_code(struct reader *r, struct span *ret)
{
	struct span s = r->token;

	for (uint32_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return refuse(r, "a code of digits is expected here");
	if (s.n != 2 && s.n != 4 && s.n != 6)
		return refuse(r, "a code of two, four or six digits is expected here");
	*ret = s;
	advance(r);
	return true;
}

static bool read_codes(struct reader *r, const struct origin_codes **ret)
{
	struct origin_codes *first = NULL, *last = NULL;

	do {
		struct origin_codes *c = ARENA_NEW(r->arena, struct origin_codes);
		uint32_t at = r->at;

		if (r->codes++ == LIMIT_ORIGIN_CODES)
			return refuse(r, "a rule names at most 250 codes");
		if (!read_code(r, &c->from))
			return false;
		c->to = c->from;
		if (accept(r, "-") && !read_code(r, &c->to))
			return false;
		if (c->from.n != c->to.n || span_compare(c->from, c->to) > 0) {
			r->at = at;
			return refuse(r, "a range goes upwards, between codes of the same length");
		}
		if (last)
			last->next = c;
		else
			first = c;
		last = c;
	} while (accept(r, ","));
	*ret = first;
	return true;
}

bool origin_codes_have(const struct origin_codes *c, struct span code)
{
	for (; c; c = c->next) {
		struct span head = {code.p, c->from.n, 0};

		if (code.n >= head.n && span_compare(c->from, head) <= 0 &&
		    span_compare(head, c->to) <= 0)
			return true;
	}
	return false;
}

/* ---- conditions ---- */

static bool read_change(struct reader *r, struct origin_node *n)
{
	static const char *const words[] = {"chapter", "heading", "subheading"};

	n->test = ORIGIN_CHANGE;
	for (unsigned i = 0; i < ARRAY_LEN(words) && !n->level; i++)
		if (accept(r, words[i]))
			n->level = 2 * (i + 1);
	if (!n->level)
		return refuse(r, "chapter, heading or subheading is expected here");
	if (accept(r, "except") && !read_codes(r, &n->codes))
		return false;
	if (accept(r, "allowing")) {
		if (!read_percent(r, &n->percent))
			return false;
		n->basis = accept(r, "fob") ? BASIS_FOB : BASIS_EX_WORKS;
	}
	return true;
}

static bool read_max(struct reader *r, struct origin_node *n)
{
	n->test = ORIGIN_MAX_VALUE;
	if (!read_percent(r, &n->percent))
		return false;
	n->basis = accept(r, "fob") ? BASIS_FOB : BASIS_EX_WORKS;
	return !accept(r, "of") || read_codes(r, &n->codes);
}

static bool read_weight(struct reader *r, struct origin_node *n)
{
	n->test = ORIGIN_MAX_WEIGHT;
	if (!read_percent(r, &n->percent))
		return false;
	if (!accept(r, "of"))
		return refuse(r, "of and codes of materials are expected here");
	return read_codes(r, &n->codes);
}

static bool read_content(struct reader *r, struct origin_node *n)
{
	static const char *const words[] = {"build-down", "build-up", "net-cost", "focused"};
	uint32_t word = 0;

	n->test = ORIGIN_CONTENT;
	if (!read_percent(r, &n->percent))
		return false;
	while (word < ARRAY_LEN(words) && !accept(r, words[word]))
		word++;
	if (word == ARRAY_LEN(words))
		return refuse(r, "build-down, build-up, net-cost or focused is expected here");
	n->content = (enum origin_content)word;
	if (n->content != CONTENT_NET_COST && accept(r, "fob"))
		n->basis = BASIS_FOB;
	if (n->content != CONTENT_FOCUSED)
		return true;
	if (!accept(r, "of"))
		return refuse(r, "of and codes of materials are expected here");
	return read_codes(r, &n->codes);
}

static bool read_process(struct reader *r, struct origin_node *n)
{
	n->test = ORIGIN_PROCESS;
	if (r->kind != TOKEN_WORD)
		return refuse(r, "the code of a process is expected here");
	n->process = r->token;
	advance(r);
	return true;
}

static bool read_condition(struct reader *r, struct origin_node *n)
{
	if (accept(r, "wholly-obtained")) {
		n->test = ORIGIN_WHOLLY;
		return !accept(r, "of") || read_codes(r, &n->codes);
	}
	if (accept(r, "change"))
		return read_change(r, n);
	if (accept(r, "max"))
		return read_max(r, n);
	if (accept(r, "weight"))
		return read_weight(r, n);
	if (accept(r, "content"))
		return read_content(r, n);
	if (accept(r, "process"))
		return read_process(r, n);
	if (accept(r, "any")) {
		n->test = ORIGIN_FREELY;
		return true;
	}
	return refuse(r, "a condition is expected here: wholly-obtained, change, max, weight, "
			 "content, process or any");
}

/* ---- and, or, brackets ---- */

static const struct origin_node *read_list(struct reader *r, enum origin_test join);

/* A bracket, or a condition. */
static struct origin_node *read_one(struct reader *r)
{
	struct origin_node *n;
	uint32_t begin = r->at;

	if (r->tests++ == LIMIT_ORIGIN_TESTS) {
		refuse(r, "a rule has at most 100 conditions and brackets");
		return NULL;
	}
	n = ARENA_NEW(r->arena, struct origin_node);
	if (r->depth == LIMIT_ORIGIN_DEPTH && span_is(r->token, "(")) {
		refuse(r, "brackets stand in one another at most eight deep");
		return NULL;
	}
	if (accept(r, "(")) {
		const struct origin_node *inner;

		r->depth++;
		inner = read_list(r, ORIGIN_ANY_OF);
		r->depth--;
		if (!inner || (!accept(r, ")") && !refuse(r, "a closing bracket is expected here")))
			return NULL;
		*n = *inner;
	} else if (!read_condition(r, n)) {
		return NULL;
	}
	n->text = (struct span){r->all.p + begin, r->behind - begin, r->all.line};
	return n;
}

/* Members of an or, each an and of members; a list of one is that one. */
static const struct origin_node *read_list(struct reader *r, enum origin_test join)
{
	const char *word = join == ORIGIN_ANY_OF ? "or" : "and";
	struct origin_node *list = ARENA_NEW(r->arena, struct origin_node), *last = NULL;
	uint32_t begin = r->at;

	do {
		const struct origin_node *one =
		    join == ORIGIN_ANY_OF ? read_list(r, ORIGIN_ALL_OF) : read_one(r);
		struct origin_node *member;

		if (!one)
			return NULL;
		member = ARENA_NEW(r->arena, struct origin_node);
		*member = *one;
		member->next = NULL;
		if (last)
			last->next = member;
		else
			list->child = member;
		last = member;
	} while (accept(r, word));
	if (list->child == last)
		return last;
	list->test = join;
	list->text = (struct span){r->all.p + begin, r->behind - begin, r->all.line};
	return list;
}

enum err origin_rule_parse(struct arena *a, struct span s, const struct origin_node **ret,
			   const char **ret_text, uint32_t *ret_at)
{
	struct reader r = {.arena = a, .all = s};
	const struct origin_node *rule = NULL;

	if (s.n > LIMIT_ORIGIN_RULE_BYTES) {
		r.fault = "a rule has at most 4000 bytes";
	} else {
		advance(&r);
		rule = read_list(&r, ORIGIN_ANY_OF);
		if (rule && r.kind != TOKEN_END)
			refuse(&r, "and, or, or nothing more is expected here");
	}
	if (r.fault) {
		*ret_text = r.fault;
		*ret_at = r.at;
		return ERR_FORMAT;
	}
	*ret = rule;
	return ERR_NONE;
}
