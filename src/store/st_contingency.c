/* Movement references that were reserved for a time without the hub, in ranges. References of one range have one length and one
 * beginning, so that their order as texts is the order of their numbers. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt contingency_put = {
    "contingency_put", "INSERT INTO contingency (" CONTINGENCY_COLUMNS ") VALUES ($1, $2, $3, $4, "
		       "$5)"};

static const struct db_stmt contingency_find = {
    "contingency_find", "SELECT " CONTINGENCY_COLUMNS " FROM contingency"
			" WHERE office = $1 AND first <= $2 ORDER BY first DESC LIMIT 1"};

static const struct db_stmt contingency_scan = {
    "contingency_scan", "SELECT " CONTINGENCY_COLUMNS " FROM contingency ORDER BY office, first"};

static const struct db_stmt *const statements[] = {&contingency_put, &contingency_find,
						   &contingency_scan};
ST_STATEMENTS(st_contingency_statements, statements);

static void read_contingency(struct db_rows *row, void *ret)
{
	struct store_contingency *c = ret;

	c->office = db_get_span(row);
	c->first = db_get_span(row);
	c->last = db_get_span(row);
	c->reserved_by = db_get_span(row);
	c->at = db_get_i64(row);
}

static const struct db_shape shape = {sizeof(struct store_contingency), read_contingency};

enum err store_put_contingency(struct store *s, const struct store_contingency *c,
			       struct cause *why)
{
	BUG_ON(!c->office.n || !c->first.n || c->first.n != c->last.n);
	return db_exec(s->db, &contingency_put,
		       DB_ARGS(db_text(c->office), db_text(c->first), db_text(c->last),
			       db_text(c->reserved_by), db_i64(c->at)),
		       why);
}

enum err store_find_contingency(struct store *s, struct arena *a, struct span office,
				struct span reference, struct store_contingency *ret,
				struct cause *why)
{
	struct store_contingency row;
	enum err e = db_one(s->db, &contingency_find, DB_ARGS(db_text(office), db_text(reference)),
			    a, &shape, &row, why);

	if (!e && (row.last.n != reference.n || span_compare(reference, row.last) > 0))
		e = ERR_NOT_FOUND;
	if (!e)
		*ret = row;
	return e;
}

struct scan {
	enum err (*take)(void *context, const struct store_contingency *c, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_contingencies(struct store *s,
				  enum err (*take)(void *context, const struct store_contingency *c,
						   struct cause *why),
				  void *context, struct cause *why)
{
	struct store_contingency row;
	struct scan scan = {take, context};

	return st_scan(s,
		       &(struct st_scan){.stmt = &contingency_scan,
					 .args = DB_NO_ARGS,
					 .shape = &shape,
					 .row = &row,
					 .take = take_row,
					 .context = &scan},
		       why);
}
