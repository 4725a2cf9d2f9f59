#include "base/date.h"
#include "risk/room.h"

struct node *condition_join(struct parser *p, enum node_kind kind, struct node *left,
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

struct node *condition_test(struct parser *p, enum operator operator)
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

static const char *type_name(enum signal_type t)
{
	switch (t) {
	case TYPE_TEXT:
		return "a text";
	case TYPE_NUMBER:
		return "a number";
	case TYPE_DAY:
		return "a day";
	case TYPE_FLAG:
		break;
	}
	return "yes or no";
}

/* What stands left of a comparison. Where the field is unknown anything goes on the right, and is forgotten. */
struct left {
	struct operand of;
	bool known, of_item;
	struct token token;
};

/* 5% is 0.05. */
static void take_percent(struct parser *p, const struct token *t, struct decimal *d)
{
	if (!parser_take_sign(p, "%"))
		return;
	if (d->scale + 2 > LIMIT_NUMBER_SCALE)
		FAULT(p, t, "rule.number", "\"%.*s\" per cent has too many decimals",
		      QUOTE(t->text));
	else
		d->scale = (uint8_t)(d->scale + 2);
}

static void read_number(struct parser *p, const struct token *t, bool day, struct decimal *ret)
{
	int32_t number = 0;
	enum err e;

	if (day) {
		if (day_parse(t->text, &number))
			FAULT(p, t, "dates.format",
			      "\"%.*s\" is not a day of the calendar, written as 2026-11-22",
			      QUOTE(t->text));
		*ret = decimal_of(number, 0);
		return;
	}
	e = decimal_parse(t->text, ret);
	if (e)
		FAULT(p, t, "rule.number",
		      e == ERR_LIMIT ? "\"%.*s\" has more than 18 digits, or 9 behind the point"
				     : "\"%.*s\" is not a number",
		      QUOTE(t->text));
}

/* One value of the field's type. */
static bool value(struct parser *p, const struct left *l, struct span *ret_text,
		  struct decimal *ret_number)
{
	enum signal_type type = (enum signal_type)l->of.type;
	struct token t = p->now;

	if (t.kind != TOKEN_TEXT && t.kind != TOKEN_NUMBER)
		return parser_expected(p, !l->known || type == TYPE_TEXT ? "a text in quotes"
					  : type == TYPE_NUMBER          ? "a number"
								: "a day such as 2026-11-22");
	parser_advance(p);
	if (l->known && (t.kind == TOKEN_TEXT) != (type == TYPE_TEXT)) {
		FAULT(p, &t, "rule.type", "the field is %s, and \"%.*s\" is %s", type_name(type),
		      QUOTE(t.text), type_name(t.kind == TOKEN_TEXT ? TYPE_TEXT : TYPE_NUMBER));
		return true;
	}
	if (t.kind == TOKEN_NUMBER) {
		read_number(p, &t, type == TYPE_DAY, ret_number);
		if (l->known && type == TYPE_NUMBER)
			take_percent(p, &t, ret_number);
		return true;
	}
	if (!t.text.n)
		FAULT(p, &t, "rule.text",
		      "nothing is compared with an empty text: a missing "
		      "value holds in no comparison");
	*ret_text = t.text;
	return true;
}

/* in ("a", "b") */
static struct node *in_values(struct parser *p, const struct left *l)
{
	bool of_texts = l->of.type == TYPE_TEXT;
	struct node *n = condition_test(p, of_texts ? IN_TEXTS : IN_NUMBERS);
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
		if (!value(p, l, text, number))
			return NULL;
	} while (parser_take_sign(p, ","));
	if (!parser_take_sign(p, ")")) {
		parser_expected(p, "a comma or a closing parenthesis");
		return NULL;
	}
	if (of_texts) {
		n->values = texts.v;
		n->value_count = texts.n;
	} else {
		n->test.numbers = (struct number_set){numbers.v, numbers.n};
	}
	return n;
}

/* in list "name" */
static struct node *in_list(struct parser *p, const struct left *l)
{
	struct node *n = condition_test(p, IN_TEXTS);
	struct token t = p->now;

