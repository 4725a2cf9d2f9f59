/* Goods that a holder lodged: the same goods lodged again are the same movement to the draw. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt goods_get = {
    "goods_get", "SELECT " GOODS_COLUMNS " FROM goods WHERE holder = $1 AND goods = $2"};

static const struct db_stmt goods_put = {
    "goods_put", "INSERT INTO goods (" GOODS_COLUMNS ") VALUES ($1, $2, $3, $4, $5)"
		 " ON CONFLICT (holder, goods) DO UPDATE SET office = excluded.office,"
		 " reference = excluded.reference, decision_seq = excluded.decision_seq"};

static const struct db_stmt *const statements[] = {&goods_get, &goods_put};
ST_STATEMENTS(st_goods_statements, statements);

static void read_goods(struct db_rows *row, void *ret)
{
	struct store_goods *g = ret;

	g->holder = db_get_span(row);
	g->goods = db_get_span(row);
	g->office = db_get_span(row);
	g->reference = db_get_span(row);
	g->decision_seq = db_get_i64(row);
}

static const struct db_shape GOODS = {sizeof(struct store_goods), read_goods};

enum err store_get_goods(struct store *s, struct arena *a, struct span holder, struct span goods,
			 struct store_goods *ret, struct cause *why)
{
	return db_one(s->db, &goods_get, DB_ARGS(db_text(holder), db_text(goods)), a, &GOODS, ret,
		      why);
}

enum err store_find_goods(struct store *s, struct arena *a, struct store_goods *goods, uint32_t n,
			  struct cause *why)
{
	struct db_value *value = st_values(a, 2, n);
	struct db_found *found;
	enum err err;

	for (uint32_t i = 0; i < n && value; i++) {
		value[2 * i] = db_text(goods[i].holder);
		value[2 * i + 1] = db_text(goods[i].goods);
	}
	err = st_each(s, &goods_get, value, 2, n, a, &GOODS, &found, why);
	for (uint32_t i = 0; i < n && !err; i++) {
		if (found[i].count)
			goods[i] = *(const struct store_goods *)found[i].row;
		else
			goods[i].decision_seq = 0;
	}
	return err;
}

enum err store_put_goods(struct store *s, const struct store_goods *g, struct cause *why)
{
	BUG_ON(!g->holder.n || !g->goods.n);
	return db_group(s->db, &goods_put,
			DB_ARGS(db_text(g->holder), db_text(g->goods), db_text(g->office),
				db_text(g->reference), db_i64(g->decision_seq)),
			2, why);
}
