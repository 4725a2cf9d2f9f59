#include "hub/settle/record.h"

#include "base/date.h"
#include "hub/life/life.h"

/* A request that waits for an officer changes nothing yet. */
static struct flow_view told(const struct decision *d)
{
	static const struct flow_view waits = {"requested", {"await-decision"}, 1};

	return d->accepted && d->facts->waits ? waits : d->view;
}

/* What was asked for, so that an answer can say whether a declaration was accepted or a change to one. */
static const char *asked_name(enum message_function asked)
{
	switch (asked) {
	case FUNCTION_UNKNOWN:
		break;
	case FUNCTION_ORIGINAL:
		return "declaration";
	case FUNCTION_AMENDMENT:
		return "amendment";
	case FUNCTION_CANCELLATION:
		return "cancellation";
	case FUNCTION_PRESENTATION:
		return "presentation";
	}
	return "unknown";
}

void answer_write(struct text *to, const struct decision *d)
{
	const struct declaration *m = &d->message->declaration;
	struct json_writer w = json_to(to);
	struct text at = text_in(to->arena);
	struct flow_view view = told(d);

	moment_write(&at, d->facts->received_at);
	json_open_object(&w);
	json_put(&w, "reference", d->facts->reference);
	json_put(&w, "trader_reference", m->trader_reference);
	json_put_int(&w, "version", d->facts->version);
	json_put_c(&w, "asked", asked_name(d->asked));
	json_put_c(&w, "state", view.state);
	json_put(&w, "received_at", text_as_span(&at));
	decision_put_findings(&w, d->findings);
	decision_put_taxes(&w, d, false);
	origin_claims_put(&w, &d->origin);
	life_write_next(&w, &view);
	json_close_object(&w);
}

void answer_write_shadow(struct text *to, const struct decision *d)
{
	static const struct flow_view shadow = {.state = "shadow"};
	struct json_writer w = json_to(to);
	struct text at = text_in(to->arena);

	moment_write(&at, d->facts->received_at);
	json_open_object(&w);
	json_put(&w, "reference", d->facts->reference);
	json_put(&w, "trader_reference", d->message->declaration.trader_reference);
	json_put_int(&w, "version", d->facts->version);
	json_put_c(&w, "asked", asked_name(d->asked));
	json_put_c(&w, "state", shadow.state);
	json_put(&w, "received_at", text_as_span(&at));
	json_name(&w, "findings");
	json_open_array(&w);
	json_close_array(&w);
	json_name(&w, "taxes");
	json_open_array(&w);
	json_close_array(&w);
	life_write_next(&w, &shadow);
	json_close_object(&w);
}

bool record_read_finding(const struct json *j, struct finding *ret)
{
	const struct json *values = json_get(j, "values");

	*ret = (struct finding){.rule = finding_by_id(json_get_text(j, "rule"))};
	if (ret->rule == FINDING_RULES)
		return false;
	for (const struct json *v = values ? values->first : NULL;
	     v && ret->values < FINDING_VALUES; v = v->next)
		ret->value[ret->values++] = v->text;
	return true;
}

static void render_findings(struct json_writer *w, const struct json *list, struct span language,
			    bool *fallback)
{
	json_open_array(w);
	for (const struct json *j = list->first; j; j = j->next) {
		struct text text = text_in(w->text->arena);
		struct finding f;
		bool fell = false;

		json_open_object(w);
		for (const struct json *m = j->first; m; m = m->next) {
			if (span_is(m->name, "values"))
				continue;
			json_name_span(w, m->name);
			json_value(w, m);
		}
		if (record_read_finding(j, &f))
			finding_text(&text, &f, language, &fell);
		json_put(w, "text", text_as_span(&text));
		json_close_object(w);
		*fallback |= fell;
	}
	json_close_array(w);
}

static void render_members(struct json_writer *w, const struct json *object, struct span language)
{
	bool fallback = false;

	for (const struct json *m = object->first; m; m = m->next) {
		json_name_span(w, m->name);
		if (span_is(m->name, "findings"))
			render_findings(w, m, language, &fallback);
		else
			json_value(w, m);
	}
	if (fallback)
		json_put_bool(w, "language_fallback", true);
}

void answer_now(struct text *to, const struct json *answer, const struct flow_view *now)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	for (const struct json *m = answer->first; m; m = m->next) {
		if (span_is(m->name, "next")) {
			life_write_next(&w, now);
			continue;
		}
		json_name_span(&w, m->name);
		if (span_is(m->name, "state"))
			json_cstring(&w, now->state);
		else
			json_value(&w, m);
	}
	json_close_object(&w);
}

void answer_render(struct text *to, const struct json *answer, struct span language)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	render_members(&w, answer, language);
	json_close_object(&w);
}

/* Inside a string each quote stands behind a backslash, so these bytes can only be the member. */
bool answer_is_plain(struct span answer)
{
	struct span none = SPAN("\"findings\":[]");

	return answer.n && memmem(answer.p, answer.n, none.p, none.n);
}

void record_render(struct text *to, const struct json *decision, int64_t decided_at,
		   struct span language)
{
	struct json_writer w = json_to(to);
	struct text at = text_in(to->arena);

	moment_write(&at, decided_at);
	json_open_object(&w);
	render_members(&w, decision, language);
	json_put_c(&w, "program", "customhouse " CUSTOMHOUSE_VERSION);
	json_put(&w, "decided_at", text_as_span(&at));
	json_close_object(&w);
}
