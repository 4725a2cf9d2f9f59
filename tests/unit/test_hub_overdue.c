/* hub/stock/overdue: goods whose last day is over are told of once, to their holder and to the office, whenever the hub looks.
 * A hub over a fresh store, without its writer: the test settles, by days of its own. */
#include "store_dir.h"

#include "base/date.h"
#include "hub/notices/notices.h"
#include "hub/stock/overdue.h"

struct room {
	struct store_dir *dir;
	struct arena *pack;
	struct hub hub;
};

static int32_t day_named(const char *day)
{
	int32_t d;

	assert_int_equal(day_parse(span_of(day), &d), ERR_NONE);
	return d;
}

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));
	struct pack_faults faults = {0};
	struct span archive[PACK_PARTS];
	struct cause why = {0};
	char folder[4096];

	if (!r || store_dir_make((void **)&r->dir))
		return -1;
	r->pack = arena_new((size_t)LIMIT_PACK_BYTES);
	faults.arena = r->pack;
	snprintf(folder, sizeof(folder), "%s/packs/landfall", getenv("CUSTOMHOUSE_ROOT"));
	r->hub.mode = HUB_READ; /* readers then share the one store */
	r->hub.store = store_dir_open(r->dir->path, STORE_OWN);
	r->hub.batch_arena = arena_new(LIMIT_ARENA_BYTES);
	r->hub.offices = calloc(OFFICES_MAX, sizeof(*r->hub.offices));
	pthread_mutex_init(&r->hub.listeners_lock, NULL);
	*state = r;
	return pack_read_folder(r->pack, folder, archive, &faults, &why) ||
	       inforce_load(archive, &r->hub.inforce, &faults, &why) || !r->hub.offices;
}

static int close_room(void **state)
{
	struct room *r = *state;

	inforce_release(r->hub.inforce);
	store_close(r->hub.store);
	arena_free(r->hub.batch_arena);
	arena_free(r->pack);
	pthread_mutex_destroy(&r->hub.listeners_lock);
	free(r->hub.offices);
	store_dir_remove((void **)&r->dir);
	free(r);
	return 0;
}

#define room_test(function) cmocka_unit_test_setup_teardown(function, open_room, close_room)

/* ---- goods ---- */

struct goods {
	const char *account, *office, *holder, *until;
	bool open;
};

struct putting {
	const struct goods *goods;
	size_t n;
};

static enum err put_goods(struct store *s, void *context, struct cause *why)
{
	const struct putting *p = context;
	enum err e = ERR_NONE;

	for (size_t i = 0; i < p->n && !e; i++) {
		const struct goods *g = &p->goods[i];
		struct store_stock k = {
		    .account = span_of(g->account),
		    .carrier = SPAN(""),
		    .kind = SPAN("temporary-admission/53"),
		    .office = span_of(g->office),
		    .source = SPAN("26XL010000000014"),
		    .consignee = span_of(g->holder),
		    .open = g->open,
		    .goods = SPAN("84713000"),
		    .unit = SPAN(""),
		    .from_day = SPAN("2026-01-10"),
		    .until_day = span_of(g->until),
		};

		e = store_put_stock(s, &k, why);
	}
	return e;
}

static void put(struct room *r, const struct goods *goods, size_t n)
{
	struct putting p = {goods, n};
	struct cause why = {0};

	assert_int_equal(store_batch(r->hub.store, put_goods, &p, &why), ERR_NONE);
}

/* ---- the clock ---- */

struct looking {
	struct batch batch;
	bool again;
};

static enum err look(struct store *s, void *context, struct cause *why)
{
	struct looking *l = context;
	enum err e;

	(void)s;
	notices_begin(&l->batch);
	e = overdue_tell(&l->batch, &l->again, why);
	return e ? e : notices_flush(&l->batch, why);
}

/* Everything that the hub does at noon of that day. */
static void noon(struct room *r, const char *day)
{
	struct cause why = {0};
	int passes = 0;

	for (struct looking l = {.again = true}; l.again; passes++) {
		l = (struct looking){
		    .batch = {.h = &r->hub,
			      .inforce = r->hub.inforce,
			      .now = (int64_t)day_named(day) * 86400000000 + 36000000000}};
		arena_reset(r->hub.batch_arena);
		assert_int_equal(store_batch(r->hub.store, look, &l, &why), ERR_NONE);
		notices_wake(&l.batch);
	}
	assert_in_range(passes, 1, OVERDUE_DAYS + 1);
}

