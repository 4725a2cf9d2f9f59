/* A check of origin for a test: one rule, as text, under an agreement of the test's own, over the areas of packs/landfall. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_ORIGIN_CASE_H
#define CUSTOMHOUSE_TESTS_UNIT_ORIGIN_CASE_H

#include "ref_pack.h"

#include "origin/origin_json.h"

struct origin_case {
	struct arena *arena;
	const struct refset *ref;
	struct ref_agreement agreement;
	struct ref_origin_book book;
	struct ref_origin_rule rule;
	struct span text;    /* of the rule */
	const char *answers; /* NAME=VALUE, parted by blanks */
	const char *commodity, *country;
	struct origin_ask ask;
	struct origin_result result;
};

static inline struct origin_case origin_case(struct arena *a, const struct refset *ref)
{
	struct origin_case c = {.arena = a, .ref = ref, .commodity = "850440", .country = "XM"};

	c.agreement = (struct ref_agreement){
	    .code = SPAN("T"), .area = SPAN("XM"), .dates = {0, INT32_MAX}, .source = SPAN("act")};
	return c;
}

static inline void origin_case_step(void *context)
{
	struct origin_case *c = context;
	struct span rest = span_of(c->answers);
	struct cause why = {0};
	const char *text;
	uint32_t at;

	c->agreement.book = &c->book;
	if (c->text.n) {
		c->rule = (struct ref_origin_rule){
		    .goods = {.from = SPAN("01"), .to = SPAN("97")},
		    .width = 1,
		    .text = c->text,
		    .dates = {0, INT32_MAX},
		    .source = SPAN("annex"),
		    .line = 7,
		};
		c->book.rules = &c->rule;
		if (origin_rule_parse(c->arena, c->text, &c->rule.rule, &text, &at))
			fail_msg("\"%.*s\" is refused at %u: %s", SPAN_ARG(c->text), at, text);
	}
	origin_ask_open(&c->ask, c->arena);
	c->ask.facts.commodity = span_of(c->commodity);
	c->ask.facts.country = span_of(c->country);
	c->ask.facts.day = test_day("2026-06-01");
	while (rest.n) {
		struct span value = span_cut(&rest, ' '), name = span_cut(&value, '=');

		if (origin_answer(&c->ask, name, value, &why))
			fail_msg("%s: %s", c->answers, why.text);
	}
	origin_decide(c->arena, c->ref, &c->agreement, &c->ask.facts, &c->result);
}

static inline void origin_case_run(struct origin_case *c)
{
	assert_int_equal(arena_run(c->arena, origin_case_step, c), ERR_NONE);
}

#endif
