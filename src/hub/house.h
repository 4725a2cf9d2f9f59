/* Inside the hub: what its files share. Not for callers. */
#ifndef CUSTOMHOUSE_HUB_HOUSE_H
#define CUSTOMHOUSE_HUB_HOUSE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "hub/audit/audits.h"
#include "hub/hub.h"
#include "hub/inforce.h"
#include "hub/keys.h"
#include "hub/life/life.h"
#include "hub/notices/notices.h"
#include "hub/settle/crew.h"
#include "hub/settle/decision.h"
#include "hub/settle/draw.h"
#include "hub/settle/inflight.h"
#include "store/store.h"

/* The chain of the hub's own events: activations, day keys. */
#define HUB_OFFICE SPAN("HUB")

/* What the writer knows of one office; lost and read again after a failed batch. */
struct office {
	char code[20];
	struct store_head head;
	int32_t day;                    /* of the counts; INT32_MIN: not read yet */
	int64_t accepted[LANE_RED + 1]; /* today, by lane */
	int64_t
	    hour; /* newest in which minutes of officers were counted; INT64_MIN: not read yet */
	int64_t hour_taken; /* of them in that hour */
	struct hash root;   /* of the newest signed root */
	bool known;         /* head and root were read */
	bool touched;       /* in this batch */
	int64_t outside;    /* newest event whose root is in the file outside */
	/* of several nodes (node/node.h): this one's lease, 0: none that is known; locked in this transaction; taken in it */
	int64_t epoch, used;
	bool locked, fresh;
};
enum { OFFICES_MAX = 1024, SALTS = 256, READERS_KEPT = 8, LISTENER_LISTS = 1024, TOLD_LISTS = 64 };

/* What waits for the writer. */
enum entry_kind {
	ENTRY_JOB,     /* struct job: a declaration */
	ENTRY_CHORE,   /* struct chore: anything else that is settled in a batch */
	ENTRY_CONTROL, /* settle_control(): between two batches */
};
struct entry {
	struct entry *next;
	enum entry_kind kind;
};

struct batch;
struct chore;
struct history_memory;
struct ledger_book;
struct node;
struct writeoff_want;

/* An act that will be looked for. */
struct chore_wants {
	const struct who *who;
	struct span reference, key; /* key: its Idempotency-Key; may be empty */
	bool pays;                  /* it asks what stands in accounts */
};

/* Something else than a declaration that is settled in a batch, after the batch's declarations: an act on a case, a look that
 * is noted. Its owner's memory lives until done() was called. */
struct chore {
	struct entry entry;
	struct chore *next; /* of its batch */
	/* In the batch's transaction, on the writer's thread, inside arena_run() of the batch's arena. May run again, so it
	 * begins afresh each time. A refusal is an outcome: only what must undo the transaction is an error. But ERR_ELSEWHERE,
	 * which comes before anything is written, is this chore's alone: done() gets it. */
	enum err (*run)(struct batch *b, struct chore *c, struct cause *why);
	/* Once, after COMMIT; or with the error that it met alone, too: nothing of it is stored then. */
	void (*done)(struct hub *h, struct chore *c, enum err e, const struct cause *why);
	/* what it will ask of a case, so that a batch asks for all its chores at once; NULL: nothing is known of that */
	void (*wants)(const struct chore *c, struct chore_wants *ret);
	/* it writes the hub's own chain, which every node waits for: it runs behind all others of its batch */
	bool last;
	struct cause *elsewhere; /* the batch's: NULL, or which node is to do it */
};

/* One submission on its way through the writer. Lies in the submission's arena. */
struct job {
	struct entry entry;
	struct job *next; /* of its batch */
	struct hub *hub;
	struct submission *submission;

	struct message message;
	struct findings as_read; /* what reading found; every attempt begins with it */
	struct findings findings;
	struct hash hash;
	int64_t received_at;
	enum message_function asked;

