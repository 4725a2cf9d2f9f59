/* What the hub read before it decided: every fact that a decision rests on besides the message and the versions in force.
 *
 * A fact is written into the decision, and replay reads it back from there: so nothing that is not in here (or in
 * the message, or in the versions) may influence a decision. */
#ifndef CUSTOMHOUSE_MODEL_FACTS_H
#define CUSTOMHOUSE_MODEL_FACTS_H

#include "base/span.h"
#include "dict/dict.h"
#include "model/history.h"

enum lane {
	LANE_NONE,
	LANE_GREEN,
	LANE_BLUE,
	LANE_YELLOW,
	LANE_RED
}; /* ascending: how much control */
const char *lane_name(enum lane l);
/* LANE_NONE for any other text. */
enum lane lane_by_name(struct span s);

/* One random number of a movement: the first 8 bytes, big-endian, of HMAC-SHA-256(key of the day, reference | 0x00 |
 * purpose), where purpose is "random" for the random stratum, "rate:LANE" for the expected rates, or the id of a rule
 * with a percentage. */
struct draw {
	struct span purpose;
	uint64_t value;
};

struct party_history {
	int64_t declared;           /* declarations accepted before this one */
	int64_t selected;           /* of them examined */
	int64_t irregular;          /* of those, found irregular, before this day */
	int64_t today, today_minor; /* of those declared, this day's, and their customs value */
};

/* What a pack may let another event fix than the lodging of the declaration (docs/legal-dates.md). Law: RKC general annex,
 * chapter 4: national law says which point of time decides on the rates of duties and taxes. */
enum legal_date {
	DATE_TARIFF,     /* measures, levies, procedures */
	DATE_EXCHANGE,   /* rates of exchange */
	DATE_QUOTA,      /* the place in the queue of a quota */
	DATE_STATISTICS, /* the month that the goods are counted in */
	LEGAL_DATES
};

/* What stands of an account that the declaration writes off, beside what this case itself takes of it. */
struct stock_fact {
	struct span account; /* "bill/705/HLCU1" */
	struct span carrier; /* whose it is; empty: it is unknown, or not known whose is meant */
	/* "known", "unknown", "ambiguous"; "waiting": its goods are not released; "own": this case opened it */
	struct span state;
	int64_t
	    measured; /* bits of the measures below that have a limit: packages, mass (millionths of kg), value, quantity */
	int64_t granted[4], taken[4]; /* the fourth: millionths of its unit */
	struct span unit, holder,
	    goods; /* of what it may be taken, by whom: empty where that is open */
	struct span from_day, until_day; /* ISO; empty: no bound */
};

/* What becomes of a claim of a quota. */
enum quota_way {
	QUOTA_NOT,     /* nothing is granted: exhausted, blocked, not accepted yet */
	QUOTA_NOW,     /* granted with the decision, as far as the balance goes */
	QUOTA_SECURED, /* the same, but the other duty stands until the grant is confirmed */
	QUOTA_LATER,   /* asked for: granted when the day, or a suspension, is over */
};
/* "not", "now", "secured", "later" */
const char *quota_way_name(enum quota_way w);
bool quota_way_by_name(struct span s, enum quota_way *ret);

/* A quota that the declaration claims, as it stood before this case. Quantities are millionths of the quota's unit. */
struct quota_fact {
	struct span order;
	int32_t period;    /* its first day; INT32_MIN: no period of it holds */
	struct span state; /* quota_state_name() */
	enum quota_way way;
	int64_t balance; /* what the case may have, with what it holds */
	int64_t held;    /* of that, what it holds for good */
};

struct facts {
	/* when and where */
	int64_t received_at; /* microseconds UTC */
	/* civil day in the country: fixes rules and checks, and whatever has no day of its own; an amendment keeps the
	 * original's */
	int32_t legal_day;
	int32_t fixed_day[LEGAL_DATES]; /* 0: the legal day; read by facts_day() */
	struct span office;
	struct span sender; /* who submits */

	/* what it is known by */
	struct span reference; /* movement reference that the hub issued */
	int64_t version;       /* 1, or more for an amendment */
	struct span key; /* with office and sender: under which a repeated message is recognised */
	/* whose history it counts in: "importer/ID" or "exporter/ID", or empty */
	struct span holder;
	struct span declarant_holder; /* "declarant/ID", or empty */

