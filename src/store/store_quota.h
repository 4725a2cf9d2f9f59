/* Tariff quotas: what is taken of each, and what each case holds. Part of store.h, which says what holds for all of it.
 * Quantities are millionths of a quota's unit. A period is its first day, "2026-01-01". */
#ifndef CUSTOMHOUSE_STORE_STORE_QUOTA_H
#define CUSTOMHOUSE_STORE_STORE_QUOTA_H

struct store_quota {
	struct span quota, period;
	int64_t taken, requested;
	int64_t serial;    /* of the newest move: 1, 2 ... */
	struct span state; /* by counting: "open", "critical", "exhausted" */
};

/* Over what stood there. */
enum err store_put_quota(struct store *s, const struct store_quota *q,
			 struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND: nothing was ever taken of it. */
enum err store_get_quota(struct store *s, struct arena *a, struct span quota, struct span period,
			 struct store_quota *ret, struct cause *why) MUST_CHECK;
/* By quota and period. */
enum err store_scan_quotas(struct store *s,
			   enum err (*take)(void *context, const struct store_quota *q,
					    struct cause *why),
			   void *context, struct cause *why) MUST_CHECK;

struct store_quota_hold {
	struct span quota, period;
	struct span office, reference; /* the case */
	struct span sub;   /* of a parent: the sub-quota that it comes through; else empty */
	struct span day;   /* the day of the claim */
	int64_t at;        /* its moment: the order among claims */
	struct span stage; /* "reserved", "used" */
	struct span
	    way; /* "now", "secured", "later"; "granted": decided, the case does not say it yet */
	int64_t asked, granted;
};

enum err store_put_quota_hold(struct store *s, const struct store_quota_hold *h,
			      struct cause *why) MUST_CHECK;
enum err store_remove_quota_hold(struct store *s, const struct store_quota_hold *h,
				 struct cause *why) MUST_CHECK;
/* What store_list_quota_holds() will be asked; and that it is asked anew, where what was asked ahead may have changed since. */
enum err store_ahead_quota_holds(struct store *s, struct arena *a, const struct store_case_key *key,
				 uint32_t n, struct cause *why) MUST_CHECK;
void store_forget_quota_holds(struct store *s, struct span office, struct span reference);
/* What a case holds, by quota, period and sub. */
enum err store_list_quota_holds(struct store *s, struct arena *a, struct span office,
				struct span reference, struct store_quota_hold **ret,
				uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Those of a way whose day lies before one, by day, quota, period; limit at most STORE_PAGE_MAX. */
enum err store_list_due_quota_holds(struct store *s, struct arena *a, struct span way,
				    struct span day, uint32_t limit, struct store_quota_hold **ret,
				    uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* All claims of one day that wait for it ("later"), in their order: at, office, reference. */
enum err store_list_day_quota_holds(struct store *s, struct arena *a, struct span quota,
				    struct span period, struct span day,
				    struct store_quota_hold **ret, uint32_t *ret_count,
				    struct cause *why) MUST_CHECK;
/* Those of a quota, the newest first (at, office, reference, sub), from before one whose `quota` and these say where; limit at
 * most STORE_PAGE_MAX. */
enum err store_page_quota_holds(struct store *s, struct arena *a,
				const struct store_quota_hold *before, uint32_t limit,
				struct store_quota_hold **ret, uint32_t *ret_count,
				struct cause *why) MUST_CHECK;
enum err store_scan_quota_holds(struct store *s,
				enum err (*take)(void *context, const struct store_quota_hold *h,
						 struct cause *why),
				void *context, struct cause *why) MUST_CHECK;

/* The state of a quota changed. */
struct store_quota_news {
	struct span quota, period;
	int64_t serial, at;
	struct span state;
	int64_t balance;
};
enum err store_put_quota_news(struct store *s, const struct store_quota_news *n,
			      struct cause *why) MUST_CHECK;
/* The newest first; limit at most STORE_PAGE_MAX. */
enum err store_list_quota_news(struct store *s, struct arena *a, struct span quota,
			       struct span period, uint32_t limit, struct store_quota_news **ret,
			       uint32_t *ret_count, struct cause *why) MUST_CHECK;
enum err store_scan_quota_news(struct store *s,
			       enum err (*take)(void *context, const struct store_quota_news *n,
						struct cause *why),
			       void *context, struct cause *why) MUST_CHECK;

#endif
