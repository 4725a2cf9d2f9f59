/* Customs procedures: known pairs, their direction, how they go together. */
#include "check/room.h"

bool procedure_follows(const struct procedure *p)
{
	for (uint32_t i = 0; i < p->previous.n; i++)
		if (p->previous.p[i] != '0')
			return true;
	return false;
}

void check_procedure_unknown(struct checking *c, const void *object)
{
	const struct procedure *p = c->item.main;

	(void)object;
	if (p && !c->item.procedure)
		report(c, p, p->requested.p ? p->requested : SPAN("-"),
		       p->previous.p ? p->previous : SPAN("-"), say_day(c, c->day));
}

void check_procedure_direction(struct checking *c, const void *object)
{
	const struct ref_procedure *p = c->item.procedure;

	(void)object;
	if (p && p->direction != DIRECTION_UNKNOWN && c->direction != DIRECTION_UNKNOWN &&
	    p->direction != c->direction)
		report(c, &c->item.main->requested, c->item.main->requested, c->d->type, NO_VALUE);
}

void check_procedure_mixed(struct checking *c, const void *object)
{
	(void)object;
	/* Said once, at the items that suspend: they are the ones to lodge apart. */
	if (c->suspended && c->unsuspended && c->item.procedure &&
	    c->item.procedure->effect == EFFECT_SUSPENDED)
		report(c, c->item.main, c->item.main->requested, NO_VALUE, NO_VALUE);
}

void check_procedure_additional_twice(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	for (uint32_t j = 2; j < i->procedures.n; j++)
		for (uint32_t k = 1; k < j; k++)
			if (span_equal(i->procedures.v[j].requested,
				       i->procedures.v[k].requested)) {
				report(c, &i->procedures.v[j].requested,
				       i->procedures.v[j].requested, NO_VALUE, NO_VALUE);
				break;
			}
}

void check_procedure_additional_unknown(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	for (uint32_t j = 1; j < i->procedures.n; j++) {
		const struct span *code = &i->procedures.v[j].requested;

		if (code->n && !code_is_good(c, "additional_procedure", *code))
			report(c, code, *code, NO_VALUE, NO_VALUE);
	}
}
