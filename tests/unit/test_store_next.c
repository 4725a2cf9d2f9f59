/* A program beside the one that follows it: what the next one adds, it need not know; where it may not go on, it stops. */
#include "db/db.h"
#include "store/migrations.h"
#include "store/nodes.h"
#include "store/st.h"
#include "store_dir.h"

static const struct span OFFICE = SPAN("LF001");

/* What the next program would do: its migration, and the note of it. */
struct next {
	int number, oldest;
};

static const char of_tomorrow[] =
    "CREATE TABLE tomorrow (office TEXT NOT NULL PRIMARY KEY, n {i64} NOT NULL) {strict};"
    "ALTER TABLE declaration ADD COLUMN tomorrow {i64} NOT NULL DEFAULT 7;"
    "ALTER TABLE event ADD COLUMN tomorrow TEXT NOT NULL DEFAULT '';";

static enum err migrate_as_next(struct db *db, void *context, struct cause *why)
{
	static const struct db_stmt note = {
	    "note", "INSERT INTO migration (number, name, sha256, at, oldest)"
		    " VALUES ($1, 'of tomorrow', '00', 0, $2)"};
	const struct next *next = context;
	enum err err = db_script(db, of_tomorrow, why);

	return err ? err
		   : db_exec(db, &note, DB_ARGS(db_i64(next->number), db_i64(next->oldest)), why);
}

static void become_next(struct store_dir *d, int oldest)
{
	struct next next = {migration_count + 1, oldest};
	struct cause why = {0};
	struct db *db;

	store_close(store_dir_open(d->path, STORE_OWN));
	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(db_tx(db, DB_WRITE, migrate_as_next, &next, &why));
	db_close(db);
}

static enum err try_open(const char *path, enum store_mode mode, struct cause *why)
{
	const struct store_options options = {.mode = mode, .now = STORE_NOW};
	struct store *s;
	enum err err = store_open(path, &options, &s, why);

	if (!err)
		store_close(s);
	return err;
}

static enum err write_some(struct store *s, void *context, struct cause *why)
{
	struct store_dir_batch batch = {8, SPAN("a payload")};
	const struct store_declaration d = {
	    .office = OFFICE, .reference = SPAN("26LF1"), .version = 1, .input_seq = 1};
	enum err err = store_dir_append(s, &batch, why);

	(void)context;
	return err ? err : store_put_declaration(s, &d, why);
}

static enum err drop_line(void *context, struct span line, struct cause *why)
{
	(void)context;
	(void)line;
	(void)why;
	return ERR_NONE;
}

static void test_it_goes_on_with_what_the_next_one_adds(void **state)
{
	struct store_dir *d = *state;
	struct store_declaration got;
	struct cause why = {0};
	struct store *s;

	become_next(d, migration_count);
	assert_ok(try_open(d->path, STORE_OWN, &why));
	assert_ok(try_open(d->path, STORE_READ, &why));
	s = store_dir_open(d->path, STORE_OWN);
	assert_ok(store_batch(s, write_some, NULL, &why));
	assert_int_equal(store_dir_count(s), 8);
	assert_ok(store_get_declaration(s, d->arena, OFFICE, SPAN("26LF1"), &got, &why));
	/* A backup would silently leave out what it does not know. */
	assert_int_equal(store_dump(s, drop_line, NULL, &why), ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "leave out"));
	store_close(s);
}

static void test_it_refuses_where_it_may_not_go_on(void **state)
{
	struct store_dir *d = *state;
	struct cause why = {0};

	become_next(d, 0);
	assert_int_equal(try_open(d->path, STORE_OWN, &why), ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "of tomorrow"));
	why = (struct cause){0};
	assert_int_equal(try_open(d->path, STORE_READ, &why), ERR_UNSUPPORTED);
}

static void test_two_steps_ahead_is_too_far(void **state)
{
	struct store_dir *d = *state;
	struct cause why = {0};

	become_next(d, migration_count + 1);
	assert_int_equal(try_open(d->path, STORE_OWN, &why), ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "use the newer program"));
}

/* ---- shutting out ---- */

static enum err begin_nodes(struct store *s, void *context, struct cause *why)
{
	int64_t *run = context;
	struct store_node n = {
	    .name = SPAN("h1"), .address = SPAN("h1:1"), .program = SPAN("this")};
	enum err err = store_begin_node(s, &n, &run[0], why);

	n.name = SPAN("h2");
	if (!err)
		err = store_begin_node(s, &n, &run[1], why);
	/* h1 has written, h2 has not yet. */
	return err ? err : store_note_batch(s, SPAN("h1"), run[0], 5, why);
}

static const struct db_stmt *statement(const char *name)
{
	for (uint32_t i = 0; i < st_migration_statements.n; i++)
		if (strcmp(st_migration_statements.stmt[i]->name, name) == 0)
			return st_migration_statements.stmt[i];
	fail_msg("no statement %s", name);
	return NULL;
}

static enum err shut_out(struct db *db, void *context, struct cause *why)
{
	enum err err = db_exec(db, statement("migration_shut_batches"), DB_NO_ARGS, why);

	(void)context;
	return err ? err : db_exec(db, statement("migration_shut_nodes"), DB_NO_ARGS, why);
}

struct
try {
	struct span node;
	int64_t run;
	enum err beat, batch;
};

static enum err try_to_write(struct store *s, void *context, struct cause *why)
{
	struct try *t = context;

	t->beat = store_beat_node(s, t->node, t->run, why);
	t->batch = store_note_batch(s, t->node, t->run, 6, why);
	return ERR_NONE;
}

static void test_nodes_of_an_older_program_are_shut_out(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct cause why = {0};
	int64_t run[2];
	struct db *db;

	assert_ok(store_batch(s, begin_nodes, run, &why));
	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(db_tx(db, DB_WRITE, shut_out, NULL, &why));
	db_close(db);
	for (int i = 0; i < 2; i++) {
		struct try t = {.node = i ? SPAN("h2") : SPAN("h1"), .run = run[i]};

		assert_ok(store_batch(s, try_to_write, &t, &why));
		assert_int_equal(t.beat, ERR_NOT_FOUND);
		assert_int_equal(t.batch, ERR_NOT_FOUND);
	}
	/* Begun anew, by a program that has the migration, they write again. */
	assert_ok(store_batch(s, begin_nodes, run, &why));
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_it_goes_on_with_what_the_next_one_adds),
	    store_test(test_it_refuses_where_it_may_not_go_on),
	    store_test(test_two_steps_ahead_is_too_far),
	    store_test(test_nodes_of_an_older_program_are_shut_out),
	};

	return store_dir_run(tests);
}
