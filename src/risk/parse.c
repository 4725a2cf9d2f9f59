#include "base/date.h"
#include "risk/room.h"

/* Reads a file rule by rule. What breaks the grammar is one fault, and reading goes on at the next `rule` that begins a
 * line; what is only wrong (a field that does not exist, a value of the wrong type) is noted and the rule read to its
 * end. */
struct parser {
	struct parsed *to;
	struct span file;
	struct scanner scanner;
	struct token now;
	struct span id; /* of the rule that is being read, or empty */
	uint32_t tests; /* in it, so far */
	uint32_t nesting;
	bool said; /* this text of the file broke the grammar, and a fault says so */
};

#define FAULT(p, token, rule, ...) note(p, token, rule, arena_print((p)->to->arena, __VA_ARGS__))
#define QUOTE(s)                   SPAN_ARG(quote(s))

/* At most 60 bytes of what a file says, cut between characters. */
static struct span quote(struct span s)
{
	s.n = s.n > 60 ? 60 : s.n;
	s.n = span_utf8_prefix(s);
	return s;
}

static void note(struct parser *p, const struct token *at, const char *rule, const char *text)
{
	bool named = p->id.n > 0;

	p->to->faulty = true;
	pack_fault(p->to->faults, p->file, at->line, at->column, rule, "%.*s%s%s", QUOTE(p->id),
		   named ? ": " : "", text);
}

static void advance(struct parser *p)
{
	p->now = scan(&p->scanner);
}

/* Words of the grammar and fields are plain words; texts in quotes are never taken for them. */
static bool at_word(const struct parser *p, const char *word)
{
	return p->now.kind == TOKEN_WORD && span_is(p->now.text, word);
}

static bool at_sign(const struct parser *p, const char *sign)
{
	return p->now.kind == TOKEN_SIGN && span_is(p->now.text, sign);
}

static bool at_rule(const struct parser *p)
{
	return p->now.first && at_word(p, "rule");
}

static bool take_word(struct parser *p, const char *word)
{
	bool is = at_word(p, word);

	if (is)
		advance(p);
	return is;
}

static bool take_sign(struct parser *p, const char *sign)
{
	bool is = at_sign(p, sign);

	if (is)
		advance(p);
	return is;
}

/* The grammar wants something else here. Always false. */
static bool expected(struct parser *p, const char *what)
{
	const struct token *t = &p->now;

	if (p->said)
		return false;
	p->said = true;
	if (t->kind == TOKEN_BAD)
		FAULT(p, t, "rule.syntax", "%.*s", SPAN_ARG(t->text));
	else if (t->kind == TOKEN_END)
		FAULT(p, t, "rule.syntax", "the file ends where %s should stand", what);
	else
		FAULT(p, t, "rule.syntax", "%s should stand before \"%.*s\"", what, QUOTE(t->text));
	return false;
}

static bool want_word(struct parser *p, const char *word)
{
	return take_word(p, word) || expected(p, arena_print(p->to->arena, "the word %s", word));
}

static bool want_text(struct parser *p, struct span *ret, const char *what)
{
	if (p->now.kind != TOKEN_TEXT)
		return expected(p, what);
	if (!p->now.text.n)
		FAULT(p, &p->now, "rule.text", "%s is empty", what);
	*ret = p->now.text;
	advance(p);
	return true;
}

/* ---- conditions ---- */

static struct node *condition(struct parser *p);

static struct node *join(struct parser *p, enum node_kind kind, struct node *left,
			 struct node *right)
{
	struct node *n = ARENA_NEW(p->to->arena, struct node);

	n->kind = kind;
	n->left = left;
	n->right = right;
	n->of_item = left->of_item || (right && right->of_item);
	n->of_documents = left->of_documents || (right && right->of_documents);
	n->tests = left->tests + (right ? right->tests : 0);
	return n;
}

static struct node *new_test(struct parser *p, enum operator operator)
{
	struct node *n = ARENA_NEW(p->to->arena, struct node);

