#include "hub/edition/revenue.h"

#include "base/limits.h"
#include "duty/duty.h"
#include "hub/house.h"

/* One declaration, assessed again. */
struct assessing {
	struct revenue *r;
	struct trade_case *c;
	const struct declaration *d;
	enum direction direction;
	struct facts facts;
	struct assessment now;
	struct findings findings;
	int64_t *value, *before, *after; /* of each item */
	const char *left_out;            /* why; NULL: it is not */
	int64_t sum_value, sum_before;   /* of the whole declaration */
	bool overflow;
};

static void add_to(struct assessing *g, int64_t *sum, int64_t minor)
{
	g->overflow |= __builtin_add_overflow(*sum, minor, sum);
}

/* ---- rows ---- */

static struct revenue_row *row_of(struct assessing *g, struct revenue_rows *rows, struct span key)
{
	struct arena *a = g->r->arena;
	struct revenue_row *row = map_get(&rows->by_key, key);

	if (row)
		return row;
	row = ARENA_NEW(a, struct revenue_row);
	row->key = span_copy(a, key);
	map_put(&rows->by_key, row->key, row);
	*(struct revenue_row **)arena_push(a, (void **)&rows->list.v, &rows->list.n,
					   &rows->list.room, sizeof(row)) = row;
	return row;
}

/* A declaration is counted once in each row that it has a part in. */
static struct revenue_row *count_in(struct assessing *g, struct revenue_row *row)
{
	if (row->last != g->r->trade.taken) {
		row->last = g->r->trade.taken;
		row->declarations++;
	}
	return row;
}

static void add_item(struct assessing *g, enum revenue_by by, struct span key, uint32_t i)
{
	struct revenue_row *row = count_in(g, row_of(g, &g->r->by[by], key));

	row->items++;
	add_to(g, &row->value, g->value[i]);
	add_to(g, &row->before, g->before[i]);
	add_to(g, &row->after, g->after[i]);
}

static struct span country_of(const struct assessing *g, const struct goods_item *item)
{
	struct span origin;

	if (g->direction == DIRECTION_EXPORT)
		return item->destination.n ? item->destination : g->d->shipment.destination;
	origin = goods_item_origin(item, false);
	return origin.n ? origin : goods_item_origin(item, true);
}

static void add_items(struct assessing *g)
{
	struct revenue_row *total = count_in(g, &g->r->total);

	for (uint32_t i = 0; i < g->d->shipment.items.n; i++) {
		const struct goods_item *item = &g->d->shipment.items.v[i];
		struct span code = goods_item_code(g->c->arena, item), chapter = code;

		chapter.n = chapter.n < 2 ? chapter.n : 2;
		add_item(g, REVENUE_CHAPTER, chapter, i);
		add_item(g, REVENUE_COUNTRY, country_of(g, item), i);
		add_item(g, REVENUE_TRADER, g->facts.holder, i);
		add_item(g, REVENUE_COMMODITY, code, i);
		total->items++;
		add_to(g, &total->value, g->value[i]);
		add_to(g, &total->before, g->before[i]);
		add_to(g, &total->after, g->after[i]);
	}
}

/* ---- what was decided ---- */

static bool read_amount(const struct assessing *g, const struct json *o, const char *name,
			int64_t *ret)
{
	struct decimal amount;

	if (decimal_parse(json_get_text(o, name), &amount) || amount.scale != g->r->digits)
		return false;
	*ret = amount.units;
	return true;
}

static bool read_item(const struct assessing *g, const struct json *o, uint32_t *ret)
{
	int64_t item;

	if (json_get_int(o, "item", &item) || item < 1 || item > g->d->shipment.items.n)
		return false;
	*ret = (uint32_t)item - 1;
	return true;
}

static bool read_values(struct assessing *g)
{
	const struct json *values = json_get(g->c->decision, "values");

	for (const struct json *v = values ? values->first : NULL; v; v = v->next) {
		uint32_t i;

		if (!read_item(g, v, &i) || !read_amount(g, v, "customs_value", &g->value[i]))
			return false;
		add_to(g, &g->sum_value, g->value[i]);
	}
	return values != NULL;
}

static bool read_taxes(struct assessing *g)
{
	const struct json *taxes = json_get(g->c->decision, "taxes");

	for (const struct json *t = taxes ? taxes->first : NULL; t; t = t->next) {
		int64_t minor;
		uint32_t i;

		if (!span_is(json_get_text(t, "state"), "due"))
			continue;
		if (!read_item(g, t, &i) || !read_amount(g, t, "amount", &minor))
			return false;
		add_to(g, &g->before[i], minor);
		add_to(g, &g->sum_before, minor);
	}
	return taxes != NULL;
}

static void add_levies(struct assessing *g)
{
	const struct json *taxes = json_get(g->c->decision, "taxes");

	for (const struct json *t = taxes ? taxes->first : NULL; t; t = t->next) {
		struct revenue_row *row;
		int64_t minor = 0;

		if (!span_is(json_get_text(t, "state"), "due") ||
		    !read_amount(g, t, "amount", &minor))
			continue;
		row = row_of(g, &g->r->by[REVENUE_LEVY], json_get_text(t, "type"));
		add_to(g, &count_in(g, row)->before, minor);
	}
	for (uint32_t i = 0; i < g->now.lines.n; i++) {
		const struct tax_line *line = &g->now.lines.v[i];

		if (line->state == TAX_DUE)
			add_to(g,
			       &count_in(g, row_of(g, &g->r->by[REVENUE_LEVY], line->levy))->after,
			       line->amount.minor);
	}
}

