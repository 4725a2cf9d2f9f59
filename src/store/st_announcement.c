/* What offices tell everybody: a row for each announcement as it stands. */
#include "store/columns.h"
#include "store/st.h"
#include "store/store_announcement.h"

static const struct db_stmt announcement_put = {
    "announcement_put",
    "INSERT INTO announcement (" ANNOUNCEMENT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    " ON CONFLICT (office, number) DO UPDATE SET version = excluded.version,"
    " from_day = excluded.from_day, to_day = excluded.to_day, at = excluded.at,"
    " author = excluded.author, body = excluded.body"};

static const struct db_stmt announcement_get = {
    "announcement_get",
    "SELECT " ANNOUNCEMENT_COLUMNS " FROM announcement WHERE office = $1 AND number = $2"};

static const struct db_stmt announcement_last = {"announcement_last",
						 "SELECT number FROM announcement WHERE office = $1"
						 " ORDER BY number DESC LIMIT 1"};

/* Of those that are over, which grow in number, only the index is read: it has their last day. */
static const struct db_stmt announcement_first = {
    "announcement_first", "SELECT " ANNOUNCEMENT_COLUMNS " FROM announcement"
			  " WHERE to_day >= $1 AND from_day <= $1"
			  " ORDER BY from_day DESC, office DESC, number DESC LIMIT $2"};

static const struct db_stmt announcement_next = {
    "announcement_next", "SELECT " ANNOUNCEMENT_COLUMNS " FROM announcement"
			 " WHERE to_day >= $1 AND from_day <= $1"
			 " AND (from_day, office, number) < ($2, $3, $4)"
			 " ORDER BY from_day DESC, office DESC, number DESC LIMIT $5"};

static const struct db_stmt announcement_scan = {"announcement_scan",
						 "SELECT " ANNOUNCEMENT_COLUMNS
						 " FROM announcement ORDER BY office, number"};

static const struct db_stmt *const statements[] = {&announcement_put,  &announcement_get,
						   &announcement_last, &announcement_first,
						   &announcement_next, &announcement_scan};
ST_STATEMENTS(st_announcement_statements, statements);

static void read_announcement(struct db_rows *row, void *ret)
{
	struct store_announcement *n = ret;

	n->office = db_get_span(row);
	n->number = db_get_i64(row);
	n->version = db_get_i64(row);
	n->from = db_get_span(row);
	n->to_day = db_get_span(row);
	n->at = db_get_i64(row);
	n->author = db_get_span(row);
	n->body = db_get_span(row);
}

static const struct db_shape shape = {sizeof(struct store_announcement), read_announcement};

static void read_number(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape NUMBER = {sizeof(int64_t), read_number};

enum err store_put_announcement(struct store *s, const struct store_announcement *n,
				struct cause *why)
{
	BUG_ON(!n->office.n || n->number < 1 || n->version < 1 || !n->to_day.n);
	return db_exec(s->db, &announcement_put,
		       DB_ARGS(db_text(n->office), db_i64(n->number), db_i64(n->version),
			       db_text(n->from), db_text(n->to_day), db_i64(n->at),
			       db_text(n->author), db_text(n->body)),
		       why);
}

enum err store_get_announcement(struct store *s, struct arena *a, struct span office,
				int64_t number, struct store_announcement *ret, struct cause *why)
{
	return db_one(s->db, &announcement_get, DB_ARGS(db_text(office), db_i64(number)), a, &shape,
		      ret, why);
}

enum err store_last_announcement(struct store *s, struct span office, int64_t *ret,
				 struct cause *why)
{
	enum err e =
	    db_one(s->db, &announcement_last, DB_ARGS(db_text(office)), NULL, &NUMBER, ret, why);

	if (e == ERR_NOT_FOUND) {
		*ret = 0;
		e = ERR_NONE;
	}
	return e;
}

enum err store_page_announcements(struct store *s, struct arena *a,
				  const struct store_announcement_page *page,
				  struct store_announcement **ret, uint32_t *ret_count,
				  struct cause *why)
{
	const struct db_value day = db_text(page->day), limit = db_i64(page->limit);
	void *rows;
	enum err e;

	BUG_ON(page->limit > STORE_PAGE_MAX);
	e = page->from.n ? db_all(s->db, &announcement_next,
				  DB_ARGS(day, db_text(page->from), db_text(page->office),
					  db_i64(page->number), limit),
				  a, &shape, &rows, ret_count, why)
			 : db_all(s->db, &announcement_first, DB_ARGS(day, limit), a, &shape, &rows,
				  ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}

struct scan {
	enum err (*take)(void *context, const struct store_announcement *n, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_announcements(struct store *s,
				  enum err (*take)(void *context,
						   const struct store_announcement *n,
						   struct cause *why),
				  void *context, struct cause *why)
{
	struct store_announcement row;
	struct scan scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&announcement_scan, DB_NO_ARGS, &shape, &row, take_row, &scan},
	    why);
}
