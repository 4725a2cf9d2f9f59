#include "origin/origin_json.h"

#include "base/date.h"
#include "base/limits.h"

enum { CODE_BYTES = 40, COMMODITY_LEAST = 6, COMMODITY_MOST = 10 };

void origin_ask_open(struct origin_ask *q, struct arena *a)
{
	*q = (struct origin_ask){.arena = a};
	q->material = ARENA_ARRAY(a, struct origin_material, LIMIT_ORIGIN_MATERIALS);
	q->process = ARENA_ARRAY(a, struct origin_process, LIMIT_ORIGIN_PROCESSES);
	q->facts.material = q->material;
	q->facts.process = q->process;
	q->cumulated = ARENA_ARRAY(a, struct span, LIMIT_ORIGIN_CUMULATED);
	q->facts.cumulated = q->cumulated;
}

/* ---- answers ---- */

/* For messages: at most CODE_BYTES of what somebody sent, whole characters of UTF-8. */
static struct span quote(struct span s)
{
	struct span cut = s;

	if (s.n > CODE_BYTES)
		cut.n = CODE_BYTES;
	cut.n = span_utf8_prefix(cut);
	return cut;
}

static enum err refuse(struct cause *why, struct span name, const char *text)
{
	struct span n = quote(name);

	return fail(why, ERR_FORMAT, "%.*s: %s", SPAN_ARG(n), text);
}

static bool is_commodity(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= COMMODITY_LEAST && s.n <= COMMODITY_MOST;
}

