#include "deeds.h"

#include <ftw.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"
#include "codec/xml.h"
#include "hub/audit/audits.h"
#include "hub/audit/verify.h"
#include "hub/life/act.h"

static sem_t landed;
static struct prng chance; /* of this process: which node is asked, and which one stops */

_Noreturn void deeds_fail(struct deeds *w, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(w->failure, sizeof(w->failure), format, ap);
	va_end(ap);
	_exit(1);
}

uint64_t deeds_lot(struct deeds *w, uint64_t n)
{
	return prng_next(&w->prng) % n;
}

void deed_landed(struct deed *d, bool accepted, struct span reference, struct span why)
{
	d->accepted = accepted;
	snprintf(d->reference, sizeof(d->reference), "%.*s", SPAN_ARG(reference));
	snprintf(d->why, sizeof(d->why), "%.*s", (int)(why.n < 290 ? why.n : 290),
		 why.p ? why.p : "");
	d->done = true;
	if (d->declares)
		sem_post(&landed);
}

void deed_elsewhere(struct deed *d, const struct cause *why)
{
	d->elsewhere = why->err == ERR_ELSEWHERE;
}

char *deeds_file(const char *name)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char path[500];
	struct stat st;
	char *p = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/api/stories/messages/%s", root ? root : ".", name);
	f = fopen(path, "rbe");
	if (f && !fstat(fileno(f), &st)) {
		p = calloc(1, (size_t)st.st_size + 1);
		if (p && fread(p, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
			p = NULL;
	}
	if (f)
		fclose(f);
	if (!p) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(2);
	}
	return p;
}

/* ---- handing in ---- */

struct span deeds_filled(struct arena *a, const char *from, const char *const *words)
{
	struct text t = text_in(a);

	while (*from) {
		size_t i = 0;

		while (words[i] && strncmp(from, words[i], strlen(words[i])) != 0)
			i += 2;
		if (!words[i]) {
			text_char(&t, *from++);
			continue;
		}
		text_string(&t, words[i + 1]);
		from += strlen(words[i]);
	}
	return text_as_span(&t);
}

struct flight {
	struct deeds *w;
	struct deed *d;
	struct arena *arena;
	struct submission submission;
	struct span (*text)(struct deeds *w, const struct deed *d, struct arena *a);
	void (*land)(struct deed *d, const struct outcome *o);
	struct span raw;
};

static void describe(void *context)
{
	struct flight *f = context;

	f->raw = f->text(f->w, f->d, f->arena);
}

static void on_submission(struct submission *s)
{
	struct flight *f = s->context;

	deed_elsewhere(f->d, &s->outcome.cause);
	f->land(f->d, &s->outcome);
}

void deeds_submit(struct deeds *w, struct hub *h, struct deed *d,
		  struct span (*text)(struct deeds *w, const struct deed *d, struct arena *a),
		  void (*land)(struct deed *d, const struct outcome *o))
{
	struct flight *f = calloc(1, sizeof(*f));

	if (!f)
		deeds_fail(w, "no memory");
	*f = (struct flight){
	    .w = w, .d = d, .arena = arena_new(LIMIT_ARENA_BYTES), .text = text, .land = land};
	if (!f->arena || arena_run(f->arena, describe, f))
		deeds_fail(w, "no memory for a message");
	f->submission = (struct submission){
	    .raw = f->raw, .arena = f->arena, .done = on_submission, .context = f};
	if (d->declares) {
		hub_submit(h, &f->submission); /* the process is short: its flights are not freed */
		return;
	}
	hub_submit_wait(h, &f->submission);
	deed_elsewhere(d, &f->submission.outcome.cause);
	land(d, &f->submission.outcome);
	arena_free(f->arena);
	free(f);
}

