#include "story_room.h"

/* What those see who have nothing to do with a case, and what its trader can tell of it. */
struct route {
	const char *method, *path;
};
#define DELETE(path, ...) {"DELETE", path},
#define GET(path, ...)    {"GET", path},
#define PATCH(path, ...)  {"PATCH", path},
#define POST(path, ...)   {"POST", path},
#define PUT(path, ...)    {"PUT", path},
static const struct route routes[] = {
#include "http/routes.def"
};
#undef DELETE
#undef GET
#undef PATCH
#undef POST
#undef PUT

#define CASE_ROUTE "/api/v1/declarations/{ref}"

static bool is_of_case(const struct route *r)
{
	return !strncmp(r->path, CASE_ROUTE, sizeof(CASE_ROUTE) - 1);
}

static const char *path_of(struct story *s, const struct route *r, struct span reference)
{
	struct text t = text_in(s->arena);
	const char *rest = r->path + sizeof(CASE_ROUTE) - 1, *number = strstr(rest, "{number}");

	text_print(&t, "/api/v1/declarations/%.*s", SPAN_ARG(reference));
	if (number)
		text_print(&t, "%.*s1%s", (int)(number - rest), rest, number + 8);
	else
		text_string(&t, rest);
	if (strstr(rest, "erasure"))
		text_string(&t, "?reason=curious");
	text_char(&t, 0);
	return t.p;
}

static void ask_route(struct step *p, const struct route *r, struct span reference,
		      struct reply *to)
{
	struct story *s = p->story;
	struct call c = {
	    .method = r->method, .path = path_of(s, r, reference), .token = p->call.token};

	if (strstr(c.path, "/acts")) {
		c.type = "application/json";
		c.body = SPAN("{\"act\":\"pay\",\"amount\":\"1.00\"}");
	} else if (!strcmp(c.method, "POST") && strstr(c.path, "/documents") &&
		   !strstr(c.path, "erasure")) {
		c.type = "application/pdf";
		c.body = SPAN("%PDF-1.7\ncurious\n%%EOF\n");
	}
	story_call(s, &c, to);
}

/* A reference like this one that nothing has. */
static struct span unknown_reference(struct story *s, struct span known)
{
	char *p = arena_copy(s->arena, known.p, known.n);

	for (uint32_t i = 6; i + 1 < known.n; i++)
		p[i] = '9';
	return (struct span){p, known.n, 0};
}

/* Each route of the case answers as for a case that is not there. */
void story_finds_nothing(struct step *p)
{
	struct story *s = p->story;
	struct label *l;
	struct replaced v[2];

	if (!story_word_is(&p->words, &p->at, "nothing") || !story_word_is(&p->words, &p->at, "of"))
		SAY(s, "finds nothing of LABEL");
	l = story_label(s, story_word(&p->words, &p->at));
	story_end(p);
	if (!l || s->said) {
		SAY(s, "there is no such label");
		return;
	}
	v[0] = (struct replaced){l->value, SPAN("(reference)")};
	v[1] = (struct replaced){unknown_reference(s, l->value), SPAN("(reference)")};
	for (size_t i = 0; i < ARRAY_LEN(routes) && !s->said; i++) {
		struct reply r, none;

		if (!is_of_case(&routes[i]))
			continue;
		ask_route(p, &routes[i], v[0].from, &r);
		ask_route(p, &routes[i], v[1].from, &none);
		/* 403: nobody who is what this one is may do such a thing at all */
		if (s->said || ((r.status == 404 || r.status == 403) && none.status == r.status &&
				span_equal(story_plain(s->arena, &r, v, 2),
					   story_plain(s->arena, &none, v, 2))))
			continue;
		SAY(s,
		    "%s %s: expected 404 as for a case that is not there, got %u %.*s and %u %.*s",
		    routes[i].method, routes[i].path, r.status, SPAN_ARG(r.body), none.status,
		    SPAN_ARG(none.body));
	}
}

