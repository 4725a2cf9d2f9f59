/* risk: which declarations rules hit, and what comes of it. */
#include "risk_case.h"

#define HIT(when)  assert_true(risk_case_hits(c, when))
#define MISS(when) assert_false(risk_case_hits(c, when))

static void test_texts(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_code(c, 0, "24022000");
	c->items[0].commodity.description = SPAN("Filter CIGARETTES, \xc3\x84rmel brand");
	HIT("item.commodity = \"24022000\"");
	MISS("item.commodity = \"2402200\"");
	MISS("item.commodity = \"24022001\"");
	HIT("item.commodity != \"24022001\"");
	HIT("item.commodity starts \"2402\"");
	HIT("item.commodity starts \"2\"");
	HIT("item.commodity starts \"24022000\"");
	MISS("item.commodity starts \"240220009\"");
	MISS("item.commodity starts \"4022\"");
	HIT("item.commodity >= \"2401\" and item.commodity < \"2403\"");
	MISS("item.commodity < \"24022000\"");
	HIT("item.commodity <= \"24022000\"");
	MISS("item.commodity > \"24022000\"");
	HIT("item.commodity in (\"85171300\", \"24022000\")");
	MISS("item.commodity in (\"85171300\", \"2402\")");
	HIT("item.description contains \"cigarettes\"");
	HIT("item.description contains \"Filter C\"");
	HIT("item.description contains \"BRAND\"");
	HIT("item.description contains \",\"");
	HIT("item.description contains \"\xc3\x84rmel\"");
	MISS("item.description contains \"\xc3\xa4rmel\"");
	MISS("item.description contains \"cigaretten\"");
	MISS("item.description contains \"brands\"");
}

static void test_numbers_are_exact(void **state)
{
	struct risk_case *c = risk_case(state);

	c->items[0].commodity.net_mass.value = number("0.30");
	HIT("item.net_mass = 0.3");
	HIT("item.net_mass >= 0.300");
	HIT("item.net_mass <= 0.3");
	MISS("item.net_mass < 0.3");
	MISS("item.net_mass > 0.3");
	HIT("item.net_mass > 0.299999999");
	HIT("item.net_mass in (1, 0.3000, -2)");
	MISS("item.net_mass in (1, 0.3001)");
	HIT("item.net_mass != -0.3");
	c->items[0].commodity.net_mass.value = number("999999999999999999");
	HIT("item.net_mass > 999999999.999999999");
	HIT("item.net_mass = 999999999999999999");
}

static void test_missing_values_hold_nowhere(void **state)
{
	struct risk_case *c = risk_case(state);

	MISS("item.net_mass < 5");
	MISS("item.net_mass >= 5");
	MISS("item.net_mass != 5");
	MISS("item.commodity != \"1\"");
	MISS("item.commodity starts \"2\"");
	MISS("item.commodity in (\"2402\")");
	MISS("item.commodity in list \"codes\"");
	MISS("item.description contains \"a\"");
	HIT("not item.net_mass < 5");
	HIT("not item.commodity in list \"codes\"");
	/* The history of nobody. */
	HIT("importer.declared < 5");
	c->d.shipment.importer.id = SPAN("");
	MISS("importer.declared < 5");
	MISS("importer.irregular_ppm >= 0");
	c->assessed.complete = false;
	MISS("declaration.total_value >= 0");
	MISS("item.customs_value >= 0");
}

static void test_lists_by_day(void **state)
{
	struct risk_case *c = risk_case(state);
	const char *in = "declaration.export_country in list \"hubs\"";

	c->d.shipment.export_country = SPAN("XS");
	MISS(in);
	c->facts.legal_day = test_day("2026-03-31");
	HIT(in);
	c->facts.legal_day = test_day("2026-04-01");
	MISS(in);
	c->d.shipment.export_country = SPAN("XM");
	HIT(in);
	c->d.shipment.export_country = SPAN("XT");
	MISS(in);
	risk_case_code(c, 0, "85171300");
	HIT("item.commodity in list \"codes\"");
	risk_case_code(c, 0, "8517130000");
	MISS("item.commodity in list \"codes\"");
}

