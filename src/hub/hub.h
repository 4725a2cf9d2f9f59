/* The hub: the use cases of Customhouse, one a file. http/ and cli/ call these and nothing below.
 *
 * One process owns a store and settles its cases, one after the other, in one writer thread; any number of threads
 * may call. Reading needs no owner. Everything that a trader may see passes hub_answer(); everything else is for
 * officers, auditors and the operator. */
#ifndef CUSTOMHOUSE_HUB_HUB_H
#define CUSTOMHOUSE_HUB_HUB_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/hash.h"
#include "codec/json.h"
#include "flow/flow.h"
#include "hub/notices/push.h"
#include "hub/view.h"
#include "msg/msg.h"
#include "ref/ref.h"

struct hub;
struct patience;
struct who;

enum hub_mode {
	HUB_READ, /* looks at a store that anybody may own */
	HUB_OWN,  /* owns it: settles */
};

/* Whether the decisions of a store have an effect: hub/audit/shadow.h. */
enum hub_effect {
	EFFECT_AS_BEGUN, /* as the store was begun; of a new one they have */
	EFFECT_LIVE,
	EFFECT_NONE,
};

/* This process as one of several on one database. */
struct node_options {
	const char *name; /* 1 to 63 letters, digits, dots, dashes, underscores */
	/* http://HOST:PORT or https://HOST:PORT, by which other nodes reach it */
	const char *address;
	bool passing; /* once it stops there is no trace of it */
};

/* Directories of EDIFACT that messages are read with, beside those that are built in. Of the process: set once, before a hub or
 * a clearing is opened, and constant while one is open. Each has its name; an owner keeps it in its store (docs/edifact.md). */
void hub_use_directories(const struct edifact_set *set_or_null);
const struct edifact_set *hub_directories(void);
/* Gives a directory the name that decisions have of it. Inside arena_run() of the arena. */
void hub_name_directory(struct arena *a, struct edifact_directory *d);

struct hub_options {
	const char *
	    where; /* data directory: keys, roots, notes on messages in flight; the store, unless: */
	const char *database; /* URL of the store; NULL: it lies in the data directory */
	/* HUB_OWN of a database: what this process is called among those that share it; NULL: a name made for the moment */
	const struct node_options *node;
	/* URL of a replica of it, which lists, statements and audits are read from; NULL: none */
	const char *read_database;
	enum hub_mode mode;
	enum hub_effect effect; /* HUB_OWN */
	/* HUB_OWN: how long a list or a statement may take to be read; 0: LIMIT_LIST_SECONDS */
	uint32_t list_seconds;
	/* HUB_READ: how long whoever opens it waits for what is read; NULL: without end */
	const struct patience *patience;
	/* HUB_OWN: a pack folder, which seeds a store that has none in force; NULL: none */
	const char *pack;
	const char *socket; /* HUB_OWN: where this process takes local requests; NULL: nowhere */
	/* HUB_OWN: file outside the store that the signed roots are appended to; NULL: DIR/roots.log */
	const char *roots;
	/* HUB_OWN: the unix socket of a ClamAV daemon, which looks through documents; NULL: none */
	const char *clamav;
	/* HUB_OWN: deliver to hooks, and remove old notices, as hub/notices/push.h says; NULL: neither */
	const struct push_options *push;
};

/* Opens a store, reads the keys and what is in force, puts what crashed an earlier process into quarantine, starts the writer.
 * Errors as store_open(); ERR_FORMAT: the pack has faults (listed in the cause's text: the first); ERR_NOT_FOUND:
 * HUB_OWN, and no pack is in force and none was given;
 * ERR_CONFLICT: the store was begun to have another effect. */
enum err hub_open(const struct hub_options *options, struct hub **ret,
		  struct cause *why) MUST_CHECK;
/* Settles what was accepted, signs the roots, closes. NULL is allowed. */
void hub_close(struct hub *h);

/* ---- submit.c ---- */

enum outcome_kind {
	OUTCOME_FAILED,     /* not settled: err and cause say why; nothing is stored */
	OUTCOME_UNREADABLE, /* no declaration in these bytes: fault says where; nothing is stored */
	OUTCOME_NEW,        /* stored just now */
	OUTCOME_REPEATED,   /* the same bytes were decided before: that outcome */
	OUTCOME_CONFLICT,   /* other bytes stand under this key: the cause names the case */
	OUTCOME_DENIED, /* who sends may not do so in this name: the cause says which; nothing is stored */
};

