/* The pusher's thread owns everything here but what stands under the lock. It reads by a connection of its own and writes through
 * the settle writer, as everybody does. */
#include "hub/notices/push.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/house.h"
#include "hub/node/node.h"
#include "hub/notices/hooks.h"
#include "hub/notices/push_rules.h"

enum {
	FLIGHTS = 32,         /* deliveries at once */
	FLIGHTS_FAILING = 16, /* of them, to hooks whose last attempt failed */
	LOST_MAX = 3,         /* dead letters in a row after which a hook stops */
	ANSWER_BYTES =
	    64 << 10, /* of an answer's body that are read before the connection is cut */
	ERROR_BYTES = 120,
	CHANGES_MAX = 1000, /* dead letters that wait to be written */
	PURGE_ROWS = 1000,  /* that one commit removes */
	CONNECTIONS_KEPT = 64,
};
#define PURGE_EVERY  (INT64_C(3600) * 1000000)
#define RETRY_WRITES INT64_C(1000000)
#define LONG_WAIT    INT64_C(60000000)

/* A hook as the pusher knows it. */
struct target {
	struct notice_listener listener; /* first: wake() makes a target of it */
	struct target *next;
	struct pusher *pusher;
	char *party, *url;
	int64_t id;
	char secret[HOOK_SECRET_BYTES + 1];
	enum push_reach reach;
	atomic_bool maybe;   /* there may be something to take */
	bool replay;         /* there may be dead letters to deliver again */
	bool present, dirty; /* seen by the last reading; differs from the store */

	bool active;
	int64_t taken, attempts, next_at, lost;
	char error[ERROR_BYTES];

	/* on its way */
	CURL *flight; /* NULL: nothing is */
	struct curl_slist *headers;
	int64_t notice;
	bool again;   /* a dead letter */
	bool refused; /* the address that it resolved to may not be called */
	size_t answered;
	bool failing; /* counted among those whose last attempt failed */
};

/* A dead letter to be written or removed, with the cursor that it belongs to. */
struct change {
	struct target *target;
	bool remove;
	int64_t notice, at;
	char reason[ERROR_BYTES];
};

struct command {
	struct command *next;
	int64_t hook;
	uint32_t n;
	char party[];
};

struct pusher {
	struct hub *h;
	struct push_options o;
	pthread_t thread;
	CURLM *multi;
	struct store *store;
	struct arena *arena;
	struct prng prng;
	bool on_duty; /* this node delivers; of one node: always */
	struct target *first;
	struct target *turn; /* where the next round begins, so that everybody's turn comes */
	struct change changes[CHANGES_MAX];
	uint32_t change_count;
	unsigned flights, failing;
	int64_t write_at, purge_at; /* when they are due; write_at INT64_MAX: nothing to write */
	bool stuck;                 /* the last writing failed */

	pthread_mutex_t lock; /* guards the commands */
	struct command *commands;
	atomic_bool changed, stopping;
	atomic_llong delivered[2], failed[2], dead[2], waiting[2];
};

/* ---- knowing the hooks ---- */

static unsigned class_of(const struct target *t)
{
	return span_starts(t->listener.party, SPAN("office/"));
}

static void wake(struct notice_listener *l)
{
	struct target *t = (struct target *)l;

	atomic_store(&t->maybe, true);
	curl_multi_wakeup(t->pusher->multi);
}

static void land(struct target *t)
{
	struct pusher *p = t->pusher;

	if (!t->flight)
		return;
	curl_multi_remove_handle(p->multi, t->flight);
	curl_easy_cleanup(t->flight);
	curl_slist_free_all(t->headers);
	t->flight = NULL;
	t->headers = NULL;
	p->flights--;
	p->failing -= t->failing;
}

static void forget(struct target *t)
{
	struct pusher *p = t->pusher;
	uint32_t kept = 0;

	land(t);
	hub_unlisten(p->h, &t->listener);
	for (uint32_t i = 0; i < p->change_count; i++)
		if (p->changes[i].target != t)
			p->changes[kept++] = p->changes[i];
	p->change_count = kept;
	free(t->party);
	free(t->url);
	free(t);
}

static struct target *find(struct pusher *p, struct span party, int64_t id)
{
	struct target *t = p->first;

	while (t && (t->id != id || !span_equal(t->listener.party, party)))
		t = t->next;
	return t;
}

