/* submit: store and decide. Many declarations are under way at once, so that they share commits; what comes of them is put out
 * in their order. They go to a hub of this process, or to the one that owns the store. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/input.h"
#include "cli/local_client.h"
#include "cli/outcome.h"
#include "http/relay.h"
#include "hub/cargo/cargo.h"
#include "hub/settle/any.h"

/* So many share a commit; each holds its message, its declaration and its decision in memory. Over the socket each holds a
 * connection. */
enum { UNDER_WAY = 64, LINES = 32 };

struct submit;

struct slot {
	struct submit *submit;
	struct submission submission;
	struct local_reply reply; /* of the hub that owns the store */
	struct cause why;         /* there was no reply */
	char *bytes;              /* the message, for as long as it is under way */
	uint32_t room;
	struct arena *arena;
	struct place place;
	bool done;    /* guarded by the lock */
	bool relayed; /* other nodes were asked */
	int status;
};

struct submit {
	const struct args *args;
	struct edi_learned *learned; /* of the file's cutter */
	const char *where;
	struct span language;
	struct hub *hub;         /* NULL: over lines */
	struct http_relay relay; /* to other nodes on the same database */
	struct local_client *line[LINES];
	pthread_t thread[LINES];
	uint32_t lines;

	pthread_mutex_t lock;
	pthread_cond_t finished, waiting;
	struct slot slot[UNDER_WAY];
	uint64_t first, sent, taken; /* oldest under way; next free; next that a line takes */
	enum message_kind kind;      /* of those that are under way */
	bool closing;
	int status;
	struct arena *shown; /* what is put out of one: it would stay in each slot's own */
	struct progress progress;
};

static void finish(struct slot *s)
{
	pthread_mutex_lock(&s->submit->lock);
	s->done = true;
	pthread_cond_signal(&s->submit->finished);
	pthread_mutex_unlock(&s->submit->lock);
}

/* On the hub's writer thread, or in hub_submit(). */
static void settled(struct submission *s)
{
	finish(s->context);
}

/* ---- over the socket ---- */

static struct slot *take(struct submit *s)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&s->lock);
	while (s->taken == s->sent && !s->closing)
		pthread_cond_wait(&s->waiting, &s->lock);
	if (s->taken < s->sent)
		slot = &s->slot[s->taken++ % UNDER_WAY];
	pthread_mutex_unlock(&s->lock);
	return slot;
}

struct line {
	struct submit *submit;
	struct local_client *client;
};

static const char *path_for(const struct slot *s)
{
	switch (message_kind_of(s->submission.raw, NULL)) {
	case MESSAGE_DECLARATION:
		break;
	case MESSAGE_CARGO_REPORT:
		return "/local/v1/cargo-reports";
	case MESSAGE_KEPT:
		return "/local/v1/messages";
	}
	return "/local/v1/declarations";
}

static void *work(void *context)
{
	struct line line = *(struct line *)context;
	struct slot *slot;

	free(context);
	while ((slot = take(line.submit))) {
		slot->why = (struct cause){0};
		if (local_post(line.client, path_for(slot), slot->submission.raw,
			       line.submit->language.p, slot->arena, &slot->reply, &slot->why) &&
		    !slot->why.err)
			fail(&slot->why, ERR_IO, "the hub did not answer");
		finish(slot);
	}
	return NULL;
}

/* As many lines as the hub gives; one is enough. */
static enum err open_lines(struct submit *s, struct cause *why)
{
	enum err e = ERR_NONE;

	while (s->lines < LINES) {
		struct line *line = malloc(sizeof(*line));

		if (!line) {
			e = fail(why, ERR_NOMEM, "no memory");
			break;
		}
		e = local_open(s->where, &s->line[s->lines], why);
		if (e) {
			free(line);
			break;
		}
		*line = (struct line){s, s->line[s->lines]};
		if (pthread_create(&s->thread[s->lines], NULL, work, line)) {
			free(line);
			local_close(s->line[s->lines]);
			break;
		}
		s->lines++;
	}
	if (!s->lines && !e)
		e = fail(why, ERR_NOMEM, "no thread");
	return s->lines ? ERR_NONE : e;
}

static void close_lines(struct submit *s)
{
	pthread_mutex_lock(&s->lock);
	s->closing = true;
	pthread_cond_broadcast(&s->waiting);
	pthread_mutex_unlock(&s->lock);
	for (uint32_t i = 0; i < s->lines; i++) {
		pthread_join(s->thread[i], NULL);
		local_close(s->line[i]);
	}
}