struct outcome {
	enum outcome_kind kind;
	struct cause cause;
	struct codec_fault fault;
	bool accepted;
	struct span reference;
	struct span decision; /* decision_write()'s bytes, as stored */
	struct span answer;   /* what the trader is told, as stored (hub/settle/record.h) */
	int64_t decided_at;
};

/* A version that comes of an act: a correction, a request that is granted, goods that are presented. */
struct authored {
	struct span login; /* who acts */
	unsigned roles;
	struct span reason;
	struct span request; /* granted: its number; empty: a correction */
	int64_t until;       /* correction: until when the trader may reply */
	struct span key;     /* Idempotency-Key of the act; empty: none */
	struct hash asked;   /* of the act's bytes */
	bool allots;         /* the hub says what was granted of a quota (quota/quota_day.c) */
};

struct submission {
	struct span raw;                 /* the message; copied by nobody: lives until done */
	const struct msg_format *format; /* NULL: recognise by content */
	/* who sends: people.h says for whom they may. NULL, or the operator: for anybody, and the message says who it is */
	const struct who *who;
	/* the sender, where nobody is signed in and the caller knows; empty: the message says */
	struct span sender;
	/* Idempotency-Key; empty: the trader's reference, or else the hash of the bytes */
	struct span key;
	const struct authored *authored; /* NULL: the trader's own */
	/* what the cutter of its file learned (msg_read_next()); used while hub_submit() reads, on that thread. NULL: nothing */
	struct edi_learned *learned;
	struct arena *arena; /* the outcome lies in it; belongs to the hub until done */
	struct outcome outcome;
	void (*done)(struct submission *
			 s); /* called once, on the caller's or the writer's thread, after COMMIT */
	void *context;       /* the caller's */
	struct lodging *following; /* the hub's own: what hub_follow() goes on with */
};

/* Reads on the caller's thread, then hands over to the writer. done is called in every case. */
void hub_submit(struct hub *h, struct submission *s);
/* The same, and waits. */
void hub_submit_wait(struct hub *h, struct submission *s);

/* ---- clear.c: decide without storing ---- */

struct clearing;
enum err clearing_open(const char *pack, struct clearing **ret, struct pack_faults *faults,
		       struct cause *why) MUST_CHECK;
void clearing_close(struct clearing *c);
struct inforce;
const struct inforce *clearing_inforce(const struct clearing *c);
/* Decides one message as if it were the first of a fresh store (no history, no draw: the record says so). The outcome
 * is as of hub_submit(). */
void clearing_decide(struct clearing *c, struct submission *s, int64_t now);

/* ---- packs.c ---- */

/* A pack is put in force from today on. */
enum { PACK_FROM_TODAY = INT32_MIN };
/* Loads a pack folder and puts it in force from a day of the pack's country on, today's or a later one; until then, what is in
 * force stays. Nothing changes unless all of it is sound. *ret_unchanged: it was in force already, and today was asked for.
 * ERR_USAGE: the day has passed. ERR_DENIED: it would change something, and the store has people, of whom two are of the tariff
 * office (hub/edition/candidate.h), or none gave a reason, which is kept with the event. */
enum err hub_activate_pack(struct hub *h, struct arena *a, const char *folder, int32_t from,
			   struct span reason, struct pack_faults *faults, bool *ret_unchanged,
			   struct cause *why) MUST_CHECK;

/* The archives in force today, in a. ERR_NOT_FOUND: none. Also of a store that another process owns. */
enum err hub_get_pack(struct hub *h, struct arena *a, struct span ret_archive[PACK_PARTS],
		      struct cause *why) MUST_CHECK;

/* ---- look.c: reading ---- */

struct hub_case {
	enum view view; /* how much of it may be shown to who asked */
	struct span office, reference, state, lane, type, trader_reference;
	int64_t version, decided_at;
	struct span decision; /* of the version asked for */
	struct span answer;   /* p == NULL: erased */
	/* what people sent and read of it was erased: {"step","reason","ordered_by"} of hub/life/erase.h; n == 0: it was not */
	struct span erasure, erased_by;
	int64_t erased_at;
	/* the case lives on: what the trader is told of it now, instead of what the answer says */
	bool lives;
	struct flow_view now;
};
struct hub_look {
	const struct who *who; /* who asks */
	struct span reference;
	int64_t version; /* 0: the newest */
	enum purpose purpose;
	struct span request; /* id of the request, for the note of the access; may be empty */
};
/* The case, as far as who asks may know of it; what is not theirs to see is not in *ret. Everything lies in a. ERR_NOT_FOUND:
 * there is none, for them. */
