/* The trader's answer as response messages: only what answer_write() stored goes in, so that what the answer does not tell, the
 * message does not either. */
#include "base/date.h"
#include "hub/record.h"
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
	const struct json *list = json_get(answer, "findings"), *next = json_get(answer, "next");

	for (const struct json *j = next ? next->first : NULL; j; j = j->next) {
		struct response_note *n = push(a, &r->remarks, sizeof(*n));

		n->code = j->text;
		n->type = SPAN(REMARK_NEXT);
	}
	for (const struct json *j = list ? list->first : NULL; j; j = j->next)
		add_finding(a, r, j, language);
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

/* Of a case that waits for nothing but payment, and of one that is paid, what is due is the answer. */
static enum response_kind kind_of(const struct json *answer)
{
	struct span state = json_get_text(answer, "state");
	enum response_kind k = span_is(state, "assessed") ? RESPONSE_TAX_DUE
			       : span_is(state, "paid")   ? RESPONSE_TAX_FINAL
							  : response_by_id(state);

	if (k == RESPONSE_ACCEPTED && span_is(json_get_text(answer, "asked"), "amendment"))
		return RESPONSE_AMENDED;
	return k;
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
	r->exchange = span_of(arena_print(a, "%.*s-%lld-%02u", SPAN_ARG(r->movement_reference),
					  (long long)version, response_function(kind)));
	return r;
}

/* What is due is an answer of its own, and final once the goods are released. */
static struct response *tax_response(struct arena *a, struct responses *to,
				     const struct json *answer, enum response_kind state)
{
	switch (state) {
	case RESPONSE_REJECTED:
	case RESPONSE_CANCELLED:
		return NULL;
	case RESPONSE_TAX_DUE:
	case RESPONSE_TAX_FINAL:
	case RESPONSE_TAX_PROVISIONAL:
		return &to->list.v[0];
	case RESPONSE_CLEARED:
	case RESPONSE_EXITED:
	case RESPONSE_RELEASED:
		return add_response(a, to, answer, RESPONSE_TAX_FINAL);
	case RESPONSE_ACCEPTED:
	case RESPONSE_AMENDED:
	case RESPONSE_AWAITING_EXIT:
	case RESPONSE_DETAINED:
	case RESPONSE_DOCUMENTS_REQUIRED:
	case RESPONSE_EXAMINATION:
	case RESPONSE_HANDLED_OUTSIDE:
	case RESPONSE_QUERIED:
	case RESPONSE_RECEIVED:
	case RESPONSE_REQUEST_DENIED:
	case RESPONSE_REQUEST_GRANTED:
	case RESPONSE_KINDS:
		break;
	}
	return add_response(a, to, answer, RESPONSE_TAX_DUE);
}

bool answer_to_responses(struct arena *a, const struct json *answer, struct span language,
			 struct responses *ret)
{
	const struct json *taxes = json_get(answer, "taxes");
	enum response_kind state = kind_of(answer);
	struct response *r;

	*ret = (struct responses){0};
	if (state == RESPONSE_KINDS)
		return false;
	r = add_response(a, ret, answer, state);
	if (state == RESPONSE_REJECTED)
		r->rejected_at = r->issued_at;
	else if (state == RESPONSE_CANCELLED)
		r->cancelled_at = r->issued_at;
	else if (state == RESPONSE_ACCEPTED)
		r->accepted_at = r->issued_at;
	add_findings(a, r, answer, language);
	r = taxes && taxes->first ? tax_response(a, ret, answer, state) : NULL;
	if (r)
		add_taxes(a, r, answer);
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
