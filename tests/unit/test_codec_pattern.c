/* codec/pattern: against cases by hand, and, with random texts, against libxml2's own. */
#include <libxml/xmlregexp.h>

#include "base/prng.h"
#include "codec/pattern.h"
#include "unit.h"

static const char *const patterns[] = {
    ".{1,35}",
    "\\d{4}-\\d{2}-\\d{2}",
    "([0-1][0-9]|[2][0-4])[A-Z]{2}[A-Z0-9]{3}[0-9]",
    "\\P{Z}(.*\\P{Z})?",
    "\\P{Z}[^@]*@[^\\.]+\\..*\\P{Z}",
    "\\p{IsBasicLatin}+",
    "[+-]?((0?[0-9]?|1[0-7])[0-9]\\.[0-9]{1,3}|180.00?0?)",
    "[!-~][ -~]{1,5}[!-~]|[!-~]{1,2}",
    "(0|[1-9]\\d*)(\\.\\d+)?",
    "[A-Z]*",
    "[A-Z]{2}[^\\n\\r]*",
    "(([1-9][0-9]{0,2}|(1[0-9]|2[0-4])[0-9]{0,2}|250|(X[A-Z]|[A-Z]X)(2[5-9]|[3-9][0-9])))",
    "(a|ab)(c|bcd)(d*)",
    "(a*)*b",
    "((a|b)?c){2,3}",
    "",
};

static void test_by_hand(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
	    {".{1,3}", "", false},
	    {".{1,3}", "éàü", true},
	    {".{1,3}", "abcd", false},
	    {".", "\n", false},
	    {"\\.", ".", true},
	    {"\\.", "x", false},
	    {"(a|ab)(c|bcd)", "abcd", true},
	    {"[^@]+", "a@", false},
	    {"\\P{Z}+", "a\xe2\x80\x83", false},
	    {"x?", "", true},
	    {"(x)?y", "y", true},
	    {"[a-c-]", "-", true},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++)
		if (pattern_matches(cases[i].pattern, span_of(cases[i].text)) != cases[i].matches)
			fail_msg("%s on \"%s\"", cases[i].pattern, cases[i].text);
}

static void test_as_libxml2(void **state)
{
	static const char *const pieces[] = {"a", "b", "c", "d", "A", "X", "0", "1",  "2", "5",
					     "8", "-", "+", ".", "@", " ", "é", "\n", "~", "ab"};
	uint32_t matches = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(patterns); i++) {
		xmlRegexpPtr r = xmlRegexpCompile((const xmlChar *)patterns[i]);

		assert_non_null(r);
		for (uint32_t n = 0; n < 4000; n++) {
			struct prng p = prng_of(i, n);
			struct text t = text_in(*state);
			uint64_t length = prng_below(&p, 11),
				 few = 1 + prng_below(&p, ARRAY_LEN(pieces));
			bool ours, theirs;

			while (length--)
				text_string(&t, pieces[prng_below(&p, few)]);
			text_char(&t, 0);
			ours =
			    pattern_matches(patterns[i], (struct span){t.p, (uint32_t)t.n - 1, 0});
			theirs = xmlRegexpExec(r, (const xmlChar *)t.p) == 1;
			if (ours != theirs)
				fail_msg("%s on \"%s\": we say %d", patterns[i], t.p, ours);
			matches += ours;
		}
		xmlRegFreeRegexp(r);
	}
	assert_true(matches > 1000);
}

/* A text that makes others try for ever ends here. */
static void test_bounded(void **state)
{
	char *text = arena_alloc(*state, 4001);

	memset(text, 'a', 4000);
	assert_false(pattern_matches("(a*)*b", span_of(text)));
	assert_false(pattern_matches("(a|aa)*b", (struct span){text, 60, 0}));
	assert_true(pattern_matches("\\P{Z}(.*\\P{Z})?", span_of(text)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_by_hand),
	    arena_test(test_as_libxml2),
	    arena_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
