/* The draw key of each day, sealed, under its public commitment. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt day_key_put = {"day_key_put", "INSERT INTO day_key (" DAY_KEY_COLUMNS
							  ") VALUES ($1, $2, $3, $4, $5)"};

static const struct db_stmt day_key_get = {"day_key_get", "SELECT " DAY_KEY_COLUMNS
							  " FROM day_key WHERE day = $1"};

static const struct db_stmt day_key_list = {
    "day_key_list",
    "SELECT " DAY_KEY_COLUMNS " FROM day_key WHERE day >= $1 AND day <= $2 ORDER BY day"};

static const struct db_stmt *const statements[] = {&day_key_put, &day_key_get, &day_key_list};
ST_STATEMENTS(st_day_key_statements, statements);

static void read_day_key(struct db_rows *row, void *ret)
{
	struct store_day_key *k = ret;

	k->day = db_get_span(row);
	db_get_bytes(row, k->commitment.byte, sizeof(k->commitment.byte));
	k->rate = db_get_span(row);
	k->sealed = db_get_span(row);
	k->at = db_get_i64(row);
}

static const struct db_shape DAY_KEY = {sizeof(struct store_day_key), read_day_key};

enum err store_put_day_key(struct store *s, const struct store_day_key *k, struct cause *why)
{
	BUG_ON(!k->day.n || !k->sealed.n);
	return db_exec(s->db, &day_key_put,
		       DB_ARGS(db_text(k->day), db_hash(&k->commitment), db_text(k->rate),
			       db_blob(k->sealed), db_i64(k->at)),
		       why);
}

enum err store_get_day_key(struct store *s, struct arena *a, struct span day,
			   struct store_day_key *ret, struct cause *why)
{
	return db_one(s->db, &day_key_get, DB_ARGS(db_text(day)), a, &DAY_KEY, ret, why);
}

enum err store_list_day_keys(struct store *s, struct arena *a, struct span first_day,
			     struct span last_day, struct store_day_key **ret, uint32_t *ret_count,
			     struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &day_key_list, DB_ARGS(db_text(first_day), db_text(last_day)),
			      a, &DAY_KEY, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}
