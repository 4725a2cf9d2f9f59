/* People, authorities, and who looked at what. */
#include "http/people.h"

#include "http/body.h"
#include "http/problem.h"

enum { PAGE = 100, PAGE_MOST = 1000 };

/* ---- people ---- */

static void write_person(struct json_writer *w, struct arena *a, const struct person *p)
{
	json_open_object(w);
	json_put(w, "login", p->login);
	json_put(w, "name", p->name);
	people_write_roles(w, p->roles);
	people_write_list(w, "offices", &p->offices);
	people_write_list(w, "parties", &p->parties);
	if (p->agency.n)
		json_put(w, "agency", p->agency);
	json_put_bool(w, "disabled", p->disabled);
	json_put_bool(w, "must_change_password", p->must_change);
	people_write_moment(w, a, "created_at", p->created_at);
	people_write_moment(w, a, "changed_at", p->changed_at);
	json_close_object(w);
}

static void reply_person(struct request *r, unsigned status, struct span login,
			 struct span password)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct person p;
	enum err e = hub_get_person(r->hub, r->arena, r->who, login, &p, &why);

	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_name(&w, "person");
	write_person(&w, r->arena, &p);
	if (password.n)
		json_put(&w, "password", password);
	json_close_object(&w);
	request_reply_json(r, status, &text);
}

void people_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct span after = span_of(r->query(r, "after"));
	int64_t limit = PAGE;
	struct cause why = {0};
	struct person *p;
	uint32_t n;
	enum err e;

	if (!query_number(r, "limit", PAGE_MOST, &limit))
		return;
	e = hub_list_people(r->hub, r->arena, r->who, after, (uint32_t)limit, &p, &n, &why);
	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_name(&w, "people");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++)
		write_person(&w, r->arena, &p[i]);
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

void person_get(struct request *r)
{
	reply_person(r, 200, r->reference, SPAN(""));
}

static bool read_roles(struct request *r, const struct json *o, unsigned *ret, bool *ret_there)
{
	struct who_list list = {0};

	*ret = 0;
	if (!body_list_if(r, o, "roles", &list, ret_there))
		return false;
	for (uint32_t i = 0; i < list.n; i++) {
		unsigned role = role_by_name(list.v[i]);

		if (!role) {
			problem_reply(r, PROBLEM_INVALID, "there is no role \"%.*s\"",
				      SPAN_ARG(list.v[i]));
			return false;
		}
		*ret |= role;
	}
	return true;
}

/* What a body says of a person; `there` says of which members it spoke. */
struct read_person {
	struct person p;
	bool name, roles, offices, parties, agency, disabled;
};

static bool read_person(struct request *r, const struct json *o, struct read_person *to)
{
	return body_text_if(r, o, "name", &to->p.name, &to->name) &&
	       read_roles(r, o, &to->p.roles, &to->roles) &&
	       body_list_if(r, o, "offices", &to->p.offices, &to->offices) &&
	       body_list_if(r, o, "parties", &to->p.parties, &to->parties) &&
	       body_text_if(r, o, "agency", &to->p.agency, &to->agency) &&
	       body_bool_if(r, o, "disabled", &to->p.disabled, &to->disabled);
}

void person_post(struct request *r)
{
	static const char *const members[] = {"login",   "name",   "roles", "offices",
					      "parties", "agency", NULL};
	const struct json *o = body_read(r, members);
	struct read_person given = {0};
	struct cause why = {0};
	struct span password;
	enum err e;

	if (!o || !body_text(r, o, "login", &given.p.login) || !read_person(r, o, &given))
		return;
	e = hub_add_person(r->hub, r->arena, r->who, &given.p, &password, &why);
	if (e)
		body_problem(r, e, &why, 0);
	else
		reply_person(r, 201, given.p.login, password);
}

void person_patch(struct request *r)
{
	static const char *const members[] = {"name",   "roles",    "offices", "parties",
					      "agency", "disabled", NULL};
	const struct json *o = body_read(r, members);
	struct read_person given = {0};
	struct person_change change = {0};
	struct cause why = {0};
	enum err e;

	if (!o || !read_person(r, o, &given))
		return;
	change.name = given.name ? &given.p.name : NULL;
	change.roles = given.roles ? &given.p.roles : NULL;
	change.offices = given.offices ? &given.p.offices : NULL;
	change.parties = given.parties ? &given.p.parties : NULL;
	change.agency = given.agency ? &given.p.agency : NULL;
	change.disabled = given.disabled ? &given.p.disabled : NULL;
	e = hub_change_person(r->hub, r->arena, r->who, r->reference, &change, &why);
	if (e)
		body_problem(r, e, &why, 0);
	else
		reply_person(r, 200, r->reference, SPAN(""));
}

