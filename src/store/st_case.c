/* Pages of cases: the row of each, its life and, where the row has no reference of its trader, its answer, by one statement. */
#include "store/columns.h"
#include "store/payload.h"
#include "store/st.h"

/* The first message of a case is known by its trader's reference; where it was sent under a key, or named no reference, the row
 * has that key, and only the answer tells what the trader calls the case. */
#define ANSWER                                                                                     \
	" LEFT JOIN event e ON e.office = d.office AND e.seq = d.answer_seq AND"                   \
	" (substr(d.trader_reference, 1, 4) = 'key/' OR"                                           \
	" substr(d.trader_reference, 1, 7) = 'sha256/')"

static const struct db_stmt case_get = {
    "case_get", "SELECT " CASE_COLUMNS " FROM declaration d LEFT JOIN life l ON"
		" l.office = d.office AND l.reference = d.reference" ANSWER
		" WHERE d.office = $1 AND d.reference = $2"};

static const struct db_stmt case_page_party = {
    "case_page_party",
    "SELECT " CASE_COLUMNS " FROM case_party c JOIN declaration d ON d.office = c.office AND"
    " d.reference = c.reference LEFT JOIN life l ON l.office = d.office AND"
    " l.reference = d.reference" ANSWER
    " WHERE c.party = $1 AND c.reference < $2 ORDER BY c.reference DESC LIMIT $3"};

static const struct db_stmt case_page_held = {
    "case_page_held",
    "SELECT " CASE_COLUMNS " FROM case_party c CROSS JOIN life l CROSS JOIN declaration d" ANSWER
    " WHERE c.party = $1 AND c.reference > $2 AND l.office = c.office AND"
    " l.reference = c.reference AND REPLACE(l.body, '\"agency\"', '') <> l.body AND"
    " d.office = c.office AND d.reference = c.reference ORDER BY c.reference LIMIT $3"};

static const struct db_stmt *const statements[] = {&case_get, &case_page_party, &case_page_held};
ST_STATEMENTS(st_case_statements, statements);

/* As the row has it: the answer may be compressed. */
struct stored {
	struct store_case c;
	int64_t compression; /* 0 where there is no answer */
};

static void read_case(struct db_rows *row, void *ret)
{
	struct stored *stored = ret;
	struct store_case *c = &stored->c;

	st_read_declaration(row, &c->row);
	c->examiner = db_get_span(row);
	c->life_seq = db_get_i64(row);
	c->life = db_get_span(row);
	c->answer = db_get_span(row);
	stored->compression = db_get_i64(row);
}

static enum err expand(struct arena *a, const struct stored *stored, struct store_case *ret,
		       struct cause *why)
{
	const struct store_declaration *d = &stored->c.row;
	enum err e;

	*ret = stored->c;
	e = payload_expand(a, stored->compression, stored->c.answer, &ret->answer);
	if (e == ERR_FORMAT)
		return fail(why, ERR_DB, "the answer of %.*s is damaged: run verify",
			    SPAN_ARG(d->reference));
	return e ? fail(why, e, "no memory for the answer of %.*s", SPAN_ARG(d->reference))
		 : ERR_NONE;
}

static enum err list(struct store *s, const struct db_stmt *stmt, struct db_args args,
		     struct arena *a, struct store_case **ret, uint32_t *ret_count,
		     struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct stored), read_case};
	const struct stored *stored;
	struct store_case *c;
	uint32_t n;
	void *rows;
	enum err e = db_all(s->db, stmt, args, a, &shape, &rows, &n, why);

	if (e)
		return e;
	stored = rows;
	c = arena_try(a, (n + 1) * sizeof(*c));
	if (!c)
		return fail(why, arena_failure(a), "no memory for %u cases", n);
	for (uint32_t i = 0; i < n && !e; i++)
		e = expand(a, &stored[i], &c[i], why);
	if (!e) {
		*ret = c;
		*ret_count = n;
	}
	return e;
}

enum err store_get_cases(struct store *s, struct arena *a, struct span office,
			 const struct store_work *work, uint32_t n, struct store_case **ret,
			 struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct stored), read_case};
	struct db_value *value = st_values(a, 2, n);
	struct store_case *c = arena_try(a, ((size_t)n + 1) * sizeof(*c));
	struct db_found *found;
	enum err e;

	if (!value || !c)
		return fail(why, arena_failure(a), "no memory for %u cases", n);
	for (uint32_t i = 0; i < n; i++) {
		value[2 * i] = db_text(office);
		value[2 * i + 1] = db_text(work[i].reference);
	}
	e = st_each(s, &case_get, value, 2, n, a, &shape, &found, why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = found[i].count
			? expand(a, found[i].row, &c[i], why)
			: fail(why, ERR_DB, "%.*s has a life and no declaration: run verify",
			       SPAN_ARG(work[i].reference));
	if (!e)
		*ret = c;
	return e;
}

enum err store_list_cases_of(struct store *s, struct arena *a, struct span party,
			     struct span before, uint32_t limit, struct store_case **ret,
			     uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	/* References are letters, digits and hyphens: all of them sort before '~'. */
	return list(s, &case_page_party,
		    DB_ARGS(db_text(party), db_text(before.n ? before : SPAN("~")), db_i64(limit)),
		    a, ret, ret_count, why);
}

enum err store_list_cases_held(struct store *s, struct arena *a, struct span party,
			       struct span after, uint32_t limit, struct store_case **ret,
			       uint32_t *ret_count, struct cause *why)
{
	BUG_ON(limit > STORE_PAGE_MAX);
	return list(s, &case_page_held,
		    DB_ARGS(db_text(party), db_text(after.n ? after : SPAN("")), db_i64(limit)), a,
		    ret, ret_count, why);
}