	n->kind = NODE_TEST;
	n->test.operator=(uint8_t) operator;
	n->tests = 1;
	if (++p->tests == RULE_TESTS + 1)
		FAULT(p, &p->now, "rule.limit", "a rule may compare no more than %d times",
		      RULE_TESTS);
	return n;
}

static bool find_signal(struct span name, enum signal *ret)
{
	for (uint32_t i = 0; i < SIGNALS; i++) {
		if (span_is(name, signals[i].name)) {
			*ret = (enum signal)i;
			return true;
		}
	}
	return false;
}

static const char *type_name(enum signal_type t)
{
	return t == TYPE_TEXT ? "a text" : "a number";
}

/* One value of the field's type. wanted is false where the field is unknown: anything goes, and is forgotten. */
static bool value(struct parser *p, bool wanted, enum signal_type type, struct span *ret_text,
		  struct decimal *ret_number)
{
	struct token t = p->now;
	enum err e;

	if (t.kind != TOKEN_TEXT && t.kind != TOKEN_NUMBER)
		return expected(p, wanted && type == TYPE_NUMBER ? "a number" : "a text in quotes");
	advance(p);
	if (wanted && (t.kind == TOKEN_TEXT) != (type == TYPE_TEXT)) {
		FAULT(p, &t, "rule.type", "the field is %s, and \"%.*s\" is %s", type_name(type),
		      QUOTE(t.text), type_name(t.kind == TOKEN_TEXT ? TYPE_TEXT : TYPE_NUMBER));
		return true;
	}
	if (t.kind == TOKEN_TEXT) {
		if (!t.text.n)
			FAULT(p, &t, "rule.text",
			      "nothing is compared with an empty text: a missing "
			      "value holds in no comparison");
		*ret_text = t.text;
		return true;
	}
	e = decimal_parse(t.text, ret_number);
	if (e)
		FAULT(p, &t, "rule.number",
		      e == ERR_LIMIT ? "\"%.*s\" has more than 18 digits, or 9 behind the point"
				     : "\"%.*s\" is not a number",
		      QUOTE(t.text));
	return true;
}

/* in ("a", "b") */
static struct node *in_values(struct parser *p, bool wanted, enum signal_type type)
{
	struct node *n = new_test(p, type == TYPE_TEXT ? IN_TEXTS : IN_NUMBERS);
	DICT_LIST(struct span) texts = {0};
	DICT_LIST(struct decimal) numbers = {0};
	struct arena *a = p->to->arena;

	do {
		struct span *text =
		    arena_push(a, (void **)&texts.v, &texts.n, &texts.room, sizeof(*text));
		struct decimal *number =
		    arena_push(a, (void **)&numbers.v, &numbers.n, &numbers.room, sizeof(*number));

		if (texts.n == RULE_VALUES + 1)
			FAULT(p, &p->now, "rule.limit",
			      "no more than %d values may stand in one pair of parentheses; use a "
			      "list",
			      RULE_VALUES);
		if (!value(p, wanted, type, text, number))
			return NULL;
	} while (take_sign(p, ","));
	if (!take_sign(p, ")")) {
		expected(p, "a comma or a closing parenthesis");
		return NULL;
	}
	if (type == TYPE_TEXT) {
		n->values = texts.v;
		n->value_count = texts.n;
	} else {
		n->test.numbers = (struct number_set){numbers.v, numbers.n};
	}
	return n;
}

/* in list "name" */
static struct node *in_list(struct parser *p, bool wanted, enum signal_type type)
{
	struct node *n = new_test(p, IN_TEXTS);
	struct token t = p->now;

	if (!want_text(p, &n->list, "the name of a list in quotes"))
		return NULL;
	if (wanted && type != TYPE_TEXT)
		FAULT(p, &t, "rule.type", "lists hold texts, and the field is a number");
	if (n->list.n && !ref_knows_list(p->to->ref, n->list))
		FAULT(p, &t, "rule.list", "lists.csv has no list \"%.*s\"", QUOTE(n->list));
	return n;
}

