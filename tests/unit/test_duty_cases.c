/* Runs the cases of tests/duty/cases-*.txt: given a declaration, expected values, lines, findings; every proof is checked too.
 *
 *   case ID TITLE              begins one
 *   law TEXT                   the act that says so
 *   pack cif|fob|zero|tariff|uk          tests/duty/pack, alone or with what tests/duty/pack-X replaces; cif unless said
 *   day 2026-01-15   type IMA   terms CIF   freight 100.00 USD   charge AB 10.00 QMD   rate USD 1.25   destination QC
 *   document U001 [STATUS]     of the whole declaration
 *   item KEY VALUE | KEY VALUE ...
 *                              price, value, statistical: AMOUNT CUR; net, gross, quantity: N [UNIT]; origin CC [TYPE];
 *                              document C [STATUS]; procedure R P; charge C AMOUNT CUR; declared LEVY AMOUNT CUR;
 *                              duty LEVY N UNIT (LEVY - for none); retail LEVY AMOUNT CUR; preference CODE [QUOTA];
 *                              additional CODE; code, method, destination
 *   repeat N                   N more items like the last
 *   expect value I AMOUNT [STATISTICAL]
 *          line I LEVY BASE AMOUNT [STATE]
 *          lines N   total AMOUNT   find RULE [POINTER]   incomplete
 *          step I TEXT         some step of the item's proofs holds that text
 *          fixture LEVY|total NAME
 *                              the amount is what the UK duty calculator's fixture of this name shows, where it is there
 *
 * All findings and, unless `lines` counts them, all lines must be expected. Amounts are national. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/date.h"
#include "codec/csv.h"
#include "duty/duty.h"
#include "duty_pack.h"

enum { EXPECTED = 32 };

struct expected {
	struct span text[EXPECTED];
	uint32_t n;
};

struct duty_case {
	struct arena *arena;
	struct span id, title, law;
	const char *pack;
	const struct refset *set;
	struct declaration d;
	struct facts facts;
	struct expected expected;
	struct assessment assessed;
	struct findings findings;
	bool failed;
	int steps;
};

static struct totals {
	int cases, failed, steps, fixtures;
} totals;

#define PUSH(arena, list)                                                                          \
	(arena_push((arena), (void **)&(list).v, &(list).n, &(list).room, sizeof(*(list).v)))

static struct span word(struct span *rest)
{
	*rest = span_trim(*rest);
	return span_cut(rest, ' ');
}

static struct decimal number(struct span s)
{
	struct decimal d = {0};

	if (decimal_parse(s, &d)) {
		print_error("not a number: %.*s\n", SPAN_ARG(s));
		abort();
	}
	return d;
}

static struct amount amount(struct span *rest)
{
	struct amount a = {.value = number(word(rest))};

	a.currency = word(rest);
	return a;
}

static struct quantity quantity(struct span *rest)
{
	struct quantity q = {.value = number(word(rest))};

	q.unit = word(rest);
	return q;
}

static void set_document(struct document *d, struct span rest)
{
	struct span code = word(&rest);

	d->category = (struct span){code.p, 1, 0};
	d->type = (struct span){code.p + 1, code.n - 1, 0};
	d->status = word(&rest);
}

static void set_charge(struct charge *c, struct span rest)
{
	c->type = word(&rest);
	if (span_is(c->type, "-"))
		c->type = NO_VALUE;
	c->amount = amount(&rest);
}

static void set_duty(struct arena *a, struct commodity *goods, struct span key, struct span rest)
{
	struct duty_line *line = PUSH(a, goods->duties);

	if (span_is(key, "preference")) {
		line->preference = word(&rest);
		line->quota = word(&rest);
		return;
	}
	line->type = word(&rest);
	if (span_is(line->type, "-"))
		line->type = NO_VALUE;
	if (span_is(key, "declared"))
		line->assessed = amount(&rest);
	else if (span_is(key, "retail"))
		line->base = amount(&rest);
	else
		line->quantity = quantity(&rest);
}

static bool set_goods(struct arena *a, struct commodity *goods, struct span key, struct span *rest)
{
	if (span_is(key, "price"))
		goods->price = amount(rest);
	else if (span_is(key, "net"))
		goods->net_mass = quantity(rest);
	else if (span_is(key, "gross"))
		goods->gross_mass = quantity(rest);
	else if (span_is(key, "quantity"))
		goods->tariff_quantity = quantity(rest);
	else if (span_is(key, "code"))
		((struct classification *)PUSH(a, goods->classifications))->id = word(rest);
	else if (span_is(key, "additional"))
		*(struct classification *)PUSH(a, goods->classifications) =
		    (struct classification){.id = word(rest), .type = SPAN("TRA")};
	else if (span_is(key, "preference") || span_is(key, "declared") || span_is(key, "duty") ||
		 span_is(key, "retail"))
		set_duty(a, goods, key, *rest);
	else
		return false;
	return true;
}

static bool set_item(struct arena *a, struct goods_item *item, struct span key, struct span *rest)
{
	if (set_goods(a, &item->commodity, key, rest))
		return true;
	if (span_is(key, "origin")) {
		struct origin *o = PUSH(a, item->origins);

		o->country = word(rest);
		o->type = word(rest);
	} else if (span_is(key, "procedure")) {
		struct procedure *p = PUSH(a, item->procedures);

		p->requested = word(rest);
		p->previous = word(rest);
	} else if (span_is(key, "document")) {
		set_document(PUSH(a, item->documents), *rest);
	} else if (span_is(key, "charge")) {
		set_charge(PUSH(a, item->charges), *rest);
	} else if (span_is(key, "method")) {
		item->valuation_method = word(rest);
	} else if (span_is(key, "value")) {
		item->customs_value = amount(rest);
	} else if (span_is(key, "statistical")) {
		item->statistical_value = amount(rest);
	} else if (span_is(key, "destination")) {
		item->destination = word(rest);
	} else {
		return false;
	}
	return true;
}

static bool read_item(struct duty_case *c, struct span rest)
{
	struct goods_item *item = PUSH(c->arena, c->d.shipment.items);

	item->head.present = item->commodity.head.present = true;
	while (rest.n) {
		struct span part = span_trim(span_cut(&rest, '|')), key = word(&part);

		if (!set_item(c->arena, item, key, &part))
			return false;
	}
	return true;
}

static bool repeat_item(struct duty_case *c, struct span rest)
{
	int64_t n = number(rest).units;

	while (n-- > 0) {
		struct goods_item *new = PUSH(c->arena, c->d.shipment.items);

		*new = c->d.shipment.items.v[c->d.shipment.items.n - 2];
	}
	return true;
}

static bool read_line(struct duty_case *c, struct span key, struct span rest)
{
	struct shipment *sh = &c->d.shipment;

	if (span_is(key, "law"))
		c->law = rest;
	else if (span_is(key, "pack"))
		c->pack = span_is(rest, "cif")
			      ? NULL
			      : arena_print(c->arena, "tests/duty/pack-%.*s", SPAN_ARG(rest));
	else if (span_is(key, "day"))
		return !day_parse(rest, &c->facts.legal_day);
	else if (span_is(key, "type"))
		c->d.type = rest;
	else if (span_is(key, "terms"))
		sh->terms.code = rest;
	else if (span_is(key, "freight"))
		sh->freight = amount(&rest);
	else if (span_is(key, "charge"))
		set_charge(PUSH(c->arena, sh->charges), rest);
	else if (span_is(key, "document"))
		set_document(PUSH(c->arena, c->d.documents), rest);
	else if (span_is(key, "destination"))
		sh->destination = rest;
	else if (span_is(key, "rate"))
		*(struct exchange_rate *)PUSH(c->arena, c->d.exchange_rates) =
		    (struct exchange_rate){.currency = word(&rest), .rate = number(rest)};
	else if (span_is(key, "item"))
		return read_item(c, rest);
	else if (span_is(key, "repeat"))
		return repeat_item(c, rest);
	else if (span_is(key, "expect") && c->expected.n < EXPECTED)
		c->expected.text[c->expected.n++] = rest;
	else
		return false;
	return true;
}

/* ---- what is expected ---- */

