/* Backup and restore: every table as JSON lines. Everything here is driven by the list of tables below; a test compares it
 * with the tables and columns that a fresh store has. The table of migrations is not in a backup: the header's schema number
 * says it, and the store that is filled has its own. A migration that changes the meaning of rows must teach store_load() the
 * same. */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/limits.h"
#include "codec/json.h"
#include "store/columns.h"
#include "store/migrations.h"
#include "store/payload.h"
#include "store/st.h"

enum {
	DUMP_FORMAT = 1,
	/* The longest row is a pack whole: as base64, and once more as the text grows. */
	LINE_ARENA_BYTES = 4 * LIMIT_PACK_BYTES,
};

struct column {
	const char *name;
	enum db_kind
	    kind; /* DB_BLOB may be null in a row; whether it may be stored so, the table says */
};

enum { COLUMNS_MAX = 25 };

struct table {
	const char *name;
	struct db_stmt select, insert;
	struct column column[COLUMNS_MAX]; /* as in both statements; ends at a name that is NULL */
};

/* In the order in which they are written. Primary keys give the order of rows, so that the same store gives the same bytes. */
// clang-format off
static const struct table tables[] = {
	{"version",
		{"dump_version", "SELECT " VERSION_COLUMNS " FROM version ORDER BY kind, hash"},
		{"load_version", "INSERT INTO version (" VERSION_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"kind", DB_TEXT}, {"hash", DB_BLOB}, {"at", DB_I64}, {"bytes", DB_BLOB}}},
	{"activation",
		{"dump_activation", "SELECT " ACTIVATION_COLUMNS " FROM activation ORDER BY seq"},
		{"load_activation", "INSERT INTO activation (" ACTIVATION_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"seq", DB_I64}, {"kind", DB_TEXT}, {"hash", DB_BLOB}, {"from_day", DB_TEXT}, {"at", DB_I64}}},
	{"candidate",
		{"dump_candidate", "SELECT " CANDIDATE_COLUMNS " FROM candidate ORDER BY number"},
		{"load_candidate", "INSERT INTO candidate (" CANDIDATE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"},
		{{"number", DB_I64}, {"state", DB_TEXT}, {"pack", DB_TEXT}, {"rules", DB_TEXT}, {"lists", DB_TEXT},
		 {"base_pack", DB_TEXT}, {"base_rules", DB_TEXT}, {"base_lists", DB_TEXT}, {"from_day", DB_TEXT},
		 {"proposed_by", DB_TEXT}, {"proposed_at", DB_I64}, {"reason", DB_TEXT}, {"decided_by", DB_TEXT},
		 {"decided_at", DB_I64}, {"decided_reason", DB_TEXT}, {"seq", DB_I64}}},
	{"candidate_report",
		{"dump_candidate_report", "SELECT " CANDIDATE_REPORT_COLUMNS " FROM candidate_report ORDER BY number, kind"},
		{"load_candidate_report", "INSERT INTO candidate_report (" CANDIDATE_REPORT_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"number", DB_I64}, {"kind", DB_TEXT}, {"at", DB_I64}, {"seq", DB_I64}, {"body", DB_BLOB}}},
	{"day_key",
		{"dump_day_key", "SELECT " DAY_KEY_COLUMNS " FROM day_key ORDER BY day"},
		{"load_day_key", "INSERT INTO day_key (" DAY_KEY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"day", DB_TEXT}, {"commitment", DB_BLOB}, {"rate", DB_TEXT}, {"sealed", DB_BLOB}, {"at", DB_I64}}},
	{"counter",
		{"dump_counter", "SELECT " COUNTER_COLUMNS " FROM counter ORDER BY office, year"},
		{"load_counter", "INSERT INTO counter (" COUNTER_COLUMNS ")"
			" VALUES ($1, $2, $3)"},
		{{"office", DB_TEXT}, {"year", DB_I64}, {"next", DB_I64}}},
	{"event",
		{"dump_event", "SELECT " EVENT_COLUMNS " FROM event ORDER BY office, seq"},
		{"load_event", "INSERT INTO event (" EVENT_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"},
		{{"office", DB_TEXT}, {"seq", DB_I64}, {"kind", DB_TEXT}, {"reference", DB_TEXT},
		 {"version", DB_I64}, {"at", DB_I64}, {"actor", DB_TEXT}, {"payload_hash", DB_BLOB},
		 {"chain", DB_BLOB}, {"salt", DB_BLOB}, {"payload", DB_BLOB}}},
	{"declaration",
		{"dump_declaration", "SELECT " DECLARATION_COLUMNS " FROM declaration ORDER BY office, reference"},
		{"load_declaration", "INSERT INTO declaration (" DECLARATION_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"version", DB_I64}, {"sender", DB_TEXT},
		 {"trader_reference", DB_TEXT}, {"input_sha256", DB_TEXT}, {"type", DB_TEXT}, {"state", DB_TEXT},
		 {"lane", DB_TEXT}, {"holder", DB_TEXT}, {"items", DB_I64}, {"currency", DB_TEXT},
		 {"total_minor", DB_I64}, {"day", DB_TEXT}, {"decided_at", DB_I64}, {"input_seq", DB_I64},
		 {"decision_seq", DB_I64}, {"answer_seq", DB_I64}}},
	{"party_history",
		{"dump_party_history", "SELECT " PARTY_COLUMNS " FROM party_history ORDER BY holder"},
		{"load_party_history", "INSERT INTO party_history (" PARTY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7)"},
		{{"holder", DB_TEXT}, {"declared", DB_I64}, {"selected", DB_I64}, {"irregular", DB_I64},
		 {"first_day", DB_TEXT}, {"last_day", DB_TEXT}, {"recent", DB_BLOB}}},
	{"goods",
		{"dump_goods", "SELECT " GOODS_COLUMNS " FROM goods ORDER BY holder, goods"},
		{"load_goods", "INSERT INTO goods (" GOODS_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"holder", DB_TEXT}, {"goods", DB_TEXT}, {"office", DB_TEXT}, {"reference", DB_TEXT}, {"decision_seq", DB_I64}}},
	{"document",
		{"dump_document", "SELECT " DOCUMENT_COLUMNS " FROM document ORDER BY office, reference, number"},
		{"load_document", "INSERT INTO document (" DOCUMENT_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"number", DB_I64}, {"version", DB_I64}, {"sha256", DB_BLOB},
		 {"name", DB_TEXT}, {"type", DB_TEXT}, {"bytes", DB_I64}, {"pointer", DB_TEXT}, {"state", DB_TEXT},
		 {"actor", DB_TEXT}, {"at", DB_I64}}},
	{"document_body",
		{"dump_document_body", "SELECT " BODY_COLUMNS " FROM document_body ORDER BY office, reference, number"},
		{"load_document_body", "INSERT INTO document_body (" BODY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"number", DB_I64}, {"body", DB_BLOB}}},
	{"draw_count",
		{"dump_draw_count", "SELECT " DRAW_COUNT_COLUMNS " FROM draw_count ORDER BY day"},
		{"load_draw_count", "INSERT INTO draw_count (" DRAW_COUNT_COLUMNS ")"
			" VALUES ($1, $2, $3)"},
		{{"day", DB_TEXT}, {"drawn", DB_I64}, {"picked", DB_I64}}},
	{"outbox",
		{"dump_outbox", "SELECT " OUTBOX_COLUMNS " FROM outbox ORDER BY party, id"},
		{"load_outbox", "INSERT INTO outbox (" OUTBOX_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"party", DB_TEXT}, {"id", DB_I64}, {"office", DB_TEXT}, {"reference", DB_TEXT}, {"version", DB_I64},
		 {"kind", DB_TEXT}, {"at", DB_I64}, {"body", DB_TEXT}}},
	{"hook",
		{"dump_hook", "SELECT " HOOK_COLUMNS " FROM hook ORDER BY party, id"},
		{"load_hook", "INSERT INTO hook (" HOOK_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"},
		{{"party", DB_TEXT}, {"id", DB_I64}, {"url", DB_TEXT}, {"sealed", DB_BLOB}, {"state", DB_TEXT},
		 {"taken", DB_I64}, {"attempts", DB_I64}, {"next_at", DB_I64}, {"lost", DB_I64},
		 {"last_error", DB_TEXT}, {"made_at", DB_I64}}},
	{"dead_letter",
		{"dump_dead_letter", "SELECT " DEAD_LETTER_COLUMNS " FROM dead_letter ORDER BY party, hook, notice"},
		{"load_dead_letter", "INSERT INTO dead_letter (" DEAD_LETTER_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6)"},
		{{"party", DB_TEXT}, {"hook", DB_I64}, {"notice", DB_I64}, {"reason", DB_TEXT}, {"at", DB_I64},
		 {"again", DB_I64}}},
	{"root",
		{"dump_root", "SELECT " ROOT_COLUMNS " FROM root ORDER BY office, seq"},
		{"load_root", "INSERT INTO root (" ROOT_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7)"},
		{{"office", DB_TEXT}, {"seq", DB_I64}, {"day", DB_TEXT}, {"chain", DB_BLOB}, {"previous", DB_BLOB},
		 {"signature", DB_BLOB}, {"at", DB_I64}}},
	{"person",
		{"dump_person", "SELECT " PERSON_COLUMNS " FROM person ORDER BY login"},
		{"load_person", "INSERT INTO person (" PERSON_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"},
		{{"login", DB_TEXT}, {"name", DB_TEXT}, {"roles", DB_TEXT}, {"offices", DB_TEXT}, {"parties", DB_TEXT},
		 {"agency", DB_TEXT}, {"disabled", DB_I64}, {"must_change", DB_I64}, {"secret", DB_TEXT},
		 {"created_at", DB_I64}, {"changed_at", DB_I64}}},
	{"session",
		{"dump_session", "SELECT " SESSION_COLUMNS " FROM session ORDER BY sha256"},
		{"load_session", "INSERT INTO session (" SESSION_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"sha256", DB_BLOB}, {"login", DB_TEXT}, {"begun_at", DB_I64}, {"seen_at", DB_I64}}},
	{"token",
		{"dump_token", "SELECT " TOKEN_COLUMNS " FROM token ORDER BY sha256"},
		{"load_token", "INSERT INTO token (" TOKEN_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"sha256", DB_BLOB}, {"id", DB_TEXT}, {"login", DB_TEXT}, {"name", DB_TEXT}, {"scopes", DB_TEXT},
		 {"made_at", DB_I64}, {"expires_at", DB_I64}, {"used_on", DB_TEXT}}},
	{"authority",
		{"dump_authority", "SELECT " AUTHORITY_COLUMNS " FROM authority ORDER BY party, id"},
		{"load_authority", "INSERT INTO authority (" AUTHORITY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"party", DB_TEXT}, {"id", DB_I64}, {"broker", DB_TEXT}, {"from_day", DB_TEXT}, {"to_day", DB_TEXT},
		 {"granted_by", DB_TEXT}, {"granted_at", DB_I64}, {"revoked_at", DB_I64}}},
	{"shelf",
		{"dump_shelf", "SELECT " SHELF_COLUMNS " FROM shelf ORDER BY party, kind, name"},
		{"load_shelf", "INSERT INTO shelf (" SHELF_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6)"},
		{{"party", DB_TEXT}, {"kind", DB_TEXT}, {"name", DB_TEXT}, {"body", DB_TEXT}, {"actor", DB_TEXT},
		 {"changed_at", DB_I64}}},
	{"access",
		{"dump_access", "SELECT " ACCESS_COLUMNS " FROM access ORDER BY login, id"},
		{"load_access", "INSERT INTO access (" ACCESS_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"login", DB_TEXT}, {"id", DB_I64}, {"at", DB_I64}, {"office", DB_TEXT}, {"reference", DB_TEXT},
		 {"purpose", DB_TEXT}, {"part", DB_TEXT}, {"request", DB_TEXT}}},
	{"quarantine",
		{"dump_quarantine", "SELECT " QUARANTINE_COLUMNS " FROM quarantine ORDER BY sha256"},
		{"load_quarantine", "INSERT INTO quarantine (" QUARANTINE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"sha256", DB_BLOB}, {"at", DB_I64}, {"reason", DB_TEXT}, {"bytes", DB_BLOB}}},
	{"life",
		{"dump_life", "SELECT " LIFE_COLUMNS " FROM life ORDER BY office, reference"},
		{"load_life", "INSERT INTO life (" LIFE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"party", DB_TEXT}, {"state", DB_TEXT}, {"lane", DB_TEXT},
		 {"examiner", DB_TEXT}, {"deadline", DB_I64}, {"seq", DB_I64}, {"body", DB_TEXT}}},
	{"case_codes",
		{"dump_case_codes", "SELECT " CASE_CODES_COLUMNS " FROM case_codes ORDER BY office, chapter, reference"},
		{"load_case_codes", "INSERT INTO case_codes (" CASE_CODES_COLUMNS ") VALUES ($1, $2, $3, $4)"},
		{{"office", DB_TEXT}, {"chapter", DB_TEXT}, {"reference", DB_TEXT}, {"codes", DB_TEXT}}},
	{"case_codes_mark",
		{"dump_case_codes_mark", "SELECT " CASE_CODES_MARK_COLUMNS " FROM case_codes_mark ORDER BY office"},
		{"load_case_codes_mark", "INSERT INTO case_codes_mark (" CASE_CODES_MARK_COLUMNS ") VALUES ($1, $2)"},
		{{"office", DB_TEXT}, {"seq", DB_I64}}},
	{"case_party",
		{"dump_case_party", "SELECT " CASE_PARTY_COLUMNS " FROM case_party ORDER BY party, reference"},
		{"load_case_party", "INSERT INTO case_party (" CASE_PARTY_COLUMNS ")"
			" VALUES ($1, $2, $3)"},
		{{"party", DB_TEXT}, {"reference", DB_TEXT}, {"office", DB_TEXT}}},
	{"act_key",
		{"dump_act_key", "SELECT " ACT_KEY_COLUMNS " FROM act_key ORDER BY office, actor, key"},
		{"load_act_key", "INSERT INTO act_key (" ACT_KEY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6)"},
		{{"office", DB_TEXT}, {"actor", DB_TEXT}, {"key", DB_TEXT}, {"reference", DB_TEXT}, {"sha256", DB_BLOB},
		 {"seq", DB_I64}}},
	{"contingency",
		{"dump_contingency", "SELECT " CONTINGENCY_COLUMNS " FROM contingency ORDER BY office, first"},
		{"load_contingency", "INSERT INTO contingency (" CONTINGENCY_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"office", DB_TEXT}, {"first", DB_TEXT}, {"last", DB_TEXT}, {"reserved_by", DB_TEXT}, {"at", DB_I64}}},
	{"announcement",
		{"dump_announcement", "SELECT " ANNOUNCEMENT_COLUMNS " FROM announcement ORDER BY office, number"},
		{"load_announcement", "INSERT INTO announcement (" ANNOUNCEMENT_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"office", DB_TEXT}, {"number", DB_I64}, {"version", DB_I64}, {"from_day", DB_TEXT}, {"to_day", DB_TEXT},
		 {"at", DB_I64}, {"author", DB_TEXT}, {"body", DB_TEXT}}},
	{"obligation",
		{"dump_obligation", "SELECT " OBLIGATION_COLUMNS " FROM obligation ORDER BY party, reference"},
		{"load_obligation", "INSERT INTO obligation (" OBLIGATION_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"party", DB_TEXT}, {"reference", DB_TEXT}, {"office", DB_TEXT}, {"due_day", DB_TEXT},
			{"completed_by", DB_TEXT}}},
	{"guarantee",
		{"dump_guarantee", "SELECT " GUARANTEE_COLUMNS " FROM guarantee ORDER BY party, reference"},
		{"load_guarantee", "INSERT INTO guarantee (" GUARANTEE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"},
		{{"party", DB_TEXT}, {"reference", DB_TEXT}, {"guarantor", DB_TEXT}, {"currency", DB_TEXT},
		 {"minor", DB_I64}, {"until_day", DB_TEXT}, {"office", DB_TEXT}, {"seq", DB_I64}}},
	{"cargo",
		{"dump_cargo", "SELECT " CARGO_COLUMNS " FROM cargo ORDER BY office, reference"},
		{"load_cargo", "INSERT INTO cargo (" CARGO_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"version", DB_I64}, {"sender", DB_TEXT},
		 {"trader_reference", DB_TEXT}, {"carrier", DB_TEXT}, {"input_sha256", DB_TEXT}, {"state", DB_TEXT},
		 {"conveyance", DB_TEXT}, {"day", DB_TEXT}, {"decided_at", DB_I64}, {"arrived_at", DB_I64},
		 {"input_seq", DB_I64}, {"decision_seq", DB_I64}}},
	{"message",
		{"dump_message", "SELECT " MESSAGE_COLUMNS " FROM message ORDER BY office, reference"},
		{"load_message", "INSERT INTO message (" MESSAGE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"},
		{{"office", DB_TEXT}, {"reference", DB_TEXT}, {"sender", DB_TEXT}, {"key", DB_TEXT}, {"actor", DB_TEXT},
		 {"format", DB_TEXT}, {"type", DB_TEXT}, {"state", DB_TEXT}, {"sha256", DB_BLOB}, {"bytes", DB_I64},
		 {"at", DB_I64}, {"input_seq", DB_I64}, {"check_seq", DB_I64}}},
	{"stock",
		{"dump_stock", "SELECT " STOCK_COLUMNS " FROM stock ORDER BY account, carrier"},
		{"load_stock", "INSERT INTO stock (" STOCK_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
			" $21, $22, $23, $24, $25)"},
		{{"account", DB_TEXT}, {"carrier", DB_TEXT}, {"kind", DB_TEXT}, {"office", DB_TEXT}, {"source", DB_TEXT},
		 {"consignee", DB_TEXT}, {"opened_at", DB_I64}, {"open", DB_I64}, {"measured", DB_I64},
		 {"granted_packages", DB_I64}, {"granted_mass", DB_I64}, {"granted_value", DB_I64},
		 {"reserved_packages", DB_I64}, {"reserved_mass", DB_I64}, {"reserved_value", DB_I64},
		 {"used_packages", DB_I64}, {"used_mass", DB_I64}, {"used_value", DB_I64},
		 {"granted_quantity", DB_I64}, {"reserved_quantity", DB_I64}, {"used_quantity", DB_I64}, {"unit", DB_TEXT},
		 {"goods", DB_TEXT}, {"from_day", DB_TEXT}, {"until_day", DB_TEXT}}},
	{"stock_hold",
		{"dump_stock_hold", "SELECT " STOCK_HOLD_COLUMNS " FROM stock_hold ORDER BY account, carrier, office, reference"},
		{"load_stock_hold", "INSERT INTO stock_hold (" STOCK_HOLD_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"},
		{{"account", DB_TEXT}, {"carrier", DB_TEXT}, {"office", DB_TEXT}, {"reference", DB_TEXT}, {"stage", DB_TEXT},
		 {"packages", DB_I64}, {"mass", DB_I64}, {"value", DB_I64}, {"quantity", DB_I64}}},
	{"outcome",
		{"dump_outcome", "SELECT " OUTCOME_COLUMNS " FROM outcome ORDER BY reference"},
		{"load_outcome", "INSERT INTO outcome (" OUTCOME_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7)"},
		{{"reference", DB_TEXT}, {"standing", DB_I64}, {"office", DB_TEXT}, {"movement", DB_TEXT},
		 {"decision_seq", DB_I64}, {"at", DB_I64}, {"theirs", DB_TEXT}}},
	{"difference",
		{"dump_difference", "SELECT " DIFFERENCE_COLUMNS " FROM difference ORDER BY reference, kind"},
		{"load_difference", "INSERT INTO difference (" DIFFERENCE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"reference", DB_TEXT}, {"kind", DB_TEXT}, {"differences", DB_I64}, {"examples", DB_TEXT}}},
	{"quota",
		{"dump_quota", "SELECT " QUOTA_COLUMNS " FROM quota ORDER BY quota, period"},
		{"load_quota", "INSERT INTO quota (" QUOTA_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"},
		{{"quota", DB_TEXT}, {"period", DB_TEXT}, {"taken", DB_I64}, {"requested", DB_I64}, {"serial", DB_I64},
		 {"state", DB_TEXT}}},
	{"quota_hold",
		{"dump_quota_hold", "SELECT " QUOTA_HOLD_COLUMNS
			" FROM quota_hold ORDER BY quota, period, office, reference, sub"},
		{"load_quota_hold", "INSERT INTO quota_hold (" QUOTA_HOLD_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"},
		{{"quota", DB_TEXT}, {"period", DB_TEXT}, {"office", DB_TEXT}, {"reference", DB_TEXT}, {"sub", DB_TEXT},
		 {"day", DB_TEXT}, {"at", DB_I64}, {"stage", DB_TEXT}, {"way", DB_TEXT}, {"asked", DB_I64},
		 {"granted", DB_I64}}},
	{"quota_news",
		{"dump_quota_news", "SELECT " QUOTA_NEWS_COLUMNS " FROM quota_news ORDER BY quota, period, serial"},
		{"load_quota_news", "INSERT INTO quota_news (" QUOTA_NEWS_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6)"},
		{{"quota", DB_TEXT}, {"period", DB_TEXT}, {"serial", DB_I64}, {"at", DB_I64}, {"state", DB_TEXT},
		 {"balance", DB_I64}}},
	{"history",
		{"dump_history", "SELECT " HISTORY_COLUMNS " FROM history ORDER BY subject, office"},
		{"load_history", "INSERT INTO history (" HISTORY_COLUMNS ") VALUES ($1, $2, $3)"},
		{{"subject", DB_TEXT}, {"office", DB_TEXT}, {"body", DB_BLOB}}},
	{"history_mark",
		{"dump_history_mark", "SELECT " HISTORY_MARK_COLUMNS " FROM history_mark ORDER BY office"},
		{"load_history_mark", "INSERT INTO history_mark (" HISTORY_MARK_COLUMNS ") VALUES ($1, $2)"},
		{{"office", DB_TEXT}, {"seq", DB_I64}}},
	{"roster",
		{"dump_roster", "SELECT " ROSTER_COLUMNS " FROM roster ORDER BY office, login"},
		{"load_roster", "INSERT INTO roster (" ROSTER_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5)"},
		{{"office", DB_TEXT}, {"login", DB_TEXT}, {"present_until", DB_I64}, {"skills", DB_TEXT},
			{"conflicts", DB_TEXT}}},
	{"balance",
		{"dump_balance", "SELECT " BALANCE_COLUMNS " FROM balance ORDER BY holder, account, currency"},
		{"load_balance", "INSERT INTO balance (" BALANCE_COLUMNS ")"
			" VALUES ($1, $2, $3, $4)"},
		{{"holder", DB_TEXT}, {"account", DB_TEXT}, {"currency", DB_TEXT}, {"minor", DB_I64}}},
	{"transfer",
		{"dump_transfer", "SELECT " TRANSFER_COLUMNS " FROM transfer ORDER BY holder, at, office, seq, n"},
		{"load_transfer", "INSERT INTO transfer (" TRANSFER_COLUMNS ")"
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"},
		{{"holder", DB_TEXT}, {"at", DB_I64}, {"office", DB_TEXT}, {"seq", DB_I64}, {"n", DB_I64},
		 {"reference", DB_TEXT}, {"kind", DB_TEXT}, {"account", DB_TEXT}, {"other_holder", DB_TEXT},
		 {"other_account", DB_TEXT}, {"currency", DB_TEXT}, {"minor", DB_I64}}},
};
// clang-format on

#define BOTH(i) &tables[i].select, &tables[i].insert

static const struct db_stmt *const statements[] = {
    BOTH(0),  BOTH(1),  BOTH(2),  BOTH(3),  BOTH(4),  BOTH(5),  BOTH(6),  BOTH(7),
    BOTH(8),  BOTH(9),  BOTH(10), BOTH(11), BOTH(12), BOTH(13), BOTH(14), BOTH(15),
    BOTH(16), BOTH(17), BOTH(18), BOTH(19), BOTH(20), BOTH(21), BOTH(22), BOTH(23),
    BOTH(24), BOTH(25), BOTH(26), BOTH(27), BOTH(28), BOTH(29), BOTH(30), BOTH(31),
    BOTH(32), BOTH(33), BOTH(34), BOTH(35), BOTH(36), BOTH(37), BOTH(38), BOTH(39),
    BOTH(40), BOTH(41), BOTH(42), BOTH(43), BOTH(44), BOTH(45), BOTH(46)};
_Static_assert(ARRAY_LEN(statements) == 2 * ARRAY_LEN(tables),
	       "every table's statements are listed");
ST_STATEMENTS(st_dump_statements, statements);

/* The one blob that may lie compressed: the column behind it in both statements says how. A backup has it plain. */
static bool is_payload(const struct column *c)
{
	return strcmp(c->name, "payload") == 0;
}

static uint32_t columns_of(const struct table *t)
{
	uint32_t n = 0;

	while (n < COLUMNS_MAX && t->column[n].name)
		n++;
	return n;
}

/* ---- writing ---- */

struct dump {
	struct arena *arena;
	struct hash_stream hash;
	int64_t rows[ARRAY_LEN(tables)];
	const struct table *table;
	struct db_value value[COLUMNS_MAX]; /* of the row at hand */
	struct span line;                   /* of the row at hand, in the arena */
	enum err (*put)(void *context, struct span line, struct cause *why);
	void *context;
};

static enum err emit(struct dump *d, struct span line, struct cause *why)
{
	hash_add(&d->hash, line.p, line.n);
	return d->put(d->context, line, why);
}

static void write_value(struct json_writer *w, const struct db_value *v, struct text *t)
{
	switch (v->kind) {
	case DB_NULL:
		json_null(w);
		return;
	case DB_I64:
		json_int(w, v->i64);
		return;
	case DB_TEXT:
		json_string(w, v->span);
		return;
	case DB_BLOB: {
		struct text blob = text_in(t->arena);

		text_char(&blob, '"');
		base64_write(&blob, v->span.p, v->span.n);
		text_char(&blob, '"');
		json_raw(w, text_as_span(&blob));
		return;
	}
	}
}

/* Runs in arena_run(). */
static void write_row(void *context)
{
	struct dump *d = context;
	struct text t = text_in(d->arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "table", d->table->name);
	json_name(&w, "row");
	json_open_object(&w);
	for (uint32_t i = 0; i < columns_of(d->table); i++) {
		json_name(&w, d->table->column[i].name);
		write_value(&w, &d->value[i], &t);
	}
	json_close_object(&w);
	json_close_object(&w);
	text_char(&t, '\n');
	d->line = text_as_span(&t);
}

/* The row's columns, borrowed from the database. */
static enum err read_values(struct dump *d, struct db_rows *rows, struct cause *why)
{
	for (uint32_t i = 0; i < columns_of(d->table); i++) {
		const struct column *c = &d->table->column[i];
		struct span s;

		if (c->kind == DB_I64) {
			d->value[i] = db_i64(db_get_i64(rows));
			continue;
		}
		s = db_get_span(rows);
		if (c->kind == DB_TEXT && !span_valid_utf8(s))
			return fail(why, ERR_DB,
				    "table %s, column %s: a text that is not UTF-8; run verify",
				    d->table->name, c->name);
		if (is_payload(c)) {
			enum err err = payload_expand(d->arena, db_get_i64(rows), s, &s);

			if (err)
				return fail(why, err == ERR_FORMAT ? ERR_DB : err,
					    "table %s, column %s: damaged bytes; run verify",
					    d->table->name, c->name);
		}
		d->value[i] = c->kind == DB_TEXT ? db_text(s) : db_blob(s);
	}
	return ERR_NONE;
}

static enum err dump_row(struct dump *d, struct db_rows *rows, struct cause *why)
{
	enum err err;

	arena_reset(d->arena);
	err = read_values(d, rows, why);
	if (err || rows->bad.err)
		return err; /* db_end() tells of a bad column */
	err = arena_run(d->arena, write_row, d);
	if (err)
		return fail(why, err, "table %s: no memory for a row of the backup",
			    d->table->name);
	return emit(d, d->line, why);
}

static enum err dump_table(struct store *s, struct dump *d, const struct table *t,
			   struct cause *why)
{
	struct db_rows rows;
	/* Documents and packs are long. */
	const bool is_long =
	    span_is(span_of(t->name), "document_body") || span_is(span_of(t->name), "version");
	enum err err =
		     db_scan(s->db, &t->select, DB_NO_ARGS, is_long ? 1 : ST_SCAN_ROWS, &rows, why),
		 end;

	if (err)
		return err;
	d->table = t;
	while ((err = db_next(&rows, why)) == ERR_NONE) {
		err = dump_row(d, &rows, why);
		if (err)
			break;
		d->rows[t - tables]++;
	}
	end = db_end(&rows, why);
	if (err == ERR_NOT_FOUND)
		err = ERR_NONE;
	return err ? err : end;
}

/* Runs in arena_run(). */
static void write_trailer(void *context)
{
	struct dump *d = context;
	const struct hash h = hash_finish(&d->hash);
	struct text t = text_in(d->arena);
	struct json_writer w = json_to(&t);
	char hex[65];

	hash_hex(&h, hex);
	json_open_object(&w);
	json_name(&w, "rows");
	json_open_object(&w);
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++)
		json_put_int(&w, tables[i].name, d->rows[i]);
	json_close_object(&w);
	json_put_c(&w, "sha256", hex);
	json_close_object(&w);
	text_char(&t, '\n');
	d->line = text_as_span(&t);
}

static enum err dump_all(struct store *s, void *context, struct cause *why)
{
	struct dump *d = context;
	char header[80];
	enum err err = migration_refuse_newer(s->db, "a backup", why);

	if (err)
		return err;
	hash_start(&d->hash);
	memset(d->rows, 0, sizeof(d->rows));
	snprintf(header, sizeof(header),
		 "{\"customhouse\":\"backup\",\"format\":%d,\"schema\":%d}\n", DUMP_FORMAT,
		 migration_count);
	err = emit(d, span_of(header), why);
	for (uint32_t i = 0; !err && i < ARRAY_LEN(tables); i++)
		err = dump_table(s, d, &tables[i], why);
	if (err)
		return err;
	arena_reset(d->arena);
	err = arena_run(d->arena, write_trailer, d);
	if (err)
		return fail(why, err, "no memory for the end of the backup");
	return d->put(d->context, d->line, why);
}

enum err store_dump(struct store *s,
		    enum err (*put)(void *context, struct span line, struct cause *why),
		    void *context, struct cause *why)
{
	struct dump d = {.arena = arena_new(LINE_ARENA_BYTES), .put = put, .context = context};
	enum err err;

	if (!d.arena)
		return fail(why, ERR_NOMEM, "no memory for a backup");
	err = store_snapshot(s, dump_all, &d, why);
	arena_free(d.arena);
	return err;
}

/* ---- reading ---- */

struct load {
	struct arena *arena;
	struct hash_stream hash; /* of the lines before the one at hand */
	int64_t rows[ARRAY_LEN(tables)];
	uint64_t line;
	bool begun, ended;
	enum err (*get)(void *context, struct span *ret_line, struct cause *why);
	void *context;
};

static enum err altered(const struct load *l, struct cause *why, const char *what)
{
	return fail(why, ERR_FORMAT, "line %llu: %s; nothing was restored",
		    (unsigned long long)l->line, what);
}

static enum err check_header(const struct load *l, const struct json *v, struct cause *why)
{
	int64_t format, schema;

	if (!span_is(json_get_text(v, "customhouse"), "backup") ||
	    json_get_int(v, "format", &format) || json_get_int(v, "schema", &schema) ||
	    format < 1 || schema < 1)
		return altered(l, why, "this is not the beginning of a backup");
	if (format > DUMP_FORMAT || schema > migration_count)
		return fail(why, ERR_UNSUPPORTED,
			    "the backup has format %lld and schema %lld, this program reads up to "
			    "%d and %d: use the newer program",
			    (long long)format, (long long)schema, DUMP_FORMAT, migration_count);
	return ERR_NONE;
}

static const struct table *table_of(struct span name)
{
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++)
		if (span_is(name, tables[i].name))
			return &tables[i];
	return NULL;
}

/* A member of a row as its column wants it. A missing member is altered text, not NULL. */
static enum err value_of(struct load *l, const struct json *row, const struct column *c,
			 struct db_value *ret, struct cause *why)
{
	const struct json *v = json_get(row, c->name);
	struct span bytes;
	int64_t number;
	enum err err;

	if (v && v->kind == JSON_NULL && c->kind == DB_BLOB) {
		*ret = (struct db_value){.kind = DB_NULL};
		return ERR_NONE;
	}
	if (!v || v->kind != (c->kind == DB_I64 ? JSON_NUMBER : JSON_STRING))
		return altered(l, why, "a row without a column, or with one of another kind");
	if (c->kind == DB_I64) {
		if (json_get_int(row, c->name, &number))
			return altered(l, why, "a number that is not whole");
		*ret = db_i64(number);
		return ERR_NONE;
	}
	if (c->kind == DB_TEXT) {
		*ret = db_text(v->text);
		return ERR_NONE;
	}
	err = base64_read(l->arena, v->text, &bytes);
	if (err == ERR_FORMAT)
		return altered(l, why, "bytes that are not base64");
	*ret = db_blob(bytes);
	return err ? fail(why, err, "line %llu: no memory for this row",
			  (unsigned long long)l->line)
		   : ERR_NONE;
}

/* A value as the store keeps it, which may be two. */
static uint32_t store_value(struct load *l, const struct column *c, struct db_value v,
			    struct db_value *ret)
{
	struct span small = {NULL, 0, 0};

	ret[0] = v;
	if (!is_payload(c))
		return 1;
	if (v.kind == DB_BLOB)
		small = payload_compress(l->arena, v.span);
	if (small.p)
		ret[0] = db_blob(small);
	ret[1] = db_i64(small.p ? PAYLOAD_COMPRESSION : PAYLOAD_PLAIN);
	return 2;
}

static enum err load_row(struct store *s, struct load *l, const struct json *v, struct cause *why)
{
	const struct table *t = table_of(json_get_text(v, "table"));
	const struct json *row = json_get(v, "row");
	struct db_value value[COLUMNS_MAX + 1], given;
	uint32_t n, values = 0;
	enum err err = ERR_NONE;

	if (!t || !row || row->kind != JSON_OBJECT)
		return altered(l, why, "neither a row of a known table nor the end of a backup");
	n = columns_of(t);
	if (row->count != n)
		return altered(l, why, "a row with more or fewer columns than its table");
	for (uint32_t i = 0; !err && i < n; i++) {
		err = value_of(l, row, &t->column[i], &given, why);
		if (!err)
			values += store_value(l, &t->column[i], given, &value[values]);
	}
	if (err)
		return err;
	l->rows[t - tables]++;
	return db_exec(s->db, &t->insert, (struct db_args){value, values}, why);
}

static enum err check_trailer(struct load *l, const struct json *v, struct cause *why)
{
	const struct hash h = hash_finish(&l->hash);
	const struct json *rows = json_get(v, "rows");
	char hex[65];

	hash_hex(&h, hex);
	if (!span_is(json_get_text(v, "sha256"), hex))
		return altered(l, why, "the backup was altered: its SHA-256 is another");
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++) {
		int64_t n;

		if (json_get_int(rows, tables[i].name, &n) || n != l->rows[i])
			return altered(
			    l, why,
			    "the backup was altered: its rows are more or fewer than it says");
	}
	l->ended = true;
	return ERR_NONE;
}

