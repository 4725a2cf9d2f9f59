/* A conveyance arrives, and what was landed of it: acts on a cargo report. Cases that were declared before arrival and hold one
 * of its bills are presented by the hub, each as a version of its own (life/authored.h), after the arrival is on disk; what could
 * not be, and cases of offices that other nodes settle, moments later (presenter.h); whoever reports the arrival again presents
 * what a crash left waiting. */
#include "base/clock.h"
#include "base/date.h"
#include "hub/cargo/cargo.h"
#include "hub/cargo/cargo_room.h"
#include "hub/cargo/presenter.h"
#include "hub/life/authored.h"
#include "hub/node/follow.h"
#include "hub/node/node.h"
#include "hub/people/people_room.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"

enum { REPORTS_OF_CONVEYANCE = 1000, HOLDS_LISTED = 1000 };

/* ---- the event ---- */

static enum err arrive(struct batch *b, struct office *o, struct store_cargo *row,
		       struct span actor, struct cause *why)
{
	struct event e = {.kind = SPAN("cargo-arrival"),
			  .reference = row->reference,
			  .version = row->version,
			  .at = b->now,
			  .actor = actor,
			  .payload = SPAN("{}")};
	enum err err;

	if (row->arrived_at)
		return ERR_NONE;
	err = house_append(b->h, o, &e, NULL, why);
	row->arrived_at = b->now;
	return err ? err : store_put_cargo(b->h->store, row, why);
}

enum err cargo_arrive(struct batch *b, struct office *o, struct store_cargo *row, struct span actor,
		      struct cause *why)
{
	struct store_cargo *of;
	uint32_t n = 0;
	enum err e = arrive(b, o, row, actor, why);

	if (!e && row->conveyance.n)
		e = store_list_cargo_of(b->h->store, b->h->batch_arena, row->office,
					row->conveyance, REPORTS_OF_CONVEYANCE, &of, &n, why);
	for (uint32_t i = 0; i < n && !e; i++)
		if (span_is(of[i].state, "accepted") &&
		    !span_equal(of[i].reference, row->reference))
			e = arrive(b, o, &of[i], actor, why);
	return e;
}

/* ---- who waited for it ---- */

struct waiting {
	struct arena *arena;
	const struct store_cargo *row;
	DICT_LIST(struct store_declaration) cases;
};

static enum err add_case(struct store *s, struct waiting *w, const struct store_stock_hold *h,
			 struct cause *why)
{
	struct store_declaration row, *one;
	struct life l;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < w->cases.n; i++)
		if (span_equal(w->cases.v[i].reference, h->reference))
			return ERR_NONE;
	e = store_get_declaration(s, w->arena, h->office, h->reference, &row, why);
	if (!e)
		e = life_of(s, w->arena, &row, &l, why);
	if (e || !(l.now.holds & HOLD_PRESENTATION))
		return e;
	one = arena_try_push(w->arena, (void **)&w->cases.v, &w->cases.n, &w->cases.room,
			     sizeof(*one));
	if (!one)
		return fail(why, ERR_NOMEM, "no memory for the cases of an arrival");
	*one = row;
	return ERR_NONE;
}

/* Of the report's bills and, where it names a conveyance, of the other reports of that. */
static enum err list_waiting(struct store *s, void *context, struct cause *why)
{
	struct waiting *w = context;
	const struct store_cargo *of = w->row;
	uint32_t reports = 1;
	enum err e = ERR_NONE;

	if (w->row->conveyance.n) {
		struct store_cargo *list;

		e = store_list_cargo_of(s, w->arena, w->row->office, w->row->conveyance,
					REPORTS_OF_CONVEYANCE, &list, &reports, why);
		of = list;
	}
	for (uint32_t r = 0; r < reports && !e; r++) {
		struct store_stock *k;
		uint32_t n;

		if (!of[r].arrived_at)
			continue;
		e = store_list_stock_of(s, w->arena, of[r].reference, &k, &n, why);
		for (uint32_t i = 0; i < n && !e; i++) {
			struct store_stock_hold *h;
			uint32_t holds;

			e = store_list_stock_holds(s, w->arena, k[i].account, k[i].carrier,
						   HOLDS_LISTED, &h, &holds, why);
			for (uint32_t x = 0; x < holds && !e; x++)
				if (span_is(h[x].stage, "reserved"))
					e = add_case(s, w, &h[x], why);
		}
	}
	return e;
}

