#include "hub/quota/quota_show.h"

#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "quota/quota.h"

/* A period with what the store knows of it. */
struct shown {
	const struct ref_quota *q;
	struct store_quota row;
	struct store_quota_news *news;
	uint32_t news_count;
};

struct showing {
	struct arena *arena;
	const struct refset *ref;
	struct span order, language;
	int32_t today;
	struct shown *v;
	uint32_t n;
	bool more;
	struct text text;
	struct json_writer w;
};

static struct span day_text(struct arena *a, int32_t day)
{
	struct text t = text_in(a);

	day_write(&t, day);
	return text_as_span(&t);
}

static void choose(void *context)
{
	struct showing *s = context;

	s->v = ARENA_ARRAY(s->arena, struct shown, QUOTAS_SHOWN);
	for (const struct ref_quota *q = ref_quotas(s->ref); q; q = q->following) {
		if (s->order.n ? !span_equal(q->order, s->order) : !ref_holds(q->dates, s->today))
			continue;
		if (s->n == QUOTAS_SHOWN) {
			s->more = true;
			return;
		}
		s->v[s->n++] = (struct shown){
		    .q = q,
		    .row = {.quota = q->order, .period = day_text(s->arena, q->dates.from)}};
	}
}

static enum err read_rows(struct store *store, void *context, struct cause *why)
{
	struct showing *s = context;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < s->n && !e; i++) {
		struct shown *x = &s->v[i];

		e = store_get_quota(store, s->arena, x->row.quota, x->row.period, &x->row, why);
		if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
		if (!e && s->order.n)
			e = store_list_quota_news(store, s->arena, x->row.quota, x->row.period,
						  QUOTA_EVENTS_SHOWN, &x->news, &x->news_count,
						  why);
	}
	return e;
}

static void put_amount(struct json_writer *w, const char *name, int64_t v)
{
	uint8_t scale = 6;

	while (scale && v % 10 == 0) {
		v /= 10;
		scale--;
	}
	json_put_decimal(w, name, decimal_of(v, scale));
}

static struct span named(const struct showing *s, const struct ref_text *t)
{
	return span_is(s->language, "fr") && t->fr.n ? t->fr : t->en;
}

static void put_days(struct showing *s, struct ref_dates d)
{
	json_put(&s->w, "from", day_text(s->arena, d.from));
	if (d.to != INT32_MAX)
		json_put(&s->w, "to", day_text(s->arena, d.to));
}

static void put_events(struct showing *s, const struct shown *x)
{
	json_name(&s->w, "events");
	json_open_array(&s->w);
	for (uint32_t i = 0; i < x->news_count; i++) {
		struct text at = text_in(s->arena);

		moment_write(&at, x->news[i].at);
		json_open_object(&s->w);
		json_put(&s->w, "at", text_as_span(&at));
		json_put(&s->w, "state", x->news[i].state);
		put_amount(&s->w, "balance", x->news[i].balance);
		json_close_object(&s->w);
	}
	json_close_array(&s->w);
}

static void put_quota(struct showing *s, const struct shown *x)
{
	const struct quota_account a = {x->row.taken, x->row.requested};
	const struct ref_quota *q = x->q;
	struct json_writer *w = &s->w;
	const bool holds = ref_holds(q->dates, s->today);

	json_open_object(w);
	json_put(w, "quota", q->order);
	json_put(w, "name", named(s, &q->name));
	put_days(s, q->dates);
	json_put_c(w, "scheme", quota_scheme_name(q->scheme));
	json_put(w, "unit", q->unit);
	put_amount(w, "volume", q->volume);
	put_amount(w, "balance", quota_left(q, &a) > 0 ? quota_left(q, &a) : 0);
	put_amount(w, "requested", a.requested);
	json_put_c(w, "state",
		   quota_state_name(quota_state(s->ref, holds ? q : NULL, &a, s->today)));
	if (q->parent.n) {
		json_put(w, "parent", q->parent);
		put_amount(w, "coefficient", q->coefficient);
	}
	json_put(w, "source", q->source);
	if (s->order.n)
		put_events(s, x);
	json_close_object(w);
}

