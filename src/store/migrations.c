#include "store/migrations.h"

#include <string.h>

#include "base/hash.h"
#include "store/st.h"

/* House rules of these texts: what SQLite and PostgreSQL 15 both understand, no triggers, no vendor's functions; days are ISO
 * text, moments are microseconds, truth is 0 or 1. Office or holder leads every key of what grows with the trade, and is never
 * updated, so that the schema can be spread by it; small tables that every node has whole (versions, day keys, migrations)
 * have no such column. Text keys sort by bytes: a PostgreSQL database is created with LC_COLLATE 'C'. */
// clang-format off
/* Behind the text: the lowest schema number of a program that may go on beside it, or 0 (migrations.h). */
const struct migration migrations[] = {
	{"log and declarations",
		"CREATE TABLE event ("
			"office TEXT NOT NULL, seq {i64} NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL, version {i64}"
			" NOT NULL,"
			" at {i64} NOT NULL, actor TEXT NOT NULL, payload_hash {blob} NOT NULL, chain {blob} NOT NULL, salt"
			" {blob}, payload {blob},"
			" PRIMARY KEY (office, seq)) {strict};"
		"CREATE INDEX event_by_reference ON event (office, reference, seq);"
		"CREATE TABLE declaration ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, version {i64} NOT NULL, sender TEXT NOT NULL,"
			" trader_reference TEXT NOT NULL,"
			" input_sha256 TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL, lane TEXT NOT NULL, holder TEXT"
			" NOT NULL,"
			" items {i64} NOT NULL, currency TEXT NOT NULL, total_minor {i64} NOT NULL, day TEXT NOT NULL,"
			" decided_at {i64} NOT NULL,"
			" input_seq {i64} NOT NULL, decision_seq {i64} NOT NULL, answer_seq {i64} NOT NULL,"
			" PRIMARY KEY (office, reference)) {strict};"
		"CREATE INDEX declaration_by_trader ON declaration (office, sender, trader_reference, input_seq);"
		"CREATE INDEX declaration_by_state ON declaration (office, state, reference);"
		"CREATE INDEX declaration_by_day ON declaration (office, day, lane, state);"
		"CREATE TABLE counter (office TEXT NOT NULL, year {i64} NOT NULL, next {i64} NOT NULL, PRIMARY KEY (office,"
		" year)) {keyed};"
		"CREATE TABLE quarantine (sha256 {blob} NOT NULL PRIMARY KEY, at {i64} NOT NULL, reason TEXT NOT NULL, bytes"
		" {blob} NOT NULL) {strict};",
		0
	},
	{"parties, versions, day keys, roots",
		"CREATE TABLE party_history ("
			"holder TEXT NOT NULL PRIMARY KEY, declared {i64} NOT NULL, selected {i64} NOT NULL, irregular {i64}"
			" NOT NULL,"
			" first_day TEXT NOT NULL, last_day TEXT NOT NULL, recent {blob}) {keyed};"
		"CREATE TABLE version ("
			"kind TEXT NOT NULL, hash {blob} NOT NULL, at {i64} NOT NULL, bytes {blob} NOT NULL, PRIMARY KEY (kind,"
			" hash)) {strict};"
		"CREATE TABLE activation ("
			"seq {i64} NOT NULL PRIMARY KEY, kind TEXT NOT NULL, hash {blob} NOT NULL, from_day TEXT NOT NULL, at"
			" {i64} NOT NULL) {strict};"
		"CREATE INDEX activation_by_day ON activation (kind, from_day, seq);"
		"CREATE TABLE day_key ("
			"day TEXT NOT NULL PRIMARY KEY, commitment {blob} NOT NULL, rate TEXT NOT NULL, sealed {blob} NOT NULL,"
			" at {i64} NOT NULL) {strict};"
		"CREATE TABLE root ("
			"office TEXT NOT NULL, seq {i64} NOT NULL, day TEXT NOT NULL, chain {blob} NOT NULL, previous {blob}"
			" NOT NULL,"
			" signature {blob} NOT NULL, at {i64} NOT NULL, PRIMARY KEY (office, seq)) {keyed};",
		0
	},
	{"goods that were lodged, draws that were made",
		"CREATE TABLE goods ("
			"holder TEXT NOT NULL, goods TEXT NOT NULL, office TEXT NOT NULL, reference TEXT NOT NULL,"
			" decision_seq {i64} NOT NULL, PRIMARY KEY (holder, goods)) {keyed};"
		"CREATE TABLE draw_count ("
			"day TEXT NOT NULL PRIMARY KEY, drawn {i64} NOT NULL, picked {i64} NOT NULL) {keyed};",
		0
	},
	{"lives of cases, acts, rosters",
		"CREATE TABLE life ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, party TEXT NOT NULL, state TEXT NOT NULL,"
				" lane TEXT NOT NULL,"
			" examiner TEXT NOT NULL, deadline {i64} NOT NULL, seq {i64} NOT NULL, body TEXT NOT NULL,"
			" PRIMARY KEY (office, reference)) {strict};"
		"CREATE INDEX life_by_state ON life (office, state, reference);"
		"CREATE INDEX life_by_deadline ON life (deadline) WHERE deadline > 0;"
		"CREATE TABLE case_party ("
			"party TEXT NOT NULL, reference TEXT NOT NULL, office TEXT NOT NULL, PRIMARY KEY (party,"
				" reference)) {keyed};"
		"CREATE TABLE act_key ("
			"office TEXT NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL,"
				" sha256 {blob} NOT NULL,"
			" seq {i64} NOT NULL, PRIMARY KEY (office, actor, key)) {keyed};"
		"CREATE TABLE roster ("
			"office TEXT NOT NULL, login TEXT NOT NULL, present_until {i64} NOT NULL, skills TEXT NOT NULL,"
			" conflicts TEXT NOT NULL, PRIMARY KEY (office, login)) {keyed};",
		0
	},
	{"documents of a case",
		/* The bodies stand apart: what changes of a document does not write its bytes again. */
		"CREATE TABLE document ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, number {i64} NOT NULL, version {i64} NOT NULL,"
			" sha256 {blob} NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes {i64} NOT NULL, pointer TEXT"
			" NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL, at {i64} NOT NULL,"
			" PRIMARY KEY (office, reference, number)) {keyed};"
		"CREATE INDEX document_by_state ON document (office, state, reference, number);"
		"CREATE TABLE document_body ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, number {i64} NOT NULL, body {blob} NOT NULL,"
			" PRIMARY KEY (office, reference, number)) {strict};",
		0
	},
	/* What grows with use is led by whose it is. Lists within a text have a blank between their members. */
	{"people, sessions, tokens, authorities, accesses",
		"CREATE TABLE person ("
			"login TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, offices TEXT NOT NULL,"
			" parties TEXT NOT NULL, agency TEXT NOT NULL, disabled {i64} NOT NULL, must_change {i64} NOT NULL,"
			" secret TEXT NOT NULL, created_at {i64} NOT NULL, changed_at {i64} NOT NULL) {strict};"
		"CREATE TABLE session ("
			"sha256 {blob} NOT NULL PRIMARY KEY, login TEXT NOT NULL, begun_at {i64} NOT NULL, seen_at"
				" {i64} NOT NULL)"
			" {strict};"
		"CREATE TABLE token ("
			"sha256 {blob} NOT NULL PRIMARY KEY, id TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,"
			" scopes TEXT NOT NULL, made_at {i64} NOT NULL, expires_at {i64} NOT NULL, used_on TEXT NOT"
				" NULL) {strict};"
		"CREATE TABLE authority ("
			"party TEXT NOT NULL, id {i64} NOT NULL, broker TEXT NOT NULL, from_day TEXT NOT NULL, to_day"
				" TEXT NOT NULL,"
			" granted_by TEXT NOT NULL, granted_at {i64} NOT NULL, revoked_at {i64} NOT NULL,"
			" PRIMARY KEY (party, id)) {strict};"
		"CREATE INDEX authority_by_broker ON authority (broker, id);"
		"CREATE TABLE access ("
			"login TEXT NOT NULL, id {i64} NOT NULL, at {i64} NOT NULL, office TEXT NOT NULL, reference"
				" TEXT NOT NULL,"
			" purpose TEXT NOT NULL, part TEXT NOT NULL, request TEXT NOT NULL, PRIMARY KEY (login, id)) {strict};"
		"CREATE INDEX access_by_id ON access (id);"
		"CREATE INDEX access_by_reference ON access (reference, id);",
		0
	},
	{"notifications",
		"CREATE TABLE outbox ("
			"party TEXT NOT NULL, id {i64} NOT NULL, office TEXT NOT NULL, reference TEXT NOT NULL, version {i64}"
			" NOT NULL,"
			" kind TEXT NOT NULL, at {i64} NOT NULL, body TEXT NOT NULL, PRIMARY KEY (party, id)) {strict};"
		"CREATE INDEX outbox_by_age ON outbox (at);"
		"CREATE TABLE hook ("
			"party TEXT NOT NULL, id {i64} NOT NULL, url TEXT NOT NULL, sealed {blob} NOT NULL, state TEXT NOT NULL,"
			" taken {i64} NOT NULL, attempts {i64} NOT NULL, next_at {i64} NOT NULL, lost {i64} NOT NULL,"
			" last_error TEXT NOT NULL, made_at {i64} NOT NULL, PRIMARY KEY (party, id)) {strict};"
		"CREATE TABLE dead_letter ("
			"party TEXT NOT NULL, hook {i64} NOT NULL, notice {i64} NOT NULL, reason TEXT NOT NULL, at {i64} NOT"
			" NULL,"
			" again {i64} NOT NULL, PRIMARY KEY (party, hook, notice)) {keyed};",
		0
	},
	{"balances and transfers",
		"CREATE TABLE balance ("
			"holder TEXT NOT NULL, account TEXT NOT NULL, currency TEXT NOT NULL, minor {i64} NOT NULL,"
			" PRIMARY KEY (holder, account, currency)) {keyed};"
		/* The key is the order of a statement. */
		"CREATE TABLE transfer ("
			"holder TEXT NOT NULL, at {i64} NOT NULL, office TEXT NOT NULL, seq {i64} NOT NULL, n {i64} NOT NULL,"
			" reference TEXT NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL, other_holder TEXT NOT NULL,"
			" other_account TEXT NOT NULL, currency TEXT NOT NULL, minor {i64} NOT NULL,"
			" PRIMARY KEY (holder, at, office, seq, n)) {keyed};",
		0
	},
	{"contingency numbers, simplified declarations",
		"CREATE TABLE contingency ("
			"office TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, reserved_by TEXT NOT NULL,"
			" at {i64} NOT NULL, PRIMARY KEY (office, first)) {keyed};"
		"CREATE TABLE obligation ("
			"party TEXT NOT NULL, reference TEXT NOT NULL, office TEXT NOT NULL, due_day TEXT NOT NULL,"
			" completed_by TEXT NOT NULL, PRIMARY KEY (party, reference)) {keyed};"
		"CREATE INDEX obligation_by_day ON obligation (due_day, party, reference) WHERE completed_by = '';",
		0
	},
	/* Of running nodes, not of customs: none of it is in a backup. A row of holder is there to be locked. The lease
	 * of the office HUB is nobody's: whoever writes the hub's own chain locks it. */
	{"nodes, leases, news",
		"CREATE TABLE node ("
			"name TEXT NOT NULL PRIMARY KEY, run {i64} NOT NULL, address TEXT NOT NULL, program TEXT NOT NULL,"
			" started_at {i64} NOT NULL, beat {i64} NOT NULL) {strict};"
		"CREATE TABLE node_batch ("
			"node TEXT NOT NULL PRIMARY KEY, run {i64} NOT NULL, number {i64} NOT NULL, asked {i64} NOT NULL)"
			" {strict};"
		"CREATE TABLE lease ("
			"office TEXT NOT NULL PRIMARY KEY, epoch {i64} NOT NULL, node TEXT NOT NULL, run {i64} NOT NULL,"
			" used {i64} NOT NULL) {strict};"
		"INSERT INTO lease (office, epoch, node, run, used) VALUES ('HUB', 0, '', 0, 0);"
		"CREATE TABLE holder (holder TEXT NOT NULL PRIMARY KEY, used {i64} NOT NULL) {keyed};"
		"CREATE TABLE news (id {i64} NOT NULL PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL) {keyed};"
		"CREATE TABLE signer (id {i64} NOT NULL PRIMARY KEY, public {blob} NOT NULL, at {i64} NOT NULL) {strict};",
		0
	},
	{"compressed payloads",
		/* What lies there is plain. */
		"ALTER TABLE event ADD COLUMN compression {i64} NOT NULL DEFAULT 0;",
		0
	},
	{"which programs may go on",
		"ALTER TABLE migration ADD COLUMN oldest {i64} NOT NULL DEFAULT 0;",
		0
	},
	{"guarantees",
		"CREATE TABLE guarantee ("
			"party TEXT NOT NULL, reference TEXT NOT NULL, guarantor TEXT NOT NULL, currency TEXT NOT NULL,"
			" minor {i64} NOT NULL, until_day TEXT NOT NULL, office TEXT NOT NULL, seq {i64} NOT NULL,"
			" PRIMARY KEY (party, reference)) {keyed};",
		0
	},
	/* Nobody asks for rows of the declaration by their state: that is the life's to tell. */
	{"no index of states", "DROP INDEX declaration_by_state;", 13},
	/* An account of stock is spread by what it is called, as a holder is: declarations of any office write it off. */
	{"cargo reports, stock",
		"CREATE TABLE cargo ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, version {i64} NOT NULL, sender TEXT NOT NULL,"
			" trader_reference TEXT NOT NULL, carrier TEXT NOT NULL, input_sha256 TEXT NOT NULL, state TEXT NOT NULL,"
			" conveyance TEXT NOT NULL, day TEXT NOT NULL, decided_at {i64} NOT NULL, arrived_at {i64} NOT NULL,"
			" input_seq {i64} NOT NULL, decision_seq {i64} NOT NULL, PRIMARY KEY (office, reference)) {strict};"
		"CREATE INDEX cargo_by_trader ON cargo (office, sender, trader_reference, input_seq);"
		"CREATE INDEX cargo_by_conveyance ON cargo (office, conveyance, reference);"
		"CREATE TABLE stock ("
			"account TEXT NOT NULL, carrier TEXT NOT NULL, kind TEXT NOT NULL, office TEXT NOT NULL, source TEXT NOT"
			" NULL, consignee TEXT NOT NULL, opened_at {i64} NOT NULL, open {i64} NOT NULL, measured {i64} NOT NULL,"
			" granted_packages {i64} NOT NULL, granted_mass {i64} NOT NULL, granted_value {i64} NOT NULL,"
			" reserved_packages {i64} NOT NULL, reserved_mass {i64} NOT NULL, reserved_value {i64} NOT NULL,"
			" used_packages {i64} NOT NULL, used_mass {i64} NOT NULL, used_value {i64} NOT NULL,"
			" PRIMARY KEY (account, carrier)) {keyed};"
		"CREATE INDEX stock_by_source ON stock (source, account);"
		"CREATE INDEX stock_by_office ON stock (office, open, opened_at, account, carrier);"
		"CREATE INDEX stock_by_carrier ON stock (carrier, open, opened_at, account);"
		"CREATE INDEX stock_by_consignee ON stock (consignee, open, opened_at, account, carrier);"
		"CREATE TABLE stock_hold ("
			"account TEXT NOT NULL, carrier TEXT NOT NULL, office TEXT NOT NULL, reference TEXT NOT NULL,"
			" stage TEXT NOT NULL, packages {i64} NOT NULL, mass {i64} NOT NULL, value {i64} NOT NULL,"
			" PRIMARY KEY (account, carrier, office, reference)) {keyed};",
		14
	},
	{"cargo reports of a carrier", "CREATE INDEX cargo_by_carrier ON cargo (carrier, reference, office);", 15},
	/* Accounts of every kind: permits and goods under a procedure have a quantity, goods, days. */
	{"stock of every kind",
		"ALTER TABLE stock ADD COLUMN granted_quantity {i64} NOT NULL DEFAULT 0;"
		"ALTER TABLE stock ADD COLUMN reserved_quantity {i64} NOT NULL DEFAULT 0;"
		"ALTER TABLE stock ADD COLUMN used_quantity {i64} NOT NULL DEFAULT 0;"
		"ALTER TABLE stock ADD COLUMN unit TEXT NOT NULL DEFAULT '';"
		"ALTER TABLE stock ADD COLUMN goods TEXT NOT NULL DEFAULT '';"
		"ALTER TABLE stock ADD COLUMN from_day TEXT NOT NULL DEFAULT '';"
		"ALTER TABLE stock ADD COLUMN until_day TEXT NOT NULL DEFAULT '';"
		"ALTER TABLE stock_hold ADD COLUMN quantity {i64} NOT NULL DEFAULT 0;"
		"CREATE INDEX stock_by_issuer ON stock (source, open, opened_at, account, carrier);",
		16
	},
	{
		"beside an old system",
		"CREATE TABLE outcome ("
			"reference TEXT NOT NULL PRIMARY KEY, standing {i64} NOT NULL, office TEXT NOT NULL,"
			" movement TEXT NOT NULL, decision_seq {i64} NOT NULL, at {i64} NOT NULL, theirs TEXT NOT NULL) {keyed};"
		"CREATE INDEX outcome_by_standing ON outcome (standing, reference);"
		"CREATE TABLE difference ("
			"reference TEXT NOT NULL, kind TEXT NOT NULL, differences {i64} NOT NULL, examples TEXT NOT NULL,"
			" PRIMARY KEY (reference, kind)) {keyed};"
		"CREATE INDEX difference_by_kind ON difference (kind, reference);",
		17
	},
	/* A program that does not know these tables refuses a pack that defines quotas, so it grants nothing of one. */
	{"quotas",
		"CREATE TABLE quota ("
			"quota TEXT NOT NULL, period TEXT NOT NULL, taken {i64} NOT NULL, requested {i64} NOT NULL,"
			" serial {i64} NOT NULL, state TEXT NOT NULL, PRIMARY KEY (quota, period)) {keyed};"
		"CREATE TABLE quota_hold ("
			"quota TEXT NOT NULL, period TEXT NOT NULL, office TEXT NOT NULL, reference TEXT NOT NULL,"
			" sub TEXT NOT NULL, day TEXT NOT NULL, at {i64} NOT NULL, stage TEXT NOT NULL, way TEXT NOT NULL,"
			" asked {i64} NOT NULL, granted {i64} NOT NULL,"
			" PRIMARY KEY (quota, period, office, reference, sub)) {keyed};"
		"CREATE INDEX quota_hold_by_case ON quota_hold (office, reference);"
		"CREATE INDEX quota_hold_by_way ON quota_hold (way, day, quota, period, office, reference, sub);"
		"CREATE INDEX quota_hold_by_day ON quota_hold (quota, period, way, sub, day, at, office, reference);"
		"CREATE TABLE quota_news ("
			"quota TEXT NOT NULL, period TEXT NOT NULL, serial {i64} NOT NULL, at {i64} NOT NULL,"
			" state TEXT NOT NULL, balance {i64} NOT NULL, PRIMARY KEY (quota, period, serial)) {keyed};",
		18
	},
	{"candidates for the tariff",
		"CREATE TABLE candidate ("
			"number {i64} NOT NULL PRIMARY KEY, state TEXT NOT NULL, pack TEXT NOT NULL, rules TEXT NOT NULL,"
			" lists TEXT NOT NULL, base_pack TEXT NOT NULL, base_rules TEXT NOT NULL, base_lists TEXT NOT NULL,"
			" from_day TEXT NOT NULL, proposed_by TEXT NOT NULL, proposed_at {i64} NOT NULL, reason TEXT NOT NULL,"
			" decided_by TEXT NOT NULL, decided_at {i64} NOT NULL, decided_reason TEXT NOT NULL, seq {i64} NOT NULL"
			") {strict};"
		"CREATE TABLE candidate_report ("
			"number {i64} NOT NULL, kind TEXT NOT NULL, at {i64} NOT NULL, seq {i64} NOT NULL,"
			" body {blob} NOT NULL, PRIMARY KEY (number, kind)) {strict};",
		19
	},
	/* Worklists are read off these from where a page begins; few cases have an examiner or a deadline. */
	{"worklists",
		"DROP INDEX life_by_state;"
		"CREATE INDEX life_by_lane ON life (office, state, lane, reference);"
		"CREATE INDEX life_by_examiner ON life (office, examiner, state, lane, reference) WHERE examiner <> '';"
		"CREATE INDEX life_by_office_deadline ON life (office, deadline, reference) WHERE deadline > 0;",
		20
	},
	{"messages that are kept",
		"CREATE TABLE message ("
			"office TEXT NOT NULL, reference TEXT NOT NULL, sender TEXT NOT NULL, key TEXT NOT NULL,"
			" actor TEXT NOT NULL, format TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,"
			" sha256 {blob} NOT NULL, bytes {i64} NOT NULL, at {i64} NOT NULL, input_seq {i64} NOT NULL,"
			" check_seq {i64} NOT NULL, PRIMARY KEY (office, reference)) {strict};"
		"CREATE INDEX message_by_key ON message (office, sender, key, input_seq);"
		"CREATE INDEX message_by_type ON message (office, type, reference);"
		"CREATE INDEX message_by_sender ON message (sender, reference, office);",
		21
	},
	{"histories",
		"CREATE TABLE history ("
			"subject TEXT NOT NULL, office TEXT NOT NULL, body {blob} NOT NULL,"
			" PRIMARY KEY (subject, office)) {keyed};"
		"CREATE TABLE history_mark (office TEXT NOT NULL PRIMARY KEY, seq {i64} NOT NULL) {keyed};",
		22
	},
	{"claims on quotas by time",
		"CREATE INDEX quota_hold_by_time ON quota_hold (quota, at, office, reference, sub);",
		23
	},
	{"goods by their last day", "CREATE INDEX stock_by_until ON stock (until_day, open, office, account);", 24},
	{"announcements",
		"CREATE TABLE announcement ("
			"office TEXT NOT NULL, number {i64} NOT NULL, version {i64} NOT NULL, from_day TEXT NOT NULL,"
			" to_day TEXT NOT NULL, at {i64} NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL,"
			" PRIMARY KEY (office, number)) {keyed};"
		"CREATE INDEX announcement_by_day ON announcement (from_day, office, number, to_day);",
		25
	},
	{"shelves of companies",
		"CREATE TABLE shelf ("
			"party TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,"
			" actor TEXT NOT NULL, changed_at {i64} NOT NULL, PRIMARY KEY (party, kind, name)) {strict};",
		26
	},
	/* Which goods a case declared, by chapter: the log is followed from its beginning. Money that waits to be paid back is
	 * part of a life's body, so that a program of before keeps this index, too. */
	{"cases by goods, refunds that wait",
		"CREATE TABLE case_codes ("
			"office TEXT NOT NULL, chapter TEXT NOT NULL, reference TEXT NOT NULL, codes TEXT NOT NULL,"
			" PRIMARY KEY (office, chapter, reference)) {keyed};"
		"CREATE TABLE case_codes_mark (office TEXT NOT NULL PRIMARY KEY, seq {i64} NOT NULL) {keyed};"
		"CREATE INDEX life_by_refund ON life (office, reference)"
			" WHERE REPLACE(body, '\"refund_minor\":', '') <> body;",
		27
	},
#ifdef CUSTOMHOUSE_NEXT_MIGRATION /* tests/cluster: the program that will follow this one */
	CUSTOMHOUSE_NEXT_MIGRATION
#endif
};
/* From the one behind it on, a migration's `oldest` is noted with it. */
enum { NUMBER_OF_OLDEST = 12 };
// clang-format on
const int migration_count = ARRAY_LEN(migrations);

