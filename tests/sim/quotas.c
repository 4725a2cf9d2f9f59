/* Quotas by chance: claims of quotas and of parts of them, first come first served and by the day, several at once, amended,
 * paid, cancelled, at several offices, over many days, by a hub, or several nodes, that are killed. The model keeps what each
 * case asked for and got, adds up what is left, and shares a day as one would with a pencil; it never calls src/quota. */
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "codec/json.h"
#include "deeds.h"
#include "hub/life/act.h"
#include "hub/quota/quota_show.h"

enum {
	CASES = 3000,
	MILLION = 1000000,
	MOST_KILOGRAMS = 9000,
	LAST_DAY = 280, /* of the year's days behind the first */
	SECOND = 1000000,
	CLOCK_SECONDS = 6, /* more than the hub's clock leaves between two runs */
	CLOCK_RUNS = 8, /* until all that a day brought is told: quota_day.c tells 64 cases a run */
};

/* ---- the country ---- */

static const struct deeds_table tables[] = {
    {"quotas.csv",
     "quota,unit,volume,scheme,threshold,critical,parent,coefficient,name_en,name_fr,from,to,"
     "source\n"
     "050001,kg,60000,first,50,auto,,,A,A,2026-01-01,2026-12-31,sim\n"
     "050002,kg,30000,first,90,never,050003,0.5,B,B,2026-01-01,2026-12-31,sim\n"
     "050003,kg,20000,first,90,never,,,C,C,2026-01-01,2026-12-31,sim\n"
     "050004,kg,60000,day,90,auto,,,D,D,2026-01-01,2026-12-31,sim\n"
     "050005,kg,12000,day,90,never,050006,2,E,E,2026-01-01,2026-12-31,sim\n"
     "050006,kg,60000,day,90,never,,,F,F,2026-01-01,2026-12-31,sim\n"
     "050100,kg,1,day,90,auto,,,G,G,2026-01-01,2026-12-31,sim\n"
     "050101,kg,1,day,90,auto,050100,1,H,H,2026-01-01,2026-12-31,sim\n",
     true},
    {"quota_stops.csv", "quota,kind,reason_en,reason_fr,from,to,source\n", true},
    {"measures.csv",
     "SIM-2,CUD,17019900,*,,,,30.00 XLD / 1000 kg,,,,,050002,TQO2025,QU1,,2026-01-01,,sim\n"
     "SIM-3,CUD,17019900,*,,,,30.00 XLD / 1000 kg,,,,,050003,TQO2025,QU1,,2026-01-01,,sim\n"
     "SIM-4,CUD,17019900,*,,,,30.00 XLD / 1000 kg,,,,,050004,TQO2025,QU1,,2026-01-01,,sim\n"
     "SIM-5,CUD,17019900,*,,,,30.00 XLD / 1000 kg,,,,,050005,TQO2025,QU1,,2026-01-01,,sim\n"
     "SIM-6,CUD,17019900,*,,,,30.00 XLD / 1000 kg,,,,,050006,TQO2025,QU1,,2026-01-01,,sim\n",
     false},
    {NULL, NULL, false},
};

/* The same for the model. A part takes units of its whole: halves (rounded up) or doubles. */
static const struct {
	const char *order;
	int64_t volume; /* kilograms */
	bool by_day;
	int whole; /* index; -1: none */
	int64_t halves;
} quotas[] = {{"050001", 60000, false, -1, 0}, {"050002", 30000, false, 2, 1},
	      {"050003", 20000, false, -1, 0}, {"050004", 60000, true, -1, 0},
	      {"050005", 12000, true, 5, 4},   {"050006", 60000, true, -1, 0}};
enum { QUOTAS = 6 };

enum what { CLAIM, PAY, CANCEL, AMEND, NEXT_DAY };
enum number { OF, KILOGRAMS, SERIAL, CASE, GRANTED };

struct claim {
	int quota;
	int64_t kg, got; /* got: millionths of a kilogram */
	int64_t place;   /* among those that wait */
	enum { NOTHING, WAITS, DECIDED } stage;
	bool open; /* can still be paid, amended, cancelled */
	char reference[24];
};
struct model {
	struct claim claim[CASES];
	int cases;
	int64_t serial, places;
	int64_t day;     /* how many are over */
	int64_t seconds; /* that the steady clock was ahead */
};

static char *import_text, *cancel_text, *amend_text;

static struct model *model_of(const struct deeds *w)
{
	return w->model;
}

/* ---- the clock: the hub's days pass when the model says so ---- */

static const struct model *sim_clock;

