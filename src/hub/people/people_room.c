/* Opening, closing, and the one way in which people, sessions, tokens and authorities change. */
#include "hub/people/people_room.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/node/follow.h"

const struct who *who_operator(void)
{
	static const struct who operator= {.user = SPAN("operator"),
					   .roles = ROLE_ADMINISTRATOR | ROLE_AUDITOR,
					   .scopes = SCOPE_ALL};

	return &operator;
}

bool people_operator(const struct who *who)
{
	return who == who_operator();
}

enum err people_open(struct hub *h, struct cause *why)
{
	struct people *p = calloc(1, sizeof(*p));
	enum err e;

	if (!p)
		return fail(why, ERR_NOMEM, "no memory");
	h->people = p;
	pthread_mutex_init(&p->changing, NULL);
	pthread_mutex_init(&p->hashing, NULL);
	pthread_mutex_init(&p->lock, NULL);
	notes_open(&p->notes);
	p->lockout = calloc(1, sizeof(*p->lockout));
	if (!p->lockout || sodium_init() < 0)
		return fail(why, ERR_NOMEM, "no memory");
	e = directory_open(h->store, clock_now(), &p->directory, why);
	return e;
}

void people_finish(struct hub *h)
{
	if (h->people)
		notes_finish(h);
}

void people_close(struct hub *h)
{
	struct people *p = h->people;

	if (!p)
		return;
	directory_close(p->directory);
	notes_close(&p->notes);
	pthread_mutex_destroy(&p->changing);
	pthread_mutex_destroy(&p->hashing);
	pthread_mutex_destroy(&p->lock);
	free(p->lockout);
	free(p);
	h->people = NULL;
}

enum err people_of(struct hub *h, struct people **ret, struct cause *why)
{
	if (!h->people)
		return fail(why, ERR_UNSUPPORTED, "only the owner of a store knows its people");
	*ret = h->people;
	return ERR_NONE;
}

enum err people_demand(const struct who *by, unsigned roles, struct cause *why)
{
	if (people_operator(by) || who_is(by, roles))
		return ERR_NONE;
	return fail(why, ERR_DENIED, "your roles do not allow this");
}

/* ---- small things ---- */

enum err people_copy(struct arena *a, struct span s, struct span *ret)
{
	char *to = arena_try(a, s.n + 1);

	if (!to)
		return people_no_room(a);
	if (s.n)
		memcpy(to, s.p, s.n);
	*ret = (struct span){to, s.n, 0};
	return ERR_NONE;
}

enum err people_join(struct arena *a, const struct who_list *list, struct span *ret)
{
	size_t bytes = 1;
	uint32_t n = 0;
	char *to;

	for (uint32_t i = 0; i < list->n; i++)
		bytes += list->v[i].n + 1;
	to = arena_try(a, bytes);
	if (!to)
		return people_no_room(a);
	for (uint32_t i = 0; i < list->n; i++) {
		if (i)
			to[n++] = ' ';
		memcpy(to + n, list->v[i].p, list->v[i].n);
		n += list->v[i].n;
	}
	*ret = (struct span){to, n, 0};
	return ERR_NONE;
}

void people_names(unsigned bits, unsigned n, const char *(*name)(unsigned), char ret[120])
{
	size_t at = 0;

	ret[0] = 0;
	for (unsigned i = 0; i < n && at < 120; i++)
		if (bits & 1u << i)
			at += (size_t)snprintf(ret + at, 120 - at, "%s%s", at ? " " : "",
					       name(1u << i));
}

void people_day(int32_t day, char ret[11])
{
	int y, m, d;

	day_split(day, &y, &m, &d);
	snprintf(ret, 11, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)m % 100,
		 (unsigned)d % 100);
}

void people_secret(const char *prefix, char ret[SECRET_BYTES], struct hash *ret_hash)
{
	uint8_t random[32];
	int n = snprintf(ret, SECRET_BYTES, "%s", prefix);

	random_bytes(random, sizeof(random));
	sodium_bin2base64(ret + n, SECRET_BYTES - (size_t)n, random, sizeof(random),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	*ret_hash = hash_bytes(ret, strlen(ret));
	sodium_memzero(random, sizeof(random));
}

/* ---- a change ---- */

struct errand {
	struct chore chore; /* first */
	struct change *change;
	struct directory_change *apply[3]; /* person, session, token: as in the store */
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool finished;
	enum err err;
	struct cause why;
};

static enum err tell(struct batch *b, struct change *c, int64_t *ret_seq, struct cause *why)
{
	struct office *o = house_office(b->h, HUB_OFFICE);
	struct text text = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&text);
	struct event e = {.kind = c->kind, .reference = SPAN(""), .at = b->now, .actor = c->actor};
	enum err err = o ? house_read_office(b->h, o, why)
			 : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	if (err)
		return err;
	json_open_object(&w);
	json_put_c(&w, "change", c->what);
	c->describe(c, &w);
	json_close_object(&w);
	e.payload = text_as_span(&text);
	err = house_append(b->h, o, &e, NULL, why);
	*ret_seq = e.seq;
	return err;
}

static enum err put_sessions(struct store *s, const struct change *c, int64_t now,
			     struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < c->ends && !e; i++)
		if (!c->spare || !hash_equal(c->spare, &c->end_sessions[i].sha256))
			e = store_end_session(s, &c->end_sessions[i].sha256, why);
	if (!e && c->sweep)
		e = store_sweep_sessions(s, now - (int64_t)SESSION_IDLE_SECONDS * 1000000,
					 now - (int64_t)SESSION_SECONDS * 1000000, why);
	if (!e && c->session)
		e = store_put_session(s, c->session, why);
	return e;
}

