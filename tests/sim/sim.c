/* sim FIRST COUNT STEPS: so many worlds, from seed FIRST on, of so many steps each. Prints TAP, one case a seed; of a seed that
 * fails its number, the step, what was wrong, and how to run it alone. SIM_KEEP in the environment keeps its store. */
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

	for (unsigned order = 0; order < SIM_AT_ONCE; order++)
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

	if (what < 6) {
		pass_time(s);
	} else if (what < 13) {
		sim_set_roster(s);
	} else if (what < 20) {
		sim_deposit(s);
	} else if (what < 70) {
		sim_plan(s, 1);
		work(s);
	} else if (what < 90) {
		sim_plan(s, 2 + (int)below(w, SIM_AT_ONCE - 1));
		work(s);
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

static bool run_seed(struct sim *s, uint64_t seed, uint64_t steps, const char *program)
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
				.directory = "/tmp/customhouse-sim.XXXXXX"};
	s->keep = arena_new((size_t)LIMIT_PACK_BYTES);
	well = mkdtemp(w->directory) && (!postgres_wanted() || postgres_make(0, w->url)) &&
	       !arena_run(s->keep, make_generator, &b) && s->generator && run(s);
	if (w->directory[0] && !getenv("SIM_KEEP"))
		nftw(w->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (postgres_wanted() && !getenv("SIM_KEEP"))
		well &= postgres_drop(0);
	arena_free(s->keep);
	if (!well)
		printf("# seed %llu, step %llu: %s\n# alone: %s %llu 1 %llu\n",
		       (unsigned long long)seed, (unsigned long long)w->step, w->failure, program,
		       (unsigned long long)seed, (unsigned long long)steps);
	printf("%sok - seed %llu: %d cases, %u operations, %llu acts, %u refused, %u crashes (%u "
	       "late), %u faults\n",
	       well ? "" : "not ", (unsigned long long)seed, w->n, w->ops_done,
	       (unsigned long long)w->acts, w->refused, w->crashes, w->killed_late, w->faults);
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
	uint64_t first, count, steps, failed = 0;
	struct cause why = {0};
	struct clearing *clearing;
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char pack[4096];
	struct sim s = {0};

	if (argc != 4 || !number(argv[1], &first) || !number(argv[2], &count) ||
	    !number(argv[3], &steps)) {
		fprintf(stderr, "usage: sim FIRST COUNT STEPS\n");
		return 2;
	}
	if (postgres_missing())
		return 0;
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
		failed += !run_seed(&s, first + i, steps, "tests/sim/sim");
	clearing_close(clearing);
	arena_free(faults.arena);
	return failed > 0;
}