static bool take_operator(struct parser *p, enum operator* ret)
{
	static const struct {
		const char *text;
		enum operator operator;
	} signs[] = {{"=", IS_EQUAL},    {"!=", IS_UNEQUAL}, {"<", IS_LESS},
		     {"<=", IS_AT_MOST}, {">", IS_MORE},     {">=", IS_AT_LEAST}};

	for (uint32_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (take_sign(p, signs[i].text)) {
			*ret = signs[i].operator;
			return true;
		}
	}
	*ret = at_word(p, "starts") ? STARTS : CONTAINS;
	return take_word(p, "starts") || take_word(p, "contains");
}

/* Small letters on both sides make a search that does not tell them apart. */
static struct span small_letters(struct arena *a, struct span s)
{
	char *small = arena_copy(a, s.p ? s.p : "", s.n);

	for (uint32_t i = 0; i < s.n; i++)
		small[i] = ascii_small(small[i]);
	return (struct span){small, s.n, s.line};
}

static struct node *compared(struct parser *p, bool wanted, enum signal_type type)
{
	struct token t = p->now;
	enum operator operator;
	struct span text = {0};
	struct decimal number = {0};
	struct node *n;

	if (!take_operator(p, &operator)) {
		expected(p, "= != < <= > >= starts, contains or in");
		return NULL;
	}
	if (wanted && type == TYPE_NUMBER && (operator== STARTS || operator== CONTAINS)) {
		FAULT(p, &t, "rule.type", "%.*s compares texts, and the field is a number",
		      SPAN_ARG(t.text));
		wanted = false;
	}
	n = new_test(p, operator);
	if (!value(p, wanted, type, &text, &number))
		return NULL;
	if (type == TYPE_NUMBER)
		n->test.number = number;
	else
		n->test.text = operator== CONTAINS ? small_letters(p->to->arena, text) : text;
	if (operator== CONTAINS)
		n->test.trace = text_trace(text);
	return n;
}

static struct node *document(struct parser *p)
{
	struct node *n = new_test(p, HAS_DOCUMENT);

	n->of_documents = true;
	if (!want_word(p, "has") || !want_text(p, &n->test.text, "a document code in quotes"))
		return NULL;
	return n;
}

/* Words that show that a comparison was left out. */
static bool is_reserved(struct span s)
{
	static const char *const words[] = {"and", "because", "in", "or", "rule", "then"};

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_is(s, words[i]))
			return true;
	return false;
}

static struct node *comparison(struct parser *p)
{
	struct token field = p->now;
	enum signal signal = SIGNALS;
	enum signal_type type = TYPE_TEXT;
	bool known;
	struct node *n = NULL;

	if (take_word(p, "document"))
		return document(p);
	if (field.kind != TOKEN_WORD || is_reserved(field.text)) {
		expected(p, "a field, not, document or an opening parenthesis");
		return NULL;
	}
	advance(p);
	known = find_signal(field.text, &signal);
	if (known)
		type = signals[signal].type;
	else
		FAULT(p, &field, "rule.field", "there is no field \"%.*s\"", QUOTE(field.text));
	if (!take_word(p, "in"))
		n = compared(p, known, type);
	else if (take_word(p, "list"))
		n = in_list(p, known, type);
	else if (take_sign(p, "("))
		n = in_values(p, known, type);
	else
		expected(p, "list or an opening parenthesis");
	if (n && known) {
		n->test.signal = (uint8_t)signal;
		n->of_item = signals[signal].scope == SCOPE_ITEM;
	}
	return n;
}

static bool nest(struct parser *p)
{
	if (p->nesting++ < RULE_NESTING)
		return true;
	if (!p->said)
		FAULT(p, &p->now, "rule.limit", "parentheses and nots may not stand deeper than %d",
		      RULE_NESTING);
	p->said = true;
	return false;
}

static struct node *factor(struct parser *p)
{
	struct node *n = NULL;

