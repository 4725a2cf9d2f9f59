#include "hub/audit/reassess.h"

#include "base/date.h"
#include "base/limits.h"
#include "duty/duty.h"
#include "hub/audit/redecide.h"
#include "hub/directories.h"
#include "hub/house.h"
#include "msg/msg.h"

enum { CODES_MAX = LIMIT_LEVIES * 2 };

/* A case that comes out otherwise; a later version takes its place. */
struct changed {
	struct span reference, office, json;
	int64_t difference;
	bool differs;
};

struct pass {
	struct hub *hub;
	struct reassessment *r;
	struct arena *kept, *once, *results;
	struct evidence evidence;
	struct span reference;
	bool erased;
	struct map by_reference; /* of the office, in results */
	DICT_LIST(struct changed *) entries;
};

/* What is due of one levy, then and now. */
struct levy_sum {
	struct span code;
	int64_t then, now;
};

struct sums {
	struct levy_sum v[CODES_MAX];
	uint32_t n;
};

static int64_t *sum_of(struct sums *s, struct span code, bool now)
{
	uint32_t i = 0;

	while (i < s->n && !span_equal(s->v[i].code, code))
		i++;
	if (i == CODES_MAX)
		return NULL;
	if (i == s->n)
		s->v[s->n++] = (struct levy_sum){.code = code};
	return now ? &s->v[i].now : &s->v[i].then;
}

static bool add_due(struct sums *s, struct span code, int64_t minor, bool now)
{
	int64_t *sum = sum_of(s, code, now);

	return sum && !__builtin_add_overflow(*sum, minor, sum);
}

/* Amounts are written with the digits of the national currency, which never change. */
static bool sum_then(struct sums *s, const struct json *decision, unsigned digits)
{
	const struct json *taxes = json_get(decision, "taxes");

	for (const struct json *t = taxes ? taxes->first : NULL; t; t = t->next) {
		struct decimal amount;

		if (!span_is(json_get_text(t, "state"), "due"))
			continue;
		if (decimal_parse(json_get_text(t, "amount"), &amount) || amount.scale != digits ||
		    !add_due(s, json_get_text(t, "type"), amount.units, false))
			return false;
	}
	return taxes;
}

/* ---- assessing again ---- */

struct again {
	struct pass *p;
	const struct event *event;
	const struct edifact_set *directories; /* that the message was read by */
	struct message message;
	struct facts facts;
	struct assessment assessment;
	struct sums sums;
	bool counts; /* the decision stands by itself: accepted, and no request that waits */
	bool read;
};

static void assess(struct again *g)
{
	struct pass *p = g->p;
	struct span bytes = p->evidence.amended.p ? p->evidence.amended : p->evidence.input;
	struct findings as_read, findings;
	struct codec_fault fault;

	if (msg_read_with(p->once, bytes, NULL, g->directories, &g->message, &as_read, &fault))
		return;
	findings = findings_for(p->once, &dict_declaration, &g->message.declaration);
	duty_assess(p->once, &g->message.declaration, p->r->with->ref, &g->facts, &g->assessment,
		    &findings);
	for (uint32_t i = 0; i < g->assessment.lines.n; i++) {
		const struct tax_line *line = &g->assessment.lines.v[i];

		if (line->state == TAX_DUE &&
		    !add_due(&g->sums, line->levy, line->amount.minor, true))
			return;
	}
	g->read = true;
}

static void assess_again(void *context)
{
	struct again *g = context;
	struct pass *p = g->p;
	struct codec_fault fault;
	const struct json *decision;

	if (json_read(p->once, g->event->payload, &decision, &fault) ||
	    decision_read_facts(p->once, decision, &g->facts) ||
	    directories_named(p->hub->store, directories_of(decision), &g->directories, NULL))
		return;
	g->counts = !span_is(json_get_text(decision, "state"), "rejected") && !g->facts.waits &&
		    !g->facts.barred.n;
	if (g->counts && sum_then(&g->sums, decision, p->r->digits))
		assess(g);
}

/* ---- the report ---- */

static void put_minor(struct pass *p, struct json_writer *w, const char *name, int64_t minor)
{
	struct text t = text_in(p->results);

	money_write(&t, (struct money){minor}, p->r->digits);
	json_put(w, name, text_as_span(&t));
}

static void put_levies(struct pass *p, struct json_writer *w, const struct sums *s)
{
	json_name(w, "levies");
	json_open_array(w);
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->v[i].then == s->v[i].now)
			continue;
		json_open_object(w);
		json_put(w, "levy", s->v[i].code);
		put_minor(p, w, "assessed", s->v[i].then);
		put_minor(p, w, "now", s->v[i].now);
		json_close_object(w);
	}
	json_close_array(w);
}

static struct span line_of(struct again *g, int64_t difference)
{
	struct pass *p = g->p;
	struct text to = text_in(p->results), day = text_in(p->results);
	struct json_writer w = json_to(&to);

	day_write(&day, facts_day(&g->facts, DATE_TARIFF));
	json_open_object(&w);
	json_put(&w, "office", g->event->office);
	json_put(&w, "reference", g->event->reference);
	json_put_int(&w, "version", g->event->version);
	json_put(&w, "holder", g->facts.holder);
	json_put(&w, "tariff_date", text_as_span(&day));
	json_put_bool(&w, "complete", g->assessment.complete);
	put_levies(p, &w, &g->sums);
	put_minor(p, &w, difference > 0 ? "owes" : "owed",
		  difference > 0 ? difference : -difference);
	json_put(&w, "currency", span_of(p->r->currency));
	json_close_object(&w);
	return text_as_span(&to);
}

