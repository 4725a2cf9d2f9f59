/* The hub under failing disks, failing allocations, racing threads and a crash: every submission is stored whole or
 * fails with a clear text, what was acknowledged is there exactly once, and the hub goes on by itself when the fault
 * ends. All through hub/hub.h. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "codec/xml.h"
#include "db/db_fault.h"
#include "fixture.h"
#include "hub/house.h" /* inflight, for the process that dies */

#define PACK     "tests/golden/packs/minimal"
#define TEMPLATE "tests/golden/checks/import.json"

enum { SERIALS_MAX = 20000, BATCH = 3, ROUNDS_MAX = 3000 };

/* The declarations of a run differ by the trader's reference alone: a serial number. What was acknowledged for each. */
static struct acknowledged {
	char reference[24];
	struct hash answer;
} acknowledged[SERIALS_MAX];
static unsigned serials;
static struct arena *keep; /* of the template */
static struct span template;

/* One submission of a run. */
struct trial {
	struct submission s;
	unsigned serial;
	sem_t *done;
};

static struct span message_of(struct arena *a, unsigned serial)
{
	return fixture_replaced(a, template, SPAN("TEST-0001"),
				span_of(arena_print(a, "T-%06u", serial)));
}

static void on_done(struct submission *s)
{
	struct trial *t = s->context;

	arena_fail_at(0); /* of the writer's thread, where it was ordered */
	sem_post(t->done);
}

static void trial_new(struct trial *t, unsigned serial, size_t cap, sem_t *done)
{
	struct arena *a = arena_new(cap);

	assert_non_null(a);
	*t = (struct trial){.serial = serial, .done = done};
	t->s = (struct submission){.arena = a, .done = on_done, .context = t};
	t->s.raw = message_of(keep, serial);
}

/* Stored whole or failed with a clear text; acknowledged once. */
static void judge(struct trial *t)
{
	const struct outcome *o = &t->s.outcome;
	struct acknowledged *k = &acknowledged[t->serial];

	if (o->kind == OUTCOME_FAILED) {
		assert_true(o->cause.err != ERR_NONE);
		assert_true(strlen(o->cause.text) > 10);
		assert_null(o->decision.p);
		return;
	}
	if (o->kind != OUTCOME_NEW || !o->accepted)
		fail_msg("T-%06u: kind %d, %s", t->serial, (int)o->kind, o->cause.text);
	assert_int_equal(k->reference[0], 0);
	snprintf(k->reference, sizeof(k->reference), "%.*s", SPAN_ARG(o->reference));
	k->answer = hash_bytes(o->answer.p, o->answer.n);
}

static void trial_end(struct trial *t)
{
	judge(t);
	arena_free(t->s.arena);
}

/* Submits a serial without any fault: new unless it was acknowledged, and then the same answer again. */
static void submit_again(struct fixture *c, unsigned serial)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct acknowledged *k = &acknowledged[serial];
	struct outcome o = fixture_submit(c, a, message_of(a, serial), "", "");
	struct hash answer = hash_bytes(o.answer.p, o.answer.n);

	if (k->reference[0]) {
		if (o.kind != OUTCOME_REPEATED)
			fail_msg("T-%06u was acknowledged, now kind %d, %s", serial, (int)o.kind,
				 o.cause.text);
		assert_span(o.reference, k->reference);
		assert_true(hash_equal(&answer, &k->answer));
	} else {
		if (o.kind != OUTCOME_NEW)
			fail_msg("T-%06u failed, now kind %d, %s", serial, (int)o.kind,
				 o.cause.text);
		snprintf(k->reference, sizeof(k->reference), "%.*s", SPAN_ARG(o.reference));
		k->answer = answer;
	}
	arena_free(a);
}

/* ---- the writer held, so that what is submitted meanwhile is one batch ---- */

static struct gate {
	struct trial trial;
	sem_t done, reached, open;
	uint64_t fail_at; /* allocation of the writer's thread */
} gate;

static void on_gate(struct submission *s)
{
	(void)s;
	sem_post(&gate.reached);
	sem_wait(&gate.open);
	arena_fail_at(gate.fail_at);
}

