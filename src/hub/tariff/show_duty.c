/* What is due by every option, line by line, in national money and in that of the invoice. */
#include "duty/ratio.h"
#include "hub/tariff/show.h"

struct showing {
	const struct tariff_ask *a;
	const struct duty_question *q;
	const struct told_quotas *quotas;
	struct json_writer *w;
	unsigned digits;         /* of the national currency */
	bool foreign;            /* the invoice is in another one */
	unsigned invoice_digits; /* of that */
	struct decimal rate;     /* national money for `per` of it */
	int64_t per;
};

static void put_minor(struct showing *s, const char *name, int64_t minor, unsigned digits)
{
	struct text t = text_in(s->a->arena);

	money_write(&t, (struct money){minor}, digits);
	json_put(s->w, name, text_as_span(&t));
}

/* Into the invoice's currency, as the pack rounds; false: too large to say. */
static bool to_invoice(const struct showing *s, int64_t minor, int64_t *ret)
{
	struct ratio v = ratio_multiply(ratio_of(minor), ratio_of(s->per));

	v = ratio_divide(v, ratio_decimal(s->rate));
	v = ratio_multiply(v, ratio_of(decimal_power10(s->invoice_digits)));
	v = ratio_divide(v, ratio_of(decimal_power10(s->digits)));
	return !ratio_round(v, ref_rounding(s->a->inforce->ref), 1, ret);
}

static void show_proof(struct showing *s, const struct proof *p)
{
	json_name(s->w, "proof");
	json_open_array(s->w);
	for (uint32_t i = 0; i < p->steps.n; i++)
		json_string(s->w, p->steps.v[i]);
	json_close_array(s->w);
}

static const struct ref_levy *levy_named(const struct showing *s, struct span code)
{
	uint32_t n;
	const struct ref_levy *all = ref_levies(s->a->inforce->ref, &n);

	for (uint32_t i = 0; i < n; i++)
		if (span_equal(all[i].code, code) && ref_holds(all[i].dates, s->q->day))
			return &all[i];
	return NULL;
}

/* Adds what is due of the line, in the invoice's currency, to *total. */
static void show_line(struct showing *s, const struct tax_line *line, int64_t *total)
{
	const struct ref_levy *levy = levy_named(s, line->levy);
	struct json_writer *w = s->w;
	int64_t invoice;

	json_open_object(w);
	json_put(w, "levy", line->levy);
	if (levy)
		json_put(w, "name", show_name(s->a, levy->name));
	json_put_c(w, "state", tax_state_name(line->state));
	put_minor(s, "base", line->base.minor, s->digits);
	json_put(w, "rate", line->rate);
	put_minor(s, "amount", line->amount.minor, s->digits);
	if (s->foreign && to_invoice(s, line->amount.minor, &invoice)) {
		put_minor(s, "amount_invoice", invoice, s->invoice_digits);
		if (line->state == TAX_DUE)
			*total += invoice;
	}
	json_put(w, "measure", line->measure);
	json_put(w, "source", line->source);
	show_proof(s, &line->proof);
	json_close_object(w);
}

static void show_findings(struct showing *s, const struct findings *f)
{
	json_name(s->w, "findings");
	json_open_array(s->w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		struct text t = text_in(s->a->arena);

		finding_text(&t, &f->list.v[i], s->a->query->language, NULL);
		json_open_object(s->w);
		json_put_c(s->w, "rule", finding_id(f->list.v[i].rule));
		json_put_c(s->w, "severity", severity_name(f->list.v[i].severity));
		json_put(s->w, "text", text_as_span(&t));
		json_close_object(s->w);
	}
	json_close_array(s->w);
}

static void put_coded(struct showing *s, const char *member, const char *list, struct span code)
{
	const struct ref_code *known = ref_code(s->a->inforce->ref, span_of(list), code, s->q->day);

	if (!code.n)
		return;
	json_name(s->w, member);
	json_open_object(s->w);
	json_put(s->w, "code", code);
	if (known)
		json_put(s->w, "name", show_name(s->a, known->name));
	json_close_object(s->w);
}

static void show_option(struct showing *s, const struct duty_option *o,
			const struct duty_option *granted)
{
	const struct assessment *x = &o->assessment;
	struct json_writer *w = s->w;
	int64_t total = 0;

	json_open_object(w);
	json_put_c(w, "series", duty_series_name(o->series));
	put_coded(s, "preference", "preference", o->preference);
	if (o->quota.n)
		json_put(w, "quota", o->quota);
	show_quota(w, s->a, s->quotas, o->quota);
	if (o->procedure.n)
		json_put(w, "procedure", o->procedure);
	put_coded(s, "document", "document_type", o->document);
	if (o->measure)
		json_put(w, "measure", o->measure->id);
	json_put_bool(w, "complete", x->complete);
	json_name(w, "customs_value");
	json_open_object(w);
	put_minor(s, "amount", x->values[0].customs_value.minor, s->digits);
	show_proof(s, &x->values[0].proof);
	json_close_object(w);
	json_name(w, "lines");
	json_open_array(w);
	for (uint32_t i = 0; i < x->lines.n; i++)
		show_line(s, &x->lines.v[i], &total);
	json_close_array(w);
	put_minor(s, "total", x->total_due.minor, s->digits);
	if (s->foreign)
		put_minor(s, "total_invoice", total, s->invoice_digits);
	if (granted && tariff_quotas_wait(s->quotas, o->quota))
		put_minor(s, "total_granted", granted->assessment.total_due.minor, s->digits);
	show_findings(s, &o->findings);
	json_close_object(w);
}

/* The rate of the day, as the proofs have it. */
static void find_invoice(struct showing *s)
{
	const struct refset *r = s->a->inforce->ref;
	struct span currency = s->q->price.currency;
	const struct ref_code *c = ref_code(r, SPAN("currency"), currency, s->q->day);
	struct ref_dates dates;

	s->digits = ref_digits(r);
	s->foreign = c && !span_equal(currency, ref_currency(r)) &&
		     !ref_rate(r, currency, s->q->day, s->q->known, &s->rate, &s->per, &dates);
	s->invoice_digits = c ? c->digits : 0;
}

void show_duty(struct text *to, const struct tariff_ask *a, const struct duty_question *q,
	       const struct shown_duty *shown)
{
	const struct duty_options *options = shown->options;
	const struct ref_commodity *c = shown->commodity;
	struct json_writer w = json_to(to);
	struct showing s = {.a = a, .q = q, .quotas = shown->quotas, .w = &w};
	struct show_place place = {.code = q->commodity,
				   .country = q->country,
				   .commodity = c,
				   .export = q->export,
				   .day = q->day,
				   .known = q->known};

	find_invoice(&s);
	json_open_object(&w);
	json_put(&w, "commodity", q->commodity);
	json_put(&w, "text", show_name(a, c->text));
	if (q->country.n)
		json_put(&w, q->export ? "destination" : "origin", q->country);
	show_day(&w, a, "on", q->day);
	show_day(&w, a, "known", q->known);
	json_put(&w, "currency", ref_currency(a->inforce->ref));
	if (s.foreign)
		json_put(&w, "invoice_currency", q->price.currency);
	json_put(&w, "pack", span_of(a->inforce->hash[PACK_TABLES]));
	json_name(&w, "options");
	json_open_array(&w);
	for (uint32_t i = 0; i < options->n; i++)
		show_option(&s, &options->option[i],
			    shown->granted ? &shown->granted->option[i] : NULL);
	json_close_array(&w);
	json_put_bool(&w, "more_options", options->cut);
	show_permits(&w, a, &place);
	json_close_object(&w);
}
