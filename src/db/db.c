#include "db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/db_driver.h"

enum {
	TRIES_MAX = 4, /* of a transaction that lost a race; a driver has already waited in each */
	ROW_BYTES_MAX = 1024, /* of a struct that db_one() fills */
	WORD_BYTES_MAX = 64,  /* of what stands for a word in a table definition */
};

enum err db_open(const char *where, enum db_access access, struct db **ret, struct cause *why)
{
	const struct span place = span_of(where);

	if (!place.n)
		return fail(why, ERR_USAGE, "no database was named: give a directory or a URL");
	if (span_starts(place, SPAN("postgresql://")) || span_starts(place, SPAN("postgres://")))
		return db_postgres_open(where, access, ret, why);
	if (strstr(where, "://"))
		return fail(why, ERR_UNSUPPORTED, "%s: not a kind of database that is known",
			    where);
	return db_sqlite_open(where, access, ret, why);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	BUG_ON(db->state != DB_IDLE || db->open_rows);
	db->driver->close(db);
}

static enum err run_once(struct db *db, enum db_access access,
			 enum err (*work)(struct db *, void *, struct cause *), void *context,
			 struct cause *why)
{
	enum err err = patience_look(&db->patience, why);

	if (!err)
		err = db->driver->begin(db, access, why);
	if (err)
		return err;
	db->state = access == DB_WRITE ? DB_WRITING : DB_READING;
	err = work(db, context, why);
	BUG_ON(db->open_rows);
	if (!err)
		err = db->driver->commit(db, why);
	if (err)
		db->driver->rollback(db);
	db->state = DB_IDLE;
	return err;
}

/* 2, 4, 8 ms: long enough for the other side to finish, too short to notice. */
static void pause_before_try(int tries)
{
	const struct timespec pause = {.tv_nsec = (1L << tries) * 1000000L};

	nanosleep(&pause, NULL);
}

enum err db_tx(struct db *db, enum db_access access,
	       enum err (*work)(struct db *db, void *context, struct cause *why), void *context,
	       struct cause *why)
{
	struct cause cause = {0};
	enum err err;

	BUG_ON(db->state != DB_IDLE);
	if (access == DB_WRITE && db->access == DB_READ)
		return fail(why, ERR_USAGE, "the database was opened for reading only");
	err = run_once(db, access, work, context, &cause);
	for (int tries = 1; err == ERR_RETRY && tries < TRIES_MAX; tries++) {
		pause_before_try(tries);
		cause = (struct cause){0};
		err = run_once(db, access, work, context, &cause);
	}
	if (err == ERR_RETRY)
		err = ERR_BUSY;
	if (err && cause.err)
		return fail(why, err, "%s", cause.text);
	return err;
}

enum err db_exec(struct db *db, const struct db_stmt *stmt, struct db_args args, struct cause *why)
{
	BUG_ON(db->state != DB_WRITING);
	return db->driver->exec(db, stmt, args, NULL, why);
}

enum err db_group(struct db *db, const struct db_stmt *stmt, struct db_args args, uint32_t key,
		  struct cause *why)
{
	BUG_ON(db->state != DB_WRITING);
	return db->driver->group ? db->driver->group(db, stmt, args, key, why)
				 : db->driver->exec(db, stmt, args, NULL, why);
}

enum err db_exec_count(struct db *db, const struct db_stmt *stmt, struct db_args args,
		       int64_t *ret_rows, struct cause *why)
{
	BUG_ON(db->state != DB_WRITING);
	return db->driver->exec(db, stmt, args, ret_rows, why);
}

enum err db_sync(struct db *db, struct cause *why)
{
	return db->driver->sync(db, why);
}

/* Copies sql to `to` with its words in braces replaced. */
static void expand_words(const struct db_driver *driver, const char *sql, char *to)
{
	while (*sql) {
		const char *end = *sql == '{' ? strchr(sql, '}') : NULL;
		const char *word;
		size_t n;

		if (!end) {
			*to++ = *sql++;
			continue;
		}
		word = driver->word((struct span){sql + 1, (uint32_t)(end - sql - 1), 0});
		BUG_ON(!word);
		n = strlen(word);
		BUG_ON(n > WORD_BYTES_MAX);
		memcpy(to, word, n);
		to += n;
		sql = end + 1;
	}
	*to = 0;
}

char *db_replace_words(const struct db *db, const char *sql)
{
	size_t words = 0;
	char *own;

	for (const char *p = sql; (p = strchr(p, '{')); p++)
		words++;
	own = malloc(strlen(sql) + words * WORD_BYTES_MAX + 1);
	if (own)
		expand_words(db->driver, sql, own);
	return own;
}

