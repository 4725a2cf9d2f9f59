/* Worklists: the keys of an office's cases in several orders, by what an officer looks for, from where the page before ended. One
 * question for each pair of a state and a lane, all asked together, so that every page is read off an index from its beginning,
 * however many cases there are; their keys are then put in order here. */
#include <stdlib.h>
#include <string.h>

#include "store/st.h"

/* CROSS JOIN: SQLite then starts with the first table, whose index has the order; a server does as it likes. REPLACE: is the name
 * among those of a text that has a comma around each? */
#define COLUMNS        "SELECT l.reference, l.lane, l.deadline FROM "
#define LIFE_FIRST     COLUMNS "life l CROSS JOIN declaration d WHERE "
#define OF_DECLARATION " AND d.office = l.office AND d.reference = l.reference"

static const struct db_stmt work_up = {
    "work_up",
    LIFE_FIRST "l.office = $1 AND l.state = $2 AND l.lane = $3 AND l.reference > $4"
	       " AND d.day >= $5 AND d.day <= $6" OF_DECLARATION " ORDER BY l.reference LIMIT $7"};

static const struct db_stmt work_down = {
    "work_down", LIFE_FIRST "l.office = $1 AND l.state = $2 AND l.lane = $3 AND l.reference < $4"
			    " AND d.day >= $5 AND d.day <= $6" OF_DECLARATION
			    " ORDER BY l.reference DESC LIMIT $7"};

static const struct db_stmt work_examiner_up = {
    "work_examiner_up", LIFE_FIRST
    "l.office = $1 AND l.state = $2 AND l.lane = $3 AND l.examiner <> '' AND l.examiner = $4"
    " AND l.reference > $5 AND d.day >= $6 AND d.day <= $7" OF_DECLARATION
    " ORDER BY l.reference LIMIT $8"};

static const struct db_stmt work_examiner_down = {
    "work_examiner_down", LIFE_FIRST
    "l.office = $1 AND l.state = $2 AND l.lane = $3 AND l.examiner <> '' AND l.examiner = $4"
    " AND l.reference < $5 AND d.day >= $6 AND d.day <= $7" OF_DECLARATION
    " ORDER BY l.reference DESC LIMIT $8"};

/* A party's cases lie together, whatever their state: its own walk is the shortest. */
#define PARTY_FIRST                                                                                \
	COLUMNS "case_party c CROSS JOIN life l CROSS JOIN declaration d"                          \
		" WHERE l.office = c.office AND l.reference = c.reference"

/* Of a commodity code, if one is asked for: HAS_CODES and its chapter, HOLDING and a comma with the digits it begins with. */
#define HAS_CODES                                                                                  \
	" OR EXISTS (SELECT 1 FROM case_codes g WHERE g.office = l.office"                         \
	" AND g.reference = l.reference AND g.chapter = "
#define HOLDING " AND REPLACE(g.codes, "

static const struct db_stmt work_party_up = {
    "work_party_up",
    PARTY_FIRST " AND c.party = $1 AND c.reference > $2 AND c.office = $3"
		" AND REPLACE($4, ',' || l.state || ',', '') <> $4"
		" AND REPLACE($5, ',' || l.lane || ',', '') <> $5"
		" AND ($6 = '' OR l.examiner = $6) AND d.day >= $7 AND d.day <= $8" OF_DECLARATION
		" AND ($9 = ''" HAS_CODES "$9" HOLDING "$10, '') <> g.codes))"
		" ORDER BY c.reference LIMIT $11"};

static const struct db_stmt work_party_down = {
    "work_party_down",
    PARTY_FIRST " AND c.party = $1 AND c.reference < $2 AND c.office = $3"
		" AND REPLACE($4, ',' || l.state || ',', '') <> $4"
		" AND REPLACE($5, ',' || l.lane || ',', '') <> $5"
		" AND ($6 = '' OR l.examiner = $6) AND d.day >= $7 AND d.day <= $8" OF_DECLARATION
		" AND ($9 = ''" HAS_CODES "$9" HOLDING "$10, '') <> g.codes))"
		" ORDER BY c.reference DESC LIMIT $11"};