static void test_words_between(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_code(c, 0, "24022000");
	c->d.shipment.export_country = SPAN("XM");
	HIT("item.commodity starts \"24\" and declaration.export_country = \"XM\"");
	MISS("item.commodity starts \"24\" and declaration.export_country = \"XN\"");
	HIT("item.commodity starts \"99\" or declaration.export_country = \"XM\"");
	/* and binds before or, not before both */
	HIT("declaration.export_country = \"XM\" or item.commodity starts \"99\" and item.price > "
	    "1");
	MISS("(declaration.export_country = \"XM\" or item.commodity starts \"24\") and item.price "
	     "> 1");
	HIT("not item.commodity starts \"99\" and declaration.export_country = \"XM\"");
	MISS("not (item.commodity starts \"99\" or declaration.export_country = \"XM\")");
	HIT("not not item.commodity starts \"24\"");
	/* the index by chapter must not lose what another branch can hit */
	HIT("item.commodity starts \"99\" or item.commodity in list \"codes\"");
	HIT("item.commodity = \"9\" or not item.commodity starts \"99\"");
}

static void test_documents(void **state)
{
	struct risk_case *c = risk_case(state);
	struct document header = {.category = SPAN("C"), .type = SPAN("640")};
	struct document of_item = {.type = SPAN("L101")};

	c->d.shipment.items.n = 2;
	c->items[0].commodity.net_mass.value = c->items[1].commodity.net_mass.value = number("1");
	c->d.documents.v = &header;
	c->d.documents.n = 1;
	c->items[1].documents.v = &of_item;
	c->items[1].documents.n = 1;
	HIT("document has \"C640\"");
	HIT("document has \"L101\"");
	MISS("document has \"C64\"");
	MISS("document has \"C6400\"");
	MISS("not document has \"L101\"");
	risk_case_when(c, "item.net_mass = 1 and not document has \"L101\"", "red");
	assert_string_equal(risk_case_says(c), "red 0; rule A/0 red 0");
	risk_case_when(c, "item.net_mass = 1 and document has \"C640\"", "red");
	assert_string_equal(risk_case_says(c), "red 0; rule A/0 red 0; rule A/1 red 0");
}

static void test_signals_of_the_declaration(void **state)
{
	struct risk_case *c = risk_case(state);

	c->assessed.total_due.minor = 1234567;
	c->assessed.total_value.minor = 2000000;
	HIT("declaration.total_due = 1234.567 and declaration.total_value = 2000");
	HIT("declaration.items = 1 and declaration.type = \"IMA\" and declaration.office = "
	    "\"XT001\"");
	c->d.gross_mass.value = number("12.5");
	c->d.package_count = number("7");
	HIT("declaration.gross_mass = 12.50 and declaration.packages = 7");
	c->d.shipment.consignment.arrival.mode = SPAN("3");
	HIT("declaration.transport_mode = \"3\"");
	c->d.border_transport.mode = SPAN("1");
	c->d.shipment.terms.code = SPAN("FOB");
	HIT("declaration.transport_mode = \"1\" and declaration.incoterm = \"FOB\"");
	c->items[0].export_country = SPAN("XM");
	c->items[0].destination = SPAN("XT");
	HIT("declaration.export_country = \"XM\" and declaration.destination = \"XT\"");
	c->d.shipment.export_country = SPAN("XN");
	c->d.shipment.destination = SPAN("XO");
	HIT("declaration.export_country = \"XN\" and declaration.destination = \"XO\"");
	c->d.shipment.consignor.name = SPAN("Sender");
	c->d.shipment.consignor.address.country = SPAN("XB");
	HIT("exporter.name = \"Sender\" and exporter.country = \"XB\"");
	c->d.exporter.name = SPAN("Maker");
	c->d.exporter.id = SPAN("E1");
	HIT("exporter.name = \"Maker\" and importer.id = \"P1\"");
	c->d.type = SPAN("EXA");
	HIT("importer.id = \"E1\"");
	c->d.declarant.id = SPAN("D1");
	c->facts.declarant = (struct party_history){30, 3, 1, 0, 0};
	HIT("declarant.id = \"D1\" and declarant.declared = 30 and declarant.selected = 3 and "
	    "declarant.irregular = 1");
}

