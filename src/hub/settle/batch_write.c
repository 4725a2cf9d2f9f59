/* Writing a batch: decisions and answers as bytes, events, projections, histories. Nothing here decides. */
#include "hub/audit/shadow.h"
#include "hub/house.h"
#include "hub/life/act_step.h"
#include "hub/life/allocate.h"
#include "hub/life/supplementary.h"
#include "hub/life/transfers.h"
#include "hub/quota/quotas.h"
#include "hub/settle/record.h"
#include "hub/stock/writeoff.h"

static void write_texts(void *context)
{
	struct job *j = context;
	struct text decision = text_in(j->submission->arena),
		    answer = text_in(j->submission->arena);

	decision_write(&decision, &j->decision);
	if (j->hub->shadow)
		answer_write_shadow(&answer, &j->decision);
	else
		answer_write(&answer, &j->decision);
	j->decision_bytes = text_as_span(&decision);
	j->answer_bytes = text_as_span(&answer);
	j->decision_hash = hash_bytes(decision.p, decision.n);
	j->answer_hash = hash_bytes(answer.p, answer.n);
	j->input_small = store_compress(j->submission->arena, j->submission->raw);
	j->decision_small = store_compress(j->submission->arena, j->decision_bytes);
	j->answer_small = store_compress(j->submission->arena, j->answer_bytes);
}

void batch_write_texts(void *job)
{
	struct job *j = job;

	inflight_enter(j->hub->inflight, j->submission->raw);
	j->unwritable = arena_run(j->submission->arena, write_texts, j);
	inflight_leave(j->hub->inflight);
}

/* small, content: the payload compressed and its hash, where the crew made them. */
static enum err append(struct batch *b, struct job *j, const char *kind, struct span payload,
		       struct span small, const struct hash *content, int64_t *ret_seq,
		       struct cause *why)
{
	struct event e = {
	    .kind = span_of(kind),
	    .reference = j->facts.reference,
	    .version = j->facts.version,
	    .at = b->now,
	    .actor = j->facts.sender,
	    .payload = payload,
	    .compressed = small,
	};
	enum err err = house_append(b->h, j->office, &e, content, why);

	if (!err && ret_seq)
		*ret_seq = e.seq;
	return err;
}

static enum err put_goods(struct batch *b, const struct job *j, int64_t decision_seq,
			  struct cause *why)
{
	const struct facts *f = &j->facts;

	return store_put_goods(
	    b->h->store,
	    &(struct store_goods){f->holder, f->goods, f->office, f->reference, decision_seq}, why);
}

/* The act of an officer is known again by its own key: the case has moved on when it comes again. */
static enum err keep_key(struct batch *b, const struct job *j, int64_t seq, struct cause *why)
{
	const struct authored *by = j->submission->authored;

	return by && by->key.n
		   ? store_put_act_key(b->h->store,
				       &(struct store_act_key){j->facts.office, by->login, by->key,
							       j->facts.reference, by->asked, seq},
				       why)
		   : ERR_NONE;
}

/* What an accepted request does to the life of its case. */
static enum err step_on(struct batch *b, struct job *j, const struct projection *p,
			struct flow_case *ret, struct cause *why)
{
	struct act_step s = {.batch = b,
			     .inforce = j->inforce,
			     .office = j->office,
			     .life = *j->life,
			     .given = j->given};
	struct levy_sums levies;
	enum err e = ERR_NONE;

	if (!j->facts.waits) {
		s.life.row = p->row[p->rows - 1];
		s.life.party = life_party(s.life.row.holder);
	}
	if (!j->facts.waits && j->asked != FUNCTION_CANCELLATION) {
		e = ledger_levies(b->h->batch_arena, &j->decision.assessment, &levies, why);
		s.levies = &levies;
	}
	if (!e)
		e = act_step(&s, why);
	if (!e && (s.refusal != REFUSED_NOTHING || s.money.err))
		e = fail(why, ERR_CONFLICT, "the case allowed this and then did not: %s",
			 s.money.err ? s.money.text : flow_refusal_id(s.refusal));
	*ret = s.life.now;
	return e ? e : keep_key(b, j, s.seq, why);
}

/* What the accepted version of a case does to its life, and to what it writes off. */
static enum err live_on(struct batch *b, struct job *j, const struct projection *p,
			struct cause *why)
{
	struct flow_case now;
	enum err e;

	if (j->has_before) {
		e = step_on(b, j, p, &now, why);
	} else {
		e = act_begin(b, j->office, j->inforce, &p->row[0], &j->decision.assessment,
			      j->decision.selection.ease_days, why);
		now = life_begin(&p->row[0], j->decision.selection.ease_days, NULL);
	}
	if (e || j->facts.waits || j->asked == FUNCTION_CANCELLATION)
		return e;
	e = writeoff_put(b, j, &now, why);
	return e ? e : quotas_put(b, j, &now, why);
}

static enum err persist_one(struct batch *b, struct job *j, struct cause *why)
{
	const struct decision *d = &j->decision;
	struct case_summary c = {
	    .facts = &j->facts,
	    .type = d->message->declaration.type,
	    .currency = ref_currency(d->inforce->ref),
	    .state = span_of(flow_state_name(d->step.state)),
	    .lane = span_of(lane_name(d->selection.lane)),
	    .items = d->message->declaration.shipment.items.n,
	    .total_minor = d->assessment.total_due.minor,
	    .decided_at = b->now,
	    .accepted = d->accepted,
	};
	struct projection p;
	char hex[65];
	enum err e;

