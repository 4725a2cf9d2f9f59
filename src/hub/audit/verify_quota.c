/* Quotas against the log. Moves of one quota lie in the chains of many offices, and in the hub's own; their serial numbers put
 * them in order, and each must follow from the one before. */
#include <stdlib.h>

#include "hub/audit/verify.h"
#include "hub/quota/moves.h"

/* One period of a quota. */
struct verify_quota {
	DICT_LIST(struct quota_moved) moves;
	struct quota_moved last; /* by serial */
	struct map
	    holds; /* "office reference sub" -> struct store_quota_hold, as the log leaves it */
	int64_t held;
};

static struct span key_of(struct verify *v, struct span quota, struct span period)
{
	return span_of(arena_print(v->whole, "%.*s\n%.*s", SPAN_ARG(quota), SPAN_ARG(period)));
}

static struct span hold_key(struct verify *v, const struct store_quota_hold *h)
{
	return span_of(arena_print(v->whole, "%.*s\n%.*s\n%.*s", SPAN_ARG(h->office),
				   SPAN_ARG(h->reference), SPAN_ARG(h->sub)));
}

static void take_move(struct verify *v, const struct quota_moved *m)
{
	const struct span key = key_of(v, m->hold.quota, m->hold.period);
	struct verify_quota *q = map_get(&v->quotas, key);

	if (!q) {
		q = ARENA_NEW(v->whole, struct verify_quota);
		q->holds = map_in(v->whole);
		map_put(&v->quotas, key, q);
	}
	*(struct quota_moved *)arena_push(v->whole, (void **)&q->moves.v, &q->moves.n,
					  &q->moves.room, sizeof(*m)) = *m;
}

void verify_quota_event(struct verify *v, const struct event *e)
{
	struct quota_moves moves;
	struct span kept;

	if (!span_is(e->kind, "quota") && !span_is(e->kind, "quota-day"))
		return;
	if (!e->payload.p) {
		v->quotas_blind = true;
		return;
	}
	kept = span_copy(v->whole, e->payload);
	if (quota_read_moves(v->whole, kept, &moves)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "what this takes of quotas cannot be read");
		return;
	}
	for (uint32_t i = 0; i < moves.list.n; i++)
		take_move(v, &moves.list.v[i]);
}

static int by_serial(const void *a, const void *b)
{
	const struct quota_moved *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

/* NULL: gone, or never there. */
static const struct store_quota_hold *hold_now(struct verify_quota *q, struct span key)
{
	const struct store_quota_hold *h = map_get(&q->holds, key);

	return h && !span_is(h->stage, "nothing") ? h : NULL;
}

static bool follows(struct verify *v, struct verify_quota *q, const struct quota_moved *m)
{
	const struct span key = hold_key(v, &m->hold);
	const struct store_quota_hold *was = hold_now(q, key);
	const bool gone = span_is(m->hold.stage, "nothing");
	const struct quota_hold from = quota_hold_counted(was),
				to = quota_hold_counted(gone ? NULL : &m->hold);
	const struct quota_account before = {q->last.taken, q->last.requested};
	struct quota_account after;

	q->held += (was ? -1 : 0) + (gone ? 0 : 1);
	map_put(&q->holds, key, (void *)(uintptr_t)&m->hold);
	return m->serial == q->last.serial + 1 && quota_move(&before, &from, &to, &after) &&
	       after.taken == m->taken && after.requested == m->requested;
}

static void replay_moves(struct verify *v, struct verify_quota *q)
{
	if (q->moves.n)
		qsort(q->moves.v, q->moves.n, sizeof(*q->moves.v), by_serial);
	q->last = (struct quota_moved){.state = SPAN("open")};
	for (uint32_t i = 0; i < q->moves.n; i++) {
		const struct quota_moved *m = &q->moves.v[i];

		if (!follows(v, q, m))
			verify_fault(v, m->hold.office, 0, m->hold.reference,
				     "move %lld of quota %.*s does not follow from the one before",
				     (long long)m->serial, SPAN_ARG(m->hold.quota));
		if (!span_equal(m->state, q->last.state))
			v->quota_news++;
		q->last = *m;
	}
	v->quota_holds += q->held;
}

struct tally {
	struct verify *v;
	int64_t rows;
};

static enum err check_quota(void *context, const struct store_quota *row, struct cause *why)
{
	struct tally *t = context;
	const struct verify_quota *q =
	    map_get(&t->v->quotas, key_of(t->v, row->quota, row->period));

	(void)why;
	t->rows++;
	if (!q || q->last.taken != row->taken || q->last.requested != row->requested ||
	    q->last.serial != row->serial || !span_equal(q->last.state, row->state))
		verify_fault(t->v, SPAN(""), 0, SPAN(""),
			     "the balance of quota %.*s is not what the log says",
			     SPAN_ARG(row->quota));
	return ERR_NONE;
}

static enum err check_hold(void *context, const struct store_quota_hold *h, struct cause *why)
{
	struct tally *t = context;
	struct verify_quota *q = map_get(&t->v->quotas, key_of(t->v, h->quota, h->period));

	(void)why;
	t->rows++;
	if (!q || !quota_hold_equal(hold_now(q, hold_key(t->v, h)), h))
		verify_fault(t->v, h->office, 0, h->reference,
			     "the log does not say that this case holds so much of quota %.*s",
			     SPAN_ARG(h->quota));
	return ERR_NONE;
}

static enum err check_news(void *context, const struct store_quota_news *n, struct cause *why)
{
	struct tally *t = context;
	const struct verify_quota *q = map_get(&t->v->quotas, key_of(t->v, n->quota, n->period));
	const struct quota_moved *m =
	    q && n->serial > 0 && n->serial <= q->moves.n ? &q->moves.v[n->serial - 1] : NULL;

	(void)why;
	t->rows++;
	if (!m || !span_equal(m->state, n->state) || m->balance != n->balance)
		verify_fault(t->v, SPAN(""), 0, SPAN(""),
			     "the history of quota %.*s is not what the log says",
			     SPAN_ARG(n->quota));
	return ERR_NONE;
}

static void compare(struct verify *v, const char *what, int64_t rows, int64_t wanted)
{
	if (rows != wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""), "there are %lld %s, the log knows %lld",
			     (long long)rows, what, (long long)wanted);
}

enum err verify_quotas(struct verify *v, struct cause *why)
{
	struct tally quotas = {v, 0}, holds = {v, 0}, news = {v, 0};
	enum err e;

	if (v->quotas_blind) /* of some moves the log was erased: what they said is not known */
		return ERR_NONE;
	for (uint32_t i = 0; i < v->quotas.size; i++)
		if (v->quotas.slots[i].value)
			replay_moves(v, v->quotas.slots[i].value);
	e = store_scan_quotas(v->store, check_quota, &quotas, why);
	if (!e)
		e = store_scan_quota_holds(v->store, check_hold, &holds, why);
	if (!e)
		e = store_scan_quota_news(v->store, check_news, &news, why);
	if (e)
		return e;
	compare(v, "quotas", quotas.rows, v->quotas.count);
	compare(v, "holds of quotas", holds.rows, v->quota_holds);
	compare(v, "changes of quotas", news.rows, v->quota_news);
	return ERR_NONE;
}