enum err hub_get_case(struct hub *h, struct arena *a, const struct hub_look *look,
		      struct hub_case *ret, struct cause *why) MUST_CHECK;

/* The newest accepted version of its declaration, or of a rejected one what was handed in, as canonical JSON: for those who may
 * see its answer. ERR_NOT_FOUND: there is none, for them, or it was erased. */
struct text;
enum err hub_write_declaration(struct hub *h, struct text *to, const struct hub_look *look,
			       struct cause *why) MUST_CHECK;

struct hub_figures {
	int64_t submitted, accepted, rejected, repeated, conflicts, denied, unreadable, failed,
	    elsewhere; /* since start; elsewhere: told which node settles it */
	/* passwords: slow hashes computed; right, wrong, not looked at because of earlier failures */
	int64_t passwords_hashed, passwords_right, passwords_wrong, passwords_held_up;
	int64_t batches, queue, queue_max;
	bool replica_away;   /* there is one, and it did not answer: the primary does its work */
	int64_t round_trips; /* of the writer's, to a database's server */
	int64_t batch_microseconds;
	bool writable; /* the last commit worked */
	struct push_figures push;
};
void hub_get_figures(struct hub *h, struct hub_figures *ret);

/* What the public may see of the draws: for each key its day, commitment, rates, and how many movements were drawn
 * and picked at random once the day is over, as a signed JSON document. */
enum err hub_write_draws(struct hub *h, struct text *to, const struct patience *patience,
			 struct cause *why) MUST_CHECK;

/* ---- replay.c, verify.c ---- */

struct audit_report {
	int64_t looked_at, differences;
	int64_t
	    erased; /* replay: decisions whose message was erased; verify: payloads that were, by an order */
	/* Called for each fault, as it is found. */
	void (*fault)(void *context, struct span office, int64_t seq, struct span reference,
		      const char *text);
	/* Called now and then; total 0: unknown. */
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
	/* set by another thread: the run ends soon, with ERR_BUSY. NULL: it runs to its end */
	const atomic_bool *stop;
};
/* Decides every stored decision since a moment again and compares bytes. ERR_NONE also when there are differences. */
enum err hub_replay(struct hub *h, int64_t since, struct audit_report *report,
		    struct cause *why) MUST_CHECK;

struct verify_options {
	const char *roots; /* the file outside; NULL: DIR/roots.log */
	/* file; NULL: draws are checked against their commitments only where DIR/keys/auditor.key is there */
	const char *auditor_key;
	int64_t roots_bytes; /* only so much of that file; 0: what it has when this begins */
};
/* Hash chains, signed roots, projections against the log, versions against their hashes, draws against keys and
 * commitments, the file itself. */
enum err hub_verify(struct hub *h, const struct verify_options *options,
		    struct audit_report *report, struct cause *why) MUST_CHECK;

/* The keys of the draws, one a line: {"day","rate","commitment","key"}, opened with the auditor's secret, whose file is named
 * (docs/rules.md says how to check a draw with them). Not inside arena_run(). ERR_DENIED: it does not open one. */
enum err hub_write_day_keys(struct hub *h, struct text *to, const char *auditor_key,
			    struct cause *why) MUST_CHECK;

/* ---- node/peers.c: several nodes on one database ---- */

bool hub_is_node(const struct hub *h);
/* A node of this address lives, as far as this one knows. */
bool hub_peer_lives(struct hub *h, const char *address);
/* Audits and simulations stay in the memory of one node, that which delivers to hooks. ERR_ELSEWHERE: it is another one; the text
 * begins with its address and a blank. */
enum err hub_has_long_work(struct hub *h, struct cause *why) MUST_CHECK;
/* What shows a node that another one passed a request on: a MAC over the pieces, at most 12, with a key that all nodes have. */
void hub_mark_peer(const struct hub *h, const struct span *pieces, size_t n, char ret[65]);
bool hub_check_peer(const struct hub *h, const struct span *pieces, size_t n, struct span mark);
/* {"node","run","ready","nodes":[...],"leases":[...]}: as this node sees them. ERR_DENIED; ERR_NOT_FOUND: it is the only one. */
enum err hub_write_nodes(struct hub *h, const struct who *by, struct text *to,
			 struct cause *why) MUST_CHECK;

/* ---- backup.c ---- */

/* where: the directory of a store, or the URL of its database. */
enum err hub_backup(const char *where, int fd, struct cause *why) MUST_CHECK;
enum err hub_restore(const char *where, int fd, struct cause *why) MUST_CHECK;

#endif
