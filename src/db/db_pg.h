/* Inside the PostgreSQL driver: what its files share. Not for callers.
 *
 * The connection is always in libpq's pipeline mode. What is sent is noted in a list, in order; db_pg_wait() adds a sync, sends
 * everything, and takes the answers until the list is empty. Nothing reaches the server without a sync behind it: while the
 * server waits for one it does not count the time that a transaction is idle, and a client that was frozen there would keep its
 * locks. The first failure of what was sent becomes the failure of the transaction: everything later in it is refused, as the
 * server does, until it is rolled back. */
#ifndef CUSTOMHOUSE_DB_DB_PG_H
#define CUSTOMHOUSE_DB_DB_PG_H

#include <libpq-fe.h>

#include "db/db_cache.h"
#include "db/db_driver.h"

enum {
	PG_PARAMETERS_MAX = 32, /* of one row */
	PG_GROUP_ROWS = 64,
	PG_GROUP_SIZES = 7,
	PG_GROUP_VALUES_MAX =
	    64 *
	    20, /* of one statement of a group: no row of those that are grouped has more than 20 */
	PG_GROUP_BYTES_FIRST = 1 << 12,
	PG_GROUP_BYTES = 1 << 18, /* what is kept back of one statement */
	PG_PENDING_MAX = 8192,    /* what is sent before its answers are taken */
	PG_UNSYNCED_MAX = 4096,   /* bytes: libpq sends by itself what grows beyond 8 kB */
	PG_FRAME_BYTES =
	    256, /* what a statement needs on the way beside its values, its text included: a guess */
	PG_LABEL_BYTES = 256,
	/* of silence after which a server is taken for dead; a reader may ask what takes long */
	PG_WRITER_ANSWER_MS = 60000,
	PG_READER_ANSWER_MS = 600000,
	PG_LOOK_MS = 100, /* between two looks whether anybody still waits */
};

/* The types that values have on the way. */
enum pg_type { PG_BYTEA = 17, PG_INT8 = 20, PG_INT2 = 21, PG_INT4 = 23, PG_TEXT = 25 };

/* What the server knows of a statement. */
struct pg_prepared {
	const struct db_stmt *stmt;
	char name[16];
	uint32_t generation; /* of the connection that has it; 0: none has */
	uint32_t parameters;
	char *sql; /* its words replaced */
};

/* Rows of a query. */
struct pg_cursor {
	const struct db_stmt *stmt;
	PGresult *rows;
	int row, count;
	uint32_t scan; /* number of the server's cursor; 0: all rows are here */
	uint32_t chunk;
	uint32_t generation;
};

/* Rows of one statement that wait to be sent together. */
struct pg_group {
	struct pg_group *next;
	const struct db_stmt *stmt;
	struct db_stmt variant[PG_GROUP_SIZES]; /* with more rows; their texts are the group's */
	uint32_t args, rows;
	struct db_value *value; /* spans: offset into bytes, plus 1 */
	char *bytes;
	size_t used, room;
};

struct pg_pending {
	enum { PG_SYNC, PG_PREPARE, PG_EXEC, PG_QUERY, PG_COMMIT } kind;
	const struct db_stmt *stmt;
	struct pg_prepared *prepared; /* PG_PREPARE */
	struct pg_cursor *cursor;     /* PG_QUERY */
	int64_t *rows;                /* PG_EXEC: how many were changed; NULL: nobody asks */
};

struct pg {
	struct db db;
	PGconn *conn;
	char *url;
	char label[PG_LABEL_BYTES]; /* names the database in messages, without its password */
	struct db_cache cache;
	uint32_t generation; /* counts connections; prepared statements and cursors belong to one */
	uint32_t statements, scans;
	uint64_t round_trips;
	struct pg_group *groups;
	uint32_t grouped; /* rows in them */
	struct pg_pending *pending;
	uint32_t pending_count, pending_room;
	size_t unsynced;      /* bytes that were given to libpq since the newest sync */
	struct cause failure; /* of the transaction, or of what was sent outside one */
	enum db_state state;  /* of the transaction; db.state is the caller's business */
	bool lost;            /* the connection is of no use any more */
	bool warned;          /* the server warned since the last begin of a commit */
	bool committed;       /* the answer to COMMIT says so */
	bool patient;         /* its transactions may be idle for long */
	int64_t retry_at;     /* clock_steady(): no earlier attempt to connect */
};

static inline struct pg *pg_of(struct db *db)
{
	return (struct pg *)db; /* its first member */
}

/* ---- db_pg_connect.c ---- */

/* Opens c->conn and looks whether the server keeps promise 1. Bounded in time. ERR_BUSY: it cannot be reached now. */
enum err db_pg_connect(struct pg *c, struct cause *why) MUST_CHECK;
/* Opens a lost connection again, waiting some seconds for a server that restarts. */
enum err db_pg_reconnect(struct pg *c, struct cause *why) MUST_CHECK;
void db_pg_disconnect(struct pg *c);
/* Fills c->label from c->url. */
void db_pg_label(struct pg *c);

/* ---- db_pg_error.c ---- */

/* What a result, or, where it is NULL, the connection, says went wrong. stmt: for the text. */
enum err db_pg_fail(const struct pg *c, const char *what, const PGresult *result,
		    struct cause *why);
/* Is the connection of no more use after this error? */
bool db_pg_is_lost(const struct pg *c, const PGresult *result);

/* ---- db_pg_group.c ---- */

/* Keeps a row back. key: leading values that name it, where one statement may not have it twice. */
enum err db_pg_group(struct pg *c, const struct db_stmt *stmt, struct db_args args, uint32_t key,
		     struct cause *why) MUST_CHECK;
/* Sends what was kept back; nothing is waited for. */
enum err db_pg_send_groups(struct pg *c, struct cause *why) MUST_CHECK;
/* Forgets it: the transaction is over. */
void db_pg_drop_groups(struct pg *c);
void db_pg_free_groups(struct pg *c);

/* ---- db_pg_pipe.c ---- */

/* Sends a statement, preparing it where the server does not know it, and notes it; nothing is waited for. */
enum err db_pg_send(struct pg *c, const struct db_stmt *stmt, struct db_args args,
		    struct pg_pending note, struct cause *why) MUST_CHECK;
/* The same with a text that is used once. */
enum err db_pg_send_text(struct pg *c, const char *sql, struct db_args args, struct pg_pending note,
			 struct cause *why) MUST_CHECK;
/* Takes all answers. The failure of what was sent is the transaction's. */
enum err db_pg_wait(struct pg *c, struct cause *why) MUST_CHECK;
/* Runs statements that are separated by ';' and have no parameters. */
enum err db_pg_run(struct pg *c, const char *sql, struct cause *why) MUST_CHECK;
void db_pg_drop_prepared(void *prepared);

#endif
