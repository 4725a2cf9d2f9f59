/* Beside an old system: what it decided, which case of ours speaks of the same, and how the two differ. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt outcome_put = {
    "outcome_put",
    "INSERT INTO outcome (" OUTCOME_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (reference) DO UPDATE SET standing = excluded.standing, office = excluded.office,"
    " movement = excluded.movement, decision_seq = excluded.decision_seq, at = excluded.at,"
    " theirs = excluded.theirs"};

static const struct db_stmt outcome_get = {"outcome_get", "SELECT " OUTCOME_COLUMNS
							  " FROM outcome WHERE reference = $1"};

static const struct db_stmt outcome_list = {"outcome_list", "SELECT " OUTCOME_COLUMNS
							    " FROM outcome WHERE standing = $1"
							    " ORDER BY reference LIMIT $2"};

static const struct db_stmt outcome_count = {"outcome_count",
					     "SELECT COUNT(*) FROM outcome WHERE standing = $1"};

static const struct db_stmt outcome_scan = {"outcome_scan", "SELECT " OUTCOME_COLUMNS
							    " FROM outcome ORDER BY reference"};

static const struct db_stmt difference_put = {
    "difference_put", "INSERT INTO difference (" DIFFERENCE_COLUMNS ") VALUES ($1, $2, $3, $4)"};

static const struct db_stmt difference_remove = {"difference_remove",
						 "DELETE FROM difference WHERE reference = $1"};

static const struct db_stmt difference_of = {"difference_of",
					     "SELECT " DIFFERENCE_COLUMNS
					     " FROM difference WHERE reference = $1 ORDER BY kind"};

static const struct db_stmt difference_list = {"difference_list", "SELECT " DIFFERENCE_COLUMNS
								  " FROM difference WHERE kind = $1"
								  " ORDER BY reference LIMIT $2"};

static const struct db_stmt difference_count = {
    "difference_count", "SELECT COUNT(*), COALESCE(CAST(SUM(differences) AS BIGINT), 0)"
			" FROM difference WHERE kind = $1"};

static const struct db_stmt *const statements[] = {
    &outcome_put,    &outcome_get,       &outcome_list,  &outcome_count,   &outcome_scan,
    &difference_put, &difference_remove, &difference_of, &difference_list, &difference_count};
ST_STATEMENTS(st_outcome_statements, statements);

static void read_outcome(struct db_rows *row, void *ret)
{
	struct store_outcome *o = ret;

	o->reference = db_get_span(row);
	o->standing = db_get_i64(row);
	o->office = db_get_span(row);
	o->movement = db_get_span(row);
	o->decision_seq = db_get_i64(row);
	o->at = db_get_i64(row);
	o->theirs = db_get_span(row);
}

static const struct db_shape OUTCOME = {sizeof(struct store_outcome), read_outcome};

enum err store_put_outcome(struct store *s, const struct store_outcome *o, struct cause *why)
{
	BUG_ON(!o->reference.n);
	return db_exec(s->db, &outcome_put,
		       DB_ARGS(db_text(o->reference), db_i64(o->standing), db_text(o->office),
			       db_text(o->movement), db_i64(o->decision_seq), db_i64(o->at),
			       db_text(o->theirs)),
		       why);
}

enum err store_get_outcome(struct store *s, struct arena *a, struct span reference,
			   struct store_outcome *ret, struct cause *why)
{
	return db_one(s->db, &outcome_get, DB_ARGS(db_text(reference)), a, &OUTCOME, ret, why);
}

enum err store_list_outcomes(struct store *s, struct arena *a, int64_t standing, uint32_t limit,
			     struct store_outcome **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e;

	BUG_ON(limit > STORE_PAGE_MAX);
	e = db_all(s->db, &outcome_list, DB_ARGS(db_i64(standing), db_i64(limit)), a, &OUTCOME,
		   &rows, ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}

struct counts {
	int64_t rows, sum;
};

static void read_count(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_count_outcomes(struct store *s, int64_t standing, int64_t *ret, struct cause *why)
{
	static const struct db_shape shape = {sizeof(int64_t), read_count};

	return db_one(s->db, &outcome_count, DB_ARGS(db_i64(standing)), NULL, &shape, ret, why);
}

struct scan {
	enum err (*take)(void *context, const struct store_outcome *o, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_outcomes(struct store *s,
			     enum err (*take)(void *context, const struct store_outcome *o,
					      struct cause *why),
			     void *context, struct cause *why)
{
	struct store_outcome row;
	struct scan scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&outcome_scan, DB_NO_ARGS, &OUTCOME, &row, take_row, &scan}, why);
}

static void read_difference(struct db_rows *row, void *ret)
{
	struct store_difference *d = ret;

	d->reference = db_get_span(row);
	d->kind = db_get_span(row);
	d->differences = db_get_i64(row);
	d->examples = db_get_span(row);
}

static const struct db_shape DIFFERENCE = {sizeof(struct store_difference), read_difference};

enum err store_put_differences(struct store *s, struct span reference,
			       const struct store_difference *d, uint32_t n, struct cause *why)
{
	enum err e = db_exec(s->db, &difference_remove, DB_ARGS(db_text(reference)), why);

	for (uint32_t i = 0; i < n && !e; i++)
		e = db_exec(s->db, &difference_put,
			    DB_ARGS(db_text(reference), db_text(d[i].kind),
				    db_i64(d[i].differences), db_text(d[i].examples)),
			    why);
	return e;
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_difference **ret, uint32_t *ret_count,
		     struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, stmt, args, a, &DIFFERENCE, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_get_differences(struct store *s, struct arena *a, struct span reference,
			       struct store_difference **ret, uint32_t *ret_count,
			       struct cause *why)
{
	return list(s, &difference_of, DB_ARGS(db_text(reference)), a, ret, ret_count, why);
}

enum err store_list_differences(struct store *s, struct arena *a, struct span kind, uint32_t limit,
				struct store_difference **ret, uint32_t *ret_count,
				struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &difference_list, DB_ARGS(db_text(kind), db_i64(limit)), a, ret, ret_count,
		    why);
}

static void read_counts(struct db_rows *row, void *ret)
{
	struct counts *c = ret;

	c->rows = db_get_i64(row);
	c->sum = db_get_i64(row);
}

enum err store_count_differences(struct store *s, struct span kind, int64_t *ret_declarations,
				 int64_t *ret_differences, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct counts), read_counts};
	struct counts c = {0, 0};
	enum err e =
	    db_one(s->db, &difference_count, DB_ARGS(db_text(kind)), NULL, &shape, &c, why);

	if (!e) {
		*ret_declarations = c.rows;
		*ret_differences = c.sum;
	}
	return e;
}
