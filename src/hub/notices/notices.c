#include "hub/notices/notices.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/house.h"

#define OFFICE_PREFIX SPAN("office/")

/* The counter that numbers a party's notices; no office's code holds a slash. */
#define COUNTER_PREFIX SPAN("outbox/")

static struct span joined(struct arena *a, struct span first, struct span second)
{
	char *p = arena_try(a, (size_t)first.n + second.n);

	if (!p)
		return (struct span){NULL, 0, 0};
	memcpy(p, first.p, first.n);
	memcpy(p + first.n, second.p, second.n);
	return (struct span){p, first.n + second.n, 0};
}

struct span notices_of_office(struct arena *a, struct span office)
{
	return joined(a, OFFICE_PREFIX, office);
}

/* ---- putting ---- */

/* Any spread will do: it only keeps lists short. */
static uint32_t spread(struct span party)
{
	uint32_t sum = 2166136261u;

	for (uint32_t i = 0; i < party.n; i++)
		sum = (sum ^ (uint8_t)party.p[i]) * 16777619u;
	return sum;
}

/* A party that is told something, and what it is told: the numbers of all parties are taken at once, at the end. */
struct told {
	struct told *next;
	struct span party;
	struct waiting *first, **last;
	uint32_t n; /* that wait */
};

struct waiting {
	struct waiting *next;
	struct store_notice row;
};

void notices_begin(struct batch *b)
{
	memset(b->told, 0, sizeof(b->told));
	b->told_waiting = 0;
}

/* The party among those that were told something. NULL: no memory. */
static struct told *told(struct batch *b, struct span party)
{
	struct told **list = &b->told[spread(party) % TOLD_LISTS], *t;

	for (t = *list; t; t = t->next)
		if (span_equal(t->party, party))
			return t;
	t = arena_try(b->h->batch_arena, sizeof(*t));
	if (!t)
		return NULL;
	*t = (struct told){.next = *list, .party = party, .last = &t->first};
	*list = t;
	return t;
}

enum err notices_put(struct batch *b, const struct notice *n, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct waiting *w = arena_try(a, sizeof(*w));
	const struct store_notice row = {
	    .office = n->office,
	    .reference = n->reference,
	    .version = n->version,
	    .kind = n->kind,
	    .at = n->at,
	    .body = n->body.n <= LIMIT_NOTICE_BYTES ? n->body : SPAN("{\"long\":true}"),
	};
	struct span party;
	struct told *t;

	BUG_ON(!n->kind.n || n->kind.n > NOTICE_KIND_BYTES || n->body.n < 2 ||
	       memchr(n->body.p, '\n', n->body.n));
	if (b->h->shadow)
		return ERR_NONE;
	/* A declaration may name any id: none of them reaches the officers' own stream. */
	if (!n->officers && (!n->party.n || span_starts(n->party, OFFICE_PREFIX)))
		return ERR_NONE;
	party = n->officers ? notices_of_office(a, n->office) : joined(a, SPAN(""), n->party);
	t = party.p ? told(b, party) : NULL;
	if (!w || !t)
		return fail(why, ERR_NOMEM, "no memory for a notice");
	*w = (struct waiting){.row = row};
	w->row.party = party;
	*t->last = w;
	t->last = &w->next;
	b->told_waiting += !t->n++;
	return ERR_NONE;
}

static int by_party(const void *a, const void *b)
{
	return span_compare((*(struct told *const *)a)->party, (*(struct told *const *)b)->party);
}

static enum err put_waiting(struct batch *b, struct told *t, int64_t first, struct cause *why)
{
	enum err e = ERR_NONE;

	for (struct waiting *w = t->first; w && !e; w = w->next) {
		w->row.id = first++;
		e = store_put_notice(b->h->store, &w->row, why);
	}
	t->first = NULL;
	t->last = &t->first;
	t->n = 0;
	return e;
}

/* Counters are locked in the order of their parties: of two nodes that tell the same ones, none waits for one that waits
 * for it. */
