#include "hub/life/erase.h"

#include "hub/chronicle/chronicle.h"
#include "hub/documents/document_room.h"
#include "hub/house.h"
#include "hub/life/life.h"

struct erasing {
	const struct who *by;
	bool message; /* one that is kept; else a case */
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
	return span_is(kind, "input") || span_is(kind, "declaration") || span_is(kind, "answer") ||
	       span_is(kind, "message-input");
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

static enum err note(struct batch *b, const struct erasing *x, struct span office, int64_t version,
		     const struct before *before, struct cause *why)
{
	struct office *o = house_office(b->h, office);
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	struct event e = {.kind = ERASURE_KIND,
			  .reference = x->reference,
			  .version = version,
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

static enum err erase_payloads(struct batch *b, struct span office, const struct event *events,
			       uint32_t n, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++)
		if (is_personal(events[i].kind) && events[i].payload.p)
			e = store_erase_payload(b->h->store, office, events[i].seq, why);
	return e;
}

/* Whose turn it is. *ret_go: theirs; else what was asked for is done already. ERR_DENIED. */
static enum err take_turn(const struct erasing *x, const struct before *before, enum view view,
			  bool *ret_go, struct cause *why)
{
	bool theirs = before->ordered ? view == VIEW_AUDITOR && !span_equal(before->by, x->by->user)
				      : view == VIEW_OFFICER && who_is(x->by, ROLE_SUPERVISOR);
	bool ordered_already = before->ordered && !before->done && view == VIEW_OFFICER;

	*ret_go = theirs && !before->done;
	return theirs || ordered_already
		   ? ERR_NONE
		   : fail(why, ERR_DENIED,
			  "a supervisor of the office orders it, and an auditor carries it out");
}

static enum err step_case(struct batch *b, struct erasing *x, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_declaration row;
	struct before before;
	struct event *events;
	struct life l;
	enum view view;
	uint32_t n;
	bool go;
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
	e = take_turn(x, &before, view, &go, why);
	if (e || !go)
		return e;
	if (!is_over(&l.now))
		return fail(why, ERR_CONFLICT,
			    "the case is not over: control, money or an appeal still wait");
	if (before.ordered) {
		e = document_erase_all(b, &row, x->by->user, before.reason, why);
		if (!e)
			e = erase_payloads(b, row.office, events, n, why);
		x->step = ERASURE_DONE;
	}
	return e ? e : note(b, x, row.office, row.version, &before, why);
}

/* The bytes of a message that is kept. What was found of it stays, as a decision does. */
static enum err step_message(struct batch *b, struct erasing *x, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_message row;
	struct before before;
	struct event *events;
	struct office *office;
	enum view view;
	uint32_t n;
	bool go, fresh;
	enum err e = scope_message(b->h, b->h->store, a, x->by, x->reference, PURPOSE_MESSAGE,
				   x->request, &row, &view, why);

	if (!e)
		e = house_enter(b->h, row.office, &office, &fresh, why);
	if (!e)
		e = store_list_events(b->h->store, a, row.office, x->reference, &events, &n, why);
	if (e)
		return e;
	before = read_before(a, events, n);
	x->step = before.done ? ERASURE_DONE : ERASURE_ORDERED;
	e = take_turn(x, &before, view, &go, why);
	if (e || !go)
		return e;
	if (before.ordered) {
		e = erase_payloads(b, row.office, events, n, why);
		x->step = ERASURE_DONE;
	}
	return e ? e : note(b, x, row.office, 1, &before, why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct erasing *x = context;
	enum err e;

	x->refused = (struct cause){0};
	e = x->message ? step_message(b, x, &x->refused) : step_case(b, x, &x->refused);
	if (e == ERR_NOT_FOUND)
		x->refused.err = e;
	if (!e || e == ERR_NOT_FOUND || e == ERR_DENIED || e == ERR_CONFLICT)
		return ERR_NONE;
	*why = x->refused;
	return e;
}

static enum err run(struct hub *h, struct erasing *x, enum erasure_step *ret, struct cause *why)
{
	enum err e = settle_errand(h, errand, x, why);

	if (!e && x->refused.err && why)
		*why = x->refused;
	if (!e && !x->refused.err) {
		*ret = x->step;
		if (x->step == ERASURE_DONE)
			chronicle_remove(h);
	}
	return e ? e : x->refused.err;
}

enum err hub_erase_case(struct hub *h, const struct who *by, struct span reference,
			struct span reason, struct span request, enum erasure_step *ret,
			struct cause *why)
{
	struct erasing x = {.by = by, .reference = reference, .reason = reason, .request = request};

	return run(h, &x, ret, why);
}

enum err hub_erase_message(struct hub *h, const struct who *by, struct span reference,
			   struct span reason, struct span request, enum erasure_step *ret,
			   struct cause *why)
{
	struct erasing x = {.by = by,
			    .message = true,
			    .reference = reference,
			    .reason = reason,
			    .request = request};

	return run(h, &x, ret, why);
}
