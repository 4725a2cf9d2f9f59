/* Any bytes as rule sets of origin: a rule that counts as understood is one of the pack's language, the counts add up, and a
 * fault has its place. */
#include "fuzz.h"
#include "ref/ref_origin.h"
#include "tariff/uk_origin.h"

struct reading {
	struct uk_origin u;
	struct span bytes;
};

static void check_line(struct arena *a, struct span line, uint32_t *understood)
{
	const struct origin_node *node;
	const struct json *j;
	struct codec_fault fault;
	struct span rule;
	const char *why;
	uint32_t at;

	BUG_ON(json_read(a, line, &j, &fault));
	rule = json_get_text(j, "expression");
	BUG_ON(!rule.n == span_is(json_get_text(j, "kind"), "understood"));
	BUG_ON(rule.n && origin_rule_parse(a, rule, &node, &why, &at));
	*understood += rule.n > 0;
}

static void read_rules(void *context)
{
	struct reading *r = context;
	struct codec_fault fault = {0};
	uint32_t lines = 0, understood = 0;
	struct span rest;

	if (uk_origin_read(&r->u, r->bytes, &fault)) {
		BUG_ON(!fault.text);
		return;
	}
	rest = text_as_span(&r->u.report);
	while (rest.n) {
		check_line(r->u.arena, span_cut(&rest, '\n'), &understood);
		lines++;
	}
	BUG_ON(lines != r->u.rules || understood != r->u.rules_understood);
	BUG_ON(r->u.sets_understood > r->u.sets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct reading r = {.u = {.arena = a,
				  .agreement = SPAN("AGR"),
				  .from = SPAN("2026-01-01"),
				  .name = "fuzz",
				  .report = text_in(a),
				  .table = text_in(a)},
			    .bytes = fuzz_span(data, size)};
	enum err e = arena_run(a, read_rules, &r);

	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
