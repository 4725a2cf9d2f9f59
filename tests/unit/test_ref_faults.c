/* ref: every fault of a pack is found at its place. tests/golden/packs/faults has each once, faults.txt says where; what cannot
 * stand in one pack with the others is tried here on its own, in the pack tiny. */
#include "ref_pack.h"

/* To see a whole difference, not only that there is one. */
static void must_print(struct test_pack *p, const char *want)
{
	if (!span_is(test_pack_faults(p), want))
		fail_msg("found:\n%swanted:\n%s", test_pack_faults(p).p, want);
}

static void must_refuse(struct test_pack *p, const char *want)
{
	assert_int_equal(test_pack_load(p), ERR_FORMAT);
	assert_null(p->set);
	must_print(p, want);
}

static void test_each_fault_at_its_place(void **state)
{
	struct test_pack p = test_pack(*state, "faults");

	must_refuse(&p, tree_file(*state, "tests/golden/packs", "faults.txt").p);
	assert_false(p.faults.cut);
}

/* The rule of a line of faults.txt: between the place and the text. */
static struct span rule_of(struct span line)
{
	for (int i = 0; i < 3; i++)
		span_cut(&line, ':');
	line = span_trim(line);
	return span_cut(&line, ':');
}

static bool stands_in(struct span text, struct span word)
{
	return memmem(text.p, text.n, word.p, word.n) != NULL;
}

static void test_each_fault_once_and_documented(void **state)
{
	struct span lines = tree_file(*state, "tests/golden/packs", "faults.txt"), line, rule;
	struct span page = tree_file(*state, "docs", "packs.md");
	char cell[64], seen[4096] = " ";

	while ((line = span_cut(&lines, '\n')).n) {
		rule = rule_of(line);
		snprintf(cell, sizeof(cell), "| `%.*s` |", SPAN_ARG(rule));
		if (!stands_in(page, span_of(cell)))
			fail_msg("docs/packs.md does not have %.*s", SPAN_ARG(rule));
		snprintf(cell, sizeof(cell), " %.*s ", SPAN_ARG(rule));
		if (strstr(seen, cell))
			fail_msg("%.*s stands in faults.txt twice", SPAN_ARG(rule));
		snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%.*s ", SPAN_ARG(rule));
	}
}

/* And the other way: each rule of the page is found in a pack by a test. */
static void test_each_documented_fault_is_tested(void **state)
{
	struct span page = tree_file(*state, "docs", "packs.md"), line, rule;
	struct span golden = tree_file(*state, "tests/golden/packs", "faults.txt");
	struct span here = tree_file(*state, "tests/unit", "test_ref_faults.c");
	const char *table = strstr(page.p, "## Faults");
	char word[64];
	int rules = 0;

	assert_non_null(table);
	page = span_of(table);
	while (page.p) {
		line = span_cut(&page, '\n');
		if (!span_starts(line, SPAN("| `")))
			continue;
		span_cut(&line, '`');
		rule = span_cut(&line, '`');
		snprintf(word, sizeof(word), " %.*s: ", SPAN_ARG(rule));
		if (!stands_in(golden, span_of(word)) && !stands_in(here, span_of(word)))
			fail_msg("no test finds %.*s", SPAN_ARG(rule));
		rules++;
	}
	assert_in_range(rules, 40, 100);
}

static void test_bytes_that_are_no_archive(void **state)
{
	struct test_pack p = {.arena = *state, .faults = {.arena = *state}};

	p.archive[PACK_TABLES] = SPAN("PK\3\4");
	must_refuse(&p, ":0:0: archive.format: the archive of part \"pack\" cannot be read\n");
}

static void test_a_file_in_the_wrong_archive(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_load(&p);
	p.archive[PACK_LISTS] = SPAN("customhouse-pack 1\nchecks.csv 0\n");
	p.set = NULL;
	must_refuse(&p, "checks.csv:0:0: file.unknown: a pack has no such table\n");
}

