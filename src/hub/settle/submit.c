/* Submit: the path of one declaration, the same for HTTP, a file and the command line.
 *
 *   receive   bound the size, note what is being worked on, refuse what once killed the program
 *   decode    bytes -> declaration, every finding with its place, on the caller's thread
 *   settle    queue -> read, decide, write, COMMIT, on the writer's thread (settle.c)
 *   answer    done(), after COMMIT */
#include "base/clock.h"
#include "base/limits.h"
#include "hub/house.h"

static void finish(struct submission *s, enum outcome_kind kind, enum err e, const char *text)
{
	s->outcome = (struct outcome){.kind = kind, .fault = s->outcome.fault};
	fail(&s->outcome.cause, e, "%s", text);
	s->done(s);
}

static bool is_quarantined(struct hub *h, const struct hash *hash)
{
	bool found = false;

	pthread_mutex_lock(&h->lock);
	for (uint32_t i = 0; i < h->quarantined_count && !found; i++)
		found = hash_equal(&h->quarantined[i], hash);
	pthread_mutex_unlock(&h->lock);
	return found;
}

void submit_unreadable(struct hub *h, struct submission *s, enum err e)
{
	h->unreadable++;
	switch (e) {
	case ERR_NOMEM:
		finish(s, OUTCOME_FAILED, e, "no memory to read the message");
		break;
	case ERR_LIMIT:
		finish(s, OUTCOME_UNREADABLE, e,
		       s->outcome.fault.text ? s->outcome.fault.text
					     : "the message is larger than one may be");
		break;
	default:
		finish(s, OUTCOME_UNREADABLE, e,
		       s->outcome.fault.text ? s->outcome.fault.text
					     : "this is not a message in a known format");
	}
}

bool submit_begin(struct hub *h, struct submission *s, struct hash *ret)
{
	s->following = NULL;
	h->submitted++;
	if (s->raw.n > LIMIT_MESSAGE_BYTES) {
		submit_unreadable(h, s, ERR_LIMIT);
		return false;
	}
	*ret = hash_bytes(s->raw.p, s->raw.n);
	if (h->quarantined_count && is_quarantined(h, ret)) {
		finish(s, OUTCOME_FAILED, ERR_DENIED,
		       "these bytes stopped the program before; they are kept for its engineers "
		       "and are not read again");
		return false;
	}
	return true;
}

void submit_enqueue(struct hub *h, struct submission *s, struct entry *what)
{
	if (settle_enqueue(h, what)) {
		h->failed++;
		finish(s, OUTCOME_FAILED, ERR_BUSY,
		       "the hub is stopping or has more waiting than it takes: send it again in a "
		       "moment");
	}
}

void submit_without_memory(struct submission *s)
{
	finish(s, OUTCOME_FAILED, ERR_NOMEM, "no memory to read the message");
}

void hub_submit(struct hub *h, struct submission *s)
{
	struct job *j = arena_try(s->arena, sizeof(*j));
	struct hash hash;
	enum err e;

	if (!j) {
		h->submitted++;
		submit_without_memory(s);
		return;
	}
	if (!submit_begin(h, s, &hash))
		return;
	*j = (struct job){.hub = h, .submission = s, .received_at = clock_now(), .hash = hash};
	inflight_enter(h->inflight, s->raw);
	e = msg_read_next(s->arena, s->raw, s->format, hub_directories(), s->learned, &j->message,
			  &j->as_read, &s->outcome.fault);
	inflight_leave(h->inflight);
	if (e) {
		submit_unreadable(h, s, e);
		return;
	}
	j->asked = declaration_function(&j->message.declaration);
	submit_enqueue(h, s, &j->entry);
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool finished;
};

static void wake(struct submission *s)
{
	struct waiting *w = s->context;

	pthread_mutex_lock(&w->lock);
	w->finished = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
}

void submit_wait(struct hub *h, struct submission *s,
		 void (*how)(struct hub *h, struct submission *s))
{
	struct waiting w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

	s->done = wake;
	/* cppcheck-suppress autoVariables ; it is waited for below, and forgotten */
	s->context = &w;
	how(h, s);
	pthread_mutex_lock(&w.lock);
	while (!w.finished)
		pthread_cond_wait(&w.done, &w.lock);
	pthread_mutex_unlock(&w.lock);
	s->context = NULL;
}

void hub_submit_wait(struct hub *h, struct submission *s)
{
	submit_wait(h, s, hub_submit);
}
