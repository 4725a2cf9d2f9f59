#include "store/store.h"

#include "base/limits.h"
#include "store/migrations.h"
#include "store/st.h"

enum { HOME_BYTES = 64 << 10 };

_Static_assert(sizeof(((struct store_owner *)0)->socket) == DB_SOCKET_BYTES,
	       "one socket path, one length");

static bool is_directory_store(const char *where)
{
	return !strstr(where, "://");
}

/* An owner brings the schema up to date; a reader needs it so. */
static enum err open_schema(struct db *db, const struct store_options *options, struct cause *why)
{
	int schema;
	enum err err;

	if (options->mode == STORE_OWN)
		return migrate(db, migration_count, options->now, why);
	err = migration_check(db, &schema, why);
	if (!err && schema < migration_count)
		err = fail(why, ERR_CONFLICT,
			   "the store has schema %d, this program reads %d: start its owner once "
			   "to bring it up to date",
			   schema, migration_count);
	return err;
}

enum err store_open_over(struct db *db, const struct store_options *options, struct store **ret,
			 struct cause *why)
{
	struct arena *home = arena_new(HOME_BYTES);
	struct arena *scratch = arena_new(LIMIT_PAYLOAD_BYTES);
	struct store *s = home && scratch ? arena_try(home, sizeof(*s)) : NULL;
	enum err err = ERR_NOMEM;

	if (s)
		err = open_schema(db, options, why);
	else
		(void)fail(why, err, "no memory for a store");
	if (!s || err) {
		db_close(db);
		arena_free(scratch);
		arena_free(home);
		return err;
	}
	*s = (struct store){.db = db, .home = home, .scratch = scratch};
	*ret = s;
	return ERR_NONE;
}

/* home: the directory that has one owner. */
static enum err open_owned(const char *where, const char *home, const struct store_options *options,
			   struct store **ret, struct cause *why)
{
	struct db_owner owner;
	struct db *db;
	enum err err = db_owner_take(home, options->socket, &owner, why);

	if (err)
		return err;
	err = db_open(where, DB_WRITE, &db, why);
	/* Who takes no requests of others is here for a file, and soon gone. */
	if (!err && !options->socket && (err = db_be_small(db, why)))
		db_close(db);
	if (!err)
		err = store_open_over(db, options, ret, why);
	if (err) {
		db_owner_release(&owner);
		return err;
	}
	(*ret)->owner = owner;
	(*ret)->owned = true;
	return ERR_NONE;
}

enum err store_open(const char *where, const struct store_options *options, struct store **ret,
		    struct cause *why)
{
	/* Several nodes may own a database, each with a directory of its own: what they settle they hold by leases. */
	const char *home = is_directory_store(where) ? where : options->home;
	struct db *db;
	enum err err;

	if (options->mode == STORE_OWN && home)
		return open_owned(where, home, options, ret, why);
	err = db_open(where, options->mode == STORE_OWN ? DB_WRITE : DB_READ, &db, why);
	return err ? err : store_open_over(db, options, ret, why);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	BUG_ON(s->in_tx);
	db_close(s->db);
	if (s->owned)
		db_owner_release(&s->owner);
	arena_free(s->scratch);
	arena_free(s->home);
}

enum err store_get_owner(const char *where, struct store_owner *ret, struct cause *why)
{
	struct db_owner_note note;
	enum err err = is_directory_store(where) ? db_owner_read(where, &note, why) : ERR_NOT_FOUND;

	if (err)
		return err;
	ret->pid = note.pid;
	memcpy(ret->socket, note.socket, sizeof(ret->socket));
	return ERR_NONE;
}

struct job {
	struct store *store;
	enum err (*work)(struct store *s, void *context, struct cause *why);
	void *context;
};

static enum err run_job(struct db *db, void *context, struct cause *why)
{
	const struct job *job = context;

	(void)db; /* it is the store's */
	store_forget_ahead(job->store);
	return job->work(job->store, job->context, why);
}

static enum err run_in_tx(struct store *s, enum db_access access, struct job *job,
			  struct cause *why)
{
	enum err err;

	BUG_ON(s->in_tx);
	s->in_tx = true;
	err = db_tx(s->db, access, run_job, job, why);
	s->in_tx = false;
	store_forget_ahead(s);
	return err;
}

enum err store_batch(struct store *s,
		     enum err (*work)(struct store *s, void *context, struct cause *why),
		     void *context, struct cause *why)
{
	return run_in_tx(s, DB_WRITE, &(struct job){s, work, context}, why);
}

enum err store_snapshot(struct store *s,
			enum err (*work)(struct store *s, void *context, struct cause *why),
			void *context, struct cause *why)
{
	return run_in_tx(s, DB_READ, &(struct job){s, work, context}, why);
}