/* How often was that party told, and of what last? */
static uint32_t told(struct room *r, struct span party, struct notice *ret_last)
{
	struct notice *v;
	struct cause why = {0};
	uint32_t n;

	arena_reset(r->dir->arena);
	assert_int_equal(hub_list_notices(&r->hub, r->dir->arena, party, 0, 100, &v, &n, &why),
			 ERR_NONE);
	if (n)
		*ret_last = v[n - 1];
	return n;
}

static void test_told_once(void **state)
{
	struct room *r = *state;
	static const struct goods goods[] = {
	    {"stock/26XL010000000014/1", "XLHAR001", "XL200000000018", "2026-03-10", true},
	    {"stock/26XL010000000014/2", "XLHAR001", "XL200000000018", "2026-03-10", true},
	    {"stock/26XL010000000014/3", "XLHAR001", "XL200000000018", "2026-03-10", false},
	    {"stock/26XL010000000014/4", "XLHAR001", "XL200000000018", "2026-03-20", true},
	    {"stock/26XL010000000022/1", "XLAIR001", "XL200000000018", "2026-03-10", true},
	    {"bill/705/HLCU1", "XLHAR001", "XL200000000018", "2026-03-10", true},
	};
	const struct span holder = SPAN("XL200000000018");
	struct span harbour = notices_of_office(r->pack, SPAN("XLHAR001"));
	struct notice last = {0};

	put(r, goods, ARRAY_LEN(goods));
	noon(r, "2026-03-10"); /* its last day is not over */
	assert_int_equal(told(r, holder, &last), 0);
	noon(r, "2026-03-11");
	assert_int_equal(told(r, harbour, &last), 2);
	assert_int_equal(told(r, holder, &last), 3);
	assert_true(span_equal(last.kind, OVERDUE_NOTICE));
	assert_span(last.reference, "26XL010000000014");
	assert_span(last.body, "{\"item\":\"2\",\"procedure\":\"53\","
			       "\"goods\":\"84713000\",\"until\":\"2026-03-10\"}");
	noon(r, "2026-03-11");
	r->hub.overdue_day = 0; /* as after a new start, or by the node that has the office now */
	noon(r, "2026-03-12");
	assert_int_equal(told(r, holder, &last), 3);
	noon(r, "2026-03-21");
	assert_int_equal(told(r, holder, &last), 4);
	assert_int_equal(told(r, harbour, &last), 3);
}

/* A hub that stood still tells when it runs again; of what is long past only the list tells. */
static void test_told_late(void **state)
{
	struct room *r = *state;
	static const struct goods goods[] = {
	    {"stock/26XL010000000014/1", "XLHAR001", "XL200000000018", "2026-03-10", true},
	    {"stock/26XL010000000014/2", "XLHAR001", "XL200000000018", "2026-02-10", true},
	};
	struct notice last = {0};

	put(r, goods, ARRAY_LEN(goods));
	noon(r, "2026-04-10");
	assert_int_equal(told(r, SPAN("XL200000000018"), &last), 1);
	assert_non_null(strstr(arena_print(r->pack, "%.*s", SPAN_ARG(last.body)), "2026-03-10"));
}

/* More than one page of an office's goods. */
static void test_many(void **state)
{
	struct room *r = *state;
	struct goods *goods = calloc(STORE_PAGE_MAX + 3, sizeof(*goods));
	struct notice last = {0};

	assert_non_null(goods);
	for (size_t i = 0; i < STORE_PAGE_MAX + 3; i++)
		goods[i] = (struct goods){
		    arena_print(r->pack, "stock/26XL010000000014/%05zu", i), "XLHAR001",
		    i < STORE_PAGE_MAX + 1 ? "XL200000000018" : "XL200000000026", "2026-03-10",
		    true};
	put(r, goods, STORE_PAGE_MAX + 3);
	noon(r, "2026-03-11");
	assert_int_equal(told(r, SPAN("XL200000000026"), &last), 2);
	assert_int_equal(told(r, SPAN("XL200000000018"), &last), 100); /* of all, the first page */
	free(goods);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    room_test(test_told_once),
	    room_test(test_told_late),
	    room_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
