/* The cases as the log tells them, against the rows, histories and draws in the store. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "hub/audit/redecide.h"
#include "hub/audit/verify.h"
#include "hub/life/erase.h"
#include "hub/travel/travels.h"

/* ---- draws ---- */

enum err verify_day_keys(struct verify *v, struct cause *why)
{
	struct store_day_key *row;
	uint32_t n;
	enum err e = store_list_day_keys(v->store, v->whole, SPAN("0000"), SPAN("9999-99-99"), &row,
					 &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct verify_day *d = arena_try(v->whole, sizeof(*d));
		struct hash h;

		if (!d)
			return fail(why, ERR_NOMEM, "no memory to verify");
		d->row = row[i];
		d->open = v->has_auditor && !keys_unseal_auditor(v->auditor, row[i].sealed, d->key);
		map_put(&v->day_keys, row[i].day, d);
		if (!d->open) {
			if (v->options->auditor_key)
				verify_fault(
				    v, HUB_OFFICE, 0, SPAN(""),
				    "the draw key of %.*s does not open with this auditor's key",
				    SPAN_ARG(row[i].day));
			continue;
		}
		hmac_key_set(&d->hmac, d->key, sizeof(d->key));
		h = draw_commitment(row[i].day, row[i].rate, d->key);
		if (!hash_equal(&h, &row[i].commitment))
			verify_fault(v, HUB_OFFICE, 0, SPAN(""),
				     "the draw key of %.*s is not the one committed to",
				     SPAN_ARG(row[i].day));
	}
	return e;
}

static int64_t random_ppm(struct span rate)
{
	int64_t ppm = 0;

	for (uint32_t i = sizeof("random=") - 1; i < rate.n && rate.p[i] >= '0' && rate.p[i] <= '9';
	     i++)
		ppm = ppm * 10 + (rate.p[i] - '0');
	return ppm;
}

static void check_draws(struct verify *v, const struct event *e)
{
	const struct facts *f = &v->facts;
	const struct draw *random = facts_draw(f, SPAN("random"));
	struct verify_day *d;
	char commitment[65];

	if (!f->draws.n)
		return;
	d = map_get(&v->day_keys, f->draw_day);
	if (!d) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "no draw key of %.*s is in the store", SPAN_ARG(f->draw_day));
		return;
	}
	hash_hex(&d->row.commitment, commitment);
	if (!span_is(f->draw_commitment, commitment))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the draw names another commitment than its day's");
	if (!f->request.n && random && span_equal(f->draw_reference, f->reference)) {
		d->drawn++;
		d->picked += draw_within(random->value, random_ppm(d->row.rate));
	}
	for (uint32_t i = 0; d->open && i < f->draws.n; i++)
		if (draw_value(&d->hmac, f->draw_reference, f->draws.v[i].purpose) !=
		    f->draws.v[i].value)
			verify_fault(v, e->office, e->seq, e->reference,
				     "the draw for %.*s is not what the day's key gives",
				     SPAN_ARG(f->draws.v[i].purpose));
}

void verify_travel_event(struct verify *v, const struct event *e)
{
	const struct json *payload, *draw;
	struct codec_fault fault;
	struct verify_day *d;
	char commitment[65], value[17];

	if (!span_equal(e->kind, TRAVEL_KIND) || !e->payload.p)
		return;
	if (json_read(v->once, e->payload, &payload, &fault)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "a traveller's declaration cannot be read");
		return;
	}
	draw = json_get(payload, "draw");
	d = map_get(&v->day_keys, json_get_text(draw, "day"));
	if (!d) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "no draw key of its day is in the store");
		return;
	}
	hash_hex(&d->row.commitment, commitment);
	if (!span_is(json_get_text(draw, "commitment"), commitment))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the draw names another commitment than its day's");
	if (!d->open)
		return;
	snprintf(value, sizeof(value), "%016llx",
		 (unsigned long long)draw_value(&d->hmac, e->reference, TRAVEL_DRAW));
	if (!span_is(json_get_text(draw, "value"), value))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the draw for travel is not what the day's key gives");
}

/* ---- the case ---- */

static bool minor_of(struct span amount, int64_t *ret)
{
	struct decimal d;

	if (decimal_parse(amount, &d))
		return false;
	*ret = d.units;
	return true;
}

