/* model/amend: pointers lead to places, and places take the request's value. The declarations are read from JSON, for brevity. */
#include "msg_case.h"
#include "populate.h"

#define BEFORE                                                                                     \
	"{\"function\":\"9\",\"trader_reference\":\"A1\",\"type\":\"IMA\",\"package_count\":"      \
	"\"50\","                                                                                  \
	"\"exporter\":{\"name\":\"Old\",\"address\":{\"city\":\"Lund\"}},"                         \
	"\"agent\":{\"status\":\"2\"},"                                                            \
	"\"shipment\":{\"freight\":{\"value\":\"10\",\"currency\":\"EUR\"},\"items\":["            \
	"{\"sequence\":\"1\",\"documents\":[{\"id\":\"D1\"},{\"id\":\"D2\"},{\"id\":\"D3\"}],"     \
	"\"commodity\":{\"dangerous\":[\"1001\",\"1002\"],\"net_mass\":{\"value\":\"5\"},"         \
	"\"price\":{\"value\":\"100\",\"currency\":\"EUR\"}}},"                                    \
	"{\"sequence\":\"2\",\"commodity\":{\"net_mass\":{\"value\":\"6\"}}},"                     \
	"{\"sequence\":\"3\",\"commodity\":{\"net_mass\":{\"value\":\"7\"}}}]}}"

struct amended {
	struct declaration declaration;
	uint32_t bad;
	const char *place;
	struct span json;
};

/* BEFORE, amended by pointers such as "42A 67A[1] 68A[2]/006, 42A/146" with a request that holds `values` (members of a
 * declaration). */
static struct amended amend(struct arena *a, const char *paths, const char *values)
{
	struct text t = text_in(a);
	struct span rest = span_of(paths);
	struct msg_case *before = msg_case_good(a, BEFORE), *request;
	struct span untouched = msg_case_json(a, &before->message), asked;
	struct message after = {0};
	struct amended ret = {0};

	text_string(
	    &t,
	    "{\"function\":\"13\",\"type\":\"COR\",\"trader_reference\":\"B2\",\"amendments\":[");
	while (rest.p) {
		struct span path = span_trim(span_cut(&rest, ','));
		const char *comma = "";

		text_string(&t, "{\"reason\":\"32\",\"pointers\":[");
		while (path.p) {
			struct span tag = span_cut(&path, ' '), step = span_cut(&tag, '/');
			struct span section = span_cut(&step, '['), sequence = span_cut(&step, ']');

			text_print(&t, "%s{\"section\":\"%.*s\"", comma, SPAN_ARG(section));
			if (sequence.n)
				text_print(&t, ",\"sequence\":%.*s", SPAN_ARG(sequence));
			if (tag.n)
				text_print(&t, ",\"tag\":\"%.*s\"", SPAN_ARG(tag));
			text_char(&t, '}');
			comma = ",";
		}
		text_print(&t, "]}%s", rest.p ? "," : "");
	}
	text_print(&t, "]%s%s}", *values ? "," : "", values);
	text_char(&t, 0);
	request = msg_case_good(a, t.p);
	asked = msg_case_json(a, &request->message);
	declaration_amend(a, &before->message.declaration, &request->message.declaration,
			  &ret.declaration, &ret.bad, &ret.place);
	assert_same_span(msg_case_json(a, &before->message), untouched);
	assert_same_span(msg_case_json(a, &request->message), asked);
	after.declaration = ret.declaration;
	ret.json = msg_case_json(a, &after);
	return ret;
}

static struct span value_at(const struct amended *m, const char *pointer)
{
	const struct dict_field *f;
	const void *v = dict_find(&dict_declaration, &m->declaration, span_of(pointer), &f);

	if (!v || !dict_says(f, v))
		return SPAN("absent");
	return *(const struct span *)v;
}

static int64_t units(struct decimal d)
{
	return d.set ? d.units : -1;
}

static void test_one_value(void **state)
{
	struct amended m = amend(*state, "42A/146", "\"package_count\":\"53\"");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.package_count.units, 53);
	assert_span(m.declaration.function, "9");
	assert_span(m.declaration.trader_reference, "A1");
	assert_int_equal(m.declaration.amendments.n, 0);
}