static void wrong(struct duty_case *c, const char *what, struct span expected)
{
	print_error("%.*s (line %u): %s: %.*s\n", SPAN_ARG(c->id), c->id.line, what,
		    SPAN_ARG(expected));
	c->failed = true;
}

static bool is_money(const struct duty_case *c, struct span text, int64_t minor)
{
	struct decimal d = number(text);

	return decimal_compare(d, decimal_of(minor, (uint8_t)ref_digits(c->set))) == 0;
}

static void want_value(struct duty_case *c, struct span whole, struct span rest)
{
	int64_t i = number(word(&rest)).units;
	const struct item_value *v = &c->assessed.values[i - 1];
	struct span customs = word(&rest), statistical = word(&rest);

	if (!is_money(c, customs, v->customs_value.minor) ||
	    !is_money(c, statistical.n ? statistical : customs, v->statistical_value.minor))
		wrong(c, "another value", whole);
}

static void want_line(struct duty_case *c, struct span whole, struct span rest)
{
	uint32_t item = (uint32_t)number(word(&rest)).units - 1;
	struct span levy = word(&rest), base = word(&rest), due = word(&rest), state = word(&rest);

	for (uint32_t i = 0; i < c->assessed.lines.n; i++) {
		const struct tax_line *line = &c->assessed.lines.v[i];

		if (line->item != item || !span_equal(line->levy, levy))
			continue;
		if (!is_money(c, base, line->base.minor) || !is_money(c, due, line->amount.minor) ||
		    !span_is(state.n ? state : SPAN("due"), tax_state_name(line->state)))
			wrong(c, "another amount", whole);
		if (!line->measure.n || !line->source.n)
			wrong(c, "no measure or source", whole);
		return;
	}
	wrong(c, "no such line", whole);
}

