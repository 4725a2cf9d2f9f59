/* What past cases say of who trades, of goods and of places, and how far in the log they were read. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt history_find = {"history_find", "SELECT " HISTORY_COLUMNS
							    " FROM history WHERE subject = $1"
							    " ORDER BY office"};

static const struct db_stmt history_get = {
    "history_get", "SELECT " HISTORY_COLUMNS " FROM history WHERE subject = $1 AND office = $2"};

static const struct db_stmt history_put = {
    "history_put", "INSERT INTO history (" HISTORY_COLUMNS ") VALUES ($1, $2, $3)"
		   " ON CONFLICT (subject, office) DO UPDATE SET body = excluded.body"};

static const struct db_stmt history_scan = {
    "history_scan", "SELECT " HISTORY_COLUMNS " FROM history ORDER BY subject, office"};

static const struct db_stmt history_mark_get = {
    "history_mark_get", "SELECT " HISTORY_MARK_COLUMNS " FROM history_mark WHERE office = $1"};

static const struct db_stmt history_mark_put = {
    "history_mark_put", "INSERT INTO history_mark (" HISTORY_MARK_COLUMNS ") VALUES ($1, $2)"
			" ON CONFLICT (office) DO UPDATE SET seq = excluded.seq"};

static const struct db_stmt *const statements[] = {
    &history_find, &history_get, &history_put, &history_scan, &history_mark_get, &history_mark_put};
ST_STATEMENTS(st_history_statements, statements);

static void read_history(struct db_rows *row, void *ret)
{
	struct store_history *h = ret;

	h->subject = db_get_span(row);
	h->office = db_get_span(row);
	h->body = db_get_span(row);
}

static const struct db_shape HISTORY = {sizeof(struct store_history), read_history};

static void read_mark(struct db_rows *row, void *ret)
{
	struct store_history_mark *m = ret;

	m->office = db_get_span(row);
	m->seq = db_get_i64(row);
}

static const struct db_shape MARK = {sizeof(struct store_history_mark), read_mark};

enum err store_find_histories(struct store *s, struct arena *a, const struct span *subjects,
			      uint32_t n, struct store_histories *ret, struct cause *why)
{
	struct db_found *found;
	enum err err = st_each_text(s, &history_find, subjects, n, a, &HISTORY, &found, why);

	for (uint32_t i = 0; i < n && !err; i++)
		ret[i] = (struct store_histories){found[i].row, found[i].count};
	return err;
}

enum err store_get_histories(struct store *s, struct arena *a, struct store_history *rows,
			     uint32_t n, struct cause *why)
{
	struct db_value *value = st_values(a, 2, n);
	struct db_found *found;
	enum err err;

	for (uint32_t i = 0; i < n && value; i++) {
		value[2 * i] = db_text(rows[i].subject);
		value[2 * i + 1] = db_text(rows[i].office);
	}
	err = st_each(s, &history_get, value, 2, n, a, &HISTORY, &found, why);
	for (uint32_t i = 0; i < n && !err; i++)
		rows[i].body = found[i].count ? ((const struct store_history *)found[i].row)->body
					      : (struct span){NULL, 0, 0};
	return err;
}

enum err store_put_history(struct store *s, const struct store_history *h, struct cause *why)
{
	BUG_ON(!h->subject.n || !h->office.n);
	return db_group(s->db, &history_put,
			DB_ARGS(db_text(h->subject), db_text(h->office), db_blob(h->body)), 2, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_history *h, struct cause *why);
	void *context;
};

static enum err take_history(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_histories(struct store *s,
			      enum err (*take)(void *context, const struct store_history *h,
					       struct cause *why),
			      void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_history row;
	struct st_scan scan = {&history_scan, DB_NO_ARGS, &HISTORY, &row, take_history, &taker};

	return st_scan(s, &scan, why);
}

enum err store_get_history_mark(struct store *s, struct arena *a, struct span office, int64_t *ret,
				struct cause *why)
{
	struct store_history_mark m = {.seq = 0};
	enum err err =
	    db_one(s->db, &history_mark_get, DB_ARGS(db_text(office)), a, &MARK, &m, why);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret = err ? 0 : m.seq;
	return ERR_NONE;
}

enum err store_put_history_mark(struct store *s, const struct store_history_mark *m,
				struct cause *why)
{
	BUG_ON(!m->office.n);
	return db_group(s->db, &history_mark_put, DB_ARGS(db_text(m->office), db_i64(m->seq)), 1,
			why);
}