static void test_too_many_levies(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	char *levies = arena_try(*state, 65536);

	assert_non_null(levies);
	snprintf(levies, 65536,
		 "code,kind,order,bases,inclusive,rounding,round_to,direction,name_en,name_fr,from,"
		 "to,source\n"
		 "DUTY,duty,1,,0,up,1,both,x,x,2000-01-01,,t\nEXC,duty,1,,0,up,1,both,x,x,2000-01-"
		 "01,,t\n"
		 "VAT,duty,1,,0,up,1,both,x,x,2000-01-01,,t\nFEE,duty,1,,0,up,1,both,x,x,2000-01-"
		 "01,,t\n");
	for (int i = 4; i <= LIMIT_LEVIES; i++)
		snprintf(levies + strlen(levies), 65536 - strlen(levies),
			 "L%d,fee,1,,0,up,1,both,x,x,2000-01-01,,t\n", i);
	test_pack_set(&p, "levies.csv", levies);
	must_refuse(&p,
		    "levies.csv:34:0: levy.too-many: a country has at most 32 rows of levies\n");
}

/* Rows that were known later may leave days out, and not say two things of one day; those of before may not leave any out. */
static void test_rates_that_were_corrected(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "rates.csv",
		      "currency,known_from,rate,per,from,to,source\n"
		      "AAA,,1.25,1,2026-01-01,2026-01-31,t\n"
		      "AAA,,1.5,1,2026-02-02,,t\n"
		      "AAA,2026-03-01,1.6,1,2026-01-01,2026-01-10,t\n"
		      "AAA,2026-03-01,1.7,1,2026-01-10,2026-01-11,t\n"
		      "AAA,2026-03-02,1.8,1,2026-01-10,2026-01-11,t\n"
		      "AAA,2026-03-02,1.8,1,2026-01-20,2026-01-21,t\n");
	must_refuse(&p, "rates.csv:3:12: dates.gap: nothing holds from 2026-02-01 to 2026-02-01\n"
			"rates.csv:5:22: dates.overlap: line 4 already says this for some of these "
			"days\n");
}

#define TRAVEL_COLUMNS                                                                             \
	"goods,class,unit,adult,child,most,expression,name_en,name_fr,note_en,note_fr,from,to,"    \
	"source\n"

/* What travellers pay is one amount for so much of the row's unit, in the money of the country, or one per cent. */
static void test_what_travellers_pay(void **state)
{
	static const char *const rows[] = {
	    "beer,amount,l,1,0,10,2 XTD / kg,x,x,y,y,2000-01-01,,t\n",
	    "beer,amount,l,1,0,10,2 XTD / l + 1 %,x,x,y,y,2000-01-01,,t\n",
	    "gifts,value,XTD,100,0,900,2 XTD / l,x,x,y,y,2000-01-01,,t\n",
	};
	struct test_pack p;
	char table[400];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		p = test_pack(*state, "tiny");
		snprintf(table, sizeof(table), TRAVEL_COLUMNS "%s", rows[i]);
		test_pack_set(&p, "travel.csv", table);
		snprintf(table, sizeof(table),
			 "travel.csv:2:%td: travel.expression: one amount in the national currency "
			 "for a number of the row's unit, or of a value one per cent\n",
			 strstr(rows[i], "2 XTD") - rows[i] + 1);
		must_refuse(&p, table);
	}
	p = test_pack(*state, "tiny");
	test_pack_set(&p, "travel.csv",
		      TRAVEL_COLUMNS "arms,controlled,piece,0,0,,1 %,x,x,y,y,2000-01-01,,t\n");
	must_refuse(&p, "travel.csv:2:28: travel.expression: nothing is due on money and on what "
			"needs a permit\n");
}

static void test_too_many_goods_of_travellers(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	char *table = arena_try(*state, 16384);

	assert_non_null(table);
	snprintf(table, 16384, TRAVEL_COLUMNS);
	for (int i = 0; i < 101; i++)
		snprintf(table + strlen(table), 16384 - strlen(table),
			 "goods%d,amount,l,1,0,10,2 XTD / l,x,x,y,y,2000-01-01,,t\n", i);
	test_pack_set(&p, "travel.csv", table);
	must_refuse(&p, "travel.csv:102:1: travel.many: at most 100 rows\n");
}

