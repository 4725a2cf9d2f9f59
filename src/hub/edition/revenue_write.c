/* A simulation of revenue, written down: JSON, CSV, columns for people. */
#include <stdlib.h>

#include "base/date.h"
#include "codec/csv.h"
#include "codec/json.h"
#include "hub/edition/revenue.h"

static const char *const names[REVENUE_BYS] = {
    [REVENUE_CHAPTER] = "chapter", [REVENUE_COUNTRY] = "country",     [REVENUE_TRADER] = "trader",
    [REVENUE_LEVY] = "levy",       [REVENUE_COMMODITY] = "commodity",
};

const char *revenue_by_name(enum revenue_by by)
{
	return names[by];
}

/* The exact distance: of int64s it need not fit one. */
static unsigned __int128 size_of(const struct revenue_row *row)
{
	const __int128 d = (__int128)row->after - row->before;

	return (unsigned __int128)(d < 0 ? -d : d);
}

static int by_size(const void *x, const void *y)
{
	const struct revenue_row *a = *(struct revenue_row *const *)x,
				 *b = *(struct revenue_row *const *)y;
	const unsigned __int128 i = size_of(a), j = size_of(b);

	if (i != j)
		return i < j ? 1 : -1;
	if (a->before != b->before)
		return a->before < b->before ? 1 : -1;
	return span_compare(a->key, b->key);
}

static struct revenue_row **sorted(struct arena *a, const struct revenue_rows *rows)
{
	struct revenue_row **v = ARENA_ARRAY(a, struct revenue_row *, rows->list.n + 1);

	for (uint32_t i = 0; i < rows->list.n; i++)
		v[i] = rows->list.v[i];
	qsort(v, rows->list.n, sizeof(struct revenue_row *), by_size);
	return v;
}

/* What stands behind the first `most` rows. A declaration may have a part in many of them, so they are not counted. */
static struct revenue_row others_of(struct revenue_row *const *v, uint32_t most, uint32_t n)
{
	struct revenue_row sum = {0};

	/* Their sums fit: the total of all did. */
	for (uint32_t i = most; i < n; i++) {
		sum.items += v[i]->items;
		sum.value += v[i]->value;
		sum.before += v[i]->before;
		sum.after += v[i]->after;
	}
	return sum;
}

static struct span money_text(struct arena *a, const struct revenue *r, __int128 minor)
{
	struct text t = text_in(a);

	/* Sums fit, differences of two sums of unlike signs need not. */
	if (minor > INT64_MAX || minor < INT64_MIN)
		return SPAN("");
	money_write(&t, (struct money){(int64_t)minor}, r->digits);
	return text_as_span(&t);
}

static void put_sums(struct json_writer *w, const struct revenue *r, const struct revenue_row *row,
		     bool goods)
{
	struct arena *a = w->text->arena;

	if (goods) {
		json_put_int(w, "items", row->items);
		json_put(w, "value", money_text(a, r, row->value));
	}
	json_put(w, "before", money_text(a, r, row->before));
	json_put(w, "after", money_text(a, r, row->after));
	json_put(w, "difference", money_text(a, r, (__int128)row->after - row->before));
}

static void put_row(struct json_writer *w, const struct revenue *r, const struct revenue_row *row,
		    bool goods)
{
	json_open_object(w);
	json_put(w, "key", row->key);
	json_put_int(w, "declarations", row->declarations);
	put_sums(w, r, row, goods);
	json_close_object(w);
}