static void test_signals_of_items(void **state)
{
	struct risk_case *c = risk_case(state);
	struct procedure procedure[] = {{.requested = SPAN("40"), .previous = SPAN("71")},
					{.requested = SPAN("C07")}};
	struct origin origin[] = {{.country = SPAN("XP"), .type = SPAN("2")},
				  {.country = SPAN("XO"), .type = SPAN("1")}};
	struct duty_line duty[] = {{.type = SPAN("A00")}, {.preference = SPAN("300")}};
	struct goods_item *i = &c->items[0];

	i->procedures.v = procedure;
	i->procedures.n = 2;
	HIT("item.procedure = \"40\" and item.previous = \"71\"");
	i->origins.v = origin;
	i->origins.n = 1;
	HIT("item.origin = \"XP\"");
	i->origins.n = 2;
	HIT("item.origin = \"XO\"");
	i->commodity.duties.v = duty;
	i->commodity.duties.n = 2;
	HIT("item.preference = \"300\"");
	i->commodity.price.value = number("99.95");
	i->commodity.gross_mass.value = number("10");
	i->commodity.tariff_quantity.value = number("144");
	HIT("item.price = 99.95 and item.gross_mass = 10 and item.quantity = 144");
	c->values[0].customs_value.minor = 100000;
	MISS("item.unit_price >= 0");
	i->commodity.net_mass.value = number("0");
	MISS("item.unit_price >= 0");
	i->commodity.net_mass.value = number("3.0");
	HIT("item.customs_value = 100 and item.unit_price = 33.3333");
	i->commodity.net_mass.value = number("0.3");
	HIT("item.unit_price = 333.3333");
	c->values[0].customs_value.minor = 200000;
	HIT("item.unit_price = 666.6667");
	c->values[0].customs_value.minor = INT64_MAX;
	i->commodity.net_mass.value = number("0.000000001");
	HIT("item.unit_price > 900000000000000");
}

static void test_fields_of_the_dictionary(void **state)
{
	struct risk_case *c = risk_case(state);
	struct document documents[] = {{.type = SPAN("640"), .issuer.name = SPAN("Us")},
				       {.type = SPAN("506"), .effective = {.text = SPAN("x")}}};

	MISS("declaration.shipment.seller.name contains \"acme\"");
	c->d.shipment.seller.name = SPAN("The ACME Co");
	HIT("declaration.shipment.seller.name contains \"acme\"");
	c->items[0].documents.v = documents;
	c->items[0].documents.n = 2;
	HIT("item.documents.type = \"506\"");
	HIT("item.documents.type = \"640\"");
	/* of several values one is another than this, and the word not turns the whole answer */
	HIT("item.documents.type != \"640\"");
	MISS("not item.documents.type = \"640\"");
	HIT("item.documents.issuer.name = \"Us\"");
	MISS("item.documents.effective > 2000-01-01"); /* a day that could not be read */
	documents[1].effective.day = test_day("2026-04-30");
	HIT("item.documents.effective = 2026-04-30");
	HIT("item.documents.effective < declaration.day");
	c->items[0].commodity.price =
	    (struct amount){.value = number("10.50"), .currency = SPAN("USD")};
	HIT("item.commodity.price = 10.5");
	HIT("item.commodity.price.currency in (\"EUR\", \"USD\")");
	HIT("declaration.day >= 2026-05-01");
	HIT("declaration.weekday = 5");
	HIT("declaration.direction = \"import\"");
	c->d.type = SPAN("CO");
	MISS("declaration.direction != \"import\"");
}

/* A product beyond every number is still on its side. */
static void test_fields_on_both_sides(void **state)
{
	struct risk_case *c = risk_case(state);

	MISS("item.gross_mass < item.net_mass");
	c->items[0].commodity.gross_mass.value = number("9.99");
	MISS("item.gross_mass < item.net_mass");
	c->items[0].commodity.net_mass.value = number("10");
	HIT("item.gross_mass < item.net_mass");
	HIT("item.gross_mass >= 0.999 * item.net_mass");
	MISS("item.gross_mass > 0.999 * item.net_mass");
	c->items[0].commodity.net_mass.value = number("999999999999999999");
	c->items[0].commodity.gross_mass.value = number("0.000000001");
	HIT("item.gross_mass < 999999999999999999 * item.net_mass");
	HIT("item.gross_mass > -999999999999999999 * item.net_mass");
	MISS("item.gross_mass = 0.000000001 * item.net_mass");
	c->d.shipment.export_country = SPAN("XM");
	c->d.shipment.destination = SPAN("XM");
	HIT("declaration.destination = declaration.export_country");
}

