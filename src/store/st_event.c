/* The log: append-only, a hash chain per office. */
#include "base/limits.h"
#include "store/columns.h"
#include "store/payload.h"
#include "store/st.h"

static const struct db_stmt event_append = {
    "event_append", "INSERT INTO event (" EVENT_COLUMNS
		    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};

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

/* As the row has it: the payload may be compressed. */
struct stored {
	struct event event;
	int64_t compression;
};

static void read_stored(struct db_rows *row, void *ret)
{
	struct stored *stored = ret;
	struct event *e = &stored->event;

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
	e->compressed = (struct span){NULL, 0, 0};
	stored->compression = db_get_i64(row);
}

static const struct db_shape STORED = {sizeof(struct stored), read_stored};

static enum err expand(struct arena *a, struct stored *stored)
{
	return payload_expand(a, stored->compression, stored->event.payload,
			      &stored->event.payload);
}

static enum err expand_wanted(struct arena *a, struct stored *stored, struct cause *why)
{
	const enum err err = expand(a, stored);
	const struct event *e = &stored->event;

	if (err == ERR_FORMAT)
		return fail(why, ERR_DB,
			    "event %lld of %.*s: its payload is damaged; run verify, restore the "
			    "newest backup",
			    (long long)e->seq, SPAN_ARG(e->office));
	return err ? fail(why, err, "event %lld of %.*s: no memory for its payload",
			  (long long)e->seq, SPAN_ARG(e->office))
		   : ERR_NONE;
}

struct span store_compress(struct arena *a, struct span payload)
{
	return payload_compress(a, payload);
}

enum err store_append_event(struct store *s, const struct event *e, struct cause *why)
{
	const bool erased = !e->payload.p;
	struct span small = e->compressed;

	BUG_ON(!e->office.n || e->seq < 1 || !e->kind.n);
	st_forget(s, &event_list, DB_ARGS(db_text(e->office), db_text(e->reference)));
	st_forget(s, &event_list_kind,
		  DB_ARGS(db_text(e->office), db_text(e->reference), db_text(e->kind)));
	if (e->seq == 1) /* of an office that nobody has listed */
		s->offices = NULL;
	if (!erased && !small.p) {
		arena_reset(s->scratch);
		small = payload_compress(s->scratch, e->payload);
	}
	return db_group(s->db, &event_append,
			DB_ARGS(db_text(e->office), db_i64(e->seq), db_text(e->kind),
				db_text(e->reference), db_i64(e->version), db_i64(e->at),
				db_text(e->actor), db_hash(&e->payload_hash), db_hash(&e->chain),
				db_bytes(erased ? NULL : e->salt, sizeof(e->salt)),
				db_blob(small.p ? small : e->payload),
				db_i64(small.p ? PAYLOAD_COMPRESSION : PAYLOAD_PLAIN)),
			0, why);
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
	struct stored row;
	enum err err =
	    db_one(s->db, &event_get, DB_ARGS(db_text(office), db_i64(seq)), a, &STORED, &row, why);

	if (!err)
		err = expand_wanted(a, &row, why);
	if (!err)
		*ret = row.event;
	return err;
}

enum err store_get_events(struct store *s, struct arena *a, const struct store_event_key *key,
			  uint32_t n, struct event *ret, struct cause *why)
{
	struct db_value *value = st_values(a, 2, n);
	struct db_found *found;
	enum err err;

	for (uint32_t i = 0; i < n && value; i++) {
		value[2 * i] = db_text(key[i].office);
		value[2 * i + 1] = db_i64(key[i].seq);
	}
	err = st_each(s, &event_get, value, 2, n, a, &STORED, &found, why);
	for (uint32_t i = 0; i < n && !err; i++) {
		struct stored *row = found[i].row;

		if (!found[i].count)
			return fail(why, ERR_DB, "the log of %.*s lacks event %lld",
				    SPAN_ARG(key[i].office), (long long)key[i].seq);
		err = expand_wanted(a, row, why);
		ret[i] = row->event;
	}
	return err;
}

static enum err list(struct store *s, struct arena *a, const struct db_stmt *stmt,
		     struct db_args args, struct event **ret, uint32_t *ret_count,
		     struct cause *why)
{
	struct event *event;
	struct stored *row;
	void *rows;
	uint32_t n;
	enum err err = st_all(s, stmt, args, a, &STORED, &rows, &n, why);

	if (err)
		return err;
	row = rows;
	event = arena_try(a, (n + 1) * sizeof(*event));
	if (!event)
		return fail(why, arena_failure(a), "no memory for %u events", n);
	for (uint32_t i = 0; i < n && !err; i++) {
		err = expand_wanted(a, &row[i], why);
		event[i] = row[i].event;
	}
	if (!err) {
		*ret = event;
		*ret_count = n;
	}
	return err;
}

