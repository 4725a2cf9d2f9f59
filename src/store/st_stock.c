/* Accounts of what is written off, and what each case holds of them: projections of the log. An account is written under the lock
 * of its name, by whichever office's case takes of it. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt stock_put = {
    "stock_put",
    "INSERT INTO stock (" STOCK_COLUMNS ")"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
    " $19, $20, $21, $22, $23, $24, $25)"
    " ON CONFLICT (account, carrier) DO UPDATE SET kind = excluded.kind, office = excluded.office,"
    " source = excluded.source, consignee = excluded.consignee, opened_at = excluded.opened_at,"
    " open = excluded.open, measured = excluded.measured,"
    " granted_packages = excluded.granted_packages, granted_mass = excluded.granted_mass,"
    " granted_value = excluded.granted_value, reserved_packages = excluded.reserved_packages,"
    " reserved_mass = excluded.reserved_mass, reserved_value = excluded.reserved_value,"
    " used_packages = excluded.used_packages, used_mass = excluded.used_mass,"
    " used_value = excluded.used_value, granted_quantity = excluded.granted_quantity,"
    " reserved_quantity = excluded.reserved_quantity, used_quantity = excluded.used_quantity,"
    " unit = excluded.unit, goods = excluded.goods, from_day = excluded.from_day,"
    " until_day = excluded.until_day"};

static const struct db_stmt stock_get = {
    "stock_get", "SELECT " STOCK_COLUMNS " FROM stock WHERE account = $1 AND carrier = $2"};

static const struct db_stmt stock_remove = {
    "stock_remove", "DELETE FROM stock WHERE account = $1 AND carrier = $2"};

static const struct db_stmt stock_list = {
    "stock_list",
    "SELECT " STOCK_COLUMNS " FROM stock WHERE account = $1 ORDER BY carrier LIMIT $2"};

static const struct db_stmt stock_source = {
    "stock_source",
    "SELECT " STOCK_COLUMNS " FROM stock WHERE source = $1 ORDER BY account LIMIT $2"};

/* The names are no column to search by here: whose they are is. */
// clang-format off
#define OPEN_OF(column)                                                                            \
	"SELECT " STOCK_COLUMNS " FROM stock WHERE " column " = $1 AND open = 1 AND"               \
	" (opened_at > $2 OR (opened_at = $3 AND (account > $4 OR (account = $5 AND carrier > $6)" \
	"))) AND account || '' >= $7 AND account || '' < $8 AND until_day >= $9 AND until_day < $10"   \
	" ORDER BY opened_at, account, carrier LIMIT $11"
// clang-format on

static const struct db_stmt stock_office = {"stock_office", OPEN_OF("office")};
static const struct db_stmt stock_carrier = {"stock_carrier", OPEN_OF("carrier")};
static const struct db_stmt stock_consignee = {"stock_consignee", OPEN_OF("consignee")};
static const struct db_stmt stock_issued = {"stock_issued", OPEN_OF("source")};

static const struct db_stmt stock_ended = {
    "stock_ended", "SELECT " STOCK_COLUMNS " FROM stock WHERE until_day = $1 AND open = 1"
		   " AND account >= 'stock/' AND account < 'stock0'"
		   " AND (office > $2 OR (office = $3 AND account > $4))"
		   " ORDER BY office, account LIMIT $5"};

enum { NAMES_BYTES = 8 };

static const struct db_stmt stock_scan = {"stock_scan", "SELECT " STOCK_COLUMNS
							" FROM stock ORDER BY account, carrier"};

static const struct db_stmt hold_put = {
    "stock_hold_put", "INSERT INTO stock_hold (" STOCK_HOLD_COLUMNS ")"
		      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		      " ON CONFLICT (account, carrier, office, reference) DO UPDATE SET"
		      " stage = excluded.stage, packages = excluded.packages, mass = excluded.mass,"
		      " value = excluded.value, quantity = excluded.quantity"};

static const struct db_stmt hold_remove = {
    "stock_hold_remove", "DELETE FROM stock_hold WHERE account = $1 AND carrier = $2"
			 " AND office = $3 AND reference = $4"};

static const struct db_stmt hold_list = {
    "stock_hold_list", "SELECT " STOCK_HOLD_COLUMNS " FROM stock_hold WHERE account = $1"
		       " AND carrier = $2 ORDER BY office, reference LIMIT $3"};

static const struct db_stmt hold_scan = {"stock_hold_scan",
					 "SELECT " STOCK_HOLD_COLUMNS
					 " FROM stock_hold ORDER BY account, carrier, office,"
					 " reference"};

static const struct db_stmt *const statements[] = {
    &stock_put,    &stock_get,     &stock_remove,    &stock_list,   &stock_source,
    &stock_office, &stock_carrier, &stock_consignee, &stock_issued, &stock_scan,
    &stock_ended,  &hold_put,      &hold_remove,     &hold_list,    &hold_scan};
