#include "hub/targeting.h"

#include "codec/json.h"

bool targeting_cleared(const struct who *who)
{
	return who_is(who, ROLE_ANALYST | ROLE_AUDITOR | ROLE_HUB);
}

bool targeting_is_secret(const struct ruleset *rules, struct span id)
{
	const struct risk_rule *rule = rules ? risk_rule_find(rules, id) : NULL;

	return !rule || rule->secrecy == SECRECY_RESTRICTED;
}

/* Draws are made for rules and for purposes of the hub's own, which everybody may know of: "random", "rate:red". */
static bool is_purpose(struct span draw)
{
	return span_is(draw, "random") || span_starts(draw, SPAN("rate:"));
}

static bool is_secret_reason(const struct ruleset *rules, const struct json *reason)
{
	return span_is(json_get_text(reason, "kind"), "rule") &&
	       targeting_is_secret(rules, json_get_text(reason, "id"));
}

/* Which histories the facts have says what some rule asks about: nobody can tell of which rule. */
static bool hides_past(const struct json *decision, const struct ruleset *rules)
{
	if (!json_get(json_get(decision, "facts"), "history"))
		return false;
	if (!rules)
		return true;
	for (uint32_t i = 0; i < risk_rule_count(rules); i++)
		if (risk_rule_at(rules, i)->secrecy == SECRECY_RESTRICTED)
			return true;
	return false;
}

static void write_facts(struct json_writer *w, const struct json *facts)
{
	json_open_object(w);
	for (const struct json *m = facts->first; m; m = m->next) {
		if (span_is(m->name, "history"))
			continue;
		json_name_span(w, m->name);
		json_value(w, m);
	}
	json_close_object(w);
}

static bool has_secret(const struct json *decision, const struct ruleset *rules)
{
	const struct json *reasons = json_get(decision, "reasons"),
			  *draws = json_get(json_get(decision, "draw"), "values");

	if (hides_past(decision, rules))
		return true;
	for (const struct json *r = reasons ? reasons->first : NULL; r; r = r->next)
		if (is_secret_reason(rules, r))
			return true;
	for (const struct json *d = draws ? draws->first : NULL; d; d = d->next)
		if (!is_purpose(d->name) && targeting_is_secret(rules, d->name))
			return true;
	return false;
}

static void write_reasons(struct json_writer *w, const struct json *reasons,
			  const struct ruleset *rules)
{
	json_open_array(w);
	for (const struct json *r = reasons->first; r; r = r->next) {
		if (!is_secret_reason(rules, r)) {
			json_value(w, r);
			continue;
		}
		json_open_object(w);
		json_put_c(w, "kind", "rule");
		json_put_c(w, "id", "restricted");
		json_put(w, "lane", json_get_text(r, "lane"));
		json_put_int(w, "weight", 0);
		json_put_bool(w, "drawn", true);
		json_put_c(w, "text",
			   "a rule that only officers with a clearance for targeting may read");
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_draw(struct json_writer *w, const struct json *draw, const struct ruleset *rules)
{
	json_open_object(w);
	for (const struct json *m = draw->first; m; m = m->next) {
		json_name_span(w, m->name);
		if (!span_is(m->name, "values")) {
			json_value(w, m);
			continue;
		}
		json_open_object(w);
		for (const struct json *d = m->first; d; d = d->next) {
			if (!is_purpose(d->name) && targeting_is_secret(rules, d->name))
				continue;
			json_name_span(w, d->name);
			json_value(w, d);
		}
		json_close_object(w);
	}
	json_close_object(w);
}

struct span targeting_for_officer(struct arena *a, struct span bytes, const struct ruleset *rules)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);
	const struct json *decision;
	struct codec_fault fault;

	if (json_read(a, bytes, &decision, &fault) || !has_secret(decision, rules))
		return bytes;
	json_open_object(&w);
	for (const struct json *m = decision->first; m; m = m->next) {
		json_name_span(&w, m->name);
		if (span_is(m->name, "reasons") && m->kind == JSON_ARRAY)
			write_reasons(&w, m, rules);
		else if (span_is(m->name, "facts") && m->kind == JSON_OBJECT &&
			 hides_past(decision, rules))
			write_facts(&w, m);
		else if (span_is(m->name, "draw") && m->kind == JSON_OBJECT)
			write_draw(&w, m, rules);
		else
			json_value(&w, m);
	}
	json_close_object(&w);
	return text_as_span(&t);
}
