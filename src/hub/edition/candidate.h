/* Candidates: packs that one person of the tariff office proposes, and that come in force when another approves.
 *
 * A proposal is checked as it comes (faults of the pack, integrity of the tariff: docs/packs.md, docs/tariff-import.md) and
 * kept whole,
 * by its hashes, beside the hashes of what was in force then; both stay, so that what it would change can be asked at any time.
 * Every step is an event of kind "candidate" in the hub's own chain; the number of the first is the candidate's:
 *
 *     {"step":"proposed","pack","rules","lists","base":{"pack","rules","lists"},"from_day","reason"}
 *     {"step":"approved"|"refused"|"withdrawn","candidate","reason"}      approved: the activations follow in the same
 * transaction
 *     {"step":"report","candidate","kind","sha256"}                       what was worked out for it: the bytes' hash
 *
 * Approves or refuses: anybody with the role tariff but who proposed. Withdraws: who proposed. The operator does none of it.
 * Where the tariff in force has changed since it was proposed, it is not approved: it would undo that. */
#ifndef CUSTOMHOUSE_HUB_EDITION_CANDIDATE_H
#define CUSTOMHOUSE_HUB_EDITION_CANDIDATE_H

#include "hub/inforce.h"
#include "hub/people/people.h"

#define CANDIDATE_KIND SPAN("candidate")

/* What is proposed. */
enum candidate_form {
	CANDIDATE_PACK, /* a whole pack, as tar, not compressed: the files of its folder */
	CANDIDATE_TARGETING, /* rules, lists, or both, as tar; what it leaves out stays as it is in force */
	CANDIDATE_SHARED, /* a bundle of another administration (share.h) */
};

struct candidate_proposal {
	enum candidate_form form;
	struct span archive;
	struct span from_day; /* empty: the day on which it is approved */
	struct span reason;   /* 1 to LIMIT_REASON_BYTES */
};

/* Inside arena_run() of a, which needs room for reasons and faults only. ERR_DENIED; ERR_FORMAT: the archive, the day or the
 * reason, or
 * the pack, whose faults are then listed; ERR_CONFLICT: it is in force already; ERR_LIMIT. */
enum err hub_propose_pack(struct hub *h, struct arena *a, const struct who *by,
			  const struct candidate_proposal *p, struct pack_faults *faults,
			  int64_t *ret_number, struct cause *why) MUST_CHECK;

enum candidate_step { CANDIDATE_APPROVED, CANDIDATE_REFUSED, CANDIDATE_WITHDRAWN };

/* ERR_NOT_FOUND; ERR_DENIED; ERR_CONFLICT: it was decided before, its day has passed, or the tariff has changed since;
 * ERR_FORMAT:
 * refused or withdrawn without a reason. */
enum err hub_decide_candidate(struct hub *h, struct arena *a, const struct who *by, int64_t number,
			      enum candidate_step step, struct span reason,
			      struct cause *why) MUST_CHECK;

/* The tariff office, analysts and auditors look; reports "rules" and "import" are for who is cleared for targeting.
 * Inside arena_run() of the text's arena.
 * {"number","state","pack","rules","lists","base":{...},"from_day","proposed_by","proposed_at","reason","decided_by",
 * "decided_at",
 * "decided_reason"}, of one candidate with its "reports"
 * by kind ("validation", "changes", "revenue", "rules", "import"), each {"at","report"} and, where it was worked out here,
 * "sha256","signature","public_key" (candidate_signed()). ERR_NOT_FOUND, ERR_DENIED. */
enum err hub_write_candidate(struct hub *h, struct text *to, const struct who *by, int64_t number,
			     struct cause *why) MUST_CHECK;
/* {"candidates":[...]}, the newest first, below a number; at most LIMIT_CANDIDATES. */
enum err hub_write_candidates(struct hub *h, struct text *to, const struct who *by, int64_t before,
			      struct cause *why) MUST_CHECK;

/* The archives of a candidate and of its base, in a. ERR_NOT_FOUND, ERR_DENIED. Also with HUB_READ. */
enum err hub_get_candidate(struct hub *h, struct arena *a, const struct who *by, int64_t number,
			   struct span ret_archive[PACK_PARTS], struct span ret_base[PACK_PARTS],
			   struct cause *why) MUST_CHECK;

/* Keeps what was worked out for a candidate, signed; a report of the same kind before is replaced, its event stays. */
enum err hub_attach_report(struct hub *h, struct arena *a, struct span actor, int64_t number,
			   struct span kind, struct span body, struct cause *why) MUST_CHECK;

/* What the signature of a report is over: "customhouse report\n" NUMBER "\n" KIND "\n" SHA256-OF-THE-REPORT "\n". Inside
 * arena_run(). */
struct span candidate_signed(struct arena *a, int64_t number, struct span kind, const char *sha256);

/* May they propose, decide and simulate what changes the tables, or only rules and lists? Tables are for the role tariff,
 * rules and lists for analysts as well. ERR_DENIED. */
enum err candidate_demand(const struct who *by, bool tables, struct cause *why) MUST_CHECK;

#endif