static void gate_close(struct fixture *c)
{
	sem_init(&gate.done, 0, 0);
	sem_init(&gate.reached, 0, 0);
	sem_init(&gate.open, 0, 0);
	trial_new(&gate.trial, serials++, LIMIT_ARENA_BYTES, &gate.done);
	gate.trial.s.done = on_gate;
	hub_submit(c->hub, &gate.trial.s);
	sem_wait(&gate.reached);
	trial_end(&gate.trial);
}

/* n trials as one batch. */
static void run_batch(struct fixture *c, struct trial *t, unsigned n)
{
	sem_t *done = t[0].done;

	for (unsigned i = 0; i < n; i++)
		hub_submit(c->hub, &t[i].s);
	sem_post(&gate.open);
	for (unsigned i = 0; i < n; i++)
		sem_wait(done);
}

/* ---- set-up ---- */

static int begin(void **state)
{
	static struct fixture c;

	memset(acknowledged, 0, sizeof(acknowledged));
	serials = 1;
	gate.fail_at = 0;
	keep = arena_new((size_t)LIMIT_ARENA_BYTES * 8);
	template = fixture_template(keep, TEMPLATE);
	fixture_new(&c, PACK);
	*state = &c;
	return 0;
}

static int end(void **state)
{
	db_disk_order((struct db_disk_order){0});
	arena_fail_at(0);
	fixture_remove(*state);
	arena_free(keep);
	return 0;
}

/* After everything: closed, opened again, each acknowledged one is there once, and nothing else. */
static void assert_whole(struct fixture *c)
{
	int64_t stored = 0;

	fixture_close(c);
	for (unsigned i = 0; i < serials; i++)
		stored += acknowledged[i].reference[0] != 0;
	assert_int_equal(fixture_sound(c).replayed, stored);
	fixture_open(c);
	for (unsigned i = 1; i < serials; i += 1 + serials / 200)
		submit_again(c, i);
}

/* ---- disks ---- */

/* One batch under one order. false: the order's place was never reached. */
static bool disk_round(struct fixture *c, struct db_disk_order order)
{
	struct trial t[BATCH];
	sem_t done;
	bool reached;

	sem_init(&done, 0, 0);
	gate_close(c);
	for (unsigned i = 0; i < BATCH; i++)
		trial_new(&t[i], serials++, LIMIT_ARENA_BYTES, &done);
	db_disk_order(order);
	run_batch(c, t, BATCH);
	/* The writer may still append roots: that is no operation of the store's disk. */
	reached = db_disk_count(DB_DISK_WRITE) * !!(order.ops & DB_DISK_WRITE) +
		      db_disk_count(DB_DISK_SYNC) * !!(order.ops & DB_DISK_SYNC) >=
		  order.at;
	db_disk_order((struct db_disk_order){0});
	for (unsigned i = 0; i < BATCH; i++) {
		trial_end(&t[i]);
		submit_again(c, t[i].serial);
	}
	return reached;
}

static void every_place(void **state, struct db_disk_order order)
{
	unsigned rounds = 0;

	for (order.at = 1; disk_round(*state, order); order.at++)
		assert_true(++rounds < ROUNDS_MAX);
	print_message("# %u places\n", rounds);
	assert_true(rounds > 0);
	assert_whole(*state);
}

static void test_disk_full_once(void **state)
{
	every_place(state, (struct db_disk_order){.ops = DB_DISK_WRITE, .fault = DB_DISK_FULL});
}

static void test_disk_full_lasting(void **state)
{
	every_place(state, (struct db_disk_order){
			       .ops = DB_DISK_WRITE, .lasting = true, .fault = DB_DISK_FULL});
}

static void test_failed_write(void **state)
{
	every_place(state,
		    (struct db_disk_order){.ops = DB_DISK_WRITE, .fault = DB_DISK_WRITE_FAILED});
}

static void test_failed_sync(void **state)
{
	every_place(state,
		    (struct db_disk_order){.ops = DB_DISK_SYNC, .fault = DB_DISK_SYNC_FAILED});
}

static void test_failed_sync_lasting(void **state)
{
	every_place(state, (struct db_disk_order){
			       .ops = DB_DISK_SYNC, .lasting = true, .fault = DB_DISK_SYNC_FAILED});
}

static void test_read_only(void **state)
{
	every_place(state, (struct db_disk_order){
			       .ops = DB_DISK_WRITE, .lasting = true, .fault = DB_DISK_READ_ONLY});
}

