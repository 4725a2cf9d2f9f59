/* Short- and over-landed: what was reported of a conveyance beside what came off it. */
#include "base/map.h"
#include "hub/cargo/cargo.h"
#include "hub/cargo/cargo_room.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"

/* ---- what was landed, as it is noted ---- */

struct reading {
	struct arena *arena;
	const struct json *bills;
	bool instead;
	struct span key, payload;
	bool sound;
};

static bool read_bill(struct arena *a, const struct json *j, struct json_writer *w)
{
	const struct span type = json_get_text(j, "type"), id = json_get_text(j, "id"),
			  packages = json_get_text(j, "packages"), mass = json_get_text(j, "mass");
	struct stock_amount landed = {{0}};
	struct quantity q = {.unit = SPAN("KGM")};
	struct decimal count = {0};

	if (j->kind != JSON_OBJECT || !type.n || type.n > 3 || !id.n ||
	    id.n > LIMIT_REFERENCE_BYTES || (!packages.n && !mass.n))
		return false;
	if ((packages.n && decimal_parse(packages, &count)) ||
	    (mass.n && decimal_parse(mass, &q.value)) || !measures_add_packages(&landed, count) ||
	    !measures_add_mass(&landed, &q))
		return false;
	json_open_object(w);
	json_put(w, "account", writeoff_account(a, type, id));
	json_put_int(w, "measured",
		     (packages.n ? 1 << STOCK_PACKAGES : 0) | (mass.n ? 1 << STOCK_MASS : 0));
	writeoff_put_measures(w, "landed", landed.of);
	json_close_object(w);
	return true;
}

