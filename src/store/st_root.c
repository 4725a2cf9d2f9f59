/* Signed heads of the chains. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt root_put = {"root_put", "INSERT INTO root (" ROOT_COLUMNS
						    ") VALUES ($1, $2, $3, $4, $5, $6, $7)"};

static const struct db_stmt root_newest = {
    "root_newest", "SELECT " ROOT_COLUMNS " FROM root WHERE office = $1 ORDER BY seq DESC LIMIT 1"};

static const struct db_stmt root_list = {"root_list", "SELECT " ROOT_COLUMNS
						      " FROM root WHERE office = $1 ORDER BY seq"};

static const struct db_stmt *const statements[] = {&root_put, &root_newest, &root_list};
ST_STATEMENTS(st_root_statements, statements);

static void read_root(struct db_rows *row, void *ret)
{
	struct store_root *r = ret;

	r->office = db_get_span(row);
	r->seq = db_get_i64(row);
	r->day = db_get_span(row);
	db_get_bytes(row, r->chain.byte, sizeof(r->chain.byte));
	db_get_bytes(row, r->previous.byte, sizeof(r->previous.byte));
	db_get_bytes(row, r->signature.byte, sizeof(r->signature.byte));
	r->at = db_get_i64(row);
}

static const struct db_shape ROOT = {sizeof(struct store_root), read_root};

enum err store_put_root(struct store *s, const struct store_root *r, struct cause *why)
{
	BUG_ON(!r->office.n || r->seq < 1);
	return db_exec(s->db, &root_put,
		       DB_ARGS(db_text(r->office), db_i64(r->seq), db_text(r->day),
			       db_hash(&r->chain), db_hash(&r->previous),
			       db_bytes(r->signature.byte, sizeof(r->signature.byte)),
			       db_i64(r->at)),
		       why);
}

enum err store_get_root(struct store *s, struct arena *a, struct span office,
			struct store_root *ret, struct cause *why)
{
	return db_one(s->db, &root_newest, DB_ARGS(db_text(office)), a, &ROOT, ret, why);
}

enum err store_list_roots(struct store *s, struct arena *a, struct span office,
			  struct store_root **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err =
	    db_all(s->db, &root_list, DB_ARGS(db_text(office)), a, &ROOT, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}
