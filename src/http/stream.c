/* With server.c the only file that knows libmicrohttpd: what a stream says is asked for by a callback of that library, which must
 * suspend the connection where there is nothing, under the lock under which the feeder resumes it. */
#include "http/stream.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/notices/notices.h"

enum {
	PIECE_NOTICES = 64,     /* read at once for one stream */
	PIECE_BYTES = 64 << 10, /* after this many no further notice is added to a piece */
	PACE_MS =
	    100, /* what several commits bring within it leaves in one piece, after one look */
	HEARTBEAT_SECONDS = 15, /* less than a proxy, or our own server, waits */
	LIFE_SECONDS =
	    300, /* then it ends, and who still may resumes: nobody listens on behind a sign-out */
	SLOW_SECONDS = 60,     /* a piece that has not left by then: the reader is dropped */
	BLOCK_BYTES = 4 << 10, /* that the library asks for at once */
};

static const char greeting[] = ": customhouse\nretry: 2000\n\n", heartbeat[] = ":\n\n";

struct stream {
	struct notice_listener listener; /* first: wake() makes a stream of it */
	struct streams *all;
	struct stream *next, **at;  /* among all */
	struct stream *next_queued; /* for the feeder */
	struct MHD_Connection *connection;
	int64_t after;   /* the newest notice that is in a piece */
	int64_t told_at; /* steady: when the newest piece was made */
	int64_t opened_at;
	char *piece;
	size_t bytes, taken;
	/* from now on: who waits for the feeder to find where that is; NULL: nobody, or no longer */
	void (*ready)(void *context);
	void *context;
	struct cause why; /* err set: it was not found */
	bool queued;      /* waits for the feeder, or is being fed */
	bool fed;         /* the feeder reads for it */
	bool more;        /* there may be something new */
	bool behind; /* there is more than the newest piece holds: it goes on without a pause */
	bool suspended, ended;
	bool closed; /* gone, and the feeder frees it */
	char party[];
};

/* Streams that wait for the feeder, first come first. */
struct line {
	struct stream *first, **end;
};

struct streams {
	struct hub *hub;
	struct notice_reader *reader; /* the feeder's */
	struct arena *arena;
	pthread_t feeder;
	pthread_mutex_t
	    lock; /* guards all that follows, and the streams. Taken after the hub's lock of listeners */
	pthread_cond_t wake;
	struct stream *first;
	struct line now; /* to be fed at once */
	struct line
	    later; /* that a commit woke: they join the others together, PACE_MS after the last time */
	uint32_t count;
	bool ending, stopping;
};

/* ---- with the lock held ---- */

static void append(struct stream *s, struct line *line)
{
	bool alone = !line->first;

	s->queued = true;
	s->next_queued = NULL;
	*line->end = s;
	line->end = &s->next_queued;
	if (alone)
		pthread_cond_signal(&s->all->wake);
}

static void enqueue(struct stream *s)
{
	if (!s->queued && s->taken == s->bytes && !s->ended)
		append(s, s->behind ? &s->all->now : &s->all->later);
}

static bool leave(struct line *line, struct stream *s)
{
	struct stream **at = &line->first;

	while (*at && *at != s)
		at = &(*at)->next_queued;
	if (!*at)
		return false;
	*at = s->next_queued;
	if (line->end == &s->next_queued)
		line->end = at;
	return true;
}

static struct stream *take_first(struct line *line)
{
	struct stream *s = line->first;

	if (s)
		(void)leave(line, s);
	return s;
}

/* All who were woken join those who are fed at once. */
static void move_up(struct streams *all)
{
	if (!all->later.first)
		return;
	*all->now.end = all->later.first;
	all->now.end = all->later.end;
	all->later = (struct line){NULL, &all->later.first};
}

static void resume(struct stream *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	MHD_resume_connection(s->connection);
}

