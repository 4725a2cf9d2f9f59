#include "hub/edition/rules_trial_room.h"

#include "base/hash.h"

/* ---- histories ---- */

/* What was known when the day began, of everything that the candidate asks about. */
static enum err know(struct trial_case *x, const struct history_fact **at, struct cause *why)
{
	const struct chronicle_case *c = x->c;
	const struct trial_run *r = x->thread->run;
	const uint32_t n = CHRONICLE_OF_WHOLE + CHRONICLE_OF_ITEM * c->items;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++)
		e = past_fact(r->past, x->thread->number, c->subject[i], &at[i]);
	return e ? fail(why, e, "a history cannot be read again") : ERR_NONE;
}

static void know_today(struct trial_case *x)
{
	const struct trial_office *o = x->office;
	const struct trial_today *t;

	if (!x->thread->run->asks_today)
		return;
	BUG_ON(o->at >= o->today.n);
	t = &o->today.v[o->at];
	x->facts.importer.today = t->count[0];
	x->facts.importer.today_minor = t->minor[0];
	x->facts.declarant.today = t->count[1];
	x->facts.declarant.today_minor = t->minor[1];
}

/* ---- draws ---- */

static uint64_t trial_draw(struct arena *a, struct span reference, struct span purpose)
{
	struct text t = text_in(a);
	struct hash h;
	uint64_t v = 0;

	text_print(&t, "customhouse trial\n%.*s", SPAN_ARG(reference));
	text_char(&t, '\0');
	text_span(&t, purpose);
	h = hash_bytes(t.p, t.n);
	for (int i = 0; i < 8; i++)
		v = v << 8 | h.byte[i];
	return v;
}

struct learning {
	struct trial_thread *thread;
	int32_t day;
};

static void learn_purposes(void *context)
{
	const struct learning *l = context;
	struct trial_thread *t = l->thread;
	struct trial_purposes *p = &t->purposes;
	const struct trial_run *r = t->run;

	p->name = ARENA_ARRAY(t->longer, struct span, risk_draw_max(r->rules));
	p->n = risk_draw_purposes(r->rules, l->day, p->name);
	p->number = ARENA_ARRAY(t->longer, chronicle_text, p->n + 1);
	for (uint32_t i = 0; i < p->n; i++)
		p->number[i] = chronicle_number_of(r->chronicle, p->name[i]);
	p->day = l->day;
	p->known = true;
}

static const uint64_t *drawn(const struct chronicle_case *c, chronicle_text purpose)
{
	for (uint32_t i = 0; i < c->draws && purpose; i++)
		if (c->purpose[i] == purpose)
			return &c->draw[i];
	return NULL;
}

/* Draws for what the candidate asks, those of then where there are; none where there were none, as for the decision. */
static void draw(struct trial_case *x)
{
	struct arena *a = x->thread->once;
	const struct trial_purposes *p = &x->thread->purposes;
	const struct chronicle_case *c = x->c;
	struct facts *f = &x->facts;

	if (!c->draws)
		return;
	f->draws.v = ARENA_ARRAY(a, struct draw, p->n + 1);
	for (uint32_t i = 0; i < p->n; i++) {
		/* most often they stand in the same order */
		const uint64_t *v = i < c->draws && p->number[i] && c->purpose[i] == p->number[i]
					? &c->draw[i]
					: drawn(c, p->number[i]);

		f->draws.v[f->draws.n++] = (struct draw){
		    p->name[i], v ? *v : trial_draw(a, c->draw_reference, p->name[i])};
	}
}

/* ---- the day at the office ---- */

static int64_t minutes_of(const struct ref_capacity *c, enum lane lane)
{
	return c ? c->control[lane] : 0;
}

/* What the office did on the day, and in the hour, by the candidate's lanes: what the decision says, and what differs by now.
 * Where other tables said what time a control takes, it is counted anew. */
static void know_office(struct trial_case *x)
{
	struct trial_office *o = x->office;
	struct facts *f = &x->facts;
	const struct trial_run *r = x->thread->run;
	int64_t hour;
	const struct ref_capacity *c;

	if (o->day != x->c->legal_day) {
		o->day = x->c->legal_day;
		memset(o->more, 0, sizeof(o->more));
	}
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		f->office_day[l] = x->c->office_day[l] + o->more[l];
	c = risk_capacity(r->t->with->ref, f, &hour);
	if (hour > o->hour) {
		o->hour = hour;
		o->minutes_now = o->minutes_then = 0;
	}
	if (!c)
		f->hour_taken = 0;
	else if (x->c->tables == r->tables)
		f->hour_taken = x->c->hour_taken + o->minutes_now - o->minutes_then;
	else
		f->hour_taken = o->minutes_now;
}

static void count_office(struct trial_case *x)
{
	struct trial_office *o = x->office;
	int64_t hour;
	const struct ref_capacity *c;

	if (!x->c->declares)
		return;
	o->more[x->now.lane]++;
	o->more[x->c->lane]--;
	c = risk_capacity(x->thread->run->t->with->ref, &x->facts, &hour);
	o->minutes_now += minutes_of(c, x->now.lane);
	o->minutes_then += minutes_of(c, x->c->lane);
}

/* ---- one case ---- */

struct preparing {
	struct trial_case *x;
	const struct history_fact **at;
};

static void prepare(void *context)
{
	struct preparing *p = context;
	struct trial_case *x = p->x;
	const struct chronicle_case *c = x->c;
	const struct trial_run *r = x->thread->run;

	x->facts = (struct facts){
	    .received_at = c->received_at,
	    .legal_day = c->legal_day,
	    .office = x->office->code,
	    .reference = c->reference,
	    .version = c->version,
	    .holder = chronicle_text_of(r->chronicle, c->holder),
	    .declarant_holder = chronicle_text_of(r->chronicle, c->declarant_holder),
	    .importer = c->importer,
	    .declarant = c->declarant,
	    .lane_before = c->lane_before,
	    .draw_reference = c->draw_reference,
	};
	x->assessed = (struct assessment){.complete = c->complete,
					  .total_due = {c->total_due},
					  .total_value = {c->total_value},
					  .items = c->values};
	x->assessed.values = ARENA_ARRAY(x->thread->once, struct item_value, c->values + 1);
	for (uint32_t i = 0; i < c->values; i++)
		x->assessed.values[i].customs_value.minor = c->value[i];
	p->at = ARENA_ARRAY(x->thread->once, const struct history_fact *,
			    CHRONICLE_OF_WHOLE + (size_t)CHRONICLE_OF_ITEM * c->items);
	draw(x);
}

enum err trial_facts(struct trial_case *x, struct cause *why)
{
	struct preparing p = {.x = x};
	struct learning l = {x->thread, x->c->legal_day};
	enum err e = ERR_NONE;

	if (!x->thread->purposes.known || x->thread->purposes.day != l.day) {
		arena_reset(x->thread->longer);
		e = arena_run(x->thread->longer, learn_purposes, &l);
	}
	if (!e)
		e = arena_run(x->thread->once, prepare, &p);
	if (e)
		return fail(why, e, "no memory to select a declaration again");
	know_today(x);
	if (!past_is_asked_for(x->thread->run->past))
		return ERR_NONE;
	x->facts.history_at = p.at;
	return know(x, p.at, why);
}

void trial_select(struct trial_case *x)
{
	const struct trial_run *r = x->thread->run;

	know_office(x);
	risk_select(x->thread->once, &x->d, &x->assessed, r->t->with->ref, r->rules, &x->facts,
		    &x->now);
	count_office(x);
}