/* Those of a chapter lie together, too, each with what it declared of it. */
#define CODES_FIRST                                                                                \
	COLUMNS "case_codes g CROSS JOIN life l CROSS JOIN declaration d"                          \
		" WHERE l.office = g.office AND l.reference = g.reference"

static const struct db_stmt work_codes_up = {
    "work_codes_up",
    CODES_FIRST " AND g.office = $1 AND g.chapter = $2 AND g.reference > $3"
		" AND REPLACE(g.codes, $4, '') <> g.codes"
		" AND REPLACE($5, ',' || l.state || ',', '') <> $5"
		" AND REPLACE($6, ',' || l.lane || ',', '') <> $6"
		" AND ($7 = '' OR l.examiner = $7) AND d.day >= $8 AND d.day <= $9" OF_DECLARATION
		" ORDER BY g.reference LIMIT $10"};

static const struct db_stmt work_codes_down = {
    "work_codes_down",
    CODES_FIRST " AND g.office = $1 AND g.chapter = $2 AND g.reference < $3"
		" AND REPLACE(g.codes, $4, '') <> g.codes"
		" AND REPLACE($5, ',' || l.state || ',', '') <> $5"
		" AND REPLACE($6, ',' || l.lane || ',', '') <> $6"
		" AND ($7 = '' OR l.examiner = $7) AND d.day >= $8 AND d.day <= $9" OF_DECLARATION
		" ORDER BY g.reference DESC LIMIT $10"};

/* Money that waits to be paid back: few at a time. */
static const struct db_stmt work_refund = {
    "work_refund",
    LIFE_FIRST "l.office = $1 AND l.reference > $2"
	       " AND REPLACE(l.body, '\"refund_minor\":', '') <> l.body" OF_DECLARATION
	       " ORDER BY l.reference LIMIT $3"};

/* Few cases have a deadline at a time. The comparison of pairs stands first: SQLite then begins where the page does. */
static const struct db_stmt work_deadline = {
    "work_deadline",
    LIFE_FIRST "l.office = $1 AND (l.deadline, l.reference) > ($2, $3) AND l.deadline > 0"
	       " AND REPLACE($4, ',' || l.state || ',', '') <> $4"
	       " AND REPLACE($5, ',' || l.lane || ',', '') <> $5"
	       " AND ($6 = '' OR l.examiner = $6) AND ($7 = '' OR EXISTS (SELECT 1 FROM case_party"
	       " c WHERE c.party = $7 AND c.reference = l.reference))"
	       " AND d.day >= $8 AND d.day <= $9" OF_DECLARATION " AND ($10 = ''" HAS_CODES
	       "$10" HOLDING "$11, '') <> g.codes))"
	       " ORDER BY l.deadline, l.reference LIMIT $12"};

static const struct db_stmt work_count = {
    "work_count", "SELECT COUNT(*) FROM life WHERE office = $1 AND state = $2 AND lane = $3"};

static const struct db_stmt work_count_examiner = {
    "work_count_examiner", "SELECT COUNT(*) FROM life WHERE office = $1 AND state = $2 AND"
			   " lane = $3 AND examiner <> '' AND examiner = $4"};

static const struct db_stmt *const statements[] = {
    &work_up,       &work_down,       &work_examiner_up, &work_examiner_down,
    &work_party_up, &work_party_down, &work_codes_up,    &work_codes_down,
    &work_refund,   &work_deadline,   &work_count,       &work_count_examiner};
ST_STATEMENTS(st_work_statements, statements);

static void read_work(struct db_rows *row, void *ret)
{
	struct store_work *w = ret;

	w->reference = db_get_span(row);
	w->lane = db_get_span(row);
	w->deadline = db_get_i64(row);
}

