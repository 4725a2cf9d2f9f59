/* How often a batch of declarations waits for the database's server: a few times, however many declarations it has. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/date.h"
#include "codec/xml.h"
#include "fixture.h"
#include "hub/generate/generate.h"
#include "hub/house.h"
#include "model/who.h"

enum { LARGE = 200, TRIPS_MAX = 24 };

/* The writer waits between two batches until everything has been handed in, which makes that one batch. */
struct gate {
	struct hub *hub;
	pthread_t thread;
	atomic_bool entered, open;
};

static enum err wait_at_gate(struct hub *h, void *context, struct cause *why)
{
	struct gate *g = context;

	(void)h, (void)why;
	atomic_store(&g->entered, true);
	while (!atomic_load(&g->open))
		poll(NULL, 0, 1);
	return ERR_NONE;
}

static void *close_gate(void *context)
{
	struct gate *g = context;
	struct cause why = {0};

	return settle_control(g->hub, wait_at_gate, g, &why) ? g : NULL;
}

static void shut(struct gate *g, struct hub *h)
{
	*g = (struct gate){.hub = h};
	assert_int_equal(pthread_create(&g->thread, NULL, close_gate, g), 0);
	while (!atomic_load(&g->entered))
		poll(NULL, 0, 1);
}

static void lift(struct gate *g)
{
	void *failed;

	atomic_store(&g->open, true);
	assert_int_equal(pthread_join(g->thread, &failed), 0);
	assert_null(failed);
}

static atomic_int done;

static void on_done(struct submission *s)
{
	(void)s;
	atomic_fetch_add(&done, 1);
}

/* Declarations first to first + n - 1 of the stream, in one batch. How often the writer waited for the server. */
static int64_t settle(struct fixture *f, const struct generator *g, uint64_t first, uint32_t n,
		      const struct who *who)
{
	struct arena *texts = arena_new(LIMIT_ARENA_BYTES);
	struct arena **own = ARENA_ARRAY(texts, struct arena *, n);
	struct submission *s = ARENA_ARRAY(texts, struct submission, n);
	struct hub_figures before, after;
	struct gate gate;
	uint32_t accepted = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct message m;
		struct text t = text_in(texts);

		generator_make(g, first + i, texts, &m);
		msg_write_json(&t, &m);
		own[i] = arena_new(LIMIT_ARENA_BYTES);
		s[i] = (struct submission){
		    .raw = text_as_span(&t), .who = who, .arena = own[i], .done = on_done};
	}
	shut(&gate, f->hub);
	atomic_store(&done, 0);
	hub_get_figures(f->hub, &before);
	for (uint32_t i = 0; i < n; i++)
		hub_submit(f->hub, &s[i]);
	lift(&gate);
	while (atomic_load(&done) < (int)n)
		poll(NULL, 0, 1);
	hub_get_figures(f->hub, &after);
	for (uint32_t i = 0; i < n; i++) {
		if (s[i].outcome.kind != OUTCOME_NEW && s[i].outcome.kind != OUTCOME_DENIED)
			fail_msg("%u of %u: %s", i, n, s[i].outcome.cause.text);
		accepted += s[i].outcome.accepted;
	}
	assert_int_equal(after.batches - before.batches, 1);
	if (!who)
		assert_true(accepted >= n / 2);
	for (uint32_t i = 0; i < n; i++)
		arena_free(own[i]);
	arena_free(texts);
	return after.round_trips - before.round_trips;
}

static void check(struct fixture *f, struct arena *a, const struct who *who)
{
	struct inforce *in = house_inforce(f->hub);
	const struct generator *g =
	    generator_new(a, in->ref, day_of(clock_now(), ref_zone_minutes(in->ref)), 7);
	int64_t one, many;

	assert_non_null(g);
	/* what is read once a day, or once an office, and statements that the server does not know yet */
	settle(f, g, 1, LARGE, who);
	one = settle(f, g, 1 + LARGE, 1, who);
	many = settle(f, g, 2 + LARGE, LARGE, who);
	print_message("round trips: %lld of one, %lld of %d\n", (long long)one, (long long)many,
		      LARGE);
	if (f->url[0])
		assert_true(one > 0);
	else
		assert_int_equal(many, 0);
	assert_true(one <= TRIPS_MAX);
	assert_true(many <= TRIPS_MAX);
	inforce_release(in);
}

static void test_a_batch_asks_for_all_at_once(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct fixture f;

	(void)state;
	fixture_new(&f, "packs/landfall");
	check(&f, a, NULL);
	fixture_remove(&f);
	arena_free(a);
}

/* What a broker may do in whose name is asked for all declarations at once, too. */
static void test_so_it_does_of_a_broker(void **state)
{
	const struct span own[] = {SPAN("XL900000000001"), SPAN("XL900000000002")};
	const struct who broker = {.user = SPAN("bea"),
				   .roles = ROLE_BROKER,
				   .offices = {0},
				   .parties = {own, ARRAY_LEN(own)},
				   .agency = SPAN("")};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct fixture f;

	(void)state;
	fixture_new(&f, "packs/landfall");
	check(&f, a, &broker);
	fixture_remove(&f);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_batch_asks_for_all_at_once),
	    cmocka_unit_test(test_so_it_does_of_a_broker),
	};

	if (postgres_missing())
		return 0;
	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
