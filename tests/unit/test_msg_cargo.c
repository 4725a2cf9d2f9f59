/* Cargo reports: JSON to the model and back, every field; what is none; how a file of them is cut. */
#include "msg/cargo.h"
#include "msg/cut.h"
#include "msg_case.h"
#include "populate.h"

struct cargo_case {
	struct cargo_message message;
	struct findings findings;
	struct codec_fault fault;
	enum err err;
};

static struct cargo_case *read_cargo(struct arena *a, struct span bytes)
{
	struct cargo_case *c = ARENA_NEW(a, struct cargo_case);

	c->err = msg_read_cargo(a, bytes, NULL, &c->message, &c->findings, &c->fault);
	return c;
}

static struct span written(struct arena *a, const struct cargo_message *m)
{
	struct text t = text_in(a);

	msg_format_by_id(SPAN("cargo-json"))->write_cargo(&t, m);
	return text_as_span(&t);
}

static void test_every_field_comes_back(void **state)
{
	struct populate p = {.arena = *state, .members = 2};
	struct cargo_message *m = ARENA_NEW(*state, struct cargo_message);
	struct cargo_case *c;
	struct span first;

	populate_class(&p, &dict_cargo_report, &m->report);
	first = written(*state, m);
	c = read_cargo(*state, first);
	assert_int_equal(c->err, ERR_NONE);
	assert_int_equal(c->message.unmapped.n, 0);
	assert_same_span(written(*state, &c->message), first);
}

static void test_findings_have_their_place(void **state)
{
	struct cargo_case *c = read_cargo(
	    *state, SPAN("{\"cargo_report\":{\n\"bills\":[{\"type\":\"705\",\n\"shoe\":\"1\","
			 "\"gross_mass\":{\"value\":\"x\"}}]},\n\"more\":\"2\"}"));
	struct text t = text_in(*state);

	assert_int_equal(c->err, ERR_NONE);
	for (uint32_t i = 0; i < c->findings.list.n; i++)
		text_print(&t, "%s %.*s:%u\n", finding_id(c->findings.list.v[i].rule),
			   SPAN_ARG(c->findings.list.v[i].pointer), c->findings.list.v[i].line);
	assert_same_span(text_as_span(&t),
			 SPAN("decode.unmapped :4\ndecode.unmapped /bills/0:3\n"
			      "decode.bad-number /bills/0/gross_mass:3\n"
			      "decode.missing /bills/0/id:2\ndecode.missing /function:1\n"));
	assert_same_span(c->message.unmapped.v[1].path, SPAN("/cargo_report/bills/0/shoe"));
}

static void test_what_is_no_report(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} cases[] = {
	    {"", ERR_UNSUPPORTED},
	    {"{\"function\":\"9\"}", ERR_UNSUPPORTED},
	    {"{\"cargo_report\":[]}", ERR_UNSUPPORTED},
	    {"{\"cargo_report\":{\"x\":1}}", ERR_UNSUPPORTED},
	    {"{\"cargo_report\":{", ERR_FORMAT},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cargo_case *c = read_cargo(*state, span_of(cases[i].text));

		assert_int_equal(c->err, cases[i].err);
		assert_true(c->fault.line && c->fault.text[0]);
	}
}

static void test_functions(void **state)
{
	struct cargo_report r = {0};

	(void)state;
	assert_int_equal(cargo_function(&r), CARGO_UNKNOWN);
	r.function = SPAN("9");
	assert_int_equal(cargo_function(&r), CARGO_ORIGINAL);
	r.function = SPAN("5");
	assert_int_equal(cargo_function(&r), CARGO_REPLACE);
	r.function = SPAN("1");
	assert_int_equal(cargo_function(&r), CARGO_WITHDRAW);
}

/* A file is cut the same whatever the pieces in which it comes. */
static void test_cut_in_pieces(void **state)
{
	struct span file = SPAN("{\"cargo_report\":{\"function\":\"9\"}}\n \n{\"a\":\"\\\"}\"}{}\n"
				"{\"open\n{\"b\":{}}\nnot\n{\"c\":1}\n  ");
	const char *want = "1:{\"cargo_report\":{\"function\":\"9\"}}|3:{\"a\":\"\\\"}\"}|3:{}|"
			   "4:{\"open\n|5:{\"b\":{}}|6:not\n|7:{\"c\":1}|";
	struct msg_cutter c;

	assert_int_equal(msg_cutter_open(&c), ERR_NONE);
	for (uint32_t step = 1; step <= file.n; step++) {
		struct span rest = {file.p, 0, 0}, message;
		struct text t = text_in(*state);
		enum msg_cut got;

		msg_cutter_reset(&c);
		do {
			bool last = rest.p + rest.n == file.p + file.n;

			got = msg_cut(&c, &rest, last, &message);
			if (got == MSG_CUT_ONE)
				text_print(&t, "%u:%.*s|", message.line, SPAN_ARG(message));
			if (got == MSG_CUT_MORE) {
				uint32_t left = (uint32_t)(file.p + file.n - rest.p) - rest.n;

				assert_false(last);
				rest.n += left < step ? left : step;
			}
		} while (got != MSG_CUT_END);
		assert_same_span(text_as_span(&t), span_of(want));
	}
	msg_cutter_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_field_comes_back), arena_test(test_findings_have_their_place),
	    arena_test(test_what_is_no_report),      arena_test(test_functions),
	    arena_test(test_cut_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
