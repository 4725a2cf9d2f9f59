/* Cases as people look at them: where one stands, what happened to it, which wait. Each is written as one JSON document for the
 * one who asks, and passes scope_case(): a trader reads flow_public() words and its own acts, officers everything. */
#ifndef CUSTOMHOUSE_HUB_LIFE_CASES_H
#define CUSTOMHOUSE_HUB_LIFE_CASES_H

#include "hub/hub.h"
#include "hub/people/people.h"

/* Where the case stands now:
 *     {"reference","trader_reference","type","version","state","next":[...],"due","paid","currency","reply_by",
 *      "decided_at"}
 * and for officers and auditors also office, party, items, lane, holds, examiner, irregular, acts (that who asks
 * may do now), secured, guaranteed (of it), refund, request, proposer and proposed (a lower lane), appeal,
 * secured_until. A cashier reads what the trader does, and office, party, secured, refund, secured_until and acts; an agency
 * office, party, acts, and holds: its own, while it stands. For a carrier: reference and state, "released" or "held".
 * ERR_NOT_FOUND. */
enum err hub_write_status(struct hub *h, struct text *to, const struct hub_look *look,
			  struct cause *why) MUST_CHECK;

/* What happened, oldest first: {"reference","history":[{"at","version","state","next","due"}]} for a trader, a line
 * for each change of
 * what it may know; for officers and auditors {"at","version","act","by","roles","given","path","state"} for each act.
 * ERR_NOT_FOUND. */
enum err hub_write_history(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why) MUST_CHECK;

struct case_page {
	struct span office;      /* officers: one of theirs */
	struct span state, lane; /* officers; names with commas between them; empty: any */
	struct span mine;        /* "yes": only those that `who` examines */
	struct span examiner;    /* officers: only those of this login */
	struct span
	    party; /* traders: one of theirs; empty: their first. With an office: one of its */
	struct span
	    commodity; /* officers: a code of its goods, or the first digits of one, two at least */
	struct span since, until; /* officers: days of the decision, both included */
	struct span order;        /* officers: oldest (empty), newest, lane, deadline */
	struct span
	    money; /* cashiers and officers, of an office: due, secured or refund, and no other filter */
	struct span
	    waiting; /* agencies: "yes": only cases that wait for an agency, the oldest first */
	struct span after;               /* `after` of the page before */
	uint32_t limit;                  /* 1 to CASES_PAGE_MAX */
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};
enum { CASES_PAGE_MAX = 200 };

/* {"cases":[...],"after":"..."}: for officers those of an office, who waits longest first; for traders their own, the newest
 * first. ERR_DENIED: not their office or party; ERR_FORMAT: a page that is none. */
enum err hub_write_cases(struct hub *h, struct text *to, const struct who *who,
			 const struct case_page *page, struct span request,
			 struct cause *why) MUST_CHECK;

/* {"counts":[{"state","lane","cases","mine"}]}: what is not over at an office, for its officers and for auditors; mine: those
 * that who asks examines. A state and lane that has none is left out. ERR_DENIED, ERR_FORMAT: no office of theirs. */
enum err hub_write_case_counts(struct hub *h, struct text *to, const struct who *who,
			       struct span office, struct span request,
			       const struct patience *patience, struct cause *why) MUST_CHECK;

#endif