	crew_finish(b->h->crew, &j->writing);
	if (j->unwritable) {
		b->unwritable = true;
		return fail(why, j->unwritable, "no memory to write a decision");
	}
	hash_hex(&j->hash, hex);
	c.input_sha256 = span_of(hex);
	e = append(b, j, "input", j->submission->raw, j->input_small, &j->hash, &c.input_seq, why);
	if (!e && j->amended)
		e = append(b, j, "declaration", j->amended_bytes, (struct span){NULL, 0, 0}, NULL,
			   NULL, why);
	if (!e)
		e = append(b, j, "decision", j->decision_bytes, j->decision_small,
			   &j->decision_hash, &c.decision_seq, why);
	if (!e)
		e = append(b, j, "answer", j->answer_bytes, j->answer_small, &j->answer_hash,
			   &c.answer_seq, why);
	j->decision_seq = c.decision_seq;
	if (!e && d->accepted && !j->has_before && j->facts.goods.n)
		e = put_goods(b, j, c.decision_seq, why);
	project(&c, &p);
	for (uint32_t i = 0; i < p.rows && !e; i++) {
		e = store_put_declaration(b->h->store, &p.row[i], why);
		if (!e)
			e = lodge_persist(b, j, &p.row[i], why);
	}
	if (e || !d->accepted)
		return e;
	e = live_on(b, j, &p, why);
	if (e || j->facts.waits || j->asked == FUNCTION_CANCELLATION)
		return e;
	return supplementary_put(b, &j->facts, &p.row[p.rows - 1],
				 j->has_before ? life_party(j->before.holder) : SPAN(""), why);
}

/* The day's draw key, when this batch is the first to use it: in the store, and its commitment in the hub's own chain. */
static enum err persist_draw_key(struct batch *b, struct cause *why)
{
	struct draw_key *k = &b->h->draw;
	struct office *o = house_office(b->h, HUB_OFFICE);
	struct store_day_key row;
	char *payload;
	struct event e = {
	    .kind = SPAN("day-key"), .reference = SPAN(""), .at = b->now, .actor = SPAN("hub")};
	enum err err;

	if (!k->fresh)
		return ERR_NONE;
	err = o ? house_read_office(b->h, o, why) : ERR_LIMIT;
	if (!err && b->h->node &&
	    !store_get_day_key(b->h->store, b->h->batch_arena, span_of(k->day), &row, why))
		return ERR_RETRY; /* another node was first: this batch is decided again, with its key */
	if (!err)
		err = draw_key_row(b->h->batch_arena, &b->h->keys, k, &row, why);
	if (!err)
		err = store_put_day_key(b->h->store, &row, why);
	if (err)
		return err;
	payload =
	    arena_print(b->h->batch_arena, "{\"day\":\"%s\",\"rate\":\"%s\",\"commitment\":\"%s\"}",
			k->day, k->rate, k->commitment);
	e.payload = span_of(payload);
	b->wrote_draw_key = true;
	return house_append(b->h, o, &e, NULL, why);
}

/* The rosters of offices where an examiner may be drawn. */
static enum err know_rosters(struct batch *b, struct cause *why)
{
	struct span *office = arena_try(b->h->batch_arena, sizeof(*office) * (b->n + 1));
	struct map seen = map_in(b->h->batch_arena);
	uint32_t n = 0;

	if (!office)
		return ERR_NOMEM;
	for (const struct job *j = b->first; j; j = j->next) {
		if (j->err || j->settled || j->same || !j->decision.accepted ||
		    j->decision.selection.lane < LANE_YELLOW || map_get(&seen, j->facts.office))
			continue;
		map_put(&seen, j->facts.office, b);
		office[n++] = j->facts.office;
	}
	return n ? allocate_know(b, office, n, why) : ERR_NONE;
}

enum err batch_write(struct batch *b, struct cause *why)
{
	enum err e = know_rosters(b, why);

	if (!e)
		e = writeoff_know(b, why);
	for (struct job *j = b->first; j && !e; j = j->next)
		if (!j->err && !j->settled && !j->same)
			e = persist_one(b, j, why);
	for (uint32_t i = 0; i < b->holder_count && !e; i++) {
		struct store_party *p = map_get(&b->parties, b->holders[i]);

		p->holder = b->holders[i];
		if (p->declared)
			e = store_put_party(b->h->store, p, why);
	}
	return e;
}

/* Balances of the treasury, the day's key and count, the hub's own chain: every node writes these, so each waits for the others
 * from here to its commit. */
enum err batch_finish(struct batch *b, struct cause *why)
{
	bool any = b->chores != NULL; /* an act may draw an examiner */
	struct office *hub = house_office(b->h, HUB_OFFICE);
	enum err e = hub ? ERR_NONE : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	for (struct job *j = b->first; j; j = j->next)
		any |= !j->err && !j->settled && !j->same;
	if (!e)
		e = notices_flush(b, why);
	if (!e && b->h->node && house_has_touched(b->h))
		e = house_read_office(b->h, hub, why);
	if (!e)
		e = shadow_compare(b, why);
	if (!e && any)
		e = persist_draw_key(b, why);
	if (!e)
		e = transfers_flush(b, why);
	if (!e && b->drawn)
		e = store_add_draw_count(
		    b->h->store,
		    &(struct store_draw_count){span_of(b->h->draw.day), b->drawn, b->picked}, why);
	return e ? e : house_sign_roots(b->h, b->now, why);
}
