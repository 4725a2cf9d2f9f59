/* Deciding each case of a batch in order: every decision counts in the facts that the next one sees. The crew writes a case
 * that is decided while the next ones are being decided. */
#include <string.h>

#include "base/date.h"
#include "hub/history/history.h"
#include "hub/house.h"
#include "hub/life/contingency.h"
#include "hub/life/supplementary.h"
#include "hub/quota/quotas.h"
#include "hub/settle/reference.h"
#include "hub/stock/writeoff.h"

/* What was found irregular is known of the days before alone: history_facts() fills it in. */
static struct party_history history(const struct batch *b, struct span holder, int32_t today)
{
	const struct store_party *p = holder.n ? map_get(&b->parties, holder) : NULL;
	struct party_history h = {0};

	if (!p)
		return h;
	h.declared = p->declared;
	h.selected = p->selected;
	project_party_read_today(p, today, &h.today, &h.today_minor);
	return h;
}

/* Today's counts of the office, read once a day. */
static enum err read_counts(struct batch *b, struct office *o, int32_t day, struct cause *why)
{
	struct text t = text_in(b->h->batch_arena);
	struct store_declaration_count *count;
	uint32_t n;
	enum err e;

	if (o->day == day)
		return ERR_NONE;
	day_write(&t, day);
	e = store_count_declarations(b->h->store, b->h->batch_arena, span_of(o->code),
				     text_as_span(&t), text_as_span(&t), &count, &n, why);
	if (e)
		return e;
	memset(o->accepted, 0, sizeof(o->accepted));
	for (uint32_t i = 0; i < n; i++)
		if (!span_is(count[i].state, "rejected") && !span_is(count[i].state, "request"))
			o->accepted[lane_by_name(count[i].lane)] += count[i].count;
	o->day = day;
	return ERR_NONE;
}

static int64_t minutes_of(const struct ref_capacity *c, enum lane lane)
{
	return c ? c->control[lane] : 0;
}

/* Minutes of officers asked for in this hour, read once an hour. The count never goes back: what waited in the queue over the
 * end of an hour counts in the next. */
static enum err read_hour(struct batch *b, struct job *j, struct cause *why)
{
	const struct refset *r = j->inforce->ref;
	struct office *o = j->office;
	struct store_declaration_count *count;
	int64_t hour, taken = 0;
	const struct ref_capacity *c = risk_capacity(r, &j->facts, &hour);
	struct text day = text_in(b->h->batch_arena);
	uint32_t n;
	enum err e;

	if (!c || hour <= o->hour)
		return ERR_NONE;
	day_write(&day, j->facts.legal_day);
	e = store_count_since(b->h->store, b->h->batch_arena, span_of(o->code), text_as_span(&day),
			      hour * MICROS_AN_HOUR - ref_zone_minutes(r) * (MICROS_AN_HOUR / 60),
			      &count, &n, why);
	if (e)
		return e;
	for (uint32_t i = 0; i < n; i++)
		if (!span_is(count[i].state, "rejected") && !span_is(count[i].state, "request"))
			taken += count[i].count * minutes_of(c, lane_by_name(count[i].lane));
	o->hour = hour;
	o->hour_taken = taken;
	return ERR_NONE;
}

static void count_hour(const struct job *j)
{
	int64_t hour;
	const struct ref_capacity *c = risk_capacity(j->inforce->ref, &j->facts, &hour);

	j->office->hour_taken += minutes_of(c, j->decision.selection.lane);
}

static enum err issue_reference(struct batch *b, struct job *j, struct span *ret, struct cause *why)
{
	const struct refset *r = j->inforce->ref;
	char *number = arena_try(j->submission->arena, REFERENCE_LENGTH + 1);
	/* the year of today for the whole batch, whatever day a case has: numbers are taken for one year */
	const int year = (int)house_year(b);
	enum err e;

	if (!number)
		return ERR_NOMEM;
	if (!b->numbers_left) {
		e = house_take_numbers(b->h, year, b->n, &b->next_number, why);
		if (e)
			return e;
		b->numbers_left = b->n;
	}
	b->numbers_left--;
	e = reference_write(year, ref_country(r), ref_shard(r), b->next_number++, number);
	*ret = (struct span){number, REFERENCE_LENGTH, 0};
	return e ? fail(why, e,
			"movement reference numbers of %d are used up, or the pack's country and "
			"shard are not two characters",
			year)
		 : ERR_NONE;
}

