/* Which day counts for what: goods declared before arrival, presented days later under other rates. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "calendar.h"
#include "codec/xml.h"
#include "hub/life/life.h"
#include "hub/life/transfers.h"

#define LODGED    "2031-03-10T21:30:00Z"
#define PRESENTED "2031-03-12T22:30:00Z"
#define OFFICE    SPAN("XV001")
#define HOLDER    SPAN("XV100000001")

/* A dollar is worth 2 until the day of lodging, 3 afterwards; coffee bears 8 % + 2 until then, 20 % afterwards. The country lies two
 * hours east: the presentation falls on the 13th there. */
static const struct calendar_edit world[] = {
    {"codes.csv", NULL, "declaration_type,IMD,IMD,IMD,2000-01-01,,test\n"},
    {"pack.csv", "zone_minutes,0", "zone_minutes,120"},
    {"rates.csv", "USD,2,1,2000-01-01,,test",
     "USD,2,1,2000-01-01,2031-03-12,test\nUSD,3,1,2031-03-13,,test"},
    {"measures.csv", "D3,DUT,0901,*,,,,8% + 2.00 XVD / kg,,,2000-01-01,,test",
     "D3,DUT,0901,*,,,,8% + 2.00 XVD / kg,,,2000-01-01,2031-03-12,test\n"
     "D3b,DUT,0901,*,,,,20%,,,2031-03-13,,test"},
};
enum { WORLD = ARRAY_LEN(world), EDITS = WORLD + 1 };

struct world {
	char pack[CALENDAR_FOLDER];
	struct fixture f;
	struct arena *arena;
	struct span reference;
};

/* settings: lines of pack.csv */
static void begin(struct world *w, const char *settings)
{
	struct calendar_edit edit[EDITS];

	memcpy(edit, world, sizeof(world));
	edit[WORLD] = (struct calendar_edit){"pack.csv", NULL, settings};
	calendar_set(LODGED);
	calendar_pack(w->pack, edit, EDITS);
	fixture_new(&w->f, w->pack);
	w->arena = arena_new(LIMIT_ARENA_BYTES);
}

static void end(struct world *w)
{
	fixture_sound(&w->f);
	fixture_remove(&w->f);
	calendar_remove(w->pack);
	arena_free(w->arena);
}

static struct span coffee(struct world *w, const char *type)
{
	struct span raw = fixture_template(w->arena, "tests/golden/messages/01-coffee.json");

	return fixture_replaced(w->arena, raw, SPAN("\"IMA\""),
				span_of(arena_print(w->arena, "\"%s\"", type)));
}

static struct outcome lodge(struct world *w, const char *type)
{
	struct outcome o = fixture_submit(&w->f, w->arena, coffee(w, type), "ann", "");

	assert_int_equal(o.kind, OUTCOME_NEW);
	if (!o.accepted)
		fail_msg("%.*s", SPAN_ARG(o.answer));
	w->reference = o.reference;
	return o;
}

static struct outcome request(struct world *w, const char *file, const char *number)
{
	struct span raw = fixture_read(w->arena, fixture_path(w->arena, file));
	struct outcome o;

	raw = fixture_replaced(w->arena, raw, SPAN("@last@"), w->reference);
	raw = fixture_replaced(w->arena, raw, SPAN("G-"), span_of(number));
	o = fixture_submit(&w->f, w->arena, raw, "ann", "");
	assert_int_equal(o.kind, OUTCOME_NEW);
	return o;
}

static struct span presentation(struct world *w)
{
	return span_of(arena_print(w->arena,
				   "{\"function\":\"13\",\"trader_reference\":\"P-1\","
				   "\"movement_reference\":\"%.*s\",\"type\":\"GPN\"}",
				   SPAN_ARG(w->reference)));
}

static struct outcome present(struct world *w)
{
	struct outcome o = fixture_submit(&w->f, w->arena, presentation(w), "ann", "");

	assert_int_equal(o.kind, OUTCOME_NEW);
	return o;
}

