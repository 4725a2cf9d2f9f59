#include "duty/options.h"

/* ---- kinds ---- */

const char *duty_series_name(enum measure_series s)
{
	static const char *const names[] = {"duty",   "preference",  "quota",  "suspension",
					    "relief", "remedy",      "excise", "vat",
					    "fee",    "restriction", "unit"};

	return names[s];
}

enum measure_series duty_series(const struct refset *r, const struct ref_measure *m, int32_t day)
{
	const struct ref_measure_type *t = m->type.n ? ref_measure_type(r, m->type, day) : NULL;

	if (t)
		return t->series;
	switch (m->levy->kind) {
	case LEVY_EXCISE:
		return SERIES_EXCISE;
	case LEVY_VAT:
		return SERIES_VAT;
	case LEVY_FEE:
		return SERIES_FEE;
	case LEVY_DUTY:
		break;
	}
	return m->quota.n        ? SERIES_QUOTA
	       : m->preference.n ? SERIES_PREFERENCE
	       : m->procedure.n  ? SERIES_SUSPENSION
				 : SERIES_DUTY;
}

static bool excludes(const struct refset *r, struct span list, struct span country, int32_t day)
{
	while (list.n) {
		struct span area = span_trim(span_cut(&list, ' '));

		if (area.n && ref_area_has(r, area, country, day))
			return true;
	}
	return false;
}

bool duty_area_holds(const struct refset *r, const struct ref_measure *m, struct span country,
		     int32_t day)
{
	if (!country.n)
		return span_is(m->area, "*");
	return ref_area_has(r, m->area, country, day) && !excludes(r, m->exclude, country, day);
}

/* ---- the options ---- */

struct options {
	const struct refset *r;
	const struct duty_question *q;
	struct duty_options *ret;
};

static bool is_offered(const struct duty_options *o, const struct ref_measure *m)
{
	for (uint32_t i = 0; i < o->n; i++)
		if (span_equal(o->option[i].preference, m->preference) &&
		    span_equal(o->option[i].quota, m->quota) &&
		    span_equal(o->option[i].procedure, m->procedure) &&
		    span_equal(o->option[i].document, m->document))
			return true;
	return false;
}

static void offer(struct options *o, const struct ref_measure *m)
{
	bool claims = m->preference.n || m->quota.n || m->procedure.n || m->document.n;

	if (!claims || m->levy->kind != LEVY_DUTY ||
	    !(o->q->export ? m->levy->export : m->levy->import) ||
	    !ref_measure_holds(m, o->q->day, o->q->known) ||
	    !duty_area_holds(o->r, m, o->q->country, o->q->day) || is_offered(o->ret, m))
		return;
	if (o->ret->n == DUTY_OPTIONS) {
		o->ret->cut = true;
		return;
	}
	o->ret->option[o->ret->n++] =
	    (struct duty_option){.series = duty_series(o->r, m, o->q->day),
				 .measure = m,
				 .preference = m->preference,
				 .quota = m->quota,
				 .procedure = m->procedure,
				 .document = m->document};
}

static void collect(struct options *o)
{
	struct span code = o->q->commodity;

	for (uint32_t n = code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_measure *m = ref_measures(o->r, (struct span){code.p, n, 0});

		for (; m; m = m->next)
			offer(o, m);
		if (n == 0)
			return;
	}
}

/* ---- the declaration of an option ---- */

#define PUSH(a, list)                                                                              \
	((__typeof__((list).v))arena_push((a), (void **)&(list).v, &(list).n, &(list).room,        \
					  sizeof(*(list).v)))

static bool first_code(void *context, const struct ref_code *c)
{
	*(struct span *)context = c->code;
	return false;
}

/* Insurance has no place of its own: it is a charge, by the pack's code for it. */
static void add_insurance(struct arena *a, const struct refset *r, const struct duty_question *q,
			  struct declaration *d)
{
	struct span code = SPAN("AK"); /* of the data model, for packs without lists */

	if (!q->insurance.value.set)
		return;
	ref_each_code(r, SPAN("charge_insurance"), first_code, &code);
	*PUSH(a, d->shipment.charges) = (struct charge){.type = code, .amount = q->insurance};
}

