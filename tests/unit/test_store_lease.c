/* Leases, batches and news, as two nodes with a connection each meet them. */
#include "store/nodes.h"

#include "db/db.h"

#include "store_dir.h"

static const struct span OFFICE = SPAN("LF001");

/* Two connections to one store: this process may open it once as its owner, and once more past the lock. */
struct nodes {
	struct store *a, *b;
	struct arena *arena;
};

static struct nodes two_nodes(struct store_dir *d)
{
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	struct nodes n = {.a = store_dir_open(d->path, STORE_OWN), .arena = d->arena};
	struct cause why = {0};
	struct db *db = NULL;

	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(store_open_over(db, &options, &n.b, &why));
	return n;
}

static void end_nodes(struct nodes *n)
{
	store_close(n->b);
	store_close(n->a);
}

/* ---- what one transaction does ---- */

struct work {
	enum err (*run)(struct store *s, struct work *w, struct cause *why);
	struct store_lease lease;
	struct store_node node;
	struct span other;
	int64_t number, got;
	uint8_t public[32], signer[32];
};

static enum err run_work(struct store *s, void *context, struct cause *why)
{
	struct work *w = context;

	return w->run(s, w, why);
}

static enum err commit(struct store *s,
		       enum err (*run)(struct store *, struct work *, struct cause *),
		       struct work *w)
{
	struct cause why = {0};

	w->run = run;
	return store_batch(s, run_work, w, &why);
}

static enum err begin(struct store *s, struct work *w, struct cause *why)
{
	return store_begin_node(s, &w->node, &w->got, why);
}

static enum err beat(struct store *s, struct work *w, struct cause *why)
{
	return store_beat_node(s, w->node.name, w->node.run, why);
}

static enum err take(struct store *s, struct work *w, struct cause *why)
{
	return store_take_lease(s, &w->lease, why);
}

static enum err lock(struct store *s, struct work *w, struct cause *why)
{
	return store_lock_lease(s, &w->lease, &w->got, why);
}

static enum err give(struct store *s, struct work *w, struct cause *why)
{
	return store_give_lease(s, &w->lease, w->other, 1, why);
}

static enum err release(struct store *s, struct work *w, struct cause *why)
{
	return store_release_leases(s, w->lease.node, w->lease.run, why);
}

static enum err note(struct store *s, struct work *w, struct cause *why)
{
	return store_note_batch(s, w->node.name, w->node.run, w->number, why);
}

static enum err look(struct store *s, struct work *w, struct cause *why)
{
	return store_get_batch(s, w->node.name, w->node.run, &w->got, why);
}

static enum err sign(struct store *s, struct work *w, struct cause *why)
{
	return store_note_signer(s, w->public, STORE_NOW, w->signer, why);
}

static enum err tell(struct store *s, struct work *w, struct cause *why)
{
	enum err e = ERR_NONE;

	for (int64_t i = 0; i < w->number && !e; i++)
		e = store_put_news(s, SPAN("person"), SPAN("anna"), why);
	return e;
}

static enum err purge(struct store *s, struct work *w, struct cause *why)
{
	return store_purge_news(s, w->number, why);
}

static struct work lease_of(const char *node, int64_t epoch)
{
	return (struct work){.lease = {OFFICE, epoch, span_of(node), 1, 0}};
}

/* ---- tests ---- */

static void test_of_two_that_take_an_office_one_gets_it(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work a = lease_of("a", 1), b = lease_of("b", 1);
	struct store_lease now;
	struct cause why = {0};

	assert_int_equal(store_get_lease(n.a, n.arena, OFFICE, &now, &why), ERR_NOT_FOUND);
	assert_int_equal(commit(n.a, take, &a), ERR_NONE);
	assert_int_equal(commit(n.b, take, &b), ERR_CONFLICT);
	assert_ok(store_get_lease(n.b, n.arena, OFFICE, &now, &why));
	assert_span(now.node, "a");
	assert_int_equal(now.epoch, 1);

	/* both have seen the same epoch, and want the next */
	a = lease_of("a", 2);
	b = lease_of("b", 2);
	assert_int_equal(commit(n.b, take, &b), ERR_NONE);
	assert_int_equal(commit(n.a, take, &a), ERR_CONFLICT);
	assert_ok(store_get_lease(n.a, n.arena, OFFICE, &now, &why));
	assert_span(now.node, "b");
	assert_int_equal(now.epoch, 2);
	end_nodes(&n);
}

