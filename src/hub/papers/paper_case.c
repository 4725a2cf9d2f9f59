/* Papers of a case: release note, receipt, tax notice. Each follows from the events of the case. */
#include "base/date.h"
#include "hub/audit/shadow.h"
#include "hub/life/act_record.h"
#include "hub/life/transfers.h"
#include "hub/papers/papers_room.h"

/* One payment for a case. */
struct payment {
	int64_t at, minor;
	enum posting_kind how;
};

/* A case as its papers see it. */
struct told {
	struct store_declaration row;
	struct life life;
	struct event *event;
	uint32_t events;
	DICT_LIST(struct payment) payments;
	int64_t charged_back; /* of what was paid, given back since */
};

/* One paper of it. */
struct found {
	struct paper_id id;
	int64_t at, version;
	int64_t paid;                /* receipt: the sum of the first `payments` payments */
	uint32_t payments;           /* receipt */
	const struct json *decision; /* NULL: erased */
};

static bool is_out(enum flow_state s)
{
	return s == FLOW_RELEASED || s == FLOW_EXITED;
}

/* ---- reading ---- */

static int64_t paid_by(const struct posting *p)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < p->transfers.n; i++)
		if (span_is(p->transfers.v[i].credit_account, "due"))
			sum += p->transfers.v[i].minor;
	return sum;
}

static enum err add_payment(struct papers *p, struct told *t, const struct event *e)
{
	struct posting posting;
	enum err err = transfers_read(p->arena, e->payload, &posting, p->why);

	if (err)
		return err;
	if (posting.kind == POSTING_PAY || posting.kind == POSTING_RECEIVE ||
	    posting.kind == POSTING_CALL)
		*(struct payment *)arena_push(p->arena, (void **)&t->payments.v, &t->payments.n,
					      &t->payments.room, sizeof(*t->payments.v)) =
		    (struct payment){e->at, paid_by(&posting), posting.kind};
	return ERR_NONE;
}

static enum err read_case(struct papers *p, struct told *t)
{
	struct case_account account;
	enum err e = ERR_NONE;

	/* A request is no case of its own, and what was rejected has no papers. */
	if (span_is(t->row.state, "request") || span_is(t->row.state, "rejected"))
		return fail(p->why, ERR_CONFLICT,
			    "only a declaration that was accepted has papers");
	e = life_of(p->store, p->arena, &t->row, &t->life, p->why);
	if (!e)
		e = store_list_events(p->store, p->arena, t->row.office, t->row.reference,
				      &t->event, &t->events, p->why);
	for (uint32_t i = 0; i < t->events && !e; i++)
		if (span_equal(t->event[i].kind, TRANSFERS_KIND) && t->event[i].payload.p)
			e = add_payment(p, t, &t->event[i]);
	if (!e)
		e = transfers_of_case(p->store, p->arena, t->row.office, t->row.reference, &account,
				      p->why);
	if (e)
		return e;
	for (uint32_t i = 0; i < t->payments.n; i++)
		t->charged_back += t->payments.v[i].minor;
	t->charged_back -= account.paid;
	return ERR_NONE;
}

/* The decision that made a version; NULL: it was erased. */
static const struct json *decision_of(struct papers *p, const struct told *t, int64_t version,
				      const struct event **ret)
{
	const struct json *found = NULL, *d;
	struct codec_fault fault;

	*ret = NULL;
	for (uint32_t i = 0; i < t->events; i++) {
		const struct event *e = &t->event[i];

		if (e->version != version || !span_is(e->kind, "decision"))
			continue;
		if (!e->payload.p || json_read(p->arena, e->payload, &d, &fault))
			*ret = e, found = NULL;
		else if (!span_is(json_get_text(d, "state"), "rejected"))
			*ret = e, found = d;
	}
	return found;
}

/* Does this event let the goods go? Where a case was released at once, no act tells of it, but its first decision. */
static bool releases(struct papers *p, const struct event *e, bool first, int64_t *ret_version)
{
	const struct json *payload;
	struct codec_fault fault;
	struct act_record r;

	if (!e->payload.p || json_read(p->arena, e->payload, &payload, &fault))
		return false;
	*ret_version = e->version;
	if (first)
		return span_is(json_get_text(payload, "state"), "released");
	if (!span_is(e->kind, "act") || act_record_read(payload, e->at, &r))
		return false;
	*ret_version = r.after.version;
	return is_out(r.after.state) && !is_out(r.before.state);
}

/* Which release of the case, from 1, or the newest. Its place in the office's chain would tell of acts that a trader is not told
 * of. */
