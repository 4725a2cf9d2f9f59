/* For tests: databases of a PostgreSQL server that script/with-postgres started. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_POSTGRES_ROOM_H
#define CUSTOMHOUSE_TESTS_UNIT_POSTGRES_ROOM_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POSTGRES_URL_BYTES = 300 };

/* A URL without a database; NULL: there is no server. */
static inline const char *postgres_server(void)
{
	const char *url = getenv("CUSTOMHOUSE_TEST_POSTGRES");

	return url && *url ? url : NULL;
}

/* Shall the stores of this test lie on a server? */
static inline bool postgres_wanted(void)
{
	const char *db = getenv("CUSTOMHOUSE_TEST_DB");

	return db && strcmp(db, "postgres") == 0;
}

/* They shall, and there is none: says that the test is skipped. */
static inline bool postgres_missing(void)
{
	if (!postgres_wanted() || postgres_server())
		return false;
	printf("1..0 # SKIP no PostgreSQL server: script/with-postgres starts one\n");
	return true;
}

/* Runs one statement in a database of the server, by itself. */
static inline bool postgres_do(const char *database, const char *sql)
{
	char url[POSTGRES_URL_BYTES];
	PGconn *conn;
	PGresult *result;
	bool done;

	snprintf(url, sizeof(url), "%s/%s", postgres_server(), database);
	conn = PQconnectdb(url);
	result = PQexec(conn, sql);
	done =
	    PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
	if (!done)
		fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
	PQfinish(conn);
	return done;
}

/* Makes an empty database with the name customhouse_<process>_<n>. */
static inline bool postgres_make(unsigned n, char ret_url[POSTGRES_URL_BYTES])
{
	char sql[200];

	snprintf(
	    sql, sizeof(sql),
	    "CREATE DATABASE customhouse_%d_%u TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
	    "LC_CTYPE 'C'",
	    (int)getpid(), n);
	snprintf(ret_url, POSTGRES_URL_BYTES, "%s/customhouse_%d_%u", postgres_server(),
		 (int)getpid(), n);
	return postgres_do("postgres", sql);
}

static inline bool postgres_drop(unsigned n)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS customhouse_%d_%u WITH (FORCE)",
		 (int)getpid(), n);
	return postgres_do("postgres", sql);
}

#endif
