/* A trial of rules, written down: JSON, and text for people. */
#include <stdlib.h>

#include "codec/json.h"
#include "hub/edition/rules_trial.h"

enum { ROWS_FOR_PEOPLE = 10 };

/* Rows of whom more changes come first. */
static int by_change(const void *x, const void *y)
{
	const struct trial_row *a = *(struct trial_row *const *)x,
			       *b = *(struct trial_row *const *)y;
	int64_t i = a->now - a->then, j = b->now - b->then;

	i = i < 0 ? -i : i;
	j = j < 0 ? -j : j;
	if (i != j)
		return i < j ? 1 : -1;
	if (a->declarations != b->declarations)
		return a->declarations < b->declarations ? 1 : -1;
	return span_compare(a->key, b->key);
}

static struct trial_row **sorted(struct arena *a, const struct trial_rows *rows)
{
	struct trial_row **v = ARENA_ARRAY(a, struct trial_row *, rows->list.n + 1);

	for (uint32_t i = 0; i < rows->list.n; i++)
		v[i] = rows->list.v[i];
	qsort(v, rows->list.n, sizeof(struct trial_row *), by_change);
	return v;
}

/* How many in a million are selected; 0 of none. */
static int64_t share_ppm(int64_t selected, int64_t all)
{
	return all ? (int64_t)((__int128)selected * 1000000 / all) : 0;
}

static void put_lanes(struct json_writer *w, const char *name, const int64_t *lane)
{
	json_name(w, name);
	json_open_object(w);
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		json_put_int(w, lane_name(l), lane[l]);
	json_close_object(w);
}

static void put_amount(struct json_writer *w, const char *name, int64_t minor, unsigned digits)
{
	json_put_decimal(w, name, money_to_decimal((struct money){minor}, digits));
}

static void put_row(struct json_writer *w, const struct trial_row *r, unsigned digits)
{
	json_open_object(w);
	if (r->key.p)
		json_put(w, "key", r->key);
	json_put_int(w, "declarations", r->declarations);
	put_lanes(w, "lanes_then", r->lane_then);
	put_lanes(w, "lanes_now", r->lane_now);
	json_put_int(w, "selected_then", r->then);
	json_put_int(w, "selected_now", r->now);
	json_put_int(w, "share_then_ppm", share_ppm(r->then, r->declarations));
	json_put_int(w, "share_now_ppm", share_ppm(r->now, r->declarations));
	json_put_int(w, "irregular", r->irregular);
	json_put_int(w, "irregular_kept", r->irregular_kept);
	json_put_int(w, "irregular_lost", r->irregular - r->irregular_kept);
	json_put_int(w, "clean", r->clean);
	json_put_int(w, "clean_kept", r->clean_kept);
	put_amount(w, "due_then", r->due_then, digits);
	put_amount(w, "due_now", r->due_now, digits);
	json_close_object(w);
}

