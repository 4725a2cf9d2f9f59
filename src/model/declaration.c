#include "model/declaration.h"

const char *direction_name(enum direction d)
{
	switch (d) {
	case DIRECTION_UNKNOWN:
		break;
	case DIRECTION_IMPORT:
		return "import";
	case DIRECTION_EXPORT:
		return "export";
	case DIRECTION_TRANSIT:
		return "transit";
	}
	return "";
}

enum direction declaration_direction(const struct declaration *d)
{
	if (span_starts(d->type, SPAN("IM")))
		return DIRECTION_IMPORT;
	if (span_starts(d->type, SPAN("EX")))
		return DIRECTION_EXPORT;
	if (span_starts(d->type, SPAN("TR")) || span_starts(d->type, SPAN("T1")) ||
	    span_starts(d->type, SPAN("T2")))
		return DIRECTION_TRANSIT;
	return DIRECTION_UNKNOWN;
}

/* Reason 1 with no place to change: the older way to ask for a cancellation. */
static bool is_withdrawal(const struct declaration *d)
{
	for (uint32_t i = 0; i < d->amendments.n; i++)
		if (!span_is(d->amendments.v[i].reason, "1") || d->amendments.v[i].pointers.n)
			return false;
	return d->amendments.n > 0;
}

enum message_function declaration_function(const struct declaration *d)
{
	if (span_is(d->function, "9"))
		return FUNCTION_ORIGINAL;
	if (!span_is(d->function, "13"))
		return FUNCTION_UNKNOWN;
	if (span_is(d->type, "COR"))
		return is_withdrawal(d) ? FUNCTION_CANCELLATION : FUNCTION_AMENDMENT;
	if (span_is(d->type, "INV"))
		return FUNCTION_CANCELLATION;
	if (span_is(d->type, "GPN") || span_is(d->type, "GPR"))
		return FUNCTION_PRESENTATION;
	return FUNCTION_UNKNOWN;
}

static const struct classification *classified(const struct commodity *c, const char *type)
{
	for (uint32_t i = 0; i < c->classifications.n; i++)
		if (c->classifications.v[i].id.n && span_is(c->classifications.v[i].type, type))
			return &c->classifications.v[i];
	return NULL;
}

/* The digits of s appended to p. */
static uint32_t add_digits(char *p, uint32_t n, struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			p[n++] = s.p[i];
	return n;
}

static bool all_digits(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

struct span goods_item_code(struct arena *a, const struct goods_item *i)
{
	static const char *const first[] = {"TSP", "HS", ""};
	const struct classification *code = NULL, *further;
	struct span ret = {0};
	char *p;

	for (uint32_t k = 0; k < ARRAY_LEN(first) && !code; k++)
		code = classified(&i->commodity, first[k]);
	if (!code)
		return ret;
	further = classified(&i->commodity, "TRC");
	if (further && !all_digits(further->id))
		further = NULL;
	p = arena_alloc(a, (size_t)code->id.n + (further ? further->id.n : 0) + 1);
	ret = (struct span){p, add_digits(p, 0, code->id), code->id.line};
	if (further)
		ret.n = add_digits(p, ret.n, further->id);
	return ret;
}

struct span document_code(struct arena *a, const struct document *d)
{
	struct text t = text_in(a);

	text_span(&t, d->category);
	text_span(&t, d->type);
	t.p = t.n ? t.p : NULL;
	return (struct span){t.p, (uint32_t)t.n, d->type.line ? d->type.line : d->category.line};
}

/* The country of the first origin whose type is one of two. */
static struct span origin_of(const struct goods_item *i, const char *type, const char *other)
{
	for (uint32_t k = 0; k < i->origins.n; k++) {
		const struct origin *o = &i->origins.v[k];

		if (o->country.n && (span_is(o->type, type) || span_is(o->type, other)))
			return o->country;
	}
	return (struct span){0};
}

struct span goods_item_origin(const struct goods_item *i, bool preferential)
{
	struct span s = preferential ? origin_of(i, "2", "2") : (struct span){0};

	return s.n ? s : origin_of(i, "1", "");
}