	/* filled by the batch */
	const struct inforce *inforce;
	struct facts facts;
	struct office *office;
	/* a request that makes a new version: the declaration as it now stands */
	struct message *amended;
	struct store_declaration before; /* a request: the case it speaks of */
	bool has_before;
	struct span
	    decision_of_goods; /* of the case in which the same goods were lodged before; p NULL: none */
	struct life *life;    /* of that case, as it stood before the batch */
	struct flow_do given; /* what the request does to it */
	struct job *same;     /* an earlier job of the batch with the same key and bytes */
	bool settled;         /* outcome is known: nothing to persist */
	struct decision decision;
	struct span amended_bytes;
	/* what it writes off, and what its case held of that before (stock/writeoff.h) */
	struct writeoff_want *wants;
	struct store_stock_hold *own_holds;
	struct store_stock *own_opens;
	uint32_t want_count, own_hold_count, own_open_count;
	struct store_quota_hold *own_quotas; /* what its case held of quotas (quota/quotas.h) */
	uint32_t own_quota_count;
	bool quotas_lent; /* what completed its case holds them; it takes nothing beside that */
	enum err err;

	int64_t decision_seq; /* of its event, once that is written */

	/* by the crew, once it is decided: the writer looks at these after crew_finish() */
	struct crew_task writing;
	struct span decision_bytes, answer_bytes;
	/* the same and the input, as the store keeps them; p == NULL: as they are */
	struct span input_small, decision_small, answer_small;
	struct hash decision_hash, answer_hash;
	enum err
	    unwritable; /* the next attempt leaves this job out: later ones counted it among their facts */
};

/* Connections that nobody reads by at the moment. */
struct readers {
	struct store *idle[READERS_KEPT];
	uint32_t count;
};

/* Cases whose grant of a quota is to be told after a clock's COMMIT (quota/quota_day.h). */
enum { QUOTA_CASES_TOLD = 64 };
struct quota_told {
	char reference[QUOTA_CASES_TOLD][24], day[QUOTA_CASES_TOLD][12];
	uint32_t n;
};

struct hub {
	struct store *store; /* the writer's; HUB_READ: the caller's */
	enum hub_mode mode;
	char where[4096], roots[4096];
	char database[4096],
	    replica[4096]; /* what store_open() takes: where, unless told otherwise */
	struct keys keys;
	bool has_keys;
	struct inflight *inflight;
	struct scanner *_Atomic scanner; /* NULL: there is none. The writer begins before it */
	struct people *people;           /* people_room.h; NULL: not the owner */
	struct node *node;               /* node/node.h; NULL: one process owns the store */

	pthread_mutex_t lock; /* guards inforce's pointer, the queue and the quarantine list */
	struct inforce *inforce;
	int32_t inforce_day;
	struct hash *quarantined;
	uint32_t quarantined_count;
	struct readers readers, listers;
	uint32_t list_seconds;
	struct patience patience;      /* HUB_READ: of whoever opened it */
	atomic_bool replica_away;      /* it did not answer: lists come from the primary */
	atomic_llong replica_again_at; /* clock_steady(): when it is asked again */

	pthread_cond_t wake;
	struct entry *first, **last;
	uint32_t queued, queued_max;
	bool stopping, running;
	pthread_t writer;

	/* who is woken by notices, by party */
	pthread_mutex_t listeners_lock;
	struct notice_listener *listeners[LISTENER_LISTS];
	struct presenter *_Atomic presenter; /* cargo/presenter.h */
	struct pusher *_Atomic
	    pusher; /* NULL: this process delivers to no hooks. The node's thread begins before it */
	bool push_local;

	bool shadow;                     /* audit/shadow.h: decides, and has no effect */
	struct arena *shadow_arena;      /* the writer's: of one comparison */
	struct audits *audits;           /* audits.c; NULL: none was asked for */
	struct simulations *simulations; /* edition/simulation.h; NULL: none was asked for */

	/* the writer's own */
	struct crew *crew;
	struct arena *batch_arena;
	struct history_memory *history; /* history/history.h */
	struct chore clock;             /* clock_work.c */
	bool clock_again;               /* it has more to do: as soon as nothing waits */
	struct quota_told quota_told;
	int32_t overdue_day;    /* the last day that is looked at next (stock/overdue.h) */
	int64_t clock_ran_at;   /* steady microseconds */
	struct office *offices; /* OFFICES_MAX */
	uint32_t office_count;
	struct draw_key draw;
	uint8_t salts[SALTS][EVENT_SALT_BYTES];
	uint32_t salts_left;
	int64_t roots_written_at;
	bool
	    unsure; /* a transaction began and did not commit: what is known of the offices may be wrong */
	int64_t range_year, range_next, range_left; /* numbers.c: references that are this node's */
	bool range_fresh;                           /* taken in this transaction */
	atomic_bool pack_news;                      /* another node has put a pack in force */

