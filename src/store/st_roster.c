/* Who examines at an office: present until when, able to do what, and with whom no examination may be given to them. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt roster_put = {
    "roster_put", "INSERT INTO roster (" ROSTER_COLUMNS ") VALUES ($1, $2, $3, $4, $5)"
		  " ON CONFLICT (office, login) DO UPDATE SET present_until = "
		  "excluded.present_until, skills = excluded.skills, conflicts = "
		  "excluded.conflicts"};

static const struct db_stmt roster_list = {
    "roster_list", "SELECT " ROSTER_COLUMNS " FROM roster WHERE office = $1 ORDER BY login"};

static const struct db_stmt *const statements[] = {&roster_put, &roster_list};
ST_STATEMENTS(st_roster_statements, statements);

static void read_roster(struct db_rows *row, void *ret)
{
	struct store_roster *r = ret;

	r->office = db_get_span(row);
	r->login = db_get_span(row);
	r->present_until = db_get_i64(row);
	r->skills = db_get_span(row);
	r->conflicts = db_get_span(row);
}

enum err store_put_roster(struct store *s, const struct store_roster *r, struct cause *why)
{
	BUG_ON(!r->office.n || !r->login.n);
	return db_exec(s->db, &roster_put,
		       DB_ARGS(db_text(r->office), db_text(r->login), db_i64(r->present_until),
			       db_text(r->skills), db_text(r->conflicts)),
		       why);
}

static const struct db_shape ROSTER = {sizeof(struct store_roster), read_roster};

enum err store_list_rosters(struct store *s, struct arena *a, const struct span *office, uint32_t n,
			    struct store_roster_list *ret, struct cause *why)
{
	struct db_found *found;
	enum err e = st_each_text(s, &roster_list, office, n, a, &ROSTER, &found, why);

	for (uint32_t i = 0; i < n && !e; i++)
		ret[i] = (struct store_roster_list){found[i].row, found[i].count};
	return e;
}

enum err store_list_roster(struct store *s, struct arena *a, struct span office,
			   struct store_roster **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, &roster_list, DB_ARGS(db_text(office)), a, &ROSTER, &rows,
			    ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}