static bool difference_of(const struct sums *s, int64_t *ret)
{
	bool differs = false;

	*ret = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		int64_t one;

		if (__builtin_sub_overflow(s->v[i].now, s->v[i].then, &one) ||
		    __builtin_add_overflow(*ret, one, ret))
			return false;
		differs = differs || one;
	}
	return differs;
}

static struct changed *changed_of(struct pass *p, const struct event *e, bool make)
{
	struct changed *x = map_get(&p->by_reference, e->reference), **place;

	if (x || !make)
		return x;
	x = ARENA_NEW(p->results, struct changed);
	x->reference = span_copy(p->results, e->reference);
	x->office = span_copy(p->results, e->office);
	map_put(&p->by_reference, x->reference, x);
	place = arena_push(p->results, (void **)&p->entries.v, &p->entries.n, &p->entries.room,
			   sizeof(*place));
	*place = x;
	return x;
}

static void take_decision(struct pass *p, const struct event *e)
{
	struct again g = {.p = p, .event = e};
	struct changed *x;
	int64_t difference;
	bool differs;

	p->r->looked_at++;
	if (p->erased && span_equal(e->reference, p->reference)) {
		p->r->erased++;
		return;
	}
	if (!p->evidence.input.p || !span_equal(e->reference, p->reference) ||
	    arena_run(p->once, assess_again, &g) || (g.counts && !g.read)) {
		p->r->unreadable++;
		return;
	}
	if (!g.counts)
		return;
	differs = difference_of(&g.sums, &difference);
	x = changed_of(p, e, differs);
	if (!x)
		return;
	x->differs = differs;
	x->difference = difference;
	if (differs)
		x->json = line_of(&g, difference);
}

/* ---- the walk ---- */

struct step {
	struct pass *p;
	const struct event *event;
};

static struct span keep(struct pass *p, struct span s)
{
	return span_copy(p->kept, s);
}

static void take_step(void *context)
{
	struct pass *p = ((struct step *)context)->p;
	const struct event *e = ((struct step *)context)->event;

	if (span_is(e->kind, "input")) {
		arena_reset(p->kept);
		p->evidence = (struct evidence){0};
		p->reference = keep(p, e->reference);
		p->erased = !e->payload.p;
		if (e->payload.p)
			p->evidence.input = keep(p, e->payload);
	} else if (span_is(e->kind, "declaration") && e->payload.p) {
		p->evidence.amended = keep(p, e->payload);
	} else if (span_is(e->kind, "decision") && e->payload.p) {
		arena_reset(p->once);
		take_decision(p, e);
	}
}

static enum err take(void *context, const struct event *e, struct cause *why)
{
	struct step s = {context, e};
	enum err err = arena_run(s.p->results, take_step, &s);

	return err ? fail(why, err, "no memory to assess %.*s again", SPAN_ARG(e->reference))
		   : ERR_NONE;
}

/* A case that was cancelled owes nothing any more. */
static bool is_cancelled(struct pass *p, const struct changed *x)
{
	struct store_life life;
	struct cause why = {0};

	return !store_get_life(p->hub->store, p->results, x->office, x->reference, &life, &why) &&
	       span_is(life.state, "cancelled");
}

static enum err report(struct pass *p, struct cause *why)
{
	for (uint32_t i = 0; i < p->entries.n; i++) {
		const struct changed *x = p->entries.v[i];
		struct money *sum = x->difference > 0 ? &p->r->owes : &p->r->owed;
		struct money difference = {x->difference > 0 ? x->difference : -x->difference};

		if (!x->differs || is_cancelled(p, x))
			continue;
		p->r->differing++;
		if (money_add(*sum, difference, sum))
			return fail(why, ERR_LIMIT, "the sums are too large");
		if (!p->r->line(p->r->context, x->json))
			return fail(why, ERR_IO, "the report cannot be written");
	}
	return ERR_NONE;
}

struct running {
	struct pass *p;
	struct cause *why;
	enum err err;
};

/* An office after the other: the cases of one that come out otherwise must fit into memory. */
static void run(void *context)
{
	struct running *x = context;
	struct pass *p = x->p;
	struct span *office;
	uint32_t n;

	x->err = store_list_offices(p->hub->store, p->results, &office, &n, x->why);
	for (uint32_t i = 0; i < n && !x->err; i++) {
		struct store_range range = {office[i], 0, p->r->since};

		p->by_reference = map_in(p->results);
		p->entries.n = 0;
		p->evidence = (struct evidence){0};
		x->err = store_scan_events(p->hub->store, &range, take, p, x->why);
		if (!x->err)
			x->err = report(p, x->why);
	}
}

enum err hub_reassess(struct hub *h, struct reassessment *r, struct cause *why)
{
	struct pass p = {.hub = h,
			 .r = r,
			 .kept = arena_new(LIMIT_ARENA_BYTES),
			 .once = arena_new((size_t)LIMIT_ARENA_BYTES * 2),
			 .results = arena_new((size_t)LIMIT_PACK_BYTES * 4)};
	struct running x = {&p, why, ERR_NONE};
	enum err e = p.kept && p.once && p.results ? ERR_NONE : ERR_NOMEM;

	if (!e) {
		struct span currency = ref_currency(r->with->ref);

		r->digits = ref_digits(r->with->ref);
		for (uint32_t i = 0; i < 3 && i < currency.n; i++)
			r->currency[i] = currency.p[i];
		e = arena_run(p.results, run, &x);
	}
	if (!e)
		e = x.err;
	arena_free(p.kept);
	arena_free(p.once);
	arena_free(p.results);
	return e ? fail(why, e, "no memory to assess again") : ERR_NONE;
}
