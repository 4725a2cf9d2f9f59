/* Lodging a cargo report: read on the caller's thread, settled in a batch, answered after COMMIT. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/cargo/cargo.h"
#include "hub/cargo/cargo_decide.h"
#include "hub/cargo/cargo_room.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "hub/settle/reference.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"
#include "msg/cargo.h"

enum { SAME_REFERENCE_MAX = 100 };

struct lodging {
	struct chore chore;
	struct hub *hub;
	struct submission *s;
	struct cargo_message message;
	struct findings as_read, findings;
	struct hash hash;
	int64_t received_at;
	enum cargo_function asked;

	/* of one attempt, in the batch */
	struct cargo_facts facts;
	struct office *office;
	struct store_cargo row; /* the standing report, where one is spoken of; else the new one */
	struct store_stock *before; /* its bills */
	uint32_t before_count;
	struct cargo_decision decision;
	struct span decision_bytes, answer_bytes;
	bool settled; /* outcome is known */
	bool was_accepted;
	bool arrived; /* with it, or before; and what is known of it after the batch */
	struct span arrived_office, arrived_conveyance;
};

/* ---- who and where ---- */

static struct span office_of(const struct lodging *l, const struct refset *r, int32_t day)
{
	const struct span declared = l->message.report.office;

	if (declared.n && ref_code(r, SPAN("office"), declared, day))
		return declared;
	return ref_setting(r, "default_office").n ? ref_setting(r, "default_office") : SPAN("MAIN");
}

static enum err name_sender(struct batch *b, struct lodging *l, struct cause *why)
{
	const struct cargo_report *r = &l->message.report;
	const struct span said = r->sender.id.n  ? r->sender.id
				 : r->agent.id.n ? r->agent.id
						 : r->conveyance.carrier.id;
	struct cause detail = {0};
	struct span as = said;
	char day[11];
	enum err e = ERR_NONE;

	people_day(l->facts.legal_day, day);
	if (!people_operator(l->s->who))
		e = scope_report(b->h->store, b->h->batch_arena, &b->authorities, l->s->who,
				 r->conveyance.carrier.id, span_of(day), &as, &detail);
	if (e == ERR_DENIED) {
		l->s->outcome = (struct outcome){.kind = OUTCOME_DENIED, .cause = detail};
		l->settled = true;
		return ERR_NONE;
	}
	if (e) {
		*why = detail;
		return e;
	}
	/* A gateway names who sends; who stands for companies sends as one of them. */
	l->facts.sender = people_operator(l->s->who) || who_has_every_party(l->s->who) ? said : as;
	l->facts.carrier = cargo_carrier(r, l->facts.sender);
	return ERR_NONE;
}

static struct span key_of(struct arena *a, const struct lodging *l)
{
	char hex[65];

	if (l->message.report.reference.n)
		return l->message.report.reference;
	if (l->s->key.n)
		return span_of(arena_print(a, "key/%.*s", SPAN_ARG(l->s->key)));
	hash_hex(&l->hash, hex);
	return span_of(arena_print(a, "sha256/%s", hex));
}

/* ---- what stands under the sender's reference ---- */

struct telling {
	struct lodging *l;
	struct span decision;
};

static void tell(void *context)
{
	struct telling *t = context;
	struct lodging *l = t->l;
	struct text answer = text_in(l->s->arena);
	const struct json *j;
	struct codec_fault fault;

	l->decision_bytes = span_copy(l->s->arena, t->decision);
	if (json_read(l->s->arena, l->decision_bytes, &j, &fault))
		return;
	l->was_accepted = !span_is(json_get_text(j, "state"), "rejected");
	cargo_answer_write(&answer, j);
	l->answer_bytes = text_as_span(&answer);
}

/* The outcome of a decision that stands in the log. */
static enum err repeat(struct lodging *l, const struct event *e, struct cause *why)
{
	struct telling t = {l, e->payload};
	struct arena *a = l->s->arena;

