#include "national.h"

#include <stdio.h>
#include <string.h>

/* 80 chapters of 10 headings of 5 subheadings, and what is declared under these, three or four each: 20,000 in all. */
enum { CHAPTERS = 80, HEADINGS = 10, SUBHEADINGS = 5, CODE = 24 };
enum {
	GROUPS = CHAPTERS * (1 + HEADINGS * (1 + SUBHEADINGS)),
	GOODS = NATIONAL_CODES - GROUPS,
	PLACES = CHAPTERS * HEADINGS * SUBHEADINGS,
	PREFERRED = NATIONAL_MEASURES / NATIONAL_YEARS - GOODS
};

/* Ten digits of goods number n. */
static void code_of(uint32_t n, char to[CODE])
{
	uint32_t place = n % PLACES, below = n / PLACES;

	snprintf(to, CODE, "%02u%02u%02u%04u", 1 + place / (HEADINGS * SUBHEADINGS),
		 1 + place / SUBHEADINGS % HEADINGS, 10 + place % SUBHEADINGS,
		 1000 + below % 900 * 10);
}

static void put_code(struct text *to, const char *code, bool declarable)
{
	text_print(to, "%s,%d,,Goods of %s,Marchandises de %s,2020-01-01,,bench\n", code,
		   declarable, code, code);
}

void national_nomenclature(struct text *to)
{
	char code[CODE];

	text_string(to, "code,declarable,unit,text_en,text_fr,from,to,source\n");
	for (uint32_t place = 0; place < PLACES; place++) {
		code_of(place, code);
		for (uint32_t digits = 2; digits <= 6; digits += 2) {
			char above[7] = "";

			if (digits == 2 ? place % (HEADINGS * SUBHEADINGS) != 0
					: digits == 4 && place % SUBHEADINGS != 0)
				continue;
			memcpy(above, code, digits);
			put_code(to, above, false);
		}
	}
	for (uint32_t n = 0; n < GOODS; n++) {
		code_of(n, code);
		put_code(to, code, true);
	}
}

/* Every fourth rate is compound, the others are ad valorem. Each year has another. */
static void put_measure(struct text *to, const char *levy, const char *code, const char *area,
			const char *preference, uint32_t n, uint32_t year)
{
	uint32_t rate = (n * 7 + year * 3) % 400;

	text_print(to, "%s-%s,%s,%s,%s,,%s,,%u.%u%%", code, preference[0] ? preference : "0", levy,
		   code, area, preference, rate / 10, rate % 10);
	if (n % 4 == 0)
		text_print(to, " + %u.%02u USD / kg", n % 5, n % 100);
	text_print(to, ",,,%u-01-01,", NATIONAL_FIRST_YEAR + year);
	if (year + 1 < NATIONAL_YEARS)
		text_print(to, "%u-12-31", NATIONAL_FIRST_YEAR + year);
	text_string(to, ",bench\n");
}

void national_measures(struct text *to, const char *levy, const char *area, const char *preference)
{
	char code[CODE];

	text_string(to, "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
			"reference,from,to,source\n");
	for (uint32_t n = 0; n < GOODS + PREFERRED; n++) {
		bool preferred = n >= GOODS;

		code_of(preferred ? n - GOODS : n, code);
		for (uint32_t year = 0; year < NATIONAL_YEARS; year++)
			put_measure(to, levy, code, preferred ? area : "*",
				    preferred ? preference : "", n, year);
	}
}
