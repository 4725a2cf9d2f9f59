/* hub/control: a trade whose truth the test knows. What the figures say is compared with what it did to each case itself. */
#include "hub_trade.h"
#include "store_dir.h"

#include "base/clock.h"
#include "base/date.h"
#include "hub/control/control.h"
#include "hub/generate/generate.h"
#include "hub/house.h"
#include "hub/life/cases.h"
#include "hub/people/people.h"
#include "msg/msg.h"
#include "risk/missed.h"

/* 2026-03-02, noon, a Monday. */
static int64_t now;
static const int64_t NOON = INT64_C(1772452800000000), DAY = INT64_C(86400000000);

int64_t __wrap_clock_now(void);
int64_t __wrap_clock_now(void)
{
	return now;
}

enum { MOST = 200, CASES = 120, TRADERS = 6 };

/* What became of a case. */
struct dealing {
	struct span reference;
	uint32_t trader;
	bool random, listed, secret, manual; /* why it was selected */
	bool checked, examined, irregular, seized;
	int64_t found;
};

struct world {
	struct store_dir *dir;
	char pack[128];
	struct hub *hub;
	struct inforce *in;
	struct arena *arena;
	struct message goods;
	struct dealing dealt[MOST];
	uint32_t n;
};

/* ---- a country that draws three in ten ---- */

static const char rules[] =
    "rule LISTED \"watched\" from 2020-01-01 owner \"test\"\n"
    "when importer.id in list \"watched\" then red because \"x\"\n"
    "rule SECRET \"told to few\" from 2020-01-01 owner \"test\" secrecy restricted\n"
    "when importer.id = \"XL200000000001\" then yellow because \"x\"\n"
    "rule AUDIT \"looked at later\" from 2020-01-01 owner \"test\"\n"
    "when importer.id = \"XL200000000002\" then blue because \"x\"\n";

