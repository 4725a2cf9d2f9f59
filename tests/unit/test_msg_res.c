/* Answers as response messages: written, read back, cut where the schema is short; places as steps and as pointers; and what
 * happens to bytes that are none. */
#include "unit.h"

#include "codec/xml.h"
#include "model/finding.h"
#include "model/response.h"
#include "msg/res.h"

#define MOMENT INT64_C(1795258211000000) /* 2026-11-21T10:50:11Z */

static struct span written(struct arena *a, const struct responses *r)
{
	struct text t = text_in(a);

	msg_write_responses(&t, r);
	return text_as_span(&t);
}

static struct responses read_back(struct arena *a, struct span bytes)
{
	struct responses r;
	struct codec_fault fault;
	enum err e = msg_read_responses(a, bytes, &r, &fault);

	if (e)
		fail_msg("%s at %u:%u: %s\n%.*s", err_name(e), fault.line, fault.column, fault.text,
			 SPAN_ARG(bytes));
	return r;
}

static void *push(struct arena *a, void *list, size_t size)
{
	struct dict_list *l = list;

	return arena_push(a, &l->v, &l->n, &l->room, size);
}

static struct response *add(struct arena *a, struct responses *r, enum response_kind kind)
{
	struct response *one = push(a, &r->list, sizeof(*one));

	one->kind = kind;
	one->movement_reference = SPAN("26XL01000000001Y");
	return one;
}

static void assert_same(struct span got, struct span want)
{
	if (!span_equal(got, want))
		fail_msg("%.*s\n---- differs from ----\n%.*s", SPAN_ARG(got), SPAN_ARG(want));
}

/* ---- kinds and codes ---- */

static void test_every_kind_is_known_again(void **state)
{
	for (uint32_t i = 0; i < RESPONSE_KINDS; i++) {
		struct responses r = {0}, again;

		add(*state, &r, (enum response_kind)i);
		again = read_back(*state, written(*state, &r));
		assert_int_equal(again.list.n, 1);
		assert_int_equal(again.list.v[0].kind, i);
		assert_int_equal(response_by_id(span_of(response_id((enum response_kind)i))), i);
		assert_true(i == 0 || strcmp(response_id((enum response_kind)(i - 1)),
					     response_id((enum response_kind)i)) < 0);
	}
	assert_int_equal(response_by_id(SPAN("paid")), RESPONSE_KINDS);
	assert_int_equal(response_by_codes(11, 0), RESPONSE_KINDS);
	assert_int_equal(response_by_codes(11, 39), RESPONSE_REQUEST_GRANTED);
	assert_int_equal(response_by_codes(13, 5), RESPONSE_KINDS);
	assert_int_equal(response_by_codes(1, 77), RESPONSE_ACCEPTED);
	assert_int_equal(response_by_codes(99, 0), RESPONSE_KINDS);
}

static void test_every_rule_has_a_code_of_its_own(void **state)
{
	static char codes[FINDING_RULES][RESPONSE_CODE_BYTES + 1];

	(void)state;
	for (uint32_t i = 0; i < FINDING_RULES; i++) {
		response_code(span_of(finding_id((enum finding_rule)i)), codes[i]);
		for (uint32_t j = 0; j < i; j++)
			if (!strcmp(codes[i], codes[j]))
				fail_msg("%s and %s share a code: rename one",
					 finding_id((enum finding_rule)i),
					 finding_id((enum finding_rule)j));
	}
	response_code(SPAN("item.count"), codes[0]);
	assert_string_equal(codes[0], "CHQS8C20"); /* public: must never change */
}

/* ---- places ---- */

static struct span steps_text(struct arena *a, const struct place_path *p)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < p->steps.n; i++) {
		const struct place_step *s = &p->steps.v[i];

		text_print(&t, "%s%.*s", i ? " " : "", SPAN_ARG(s->section));
		if (s->number)
			text_print(&t, "[%u]", s->number);
		if (s->tag.n)
			text_print(&t, "/%.*s", SPAN_ARG(s->tag));
	}
	return text_as_span(&t);
}

static void check_place(struct arena *a, const char *pointer, const char *steps)
{
	struct place_path p = place_of_pointer(a, span_of(pointer));
	struct text t = text_in(a);

	assert_same(steps_text(a, &p), span_of(steps));
	assert_true(place_to_pointer(&p, &t));
	assert_same(text_as_span(&t), span_of(pointer));
}

