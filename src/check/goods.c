/* What the goods are: commodity, description, masses, packages, origin, price and value. */
#include "check/room.h"

/* ---- commodity ---- */

/* Pairs of zeros at the end say that a code is not divided further: the tariff may leave them out. */
const struct ref_commodity *commodity_on(const struct refset *r, struct span code, int32_t day)
{
	const struct ref_commodity *found = ref_commodity(r, code, day);

	while (!found && code.n > 2 && code.p[code.n - 1] == '0' && code.p[code.n - 2] == '0') {
		code.n -= 2;
		found = ref_commodity(r, code, day);
	}
	return found;
}

/* Where the code stands: at the first classification, or at the commodity when there is none. */
static const void *code_place(const struct commodity *k)
{
	return k->classifications.n ? (const void *)&k->classifications.v[0].id
				    : &k->classifications;
}

void check_commodity_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	if (!c->item.code.n)
		report(c, &i->commodity.classifications, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_commodity_unknown(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	if (c->item.code.n && !c->item.commodity)
		report(c, code_place(&i->commodity), c->item.code, say_day(c, c->day), NO_VALUE);
}

void check_commodity_not_declarable(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	if (c->item.commodity && !c->item.commodity->declarable)
		report(c, code_place(&i->commodity), c->item.code, NO_VALUE, NO_VALUE);
}

/* ---- description ---- */

static bool parts_words(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' ||
	       c == '.' || c == '-' || c == '/' || c == '(' || c == ')' || c == '&' || c == ':';
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* First letter and length of each vague word: what settles most words without a search. */
static void learn_vague_words(struct checking *c)
{
	struct span words = setting(c, SETTING_vague_words);

	for (uint32_t at = 0, end; at < words.n; at = end + 1) {
		for (end = at; end < words.n && words.p[end] != ' '; end++)
			;
		if (end > at)
			c->vague[(unsigned char)words.p[at] % VAGUE_LETTERS] |= 1u
										<< (end - at) % 32;
	}
	c->vague_known = true;
}

/* Is the word, in small letters, one that says nothing? One with fewer than three letters (numbers, units, articles) never
 * says anything. */
static bool word_is_vague(struct checking *c, struct span word)
{
	enum { LONGEST = 24 };
	char lower[LONGEST];
	uint32_t letters = 0;

	if (word.n > LONGEST)
		return false;
	for (uint32_t i = 0; i < word.n; i++) {
		lower[i] = small(word.p[i]);
		letters += (lower[i] >= 'a' && lower[i] <= 'z') ||
			   (lower[i] & 0x80); /* letters of other alphabets */
	}
	if (letters < 3)
		return true;
	if (!c->vague_known)
		learn_vague_words(c);
	return c->vague[(unsigned char)lower[0] % VAGUE_LETTERS] & 1u << word.n % 32 &&
	       words_have(setting(c, SETTING_vague_words), (struct span){lower, word.n, 0});
}

void check_description_vague(struct checking *c, const void *object)
{
	const struct span *s = &((const struct goods_item *)object)->commodity.description;
	uint32_t from = 0;

	for (uint32_t at = 0; at <= s->n; at++) {
		if (at < s->n && !parts_words(s->p[at]))
			continue;
		if (at > from && !word_is_vague(c, (struct span){s->p + from, at - from, 0}))
			return; /* one word that says something is enough */
		from = at + 1;
	}
	if (s->n)
		report(c, s, *s, NO_VALUE, NO_VALUE);
}

/* ---- quantities ---- */

void check_net_mass_above_gross(struct checking *c, const void *object)
{
	const struct commodity *k = &((const struct goods_item *)object)->commodity;

	if (k->net_mass.value.set && k->gross_mass.value.set &&
	    decimal_compare(k->net_mass.value, k->gross_mass.value) > 0)
		report(c, &k->net_mass, say_decimal(c, k->net_mass.value),
		       say_decimal(c, k->gross_mass.value), NO_VALUE);
}

void check_mass_unit(struct checking *c, const void *object)
{
	const struct commodity *k = &((const struct goods_item *)object)->commodity;
	const struct quantity *const masses[] = {&k->gross_mass, &k->net_mass};

	for (uint32_t i = 0; i < ARRAY_LEN(masses); i++)
		if (masses[i]->unit.n && !setting_has(c, SETTING_mass_units, masses[i]->unit))
			report(c, masses[i], masses[i]->unit, NO_VALUE, NO_VALUE);
}

void check_tariff_quantity_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	if (c->item.commodity && c->item.commodity->unit.n &&
	    !i->commodity.tariff_quantity.value.set)
		report(c, &i->commodity.tariff_quantity, c->item.code, c->item.commodity->unit,
		       NO_VALUE);
}

void check_tariff_quantity_unit(struct checking *c, const void *object)
{
	const struct quantity *q = &((const struct goods_item *)object)->commodity.tariff_quantity;

	/* Without a unit, the tariff's own is meant. */
	if (c->item.commodity && c->item.commodity->unit.n && q->unit.n &&
	    !span_equal(q->unit, c->item.commodity->unit))
		report(c, q, q->unit, c->item.commodity->unit, NO_VALUE);
}

/* ---- packages ---- */

void check_package_count_missing(struct checking *c, const void *object)
{
	const struct package *p = object;

	if (!p->count.set && !setting_begins(c, SETTING_uncounted_packages, p->type))
		report(c, &p->count, NO_VALUE, NO_VALUE, NO_VALUE);
}

/* ---- items among each other ---- */

/* An amendment that removes an item leaves the others their numbers: a later version may skip some. */
void check_item_sequence(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	int64_t expected = (int64_t)c->item.index + 1;
	struct decimal before = c->item.index ? (i - 1)->sequence : decimal_of(0, 0);

	if (c->facts->version > 1 && decimal_compare(i->sequence, before) > 0)
		return;
	if (decimal_compare(i->sequence, decimal_of(expected, 0)) != 0)
		report(c, &i->sequence, i->sequence.set ? say_decimal(c, i->sequence) : SPAN("-"),
		       say_number(c, expected), NO_VALUE);
}

void check_currency_mixed(struct checking *c, const void *object)
{
	const struct amount *price = &((const struct goods_item *)object)->commodity.price;

	if (!c->same_currency && price->value.set && !span_equal(price->currency, c->currency))
		report(c, price, price->currency, c->currency, NO_VALUE);
}

/* ---- price and value ---- */

void check_price_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	/* Only the transaction value, method 1, starts from a price (Agreement on customs valuation, Article 1). */
	if (!i->commodity.price.value.set &&
	    (!i->valuation_method.n || span_is(i->valuation_method, "1")))
		report(c, &i->commodity.price, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_price_zero(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	struct span nature = i->transaction.n ? i->transaction : c->d->shipment.transaction;

	if (i->commodity.price.value.set && !i->commodity.price.value.units &&
	    !setting_begins(c, SETTING_free_transactions, nature))
		report(c, &i->commodity.price, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_deduction_above_price(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct amount *price = &i->commodity.price;
	struct sum sum = {.all = true};

	for (uint32_t j = 0; j < i->charges.n; j++)
		if (charge_is(c, "charge_deduction", SETTING_deduction_charges,
			      i->charges.v[j].type) &&
		    span_equal(i->charges.v[j].amount.currency, price->currency))
			sum_add(&sum, i->charges.v[j].amount.value);
	if (price->value.set && (sum.overflow || decimal_compare(sum.total, price->value) > 0))
		report(c, &i->charges, sum.overflow ? SPAN("> 10^18") : say_decimal(c, sum.total),
		       say_decimal(c, price->value), NO_VALUE);
}

void check_dangerous_number(struct checking *c, const void *object)
{
	const struct commodity *k = &((const struct goods_item *)object)->commodity;

	for (uint32_t i = 0; i < k->dangerous.n; i++) {
		const struct span *s = &k->dangerous.v[i];
		bool good = s->n == 4;

		for (uint32_t j = 0; good && j < s->n; j++)
			good = s->p[j] >= '0' && s->p[j] <= '9';
		if (!good)
			report(c, s, *s, NO_VALUE, NO_VALUE);
	}
}

/* ---- origin and preference ---- */