	atomic_llong submitted, accepted, rejected, repeated, conflicts, denied, unreadable, failed,
	    batches, batch_microseconds, elsewhere, round_trips;
	atomic_bool writable;
};

/* Cases that are settled together, and what they share. */
struct batch {
	struct hub *h;
	struct job *first;
	uint32_t n; /* jobs */
	struct chore *chores;
	int64_t now;
	struct inforce *inforce;
	struct map keys; /* "office sender key" of this batch -> its first new job */
	struct map held; /* contingency number -> the job that used it in this batch */
	struct map
	    completed; /* reference of a simplified case -> the job that completes it in this batch */
	struct map goods;   /* "holder goods" -> the job that lodged them in this batch */
	struct map parties; /* holder -> struct store_party, as the batch leaves it */
	struct map stock;  /* name of an account -> what the batch knows of it (stock/writeoff.c) */
	struct map quotas; /* "order period" -> what the batch knows of it (quota/quotas.c) */
	struct map locked; /* ids of holders whose rows are locked */
	struct span *holders;
	uint32_t holder_count;
	int64_t next_number;
	uint32_t numbers_left;
	struct ledger_book
	    *book; /* transfers.c: balances as the batch leaves them; NULL: none was asked for */
	struct store_balances treasury; /* as the book read them */
	bool wrote_draw_key;
	bool unwritable;               /* this attempt failed because of jobs that are marked now */
	int64_t drawn, picked;         /* with the day's key, in this batch */
	struct told *told[TOLD_LISTS]; /* the parties that got notices */
	uint32_t told_waiting;         /* of them, those whose notices are not written yet */
	/* what was asked ahead for all jobs at once */
	struct map authorities; /* people.h */
	struct map rosters;     /* office -> struct store_roster_list; allocate.c */
};

/* batch_read.c, batch_decide.c, batch_write.c: the three steps of a batch, in its transaction. An error fails the
 * batch; what concerns one case alone is in its job. */
enum err batch_read(struct batch *b, struct cause *why) MUST_CHECK;
enum err batch_decide(struct batch *b, struct cause *why) MUST_CHECK;
enum err batch_write(struct batch *b, struct cause *why) MUST_CHECK;
/* After the chores: what all nodes wait for one another with. */
enum err batch_finish(struct batch *b, struct cause *why) MUST_CHECK;
/* A task of the crew: writes the decision and the answer of a decided job into its own arena, and hashes them. */
void batch_write_texts(void *job);
void batch_conflict(struct job *j, struct span reference);
/* Whose account a declaration is on: "importer/ID" or "exporter/ID"; empty: nobody's. */
struct span batch_holder(struct arena *a, const struct declaration *d);
enum err batch_read_event(struct store *s, struct arena *a, const struct store_declaration *row,
			  int64_t seq, struct span *ret, struct cause *why) MUST_CHECK;

/* inforce: the caller lets it go. */
struct inforce *house_inforce(struct hub *h);

/* look.c: a connection to read by, given back after. HUB_READ: the hub's own. Whoever just changed something finds it here. */
enum err house_open_reader(struct hub *h, struct store **ret, struct cause *why) MUST_CHECK;
void house_close_reader(struct hub *h, struct store *s);
/* The same for what speaks of many cases: from the replica, where there is one, and then a moment late. gone: of whoever asks,
 * beside the hub's own limit of time (patience->until is not looked at); NULL: not to be known. */
enum err house_open_lister(struct hub *h, const struct patience *gone, struct store **ret,
			   struct cause *why) MUST_CHECK;
void house_close_lister(struct hub *h, struct store *s);
/* What speaks of many cases, whole: read in one snapshot of a lister, and written inside arena_run() of the arena. */
struct house_listing {
	enum err (*read)(struct store *s, void *context, struct cause *why);
	void (*write)(void *context);
	void *context;
	struct arena *arena;
};
enum err house_list(struct hub *h, const struct patience *gone, const struct house_listing *l,
		    struct cause *why) MUST_CHECK;
void house_free_readers(struct hub *h);

/* clock_work.c: a chore of the writer's own, every few seconds. */
enum err clock_work(struct batch *b, struct chore *c, struct cause *why) MUST_CHECK;
void clock_worked(struct hub *h, struct chore *c, enum err e, const struct cause *why);

