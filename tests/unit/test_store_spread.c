/* The schema as Citus wants it: each table is spread by a column that leads its key and is never changed, or every node has
 * all of it. Citus itself does not run here: these are its rules, asked of the catalogue of PostgreSQL. docs/operations.md has
 * the statements. */
#include "store/st.h"
#include "store_dir.h"

/* The column by which a table is spread; NULL: a reference table, which every node has whole. */
static const struct {
	const char *table, *column;
} spread[] = {
    {"access", "login"},
    {"act_key", "office"},
    {"activation", NULL},
    {"announcement", "office"},
    {"authority", "party"},
    {"balance", "holder"},
    {"candidate", NULL},
    {"candidate_report", NULL},
    {"cargo", "office"},
    {"case_codes", "office"},
    {"case_codes_mark", "office"},
    {"case_party", "party"},
    {"contingency", "office"},
    {"counter", "office"},
    {"day_key", NULL},
    {"dead_letter", "party"},
    {"declaration", "office"},
    {"difference", "reference"},
    {"document", "office"},
    {"document_body", "office"},
    {"draw_count", NULL},
    {"event", "office"},
    {"goods", "holder"},
    {"guarantee", "party"},
    {"history", "subject"},
    {"history_mark", "office"},
    {"holder", "holder"},
    {"hook", "party"},
    {"lease", "office"},
    {"life", "office"},
    {"message", "office"},
    {"migration", NULL},
    {"news", NULL},
    {"node", NULL},
    {"node_batch", NULL},
    {"obligation", "party"},
    {"outbox", "party"},
    {"outcome", "reference"},
    {"party_history", "holder"},
    {"person", NULL},
    {"quarantine", NULL},
    {"quota", "quota"},
    {"quota_hold", "quota"},
    {"quota_news", "quota"},
    {"root", "office"},
    {"roster", "office"},
    {"session", NULL},
    {"shelf", "party"},
    {"signer", NULL},
    {"stock", "account"},
    {"stock_hold", "account"},
    {"token", NULL},
    {"transfer", "holder"},
    {"version", NULL},
};

/* The first column of the first row; "" when there is none. */
static void ask(PGconn *conn, const char *sql, const char *table, char *ret, size_t room)
{
	PGresult *r = PQexecParams(conn, sql, 1, NULL, &table, NULL, NULL, 0);

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	snprintf(ret, room, "%s", PQntuples(r) ? PQgetvalue(r, 0, 0) : "");
	PQclear(r);
}

static void test_every_table_is_listed(void **state)
{
	struct store_dir *d = *state;
	char tables[2048], want[2048] = "";
	PGconn *conn;

	store_close(store_dir_open(d->path, STORE_OWN));
	conn = PQconnectdb(d->path);
	ask(conn,
	    "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname "
	    "= $1",
	    "public", tables, sizeof(tables));
	for (size_t i = 0; i < ARRAY_LEN(spread); i++)
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s%s", i ? " " : "",
			 spread[i].table);
	assert_string_equal(tables, want);
	PQfinish(conn);
}

static void test_every_key_begins_with_the_column(void **state)
{
	struct store_dir *d = *state;
	char first[80], lacks[80], foreign[80];
	PGconn *conn;

	store_close(store_dir_open(d->path, STORE_OWN));
	conn = PQconnectdb(d->path);
	for (size_t i = 0; i < ARRAY_LEN(spread); i++) {
		char sql[800];

		ask(conn,
		    "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = "
		    "$1::regclass",
		    spread[i].table, foreign, sizeof(foreign));
		assert_string_equal(foreign, "0");
		if (!spread[i].column)
			continue;
		ask(conn,
		    "SELECT a.attname FROM pg_index x JOIN pg_attribute a ON a.attrelid = "
		    "x.indrelid"
		    " AND a.attnum = x.indkey[0] WHERE x.indisprimary AND x.indrelid = "
		    "$1::regclass",
		    spread[i].table, first, sizeof(first));
		if (strcmp(first, spread[i].column) != 0)
			fail_msg("the key of %s begins with %s", spread[i].table, first);
		snprintf(sql, sizeof(sql),
			 "SELECT x.indexrelid::regclass FROM pg_index x WHERE x.indisunique AND "
			 "x.indrelid"
			 " = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE "
			 "a.attrelid ="
			 " x.indrelid AND a.attname = '%s' AND a.attnum = ANY (x.indkey))",
			 spread[i].column);
		ask(conn, sql, spread[i].table, lacks, sizeof(lacks));
		if (lacks[0])
			fail_msg("the unique index %s lacks %s", lacks, spread[i].column);
	}
	PQfinish(conn);
}

/* Does a statement that changes rows of this table give the column another value? */
static bool changes(const char *sql, const char *table, const char *column)
{
	char update[100], insert[100], set[100];
	const char *from;
	const char *where;

	snprintf(update, sizeof(update), "UPDATE %s SET", table);
	snprintf(insert, sizeof(insert), "INSERT INTO %s ", table);
	snprintf(set, sizeof(set), " %s = ", column);
	if (strstr(sql, insert))
		from = strstr(sql, "DO UPDATE SET");
	else
		from = strstr(sql, update);
	if (!from)
		return false;
	where = strstr(from, " WHERE ");
	from = strstr(from, set);
	return from && (!where || from < where);
}

static void test_no_statement_moves_a_row(void **state)
{
	uint32_t files;
	const struct st_statements *const *list = st_all_statements(&files);

	(void)state;
	assert_true(
	    changes("UPDATE life SET party = $1, office = $2 WHERE office = $3", "life", "office"));
	assert_false(changes("UPDATE life SET party = $1 WHERE office = $2", "life", "office"));
	for (uint32_t f = 0; f < files; f++)
		for (uint32_t i = 0; i < list[f]->n; i++)
			for (size_t t = 0; t < ARRAY_LEN(spread); t++)
				if (spread[t].column && changes(list[f]->stmt[i]->sql,
								spread[t].table, spread[t].column))
					fail_msg("%s changes %s.%s", list[f]->stmt[i]->name,
						 spread[t].table, spread[t].column);
}

/* What the documents say is what this test knows. SOURCE_ROOT comes from the build. */
static void test_the_documents_have_each_statement(void **state)
{
	static char text[1 << 18];
	FILE *in = fopen(SOURCE_ROOT "/docs/operations.md", "r");
	size_t n;

	(void)state;
	assert_non_null(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[n] = 0;
	for (size_t i = 0; i < ARRAY_LEN(spread); i++) {
		char want[200];

		if (spread[i].column)
			snprintf(want, sizeof(want), "SELECT create_distributed_table('%s', '%s');",
				 spread[i].table, spread[i].column);
		else
			snprintf(want, sizeof(want), "SELECT create_reference_table('%s');",
				 spread[i].table);
		if (!strstr(text, want))
			fail_msg("docs/operations.md lacks: %s", want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_every_table_is_listed),
	    store_test(test_every_key_begins_with_the_column),
	    store_test(test_no_statement_moves_a_row),
	    store_test(test_the_documents_have_each_statement),
	};

	return store_dir_run(tests);
}
