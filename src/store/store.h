/* The store: what the hub keeps. Every SQL statement of the program stands behind these functions, one small function a
 * statement.
 *
 * Who may call: hub/ (and cli/ through it). A store is one connection and belongs to one thread at a time; a thread that reads
 * while the settle writer writes opens its own with STORE_READ.
 *
 * Writing functions (append, put, take, activate, erase) are called inside store_batch(), which commits them together: nothing
 * may be acknowledged before it returned ERR_NONE. Reading functions may be called anywhere; inside store_batch() they see
 * what the batch has written, inside store_snapshot() one unchanging picture.
 *
 * Rows that are read live in the arena of the caller, who may be outside arena_run(): nothing here leaves through
 * arena_alloc(). With arena == NULL (scans only) they point into the database's memory and are gone when the callback returns.
 * Texts must be UTF-8. Moments are microseconds UTC; days are ISO text ("2026-11-22"), so that they sort and read alike
 * everywhere.
 *
 * Errors: see db/db.h. ERR_NOT_FOUND comes without a cause where looking for something is no failure.
 *
 * What one core writes (tests/torture/rate_store.c: groups of 128 cases, three events of 4, 3 and 1.5 kB, one declaration, one
 * party, synchronous=FULL): see the table in st.h. */
#ifndef CUSTOMHOUSE_STORE_STORE_H
#define CUSTOMHOUSE_STORE_STORE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/patience.h"
#include "model/event.h"

struct db;
struct store;

/* ---- opening ---- */

enum store_mode {
	STORE_READ, /* never writes; also while an owner runs */
	STORE_OWN, /* the one process that writes: makes the store when it is missing, brings an older one up to date */
};

struct store_options {
	enum store_mode mode;
	/* STORE_OWN: where this process takes requests, for others to find; NULL: nowhere */
	const char *socket;
	int64_t now; /* STORE_OWN: the moment noted with a migration */
	/* STORE_OWN over a URL: the directory of this node, of which it becomes the one owner; NULL: none */
	const char *home;
};

/* where: a directory, or a URL (db/db.h), which any number of nodes may own: they hold leases. Closed with store_close().
 *   ERR_BUSY         STORE_OWN: another process, named in the cause, owns it
 *   ERR_NOT_FOUND    STORE_READ: there is no store
 *   ERR_CONFLICT     STORE_READ: of an older program, and only an owner may bring it up to date; or a migration was tampered with
 *   ERR_UNSUPPORTED  written by a newer program */
