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
#include "hub/life/act.h"
#include "model/who.h"

/* What speaks of a case is looked for at each office, some hundred questions at a time. An account that an amendment is the first
 * to name, and a quota, is asked for by itself. */
enum { LARGE = 200, TRIPS_MAX = 24, TRIPS_OF_ONE_MAX = 40, TRIPS_OF_MANY_MAX = 48 };

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

/* ---- what happens to cases afterwards ---- */

/* A case that was accepted: what a request needs to speak of it. */
struct known {
	struct span reference, sender;
};

static struct span keep(struct arena *a, struct span s)
{
	return (struct span){arena_copy(a, s.p, s.n), s.n, 0};
}

/* LARGE declarations of the stream from `first` on; those that were accepted. */
static uint32_t lodge(struct fixture *f, struct arena *a, uint64_t first, struct known *ret)
{
	struct inforce *in = house_inforce(f->hub);
	const struct generator *g =
	    generator_new(a, in->ref, day_of(clock_now(), ref_zone_minutes(in->ref)), 7);
	uint32_t n = 0;

	for (uint32_t i = 0; i < LARGE; i++) {
		struct arena *own = arena_new(LIMIT_ARENA_BYTES);
		struct text t = text_in(own);
		struct message m;
		struct submission s;
		const struct declaration *d = &m.declaration;

		generator_make(g, first + i, own, &m);
		msg_write_json(&t, &m);
		s = (struct submission){.raw = text_as_span(&t), .arena = own};
		hub_submit_wait(f->hub, &s);
		if (s.outcome.accepted)
			ret[n++] = (struct known){keep(a, s.outcome.reference),
						  keep(a, d->submitter.id.n ? d->submitter.id
							  : d->agent.id.n   ? d->agent.id
									    : d->declarant.id)};
		arena_free(own);
	}
	inforce_release(in);
	assert_true(n >= LARGE / 2);
	return n;
}

/* Amends them all in one batch. */
static int64_t amend(struct fixture *f, const struct known *known, uint32_t n, int round)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct submission *s = ARENA_ARRAY(a, struct submission, n);
	struct hub_figures before, after;
	struct gate gate;
	uint32_t accepted = 0;

	for (uint32_t i = 0; i < n; i++)
		s[i] = (struct submission){
		    .raw = span_of(arena_print(
			a,
			"{\"function\":\"13\",\"trader_reference\":\"%.*s-%d\",\"type\":\"COR\","
			"\"movement_reference\":\"%.*s\",\"amendments\":[{\"reason\":\"1\","
			"\"pointers\":[{\"section\":\"42A\"},{\"section\":\"67A\"},"
			"{\"sequence\":\"1\",\"section\":\"68A\"},"
			"{\"section\":\"23A\",\"tag\":\"137\"}]}],\"shipment\":{\"items\":[{"
			"\"sequence\":\"1\",\"commodity\":{\"description\":\"other words\"}}]}}",
			SPAN_ARG(known[i].reference), round, SPAN_ARG(known[i].reference))),
		    .sender = known[i].sender,
		    .arena = arena_new(LIMIT_ARENA_BYTES),
		    .done = on_done};
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
		if (s[i].outcome.kind != OUTCOME_NEW)
			fail_msg("%u: %s", i, s[i].outcome.cause.text);
		accepted += s[i].outcome.accepted;
		arena_free(s[i].arena);
	}
	assert_true(accepted >= n / 2);
	arena_free(a);
	return after.round_trips - before.round_trips;
}

static void acted(struct action *x)
{
	(void)x;
	atomic_fetch_add(&done, 1);
}

