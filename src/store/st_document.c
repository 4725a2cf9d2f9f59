/* Documents of a case: what is known of each, and, apart from it, its bytes. A change of state does not write the bytes again. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt document_put = {
    "document_put", "INSERT INTO document (" DOCUMENT_COLUMNS
		    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};

static const struct db_stmt document_get = {
    "document_get", "SELECT " DOCUMENT_COLUMNS
		    " FROM document WHERE office = $1 AND reference = $2 AND number = $3"};

static const struct db_stmt document_list = {
    "document_list", "SELECT " DOCUMENT_COLUMNS
		     " FROM document WHERE office = $1 AND reference = $2 ORDER BY number"};

static const struct db_stmt document_page_state = {
    "document_page_state",
    "SELECT " DOCUMENT_COLUMNS " FROM document WHERE office = $1 AND state = $2"
    " AND (reference, number) > ($3, $4) ORDER BY reference, number LIMIT $5"};

static const struct db_stmt document_scan = {"document_scan",
					     "SELECT " DOCUMENT_COLUMNS
					     " FROM document ORDER BY office, reference, number"};

static const struct db_stmt document_set_state = {
    "document_set_state",
    "UPDATE document SET state = $1 WHERE office = $2 AND reference = $3 AND number = $4"};

static const struct db_stmt body_put = {"body_put", "INSERT INTO document_body (" BODY_COLUMNS
						    ") VALUES ($1, $2, $3, $4)"};

static const struct db_stmt body_get = {
    "body_get",
    "SELECT body FROM document_body WHERE office = $1 AND reference = $2 AND number = $3"};

static const struct db_stmt body_erase = {
    "body_erase", "DELETE FROM document_body WHERE office = $1 AND reference = $2 AND number = $3"};

static const struct db_stmt body_count = {"body_count", "SELECT COUNT(*) FROM document_body"};

static const struct db_stmt *const statements[] = {
    &document_put,       &document_get, &document_list, &document_page_state, &document_scan,
    &document_set_state, &body_put,     &body_get,      &body_erase,          &body_count,
};
ST_STATEMENTS(st_document_statements, statements);

#define KEY(office, reference, number) db_text(office), db_text(reference), db_i64(number)

static void read_document(struct db_rows *row, void *ret)
{
	struct store_document *d = ret;

	d->office = db_get_span(row);
	d->reference = db_get_span(row);
	d->number = db_get_i64(row);
	d->version = db_get_i64(row);
	db_get_bytes(row, d->sha256.byte, sizeof(d->sha256.byte));
	d->name = db_get_span(row);
	d->type = db_get_span(row);
	d->bytes = db_get_i64(row);
	d->pointer = db_get_span(row);
	d->state = db_get_span(row);
	d->actor = db_get_span(row);
	d->at = db_get_i64(row);
}

static const struct db_shape DOCUMENT = {sizeof(struct store_document), read_document};

enum err store_put_document(struct store *s, const struct store_document *d, struct span body,
			    struct cause *why)
{
	enum err err;

	BUG_ON(!d->office.n || !d->reference.n || d->number < 1 || d->bytes != body.n);
	err = db_exec(s->db, &document_put,
		      DB_ARGS(KEY(d->office, d->reference, d->number), db_i64(d->version),
			      db_hash(&d->sha256), db_text(d->name), db_text(d->type),
			      db_i64(d->bytes), db_text(d->pointer), db_text(d->state),
			      db_text(d->actor), db_i64(d->at)),
		      why);
	return err ? err
		   : db_exec(s->db, &body_put,
			     DB_ARGS(KEY(d->office, d->reference, d->number), db_blob(body)), why);
}

enum err store_get_document(struct store *s, struct arena *a, struct span office,
			    struct span reference, int64_t number, struct store_document *ret,
			    struct cause *why)
{
	return db_one(s->db, &document_get, DB_ARGS(KEY(office, reference, number)), a, &DOCUMENT,
		      ret, why);
}

enum err store_list_documents(struct store *s, struct arena *a, struct span office,
			      struct span reference, struct store_document **ret,
			      uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &document_list, DB_ARGS(db_text(office), db_text(reference)),
			      a, &DOCUMENT, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_page_documents(struct store *s, struct arena *a,
			      const struct store_document_page *page, struct store_document **ret,
			      uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err;

	BUG_ON(!page->limit || page->limit > STORE_PAGE_MAX);
	err = db_all(s->db, &document_page_state,
		     DB_ARGS(db_text(page->office), db_text(page->state), db_text(page->after),
			     db_i64(page->after_number), db_i64(page->limit)),
		     a, &DOCUMENT, &rows, ret_count, why);
	if (!err)
		*ret = rows;
	return err;
}

static void read_body(struct db_rows *row, void *ret)
{
	*(struct span *)ret = db_get_span(row);
}

enum err store_get_document_body(struct store *s, struct arena *a, struct span office,
				 struct span reference, int64_t number, struct span *ret,
				 struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct span), read_body};

	return db_one(s->db, &body_get, DB_ARGS(KEY(office, reference, number)), a, &shape, ret,
		      why);
}

enum err store_hash_document_body(struct store *s, struct span office, struct span reference,
				  int64_t number, struct hash *ret, struct cause *why)
{
	struct db_rows rows;
	enum err err = db_query(s->db, &body_get, DB_ARGS(KEY(office, reference, number)), NULL,
				&rows, why),
		 end;

	if (err)
		return err;
	err = db_next(&rows, why);
	if (!err) {
		const struct span body = db_get_span(&rows);

		*ret = hash_bytes(body.p, body.n);
	}
	end = db_end(&rows, why);
	return err ? err : end;
}

/* One row must be there to be changed. */
static enum err change(struct store *s, const struct db_stmt *stmt, struct db_args args,
		       struct cause *why)
{
	int64_t rows;
	enum err err = db_exec_count(s->db, stmt, args, &rows, why);

	return !err && !rows ? ERR_NOT_FOUND : err;
}

enum err store_set_document_state(struct store *s, struct span office, struct span reference,
				  int64_t number, struct span state, struct cause *why)
{
	return change(s, &document_set_state,
		      DB_ARGS(db_text(state), KEY(office, reference, number)), why);
}

enum err store_erase_document_body(struct store *s, struct span office, struct span reference,
				   int64_t number, struct cause *why)
{
	return change(s, &body_erase, DB_ARGS(KEY(office, reference, number)), why);
}

static void read_count(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_count_document_bodies(struct store *s, int64_t *ret, struct cause *why)
{
	static const struct db_shape shape = {sizeof(int64_t), read_count};

	return db_one(s->db, &body_count, DB_NO_ARGS, NULL, &shape, ret, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_document *d, struct cause *why);
	void *context;
};

static enum err take_document(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_documents(struct store *s,
			      enum err (*take)(void *context, const struct store_document *d,
					       struct cause *why),
			      void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_document row;
	struct st_scan scan = {&document_scan, DB_NO_ARGS, &DOCUMENT, &row, take_document, &taker};

	return st_scan(s, &scan, why);
}
