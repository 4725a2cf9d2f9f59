/* Inside the store: what its files share. Not for callers.
 *
 * What a case costs, by tests/torture/rate_store.c: groups of 128 cases; three events of 600, 1300 and 400 bytes (compressed),
 * a declaration, a party; synchronous=FULL. "Grown" holds 400,000 declarations already, whose traders' references come in no
 * order: every case then dirties a page of that index. SQLite 3.40, kB written a case, and behind it what a whole hub wrote a
 * declaration of the synthetic stream (10,000 of them over HTTP into a new store, /proc/PID/io):
 *
 *     page size    empty     grown     hub, plain payloads     hub     file of the hub
 *       4096        13.5      24.9                              55      5.0 a declaration (*)
 *       8192        12.0      29.9              113             73      4.7 (plain: 23.1)
 *
 * (*) 48 and 4.9 without an index of declarations by state, and with checkpoints as far apart in bytes as with 8192.
 *
 * 4096 it is: most of what a commit writes are pages with one new row for each party or each hash, and half a page is half of
 * that. With plain payloads 8192 was the better one. A log of frames by tree, for 32 declarations a commit: of 250 pages, the
 * rows of goods 34, case_party 31, transfer 25, declaration_by_trader 22, outbox 19; events and their two indexes 40; the
 * declaration's other trees and the life's 50.
 * What did not pay: life WITHOUT ROWID (within the spread, which is some 2 %), outbox WITHOUT ROWID (8 % more: its rows then lie
 * apart for each party). An index of declarations by state was used by nobody and is gone.
 * Keeping the declaration WITHOUT ROWID made SQLite, which has no statistics of an empty table, read a whole office for each
 * trader's reference (tests/unit/test_store_open.c looks at every plan now). The index by day costs 5 % of the instructions,
 * secure_delete 7 %. */
#ifndef CUSTOMHOUSE_STORE_ST_H
#define CUSTOMHOUSE_STORE_ST_H

#include "base/map.h"
#include "db/db.h"
#include "db/db_owner.h"
#include "store/store.h"

struct store {
	struct db *db;
	struct arena *home; /* holds this struct */
	struct db_owner owner;
	bool owned;            /* owner is held */
	bool in_tx;            /* a batch or snapshot is open */
	int mark;              /* store_mark() */
	struct arena *scratch; /* of one append at a time */
	struct map ahead;      /* st_ahead.c; of this transaction, as what follows */
	struct span *offices;  /* that have events; NULL: not read ahead */
	uint32_t office_count;
};

/* Every statement of a file, for the test that prepares them all. A new file is listed in store.c. */
struct st_statements {
	const char *file;
	const struct db_stmt *const *stmt;
	uint32_t n;
};

extern const struct st_statements st_store_statements, st_event_statements, st_candidate_statements,
    st_declaration_statements, st_party_statements, st_version_statements, st_day_key_statements,
    st_root_statements, st_counter_statements, st_quarantine_statements, st_goods_statements,
    st_draw_count_statements, st_document_statements, st_hook_statements, st_notice_statements,
    st_dump_statements, st_life_statements, st_migration_statements, st_roster_statements,
    st_access_statements, st_authority_statements, st_balance_statements, st_person_statements,
    st_session_statements, st_token_statements, st_contingency_statements, st_obligation_statements,
    st_case_statements, st_guarantee_statements, st_lease_statements, st_cargo_statements,
    st_stock_statements, st_news_statements, st_node_statements, st_outcome_statements,
    st_quota_statements, st_work_statements, st_message_statements, st_history_statements,
    st_announcement_statements, st_shelf_statements, st_codes_statements;

#define ST_STATEMENTS(variable, list)                                                              \
	const struct st_statements variable = {__FILE__, list, ARRAY_LEN(list)}

/* All files' lists. */
const struct st_statements *const *st_all_statements(uint32_t *ret_count);

/* The DECLARATION_COLUMNS of a row, wherever they come from. */
void st_read_declaration(struct db_rows *row, struct store_declaration *ret);

/* db_each() of one text a set; the lists lie in the arena. */
enum err st_each_text(struct store *s, const struct db_stmt *stmt, const struct span *text,
		      uint32_t n, struct arena *a, const struct db_shape *shape,
		      struct db_found **ret, struct cause *why) MUST_CHECK;
/* db_each() with room for its lists in the arena: value has n sets of args. */
enum err st_each(struct store *s, const struct db_stmt *stmt, const struct db_value *value,
		 uint32_t args, uint32_t n, struct arena *a, const struct db_shape *shape,
		 struct db_found **ret, struct cause *why) MUST_CHECK;
/* Room for n sets of args values; NULL: no memory. */
struct db_value *st_values(struct arena *a, uint32_t args, uint32_t n);

/* ---- st_ahead.c ---- */

/* Asks n questions together; st_one() and st_all() then answer them from memory. Inside a batch, and inside arena_run() of the
 * arena, which the answers lie in until the batch ends. */
enum err st_ask_ahead(struct store *s, const struct db_stmt *stmt, const struct db_value *value,
		      uint32_t args, uint32_t n, struct arena *a, const struct db_shape *shape,
		      struct cause *why) MUST_CHECK;
/* Office and reference of each key. NULL: no memory. */
struct db_value *st_case_values(struct arena *a, const struct store_case_key *key, uint32_t n);
/* NULL: not asked ahead, or forgotten. */
const struct db_found *st_known(const struct store *s, const struct db_stmt *stmt,
				struct db_args args);
/* Whoever writes what a statement reads says so here. */
void st_forget(struct store *s, const struct db_stmt *stmt, struct db_args args);
/* db_one() and db_all() of a statement that may be asked ahead. */
enum err st_one(struct store *s, const struct db_stmt *stmt, struct db_args args, struct arena *a,
		const struct db_shape *shape, void *ret, struct cause *why) MUST_CHECK;
enum err st_all(struct store *s, const struct db_stmt *stmt, struct db_args args, struct arena *a,
		const struct db_shape *shape, void **ret, uint32_t *ret_count,
		struct cause *why) MUST_CHECK;

/* How many rows of a scan may be in memory at a time: they may be messages, of which each has its bound. */
enum { ST_SCAN_ROWS = 64 };

/* Reads the rows of a query one by one into row (shape->size bytes, borrowed from the database) and gives each to
 * take(context, row), in a snapshot of its own unless a batch or snapshot is open. */
struct st_scan {
	const struct db_stmt *stmt;
	struct db_args args;
	const struct db_shape *shape;
	void *row;
	enum err (*take)(void *context, const void *row, struct cause *why);
	void *context;
};
enum err st_scan(struct store *s, const struct st_scan *scan, struct cause *why) MUST_CHECK;

#endif
