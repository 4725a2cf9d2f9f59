/* hub/history: a small trade of several weeks under a clock of the test's own. What decisions are told of the past is compared
 * with what a second, naive reckoning makes of everything that was handed in and found, which keeps every event and adds
 * it all up anew for each question. */
#include <math.h>

#include "hub_trade.h"
#include "store_dir.h"

#include "base/clock.h"
#include "base/date.h"
#include "hub/edition/rules_trial.h"
#include "hub/generate/generate.h"
#include "hub/history/history.h"
#include "hub/history/record.h"
#include "hub/house.h"
#include "msg/msg.h"

/* 2026-03-02, noon. */
static int64_t now = INT64_C(1772452800000000);
static const int64_t DAY = INT64_C(86400000000);

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now;
}

enum { MOST = 2000, TRADERS = 5, TEMPLATES = 6, NEVER = INT32_MAX };

/* All that happened, as the test knows it. */
struct dealing {
	struct span reference;
	int32_t day;            /* on which it was accepted */
	int32_t found, bad;     /* of the first result, of the first irregular one; NEVER: none */
	uint32_t trader, goods; /* whose, of which template */
	int64_t minor;          /* customs value */
	const struct json *decision;
};

/* Goods to declare, and what the test calls them by. */
struct goods {
	struct message message;
	char code[24], origin[4];
	double mass;
};

struct world {
	struct store_dir *dir;
	char pack[128];
	struct hub *hub;
	struct inforce *in; /* texts of goods lie in its tables */
	struct arena *arena;
	struct goods goods[TEMPLATES];
	struct dealing dealt[MOST];
	uint32_t n, controls;
	uint64_t seed;
};

static uint32_t roll(struct world *w, uint32_t sides)
{
	w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(w->seed >> 33) % sides;
}

static int32_t today(void)
{
	return day_of(now, 0);
}

/* ---- a hub whose rules ask for every kind of history ---- */

static const char rules[] =
    "rule PAST1 \"rates\" from 2020-01-01 owner \"test\"\n"
    "when importer.rate > 99% or declarant.rate > 99% or exporter.rate > 99%"
    " or declaration.office_rate > 99% then blue weight 1 because \"x\"\n"
    "rule PAST2 \"rates of goods\" from 2020-01-01 owner \"test\"\n"
    "when item.commodity_rate > 99% or item.chapter_rate > 99% or item.heading_rate > 99%"
    " or item.origin_rate > 99% or item.importer_rate > 99% then blue because \"x\"\n"
    "rule PAST3 \"first\" from 2020-01-01 owner \"test\"\n"
    "when item.first_time then blue 0.0001% because \"x\"\n"
    "rule PAST4 \"often\" from 2020-01-01 owner \"test\"\n"
    "when count(importer, 7 days) > 100000 or sum(importer and item.commodity, 30 days) < 0"
    " then blue because \"x\"\n"
    "rule PAST5 \"cheap\" from 2020-01-01 owner \"test\"\n"
    "when item.unit_price < 0.2 * item.price_median or item.unit_price < 0.1 * band(0.25)"
    " then blue 0.0001% because \"x\"\n"
    "rule PAST6 \"controlled\" from 2020-01-01 owner \"test\"\n"
    "when declaration.items >= 1 then red because \"x\"\n";

static void open_hub(struct world *w, enum hub_mode mode)
{
	char where[100];
	struct hub_options o = {.where = where,
				.database = store_dir_remote() ? w->dir->path : NULL,
				.mode = mode,
				.pack = mode == HUB_OWN ? w->pack : NULL};
	struct cause why = {0};

	snprintf(where, sizeof(where), "%s/data", w->dir->parent);
	if (hub_open(&o, &w->hub, &why))
		fail_msg("%s", why.text);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || store_dir_make((void **)&w->dir))
		return -1;
	now = INT64_C(1772452800000000);
	w->arena = arena_new((size_t)256 << 20);
	w->seed = 7;
	hub_make_pack(w->dir->parent, rules, w->pack);
	open_hub(w, HUB_OWN);
	*state = w;
	return w->arena ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	hub_close(w->hub);
	inforce_release(w->in);
	arena_free(w->arena);
	store_dir_remove((void **)&w->dir);
	free(w);
	return 0;
}

#define world_test(function) cmocka_unit_test_setup_teardown(function, open_world, close_world)

