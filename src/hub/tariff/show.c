#include "hub/tariff/show.h"

#include "base/date.h"

struct span show_name(const struct tariff_ask *a, struct ref_text name)
{
	return span_is(a->query->language, "fr") && name.fr.n ? name.fr : name.en;
}

/* INT32_MAX and INT32_MIN: no end, no beginning. */
void show_day(struct json_writer *w, const struct tariff_ask *a, const char *name, int32_t day)
{
	struct text t = text_in(a->arena);

	if (day == INT32_MAX || day == INT32_MIN)
		return;
	day_write(&t, day);
	json_put(w, name, text_as_span(&t));
}

static void show_goods(struct json_writer *w, const struct tariff_ask *a,
		       const struct ref_commodity *c)
{
	json_put(w, "code", c->code);
	json_put(w, "text", show_name(a, c->text));
	json_put_bool(w, "declarable", c->declarable);
	if (c->unit.n)
		json_put(w, "unit", c->unit);
}

/* Something coded: {"code", "name"}. */
static void show_coded(struct json_writer *w, const struct tariff_ask *a, const char *member,
		       struct span code, const struct ref_code *known)
{
	if (!code.n)
		return;
	json_name(w, member);
	json_open_object(w);
	json_put(w, "code", code);
	if (known)
		json_put(w, "name", show_name(a, known->name));
	json_close_object(w);
}

/* ---- what was found ---- */

static void show_above(struct json_writer *w, const struct tariff_ask *a, struct span code,
		       int32_t day)
{
	json_name(w, "above");
	json_open_array(w);
	for (uint32_t n = 2; n < code.n; n += 2) {
		const struct ref_commodity *c =
		    ref_commodity(a->inforce->ref, (struct span){code.p, n, 0}, day);

		if (!c)
			continue;
		json_open_object(w);
		json_put(w, "code", c->code);
		json_put(w, "text", show_name(a, c->text));
		json_close_object(w);
	}
	json_close_array(w);
}