/* settle.c */
enum err settle_start(struct hub *h, struct cause *why) MUST_CHECK;
void settle_stop(struct hub *h);
/* Hands a job over. ERR_BUSY: the queue is full or the hub is stopping; nothing was taken. */
enum err settle_enqueue(struct hub *h, struct entry *what) MUST_CHECK;
/* submit.c: how every message begins: bounded, and refused where it once stopped the program. false: s is done. */
bool submit_begin(struct hub *h, struct submission *s, struct hash *ret) MUST_CHECK;
/* Hands over to the writer, or is done: the queue is full. */
void submit_enqueue(struct hub *h, struct submission *s, struct entry *what);
/* Each is done: it cannot be read; s->outcome.fault may say where and why. There is no memory to. */
void submit_unreadable(struct hub *h, struct submission *s, enum err e);
void submit_without_memory(struct submission *s);
/* Submits in one of the ways there are, and waits. */
void submit_wait(struct hub *h, struct submission *s,
		 void (*how)(struct hub *h, struct submission *s));
/* Runs as a chore of a batch, and waits for its COMMIT. run() as that of a chore. ERR_BUSY: nothing was taken. */
enum err settle_errand(struct hub *h,
		       enum err (*run)(struct batch *b, void *context, struct cause *why),
		       void *context, struct cause *why) MUST_CHECK;
/* The same for what writes the hub's own chain: behind all else of its batch. */
enum err settle_errand_last(struct hub *h,
			    enum err (*run)(struct batch *b, void *context, struct cause *why),
			    void *context, struct cause *why) MUST_CHECK;
/* Runs control in the writer's thread, between two batches, and waits for it. */
enum err settle_control(struct hub *h,
			enum err (*control)(struct hub *h, void *context, struct cause *why),
			void *context, struct cause *why) MUST_CHECK;

/* commit.c: a transaction of the writer, or of whoever has its thread; of several nodes, one that says which it is. A lost
 * answer to COMMIT is looked up, and work runs again only where nothing was stored. A database that is away is waited for, some
 * seconds. After a failure what was known of the offices is forgotten. ERR_UNCERTAIN: it may be stored: nothing may be decided
 * again, and whoever asked may ask again as far as the same thing is known again. */
enum err house_commit(struct hub *h,
		      enum err (*work)(struct store *s, void *context, struct cause *why),
		      void *context, struct cause *why) MUST_CHECK;

/* Several nodes: locks what belongs to a holder (its bare id) until the transaction ends; what is read after that is the newest.
 * Again, or with one node, is nothing. An empty id, or the treasury's, has nothing to lock. */
enum err house_lock_holder(struct batch *b, struct span id, struct cause *why) MUST_CHECK;
/* numbers.c: the first of n references' numbers of this year. Several nodes each have ranges of their own. */
enum err house_take_numbers(struct hub *h, int64_t year, uint32_t n, int64_t *ret_first,
			    struct cause *why) MUST_CHECK;
int64_t house_year(const struct batch *b); /* of today */

/* log.c: appending to the chains, inside a batch. */
struct office *house_office(struct hub *h, struct span code); /* NULL: more than OFFICES_MAX */
/* ERR_ELSEWHERE: another node settles it, as node_enter() says; nothing was written. */
enum err house_read_office(struct hub *h, struct office *o, struct cause *why) MUST_CHECK;
/* Several nodes: locks those of these offices that are this node's already, in one question; the others are entered one by one.
 * Inside the batch's arena_run(). */
enum err house_lock_known(struct hub *h, const struct span *code, uint32_t n,
			  struct cause *why) MUST_CHECK;
/* The same by code. *ret_fresh: this node has taken the office just now: what was read of it before may be stale. */
enum err house_enter(struct hub *h, struct span code, struct office **ret, bool *ret_fresh,
		     struct cause *why) MUST_CHECK;
/* Before a case is read to be changed: enters its office, and reads the row again where that was taken just now. */
enum err house_enter_case(struct hub *h, struct arena *a, struct store_declaration *row,
			  struct cause *why) MUST_CHECK;
/* content: the SHA-256 of the payload where it is known; NULL: compute it. */
enum err house_append(struct hub *h, struct office *o, struct event *e, const struct hash *content,
		      struct cause *why) MUST_CHECK;
/* Notes the heads of the offices that this batch touched in the hub's chain, signs its head, stores the root. */
enum err house_sign_roots(struct hub *h, int64_t now, struct cause *why) MUST_CHECK;
/* Appends the newest root to the file outside, at most once a second unless forced. Failing to is logged, never fatal. */
void house_write_roots(struct hub *h, int64_t now, bool force);
/* After a failed batch: everything that was known of the offices is read again. */
void house_forget(struct hub *h);
/* Did this transaction add to any chain? */
bool house_has_touched(const struct hub *h);
/* The bytes that a root's signature covers. */
struct span house_root_bytes(struct arena *a, const struct store_root *r);

