/* The tables of origin (docs/origin.md), and how they are asked. */
#include "ref/loader.h"

/* ---- origin_agreements.csv ---- */

enum {
	AGREEMENT_CODE,
	AGREEMENT_AREA,
	AGREEMENT_PREFERENCE,
	AGREEMENT_CUMULATION,
	AGREEMENT_WITH,
	AGREEMENT_TOLERANCE,
	AGREEMENT_TEXTILE,
	AGREEMENT_TRANSPORT,
	AGREEMENT_NAME
};
const struct column agreement_columns[10] = {
    PLAIN("agreement", FIELD_WORD),
    WORDS("area", FIELD_ONE, REFERS_AREA),
    WORDS("preference", FIELD_MAYBE, REFERS_PREFERENCE),
    CHOICE("cumulation", "none bilateral diagonal full"),
    WORDS("with", FIELD_MAYBE, REFERS_AREA),
    PLAIN("tolerance", FIELD_LATER),
    PLAIN("textile_tolerance", FIELD_LATER),
    CHOICE("transport", "any direct"),
    NAMES,
};

const char *origin_cumulation_name(enum origin_cumulation c)
{
	static const char *const names[] = {"none", "bilateral", "diagonal", "full"};

	return names[c];
}

/* "10%" or nothing. */
static void read_tolerance(struct loader *l, const struct field *f, struct decimal *ret)
{
	struct span number = f->text;
	struct decimal d;

	if (!f->text.n)
		return;
	number.n--;
	if (f->text.p[number.n] == '%' && !decimal_parse(number, &d) &&
	    d.scale <= LIMIT_ORIGIN_PERCENT_SCALE && d.units >= 0 &&
	    decimal_compare(d, decimal_of(100, 0)) <= 0)
		*ret = d;
	else
		FIELD_FAULT(
		    l, f, "origin.tolerance",
		    "a tolerance is a per cent from 0 to 100, such as 10%%, with at most four "
		    "decimals, or empty");
}

/* The rows of an agreement; made when its first row comes. */
static struct origin_chain *chain_of(struct loader *l, struct span code)
{
	struct origin_chain *c = map_get(&l->set->origin, code);

	if (!c) {
		c = ARENA_NEW(l->arena, struct origin_chain);
		map_put(&l->set->origin, code, c);
	}
	return c;
}

void take_agreement(struct loader *l, const struct row *r)
{
	struct ref_agreement *new = ARENA_NEW(l->arena, struct ref_agreement);
	const struct field *with = &r->field[AGREEMENT_WITH];

	/* words stand in the order of the enum */
	*new = (struct ref_agreement){
	    .code = r->field[AGREEMENT_CODE].text,
	    .area = r->field[AGREEMENT_AREA].text,
	    .preference = r->field[AGREEMENT_PREFERENCE].text,
	    .cumulation = (enum origin_cumulation)r->field[AGREEMENT_CUMULATION].whole,
	    .with = with->text,
	    .direct = r->field[AGREEMENT_TRANSPORT].whole == 1,
	    .name = text_at(r, AGREEMENT_NAME),
	    .dates = r->dates,
	    .source = r->source,
	};
	if (with->text.n && new->cumulation < CUMULATION_DIAGONAL)
		FIELD_FAULT(l, with, "origin.cumulation",
			    "only diagonal and full cumulation are with other countries");
	if (!with->text.n && new->cumulation == CUMULATION_DIAGONAL)
		FIELD_FAULT(l, with, "origin.cumulation",
			    "diagonal cumulation must say with which countries");
	read_tolerance(l, &r->field[AGREEMENT_TOLERANCE], &new->tolerance);
	read_tolerance(l, &r->field[AGREEMENT_TEXTILE], &new->textile_tolerance);
	new->book = &chain_of(l, new->code)->book;
	if (l->set->last_agreement)
		l->set->last_agreement->next = new;
	else
		l->set->agreements = new;
	l->set->last_agreement = new;
}

