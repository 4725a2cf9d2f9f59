#include "tariff/uk_origin.h"

#include "base/limits.h"
#include "ref/ref_origin.h"
#include "tariff/origin_text.h"

enum { CODE_DIGITS = 10, LEAST_DIGITS = 2 };

static bool is_code(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n == CODE_DIGITS;
}

/* 2710000000 to 2710999999 is 2710; two codes of the same length make a range. */
static struct span range_of(struct arena *a, struct span low, struct span high)
{
	while (low.n > LEAST_DIGITS && low.p[low.n - 1] == '0' && low.p[low.n - 2] == '0' &&
	       high.p[high.n - 1] == '9' && high.p[high.n - 2] == '9') {
		low.n -= 2;
		high.n -= 2;
	}
	return span_equal(low, high)
		   ? low
		   : span_of(arena_print(a, "%.*s-%.*s", SPAN_ARG(low), SPAN_ARG(high)));
}

/* Does the pack's language take it? A rule that it refuses counts as not understood. */
static bool is_sound(struct arena *a, struct span rule)
{
	const struct origin_node *node;
	const char *text;
	uint32_t at;

	return rule.n && !origin_rule_parse(a, rule, &node, &text, &at);
}

static void report_rule(struct uk_origin *u, const struct json *set, const struct json *rule,
			struct span plain, struct span expression)
{
	struct json_writer w = json_to(&u->report);

	json_open_object(&w);
	json_put(&w, "agreement", u->agreement);
	json_put(&w, "from", json_get_text(set, "min"));
	json_put(&w, "to", json_get_text(set, "max"));
	json_put_c(&w, "kind", expression.n ? "understood" : "not_understood");
	json_put(&w, "expression", expression);
	json_put(&w, "text", plain);
	json_put_int(&w, "line", rule->line);
	json_close_object(&w);
	text_char(&u->report, '\n');
}

static void add_row(struct uk_origin *u, const struct json *set, struct span rule)
{
	const struct span goods =
	    range_of(u->arena, json_get_text(set, "min"), json_get_text(set, "max"));

	text_print(&u->table, "%.*s,%.*s,,\"%.*s\",,,%.*s,,\"%s, line %u\"\n",
		   SPAN_ARG(u->agreement), SPAN_ARG(goods), SPAN_ARG(rule), SPAN_ARG(u->from),
		   u->name, set->line);
	u->rows++;
}

/* Its own goods are the set's. A value of a list counts by itself only where the rule that lists it asks for nothing else. */
static struct span read_rule(struct uk_origin *u, const struct json *set, struct span plain,
			     bool lists)
{
	if (origin_text_continues(plain) && !lists)
		return SPAN("");
	return origin_text_rule(u->arena,
				origin_text_own_goods(u->arena, plain, json_get_text(set, "min"),
						      json_get_text(set, "max")));
}

/* Each further rule says how it is joined to those before: "or", or nothing that could be relied on. */
static void take_set(struct uk_origin *u, const struct json *set)
{
	const struct json *rules = json_get(set, "rules");
	struct text all = text_in(u->arena);
	bool understood = is_code(json_get_text(set, "min")) &&
			  is_code(json_get_text(set, "max")) && rules && rules->first;
	struct span whole;
	bool lists = false; /* the rule that is continued may be read value by value */

	u->sets++;
	for (const struct json *r = rules ? rules->first : NULL; r; r = r->next) {
		const struct span plain = origin_text_plain(u->arena, json_get_text(r, "rule"));
		struct span rule = read_rule(u, set, plain, lists);

		if (!origin_text_continues(plain))
			lists = origin_text_lists(plain);
		rule = is_sound(u->arena, rule) ? rule : SPAN("");
		u->rules++;
		u->rules_understood += rule.n > 0;
		report_rule(u, set, r, plain, rule);
		understood = understood && rule.n &&
			     (r == rules->first || span_is(json_get_text(r, "operator"), "or"));
		if (understood)
			text_print(&all, "%s%.*s", r == rules->first ? "" : " or ", SPAN_ARG(rule));
	}
	whole = text_as_span(&all);
	if (!understood || !is_sound(u->arena, whole))
		return;
	u->sets_understood++;
	add_row(u, set, whole);
}

enum err uk_origin_read(struct uk_origin *u, struct span bytes, struct codec_fault *ret_fault)
{
	const struct json *j, *sets;
	enum err e = json_read(u->arena, bytes, &j, ret_fault);

	if (e)
		return e;
	sets = json_get(j, "rule_sets");
	if (!sets || sets->kind != JSON_ARRAY) {
		*ret_fault =
		    (struct codec_fault){.line = 1,
					 .column = 1,
					 .text = "an object with the member rule_sets is wanted"};
		return ERR_FORMAT;
	}
	for (const struct json *s = sets->first; s; s = s->next)
		take_set(u, s);
	return ERR_NONE;
}