static void add_to(const struct world *w, const char *file, const char *text)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", w->pack, file);
	f = fopen(path, "a");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void replace_in(const struct world *w, const char *file, const char *from, const char *to)
{
	char path[300], bytes[1 << 16], *at;
	size_t n, head;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", w->pack, file);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(bytes, 1, sizeof(bytes) - 1, f);
	bytes[n] = 0;
	fclose(f);
	at = strstr(bytes, from);
	assert_non_null(at);
	head = (size_t)(at - bytes);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, head, f), head);
	assert_true(fputs(to, f) >= 0 && fputs(at + strlen(from), f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void open_hub(struct world *w)
{
	char where[100];
	struct hub_options o = {.where = where,
				.database = store_dir_remote() ? w->dir->path : NULL,
				.mode = HUB_OWN,
				.pack = w->pack};
	struct cause why = {0};

	snprintf(where, sizeof(where), "%s/data", w->dir->parent);
	if (hub_open(&o, &w->hub, &why))
		fail_msg("%s", why.text);
}

/* Goods of one item on which something is due. */
static void choose_goods(void *context)
{
	struct world *w = context;
	struct generator *g = generator_new(w->arena, w->in->ref, day_of(now, 0), 11);

	generator_limit_items(g, 1);
	for (uint64_t i = 1; i < 1000; i++) {
		generator_make(g, i, w->arena, &w->goods);
		if (span_is(w->goods.declaration.type, "IMA"))
			return;
	}
	fail_msg("the generator made no plain import");
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w || store_dir_make((void **)&w->dir))
		return -1;
	now = NOON;
	w->arena = arena_new((size_t)256 << 20);
	hub_make_pack(w->dir->parent, rules, w->pack);
	replace_in(w, "pack.csv", "random_ppm,20000", "random_ppm,300000");
	/* No lane is filled up: which case that takes is as the key of the day draws. */
	replace_in(w, "lanes.csv", "blue,60000,", "blue,0,");
	replace_in(w, "lanes.csv", "yellow,80000,", "yellow,0,");
	replace_in(w, "lanes.csv", "red,50000,", "red,0,");
	replace_in(w, "lanes.csv", "red,40000,", "red,0,");
	add_to(w, "lists.csv", "watched,XL200000000000,2020-01-01,,test\n");
	add_to(w, "capacity.csv",
	       "office,weekdays,first_hour,last_hour,minutes,yellow_minutes,red_minutes,worth,from,"
	       "to,source\n*,1234567,0,23,100000,15,60,0,2020-01-01,,test\n");
	open_hub(w);
	w->in = house_inforce(w->hub);
	*state = w;
	return w->arena ? arena_run(w->arena, choose_goods, w) != ERR_NONE : -1;
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

/* ---- trade ---- */

struct making {
	struct world *w;
	struct span raw;
};

static void make_message(void *context)
{
	struct making *m = context;
	struct world *w = m->w;
	struct message x = w->goods;
	struct declaration *d = &x.declaration;
	struct text t = text_in(w->arena);

	d->trader_reference = span_of(arena_print(w->arena, "T-%u", w->n));
	d->shipment.importer.id =
	    span_of(arena_print(w->arena, "XL2000000000%02u", w->n % TRADERS));
	d->shipment.ucr.id = span_of(arena_print(w->arena, "5XL-%u", w->n));
	d->declarant.id = d->agent.id = SPAN("XL300000000204");
	d->office = SPAN("XLHAR001");
	msg_write_json(&t, &x);
	m->raw = text_as_span(&t);
}

static void deal(struct world *w)
{
	struct dealing *d = &w->dealt[w->n];
	struct making m = {.w = w};
	const struct json *decision;

	assert_true(w->n < MOST);
	assert_int_equal(arena_run(w->arena, make_message, &m), ERR_NONE);
	decision = hub_hand_in(w->hub, w->arena, m.raw);
	if (span_is(json_get_text(decision, "state"), "rejected"))
		fail_msg("rejected: %.*s",
			 SPAN_ARG(json_get_text(json_get(decision, "findings")->first, "rule")));
	*d = (struct dealing){.reference =
				  json_get_text(json_get(decision, "declaration"), "reference"),
			      .trader = w->n % TRADERS};
	d->listed = d->trader == 0;
	d->secret = d->trader == 1;
	for (const struct json *r = json_get(decision, "reasons")->first; r; r = r->next)
		d->random |= span_is(json_get_text(r, "kind"), "random");
	w->n++;
}

static bool act(struct world *w, const struct dealing *d, const char *login, const char *raw)
{
	return hub_do_act(w->hub, d->reference, login, span_of(raw));
}

static int64_t due_of(struct world *w, const struct dealing *d)
{
	struct text t = text_in(w->arena);
	const struct hub_look look = {
	    .who = who_operator(), .reference = d->reference, .purpose = PURPOSE_READ};
	const struct json *status;
	struct codec_fault fault;
	struct decimal due;
	struct cause why = {0};

	if (hub_write_status(w->hub, &t, &look, &why))
		fail_msg("%s", why.text);
	assert_int_equal(json_read(w->arena, text_as_span(&t), &status, &fault), ERR_NONE);
	assert_int_equal(decimal_parse(json_get_text(status, "due"), &due), ERR_NONE);
	return due.units;
}

/* Customs corrects the price to the double. */
static void correct(struct world *w, struct dealing *d)
{
	const struct goods_item *item = &w->goods.declaration.shipment.items.v[0];
	struct decimal twofold = item->commodity.price.value;
	const int64_t before = due_of(w, d);
	struct text twice = text_in(w->arena), until = text_in(w->arena), raw = text_in(w->arena);

	twofold.units *= 2;
	decimal_write(&twice, twofold);
	moment_write(&until, now + DAY);
	text_print(
	    &raw,
	    "{\"act\":\"correct\",\"reason\":\"priced\",\"until\":\"%.*s\",\"declaration\":{"
	    "\"function\":\"13\",\"type\":\"COR\",\"trader_reference\":\"C-%u\","
	    "\"movement_reference\":\"%.*s\",\"amendments\":[{\"reason\":\"2\",\"pointers\":[{"
	    "\"section\":\"42A\"},{\"section\":\"67A\"},{\"sequence\":\"1\",\"section\":\"68A\"},{"
	    "\"section\":\"23A\"},{\"section\":\"79A\",\"tag\":\"112\"}]},{\"reason\":\"2\","
	    "\"pointers\":[{\"section\":\"42A\",\"tag\":\"109\"}]}],\"invoice_total\":{\"value\":"
	    "\"%.*s\",\"currency\":\"%.*s\"},\"shipment\":{\"items\":[{\"sequence\":\"1\","
	    "\"commodity\":{\"price\":{\"value\":\"%.*s\",\"currency\":\"%.*s\"}}}]}}}",
	    SPAN_ARG(text_as_span(&until)), (unsigned)(d - w->dealt), SPAN_ARG(d->reference),
	    SPAN_ARG(text_as_span(&twice)), SPAN_ARG(item->commodity.price.currency),
	    SPAN_ARG(text_as_span(&twice)), SPAN_ARG(item->commodity.price.currency));
	assert_true(hub_do_act(w->hub, d->reference, "sue", text_as_span(&raw)));
	d->found = due_of(w, d) - before;
	assert_true(d->found > 0);
}

/* Of the picks some are skipped and some wait; the documents of a few show it already. */
static void control(struct world *w, struct dealing *d, uint32_t i)
{
	const bool red = d->random || d->listed || d->manual, bad = i % 4 == 0;

	if (i % 9 == 8) /* it waits */
		return;
	assert_true(
	    act(w, d, "sue", "{\"act\":\"take-over\",\"officer\":\"ann\",\"reason\":\"x\"}"));
	if (bad && i % 8 == 0) {
		assert_true(act(w, d, "ann",
				"{\"act\":\"check-documents\",\"result\":\"irregular\",\"code\":"
				"\"D1\"}"));
		d->checked = d->irregular = true;
		return;
	}
	assert_true(act(w, d, "ann", "{\"act\":\"check-documents\",\"result\":\"clean\"}"));
	d->checked = true;
	if (!red)
		return;
	if (i % 9 == 7) { /* skipped */
		assert_true(act(w, d, "ann", "{\"act\":\"release\"}"));
		return;
	}
	d->examined = true;
	d->irregular = bad;
	assert_true(act(w, d, "ann",
			bad ? "{\"act\":\"examine\",\"result\":\"irregular\",\"code\":\"V1\"}"
			    : "{\"act\":\"examine\",\"result\":\"clean\"}"));
	if (bad)
		correct(w, d);
}

static void trade(struct world *w)
{
	for (uint32_t i = 0; i < CASES; i++) {
		struct dealing *d = &w->dealt[w->n];

		deal(w);
		if (!d->random && !d->listed && !d->secret && i % 10 == 5) {
			d->manual = act(w, d, "bob",
					"{\"act\":\"reroute\",\"lane\":\"red\",\"reason\":\"x\"}");
			assert_true(d->manual);
		}
		if (d->random || d->listed || d->secret || d->manual) {
			control(w, d, i);
		} else if (i % 10 == 3) { /* somebody else found it */
			assert_true(act(w, d, "sue",
					"{\"act\":\"seize\",\"code\":\"S1\",\"reason\":\"x\"}"));
			d->seized = d->irregular = true;
		}
	}
}

/* ---- what must be said ---- */

static const struct json *ask_as(struct world *w, const struct who *who, int32_t from, int32_t to,
				 const char *office, enum err expected)
{
	struct text t = text_in(w->arena);
	const struct control_order order = {.office = span_of(office), .from = from, .to = to};
	const struct json *ret = NULL;
	struct codec_fault fault;
	struct cause why = {0};

	assert_int_equal(hub_write_control(w->hub, &t, who, &order, SPAN("r"), &why), expected);
	if (!expected)
		assert_int_equal(json_read(w->arena, text_as_span(&t), &ret, &fault), ERR_NONE);
	return ret;
}

static const struct json *ask_today(struct world *w)
{
	return ask_as(w, who_operator(), day_of(NOON, 0), day_of(NOON, 0) + 40, "", ERR_NONE);
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = -1;

	assert_non_null(o);
	if (json_get_int(o, name, &v))
		fail_msg("no number %s", name);
	return v;
}

static int64_t money(const struct json *o, const char *name)
{
	struct decimal d;

	assert_int_equal(decimal_parse(json_get_text(o, name), &d), ERR_NONE);
	return d.units;
}

static const struct json *row(const struct json *answer, const char *rows, const char *name,
			      const char *id)
{
	const struct json *v = json_get(answer, rows);

	for (const struct json *r = v ? v->first : NULL; r; r = r->next)
		if (span_is(json_get_text(r, name), id))
			return r;
	return NULL;
}

typedef bool which(const struct dealing *d);

static bool by_random(const struct dealing *d)
{
	return d->random;
}
static bool by_list(const struct dealing *d)
{
	return d->listed;
}
static bool by_secret(const struct dealing *d)
{
	return d->secret;
}
static bool by_rule(const struct dealing *d)
{
	return d->listed || d->secret;
}
static bool by_hand(const struct dealing *d)
{
	return d->manual;
}
static bool by_any(const struct dealing *d)
{
	return d->random || d->listed || d->secret || d->manual;
}

static void expect_row(const struct world *w, const struct json *r, which *of)
{
	int64_t selected = 0, controlled = 0, irregular = 0, found = 0, minutes = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct dealing *d = &w->dealt[i];

		if (!of(d))
			continue;
		selected++;
		if (!d->checked)
			continue;
		controlled++;
		irregular += d->irregular;
		found += d->found;
		minutes += d->examined ? 60 : 15;
	}
	assert_int_equal(number(r, "selected"), selected);
	assert_int_equal(number(r, "controlled"), controlled);
	assert_int_equal(number(r, "irregular"), irregular);
	assert_int_equal(money(r, "found"), found);
	assert_int_equal(number(r, "minutes"), minutes);
	assert_int_equal(number(r, "timed"), controlled);
	if (minutes)
		assert_int_equal(money(r, "found_in_an_hour"), found * 60 / minutes);
}

static void expect_missed(const struct world *w, const struct json *m)
{
	struct missed_stratum s = {.rate_ppm = 300000};
	const struct json *share = json_get(m, "share"), *cases = json_get(m, "declarations");
	struct missed e;
	int64_t waiting = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct dealing *d = &w->dealt[i];

		if (d->listed || d->secret)
			continue;
		s.population++;
		s.picked += d->random;
		waiting += d->random && !d->checked;
		if (d->random && (d->examined || d->irregular))
			missed_add_answer(&s, d->irregular, d->found);
		if (!d->random && d->irregular) {
			s.elsewhere++;
			s.found_elsewhere += d->found;
		}
	}
	missed_estimate(&s, 1, &e);
	assert_true(s.answered > 0 &&
		    s.answered < s.population); /* the key of the day is not the test's */
	assert_true(span_is(json_get_text(m, "interval"), "wilson"));
	assert_int_equal(number(m, "population"), s.population);
	assert_int_equal(number(m, "picked"), s.picked);
	assert_int_equal(number(m, "answered"), s.answered);
	assert_int_equal(number(m, "waiting"), waiting);
	assert_int_equal(number(m, "skipped"), s.picked - s.answered - waiting);
	assert_int_equal(number(m, "irregular"), s.irregular);
	assert_int_equal(number(m, "found_otherwise"), s.elsewhere);
	assert_int_equal(number(share, "low_ppm"), e.share.low);
	assert_int_equal(number(share, "high_ppm"), e.share.high);
	assert_int_equal(number(cases, "estimate"), e.cases.middle);
	assert_int_equal(number(json_get(m, "bounds"), "high_ppm"), e.bound_high);
	assert_int_equal(money(json_get(m, "money"), "estimate"), e.money.middle);
	assert_int_equal(number(m, "without_rate"), 0);
}