enum err store_open(const char *where, const struct store_options *options, struct store **ret,
		    struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void store_close(struct store *s);
/* The same over an open connection, which the store then owns, also on failure; no lock is taken. For tests. */
enum err store_open_over(struct db *db, const struct store_options *options, struct store **ret,
			 struct cause *why) MUST_CHECK;

struct store_owner {
	int64_t pid;
	char socket[108];
};

/* Which process owns the store of this directory. ERR_NOT_FOUND: none. */
enum err store_get_owner(const char *where, struct store_owner *ret, struct cause *why) MUST_CHECK;

/* Runs work in one transaction, which commits when it returns ERR_NONE. work may run again after a lost race, so it must be
 * able to start over; it must not leave through arena_alloc() (run arena_run() inside). */
enum err store_batch(struct store *s,
		     enum err (*work)(struct store *s, void *context, struct cause *why),
		     void *context, struct cause *why) MUST_CHECK;
/* Runs work on one unchanging picture of the store; a writer goes on meanwhile. The log on disk cannot be carried over while
 * it lasts. */
enum err store_snapshot(struct store *s,
			enum err (*work)(struct store *s, void *context, struct cause *why),
			void *context, struct cause *why) MUST_CHECK;
/* Does the database answer? Outside a batch. A lost connection is opened again, within some seconds. */
enum err store_ask(struct store *s, struct cause *why) MUST_CHECK;
/* As db_set_patience(): of a store that only reads, outside a snapshot. */
void store_set_patience(struct store *s, const struct patience *patience);
/* A number that the caller may give a connection, to know it again; 0 unless given. */
void store_mark(struct store *s, int mark);
int store_get_mark(const struct store *s);
/* How often this connection has waited for a server since it was opened; 0: there is no server. */
uint64_t store_round_trips(const struct store *s);
/* ---- st_ahead.c: reading for a whole batch ----
 *
 * What will be asked case by case is asked for all cases at once: a server then answers in one round trip. The functions named
 * below answer from memory, until the batch ends or the store writes what it is about. Read ahead only what is locked, or what
 * is read again when it turns out not to have been. Inside store_batch() and inside arena_run() of the arena. */
struct store_case_key {
	struct span office, reference;
};
/* store_list_offices(), which this does as well */
enum err store_ahead_offices(struct store *s, struct arena *a, struct span **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* store_get_declaration() */
enum err store_ahead_declarations(struct store *s, struct arena *a,
				  const struct store_case_key *key, uint32_t n,
				  struct cause *why) MUST_CHECK;
/* store_get_life() */
enum err store_ahead_lives(struct store *s, struct arena *a, const struct store_case_key *key,
			   uint32_t n, struct cause *why) MUST_CHECK;
/* store_list_events_of() one kind; kind empty: store_list_events(), and of every kind */
enum err store_ahead_events(struct store *s, struct arena *a, const struct store_case_key *key,
			    uint32_t n, struct span kind, struct cause *why) MUST_CHECK;
/* store_get_case_party(): office is not looked at, and the party stands in its place */
enum err store_ahead_case_parties(struct store *s, struct arena *a,
				  const struct store_case_key *party, uint32_t n,
				  struct cause *why) MUST_CHECK;
/* store_get_event() of a case whose events may be known ahead */
enum err store_get_event_of(struct store *s, struct arena *a, const struct store_case_key *of,
			    int64_t seq, struct event *ret, struct cause *why) MUST_CHECK;
/* store_get_act_key() */
struct store_act_name {
	struct span office, actor, key;
};
enum err store_ahead_act_keys(struct store *s, struct arena *a, const struct store_act_name *name,
			      uint32_t n, struct cause *why) MUST_CHECK;
/* store_get_stock(): the account stands in place of the office, the carrier in that of the reference */
enum err store_ahead_stock(struct store *s, struct arena *a, const struct store_case_key *key,
			   uint32_t n, struct cause *why) MUST_CHECK;
/* From now on everything is asked again. */
void store_forget_ahead(struct store *s);

/* Looks for damage in the database's file. ERR_DB with the first. */
enum err store_check(struct store *s, struct cause *why) MUST_CHECK;

/* ---- st_event.c: the log ---- */

/* A payload as event.compressed wants it, so that another thread than the writer's does that work. Any thread may call this.
 * p == NULL: it stays as it is. */
struct span store_compress(struct arena *a, struct span payload);
/* Adds a sealed event (event_seal() made its hashes). ERR_CONFLICT: that number of that office is taken. */
enum err store_append_event(struct store *s, const struct event *e, struct cause *why) MUST_CHECK;

struct store_head {
	int64_t seq; /* of the office's newest event; 0: it has none */
	/* of that event; zeros when there is none: what event_seal() wants before the first */
	struct hash chain;
};

enum err store_get_head(struct store *s, struct span office, struct store_head *ret,
			struct cause *why) MUST_CHECK;
/* A payload that cannot be read is ERR_DB here and in the two lists. ERR_NOT_FOUND. */
enum err store_get_event(struct store *s, struct arena *a, struct span office, int64_t seq,
			 struct event *ret, struct cause *why) MUST_CHECK;
struct store_event_key {
	struct span office;
	int64_t seq;
};
/* Each of n events. ERR_DB: one is not there. ret is an array of n. */
enum err store_get_events(struct store *s, struct arena *a, const struct store_event_key *key,
			  uint32_t n, struct event *ret, struct cause *why) MUST_CHECK;
/* The events of a case, oldest first. */
enum err store_list_events(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct event **ret, uint32_t *ret_count,
			   struct cause *why) MUST_CHECK;
/* Those of one kind. */
enum err store_list_events_of(struct store *s, struct arena *a, struct span office,
			      struct span reference, struct span kind, struct event **ret,
			      uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Removes payload and salt, when the law says; the chain still verifies. ERR_NOT_FOUND. */
enum err store_erase_payload(struct store *s, struct span office, int64_t seq,
			     struct cause *why) MUST_CHECK;
/* The offices that have events, in the order of their bytes. */
enum err store_list_offices(struct store *s, struct arena *a, struct span **ret,
			    uint32_t *ret_count, struct cause *why) MUST_CHECK;

struct store_range {
	struct span office; /* p == NULL: every office, one after the other */
	int64_t from_seq;   /* the first wanted; 0 or 1: from the beginning */
	int64_t from_at;    /* only events at or after this moment; INT64_MIN: all */
};

/* Gives each event, in the order of its office's chain, to take(), which may stop the scan with any error. The event lives
 * during the call. A payload that is damaged is
 * given as it lies: its hash tells. Memory does not grow with the log. Stands in its own snapshot unless one is open. */
enum err store_scan_events(struct store *s, const struct store_range *range,
			   enum err (*take)(void *context, const struct event *e,
					    struct cause *why),
			   void *context, struct cause *why) MUST_CHECK;

/* ---- st_declaration.c: the present of each case ---- */

/* A projection: the log tells it all, and verify compares. */
struct store_declaration {
	struct span office, reference;
	int64_t version;
	struct span sender,
	    trader_reference; /* with the office: the key under which a repeated message is recognised */
	struct span input_sha256; /* 64 hexadecimal digits */
	struct span type, state, lane;
	struct span holder; /* the importer's or exporter's id: whose history it counts in */
	int64_t items;
	struct span currency;
	int64_t total_minor;
	struct span day; /* the legal date */
	int64_t decided_at;
	int64_t input_seq, decision_seq, answer_seq; /* in the office's log; 0: none yet */
};

/* Writes a case's present over what stood there. */
enum err store_put_declaration(struct store *s, const struct store_declaration *d,
			       struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_declaration(struct store *s, struct arena *a, struct span office,
			       struct span reference, struct store_declaration *ret,
			       struct cause *why) MUST_CHECK;

struct store_trader_key {
	struct span office, sender, trader_reference;
};

struct store_declarations {
	struct store_declaration *row; /* newest last */
	uint32_t count;
};

/* What stands under each of n keys: the look-ups of a whole batch. ret is an array of n. */
enum err store_find_declarations(struct store *s, struct arena *a,
				 const struct store_trader_key *keys, uint32_t n,
				 struct store_declarations *ret, struct cause *why) MUST_CHECK;

enum { STORE_PAGE_MAX = 1000 };

/* A case as it stands, and what became of it after the decision. */
struct store_standing {
	struct store_declaration declaration;
	struct span life; /* state of its life; empty: it has none */
};
/* One page of an office's cases, by reference; after: the last of the page before, empty at first. */
enum err store_page_standing(struct store *s, struct arena *a, struct span office,
			     struct span after, uint32_t limit, struct store_standing **ret,
			     uint32_t *ret_count, struct cause *why) MUST_CHECK;

struct store_declaration_count {
	struct span day, lane, state;
	int64_t count;
};

/* How many cases of an office stand in each lane and state, by legal date, from first_day to last_day. */
enum err store_count_declarations(struct store *s, struct arena *a, struct span office,
				  struct span first_day, struct span last_day,
				  struct store_declaration_count **ret, uint32_t *ret_count,
				  struct cause *why) MUST_CHECK;
/* An office's cases of some legal days, both included. */
struct store_declaration_days {
	struct span office, first, last;
};
/* Those that stand and that somebody looked at, or may have: selected for control, then or by an officer, with another version,
 * or with goods seized. One page by reference, as store_page_standing(). */
enum err store_page_controlled(struct store *s, struct arena *a,
			       const struct store_declaration_days *of, struct span after,
			       uint32_t limit, struct store_standing **ret, uint32_t *ret_count,
			       struct cause *why) MUST_CHECK;
/* How many of the others that stand, as store_count_declarations(). */
enum err store_count_uncontrolled(struct store *s, struct arena *a,
				  const struct store_declaration_days *of,
				  struct store_declaration_count **ret, uint32_t *ret_count,
				  struct cause *why) MUST_CHECK;
/* As store_count_declarations(), of those whose newest decision was made at a moment or later. */
enum err store_count_since(struct store *s, struct arena *a, struct span office,
			   struct span first_day, int64_t moment,
			   struct store_declaration_count **ret, uint32_t *ret_count,
			   struct cause *why) MUST_CHECK;
/* Every declaration, by office and reference, as store_scan_events() gives events. */
enum err store_scan_declarations(struct store *s,
				 enum err (*take)(void *context, const struct store_declaration *d,
						  struct cause *why),
				 void *context, struct cause *why) MUST_CHECK;
/* Removes all, before they are rebuilt from the log in the same batch. */
enum err store_clear_declarations(struct store *s, struct cause *why) MUST_CHECK;

/* ---- the life of a case: st_life.c, st_case.c, st_contingency.c, st_guarantee.c, st_obligation.c ---- */

#include "store/store_life.h"

/* ---- cargo reports, what is written off, messages that are kept: st_cargo.c, st_stock.c, st_message.c ---- */

#include "store/store_cargo.h"
#include "store/store_message.h"
#include "store/store_shadow.h"

/* ---- tariff quotas: st_quota.c ---- */

#include "store/store_quota.h"

/* ---- st_history.c: what past cases say ---- */

#include "store/store_history.h"

/* ---- st_party.c: what is known of a holder ---- */

struct store_party {
	struct span holder;
	int64_t declared, selected; /* how many cases */
	int64_t irregular; /* 0: what controls found stands in the histories (store_history.h) */
	struct span first_day, last_day; /* of them; empty when there is none */
	struct span recent; /* of the newest day (hub/settle/project.c); p == NULL: none */
};

/* The history of each of n holders; one that is unknown has zeros. ret is an array of n. */
enum err store_get_parties(struct store *s, struct arena *a, const struct span *holders, uint32_t n,
			   struct store_party *ret, struct cause *why) MUST_CHECK;
/* Writes a holder's history over what stood there: the batch has counted in memory. */
enum err store_put_party(struct store *s, const struct store_party *p,
			 struct cause *why) MUST_CHECK;
/* Every party, by holder, as store_scan_events() gives events. */
enum err store_scan_parties(struct store *s,
			    enum err (*take)(void *context, const struct store_party *p,
					     struct cause *why),
			    void *context, struct cause *why) MUST_CHECK;
/* Removes all, before they are rebuilt from the log in the same batch. */
enum err store_clear_parties(struct store *s, struct cause *why) MUST_CHECK;

/* ---- st_balance.c: what stands in each account ---- */

/* Projections of the events of kind "transfers": verify compares. Amounts are minor units of the currency; a debit is plus. */
struct store_balance {
	struct span holder, account, currency;
	int64_t minor;
};

struct store_balances {
	struct store_balance *row; /* by account and currency */
	uint32_t count;
};

/* All balances of each of n holders. ret is an array of n. */
enum err store_get_balances(struct store *s, struct arena *a, const struct span *holders,
			    uint32_t n, struct store_balances *ret, struct cause *why) MUST_CHECK;
/* Writes a balance over what stood there: the batch has added in memory. */
enum err store_put_balance(struct store *s, const struct store_balance *b,
			   struct cause *why) MUST_CHECK;
/* Adds to a balance, whatever stands there. */
enum err store_add_balance(struct store *s, const struct store_balance *b,
			   struct cause *why) MUST_CHECK;
/* Every balance, by holder, account and currency, as store_scan_events() gives events. */
enum err store_scan_balances(struct store *s,
			     enum err (*take)(void *context, const struct store_balance *b,
					      struct cause *why),
			     void *context, struct cause *why) MUST_CHECK;

/* One side of a transfer, as its holder's statement shows it. The treasury keeps no statement: its side of each transfer is in
 * the row of the other. */
struct store_transfer {
	struct span holder;
	int64_t at;         /* of its event */
	struct span office; /* and where that stands in the log */
	int64_t seq;
	int64_t n; /* within the event: 2 * place of the transfer, and 1 more for the credit */
	struct span reference; /* the case, or empty */
	struct span kind;      /* of the posting */
	struct span account, other_holder, other_account, currency;
	int64_t minor;
};

/* ERR_CONFLICT: it is there. */
enum err store_put_transfer(struct store *s, const struct store_transfer *t,
			    struct cause *why) MUST_CHECK;
/* The one with the holder, at, office, seq and n of key. ERR_NOT_FOUND. */
enum err store_get_transfer(struct store *s, struct arena *a, const struct store_transfer *key,
			    struct store_transfer *ret, struct cause *why) MUST_CHECK;

struct store_transfer_page {
	struct span holder;
	/* the last row of the page before this one (holder, at, office, seq, n); NULL: the first page */
	const struct store_transfer *before;
	uint32_t limit; /* at most STORE_PAGE_MAX */
};

/* One page of a holder's statement, the newest first. */
enum err store_list_transfers(struct store *s, struct arena *a,
			      const struct store_transfer_page *page, struct store_transfer **ret,
			      uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Every one, by holder, at, office, seq and n, as store_scan_events() gives events. */
enum err store_scan_transfers(struct store *s,
			      enum err (*take)(void *context, const struct store_transfer *t,
					       struct cause *why),
			      void *context, struct cause *why) MUST_CHECK;

/* ---- st_version.c: what was in force ---- */

/* kind: "pack", "rules", "lists", "model". Keeps the bytes whole under their SHA-256; again is nothing. */
enum err store_put_version(struct store *s, struct span kind, const struct hash *hash,
			   struct span bytes, int64_t at, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. ERR_DB: the bytes are no longer what was stored. */
enum err store_get_version(struct store *s, struct arena *a, struct span kind,
			   const struct hash *hash, struct span *ret_bytes,
			   struct cause *why) MUST_CHECK;

struct store_activation {
	/* of its event in the chain of the office "HUB": the order in which they were decided */
	int64_t seq;
	struct span kind;
	struct hash hash;
	struct span from_day;
	int64_t at;
};

/* From from_day on, decisions use this version. ERR_CONFLICT: that event has activated something already. */
enum err store_put_activation(struct store *s, const struct store_activation *v,
			      struct cause *why) MUST_CHECK;
/* What was in force on a legal day, as known at a moment (INT64_MAX: as known now): of the activations known then whose day
 * has come, the one with the latest day; of one day, the latest decided. ERR_NOT_FOUND. */
enum err store_get_in_force(struct store *s, struct arena *a, struct span kind, struct span day,
			    int64_t known_at, struct store_activation *ret,
			    struct cause *why) MUST_CHECK;
/* All, oldest first. */
enum err store_list_activations(struct store *s, struct arena *a, struct store_activation **ret,
				uint32_t *ret_count, struct cause *why) MUST_CHECK;

/* ---- st_candidate.c: what may come in force ---- */

struct store_candidate {
	int64_t
	    number; /* of the event by which it was proposed, in the chain of the office "HUB" */
	struct span state;    /* "proposed", "approved", "refused", "withdrawn" */
	struct span hash[3];  /* pack, rules, lists: hexadecimal, of versions that the store has */
	struct span base[3];  /* what was in force when it was proposed */
	struct span from_day; /* empty: the day of the approval */
	struct span proposed_by;
	int64_t proposed_at;
	struct span reason;
	struct span decided_by; /* empty, 0, empty: nobody has */
	int64_t decided_at;
	struct span decided_reason;
	int64_t seq; /* of the newest event of it */
};

/* Makes it, or changes its state and who decided. */
enum err store_put_candidate(struct store *s, const struct store_candidate *c,
			     struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_candidate(struct store *s, struct arena *a, int64_t number,
			     struct store_candidate *ret, struct cause *why) MUST_CHECK;
/* The newest first, below a number (INT64_MAX: all). */
enum err store_page_candidates(struct store *s, struct arena *a, int64_t before, uint32_t limit,
			       struct store_candidate **ret, uint32_t *ret_count,
			       struct cause *why) MUST_CHECK;

/* What was worked out for a candidate; of one kind the newest. */
struct store_candidate_report {
	int64_t number;
	struct span kind; /* "revenue" */
	int64_t at, seq;  /* seq: of the event that has the SHA-256 of body */
	struct span body; /* JSON */
};

enum err store_put_candidate_report(struct store *s, const struct store_candidate_report *r,
				    struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_candidate_report(struct store *s, struct arena *a, int64_t number,
				    struct span kind, struct store_candidate_report *ret,
				    struct cause *why) MUST_CHECK;

/* ---- st_day_key.c: the draw key of each day ---- */

struct store_day_key {
	struct span day;
	struct hash commitment;
	struct span rate;   /* as written when it was committed to */
	struct span sealed; /* the key, encrypted; opaque here */
	int64_t at;
};

/* ERR_CONFLICT: the day has a key, and a commitment never changes. */
enum err store_put_day_key(struct store *s, const struct store_day_key *k,
			   struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_day_key(struct store *s, struct arena *a, struct span day,
			   struct store_day_key *ret, struct cause *why) MUST_CHECK;
/* From first_day to last_day, oldest first. */
enum err store_list_day_keys(struct store *s, struct arena *a, struct span first_day,
			     struct span last_day, struct store_day_key **ret, uint32_t *ret_count,
			     struct cause *why) MUST_CHECK;

/* ---- st_document.c: documents of a case ---- */

/* A projection, but for the bytes: the log has their hash. */
struct store_document {
	struct span office, reference;
	int64_t number; /* within the case */
	int64_t
	    version; /* of the case when it was handed in: its declaration is what pointer leads into */
	struct hash sha256; /* of the bytes */
	struct span name, type;
	int64_t bytes;
	struct span pointer; /* the place that it proves; empty: the whole case */
	struct span state;
	struct span actor; /* who handed it in */
	int64_t at;
};

/* Adds a document with its bytes. ERR_CONFLICT: that number is taken. */
enum err store_put_document(struct store *s, const struct store_document *d, struct span body,
			    struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_document(struct store *s, struct arena *a, struct span office,
			    struct span reference, int64_t number, struct store_document *ret,
			    struct cause *why) MUST_CHECK;
/* All of a case, by number. */
enum err store_list_documents(struct store *s, struct arena *a, struct span office,
			      struct span reference, struct store_document **ret,
			      uint32_t *ret_count, struct cause *why) MUST_CHECK;

struct store_document_page {
	struct span office, state;
	struct span
	    after; /* reference and number of the last one before this page; empty and 0: the first page */
	int64_t after_number;
	uint32_t limit; /* at most STORE_PAGE_MAX */
};

/* One page of an office's documents in a state, by reference and number. */
enum err store_page_documents(struct store *s, struct arena *a,
			      const struct store_document_page *page, struct store_document **ret,
			      uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND: there is none, or its bytes were erased. */
enum err store_get_document_body(struct store *s, struct arena *a, struct span office,
				 struct span reference, int64_t number, struct span *ret,
				 struct cause *why) MUST_CHECK;
/* The SHA-256 of the bytes, which are not copied. ERR_NOT_FOUND. */
enum err store_hash_document_body(struct store *s, struct span office, struct span reference,
				  int64_t number, struct hash *ret, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_set_document_state(struct store *s, struct span office, struct span reference,
				  int64_t number, struct span state, struct cause *why) MUST_CHECK;
/* Removes the bytes; what is known of the document stays. ERR_NOT_FOUND. */
enum err store_erase_document_body(struct store *s, struct span office, struct span reference,
				   int64_t number, struct cause *why) MUST_CHECK;
/* How many documents have their bytes. */
enum err store_count_document_bodies(struct store *s, int64_t *ret, struct cause *why) MUST_CHECK;
/* Every document, by office, reference and number, as store_scan_events() gives events. */
enum err store_scan_documents(struct store *s,
			      enum err (*take)(void *context, const struct store_document *d,
					       struct cause *why),
			      void *context, struct cause *why) MUST_CHECK;

/* ---- st_goods.c: the same goods, lodged again ---- */

struct store_goods {
	struct span holder, goods; /* whose, and a hash that says which */
	struct span office, reference;
	int64_t decision_seq; /* of the decision whose draw they keep */
};

/* ERR_NOT_FOUND. */
enum err store_get_goods(struct store *s, struct arena *a, struct span holder, struct span goods,
			 struct store_goods *ret, struct cause *why) MUST_CHECK;
/* Of each of n holder and goods the rest; decision_seq 0: they are not known. */
enum err store_find_goods(struct store *s, struct arena *a, struct store_goods *goods, uint32_t n,
			  struct cause *why) MUST_CHECK;
/* Writes over what stood there. */
enum err store_put_goods(struct store *s, const struct store_goods *g,
			 struct cause *why) MUST_CHECK;

/* ---- st_draw_count.c: how much each key drew ---- */

struct store_draw_count {
	struct span day; /* of the key */
	int64_t drawn, picked;
};

/* Adds to the counts of a day. */
enum err store_add_draw_count(struct store *s, const struct store_draw_count *c,
			      struct cause *why) MUST_CHECK;
/* All, by day. */
enum err store_list_draw_counts(struct store *s, struct arena *a, struct store_draw_count **ret,
				uint32_t *ret_count, struct cause *why) MUST_CHECK;

/* ---- st_root.c: signed heads of the chains ---- */

struct store_root {
	struct span office;
	int64_t seq; /* the event that was the newest */
	struct span day;
	struct hash chain;    /* of that event */
	struct hash previous; /* of the root before it, as hub/ defines; zeros for the first */
	struct signature signature;
	int64_t at;
};

/* ERR_CONFLICT: this head was signed already. */
enum err store_put_root(struct store *s, const struct store_root *r, struct cause *why) MUST_CHECK;
/* The newest of an office. ERR_NOT_FOUND. */
enum err store_get_root(struct store *s, struct arena *a, struct span office,
			struct store_root *ret, struct cause *why) MUST_CHECK;
/* All of an office, oldest first. */
enum err store_list_roots(struct store *s, struct arena *a, struct span office,
			  struct store_root **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;

/* ---- st_notice.c: the outbox ---- */

struct store_notice {
	struct span party; /* whose it is, as hub/notices/notices.h says */
	int64_t id;        /* from 1, in the order of a party's notices */
	struct span office, reference;
	int64_t version;
	struct span kind; /* the public name of what happened */
	int64_t at;
	struct span body; /* JSON */
};

/* ERR_CONFLICT: the party has that number. */
enum err store_put_notice(struct store *s, const struct store_notice *n,
			  struct cause *why) MUST_CHECK;
/* A party's notices behind the number `after`, oldest first; limit: 1 to STORE_PAGE_MAX. */
enum err store_list_notices(struct store *s, struct arena *a, struct span party, int64_t after,
			    uint32_t limit, struct store_notice **ret, uint32_t *ret_count,
			    struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_notice(struct store *s, struct arena *a, struct span party, int64_t id,
			  struct store_notice *ret, struct cause *why) MUST_CHECK;
/* The number of a party's newest notice that is kept; 0: there is none. */
enum err store_newest_notice(struct store *s, struct span party, int64_t *ret,
			     struct cause *why) MUST_CHECK;
/* The parties of the newest notices since a moment, some of them several times. */
enum err store_list_told(struct store *s, struct arena *a, int64_t since, uint32_t limit,
			 struct span **ret, uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Removes up to limit notices that are older than a moment, that no active hook has still to take and that no dead letter
 * speaks of. */
enum err store_purge_notices(struct store *s, int64_t before, uint32_t limit, int64_t *ret_rows,
			     struct cause *why) MUST_CHECK;

/* ---- st_hook.c: where notices are delivered to ---- */

struct store_hook {
	struct span party;
	int64_t id; /* from 1, of the party's hooks */
	struct span url;
	struct span sealed;     /* the secret, encrypted; opaque here */
	struct span state;      /* "active", "stopped" */
	int64_t taken;          /* the newest notice that it is done with */
	int64_t attempts;       /* at the notice behind that one */
	int64_t next_at;        /* not before; 0: at once */
	int64_t lost;           /* dead letters since the last notice that it took */
	struct span last_error; /* of the last attempt; empty: it was taken */
	int64_t made_at;
};

enum err store_add_hook(struct store *s, const struct store_hook *h, struct cause *why) MUST_CHECK;
/* A party's hooks; party.p == NULL: all. By party and id. */
enum err store_list_hooks(struct store *s, struct arena *a, struct span party,
			  struct store_hook **ret, uint32_t *ret_count,
			  struct cause *why) MUST_CHECK;
/* Writes state, taken, attempts, next_at, lost and last_error. ERR_NOT_FOUND: the hook is gone. */
enum err store_move_hook(struct store *s, const struct store_hook *h, struct cause *why) MUST_CHECK;
/* With its dead letters. ERR_NOT_FOUND. */
enum err store_remove_hook(struct store *s, struct span party, int64_t id,
			   struct cause *why) MUST_CHECK;

/* A notice that a hook did not take. */
struct store_dead_letter {
	struct span party;
	int64_t hook, notice;
	struct span reason;
	int64_t at;
	bool again; /* it was asked for once more */
};

/* Writes over what stood there. */
enum err store_put_dead_letter(struct store *s, const struct store_dead_letter *d,
			       struct cause *why) MUST_CHECK;
enum err store_remove_dead_letter(struct store *s, struct span party, int64_t hook, int64_t notice,
				  struct cause *why) MUST_CHECK;

struct store_dead_page {
	struct span party;
	int64_t hook, after; /* the last notice of the page before; 0: the first page */
	uint32_t limit;      /* 1 to STORE_PAGE_MAX */
};

/* By notice. */
enum err store_list_dead_letters(struct store *s, struct arena *a,
				 const struct store_dead_page *page, struct store_dead_letter **ret,
				 uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Asks for all dead letters of a hook once more and lets it begin anew. ERR_NOT_FOUND: there is no such hook. */
enum err store_replay_hook(struct store *s, struct span party, int64_t id, int64_t *ret_letters,
			   struct cause *why) MUST_CHECK;
/* The oldest notice that was asked for once more. ERR_NOT_FOUND. */
enum err store_next_replay(struct store *s, struct span party, int64_t hook, int64_t *ret_notice,
			   struct cause *why) MUST_CHECK;
/* Removes those that are older than a moment. */
enum err store_purge_dead_letters(struct store *s, int64_t before, struct cause *why) MUST_CHECK;

/* ---- st_counter.c: numbers of references ---- */

/* Takes the next n numbers of an office's year, which begins with 1, and gives the first. A batch that is not committed takes
 * none. */
enum err store_take_numbers(struct store *s, struct span office, int64_t year, uint32_t n,
			    int64_t *ret_first, struct cause *why) MUST_CHECK;
struct store_numbers {
	struct span office;
	int64_t year;
	uint32_t n;    /* how many */
	int64_t first; /* given */
};
/* The same for each of n counters, which are different ones. */
enum err store_take_each(struct store *s, struct arena *a, struct store_numbers *numbers,
			 uint32_t n, struct cause *why) MUST_CHECK;

/* ---- st_quarantine.c: inputs that killed the process ---- */

struct store_quarantine {
	struct hash sha256; /* of bytes */
	struct span bytes;
	int64_t at;
	struct span reason;
};

/* Again is nothing: the first reason stays. */
enum err store_put_quarantine(struct store *s, const struct store_quarantine *q,
			      struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND: not quarantined. */
enum err store_get_quarantine(struct store *s, struct arena *a, const struct hash *sha256,
			      struct store_quarantine *ret, struct cause *why) MUST_CHECK;
/* All, in order of their hashes, as store_scan_events() gives events. */
enum err store_scan_quarantine(struct store *s,
			       enum err (*take)(void *context, const struct store_quarantine *q,
						struct cause *why),
			       void *context, struct cause *why) MUST_CHECK;

/* ---- st_person.c: who may use the hub ---- */

struct store_person {
	struct span login, name;
	/* words with a blank between: names of roles, offices, ids of parties */
	struct span roles, offices, parties;
	struct span agency;
	bool disabled, must_change;
	struct span secret; /* a password's hash, opaque here; empty: no password */
	int64_t created_at, changed_at;
};

/* Writes over what stood there. */
enum err store_put_person(struct store *s, const struct store_person *p,
			  struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_person(struct store *s, struct arena *a, struct span login,
			  struct store_person *ret, struct cause *why) MUST_CHECK;
/* By login, as store_scan_events() gives events. */
enum err store_scan_people(struct store *s,
			   enum err (*take)(void *context, const struct store_person *p,
					    struct cause *why),
			   void *context, struct cause *why) MUST_CHECK;

/* ---- st_session.c: who is signed in ---- */

struct store_session {
	struct hash sha256; /* of its secret, which is kept nowhere */
	struct span login;
	int64_t begun_at, seen_at;
};

/* Again changes seen_at. */
enum err store_put_session(struct store *s, const struct store_session *v,
			   struct cause *why) MUST_CHECK;
/* Its seen_at, while it is there: a note that comes after its end makes none. */
enum err store_note_session(struct store *s, const struct store_session *v,
			    struct cause *why) MUST_CHECK;
/* Ending what is not there is nothing. */
enum err store_end_session(struct store *s, const struct hash *sha256,
			   struct cause *why) MUST_CHECK;
/* Ends those that were not seen, or were begun, before a moment. */
enum err store_sweep_sessions(struct store *s, int64_t seen_before, int64_t begun_before,
			      struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_session(struct store *s, struct arena *a, const struct hash *sha256,
			   struct store_session *ret, struct cause *why) MUST_CHECK;
enum err store_scan_sessions(struct store *s,
			     enum err (*take)(void *context, const struct store_session *v,
					      struct cause *why),
			     void *context, struct cause *why) MUST_CHECK;

/* ---- st_token.c: programs that may use the hub ---- */

struct store_token {
	struct hash sha256; /* of its secret */
	struct span id, login, name;
	struct span scopes; /* names with a blank between */
	int64_t made_at, expires_at;
	struct span used_on; /* day; empty: never */
};

/* Again changes used_on. */
enum err store_put_token(struct store *s, const struct store_token *t,
			 struct cause *why) MUST_CHECK;
/* Its used_on, while it is there. */
enum err store_note_token(struct store *s, const struct store_token *t,
			  struct cause *why) MUST_CHECK;
enum err store_end_token(struct store *s, const struct hash *sha256, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_token(struct store *s, struct arena *a, const struct hash *sha256,
			 struct store_token *ret, struct cause *why) MUST_CHECK;
enum err store_scan_tokens(struct store *s,
			   enum err (*take)(void *context, const struct store_token *t,
					    struct cause *why),
			   void *context, struct cause *why) MUST_CHECK;

/* ---- st_authority.c: who may lodge in whose name ---- */

struct store_authority {
	struct span party; /* who gives it */
	int64_t id;        /* number of its event in the hub's chain */
	struct span broker;
	struct span from_day, to_day;   /* both within */
	struct span granted_by;         /* login */
	int64_t granted_at, revoked_at; /* 0: not revoked */
};

/* Again changes revoked_at. */
enum err store_put_authority(struct store *s, const struct store_authority *v,
			     struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_authority(struct store *s, struct arena *a, struct span party, int64_t id,
			     struct store_authority *ret, struct cause *why) MUST_CHECK;
/* Those of one side, oldest first: party or broker is empty. At most STORE_PAGE_MAX. */
enum err store_list_authorities(struct store *s, struct arena *a, struct span party,
				struct span broker, struct store_authority **ret,
				uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* One that holds on that day. ERR_NOT_FOUND: none. */
enum err store_find_authority(struct store *s, struct arena *a, struct span party,
			      struct span broker, struct span day, struct store_authority *ret,
			      struct cause *why) MUST_CHECK;

/* The same for each of n: party, broker, and the day in from_day, are given; id 0: none. */
enum err store_find_authorities(struct store *s, struct arena *a, struct store_authority *wanted,
				uint32_t n, struct cause *why) MUST_CHECK;

/* ---- st_access.c: who looked at what ---- */

struct store_access {
	struct span login;
	int64_t id; /* grows over the whole store */
	int64_t at;
	struct span office, reference; /* as asked for; no office: nothing was found */
	struct span purpose, part;     /* what for, and how much was shown */
	struct span request;           /* its id, as in the operator's log */
};

/* Rows are only ever added. */
enum err store_add_access(struct store *s, const struct store_access *v,
			  struct cause *why) MUST_CHECK;
struct store_access_page {
	struct span login, reference; /* n == 0: any; a reference goes before a login */
	int64_t before;               /* INT64_MAX: from the newest on */
	uint32_t limit;               /* at most STORE_PAGE_MAX */
};
/* The newest first. */
enum err store_list_accesses(struct store *s, struct arena *a, const struct store_access_page *page,
			     struct store_access **ret, uint32_t *ret_count,
			     struct cause *why) MUST_CHECK;

/* ---- st_dump.c: backup and restore ---- */

/* A backup is JSON lines: a header, every row of every table in a fixed order, and a trailer with the count of rows and the
 * SHA-256 of all lines before it, line ends included:
 *     {"customhouse":"backup","format":1,"schema":2}
 *     {"table":"event","row":{"office":"LF001","seq":1,...}}
 *     {"rows":{"event":3,...},"sha256":"..."}
 * Blobs are base64 (RFC 4648). The same store gives the same bytes. */

/* Gives each line, with its line end, to put(). Stands in its own snapshot. */
enum err store_dump(struct store *s,
		    enum err (*put)(void *context, struct span line, struct cause *why),
		    void *context, struct cause *why) MUST_CHECK;
/* Fills an empty store with the lines that get() gives, without or with their line ends, until it returns ERR_NOT_FOUND; a
 * line must live until the next call. All or nothing, in one transaction. ERR_FORMAT: not a backup, cut off, or altered; the
 * cause names the line. ERR_CONFLICT: the store is not empty. ERR_UNSUPPORTED: from a newer program. */
enum err store_load(struct store *s,
		    enum err (*get)(void *context, struct span *ret_line, struct cause *why),
		    void *context, struct cause *why) MUST_CHECK;

#endif
