/* Notifications: what happened to a case, told to whom it concerns.
 *
 * A notice is put into the outbox by the transaction that makes it true, and leaves after COMMIT by three ways that all read the
 * outbox: who asks (hub_list_notices()), open streams (hub_listen()), hooks (hub/notices/push.h). None of them can lose one.
 *
 * Numbers of notices run from 1 for each party, without gaps, and become visible in their order. They do not run over the whole
 * store: a trader who compares two numbers of its own would else see how many notices others got in between, and so whether
 * officers were told of its case. */
#ifndef CUSTOMHOUSE_HUB_NOTICES_NOTICES_H
#define CUSTOMHOUSE_HUB_NOTICES_NOTICES_H

#include "base/arena.h"
#include "base/text.h"

struct batch;
struct hub;

struct notice {
	/* the bare id of the trader or broker company concerned; one notice a party */
	struct span party;
	bool officers; /* for the officers of `office` instead: party is not looked at */
	struct span office, reference;
	int64_t version;
	struct span
	    kind; /* public name of what happened: "declaration.accepted", at most NOTICE_KIND_BYTES */
	int64_t at;
	/* one JSON object on one line, in UTF-8, which this party may see whole. One that is longer than LIMIT_NOTICE_BYTES is
	 * replaced by {"long":true}: the reader then asks for the case itself */
	struct span body;
	int64_t id; /* of one that was read; notices_put() gives it */
};
enum { NOTICE_KIND_BYTES = 60 };

/* First thing in each attempt of a batch: nobody was told anything. */
void notices_begin(struct batch *b);
/* Tells a party, in the transaction of the batch, once notices_flush() was called; what the batch does not commit nobody sees.
 * The batch then wakes who waits. What the notice points at lives as long as the batch. A notice to no party (an empty id, or
 * one that no user can belong to) is none, nor is any in a shadow (hub/audit/shadow.h). Does not leave through the arena.
 * ERR_DB, ERR_IO, ERR_NOMEM: as every write, fails the batch. */
enum err notices_put(struct batch *b, const struct notice *n, struct cause *why) MUST_CHECK;
/* Numbers what was put, party by party in the order of the putting, and writes it: before the batch locks what all nodes wait for
 * one another with. */
enum err notices_flush(struct batch *b, struct cause *why) MUST_CHECK;
/* After COMMIT, before the batch's arena is reset: wakes streams and hooks of the parties that were told something. */
void notices_wake(struct batch *b);

/* The key under which the notices of an office's officers are kept, for the functions below: "office/CODE". */
struct span notices_of_office(struct arena *a, struct span office);

/* {"id":7,"kind":...,"office":...,"reference":...,"version":...,"at":...,"data":BODY} on one line: what every way sends, the same
 * bytes each time. */
void notice_write(struct text *to, const struct notice *n);

/* ---- reading ---- */

enum { NOTICES_PAGE_MAX = 500 };

/* A connection of its own, for whoever reads often. Belongs to one thread at a time. NULL may be closed. */
struct notice_reader;
enum err notice_reader_open(struct hub *h, struct notice_reader **ret,
			    struct cause *why) MUST_CHECK;
void notice_reader_close(struct notice_reader *r);

/* A party's notices behind the number `after`, oldest first, in a. limit: 1 to NOTICES_PAGE_MAX. Older ones may have been removed
 * (push_options.keep): the numbers tell. */
enum err notice_read(struct notice_reader *r, struct arena *a, struct span party, int64_t after,
		     uint32_t limit, struct notice **ret, uint32_t *ret_n,
		     struct cause *why) MUST_CHECK;
/* The number of the newest; 0: there is none. */
enum err notice_newest(struct notice_reader *r, struct span party, int64_t *ret,
		       struct cause *why) MUST_CHECK;
/* The same for whoever asks once. */
enum err hub_list_notices(struct hub *h, struct arena *a, struct span party, int64_t after,
			  uint32_t limit, struct notice **ret, uint32_t *ret_n,
			  struct cause *why) MUST_CHECK;

/* ---- being woken ---- */

struct notice_listener {
	struct span party; /* lives as long as the listener listens */
	/* There may be something new. Called on the writer's thread, with a lock held: quick, and calls nothing of the hub. */
	void (*wake)(struct notice_listener *l);
	struct notice_listener *next, **at; /* the hub's */
};

/* What other nodes wrote: wakes as a batch of this one does. */
bool notices_has_listeners(struct hub *h);
void notices_wake_party(struct hub *h, struct span party);
void notices_wake_all(struct hub *h);

void hub_listen(struct hub *h, struct notice_listener *l);
/* After this no wake() runs. */
void hub_unlisten(struct hub *h, struct notice_listener *l);

#endif
