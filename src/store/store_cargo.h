/* Cargo reports, and accounts of what is written off. Part of store.h, which says what holds for all of it. */
#ifndef CUSTOMHOUSE_STORE_STORE_CARGO_H
#define CUSTOMHOUSE_STORE_STORE_CARGO_H

/* ---- st_cargo.c: the present of each cargo report ---- */

struct store_cargo {
	struct span office, reference;
	int64_t version;
	struct span sender,
	    trader_reference;     /* with the office: what a report is known by to its sender */
	struct span carrier;      /* party id */
	struct span input_sha256; /* of the newest version, 64 hexadecimal digits */
	struct span state;        /* "accepted", "rejected", "withdrawn" */
	struct span conveyance;   /* "means/journey"; empty: it names none */
	struct span day;          /* the legal date of the newest version */
	int64_t decided_at;
	int64_t arrived_at;              /* 0: not yet */
	int64_t input_seq, decision_seq; /* in the office's log, of the newest version */
};

/* Over what stood there. */
enum err store_put_cargo(struct store *s, const struct store_cargo *c,
			 struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_cargo(struct store *s, struct arena *a, struct span office,
			 struct span reference, struct store_cargo *ret,
			 struct cause *why) MUST_CHECK;
/* All of one sender's reference, the newest last; limit at most STORE_PAGE_MAX. */
enum err store_find_cargo(struct store *s, struct arena *a, const struct store_trader_key *key,
			  uint32_t limit, struct store_cargo **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
/* The reports of a conveyance at an office, by reference. */
enum err store_list_cargo_of(struct store *s, struct arena *a, struct span office,
			     struct span conveyance, uint32_t limit, struct store_cargo **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* A page of an office's reports, by reference, behind one (empty: the first page). */
enum err store_list_cargo(struct store *s, struct arena *a, struct span office, struct span after,
			  uint32_t limit, struct store_cargo **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
/* The same of a carrier's, of whatever office. */
enum err store_list_cargo_by(struct store *s, struct arena *a, struct span carrier,
			     struct span after, uint32_t limit, struct store_cargo **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;
enum err store_scan_cargo(struct store *s,
			  enum err (*take)(void *context, const struct store_cargo *c,
					   struct cause *why),
			  void *context, struct cause *why) MUST_CHECK;

/* ---- st_stock.c: accounts of what is written off, and what each case holds of them ---- */

enum { STORE_MEASURES = 4 }; /* packages, mass, value, quantity: as in stock/stock.h */

struct store_stock {
	/* what it is called where it is used ("bill/705/HLCU1"), and by whom it was made out, as several may use one name */
	struct span account, carrier;
	struct span kind; /* "bill", or a kind of the pack's write_off.csv */
	/* whose document granted it: a cargo report, the declaration that opened it, the agency or office of a permit */
	struct span office, source;
	struct span
	    consignee; /* party id: the bill's consignee, the holder of all else; may be empty */
	int64_t opened_at;
	bool open;                       /* not all of it is used */
	int64_t measured;                /* bits */
	struct span unit;                /* of the quantity; may be empty */
	struct span goods;               /* codes that it is for, with blanks between; empty: all */
	struct span from_day, until_day; /* ISO; empty: not yet, no end */
	int64_t granted[STORE_MEASURES], reserved[STORE_MEASURES], used[STORE_MEASURES];
};

/* Over what stood there. */
enum err store_put_stock(struct store *s, const struct store_stock *k,
			 struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_stock(struct store *s, struct arena *a, struct span account, struct span carrier,
			 struct store_stock *ret, struct cause *why) MUST_CHECK;
enum err store_remove_stock(struct store *s, struct span account, struct span carrier,
			    struct cause *why) MUST_CHECK;
/* What store_list_stock() will be asked with the limit STORE_CARRIERS_MAX. Behind the locks of these names. */
enum { STORE_CARRIERS_MAX = 100 }; /* of one number of a bill */
enum err store_ahead_stock_lists(struct store *s, struct arena *a, const struct span *account,
				 uint32_t n, struct cause *why) MUST_CHECK;
/* Those of one name, by carrier; limit at most STORE_PAGE_MAX. */
enum err store_list_stock(struct store *s, struct arena *a, struct span account, uint32_t limit,
			  struct store_stock **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
enum { STORE_SOURCE_MAX = 9999 }; /* bills of one report */
/* Those that one document granted, by account. */
enum err store_list_stock_of(struct store *s, struct arena *a, struct span source,
			     struct store_stock **ret, uint32_t *ret_count,
			     struct cause *why) MUST_CHECK;

struct store_stock_page {
	/* one of the four is not empty: an office's, a carrier's, a consignee's or holder's, of one source */
	struct span office, carrier, consignee, source;
	struct span names; /* their accounts begin with it: "bill/" */
	struct span ended; /* only those whose last day lies before this one; empty: all */
	/* the last row of the page before; NULL: the first page */
	const struct store_stock *after;
	uint32_t limit; /* at most STORE_PAGE_MAX */
};
/* Those that are open, the oldest first. */
enum err store_page_stock(struct store *s, struct arena *a, const struct store_stock_page *page,
			  struct store_stock **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
/* Goods under a procedure that are open and whose last day is this one, by office and account, behind those of `after`. Texts lie
 * in a. */
enum err store_list_ended_stock(struct store *s, struct arena *a, struct span until,
				const struct store_stock *after, uint32_t limit,
				struct store_stock **ret, uint32_t *ret_count,
				struct cause *why) MUST_CHECK;
/* By account and carrier. */
enum err store_scan_stock(struct store *s,
			  enum err (*take)(void *context, const struct store_stock *k,
					   struct cause *why),
			  void *context, struct cause *why) MUST_CHECK;

struct store_stock_hold {
	struct span account, carrier;
	struct span office, reference; /* the case */
	struct span stage;             /* "reserved", "used" */
	int64_t amount[STORE_MEASURES];
};

enum err store_put_stock_hold(struct store *s, const struct store_stock_hold *h,
			      struct cause *why) MUST_CHECK;
enum err store_remove_stock_hold(struct store *s, const struct store_stock_hold *h,
				 struct cause *why) MUST_CHECK;
/* Who holds how much of an account, by office and reference; limit at most STORE_PAGE_MAX. */
enum err store_list_stock_holds(struct store *s, struct arena *a, struct span account,
				struct span carrier, uint32_t limit, struct store_stock_hold **ret,
				uint32_t *ret_count, struct cause *why) MUST_CHECK;
enum err store_scan_stock_holds(struct store *s,
				enum err (*take)(void *context, const struct store_stock_hold *h,
						 struct cause *why),
				void *context, struct cause *why) MUST_CHECK;

#endif
