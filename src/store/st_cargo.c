/* Cargo reports: a projection of the log, a row for each. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt cargo_put = {
    "cargo_put", "INSERT INTO cargo (" CARGO_COLUMNS ")"
		 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
		 " ON CONFLICT (office, reference) DO UPDATE SET version = excluded.version,"
		 " sender = excluded.sender, trader_reference = excluded.trader_reference,"
		 " carrier = excluded.carrier, input_sha256 = excluded.input_sha256,"
		 " state = excluded.state, conveyance = excluded.conveyance, day = excluded.day,"
		 " decided_at = excluded.decided_at, arrived_at = excluded.arrived_at,"
		 " input_seq = excluded.input_seq, decision_seq = excluded.decision_seq"};

static const struct db_stmt cargo_get = {
    "cargo_get", "SELECT " CARGO_COLUMNS " FROM cargo WHERE office = $1 AND reference = $2"};

static const struct db_stmt cargo_find = {
    "cargo_find", "SELECT " CARGO_COLUMNS " FROM cargo WHERE office = $1 AND sender = $2"
		  " AND trader_reference = $3 ORDER BY input_seq LIMIT $4"};

static const struct db_stmt cargo_conveyance = {
    "cargo_conveyance", "SELECT " CARGO_COLUMNS " FROM cargo WHERE office = $1"
			" AND conveyance = $2 ORDER BY reference LIMIT $3"};

static const struct db_stmt cargo_page = {
    "cargo_page", "SELECT " CARGO_COLUMNS " FROM cargo WHERE office = $1 AND reference > $2"
		  " ORDER BY reference LIMIT $3"};

static const struct db_stmt cargo_carrier = {
    "cargo_carrier", "SELECT " CARGO_COLUMNS " FROM cargo WHERE carrier = $1 AND reference > $2"
		     " ORDER BY reference, office LIMIT $3"};

static const struct db_stmt cargo_scan = {"cargo_scan", "SELECT " CARGO_COLUMNS
							" FROM cargo ORDER BY office, reference"};

static const struct db_stmt *const statements[] = {&cargo_put,        &cargo_get,  &cargo_find,
						   &cargo_conveyance, &cargo_page, &cargo_carrier,
						   &cargo_scan};
ST_STATEMENTS(st_cargo_statements, statements);

static void read_cargo(struct db_rows *row, void *ret)
{
	struct store_cargo *c = ret;

	c->office = db_get_span(row);
	c->reference = db_get_span(row);
	c->version = db_get_i64(row);
	c->sender = db_get_span(row);
	c->trader_reference = db_get_span(row);
	c->carrier = db_get_span(row);
	c->input_sha256 = db_get_span(row);
	c->state = db_get_span(row);
	c->conveyance = db_get_span(row);
	c->day = db_get_span(row);
	c->decided_at = db_get_i64(row);
	c->arrived_at = db_get_i64(row);
	c->input_seq = db_get_i64(row);
	c->decision_seq = db_get_i64(row);
}

static const struct db_shape shape = {sizeof(struct store_cargo), read_cargo};

enum err store_put_cargo(struct store *s, const struct store_cargo *c, struct cause *why)
{
	BUG_ON(!c->office.n || !c->reference.n);
	return db_exec(s->db, &cargo_put,
		       DB_ARGS(db_text(c->office), db_text(c->reference), db_i64(c->version),
			       db_text(c->sender), db_text(c->trader_reference),
			       db_text(c->carrier), db_text(c->input_sha256), db_text(c->state),
			       db_text(c->conveyance), db_text(c->day), db_i64(c->decided_at),
			       db_i64(c->arrived_at), db_i64(c->input_seq),
			       db_i64(c->decision_seq)),
		       why);
}

enum err store_get_cargo(struct store *s, struct arena *a, struct span office,
			 struct span reference, struct store_cargo *ret, struct cause *why)
{
	return db_one(s->db, &cargo_get, DB_ARGS(db_text(office), db_text(reference)), a, &shape,
		      ret, why);
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_cargo **ret, uint32_t *ret_count,
		     struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, stmt, args, a, &shape, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_find_cargo(struct store *s, struct arena *a, const struct store_trader_key *key,
			  uint32_t limit, struct store_cargo **ret, uint32_t *ret_count,
			  struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &cargo_find,
		    DB_ARGS(db_text(key->office), db_text(key->sender),
			    db_text(key->trader_reference), db_i64(limit)),
		    a, ret, ret_count, why);
}

enum err store_list_cargo_of(struct store *s, struct arena *a, struct span office,
			     struct span conveyance, uint32_t limit, struct store_cargo **ret,
			     uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &cargo_conveyance,
		    DB_ARGS(db_text(office), db_text(conveyance), db_i64(limit)), a, ret, ret_count,
		    why);
}

enum err store_list_cargo(struct store *s, struct arena *a, struct span office, struct span after,
			  uint32_t limit, struct store_cargo **ret, uint32_t *ret_count,
			  struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &cargo_page, DB_ARGS(db_text(office), db_text(after), db_i64(limit)), a, ret,
		    ret_count, why);
}

enum err store_list_cargo_by(struct store *s, struct arena *a, struct span carrier,
			     struct span after, uint32_t limit, struct store_cargo **ret,
			     uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &cargo_carrier, DB_ARGS(db_text(carrier), db_text(after), db_i64(limit)), a,
		    ret, ret_count, why);
}

struct scan {
	enum err (*take)(void *context, const struct store_cargo *c, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_cargo(struct store *s,
			  enum err (*take)(void *context, const struct store_cargo *c,
					   struct cause *why),
			  void *context, struct cause *why)
{
	struct store_cargo row;
	struct scan scan = {take, context};

	return st_scan(s, &(struct st_scan){&cargo_scan, DB_NO_ARGS, &shape, &row, take_row, &scan},
		       why);
}
