/* quotas.csv and quota_stops.csv. */
#include "ref/loader.h"
#include "ref/ref_quota.h"

static const char *const schemes[] = {"first", "day"};

const char *quota_scheme_name(enum quota_scheme s)
{
	return schemes[s];
}

enum {
	QUOTA_ORDER,
	QUOTA_UNIT,
	QUOTA_VOLUME,
	QUOTA_SCHEME,
	QUOTA_THRESHOLD,
	QUOTA_CRITICAL,
	QUOTA_PARENT,
	QUOTA_COEFFICIENT,
	QUOTA_EN,
	QUOTA_FR
};
/* Words of choices stand in the order of their enums. */
const struct column quota_columns[10] = {PLAIN("quota", FIELD_WORD),
					 PLAIN("unit", FIELD_WORD),
					 PLAIN("volume", FIELD_RATE),
					 CHOICE("scheme", "first day"),
					 WHOLE("threshold", 0, 100),
					 CHOICE("critical", "auto always never"),
					 PLAIN("parent", FIELD_ANY),
					 PLAIN("coefficient", FIELD_LATER),
					 NAMES};

/* Millionths; a fault when there are finer parts, or more than fits. */
static int64_t millionths(struct loader *l, const struct field *f, struct decimal d)
{
	enum { DIGITS = 6 };
	struct decimal at;

	if (!decimal_rescale(d, DIGITS, ROUND_DOWN, &at) && !decimal_compare(at, d))
		return at.units;
	FIELD_FAULT(l, f, "field.range", "\"%.*s\" is too large, or finer than a millionth",
		    QUOTE_ARG(f->text));
	return QUOTA_MILLION;
}

static int64_t coefficient(struct loader *l, const struct field *f)
{
	struct decimal d;

	if (!f->text.n)
		return QUOTA_MILLION;
	if (!decimal_parse(f->text, &d) && d.units > 0)
		return millionths(l, f, d);
	FIELD_FAULT(l, f, "field.number", "coefficient \"%.*s\" must be a number above zero",
		    QUOTE_ARG(f->text));
	return QUOTA_MILLION;
}

void take_quota(struct loader *l, const struct row *r)
{
	struct ref_quota *new = ARENA_NEW(l->arena, struct ref_quota);
	const struct field *unit = &r->field[QUOTA_UNIT], *volume = &r->field[QUOTA_VOLUME];

	*new = (struct ref_quota){
	    .order = r->field[QUOTA_ORDER].text,
	    .unit = unit->text,
	    .volume = QUOTA_MILLION,
	    .scheme = (enum quota_scheme)r->field[QUOTA_SCHEME].whole,
	    .critical = (enum quota_critical)r->field[QUOTA_CRITICAL].whole,
	    .threshold = r->field[QUOTA_THRESHOLD].whole,
	    .parent = r->field[QUOTA_PARENT].text,
	    .coefficient = coefficient(l, &r->field[QUOTA_COEFFICIENT]),
	    .name = text_at(r, QUOTA_EN),
	    .dates = r->dates,
	    .source = r->source,
	    .line = r->line,
	};
	if (volume->number.set && volume->number.units > 0)
		new->volume = millionths(l, volume, volume->number);
	if (unit->text.n && !span_is(unit->text, "value"))
		reference_check(l, unit, unit->text, REFERS_UNIT);
	if (r->dated && r->dates.to == INT32_MAX)
		LOAD_FAULT(l, r->line, r->from.column, "quota.period",
			   "the period of a quota has a last day");
	CHAIN(&l->set->quota_periods, new->order, new);
	if (l->set->last_quota)
		l->set->last_quota->following = new;
	else
		l->set->first_quota = new;
	l->set->last_quota = new;
}

/* A parent may stand behind its sub-quotas. One level is enough for the tariffs there are, and has no circles. */
void finish_quotas(struct loader *l)
{
	for (const struct ref_quota *q = l->set->first_quota; q; q = q->following) {
		const struct ref_quota *parent =
		    q->parent.n ? map_get(&l->set->quota_periods, q->parent) : NULL;

		if (q->parent.n && !parent)
			LOAD_FAULT(l, q->line, 0, "quota.unknown", "there is no quota \"%.*s\"",
				   QUOTE_ARG(q->parent));
		for (const struct ref_quota *p = parent; p; p = p->next)
			if (p->parent.n) {
				LOAD_FAULT(l, q->line, 0, "quota.parent",
					   "quota \"%.*s\" is a sub-quota itself",
					   QUOTE_ARG(q->parent));
				break;
			}
	}
}

enum { STOP_ORDER, STOP_KIND, STOP_EN, STOP_FR };
const struct column quota_stop_columns[4] = {
    WORDS("quota", FIELD_ONE, REFERS_QUOTA), CHOICE("kind", "blocking suspension"),
    PLAIN("reason_en", FIELD_TEXT), PLAIN("reason_fr", FIELD_FRENCH)};

void take_quota_stop(struct loader *l, const struct row *r)
{
	struct ref_quota_stop *new = ARENA_NEW(l->arena, struct ref_quota_stop);

	*new = (struct ref_quota_stop){
	    .order = r->field[STOP_ORDER].text,
	    .kind = (enum quota_stop_kind)r->field[STOP_KIND].whole,
	    .reason = text_at(r, STOP_EN),
	    .dates = r->dates,
	    .source = r->source,
	    .line = r->line,
	};
	CHAIN(&l->set->quota_stops, new->order, new);
}

/* ---- lookups ---- */

bool ref_quota_defined(const struct refset *r, struct span order)
{
	return map_get(&r->quota_periods, order);
}

const struct ref_quota *ref_quota(const struct refset *r, struct span order, int32_t day)
{
	const struct ref_quota *q = map_get(&r->quota_periods, order);

	while (q && !ref_holds(q->dates, day))
		q = q->next;
	return q;
}

const struct ref_quota *ref_quota_from(const struct refset *r, struct span order, int32_t first)
{
	const struct ref_quota *q = map_get(&r->quota_periods, order);

	while (q && q->dates.from != first)
		q = q->next;
	return q;
}

const struct ref_quota_stop *ref_quota_stop(const struct refset *r, struct span order,
					    enum quota_stop_kind kind, int32_t day)
{
	const struct ref_quota_stop *s = map_get(&r->quota_stops, order);

	while (s && (s->kind != kind || !ref_holds(s->dates, day)))
		s = s->next;
	return s;
}

const struct ref_quota *ref_quotas(const struct refset *r)
{
	return r->first_quota;
}

const struct ref_quota_stop *ref_quota_stops(const struct refset *r, struct span order)
{
	return map_get(&r->quota_stops, order);
}