static void write_soon(struct pusher *p, struct target *t, int64_t now)
{
	t->dirty = true;
	if (p->write_at > now + p->o.note_delay)
		p->write_at = now + p->o.note_delay;
}

/* A hook that is new here. One whose secret cannot be opened, as after a restore without the keys, is kept stopped. */
static bool adopt(struct pusher *p, const struct store_hook *row)
{
	struct target *t = calloc(1, sizeof(*t));
	struct span secret = {NULL, 0, 0};

	if (!t)
		return false;
	t->party = strndup(row->party.p, row->party.n);
	t->url = strndup(row->url.p, row->url.n);
	if (!t->party || !t->url) {
		free(t->party);
		free(t->url);
		free(t);
		return false;
	}
	t->pusher = p;
	t->id = row->id;
	t->listener = (struct notice_listener){.party = span_of(t->party), .wake = wake};
	t->active = span_is(row->state, "active");
	t->taken = row->taken;
	t->attempts = row->attempts;
	t->next_at = row->next_at;
	t->lost = row->lost;
	t->present = t->replay = true;
	atomic_store(&t->maybe, true);
	snprintf(t->error, sizeof(t->error), "%.*s", SPAN_ARG(row->last_error));
	if (keys_open_secret(p->arena, &p->h->keys, hook_context(p->arena, row), row->sealed,
			     &secret) ||
	    secret.n != HOOK_SECRET_BYTES ||
	    push_check_url(row->url, p->o.local, &t->reach, NULL)) {
		t->active = false;
		snprintf(t->error, sizeof(t->error), "%s",
			 secret.n ? "the hub does not call this address any more"
				  : "the hub cannot open the secret: register the hook again");
		write_soon(p, t, clock_now());
	} else {
		memcpy(t->secret, secret.p, secret.n);
	}
	t->next = p->first;
	p->first = t;
	hub_listen(p->h, &t->listener);
	return true;
}

struct reading {
	struct pusher *p;
	enum err err;
	struct cause why;
};

static void read_hooks(void *context)
{
	struct reading *r = context;
	struct pusher *p = r->p;
	struct store_hook *row;
	uint32_t n = 0;

	r->err = store_list_hooks(p->store, p->arena, (struct span){NULL, 0, 0}, &row, &n, &r->why);
	for (struct target *t = p->first; t && !r->err; t = t->next)
		t->present = false;
	for (uint32_t i = 0; i < n && !r->err; i++) {
		struct target *t = find(p, row[i].party, row[i].id);

		if (t)
			t->present = true;
		else if (!adopt(p, &row[i]))
			r->err = fail(&r->why, ERR_NOMEM, "no memory for a hook");
	}
}

static void take_changes(struct pusher *p)
{
	struct reading r = {.p = p};
	struct target **at = &p->first, *t;
	enum err e;

	arena_reset(p->arena);
	e = arena_run(p->arena, read_hooks, &r);
	if (e || r.err) {
		log_event("push.hooks", "error=%s detail=\"%s\"", err_name(e ? e : r.err),
			  r.why.text);
		atomic_store(&p->changed, true);
		return;
	}
	while ((t = *at)) {
		if (t->present) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		forget(t);
	}
	p->turn = NULL;
}

static void take_commands(struct pusher *p, int64_t now)
{
	struct command *c, *next;

	pthread_mutex_lock(&p->lock);
	c = p->commands;
	p->commands = NULL;
	pthread_mutex_unlock(&p->lock);
	for (; c; c = next) {
		struct target *t = find(p, (struct span){c->party, c->n, 0}, c->hook);

		next = c->next;
		if (t && t->secret[0]) {
			/* A node hears of its own command again as news: that gives no notice more tries. */
			if (!t->active)
				t->attempts = t->lost = 0;
			t->active = t->replay = true;
			t->next_at = 0;
			atomic_store(&t->maybe, true);
			write_soon(p, t, now);
		}
		free(c);
	}
}

/* ---- writing what was taken ---- */

static enum err write_target(struct store *s, const struct target *t, struct cause *why)
{
	const struct store_hook row = {
	    .party = t->listener.party,
	    .id = t->id,
	    .state = t->active ? SPAN("active") : SPAN("stopped"),
	    .taken = t->taken,
	    .attempts = t->attempts,
	    .next_at = t->next_at,
	    .lost = t->lost,
	    .last_error = span_of(t->error),
	};

	return store_move_hook(s, &row, why);
}

