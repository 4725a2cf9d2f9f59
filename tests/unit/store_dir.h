/* For the tests of db/ and store/: a directory that is gone afterwards, a store in it, and events as the hub would make them.
 *
 * With CUSTOMHOUSE_TEST_DB=postgres the store is a database of the server that script/with-postgres started. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_STORE_DIR_H
#define CUSTOMHOUSE_TESTS_UNIT_STORE_DIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/prng.h"
#include "postgres_room.h"
#include "store/store.h"
#include "unit.h"

#define STORE_NOW INT64_C(1795305600000000) /* 2026-11-22 */

struct store_dir {
	char parent[64]; /* exists */
	/* does not exist until a store is made in it; or the URL of an empty database */
	char path[POSTGRES_URL_BYTES];
	struct arena *arena;
};

/* Does the store of these tests lie on a server? */
static inline bool store_dir_remote(void)
{
	return postgres_wanted();
}

static inline int store_dir_remove_one(const char *path, const struct stat *st, int type,
				       struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int store_dir_make(void **state)
{
	struct store_dir *d = calloc(1, sizeof(*d));

	if (!d)
		return -1;
	snprintf(d->parent, sizeof(d->parent), "/tmp/customhouse-test-XXXXXX");
	if (!mkdtemp(d->parent))
		return -1;
	if (!store_dir_remote())
		snprintf(d->path, sizeof(d->path), "%s/data", d->parent);
	else if (!postgres_make(0, d->path))
		return -1;
	d->arena = arena_new(LIMIT_ARENA_BYTES);
	*state = d;
	return d->arena ? 0 : -1;
}

static inline int store_dir_remove(void **state)
{
	struct store_dir *d = *state;

	nftw(d->parent, store_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (store_dir_remote() && !postgres_drop(0))
		return -1;
	arena_free(d->arena);
	free(d);
	return 0;
}

/* Another empty directory for the next round of a test. */
static inline void store_dir_renew(struct store_dir *d)
{
	nftw(d->parent, store_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(d->parent, 0700), 0);
	if (store_dir_remote())
		assert_true(postgres_drop(0) && postgres_make(0, d->path));
}

#define store_test(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, store_dir_make, store_dir_remove)

/* Runs the tests of a program, where there is what they need. */
#define store_dir_run(tests) (postgres_missing() ? 0 : cmocka_run_group_tests(tests, NULL, NULL))

/* Fails the test with the cause's own words. */
#define assert_ok(call)                                                                            \
	do {                                                                                       \
		const enum err err_ = (call);                                                      \
		if (err_)                                                                          \
			fail_msg("%s: %s: %s", #call, err_name(err_), why.text);                   \
	} while (0)

static inline struct store *store_dir_open(const char *path, enum store_mode mode)
{
	const struct store_options options = {.mode = mode, .now = STORE_NOW};
	struct store *s = NULL;
	struct cause why = {0};

	assert_ok(store_open(path, &options, &s, &why));
	return s;
}

/* An event of the test office LF001 with a sealed chain. */
static inline struct event store_dir_event(int64_t seq, const char *kind, const char *reference,
					   struct span payload, const struct hash *before)
{
	struct event e = {
	    .office = SPAN("LF001"),
	    .seq = seq,
	    .kind = span_of(kind),
	    .reference = span_of(reference),
	    .version = 1,
	    .at = STORE_NOW + seq,
	    .actor = SPAN("BROKER1"),
	    .payload = payload,
	};

	memset(e.salt, (int)(seq & 0xff), sizeof(e.salt));
	event_seal(&e, before);
	return e;
}

/* What does not compress, for payloads that are to take room. */
static inline void store_dir_noise(char *p, size_t n)
{
	struct prng random = prng_of(7, 0);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)prng_next(&random);
}

/* Appends count events after the head, in one batch. */
struct store_dir_batch {
	int64_t count;
	struct span payload;
};

static inline enum err store_dir_append(struct store *s, void *context, struct cause *why)
{
	const struct store_dir_batch *b = context;
	struct store_head head;
	enum err err = store_get_head(s, SPAN("LF001"), &head, why);

	for (int64_t i = 0; !err && i < b->count; i++) {
		const struct event e =
		    store_dir_event(head.seq + 1, "input", "26LF1", b->payload, &head.chain);

		err = store_append_event(s, &e, why);
		head = (struct store_head){e.seq, e.chain};
	}
	return err;
}

/* What stands in the log: its length, and that every event follows from the one before. */
struct store_dir_log {
	int64_t seq;
	struct hash chain;
};

static inline enum err store_dir_follow(void *context, const struct event *e, struct cause *why)
{
	struct store_dir_log *log = context;

	if (e->seq != log->seq + 1)
		return fail(why, ERR_DB, "event %lld follows %lld", (long long)e->seq,
			    (long long)log->seq);
	if (event_verify(e, &log->chain) != EVENT_SOUND)
		return fail(why, ERR_DB, "event %lld is not sound", (long long)e->seq);
	*log = (struct store_dir_log){e->seq, e->chain};
	return ERR_NONE;
}

/* The number of events of a sound log; fails the test when it is not sound. */
static inline int64_t store_dir_count(struct store *s)
{
	const struct store_range all = {.office = SPAN("LF001"), .from_at = INT64_MIN};
	struct store_dir_log log = {0};
	struct cause why = {0};

	assert_ok(store_scan_events(s, &all, store_dir_follow, &log, &why));
	return log.seq;
}

#endif
