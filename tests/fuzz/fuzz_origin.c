/* A first line as a rule of origin, the rest as answers in JSON: a rule that is taken has bounded parts, each of which is a rule
 * again; answers that are taken are within their bounds. */
#include "fuzz.h"
#include "origin/origin_json.h"

struct checking {
	struct arena *arena;
	struct span rule, answers;
};

static uint32_t walk(struct arena *a, const struct origin_node *n)
{
	const struct origin_node *again;
	const char *why;
	uint32_t at, nodes = 1;

	BUG_ON(!n->text.n || origin_rule_parse(a, n->text, &again, &why, &at));
	BUG_ON(again->test != n->test);
	for (n = n->child; n; n = n->next)
		nodes += walk(a, n);
	return nodes;
}

static void check(void *context)
{
	struct checking *c = context;
	const struct origin_node *rule;
	struct codec_fault fault;
	const struct json *o;
	struct origin_ask q;
	struct cause cause = {0};
	const char *why;
	uint32_t at;

	if (!origin_rule_parse(c->arena, c->rule, &rule, &why, &at))
		BUG_ON(walk(c->arena, rule) > 2 * LIMIT_ORIGIN_TESTS);
	else
		BUG_ON(at > c->rule.n || !why);
	origin_ask_open(&q, c->arena);
	if (json_read(c->arena, c->answers, &o, &fault))
		return;
	if (origin_answers(&q, o, &cause))
		BUG_ON(!cause.text[0]);
	for (uint32_t i = 0; i < q.facts.materials; i++)
		BUG_ON(!origin_amount_sound(q.material[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = fuzz_span(data, size);
	struct checking c = {.arena = fuzz_arena(), .rule = span_cut(&rest, '\n')};
	enum err e;

	c.answers = rest;
	e = arena_run(c.arena, check, &c);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