	if (at_word(p, "not")) {
		if (!nest(p))
			return NULL;
		advance(p);
		n = factor(p);
		p->nesting--;
		return n ? join(p, NODE_NOT, n, NULL) : NULL;
	}
	if (!at_sign(p, "("))
		return comparison(p);
	if (!nest(p))
		return NULL;
	advance(p);
	n = condition(p);
	p->nesting--;
	if (n && !take_sign(p, ")")) {
		expected(p, "and, or, or a closing parenthesis");
		return NULL;
	}
	return n;
}

static struct node *conjunction(struct parser *p)
{
	struct node *n = factor(p), *right;

	while (n && take_word(p, "and")) {
		right = factor(p);
		n = right ? join(p, NODE_AND, n, right) : NULL;
	}
	return n;
}

static struct node *condition(struct parser *p)
{
	struct node *n = conjunction(p), *right;

	while (n && take_word(p, "or")) {
		right = conjunction(p);
		n = right ? join(p, NODE_OR, n, right) : NULL;
	}
	return n;
}

/* ---- clauses ---- */

static bool date(struct parser *p, int32_t *ret)
{
	struct token t = p->now;

	if (t.kind != TOKEN_NUMBER)
		return expected(p, "a day such as 2026-11-22");
	advance(p);
	if (day_parse(t.text, ret))
		FAULT(p, &t, "dates.format",
		      "\"%.*s\" is not a day of the calendar, written as 2026-11-22",
		      QUOTE(t.text));
	return true;
}

static bool dates(struct parser *p, struct ref_dates *ret)
{
	struct token last;

	*ret = (struct ref_dates){INT32_MAX, INT32_MAX};
	if (!want_word(p, "from") || !date(p, &ret->from))
		return false;
	if (!take_word(p, "to"))
		return true;
	last = p->now;
	if (!date(p, &ret->to))
		return false;
	/* A first day that could not be read is the latest of all: one fault is enough. */
	if (ret->to < ret->from && ret->from != INT32_MAX)
		FAULT(p, &last, "dates.reversed", "the last day lies before the first");
	return true;
}

const char *secrecy_name(enum secrecy s)
{
	return s == SECRECY_OFFICER ? "officer" : "restricted";
}

static bool secrecy(struct parser *p, enum secrecy *ret)
{
	if (take_word(p, secrecy_name(SECRECY_OFFICER)))
		*ret = SECRECY_OFFICER;
	else if (take_word(p, secrecy_name(SECRECY_RESTRICTED)))
		*ret = SECRECY_RESTRICTED;
	else
		return expected(p, "officer or restricted");
	return true;
}

static bool lane(struct parser *p, enum lane *ret)
{
	struct token t = p->now;

	if (t.kind != TOKEN_WORD)
		return expected(p, "red, yellow or blue");
	advance(p);
	*ret = lane_by_name(t.text);
	if (*ret <= LANE_GREEN)
		FAULT(
		    p, &t, "rule.lane",
		    "a rule asks for red, yellow or blue, not for \"%.*s\"; green is what remains",
		    QUOTE(t.text));
	return true;
}

/* How many in a million, of per cent with at most four decimals; -1: not such a number. */
static int64_t ppm_of(struct span percent)
{
	struct decimal d, exact;

	if (decimal_parse(percent, &d) || decimal_rescale(d, 4, ROUND_DOWN, &exact) ||
	    decimal_compare(d, exact) != 0 || exact.units <= 0 || exact.units > 1000000)
		return -1;
	return exact.units;
}

static bool percentage(struct parser *p, int64_t *ret)
{
	struct token t = p->now;

	*ret = 1000000;
	if (t.kind != TOKEN_NUMBER)
		return true;
	advance(p);
	if (!take_sign(p, "%"))
		return expected(p, "%");
	*ret = ppm_of(t.text);
	if (*ret < 0)
		FAULT(p, &t, "rule.number",
		      "a percentage is more than 0, at most 100, and has at most four decimals");
	return true;
}

