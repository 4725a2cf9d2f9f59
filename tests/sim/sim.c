/* sim FIRST COUNT STEPS [NODES]: so many worlds, from seed FIRST on, of so many steps each; over PostgreSQL of so many nodes
 * (1). Prints TAP, one case a seed; of a seed that fails its number, the step, what was wrong, and how to run it alone. SIM_KEEP
 * in the environment keeps its store. */
#include "sim.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "codec/xml.h"
#include "db/db_fault.h"
#include "hub/inforce.h"

#define HOUR INT64_C(3600000000)

enum { CRASHES_MAX = 3 };
#define BEGINS INT64_C(1772438400) /* 2026-03-02T08:00Z */

/* ---- one step ---- */

static uint64_t below(struct sim_world *w, uint64_t n)
{
	return prng_below(&w->prng, n);
}

static bool has_failed(const struct sim_op *op)
{
	return op->outcome == (op->kind == SIM_LODGE || op->kind == SIM_CHANGE ||
				       (op->kind == SIM_AGAIN && op->of != SIM_ACT)
				   ? (int)OUTCOME_FAILED
				   : (int)ACTION_FAILED);
}

static void compare(struct sim *s)
{
	struct sim_world *w = s->w;

	for (int i = 0; i < w->ops; i++)
		sim_compare(s, &w->cases[w->op[i].on]);
}

/* Those that were acknowledged, in the order in which they were settled. */
static void judge_acknowledged(struct sim *s, bool resent)
{
	struct sim_world *w = s->w;

	for (unsigned order = 0; order < SIM_AT_ONCE * SIM_NODES; order++)
		for (int i = 0; i < w->ops; i++)
			if (w->op[i].acknowledged && w->op[i].order == order &&
			    !has_failed(&w->op[i]))
				sim_judge(s, &w->op[i], resent);
}

/* Hands in again, one by one, what was not acknowledged or failed. fresh: a failure promised that nothing was stored. */
static void send_again(struct sim *s, bool fresh)
{
	struct sim_world *w = s->w;
	struct sim_op rest[SIM_AT_ONCE];
	int n = 0, ops = w->ops;
	struct sim_op all[SIM_AT_ONCE];

	memcpy(all, w->op, sizeof(all));
	for (int i = 0; i < w->ops; i++)
		if (!w->op[i].acknowledged || has_failed(&w->op[i]))
			rest[n++] = w->op[i];
	for (int i = 0; i < n; i++) {
		w->op[0] = rest[i];
		w->ops = 1;
		sim_send(s);
		if (has_failed(&w->op[0]))
			sim_fail("it fails without a fault: %s", w->op[0].why);
		sim_judge(s, &w->op[0], !fresh);
		sim_note_resent(s, &w->op[0]);
	}
	memcpy(w->op, all, sizeof(all));
	w->ops = ops;
}

static void work(struct sim *s)
{
	sim_send(s);
	for (int i = 0; i < s->w->ops; i++)
		if (has_failed(&s->w->op[i]))
			sim_fail("it fails without a fault: %s", s->w->op[i].why);
	judge_acknowledged(s, false);
	compare(s);
}

static void work_on_a_bad_disk(struct sim *s)
{
	static const enum db_disk_fault faults[] = {DB_DISK_FULL, DB_DISK_WRITE_FAILED,
						    DB_DISK_SYNC_FAILED};
	struct sim_world *w = s->w;
	enum db_disk_fault fault = faults[below(w, ARRAY_LEN(faults))];

	db_disk_order((struct db_disk_order){
	    .ops = fault == DB_DISK_SYNC_FAILED ? DB_DISK_SYNC : DB_DISK_WRITE,
	    .at = 1 + below(w, fault == DB_DISK_SYNC_FAILED ? 3 : 40),
	    .lasting = below(w, 2),
	    .fault = fault});
	sim_send(s);
	w->faults += db_disk_failures() > 0;
	db_disk_order((struct db_disk_order){0});
	judge_acknowledged(s, false);
	send_again(s, true);
	compare(s);
}