	/* a hash that says which goods (hub/settle/goods.c); empty when nobody is named to hold them */
	struct span goods;

	/* of a request, which asks for a change of an earlier case; empty otherwise */
	struct span request; /* number of the request itself */
	/* reference of the case it speaks of; empty when there is no such case */
	struct span previous;
	struct span case_key; /* key of the case's first message, and the hash of its bytes */
	struct span case_input;
	struct span bad_pointer; /* the first pointer of an amendment that leads nowhere */
	enum lane lane_before;   /* of the version before: a decision never goes below it */
	bool waits; /* the case allows it only with an officer's consent: it changes nothing yet */
	/* why the case does not allow it at all (an id of flow/refusals.def); empty: it does */
	struct span barred;
	struct span
	    author; /* the officer who corrects, or who grants the request; empty: the trader */
	struct span granted;     /* number of the request that is granted */
	struct span case_sender; /* of the case, where an officer is the author */

	/* what comes of a reserved number that an original carries (contingency.h): "held", or why not; empty: it carries
	 * none */
	struct span contingency;
	int32_t complete_by; /* last day for what completes this simplified one; 0: none is asked */
	struct span
	    completes; /* reference of the case that a supplementary declaration completes */
	struct span completion; /* why it completes none (hub/life/supplementary.h) */

	bool awaited; /* the goods were not presented yet: nothing is released before they are */

	DICT_LIST(struct stock_fact) stock; /* what it writes off (hub/stock/writeoff.h) */
	/* quotas that the pack defines and the declaration claims (hub/quota/quotas.h) */
	DICT_LIST(struct quota_fact) quotas;

	/* history */
	struct party_history importer; /* of the importer (import) or exporter (export) */
	struct party_history declarant;
	/* accepted today at this office before this one, by lane */
	int64_t office_day[LANE_RED + 1];
	/* what the rules in force ask of the past, as of the beginning of the day; facts_history() finds one by its subject */
	DICT_LIST(struct history_fact) history;
	struct map history_by;
	/* the same without a search, where it is at hand: of the declaration by kind, then of each item by kind; NULL where
	 * nobody asked. Not a fact of its own: NULL as a whole, and they are found by their subjects */
	const struct history_fact *const *history_at;

	/* minutes of officers that what came before in this hour takes; counted where a capacity is set */
	int64_t hour_taken;

	/* the random draw, made before any rule ran */
	struct span draw_day; /* day of the key, 2026-11-22 */
	/* it was made over: this one, or the one whose draw is inherited */
	struct span draw_reference;
	struct span draw_commitment; /* hexadecimal commitment to that key and its rate */
	DICT_LIST(struct draw) draws;
};

/* The civil day in the country that counts for this. */
int32_t facts_day(const struct facts *f, enum legal_date which);
/* Keeps it only where it differs from the legal day, which is set before. */
void facts_fix_day(struct facts *f, enum legal_date which, int32_t day);
/* "tariff_day" ... : the member of a decision's facts. */
const char *legal_date_name(enum legal_date which);

/* What is known of a quota, or NULL. */
const struct quota_fact *facts_quota(const struct facts *f, struct span order);
/* Adds what is known of a subject; once for each. Inside arena_run(). */
void facts_add_history(struct arena *a, struct facts *f, const struct history_fact *h);
/* Where history_at has a kind; item: of goods items alone. */
static inline size_t facts_history_place(enum history_kind k, uint32_t item)
{
	return k < HISTORY_FIRST_OF_ITEM
		   ? (size_t)k
		   : k + (size_t)item * (HISTORY_KINDS - HISTORY_FIRST_OF_ITEM);
}
/* What is known of a subject; NULL: nobody asked. */
const struct history_fact *facts_history(const struct facts *f, struct span subject);
/* The draw for a purpose, or NULL. */
const struct draw *facts_draw(const struct facts *f, struct span purpose);
/* Is this draw within a rate of millionths? Exact: value * 10^6 < rate * 2^64. */
static inline bool draw_within(uint64_t value, int64_t rate_ppm)
{
	return rate_ppm > 0 &&
	       (uint64_t)(((unsigned __int128)value * 1000000) >> 64) < (uint64_t)rate_ppm;
}

#endif
