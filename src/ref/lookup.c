/* What engines ask. Nothing here allocates or writes, so any number of threads may ask at once. */
#include "ref/refset.h"

/* ---- pack.csv ---- */

struct span ref_country(const struct refset *r)
{
	return r->country;
}

struct span ref_currency(const struct refset *r)
{
	return r->currency;
}

unsigned ref_digits(const struct refset *r)
{
	return r->digits;
}

int32_t ref_zone_minutes(const struct refset *r)
{
	return r->zone_minutes;
}

bool ref_values_cif(const struct refset *r)
{
	return r->cif;
}

struct span ref_shard(const struct refset *r)
{
	return r->shard;
}

int64_t ref_random_ppm(const struct refset *r)
{
	return r->random_ppm;
}

int64_t ref_missed_hits(const struct refset *r)
{
	return r->missed_hits;
}

int64_t ref_yellow_days(const struct refset *r)
{
	return r->yellow_days;
}

enum rounding ref_rounding(const struct refset *r)
{
	return r->rounding;
}

enum ref_moment ref_date(const struct refset *r, enum legal_date which)
{
	return r->dates[which];
}

bool ref_dates_wait(const struct refset *r)
{
	bool wait = false;

	for (uint32_t i = 0; i < LEGAL_DATES; i++)
		wait |= r->dates[i] != MOMENT_LODGEMENT;
	return wait;
}

int32_t ref_contingency_days(const struct refset *r)
{
	return (int32_t)r->contingency_days;
}

int32_t ref_supplementary_days(const struct refset *r)
{
	return (int32_t)r->supplementary_days;
}

struct span ref_supplementary_document(const struct refset *r)
{
	return r->supplementary_document;
}

struct span ref_write_off(const struct refset *r)
{
	return r->write_off;
}

const struct ref_write_off *ref_write_offs(const struct refset *r)
{
	return r->write_offs;
}

const struct ref_write_off *ref_write_off_of(const struct refset *r, bool document,
					     struct span code, int32_t day)
{
	for (const struct ref_write_off *w = r->write_offs; w; w = w->next)
		if (ref_write_off_of_document(w->kind) == document && span_equal(w->code, code) &&
		    ref_holds(w->dates, day))
			return w;
	return NULL;
}

const struct ref_step *ref_steps(const struct refset *r)
{
	return r->steps;
}

const struct ref_travel *ref_travel(const struct refset *r)
{
	return r->travel;
}

const struct ref_travel *ref_travel_of(const struct refset *r, struct span goods, int32_t day)
{
	for (const struct ref_travel *t = r->travel; t; t = t->next)
		if (span_equal(t->goods, goods) && ref_holds(t->dates, day))
			return t;
	return NULL;
}

int64_t ref_write_off_mass_ppm(const struct refset *r)
{
	return r->write_off_mass_ppm;
}

int64_t ref_write_off_packages_ppm(const struct refset *r)
{
	return r->write_off_packages_ppm;
}

struct span ref_setting(const struct refset *r, const char *key)
{
	const struct setting *s = map_get(&r->settings, span_of(key));

	return s ? s->value : (struct span){0};
}

/* ---- code lists ---- */

bool ref_has_list(const struct refset *r, struct span list)
{
	return map_get(&r->lists, list);
}

const struct ref_code *ref_code(const struct refset *r, struct span list, struct span code,
				int32_t day)
{
	const struct code_list *l = map_get(&r->lists, list);
	const struct ref_code *c = l ? map_get(&l->codes, code) : NULL;

	while (c && !ref_holds(c->dates, day))
		c = c->next;
	return c;
}

void ref_each_code(const struct refset *r, struct span list,
		   bool (*visit)(void *context, const struct ref_code *c), void *context)
{
	const struct code_list *l = map_get(&r->lists, list);

	for (const struct code_row *row = l ? l->first : NULL; row; row = row->following)
		if (!visit(context, &row->code))
			return;
}

/* ---- exchange ---- */

/* A correction that was known by then, the one known last; else the last rate that begins on or before the day: these do not
 * overlap. */