/* Dies in the midst of it, or right after it when nothing came of that. */
static void work_and_die(struct sim *s)
{
	struct sim_world *w = s->w;

	w->in_flight = true;
	for (int i = 0; i < w->ops; i++)
		w->op[i].acknowledged = false;
	db_disk_order((struct db_disk_order){
	    .ops = DB_DISK_WRITE | DB_DISK_SYNC, .at = 1 + below(w, 60), .fault = DB_DISK_KILLED});
	sim_send(s);
	w->killed_late++;
	(void)raise(SIGKILL);
}

/* ---- nodes in trouble ---- */

static bool has_succeeded(const struct sim_op *op)
{
	const bool act = op->kind == SIM_ACT || (op->kind == SIM_AGAIN && op->of == SIM_ACT);

	return op->kind != SIM_OTHER_BYTES && op->acknowledged &&
	       (act ? op->outcome == (int)ACTION_DONE || op->outcome == (int)ACTION_REPEATED
		    : op->outcome == (int)OUTCOME_NEW || op->outcome == (int)OUTCOME_REPEATED);
}

/* A sleeper's word about what its client was told of by another node meanwhile: the same to the byte, or none at all. What was
 * refused there it may do now, if the case allows it by now. */
static void judge_late(struct sim *s, struct sim_op *late, const struct sim_op *told)
{
	s->w->late++;
	if (!has_succeeded(late))
		return;
	if (!has_succeeded(told)) {
		late->d.now = s->w->now;
		sim_judge(s, late, false);
	} else if (!hash_equal(&late->answer, &told->answer) ||
		   strcmp(late->reference, told->reference) != 0) {
		sim_fail("%s: a node that wakes says another thing than was told meanwhile of %s: "
			 "outcome %d of %s, not %d of %s; %.*s",
			 s->w->cases[late->on].reference, late->d.act ? late->d.act : "a message",
			 late->outcome, late->reference, told->outcome, told->reference,
			 (int)late->raw_n, late->raw);
	}
}

/* As the same process, or, when it was held for dead, beside another that has its name by now. */
static void wake(struct sim *s, int node)
{
	struct sim_world *w = s->w;
	struct sim_op late[SIM_AT_ONCE], told[SIM_AT_ONCE];
	struct hub *replaced = NULL;
	int n;

	if (below(w, 2)) {
		replaced = s->node[node].hub;
		sim_open_node(s, node);
		sim_turn(s);
	}
	n = sim_wake(s, late, told);
	hub_close(replaced);
	s->node[node].frozen = false;
	if (!replaced)
		sim_turn(s);
	for (int i = 0; i < n; i++)
		judge_late(s, &late[i], &told[i]);
	for (int i = 0; i < n; i++)
		sim_compare(s, &w->cases[late[i].on]);
}

static int sleeper(const struct sim *s)
{
	for (int i = 0; i < SIM_NODES; i++)
		if (s->node[i].frozen)
			return i;
	return -1;
}

/* Its clients ask again elsewhere. Alone, it wakes at once: they wait. */
static void freeze(struct sim *s, int node)
{
	struct sim_world *w = s->w;
	struct sim_op late[SIM_AT_ONCE], told[SIM_AT_ONCE];
	int n;

	w->frozen++;
	sim_end_transaction(s);
	if (w->nodes > 1) {
		s->node[node].frozen = true;
		s->hub = s->node[sim_living(s)].hub;
		sim_turn(s);
		judge_acknowledged(s, false);
		send_again(s, false);
		return;
	}
	n = sim_wake(s, late, told);
	judge_acknowledged(s, false);
	for (int i = 0; i < n; i++) {
		if (has_failed(&late[i]))
			sim_fail("a node that stood still fails: %s", late[i].why);
		sim_judge(s, &late[i], false);
	}
}

static void work_in_trouble(struct sim *s, enum sim_fault fault)
{
	struct sim_world *w = s->w;
	const int node = sim_living(s);
	bool happened;

	sim_plan(s, 1 + (int)below(w, SIM_AT_ONCE));
	for (int i = 0; i < w->ops; i++)
		w->op[i].acknowledged = false;
	s->order.wanted = true;
	s->order.node = node;
	s->order.fault = fault;
	s->order.at_commit = below(w, 2);
	s->order.at = 1 + (unsigned)below(w, s->order.at_commit ? 4 : 200);
	w->in_flight = fault == SIM_KILLED;
	sim_send(s);
	s->order.wanted = false;
	happened = sim_order_ends();
	if (fault == SIM_KILLED) {
		w->killed_late++;
		(void)raise(SIGKILL);
	}
	if (fault == SIM_FROZEN && happened) {
		freeze(s, node);
	} else {
		w->faults += happened;
		for (int i = 0; i < w->ops; i++)
			if (has_failed(&w->op[i]))
				sim_fail("a lost connection was not mended: %s", w->op[i].why);
		judge_acknowledged(s, false);
	}
	compare(s);
}