static enum err write_change(struct store *s, const struct change *c, struct cause *why)
{
	const struct target *t = c->target;
	const struct store_dead_letter row = {.party = t->listener.party,
					      .hook = t->id,
					      .notice = c->notice,
					      .reason = span_of(c->reason),
					      .at = c->at};

	return c->remove ? store_remove_dead_letter(s, row.party, row.hook, row.notice, why)
			 : store_put_dead_letter(s, &row, why);
}

static enum err write_all(struct store *s, void *context, struct cause *why)
{
	struct pusher *p = context;
	enum err e = p->h->node ? node_check_push(p->h->node, why) : ERR_NONE;

	for (struct target *t = p->first; t && !e; t = t->next) {
		if (!t->dirty)
			continue;
		e = write_target(s, t, why);
		t->present = !e;
		if (e == ERR_NOT_FOUND)
			e = ERR_NONE; /* it was removed: so are its dead letters, and none is added */
	}
	for (uint32_t i = 0; i < p->change_count && !e; i++)
		if (p->changes[i].target->present)
			e = write_change(s, &p->changes[i], why);
	return e;
}

/* In the writer's thread, while the pusher waits. */
static enum err write_control(struct hub *h, void *context, struct cause *why)
{
	return house_commit(h, write_all, context, why);
}

static void write_out(struct pusher *p, int64_t now)
{
	struct cause why = {0};
	enum err e = settle_control(p->h, write_control, p, &why);

	if (e) {
		log_event("push.write", "error=%s detail=\"%s\"", err_name(e), why.text);
		p->write_at = now + RETRY_WRITES;
		p->stuck = true;
		return;
	}
	for (struct target *t = p->first; t; t = t->next)
		t->dirty = false;
	p->change_count = 0;
	p->write_at = INT64_MAX;
	p->stuck = false;
}

/* A change goes with its target's row, so that both are committed or none. */
static struct change *change_of(struct pusher *p, struct target *t, int64_t now)
{
	struct change *c = &p->changes[p->change_count++];

	*c = (struct change){.target = t, .notice = t->notice, .at = now};
	write_soon(p, t, now);
	return c;
}

/* ---- removing what is old ---- */

struct purge {
	int64_t before, removed;
};

static enum err purge_rows(struct store *s, void *context, struct cause *why)
{
	struct purge *purge = context;
	enum err e = store_purge_dead_letters(s, purge->before, why);

	return e ? e : store_purge_notices(s, purge->before, PURGE_ROWS, &purge->removed, why);
}

static enum err purge_control(struct hub *h, void *context, struct cause *why)
{
	return house_commit(h, purge_rows, context, why);
}

/* A commit at a time, so that cases are settled in between. */
static void purge(struct pusher *p, int64_t now)
{
	struct purge purge = {now - p->o.keep, 0};
	struct cause why = {0};
	enum err e = settle_control(p->h, purge_control, &purge, &why);

	if (e)
		log_event("push.purge", "error=%s detail=\"%s\"", err_name(e), why.text);
	p->purge_at = !e && purge.removed == PURGE_ROWS ? now : now + PURGE_EVERY;
}

/* ---- delivering ---- */

/* Only here is it known where a name leads to. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct target *t = context;

	(void)purpose;
	if (!push_address_sound(&a->addr, t->reach)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	t->refused = false;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* What a receiver says is thrown away, and cut where it says too much. */
static size_t throw_away(char *bytes, size_t size, size_t n, void *context)
{
	struct target *t = context;

	(void)bytes;
	t->answered += size * n;
	return t->answered <= ANSWER_BYTES ? size * n : 0;
}

static bool add_header(struct target *t, const char *line)
{
	struct curl_slist *list = curl_slist_append(t->headers, line);

	if (list)
		t->headers = list;
	return list != NULL;
}

static bool add_headers(struct target *t, struct span body, int64_t now)
{
	char signature[PUSH_SIGNATURE_BYTES], line[PUSH_SIGNATURE_BYTES + 40];

	push_signature(span_of(t->secret), now / 1000000, body, signature);
	snprintf(line, sizeof(line), "Customhouse-Signature: %s", signature);
	if (!add_header(t, line))
		return false;
	snprintf(line, sizeof(line), "Customhouse-Delivery: %lld.%lld", (long long)t->id,
		 (long long)t->notice);
	return add_header(t, line) && add_header(t, "Content-Type: application/json") &&
	       add_header(t, "Expect:");
}