enum err db_script(struct db *db, const char *sql, struct cause *why)
{
	char *own;
	enum err err;

	BUG_ON(db->state != DB_WRITING);
	own = db_replace_words(db, sql);
	if (!own)
		return fail(why, ERR_NOMEM, "no memory for a script of %zu bytes", strlen(sql));
	err = db->driver->script(db, own, why);
	free(own);
	return err;
}

enum err db_check(struct db *db, struct cause *why)
{
	return db->driver->check(db, why);
}

uint64_t db_round_trips(const struct db *db)
{
	return db->driver->round_trips ? db->driver->round_trips(db) : 0;
}

void db_set_patience(struct db *db, const struct patience *patience)
{
	BUG_ON(db->access != DB_READ || db->open_rows);
	db->patience = patience ? *patience : (struct patience){0};
	if (db->driver->set_patience)
		db->driver->set_patience(db);
}

void db_be_patient(struct db *db)
{
	BUG_ON(db->state != DB_IDLE);
	db->driver->be_patient(db);
}

enum err db_be_small(struct db *db, struct cause *why)
{
	BUG_ON(db->state != DB_IDLE);
	return db->driver->be_small ? db->driver->be_small(db, why) : ERR_NONE;
}

enum err db_lock(struct db *db, struct cause *why)
{
	BUG_ON(db->state != DB_WRITING);
	return db->driver->lock(db, why);
}

enum err db_query(struct db *db, const struct db_stmt *stmt, struct db_args args,
		  struct arena *arena, struct db_rows *ret, struct cause *why)
{
	void *cursor;
	enum err err = patience_look(&db->patience, why);

	if (!err)
		err = db->driver->query(db, stmt, args, 0, &cursor, why);
	if (err)
		return err;
	db->open_rows++;
	*ret = (struct db_rows){.db = db, .stmt = stmt, .arena = arena, .cursor = cursor};
	return ERR_NONE;
}

enum err db_scan(struct db *db, const struct db_stmt *stmt, struct db_args args, uint32_t rows_max,
		 struct db_rows *ret, struct cause *why)
{
	void *cursor;
	enum err err;

	BUG_ON(db->state == DB_IDLE || !rows_max);
	err = db->driver->query(db, stmt, args, rows_max, &cursor, why);
	if (err)
		return err;
	db->open_rows++;
	*ret = (struct db_rows){.db = db, .stmt = stmt, .cursor = cursor};
	return ERR_NONE;
}

static enum err report_bad_column(const struct db_rows *rows, struct cause *why)
{
	return rows->bad.err ? fail(why, rows->bad.err, "%s", rows->bad.text) : ERR_NONE;
}

enum err db_next(struct db_rows *rows, struct cause *why)
{
	enum err err = report_bad_column(rows, why);

	rows->column = 0;
	return err ? err : rows->db->driver->next(rows->db, rows->cursor, why);
}

enum err db_end(struct db_rows *rows, struct cause *why)
{
	BUG_ON(!rows->db->open_rows);
	rows->db->driver->end(rows->db, rows->cursor);
	rows->db->open_rows--;
	rows->cursor = NULL;
	return report_bad_column(rows, why);
}

static struct db_value next_column(struct db_rows *rows)
{
	const struct db_driver *driver = rows->db->driver;

	BUG_ON(rows->column >= driver->columns(rows->db, rows->cursor));
	return driver->column(rows->db, rows->cursor, rows->column++);
}

int64_t db_get_i64(struct db_rows *rows)
{
	const struct db_value v = next_column(rows);

	if (v.kind != DB_I64)
		(void)fail(&rows->bad, ERR_DB, "statement %s, column %u: not a number; run verify",
			   rows->stmt->name, rows->column);
	return v.i64;
}

struct span db_get_span(struct db_rows *rows)
{
	const struct db_value v = next_column(rows);
	char *copy;

	if (v.kind == DB_NULL || !rows->arena)
		return v.span;
	copy = arena_try(rows->arena, (size_t)v.span.n + 1);
	if (!copy) {
		(void)fail(
		    &rows->bad, arena_failure(rows->arena),
		    "statement %s: a row of %u bytes is more than the memory of this request",
		    rows->stmt->name, v.span.n);
		return (struct span){NULL, 0, 0};
	}
	memcpy(copy, v.span.p, v.span.n);
	return (struct span){copy, v.span.n, 0};
}

void db_get_bytes(struct db_rows *rows, void *to, size_t n)
{
	const struct db_value v = next_column(rows);

	memset(to, 0, n);
	if (v.kind == DB_NULL)
		return;
	if (v.span.n == n)
		memcpy(to, v.span.p, n);
	else
		(void)fail(&rows->bad, ERR_DB,
			   "statement %s, column %u: %u bytes instead of %zu; run verify",
			   rows->stmt->name, rows->column, v.span.n, n);
}

