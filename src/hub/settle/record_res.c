/* The trader's answer as response messages: only what answer_write() stored goes in, so that what the answer does not tell, the
 * message does not either. */
#include "base/date.h"
#include "hub/settle/record.h"
#include "msg/res.h"

static void *push(struct arena *a, void *list, size_t size)
{
	struct dict_list *l = list;

	return arena_push(a, &l->v, &l->n, &l->room, size);
}

/* ---- findings and what comes next ---- */

static void add_finding(struct arena *a, struct response *r, const struct json *j,
			struct span language)
{
	struct span rule = json_get_text(j, "rule");
	char code[RESPONSE_CODE_BYTES + 1];
	struct text text = text_in(a);
	struct response_note *n;
	struct finding f;

	n = span_is(json_get_text(j, "severity"), "error") ? push(a, &r->errors, sizeof(*n))
							   : push(a, &r->remarks, sizeof(*n));
	response_code(rule, code);
	n->code = (struct span){arena_copy(a, code, RESPONSE_CODE_BYTES), RESPONSE_CODE_BYTES, 0};
	n->name = rule;
	n->type = SPAN(REMARK_COMMENT);
	n->pointer = json_get_text(j, "pointer");
	if (record_read_finding(j, &f))
		finding_text(&text, &f, language, NULL);
	n->text = text_as_span(&text);
}

static void add_findings(struct arena *a, struct response *r, const struct json *answer,
			 struct span language)
{
	const struct json *list = json_get(answer, "findings");

	for (const struct json *j = list ? list->first : NULL; j; j = j->next)
		add_finding(a, r, j, language);
}

static void add_next(struct arena *a, struct response *r, const struct json *answer)
{
	const struct json *next = json_get(answer, "next");

	for (const struct json *j = next ? next->first : NULL; j; j = j->next) {
		struct response_note *n = push(a, &r->remarks, sizeof(*n));

		n->code = j->text;
		n->type = SPAN(REMARK_NEXT);
	}
}

/* ---- duties and taxes ---- */

static struct amount amount_of(const struct json *j, const char *name)
{
	struct amount amount = {.currency = json_get_text(j, "currency")};

	if (decimal_parse(json_get_text(j, name), &amount.value))
		amount.value.set = false;
	return amount;
}

/* Only a rate that is a percentage and nothing else is a number. */
static struct decimal percentage(struct span rate)
{
	struct decimal d = {0};

	if (span_is(rate, "free"))
		return decimal_of(0, 0);
	if (!rate.n || rate.p[rate.n - 1] != '%')
		return d;
	rate.n--;
	if (decimal_parse(rate, &d))
		d.set = false;
	return d;
}

static void add_tax(struct arena *a, struct response *r, const struct json *j)
{
	struct response_tax *t = push(a, &r->taxes, sizeof(*t));
	struct span state = json_get_text(j, "state");
	struct amount amount = amount_of(j, "amount"), none = amount;
	int64_t item;

	none.value.units = 0;
	t->item = json_get_int(j, "item", &item) ? 0 : (uint32_t)item;
	t->levy = json_get_text(j, "type");
	t->base = amount_of(j, "base");
	t->rate = percentage(json_get_text(j, "rate"));
	t->assessed = span_is(state, tax_state_name(TAX_RELIEVED)) ? none : amount;
	t->payable = span_is(state, tax_state_name(TAX_DUE)) ? amount : none;
}

static void add_taxes(struct arena *a, struct response *r, const struct json *answer)
{
	const struct json *taxes = json_get(answer, "taxes"), *total = json_get(answer, "total");
	struct response_payment *p = push(a, &r->payments, sizeof(*p));

	p->payable = amount_of(total, "amount");
	for (const struct json *j = taxes ? taxes->first : NULL; j; j = j->next)
		add_tax(a, r, j);
}

/* ---- the answer ---- */

/* What happened, where the case stands by that, and what is due: RESPONSE_KINDS where there is no such part. */
struct parts {
	enum response_kind happened, stands, due;
};

