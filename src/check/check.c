#include "check/check.h"

#include "check/room.h"

/* ---- the table ---- */

#define KIND_OF(type, member)                                                                      \
	_Generic(((struct type *)NULL)->member, struct span                                        \
		 : MEMBER_TEXT, struct decimal                                                     \
		 : MEMBER_NUMBER, struct amount                                                    \
		 : MEMBER_NUMBER, struct quantity                                                  \
		 : MEMBER_NUMBER, struct datetime                                                  \
		 : MEMBER_TIME, default                                                            \
		 : MEMBER_CLASS)
#define MEMBER(type, member) .offset = offsetof(struct type, member), .kind = KIND_OF(type, member)

#define REQUIRED(type, member) .run = check_required, MEMBER(type, member)
#define REQUIRED_LIST(type, member)                                                                \
	.run = check_required_list, .offset = offsetof(struct type, member)
#define NEEDS(type, member, other)                                                                 \
	.run = check_needs, MEMBER(type, member), .other_offset = offsetof(struct type, other),    \
	.other_kind = KIND_OF(type, other)
#define POSITIVE(type, member)      .run = check_positive, MEMBER(type, member)
#define NOT_FUTURE(type, member)    .run = check_not_future, MEMBER(type, member)
#define FORM(type, member, pattern) .run = check_form, MEMBER(type, member), .form = form_##pattern
#define BY(function)                .run = check_##function