struct presenting {
	struct arena *arena;
	struct span reference, report;
	struct span message;
};

static void write_message(void *context)
{
	struct presenting *p = context;
	struct text t = text_in(p->arena);
	struct json_writer w = json_to(&t);

	authored_write_presentation(&w, p->report, p->reference);
	p->message = text_as_span(&t);
}

/* One case is presented. false: it could not be, and waits on. */
static bool present(struct hub *h, struct span reference, struct span report)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct presenting p = {a, reference, report, {NULL, 0, 0}};
	struct authored by = {.login = SPAN("hub"), .roles = ROLE_HUB, .reason = report};
	struct submission s = {.sender = by.login, .authored = &by, .arena = a};
	bool done = false;

	if (a && !arena_run(a, write_message, &p)) {
		s.raw = p.message;
		hub_submit_wait(h, &s);
		done = (s.outcome.kind == OUTCOME_NEW || s.outcome.kind == OUTCOME_REPEATED) &&
		       s.outcome.accepted;
	}
	arena_free(a);
	return done;
}

enum err cargo_present(struct hub *h, struct arena *a, const struct store_cargo *row,
		       uint32_t *ret_presented, uint32_t *ret_waiting, struct cause *why)
{
	struct waiting w = {.arena = a, .row = row};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, list_waiting, &w, why);
	house_close_reader(h, s);
	if (e)
		return e;
	*ret_presented = *ret_waiting = 0;
	for (uint32_t i = 0; i < w.cases.n; i++)
		if ((!h->node || node_may_settle(h->node, w.cases.v[i].office)) &&
		    present(h, w.cases.v[i].reference, row->reference))
			++*ret_presented;
		else
			++*ret_waiting;
	return ERR_NONE;
}

static enum err tell_nodes(struct batch *b, void *context, struct cause *why)
{
	const struct store_cargo *row = context;
	const char *key = arena_print(b->h->batch_arena, "%.*s %.*s", SPAN_ARG(row->office),
				      SPAN_ARG(row->reference));

	return follow_tell(b->h, NEWS_ARRIVAL, span_of(key), why);
}

enum err cargo_present_everywhere(struct hub *h, struct arena *a, const struct store_cargo *row,
				  uint32_t *ret_presented, uint32_t *ret_waiting, struct cause *why)
{
	struct store_cargo copy = *row;
	enum err e = cargo_present(h, a, row, ret_presented, ret_waiting, why);

	if (e || !*ret_waiting)
		return e;
	presenter_note(h->presenter, row->office, row->reference);
	return h->node ? settle_errand_last(h, tell_nodes, &copy, why) : ERR_NONE;
}

/* ---- acts ---- */

struct acting {
	const struct who *who;
	struct span reference, request;
	struct arena *arena;
	struct store_cargo row; /* in arena */
	struct span outturn;    /* to be noted; n == 0: it arrives */
	struct span key;        /* of that; may be empty */
	bool repeated;
	struct cause refused; /* err set: nothing was written */
};

static bool may_act(const struct who *who, enum view view)
{
	return people_operator(who) || view == VIEW_OFFICER || view == VIEW_TRADER;
}

/* The same count, sent again because no answer came, does not count twice. */
static enum err find_outturn(struct batch *b, struct acting *q, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct event *event;
	uint32_t n;
	enum err e = store_list_events_of(b->h->store, a, q->row.office, q->row.reference,
					  SPAN("cargo-outturn"), &event, &n, why);

	q->repeated = false;
	for (uint32_t i = 0; i < n && !e && !q->repeated; i++) {
		const struct json *j;
		struct codec_fault fault;

		if (!event[i].payload.p || json_read(a, event[i].payload, &j, &fault) ||
		    !span_equal(json_get_text(j, "key"), q->key))
			continue;
		q->repeated = span_equal(event[i].payload, q->outturn);
		if (!q->repeated)
			e = fail(why, ERR_CONFLICT, "another count was sent with this key");
	}
	return e;
}