static void take_draw(struct facts *to, const struct facts *from)
{
	to->draws.v = from->draws.v;
	to->draws.n = from->draws.n;
	to->draw_day = from->draw_day;
	to->draw_commitment = from->draw_commitment;
	to->draw_reference = from->draw_reference;
}

/* The goods are here: what waited for them is fixed. In the hub a declaration made before arrival is accepted when its goods are
 * presented, so both words mean that day (docs/legal-dates.md). */
static void fix_waiting_days(struct facts *f, const struct refset *r, struct span type)
{
	int32_t today = day_of(f->received_at, ref_zone_minutes(r));

	for (enum legal_date d = 0; d < LEGAL_DATES; d++)
		if (ref_date(r, d) != MOMENT_LODGEMENT)
			facts_fix_day(f, d, today);
	supplementary_fix_day(f, r, type, today);
}

/* Does the hub say what was granted of a quota? Its message is a notice of presentation: what stands is decided again. */
static bool is_allotment(const struct job *j)
{
	return j->submission->authored && j->submission->authored->allots;
}

/* Facts of a request: those of the case it speaks of stay: legal day, draw, lane. */
static void inherit(struct job *j, const struct json *decision)
{
	struct facts *f = &j->facts, before = {0};

	if (decision_read_facts(j->submission->arena, decision, &before))
		return;
	f->legal_day = before.legal_day;
	memcpy(f->fixed_day, before.fixed_day, sizeof(f->fixed_day));
	f->complete_by = before.complete_by;
	f->completes = before.completes;
	take_draw(f, &before);
	if (j->asked == FUNCTION_PRESENTATION && !is_allotment(j) &&
	    j->life->now.holds & HOLD_PRESENTATION)
		fix_waiting_days(f, j->inforce->ref, j->before.type);
}

/* ---- what a request does to its case ---- */

static enum flow_act act_of(const struct job *j)
{
	if (is_allotment(j))
		return ACT_ALLOT;
	if (j->asked == FUNCTION_PRESENTATION)
		return ACT_PRESENT;
	if (j->submission->authored)
		return j->submission->authored->request.n ? ACT_GRANT : ACT_CORRECT;
	return j->asked == FUNCTION_CANCELLATION ? ACT_CANCEL : ACT_AMEND;
}

/* Does the case allow it, were the version without fault; or only as a request that an officer grants; or not at all? */
static void weigh(struct batch *b, struct job *j)
{
	const struct authored *by = j->submission->authored;
	struct flow_case after;
	struct flow_path path;
	enum flow_refusal no;

	j->given = (struct flow_do){.act = act_of(j),
				    .by = by ? by->login : j->facts.sender,
				    .roles = by ? by->roles : ROLE_TRADER | ROLE_BROKER,
				    .at = b->now,
				    .reason = by ? by->reason : SPAN(""),
				    .until = by ? by->until : 0,
				    .lane = j->life->now.lane,
				    .applied = true,
				    .version = j->life->now.version + 1,
				    .due = j->life->now.due};
	no = flow_act(&j->life->now, &j->given, &after, &path);
	if (no == REFUSED_NOTIFIED || (no == REFUSED_STATE && !by && j->life->now.notified)) {
		j->given.act = ACT_ASK;
		j->given.request = j->facts.request;
		j->given.cancels = j->asked == FUNCTION_CANCELLATION;
		no = j->asked == FUNCTION_PRESENTATION
			 ? no
			 : flow_act(&j->life->now, &j->given, &after, &path);
		j->facts.waits = no == REFUSED_NOTHING;
	}
	j->facts.barred = no == REFUSED_NOTHING ? SPAN("") : span_of(flow_refusal_id(no));
}

/* Presented goods keep the lane that officers gave their case since, unless the law of the day asks for more than before. */
static enum lane lane_after(const struct job *j)
{
	enum lane decided = j->decision.selection.lane;

	return j->asked == FUNCTION_PRESENTATION && decided == j->facts.lane_before
		   ? j->life->now.lane
		   : decided;
}

/* What the trader is told: the case as the request leaves it. */
static struct flow_view view_after(struct job *j)
{
	struct flow_case after;
	struct flow_path path;

	if (j->facts.waits)
		j->given.applied = false;
	if (!j->facts.waits) {
		j->given.lane = lane_after(j);
		j->given.due = j->decision.assessment.total_due.minor;
		j->given.ease_days = j->decision.selection.ease_days;
	}
	(void)flow_act(&j->life->now, &j->given, &after, &path);
	return flow_public(&after, j->given.at);
}

