/* Inside the store: what its files share. Not for callers.
 *
 * What a case costs, by tests/torture/rate_store.c: groups of 128 cases; three events of 4, 3 and 1.5 kB, a declaration, a party;
 * synchronous=FULL. "Grown" holds 400,000 declarations already, whose traders' references come in no order: every case then
 * dirties a page of that index. Two shared virtual cores, SQLite 3.40:
 *
 *     page size    kB written a case      CPU us a case (2 runs)     file, kB a case
 *                  empty     grown        empty        grown
 *       4096        31.6      38.3        95, 100      85, 123       12.9
 *       8192        33.0      47.4        57,  78     104, 120       12.8
 *      16384        30.1      57.4        68,  70      86, 109       10.4
 *      32768        27.5      73.0        40           107            9.9
 *
 * 8192 it is: near the best for a young store, and a grown one writes a fifth less than with 16384. Cases a second went with what
 * else the disk and the cores had to do: 5,500 to 14,600 young, 3,900 to 6,000 grown; a lone case a commit, 2,900 to 3,100.
 * Keeping the declaration WITHOUT ROWID made SQLite, which has no statistics of an empty table, read a whole office for each
 * trader's reference (tests/unit/test_store_open.c looks at every plan now). The indexes by state and by day cost 4 and 5 % of
 * the instructions each, secure_delete 7 %. */
#ifndef CUSTOMHOUSE_STORE_ST_H
#define CUSTOMHOUSE_STORE_ST_H

#include "db/db.h"
#include "db/db_owner.h"
#include "store/store.h"

struct store {
	struct db *db;
	struct arena *home; /* holds this struct */
	struct db_owner owner;
	bool owned;            /* owner is held */
	bool in_tx;            /* a batch or snapshot is open */
	struct arena *scratch; /* of one append at a time */
};

/* Every statement of a file, for the test that prepares them all. A new file is listed in store.c. */
struct st_statements {
	const char *file;
	const struct db_stmt *const *stmt;
	uint32_t n;
};

extern const struct st_statements st_event_statements, st_declaration_statements,
    st_party_statements, st_version_statements, st_day_key_statements, st_root_statements,
    st_counter_statements, st_quarantine_statements, st_goods_statements, st_draw_count_statements,
    st_document_statements, st_hook_statements, st_notice_statements, st_dump_statements,
    st_life_statements, st_migration_statements, st_roster_statements, st_access_statements,
    st_authority_statements, st_balance_statements, st_person_statements, st_session_statements,
    st_token_statements, st_contingency_statements, st_obligation_statements, st_case_statements,
    st_guarantee_statements, st_lease_statements, st_news_statements, st_node_statements;

#define ST_STATEMENTS(variable, list)                                                              \
	const struct st_statements variable = {__FILE__, list, ARRAY_LEN(list)}

/* All files' lists. */
const struct st_statements *const *st_all_statements(uint32_t *ret_count);

/* The DECLARATION_COLUMNS of a row, wherever they come from. */
void st_read_declaration(struct db_rows *row, struct store_declaration *ret);

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
