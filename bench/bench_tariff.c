/* tariff: a tariff of a nation's size on one core: how long loading takes, what memory it holds, what the assessment of a
 * declaration of five items costs; and beside it the same rates asked of plain SQLite, in memory, with an index and a prepared
 * statement.
 *
 *   bench-tariff                   measures
 *   bench-tariff --calculations DIR   calculations.h
 *   bench-tariff --write DIR       leaves the tables that differ from the pack's in DIR, and measures nothing
 *
 * The tariff is that of national.h on the pack packs/landfall, whose other levies stay away: SQLite is asked for one rate an
 * item, so one levy is assessed. Times are of the processor, the best of several rounds.
 *
 * The assessment is measured twice: as the hub meets it, when the checks have just read the declaration (the clock runs for the
 * assessment alone; the mean of each declaration's best round), and "cold", one of 2,000 declarations after the other, where
 * bringing the declaration itself from memory counts too. The tariff is cold in both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "base/date.h"
#include "base/limits.h"
#include "calculations.h"
#include "check/check.h"
#include "duty/duty.h"
#include "hub/generate/generate.h"
#include "hub/inforce.h"
#include "msg/msg.h"
#include "national.h"

enum { DECLARATIONS = 2000, ITEMS = 5, ROUNDS = 7 };

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

static void print(const char *name, double value, const char *unit, const char *aim)
{
	printf("{\"name\":\"tariff.%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value, unit);
	if (aim)
		printf(",\"aim\":\"%s\"", aim);
	puts("}");
}

/* ---- the tariff ---- */

struct making {
	struct arena *arena;
	struct span *archive;
	const char *folder;
};

static void write_table(const char *folder, struct span name, struct span bytes)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%.*s", folder, SPAN_ARG(name));
	f = fopen(path, "wbe");
	if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f))
		die(path, "cannot be written");
}

/* What stands in place of a table of the pack: the tariff, and nothing of what names goods or measures that are gone. NULL:
 * the table stays. */
static const struct span *replacement(struct span name, const struct span *goods,
				      const struct span *measures)
{
	static const struct pack_file empty[] = {
	    {SPAN("conditions.csv"), SPAN("measure,group,sequence,test,operand,relation,limit,"
					  "action,expression,from,to,source\n")},
	    {SPAN("permits.csv"),
	     SPAN("document,commodity,direction,area,agency,name_en,name_fr,from,to,source\n")},
	    {SPAN("synonyms.csv"), SPAN("word,commodity,from,to,source\n")}};

	if (span_is(name, "nomenclature.csv"))
		return goods;
	if (span_is(name, "measures.csv"))
		return measures;
	for (uint32_t i = 0; i < ARRAY_LEN(empty); i++)
		if (span_equal(name, empty[i].name))
			return &empty[i].bytes;
	return NULL;
}

static void make_tariff(void *context)
{
	struct making *m = context;
	struct text codes = text_in(m->arena), rows = text_in(m->arena);
	struct span goods, measures;
	struct pack_file *files;
	uint32_t n;

	national_nomenclature(&codes);
	national_measures(&rows, "CUD", "FREE", "300");
	goods = text_as_span(&codes);
	measures = text_as_span(&rows);
	if (pack_open(m->arena, m->archive[PACK_TABLES], &files, &n))
		die("packs/landfall", "is no archive");
	for (uint32_t i = 0; i < n; i++) {
		const struct span *bytes = replacement(files[i].name, &goods, &measures);

		if (!bytes)
			continue;
		files[i].bytes = *bytes;
		if (m->folder)
			write_table(m->folder, files[i].name, *bytes);
	}
	m->archive[PACK_TABLES] = pack_archive(m->arena, files, n);
}

static struct inforce *load(const char *folder)
{
	struct arena *a = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct pack_faults faults = {.arena = a};
	struct span archive[PACK_PARTS];
	struct making m = {a, archive, folder};
	struct inforce *loaded = NULL;
	struct cause why = {0};
	double best = 1e9;

	if (pack_read_folder(a, "packs/landfall", archive, &faults, &why) ||
	    arena_run(a, make_tariff, &m))
		die("packs/landfall", why.text);
	if (folder)
		exit(0);
	for (int round = 0; round < 3; round++) {
		double began = now();

		if (loaded)
			inforce_release(loaded);
		if (inforce_load(archive, &loaded, &faults, &why))
			die("tariff", faults.list.n ? faults.list.v[0].text : why.text);
		if (now() - began < best)
			best = now() - began;
	}
	print("load", best, "s", "<= 1");
	print("snapshot", (double)arena_used(loaded->arena) / 1e6, "MB", "<= 100");
	arena_free(a);
	return loaded;
}

