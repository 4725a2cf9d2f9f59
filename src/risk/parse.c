#include "base/date.h"
#include "risk/room.h"

/* Reads a file rule by rule. What breaks the grammar is one fault, and reading goes on at the next `rule` that begins a
 * line; what is only wrong (a field that does not exist, a value of the wrong type) is noted and the rule read to its
 * end. */
struct span parser_quote(struct span s)
{
	s.n = s.n > 60 ? 60 : s.n;
	s.n = span_utf8_prefix(s);
	return s;
}

void parser_note(struct parser *p, const struct token *at, const char *rule, const char *text)
{
	bool named = p->id.n > 0;

	p->to->faulty = true;
	pack_fault(p->to->faults, p->file, at->line, at->column, rule, "%.*s%s%s", QUOTE(p->id),
		   named ? ": " : "", text);
}

void parser_advance(struct parser *p)
{
	p->now = scan(&p->scanner);
}

bool parser_at_word(const struct parser *p, const char *word)
{
	return p->now.kind == TOKEN_WORD && span_is(p->now.text, word);
}

bool parser_at_sign(const struct parser *p, const char *sign)
{
	return p->now.kind == TOKEN_SIGN && span_is(p->now.text, sign);
}

static bool at_rule(const struct parser *p)
{
	return p->now.first && parser_at_word(p, "rule");
}

bool parser_take_word(struct parser *p, const char *word)
{
	bool is = parser_at_word(p, word);

	if (is)
		parser_advance(p);
	return is;
}

bool parser_take_sign(struct parser *p, const char *sign)
{
	bool is = parser_at_sign(p, sign);

	if (is)
		parser_advance(p);
	return is;
}

bool parser_expected(struct parser *p, const char *what)
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

bool parser_want_word(struct parser *p, const char *word)
{
	return parser_take_word(p, word) ||
	       parser_expected(p, arena_print(p->to->arena, "the word %s", word));
}

bool parser_want_text(struct parser *p, struct span *ret, const char *what)
{
	if (p->now.kind != TOKEN_TEXT)
		return parser_expected(p, what);
	if (!p->now.text.n)
		FAULT(p, &p->now, "rule.text", "%s is empty", what);
	*ret = p->now.text;
	parser_advance(p);
	return true;
}

/* ---- clauses ---- */