static void put_rules(struct json_writer *w, const struct rules_trial *t)
{
	json_name(w, "rules");
	json_open_array(w);
	for (uint32_t i = 0; i < risk_rule_count(t->with->rules); i++) {
		const struct risk_rule *about = risk_rule_at(t->with->rules, i);

		json_open_object(w);
		json_put(w, "id", about->id);
		json_put(w, "title", about->title);
		json_put_int(w, "hits", t->rules[i].hits);
		json_put_int(w, "selected", t->rules[i].selected);
		json_put_int(w, "irregular", t->rules[i].irregular);
		json_put_int(w, "clean", t->rules[i].clean);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_changes(struct json_writer *w, const char *name, const struct trial_change *v,
			uint32_t n)
{
	json_name(w, name);
	json_open_array(w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(w);
		json_put(w, "office", v[i].office);
		json_put(w, "reference", v[i].reference);
		json_put_c(w, "then", lane_name(v[i].then));
		json_put_c(w, "now", lane_name(v[i].now));
		json_put(w, "rules", v[i].rules);
		json_put_bool(w, "irregular", v[i].irregular);
		json_close_object(w);
	}
	json_close_array(w);
}

void rules_trial_write(struct text *to, const struct rules_trial *t, uint32_t most)
{
	struct json_writer w = json_to(to);
	unsigned digits = ref_digits(t->with->ref);

	json_open_object(&w);
	json_put_c(&w, "rules_sha256", t->with->hash[PACK_RULES]);
	json_put_c(&w, "pack_sha256", t->with->hash[PACK_TABLES]);
	json_put_c(&w, "lists_sha256", t->with->hash[PACK_LISTS]);
	json_put(&w, "currency", ref_currency(t->with->ref));
	json_put_int(&w, "unreadable", t->trade.unreadable);
	json_put_int(&w, "erased", t->trade.erased);
	json_put_int(&w, "incomplete", t->incomplete);
	json_name(&w, "total");
	put_row(&w, &t->total, digits);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++) {
		struct trial_row **v = sorted(to->arena, &t->by[by]);

		json_name(&w, trial_by_name(by));
		json_open_array(&w);
		for (uint32_t i = 0; i < t->by[by].list.n && i < most; i++)
			put_row(&w, v[i], digits);
		json_close_array(&w);
	}
	put_rules(&w, t);
	put_changes(&w, "newly_selected", t->gained, t->gained_count);
	put_changes(&w, "no_longer_selected", t->lost, t->lost_count);
	json_close_object(&w);
	text_char(to, '\n');
}

/* ---- for people ---- */

static void percent(struct text *to, int64_t part, int64_t all)
{
	int64_t ppm = share_ppm(part, all);

	text_print(to, "%3lld.%02lld %%", (long long)(ppm / 10000), (long long)(ppm / 100 % 100));
}

static void line(struct text *to, const struct trial_row *r)
{
	text_print(to, "  %-32.*s %10lld  ", SPAN_ARG(r->key), (long long)r->declarations);
	percent(to, r->then, r->declarations);
	text_string(to, " -> ");
	percent(to, r->now, r->declarations);
	if (r->irregular)
		text_print(to, "  of %lld irregular %lld lost", (long long)r->irregular,
			   (long long)(r->irregular - r->irregular_kept));
	text_char(to, '\n');
}

static void total(struct text *to, const struct rules_trial *t)
{
	const struct trial_row *r = &t->total;

	text_print(to, "%lld declarations\n\n%-10s %10s %10s\n", (long long)r->declarations, "lane",
		   "then", "now");
	for (enum lane l = LANE_RED; l >= LANE_GREEN; l--)
		text_print(to, "%-10s %10lld %10lld\n", lane_name(l), (long long)r->lane_then[l],
			   (long long)r->lane_now[l]);
	text_print(to,
		   "\nfound irregular then: %lld, of which the candidate selects %lld and loses "
		   "%lld\nfound clean then: %lld, of which the candidate selects %lld\n",
		   (long long)r->irregular, (long long)r->irregular_kept,
		   (long long)(r->irregular - r->irregular_kept), (long long)r->clean,
		   (long long)r->clean_kept);
}

static void changes(struct text *to, const char *title, const struct trial_change *v, uint32_t n)
{
	if (n)
		text_print(to, "\n%s\n", title);
	for (uint32_t i = 0; i < n && i < ROWS_FOR_PEOPLE; i++)
		text_print(to, "  %.*s %s -> %s %.*s%s\n", SPAN_ARG(v[i].reference),
			   lane_name(v[i].then), lane_name(v[i].now), SPAN_ARG(v[i].rules),
			   v[i].irregular ? " (was irregular)" : "");
}

void rules_trial_write_text(struct text *to, const struct rules_trial *t)
{
	total(to, t);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++) {
		struct trial_row **v = sorted(to->arena, &t->by[by]);

		text_print(to, "\nby %s: declarations, selected then -> now\n", trial_by_name(by));
		for (uint32_t i = 0; i < t->by[by].list.n && i < ROWS_FOR_PEOPLE; i++)
			line(to, v[i]);
	}
	changes(to, "newly selected", t->gained, t->gained_count);
	changes(to, "no longer selected", t->lost, t->lost_count);
}
