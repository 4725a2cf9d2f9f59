/* The part of store.h that tells of the life of a case. Included there, and nowhere else. */
#ifndef CUSTOMHOUSE_STORE_STORE_LIFE_H
#define CUSTOMHOUSE_STORE_STORE_LIFE_H

#ifndef CUSTOMHOUSE_STORE_STORE_H
#error "include store/store.h"
#endif

/* ---- st_life.c: where each accepted case stands now ---- */

/* A projection of decisions and acts: the log tells it all, and verify compares. */
struct store_life {
	struct span office, reference;
	struct span party; /* whose case: the importer's or exporter's id; empty: nobody is named */
	struct span state, lane;
	struct span examiner; /* empty: none */
	int64_t deadline;     /* microseconds UTC, when the clock acts; 0: never */
	int64_t seq;          /* of the newest event that made it so */
	struct span body;     /* hub/life/life.h */
};

enum err store_put_life(struct store *s, const struct store_life *l, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_life(struct store *s, struct arena *a, struct span office, struct span reference,
			struct store_life *ret, struct cause *why) MUST_CHECK;

/* An office's cases of a state and lane, the oldest reference first: who waits longest comes first. limit: at most
 * STORE_PAGE_MAX. */
enum err store_list_lives(struct store *s, struct arena *a, const struct store_life *of,
			  uint32_t limit, struct store_life **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
/* Cases whose deadline has come, the oldest first. */
enum err store_list_due_lives(struct store *s, struct arena *a, int64_t now, uint32_t limit,
			      struct store_life **ret, uint32_t *ret_count,
			      struct cause *why) MUST_CHECK;
/* Every case, by office and reference, as store_scan_events() gives events. */
enum err store_scan_lives(struct store *s,
			  enum err (*take)(void *context, const struct store_life *l,
					   struct cause *why),
			  void *context, struct cause *why) MUST_CHECK;

/* A case as one of its parties finds it. */
struct store_case_party {
	struct span party; /* bare id of holder, declarant or sender */
	struct span reference, office;
};

/* Again is nothing. */
enum err store_put_case_party(struct store *s, const struct store_case_party *c,
			      struct cause *why) MUST_CHECK;
/* An act that was asked for under a key: the same bytes again give the stored outcome. */
struct store_act_key {
	struct span office, actor, key;
	struct span reference;
	struct hash sha256; /* of what was asked */
	int64_t seq;        /* of the act's event, in the office's chain */
};

/* ERR_CONFLICT: the key is taken. */
enum err store_put_act_key(struct store *s, const struct store_act_key *k,
			   struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_act_key(struct store *s, struct arena *a, struct span office, struct span actor,
			   struct span key, struct store_act_key *ret,
			   struct cause *why) MUST_CHECK;

/* ---- st_case.c: pages of cases with all that a list shows, in one statement ---- */

struct store_case {
	struct store_declaration row;
	struct span examiner; /* of its life; p == NULL: it has none, or no life */
	int64_t life_seq;     /* 0: no life was stored: it was rejected, or is a request */
	struct span life;     /* its body; p == NULL likewise */
	struct span
	    answer; /* p == NULL: the row names the trader's reference, or the answer was erased */
};

/* The n cases of an office that a worklist named, in its order. */
struct store_work;
enum err store_get_cases(struct store *s, struct arena *a, struct span office,
			 const struct store_work *work, uint32_t n, struct store_case **ret,
			 struct cause *why) MUST_CHECK;
/* A party's cases, and its requests, the newest reference first, before a reference (empty: from the newest on). */
enum err store_list_cases_of(struct store *s, struct arena *a, struct span party,
			     struct span before, uint32_t limit, struct store_case **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;

/* Of those the ones that are held for an agency, whichever was called in last; the oldest reference first, behind one. */
enum err store_list_cases_held(struct store *s, struct arena *a, struct span party,
			       struct span after, uint32_t limit, struct store_case **ret,
			       uint32_t *ret_count, struct cause *why) MUST_CHECK;

/* ---- st_work.c: the keys of an office's cases, as an officer looks for them ---- */

enum store_order {
	STORE_OLDEST, /* the oldest reference first */
	STORE_NEWEST,
	STORE_BY_LANE,     /* lane by lane as they are listed, the oldest first in each */
	STORE_BY_DEADLINE, /* only cases that have one, the nearest first */
};

/* Where a case stands in a list. */
struct store_work {
	struct span reference, lane;
	int64_t deadline; /* microseconds UTC; 0: none */
};

struct store_worklist {
	struct span office;
	const struct span *state, *lane; /* any of these; at least one each, none twice */
	uint32_t states, lanes;
	struct span examiner, party; /* empty: any */
	struct span
	    commodity; /* digits that a code of its goods begins with, two at least; empty: any */
	struct span since, until; /* days (ISO) of the decision, both included; empty: any */
	enum store_order order;
	struct store_work after; /* the last one of the page before; all empty: from the start */
	uint32_t limit;          /* at most STORE_PAGE_MAX */
};

enum err store_list_work(struct store *s, struct arena *a, const struct store_worklist *l,
			 struct store_work **ret, uint32_t *ret_count,
			 struct cause *why) MUST_CHECK;
/* Cases of an office in which money waits to be paid back, behind a reference, the oldest first. */
enum err store_list_refunds(struct store *s, struct arena *a, struct span office, struct span after,
			    uint32_t limit, struct store_work **ret, uint32_t *ret_count,
			    struct cause *why) MUST_CHECK;
/* How many cases of each state and lane, of the examiner where one is named; party, days and order are not looked at. An array of
 * states times lanes: [state * lanes + lane]. */
enum err store_count_work(struct store *s, struct arena *a, const struct store_worklist *l,
			  int64_t **ret, struct cause *why) MUST_CHECK;

/* ---- st_contingency.c: movement references reserved for a time without the hub ---- */

/* first and last: references, both included, that differ in number and check character only. */
struct store_contingency {
	struct span office, first, last;
	struct span reserved_by; /* login */
	int64_t at;
};

enum err store_put_contingency(struct store *s, const struct store_contingency *c,
			       struct cause *why) MUST_CHECK;
/* The range of the office in which the reference lies. ERR_NOT_FOUND: in none. */
enum err store_find_contingency(struct store *s, struct arena *a, struct span office,
				struct span reference, struct store_contingency *ret,
				struct cause *why) MUST_CHECK;
enum err store_scan_contingencies(struct store *s,
				  enum err (*take)(void *context, const struct store_contingency *c,
						   struct cause *why),
				  void *context, struct cause *why) MUST_CHECK;

/* ---- st_guarantee.c: what guarantors promised for the debts of a party ---- */

struct store_guarantee {
	struct span party,
	    reference;         /* whose debts; the guarantor's reference, of the party once */
	struct span guarantor; /* party id */
	struct span currency;
	int64_t minor;         /* up to how much; 0: for nothing new */
	struct span until_day; /* ISO: the last day of a security that it stands for */
	struct span office;    /* that registered it so */
	int64_t seq;           /* of the event, in that office's chain */
};

/* Over what stood there. */
enum err store_put_guarantee(struct store *s, const struct store_guarantee *g,
			     struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_guarantee(struct store *s, struct arena *a, struct span party,
			     struct span reference, struct store_guarantee *ret,
			     struct cause *why) MUST_CHECK;
/* A party's, by reference; limit at most STORE_PAGE_MAX. */
enum err store_list_guarantees(struct store *s, struct arena *a, struct span party, uint32_t limit,
			       struct store_guarantee **ret, uint32_t *ret_count,
			       struct cause *why) MUST_CHECK;
enum err store_scan_guarantees(struct store *s,
			       enum err (*take)(void *context, const struct store_guarantee *g,
						struct cause *why),
			       void *context, struct cause *why) MUST_CHECK;

/* ---- st_obligation.c: simplified declarations that have to be completed ---- */

struct store_obligation {
	struct span party, reference, office;
	struct span due_day;      /* ISO: the last day */
	struct span completed_by; /* reference of the supplementary declaration; empty: none yet */
};

/* Writes it over what stood there. */
enum err store_put_obligation(struct store *s, const struct store_obligation *o,
			      struct cause *why) MUST_CHECK;
/* It may be gone already. */
enum err store_end_obligation(struct store *s, struct span party, struct span reference,
			      struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_obligation(struct store *s, struct arena *a, struct span party,
			      struct span reference, struct store_obligation *ret,
			      struct cause *why) MUST_CHECK;
/* Not completed, and due before the day (ISO). party empty: of everybody, the oldest first. */
enum err store_list_overdue(struct store *s, struct arena *a, struct span party, struct span day,
			    uint32_t limit, struct store_obligation **ret, uint32_t *ret_count,
			    struct cause *why) MUST_CHECK;
enum err store_scan_obligations(struct store *s,
				enum err (*take)(void *context, const struct store_obligation *o,
						 struct cause *why),
				void *context, struct cause *why) MUST_CHECK;

/* ---- st_roster.c: who examines at an office ---- */

struct store_roster {
	struct span office, login;
	int64_t present_until; /* microseconds UTC; 0: absent */
	struct span skills;    /* words with a blank between: documents, inspection */
	struct span conflicts; /* party ids with a blank between */
};

enum err store_put_roster(struct store *s, const struct store_roster *r,
			  struct cause *why) MUST_CHECK;
/* By login. */
enum err store_list_roster(struct store *s, struct arena *a, struct span office,
			   struct store_roster **ret, uint32_t *ret_count,
			   struct cause *why) MUST_CHECK;
struct store_roster_list {
	struct store_roster *row;
	uint32_t n;
};
/* The same of each of n offices. ret is an array of n. */
enum err store_list_rosters(struct store *s, struct arena *a, const struct span *office, uint32_t n,
			    struct store_roster_list *ret, struct cause *why) MUST_CHECK;

/* Every row, as store_scan_events() gives events. */
enum err store_scan_case_parties(struct store *s,
				 enum err (*take)(void *context, const struct store_case_party *c,
						  struct cause *why),
				 void *context, struct cause *why) MUST_CHECK;
/* Is the case one of the party's? ERR_NOT_FOUND: no. */
enum err store_get_case_party(struct store *s, struct arena *a, struct span party,
			      struct span reference, struct store_case_party *ret,
			      struct cause *why) MUST_CHECK;

#endif
