#include "hub/cargo/cargo_decide.h"

#include "base/date.h"
#include "base/map.h"
#include "hub/settle/decision.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"
#include "msg/cargo.h"

/* ---- what the report says ---- */

struct span cargo_conveyance(struct arena *a, const struct cargo_report *r)
{
	const struct conveyance *c = &r->conveyance;
	const struct span means = c->means.id.n ? c->means.id : c->means.name;

	if (!means.n && !c->journey.n)
		return SPAN("");
	return span_of(arena_print(a, "%.*s/%.*s", SPAN_ARG(means), SPAN_ARG(c->journey)));
}

struct span cargo_carrier(const struct cargo_report *r, struct span sender)
{
	return r->conveyance.carrier.id.n ? r->conveyance.carrier.id : sender;
}

static void unit_fault(struct findings *to, const struct quantity *q)
{
	if (to)
		finding_add(to, FINDING_CARGO_UNIT, q, q->unit, NO_VALUE, NO_VALUE);
}

/* The bill's own totals, or those of its items where it has none. */
static void count_bill(struct cargo_bill *b, struct findings *to)
{
	const struct bill *x = b->bill;
	struct stock_amount items = {{0}};
	bool packages = x->package_count.set, mass = x->gross_mass.value.set;

	if (!measures_add_packages(&b->granted, x->package_count))
		packages = false;
	if (!measures_add_mass(&b->granted, &x->gross_mass))
		unit_fault(to, &x->gross_mass);
	for (uint32_t i = 0; i < x->items.n; i++) {
		const struct bill_item *item = &x->items.v[i];

		for (uint32_t k = 0; k < item->packages.n; k++) {
			packages |= item->packages.v[k].count.set;
			(void)measures_add_packages(&items, item->packages.v[k].count);
		}
		mass |= item->gross_mass.value.set;
		if (!measures_add_mass(&items, &item->gross_mass))
			unit_fault(to, &item->gross_mass);
	}
	if (!x->package_count.set)
		b->granted.of[STOCK_PACKAGES] = items.of[STOCK_PACKAGES];
	if (!x->gross_mass.value.set)
		b->granted.of[STOCK_MASS] = items.of[STOCK_MASS];
	b->measured = (packages ? 1u << STOCK_PACKAGES : 0) | (mass ? 1u << STOCK_MASS : 0);
}

struct cargo_bill *cargo_bills(struct arena *a, const struct cargo_report *r, struct findings *to)
{
	struct cargo_bill *list = ARENA_ARRAY(a, struct cargo_bill, r->bills.n + 1);

	for (uint32_t i = 0; i < r->bills.n; i++) {
		const struct bill *b = &r->bills.v[i];

		list[i] = (struct cargo_bill){.bill = b, .account = SPAN("")};
		if (b->id.n && b->type.n)
			list[i].account = writeoff_account(a, b->type, b->id);
		count_bill(&list[i], to);
	}
	return list;
}

/* ---- what is found ---- */

/* account -> its fact, of the bills that the report has */
static struct map facts_by_account(struct arena *a, const struct cargo_facts *f)
{
	struct map m = map_in(a);

	for (uint32_t i = 0; i < f->bills.n; i++)
		if (!f->bills.v[i].dropped)
			map_put(&m, f->bills.v[i].account, &f->bills.v[i]);
	return m;
}

static struct span number(struct arena *a, enum stock_measure m, int64_t v)
{
	struct text t = text_in(a);

	decimal_write(&t, decimal_of(v, m == STOCK_MASS ? 6 : 0));
	text_string(&t, m == STOCK_MASS ? " kg" : "");
	return text_as_span(&t);
}

/* More was taken than would be granted. */
static void find_in_use(struct arena *a, const struct cargo_bill *b,
			const struct cargo_bill_fact *f, const struct stock_tolerance *t,
			struct findings *to)
{
	static const struct stock_hold nothing;
	struct stock_account account = {.measured = b->measured, .granted = b->granted};

