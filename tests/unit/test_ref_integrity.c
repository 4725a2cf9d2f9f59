/* ref: each integrity rule of a tariff by a pair: a row that keeps it, and one that breaks it and no other. */
#include "ref_pack.h"

#include "ref/integrity.h"

#define S ",test\n"

static const char *const heads[][2] = {
    {"nomenclature.csv",
     "code,declarable,unit,text_en,text_fr,from,to,source\n"
     "01,0,,Animals,,2020-01-01," S "0101,0,,Horses,,2020-01-01,2029-12-31" S
     "01012100,1,,Good,,2020-01-01,2024-12-31" S "01012100,1,,Better,,2025-01-01,2029-12-31" S
     "0102,1,,Cows,,2020-01-01," S},
    {"levies.csv", "code,kind,order,bases,inclusive,rounding,round_to,direction,name_en,name_fr,"
		   "from,to,source\n"
		   "DUT,duty,10,value,0,half-up,1,import,Duty,,2020-01-01," S
		   "TMP,duty,20,value,0,half-up,1,import,For a time,,2020-01-01,2024-12-31" S},
    {"areas.csv", "area,country,name_en,name_fr,from,to,source\n"
		  "EAST,QA,East,,2020-01-01," S "EAST,QB,,,2020-01-01,2024-12-31" S
		  "OLD,QC,Old,,2020-01-01,2022-12-31" S "OLD,QA,,,2023-01-01,2024-12-31" S
		  "PAIR,QA,Pair,,2020-01-01," S},
    {"measure_types.csv",
     "type,series,explosion,name_en,name_fr,from,to,source\n"
     "103,duty,4,Duty,,2020-01-01," S "105,duty,0,Past,,2020-01-01,2022-12-31" S},
    {"regulations.csv",
     "regulation,name_en,name_fr,from,to,source\nR1,Act,,2020-01-01,2024-12-31" S},
    {"conditions.csv",
     "measure,group,sequence,test,operand,relation,limit,action,expression,from,to,source\n"
     "C1,1,1,always,,,,apply,3%,2020-01-01," S},
    {"quotas.csv", "quota,unit,volume,scheme,threshold,critical,parent,coefficient,name_en,name_fr,"
		   "from,to,source\n"
		   "0500,kg,1000,first,90,auto,,,All,,2020-01-01,2020-12-31" S
		   "0500,kg,1200,first,90,auto,,,All,,2021-01-01,2021-12-31" S},
    {"permits.csv", "document,commodity,direction,area,agency,name_en,name_fr,from,to,source\n"},
    {"measures.csv",
     "id,levy,commodity,area,exclude,preference,procedure,expression,document,reference,type,"
     "regulation,from,to,source\n"
     "M0,DUT,01,*,,,,5%,,,,,2020-01-01," S},
};

/* A measure with the columns that matter. */
#define M(id, levy, commodity, area, exclude, expression, type, regulation, dates)                 \
	id "," levy "," commodity "," area "," exclude ",,," expression ",,," type "," regulation  \
	   "," dates S
#define EVER "2020-01-01,"