static void test_through_wrappers_that_the_model_flattens(void **state)
{
	struct amended m = amend(
	    *state,
	    "42A 67A 68A[2] 23A 65A/128, 42A[1] 67A[1] 68A[1] 23A[1] 79A[1]/112, 42A 67A 41A/117",
	    "\"shipment\":{\"freight\":{\"value\":\"19.34\"},\"items\":["
	    "{\"sequence\":1,\"commodity\":{\"price\":{\"value\":\"99\",\"currency\":\"SEK\"}}},"
	    "{\"sequence\":2,\"commodity\":{\"net_mass\":{\"value\":\"66\"}}}]}");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.v[1].commodity.net_mass.value.units, 66);
	assert_int_equal(m.declaration.shipment.items.v[0].commodity.price.value.units, 99);
	assert_span(m.declaration.shipment.items.v[0].commodity.price.currency, "SEK");
	assert_int_equal(m.declaration.shipment.items.v[0].commodity.net_mass.value.units, 5);
	assert_int_equal(m.declaration.shipment.freight.value.units, 1934);
}

static void test_numbers_that_a_role_overrides(void **state)
{
	struct amended m =
	    amend(*state, "42A 57A[2]/R031, 42A 57A[1] 04A[3]/241",
		  "\"exporter\":{\"name\":\"New\",\"address\":{\"city\":\"Ystad\"}}");

	assert_int_equal(m.bad, 0);
	assert_span(m.declaration.exporter.name, "New");
	assert_span(m.declaration.exporter.address.city, "Ystad");
	/* R037 is the importer's name, not the exporter's. */
	m = amend(*state, "42A 57A/R037", "\"exporter\":{\"name\":\"New\"}");
	assert_int_equal(m.bad, 1);
	assert_string_equal(m.place, "42A 57A/R037");
}

static void test_request_finds_its_item_by_number(void **state)
{
	struct amended m = amend(*state, "42A 67A 68A[3] 23A 65A/128",
				 "\"shipment\":{\"items\":[{\"sequence\":\"3\",\"commodity\":{"
				 "\"net_mass\":{\"value\":\"70\"}}}]}");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.v[2].commodity.net_mass.value.units, 70);
	/* and by number only: item 2 of this request does not exist, so the value goes. */
	m = amend(*state, "42A 67A 68A[2] 23A 65A/128",
		  "\"shipment\":{\"items\":[{\"sequence\":\"1\"},{\"sequence\":\"3\",\"commodity\":"
		  "{\"net_mass\":{\"value\":\"70\"}}}]}");
	assert_int_equal(m.bad, 0);
	assert_int_equal(units(m.declaration.shipment.items.v[1].commodity.net_mass.value), -1);
}

static void test_removing_a_value_and_what_it_leaves_empty(void **state)
{
	struct amended m = amend(*state, "42A 05A/102, 42A 57A 04A/241", "");

	assert_int_equal(m.bad, 0);
	assert_false(m.declaration.agent.head.present);
	assert_true(m.declaration.exporter.head.present);
	assert_false(m.declaration.exporter.address.head.present);
}

static void test_removing_an_item_leaves_the_others_their_numbers(void **state)
{
	/* Both numbers speak of the declaration as it was. */
	struct amended m = amend(*state, "42A 67A 68A[2], 42A 67A 68A[3] 23A 65A/128",
				 "\"shipment\":{\"items\":[{\"sequence\":\"3\",\"commodity\":{"
				 "\"net_mass\":{\"value\":\"70\"}}}]}");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.n, 2);
	assert_int_equal(m.declaration.shipment.items.v[1].commodity.net_mass.value.units, 70);
	assert_int_equal(m.declaration.shipment.items.v[1].sequence.units, 3);
	assert_int_equal(m.declaration.shipment.items.v[0].sequence.units, 1);
}

static void test_appending_members(void **state)
{
	struct amended m = amend(
	    *state, "42A 67A 68A 02A[4]/D005, 42A 67A 68A 02A[4]/D006, 42A 67A 68A 02A[5]/D005",
	    "\"shipment\":{\"items\":[{\"sequence\":\"1\",\"documents\":"
	    "[{\"id\":\"D1\"},{\"id\":\"D2\"},{\"id\":\"D3\"},{\"id\":\"D4\",\"type\":\"T4\"},{"
	    "\"id\":\"D5\"}]}]}");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.v[0].documents.n, 5);
	assert_span(value_at(&m, "/shipment/items/0/documents/3/id"), "D4");
	assert_span(value_at(&m, "/shipment/items/0/documents/3/type"), "T4");
	assert_span(value_at(&m, "/shipment/items/0/documents/4/id"), "D5");
	/* A whole new item. */
	m = amend(*state, "42A 67A 68A[4]",
		  "\"shipment\":{\"items\":[{\"sequence\":\"4\",\"commodity\":{\"description\":"
		  "\"New\"}}]}");
	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.n, 4);
	assert_int_equal(m.declaration.shipment.items.v[3].sequence.units, 4);
	assert_span(value_at(&m, "/shipment/items/3/commodity/description"), "New");
}

