#include "hub/tariff/ask.h"

#include "base/date.h"
#include "duty/options.h"
#include "hub/house.h"
#include "hub/tariff/show.h"

enum { MOST_BYTES = 256 }; /* of any part of a question */

struct inforce *hub_tariff(struct hub *h)
{
	return house_inforce(h);
}

/* ---- parts of a question ---- */

static enum err refuse(struct tariff_ask *a, const char *name, struct span value,
		       const char *expected)
{
	return fail(a->why, ERR_USAGE, "%s \"%.*s\" must be %s", name,
		    (int)(value.n < 60 ? value.n : 60), value.p ? value.p : "", expected);
}

static enum err check_sizes(struct tariff_ask *a)
{
	const struct tariff_query *q = a->query;
	const struct span all[] = {q->commodity,  q->origin,    q->destination, q->value,
				   q->currency,   q->freight,   q->insurance,   q->retail,
				   q->terms,      q->procedure, q->previous,    q->quantity,
				   q->additional, q->document,  q->on,          q->known,
				   q->words,      q->limit,     q->language};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].n > MOST_BYTES || (all[i].n && !span_valid_utf8(all[i])))
			return fail(a->why, ERR_USAGE,
				    "each part of the question has at most %d bytes of UTF-8",
				    MOST_BYTES);
	return ERR_NONE;
}

static enum err read_day(struct tariff_ask *a, const char *name, struct span text,
			 int32_t otherwise, int32_t *ret)
{
	*ret = otherwise;
	if (text.n && day_parse(text, ret))
		return refuse(a, name, text, "a day, such as 2026-11-22");
	return ERR_NONE;
}

static enum err read_days(struct tariff_ask *a, int32_t *ret_day, int32_t *ret_known)
{
	int32_t today = day_of(a->now, ref_zone_minutes(a->inforce->ref));
	enum err e = check_sizes(a);

	if (!e)
		e = read_day(a, "on", a->query->on, today, ret_day);
	return e ? e : read_day(a, "known", a->query->known, INT32_MAX, ret_known);
}

/* "1000.00 USD", or "1000.00" in the currency that is named apart, or else the national one. */
static enum err read_amount(struct tariff_ask *a, const char *name, struct span text, int32_t day,
			    struct amount *ret)
{
	const struct refset *r = a->inforce->ref;
	struct span rest = span_trim(text), number = span_cut(&rest, ' ');

	if (!text.n)
		return ERR_NONE;
	rest = span_trim(rest);
	ret->currency = rest.n ? rest : a->query->currency.n ? a->query->currency : ref_currency(r);
	if (decimal_parse(number, &ret->value) || ret->value.units < 0)
		return refuse(a, name, text, "an amount, such as 1000.00 USD");
	if (!ref_code(r, SPAN("currency"), ret->currency, day))
		return refuse(a, "currency", ret->currency, "a currency of the country's list");
	ret->value.set = true;
	return ERR_NONE;
}

static enum err read_quantities(struct tariff_ask *a, struct duty_question *q)
{
	struct span all = a->query->quantity;

	while (all.n) {
		struct span text = span_trim(span_cut(&all, ',')), rest = text,
			    number = span_cut(&rest, ' ');
		struct quantity *to = &q->quantity[q->quantities];

		if (q->quantities == QUESTION_PARTS)
			return refuse(a, "quantity", a->query->quantity, "at most 16 quantities");
		to->unit = span_trim(rest);
		if (!to->unit.n || decimal_parse(number, &to->value) || to->value.units < 0)
			return refuse(a, "quantity", text,
				      "numbers with their units, such as 100 kg,20 l");
		to->value.set = true;
		q->quantities++;
	}
	return ERR_NONE;
}

static enum err read_codes(struct tariff_ask *a, const char *name, struct span all, struct span *to,
			   uint32_t *ret_n)
{
	while (all.n) {
		struct span code = span_trim(span_cut(&all, ','));

		if (*ret_n == QUESTION_PARTS || !code.n || code.n > 17)
			return refuse(a, name, code, "at most 16 codes, with a comma between");
		to[(*ret_n)++] = code;
	}
	return ERR_NONE;
}