static void test_figures(void **state)
{
	struct world *w = *state;
	const struct json *a;
	int64_t codes = 0;

	trade(w);
	a = ask_today(w);
	expect_row(w, json_get(a, "total"), by_any);
	expect_row(w, row(a, "channels", "channel", "random"), by_random);
	expect_row(w, row(a, "channels", "channel", "rule"), by_rule);
	expect_row(w, row(a, "channels", "channel", "manual"), by_hand);
	expect_row(w, row(a, "rules", "rule", "LISTED"), by_list);
	expect_row(w, row(a, "rules", "rule", "SECRET"), by_secret);
	expect_row(w, row(a, "lists", "list", "watched"), by_list);
	expect_row(w, row(a, "offices", "office", "XLHAR001"), by_any);
	expect_row(w, row(a, "months", "month", "2026-03"), by_any);
	assert_null(row(a, "rules", "rule", "AUDIT"));
	assert_int_equal(number(row(a, "channels", "channel", "rate"), "selected"), 0);
	expect_missed(w, json_get(a, "missed"));
	/* What was found is told apart, and sums up. */
	a = json_get(a, "missed");
	for (const struct json *c = json_get(a, "codes")->first; c; c = c->next)
		codes += number(c, "irregular");
	assert_int_equal(codes, number(a, "irregular"));
	assert_int_equal(number(json_get(a, "chapters")->first, "answered"), number(a, "answered"));
	/* Another day has nothing. */
	a = ask_as(w, who_operator(), day_of(NOON, 0) + 1, day_of(NOON, 0) + 2, "", ERR_NONE);
	assert_int_equal(number(json_get(a, "total"), "selected"), 0);
	assert_true(span_is(json_get_text(json_get(a, "missed"), "interval"), "unknown"));
}