/* While nothing can be written every submission says so, and readers are told. */
static void test_a_broken_disk_is_said_and_forgotten(void **state)
{
	struct fixture *c = *state;
	struct hub_figures figures;
	struct trial t;
	sem_t done;

	sem_init(&done, 0, 0);
	db_disk_order((struct db_disk_order){
	    .ops = DB_DISK_WRITE, .at = 1, .lasting = true, .fault = DB_DISK_FULL});
	for (int i = 0; i < 5; i++) {
		trial_new(&t, serials++, LIMIT_ARENA_BYTES, &done);
		hub_submit(c->hub, &t.s);
		sem_wait(&done);
		assert_int_equal(t.s.outcome.kind, OUTCOME_FAILED);
		trial_end(&t);
	}
	hub_get_figures(c->hub, &figures);
	assert_false(figures.writable);
	db_disk_order((struct db_disk_order){0});
	for (unsigned i = 1; i < serials; i++)
		submit_again(c, i);
	hub_get_figures(c->hub, &figures);
	assert_true(figures.writable);
	assert_whole(c);
}

/* ---- memory ---- */

static void test_every_allocation_of_the_caller(void **state)
{
	struct fixture *c = *state;
	unsigned failed = 0;
	struct trial t;
	sem_t done;

	sem_init(&done, 0, 0);
	for (uint64_t n = 1;; n++) {
		trial_new(&t, serials++, LIMIT_ARENA_BYTES, &done);
		arena_fail_at(n);
		hub_submit(c->hub, &t.s);
		arena_fail_at(0);
		sem_wait(&done);
		if (t.s.outcome.kind != OUTCOME_FAILED)
			break;
		assert_int_equal(t.s.outcome.cause.err, ERR_NOMEM);
		failed++;
		trial_end(&t);
	}
	trial_end(&t);
	print_message("# %u allocations\n", failed);
	assert_true(failed > 0);
	for (unsigned i = 1; i < serials; i += 1 + serials / 100)
		submit_again(c, i);
	assert_whole(c);
}

static void test_every_allocation_of_the_writer(void **state)
{
	struct fixture *c = *state;
	unsigned failed = 0;
	struct trial t;
	sem_t done;

	sem_init(&done, 0, 0);
	for (uint64_t n = 1;; n++) {
		gate.fail_at = 0;
		gate_close(c);
		trial_new(&t, serials++, LIMIT_ARENA_BYTES, &done);
		gate.fail_at = n;
		run_batch(c, &t, 1);
		if (t.s.outcome.kind != OUTCOME_FAILED)
			break;
		failed++;
		trial_end(&t);
		submit_again(c, t.serial);
	}
	trial_end(&t);
	print_message("# %u allocations\n", failed);
	assert_true(failed > 0);
	assert_whole(c);
}

/* ---- one bad case among many ---- */

/* A cap under which the message is read, and cannot be decided. */
static size_t narrow_cap(struct fixture *c, sem_t *done)
{
	size_t found = 0;
	struct trial t;

	for (size_t cap = 8192;; cap += 2048) {
		trial_new(&t, serials++, cap, done);
		hub_submit(c->hub, &t.s);
		sem_wait(done);
		if (t.s.outcome.kind == OUTCOME_NEW)
			break;
		if (t.s.outcome.kind == OUTCOME_FAILED &&
		    strstr(t.s.outcome.cause.text, "more memory"))
			found = cap;
		arena_free(t.s.arena);
	}
	trial_end(&t);
	return found;
}

static void test_one_case_of_a_batch_cannot_be_stored(void **state)
{
	static struct trial t[200];
	struct fixture *c = *state;
	size_t narrow;
	sem_t done;

	sem_init(&done, 0, 0);
	narrow = narrow_cap(c, &done);
	assert_true(narrow > 0);
	gate_close(c);
	for (unsigned i = 0; i < ARRAY_LEN(t); i++)
		trial_new(&t[i], serials++, i == 100 ? narrow : LIMIT_ARENA_BYTES, &done);
	run_batch(c, t, ARRAY_LEN(t));
	for (unsigned i = 0; i < ARRAY_LEN(t); i++) {
		assert_int_equal(t[i].s.outcome.kind, i == 100 ? OUTCOME_FAILED : OUTCOME_NEW);
		trial_end(&t[i]);
	}
	assert_whole(c);
}

/* ---- threads ---- */