	memcpy(account.reserved.of, f->taken, sizeof(account.reserved.of));
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (stock_left(&account, t, &nothing, m) < 0)
			finding_add(to, FINDING_CARGO_BILL_IN_USE, &b->bill->id, b->bill->id,
				    number(a, m, b->granted.of[m]), NO_VALUE);
}

static void find_bill(struct arena *a, const struct cargo_decision *d, const struct cargo_bill *b,
		      const struct map *facts, struct map *seen)
{
	const struct stock_tolerance t = writeoff_tolerance(d->inforce->ref);
	const struct cargo_bill_fact *f = map_get(facts, b->account);
	const struct bill *x = b->bill;

	if (!x->type.n)
		finding_add(d->findings, FINDING_CARGO_BILL_TYPE, &x->id, x->id, NO_VALUE,
			    NO_VALUE);
	if (!b->measured)
		finding_add(d->findings, FINDING_CARGO_BILL_EMPTY, &x->id, x->id, NO_VALUE,
			    NO_VALUE);
	if (b->account.n && map_put(seen, b->account, seen))
		finding_add(d->findings, FINDING_CARGO_BILL_REPEATED, &x->id, x->id, NO_VALUE,
			    NO_VALUE);
	else if (f && span_is(f->state, "other"))
		finding_add(d->findings, FINDING_CARGO_BILL_ELSEWHERE, &x->id, x->type, x->id,
			    NO_VALUE);
	else if (f && span_is(f->state, "own"))
		find_in_use(a, b, f, &t, d->findings);
}

/* "bill/705/X" -> "705/X" */
static struct span short_name(struct span account)
{
	span_cut(&account, '/');
	return account;
}

static void find_dropped(struct arena *a, const struct cargo_decision *d)
{
	for (uint32_t i = 0; i < d->facts->bills.n; i++) {
		const struct cargo_bill_fact *f = &d->facts->bills.v[i];

		for (enum stock_measure m = 0; f->dropped && m < STOCK_MEASURES; m++)
			if (f->taken[m]) {
				finding_add(d->findings, FINDING_CARGO_BILL_IN_USE, NULL,
					    short_name(f->account), number(a, m, 0), NO_VALUE);
				break;
			}
	}
}

static void find_header(struct arena *a, const struct cargo_decision *d)
{
	const struct cargo_report *r = &d->message->report;
	const struct cargo_facts *f = d->facts;
	struct text day = text_in(a);

	if (r->function.n && d->asked == CARGO_UNKNOWN)
		finding_add(d->findings, FINDING_CARGO_FUNCTION, &r->function, r->function,
			    NO_VALUE, NO_VALUE);
	day_write(&day, f->legal_day);
	if (r->office.n && !span_equal(r->office, f->office))
		finding_add(d->findings, FINDING_CARGO_OFFICE, &r->office, r->office,
			    text_as_span(&day), f->office);
	if (d->asked != CARGO_REPLACE && d->asked != CARGO_WITHDRAW)
		return;
	if (!r->reference.n)
		finding_add(d->findings, FINDING_CARGO_REFERENCE_MISSING, NULL, NO_VALUE, NO_VALUE,
			    NO_VALUE);
	else if (!f->standing)
		finding_add(d->findings, FINDING_CARGO_REFERENCE_UNKNOWN, &r->reference,
			    r->reference, NO_VALUE, NO_VALUE);
}

void cargo_decide(struct arena *a, struct span raw, const struct cargo_message *m,
		  const struct cargo_facts *facts, const struct inforce *inforce,
		  struct findings *findings, struct cargo_decision *ret)
{
	struct cargo_decision d = {.input = hash_bytes(raw.p, raw.n),
				   .input_bytes = raw.n,
				   .message = m,
				   .asked = cargo_function(&m->report),
				   .facts = facts,
				   .inforce = inforce,
				   .findings = findings};
	const struct map by_account = facts_by_account(a, facts);
	struct map seen = map_in(a);