/* ---- declarations ---- */

struct run {
	struct arena *arena, *once;
	const struct inforce *inforce;
	int32_t day;
	struct message *message; /* DECLARATIONS of ITEMS items */
	struct declaration *declaration;
	struct facts facts;
	uint64_t lines;
};

/* Five goods items on import, all of them of the tariff: the stream has mistakes. */
static bool is_wanted(const struct run *r, const struct declaration *d)
{
	bool known = d->shipment.items.n == ITEMS &&
		     ref_direction(r->inforce->ref, d, r->day) == DIRECTION_IMPORT;

	for (uint32_t i = 0; known && i < ITEMS; i++)
		known = ref_commodity(r->inforce->ref,
				      goods_item_code(r->arena, &d->shipment.items.v[i]), r->day);
	return known;
}

static void make_declarations(void *context)
{
	struct run *r = context;
	struct generator *g = generator_new(r->arena, r->inforce->ref, r->day, 20260105);
	uint32_t made = 0;

	if (!g)
		die("declarations", "nothing to declare");
	r->message = ARENA_ARRAY(r->arena, struct message, DECLARATIONS);
	for (uint64_t n = 1; made < DECLARATIONS; n++) {
		struct message *m = &r->message[made];

		generator_make(g, n, r->arena, m);
		made += is_wanted(r, &m->declaration);
	}
}

static void assess_one(void *context)
{
	struct run *r = context;
	struct findings f = findings_for(r->once, &dict_declaration, r->declaration);
	struct assessment s;

	duty_assess(r->once, r->declaration, r->inforce->ref, &r->facts, &s, &f);
	r->lines += s.lines.n;
}

/* Microseconds a declaration. */
static double measure_assessment(struct run *r)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		r->lines = 0;
		for (uint32_t i = 0; i < DECLARATIONS; i++) {
			arena_reset(r->once);
			r->declaration = &r->message[i].declaration;
			if (arena_run(r->once, assess_one, r))
				die("arena", "no memory");
		}
		if (now() - began < best)
			best = now() - began;
	}
	return best / DECLARATIONS * 1e6;
}

static void check_one(void *context)
{
	struct run *r = context;
	struct findings f = findings_for(r->once, &dict_declaration, r->declaration);

	check_declaration(r->declaration, r->inforce->ref, &r->facts, &f);
}

static int64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC,
		      &t); /* the processor's own clock would cost a call of the kernel each time */
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Microseconds of the assessment alone, right behind the checks. */
static double measure_checked(struct run *r)
{
	int64_t *best = calloc(DECLARATIONS, sizeof(*best)), sum = 0;

	if (!best)
		die("best", "no memory");
	for (int round = 0; round < ROUNDS; round++)
		for (uint32_t i = 0; i < DECLARATIONS; i++) {
			int64_t began;

			arena_reset(r->once);
			r->declaration = &r->message[i].declaration;
			if (arena_run(r->once, check_one, r))
				die("arena", "no memory");
			began = nanoseconds();
			if (arena_run(r->once, assess_one, r))
				die("arena", "no memory");
			began = nanoseconds() - began;
			if (!round || began < best[i])
				best[i] = began;
		}
	for (uint32_t i = 0; i < DECLARATIONS; i++)
		sum += best[i];
	free(best);
	return (double)sum / DECLARATIONS / 1000;
}

/* ---- SQLite ---- */

static void must(sqlite3 *db, int status, const char *what)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
		die(what, sqlite3_errmsg(db));
}

static sqlite3 *open_empty(void)
{
	sqlite3 *db;

	must(NULL, sqlite3_open(":memory:", &db), "open");
	must(db,
	     sqlite3_exec(db,
			  "CREATE TABLE measure(commodity TEXT, area TEXT, preference TEXT,"
			  " first INT, last INT, rate TEXT);"
			  "CREATE INDEX of_goods ON measure(commodity, first);BEGIN",
			  NULL, NULL, NULL),
	     "create");
	return db;
}

/* The rows of the snapshot, of every commodity. */
struct filling {
	const struct run *run;
	sqlite3 *db;
	sqlite3_stmt *insert;
};

