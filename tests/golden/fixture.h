/* A hub of a test's own: a real store in a directory under /tmp, which goes when the test ends. With CUSTOMHOUSE_TEST_DB=postgres
 * the store lies in a database of the server that script/with-postgres started.
 *
 * Everything that fails here fails the test. Callers run inside a cmocka test and have called xml_start(). */
#ifndef CUSTOMHOUSE_TESTS_FIXTURE_H
#define CUSTOMHOUSE_TESTS_FIXTURE_H

#include "hub/hub.h"
#include "postgres_room.h"
#include "unit.h"

struct fixture {
	char directory[64];
	char url[POSTGRES_URL_BYTES]; /* empty: the store lies in the directory */
	unsigned number;              /* of its database */
	const char *pack; /* folder, below the root of the source unless it begins with '/' */
	struct hub *hub;  /* NULL while closed */
};

/* What replay and verify looked at: both have found nothing wrong. */
struct fixture_audit {
	int64_t replayed, verified;
};

/* A fresh directory, opened with the pack. */
void fixture_new(struct fixture *c, const char *pack);
/* Opens again what fixture_close() closed. */
/* What store_open() takes. */
static inline const char *fixture_where(const struct fixture *c)
{
	return c->url[0] ? c->url : c->directory;
}

void fixture_open(struct fixture *c);
void fixture_close(struct fixture *c);
/* Closes, and removes the directory. */
void fixture_remove(struct fixture *c);

/* A path below the root of the source: CUSTOMHOUSE_ROOT, or the working directory. One that begins with '/' stays. In a. */
char *fixture_path(struct arena *a, const char *path);
/* A whole file. In a. */
struct span fixture_read(struct arena *a, const char *path);
/* A file below the root, where every @day@, @day-10@ ... is a day counted from today (UTC). In a. */
struct span fixture_template(struct arena *a, const char *path);
/* Every `from` in text replaced. In a. */
struct span fixture_replaced(struct arena *a, struct span text, struct span from, struct span to);

/* Submits and waits. sender and key as in struct submission. The outcome lies in a, which belongs to the hub meanwhile. */
struct outcome fixture_submit(struct fixture *c, struct arena *a, struct span raw,
			      const char *sender, const char *key);

/* Looks at the store as a reader beside the owner (open or closed): every decision replays to the same bytes, and verify finds
 * nothing. */
struct fixture_audit fixture_sound(const struct fixture *c);

/* A member of a stored decision or answer, by name. */
const struct json *fixture_member(struct arena *a, struct span decision, const char *name);
/* Does the decision have a finding of this rule? */
bool fixture_found(struct arena *a, struct span decision, const char *rule);

#endif
