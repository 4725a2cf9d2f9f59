/* Envelopes of interchanges, and the answers to them: every lie is found; an answer is a sound interchange whose messages pass
 * the check of their directory. */
#include "unit.h"

#include <stdio.h>

#include "codec/edifact_check.h"
#include "msg/edi_answer.h"

static struct edifact reader;

/* ---- envelopes ---- */

static void expect(const char *bytes, const char *faults)
{
	struct edi_envelope e;
	char got[400] = "";
	size_t n = 0;
	uint32_t line;
	enum err err = edi_envelope_read(&e, &reader, bytes, strlen(bytes), &line);

	if (err)
		edi_envelope_broken(&e, &reader);
	for (uint32_t i = 0; i < e.faults; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%d %s %llu\n", e.fault[i].code,
				      e.fault[i].tag, (unsigned long long)e.fault[i].segment);
	if (strcmp(got, faults) != 0)
		fail_msg("%s\ngives\n%snot\n%s", bytes, got, faults);
}

#define UNB "UNB+UNOC:3+A:ZZ+B+260101:1200+7'"
#define MSG "UNH+1+CUSDEC:D:96B:UN'BGM'UNT+3+1'"
#define UNG "UNG+CUSDEC+A+B+260101:1200+G1+UN+D:96B'"

static void test_sound_envelopes(void **state)
{
	(void)state;
	expect(UNB MSG "UNZ+1+7'", "");
	expect(UNB MSG MSG "UNZ+2+7'", "");
	expect(UNB UNG MSG MSG "UNE+2+G1'" UNG MSG "UNE+1+G1'UNZ+2+7'", "");
	expect("UNA:+.? '" UNB MSG "UNZ+1+7'\n" UNB MSG "UNZ+1+7'", "");
}

static void test_lies_of_envelopes(void **state)
{
	(void)state;
	expect(UNB MSG "UNZ+2+7'", "29 UNZ 5\n");
	expect(UNB MSG "UNZ+1000000+7'", "29 UNZ 5\n");
	expect(UNB MSG "UNZ+99999999999999999999999+7'", "29 UNZ 5\n");
	expect(UNB MSG "UNZ'", "29 UNZ 5\n28 UNZ 5\n");
	expect(UNB MSG "UNZ+1+8'", "28 UNZ 5\n");
	expect(UNB MSG, "13 UNZ 4\n");
	expect(UNB "UNH+1+CUSDEC:D:96B:UN'BGM'", "13 UNT 3\n13 UNZ 3\n");
	expect(UNB "UNZ+0+7'", "32 UNZ 2\n");
	expect(UNB UNG MSG "UNE+2+G1'UNZ+1+7'", "29 UNE 6\n");
	expect(UNB UNG MSG "UNE+1+G2'UNZ+1+7'", "28 UNE 6\n");
	expect(UNB UNG MSG "UNZ+1+7'", "33 UNZ 6\n");
	expect(UNB UNG UNG MSG "UNE+1+G1'UNE+1+G1'UNZ+2+7'", "33 UNG 3\n33 UNE 8\n");
	expect(UNB MSG UNG MSG "UNE+1+G1'UNZ+1+7'", "30 UNZ 10\n");
	expect(UNB "BGM'" MSG "UNZ+1+7'", "33 BGM 2\n");
	expect(UNB "UNH+1+CUSDEC:D:96B:UN'" MSG "UNZ+2+7'", "33 UNH 3\n");
	expect(MSG, "33 UNH 1\n13 UNB 3\n");
	expect("UNB+UNOZ:9+A+B+260101:1200+7'" MSG "UNZ+1+7'", "46 UNB 1\n2 UNB 1\n");
	expect(UNB MSG "UNZ+1+7", "18  5\n");
	expect("UNA+++++++" UNB, "20 UNA 1\n");
	expect("", "13 UNB 0\n");
}

/* ---- answers ---- */

struct writing {
	struct edi_answer answer;
	struct text text;
	struct edi_reply *replies;
	const struct responses *said[2]; /* of the first replies */
};