static bool holds_text(const struct proof *p, struct span text)
{
	for (uint32_t i = 0; i < p->steps.n; i++)
		if (memmem(p->steps.v[i].p, p->steps.v[i].n, text.p, text.n))
			return true;
	return false;
}

static void want_step(struct duty_case *c, struct span whole, struct span rest)
{
	uint32_t item = (uint32_t)number(word(&rest)).units - 1;
	bool found = holds_text(&c->assessed.values[item].proof, rest);

	for (uint32_t i = 0; i < c->assessed.lines.n; i++)
		found = found || (c->assessed.lines.v[i].item == item &&
				  holds_text(&c->assessed.lines.v[i].proof, rest));
	if (!found)
		wrong(c, "no such step", whole);
}

/* Takes the first such finding off the list. */
static void want_finding(struct duty_case *c, struct span whole, struct span rest)
{
	struct span rule = word(&rest), pointer = word(&rest);

	for (uint32_t i = 0; i < c->findings.list.n; i++) {
		struct finding *f = &c->findings.list.v[i];

		if (!span_is(rule, finding_id(f->rule)) ||
		    (pointer.n && !span_equal(pointer, f->pointer)))
			continue;
		*f = c->findings.list.v[--c->findings.list.n];
		return;
	}
	wrong(c, "no such finding", whole);
}

static void want_total(struct duty_case *c, struct span whole, struct span rest)
{
	if (!is_money(c, rest, c->assessed.total_due.minor))
		wrong(c, "another total", whole);
}

/* What the fixtures of the duty calculator show for the case of this name; empty: they are not there. */
static struct span shown_by_fixture(struct duty_case *c, struct span name)
{
	const char *shared = getenv("CUSTOMHOUSE_SHARED");
	struct codec_fault fault;
	struct span bytes;
	struct csv csv;

	if (!shared || !*shared)
		return NO_VALUE;
	bytes = duty_file(
	    c->arena, arena_print(c->arena, "%s/tariff/uk-duty-calculator/expected.csv", shared));
	if (!bytes.p)
		return NO_VALUE;
	BUG_ON(csv_open(c->arena, bytes, &csv, &fault));
	while (csv_next(&csv, &fault) == ERR_NONE)
		if (span_equal(csv.fields[csv_column(&csv, "case")], name))
			return csv.fields[csv_column(&csv, "shown_gbp")];
	wrong(c, "no such fixture", name);
	return NO_VALUE;
}

static void want_fixture(struct duty_case *c, struct span whole, struct span rest)
{
	struct span levy = word(&rest), shown = shown_by_fixture(c, rest);
	int64_t minor = c->assessed.total_due.minor;

	for (uint32_t i = 0; i < c->assessed.lines.n; i++)
		if (span_equal(c->assessed.lines.v[i].levy, levy))
			minor = c->assessed.lines.v[i].amount.minor;
	totals.fixtures += shown.n > 0;
	if (shown.n && !is_money(c, shown, minor))
		wrong(c, "not as the fixture shows", whole);
}

static void compare_all(struct duty_case *c)
{
	bool incomplete = false;
	uint32_t lines = 0;

	for (uint32_t i = 0; i < c->expected.n; i++) {
		struct span whole = c->expected.text[i], rest = whole, key = word(&rest);

		if (span_is(key, "value"))
			want_value(c, whole, rest);
		else if (span_is(key, "line"))
			want_line(c, whole, rest), lines++;
		else if (span_is(key, "step"))
			want_step(c, whole, rest);
		else if (span_is(key, "find"))
			want_finding(c, whole, rest);
		else if (span_is(key, "total"))
			want_total(c, whole, rest);
		else if (span_is(key, "fixture"))
			want_fixture(c, whole, rest);
		else if (span_is(key, "lines"))
			lines = (uint32_t)number(rest).units;
		else if (span_is(key, "incomplete"))
			incomplete = true;
		else
			wrong(c, "not understood", whole);
	}
	if (c->assessed.lines.n != lines)
		wrong(c, "more or fewer lines", c->title);
	if (c->assessed.complete == incomplete)
		wrong(c, incomplete ? "complete" : "incomplete", c->title);
	for (uint32_t i = 0; i < c->findings.list.n; i++)
		wrong(c, "unexpected finding", span_of(finding_id(c->findings.list.v[i].rule)));
}

