#include "store/store.h"

#include "db/db.h"
#include "store/payload_asset.h"
#include "store_dir.h"

static enum err append_one(struct store *s, void *context, struct cause *why)
{
	return store_append_event(s, context, why);
}

static void append(struct store *s, const struct event *e)
{
	struct event copy = *e;
	struct cause why = {0};

	assert_ok(store_batch(s, append_one, &copy, &why));
}

static void append_many(struct store *s, int64_t count, struct span payload)
{
	struct store_dir_batch b = {count, payload};
	struct cause why = {0};

	assert_ok(store_batch(s, store_dir_append, &b, &why));
}

static void assert_same_event(const struct event *a, const struct event *b)
{
	assert_true(span_equal(a->office, b->office) && a->seq == b->seq &&
		    span_equal(a->kind, b->kind));
	assert_true(span_equal(a->reference, b->reference) && a->version == b->version &&
		    a->at == b->at);
	assert_true(span_equal(a->actor, b->actor) && span_equal(a->payload, b->payload));
	assert_memory_equal(a->salt, b->salt, sizeof(a->salt));
	assert_memory_equal(a->payload_hash.byte, b->payload_hash.byte, 32);
	assert_memory_equal(a->chain.byte, b->chain.byte, 32);
}

static void test_an_event_comes_back_whole(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct hash zeros = {{0}};
	const struct event e =
	    store_dir_event(1, "input", "26LF1", (struct span){"\0\xff<xml/>", 8, 0}, &zeros);
	struct event back;
	struct cause why = {0};

	append(s, &e);
	assert_ok(store_get_event(s, d->arena, SPAN("LF001"), 1, &back, &why));
	assert_same_event(&e, &back);
	assert_int_equal(event_verify(&back, &zeros), EVENT_SOUND);
	assert_int_equal(store_get_event(s, d->arena, SPAN("LF001"), 2, &back, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(store_get_event(s, d->arena, SPAN("LF002"), 1, &back, &why),
			 ERR_NOT_FOUND);
	store_close(s);
}

static void test_a_number_is_taken_once(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct hash zeros = {{0}};
	struct event e = store_dir_event(1, "input", "26LF1", SPAN("a"), &zeros);
	struct cause why = {0};

	append(s, &e);
	assert_int_equal(store_batch(s, append_one, &e, &why), ERR_CONFLICT);
	assert_int_equal(store_dir_count(s), 1);
	store_close(s);
}

static void test_the_head_is_the_newest(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct hash zeros = {{0}};
	struct store_head head = {.seq = 9};
	struct event last;
	struct cause why = {0};

	assert_ok(store_get_head(s, SPAN("LF001"), &head, &why));
	assert_int_equal(head.seq, 0);
	assert_memory_equal(head.chain.byte, zeros.byte, 32);
	append_many(s, 12, SPAN("payload"));
	assert_ok(store_get_head(s, SPAN("LF001"), &head, &why));
	assert_int_equal(head.seq, 12);
	assert_ok(store_get_event(s, d->arena, SPAN("LF001"), 12, &last, &why));
	assert_memory_equal(head.chain.byte, last.chain.byte, 32);
	assert_int_equal(store_dir_count(s), 12);
	store_close(s);
}

static void test_a_case_is_listed_in_order(void **state)
{
	static const char *const references[] = {"26LF1", "26LF2", "26LF1", "26LF10", "26LF1"};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct hash chain = {{0}};
	struct event *list;
	uint32_t count;
	struct cause why = {0};

	for (uint32_t i = 0; i < ARRAY_LEN(references); i++) {
		const struct event e =
		    store_dir_event(i + 1, "input", references[i], SPAN("x"), &chain);

		append(s, &e);
		chain = e.chain;
	}
	assert_ok(
	    store_list_events(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &list, &count, &why));
	assert_int_equal(count, 3);
	assert_int_equal(list[0].seq, 1);
	assert_int_equal(list[1].seq, 3);
	assert_int_equal(list[2].seq, 5);
	assert_ok(
	    store_list_events(s, d->arena, SPAN("LF001"), SPAN("26LF3"), &list, &count, &why));
	assert_int_equal(count, 0);
	store_close(s);
}

static enum err erase_second(struct store *s, void *context, struct cause *why)
{
	(void)context;
	return store_erase_payload(s, SPAN("LF001"), 2, why);
}

static enum err erase_missing(struct store *s, void *context, struct cause *why)
{
	(void)context;
	return store_erase_payload(s, SPAN("LF001"), 99, why);
}

/* How often a text stands in the store's file. */
static int count_in_file(const char *dir, const char *text)
{
	static char bytes[4 << 20];
	const char *at = bytes;
	char path[400];
	size_t n;
	int count = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/customhouse.db", dir);
	in = fopen(path, "rb");
	assert_non_null(in);
	n = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	assert_true(n > 0 && n < sizeof(bytes));
	while ((at = memmem(at, n - (size_t)(at - bytes), text, strlen(text)))) {
		count++;
		at++;
	}
	return count;
}

/* The personal text is gone from the row and, after the log was carried over, from the files; the chain still verifies. */
static void test_an_erased_payload_leaves_the_chain_sound(void **state)
{
	static const char secret[] = "Jane Doe, 1 Harbour Street";
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct event e;
	struct cause why = {0};

	append_many(s, 3, SPAN(secret));
	assert_ok(store_batch(s, erase_second, NULL, &why));
	assert_int_equal(store_batch(s, erase_missing, NULL, &why), ERR_NOT_FOUND);
	assert_ok(store_get_event(s, d->arena, SPAN("LF001"), 2, &e, &why));
	assert_null(e.payload.p);
	assert_memory_equal(e.salt, (uint8_t[EVENT_SALT_BYTES]){0}, EVENT_SALT_BYTES);
	assert_int_equal(store_dir_count(s), 3);
	store_close(s);
	if (!store_dir_remote()) /* a server keeps the old row until its vacuum */
		assert_int_equal(count_in_file(d->path, secret),
				 2); /* the first and the third still hold it */
}

struct order {
	char text[64];
	int64_t stop_at;
};

static enum err note_order(void *context, const struct event *e, struct cause *why)
{
	struct order *o = context;
	const size_t n = strlen(o->text);

	snprintf(o->text + n, sizeof(o->text) - n, "%.*s:%lld ", SPAN_ARG(e->office),
		 (long long)e->seq);
	return e->seq == o->stop_at ? fail(why, ERR_CONFLICT, "stopped") : ERR_NONE;
}

static void add_for(struct store *s, const char *office, int64_t seq)
{
	const struct hash zeros = {{0}};
	struct event e = store_dir_event(seq, "input", "26LF1", SPAN("x"), &zeros);

	e.office = span_of(office);
	append(s, &e);
}

static void test_scans(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct store_range everything = {.from_at = INT64_MIN},
				 later = {.office = SPAN("LF002"),
					  .from_seq = 2,
					  .from_at = INT64_MIN},
				 from_moment = {.from_at = STORE_NOW + 2};
	struct order o = {{0}, 0};
	struct span *offices;
	uint32_t count;
	struct cause why = {0};

	add_for(s, "LF002", 1);
	add_for(s, "HUB", 1);
	add_for(s, "LF002", 2);
	add_for(s, "LF001", 1);
	add_for(s, "LF002", 3);
	assert_ok(store_scan_events(s, &everything, note_order, &o, &why));
	assert_string_equal(o.text, "HUB:1 LF001:1 LF002:1 LF002:2 LF002:3 ");
	o.text[0] = 0;
	assert_ok(store_scan_events(s, &later, note_order, &o, &why));
	assert_string_equal(o.text, "LF002:2 LF002:3 ");
	o.text[0] = 0;
	assert_ok(store_scan_events(s, &from_moment, note_order, &o, &why));
	assert_string_equal(o.text, "LF002:2 LF002:3 ");
	o = (struct order){.stop_at = 2};
	assert_int_equal(store_scan_events(s, &everything, note_order, &o, &why), ERR_CONFLICT);
	assert_string_equal(why.text, "stopped");
	assert_ok(store_list_offices(s, d->arena, &offices, &count, &why));
	assert_int_equal(count, 3);
	assert_span(offices[0], "HUB");
	assert_span(offices[2], "LF002");
	store_close(s);
}

/* A long scan by another connection neither stops the writer nor sees what it writes. */
struct long_read {
	struct store *writer;
	int64_t seen;
};

static enum err write_meanwhile(void *context, const struct event *e, struct cause *why)
{
	struct long_read *r = context;
	struct store_dir_batch one = {1, SPAN("meanwhile")};

	(void)e;
	r->seen++;
	return store_batch(r->writer, store_dir_append, &one, why);
}

static void test_a_long_read_does_not_stop_the_writer(void **state)
{
	struct store_dir *d = *state;
	struct store *writer = store_dir_open(d->path, STORE_OWN), *reader;
	const struct store_range everything = {.from_at = INT64_MIN};
	struct long_read r = {writer, 0};
	struct cause why = {0};

	append_many(writer, 50, SPAN("before"));
	reader = store_dir_open(d->path, STORE_READ);
	assert_ok(store_scan_events(reader, &everything, write_meanwhile, &r, &why));
	assert_int_equal(r.seen, 50);
	assert_int_equal(store_dir_count(reader), 100);
	store_close(reader);
	store_close(writer);
}

/* A hash that lost a byte is told, not taken for another hash. */
static enum err shorten(struct db *db, void *context, struct cause *why)
{
	static const struct db_stmt cut = {"cut", "UPDATE event SET chain = $1 WHERE seq = $2"};

	(void)context;
	return db_exec(db, &cut, DB_ARGS(db_blob(SPAN("short")), db_i64(2)), why);
}

static void test_a_damaged_row_is_told(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct store_range everything = {.from_at = INT64_MIN};
	struct order o = {{0}, 0};
	struct event *list, e = {.seq = 77};
	uint32_t count;
	struct cause why = {0};
	struct db *db;

	append_many(s, 3, SPAN("x"));
	store_close(s);
	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(db_tx(db, DB_WRITE, shorten, NULL, &why));
	db_close(db);
	s = store_dir_open(d->path, STORE_OWN);
	assert_int_equal(store_get_event(s, d->arena, SPAN("LF001"), 2, &e, &why), ERR_DB);
	assert_int_equal(e.seq, 77);
	assert_int_equal(
	    store_list_events(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &list, &count, &why),
	    ERR_DB);
	assert_int_equal(store_scan_events(s, &everything, note_order, &o, &why), ERR_DB);
	assert_string_equal(o.text, "LF001:1 ");
	store_close(s);
}

/* ---- compressed payloads ---- */

/* Long enough to be compressed, and with a word in it that nothing compresses. */
static const char long_text[] =
    "{\"reference\":\"26LF1\",\"version\":1,\"findings\":[],\"taxes\":[{\"item\":1,\"type\":"
    "\"CUD\","
    "\"state\":\"due\",\"base\":\"142763.62\",\"amount\":\"0.99\",\"currency\":\"XLD\"},"
    "{\"item\":2,\"type\":\"VAT\",\"state\":\"due\",\"base\":\"14398.25\",\"amount\":\"0.10\"}],"
    "\"who\":\"qZ7#vK0!pX4@mW9^\"}";

static int64_t bytes_of_second(const struct store_dir *d)
{
	static const struct db_stmt length = {
	    "length", "SELECT length(payload) FROM event WHERE seq = 2 AND compression = 1"};
	struct db_rows rows;
	struct cause why = {0};
	struct db *db;
	int64_t n = 0;

	assert_ok(db_open(d->path, DB_READ, &db, &why));
	assert_ok(db_query(db, &length, DB_NO_ARGS, NULL, &rows, &why));
	if (!db_next(&rows, &why))
		n = db_get_i64(&rows);
	assert_ok(db_end(&rows, &why));
	db_close(db);
	return n;
}

/* A dictionary that changed would leave every payload that was compressed with it unreadable. */
static void test_the_dictionary_is_the_one_of_old(void **state)
{
	const struct span dictionary = asset_payload_1_dict();
	const struct hash h = hash_bytes(dictionary.p, dictionary.n);
	char hex[65];

	(void)state;
	hash_hex(&h, hex);
	assert_string_equal(hex,
			    "24d12df728e4f2d5f2e15ba750a1587a67c4a40d3b5d4228730212ad6794a20f");
}

static void test_a_long_payload_lies_compressed(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct span small = store_compress(d->arena, SPAN(long_text));
	struct hash chain = {{0}};
	struct event *list, e;
	uint32_t count;
	struct cause why = {0};

	for (int64_t seq = 1; seq <= 4; seq++) {
		e = store_dir_event(seq, "input", "26LF1", SPAN(long_text), &chain);
		if (seq % 2) /* as the hub's crew hands it over */
			e.compressed = small;
		append(s, &e);
		chain = e.chain;
	}
	assert_int_equal(bytes_of_second(d), small.n);
	assert_in_range(small.n, 1, sizeof(long_text) / 2);
	assert_ok(store_get_event(s, d->arena, SPAN("LF001"), 3, &e, &why));
	assert_span(e.payload, long_text);
	assert_null(e.compressed.p);
	assert_ok(
	    store_list_events(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &list, &count, &why));
	assert_int_equal(count, 4);
	for (uint32_t i = 0; i < count; i++)
		assert_span(list[i].payload, long_text);
	assert_int_equal(store_dir_count(s), 4); /* the chain is of the plain text */
	assert_ok(store_batch(s, erase_second, NULL, &why));
	assert_ok(store_get_event(s, d->arena, SPAN("LF001"), 2, &e, &why));
	assert_null(e.payload.p);
	assert_int_equal(store_dir_count(s), 4);
	store_close(s);
	if (!store_dir_remote())
		assert_int_equal(count_in_file(d->path, "qZ7#vK0!pX4@mW9^"), 3);
}

struct spoil {
	const struct db_stmt stmt;
	struct db_value to;
};

static enum err spoil(struct db *db, void *context, struct cause *why)
{
	struct spoil *x = context;

	return db_exec(db, &x->stmt, DB_ARGS(x->to), why);
}

struct faults {
	int sound, changed;
	struct hash chain;
};

static enum err look_at(void *context, const struct event *e, struct cause *why)
{
	struct faults *f = context;
	enum event_fault fault = event_verify(e, &f->chain);

	(void)why;
	assert_int_not_equal(fault, EVENT_CHAIN_BROKEN);
	fault == EVENT_SOUND ? f->sound++ : f->changed++;
	f->chain = e->chain;
	return ERR_NONE;
}

/* Whoever changes one is found by the hashes; whoever reads it is told. */
static void test_a_damaged_payload(void **state)
{
	static const struct spoil spoils[] = {
	    {{"cut",
	      "UPDATE event SET payload = substr(payload, 1, CAST($1 AS INTEGER)) WHERE seq = 2"},
	     {.kind = DB_I64, .i64 = 40}},
	    {{"other", "UPDATE event SET payload = $1 WHERE seq = 2"},
	     {.kind = DB_BLOB, .span = SPAN("not a frame")}},
	    {{"longer", "UPDATE event SET payload = CAST(payload || $1 AS {blob}) WHERE seq = 2"},
	     {.kind = DB_BLOB, .span = SPAN("\x50\x2a\x4d\x18\x01\x01\x01\x01x")}},
	    {{"unknown", "UPDATE event SET compression = $1 WHERE seq = 2"},
	     {.kind = DB_I64, .i64 = 77}},
	};
	const struct store_range everything = {.from_at = INT64_MIN};
	struct store_dir *d = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(spoils); i++) {
		struct spoil x = spoils[i];
		struct store *s = store_dir_open(d->path, STORE_OWN);
		struct faults f = {0};
		struct event e, *list;
		uint32_t count;
		struct cause why = {0};
		struct db *db;

		append_many(s, 3, SPAN(long_text));
		store_close(s);
		assert_ok(db_open(d->path, DB_WRITE, &db, &why));
		assert_ok(db_tx(db, DB_WRITE, spoil, &x, &why));
		db_close(db);
		s = store_dir_open(d->path, STORE_OWN);
		assert_int_equal(store_get_event(s, d->arena, SPAN("LF001"), 2, &e, &why), ERR_DB);
		assert_non_null(strstr(why.text, "event 2 of LF001"));
		assert_int_equal(store_list_events(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &list,
						   &count, &why),
				 ERR_DB);
		assert_ok(store_scan_events(s, &everything, look_at, &f, &why));
		assert_int_equal(f.sound, 2);
		assert_int_equal(f.changed, 1);
		store_close(s);
		store_dir_renew(d);
	}
}

/* Where there is no memory to compress, what is stored is plain. */
static void test_no_memory_to_compress(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);

	append_many(s, 1, SPAN(long_text));
	arena_fail_at(1);
	append_many(s, 1, SPAN(long_text));
	arena_fail_at(0);
	assert_int_equal(bytes_of_second(d), 0);
	assert_int_equal(store_dir_count(s), 2);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_an_event_comes_back_whole),
	    store_test(test_a_number_is_taken_once),
	    store_test(test_the_head_is_the_newest),
	    store_test(test_a_case_is_listed_in_order),
	    store_test(test_an_erased_payload_leaves_the_chain_sound),
	    store_test(test_scans),
	    store_test(test_a_long_read_does_not_stop_the_writer),
	    store_test(test_a_damaged_row_is_told),
	    cmocka_unit_test(test_the_dictionary_is_the_one_of_old),
	    store_test(test_a_long_payload_lies_compressed),
	    store_test(test_a_damaged_payload),
	    store_test(test_no_memory_to_compress),
	};

	return store_dir_run(tests);
}