static const struct rate *rate_on(const struct rate_series *s, int32_t day, int32_t known)
{
	uint32_t low = 0, high = s->n;

	for (uint32_t i = 0; i < s->corrections; i++)
		if (s->corrected[i].known <= known && ref_holds(s->corrected[i].dates, day))
			return &s->corrected[i];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (s->v[middle].dates.from <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low && day <= s->v[low - 1].dates.to ? &s->v[low - 1] : NULL;
}

enum err ref_rate(const struct refset *r, struct span currency, int32_t day, int32_t known,
		  struct decimal *ret_rate, int64_t *ret_per, struct ref_dates *ret_dates)
{
	const struct rate_series *series;
	const struct rate *rate;

	if (span_equal(currency, r->currency)) {
		*ret_rate = decimal_of(1, 0);
		*ret_per = 1;
		*ret_dates = (struct ref_dates){INT32_MIN, INT32_MAX};
		return ERR_NONE;
	}
	series = map_get(&r->rates, currency);
	rate = series ? rate_on(series, day, known) : NULL;
	if (!rate)
		return ERR_NOT_FOUND;
	*ret_rate = rate->rate;
	*ret_per = rate->per;
	*ret_dates = rate->dates;
	return ERR_NONE;
}

/* ---- goods, places, levies ---- */

const struct ref_commodity *ref_commodity(const struct refset *r, struct span code, int32_t day)
{
	const struct ref_commodity *c = map_get(&r->commodities, code);

	while (c && !ref_holds(c->dates, day))
		c = c->next;
	return c;
}

void ref_each_commodity(const struct refset *r,
			bool (*visit)(void *context, const struct ref_commodity *c), void *context)
{
	for (uint32_t i = 0; i < r->commodities.size; i++)
		for (const struct ref_commodity *c = r->commodities.slots[i].value; c; c = c->next)
			if (!visit(context, c))
				return;
}

static bool any_holds(const struct term *t, int32_t day)
{
	while (t && !ref_holds(t->dates, day))
		t = t->next;
	return t;
}

bool ref_area_has(const struct refset *r, struct span area, struct span country, int32_t day)
{
	const struct area *group;

	if (span_is(area, "*") || span_equal(area, country))
		return true;
	group = map_get(&r->areas, area);
	return group && any_holds(map_get(&group->members, country), day);
}

struct ref_text ref_area_name(const struct refset *r, struct span area)
{
	const struct area *group = map_get(&r->areas, area);

	return group ? group->name : (struct ref_text){0};
}

const struct ref_levy *ref_levies(const struct refset *r, uint32_t *ret_n)
{
	*ret_n = r->levy_count;
	return r->levies;
}

const struct ref_measure *ref_measures(const struct refset *r, struct span commodity)
{
	const struct measure_chain *chain = map_get(&r->measures, commodity);

	return chain ? chain->first : NULL;
}

bool ref_measure_holds(const struct ref_measure *m, int32_t day, int32_t known)
{
	if (!ref_holds(m->dates, day) || m->known > known)
		return false;
	for (const struct ref_measure *x = m->corrections; x; x = x->next_correction)
		if (x->known > m->known && x->known <= known && ref_holds(x->dates, day))
			return false;
	return !m->expression || !m->expression->withdrawn;
}

bool ref_has_quotas(const struct refset *r)
{
	return r->quotas;
}

const struct ref_measure_type *ref_measure_type(const struct refset *r, struct span type,
						int32_t day)
{
	const struct ref_measure_type *t = map_get(&r->measure_types, type);

	while (t && !ref_holds(t->dates, day))
		t = t->next;
	return t;
}

static const struct ref_code *code_on(const struct map *m, struct span code, int32_t day)
{
	const struct ref_code *c = map_get(m, code);

	while (c && !ref_holds(c->dates, day))
		c = c->next;
	return c;
}

const struct ref_code *ref_footnote(const struct refset *r, struct span footnote, int32_t day)
{
	return code_on(&r->footnotes, footnote, day);
}

const struct ref_code *ref_regulation(const struct refset *r, struct span regulation, int32_t day)
{
	return code_on(&r->regulations, regulation, day);
}

const struct duty_expression *ref_component(const struct refset *r, struct span component,
					    struct span additional, int32_t day)
{
	const struct duty_expression *any = NULL;

	for (const struct component *c = map_get(&r->components, component); c; c = c->next) {
		if (!ref_holds(c->dates, day))
			continue;
		if (additional.n && span_equal(c->additional, additional))
			return c->expression;
		if (!c->additional.n)
			any = c->expression;
	}
	return any;
}

const struct ref_synonym *ref_synonyms(const struct refset *r)
{
	return r->synonyms;
}

void ref_each_procedure(const struct refset *r,
			bool (*visit)(void *context, const struct ref_procedure *p), void *context)
{
	for (uint32_t i = 0; i < r->procedures.size; i++)
		for (const struct ref_procedure *p = r->procedures.slots[i].value; p; p = p->next)
			if (!visit(context, p))
				return;
}

const struct ref_procedure *ref_procedure(const struct refset *r, struct span requested,
					  struct span previous, int32_t day)
{
	const struct ref_procedure *any = NULL;

	for (const struct ref_procedure *p = map_get(&r->procedures, requested); p; p = p->next) {
		if (!ref_holds(p->dates, day))
			continue;
		if (span_equal(p->previous, previous))
			return p;
		if (span_is(p->previous, "*"))
			any = p;
	}
	return any;
}

enum direction ref_direction(const struct refset *r, const struct declaration *d, int32_t day)
{
	const struct goods_item *first = d->shipment.items.n ? d->shipment.items.v : NULL;
	enum direction direction = declaration_direction(d);
	const struct ref_procedure *known;
	const struct procedure *main;

	if (direction != DIRECTION_UNKNOWN || !first || !first->procedures.n)
		return direction;
	main = first->procedures.v;
	known = ref_procedure(r, main->requested, main->previous, day);
	return known ? known->direction : DIRECTION_UNKNOWN;
}

const struct ref_permit *ref_permits(const struct refset *r, struct span commodity)
{
	const struct permit_chain *chain = map_get(&r->permits, commodity);

	return chain ? chain->first : NULL;
}

const struct ref_permit *ref_first_permit(const struct refset *r)
{
	return r->first_permit;
}

/* ---- risk and checks ---- */

const struct ref_lane *ref_lane(const struct refset *r, enum lane lane, int32_t day)
{
	static const struct ref_lane undefined;

	for (const struct lane_row *row = r->lanes[lane]; row; row = row->next)
		if (ref_holds(row->dates, day))
			return &row->lane;
	return &undefined;
}

bool ref_list_has(const struct refset *r, struct span list, struct span value, int32_t day)
{
	const struct map *values = map_get(&r->value_lists, list);

	return values && any_holds(map_get(values, value), day);
}

bool ref_knows_list(const struct refset *r, struct span list)
{
	return map_get(&r->value_lists, list);
}

void ref_each_listed(const struct refset *r, struct span list,
		     bool (*visit)(void *context, struct span value, struct ref_dates dates),
		     void *context)
{
	const struct map *values = map_get(&r->value_lists, list);

	for (uint32_t i = 0; values && i < values->size; i++)
		for (const struct term *t = values->slots[i].value; t; t = t->next)
			if (!visit(context, values->slots[i].key, t->dates))
				return;
}

bool ref_severity(const struct refset *r, enum finding_rule rule, int32_t day, enum severity *ret,
		  bool *ret_off)
{
	const struct severity_row *row = r->severities[rule];

	while (row && !ref_holds(row->dates, day))
		row = row->next;
	if (!row)
		return false;
	*ret = row->severity;
	*ret_off = row->off;
	return true;
}

void ref_report(const struct refset *r, int32_t day, struct findings *f, enum finding_rule rule,
		const void *place, struct span v1, struct span v2, struct span v3)
{
	const enum severity usual = finding_severity(rule);
	enum severity severity = usual;
	struct finding *new;
	bool off = false;

	if (ref_severity(r, rule, day, &severity, &off) && off)
		return;
	new = finding_add(f, rule, place, v1, v2, v3);
	if (severity == usual || new == &f->beyond)
		return;
	if (usual == SEVERITY_ERROR)
		f->errors--;
	else if (severity == SEVERITY_ERROR)
		f->errors++;
	new->severity = severity;
}
