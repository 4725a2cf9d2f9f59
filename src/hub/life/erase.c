#include "hub/life/erase.h"

#include "hub/documents/document_room.h"
#include "hub/house.h"
#include "hub/life/life.h"

struct erasing {
	const struct who *by;
	struct span reference, reason, request;
	enum erasure_step step; /* that was reached */
	struct cause refused;   /* err set: nothing was done */
};

/* What was ordered or done before. */
struct before {
	bool ordered, done;
	struct span by, reason; /* of the order */
};

static bool is_personal(struct span kind)
{
	return span_is(kind, "input") || span_is(kind, "declaration") || span_is(kind, "answer");
}

static struct before read_before(struct arena *a, const struct event *events, uint32_t n)
{
	struct before b = {.ordered = false};

	for (uint32_t i = 0; i < n; i++) {
		const struct json *j;
		struct codec_fault fault;

		if (!span_equal(events[i].kind, ERASURE_KIND) || !events[i].payload.p ||
		    json_read(a, events[i].payload, &j, &fault))
			continue;
		b.ordered = true;
		if (span_is(json_get_text(j, "step"), "done")) {
			b.done = true;
		} else {
			b.by = events[i].actor;
			b.reason = json_get_text(j, "reason");
		}
	}
	return b;
}

/* Nothing of it is needed any more: neither for control nor for money. */
static bool is_over(const struct flow_case *c)
{
	bool gone =
	    c->state == FLOW_RELEASED || c->state == FLOW_EXITED || flow_state_ends(c->state);

	return gone && c->due <= c->paid && !c->secured && !c->refund && !c->request.n &&
	       !c->reply_by && c->appeal != APPEAL_LODGED;
}

static enum err note(struct batch *b, const struct erasing *x, const struct store_declaration *row,
		     const struct before *before, struct cause *why)
{
	struct office *o = house_office(b->h, row->office);
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	struct event e = {.kind = ERASURE_KIND,
			  .reference = row->reference,
			  .version = row->version,
			  .at = b->now,
			  .actor = x->by->user};
	enum err err = o ? house_read_office(b->h, o, why)
			 : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	json_open_object(&w);
	json_put_c(&w, "step", before->ordered ? "done" : "ordered");
	json_put(&w, "reason", before->ordered ? before->reason : x->reason);
	if (before->ordered)
		json_put(&w, "ordered_by", before->by);
	json_close_object(&w);
	e.payload = text_as_span(&t);
	return err ? err : house_append(b->h, o, &e, NULL, why);
}

static enum err erase_all(struct batch *b, const struct erasing *x,
			  const struct store_declaration *row, const struct event *events,
			  uint32_t n, const struct before *before, struct cause *why)
{
	enum err e = document_erase_all(b, row, x->by->user, before->reason, why);

	for (uint32_t i = 0; i < n && !e; i++)
		if (is_personal(events[i].kind) && events[i].payload.p)
			e = store_erase_payload(b->h->store, row->office, events[i].seq, why);
	return e;
}

static enum err step(struct batch *b, struct erasing *x, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_declaration row;
	struct before before;
	struct event *events;
	struct life l;
	enum view view;
	uint32_t n;
	enum err e = scope_case(b->h, b->h->store, a, x->by, x->reference, PURPOSE_ACT, x->request,
				&row, &view, why);

	if (!e && span_is(row.state, "request"))
		return ERR_NOT_FOUND;
	if (!e)
		e = house_enter_case(b->h, a, &row, why);
	if (!e)
		e = life_of(b->h->store, a, &row, &l, why);
	if (!e)
		e = store_list_events(b->h->store, a, row.office, row.reference, &events, &n, why);
	if (e)
		return e;
	before = read_before(a, events, n);
	x->step = before.done ? ERASURE_DONE : ERASURE_ORDERED;
	if (before.ordered ? view != VIEW_AUDITOR || span_equal(before.by, x->by->user)
			   : view != VIEW_OFFICER || !who_is(x->by, ROLE_SUPERVISOR)) {
		if (before.ordered && !before.done && view == VIEW_OFFICER)
			return ERR_NONE; /* it is ordered already */
		return fail(why, ERR_DENIED,
			    "a supervisor of the office orders it, and an auditor carries it out");
	}
	if (before.done)
		return ERR_NONE;
	if (!is_over(&l.now))
		return fail(why, ERR_CONFLICT,
			    "the case is not over: control, money or an appeal still wait");
	e = before.ordered ? erase_all(b, x, &row, events, n, &before, why) : ERR_NONE;
	if (!e && before.ordered)
		x->step = ERASURE_DONE;
	return e ? e : note(b, x, &row, &before, why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct erasing *x = context;
	enum err e;

	x->refused = (struct cause){0};
	e = step(b, x, &x->refused);
	if (e == ERR_NOT_FOUND)
		x->refused.err = e;
	if (!e || e == ERR_NOT_FOUND || e == ERR_DENIED || e == ERR_CONFLICT)
		return ERR_NONE;
	*why = x->refused;
	return e;
}

enum err hub_erase_case(struct hub *h, const struct who *by, struct span reference,
			struct span reason, struct span request, enum erasure_step *ret,
			struct cause *why)
{
	struct erasing x = {.by = by, .reference = reference, .reason = reason, .request = request};
	enum err e = settle_errand(h, errand, &x, why);

	if (!e && x.refused.err && why)
		*why = x.refused;
	if (!e && !x.refused.err)
		*ret = x.step;
	return e ? e : x.refused.err;
}