static void put_rows(struct json_writer *w, const struct revenue *r, enum revenue_by by,
		     uint32_t most)
{
	const struct revenue_rows *rows = &r->by[by];
	struct revenue_row **v = sorted(w->text->arena, rows);
	const bool goods = by != REVENUE_LEVY;

	json_name(w, names[by]);
	json_open_array(w);
	for (uint32_t i = 0; i < rows->list.n && i < most; i++)
		put_row(w, r, v[i], goods);
	if (rows->list.n > most) {
		struct revenue_row others = others_of(v, most, rows->list.n);

		json_open_object(w);
		json_put_int(w, "others", rows->list.n - most);
		put_sums(w, r, &others, goods);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_left_out(struct json_writer *w, const struct revenue *r)
{
	json_name(w, "left_out");
	json_open_array(w);
	for (uint32_t i = 0; i < r->left_out.list.n; i++) {
		const struct revenue_row *row = r->left_out.list.v[i];

		json_open_object(w);
		json_put(w, "reason", row->key);
		json_put_int(w, "declarations", row->declarations);
		json_put_int(w, "items", row->items);
		json_put(w, "value", money_text(w->text->arena, r, row->value));
		json_put(w, "before", money_text(w->text->arena, r, row->before));
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_day(struct json_writer *w, const char *name, int32_t day)
{
	struct text t = text_in(w->text->arena);

	if (day == INT32_MIN || day == INT32_MAX)
		return;
	day_write(&t, day);
	json_put(w, name, text_as_span(&t));
}

static int64_t left_out(const struct revenue *r)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < r->left_out.list.n; i++)
		n += r->left_out.list.v[i]->declarations;
	return n;
}

void revenue_write(struct text *to, const struct revenue *r, uint32_t most)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_name(&w, "candidate");
	json_open_object(&w);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put_c(&w, pack_part_name(p), r->with->hash[p]);
	json_close_object(&w);
	json_put(&w, "currency", r->currency);
	put_day(&w, "from", r->trade.from);
	put_day(&w, "to", r->trade.to);
	put_day(&w, "as_of", r->as_of);
	json_name(&w, "declarations");
	json_open_object(&w);
	json_put_int(&w, "assessed", r->declarations);
	json_put_int(&w, "left_out", left_out(r));
	json_put_int(&w, "erased", r->trade.erased);
	json_put_int(&w, "unreadable", r->trade.unreadable);
	json_close_object(&w);
	json_name(&w, "total");
	json_open_object(&w);
	json_put_int(&w, "declarations", r->total.declarations);
	put_sums(&w, r, &r->total, true);
	json_close_object(&w);
	json_name(&w, "by");
	json_open_object(&w);
	for (enum revenue_by by = 0; by < REVENUE_BYS; by++)
		put_rows(&w, r, by, most);
	json_close_object(&w);
	put_left_out(&w, r);
	json_put_c(&w, "note",
		   "The same goods, values and claims; what traders would do otherwise under "
		   "other rates is not estimated.");
	json_close_object(&w);
	text_char(to, '\n');
}

/* ---- CSV ---- */

static void write_line(struct text *to, const struct revenue *r, const char *by,
		       const struct revenue_row *row, bool goods, bool after)
{
	struct arena *a = to->arena;

	text_print(to, "%s,", by);
	csv_put(to, row->key, ',');
	text_print(to, ",%lld,", (long long)row->declarations);
	if (goods)
		text_print(to, "%lld,%.*s,", (long long)row->items,
			   SPAN_ARG(money_text(a, r, row->value)));
	else
		text_string(to, ",,");
	text_span(to, money_text(a, r, row->before));
	if (after)
		text_print(to, ",%.*s,%.*s,", SPAN_ARG(money_text(a, r, row->after)),
			   SPAN_ARG(money_text(a, r, (__int128)row->after - row->before)));
	else
		text_string(to, ",,,");
	text_span(to, r->currency);
	text_char(to, '\n');
}

void revenue_write_csv(struct text *to, const struct revenue *r)
{
	text_string(to, "by,key,declarations,items,value,before,after,difference,currency\n");
	write_line(to, r, "total", &r->total, true, true);
	for (enum revenue_by by = 0; by < REVENUE_BYS; by++) {
		struct revenue_row **v = sorted(to->arena, &r->by[by]);

		for (uint32_t i = 0; i < r->by[by].list.n; i++)
			write_line(to, r, names[by], v[i], by != REVENUE_LEVY, true);
	}
	for (uint32_t i = 0; i < r->left_out.list.n; i++)
		write_line(to, r, "left_out", r->left_out.list.v[i], true, false);
}

/* ---- for people ---- */

enum { KEY_COLUMNS = 28 };

static void write_columns(struct text *to, const struct revenue *r, struct span key,
			  const struct revenue_row *row, bool goods, bool after)
{
	struct arena *a = to->arena;
	const struct span none = SPAN("");

	text_print(to, "  %-*.*s %12lld %20.*s %18.*s %18.*s %18.*s\n", KEY_COLUMNS, SPAN_ARG(key),
		   (long long)row->declarations,
		   SPAN_ARG(goods ? money_text(a, r, row->value) : none),
		   SPAN_ARG(money_text(a, r, row->before)),
		   SPAN_ARG(after ? money_text(a, r, row->after) : none),
		   SPAN_ARG(after ? money_text(a, r, (__int128)row->after - row->before) : none));
}

static void write_head(struct text *to, const char *what)
{
	text_print(to, "\n  %-*s %12s %20s %18s %18s %18s\n", KEY_COLUMNS, what, "declarations",
		   "value", "before", "after", "difference");
}

static void write_rows(struct text *to, const struct revenue *r, enum revenue_by by, uint32_t most)
{
	const struct revenue_rows *rows = &r->by[by];
	struct revenue_row **v = sorted(to->arena, rows);

	write_head(to, names[by]);
	for (uint32_t i = 0; i < rows->list.n && i < most; i++)
		write_columns(to, r, v[i]->key, v[i], by != REVENUE_LEVY, true);
	if (rows->list.n > most)
		text_print(to, "  and %u more\n", rows->list.n - most);
}

void revenue_write_text(struct text *to, const struct revenue *r, uint32_t most)
{
	text_print(to,
		   "%lld declarations assessed, %lld left out, %lld erased, %lld unreadable; "
		   "amounts in %.*s\n",
		   (long long)r->declarations, (long long)left_out(r), (long long)r->trade.erased,
		   (long long)r->trade.unreadable, SPAN_ARG(r->currency));
	write_head(to, "");
	write_columns(to, r, SPAN("total"), &r->total, true, true);
	for (enum revenue_by by = 0; by < REVENUE_BYS; by++)
		write_rows(to, r, by, most);
	if (r->left_out.list.n)
		write_head(to, "left out, because");
	for (uint32_t i = 0; i < r->left_out.list.n; i++)
		write_columns(to, r, r->left_out.list.v[i]->key, r->left_out.list.v[i], true,
			      false);
	text_string(to,
		    "\nThe same goods, values and claims; what traders would do otherwise under "
		    "other rates is not estimated.\n");
}