ST_STATEMENTS(st_stock_statements, statements);

/* The fourth measure came later, and stands behind. */
enum { FIRST_MEASURES = 3 };

static void read_measures(struct db_rows *row, int64_t ret[STORE_MEASURES])
{
	for (int i = 0; i < FIRST_MEASURES; i++)
		ret[i] = db_get_i64(row);
}

static void read_stock(struct db_rows *row, void *ret)
{
	struct store_stock *k = ret;

	k->account = db_get_span(row);
	k->carrier = db_get_span(row);
	k->kind = db_get_span(row);
	k->office = db_get_span(row);
	k->source = db_get_span(row);
	k->consignee = db_get_span(row);
	k->opened_at = db_get_i64(row);
	k->open = db_get_i64(row) != 0;
	k->measured = db_get_i64(row);
	read_measures(row, k->granted);
	read_measures(row, k->reserved);
	read_measures(row, k->used);
	k->granted[FIRST_MEASURES] = db_get_i64(row);
	k->reserved[FIRST_MEASURES] = db_get_i64(row);
	k->used[FIRST_MEASURES] = db_get_i64(row);
	k->unit = db_get_span(row);
	k->goods = db_get_span(row);
	k->from_day = db_get_span(row);
	k->until_day = db_get_span(row);
}

static void read_hold(struct db_rows *row, void *ret)
{
	struct store_stock_hold *h = ret;

	h->account = db_get_span(row);
	h->carrier = db_get_span(row);
	h->office = db_get_span(row);
	h->reference = db_get_span(row);
	h->stage = db_get_span(row);
	read_measures(row, h->amount);
	h->amount[FIRST_MEASURES] = db_get_i64(row);
}

static const struct db_shape stock_shape = {sizeof(struct store_stock), read_stock};
static const struct db_shape hold_shape = {sizeof(struct store_stock_hold), read_hold};

/* Who knows nothing of a text leaves it out: a bill has no unit. */
static struct db_value or_empty(struct span s)
{
	return db_text(s.p ? s : SPAN(""));
}

static void forget(struct store *s, struct span account, struct span carrier)
{
	st_forget(s, &stock_get, DB_ARGS(db_text(account), db_text(carrier)));
	st_forget(s, &stock_list, DB_ARGS(db_text(account), db_i64(STORE_CARRIERS_MAX)));
}

enum err store_put_stock(struct store *s, const struct store_stock *k, struct cause *why)
{
	BUG_ON(!k->account.n);
	forget(s, k->account, k->carrier);
	return db_exec(s->db, &stock_put,
		       DB_ARGS(db_text(k->account), db_text(k->carrier), db_text(k->kind),
			       db_text(k->office), db_text(k->source), db_text(k->consignee),
			       db_i64(k->opened_at), db_i64(k->open), db_i64(k->measured),
			       db_i64(k->granted[0]), db_i64(k->granted[1]), db_i64(k->granted[2]),
			       db_i64(k->reserved[0]), db_i64(k->reserved[1]),
			       db_i64(k->reserved[2]), db_i64(k->used[0]), db_i64(k->used[1]),
			       db_i64(k->used[2]), db_i64(k->granted[3]), db_i64(k->reserved[3]),
			       db_i64(k->used[3]), or_empty(k->unit), or_empty(k->goods),
			       or_empty(k->from_day), or_empty(k->until_day)),
		       why);
}

enum err store_get_stock(struct store *s, struct arena *a, struct span account, struct span carrier,
			 struct store_stock *ret, struct cause *why)
{
	return st_one(s, &stock_get, DB_ARGS(db_text(account), db_text(carrier)), a, &stock_shape,
		      ret, why);
}

enum err store_ahead_stock(struct store *s, struct arena *a, const struct store_case_key *key,
			   uint32_t n, struct cause *why)
{
	return st_ask_ahead(s, &stock_get, st_case_values(a, key, n), 2, n, a, &stock_shape, why);
}

enum err store_ahead_stock_lists(struct store *s, struct arena *a, const struct span *account,
				 uint32_t n, struct cause *why)
{
	struct db_value *value = st_values(a, 2, n);

	for (uint32_t i = 0; i < n && value; i++) {
		value[2 * i] = db_text(account[i]);
		value[2 * i + 1] = db_i64(STORE_CARRIERS_MAX);
	}
	return st_ask_ahead(s, &stock_list, value, 2, n, a, &stock_shape, why);
}

