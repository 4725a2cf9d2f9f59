#include <stdlib.h>

#include "story.h"

static bool is_number(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n && s.n < 9;
}

static uint32_t number_of(struct span s)
{
	uint32_t v = 0;

	for (uint32_t i = 0; i < s.n; i++)
		v = v * 10 + (uint32_t)(s.p[i] - '0');
	return v;
}

/* [name=text] */
static bool is_chosen(struct arena *a, const struct json *v, struct span step)
{
	struct span rest = {step.p + 1, step.n - 2, 0};
	struct span name = span_cut(&rest, '=');
	const struct json *member = json_get(v, arena_copy(a, name.p, name.n));

	return member && span_equal(member->text, rest);
}

static bool fits(struct arena *a, const struct json *parent, const struct json *child,
		 uint32_t place, struct span step)
{
	if (span_is(step, "*"))
		return true;
	if (*step.p == '[')
		return is_chosen(a, child, step);
	return parent->kind == JSON_OBJECT ? span_equal(child->name, step)
					   : is_number(step) && number_of(step) == place;
}

void json_collect(struct arena *a, const struct json *root, struct span path, struct found *ret)
{
	struct span rest = path, step;
	uint32_t place = 0;

	if (!root)
		return;
	if (rest.n && *rest.p == '/') {
		rest.p++;
		rest.n--;
	}
	if (!rest.n) {
		*(const struct json **)arena_push(a, (void **)&ret->v, &ret->n, &ret->room,
						  sizeof(*ret->v)) = root;
		return;
	}
	step = span_cut(&rest, '/');
	for (const struct json *v = root->first; v; v = v->next, place++)
		if (step.n && fits(a, root, v, place, step))
			json_collect(a, v, rest, ret);
}

static struct json *make(struct arena *a, enum json_kind kind, struct span name)
{
	struct json *v = ARENA_NEW(a, struct json);

	v->kind = kind;
	v->name = name;
	return v;
}

/* The link that holds the child of this step; where there is none, the end of the list. */
static struct json **link_of(struct json *parent, struct span step)
{
	struct json **link = &parent->first;
	uint32_t place = 0;

	while (*link && !(parent->kind == JSON_OBJECT ? span_equal((*link)->name, step)
						      : place == number_of(step))) {
		link = &(*link)->next;
		place++;
	}
	return link;
}

bool json_set(struct arena *a, struct json *root, struct span path, const struct json *value)
{
	struct span rest = {path.p + 1, path.n - 1, 0};
	struct json *at = root, **link, *put;

	for (;;) {
		struct span step = span_cut(&rest, '/');

		if (at->kind != JSON_OBJECT && (at->kind != JSON_ARRAY || !is_number(step)))
			return false;
		link = link_of(at, step);
		if (!rest.n)
			break;
		if (!*link) {
			struct span then = rest;

			*link = make(a, is_number(span_cut(&then, '/')) ? JSON_ARRAY : JSON_OBJECT,
				     step);
			at->count++;
		}
		at = *link;
	}
	if (!value) {
		if (!*link)
			return false;
		*link = (*link)->next;
		return true;
	}
	put = make(a, value->kind, *link ? (*link)->name : (struct span){0});
	if (!*link && at->kind == JSON_OBJECT) {
		const char *slash = memrchr(path.p, '/', path.n);

		put->name = (struct span){slash + 1, (uint32_t)(path.p + path.n - slash - 1), 0};
	}
	put->text = value->text;
	put->first = value->first;
	put->count = value->count;
	put->next = *link ? (*link)->next : NULL;
	*link = put;
	return true;
}

const struct json *json_text_value(struct arena *a, struct span text)
{
	struct json *v = make(a, JSON_STRING, (struct span){0});

	v->text = text;
	return v;
}

struct span json_written(struct arena *a, const struct json *v)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_value(&w, v);
	return text_as_span(&t);
}

/* ---- what may differ ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How many bytes at p are a moment, of ISO 8601 or of trade messages; 0: none. */
static uint32_t moment_at(const char *p, uint32_t n)
{
	uint32_t i = 0;

	if (n >= 20 && p[4] == '-' && p[7] == '-' && p[10] == 'T' && is_digit(*p)) {
		for (i = 11; i < n && (is_digit(p[i]) || strchr(":.", p[i])); i++)
			;
		return i < n && p[i] == 'Z' ? i + 1 : 0;
	}
	if (n >= 12 && p[0] == '2' && p[1] == '0') {
		while (i < n && is_digit(p[i]))
			i++;
		return i >= 12 ? i : 0;
	}
	return 0;
}

/* The same of what only the reference decides in the code of a paper: "-4QK7-0ZC3-M9XD-7TPV" behind its letter and number. */
static uint32_t mac_at(const char *p, uint32_t n)
{
	enum { MAC = 20 };

	for (uint32_t i = 0; i < MAC; i++)
		if (i >= n ||
		    (i % 5 == 0 ? p[i] != '-' : !is_digit(p[i]) && !(p[i] >= 'A' && p[i] <= 'Z')))
			return 0;
	return MAC;
}

static void put_plain(struct text *to, struct span s, const struct replaced *v, uint32_t n)
{
	for (uint32_t i = 0; i < s.n;) {
		struct span rest = {s.p + i, s.n - i, 0};
		uint32_t skip = moment_at(rest.p, rest.n), k = 0;

		if (skip) {
			text_string(to, "(moment)");
			i += skip;
			continue;
		}
		skip = mac_at(rest.p, rest.n);
		if (skip) {
			text_string(to, "-(code)");
			i += skip;
			continue;
		}
		while (k < n && !(v[k].from.n && span_starts(rest, v[k].from)))
			k++;
		if (k < n) {
			text_span(to, v[k].to);
			i += v[k].from.n;
		} else {
			text_char(to, s.p[i++]);
		}
	}
}

static void drop_ids(struct json *v)
{
	struct json **link = &v->first;

	while (*link) {
		if (span_is((*link)->name, "instance") || span_is((*link)->name, "request_id")) {
			*link = (*link)->next;
			continue;
		}
		drop_ids(*link);
		link = &(*link)->next;
	}
}

struct span story_plain(struct arena *a, const struct reply *r, const struct replaced *v,
			uint32_t n)
{
	struct text t = text_in(a);
	struct codec_fault fault;
	const struct json *own;
	struct span body = r->body;

	if (r->json && !json_read(a, r->body, &own, &fault)) {
		/* read again, so that what is taken out is not missed elsewhere */
		drop_ids((struct json *)(uintptr_t)own);
		body = json_written(a, own);
	}
	if (span_starts(body, SPAN("%PDF-"))) /* holds its code, as letters and as a square */
		return SPAN("(a paper)");
	put_plain(&t, body, v, n);
	return text_as_span(&t);
}
