/* Beside an old system. Part of store.h, which says what holds for all of it. */
#ifndef CUSTOMHOUSE_STORE_STORE_SHADOW_H
#define CUSTOMHOUSE_STORE_STORE_SHADOW_H

/* ---- st_outcome.c: what the other system decided, and how it differs ---- */

/* Of one trader's reference, as soon as one of the two has decided. */
struct store_outcome {
	struct span reference; /* the trader's */
	int64_t standing;      /* the caller's: hub/audit/shadow.h */
	/* our case and the event of its newest decision; empty and 0: none yet */
	struct span office, movement;
	int64_t decision_seq;
	int64_t at;         /* of what came last */
	struct span theirs; /* what they decided, as JSON; empty: they have not said */
};

/* Over what stood there. */
enum err store_put_outcome(struct store *s, const struct store_outcome *o,
			   struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_outcome(struct store *s, struct arena *a, struct span reference,
			   struct store_outcome *ret, struct cause *why) MUST_CHECK;
/* The first ones of a standing, by reference; limit at most STORE_PAGE_MAX. */
enum err store_list_outcomes(struct store *s, struct arena *a, int64_t standing, uint32_t limit,
			     struct store_outcome **ret, uint32_t *ret_count,
			     struct cause *why) MUST_CHECK;
enum err store_count_outcomes(struct store *s, int64_t standing, int64_t *ret,
			      struct cause *why) MUST_CHECK;
/* By reference. */
enum err store_scan_outcomes(struct store *s,
			     enum err (*take)(void *context, const struct store_outcome *o,
					      struct cause *why),
			     void *context, struct cause *why) MUST_CHECK;

struct store_difference {
	struct span reference, kind;
	int64_t differences;  /* of this kind in this declaration */
	struct span examples; /* some of them, a JSON array */
};

/* In place of all that stood there of the reference. */
enum err store_put_differences(struct store *s, struct span reference,
			       const struct store_difference *d, uint32_t n,
			       struct cause *why) MUST_CHECK;
/* All of a reference, by kind. */
enum err store_get_differences(struct store *s, struct arena *a, struct span reference,
			       struct store_difference **ret, uint32_t *ret_count,
			       struct cause *why) MUST_CHECK;
/* The first of a kind, by reference; limit at most STORE_PAGE_MAX. */
enum err store_list_differences(struct store *s, struct arena *a, struct span kind, uint32_t limit,
				struct store_difference **ret, uint32_t *ret_count,
				struct cause *why) MUST_CHECK;
enum err store_count_differences(struct store *s, struct span kind, int64_t *ret_declarations,
				 int64_t *ret_differences, struct cause *why) MUST_CHECK;

#endif
