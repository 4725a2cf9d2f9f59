/* Sending and waiting. */
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db_pg.h"

/* Parameters as libpq takes them: all binary. */
struct parameters {
	Oid type[PG_GROUP_VALUES_MAX];
	const char *value[PG_GROUP_VALUES_MAX];
	int length[PG_GROUP_VALUES_MAX], format[PG_GROUP_VALUES_MAX];
	uint64_t number[PG_GROUP_VALUES_MAX];
};

static void fill_parameters(struct parameters *p, struct db_args args)
{
	BUG_ON(args.n > PG_GROUP_VALUES_MAX);
	for (uint32_t i = 0; i < args.n; i++) {
		const struct db_value *v = &args.value[i];

		p->format[i] = 1;
		p->length[i] = (int)v->span.n;
		p->value[i] = v->span.p ? v->span.p : "";
		switch (v->kind) {
		case DB_NULL:
			p->type[i] = 0; /* as the statement wants it */
			p->value[i] = NULL;
			p->length[i] = 0;
			break;
		case DB_I64:
			p->type[i] = PG_INT8;
			p->number[i] = htobe64((uint64_t)v->i64);
			p->value[i] = (const char *)&p->number[i];
			p->length[i] = sizeof(p->number[i]);
			break;
		case DB_TEXT:
			p->type[i] = PG_TEXT;
			break;
		case DB_BLOB:
			p->type[i] = PG_BYTEA;
			break;
		}
	}
}

/* Notes what was sent. */
static enum err note_pending(struct pg *c, struct pg_pending note, struct cause *why)
{
	if (c->pending_count == c->pending_room) {
		const uint32_t room = c->pending_room ? c->pending_room * 2 : 64;
		struct pg_pending *more = realloc(c->pending, room * sizeof(*more));

		if (!more)
			return fail(why, ERR_NOMEM, "%s: no memory for a list of %u statements",
				    c->label, room);
		c->pending = more;
		c->pending_room = room;
	}
	c->pending[c->pending_count++] = note;
	return ERR_NONE;
}

/* Nothing more comes: what was sent is forgotten, and the transaction has failed. */
static enum err lose(struct pg *c, const char *what, const PGresult *result, struct cause *why)
{
	c->lost = true;
	c->pending_count = 0;
	c->unsynced = 0;
	if (!c->failure.err)
		(void)db_pg_fail(c, what, result, &c->failure);
	return fail(why, c->failure.err, "%s", c->failure.text);
}

static enum err repeat_failure(const struct pg *c, struct cause *why)
{
	return c->failure.err ? fail(why, c->failure.err, "%s", c->failure.text) : ERR_NONE;
}

void db_pg_drop_prepared(void *prepared)
{
	struct pg_prepared *p = prepared;

	free(p->sql);
	free(p);
}

/* The number of parameters. They must come in ascending order, as SQLite counts them: anything else is a bug. */
static uint32_t count_parameters(const char *sql)
{
	uint32_t count = 0;

	for (const char *p = sql; *p; p++) {
		if (*p == '\'') {
			p = strchr(p + 1, '\'');
			BUG_ON(!p);
		} else if (*p == '$') {
			const unsigned long number = strtoul(p + 1, NULL, 10);

			BUG_ON(number < 1 || number > count + 1);
			if (number > count)
				count++;
		}
	}
	return count;
}

static struct pg_prepared *new_prepared(struct pg *c, const struct db_stmt *stmt)
{
	struct pg_prepared *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->stmt = stmt;
	p->parameters = count_parameters(stmt->sql);
	p->sql = db_replace_words(&c->db, stmt->sql);
	snprintf(p->name, sizeof(p->name), "s%u", ++c->statements);
	if (p->sql && !db_cache_put(&c->cache, stmt, p))
		return p;
	db_pg_drop_prepared(p);
	return NULL;
}

/* A statement that the server knows, or will know before it is asked to run it. */
static enum err prepare(struct pg *c, const struct db_stmt *stmt, const struct parameters *p,
			uint32_t n, struct pg_prepared **ret, struct cause *why)
{
	struct pg_prepared *prepared = db_cache_get(&c->cache, stmt);
	enum err err;

	if (!prepared)
		prepared = new_prepared(c, stmt);
	if (!prepared)
		return fail(why, ERR_NOMEM, "%s: no memory for statement %s", c->label, stmt->name);
	BUG_ON(prepared->parameters != n);
	*ret = prepared;
	if (prepared->generation == c->generation)
		return ERR_NONE;
	err = note_pending(
	    c, (struct pg_pending){.kind = PG_PREPARE, .stmt = stmt, .prepared = prepared}, why);
	if (err)
		return err;
	if (!PQsendPrepare(c->conn, prepared->name, prepared->sql, (int)n, p->type))
		return lose(c, stmt->name, NULL, why);
	c->unsynced += strlen(prepared->sql);
	prepared->generation = c->generation;
	return ERR_NONE;
}