static const struct {
	enum integrity_rule rule;
	const char *file, *good, *bad;
} pairs[] = {
    {RULE_COMMODITY_DECLARABLE, "nomenclature.csv", "02,1,,Plants,," EVER S,
     "02,0,,Plants,," EVER S},
    {RULE_COMMODITY_VALIDITY, "nomenclature.csv", "010190,1,,Last,,2020-01-01,2029-12-31" S,
     "010190,1,,Last,,2020-01-01,2030-01-01" S},
    {RULE_EXCLUSION_COUNTRY, "measures.csv",
     M("X", "DUT", "0102", "EAST", "QA", "1%", "", "", EVER),
     M("X", "DUT", "0102", "QD", "QA", "1%", "", "", EVER)},
    {RULE_EXCLUSION_MEMBER, "measures.csv",
     M("X", "DUT", "0102", "EAST", "QB", "1%", "", "", "2020-01-01,2024-12-31"),
     M("X", "DUT", "0102", "EAST", "QB", "1%", "", "", "2020-01-01,2025-01-01")},
    {RULE_EXCLUSION_MEMBER, "measures.csv",
     M("X", "DUT", "0102", "EAST", "PAIR", "1%", "", "", EVER),
     M("X", "DUT", "0102", "PAIR", "EAST", "1%", "", "", "2020-01-01,2021-01-01")},
    {RULE_EXPRESSION_BOUNDS, "measures.csv",
     M("X", "DUT", "0102", "*", "", "5% min 1 QMD / kg max 1 QMD / kg", "", "", EVER),
     M("X", "DUT", "0102", "*", "", "5% min 2 QMD / kg max 1 QMD / kg", "", "", EVER)},
    {RULE_EXPRESSION_TWICE, "measures.csv",
     M("X", "DUT", "0102", "*", "", "5% + 1 QMD / kg + 1 QMD", "", "", EVER),
     M("X", "DUT", "0102", "*", "", "5% + 1 QMD / kg + 2%", "", "", EVER)},
    {RULE_MEASURE_AREA, "measures.csv",
     M("X", "DUT", "0102", "OLD", "", "1%", "", "", "2020-01-01,2024-12-31"),
     M("X", "DUT", "0102", "OLD", "", "1%", "", "", "2020-01-01,2025-01-01")},
    {RULE_MEASURE_COMMODITY, "measures.csv",
     M("X", "DUT", "01012100", "*", "", "1%", "", "", "2020-01-01,2029-12-31"),
     M("X", "DUT", "01012100", "*", "", "1%", "", "", "2020-01-01,2030-01-01")},
    {RULE_MEASURE_CONDITIONS, "measures.csv", M("C1", "DUT", "0102", "*", "", "", "", "", EVER),
     M("C1", "DUT", "0102", "*", "", "2%", "", "", EVER)},
    {RULE_MEASURE_EXPLOSION, "measures.csv", M("X", "DUT", "0102", "*", "", "1%", "103", "", EVER),
     M("X", "DUT", "01012100", "*", "", "1%", "103", "", "2020-01-01,2029-12-31")},
    {RULE_MEASURE_LEVY, "measures.csv",
     M("X", "TMP", "0102", "*", "", "1%", "", "", "2020-01-01,2024-12-31"),
     M("X", "TMP", "0102", "*", "", "1%", "", "", EVER)},
    {RULE_MEASURE_REGULATION, "measures.csv",
     M("X", "DUT", "0102", "*", "", "1%", "", "R1", "2020-01-01,2024-12-31"),
     M("X", "DUT", "0102", "*", "", "1%", "", "R1", "2020-01-01,2025-01-01")},
    {RULE_MEASURE_REPEATS, "measures.csv", M("X", "DUT", "0102", "*", "", "6%", "", "", EVER),
     M("X", "DUT", "0102", "*", "", "5%", "", "", EVER)},
    {RULE_MEASURE_TYPE, "measures.csv",
     M("X", "DUT", "0102", "*", "", "1%", "105", "", "2020-01-01,2022-12-31"),
     M("X", "DUT", "0102", "*", "", "1%", "105", "", EVER)},
    {RULE_PERMIT_COMMODITY, "permits.csv", "N1,0101,import,*,VET,Paper,,2020-01-01,2029-12-31" S,
     "N1,0101,import,*,VET,Paper,,2020-01-01," S},
    {RULE_QUOTA_PARENT, "quotas.csv",
     "0501,kg,900,first,90,auto,0500,,Part,,2021-03-01,2021-12-31" S,
     "0501,kg,900,first,90,auto,0500,,Part,,2020-03-01,2021-06-30" S},
    {RULE_QUOTA_VOLUME, "quotas.csv",
     "0501,l,2000,first,90,auto,0500,0.5,Part,,2020-01-01,2020-12-31" S,
     "0501,l,2000.000001,first,90,auto,0500,0.5,Part,,2020-01-01,2020-12-31" S},
    {RULE_RATE_ABSURD, "measures.csv",
     M("X", "DUT", "0102", "*", "", "3000% + 1000000000 QMD / kg", "", "", EVER),
     M("X", "DUT", "0102", "*", "", "3000.01%", "", "", EVER)},
    {RULE_RATE_ABSURD, "measures.csv",
     M("X", "DUT", "0102", "*", "", "2% max 9 QMD / kg", "", "", EVER),
     M("X", "DUT", "0102", "*", "", "2% max 1000000000.1 QMD / kg", "", "", EVER)},
};

struct run {
	struct test_pack pack;
	struct integrity result;
};

static void check_pack(void *context)
{
	struct run *r = context;

	ref_integrity(r->pack.arena, r->pack.set, &r->result);
}

static struct integrity look(struct arena *a, const char *file, const char *row)
{
	struct run r = {.pack = test_pack_folder(a, "tests/duty/pack")};