enum err notices_flush(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const uint32_t n = b->told_waiting;
	struct told **list = arena_try(a, sizeof(struct told *) * ((size_t)n + 1));
	struct store_numbers *numbers = arena_try(a, sizeof(*numbers) * ((size_t)n + 1));
	uint32_t k = 0;
	enum err e;

	if (!list || !numbers)
		return fail(why, ERR_NOMEM, "no memory for notices");
	if (!n)
		return ERR_NONE;
	for (uint32_t i = 0; i < TOLD_LISTS; i++)
		for (struct told *t = b->told[i]; t; t = t->next)
			if (t->n)
				list[k++] = t;
	BUG_ON(k != n);
	qsort(list, n, sizeof(*list), by_party);
	for (uint32_t i = 0; i < n; i++) {
		numbers[i] = (struct store_numbers){
		    .office = joined(a, COUNTER_PREFIX, list[i]->party), .n = list[i]->n};
		if (!numbers[i].office.p)
			return fail(why, ERR_NOMEM, "no memory for notices");
	}
	e = store_take_each(b->h->store, a, numbers, n, why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = put_waiting(b, list[i], numbers[i].first, why);
	b->told_waiting = 0;
	return e;
}

void notice_write(struct text *to, const struct notice *n)
{
	struct json_writer w = json_to(to);
	struct text at = text_in(to->arena);

	moment_write(&at, n->at);
	json_open_object(&w);
	json_put_int(&w, "id", n->id);
	json_put(&w, "kind", n->kind);
	json_put(&w, "office", n->office);
	json_put(&w, "reference", n->reference);
	json_put_int(&w, "version", n->version);
	json_put(&w, "at", text_as_span(&at));
	json_name(&w, "data");
	json_raw(&w, n->body);
	json_close_object(&w);
}

/* ---- reading ---- */

struct notice_reader {
	struct store *store;
	bool own;
};

enum err notice_reader_open(struct hub *h, struct notice_reader **ret, struct cause *why)
{
	struct notice_reader *r = calloc(1, sizeof(*r));
	enum err e = ERR_NONE;

	if (!r) {
		(void)fail(why, ERR_NOMEM, "no memory");
		return ERR_NOMEM;
	}
	r->own = h->mode == HUB_OWN;
	if (r->own)
		e = store_open(h->database, &(struct store_options){.mode = STORE_READ}, &r->store,
			       why);
	else
		r->store = h->store;
	if (e)
		free(r);
	else
		*ret = r;
	return e;
}

void notice_reader_close(struct notice_reader *r)
{
	if (r && r->own)
		store_close(r->store);
	free(r);
}

struct notice notice_of_row(const struct store_notice *row)
{
	return (struct notice){.party = row->party,
			       .officers = span_starts(row->party, OFFICE_PREFIX),
			       .office = row->office,
			       .reference = row->reference,
			       .version = row->version,
			       .kind = row->kind,
			       .at = row->at,
			       .body = row->body,
			       .id = row->id};
}

enum err notice_read(struct notice_reader *r, struct arena *a, struct span party, int64_t after,
		     uint32_t limit, struct notice **ret, uint32_t *ret_n, struct cause *why)
{
	struct store_notice *rows;
	struct notice *notices;
	uint32_t n;
	enum err e;

	BUG_ON(limit < 1 || limit > NOTICES_PAGE_MAX);
	e = store_list_notices(r->store, a, party, after, limit, &rows, &n, why);
	if (e)
		return e;
	notices = arena_try(a, (n + 1) * sizeof(*notices));
	if (!notices)
		return fail(why, ERR_NOMEM, "no memory for a list of notices");
	for (uint32_t i = 0; i < n; i++)
		notices[i] = notice_of_row(&rows[i]);
	*ret = notices;
	*ret_n = n;
	return ERR_NONE;
}

enum err notice_newest(struct notice_reader *r, struct span party, int64_t *ret, struct cause *why)
{
	return store_newest_notice(r->store, party, ret, why);
}

enum err hub_list_notices(struct hub *h, struct arena *a, struct span party, int64_t after,
			  uint32_t limit, struct notice **ret, uint32_t *ret_n, struct cause *why)
{
	struct notice_reader r = {.own = false};
	enum err e = house_open_reader(h, &r.store, why);

	if (e)
		return e;
	e = notice_read(&r, a, party, after, limit, ret, ret_n, why);
	house_close_reader(h, r.store);
	return e;
}

/* ---- being woken ---- */

static struct notice_listener **listeners_of(struct hub *h, struct span party)
{
	return &h->listeners[spread(party) % LISTENER_LISTS];
}

void hub_listen(struct hub *h, struct notice_listener *l)
{
	struct notice_listener **list = listeners_of(h, l->party);

	pthread_mutex_lock(&h->listeners_lock);
	l->next = *list;
	l->at = list;
	if (l->next)
		l->next->at = &l->next;
	*list = l;
	pthread_mutex_unlock(&h->listeners_lock);
}

void hub_unlisten(struct hub *h, struct notice_listener *l)
{
	pthread_mutex_lock(&h->listeners_lock);
	*l->at = l->next;
	if (l->next)
		l->next->at = l->at;
	pthread_mutex_unlock(&h->listeners_lock);
}

static void wake_party(struct hub *h, struct span party)
{
	struct notice_listener *l = *listeners_of(h, party);

	for (; l; l = l->next)
		if (span_equal(l->party, party))
			l->wake(l);
}

bool notices_has_listeners(struct hub *h)
{
	bool any = false;

	pthread_mutex_lock(&h->listeners_lock);
	for (uint32_t i = 0; i < LISTENER_LISTS && !any; i++)
		any = h->listeners[i] != NULL;
	pthread_mutex_unlock(&h->listeners_lock);
	return any;
}

void notices_wake_party(struct hub *h, struct span party)
{
	pthread_mutex_lock(&h->listeners_lock);
	wake_party(h, party);
	pthread_mutex_unlock(&h->listeners_lock);
}

void notices_wake_all(struct hub *h)
{
	pthread_mutex_lock(&h->listeners_lock);
	for (uint32_t i = 0; i < LISTENER_LISTS; i++)
		for (struct notice_listener *l = h->listeners[i]; l; l = l->next)
			l->wake(l);
	pthread_mutex_unlock(&h->listeners_lock);
}

void notices_wake(struct batch *b)
{
	pthread_mutex_lock(&b->h->listeners_lock);
	for (uint32_t i = 0; i < TOLD_LISTS; i++)
		for (const struct told *t = b->told[i]; t; t = t->next)
			wake_party(b->h, t->party);
	pthread_mutex_unlock(&b->h->listeners_lock);
}
