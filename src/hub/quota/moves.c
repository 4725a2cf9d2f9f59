#include "hub/quota/moves.h"

#include "base/date.h"

/* ---- holds ---- */

const struct store_quota_hold *quota_hold_of(const struct quota_holds *h, struct span quota,
					     struct span period, struct span sub)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (span_equal(h->v[i].quota, quota) && span_equal(h->v[i].period, period) &&
		    span_equal(h->v[i].sub, sub))
			return &h->v[i];
	return NULL;
}

/* What a sub-quota asks of its parent is no claim of its own: it counts when it is granted. */
struct quota_hold quota_hold_counted(const struct store_quota_hold *h)
{
	if (!h)
		return (struct quota_hold){.decided = true};
	return (struct quota_hold){h->asked, h->granted, h->sub.n || !span_is(h->way, "later")};
}

bool quota_hold_equal(const struct store_quota_hold *a, const struct store_quota_hold *b)
{
	if (!a || !b)
		return a == b;
	return a->asked == b->asked && a->granted == b->granted && span_equal(a->way, b->way) &&
	       span_equal(a->stage, b->stage) && span_equal(a->day, b->day) && a->at == b->at;
}

struct span quota_lock(struct arena *a, struct span order)
{
	return span_of(arena_print(a, "quota/%.*s", SPAN_ARG(order)));
}

enum err quota_account_of(struct batch *b, struct span order, struct span period,
			  struct store_quota *ret, struct cause *why)
{
	enum err e = store_get_quota(b->h->store, b->h->batch_arena, order, period, ret, why);

	if (e != ERR_NOT_FOUND)
		return e;
	*ret = (struct store_quota){.quota = order, .period = period, .state = SPAN("open")};
	return ERR_NONE;
}

/* ---- one move ---- */

static const struct ref_quota *definition(const struct refset *r, struct span order,
					  struct span period)
{
	int32_t first;

	return day_parse(period, &first) ? NULL : ref_quota_from(r, order, first);
}

static enum err put_hold(struct batch *b, const struct store_quota_hold *was,
			 const struct store_quota_hold *becomes, struct cause *why)
{
	return becomes ? store_put_quota_hold(b->h->store, becomes, why)
		       : store_remove_quota_hold(b->h->store, was, why);
}

static enum err put_state(struct batch *b, const struct ref_quota *q, struct store_quota *row,
			  int64_t *ret_balance, struct cause *why)
{
	const struct quota_account a = {row->taken, row->requested};
	struct span state;

	*ret_balance = 0;
	if (!q)
		return ERR_NONE;
	*ret_balance = quota_left(q, &a);
	state = span_of(quota_state_name(quota_counted(q, &a)));
	if (span_equal(state, row->state))
		return ERR_NONE;
	row->state = state;
	return store_put_quota_news(b->h->store,
				    &(struct store_quota_news){row->quota, row->period, row->serial,
							       b->now, state, *ret_balance},
				    why);
}

enum err quota_move_hold(struct batch *b, const struct refset *r,
			 const struct store_quota_hold *was, const struct store_quota_hold *becomes,
			 struct quota_moves *moves, struct cause *why)
{
	const struct store_quota_hold *any = becomes ? becomes : was;
	const struct ref_quota *q = definition(r, any->quota, any->period);
	const struct quota_hold from = quota_hold_counted(was), to = quota_hold_counted(becomes);
	struct quota_account account, after;
	struct quota_moved *moved;
	struct store_quota row;
	int64_t balance;
	enum err e;

	if (quota_hold_equal(was, becomes))
		return ERR_NONE;
	e = house_lock_holder(b, quota_lock(b->h->batch_arena, any->quota), why);
	if (!e)
		e = quota_account_of(b, any->quota, any->period, &row, why);
	if (e)
		return e;
	account = (struct quota_account){row.taken, row.requested};
	if (!quota_move(&account, &from, &to, &after) ||
	    (to.granted > from.granted && q && quota_left(q, &after) < 0))
		return fail(why, ERR_CONFLICT, "quota %.*s allowed this and then did not",
			    SPAN_ARG(any->quota));
	row.taken = after.taken;
	row.requested = after.requested;
	row.serial++;
	e = put_state(b, q, &row, &balance, why);
	if (!e)
		e = store_put_quota(b->h->store, &row, why);
	if (!e)
		e = put_hold(b, was, becomes, why);
	if (e)
		return e;
	moved = arena_push(b->h->batch_arena, (void **)&moves->list.v, &moves->list.n,
			   &moves->list.room, sizeof(*moved));
	*moved =
	    (struct quota_moved){*any, row.serial, row.taken, row.requested, row.state, balance};
	if (!becomes) {
		moved->hold.stage = SPAN("nothing");
		moved->hold.asked = moved->hold.granted = 0;
	}
	return ERR_NONE;
}

/* ---- the event ---- */

struct span quota_write_moves(struct arena *a, const struct quota_moves *moves)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_name(&w, "moves");
	json_open_array(&w);
	for (uint32_t i = 0; i < moves->list.n; i++) {
		const struct quota_moved *m = &moves->list.v[i];

		json_open_object(&w);
		json_put(&w, "quota", m->hold.quota);
		json_put(&w, "period", m->hold.period);
		json_put(&w, "sub", m->hold.sub);
		json_put(&w, "office", m->hold.office);
		json_put(&w, "reference", m->hold.reference);
		json_put(&w, "day", m->hold.day);
		json_put_int(&w, "at", m->hold.at);
		json_put(&w, "stage", m->hold.stage);
		json_put(&w, "way", m->hold.way);
		json_put_int(&w, "asked", m->hold.asked);
		json_put_int(&w, "granted", m->hold.granted);
		json_put_int(&w, "serial", m->serial);
		json_put_int(&w, "taken", m->taken);
		json_put_int(&w, "requested", m->requested);
		json_put(&w, "state", m->state);
		json_put_int(&w, "balance", m->balance);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	return text_as_span(&t);
}

static bool read_move(const struct json *j, struct quota_moved *m)
{
	m->hold = (struct store_quota_hold){.quota = json_get_text(j, "quota"),
					    .period = json_get_text(j, "period"),
					    .sub = json_get_text(j, "sub"),
					    .office = json_get_text(j, "office"),
					    .reference = json_get_text(j, "reference"),
					    .day = json_get_text(j, "day"),
					    .stage = json_get_text(j, "stage"),
					    .way = json_get_text(j, "way")};
	m->state = json_get_text(j, "state");
	return m->hold.quota.n && !json_get_int(j, "at", &m->hold.at) &&
	       !json_get_int(j, "asked", &m->hold.asked) &&
	       !json_get_int(j, "granted", &m->hold.granted) &&
	       !json_get_int(j, "serial", &m->serial) && !json_get_int(j, "taken", &m->taken) &&
	       !json_get_int(j, "requested", &m->requested) &&
	       !json_get_int(j, "balance", &m->balance);
}

enum err quota_read_moves(struct arena *a, struct span payload, struct quota_moves *ret)
{
	const struct json *j;
	struct codec_fault fault;

	*ret = (struct quota_moves){0};
	if (json_read(a, payload, &j, &fault) || !json_get(j, "moves"))
		return ERR_FORMAT;
	for (j = json_get(j, "moves")->first; j; j = j->next)
		if (!read_move(j, arena_push(a, (void **)&ret->list.v, &ret->list.n,
					     &ret->list.room, sizeof(*ret->list.v))))
			return ERR_FORMAT;
	return ERR_NONE;
}