static void read_row(struct db_rows *rows, const struct db_shape *shape, void *ret)
{
	shape->read(rows, ret);
	/* A reader that forgets a column would shift all others after the next change of the statement. */
	BUG_ON(rows->column != rows->db->driver->columns(rows->db, rows->cursor));
}

enum err db_one(struct db *db, const struct db_stmt *stmt, struct db_args args, struct arena *arena,
		const struct db_shape *shape, void *ret, struct cause *why)
{
	_Alignas(max_align_t) char row[ROW_BYTES_MAX] = {0};
	struct db_rows rows;
	enum err err, end;

	BUG_ON(shape->size > sizeof(row));
	err = db_query(db, stmt, args, arena, &rows, why);
	if (err)
		return err;
	err = db_next(&rows, why);
	if (!err)
		read_row(&rows, shape, row);
	end = db_end(&rows, why);
	if (!err)
		err = end;
	if (!err)
		memcpy(ret, row, shape->size);
	return err;
}

/* All rows that are left, and the end. */
static enum err take_all(struct db_rows *rows, const struct db_shape *shape, struct db_found *ret,
			 struct cause *why)
{
	uint32_t count = 0, capacity = 0;
	void *data = NULL;
	enum err err, end;

	while ((err = db_next(rows, why)) == ERR_NONE) {
		void *row = arena_try_push(rows->arena, &data, &count, &capacity, shape->size);

		if (!row) {
			err = fail(why, arena_failure(rows->arena),
				   "statement %s: more than %u rows are more than the memory of "
				   "this request",
				   rows->stmt->name, count);
			break;
		}
		read_row(rows, shape, row);
	}
	end = db_end(rows, why);
	if (err == ERR_NOT_FOUND)
		err = end;
	if (!err)
		*ret = (struct db_found){data, count};
	return err;
}

enum err db_all(struct db *db, const struct db_stmt *stmt, struct db_args args, struct arena *arena,
		const struct db_shape *shape, void **ret, uint32_t *ret_count, struct cause *why)
{
	struct db_rows rows;
	struct db_found found;
	enum err err = db_query(db, stmt, args, arena, &rows, why);

	if (!err)
		err = take_all(&rows, shape, &found, why);
	if (err)
		return err;
	*ret = found.row;
	*ret_count = found.count;
	return ERR_NONE;
}

/* Some at a time: what was asked is noted until it is answered. */
enum { ASKED_MAX = 256 };

static enum err ask_some(struct db *db, const struct db_stmt *stmt, const struct db_value *value,
			 uint32_t args, uint32_t n, struct arena *arena,
			 const struct db_shape *shape, struct db_found *ret, struct cause *why)
{
	void *cursor[ASKED_MAX];
	uint32_t asked = 0;
	enum err err = ERR_NONE;

	for (; asked < n && !err; asked += !err)
		err =
		    db->driver->ask(db, stmt, (struct db_args){value + (size_t)asked * args, args},
				    &cursor[asked], why);
	if (err)
		(void)!db->driver->sync(db, NULL); /* nobody writes to the cursors any more */
	else
		err = db->driver->sync(db, why);
	for (uint32_t i = 0; i < asked; i++) {
		struct db_rows rows = {.db = db, .stmt = stmt, .arena = arena, .cursor = cursor[i]};

		db->open_rows++;
		if (!err)
			err = take_all(&rows, shape, &ret[i], why);
		else
			(void)!db_end(&rows, NULL);
	}
	return err;
}

enum err db_each(struct db *db, const struct db_stmt *stmt, const struct db_value *value,
		 uint32_t args, uint32_t n, struct arena *arena, const struct db_shape *shape,
		 struct db_found *ret, struct cause *why)
{
	enum err err = ERR_NONE;

	for (uint32_t i = 0; i < n && !err; i += ASKED_MAX) {
		const uint32_t some = n - i < ASKED_MAX ? n - i : ASKED_MAX;

		/* outside a transaction each question stands for itself: a lost connection is opened again */
		if (db->driver->ask && db->state != DB_IDLE) {
			err = ask_some(db, stmt, value + (size_t)i * args, args, some, arena, shape,
				       ret + i, why);
			continue;
		}
		for (uint32_t k = i; k < i + some && !err; k++)
			err = db_all(db, stmt, (struct db_args){value + (size_t)k * args, args},
				     arena, shape, &ret[k].row, &ret[k].count, why);
	}
	return err;
}
