/* Who may use the hub. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt person_put = {
    "person_put",
    "INSERT INTO person (" PERSON_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (login) DO UPDATE SET name = excluded.name, roles = excluded.roles,"
    " offices = excluded.offices, parties = excluded.parties, agency = excluded.agency,"
    " disabled = excluded.disabled, must_change = excluded.must_change, secret = excluded.secret,"
    " changed_at = excluded.changed_at"};

static const struct db_stmt person_get = {"person_get",
					  "SELECT " PERSON_COLUMNS " FROM person WHERE login = $1"};

static const struct db_stmt person_scan = {"person_scan",
					   "SELECT " PERSON_COLUMNS " FROM person ORDER BY login"};

static const struct db_stmt *const statements[] = {&person_put, &person_get, &person_scan};
ST_STATEMENTS(st_person_statements, statements);

static void read_person(struct db_rows *row, void *ret)
{
	struct store_person *p = ret;

	p->login = db_get_span(row);
	p->name = db_get_span(row);
	p->roles = db_get_span(row);
	p->offices = db_get_span(row);
	p->parties = db_get_span(row);
	p->agency = db_get_span(row);
	p->disabled = db_get_i64(row) != 0;
	p->must_change = db_get_i64(row) != 0;
	p->secret = db_get_span(row);
	p->created_at = db_get_i64(row);
	p->changed_at = db_get_i64(row);
}

static const struct db_shape PERSON = {sizeof(struct store_person), read_person};

enum err store_put_person(struct store *s, const struct store_person *p, struct cause *why)
{
	BUG_ON(!p->login.n);
	return db_exec(s->db, &person_put,
		       DB_ARGS(db_text(p->login), db_text(p->name), db_text(p->roles),
			       db_text(p->offices), db_text(p->parties), db_text(p->agency),
			       db_i64(p->disabled), db_i64(p->must_change), db_text(p->secret),
			       db_i64(p->created_at), db_i64(p->changed_at)),
		       why);
}

enum err store_get_person(struct store *s, struct arena *a, struct span login,
			  struct store_person *ret, struct cause *why)
{
	return db_one(s->db, &person_get, DB_ARGS(db_text(login)), a, &PERSON, ret, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_person *v, struct cause *why);
	void *context;
};

static enum err take_row(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_people(struct store *s,
			   enum err (*take)(void *context, const struct store_person *v,
					    struct cause *why),
			   void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_person row;
	struct st_scan scan = {&person_scan, DB_NO_ARGS, &PERSON, &row, take_row, &taker};

	return st_scan(s, &scan, why);
}