enum err store_check(struct store *s, struct cause *why)
{
	return db_check(s->db, why);
}

static enum err scan_rows(struct store *s, void *context, struct cause *why)
{
	const struct st_scan *scan = context;
	struct db_rows rows;
	enum err err = db_scan(s->db, scan->stmt, scan->args, ST_SCAN_ROWS, &rows, why), end;

	if (err)
		return err;
	while ((err = db_next(&rows, why)) == ERR_NONE) {
		scan->shape->read(&rows, scan->row);
		/* A column that could not be taken is told by db_next() or db_end(): such a row is not given on. */
		if (!rows.bad.err)
			err = scan->take(scan->context, scan->row, why);
		if (err)
			break;
	}
	end = db_end(&rows, why);
	if (err == ERR_NOT_FOUND)
		err = ERR_NONE;
	return err ? err : end;
}

enum err st_scan(struct store *s, const struct st_scan *scan, struct cause *why)
{
	struct st_scan copy = *scan;

	return s->in_tx ? scan_rows(s, &copy, why) : store_snapshot(s, scan_rows, &copy, why);
}

struct db_value *st_values(struct arena *a, uint32_t args, uint32_t n)
{
	return arena_try(a, sizeof(struct db_value) * args * ((size_t)n + 1));
}

enum err st_each(struct store *s, const struct db_stmt *stmt, const struct db_value *value,
		 uint32_t args, uint32_t n, struct arena *a, const struct db_shape *shape,
		 struct db_found **ret, struct cause *why)
{
	struct db_found *found = value ? arena_try(a, sizeof(*found) * ((size_t)n + 1)) : NULL;
	enum err err;

	if (!found)
		return fail(why, arena_failure(a), "no memory for %u look-ups", n);
	err = db_each(s->db, stmt, value, args, n, a, shape, found, why);
	if (!err)
		*ret = found;
	return err;
}

enum err st_each_text(struct store *s, const struct db_stmt *stmt, const struct span *text,
		      uint32_t n, struct arena *a, const struct db_shape *shape,
		      struct db_found **ret, struct cause *why)
{
	struct db_value *value = st_values(a, 1, n);

	for (uint32_t i = 0; i < n && value; i++)
		value[i] = db_text(text[i]);
	return st_each(s, stmt, value, 1, n, a, shape, ret, why);
}

static const struct db_stmt store_question = {"store_question",
					      "SELECT COALESCE(MAX(number), 0) FROM migration"};
static const struct db_stmt *const statements[] = {&store_question};
ST_STATEMENTS(st_store_statements, statements);

static void read_answer(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_ask(struct store *s, struct cause *why)
{
	static const struct db_shape number = {sizeof(int64_t), read_answer};
	int64_t unused;

	BUG_ON(s->in_tx);
	return db_one(s->db, &store_question, DB_NO_ARGS, NULL, &number, &unused, why);
}

void store_set_patience(struct store *s, const struct patience *patience)
{
	BUG_ON(s->in_tx);
	db_set_patience(s->db, patience);
}

void store_mark(struct store *s, int mark)
{
	s->mark = mark;
}

int store_get_mark(const struct store *s)
{
	return s->mark;
}

uint64_t store_round_trips(const struct store *s)
{
	return db_round_trips(s->db);
}

const struct st_statements *const *st_all_statements(uint32_t *ret_count)
{
	static const struct st_statements *const all[] = {
	    &st_store_statements,        &st_counter_statements,    &st_day_key_statements,
	    &st_declaration_statements,  &st_document_statements,   &st_dump_statements,
	    &st_event_statements,        &st_life_statements,       &st_migration_statements,
	    &st_roster_statements,       &st_party_statements,      &st_quarantine_statements,
	    &st_root_statements,         &st_version_statements,    &st_goods_statements,
	    &st_draw_count_statements,   &st_access_statements,     &st_authority_statements,
	    &st_balance_statements,      &st_person_statements,     &st_session_statements,
	    &st_token_statements,        &st_hook_statements,       &st_notice_statements,
	    &st_contingency_statements,  &st_obligation_statements, &st_case_statements,
	    &st_guarantee_statements,    &st_cargo_statements,      &st_stock_statements,
	    &st_lease_statements,        &st_news_statements,       &st_node_statements,
	    &st_outcome_statements,      &st_quota_statements,      &st_candidate_statements,
	    &st_work_statements,         &st_message_statements,    &st_history_statements,
	    &st_announcement_statements, &st_shelf_statements,      &st_codes_statements,
	};

	*ret_count = ARRAY_LEN(all);
	return all;
}
