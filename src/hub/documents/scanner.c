#include "hub/documents/scanner.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "hub/documents/clamd.h"
#include "hub/documents/document_room.h"
#include "hub/node/node.h"

enum {
	PAGE = 50,                 /* documents that are listed at once */
	STILL_MS = 60000,          /* how long the daemon may stand still */
	FIRST_DELAY_MS = 1000,     /* after a failure */
	LONGEST_DELAY_MS = 300000, /* it doubles up to here */
	ARENA_BYTES = LIMIT_DOCUMENT_BYTES + (4 << 20),
};

struct scanner {
	struct hub *hub;
	struct clamd clamd;
	int wake, stop; /* eventfds */
	pthread_t thread;
	struct arena *arena; /* of one page, then of one document */
	struct arena *body;
	bool failed; /* something of this round must be tried again */
};

/* ---- what waits ---- */

struct listing {
	struct arena *arena;
	struct store_document_page page;
	struct store_document *list;
	uint32_t n;
};

static enum err list_page(struct store *s, void *context, struct cause *why)
{
	struct listing *l = context;

	return store_page_documents(s, l->arena, &l->page, &l->list, &l->n, why);
}

struct fetching {
	struct arena *arena;
	const struct store_document *of;
	struct span bytes;
};

static enum err fetch(struct store *s, void *context, struct cause *why)
{
	struct fetching *f = context;

	return store_get_document_body(s, f->arena, f->of->office, f->of->reference, f->of->number,
				       &f->bytes, why);
}

static enum err read_by(struct scanner *x,
			enum err (*work)(struct store *s, void *context, struct cause *why),
			void *context, struct cause *why)
{
	struct store *s;
	enum err e = house_open_reader(x->hub, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, work, context, why);
	house_close_reader(x->hub, s);
	return e;
}

/* ---- one document ---- */

static enum err scan_one(struct scanner *x, const struct store_document *d, struct cause *why)
{
	struct fetching f = {.arena = x->body, .of = d};
	struct clamd_verdict v;
	enum err e;

	if (x->hub->node && !node_may_settle(x->hub->node, d->office))
		return ERR_NONE; /* that node looks through them */
	arena_reset(x->body);
	e = read_by(x, fetch, &f, why);
	if (e == ERR_NOT_FOUND)
		return ERR_NONE; /* erased meanwhile */
	if (!e)
		e = clamd_scan(&x->clamd, f.bytes, &v, why);
	if (e)
		return e;
	e = document_settle_verdict(x->hub, d, v.infected ? DOCUMENT_INFECTED : DOCUMENT_CLEAN,
				    span_of(v.signature), why);
	if (e == ERR_ELSEWHERE)
		return ERR_NONE; /* that node's verdict counts */
	if (!e && v.infected)
		log_event("scan.infected", "reference=%.*s document=%lld signature=%s",
			  SPAN_ARG(d->reference), (long long)d->number, v.signature);
	return e;
}

/* One that fails does not hold up those behind it; a daemon that is away holds up all. */
static enum err scan_page(struct scanner *x, const struct listing *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		const struct store_document *d = &l->list[i];
		struct cause why = {0};
		enum err e = scan_one(x, d, &why);

		if (!e)
			continue;
		x->failed = true;
		if (e == ERR_BUSY)
			return e; /* the hub stops, or its queue is full */
		log_event("scan.failed", "reference=%.*s document=%lld error=%s detail=\"%s\"",
			  SPAN_ARG(d->reference), (long long)d->number, err_name(e), why.text);
		if (e == ERR_NOT_FOUND)
			return e;
	}
	return ERR_NONE;
}

/* ---- all of them ---- */

static enum err scan_office(struct scanner *x, struct span office, enum document_state state,
			    struct cause *why)
{
	struct listing l = {.arena = x->arena,
			    .page = {.office = office,
				     .state = span_of(document_state_name(state)),
				     .after = SPAN(""),
				     .limit = PAGE}};
	enum err e;