/* ---- trade ---- */

/* ---- goods ---- */

struct making {
	struct world *w;
	struct generator *generator;
	struct dealing *d;
	struct span raw;
};

static void make_goods(void *context)
{
	struct world *w = context;
	struct generator *g;
	uint32_t n = 0;

	w->in = house_inforce(w->hub);
	g = generator_new(w->arena, w->in->ref, today(), 11);
	generator_limit_items(g, 1);
	for (uint64_t i = 1; n < TEMPLATES; i++) {
		struct goods *to = &w->goods[n];
		const struct goods_item *item;
		struct span code, origin;

		assert_true(i < 1000);
		generator_make(g, i, w->arena, &to->message);
		item = &to->message.declaration.shipment.items.v[0];
		code = goods_item_code(w->arena, item);
		origin = goods_item_origin(item, false);
		if (!span_is(to->message.declaration.type, "IMA") || !origin.n || code.n < 6 ||
		    item->commodity.net_mass.value.units <= 0)
			continue;
		snprintf(to->code, sizeof(to->code), "%.*s", SPAN_ARG(code));
		snprintf(to->origin, sizeof(to->origin), "%.*s", SPAN_ARG(origin));
		to->mass = (double)item->commodity.net_mass.value.units /
			   pow(10, item->commodity.net_mass.value.scale);
		n++;
	}
}

static void make_message(void *context)
{
	struct making *m = context;
	struct world *w = m->w;
	struct message x = w->goods[m->d->goods].message;
	struct declaration *d = &x.declaration;
	struct goods_item *item = ARENA_NEW(w->arena, struct goods_item);
	struct text t = text_in(w->arena);

	*item = d->shipment.items.v[0];
	item->commodity.price.value.units =
	    item->commodity.price.value.units * (50 + (int64_t)roll(w, 100)) / 100;
	d->shipment.items.v = item;
	d->invoice_total = item->commodity.price;
	d->trader_reference = span_of(arena_print(w->arena, "T-%u", w->n));
	d->shipment.importer.id = span_of(arena_print(w->arena, "XL2000000000%02u", m->d->trader));
	d->shipment.ucr.id = span_of(arena_print(w->arena, "5XL-%u", w->n));
	d->declarant.id = d->agent.id = SPAN("XL300000000204");
	d->exporter.id = (struct span){NULL, 0, 0};
	d->exporter.name = span_of(arena_print(w->arena, "Seller %u", m->d->trader % 2));
	d->office = SPAN("XLHAR001");
	msg_write_json(&t, &x);
	m->raw = text_as_span(&t);
}

static bool money_of(const struct json *o, const char *name, int64_t *ret)
{
	struct decimal d;

	if (decimal_parse(json_get_text(o, name), &d))
		return false;
	*ret = d.units;
	return true;
}

/* One more declaration of somebody; NULL: it was not accepted, and counts nowhere. */
static const struct json *deal(struct world *w, uint32_t trader, uint32_t goods)
{
	struct dealing *d = &w->dealt[w->n];
	struct making m = {.w = w, .d = d};
	const struct json *decision;

	assert_true(w->n < MOST);
	*d = (struct dealing){
	    .day = today(), .found = NEVER, .bad = NEVER, .trader = trader, .goods = goods};
	assert_int_equal(arena_run(w->arena, make_message, &m), ERR_NONE);
	decision = hub_hand_in(w->hub, w->arena, m.raw);
	if (span_is(json_get_text(decision, "state"), "rejected"))
		fail_msg("rejected: %.*s",
			 SPAN_ARG(json_get_text(json_get(decision, "findings")->first, "rule")));
	d->reference = json_get_text(json_get(decision, "declaration"), "reference");
	assert_true(money_of(json_get(decision, "values")->first, "customs_value", &d->minor));
	d->decision = decision;
	w->n++;
	return decision;
}

/* Does an act; false: the case is in no state for it. */
static bool act(struct world *w, const struct dealing *d, const char *login, struct span raw)
{
	return hub_do_act(w->hub, d->reference, login, raw);
}

static void found(struct world *w, struct dealing *d, bool irregular)
{
	w->controls++;
	if (d->found == NEVER)
		d->found = today();
	if (irregular && d->bad == NEVER)
		d->bad = today();
}

/* Control comes to a result: what is irregular is found in the documents, or in the goods behind clean documents, which is two
 * results of one case. */
