/* Opening: owners and readers, migrations from an older store, and what every statement must keep to. */
#include "store/store.h"

#include <pthread.h>
#include <sys/stat.h>

#include "db/db_driver.h"
#include "db/db_fault.h"
#include "store/migrations.h"
#include "store/st.h"
#include "store_dir.h"

static enum err try_open(const char *path, enum store_mode mode, struct cause *why)
{
	const struct store_options options = {
	    .mode = mode, .socket = "/run/second.sock", .now = STORE_NOW};
	struct store *s;
	enum err err;

	*why = (struct cause){0};
	err = store_open(path, &options, &s, why);
	if (!err)
		store_close(s);
	return err;
}

static void test_one_owner_and_readers_beside_it(void **state)
{
	struct store_dir *d = *state;
	const struct store_options options = {
	    .mode = STORE_OWN, .socket = "/run/first.sock", .now = STORE_NOW};
	struct store_owner owner;
	struct cause why = {0};
	struct store *s;

	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_NOT_FOUND);
	assert_int_equal(store_get_owner(d->path, &owner, &why), ERR_NOT_FOUND);
	assert_ok(store_open(d->path, &options, &s, &why));
	assert_int_equal(try_open(d->path, STORE_OWN, &why), ERR_BUSY);
	assert_non_null(strstr(why.text, "/run/first.sock"));
	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_NONE);
	why = (struct cause){0};
	assert_ok(store_get_owner(d->path, &owner, &why));
	assert_int_equal(owner.pid, getpid());
	assert_string_equal(owner.socket, "/run/first.sock");
	store_close(s);
	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_NONE);
	assert_int_equal(try_open(d->path, STORE_OWN, &why), ERR_NONE);
}

/* On a server there is no file to lock: nodes hold leases on what they settle. All may start at the same time. */
enum { NODES = 6 };

static void *start_node(void *context)
{
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	const struct store_dir *d = context;
	struct cause why = {0};
	struct store *s = NULL;

	if (store_open(d->path, &options, &s, &why))
		print_error("%s: %s\n", err_name(why.err), why.text);
	return s;
}

static void test_nodes_start_at_the_same_time(void **state)
{
	struct store_dir *d = *state;
	struct store_owner owner;
	struct cause why = {0};
	pthread_t node[NODES];
	void *s[NODES];

	assert_int_equal(store_get_owner(d->path, &owner, &why), ERR_NOT_FOUND);
	for (int i = 0; i < NODES; i++)
		assert_int_equal(pthread_create(&node[i], NULL, start_node, d), 0);
	for (int i = 0; i < NODES; i++)
		pthread_join(node[i], &s[i]);
	for (int i = 0; i < NODES; i++) {
		assert_non_null(s[i]);
		store_close(s[i]);
	}
}

static enum err do_nothing(struct store *s, void *context, struct cause *why)
{
	(void)s;
	(void)context;
	(void)why;
	return ERR_NONE;
}

static void test_a_reader_never_writes(void **state)
{
	struct store_dir *d = *state;
	struct cause why = {0};
	struct store *s;

	store_close(store_dir_open(d->path, STORE_OWN));
	s = store_dir_open(d->path, STORE_READ);
	assert_int_equal(store_batch(s, do_nothing, NULL, &why), ERR_USAGE);
	why = (struct cause){0};
	assert_ok(store_snapshot(s, do_nothing, NULL, &why));
	assert_ok(store_check(s, &why));
	store_close(s);
}

/* A store as the program of schema `to` left it. */
static struct db *older_store(const struct store_dir *d, int to)
{
	struct cause why = {0};
	struct db *db;

	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(migrate(db, to, STORE_NOW, &why));
	return db;
}