/* Two rates in a year are two strata; what comes on the day of the change is in none. */
static void test_rates_that_change(void **state)
{
	struct world *w = *state;
	struct pack_faults faults = {.arena = w->arena};
	const struct json *a;
	struct cause why = {0};
	bool unchanged;
	uint32_t n;

	for (int i = 0; i < 20; i++)
		deal(w);
	replace_in(w, "pack.csv", "random_ppm,300000", "random_ppm,600000");
	now += DAY;
	for (int i = 0; i < 3; i++)
		deal(w);
	if (hub_activate_pack(w->hub, w->arena, w->pack, PACK_FROM_TODAY, SPAN("rates"), &faults,
			      &unchanged, &why))
		fail_msg("%s", why.text);
	for (int i = 0; i < 3; i++)
		deal(w);
	now += DAY;
	for (int i = 0; i < 20; i++)
		deal(w);
	n = w->n;
	for (uint32_t i = 0; i < n; i++)
		if (w->dealt[i].random)
			control(w, &w->dealt[i], i % 4 ? 1 : 4);
	a = json_get(ask_today(w), "missed");
	assert_true(span_is(json_get_text(a, "interval"), "mover"));
	assert_int_equal(json_get(a, "strata")->count, 2);
	assert_true(number(a, "without_rate") >= 3 && number(a, "without_rate") <= 6);
	/* A part of them has no interval: nobody knows how much of the trade it is. */
	assert_null(json_get(json_get(a, "chapters")->first, "share"));
}

