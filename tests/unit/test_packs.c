/* The packs of the tree are whole: they load without a fault, their rules compile, and on days of several years every line of the
 * tariff has exactly one import duty and one VAT outcome without a claim, exchange rates leave no day out, and units fit their
 * lines. */
#include "ref_pack.h"

#include "risk/risk.h"

static const char *const days[] = {"2025-01-01", "2025-06-01", "2025-12-31", "2026-01-01",
				   "2026-11-22", "2027-06-01", "2031-01-01"};

struct loaded {
	struct test_pack pack;
	const struct refset *set;
};

static struct loaded load(void **state, const char *folder)
{
	struct loaded l = {.pack = test_pack_folder(*state, folder)};

	l.set = test_pack_good(&l.pack);
	return l;
}

/* ---- the tariff ---- */

/* The next line of a table that is neither empty nor a remark. */
static struct span next_row(struct span *rest)
{
	struct span row;

	do
		row = span_cut(rest, '\n');
	while (rest->p && (row.n == 0 || row.p[0] == '#'));
	return row;
}

/* It stands beside the rate, and says whether the goods may enter at all. */
static bool is_restriction(const struct refset *r, const struct ref_measure *m, int32_t day)
{
	const struct ref_measure_type *type = m->type.n ? ref_measure_type(r, m->type, day) : NULL;

	return type && type->series == SERIES_RESTRICTION;
}

/* Does some group of its conditions take the measure away from whoever claims nothing? A relief does, as a rule. */
static bool asks_for_something(const struct ref_measure *m)
{
	for (const struct ref_condition *c = m->conditions; c; c = c->next)
		if (c->action == CONDITION_EXEMPT && c->test == TEST_ALWAYS)
			return true;
	return false;
}

/* Measures that fall on goods of any origin without a claim, hung on exactly this code. */
static uint32_t plain_measures(const struct refset *r, struct span code, const char *levy,
			       int32_t day)
{
	uint32_t n = 0;

	for (const struct ref_measure *m = ref_measures(r, code); m; m = m->next)
		n += span_is(m->levy->code, levy) && span_is(m->area, "*") && !m->preference.n &&
		     !m->procedure.n && !m->document.n && !m->additional.n && !m->quota.n &&
		     !asks_for_something(m) && !is_restriction(r, m, day) &&
		     ref_measure_holds(m, day, INT32_MAX);
	return n;
}

/* How many hold at the longest prefix that has any. */
static uint32_t outcomes(const struct refset *r, struct span code, const char *levy, int32_t day)
{
	uint32_t n = plain_measures(r, code, levy, day);

	while (n == 0 && code.n) {
		code.n -= code.n > 2 ? 2 : code.n;
		n = plain_measures(r, code, levy, day);
	}
	return n;
}

static uint32_t check_lines(const struct loaded *l, int32_t day)
{
	static const char *const levies[] = {"CUD", "VAT"};
	struct span rest = {NULL, 0, 0};
	uint32_t declarable = 0;

	for (uint32_t i = 0; i < l->pack.n; i++)
		if (span_is(l->pack.files[i].name, "nomenclature.csv"))
			rest = l->pack.files[i].bytes;
	while (rest.p) {
		struct span row = next_row(&rest), code = span_cut(&row, ',');
		const struct ref_commodity *c = ref_commodity(l->set, code, day);

		if (!c || !c->declarable)
			continue;
		declarable++;
		for (uint32_t i = 0; i < ARRAY_LEN(levies); i++)
			if (outcomes(l->set, code, levies[i], day) != 1)
				fail_msg("%.*s has %u outcomes of %s", SPAN_ARG(code),
					 outcomes(l->set, code, levies[i], day), levies[i]);
	}
	return declarable;
}

static void test_every_line_is_charged_once(void **state)
{
	struct loaded landfall = load(state, "packs/landfall"),
		      farhaven = load(state, "packs/farhaven");

	for (uint32_t i = 0; i < ARRAY_LEN(days); i++) {
		assert_true(check_lines(&landfall, test_day(days[i])) >= 1200);
		assert_true(check_lines(&farhaven, test_day(days[i])) >= 200);
	}
}

/* ---- legal dates ---- */

/* One country takes all four from lodging, its neighbour from acceptance. */
static void test_dates_are_the_countrys(void **state)
{
	struct loaded landfall = load(state, "packs/landfall"),
		      farhaven = load(state, "packs/farhaven");

	assert_false(ref_dates_wait(landfall.set));
	assert_true(ref_dates_wait(farhaven.set));
	for (enum legal_date d = 0; d < LEGAL_DATES; d++) {
		assert_int_equal(ref_date(landfall.set, d), MOMENT_LODGEMENT);
		assert_int_equal(ref_date(farhaven.set, d), MOMENT_ACCEPTANCE);
	}
}

/* ---- specific rates ---- */