/* ---- what comes of one ---- */

static int show_reply(struct text *to, struct slot *s)
{
	static const char *const kinds[] = {[LOCAL_UNREADABLE] = "unreadable",
					    [LOCAL_CONFLICT] = "conflict",
					    [LOCAL_REFUSED] = "failed",
					    [LOCAL_FAILED] = "failed"};
	static const int statuses[] = {[LOCAL_UNREADABLE] = EXIT_UNREADABLE,
				       [LOCAL_CONFLICT] = EXIT_NO,
				       [LOCAL_REFUSED] = EXIT_FAILED,
				       [LOCAL_FAILED] = EXIT_FAILED};
	struct span body = span_trim(s->reply.body);
	const struct json *j = NULL;
	struct codec_fault fault;
	int64_t line = 1, column = 0;
	const char *text = s->why.text;
	struct place at = s->place;

	if (!s->why.err && json_read(to->arena, body, &j, &fault))
		fail(&s->why, ERR_FORMAT, "the hub's reply is not JSON");
	if (!s->why.err && s->reply.kind == LOCAL_DONE) {
		text_span(to, body);
		text_char(to, '\n');
		return span_is(json_get_text(j, "state"), "rejected") ? EXIT_NO : EXIT_DONE;
	}
	if (!s->why.err) {
		struct span detail = json_get_text(j, "detail");

		if (!detail.n)
			detail = json_get_text(j, "title");

		text = arena_copy(to->arena, detail.p ? detail.p : "", detail.n);
		if (!json_get_int(j, "line", &line) && line > 0)
			at.line += (uint32_t)line - 1;
		if (json_get_int(j, "column", &column))
			column = 0;
	}
	say(s->submit->args, "%s:%u: %s", at.file, at.line, text);
	outcome_write_trouble(to, s->why.err ? "failed" : kinds[s->reply.kind], at,
			      (uint32_t)column, text);
	return s->why.err ? EXIT_FAILED : statuses[s->reply.kind];
}

struct showing {
	struct slot *slot;
	struct text *to;
};

static void show(void *context)
{
	struct showing *v = context;
	struct slot *s = v->slot;

	if (!s->submit->hub) {
		s->status = show_reply(v->to, s);
		return;
	}
	outcome_say(s->submit->args, &s->submission.outcome, s->place);
	s->status = outcome_write(v->to, &s->submission.outcome, s->place, s->submit->language);
}

