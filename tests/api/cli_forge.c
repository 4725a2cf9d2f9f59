/* What somebody would do who can write the store, knows the source, and lacks the signing key: changes one event and recomputes
 * the chain behind it. cli_forge DATABASE OFFICE SEQ. For cli_tamper.sh. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/event.h"
#include "store/payload.h"

static struct span text_at(sqlite3_stmt *s, int column)
{
	return (struct span){(const char *)sqlite3_column_blob(s, column),
			     (uint32_t)sqlite3_column_bytes(s, column), 0};
}

static void must(int code, sqlite3 *db, const char *what)
{
	if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
		fprintf(stderr, "cli_forge: %s: %s\n", what, sqlite3_errmsg(db));
		exit(1);
	}
}

/* The payload with one more blank behind its first comma: still JSON, another decision in bytes. */
static struct span altered(struct span payload)
{
	const char *comma = memchr(payload.p, ',', payload.n);
	size_t head = comma ? (size_t)(comma - payload.p) + 1 : payload.n;
	char *p = malloc(payload.n + 1);

	memcpy(p, payload.p, head);
	p[head] = ' ';
	memcpy(p + head + 1, payload.p + head, payload.n - head);
	return (struct span){p, payload.n + 1, 0};
}

static void update(sqlite3 *db, const struct event *e)
{
	sqlite3_stmt *s;

	must(sqlite3_prepare_v2(db,
				"UPDATE event SET payload = ?1, compression = 0, "
				"payload_hash = ?2, chain = ?3 WHERE office = ?4 AND seq = ?5",
				-1, &s, NULL),
	     db, "prepare");
	sqlite3_bind_blob(s, 1, e->payload.p, (int)e->payload.n, SQLITE_TRANSIENT);
	sqlite3_bind_blob(s, 2, e->payload_hash.byte, 32, SQLITE_TRANSIENT);
	sqlite3_bind_blob(s, 3, e->chain.byte, 32, SQLITE_TRANSIENT);
	sqlite3_bind_text(s, 4, e->office.p, (int)e->office.n, SQLITE_TRANSIENT);
	sqlite3_bind_int64(s, 5, e->seq);
	must(sqlite3_step(s), db, "update");
	sqlite3_finalize(s);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct hash before = {{0}};
	sqlite3_stmt *s;
	sqlite3 *db;

	if (argc != 4)
		return 2;
	must(sqlite3_open(argv[1], &db), db, "open");
	must(sqlite3_prepare_v2(
		 db,
		 "SELECT seq, kind, reference, version, at, actor, salt, payload, chain, "
		 "compression FROM event WHERE office = ?1 ORDER BY seq",
		 -1, &s, NULL),
	     db, "prepare");
	sqlite3_bind_text(s, 1, argv[2], -1, SQLITE_STATIC);
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct event e = {.office = span_of(argv[2]),
				  .seq = sqlite3_column_int64(s, 0),
				  .kind = text_at(s, 1),
				  .reference = text_at(s, 2),
				  .version = sqlite3_column_int64(s, 3),
				  .at = sqlite3_column_int64(s, 4),
				  .actor = text_at(s, 5),
				  .payload = text_at(s, 7)};

		if (payload_expand(a, sqlite3_column_int64(s, 9), e.payload, &e.payload))
			return 1;
		memcpy(e.salt, sqlite3_column_blob(s, 6), EVENT_SALT_BYTES);
		if (e.seq < strtoll(argv[3], NULL, 10)) {
			memcpy(before.byte, sqlite3_column_blob(s, 8), 32);
			continue;
		}
		if (e.seq == strtoll(argv[3], NULL, 10))
			e.payload = altered(e.payload);
		event_seal(&e, &before);
		update(db, &e);
		before = e.chain;
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	arena_free(a);
	return 0;
}
