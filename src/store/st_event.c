/* The log: append-only, a hash chain per office. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt event_append = {
    "event_append",
    "INSERT INTO event (" EVENT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

static const struct db_stmt event_head = {
    "event_head", "SELECT seq, chain FROM event WHERE office = $1 ORDER BY seq DESC LIMIT 1"};

static const struct db_stmt event_get = {"event_get", "SELECT " EVENT_COLUMNS
						      " FROM event WHERE office = $1 AND seq = $2"};

static const struct db_stmt event_list = {
    "event_list",
    "SELECT " EVENT_COLUMNS " FROM event WHERE office = $1 AND reference = $2 ORDER BY seq"};

static const struct db_stmt event_list_kind = {
    "event_list_kind",
    "SELECT " EVENT_COLUMNS
    " FROM event WHERE office = $1 AND reference = $2 AND kind = $3 ORDER BY seq"};

static const struct db_stmt event_erase = {
    "event_erase", "UPDATE event SET salt = NULL, payload = NULL WHERE office = $1 AND seq = $2"};

/* Hops from office to office through the key: as many steps as offices, not as events. */
static const struct db_stmt event_office_after = {
    "event_office_after", "SELECT office FROM event WHERE office > $1 ORDER BY office LIMIT 1"};

static const struct db_stmt event_scan_office = {
    "event_scan_office", "SELECT " EVENT_COLUMNS
			 " FROM event WHERE office = $1 AND seq >= $2 AND at >= $3 ORDER BY seq"};

static const struct db_stmt event_scan_all = {
    "event_scan_all",
    "SELECT " EVENT_COLUMNS " FROM event WHERE seq >= $1 AND at >= $2 ORDER BY office, seq"};

static const struct db_stmt *const statements[] = {
    &event_append, &event_head,         &event_get,         &event_list,     &event_list_kind,
    &event_erase,  &event_office_after, &event_scan_office, &event_scan_all,
};
ST_STATEMENTS(st_event_statements, statements);

static void read_event(struct db_rows *row, void *ret)
{
	struct event *e = ret;

	e->office = db_get_span(row);
	e->seq = db_get_i64(row);
	e->kind = db_get_span(row);
	e->reference = db_get_span(row);
	e->version = db_get_i64(row);
	e->at = db_get_i64(row);
	e->actor = db_get_span(row);
	db_get_bytes(row, e->payload_hash.byte, sizeof(e->payload_hash.byte));
	db_get_bytes(row, e->chain.byte, sizeof(e->chain.byte));
	db_get_bytes(row, e->salt, sizeof(e->salt));
	e->payload = db_get_span(row);
}

static const struct db_shape EVENT = {sizeof(struct event), read_event};

enum err store_append_event(struct store *s, const struct event *e, struct cause *why)
{
	const bool erased = !e->payload.p;

	BUG_ON(!e->office.n || e->seq < 1 || !e->kind.n);
	return db_exec(s->db, &event_append,
		       DB_ARGS(db_text(e->office), db_i64(e->seq), db_text(e->kind),
			       db_text(e->reference), db_i64(e->version), db_i64(e->at),
			       db_text(e->actor), db_hash(&e->payload_hash), db_hash(&e->chain),
			       db_bytes(erased ? NULL : e->salt, sizeof(e->salt)),
			       db_blob(e->payload)),
		       why);
}

static void read_head(struct db_rows *row, void *ret)
{
	struct store_head *head = ret;

	head->seq = db_get_i64(row);
	db_get_bytes(row, head->chain.byte, sizeof(head->chain.byte));
}

enum err store_get_head(struct store *s, struct span office, struct store_head *ret,
			struct cause *why)
{
	static const struct db_shape head = {sizeof(struct store_head), read_head};
	enum err err = db_one(s->db, &event_head, DB_ARGS(db_text(office)), NULL, &head, ret, why);

	if (err != ERR_NOT_FOUND)
		return err;
	*ret = (struct store_head){0};
	return ERR_NONE;
}

enum err store_get_event(struct store *s, struct arena *a, struct span office, int64_t seq,
			 struct event *ret, struct cause *why)
{
	return db_one(s->db, &event_get, DB_ARGS(db_text(office), db_i64(seq)), a, &EVENT, ret,
		      why);
}

enum err store_list_events(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct event **ret, uint32_t *ret_count,
			   struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &event_list, DB_ARGS(db_text(office), db_text(reference)), a,
			      &EVENT, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_list_events_of(struct store *s, struct arena *a, struct span office,
			      struct span reference, struct span kind, struct event **ret,
			      uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &event_list_kind,
			      DB_ARGS(db_text(office), db_text(reference), db_text(kind)), a,
			      &EVENT, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_erase_payload(struct store *s, struct span office, int64_t seq, struct cause *why)
{
	int64_t rows;
	enum err err =
	    db_exec_count(s->db, &event_erase, DB_ARGS(db_text(office), db_i64(seq)), &rows, why);

	return !err && !rows ? ERR_NOT_FOUND : err;
}

static void read_office(struct db_rows *row, void *ret)
{
	*(struct span *)ret = db_get_span(row);
}

enum err store_list_offices(struct store *s, struct arena *a, struct span **ret,
			    uint32_t *ret_count, struct cause *why)
{
	static const struct db_shape office_shape = {sizeof(struct span), read_office};
	uint32_t count = 0, capacity = 0;
	void *data = NULL;
	struct span office = SPAN("");
	enum err err;

	while ((err = db_one(s->db, &event_office_after, DB_ARGS(db_text(office)), a, &office_shape,
			     &office, why)) == ERR_NONE) {
		struct span *place = arena_try_push(a, &data, &count, &capacity, sizeof(*place));

		if (!place)
			return fail(
			    why, arena_failure(a),
			    "the names of %u offices are more than the memory of this request",
			    count);
		*place = office;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret = data;
	*ret_count = count;
	return ERR_NONE;
}

struct taker {
	enum err (*take)(void *context, const struct event *e, struct cause *why);
	void *context;
};

static enum err take_event(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_events(struct store *s, const struct store_range *range,
			   enum err (*take)(void *context, const struct event *e,
					    struct cause *why),
			   void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct event row;
	struct st_scan scan = {.shape = &EVENT, .row = &row, .take = take_event, .context = &taker};

	if (range->office.p) {
		scan.stmt = &event_scan_office;
		scan.args = DB_ARGS(db_text(range->office), db_i64(range->from_seq),
				    db_i64(range->from_at));
		return st_scan(s, &scan, why);
	}
	scan.stmt = &event_scan_all;
	scan.args = DB_ARGS(db_i64(range->from_seq), db_i64(range->from_at));
	return st_scan(s, &scan, why);
}