/* What there is to say next, in memory of the stream's own. */
static void set_piece(struct stream *s, char *piece, size_t bytes)
{
	free(s->piece);
	s->piece = piece;
	s->bytes = piece ? bytes : 0;
	s->taken = 0;
	s->told_at = clock_steady();
	if (!piece)
		s->ended = true; /* no memory: the reader comes again */
	resume(s);
}

/* ---- the library's callbacks ---- */

static ssize_t take(void *context, uint64_t offset, char *to, size_t room)
{
	struct stream *s = context;
	size_t n;

	(void)offset;
	pthread_mutex_lock(&s->all->lock);
	n = s->bytes - s->taken < room ? s->bytes - s->taken : room;
	if (n) {
		memcpy(to, s->piece + s->taken, n);
		s->taken += n;
	}
	if (s->taken == s->bytes) {
		free(s->piece);
		s->piece = NULL;
		s->bytes = s->taken = 0;
		if (s->more)
			enqueue(s);
	}
	if (!n && !s->ended) {
		s->suspended = true;
		MHD_suspend_connection(s->connection);
	}
	if (!n && s->ended) {
		pthread_mutex_unlock(&s->all->lock);
		return MHD_CONTENT_READER_END_OF_STREAM;
	}
	pthread_mutex_unlock(&s->all->lock);
	return (ssize_t)n;
}

static void stream_free(struct stream *s)
{
	free(s->piece);
	free(s);
}

void stream_close(struct stream *s)
{
	struct streams *all;
	bool fed;

	if (!s)
		return;
	all = s->all;
	hub_unlisten(all->hub, &s->listener);
	pthread_mutex_lock(&all->lock);
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	all->count--;
	fed = s->fed;
	if (fed)
		s->closed = true;
	else
		(void)(leave(&all->now, s) || leave(&all->later, s));
	pthread_mutex_unlock(&all->lock);
	if (!fed)
		stream_free(s);
}

static void let_go(void *context)
{
	stream_close(context);
}

struct MHD_Response *stream_response(struct stream *s, struct MHD_Connection *c)
{
	s->connection = c;
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, take, s, let_go);
}

/* ---- the feeder ---- */

struct feeding {
	struct streams *all;
	struct stream *stream;
	char *piece;
	size_t bytes;
	int64_t after;
	bool more;
	struct cause why;
	enum err err;
};

/* One event: the number, what happened, the notice. None of the three holds a line end. */
static void write_event(struct text *to, const struct notice *n)
{
	text_print(to, "id: %lld\nevent: %.*s\ndata: ", (long long)n->id, SPAN_ARG(n->kind));
	notice_write(to, n);
	text_string(to, "\n\n");
}

static void write_piece(void *context)
{
	struct feeding *f = context;
	struct text text = text_in(f->all->arena);
	struct notice *notice;
	uint32_t n, i;

	f->err = notice_read(f->all->reader, f->all->arena, f->stream->listener.party, f->after,
			     PIECE_NOTICES, &notice, &n, &f->why);
	if (f->err || !n)
		return;
	for (i = 0; i < n && text.n < PIECE_BYTES; i++) {
		write_event(&text, &notice[i]);
		f->after = notice[i].id;
	}
	f->more = i < n || n == PIECE_NOTICES;
	f->piece = malloc(text.n);
	f->bytes = text.n;
	if (f->piece)
		memcpy(f->piece, text.p, text.n);
	else
		f->err = fail(&f->why, ERR_NOMEM, "no memory for a stream");
}

/* Reads for one stream, whose fed mark keeps it alive; the lock is not held meanwhile. */
static void feed(struct streams *all, struct stream *s)
{
	struct feeding f = {.all = all, .stream = s, .after = s->after};
	enum err e;

	s->fed = true;
	s->more = false;
	pthread_mutex_unlock(&all->lock);
	arena_reset(all->arena);
	e = arena_run(all->arena, write_piece, &f);
	if (e || f.err)
		log_event("stream.failed", "error=%s detail=\"%s\"", err_name(e ? e : f.err),
			  f.why.text);
	pthread_mutex_lock(&all->lock);
	s->fed = s->queued = false;
	if (s->closed) {
		free(f.piece);
		stream_free(s);
		return;
	}
	if (e || f.err) {
		s->ended = true;
		free(f.piece);
		resume(s);
		return;
	}
	s->after = f.after;
	s->more |= f.more;
	s->behind = f.more;
	if (f.piece)
		set_piece(s, f.piece, f.bytes);
	else if (s->more)
		enqueue(s);
}

