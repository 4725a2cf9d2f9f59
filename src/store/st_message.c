/* Messages that are checked and kept: a projection of the log, a row for each. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt message_add = {
    "message_add", "INSERT INTO message (" MESSAGE_COLUMNS ")"
		   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};

static const struct db_stmt message_get = {
    "message_get", "SELECT " MESSAGE_COLUMNS " FROM message WHERE office = $1 AND reference = $2"};

static const struct db_stmt message_find = {
    "message_find", "SELECT " MESSAGE_COLUMNS " FROM message WHERE office = $1 AND sender = $2"
		    " AND key = $3 ORDER BY input_seq LIMIT $4"};

static const struct db_stmt message_page = {
    "message_page", "SELECT " MESSAGE_COLUMNS " FROM message WHERE office = $1"
		    " AND reference > $2 ORDER BY reference LIMIT $3"};

static const struct db_stmt message_type = {
    "message_type", "SELECT " MESSAGE_COLUMNS " FROM message WHERE office = $1 AND type = $2"
		    " AND reference > $3 ORDER BY reference LIMIT $4"};

static const struct db_stmt message_sender = {
    "message_sender", "SELECT " MESSAGE_COLUMNS " FROM message WHERE sender = $1"
		      " AND reference > $2 ORDER BY reference, office LIMIT $3"};

/* Of one sender: few enough to be looked through for those of a type. */
static const struct db_stmt message_sender_type = {
    "message_sender_type", "SELECT " MESSAGE_COLUMNS " FROM message WHERE sender = $1"
			   " AND type = $2 AND reference > $3 ORDER BY reference, office LIMIT $4"};

static const struct db_stmt message_scan = {
    "message_scan", "SELECT " MESSAGE_COLUMNS " FROM message ORDER BY office, reference"};

static const struct db_stmt *const statements[] = {
    &message_add,  &message_get,    &message_find,        &message_page,
    &message_type, &message_sender, &message_sender_type, &message_scan};
ST_STATEMENTS(st_message_statements, statements);

static void read_message(struct db_rows *row, void *ret)
{
	struct store_message *m = ret;

	m->office = db_get_span(row);
	m->reference = db_get_span(row);
	m->sender = db_get_span(row);
	m->key = db_get_span(row);
	m->actor = db_get_span(row);
	m->format = db_get_span(row);
	m->type = db_get_span(row);
	m->state = db_get_span(row);
	db_get_bytes(row, m->sha256.byte, sizeof(m->sha256.byte));
	m->bytes = db_get_i64(row);
	m->at = db_get_i64(row);
	m->input_seq = db_get_i64(row);
	m->check_seq = db_get_i64(row);
}

static const struct db_shape shape = {sizeof(struct store_message), read_message};

enum err store_add_message(struct store *s, const struct store_message *m, struct cause *why)
{
	BUG_ON(!m->office.n || !m->reference.n);
	return db_exec(s->db, &message_add,
		       DB_ARGS(db_text(m->office), db_text(m->reference), db_text(m->sender),
			       db_text(m->key), db_text(m->actor), db_text(m->format),
			       db_text(m->type), db_text(m->state), db_hash(&m->sha256),
			       db_i64(m->bytes), db_i64(m->at), db_i64(m->input_seq),
			       db_i64(m->check_seq)),
		       why);
}

enum err store_get_message(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct store_message *ret, struct cause *why)
{
	return db_one(s->db, &message_get, DB_ARGS(db_text(office), db_text(reference)), a, &shape,
		      ret, why);
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_message **ret, uint32_t *ret_count,
		     struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, stmt, args, a, &shape, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_find_messages(struct store *s, struct arena *a, const struct store_trader_key *key,
			     uint32_t limit, struct store_message **ret, uint32_t *ret_count,
			     struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &message_find,
		    DB_ARGS(db_text(key->office), db_text(key->sender),
			    db_text(key->trader_reference), db_i64(limit)),
		    a, ret, ret_count, why);
}

enum err store_page_messages(struct store *s, struct arena *a,
			     const struct store_message_page *page, struct store_message **ret,
			     uint32_t *ret_count, struct cause *why)
{
	const struct db_value of = db_text(page->office.n ? page->office : page->sender),
			      after = db_text(page->after), limit = db_i64(page->limit);

	BUG_ON(page->limit > STORE_PAGE_MAX);
	if (page->type.n)
		return list(s, page->office.n ? &message_type : &message_sender_type,
			    DB_ARGS(of, db_text(page->type), after, limit), a, ret, ret_count, why);
	return list(s, page->office.n ? &message_page : &message_sender, DB_ARGS(of, after, limit),
		    a, ret, ret_count, why);
}

struct scan {
	enum err (*take)(void *context, const struct store_message *m, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct scan *scan = context;

	return scan->take(scan->context, row, why);
}

enum err store_scan_messages(struct store *s,
			     enum err (*take)(void *context, const struct store_message *m,
					      struct cause *why),
			     void *context, struct cause *why)
{
	struct store_message row;
	struct scan scan = {take, context};

	return st_scan(
	    s, &(struct st_scan){&message_scan, DB_NO_ARGS, &shape, &row, take_row, &scan}, why);
}
