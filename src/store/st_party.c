/* What is known of a holder: how often it declared, was selected, was found irregular. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt party_get = {"party_get", "SELECT " PARTY_COLUMNS
						      " FROM party_history WHERE holder = $1"};

static const struct db_stmt party_put = {
    "party_put",
    "INSERT INTO party_history (" PARTY_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (holder) DO UPDATE SET declared = excluded.declared,"
    " selected = excluded.selected, irregular = excluded.irregular,"
    " first_day = excluded.first_day, last_day = excluded.last_day, recent = excluded.recent"};

static const struct db_stmt party_scan = {"party_scan", "SELECT " PARTY_COLUMNS
							" FROM party_history ORDER BY holder"};

static const struct db_stmt party_clear = {"party_clear", "DELETE FROM party_history"};

static const struct db_stmt *const statements[] = {&party_get, &party_put, &party_scan,
						   &party_clear};
ST_STATEMENTS(st_party_statements, statements);

static void read_party(struct db_rows *row, void *ret)
{
	struct store_party *p = ret;

	p->holder = db_get_span(row);
	p->declared = db_get_i64(row);
	p->selected = db_get_i64(row);
	p->irregular = db_get_i64(row);
	p->first_day = db_get_span(row);
	p->last_day = db_get_span(row);
	p->recent = db_get_span(row);
}

static const struct db_shape PARTY = {sizeof(struct store_party), read_party};

enum err store_get_parties(struct store *s, struct arena *a, const struct span *holders, uint32_t n,
			   struct store_party *ret, struct cause *why)
{
	struct db_found *found;
	enum err err = st_each_text(s, &party_get, holders, n, a, &PARTY, &found, why);

	for (uint32_t i = 0; i < n && !err; i++)
		ret[i] = found[i].count ? *(const struct store_party *)found[i].row
					: (struct store_party){.holder = holders[i]};
	return err;
}

enum err store_put_party(struct store *s, const struct store_party *p, struct cause *why)
{
	BUG_ON(!p->holder.n);
	return db_group(s->db, &party_put,
			DB_ARGS(db_text(p->holder), db_i64(p->declared), db_i64(p->selected),
				db_i64(p->irregular), db_text(p->first_day), db_text(p->last_day),
				db_blob(p->recent)),
			1, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_party *p, struct cause *why);
	void *context;
};

static enum err take_party(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_parties(struct store *s,
			    enum err (*take)(void *context, const struct store_party *p,
					     struct cause *why),
			    void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_party row;
	struct st_scan scan = {&party_scan, DB_NO_ARGS, &PARTY, &row, take_party, &taker};

	return st_scan(s, &scan, why);
}

enum err store_clear_parties(struct store *s, struct cause *why)
{
	return db_exec(s->db, &party_clear, DB_NO_ARGS, why);
}