static const char table_of_migrations[] = "CREATE TABLE IF NOT EXISTS migration ("
					  "number {i64} NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
					  "sha256 TEXT NOT NULL, at {i64} NOT NULL) {strict}";

static const struct db_stmt migration_list = {
    "migration_list",
    "SELECT number, name, sha256 FROM migration WHERE number <= $1 ORDER BY number"};

static const struct db_stmt migration_add = {
    "migration_add", "INSERT INTO migration (number, name, sha256, at) VALUES ($1, $2, $3, $4)"};

static const struct db_stmt migration_add_oldest = {
    "migration_add_oldest",
    "INSERT INTO migration (number, name, sha256, at, oldest) VALUES ($1, $2, $3, $4, $5)"};

static const struct db_stmt migration_newer = {
    "migration_newer", "SELECT number, name, CASE oldest WHEN 0 THEN number ELSE oldest END"
		       " FROM migration WHERE number > $1 ORDER BY number"};

/* Every run that there is becomes an older one, with which nothing can be written. */
static const struct db_stmt migration_shut_batches = {
    "migration_shut_batches", "INSERT INTO node_batch (node, run, number, asked)"
			      " SELECT name, run + 1, 0, 0 FROM node WHERE run > 0"
			      " ON CONFLICT (node) DO UPDATE SET run = excluded.run"};

