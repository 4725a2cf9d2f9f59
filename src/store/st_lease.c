/* Which node settles an office, and the rows that are there to be locked. */
#include "store/columns.h"
#include "store/nodes.h"
#include "store/st.h"

static const struct db_stmt lease_get = {"lease_get",
					 "SELECT " LEASE_COLUMNS " FROM lease WHERE office = $1"};

static const struct db_stmt lease_list = {"lease_list",
					  "SELECT " LEASE_COLUMNS " FROM lease ORDER BY office"};

static const struct db_stmt lease_add = {"lease_add",
					 "INSERT INTO lease (" LEASE_COLUMNS
					 ") VALUES ($1, 1, $2, $3, 0) ON CONFLICT (office) DO"
					 " NOTHING"};

static const struct db_stmt lease_take = {
    "lease_take", "UPDATE lease SET epoch = epoch + 1, node = $1, run = $2 WHERE office = $3"
		  " AND epoch = $4"};

static const struct db_stmt lease_lock = {
    "lease_lock", "UPDATE lease SET used = used + 1 WHERE office = $1 AND node = $2"
		  " AND run = $3 AND epoch = $4 RETURNING used"};

static const struct db_stmt lease_release = {
    "lease_release", "UPDATE lease SET epoch = epoch + 1, node = '', run = 0 WHERE node = $1"
		     " AND run = $2"};

static const struct db_stmt lease_give = {
    "lease_give", "UPDATE lease SET epoch = epoch + 1, node = $1, run = $2 WHERE office = $3"
		  " AND node = $4 AND run = $5 AND epoch = $6"};

static const struct db_stmt holder_lock = {
    "holder_lock", "INSERT INTO holder (holder, used) VALUES ($1, 1)"
		   " ON CONFLICT (holder) DO UPDATE SET used = holder.used + 1"};

static const struct db_stmt *const statements[] = {&lease_get,  &lease_list, &lease_add,
						   &lease_take, &lease_lock, &lease_release,
						   &lease_give, &holder_lock};
ST_STATEMENTS(st_lease_statements, statements);

static void read_lease(struct db_rows *row, void *ret)
{
	struct store_lease *l = ret;

	l->office = db_get_span(row);
	l->epoch = db_get_i64(row);
	l->node = db_get_span(row);
	l->run = db_get_i64(row);
	l->used = db_get_i64(row);
}

static const struct db_shape LEASE = {sizeof(struct store_lease), read_lease};

enum err store_get_lease(struct store *s, struct arena *a, struct span office,
			 struct store_lease *ret, struct cause *why)
{
	return db_one(s->db, &lease_get, DB_ARGS(db_text(office)), a, &LEASE, ret, why);
}

enum err store_list_leases(struct store *s, struct arena *a, struct store_lease **ret,
			   uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &lease_list, DB_NO_ARGS, a, &LEASE, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_take_lease(struct store *s, const struct store_lease *l, struct cause *why)
{
	int64_t rows;
	enum err err;

	BUG_ON(!l->office.n || !l->node.n || l->epoch < 1);
	if (l->epoch == 1)
		err = db_exec_count(s->db, &lease_add,
				    DB_ARGS(db_text(l->office), db_text(l->node), db_i64(l->run)),
				    &rows, why);
	else
		err = db_exec_count(s->db, &lease_take,
				    DB_ARGS(db_text(l->node), db_i64(l->run), db_text(l->office),
					    db_i64(l->epoch - 1)),
				    &rows, why);
	return err ? err : rows ? ERR_NONE : ERR_CONFLICT;
}

static void read_used(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape USED = {sizeof(int64_t), read_used};

enum err store_lock_leases(struct store *s, struct arena *a, struct store_lease *l, uint32_t n,
			   struct cause *why)
{
	struct db_value *value = st_values(a, 4, n);
	struct db_found *found;
	enum err err;

	BUG_ON(!s->in_tx);
	for (uint32_t i = 0; i < n && value; i++) {
		value[4 * i] = db_text(l[i].office);
		value[4 * i + 1] = db_text(l[i].node);
		value[4 * i + 2] = db_i64(l[i].run);
		value[4 * i + 3] = db_i64(l[i].epoch);
	}
	err = st_each(s, &lease_lock, value, 4, n, a, &USED, &found, why);
	for (uint32_t i = 0; i < n && !err; i++)
		l[i].used = found[i].count ? *(const int64_t *)found[i].row : 0;
	return err;
}

enum err store_lock_lease(struct store *s, const struct store_lease *l, int64_t *ret_used,
			  struct cause *why)
{
	BUG_ON(!s->in_tx);
	return db_one(
	    s->db, &lease_lock,
	    DB_ARGS(db_text(l->office), db_text(l->node), db_i64(l->run), db_i64(l->epoch)), NULL,
	    &USED, ret_used, why);
}

enum err store_release_leases(struct store *s, struct span node, int64_t run, struct cause *why)
{
	BUG_ON(!node.n);
	return db_exec(s->db, &lease_release, DB_ARGS(db_text(node), db_i64(run)), why);
}

enum err store_give_lease(struct store *s, const struct store_lease *l, struct span node,
			  int64_t run, struct cause *why)
{
	int64_t rows;
	enum err err = db_exec_count(s->db, &lease_give,
				     DB_ARGS(db_text(node), db_i64(run), db_text(l->office),
					     db_text(l->node), db_i64(l->run), db_i64(l->epoch)),
				     &rows, why);

	return err ? err : rows ? ERR_NONE : ERR_NOT_FOUND;
}

enum err store_lock_holder(struct store *s, struct span holder, struct cause *why)
{
	BUG_ON(!holder.n || !s->in_tx);
	return db_group(s->db, &holder_lock, DB_ARGS(db_text(holder)), 1, why);
}