static void test_places(void **state)
{
	check_place(*state, "", "42A");
	check_place(*state, "/item_count", "42A/228");
	check_place(*state, "/shipment/items/1/commodity/net_mass", "42A 67A 68A[2] 23A 65A/128");
	check_place(*state, "/shipment/items", "42A 67A 68A");
	check_place(*state, "/authorisations/0/holder", "42A 17C[1]/R144");
	check_place(*state, "/shipment/items/0/commodity/classifications/2/type",
		    "42A 67A 68A[1] 23A 21A[3]/337");
	check_place(*state, "/declarant/id", "42A 57B/R123");
	check_place(*state, "/authenticator", "42A 61B 12A/R007");
}

/* What the dictionary does not have ends the path before it. */
static void test_places_beyond_the_dictionary(void **state)
{
	struct place_path p = place_of_pointer(*state, SPAN("/shipment/colour/3"));
	struct place_step wrong[] = {{0, SPAN("42A"), SPAN("")}, {0, SPAN("99Z"), SPAN("")}};
	struct text t = text_in(*state);

	assert_span(steps_text(*state, &p), "42A 67A");
	p = (struct place_path){{wrong, 2, 2}};
	text_string(&t, "before");
	assert_false(place_to_pointer(&p, &t));
	wrong[0].section = SPAN("07B");
	assert_false(place_to_pointer(&p, &t));
	p.steps.n = 0;
	assert_false(place_to_pointer(&p, &t));
	assert_span(text_as_span(&t), "before");
}

/* Every field that has a number in the model, and so have all around it, is found again. */
static uint32_t check_class(struct arena *a, const struct dict_class *c, struct span prefix)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		const char *pointer =
		    arena_print(a, "%.*s/%s%s", SPAN_ARG(prefix), f->name, f->list ? "/2" : "");
		struct place_path p = place_of_pointer(a, span_of(pointer));
		struct text t = text_in(a);

		if (f->kind == DICT_CLASS ? !*f->wco_id : !p.steps.v[p.steps.n - 1].tag.n)
			continue;
		assert_true(place_to_pointer(&p, &t));
		assert_same(text_as_span(&t), span_of(pointer));
		n++;
		if (f->kind == DICT_CLASS)
			n += check_class(a, f->of, span_of(pointer));
	}
	return n;
}

static void test_every_place_of_the_dictionary(void **state)
{
	assert_true(check_class(*state, &dict_declaration, SPAN("")) > 300);
}

/* ---- a whole answer ---- */

static void fill_notes(struct arena *a, struct response *r)
{
	struct response_note *n = push(a, &r->remarks, sizeof(*n));

	*n = (struct response_note){.code = SPAN("bring-documents"),
				    .text = SPAN("Within <three> days & no later"),
				    .type = SPAN(REMARK_DOCUMENTS),
				    .limit_at = MOMENT};
	n = push(a, &r->remarks, sizeof(*n));
	*n = (struct response_note){.code = SPAN("CH123456"),
				    .name = SPAN("freight.missing"),
				    .type = SPAN(REMARK_COMMENT),
				    .pointer = SPAN("/shipment/items/0/commodity")};
	n = push(a, &r->amendments, sizeof(*n));
	*n = (struct response_note){.code = SPAN("30"), .pointer = SPAN("/shipment/items/1")};
	n = push(a, &r->errors, sizeof(*n));
	*n = (struct response_note){.code = SPAN("CHQS8C20"),
				    .name = SPAN("item.count"),
				    .text = SPAN("4 items are announced, and there are 3."),
				    .pointer = SPAN("/item_count")};
	n = push(a, &r->errors, sizeof(*n));
	*n = (struct response_note){.code = SPAN("CDS12005")};
}

static struct amount mark(int64_t units)
{
	return (struct amount){decimal_of(units, 2), SPAN("XLD")};
}

static void fill_taxes(struct arena *a, struct response *r)
{
	struct response_payment *p = push(a, &r->payments, sizeof(*p));
	struct response_tax *t;

	*p = (struct response_payment){SPAN("ACCOUNT-1"), mark(12345), mark(12000), MOMENT};
	t = push(a, &r->taxes, sizeof(*t));
	*t = (struct response_tax){.item = 1,
				   .levy = SPAN("CUD"),
				   .regime = SPAN("100"),
				   .base = mark(100000),
				   .rate = decimal_of(125, 1),
				   .deducted = mark(0),
				   .assessed = mark(12345),
				   .payable = mark(12000)};
	t = push(a, &r->taxes, sizeof(*t));
	*t = (struct response_tax){.item = 1,
				   .levy = SPAN("EXC"),
				   .quantity = {decimal_of(2500, 3), SPAN("LPA")},
				   .assessed = mark(0),
				   .payable = mark(0)};
	t = push(a, &r->taxes, sizeof(*t));
	*t = (struct response_tax){.item = 3, .levy = SPAN("CUD"), .assessed = mark(1)};
}

static struct responses whole(struct arena *a)
{
	struct responses all = {.country = SPAN("XL"), .agency = SPAN("Customs of Landfall")};
	struct response *r = add(a, &all, RESPONSE_ACCEPTED);

