/* Cargo reports: what a carrier says of a conveyance and the goods aboard, lodged at an office, replaced, withdrawn, arrived; and
 * the bills that it opens, which declarations write off (writeoff.h). docs/cargo-reports.md tells it to people.
 *
 * A report is kept in the chain of its office: "cargo-input" (the bytes received) and "cargo-decision" (cargo_decide.h) behind
 * it. The tables cargo and stock are projections. */
#ifndef CUSTOMHOUSE_HUB_CARGO_CARGO_H
#define CUSTOMHOUSE_HUB_CARGO_CARGO_H

#include "hub/hub.h"
#include "hub/people/people.h"

/* As hub_submit() of a declaration: decision is cargo_decision_write()'s bytes, answer cargo_answer_write()'s. The key is what a
 * report without a reference is known by. Once done() was called, hub_follow() is the caller's to call. */
void hub_submit_cargo(struct hub *h, struct submission *s);
/* The same, and waits, and follows. */
void hub_submit_cargo_wait(struct hub *h, struct submission *s);
/* What comes of an outcome after COMMIT, on a thread that may wait: where a conveyance arrived, what waited for its goods is
 * presented. Nothing for everything else. Before the arena of the submission is used again. */
void hub_follow(struct hub *h, struct submission *s);

/* ---- bills.c: looking. Each writes one JSON document. ---- */

/* The report of this reference: for officers of its office and auditors the decision, as stored; for its sender and carrier the
 * answer; both with "arrived_at". ERR_NOT_FOUND: none, for them. */
enum err hub_write_cargo(struct hub *h, struct text *to, const struct hub_look *look,
			 struct cause *why) MUST_CHECK;

/* The conveyance arrived, says its carrier, who reported, or an officer of the office: so did every report in force of the same
 * conveyance there. Declarations that hold a bill of them and waited for their goods are presented.
 *     {"reference","arrived_at","presented":2,"waiting":0}
 * waiting: how many could not be: the hub tries again for half a minute, and whenever it is said again; of several nodes, those
 * of other nodes among them, which present them within moments. ERR_NOT_FOUND; ERR_DENIED; ERR_CONFLICT: the report is not in
 * force. */
enum err hub_cargo_arrival(struct hub *h, struct text *to, const struct hub_look *look,
			   bool *ret_repeated, struct cause *why) MUST_CHECK;
/* What came off, by the same people: {"bills":[{"type","id","packages","mass"}]}; several add up, but one with "instead":true
 * comes in the place of all before. key: the Idempotency-Key, or empty; the same count again under it is *ret_repeated and adds
 * nothing. Errors likewise, ERR_CONFLICT also where another count stands under the key; ERR_FORMAT. */
enum err hub_cargo_outturn(struct hub *h, struct arena *a, const struct hub_look *look,
			   const struct json *outturn, struct span key, bool *ret_repeated,
			   struct cause *why) MUST_CHECK;
/* {"reference","conveyance","arrived","counted","bills":[{"type","id","reported","written_off","landed","short","over"}]}: for
 * who sees the report. Without a count all is short. ERR_NOT_FOUND. */
enum err hub_write_landing(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why) MUST_CHECK;

struct cargo_page {
	struct span office;              /* officers: one of theirs; or */
	struct span carrier;             /* a carrier: one of their parties */
	struct span after;               /* "after" of the page before; empty: the first */
	uint32_t limit;                  /* 1 to BILLS_PAGE_MAX */
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};
/* {"reports":[{"reference","trader_reference","version","state","sender","carrier","office","conveyance","decided_at",
 * "arrived_at"}],"after"}, by reference. ERR_DENIED; ERR_FORMAT: a page that is none. */
enum err hub_write_cargo_list(struct hub *h, struct text *to, const struct who *who,
			      const struct cargo_page *page, struct span request,
			      struct cause *why) MUST_CHECK;

struct bill_page {
	struct span office;              /* officers: one of theirs */
	struct span carrier;             /* or a carrier: one of their parties; or */
	struct span party;               /* a trader: bills consigned to this one */
	struct span after;               /* "after" of the page before; empty: the first */
	uint32_t limit;                  /* 1 to BILLS_PAGE_MAX */
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};
enum { BILLS_PAGE_MAX = 200 };

/* {"bills":[{"type","id","carrier","office","report","opened_at","age_days","granted":{...},"reserved","used"}],"after"}:
 * those that are open, the oldest first; for a consignee granted and what is left. ERR_DENIED; ERR_FORMAT: a page that is
 * none. */
enum err hub_write_bills(struct hub *h, struct text *to, const struct who *who,
			 const struct bill_page *page, struct span request,
			 struct cause *why) MUST_CHECK;

#endif
