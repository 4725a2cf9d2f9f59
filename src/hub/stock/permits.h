/* Permits and certificates that were given for so much, and goods that stay under a procedure (docs/write-off.md): registering
 * the former, looking at both. What declarations take of them: writeoff.h.
 *
 * A registration is an event of kind "permit" in the chain of the office where it is registered:
 *     {"account","kind","holder","issuer","goods","unit","from","until","measured","granted":{...}} */
#ifndef CUSTOMHOUSE_HUB_STOCK_PERMITS_H
#define CUSTOMHOUSE_HUB_STOCK_PERMITS_H

#include "hub/hub.h"
#include "hub/people/people.h"
#include "store/store.h"

struct permit_entry {
	struct span document;    /* its code, which the pack writes off */
	struct span number;      /* with the document: what it is known by */
	struct span holder;      /* party id */
	struct span goods;       /* codes of two to ten digits, with blanks between; empty: all */
	struct span from, until; /* ISO days; empty: no bound */
	struct span packages, mass, value,
	    quantity;       /* decimal text, kg, national money; empty: no limit */
	struct span unit;   /* of the quantity */
	struct span office; /* in whose chain it is kept */
};

/* Registers it, or puts other words over what stood there; what was taken of it stays. ERR_DENIED: neither an officer of the
 * office nor an agency, or another's permit; ERR_FORMAT: something that is none; ERR_CONFLICT: more is taken than that. */
enum err hub_put_permit(struct hub *h, const struct who *by, const struct permit_entry *p,
			struct cause *why) MUST_CHECK;

/* What an event registered. ERR_FORMAT. Texts point into the payload. Inside arena_run(). */
enum err permit_read_event(struct arena *a, struct span payload,
			   struct store_stock *ret) MUST_CHECK;

enum { STOCK_PAGE_MAX = 200 };
struct stock_page {
	bool permits;                      /* or goods under a procedure */
	struct span office, party, agency; /* one of them: whose */
	bool overdue;                      /* only those whose last day is over */
	struct span after;                 /* "after" of the page before; empty: the first */
	uint32_t limit;                    /* 1 to STOCK_PAGE_MAX */
	const struct patience *patience;   /* of whoever asks; NULL: not known */
};
/* {"accounts":[{...}],"after"}: those that are open, the oldest first. An office's for its officers and for auditors, a party's
 * for itself, an agency's for it. ERR_DENIED; ERR_FORMAT: a page that is none. */
enum err hub_write_stock(struct hub *h, struct text *to, const struct who *who,
			 const struct stock_page *page, struct span request,
			 struct cause *why) MUST_CHECK;
/* One permit, with the cases that hold some of it for officers of its office, auditors and whoever gave it; or the accounts that
 * a declaration opened (document empty, number its reference), for who sees the case. ERR_NOT_FOUND: none, for them. */
enum err hub_write_stock_account(struct hub *h, struct text *to, const struct who *who,
				 struct span document, struct span number, struct span request,
				 struct cause *why) MUST_CHECK;

#endif