static void find(struct world *w, struct dealing *d, bool irregular)
{
	bool goods = irregular && roll(w, 2);

	if (!act(w, d, "sue", SPAN("{\"act\":\"take-over\",\"officer\":\"ann\",\"reason\":\"x\"}")))
		return;
	if (!act(
		w, d, "ann",
		irregular && !goods
		    ? SPAN("{\"act\":\"check-documents\",\"result\":\"irregular\",\"code\":\"V1\"}")
		    : SPAN("{\"act\":\"check-documents\",\"result\":\"clean\"}")))
		return;
	found(w, d, irregular && !goods);
	if (goods && act(w, d, "ann",
			 SPAN("{\"act\":\"examine\",\"result\":\"irregular\",\"code\":\"V1\"}")))
		found(w, d, true);
}

/* ---- the naive reckoning ---- */

/* Does a dealing have this subject? */
static bool has(const struct world *w, const struct dealing *d, const char *subject)
{
	const struct goods *g = &w->goods[d->goods];
	char text[7][120];

	snprintf(text[0], 120, "importer/XL2000000000%02u", d->trader);
	snprintf(text[1], 120, "declarant/XL300000000204");
	snprintf(text[2], 120, "office/XLHAR001");
	snprintf(text[3], 120, "origin/%s", g->origin);
	snprintf(text[4], 120, "pair/XL2000000000%02u/%s", d->trader, g->code);
	snprintf(text[5], 120, "prices/%s/%s", g->code, g->origin);
	snprintf(text[6], 120, "commodity/%s", g->code);
	for (int i = 0; i < 7; i++)
		if (!strcmp(text[i], subject))
			return true;
	if (!strncmp(subject, "chapter/", 8))
		return strlen(subject) == 10 && !strncmp(g->code, subject + 8, 2);
	if (!strncmp(subject, "heading/", 8))
		return strlen(subject) == 12 && !strncmp(g->code, subject + 8, 4);
	return false;
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t n = 0;

	if (json_get(o, name))
		assert_int_equal(json_get_int(o, name, &n), ERR_NONE);
	return n;
}

static int by_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double price_of(const struct world *w, const struct dealing *d)
{
	return (double)d->minor / 100 / w->goods[d->goods].mass;
}

static double as_double(const struct json *o, const char *name)
{
	struct decimal d;

	assert_int_equal(decimal_parse(json_get_text(o, name), &d), ERR_NONE);
	return (double)d.units / pow(10, d.scale);
}

/* Three digits are kept of a price, and the newest 255. */
static void check_prices(const struct world *w, const struct json *fact, const char *subject)
{
	double v[MOST], median;
	uint32_t n = 0;

	for (uint32_t i = 0; i < w->n; i++)
		if (has(w, &w->dealt[i], subject) && w->dealt[i].day < today())
			v[n++] = price_of(w, &w->dealt[i]);
	assert_int_equal(number(fact, "prices"), n);
	if (!n)
		return;
	assert_true(n <= 255);
	qsort(v, n, sizeof(*v), by_double);
	median = v[(n - 1) / 2];
	assert_true(fabs(as_double(fact, "median") - median) <= median / 100 + 0.0001);
	for (const struct json *q = json_get(fact, "quantiles")->first; q; q = q->next) {
		double wanted = v[number(q, "permille") * (n - 1) / 1000];

		assert_true(fabs(as_double(q, "price") - wanted) <= wanted / 100 + 0.0001);
	}
	for (uint32_t i = 0; i < n; i++)
		v[i] = fabs(v[i] - median);
	qsort(v, n, sizeof(*v), by_double);
	assert_true(fabs(as_double(fact, "deviation") - v[(n - 1) / 2]) <= median / 50 + 0.0002);
}

static void check_windows(const struct world *w, const struct json *fact, const char *subject)
{
	const struct json *list = json_get(fact, "windows");

	for (const struct json *x = list ? list->first : NULL; x; x = x->next) {
		int32_t first = today() - (int32_t)number(x, "days") + 1;
		int64_t count = 0, minor = 0;

		for (uint32_t i = 0; i < w->n; i++) {
			const struct dealing *d = &w->dealt[i];

			if (!has(w, d, subject) || d->day < first || d->day >= today())
				continue;
			count++;
			minor += d->minor;
		}
		assert_int_equal(number(x, "count"), count);
		/* the value of the goods; of the one item that there is the same as of all */
		assert_int_equal(number(x, "value_minor"), minor);
	}
}