static void test_classes_that_were_not_there(void **state)
{
	struct amended m = amend(*state, "42A 67A 22B/090, 42A 67A 74A",
				 "\"shipment\":{\"terms\":{\"code\":\"CIF\"},\"importer\":{\"id\":"
				 "\"X1\",\"name\":\"N\"}}");

	assert_int_equal(m.bad, 0);
	assert_span(value_at(&m, "/shipment/terms/code"), "CIF");
	assert_span(value_at(&m, "/shipment/importer/id"), "X1");
}

static void test_plain_lists_and_whole_wrappers(void **state)
{
	struct amended m = amend(*state, "42A 67A 68A 23A 12C[2]/506, 42A 67A 68A 23A 12C[1]/506",
				 "\"shipment\":{\"items\":[{\"sequence\":\"1\",\"commodity\":{"
				 "\"dangerous\":[\"2001\"]}}]}");

	assert_int_equal(m.bad, 0);
	assert_int_equal(m.declaration.shipment.items.v[0].commodity.dangerous.n, 1);
	assert_span(value_at(&m, "/shipment/items/0/commodity/dangerous/0"), "2001");
	m = amend(*state, "42A 67A 41A",
		  "\"shipment\":{\"charges\":[{\"type\":\"AK\"},{\"type\":\"BA\"}]}");
	assert_int_equal(m.bad, 0);
	assert_false(m.declaration.shipment.freight.value.set);
	assert_int_equal(m.declaration.shipment.charges.n, 2);
}

static void test_pointers_that_lead_nowhere(void **state)
{
	static const char *const bad[] = {
	    "42A 99Z",            /* no such class */
	    "67A/103",            /* does not begin at the declaration */
	    "42A/999",            /* no such element */
	    "42A 67A 68A[9] 23A", /* there is no item 9, and the request has none */
	    "42A 67A 68A[0]/108",
	    "42A 67A 68A[1000]/108",
	    "42A 67A 68A[70000]/108",
	    "42A 67A/103 68A[1]", /* a value in the middle */
	    "42A/017",
	    "42A/D013",
	    "42A/D026", /* of the request itself */
	    "42A 06A[1]/099",
	    "42A",
	};

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct amended m = amend(*state, bad[i], "");
		struct msg_case *before = msg_case_good(*state, BEFORE);

		if (m.bad != 1 || strcmp(m.place, bad[i]) != 0)
			fail_msg("%s: %u %s", bad[i], m.bad, m.place);
		assert_same_span(m.json, msg_case_json(*state, &before->message));
	}
}

static void test_first_bad_place_is_told_and_good_ones_apply(void **state)
{
	struct amended m = amend(*state, "42A/998, 42A/146, 42A/999", "\"package_count\":\"1\"");

	assert_int_equal(m.bad, 2);
	assert_string_equal(m.place, "42A/998");
	assert_int_equal(m.declaration.package_count.units, 1);
}

static void test_no_pointers_change_nothing(void **state)
{
	struct arena *a = *state;
	struct declaration *d = ARENA_NEW(a, struct declaration), request = {0}, ret;
	struct populate p = {.arena = a, .members = 2};
	struct message before = {0}, after = {0};
	const char *place;
	uint32_t bad;

	populate_class(&p, &dict_declaration, d);
	before.declaration = *d;
	declaration_amend(a, d, &request, &ret, &bad, &place);
	assert_int_equal(bad, 0);
	assert_null(place);
	after.declaration = ret;
	assert_same_span(msg_case_json(a, &after), msg_case_json(a, &before));
	assert_ptr_not_equal(ret.shipment.items.v, d->shipment.items.v);
	assert_ptr_not_equal(ret.shipment.items.v[1].documents.v,
			     d->shipment.items.v[1].documents.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_one_value),
	    arena_test(test_through_wrappers_that_the_model_flattens),
	    arena_test(test_numbers_that_a_role_overrides),
	    arena_test(test_request_finds_its_item_by_number),
	    arena_test(test_removing_a_value_and_what_it_leaves_empty),
	    arena_test(test_removing_an_item_leaves_the_others_their_numbers),
	    arena_test(test_appending_members),
	    arena_test(test_classes_that_were_not_there),
	    arena_test(test_plain_lists_and_whole_wrappers),
	    arena_test(test_pointers_that_lead_nowhere),
	    arena_test(test_first_bad_place_is_told_and_good_ones_apply),
	    arena_test(test_no_pointers_change_nothing),
	};

	return cmocka_run_group_tests_name("model_amend", tests, NULL, NULL);
}
