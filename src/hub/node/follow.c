#include "hub/node/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/cargo/presenter.h"
#include "hub/node/node.h"
#include "hub/people/people_room.h"
#include "store/nodes.h"

enum {
	PAGE = 200,
	LOOK_UPS_A_SECOND =
	    200, /* of sessions and tokens: guesses must not become work for the database */
	KEEP_NEWS = 50000,  /* the newest; who has slept longer reads everything again */
	WINDOW_SECONDS = 5, /* of notices that are looked through: clocks may differ by so much */
	TOLD = 5000,        /* of them that are looked at */
	WAKE_ALL_SECONDS = 15, /* clocks may differ by more: everybody looks now and then */
	SECOND = 1000000,
};

/* ---- telling ---- */

enum err follow_tell(struct hub *h, const char *kind, struct span key, struct cause *why)
{
	struct office *o;
	bool fresh;
	enum err e;

	if (!h->node)
		return ERR_NONE;
	e = house_enter(h, HUB_OFFICE, &o, &fresh, why);
	return e ? e : store_put_news(h->store, span_of(kind), key, why);
}

enum err follow_tell_hash(struct hub *h, const char *kind, const struct hash *key,
			  struct cause *why)
{
	char hex[65];

	hash_hex(key, hex);
	return follow_tell(h, kind, span_of(hex), why);
}

/* ---- following ---- */

static enum err take(struct directory *d, struct directory_change *change, struct cause *why)
{
	if (!change)
		return fail(why, ERR_NOMEM, "no memory for a person, session or token");
	directory_apply(d, change);
	return ERR_NONE;
}

static enum err follow_person(struct directory *d, struct store *s, struct arena *a,
			      struct span login, struct cause *why)
{
	struct store_person row;
	enum err e = store_get_person(s, a, login, &row, why);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	if (directory_people(d) >= PEOPLE_MAX)
		return fail(why, ERR_LIMIT, "the store holds more than %d people", PEOPLE_MAX);
	return take(d, directory_put_person(&row), why);
}

/* *ret_found may be NULL. */
static enum err follow_key(struct directory *d, struct store *s, struct arena *a,
			   const struct hash *sha256, bool *ret_found, struct cause *why)
{
	struct store_session session;
	struct store_token token;
	enum err e = store_get_session(s, a, sha256, &session, why);

	if (ret_found)
		*ret_found = true;
	if (!e)
		return take(d, directory_put_session(&session), why);
	if (e == ERR_NOT_FOUND)
		e = store_get_token(s, a, sha256, &token, why);
	if (!e)
		return take(d, directory_put_token(&token), why);
	if (e == ERR_NOT_FOUND) {
		directory_end(d, sha256);
		if (ret_found)
			*ret_found = false;
		e = ERR_NONE;
	}
	return e;
}

static enum err follow_quarantine(struct hub *h, const struct hash *sha256, struct cause *why)
{
	struct hash *more;
	bool known = false;

	pthread_mutex_lock(&h->lock);
	for (uint32_t i = 0; i < h->quarantined_count && !known; i++)
		known = hash_equal(&h->quarantined[i], sha256);
	more = known ? NULL : realloc(h->quarantined, (h->quarantined_count + 1) * sizeof(*more));
	if (more) {
		h->quarantined = more;
		h->quarantined[h->quarantined_count++] = *sha256;
	}
	pthread_mutex_unlock(&h->lock);
	return known || more
		   ? ERR_NONE
		   : fail(why, ERR_NOMEM, "no memory for the list of quarantined messages");
}

static void follow_resume(struct hub *h, struct span key)
{
	struct span number = span_cut(&key, ' ');
	int64_t id = 0;

	for (uint32_t i = 0; i < number.n && number.p[i] >= '0' && number.p[i] <= '9'; i++)
		id = id * 10 + (number.p[i] - '0');
	push_resume(h->pusher, key, id);
}

static enum err follow_one(struct node *n, const struct store_news *news, struct cause *why)
{
	struct hub *h = n->h;
	struct directory *d = h->people->directory;
	struct hash sha256;
	const bool has_hash = news->key.n == 64 && !hash_from_hex(news->key, &sha256);

	if (span_is(news->kind, NEWS_PERSON))
		return follow_person(d, n->store, n->arena, news->key, why);
	if (span_is(news->kind, NEWS_KEY) && has_hash)
		return follow_key(d, n->store, n->arena, &sha256, NULL, why);
	if (span_is(news->kind, NEWS_QUARANTINE) && has_hash)
		return follow_quarantine(h, &sha256, why);
	if (span_is(news->kind, NEWS_ARRIVAL)) {
		struct span report = news->key, office = span_cut(&report, ' ');

		presenter_note(h->presenter, office, report);
	}
	if (span_is(news->kind, NEWS_PACK))
		atomic_store(&h->pack_news, true);
	if (span_is(news->kind, NEWS_HOOKS))
		push_changed(h->pusher);
	if (span_is(news->kind, NEWS_RESUME))
		follow_resume(h, news->key);
	return ERR_NONE; /* of a newer program: it concerns nothing that is kept here */
}

