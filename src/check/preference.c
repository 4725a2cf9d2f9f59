/* Preferences that rest on origin: what is claimed, the proof that the pack's agreement asks for, and the way that the goods
 * came. */
#include "base/date.h"
#include "check/room.h"
#include "ref/ref_origin.h"

/* The duty line that claims a preference resting on origin, or NULL. */
static const struct duty_line *origin_claim(struct checking *c, const struct goods_item *i)
{
	for (uint32_t j = 0; j < i->commodity.duties.n; j++)
		if (setting_begins(c, SETTING_origin_preferences,
				   i->commodity.duties.v[j].preference))
			return &i->commodity.duties.v[j];
	return NULL;
}

/* The origin that a preference may rest on: of type 2, or of no stated type. NULL when there is none. */
static const struct origin *preferential_origin(const struct goods_item *i, bool stated)
{
	for (uint32_t j = 0; j < i->origins.n; j++)
		if (span_is(i->origins.v[j].type, "2") || (!stated && !i->origins.v[j].type.n))
			return &i->origins.v[j];
	return NULL;
}

void check_preference_claim_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct origin *origin = preferential_origin(i, true);

	if (origin && !origin_claim(c, i))
		report(c, origin, origin->country, NO_VALUE, NO_VALUE);
}

void check_preference_origin_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct duty_line *claim = origin_claim(c, i);

	if (claim && !preferential_origin(i, false))
		report(c, &i->origins, claim->preference, NO_VALUE, NO_VALUE);
}

void check_preference_proof_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct duty_line *claim = origin_claim(c, i);
	struct span rest = claim ? setting(c, SETTING_origin_proofs) : NO_VALUE;

	if (!rest.n)
		return;
	while (rest.p)
		if (document_given(c, span_cut(&rest, ' ')))
			return;
	report(c, &i->documents, claim->preference, setting(c, SETTING_origin_proofs), NO_VALUE);
}

/* ---- by the agreement ---- */

/* The agreement under which an item claims; NULL: it claims none, or the pack knows nothing of it. */
static const struct ref_agreement *agreement_of(struct checking *c, const struct goods_item *i)
{
	const struct duty_line *claim = ref_agreements(c->r) ? origin_claim(c, i) : NULL;
	const struct origin *origin = claim ? preferential_origin(i, false) : NULL;

	return origin ? ref_agreement_of(c->r, claim->preference, origin->country, c->day) : NULL;
}

struct documents {
	const struct document *v;
	uint32_t n;
};

/* Does one of these documents count by a row of the agreement, as far as `counts` asks? */
static bool proven_by(struct checking *c, const struct ref_agreement *g,
		      bool (*counts)(struct checking *c, const struct ref_origin_proof *p,
				     const struct document *x))
{
	const struct goods_item *i = c->item.item;
	const struct documents given[] = {{i->documents.v, i->documents.n},
					  {c->d->documents.v, c->d->documents.n}};

	for (const struct ref_origin_proof *p = g->book ? g->book->proofs : NULL; p; p = p->next)
		for (size_t k = 0; ref_holds(p->dates, c->day) && k < ARRAY_LEN(given); k++)
			for (uint32_t n = 0; n < given[k].n; n++)
				if (document_is(&given[k].v[n], p->document) &&
				    counts(c, p, &given[k].v[n]))
					return true;
	return false;
}

static bool is_there(struct checking *c, const struct ref_origin_proof *p, const struct document *x)
{
	(void)c, (void)p, (void)x;
	return true;
}

/* A proof without a day may be young enough: whoever looks at it will see. */
static bool is_young(struct checking *c, const struct ref_origin_proof *p, const struct document *x)
{
	return !day_known(&x->effective) || c->day <= day_months_after(x->effective.day, p->months);
}

/* Does the value of the consignment stay within the row's limit? Amounts in other money are for people to compare. */
static bool is_within(struct checking *c, const struct ref_origin_proof *p,
		      const struct document *x)
{
	const struct amount *total = &c->d->invoice_total;

	return is_young(c, p, x) &&
	       (!p->limit.set || !total->value.set || !span_equal(total->currency, p->currency) ||
		decimal_compare(total->value, p->limit) <= 0);
}

/* Beyond the limit only an exporter counts whom the other country approved: no document says so by itself. */
static bool is_anybodys(struct checking *c, const struct ref_origin_proof *p,
			const struct document *x)
{
	return p->exporter == EXPORTER_ANY && is_within(c, p, x);
}

/* The codes of the agreement's proofs, each once. */
static struct span say_proofs(struct checking *c, const struct ref_agreement *g)
{
	struct text t = text_in(c->f->arena);

	for (const struct ref_origin_proof *p = g->book ? g->book->proofs : NULL; p; p = p->next) {
		if (!ref_holds(p->dates, c->day) || words_have(text_as_span(&t), p->document))
			continue;
		if (t.n)
			text_char(&t, ' ');
		text_span(&t, p->document);
	}
	return text_as_span(&t);
}

static bool asks_for_proof(const struct checking *c, const struct ref_agreement *g)
{
	for (const struct ref_origin_proof *p = g->book ? g->book->proofs : NULL; p; p = p->next)
		if (ref_holds(p->dates, c->day))
			return true;
	return false;
}

void check_preference_agreement_proof(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct ref_agreement *g = agreement_of(c, i);

	if (g && asks_for_proof(c, g) && !proven_by(c, g, is_there))
		report(c, &i->documents, g->preference, g->code, say_proofs(c, g));
}

void check_preference_proof_old(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct ref_agreement *g = agreement_of(c, i);

	if (g && proven_by(c, g, is_there) && !proven_by(c, g, is_young))
		report(c, &i->documents, g->preference, say_day(c, c->day), NO_VALUE);
}

void check_preference_proof_exporter(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct ref_agreement *g = agreement_of(c, i);

	if (g && proven_by(c, g, is_young) && !proven_by(c, g, is_anybodys))
		report(c, &i->documents, g->preference, say_proofs(c, g), NO_VALUE);
}

/* Goods that come through a third country may have stayed under customs control there: their papers tell. */
void check_preference_transport(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	const struct ref_agreement *g = agreement_of(c, i);
	const struct span from =
	    i->export_country.n ? i->export_country : c->d->shipment.export_country;

	if (g && g->direct && from.n && !ref_area_has(c->r, g->area, from, c->day) &&
	    !span_equal(from, ref_country(c->r)))
		report(c, &i->export_country, from, g->preference, g->code);
}