static bool set_options(struct target *t, struct span body)
{
	CURL *c = t->flight;
	const struct push_options *o = &t->pusher->o;

	return !curl_easy_setopt(c, CURLOPT_URL, t->url) &&
	       !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) &&
	       !curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(o->patience / 1000)) &&
	       !curl_easy_setopt(c, CURLOPT_USERAGENT, "customhouse/" CUSTOMHOUSE_VERSION) &&
	       !curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers) &&
	       !curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body.n) &&
	       !curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, body.p) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, throw_away) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEDATA, t) &&
	       !curl_easy_setopt(c, CURLOPT_PRIVATE, t);
}

static void launch(struct target *t, struct span body, int64_t now)
{
	struct pusher *p = t->pusher;

	t->refused = false;
	t->answered = 0;
	t->flight = curl_easy_init();
	if (!t->flight)
		return;
	p->flights++;
	t->failing = t->attempts > 0;
	p->failing += t->failing;
	if (!add_headers(t, body, now) || !set_options(t, body) ||
	    curl_multi_add_handle(p->multi, t->flight))
		land(t); /* no memory: its turn comes again */
}

struct choosing {
	struct target *target;
	struct span body; /* p == NULL: there is nothing */
	bool missing;     /* a dead letter whose notice was removed */
	enum err err;
	struct cause why;
};

static enum err choose_again(struct choosing *c, struct store_notice *ret)
{
	struct target *t = c->target;
	struct pusher *p = t->pusher;
	enum err e = store_next_replay(p->store, t->listener.party, t->id, &t->notice, &c->why);

	if (e)
		return e;
	e = store_get_notice(p->store, p->arena, t->listener.party, t->notice, ret, &c->why);
	c->missing = e == ERR_NOT_FOUND;
	return e;
}

/* The next notice of a hook: dead letters that were asked for again, then what is new. */
static void choose(void *context)
{
	struct choosing *c = context;
	struct target *t = c->target;
	struct pusher *p = t->pusher;
	struct store_notice found, *row = &found;
	struct text body = text_in(p->arena);
	struct notice notice;
	uint32_t n = 0;

	t->again = t->replay;
	c->err = t->replay ? choose_again(c, &found) : ERR_NOT_FOUND;
	if (c->missing)
		return;
	if (c->err == ERR_NOT_FOUND) {
		t->again = t->replay = false;
		c->err = store_list_notices(p->store, p->arena, t->listener.party, t->taken, 1,
					    &row, &n, &c->why);
		if (c->err || !n)
			return;
	}
	if (c->err)
		return;
	t->notice = row->id;
	notice = notice_of_row(row);
	notice_write(&body, &notice);
	c->body = text_as_span(&body);
}

/* Starts the delivery of what the target has to take. false: nothing was started. */
static bool serve(struct target *t, int64_t now)
{
	struct pusher *p = t->pusher;
	struct choosing c = {.target = t};
	enum err e;

	/* Before looking: whoever puts something after this sets it again. */
	atomic_store(&t->maybe, false);
	arena_reset(p->arena);
	e = arena_run(p->arena, choose, &c);
	if (e || (c.err && !c.missing)) {
		log_event("push.read", "error=%s detail=\"%s\"", err_name(e ? e : c.err),
			  c.why.text);
		atomic_store(&t->maybe, true);
		t->next_at = now + RETRY_WRITES;
		return false;
	}
	if (c.missing) {
		change_of(p, t, now)->remove = true;
		p->write_at = now; /* else it would be found again */
	}
	if (c.missing || c.body.p)
		atomic_store(&t->maybe, true);
	if (c.body.p)
		launch(t, c.body, now);
	return c.body.p != NULL;
}

/* No delay is longer than the last: what is further off was noted before the clock was set back. */
static bool is_due(const struct target *t, int64_t now)
{
	return t->next_at <= now || t->next_at > now + t->pusher->o.last_delay;
}

static bool may_start(const struct pusher *p, const struct target *t, int64_t now)
{
	/* A dead letter that was answered stays in the store's list until it is written out. */
	return t->active && !t->flight && atomic_load(&t->maybe) && is_due(t, now) &&
	       !(t->replay && t->dirty) && p->flights < FLIGHTS &&
	       (!t->attempts || p->failing < FLIGHTS_FAILING);
}

