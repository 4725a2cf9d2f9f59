/* Random declarations: whatever they hold, every step of every proof re-computes, parts add up to their whole, and the same
 * input gives the same output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/date.h"
#include "duty/duty.h"
#include "duty_pack.h"

enum { DECLARATIONS = 4000 };

struct random {
	uint64_t state;
};

/* xorshift64*: the same numbers on every machine. */
static uint32_t below(struct random *r, uint32_t n)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (uint32_t)((r->state * UINT64_C(2685821657736338717)) >> 33) % n;
}

static struct span any(struct random *r, const char *const *of, uint32_t n)
{
	return span_of(of[below(r, n)]);
}
#define ANY(r, ...)                                                                                \
	any((r), (const char *const[]){__VA_ARGS__},                                               \
	    (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static struct decimal any_number(struct random *r)
{
	static const uint32_t size[] = {10, 1000, 100000, 10000000, 1000000000};

	return decimal_of(below(r, size[below(r, 5)]), (uint8_t)below(r, 4));
}

static struct amount any_amount(struct random *r)
{
	struct amount a = {.value = any_number(r)};

	a.currency = below(r, 80) ? ANY(r, "QMD", "QMD", "QMD", "USD", "QTD") : ANY(r, "EUR", "");
	if (below(r, 200) == 0)
		a.value.units = -a.value.units;
	return a;
}

#define PUSH(arena, list)                                                                          \
	(arena_push((arena), (void **)&(list).v, &(list).n, &(list).room, sizeof(*(list).v)))

static void any_charge(struct random *r, struct charge *c)
{
	c->type = below(r, 40) ? ANY(r, "AB", "AK", "AR", "AB", "AK", "AR", "BA") : SPAN("ZZ");
	c->amount = any_amount(r);
}

static void any_duties(struct arena *a, struct random *r, struct commodity *goods)
{
	for (uint32_t n = below(r, 3); n > 0; n--) {
		struct duty_line *line = PUSH(a, goods->duties);

		line->type = ANY(r, "D10", "V50", "E30", "", "Z99");
		line->preference = ANY(r, "", "", "100", "300", "310");
		if (below(r, 2))
			line->assessed = any_amount(r);
		if (below(r, 2))
			line->quantity =
			    (struct quantity){any_number(r), ANY(r, "ASV", "LPA", "l", "")};
	}
}

static void any_item(struct arena *a, struct random *r, struct goods_item *item)
{
	struct commodity *goods = &item->commodity;
	struct procedure *p = PUSH(a, item->procedures);
	struct origin *o = PUSH(a, item->origins);

	item->head.present = goods->head.present = true;
	((struct classification *)PUSH(a, goods->classifications))->id =
	    ANY(r, "01012100", "01022100", "02011000", "02012000", "02013000", "02021000",
		"03011100", "03011900", "03021100", "03021300", "03021400", "22082000", "22083000",
		"22084000", "24022000", "84713000", "85015100", "90011000", "90012000", "90013000",
		"90014000", "95030000", "97012000", "");
	goods->price = any_amount(r);
	goods->net_mass.value = any_number(r);
	goods->gross_mass.value = any_number(r);
	if (below(r, 10))
		goods->tariff_quantity =
		    (struct quantity){any_number(r), ANY(r, "", "", "NAR", "l", "HLT", "LTR")};
	any_duties(a, r, goods);
	*p = (struct procedure){.requested = ANY(r, "40", "42", "51", "61", "53", "10", "11"),
				.previous = ANY(r, "00", "22")};
	*o = (struct origin){.country = ANY(r, "QA", "QB", "QC", "QD", ""),
			     .type = ANY(r, "1", "2", "")};
	for (uint32_t n = below(r, 3); n > 0; n--)
		any_charge(r, PUSH(a, item->charges));
	item->valuation_method = ANY(r, "1", "1", "", "4", "6");
	if (below(r, 3) == 0 || !span_is(item->valuation_method, "1"))
		item->customs_value = any_amount(r);
	if (below(r, 3) == 0)
		item->statistical_value = any_amount(r);
}

struct run {
	struct arena *arena;
	struct random random;
	const struct refset *set;
	struct facts facts;
	struct declaration d;
	struct assessment first, second;
	struct findings f;
	const struct refset *other; /* the same rows in another order */
	bool same;                  /* findings */
};

static void assess_twice(void *context)
{
	struct run *run = context;
	struct random *r = &run->random;
	struct shipment *sh = &run->d.shipment;

	run->d.type = ANY(r, "IMA", "IMA", "IMZ", "EXA");
	run->d.head.present = sh->head.present = true;
	sh->terms.code = ANY(r, "CIF", "FOB", "EXW", "CFR", "DDP", "", "???");
	sh->destination = ANY(r, "QA", "QC");
	if (below(r, 2))
		sh->freight = any_amount(r);
	for (uint32_t n = below(r, 3); n > 0; n--)
		any_charge(r, PUSH(run->arena, sh->charges));
	for (uint32_t n = 1 + below(r, 7); n > 0; n--)
		any_item(run->arena, r, PUSH(run->arena, sh->items));
	run->f = findings_for(run->arena, &dict_declaration, &run->d);
	duty_assess(run->arena, &run->d, run->set, &run->facts, &run->first, &run->f);
	duty_assess(run->arena, &run->d, run->set, &run->facts, &run->second, &run->f);
}

static bool same_proof(const struct proof *a, const struct proof *b)
{
	bool same = a->steps.n == b->steps.n;

	for (uint32_t i = 0; same && i < a->steps.n; i++)
		same = span_equal(a->steps.v[i], b->steps.v[i]);
	return same;
}

static void assert_same(const struct assessment *a, const struct assessment *b)
{
	assert_int_equal(a->lines.n, b->lines.n);
	assert_int_equal(a->total_due.minor, b->total_due.minor);
	for (uint32_t i = 0; i < a->lines.n; i++) {
		assert_int_equal(a->lines.v[i].amount.minor, b->lines.v[i].amount.minor);
		assert_true(same_proof(&a->lines.v[i].proof, &b->lines.v[i].proof));
	}
	for (uint32_t i = 0; i < a->items; i++)
		assert_true(same_proof(&a->values[i].proof, &b->values[i].proof));
}

/* ---- rows in another order ---- */

static void any_tariff_item(struct arena *a, struct random *r, struct goods_item *item)
{
	struct commodity *goods = &item->commodity;
	struct classification *c = PUSH(a, goods->classifications);

	item->head.present = goods->head.present = true;
	c->id = ANY(r, "01012100", "01012900", "07020000", "17019100", "18063200", "22089000",
		    "22030000", "24022000", "72082500", "85015100", "93040000", "850151000099");
	if (below(r, 2)) {
		c = PUSH(a, goods->classifications);
		*c = (struct classification){.id = ANY(r, "B001", "B999", "7015", "B777"),
					     .type = SPAN("TRA")};
	}
	goods->price = (struct amount){any_number(r), SPAN("QMD")};
	goods->price.value.set = true;
	goods->net_mass.value = any_number(r);
	any_duties(a, r, goods);
	for (uint32_t n = below(r, 3); n > 0; n--)
		*(struct duty_line *)PUSH(a, goods->duties) = (struct duty_line){
		    .preference = ANY(r, "100", "115", "120", "300", "320"),
		    .quota = ANY(r, "", "091234", "095678"),
		    .quantity = {any_number(r), ANY(r, "SUC", "ASV", "NAR", "MON", "HLT")}};
	*(struct procedure *)PUSH(a, item->procedures) = (struct procedure){
	    .requested = ANY(r, "40", "44", "53", "61"), .previous = ANY(r, "00", "10")};
	for (uint32_t n = below(r, 3); n > 0; n--)
		*(struct origin *)PUSH(a, item->origins) = (struct origin){
		    .country = ANY(r, "QA", "QB", "QC", "EAST"), .type = ANY(r, "1", "2")};
	if (below(r, 2))
		*(struct document *)PUSH(a, item->documents) = (struct document){
		    .category = ANY(r, "U", "D", "N"), .type = ANY(r, "001", "008", "900", "990")};
}

static void assess_shuffled(void *context)
{
	struct run *run = context;
	struct shipment *sh = &run->d.shipment;
	struct findings second;

	run->d.type = SPAN("IMA");
	run->d.head.present = sh->head.present = true;
	sh->terms.code = SPAN("CIF");
	for (uint32_t n = 1 + below(&run->random, 4); n > 0; n--)
		any_tariff_item(run->arena, &run->random, PUSH(run->arena, sh->items));
	run->f = findings_for(run->arena, &dict_declaration, &run->d);
	second = findings_for(run->arena, &dict_declaration, &run->d);
	duty_assess(run->arena, &run->d, run->set, &run->facts, &run->first, &run->f);
	duty_assess(run->arena, &run->d, run->other, &run->facts, &run->second, &second);
	run->same = run->f.list.n == second.list.n;
	for (uint32_t i = 0; run->same && i < second.list.n; i++)
		run->same = run->f.list.v[i].rule == second.list.v[i].rule &&
			    span_equal(run->f.list.v[i].value[0], second.list.v[i].value[0]) &&
			    span_equal(run->f.list.v[i].value[1], second.list.v[i].value[1]);
}

static void test_order_of_rows_means_nothing(void **state)
{
	enum { ORDERS = 8, EACH = 400 };
	struct arena *packs = arena_new(256 << 20), *a = *state;
	const struct refset *set =
	    duty_pack_load(packs, "tests/duty/pack", "tests/duty/pack-tariff");
	struct random random = {2862933555777941757};
	uint32_t lines = 0, found = 0;

	for (uint64_t order = 1; order <= ORDERS; order++) {
		const struct refset *other =
		    duty_pack_shuffled(packs, "tests/duty/pack", "tests/duty/pack-tariff", order);

		assert_non_null(other);
		for (int i = 0; i < EACH; i++) {
			struct run run = {.arena = a, .random = random, .set = set, .other = other};

			arena_reset(a);
			assert_int_equal(day_parse(SPAN("2026-01-15"), &run.facts.legal_day),
					 ERR_NONE);
			assert_int_equal(arena_run(a, assess_shuffled, &run), ERR_NONE);
			assert_same(&run.first, &run.second);
			for (uint32_t k = 0; k < run.first.lines.n; k++)
				assert_true(span_equal(run.first.lines.v[k].measure,
						       run.second.lines.v[k].measure));
			assert_true(run.same);
			lines += run.first.lines.n;
			found += run.f.list.n;
			random = run.random;
		}
	}
	print_message("%u tax lines, %u findings\n", lines, found);
	assert_true(lines > ORDERS * EACH && found > ORDERS * EACH / 4);
	arena_free(packs);
}

/* ---- more value, not less duty ---- */

/* One item, so that all shared costs are its own; the same again at a higher price. */
static void assess_dearer(void *context)
{
	struct run *run = context;
	struct random *r = &run->random;
	struct shipment *sh = &run->d.shipment;
	struct goods_item *item;

	run->d.type = SPAN("IMA");
	run->d.head.present = sh->head.present = true;
	sh->terms.code = ANY(r, "CIF", "FOB", "EXW", "DDP");
	if (below(r, 2))
		sh->freight = any_amount(r);
	item = PUSH(run->arena, sh->items);
	any_item(run->arena, r, item);
	item->valuation_method = SPAN("1");
	run->f = findings_for(run->arena, &dict_declaration, &run->d);
	duty_assess(run->arena, &run->d, run->set, &run->facts, &run->first, &run->f);
	item->commodity.price.value.units += 1 + below(r, below(r, 2) ? 3 : 1000000);
	duty_assess(run->arena, &run->d, run->set, &run->facts, &run->second, &run->f);
}

static bool is_ad_valorem(struct span rate)
{
	return rate.n && rate.p[rate.n - 1] == '%' && !memchr(rate.p, ' ', rate.n);
}

static void test_duty_grows_with_value(void **state)
{
	struct arena *packs = arena_new(64 << 20), *a = *state;
	const struct refset *sets[] = {
	    duty_pack_load(packs, "tests/duty/pack", NULL),
	    duty_pack_load(packs, "tests/duty/pack", "tests/duty/pack-fob"),
	    duty_pack_load(packs, "tests/duty/pack", "tests/duty/pack-zero")};
	struct random random = {3202034522624059733};
	int compared = 0;

	for (int i = 0; i < DECLARATIONS; i++) {
		struct run run = {.arena = a, .random = random, .set = sets[i % 3]};

		arena_reset(a);
		assert_int_equal(day_parse(SPAN("2026-01-15"), &run.facts.legal_day), ERR_NONE);
		assert_int_equal(arena_run(a, assess_dearer, &run), ERR_NONE);
		random = run.random;
		if (run.first.lines.n != run.second.lines.n)
			continue; /* one of them was too large, or negative */
		for (uint32_t k = 0; k < run.first.lines.n; k++) {
			const struct tax_line *x = &run.first.lines.v[k],
					      *y = &run.second.lines.v[k];

			if (!span_equal(x->measure, y->measure) || !is_ad_valorem(x->rate))
				continue;
			assert_true(x->amount.minor <= y->amount.minor);
			compared++;
		}
	}
	print_message("%d lines compared\n", compared);
	assert_true(compared > DECLARATIONS / 4);
	arena_free(packs);
}

static void test_random_declarations(void **state)
{
	struct arena *packs = arena_new(64 << 20), *a = *state;
	const struct refset *sets[] = {
	    duty_pack_load(packs, "tests/duty/pack", NULL),
	    duty_pack_load(packs, "tests/duty/pack", "tests/duty/pack-fob"),
	    duty_pack_load(packs, "tests/duty/pack", "tests/duty/pack-zero")};
	struct random random = {88172645463325252};
	int steps = 0, complete = 0, lines = 0;

	for (int i = 0; i < DECLARATIONS; i++) {
		struct run run = {.arena = a, .random = random, .set = sets[i % 3]};
		char name[32];
		int n;

		arena_reset(a);
		assert_int_equal(day_parse(SPAN("2026-01-15"), &run.facts.legal_day), ERR_NONE);
		assert_int_equal(arena_run(a, assess_twice, &run), ERR_NONE);
		assert_same(&run.first, &run.second);
		snprintf(name, sizeof(name), "declaration %d", i);
		n = duty_proofs_check(&run.first, name);
		assert_true(n >= 0);
		assert_int_equal(run.first.complete, run.second.complete);
		steps += n;
		complete += run.first.complete;
		lines += (int)run.first.lines.n;
		random = run.random;
	}
	print_message("%d declarations (%d complete), %d tax lines, %d steps\n", DECLARATIONS,
		      complete, lines, steps);
	assert_true(complete > DECLARATIONS / 20 && lines > DECLARATIONS);
	arena_free(packs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_random_declarations),
	    arena_test(test_order_of_rows_means_nothing),
	    arena_test(test_duty_grows_with_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
