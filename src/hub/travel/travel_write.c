/* A traveller's declaration as it is stored, and as people read it. */
#include <stdio.h>

#include "base/date.h"
#include "hub/settle/decision.h"
#include "hub/travel/travel_room.h"

enum { FORMAT = 1 };

static void put_day(struct json_writer *w, const char *name, int32_t day)
{
	struct text text = text_in(w->text->arena);

	day_write(&text, day);
	json_put(w, name, text_as_span(&text));
}

static void put_thousandths(struct json_writer *w, const char *name, int64_t v)
{
	uint8_t scale = 3;

	while (scale && v % 10 == 0) {
		v /= 10;
		scale--;
	}
	json_put_decimal(w, name, decimal_of(v, scale));
}

static void put_minor(struct json_writer *w, const struct refset *r, const char *name, int64_t v)
{
	json_put_decimal(w, name, money_to_decimal((struct money){v}, ref_digits(r)));
}

/* ---- what was declared ---- */

static void write_goods(struct json_writer *w, const struct travel_party *p)
{
	json_name(w, "goods");
	json_open_array(w);
	for (uint32_t i = 0; i < p->n; i++) {
		json_open_object(w);
		json_put(w, "goods", p->goods[i].goods);
		json_put(w, "quantity", p->goods[i].quantity);
		if (p->goods[i].currency.n)
			json_put(w, "currency", p->goods[i].currency);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_declared(struct json_writer *w, const struct travel_ask *a)
{
	json_name(w, "declared");
	json_open_object(w);
	json_put(w, "office", a->office);
	json_put(w, "from", a->from);
	json_put_int(w, "adults", a->party.adults);
	json_put_int(w, "children", a->party.children);
	write_goods(w, &a->party);
	json_close_object(w);
}

static void write_versions(struct json_writer *w, const struct inforce *i)
{
	json_name(w, "versions");
	json_open_object(w);
	json_put_int(w, "format", FORMAT);
	for (unsigned part = 0; part < PACK_PARTS; part++)
		json_put_c(w, pack_part_name((enum pack_part)part), i->hash[part]);
	json_close_object(w);
}

static void write_draw(struct json_writer *w, const struct travel_case *c)
{
	char value[17];

	snprintf(value, sizeof(value), "%016llx", (unsigned long long)c->draw);
	json_name(w, "draw");
	json_open_object(w);
	json_put(w, "day", c->draw_day);
	json_put(w, "commitment", c->commitment);
	json_put_c(w, "value", value);
	json_close_object(w);
}

static void write_line(struct json_writer *w, const struct refset *r, const struct travel_line *l)
{
	json_put(w, "goods", l->rule->goods);
	json_put(w, "unit", l->rule->unit);
	put_thousandths(w, "brought", l->brought);
	put_thousandths(w, "free", l->free);
	put_thousandths(w, "beyond", l->beyond);
	if (l->rule->rate_text.n)
		json_put(w, "rate", l->rule->rate_text);
	put_minor(w, r, "amount", l->minor);
	json_put_bool(w, "declare", l->declare);
	json_put_bool(w, "formal", l->formal);
	json_put(w, "source", l->rule->source);
}

enum err travel_write(struct text *to, const struct travel_case *c, const struct inforce *i,
		      struct cause *why)
{
	struct json_writer w = json_to(to);
	struct travel_result t;
	enum err e = travel_assess(i->ref, c->day, &c->ask.party, &t, why);

	if (e)
		return e;
	json_open_object(&w);
	write_declared(&w, &c->ask);
	put_day(&w, "day", c->day);
	write_versions(&w, i);
	write_draw(&w, c);
	json_name(&w, "lines");
	json_open_array(&w);
	for (uint32_t k = 0; k < t.n; k++) {
		json_open_object(&w);
		write_line(&w, i->ref, &t.line[k]);
		json_close_object(&w);
	}
	json_close_array(&w);
	put_minor(&w, i->ref, "total", t.total);
	json_put(&w, "currency", ref_currency(i->ref));
	json_put_c(&w, "lane", t.declare ? "red" : "green");
	json_put_bool(&w, "picked", draw_within(c->draw, ref_random_ppm(i->ref)));
	json_close_object(&w);
	return ERR_NONE;
}

/* ---- reading it again ---- */

static bool read_goods(const struct json *list, struct travel_party *p)
{
	if (!list || list->kind != JSON_ARRAY || list->count > TRAVEL_GOODS)
		return false;
	for (const struct json *g = list->first; g; g = g->next)
		p->goods[p->n++] =
		    (struct travel_goods){json_get_text(g, "goods"), json_get_text(g, "quantity"),
					  json_get_text(g, "currency")};
	return true;
}

static bool read_draw(const struct json *draw, struct travel_case *c)
{
	struct span value = json_get_text(draw, "value");

	c->draw_day = json_get_text(draw, "day");
	c->commitment = json_get_text(draw, "commitment");
	for (uint32_t i = 0; i < value.n; i++) {
		char x = value.p[i];

		if (!((x >= '0' && x <= '9') || (x >= 'a' && x <= 'f')))
			return false;
		c->draw = c->draw << 4 | (uint64_t)(x <= '9' ? x - '0' : x - 'a' + 10);
	}
	return value.n == 16;
}

enum err travel_read(const struct json *payload, struct travel_case *ret)
{
	const struct json *declared = json_get(payload, "declared");
	struct travel_case c = {.ask = {.office = json_get_text(declared, "office"),
					.from = json_get_text(declared, "from")}};

	if (json_get_int(declared, "adults", &c.ask.party.adults) ||
	    json_get_int(declared, "children", &c.ask.party.children) ||
	    !read_goods(json_get(declared, "goods"), &c.ask.party) ||
	    day_parse(json_get_text(payload, "day"), &c.day) ||
	    !read_draw(json_get(payload, "draw"), &c))
		return ERR_FORMAT;
	*ret = c;
	return ERR_NONE;
}

enum err travel_redo(struct arena *a, const struct json *payload, const struct inforce *i,
		     struct span *ret, struct cause *why)
{
	struct text text = text_in(a);
	struct travel_case c;
	enum err e = travel_read(payload, &c);

	if (e)
		return fail(why, e, "a traveller's declaration cannot be read");
	e = travel_write(&text, &c, i, why);
	if (!e)
		*ret = text_as_span(&text);
	return e;
}

/* ---- for people ---- */

static struct span in_language(struct ref_text t, struct span language)
{
	return span_is(language, "fr") && t.fr.n ? t.fr : t.en;
}

static void put_words(struct json_writer *w, const struct ref_travel *rule, struct span language)
{
	if (!rule)
		return;
	json_put(w, "name", in_language(rule->name, language));
	json_put(w, "note", in_language(rule->note, language));
}

enum err travel_show(struct json_writer *w, const struct refset *r, int32_t day,
		     const struct travel_party *party, struct span language, struct cause *why)
{
	struct travel_result t;
	enum err e = travel_assess(r, day, party, &t, why);

	if (e)
		return e;
	put_day(w, "day", day);
	json_put(w, "currency", ref_currency(r));
	json_put_c(w, "exit", t.declare ? "red" : "green");
	put_minor(w, r, "total", t.total);
	json_name(w, "lines");
	json_open_array(w);
	for (uint32_t k = 0; k < t.n; k++) {
		json_open_object(w);
		write_line(w, r, &t.line[k]);
		put_words(w, t.line[k].rule, language);
		json_close_object(w);
	}
	json_close_array(w);
	return ERR_NONE;
}

void travel_show_stored(struct json_writer *w, const struct refset *r, const struct json *payload,
			struct span language)
{
	const struct json *lines = json_get(payload, "lines");
	int32_t day = 0;

	json_put(w, "day", json_get_text(payload, "day"));
	json_put(w, "currency", json_get_text(payload, "currency"));
	json_put(w, "exit", json_get_text(payload, "lane"));
	json_put(w, "total", json_get_text(payload, "total"));
	json_name(w, "lines");
	json_open_array(w);
	for (const struct json *l = lines ? lines->first : NULL; l; l = l->next) {
		json_open_object(w);
		for (const struct json *m = l->first; m; m = m->next) {
			json_name_span(w, m->name);
			json_value(w, m);
		}
		if (!day_parse(json_get_text(payload, "day"), &day))
			put_words(w, ref_travel_of(r, json_get_text(l, "goods"), day), language);
		json_close_object(w);
	}
	json_close_array(w);
}
