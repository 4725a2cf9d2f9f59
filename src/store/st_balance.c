/* What stands in each account, and the transfers of each holder, newest first. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt balance_get = {
    "balance_get",
    "SELECT " BALANCE_COLUMNS " FROM balance WHERE holder = $1 ORDER BY account, currency"};

static const struct db_stmt balance_put = {
    "balance_put", "INSERT INTO balance (" BALANCE_COLUMNS ") VALUES ($1, $2, $3, $4)"
		   " ON CONFLICT (holder, account, currency) DO UPDATE SET minor = excluded.minor"};

static const struct db_stmt balance_add = {
    "balance_add", "INSERT INTO balance (" BALANCE_COLUMNS ") VALUES ($1, $2, $3, $4)"
		   " ON CONFLICT (holder, account, currency) DO UPDATE SET"
		   " minor = balance.minor + excluded.minor"};

static const struct db_stmt balance_scan = {
    "balance_scan", "SELECT " BALANCE_COLUMNS " FROM balance ORDER BY holder, account, currency"};

static const struct db_stmt transfer_put = {
    "transfer_put", "INSERT INTO transfer (" TRANSFER_COLUMNS
		    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};

static const struct db_stmt transfer_get = {
    "transfer_get", "SELECT " TRANSFER_COLUMNS
		    " FROM transfer WHERE holder = $1 AND at = $2 AND office = $3 AND seq = $4"
		    " AND n = $5"};

static const struct db_stmt transfer_page = {
    "transfer_page", "SELECT " TRANSFER_COLUMNS
		     " FROM transfer WHERE holder = $1 AND (at, office, seq, n) < ($2, $3, $4, $5)"
		     " ORDER BY at DESC, office DESC, seq DESC, n DESC LIMIT $6"};

static const struct db_stmt transfer_scan = {"transfer_scan",
					     "SELECT " TRANSFER_COLUMNS
					     " FROM transfer ORDER BY holder, at, office, seq, n"};

static const struct db_stmt *const statements[] = {
    &balance_get,  &balance_put,  &balance_add,   &balance_scan,
    &transfer_put, &transfer_get, &transfer_page, &transfer_scan,
};
ST_STATEMENTS(st_balance_statements, statements);

/* ---- balances ---- */

static void read_balance(struct db_rows *row, void *ret)
{
	struct store_balance *b = ret;

	b->holder = db_get_span(row);
	b->account = db_get_span(row);
	b->currency = db_get_span(row);
	b->minor = db_get_i64(row);
}

static const struct db_shape BALANCE = {sizeof(struct store_balance), read_balance};

enum err store_get_balances(struct store *s, struct arena *a, const struct span *holders,
			    uint32_t n, struct store_balances *ret, struct cause *why)
{
	struct db_found *found;
	enum err err = st_each_text(s, &balance_get, holders, n, a, &BALANCE, &found, why);

	for (uint32_t i = 0; i < n && !err; i++)
		ret[i] = (struct store_balances){found[i].row, found[i].count};
	return err;
}

enum err store_put_balance(struct store *s, const struct store_balance *b, struct cause *why)
{
	BUG_ON(!b->holder.n || !b->account.n || !b->currency.n);
	return db_group(s->db, &balance_put,
			DB_ARGS(db_text(b->holder), db_text(b->account), db_text(b->currency),
				db_i64(b->minor)),
			3, why);
}

enum err store_add_balance(struct store *s, const struct store_balance *b, struct cause *why)
{
	BUG_ON(!b->holder.n || !b->account.n || !b->currency.n);
	return db_exec(s->db, &balance_add,
		       DB_ARGS(db_text(b->holder), db_text(b->account), db_text(b->currency),
			       db_i64(b->minor)),
		       why);
}

struct balance_taker {
	enum err (*take)(void *context, const struct store_balance *b, struct cause *why);
	void *context;
};

static enum err take_balance(void *context, const void *row, struct cause *why)
{
	const struct balance_taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_balances(struct store *s,
			     enum err (*take)(void *context, const struct store_balance *b,
					      struct cause *why),
			     void *context, struct cause *why)
{
	struct balance_taker taker = {take, context};
	struct store_balance row;
	struct st_scan scan = {&balance_scan, DB_NO_ARGS, &BALANCE, &row, take_balance, &taker};

	return st_scan(s, &scan, why);
}

/* ---- transfers ---- */

static void read_transfer(struct db_rows *row, void *ret)
{
	struct store_transfer *t = ret;

	t->holder = db_get_span(row);
	t->at = db_get_i64(row);
	t->office = db_get_span(row);
	t->seq = db_get_i64(row);
	t->n = db_get_i64(row);
	t->reference = db_get_span(row);
	t->kind = db_get_span(row);
	t->account = db_get_span(row);
	t->other_holder = db_get_span(row);
	t->other_account = db_get_span(row);
	t->currency = db_get_span(row);
	t->minor = db_get_i64(row);
}

static const struct db_shape TRANSFER = {sizeof(struct store_transfer), read_transfer};

enum err store_put_transfer(struct store *s, const struct store_transfer *t, struct cause *why)
{
	BUG_ON(!t->holder.n || !t->office.n || t->seq < 1);
	return db_group(s->db, &transfer_put,
			DB_ARGS(db_text(t->holder), db_i64(t->at), db_text(t->office),
				db_i64(t->seq), db_i64(t->n), db_text(t->reference),
				db_text(t->kind), db_text(t->account), db_text(t->other_holder),
				db_text(t->other_account), db_text(t->currency), db_i64(t->minor)),
			0, why);
}

enum err store_get_transfer(struct store *s, struct arena *a, const struct store_transfer *key,
			    struct store_transfer *ret, struct cause *why)
{
	return db_one(s->db, &transfer_get,
		      DB_ARGS(db_text(key->holder), db_i64(key->at), db_text(key->office),
			      db_i64(key->seq), db_i64(key->n)),
		      a, &TRANSFER, ret, why);
}

enum err store_list_transfers(struct store *s, struct arena *a,
			      const struct store_transfer_page *page, struct store_transfer **ret,
			      uint32_t *ret_count, struct cause *why)
{
	const struct store_transfer first = {.at = INT64_MAX, .office = SPAN("")};
	const struct store_transfer *before = page->before ? page->before : &first;
	void *rows;
	enum err err;

	BUG_ON(page->limit > STORE_PAGE_MAX);
	err = db_all(s->db, &transfer_page,
		     DB_ARGS(db_text(page->holder), db_i64(before->at), db_text(before->office),
			     db_i64(before->seq), db_i64(before->n), db_i64(page->limit)),
		     a, &TRANSFER, &rows, ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

struct transfer_taker {
	enum err (*take)(void *context, const struct store_transfer *t, struct cause *why);
	void *context;
};

static enum err take_transfer(void *context, const void *row, struct cause *why)
{
	const struct transfer_taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_transfers(struct store *s,
			      enum err (*take)(void *context, const struct store_transfer *t,
					       struct cause *why),
			      void *context, struct cause *why)
{
	struct transfer_taker taker = {take, context};
	struct store_transfer row;
	struct st_scan scan = {&transfer_scan, DB_NO_ARGS, &TRANSFER, &row, take_transfer, &taker};

	return st_scan(s, &scan, why);
}