static enum err put_sync(struct pg *c, struct cause *why)
{
	enum err err = note_pending(c, (struct pg_pending){.kind = PG_SYNC}, why);

	if (err)
		return err;
	c->unsynced = 0;
	return PQpipelineSync(c->conn) ? ERR_NONE : lose(c, "transaction", NULL, why);
}

/* A failed transaction takes no more, and a long list is answered in between. */
static enum err may_send(struct pg *c, struct db_args args, struct cause *why)
{
	enum err err = repeat_failure(c, why);
	size_t bytes = 0;

	if (!err && c->pending_count >= PG_PENDING_MAX)
		err = db_pg_wait(c, why);
	for (uint32_t i = 0; i < args.n; i++)
		bytes += args.value[i].span.n;
	if (!err && c->unsynced && c->unsynced + bytes > PG_UNSYNCED_MAX)
		err = put_sync(c, why);
	c->unsynced += bytes + PG_FRAME_BYTES;
	return err;
}

/* What is too long to wait for others has a sync at once. */
static enum err sent(struct pg *c, struct cause *why)
{
	return c->unsynced > PG_UNSYNCED_MAX ? put_sync(c, why) : ERR_NONE;
}

enum err db_pg_send(struct pg *c, const struct db_stmt *stmt, struct db_args args,
		    struct pg_pending note, struct cause *why)
{
	struct pg_prepared *prepared = NULL;
	struct parameters p;
	enum err err = may_send(c, args, why);

	if (err)
		return err;
	fill_parameters(&p, args);
	err = prepare(c, stmt, &p, args.n, &prepared, why);
	note.stmt = stmt;
	if (!err)
		err = note_pending(c, note, why);
	if (err)
		return err;
	if (!PQsendQueryPrepared(c->conn, prepared->name, (int)args.n, p.value, p.length, p.format,
				 1))
		return lose(c, stmt->name, NULL, why);
	return sent(c, why);
}

enum err db_pg_send_text(struct pg *c, const char *sql, struct db_args args, struct pg_pending note,
			 struct cause *why)
{
	struct parameters p;
	enum err err = may_send(c, args, why);

	if (!err)
		err = note_pending(c, note, why);
	if (err)
		return err;
	fill_parameters(&p, args);
	if (!PQsendQueryParams(c->conn, sql, (int)args.n, p.type, p.value, p.length, p.format, 1))
		return lose(c, note.stmt ? note.stmt->name : sql, NULL, why);
	return sent(c, why);
}

/* ---- waiting ---- */

/* The server stops what it does for this connection. That is given up: an order that comes late would stop what is asked next. */
static void stop_server(struct pg *c)
{
	PGcancel *order = PQgetCancel(c->conn);
	char said[160];

	(void)(order && PQcancel(order, said, sizeof(said)));
	PQfreeCancel(order);
	PQfinish(c->conn);
	c->conn = NULL;
}

/* Polls for at most `limit` milliseconds, as long as somebody waits for the answer. As poll(). */
static int poll_patiently(struct pg *c, struct pollfd *fd, int limit)
{
	const bool looks = c->db.patience.until || c->db.patience.gone;
	const int slice = looks ? PG_LOOK_MS : limit;
	int left = limit, n;

	do {
		if (patience_look(&c->db.patience, c->failure.err ? NULL : &c->failure)) {
			stop_server(c);
			return 0;
		}
		n = poll(fd, 1, slice);
		left -= slice * (n == 0);
	} while ((n == 0 && left > 0) || (n < 0 && errno == EINTR));
	return n;
}