static void test_aggregates(void **state)
{
	struct risk_case *c = risk_case(state);

	c->d.shipment.items.n = 3;
	HIT("sum(item.net_mass) = 0");
	MISS("max(item.net_mass) >= 0");
	c->items[0].commodity.net_mass.value = number("0.000000001");
	c->items[2].commodity.net_mass.value = number("999999999999999999");
	HIT("min(item.net_mass) = 0.000000001");
	HIT("max(item.net_mass) = 999999999999999999");
	HIT("sum(item.net_mass) = 999999999999999999"); /* 18 digits */
	HIT("count() = 3");
	HIT("count(where item.net_mass > 1) = 1");
	HIT("sum(item.net_mass where item.net_mass < 1) = 0.000000001");
	risk_case_code(c, 0, "24022000");
	risk_case_code(c, 1, "24022000");
	risk_case_code(c, 2, "85171300");
	HIT("distinct(item.commodity) = 2");
	/* the item that is looked at stays the same */
	risk_case_when(
	    c, "item.commodity starts \"85\" and count(where item.commodity starts \"24\") = 2",
	    "red");
	assert_string_equal(risk_case_says(c), "red 0; rule A/2 red 0");
}

static void test_history_is_smoothed(void **state)
{
	struct risk_case *c = risk_case(state);

	HIT("importer.irregular_ppm = 20000");
	c->facts.importer = (struct party_history){40, 10, 5, 0, 0};
	HIT("importer.irregular_ppm = 260000"); /* (5 * 10^6 + 10 * 20000) / 20 */
	c->facts.importer = (struct party_history){40, 20, 7, 0, 0};
	HIT("importer.irregular_ppm = 240000");
	c->facts.importer = (struct party_history){40, 3, 1, 0, 0};
	HIT("importer.irregular_ppm = 92307"); /* 92307.69 */
	c->facts.importer = (struct party_history){40, 3, 4, 0, 0};
	MISS("importer.irregular_ppm >= 0");
	c->facts.importer = (struct party_history){INT64_MAX, INT64_MAX, INT64_MAX, 0, 0};
	HIT("importer.irregular_ppm > 999998");
}

static void test_history_as_the_pack_says(void **state)
{
	struct risk_case *c = risk_case(state);
	struct span old;

	for (uint32_t i = 0; i < c->pack.n; i++) {
		if (!span_is(c->pack.files[i].name, "pack.csv"))
			continue;
		old = c->pack.files[i].bytes;
		c->pack.files[i].bytes = test_copy(
		    c->arena,
		    arena_print(c->arena, "%.*srisk_history_weight,90\nrisk_irregular_ppm,100000\n",
				SPAN_ARG(old)));
	}
	c->pack.archive[PACK_TABLES] = (struct span){0};
	c->ref = test_pack_good(&c->pack);
	c->facts.importer = (struct party_history){40, 10, 1, 0, 0};
	HIT("importer.irregular_ppm = 100000");
	c->facts.importer = (struct party_history){40, 10, 10, 0, 0};
	HIT("importer.irregular_ppm = 190000");
}

static void test_rules_hold_on_their_days(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_good(
	    c, "rule OLD \"o\" from 2026-01-01 to 2026-01-31 owner \"u\" when declaration.items "
	       "> 0 then yellow because \"y\"\n"
	       "rule OPEN \"o\" from 2026-01-31 owner \"u\" when item.net_mass > 0 then blue "
	       "because \"y\"\n");
	c->items[0].commodity.net_mass.value = number("1");
	c->facts.legal_day = test_day("2025-12-31");
	assert_string_equal(risk_case_says(c), "green 0");
	c->facts.legal_day = test_day("2026-01-01");
	assert_string_equal(risk_case_says(c), "yellow 0; rule OLD yellow 0");
	c->facts.legal_day = test_day("2026-01-31");
	assert_string_equal(risk_case_says(c), "yellow 0; rule OLD yellow 0; rule OPEN/0 blue 0");
	c->facts.legal_day = test_day("2026-02-01");
	assert_string_equal(risk_case_says(c), "blue 0; rule OPEN/0 blue 0");
	c->facts.legal_day = test_day("2999-02-01");
	assert_string_equal(risk_case_says(c), "blue 0; rule OPEN/0 blue 0");
}