static void test_a_lost_lease_locks_nothing(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work a = lease_of("a", 1), b = lease_of("b", 2), wrong;

	assert_int_equal(commit(n.a, take, &a), ERR_NONE);
	assert_int_equal(commit(n.a, lock, &a), ERR_NONE);
	assert_int_equal(a.got, 1);
	assert_int_equal(commit(n.a, lock, &a), ERR_NONE);
	assert_int_equal(a.got, 2);
	/* another node, another run, another epoch */
	wrong = lease_of("b", 1);
	assert_int_equal(commit(n.b, lock, &wrong), ERR_NOT_FOUND);
	wrong = lease_of("a", 1);
	wrong.lease.run = 2;
	assert_int_equal(commit(n.b, lock, &wrong), ERR_NOT_FOUND);
	wrong = lease_of("a", 2);
	assert_int_equal(commit(n.b, lock, &wrong), ERR_NOT_FOUND);

	assert_int_equal(commit(n.b, take, &b), ERR_NONE);
	assert_int_equal(commit(n.a, lock, &a), ERR_NOT_FOUND);
	assert_int_equal(commit(n.b, lock, &b), ERR_NONE);
	end_nodes(&n);
}

static void test_leases_are_given_on_and_back(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work a = lease_of("a", 1), b = lease_of("b", 2);
	struct store_lease *list;
	struct cause why = {0};
	uint32_t count;

	assert_int_equal(commit(n.a, take, &a), ERR_NONE);
	a.other = SPAN("b");
	assert_int_equal(commit(n.a, give, &a), ERR_NONE);
	assert_int_equal(commit(n.a, give, &a), ERR_NOT_FOUND);
	assert_int_equal(commit(n.a, lock, &a), ERR_NOT_FOUND);
	assert_int_equal(commit(n.b, lock, &b), ERR_NONE);

	assert_int_equal(commit(n.a, release, &a), ERR_NONE); /* has none */
	assert_int_equal(commit(n.b, lock, &b), ERR_NONE);
	assert_int_equal(commit(n.b, release, &b), ERR_NONE);
	assert_int_equal(commit(n.b, lock, &b), ERR_NOT_FOUND);
	assert_ok(store_list_leases(n.a, n.arena, &list, &count, &why));
	assert_int_equal(count, 2);
	assert_span(list[0].office, "HUB");
	assert_span(list[1].node, "");
	assert_int_equal(list[1].epoch, 3);
	end_nodes(&n);
}

static void test_a_name_belongs_to_its_newest_process(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work first = {.node = {.name = SPAN("a"),
				      .address = SPAN("127.0.0.1:1"),
				      .program = SPAN("0.1"),
				      .started_at = STORE_NOW}},
		    second = first;
	struct store_node *list;
	struct cause why = {0};
	uint32_t count;
	int64_t seen;

	assert_int_equal(commit(n.a, begin, &first), ERR_NONE);
	first.node.run = first.got;
	assert_ok(store_list_nodes(n.b, n.arena, &list, &count, &why));
	seen = list[0].beat;
	assert_int_equal(commit(n.a, beat, &first), ERR_NONE);
	assert_ok(store_list_nodes(n.b, n.arena, &list, &count, &why));
	assert_int_equal(list[0].beat, seen + 1);

	assert_int_equal(commit(n.b, begin, &second), ERR_NONE);
	second.node.run = second.got;
	assert_true(second.node.run > first.node.run);
	assert_int_equal(commit(n.a, beat, &first), ERR_NOT_FOUND);
	assert_int_equal(commit(n.b, beat, &second), ERR_NONE);
	second.number = 7;
	assert_int_equal(commit(n.b, note, &second), ERR_NONE);
	first.number = 8;
	assert_int_equal(commit(n.a, note, &first), ERR_NOT_FOUND);
	assert_int_equal(commit(n.a, look, &first), ERR_NOT_FOUND);
	end_nodes(&n);
}

