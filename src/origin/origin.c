#include "origin/origin.h"

#include "base/date.h"
#include "base/limits.h"
#include "origin/rule_test.h"

struct check {
	struct arena *arena;
	struct rule_case c;
	struct origin_result *result;
};

const struct origin_question_text *origin_question_text(enum origin_question q)
{
	static const struct origin_question_text all[ORIGIN_QUESTIONS] = {
#define QUESTION(key, name, kind, en, fr)                                                          \
	[QUESTION_##key] = {name, kind, {{(en), sizeof(en) - 1, 0}, {(fr), sizeof(fr) - 1, 0}}},
#include "origin/questions.def"
#undef QUESTION
	};

	BUG_ON(q == QUESTION_NONE || q >= ORIGIN_QUESTIONS);
	return &all[q];
}

const char *origin_truth_name(enum origin_truth t)
{
	static const char *const names[] = {"no", "open", "yes"};

	return names[t];
}

static struct origin_step *step(struct check *k, const char *about, enum origin_truth truth,
				struct span source, const char *text, const char *french)
{
	struct origin_result *r = k->result;
	struct origin_step *s =
	    arena_push(k->arena, (void **)&r->steps.v, &r->steps.n, &r->steps.room, sizeof(*s));

	*s = (struct origin_step){about, truth, text, french, source, 0};
	return s;
}

/* The earliest in the order of asking; processes by their codes, so that the order of a rule's members changes nothing. */
static void want(struct check *k, enum origin_question q, struct span process)
{
	struct origin_result *r = k->result;

	if (r->question &&
	    (r->question < q || (r->question == q && span_compare(r->process, process) <= 0)))
		return;
	r->question = q;
	r->process = process;
}

/* ---- the rule ---- */

/* Only what is open under open conditions can still change the outcome. */
static void want_of_rule(struct check *k, const struct origin_node *n)
{
	struct rule_outcome o = rule_test(&k->c, n);

	if (o.truth != ORIGIN_OPEN)
		return;
	if (!n->child) {
		want(k, o.question, o.process);
		return;
	}
	for (n = n->child; n; n = n->next)
		want_of_rule(k, n);
}

/* Millionths, without zeros at the end. */
static void put_amount(struct text *t, __int128 v)
{
	static const int64_t million = 1000000;
	struct decimal d;

	if (v < 0) {
		text_char(t, '-');
		v = -v;
	}
	text_int(t, (int64_t)(v / million));
	d = decimal_of((int64_t)(v % million), 6);
	if (!d.units)
		return;
	while (d.units % 10 == 0)
		d.units /= 10, d.scale--;
	text_print(t, ".%0*lld", (int)d.scale, (long long)d.units);
}

static const char *outcome_text(struct check *k, const struct origin_node *n,
				const struct rule_outcome *o, const char *of, const char *within)
{
	struct text t = text_in(k->arena);

	text_span(&t, n->text);
	if (o->counted) {
		text_string(&t, ": ");
		put_amount(&t, o->part);
		text_string(&t, of);
		put_amount(&t, o->whole);
		text_string(&t, o->weighed ? " kg" : "");
	}
	if (o->tolerated) {
		text_string(&t, within);
		decimal_write(&t, o->percent);
		text_char(&t, '%');
	}
	text_char(&t, '\0');
	return t.p;
}

static void explain_rule(struct check *k, const struct origin_node *n)
{
	struct rule_outcome o = rule_test(&k->c, n);

	if (!n->child)
		step(k, "condition", o.truth, k->result->rule->source,
		     outcome_text(k, n, &o, " of ", ", within the tolerance of "),
		     outcome_text(k, n, &o, " sur ", ", dans la tolérance de "))
		    ->line = k->result->rule->line;
	for (n = n->child; n; n = n->next)
		explain_rule(k, n);
}

/* ---- originating? ---- */

/* Goods of which a material is told that does not originate are not wholly obtained, whatever else is said. */
static enum origin_answer wholly_obtained(const struct check *k)
{
	const struct origin_facts *f = k->c.facts;

	for (uint32_t i = 0; i < f->materials; i++)
		if (!f->material[i].wholly_obtained)
			return ANSWER_NO;
	return f->wholly_obtained;
}

/* The row of the rule; false: the part has to be told first, or is none. */
static bool choose_rule(struct check *k)
{
	const struct ref_agreement *g = k->c.agreement;
	const struct origin_facts *f = k->c.facts;
	struct origin_result *res = k->result;
	const struct ref_origin_rule *first = ref_origin_rule(g, f->commodity, f->day), *r;

	res->rule = first;
	if (!first || (!first->part.n && !ref_origin_part(g, first, first, f->day)))
		return true;
	res->parts = first;
	for (r = first; r; r = ref_origin_part(g, first, r, f->day))
		if (f->part.n && span_equal(r->part, f->part))
			break;
	res->rule = r;
	if (!r)
		want(k, QUESTION_PART, (struct span){0});
	return r;
}

/* By the rule, when the goods are not wholly obtained. */
static enum origin_truth by_rule(struct check *k)
{
	const struct origin_facts *f = k->c.facts;
	const struct ref_origin_rule *rule = k->result->rule;
	const char *words;
	enum origin_truth t;

	if (!rule) {
		step(k, "rule", ORIGIN_NO, k->c.agreement->source,
		     "the agreement has no rule for these goods: only goods wholly obtained "
		     "originate",
		     "l’accord n’a pas de règle pour ces marchandises\u00a0: seules les "
		     "marchandises "
		     "entièrement obtenues sont originaires");
		return ORIGIN_NO;
	}
	t = rule_truth(&k->c, rule->rule);
	words =
	    arena_print(k->arena, "%.*s: %.*s", SPAN_ARG(rule->goods.from), SPAN_ARG(rule->text));
	step(k, "rule", t, rule->source, words, words)->line = rule->line;
	explain_rule(k, rule->rule);
	if (t == ORIGIN_OPEN)
		want_of_rule(k, rule->rule);
	if (t != ORIGIN_YES)
		return t;
	if (f->beyond_simple == ANSWER_NONE) {
		want(k, QUESTION_BEYOND_SIMPLE, (struct span){0});
		return ORIGIN_OPEN;
	}
	t = f->beyond_simple == ANSWER_YES ? ORIGIN_YES : ORIGIN_NO;
	step(k, "operations", t, k->c.agreement->source,
	     t == ORIGIN_YES ? "more than simple operations were done"
			     : "simple operations alone confer no origin",
	     t == ORIGIN_YES ? "on a fait plus que des opérations simples"
			     : "des opérations simples ne suffisent pas à conférer l’origine");
	return t;
}

/* ---- cumulation ---- */

static void put_cumulation(struct check *k, struct span country)
{
	const struct ref_agreement *g = k->c.agreement;
	const char *how = origin_cumulation_name(g->cumulation);
	static const char *const french[] = {"aucun", "bilatéral", "diagonal", "total"};

	if (rule_allows_cumulation(&k->c, country)) {
		step(k, "cumulation", ORIGIN_YES, g->source,
		     arena_print(k->arena, "materials of %.*s count, by %s cumulation",
				 SPAN_ARG(country), how),
		     arena_print(k->arena, "les matières de %.*s comptent, par cumul %s",
				 SPAN_ARG(country), french[g->cumulation]));
		return;
	}
	k->result->not_cumulated = country;
	step(
	    k, "cumulation", ORIGIN_NO, g->source,
	    arena_print(k->arena, "the agreement has no cumulation with %.*s", SPAN_ARG(country)),
	    arena_print(k->arena, "l’accord ne prévoit pas de cumul avec %.*s", SPAN_ARG(country)));
}

static bool made_before_in(const struct check *k, uint32_t n, struct span country)
{
	const struct origin_facts *f = k->c.facts;

	for (uint32_t i = 0; i < n; i++)
		if (span_equal(f->material[i].country, country) &&
		    rule_counts_as_originating(&k->c, &f->material[i]))
			return true;
	return false;
}

/* What is claimed, or else what counts although it comes from another country: each country once. */
static void cumulate(struct check *k)
{
	const struct origin_facts *f = k->c.facts;

	for (uint32_t i = 0; f->cumulation_told && i < f->cumulations; i++)
		put_cumulation(k, f->cumulated[i]);
	for (uint32_t i = 0; !f->cumulation_told && i < f->materials; i++) {
		struct span country = f->material[i].country;

		if (country.n && !span_equal(country, f->country) &&
		    rule_counts_as_originating(&k->c, &f->material[i]) &&
		    !made_before_in(k, i, country))
			put_cumulation(k, country);
	}
}

static enum origin_truth originating(struct check *k)
{
	const struct origin_facts *f = k->c.facts;
	const struct ref_agreement *g = k->c.agreement;
	enum origin_answer wholly = wholly_obtained(k);
	enum origin_truth t;

	if (!ref_area_has(k->c.ref, g->area, f->country, f->day)) {
		step(k, "agreement", ORIGIN_NO, g->source,
		     "the country is no party to the agreement on that day",
		     "le pays n’est pas partie à l’accord ce jour-là");
		return ORIGIN_NO;
	}
	step(k, "agreement", ORIGIN_YES, g->source, "the country is a party to the agreement",
	     "le pays est partie à l’accord");
	cumulate(k);
	if (wholly == ANSWER_YES) {
		k->result->wholly = true;
		choose_rule(k);
		k->result->question = QUESTION_NONE;
		step(k, "wholly-obtained", ORIGIN_YES, g->source,
		     "goods wholly obtained in the country originate there",
		     "les marchandises entièrement obtenues dans le pays en sont originaires");
		return ORIGIN_YES;
	}
	if (!choose_rule(k))
		return ORIGIN_OPEN;
	t = by_rule(k);
	if (t != ORIGIN_YES && k->result->question != QUESTION_BEYOND_SIMPLE &&
	    wholly == ANSWER_NONE) {
		want(k, QUESTION_WHOLLY_OBTAINED, (struct span){0});
		return ORIGIN_OPEN;
	}
	return t;
}

/* ---- transport and proof ---- */

/* One row against what is known; *ret: what it needs next. */
static enum origin_truth proof_serves(const struct origin_facts *f,
				      const struct ref_origin_proof *p, enum origin_question *ret)
{
	*ret = QUESTION_NONE;
	if (f->proof_dated && f->day > day_months_after(f->proof_day, p->months))
		return ORIGIN_NO;
	if (p->limit.set && f->consignment.set && decimal_compare(f->consignment, p->limit) > 0)
		return ORIGIN_NO;
	if (p->exporter != EXPORTER_ANY && f->exporter == ANSWER_NO)
		return ORIGIN_NO;
	if (!f->proof_dated)
		*ret = QUESTION_PROOF_DATE;
	else if (p->limit.set && !f->consignment.set)
		*ret = QUESTION_CONSIGNMENT;
	else if (p->exporter != EXPORTER_ANY && f->exporter == ANSWER_NONE)
		*ret = QUESTION_EXPORTER;
	return *ret ? ORIGIN_OPEN : ORIGIN_YES;
}

/* Any row of the proof's document may serve: a statement by anybody for little, by an approved exporter for more. */
static enum origin_truth proof(struct check *k)
{
	const struct origin_facts *f = k->c.facts;
	const struct ref_origin_proof *p = k->c.agreement->book->proofs, *last = NULL;
	enum origin_truth best = ORIGIN_NO;
	bool any = false;

	for (; p; p = p->next) {
		enum origin_question q;
		enum origin_truth t;

		if (!ref_holds(p->dates, f->day))
			continue;
		any = true;
		if (!f->proof.n || !span_equal(p->document, f->proof))
			continue;
		last = p;
		t = proof_serves(f, p, &q);
		if (t == ORIGIN_YES) {
			step(k, "proof", t, p->source,
			     arena_print(k->arena, "proof %.*s serves", SPAN_ARG(p->document)),
			     arena_print(k->arena, "la preuve %.*s convient",
					 SPAN_ARG(p->document)));
			return t;
		}
		if (t == ORIGIN_OPEN) {
			want(k, q, (struct span){0});
			if (q == QUESTION_CONSIGNMENT)
				k->result->currency = p->currency;
			best = t;
		}
	}
	if (!any)
		return ORIGIN_YES;
	if (!f->proof.n) {
		want(k, QUESTION_PROOF, (struct span){0});
		return ORIGIN_OPEN;
	}
	if (best == ORIGIN_NO) {
		k->result->question = QUESTION_NONE;
		step(k, "proof", ORIGIN_NO, last ? last->source : k->c.agreement->source,
		     last ? "the proof is too old, or not for this value or exporter"
			  : "the agreement knows no such proof",
		     last ? "la preuve est trop ancienne, ou ne vaut pas pour cette valeur ou cet "
			    "exportateur"
			  : "l’accord ne connaît pas cette preuve");
	}
	return best;
}

static enum origin_truth preference(struct check *k)
{
	const struct origin_facts *f = k->c.facts;
	enum origin_truth t = k->result->originating;

	if (t != ORIGIN_YES)
		return t;
	if (k->c.agreement->direct) {
		if (f->direct_transport == ANSWER_NONE) {
			want(k, QUESTION_DIRECT_TRANSPORT, (struct span){0});
			return ORIGIN_OPEN;
		}
		t = f->direct_transport == ANSWER_YES ? ORIGIN_YES : ORIGIN_NO;
		step(k, "transport", t, k->c.agreement->source,
		     t == ORIGIN_YES ? "the goods came directly or under customs control"
				     : "the goods did not come directly",
		     t == ORIGIN_YES ? "les marchandises sont venues directement ou sous contrôle "
				       "douanier"
				     : "les marchandises ne sont pas venues directement");
		if (t == ORIGIN_NO)
			return t;
	}
	return proof(k);
}

void origin_decide(struct arena *a, const struct refset *r, const struct ref_agreement *g,
		   const struct origin_facts *f, struct origin_result *ret)
{
	struct check k = {.arena = a, .c = {r, g, f}, .result = ret};

	BUG_ON(f->commodity.n < 6 || f->materials > LIMIT_ORIGIN_MATERIALS);
	*ret = (struct origin_result){.agreement = g};
	ret->originating = originating(&k);
	ret->preference = preference(&k);
}
