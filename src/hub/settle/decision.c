#include "hub/settle/decision.h"

#include "base/date.h"
#include "hub/history/record.h"
#include "hub/stock/measures.h"

static void put_day(struct json_writer *w, const char *name, struct arena *a, int32_t day)
{
	struct text t = text_in(a);

	day_write(&t, day);
	json_put(w, name, text_as_span(&t));
}

static void put_money(struct json_writer *w, const char *name, struct money m, unsigned digits)
{
	json_put_decimal(w, name, money_to_decimal(m, digits));
}

static void put_input(struct json_writer *w, const struct decision *d)
{
	const struct declaration *m = &d->message->declaration;
	char hex[65];

	hash_hex(&d->input, hex);
	json_name(w, "input");
	json_open_object(w);
	json_put_c(w, "sha256", hex);
	json_put_int(w, "bytes", (int64_t)d->input_bytes);
	json_put(w, "format", d->message->format);
	json_close_object(w);
	json_name(w, "declaration");
	json_open_object(w);
	json_put(w, "reference", d->facts->reference);
	json_put(w, "trader_reference", m->trader_reference);
	json_put_int(w, "version", d->facts->version);
	json_put(w, "type", m->type);
	json_put_int(w, "items", m->shipment.items.n);
	json_close_object(w);
	json_name(w, "versions");
	json_open_object(w);
	json_put_int(w, "format", DECISION_FORMAT);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put_c(w, pack_part_name(p), d->inforce->hash[p]);
	json_put_c(w, "model", "none");
	/* Only what was read by a directory that somebody added. */
	if (d->message->directory.n)
		json_put(w, "directory", d->message->directory);
	json_close_object(w);
}

static void put_history(struct json_writer *w, const char *name, const struct party_history *h,
			bool asked)
{
	json_name(w, name);
	json_open_object(w);
	json_put_int(w, "declared", h->declared);
	json_put_int(w, "selected", h->selected);
	json_put_int(w, "irregular", h->irregular);
	if (asked) { /* of the day itself, where the rules ask for counts over days */
		json_put_int(w, "today", h->today);
		json_put_int(w, "today_minor", h->today_minor);
	}
	json_close_object(w);
}

/* Of permits and goods under a procedure; a bill has none of these, and nothing is said of it. */
static const struct {
	const char *name;
	size_t at;
} stock_texts[] = {{"unit", offsetof(struct stock_fact, unit)},
		   {"holder", offsetof(struct stock_fact, holder)},
		   {"goods", offsetof(struct stock_fact, goods)},
		   {"from", offsetof(struct stock_fact, from_day)},
		   {"until", offsetof(struct stock_fact, until_day)}};

static struct span *stock_text(struct stock_fact *k, size_t t)
{
	return (struct span *)(void *)((char *)k + stock_texts[t].at);
}

/* A declaration that writes nothing off says nothing of it, as those before there was such a thing. */
static void put_stock(struct json_writer *w, const struct facts *f)
{
	if (!f->stock.n)
		return;
	json_name(w, "stock");
	json_open_array(w);
	for (uint32_t i = 0; i < f->stock.n; i++) {
		struct stock_fact *k = &f->stock.v[i];

		json_open_object(w);
		json_put(w, "account", k->account);
		json_put(w, "carrier", k->carrier);
		json_put(w, "state", k->state);
		json_put_int(w, "measured", k->measured);
		writeoff_put_measures(w, "granted", k->granted);
		writeoff_put_measures(w, "taken", k->taken);
		for (size_t t = 0; t < ARRAY_LEN(stock_texts); t++)
			if (stock_text(k, t)->n)
				json_put(w, stock_texts[t].name, *stock_text(k, t));
		json_close_object(w);
	}
	json_close_array(w);
}

static bool read_stock(struct arena *a, const struct json *list, struct facts *ret)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct stock_fact *k = arena_push(a, (void **)&ret->stock.v, &ret->stock.n,
						  &ret->stock.room, sizeof(*k));

		*k = (struct stock_fact){.account = json_get_text(j, "account"),
					 .carrier = json_get_text(j, "carrier"),
					 .state = json_get_text(j, "state")};
		for (size_t t = 0; t < ARRAY_LEN(stock_texts); t++)
			*stock_text(k, t) = json_get_text(j, stock_texts[t].name);
		if (json_get_int(j, "measured", &k->measured) ||
		    !writeoff_read_measures(json_get(j, "granted"), k->granted) ||
		    !writeoff_read_measures(json_get(j, "taken"), k->taken))
			return false;
	}
	return true;
}

