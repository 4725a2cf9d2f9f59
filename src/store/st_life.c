/* Where each accepted case stands now, whose it is, and which acts were asked for under a key: projections of the log. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt life_put = {
    "life_put", "INSERT INTO life (" LIFE_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (office, reference) DO UPDATE SET party = excluded.party,"
		" state = excluded.state, lane = excluded.lane, examiner = excluded.examiner,"
		" deadline = excluded.deadline, seq = excluded.seq, body = excluded.body"};

static const struct db_stmt life_get = {
    "life_get", "SELECT " LIFE_COLUMNS " FROM life WHERE office = $1 AND reference = $2"};

static const struct db_stmt life_list = {
    "life_list", "SELECT " LIFE_COLUMNS " FROM life WHERE office = $1 AND state = $2 AND lane = $3"
		 " ORDER BY reference LIMIT $4"};

static const struct db_stmt life_due = {
    "life_due", "SELECT " LIFE_COLUMNS " FROM life WHERE deadline > 0 AND deadline <= $1"
		" ORDER BY deadline LIMIT $2"};

static const struct db_stmt life_scan = {"life_scan", "SELECT " LIFE_COLUMNS
						      " FROM life ORDER BY office, reference"};

static const struct db_stmt case_party_put = {
    "case_party_put", "INSERT INTO case_party (" CASE_PARTY_COLUMNS ") VALUES ($1, $2, $3)"
		      " ON CONFLICT (party, reference) DO NOTHING"};

static const struct db_stmt case_party_get = {
    "case_party_get",
    "SELECT " CASE_PARTY_COLUMNS " FROM case_party WHERE party = $1 AND reference = $2"};

static const struct db_stmt case_party_scan = {
    "case_party_scan", "SELECT " CASE_PARTY_COLUMNS " FROM case_party ORDER BY party, reference"};

static const struct db_stmt act_key_put = {"act_key_put", "INSERT INTO act_key (" ACT_KEY_COLUMNS
							  ") VALUES ($1, $2, $3, $4, $5, $6)"};

static const struct db_stmt act_key_get = {
    "act_key_get",
    "SELECT " ACT_KEY_COLUMNS " FROM act_key WHERE office = $1 AND actor = $2 AND key = $3"};

static const struct db_stmt *const statements[] = {
    &life_put,       &life_get,       &life_list,       &life_due,    &life_scan,
    &case_party_put, &case_party_get, &case_party_scan, &act_key_put, &act_key_get,
};
ST_STATEMENTS(st_life_statements, statements);

static void read_life(struct db_rows *row, void *ret)
{
	struct store_life *l = ret;

	l->office = db_get_span(row);
	l->reference = db_get_span(row);
	l->party = db_get_span(row);
	l->state = db_get_span(row);
	l->lane = db_get_span(row);
	l->examiner = db_get_span(row);
	l->deadline = db_get_i64(row);
	l->seq = db_get_i64(row);
	l->body = db_get_span(row);
}

static const struct db_shape LIFE = {sizeof(struct store_life), read_life};

enum err store_put_life(struct store *s, const struct store_life *l, struct cause *why)
{
	BUG_ON(!l->office.n || !l->reference.n);
	st_forget(s, &life_get, DB_ARGS(db_text(l->office), db_text(l->reference)));
	return db_group(s->db, &life_put,
			DB_ARGS(db_text(l->office), db_text(l->reference), db_text(l->party),
				db_text(l->state), db_text(l->lane), db_text(l->examiner),
				db_i64(l->deadline), db_i64(l->seq), db_text(l->body)),
			2, why);
}

enum err store_get_life(struct store *s, struct arena *a, struct span office, struct span reference,
			struct store_life *ret, struct cause *why)
{
	return st_one(s, &life_get, DB_ARGS(db_text(office), db_text(reference)), a, &LIFE, ret,
		      why);
}

enum err store_ahead_lives(struct store *s, struct arena *a, const struct store_case_key *key,
			   uint32_t n, struct cause *why)
{
	return st_ask_ahead(s, &life_get, st_case_values(a, key, n), 2, n, a, &LIFE, why);
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_life **ret, uint32_t *ret_count,
		     struct cause *why)
{
	void *rows;
	enum err e = db_all(s->db, stmt, args, a, &LIFE, &rows, ret_count, why);

	if (!e)
		*ret = rows;
	return e;
}

enum err store_list_lives(struct store *s, struct arena *a, const struct store_life *of,
			  uint32_t limit, struct store_life **ret, uint32_t *ret_count,
			  struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(
	    s, &life_list,
	    DB_ARGS(db_text(of->office), db_text(of->state), db_text(of->lane), db_i64(limit)), a,
	    ret, ret_count, why);
}

enum err store_list_due_lives(struct store *s, struct arena *a, int64_t now, uint32_t limit,
			      struct store_life **ret, uint32_t *ret_count, struct cause *why)
{
	return list(s, &life_due, DB_ARGS(db_i64(now), db_i64(limit)), a, ret, ret_count, why);
}

struct taker {
	enum err (*take)(void *context, const struct store_life *l, struct cause *why);
	void *context;
};

static enum err take_life(void *context, const void *row, struct cause *why)
{
	const struct taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_lives(struct store *s,
			  enum err (*take)(void *context, const struct store_life *l,
					   struct cause *why),
			  void *context, struct cause *why)
{
	struct taker taker = {take, context};
	struct store_life row;
	struct st_scan scan = {&life_scan, DB_NO_ARGS, &LIFE, &row, take_life, &taker};

	return st_scan(s, &scan, why);
}

/* ---- whose cases ---- */

