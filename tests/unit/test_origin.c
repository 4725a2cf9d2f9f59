/* origin: what is decided, what is asked next, and what is refused. */
#include "origin_case.h"

static struct arena *pack_arena;
static const struct refset *landfall;

static int open_pack(void **state)
{
	static struct test_pack pack;

	(void)state;
	pack_arena = arena_new((size_t)LIMIT_PACK_BYTES);
	pack = test_pack_folder(pack_arena, "packs/landfall");
	landfall = test_pack_good(&pack);
	return 0;
}

static int close_pack(void **state)
{
	(void)state;
	arena_free(pack_arena);
	return 0;
}

#define NOT_WHOLLY "wholly_obtained=no "

/* Each line: the rule, the answers, and what follows. */
struct line {
	const char *rule, *answers;
	enum origin_truth originating;
	enum origin_question next;
};

static void must_be(struct arena *a, const struct line *l, const struct origin_case *like)
{
	struct origin_case c = *like;

	c.arena = a;
	c.text = span_of(l->rule);
	c.answers = l->answers;
	origin_case_run(&c);
	if (c.result.originating != l->originating || c.result.question != l->next)
		fail_msg("%s with %s: originating %d, next %d; not %d, %d", l->rule, l->answers,
			 c.result.originating, c.result.question, l->originating, l->next);
}

#define MUST_BE(lines, like)                                                                       \
	for (size_t i_ = 0; i_ < ARRAY_LEN(lines); i_++)                                           \
	must_be(*state, &(lines)[i_], (like))

static void test_change_of_classification(void **state)
{
	static const struct line lines[] = {
	    {"change heading", "", ORIGIN_OPEN, QUESTION_WHOLLY_OBTAINED},
	    {"change heading", NOT_WHOLLY, ORIGIN_OPEN, QUESTION_MATERIALS},
	    {"change heading", "material=850490:5:CN", ORIGIN_NO, 0},
	    {"change heading", "material=850300:5:CN", ORIGIN_OPEN, QUESTION_BEYOND_SIMPLE},
	    {"change heading", "material=850300:5:CN beyond_simple=yes", ORIGIN_YES, 0},
	    {"change heading", "material=850300:5:CN beyond_simple=no", ORIGIN_NO, 0},
	    {"change subheading", "material=850490:5:CN beyond_simple=yes", ORIGIN_YES, 0},
	    {"change chapter", "material=850300:5:CN", ORIGIN_NO, 0},
	    {"change heading except 72-83", "material=740811:5:CN", ORIGIN_NO, 0},
	    {"change heading except 72-83", "material=840811:5:CN beyond_simple=yes", ORIGIN_YES,
	     0},
	    {"change heading", "material=850490:5:XM:originates beyond_simple=yes", ORIGIN_YES, 0},
	    {"change heading", "wholly_obtained=yes", ORIGIN_YES, 0},
	    /* a foreign material shows that the goods are not wholly obtained */
	    {"change heading", "wholly_obtained=yes material=850490:5:CN", ORIGIN_NO, 0},
	    /* no materials at all */
	    {"change heading", NOT_WHOLLY "material= beyond_simple=yes", ORIGIN_YES, 0},
	    {"change heading allowing 20%", "material=850490:5:CN", ORIGIN_OPEN, QUESTION_EX_WORKS},
	    {"change heading allowing 20%", "material=850490:5:CN ex_works=25 beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"change heading allowing 20%", "material=850490:5.000001:CN ex_works=25", ORIGIN_NO,
	     0},
	    {"change heading allowing 20% fob", "material=850490:5:CN ex_works=1", ORIGIN_OPEN,
	     QUESTION_FOB},
	    {"change heading except 74 allowing 20%", "material=740811:0.01:CN ex_works=25",
	     ORIGIN_NO, 0},
	};
	struct origin_case like = origin_case(NULL, landfall);

	MUST_BE(lines, &like);
}