/* The same of quotas. */
static void put_quotas(struct json_writer *w, const struct facts *f)
{
	if (!f->quotas.n)
		return;
	json_name(w, "quotas");
	json_open_array(w);
	for (uint32_t i = 0; i < f->quotas.n; i++) {
		const struct quota_fact *q = &f->quotas.v[i];

		json_open_object(w);
		json_put(w, "quota", q->order);
		if (q->period != INT32_MIN)
			put_day(w, "period", w->text->arena, q->period);
		json_put(w, "state", q->state);
		json_put_c(w, "way", quota_way_name(q->way));
		json_put_int(w, "balance", q->balance);
		json_put_int(w, "held", q->held);
		json_close_object(w);
	}
	json_close_array(w);
}

static bool read_quotas(struct arena *a, const struct json *list, struct facts *ret)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct quota_fact *q = arena_push(a, (void **)&ret->quotas.v, &ret->quotas.n,
						  &ret->quotas.room, sizeof(*q));

		*q = (struct quota_fact){.order = json_get_text(j, "quota"),
					 .period = INT32_MIN,
					 .state = json_get_text(j, "state")};
		if ((json_get(j, "period") && day_parse(json_get_text(j, "period"), &q->period)) ||
		    !quota_way_by_name(json_get_text(j, "way"), &q->way) ||
		    json_get_int(j, "balance", &q->balance) || json_get_int(j, "held", &q->held))
			return false;
	}
	return true;
}

/* What was granted of each quota, item by item. */
static void put_uses(struct json_writer *w, const struct assessment *s)
{
	if (!s->quotas.n)
		return;
	json_name(w, "quotas");
	json_open_array(w);
	for (uint32_t i = 0; i < s->quotas.n; i++) {
		const struct quota_use *u = &s->quotas.v[i];

		json_open_object(w);
		json_put_int(w, "item", u->item + 1);
		json_put(w, "quota", u->order);
		json_put_int(w, "asked", u->asked);
		json_put_int(w, "granted", u->granted);
		json_put_int(w, "applied", u->applied);
		json_close_object(w);
	}
	json_close_array(w);
}

/* Facts of the case's life: of decisions before there was one, nothing; so a member that says nothing is not written. */
static void put_life(struct json_writer *w, const struct facts *f)
{
	if (f->waits)
		json_put_bool(w, "waits", true);
	if (f->barred.n)
		json_put(w, "barred", f->barred);
	if (f->author.n)
		json_put(w, "author", f->author);
	if (f->granted.n)
		json_put(w, "granted", f->granted);
	if (f->case_sender.n)
		json_put(w, "case_sender", f->case_sender);
	if (f->awaited)
		json_put_bool(w, "awaited", true);
	if (f->contingency.n)
		json_put(w, "contingency", f->contingency);
	if (f->complete_by)
		put_day(w, "complete_by", w->text->arena, f->complete_by);
	if (f->completes.n)
		json_put(w, "completes", f->completes);
	if (f->completion.n)
		json_put(w, "completion", f->completion);
	put_stock(w, f);
	put_quotas(w, f);
}

static bool is_true(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_TRUE;
}

/* Days that another event than the lodging fixed: where they are the legal day they are not written. */
static void put_dates(struct json_writer *w, const struct facts *f)
{
	for (enum legal_date d = 0; d < LEGAL_DATES; d++)
		if (f->fixed_day[d])
			put_day(w, legal_date_name(d), w->text->arena, f->fixed_day[d]);
}

static bool read_dates(const struct json *facts, struct facts *ret)
{
	for (enum legal_date d = 0; d < LEGAL_DATES; d++)
		if (json_get(facts, legal_date_name(d)) &&
		    day_parse(json_get_text(facts, legal_date_name(d)), &ret->fixed_day[d]))
			return false;
	return !json_get(facts, "complete_by") ||
	       !day_parse(json_get_text(facts, "complete_by"), &ret->complete_by);
}