static void test_percentages(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_when(c, "declaration.items > 0", "red 80% weight 400");
	assert_string_equal(risk_case_says(c), "green 400; rule A none 400");
	risk_case_draw(c, "A", 799999);
	assert_string_equal(risk_case_says(c), "red 400; rule A red 400 drawn");
	c->facts.draws.n = 0;
	risk_case_draw(c, "A", 800000);
	assert_string_equal(risk_case_says(c), "green 400; rule A none 400");
	risk_case_when(c, "declaration.items > 0", "red 0.0001%");
	assert_string_equal(risk_case_says(c), "green 0; rule A none 0");
	c->draws[0].value = 0;
	assert_string_equal(risk_case_says(c), "red 0; rule A red 0 drawn");
	/* What is always selected needs no draw. */
	c->draws[0].value = UINT64_MAX;
	risk_case_when(c, "declaration.items > 0", "red 100.00%");
	assert_string_equal(risk_case_says(c), "red 0; rule A red 0");
}

static void test_random(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_good(c, "");
	assert_int_equal(risk_rule_count(c->rules), 0);
	risk_case_draw(c, "random", 19999);
	assert_string_equal(risk_case_says(c), "red 0; random random red 0 drawn");
	assert_true(c->got.reasons.v[0].text.n > 0);
	c->facts.draws.n = 0;
	risk_case_draw(c, "random", 20000);
	assert_string_equal(risk_case_says(c), "green 0");
}

static void test_expected_rates(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_good(c, "");
	risk_case_draw(c, "rate:red", 29999);
	risk_case_draw(c, "rate:yellow", 0);
	risk_case_draw(c, "rate:blue", 0);
	assert_string_equal(risk_case_says(c), "red 0; rate rate:red red 0 drawn");
	/* 2 of 99 + 1 are 20000: 10000 are missing */
	c->facts.office_day[LANE_RED] = 2;
	c->facts.office_day[LANE_GREEN] = 97;
	c->draws[0].value = (uint64_t)(((unsigned __int128)9999 << 64) / 1000000);
	assert_string_equal(risk_case_says(c), "red 0; rate rate:red red 0 drawn");
	risk_case_draw(c, "unused", 10000);
	c->draws[0].value = c->draws[3].value;
	assert_string_equal(risk_case_says(c), "yellow 0; rate rate:yellow yellow 0 drawn");
	/* 15 of 100 are as many as expected */
	c->facts.office_day[LANE_YELLOW] = 15;
	c->facts.office_day[LANE_GREEN] = 82;
	assert_string_equal(risk_case_says(c), "blue 0; rate rate:blue blue 0 drawn");
	c->facts.office_day[LANE_BLUE] = 5;
	c->facts.office_day[LANE_GREEN] = 77;
	assert_string_equal(risk_case_says(c), "green 0");
	/* Only what would be green is taken. */
	memset(c->facts.office_day, 0, sizeof(c->facts.office_day));
	c->draws[0].value = 0;
	risk_case_when(c, "declaration.items > 0", "blue");
	assert_string_equal(risk_case_says(c), "blue 0; rule A blue 0");
	risk_case_good(c, "");
	c->facts.lane_before = LANE_BLUE;
	assert_string_equal(risk_case_says(c), "blue 0; before blue blue 0");
}

static void test_no_version_lowers_the_lane(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_when(c, "declaration.items > 0", "yellow weight 10");
	c->facts.lane_before = LANE_RED;
	assert_string_equal(risk_case_says(c), "red 10; rule A yellow 10; before red red 0");
	c->facts.lane_before = LANE_YELLOW;
	assert_string_equal(risk_case_says(c), "yellow 10; rule A yellow 10");
	c->facts.lane_before = LANE_GREEN;
	assert_string_equal(risk_case_says(c), "yellow 10; rule A yellow 10");
}