static void check_unit(const struct ref_measure *m, const struct ref_commodity *c,
		       const struct duty_term *t)
{
	if (t->kind != DUTY_PER_UNIT || span_is(t->unit, "kg") || span_is(t->unit, "gross_kg"))
		return;
	if (!span_equal(t->unit, c->unit))
		fail_msg("measure %.*s counts %.*s in %.*s", SPAN_ARG(m->id), SPAN_ARG(c->code),
			 SPAN_ARG(t->unit));
}

static void check_units_of(const struct refset *r, const struct ref_commodity *c)
{
	for (uint32_t n = c->code.n; n; n -= 2) {
		struct span code = {c->code.p, n, 0};

		for (const struct ref_measure *m = ref_measures(r, code); m; m = m->next) {
			if (!m->expression) /* its conditions have one each */
				continue;
			for (uint32_t i = 0; i < m->expression->terms; i++)
				check_unit(m, c, &m->expression->sum[i]);
			if (m->expression->mins)
				check_unit(m, c, &m->expression->min[0]);
			if (m->expression->maxes)
				check_unit(m, c, &m->expression->max[0]);
		}
	}
}

/* A rate by the litre on goods that are declared without litres could never be computed. */
static void test_units_fit_their_lines(void **state)
{
	static const char *const folders[] = {"packs/landfall", "packs/farhaven"};

	for (uint32_t k = 0; k < ARRAY_LEN(folders); k++) {
		struct loaded l = load(state, folders[k]);

		for (uint32_t i = 0; i < l.pack.n; i++) {
			struct span rest = l.pack.files[i].bytes;

			if (!span_is(l.pack.files[i].name, "nomenclature.csv"))
				continue;
			while (rest.p) {
				struct span row = next_row(&rest), code = span_cut(&row, ',');
				const struct ref_commodity *c =
				    ref_commodity(l.set, code, test_day("2026-11-22"));

				if (c && c->declarable)
					check_units_of(l.set, c);
			}
		}
	}
}

/* ---- rates, lists, rules ---- */

static void test_rates_cover_every_day(void **state)
{
	struct loaded landfall = load(state, "packs/landfall");
	static const char *const currencies[] = {"USD", "EUR", "GBP", "JPY", "CNY", "XMD"};
	struct ref_dates dates;
	struct decimal rate;
	int64_t per;

	for (uint32_t i = 0; i < ARRAY_LEN(currencies); i++)
		for (int32_t day = test_day("2025-01-01"); day <= test_day("2027-12-31"); day++)
			assert_int_equal(ref_rate(landfall.set, span_of(currencies[i]), day,
						  INT32_MAX, &rate, &per, &dates),
					 ERR_NONE);
	assert_int_equal(ref_rate(landfall.set, SPAN("USD"), test_day("2024-12-31"), INT32_MAX,
				  &rate, &per, &dates),
			 ERR_NOT_FOUND);
}

static void test_groups_change_with_the_years(void **state)
{
	const struct refset *r = load(state, "packs/landfall").set;
	int32_t before = test_day("2026-12-31"), after = test_day("2027-01-01");

	assert_true(ref_area_has(r, SPAN("LDC"), SPAN("BD"), before));
	assert_false(ref_area_has(r, SPAN("GSPL"), SPAN("BD"), before));
	assert_false(ref_area_has(r, SPAN("LDC"), SPAN("BD"), after));
	assert_true(ref_area_has(r, SPAN("GSPL"), SPAN("BD"), after));
	assert_null(ref_commodity(r, SPAN("24041210"), before));
	assert_null(ref_commodity(r, SPAN("24041200"), after));
}

struct compiling {
	struct loaded *loaded;
	const struct ruleset *rules;
	enum err err;
};

static void compile(void *context)
{
	struct compiling *c = context;
	struct test_pack *p = &c->loaded->pack;

	test_pack_join(p, PACK_RULES);
	c->err =
	    risk_compile(p->arena, p->archive[PACK_RULES], c->loaded->set, &c->rules, &p->faults);
}

static void check_rules(void **state, const char *folder, uint32_t count)
{
	struct loaded l = load(state, folder);
	struct compiling c = {.loaded = &l};

	assert_int_equal(arena_run(*state, compile, &c), ERR_NONE);
	if (c.err)
		fail_msg("%.*s", SPAN_ARG(test_pack_faults(&l.pack)));
	assert_int_equal(risk_rule_count(c.rules), count);
}

static void test_rules_compile(void **state)
{
	check_rules(state, "packs/landfall", 30);
	check_rules(state, "packs/farhaven", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_line_is_charged_once),   arena_test(test_dates_are_the_countrys),
	    arena_test(test_units_fit_their_lines),        arena_test(test_rates_cover_every_day),
	    arena_test(test_groups_change_with_the_years), arena_test(test_rules_compile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