/* More has happened than is kept: everything again. */
static enum err read_all(struct node *n, int64_t newest, struct cause *why)
{
	enum err e = directory_read_again(n->h->people->directory, n->store, clock_now(), why);

	if (e)
		return e;
	log_event("node.read-again", "name=%s news=%lld", n->name, (long long)newest);
	n->news = newest;
	atomic_store(&n->h->pack_news, true);
	push_changed(n->h->pusher);
	return ERR_NONE;
}

enum err follow_begin(struct node *n, struct store *s, struct cause *why)
{
	int64_t oldest;

	return store_get_news_ends(s, &oldest, &n->news, why);
}

struct purge {
	int64_t upto;
};

static enum err purge(struct store *s, void *context, struct cause *why)
{
	return store_purge_news(s, ((const struct purge *)context)->upto, why);
}

/* Page after page; the caller has p->changing, so that no change is made of what this one changes. */
static enum err read_on(struct node *n, int64_t newest, struct cause *why)
{
	enum err e = ERR_NONE;

	while (!e && n->news < newest) {
		struct store_news *list;
		uint32_t count = 0;

		arena_reset(n->arena);
		e = store_list_news(n->store, n->arena, n->news, PAGE, &list, &count, why);
		for (uint32_t i = 0; i < count && !e; i++) {
			e = follow_one(n, &list[i], why);
			if (!e)
				n->news = list[i].id;
		}
		if (!count)
			break;
	}
	return e;
}

enum err follow_news(struct node *n, struct cause *why)
{
	struct people *p = n->h->people;
	int64_t oldest, newest;
	enum err e = store_get_news_ends(n->store, &oldest, &newest, why);

	if (e || newest == n->news)
		return e;
	/* Whoever changes people here waits for the writer, perhaps long; the next round comes soon. */
	if (pthread_mutex_trylock(&p->changing))
		return ERR_NONE;
	e = oldest > n->news + 1 ? read_all(n, newest, why) : read_on(n, newest, why);
	pthread_mutex_unlock(&p->changing);
	if (!e && newest - oldest > 2 * KEEP_NEWS) {
		struct purge upto = {newest - KEEP_NEWS};

		e = store_batch(n->store, purge, &upto, why);
	}
	return e;
}

/* ---- notices ---- */

enum err follow_notices(struct node *n, struct cause *why)
{
	const int64_t now = clock_steady();
	struct span *party;
	uint32_t count = 0;
	enum err e;

	if (!notices_has_listeners(n->h))
		return ERR_NONE;
	if (now - n->woken_at >= (int64_t)WAKE_ALL_SECONDS * SECOND) {
		n->woken_at = now;
		notices_wake_all(n->h);
		return ERR_NONE;
	}
	e = store_list_told(n->store, n->arena, clock_now() - (int64_t)WINDOW_SECONDS * SECOND,
			    TOLD, &party, &count, why);
	for (uint32_t i = 0; i < count && !e; i++)
		notices_wake_party(n->h, party[i]);
	return e;
}

/* ---- what is not known here yet ---- */

/* A second in the high part, a count in the low one. */
static bool may_look_up(struct node *n)
{
	const long long second = clock_steady() / SECOND;
	long long was = atomic_load(&n->looked_up), next;

	do {
		next = was >> 16 == second ? was + 1 : second << 16 | 1;
		if ((next & 0xffff) > LOOK_UPS_A_SECOND)
			return false;
	} while (!atomic_compare_exchange_weak(&n->looked_up, &was, next));
	return true;
}

enum { LOOK_UP_ARENA = 1 << 20 };

static enum err look_up(struct hub *h, struct store *s, struct arena *a, const struct hash *sha256)
{
	struct directory *d = h->people->directory;
	struct store_session session;
	struct store_person person;
	struct store_token token;
	struct cause why = {0};
	bool found = false;
	enum err e = store_get_session(s, a, sha256, &session, &why);
	struct span login;

	if (!e) {
		login = session.login;
	} else {
		e = store_get_token(s, a, sha256, &token, &why);
		login = e ? SPAN("") : token.login;
	}
	if (!e && directory_get_person(d, a, login, &person) == ERR_NOT_FOUND)
		e = follow_person(d, s, a, login, &why);
	if (!e)
		e = follow_key(d, s, a, sha256, &found, &why);
	return e ? e : found ? ERR_NONE : ERR_NOT_FOUND;
}

enum err follow_look_up(struct hub *h, const struct hash *sha256)
{
	struct store *s;
	struct arena *a;
	enum err e;

	if (!h->node || !node_is_ready(h->node) || !may_look_up(h->node))
		return ERR_NOT_FOUND;
	a = arena_new(LOOK_UP_ARENA);
	e = a ? house_open_reader(h, &s, NULL) : ERR_NOMEM;
	if (!e) {
		e = look_up(h, s, a, sha256);
		house_close_reader(h, s);
	}
	arena_free(a);
	return e;
}