	if (!parser_want_text(p, &n->list, "the name of a list in quotes"))
		return NULL;
	if (l->known && l->of.type != TYPE_TEXT)
		FAULT(p, &t, "rule.type", "lists hold texts, and the field is %s",
		      type_name((enum signal_type)l->of.type));
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
		if (parser_take_sign(p, signs[i].text)) {
			*ret = signs[i].operator;
			return true;
		}
	}
	*ret = parser_at_word(p, "starts") ? STARTS : CONTAINS;
	return parser_take_word(p, "starts") || parser_take_word(p, "contains");
}

/* Small letters on both sides make a search that does not tell them apart. */
static struct span small_letters(struct arena *a, struct span s)
{
	char *small = arena_copy(a, s.p ? s.p : "", s.n);

	for (uint32_t i = 0; i < s.n; i++)
		small[i] = ascii_small(small[i]);
	return (struct span){small, s.n, s.line};
}

/* ---- a field on the right ---- */

static bool left_side(struct parser *p, struct left *ret);

/* Where a value stands otherwise: a field, or a number of times it. No field is called by a word without a full stop. */
static bool at_other(const struct parser *p)
{
	return (p->now.kind == TOKEN_WORD && memchr(p->now.text.p, '.', p->now.text.n)) ||
	       parser_at_aggregate(p) || past_is_next(p);
}

static bool has_list(const struct path *path)
{
	for (uint32_t i = 0; i < path->steps; i++)
		if (path->step[i]->list)
			return true;
	return false;
}

/* With the factor in front, if there was one. */
static bool other_side(struct parser *p, const struct left *l, struct node *n,
		       const struct token *factor)
{
	struct other *o = ARENA_NEW(p->to->arena, struct other);
	struct left right;

	if (factor)
		read_number(p, factor, false, &o->factor);
	if (!left_side(p, &right))
		return false;
	o->of = right.of;
	if (right.of.kind == OF_PATH && has_list(right.of.of))
		FAULT(p, &right.token, "rule.type",
		      "\"%.*s\" may have several values, and can only stand on the left",
		      QUOTE(right.token.text));
	if (l->known && right.known &&
	    (l->of.type != right.of.type || (factor && l->of.type != TYPE_NUMBER)))
		FAULT(p, &right.token, "rule.type", "the field is %s, and %s\"%.*s\" is %s",
		      type_name((enum signal_type)l->of.type), factor ? "a number of times " : "",
		      QUOTE(right.token.text),
		      type_name(factor ? TYPE_NUMBER : (enum signal_type)right.of.type));
	n->test.other = o;
	n->of_item = right.of_item;
	return true;
}

static bool is_order(enum operator operator)
{
	return operator!= STARTS && operator!= CONTAINS;
}

/* A value, a field, or a number of times a field. */
static bool right_side(struct parser *p, const struct left *l, struct node *n)
{
	enum operator operator=(enum operator) n->test.operator;
	struct span text = {0};
	struct decimal number = {0};
	struct token t = p->now;

	if (is_order(operator) && at_other(p))
		return other_side(p, l, n, NULL);
	if (is_order(operator) && t.kind == TOKEN_NUMBER) {
		struct scanner before = p->scanner;

		parser_advance(p);
		if (parser_take_sign(p, "*"))
			return at_other(p) ? other_side(p, l, n, &t)
					   : parser_expected(p, "a field");
		p->scanner = before;
		p->now = t;
	}
	if (!value(p, l, &text, &number))
		return false;
	if (l->of.type != TYPE_TEXT)
		n->test.number = number;
	else
		n->test.text = operator== CONTAINS ? small_letters(p->to->arena, text) : text;
	if (operator== CONTAINS)
		n->test.trace = text_trace(text);
	return true;
}

static struct node *compared(struct parser *p, struct left *l)
{
	struct token t = p->now;
	enum operator operator;
	struct node *n;

