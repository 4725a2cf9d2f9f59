#include "calculations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "base/date.h"
#include "base/limits.h"
#include "duty/duty.h"

enum { CODES = 500, CALCULATIONS = 10000, ROUNDS = 3, LEVIED_SINCE = 2025 };

struct question {
	struct span code;
	int32_t day;
	int64_t value; /* minor units */
};

struct calculations {
	const struct refset *r;
	const char *folder;
	struct arena *arena, *once;
	struct span codes[CODES];
	uint32_t n;
	struct question question[CALCULATIONS];
	int64_t ours[CALCULATIONS];
	const struct question *now;
	int64_t amount;
	sqlite3 *db;
	sqlite3_stmt *insert;
};

static _Noreturn void die(const char *what, const char *detail)
{
	fprintf(stderr, "bench-tariff: %s: %s\n", what, detail);
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Goods whose rates are per cents only: a decision table says those as well. */
static bool take_code(void *context, const struct ref_commodity *c)
{
	struct calculations *x = context;
	const struct ref_measure *m = ref_measures(x->r, c->code);

	if (c->declarable && m && m->expression->terms == 1 && x->n < CODES)
		x->codes[x->n++] = c->code;
	return x->n < CODES;
}

static void make_questions(struct calculations *x)
{
	int32_t first;
	uint64_t state = 20260105;

	if (day_from(LEVIED_SINCE, 1, 1, &first)) /* the duty of the pack begins then */
		die("questions", "no such day");
	for (uint32_t i = 0; i < CALCULATIONS; i++) {
		struct question *q = &x->question[i];

		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		q->code = x->codes[(state >> 33) % x->n];
		q->day = first + (int32_t)((state >> 17) % (365 * 2));
		q->value = 1 + (int64_t)((state >> 24) % 100000000);
	}
}

/* ---- ours ---- */

#define PUSH(a, list)                                                                              \
	((__typeof__((list).v))arena_push((a), (void **)&(list).v, &(list).n, &(list).room,        \
					  sizeof(*(list).v)))

static void calculate(void *context)
{
	struct calculations *x = context;
	struct declaration *d = ARENA_NEW(x->once, struct declaration);
	struct goods_item *item = PUSH(x->once, d->shipment.items);
	struct facts facts = {.version = 1, .legal_day = x->now->day};
	struct findings f = findings_for(x->once, &dict_declaration, d);
	struct assessment s;

	d->type = SPAN("IM");
	d->shipment.terms.code = SPAN("CIF");
	item->commodity.price = (struct amount){decimal_of(x->now->value, 2), ref_currency(x->r)};
	item->commodity.price.value.set = true;
	*PUSH(x->once, item->commodity.classifications) =
	    (struct classification){.id = x->now->code, .type = SPAN("TSP")};
	duty_assess(x->once, d, x->r, &facts, &s, &f);
	if (s.lines.n != 1)
		die("ours", "not one line");
	x->amount = s.lines.v[0].amount.minor;
}

static double run_ours(struct calculations *x)
{
	double began = now();

	for (uint32_t i = 0; i < CALCULATIONS; i++) {
		arena_reset(x->once);
		x->now = &x->question[i];
		if (arena_run(x->once, calculate, x))
			die("ours", "no memory");
		x->ours[i] = x->amount;
	}
	return now() - began;
}

/* ---- SQLite ---- */

static void must(sqlite3 *db, int status)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
		die("sqlite", sqlite3_errmsg(db));
}

/* Rates as thousandths, which is what ten per cent of a cent needs. */
static int64_t thousandths(const struct duty_expression *e)
{
	struct decimal rate = e->sum[0].rate;

	return rate.scale ? rate.units : rate.units * 10;
}

static bool fill(void *context, const struct ref_commodity *c)
{
	struct calculations *x = context;

	for (const struct ref_measure *m = ref_measures(x->r, c->code); m; m = m->next) {
		if (m->preference.n || m->expression->terms != 1)
			continue;
		must(x->db,
		     sqlite3_bind_text(x->insert, 1, c->code.p, (int)c->code.n, SQLITE_TRANSIENT));
		must(x->db, sqlite3_bind_int(x->insert, 2, m->dates.from));
		must(x->db, sqlite3_bind_int(x->insert, 3, m->dates.to));
		must(x->db, sqlite3_bind_int64(x->insert, 4, thousandths(m->expression)));
		must(x->db, sqlite3_step(x->insert));
		must(x->db, sqlite3_reset(x->insert));
	}
	return true;
}

