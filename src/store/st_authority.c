/* Who may lodge in whose name, and when. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt authority_put = {
    "authority_put",
    "INSERT INTO authority (" AUTHORITY_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (party, id) DO UPDATE SET revoked_at = excluded.revoked_at"};

static const struct db_stmt authority_get = {
    "authority_get", "SELECT " AUTHORITY_COLUMNS " FROM authority WHERE party = $1 AND id = $2"};

static const struct db_stmt authority_of_party = {
    "authority_of_party",
    "SELECT " AUTHORITY_COLUMNS " FROM authority WHERE party = $1 ORDER BY id LIMIT $2"};

static const struct db_stmt authority_of_broker = {
    "authority_of_broker",
    "SELECT " AUTHORITY_COLUMNS " FROM authority WHERE broker = $1 ORDER BY id LIMIT $2"};

static const struct db_stmt authority_find = {
    "authority_find", "SELECT " AUTHORITY_COLUMNS " FROM authority WHERE party = $1 AND broker = $2"
		      " AND from_day <= $3 AND to_day >= $4 AND revoked_at = 0"
		      " ORDER BY id LIMIT 1"};

static const struct db_stmt *const statements[] = {
    &authority_put, &authority_get, &authority_of_party, &authority_of_broker, &authority_find};
ST_STATEMENTS(st_authority_statements, statements);

static void read_authority(struct db_rows *row, void *ret)
{
	struct store_authority *v = ret;

	v->party = db_get_span(row);
	v->id = db_get_i64(row);
	v->broker = db_get_span(row);
	v->from_day = db_get_span(row);
	v->to_day = db_get_span(row);
	v->granted_by = db_get_span(row);
	v->granted_at = db_get_i64(row);
	v->revoked_at = db_get_i64(row);
}

static const struct db_shape AUTHORITY = {sizeof(struct store_authority), read_authority};

enum err store_put_authority(struct store *s, const struct store_authority *v, struct cause *why)
{
	BUG_ON(!v->party.n || !v->broker.n);
	return db_exec(s->db, &authority_put,
		       DB_ARGS(db_text(v->party), db_i64(v->id), db_text(v->broker),
			       db_text(v->from_day), db_text(v->to_day), db_text(v->granted_by),
			       db_i64(v->granted_at), db_i64(v->revoked_at)),
		       why);
}

enum err store_get_authority(struct store *s, struct arena *a, struct span party, int64_t id,
			     struct store_authority *ret, struct cause *why)
{
	return db_one(s->db, &authority_get, DB_ARGS(db_text(party), db_i64(id)), a, &AUTHORITY,
		      ret, why);
}

enum err store_list_authorities(struct store *s, struct arena *a, struct span party,
				struct span broker, struct store_authority **ret,
				uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, party.n ? &authority_of_party : &authority_of_broker,
			    DB_ARGS(db_text(party.n ? party : broker), db_i64(STORE_PAGE_MAX)), a,
			    &AUTHORITY, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_find_authorities(struct store *s, struct arena *a, struct store_authority *wanted,
				uint32_t n, struct cause *why)
{
	struct db_value *value = st_values(a, 4, n);
	struct db_found *found;
	enum err err;

	for (uint32_t i = 0; i < n && value; i++) {
		value[4 * i] = db_text(wanted[i].party);
		value[4 * i + 1] = db_text(wanted[i].broker);
		value[4 * i + 2] = db_text(wanted[i].from_day);
		value[4 * i + 3] = db_text(wanted[i].from_day);
	}
	err = st_each(s, &authority_find, value, 4, n, a, &AUTHORITY, &found, why);
	for (uint32_t i = 0; i < n && !err; i++) {
		if (found[i].count)
			wanted[i] = *(const struct store_authority *)found[i].row;
		else
			wanted[i].id = 0;
	}
	return err;
}

enum err store_find_authority(struct store *s, struct arena *a, struct span party,
			      struct span broker, struct span day, struct store_authority *ret,
			      struct cause *why)
{
	return db_one(s->db, &authority_find,
		      DB_ARGS(db_text(party), db_text(broker), db_text(day), db_text(day)), a,
		      &AUTHORITY, ret, why);
}
