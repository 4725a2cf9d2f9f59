/* How many movements each day's key drew for, and how many of them its random stratum picked: what the public may know. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt draw_count_add = {
    "draw_count_add", "INSERT INTO draw_count (" DRAW_COUNT_COLUMNS ") VALUES ($1, $2, $3)"
		      " ON CONFLICT (day) DO UPDATE SET drawn = draw_count.drawn + excluded.drawn,"
		      " picked = draw_count.picked + excluded.picked"};

static const struct db_stmt draw_count_list = {"draw_count_list", "SELECT " DRAW_COUNT_COLUMNS
								  " FROM draw_count ORDER BY day"};

static const struct db_stmt *const statements[] = {&draw_count_add, &draw_count_list};
ST_STATEMENTS(st_draw_count_statements, statements);

static void read_count(struct db_rows *row, void *ret)
{
	struct store_draw_count *c = ret;

	c->day = db_get_span(row);
	c->drawn = db_get_i64(row);
	c->picked = db_get_i64(row);
}

enum err store_add_draw_count(struct store *s, const struct store_draw_count *c, struct cause *why)
{
	BUG_ON(!c->day.n);
	return db_exec(s->db, &draw_count_add,
		       DB_ARGS(db_text(c->day), db_i64(c->drawn), db_i64(c->picked)), why);
}

enum err store_list_draw_counts(struct store *s, struct arena *a, struct store_draw_count **ret,
				uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_draw_count), read_count};
	void *rows;
	enum err err =
	    db_all(s->db, &draw_count_list, DB_NO_ARGS, a, &shape, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}