/* The summary that settle made the row from, read back from the decision. */
static bool read_decision(struct verify *v, const struct event *e)
{
	const struct json *d, *total;
	struct codec_fault fault;
	struct case_summary *c = &v->summary;

	/* what is read must live until the answer event of the case: in whole, of which each case takes a little */
	if (json_read(v->once, span_copy(v->once, e->payload), &d, &fault) ||
	    decision_read_facts(v->once, d, &v->facts))
		return false;
	verify_directory(v, e, d);
	total = json_get(d, "total");
	*c = (struct case_summary){
	    .facts = &v->facts,
	    .input_sha256 = json_get_text(json_get(d, "input"), "sha256"),
	    .type = json_get_text(json_get(d, "declaration"), "type"),
	    .currency = json_get_text(total, "currency"),
	    .state = json_get_text(d, "state"),
	    .lane = json_get_text(d, "lane"),
	    .decided_at = e->at,
	    .input_seq = v->input_seq,
	    .decision_seq = e->seq,
	    .answer_seq = e->seq + 1,
	};
	c->accepted = !span_is(c->state, "rejected");
	v->ease_days = 0;
	if (json_get(d, "ease_days") && json_get_int(d, "ease_days", &v->ease_days))
		return false;
	return !json_get_int(json_get(d, "declaration"), "items", &c->items) &&
	       minor_of(json_get_text(total, "amount"), &c->total_minor);
}

static bool same_row(const struct store_declaration *a, const struct store_declaration *b)
{
	return a->version == b->version && span_equal(a->sender, b->sender) &&
	       span_equal(a->trader_reference, b->trader_reference) &&
	       span_equal(a->input_sha256, b->input_sha256) && span_equal(a->type, b->type) &&
	       span_equal(a->state, b->state) && span_equal(a->lane, b->lane) &&
	       span_equal(a->holder, b->holder) && a->items == b->items &&
	       span_equal(a->currency, b->currency) && a->total_minor == b->total_minor &&
	       span_equal(a->day, b->day) && a->decided_at == b->decided_at &&
	       a->input_seq == b->input_seq && a->decision_seq == b->decision_seq &&
	       a->answer_seq == b->answer_seq;
}

static void compare_row(struct verify *v, const struct event *e,
			const struct store_declaration *wanted)
{
	struct store_declaration row;
	enum err err =
	    store_get_declaration(v->store, v->once, wanted->office, wanted->reference, &row, NULL);

	if (err == ERR_NOT_FOUND)
		verify_fault(v, e->office, e->seq, wanted->reference,
			     "the log has this case, the list of cases does not");
	else if (!err && row.version <= wanted->version && !same_row(&row, wanted))
		verify_fault(v, e->office, e->seq, wanted->reference,
			     "the list of cases does not say what the log says");
}

static void count_party(struct verify *v, struct span holder, struct span day, enum lane lane)
{
	struct store_party *p;

	if (!holder.n)
		return;
	p = map_get(&v->parties, holder);
	if (!p) {
		p = ARENA_NEW(v->whole, struct store_party);
		p->holder = span_copy(v->whole, holder);
		map_put(&v->parties, p->holder, p);
	}
	if (!p->first_day.n || !span_equal(day, p->last_day))
		day = span_copy(v->whole, day);
	else
		day = p->last_day;
	project_party(p, day, lane);
}

/* Goods that were lodged are known by the newest case that lodged them. */
static void check_goods(struct verify *v, const struct event *e)
{
	const struct facts *f = &v->facts;
	struct store_goods row;
	enum err err;

	if (!f->goods.n || !v->summary.accepted)
		return;
	err = store_get_goods(v->store, v->once, f->holder, f->goods, &row, NULL);
	if (err == ERR_NOT_FOUND ||
	    (!err && span_equal(row.office, e->office) && row.decision_seq < e->seq))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the list of goods that were lodged does not say what the log says");
}

/* Whose case it is, as lodge_persist() noted it. What agencies were called in for is no decision's to say. */
static void check_party(struct verify *v, const struct event *e, struct span party,
			struct span reference)
{
	struct store_case_party row;
	enum err err;

	if (!party.n)
		return;
	map_put(&v->case_parties,
		span_of(arena_print(v->whole, "%.*s\n%.*s", SPAN_ARG(party), SPAN_ARG(reference))),
		v);
	err = store_get_case_party(v->store, v->once, party, reference, &row, NULL);
	if (err == ERR_NOT_FOUND || (!err && !span_equal(row.office, e->office)))
		verify_fault(v, e->office, e->seq, reference,
			     "the list of a party's cases does not say what the log says");
}

static void check_parties(struct verify *v, const struct event *e, struct span reference)
{
	const struct facts *f = &v->facts;

	check_party(v, e, life_party(f->holder), reference);
	check_party(v, e, life_party(f->declarant_holder), reference);
	if (!f->author.n)
		check_party(v, e, f->sender, reference);
}

static enum err count_case_party(void *context, const struct store_case_party *c, struct cause *why)
{
	(void)why;
	if (!span_starts(c->party, SPAN("agency/")))
		++*(int64_t *)context;
	return ERR_NONE;
}