bool parser_day(struct parser *p, int32_t *ret)
{
	struct token t = p->now;

	if (t.kind != TOKEN_NUMBER)
		return parser_expected(p, "a day such as 2026-11-22");
	parser_advance(p);
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
	if (!parser_want_word(p, "from") || !parser_day(p, &ret->from))
		return false;
	if (!parser_take_word(p, "to"))
		return true;
	last = p->now;
	if (!parser_day(p, &ret->to))
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

static const char *const purposes[RULE_PURPOSES] = {"unsaid",      "revenue",   "safety",
						    "prohibition", "sanctions", "agency"};

const char *rule_purpose_name(enum rule_purpose p)
{
	return purposes[p];
}

static bool purpose(struct parser *p, enum rule_purpose *ret)
{
	for (enum rule_purpose i = PURPOSE_REVENUE; i < RULE_PURPOSES; i++) {
		if (parser_take_word(p, purposes[i])) {
			*ret = i;
			return true;
		}
	}
	return parser_expected(p, "revenue, safety, prohibition, sanctions or agency");
}

static bool secrecy(struct parser *p, enum secrecy *ret)
{
	if (parser_take_word(p, secrecy_name(SECRECY_OFFICER)))
		*ret = SECRECY_OFFICER;
	else if (parser_take_word(p, secrecy_name(SECRECY_RESTRICTED)))
		*ret = SECRECY_RESTRICTED;
	else
		return parser_expected(p, "officer or restricted");
	return true;
}

static bool lane(struct parser *p, enum lane *ret)
{
	struct token t = p->now;

	if (t.kind != TOKEN_WORD)
		return parser_expected(p, "red, yellow or blue");
	parser_advance(p);
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
	parser_advance(p);
	if (!parser_take_sign(p, "%"))
		return parser_expected(p, "%");
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

	if (!parser_take_word(p, "weight"))
		return true;
	t = p->now;
	if (t.kind != TOKEN_NUMBER)
		return parser_expected(p, "a weight, in thousandths");
	parser_advance(p);
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

enum { HARM_MAX = 1000000000 };

static bool harm(struct parser *p, int64_t *ret)
{
	struct token t = p->now;
	struct decimal d;

	if (!parser_take_word(p, "harm"))
		return true;
	t = p->now;
	if (t.kind != TOKEN_NUMBER)
		return parser_expected(p, "a sum, in units of national money");
	parser_advance(p);
	if (decimal_parse(t.text, &d) || d.scale || d.units < 0 || d.units > HARM_MAX)
		FAULT(p, &t, "rule.number", "harm is a whole number from 0 to %d", HARM_MAX);
	else
		*ret = d.units;
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

/* ---- for whom the rule is ---- */

static bool review(struct parser *p, struct risk_rule *about)
{
	struct token t;

	about->review = INT32_MAX;
	if (!parser_take_word(p, "review"))
		return true;
	t = p->now;
	if (!parser_day(p, &about->review))
		return false;
	if (about->review < about->dates.from && about->dates.from != INT32_MAX)
		FAULT(p, &t, "dates.reversed", "the review lies before the first day");
	return true;
}

static bool offices(struct parser *p, struct risk_rule *about)
{
	DICT_LIST(struct span) list = {0};

	if (!parser_take_word(p, "office"))
		return true;
	do {
		struct span *one =
		    arena_push(p->to->arena, (void **)&list.v, &list.n, &list.room, sizeof(*one));

		if (list.n == RULE_OFFICES + 1)
			FAULT(p, &p->now, "rule.limit", "a rule names no more than %d offices",
			      RULE_OFFICES);
		if (!parser_want_text(p, one, "an office in quotes"))
			return false;
	} while (parser_take_sign(p, ","));
	about->offices = list.v;
	about->office_count = list.n;
	return true;
}

static bool direction(struct parser *p, struct risk_rule *about)
{
	if (!parser_take_word(p, "direction"))
		return true;
	for (enum direction d = DIRECTION_IMPORT; d <= DIRECTION_TRANSIT; d++) {
		if (parser_take_word(p, direction_name(d))) {
			about->direction = d;
			return true;
		}
	}
	return parser_expected(p, "import, export or transit");
}

static struct node *about_signal(struct parser *p, enum operator operator, enum signal signal)
{
	struct node *n = condition_test(p, operator);

	n->test.of = (struct operand){OF_SIGNAL, TYPE_TEXT, (uint8_t)signal, NULL};
	return n;
}

/* Offices and direction are conditions, said shorter: they go in front of what the rule asks. */
static struct node *with_clauses(struct parser *p, const struct risk_rule *about, struct node *when)
{
	struct node *n;

	if (about->office_count) {
		n = about_signal(p, IN_TEXTS, SIGNAL_declaration_office);
		n->values = about->offices;
		n->value_count = about->office_count;
		when = condition_join(p, NODE_AND, n, when);
	}
	if (about->direction != DIRECTION_UNKNOWN) {
		n = about_signal(p, IS_EQUAL, SIGNAL_declaration_direction);
		n->test.text = span_of(direction_name(about->direction));
		when = condition_join(p, NODE_AND, n, when);
	}
	return when;
}

static bool head(struct parser *p, struct risk_rule *about)
{
	struct token t;

	if (!at_rule(p))
		return parser_expected(p, "the word rule, at the beginning of a line,");
	parser_advance(p);
	t = p->now;
	if (t.kind != TOKEN_WORD)
		return parser_expected(p, "the id of the rule");
	p->id = about->id = t.text;
	about->file = p->file;
	about->line = t.line;
	claim_id(p, &t, about);
	parser_advance(p);
	return parser_want_text(p, &about->title, "a title in quotes") && dates(p, &about->dates) &&
	       parser_want_word(p, "owner") &&
	       parser_want_text(p, &about->owner, "the owner in quotes") && review(p, about) &&
	       (!parser_take_word(p, "purpose") || purpose(p, &about->purpose)) &&
	       (!parser_take_word(p, "secrecy") || secrecy(p, &about->secrecy)) &&
	       offices(p, about) && direction(p, about);
}

static bool tail(struct parser *p, struct risk_rule *about)
{
	return parser_want_word(p, "then") && lane(p, &about->lane) &&
	       percentage(p, &about->rate_ppm) && weight(p, &about->weight) &&
	       harm(p, &about->harm) && parser_want_word(p, "because") &&
	       parser_want_text(p, &about->text, "the reason in quotes") &&
	       (!parser_take_word(p, "note") ||
		parser_want_text(p, &about->note, "the note in quotes")) &&
	       (at_rule(p) || p->now.kind == TOKEN_END ||
		parser_expected(p, "the next rule, at the beginning of a line,"));
}

static void rule(struct parser *p)
{
	struct parsed *to = p->to;
	struct risk_rule *about = ARENA_NEW(to->arena, struct risk_rule);
	struct parsed_rule *new;
	struct node *when = NULL;

	p->id = (struct span){0};
	p->tests = p->nesting = 0;
	p->said = p->in_items = false;
	if (head(p, about) && parser_want_word(p, "when"))
		when = condition_parse(p);
	if (when && tail(p, about)) {
		about->per_item = when->of_item;
		new = arena_push(to->arena, (void **)&to->rules.v, &to->rules.n, &to->rules.room,
				 sizeof(*new));
		*new = (struct parsed_rule){*about, with_clauses(p, about, when)};
		return;
	}
	BUG_ON(!p->said);
	while (p->now.kind != TOKEN_END && !at_rule(p))
		parser_advance(p);
}

void rules_parse(struct parsed *to, struct span file, struct span bytes)
{
	struct parser p = {.to = to, .file = file, .scanner = scanner_for(to->arena, bytes)};
	uint32_t good = span_utf8_prefix(bytes);

	if (good < bytes.n) {
		bytes.n = good;
		p.scanner = scanner_for(to->arena, bytes);
		do
			parser_advance(&p);
		while (p.now.kind != TOKEN_END);
		FAULT(&p, &p.now, "rule.text", "the file is not UTF-8 from here on");
		return;
	}
	for (parser_advance(&p); p.now.kind != TOKEN_END; rule(&p)) {
		if (to->rules.n < LIMIT_RULES)
			continue;
		FAULT(&p, &p.now, "rule.limit", "a pack may hold no more than %d rules",
		      LIMIT_RULES);
		return;
	}
}
