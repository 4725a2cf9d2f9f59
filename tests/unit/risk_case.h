/* A declaration, a pack and rules for the tests of risk/, to be changed field by field. The pack is tests/golden/packs/tiny with
 * lists of its own: random 20000, red 30000, yellow 150000, blue 50000 in a million, three decimals. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_RISK_CASE_H
#define CUSTOMHOUSE_TESTS_UNIT_RISK_CASE_H

#include "ref_pack.h"
#include "risk/risk.h"

enum { RISK_CASE_ITEMS = 60, RISK_CASE_DRAWS = 64 };

struct risk_case {
	struct arena *arena;
	struct test_pack pack;
	const struct refset *ref;
	struct pack_faults faults;
	const struct ruleset *rules;
	enum err err;
	struct declaration d;
	struct goods_item items[RISK_CASE_ITEMS];
	struct item_value values[RISK_CASE_ITEMS];
	struct assessment assessed;
	struct facts facts;
	struct draw draws[RISK_CASE_DRAWS];
	struct selection got;
};

static const char risk_case_lists[] = "list,value,from,to,source\n"
				      "hubs,XM,2025-01-01,,test\n"
				      "hubs,XN,2025-01-01,2026-06-30,test\n"
				      "hubs,XS,2025-01-01,2025-06-30,test\n"
				      "hubs,XS,2026-01-01,2026-03-31,test\n"
				      "codes,24022000,2025-01-01,,test\n"
				      "codes,85171300,2025-01-01,,test\n";

/* A decimal as it is written. */
static inline struct decimal number(const char *text)
{
	struct decimal d;

	assert_int_equal(decimal_parse(span_of(text), &d), ERR_NONE);
	return d;
}

static inline struct risk_case *risk_case(void **state)
{
	struct risk_case *c = arena_try(*state, sizeof(*c));

	assert_non_null(c);
	c->arena = *state;
	c->pack = test_pack(c->arena, "tiny");
	test_pack_set(&c->pack, "lists.csv", risk_case_lists);
	c->ref = test_pack_good(&c->pack);
	c->faults.arena = c->arena;
	c->d.type = SPAN("IMA");
	c->d.shipment.items.v = c->items;
	c->d.shipment.items.n = 1;
	c->d.shipment.importer.id = SPAN("P1");
	c->assessed = (struct assessment){.values = c->values, .items = 1, .complete = true};
	c->facts.legal_day = test_day("2026-05-01");
	c->facts.office = SPAN("XT001");
	c->facts.draws.v = c->draws;
	return c;
}

/* Gives an item the commodity code, with memory of the case. */
static inline void risk_case_code(struct risk_case *c, uint32_t item, const char *code)
{
	struct commodity *to = &c->items[item].commodity;

	to->classifications.v = arena_try(c->arena, sizeof(*to->classifications.v));
	assert_non_null(to->classifications.v);
	to->classifications.n = *code ? 1 : 0;
	to->classifications.v[0].id = span_of(code);
}

/* A draw that is within every rate above so many in a million. */
static inline void risk_case_draw(struct risk_case *c, const char *purpose, uint32_t ppm)
{
	struct draw *d = &c->draws[c->facts.draws.n++];

	assert_true(c->facts.draws.n <= RISK_CASE_DRAWS);
	d->purpose = span_of(purpose);
	d->value = (uint64_t)(((unsigned __int128)ppm << 64) / 1000000 + (ppm > 0));
}

static inline void risk_case_compile_inside(void *context)
{
	struct risk_case *c = context;

	c->rules = NULL;
	test_pack_join(&c->pack, PACK_RULES);
	c->err = risk_compile(c->arena, c->pack.archive[PACK_RULES], c->ref, &c->rules, &c->faults);
}

/* Rules in one file. */
static inline enum err risk_case_compile(struct risk_case *c, const char *rules)
{
	enum err e;

	test_pack_set(&c->pack, "a.rules", rules);
	c->faults.list.n = 0;
	e = arena_run(c->arena, risk_case_compile_inside, c);
	return e ? e : c->err;
}

static inline void risk_case_write_faults(void *context)
{
	struct risk_case *c = context;

	c->pack.faults = c->faults;
	test_pack_print(&c->pack);
}

/* The faults of the last compilation, a line each. */
static inline const char *risk_case_faults(struct risk_case *c)
{
	assert_int_equal(arena_run(c->arena, risk_case_write_faults, c), ERR_NONE);
	return c->pack.archive[PACK_RULES].p;
}

static inline void risk_case_good(struct risk_case *c, const char *rules)
{
	if (risk_case_compile(c, rules))
		fail_msg("the rules are refused:\n%s", risk_case_faults(c));
	assert_non_null(c->rules);
}

/* One rule A of a condition and what follows `then`. */
static inline void risk_case_when(struct risk_case *c, const char *when, const char *then)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "rule A \"a\" from 2026-01-01 to 2026-12-31 owner \"us\"\nwhen %s\nthen %s "
		 "because \"why\"\n",
		 when, then);
	risk_case_good(c, text);
}

static inline void risk_case_select_inside(void *context)
{
	struct risk_case *c = context;

	risk_select(c->arena, &c->d, &c->assessed, c->ref, c->rules, &c->facts, &c->got);
}

static inline const struct selection *risk_case_select(struct risk_case *c)
{
	c->assessed.items = c->d.shipment.items.n;
	memset(&c->got, 0, sizeof(c->got));
	assert_int_equal(arena_run(c->arena, risk_case_select_inside, c), ERR_NONE);
	return &c->got;
}

static inline void risk_case_write(void *context)
{
	struct risk_case *c = context;
	struct text t = text_in(c->arena);

	text_print(&t, "%s %d", lane_name(c->got.lane), (int)c->got.score);
	for (uint32_t i = 0; i < c->got.reasons.n; i++) {
		const struct reason *r = &c->got.reasons.v[i];

		text_print(&t, "; %s %.*s", reason_kind_name(r->kind), SPAN_ARG(r->id));
		if (r->item != UINT32_MAX)
			text_print(&t, "/%u", r->item);
		text_print(&t, " %s %d%s", lane_name(r->lane), (int)r->weight,
			   r->drawn ? " drawn" : "");
	}
	text_char(&t, '\0');
	c->pack.archive[PACK_RULES] = (struct span){t.p, (uint32_t)t.n - 1, 0};
}

/* The selection as one line: lane, score, then each reason as kind, id/item, lane, weight. */
static inline const char *risk_case_says(struct risk_case *c)
{
	risk_case_select(c);
	assert_int_equal(arena_run(c->arena, risk_case_write, c), ERR_NONE);
	return c->pack.archive[PACK_RULES].p;
}

/* Does a rule of this condition hit? */
static inline bool risk_case_hits(struct risk_case *c, const char *when)
{
	risk_case_when(c, when, "red");
	return risk_case_select(c)->lane == LANE_RED;
}

#endif