static const struct db_stmt migration_shut_nodes = {"migration_shut_nodes",
						    "UPDATE node SET run = run + 1"};

static const struct db_stmt migration_number = {"migration_number",
						"SELECT COUNT(*) FROM migration"};

static const struct db_stmt *const statements[] = {
    &migration_list,  &migration_add,          &migration_number,    &migration_add_oldest,
    &migration_newer, &migration_shut_batches, &migration_shut_nodes};
ST_STATEMENTS(st_migration_statements, statements);

/* Of the text before its words are replaced: the same on every database. */
static void migration_hex(const struct migration *m, char ret[65])
{
	const struct hash h = hash_bytes(m->sql, strlen(m->sql));

	hash_hex(&h, ret);
}

/* Compares one row of the table with this program's migration of that number. */
static enum err check_row(struct db_rows *rows, int want, struct cause *why)
{
	const int64_t number = db_get_i64(rows);
	const struct span name = db_get_span(rows), sha256 = db_get_span(rows);
	char hex[65];

	if (number != want)
		return fail(why, ERR_CONFLICT,
			    "the store lacks migration %d but has %lld: it was tampered with; "
			    "restore a backup",
			    want, (long long)number);
	migration_hex(&migrations[number - 1], hex);
	if (!span_is(sha256, hex))
		return fail(why, ERR_CONFLICT,
			    "migration %d (%.*s) in the store is not the one of this program: "
			    "restore a backup, or use the program that wrote it",
			    want, SPAN_ARG(name));
	return ERR_NONE;
}

