/* One process of a world: its hub, its clock, its random source, and how operations are handed in.
 *
 * The hub reads time and chance in base/clock.h and nowhere else. This program is linked with --wrap, so that those three
 * functions are the ones below: no other program can set a hub's clock. */
#include "sim.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "db/db_fault.h"
#include "hub/house.h"

struct sim_world *sim_world;
static pthread_mutex_t random_lock = PTHREAD_MUTEX_INITIALIZER;

/* Link-time optimisation does not see that the linker calls them. */
__attribute__((used)) int64_t __wrap_clock_now(void);
__attribute__((used)) int64_t __wrap_clock_steady(void);
__attribute__((used)) void __wrap_random_bytes(void *p, size_t n);

int64_t __wrap_clock_now(void)
{
	return __atomic_load_n(&sim_world->now, __ATOMIC_SEQ_CST);
}

int64_t __wrap_clock_steady(void)
{
	return __atomic_load_n(&sim_world->steady, __ATOMIC_SEQ_CST);
}

void __wrap_random_bytes(void *p, size_t n)
{
	uint8_t *to = p;

	pthread_mutex_lock(&random_lock);
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)prng_next(&sim_world->random);
	pthread_mutex_unlock(&random_lock);
}

_Noreturn void sim_fail(const char *format, ...)
{
	struct sim_world *w = sim_world;
	va_list ap;

	va_start(ap, format);
	vsnprintf(w->failure, sizeof(w->failure), format, ap);
	va_end(ap);
	_exit(1);
}

/* ---- the hub ---- */

void sim_open(struct sim *s)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	const struct node_options node = {.name = "sim", .address = "http://127.0.0.1:1"};
	char pack[4096];
	struct hub_options o = {
	    .where = s->w->directory,
	    .database = s->w->url[0] ? s->w->url : NULL,
	    /* by its name it is known again after a crash, and has its leases back at once */
	    .node = s->w->url[0] ? &node : NULL,
	    .mode = HUB_OWN,
	    .pack = pack};
	struct cause why = {0};

	snprintf(pack, sizeof(pack), "%s/packs/landfall", root ? root : ".");
	if (hub_open(&o, &s->hub, &why))
		sim_fail("the hub does not open: %s: %s", err_name(why.err), why.text);
}

void sim_close(struct sim *s)
{
	hub_close(s->hub);
	s->hub = NULL;
}

struct making {
	const struct sim *s;
	struct arena *a;
	uint64_t n;
	struct message m;
	struct text text;
};

static void make(void *context)
{
	struct making *k = context;

	generator_make(k->s->generator, k->n, k->a, &k->m);
	k->text = text_in(k->a);
	msg_write_json(&k->text, &k->m);
}

struct span sim_message(const struct sim *s, uint64_t n, struct arena *a,
			struct message *ret_message)
{
	struct making k = {.s = s, .a = a, .n = n};

	if (arena_run(a, make, &k))
		sim_fail("no memory for a declaration");
	if (ret_message)
		*ret_message = k.m;
	return text_as_span(&k.text);
}

/* ---- who ---- */

static const struct span offices[] = {{"XLHAR001", 8, 0}, {"XLSOU002", 8, 0}, {"XLGUL003", 8, 0},
				      {"XLMER011", 8, 0}, {"XLMER012", 8, 0}, {"XLHIL013", 8, 0},
				      {"XLSTO021", 8, 0}, {"XLNOR022", 8, 0}, {"XLRIV023", 8, 0},
				      {"XLCAP031", 8, 0}, {"XLVAL032", 8, 0}, {"XLBLU033", 8, 0},
				      {"XLPOS041", 8, 0}};

struct who sim_who(const struct sim *s, int person, const struct sim_case *c, struct span room[2])
{
	const struct sim_person *p = &sim_people[person];
	struct who who = {.user = span_of(p->login), .roles = p->roles, .scopes = SCOPE_ALL};

	(void)s;
	if (p->roles & (ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER))
		who.offices = (struct who_list){offices, ARRAY_LEN(offices)};
	room[0] = person == SIM_TRADER ? span_of(c->holder) : SPAN("XL999999999999");
	room[1] = span_of(c->declarant);
	if (p->roles & (ROLE_TRADER | ROLE_BROKER | ROLE_CARRIER))
		who.parties = (struct who_list){room, person == SIM_TRADER && room[1].n ? 2 : 1};
	if (p->roles & ROLE_AGENCY)
		who.agency = SPAN("plants");
	return who;
}

/* ---- a batch ---- */

/* One operation on its way. */
struct flight {
	struct sim_op *op;
	struct arena *arena;
	struct who who;
	struct span room[2];
	struct submission submission;
	struct action action;
	sem_t *landed;
	struct message message;
};
static atomic_uint landed_before;