/* The same act on all of them in one batch; how many were done is in *ret. */
static int64_t act(struct fixture *f, const struct known *known, uint32_t n, const struct who *who,
		   const char *what, int round, uint32_t *ret)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct action *x = ARENA_ARRAY(a, struct action, n);
	struct hub_figures before, after;
	struct gate gate;

	for (uint32_t i = 0; i < n; i++)
		x[i] = (struct action){.reference = known[i].reference,
				       .raw = span_of(what),
				       .key = span_of(arena_print(a, "%s-%d-%u", what, round, i)),
				       .who = who,
				       .request = SPAN("batch"),
				       .arena = arena_new(LIMIT_ARENA_BYTES),
				       .done = acted};
	shut(&gate, f->hub);
	atomic_store(&done, 0);
	hub_get_figures(f->hub, &before);
	for (uint32_t i = 0; i < n; i++)
		hub_act(f->hub, &x[i]);
	lift(&gate);
	while (atomic_load(&done) < (int)n)
		poll(NULL, 0, 1);
	hub_get_figures(f->hub, &after);
	/* one, and those of the notes who looked */
	*ret = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (x[i].outcome != ACTION_DONE && x[i].outcome != ACTION_REFUSED)
			fail_msg("%u: outcome %d: %s", i, (int)x[i].outcome, x[i].cause.text);
		*ret += x[i].outcome == ACTION_DONE;
		arena_free(x[i].arena);
	}
	arena_free(a);
	return after.round_trips - before.round_trips;
}

/* The codes in the table of a pack, which has two lines of names. */
static struct who_list offices_of(struct arena *a, const char *table)
{
	struct span *v = ARENA_ARRAY(a, struct span, OFFICES_MAX), rest = fixture_read(a, table);
	uint32_t n = 0;

	(void)span_cut(&rest, '\n');
	(void)span_cut(&rest, '\n');
	while (rest.n && n < OFFICES_MAX) {
		struct span line = span_cut(&rest, '\n');

		v[n++] = span_cut(&line, ',');
	}
	return (struct who_list){v, n};
}

static void check_trips(const struct fixture *f, const char *of, int64_t one, int64_t many,
			uint32_t n)
{
	print_message("round trips: %lld of one %s, %lld of %u\n", (long long)one, of,
		      (long long)many, n);
	assert_true(f->url[0] ? one > 0 : many == 0);
	assert_true(one <= TRIPS_OF_ONE_MAX);
	assert_true(many <= TRIPS_OF_MANY_MAX);
}

static void test_requests_and_acts_are_asked_for_at_once_too(void **state)
{
	static const char hold[] = "{\"act\":\"place-hold\",\"hold\":\"permit\",\"reason\":\"r\"}",
			  lift_it[] =
			      "{\"act\":\"lift-hold\",\"hold\":\"permit\",\"reason\":\"r\"}",
			  pay[] = "{\"act\":\"pay\"}";
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct known *known = ARENA_ARRAY(a, struct known, LARGE);
	struct fixture f;
	struct who officer = {.user = SPAN("olga"),
			      .roles = ROLE_OFFICER | ROLE_SUPERVISOR,
			      .scopes = SCOPE_ALL,
			      .agency = SPAN("")},
		   cashier = {.user = SPAN("carl"),
			      .roles = ROLE_CASHIER,
			      .scopes = SCOPE_ALL,
			      .agency = SPAN("")};
	uint32_t n, of_one, of_many;
	int64_t one, many;

	(void)state;
	fixture_new(&f, "packs/landfall");
	officer.offices = cashier.offices =
	    offices_of(a, fixture_path(a, "packs/landfall/offices.csv"));
	n = lodge(&f, a, 1, known);
	/* once before it counts: statements that the server does not know yet */
	amend(&f, known, 2, 0);
	one = amend(&f, known + 2, 1, 1);
	many = amend(&f, known + 3, n - 3, 1);
	check_trips(&f, "amendment", one, many, n - 3);
	act(&f, known, 2, &officer, hold, 0, &of_many);
	one = act(&f, known + 2, 1, &officer, hold, 1, &of_one);
	many = act(&f, known + 3, n - 3, &officer, hold, 1, &of_many);
	assert_true(of_many >= n / 4);
	check_trips(&f, "hold", one, many, n - 3);
	act(&f, known, n, &officer, lift_it, 0, &of_many);
	act(&f, known, 2, &cashier, pay, 0, &of_many);
	one = act(&f, known + 2, 1, &cashier, pay, 1, &of_one);
	many = act(&f, known + 3, n - 3, &cashier, pay, 1, &of_many);
	assert_true(of_many >= n / 4);
	check_trips(&f, "payment", one, many, n - 3);
	fixture_sound(&f);
	fixture_remove(&f);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_batch_asks_for_all_at_once),
	    cmocka_unit_test(test_so_it_does_of_a_broker),
	    cmocka_unit_test(test_requests_and_acts_are_asked_for_at_once_too),
	};

	if (postgres_missing())
		return 0;
	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