static bool find_release(struct papers *p, const struct told *t, int64_t number, struct found *ret)
{
	int64_t n = 0, version;
	bool begun = false, found = false;

	for (uint32_t i = 0; i < t->events; i++) {
		const struct event *e = &t->event[i];
		const bool first = !begun && span_is(e->kind, "decision");

		begun = begun || first;
		if (!releases(p, e, first, &version))
			continue;
		n++;
		if (number && n != number)
			continue;
		*ret = (struct found){.id = {PAPER_OF_RELEASE, n}, .at = e->at, .version = version};
		found = true;
	}
	return found;
}

/* Of the first `number` payments, or of all. */
static bool find_receipt(const struct told *t, int64_t number, struct found *ret)
{
	const int64_t n = number ? number : t->payments.n;
	struct found f = {.id = {PAPER_OF_PAYMENT, n}, .version = t->life.now.version};

	if (!n || n > t->payments.n)
		return false;
	for (int64_t i = 0; i < n; i++) {
		f.at = t->payments.v[i].at;
		f.paid += t->payments.v[i].minor;
		f.payments++;
	}
	*ret = f;
	return true;
}

/* number 0: the newest. */
static bool find_paper(struct papers *p, const struct told *t, enum paper_of of, int64_t number,
		       struct found *ret)
{
	const struct event *e;
	struct found f = {.id = {of, number ? number : t->life.now.version}};

	switch (of) {
	case PAPER_OF_RELEASE:
		if (!find_release(p, t, number, &f))
			return false;
		break;
	case PAPER_OF_PAYMENT:
		if (!find_receipt(t, number, &f))
			return false;
		break;
	case PAPER_OF_TAX:
	case PAPER_OF_ACCOUNT:
		f.version = f.id.number;
		break;
	}
	f.decision = decision_of(p, t, f.version, &e);
	if (of == PAPER_OF_TAX) {
		if (!e)
			return false;
		f.at = e->at;
	}
	*ret = f;
	return true;
}

/* ---- writing ---- */

static struct span of_language(struct papers *p, struct ref_text t)
{
	return span_is(p->language, "fr") && t.fr.n ? t.fr : t.en;
}

static void put_office(struct papers *p, const struct told *t)
{
	int32_t day;
	const struct ref_code *c;

	json_put(&p->json, "office", t->row.office);
	if (day_parse(t->row.day, &day))
		return;
	c = ref_code(p->inforce->ref, SPAN("office"), t->row.office, day);
	if (c)
		json_put(&p->json, "office_name", of_language(p, c->name));
}

static void put_some(struct json_writer *w, const char *name, struct span v)
{
	if (v.n)
		json_put(w, name, v);
}

/* What everybody may read who holds the paper. */
static void put_facts(struct papers *p, const struct told *t, const struct found *f)
{
	struct json_writer *w = &p->json;
	int64_t items;

	papers_begin(p, f->id, t->row.reference, f->at);
	json_put_int(w, "version", f->version);
	put_office(p, t);
	if (!json_get_int(json_get(f->decision, "declaration"), "items", &items))
		json_put_int(w, "items", items);
	put_some(w, "type", json_get_text(json_get(f->decision, "declaration"), "type"));
	if (f->id.of == PAPER_OF_PAYMENT) {
		papers_put_minor(p, "amount", f->paid);
		json_put(w, "currency", ref_currency(p->inforce->ref));
	} else if (f->id.of == PAPER_OF_TAX && f->decision) {
		const struct json *total = json_get(f->decision, "total");

		json_put(w, "amount", json_get_text(total, "amount"));
		json_put(w, "currency", json_get_text(total, "currency"));
	}
}

static void put_party(struct json_writer *w, const char *name, struct span id, struct span called)
{
	if (!id.n && !called.n)
		return;
	json_name(w, name);
	json_open_object(w);
	put_some(w, "id", id);
	put_some(w, "name", called);
	json_close_object(w);
}

static void put_quantity(struct json_writer *w, const char *name, const struct quantity *q)
{
	if (q->value.set)
		json_put_decimal(w, name, q->value);
}

static void put_item(struct papers *p, const struct goods_item *g, uint32_t number)
{
	struct json_writer *w = &p->json;
	struct text code = text_in(p->arena);
	int64_t packages = 0;

	for (uint32_t i = 0; i < g->commodity.classifications.n; i++)
		if (span_is(g->commodity.classifications.v[i].type, "TSP") && !code.n)
			text_span(&code, g->commodity.classifications.v[i].id);
	if (!code.n && g->commodity.classifications.n)
		text_span(&code, g->commodity.classifications.v[0].id);
	for (uint32_t i = 0; i < g->packages.n; i++)
		if (g->packages.v[i].count.set && !g->packages.v[i].count.scale)
			packages += g->packages.v[i].count.units;
	json_open_object(w);
	json_put_int(w, "item", g->sequence.set ? g->sequence.units : number);
	put_some(w, "commodity", text_as_span(&code));
	put_some(w, "description", g->commodity.description);
	if (packages)
		json_put_int(w, "packages", packages);
	put_quantity(w, "net_mass", &g->commodity.net_mass);
	json_close_object(w);
}