__attribute__((used)) int64_t __wrap_clock_now(void);
__attribute__((used)) int64_t __wrap_clock_steady(void);

static int64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

/* Days begin at noon of 2 March 2026, and no world lasts as long as half a day. */
int64_t __wrap_clock_now(void)
{
	static int64_t first;
	const int64_t real = read_clock(CLOCK_MONOTONIC);
	const int64_t noon = INT64_C(1772445600) * SECOND, day = INT64_C(86400) * SECOND;

	if (!sim_clock)
		return noon;
	if (!first)
		first = real;
	return noon + __atomic_load_n(&sim_clock->day, __ATOMIC_SEQ_CST) * day + (real - first);
}

int64_t __wrap_clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC) +
	       (sim_clock ? __atomic_load_n(&sim_clock->seconds, __ATOMIC_SEQ_CST) * SECOND : 0);
}

static void enter(struct deeds *w)
{
	sim_clock = model_of(w);
}

/* ---- the model ---- */

/* What a part takes of its whole. */
static int64_t of_whole(int quota, int64_t got)
{
	return (got * quotas[quota].halves + 1) / 2;
}

static int64_t left(const struct model *m, int quota)
{
	int64_t v = quotas[quota].volume * MILLION;

	for (int i = 0; i < m->cases; i++) {
		const struct claim *c = &m->claim[i];

		if (c->quota == quota)
			v -= c->got;
		else if (quotas[c->quota].whole == quota)
			v -= of_whole(c->quota, c->got);
	}
	return v;
}

static int64_t could_have(const struct model *m, int quota)
{
	int64_t v = left(m, quota), above;

	if (quotas[quota].whole < 0)
		return v;
	above = left(m, quotas[quota].whole) * 2 / quotas[quota].halves;
	return above < v ? above : v;
}

static bool is_open(const struct model *m, int quota)
{
	return left(m, quota) > 0 && (quotas[quota].whole < 0 || left(m, quotas[quota].whole) > 0);
}

/* What a version that asks for so much gets. The case holds what it had meanwhile. */
static void decide(struct model *m, struct claim *c, int64_t kg)
{
	const int64_t asked = kg * MILLION, had = c->got;

	if (quotas[c->quota].by_day && c->stage == DECIDED) { /* asked once */
		c->got = asked < had ? asked : had;
		c->stage = c->got ? DECIDED : NOTHING;
	} else if (quotas[c->quota].by_day) {
		if (c->stage != WAITS || kg > c->kg)
			c->place = ++m->places;
		c->stage = is_open(m, c->quota) ? WAITS : NOTHING;
	} else {
		int64_t most;

		c->got = 0;
		most = could_have(m, c->quota);
		c->got = asked < most ? asked : most > 0 ? most : 0;
		c->stage = c->got ? DECIDED : NOTHING;
	}
	c->kg = kg;
}

static int by_place(const void *a, const void *b)
{
	const struct claim *const *x = a, *const *y = b;

	return ((*x)->place > (*y)->place) - ((*x)->place < (*y)->place);
}

/* Whole millionths in proportion, then one each to those who lost most by that, the earlier first. */
static void share(struct model *m, int quota)
{
	static struct claim *of[CASES];
	static __int128 rest[CASES];
	int64_t there = could_have(m, quota), asked = 0, given = 0;
	int n = 0;

	for (int i = 0; i < m->cases; i++)
		if (m->claim[i].quota == quota && m->claim[i].stage == WAITS) {
			of[n++] = &m->claim[i];
			asked += m->claim[i].kg * MILLION;
		}
	qsort(of, (size_t)n, sizeof(of[0]), by_place);
	for (int i = 0; i < n; i++) {
		const __int128 part = (__int128)of[i]->kg * MILLION * there;

		of[i]->stage = DECIDED;
		of[i]->got = asked <= there ? of[i]->kg * MILLION : (int64_t)(part / asked);
		rest[i] = asked <= there ? 0 : part % asked;
		given += of[i]->got;
	}
	while (asked > there && given < there) {
		int best = 0;

		for (int i = 1; i < n; i++)
			if (rest[i] > rest[best])
				best = i;
		of[best]->got++;
		rest[best] = -1;
		given++;
	}
	for (int i = 0; i < n; i++)
		if (!of[i]->got)
			of[i]->stage = NOTHING;
}

/* ---- what is asked next ---- */

static struct deed *next_deed(struct deeds *w, enum what what)
{
	struct deed *d = &w->deed[w->deeds++];

	d->what = (int)what;
	d->declares = what == CLAIM;
	d->number[SERIAL] = ++model_of(w)->serial;
	return d;
}

