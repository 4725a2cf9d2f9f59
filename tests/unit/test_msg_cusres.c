/* CUSRES read: what the hub writes comes back, is written the same again, and bytes of strangers end in an error with a place.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "msg/edi_answer.h"
#include "msg/res.h"

static uint64_t cases = 2000;

static const char *const versions[] = {"96B", "01B", "05B", "12B", "16B", "21B"};

struct writing {
	struct text text;
	const struct responses *said;
	unsigned version, syntax;
	bool cargo;
};

/* One CUSRES in an interchange of its own. */
static void write_it(void *context)
{
	struct writing *w = context;
	struct edi_envelope e = {.version = (int)w->syntax};
	struct edi_reply r = {.type = {w->cargo ? SPAN("CUSCAR") : SPAN("CUSDEC"), SPAN("D"),
				       span_of(versions[w->version]), SPAN("UN")}};
	const struct edi_answer a = {.envelope = &e, .now = INT64_C(1767225600000000)};

	text_print(&w->text, "UNB+%s:%u+A+B+%s:1200+7'\n", w->syntax == 4 ? "UNOY" : "UNOC",
		   w->syntax, w->syntax == 4 ? "20260101" : "260101");
	edi_write_cusres(&w->text, &a, &r, w->said, 2);
	text_string(&w->text, "UNZ+1+7'\n");
}

static struct span written(struct arena *a, struct writing *w)
{
	w->text = text_in(a);
	assert_int_equal(arena_run(a, write_it, w), ERR_NONE);
	return text_as_span(&w->text);
}

static void *push(struct arena *a, void *list, size_t size)
{
	struct dict_list *l = list;

	return arena_push(a, &l->v, &l->n, &l->room, size);
}

/* Of letters, service characters and letters beyond ASCII; no blanks at an end, which no element keeps. */
static struct span some_text(struct arena *a, struct prng *p, uint32_t most)
{
	static const char *const pieces[] = {"a", "Z", "7", "'", "+",  ":",
					     "?", "*", "é", "ß", ". b"};
	uint32_t n = 1 + (uint32_t)prng_below(p, most);
	struct text t = text_in(a);

	while (n--)
		text_string(&t, pieces[prng_below(p, ARRAY_LEN(pieces))]);
	return text_as_span(&t);
}

static struct amount some_amount(struct prng *p)
{
	return (struct amount){
	    decimal_of((int64_t)prng_below(p, 1000000), (uint8_t)prng_below(p, 3)), SPAN("EUR")};
}

static void fill(struct arena *a, struct prng *p, struct response *r)
{
	for (uint64_t i = prng_below(p, 4); i; i--) {
		struct response_note *n = push(a, &r->errors, sizeof(*n));

		*n = (struct response_note){.code = SPAN("CH123456"), .text = some_text(a, p, 100)};
		if (prng_below(p, 2))
			n->pointer = SPAN("/shipment/items/0");
	}
	for (uint64_t i = prng_below(p, 3); i; i--) {
		struct response_note *n = push(a, &r->remarks, sizeof(*n));

		*n = (struct response_note){.text = some_text(a, p, 60)};
	}
	for (uint64_t i = prng_below(p, 4); i; i--) {
		struct response_tax *t = push(a, &r->taxes, sizeof(*t));

		*t = (struct response_tax){.item = (uint32_t)prng_below(p, 100),
					   .levy = SPAN("VAT"),
					   .base = some_amount(p),
					   .rate = decimal_of((int64_t)prng_below(p, 300), 1),
					   .payable = some_amount(p)};
	}
	if (prng_below(p, 2)) {
		struct response_payment *pay = push(a, &r->payments, sizeof(*pay));

		*pay = (struct response_payment){.payable = some_amount(p)};
	}
}

static struct responses *some_answer(struct arena *a, struct prng *p)
{
	struct responses *all = ARENA_NEW(a, struct responses);
	uint64_t n = 1 + prng_below(p, 3);

	while (n--) {
		struct response *r = push(a, &all->list, sizeof(*r));

		*r = (struct response){.kind = (enum response_kind)prng_below(p, RESPONSE_KINDS),
				       .exchange = SPAN("26XL010000000017-1-01"),
				       .movement_reference = SPAN("26XL010000000017"),
				       .trader_reference = some_text(a, p, 12),
				       .issued_at = INT64_C(1767225600000000) +
						    (int64_t)prng_below(p, 500000) * 60000000};
		fill(a, p, r);
	}
	return all;
}

/* What is read of an answer, written again, is the same bytes. */
static void test_there_and_back(void **state)
{
	struct arena *a = *state;
	struct prng p;

	p = prng_of(20261122, 0);
	for (uint64_t i = 0; i < cases; i++) {
		struct writing w = {.version = (unsigned)prng_below(&p, ARRAY_LEN(versions)),
				    .syntax = prng_below(&p, 2) ? 3 : 4,
				    .cargo = prng_below(&p, 2) != 0};
		struct responses *said, got;
		struct codec_fault fault;
		struct span first, again;
		enum err e;

		arena_reset(a);
		said = some_answer(a, &p);
		w.said = said;
		first = written(a, &w);
		e = msg_read_any_responses(a, first, NULL, &got, &fault);
		if (e)
			fail_msg("case %llu: %u:%u: %s\n%.*s", (unsigned long long)i, fault.line,
				 fault.column, fault.text, SPAN_ARG(first));
		assert_int_equal(got.list.n, said->list.n);
		assert_int_equal(got.unmapped.n, 0);
		w.said = &got;
		again = written(a, &w);
		if (!span_equal(first, again))
			fail_msg("case %llu:\n%.*s\nbecame\n%.*s", (unsigned long long)i,
				 SPAN_ARG(first), SPAN_ARG(again));
	}
}