static bool weight(struct parser *p, int64_t *ret)
{
	struct token t = p->now;
	struct decimal d;

	if (!take_word(p, "weight"))
		return true;
	t = p->now;
	if (t.kind != TOKEN_NUMBER)
		return expected(p, "a weight, in thousandths");
	advance(p);
	if (decimal_parse(t.text, &d) || d.scale || d.units < 0 || d.units > 1000)
		FAULT(p, &t, "rule.number", "a weight is a whole number from 0 to 1000");
	else
		*ret = d.units;
	return true;
}

static bool is_id(struct span s)
{
	if (s.n > RULE_ID_BYTES)
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] == '.')
			return false;
	return true;
}

/* Ids are the purposes of draws too, so they may not be what other draws are called. */
static void claim_id(struct parser *p, const struct token *t, struct risk_rule *about)
{
	const struct risk_rule *other;

	if (!is_id(t->text))
		FAULT(p, t, "rule.id",
		      "an id is at most %d letters, digits, - and _, and begins with a letter",
		      RULE_ID_BYTES);
	if (span_is(t->text, "random"))
		FAULT(p, t, "rule.id", "random is the name of the random stratum");
	other = map_get(&p->to->by_id, t->text);
	if (other)
		FAULT(p, t, "rule.duplicate", "the id stands at %.*s:%u already",
		      SPAN_ARG(other->file), other->line);
	else
		map_put(&p->to->by_id, t->text, about);
}

static bool head(struct parser *p, struct risk_rule *about)
{
	struct token t;

	if (!at_rule(p))
		return expected(p, "the word rule, at the beginning of a line,");
	advance(p);
	t = p->now;
	if (t.kind != TOKEN_WORD)
		return expected(p, "the id of the rule");
	p->id = about->id = t.text;
	about->file = p->file;
	about->line = t.line;
	claim_id(p, &t, about);
	advance(p);
	return want_text(p, &about->title, "a title in quotes") && dates(p, &about->dates) &&
	       want_word(p, "owner") && want_text(p, &about->owner, "the owner in quotes") &&
	       (!take_word(p, "secrecy") || secrecy(p, &about->secrecy));
}

static bool tail(struct parser *p, struct risk_rule *about)
{
	return want_word(p, "then") && lane(p, &about->lane) && percentage(p, &about->rate_ppm) &&
	       weight(p, &about->weight) && want_word(p, "because") &&
	       want_text(p, &about->text, "the reason in quotes") &&
	       (at_rule(p) || p->now.kind == TOKEN_END ||
		expected(p, "the next rule, at the beginning of a line,"));
}

static void rule(struct parser *p)
{
	struct parsed *to = p->to;
	struct risk_rule *about = ARENA_NEW(to->arena, struct risk_rule);
	struct parsed_rule *new;
	struct node *when = NULL;

	p->id = (struct span){0};
	p->tests = p->nesting = 0;
	p->said = false;
	if (head(p, about) && want_word(p, "when"))
		when = condition(p);
	if (when && tail(p, about)) {
		about->per_item = when->of_item;
		new = arena_push(to->arena, (void **)&to->rules.v, &to->rules.n, &to->rules.room,
				 sizeof(*new));
		*new = (struct parsed_rule){*about, when};
		return;
	}
	BUG_ON(!p->said);
	while (p->now.kind != TOKEN_END && !at_rule(p))
		advance(p);
}

void rules_parse(struct parsed *to, struct span file, struct span bytes)
{
	struct parser p = {.to = to, .file = file, .scanner = scanner_for(to->arena, bytes)};
	uint32_t good = span_utf8_prefix(bytes);

	if (good < bytes.n) {
		bytes.n = good;
		p.scanner = scanner_for(to->arena, bytes);
		do
			advance(&p);
		while (p.now.kind != TOKEN_END);
		FAULT(&p, &p.now, "rule.text", "the file is not UTF-8 from here on");
		return;
	}
	for (advance(&p); p.now.kind != TOKEN_END; rule(&p)) {
		if (to->rules.n < LIMIT_RULES)
			continue;
		FAULT(&p, &p.now, "rule.limit", "a pack may hold no more than %d rules",
		      LIMIT_RULES);
		return;
	}
}
