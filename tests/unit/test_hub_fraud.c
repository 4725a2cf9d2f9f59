/* hub/generate/fraud: every scheme is planted, says what is so beside what is declared, and is the same again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/date.h"
#include "hub/generate/fraud.h"
#include "hub/inforce.h"
#include "msg/msg.h"

enum { MADE = 4 * FRAUD_SEASON };

struct world {
	struct arena *arena, *once;
	struct inforce *in;
	const struct generator *g;
	uint64_t n;
	uint32_t share_ppm;
	/* of one declaration */
	enum fraud_scheme scheme;
	struct message declared, honest;
	struct span said, so;
};

static void begin(void *context)
{
	struct world *w = context;
	int32_t day;

	assert_int_equal(day_from(2026, 1, 5, &day), ERR_NONE);
	w->g = generator_new(w->arena, w->in->ref, day, 3);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct span archive[PACK_PARTS];
	struct pack_faults faults;
	struct cause why = {0};
	char path[300];

	if (!w)
		return -1;
	w->arena = arena_new((size_t)LIMIT_PACK_BYTES);
	w->once = arena_new(LIMIT_ARENA_BYTES);
	w->share_ppm = 80000;
	faults = (struct pack_faults){.arena = w->arena};
	snprintf(path, sizeof(path), "%s/packs/landfall", getenv("CUSTOMHOUSE_ROOT"));
	if (pack_read_folder(w->arena, path, archive, &faults, &why) ||
	    inforce_load(archive, &w->in, &faults, &why) || arena_run(w->arena, begin, w))
		return -1;
	*state = w;
	return w->g ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	inforce_release(w->in);
	arena_free(w->once);
	arena_free(w->arena);
	free(w);
	return 0;
}

static struct span as_json(struct world *w, const struct message *m)
{
	struct text t = text_in(w->once);

	msg_write_json(&t, m);
	return text_as_span(&t);
}

static void make(void *context)
{
	struct world *w = context;
	const struct fraud_plan plan = {17, w->share_ppm};

	w->scheme = fraud_make(w->g, &plan, w->n, w->once, &w->declared, &w->honest);
	w->said = as_json(w, &w->declared);
	w->so = as_json(w, &w->honest);
}

static void make_one(struct world *w, uint64_t n)
{
	w->n = n;
	arena_reset(w->once);
	assert_int_equal(arena_run(w->once, make, w), ERR_NONE);
}

static void test_what_is_planted(void **state)
{
	struct world *w = *state;
	int64_t planted[FRAUD_SCHEMES] = {0}, season[2][FRAUD_SCHEMES] = {{0}}, made = 0;

	for (uint64_t n = 1; n <= MADE; n++) {
		make_one(w, n);
		assert_true(w->scheme < FRAUD_SCHEMES);
		assert_int_equal(span_equal(w->said, w->so),
				 w->scheme == FRAUD_NONE || w->scheme == FRAUD_SPLIT);
		planted[w->scheme]++;
		season[n % FRAUD_SEASON >= FRAUD_SEASON / 2][w->scheme]++;
		made += w->scheme != FRAUD_NONE;
	}
	/* 9 % of imports, which are 86 % of the trade. */
	assert_in_range(made, MADE * 6 / 100, MADE * 10 / 100);
	for (enum fraud_scheme s = FRAUD_UNDERVALUED; s < FRAUD_SCHEMES; s++)
		assert_true(planted[s] >= 10);
	assert_true(season[0][FRAUD_UNDERVALUED] > season[1][FRAUD_UNDERVALUED]);
	assert_true(season[0][FRAUD_MISCLASSIFIED] < season[1][FRAUD_MISCLASSIFIED]);
}

/* Declaration n is the same, whatever was made before it. */
static void test_the_same_again(void **state)
{
	struct world *w = *state;
	char first[1 << 16];
	uint32_t n;

	for (uint64_t i = 1; i <= 300; i += 7) {
		make_one(w, i);
		n = w->said.n;
		assert_true(n < sizeof(first));
		memcpy(first, w->said.p, n);
		make_one(w, i + 1000);
		make_one(w, i);
		assert_int_equal(w->said.n, n);
		assert_memory_equal(w->said.p, first, n);
	}
}

static void test_nothing_of_nothing(void **state)
{
	struct world *w = *state;

	w->share_ppm = 0;
	for (uint64_t n = 1; n <= 500; n++) {
		make_one(w, n);
		assert_int_equal(w->scheme, FRAUD_NONE);
	}
}

#define world_test(function) cmocka_unit_test_setup_teardown(function, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    world_test(test_what_is_planted),
	    world_test(test_the_same_again),
	    world_test(test_nothing_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
