/* What somebody has to do who imports, exports or carries through: steps, procedures, what every consignment pays, papers. All of
 * it is the pack's. */
#include <stdlib.h>

#include "hub/tariff/show.h"
#include "ref/ref_step.h"

enum { PROCEDURES_MAX = 500, PERMITS_MAX = 200, COMMODITIES_MAX = 12 };

struct guide {
	struct json_writer w;
	struct tariff_ask *ask;
	const struct refset *ref;
	enum direction direction;
	int32_t day;
	const struct ref_procedure **procedure;
	uint32_t procedures;
};

static void put_dates(struct guide *g, struct ref_dates dates)
{
	show_day(&g->w, g->ask, "from", dates.from);
	show_day(&g->w, g->ask, "to", dates.to);
}

/* ---- steps ---- */

static void show_step(struct guide *g, const struct ref_step *s)
{
	static const char *const by[] = {"trader", "customs", "agency"};
	struct json_writer *w = &g->w;

	json_open_object(w);
	json_put_int(w, "number", s->number);
	json_put_c(w, "by", by[s->by]);
	if (s->hours)
		json_put_int(w, "hours", s->hours);
	if (s->cost.set)
		json_put_decimal(w, "cost", s->cost);
	json_put(w, "name", show_name(g->ask, s->name));
	json_put(w, "text", show_name(g->ask, s->text));
	put_dates(g, s->dates);
	json_put(w, "source", s->source);
	json_close_object(w);
}

static void show_steps(struct guide *g)
{
	json_name(&g->w, "steps");
	json_open_array(&g->w);
	for (const struct ref_step *s = ref_steps(g->ref); s; s = s->next)
		if (s->direction == g->direction && ref_holds(s->dates, g->day))
			show_step(g, s);
	json_close_array(&g->w);
}

/* ---- procedures ---- */

static bool collect(void *context, const struct ref_procedure *p)
{
	struct guide *g = context;

	if (p->direction == g->direction && ref_holds(p->dates, g->day))
		g->procedure[g->procedures++] = p;
	return g->procedures < PROCEDURES_MAX;
}

static int by_code(const void *x, const void *y)
{
	const struct ref_procedure *const *a = x, *const *b = y;
	int order = span_compare((*a)->requested, (*b)->requested);

	return order ? order : span_compare((*a)->previous, (*b)->previous);
}

static void show_documents(struct guide *g, struct span codes)
{
	json_name(&g->w, "documents");
	json_open_array(&g->w);
	while (codes.n) {
		struct span code = span_trim(span_cut(&codes, ' '));
		const struct ref_code *known =
		    ref_code(g->ref, SPAN("document_type"), code, g->day);

		if (!code.n)
			continue;
		json_open_object(&g->w);
		json_put(&g->w, "code", code);
		if (known)
			json_put(&g->w, "name", show_name(g->ask, known->name));
		json_close_object(&g->w);
	}
	json_close_array(&g->w);
}

static void show_procedure(struct guide *g, const struct ref_procedure *p)
{
	static const char *const effects[] = {"due", "suspended", "relieved", "partial"};
	const struct ref_write_off *stay = ref_write_off_of(g->ref, false, p->requested, g->day);
	struct json_writer *w = &g->w;

	json_open_object(w);
	json_put(w, "code", p->requested);
	json_put(w, "previous", p->previous);
	json_put(w, "name", show_name(g->ask, p->name));
	json_put_c(w, "effect", effects[p->effect]);
	if (p->relieved.n)
		json_put(w, "relieved", p->relieved);
	if (stay && stay->days)
		json_put_int(w, "days", stay->days);
	show_documents(g, p->documents);
	put_dates(g, p->dates);
	json_put(w, "source", p->source);
	json_close_object(w);
}

static void show_all_procedures(struct guide *g)
{
	g->procedure = ARENA_ARRAY(g->ask->arena, const struct ref_procedure *, PROCEDURES_MAX);
	ref_each_procedure(g->ref, collect, g);
	qsort(g->procedure, g->procedures, sizeof(struct ref_procedure *), by_code);
	json_name(&g->w, "procedures");
	json_open_array(&g->w);
	for (uint32_t i = 0; i < g->procedures; i++)
		show_procedure(g, g->procedure[i]);
	json_close_array(&g->w);
}