/* Migrations that this program does not know: may it go on with them? *ret_schema becomes the newest. */
static enum err check_newer(struct db *db, int *ret_schema, struct cause *why)
{
	struct db_rows rows;
	enum err err = db_query(db, &migration_newer, DB_ARGS(db_i64(migration_count)), NULL, &rows,
				why),
		 end;

	if (err)
		return err;
	while (!err && (err = db_next(&rows, why)) == ERR_NONE) {
		const int64_t number = db_get_i64(&rows);
		const struct span name = db_get_span(&rows);
		const int64_t oldest = db_get_i64(&rows);

		*ret_schema = (int)number;
		if (oldest > migration_count)
			err = fail(
			    why, ERR_UNSUPPORTED,
			    "the store has schema %lld (%.*s), which programs from schema "
			    "%lld on can use; this one knows up to %d: use the newer program",
			    (long long)number, SPAN_ARG(name), (long long)oldest, migration_count);
	}
	end = db_end(&rows, why);
	return err == ERR_NOT_FOUND ? end : err;
}

enum err migration_check(struct db *db, int *ret_schema, struct cause *why)
{
	struct db_rows rows;
	enum err err = db_query(db, &migration_list, DB_ARGS(db_i64(migration_count)), NULL, &rows,
				why),
		 end;
	int schema = 0;

