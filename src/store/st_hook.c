/* Hooks: addresses to which a party's notices are delivered; and the dead letters, which a hook did not take. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt hook_add = {"hook_add",
					"INSERT INTO hook (" HOOK_COLUMNS
					") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

static const struct db_stmt hook_list = {"hook_list", "SELECT " HOOK_COLUMNS
						      " FROM hook WHERE party = $1 ORDER BY id"};

static const struct db_stmt hook_scan = {"hook_scan",
					 "SELECT " HOOK_COLUMNS " FROM hook ORDER BY party, id"};

static const struct db_stmt hook_move = {"hook_move",
					 "UPDATE hook SET state = $1, taken = $2, attempts = $3, "
					 "next_at = $4, lost = $5, last_error = $6"
					 " WHERE party = $7 AND id = $8"};

static const struct db_stmt hook_resume = {
    "hook_resume", "UPDATE hook SET state = 'active', attempts = 0, next_at = 0, lost = 0 WHERE "
		   "party = $1 AND id = $2"};

static const struct db_stmt hook_remove = {"hook_remove",
					   "DELETE FROM hook WHERE party = $1 AND id = $2"};

static const struct db_stmt dead_put = {
    "dead_put", "INSERT INTO dead_letter (" DEAD_LETTER_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (party, hook, notice) DO UPDATE SET reason = excluded.reason,"
		" at = excluded.at, again = excluded.again"};

static const struct db_stmt dead_list = {
    "dead_list", "SELECT " DEAD_LETTER_COLUMNS " FROM dead_letter WHERE party = $1 AND hook = $2"
		 " AND notice > $3 ORDER BY notice LIMIT $4"};

static const struct db_stmt dead_next = {
    "dead_next", "SELECT notice FROM dead_letter WHERE party = $1 AND hook = $2 AND again = 1"
		 " ORDER BY notice LIMIT 1"};

static const struct db_stmt dead_again = {
    "dead_again", "UPDATE dead_letter SET again = 1 WHERE party = $1 AND hook = $2"};

static const struct db_stmt dead_remove = {
    "dead_remove", "DELETE FROM dead_letter WHERE party = $1 AND hook = $2 AND notice = $3"};

static const struct db_stmt dead_remove_all = {
    "dead_remove_all", "DELETE FROM dead_letter WHERE party = $1 AND hook = $2"};

static const struct db_stmt dead_purge = {"dead_purge", "DELETE FROM dead_letter WHERE at < $1"};

static const struct db_stmt *const statements[] = {
    &hook_add,  &hook_list, &hook_scan,  &hook_move,   &hook_resume,     &hook_remove, &dead_put,
    &dead_list, &dead_next, &dead_again, &dead_remove, &dead_remove_all, &dead_purge};
ST_STATEMENTS(st_hook_statements, statements);

static void read_hook(struct db_rows *row, void *ret)
{
	struct store_hook *h = ret;

	h->party = db_get_span(row);
	h->id = db_get_i64(row);
	h->url = db_get_span(row);
	h->sealed = db_get_span(row);
	h->state = db_get_span(row);
	h->taken = db_get_i64(row);
	h->attempts = db_get_i64(row);
	h->next_at = db_get_i64(row);
	h->lost = db_get_i64(row);
	h->last_error = db_get_span(row);
	h->made_at = db_get_i64(row);
}

static const struct db_shape HOOK = {sizeof(struct store_hook), read_hook};

enum err store_add_hook(struct store *s, const struct store_hook *h, struct cause *why)
{
	BUG_ON(!h->party.n || h->id < 1);
	return db_exec(s->db, &hook_add,
		       DB_ARGS(db_text(h->party), db_i64(h->id), db_text(h->url),
			       db_blob(h->sealed), db_text(h->state), db_i64(h->taken),
			       db_i64(h->attempts), db_i64(h->next_at), db_i64(h->lost),
			       db_text(h->last_error), db_i64(h->made_at)),
		       why);
}

enum err store_list_hooks(struct store *s, struct arena *a, struct span party,
			  struct store_hook **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = party.p
			   ? db_all(s->db, &hook_list, DB_ARGS(db_text(party)), a, &HOOK, &rows,
				    ret_count, why)
			   : db_all(s->db, &hook_scan, DB_NO_ARGS, a, &HOOK, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

/* ERR_NOT_FOUND where no row was changed. */
static enum err must_change(struct store *s, const struct db_stmt *stmt, struct db_args args,
			    struct cause *why)
{
	int64_t rows = 0;
	enum err err = db_exec_count(s->db, stmt, args, &rows, why);