static void test_who_may_see_them(void **state)
{
	static const struct span own[] = {{"XLHAR001", 8, 0}};
	struct world *w = *state;
	const int32_t day = day_of(NOON, 0);
	struct who who = {.user = SPAN("somebody"), .scopes = SCOPE_ALL, .offices = {own, 1}};
	const struct json *a;

	trade(w);
	who.roles = ROLE_OFFICER | ROLE_CASHIER;
	ask_as(w, &who, day, day, "XLHAR001", ERR_DENIED);
	who.roles = ROLE_TRADER;
	ask_as(w, &who, day, day, "XLHAR001", ERR_DENIED);
	who.roles = ROLE_SUPERVISOR;
	ask_as(w, &who, day, day, "", ERR_DENIED);
	ask_as(w, &who, day, day, "XLSOU002", ERR_DENIED);
	a = ask_as(w, &who, day, day, "XLHAR001", ERR_NONE);
	expect_row(w, row(a, "rules", "rule", "restricted"), by_secret);
	expect_row(w, row(a, "rules", "rule", "LISTED"), by_list);
	assert_null(row(a, "rules", "rule", "SECRET"));
	who.roles = ROLE_ANALYST;
	a = ask_as(w, &who, day, day, "", ERR_NONE);
	expect_row(w, row(a, "rules", "rule", "SECRET"), by_secret);
	ask_as(w, &who, day, day - 1, "", ERR_FORMAT);
	ask_as(w, &who, day, day + CONTROL_DAYS_MAX, "", ERR_FORMAT);
}

#define world_test(function) cmocka_unit_test_setup_teardown(function, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    world_test(test_figures),
	    world_test(test_rates_that_change),
	    world_test(test_who_may_see_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