#define STEP_COLUMNS                                                                               \
	"direction,number,by,hours,cost,name_en,name_fr,text_en,text_fr,from,to,source\n"

static void test_steps(void **state)
{
	static const struct {
		const char *rows, *fault;
	} cases[] = {
	    {"import,1,trader,1.5,,x,x,y,y,2000-01-01,,t\n",
	     "steps.csv:2:17: field.number: \"1.5\" is no whole number from 1 to 8760\n"},
	    {"import,1,customs,0,,x,x,y,y,2000-01-01,,t\n",
	     "steps.csv:2:18: field.number: \"0\" is no whole number from 1 to 8760\n"},
	    {"export,2,agency,,-3,x,x,y,y,2000-01-01,,t\n",
	     "steps.csv:2:18: field.number: \"-3\" is no amount up to 1000000000 with up to four "
	     "decimals\n"},
	    {"transit,3,customs,2,1,x,x,y,y,2000-01-01,,t\n"
	     "transit,3,trader,,,x,x,y,y,2001-01-01,,t\n",
	     "steps.csv:3:28: dates.overlap: line 2 already says this for some of these days\n"},
	};
	char table[600];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct test_pack p = test_pack(*state, "tiny");

		snprintf(table, sizeof(table), STEP_COLUMNS "%s", cases[i].rows);
		test_pack_set(&p, "steps.csv", table);
		must_refuse(&p, cases[i].fault);
	}
}

static void test_too_many_steps(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	char *table = arena_try(*state, 32768);
	size_t n;

	assert_non_null(table);
	n = (size_t)snprintf(table, 32768, STEP_COLUMNS);
	for (int i = 0; i < 301; i++)
		n += (size_t)snprintf(table + n, 32768 - n,
				      "import,%d,trader,,,x,x,y,y,%d-01-01,%d-12-31,t\n",
				      i % 99 + 1, 2000 + i / 99, 2000 + i / 99);
	test_pack_set(&p, "steps.csv", table);
	must_refuse(&p, "steps.csv:302:1: step.many: at most 300 rows\n");
}

static struct span *file_named(struct test_pack *p, const char *name)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (span_is(p->files[i].name, name))
			return &p->files[i].bytes;
	fail_msg("no %s", name);
	return NULL;
}

/* A field, and a file, may only be so long. */
static void test_too_much_text(void **state)
{
	static const char head[] = "list,value,from,to,source\nlong,",
			  tail[] = ",2000-01-01,,test\n";
	struct arena *large = arena_new((size_t)LIMIT_PACK_FILE_BYTES * 5);
	uint32_t n = sizeof(head) - 1, long_field = LIMIT_CSV_FIELD_BYTES + 1;
	struct test_pack p = test_pack(large, "tiny");
	char *file = arena_try(large, LIMIT_PACK_FILE_BYTES + 1);

	(void)state;
	assert_non_null(file);
	memcpy(file, head, n);
	memset(file + n, 'x', long_field);
	memcpy(file + n + long_field, tail, sizeof(tail) - 1);
	*file_named(&p, "lists.csv") =
	    (struct span){file, n + long_field + (uint32_t)sizeof(tail) - 1, 0};
	must_refuse(&p, "lists.csv:2:6: csv.limit: the field is too long\n");
	p = test_pack(large, "tiny");
	memset(file, '\n', LIMIT_PACK_FILE_BYTES + 1);
	*file_named(&p, "lists.csv") = (struct span){file, LIMIT_PACK_FILE_BYTES + 1, 0};
	must_refuse(&p,
		    "lists.csv:0:0: file.too-long: a file of a pack has at most 67108864 bytes\n");
	arena_free(large);
}

