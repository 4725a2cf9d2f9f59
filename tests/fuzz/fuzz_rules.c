/* Rule files of any bytes: every fault has a place in the file, and what compiles selects declarations without a fault of
 * its own: the lane that its reasons ask for, reasons in their order, the same twice. */
#include "fuzz.h"
#include "risk/risk.h"

enum { ITEMS = 3 };

struct compiling {
	struct arena *arena;
	struct span bytes;
	const struct refset *ref;
	uint32_t lines;
};

static struct pack_file tables[] = {
    {SPAN("pack.csv"),
     SPAN(
	 "key,value\nname,Fuzz\ncountry,XT\ncurrency,XTD\nzone_minutes,0\nvaluation,CIF\nshard,07\n"
	 "languages,en\nrandom_ppm,20000\nrounding,half-up\n")},
    {SPAN("offices.csv"),
     SPAN("code,name_en,name_fr,kind,from,to,source\nXT001,a,,border,2000-01-01,,t\n")},
    {SPAN("countries.csv"), SPAN("code,name_en,name_fr,from,to,source\nXT,a,,2000-01-01,,t\n")},
    {SPAN("currencies.csv"),
     SPAN("code,name_en,name_fr,digits,from,to,source\nXTD,a,,2,2000-01-01,,t\n")},
    {SPAN("codes.csv"), SPAN("list,code,name_en,name_fr,from,to,source\n")},
    {SPAN("nomenclature.csv"), SPAN("code,declarable,unit,text_en,text_fr,from,to,source\n")},
    {SPAN("levies.csv"), SPAN("code,kind,order,bases,inclusive,rounding,round_to,direction,name_en,"
			      "name_fr,from,to,source\n")},
    {SPAN("measures.csv"), SPAN("id,levy,commodity,area,exclude,preference,procedure,expression,"
				"document,reference,from,to,source\n")},
    {SPAN("procedures.csv"), SPAN("requested,previous,direction,effect,relieved,documents,name_en,"
				  "name_fr,from,to,source\n")},
    {SPAN("lanes.csv"),
     SPAN("lane,expected_ppm,name_en,name_fr,meaning_en,meaning_fr,from,to,source\n"
	  "green,0,g,,g,,2000-01-01,,t\nblue,100,b,,b,,2000-01-01,,t\n"
	  "yellow,100,y,,y,,2000-01-01,,t\nred,100,r,,r,,2000-01-01,,t\n")},
};
static struct pack_file lists[] = {
    {SPAN("lists.csv"),
     SPAN("list,value,from,to,source\nhubs,XM,2025-01-01,,t\ncodes,24022000,2025-01-01,,t\n")},
};

static void load(void *context)
{
	struct compiling *c = context;
	struct pack_faults faults = {.arena = c->arena};
	enum err e = ref_load(c->arena, pack_archive(c->arena, tables, ARRAY_LEN(tables)),
			      pack_archive(c->arena, lists, ARRAY_LEN(lists)), &c->ref, &faults);

	BUG_ON(e);
}

/* The tables, loaded once. */
static const struct refset *reference(void)
{
	static struct compiling c;

	if (!c.ref) {
		c.arena = arena_new(LIMIT_ARENA_BYTES);
		BUG_ON(!c.arena || arena_run(c.arena, load, &c));
	}
	return c.ref;
}

static void check_reasons(const struct selection *s)
{
	enum lane lane = LANE_GREEN;

	for (uint32_t i = 0; i < s->reasons.n; i++) {
		const struct reason *r = &s->reasons.v[i], *before = r - 1;

		lane = r->lane > lane ? r->lane : lane;
		BUG_ON(r->weight < 0 || r->weight > 1000 || !span_valid_utf8(r->text));
		if (i == 0 || before->kind != r->kind)
			continue;
		BUG_ON(span_compare(before->id, r->id) > 0);
		BUG_ON(span_equal(before->id, r->id) && before->item >= r->item);
	}
	BUG_ON(s->lane != lane || s->score < 0 || s->score > 1000);
}

static void select_some(struct compiling *c, const struct ruleset *rules)
{
	struct classification code[] = {{.id = SPAN("24022000")}, {.id = SPAN("8517")}};
	struct goods_item items[ITEMS] = {
	    {.commodity = {.classifications = {code, 1, 1},
			   .description = SPAN("Cigarettes"),
			   .net_mass.value = decimal_of(150, 1)}},
	    {.commodity = {.classifications = {code + 1, 1, 1},
			   .price.value = decimal_of(9995, 2)}},
	};
	struct item_value values[ITEMS] = {{.customs_value = {100000}}};
	struct declaration d = {.type = SPAN("IMA"),
				.shipment = {.items = {items, ITEMS, ITEMS},
					     .export_country = SPAN("XM"),
					     .importer.id = SPAN("P1")}};
	struct assessment assessed = {.values = values, .items = ITEMS, .complete = true};
	struct facts facts = {.office = SPAN("XT001"), .legal_day = 20580};
	struct span *purposes = ARENA_ARRAY(c->arena, struct span, risk_draw_max(rules));
	struct selection one = {0}, two = {0};

	facts.draws.n = risk_draw_purposes(rules, facts.legal_day, purposes);
	facts.draws.v = ARENA_ARRAY(c->arena, struct draw, facts.draws.n);
	for (uint32_t i = 0; i < facts.draws.n; i++)
		facts.draws.v[i] = (struct draw){purposes[i], i % 2 ? UINT64_MAX : 0};
	risk_select(c->arena, &d, &assessed, c->ref, rules, &facts, &one);
	risk_select(c->arena, &d, &assessed, c->ref, rules, &facts, &two);
	BUG_ON(one.lane != two.lane || one.score != two.score || one.reasons.n != two.reasons.n);
	check_reasons(&one);
}

static void compile(void *context)
{
	struct compiling *c = context;
	struct pack_file file = {SPAN("a.rules"), c->bytes};
	struct pack_faults faults = {.arena = c->arena};
	const struct ruleset *rules = NULL;
	enum err e =
	    risk_compile(c->arena, pack_archive(c->arena, &file, 1), c->ref, &rules, &faults);

	BUG_ON(e && e != ERR_FORMAT);
	BUG_ON((e == ERR_FORMAT) != (faults.list.n > 0) || !e != (rules != NULL));
	for (uint32_t i = 0; i < faults.list.n; i++) {
		const struct pack_fault *f = &faults.list.v[i];

		BUG_ON(f->line < 1 || f->line > c->lines || f->column < 1 ||
		       f->column > c->bytes.n + 1);
		BUG_ON(i && f->line < f[-1].line);
	}
	if (!e)
		select_some(c, rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compiling c = {
	    .arena = fuzz_arena(), .bytes = fuzz_span(data, size), .ref = reference(), .lines = 1};
	enum err e;

	for (size_t i = 0; i < size; i++)
		c.lines += data[i] == '\n';
	e = arena_run(c.arena, compile, &c);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
