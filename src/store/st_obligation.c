/* Simplified declarations that have to be completed, by whose they are. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt obligation_put = {
    "obligation_put", "INSERT INTO obligation (" OBLIGATION_COLUMNS ") VALUES ($1, $2, $3, $4, $5)"
		      " ON CONFLICT (party, reference) DO UPDATE SET office = excluded.office, "
		      "due_day = excluded.due_day, completed_by = excluded.completed_by"};

static const struct db_stmt obligation_end = {
    "obligation_end", "DELETE FROM obligation WHERE party = $1 AND reference = $2"};

static const struct db_stmt obligation_get = {
    "obligation_get",
    "SELECT " OBLIGATION_COLUMNS " FROM obligation WHERE party = $1 AND reference = $2"};

static const struct db_stmt obligation_overdue = {"obligation_overdue",
						  "SELECT " OBLIGATION_COLUMNS " FROM obligation"
						  " WHERE completed_by = '' AND due_day < $1"
						  " ORDER BY due_day, party, reference LIMIT $2"};

static const struct db_stmt obligation_overdue_of = {
    "obligation_overdue_of", "SELECT " OBLIGATION_COLUMNS " FROM obligation"
			     " WHERE party = $1 AND completed_by = '' AND due_day < $2"
			     " ORDER BY reference LIMIT $3"};

static const struct db_stmt obligation_scan = {
    "obligation_scan", "SELECT " OBLIGATION_COLUMNS " FROM obligation ORDER BY party, reference"};

static const struct db_stmt *const statements[] = {&obligation_put,        &obligation_end,
						   &obligation_get,        &obligation_overdue,
						   &obligation_overdue_of, &obligation_scan};
ST_STATEMENTS(st_obligation_statements, statements);

static void read_obligation(struct db_rows *row, void *ret)
{
	struct store_obligation *o = ret;

	o->party = db_get_span(row);
	o->reference = db_get_span(row);
	o->office = db_get_span(row);
	o->due_day = db_get_span(row);
	o->completed_by = db_get_span(row);
}

static const struct db_shape shape = {sizeof(struct store_obligation), read_obligation};

enum err store_put_obligation(struct store *s, const struct store_obligation *o, struct cause *why)
{
	BUG_ON(!o->party.n || !o->reference.n);
	return db_exec(s->db, &obligation_put,
		       DB_ARGS(db_text(o->party), db_text(o->reference), db_text(o->office),
			       db_text(o->due_day), db_text(o->completed_by)),
		       why);
}

enum err store_end_obligation(struct store *s, struct span party, struct span reference,
			      struct cause *why)
{
	return db_exec(s->db, &obligation_end, DB_ARGS(db_text(party), db_text(reference)), why);
}

enum err store_get_obligation(struct store *s, struct arena *a, struct span party,
			      struct span reference, struct store_obligation *ret,
			      struct cause *why)
{
	return db_one(s->db, &obligation_get, DB_ARGS(db_text(party), db_text(reference)), a,
		      &shape, ret, why);
}

enum err store_list_overdue(struct store *s, struct arena *a, struct span party, struct span day,
			    uint32_t limit, struct store_obligation **ret, uint32_t *ret_count,
			    struct cause *why)
{
	void *rows;
	enum err e = party.n
			 ? db_all(s->db, &obligation_overdue_of,
				  DB_ARGS(db_text(party), db_text(day), db_i64(limit)), a, &shape,
				  &rows, ret_count, why)
			 : db_all(s->db, &obligation_overdue, DB_ARGS(db_text(day), db_i64(limit)),
				  a, &shape, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

struct scan {
	enum err (*take)(void *context, const struct store_obligation *o, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_obligations(struct store *s,
				enum err (*take)(void *context, const struct store_obligation *o,
						 struct cause *why),
				void *context, struct cause *why)
{
	struct store_obligation row;
	struct scan scan = {take, context};

	return st_scan(s,
		       &(struct st_scan){.stmt = &obligation_scan,
					 .args = DB_NO_ARGS,
					 .shape = &shape,
					 .row = &row,
					 .take = take_row,
					 .context = &scan},
		       why);
}