/* One fault makes no others: what stands in a table that cannot be read is not called unknown where it is named. */
static void test_a_missing_table_is_one_fault(void **state)
{
	static const char *const required[] = {
	    "codes.csv",    "countries.csv",    "currencies.csv", "lanes.csv", "levies.csv",
	    "measures.csv", "nomenclature.csv", "offices.csv",    "pack.csv",  "procedures.csv"};
	char want[64];

	for (size_t i = 0; i < ARRAY_LEN(required); i++) {
		struct test_pack p = test_pack(*state, "tiny");

		test_pack_set(&p, required[i], NULL);
		snprintf(want, sizeof(want), "%s:0:0: file.missing: this table is missing\n",
			 required[i]);
		must_refuse(&p, want);
	}
}

static void test_faults_inside_lists_of_words(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "procedures.csv",
		      "requested,previous,direction,effect,relieved,documents,name_en,name_fr,from,"
		      "to,source\n"
		      "40,00,import,due,VAT  TOLL DUTY,,Home use,Usage,2000-01-01,,test\n");
	must_refuse(&p, "procedures.csv:2:23: levy.unknown: there is no levy \"TOLL\"\n");
}

static void test_units_and_currencies_of_expressions(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "measures.csv",
		      "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
		      "reference,from,to,source\n"
		      "D1,DUTY,22,*,,,,10% + 1 ZZZ / l max 2 XTD / barrel,,,2000-01-01,,test\n");
	must_refuse(&p, "measures.csv:2:25: currency.unknown: there is no currency \"ZZZ\"\n"
			"measures.csv:2:45: unit.unknown: there is no unit \"barrel\"\n");
}

/* A row that covers years makes every later one within it an overlap, not only the next. */
static void test_overlaps_with_any_earlier_row(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "offices.csv",
		      "code,name_en,name_fr,kind,from,to,source\n"
		      "A,x,x,post,2005-01-01,2005-12-31,t\n"
		      "B,x,x,post,2000-01-01,,t\n"
		      "A,x,x,post,2000-01-01,2020-12-31,t\n"
		      "A,x,x,post,2021-01-01,,t\n"
		      "A,x,x,post,2010-01-01,2010-12-31,t\n"
		      "B,x,x,post,2000-01-01,,t\n");
	must_refuse(
	    &p,
	    "offices.csv:4:12: dates.overlap: line 2 already says this for some of these days\n"
	    "offices.csv:6:12: dates.overlap: line 4 already says this for some of these days\n"
	    "offices.csv:7:12: row.duplicate: line 3 already says this for some of these days\n");
}

static void test_faults_are_bounded(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	char *offices = arena_try(*state, 65536);
	int n;

	assert_non_null(offices);
	n = snprintf(offices, 65536, "code,name_en,name_fr,kind,from,to,source\n");
	for (int i = 0; i < LIMIT_PACK_FAULTS + 10; i++)
		n += snprintf(offices + n, (size_t)(65536 - n), "O%d,x,x,tent,2000-01-01,,t\n", i);
	test_pack_set(&p, "offices.csv", offices);
	assert_int_equal(test_pack_load(&p), ERR_FORMAT);
	assert_int_equal(p.faults.list.n, LIMIT_PACK_FAULTS);
	assert_true(p.faults.cut);
	assert_string_equal(p.faults.list.v[0].rule, "field.choice");
}

/* Faults that others have found stay before ours; a list that is full already still refuses the pack. */
static void test_a_full_list_hides_no_fault(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "lanes.csv", NULL);
	p.faults.list.v = arena_try(*state, sizeof(struct pack_fault) * LIMIT_PACK_FAULTS);
	assert_non_null(p.faults.list.v);
	p.faults.list.n = p.faults.list.room = LIMIT_PACK_FAULTS;
	assert_int_equal(test_pack_load(&p), ERR_FORMAT);
	assert_true(p.faults.cut);
	assert_null(p.set);
}