	if (arena_run(a, tell, &t))
		return fail(why, ERR_NOMEM, "no memory for the answer");
	l->s->outcome = (struct outcome){.kind = OUTCOME_REPEATED,
					 .accepted = l->was_accepted,
					 .reference = span_try_copy(a, e->reference),
					 .decided_at = e->at,
					 .decision = l->decision_bytes,
					 .answer = l->answer_bytes};
	l->settled = true;
	return ERR_NONE;
}

/* Were these bytes decided as some version of the report? */
static enum err find_same(struct batch *b, struct lodging *l, const struct store_cargo *row,
			  struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct event *event;
	char hex[65];
	uint32_t n;
	enum err e = store_list_events_of(b->h->store, a, row->office, row->reference,
					  SPAN("cargo-decision"), &event, &n, why);

	hash_hex(&l->hash, hex);
	for (uint32_t i = 0; i < n && !e && !l->settled; i++) {
		const struct json *j;
		struct codec_fault fault;

		if (event[i].payload.p && !json_read(a, event[i].payload, &j, &fault) &&
		    span_is(json_get_text(json_get(j, "input"), "sha256"), hex))
			e = repeat(l, &event[i], why);
	}
	return e;
}

static void conflict(struct lodging *l, const struct store_cargo *row)
{
	struct outcome *o = &l->s->outcome;

	*o = (struct outcome){.kind = OUTCOME_CONFLICT,
			      .reference = span_try_copy(l->s->arena, row->reference)};
	fail(&o->cause, ERR_CONFLICT,
	     "another cargo report with the reference \"%.*s\" was accepted as %.*s: replace it "
	     "with function 5",
	     SPAN_ARG(l->facts.key), SPAN_ARG(row->reference));
	l->settled = true;
}

static enum err find_standing(struct batch *b, struct lodging *l, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const struct store_trader_key key = {l->facts.office, l->facts.sender, l->facts.key};
	struct store_cargo *row;
	uint32_t n;
	enum err e = store_find_cargo(b->h->store, a, &key, SAME_REFERENCE_MAX, &row, &n, why);

	for (uint32_t i = n; i > 0 && !e && !l->settled; i--) {
		e = find_same(b, l, &row[i - 1], why);
		if (!l->facts.standing && span_is(row[i - 1].state, "accepted")) {
			l->facts.standing = true;
			l->row = row[i - 1];
		}
	}
	if (e || l->settled || !l->facts.standing)
		return e;
	if (l->asked != CARGO_REPLACE && l->asked != CARGO_WITHDRAW)
		conflict(l, &l->row);
	return ERR_NONE;
}

/* Its number: that of the report which it speaks of, or a new one. */
static enum err name_report(struct batch *b, struct lodging *l, struct cause *why)
{
	const struct refset *r = b->inforce->ref;
	const int year = (int)house_year(b);
	char *number = arena_alloc(b->h->batch_arena, REFERENCE_LENGTH + 1);
	int64_t next;
	enum err e;

	l->facts.version = 1;
	if (l->facts.standing) {
		l->facts.reference = l->row.reference;
		l->facts.version = l->row.version + 1;
		return store_list_stock_of(b->h->store, b->h->batch_arena, l->row.reference,
					   &l->before, &l->before_count, why);
	}
	e = house_take_numbers(b->h, year, 1, &next, why);
	if (e)
		return e;
	e = reference_write(year, ref_country(r), ref_shard(r), next, number);
	l->facts.reference = (struct span){number, REFERENCE_LENGTH, 0};
	return e ? fail(why, e, "reference numbers of %d are used up", year) : ERR_NONE;
}

/* ---- its bills ---- */