static void write_it(void *context)
{
	struct writing *w = context;

	for (uint32_t i = 0; i < 2 && w->said[i]; i++) {
		struct text t = text_in(w->text.arena);

		edi_write_cusres(&t, &w->answer, &w->replies[i], w->said[i], i + 2);
		w->replies[i].cusres = text_as_span(&t);
	}
	edi_write_answer(&w->text, &w->answer);
}

static void on_error(void *context, const struct edifact_error *e)
{
	fail_msg("%s: %d %s %u/%u/%u [%.*s]", (const char *)context, e->code, e->tag, e->segment,
		 e->element, e->component, SPAN_ARG(e->value));
}

/* Every message of the answer passes the check of its directory; how many of each there are. */
static void check_messages(struct span bytes, unsigned *ret_contrl, unsigned *ret_cusres)
{
	struct edifact_segment s;
	struct edifact_check c;
	bool inside = false;

	*ret_contrl = *ret_cusres = 0;
	edifact_over(&reader, bytes.p, bytes.n);
	while (edifact_next(&reader, &s) == ERR_NONE) {
		if (span_is(s.tag, "UNH")) {
			bool contrl = span_is(edifact_raw(&s, edifact_find(&s, 2, 1)), "CONTRL");
			struct span version = edifact_raw(&s, edifact_find(&s, 2, 3));
			const struct edifact_directory *d =
			    contrl ? edifact_service() : edifact_builtin(version);

			assert_non_null(d);
			++*(contrl ? ret_contrl : ret_cusres);
			edifact_check_open(
			    &c, d,
			    edifact_message_find(d, contrl ? SPAN("CONTRL") : SPAN("CUSRES")),
			    &reader, on_error, (void *)(uintptr_t)bytes.p);
			inside = true;
		}
		if (inside)
			edifact_check_segment(&c, &s);
		if (span_is(s.tag, "UNT")) {
			edifact_check_close(&c);
			inside = false;
		}
	}
}

static struct responses *sample(struct arena *a, bool rejected)
{
	struct responses *all = ARENA_NEW(a, struct responses);
	struct response *r =
	    arena_push(a, (void **)&all->list.v, &all->list.n, &all->list.room, sizeof(*r));
	struct response_note *n;

	*r = (struct response){.kind = rejected ? RESPONSE_REJECTED : RESPONSE_RELEASED,
			       .exchange = SPAN("X-1"),
			       .movement_reference = SPAN("26XL010000000017"),
			       .trader_reference = span_of("Réf 'é'"),
			       .issued_at = INT64_C(1767225600000000)};
	for (unsigned i = 0; i < 120; i++) {
		n = rejected ? arena_push(a, (void **)&r->errors.v, &r->errors.n, &r->errors.room,
					  sizeof(*n))
			     : arena_push(a, (void **)&r->remarks.v, &r->remarks.n,
					  &r->remarks.room, sizeof(*n));
		n->code = SPAN("CH123456");
		n->text = SPAN("The goods are not described. Say in plain words what they are, so "
			       "that whoever reads it knows.");
		n->pointer = SPAN("/shipment/items/0/commodity/description");
	}
	if (!rejected) {
		struct response_tax *t =
		    arena_push(a, (void **)&r->taxes.v, &r->taxes.n, &r->taxes.room, sizeof(*t));

		*t = (struct response_tax){.item = 1,
					   .levy = SPAN("VAT"),
					   .base = {decimal_of(100, 0), SPAN("EUR")},
					   .rate = decimal_of(195, 1),
					   .payable = {decimal_of(1950, 2), SPAN("EUR")}};
	}
	return all;
}