static enum err fill_schema_1(struct db *db, void *context, struct cause *why)
{
	static const struct db_stmt event = {
	    "old_event", "INSERT INTO event (office, seq, kind, reference, version, at, actor, "
			 "payload_hash, chain, salt, payload)"
			 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
	static const struct db_stmt number = {
	    "old_counter", "INSERT INTO counter (office, year, next) VALUES ($1, $2, $3)"};
	struct hash chain = {{0}};
	enum err err =
	    db_exec(db, &number, DB_ARGS(db_text(SPAN("LF001")), db_i64(2026), db_i64(43)), why);

	(void)context;
	for (int64_t seq = 1; !err && seq <= 20; seq++) {
		const struct event e =
		    store_dir_event(seq, "input", "26LF1", SPAN("an old payload"), &chain);

		chain = e.chain;
		err = db_exec(db, &event,
			      DB_ARGS(db_text(e.office), db_i64(e.seq), db_text(e.kind),
				      db_text(e.reference), db_i64(e.version), db_i64(e.at),
				      db_text(e.actor), db_hash(&e.payload_hash), db_hash(&e.chain),
				      db_bytes(e.salt, sizeof(e.salt)), db_blob(e.payload)),
			      why);
	}
	return err;
}

static enum err use_both(struct store *s, void *context, struct cause *why)
{
	const struct store_party p = {.holder = SPAN("LFTIN1"), .declared = 1};
	enum err err = store_put_party(s, &p, why);

	return err ? err : store_take_numbers(s, SPAN("LF001"), 2026, 1, context, why);
}

static void test_an_older_store_is_brought_up_to_date(void **state)
{
	struct store_dir *d = *state;
	struct db *db = older_store(d, 1);
	int64_t number;
	struct cause why = {0};
	struct store *s;

	assert_ok(db_tx(db, DB_WRITE, fill_schema_1, NULL, &why));
	db_close(db);
	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_CONFLICT);
	assert_non_null(strstr(why.text, "schema 1"));
	s = store_dir_open(d->path, STORE_OWN);
	assert_int_equal(store_dir_count(s), 20);
	why = (struct cause){0};
	assert_ok(store_batch(s, use_both, &number, &why));
	assert_int_equal(number, 43);
	store_close(s);
	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_NONE);
}

/* Opens stores of a schema, stopped at each call in turn: the next opening goes on. */
static void interrupt(struct store_dir *d, int schema)
{
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	bool done = false;
	uint64_t failures = 0;

	/* Making a database takes its time. */
	for (uint64_t n = 1; !done; n += store_dir_remote() ? 9 : 1) {
		struct cause why = {0};
		struct store *s;
		struct db *db;
		enum err err;

		assert_true(n < 300);
		store_dir_renew(d);
		assert_ok(db_open(d->path, DB_WRITE, &db, &why));
		if (schema)
			assert_ok(migrate(db, schema, STORE_NOW, &why));
		db = db_fault_wrap(db);
		assert_non_null(db);
		db_fault_at(db, n, ERR_IO);
		err = store_open_over(db, &options, &s, &why);
		if (!err) {
			store_close(s);
			done = true;
			continue;
		}
		assert_int_equal(err, ERR_IO);
		failures++;
		s = store_dir_open(d->path, STORE_OWN);
		assert_int_equal(store_dir_count(s), 0);
		store_close(s);
	}
	assert_true(failures >= (store_dir_remote() ? 3 : 8));
}

static void test_an_interrupted_migration_goes_on(void **state)
{
	interrupt(*state, 0);
	interrupt(*state, migration_count - 4);
}

static enum err change_record(struct db *db, void *context, struct cause *why)
{
	return db_exec(db, context, DB_NO_ARGS, why);
}

static void test_migrations_that_are_not_ours(void **state)
{
	static const struct {
		struct db_stmt stmt;
		enum err err;
		const char *text;
	} cases[] = {
	    {{"alter", "UPDATE migration SET sha256 = '00' WHERE number = 2"},
	     ERR_CONFLICT,
	     "migration 2"},
	    {{"lose", "DELETE FROM migration WHERE number = 1"}, ERR_CONFLICT, "lacks migration 1"},
	    {{"newer", "INSERT INTO migration (number, name, sha256, at) VALUES (1000, 'of "
		       "tomorrow', '00', 0)"},
	     ERR_UNSUPPORTED,
	     "of tomorrow"},
	};
	struct store_dir *d = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct db_stmt stmt = cases[i].stmt;
		struct db *db = older_store(d, migration_count);
		struct cause why = {0};

		assert_ok(db_tx(db, DB_WRITE, change_record, &stmt, &why));
		db_close(db);
		assert_int_equal(try_open(d->path, STORE_OWN, &why), cases[i].err);
		assert_non_null(strstr(why.text, cases[i].text));
		assert_int_equal(try_open(d->path, STORE_READ, &why), cases[i].err);
		store_dir_renew(d);
	}
}