	r->exchange = SPAN("26XL01000000001Y-1-01");
	r->issued_at = r->accepted_at = r->rejected_at = r->cancelled_at = r->released_at = MOMENT;
	r->trader_reference = SPAN("COFFEE-1");
	r->version = SPAN("2");
	fill_notes(a, r);
	r = add(a, &all, RESPONSE_TAX_DUE);
	fill_taxes(a, r);
	return all;
}

static void test_a_whole_answer_comes_back(void **state)
{
	struct responses first = whole(*state), again;
	struct span bytes = written(*state, &first);
	const struct response *r;

	again = read_back(*state, bytes);
	assert_int_equal(again.unmapped.n, 2); /* version of the model, kind of message */
	assert_span(again.country, "XL");
	assert_span(again.agency, "Customs of Landfall");
	assert_int_equal(again.list.n, 2);
	r = &again.list.v[0];
	assert_span(r->function, "01");
	assert_span(r->exchange, "26XL01000000001Y-1-01");
	assert_true(r->issued_at == MOMENT && r->accepted_at == MOMENT &&
		    r->rejected_at == MOMENT && r->cancelled_at == MOMENT &&
		    r->released_at == MOMENT);
	assert_int_equal(r->remarks.n, 2);
	assert_span(r->remarks.v[0].text, "Within <three> days & no later");
	assert_true(r->remarks.v[0].limit_at == MOMENT);
	assert_span(r->remarks.v[1].name, "freight.missing");
	assert_span(r->remarks.v[1].pointer, "/shipment/items/0/commodity");
	assert_span(r->amendments.v[0].pointer, "/shipment/items/1");
	assert_int_equal(r->errors.n, 2);
	assert_span(r->errors.v[0].code, "CHQS8C20");
	assert_span(r->errors.v[0].name, "item.count");
	assert_span(r->errors.v[0].pointer, "/item_count");
	assert_span(r->errors.v[1].pointer, "");
	r = &again.list.v[1];
	assert_int_equal(r->kind, RESPONSE_TAX_DUE);
	assert_span(r->statuses.v[0], "67");
	assert_int_equal(r->taxes.n, 3);
	assert_int_equal(r->taxes.v[1].item, 1);
	assert_int_equal(r->taxes.v[1].quantity.value.units, 2500);
	assert_span(r->taxes.v[1].quantity.unit, "LPA");
	assert_false(r->taxes.v[1].base.value.set);
	assert_int_equal(r->taxes.v[2].item, 3);
	assert_int_equal(r->taxes.v[0].payable.value.units, 12000);
	assert_span(r->taxes.v[0].payable.currency, "XLD");
	assert_int_equal(r->payments.v[0].assessed.value.units, 12345);
	assert_true(r->payments.v[0].due_at == MOMENT);
	assert_same(written(*state, &again), bytes);
}

static void test_what_is_too_long(void **state)
{
	struct responses all = {0}, again;
	struct response *r = add(*state, &all, RESPONSE_TAX_FINAL);
	struct response_note *n = push(*state, &r->remarks, sizeof(*n));
	struct response_tax *t = push(*state, &r->taxes, sizeof(*t));
	char text[1201];

	for (uint32_t i = 0; i < 1200; i += 2)
		text[i] = (char)0xc3, text[i + 1] = (char)0xa9; /* 600 letters of two bytes */
	n->text = (struct span){text, 1200, 0};
	n->code = SPAN("bring-everything-that-you-have");
	r->trader_reference = (struct span){text, 72, 0};
	r->accepted_at = INT64_C(4102444800000000); /* 2100 */
	t->levy = SPAN("STAMP");
	t->assessed = (struct amount){decimal_of(1, 4), SPAN("XLD")};
	t->payable = (struct amount){decimal_of(INT64_C(10000000000000000), 2), SPAN("XLD")};
	again = read_back(*state, written(*state, &all));
	r = &again.list.v[0];
	assert_int_equal(r->remarks.v[0].text.n, 1024);
	assert_span(r->remarks.v[0].code, "bring-everything-that-you-have");
	assert_span(r->trader_reference, ""); /* part of a reference would be another one */
	assert_int_equal(r->accepted_at, 0);
	assert_span(r->taxes.v[0].levy, "STAMP");
	assert_false(r->taxes.v[0].assessed.value.set);
	assert_false(r->taxes.v[0].payable.value.set);
}

/* ---- what others write ---- */