static void check_fact(const struct world *w, const struct json *fact)
{
	char subject[120];
	int64_t declared = 0, controlled = 0, irregular = 0;
	double controlled_recent = 0, irregular_recent = 0;

	snprintf(subject, sizeof(subject), "%.*s", SPAN_ARG(json_get_text(fact, "subject")));
	if (!strncmp(subject, "prices/", 7)) {
		check_prices(w, fact, subject);
		return;
	}
	if (!strncmp(subject, "exporter/", 9))
		return; /* a number made of a name: test_names_are_not_kept() */
	for (uint32_t i = 0; i < w->n; i++) {
		const struct dealing *d = &w->dealt[i];

		if (!has(w, d, subject))
			continue;
		declared += d->day < today();
		if (d->found < today()) {
			controlled++;
			controlled_recent += pow(0.5, (today() - d->found) / 180.0);
		}
		if (d->bad < today()) {
			irregular++;
			irregular_recent += pow(0.5, (today() - d->bad) / 180.0);
		}
	}
	assert_int_equal(number(fact, "declared"), declared);
	assert_int_equal(number(fact, "controlled"), controlled);
	assert_int_equal(number(fact, "irregular"), irregular);
	/* each turn of a day rounds down by less than 2^-16 */
	assert_true(fabs((double)number(fact, "controlled_recent") - 1000 * controlled_recent) <=
		    3);
	assert_true(fabs((double)number(fact, "irregular_recent") - 1000 * irregular_recent) <= 3);
	check_windows(w, fact, subject);
}

static const struct json *facts_of(const struct json *decision)
{
	return json_get(decision, "facts");
}

static void check_decision(const struct world *w, const struct json *decision)
{
	const struct json *list = json_get(facts_of(decision), "history");
	uint32_t n = 0;

	assert_non_null(list);
	for (const struct json *f = list->first; f; f = f->next, n++)
		check_fact(w, f);
	assert_true(n >= 10);
}

/* ---- the tests ---- */

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	(void)context;
	fail_msg("%.*s %lld %.*s: %s", SPAN_ARG(office), (long long)seq, SPAN_ARG(reference), text);
}

static void check_log(struct world *w)
{
	struct audit_report report = {.fault = on_fault};
	struct verify_options options = {0};
	struct cause why = {0};

	hub_close(w->hub);
	w->hub = NULL;
	open_hub(w, HUB_READ);
	assert_int_equal(hub_replay(w->hub, 0, &report, &why), ERR_NONE);
	assert_true(report.looked_at > 0);
	assert_int_equal(report.differences, 0);
	report = (struct audit_report){.fault = on_fault};
	assert_int_equal(hub_verify(w->hub, &options, &report, &why), ERR_NONE);
}

/* The writer's clock goes by a steady one of its own: it is asked to follow the log at once. */
static enum err follow(struct batch *b, void *context, struct cause *why)
{
	bool more = true;
	enum err e = ERR_NONE;

	(void)context;
	while (more && !e)
		e = history_follow(b, 0, &more, why);
	return e;
}

static void follow_the_log(struct world *w)
{
	struct cause why = {0};

	assert_int_equal(settle_errand(w->hub, follow, NULL, &why), ERR_NONE);
}

/* Some weeks: dealings, and results of some controls, on their day or later. */
static void live(struct world *w, int days, bool checked)
{
	for (int day = 0; day < days; day++, now += DAY) {
		for (int i = 0; i < 6; i++, now += 1000000) {
			const struct json *decision = deal(w, roll(w, TRADERS), roll(w, TEMPLATES));

			w->n--; /* what it was told was known before it */
			if (checked)
				check_decision(w, decision);
			w->n++;
		}
		for (uint32_t i = 0; i < w->n; i++)
			if (w->dealt[i].found == NEVER && roll(w, 4) == 0)
				find(w, &w->dealt[i], roll(w, 3) == 0);
		now -= 6 * INT64_C(1000000);
	}
}