/* Every statement of the program, in `list` of its file. */
static void test_every_statement_prepares(void **state)
{
	struct store_dir *d = *state;
	struct db *db = older_store(d, migration_count);
	const struct st_statements *const *files;
	uint32_t file_count, total = 0;

	files = st_all_statements(&file_count);
	for (uint32_t f = 0; f < file_count; f++) {
		for (uint32_t i = 0; i < files[f]->n; i++) {
			const struct db_stmt *stmt = files[f]->stmt[i];
			struct db_value values[32] = {{.kind = DB_NULL}};
			struct cause why = {0};
			struct db_rows rows;
			uint32_t n = 0;

			for (const char *p = stmt->sql; (p = strchr(p, '$')); p++)
				n = (uint32_t)atoi(p + 1) > n ? (uint32_t)atoi(p + 1) : n;
			/* Prepares it, and stops the program when its parameters do not ascend. */
			assert_ok(
			    db_query(db, stmt, (struct db_args){values, n}, NULL, &rows, &why));
			assert_ok(db_end(&rows, &why));
			total++;
		}
	}
	assert_true(total > 40);
	db_close(db);
}

static bool is_read_here(Oid type)
{
	return type == 17 || type == 20 || type == 25; /* BYTEA, BIGINT, TEXT */
}

/* The same on a server, which also says of which types their values are: the three that a db_value has. */
static void prepare_on_server(PGconn *conn, const struct db *db, const struct db_stmt *stmt)
{
	char *sql = db_replace_words(db, stmt->sql);
	PGresult *r = PQprepare(conn, stmt->name, sql, 0, NULL);

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", stmt->name, PQerrorMessage(conn));
	PQclear(r);
	r = PQdescribePrepared(conn, stmt->name);
	assert_int_equal(PQresultStatus(r), PGRES_COMMAND_OK);
	for (int i = 0; i < PQnparams(r); i++)
		if (!is_read_here(PQparamtype(r, i)))
			fail_msg("%s: parameter %d has type %u", stmt->name, i + 1,
				 PQparamtype(r, i));
	for (int i = 0; i < PQnfields(r); i++)
		if (!is_read_here(PQftype(r, i)))
			fail_msg("%s: column %d has type %u", stmt->name, i + 1, PQftype(r, i));
	PQclear(r);
	free(sql);
}

static void test_every_statement_prepares_on_a_server(void **state)
{
	struct store_dir *d = *state;
	const struct st_statements *const *files;
	uint32_t file_count;
	struct db *db;
	PGconn *conn;

	db = older_store(d, migration_count);
	conn = PQconnectdb(d->path);
	files = st_all_statements(&file_count);
	for (uint32_t f = 0; f < file_count; f++)
		for (uint32_t i = 0; i < files[f]->n; i++)
			prepare_on_server(conn, db, files[f]->stmt[i]);
	PQfinish(conn);
	db_close(db);
}

/* A statement that no list names would be prepared by no test. SOURCE_ROOT comes from the build. */
static void test_no_statement_is_missing_from_its_list(void **state)
{
	const struct st_statements *const *files;
	uint32_t file_count;

	(void)state;
	files = st_all_statements(&file_count);
	for (uint32_t f = 0; f < file_count; f++) {
		const char *base = strrchr(files[f]->file, '/');
		char path[512], line[512];
		uint32_t defined = 0;
		FILE *in;

		base = base ? base + 1 : files[f]->file;
		if (strcmp(base, "st_dump.c") == 0)
			continue; /* its table is asserted there */
		snprintf(path, sizeof(path), "%s/src/store/%s", SOURCE_ROOT, base);
		in = fopen(path, "r");
		assert_non_null(in);
		while (fgets(line, sizeof(line), in))
			defined += strncmp(line, "static const struct db_stmt ", 28) == 0 &&
				   line[28] != '*';
		fclose(in);
		if (defined != files[f]->n)
			fail_msg("%s defines %u statements and lists %u", base, defined,
				 files[f]->n);
	}
}