static void test_answers_are_sound(void **state)
{
	static const char *const versions[] = {"96B", "01B", "05B", "12B", "16B", "21B"};
	struct finding findings[] = {
	    {.code = 12, .segment = 3, .element = 1, .component = 1, .severity = SEVERITY_ERROR},
	    {.code = 13, .segment = 3, .element = 2, .severity = SEVERITY_ERROR},
	    {.code = 15, .segment = 9, .severity = SEVERITY_ERROR},
	    {.code = 0, .severity = SEVERITY_ERROR},
	};
	struct edi_envelope e;
	unsigned contrl, cusres;
	uint32_t line;

	for (unsigned v = 0; v < ARRAY_LEN(versions); v++) {
		struct edi_reply replies[3] = {
		    {.reference = SPAN("1")},
		    {.reference = SPAN("2"), .findings = findings, .count = 4},
		    {.reference = SPAN("3"), .rejected = true, .code = EDIFACT_NO_AGREEMENT}};
		struct writing w = {
		    {&e, INT64_C(1767225600000000), NULL, SPAN("CUSTOMHOUSE"), replies, 3},
		    text_in(*state),
		    replies,
		    {sample(*state, true), sample(*state, false)}};

		for (unsigned i = 0; i < 3; i++) {
			replies[i].type[0] = SPAN("CUSDEC");
			replies[i].type[1] = SPAN("D");
			replies[i].type[2] = span_of(versions[v]);
			replies[i].type[3] = SPAN("UN");
		}
		assert_int_equal(edi_envelope_read(&e, &reader, UNB MSG "UNZ+1+7'",
						   strlen(UNB MSG "UNZ+1+7'"), &line),
				 ERR_NONE);
		assert_int_equal(arena_run(*state, write_it, &w), ERR_NONE);
		text_char(&w.text, 0);
		w.text.n--;
		check_messages(text_as_span(&w.text), &contrl, &cusres);
		assert_int_equal(contrl, 1);
		assert_int_equal(cusres, 2);
		assert_int_equal(edi_envelope_read(&e, &reader, w.text.p, w.text.n, &line),
				 ERR_NONE);
		assert_int_equal(e.faults, 0);
		assert_int_equal(e.messages, 3);
		assert_non_null(strstr(w.text.p, "UNB+UNOC:3+B+A:ZZ+260101:0000+7'\n"));
		assert_non_null(strstr(w.text.p, "UCM+1+CUSDEC:D:"));
		assert_non_null(
		    strstr(w.text.p, "+4'\nUCS+3'\nUCD+12+1:1'\nUCD+13+2'\nUCS+9+15'\nUCM+3+"));
	}
}

static void test_a_refused_interchange(void **state)
{
	struct edi_envelope e;
	struct writing w = {.answer = {.envelope = &e, .us = SPAN("CUSTOMHOUSE")},
			    .text = text_in(*state)};
	const char *bytes = "UNB+UNOC:4+A+B+20260101:1200+7'" MSG "UNZ+2+7'";
	unsigned contrl, cusres;
	uint32_t line;

	assert_int_equal(edi_envelope_read(&e, &reader, bytes, strlen(bytes), &line), ERR_NONE);
	assert_int_equal(arena_run(*state, write_it, &w), ERR_NONE);
	assert_span(text_as_span(&w.text),
		    "UNB+UNOY:4+B+A+19700101:0000+7'\nUNH+1+CONTRL:4:1:UN'\nUCI+7+A+B+4+29+UNZ'\n"
		    "UNT+3+1'\nUNZ+1+7'\n");
	check_messages(text_as_span(&w.text), &contrl, &cusres);
}

static void test_headers(void **state)
{
	struct edi_reply r = {.rejected = false};

	(void)state;
	edi_read_header(SPAN(UNB "UNH+17+CUSDEC:D:96B:UN:X'BGM'"), &r);
	assert_span(r.reference, "17");
	assert_span(r.type[0], "CUSDEC");
	assert_span(r.type[3], "UN");
	r = (struct edi_reply){.rejected = false};
	edi_read_header(SPAN(UNB), &r);
	assert_int_equal(r.reference.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sound_envelopes), cmocka_unit_test(test_lies_of_envelopes),
	    arena_test(test_answers_are_sound),     arena_test(test_a_refused_interchange),
	    cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