static void test_values_and_weights(void **state)
{
	static const struct line lines[] = {
	    {"max 50%", "material=850490:50:CN ex_works=100 beyond_simple=yes", ORIGIN_YES, 0},
	    {"max 50%", "material=850490:50.01:CN ex_works=100", ORIGIN_NO, 0},
	    {"max 50%", "material=850490:30:CN material=740811:20.01 ex_works=100", ORIGIN_NO, 0},
	    {"max 50% of 74",
	     "material=850490:99:CN material=740811:50 ex_works=100 "
	     "beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"max 50% of 74", "material=850490:99:CN beyond_simple=yes", ORIGIN_YES, 0},
	    {"max 50% fob", "material=850490:50:CN ex_works=100", ORIGIN_OPEN, QUESTION_FOB},
	    {"max 33.3333%", "material=850490:1:CN ex_works=3", ORIGIN_NO, 0},
	    {"max 33.3334%", "material=850490:1:CN ex_works=3 beyond_simple=yes", ORIGIN_YES, 0},
	    {"max 0%", "material=850490:0:CN beyond_simple=yes", ORIGIN_YES, 0},
	    {"content 40% build-down", "material=850490:60:CN ex_works=100 beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"content 40% build-down", "material=850490:60.1:CN ex_works=100", ORIGIN_NO, 0},
	    {"content 40% build-down", "material=850490:160:CN ex_works=100", ORIGIN_NO, 0},
	    {"content 40% build-up", "material=740811:39:XM:originates ex_works=100", ORIGIN_NO, 0},
	    {"content 40% build-up",
	     "material=740811:40:XM:originates ex_works=100 "
	     "beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"content 40% net-cost", "material=850490:60:CN ex_works=1", ORIGIN_OPEN,
	     QUESTION_NET_COST},
	    {"content 40% net-cost", "material=850490:60:CN net_cost=100 beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"content 60% focused fob of 74",
	     "material=850490:99:CN material=740811:40 fob=100 "
	     "beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"content 60% focused fob of 74", "material=740811:40.5 fob=100", ORIGIN_NO, 0},
	    {"weight 40% of 17", "material=170111:9", ORIGIN_OPEN, QUESTION_WEIGHTS},
	    {"weight 40% of 17", "material=170111:9:CN:no:4 weight=10 beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"weight 40% of 17", "material=170111:9:CN:no:4.1 weight=10", ORIGIN_NO, 0},
	    {"weight 40% of 17", "material=180100:9:CN beyond_simple=yes", ORIGIN_YES, 0},
	};
	struct origin_case like = origin_case(NULL, landfall);

	MUST_BE(lines, &like);
}

static void test_and_or_ask_no_more_than_they_need(void **state)
{
	static const struct line lines[] = {
	    {"change heading or max 50%", "material=850300:99:CN", ORIGIN_OPEN,
	     QUESTION_BEYOND_SIMPLE},
	    {"change heading or max 50%", "material=850490:5:CN", ORIGIN_OPEN, QUESTION_EX_WORKS},
	    {"change heading and max 50%", "material=850490:5:CN", ORIGIN_NO, 0},
	    {"change heading and max 50%", "material=850300:5:CN", ORIGIN_OPEN, QUESTION_EX_WORKS},
	    {"process A and process B or process C", NOT_WHOLLY "process.A=no", ORIGIN_OPEN,
	     QUESTION_PROCESS},
	    {"process A and process B or process C", NOT_WHOLLY "process.A=no process.C=no",
	     ORIGIN_NO, 0},
	    {"process A and (process B or process C)",
	     NOT_WHOLLY "process.A=yes process.C=yes beyond_simple=yes", ORIGIN_YES, 0},
	    {"wholly-obtained", "", ORIGIN_OPEN, QUESTION_WHOLLY_OBTAINED},
	    {"wholly-obtained", NOT_WHOLLY, ORIGIN_NO, 0},
	    {"wholly-obtained of 04", "material=040110:5:XM:originates", ORIGIN_NO, 0},
	    {"wholly-obtained of 04",
	     "material=040110:5:XM:wholly material=170111:5:CN "
	     "beyond_simple=yes",
	     ORIGIN_YES, 0},
	    {"any", "", ORIGIN_OPEN, QUESTION_BEYOND_SIMPLE},
	    {"any", "beyond_simple=yes", ORIGIN_YES, 0},
	    /* no rule: only what is wholly obtained */
	    {"", "", ORIGIN_OPEN, QUESTION_WHOLLY_OBTAINED},
	    {"", NOT_WHOLLY, ORIGIN_NO, 0},
	    {"", "wholly_obtained=yes", ORIGIN_YES, 0},
	};
	struct origin_case like = origin_case(NULL, landfall);

	MUST_BE(lines, &like);
	like.country = "CN"; /* no party */
	must_be(*state, &(struct line){"any", "beyond_simple=yes", ORIGIN_NO, 0}, &like);
}

static void test_tolerance(void **state)
{
	static const struct line goods[] =
	    {
		{"change heading", "material=850490:10:CN", ORIGIN_OPEN, QUESTION_EX_WORKS},
		{"change heading", "material=850490:10:CN ex_works=100 beyond_simple=yes",
		 ORIGIN_YES, 0},
		{"change heading", "material=850490:10.1:CN ex_works=100", ORIGIN_NO, 0},
		/* a limit of value has no tolerance on top */
		{"max 50%", "material=850490:51:CN ex_works=100", ORIGIN_NO, 0},
	    },
				 textiles[] = {
				     {"change heading", "material=620311:10:CN ex_works=100",
				      ORIGIN_OPEN, QUESTION_WEIGHTS},
				     {"change heading",
				      "material=620311:90:CN:no:8 weight=100 beyond_simple=yes",
				      ORIGIN_YES, 0},
				     {"change heading", "material=620311:1:CN:no:9 weight=100",
				      ORIGIN_NO, 0},
				 };
	struct origin_case like = origin_case(NULL, landfall);

	like.agreement.tolerance = decimal_of(10, 0);
	like.agreement.textile_tolerance = decimal_of(8, 0);
	MUST_BE(goods, &like);
	like.commodity = "620342";
	MUST_BE(textiles, &like);
}

static void test_cumulation(void **state)
{
	static const struct {
		enum origin_cumulation kind;
		const char *with, *material;
		enum origin_truth originating;
	} cases[] = {
	    {CUMULATION_NONE, "", "850490:5:XL:originates", ORIGIN_NO},
	    {CUMULATION_BILATERAL, "", "850490:5:XL:originates", ORIGIN_YES},
	    {CUMULATION_BILATERAL, "", "850490:5:XL:no", ORIGIN_NO},
	    {CUMULATION_BILATERAL, "", "850490:5:XN:originates", ORIGIN_NO},
	    {CUMULATION_DIAGONAL, "FREE", "850490:5:NO:originates", ORIGIN_YES},
	    {CUMULATION_DIAGONAL, "FREE", "850490:5:NO:no", ORIGIN_NO},
	    {CUMULATION_DIAGONAL, "FREE", "850490:5:CN:originates", ORIGIN_NO},
	    {CUMULATION_FULL, "FREE", "850490:5:NO:no", ORIGIN_YES},
	    {CUMULATION_FULL, "FREE", "850490:5:CN:no", ORIGIN_NO},
	    {CUMULATION_FULL, "", "850490:5::no", ORIGIN_NO},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct origin_case like = origin_case(NULL, landfall);
		char answers[200];

		like.agreement.cumulation = cases[i].kind;
		like.agreement.with = span_of(cases[i].with);
		snprintf(answers, sizeof(answers), "material=%s beyond_simple=yes",
			 cases[i].material);
		must_be(*state, &(struct line){"change heading", answers, cases[i].originating, 0},
			&like);
	}
}

static void test_transport_and_proof(void **state)
{
	static const struct ref_origin_proof approved = {.document = {"U", 1, 0},
							 .exporter = EXPORTER_APPROVED,
							 .months = 12,
							 .dates = {0, INT32_MAX},
							 .source = {"20", 2, 0}},
					     small = {.document = {"U", 1, 0},
						      .limit = {.units = 6000, .set = true},
						      .currency = {"XLD", 3, 0},
						      .months = 12,
						      .dates = {0, INT32_MAX},
						      .source = {"19", 2, 0},
						      .next = &approved},
					     certificate = {.document = {"N", 1, 0},
							    .months = 10,
							    .dates = {0, INT32_MAX},
							    .source = {"16", 2, 0},
							    .next = &small};
	static const struct {
		const char *answers;
		enum origin_truth preference;
		enum origin_question next;
	} cases[] = {
	    {"", ORIGIN_OPEN, QUESTION_DIRECT_TRANSPORT},
	    {"direct_transport=no", ORIGIN_NO, 0},
	    {"direct_transport=yes", ORIGIN_OPEN, QUESTION_PROOF},
	    {"direct_transport=yes proof=X", ORIGIN_NO, 0},
	    {"direct_transport=yes proof=N", ORIGIN_OPEN, QUESTION_PROOF_DATE},
	    {"direct_transport=yes proof=N proof_date=2025-08-01", ORIGIN_YES, 0},
	    {"direct_transport=yes proof=N proof_date=2025-07-31", ORIGIN_NO, 0},
	    {"direct_transport=yes proof=U proof_date=2025-07-31", ORIGIN_OPEN,
	     QUESTION_CONSIGNMENT},
	    {"direct_transport=yes proof=U proof_date=2025-07-31 consignment=6000", ORIGIN_YES, 0},
	    {"direct_transport=yes proof=U proof_date=2025-07-31 consignment=6000.01", ORIGIN_OPEN,
	     QUESTION_EXPORTER},
	    {"direct_transport=yes proof=U proof_date=2025-07-31 consignment=6000.01 "
	     "exporter_authorised=yes",
	     ORIGIN_YES, 0},
	    {"direct_transport=yes proof=U proof_date=2025-07-31 consignment=6000.01 "
	     "exporter_authorised=no",
	     ORIGIN_NO, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct origin_case c = origin_case(*state, landfall);
		char answers[300];

		snprintf(answers, sizeof(answers), "wholly_obtained=yes %s", cases[i].answers);
		c.agreement.direct = true;
		c.book.proofs = &certificate;
		c.text = SPAN("any");
		c.answers = answers;
		origin_case_run(&c);
		assert_int_equal(c.result.originating, ORIGIN_YES);
		if (c.result.preference != cases[i].preference ||
		    c.result.question != cases[i].next)
			fail_msg("%s: %d, next %d", answers, c.result.preference,
				 c.result.question);
	}
}

/* The proof cites the row, with the numbers that were compared. */
static void test_steps_cite_the_row(void **state)
{
	struct origin_case c = origin_case(*state, landfall);
	const struct origin_step *last;

	c.text = SPAN("(change heading) and max 47.5%");
	c.answers = "material=850300:5.25:CN ex_works=100 beyond_simple=yes";
	origin_case_run(&c);
	assert_int_equal(c.result.steps.n, 5);
	last = &c.result.steps.v[3];
	assert_string_equal(last->text, "max 47.5%: 5.25 of 100");
	assert_string_equal(last->french, "max 47.5%: 5.25 sur 100");
	assert_span(last->source, "annex");
	assert_int_equal(last->line, 7);
	assert_string_equal(c.result.steps.v[2].text, "(change heading)");
}

/* What is claimed is held against the agreement; without a claim that counts which the agreement allows, and it is said. */
static void test_cumulation_that_is_claimed(void **state)
{
	static const struct {
		const char *answers;
		enum origin_truth originating;
		const char *not_with, *step;
	} cases[] = {
	    {"material=850490:5:XN:originates", ORIGIN_YES, "",
	     "materials of XN count, by diagonal cumulation"},
	    {"material=850490:5:XN:originates cumulation=XN", ORIGIN_YES, "",
	     "materials of XN count, by diagonal cumulation"},
	    {"material=850490:5:XN:originates cumulation=", ORIGIN_NO, "", NULL},
	    {"material=850490:5:XN:originates cumulation=XL", ORIGIN_NO, "",
	     "materials of XL count, by diagonal cumulation"},
	    {"material=850490:5:CN:originates cumulation=CN", ORIGIN_NO, "CN",
	     "the agreement has no cumulation with CN"},
	    {"material=850300:5:CN:originates cumulation=CN", ORIGIN_YES, "CN",
	     "the agreement has no cumulation with CN"},
	    /* what originates where the goods are made needs none */
	    {"material=850490:5:XM:originates cumulation=", ORIGIN_YES, "", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct origin_case c = origin_case(*state, landfall);
		const struct origin_step *second;

		c.agreement.cumulation = CUMULATION_DIAGONAL;
		c.agreement.with = SPAN("XN");
		c.text = SPAN("change heading");
		c.answers = arena_print(*state, "%s beyond_simple=yes", cases[i].answers);
		origin_case_run(&c);
		if (c.result.originating != cases[i].originating)
			fail_msg("%s: %d", cases[i].answers, c.result.originating);
		assert_span(c.result.not_cumulated, cases[i].not_with);
		second = &c.result.steps.v[1];
		assert_string_equal(second->about, cases[i].step ? "cumulation" : "rule");
		if (cases[i].step)
			assert_string_equal(second->text, cases[i].step);
	}
}

struct answering {
	struct arena *arena;
	const char *json;
	struct cause why;
	enum err err;
};

static void answer_json(void *context)
{
	struct answering *x = context;
	struct codec_fault fault;
	struct origin_ask q;
	const struct json *o;

	origin_ask_open(&q, x->arena);
	assert_int_equal(json_read(x->arena, span_of(x->json), &o, &fault), ERR_NONE);
	x->err = origin_answers(&q, o, &x->why);
}

static void test_bad_answers_are_refused(void **state)
{
	static const char *const bad[] = {
	    "[]",
	    "{\"materials\":5}",
	    "{\"materials\":[5]}",
	    "{\"materials\":[{}]}",
	    "{\"materials\":[{\"commodity\":\"8504\",\"value\":1}]}",
	    "{\"materials\":[{\"commodity\":\"850440\"}]}",
	    "{\"materials\":[{\"commodity\":\"850440\",\"value\":-1}]}",
	    "{\"materials\":[{\"commodity\":\"850440\",\"value\":1,\"colour\":1}]}",
	    "{\"materials\":[{\"commodity\":\"850440\",\"value\":1e3}]}",
	    "{\"ex_works\":0}",
	    "{\"ex_works\":\"1000000000001\"}",
	    "{\"ex_works\":\"0.0000001\"}",
	    "{\"ex_works\":{}}",
	    "{\"wholly_obtained\":\"perhaps\"}",
	    "{\"proof_date\":\"2026-02-30\"}",
	    "{\"proof\":\"\"}",
	    "{\"processes\":{\"A\":1}}",
	    "{\"processes\":{\"\":true}}",
	    "{\"nothing\":true}",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct answering x = {.arena = *state, .json = bad[i]};

		assert_int_equal(arena_run(*state, answer_json, &x), ERR_NONE);
		if (!x.err || !x.why.text[0])
			fail_msg("%s is taken", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_change_of_classification),
	    arena_test(test_values_and_weights),
	    arena_test(test_and_or_ask_no_more_than_they_need),
	    arena_test(test_tolerance),
	    arena_test(test_cumulation),
	    arena_test(test_transport_and_proof),
	    arena_test(test_steps_cite_the_row),
	    arena_test(test_cumulation_that_is_claimed),
	    arena_test(test_bad_answers_are_refused),
	};

	return cmocka_run_group_tests_name("origin", tests, open_pack, close_pack);
}
