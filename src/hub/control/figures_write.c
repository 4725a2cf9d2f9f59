#include "hub/control/figures.h"

#include <stdlib.h>

#include "base/date.h"

/* ---- amounts ---- */

struct writing {
	struct json_writer *w;
	struct arena *arena;
	unsigned digits;
};

static void put_money(const struct writing *x, const char *name, int64_t minor)
{
	json_put_decimal(x->w, name, money_to_decimal((struct money){minor}, x->digits));
}

static void put_day(const struct writing *x, const char *name, int32_t day)
{
	struct text t = text_in(x->arena);

	day_write(&t, day);
	json_put(x->w, name, text_as_span(&t));
}

/* Rounded towards nought: a figure to compare by, not to pay. */
static int64_t in_an_hour(int64_t found, int64_t minutes)
{
	const __int128 v = (__int128)found * 60 / minutes;

	return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

/* ---- rows ---- */

static void put_row(const struct writing *x, const char *name, const struct control_row *r)
{
	struct json_writer *w = x->w;

	json_open_object(w);
	if (name)
		json_put(w, name, r->id);
	json_put_int(w, "selected", r->selected);
	json_put_int(w, "controlled", r->controlled);
	json_put_int(w, "irregular", r->irregular);
	if (r->controlled)
		json_put_int(w, "hit_rate_ppm",
			     (r->irregular * 1000000 + r->controlled / 2) / r->controlled);
	put_money(x, "found", r->found);
	json_put_int(w, "timed", r->timed);
	json_put_int(w, "minutes", r->minutes);
	if (r->minutes)
		put_money(x, "found_in_an_hour", in_an_hour(r->found_timed, r->minutes));
	json_close_object(w);
}

static int by_selected(const void *a, const void *b)
{
	const struct control_row *x = *(struct control_row *const *)a,
				 *y = *(struct control_row *const *)b;

	return x->selected != y->selected ? (x->selected < y->selected ? 1 : -1)
					  : span_compare(x->id, y->id);
}

static int by_id(const void *a, const void *b)
{
	return span_compare((*(struct control_row *const *)a)->id,
			    (*(struct control_row *const *)b)->id);
}

static void put_rows(const struct writing *x, const char *all, const char *name,
		     const struct control_rows *rows, int (*order)(const void *, const void *))
{
	struct control_row **v = ARENA_ARRAY(x->arena, struct control_row *, rows->list.n + 1);

	if (rows->list.n) {
		memcpy(v, rows->list.v, rows->list.n * sizeof(struct control_row *));
		qsort(v, rows->list.n, sizeof(struct control_row *), order);
	}
	json_name(x->w, all);
	json_open_array(x->w);
	for (uint32_t i = 0; i < rows->list.n; i++)
		put_row(x, name, v[i]);
	json_close_array(x->w);
}

static void put_channels(const struct writing *x, const struct control_figures *f)
{
	json_name(x->w, "channels");
	json_open_array(x->w);
	for (enum control_channel c = 0; c < CONTROL_CHANNELS; c++) {
		struct control_row row = f->channel[c];

		row.id = span_of(control_channel_name(c));
		put_row(x, "channel", &row);
	}
	json_close_array(x->w);
}

/* ---- what is missed ---- */

static const char *ending(const struct writing *x, const char *name, const char *unit)
{
	return arena_print(x->arena, "%s%s", name, unit);
}

static void put_interval(const struct writing *x, const char *name, const char *unit,
			 const struct missed_interval *i)
{
	json_name(x->w, name);
	json_open_object(x->w);
	json_put_int(x->w, ending(x, "low", unit), i->low);
	json_put_int(x->w, ending(x, "estimate", unit), i->middle);
	json_put_int(x->w, ending(x, "high", unit), i->high);
	json_close_object(x->w);
}

static void put_missed_money(const struct writing *x, const struct missed *m)
{
	json_name(x->w, "money");
	json_open_object(x->w);
	json_put_c(x->w, "interval", missed_method_name(m->money_method));
	put_money(x, "estimate", m->money.middle);
	if (m->money_method != MISSED_UNKNOWN) {
		put_money(x, "low", m->money.low);
		put_money(x, "high", m->money.high);
	}
	json_close_object(x->w);
}

static int by_code(const void *a, const void *b)
{
	return span_compare((*(struct control_code *const *)a)->id,
			    (*(struct control_code *const *)b)->id);
}

static int by_chapter(const void *a, const void *b)
{
	return span_compare((*(struct control_chapter *const *)a)->id,
			    (*(struct control_chapter *const *)b)->id);
}

/* An interval of parts wants one rate: of several, parts of the population are not known. */
static void put_part(const struct writing *x, const struct control_figures *f, int64_t irregular,
		     int64_t answered)
{
	json_put_int(x->w, "answered", answered);
	json_put_int(x->w, "irregular", irregular);
	if (f->strata == 1 && answered) {
		const struct missed_interval i = missed_wilson(irregular, answered);

		put_interval(x, "share", "_ppm", &i);
	}
}

static void put_parts(const struct writing *x, const struct control_figures *f,
		      const struct missed *m)
{
	if (f->code_list.n)
		qsort(f->code_list.v, f->code_list.n, sizeof(*f->code_list.v), by_code);
	if (f->chapter_list.n)
		qsort(f->chapter_list.v, f->chapter_list.n, sizeof(*f->chapter_list.v), by_chapter);
	json_name(x->w, "codes");
	json_open_array(x->w);
	for (uint32_t i = 0; i < f->code_list.n; i++) {
		json_open_object(x->w);
		json_put(x->w, "code", f->code_list.v[i]->id);
		put_part(x, f, f->code_list.v[i]->irregular, m->all.answered);
		json_close_object(x->w);
	}
	json_close_array(x->w);
	json_name(x->w, "chapters");
	json_open_array(x->w);
	for (uint32_t i = 0; i < f->chapter_list.n; i++) {
		const struct control_chapter *c = f->chapter_list.v[i];

		json_open_object(x->w);
		json_put(x->w, "chapter", c->id);
		put_part(x, f, c->irregular, c->answered);
		put_money(x, "found", c->found);
		json_close_object(x->w);
	}
	json_close_array(x->w);
}

static void put_strata(const struct writing *x, const struct control_figures *f)
{
	json_name(x->w, "strata");
	json_open_array(x->w);
	for (uint32_t i = 0; i < f->strata; i++) {
		const struct missed_stratum *s = &f->stratum[i];

		json_open_object(x->w);
		json_put_int(x->w, "random_ppm", s->rate_ppm);
		json_put_int(x->w, "population", s->population);
		json_put_int(x->w, "picked", s->picked);
		json_put_int(x->w, "answered", s->answered);
		json_put_int(x->w, "irregular", s->irregular);
		json_close_object(x->w);
	}
	json_close_array(x->w);
}

static void put_missed(const struct writing *x, const struct control_figures *f)
{
	struct json_writer *w = x->w;
	struct missed m;

	missed_estimate(f->stratum, f->strata, &m);
	json_name(w, "missed");
	json_open_object(w);
	json_put_c(w, "interval", missed_method_name(m.method));
	json_put_int(w, "population", m.all.population);
	json_put_int(w, "picked", m.all.picked);
	json_put_int(w, "answered", m.all.answered);
	json_put_int(w, "skipped", m.all.picked - m.all.answered - f->waiting);
	json_put_int(w, "waiting", f->waiting);
	json_put_int(w, "irregular", m.all.irregular);
	json_put_int(w, "found_otherwise", m.all.elsewhere);
	if (m.method != MISSED_UNKNOWN) {
		put_interval(x, "share", "_ppm", &m.share);
		json_name(w, "bounds");
		json_open_object(w);
		json_put_int(w, "low_ppm", m.bound_low);
		json_put_int(w, "high_ppm", m.bound_high);
		json_close_object(w);
		put_interval(x, "declarations", "", &m.cases);
		put_missed_money(x, &m);
	}
	put_strata(x, f);
	put_parts(x, f, &m);
	json_put_int(w, "without_rate", f->without_rate);
	json_put_int(w, "erased", f->erased);
	json_close_object(w);
}

void control_write(struct json_writer *w, const struct control_figures *f,
		   const struct control_order *order, struct span currency, unsigned digits)
{
	const struct writing x = {w, f->arena, digits};

	json_open_object(w);
	put_day(&x, "from", order->from);
	put_day(&x, "to", order->to);
	if (order->office.n)
		json_put(w, "office", order->office);
	json_put(w, "currency", currency);
	json_name(w, "total");
	put_row(&x, NULL, &f->total);
	put_channels(&x, f);
	put_rows(&x, "rules", "rule", &f->rules_by, by_selected);
	put_rows(&x, "lists", "list", &f->lists, by_selected);
	put_rows(&x, "offices", "office", &f->offices, by_id);
	put_rows(&x, "months", "month", &f->months, by_id);
	put_missed(&x, f);
	json_put_int(w, "unreadable", f->unreadable);
	json_close_object(w);
}
