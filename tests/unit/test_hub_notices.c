/* hub: what is put into the outbox, for whom, under which number; who is woken; what is removed. A hub over a fresh
 * store, without its writer: the test settles. */
#include "store_dir.h"

#include "hub/house.h"
#include "hub/notices/hooks.h"
#include "hub/notices/push_rules.h"

struct room {
	struct store_dir *dir;
	struct hub hub;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	if (!r || store_dir_make((void **)&r->dir))
		return -1;
	r->hub.mode = HUB_READ; /* readers then share the one store */
	r->hub.store = store_dir_open(r->dir->path, STORE_OWN);
	r->hub.batch_arena = arena_new(LIMIT_ARENA_BYTES);
	pthread_mutex_init(&r->hub.listeners_lock, NULL);
	*state = r;
	return r->hub.batch_arena ? 0 : -1;
}

static int close_room(void **state)
{
	struct room *r = *state;

	arena_fail_at(0);
	store_close(r->hub.store);
	arena_free(r->hub.batch_arena);
	pthread_mutex_destroy(&r->hub.listeners_lock);
	store_dir_remove((void **)&r->dir);
	free(r);
	return 0;
}

#define room_test(function) cmocka_unit_test_setup_teardown(function, open_room, close_room)

/* ---- putting ---- */

struct putting {
	struct batch batch;
	const struct notice *notice;
	uint32_t n;
	enum err end; /* what the transaction ends with */
};

static enum err put_all(struct store *s, void *context, struct cause *why)
{
	struct putting *p = context;
	enum err e = ERR_NONE;

	(void)s;
	notices_begin(&p->batch);
	for (uint32_t i = 0; i < p->n && !e; i++)
		e = notices_put(&p->batch, &p->notice[i], why);
	if (!e)
		e = notices_flush(&p->batch, why);
	return e ? e : p->end;
}

/* Puts them in one transaction; those who wait are woken when it was committed. */
static enum err put(struct room *r, const struct notice *notice, uint32_t n, enum err end)
{
	struct putting p = {.batch = {.h = &r->hub}, .notice = notice, .n = n, .end = end};
	struct cause why = {0};
	enum err e;

	arena_reset(r->hub.batch_arena);
	e = store_batch(r->hub.store, put_all, &p, &why);
	if (!e)
		notices_wake(&p.batch);
	return e;
}

static struct notice to(const char *party)
{
	return (struct notice){.party = span_of(party),
			       .office = SPAN("LF001"),
			       .reference = SPAN("26LF1"),
			       .version = 2,
			       .kind = SPAN("declaration.accepted"),
			       .at = STORE_NOW,
			       .body = SPAN("{\"next\":[]}")};
}

static struct notice to_officers(void)
{
	struct notice n = to("");

	n.officers = true;
	return n;
}

static uint32_t list(struct room *r, const char *party, int64_t after, struct notice **ret)
{
	struct cause why = {0};
	uint32_t n;

	assert_ok(hub_list_notices(&r->hub, r->dir->arena, span_of(party), after, NOTICES_PAGE_MAX,
				   ret, &n, &why));
	return n;
}