/* The digits of a commodity code: points and blanks may part them. */
static enum err read_code(struct tariff_ask *a, struct span *ret)
{
	struct span text = a->query->commodity;
	char *code = arena_alloc(a->arena, (size_t)text.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9')
			code[n++] = text.p[i];
		else if (text.p[i] != '.' && text.p[i] != ' ')
			return refuse(a, "commodity", text, "digits");
	}
	if (n < 2 || n > 14)
		return refuse(a, "commodity", text, "2 to 14 digits");
	*ret = (struct span){code, n, 0};
	return ERR_NONE;
}

static enum err check_country(struct tariff_ask *a, const char *name, struct span country,
			      int32_t day)
{
	if (!country.n || ref_code(a->inforce->ref, SPAN("country"), country, day))
		return ERR_NONE;
	return refuse(a, name, country, "a country of two letters");
}

/* ---- search ---- */

enum err tariff_search(struct tariff_ask *a, struct text *to)
{
	const struct search_index *index = inforce_index(a->inforce);
	struct search_results *found = ARENA_NEW(a->arena, struct search_results);
	struct decimal most = decimal_of(20, 0);
	int32_t day, known;
	enum err e = read_days(a, &day, &known);

	if (e)
		return e;
	if (!index)
		return fail(a->why, ERR_NOMEM, "no memory to search the nomenclature");
	if (!span_trim(a->query->words).n)
		return refuse(a, "q", a->query->words, "words, or the beginning of a code");
	if (a->query->limit.n && (decimal_parse(a->query->limit, &most) || most.scale ||
				  most.units < 1 || most.units > SEARCH_RESULTS))
		return refuse(a, "limit", a->query->limit, "a number from 1 to 100");
	search_find(a->arena, index, a->query->words, day, (uint32_t)most.units, found);
	show_results(to, a, found, day);
	return ERR_NONE;
}

/* ---- lists ---- */

static enum err list(struct tariff_ask *a, struct text *to,
		     void (*show)(struct text *to, const struct tariff_ask *a, int32_t day))
{
	int32_t day, known;
	enum err e = read_days(a, &day, &known);

	if (!e)
		show(to, a, day);
	return e;
}

enum err tariff_chapters(struct tariff_ask *a, struct text *to)
{
	return list(a, to, show_chapters);
}

enum err tariff_countries(struct tariff_ask *a, struct text *to)
{
	return list(a, to, show_countries);
}

enum err tariff_rates(struct tariff_ask *a, struct text *to)
{
	int32_t day, known;
	enum err e = read_days(a, &day, &known);

	if (!e)
		show_rates(to, a, day, known);
	return e;
}

enum err tariff_codes(struct tariff_ask *a, struct text *to)
{
	if (!ref_has_list(a->inforce->ref, a->query->words))
		return fail(a->why, ERR_NOT_FOUND, "there is no code list of this name");
	return list(a, to, show_codes);
}

enum err tariff_procedures(struct tariff_ask *a, struct text *to)
{
	return list(a, to, show_procedures);
}

enum err tariff_guide(struct tariff_ask *a, struct text *to)
{
	int32_t day, known;
	enum err e = read_days(a, &day, &known);

	for (enum direction d = DIRECTION_IMPORT; !e && d <= DIRECTION_TRANSIT; d++)
		if (span_is(a->query->words, direction_name(d))) {
			show_guide(to, a, d, day);
			return ERR_NONE;
		}
	return e ? e : fail(a->why, ERR_NOT_FOUND, "procedures are of import, export or transit");
}

/* ---- a place of the nomenclature ---- */

enum err tariff_commodity(struct tariff_ask *a, struct text *to)
{
	const struct tariff_query *q = a->query;
	struct show_place place = {.country = q->origin.n ? q->origin : q->destination,
				   .export = q->destination.n > 0};
	enum err e = read_days(a, &place.day, &place.known);