static void read_case_party(struct db_rows *row, void *ret)
{
	struct store_case_party *c = ret;

	c->party = db_get_span(row);
	c->reference = db_get_span(row);
	c->office = db_get_span(row);
}

enum err store_put_case_party(struct store *s, const struct store_case_party *c, struct cause *why)
{
	BUG_ON(!c->party.n || !c->reference.n);
	st_forget(s, &case_party_get, DB_ARGS(db_text(c->party), db_text(c->reference)));
	return db_group(s->db, &case_party_put,
			DB_ARGS(db_text(c->party), db_text(c->reference), db_text(c->office)), 0,
			why);
}

static const struct db_shape CASE_PARTY = {sizeof(struct store_case_party), read_case_party};

enum err store_get_case_party(struct store *s, struct arena *a, struct span party,
			      struct span reference, struct store_case_party *ret,
			      struct cause *why)
{
	return st_one(s, &case_party_get, DB_ARGS(db_text(party), db_text(reference)), a,
		      &CASE_PARTY, ret, why);
}

enum err store_ahead_case_parties(struct store *s, struct arena *a,
				  const struct store_case_key *party, uint32_t n, struct cause *why)
{
	return st_ask_ahead(s, &case_party_get, st_case_values(a, party, n), 2, n, a, &CASE_PARTY,
			    why);
}

struct party_taker {
	enum err (*take)(void *context, const struct store_case_party *c, struct cause *why);
	void *context;
};

static enum err take_case_party(void *context, const void *row, struct cause *why)
{
	const struct party_taker *t = context;

	return t->take(t->context, row, why);
}

enum err store_scan_case_parties(struct store *s,
				 enum err (*take)(void *context, const struct store_case_party *c,
						  struct cause *why),
				 void *context, struct cause *why)
{
	struct party_taker taker = {take, context};
	struct store_case_party row;
	struct st_scan scan = {&case_party_scan, DB_NO_ARGS, &CASE_PARTY, &row,
			       take_case_party,  &taker};

	return st_scan(s, &scan, why);
}

/* ---- acts by their keys ---- */

static void read_act_key(struct db_rows *row, void *ret)
{
	struct store_act_key *k = ret;

	k->office = db_get_span(row);
	k->actor = db_get_span(row);
	k->key = db_get_span(row);
	k->reference = db_get_span(row);
	db_get_bytes(row, k->sha256.byte, sizeof(k->sha256.byte));
	k->seq = db_get_i64(row);
}

static const struct db_shape ACT_KEY = {sizeof(struct store_act_key), read_act_key};

enum err store_put_act_key(struct store *s, const struct store_act_key *k, struct cause *why)
{
	BUG_ON(!k->office.n || !k->actor.n || !k->key.n);
	st_forget(s, &act_key_get, DB_ARGS(db_text(k->office), db_text(k->actor), db_text(k->key)));
	return db_exec(s->db, &act_key_put,
		       DB_ARGS(db_text(k->office), db_text(k->actor), db_text(k->key),
			       db_text(k->reference), db_hash(&k->sha256), db_i64(k->seq)),
		       why);
}

enum err store_get_act_key(struct store *s, struct arena *a, struct span office, struct span actor,
			   struct span key, struct store_act_key *ret, struct cause *why)
{
	return st_one(s, &act_key_get, DB_ARGS(db_text(office), db_text(actor), db_text(key)), a,
		      &ACT_KEY, ret, why);
}

enum err store_ahead_act_keys(struct store *s, struct arena *a, const struct store_act_name *name,
			      uint32_t n, struct cause *why)
{
	struct db_value *value = st_values(a, 3, n);

	for (uint32_t i = 0; i < n && value; i++) {
		value[3 * i] = db_text(name[i].office);
		value[3 * i + 1] = db_text(name[i].actor);
		value[3 * i + 2] = db_text(name[i].key);
	}
	return st_ask_ahead(s, &act_key_get, value, 3, n, a, &ACT_KEY, why);
}
