/* The present of each case: a projection of the log. */
#include "store/columns.h"
#include "store/st.h"

// clang-format off
static const struct db_stmt declaration_put = {
	"declaration_put",
	"INSERT INTO declaration (" DECLARATION_COLUMNS ")"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
	" ON CONFLICT (office, reference) DO UPDATE SET version = excluded.version, sender = excluded.sender,"
	" trader_reference = excluded.trader_reference, input_sha256 = excluded.input_sha256, type = excluded.type,"
	" state = excluded.state, lane = excluded.lane, holder = excluded.holder, items = excluded.items,"
	" currency = excluded.currency, total_minor = excluded.total_minor, day = excluded.day,"
	" decided_at = excluded.decided_at, input_seq = excluded.input_seq, decision_seq = excluded.decision_seq,"
	" answer_seq = excluded.answer_seq"};
// clang-format on

static const struct db_stmt declaration_get = {
    "declaration_get",
    "SELECT " DECLARATION_COLUMNS " FROM declaration WHERE office = $1 AND reference = $2"};

/* Rows of one key are few: each but the last was rejected. The log tells which came last. */
static const struct db_stmt declaration_find = {
    "declaration_find",
    "SELECT " DECLARATION_COLUMNS " FROM declaration"
    " WHERE office = $1 AND sender = $2 AND trader_reference = $3 ORDER BY input_seq"};

static const struct db_stmt declaration_count = {
    "declaration_count", "SELECT day, lane, state, COUNT(*) FROM declaration WHERE office = $1 AND "
			 "day >= $2 AND day <= $3"
			 " GROUP BY day, lane, state ORDER BY day, lane, state"};

static const struct db_stmt declaration_since = {
    "declaration_since", "SELECT day, lane, state, COUNT(*) FROM declaration WHERE office = $1 AND "
			 "day >= $2 AND decided_at >= $3"
			 " GROUP BY day, lane, state ORDER BY day, lane, state"};

static const struct db_stmt declaration_scan = {"declaration_scan",
						"SELECT " DECLARATION_COLUMNS
						" FROM declaration ORDER BY office, reference"};

/* By the primary key, whatever else is asked for: a page costs what it has. */
static const struct db_stmt declaration_page = {
    "declaration_page", "SELECT " DECLARATION_COLUMNS
			", COALESCE((SELECT l.state FROM life l WHERE l.office = declaration.office"
			" AND l.reference = declaration.reference), '')"
			" FROM declaration WHERE office = $1 AND reference > $2"
			" ORDER BY reference LIMIT $3"};

/* Did anybody look at it, or may have: a lane that asks for control, given then or by an officer; another version; goods that
 * were seized. */
#define LOOKED_AT                                                                                  \
	"(version > 1 OR lane IN ('yellow', 'red') OR EXISTS (SELECT 1 FROM life l WHERE"          \
	" l.office = declaration.office AND l.reference = declaration.reference AND"               \
	" (l.lane IN ('yellow', 'red') OR l.state IN ('seized', 'destroyed', 'sold'))))"
#define STANDS                                                                                     \
	"state NOT IN ('request', 'rejected', 'cancelled') AND NOT EXISTS (SELECT 1 FROM life c"   \
	" WHERE c.office = declaration.office AND c.reference = declaration.reference AND"         \
	" c.state = 'cancelled')"

static const struct db_stmt declaration_controlled = {
    "declaration_controlled",
    "SELECT " DECLARATION_COLUMNS
    ", COALESCE((SELECT l.state FROM life l WHERE l.office = declaration.office"
    " AND l.reference = declaration.reference), '')"
    " FROM declaration WHERE office = $1 AND reference > $2 AND day >= $3 AND day <= $4 AND " STANDS
    " AND " LOOKED_AT " ORDER BY reference LIMIT $5"};

static const struct db_stmt declaration_uncontrolled = {
    "declaration_uncontrolled",
    "SELECT day, lane, state, COUNT(*) FROM declaration WHERE office = $1 AND day >= $2 AND day <= "
    "$3"
    " AND " STANDS " AND NOT " LOOKED_AT " GROUP BY day, lane, state ORDER BY day, lane, state"};

static const struct db_stmt declaration_clear = {"declaration_clear", "DELETE FROM declaration"};

static const struct db_stmt *const statements[] = {
    &declaration_put,        &declaration_get,          &declaration_find,  &declaration_count,
    &declaration_scan,       &declaration_page,         &declaration_clear, &declaration_since,
    &declaration_controlled, &declaration_uncontrolled,
};
ST_STATEMENTS(st_declaration_statements, statements);

void st_read_declaration(struct db_rows *row, struct store_declaration *d)
{
	d->office = db_get_span(row);
	d->reference = db_get_span(row);
	d->version = db_get_i64(row);
	d->sender = db_get_span(row);
	d->trader_reference = db_get_span(row);
	d->input_sha256 = db_get_span(row);
	d->type = db_get_span(row);
	d->state = db_get_span(row);
	d->lane = db_get_span(row);
	d->holder = db_get_span(row);
	d->items = db_get_i64(row);
	d->currency = db_get_span(row);
	d->total_minor = db_get_i64(row);
	d->day = db_get_span(row);
	d->decided_at = db_get_i64(row);
	d->input_seq = db_get_i64(row);
	d->decision_seq = db_get_i64(row);
	d->answer_seq = db_get_i64(row);
}

static void read_declaration(struct db_rows *row, void *ret)
{
	st_read_declaration(row, ret);
}

static const struct db_shape DECLARATION = {sizeof(struct store_declaration), read_declaration};