static bool fill_commodity(void *context, const struct ref_commodity *c)
{
	struct filling *f = context;

	for (const struct ref_measure *m = ref_measures(f->run->inforce->ref, c->code); m;
	     m = m->next) {
		struct span texts[] = {m->commodity, m->area, m->preference};

		for (int i = 0; i < 3; i++)
			must(f->db,
			     sqlite3_bind_text(f->insert, i + 1, texts[i].p ? texts[i].p : "",
					       (int)texts[i].n, SQLITE_TRANSIENT),
			     "bind");
		must(f->db, sqlite3_bind_int(f->insert, 4, m->dates.from), "bind");
		must(f->db, sqlite3_bind_int(f->insert, 5, m->dates.to), "bind");
		must(f->db,
		     sqlite3_bind_text(f->insert, 6, m->expression->text.p,
				       (int)m->expression->text.n, SQLITE_TRANSIENT),
		     "bind");
		must(f->db, sqlite3_step(f->insert), "insert");
		must(f->db, sqlite3_reset(f->insert), "insert");
	}
	return true;
}

/* The rate of the longest code that has one on that day for every origin: what a service over SQL asks first. */
static double measure_sqlite(const struct run *r)
{
	static const char question[] =
	    "SELECT rate FROM measure WHERE commodity IN (?1, substr(?1,1,8), substr(?1,1,6),"
	    " substr(?1,1,4), substr(?1,1,2)) AND first <= ?2 AND last >= ?2 AND preference = ''"
	    " ORDER BY length(commodity) DESC LIMIT 1";
	struct filling f = {.run = r, .db = open_empty()};
	sqlite3_stmt *s;
	double best = 1e9;
	uint64_t found = 0;

	must(f.db,
	     sqlite3_prepare_v2(f.db, "INSERT INTO measure VALUES(?1,?2,?3,?4,?5,?6)", -1,
				&f.insert, NULL),
	     "prepare");
	ref_each_commodity(r->inforce->ref, fill_commodity, &f);
	must(f.db, sqlite3_exec(f.db, "COMMIT;ANALYZE", NULL, NULL, NULL), "commit");
	must(f.db, sqlite3_prepare_v2(f.db, question, -1, &s, NULL), "prepare");
	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		for (uint32_t i = 0; i < DECLARATIONS; i++) {
			const struct declaration *d = &r->message[i].declaration;

			for (uint32_t k = 0; k < d->shipment.items.n; k++) {
				struct span c = goods_item_code(r->arena, &d->shipment.items.v[k]);

				sqlite3_bind_text(s, 1, c.p, (int)c.n, SQLITE_STATIC);
				sqlite3_bind_int(s, 2, r->day);
				found += sqlite3_step(s) == SQLITE_ROW;
				sqlite3_reset(s);
			}
		}
		if (now() - began < best)
			best = now() - began;
	}
	if (found != (uint64_t)ROUNDS * DECLARATIONS * ITEMS)
		die("sqlite", "a rate is missing");
	sqlite3_finalize(s);
	sqlite3_finalize(f.insert);
	sqlite3_close(f.db);
	return best / DECLARATIONS * 1e6;
}

int main(int argc, char **argv)
{
	struct run r = {.arena = arena_new((size_t)1 << 30), .once = arena_new(LIMIT_ARENA_BYTES)};
	struct inforce *i = load(argc == 3 && !strcmp(argv[1], "--write") ? argv[2] : NULL);
	double ours, checked, sqlite;

	if (argc == 3 && !strcmp(argv[1], "--calculations")) {
		calculations_run(i->ref, argv[2]);
		return 0;
	}

	r.inforce = i;
	if (day_from(NATIONAL_FIRST_YEAR + NATIONAL_YEARS - 1, 2, 2, &r.day) || !r.arena ||
	    !r.once || arena_run(r.arena, make_declarations, &r))
		die("declarations", "no memory");
	r.facts = (struct facts){.version = 1,
				 .legal_day = r.day,
				 .office = SPAN("XLHAR001"),
				 .reference = SPAN("26XL01000000001Y")};
	checked = measure_checked(&r);
	ours = measure_assessment(&r);
	sqlite = measure_sqlite(&r);
	print("assess-5-items", checked, "us", "<= 10");
	print("assess-5-items-cold", ours, "us", NULL);
	print("lines", (double)r.lines / DECLARATIONS, "a declaration", NULL);
	print("sqlite-5-rates", sqlite, "us", NULL);
	print("sqlite-of-ours", sqlite / ours, "times", NULL);
	arena_free(r.once);
	arena_free(r.arena);
	inforce_release(i);
	return 0;
}
