/* Every value that the message gives, one by one: is its code in the list, its amount whole, its text clean? */
#include "check/room.h"

/* ---- codes ---- */

/* Up to seven bytes and their number as one integer, so that an answer is found again without comparing texts. */
enum { PACKED_MOST = 7 };
static uint64_t packed(struct span code)
{
	uint64_t n = 0;

	memcpy(&n, code.p, code.n);
	return n | (uint64_t)code.n << 56;
}

/* Is the code good today, as far as the pack can tell? A list that it does not name is not checked. */
static bool ask_pack(const struct checking *c, struct span list, struct span code)
{
	return ref_code(c->r, list, code, c->day) || !ref_has_list(c->r, list);
}

static bool code_is_good(struct checking *c, const char *list, struct span code)
{
	struct code_memo *m;
	uint64_t key;

	if (code.n > PACKED_MOST)
		return ask_pack(c, span_of(list), code);
	key = packed(code);
	m = &c->memo[(key ^ key >> 17 ^ (uintptr_t)list >> 2) % CODE_MEMOS];
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

void check_amount_decimals(struct checking *c, const void *object)
{
	const struct amount *a = object;
	struct decimal whole;
	const struct ref_code *currency;

	if (!a->value.scale || !a->currency.n)
		return;
	currency = ref_code(c->r, SPAN("currency"), a->currency, c->day);
	if (!currency || a->value.scale <= currency->digits)
		return;
	if (!decimal_rescale(a->value, currency->digits, ROUND_DOWN, &whole) &&
	    decimal_compare(whole, a->value) != 0)
		report(c, a, say_decimal(c, a->value), say_number(c, currency->digits),
		       a->currency);
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

/* Is there a byte below blank, or DEL, among eight? Blanks and above leave the high bit of each byte clear. */
static bool eight_have_control(const char *p)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones << 7;
	uint64_t v, del;

	memcpy(&v, p, sizeof(v));
	del = v ^ (ones * 0x7f);
	return (((v - ones * ' ') & ~v) | ((del - ones) & ~del)) & high;
}

static bool has_control(const struct span *s)
{
	uint32_t i = 0;

	for (; i + 8 <= s->n; i += 8)
		if (eight_have_control(s->p + i))
			return true;
	for (; i < s->n; i++)
		if (is_control(s->p[i]))
			return true;
	return false;
}

/* Ends of lines and tabs belong to free text of several lines; in codes and identifiers they do harm, as every other control character does
 * anywhere. */
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

static void look_at_text(struct checking *c, const struct dict_field *f, const struct span *s)
{
	if (!has_control(s))
		return;
	c->free_text = f->kind == DICT_TEXT;
	run_level(c, LEVEL_TEXT, s);
}

/* ---- the walk ---- */

static bool look_at_value(void *context, const struct dict_field *f, const void *value,
			  const void *parent)
{
	struct checking *c = context;

	(void)parent;
	if (c->f->cut) /* nothing more is said: a hostile message costs no more */
		return false;
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_ID:
		look_at_text(c, f, value);
		break;
	case DICT_CODE:
		look_at_text(c, f, value);
		look_at_code(c, f->code_list, value);
		break;
	case DICT_AMOUNT:
		run_level(c, LEVEL_AMOUNT, value);
		look_at_code(c, f->code_list, &((const struct amount *)value)->currency);
		break;
	case DICT_QUANTITY:
		if (((const struct decimal *)value)->units < 0)
			run_level(c, LEVEL_NUMBER, value);
		look_at_code(c, f->code_list, &((const struct quantity *)value)->unit);
		break;
	case DICT_NUMBER:
		if (((const struct decimal *)value)->units < 0)
			run_level(c, LEVEL_NUMBER, value);
		break;
	case DICT_DATETIME:
	case DICT_CLASS:
		break;
	}
	return true;
}

void run_values(struct checking *c)
{
	dict_visit(&dict_declaration, c->d, look_at_value, c);
}