static void test_an_answer_of_another_system(void **state)
{
	struct responses all = read_back(
	    *state,
	    SPAN("<Response><FunctionCode>77</FunctionCode>"
		 "<IssueDateTime><DateTimeString formatCode=\"304\">20240410113950+01"
		 "</DateTimeString></IssueDateTime><Bank><ID>GB25</ID></Bank>"
		 "<Status><NameCode>4</NameCode></Status><Status><NameCode>9</NameCode></Status>"
		 "<Error><Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>"
		 "<Pointer><SequenceNumeric>x</SequenceNumeric><DocumentSectionCode>ZZZ"
		 "</DocumentSectionCode></Pointer></Error>"
		 "<Declaration><ID>24GB</ID><VersionID/></Declaration>"
		 "<Declaration><ID>echo</ID></Declaration></Response>"));
	const struct response *r = &all.list.v[0];

	assert_int_equal(r->kind, RESPONSE_KINDS);
	assert_span(r->function, "77");
	assert_true(r->issued_at == INT64_C(1712745590000000));
	assert_int_equal(r->statuses.n, 2);
	assert_span(r->errors.v[0].pointer, "");
	assert_int_equal(r->errors.v[0].place.steps.n, 2);
	assert_span(r->movement_reference, "24GB");
	assert_span(r->version, "");
	assert_int_equal(all.unmapped.n, 3);
	assert_span(all.unmapped.v[0].path, "Response/Bank/ID");
	assert_span(all.unmapped.v[1].value, "x");
	assert_span(all.unmapped.v[2].path, "Response/Declaration+/ID");
}

static void test_bytes_that_are_no_answer(void **state)
{
	static const struct {
		const char *bytes;
		enum err err;
		uint32_t line;
	} cases[] = {
	    {"", ERR_FORMAT, 1},
	    {"{}", ERR_FORMAT, 1},
	    {"<Response>\n<FunctionCode></Response>", ERR_FORMAT, 2},
	    {"\n<Declaration/>", ERR_UNSUPPORTED, 2},
	    {"<MetaData><WCOTypeName>RES</WCOTypeName></MetaData>", ERR_UNSUPPORTED, 1},
	    {"<!DOCTYPE a []><Response/>", ERR_FORMAT, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct responses r;
		struct codec_fault fault;
		enum err e = msg_read_responses(*state, span_of(cases[i].bytes), &r, &fault);

		if (e != cases[i].err || fault.line != cases[i].line || !*fault.text)
			fail_msg("%s: %s at line %u: %s", cases[i].bytes, err_name(e), fault.line,
				 fault.text);
		assert_int_equal(r.list.n, 0);
	}
}

/* More unmapped values than are kept: counted as cut, never an error. */
static void test_unmapped_values_have_a_bound(void **state)
{
	struct text t = text_in(*state);
	struct responses r;

	text_string(&t, "<Response>");
	for (int i = 0; i <= LIMIT_UNMAPPED; i++)
		text_string(&t, "<x>1</x>");
	text_string(&t, "</Response>");
	r = read_back(*state, text_as_span(&t));
	assert_int_equal(r.unmapped.n, LIMIT_UNMAPPED);
	assert_true(r.unmapped_cut);
}

/* ---- memory ---- */

static struct span keep(struct span s)
{
	static char kept[16384];

	assert_true(s.n <= sizeof(kept));
	memcpy(kept, s.p, s.n);
	return (struct span){kept, s.n, 0};
}

static void test_every_allocation_may_fail(void **state)
{
	struct responses first = whole(*state), r;
	struct span bytes = keep(written(*state, &first));
	struct codec_fault fault;
	enum err e = ERR_NOMEM;
	uint64_t n;

	for (n = 1; e == ERR_NOMEM; n++) {
		arena_reset(*state);
		arena_fail_at(n);
		e = msg_read_responses(*state, bytes, &r, &fault);
		arena_fail_at(0);
		if (e == ERR_NOMEM)
			assert_int_equal(r.list.n, 0);
	}
	assert_int_equal(e, ERR_NONE);
	assert_true(n > 50);
	e = ERR_NOMEM;
	for (n = 1; e == ERR_NOMEM; n++) {
		arena_reset(*state);
		xml_fail_at(n);
		e = msg_read_responses(*state, bytes, &r, &fault);
		xml_fail_at(0);
	}
	assert_int_equal(e, ERR_NONE);
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_kind_is_known_again),
	    arena_test(test_every_rule_has_a_code_of_its_own),
	    arena_test(test_places),
	    arena_test(test_places_beyond_the_dictionary),
	    arena_test(test_every_place_of_the_dictionary),
	    arena_test(test_a_whole_answer_comes_back),
	    arena_test(test_what_is_too_long),
	    arena_test(test_an_answer_of_another_system),
	    arena_test(test_bytes_that_are_no_answer),
	    arena_test(test_unmapped_values_have_a_bound),
	    arena_test(test_every_allocation_may_fail),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
