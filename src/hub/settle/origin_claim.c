#include "hub/settle/origin_claim.h"

#include "base/limits.h"
#include "origin/origin_json.h"

enum { COMMODITY_LEAST = 6, COMMODITY_MOST = 10, QUOTED = 40 };

struct claiming {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *r;
	int32_t day;
	struct findings *f;
	struct span statement; /* code of those that hold answers */
	struct origin_claims *ret;
};

/* ---- what is answered ---- */

static bool is_answers(const struct claiming *c, const struct statement *s)
{
	return span_equal(s->code, c->statement);
}

static bool has_answers(const struct claiming *c, const struct goods_item *i)
{
	for (uint32_t k = 0; k < i->statements.n; k++)
		if (is_answers(c, &i->statements.v[k]))
			return true;
	return false;
}

/* The next word, or an empty one at the end: statements may have several lines. */
static struct span next_word(struct span *rest)
{
	struct span word;

	while (rest->n && (unsigned char)rest->p[0] <= ' ')
		rest->p++, rest->n--;
	word = (struct span){rest->p, 0, rest->line};
	while (rest->n && (unsigned char)rest->p[0] > ' ')
		rest->p++, rest->n--, word.n++;
	return word;
}

/* One word of a statement. What cannot be read is named as it stands, and the others still count. */
static void take_answer(struct claiming *c, const struct statement *s, struct span word,
			struct origin_ask *ask, struct origin_claim *claim)
{
	struct span value = word, name = span_cut(&value, '='), quoted = word;
	struct cause why = {0};

	if (!value.p || origin_answer(ask, name, value, &why)) {
		if (quoted.n > QUOTED)
			quoted.n = QUOTED;
		quoted.n = span_utf8_prefix(quoted);
		ref_report(c->r, c->day, c->f, FINDING_PREFERENCE_ANSWER, &s->text, quoted,
			   NO_VALUE, NO_VALUE);
		return;
	}
	*(struct span *)arena_push(c->arena, (void **)&claim->answers.v, &claim->answers.n,
				   &claim->answers.room, sizeof(struct span)) = word;
}

static void take_answers(struct claiming *c, const struct goods_item *i, struct origin_ask *ask,
			 struct origin_claim *claim)
{
	/* only what is claimed counts of other countries' materials */
	ask->facts.cumulation_told = true;
	for (uint32_t k = 0; k < i->statements.n; k++) {
		const struct statement *s = &i->statements.v[k];
		struct span rest = s->text, word;

		if (!is_answers(c, s))
			continue;
		while ((word = next_word(&rest)).n)
			take_answer(c, s, word, ask, claim);
	}
}

/* ---- what the declaration says by itself ---- */

static const struct document *document_in(const struct document *v, uint32_t n, struct arena *a,
					  struct span code)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(document_code(a, &v[i]), code))
			return &v[i];
	return NULL;
}

/* The first of the agreement's proofs that is among the documents. */
static void take_proof(const struct claiming *c, const struct goods_item *i,
		       const struct ref_agreement *g, struct origin_facts *f)
{
	const struct amount *total = &c->d->invoice_total;

	for (const struct ref_origin_proof *p = g->book ? g->book->proofs : NULL; p; p = p->next) {
		const struct document *x =
		    document_in(i->documents.v, i->documents.n, c->arena, p->document);

		if (!x)
			x = document_in(c->d->documents.v, c->d->documents.n, c->arena,
					p->document);
		if (!x || !ref_holds(p->dates, c->day))
			continue;
		if (p->limit.set && !f->consignment.set &&
		    span_equal(total->currency, p->currency) && origin_amount_sound(total->value))
			f->consignment = total->value;
		if (f->proof.n)
			continue; /* a second row of the proof may have the limit */
		f->proof = p->document;
		if (!x->effective.text.n ||
		    !x->effective.day) /* none, or none that could be read */
			continue;
		f->proof_dated = true;
		f->proof_day = x->effective.day;
	}
}

/* ---- what comes of it ---- */

/* Why not, in words of every language: the rule, or the question whose answer is no. */
static struct span reason_of(const struct origin_result *r, const struct origin_step *no)
{
	if (r->originating != ORIGIN_NO)
		return span_of(origin_question_text(QUESTION_DIRECT_TRANSPORT)->name);
	return r->rule ? r->rule->text : span_of(no->about);
}

/* That a proof is missing, too old or not for this value is found by the checks already. */
static void report_outcome(struct claiming *c, const struct duty_line *line,
			   const struct origin_result *r)
{
	const struct origin_step *last = r->steps.n ? &r->steps.v[r->steps.n - 1] : NULL;
	struct span agreement = r->agreement->code;

	if (r->not_cumulated.n)
		ref_report(c->r, c->day, c->f, FINDING_PREFERENCE_CUMULATION, &line->preference,
			   r->not_cumulated, line->preference, agreement);
	if (r->preference == ORIGIN_NO && last && !span_is(span_of(last->about), "proof"))
		ref_report(c->r, c->day, c->f, FINDING_PREFERENCE_ORIGIN_NOT_MET, &line->preference,
			   line->preference, agreement, reason_of(r, last));
	if (r->preference == ORIGIN_OPEN && r->question && r->question != QUESTION_PROOF)
		ref_report(c->r, c->day, c->f, FINDING_PREFERENCE_ORIGIN_OPEN, &line->preference,
			   line->preference, agreement,
			   span_of(origin_question_text(r->question)->name));
}

