/* What a company keeps for its own use: the goods that it trades, templates of declarations. */
#include "hub/people/shelf.h"

#include <string.h>

#include "http/body.h"
#include "http/people.h"
#include "http/problem.h"

enum { PAGE = 100, TEXT_MAX = 512, CODE_MAX = 22, PAPERS_MAX = 20, PAPER_MAX = 10 };

/* Members of one of the goods; all are texts but `documents`, the codes of papers that it usually needs. */
static const struct {
	const char *name;
	uint32_t most;
	bool code; /* of letters and digits */
} members[] = {
    {"description", TEXT_MAX, false},
    {"code", CODE_MAX, true},
    {"origin", 2, true},
    {"unit", 8, true},
    {"preference", 3, true},
    {"package", 2, true},
};

/* The company that the query names, or the only one. */
static bool take_party(struct request *r, struct span *ret)
{
	if (!request_query(r, "party", ret))
		return false;
	if (!ret->n && r->who->parties.n == 1)
		*ret = r->who->parties.v[0];
	if (!ret->n)
		problem_reply(r, PROBLEM_BAD_REQUEST, "the query must name one party");
	return ret->n > 0;
}

static bool is_code(struct span s)
{
	for (uint32_t i = 0; s.p && i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return true;
}

static bool refuse(struct request *r, struct span name, const char *member)
{
	problem_reply(r, PROBLEM_INVALID, "%.*s: %s is none", SPAN_ARG(name), member);
	return false;
}

static bool papers_sound(const struct json *v)
{
	if (v->kind != JSON_ARRAY || v->count > PAPERS_MAX)
		return false;
	for (const struct json *c = v->first; c; c = c->next)
		if (c->kind != JSON_STRING || !c->text.n || c->text.n > PAPER_MAX ||
		    !is_code(c->text))
			return false;
	return true;
}

static bool member_sound(const struct json *v)
{
	if (span_is(v->name, "documents"))
		return papers_sound(v);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (span_is(v->name, members[i].name))
			return v->kind == JSON_STRING && v->text.n <= members[i].most &&
			       !memchr(v->text.p ? v->text.p : "", 0, v->text.n) &&
			       (!members[i].code || is_code(v->text));
	return false;
}

static bool read_goods(struct request *r, const struct json *o, struct shelved *ret)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	ret->name = json_get_text(o, "article");
	if (!ret->name.n)
		return refuse(r, SPAN("goods"), "article");
	json_open_object(&w);
	for (const struct json *v = o->first; v; v = v->next) {
		if (span_is(v->name, "article"))
			continue;
		if (!member_sound(v))
			return refuse(r, ret->name,
				      arena_print(r->arena, "%.*s", SPAN_ARG(v->name)));
		json_name_span(&w, v->name);
		json_value(&w, v);
	}
	json_close_object(&w);
	ret->body = text_as_span(&text);
	return true;
}

/* The declaration is the company's own, in the making: whether it is one is asked when it is handed in. */
static bool read_template(struct request *r, const struct json *o, struct shelved *ret)
{
	const struct json *d = json_get(o, "declaration");
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	ret->name = json_get_text(o, "name");
	if (!ret->name.n || o->count != 2)
		return refuse(r, SPAN("templates"), "name");
	if (!d || d->kind != JSON_OBJECT)
		return refuse(r, ret->name, "declaration");
	json_value(&w, d);
	ret->body = text_as_span(&text);
	return true;
}

static void change(struct request *r, struct span party, enum shelf shelf, const struct shelved *v,
		   uint32_t n)
{
	struct cause why = {0};
	enum err e = hub_change_shelf(r->hub, r->who, party, shelf, v, n, &why);

	if (e)
		body_problem(r, e, &why, 0);
	else
		request_reply(r, 204, NULL, SPAN(""));
}

static void put(struct request *r, enum shelf shelf, const char *list)
{
	const char *const known[] = {list, NULL};
	const struct json *o = body_read(r, known), *all = json_get(o, list);
	struct shelved *v;
	struct span party;
	uint32_t n = 0;

	if (!o || !take_party(r, &party))
		return;
	if (!all || all->kind != JSON_ARRAY || !all->count || all->count > SHELF_CHANGES_MAX) {
		problem_reply(r, PROBLEM_INVALID, "%s is a list of 1 to %d", list,
			      SHELF_CHANGES_MAX);
		return;
	}
	v = arena_array(r->arena, sizeof(*v), all->count);
	for (const struct json *c = all->first; c; c = c->next, n++) {
		v[n] = (struct shelved){0};
		if (c->kind != JSON_OBJECT) {
			problem_reply(r, PROBLEM_INVALID, "%s is a list of objects", list);
			return;
		}
		if (!(shelf == SHELF_GOODS ? read_goods : read_template)(r, c, &v[n]))
			return;
	}
	change(r, party, shelf, v, n);
}

static void write_one(struct request *r, struct json_writer *w, enum shelf shelf,
		      const struct shelved *v)
{
	struct span body = v->body;

	json_open_object(w);
	json_put(w, shelf == SHELF_GOODS ? "article" : "name", v->name);
	if (shelf == SHELF_TEMPLATES) {
		json_name(w, "declaration");
		json_raw(w, body);
	} else {
		const struct json *o = NULL;
		struct codec_fault fault;

		BUG_ON(json_read(r->arena, body, &o, &fault));
		for (const struct json *c = o->first; c; c = c->next) {
			json_name_span(w, c->name);
			json_value(w, c);
		}
	}
	json_put(w, "changed_by", v->actor);
	json_put_moment(w, "changed_at", v->changed_at);
	json_close_object(w);
}

static void get(struct request *r, enum shelf shelf, const char *list, int64_t most)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct span party, after;
	int64_t limit = most < PAGE ? most : PAGE;
	struct cause why = {0};
	struct shelved *v;
	uint32_t n;
	enum err e;

	if (!take_party(r, &party) || !request_query(r, "after", &after) ||
	    !query_number(r, "limit", most, &limit))
		return;
	if (!limit) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "limit must be at least 1");
		return;
	}
	e = hub_list_shelf(r->hub, r->arena, r->who, party, shelf, after, (uint32_t)limit, &v, &n,
			   &why);
	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_name(&w, list);
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++)
		write_one(r, &w, shelf, &v[i]);
	json_close_array(&w);
	if (n == limit)
		json_put(&w, "after", v[n - 1].name);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

/* Its name is the company's own, with blanks and slashes: it stands in the query. */
static void remove_one(struct request *r, enum shelf shelf, const char *member)
{
	struct shelved v = {0};
	struct span party;

	if (!request_query(r, member, &v.name) || !take_party(r, &party))
		return;
	if (v.name.n)
		change(r, party, shelf, &v, 1);
	else
		problem_reply(r, PROBLEM_BAD_REQUEST, "the query must name one %s", member);
}

void goods_get(struct request *r)
{
	get(r, SHELF_GOODS, "goods", SHELF_PAGE_MAX);
}

void goods_put(struct request *r)
{
	put(r, SHELF_GOODS, "goods");
}

void goods_delete(struct request *r)
{
	remove_one(r, SHELF_GOODS, "article");
}

/* Some are as large as a declaration is: few at once. */
void templates_get(struct request *r)
{
	get(r, SHELF_TEMPLATES, "templates", 10);
}

void templates_put(struct request *r)
{
	put(r, SHELF_TEMPLATES, "templates");
}

void template_delete(struct request *r)
{
	remove_one(r, SHELF_TEMPLATES, "name");
}
