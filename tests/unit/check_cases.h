/* The cases of tests/golden/checks (README.md there), read and applied: for the unit tests, and for those that send them
 * through the program.  Everything lies in the caller's arena. A fault in the files themselves fails the test that reads them. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_CHECK_CASES_H
#define CUSTOMHOUSE_TESTS_UNIT_CHECK_CASES_H

#include "ref_pack.h"

#include "codec/json.h"

struct check_case {
	const char *finding;               /* id */
	const char *base;                  /* file name without .json */
	const char *at;                    /* JSON pointer that the finding must name */
	const struct json *fails, *passes; /* edits */
	uint32_t line;                     /* in cases.jsonl */
};

/* ---- days ---- */

/* Replaces @day@, @day+2@, @day-40@ by days counted from one. */
static inline struct span case_days(struct arena *a, struct span text, int32_t day)
{
	struct text to = text_in(a);

	for (uint32_t i = 0; i < text.n; i++) {
		struct span rest = {text.p + i, text.n - i, 0};
		int32_t shift = 0;
		bool minus;

		if (!span_starts(rest, SPAN("@day"))) {
			text_char(&to, text.p[i]);
			continue;
		}
		i += 4;
		minus = text.p[i] == '-';
		for (; i < text.n && text.p[i] != '@'; i++)
			if (text.p[i] >= '0' && text.p[i] <= '9')
				shift = shift * 10 + text.p[i] - '0';
		day_write(&to, minus ? day - shift : day + shift);
	}
	return text_as_span(&to);
}

/* ---- edits ---- */

/* One walk over a message that writes it with the edits applied. */
struct edit_walk {
	struct json_writer writer;
	const struct json *edits;
	char at[512];     /* pointer of the value that is being written */
	uint32_t applied; /* edits that found their place */
};

static inline const struct json *edit_at(const struct edit_walk *w, const char *pointer)
{
	for (const struct json *e = w->edits->first; e; e = e->next)
		if (span_is(e->name, pointer))
			return e;
	return NULL;
}

/* Adds the members that edits bring into the object or list at w->at. */
static inline void edit_add(struct edit_walk *w, const struct json *to)
{
	size_t n = strlen(w->at);

	for (const struct json *e = w->edits->first; e; e = e->next) {
		struct span last = {e->name.p + n + 1, e->name.n - (uint32_t)n - 1, 0};

		if (e->name.n <= n + 1 || memcmp(e->name.p, w->at, n) != 0 || e->name.p[n] != '/' ||
		    memchr(last.p, '/', last.n) || e->kind == JSON_NULL)
			continue;
		if (to->kind == JSON_OBJECT) {
			bool there = false;

			for (const struct json *m = to->first; m; m = m->next)
				there |= span_equal(m->name, last);
			if (there)
				continue;
			json_name_span(&w->writer, last);
		} else if (!span_is(last, "-")) {
			continue;
		}
		json_value(&w->writer, e);
		w->applied++;
	}
}

static inline void edit_write(struct edit_walk *w, const struct json *v);

/* Writes one member of an object or list, or what an edit puts in its place. */
static inline void edit_member(struct edit_walk *w, const struct json *m, bool named,
			       uint32_t index)
{
	size_t n = strlen(w->at);
	const struct json *e;

	if (named)
		snprintf(w->at + n, sizeof(w->at) - n, "/%.*s", SPAN_ARG(m->name));
	else
		snprintf(w->at + n, sizeof(w->at) - n, "/%u", index);
	e = edit_at(w, w->at);
	w->applied += e != NULL;
	if (!e || e->kind != JSON_NULL) {
		if (named)
			json_name_span(&w->writer, m->name);
		if (e)
			json_value(&w->writer, e);
		else
			edit_write(w, m);
	}
	w->at[n] = '\0';
}

static inline void edit_write(struct edit_walk *w, const struct json *v)
{
	uint32_t index = 0;

	if (v->kind == JSON_OBJECT) {
		json_open_object(&w->writer);
		for (const struct json *m = v->first; m; m = m->next)
			edit_member(w, m, true, 0);
		edit_add(w, v);
		json_close_object(&w->writer);
	} else if (v->kind == JSON_ARRAY) {
		json_open_array(&w->writer);
		for (const struct json *m = v->first; m; m = m->next)
			edit_member(w, m, false, index++);
		edit_add(w, v);
		json_close_array(&w->writer);
	} else {
		json_value(&w->writer, v);
	}
}

/* ---- the files ---- */

static inline const struct json *case_json(struct arena *a, struct span bytes, const char *what)
{
	struct codec_fault fault;
	const struct json *v = NULL;

	if (json_read(a, bytes, &v, &fault))
		fail_msg("%s:%u:%u: %s", what, fault.line, fault.column, fault.text);
	return v;
}

/* The message as it is sent, with the edit (NULL: none) applied. Every edit must find its place. */
static inline struct span case_message(struct arena *a, const char *base, const struct json *edits,
				       int32_t day)
{
	struct text to = text_in(a);
	struct edit_walk w = {.writer = json_to(&to), .edits = edits};
	char name[64];
	struct span bytes;

	snprintf(name, sizeof(name), "%s.json", base);
	bytes = case_days(a, tree_file(a, "tests/golden/checks", name), day);
	if (!edits)
		return bytes;
	w.writer.indent = true;
	edit_write(&w, case_json(a, bytes, name));
	if (w.applied != edits->count)
		fail_msg("%s: %u of %u edits found their place", base, w.applied, edits->count);
	return case_days(a, text_as_span(&to), day);
}

static inline const char *case_text(struct arena *a, const struct json *line, const char *name)
{
	struct span s = json_get_text(line, name);

	if (!s.p)
		fail_msg("cases.jsonl: a case without \"%s\"", name);
	return arena_copy(a, s.p, s.n);
}

/* Every case of cases.jsonl, in its order. */
static inline struct check_case *check_cases(struct arena *a, uint32_t *ret_n)
{
	struct span rest = tree_file(a, "tests/golden/checks", "cases.jsonl");
	struct check_case *v = NULL;
	uint32_t n = 0, room = 0, line = 0;

	while (rest.p && rest.n) {
		struct span text = span_cut(&rest, '\n');
		struct check_case *c;
		const struct json *j;

		line++;
		if (!text.n)
			continue;
		j = case_json(a, text, "cases.jsonl");
		c = arena_push(a, (void **)&v, &n, &room, sizeof(*c));
		*c = (struct check_case){
		    .finding = case_text(a, j, "finding"),
		    .base = case_text(a, j, "base"),
		    .at = case_text(a, j, "at"),
		    .fails = json_get(j, "fails"),
		    .passes = json_get(j, "passes"),
		    .line = line,
		};
		if (!c->fails || !c->passes)
			fail_msg("cases.jsonl:%u: both \"fails\" and \"passes\" are needed", line);
	}
	*ret_n = n;
	return v;
}

#endif