	if (err)
		return err;
	while (!err && (err = db_next(&rows, why)) == ERR_NONE) {
		err = check_row(&rows, schema + 1, why);
		schema++;
	}
	end = db_end(&rows, why);
	if (err == ERR_NOT_FOUND)
		err = end;
	if (!err && schema == migration_count)
		err = check_newer(db, &schema, why);
	if (!err)
		*ret_schema = schema;
	return err;
}

enum err migration_refuse_newer(struct db *db, const char *what, struct cause *why)
{
	int schema;
	enum err err = migration_check(db, &schema, why);

	if (!err && schema > migration_count)
		err = fail(why, ERR_UNSUPPORTED,
			   "%s would leave out what schema %d of the store has and this program, "
			   "which knows up to %d, does not know of: use the newer program",
			   what, schema, migration_count);
	return err;
}

/* What one transaction does. */
struct stretch {
	int to;
	int64_t now;
};

static enum err make_table(struct db *db, void *context, struct cause *why)
{
	enum err err = db_lock(db, why);

	(void)context;
	return err ? err : db_script(db, table_of_migrations, why);
}

static void read_number(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

/* Nodes of a program that does not have this migration write nothing from here on, though they run. */
static enum err shut_out(struct db *db, struct cause *why)
{
	enum err err = db_exec(db, &migration_shut_batches, DB_NO_ARGS, why);

	return err ? err : db_exec(db, &migration_shut_nodes, DB_NO_ARGS, why);
}

static enum err note(struct db *db, int number, int64_t now, struct cause *why)
{
	const struct migration *m = &migrations[number - 1];
	enum err err = ERR_NONE;
	char hex[65];

	BUG_ON(strcmp(migrations[NUMBER_OF_OLDEST - 1].name, "which programs may go on") != 0);
	BUG_ON(m->oldest < 0 || m->oldest > number);
	migration_hex(m, hex);
	if (number <= NUMBER_OF_OLDEST)
		return db_exec(db, &migration_add,
			       DB_ARGS(db_i64(number), db_text(span_of(m->name)),
				       db_text(span_of(hex)), db_i64(now)),
			       why);
	if (!m->oldest)
		err = shut_out(db, why);
	if (err)
		return err;
	return db_exec(db, &migration_add_oldest,
		       DB_ARGS(db_i64(number), db_text(span_of(m->name)), db_text(span_of(hex)),
			       db_i64(now), db_i64(m->oldest)),
		       why);
}

static enum err apply(struct db *db, void *context, struct cause *why)
{
	const struct stretch *s = context;
	static const struct db_shape number = {sizeof(int64_t), read_number};
	int64_t schema = 0;
	enum err err = db_lock(db, why);

	if (!err)
		err = db_one(db, &migration_number, DB_NO_ARGS, NULL, &number, &schema, why);
	/* another node that started at the same time may have been here before */
	while (!err && schema < s->to) {
		err = db_script(db, migrations[schema].sql, why);
		schema++;
		if (!err)
			err = note(db, (int)schema, s->now, why);
	}
	return err;
}

enum err migrate(struct db *db, int to, int64_t now, struct cause *why)
{
	int schema = 0;
	enum err err = db_tx(db, DB_WRITE, make_table, NULL, why);

	BUG_ON(to > migration_count);
	if (!err)
		err = migration_check(db, &schema, why);
	while (!err && schema < to) {
		struct stretch s = {schema ? schema + 1 : to, now};

		err = db_tx(db, DB_WRITE, apply, &s, why);
		schema = s.to;
	}
	return err;
}