static void check_decision(struct verify *v, const struct event *e)
{
	struct projection p;

	if (!read_decision(v, e)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "the stored decision cannot be read");
		return;
	}
	check_draws(v, e);
	check_goods(v, e);
	project(&v->summary, &p);
	for (uint32_t i = 0; i < p.rows; i++) {
		compare_row(v, e, &p.row[i]);
		check_parties(v, e, p.row[i].reference);
	}
	verify_later_decision(v, e);
	v->rows_wanted +=
	    1; /* a first message makes its case's row, a request the row of its own */
	if (project_counts(&v->summary)) {
		verify_life_begin(v, e, v->ease_days, &p.row[0]);
		count_party(v, v->facts.holder, p.row[0].day, lane_by_name(v->summary.lane));
		count_party(v, v->facts.declarant_holder, p.row[0].day,
			    lane_by_name(v->summary.lane));
	}
}

/* What people sent and read may be gone, where two people saw to it (hub/life/erase.h). */
static void note_erasure(struct verify *v, const struct event *e)
{
	const struct span reference = {arena_copy(v->whole, e->reference.p, e->reference.n),
				       e->reference.n, 0};
	struct event *gone;

	if (span_equal(e->kind, ERASURE_KIND)) {
		if (e->payload.p && memmem(e->payload.p, e->payload.n, "\"done\"", 6))
			map_put(&v->erasures, reference, v);
		return;
	}
	v->report->erased++;
	if (map_get(&v->erased, reference))
		return;
	gone = ARENA_NEW(v->whole, struct event);
	*gone = (struct event){.seq = e->seq};
	gone->office = span_copy(v->whole, e->office);
	map_put(&v->erased, reference, gone);
}

void verify_erasures(struct verify *v)
{
	for (uint32_t i = 0; i < v->erased.size; i++) {
		const struct event *gone = v->erased.slots[i].value;
		const struct span reference = v->erased.slots[i].key;

		if (gone && !map_get(&v->erasures, reference))
			verify_fault(v, gone->office, gone->seq, reference,
				     "what was stored here is gone, and nobody ordered that");
	}
}

void verify_case_event(struct verify *v, const struct event *e)
{
	if (span_equal(e->kind, ERASURE_KIND) ||
	    (!e->payload.p && (span_is(e->kind, "input") || span_is(e->kind, "declaration") ||
			       span_is(e->kind, "answer") || span_is(e->kind, "message-input"))))
		note_erasure(v, e);
	if (span_is(e->kind, "input"))
		v->input_seq = e->seq;
	else if (span_is(e->kind, "decision") && e->payload.p)
		check_decision(v, e);
	else if (span_is(e->kind, "decision"))
		verify_later_erased(v);
	else if (span_is(e->kind, "act") && e->payload.p)
		verify_life_act(v, e);
}

/* ---- histories ---- */

struct tally {
	struct verify *v;
	int64_t rows, parties;
};

static enum err count_row(void *context, const struct store_declaration *d, struct cause *why)
{
	(void)d;
	(void)why;
	((struct tally *)context)->rows++;
	return ERR_NONE;
}

static enum err compare_party(void *context, const struct store_party *p, struct cause *why)
{
	struct tally *t = context;
	const struct store_party *wanted = map_get(&t->v->parties, p->holder);

	(void)why;
	t->parties++;
	if (!wanted || wanted->declared != p->declared || wanted->selected != p->selected ||
	    !span_equal(wanted->first_day, p->first_day) ||
	    !span_equal(wanted->last_day, p->last_day))
		verify_fault(t->v, SPAN(""), 0, p->holder,
			     "the history of this party is not what the log says");
	return ERR_NONE;
}

static enum err compare_draw_counts(struct verify *v, struct cause *why)
{
	struct store_draw_count *count;
	uint32_t n;
	enum err e = store_list_draw_counts(v->store, v->whole, &count, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct verify_day *d = map_get(&v->day_keys, count[i].day);

		if (!d || d->drawn != count[i].drawn || d->picked != count[i].picked)
			verify_fault(
			    v, HUB_OFFICE, 0, SPAN(""),
			    "the published counts of the draws of %.*s are not what the log says",
			    SPAN_ARG(count[i].day));
	}
	return e;
}

enum err verify_projections(struct verify *v, struct cause *why)
{
	struct tally t = {.v = v};
	enum err e = store_scan_declarations(v->store, count_row, &t, why);

	if (!e)
		e = store_scan_parties(v->store, compare_party, &t, why);
	if (!e)
		e = store_scan_case_parties(v->store, count_case_party, &v->case_party_rows, why);
	if (e)
		return e;
	if (t.rows != v->rows_wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of cases has %lld rows, the log %lld cases",
			     (long long)t.rows, (long long)v->rows_wanted);
	if (!v->obligations_blind && v->case_party_rows != v->case_parties.count)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the lists of parties' cases have %lld rows, the log asks for %u",
			     (long long)v->case_party_rows, v->case_parties.count);
	if (t.parties != v->parties.count)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "%lld parties have a history, the log knows %u", (long long)t.parties,
			     v->parties.count);
	e = verify_life_end(v, why);
	return e ? e : compare_draw_counts(v, why);
}