	findings->object = &m->report;
	find_header(a, &d);
	d.bills = cargo_bills(a, &m->report, d.asked == CARGO_WITHDRAW ? NULL : findings);
	for (uint32_t i = 0; i < m->report.bills.n && d.asked != CARGO_WITHDRAW; i++)
		find_bill(a, &d, &d.bills[i], &by_account, &seen);
	find_dropped(a, &d);
	d.accepted = findings->errors == 0;
	*ret = d;
}

/* ---- its one form ---- */

static void put_day(struct json_writer *w, const char *name, int32_t day)
{
	struct text t = text_in(w->text->arena);

	day_write(&t, day);
	json_put(w, name, text_as_span(&t));
}

static void put_facts(struct json_writer *w, const struct cargo_facts *f)
{
	struct text t = text_in(w->text->arena);

	moment_write(&t, f->received_at);
	json_name(w, "facts");
	json_open_object(w);
	json_put(w, "received_at", text_as_span(&t));
	put_day(w, "legal_day", f->legal_day);
	json_put(w, "office", f->office);
	json_put(w, "sender", f->sender);
	json_put(w, "carrier", f->carrier);
	json_put(w, "key", f->key);
	json_put_bool(w, "standing", f->standing);
	json_name(w, "bills");
	json_open_array(w);
	for (uint32_t i = 0; i < f->bills.n; i++) {
		const struct cargo_bill_fact *b = &f->bills.v[i];

		json_open_object(w);
		json_put(w, "account", b->account);
		json_put(w, "carrier", b->carrier);
		json_put(w, "state", b->state);
		json_put_bool(w, "dropped", b->dropped);
		writeoff_put_measures(w, "taken", b->taken);
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

static const char *state_of(const struct cargo_decision *d)
{
	return !d->accepted ? "rejected" : d->asked == CARGO_WITHDRAW ? "withdrawn" : "accepted";
}

static void put_bills(struct json_writer *w, const struct cargo_decision *d)
{
	json_name(w, "bills");
	json_open_array(w);
	for (uint32_t i = 0; i < d->message->report.bills.n; i++) {
		const struct cargo_bill *b = &d->bills[i];

		json_open_object(w);
		json_put(w, "account", b->account);
		json_put(w, "consignee", b->bill->consignee.id);
		json_put_int(w, "measured", b->measured);
		writeoff_put_measures(w, "granted", b->granted.of);
		json_close_object(w);
	}
	json_close_array(w);
}

void cargo_decision_write(struct text *to, const struct cargo_decision *d)
{
	const struct cargo_report *r = &d->message->report;
	struct json_writer w = json_to(to);
	char hex[65];

	hash_hex(&d->input, hex);
	json_open_object(&w);
	json_name(&w, "input");
	json_open_object(&w);
	json_put_c(&w, "sha256", hex);
	json_put_int(&w, "bytes", (int64_t)d->input_bytes);
	json_put(&w, "format", d->message->format);
	json_close_object(&w);
	json_name(&w, "cargo_report");
	json_open_object(&w);
	json_put(&w, "reference", d->facts->reference);
	json_put(&w, "trader_reference", r->reference);
	json_put_int(&w, "version", d->facts->version);
	json_put(&w, "function", r->function);
	json_put(&w, "type", r->type);
	json_put(&w, "conveyance", cargo_conveyance(to->arena, r));
	json_put_bool(&w, "arrived", span_is(r->conveyance.arrived, "1"));
	json_close_object(&w);
	json_name(&w, "versions");
	json_open_object(&w);
	json_put_int(&w, "format", CARGO_DECISION_FORMAT);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put_c(&w, pack_part_name(p), d->inforce->hash[p]);
	if (d->message->directory.n)
		json_put(&w, "directory", d->message->directory);
	json_close_object(&w);
	put_facts(&w, d->facts);
	decision_put_findings(&w, d->findings);
	put_bills(&w, d);
	json_put_c(&w, "state", state_of(d));
	json_close_object(&w);
}

void cargo_answer_write(struct text *to, const struct json *decision)
{
	const struct json *r = json_get(decision, "cargo_report"),
			  *facts = json_get(decision, "facts");
	const struct span function = json_get_text(r, "function");
	const struct json *bills = json_get(decision, "bills");
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put(&w, "reference", json_get_text(r, "reference"));
	json_put(&w, "trader_reference", json_get_text(r, "trader_reference"));
	json_name(&w, "version");
	json_value(&w, json_get(r, "version"));
	json_put_c(&w, "asked",
		   span_is(function, "5")   ? "replacement"
		   : span_is(function, "1") ? "withdrawal"
					    : "cargo-report");
	json_put(&w, "state", json_get_text(decision, "state"));
	json_put(&w, "received_at", json_get_text(facts, "received_at"));
	json_name(&w, "findings");
	json_value(&w, json_get(decision, "findings"));
	json_put_int(&w, "bills", bills ? bills->count : 0);
	json_close_object(&w);
}

static bool is_true(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_TRUE;
}

enum err cargo_read_facts(struct arena *a, const struct json *decision, struct cargo_facts *ret)
{
	const struct json *f = json_get(decision, "facts"), *r = json_get(decision, "cargo_report"),
			  *bills = json_get(f, "bills");
	struct cargo_facts x = {.office = json_get_text(f, "office"),
				.sender = json_get_text(f, "sender"),
				.carrier = json_get_text(f, "carrier"),
				.key = json_get_text(f, "key"),
				.reference = json_get_text(r, "reference"),
				.standing = is_true(f, "standing")};
	int64_t format;

	if (json_get_int(json_get(decision, "versions"), "format", &format) ||
	    format != CARGO_DECISION_FORMAT || json_get_int(r, "version", &x.version) ||
	    moment_parse(json_get_text(f, "received_at"), &x.received_at) ||
	    day_parse(json_get_text(f, "legal_day"), &x.legal_day) || !bills)
		return ERR_FORMAT;
	for (const struct json *j = bills->first; j; j = j->next) {
		struct cargo_bill_fact *b =
		    arena_push(a, (void **)&x.bills.v, &x.bills.n, &x.bills.room, sizeof(*b));

		*b = (struct cargo_bill_fact){.account = json_get_text(j, "account"),
					      .carrier = json_get_text(j, "carrier"),
					      .state = json_get_text(j, "state"),
					      .dropped = is_true(j, "dropped")};
		if (!writeoff_read_measures(json_get(j, "taken"), b->taken))
			return ERR_FORMAT;
	}
	*ret = x;
	return ERR_NONE;
}

struct again {
	struct arena *arena;
	struct span input;
	const struct json *decision;
	const struct inforce *inforce;
	struct cargo_message message;
	struct findings findings;
	struct span out;
	enum err err;
};

static void decide_again(void *context)
{
	struct again *g = context;
	struct text out = text_in(g->arena);
	struct cargo_facts facts;
	struct cargo_decision d;

	g->err = cargo_read_facts(g->arena, g->decision, &facts);
	if (g->err)
		return;
	cargo_decide(g->arena, g->input, &g->message, &facts, g->inforce, &g->findings, &d);
	cargo_decision_write(&out, &d);
	g->out = text_as_span(&out);
}

enum err cargo_redecide(struct arena *a, struct span input, const struct json *decision,
			const struct edifact_set *directories, const struct inforce *inforce,
			struct span *ret, struct cause *why)
{
	struct again g = {.arena = a, .input = input, .decision = decision, .inforce = inforce};
	struct codec_fault fault = {0};
	enum err e =
	    msg_read_cargo_with(a, input, NULL, directories, &g.message, &g.findings, &fault);

	if (e)
		return fail(why, e, "the stored cargo report cannot be read: %s",
			    fault.text ? fault.text : err_name(e));
	e = arena_run(a, decide_again, &g);
	if (e)
		return fail(why, e, "no memory to decide again");
	if (g.err)
		return fail(why, g.err, "the stored decision cannot be read");
	*ret = g.out;
	return ERR_NONE;
}