static void test_each_party_has_numbers_of_its_own(void **state)
{
	struct room *r = *state;
	const struct notice first[] = {to("A"), to_officers(), to("B"), to("A")},
			    second[] = {to_officers(), to_officers(), to("A")};
	struct notice *got;

	assert_int_equal(put(r, first, 4, ERR_NONE), ERR_NONE);
	assert_int_equal(put(r, second, 3, ERR_NONE), ERR_NONE);
	assert_int_equal(list(r, "A", 0, &got), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(got[i].id, i + 1);
	assert_span(got[0].party, "A");
	assert_span(got[0].reference, "26LF1");
	assert_span(got[0].kind, "declaration.accepted");
	assert_span(got[0].body, "{\"next\":[]}");
	assert_true(got[0].version == 2 && got[0].at == STORE_NOW && !got[0].officers);
	assert_int_equal(list(r, "A", 2, &got), 1);
	assert_int_equal(got[0].id, 3);
	assert_int_equal(list(r, "B", 0, &got), 1);
	assert_int_equal(list(r, "office/LF001", 0, &got), 3);
	assert_int_equal(got[2].id, 3);
	assert_true(got[2].officers);
}

static void test_what_is_not_committed_takes_no_number(void **state)
{
	struct room *r = *state;
	const struct notice one = to("A");
	struct notice *got;

	assert_int_equal(put(r, &one, 1, ERR_NONE), ERR_NONE);
	assert_int_equal(put(r, &one, 1, ERR_LIMIT), ERR_LIMIT);
	assert_int_equal(list(r, "A", 0, &got), 1);
	assert_int_equal(put(r, &one, 1, ERR_NONE), ERR_NONE);
	assert_int_equal(list(r, "A", 0, &got), 2);
	assert_int_equal(got[1].id, 2);
}

/* A declaration may name anybody as its importer. */
static void test_no_party_reaches_the_officers_stream(void **state)
{
	struct room *r = *state;
	const struct notice odd[] = {to("office/LF001"), to("office/"), to("")};
	struct notice *got;

	assert_int_equal(put(r, odd, 3, ERR_NONE), ERR_NONE);
	assert_int_equal(list(r, "office/LF001", 0, &got), 0);
	assert_int_equal(list(r, "office/", 0, &got), 0);
	assert_int_equal(list(r, "", 0, &got), 0);
}

static void test_a_long_body_is_replaced(void **state)
{
	static char text[LIMIT_NOTICE_BYTES + 2];
	struct room *r = *state;
	struct notice longest = to("A"), longer = to("A"), *got;

	memset(text, ' ', sizeof(text));
	text[0] = '{';
	text[LIMIT_NOTICE_BYTES - 1] = '}';
	longest.body = (struct span){text, LIMIT_NOTICE_BYTES, 0};
	assert_int_equal(put(r, &longest, 1, ERR_NONE), ERR_NONE);
	longer.body = (struct span){text, LIMIT_NOTICE_BYTES + 1, 0};
	assert_int_equal(put(r, &longer, 1, ERR_NONE), ERR_NONE);
	assert_int_equal(list(r, "A", 0, &got), 2);
	assert_int_equal(got[0].body.n, LIMIT_NOTICE_BYTES);
	assert_span(got[1].body, "{\"long\":true}");
}

static void write_one(void *context)
{
	struct text *text = context;
	struct notice n = to("A");

	n.id = 7;
	notice_write(text, &n);
}

static void test_a_notice_is_written_so(void **state)
{
	struct room *r = *state;
	struct text text = text_in(r->dir->arena);

	assert_int_equal(arena_run(r->dir->arena, write_one, &text), ERR_NONE);
	assert_span(
	    text_as_span(&text),
	    "{\"id\":7,\"kind\":\"declaration.accepted\",\"office\":\"LF001\",\"reference\":"
	    "\"26LF1\",\"version\":2,\"at\":\"2026-11-22T00:00:00.000000Z\",\"data\":{"
	    "\"next\":[]}}");
}

/* Wherever memory ends, nothing is left half done and nothing is lost. */
static void test_memory_that_ends(void **state)
{
	struct room *r = *state;
	const struct notice some[] = {to("A"), to("B"), to_officers()};
	struct notice *got;
	enum err e = ERR_NOMEM;
	uint64_t at = 0;

	while (e && at < 100) {
		arena_fail_at(++at);
		e = put(r, some, 3, ERR_NONE);
		arena_fail_at(0);
		assert_int_equal(list(r, "A", 0, &got), e ? 0 : 1);
	}
	assert_true(at > 3 && !e);
	assert_int_equal(got[0].id, 1);
}

/* ---- waking ---- */

struct ear {
	struct notice_listener listener;
	int woken;
};

static void hear(struct notice_listener *l)
{
	((struct ear *)l)->woken++;
}

static void test_who_was_told_something_is_woken_once_a_batch(void **state)
{
	struct room *r = *state;
	const struct notice some[] = {to("A"), to("A"), to_officers()};
	struct ear a = {{.party = SPAN("A"), .wake = hear}, 0}, twin = a,
		   b = {{.party = SPAN("B"), .wake = hear}, 0},
		   officers = {{.party = SPAN("office/LF001"), .wake = hear}, 0};

	hub_listen(&r->hub, &a.listener);
	hub_listen(&r->hub, &twin.listener);
	hub_listen(&r->hub, &b.listener);
	hub_listen(&r->hub, &officers.listener);
	assert_int_equal(put(r, some, 3, ERR_NONE), ERR_NONE);
	assert_true(a.woken == 1 && twin.woken == 1 && b.woken == 0 && officers.woken == 1);
	assert_int_equal(put(r, some, 3, ERR_LIMIT), ERR_LIMIT);
	assert_true(a.woken == 1 && officers.woken == 1);
	hub_unlisten(&r->hub, &a.listener);
	assert_int_equal(put(r, some, 2, ERR_NONE), ERR_NONE);
	assert_true(a.woken == 1 && twin.woken == 2 && officers.woken == 1);
	hub_unlisten(&r->hub, &officers.listener);
	hub_unlisten(&r->hub, &twin.listener);
	hub_unlisten(&r->hub, &b.listener);
	assert_int_equal(put(r, some, 3, ERR_NONE), ERR_NONE);
	assert_true(twin.woken == 2 && b.woken == 0 && officers.woken == 1);
}

/* ---- removing ---- */

struct purging {
	int64_t before, removed;
	uint32_t limit;
};

static enum err purge_rows(struct store *s, void *context, struct cause *why)
{
	struct purging *p = context;
	enum err e = store_purge_dead_letters(s, p->before, why);

	return e ? e : store_purge_notices(s, p->before, p->limit, &p->removed, why);
}

static int64_t purge(struct room *r, int64_t before, uint32_t limit)
{
	struct purging p = {before, 0, limit};
	struct cause why = {0};

	assert_ok(store_batch(r->hub.store, purge_rows, &p, &why));
	return p.removed;
}

static enum err add_hooks(struct store *s, void *context, struct cause *why)
{
	const struct store_hook working = {.party = SPAN("A"),
					   .id = 1,
					   .state = SPAN("active"),
					   .sealed = SPAN("x"),
					   .taken = 3},
				stopped = {.party = SPAN("B"),
					   .id = 1,
					   .state = SPAN("stopped"),
					   .sealed = SPAN("x"),
					   .taken = 0};
	const struct store_dead_letter dead = {SPAN("A"), 1, 2, SPAN("why"), STORE_NOW + 50, false};
	enum err e = store_add_hook(s, &working, why);

	(void)context;
	if (!e)
		e = store_add_hook(s, &stopped, why);
	return e ? e : store_put_dead_letter(s, &dead, why);
}

static void test_what_is_old_goes_unless_somebody_waits_for_it(void **state)
{
	struct room *r = *state;
	struct notice some[10], *got;
	struct cause why = {0};

	for (int i = 0; i < 10; i++) {
		some[i] = to(i < 5 ? "A" : "B");
		some[i].at = STORE_NOW + i % 5;
	}
	assert_int_equal(put(r, some, 10, ERR_NONE), ERR_NONE);
	assert_ok(store_batch(r->hub.store, add_hooks, NULL, &why));
	assert_int_equal(purge(r, STORE_NOW, 100), 0);
	/* A's hook has 4 and 5 before it, and 2 is a dead letter; B's stopped hook holds nothing */
	assert_int_equal(purge(r, STORE_NOW + 4, 100), 2 + 4);
	assert_int_equal(list(r, "A", 0, &got), 3);
	assert_true(got[0].id == 2 && got[1].id == 4 && got[2].id == 5);
	assert_int_equal(list(r, "B", 0, &got), 1);
	/* in pieces */
	assert_int_equal(purge(r, STORE_NOW + 100, 1), 1);
	assert_int_equal(purge(r, STORE_NOW + 100, 1), 1);
	assert_int_equal(purge(r, STORE_NOW + 100, 1), 0);
	assert_int_equal(list(r, "A", 0, &got), 2);
	assert_int_equal(list(r, "B", 0, &got), 0);
	/* numbers go on */
	assert_int_equal(put(r, &some[9], 1, ERR_NONE), ERR_NONE);
	assert_int_equal(list(r, "B", 0, &got), 1);
	assert_int_equal(got[0].id, 6);
}

/* ---- secrets ---- */

struct sealing {
	struct room *r;
	struct span context, sealed;
	struct store_hook row;
};

static void seal(void *context)
{
	struct sealing *s = context;

	s->context = hook_context(s->r->dir->arena, &s->row);
	s->sealed = keys_seal_secret(s->r->dir->arena, &s->r->hub.keys, s->context, SPAN("chs_1"));
}

static void test_a_secret_opens_with_its_hook_alone(void **state)
{
	struct room *r = *state;
	const struct store_hook row = {
	    .party = SPAN("A"), .id = 1, .url = SPAN("https://example.com/")};
	struct sealing s = {.r = r, .row = row}, other = s;
	struct arena *a = r->dir->arena;
	struct span secret;

	memset(r->hub.keys.seal, 5, sizeof(r->hub.keys.seal));
	assert_int_equal(arena_run(a, seal, &s), ERR_NONE);
	assert_int_equal(keys_open_secret(a, &r->hub.keys, s.context, s.sealed, &secret), ERR_NONE);
	assert_span(secret, "chs_1");
	other.row.url = SPAN("https://example.net/");
	assert_int_equal(arena_run(a, seal, &other), ERR_NONE);
	assert_int_equal(keys_open_secret(a, &r->hub.keys, other.context, s.sealed, &secret),
			 ERR_DENIED);
	for (uint32_t n = 0; n < s.sealed.n; n++)
		assert_int_equal(keys_open_secret(a, &r->hub.keys, s.context,
						  (struct span){s.sealed.p, n, 0}, &secret),
				 ERR_DENIED);
	r->hub.keys.seal[0] ^= 1;
	assert_int_equal(keys_open_secret(a, &r->hub.keys, s.context, s.sealed, &secret),
			 ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    room_test(test_each_party_has_numbers_of_its_own),
	    room_test(test_what_is_not_committed_takes_no_number),
	    room_test(test_no_party_reaches_the_officers_stream),
	    room_test(test_a_long_body_is_replaced),
	    room_test(test_a_notice_is_written_so),
	    room_test(test_memory_that_ends),
	    room_test(test_who_was_told_something_is_woken_once_a_batch),
	    room_test(test_what_is_old_goes_unless_somebody_waits_for_it),
	    room_test(test_a_secret_opens_with_its_hook_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
