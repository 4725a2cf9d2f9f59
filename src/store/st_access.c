/* Who looked at what. Rows are added, never changed. */
#include "store/columns.h"
#include "store/st.h"

/* The number comes from the rows themselves: one writer adds them. */
static const struct db_stmt access_add = {
    "access_add", "INSERT INTO access (" ACCESS_COLUMNS ")"
		  " SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM access"};

static const struct db_stmt access_page = {
    "access_page", "SELECT " ACCESS_COLUMNS " FROM access WHERE id < $1 ORDER BY id DESC LIMIT $2"};

static const struct db_stmt access_page_login = {
    "access_page_login", "SELECT " ACCESS_COLUMNS " FROM access WHERE login = $1 AND id < $2"
			 " ORDER BY id DESC LIMIT $3"};

static const struct db_stmt access_page_reference = {
    "access_page_reference", "SELECT " ACCESS_COLUMNS " FROM access WHERE reference = $1"
			     " AND id < $2 ORDER BY id DESC LIMIT $3"};

static const struct db_stmt *const statements[] = {&access_add, &access_page, &access_page_login,
						   &access_page_reference};
ST_STATEMENTS(st_access_statements, statements);

static void read_access(struct db_rows *row, void *ret)
{
	struct store_access *v = ret;

	v->login = db_get_span(row);
	v->id = db_get_i64(row);
	v->at = db_get_i64(row);
	v->office = db_get_span(row);
	v->reference = db_get_span(row);
	v->purpose = db_get_span(row);
	v->part = db_get_span(row);
	v->request = db_get_span(row);
}

static const struct db_shape ACCESS = {sizeof(struct store_access), read_access};

enum err store_add_access(struct store *s, const struct store_access *v, struct cause *why)
{
	return db_exec(s->db, &access_add,
		       DB_ARGS(db_text(v->login), db_i64(v->at), db_text(v->office),
			       db_text(v->reference), db_text(v->purpose), db_text(v->part),
			       db_text(v->request)),
		       why);
}

enum err store_list_accesses(struct store *s, struct arena *a, const struct store_access_page *page,
			     struct store_access **ret, uint32_t *ret_count, struct cause *why)
{
	const struct db_value before = db_i64(page->before),
			      limit = db_i64(page->limit < STORE_PAGE_MAX ? page->limit
									  : STORE_PAGE_MAX);
	void *rows;
	enum err e;

	if (page->reference.n)
		e = db_all(s->db, &access_page_reference,
			   DB_ARGS(db_text(page->reference), before, limit), a, &ACCESS, &rows,
			   ret_count, why);
	else if (page->login.n)
		e = db_all(s->db, &access_page_login, DB_ARGS(db_text(page->login), before, limit),
			   a, &ACCESS, &rows, ret_count, why);
	else
		e = db_all(s->db, &access_page, DB_ARGS(before, limit), a, &ACCESS, &rows,
			   ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}
