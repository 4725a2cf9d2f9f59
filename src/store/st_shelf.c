/* What companies keep for their own use. */
#include "store/store_shelf.h"

#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt shelf_put = {
    "shelf_put", "INSERT INTO shelf (" SHELF_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
		 " ON CONFLICT (party, kind, name) DO UPDATE SET body = excluded.body,"
		 " actor = excluded.actor, changed_at = excluded.changed_at"};

static const struct db_stmt shelf_remove = {
    "shelf_remove", "DELETE FROM shelf WHERE party = $1 AND kind = $2 AND name = $3"};

static const struct db_stmt shelf_count = {
    "shelf_count", "SELECT COUNT(*) FROM shelf WHERE party = $1 AND kind = $2"};

static const struct db_stmt shelf_list = {"shelf_list", "SELECT " SHELF_COLUMNS
							" FROM shelf WHERE party = $1 AND kind = $2"
							" AND name > $3 ORDER BY name LIMIT $4"};

static const struct db_stmt *const statements[] = {&shelf_put, &shelf_remove, &shelf_count,
						   &shelf_list};
ST_STATEMENTS(st_shelf_statements, statements);

static void read_shelf(struct db_rows *row, void *ret)
{
	struct store_shelf *v = ret;

	v->party = db_get_span(row);
	v->kind = db_get_span(row);
	v->name = db_get_span(row);
	v->body = db_get_span(row);
	v->actor = db_get_span(row);
	v->changed_at = db_get_i64(row);
}

static void read_count(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_put_shelf(struct store *s, const struct store_shelf *v, struct cause *why)
{
	BUG_ON(!v->party.n || !v->kind.n || !v->name.n || !v->body.n);
	return db_group(s->db, &shelf_put,
			DB_ARGS(db_text(v->party), db_text(v->kind), db_text(v->name),
				db_text(v->body), db_text(v->actor), db_i64(v->changed_at)),
			3, why);
}

enum err store_remove_shelf(struct store *s, const struct store_shelf *v, struct cause *why)
{
	int64_t rows = 0;
	enum err e = db_exec_count(s->db, &shelf_remove,
				   DB_ARGS(db_text(v->party), db_text(v->kind), db_text(v->name)),
				   &rows, why);

	return e || rows ? e : fail(why, ERR_NOT_FOUND, "there is nothing of that name");
}

enum err store_count_shelf(struct store *s, struct span party, struct span kind, int64_t *ret,
			   struct cause *why)
{
	static const struct db_shape shape = {sizeof(int64_t), read_count};

	return db_one(s->db, &shelf_count, DB_ARGS(db_text(party), db_text(kind)), NULL, &shape,
		      ret, why);
}

enum err store_list_shelf(struct store *s, struct arena *a, const struct store_shelf *of,
			  struct span after, uint32_t limit, struct store_shelf **ret,
			  uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_shelf), read_shelf};
	void *rows;
	enum err e;

	BUG_ON(limit < 1 || limit > STORE_PAGE_MAX);
	e = db_all(s->db, &shelf_list,
		   DB_ARGS(db_text(of->party), db_text(of->kind), db_text(after), db_i64(limit)), a,
		   &shape, &rows, ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}