/* In order: it gives back what it had, and others may take it before it is there again. */
static void start_again(struct sim *s)
{
	const int node = sim_living(s);

	if (s->w->nodes < 2 || sleeper(s) >= 0)
		return;
	hub_close(s->node[node].hub);
	s->node[node].hub = NULL;
	s->hub = s->node[sim_living(s)].hub;
	sim_turn(s);
	sim_plan(s, 1 + (int)below(s->w, SIM_AT_ONCE));
	work(s);
	sim_open_node(s, node);
	sim_turn(s);
}

static void trouble(struct sim *s)
{
	struct sim_world *w = s->w;
	uint64_t what = below(w, 10);

	if (what < 1 && w->crashes < CRASHES_MAX)
		work_in_trouble(s, SIM_KILLED);
	else if (what < 4)
		work_in_trouble(s, SIM_CUT);
	else if (what < 8 && sleeper(s) < 0)
		work_in_trouble(s, SIM_FROZEN);
	else
		start_again(s);
}

/* What was acknowledged is there; what was not is there whole or not at all, and can be handed in again. */
static void recover(struct sim *s)
{
	struct sim_world *w = s->w;

	w->in_flight = false;
	judge_acknowledged(s, false);
	send_again(s, false);
	sim_compare_all(s);
}

static void pass_time(struct sim *s)
{
	struct sim_world *w = s->w;

	w->ops = 0;
	sim_advance(s, below(w, 3) ? (int64_t)(1 + below(w, 30)) * HOUR
				   : (int64_t)(1 + below(w, 12)) * 24 * HOUR);
	sim_lapse_all(s);
}

static void step(struct sim *s)
{
	struct sim_world *w = s->w;
	uint64_t what = below(w, 100);

	if (w->nodes > 1)
		s->hub = s->node[sim_living(s)].hub;
	if (sleeper(s) >= 0 && below(w, 4) == 0)
		wake(s, sleeper(s));
	if (what < 6) {
		pass_time(s);
	} else if (what < 13) {
		sim_set_roster(s);
	} else if (what < 20) {
		sim_deposit(s);
	} else if (what < 70) {
		sim_plan(s, 1);
		work(s);
	} else if (what < (w->nodes ? 84 : 90)) {
		sim_plan(s, 2 + (int)below(w, SIM_AT_ONCE - 1));
		work(s);
	} else if (w->nodes) {
		trouble(s);
	} else if (what < 96 || w->crashes >= CRASHES_MAX) {
		sim_plan(s, 1 + (int)below(w, SIM_AT_ONCE));
		work_on_a_bad_disk(s);
	} else {
		sim_plan(s, 2 + (int)below(w, SIM_AT_ONCE - 1));
		work_and_die(s);
	}
}

/* ---- one process, one world ---- */