/* Who and what, from the message itself; where it was erased, nothing. */
static enum err put_message(struct papers *p, const struct told *t, bool goods)
{
	struct message m;
	struct json_writer *w = &p->json;
	enum err e = house_message_of(p->store, p->arena, &t->row, &m, p->why);
	const struct declaration *d = &m.declaration;
	bool export;

	if (e)
		return e;
	export = span_starts(d->type, SPAN("EX"));
	put_some(w, "trader_reference", d->trader_reference);
	put_party(w, export ? "exporter" : "importer",
		  export ? d->exporter.id : d->shipment.importer.id,
		  export ? d->exporter.name : d->shipment.importer.name);
	put_party(w, "declarant", d->declarant.id, d->declarant.name);
	put_quantity(w, "gross_mass", &d->gross_mass);
	if (d->package_count.set)
		json_put_decimal(w, "packages", d->package_count);
	put_some(w, "invoice", d->shipment.invoice);
	if (!goods)
		return ERR_NONE;
	json_name(w, "goods");
	json_open_array(w);
	for (uint32_t i = 0; i < d->shipment.items.n; i++)
		put_item(p, &d->shipment.items.v[i], i + 1);
	json_close_array(w);
	return ERR_NONE;
}

static struct span levy_name(struct papers *p, struct span code, int32_t day)
{
	uint32_t n;
	const struct ref_levy *levy = ref_levies(p->inforce->ref, &n);

	for (uint32_t i = 0; i < n; i++)
		if (span_equal(levy[i].code, code) && ref_holds(levy[i].dates, day))
			return of_language(p, levy[i].name);
	return SPAN("");
}