static void assess_case(void *context)
{
	struct duty_case *c = context;

	duty_assess(c->arena, &c->d, c->set, &c->facts, &c->assessed, &c->findings);
}

static void print_case(const struct duty_case *c)
{
	for (uint32_t i = 0; i < c->assessed.items && i < 5; i++)
		for (uint32_t k = 0; k < c->assessed.values[i].proof.steps.n; k++)
			print_error("  %u %.*s\n", i + 1,
				    SPAN_ARG(c->assessed.values[i].proof.steps.v[k]));
	for (uint32_t i = 0; i < c->assessed.lines.n && i < 20; i++)
		for (uint32_t k = 0; k < c->assessed.lines.v[i].proof.steps.n; k++)
			print_error("  %u %.*s\n", c->assessed.lines.v[i].item + 1,
				    SPAN_ARG(c->assessed.lines.v[i].proof.steps.v[k]));
}

static void run_case(struct duty_case *c)
{
	char name[64];

	if (!c->id.n)
		return;
	totals.cases++;
	c->set = duty_pack_load(c->arena, "tests/duty/pack", c->pack);
	assert_non_null(c->set);
	if (!c->law.n)
		wrong(c, "no law", c->title);
	c->findings = findings_for(c->arena, &dict_declaration, &c->d);
	assert_int_equal(arena_run(c->arena, assess_case, c), ERR_NONE);
	snprintf(name, sizeof(name), "%.*s", SPAN_ARG(c->id));
	c->steps = duty_proofs_check(&c->assessed, name);
	c->failed |= c->steps < 0;
	compare_all(c);
	if (c->failed)
		print_case(c);
	totals.failed += c->failed;
	totals.steps += c->steps > 0 ? c->steps : 0;
}

struct reading {
	struct duty_case *c;
	struct span line;
	bool ok;
};

static void read_one(void *context)
{
	struct reading *r = context;
	struct span rest = r->line, key = word(&rest);

	r->ok = read_line(r->c, key, span_trim(rest));
}

static struct duty_case new_case(struct arena *a, struct span rest)
{
	struct duty_case c = {.arena = a};

	c.id = word(&rest);
	c.title = rest;
	c.d.type = SPAN("IMA");
	c.d.function = SPAN("9");
	c.d.head.present = c.d.shipment.head.present = true;
	assert_int_equal(day_parse(SPAN("2026-01-15"), &c.facts.legal_day), ERR_NONE);
	return c;
}

static void run_file(const char *name)
{
	struct arena *text_arena = arena_new(1 << 20), *a = arena_new(256 << 20);
	struct span rest = duty_tree_file(text_arena, "tests/duty", name);
	struct duty_case c = {0};
	uint32_t line_number = 0;

	assert_non_null(rest.p);
	while (rest.n) {
		struct span line = span_trim(span_cut(&rest, '\n'));
		struct reading r = {&c, line, true};

		line_number++;
		if (!line.n || line.p[0] == '#')
			continue;
		if (span_starts(line, SPAN("case "))) {
			run_case(&c);
			arena_reset(a);
			c = new_case(a, (struct span){line.p + 5, line.n - 5, 0});
			c.id.line = line_number;
			continue;
		}
		assert_int_equal(arena_run(a, read_one, &r), ERR_NONE);
		if (!r.ok)
			fail_msg("%s:%u: not understood: %.*s", name, line_number, SPAN_ARG(line));
	}
	run_case(&c);
	arena_free(a);
	arena_free(text_arena);
}

#define CASES_OF(name)                                                                             \
	static void test_##name(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		totals = (struct totals){0};                                                       \
		run_file("cases-" #name ".txt");                                                   \
		print_message("%s: %d cases, %d proof steps, %d fixtures\n", #name, totals.cases,  \
			      totals.steps, totals.fixtures);                                      \
		assert_int_equal(totals.failed, 0);                                                \
	}
CASES_OF(value)
CASES_OF(measure)
CASES_OF(tariff)
CASES_OF(uk)
CASES_OF(hostile)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_value),   cmocka_unit_test(test_measure),
	    cmocka_unit_test(test_tariff),  cmocka_unit_test(test_uk),
	    cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
