/* What anybody may ask of the tariff in force: goods by words or code, a place of the nomenclature with its measures, and what
 * is due by every option. Answers are JSON (docs/tariff.md, docs/openapi.json). Risk has no part in any of it. */
#ifndef CUSTOMHOUSE_HUB_TARIFF_ASK_H
#define CUSTOMHOUSE_HUB_TARIFF_ASK_H

#include "base/text.h"
#include "hub/inforce.h"

struct hub;

/* A question, as it was written; empty: not said. */
struct tariff_query {
	struct span commodity, origin, destination, value, currency, freight, insurance, retail;
	struct span terms, procedure, previous;
	struct span quantity;             /* "100 kg,20 l" */
	struct span additional, document; /* codes, with a comma between */
	struct span on, known;            /* days; on: today unless said, known: everything */
	struct span words, limit;
	struct span language; /* "en", "fr" */
};

struct tariff_ask {
	struct arena *arena;
	struct inforce *inforce;
	struct hub
	    *hub; /* whose balances of quotas are told; NULL: a pack alone, which keeps none */
	const struct tariff_query *query;
	int64_t now;
	struct cause *why;
};

/* Each writes one JSON object. ERR_USAGE: the question makes no sense, and the cause says why; ERR_NOT_FOUND: there are no such
 * goods on that day. Inside arena_run(). */
enum err tariff_search(struct tariff_ask *a, struct text *to) MUST_CHECK;
enum err tariff_commodity(struct tariff_ask *a, struct text *to) MUST_CHECK;
enum err tariff_duty(struct tariff_ask *a, struct text *to) MUST_CHECK;
/* The chapters; the countries; the currencies that have a rate on the day. */
enum err tariff_chapters(struct tariff_ask *a, struct text *to) MUST_CHECK;
enum err tariff_countries(struct tariff_ask *a, struct text *to) MUST_CHECK;
enum err tariff_rates(struct tariff_ask *a, struct text *to) MUST_CHECK;

/* The code list that the words name ("office", "package_type"), in the pack's order; the procedures that may follow one another.
 * ERR_NOT_FOUND: no such list. */
enum err tariff_codes(struct tariff_ask *a, struct text *to) MUST_CHECK;
enum err tariff_procedures(struct tariff_ask *a, struct text *to) MUST_CHECK;
/* What somebody has to do who imports, exports or carries goods through, as the words say ("import", "export", "transit"): steps,
 * procedures, what every consignment pays, papers that some goods need. ERR_NOT_FOUND: another word. */
enum err tariff_guide(struct tariff_ask *a, struct text *to) MUST_CHECK;

/* What a hub has in force, held; NULL: nothing. Let go with inforce_release(). */
struct inforce *hub_tariff(struct hub *h);

#endif