/* The plan of a statement, its steps joined. Each time over a new connection: a statement's address is its identity. */
static void plan_of(const char *path, const struct db_stmt *stmt, char *ret, size_t room)
{
	char sql[2048];
	const struct db_stmt explain = {stmt->name, sql};
	struct db_value values[32] = {{.kind = DB_NULL}};
	struct cause why = {0};
	struct db_rows rows;
	struct db *db;
	uint32_t n = 0;

	assert_ok(db_open(path, DB_READ, &db, &why));
	snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", stmt->sql);
	for (const char *p = sql; (p = strchr(p, '$')); p++)
		n = (uint32_t)atoi(p + 1) > n ? (uint32_t)atoi(p + 1) : n;
	ret[0] = 0;
	assert_ok(db_query(db, &explain, (struct db_args){values, n}, NULL, &rows, &why));
	while (db_next(&rows, &why) == ERR_NONE) {
		struct span detail;

		for (int skip_ids = 0; skip_ids < 3; skip_ids++)
			(void)db_get_i64(&rows);
		detail = db_get_span(&rows);
		snprintf(ret + strlen(ret), room - strlen(ret), "%.*s; ", SPAN_ARG(detail));
	}
	assert_ok(db_end(&rows, &why));
	db_close(db);
}

/* Statements that may walk a table: they give all of it. */
static bool may_scan(const struct db_stmt *stmt)
{
	static const char *const whole[] = {"event_scan_all",
					    "declaration_scan",
					    "declaration_clear",
					    "party_scan",
					    "party_clear",
					    "draw_count_list",
					    "activation_list",
					    "quarantine_scan",
					    "migration_list",
					    "migration_number",
					    "migration_shut_batches",
					    "migration_shut_nodes",
					    "life_scan",
					    "document_scan",
					    "body_count",
					    "person_scan",
					    "session_scan",
					    "session_sweep",
					    "token_scan",
					    "hook_scan",
					    "dead_purge",
					    "balance_scan",
					    "transfer_scan",
					    "announcement_scan",
					    "contingency_scan",
					    "obligation_scan",
					    "guarantee_scan",
					    "cargo_scan",
					    "stock_scan",
					    "stock_hold_scan",
					    "quota_scan",
					    "quota_hold_scan",
					    "quota_news_scan",
					    "history_scan",
					    "codes_scan",
					    "case_party_scan",
					    "outcome_scan",
					    "message_scan",
					    "node_list",
					    "lease_list",
					    "lease_release",
					    "news_ends"};

	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		if (strcmp(stmt->name, whole[i]) == 0)
			return true;
	return strncmp(stmt->name, "dump_", 5) == 0;
}

/* Without statistics SQLite once took the primary key's first column for a trader's reference: each look-up then read the whole
 * office. */