enum err store_put_declaration(struct store *s, const struct store_declaration *d,
			       struct cause *why)
{
	BUG_ON(!d->office.n || !d->reference.n);
	st_forget(s, &declaration_get, DB_ARGS(db_text(d->office), db_text(d->reference)));
	return db_group(s->db, &declaration_put,
			DB_ARGS(db_text(d->office), db_text(d->reference), db_i64(d->version),
				db_text(d->sender), db_text(d->trader_reference),
				db_text(d->input_sha256), db_text(d->type), db_text(d->state),
				db_text(d->lane), db_text(d->holder), db_i64(d->items),
				db_text(d->currency), db_i64(d->total_minor), db_text(d->day),
				db_i64(d->decided_at), db_i64(d->input_seq),
				db_i64(d->decision_seq), db_i64(d->answer_seq)),
			2, why);
}

enum err store_get_declaration(struct store *s, struct arena *a, struct span office,
			       struct span reference, struct store_declaration *ret,
			       struct cause *why)
{
	return st_one(s, &declaration_get, DB_ARGS(db_text(office), db_text(reference)), a,
		      &DECLARATION, ret, why);
}

enum err store_ahead_declarations(struct store *s, struct arena *a,
				  const struct store_case_key *key, uint32_t n, struct cause *why)
{
	return st_ask_ahead(s, &declaration_get, st_case_values(a, key, n), 2, n, a, &DECLARATION,
			    why);
}

enum err store_find_declarations(struct store *s, struct arena *a,
				 const struct store_trader_key *keys, uint32_t n,
				 struct store_declarations *ret, struct cause *why)
{
	struct db_value *value = st_values(a, 3, n);
	struct db_found *found;
	enum err err;

	for (uint32_t i = 0; i < n && value; i++) {
		value[3 * i] = db_text(keys[i].office);
		value[3 * i + 1] = db_text(keys[i].sender);
		value[3 * i + 2] = db_text(keys[i].trader_reference);
	}
	err = st_each(s, &declaration_find, value, 3, n, a, &DECLARATION, &found, why);
	for (uint32_t i = 0; i < n && !err; i++)
		ret[i] = (struct store_declarations){found[i].row, found[i].count};
	return err;
}

static void read_standing(struct db_rows *row, void *ret)
{
	struct store_standing *x = ret;

	st_read_declaration(row, &x->declaration);
	x->life = db_get_span(row);
}

enum err store_page_standing(struct store *s, struct arena *a, struct span office,
			     struct span after, uint32_t limit, struct store_standing **ret,
			     uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_standing), read_standing};
	void *rows;
	enum err err;

	BUG_ON(limit > STORE_PAGE_MAX);
	err = db_all(s->db, &declaration_page,
		     DB_ARGS(db_text(office), db_text(after), db_i64(limit)), a, &shape, &rows,
		     ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

enum err store_page_controlled(struct store *s, struct arena *a,
			       const struct store_declaration_days *of, struct span after,
			       uint32_t limit, struct store_standing **ret, uint32_t *ret_count,
			       struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_standing), read_standing};
	void *rows;
	enum err err;

	BUG_ON(limit > STORE_PAGE_MAX);
	err = db_all(s->db, &declaration_controlled,
		     DB_ARGS(db_text(of->office), db_text(after), db_text(of->first),
			     db_text(of->last), db_i64(limit)),
		     a, &shape, &rows, ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

static void read_count(struct db_rows *row, void *ret)
{
	struct store_declaration_count *c = ret;

	c->day = db_get_span(row);
	c->lane = db_get_span(row);
	c->state = db_get_span(row);
	c->count = db_get_i64(row);
}

enum err store_count_declarations(struct store *s, struct arena *a, struct span office,
				  struct span first_day, struct span last_day,
				  struct store_declaration_count **ret, uint32_t *ret_count,
				  struct cause *why)
{
	static const struct db_shape count = {sizeof(struct store_declaration_count), read_count};
	void *rows;
	enum err err = db_all(s->db, &declaration_count,
			      DB_ARGS(db_text(office), db_text(first_day), db_text(last_day)), a,
			      &count, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_count_uncontrolled(struct store *s, struct arena *a,
				  const struct store_declaration_days *of,
				  struct store_declaration_count **ret, uint32_t *ret_count,
				  struct cause *why)
{
	static const struct db_shape count = {sizeof(struct store_declaration_count), read_count};
	void *rows;
	enum err err = db_all(s->db, &declaration_uncontrolled,
			      DB_ARGS(db_text(of->office), db_text(of->first), db_text(of->last)),
			      a, &count, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_count_since(struct store *s, struct arena *a, struct span office,
			   struct span first_day, int64_t moment,
			   struct store_declaration_count **ret, uint32_t *ret_count,
			   struct cause *why)
{
	static const struct db_shape count = {sizeof(struct store_declaration_count), read_count};
	void *rows;
	enum err err = db_all(s->db, &declaration_since,
			      DB_ARGS(db_text(office), db_text(first_day), db_i64(moment)), a,
			      &count, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

struct taker {
	enum err (*take)(void *context, const struct store_declaration *d, struct cause *why);
	void *context;
};

static enum err take_declaration(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_declarations(struct store *s,
				 enum err (*take)(void *context, const struct store_declaration *d,
						  struct cause *why),
				 void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_declaration row;
	struct st_scan scan = {&declaration_scan, DB_NO_ARGS, &DECLARATION, &row,
			       take_declaration,  &taker};

	return st_scan(s, &scan, why);
}

enum err store_clear_declarations(struct store *s, struct cause *why)
{
	return db_exec(s->db, &declaration_clear, DB_NO_ARGS, why);
}