struct work {
	struct batch *batch;
	struct job *job;
	struct span decision_before;
};

static void amend(struct job *j, const struct message *before)
{
	struct arena *a = j->submission->arena;
	uint32_t bad = 0;
	const char *place = NULL;

	j->amended = ARENA_NEW(a, struct message);
	*j->amended = *before;
	j->amended->format = j->message.format;
	j->amended->directory = j->message.directory;
	declaration_amend(a, &before->declaration, &j->message.declaration,
			  &j->amended->declaration, &bad, &place);
	if (bad)
		j->facts.bad_pointer = span_of(place ? place : "?");
}

static void decide_one(void *context)
{
	struct work *w = context;
	struct job *j = w->job;
	struct arena *a = j->submission->arena;
	struct facts *f = &j->facts;
	const struct message *subject = j->amended ? j->amended : &j->message;
	int64_t hour;

	memcpy(f->office_day, j->office->accepted, sizeof(f->office_day));
	f->hour_taken = risk_capacity(j->inforce->ref, f, &hour) ? j->office->hour_taken : 0;
	if (!f->draws.n)
		draw_all(a, &w->batch->h->draw, j->inforce, f->legal_day, f);
	decide(a,
	       &(struct decision_input){j->submission->raw, j->hash, subject,
					j->amended ? &j->message.declaration : NULL, j->asked,
					&j->findings},
	       f, j->inforce, &j->decision);
	if (j->has_before && j->decision.accepted)
		j->decision.view = view_after(j);
}

static void take_over(void *context)
{
	struct work *w = context;
	struct job *j = w->job;
	struct text amended = text_in(j->submission->arena);
	const struct json *decision;
	struct codec_fault fault;

	if (!json_read(j->submission->arena, w->decision_before, &decision, &fault))
		inherit(j, decision);
	if (!j->amended)
		return;
	if (j->asked == FUNCTION_AMENDMENT)
		amend(j, (const struct message *)j->amended);
	msg_write_json(&amended, j->amended);
	j->amended_bytes = text_as_span(&amended);
}

/* What is decided is what is stored, read again, so that replay decides the same: lines and all. */
static enum err read_amended(struct job *j, struct cause *why)
{
	struct codec_fault fault = {0};
	struct arena *a = j->submission->arena;
	struct findings findings;
	enum err e = msg_read(a, j->amended_bytes, NULL, j->amended, &findings, &fault);

	j->amended->format = j->message.format;
	j->amended->directory = j->message.directory;
	return e ? fail(why, e, "the declaration that this request makes cannot be kept: %s",
			fault.text ? fault.text : err_name(e))
		 : ERR_NONE;
}

static enum err read_life(struct batch *b, struct job *j, struct cause *why)
{
	const struct authored *by = j->submission->authored;
	enum err e;

	j->life = arena_try(j->submission->arena, sizeof(*j->life));
	if (!j->life)
		return ERR_NOMEM;
	e = life_of(b->h->store, j->submission->arena, &j->before, j->life, why);
	if (e)
		return e;
	weigh(b, j);
	j->facts.awaited = j->life->now.holds & HOLD_PRESENTATION &&
			   (j->asked != FUNCTION_PRESENTATION || is_allotment(j));
	if (by) {
		j->facts.author = by->login;
		j->facts.granted = by->request;
		j->facts.case_sender = j->before.sender;
	}
	return ERR_NONE;
}

static void read_holder(void *context)
{
	struct job *j = context;

	j->facts.holder = batch_holder(j->submission->arena, &j->amended->declaration);
}

/* Whose case it becomes: the amended declaration says it, whatever else a request says. A debt moves with it, from the one to the
 * other; money does not: who paid or gave security did so for the importer who was declared, so such a case is cancelled and
 * declared anew (it would be another declaration: Regulation (EU) 952/2013, articles 173 and 174). */
static enum err name_holder(struct batch *b, struct job *j, struct cause *why)
{
	const struct flow_case *c = &j->life->now;
	struct facts *f = &j->facts;
	struct store_party *known;
	enum err e = ERR_NONE;