static void test_facts_are_what_a_naive_reckoning_says(void **state)
{
	struct world *w = *state;

	assert_int_equal(arena_run(w->arena, make_goods, w), ERR_NONE);
	live(w, 21, true);
	now += 200 * DAY; /* nearly everything weighs half, and no window reaches back */
	live(w, 2, true);
	hub_close(w->hub);
	w->hub = NULL;
	open_hub(w, HUB_OWN); /* what the writer remembered is gone */
	live(w, 2, true);
	assert_true(w->controls > 40);
	check_log(w);
}

/* The facts about the past, as bytes. */
static struct span past_of(struct world *w, const struct json *decision)
{
	struct facts f = {0};
	struct text t = text_in(w->arena);
	struct json_writer x = json_to(&t);

	assert_int_equal(decision_read_facts(w->arena, decision, &f), ERR_NONE);
	json_open_object(&x);
	history_put_facts(&x, &f);
	json_put_int(&x, "importer", f.importer.irregular);
	json_put_int(&x, "declarant", f.declarant.irregular);
	json_close_object(&x);
	return text_as_span(&t);
}

struct asking {
	struct world *w;
	const struct json *decision;
	struct span past;
};

static void ask_past(void *context)
{
	struct asking *a = context;

	a->past = past_of(a->w, a->decision);
}

static struct span ask(struct world *w, uint32_t trader, uint32_t goods)
{
	struct asking a = {.w = w, .decision = deal(w, trader, goods)};

	assert_int_equal(arena_run(w->arena, ask_past, &a), ERR_NONE);
	return a.past;
}

static void find_all(struct world *w, uint32_t from, bool irregular)
{
	for (uint32_t i = from; i < w->n; i++)
		if (w->dealt[i].found == NEVER)
			find(w, &w->dealt[i], irregular);
}

/* What control finds on a day, and what is declared on it, reaches no decision of that day: planted labels change nothing, until
 * the day is over. */
static void test_nothing_of_the_day_leaks(void **state)
{
	struct world *w = *state;
	struct span before, after, next;
	uint32_t from;

	assert_int_equal(arena_run(w->arena, make_goods, w), ERR_NONE);
	live(w, 5, false);
	from = w->n;
	before = ask(w, 0, 0);
	for (uint32_t i = 0; i < 12; i++)
		(void)deal(w, 0, 0);
	find_all(w, from, true);
	follow_the_log(w);
	after = ask(w, 0, 0);
	assert_true(span_equal(before, after));
	now += DAY;
	next = ask(w, 0, 0);
	assert_false(span_equal(before, next));
	assert_true(memmem(next.p, next.n, "\"irregular\"", 11) != NULL);
}

/* A stored decision says the same after its past has become another. */
static void test_decisions_replay_when_history_has_moved_on(void **state)
{
	struct world *w = *state;

	assert_int_equal(arena_run(w->arena, make_goods, w), ERR_NONE);
	live(w, 4, false);
	now += 30 * DAY;
	live(w, 3, false);
	find_all(w, 0, true);
	now += 400 * DAY;
	live(w, 2, false);
	check_log(w);
}

/* ---- the past, built again ---- */

struct seeing {
	struct world *w;
	const struct trial_seen *seen;
	uint32_t n;
	bool told; /* decisions were told the same */
};

/* What was at hand by its place, listed as a decision lists it. */
static struct facts listed(struct world *w, const struct trial_seen *s)
{
	struct facts f = *s->facts;
	uint32_t places = CHRONICLE_OF_WHOLE + CHRONICLE_OF_ITEM * s->c->items;

	assert_non_null(f.history_at);
	for (uint32_t i = 0; i < places; i++)
		if (f.history_at[i] && !facts_history(&f, f.history_at[i]->subject))
			facts_add_history(w->arena, &f, f.history_at[i]);
	return f;
}

static struct span written(struct world *w, const struct facts *f)
{
	struct text t = text_in(w->arena);
	struct json_writer x = json_to(&t);

	json_open_object(&x);
	history_put_facts(&x, f);
	json_put_int(&x, "importer", f->importer.irregular);
	json_put_int(&x, "declarant", f->declarant.irregular);
	json_close_object(&x);
	return text_as_span(&t);
}

