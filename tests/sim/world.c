/* One process of a world: its hub, its clock, its random source, and how operations are handed in.
 *
 * The hub reads time and chance in base/clock.h and nowhere else. This program is linked with --wrap, so that those three
 * functions are the ones below: no other program can set a hub's clock. */
#include "sim.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "db/db_fault.h"
#include "hub/house.h"

struct sim_world *sim_world;
static pthread_mutex_t random_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint landed_before;
static sem_t landed; /* once for each operation, and when a node stands still */

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

static void open_alone(struct sim *s)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char pack[4096];
	struct hub_options o = {.where = s->w->directory, .mode = HUB_OWN, .pack = pack};
	struct cause why = {0};

	snprintf(pack, sizeof(pack), "%s/packs/landfall", root ? root : ".");
	if (hub_open(&o, &s->node[0].hub, &why))
		sim_fail("the hub does not open: %s: %s", err_name(why.err), why.text);
}

void sim_open(struct sim *s)
{
	sem_init(&landed, 0, 0);
	sim_nodes_begin();
	if (!s->w->nodes)
		open_alone(s);
	for (int i = 0; i < s->w->nodes; i++)
		sim_open_node(s, i);
	s->hub = s->node[0].hub;
	if (s->w->nodes)
		sim_turn(s);
}

void sim_close(struct sim *s)
{
	for (int i = 0; i < SIM_NODES; i++) {
		hub_close(s->node[i].hub);
		s->node[i].hub = NULL;
	}
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
	struct sim_op *op;        /* where it lands */
	struct sim_op own;        /* as it was handed in */
	struct sim_op resent;     /* stuck: what came of it elsewhere */
	int node;                 /* that it is asked of */
	bool departed, elsewhere; /* it has; that node named another */
	struct arena *arena;
	struct who who;
	struct span room[2];
	struct submission submission;
	struct action action;
	struct message message;
};
static void land(struct flight *f, struct span answer, const struct cause *why)
{
	struct sim_op *op = f->op;

	op->answer = hash_bytes(answer.p, answer.n);
	snprintf(op->why, sizeof(op->why), "%.190s", why->text);
	f->elsewhere = why->err == ERR_ELSEWHERE;
	op->order = atomic_fetch_add(&landed_before, 1);
	__atomic_store_n(&op->acknowledged, true, __ATOMIC_SEQ_CST);
	sem_post(&landed);
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
	const struct sim_op *op = &f->own;
	const struct sim_case *c = &s->w->cases[op->on];
	struct hub *h = s->node[f->node].hub;
	enum sim_kind kind =
	    op->kind == SIM_AGAIN || op->kind == SIM_OTHER_BYTES ? op->of : op->kind;

	f->departed = true;
	f->elsewhere = false;
	f->arena = arena_new(LIMIT_ARENA_BYTES);
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
		hub_act(h, &f->action);
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
	hub_submit(h, &f->submission);
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

static bool is_down(const struct flight *f)
{
	return __atomic_load_n(&f->op->acknowledged, __ATOMIC_SEQ_CST);
}

static bool stands_still(const struct sim *s, int node)
{
	return s->node[node].frozen ||
	       (s->order.node == node && s->order.fault == SIM_FROZEN && sim_order_has_happened());
}

/* Those of one node, as one batch. */
static void fly(struct sim *s, int node, struct flight **f, int n)
{
	struct gate gate = {
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = nothing, .done = hold}};

	const bool armed = sim_order_rests(); /* the gate is none of the clients' */

	sem_init(&gate.reached, 0, 0);
	sem_init(&gate.open, 0, 0);
	if (settle_enqueue(s->node[node].hub, &gate.chore.entry))
		sim_fail("the hub takes nothing");
	sem_wait(&gate.reached);
	if (armed)
		sim_order_goes_on();
	if (s->order.wanted && s->order.node == node) {
		sim_order(s, &landed);
		s->order.wanted = false;
	}
	for (int i = 0; i < n; i++)
		depart(s, f[i]);
	sem_post(&gate.open);
	for (int i = 0; i < n; i++)
		while (!is_down(f[i]) && !stands_still(s, node))
			sem_wait(&landed);
	sem_wait(&gate.reached);
}

/* Was it passed on to a node that answers? Then it is to depart again. */
static bool pass_on(struct sim *s, struct flight *f)
{
	if (!is_down(f) || !f->elsewhere)
		return false;
	f->node = sim_named(s, f->op->why);
	f->departed = f->op->acknowledged = false;
	arena_free(f->arena);
	f->arena = NULL;
	s->w->passed_on++;
	return !stands_still(s, f->node);
}

/* Until each has its answer, or waits for a node that stands still. */
static void fly_all(struct sim *s, struct flight *const *f, int n)
{
	bool more = true;

	while (more) {
		for (int node = 0; node < SIM_NODES; node++) {
			struct flight *of_node[SIM_AT_ONCE];
			int count = 0;

			for (int i = 0; i < n && !stands_still(s, node); i++)
				if (f[i]->node == node && !f[i]->departed)
					of_node[count++] = f[i];
			if (count)
				fly(s, node, of_node, count);
		}
		more = false;
		for (int i = 0; i < n; i++)
			more |= pass_on(s, f[i]);
	}
}

static void drop(struct flight *f)
{
	arena_free(f->arena);
	free(f);
}

void sim_send(struct sim *s)
{
	struct flight *f[SIM_AT_ONCE];
	struct sim_world *w = s->w;
	int n = w->ops;

	atomic_store(&landed_before, 0);
	for (int i = 0; i < n; i++) {
		f[i] = calloc(1, sizeof(*f[i]));
		if (!f[i])
			sim_fail("no memory for an operation");
		w->op[i].acknowledged = false;
		f[i]->op = &w->op[i];
		f[i]->own = w->op[i];
		f[i]->node = sim_living(s);
	}
	fly_all(s, f, n);
	for (int i = 0; i < n; i++) {
		if (f[i]->departed && !is_down(f[i])) {
			f[i]->op = &f[i]->own;
			s->stuck[s->stuck_count++] = f[i];
		} else {
			drop(f[i]);
		}
	}
}

void sim_note_resent(struct sim *s, const struct sim_op *op)
{
	for (int i = 0; i < s->stuck_count; i++)
		if (s->stuck[i]->own.on == op->on)
			s->stuck[i]->resent = *op;
}

int sim_wake(struct sim *s, struct sim_op ret_late[SIM_AT_ONCE],
	     struct sim_op ret_resent[SIM_AT_ONCE])
{
	int n = s->stuck_count;

	atomic_store(&landed_before, 0);
	sim_thaw();
	for (int i = 0; i < n; i++)
		while (!is_down(s->stuck[i]))
			sem_wait(&landed);
	for (int i = 0; i < n; i++) {
		struct flight *f = s->stuck[i];
		/* in the order in which they were settled */
		unsigned at = f->own.order;

		ret_late[at] = f->own;
		ret_resent[at] = f->resent;
		drop(f);
	}
	s->stuck_count = 0;
	return n;
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
	if (s->w->nodes)
		sim_turn(s);
	for (int i = 0; i < SIM_NODES; i++)
		if (s->node[i].hub && !s->node[i].frozen &&
		    settle_errand(s->node[i].hub, tick, NULL, &why))
			sim_fail("the hub does not go on: %s", why.text);
}