static void plan_claim(struct deeds *w)
{
	struct deed *d = next_deed(w, CLAIM);

	d->number[OF] = (int64_t)deeds_lot(w, QUOTAS);
	d->number[KILOGRAMS] = 1 + (int64_t)deeds_lot(w, MOST_KILOGRAMS);
}

static void plan_on_case(struct deeds *w, enum what what)
{
	const struct model *m = model_of(w);

	for (int tries = 0; tries < 20 && m->cases; tries++) {
		const int at = (int)deeds_lot(w, (uint64_t)m->cases);
		struct deed *d;

		if (!m->claim[at].open)
			continue;
		d = next_deed(w, what);
		d->number[CASE] = at;
		d->number[KILOGRAMS] = 1 + (int64_t)deeds_lot(w, MOST_KILOGRAMS);
		return;
	}
	plan_claim(w);
}

static void plan(struct deeds *w)
{
	const struct model *m = model_of(w);
	const uint64_t lot = deeds_lot(w, 40);

	if (!lot && m->day < LAST_DAY) {
		next_deed(w, NEXT_DAY)->number[OF] = m->day + 1;
		return;
	}
	if (lot < 26) {
		plan_on_case(w, lot < 4 ? PAY : lot < 18 ? CANCEL : AMEND);
		return;
	}
	if (m->cases + DEEDS_AT_ONCE > CASES)
		deeds_fail(w, "more cases than the model keeps");
	for (uint64_t n = 1 + deeds_lot(w, DEEDS_AT_ONCE); n; n--)
		plan_claim(w);
}

/* ---- handing in ---- */

static struct span describe(struct deeds *w, const struct deed *d, struct arena *a)
{
	const char *serial = arena_print(a, "D-%lld", (long long)d->number[SERIAL]);
	const char *kg = arena_print(a, "\"%lld\"", (long long)d->number[KILOGRAMS]);
	/* one balance for all offices, and nodes have offices */
	static const char *const offices[] = {"\"XLHAR001\"", "\"XLSOU002\"", "\"XLMER011\"",
					      "\"XLSTO021\""};
	const char *const of_claim[] = {
	    "STORY-IMPORT",
	    serial,
	    "\"XLHAR001\"",
	    offices[d->number[SERIAL] % (int64_t)ARRAY_LEN(offices)],
	    "09011100",
	    "17019900",
	    "\"preference\": \"100\"",
	    arena_print(a, "\"quota\": \"%s\"", quotas[d->number[OF]].order),
	    "\"19200\"",
	    kg,
	    "\"19368\"",
	    "\"60000\"",
	    NULL};
	const char *const of_change[] = {"\"movement_reference\": \"\"",
					 arena_print(a, "\"movement_reference\": \"%s\"",
						     model_of(w)->claim[d->number[CASE]].reference),
					 "STORY-CANCEL",
					 serial,
					 "STORY-MASS",
					 serial,
					 "\"19000\"",
					 kg,
					 NULL};

	if (d->what == CLAIM)
		return deeds_filled(a, import_text, of_claim);
	return deeds_filled(a, d->what == CANCEL ? cancel_text : amend_text, of_change);
}

/* Reads what was granted, too. */
static void land(struct deed *d, const struct outcome *o)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	const struct json *decision, *uses = NULL;
	struct codec_fault fault;

	d->number[GRANTED] = 0;
	if (a && o->decision.n && !json_read(a, o->decision, &decision, &fault))
		uses = json_get(decision, "quotas");
	if (uses && uses->first && json_get_int(uses->first, "granted", &d->number[GRANTED]))
		d->number[GRANTED] = -1;
	arena_free(a);
	deed_landed(d, o->accepted, o->reference, o->answer.n ? o->answer : span_of(o->cause.text));
}

/* Something that is refused, and wakes the writer. */
static void wake(struct hub *h)
{
	struct action x = {.reference = SPAN("26XL010000999999"),
			   .raw = SPAN("{\"act\":\"pay\"}"),
			   .who = who_operator(),
			   .request = SPAN("sim"),
			   .arena = arena_new(LIMIT_ARENA_BYTES)};

	hub_act_wait(h, &x);
	arena_free(x.arena);
}

static void pass_day(struct deeds *w, struct deed *d)
{
	struct model *m = model_of(w);

	__atomic_store_n(&m->day, d->number[OF], __ATOMIC_SEQ_CST);
	for (int i = 0; i < CLOCK_RUNS; i++) {
		__atomic_add_fetch(&m->seconds, CLOCK_SECONDS, __ATOMIC_SEQ_CST);
		for (int n = 0; n < DEEDS_NODES; n++)
			if (w->hub[n])
				wake(w->hub[n]);
	}
	deed_landed(d, true, SPAN(""), SPAN(""));
}

