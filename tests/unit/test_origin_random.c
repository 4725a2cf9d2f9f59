/* origin, over random rules and facts: the order of and/or changes nothing, value content is monotone, and asking comes to an end
 * without asking anything twice. */
#include "origin_case.h"

#include "base/prng.h"

enum { RULES = 3000, MATERIALS = 5, PARTS = 4, TEXT = 900, ROUNDS = 60 };

static struct arena *pack_arena;
static const struct refset *landfall;

static int open_pack(void **state)
{
	static struct test_pack pack;

	(void)state;
	pack_arena = arena_new((size_t)LIMIT_PACK_BYTES);
	pack = test_pack_folder(pack_arena, "packs/landfall");
	landfall = test_pack_good(&pack);
	return 0;
}

static int close_pack(void **state)
{
	(void)state;
	arena_free(pack_arena);
	return 0;
}

/* A rule as a tree, so that it can be written in two orders. */
struct tree {
	const char *leaf;
	struct tree *part[PARTS];
	size_t parts;
	bool any;
};

static void grow(struct prng *r, struct tree *nodes, size_t *used, struct tree *t, int depth)
{
	static const char *const leaves[] = {
	    "change heading",
	    "change chapter except 74",
	    "change heading allowing 20%",
	    "change subheading except 8503-8506, 39 allowing 15.5% fob",
	    "max 50%",
	    "max 35.25% fob of 74, 85",
	    "weight 40% of 85",
	    "content 40% build-down",
	    "content 30% build-up fob",
	    "content 55% net-cost",
	    "content 60% focused of 8504",
	    "process A",
	    "process B",
	    "process C",
	    "wholly-obtained of 85",
	    "wholly-obtained",
	};

	t->parts = depth && prng_chance(r, 700000) ? 2 + prng_below(r, PARTS - 1) : 0;
	t->any = prng_chance(r, 500000);
	t->leaf = leaves[prng_below(r, ARRAY_LEN(leaves))];
	for (size_t i = 0; i < t->parts; i++) {
		t->part[i] = &nodes[(*used)++];
		grow(r, nodes, used, t->part[i], depth - 1);
	}
}

static void write_tree(struct text *to, const struct tree *t, bool turned)
{
	if (!t->parts)
		text_string(to, t->leaf);
	else
		text_char(to, '(');
	for (size_t i = 0; i < t->parts; i++) {
		if (i)
			text_string(to, t->any ? " or " : " and ");
		write_tree(to, t->part[turned ? t->parts - 1 - i : i], turned);
	}
	if (t->parts)
		text_char(to, ')');
}

static const char *any_code(struct prng *r)
{
	static const char *const codes[] = {"850440", "850490", "850300", "740811",
					    "390120", "854442", "900190"};

	return codes[prng_below(r, ARRAY_LEN(codes))];
}

static void put_materials(struct prng *r, struct text *to)
{
	static const char *const how[] = {"XM:originates", "XM:wholly", "CN:no", "CN:no",
					  "XN:originates"};
	uint64_t n = prng_below(r, MATERIALS + 1);

	text_string(to, n ? "" : "material= ");
	while (n--)
		text_print(to, "material=%s:%d.%02d:%s:%d ", any_code(r), (int)prng_below(r, 60),
			   (int)prng_below(r, 100), how[prng_below(r, ARRAY_LEN(how))],
			   (int)prng_below(r, 9));
}

/* An answer to the question. */
static void put_answer(struct prng *r, struct text *to, const struct origin_result *res)
{
	const struct origin_question_text *q = origin_question_text(res->question);
	const char *yes = prng_chance(r, 400000) ? "yes" : "no";

	if (res->question == QUESTION_MATERIALS)
		put_materials(r, to);
	else if (res->question == QUESTION_PROCESS)
		text_print(to, "process.%.*s=%s ", SPAN_ARG(res->process), yes);
	else if (!strcmp(q->kind, "yes-no"))
		text_print(to, "%s=%s ", q->name, yes);
	else
		text_print(to, "%s=%d.5 ", q->name, 1 + (int)prng_below(r, 200));
}

struct round {
	struct arena *arena;
	struct prng r;
	struct origin_case forward, turned;
	struct text answers;
};

static void run_both(struct round *x)
{
	char *answers = arena_copy(x->arena, x->answers.p ? x->answers.p : "", x->answers.n);

	x->forward.answers = x->turned.answers = answers;
	origin_case_step(&x->forward);
	origin_case_step(&x->turned);
	if (x->forward.result.originating != x->turned.result.originating ||
	    x->forward.result.question != x->turned.result.question ||
	    !span_equal(x->forward.result.process, x->turned.result.process))
		fail_msg("%.*s and its other order differ with %s", SPAN_ARG(x->forward.text),
			 answers);
}

/* Questions until the end: each once, and the outcome is open as long as one is asked. */
static void ask_all(void *context)
{
	struct round *x = context;
	struct tree nodes[200] = {0};
	size_t used = 1, rounds = 0;
	struct text one = text_in(x->arena), other = text_in(x->arena);

	grow(&x->r, nodes, &used, &nodes[0], 2);
	write_tree(&one, &nodes[0], false);
	write_tree(&other, &nodes[0], true);
	x->forward = x->turned = origin_case(x->arena, landfall);
	x->forward.text = text_as_span(&one);
	x->turned.text = text_as_span(&other);
	if (prng_chance(&x->r, 500000))
		x->forward.agreement.tolerance = x->turned.agreement.tolerance = decimal_of(10, 0);
	x->answers = text_in(x->arena);
	for (run_both(x); x->forward.result.question; run_both(x)) {
		assert_int_equal(x->forward.result.preference, ORIGIN_OPEN);
		assert_true(rounds++ < ROUNDS);
		put_answer(&x->r, &x->answers, &x->forward.result);
	}
	assert_int_not_equal(x->forward.result.preference, ORIGIN_OPEN);
}

static void test_asking_ends_and_order_changes_nothing(void **state)
{
	for (uint64_t i = 0; i < RULES; i++) {
		struct round x = {.arena = *state, .r = prng_of(20, i)};

		arena_reset(*state);
		assert_int_equal(arena_run(*state, ask_all, &x), ERR_NONE);
	}
}

/* More of what does not originate never helps, a higher price never hurts where it is the whole. */
static void test_content_is_monotone(void **state)
{
	static const char *const rules[] = {"max 37.5%", "content 40% build-down",
					    "content 61.25% focused of 85",
					    "change heading allowing 33%"};
	struct prng r = prng_of(21, 0);

	for (int i = 0; i < 2000; i++) {
		struct origin_case c = origin_case(*state, landfall);
		const char *rule = rules[prng_below(&r, ARRAY_LEN(rules))];
		int64_t value = prng_between(&r, 0, 1000000), price = prng_between(&r, 1, 2000000);
		enum origin_truth before = ORIGIN_YES;

		for (int step = 0; step < 6; step++) {
			char answers[200];

			snprintf(answers, sizeof(answers),
				 "material=850490:%lld.%06d:CN ex_works=%lld beyond_simple=yes",
				 (long long)(value + step * price / 7), step, (long long)price);
			arena_reset(*state);
			c.text = span_of(rule);
			c.answers = answers;
			origin_case_run(&c);
			if (c.result.originating > before)
				fail_msg("%s: %s helped", rule, answers);
			before = c.result.originating;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_asking_ends_and_order_changes_nothing),
	    arena_test(test_content_is_monotone),
	};

	return cmocka_run_group_tests_name("origin_random", tests, open_pack, close_pack);
}
