/* The outbox: what happened to cases, for those whom it concerns. Written in the transaction that made it happen, read by pull,
 * streams and hooks, removed once it is old and nobody waits for it. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt notice_put = {"notice_put",
					  "INSERT INTO outbox (" OUTBOX_COLUMNS
					  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};

static const struct db_stmt notice_list = {
    "notice_list",
    "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE party = $1 AND id > $2 ORDER BY id LIMIT $3"};

static const struct db_stmt notice_get = {
    "notice_get", "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE party = $1 AND id = $2"};

static const struct db_stmt notice_newest = {
    "notice_newest", "SELECT id FROM outbox WHERE party = $1 ORDER BY id DESC LIMIT 1"};

static const struct db_stmt notice_told = {
    "notice_told", "SELECT party FROM outbox WHERE at >= $1 ORDER BY at DESC LIMIT $2"};

/* What a working hook still has before it, or a dead letter may ask for again, stays. */
static const struct db_stmt notice_purge = {
    "notice_purge",
    "DELETE FROM outbox WHERE (party, id) IN (SELECT o.party, o.id FROM outbox AS o WHERE o.at < $1"
    " AND NOT EXISTS (SELECT 1 FROM hook AS h WHERE h.party = o.party AND h.state = 'active'"
    " AND h.taken < o.id)"
    " AND NOT EXISTS (SELECT 1 FROM dead_letter AS d WHERE d.party = o.party AND d.notice = o.id)"
    " ORDER BY o.at LIMIT $2)"};

static const struct db_stmt *const statements[] = {&notice_put,    &notice_list, &notice_get,
						   &notice_newest, &notice_told, &notice_purge};
ST_STATEMENTS(st_notice_statements, statements);

static void read_notice(struct db_rows *row, void *ret)
{
	struct store_notice *n = ret;

	n->party = db_get_span(row);
	n->id = db_get_i64(row);
	n->office = db_get_span(row);
	n->reference = db_get_span(row);
	n->version = db_get_i64(row);
	n->kind = db_get_span(row);
	n->at = db_get_i64(row);
	n->body = db_get_span(row);
}

static const struct db_shape NOTICE = {sizeof(struct store_notice), read_notice};

static void read_party(struct db_rows *row, void *ret)
{
	*(struct span *)ret = db_get_span(row);
}

enum err store_list_told(struct store *s, struct arena *a, int64_t since, uint32_t limit,
			 struct span **ret, uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct span), read_party};
	void *rows;
	enum err err = db_all(s->db, &notice_told, DB_ARGS(db_i64(since), db_i64(limit)), a, &shape,
			      &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_put_notice(struct store *s, const struct store_notice *n, struct cause *why)
{
	BUG_ON(!n->party.n || n->id < 1 || !s->in_tx);
	return db_group(s->db, &notice_put,
			DB_ARGS(db_text(n->party), db_i64(n->id), db_text(n->office),
				db_text(n->reference), db_i64(n->version), db_text(n->kind),
				db_i64(n->at), db_text(n->body)),
			0, why);
}

enum err store_list_notices(struct store *s, struct arena *a, struct span party, int64_t after,
			    uint32_t limit, struct store_notice **ret, uint32_t *ret_count,
			    struct cause *why)
{
	void *rows;
	enum err err;

	BUG_ON(limit < 1 || limit > STORE_PAGE_MAX);
	err = db_all(s->db, &notice_list, DB_ARGS(db_text(party), db_i64(after), db_i64(limit)), a,
		     &NOTICE, &rows, ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

enum err store_get_notice(struct store *s, struct arena *a, struct span party, int64_t id,
			  struct store_notice *ret, struct cause *why)
{
	return db_one(s->db, &notice_get, DB_ARGS(db_text(party), db_i64(id)), a, &NOTICE, ret,
		      why);
}

static void read_id(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_newest_notice(struct store *s, struct span party, int64_t *ret, struct cause *why)
{
	static const struct db_shape shape = {sizeof(int64_t), read_id};
	int64_t id = 0;
	enum err err =
	    db_one(s->db, &notice_newest, DB_ARGS(db_text(party)), NULL, &shape, &id, why);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret = id;
	return ERR_NONE;
}

enum err store_purge_notices(struct store *s, int64_t before, uint32_t limit, int64_t *ret_rows,
			     struct cause *why)
{
	return db_exec_count(s->db, &notice_purge, DB_ARGS(db_i64(before), db_i64(limit)), ret_rows,
			     why);
}