	if (!e)
		e = read_code(a, &place.code);
	if (!e)
		e = check_country(a, place.export ? "destination" : "origin", place.country,
				  place.day);
	if (e)
		return e;
	place.commodity = ref_commodity(a->inforce->ref, place.code, place.day);
	if (!place.commodity)
		return fail(a->why, ERR_NOT_FOUND, "there is no commodity %.*s on that day",
			    SPAN_ARG(place.code));
	e = tariff_quotas_of_place(a, &place);
	if (!e)
		show_commodity(to, a, &place);
	return e;
}

/* ---- what is due ---- */

static enum err read_amounts(struct tariff_ask *a, struct duty_question *q)
{
	const struct tariff_query *t = a->query;
	enum err e = read_amount(a, "value", t->value, q->day, &q->price);

	if (!e)
		e = read_amount(a, "freight", t->freight, q->day, &q->freight);
	if (!e)
		e = read_amount(a, "insurance", t->insurance, q->day, &q->insurance);
	if (!e)
		e = read_amount(a, "retail", t->retail, q->day, &q->retail);
	if (!e && !q->price.value.set)
		return refuse(a, "value", t->value, "an amount, such as 1000.00 USD");
	return e;
}

static enum err read_question(struct tariff_ask *a, struct duty_question *q)
{
	const struct tariff_query *t = a->query;
	enum err e = read_days(a, &q->day, &q->known);

	q->export = t->destination.n;
	q->country = q->export ? t->destination : t->origin;
	q->terms = t->terms;
	q->procedure = t->procedure;
	q->previous = t->previous;
	if (!e && t->destination.n && t->origin.n)
		return fail(a->why, ERR_USAGE,
			    "an import has an origin, an export a destination: not both");
	if (!e)
		e = read_code(a, &q->commodity);
	if (!e)
		e = check_country(a, q->export ? "destination" : "origin", q->country, q->day);
	if (!e)
		e = read_amounts(a, q);
	if (!e)
		e = read_quantities(a, q);
	if (!e)
		e = read_codes(a, "additional", t->additional, q->additional, &q->additionals);
	return e ? e : read_codes(a, "document", t->document, q->document, &q->documents);
}

/* What would be due in the end, where an option's quota is decided on later. */
static const struct duty_options *granted(struct tariff_ask *a, const struct duty_question *q,
					  const struct duty_options *options,
					  const struct told_quotas *quotas)
{
	struct duty_question *whole = ARENA_NEW(a->arena, struct duty_question);
	struct duty_options *ret = ARENA_NEW(a->arena, struct duty_options);
	bool waits = false;

	for (uint32_t i = 0; i < options->n; i++)
		waits = waits || tariff_quotas_wait(quotas, options->option[i].quota);
	if (!waits)
		return NULL;
	*whole = *q;
	whole->quotas = 0; /* none has a balance */
	duty_options(a->arena, a->inforce->ref, whole, ret);
	return ret;
}

enum err tariff_duty(struct tariff_ask *a, struct text *to)
{
	struct duty_question *q = ARENA_NEW(a->arena, struct duty_question);
	struct duty_options *options = ARENA_NEW(a->arena, struct duty_options);
	struct told_quotas quotas;
	const struct ref_commodity *c;
	enum err e = read_question(a, q);

	if (e)
		return e;
	c = ref_commodity(a->inforce->ref, q->commodity, q->day);
	if (!c)
		return fail(a->why, ERR_NOT_FOUND, "there is no commodity %.*s on that day",
			    SPAN_ARG(q->commodity));
	if (!c->declarable)
		return fail(a->why, ERR_USAGE,
			    "goods are not declared under %.*s: choose a code below it",
			    SPAN_ARG(q->commodity));
	duty_offers(a->inforce->ref, q, options);
	e = tariff_quotas_of_options(a, q, options, &quotas);
	if (e)
		return e;
	duty_assess_offers(a->arena, a->inforce->ref, q, options);
	show_duty(to, a, q,
		  &(struct shown_duty){c, options, granted(a, q, options, &quotas), &quotas});
	return ERR_NONE;
}
