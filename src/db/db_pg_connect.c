/* Connecting: with bounds on every wait, and never to a server that could lose what it confirmed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "db/db_pg.h"

enum {
	WRITER_WAITS_MS = 5000, /* for a server that restarts or changes its primary */
	READER_WAITS_MS = 2000,
	PAUSE_FIRST_MS = 20,
	PAUSE_MAX_MS = 400,
	RETRY_AFTER_US = 1000000, /* whoever comes within this time of a failure fails at once */
	KEYWORDS_MAX = 16,
};

/* What a URL may say otherwise. A peer that is gone is noticed within some ten seconds, whoever waits for whom. */
static const struct {
	const char *keyword, *value;
	bool for_writers_only;
} defaults[] = {
    {"connect_timeout", "3", false},    {"tcp_user_timeout", "10000", false},
    {"keepalives_idle", "5", false},    {"keepalives_interval", "2", false},
    {"keepalives_count", "3", false},   {"application_name", "customhouse", false},
    {"client_encoding", "UTF8", false}, {"target_session_attrs", "read-write", true},
};

static const char *given(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

void db_pg_label(struct pg *c)
{
	PQconninfoOption *options = PQconninfoParse(c->url, NULL);
	const char *host = given(options, "host"), *port = given(options, "port"),
		   *name = given(options, "dbname");

	snprintf(c->label, sizeof(c->label), "postgresql://%.150s%s%.20s/%.60s", host ? host : "",
		 port ? ":" : "", port ? port : "", name ? name : "");
	PQconninfoFree(options);
}

/* A connection with the defaults for what the URL does not say. NULL: no memory, or not a URL. */
static PGconn *connect_by_url(const struct pg *c, struct cause *why)
{
	const char *keyword[KEYWORDS_MAX] = {"dbname"}, *value[KEYWORDS_MAX] = {c->url};
	char *said = NULL;
	PQconninfoOption *options = PQconninfoParse(c->url, &said);
	uint32_t n = 1;
	PGconn *conn;

	if (!options) {
		(void)fail(why, ERR_USAGE, "this is not a URL of a PostgreSQL database: %.300s",
			   said ? said : "no memory");
		PQfreemem(said);
		return NULL;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(defaults); i++) {
		if (given(options, defaults[i].keyword) ||
		    (defaults[i].for_writers_only && c->db.access != DB_WRITE))
			continue;
		keyword[n] = defaults[i].keyword;
		value[n++] = defaults[i].value;
	}
	_Static_assert(ARRAY_LEN(defaults) + 1 < KEYWORDS_MAX, "room for the NULL behind them");
	PQconninfoFree(options);
	conn = PQconnectdbParams(keyword, value, 1);
	if (!conn)
		(void)fail(why, ERR_NOMEM, "%s: no memory for a connection", c->label);
	return conn;
}

/* Without a result there is no SQLSTATE: the server's English words must do. */
static enum err refused(const struct pg *c, PGconn *conn, struct cause *why)
{
	const char *said = PQerrorMessage(conn);
	char line[240];

	snprintf(line, sizeof(line), "%s", said);
	for (char *p = line; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	if (strstr(said, "FATAL:  database \"") && strstr(said, "does not exist"))
		return fail(why, ERR_NOT_FOUND,
			    "%s: there is no such database. Make it: CREATE DATABASE name TEMPLATE "
			    "template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' (%s)",
			    c->label, line);
	if (strstr(said, "authentication failed") || strstr(said, "no pg_hba.conf entry") ||
	    strstr(said, "no password supplied") || strstr(said, "FATAL:  role \""))
		return fail(why, ERR_DENIED,
			    "%s: the server does not let this user in. Look at the URL, the "
			    "password and pg_hba.conf (%s)",
			    c->label, line);
	return fail(why, ERR_BUSY, "%s: the server cannot be reached now (%s)", c->label, line);
}

/* Settings that the URL or the database gave already stay. A transaction that its client forgot must not keep its locks: the
 * client may be a node that was stopped, while another one does its work. A server that can (PostgreSQL 14) looks whether its
 * client is still there while it works for it. */
// clang-format off
#define LOOKS_FOR_CLIENT \
	" CASE current_setting('client_connection_check_interval', true) WHEN '0' THEN" \
	" set_config('client_connection_check_interval', '2s', false) END"

static const char settings_of_writer[] =
    "SELECT set_config('jit', 'off', false),"
    LOOKS_FOR_CLIENT ","
    " CASE current_setting('lock_timeout') WHEN '0' THEN"
    " set_config('lock_timeout', '3s', false) END,"
    " CASE current_setting('idle_in_transaction_session_timeout') WHEN '0' THEN"
    " set_config('idle_in_transaction_session_timeout', '5s', false) END";

static const char settings_of_reader[] =
    "SELECT set_config('jit', 'off', false),"
    LOOKS_FOR_CLIENT ","
    " CASE current_setting('idle_in_transaction_session_timeout') WHEN '0' THEN"
    " set_config('idle_in_transaction_session_timeout', '5min', false) END";

/* One row of texts. */
enum {
	FSYNC,
	FULL_PAGE_WRITES,
	SYNCHRONOUS_COMMIT,
	DURABLE,
	ENCODING,
	SORTS_BY_BYTES,
	COLLATION,
	IS_STORE,
	TABLES,
	VERSION,
};
static const char questions[] =
    "SELECT current_setting('fsync'), current_setting('full_page_writes'),"
    " current_setting('synchronous_commit'),"
    " coalesce(current_setting('customhouse.durable', true), ''), getdatabaseencoding(),"
    " CASE WHEN 'B' < 'a' AND 'a b' < 'a!' AND 'z' < U&'\\00e9' THEN 'yes' ELSE 'no' END,"
    " (SELECT datcollate FROM pg_database WHERE datname = current_database()),"
    " CASE WHEN to_regclass('migration') IS NULL THEN 'no' ELSE 'yes' END,"
    " (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND"
    " relnamespace = current_schema()::regnamespace),"
    " current_setting('server_version_num')";
// clang-format on

static bool says(const PGresult *answer, int column, const char *word)
{
	return strcmp(PQgetvalue(answer, 0, column), word) == 0;
}

/* Promise 1 rests on these. A database made for tests says that it may lose what it confirmed. */
static enum err check_durable(const struct pg *c, const PGresult *a, struct cause *why)
{
	const bool commits =
	    says(a, SYNCHRONOUS_COMMIT, "on") || says(a, SYNCHRONOUS_COMMIT, "remote_apply");

	if (says(a, DURABLE, "off"))
		return ERR_NONE;
	if (says(a, FSYNC, "on") && says(a, FULL_PAGE_WRITES, "on") && commits)
		return ERR_NONE;
	return fail(why, ERR_UNSUPPORTED,
		    "%s: the server could lose what it confirmed: fsync=%s, full_page_writes=%s, "
		    "synchronous_commit=%s. Set all three to on",
		    c->label, PQgetvalue(a, 0, FSYNC), PQgetvalue(a, 0, FULL_PAGE_WRITES),
		    PQgetvalue(a, 0, SYNCHRONOUS_COMMIT));
}

static enum err check_database(const struct pg *c, const PGresult *a, struct cause *why)
{
	if (strtol(PQgetvalue(a, 0, VERSION), NULL, 10) < 130000)
		return fail(why, ERR_UNSUPPORTED,
			    "%s: the server has version %s: PostgreSQL 13 or newer is needed",
			    c->label, PQgetvalue(a, 0, VERSION));
	if (!says(a, ENCODING, "UTF8") || !says(a, SORTS_BY_BYTES, "yes"))
		return fail(why, ERR_UNSUPPORTED,
			    "%s: the database has encoding %s and collation %s; texts must be "
			    "UTF-8 and sort by their bytes. Make it anew: CREATE DATABASE name "
			    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
			    c->label, PQgetvalue(a, 0, ENCODING), PQgetvalue(a, 0, COLLATION));
	if (says(a, IS_STORE, "yes"))
		return c->db.access == DB_WRITE ? check_durable(c, a, why) : ERR_NONE;
	if (c->db.access == DB_READ)
		return fail(why, ERR_NOT_FOUND,
			    "%s: no store is in this database; start its owner once", c->label);
	if (!says(a, TABLES, "0"))
		return fail(why, ERR_FORMAT, "%s: a database of another program; name another one",
			    c->label);
	return check_durable(c, a, why);
}

static enum err ask(const struct pg *c, const char *sql, PGresult **ret, struct cause *why)
{
	PGresult *answer = PQexec(c->conn, sql);

	if (PQresultStatus(answer) == PGRES_TUPLES_OK) {
		*ret = answer;
		return ERR_NONE;
	}
	(void)db_pg_fail(c, "settings", answer, why);
	PQclear(answer);
	return why ? why->err : ERR_DB;
}

/* Warnings matter at one place: a COMMIT whose standby did not confirm in time succeeds with a warning. */
static void note_warning(void *context, const PGresult *notice)
{
	struct pg *c = context;
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity && strcmp(severity, "WARNING") == 0)
		c->warned = true;
}

static enum err prepare_connection(struct pg *c, struct cause *why)
{
	PGresult *answer = NULL;
	enum err err;

	PQsetNoticeReceiver(c->conn, note_warning, c);
	err = ask(c, c->db.access == DB_WRITE ? settings_of_writer : settings_of_reader, &answer,
		  why);
	if (err)
		return err;
	PQclear(answer);
	err = ask(c, questions, &answer, why);
	if (err)
		return err;
	err = check_database(c, answer, why);
	PQclear(answer);
	if (!err && (PQsetnonblocking(c->conn, 1) || !PQenterPipelineMode(c->conn)))
		err = fail(why, ERR_DB, "%s: no pipeline mode", c->label);
	return err;
}

void db_pg_disconnect(struct pg *c)
{
	PQfinish(c->conn);
	c->conn = NULL;
	c->pending_count = 0;
	c->lost = true;
}

enum err db_pg_connect(struct pg *c, struct cause *why)
{
	struct cause own = {0};
	enum err err = ERR_NONE;

	c->conn = connect_by_url(c, &own);
	if (!c->conn)
		err = own.err;
	else if (PQstatus(c->conn) != CONNECTION_OK)
		err = refused(c, c->conn, &own);
	else
		err = prepare_connection(c, &own);
	if (err) {
		db_pg_disconnect(c);
		return fail(why, err, "%s", own.text);
	}
	c->generation++;
	c->lost = false;
	c->failure = (struct cause){0};
	return ERR_NONE;
}

static void pause_ms(int64_t ms)
{
	const struct timespec pause = {ms / 1000, (ms % 1000) * 1000000L};

	nanosleep(&pause, NULL);
}

/* Refused because of the moment: the next try may find it otherwise. */
static bool may_pass(enum err err)
{
	return err == ERR_BUSY || err == ERR_RETRY;
}

enum err db_pg_reconnect(struct pg *c, struct cause *why)
{
	const int64_t began = clock_steady();
	const int64_t until =
	    began + 1000 * (int64_t)(c->db.access == DB_WRITE ? WRITER_WAITS_MS : READER_WAITS_MS);
	struct cause own = {0};
	int64_t pause = PAUSE_FIRST_MS;
	enum err err;

	if (began < c->retry_at)
		return fail(why, ERR_BUSY, "%s: the server cannot be reached now", c->label);
	db_pg_disconnect(c);
	err = db_pg_connect(c, &own);
	while (may_pass(err) && clock_steady() + pause * 1000 < until) {
		pause_ms(pause);
		pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
		own = (struct cause){0};
		err = db_pg_connect(c, &own);
	}
	if (err)
		c->retry_at = clock_steady() + RETRY_AFTER_US;
	if (may_pass(err))
		err = ERR_BUSY;
	return err ? fail(why, err, "%s", own.text) : ERR_NONE;
}