	if (!take_operator(p, &operator)) {
		parser_expected(p, "= != < <= > >= starts, contains or in");
		return NULL;
	}
	if (l->known && l->of.type != TYPE_TEXT && !is_order(operator)) {
		FAULT(p, &t, "rule.type", "%.*s compares texts, and the field is %s",
		      SPAN_ARG(t.text), type_name((enum signal_type)l->of.type));
		l->known = false;
	}
	n = condition_test(p, operator);
	return right_side(p, l, n) ? n : NULL;
}

static struct node *document(struct parser *p)
{
	struct node *n = condition_test(p, HAS_DOCUMENT);

	n->of_documents = true;
	n->test.of.kind = OF_DOCUMENTS;
	if (!parser_want_word(p, "has") ||
	    !parser_want_text(p, &n->test.text, "a document code in quotes"))
		return NULL;
	return n;
}

/* Words that show that a comparison was left out. */
static bool is_reserved(struct span s)
{
	static const char *const words[] = {"and", "because", "in", "or", "rule", "then", "where"};

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_is(s, words[i]))
			return true;
	return false;
}

/* ---- aggregates ---- */

static const struct {
	const char *word;
	enum aggregate_kind kind;
} aggregates[] = {{"count", COUNT_OF},
		  {"distinct", DIFFERENT_OF},
		  {"max", MOST_OF},
		  {"min", LEAST_OF},
		  {"sum", SUM_OF}};

bool parser_at_aggregate(const struct parser *p)
{
	for (uint32_t i = 0; i < ARRAY_LEN(aggregates); i++)
		if (parser_at_word(p, aggregates[i].word))
			return true;
	return false;
}

/* What is added up, compared or counted: a field of the items. */
static bool aggregate_of(struct parser *p, struct aggregate *a, struct left *ret)
{
	enum signal_type type;

	if (!left_side(p, ret))
		return false;
	type = (enum signal_type)ret->of.type;
	a->of = ret->of;
	if (ret->known && !ret->of_item)
		FAULT(p, &ret->token, "rule.type", "\"%.*s\" is no field of the items",
		      QUOTE(ret->token.text));
	if (ret->known && (a->kind == DIFFERENT_OF ? type != TYPE_TEXT
			   : a->kind == SUM_OF     ? type != TYPE_NUMBER
						   : type == TYPE_TEXT || type == TYPE_FLAG))
		FAULT(p, &ret->token, "rule.type", "this cannot be asked of %s", type_name(type));
	return true;
}

static bool inside(struct parser *p, struct aggregate *a, struct left *ret)
{
	struct left of = {.of.type = TYPE_NUMBER};

	if (!parser_take_sign(p, "("))
		return parser_expected(p, "an opening parenthesis");
	if (a->kind != COUNT_OF && !aggregate_of(p, a, &of))
		return false;
	if (parser_take_word(p, "where") && !(a->where = condition_parse(p)))
		return false;
	if (!parser_at_sign(p, ")"))
		return parser_expected(p, a->where ? "and, or, or a closing parenthesis"
						   : "where or a closing parenthesis");
	ret->of.type = a->kind == LEAST_OF || a->kind == MOST_OF ? of.of.type : TYPE_NUMBER;
	return true;
}

/* One for all rules that write it alike. */
static struct aggregate *shared(struct parser *p, struct aggregate *a, struct span written)
{
	struct aggregate *known = map_get(&p->to->aggregates, written);

	if (known)
		return known;
	a->index = p->to->aggregate_count++;
	if (a->index == SET_AGGREGATES)
		FAULT(p, &p->now, "rule.limit",
		      "a pack may hold no more than %d different counts, sums and the like",
		      SET_AGGREGATES);
	map_put(&p->to->aggregates, written, a);
	return a;
}

