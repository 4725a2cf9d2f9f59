/* Programs that may use the hub: hashes of secrets that only they have. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt token_put = {
    "token_put", "INSERT INTO token (" TOKEN_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
		 " ON CONFLICT (sha256) DO UPDATE SET used_on = excluded.used_on"};

static const struct db_stmt token_note = {"token_note",
					  "UPDATE token SET used_on = $1 WHERE sha256 = $2"};

static const struct db_stmt token_get = {"token_get",
					 "SELECT " TOKEN_COLUMNS " FROM token WHERE sha256 = $1"};

static const struct db_stmt token_end = {"token_end", "DELETE FROM token WHERE sha256 = $1"};

static const struct db_stmt token_scan = {"token_scan",
					  "SELECT " TOKEN_COLUMNS " FROM token ORDER BY sha256"};

static const struct db_stmt *const statements[] = {&token_put, &token_note, &token_get, &token_end,
						   &token_scan};
ST_STATEMENTS(st_token_statements, statements);

static void read_token(struct db_rows *row, void *ret)
{
	struct store_token *t = ret;

	db_get_bytes(row, t->sha256.byte, sizeof(t->sha256.byte));
	t->id = db_get_span(row);
	t->login = db_get_span(row);
	t->name = db_get_span(row);
	t->scopes = db_get_span(row);
	t->made_at = db_get_i64(row);
	t->expires_at = db_get_i64(row);
	t->used_on = db_get_span(row);
}

static const struct db_shape TOKEN = {sizeof(struct store_token), read_token};

enum err store_put_token(struct store *s, const struct store_token *t, struct cause *why)
{
	return db_exec(s->db, &token_put,
		       DB_ARGS(db_hash(&t->sha256), db_text(t->id), db_text(t->login),
			       db_text(t->name), db_text(t->scopes), db_i64(t->made_at),
			       db_i64(t->expires_at), db_text(t->used_on)),
		       why);
}

enum err store_note_token(struct store *s, const struct store_token *t, struct cause *why)
{
	return db_exec(s->db, &token_note, DB_ARGS(db_text(t->used_on), db_hash(&t->sha256)), why);
}

enum err store_end_token(struct store *s, const struct hash *sha256, struct cause *why)
{
	return db_exec(s->db, &token_end, DB_ARGS(db_hash(sha256)), why);
}

enum err store_get_token(struct store *s, struct arena *a, const struct hash *sha256,
			 struct store_token *ret, struct cause *why)
{
	return db_one(s->db, &token_get, DB_ARGS(db_hash(sha256)), a, &TOKEN, ret, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_token *v, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_tokens(struct store *s,
			   enum err (*take)(void *context, const struct store_token *v,
					    struct cause *why),
			   void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_token row;
	struct st_scan scan = {&token_scan, DB_NO_ARGS, &TOKEN, &row, take_row, &taker};

	return st_scan(s, &scan, why);
}