/* What a fault quotes of the file is cut short between characters. */
static void test_quotes_are_short_and_whole(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	char checks[512] = "rule,severity,from,to,source\nx";
	const char *text;

	for (int i = 0; i < 100; i++)
		memcpy(checks + strlen(checks), "\xc3\xa9", 3);
	snprintf(checks + strlen(checks), sizeof(checks) - strlen(checks),
		 ",off,2000-01-01,,test\n");
	test_pack_set(&p, "checks.csv", checks);
	assert_int_equal(test_pack_load(&p), ERR_FORMAT);
	assert_int_equal(p.faults.list.n, 1);
	text = p.faults.list.v[0].text;
	assert_true(span_valid_utf8(span_of(text)));
	assert_in_range(strlen(text), 70, 90);
}

/* Every prefix of every file of a good pack: refused or taken, never more. */
static void test_truncated_anywhere(void **state)
{
	struct test_pack whole = test_pack(*state, "tiny");
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);

	for (uint32_t i = 0; i < whole.n; i++)
		for (uint32_t n = 0; n < whole.files[i].bytes.n; n++) {
			struct test_pack p = whole;

			arena_reset(a);
			p.arena = p.faults.arena = a;
			p.files[i].bytes.n = n;
			if (test_pack_load(&p))
				assert_true(p.faults.list.n > 0);
			else
				assert_non_null(p.set);
		}
	arena_free(a);
}

/* The tables of tariff.md, of which a pack may lack any. */
static void test_tables_of_the_tariff(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "components.csv",
		      "component,additional,expression,from,to,source\n"
		      "EA,,free min 1%,2000-01-01,,test\n"
		      "EB,,5% max 6%,2000-01-01,,test\n");
	test_pack_set(&p, "footnotes.csv",
		      "footnote,text_en,text_fr,from,to,source\nF1,a,b,2000-01-01,,test\n");
	test_pack_set(&p, "regulations.csv",
		      "regulation,name_en,name_fr,from,to,source\nR1,a,b,2000-01-01,,test\n");
	test_pack_set(&p, "conditions.csv",
		      "measure,group,sequence,test,operand,relation,limit,action,expression,from,"
		      "to,source\n"
		      "D1,A,1,value,,at-most,20 kg,exempt,,2000-01-01,,test\n"
		      "D1,A,2,always,,,,exempt,5%,2000-01-01,,test\n"
		      "D9,A,1,always,,,,exempt,,2000-01-01,,test\n");
	test_pack_set(&p, "measures.csv",
		      "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
		      "reference,regulation,footnotes,type,known_from,from,to,source\n"
		      "D1,DUTY,22,*,,,,1%,,,R2,F1 F2,T,2026-02-30,2000-01-01,,test\n"
		      "D2,DUTY,2203,*,,,,1% + component EC,,,,,,,2000-01-01,,test\n");
	must_refuse(
	    &p,
	    "components.csv:2:10: expression.syntax: nothing more is expected here\n"
	    "components.csv:3:5: expression.component: a component is a sum of per cents and "
	    "amounts, without bounds\n"
	    "conditions.csv:2:23: condition.limit: limit \"20 kg\" must be an amount (150.00 EUR), "
	    "a "
	    "price (92.60 EUR / 100 kg) or a quantity (20 kg), as the test asks\n"
	    "conditions.csv:3:25: condition.expression: only a condition whose action is apply has "
	    "an expression\n"
	    "conditions.csv:4:1: measure.unknown: no measure has this id\n"
	    "measures.csv:2:22: regulation.unknown: there is no regulation \"R2\"\n"
	    "measures.csv:2:28: footnote.unknown: there is no footnote \"F2\"\n"
	    "measures.csv:2:31: type.unknown: there is no type of measure \"T\"\n"
	    "measures.csv:2:33: dates.format: known_from \"2026-02-30\" must be a day of the "
	    "calendar, such as 2026-11-22\n"
	    "measures.csv:3:34: component.unknown: there is no component \"EC\"\n");
}

