#include "hub/life/supplementary.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/people/people_room.h"

static bool letter_in(struct span type, const char *letters)
{
	return type.n == 3 && strchr(letters, type.p[2]);
}

bool type_is_simplified(struct span type)
{
	return letter_in(type, "BCEF");
}

bool type_is_supplementary(struct span type)
{
	return letter_in(type, "XYZ");
}

bool supplementary_over(enum flow_state s)
{
	return s == FLOW_CANCELLED || s == FLOW_ABANDONED || s == FLOW_DESTROYED || s == FLOW_SOLD;
}

static struct span text_of_day(struct arena *a, int32_t day)
{
	char *s = arena_try(a, 11);

	if (s)
		people_day(day, s);
	return (struct span){s, s ? 10 : 0, 0};
}

/* ---- which case it speaks of ---- */

/* The first previous document with the pack's code; NULL: none. */
static const struct previous_document *named_in(const struct previous_document *v, uint32_t n,
						struct span code)
{
	for (uint32_t i = 0; i < n; i++)
		if (v[i].id.n && v[i].category.n + v[i].type.n == code.n &&
		    span_starts(code, v[i].category) &&
		    !memcmp(code.p + v[i].category.n, v[i].type.n ? v[i].type.p : "", v[i].type.n))
			return &v[i];
	return NULL;
}

static const struct previous_document *named(const struct declaration *d, struct span code)
{
	const struct shipment *s = &d->shipment;
	const struct previous_document *found = named_in(s->previous.v, s->previous.n, code);

	for (uint32_t i = 0; i < s->items.n && !found; i++)
		found = named_in(s->items.v[i].previous.v, s->items.v[i].previous.n, code);
	return found;
}

/* What the decision of the case says of its days: a supplementary declaration and what it completes are one (Regulation (EU)
 * 952/2013, article 167(4)). */
struct reading {
	struct job *job;
	struct span decision;
};

static void take_days(void *context)
{
	struct reading *r = context;
	struct facts *f = &r->job->facts, of = {0};
	const struct json *decision;
	struct codec_fault fault;

	if (json_read(r->job->submission->arena, r->decision, &decision, &fault) ||
	    decision_read_facts(r->job->submission->arena, decision, &of))
		return;
	for (enum legal_date d = 0; d < LEGAL_DATES; d++)
		if (ref_date(r->job->inforce->ref, d) != MOMENT_LODGEMENT)
			facts_fix_day(f, d, facts_day(&of, d));
}

static enum err inherit_days(struct batch *b, struct job *j, const struct store_declaration *row,
			     struct cause *why)
{
	struct reading r = {.job = j};
	enum err e;

	if (!ref_dates_wait(j->inforce->ref))
		return ERR_NONE;
	e = batch_read_event(b->h->store, j->submission->arena, row, row->decision_seq, &r.decision,
			     why);
	return e ? e : arena_run(j->submission->arena, take_days, &r);
}

/* Why the case cannot be completed by this holder; empty: it can. Somebody else's case is as unknown as none. */
static enum err judge(struct batch *b, struct job *j, const struct store_declaration *row,
		      struct span *ret, struct cause *why)
{
	struct arena *a = j->submission->arena;
	struct store_obligation o;
	struct life l;
	enum err e;

	*ret = SPAN("unknown");
	if (!row->holder.n || !span_equal(row->holder, j->facts.holder) ||
	    span_is(row->state, "request") || span_is(row->state, "rejected"))
		return ERR_NONE;
	e = life_of(b->h->store, a, row, &l, why);
	if (e || supplementary_over(l.now.state))
		return e;
	*ret = SPAN("type");
	if (!type_is_simplified(row->type))
		return ERR_NONE;
	e = store_get_obligation(b->h->store, a, life_party(row->holder), row->reference, &o, why);
	if (e == ERR_NOT_FOUND) {
		*ret = SPAN("type"); /* its goods have not come, or its pack asked for nothing */
		return ERR_NONE;
	}
	*ret = !e && (o.completed_by.n || map_get(&b->completed, row->reference))
		   ? SPAN("completed")
		   : SPAN("");
	return e;
}

static enum err complete(struct batch *b, struct job *j, const struct previous_document *doc,
			 struct cause *why)
{
	struct store_declaration row;
	enum err e = house_find_case(b->h->store, j->submission->arena, doc->id, &row, why);

	if (e == ERR_NOT_FOUND) {
		j->facts.completion = SPAN("unknown");
		return ERR_NONE;
	}
	if (!e)
		e = judge(b, j, &row, &j->facts.completion, why);
	if (e || j->facts.completion.n)
		return e;
	j->facts.completes = doc->id;
	return inherit_days(b, j, &row, why);
}

void supplementary_fix_day(struct facts *f, const struct refset *r, struct span type, int32_t day)
{
	if (ref_supplementary_document(r).n && type_is_simplified(type) && f->holder.n)
		f->complete_by = day + ref_supplementary_days(r);
}

enum err supplementary_enter(struct batch *b, struct job *j, struct cause *why)
{
	const struct declaration *d = &j->message.declaration;
	const struct refset *r = j->inforce->ref;
	struct span code = ref_supplementary_document(r);
	const struct previous_document *doc;

	if (!code.n || j->asked != FUNCTION_ORIGINAL)
		return ERR_NONE;
	if (!j->facts.awaited)
		supplementary_fix_day(&j->facts, r, d->type, j->facts.legal_day);
	if (!type_is_supplementary(d->type))
		return ERR_NONE;
	doc = named(d, code);
	if (doc)
		return complete(b, j, doc, why);
	if (!letter_in(d->type, "Z"))
		j->facts.completion = SPAN("missing");
	return ERR_NONE;
}

