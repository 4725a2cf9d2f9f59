/* Candidates for the tariff: what was proposed, by whom, and what came of it. A projection of the hub's own chain; the
 * archives are
 * versions, by their hashes. */
#include "store/columns.h"
#include "store/st.h"

static const struct db_stmt candidate_put = {
    "candidate_put",
    "INSERT INTO candidate (" CANDIDATE_COLUMNS ")"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    " ON CONFLICT (number) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by,"
    " decided_at = excluded.decided_at, decided_reason = excluded.decided_reason,"
    " seq = excluded.seq"};

static const struct db_stmt candidate_get = {"candidate_get", "SELECT " CANDIDATE_COLUMNS
							      " FROM candidate WHERE number = $1"};

static const struct db_stmt candidate_page = {"candidate_page", "SELECT " CANDIDATE_COLUMNS
								" FROM candidate WHERE number < $1"
								" ORDER BY number DESC LIMIT $2"};

static const struct db_stmt candidate_report_put = {
    "candidate_report_put", "INSERT INTO candidate_report (" CANDIDATE_REPORT_COLUMNS ")"
			    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (number, kind) DO UPDATE"
			    " SET at = excluded.at, seq = excluded.seq, body = excluded.body"};

static const struct db_stmt candidate_report_get = {
    "candidate_report_get", "SELECT " CANDIDATE_REPORT_COLUMNS " FROM candidate_report"
			    " WHERE number = $1 AND kind = $2"};

static const struct db_stmt *const statements[] = {
    &candidate_put, &candidate_get, &candidate_page, &candidate_report_put, &candidate_report_get,
};
ST_STATEMENTS(st_candidate_statements, statements);

enum err store_put_candidate(struct store *s, const struct store_candidate *c, struct cause *why)
{
	return db_exec(s->db, &candidate_put,
		       DB_ARGS(db_i64(c->number), db_text(c->state), db_text(c->hash[0]),
			       db_text(c->hash[1]), db_text(c->hash[2]), db_text(c->base[0]),
			       db_text(c->base[1]), db_text(c->base[2]), db_text(c->from_day),
			       db_text(c->proposed_by), db_i64(c->proposed_at), db_text(c->reason),
			       db_text(c->decided_by), db_i64(c->decided_at),
			       db_text(c->decided_reason), db_i64(c->seq)),
		       why);
}

static void read_candidate(struct db_rows *row, void *ret)
{
	struct store_candidate *c = ret;

	c->number = db_get_i64(row);
	c->state = db_get_span(row);
	for (int i = 0; i < 3; i++)
		c->hash[i] = db_get_span(row);
	for (int i = 0; i < 3; i++)
		c->base[i] = db_get_span(row);
	c->from_day = db_get_span(row);
	c->proposed_by = db_get_span(row);
	c->proposed_at = db_get_i64(row);
	c->reason = db_get_span(row);
	c->decided_by = db_get_span(row);
	c->decided_at = db_get_i64(row);
	c->decided_reason = db_get_span(row);
	c->seq = db_get_i64(row);
}

static const struct db_shape CANDIDATE = {sizeof(struct store_candidate), read_candidate};

enum err store_get_candidate(struct store *s, struct arena *a, int64_t number,
			     struct store_candidate *ret, struct cause *why)
{
	return db_one(s->db, &candidate_get, DB_ARGS(db_i64(number)), a, &CANDIDATE, ret, why);
}

enum err store_page_candidates(struct store *s, struct arena *a, int64_t before, uint32_t limit,
			       struct store_candidate **ret, uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &candidate_page, DB_ARGS(db_i64(before), db_i64(limit)), a,
			      &CANDIDATE, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

enum err store_put_candidate_report(struct store *s, const struct store_candidate_report *r,
				    struct cause *why)
{
	return db_exec(s->db, &candidate_report_put,
		       DB_ARGS(db_i64(r->number), db_text(r->kind), db_i64(r->at), db_i64(r->seq),
			       db_blob(r->body)),
		       why);
}

static void read_report(struct db_rows *row, void *ret)
{
	struct store_candidate_report *r = ret;

	r->number = db_get_i64(row);
	r->kind = db_get_span(row);
	r->at = db_get_i64(row);
	r->seq = db_get_i64(row);
	r->body = db_get_span(row);
}

enum err store_get_candidate_report(struct store *s, struct arena *a, int64_t number,
				    struct span kind, struct store_candidate_report *ret,
				    struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct store_candidate_report), read_report};

	return db_one(s->db, &candidate_report_get, DB_ARGS(db_i64(number), db_text(kind)), a,
		      &shape, ret, why);
}