static void test_quotas(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "quotas.csv",
		      "quota,unit,volume,scheme,threshold,critical,parent,coefficient,name_en,"
		      "name_fr,from,to,source\n"
		      "1,kg,9,first,90,auto,2,,a,b,2000-01-01,2000-12-31,test\n"
		      "2,kg,10,day,90,auto,3,0,a,b,2000-01-01,2000-12-31,test\n"
		      "3,kg,0.0000001,day,101,auto,,,a,b,2000-01-01,,test\n"
		      "3,value,0,day,90,soon,9,,a,b,2000-12-31,2001-12-31,test\n");
	test_pack_set(&p, "quota_stops.csv",
		      "quota,kind,reason_en,reason_fr,from,to,source\n"
		      "4,closing,a,b,2000-01-01,2000-01-31,test\n");
	must_refuse(
	    &p,
	    "quota_stops.csv:2:1: quota.unknown: there is no quota \"4\"\n"
	    "quota_stops.csv:2:3: field.choice: kind \"closing\" must be one of: blocking "
	    "suspension\n"
	    "quotas.csv:2:0: quota.parent: quota \"2\" is a sub-quota itself\n"
	    "quotas.csv:3:0: quota.parent: quota \"3\" is a sub-quota itself\n"
	    "quotas.csv:3:23: field.number: coefficient \"0\" must be a number above zero\n"
	    "quotas.csv:4:6: field.range: \"0.0000001\" is too large, or finer than a millionth\n"
	    "quotas.csv:4:20: field.range: threshold 101 must lie in 0 to 100\n"
	    "quotas.csv:4:35: quota.period: the period of a quota has a last day\n"
	    "quotas.csv:5:0: quota.unknown: there is no quota \"9\"\n"
	    "quotas.csv:5:9: field.range: volume 0 must be above zero\n"
	    "quotas.csv:5:18: field.choice: critical \"soon\" must be one of: auto always never\n"
	    "quotas.csv:5:30: dates.overlap: line 4 already says this for some of these days\n");
}

static void test_per_cents_of_cif_in_a_country_that_values_fob(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");

	test_pack_set(&p, "pack.csv",
		      "key,value\nname,T\ncountry,XT\ncurrency,XTD\nzone_minutes,0\nvaluation,FOB\n"
		      "shard,07\nlanguages,en\nrandom_ppm,1\nrounding,up\n");
	test_pack_set(&p, "measures.csv",
		      "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
		      "reference,from,to,source\nD1,DUTY,22,*,,,,5% - 1% cif,,,2000-01-01,,test\n");
	must_refuse(&p, "measures.csv:2:17: expression.cif: the country values goods FOB: nothing "
			"knows their CIF value\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_each_fault_at_its_place),
	    arena_test(test_each_fault_once_and_documented),
	    arena_test(test_each_documented_fault_is_tested),
	    arena_test(test_bytes_that_are_no_archive),
	    arena_test(test_a_file_in_the_wrong_archive),
	    arena_test(test_too_many_levies),
	    arena_test(test_rates_that_were_corrected),
	    arena_test(test_what_travellers_pay),
	    arena_test(test_too_many_goods_of_travellers),
	    arena_test(test_steps),
	    arena_test(test_too_many_steps),
	    cmocka_unit_test(test_too_much_text),
	    arena_test(test_a_missing_table_is_one_fault),
	    arena_test(test_faults_inside_lists_of_words),
	    arena_test(test_units_and_currencies_of_expressions),
	    arena_test(test_tables_of_the_tariff),
	    arena_test(test_quotas),
	    arena_test(test_per_cents_of_cif_in_a_country_that_values_fob),
	    arena_test(test_overlaps_with_any_earlier_row),
	    arena_test(test_faults_are_bounded),
	    arena_test(test_a_full_list_hides_no_fault),
	    arena_test(test_quotes_are_short_and_whole),
	    arena_test(test_truncated_anywhere),
	};

	return cmocka_run_group_tests_name("ref_faults", tests, NULL, NULL);
}