static void wait_for(struct submit *s, const struct slot *slot)
{
	pthread_mutex_lock(&s->lock);
	while (!slot->done)
		pthread_cond_wait(&s->finished, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

/* The oldest that are under way and that other nodes settle are handed over together. */
static void relay_some(struct submit *s)
{
	struct submission *list[RELAY_MANY] = {NULL};
	uint32_t n = 0;

	for (uint64_t i = s->first; i < s->sent && n < RELAY_MANY; i++) {
		struct slot *slot = &s->slot[i % UNDER_WAY];

		wait_for(s, slot);
		if (relay_wanted(&slot->submission) && !slot->relayed)
			list[n++] = &slot->submission;
	}
	relay_settle(s->hub, &s->relay.relay, list, n);
	for (uint32_t i = 0; i < n; i++)
		((struct slot *)list[i]->context)->relayed = true;
}

/* Waits for the oldest that is under way, and puts it out. */
static void collect(struct submit *s)
{
	struct slot *slot = &s->slot[s->first % UNDER_WAY];
	struct text text = text_in(s->shown);
	struct showing v = {slot, &text};

	wait_for(s, slot);
	if (s->hub && relay_wanted(&slot->submission) && !slot->relayed)
		relay_some(s);
	if (s->hub)
		hub_follow(s->hub, &slot->submission);
	s->first++;
	slot->status = EXIT_FAILED;
	if (arena_run(s->shown, show, &v))
		say(s->args, "%s:%u: stored, but the record is too large to show", slot->place.file,
		    slot->place.line);
	else if (!put(s->args, text.p, text.n))
		slot->status = EXIT_FAILED;
	if (slot->status > s->status)
		s->status = slot->status;
	arena_reset(s->shown);
	arena_reset(slot->arena);
}

/* ---- sending ---- */

static enum err fill(struct slot *s, struct span message, const char *file)
{
	if (message.n > s->room) {
		char *more = realloc(s->bytes, message.n);

		if (!more)
			return ERR_NOMEM;
		s->bytes = more;
		s->room = message.n;
	}
	if (!s->arena)
		s->arena = arena_new(LIMIT_ARENA_BYTES);
	if (!s->arena)
		return ERR_NOMEM;
	arena_reset(s->arena);
	memcpy(s->bytes, message.p, message.n);
	s->place = (struct place){file, message.line};
	s->done = s->relayed = false;
	s->submission = (struct submission){.raw = {s->bytes, message.n, 1},
					    .learned = s->submit->learned,
					    .arena = s->arena,
					    .done = settled,
					    .context = s};
	return ERR_NONE;
}

/* What comes of one is there before one of another kind is sent: a declaration finds the bills that were reported before it. */
static void keep_order(struct submit *s, struct span message)
{
	const enum message_kind kind = message_kind_of(message, NULL);

	if (kind == MESSAGE_KEPT)
		return;
	while (kind != s->kind && s->first < s->sent)
		collect(s);
	s->kind = kind;
}

static enum err send_one(struct submit *s, struct span message, const char *file)
{
	struct slot *slot;
	enum err e;

	keep_order(s, message);
	if (s->sent - s->first == UNDER_WAY)
		collect(s);
	slot = &s->slot[s->sent % UNDER_WAY];
	slot->submit = s;
	e = fill(slot, message, file);
	if (e)
		return e;
	if (s->hub) {
		s->sent++;
		hub_submit_any(s->hub, &slot->submission);
		return ERR_NONE;
	}
	pthread_mutex_lock(&s->lock);
	s->sent++;
	pthread_cond_signal(&s->waiting);
	pthread_mutex_unlock(&s->lock);
	return ERR_NONE;
}

static int send_all(struct submit *s)
{
	struct cause why = {0};
	struct span message;
	struct input in;
	const char *file;

	if (input_open(s->args, &in, &why))
		return say_failed(s->args, &why);
	s->learned = in.cutter->learned;
	while (input_next(&in, &message, &file)) {
		if (send_one(s, message, file)) {
			say(s->args, "%s:%u: no memory; this one and what follows was not sent",
			    file, message.line);
			s->status = EXIT_FAILED;
			break;
		}
		progress_show(&s->progress, in.size ? in.read - in.rest.n : (int64_t)s->sent,
			      in.size);
	}
	while (s->first < s->sent)
		collect(s);
	progress_clear(&s->progress);
	if (in.unreadable && s->status < EXIT_UNREADABLE)
		s->status = EXIT_UNREADABLE;
	input_close(&in);
	return s->status;
}

/* Owns the store, or else finds who does. */
static enum err open_hub(struct submit *s, struct cause *why)
{
	struct hub_options o = {.where = s->where,
				.database = args_value(s->args, OPTION_DATABASE, NULL),
				.mode = HUB_OWN,
				.pack = args_value(s->args, OPTION_PACK, "packs/landfall"),
				.roots = args_value(s->args, OPTION_ROOTS, NULL)};
	struct cause nobody = {0};
	enum err e = hub_open(&o, &s->hub, why);

	if (!e)
		http_relay_of_operator(s->hub, args_value(s->args, OPTION_PEER_CA, NULL),
				       &s->relay);

	/* The owner's cause says who it is: it stays when that one takes no requests. */
	if (e == ERR_BUSY && !open_lines(s, &nobody)) {
		*why = (struct cause){0};
		return ERR_NONE;
	}
	return e;
}

int cmd_submit(const struct args *a)
{
	struct submit *s;
	struct cause why = {0};
	int status;

	if (!args_count(a, 1, INT32_MAX))
		return EXIT_UNREADABLE;
	s = calloc(1, sizeof(*s));
	if (s)
		s->shown = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	if (!s || !s->shown) {
		free(s);
		say(a, "no memory");
		return EXIT_FAILED;
	}
	s->args = a;
	s->where = args_value(a, OPTION_DATA, "customhouse-data");
	s->language = span_of(args_value(a, OPTION_LANG, "en"));
	s->progress.what = "submit";
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->finished, NULL);
	pthread_cond_init(&s->waiting, NULL);
	status = open_hub(s, &why) ? say_failed(a, &why) : send_all(s);
	close_lines(s);
	hub_close(s->hub);
	for (uint32_t i = 0; i < UNDER_WAY; i++) {
		free(s->slot[i].bytes);
		arena_free(s->slot[i].arena);
	}
	arena_free(s->shown);
	free(s);
	return put_all(a, status);
}
