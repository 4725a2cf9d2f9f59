/* Guarantees by whose debts they stand for: a projection of the log. How much of one is in use is a balance of its guarantor. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt guarantee_put = {
    "guarantee_put", "INSERT INTO guarantee (" GUARANTEE_COLUMNS ")"
		     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
		     " ON CONFLICT (party, reference) DO UPDATE SET guarantor = excluded.guarantor,"
		     " currency = excluded.currency, minor = excluded.minor,"
		     " until_day = excluded.until_day, office = excluded.office,"
		     " seq = excluded.seq"};

static const struct db_stmt guarantee_get = {"guarantee_get",
					     "SELECT " GUARANTEE_COLUMNS
					     " FROM guarantee WHERE party = $1 AND reference = $2"};

static const struct db_stmt guarantee_list = {
    "guarantee_list",
    "SELECT " GUARANTEE_COLUMNS " FROM guarantee WHERE party = $1 ORDER BY reference LIMIT $2"};

static const struct db_stmt guarantee_scan = {
    "guarantee_scan", "SELECT " GUARANTEE_COLUMNS " FROM guarantee ORDER BY party, reference"};

static const struct db_stmt *const statements[] = {&guarantee_put, &guarantee_get, &guarantee_list,
						   &guarantee_scan};
ST_STATEMENTS(st_guarantee_statements, statements);

static void read_guarantee(struct db_rows *row, void *ret)
{
	struct store_guarantee *g = ret;

	g->party = db_get_span(row);
	g->reference = db_get_span(row);
	g->guarantor = db_get_span(row);
	g->currency = db_get_span(row);
	g->minor = db_get_i64(row);
	g->until_day = db_get_span(row);
	g->office = db_get_span(row);
	g->seq = db_get_i64(row);
}

static const struct db_shape shape = {sizeof(struct store_guarantee), read_guarantee};

enum err store_put_guarantee(struct store *s, const struct store_guarantee *g, struct cause *why)
{
	BUG_ON(!g->party.n || !g->reference.n);
	return db_exec(s->db, &guarantee_put,
		       DB_ARGS(db_text(g->party), db_text(g->reference), db_text(g->guarantor),
			       db_text(g->currency), db_i64(g->minor), db_text(g->until_day),
			       db_text(g->office), db_i64(g->seq)),
		       why);
}

enum err store_get_guarantee(struct store *s, struct arena *a, struct span party,
			     struct span reference, struct store_guarantee *ret, struct cause *why)
{
	return db_one(s->db, &guarantee_get, DB_ARGS(db_text(party), db_text(reference)), a, &shape,
		      ret, why);
}

enum err store_list_guarantees(struct store *s, struct arena *a, struct span party, uint32_t limit,
			       struct store_guarantee **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e;

	BUG_ON(limit > STORE_PAGE_MAX);
	e = db_all(s->db, &guarantee_list, DB_ARGS(db_text(party), db_i64(limit)), a, &shape, &rows,
		   ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}

struct scan {
	enum err (*take)(void *context, const struct store_guarantee *g, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_guarantees(struct store *s,
			       enum err (*take)(void *context, const struct store_guarantee *g,
						struct cause *why),
			       void *context, struct cause *why)
{
	struct store_guarantee row;
	struct scan scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&guarantee_scan, DB_NO_ARGS, &shape, &row, take_row, &scan}, why);
}
