/* What is left of the quotas that an answer speaks of. One look into the store for all of them, and none where the pack keeps no
 * quota for these goods. */
#include "base/date.h"
#include "hub/house.h"
#include "hub/quota/quotas.h"
#include "hub/tariff/show.h"
#include "quota/quota.h"

struct reading {
	struct tariff_ask *ask;
	struct told_quotas *quotas;
	int32_t day;
};

static const struct told_quota *told_of(const struct told_quotas *t, struct span order)
{
	for (uint32_t i = 0; i < t->list.n; i++)
		if (span_equal(t->list.v[i].order, order))
			return &t->list.v[i];
	return NULL;
}

static void note(struct tariff_ask *a, struct told_quotas *t, struct span order)
{
	if (order.n && !told_of(t, order))
		*(struct told_quota *)arena_push(a->arena, (void **)&t->list.v, &t->list.n,
						 &t->list.room, sizeof(*t->list.v)) =
		    (struct told_quota){.order = order};
}

static enum err read_account(struct reading *x, struct store *store, const struct ref_quota *q,
			     struct store_quota *ret, struct cause *why)
{
	struct text period = text_in(x->ask->arena);
	enum err e;

	*ret = (struct store_quota){0};
	day_write(&period, q->dates.from);
	e = store_get_quota(store, x->ask->arena, q->order, text_as_span(&period), ret, why);
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

static enum err read_one(struct reading *x, struct store *store, struct told_quota *t,
			 struct cause *why)
{
	const struct refset *r = x->ask->inforce->ref;
	const struct ref_quota *parent = NULL;
	struct store_quota row = {0}, above = {0};
	enum err e = ERR_NONE;

	t->quota = ref_quota(r, t->order, x->day);
	if (t->quota && t->quota->parent.n)
		parent = ref_quota(r, t->quota->parent, x->day);
	if (t->quota)
		e = read_account(x, store, t->quota, &row, why);
	if (!e && parent)
		e = read_account(x, store, parent, &above, why);
	if (e)
		return e;
	t->requested = row.requested;
	t->fact = quotas_fact(r, t->order, x->day, &row, &above, &t->left);
	return ERR_NONE;
}

static enum err read_all(struct store *store, void *context, struct cause *why)
{
	struct reading *x = context;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < x->quotas->list.n && !e; i++)
		if (!x->quotas->list.v[i].unknown.n)
			e = read_one(x, store, &x->quotas->list.v[i], why);
	return e;
}

static enum err read_told(struct tariff_ask *a, struct told_quotas *t, int32_t day)
{
	const struct refset *r = a->inforce->ref;
	const int32_t today = day_of(a->now, ref_zone_minutes(r));
	struct reading x = {a, t, day};
	struct store *store;
	bool kept = false;
	enum err e;

	t->at = a->now;
	for (uint32_t i = 0; i < t->list.n; i++) {
		struct told_quota *q = &t->list.v[i];

		q->ahead = day > today;
		q->unknown = !ref_quota_defined(r, q->order) ? SPAN("elsewhere")
			     : !a->hub                       ? SPAN("pack")
			     : day < today                   ? SPAN("past")
							     : SPAN("");
		kept = kept || !q->unknown.n;
	}
	if (!kept)
		return ERR_NONE;
	e = house_open_reader(a->hub, &store, a->why);
	if (e)
		return e;
	e = store_snapshot(store, read_all, &x, a->why);
	house_close_reader(a->hub, store);
	return e;
}

enum err tariff_quotas_of_options(struct tariff_ask *a, struct duty_question *q,
				  const struct duty_options *options, struct told_quotas *ret)
{
	struct quota_fact *fact;
	enum err e;

	*ret = (struct told_quotas){0};
	for (uint32_t i = 0; i < options->n; i++)
		note(a, ret, options->option[i].quota);
	e = read_told(a, ret, q->day);
	if (e || !ret->list.n)
		return e;
	fact = ARENA_ARRAY(a->arena, struct quota_fact, ret->list.n);
	for (uint32_t i = 0; i < ret->list.n; i++)
		if (!ret->list.v[i].unknown.n)
			fact[q->quotas++] = ret->list.v[i].fact;
	q->quota = fact;
	return ERR_NONE;
}

bool tariff_quotas_wait(const struct told_quotas *quotas, struct span order)
{
	const struct told_quota *t = order.n ? told_of(quotas, order) : NULL;

	return t && !t->unknown.n && (t->fact.way == QUOTA_LATER || t->fact.way == QUOTA_SECURED);
}

enum err tariff_quotas_of_place(struct tariff_ask *a, struct show_place *p)
{
	p->quotas = ARENA_NEW(a->arena, struct told_quotas);
	for (uint32_t n = p->code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_measure *m =
		    ref_measures(a->inforce->ref, (struct span){p->code.p, n, 0});

		for (; m; m = m->next)
			if (show_concerns(a, p, m))
				note(a, p->quotas, m->quota);
		if (n == 0)
			break;
	}
	return read_told(a, p->quotas, p->day);
}

/* ---- shown ---- */

static void put_amount(struct json_writer *w, const char *name, int64_t v)
{
	uint8_t scale = 6;

	while (scale && v % 10 == 0) {
		v /= 10;
		scale--;
	}
	json_put_decimal(w, name, decimal_of(v, scale));
}

void show_quota(struct json_writer *w, const struct tariff_ask *a, const struct told_quotas *quotas,
		struct span order)
{
	const struct told_quota *t = order.n ? told_of(quotas, order) : NULL;

	if (!t)
		return;
	json_name(w, "quota_balance");
	json_open_object(w);
	if (t->unknown.n) {
		json_put(w, "unknown", t->unknown);
		json_close_object(w);
		return;
	}
	json_put(w, "state", t->fact.state);
	json_put_c(w, "way", quota_way_name(t->fact.way));
	if (t->quota) {
		json_put(w, "name", show_name(a, t->quota->name));
		show_day(w, a, "from", t->quota->dates.from);
		show_day(w, a, "to", t->quota->dates.to);
		json_put_c(w, "scheme", quota_scheme_name(t->quota->scheme));
		json_put(w, "unit", t->quota->unit);
		put_amount(w, "volume", t->quota->volume);
		put_amount(w, "balance", t->left);
		put_amount(w, "requested", t->requested);
	}
	json_put_moment(w, "as_of", quotas->at);
	json_put_bool(w, "ahead", t->ahead);
	json_close_object(w);
}