/* Another node may have changed the person since this one read them: then nothing is written over. */
static enum err stands(struct batch *b, const struct errand *r, struct cause *why)
{
	const struct store_person *p = r->change->person;
	struct store_person now = {0};
	enum err e;

	if (!b->h->node || !p)
		return ERR_NONE;
	e = store_get_person(b->h->store, b->h->batch_arena, p->login, &now, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	return now.changed_at == r->change->based_on
		   ? ERR_NONE
		   : fail(why, ERR_CONFLICT, "%.*s was changed at another node just now: try again",
			  SPAN_ARG(p->login));
}

/* For the other nodes. */
static enum err spread_word(struct hub *h, const struct change *c, struct cause *why)
{
	enum err e = c->person ? follow_tell(h, NEWS_PERSON, c->person->login, why) : ERR_NONE;

	for (uint32_t i = 0; i < c->ends && !e; i++)
		if (!c->spare || !hash_equal(c->spare, &c->end_sessions[i].sha256))
			e = follow_tell_hash(h, NEWS_KEY, &c->end_sessions[i].sha256, why);
	if (!e && c->session)
		e = follow_tell_hash(h, NEWS_KEY, &c->session->sha256, why);
	if (!e && c->token)
		e = follow_tell_hash(h, NEWS_KEY, &c->token->sha256, why);
	return e || !c->end_token ? e : follow_tell_hash(h, NEWS_KEY, c->end_token, why);
}

static enum err run(struct batch *b, struct chore *chore, struct cause *why)
{
	struct change *c = ((struct errand *)chore)->change;
	struct store *s = b->h->store;
	int64_t seq = 0;
	/* the words first: they lock what every change locks, before it is asked whether this one may be made */
	enum err e = spread_word(b->h, c, why);

	if (!e)
		e = stands(b, (struct errand *)chore, why);
	if (!e && c->kind.n)
		e = tell(b, c, &seq, why);
	if (!e && c->person)
		e = store_put_person(s, c->person, why);
	if (!e)
		e = put_sessions(s, c, b->now, why);
	if (!e && c->token)
		e = store_put_token(s, c->token, why);
	if (!e && c->end_token)
		e = store_end_token(s, c->end_token, why);
	if (!e && c->shelved)
		e = shelf_write(s, c->shelf, c->shelved, why);
	if (!e && c->authority) {
		/* may run again: the number of the event is what it is at last */
		if (!c->authority->revoked_at)
			c->authority->id = seq;
		e = store_put_authority(s, c->authority, why);
	}
	return e;
}

static void apply(struct directory *a, struct errand *r, int64_t now)
{
	const struct change *c = r->change;

	for (size_t i = 0; i < ARRAY_LEN(r->apply); i++)
		if (r->apply[i])
			directory_apply(a, r->apply[i]);
	for (uint32_t i = 0; i < c->ends; i++)
		if (!c->spare || !hash_equal(c->spare, &c->end_sessions[i].sha256))
			directory_end(a, &c->end_sessions[i].sha256);
	if (c->end_token)
		directory_end(a, c->end_token);
	if (c->sweep)
		directory_sweep(a, now);
}

static void done(struct hub *h, struct chore *chore, enum err e, const struct cause *why)
{
	struct errand *r = (struct errand *)chore;

	if (!e)
		apply(h->people->directory, r, clock_now());
	pthread_mutex_lock(&r->lock);
	r->err = e;
	if (e && why)
		r->why = *why;
	r->finished = true;
	pthread_cond_signal(&r->done);
	pthread_mutex_unlock(&r->lock);
}

/* What will hold in memory, before anything is in the store. */
static enum err prepare(struct errand *r, struct cause *why)
{
	const struct change *c = r->change;

	if (c->person)
		r->apply[0] = directory_put_person(c->person);
	if (c->session)
		r->apply[1] = directory_put_session(c->session);
	if (c->token)
		r->apply[2] = directory_put_token(c->token);
	if ((c->person && !r->apply[0]) || (c->session && !r->apply[1]) ||
	    (c->token && !r->apply[2]))
		return fail(why, ERR_NOMEM, "no memory");
	return ERR_NONE;
}

enum err people_commit(struct hub *h, struct change *c, struct cause *why)
{
	struct errand r = {
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = run, .done = done, .last = true},
	    .change = c,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .done = PTHREAD_COND_INITIALIZER};
	enum err e = prepare(&r, why);

	if (!e && settle_enqueue(h, &r.chore.entry))
		e = fail(why, ERR_BUSY, "the hub is stopping or has more waiting than it takes");
	if (e) {
		for (size_t i = 0; i < ARRAY_LEN(r.apply); i++)
			directory_drop(r.apply[i]);
		return e;
	}
	pthread_mutex_lock(&r.lock);
	while (!r.finished)
		pthread_cond_wait(&r.done, &r.lock);
	pthread_mutex_unlock(&r.lock);
	if (r.err) {
		for (size_t i = 0; i < ARRAY_LEN(r.apply); i++)
			directory_drop(r.apply[i]);
		if (why)
			*why = r.why;
	}
	return r.err;
}