static void read_all(void *context)
{
	struct reading *r = context;
	struct text t = text_in(r->arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	if (r->key.n)
		json_put(&w, "key", r->key);
	if (r->instead)
		json_put_bool(&w, "instead", true);
	json_name(&w, "bills");
	json_open_array(&w);
	for (const struct json *j = r->bills->first; j; j = j->next)
		if (!read_bill(r->arena, j, &w))
			return;
	json_close_array(&w);
	json_close_object(&w);
	r->payload = text_as_span(&t);
	r->sound = true;
}

enum err landing_read(struct arena *a, const struct json *outturn, struct span key,
		      struct span *ret, struct cause *why)
{
	const struct json *bills = json_get(outturn, "bills"),
			  *instead = json_get(outturn, "instead");
	struct reading r = {.arena = a,
			    .bills = bills,
			    .key = key,
			    .instead = instead && instead->kind == JSON_TRUE};

	if (!bills || bills->kind != JSON_ARRAY || !bills->count || bills->count > STORE_SOURCE_MAX)
		return fail(why, ERR_FORMAT, "bills: a list of 1 to %d is wanted",
			    STORE_SOURCE_MAX);
	if (instead && instead->kind != JSON_TRUE && instead->kind != JSON_FALSE)
		return fail(why, ERR_FORMAT, "instead is true or false");
	if (arena_run(a, read_all, &r))
		return fail(why, ERR_NOMEM, "no memory for what was landed");
	if (!r.sound)
		return fail(why, ERR_FORMAT,
			    "each bill has type, id and packages or mass, which are decimal text "
			    "and not below zero");
	*ret = r.payload;
	return ERR_NONE;
}

/* ---- beside what was reported ---- */

struct landed {
	struct span account;
	int64_t measured, amount[STOCK_MEASURES];
	bool reported;
};

struct comparing {
	struct arena *arena;
	struct store *store;
	const struct hub_look *look;
	struct hub *hub;
	struct store_cargo row;
	struct store_stock *stock;
	uint32_t stock_count;
	struct event *outturn; /* each adds what came off later */
	uint32_t outturn_count;
	struct text text;
	enum err err;
};

static enum err read_rows(struct store *s, void *context, struct cause *why)
{
	struct comparing *c = context;
	enum view view;
	enum err e = scope_cargo(c->hub, s, c->arena, c->look->who, c->look->reference,
				 c->look->purpose, c->look->request, &c->row, &view, why);

	if (!e)
		e = store_list_stock_of(s, c->arena, c->row.reference, &c->stock, &c->stock_count,
					why);
	return e ? e
		 : store_list_events_of(s, c->arena, c->row.office, c->row.reference,
					SPAN("cargo-outturn"), &c->outturn, &c->outturn_count, why);
}

static void forget_all(struct map *by_account)
{
	for (uint32_t i = 0; i < by_account->size; i++) {
		struct landed *l = by_account->slots[i].value;

		if (l)
			*l = (struct landed){.account = l->account};
	}
}

/* All outturns together: a conveyance is unloaded in several shifts. One that comes instead of what was counted before begins
 * anew. */
static bool sum_landed(struct comparing *c, struct map *by_account)
{
	for (uint32_t i = 0; i < c->outturn_count; i++) {
		const struct json *j;
		struct codec_fault fault;

		if (json_read(c->arena, c->outturn[i].payload, &j, &fault) || !json_get(j, "bills"))
			return false;
		if (json_get(j, "instead"))
			forget_all(by_account);
		for (j = json_get(j, "bills")->first; j; j = j->next) {
			const struct span account = json_get_text(j, "account");
			struct landed *l = map_get(by_account, account);
			int64_t amount[STOCK_MEASURES], measured;

			if (!writeoff_read_measures(json_get(j, "landed"), amount) ||
			    json_get_int(j, "measured", &measured))
				return false;
			if (!l) {
				l = ARENA_NEW(c->arena, struct landed);
				*l = (struct landed){.account = account};
				map_put(by_account, account, l);
			}
			l->measured |= measured;
			for (int m = 0; m < STOCK_MEASURES; m++)
				if (__builtin_add_overflow(l->amount[m], amount[m], &l->amount[m]))
					return false;
		}
	}
	return true;
}

static void put_line(struct json_writer *w, struct span account, const struct store_stock *k,
		     const struct landed *l)
{
	int64_t off[STOCK_MEASURES] = {0}, shortage[STOCK_MEASURES] = {0},
		over[STOCK_MEASURES] = {0};
	/* what was counted, and of that what was reported too; a bill that nobody reported is over by all */
	unsigned measured = l ? (unsigned)l->measured : k ? (unsigned)k->measured : 0;
	struct span id = account, type;

	if (k && l)
		measured &= (unsigned)k->measured;
	span_cut(&id, '/');
	type = span_cut(&id, '/');
	for (int m = 0; m < STOCK_MEASURES; m++) {
		const int64_t reported = k ? k->granted[m] : 0, got = l ? l->amount[m] : 0;

		off[m] = k ? k->reserved[m] + k->used[m] : 0;
		shortage[m] = reported > got ? reported - got : 0;
		over[m] = got > reported ? got - reported : 0;
	}
	json_open_object(w);
	json_put(w, "type", type);
	json_put(w, "id", id);
	if (k) {
		writeoff_put_readable(w, "reported", (unsigned)k->measured, k->granted);
		writeoff_put_readable(w, "written_off", (unsigned)k->measured, off);
	}
	if (l)
		writeoff_put_readable(w, "landed", (unsigned)l->measured, l->amount);
	writeoff_put_readable(w, "short", measured, shortage);
	writeoff_put_readable(w, "over", measured, over);
	json_close_object(w);
}

static void compare(void *context)
{
	struct comparing *c = context;
	struct map by_account = map_in(c->arena);
	struct json_writer w = json_to(&c->text);

	if (!sum_landed(c, &by_account)) {
		c->err = ERR_DB;
		return;
	}
	json_open_object(&w);
	json_put(&w, "reference", c->row.reference);
	json_put(&w, "conveyance", c->row.conveyance);
	json_put_bool(&w, "arrived", c->row.arrived_at != 0);
	json_put_bool(&w, "counted", c->outturn_count > 0);
	json_name(&w, "bills");
	json_open_array(&w);
	for (uint32_t i = 0; i < c->stock_count; i++) {
		struct landed *l = map_get(&by_account, c->stock[i].account);

		if (l)
			l->reported = true;
		put_line(&w, c->stock[i].account, &c->stock[i], l && l->measured ? l : NULL);
	}
	for (uint32_t i = 0; i < by_account.size; i++) {
		const struct landed *l = by_account.slots[i].value;

		if (l && l->measured && !l->reported)
			put_line(&w, l->account, NULL, l);
	}
	json_close_array(&w);
	json_close_object(&w);
}

enum err hub_write_landing(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why)
{
	struct comparing c = {
	    .arena = to->arena, .hub = h, .look = look, .text = text_in(to->arena)};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, read_rows, &c, why);
	house_close_reader(h, s);
	if (!e && (arena_run(to->arena, compare, &c) || c.err))
		e = fail(why, c.err ? c.err : ERR_NOMEM, "what was landed cannot be read");
	if (!e)
		*to = c.text;
	return e;
}