#define UNB  "UNB+UNOC:3+A+B+260101:1200+7'"
#define HEAD "UNH+1+CUSRES:D:96B:UN'BGM++X-1+11'DTM+137:202601011205:203'"

static void test_values(void **state)
{
	const struct span bytes =
	    SPAN(UNB "UNH+1+CONTRL:D:3:UN'UCI+7+A+B+7'UNT+3+1'" HEAD
		     "FTX+AAP+++present-goods'GIS+1'GIS+1'RFF+ABT:26XL01'RFF+ABE:INV?+7'RFF+ZZZ:Q'"
		     "ERP+1'ERC+CH01::ZZZ'FTX+AAO+++It is :wrong'FTX+AAP+++/x'"
		     "TAX+1+VAT::ZZZ++2+:::19,5'MOA+56:100:EUR'MOA+55:19.50:EUR'"
		     "TAX+4'MOA+176:19.50:EUR'UNT+18+1'UNZ+2+7'");
	struct codec_fault fault;
	struct responses r;
	enum err e = msg_read_any_responses(*state, bytes, NULL, &r, &fault);
	const struct response *one, *last;

	if (e)
		fail_msg("%u:%u: %s", fault.line, fault.column, fault.text);
	assert_int_equal(r.list.n, 2);
	one = &r.list.v[0];
	last = &r.list.v[1];
	assert_int_equal(one->kind, RESPONSE_ACCEPTED);
	assert_int_equal(last->kind, RESPONSE_TAX_DUE);
	assert_span(one->movement_reference, "26XL01");
	assert_span(one->trader_reference, "INV+7");
	assert_true(one->issued_at == INT64_C(1767269100000000));
	assert_int_equal(one->errors.n, 1);
	assert_span(one->errors.v[0].code, "CH01");
	assert_span(one->errors.v[0].text, "It is wrong");
	assert_span(one->errors.v[0].pointer, "/x");
	assert_span(last->exchange, "X-1");
	assert_span(last->remarks.v[0].text, "present-goods");
	assert_int_equal(last->taxes.n, 1);
	assert_int_equal(last->taxes.v[0].item, 2);
	assert_span(last->taxes.v[0].levy, "VAT");
	assert_int_equal(last->taxes.v[0].rate.units, 195);
	assert_int_equal(last->taxes.v[0].payable.value.units, 1950);
	assert_span(last->payments.v[0].payable.currency, "EUR");
	assert_int_equal(r.unmapped.n, 1);
	assert_span(r.unmapped.v[0].path, "CUSRES 1/RFF");
}

static void test_damage(void **state)
{
	static const struct {
		const char *bytes;
		enum err err;
		const char *text;
	} cases_of[] = {
	    {"", ERR_UNSUPPORTED, "no message CUSRES"},
	    {UNB "UNH+1+CUSDEC:D:96B:UN'BGM'UNT+3+1'UNZ+1+7'", ERR_UNSUPPORTED,
	     "no message CUSRES"},
	    {UNB "UNH+1+CUSRES:D:XXX:UN'BGM'UNT+3+1'UNZ+1+7'", ERR_UNSUPPORTED, "a directory"},
	    {UNB HEAD "GIS+1'", ERR_FORMAT, "does not end"},
	    {UNB HEAD "GIS+1", ERR_FORMAT, ""},
	    {UNB HEAD "GIS+1'UNT+5+1?", ERR_FORMAT, ""},
	    {UNB HEAD "GIS'UNT+5+1'UNZ+1+7'", ERR_FORMAT, "GIS 4"},
	    {UNB HEAD "ERC+A'UNT+5+1'UNZ+1+7'", ERR_FORMAT, "ERC 4"},
	    {UNB HEAD "RFF+ABT:0123456789012345678901234567890123456789'UNT+5+1'UNZ+1+7'",
	     ERR_FORMAT, "RFF 4, 1.2"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases_of); i++) {
		struct codec_fault fault = {0};
		struct responses r;
		enum err e = msg_read_cusres(*state, span_of(cases_of[i].bytes), NULL, &r, &fault);

		if (e != cases_of[i].err || !fault.line || !strstr(fault.text, cases_of[i].text))
			fail_msg("%s\n%s %u:%u: %s", cases_of[i].bytes, err_name(e), fault.line,
				 fault.column, fault.text);
	}
}

/* More of everything than a message may have ends in an error or within the bounds. */
static void test_unbounded(void **state)
{
	static const char *const piece[] = {"GIS+1'", "ERP+1'ERC+A'",           "FTX+AAP+++a'",
					    "TAX+4'", "UNH+1+CUSRES:D:96B:UN'", "RFF+ZZZ:1'"};

	for (size_t i = 0; i < ARRAY_LEN(piece); i++) {
		struct text t = text_in(*state);
		struct codec_fault fault = {0};
		struct responses r;

		text_string(&t, UNB HEAD);
		for (unsigned k = 0; k < 100000; k++)
			text_string(&t, piece[i]);
		assert_int_not_equal(msg_read_cusres(*state, text_as_span(&t), NULL, &r, &fault),
				     ERR_NONE);
		assert_true(fault.line > 0);
		arena_reset(*state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_there_and_back),
	    arena_test(test_values),
	    arena_test(test_damage),
	    arena_test(test_unbounded),
	};

	if (getenv("CUSTOMHOUSE_SOAK"))
		cases = 100000;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