/* Until the socket has something, the server has been silent for too long, or nobody waits. false: the connection is lost. */
static bool wait_socket(struct pg *c)
{
	const int limit = c->db.access == DB_WRITE ? PG_WRITER_ANSWER_MS : PG_READER_ANSWER_MS;
	const int unsent = PQflush(c->conn);
	struct pollfd fd = {.fd = PQsocket(c->conn),
			    .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
	int n;

	if (unsent < 0 || fd.fd < 0)
		return false;
	n = poll_patiently(c, &fd, limit);
	return n > 0 && PQconsumeInput(c->conn);
}

/* The columns' types are the three that a db_value has; numbers may be narrower. */
static bool readable(const PGresult *rows, int *ret_column)
{
	for (int i = 0; i < PQnfields(rows); i++) {
		const Oid type = PQftype(rows, i);

		*ret_column = i + 1;
		if (type != PG_INT8 && type != PG_TEXT && type != PG_BYTEA && type != PG_INT4 &&
		    type != PG_INT2)
			return false;
	}
	return true;
}

static void take_rows(struct pg *c, const struct pg_pending *of, PGresult *rows)
{
	int column;

	BUG_ON(of->kind != PG_QUERY); /* a statement with rows is a query */
	if (!readable(rows, &column)) {
		(void)fail(&c->failure, ERR_DB,
			   "%s: statement %s: the type of column %d is not one that is read here",
			   c->label, of->stmt->name, column);
		PQclear(rows);
		return;
	}
	PQclear(of->cursor->rows);
	of->cursor->rows = rows;
	of->cursor->row = -1;
	of->cursor->count = PQntuples(rows);
}

static void take_done(struct pg *c, const struct pg_pending *of, PGresult *done)
{
	if (of->kind == PG_EXEC && of->rows)
		*of->rows = strtoll(PQcmdTuples(done), NULL, 10);
	/* The answer to the COMMIT of a transaction that has failed is ROLLBACK. */
	if (of->kind == PG_COMMIT)
		c->committed = strcmp(PQcmdStatus(done), "COMMIT") == 0;
	PQclear(done);
}

/* One result of what is first in the list. false: the connection is lost. */
static bool take_result(struct pg *c, const struct pg_pending *of, PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);
	bool lost = false;

	switch (status) {
	case PGRES_TUPLES_OK:
		take_rows(c, of, result);
		return true;
	case PGRES_COMMAND_OK:
		take_done(c, of, result);
		return true;
	case PGRES_PIPELINE_SYNC:
		break;
	case PGRES_PIPELINE_ABORTED:
		if (of->kind == PG_PREPARE)
			of->prepared->generation = 0;
		break;
	default: /* of libpq's enum: every other one is a failure here */
		if (of->kind == PG_PREPARE)
			of->prepared->generation = 0;
		if (!c->failure.err)
			(void)db_pg_fail(c, of->stmt ? of->stmt->name : "transaction", result,
					 &c->failure);
		lost = db_pg_is_lost(c, result);
		break;
	}
	PQclear(result);
	return !lost;
}

static enum err take_answers(struct pg *c, struct cause *why)
{
	uint32_t first = 0;

	while (first < c->pending_count) {
		const struct pg_pending *of = &c->pending[first];
		PGresult *result;

		while (PQisBusy(c->conn))
			if (!wait_socket(c))
				return lose(c, of->stmt ? of->stmt->name : "transaction", NULL,
					    why);
		result = PQgetResult(c->conn);
		if (!result && of->kind == PG_SYNC)
			return lose(c, "transaction", NULL, why);
		/* Nothing more for this one. A sync has one result, and no such end. */
		if (!result || of->kind == PG_SYNC)
			first++;
		if (result && !take_result(c, of, result))
			return lose(c, of->stmt ? of->stmt->name : "transaction", NULL, why);
	}
	c->pending_count = 0;
	return ERR_NONE;
}

enum err db_pg_wait(struct pg *c, struct cause *why)
{
	enum err err;

	if (c->lost)
		return repeat_failure(c, why);
	if (c->pending_count) {
		c->round_trips++;
		err = put_sync(c, why);
		if (!err)
			err = take_answers(c, why);
		if (err)
			return err;
	}
	return repeat_failure(c, why);
}

enum err db_pg_run(struct pg *c, const char *sql, struct cause *why)
{
	enum err err = db_pg_wait(c, why);
	PGresult *result;

	if (err)
		return err;
	BUG_ON(!PQexitPipelineMode(c->conn));
	PQsetnonblocking(c->conn, 0);
	result = PQexec(c->conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		(void)db_pg_fail(c, "script", result, &c->failure);
		c->lost = db_pg_is_lost(c, result);
	}
	PQclear(result);
	if (!c->lost && (PQsetnonblocking(c->conn, 1) || !PQenterPipelineMode(c->conn)))
		c->lost = true;
	return repeat_failure(c, why);
}