static void start_flights(struct pusher *p, int64_t now)
{
	struct target *t = p->turn ? p->turn : p->first, *begin = t;

	if (!p->on_duty || p->stuck || p->change_count + 2 * FLIGHTS >= CHANGES_MAX)
		return; /* nothing is begun that could not be noted */
	while (t && p->flights < FLIGHTS) {
		if (may_start(p, t, now))
			serve(t, now);
		t = t->next ? t->next : p->first;
		if (t == begin)
			break;
	}
	p->turn = t;
}

static void describe(const struct target *t, CURLcode result, long status, char to[ERROR_BYTES])
{
	if (t->refused)
		snprintf(to, ERROR_BYTES, "the hub does not call the address that the name has");
	else if (status >= 300 && status < 400)
		snprintf(to, ERROR_BYTES, "answered %ld; redirects are not followed", status);
	else if (status)
		snprintf(to, ERROR_BYTES, "answered %ld", status);
	else
		snprintf(to, ERROR_BYTES, "%s", curl_easy_strerror(result));
}

static void note_dead(struct target *t, int64_t now)
{
	struct pusher *p = t->pusher;
	struct change *c = change_of(p, t, now);

	memcpy(c->reason, t->error, sizeof(c->reason));
	p->dead[class_of(t)]++;
}

static void note_failure(struct target *t, int64_t now)
{
	struct pusher *p = t->pusher;

	p->failed[class_of(t)]++;
	if (t->again) { /* one try each: what is new shall not wait for them */
		note_dead(t, now);
		return;
	}
	t->attempts++;
	if (t->attempts < p->o.tries) {
		t->next_at = now + push_delay((uint32_t)t->attempts, p->o.first_delay,
					      p->o.last_delay, &p->prng);
		return;
	}
	note_dead(t, now);
	t->taken = t->notice;
	t->attempts = t->next_at = 0;
	if (++t->lost >= LOST_MAX)
		t->active = false;
}

static void note_receipt(struct target *t, int64_t now)
{
	struct pusher *p = t->pusher;

	p->delivered[class_of(t)]++;
	t->error[0] = 0;
	t->lost = 0;
	if (t->again) {
		change_of(p, t, now)->remove = true;
		return;
	}
	t->taken = t->notice;
	t->attempts = t->next_at = 0;
}

static void finish_flights(struct pusher *p, int64_t now)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(p->multi, &left))) {
		CURLcode result = m->data.result;
		struct target *t = NULL;
		long status = 0;

		if (m->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t) || !t)
			continue;
		if (curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status))
			status = 0;
		land(t);
		write_soon(p, t, now);
		if (t->again)
			p->write_at = now; /* the next one is found in the store */
		atomic_store(&t->maybe, true);
		if (status >= 200 && status < 300) {
			note_receipt(t, now);
		} else {
			describe(t, result, status, t->error);
			note_failure(t, now);
		}
	}
}

/* ---- the thread ---- */

/* Microseconds until something is due; counts who waits on the way. */
static int64_t next_due(struct pusher *p, int64_t now)
{
	int64_t due = now + LONG_WAIT, waiting[2] = {0, 0};

	for (struct target *t = p->first; t; t = t->next) {
		if (!t->active || !atomic_load(&t->maybe))
			continue;
		waiting[class_of(t)]++;
		/* One that could start and did not waits for a flight to land or for a write. */
		if (!t->flight && t->next_at > now && t->next_at < due)
			due = t->next_at;
	}
	p->waiting[0] = waiting[0];
	p->waiting[1] = waiting[1];
	if (p->write_at < due)
		due = p->write_at;
	if (p->purge_at < due && p->on_duty)
		due = p->purge_at;
	return due > now ? due - now : 0;
}

/* Of several nodes one delivers. Whoever takes that over knows of every hook what the store says; whoever has lost it has nothing
 * more to say. */
static void see_duty(struct pusher *p)
{
	const bool now = !p->h->node || atomic_load(&p->h->node->has_push);
	struct target *next;

	if (now == p->on_duty)
		return;
	p->on_duty = now;
	p->turn = NULL;
	for (struct target *t = p->first; t; t = next) {
		next = t->next;
		forget(t);
	}
	p->first = NULL;
	p->change_count = 0;
	p->write_at = INT64_MAX;
	p->stuck = false;
	atomic_store(&p->changed, true);
}