static struct origin_chain *known_agreement(struct loader *l, const struct field *f)
{
	struct origin_chain *c = map_get(&l->set->origin, f->text);

	if (!c && f->text.n && !l->unread[TABLE_AGREEMENTS])
		FIELD_FAULT(l, f, "agreement.unknown", "there is no agreement \"%.*s\"",
			    QUOTE_ARG(f->text));
	return c;
}

/* ---- origin_rules.csv ---- */

enum { RULE_AGREEMENT, RULE_COMMODITY, RULE_PART, RULE_TEXT, RULE_PART_EN, RULE_PART_FR };
const struct column origin_rule_columns[6] = {
    PLAIN("agreement", FIELD_WORD), PLAIN("commodity", FIELD_LATER), PLAIN("part", FIELD_ANY),
    PLAIN("rule", FIELD_TEXT),      PLAIN("part_en", FIELD_ANY),     PLAIN("part_fr", FIELD_ANY)};

enum { GOODS_DIGITS = 10 };

static bool is_code(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= 2 && s.n <= GOODS_DIGITS && s.n % 2 == 0;
}

static uint64_t as_number(struct span code)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < GOODS_DIGITS; i++)
		v = v * 10 + (uint64_t)(i < code.n ? code.p[i] - '0' : 0);
	return v;
}

/* "0301" or "0101-0106". */
static void read_goods(struct loader *l, const struct field *f, struct ref_origin_rule *rule)
{
	struct span rest = f->text, from = span_cut(&rest, '-'), to = rest.p ? rest : from;
	uint64_t step = 1;

	if (!is_code(from) || !is_code(to) || from.n != to.n || span_compare(from, to) > 0) {
		FIELD_FAULT(l, f, "origin.goods",
			    "\"%.*s\" is no code of two to ten digits, an even number of them, and "
			    "no range of two such codes",
			    QUOTE_ARG(f->text));
		return;
	}
	for (uint32_t i = from.n; i < GOODS_DIGITS; i++)
		step *= 10;
	rule->goods = (struct origin_codes){.from = from, .to = to};
	rule->width = as_number(to) - as_number(from) + step;
}

static void check_processes(struct loader *l, const struct field *f, const struct origin_node *n)
{
	const struct code_list *list = map_get(&l->set->lists, SPAN("origin_process"));

	for (; n; n = n->next) {
		if (n->test == ORIGIN_PROCESS && !l->unread[TABLE_CODES] &&
		    !(list && map_get(&list->codes, n->process)))
			LOAD_FAULT(l, f->line, f->column + (uint32_t)(n->process.p - f->text.p),
				   "process.unknown", "there is no process \"%.*s\"",
				   QUOTE_ARG(n->process));
		check_processes(l, f, n->child);
	}
}

static void read_rule(struct loader *l, const struct field *f, struct ref_origin_rule *rule)
{
	const char *why;
	uint32_t at;

	rule->text = f->text;
	if (!f->text.n)
		return; /* said already */
	if (origin_rule_parse(l->arena, f->text, &rule->rule, &why, &at))
		LOAD_FAULT(l, f->line, f->column + at, "origin.syntax", "%s", why);
	else
		check_processes(l, f, rule->rule);
}

void take_origin_rule(struct loader *l, const struct row *r)
{
	struct origin_chain *c = known_agreement(l, &r->field[RULE_AGREEMENT]);
	const struct field *part = &r->field[RULE_PART];
	struct ref_origin_rule *new = ARENA_NEW(l->arena, struct ref_origin_rule);

	new->part = part->text;
	new->part_name = text_at(r, RULE_PART_EN);
	new->dates = r->dates;
	new->source = r->source;
	new->line = r->line;
	if (part->text.n && (!new->part_name.en.n || (l->french && !new->part_name.fr.n) ||
			     memchr(part->text.p, ' ', part->text.n)))
		FIELD_FAULT(l, part, "origin.part",
			    "a part is one word, and its goods are said in part_en%s",
			    l->french ? " and part_fr" : "");
	read_goods(l, &r->field[RULE_COMMODITY], new);
	read_rule(l, &r->field[RULE_TEXT], new);
	if (!c)
		return;
	if (c->last_rule)
		c->last_rule->next = new;
	else
		c->book.rules = new;
	c->last_rule = new;
}