/* Where a stream begins that asks for what comes: one small look-up, by the feeder's own connection, however many ask at once. */
static void find(struct streams *all, struct stream *s)
{
	void (*ready)(void *context) = s->ready;
	struct cause why = {0};
	int64_t newest = 0;
	enum err e;

	s->fed = true;
	pthread_mutex_unlock(&all->lock);
	e = notice_newest(all->reader, s->listener.party, &newest, &why);
	if (e)
		log_event("stream.failed", "error=%s detail=\"%s\"", err_name(e), why.text);
	pthread_mutex_lock(&all->lock);
	s->fed = s->queued = false;
	s->after = newest;
	s->why = why;
	s->ready = NULL;
	ready(s->context);
}

static char *copy_of(const char *text)
{
	char *copy = malloc(strlen(text));

	if (copy)
		memcpy(copy, text, strlen(text));
	return copy;
}

/* Says a word on streams that were silent, so that a dead connection is noticed; ends those that are old or whose reader takes
 * nothing. */
static void look_after(struct streams *all)
{
	int64_t now = clock_steady();

	for (struct stream *s = all->first; s; s = s->next) {
		int64_t seconds = (now - s->told_at) / 1000000;

		if (now - s->opened_at >= (int64_t)LIFE_SECONDS * 1000000) {
			s->ended = true;
			resume(s);
		} else if (s->taken < s->bytes) {
			s->ended |= seconds >= SLOW_SECONDS;
		} else if (!s->queued && s->suspended && seconds >= HEARTBEAT_SECONDS) {
			set_piece(s, copy_of(heartbeat), sizeof(heartbeat) - 1);
		}
	}
}

static struct timespec at_steady(int64_t us)
{
	return (struct timespec){.tv_sec = (time_t)(us / 1000000),
				 .tv_nsec = (long)(us % 1000000) * 1000};
}

static void *feeder(void *context)
{
	struct streams *all = context;
	int64_t looked_at = clock_steady(), moved_at = 0, now;

	pthread_mutex_lock(&all->lock);
	while (!all->stopping) {
		struct stream *s;
		struct timespec until;

		now = clock_steady();
		if (now - looked_at > 1000000) {
			looked_at = now;
			look_after(all);
		}
		if (now - moved_at >= (int64_t)PACE_MS * 1000) {
			if (all->later.first)
				moved_at = now;
			move_up(all);
		}
		s = take_first(&all->now);
		if (!s) {
			until = at_steady(all->later.first ? moved_at + (int64_t)PACE_MS * 1000
							   : now + 2000000);
			pthread_cond_timedwait(&all->wake, &all->lock, &until);
		} else if (s->ready) {
			find(all, s);
		} else {
			feed(all, s);
		}
	}
	pthread_mutex_unlock(&all->lock);
	return NULL;
}

static void wake(struct notice_listener *l)
{
	struct stream *s = (struct stream *)l;

	pthread_mutex_lock(&s->all->lock);
	s->more = true;
	enqueue(s);
	pthread_mutex_unlock(&s->all->lock);
}

/* ---- opening ---- */

/* Puts the stream among all, within the bounds. */
static enum err join(struct streams *all, struct stream *s, struct cause *why)
{
	uint32_t same = 0;
	enum err e = ERR_NONE;