static void test_score_and_order(void **state)
{
	struct risk_case *c = risk_case(state);
	static const char rules[] = "rule B2 \"b\" from 2026-01-01 owner \"u\" when item.net_mass "
				    "> 1 then red 10% weight 500 because \"b\"\n"
				    "rule A1 \"a\" from 2026-01-01 owner \"u\" when item.net_mass "
				    "> 0 then blue weight 200 because \"a\"\n"
				    "rule A10 \"c\" from 2026-01-01 owner \"u\" when "
				    "declaration.items > 0 then yellow weight 100 because \"c\"\n";

	c->d.shipment.items.n = 3;
	c->items[0].commodity.net_mass.value = number("1");
	c->items[2].commodity.net_mass.value = number("2");
	risk_case_draw(c, "random", 0);
	risk_case_good(c, rules);
	/* 1000 * (1 - 0.8 * 0.9 * 0.5): a rule counts once however many items it hits, drawn or not; chance does not count. */
	assert_string_equal(risk_case_says(c),
			    "red 640; random random red 0 drawn; rule A1/0 blue 200; "
			    "rule A1/2 blue 200; rule A10 yellow 100; rule B2/2 none 500");
	assert_span(c->got.reasons.v[1].text, "a");
	risk_case_when(c, "declaration.items > 0", "red weight 1000");
	assert_int_equal(risk_case_select(c)->score, 1000);
	risk_case_when(c, "declaration.items > 0", "red weight 1");
	assert_int_equal(risk_case_select(c)->score, 1);
}

static void test_items_beyond_the_bound_are_counted(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_when(c, "item.net_mass > 0", "red weight 10");
	c->d.shipment.items.n = LIMIT_REASON_ITEMS + 1;
	for (uint32_t i = 0; i < c->d.shipment.items.n; i++)
		c->items[i].commodity.net_mass.value = number("1");
	assert_int_equal(risk_case_select(c)->reasons.n, LIMIT_REASON_ITEMS);
	assert_span(c->got.reasons.v[0].text, "why");
	assert_span(c->got.reasons.v[LIMIT_REASON_ITEMS - 1].text, "why (and 1 more item)");
	assert_int_equal(c->got.score, 10);
	c->d.shipment.items.n = LIMIT_REASON_ITEMS;
	assert_span(risk_case_select(c)->reasons.v[LIMIT_REASON_ITEMS - 1].text, "why");
}

static void test_purposes_of_a_day(void **state)
{
	struct risk_case *c = risk_case(state);
	struct span purpose[8];
	uint32_t n;

	risk_case_good(c, "rule B \"b\" from 2026-01-01 to 2026-01-31 owner \"u\" when "
			  "item.net_mass > 1 then red 10% because \"b\"\n"
			  "rule A \"a\" from 2026-01-01 owner \"u\" when item.net_mass > 0 then "
			  "blue 99.9999% because \"a\"\n"
			  "rule C \"c\" from 2026-01-01 owner \"u\" when item.net_mass > 0 then "
			  "red because \"c\"\n");
	assert_int_equal(risk_draw_max(c->rules), 7);
	n = risk_draw_purposes(c->rules, test_day("2026-01-31"), purpose);
	assert_int_equal(n, 6);
	assert_span(purpose[0], "random");
	assert_span(purpose[1], "rate:red");
	assert_span(purpose[2], "rate:yellow");
	assert_span(purpose[3], "rate:blue");
	assert_span(purpose[4], "A");
	assert_span(purpose[5], "B");
	assert_int_equal(risk_draw_purposes(c->rules, test_day("2026-02-01"), purpose), 5);
	assert_int_equal(risk_draw_purposes(c->rules, test_day("1999-02-01"), purpose), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_texts),
	    arena_test(test_numbers_are_exact),
	    arena_test(test_missing_values_hold_nowhere),
	    arena_test(test_lists_by_day),
	    arena_test(test_words_between),
	    arena_test(test_documents),
	    arena_test(test_signals_of_the_declaration),
	    arena_test(test_signals_of_items),
	    arena_test(test_fields_of_the_dictionary),
	    arena_test(test_fields_on_both_sides),
	    arena_test(test_aggregates),
	    arena_test(test_history_is_smoothed),
	    arena_test(test_history_as_the_pack_says),
	    arena_test(test_rules_hold_on_their_days),
	    arena_test(test_percentages),
	    arena_test(test_random),
	    arena_test(test_expected_rates),
	    arena_test(test_no_version_lowers_the_lane),
	    arena_test(test_score_and_order),
	    arena_test(test_items_beyond_the_bound_are_counted),
	    arena_test(test_purposes_of_a_day),
	};

	return cmocka_run_group_tests_name("risk_select", tests, NULL, NULL);
}