static enum err note_and_fail(struct store *s, struct work *w, struct cause *why)
{
	enum err e = note(s, w, why);

	return e ? e : fail(why, ERR_IO, "the machine stops");
}

static void test_a_batch_is_found_again_when_it_is_stored(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work w = {.node = {.name = SPAN("a"), .address = SPAN("http://a:1")}, .number = 41};

	assert_int_equal(commit(n.b, look, &w), ERR_NOT_FOUND); /* nobody has that name */
	assert_int_equal(commit(n.a, begin, &w), ERR_NONE);
	w.node.run = w.got;
	assert_int_equal(commit(n.b, look, &w), ERR_NONE);
	assert_int_equal(w.got, 0); /* it never had one, and its row is there to be waited for */
	assert_int_equal(commit(n.a, note, &w), ERR_NONE);
	w.number = 42;
	assert_int_equal(commit(n.a, note_and_fail, &w), ERR_IO);
	assert_int_equal(commit(n.b, look, &w), ERR_NONE);
	assert_int_equal(w.got, 41);
	assert_int_equal(commit(n.a, begin, &w), ERR_NONE);
	assert_int_equal(commit(n.b, look, &w), ERR_NOT_FOUND); /* a new process has the name */
	w.node.run = w.got;
	assert_int_equal(commit(n.b, look, &w), ERR_NONE);
	assert_int_equal(w.got, 0); /* and has stored none yet */
	end_nodes(&n);
}

static void test_the_first_signer_stays(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work a = {.public = {1}}, b = {.public = {2}};
	struct cause why = {0};
	uint8_t signer[32];

	assert_int_equal(store_get_signer(n.a, signer, &why), ERR_NOT_FOUND);
	assert_int_equal(commit(n.a, sign, &a), ERR_NONE);
	assert_int_equal(a.signer[0], 1);
	assert_int_equal(commit(n.b, sign, &b), ERR_NONE);
	assert_int_equal(b.signer[0], 1);
	end_nodes(&n);
}

static void test_news_go_on_where_they_were(void **state)
{
	struct nodes n = two_nodes(*state);
	struct work w = {.number = 3};
	struct store_news *list;
	struct cause why = {0};
	int64_t oldest, newest;
	uint32_t count;

	assert_ok(store_get_news_ends(n.a, &oldest, &newest, &why));
	assert_int_equal(newest, 0);
	assert_int_equal(commit(n.a, tell, &w), ERR_NONE);
	assert_ok(store_list_news(n.b, n.arena, 1, 100, &list, &count, &why));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].id, 2);
	assert_span(list[0].kind, "person");
	assert_span(list[0].key, "anna");
	/* the newest is never removed: numbers go on behind it */
	w.number = 100;
	assert_int_equal(commit(n.b, purge, &w), ERR_NONE);
	assert_ok(store_get_news_ends(n.a, &oldest, &newest, &why));
	assert_int_equal(oldest, 3);
	w.number = 1;
	assert_int_equal(commit(n.a, tell, &w), ERR_NONE);
	assert_ok(store_get_news_ends(n.a, &oldest, &newest, &why));
	assert_int_equal(newest, 4);
	end_nodes(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_of_two_that_take_an_office_one_gets_it),
	    store_test(test_a_lost_lease_locks_nothing),
	    store_test(test_leases_are_given_on_and_back),
	    store_test(test_a_name_belongs_to_its_newest_process),
	    store_test(test_a_batch_is_found_again_when_it_is_stored),
	    store_test(test_the_first_signer_stays),
	    store_test(test_news_go_on_where_they_were),
	};

	return store_dir_run(tests);
}