	f->holder = j->before.holder;
	if (j->amended && j->asked == FUNCTION_AMENDMENT)
		e = arena_run(j->submission->arena, read_holder, j);
	if (e || span_equal(f->holder, j->before.holder))
		return e;
	if (!f->barred.n && (c->paid || c->secured))
		f->barred = SPAN("importer-paid");
	if (!f->holder.n || map_get(&b->parties, f->holder))
		return ERR_NONE;
	known = arena_try(b->h->batch_arena, sizeof(*known));
	if (!known)
		return ERR_NOMEM;
	map_put(&b->parties, f->holder, known);
	return store_get_parties(b->h->store, b->h->batch_arena, &f->holder, 1, known, why);
}

/* A request of a known case: its number, the version that it would make, and what stays. */
static enum err prepare_request(struct batch *b, struct job *j, struct cause *why)
{
	struct arena *a = j->submission->arena;
	struct work w = {b, j, {0}};
	enum err e = issue_reference(b, j, &j->facts.request, why);

	if (e)
		return e;
	j->facts.reference = j->before.reference;
	j->facts.previous = j->before.reference;
	j->facts.version = j->before.version + 1;
	j->facts.lane_before = lane_by_name(j->before.lane);
	j->facts.case_key = j->before.trader_reference;
	j->facts.case_input = j->before.input_sha256;
	e = read_life(b, j, why);
	if (e)
		return e;
	e = batch_read_event(b->h->store, a, &j->before, j->before.decision_seq, &w.decision_before,
			     why);
	/* A notice of presentation changes nothing of what is declared: what stands is decided again, as of its days. */
	if (!e && (j->asked == FUNCTION_AMENDMENT || j->asked == FUNCTION_PRESENTATION)) {
		j->amended = arena_try(a, sizeof(*j->amended));
		e = j->amended ? house_message_of(b->h->store, a, &j->before, j->amended, why)
			       : ERR_NOMEM;
	}
	if (e == ERR_NOT_FOUND && j->amended) { /* there is nothing left that could be changed */
		j->amended = NULL;
		j->facts.barred = SPAN("erased");
		e = ERR_NONE;
	}
	if (!e)
		e = arena_run(a, take_over, &w);
	if (!e && j->amended)
		e = read_amended(j, why);
	if (!e && (j->amended || j->asked == FUNCTION_CANCELLATION))
		e = writeoff_read(
		    b, j, j->amended ? &j->amended->declaration : &j->message.declaration, why);
	if (!e && j->amended)
		e = quotas_read(b, j, &j->amended->declaration, why);
	return e ? e : name_holder(b, j, why);
}

static struct span goods_key(struct arena *a, const struct facts *f)
{
	return span_of(arena_print(a, "%.*s\n%.*s", SPAN_ARG(f->holder), SPAN_ARG(f->goods)));
}

static void read_draw(void *context)
{
	struct work *w = context;
	struct facts before = {0};
	const struct json *decision;
	struct codec_fault fault;

	if (!json_read(w->job->submission->arena, w->decision_before, &decision, &fault) &&
	    !decision_read_facts(w->job->submission->arena, decision, &before))
		take_draw(&w->job->facts, &before);
}

/* Goods that their holder lodged before keep the draw of then, whatever became of that case. */
static enum err inherit_by_goods(struct batch *b, struct job *j)
{
	struct work w = {b, j, j->decision_of_goods};
	struct job *first = map_get(&b->goods, goods_key(b->h->batch_arena, &j->facts));

	if (first) {
		take_draw(&j->facts, &first->facts);
		return ERR_NONE;
	}
	return w.decision_before.p ? arena_run(j->submission->arena, read_draw, &w) : ERR_NONE;
}

static enum err prepare_original(struct batch *b, struct job *j, struct cause *why)
{
	enum err e = contingency_enter(b, j, why);

	if (!e && !contingency_held(&j->facts))
		e = issue_reference(b, j, &j->facts.reference, why);
	if (!e)
		e = supplementary_enter(b, j, why);
	if (!e && j->asked == FUNCTION_ORIGINAL)
		e = writeoff_read(b, j, &j->message.declaration, why);
	if (!e && j->asked == FUNCTION_ORIGINAL)
		e = quotas_read(b, j, &j->message.declaration, why);
	return e || !j->facts.goods.n ? e : inherit_by_goods(b, j);
}

static enum err prepare(struct batch *b, struct job *j, struct cause *why)
{
	enum err e;