static struct span fact(struct world *w, const struct outcome *o, const char *name)
{
	return json_get_text(fixture_member(w->arena, o->decision, "facts"), name);
}

static struct span total(struct world *w, const struct outcome *o)
{
	return json_get_text(fixture_member(w->arena, o->decision, "total"), "amount");
}

/* The case's life, and what its holder owes by the balances. */
static struct flow_case life_now(struct world *w, int64_t *ret_owed)
{
	struct store_declaration row;
	struct store_balances rows;
	struct cause why = {0};
	struct store *s;
	struct span holder = HOLDER;
	struct life l;

	*ret_owed = 0;
	if (store_open(fixture_where(&w->f), &(struct store_options){.mode = STORE_READ}, &s,
		       &why) ||
	    store_get_declaration(s, w->arena, OFFICE, w->reference, &row, &why) ||
	    life_of(s, w->arena, &row, &l, &why) ||
	    store_get_balances(s, w->arena, &holder, 1, &rows, &why))
		fail_msg("%s", why.text);
	for (uint32_t i = 0; i < rows.count; i++)
		if (span_is(rows.row[i].account, "due"))
			*ret_owed = rows.row[i].minor;
	assert_true(span_equal(l.party, HOLDER));
	assert_int_equal(l.now.version, row.version);
	assert_int_equal(l.now.due, row.total_minor);
	store_close(s);
	return l.now;
}

/* 1000 dollars: a value of 2000.00; duty 160.00 + 180.00, tax 491.40, fee 25.00. */
#define THEN                   "856.40"
/* At 3 a dollar: duty 240.00 + 180.00, tax 718.20. */
#define RATE_OF_PRESENTATION   "1163.20"
/* At 2 a dollar and 20 %: duty 400.00, tax 504.00. */
#define TARIFF_OF_PRESENTATION "929.00"
/* At 3 a dollar and 20 %: duty 600.00, tax 756.00. */
#define BOTH_OF_PRESENTATION   "1381.00"

static void test_a_pack_that_says_nothing_keeps_the_day_of_lodging(void **state)
{
	struct world w;
	struct outcome o;
	int64_t owed;

	(void)state;
	begin(&w, "");
	o = lodge(&w, "IMD");
	assert_span(total(&w, &o), THEN);
	calendar_set(PRESENTED);
	o = present(&w);
	assert_true(o.accepted);
	assert_span(total(&w, &o), THEN);
	assert_span(fact(&w, &o, "legal_day"), "2031-03-10");
	assert_int_equal(fact(&w, &o, "tariff_day").n, 0);
	assert_int_equal(life_now(&w, &owed).due, 85640);
	assert_int_equal(owed, 85640);
	end(&w);
}

static void check_presented(const char *settings, const char *after, int64_t minor)
{
	struct world w;
	struct outcome o;
	struct flow_case c;
	int64_t owed;

	begin(&w, settings);
	o = lodge(&w, "IMD");
	assert_span(total(&w, &o), THEN);
	assert_int_equal(fact(&w, &o, "tariff_day").n, 0);
	assert_int_equal(life_now(&w, &owed).due, 85640);
	assert_int_equal(owed, 85640);
	calendar_set(PRESENTED);
	o = present(&w);
	assert_true(o.accepted);
	assert_span(total(&w, &o), after);
	assert_span(fact(&w, &o, "legal_day"), "2031-03-10");
	assert_span(json_get_text(fixture_member(w.arena, o.answer, "total"), "amount"), after);
	c = life_now(&w, &owed);
	assert_true(c.presented && !(c.holds & HOLD_PRESENTATION));
	assert_int_equal(c.due, minor);
	assert_int_equal(owed, minor);
	end(&w);
}

static void test_each_date_goes_its_own_way(void **state)
{
	(void)state;
	check_presented("exchange_date,presentation\n", RATE_OF_PRESENTATION, 116320);
	check_presented("tariff_date,acceptance\n", TARIFF_OF_PRESENTATION, 92900);
	check_presented("exchange_date,acceptance\ntariff_date,presentation\n",
			BOTH_OF_PRESENTATION, 138100);
	check_presented("statistics_date,presentation\nquota_date,acceptance\n", THEN, 85640);
}