static enum err load_line(struct store *s, struct load *l, struct span line, struct cause *why)
{
	const struct json *v;
	struct codec_fault fault = {0};
	enum err err;

	if (l->ended)
		return altered(l, why, "something stands behind the end of the backup");
	arena_reset(l->arena);
	err = json_read(l->arena, line, &v, &fault);
	if (err)
		return fail(why, err, "line %llu, column %u: %s; nothing was restored",
			    (unsigned long long)l->line, fault.column,
			    fault.text ? fault.text : err_name(err));
	if (l->line == 1)
		err = check_header(l, v, why);
	else if (json_get(v, "sha256"))
		err = check_trailer(l, v, why);
	else
		err = load_row(s, l, v, why);
	hash_add(&l->hash, line.p, line.n);
	hash_add(&l->hash, "\n", 1);
	return err;
}

static enum err refuse_rows(struct store *s, struct cause *why)
{
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct db_rows rows;
		enum err err = db_scan(s->db, &tables[i].select, DB_NO_ARGS, 1, &rows, why), end;

		if (err)
			return err;
		err = db_next(&rows, why);
		end = db_end(&rows, why);
		if (err == ERR_NONE)
			return fail(
			    why, ERR_CONFLICT,
			    "the store has rows in table %s: restore into an empty directory",
			    tables[i].name);
		if (err != ERR_NOT_FOUND || end)
			return err != ERR_NOT_FOUND ? err : end;
	}
	return ERR_NONE;
}