static void put_facts(struct json_writer *w, const struct facts *f)
{
	struct text t = text_in(w->text->arena);

	moment_write(&t, f->received_at);
	json_name(w, "facts");
	json_open_object(w);
	json_put(w, "received_at", text_as_span(&t));
	put_day(w, "legal_day", w->text->arena, f->legal_day);
	put_dates(w, f);
	json_put(w, "office", f->office);
	json_put(w, "sender", f->sender);
	json_put(w, "key", f->key);
	json_put(w, "holder", f->holder);
	json_put(w, "declarant_holder", f->declarant_holder);
	json_put(w, "goods", f->goods);
	json_put(w, "request", f->request);
	json_put(w, "case_key", f->case_key);
	json_put(w, "case_input", f->case_input);
	json_put(w, "bad_pointer", f->bad_pointer);
	json_put(w, "previous", f->previous);
	json_put_c(w, "lane_before", lane_name(f->lane_before));
	put_life(w, f);
	put_history(w, "importer", &f->importer, f->history.n > 0);
	put_history(w, "declarant", &f->declarant, f->history.n > 0);
	json_name(w, "office_day");
	json_open_object(w);
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		json_put_int(w, lane_name(l), f->office_day[l]);
	json_close_object(w);
	history_put_facts(w, f);
	if (f->hour_taken)
		json_put_int(w, "hour_taken", f->hour_taken);
	json_close_object(w);
}