	j->office = house_office(b->h, j->facts.office);
	if (!j->office)
		return fail(why, ERR_LIMIT, "more offices than one hub keeps");
	e = house_read_office(b->h, j->office, why);
	if (!e)
		e = read_counts(b, j->office, j->facts.legal_day, why);
	if (!e)
		e = read_hour(b, j, why);
	if (e)
		return e;
	return j->has_before ? prepare_request(b, j, why) : prepare_original(b, j, why);
}

/* What was known of the past when the day began, of what is decided about: for a request, the declaration that it makes. */
static enum err read_past(struct batch *b, struct job *j, struct cause *why)
{
	int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	struct facts *f = &j->facts;

	f->importer = history(b, f->holder, today);
	f->declarant = history(b, f->declarant_holder, today);
	return history_facts(b, j, j->amended ? &j->amended->declaration : &j->message.declaration,
			     why);
}

/* Draws with the day's key; one that was inherited was counted when it was made. */
static void count_draw(struct batch *b, const struct facts *f)
{
	const struct draw *random = facts_draw(f, SPAN("random"));

	if (!random || !span_equal(f->draw_reference, f->reference))
		return;
	b->drawn++;
	b->picked += draw_within(random->value, ref_random_ppm(b->inforce->ref));
}

static void count_party(struct batch *b, const struct job *j, struct span holder, struct span day)
{
	struct store_party *p = holder.n ? map_get(&b->parties, holder) : NULL;

	if (!p)
		return;
	project_party(p, day, j->decision.selection.lane);
	project_party_today(b->h->batch_arena, p, j->facts.legal_day,
			    j->decision.assessment.total_value.minor);
}

static void count_in(struct batch *b, struct job *j)
{
	enum lane lane = j->decision.selection.lane;
	struct text day = text_in(b->h->batch_arena);

	if (j->decision.accepted && !j->facts.waits) {
		writeoff_take(b, j);
		quotas_take(b, j);
	}
	if (!j->decision.accepted || j->has_before)
		return;
	day_write(&day, j->facts.legal_day);
	if (j->facts.legal_day == j->office->day)
		j->office->accepted[lane]++;
	count_hour(j);
	if (contingency_held(&j->facts))
		map_put(&b->held, j->facts.reference, j);
	if (j->facts.completes.n)
		map_put(&b->completed, j->facts.completes, j);
	count_draw(b, &j->facts);
	if (j->facts.goods.n)
		map_put(&b->goods, goods_key(b->h->batch_arena, &j->facts), j);
	count_party(b, j, j->facts.holder, text_as_span(&day));
	count_party(b, j, j->facts.declarant_holder, text_as_span(&day));
}

/* Two messages of one batch under one key: the first decides, the second is compared with it. true: nothing to decide. */
static bool same_in_batch(struct batch *b, struct job *j)
{
	struct span key =
	    span_of(arena_print(b->h->batch_arena, "%.*s\n%.*s\n%.*s", SPAN_ARG(j->facts.office),
				SPAN_ARG(j->facts.sender), SPAN_ARG(j->facts.key)));
	struct job *first = map_get(&b->keys, key);

	if (first && first->err)
		first = NULL; /* it was left out */
	if (first && hash_equal(&first->hash, &j->hash)) {
		j->same = first;
		return true;
	}
	if (first && first->decision.accepted) {
		batch_conflict(j, first->facts.reference);
		return true;
	}
	map_put(&b->keys, key, j);
	return false;
}

enum err batch_decide(struct batch *b, struct cause *why)
{
	for (struct job *j = b->first; j; j = j->next) {
		struct work w = {.batch = b, .job = j};
		enum err e;

		if (j->err || j->settled || same_in_batch(b, j))
			continue;
		e = prepare(b, j, why);
		if (!e)
			e = lodge_amended(b, j, why);
		if (!e && !j->settled)
			e = read_past(b, j, why);
		if (e)
			return e;
		if (j->settled)
			continue;
		inflight_enter(b->h->inflight, j->submission->raw);
		j->err = arena_run(j->submission->arena, decide_one, &w);
		inflight_leave(b->h->inflight);
		if (j->err)
			continue;
		/* A declaration with errors does not use the number up: nothing of its decision rests on which one it has. */
		if (!j->decision.accepted && contingency_held(&j->facts))
			e = issue_reference(b, j, &j->facts.reference, why);
		if (e)
			return e;
		count_in(b, j);
		j->writing = (struct crew_task){.run = batch_write_texts, .context = j};
		crew_add(b->h->crew, &j->writing);
	}
	return ERR_NONE;
}