static enum err note_outturn(struct batch *b, struct office *o, struct acting *q, struct cause *why)
{
	struct event event = {.kind = SPAN("cargo-outturn"),
			      .reference = q->row.reference,
			      .version = q->row.version,
			      .at = b->now,
			      .actor = q->who->user,
			      .payload = q->outturn};
	enum err e = q->key.n ? find_outturn(b, q, why) : ERR_NONE;

	return e || q->repeated ? e : house_append(b->h, o, &event, NULL, why);
}

static enum err act_on(struct batch *b, struct acting *q, struct cause *why)
{
	struct office *o;
	enum view view;
	bool fresh;
	enum err e = scope_cargo(b->h, b->h->store, q->arena, q->who, q->reference, PURPOSE_CARGO,
				 q->request, &q->row, &view, why);

	if (!e && !may_act(q->who, view))
		e = fail(why, ERR_DENIED, "the carrier, who reported, or an officer says so");
	if (!e)
		e = house_enter(b->h, q->row.office, &o, &fresh, why);
	if (!e && fresh)
		e = store_get_cargo(b->h->store, q->arena, q->row.office, q->reference, &q->row,
				    why);
	if (!e && !span_is(q->row.state, "accepted"))
		e = fail(why, ERR_CONFLICT, "the report is not in force");
	if (e)
		return e;
	if (q->outturn.n)
		return note_outturn(b, o, q, why);
	q->repeated = q->row.arrived_at != 0;
	return cargo_arrive(b, o, &q->row, q->who->user, why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct acting *q = context;
	enum err e;

	q->refused = (struct cause){0};
	e = act_on(b, q, &q->refused);
	if (!e || e == ERR_NOT_FOUND || e == ERR_DENIED || e == ERR_CONFLICT) {
		if (e && !q->refused.err)
			fail(&q->refused, e, "there is no such report");
		return ERR_NONE;
	}
	*why = q->refused;
	return e;
}

static enum err act(struct hub *h, struct acting *q, struct cause *why)
{
	enum err e = settle_errand(h, errand, q, why);

	if (!e && q->refused.err && why)
		*why = q->refused;
	return e ? e : q->refused.err;
}

struct telling {
	const struct acting *q;
	uint32_t presented, waiting;
	struct text text;
};

static void tell(void *context)
{
	struct telling *t = context;
	struct json_writer w = json_to(&t->text);
	struct text at = text_in(t->text.arena);

	moment_write(&at, t->q->row.arrived_at);
	json_open_object(&w);
	json_put(&w, "reference", t->q->row.reference);
	json_put(&w, "arrived_at", text_as_span(&at));
	json_put_int(&w, "presented", t->presented);
	json_put_int(&w, "waiting", t->waiting);
	json_close_object(&w);
}

enum err hub_cargo_arrival(struct hub *h, struct text *to, const struct hub_look *look,
			   bool *ret_repeated, struct cause *why)
{
	struct acting q = {.who = look->who,
			   .reference = look->reference,
			   .request = look->request,
			   .arena = to->arena};
	struct telling t = {.q = &q, .text = text_in(to->arena)};
	enum err e = act(h, &q, why);

	if (!e)
		e = cargo_present_everywhere(h, to->arena, &q.row, &t.presented, &t.waiting, why);
	if (!e && arena_run(to->arena, tell, &t))
		e = fail(why, ERR_NOMEM, "no memory for the answer");
	if (e)
		return e;
	*ret_repeated = q.repeated;
	*to = t.text;
	return ERR_NONE;
}

enum err hub_cargo_outturn(struct hub *h, struct arena *a, const struct hub_look *look,
			   const struct json *outturn, struct span key, bool *ret_repeated,
			   struct cause *why)
{
	struct acting q = {.who = look->who,
			   .reference = look->reference,
			   .request = look->request,
			   .key = key,
			   .arena = a};
	enum err e = landing_read(a, outturn, key, &q.outturn, why);

	if (!e)
		e = act(h, &q, why);
	if (!e)
		*ret_repeated = q.repeated;
	return e;
}
