/* Inputs that killed the process: kept aside, so that they are not tried a second time. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt quarantine_put = {
    "quarantine_put", "INSERT INTO quarantine (" QUARANTINE_COLUMNS
		      ") VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING"};

static const struct db_stmt quarantine_get = {
    "quarantine_get", "SELECT " QUARANTINE_COLUMNS " FROM quarantine WHERE sha256 = $1"};

static const struct db_stmt quarantine_scan = {
    "quarantine_scan", "SELECT " QUARANTINE_COLUMNS " FROM quarantine ORDER BY sha256"};

static const struct db_stmt *const statements[] = {&quarantine_put, &quarantine_get,
						   &quarantine_scan};
ST_STATEMENTS(st_quarantine_statements, statements);

static void read_quarantine(struct db_rows *row, void *ret)
{
	struct store_quarantine *q = ret;

	db_get_bytes(row, q->sha256.byte, sizeof(q->sha256.byte));
	q->at = db_get_i64(row);
	q->reason = db_get_span(row);
	q->bytes = db_get_span(row);
}

static const struct db_shape QUARANTINE = {sizeof(struct store_quarantine), read_quarantine};

enum err store_put_quarantine(struct store *s, const struct store_quarantine *q, struct cause *why)
{
	return db_exec(s->db, &quarantine_put,
		       DB_ARGS(db_hash(&q->sha256), db_i64(q->at), db_text(q->reason),
			       db_blob(q->bytes.p ? q->bytes : SPAN(""))),
		       why);
}

enum err store_get_quarantine(struct store *s, struct arena *a, const struct hash *sha256,
			      struct store_quarantine *ret, struct cause *why)
{
	return db_one(s->db, &quarantine_get, DB_ARGS(db_hash(sha256)), a, &QUARANTINE, ret, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_quarantine *q, struct cause *why);
	void *context;
};

static enum err take_quarantine(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_quarantine(struct store *s,
			       enum err (*take)(void *context, const struct store_quarantine *q,
						struct cause *why),
			       void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_quarantine row;
	struct st_scan scan = {&quarantine_scan, DB_NO_ARGS, &QUARANTINE, &row,
			       take_quarantine,  &taker};

	return st_scan(s, &scan, why);
}