/* ---- assessing ---- */

static bool knows_goods(const struct assessing *g)
{
	for (uint32_t i = 0; i < g->d->shipment.items.n; i++) {
		struct span code = goods_item_code(g->c->arena, &g->d->shipment.items.v[i]);

		if (!ref_commodity(g->r->with->ref, code, facts_day(&g->facts, DATE_TARIFF)))
			return false;
	}
	return true;
}

static const char *first_error(const struct findings *f)
{
	for (uint32_t i = 0; i < f->list.n; i++)
		if (f->list.v[i].severity == SEVERITY_ERROR)
			return finding_id(f->list.v[i].rule);
	return NULL;
}

static bool same_money(const struct assessing *g)
{
	return span_equal(json_get_text(json_get(g->c->decision, "total"), "currency"),
			  g->r->currency);
}

/* Leaves g->after, or g->left_out. */
static void assess(struct assessing *g)
{
	struct arena *a = g->c->arena;

	if (!same_money(g) || !read_values(g) || !read_taxes(g)) {
		g->left_out = same_money(g) ? "incomplete" : "currency.other";
		return;
	}
	if (g->r->as_of != INT32_MIN)
		g->facts.fixed_day[DATE_TARIFF] =
		    g->r->as_of == g->facts.legal_day ? 0 : g->r->as_of;
	if (!knows_goods(g)) {
		g->left_out = "commodity.unknown";
		return;
	}
	g->findings = findings_for(a, &dict_declaration, g->d);
	duty_assess(a, g->d, g->r->with->ref, &g->facts, &g->now, &g->findings);
	g->left_out = first_error(&g->findings);
	if (!g->left_out && !g->now.complete)
		g->left_out = "incomplete";
	for (uint32_t i = 0; i < g->now.lines.n && !g->left_out; i++)
		if (g->now.lines.v[i].state == TAX_DUE)
			add_to(g, &g->after[g->now.lines.v[i].item],
			       g->now.lines.v[i].amount.minor);
}

/* In the arena of the results. */
static void add(void *context)
{
	struct assessing *g = context;
	struct revenue_row *row;

	if (!g->left_out) {
		g->r->declarations++;
		add_items(g);
		add_levies(g);
		return;
	}
	row = count_in(g, row_of(g, &g->r->left_out, span_of(g->left_out)));
	row->items += g->d->shipment.items.n;
	add_to(g, &row->value, g->sum_value);
	add_to(g, &row->before, g->sum_before);
}

static enum err take(void *context, struct trade_case *c, struct cause *why)
{
	struct revenue *r = context;
	const struct declaration *d = &c->message.declaration;
	const uint32_t n = d->shipment.items.n + 1;
	struct assessing g = {.r = r,
			      .c = c,
			      .d = d,
			      .facts = c->facts,
			      .value = ARENA_ARRAY(c->arena, int64_t, n),
			      .before = ARENA_ARRAY(c->arena, int64_t, n),
			      .after = ARENA_ARRAY(c->arena, int64_t, n)};
	enum err e;

	g.direction = ref_direction(r->with->ref, d, facts_day(&c->facts, DATE_TARIFF));
	assess(&g);
	e = arena_run(r->arena, add, &g);
	if (e)
		return fail(why, e, "more traders and commodities than fit into memory");
	return g.overflow ? fail(why, ERR_LIMIT, "the sums are too large") : ERR_NONE;
}

/* trade's context is the caller's, for its progress. */
struct watching {
	struct revenue *r;
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
};

static enum err take_one(void *context, struct trade_case *c, struct cause *why)
{
	return take(((struct watching *)context)->r, c, why);
}

static void pass_on(void *context, int64_t done, int64_t total)
{
	const struct watching *w = context;

	if (w->progress)
		w->progress(w->context, done, total);
}

enum err hub_simulate_revenue(struct hub *h, struct revenue *r, struct cause *why)
{
	struct watching w = {r, r->trade.progress, r->trade.context};
	enum err e;

	r->arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	if (!r->arena)
		return fail(why, ERR_NOMEM, "no memory for a simulation");
	for (enum revenue_by by = 0; by < REVENUE_BYS; by++)
		r->by[by] = (struct revenue_rows){.by_key = map_in(r->arena)};
	r->left_out = (struct revenue_rows){.by_key = map_in(r->arena)};
	r->total = (struct revenue_row){0};
	r->digits = ref_digits(r->with->ref);
	r->currency = ref_currency(r->with->ref);
	r->trade.take = take_one;
	r->trade.progress = pass_on;
	r->trade.context = &w;
	e = hub_walk_trade(h, &r->trade, why);
	r->trade.progress = w.progress;
	r->trade.context = w.context;
	return e;
}

void revenue_free(struct revenue *r)
{
	arena_free(r->arena);
	r->arena = NULL;
}