enum { TIMES = 100 };

struct racer {
	struct fixture *c;
	struct span raw;
	char reference[24];
	unsigned new, repeated;
};

static void *race(void *context)
{
	struct racer *r = context;
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);

	for (int i = 0; i < TIMES; i++) {
		struct outcome o = fixture_submit(r->c, a, r->raw, "", "");

		r->new += o.kind == OUTCOME_NEW;
		r->repeated += o.kind == OUTCOME_REPEATED;
		snprintf(r->reference, sizeof(r->reference), "%.*s", SPAN_ARG(o.reference));
		arena_reset(a);
	}
	arena_free(a);
	return NULL;
}

static void test_two_threads_one_message(void **state)
{
	struct fixture *c = *state;
	struct racer r[2] = {{.c = c, .raw = message_of(keep, 1)},
			     {.c = c, .raw = message_of(keep, 1)}};
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(r[0].new + r[1].new, 1);
	assert_int_equal(r[0].repeated + r[1].repeated, 2 * TIMES - 1);
	assert_string_equal(r[0].reference, r[1].reference);
	fixture_close(c);
	assert_int_equal(fixture_sound(c).replayed, 1);
}

/* The same bytes many times in one batch are one case, too. */
static void test_one_batch_one_message(void **state)
{
	struct fixture *c = *state;
	struct trial t[20];
	unsigned new = 0;
	sem_t done;

	sem_init(&done, 0, 0);
	gate_close(c);
	for (unsigned i = 0; i < ARRAY_LEN(t); i++)
		trial_new(&t[i], serials, LIMIT_ARENA_BYTES, &done);
	run_batch(c, t, ARRAY_LEN(t));
	for (unsigned i = 0; i < ARRAY_LEN(t); i++) {
		new += t[i].s.outcome.kind == OUTCOME_NEW;
		assert_true(span_equal(t[i].s.outcome.reference, t[0].s.outcome.reference));
		assert_true(span_equal(t[i].s.outcome.answer, t[0].s.outcome.answer));
	}
	for (unsigned i = 0; i < ARRAY_LEN(t); i++)
		arena_free(t[i].s.arena);
	assert_int_equal(new, 1);
	fixture_close(c);
	assert_int_equal(fixture_sound(c).replayed, 2);
}

/* ---- a message that kills ---- */

static void child_dies(struct fixture *c, struct span message)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		struct hub_options o = {.where = c->directory, .mode = HUB_OWN};
		struct hub *h;

		if (hub_open(&o, &h, NULL))
			_exit(3);
		inflight_enter(h->inflight, message);
		raise(SIGSEGV);
		_exit(4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

static void test_a_message_that_kills_is_put_apart(void **state)
{
	struct fixture *c = *state;
	struct arena *a = keep;
	struct outcome o;

	fixture_close(c);
	child_dies(c, message_of(a, 1));
	for (int opened = 0; opened < 2; opened++) {
		fixture_open(c);
		o = fixture_submit(c, a, message_of(a, 1), "", "");
		assert_int_equal(o.kind, OUTCOME_FAILED);
		assert_int_equal(o.cause.err, ERR_DENIED);
		o = fixture_submit(c, a, message_of(a, 2), "", "");
		assert_int_equal(o.kind, opened ? OUTCOME_REPEATED : OUTCOME_NEW);
		fixture_close(c);
	}
	assert_int_equal(fixture_sound(c).replayed, 1);
}

#define HUB_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    HUB_TEST(test_disk_full_once),
	    HUB_TEST(test_disk_full_lasting),
	    HUB_TEST(test_failed_write),
	    HUB_TEST(test_failed_sync),
	    HUB_TEST(test_failed_sync_lasting),
	    HUB_TEST(test_read_only),
	    HUB_TEST(test_a_broken_disk_is_said_and_forgotten),
	    HUB_TEST(test_every_allocation_of_the_caller),
	    HUB_TEST(test_every_allocation_of_the_writer),
	    HUB_TEST(test_one_case_of_a_batch_cannot_be_stored),
	    HUB_TEST(test_two_threads_one_message),
	    HUB_TEST(test_one_batch_one_message),
	    HUB_TEST(test_a_message_that_kills_is_put_apart),
	};
	struct cause why = {0};

	xml_start();
	log_quiet(true);
	if (db_disk_install(&why)) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
