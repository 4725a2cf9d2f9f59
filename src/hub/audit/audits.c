#include "hub/audit/audits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "hub/house.h"

struct fault {
	struct span office, reference, text; /* in faults' arena */
	int64_t seq;
};

struct audits {
	pthread_mutex_t lock; /* guards what follows */
	pthread_t thread;
	bool begun, running; /* a thread was made, and not yet joined; it works */
	int64_t id, started_at, ended_at;
	enum audit_kind kind;
	int64_t looked_at, differences, erased;
	struct cause failed;
	struct cause
	    away; /* err set: the replica did not answer, and the primary is read instead */
	struct arena *arena; /* of the faults */
	struct fault fault[AUDIT_FAULTS_KEPT];
	uint32_t faults;

	char where[4096], roots[4096];
	char database[4096], replica[4096]; /* the same where there is no replica */
	atomic_bool stop;
};

static const char *const kinds[] = {[AUDIT_REPLAY] = "replay", [AUDIT_VERIFY] = "verify"};

static struct span keep(struct arena *a, struct span s)
{
	char *copy = s.n ? arena_try(a, s.n) : NULL;

	if (copy)
		memcpy(copy, s.p, s.n);
	return (struct span){copy ? copy : "", copy ? s.n : 0, 0};
}

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	struct audits *a = context;

	pthread_mutex_lock(&a->lock);
	if (a->faults < AUDIT_FAULTS_KEPT)
		a->fault[a->faults++] =
		    (struct fault){keep(a->arena, office), keep(a->arena, reference),
				   keep(a->arena, span_of(text)), seq};
	pthread_mutex_unlock(&a->lock);
}

static void on_progress(void *context, int64_t done, int64_t total)
{
	struct audits *a = context;

	(void)total;
	pthread_mutex_lock(&a->lock);
	a->looked_at = done;
	pthread_mutex_unlock(&a->lock);
}

static bool is_stopped(void *context)
{
	return atomic_load(&((struct audits *)context)->stop);
}

enum { REPLICA_LATE_S = 60 };

/* The newest event of the hub's own chain, which every root is about. */
static enum err newest(struct audits *a, const char *database, int64_t *ret_seq, struct cause *why)
{
	struct store_head head;
	struct store *s;
	enum err e = store_open(database, &(struct store_options){.mode = STORE_READ}, &s, why);

	if (e)
		return e;
	store_set_patience(s, &(struct patience){.gone = is_stopped, .context = a});
	e = store_get_head(s, HUB_OFFICE, &head, why);
	store_close(s);
	if (!e)
		*ret_seq = head.seq;
	return e;
}

/* A replica comes after. What was signed before the audit begins must be in it. *ret_away: the replica does not answer. */
static enum err wait_for_replica(struct audits *a, int64_t *ret_roots, struct cause *ret_away,
				 struct cause *why)
{
	const int64_t until = clock_steady() + REPLICA_LATE_S * INT64_C(1000000);
	int64_t wanted = 0, has = 0;
	struct stat st;
	enum err e;

	*ret_roots = stat(a->roots, &st) ? 0 : st.st_size;
	e = newest(a, a->database, &wanted, why);
	while (!e && (e = newest(a, a->replica, &has, ret_away)) == ERR_NONE && has < wanted) {
		if (clock_steady() > until)
			return fail(why, ERR_BUSY, "the replica is more than %d seconds late",
				    REPLICA_LATE_S);
		if (atomic_load(&a->stop))
			return ERR_BUSY;
		nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
	}
	return e;
}

/* Reading everything is work for the replica. But an audit is somebody's question, one at a time, and looks for what must not
 * wait: while the replica is away the primary answers it, and the answer says so. */
static enum err choose_source(struct audits *a, const char **ret_database, int64_t *ret_roots,
			      struct cause *why)
{
	struct cause away = {0};
	enum err e;

	*ret_database = a->database;
	*ret_roots = 0;
	if (!strcmp(a->database, a->replica))
		return ERR_NONE;
	e = wait_for_replica(a, ret_roots, &away, why);
	if (!e)
		*ret_database = a->replica;
	if (!e || !away.err || is_stopped(a))
		return e;
	*ret_roots = 0;
	pthread_mutex_lock(&a->lock);
	fail(&a->away, e, "the replica does not answer, so this is read from the primary: %.300s",
	     away.text);
	pthread_mutex_unlock(&a->lock);
	return ERR_NONE;
}