	pthread_mutex_lock(&all->lock);
	for (struct stream *o = all->first; o; o = o->next)
		same += span_equal(o->listener.party, s->listener.party);
	if (all->ending)
		e = fail(why, ERR_BUSY, "the hub is stopping");
	else if (all->count >= LIMIT_STREAMS || same >= LIMIT_STREAMS_OF_PARTY)
		e = fail(why, ERR_BUSY, "too many streams are open");
	if (!e) {
		s->next = all->first;
		s->at = &all->first;
		if (s->next)
			s->next->at = &s->next;
		all->first = s;
		all->count++;
	}
	pthread_mutex_unlock(&all->lock);
	return e;
}

enum err stream_open(struct streams *all, struct span party, int64_t after, struct stream **ret,
		     struct cause *why)
{
	struct stream *s = calloc(1, sizeof(*s) + party.n);
	enum err e;

	if (!s)
		return fail(why, ERR_NOMEM, "no memory for a stream");
	memcpy(s->party, party.p, party.n);
	s->all = all;
	s->listener = (struct notice_listener){.party = {s->party, party.n, 0}, .wake = wake};
	s->after = after;
	s->told_at = s->opened_at = clock_steady();
	s->piece = copy_of(greeting);
	s->bytes = s->piece ? sizeof(greeting) - 1 : 0;
	s->more = s->behind = true; /* something may have come since it was looked for */
	e = join(all, s, why);
	if (e) {
		stream_free(s);
		return e;
	}
	hub_listen(all->hub, &s->listener);
	*ret = s;
	return ERR_NONE;
}

void stream_find(struct stream *s, void (*ready)(void *context), void *context)
{
	pthread_mutex_lock(&s->all->lock);
	s->ready = ready;
	s->context = context;
	if (!s->queued)
		append(s, &s->all->now);
	pthread_mutex_unlock(&s->all->lock);
}

enum err stream_found(struct stream *s, struct cause *why)
{
	if (s->why.err)
		*why = s->why;
	return s->why.err;
}

uint32_t streams_count(struct streams *all)
{
	uint32_t n;

	pthread_mutex_lock(&all->lock);
	n = all->count;
	pthread_mutex_unlock(&all->lock);
	return n;
}

/* ---- start and stop ---- */

static void streams_free(struct streams *all)
{
	notice_reader_close(all->reader);
	arena_free(all->arena);
	pthread_cond_destroy(&all->wake);
	pthread_mutex_destroy(&all->lock);
	free(all);
}

enum err streams_start(struct hub *h, struct streams **ret, struct cause *why)
{
	struct streams *all = calloc(1, sizeof(*all));
	pthread_condattr_t steady;
	enum err e;

	if (!all)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_init(&all->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC); /* what clock_steady() reads */
	pthread_cond_init(&all->wake, &steady);
	pthread_condattr_destroy(&steady);
	all->hub = h;
	all->now.end = &all->now.first;
	all->later.end = &all->later.first;
	all->arena = arena_new(LIMIT_ARENA_BYTES);
	e = all->arena ? notice_reader_open(h, &all->reader, why)
		       : fail(why, ERR_NOMEM, "no memory");
	if (!e && pthread_create(&all->feeder, NULL, feeder, all))
		e = fail(why, ERR_NOMEM, "no thread for streams");
	if (e) {
		streams_free(all);
		return e;
	}
	*ret = all;
	return ERR_NONE;
}

void streams_end(struct streams *all)
{
	if (!all)
		return;
	pthread_mutex_lock(&all->lock);
	all->ending = true;
	for (struct stream *s = all->first; s; s = s->next) {
		s->ended = true;
		resume(s);
	}
	pthread_mutex_unlock(&all->lock);
}

void streams_stop(struct streams *all)
{
	if (!all)
		return;
	pthread_mutex_lock(&all->lock);
	all->stopping = true;
	pthread_cond_signal(&all->wake);
	pthread_mutex_unlock(&all->lock);
	pthread_join(all->feeder, NULL);
	BUG_ON(all->first);
	streams_free(all);
}