	return err || rows ? err : ERR_NOT_FOUND;
}

enum err store_move_hook(struct store *s, const struct store_hook *h, struct cause *why)
{
	return must_change(s, &hook_move,
			   DB_ARGS(db_text(h->state), db_i64(h->taken), db_i64(h->attempts),
				   db_i64(h->next_at), db_i64(h->lost), db_text(h->last_error),
				   db_text(h->party), db_i64(h->id)),
			   why);
}

enum err store_remove_hook(struct store *s, struct span party, int64_t id, struct cause *why)
{
	enum err err = must_change(s, &hook_remove, DB_ARGS(db_text(party), db_i64(id)), why);

	if (!err)
		err = db_exec(s->db, &dead_remove_all, DB_ARGS(db_text(party), db_i64(id)), why);
	return err;
}

/* ---- dead letters ---- */

static void read_dead(struct db_rows *row, void *ret)
{
	struct store_dead_letter *d = ret;

	d->party = db_get_span(row);
	d->hook = db_get_i64(row);
	d->notice = db_get_i64(row);
	d->reason = db_get_span(row);
	d->at = db_get_i64(row);
	d->again = db_get_i64(row) != 0;
}

enum err store_put_dead_letter(struct store *s, const struct store_dead_letter *d,
			       struct cause *why)
{
	return db_exec(s->db, &dead_put,
		       DB_ARGS(db_text(d->party), db_i64(d->hook), db_i64(d->notice),
			       db_text(d->reason), db_i64(d->at), db_i64(d->again)),
		       why);
}

enum err store_list_dead_letters(struct store *s, struct arena *a,
				 const struct store_dead_page *page, struct store_dead_letter **ret,
				 uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_dead_letter), read_dead};
	void *rows;
	enum err err;

	BUG_ON(page->limit < 1 || page->limit > STORE_PAGE_MAX);
	err = db_all(s->db, &dead_list,
		     DB_ARGS(db_text(page->party), db_i64(page->hook), db_i64(page->after),
			     db_i64(page->limit)),
		     a, &shape, &rows, ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

static void read_id(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_next_replay(struct store *s, struct span party, int64_t hook, int64_t *ret_notice,
			   struct cause *why)
{
	static const struct db_shape shape = {sizeof(int64_t), read_id};

	return db_one(s->db, &dead_next, DB_ARGS(db_text(party), db_i64(hook)), NULL, &shape,
		      ret_notice, why);
}

enum err store_replay_hook(struct store *s, struct span party, int64_t id, int64_t *ret_letters,
			   struct cause *why)
{
	enum err err = must_change(s, &hook_resume, DB_ARGS(db_text(party), db_i64(id)), why);

	if (!err)
		err = db_exec_count(s->db, &dead_again, DB_ARGS(db_text(party), db_i64(id)),
				    ret_letters, why);
	return err;
}

enum err store_remove_dead_letter(struct store *s, struct span party, int64_t hook, int64_t notice,
				  struct cause *why)
{
	return db_exec(s->db, &dead_remove, DB_ARGS(db_text(party), db_i64(hook), db_i64(notice)),
		       why);
}

enum err store_purge_dead_letters(struct store *s, int64_t before, struct cause *why)
{
	return db_exec(s->db, &dead_purge, DB_ARGS(db_i64(before)), why);
}