static void live(struct sim *s)
{
	struct sim_world *w = s->w;

	log_quiet(true);
	sim_open(s);
	if (w->in_flight)
		recover(s);
	while (w->step < w->steps) {
		w->step++;
		step(s);
	}
	if (sleeper(s) >= 0)
		wake(s, sleeper(s));
	sim_compare_all(s);
	sim_close(s);
	sim_audit(s);
	w->over = true;
	_exit(0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

struct beginning {
	struct sim *s;
	int32_t day;
};

static void make_generator(void *context)
{
	struct beginning *b = context;

	b->s->generator = generator_new(b->s->keep, b->s->ref, b->day, b->s->w->seed);
}

/* Runs processes until the world is over. Returns whether all was well. */
static bool run(struct sim *s)
{
	struct sim_world *w = s->w;
	int status;

	while (!w->over) {
		pid_t child = fork();

		if (!child)
			live(s);
		if (child < 0 || waitpid(child, &status, 0) != child)
			return false;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && w->in_flight) {
			w->crashes++;
			continue;
		}
		if (WIFSIGNALED(status))
			snprintf(w->failure, sizeof(w->failure), "it died of signal %d",
				 WTERMSIG(status));
		else if (WEXITSTATUS(status) && !w->failure[0])
			snprintf(w->failure, sizeof(w->failure), "it ended with status %d",
				 WEXITSTATUS(status));
		if (status)
			return false;
	}
	return true;
}

static bool run_seed(struct sim *s, uint64_t seed, uint64_t steps, uint64_t nodes)
{
	struct sim_world *w = s->w;
	struct beginning b = {s, BEGINS / 86400};
	bool well;

	*w = (struct sim_world){.seed = seed,
				.steps = steps,
				.prng = prng_of(seed, 1),
				.random = prng_of(seed, 2),
				.now = BEGINS * INT64_C(1000000),
				/* far ahead of the machine's: the writer waits until it is woken */
				.steady = INT64_C(1000000000000000),
				.directory = "/tmp/customhouse-sim.XXXXXX",
				.nodes = (int)nodes};
	s->keep = arena_new((size_t)LIMIT_PACK_BYTES);
	well = mkdtemp(w->directory) && (!postgres_wanted() || postgres_make(0, w->url)) &&
	       !arena_run(s->keep, make_generator, &b) && s->generator && run(s);
	if (w->directory[0] && !getenv("SIM_KEEP"))
		nftw(w->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (postgres_wanted() && !getenv("SIM_KEEP"))
		well &= postgres_drop(0);
	arena_free(s->keep);
	if (!well)
		printf("# seed %llu, step %llu: %s\n# alone: tests/sim/sim %llu 1 %llu %llu\n",
		       (unsigned long long)seed, (unsigned long long)w->step, w->failure,
		       (unsigned long long)seed, (unsigned long long)steps,
		       (unsigned long long)nodes);
	printf("%sok - seed %llu: %d cases, %u operations, %llu acts, %u refused, %u crashes (%u "
	       "late), %u faults",
	       well ? "" : "not ", (unsigned long long)seed, w->n, w->ops_done,
	       (unsigned long long)w->acts, w->refused, w->crashes, w->killed_late, w->faults);
	if (nodes)
		printf(", %u times frozen, %u late answers, %u passed on", w->frozen, w->late,
		       w->passed_on);
	putchar('\n');
	fflush(stdout);
	return well;
}

static bool number(const char *text, uint64_t *ret)
{
	char *end;

	*ret = strtoull(text, &end, 10);
	return *text && !*end;
}

int main(int argc, char **argv)
{
	struct pack_faults faults = {.arena = arena_new((size_t)LIMIT_PACK_BYTES * 2)};
	uint64_t first, count, steps, nodes = 0, failed = 0;
	struct cause why = {0};
	struct clearing *clearing;
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char pack[4096];
	struct sim s = {0};

	if (argc < 4 || argc > 5 || !number(argv[1], &first) || !number(argv[2], &count) ||
	    !number(argv[3], &steps) || (argc == 5 && !number(argv[4], &nodes)) ||
	    nodes > SIM_NODES) {
		fprintf(stderr, "usage: sim FIRST COUNT STEPS [NODES]\n");
		return 2;
	}
	if (postgres_missing())
		return 0;
	nodes = !postgres_wanted() ? 0 : nodes ? nodes : 1;
	xml_start();
	sim_world = mmap(NULL, sizeof(*sim_world), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sim_world == MAP_FAILED)
		return 2;
	s.w = sim_world;
	snprintf(pack, sizeof(pack), "%s/packs/landfall", root ? root : ".");
	if (clearing_open(pack, &clearing, &faults, &why) || db_disk_install(&why)) {
		fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	/* A killed process leaves what it wrote to the machine, synced or not. */
	db_disk_skip_syncs(true);
	s.ref = clearing_inforce(clearing)->ref;
	printf("1..%llu\n", (unsigned long long)count);
	for (uint64_t i = 0; i < count; i++)
		failed += !run_seed(&s, first + i, steps, nodes);
	clearing_close(clearing);
	arena_free(faults.arena);
	return failed > 0;
}