static enum err load_all(struct store *s, void *context, struct cause *why)
{
	struct load *l = context;
	struct span line;
	enum err err;

	/* The lines were taken by the first try and do not come again. */
	if (l->begun)
		return fail(why, ERR_BUSY,
			    "another process writes to the store: stop it and restore again");
	l->begun = true;
	hash_start(&l->hash);
	err = migration_refuse_newer(s->db, "a restore", why);
	if (!err)
		err = refuse_rows(s, why);
	while (!err && (err = l->get(l->context, &line, why)) == ERR_NONE) {
		l->line++;
		if (line.n && line.p[line.n - 1] == '\n')
			line.n--;
		err = load_line(s, l, line, why);
	}
	if (err == ERR_NOT_FOUND)
		err = l->ended
			  ? ERR_NONE
			  : altered(l, why,
				    "the backup ends here without its last line: it was cut off");
	return err;
}

enum err store_load(struct store *s,
		    enum err (*get)(void *context, struct span *ret_line, struct cause *why),
		    void *context, struct cause *why)
{
	struct load l = {.arena = arena_new(LINE_ARENA_BYTES), .get = get, .context = context};
	enum err err;

	if (!l.arena)
		return fail(why, ERR_NOMEM, "no memory to restore a backup");
	db_be_patient(s->db);
	err = store_batch(s, load_all, &l, why);
	arena_free(l.arena);
	return err;
}
