/* Every value that the message gives, one by one: is its code in the list, its amount whole, its text clean? */
#include "check/room.h"

/* ---- codes ---- */

/* Up to seven bytes and their number as one integer, so that an answer is found again without comparing texts. */
enum { PACKED_MOST = 7 };
static uint64_t packed(struct span code)
{
	uint64_t n = code.n;

	for (uint32_t i = 0; i < code.n; i++)
		n = n << 8 | (uint8_t)code.p[i];
	return n;
}

/* Is the code good today, as far as the pack can tell? A list that it does not name is not checked. */
static bool ask_pack(const struct checking *c, struct span list, struct span code)
{
	return ref_code(c->r, list, code, c->day) || !ref_has_list(c->r, list);
}

bool code_is_good(struct checking *c, const char *list, struct span code)
{
	struct code_memo *m;
	uint64_t key;

	if (code.n > PACKED_MOST)
		return ask_pack(c, span_of(list), code);
	key = packed(code);
	m = &c->memo[(key ^ key >> 11 ^ (uintptr_t)list >> 1) % CODE_MEMOS];
	if (m->list != list || m->code != key)
		*m = (struct code_memo){list, key, ask_pack(c, span_of(list), code)};
	return m->good;
}

static void look_at_code(struct checking *c, const char *list, const struct span *code)
{
	if (!list[0] || !code->n || code_is_good(c, list, *code))
		return;
	c->list = span_of(list);
	run_level(c, LEVEL_CODE, code);
}

/* Does the list hold the code on another day? */
struct lookup {
	struct span code;
	bool found;
};

static bool same_code(void *context, const struct ref_code *k)
{
	struct lookup *l = context;

	l->found = span_equal(k->code, l->code);
	return !l->found;
}

static bool on_another_day(const struct checking *c, struct span code)
{
	struct lookup l = {.code = code};

	ref_each_code(c->r, c->list, same_code, &l);
	return l.found;
}

void check_code_unknown(struct checking *c, const void *object)
{
	const struct span *code = object;

	if (!on_another_day(c, *code))
		report(c, code, *code, c->list, NO_VALUE);
}

void check_code_expired(struct checking *c, const void *object)
{
	const struct span *code = object;

	if (on_another_day(c, *code))
		report(c, code, *code, c->list, say_day(c, c->day));
}

/* ---- amounts and numbers ---- */

void check_amount_currency(struct checking *c, const void *object)
{
	const struct amount *a = object;

	if (a->value.units && !a->currency.n)
		report(c, a, say_decimal(c, a->value), NO_VALUE, NO_VALUE);
}

/* Decimals of the currency; as many as there can be when it is not known, so that none is too many. */
static uint8_t digits_of(struct checking *c, struct span currency)
{
	const struct ref_code *k;

	if (c->last_currency.p && span_equal(currency, c->last_currency))
		return c->last_digits;
	k = ref_code(c->r, SPAN("currency"), currency, c->day);
	c->last_currency = currency;
	c->last_digits = k ? k->digits : UINT8_MAX;
	return c->last_digits;
}

void check_amount_decimals(struct checking *c, const void *object)
{
	const struct amount *a = object;
	struct decimal whole;
	uint8_t digits = digits_of(c, a->currency);

	if (a->value.scale <= digits)
		return;
	if (!decimal_rescale(a->value, digits, ROUND_DOWN, &whole) &&
	    decimal_compare(whole, a->value) != 0)
		report(c, a, say_decimal(c, a->value), say_number(c, digits), a->currency);
}

void check_amount_negative(struct checking *c, const void *object)
{
	const struct amount *a = object;

	if (a->value.units < 0)
		report(c, a, say_decimal(c, a->value), NO_VALUE, NO_VALUE);
}

void check_number_negative(struct checking *c, const void *object)
{
	const struct decimal *d = object;

	report(c, d, say_decimal(c, *d), NO_VALUE, NO_VALUE);
}

/* ---- texts ---- */

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Is there a byte below blank, or DEL, among these? Subtracting borrows into the high bit of just such a byte, and those of
 * letters beyond ASCII are taken out again. */
static bool have_control(uint64_t eight)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones << 7;
	uint64_t del = eight ^ (ones * 0x7f);

	return (((eight - ones * ' ') & ~eight) | ((del - ones) & ~del)) & high;
}