static bool aggregate(struct parser *p, struct left *ret)
{
	struct aggregate *a = ARENA_NEW(p->to->arena, struct aggregate);
	struct token t = p->now;
	bool good;

	if (p->in_items)
		return parser_expected(p, "a field of the items, and no count or sum of its own,");
	for (uint32_t i = 0; i < ARRAY_LEN(aggregates); i++)
		if (span_is(t.text, aggregates[i].word))
			a->kind = aggregates[i].kind;
	parser_advance(p);
	p->in_items = true;
	good = inside(p, a, ret);
	p->in_items = false;
	if (!good)
		return false;
	a = shared(p, a, (struct span){t.text.p, (uint32_t)(p->now.text.p - t.text.p), 0});
	ret->of = (struct operand){OF_AGGREGATE, ret->of.type, 0, a};
	parser_advance(p);
	return true;
}

/* ---- comparisons ---- */

/* Names are looked up once for all rules. */
static const struct field *find_field(struct parser *p, struct span name)
{
	struct field *f = map_get(&p->to->fields, name), found;

	if (f || !field_find(p->to->arena, name, &found))
		return f;
	f = ARENA_NEW(p->to->arena, struct field);
	*f = found;
	map_put(&p->to->fields, name, f);
	return f;
}

static bool left_side(struct parser *p, struct left *ret)
{
	const struct field *f;

	*ret = (struct left){.token = p->now, .known = true};
	if (past_is_next(p))
		return past_parse(p, &ret->of, &ret->of_item);
	if (parser_at_aggregate(p))
		return aggregate(p, ret);
	if (p->now.kind != TOKEN_WORD || is_reserved(p->now.text))
		return parser_expected(p, "a field, not, document or an opening parenthesis");
	f = find_field(p, p->now.text);
	if (f) {
		ret->of = f->operand;
		ret->of_item = f->of_item;
	} else {
		ret->known = false;
		FAULT(p, &p->now, "rule.field", "there is no field \"%.*s\"", QUOTE(p->now.text));
	}
	parser_advance(p);
	return true;
}

/* What is yes or no stands alone. */
static struct node *flag(struct parser *p, const struct left *l)
{
	struct node *n = condition_test(p, IS_EQUAL);

	n->test.number = decimal_of(1, 0);
	if (p->now.kind == TOKEN_SIGN && !parser_at_sign(p, ")"))
		FAULT(p, &p->now, "rule.type",
		      "\"%.*s\" is yes or no: it stands alone, or behind not",
		      QUOTE(l->token.text));
	return n;
}

static struct node *comparison(struct parser *p)
{
	struct left l;
	struct node *n = NULL;

	if (parser_take_word(p, "document"))
		return document(p);
	if (!left_side(p, &l))
		return NULL;
	if (l.known && l.of.type == TYPE_FLAG)
		n = flag(p, &l);
	else if (!parser_take_word(p, "in"))
		n = compared(p, &l);
	else if (parser_take_word(p, "list"))
		n = in_list(p, &l);
	else if (parser_take_sign(p, "("))
		n = in_values(p, &l);
	else
		parser_expected(p, "list or an opening parenthesis");
	if (!n)
		return NULL;
	n->test.of = l.of;
	n->of_item |= l.of_item;
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

	if (parser_at_word(p, "not")) {
		if (!nest(p))
			return NULL;
		parser_advance(p);
		n = factor(p);
		p->nesting--;
		return n ? condition_join(p, NODE_NOT, n, NULL) : NULL;
	}
	if (!parser_at_sign(p, "("))
		return comparison(p);
	if (!nest(p))
		return NULL;
	parser_advance(p);
	n = condition_parse(p);
	p->nesting--;
	if (n && !parser_take_sign(p, ")")) {
		parser_expected(p, "and, or, or a closing parenthesis");
		return NULL;
	}
	return n;
}

static struct node *conjunction(struct parser *p)
{
	struct node *n = factor(p), *right;

	while (n && parser_take_word(p, "and")) {
		right = factor(p);
		n = right ? condition_join(p, NODE_AND, n, right) : NULL;
	}
	return n;
}

struct node *condition_parse(struct parser *p)
{
	struct node *n = conjunction(p), *right;

	while (n && parser_take_word(p, "or")) {
		right = conjunction(p);
		n = right ? condition_join(p, NODE_OR, n, right) : NULL;
	}
	return n;
}