static int by_bytes(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* In the order of their names, so that no two nodes wait for one another. */
static enum err lock_bills(struct batch *b, const struct lodging *l, const struct cargo_bill *bills,
			   struct cause *why)
{
	const uint32_t n = l->message.report.bills.n;
	struct span *name = ARENA_ARRAY(b->h->batch_arena, struct span, n + l->before_count + 1);
	enum err e = ERR_NONE;

	if (!b->h->node)
		return ERR_NONE;
	for (uint32_t i = 0; i < n; i++)
		name[i] = bills[i].account;
	for (uint32_t i = 0; i < l->before_count; i++)
		name[n + i] = l->before[i].account;
	qsort(name, n + l->before_count, sizeof(*name), by_bytes);
	for (uint32_t i = 0; i < n + l->before_count && !e; i++)
		e = house_lock_holder(b, name[i], why);
	return e;
}

static void add_fact(struct batch *b, struct lodging *l, struct span account,
		     const struct store_stock *row, bool dropped)
{
	struct cargo_bill_fact *f = arena_push(b->h->batch_arena, (void **)&l->facts.bills.v,
					       &l->facts.bills.n, &l->facts.bills.room, sizeof(*f));

	*f = (struct cargo_bill_fact){.account = account,
				      .carrier = row ? row->carrier : l->facts.carrier,
				      .state = !row ? SPAN("free")
					       : span_equal(row->source, l->facts.reference)
						   ? SPAN("own")
						   : SPAN("other"),
				      .dropped = dropped};
	for (int m = 0; row && m < STOCK_MEASURES && span_is(f->state, "own"); m++)
		f->taken[m] = row->reserved[m] + row->used[m];
}

static enum err read_bills(struct batch *b, struct lodging *l, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const uint32_t n = l->asked == CARGO_WITHDRAW ? 0 : l->message.report.bills.n;
	const struct cargo_bill *bills = cargo_bills(a, &l->message.report, NULL);
	struct map has = map_in(a);
	enum err e = lock_bills(b, l, bills, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct store_stock row;

		if (!bills[i].account.n || map_put(&has, bills[i].account, l))
			continue;
		e = store_get_stock(b->h->store, a, bills[i].account, l->facts.carrier, &row, why);
		if (e && e != ERR_NOT_FOUND)
			return e;
		add_fact(b, l, bills[i].account, e ? NULL : &row, false);
		e = ERR_NONE;
	}
	/* Under another carrier's name the bills of before are others. */
	for (uint32_t i = 0; i < l->before_count && !e; i++)
		if (!map_get(&has, l->before[i].account) ||
		    !span_equal(l->before[i].carrier, l->facts.carrier))
			add_fact(b, l, l->before[i].account, &l->before[i], true);
	return e;
}

/* ---- deciding and keeping ---- */

static void decide_one(void *context)
{
	struct lodging *l = context;
	struct text decision = text_in(l->s->arena);
	struct telling t = {.l = l};
	const struct inforce *in = l->hub->inforce;

	l->findings = l->as_read;
	cargo_decide(l->s->arena, l->s->raw, &l->message, &l->facts, in, &l->findings,
		     &l->decision);
	cargo_decision_write(&decision, &l->decision);
	t.decision = text_as_span(&decision);
	tell(&t);
}

static enum err append(struct batch *b, struct lodging *l, const char *kind, struct span payload,
		       int64_t *ret_seq, struct cause *why)
{
	struct event e = {.kind = span_of(kind),
			  .reference = l->facts.reference,
			  .version = l->facts.version,
			  .at = b->now,
			  .actor = l->facts.sender,
			  .payload = payload};
	enum err err = house_append(b->h, l->office, &e, NULL, why);

	*ret_seq = e.seq;
	return err;
}

/* A bill that is reported: opened, or granted another amount. */
static enum err grant(struct batch *b, const struct lodging *l, const struct cargo_bill *bill,
		      struct cause *why)
{
	const struct stock_tolerance t = writeoff_tolerance(b->inforce->ref);
	struct store_stock row = {.account = bill->account,
				  .carrier = l->facts.carrier,
				  .kind = SPAN("bill"),
				  .office = l->facts.office,
				  .source = l->facts.reference,
				  .opened_at = b->now};
	struct stock_account account, after;
	enum stock_measure m;
	enum err e =
	    store_get_stock(b->h->store, b->h->batch_arena, row.account, row.carrier, &row, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	row.consignee = bill->bill->consignee.id.n ? bill->bill->consignee.id : SPAN("");
	account = measures_account(&row);
	if (stock_grant(&account, &t, bill->measured, &bill->granted, &after, &m) != STOCK_DONE)
		return fail(why, ERR_CONFLICT, "%.*s allowed this and then did not",
			    SPAN_ARG(row.account));
	measures_to_row(&after, &row);
	return store_put_stock(b->h->store, &row, why);
}

static enum err grant_all(struct batch *b, const struct lodging *l, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < l->facts.bills.n && !e; i++) {
		const struct cargo_bill_fact *f = &l->facts.bills.v[i];

		if (f->dropped)
			e = store_remove_stock(b->h->store, f->account, f->carrier, why);
	}
	for (uint32_t i = 0; i < l->message.report.bills.n && !e && l->asked != CARGO_WITHDRAW; i++)
		e = grant(b, l, &l->decision.bills[i], why);
	return e;
}

static enum err keep(struct batch *b, struct lodging *l, struct cause *why)
{
	const struct cargo_report *r = &l->message.report;
	int64_t input_seq, decision_seq;
	char hex[65], day[11];
	enum err e = append(b, l, "cargo-input", l->s->raw, &input_seq, why);

	if (!e)
		e = append(b, l, "cargo-decision", l->decision_bytes, &decision_seq, why);
	/* A version with errors leaves the report as it was. */
	if (e || (!l->decision.accepted && l->facts.standing))
		return e;
	hash_hex(&l->hash, hex);
	people_day(l->facts.legal_day, day);
	l->row = (struct store_cargo){
	    .office = l->facts.office,
	    .reference = l->facts.reference,
	    .version = l->facts.version,
	    .sender = l->facts.sender,
	    .trader_reference = l->facts.key,
	    .carrier = l->facts.carrier,
	    .input_sha256 = span_of(hex),
	    .state = !l->decision.accepted        ? SPAN("rejected")
		     : l->asked == CARGO_WITHDRAW ? SPAN("withdrawn")
						  : SPAN("accepted"),
	    .conveyance = cargo_conveyance(b->h->batch_arena, r),
	    .day = span_of(day),
	    .decided_at = b->now,
	    .arrived_at = l->facts.standing ? l->row.arrived_at : 0,
	    .input_seq = input_seq,
	    .decision_seq = decision_seq,
	};
	e = store_put_cargo(b->h->store, &l->row, why);
	if (e || !l->decision.accepted)
		return e;
	e = grant_all(b, l, why);
	if (!e && l->asked != CARGO_WITHDRAW && span_is(r->conveyance.arrived, "1"))
		e = cargo_arrive(b, l->office, &l->row, l->facts.sender, why);
	return e;
}

static enum err lodge(struct batch *b, struct chore *c, struct cause *why)
{
	struct lodging *l = (struct lodging *)c;
	const struct refset *r = b->inforce->ref;
	bool fresh;
	enum err e;

	l->settled = false;
	l->row = (struct store_cargo){0};
	l->before_count = 0;
	l->facts = (struct cargo_facts){.received_at = l->received_at};
	l->facts.legal_day = day_of(l->received_at, ref_zone_minutes(r));
	l->facts.office = office_of(l, r, l->facts.legal_day);
	l->facts.key = key_of(b->h->batch_arena, l);
	e = house_enter(b->h, l->facts.office, &l->office, &fresh, why);
	if (!e)
		e = name_sender(b, l, why);
	if (!e && !l->settled)
		e = find_standing(b, l, why);
	if (e || l->settled)
		return e;
	e = name_report(b, l, why);
	if (!e)
		e = read_bills(b, l, why);
	if (!e && arena_run(l->s->arena, decide_one, l))
		e = fail(why, ERR_NOMEM, "no memory to decide");
	if (!e)
		e = keep(b, l, why);
	if (e)
		return e;
	l->arrived = l->decision.accepted && l->row.arrived_at;
	l->arrived_office = span_try_copy(l->s->arena, l->row.office);
	l->arrived_conveyance = span_try_copy(l->s->arena, l->row.conveyance);
	l->s->outcome =
	    (struct outcome){.kind = OUTCOME_NEW,
			     .accepted = l->decision.accepted,
			     .reference = span_try_copy(l->s->arena, l->facts.reference),
			     .decided_at = b->now,
			     .decision = l->decision_bytes,
			     .answer = l->answer_bytes};
	return ERR_NONE;
}

/* After COMMIT, on the writer's thread. What follows of it may wait for the writer: hub_follow() is for the caller's. */
static void lodged(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct lodging *l = (struct lodging *)c;
	struct submission *s = l->s;

	if (e) {
		s->outcome = (struct outcome){.kind = OUTCOME_FAILED, .cause = *why};
		h->elsewhere += e == ERR_ELSEWHERE; /* settle.c counts what failed */
	} else if (s->outcome.kind == OUTCOME_NEW) {
		*(s->outcome.accepted ? &h->accepted : &h->rejected) += 1;
		if (l->arrived)
			s->following = l;
	} else if (s->outcome.kind == OUTCOME_REPEATED) {
		h->repeated++;
	} else if (s->outcome.kind == OUTCOME_CONFLICT) {
		h->conflicts++;
	} else {
		h->denied++;
	}
	s->done(s);
}

/* What waited for the goods goes on. The report is on disk whatever becomes of that: its arrival can be said again. */
void hub_follow(struct hub *h, struct submission *s)
{
	const struct lodging *l = s->following;
	struct cause why = {0};
	struct store_cargo row;
	uint32_t presented, waiting;

	if (!l)
		return;
	s->following = NULL;
	row = (struct store_cargo){.office = l->arrived_office,
				   .reference = s->outcome.reference,
				   .conveyance = l->arrived_conveyance,
				   .arrived_at = s->outcome.decided_at};
	if (cargo_present_everywhere(h, s->arena, &row, &presented, &waiting, &why) || waiting)
		log_event("arrival.waiting", "reference=%.*s detail=\"%s\"",
			  SPAN_ARG(row.reference), why.text);
}

void hub_submit_cargo(struct hub *h, struct submission *s)
{
	struct lodging *l = arena_try(s->arena, sizeof(*l));
	struct hash hash;
	enum err e;

	if (!l) {
		h->submitted++;
		submit_without_memory(s);
		return;
	}
	if (!submit_begin(h, s, &hash))
		return;
	if (!s->who)
		s->who = who_operator();
	*l = (struct lodging){
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = lodge, .done = lodged},
	    .hub = h,
	    .s = s,
	    .hash = hash,
	    .received_at = clock_now()};
	s->outcome = (struct outcome){.kind = OUTCOME_FAILED};
	inflight_enter(h->inflight, s->raw);
	e = msg_read_cargo_with(s->arena, s->raw, s->format, hub_directories(), &l->message,
				&l->as_read, &s->outcome.fault);
	inflight_leave(h->inflight);
	if (e) {
		submit_unreadable(h, s, e);
		return;
	}
	l->asked = cargo_function(&l->message.report);
	submit_enqueue(h, s, &l->chore.entry);
}

void hub_submit_cargo_wait(struct hub *h, struct submission *s)
{
	submit_wait(h, s, hub_submit_cargo);
	hub_follow(h, s);
}
