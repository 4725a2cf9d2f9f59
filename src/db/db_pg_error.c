/* What the server says went wrong, in our words. */
#include <stdio.h>
#include <string.h>

#include "db/db_pg.h"

/* SQLSTATE, or its class of two characters; the longer ones stand first. */
// clang-format off
static const struct advice {
	const char *state;
	enum err err;
	const char *text;
} advice[] = {
	{"25006", ERR_RETRY, "the server only reads: it is, or has become, a standby. Name the primary, or all servers with"
		" target_session_attrs=read-write"},
	{"25P02", ERR_DB, "the transaction has failed before"},
	{"25P03", ERR_RETRY, "the server ended the transaction, which was idle for too long"},
	{"40003", ERR_UNCERTAIN, "whether the transaction is stored is not known"},
	{"53100", ERR_IO, "the server's disk is full; nothing of this transaction was stored. Free space and try again: the"
		" store needs no repair"},
	{"53200", ERR_NOMEM, "the server has no memory; nothing of this transaction was stored"},
	{"53300", ERR_BUSY, "the server has no connection left. Raise max_connections, or try again"},
	{"55P03", ERR_RETRY, "another transaction holds a row or table for too long. Try again"},
	{"57014", ERR_BUSY, "this took longer than its limit, or was cancelled. Ask for less, or at another time"},
	{"57P01", ERR_RETRY, "the server ended the connection. Try again"},
	{"57P02", ERR_RETRY, "the server stopped. Try again"},
	{"57P03", ERR_BUSY, "the server is starting or stopping. Try again"},
	{"58030", ERR_IO, "the server could not read or write a file. Look at its disk and log, then try again"},
	{"22021", ERR_FORMAT, "a text has a character that the database does not store"},
	{"3D000", ERR_NOT_FOUND, "there is no such database. Make it: CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8'"
		" LC_COLLATE 'C' LC_CTYPE 'C'"},
	{"42501", ERR_DENIED, "the database's user may not do this. Give it the right, or let it own the tables"},
	{"XX001", ERR_DB, "data on the server is damaged. Stop, keep a copy of the server's files, and fail over or restore"},
	{"XX002", ERR_DB, "an index on the server is damaged. Stop, keep a copy of the server's files, run REINDEX and verify"},
	{"08", ERR_RETRY, "the connection was lost. Try again"},
	{"23", ERR_CONFLICT, "the row contradicts what is stored"},
	{"28", ERR_DENIED, "the server does not let this user in. Look at the URL, the password and pg_hba.conf"},
	{"40", ERR_RETRY, "another transaction was in the way. Try again"},
	{"53", ERR_IO, "the server lacks disk, memory or connections; nothing of this transaction was stored"},
	{"54", ERR_LIMIT, "a value is longer than the database stores"},
	{"58", ERR_IO, "the server's machine refused. Look at its disk and log, then try again"},
};
// clang-format on

static const struct advice *advice_of(const char *state)
{
	for (uint32_t i = 0; state && i < ARRAY_LEN(advice); i++)
		if (strncmp(state, advice[i].state, strlen(advice[i].state)) == 0)
			return &advice[i];
	return NULL;
}

/* The server's texts end with a line end, and may have several lines. */
static void first_line(const char *text, char *to, size_t room)
{
	snprintf(to, room, "%s", text ? text : "");
	to[strcspn(to, "\n")] = 0;
}

bool db_pg_is_lost(const struct pg *c, const PGresult *result)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	/* A server that only reads will not do more for this connection: another may be the primary now. */
	return PQstatus(c->conn) != CONNECTION_OK ||
	       (state && (strcmp(state, "25006") == 0 || strcmp(state, "25P03") == 0 ||
			  strncmp(state, "57P", 3) == 0));
}

enum err db_pg_fail(const struct pg *c, const char *what, const PGresult *result, struct cause *why)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const struct advice *a = advice_of(state);
	char line[200];

	first_line(said ? said : PQerrorMessage(c->conn), line, sizeof(line));
	if (a)
		return fail(why, a->err, "%s: %s: %s (PostgreSQL %s: %s)", c->label, what, a->text,
			    state, line);
	if (!state)
		return fail(why, ERR_RETRY, "%s: %s: the connection was lost. Try again (%s)",
			    c->label, what, line);
	return fail(why, ERR_DB, "%s: %s: %s (PostgreSQL %s)", c->label, what, line, state);
}
