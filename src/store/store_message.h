/* Messages that are checked and kept. Part of store.h, which says what holds for all of it. */
#ifndef CUSTOMHOUSE_STORE_STORE_MESSAGE_H
#define CUSTOMHOUSE_STORE_STORE_MESSAGE_H

struct store_message {
	struct span office, reference;
	struct span sender, key; /* with the office: what a message is known by to its sender */
	struct span actor;       /* login of whoever handed it in */
	struct span format;      /* id of msg/ */
	struct span type;        /* "PAXLST" */
	struct span state;       /* "accepted", "rejected" */
	struct hash sha256;      /* of its bytes, */
	int64_t bytes;           /* which are so many */
	int64_t at;
	int64_t input_seq, check_seq; /* in the office's log */
};

/* ERR_CONFLICT: the office has that reference. */
enum err store_add_message(struct store *s, const struct store_message *m,
			   struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_message(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct store_message *ret,
			   struct cause *why) MUST_CHECK;
/* All under one key of a sender's, the newest last; limit at most STORE_PAGE_MAX. */
enum err store_find_messages(struct store *s, struct arena *a, const struct store_trader_key *key,
			     uint32_t limit, struct store_message **ret, uint32_t *ret_count,
			     struct cause *why) MUST_CHECK;

struct store_message_page {
	struct span office; /* an office's; or, where it is empty, */
	struct span sender; /* a sender's, of whatever office */
	struct span type;   /* empty: of every type */
	struct span after; /* reference of the last row of the page before; empty: the first page */
	uint32_t limit;    /* at most STORE_PAGE_MAX */
};
/* By reference. */
enum err store_page_messages(struct store *s, struct arena *a,
			     const struct store_message_page *page, struct store_message **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;
enum err store_scan_messages(struct store *s,
			     enum err (*take)(void *context, const struct store_message *m,
					      struct cause *why),
			     void *context, struct cause *why) MUST_CHECK;

#endif
