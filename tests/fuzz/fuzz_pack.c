/* A pack of any bytes. Three kinds of input, so that every part is reached although an archive counts its bytes:
 *
 *   "customhouse-pack 1\n"...   an archive as it stands
 *   "%"...                      a duty expression
 *   anything else               tables, each behind a line "== NAME"; they are made into archives first
 *
 * Opened archives pack to the same bytes; a refused pack says why, at a place; a loaded one answers every question. */
#include "base/date.h"
#include "fuzz.h"
#include "ref/ref.h"

struct work {
	struct arena *arena;
	struct span bytes;
	const struct refset *set;
	struct pack_faults faults;
};

static void try_expression(struct span s)
{
	struct duty_expression e;
	const char *why = NULL;
	uint32_t at = 0;

	if (duty_expression_parse(s, &e, &why, &at)) {
		BUG_ON(!why || at > s.n);
		return;
	}
	BUG_ON(e.terms > DUTY_TERMS || e.text.n != s.n);
	for (uint32_t i = 0; i < e.terms; i++) {
		const struct duty_term *t = &e.sum[i];

		bool amount = t->kind == DUTY_PER_UNIT || t->kind == DUTY_FIXED ||
			      t->kind == DUTY_PER_DECLARATION;

		BUG_ON(t->rate.units < 0 || amount != (t->currency.n > 0));
		BUG_ON(t->kind == DUTY_PER_UNIT && (t->per.units <= 0 || !t->unit.n));
	}
}

/* ---- questions to a snapshot ---- */

static bool see_code(void *context, const struct ref_code *c)
{
	BUG_ON(!c->code.n || !c->name.en.n || c->dates.from > c->dates.to);
	++*(uint32_t *)context;
	return true;
}

static void ask_levies(const struct refset *r)
{
	uint32_t n;
	const struct ref_levy *l = ref_levies(r, &n);

	BUG_ON(n > LIMIT_LEVIES);
	for (uint32_t i = 0; i < n; i++) {
		BUG_ON(l[i].index != i || (i && l[i].order < l[i - 1].order));
		/* Only what is computed before. */
		BUG_ON(l[i].on_levies >> i);
	}
}

static void ask_measures(const struct refset *r, const char *commodity)
{
	for (const struct ref_measure *m = ref_measures(r, span_of(commodity)); m; m = m->next) {
		BUG_ON(!m->levy || !span_is(m->commodity, commodity));
		BUG_ON(m->area.n == 0 || !m->source.n);
	}
	for (const struct ref_permit *p = ref_permits(r, span_of(commodity)); p; p = p->next)
		BUG_ON(!span_is(p->commodity, commodity));
}

static void ask(const struct refset *r, int32_t day)
{
	static const char *const lists[] = {"country", "currency", "office", "unit"};
	struct ref_dates dates;
	struct decimal rate;
	enum severity severity;
	uint32_t codes = 0;
	int64_t per;
	bool off;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		ref_each_code(r, span_of(lists[i]), see_code, &codes);
	BUG_ON(!codes);
	BUG_ON(ref_random_ppm(r) < 0 || ref_random_ppm(r) > 1000000 || ref_digits(r) > 4);
	BUG_ON(ref_rate(r, ref_currency(r), day, INT32_MAX, &rate, &per, &dates));
	if (!ref_rate(r, SPAN("AAA"), day, INT32_MAX, &rate, &per, &dates))
		BUG_ON(rate.units <= 0 || per <= 0 || !ref_holds(dates, day));
	ask_levies(r);
	ask_measures(r, "");
	ask_measures(r, "22");
	ref_commodity(r, SPAN("22"), day);
	ref_procedure(r, SPAN("40"), SPAN("00"), day);
	ref_area_has(r, SPAN("GROUP"), SPAN("AA"), day);
	ref_list_has(r, SPAN("watched"), SPAN("P7"), day);
	ref_severity(r, FINDING_DECODE_UNMAPPED, day, &severity, &off);
	for (enum lane lane = LANE_GREEN; lane <= LANE_RED; lane++)
		BUG_ON(!ref_lane(r, lane, day));
}

/* ---- loading ---- */

static void check_faults(const struct pack_faults *f)
{
	BUG_ON(!f->list.n || f->list.n > LIMIT_PACK_FAULTS);
	for (uint32_t i = 0; i < f->list.n; i++) {
		BUG_ON(!f->list.v[i].rule || !f->list.v[i].text);
		BUG_ON(!span_valid_utf8(span_of(f->list.v[i].text)));
	}
}

static void load(struct work *w, struct span tables, struct span lists)
{
	enum err e = ref_load(w->arena, tables, lists, &w->set, &w->faults);

	BUG_ON(e && e != ERR_FORMAT);
	BUG_ON(!e != (w->set != NULL));
	if (e) {
		check_faults(&w->faults);
		return;
	}
	BUG_ON(w->faults.list.n);
	ask(w->set, 0);
	ask(w->set, 20089); /* 2025-01-01 */
	ask(w->set, DAY_MAX);
}

static void load_archive(void *context)
{
	struct work *w = context;
	struct pack_file *files;
	uint32_t n;

	if (!pack_open(w->arena, w->bytes, &files, &n))
		BUG_ON(!span_equal(pack_archive(w->arena, files, n), w->bytes));
	load(w, w->bytes, SPAN(""));
}

static bool is_new(const struct pack_file *files, uint32_t n, struct span name)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(files[i].name, name))
			return false;
	return true;
}

/* Sections whose names are none, or stand there already, are left out, as no folder has them. */
static void load_sections(void *context)
{
	enum { FILES = 32 };
	struct work *w = context;
	struct pack_file part[PACK_PARTS][FILES];
	uint32_t n[PACK_PARTS] = {0};
	struct span rest = w->bytes, line;
	struct pack_file *file = NULL;

	while (rest.p) {
		const char *begin = rest.p;

		line = span_cut(&rest, '\n');
		if (span_starts(line, SPAN("== "))) {
			struct span name = {line.p + 3, line.n - 3, 0};
			enum pack_part p = pack_part_of(name);

			file = NULL;
			if (p == PACK_PARTS || n[p] == FILES || !is_new(part[p], n[p], name))
				continue;
			file = &part[p][n[p]++];
			*file = (struct pack_file){name, {rest.p, 0, 0}};
		} else if (file) {
			file->bytes.n += rest.p ? (uint32_t)(rest.p - begin) : line.n;
		}
	}
	load(w, pack_archive(w->arena, part[PACK_TABLES], n[PACK_TABLES]),
	     pack_archive(w->arena, part[PACK_LISTS], n[PACK_LISTS]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct work w = {.arena = a, .bytes = fuzz_span(data, size), .faults = {.arena = a}};
	enum err e;

	if (size && data[0] == '%') {
		try_expression((struct span){w.bytes.p + 1, w.bytes.n - 1, 0});
		return 0;
	}
	e = arena_run(
	    a, span_starts(w.bytes, SPAN("customhouse-pack")) ? load_archive : load_sections, &w);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
