/* Who is signed in: hashes of secrets that only their browsers have. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt session_put = {
    "session_put", "INSERT INTO session (" SESSION_COLUMNS ") VALUES ($1, $2, $3, $4)"
		   " ON CONFLICT (sha256) DO UPDATE SET seen_at = excluded.seen_at"};

static const struct db_stmt session_note = {"session_note",
					    "UPDATE session SET seen_at = $1 WHERE sha256 = $2"};

static const struct db_stmt session_get = {"session_get", "SELECT " SESSION_COLUMNS
							  " FROM session WHERE sha256 = $1"};

static const struct db_stmt session_end = {"session_end", "DELETE FROM session WHERE sha256 = $1"};

static const struct db_stmt session_sweep = {
    "session_sweep", "DELETE FROM session WHERE seen_at < $1 OR begun_at < $2"};

static const struct db_stmt session_scan = {"session_scan", "SELECT " SESSION_COLUMNS
							    " FROM session ORDER BY sha256"};

static const struct db_stmt *const statements[] = {&session_put, &session_note,  &session_get,
						   &session_end, &session_sweep, &session_scan};
ST_STATEMENTS(st_session_statements, statements);

static void read_session(struct db_rows *row, void *ret)
{
	struct store_session *v = ret;

	db_get_bytes(row, v->sha256.byte, sizeof(v->sha256.byte));
	v->login = db_get_span(row);
	v->begun_at = db_get_i64(row);
	v->seen_at = db_get_i64(row);
}

static const struct db_shape SESSION = {sizeof(struct store_session), read_session};

enum err store_put_session(struct store *s, const struct store_session *v, struct cause *why)
{
	return db_exec(s->db, &session_put,
		       DB_ARGS(db_hash(&v->sha256), db_text(v->login), db_i64(v->begun_at),
			       db_i64(v->seen_at)),
		       why);
}

enum err store_note_session(struct store *s, const struct store_session *v, struct cause *why)
{
	return db_exec(s->db, &session_note, DB_ARGS(db_i64(v->seen_at), db_hash(&v->sha256)), why);
}

enum err store_end_session(struct store *s, const struct hash *sha256, struct cause *why)
{
	return db_exec(s->db, &session_end, DB_ARGS(db_hash(sha256)), why);
}

enum err store_sweep_sessions(struct store *s, int64_t seen_before, int64_t begun_before,
			      struct cause *why)
{
	return db_exec(s->db, &session_sweep, DB_ARGS(db_i64(seen_before), db_i64(begun_before)),
		       why);
}

enum err store_get_session(struct store *s, struct arena *a, const struct hash *sha256,
			   struct store_session *ret, struct cause *why)
{
	return db_one(s->db, &session_get, DB_ARGS(db_hash(sha256)), a, &SESSION, ret, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_session *v, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_sessions(struct store *s,
			     enum err (*take)(void *context, const struct store_session *v,
					      struct cause *why),
			     void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_session row;
	struct st_scan scan = {&session_scan, DB_NO_ARGS, &SESSION, &row, take_row, &taker};

	return st_scan(s, &scan, why);
}