	for (uint32_t i = 0; i < ARRAY_LEN(heads); i++) {
		char text[4096];
		bool here = !strcmp(heads[i][0], file);

		snprintf(text, sizeof(text), "%s%s", heads[i][1], here ? row : "");
		/* without its measure the condition of the pair would name nothing */
		if (strcmp(heads[i][0], "conditions.csv") || strstr(row, "C1,"))
			test_pack_set(&r.pack, heads[i][0], text);
	}
	test_pack_set(
	    &r.pack, "procedures.csv",
	    "requested,previous,direction,effect,relieved,documents,name_en,name_fr,from,to,"
	    "source\n40,*,import,due,,,Home,,2020-01-01," S);
	if (!strcmp(file, "permits.csv"))
		test_pack_set(&r.pack, "codes.csv",
			      "list,code,name_en,name_fr,from,to,source\n"
			      "document_type,N1,Paper,,2020-01-01," S);
	test_pack_good(&r.pack);
	assert_int_equal(arena_run(a, check_pack, &r), ERR_NONE);
	return r.result;
}

static void test_sound(void **state)
{
	struct integrity i = look(*state, "measures.csv", "");

	for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++)
		assert_int_equal(i.broken[r], 0);
	assert_false(integrity_refuses(&i));
}

static void test_pairs(void **state)
{
	for (uint32_t p = 0; p < ARRAY_LEN(pairs); p++) {
		struct integrity good = look(*state, pairs[p].file, pairs[p].good);
		struct integrity bad = look(*state, pairs[p].file, pairs[p].bad);

		for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++)
			if (good.broken[r] || !bad.broken[r] != (r != pairs[p].rule))
				fail_msg("pair %u (%s): %s is broken %u and %u times", p,
					 integrity_texts[pairs[p].rule].name,
					 integrity_texts[r].name, good.broken[r], bad.broken[r]);
		assert_int_equal(integrity_refuses(&bad),
				 integrity_texts[pairs[p].rule].severity == INTEGRITY_ERROR);
		assert_string_equal(bad.faults.list.v[0].rule, integrity_texts[pairs[p].rule].name);
		assert_true(bad.faults.list.v[0].line > 1);
		arena_reset(*state);
	}
}

/* ME7 needs two tables: goods that stand there and cannot be declared. */
static void test_measure_on_goods_that_nobody_declares(void **state)
{
	struct integrity i = look(*state, "nomenclature.csv", "02,0,,Plants,,2020-01-01," S);
	struct run r = {.pack = test_pack_folder(*state, "tests/duty/pack")};

	assert_int_equal(i.broken[RULE_MEASURE_DECLARABLE], 0);
	test_pack_set(&r.pack, "nomenclature.csv",
		      "code,declarable,unit,text_en,text_fr,from,to,source\n"
		      "02,0,,Plants,,2020-01-01," S);
	test_pack_set(&r.pack, "levies.csv", heads[1][1]);
	test_pack_set(&r.pack, "measures.csv",
		      "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
		      "reference,from,to,source\nX,DUT,02,*,,,,5%,,,2020-01-01," S);
	test_pack_set(
	    &r.pack, "procedures.csv",
	    "requested,previous,direction,effect,relieved,documents,name_en,name_fr,from,to,"
	    "source\n40,*,import,due,,,Home,,2020-01-01," S);
	test_pack_good(&r.pack);
	assert_int_equal(arena_run(*state, check_pack, &r), ERR_NONE);
	assert_int_equal(r.result.broken[RULE_MEASURE_DECLARABLE], 1);
}

/* Every rule has its pair, but the one above. */
static void test_every_rule_has_a_pair(void **state)
{
	(void)state;
	for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++) {
		bool found = r == RULE_MEASURE_DECLARABLE;

		for (uint32_t p = 0; p < ARRAY_LEN(pairs); p++)
			found = found || pairs[p].rule == r;
		if (!found)
			fail_msg("no pair for %s", integrity_texts[r].name);
	}
}

/* What a broken tariff makes people read is bounded, and no rule hides another. */
static void test_many_faults(void **state)
{
	struct text rows = text_in(*state);
	struct integrity i;

	for (uint32_t n = 0; n < 40; n++)
		text_print(&rows, "03%02u,0,,Nothing,,2020-01-01," S, n);
	text_string(&rows, "03,0,,Nothing,,2020-01-01," S);
	text_char(&rows, 0);
	i = look(*state, "nomenclature.csv", rows.p);
	assert_int_equal(i.broken[RULE_COMMODITY_DECLARABLE], 41);
	assert_int_equal(i.faults.list.n, INTEGRITY_SHOWN);
	assert_true(INTEGRITY_SHOWN * INTEGRITY_RULES <= LIMIT_PACK_FAULTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_sound),
	    arena_test(test_pairs),
	    arena_test(test_measure_on_goods_that_nobody_declares),
	    arena_test(test_every_rule_has_a_pair),
	    arena_test(test_many_faults),
	};

	return cmocka_run_group_tests_name("ref/integrity", tests, NULL, NULL);
}