void supplementary_find(const struct declaration *d, const struct refset *r, const struct facts *f,
			struct findings *to)
{
	struct span code = ref_supplementary_document(r);
	const struct previous_document *doc = code.n ? named(d, code) : NULL;
	enum finding_rule rule = FINDING_SUPPLEMENTARY_UNKNOWN;

	if (!f->completion.n)
		return;
	if (span_is(f->completion, "missing")) {
		finding_add(to, FINDING_SUPPLEMENTARY_MISSING, &d->type, d->type, code, NO_VALUE);
		return;
	}
	if (span_is(f->completion, "type"))
		rule = FINDING_SUPPLEMENTARY_TYPE;
	if (span_is(f->completion, "completed"))
		rule = FINDING_SUPPLEMENTARY_TWICE;
	finding_add(to, rule, doc ? (const void *)&doc->id : &d->type, doc ? doc->id : SPAN("-"),
		    NO_VALUE, NO_VALUE);
}

/* ---- the list ---- */

static enum err put_own(struct batch *b, const struct facts *f, const struct store_declaration *row,
			struct span party_before, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_obligation o = {.completed_by = SPAN("")}, before = {.completed_by = SPAN("")};
	enum err e = ERR_NOT_FOUND;

	if (party_before.n)
		e = store_get_obligation(b->h->store, a, party_before, row->reference, &before,
					 why);
	if (!e) {
		o.completed_by = before.completed_by;
		e = store_end_obligation(b->h->store, party_before, row->reference, why);
	} else if (e == ERR_NOT_FOUND) {
		e = ERR_NONE;
	}
	o.party = life_party(row->holder);
	o.reference = row->reference;
	o.office = row->office;
	o.due_day = text_of_day(a, f->complete_by);
	if (!e && !o.due_day.n)
		e = ERR_NOMEM;
	return e || !o.party.n ? e : store_put_obligation(b->h->store, &o, why);
}

/* Writes who completed a case, or nobody, into its obligation, where it has one. */
static enum err mark(struct batch *b, struct span completes, struct span by, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_declaration row;
	struct store_obligation o;
	enum err e = house_find_case(b->h->store, a, completes, &row, why);

	if (!e)
		e = store_get_obligation(b->h->store, a, life_party(row.holder), completes, &o,
					 why);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	o.completed_by = by;
	return store_put_obligation(b->h->store, &o, why);
}

enum err supplementary_put(struct batch *b, const struct facts *f,
			   const struct store_declaration *row, struct span party_before,
			   struct cause *why)
{
	enum err e = ERR_NONE;

	if (f->complete_by)
		e = put_own(b, f, row, party_before, why);
	if (!e && f->completes.n)
		e = mark(b, f->completes, row->reference, why);
	return e;
}

struct ending {
	struct arena *arena;
	struct span decision, completes;
};

static void read_completes(void *context)
{
	struct ending *x = context;
	const struct json *decision;
	struct codec_fault fault;
	struct facts f = {0};

	if (!json_read(x->arena, x->decision, &decision, &fault) &&
	    !decision_read_facts(x->arena, decision, &f))
		x->completes = f.completes;
}

/* The row of a cancelled case has the type of the message that cancelled it: its decision tells. */
enum err supplementary_end(struct batch *b, const struct life *l, struct cause *why)
{
	struct ending x = {.arena = b->h->batch_arena};
	enum err e = house_lock_holder(b, l->party, why);

	if (!e && l->party.n)
		e = store_end_obligation(b->h->store, l->party, l->row.reference, why);
	if (!e)
		e = batch_read_event(b->h->store, x.arena, &l->row, l->row.decision_seq,
				     &x.decision, why);
	if (!e)
		read_completes(&x);
	return e || !x.completes.n ? e : mark(b, x.completes, SPAN(""), why);
}

/* ---- for people ---- */

static bool may_see(const struct who *by, const struct store_obligation *o)
{
	return people_operator(by) || who_is(by, ROLE_AUDITOR) || who_has_party(by, o->party) ||
	       (who_is(by, ROLE_OFFICER | ROLE_SUPERVISOR) && who_has_office(by, o->office));
}

enum err hub_list_overdue(struct hub *h, struct arena *a, const struct who *by, struct span party,
			  struct span request, struct obligation **ret, uint32_t *ret_n,
			  struct cause *why)
{
	struct inforce *in = house_inforce(h);
	int32_t today = day_of(clock_now(), in ? ref_zone_minutes(in->ref) : 0);
	struct store_obligation *row = NULL;
	enum view view;
	struct store *s;
	uint32_t n = 0;
	enum err e = scope_list(h, by, SPAN(""), party, PURPOSE_OVERDUE, request, &view, why);

	inforce_release(in);
	if (!e && view == VIEW_NONE)
		e = fail(why, ERR_DENIED, "what waits for somebody else is theirs to know");
	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_list_overdue(s, a, party, text_of_day(a, today), OVERDUE_LISTED, &row, &n, why);
	house_close_reader(h, s);
	*ret = e ? NULL : arena_try(a, sizeof(**ret) * (n + 1));
	if (!e && !*ret)
		return fail(why, ERR_NOMEM, "no memory for the list");
	*ret_n = 0;
	for (uint32_t i = 0; i < n && !e; i++)
		if (may_see(by, &row[i]))
			(*ret)[(*ret_n)++] = (struct obligation){row[i].party, row[i].reference,
								 row[i].office, row[i].due_day};
	return e;
}
