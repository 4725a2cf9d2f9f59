/* What offices tell everybody: a projection of the log, a row for each announcement as it stands. Beside store.h, which says what
 * holds for all of the store. */
#ifndef CUSTOMHOUSE_STORE_STORE_ANNOUNCEMENT_H
#define CUSTOMHOUSE_STORE_STORE_ANNOUNCEMENT_H

#include "store/store.h"

struct store_announcement {
	struct span office;
	int64_t number;           /* from 1, in its office */
	int64_t version;          /* from 1 */
	struct span from, to_day; /* days that it is told on; without an end "9999-12-31" */
	int64_t at;               /* of the version */
	struct span author;       /* login */
	struct span body;         /* JSON, as in its event */
};

/* A new one, or a new version of one. */
enum err store_put_announcement(struct store *s, const struct store_announcement *n,
				struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_announcement(struct store *s, struct arena *a, struct span office,
				int64_t number, struct store_announcement *ret,
				struct cause *why) MUST_CHECK;
/* The highest number of an office; 0: it has none. */
enum err store_last_announcement(struct store *s, struct span office, int64_t *ret,
				 struct cause *why) MUST_CHECK;

struct store_announcement_page {
	struct span day;    /* those that are told on it */
	struct span from;   /* of the last row of the page before; empty: the first page */
	struct span office; /* likewise */
	int64_t number;     /* likewise */
	uint32_t limit;     /* at most STORE_PAGE_MAX */
};
/* The newest first, by their first day. */
enum err store_page_announcements(struct store *s, struct arena *a,
				  const struct store_announcement_page *page,
				  struct store_announcement **ret, uint32_t *ret_count,
				  struct cause *why) MUST_CHECK;
enum err store_scan_announcements(struct store *s,
				  enum err (*take)(void *context,
						   const struct store_announcement *n,
						   struct cause *why),
				  void *context, struct cause *why) MUST_CHECK;

#endif