	do {
		e = read_by(x, list_page, &l, why);
		if (!e)
			e = scan_page(x, &l);
		if (!e && l.n) {
			l.page.after = l.list[l.n - 1].reference;
			l.page.after_number = l.list[l.n - 1].number;
		}
	} while (!e && l.n == PAGE);
	return e;
}

struct offices {
	struct arena *arena;
	struct span *v;
	uint32_t n;
};

static enum err list_offices(struct store *s, void *context, struct cause *why)
{
	struct offices *o = context;

	return store_list_offices(s, o->arena, &o->v, &o->n, why);
}

static void scan_all(struct scanner *x)
{
	struct offices o = {.arena = x->arena};
	struct cause why = {0};
	enum err e;

	arena_reset(x->arena);
	x->failed = false;
	e = read_by(x, list_offices, &o, &why);
	for (uint32_t i = 0; i < o.n && !e; i++) {
		e = scan_office(x, o.v[i], DOCUMENT_QUARANTINED, &why);
		if (!e)
			e = scan_office(x, o.v[i], DOCUMENT_UNSCANNED, &why);
	}
	if (e && !x->failed)
		log_event("scan.failed", "error=%s detail=\"%s\"", err_name(e), why.text);
	x->failed |= e != ERR_NONE;
}

/* Until something waits, the delay is over, or the hub stops: false. */
static bool rest(struct scanner *x, int delay)
{
	struct pollfd p[2] = {{.fd = x->wake, .events = POLLIN}, {.fd = x->stop, .events = POLLIN}};
	uint64_t count;

	while (poll(p, 2, delay) < 0)
		;
	if (p[0].revents && read(x->wake, &count, sizeof(count)) < 0)
		return false;
	return !p[1].revents;
}

static void *run(void *context)
{
	struct scanner *x = context;
	int delay = -1;

	do {
		scan_all(x);
		if (!x->failed)
			delay = -1;
		else if (delay < 0)
			delay = FIRST_DELAY_MS;
		else
			delay = delay * 2 < LONGEST_DELAY_MS ? delay * 2 : LONGEST_DELAY_MS;
	} while (rest(x, delay));
	return NULL;
}

/* ---- start and stop ---- */

static void ring(int fd)
{
	const uint64_t one = 1;

	/* Only a counter that is full refuses, and then it rings already. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

void scanner_free(struct scanner *x)
{
	if (!x)
		return;
	if (x->wake >= 0)
		close(x->wake);
	if (x->stop >= 0)
		close(x->stop);
	arena_free(x->arena);
	arena_free(x->body);
	free(x);
}

enum err scanner_start(struct hub *h, const char *path, struct cause *why)
{
	struct scanner *x = calloc(1, sizeof(*x));

	if (!x)
		return fail(why, ERR_NOMEM, "no memory for the scanner");
	*x = (struct scanner){.hub = h,
			      .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			      .stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			      .arena = arena_new(ARENA_BYTES),
			      .body = arena_new(ARENA_BYTES)};
	x->clamd = (struct clamd){path, x->stop, STILL_MS};
	if (x->wake < 0 || x->stop < 0 || !x->arena || !x->body ||
	    pthread_create(&x->thread, NULL, run, x)) {
		scanner_free(x);
		return fail(why, ERR_NOMEM, "no thread for the scanner");
	}
	h->scanner = x;
	scanner_wake(h); /* for what came while nobody could tell it */
	return ERR_NONE;
}

void scanner_stop(struct hub *h)
{
	struct scanner *x = h->scanner;

	if (!x)
		return;
	ring(x->stop);
	pthread_join(x->thread, NULL);
}

bool scanner_is_there(const struct hub *h)
{
	return h->scanner != NULL;
}

void scanner_wake(struct hub *h)
{
	struct scanner *x = h->scanner;

	if (x)
		ring(x->wake);
}
