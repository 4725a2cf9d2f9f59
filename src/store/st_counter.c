/* Numbers of references: per office and year, in the transaction that uses them, so that none is lost or used twice. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt counter_take = {
    "counter_take", "INSERT INTO counter (" COUNTER_COLUMNS ") VALUES ($1, $2, $3)"
		    " ON CONFLICT (office, year) DO UPDATE SET next = counter.next + excluded.next "
		    "- 1 RETURNING next"};

static const struct db_stmt *const statements[] = {&counter_take};
ST_STATEMENTS(st_counter_statements, statements);

/* A new year's first n numbers leave n + 1 as the next; later ones add n. */
static void read_next(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape NEXT = {sizeof(int64_t), read_next};

enum err store_take_each(struct store *s, struct arena *a, struct store_numbers *numbers,
			 uint32_t n, struct cause *why)
{
	struct db_value *value = st_values(a, 3, n);
	struct db_found *found;
	enum err err;

	BUG_ON(!s->in_tx);
	for (uint32_t i = 0; i < n && value; i++) {
		BUG_ON(!numbers[i].office.n || !numbers[i].n);
		value[3 * i] = db_text(numbers[i].office);
		value[3 * i + 1] = db_i64(numbers[i].year);
		value[3 * i + 2] = db_i64((int64_t)numbers[i].n + 1);
	}
	err = st_each(s, &counter_take, value, 3, n, a, &NEXT, &found, why);
	for (uint32_t i = 0; i < n && !err; i++)
		numbers[i].first = *(const int64_t *)found[i].row - numbers[i].n;
	return err;
}

enum err store_take_numbers(struct store *s, struct span office, int64_t year, uint32_t n,
			    int64_t *ret_first, struct cause *why)
{
	int64_t next;
	enum err err;

	BUG_ON(!office.n || !n || !s->in_tx);
	err = db_one(s->db, &counter_take,
		     DB_ARGS(db_text(office), db_i64(year), db_i64((int64_t)n + 1)), NULL, &NEXT,
		     &next, why);
	if (!err)
		*ret_first = next - n;
	return err;
}