/* The first of the item's claims that rests on an agreement with the country. */
static const struct ref_agreement *agreement_of(const struct claiming *c,
						const struct goods_item *i, struct span country,
						const struct duty_line **ret)
{
	for (uint32_t k = 0; k < i->commodity.duties.n; k++) {
		const struct duty_line *line = &i->commodity.duties.v[k];
		const struct ref_agreement *g =
		    line->preference.n ? ref_agreement_of(c->r, line->preference, country, c->day)
				       : NULL;

		if (g) {
			*ret = line;
			return g;
		}
	}
	return NULL;
}

static bool is_commodity(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= COMMODITY_LEAST && s.n <= COMMODITY_MOST;
}

static void check_item(struct claiming *c, uint32_t index)
{
	const struct goods_item *i = &c->d->shipment.items.v[index];
	struct span country = goods_item_origin(i, true), code = goods_item_code(c->arena, i);
	const struct duty_line *line = NULL;
	const struct ref_agreement *g = agreement_of(c, i, country, &line);
	struct origin_claim *claim;
	struct origin_ask *ask;

	/* a code that is none is found by the checks */
	if (!g || !is_commodity(code))
		return;
	claim = arena_push(c->arena, (void **)&c->ret->list.v, &c->ret->list.n, &c->ret->list.room,
			   sizeof(*claim));
	*claim = (struct origin_claim){.item = index, .preference = line->preference};
	ask = ARENA_NEW(c->arena, struct origin_ask);
	origin_ask_open(ask, c->arena);
	take_answers(c, i, ask, claim);
	ask->facts.commodity = code;
	ask->facts.country = country;
	ask->facts.day = c->day;
	ask->facts.proof = (struct span){0};
	take_proof(c, i, g, &ask->facts);
	origin_decide(c->arena, c->r, g, &ask->facts, &claim->result);
	report_outcome(c, line, &claim->result);
}

void origin_claims_find(struct arena *a, const struct declaration *d, const struct refset *r,
			const struct facts *facts, struct findings *f, struct origin_claims *ret)
{
	struct claiming c = {
	    .arena = a, .d = d, .r = r, .day = facts->legal_day, .f = f, .ret = ret};

	*ret = (struct origin_claims){0};
	if (!ref_agreements(r) || ref_direction(r, d, c.day) != DIRECTION_IMPORT)
		return;
	c.statement = ref_setting(r, "origin_statement");
	for (uint32_t i = 0; c.statement.n && i < d->shipment.items.n; i++)
		if (has_answers(&c, &d->shipment.items.v[i]))
			check_item(&c, i);
}

/* ---- in the record ---- */

static void put_steps(struct json_writer *w, const struct origin_result *r)
{
	json_name(w, "steps");
	json_open_array(w);
	for (uint32_t i = 0; i < r->steps.n; i++) {
		const struct origin_step *s = &r->steps.v[i];

		json_open_object(w);
		json_put_c(w, "about", s->about);
		json_put_c(w, "met", origin_truth_name(s->truth));
		json_put_c(w, "text", s->text);
		json_put_c(w, "text_fr", s->french);
		json_put(w, "source", s->source);
		if (s->line)
			json_put_int(w, "line", s->line);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_claim(struct json_writer *w, const struct origin_claim *c)
{
	const struct origin_result *r = &c->result;

	json_open_object(w);
	json_put_int(w, "item", c->item + 1);
	json_put(w, "preference", c->preference);
	json_put(w, "agreement", r->agreement->code);
	json_put_c(w, "originating", origin_truth_name(r->originating));
	if (r->originating == ORIGIN_YES)
		json_put_c(w, "criterion", r->wholly ? "wholly-obtained" : "rule");
	json_put_c(w, "claim", origin_truth_name(r->preference));
	if (r->question)
		json_put_c(w, "open", origin_question_text(r->question)->name);
	json_name(w, "answers");
	json_open_array(w);
	for (uint32_t i = 0; i < c->answers.n; i++)
		json_string(w, c->answers.v[i]);
	json_close_array(w);
	put_steps(w, r);
	json_close_object(w);
}

void origin_claims_put(struct json_writer *w, const struct origin_claims *c)
{
	if (!c->list.n)
		return;
	json_name(w, "origin");
	json_open_array(w);
	for (uint32_t i = 0; i < c->list.n; i++)
		put_claim(w, &c->list.v[i]);
	json_close_array(w);
}