static void test_days_are_the_countrys_and_stand_in_the_decision(void **state)
{
	struct world w;
	struct outcome o;

	(void)state;
	begin(&w, "statistics_date,presentation\nquota_date,acceptance\nexchange_date,lodgement\n");
	(void)lodge(&w, "IMD");
	calendar_set(PRESENTED);
	o = present(&w);
	assert_span(fact(&w, &o, "statistics_day"), "2031-03-13");
	assert_span(fact(&w, &o, "quota_day"), "2031-03-13");
	assert_int_equal(fact(&w, &o, "exchange_day").n, 0);
	assert_int_equal(fact(&w, &o, "tariff_day").n, 0);
	end(&w);
}

static void test_goods_that_are_here_have_one_day(void **state)
{
	struct world w;
	struct outcome o;

	(void)state;
	begin(&w, "tariff_date,presentation\nexchange_date,acceptance\n");
	o = lodge(&w, "IMA");
	assert_span(total(&w, &o), THEN);
	calendar_set(PRESENTED);
	o = present(&w); /* they cannot be presented again */
	assert_false(o.accepted);
	assert_true(fixture_found(w.arena, o.decision, "request.state"));
	end(&w);
}

/* What was fixed stays fixed: a change made later is reckoned as of the same days. */
static void test_an_amendment_keeps_the_days(void **state)
{
	struct world w;
	struct outcome o;

	(void)state;
	begin(&w, "tariff_date,presentation\nexchange_date,presentation\n");
	(void)lodge(&w, "IMD");
	calendar_set("2031-03-11T10:00:00Z");
	o = request(&w, "tests/golden/messages/03-amendment-to-little.json", "A-");
	assert_true(o.accepted);
	assert_int_equal(fact(&w, &o, "exchange_day").n, 0);
	calendar_set(PRESENTED);
	o = present(&w);
	assert_true(o.accepted);
	calendar_set("2031-03-20T10:00:00Z");
	o = request(&w, "tests/golden/messages/03-amendment-to-little.json", "B-");
	assert_span(fact(&w, &o, "exchange_day"), "2031-03-13");
	assert_span(fact(&w, &o, "tariff_day"), "2031-03-13");
	assert_span(fact(&w, &o, "legal_day"), "2031-03-10");
	end(&w);
}

/* Paid for before arrival: what the day of presentation asks beyond it holds the goods. */
static void test_a_pack_that_comes_in_force_between(void **state)
{
	static const struct calendar_edit later[] = {
	    {"pack.csv", NULL, "exchange_date,presentation\n"}};
	struct calendar_edit edit[EDITS];
	char pack[CALENDAR_FOLDER];
	struct pack_faults faults;
	struct cause why = {0};
	struct outcome o;
	struct world w;
	bool unchanged;

	(void)state;
	begin(&w, "");
	(void)lodge(&w, "IMD");
	memcpy(edit, world, sizeof(world));
	edit[WORLD] = later[0];
	calendar_pack(pack, edit, EDITS);
	faults = (struct pack_faults){.arena = w.arena};
	if (hub_activate_pack(w.f.hub, w.arena, pack, PACK_FROM_TODAY, SPAN(""), &faults, &unchanged, &why))
		fail_msg("%s", why.text);
	calendar_set(PRESENTED);
	o = present(&w);
	assert_span(total(&w, &o), RATE_OF_PRESENTATION);
	calendar_remove(pack);
	end(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_pack_that_says_nothing_keeps_the_day_of_lodging),
	    cmocka_unit_test(test_each_date_goes_its_own_way),
	    cmocka_unit_test(test_days_are_the_countrys_and_stand_in_the_decision),
	    cmocka_unit_test(test_goods_that_are_here_have_one_day),
	    cmocka_unit_test(test_an_amendment_keeps_the_days),
	    cmocka_unit_test(test_a_pack_that_comes_in_force_between),
	};

	xml_start();
	return postgres_missing() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