static void turn(struct pusher *p)
{
	int64_t now = clock_now(), due;
	int running;

	see_duty(p);
	if (atomic_exchange(&p->changed, false))
		take_changes(p);
	take_commands(p, now);
	if (now >= p->write_at)
		write_out(p, now);
	if (now >= p->purge_at && p->on_duty)
		purge(p, now);
	start_flights(p, now);
	if (curl_multi_perform(p->multi, &running))
		log_event("push.failed", "what=perform");
	now = clock_now();
	finish_flights(p, now);
	start_flights(p, now);
	due = next_due(p, now);
	if (curl_multi_poll(p->multi, NULL, 0, (int)(due / 1000 + (due > 0)), NULL))
		log_event("push.failed", "what=poll");
}

static void *push(void *context)
{
	struct pusher *p = context;
	struct target *t, *next;

	while (!atomic_load(&p->stopping))
		turn(p);
	if (p->write_at != INT64_MAX && p->on_duty)
		write_out(p, clock_now());
	for (t = p->first; t; t = next) {
		next = t->next;
		forget(t);
	}
	p->first = NULL;
	return NULL;
}

static struct push_options usual(const struct push_options *o)
{
	return (struct push_options){
	    .local = o->local,
	    .first_delay = o->first_delay ? o->first_delay : 1000000,
	    .last_delay = o->last_delay ? o->last_delay : INT64_C(3600) * 1000000,
	    .tries = o->tries ? o->tries : 24,
	    .patience = o->patience ? o->patience : 10000000,
	    .note_delay = o->note_delay ? o->note_delay : 100000,
	    .keep = o->keep ? o->keep : 30 * MICROS_A_DAY,
	};
}

void push_free(struct pusher *p)
{
	struct command *c, *next;

	if (!p)
		return;
	for (c = p->commands; c; c = next) {
		next = c->next;
		free(c);
	}
	curl_multi_cleanup(p->multi);
	store_close(p->store);
	arena_free(p->arena);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

enum err push_start(struct hub *h, const struct push_options *options, struct cause *why)
{
	struct pusher *p = calloc(1, sizeof(*p));
	uint64_t seed;
	enum err e;

	if (!p || curl_global_init(CURL_GLOBAL_DEFAULT)) {
		free(p);
		return fail(why, ERR_NOMEM, "no memory for the pusher");
	}
	pthread_mutex_init(&p->lock, NULL);
	random_bytes(&seed, sizeof(seed));
	p->h = h;
	p->o = usual(options);
	p->prng = prng_of(seed, 0);
	p->write_at = INT64_MAX;
	p->on_duty = !h->node;
	atomic_store(&p->changed, true);
	p->arena = arena_new(LIMIT_ARENA_BYTES);
	p->multi = curl_multi_init();
	e = p->arena && p->multi
		? store_open(h->database, &(struct store_options){.mode = STORE_READ}, &p->store,
			     why)
		: fail(why, ERR_NOMEM, "no memory for the pusher");
	if (!e && curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT))
		e = fail(why, ERR_NOMEM, "no memory for the pusher");
	if (!e && pthread_create(&p->thread, NULL, push, p))
		e = fail(why, ERR_NOMEM, "no thread for the pusher");
	if (e) {
		push_free(p);
		return e;
	}
	h->pusher = p;
	push_changed(p); /* a node may have got the duty before it could tell whom */
	return ERR_NONE;
}

void push_stop(struct pusher *p)
{
	if (!p)
		return;
	atomic_store(&p->stopping, true);
	curl_multi_wakeup(p->multi);
	pthread_join(p->thread, NULL);
}

void push_changed(struct pusher *p)
{
	if (!p)
		return;
	atomic_store(&p->changed, true);
	curl_multi_wakeup(p->multi);
}

void push_resume(struct pusher *p, struct span party, int64_t hook)
{
	struct command *c = p ? malloc(sizeof(*c) + party.n) : NULL;

	if (!c)
		return;
	c->hook = hook;
	c->n = party.n;
	memcpy(c->party, party.p, party.n);
	pthread_mutex_lock(&p->lock);
	c->next = p->commands;
	p->commands = c;
	pthread_mutex_unlock(&p->lock);
	curl_multi_wakeup(p->multi);
}

void push_get_figures(struct pusher *p, struct push_figures *ret)
{
	*ret = (struct push_figures){{0}, {0}, {0}, {0}};
	for (unsigned i = 0; p && i < 2; i++) {
		ret->delivered[i] = p->delivered[i];
		ret->failed[i] = p->failed[i];
		ret->dead[i] = p->dead[i];
		ret->waiting[i] = p->waiting[i];
	}
}