static void add_quantity(struct arena *a, struct goods_item *item, const struct quantity *q)
{
	if (span_is(q->unit, "kg") || span_is(q->unit, "KGM"))
		item->commodity.net_mass = (struct quantity){.value = q->value};
	else if (span_is(q->unit, "gross_kg"))
		item->commodity.gross_mass = (struct quantity){.value = q->value};
	else
		*PUSH(a, item->commodity.duties) = (struct duty_line){.quantity = *q};
}

/* A retail price is the base of the levy's own line: it is said for every levy. */
static void add_retail(struct arena *a, const struct refset *r, const struct duty_question *q,
		       struct goods_item *item)
{
	uint32_t n;
	const struct ref_levy *levy = ref_levies(r, &n);

	for (uint32_t i = 0; q->retail.value.set && i < n; i++)
		if (ref_holds(levy[i].dates, q->day))
			*PUSH(a, item->commodity.duties) =
			    (struct duty_line){.type = levy[i].code, .base = q->retail};
}

static void add_document(struct arena *a, struct goods_item *item, struct span code)
{
	if (code.n)
		*PUSH(a, item->documents) = (struct document){.category = {code.p, 1, 0},
							      .type = {code.p + 1, code.n - 1, 0}};
}

static void add_origin(struct arena *a, const struct duty_question *q, struct goods_item *item)
{
	if (q->export) {
		item->destination = q->country;
		return;
	}
	*PUSH(a, item->origins) = (struct origin){.country = q->country, .type = SPAN("1")};
	*PUSH(a, item->origins) = (struct origin){.country = q->country, .type = SPAN("2")};
}

static void make_item(struct arena *a, const struct refset *r, const struct duty_question *q,
		      const struct duty_option *o, struct goods_item *item)
{
	struct commodity *goods = &item->commodity;
	struct span procedure = o->procedure.n ? o->procedure : q->procedure;

	goods->price = q->price;
	*PUSH(a, goods->classifications) =
	    (struct classification){.id = q->commodity, .type = SPAN("TSP")};
	for (uint32_t i = 0; i < q->additionals; i++)
		*PUSH(a, goods->classifications) =
		    (struct classification){.id = q->additional[i], .type = SPAN("TRA")};
	if (o->preference.n || o->quota.n)
		*PUSH(a, goods->duties) =
		    (struct duty_line){.preference = o->preference, .quota = o->quota};
	for (uint32_t i = 0; i < q->quantities; i++)
		add_quantity(a, item, &q->quantity[i]);
	add_retail(a, r, q, item);
	add_document(a, item, o->document);
	for (uint32_t i = 0; i < q->documents; i++)
		add_document(a, item, q->document[i]);
	if (procedure.n)
		*PUSH(a, item->procedures) = (struct procedure){
		    .requested = procedure, .previous = q->previous.n ? q->previous : SPAN("00")};
	add_origin(a, q, item);
}

static void assess(struct arena *a, const struct refset *r, const struct duty_question *q,
		   struct duty_option *o)
{
	struct declaration *d = ARENA_NEW(a, struct declaration);
	struct facts facts = {.legal_day = q->day};

	for (uint32_t i = 0; i < q->quotas; i++)
		*PUSH(a, facts.quotas) = q->quota[i];
	d->head.present = d->shipment.head.present = true;
	d->type = q->export ? SPAN("EX") : SPAN("IM");
	d->shipment.terms.code = q->terms;
	d->shipment.freight = q->freight;
	add_insurance(a, r, q, d);
	make_item(a, r, q, o, PUSH(a, d->shipment.items));
	o->findings = findings_for(a, &dict_declaration, d);
	duty_assess_known(a, d, r, &facts, q->known, &o->assessment, &o->findings);
}

void duty_offers(const struct refset *r, const struct duty_question *q, struct duty_options *ret)
{
	struct options o = {.r = r, .q = q, .ret = ret};

	ret->n = 1;
	ret->cut = false;
	ret->option[0] = (struct duty_option){.series = SERIES_DUTY};
	collect(&o);
}

void duty_assess_offers(struct arena *a, const struct refset *r, const struct duty_question *q,
			struct duty_options *options)
{
	for (uint32_t i = 0; i < options->n; i++)
		assess(a, r, q, &options->option[i]);
}

void duty_options(struct arena *a, const struct refset *r, const struct duty_question *q,
		  struct duty_options *ret)
{
	duty_offers(r, q, ret);
	duty_assess_offers(a, r, q, ret);
}