static const struct db_shape WORK = {sizeof(struct store_work), read_work};

/* References are letters, digits and hyphens, days are digits: all of them sort before '~'. */
static struct span last_day(const struct store_worklist *l)
{
	return l->until.n ? l->until : SPAN("~");
}

static struct span begin_of(const struct store_worklist *l, struct span after)
{
	return after.n || l->order != STORE_NEWEST ? after : SPAN("~");
}

static enum err no_memory(struct arena *a, struct cause *why)
{
	return fail(why, arena_failure(a), "no memory for a worklist");
}

/* ",red,yellow,"; NULL: no memory. */
static const char *joined(struct arena *a, const struct span *name, uint32_t n, struct span *ret)
{
	size_t bytes = 1;
	char *p, *to;

	for (uint32_t i = 0; i < n; i++)
		bytes += (size_t)name[i].n + 1;
	p = to = arena_try(a, bytes);
	if (!p)
		return NULL;
	*to++ = ',';
	for (uint32_t i = 0; i < n; i++) {
		memcpy(to, name[i].p, name[i].n);
		to += name[i].n;
		*to++ = ',';
	}
	*ret = (struct span){p, (uint32_t)bytes, 0};
	return p;
}

/* Of a commodity code as far as it is given; empty: any. */
static struct span chapter_of(const struct store_worklist *l)
{
	return l->commodity.n ? (struct span){l->commodity.p, 2, 0} : SPAN("");
}

/* ",8517". NULL: no memory. */
static const char *begins_of(struct arena *a, const struct store_worklist *l, struct span *ret)
{
	char *p = arena_try(a, (size_t)l->commodity.n + 1);

	if (!p)
		return NULL;
	p[0] = ',';
	if (l->commodity.n)
		memcpy(&p[1], l->commodity.p, l->commodity.n);
	*ret = (struct span){p, l->commodity.n + 1, 0};
	return p;
}

static int by_reference(const void *a, const void *b)
{
	const struct store_work *x = a, *y = b;

	return span_compare(x->reference, y->reference);
}

static int by_reference_down(const void *a, const void *b)
{
	return by_reference(b, a);
}

struct asking {
	struct store *store;
	struct arena *arena;
	const struct store_worklist *list;
	struct cause *why;
};

/* A part of the list: some of its lanes, from where on, how many. */
struct part {
	const struct span *lane;
	uint32_t lanes;
	struct span after;
	uint32_t limit;
};

struct works {
	struct store_work *v;
	uint32_t n;
};

/* What n questions found, in one order, at most limit of it. */
static enum err merge(const struct asking *q, const struct db_found *found, uint32_t n,
		      uint32_t limit, struct works *ret)
{
	struct store_work *all;
	uint32_t total = 0, k = 0;

	for (uint32_t i = 0; i < n; i++)
		total += found[i].count;
	all = arena_try(q->arena, ((size_t)total + 1) * sizeof(*all));
	if (!all)
		return no_memory(q->arena, q->why);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < found[i].count; j++)
			all[k++] = ((const struct store_work *)found[i].row)[j];
	qsort(all, total, sizeof(*all),
	      q->list->order == STORE_NEWEST ? by_reference_down : by_reference);
	*ret = (struct works){all, total < limit ? total : limit};
	return ERR_NONE;
}

/* By state and lane; of an examiner where one is named. */
static enum err list_states(const struct asking *q, const struct part *p, struct works *ret)
{
	const struct store_worklist *l = q->list;
	const bool down = l->order == STORE_NEWEST;
	const uint32_t args = l->examiner.n ? 8 : 7, n = l->states * p->lanes;
	struct db_value *value = st_values(q->arena, args, n), *v = value;
	const struct db_stmt *stmt = l->examiner.n
					 ? (down ? &work_examiner_down : &work_examiner_up)
					 : (down ? &work_down : &work_up);
	struct db_found *found;
	enum err e;