static bool has_control(const struct span *s)
{
	const char *p = s->p, *end = p + s->n;
	uint64_t eight;

	if (s->n < sizeof(eight)) {
		for (; p < end; p++)
			if (is_control(*p))
				return true;
		return false;
	}
	for (; p + sizeof(eight) < end; p += sizeof(eight)) {
		memcpy(&eight, p, sizeof(eight));
		if (have_control(eight))
			return true;
	}
	memcpy(&eight, end - sizeof(eight),
	       sizeof(eight)); /* the last eight, some for the second time */
	return have_control(eight);
}

/* Ends of lines and tabs belong to free text of several lines; in codes and identifiers they do harm, as every other control
 * character does anywhere. */
void check_text_control(struct checking *c, const void *object)
{
	const struct span *s = object;

	for (uint32_t i = 0; i < s->n; i++) {
		bool layout = s->p[i] == '\n' || s->p[i] == '\r' || s->p[i] == '\t';

		if (is_control(s->p[i]) && !(layout && c->free_text)) {
			report(c, s, say_number(c, (unsigned char)s->p[i]),
			       say_number(c, (int64_t)i + 1), NO_VALUE);
			return;
		}
	}
}

/* ---- the walk ---- */

static void look_at_text(struct checking *c, const struct dict_field *f, const struct span *s)
{
	if (s->p && has_control(s)) {
		c->free_text = f->kind == DICT_TEXT;
		run_level(c, LEVEL_TEXT, s);
	}
}

static void look_at_amount(struct checking *c, const struct dict_field *f, const struct amount *a)
{
	if (!a->value.set)
		return;
	if (a->value.units < 0 || !a->currency.n || a->value.scale > digits_of(c, a->currency))
		run_level(c, LEVEL_AMOUNT, a);
	look_at_code(c, f->code_list, &a->currency);
}

static void look_in(struct checking *c, const struct dict_class *k, const void *object);

static void look_at_value(struct checking *c, const struct dict_field *f, const void *value)
{
	switch (f->kind) {
	case DICT_CODE:
		look_at_code(c, f->code_list, value);
		look_at_text(c, f, value);
		break;
	case DICT_TEXT:
	case DICT_ID:
		look_at_text(c, f, value);
		break;
	case DICT_AMOUNT:
		look_at_amount(c, f, value);
		break;
	case DICT_QUANTITY:
		look_at_code(c, f->code_list, &((const struct quantity *)value)->unit);
		if (((const struct decimal *)value)->units < 0)
			run_level(c, LEVEL_NUMBER, value);
		break;
	case DICT_NUMBER:
		if (((const struct decimal *)value)->units < 0)
			run_level(c, LEVEL_NUMBER, value);
		break;
	case DICT_CLASS:
		if (((const struct dict_head *)value)->present)
			look_in(c, f->of, value);
		break;
	case DICT_DATETIME:
		break;
	}
}

/* Most of what could be said is not. Every kind but a number begins with something that is zero only then: the address of a text
 * or of a list's members, the line and presence of a class. (A number of zero is said, but only amounts and quantities have a
 * code beside it that is to be looked at.) */
static bool says_nothing(const struct dict_field *f, const void *value)
{
	uint64_t begin;

	memcpy(&begin, value, sizeof(begin));
	return !begin && (f->list || (f->kind != DICT_AMOUNT && f->kind != DICT_QUANTITY));
}
_Static_assert(sizeof(void *) <= 8 && sizeof(struct dict_head) == 8,
	       "one look covers the beginning");

/* The order is the dictionary's, as in dict_visit(); but what a message leaves out, most of it, costs one look here instead of
 * two calls. */
static void look_in(struct checking *c, const struct dict_class *k, const void *object)
{
	for (const struct dict_field *f = k->fields; f < k->fields + k->field_count; f++) {
		const char *value = dict_at(f, object);
		const struct dict_list *list = (const struct dict_list *)value;

		if (says_nothing(f, value))
			continue;
		if (!f->list) {
			look_at_value(c, f, value);
			continue;
		}
		/* nothing is said beyond the last finding: a hostile message costs no more */
		for (uint32_t i = 0; i < list->n && !c->f->cut; i++)
			look_at_value(c, f, (const char *)list->v + i * dict_value_size(f));
	}
}

void run_values(struct checking *c)
{
	look_in(c, &dict_declaration, c->d);
}