static const struct check checks[] = {
#define CHECK(name, where, on, how)                                                                \
	{.rule = FINDING_##name, .level = LEVEL_##where, .when = (on), how},
#include "check/checks.def"
#undef CHECK
};

/* ---- running ---- */

/* Which rows look at a message like this one: asked once, not for every object. */
static void select_rows(struct selected *s, unsigned on)
{
	memset(s->n, 0, sizeof(s->n));
	for (uint32_t i = 0; i < ARRAY_LEN(checks); i++) {
		const struct check *k = &checks[i];
		unsigned direction = k->when & (ON_IMPORT | ON_EXPORT);

		if (!(k->when & on & ON_ANY) || (direction && !(direction & on)))
			continue;
		BUG_ON(s->n[k->level] == LEVEL_ROWS);
		s->row[k->level][s->n[k->level]++] = (uint8_t)i;
	}
}
_Static_assert(ARRAY_LEN(checks) <= UINT8_MAX, "a row's number is a byte");

void run_level(struct checking *c, enum level level, const void *object)
{
	const struct selected *s = c->selected;
	bool full = c->item.item ? c->item.full : c->full;

	for (uint32_t i = 0; i < s->n[level]; i++) {
		c->now = &checks[s->row[level][i]];
		if (full || !(c->now->when & IF_FULL))
			c->now->run(c, object);
	}
}

void report(struct checking *c, const void *place, struct span v1, struct span v2, struct span v3)
{
	ref_report(c->r, c->day, c->f, c->now->rule, place, v1, v2, v3);
}

/* ---- what the items say together ---- */

static bool item_is_full(struct checking *c, const struct goods_item *i)
{
	if (c->reduced)
		return false;
	if (i->procedures.n &&
	    setting_begins(c, SETTING_reduced_procedures, i->procedures.v[0].requested))
		return false;
	for (uint32_t j = 1; j < i->procedures.n; j++)
		if (setting_has(c, SETTING_low_value_procedures, i->procedures.v[j].requested))
			return false;
	return true;
}

static const struct ref_procedure *procedure_of(struct checking *c, const struct procedure *p)
{
	if (!c->asked_requested.p || !span_equal(c->asked_requested, p->requested) ||
	    !span_equal(c->asked_previous, p->previous)) {
		c->asked_requested = p->requested;
		c->asked_previous = p->previous;
		c->answered = ref_procedure(c->r, p->requested, p->previous, c->day);
	}
	return c->answered;
}

static void gather_procedure(struct checking *c, const struct procedure *p)
{
	const struct ref_procedure *known = procedure_of(c, p);

	if (known && known->effect == EFFECT_SUSPENDED)
		c->suspended = true;
	else if (known)
		c->unsuspended = true;
	if (!c->warehoused && (setting_begins(c, SETTING_warehouse_procedures, p->requested) ||
			       setting_begins(c, SETTING_warehouse_procedures, p->previous)))
		c->warehoused = p;
}

static void gather_price(struct checking *c, const struct amount *price)
{
	sum_add(&c->price, price->value);
	if (!price->value.set)
		return;
	if (!c->currency.p)
		c->currency = price->currency;
	else if (!span_equal(c->currency, price->currency))
		c->same_currency = false;
}

static void gather_packages(struct checking *c, const struct goods_item *i)
{
	if (!i->packages.n)
		c->packages.all = false;
	for (uint32_t j = 0; j < i->packages.n; j++)
		sum_add(&c->packages, i->packages.v[j].count);
}

static void gather(struct checking *c)
{
	const struct shipment *s = &c->d->shipment;

	c->gross.all = c->packages.all = c->price.all = c->same_currency = true;
	c->reduced = setting_has(c, SETTING_reduced_types, type_letter(c->d));
	c->full = s->items.n == 0;
	for (uint32_t i = 0; i < s->items.n; i++) {
		const struct goods_item *item = &s->items.v[i];

		c->full |= item_is_full(c, item);
		sum_add(&c->gross, item->commodity.gross_mass.value);
		gather_packages(c, item);
		gather_price(c, &item->commodity.price);
		if (item->procedures.n)
			gather_procedure(c, &item->procedures.v[0]);
	}
}

/* ---- the walk ---- */

static void run_documents(struct checking *c, const struct document *v, uint32_t n)
{
	c->siblings = (struct dict_list){(void *)(uintptr_t)v, n, n};
	for (uint32_t i = 0; i < n; i++)
		run_level(c, LEVEL_DOCUMENT, &v[i]);
}

static void run_previous(struct checking *c, const struct previous_document *v, uint32_t n)
{
	c->siblings = (struct dict_list){(void *)(uintptr_t)v, n, n};
	for (uint32_t i = 0; i < n; i++)
		run_level(c, LEVEL_PREVIOUS, &v[i]);
}

/* Members of a list, one by one. */
#define RUN_LIST(c, level, list)                                                                   \
	do {                                                                                       \
		for (uint32_t each = 0; each < (list).n; each++)                                   \
			run_level((c), (level), &(list).v[each]);                                  \
	} while (0)

static void run_parties(struct checking *c, const struct party *const *parties, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (parties[i]->head.present)
			run_level(c, LEVEL_PARTY, parties[i]);
}

static void run_header(struct checking *c)
{
	const struct declaration *d = c->d;
	const struct shipment *s = &d->shipment;
	const struct party *const parties[] = {
	    &d->submitter, &d->declarant, &d->exporter, &s->buyer,  &s->consignee,
	    &s->consignor, &s->importer,  &s->payer,    &s->seller, &s->surety,
	};

	run_level(c, LEVEL_DECLARATION, d);
	run_parties(c, parties, ARRAY_LEN(parties));
	run_documents(c, d->documents.v, d->documents.n);
	run_previous(c, s->previous.v, s->previous.n);
	RUN_LIST(c, LEVEL_STATEMENT, d->statements);
	RUN_LIST(c, LEVEL_AMENDMENT, d->amendments);
	RUN_LIST(c, LEVEL_CHARGE, s->charges);
	RUN_LIST(c, LEVEL_CONTAINER, s->consignment.containers);
}

static void view_item(struct checking *c, const struct goods_item *i, uint32_t index)
{
	c->item = (struct item_view){.item = i, .index = index, .full = item_is_full(c, i)};
	c->item.code = goods_item_code(c->f->arena, i);
	if (c->item.code.n)
		c->item.commodity = commodity_on(c->r, c->item.code, c->day);
	if (i->procedures.n) {
		c->item.main = &i->procedures.v[0];
		c->item.procedure = procedure_of(c, c->item.main);
	}
}

static void run_item(struct checking *c, const struct goods_item *i, uint32_t index)
{
	const struct party *const parties[] = {&i->buyer, &i->consignee, &i->consignor, &i->seller};

	view_item(c, i, index);
	run_level(c, LEVEL_ITEM, i);
	run_parties(c, parties, ARRAY_LEN(parties));
	run_documents(c, i->documents.v, i->documents.n);
	run_previous(c, i->previous.v, i->previous.n);
	RUN_LIST(c, LEVEL_STATEMENT, i->statements);
	RUN_LIST(c, LEVEL_CHARGE, i->charges);
	RUN_LIST(c, LEVEL_PACKAGE, i->packages);
}

/* Which ON_... bits a message has. One that says nothing known is looked at as what it seems to be. */
static unsigned message_bits(const struct declaration *d, enum direction direction)
{
	unsigned on = 0;

	switch (declaration_function(d)) {
	case FUNCTION_ORIGINAL:
		on = ON_ORIGINAL;
		break;
	case FUNCTION_AMENDMENT:
		on = ON_AMENDMENT;
		break;
	case FUNCTION_CANCELLATION:
		on = ON_CANCELLATION;
		break;
	case FUNCTION_PRESENTATION:
		on = ON_PRESENTATION;
		break;
	case FUNCTION_UNKNOWN:
		on = d->shipment.items.n ? ON_ORIGINAL : ON_REQUESTS;
		break;
	}
	if (direction == DIRECTION_IMPORT)
		on |= ON_IMPORT;
	if (direction == DIRECTION_EXPORT)
		on |= ON_EXPORT;
	return on;
}

void check_declaration(const struct declaration *d, const struct refset *r,
		       const struct facts *facts, struct findings *f)
{
	enum direction direction = ref_direction(r, d, facts->legal_day);
	unsigned on = message_bits(d, direction);
	struct selected selected;
	struct checking c = {
	    .d = d,
	    .r = r,
	    .facts = facts,
	    .f = f,
	    .day = facts->legal_day,
	    .direction = direction,
	    .on = on,
	    .selected = &selected,
	};

	select_rows(&selected, on);
	if (on & ON_ORIGINAL)
		gather(&c);
	run_header(&c);
	for (uint32_t i = 0; on & ON_ORIGINAL && !f->cut && i < d->shipment.items.n; i++)
		run_item(&c, &d->shipment.items.v[i], i);
	c.item = (struct item_view){.item = NULL};
	run_values(&c);
}