static void land(struct flight *f, struct span answer, const struct cause *why)
{
	struct sim_op *op = f->op;

	op->answer = hash_bytes(answer.p, answer.n);
	snprintf(op->why, sizeof(op->why), "%.190s", why->text);
	op->order = atomic_fetch_add(&landed_before, 1);
	__atomic_store_n(&op->acknowledged, true, __ATOMIC_SEQ_CST);
	sem_post(f->landed);
}

static void on_submission(struct submission *x)
{
	struct flight *f = x->context;

	f->op->outcome = (int)x->outcome.kind;
	f->op->accepted = x->outcome.accepted;
	snprintf(f->op->reference, sizeof(f->op->reference), "%.*s",
		 SPAN_ARG(x->outcome.reference));
	land(f, x->outcome.answer, &x->outcome.cause);
}

/* What no trader, cashier or carrier may read. */
static bool leaks(struct span answer)
{
	static const char *const words[] = {"\"lane\"",  "\"holds\"",    "\"examiner\"",
					    "\"score\"", "\"reasons\"",  "\"path\"",
					    "\"draw\"",  "\"proposer\"", "irregular"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (answer.n && memmem(answer.p, answer.n, words[i], strlen(words[i])))
			return true;
	return false;
}

static void on_action(struct action *x)
{
	struct flight *f = x->context;

	f->op->outcome = (int)x->outcome;
	f->op->refusal = (int)x->refusal;
	f->op->money = x->outcome == ACTION_REFUSED && x->refusal == REFUSED_NOTHING;
	if (!(f->who.roles & (ROLE_OFFICER | ROLE_SUPERVISOR)) && leaks(x->answer))
		sim_fail("a trader reads %.*s", SPAN_ARG(x->answer));
	land(f, x->answer, &x->cause);
}

static void depart(struct sim *s, struct flight *f)
{
	struct sim_op *op = f->op;
	const struct sim_case *c = &s->w->cases[op->on];
	enum sim_kind kind =
	    op->kind == SIM_AGAIN || op->kind == SIM_OTHER_BYTES ? op->of : op->kind;

	f->who = sim_who(s, op->d.by, c, f->room);
	if (kind == SIM_ACT) {
		f->action = (struct action){.reference = span_of(c->reference),
					    .raw = {op->raw, op->raw_n, 0},
					    .key = span_of(op->key),
					    .who = &f->who,
					    .request = SPAN("sim"),
					    .arena = f->arena,
					    .done = on_action,
					    .context = f};
		hub_act(s->hub, &f->action);
		return;
	}
	f->submission = (struct submission){.raw = {op->raw, op->raw_n, 0},
					    .key = span_of(op->key),
					    .who = &f->who,
					    .arena = f->arena,
					    .done = on_submission,
					    .context = f};
	if (kind == SIM_LODGE)
		f->submission.raw = sim_message(s, c->n, f->arena, &f->message);
	hub_submit(s->hub, &f->submission);
}

/* Holds the writer while the operations queue up behind it. */
struct gate {
	struct chore chore;
	sem_t reached, open;
};

static enum err nothing(struct batch *b, struct chore *c, struct cause *why)
{
	(void)b, (void)c, (void)why;
	return ERR_NONE;
}

static void hold(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct gate *g = (struct gate *)c;

	(void)h, (void)e, (void)why;
	sem_post(&g->reached);
	sem_wait(&g->open);
	sem_post(&g->reached);
}

void sim_send(struct sim *s)
{
	static struct flight flight[SIM_AT_ONCE];
	struct gate gate = {
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = nothing, .done = hold}};
	struct sim_world *w = s->w;
	sem_t landed;

	sem_init(&gate.reached, 0, 0);
	sem_init(&gate.open, 0, 0);
	sem_init(&landed, 0, 0);
	if (settle_enqueue(s->hub, &gate.chore.entry))
		sim_fail("the hub takes nothing");
	sem_wait(&gate.reached);
	atomic_store(&landed_before, 0);
	for (int i = 0; i < w->ops; i++) {
		flight[i] = (struct flight){
		    .op = &w->op[i], .arena = arena_new(LIMIT_ARENA_BYTES), .landed = &landed};
		w->op[i].acknowledged = false;
		depart(s, &flight[i]);
	}
	sem_post(&gate.open);
	for (int i = 0; i < w->ops; i++)
		sem_wait(&landed);
	sem_wait(&gate.reached);
	for (int i = 0; i < w->ops; i++)
		arena_free(flight[i].arena);
}

/* ---- time ---- */

static enum err tick(struct batch *b, void *context, struct cause *why)
{
	(void)b, (void)context, (void)why;
	return ERR_NONE;
}

/* The clock's own work goes before whatever is settled next: it is done when this returns. */
void sim_advance(struct sim *s, int64_t microseconds)
{
	struct cause why = {0};

	__atomic_add_fetch(&s->w->now, microseconds, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&s->w->steady, microseconds, __ATOMIC_SEQ_CST);
	if (settle_errand(s->hub, tick, NULL, &why))
		sim_fail("the hub does not go on: %s", why.text);
}