enum err store_list_events(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct event **ret, uint32_t *ret_count,
			   struct cause *why)
{
	return list(s, a, &event_list, DB_ARGS(db_text(office), db_text(reference)), ret, ret_count,
		    why);
}

enum err store_list_events_of(struct store *s, struct arena *a, struct span office,
			      struct span reference, struct span kind, struct event **ret,
			      uint32_t *ret_count, struct cause *why)
{
	const struct db_args whole = DB_ARGS(db_text(office), db_text(reference)),
			     of_kind = DB_ARGS(db_text(office), db_text(reference), db_text(kind));
	uint32_t n = 0;
	enum err err;

	if (!st_known(s, &event_list, whole) || st_known(s, &event_list_kind, of_kind))
		return list(s, a, &event_list_kind, of_kind, ret, ret_count, why);
	err = list(s, a, &event_list, whole, ret, ret_count, why);
	for (uint32_t i = 0; i < *ret_count && !err; i++)
		if (span_equal((*ret)[i].kind, kind))
			(*ret)[n++] = (*ret)[i];
	if (!err)
		*ret_count = n;
	return err;
}

enum err store_ahead_events(struct store *s, struct arena *a, const struct store_case_key *key,
			    uint32_t n, struct span kind, struct cause *why)
{
	struct db_value *value = st_values(a, 3, n);

	if (!kind.n)
		return st_ask_ahead(s, &event_list, st_case_values(a, key, n), 2, n, a, &STORED,
				    why);
	for (uint32_t i = 0; i < n && value; i++) {
		value[3 * i] = db_text(key[i].office);
		value[3 * i + 1] = db_text(key[i].reference);
		value[3 * i + 2] = db_text(kind);
	}
	return st_ask_ahead(s, &event_list_kind, value, 3, n, a, &STORED, why);
}

enum err store_erase_payload(struct store *s, struct span office, int64_t seq, struct cause *why)
{
	int64_t rows;
	enum err err;

	store_forget_ahead(s);
	err = db_exec_count(s->db, &event_erase, DB_ARGS(db_text(office), db_i64(seq)), &rows, why);

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

	if (s->offices) {
		*ret = s->offices;
		*ret_count = s->office_count;
		return ERR_NONE;
	}
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

enum err store_ahead_offices(struct store *s, struct arena *a, struct span **ret,
			     uint32_t *ret_count, struct cause *why)
{
	enum err err = store_list_offices(s, a, ret, ret_count, why);

	BUG_ON(!s->in_tx);
	if (!err) {
		s->offices = *ret;
		s->office_count = *ret_count;
	}
	return err;
}

enum err store_get_event_of(struct store *s, struct arena *a, const struct store_case_key *of,
			    int64_t seq, struct event *ret, struct cause *why)
{
	struct event *event;
	uint32_t n = 0;
	enum err err;

	if (!st_known(s, &event_list, DB_ARGS(db_text(of->office), db_text(of->reference))))
		return store_get_event(s, a, of->office, seq, ret, why);
	err = store_list_events(s, a, of->office, of->reference, &event, &n, why);
	for (uint32_t i = 0; i < n && !err; i++)
		if (event[i].seq == seq) {
			*ret = event[i];
			return ERR_NONE;
		}
	return err ? err : ERR_NOT_FOUND;
}

struct taker {
	enum err (*take)(void *context, const struct event *e, struct cause *why);
	void *context;
	struct arena *once; /* for the payload of one event */
};

static enum err take_event(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;
	struct stored stored = *(const struct stored *)row;
	enum err err;

	arena_reset(t->once);
	err = expand(t->once, &stored);
	if (err && err != ERR_FORMAT)
		return expand_wanted(t->once, &stored, why);
	return t->take(t->context, &stored.event, why);
}

enum err store_scan_events(struct store *s, const struct store_range *range,
			   enum err (*take)(void *context, const struct event *e,
					    struct cause *why),
			   void *context, struct cause *why)
{
	struct taker taker = {take, context, arena_new(LIMIT_PAYLOAD_BYTES)};
	const struct db_value args[] = {db_text(range->office), db_i64(range->from_seq),
					db_i64(range->from_at)};
	const bool all = !range->office.p;
	struct stored row;
	const struct st_scan scan = {.stmt = all ? &event_scan_all : &event_scan_office,
				     .args = {all ? args + 1 : args, all ? 2 : 3},
				     .shape = &STORED,
				     .row = &row,
				     .take = take_event,
				     .context = &taker};
	enum err err;

	if (!taker.once)
		return fail(why, ERR_NOMEM, "no memory to read the log");
	err = st_scan(s, &scan, why);
	arena_free(taker.once);
	return err;
}