/* The lines of the decision, with the names of their levies. */
static void put_taxes(struct papers *p, const struct told *t, const struct found *f)
{
	static const char *const members[] = {"type", "state", "base", "rate", "amount", "source"};
	const struct json *lines = json_get(f->decision, "taxes");
	struct json_writer *w = &p->json;
	int32_t day = 0;

	if (day_parse(json_get_text(json_get(f->decision, "facts"), "legal_day"), &day) &&
	    day_parse(t->row.day, &day))
		return;
	put_some(w, "customs_value",
		 json_get_text(json_get(f->decision, "total"), "customs_value"));
	json_name(w, "taxes");
	json_open_array(w);
	for (const struct json *l = lines ? lines->first : NULL; l; l = l->next) {
		int64_t item;

		json_open_object(w);
		if (!json_get_int(l, "item", &item))
			json_put_int(w, "item", item);
		for (size_t i = 0; i < ARRAY_LEN(members); i++)
			put_some(w, members[i], json_get_text(l, members[i]));
		put_some(w, "name", levy_name(p, json_get_text(l, "type"), day));
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_payments(struct papers *p, const struct told *t, const struct found *f)
{
	struct json_writer *w = &p->json;

	json_name(w, "payments");
	json_open_array(w);
	for (uint32_t i = 0; i < f->payments; i++) {
		json_open_object(w);
		json_put_moment(w, "at", t->payments.v[i].at);
		json_put_c(w, "how", ledger_kind_name(t->payments.v[i].how));
		papers_put_minor(p, "amount", t->payments.v[i].minor);
		json_close_object(w);
	}
	json_close_array(w);
	papers_put_minor(p, "due", t->life.now.due);
	papers_put_minor(
	    p, "open", t->life.now.due > t->life.now.paid ? t->life.now.due - t->life.now.paid : 0);
}

/* ---- how a paper stands ---- */

static const char *standing(const struct told *t, const struct found *f)
{
	const struct flow_case *now = &t->life.now;

	switch (f->id.of) {
	case PAPER_OF_RELEASE:
		if (!is_out(now->state))
			return "withdrawn";
		return now->version == f->version ? "stands" : "replaced";
	case PAPER_OF_PAYMENT:
		return t->charged_back > 0 ? "refunded" : "stands";
	case PAPER_OF_TAX:
	case PAPER_OF_ACCOUNT:
		break;
	}
	if (now->state == FLOW_CANCELLED)
		return "withdrawn";
	if (now->version != f->version)
		return "replaced";
	return f->decision ? "stands" : "erased";
}

/* Another amount than the notice says is due of the same version: an appeal was upheld, or a refund was granted. */
static bool is_reduced(struct papers *p, const struct told *t, const struct found *f)
{
	struct decimal total;
	struct money m;

	return f->id.of == PAPER_OF_TAX && f->version == t->life.now.version &&
	       !decimal_parse(json_get_text(json_get(f->decision, "total"), "amount"), &total) &&
	       !money_from_decimal(total, ref_digits(p->inforce->ref), ROUND_HALF_UP, &m) &&
	       m.minor != t->life.now.due;
}

enum err paper_case_check(struct papers *p, struct paper_id id, struct span reference)
{
	struct told t = {0};
	struct found f;
	const char *stands;
	enum err e = house_find_case(p->store, p->arena, reference, &t.row, p->why);

	if (!e)
		e = read_case(p, &t);
	if (e)
		return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
	/* The code is of this hub: what it speaks of was there, and can only have been erased. */
	if (!find_paper(p, &t, id.of, id.number, &f))
		f = (struct found){.id = id, .at = 0, .version = t.life.now.version};
	stands = f.at ? standing(&t, &f) : "erased";
	put_facts(p, &t, &f);
	if (is_reduced(p, &t, &f) && !strcmp(stands, "stands"))
		stands = "replaced";
	json_put_c(&p->json, "standing", stands);
	json_put_int(&p->json, "version_now", t.life.now.version);
	if (!strcmp(stands, "refunded")) {
		papers_put_minor(p, "refunded", t.charged_back);
	} else if (!strcmp(stands, "replaced") && id.of == PAPER_OF_TAX) {
		papers_put_minor(p, "due_now", t.life.now.due);
	}
	return ERR_NONE;
}

/* ---- giving out ---- */

struct giving {
	const struct hub_look *look;
	enum paper_of of;
};

static enum err find_case(struct papers *p, const struct hub_look *look, struct told *t)
{
	enum view view;
	enum err e = scope_case(p->hub, p->store, p->arena, look->who, look->reference,
				look->purpose, look->request, &t->row, &view, p->why);

	if (!e && view < VIEW_TRADER)
		e = ERR_NOT_FOUND;
	return e ? e : read_case(p, t);
}

static const char *why_none(enum paper_of of)
{
	switch (of) {
	case PAPER_OF_RELEASE:
		return "the goods are not released";
	case PAPER_OF_PAYMENT:
		return "nothing was paid";
	case PAPER_OF_TAX:
	case PAPER_OF_ACCOUNT:
		break;
	}
	return "there is no such paper";
}

static enum err give(struct papers *p, void *context)
{
	const struct giving *g = context;
	struct told t = {0};
	struct found f;
	enum err e = find_case(p, g->look, &t);

	if (e)
		return e;
	if (!find_paper(p, &t, g->of, 0, &f))
		return fail(p->why, ERR_CONFLICT, "%s", why_none(g->of));
	if (!f.decision)
		return ERR_NOT_FOUND;
	/* No paper says what no longer holds: goods that were stopped again have no release note. */
	if (g->of == PAPER_OF_RELEASE && !is_out(t.life.now.state))
		return fail(p->why, ERR_CONFLICT, "%s", why_none(g->of));
	put_facts(p, &t, &f);
	e = put_message(p, &t, g->of == PAPER_OF_RELEASE);
	if (e)
		return e;
	if (g->of == PAPER_OF_TAX)
		put_taxes(p, &t, &f);
	if (g->of == PAPER_OF_PAYMENT)
		put_payments(p, &t, &f);
	return ERR_NONE;
}

enum err hub_write_paper(struct hub *h, struct text *to, const struct hub_look *look,
			 enum paper_of of, struct span language, struct cause *why)
{
	struct papers p = {.hub = h, .language = language};
	struct giving g = {look, of};

	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	return papers_ask(&p, to, NULL, give, &g, why);
}

static enum err list(struct papers *p, void *context)
{
	const struct hub_look *look = context;
	struct told t = {0};
	enum err e = find_case(p, look, &t);

	if (e && e != ERR_CONFLICT)
		return e;
	json_put(&p->json, "reference", t.row.reference);
	json_name(&p->json, "papers");
	json_open_array(&p->json);
	for (unsigned of = 0; of < PAPER_OF_ACCOUNT && !e; of++) {
		char code[PAPER_CODE_ROOM];
		struct found f;

		if (!find_paper(p, &t, (enum paper_of)of, 0, &f) || !f.decision ||
		    (of == PAPER_OF_RELEASE && !is_out(t.life.now.state)))
			continue;
		paper_code_write(p->hub, f.id, t.row.reference, code);
		json_open_object(&p->json);
		json_put_c(&p->json, "paper", paper_name((enum paper_of)of));
		json_put_c(&p->json, "code", code);
		json_put_moment(&p->json, "at", f.at);
		json_close_object(&p->json);
	}
	json_close_array(&p->json);
	*p->why = (struct cause){0};
	return ERR_NONE;
}

enum err hub_write_papers(struct hub *h, struct text *to, const struct hub_look *look,
			  struct cause *why)
{
	struct papers p = {.hub = h};
	struct hub_look asked = *look;

	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	return papers_ask(&p, to, NULL, list, &asked, why);
}