	if (!value)
		return no_memory(q->arena, q->why);
	for (uint32_t i = 0; i < n; i++) {
		*v++ = db_text(l->office);
		*v++ = db_text(l->state[i / p->lanes]);
		*v++ = db_text(p->lane[i % p->lanes]);
		if (l->examiner.n)
			*v++ = db_text(l->examiner);
		*v++ = db_text(begin_of(l, p->after));
		*v++ = db_text(l->since);
		*v++ = db_text(last_day(l));
		*v++ = db_i64(p->limit);
	}
	e = st_each(q->store, stmt, value, args, n, q->arena, &WORK, &found, q->why);
	return e ? e : merge(q, found, n, p->limit, ret);
}

static enum err list_party(const struct asking *q, const struct part *p, struct works *ret)
{
	const struct store_worklist *l = q->list;
	const struct db_stmt *stmt = l->order == STORE_NEWEST ? &work_party_down : &work_party_up;
	struct span states, lanes, begins;
	void *rows;
	enum err e;

	if (!joined(q->arena, l->state, l->states, &states) ||
	    !joined(q->arena, p->lane, p->lanes, &lanes) || !begins_of(q->arena, l, &begins))
		return no_memory(q->arena, q->why);
	e = db_all(q->store->db, stmt,
		   DB_ARGS(db_text(l->party), db_text(begin_of(l, p->after)), db_text(l->office),
			   db_text(states), db_text(lanes), db_text(l->examiner), db_text(l->since),
			   db_text(last_day(l)), db_text(chapter_of(l)), db_text(begins),
			   db_i64(p->limit)),
		   q->arena, &WORK, &rows, &ret->n, q->why);
	if (!e)
		ret->v = rows;
	return e;
}

static enum err list_codes(const struct asking *q, const struct part *p, struct works *ret)
{
	const struct store_worklist *l = q->list;
	const struct db_stmt *stmt = l->order == STORE_NEWEST ? &work_codes_down : &work_codes_up;
	struct span states, lanes, begins;
	void *rows;
	enum err e;

	if (!joined(q->arena, l->state, l->states, &states) ||
	    !joined(q->arena, p->lane, p->lanes, &lanes) || !begins_of(q->arena, l, &begins))
		return no_memory(q->arena, q->why);
	e = db_all(q->store->db, stmt,
		   DB_ARGS(db_text(l->office), db_text(chapter_of(l)),
			   db_text(begin_of(l, p->after)), db_text(begins), db_text(states),
			   db_text(lanes), db_text(l->examiner), db_text(l->since),
			   db_text(last_day(l)), db_i64(p->limit)),
		   q->arena, &WORK, &rows, &ret->n, q->why);
	if (!e)
		ret->v = rows;
	return e;
}

static enum err list_deadline(const struct asking *q, struct works *ret)
{
	const struct store_worklist *l = q->list;
	struct span states, lanes, begins;
	void *rows;
	enum err e;

	if (!joined(q->arena, l->state, l->states, &states) ||
	    !joined(q->arena, l->lane, l->lanes, &lanes) || !begins_of(q->arena, l, &begins))
		return no_memory(q->arena, q->why);
	e = db_all(q->store->db, &work_deadline,
		   DB_ARGS(db_text(l->office), db_i64(l->after.deadline),
			   db_text(l->after.reference), db_text(states), db_text(lanes),
			   db_text(l->examiner), db_text(l->party), db_text(l->since),
			   db_text(last_day(l)), db_text(chapter_of(l)), db_text(begins),
			   db_i64(l->limit)),
		   q->arena, &WORK, &rows, &ret->n, q->why);
	if (!e)
		ret->v = rows;
	return e;
}

static enum err list_part(const struct asking *q, const struct part *p, struct works *ret)
{
	if (q->list->party.n)
		return list_party(q, p, ret);
	return q->list->commodity.n ? list_codes(q, p, ret) : list_states(q, p, ret);
}