static const struct {
	const char *stmt, *plan;
} indexes[] = {
    {"event_head", "sqlite_autoindex_event_1 (office=?)"},
    {"event_get", "sqlite_autoindex_event_1 (office=? AND seq=?)"},
    {"event_list", "event_by_reference (office=? AND reference=?)"},
    {"declaration_find", "declaration_by_trader (office=? AND sender=? AND trader_reference=?)"},
    {"declaration_count", "declaration_by_day (office=? AND day>? AND day<?)"},
    {"balance_get", "PRIMARY KEY (holder=?)"},
    {"transfer_page", "PRIMARY KEY (holder=? AND (at,office,seq,n)<(?,?,?,?))"},
    {"event_list_kind", "event_by_reference (office=? AND reference=?)"},
    {"document_list", "PRIMARY KEY (office=? AND reference=?)"},
    {"document_page_state",
     "document_by_state (office=? AND state=? AND (reference,number)>(?,?))"},
    {"activation_in_force", "activation_by_day (kind=? AND from_day<?)"},
    {"root_newest", "PRIMARY KEY (office=?)"},
    {"life_list", "life_by_lane (office=? AND state=? AND lane=?)"},
    {"case_get", "sqlite_autoindex_life_1 (office=? AND reference=?)"},
    {"work_up", "life_by_lane (office=? AND state=? AND lane=? AND reference>?)"},
    {"work_down", "life_by_lane (office=? AND state=? AND lane=? AND reference<?)"},
    {"work_examiner_up",
     "life_by_examiner (office=? AND examiner=? AND state=? AND lane=? AND reference>?)"},
    {"work_examiner_down",
     "life_by_examiner (office=? AND examiner=? AND state=? AND lane=? AND reference<?)"},
    {"work_party_up", "SEARCH c USING PRIMARY KEY (party=? AND reference>?)"},
    {"work_party_down", "SEARCH c USING PRIMARY KEY (party=? AND reference<?)"},
    {"work_deadline", "life_by_office_deadline (office=? AND (deadline,reference)>(?,?))"},
    {"work_codes_up", "SEARCH g USING PRIMARY KEY (office=? AND chapter=? AND reference>?)"},
    {"work_codes_down", "SEARCH g USING PRIMARY KEY (office=? AND chapter=? AND reference<?)"},
    {"work_refund", "life_by_refund (office=? AND reference>?)"},
    {"case_page_held", "SEARCH c USING PRIMARY KEY (party=? AND reference>?)"},
    {"work_count", "COVERING INDEX life_by_lane (office=? AND state=? AND lane=?)"},
    {"work_count_examiner",
     "COVERING INDEX life_by_examiner (office=? AND examiner=? AND state=? AND lane=?)"},
    {"case_page_party", "SEARCH c USING PRIMARY KEY (party=? AND reference<?)"},
    {"life_due", "life_by_deadline (deadline>? AND deadline<?)"},
    {"contingency_find", "PRIMARY KEY (office=? AND first<?)"},
    {"announcement_first", "announcement_by_day (from_day<?)"},
    {"announcement_next", "announcement_by_day"},
    {"cargo_find", "cargo_by_trader (office=? AND sender=? AND trader_reference=?)"},
    {"cargo_conveyance", "cargo_by_conveyance (office=? AND conveyance=?)"},
    {"cargo_carrier", "cargo_by_carrier (carrier=? AND reference>?)"},
    {"message_find", "message_by_key (office=? AND sender=? AND key=?)"},
    {"message_type", "message_by_type (office=? AND type=? AND reference>?)"},
    {"message_sender", "message_by_sender (sender=? AND reference>?)"},
    {"stock_office", "stock_by_office (office=? AND open=?)"},
    {"stock_carrier", "stock_by_carrier (carrier=? AND open=?)"},
    {"stock_consignee", "stock_by_consignee (consignee=? AND open=?)"},
    {"stock_source", "stock_by_source (source=?)"},
    {"quota_hold_case", "quota_hold_by_case (office=? AND reference=?)"},
    {"quota_hold_due", "quota_hold_by_way (way=? AND day<?)"},
    {"quota_news_list", "PRIMARY KEY (quota=? AND period=?)"},
    {"obligation_overdue", "obligation_by_day (due_day<?)"},
    {"obligation_overdue_of", "PRIMARY KEY (party=?)"},
};

static void test_every_look_up_uses_its_index(void **state)
{
	struct store_dir *d = *state;
	const struct st_statements *const *files;
	uint32_t file_count, matched = 0;
	char plan[2048];

	db_close(older_store(d, migration_count));
	files = st_all_statements(&file_count);
	for (uint32_t f = 0; f < file_count; f++) {
		for (uint32_t i = 0; i < files[f]->n; i++) {
			const struct db_stmt *stmt = files[f]->stmt[i];

			plan_of(d->path, stmt, plan, sizeof(plan));
			if (strstr(plan, "TEMP B-TREE") ||
			    (strstr(plan, "SCAN") && !may_scan(stmt)))
				fail_msg("%s: %s", stmt->name, plan);
			for (size_t k = 0; k < ARRAY_LEN(indexes); k++) {
				if (strcmp(stmt->name, indexes[k].stmt) != 0)
					continue;
				matched++;
				if (!strstr(plan, indexes[k].plan))
					fail_msg("%s: %s", stmt->name, plan);
			}
		}
	}
	assert_int_equal(matched, ARRAY_LEN(indexes));
}