/* Everything that can be read about a case, as one text. */
static struct span all_of(struct step *p, const struct label *l, const struct replaced *v,
			  uint32_t n)
{
	struct story *s = p->story;
	struct text t = text_in(s->arena);

	for (size_t i = 0; i < ARRAY_LEN(routes) * 2 && !s->said; i++) {
		const struct route *r = &routes[i / 2];
		struct reply reply;
		struct call c;

		if (!is_of_case(r) || strcmp(r->method, "GET") != 0)
			continue;
		c = (struct call){.method = "GET",
				  .path = path_of(s, r, l->value),
				  .token = p->call.token,
				  .accept = i % 2 ? "application/xml" : NULL};
		if (!story_call(s, &c, &reply))
			break;
		text_print(&t, "%s %u ", r->path, reply.status);
		text_span(&t, story_plain(s->arena, &reply, v, n));
		text_char(&t, '\n');
	}
	return text_as_span(&t);
}

static void put_listed(struct step *p, const char *path, const struct label *l,
		       const struct replaced *v, uint32_t n, struct text *to)
{
	struct story *s = p->story;
	struct call c = {.method = "GET", .path = path, .token = p->call.token};
	struct reply r, one = {0};
	struct found f = {0};
	struct span list;

	if (!story_call(s, &c, &r))
		return;
	list = span_of(arena_print(s->arena, "/*/[reference=%.*s]", SPAN_ARG(l->value)));
	json_collect(s->arena, r.json, list, &f);
	for (uint32_t i = 0; i < f.n; i++) {
		struct json *x = (struct json *)(uintptr_t)f.v[i];

		(void)json_set(s->arena, x, SPAN("/id"), NULL);
		one.body = json_written(s->arena, x);
		text_print(to, "%s ", path);
		text_span(to, story_plain(s->arena, &one, v, n));
		text_char(to, '\n');
	}
}

static struct span told_of(struct step *p, const struct label *l, const struct replaced *v,
			   uint32_t n)
{
	struct text t = text_in(p->story->arena);

	text_span(&t, all_of(p, l, v, n));
	put_listed(p, "/api/v1/cases?limit=200", l, v, n, &t);
	put_listed(p, "/api/v1/notifications?limit=500", l, v, n, &t);
	return text_as_span(&t);
}

/* cannot tell A from B [but "X" "Y"]: what two cases show is the same, but for references, moments and X against Y. */
void story_cannot_tell(struct step *p)
{
	struct story *s = p->story;
	struct label *a, *b;
	struct replaced v[6];
	struct span one, two;
	uint32_t n = 4, at = 0;

	if (!story_word_is(&p->words, &p->at, "tell"))
		SAY(s, "cannot tell LABEL from LABEL");
	a = story_label(s, story_word(&p->words, &p->at));
	if (!story_word_is(&p->words, &p->at, "from"))
		SAY(s, "cannot tell LABEL from LABEL");
	b = story_label(s, story_word(&p->words, &p->at));
	if (!a || !b || s->said) {
		SAY(s, "there is no such label");
		return;
	}
	v[0] = (struct replaced){a->value, SPAN("(reference)")};
	v[1] = (struct replaced){b->value, SPAN("(reference)")};
	v[2] = (struct replaced){a->trader_reference, SPAN("(trader's)")};
	v[3] = (struct replaced){b->trader_reference, SPAN("(trader's)")};
	while (story_word_is(&p->words, &p->at, "but") && n == 4) {
		v[n++] = (struct replaced){word_text(story_word(&p->words, &p->at)), SPAN("(but)")};
		v[n++] = (struct replaced){word_text(story_word(&p->words, &p->at)), SPAN("(but)")};
	}
	story_end(p);
	one = told_of(p, a, v, n);
	two = told_of(p, b, v, n);
	if (s->said || span_equal(one, two))
		return;
	while (at < one.n && at < two.n && one.p[at] == two.p[at])
		at++;
	at = at > 200 ? at - 200 : 0;
	SAY(s, "the two can be told apart: %.*s ... against %.*s ...",
	    (int)(one.n - at < 500 ? one.n - at : 500), one.p + at,
	    (int)(two.n - at < 500 ? two.n - at : 500), two.p + at);
}
