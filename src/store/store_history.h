/* What past cases say of who trades, of goods and of places. Part of store.h, which says what holds for all of it. Projections of
 * the log: hub/history/ folds it into rows, one of each subject and office, in the writing of risk/history.h. */
#ifndef CUSTOMHOUSE_STORE_STORE_HISTORY_H
#define CUSTOMHOUSE_STORE_STORE_HISTORY_H

struct store_history {
	struct span subject, office;
	struct span body;
};
struct store_histories {
	struct store_history *row;
	uint32_t count;
};

/* The rows of each of n subjects, of all offices, by office. ret is an array of n. */
enum err store_find_histories(struct store *s, struct arena *a, const struct span *subjects,
			      uint32_t n, struct store_histories *ret,
			      struct cause *why) MUST_CHECK;
/* Each of n rows by subject and office: fills in its body; p NULL: there is none. */
enum err store_get_histories(struct store *s, struct arena *a, struct store_history *rows,
			     uint32_t n, struct cause *why) MUST_CHECK;
/* Over what stood there. */
enum err store_put_history(struct store *s, const struct store_history *h,
			   struct cause *why) MUST_CHECK;
/* By subject and office. */
enum err store_scan_histories(struct store *s,
			      enum err (*take)(void *context, const struct store_history *h,
					       struct cause *why),
			      void *context, struct cause *why) MUST_CHECK;

/* Up to which event of an office's log histories are kept. */
struct store_history_mark {
	struct span office;
	int64_t seq;
};
/* 0 where nothing is kept yet. */
enum err store_get_history_mark(struct store *s, struct arena *a, struct span office, int64_t *ret,
				struct cause *why) MUST_CHECK;
enum err store_put_history_mark(struct store *s, const struct store_history_mark *m,
				struct cause *why) MUST_CHECK;

/* ---- st_codes.c: which goods a case declared, in its first version. It follows the log as histories do ---- */

struct store_case_codes {
	struct span office, chapter; /* the first two digits */
	struct span reference;
	struct span codes; /* of that chapter, each behind a comma: ",85171300,85176200" */
};
/* Over what stood there. */
enum err store_put_case_codes(struct store *s, const struct store_case_codes *c,
			      struct cause *why) MUST_CHECK;
/* By office, chapter and reference. */
enum err store_scan_case_codes(struct store *s,
			       enum err (*take)(void *context, const struct store_case_codes *c,
						struct cause *why),
			       void *context, struct cause *why) MUST_CHECK;
/* Up to which event of an office's log. 0 where nothing is kept yet. */
enum err store_get_case_codes_mark(struct store *s, struct arena *a, struct span office,
				   int64_t *ret, struct cause *why) MUST_CHECK;
enum err store_put_case_codes_mark(struct store *s, const struct store_history_mark *m,
				   struct cause *why) MUST_CHECK;

#endif