static bool is_country(struct span s)
{
	return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static enum err read_yes_no(struct span name, struct span v, enum origin_answer *ret,
			    struct cause *why)
{
	if (!span_is(v, "yes") && !span_is(v, "no"))
		return refuse(why, name, "yes or no is expected");
	*ret = span_is(v, "yes") ? ANSWER_YES : ANSWER_NO;
	return ERR_NONE;
}

static enum err read_amount(struct span name, struct span v, bool zero, struct decimal *ret,
			    struct cause *why)
{
	struct decimal d;

	if (decimal_parse(v, &d) || !origin_amount_sound(d) || (!zero && !d.units))
		return refuse(why, name,
			      zero ? "an amount of at most 10^12 with at most six decimals is "
				     "expected"
				   : "an amount above zero, at most 10^12, with at most six "
				     "decimals is expected");
	*ret = d;
	return ERR_NONE;
}

static enum err read_code(struct span name, struct span v, struct span *ret, struct cause *why)
{
	if (!v.n || v.n > CODE_BYTES)
		return refuse(why, name, "a code is expected");
	*ret = v;
	return ERR_NONE;
}

static enum err add_process(struct origin_ask *q, struct span code, enum origin_answer done,
			    struct cause *why)
{
	if (!code.n || code.n > CODE_BYTES)
		return refuse(why, SPAN("processes"), "the code of a process is expected");
	for (uint32_t i = 0; i < q->facts.processes; i++)
		if (span_equal(q->process[i].code, code))
			return refuse(why, code, "is answered twice");
	if (q->facts.processes == LIMIT_ORIGIN_PROCESSES)
		return fail(why, ERR_LIMIT, "at most %d processes", LIMIT_ORIGIN_PROCESSES);
	q->process[q->facts.processes++] = (struct origin_process){code, done == ANSWER_YES};
	return ERR_NONE;
}

static enum err add_material(struct origin_ask *q, const struct origin_material *m,
			     struct cause *why)
{
	static const struct span name = {"materials", 9, 0};

	q->facts.materials_told = true;
	if (!is_commodity(m->commodity))
		return refuse(why, name, "a commodity is a code of six to ten digits");
	if (!m->value.set)
		return refuse(why, name, "a material has a value");
	if (q->facts.materials == LIMIT_ORIGIN_MATERIALS)
		return fail(why, ERR_LIMIT, "at most %d materials", LIMIT_ORIGIN_MATERIALS);
	q->material[q->facts.materials++] = *m;
	return ERR_NONE;
}

/* CODE:VALUE[:COUNTRY[:no|originates|wholly[:WEIGHT]]] */
static enum err read_material(struct origin_ask *q, struct span v, struct cause *why)
{
	static const struct span name = {"material", 8, 0};
	struct origin_material m = {.commodity = span_cut(&v, ':')};
	struct span value = span_cut(&v, ':'), how;
	enum err e;

	q->facts.materials_told = true;
	if (!m.commodity.n && !value.n)
		return ERR_NONE;
	m.country = span_cut(&v, ':');
	how = span_cut(&v, ':');
	m.wholly_obtained = span_is(how, "wholly");
	m.originates = m.wholly_obtained || span_is(how, "originates");
	if (how.n && !m.originates && !span_is(how, "no"))
		return refuse(why, name, "no, originates or wholly is expected");
	e = read_amount(name, value, true, &m.value, why);
	if (!e && v.n)
		e = read_amount(name, v, true, &m.weight, why);
	return e ? e : add_material(q, &m, why);
}

static enum err read_cumulation(struct origin_ask *q, struct span country, struct cause *why)
{
	q->facts.cumulation_told = true;
	if (!country.n)
		return ERR_NONE;
	if (!is_country(country))
		return refuse(why, SPAN("cumulation"), "a country is two capital letters");
	if (q->facts.cumulations == LIMIT_ORIGIN_CUMULATED)
		return fail(why, ERR_LIMIT, "at most %d countries", LIMIT_ORIGIN_CUMULATED);
	q->cumulated[q->facts.cumulations++] = country;
	return ERR_NONE;
}

static enum err read_day(struct origin_ask *q, struct span name, struct span v, struct cause *why)
{
	if (day_parse(v, &q->facts.proof_day))
		return refuse(why, name, "a day such as 2026-11-22 is expected");
	q->facts.proof_dated = true;
	return ERR_NONE;
}

static enum origin_question question_named(struct span name)
{
	for (enum origin_question i = QUESTION_NONE + 1; i < ORIGIN_QUESTIONS; i++)
		if (span_is(name, origin_question_text(i)->name))
			return i;
	return QUESTION_NONE;
}

enum err origin_answer(struct origin_ask *q, struct span name, struct span value, struct cause *why)
{
	static const struct span process = {"process.", 8, 0};
	struct origin_facts *f = &q->facts;
	enum origin_answer done;
	enum err e;

	if (span_is(name, "material"))
		return read_material(q, value, why);
	if (span_is(name, "cumulation"))
		return read_cumulation(q, value, why);
	if (span_starts(name, process)) {
		e = read_yes_no(name, value, &done, why);
		return e ? e
			 : add_process(q, (struct span){name.p + process.n, name.n - process.n, 0},
				       done, why);
	}
	switch (question_named(name)) {
	case QUESTION_PART:
		return read_code(name, value, &f->part, why);
	case QUESTION_WHOLLY_OBTAINED:
		return read_yes_no(name, value, &f->wholly_obtained, why);
	case QUESTION_EX_WORKS:
		return read_amount(name, value, false, &f->ex_works, why);
	case QUESTION_FOB:
		return read_amount(name, value, false, &f->fob, why);
	case QUESTION_NET_COST:
		return read_amount(name, value, false, &f->net_cost, why);
	case QUESTION_WEIGHTS:
		return read_amount(name, value, false, &f->weight, why);
	case QUESTION_BEYOND_SIMPLE:
		return read_yes_no(name, value, &f->beyond_simple, why);
	case QUESTION_DIRECT_TRANSPORT:
		return read_yes_no(name, value, &f->direct_transport, why);
	case QUESTION_PROOF:
		return read_code(name, value, &f->proof, why);
	case QUESTION_PROOF_DATE:
		return read_day(q, name, value, why);
	case QUESTION_CONSIGNMENT:
		return read_amount(name, value, false, &f->consignment, why);
	case QUESTION_EXPORTER:
		return read_yes_no(name, value, &f->exporter, why);
	case QUESTION_NONE:
	case QUESTION_MATERIALS:
	case QUESTION_PROCESS:
	case ORIGIN_QUESTIONS:
		break;
	}
	return fail(why, ERR_NOT_FOUND, "there is no question \"%.*s\"", SPAN_ARG(quote(name)));
}

/* Scalars as they would be written on a command line. */
static bool scalar(const struct json *v, struct span *ret)
{
	if (v->kind == JSON_STRING || v->kind == JSON_NUMBER)
		*ret = v->text;
	else if (v->kind == JSON_TRUE)
		*ret = SPAN("yes");
	else if (v->kind == JSON_FALSE)
		*ret = SPAN("no");
	else
		return false;
	return true;
}

static enum err material_member(struct origin_material *m, const struct json *v, struct cause *why)
{
	bool truth = v->kind == JSON_TRUE || v->kind == JSON_FALSE;
	struct span s;

	if (!scalar(v, &s))
		return refuse(why, v->name, "is no text, number or truth");
	if (span_is(v->name, "value"))
		return read_amount(v->name, s, true, &m->value, why);
	if (span_is(v->name, "weight"))
		return read_amount(v->name, s, true, &m->weight, why);
	if (span_is(v->name, "commodity") && v->kind == JSON_STRING) {
		m->commodity = s;
		return ERR_NONE;
	}
	if (span_is(v->name, "country") && v->kind == JSON_STRING)
		return read_code(v->name, s, &m->country, why);
	if (span_is(v->name, "originates") && truth)
		m->originates = v->kind == JSON_TRUE;
	else if (span_is(v->name, "wholly_obtained") && truth)
		m->wholly_obtained = v->kind == JSON_TRUE;
	else
		return refuse(why, v->name, "is no such member of a material");
	return ERR_NONE;
}

static enum err json_materials(struct origin_ask *q, const struct json *list, struct cause *why)
{
	if (list->kind != JSON_ARRAY)
		return refuse(why, list->name, "is an array of materials");
	q->facts.materials_told = true;
	for (const struct json *v = list->first; v; v = v->next) {
		struct origin_material m = {0};
		enum err e = v->kind == JSON_OBJECT
				 ? ERR_NONE
				 : refuse(why, list->name, "is an array of objects");

		for (const struct json *c = v->first; !e && c; c = c->next)
			e = material_member(&m, c, why);
		m.originates = m.originates || m.wholly_obtained;
		if (!e)
			e = add_material(q, &m, why);
		if (e)
			return e;
	}
	return ERR_NONE;
}

static enum err json_cumulation(struct origin_ask *q, const struct json *list, struct cause *why)
{
	enum err e = ERR_NONE;

	if (list->kind != JSON_ARRAY)
		return refuse(why, list->name, "is an array of countries");
	q->facts.cumulation_told = true;
	for (const struct json *v = list->first; !e && v; v = v->next)
		e = v->kind == JSON_STRING && v->text.n
			? read_cumulation(q, v->text, why)
			: refuse(why, list->name, "is an array of countries");
	return e;
}

static enum err json_processes(struct origin_ask *q, const struct json *o, struct cause *why)
{
	if (o->kind != JSON_OBJECT)
		return refuse(why, o->name, "is an object of codes and truths");
	for (const struct json *c = o->first; c; c = c->next) {
		enum err e;

		if (c->kind != JSON_TRUE && c->kind != JSON_FALSE)
			return refuse(why, c->name, "is true or false");
		e = add_process(q, c->name, c->kind == JSON_TRUE ? ANSWER_YES : ANSWER_NO, why);
		if (e)
			return e;
	}
	return ERR_NONE;
}

enum err origin_answers(struct origin_ask *q, const struct json *o, struct cause *why)
{
	enum err e = ERR_NONE;

	if (o->kind != JSON_OBJECT)
		return fail(why, ERR_FORMAT, "answers are a JSON object");
	for (const struct json *c = o->first; !e && c; c = c->next) {
		struct span s;

		if (span_is(c->name, "materials"))
			e = json_materials(q, c, why);
		else if (span_is(c->name, "processes"))
			e = json_processes(q, c, why);
		else if (span_is(c->name, "cumulation"))
			e = json_cumulation(q, c, why);
		else if (!scalar(c, &s))
			e = refuse(why, c->name, "is no text, number or truth");
		else
			e = origin_answer(q, c->name, s, why);
	}
	return e;
}

/* ---- the result ---- */

struct writer {
	const struct origin_ask *ask;
	const struct refset *ref;
	struct json_writer *w;
};

static bool is_french(const struct writer *x)
{
	return span_is(x->ask->language, "fr");
}

static struct span worded(const struct writer *x, struct ref_text t)
{
	return is_french(x) && t.fr.n ? t.fr : t.en;
}

static void put_code(const struct writer *x, const char *list, struct span code)
{
	const struct ref_code *c = ref_code(x->ref, span_of(list), code, x->ask->facts.day);

	json_open_object(x->w);
	json_put(x->w, "value", code);
	if (c)
		json_put(x->w, "text", worded(x, c->name));
	json_close_object(x->w);
}

static void put_parts(const struct writer *x, const struct origin_result *res)
{
	const struct ref_origin_rule *r = res->parts;

	for (; r; r = ref_origin_part(res->agreement, res->parts, r, x->ask->facts.day)) {
		json_open_object(x->w);
		json_put(x->w, "value", r->part);
		json_put(x->w, "text", worded(x, r->part_name));
		json_close_object(x->w);
	}
}

/* A document stands on a row for each kind of exporter: it is one choice. */
static void put_proofs(const struct writer *x, const struct origin_result *res)
{
	const struct ref_origin_proof *first = res->agreement->book->proofs, *before;

	for (const struct ref_origin_proof *p = first; p; p = p->next) {
		if (!ref_holds(p->dates, x->ask->facts.day))
			continue;
		for (before = first; before != p; before = before->next)
			if (ref_holds(before->dates, x->ask->facts.day) &&
			    span_equal(before->document, p->document))
				break;
		if (before == p)
			put_code(x, "document_type", p->document);
	}
}

static void put_question(const struct writer *x, const struct origin_result *res)
{
	const struct origin_question_text *q;

	json_name(x->w, "next");
	if (!res->question) {
		json_null(x->w);
		return;
	}
	q = origin_question_text(res->question);
	json_open_object(x->w);
	json_put_c(x->w, "question", q->name);
	json_put_c(x->w, "asks", q->kind);
	json_put(x->w, "text", worded(x, q->text));
	if (res->question == QUESTION_PROCESS) {
		json_name(x->w, "process");
		put_code(x, "origin_process", res->process);
	}
	if (res->question == QUESTION_CONSIGNMENT)
		json_put(x->w, "currency", res->currency);
	if (res->question == QUESTION_PART || res->question == QUESTION_PROOF) {
		json_name(x->w, "choices");
		json_open_array(x->w);
		if (res->question == QUESTION_PART)
			put_parts(x, res);
		else
			put_proofs(x, res);
		json_close_array(x->w);
	}
	json_close_object(x->w);
}

static void put_rule(const struct writer *x, const struct ref_origin_rule *r)
{
	json_name(x->w, "rule");
	if (!r) {
		json_null(x->w);
		return;
	}
	json_open_object(x->w);
	if (span_equal(r->goods.from, r->goods.to)) {
		json_put(x->w, "commodity", r->goods.from);
	} else {
		json_put(x->w, "from", r->goods.from);
		json_put(x->w, "to", r->goods.to);
	}
	if (r->part.n) {
		json_put(x->w, "part", r->part);
		json_put(x->w, "part_text", worded(x, r->part_name));
	}
	json_put(x->w, "text", r->text);
	json_put(x->w, "source", r->source);
	json_put_int(x->w, "line", r->line);
	json_close_object(x->w);
}

static void put_steps(const struct writer *x, const struct origin_result *res)
{
	json_name(x->w, "steps");
	json_open_array(x->w);
	for (uint32_t i = 0; i < res->steps.n; i++) {
		const struct origin_step *s = &res->steps.v[i];

		json_open_object(x->w);
		json_put_c(x->w, "about", s->about);
		json_put_c(x->w, "met", origin_truth_name(s->truth));
		json_put_c(x->w, "text", is_french(x) ? s->french : s->text);
		if (s->source.n)
			json_put(x->w, "source", s->source);
		if (s->line)
			json_put_int(x->w, "line", s->line);
		json_close_object(x->w);
	}
	json_close_array(x->w);
}

static void put_agreement(const struct writer *x, const struct ref_agreement *g)
{
	json_open_object(x->w);
	json_put(x->w, "code", g->code);
	json_put(x->w, "name", worded(x, g->name));
	if (g->preference.n)
		json_put(x->w, "preference", g->preference);
	json_put_c(x->w, "cumulation", origin_cumulation_name(g->cumulation));
	json_put(x->w, "source", g->source);
	json_close_object(x->w);
}

static void put_agreements(const struct writer *x)
{
	const struct origin_facts *f = &x->ask->facts;

	json_name(x->w, "agreements");
	json_open_array(x->w);
	for (const struct ref_agreement *g = ref_agreements(x->ref); g; g = g->next)
		if (ref_holds(g->dates, f->day) &&
		    ref_area_has(x->ref, g->area, f->country, f->day))
			put_agreement(x, g);
	json_close_array(x->w);
}

static void put_result(const struct writer *x, const struct origin_result *res)
{
	json_name(x->w, "agreement");
	put_agreement(x, res->agreement);
	put_rule(x, res->rule);
	json_put_c(x->w, "originating", origin_truth_name(res->originating));
	if (res->originating == ORIGIN_YES)
		json_put_c(x->w, "criterion", res->wholly ? "wholly-obtained" : "rule");
	json_put_c(x->w, "preference", origin_truth_name(res->preference));
	put_question(x, res);
	put_steps(x, res);
}

enum err origin_write(struct origin_ask *q, const struct refset *r, struct text *to,
		      struct cause *why)
{
	struct json_writer w = json_to(to);
	struct writer x = {q, r, &w};
	const struct ref_agreement *g = ref_agreement(r, q->agreement, q->facts.day);
	struct origin_result res;
	struct text day = text_in(q->arena);

	if (!is_commodity(q->facts.commodity))
		return fail(why, ERR_FORMAT, "the commodity is a code of six to ten digits");
	if (!is_country(q->facts.country))
		return fail(why, ERR_FORMAT, "the origin is a country: two capital letters");
	if (q->agreement.n && !g)
		return fail(why, ERR_NOT_FOUND, "there is no agreement \"%.*s\" on that day",
			    SPAN_ARG(quote(q->agreement)));
	day_write(&day, q->facts.day);
	w.indent = q->indent;
	q->preference = ORIGIN_OPEN;
	json_open_object(&w);
	json_put(&w, "commodity", q->facts.commodity);
	json_put(&w, "origin", q->facts.country);
	json_put(&w, "on", text_as_span(&day));
	if (g) {
		origin_decide(q->arena, r, g, &q->facts, &res);
		put_result(&x, &res);
		q->preference = res.preference;
	} else {
		put_agreements(&x);
	}
	json_close_object(&w);
	return ERR_NONE;
}