void show_results(struct text *to, const struct tariff_ask *a, const struct search_results *found,
		  int32_t day)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	show_day(&w, a, "on", day);
	json_put_int(&w, "found", found->found);
	json_name(&w, "corrected");
	json_open_array(&w);
	for (uint32_t i = 0; i < found->corrections; i++) {
		const struct search_correction *c = &found->corrected[i];

		if (!span_valid_utf8(c->from) || !span_valid_utf8(c->to))
			continue; /* a word that was cut within a character */
		json_open_object(&w);
		json_put(&w, "from", c->from);
		json_put(&w, "to", c->to);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_name(&w, "commodities");
	json_open_array(&w);
	for (uint32_t i = 0; i < found->n; i++) {
		json_open_object(&w);
		show_goods(&w, a, found->v[i].commodity);
		show_above(&w, a, found->v[i].commodity->code, day);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
}

/* ---- measures ---- */

static void show_limit(struct json_writer *w, const struct tariff_ask *a,
		       const struct ref_condition *c)
{
	static const char *const relations[] = {"at-least", "at-most", "above", "below"};
	struct text t = text_in(a->arena);

	decimal_write(&t, c->limit.rate);
	if (c->limit.currency.n) {
		text_char(&t, ' ');
		text_span(&t, c->limit.currency);
	}
	if (c->test == TEST_PRICE) {
		text_string(&t, " / ");
		decimal_write(&t, c->limit.per);
	}
	if (c->limit.unit.n) {
		text_char(&t, ' ');
		text_span(&t, c->limit.unit);
	}
	json_put_c(w, "relation", relations[c->relation]);
	json_put(w, "limit", text_as_span(&t));
}

static void show_condition(struct json_writer *w, const struct tariff_ask *a,
			   const struct ref_condition *c, int32_t day)
{
	static const char *const tests[] = {"always",      "document", "procedure", "value",
					    "consignment", "price",    "quantity"};
	static const char *const actions[] = {"apply", "exempt", "refused", "allowed"};

	json_open_object(w);
	json_put(w, "group", c->group);
	json_put_int(w, "sequence", c->sequence);
	json_put_c(w, "test", tests[c->test]);
	if (c->test == TEST_DOCUMENT)
		show_coded(w, a, "document", c->operand,
			   ref_code(a->inforce->ref, SPAN("document_type"), c->operand, day));
	else if (c->test == TEST_PROCEDURE)
		json_put(w, "procedure", c->operand);
	else if (c->test != TEST_ALWAYS)
		show_limit(w, a, c);
	json_put_c(w, "action", actions[c->action]);
	if (c->expression)
		json_put(w, "expression", c->expression->text);
	json_put(w, "source", c->source);
	json_close_object(w);
}

static void show_conditions(struct json_writer *w, const struct tariff_ask *a,
			    const struct ref_measure *m, int32_t day)
{
	if (!m->conditions)
		return;
	json_name(w, "conditions");
	json_open_array(w);
	for (const struct ref_condition *c = m->conditions; c; c = c->next)
		if (ref_holds(c->dates, day))
			show_condition(w, a, c, day);
	json_close_array(w);
}

static void show_footnotes(struct json_writer *w, const struct tariff_ask *a,
			   const struct ref_measure *m, int32_t day)
{
	struct span rest = m->footnotes;

	if (!rest.n)
		return;
	json_name(w, "footnotes");
	json_open_array(w);
	while (rest.n) {
		struct span code = span_trim(span_cut(&rest, ' '));
		const struct ref_code *known = ref_footnote(a->inforce->ref, code, day);

		if (!code.n)
			continue;
		json_open_object(w);
		json_put(w, "code", code);
		if (known)
			json_put(w, "text", show_name(a, known->name));
		json_close_object(w);
	}
	json_close_array(w);
}

static void show_area(struct json_writer *w, const struct tariff_ask *a,
		      const struct ref_measure *m, int32_t day)
{
	const struct refset *r = a->inforce->ref;
	const struct ref_code *country = ref_code(r, SPAN("country"), m->area, day);
	struct span name = show_name(a, country ? country->name : ref_area_name(r, m->area));

	json_put(w, "area", m->area);
	if (name.n)
		json_put(w, "area_name", name);
	if (m->exclude.n)
		json_put(w, "exclude", m->exclude);
}

static void put_if(struct json_writer *w, const char *name, struct span value)
{
	if (value.n)
		json_put(w, name, value);
}

void show_measure(struct json_writer *w, const struct tariff_ask *a, const struct ref_measure *m,
		  const struct show_place *p)
{
	const struct refset *r = a->inforce->ref;
	const int32_t day = p->day;
	const struct ref_measure_type *type = m->type.n ? ref_measure_type(r, m->type, day) : NULL;

	json_open_object(w);
	json_put(w, "id", m->id);
	json_put(w, "levy", m->levy->code);
	json_put(w, "levy_name", show_name(a, m->levy->name));
	json_put_c(w, "series", duty_series_name(duty_series(r, m, day)));
	if (type)
		json_put(w, "type_name", show_name(a, type->name));
	json_put(w, "commodity", m->commodity);
	show_area(w, a, m, day);
	show_coded(w, a, "preference", m->preference,
		   ref_code(r, SPAN("preference"), m->preference, day));
	put_if(w, "quota", m->quota);
	show_quota(w, a, p->quotas, m->quota);
	put_if(w, "additional", m->additional);
	put_if(w, "procedure", m->procedure);
	show_coded(w, a, "document", m->document,
		   ref_code(r, SPAN("document_type"), m->document, day));
	if (m->expression)
		json_put(w, "expression", m->expression->text);
	show_conditions(w, a, m, day);
	show_coded(w, a, "regulation", m->regulation, ref_regulation(r, m->regulation, day));
	show_footnotes(w, a, m, day);
	put_if(w, "reference", m->reference);
	show_day(w, a, "from", m->dates.from);
	show_day(w, a, "to", m->dates.to);
	show_day(w, a, "known_from", m->known);
	json_put(w, "source", m->source);
	json_close_object(w);
}

bool show_concerns(const struct tariff_ask *a, const struct show_place *p,
		   const struct ref_measure *m)
{
	return ref_measure_holds(m, p->day, p->known) &&
	       (!p->country.n || ((p->export ? m->levy->export : m->levy->import) &&
				  duty_area_holds(a->inforce->ref, m, p->country, p->day)));
}

static void show_measures(struct json_writer *w, const struct tariff_ask *a,
			  const struct show_place *p)
{
	json_name(w, "measures");
	json_open_array(w);
	for (uint32_t n = p->code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_measure *m =
		    ref_measures(a->inforce->ref, (struct span){p->code.p, n, 0});

		for (; m; m = m->next)
			if (show_concerns(a, p, m))
				show_measure(w, a, m, p);
		if (n == 0)
			break;
	}
	json_close_array(w);
}

void show_permits(struct json_writer *w, const struct tariff_ask *a, const struct show_place *p)
{
	const struct refset *r = a->inforce->ref;
	enum direction direction = p->export ? DIRECTION_EXPORT : DIRECTION_IMPORT;

	json_name(w, "permits");
	json_open_array(w);
	for (uint32_t n = p->code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_permit *m = ref_permits(r, (struct span){p->code.p, n, 0});

		for (; m; m = m->next) {
			if (!ref_holds(m->dates, p->day) ||
			    (p->country.n && (m->direction != direction ||
					      !ref_area_has(r, m->area, p->country, p->day))))
				continue;
			json_open_object(w);
			json_put(w, "document", m->document);
			json_put(w, "name", show_name(a, m->name));
			json_put(w, "agency", m->agency);
			json_put(w, "area", m->area);
			json_put_c(w, "direction", direction_name(m->direction));
			json_put(w, "source", m->source);
			json_close_object(w);
		}
		if (n == 0)
			break;
	}
	json_close_array(w);
}

/* ---- a place of the nomenclature ---- */

void show_commodity(struct text *to, const struct tariff_ask *a, const struct show_place *p)
{
	struct json_writer w = json_to(to);
	const struct search_index *index = inforce_index(a->inforce);

	json_open_object(&w);
	show_goods(&w, a, p->commodity);
	show_day(&w, a, "on", p->day);
	show_day(&w, a, "known", p->known);
	show_day(&w, a, "from", p->commodity->dates.from);
	show_day(&w, a, "to", p->commodity->dates.to);
	show_above(&w, a, p->code, p->day);
	json_name(&w, "below");
	json_open_array(&w);
	for (const struct ref_commodity *c = search_below(index, p->code, NULL, p->day); c;
	     c = search_below(index, p->code, c, p->day)) {
		json_open_object(&w);
		show_goods(&w, a, c);
		json_close_object(&w);
	}
	json_close_array(&w);
	show_measures(&w, a, p);
	show_permits(&w, a, p);
	json_close_object(&w);
}