enum err store_remove_stock(struct store *s, struct span account, struct span carrier,
			    struct cause *why)
{
	forget(s, account, carrier);
	return db_exec(s->db, &stock_remove, DB_ARGS(db_text(account), db_text(carrier)), why);
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_stock **ret, uint32_t *ret_count,
		     struct cause *why)
{
	void *rows;
	enum err e = st_all(s, stmt, args, a, &stock_shape, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_list_stock(struct store *s, struct arena *a, struct span account, uint32_t limit,
			  struct store_stock **ret, uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &stock_list, DB_ARGS(db_text(account), db_i64(limit)), a, ret, ret_count,
		    why);
}

enum err store_list_stock_of(struct store *s, struct arena *a, struct span source,
			     struct store_stock **ret, uint32_t *ret_count, struct cause *why)
{
	return list(s, &stock_source, DB_ARGS(db_text(source), db_i64(STORE_SOURCE_MAX)), a, ret,
		    ret_count, why);
}

enum err store_page_stock(struct store *s, struct arena *a, const struct store_stock_page *page,
			  struct store_stock **ret, uint32_t *ret_count, struct cause *why)
{
	static const struct store_stock first = {
	    .account = SPAN(""), .carrier = SPAN(""), .opened_at = -1};
	const struct store_stock *after = page->after ? page->after : &first;
	const struct db_stmt *stmt = page->office.n    ? &stock_office
				     : page->carrier.n ? &stock_carrier
				     : page->source.n  ? &stock_issued
						       : &stock_consignee;
	const struct span whose = page->office.n    ? page->office
				  : page->carrier.n ? page->carrier
				  : page->source.n  ? page->source
						    : page->consignee;
	char beyond[NAMES_BYTES];

	BUG_ON(page->limit > STORE_PAGE_MAX || !page->names.n || page->names.n > sizeof(beyond));
	memcpy(beyond, page->names.p, page->names.n);
	beyond[page->names.n - 1]++; /* the first text that begins otherwise */
	return list(s, stmt,
		    DB_ARGS(db_text(whose), db_i64(after->opened_at), db_i64(after->opened_at),
			    db_text(after->account), db_text(after->account),
			    db_text(after->carrier), db_text(page->names),
			    db_text((struct span){beyond, page->names.n, 0}),
			    db_text(page->ended.n ? SPAN("0") : SPAN("")),
			    db_text(page->ended.n ? page->ended : SPAN("~")), db_i64(page->limit)),
		    a, ret, ret_count, why);
}

enum err store_list_ended_stock(struct store *s, struct arena *a, struct span until,
				const struct store_stock *after, uint32_t limit,
				struct store_stock **ret, uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &stock_ended,
		    DB_ARGS(db_text(until), db_text(after->office), db_text(after->office),
			    db_text(after->account), db_i64(limit)),
		    a, ret, ret_count, why);
}

enum err store_put_stock_hold(struct store *s, const struct store_stock_hold *h, struct cause *why)
{
	return db_exec(s->db, &hold_put,
		       DB_ARGS(db_text(h->account), db_text(h->carrier), db_text(h->office),
			       db_text(h->reference), db_text(h->stage), db_i64(h->amount[0]),
			       db_i64(h->amount[1]), db_i64(h->amount[2]), db_i64(h->amount[3])),
		       why);
}

enum err store_remove_stock_hold(struct store *s, const struct store_stock_hold *h,
				 struct cause *why)
{
	return db_exec(s->db, &hold_remove,
		       DB_ARGS(db_text(h->account), db_text(h->carrier), db_text(h->office),
			       db_text(h->reference)),
		       why);
}

enum err store_list_stock_holds(struct store *s, struct arena *a, struct span account,
				struct span carrier, uint32_t limit, struct store_stock_hold **ret,
				uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e;

	BUG_ON(limit > STORE_PAGE_MAX);
	e = db_all(s->db, &hold_list, DB_ARGS(db_text(account), db_text(carrier), db_i64(limit)), a,
		   &hold_shape, &rows, ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}

struct stock_scanning {
	enum err (*take)(void *context, const struct store_stock *k, struct cause *why);
	void *context;
};

static enum err take_stock(void *context, const void *row, struct cause *why)
{
	const struct stock_scanning *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_stock(struct store *s,
			  enum err (*take)(void *context, const struct store_stock *k,
					   struct cause *why),
			  void *context, struct cause *why)
{
	struct store_stock row;
	struct stock_scanning scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&stock_scan, DB_NO_ARGS, &stock_shape, &row, take_stock, &scan},
	    why);
}

struct hold_scanning {
	enum err (*take)(void *context, const struct store_stock_hold *h, struct cause *why);
	void *context;
};

static enum err take_hold(void *context, const void *row, struct cause *why)
{
	const struct hold_scanning *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_stock_holds(struct store *s,
				enum err (*take)(void *context, const struct store_stock_hold *h,
						 struct cause *why),
				void *context, struct cause *why)
{
	struct store_stock_hold row;
	struct hold_scanning scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&hold_scan, DB_NO_ARGS, &hold_shape, &row, take_hold, &scan}, why);
}