void deeds_pay(struct hub *h, struct deed *d, struct span reference, int64_t serial)
{
	static const struct span offices[] = {
	    {"XLHAR001", 8, 0}, {"XLSOU002", 8, 0}, {"XLMER011", 8, 0}, {"XLSTO021", 8, 0}};
	struct who kay = {.user = SPAN("kay"),
			  .roles = ROLE_CASHIER,
			  .scopes = SCOPE_ALL,
			  .offices = {offices, ARRAY_LEN(offices)}};
	char key[32];
	struct action x = {.reference = reference,
			   .raw = SPAN("{\"act\":\"pay\"}"),
			   .who = &kay,
			   .request = SPAN("sim"),
			   .arena = arena_new(LIMIT_ARENA_BYTES)};

	snprintf(key, sizeof(key), "P-%lld", (long long)serial);
	x.key = span_of(key);
	hub_act_wait(h, &x);
	deed_elsewhere(d, &x.cause);
	deed_landed(d, x.outcome == ACTION_DONE || x.outcome == ACTION_REPEATED, SPAN(""),
		    x.cause.text[0] ? span_of(x.cause.text) : x.answer);
	arena_free(x.arena);
}

static bool do_command(const char *const *argv)
{
	int status = 1;
	const pid_t child = fork();

	if (!child) {
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* ---- in the child ---- */

/* The first node's folder is the world's; the others have its keys. */
static void make_folder(struct deeds *w, int node, char to[100])
{
	struct stat st;

	snprintf(to, 100, "%s", w->directory);
	if (!node)
		return;
	snprintf(to, 100, "%s/n%d", w->directory, node);
	if (!stat(to, &st))
		return;
	/* whole or not at all: the process may die over it */
	if (!do_command((const char *[]){"/bin/sh", "-c",
					 "rm -rf \"$0.new\" && mkdir \"$0.new\" && "
					 "cp -r \"$1/keys\" \"$0.new\" && mv \"$0.new\" \"$0\"",
					 to, w->directory, NULL}))
		deeds_fail(w, "%s cannot be made", to);
}

/* By its name a node is known again, and has its leases back at once. */
static struct hub *open_hub(struct deeds *w, int number, enum hub_mode mode)
{
	char name[16], address[40], folder[100];
	const struct node_options node = {.name = name, .address = address};
	struct hub_options o = {.where = folder,
				.database = w->url[0] ? w->url : NULL,
				.node = w->url[0] && mode == HUB_OWN ? &node : NULL,
				.mode = mode,
				.pack = mode == HUB_OWN ? w->pack : NULL};
	struct hub *h = NULL;
	struct cause why = {0};

	snprintf(name, sizeof(name), "n%d", number);
	snprintf(address, sizeof(address), "http://127.0.0.1:%d", number + 1);
	make_folder(w, number, folder);
	if (hub_open(&o, &h, &why))
		deeds_fail(w, "hub %d does not open: %s: %s", number, err_name(why.err), why.text);
	return h;
}

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	struct deeds *w = context;

	deeds_fail(w, "the audit finds: %.*s %lld %.*s: %s", SPAN_ARG(office), (long long)seq,
		   SPAN_ARG(reference), text);
}

static void audit(struct deeds *w)
{
	struct audit_report replay = {.fault = on_fault, .context = w},
			    verify = {.fault = on_fault, .context = w};
	struct hub *h = open_hub(w, 0, HUB_READ);
	struct cause why = {0};

	if (hub_replay(h, INT64_MIN, &replay, &why) ||
	    hub_verify(h, &(struct verify_options){0}, &verify, &why))
		deeds_fail(w, "the audit stops: %s", why.text);
	if (replay.differences || verify.differences)
		deeds_fail(w, "replay differs %lld times, verify %lld times",
			   (long long)replay.differences, (long long)verify.differences);
	hub_close(h);
}

static int nodes_of(const struct deeds *w)
{
	return w->nodes ? w->nodes : 1;
}

/* Stops one and lets it begin again: what it had, others may take meanwhile. Life goes on without it for some deeds. */
static void stop_or_start(struct deeds *w)
{
	const int at = (int)(prng_next(&chance) % (uint64_t)w->nodes);
	struct hub *stopped = w->hub[at];
	int left = 0;

	for (int i = 0; i < w->nodes; i++)
		left += w->hub[i] != NULL;
	if (!stopped) {
		w->hub[at] = open_hub(w, at, HUB_OWN);
	} else if (left > 1) {
		w->hub[at] = NULL;
		hub_close(stopped);
		w->stops++;
	}
}

static void do_alone(struct deeds *w, const struct deeds_kind *k, struct deed *d)
{
	enum { TRIES = 500, WAIT_MICROS = 20000 };
	int at = (int)(prng_next(&chance) % (uint64_t)w->nodes);

	for (int i = 0; i < TRIES; i++, at = (at + 1) % w->nodes) {
		if (!w->hub[at])
			continue;
		d->done = d->elsewhere = false;
		k->begin(w, w->hub[at], d);
		while (d->declares && sem_wait(&landed))
			;
		if (!d->elsewhere)
			return;
		w->handed_on++;
		usleep(WAIT_MICROS);
	}
	deeds_fail(w, "no node settles it: %s", d->why);
}

static void do_planned(struct deeds *w, const struct deeds_kind *k)
{
	for (int i = 0; w->nodes && i < w->deeds; i++)
		do_alone(w, k, &w->deed[i]);
	if (w->nodes)
		return;
	for (int i = 0; i < w->deeds; i++) {
		w->deed[i].done = false;
		k->begin(w, w->hub[0], &w->deed[i]);
	}
	for (int i = 0; i < w->deeds; i++)
		while (w->deed[i].declares && sem_wait(&landed))
			;
}

static struct hub *a_hub(const struct deeds *w)
{
	int at = 0;

	while (!w->hub[at])
		at++;
	return w->hub[at];
}

static void open_hubs(struct deeds *w)
{
	memset(w->hub, 0, sizeof(w->hub));
	for (int i = 0; i < nodes_of(w); i++)
		w->hub[i] = open_hub(w, i, HUB_OWN);
}

static void live(struct deeds *w, const struct deeds_kind *k)
{
	enum { COMPARE_EVERY = 20, STOP_ONE_IN = 12 };

	log_quiet(true);
	sem_init(&landed, 0, 0);
	chance = prng_of(w->seed, 100 + w->kills);
	if (k->enter)
		k->enter(w);
	open_hubs(w);
	/* the keys are there, and are made once: a hub that dies over them is set up anew by hand */
	__atomic_store_n(&w->changing, false, __ATOMIC_SEQ_CST);
	while (w->next < w->count || w->in_flight) {
		if (!w->in_flight) {
			__atomic_store_n(&w->changing, true, __ATOMIC_SEQ_CST);
			memset(w->deed, 0, sizeof(w->deed));
			w->deeds = 0;
			k->plan(w);
			w->in_flight = true;
			__atomic_store_n(&w->changing, false, __ATOMIC_SEQ_CST);
		}
		if (w->nodes && prng_next(&chance) % STOP_ONE_IN == 0)
			stop_or_start(w);
		do_planned(w, k);
		__atomic_store_n(&w->changing, true, __ATOMIC_SEQ_CST);
		for (int i = 0; i < w->deeds; i++) {
			k->judge(w, &w->deed[i]);
			w->refused += !w->deed[i].accepted;
		}
		w->next += (uint64_t)w->deeds;
		w->in_flight = false;
		__atomic_store_n(&w->changing, false, __ATOMIC_SEQ_CST);
		if (w->next % COMPARE_EVERY < (uint64_t)w->deeds)
			k->compare(w, a_hub(w));
	}
	k->compare(w, a_hub(w));
	for (int i = 0; i < nodes_of(w); i++)
		if (w->hub[i])
			hub_close(w->hub[i]);
	audit(w);
	w->over = true;
	_exit(0);
}

/* ---- in the parent ---- */

/* Stops the child where it is, but not while it changes the world, and kills it there. false: it had ended by itself. */
static bool kill_child(struct deeds *w, pid_t child, int *ret_status)
{
	const struct timespec moment = {0, 1000000};

	for (;;) {
		kill(child, SIGSTOP);
		if (waitpid(child, ret_status, WUNTRACED) != child || !WIFSTOPPED(*ret_status))
			return false;
		if (!__atomic_load_n(&w->changing, __ATOMIC_SEQ_CST))
			break;
		kill(child, SIGCONT);
		nanosleep(&moment, NULL);
	}
	w->kills++;
	kill(child, SIGKILL);
	return waitpid(child, ret_status, 0) == child;
}

/* Runs processes until the world is over, each for 0.02 to 0.4 seconds; the last, after so many, to its end. */
static bool run(struct deeds *w, const struct deeds_kind *k)
{
	enum { LEAST = 20, SPAN_OF_TIME = 380, MILLISECOND = 1000000, DEEDS_A_KILL = 50 };
	struct prng moments = prng_of(w->seed, 9);

	while (!w->over) {
		const long ms = LEAST + (long)(prng_next(&moments) % SPAN_OF_TIME);
		const bool spared = w->kills >= w->count / DEEDS_A_KILL + 3;
		const pid_t child = fork();
		int status = 0;

		if (!child)
			live(w, k);
		if (child < 0)
			return false;
		if (!spared)
			nanosleep(&(struct timespec){0, ms * MILLISECOND}, NULL);
		if (!spared && kill_child(w, child, &status))
			continue;
		if (spared && waitpid(child, &status, 0) != child)
			return false;
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

/* ---- a world ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

/* The country of the stories: Landfall without chance. */
static bool make_pack(struct deeds *w)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char landfall[500];

	root = root ? root : ".";
	snprintf(w->pack, sizeof(w->pack), "%s/pack", w->directory);
	snprintf(landfall, sizeof(landfall), "%s/packs/landfall", root);
	return do_command((const char *[]){"/bin/cp", "-r", landfall, w->pack, NULL}) &&
	       do_command((const char *[]){
		   "/bin/sh", "-c",
		   "rm \"$0\"/*.rules && cp \"$1\"/tests/api/stories/pack/* \"$0\"", w->pack, root,
		   NULL});
}

static bool make_tables(const struct deeds *w, const struct deeds_table *t)
{
	char path[200];
	bool well = true;

	for (; t && t->file && well; t++) {
		FILE *out;

		snprintf(path, sizeof(path), "%s/%s", w->pack, t->file);
		out = fopen(path, t->whole ? "we" : "ae");
		well = out && fputs(t->text, out) >= 0;
		well = out && !fclose(out) && well;
	}
	return well;
}

static bool run_seed(struct deeds *w, const struct deeds_kind *k, uint64_t seed, uint64_t count,
		     int nodes)
{
	void *model = w->model;
	bool well;

	memset(model, 0, k->model_bytes);
	*w = (struct deeds){.seed = seed,
			    .count = count,
			    .nodes = nodes,
			    .prng = prng_of(seed, 1),
			    .directory = "/tmp/customhouse-deeds.XXXXXX",
			    .changing = true,
			    .model = model};
	well = mkdtemp(w->directory) && make_pack(w) && make_tables(w, k->table) &&
	       (!postgres_wanted() || postgres_make(0, w->url)) && run(w, k);
	if (!getenv("SIM_KEEP")) {
		nftw(w->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		if (postgres_wanted())
			well &= postgres_drop(0);
	}
	if (!well)
		printf("# seed %llu: %s\n# alone: tests/sim/%s %llu 1 %llu %d\n",
		       (unsigned long long)seed, w->failure, k->name, (unsigned long long)seed,
		       (unsigned long long)count, nodes);
	printf("%sok - seed %llu: %llu operations, %u refused, %u kills", well ? "" : "not ",
	       (unsigned long long)seed, (unsigned long long)w->next, w->refused, w->kills);
	if (nodes)
		printf("; of %d nodes %u stopped, %u were another's", nodes, w->stops,
		       w->handed_on);
	putchar('\n');
	fflush(stdout);
	return well;
}

int deeds_main(int argc, char **argv, const struct deeds_kind *kind)
{
	const int nodes = argc == 5 ? atoi(argv[4]) : 0;
	uint64_t first, count, each, failed = 0;
	struct deeds *w;

	if (argc < 4 || argc > 5 || nodes < 0 || nodes > DEEDS_NODES ||
	    (nodes && !postgres_wanted())) {
		fprintf(stderr, "usage: %s FIRST COUNT OPERATIONS [NODES]\n", kind->name);
		return 2;
	}
	first = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	each = strtoull(argv[3], NULL, 10);
	if (postgres_missing())
		return 0;
	xml_start();
	w = mmap(NULL, sizeof(*w) + kind->model_bytes + 64, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w == MAP_FAILED)
		return 2;
	w->model = (char *)w + (sizeof(*w) + 63) / 64 * 64;
	printf("1..%llu\n", (unsigned long long)count);
	for (uint64_t i = 0; i < count; i++)
		failed += !run_seed(w, kind, first + i, each, nodes);
	return failed > 0;
}