void decision_put_findings(struct json_writer *w, const struct findings *f)
{
	json_name(w, "findings");
	json_open_array(w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct finding *x = &f->list.v[i];

		json_open_object(w);
		json_put_c(w, "rule", finding_id(x->rule));
		json_put_c(w, "severity", severity_name(x->severity));
		json_put(w, "pointer", x->pointer);
		json_put_int(w, "line", x->line);
		/* Only formats whose lines are long say it; what was decided before they came has none. */
		if (x->column)
			json_put_int(w, "column", x->column);
		/* Where in a message of segments, and what by the codes of UN/EDIFACT 0085; other formats have none. */
		if (x->code) {
			json_put_int(w, "code", x->code);
			json_put_int(w, "segment", x->segment);
			json_put_int(w, "element", x->element);
			json_put_int(w, "component", x->component);
		}
		json_name(w, "values");
		json_open_array(w);
		for (uint32_t j = 0; j < x->values; j++)
			json_string(w, x->value[j]);
		json_close_array(w);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_proof(struct json_writer *w, const struct proof *p)
{
	json_name(w, "proof");
	json_open_array(w);
	for (uint32_t i = 0; i < p->steps.n; i++)
		json_string(w, p->steps.v[i]);
	json_close_array(w);
}

static void put_values(struct json_writer *w, const struct decision *d)
{
	const struct assessment *s = &d->assessment;
	unsigned digits = ref_digits(d->inforce->ref);

	json_name(w, "values");
	json_open_array(w);
	for (uint32_t i = 0; i < s->items; i++) {
		json_open_object(w);
		json_put_int(w, "item", i + 1);
		put_money(w, "customs_value", s->values[i].customs_value, digits);
		put_money(w, "statistical_value", s->values[i].statistical_value, digits);
		put_proof(w, &s->values[i].proof);
		json_close_object(w);
	}
	json_close_array(w);
}

void decision_put_taxes(struct json_writer *w, const struct decision *d, bool proof)
{
	const struct assessment *s = &d->assessment;
	struct span currency = ref_currency(d->inforce->ref);
	unsigned digits = ref_digits(d->inforce->ref);

	json_name(w, "taxes");
	json_open_array(w);
	for (uint32_t i = 0; i < s->lines.n; i++) {
		const struct tax_line *l = &s->lines.v[i];

		json_open_object(w);
		json_put_int(w, "item", l->item + 1);
		json_put(w, "type", l->levy);
		json_put_c(w, "state", tax_state_name(l->state));
		put_money(w, "base", l->base, digits);
		json_put(w, "rate", l->rate);
		put_money(w, "amount", l->amount, digits);
		json_put(w, "currency", currency);
		json_put(w, "measure", l->measure);
		json_put(w, "source", l->source);
		if (proof)
			put_proof(w, &l->proof);
		json_close_object(w);
	}
	json_close_array(w);
	json_name(w, "total");
	json_open_object(w);
	put_money(w, "amount", s->total_due, digits);
	json_put(w, "currency", currency);
	put_money(w, "customs_value", s->total_value, digits);
	json_close_object(w);
}

static void put_reasons(struct json_writer *w, const struct selection *s)
{
	json_name(w, "reasons");
	json_open_array(w);
	for (uint32_t i = 0; i < s->reasons.n; i++) {
		const struct reason *r = &s->reasons.v[i];

		json_open_object(w);
		json_put_c(w, "kind", reason_kind_name(r->kind));
		json_put(w, "id", r->id);
		json_put_c(w, "lane", lane_name(r->lane));
		json_put_int(w, "weight", r->weight);
		if (r->item != UINT32_MAX)
			json_put_int(w, "item", r->item + 1);
		json_put_bool(w, "drawn", r->drawn);
		json_put(w, "text", r->text);
		if (r->note.n) /* rules of before there were notes have none */
			json_put(w, "note", r->note);
		if (r->past.n)
			json_put(w, "past", r->past);
		json_close_object(w);
	}
	json_close_array(w);
}

/* Draws are recorded of accepted declarations only: a rejected one was never a candidate. */
static void put_draw(struct json_writer *w, const struct decision *d)
{
	const struct facts *f = d->facts;

	json_name(w, "draw");
	if (!d->accepted || !f->draws.n) {
		json_null(w);
		return;
	}
	json_open_object(w);
	json_put(w, "day", f->draw_day);
	json_put(w, "commitment", f->draw_commitment);
	json_put(w, "reference", f->draw_reference);
	json_name(w, "values");
	json_open_object(w);
	for (uint32_t i = 0; i < f->draws.n; i++) {
		char hex[17];
		uint64_t v = f->draws.v[i].value;

		for (int j = 15; j >= 0; j--, v >>= 4)
			hex[j] = "0123456789abcdef"[v & 15];
		hex[16] = 0;
		json_name_span(w, f->draws.v[i].purpose);
		json_cstring(w, hex);
	}
	json_close_object(w);
	json_close_object(w);
}

static void put_words(struct json_writer *w, const char *name, const char *const *word, uint32_t n)
{
	json_name(w, name);
	json_open_array(w);
	for (uint32_t i = 0; i < n; i++)
		json_cstring(w, word[i]);
	json_close_array(w);
}

void decision_write(struct text *to, const struct decision *d)
{
	struct json_writer w = json_to(to);
	const char *word[FLOW_HOLDS + 1];
	uint32_t n;

	json_open_object(&w);
	put_input(&w, d);
	put_facts(&w, d->facts);
	decision_put_findings(&w, d->findings);
	put_values(&w, d);
	decision_put_taxes(&w, d, true);
	put_uses(&w, &d->assessment);
	origin_claims_put(&w, &d->origin);
	json_put_c(&w, "lane", lane_name(d->selection.lane));
	json_put_int(&w, "score", d->selection.score);
	put_reasons(&w, &d->selection);
	if (d->selection.ease_days)
		json_put_int(&w, "ease_days", d->selection.ease_days);
	put_draw(&w, d);
	json_put_c(&w, "state", flow_state_name(d->step.state));
	n = flow_holds(d->step.holds, word);
	put_words(&w, "holds", word, n);
	n = flow_next(d->step, word);
	put_words(&w, "next", word, n);
	json_close_object(&w);
}

static bool read_history(const struct json *facts, const char *name, struct party_history *ret)
{
	const struct json *h = json_get(facts, name);

	if (json_get(h, "today") && (json_get_int(h, "today", &ret->today) ||
				     json_get_int(h, "today_minor", &ret->today_minor)))
		return false;
	return !json_get_int(h, "declared", &ret->declared) &&
	       !json_get_int(h, "selected", &ret->selected) &&
	       !json_get_int(h, "irregular", &ret->irregular);
}

static bool read_hex64(struct span s, uint64_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t v = 0;

	if (s.n != 16)
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		const char *at = memchr(digits, s.p[i], 16);

		if (!at)
			return false;
		v = v << 4 | (uint64_t)(at - digits);
	}
	*ret = v;
	return true;
}

static bool read_draw(struct arena *a, const struct json *draw, struct facts *ret)
{
	const struct json *values = json_get(draw, "values");

	if (!draw || draw->kind == JSON_NULL)
		return draw != NULL;
	ret->draw_day = json_get_text(draw, "day");
	ret->draw_commitment = json_get_text(draw, "commitment");
	ret->draw_reference = json_get_text(draw, "reference");
	if (!values)
		return false;
	for (const struct json *v = values->first; v; v = v->next) {
		struct draw *one = arena_push(a, (void **)&ret->draws.v, &ret->draws.n,
					      &ret->draws.room, sizeof(*one));

		one->purpose = v->name;
		if (!read_hex64(v->text, &one->value))
			return false;
	}
	return true;
}

enum err decision_read_facts(struct arena *a, const struct json *decision, struct facts *ret)
{
	const struct json *f = json_get(decision, "facts"),
			  *declaration = json_get(decision, "declaration");
	const struct json *office_day = json_get(f, "office_day");
	struct facts r = {0};
	int64_t format;

	if (json_get_int(json_get(decision, "versions"), "format", &format) ||
	    format != DECISION_FORMAT)
		return ERR_FORMAT;
	r.reference = json_get_text(declaration, "reference");
	r.office = json_get_text(f, "office");
	r.sender = json_get_text(f, "sender");
	r.key = json_get_text(f, "key");
	r.holder = json_get_text(f, "holder");
	r.declarant_holder = json_get_text(f, "declarant_holder");
	r.goods = json_get_text(f, "goods");
	r.request = json_get_text(f, "request");
	r.case_key = json_get_text(f, "case_key");
	r.case_input = json_get_text(f, "case_input");
	r.bad_pointer = json_get_text(f, "bad_pointer");
	r.previous = json_get_text(f, "previous");
	r.lane_before = lane_by_name(json_get_text(f, "lane_before"));
	r.waits = is_true(f, "waits");
	r.barred = json_get_text(f, "barred");
	r.author = json_get_text(f, "author");
	r.granted = json_get_text(f, "granted");
	r.case_sender = json_get_text(f, "case_sender");
	r.awaited = is_true(f, "awaited");
	r.contingency = json_get_text(f, "contingency");
	r.completes = json_get_text(f, "completes");
	r.completion = json_get_text(f, "completion");
	if (json_get_int(declaration, "version", &r.version) ||
	    moment_parse(json_get_text(f, "received_at"), &r.received_at) ||
	    day_parse(json_get_text(f, "legal_day"), &r.legal_day) || !read_dates(f, &r) ||
	    !read_history(f, "importer", &r.importer) ||
	    !read_history(f, "declarant", &r.declarant) ||
	    !read_stock(a, json_get(f, "stock"), &r) ||
	    !read_quotas(a, json_get(f, "quotas"), &r) ||
	    !history_read_facts(a, json_get(f, "history"), &r) ||
	    !read_draw(a, json_get(decision, "draw"), &r))
		return ERR_FORMAT;
	if (json_get(f, "hour_taken") && json_get_int(f, "hour_taken", &r.hour_taken))
		return ERR_FORMAT;
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		if (json_get_int(office_day, lane_name(l), &r.office_day[l]))
			return ERR_FORMAT;
	*ret = r;
	return ERR_NONE;
}

static bool read_money(const struct json *o, const char *name, unsigned digits, struct money *ret)
{
	struct decimal d;

	if (decimal_parse(json_get_text(o, name), &d) || d.scale != digits)
		return false;
	ret->minor = d.units;
	return true;
}

bool decision_read_assessment(struct arena *a, const struct json *decision, uint32_t items,
			      unsigned digits, struct assessment *ret)
{
	const struct json *values = json_get(decision, "values"),
			  *total = json_get(decision, "total");
	struct assessment r = {.complete = true};

	r.values = ARENA_ARRAY(a, struct item_value, items + 1);
	for (const struct json *v = values ? values->first : NULL; v; v = v->next)
		if (r.items == items ||
		    !read_money(v, "customs_value", digits, &r.values[r.items++].customs_value))
			return false;
	*ret = r;
	return r.items && read_money(total, "amount", digits, &ret->total_due) &&
	       read_money(total, "customs_value", digits, &ret->total_value);
}