/* ---- origin_proofs.csv ---- */

enum { PROOF_AGREEMENT, PROOF_DOCUMENT, PROOF_EXPORTER, PROOF_LIMIT, PROOF_MONTHS };
const struct column origin_proof_columns[5] = {
    PLAIN("agreement", FIELD_WORD), WORDS("document", FIELD_ONE, REFERS_DOCUMENT),
    CHOICE("exporter", "any approved registered"), PLAIN("limit", FIELD_LATER),
    WHOLE("months", 1, 120)};

/* "6000 EUR" or nothing. */
static void read_limit(struct loader *l, const struct field *f, struct ref_origin_proof *p)
{
	struct span rest = f->text, number = next_word(&rest), currency = next_word(&rest);

	if (!f->text.n)
		return;
	if (!currency.n || next_word(&rest).n || decimal_parse(number, &p->limit) ||
	    p->limit.units <= 0) {
		FIELD_FAULT(l, f, "origin.limit",
			    "a limit is an amount and its currency, or empty");
		return;
	}
	reference_check(l, f, currency, REFERS_CURRENCY);
	p->currency = currency;
}

void take_origin_proof(struct loader *l, const struct row *r)
{
	struct origin_chain *c = known_agreement(l, &r->field[PROOF_AGREEMENT]);
	struct ref_origin_proof *new = ARENA_NEW(l->arena, struct ref_origin_proof);

	*new = (struct ref_origin_proof){
	    .document = r->field[PROOF_DOCUMENT].text,
	    .exporter = (enum origin_exporter)r->field[PROOF_EXPORTER].whole,
	    .months = r->field[PROOF_MONTHS].whole,
	    .dates = r->dates,
	    .source = r->source,
	};
	read_limit(l, &r->field[PROOF_LIMIT], new);
	if (!c)
		return;
	if (c->last_proof)
		c->last_proof->next = new;
	else
		c->book.proofs = new;
	c->last_proof = new;
}

/* ---- lookups ---- */

const struct ref_agreement *ref_agreements(const struct refset *r)
{
	return r->agreements;
}

const struct ref_agreement *ref_agreement(const struct refset *r, struct span code, int32_t day)
{
	const struct ref_agreement *g = r->agreements;

	while (g && !(span_equal(g->code, code) && ref_holds(g->dates, day)))
		g = g->next;
	return g;
}

const struct ref_agreement *ref_agreement_of(const struct refset *r, struct span preference,
					     struct span country, int32_t day)
{
	const struct ref_agreement *g = r->agreements;

	while (g && !(span_equal(g->preference, preference) && ref_holds(g->dates, day) &&
		      ref_area_has(r, g->area, country, day)))
		g = g->next;
	return g;
}

const struct ref_origin_rule *ref_origin_rule(const struct ref_agreement *g, struct span commodity,
					      int32_t day)
{
	const struct ref_origin_rule *best = NULL;

	for (const struct ref_origin_rule *r = g->book->rules; r; r = r->next)
		if (ref_holds(r->dates, day) && (!best || r->width < best->width) &&
		    origin_codes_have(&r->goods, commodity))
			best = r;
	return best;
}

const struct ref_origin_rule *ref_origin_part(const struct ref_agreement *g,
					      const struct ref_origin_rule *rule,
					      const struct ref_origin_rule *after, int32_t day)
{
	const struct ref_origin_rule *r = after ? after->next : g->book->rules;

	while (r && !(ref_holds(r->dates, day) && span_equal(r->goods.from, rule->goods.from) &&
		      span_equal(r->goods.to, rule->goods.to)))
		r = r->next;
	return r;
}
