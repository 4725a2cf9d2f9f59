#include "model/finding.h"

#include "base/limits.h"

struct rule {
	const char *id;
	enum severity severity;
	const char *en, *fr;
};

static const struct rule rules[FINDING_RULES] = {
#define FINDING(name, id, severity, en, fr) [FINDING_##name] = {id, SEVERITY_##severity, en, fr},
#include "dict/findings.def"
#undef FINDING
};

const char *severity_name(enum severity s)
{
	switch (s) {
	case SEVERITY_INFO:
		return "info";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "error";
}

struct findings findings_for(struct arena *a, const struct dict_class *c, const void *object)
{
	return (struct findings){.arena = a, .class = c, .object = object};
}

/* arena_push, or arena_try_push. */
typedef void *take_room(struct arena *a, void **data, uint32_t *count, uint32_t *capacity,
			size_t size);

/* Room for one more finding; f->beyond, which nobody reads, when there are enough; NULL when memory ends and take says so. */
static struct finding *push(struct findings *f, enum finding_rule rule, take_room *take)
{
	struct finding *new;

	if (f->cut) {
		f->errors += rules[rule].severity == SEVERITY_ERROR;
		return &f->beyond;
	}
	new = take(f->arena, (void **)&f->list.v, &f->list.n, &f->list.room, sizeof(*new));
	if (!new)
		return NULL;
	f->cut = f->list.n > LIMIT_FINDINGS;
	new->rule = f->cut ? FINDING_MORE : rule;
	new->severity = rules[new->rule].severity;
	f->errors += new->severity == SEVERITY_ERROR;
	return f->cut ? &f->beyond : new;
}

static void set_values(struct finding *f, struct span v1, struct span v2, struct span v3)
{
	const struct span value[FINDING_VALUES] = {v1, v2, v3};

	for (uint32_t i = 0; i < FINDING_VALUES && value[i].p; i++)
		f->value[f->values++] = value[i];
}

struct finding *finding_add(struct findings *f, enum finding_rule rule, const void *place,
			    struct span v1, struct span v2, struct span v3)
{
	struct text pointer = text_in(f->arena);
	struct finding *new = push(f, rule, arena_push);

	if (new == &f->beyond)
		return new;
	set_values(new, v1, v2, v3);
	if (place && f->class && dict_locate(f->class, f->object, place, &pointer, &new->line))
		new->pointer = text_as_span(&pointer);
	return new;
}

bool finding_try(struct findings *f, enum finding_rule rule, struct span pointer, uint32_t line,
		 struct span v1, struct span v2, struct span v3)
{
	struct finding *new = push(f, rule, arena_try_push);

	if (!new || new == &f->beyond)
		return new != NULL;
	set_values(new, v1, v2, v3);
	new->pointer = pointer;
	new->line = line;
	return true;
}

const char *finding_id(enum finding_rule rule)
{
	return rules[rule].id;
}

enum severity finding_severity(enum finding_rule rule)
{
	return rules[rule].severity;
}

enum finding_rule finding_by_id(struct span id)
{
	for (uint32_t i = 0; i < FINDING_RULES; i++)
		if (span_is(id, rules[i].id))
			return (enum finding_rule)i;
	return FINDING_RULES;
}

void finding_text(struct text *t, const struct finding *f, struct span language, bool *ret_fallback)
{
	const char *p = span_is(language, "fr") ? rules[f->rule].fr : rules[f->rule].en;

	if (ret_fallback)
		*ret_fallback = !span_is(language, "fr") && !span_is(language, "en");
	for (; *p; p++) {
		uint32_t i = p[0] == '{' && p[1] >= '1' && p[1] <= '3' && p[2] == '}'
				 ? (uint32_t)(p[1] - '1')
				 : FINDING_VALUES;
		if (i == FINDING_VALUES) {
			text_char(t, *p);
			continue;
		}
		if (i < f->values)
			text_span(t, f->value[i]);
		p += 2;
	}
}