/* lodge.c: what lodge_enter() will ask of the store; how many. Inside arena_run(). */
struct scope_wanted;
uint32_t lodge_wants(struct batch *b, const struct job *j, struct scope_wanted ret[2]);
/* lodge.c: in whose name a signed-in sender hands in. A refusal is the job's outcome: it is settled then. */
enum err lodge_enter(struct batch *b, struct job *j, struct cause *why) MUST_CHECK;
/* May they ask for a change of the case that was found? */
enum err lodge_request(struct batch *b, struct job *j, bool *ret_may, struct cause *why) MUST_CHECK;
/* The amended declaration names no company that they may not stand for. */
enum err lodge_amended(struct batch *b, struct job *j, struct cause *why) MUST_CHECK;
/* Whose case it is: who may look at it. */
enum err lodge_persist(struct batch *b, const struct job *j, const struct store_declaration *row,
		       struct cause *why) MUST_CHECK;

/* packs.c */
enum err packs_in_force(struct hub *h, int32_t day, struct cause *why) MUST_CHECK;
/* The same for the day that it is in the pack's country; as one opens. ERR_NOT_FOUND: none is, on any day that it may be. */
enum err packs_today(struct hub *h, struct cause *why) MUST_CHECK;
/* A pack on its way into force. */
struct pack_activation {
	struct hub *h;
	struct arena
	    *arena; /* in which its events are written; inside arena_run() only where it may end */
	const struct inforce *pack;
	struct span actor;  /* empty: the operator */
	struct span reason; /* empty: none is noted */
	int64_t candidate;  /* number of; 0: it was none */
	char day[11];
	bool later;  /* the day is still to come */
	bool shadow; /* the store's first, and it is begun as a shadow */
	int64_t now;
};
/* What was decided stays decided: no day that has begun to be decided gets another pack, but today. ERR_USAGE: it has passed. */
enum err packs_set_day(struct pack_activation *v, int32_t from, struct cause *why) MUST_CHECK;
/* Inside a transaction of the writer, which signs the roots after. */
enum err packs_activate(struct pack_activation *v, struct cause *why) MUST_CHECK;
/* After its COMMIT, in the writer's thread. */
void packs_activated(struct pack_activation *v);
/* shadow: the store is begun as one. */
enum err packs_seed(struct hub *h, const char *folder, bool shadow, struct cause *why) MUST_CHECK;

/* project.c: the row of a case, from what its log says. */
struct case_summary {
	const struct facts *facts;
	struct span input_sha256, type, currency;
	struct span state, lane;
	int64_t items, total_minor, decided_at;
	int64_t input_seq, decision_seq, answer_seq;
	bool accepted;
};
struct projection {
	struct store_declaration row[2]; /* the case, and, for a request, the request itself */
	uint32_t rows;
	char day[11];
};
void project(const struct case_summary *c, struct projection *ret);
/* How an accepted first version counts in a history. */
void project_party(struct store_party *p, struct span day, enum lane lane);
/* Of that day: how many it has declared so far, and their customs value. Inside arena_run(). */
void project_party_today(struct arena *a, struct store_party *p, int32_t day, int64_t minor);
void project_party_read_today(const struct store_party *p, int32_t day, int64_t *ret_count,
			      int64_t *ret_minor);
bool project_counts(const struct case_summary *c);

/* goods.c: a hash that says which goods a declaration speaks of. Inside arena_run(). */
struct span house_goods(struct arena *a, const struct declaration *d);

/* request.c: what a request speaks of. ERR_NOT_FOUND: no such case. */
enum err house_find_case(struct store *s, struct arena *a, struct span reference,
			 struct store_declaration *ret, struct cause *why) MUST_CHECK;
enum err house_message_of(struct store *s, struct arena *a, const struct store_declaration *row,
			  struct message *ret, struct cause *why) MUST_CHECK;

/* notices.c, hooks.c */
struct notice notice_of_row(const struct store_notice *row);
/* What a hook's secret is sealed together with: who changes the row cannot have it opened. Inside arena_run(). */
struct span hook_context(struct arena *a, const struct store_hook *row);

#endif