void person_reset(struct request *r)
{
	struct cause why = {0};
	struct span password;
	enum err e = hub_reset_person(r->hub, r->arena, r->who, r->reference, &password, &why);

	if (e)
		body_problem(r, e, &why, 0);
	else
		reply_person(r, 200, r->reference, password);
}

/* ---- authorities ---- */

void authorities_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct authority *v;
	uint32_t n;
	enum err e = hub_list_authorities(r->hub, r->arena, r->who, &v, &n, &why);

	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_name(&w, "authorities");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put_int(&w, "id", v[i].id);
		json_put(&w, "party", v[i].party);
		json_put(&w, "broker", v[i].broker);
		json_put(&w, "from", v[i].from_day);
		json_put(&w, "to", v[i].to_day);
		people_write_moment(&w, r->arena, "granted_at", v[i].granted_at);
		if (v[i].revoked_at)
			people_write_moment(&w, r->arena, "revoked_at", v[i].revoked_at);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

void authority_post(struct request *r)
{
	static const char *const members[] = {"party", "broker", "from", "to", NULL};
	const struct json *o = body_read(r, members);
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct authority v = {0};
	struct cause why = {0};
	bool there;
	enum err e;

	if (!o || !body_text_if(r, o, "party", &v.party, &there) ||
	    !body_text(r, o, "broker", &v.broker) || !body_text(r, o, "from", &v.from_day) ||
	    !body_text(r, o, "to", &v.to_day))
		return;
	if (!there && r->who->parties.n == 1)
		v.party = r->who->parties.v[0];
	e = hub_grant_authority(r->hub, r->arena, r->who, &v, &v.id, &why);
	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_put_int(&w, "id", v.id);
	json_close_object(&w);
	request_reply_json(r, 201, &text);
}

static bool read_id(struct span s, int64_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || i > 15)
			return false;
		*ret = *ret * 10 + (s.p[i] - '0');
	}
	return s.n > 0;
}

void authority_delete(struct request *r)
{
	struct cause why = {0};
	int64_t id;
	enum err e = read_id(r->reference, &id)
			 ? hub_revoke_authority(r->hub, r->arena, r->who, id, &why)
			 : fail(&why, ERR_NOT_FOUND, "there is no such authority");

	if (e)
		body_problem(r, e, &why, 0);
	else
		request_reply(r, 204, NULL, SPAN(""));
}

/* ---- accesses ---- */

static void write_accesses(struct request *r, const struct access *v, uint32_t n)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	json_open_object(&w);
	json_name(&w, "accesses");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put_int(&w, "id", v[i].id);
		people_write_moment(&w, r->arena, "at", v[i].at);
		json_put(&w, "user", v[i].login);
		json_put(&w, "purpose", v[i].purpose);
		json_put(&w, "view", v[i].view);
		if (v[i].reference.n)
			json_put(&w, "reference", v[i].reference);
		if (v[i].office.n)
			json_put(&w, "office", v[i].office);
		json_put(&w, "request", v[i].request);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

/* ?user=&reference=&before=ID&limit=N */
void accesses_get(struct request *r)
{
	struct access_page page = {.patience = &r->patience,
				   .login = span_of(r->query(r, "user")),
				   .reference = span_of(r->query(r, "reference"))};
	int64_t limit = PAGE;
	struct cause why = {0};
	struct access *v;
	uint32_t n;
	enum err e;

	if (!query_number(r, "before", INT64_MAX / 20, &page.before) ||
	    !query_number(r, "limit", PAGE_MOST, &limit))
		return;
	if (!span_valid_utf8(page.login) || !span_valid_utf8(page.reference)) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "the query is not UTF-8");
		return;
	}
	page.limit = (uint32_t)limit;
	e = hub_list_accesses(r->hub, r->arena, r->who, &page, &v, &n, &why);
	if (e)
		body_problem(r, e, &why, 0);
	else
		write_accesses(r, v, n);
}
