/* Documents in the store: what goes in comes out, bytes apart from what is known of them, and pages by state. */
#include "store/store.h"

#include "store_dir.h"

#define OFFICE SPAN("LF001")

static struct store_document document(const char *reference, int64_t number, const char *state)
{
	return (struct store_document){
	    .office = OFFICE,
	    .reference = span_of(reference),
	    .number = number,
	    .version = 2,
	    .sha256 = hash_bytes("%PDF-1", 6),
	    .name = SPAN("facture \xc3\xa9t\xc3\xa9.pdf"),
	    .type = SPAN("application/pdf"),
	    .bytes = 6,
	    .pointer = SPAN("/shipment/items/0/documents/1"),
	    .state = span_of(state),
	    .actor = SPAN("BROKER1"),
	    .at = STORE_NOW,
	};
}

static enum err put_one(struct store *s, void *context, struct cause *why)
{
	return store_put_document(s, context, SPAN("%PDF-1"), why);
}

static void put(struct store *s, struct store_document d)
{
	struct cause why = {0};

	assert_ok(store_batch(s, put_one, &d, &why));
}

static void test_a_document_comes_back(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_document in = document("26LF1", 1, "clean"), out;
	struct cause why = {0};
	struct span body;
	struct hash h;

	assert_int_equal(store_get_document(s, d->arena, OFFICE, SPAN("26LF1"), 1, &out, &why),
			 ERR_NOT_FOUND);
	put(s, in);
	assert_ok(store_get_document(s, d->arena, OFFICE, SPAN("26LF1"), 1, &out, &why));
	assert_true(span_equal(out.office, in.office) && span_equal(out.reference, in.reference) &&
		    span_equal(out.name, in.name) && span_equal(out.type, in.type) &&
		    span_equal(out.pointer, in.pointer) && span_equal(out.state, in.state) &&
		    span_equal(out.actor, in.actor));
	assert_true(out.number == 1 && out.version == 2 && out.bytes == 6 && out.at == STORE_NOW);
	assert_true(hash_equal(&out.sha256, &in.sha256));
	assert_ok(store_get_document_body(s, d->arena, OFFICE, SPAN("26LF1"), 1, &body, &why));
	assert_span(body, "%PDF-1");
	assert_ok(store_hash_document_body(s, OFFICE, SPAN("26LF1"), 1, &h, &why));
	assert_true(hash_equal(&h, &in.sha256));
	assert_int_equal(store_batch(s, put_one, &in, &why), ERR_CONFLICT);
	store_close(s);
}

static enum err erase(struct store *s, void *context, struct cause *why)
{
	enum err e = store_erase_document_body(s, OFFICE, SPAN("26LF1"), 2, why);

	(void)context;
	return e ? e : store_set_document_state(s, OFFICE, SPAN("26LF1"), 2, SPAN("erased"), why);
}

static void test_erased_bytes_leave_what_is_known(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_document *list;
	struct cause why = {0};
	struct span body;
	struct hash h;
	uint32_t n;
	int64_t bodies;

	put(s, document("26LF1", 2, "clean"));
	put(s, document("26LF1", 1, "clean"));
	put(s, document("26LF2", 1, "clean"));
	assert_ok(store_count_document_bodies(s, &bodies, &why));
	assert_int_equal(bodies, 3);
	assert_ok(store_batch(s, erase, NULL, &why));
	assert_ok(store_count_document_bodies(s, &bodies, &why));
	assert_int_equal(bodies, 2);
	assert_ok(store_list_documents(s, d->arena, OFFICE, SPAN("26LF1"), &list, &n, &why));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].number, 1);
	assert_span(list[0].state, "clean");
	assert_int_equal(list[1].number, 2);
	assert_span(list[1].state, "erased");
	assert_int_equal(
	    store_get_document_body(s, d->arena, OFFICE, SPAN("26LF1"), 2, &body, &why),
	    ERR_NOT_FOUND);
	assert_int_equal(store_hash_document_body(s, OFFICE, SPAN("26LF1"), 2, &h, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(store_batch(s, erase, NULL, &why), ERR_NOT_FOUND);
	store_close(s);
}

static void test_pages_by_state_miss_none(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_document_page page = {
	    .office = OFFICE, .state = SPAN("quarantined"), .after = SPAN(""), .limit = 2};
	struct store_document *list;
	struct cause why = {0};
	uint32_t n, seen = 0;

	for (int64_t number = 1; number <= 3; number++) {
		put(s, document("26LF1", number, "quarantined"));
		put(s, document("26LF2", number, number == 2 ? "clean" : "quarantined"));
	}
	do {
		assert_ok(store_page_documents(s, d->arena, &page, &list, &n, &why));
		for (uint32_t i = 0; i < n; i++) {
			assert_span(list[i].state, "quarantined");
			assert_true(span_compare(list[i].reference, page.after) > 0 ||
				    (span_equal(list[i].reference, page.after) &&
				     list[i].number > page.after_number));
			page.after = list[i].reference;
			page.after_number = list[i].number;
			seen++;
		}
	} while (n == page.limit);
	assert_int_equal(seen, 5);
	store_close(s);
}

struct seen {
	uint32_t n;
	char keys[100];
};

static enum err note(void *context, const struct store_document *d, struct cause *why)
{
	struct seen *seen = context;

	(void)why;
	snprintf(seen->keys + strlen(seen->keys), sizeof(seen->keys) - strlen(seen->keys),
		 "%.*s/%lld ", SPAN_ARG(d->reference), (long long)d->number);
	seen->n++;
	return ERR_NONE;
}

static void test_a_scan_gives_all_in_order(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct seen seen = {0};
	struct cause why = {0};

	put(s, document("26LF2", 10, "clean"));
	put(s, document("26LF2", 9, "clean"));
	put(s, document("26LF1", 1, "infected"));
	assert_ok(store_scan_documents(s, note, &seen, &why));
	assert_string_equal(seen.keys, "26LF1/1 26LF2/9 26LF2/10 ");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_a_document_comes_back),
	    store_test(test_erased_bytes_leave_what_is_known),
	    store_test(test_pages_by_state_miss_none),
	    store_test(test_a_scan_gives_all_in_order),
	};

	return store_dir_run(tests);
}