/* ---- what every consignment pays ---- */

/* Nothing that has to be claimed, and nothing that hangs on what the goods are. */
static bool is_general(const struct guide *g, const struct ref_measure *m)
{
	const bool concerns = g->direction == DIRECTION_IMPORT   ? m->levy->import
			      : g->direction == DIRECTION_EXPORT ? m->levy->export
								 : false;

	return concerns && ref_measure_holds(m, g->day, INT32_MAX) && !m->preference.n &&
	       !m->additional.n && !m->quota.n && span_is(m->area, "*") && !m->conditions;
}

static void show_charges(struct guide *g)
{
	const struct show_place all = {.code = SPAN(""), .day = g->day, .known = INT32_MAX};

	json_name(&g->w, "charges");
	json_open_array(&g->w);
	for (const struct ref_measure *m = ref_measures(g->ref, SPAN("")); m; m = m->next)
		if (is_general(g, m))
			show_measure(&g->w, g->ask, m, &all);
	json_close_array(&g->w);
}

/* ---- papers that some goods need ---- */

/* A document, with the goods that need it, in the pack's order. */
struct wanted {
	const struct ref_permit *first;
	struct span commodity[COMMODITIES_MAX];
	uint32_t n, all;
};

static struct wanted *wanted_of(struct wanted *list, uint32_t *n, const struct ref_permit *m)
{
	for (uint32_t i = 0; i < *n; i++)
		if (span_equal(list[i].first->document, m->document) &&
		    span_equal(list[i].first->agency, m->agency))
			return &list[i];
	if (*n == PERMITS_MAX)
		return NULL;
	list[*n] = (struct wanted){.first = m};
	return &list[(*n)++];
}

static void add_commodity(struct wanted *x, struct span code)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (span_equal(x->commodity[i], code))
			return;
	if (x->n < COMMODITIES_MAX)
		x->commodity[x->n++] = code;
	x->all++;
}

static void show_wanted(struct guide *g, const struct wanted *x)
{
	struct json_writer *w = &g->w;

	json_open_object(w);
	json_put(w, "document", x->first->document);
	json_put(w, "name", show_name(g->ask, x->first->name));
	json_put(w, "agency", x->first->agency);
	json_name(w, "commodities");
	json_open_array(w);
	for (uint32_t i = 0; i < x->n; i++)
		json_string(w, x->commodity[i]);
	json_close_array(w);
	json_put_bool(w, "more", x->all > x->n);
	json_put(w, "source", x->first->source);
	json_close_object(w);
}

static void show_papers(struct guide *g)
{
	struct wanted *list = ARENA_ARRAY(g->ask->arena, struct wanted, PERMITS_MAX);
	uint32_t n = 0;

	for (const struct ref_permit *m = ref_first_permit(g->ref); m; m = m->following) {
		struct wanted *x = m->direction == g->direction && ref_holds(m->dates, g->day)
				       ? wanted_of(list, &n, m)
				       : NULL;
		if (x)
			add_commodity(x, m->commodity);
	}
	json_name(&g->w, "permits");
	json_open_array(&g->w);
	for (uint32_t i = 0; i < n; i++)
		show_wanted(g, &list[i]);
	json_close_array(&g->w);
}

/* ---- the whole ---- */

void show_guide(struct text *to, struct tariff_ask *a, enum direction direction, int32_t day)
{
	struct guide g = {
	    .w = json_to(to), .ask = a, .ref = a->inforce->ref, .direction = direction, .day = day};

	json_open_object(&g.w);
	show_day(&g.w, a, "on", day);
	json_put_c(&g.w, "direction", direction_name(direction));
	json_put(&g.w, "national", ref_currency(g.ref));
	show_steps(&g);
	show_all_procedures(&g);
	show_charges(&g);
	show_papers(&g);
	json_put_int(&g.w, "contingency_days", ref_contingency_days(g.ref));
	json_put_int(&g.w, "supplementary_days", ref_supplementary_days(g.ref));
	json_close_object(&g.w);
}
