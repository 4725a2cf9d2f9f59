#include "hub/edition/changes.h"

#include <stdlib.h>

#include "base/date.h"
#include "codec/json.h"

/* ---- trade by code ---- */

static int by_code(const void *x, const void *y)
{
	const struct revenue_row *a = *(struct revenue_row *const *)x,
				 *b = *(struct revenue_row *const *)y;

	return span_compare(a->key, b->key);
}

static void sort_trade(struct changes *c)
{
	const struct revenue_rows *all = &c->trade->by[REVENUE_COMMODITY];

	c->rows = all->list.n;
	c->row = ARENA_ARRAY(c->arena, struct revenue_row *, c->rows + 1);
	for (uint32_t i = 0; i < c->rows; i++)
		c->row[i] = all->list.v[i];
	qsort(c->row, c->rows, sizeof(*c->row), by_code);
}

/* What was declared under a code, or under longer ones that begin with it. Sums fit: that of all did. */
static void add_trade(const struct changes *c, struct span code, struct change_trade *to)
{
	uint32_t low = 0, high = c->rows;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (span_compare(c->row[middle]->key, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < c->rows && span_starts(c->row[low]->key, code); low++) {
		to->codes++;
		to->declarations += c->row[low]->declarations;
		to->items += c->row[low]->items;
		to->value += c->row[low]->value;
		to->before += c->row[low]->before;
		to->after += c->row[low]->after;
	}
}

/* ---- the rates of a code ---- */

struct rate {
	const struct ref_measure *measure;
	struct span text;
};

/* Everything but the rate that tells measures apart. */
static struct span claim_of(struct arena *a, const struct ref_measure *m)
{
	return span_of(arena_print(
	    a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", SPAN_ARG(m->levy->code),
	    SPAN_ARG(m->area), SPAN_ARG(m->exclude), SPAN_ARG(m->preference), SPAN_ARG(m->quota),
	    SPAN_ARG(m->additional), SPAN_ARG(m->procedure), SPAN_ARG(m->document)));
}

static void put_condition(struct text *t, const struct ref_condition *c)
{
	static const char *const tests[] = {"always",      "document", "procedure", "value",
					    "consignment", "price",    "quantity"};
	static const char *const relations[] = {"at-least", "at-most", "above", "below"};
	static const char *const actions[] = {"apply", "exempt", "refused", "allowed"};

	text_print(t, " [%.*s %lld %s", SPAN_ARG(c->group), (long long)c->sequence, tests[c->test]);
	if (c->test == TEST_DOCUMENT || c->test == TEST_PROCEDURE) {
		text_print(t, " %.*s", SPAN_ARG(c->operand));
	} else if (c->test != TEST_ALWAYS) {
		text_print(t, " %s ", relations[c->relation]);
		decimal_write(t, c->limit.rate);
		text_print(t, " %.*s %.*s", SPAN_ARG(c->limit.currency), SPAN_ARG(c->limit.unit));
	}
	text_print(t, ": %s", actions[c->action]);
	if (c->expression)
		text_print(t, " %.*s", SPAN_ARG(c->expression->text));
	text_char(t, ']');
}

static struct span rate_text(struct arena *a, const struct ref_measure *m, int32_t day)
{
	struct text t = text_in(a);

	if (m->expression)
		text_span(&t, m->expression->text);
	for (const struct ref_condition *c = m->conditions; c; c = c->next)
		if (ref_holds(c->dates, day))
			put_condition(&t, c);
	return span_trim(text_as_span(&t));
}

/* Those of the longest codes first: what stands on a shorter one for the same claim does not count. */
static struct map rates_of(struct changes *c, const struct refset *r, struct span code)
{
	struct map found = map_in(c->scratch);

	for (uint32_t n = code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_measure *m = ref_measures(r, (struct span){code.p, n, 0});

		for (; m; m = m->next) {
			struct span claim;
			struct rate *rate;

			if (!ref_measure_holds(m, c->day, INT32_MAX))
				continue;
			claim = claim_of(c->scratch, m);
			if (map_get(&found, claim))
				continue;
			rate = ARENA_NEW(c->scratch, struct rate);
			*rate = (struct rate){m, rate_text(c->scratch, m, c->day)};
			map_put(&found, claim, rate);
		}
		if (n == 0)
			return found;
	}
}

/* ---- differences ---- */

static struct span kept(struct changes *c, const struct rate *rate)
{
	return rate ? span_of(arena_copy(c->arena, rate->text.p, rate->text.n)) : SPAN("");
}

/* m: the newer one's. One of the two may be NULL. */
static void note(struct changes *c, struct span code, struct span claim,
		 const struct ref_measure *m, const struct rate *before, const struct rate *after)
{
	struct span at = m->commodity;
	struct change_rate *r;
	struct span key;

	if (before && before->measure->commodity.n > at.n)
		at = before->measure->commodity;
	key = span_of(arena_print(c->arena, "%.*s\n%.*s\n%.*s\n%.*s", SPAN_ARG(at), SPAN_ARG(claim),
				  SPAN_ARG(before ? before->text : SPAN("")),
				  SPAN_ARG(after ? after->text : SPAN(""))));
	r = map_get(&c->by_key, key);
	if (!r) {
		r = ARENA_NEW(c->arena, struct change_rate);
		*r = (struct change_rate){.commodity = at,
					  .levy = m->levy->code,
					  .area = m->area,
					  .exclude = m->exclude,
					  .preference = m->preference,
					  .quota = m->quota,
					  .additional = m->additional,
					  .procedure = m->procedure,
					  .document = m->document,
					  .before = kept(c, before),
					  .after = kept(c, after)};
		map_put(&c->by_key, key, r);
		*(struct change_rate **)arena_push(c->arena, (void **)&c->rates.v, &c->rates.n,
						   &c->rates.room, sizeof(struct change_rate *)) =
		    r;
	}
	r->codes++;
	add_trade(c, code, &r->trade);
}

struct comparing {
	struct changes *changes;
	struct span code;
};

static void compare_rates(void *context)
{
	const struct comparing *x = context;
	struct changes *c = x->changes;
	struct map was = rates_of(c, c->before, x->code), is = rates_of(c, c->after, x->code);

	for (uint32_t i = 0; i < was.size; i++) {
		const struct rate *before = was.slots[i].value, *after;

		if (!before)
			continue;
		after = map_get(&is, was.slots[i].key);
		if (!after || !span_equal(before->text, after->text))
			note(c, x->code, was.slots[i].key, after ? after->measure : before->measure,
			     before, after);
	}
	for (uint32_t i = 0; i < is.size; i++) {
		const struct rate *after = is.slots[i].value;

		if (after && !map_get(&was, is.slots[i].key))
			note(c, x->code, is.slots[i].key, after->measure, NULL, after);
	}
}

static void compare_code(struct changes *c, struct span code)
{
	struct comparing x = {c, code};

	arena_reset(c->scratch);
	if (!c->err)
		c->err = arena_run(c->scratch, compare_rates, &x);
}

static bool is_declarable(const struct refset *r, struct span code, int32_t day)
{
	const struct ref_commodity *c = ref_commodity(r, code, day);

	return c && c->declarable && span_equal(c->code, code);
}

static bool visit_before(void *context, const struct ref_commodity *goods)
{
	struct changes *c = context;

	if (!goods->declarable || !ref_holds(goods->dates, c->day))
		return true;
	if (is_declarable(c->after, goods->code, c->day)) {
		compare_code(c, goods->code);
		return true;
	}
	c->removed++;
	add_trade(c, goods->code, &c->removed_trade);
	return true;
}

static bool visit_after(void *context, const struct ref_commodity *goods)
{
	struct changes *c = context;

	c->added += goods->declarable && ref_holds(goods->dates, c->day) &&
		    !is_declarable(c->before, goods->code, c->day);
	return true;
}

static __int128 difference(const struct change_rate *r)
{
	const __int128 d = (__int128)r->trade.after - r->trade.before;

	return d < 0 ? -d : d;
}

/* A total order: what the hash table's order was plays no part. */
static int by_weight(const void *x, const void *y)
{
	const struct change_rate *a = *(struct change_rate *const *)x,
				 *b = *(struct change_rate *const *)y;
	const struct span left[] = {a->commodity,  a->levy,   a->area,       a->exclude,
				    a->preference, a->quota,  a->additional, a->procedure,
				    a->document,   a->before, a->after},
			  right[] = {b->commodity,  b->levy,   b->area,       b->exclude,
				     b->preference, b->quota,  b->additional, b->procedure,
				     b->document,   b->before, b->after};

	if (difference(a) != difference(b))
		return difference(a) < difference(b) ? 1 : -1;
	if (a->trade.value != b->trade.value)
		return a->trade.value < b->trade.value ? 1 : -1;
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		if (span_compare(left[i], right[i]))
			return span_compare(left[i], right[i]);
	return 0;
}

enum err changes_find(struct changes *c)
{
	c->by_key = map_in(c->arena);
	if (c->trade)
		sort_trade(c);
	ref_each_commodity(c->before, visit_before, c);
	ref_each_commodity(c->after, visit_after, c);
	if (c->rates.n)
		qsort(c->rates.v, c->rates.n, sizeof(*c->rates.v), by_weight);
	return c->err;
}

/* ---- written down ---- */

static struct span money_text(struct arena *a, const struct changes *c, int64_t minor)
{
	struct text t = text_in(a);

	money_write(&t, (struct money){minor}, c->trade->digits);
	return text_as_span(&t);
}

static void put_if(struct json_writer *w, const char *name, struct span v)
{
	if (v.n)
		json_put(w, name, v);
}

static void put_trade(struct json_writer *w, const struct changes *c, const char *name,
		      const struct change_trade *t)
{
	struct arena *a = w->text->arena;

	if (!c->trade)
		return;
	json_name(w, name);
	json_open_object(w);
	if (t->codes <= 1)
		json_put_int(w, "declarations", t->declarations);
	json_put_int(w, "items", t->items);
	json_put(w, "value", money_text(a, c, t->value));
	json_put(w, "before", money_text(a, c, t->before));
	json_put(w, "after", money_text(a, c, t->after));
	json_put(w, "difference", money_text(a, c, t->after - t->before));
	json_close_object(w);
}

static void put_rate(struct json_writer *w, const struct changes *c, const struct change_rate *r)
{
	json_open_object(w);
	json_put(w, "commodity", r->commodity);
	json_put(w, "levy", r->levy);
	json_put(w, "area", r->area);
	put_if(w, "exclude", r->exclude);
	put_if(w, "preference", r->preference);
	put_if(w, "quota", r->quota);
	put_if(w, "additional", r->additional);
	put_if(w, "procedure", r->procedure);
	put_if(w, "document", r->document);
	put_if(w, "before", r->before);
	put_if(w, "after", r->after);
	json_put_int(w, "codes", r->codes);
	put_trade(w, c, "trade", &r->trade);
	json_close_object(w);
}

static uint32_t shown(const struct changes *c, uint32_t most)
{
	return c->rates.n < most ? c->rates.n : most;
}

void changes_write(struct text *to, const struct changes *c, uint32_t most)
{
	struct json_writer w = json_to(to);
	struct text day = text_in(to->arena);

	day_write(&day, c->day);
	json_open_object(&w);
	json_put(&w, "day", text_as_span(&day));
	if (c->trade)
		json_put(&w, "currency", c->trade->currency);
	json_name(&w, "rates");
	json_open_array(&w);
	for (uint32_t i = 0; i < shown(c, most); i++)
		put_rate(&w, c, c->rates.v[i]);
	json_close_array(&w);
	json_put_int(&w, "more", c->rates.n - shown(c, most));
	json_put_int(&w, "codes_added", c->added);
	json_put_int(&w, "codes_removed", c->removed);
	put_trade(&w, c, "removed_trade", &c->removed_trade);
	json_close_object(&w);
	text_char(to, '\n');
}

static void write_trade(struct text *to, const struct changes *c, const struct change_trade *t)
{
	if (!c->trade)
		return;
	text_print(to, "; %lld goods items, value %.*s, due %.*s -> %.*s %.*s", (long long)t->items,
		   SPAN_ARG(money_text(to->arena, c, t->value)),
		   SPAN_ARG(money_text(to->arena, c, t->before)),
		   SPAN_ARG(money_text(to->arena, c, t->after)), SPAN_ARG(c->trade->currency));
}

void changes_write_text(struct text *to, const struct changes *c, uint32_t most)
{
	text_string(to, "Rates that differ on ");
	day_write(to, c->day);
	text_print(to, ": %u; codes added: %u, removed: %u", c->rates.n, c->added, c->removed);
	write_trade(to, c, &c->removed_trade);
	text_char(to, '\n');
	for (uint32_t i = 0; i < shown(c, most); i++) {
		const struct change_rate *r = c->rates.v[i];
		const struct span claims[] = {r->preference, r->quota, r->additional, r->procedure,
					      r->document};

		text_print(to, "  %.*s %.*s %.*s",
			   SPAN_ARG(r->commodity.n ? r->commodity : SPAN("all")), SPAN_ARG(r->levy),
			   SPAN_ARG(r->area));
		for (size_t k = 0; k < ARRAY_LEN(claims); k++)
			if (claims[k].n)
				text_print(to, " %.*s", SPAN_ARG(claims[k]));
		text_print(to, ": %.*s -> %.*s (%u codes",
			   SPAN_ARG(r->before.n ? r->before : SPAN("none")),
			   SPAN_ARG(r->after.n ? r->after : SPAN("none")), r->codes);
		write_trade(to, c, &r->trade);
		text_string(to, ")\n");
	}
	if (c->rates.n > shown(c, most))
		text_print(to, "  and %u more\n", c->rates.n - shown(c, most));
}
