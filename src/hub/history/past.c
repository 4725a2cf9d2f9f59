#include "hub/history/past.h"

#include "hub/history/history.h"

struct subject {
	struct span subject; /* p NULL: there is none */
	struct history_counts counts;
};

struct goods_past {
	struct span code;
	struct subject goods, by_trader;
};

struct past {
	struct hub *hub;
	struct arena *arena;
	const struct hub_look *look;
	struct text *to;
	struct store *store;
	struct cause *why;
	enum err err;
	struct store_declaration row;
	struct message message;
	struct span id; /* of the trader */
	struct subject trader;
	struct goods_past goods[PAST_GOODS_MAX];
	uint32_t n;
	bool more;
};

/* ---- of whom, of what ---- */

/* What stands behind the last slash of a subject's name. */
static struct span name_of(struct span subject)
{
	struct span name = subject;

	while (subject.n)
		name = span_cut(&subject, '/');
	return name;
}

static bool is_named(const struct past *p, struct span subject)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (span_equal(p->goods[i].goods.subject, subject))
			return true;
	return false;
}

static void name_subjects(void *context)
{
	struct past *p = context;
	const struct declaration *d = &p->message.declaration;

	p->trader.subject = history_subject(p->arena, HISTORY_IMPORTER, d, NULL, p->row.office);
	p->id = name_of(p->trader.subject);
	for (uint32_t i = 0; i < d->shipment.items.n; i++) {
		const struct goods_item *item = &d->shipment.items.v[i];
		const struct span subject =
		    history_subject(p->arena, HISTORY_COMMODITY, d, item, p->row.office);

		if (!subject.n || is_named(p, subject))
			continue;
		if (p->n == PAST_GOODS_MAX) {
			p->more = true;
			return;
		}
		p->goods[p->n++] =
		    (struct goods_past){.code = name_of(subject),
					.goods.subject = subject,
					.by_trader.subject = history_subject(
					    p->arena, HISTORY_PAIR, d, item, p->row.office)};
	}
}

/* ---- what is known ---- */

static enum err add_up(struct past *p, const struct store_histories *rows, struct subject *to)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		struct history_row *row = arena_try(p->arena, sizeof(*row));

		if (!row)
			return fail(p->why, arena_failure(p->arena), "no memory for a history");
		if (history_read(rows->row[i].body, row))
			return fail(p->why, ERR_DB, "the history of %.*s at %.*s cannot be read",
				    SPAN_ARG(rows->row[i].subject), SPAN_ARG(rows->row[i].office));
		to->counts.declared += row->before.declared + row->today.declared;
		to->counts.examined += row->before.examined + row->today.examined;
		to->counts.irregular += row->before.irregular + row->today.irregular;
	}
	return ERR_NONE;
}

/* All subjects together. */
static enum err know(struct past *p)
{
	struct subject *of[2 * PAST_GOODS_MAX + 1];
	struct span name[2 * PAST_GOODS_MAX + 1];
	struct store_histories rows[2 * PAST_GOODS_MAX + 1];
	uint32_t n = 0;
	enum err e;

	of[n++] = &p->trader;
	for (uint32_t i = 0; i < p->n; i++) {
		of[n++] = &p->goods[i].goods;
		of[n++] = &p->goods[i].by_trader;
	}
	for (uint32_t i = 0; i < n; i++)
		name[i] = of[i]->subject.n ? of[i]->subject : SPAN("");
	e = store_find_histories(p->store, p->arena, name, n, rows, p->why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = add_up(p, &rows[i], of[i]);
	return e;
}

static enum err find(struct store *s, void *context, struct cause *why)
{
	struct past *p = context;
	const struct hub_look *l = p->look;
	enum view view;
	enum err e = scope_case(p->hub, s, p->arena, l->who, l->reference, l->purpose, l->request,
				&p->row, &view, why);

	if (!e && (view < VIEW_OFFICER || span_is(p->row.state, "request")))
		e = ERR_NOT_FOUND;
	if (!e)
		e = house_message_of(s, p->arena, &p->row, &p->message, why);
	if (e)
		return e;
	p->store = s;
	p->why = why;
	e = arena_run(p->arena, name_subjects, p);
	return e ? fail(why, e, "no memory for a history") : know(p);
}

/* ---- written ---- */

static void put_counts(struct json_writer *w, const struct subject *s)
{
	json_put_int(w, "declared", s->counts.declared);
	json_put_int(w, "controlled", s->counts.examined);
	json_put_int(w, "irregular", s->counts.irregular);
}

static void put_goods(struct json_writer *w, const struct goods_past *g)
{
	json_open_object(w);
	json_put(w, "commodity", g->code);
	put_counts(w, &g->goods);
	if (g->by_trader.subject.n) {
		json_name(w, "by_trader");
		json_open_object(w);
		put_counts(w, &g->by_trader);
		json_close_object(w);
	}
	json_close_object(w);
}

static void write_past(void *context)
{
	const struct past *p = context;
	struct json_writer w = json_to(p->to);

	json_open_object(&w);
	json_put(&w, "reference", p->row.reference);
	if (p->id.n) {
		json_name(&w, "trader");
		json_open_object(&w);
		json_put(&w, "id", p->id);
		put_counts(&w, &p->trader);
		json_close_object(&w);
	}
	json_name(&w, "goods");
	json_open_array(&w);
	for (uint32_t i = 0; i < p->n; i++)
		put_goods(&w, &p->goods[i]);
	json_close_array(&w);
	if (p->more)
		json_put_bool(&w, "more", true);
	json_close_object(&w);
}

enum err hub_write_past(struct hub *h, struct text *to, const struct hub_look *look,
			struct cause *why)
{
	struct text text = text_in(to->arena);
	struct past p = {.hub = h, .arena = to->arena, .look = look, .to = &text};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, find, &p, why);
	house_close_reader(h, s);
	if (!e && arena_run(to->arena, write_past, &p))
		e = fail(why, ERR_NOMEM, "no memory for a history");
	if (!e)
		*to = text;
	return e;
}