static void open_filled(struct calculations *x)
{
	must(NULL, sqlite3_open(":memory:", &x->db));
	must(x->db, sqlite3_exec(x->db,
				 "CREATE TABLE measure(code TEXT, first INT, last INT, rate INT);"
				 "CREATE INDEX of_goods ON measure(code, first); BEGIN",
				 NULL, NULL, NULL));
	must(x->db, sqlite3_prepare_v2(x->db, "INSERT INTO measure VALUES(?1,?2,?3,?4)", -1,
				       &x->insert, NULL));
	ref_each_commodity(x->r, fill, x);
	must(x->db, sqlite3_finalize(x->insert));
	must(x->db, sqlite3_exec(x->db, "COMMIT; ANALYZE", NULL, NULL, NULL));
}

/* The duty in cents, half a cent up, all of it in SQL. */
static double run_sqlite(struct calculations *x)
{
	static const char question[] =
	    "SELECT (?3 * rate + 500) / 1000 FROM measure WHERE code IN (?1, substr(?1,1,8), "
	    "substr(?1,1,6), substr(?1,1,4), substr(?1,1,2)) AND first <= ?2 AND last >= ?2 "
	    "ORDER BY length(code) DESC LIMIT 1";
	sqlite3_stmt *s;
	double began;

	must(x->db, sqlite3_prepare_v2(x->db, question, -1, &s, NULL));
	began = now();
	for (uint32_t i = 0; i < CALCULATIONS; i++) {
		const struct question *q = &x->question[i];

		sqlite3_bind_text(s, 1, q->code.p, (int)q->code.n, SQLITE_STATIC);
		sqlite3_bind_int(s, 2, q->day);
		sqlite3_bind_int64(s, 3, q->value);
		if (sqlite3_step(s) != SQLITE_ROW || sqlite3_column_int64(s, 0) != x->ours[i])
			die("sqlite", "another answer than ours");
		sqlite3_reset(s);
	}
	began = now() - began;
	sqlite3_finalize(s);
	return began;
}

/* ---- for peers ---- */

static FILE *create(const struct calculations *x, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", x->folder, name);
	f = fopen(path, "we");
	if (!f)
		die(path, "cannot be written");
	return f;
}

static void write_files(const struct calculations *x)
{
	FILE *rows = create(x, "rows.jsonl"), *questions = create(x, "questions.jsonl"),
	     *answers = create(x, "answers");

	for (uint32_t i = 0; i < x->n; i++)
		for (const struct ref_measure *m = ref_measures(x->r, x->codes[i]); m; m = m->next)
			if (!m->preference.n)
				fprintf(rows,
					"{\"code\":\"%.*s\",\"from\":%d,\"to\":%d,\"rate\":%lld}\n",
					SPAN_ARG(x->codes[i]), m->dates.from, m->dates.to,
					(long long)thousandths(m->expression));
	for (uint32_t i = 0; i < CALCULATIONS; i++) {
		const struct question *q = &x->question[i];

		fprintf(questions, "{\"code\":\"%.*s\",\"day\":%d,\"value\":%lld}\n",
			SPAN_ARG(q->code), q->day, (long long)q->value);
		fprintf(answers, "%lld\n", (long long)x->ours[i]);
	}
	if (fclose(rows) || fclose(questions) || fclose(answers))
		die(x->folder, "cannot be written");
}

static void print(const char *name, double seconds)
{
	printf("{\"name\":\"calculations.%s\",\"value\":%.3f,\"unit\":\"us a calculation\"}\n",
	       name, seconds / CALCULATIONS * 1e6);
}

void calculations_run(const struct refset *r, const char *folder)
{
	struct calculations *x = calloc(1, sizeof(*x));
	double ours = 1e9, sqlite = 1e9;

	if (!x)
		die("calculations", "no memory");
	x->r = r;
	x->folder = folder;
	x->once = arena_new(LIMIT_ARENA_BYTES);
	if (!x->once)
		die("calculations", "no memory");
	ref_each_commodity(r, take_code, x);
	make_questions(x);
	open_filled(x);
	for (int round = 0; round < ROUNDS; round++) {
		double took = run_ours(x);

		ours = took < ours ? took : ours;
		took = run_sqlite(x);
		sqlite = took < sqlite ? took : sqlite;
	}
	write_files(x);
	print("ours", ours);
	print("sqlite", sqlite);
	printf("{\"name\":\"calculations.sqlite-of-ours\",\"value\":%.2f,\"unit\":\"times\"}\n",
	       sqlite / ours);
	sqlite3_close(x->db);
	arena_free(x->once);
	free(x);
}