static void check_seen(void *context)
{
	struct seeing *s = context;
	struct world *w = s->w;
	struct facts f = listed(w, s->seen), told = {0};
	struct span said = written(w, &f);
	const struct json *again;
	struct codec_fault fault;
	const struct dealing *d = w->dealt;

	while (!span_equal(d->reference, s->seen->c->reference))
		assert_true(++d < w->dealt + w->n);
	now = s->seen->c->at; /* the naive reckoning is of today */
	assert_int_equal(json_read(w->arena, said, &again, &fault), ERR_NONE);
	for (const struct json *x = json_get(again, "history")->first; x; x = x->next)
		check_fact(w, x);
	if (!s->told)
		return;
	assert_true(span_equal(said, past_of(w, d->decision)));
	assert_int_equal(decision_read_facts(w->arena, d->decision, &told), ERR_NONE);
	assert_int_equal(f.importer.today, told.importer.today);
	assert_int_equal(f.importer.today_minor, told.importer.today_minor);
	assert_int_equal(f.declarant.today, told.declarant.today);
	assert_int_equal(f.declarant.today_minor, told.declarant.today_minor);
}

static void see(void *context, const struct trial_seen *seen)
{
	struct seeing *s = context;
	const int64_t before = now;

	s->seen = seen;
	s->n++;
	assert_int_equal(arena_run(s->w->arena, check_seen, s), ERR_NONE);
	now = before;
}

struct joining {
	struct world *w;
	struct span rules, archive;
};

static void join_rules(void *context)
{
	struct joining *j = context;
	struct pack_file file = {SPAN("candidate.rules"), j->rules};

	j->archive = pack_archive(j->w->arena, &file, 1);
}

/* Tries a set over all that the store has; every declaration is looked at. told: it is the set that decided. */
static void try_rules(struct world *w, const char *text, bool told)
{
	struct joining j = {.w = w, .rules = span_of(text)};
	struct seeing s = {.w = w, .told = told};
	struct rules_trial t = {
	    .trade = {.from = INT32_MIN, .to = INT32_MAX}, .see = see, .see_context = &s};
	struct span archive[PACK_PARTS];
	struct pack_faults faults = {.arena = w->arena};
	struct inforce *with = NULL;
	struct cause why = {0};

	assert_int_equal(hub_get_pack(w->hub, w->arena, archive, &why), ERR_NONE);
	assert_int_equal(arena_run(w->arena, join_rules, &j), ERR_NONE);
	archive[PACK_RULES] = j.archive;
	assert_int_equal(inforce_load(archive, &with, &faults, &why), ERR_NONE);
	t.with = with;
	if (hub_try_rules(w->hub, &t, &why))
		fail_msg("%s", why.text);
	assert_int_equal(s.n, w->n);
	assert_int_equal(t.total.declarations, w->n);
	if (told)
		assert_memory_equal(t.total.lane_now, t.total.lane_then, sizeof(t.total.lane_now));
	rules_trial_free(&t);
	inforce_release(with);
}

static void read_only(struct world *w)
{
	hub_close(w->hub);
	w->hub = NULL;
	open_hub(w, HUB_READ);
}

/* A set that nobody had then is told what it would have been told, by the naive reckoning; the set that decided is told the same
 * as then, and selects the same. What was found on a day is in none of that day's facts: the reckoning leaves it out. */
static void test_the_past_is_built_again(void **state)
{
	struct world *w = *state;
	static const char others[] =
	    "rule NEW1 \"other windows\" from 2020-01-01 owner \"test\"\n"
	    "when count(importer, 5 days) > 3 or sum(item.heading, 11 days) > 100"
	    " then red because \"x\"\n"
	    "rule NEW2 \"other shares\" from 2020-01-01 owner \"test\"\n"
	    "when item.unit_price > band(0.75) or item.importer_rate > 1% then blue because "
	    "\"x\"\n";

	assert_int_equal(arena_run(w->arena, make_goods, w), ERR_NONE);
	live(w, 9, false);
	find_all(w, w->n - 3, true);
	read_only(w);
	try_rules(w, rules, true);
	try_rules(w, others, false);
	/* the log goes on, and the chronicle with it */
	hub_close(w->hub);
	w->hub = NULL;
	open_hub(w, HUB_OWN);
	now += 40 * DAY;
	live(w, 3, false);
	read_only(w);
	try_rules(w, rules, true);
	try_rules(w, others, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    world_test(test_nothing_of_the_day_leaks),
	    world_test(test_the_past_is_built_again),
	    world_test(test_decisions_replay_when_history_has_moved_on),
	    world_test(test_facts_are_what_a_naive_reckoning_says),
	};

	return cmocka_run_group_tests_name("hub_history", tests, NULL, NULL);
}