/* What a server does where it may neither walk a table nor sort, unless nothing else helps. */
static void plan_on_server(PGconn *conn, const struct db_stmt *stmt, char *ret, size_t room)
{
	char sql[400];
	PGresult *r = PQdescribePrepared(conn, stmt->name);
	const int n = PQnparams(r);

	PQclear(r);
	snprintf(sql, sizeof(sql), "EXPLAIN EXECUTE %s%s", stmt->name, n ? "(" : "");
	for (int i = 0; i < n; i++)
		snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), "%sNULL", i ? "," : "");
	snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), "%s", n ? ")" : "");
	r = PQexec(conn, sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	ret[0] = 0;
	for (int i = 0; i < PQntuples(r); i++)
		snprintf(ret + strlen(ret), room - strlen(ret), "%s\n", PQgetvalue(r, i, 0));
	PQclear(r);
}

static void test_every_look_up_uses_its_index_on_a_server(void **state)
{
	static const char settings[] =
	    "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off;"
	    "SET plan_cache_mode = force_generic_plan";
	struct store_dir *d = *state;
	const struct st_statements *const *files;
	uint32_t file_count;
	char plan[8192];
	struct db *db;
	PGconn *conn;

	db = older_store(d, migration_count);
	conn = PQconnectdb(d->path);
	PQclear(PQexec(conn, settings));
	files = st_all_statements(&file_count);
	for (uint32_t f = 0; f < file_count; f++) {
		for (uint32_t i = 0; i < files[f]->n; i++) {
			const struct db_stmt *stmt = files[f]->stmt[i];

			prepare_on_server(conn, db, stmt);
			plan_on_server(conn, stmt, plan, sizeof(plan));
			if (strstr(plan, "Sort  (") ||
			    (strstr(plan, "Seq Scan") && !may_scan(stmt)))
				fail_msg("%s:\n%s", stmt->name, plan);
		}
	}
	PQfinish(conn);
	db_close(db);
}

/* A path that nobody can write to: refused with words, whoever runs the test. */
static void test_a_place_that_cannot_be_made(void **state)
{
	struct store_dir *d = *state;
	char path[400];
	struct cause why = {0};

	snprintf(path, sizeof(path), "%s/missing/data", d->parent);
	assert_int_equal(try_open(path, STORE_OWN, &why), ERR_IO);
	assert_non_null(strstr(why.text, path));
	assert_int_equal(mkdir(d->path, 0700), 0);
	snprintf(path, sizeof(path), "%s/customhouse.db", d->path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(try_open(d->path, STORE_OWN, &why), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest in_a_file[] = {
	    store_test(test_one_owner_and_readers_beside_it),
	    store_test(test_a_reader_never_writes),
	    store_test(test_an_older_store_is_brought_up_to_date),
	    store_test(test_an_interrupted_migration_goes_on),
	    store_test(test_migrations_that_are_not_ours),
	    store_test(test_every_statement_prepares),
	    store_test(test_no_statement_is_missing_from_its_list),
	    store_test(test_every_look_up_uses_its_index),
	    store_test(test_a_place_that_cannot_be_made),
	};
	const struct CMUnitTest on_a_server[] = {
	    store_test(test_nodes_start_at_the_same_time),
	    store_test(test_a_reader_never_writes),
	    store_test(test_an_older_store_is_brought_up_to_date),
	    store_test(test_an_interrupted_migration_goes_on),
	    store_test(test_migrations_that_are_not_ours),
	    store_test(test_every_statement_prepares_on_a_server),
	    store_test(test_every_look_up_uses_its_index_on_a_server),
	};

	return store_dir_remote() ? store_dir_run(on_a_server) : store_dir_run(in_a_file);
}