static void put_stops(struct showing *s)
{
	struct json_writer *w = &s->w;

	json_name(w, "stops");
	json_open_array(w);
	for (const struct ref_quota_stop *x = ref_quota_stops(s->ref, s->order); x; x = x->next) {
		json_open_object(w);
		json_put_c(w, "kind", x->kind == STOP_BLOCKING ? "blocking" : "suspension");
		put_days(s, x->dates);
		json_put(w, "reason", named(s, &x->reason));
		json_put(w, "source", x->source);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_all(void *context)
{
	struct showing *s = context;

	s->w = json_to(&s->text);
	json_open_object(&s->w);
	json_put(&s->w, "on", day_text(s->arena, s->today));
	json_name(&s->w, "quotas");
	json_open_array(&s->w);
	for (uint32_t i = 0; i < s->n; i++)
		put_quota(s, &s->v[i]);
	json_close_array(&s->w);
	if (s->order.n)
		put_stops(s);
	json_put_bool(&s->w, "more", s->more);
	json_close_object(&s->w);
}

static enum err show(struct hub *h, struct showing *s, struct cause *why)
{
	struct store *store;
	enum err e = arena_run(s->arena, choose, s);

	if (!e && s->order.n && !s->n)
		return fail(why, ERR_NOT_FOUND, "there is no quota %.*s", SPAN_ARG(s->order));
	if (!e)
		e = house_open_reader(h, &store, why);
	if (e)
		return e;
	e = store_snapshot(store, read_rows, s, why);
	house_close_reader(h, store);
	return e ? e : arena_run(s->arena, write_all, s);
}

enum err hub_write_quotas(struct hub *h, struct text *to, struct span order, struct span language,
			  struct cause *why)
{
	struct showing s = {
	    .arena = to->arena, .order = order, .language = language, .text = text_in(to->arena)};
	struct inforce *in = house_inforce(h);
	enum err e;

	if (!in)
		return fail(why, ERR_NOT_FOUND, "no tariff is in force");
	s.ref = in->ref;
	s.today = day_of(clock_now(), ref_zone_minutes(in->ref));
	e = show(h, &s, why);
	inforce_release(in);
	if (!e)
		*to = s.text;
	return e;
}

/* ---- who has it ---- */

struct claims {
	struct arena *arena;
	struct store_quota_hold before;
	uint32_t limit;
	struct store_quota_hold *v;
	uint32_t n;
	struct text text;
};

static enum err read_claims(struct store *store, void *context, struct cause *why)
{
	struct claims *c = context;

	return store_page_quota_holds(store, c->arena, &c->before, c->limit + 1, &c->v, &c->n, why);
}

/* Where the next page begins, as write_claims() says it: MOMENT/OFFICE/REFERENCE/SUB. */
static enum err read_after(struct span after, struct store_quota_hold *ret, struct cause *why)
{
	const bool begins = !after.n;
	bool sound;

	*ret = (struct store_quota_hold){
	    .at = INT64_MAX, .office = SPAN(""), .reference = SPAN(""), .sub = SPAN("")};
	if (begins)
		return ERR_NONE;
	sound = !moment_parse(span_cut(&after, '/'), &ret->at);
	ret->office = span_cut(&after, '/');
	ret->reference = span_cut(&after, '/');
	ret->sub = after.p ? after : SPAN("");
	return sound && ret->office.n && ret->reference.n
		   ? ERR_NONE
		   : fail(why, ERR_FORMAT, "after is what a page of claims said");
}

static void put_after(struct json_writer *w, const struct store_quota_hold *last)
{
	struct text t = text_in(w->text->arena);

	moment_write(&t, last->at);
	text_print(&t, "/%.*s/%.*s/%.*s", SPAN_ARG(last->office), SPAN_ARG(last->reference),
		   SPAN_ARG(last->sub));
	json_put(w, "after", text_as_span(&t));
}

static void put_claim(struct json_writer *w, const struct store_quota_hold *h)
{
	json_open_object(w);
	json_put(w, "period", h->period);
	if (h->sub.n)
		json_put(w, "sub", h->sub);
	json_put(w, "office", h->office);
	json_put(w, "reference", h->reference);
	json_put(w, "day", h->day);
	json_put_moment(w, "at", h->at);
	json_put(w, "stage", h->stage);
	json_put(w, "way", h->way);
	put_amount(w, "asked", h->asked);
	put_amount(w, "granted", h->granted);
	json_close_object(w);
}

static void write_claims(void *context)
{
	struct claims *c = context;
	struct json_writer w = json_to(&c->text);

	json_open_object(&w);
	json_put(&w, "quota", c->before.quota);
	json_name(&w, "claims");
	json_open_array(&w);
	for (uint32_t i = 0; i < c->n && i < c->limit; i++)
		put_claim(&w, &c->v[i]);
	json_close_array(&w);
	if (c->n > c->limit)
		put_after(&w, &c->v[c->limit - 1]);
	json_close_object(&w);
}

static enum err is_defined(struct hub *h, struct span order, struct cause *why)
{
	struct inforce *in = house_inforce(h);
	const bool defined = in && ref_quota_defined(in->ref, order);

	inforce_release(in);
	return defined ? ERR_NONE
		       : fail(why, ERR_NOT_FOUND, "there is no quota %.*s", SPAN_ARG(order));
}

enum err hub_write_quota_claims(struct hub *h, struct text *to, const struct who *by,
				struct span order, struct span after, uint32_t limit,
				struct cause *why)
{
	struct claims c = {.arena = to->arena, .limit = limit, .text = text_in(to->arena)};
	struct store *store;
	enum err e = people_demand(by, ROLE_TARIFF | ROLE_AUDITOR, why);

	if (!e)
		e = is_defined(h, order, why);
	if (!e)
		e = read_after(after, &c.before, why);
	c.before.quota = order;
	if (!e)
		e = house_open_reader(h, &store, why);
	if (e)
		return e;
	e = store_snapshot(store, read_claims, &c, why);
	house_close_reader(h, store);
	if (!e)
		e = arena_run(c.arena, write_claims, &c);
	if (!e)
		*to = c.text;
	return e;
}