/* One lane after the other, beginning where the page before ended. */
static enum err list_lanes(const struct asking *q, struct works *ret)
{
	const struct store_worklist *l = q->list;
	struct works page = {arena_try(q->arena, ((size_t)l->limit + 1) * sizeof(*page.v)), 0};
	struct works more = {NULL, 0};
	uint32_t first = 0;
	enum err e = ERR_NONE;

	if (!page.v)
		return no_memory(q->arena, q->why);
	while (l->after.reference.n && first < l->lanes &&
	       !span_equal(l->lane[first], l->after.lane))
		first++;
	for (uint32_t i = first; !e && i < l->lanes && page.n < l->limit; i++) {
		const struct part p = {&l->lane[i], 1, i == first ? l->after.reference : SPAN(""),
				       l->limit - page.n};

		e = list_part(q, &p, &more);
		if (!e && more.n) {
			memcpy(&page.v[page.n], more.v, more.n * sizeof(*page.v));
			page.n += more.n;
		}
	}
	*ret = page;
	return e;
}

static enum err list_work(const struct asking *q, struct works *ret)
{
	const struct store_worklist *l = q->list;
	const struct part whole = {l->lane, l->lanes, l->after.reference, l->limit};

	switch (l->order) {
	case STORE_OLDEST:
	case STORE_NEWEST:
		return list_part(q, &whole, ret);
	case STORE_BY_LANE:
		return list_lanes(q, ret);
	case STORE_BY_DEADLINE:
		return list_deadline(q, ret);
	}
	return ERR_USAGE;
}

enum err store_list_work(struct store *s, struct arena *a, const struct store_worklist *l,
			 struct store_work **ret, uint32_t *ret_count, struct cause *why)
{
	const struct asking q = {s, a, l, why};
	struct works page = {NULL, 0};
	enum err e;

	BUG_ON(!l->office.n || !l->states || !l->lanes || l->limit > STORE_PAGE_MAX ||
	       l->commodity.n == 1);
	e = list_work(&q, &page);
	if (!e) {
		*ret = page.v;
		*ret_count = page.n;
	}
	return e;
}

static void read_count(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

enum err store_count_work(struct store *s, struct arena *a, const struct store_worklist *l,
			  int64_t **ret, struct cause *why)
{
	static const struct db_shape count = {sizeof(int64_t), read_count};
	const uint32_t args = l->examiner.n ? 4 : 3, n = l->states * l->lanes;
	struct db_value *value = st_values(a, args, n), *v = value;
	int64_t *counts = arena_try(a, ((size_t)n + 1) * sizeof(*counts));
	struct db_found *found;
	enum err e;

	BUG_ON(!l->office.n || !l->states || !l->lanes);
	if (!value || !counts)
		return no_memory(a, why);
	for (uint32_t i = 0; i < n; i++) {
		*v++ = db_text(l->office);
		*v++ = db_text(l->state[i / l->lanes]);
		*v++ = db_text(l->lane[i % l->lanes]);
		if (l->examiner.n)
			*v++ = db_text(l->examiner);
	}
	e = st_each(s, l->examiner.n ? &work_count_examiner : &work_count, value, args, n, a,
		    &count, &found, why);
	for (uint32_t i = 0; i < n && !e; i++)
		counts[i] = found[i].count ? *(const int64_t *)found[i].row : 0;
	if (!e)
		*ret = counts;
	return e;
}

enum err store_list_refunds(struct store *s, struct arena *a, struct span office, struct span after,
			    uint32_t limit, struct store_work **ret, uint32_t *ret_count,
			    struct cause *why)
{
	void *rows;
	enum err e;

	BUG_ON(!office.n || limit > STORE_PAGE_MAX);
	e = db_all(s->db, &work_refund, DB_ARGS(db_text(office), db_text(after), db_i64(limit)), a,
		   &WORK, &rows, ret_count, why);
	if (!e)
		*ret = rows;
	return e;
}