/* An accepted message comes first, as customs tell it, and then where it led at once. */
static enum response_kind happened(const struct json *answer)
{
	struct span asked = json_get_text(answer, "asked");

	if (span_is(asked, "amendment") || span_is(asked, "replacement"))
		return RESPONSE_AMENDED;
	return asked.n ? RESPONSE_ACCEPTED : RESPONSE_KINDS;
}

/* false: there is no code for the state. */
static bool parts_of(const struct json *answer, struct parts *ret)
{
	struct span state = json_get_text(answer, "state");
	bool assessed = span_is(state, "assessed") || span_is(state, "paid");

	*ret = (struct parts){happened(answer), response_by_id(state), RESPONSE_TAX_DUE};
	if (span_is(state, "requested"))
		ret->stands = RESPONSE_RECEIVED;
	if (span_is(state, "withdrawn")) /* a cargo report */
		ret->stands = RESPONSE_CANCELLED;
	if (assessed || ret->stands == RESPONSE_ACCEPTED) {
		/* where every accepted case stands first: nothing to add */
		if (ret->happened == RESPONSE_KINDS)
			ret->happened = RESPONSE_ACCEPTED;
		ret->stands = RESPONSE_KINDS;
		return true;
	}
	if (ret->stands == RESPONSE_CLEARED || ret->stands == RESPONSE_EXITED ||
	    ret->stands == RESPONSE_RELEASED)
		ret->due = RESPONSE_TAX_FINAL;
	if (ret->stands == RESPONSE_REJECTED || ret->stands == RESPONSE_CANCELLED ||
	    ret->stands == RESPONSE_RECEIVED)
		ret->happened = ret->due = RESPONSE_KINDS;
	return ret->stands != RESPONSE_KINDS;
}

/* What every response about this answer has in common. */
static struct response *add_response(struct arena *a, struct responses *to,
				     const struct json *answer, enum response_kind kind)
{
	struct response *r = push(a, &to->list, sizeof(*r));
	int64_t version = 0;
	struct text number = text_in(a);

	r->kind = kind;
	r->movement_reference = json_get_text(answer, "reference");
	r->trader_reference = json_get_text(answer, "trader_reference");
	if (!json_get_int(answer, "version", &version)) {
		text_int(&number, version);
		r->version = text_as_span(&number);
	}
	if (moment_parse(json_get_text(answer, "received_at"), &r->issued_at))
		r->issued_at = 0;
	if (kind == RESPONSE_ACCEPTED)
		r->accepted_at = r->issued_at;
	else if (kind == RESPONSE_REJECTED)
		r->rejected_at = r->issued_at;
	else if (kind == RESPONSE_CANCELLED)
		r->cancelled_at = r->issued_at;
	r->exchange = span_of(arena_print(a, "%.*s-%lld-%02u", SPAN_ARG(r->movement_reference),
					  (long long)version, response_function(kind)));
	return r;
}

bool answer_to_responses(struct arena *a, const struct json *answer, struct span language,
			 struct responses *ret)
{
	const struct json *taxes = json_get(answer, "taxes");
	struct response *last;
	struct parts p;

	*ret = (struct responses){0};
	if (!parts_of(answer, &p))
		return false;
	if (p.happened != RESPONSE_KINDS)
		add_response(a, ret, answer, p.happened);
	if (p.stands != RESPONSE_KINDS)
		add_response(a, ret, answer, p.stands);
	last = &ret->list.v[ret->list.n - 1];
	add_next(a, last, answer);
	add_findings(a, &ret->list.v[0], answer, language);
	if (taxes && taxes->first && p.due != RESPONSE_KINDS)
		add_taxes(a, add_response(a, ret, answer, p.due), answer);
	return true;
}

bool answer_render_res(struct text *to, const struct json *answer, struct span language)
{
	struct responses r;

	if (!answer_to_responses(to->arena, answer, language, &r))
		return false;
	msg_write_responses(to, &r);
	return true;
}