static void begin(struct deeds *w, struct hub *h, struct deed *d)
{
	if (d->what == NEXT_DAY)
		pass_day(w, d);
	else if (d->what == PAY)
		deeds_pay(h, d, span_of(model_of(w)->claim[d->number[CASE]].reference),
			  d->number[SERIAL]);
	else
		deeds_submit(w, h, d, describe, land);
}

/* ---- what must come of it ---- */

static void expect(struct deeds *w, const struct deed *d, const struct claim *c)
{
	/* of what waits the decision says nothing yet; of a share it says what the day gave */
	const int64_t want = c->stage == DECIDED ? c->got : 0;

	if (!d->accepted)
		deeds_fail(w, "deed %d is refused: %.250s", d->what, d->why);
	if ((d->what == CLAIM || d->what == AMEND) && d->number[GRANTED] != want)
		deeds_fail(w,
			   "deed %d of %s, %lld kg: the model grants %lld, the hub %lld "
			   "(of %lld that are left)",
			   d->what, quotas[c->quota].order, (long long)c->kg, (long long)want,
			   (long long)d->number[GRANTED],
			   (long long)could_have(model_of(w), c->quota));
}

static void judge(struct deeds *w, const struct deed *d)
{
	struct model *m = model_of(w);
	struct claim *c = &m->claim[d->number[CASE]];

	switch ((enum what)d->what) {
	case NEXT_DAY:
		for (int i = 0; i < QUOTAS; i++)
			share(m, i);
		return;
	case CLAIM:
		c = &m->claim[m->cases++];
		*c = (struct claim){.quota = (int)d->number[OF], .open = true};
		memcpy(c->reference, d->reference, sizeof(c->reference));
		decide(m, c, d->number[KILOGRAMS]);
		break;
	case AMEND:
		decide(m, c, d->number[KILOGRAMS]);
		break;
	case CANCEL:
		c->got = 0;
		c->stage = NOTHING;
		c->open = false;
		break;
	case PAY:
		c->open = false;
		break;
	}
	expect(w, d, c);
}

/* ---- balances ---- */

struct looking {
	struct deeds *w;
	struct hub *hub;
	struct arena *arena;
};

static int64_t millionths(const struct json *o, const char *member)
{
	struct decimal d;

	return decimal_parse(json_get_text(o, member), &d)
		   ? -1
		   : d.units * (MILLION / decimal_power10(d.scale));
}

static const struct json *period_of(const struct json *list, const char *order)
{
	for (const struct json *q = list->first; q; q = q->next)
		if (span_is(json_get_text(q, "quota"), order))
			return q;
	return NULL;
}

static void compare_all(void *context)
{
	struct looking *x = context;
	const struct model *m = model_of(x->w);
	struct text text = text_in(x->arena);
	struct cause why = {0};
	struct codec_fault fault;
	const struct json *answer;

	if (hub_write_quotas(x->hub, &text, SPAN(""), SPAN("en"), &why) ||
	    json_read(x->arena, text_as_span(&text), &answer, &fault))
		deeds_fail(x->w, "quotas cannot be read: %s", why.text);
	for (int i = 0; i < QUOTAS; i++) {
		const struct json *q = period_of(json_get(answer, "quotas"), quotas[i].order);
		int64_t waits = 0;

		for (int n = 0; n < m->cases; n++)
			if (m->claim[n].quota == i && m->claim[n].stage == WAITS)
				waits += m->claim[n].kg * MILLION;
		if (!q || millionths(q, "balance") != left(m, i) ||
		    millionths(q, "requested") != waits)
			deeds_fail(x->w, "quota %s: %lld are left, %lld wait; the hub says %.*s",
				   quotas[i].order, (long long)left(m, i), (long long)waits,
				   (int)(text.n < 600 ? text.n : 600), text.p);
	}
}

static void compare(struct deeds *w, struct hub *h)
{
	struct looking x = {w, h, arena_new(LIMIT_ARENA_BYTES)};

	if (!x.arena || arena_run(x.arena, compare_all, &x))
		deeds_fail(w, "no memory to look at quotas");
	arena_free(x.arena);
}

int main(int argc, char **argv)
{
	static const struct deeds_kind kind = {
	    "quotas", sizeof(struct model), plan, begin, judge, compare, tables, enter};

	import_text = deeds_file("import.json");
	cancel_text = deeds_file("cancel.json");
	amend_text = deeds_file("amend-mass.json");
	return deeds_main(argc, argv, &kind);
}
