/* What one node has changed and others keep in memory. */
#include "store/columns.h"
#include "store/nodes.h"
#include "store/st.h"

static const struct db_stmt news_put = {"news_put",
					"INSERT INTO news (" NEWS_COLUMNS
					") SELECT coalesce(max(id), 0) + 1, $1, $2 FROM news"};

static const struct db_stmt news_list = {
    "news_list", "SELECT " NEWS_COLUMNS " FROM news WHERE id > $1 ORDER BY id LIMIT $2"};

static const struct db_stmt news_ends = {"news_ends",
					 "SELECT coalesce((SELECT min(id) FROM news), 0),"
					 " coalesce((SELECT max(id) FROM news), 0)"};

/* The newest stays: it has the number from which the next one is counted. */
static const struct db_stmt news_purge = {
    "news_purge", "DELETE FROM news WHERE id <= $1 AND id < (SELECT max(id) FROM news)"};

static const struct db_stmt *const statements[] = {&news_put, &news_list, &news_ends, &news_purge};
ST_STATEMENTS(st_news_statements, statements);

static void read_news(struct db_rows *row, void *ret)
{
	struct store_news *n = ret;

	n->id = db_get_i64(row);
	n->kind = db_get_span(row);
	n->key = db_get_span(row);
}

static const struct db_shape NEWS = {sizeof(struct store_news), read_news};

enum err store_put_news(struct store *s, struct span kind, struct span key, struct cause *why)
{
	BUG_ON(!kind.n || !s->in_tx);
	return db_exec(s->db, &news_put, DB_ARGS(db_text(kind), db_text(key)), why);
}

enum err store_list_news(struct store *s, struct arena *a, int64_t after, uint32_t limit,
			 struct store_news **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err;

	BUG_ON(limit < 1 || limit > STORE_PAGE_MAX);
	err = db_all(s->db, &news_list, DB_ARGS(db_i64(after), db_i64(limit)), a, &NEWS, &rows,
		     ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

struct ends {
	int64_t oldest, newest;
};

static void read_ends(struct db_rows *row, void *ret)
{
	struct ends *e = ret;

	e->oldest = db_get_i64(row);
	e->newest = db_get_i64(row);
}

enum err store_get_news_ends(struct store *s, int64_t *ret_oldest, int64_t *ret_newest,
			     struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct ends), read_ends};
	struct ends e;
	enum err err = db_one(s->db, &news_ends, DB_NO_ARGS, NULL, &shape, &e, why);

	if (!err) {
		*ret_oldest = e.oldest;
		*ret_newest = e.newest;
	}
	return err;
}

enum err store_purge_news(struct store *s, int64_t upto, struct cause *why)
{
	return db_exec(s->db, &news_purge, DB_ARGS(db_i64(upto)), why);
}
