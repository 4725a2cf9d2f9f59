/* Tariff quotas: projections of the log. A quota is written under the lock of its name, by any office's case. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt quota_put = {
    "quota_put",
    "INSERT INTO quota (" QUOTA_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT (quota, period) DO UPDATE SET taken = excluded.taken,"
    " requested = excluded.requested, serial = excluded.serial, state = excluded.state"};

static const struct db_stmt quota_get = {
    "quota_get", "SELECT " QUOTA_COLUMNS " FROM quota WHERE quota = $1 AND period = $2"};

static const struct db_stmt quota_scan = {"quota_scan", "SELECT " QUOTA_COLUMNS
							" FROM quota ORDER BY quota, period"};

static const struct db_stmt hold_put = {
    "quota_hold_put", "INSERT INTO quota_hold (" QUOTA_HOLD_COLUMNS ")"
		      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
		      " ON CONFLICT (quota, period, office, reference, sub) DO UPDATE SET"
		      " day = excluded.day, at = excluded.at, stage = excluded.stage,"
		      " way = excluded.way, asked = excluded.asked, granted = excluded.granted"};

static const struct db_stmt hold_remove = {"quota_hold_remove",
					   "DELETE FROM quota_hold WHERE quota = $1 AND period = $2"
					   " AND office = $3 AND reference = $4 AND sub = $5"};

static const struct db_stmt hold_case = {
    "quota_hold_case", "SELECT " QUOTA_HOLD_COLUMNS " FROM quota_hold WHERE office = $1"
		       " AND reference = $2 ORDER BY quota, period, sub"};

static const struct db_stmt hold_due = {
    "quota_hold_due", "SELECT " QUOTA_HOLD_COLUMNS " FROM quota_hold WHERE way = $1 AND day < $2"
		      " ORDER BY day, quota, period, office, reference, sub"
		      " LIMIT $3"};

static const struct db_stmt hold_day = {
    "quota_hold_day",
    "SELECT " QUOTA_HOLD_COLUMNS " FROM quota_hold WHERE quota = $1"
    " AND period = $2 AND day = $3 AND way = 'later' AND sub = '' ORDER BY at, office, reference"};

static const struct db_stmt hold_quota = {
    "quota_hold_quota", "SELECT " QUOTA_HOLD_COLUMNS " FROM quota_hold WHERE quota = $1"
			" AND (at, office, reference, sub) < ($2, $3, $4, $5)"
			" ORDER BY at DESC, office DESC, reference DESC, sub DESC LIMIT $6"};

static const struct db_stmt hold_scan = {"quota_hold_scan",
					 "SELECT " QUOTA_HOLD_COLUMNS
					 " FROM quota_hold ORDER BY quota, period, office,"
					 " reference, sub"};

static const struct db_stmt news_put = {"quota_news_put",
					"INSERT INTO quota_news (" QUOTA_NEWS_COLUMNS ")"
					" VALUES ($1, $2, $3, $4, $5, $6)"};

static const struct db_stmt news_list = {
    "quota_news_list", "SELECT " QUOTA_NEWS_COLUMNS " FROM quota_news WHERE quota = $1"
		       " AND period = $2 ORDER BY serial DESC LIMIT $3"};

static const struct db_stmt news_scan = {"quota_news_scan",
					 "SELECT " QUOTA_NEWS_COLUMNS
					 " FROM quota_news ORDER BY quota, period, serial"};

static const struct db_stmt *const statements[] = {
    &quota_put, &quota_get,  &quota_scan, &hold_put, &hold_remove, &hold_case, &hold_due,
    &hold_day,  &hold_quota, &hold_scan,  &news_put, &news_list,   &news_scan};
ST_STATEMENTS(st_quota_statements, statements);

static void read_quota(struct db_rows *row, void *ret)
{
	struct store_quota *q = ret;

	q->quota = db_get_span(row);
	q->period = db_get_span(row);
	q->taken = db_get_i64(row);
	q->requested = db_get_i64(row);
	q->serial = db_get_i64(row);
	q->state = db_get_span(row);
}

static void read_hold(struct db_rows *row, void *ret)
{
	struct store_quota_hold *h = ret;

	h->quota = db_get_span(row);
	h->period = db_get_span(row);
	h->office = db_get_span(row);
	h->reference = db_get_span(row);
	h->sub = db_get_span(row);
	h->day = db_get_span(row);
	h->at = db_get_i64(row);
	h->stage = db_get_span(row);
	h->way = db_get_span(row);
	h->asked = db_get_i64(row);
	h->granted = db_get_i64(row);
}

static void read_news(struct db_rows *row, void *ret)
{
	struct store_quota_news *n = ret;

	n->quota = db_get_span(row);
	n->period = db_get_span(row);
	n->serial = db_get_i64(row);
	n->at = db_get_i64(row);
	n->state = db_get_span(row);
	n->balance = db_get_i64(row);
}

static const struct db_shape QUOTA = {sizeof(struct store_quota), read_quota};
static const struct db_shape HOLD = {sizeof(struct store_quota_hold), read_hold};
static const struct db_shape NEWS = {sizeof(struct store_quota_news), read_news};

enum err store_put_quota(struct store *s, const struct store_quota *q, struct cause *why)
{
	BUG_ON(!q->quota.n);
	return db_exec(s->db, &quota_put,
		       DB_ARGS(db_text(q->quota), db_text(q->period), db_i64(q->taken),
			       db_i64(q->requested), db_i64(q->serial), db_text(q->state)),
		       why);
}

enum err store_get_quota(struct store *s, struct arena *a, struct span quota, struct span period,
			 struct store_quota *ret, struct cause *why)
{
	return db_one(s->db, &quota_get, DB_ARGS(db_text(quota), db_text(period)), a, &QUOTA, ret,
		      why);
}

void store_forget_quota_holds(struct store *s, struct span office, struct span reference)
{
	st_forget(s, &hold_case, DB_ARGS(db_text(office), db_text(reference)));
}

enum err store_ahead_quota_holds(struct store *s, struct arena *a, const struct store_case_key *key,
				 uint32_t n, struct cause *why)
{
	return st_ask_ahead(s, &hold_case, st_case_values(a, key, n), 2, n, a, &HOLD, why);
}

enum err store_put_quota_hold(struct store *s, const struct store_quota_hold *h, struct cause *why)
{
	store_forget_quota_holds(s, h->office, h->reference);
	return db_exec(s->db, &hold_put,
		       DB_ARGS(db_text(h->quota), db_text(h->period), db_text(h->office),
			       db_text(h->reference), db_text(h->sub), db_text(h->day),
			       db_i64(h->at), db_text(h->stage), db_text(h->way), db_i64(h->asked),
			       db_i64(h->granted)),
		       why);
}

enum err store_remove_quota_hold(struct store *s, const struct store_quota_hold *h,
				 struct cause *why)
{
	store_forget_quota_holds(s, h->office, h->reference);
	return db_exec(s->db, &hold_remove,
		       DB_ARGS(db_text(h->quota), db_text(h->period), db_text(h->office),
			       db_text(h->reference), db_text(h->sub)),
		       why);
}

static enum err list_holds(struct store *s, const struct db_stmt *stmt, struct db_args args,
			   struct arena *a, struct store_quota_hold **ret, uint32_t *ret_count,
			   struct cause *why)
{
	void *rows;
	enum err e = st_all(s, stmt, args, a, &HOLD, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_list_quota_holds(struct store *s, struct arena *a, struct span office,
				struct span reference, struct store_quota_hold **ret,
				uint32_t *ret_count, struct cause *why)
{
	return list_holds(s, &hold_case, DB_ARGS(db_text(office), db_text(reference)), a, ret,
			  ret_count, why);
}

enum err store_list_due_quota_holds(struct store *s, struct arena *a, struct span way,
				    struct span day, uint32_t limit, struct store_quota_hold **ret,
				    uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list_holds(s, &hold_due, DB_ARGS(db_text(way), db_text(day), db_i64(limit)), a, ret,
			  ret_count, why);
}

enum err store_list_day_quota_holds(struct store *s, struct arena *a, struct span quota,
				    struct span period, struct span day,
				    struct store_quota_hold **ret, uint32_t *ret_count,
				    struct cause *why)
{
	return list_holds(s, &hold_day, DB_ARGS(db_text(quota), db_text(period), db_text(day)), a,
			  ret, ret_count, why);
}

enum err store_page_quota_holds(struct store *s, struct arena *a,
				const struct store_quota_hold *before, uint32_t limit,
				struct store_quota_hold **ret, uint32_t *ret_count,
				struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list_holds(s, &hold_quota,
			  DB_ARGS(db_text(before->quota), db_i64(before->at),
				  db_text(before->office), db_text(before->reference),
				  db_text(before->sub), db_i64(limit)),
			  a, ret, ret_count, why);
}

enum err store_put_quota_news(struct store *s, const struct store_quota_news *n, struct cause *why)
{
	return db_exec(s->db, &news_put,
		       DB_ARGS(db_text(n->quota), db_text(n->period), db_i64(n->serial),
			       db_i64(n->at), db_text(n->state), db_i64(n->balance)),
		       why);
}

enum err store_list_quota_news(struct store *s, struct arena *a, struct span quota,
			       struct span period, uint32_t limit, struct store_quota_news **ret,
			       uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e;

	BUG_ON(limit > STORE_PAGE_MAX);
	e = db_all(s->db, &news_list, DB_ARGS(db_text(quota), db_text(period), db_i64(limit)), a,
		   &NEWS, &rows, ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}

/* ---- whole tables ---- */

#define SCAN(name, row_type, stmt, shape)                                                          \
	struct name##_scan {                                                                       \
		enum err (*take)(void *context, const struct row_type *row, struct cause *why);    \
		void *context;                                                                     \
	};                                                                                         \
	static enum err take_##name(void *context, const void *row, struct cause *why)             \
	{                                                                                          \
		const struct name##_scan *scan = context;                                          \
                                                                                                   \
		return scan->take(scan->context, row, why);                                        \
	}                                                                                          \
	enum err store_scan_##name(                                                                \
	    struct store *s,                                                                       \
	    enum err (*take)(void *context, const struct row_type *row, struct cause *why),        \
	    void *context, struct cause *why)                                                      \
	{                                                                                          \
		struct row_type row;                                                               \
		struct name##_scan scan = {take, context};                                         \
                                                                                                   \
		return st_scan(                                                                    \
		    s, &(struct st_scan){&(stmt), DB_NO_ARGS, &(shape), &row, take_##name, &scan}, \
		    why);                                                                          \
	}
SCAN(quotas, store_quota, quota_scan, QUOTA)
SCAN(quota_holds, store_quota_hold, hold_scan, HOLD)
SCAN(quota_news, store_quota_news, news_scan, NEWS)
