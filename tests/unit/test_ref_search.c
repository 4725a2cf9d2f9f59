/* ref: finding goods by words (packs/landfall, and a nomenclature of a test's own). */
#include "ref_pack.h"

#include "base/prng.h"
#include "ref/search.h"

struct search {
	struct arena *arena;
	const struct refset *set;
	const struct search_index *index;
	struct span text;
	int32_t day;
	uint32_t most;
	struct search_results found;
};

static void build(void *context)
{
	struct search *s = context;

	s->index = search_build(s->arena, s->set);
}

static void find(void *context)
{
	struct search *s = context;

	search_find(s->arena, s->index, s->text, s->day, s->most, &s->found);
}

static struct search searching(struct arena *a, struct test_pack *p)
{
	struct search s = {.arena = a, .set = test_pack_good(p), .day = test_day("2026-01-05")};

	assert_int_equal(arena_run(a, build, &s), ERR_NONE);
	return s;
}

static void look(struct search *s, struct span text, uint32_t most)
{
	s->text = text;
	s->most = most;
	assert_int_equal(arena_run(s->arena, find, s), ERR_NONE);
}

static bool found(const struct search *s, const char *code)
{
	for (uint32_t i = 0; i < s->found.n; i++)
		if (span_is(s->found.v[i].commodity->code, code))
			return true;
	return false;
}

static void test_words(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");
	struct search s = searching(*state, &p);

	look(&s, SPAN("Roasted COFFEE"), 10);
	assert_int_equal(s.found.n, 2);
	assert_true(found(&s, "09012100") && found(&s, "09012200"));
	look(&s, SPAN("coffee tea"), 20); /* only the chapter has both, or what hangs on it */
	assert_true(found(&s, "09"));
	look(&s, SPAN("roast coff"), 10);
	assert_true(found(&s, "09012100"));
	look(&s, SPAN("chevaux anes"), 10);
	assert_true(found(&s, "0101"));
	look(&s, SPAN("roasted zebra-crossing"), 10);
	assert_int_equal(s.found.found, 0);
	look(&s, SPAN(" - "), 10);
	assert_int_equal(s.found.found, 0);
}

static void test_codes(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");
	struct search s = searching(*state, &p);

	look(&s, SPAN("0901.21"), 10);
	assert_true(found(&s, "09012100"));
	look(&s, SPAN("09"), 2);
	assert_int_equal(s.found.n, 2);
	assert_true(s.found.found > 2);
	assert_span(s.found.v[0].commodity->code, "09");
	look(&s, SPAN("99999999"), 10);
	assert_int_equal(s.found.found, 0);
}

static void test_typing_mistakes(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");
	struct search s = searching(*state, &p);
	static const char *const wrong[] = {"cofee", "coffeee", "coffea", "cofefe"};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		look(&s, span_of(wrong[i]), 100);
		assert_true(found(&s, "0901"));
		assert_int_equal(s.found.corrections, 1);
		assert_span(s.found.corrected[0].from, wrong[i]);
		assert_span(s.found.corrected[0].to, "coffee");
	}
	look(&s, SPAN("cofezz"), 100); /* two in a short word */
	assert_int_equal(s.found.found, 0);
	look(&s, SPAN("decafeinatd"), 100); /* two in a long one */
	assert_true(found(&s, "09012200"));
}

/* Rows of other days are not found, synonyms are, and the goods directly below a code are those of the day. */
static void test_days_and_synonyms(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	struct search s;
	const struct ref_commodity *c;

	test_pack_set(&p, "nomenclature.csv",
		      "code,declarable,unit,text_en,text_fr,from,to,source\n"
		      "22,0,,Drinks,Boissons,2000-01-01,,test\n"
		      "2203,0,,Beer,Biere,2000-01-01,2026-01-01,test\n"
		      "2203,0,,Ale,Biere,2026-01-02,,test\n"
		      "220300,1,l,In bottles,En bouteilles,2000-01-01,,test\n"
		      "22041000,1,,Wine,Vin,2000-01-01,,test\n");
	test_pack_set(&p, "synonyms.csv",
		      "word,commodity,from,to,source\nporter and stout,2203,2000-01-01,,test\n");
	s = searching(*state, &p);
	look(&s, SPAN("beer"), 10);
	assert_int_equal(s.found.found, 0);
	look(&s, SPAN("ale"), 10);
	assert_int_equal(s.found.found, 1);
	look(&s, SPAN("stout"), 10);
	assert_int_equal(s.found.found, 1);
	look(&s, SPAN("stout bottles"), 10);
	assert_int_equal(s.found.found, 1);
	assert_span(s.found.v[0].commodity->code, "220300");
	c = search_below(s.index, SPAN("22"), NULL, s.day);
	assert_span(c->text.en, "Ale");
	c = search_below(s.index, SPAN("22"), c, s.day);
	assert_span(c->code, "22041000");
	assert_null(search_below(s.index, SPAN("22"), c, s.day));
	assert_span(search_below(s.index, SPAN("2203"), NULL, s.day)->code, "220300");
	assert_null(search_below(s.index, SPAN("220300"), NULL, s.day));
}

/* Anything that a stranger types. */
static void test_any_text(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");
	struct search s = searching(*state, &p);
	struct prng random = prng_of(7, 0);
	char text[256];

	for (int i = 0; i < 400; i++) {
		uint32_t n = (uint32_t)(prng_next(&random) % sizeof(text));

		for (uint32_t k = 0; k < n; k++)
			text[k] = (char)(prng_next(&random) % 3 ? 'a' + prng_next(&random) % 26
								: prng_next(&random) % 256);
		look(&s, (struct span){text, n, 0}, 100);
		assert_true(s.found.n <= 100 && s.found.n <= s.found.found);
		for (uint32_t k = 1; k < s.found.n; k++)
			assert_true(s.found.v[k - 1].score >= s.found.v[k].score);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_words),           arena_test(test_codes),
	    arena_test(test_typing_mistakes), arena_test(test_days_and_synonyms),
	    arena_test(test_any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
