/* Which goods a case declared: a row of each chapter, with the codes of it. So a page of a chapter's cases is read in the order
 * of their references, and one of a heading or a code as well, by what stands in the row; rows of each code would have to be put
 * in order anew for whatever begins with fewer digits. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt codes_put = {
    "codes_put", "INSERT INTO case_codes (" CASE_CODES_COLUMNS ") VALUES ($1, $2, $3, $4)"
		 " ON CONFLICT (office, chapter, reference) DO UPDATE SET codes = excluded.codes"};

static const struct db_stmt codes_scan = {"codes_scan",
					  "SELECT " CASE_CODES_COLUMNS " FROM case_codes"
					  " ORDER BY office, chapter, reference"};

static const struct db_stmt codes_mark_get = {
    "codes_mark_get", "SELECT " CASE_CODES_MARK_COLUMNS " FROM case_codes_mark WHERE office = $1"};

static const struct db_stmt codes_mark_put = {
    "codes_mark_put", "INSERT INTO case_codes_mark (" CASE_CODES_MARK_COLUMNS ") VALUES ($1, $2)"
		      " ON CONFLICT (office) DO UPDATE SET seq = excluded.seq"};

static const struct db_stmt *const statements[] = {&codes_put, &codes_scan, &codes_mark_get,
						   &codes_mark_put};
ST_STATEMENTS(st_codes_statements, statements);

static void read_codes(struct db_rows *row, void *ret)
{
	struct store_case_codes *c = ret;

	c->office = db_get_span(row);
	c->chapter = db_get_span(row);
	c->reference = db_get_span(row);
	c->codes = db_get_span(row);
}

static const struct db_shape CODES = {sizeof(struct store_case_codes), read_codes};

static void read_mark(struct db_rows *row, void *ret)
{
	struct store_history_mark *m = ret;

	m->office = db_get_span(row);
	m->seq = db_get_i64(row);
}

static const struct db_shape MARK = {sizeof(struct store_history_mark), read_mark};

enum err store_put_case_codes(struct store *s, const struct store_case_codes *c, struct cause *why)
{
	BUG_ON(!c->office.n || !c->chapter.n || !c->reference.n);
	return db_group(s->db, &codes_put,
			DB_ARGS(db_text(c->office), db_text(c->chapter), db_text(c->reference),
				db_text(c->codes)),
			3, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_case_codes *c, struct cause *why);
	void *context;
};

static enum err take_codes(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_case_codes(struct store *s,
			       enum err (*take)(void *context, const struct store_case_codes *c,
						struct cause *why),
			       void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_case_codes row;
	struct st_scan scan = {&codes_scan, DB_NO_ARGS, &CODES, &row, take_codes, &taker};

	return st_scan(s, &scan, why);
}

enum err store_get_case_codes_mark(struct store *s, struct arena *a, struct span office,
				   int64_t *ret, struct cause *why)
{
	struct store_history_mark m = {.seq = 0};
	enum err err = db_one(s->db, &codes_mark_get, DB_ARGS(db_text(office)), a, &MARK, &m, why);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret = err ? 0 : m.seq;
	return ERR_NONE;
}

enum err store_put_case_codes_mark(struct store *s, const struct store_history_mark *m,
				   struct cause *why)
{
	BUG_ON(!m->office.n);
	return db_group(s->db, &codes_mark_put, DB_ARGS(db_text(m->office), db_i64(m->seq)), 1,
			why);
}