/* With a hub of its own that only reads: the writer's connection is the writer's. */
static void *work(void *context)
{
	struct audits *a = context;
	struct audit_report report = {
	    .fault = on_fault, .progress = on_progress, .context = a, .stop = &a->stop};
	struct verify_options verify = {.roots = a->roots};
	struct cause why = {0};
	const char *database;
	struct hub *h;
	enum err e = choose_source(a, &database, &verify.roots_bytes, &why);

	if (!e)
		e = hub_open(
		    &(struct hub_options){.where = a->where,
					  .database = database,
					  .mode = HUB_READ,
					  .patience =
					      &(struct patience){.gone = is_stopped, .context = a}},
		    &h, &why);
	if (!e) {
		e = a->kind == AUDIT_REPLAY ? hub_replay(h, INT64_MIN, &report, &why)
					    : hub_verify(h, &verify, &report, &why);
		hub_close(h);
	}
	pthread_mutex_lock(&a->lock);
	a->looked_at = report.looked_at;
	a->differences = report.differences;
	a->erased = report.erased;
	if (e && is_stopped(a))
		fail(&a->failed, e, "it was stopped");
	else if (e)
		fail(&a->failed, e, "%s", why.err ? why.text : err_name(e));
	a->ended_at = clock_now();
	a->running = false;
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static struct audits *audits_new(const struct hub *h)
{
	struct audits *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->arena = arena_new(AUDIT_FAULTS_KEPT * 4096);
	if (!a->arena) {
		free(a);
		return NULL;
	}
	pthread_mutex_init(&a->lock, NULL);
	memcpy(a->where, h->where, sizeof(a->where));
	memcpy(a->roots, h->roots, sizeof(a->roots));
	memcpy(a->database, h->database, sizeof(a->database));
	memcpy(a->replica, h->replica, sizeof(a->replica));
	return a;
}

/* The audits of a hub, made when the first is asked for. */
static struct audits *audits_of(struct hub *h)
{
	pthread_mutex_lock(&h->lock);
	if (!h->audits)
		h->audits = audits_new(h);
	pthread_mutex_unlock(&h->lock);
	return h->audits;
}

static enum err begin(struct audits *a, enum audit_kind kind, struct cause *why)
{
	if (a->running)
		return fail(why, ERR_BUSY, "audit %lld is running: one at a time",
			    (long long)a->id);
	if (a->begun)
		pthread_join(a->thread, NULL);
	arena_reset(a->arena);
	a->kind = kind;
	a->started_at = clock_now();
	a->ended_at = a->looked_at = a->differences = a->erased = 0;
	a->faults = 0;
	a->failed = a->away = (struct cause){0};
	atomic_store(&a->stop, false);
	a->begun = a->running = !pthread_create(&a->thread, NULL, work, a);
	if (!a->running)
		return fail(why, ERR_NOMEM, "no thread for an audit");
	a->id++;
	return ERR_NONE;
}

enum err hub_start_audit(struct hub *h, const struct who *by, enum audit_kind kind, int64_t *ret_id,
			 struct cause *why)
{
	struct audits *a;
	enum err e;

	if (!who_is(by, ROLE_AUDITOR))
		return fail(why, ERR_DENIED, "audits are for auditors");
	a = audits_of(h);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory for an audit");
	pthread_mutex_lock(&a->lock);
	e = begin(a, kind, why);
	if (!e)
		*ret_id = a->id;
	pthread_mutex_unlock(&a->lock);
	return e;
}

/* ---- the result ---- */

static void write_audit(struct json_writer *w, const struct audits *a)
{
	json_open_object(w);
	json_put_int(w, "id", a->id);
	json_put_c(w, "kind", kinds[a->kind]);
	json_put_c(w, "state", a->running ? "running" : a->failed.err ? "failed" : "done");
	json_put_moment(w, "started_at", a->started_at);
	json_put_moment(w, "ended_at", a->ended_at);
	json_put_int(w, "looked_at", a->looked_at);
	json_put_int(w, "differences", a->running ? a->faults : a->differences);
	json_put_int(w, "erased", a->erased);
	if (a->failed.err || a->away.err)
		json_put_c(w, "detail", a->failed.err ? a->failed.text : a->away.text);
	json_name(w, "faults");
	json_open_array(w);
	for (uint32_t i = 0; i < a->faults; i++) {
		json_open_object(w);
		json_put(w, "office", a->fault[i].office);
		json_put_int(w, "seq", a->fault[i].seq);
		json_put(w, "reference", a->fault[i].reference);
		json_put(w, "text", a->fault[i].text);
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

enum err hub_stop_audit(struct hub *h, const struct who *by, int64_t id, struct cause *why)
{
	struct audits *a;
	enum err e = ERR_NOT_FOUND;

	if (!who_is(by, ROLE_AUDITOR))
		return fail(why, ERR_DENIED, "audits are for auditors");
	a = audits_of(h);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory for an audit");
	pthread_mutex_lock(&a->lock);
	if (id == a->id && id) {
		atomic_store(&a->stop, true);
		e = ERR_NONE;
	}
	pthread_mutex_unlock(&a->lock);
	return e ? fail(why, e, "no such audit, or not the newest") : e;
}

struct writing {
	struct text *to;
	const struct audits *audits;
};

static void write_step(void *context)
{
	struct writing *w = context;
	struct json_writer json = json_to(w->to);

	write_audit(&json, w->audits);
}

enum err hub_write_audit(struct hub *h, struct text *to, const struct who *by, int64_t id,
			 struct cause *why)
{
	struct audits *a;
	struct writing w = {to, NULL};
	enum err e = ERR_NOT_FOUND;

	if (!who_is(by, ROLE_AUDITOR))
		return fail(why, ERR_DENIED, "audits are for auditors");
	a = audits_of(h);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory for an audit");
	w.audits = a;
	pthread_mutex_lock(&a->lock);
	if (id == a->id && id)
		e = arena_run(to->arena, write_step, &w);
	pthread_mutex_unlock(&a->lock);
	return e && e != ERR_NOT_FOUND ? fail(why, e, "no memory for the result") : e;
}

void audits_stop(struct audits *a)
{
	if (!a)
		return;
	atomic_store(&a->stop, true);
	if (a->begun)
		pthread_join(a->thread, NULL);
	pthread_mutex_destroy(&a->lock);
	arena_free(a->arena);
	free(a);
}
