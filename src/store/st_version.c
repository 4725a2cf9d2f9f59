/* Packs, rule sets, lists and models: whole, by hash, and which was in force when. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt version_put = {"version_put",
					   "INSERT INTO version (" VERSION_COLUMNS ") VALUES "
					   "($1, $2, $3, $4) ON CONFLICT (kind, hash) DO NOTHING"};

static const struct db_stmt version_get = {
    "version_get", "SELECT bytes FROM version WHERE kind = $1 AND hash = $2"};

static const struct db_stmt activation_put = {"activation_put",
					      "INSERT INTO activation (" ACTIVATION_COLUMNS
					      ") VALUES ($1, $2, $3, $4, $5)"};

static const struct db_stmt activation_in_force = {
    "activation_in_force",
    "SELECT " ACTIVATION_COLUMNS " FROM activation WHERE kind = $1 AND from_day <= $2 AND at <= $3"
    " ORDER BY from_day DESC, seq DESC LIMIT 1"};

static const struct db_stmt activation_list = {"activation_list", "SELECT " ACTIVATION_COLUMNS
								  " FROM activation ORDER BY seq"};

static const struct db_stmt *const statements[] = {
    &version_put, &version_get, &activation_put, &activation_in_force, &activation_list,
};
ST_STATEMENTS(st_version_statements, statements);

enum err store_put_version(struct store *s, struct span kind, const struct hash *hash,
			   struct span bytes, int64_t at, struct cause *why)
{
	const struct hash h = hash_bytes(bytes.p, bytes.n);

	BUG_ON(!kind.n || !hash_equal(&h, hash));
	return db_exec(
	    s->db, &version_put,
	    DB_ARGS(db_text(kind), db_hash(hash), db_i64(at), db_blob(bytes.p ? bytes : SPAN(""))),
	    why);
}

static void read_bytes(struct db_rows *row, void *ret)
{
	*(struct span *)ret = db_get_span(row);
}

enum err store_get_version(struct store *s, struct arena *a, struct span kind,
			   const struct hash *hash, struct span *ret_bytes, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct span), read_bytes};
	struct span bytes;
	struct hash h;
	enum err err = db_one(s->db, &version_get, DB_ARGS(db_text(kind), db_hash(hash)), a, &shape,
			      &bytes, why);

	if (err)
		return err;
	h = hash_bytes(bytes.p, bytes.n);
	if (!hash_equal(&h, hash)) {
		char hex[65];

		hash_hex(hash, hex);
		return fail(why, ERR_DB,
			    "%.*s %s: its bytes are not what was stored; restore a backup",
			    SPAN_ARG(kind), hex);
	}
	*ret_bytes = bytes;
	return ERR_NONE;
}

static void read_activation(struct db_rows *row, void *ret)
{
	struct store_activation *v = ret;

	v->seq = db_get_i64(row);
	v->kind = db_get_span(row);
	db_get_bytes(row, v->hash.byte, sizeof(v->hash.byte));
	v->from_day = db_get_span(row);
	v->at = db_get_i64(row);
}

static const struct db_shape ACTIVATION = {sizeof(struct store_activation), read_activation};

enum err store_put_activation(struct store *s, const struct store_activation *v, struct cause *why)
{
	return db_exec(s->db, &activation_put,
		       DB_ARGS(db_i64(v->seq), db_text(v->kind), db_hash(&v->hash),
			       db_text(v->from_day), db_i64(v->at)),
		       why);
}

enum err store_get_in_force(struct store *s, struct arena *a, struct span kind, struct span day,
			    int64_t known_at, struct store_activation *ret, struct cause *why)
{
	return db_one(s->db, &activation_in_force,
		      DB_ARGS(db_text(kind), db_text(day), db_i64(known_at)), a, &ACTIVATION, ret,
		      why);
}

enum err store_list_activations(struct store *s, struct arena *a, struct store_activation **ret,
				uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err =
	    db_all(s->db, &activation_list, DB_NO_ARGS, a, &ACTIVATION, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}
