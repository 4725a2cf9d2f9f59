/* Signing in and out, oneself, one's password, one's tokens. */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "http/body.h"
#include "http/guard.h"
#include "http/people.h"
#include "http/problem.h"

/* ---- out ---- */

static void write_bits(struct json_writer *w, const char *name, unsigned bits, unsigned n,
		       const char *(*name_of)(unsigned))
{
	json_name(w, name);
	json_open_array(w);
	for (unsigned i = 0; i < n; i++)
		if (bits & 1u << i)
			json_cstring(w, name_of(1u << i));
	json_close_array(w);
}

void people_write_roles(struct json_writer *w, unsigned roles)
{
	write_bits(w, "roles", roles, ROLES, role_name);
}

void people_write_scopes(struct json_writer *w, unsigned scopes)
{
	write_bits(w, "scopes", scopes, SCOPES, scope_name);
}

void people_write_list(struct json_writer *w, const char *name, const struct who_list *list)
{
	json_name(w, name);
	json_open_array(w);
	for (uint32_t i = 0; i < list->n; i++)
		json_string(w, list->v[i]);
	json_close_array(w);
}

void people_write_moment(struct json_writer *w, struct arena *a, const char *name, int64_t moment)
{
	struct text t = text_in(a);

	moment_write(&t, moment);
	json_put(w, name, text_as_span(&t));
}

static void write_who(struct json_writer *w, const struct who *who)
{
	json_put(w, "user", who->user);
	people_write_roles(w, who->roles);
	people_write_scopes(w, who->scopes);
	people_write_list(w, "offices", &who->offices);
	people_write_list(w, "parties", &who->parties);
	if (who->agency.n)
		json_put(w, "agency", who->agency);
}

static void write_session(struct json_writer *w, struct arena *a, const struct signed_in *s)
{
	json_put(w, "csrf_token", s->csrf);
	people_write_moment(w, a, "expires_at", s->expires_at);
	json_put_bool(w, "must_change_password", s->must_change);
}

/* ---- signing in ---- */

void sign_in_post(struct request *r)
{
	static const char *const members[] = {"login", "password", NULL};
	const struct json *o = body_read(r, members);
	struct sign_in s = {.address = span_of(r->address),
			    .previous = guard_session_of(r),
			    .request = span_of(r->id)};
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct signed_in in;
	struct cause why = {0};
	unsigned wait;
	enum err e;

	if (!o || !body_text(r, o, "login", &s.login) || !body_text(r, o, "password", &s.password))
		return;
	e = hub_sign_in(r->hub, r->arena, &s, &in, &wait, &why);
	if (e == ERR_DENIED) {
		problem_reply(r, PROBLEM_SIGN_IN, "%s", why.text);
		r->reply.authenticate = "Bearer realm=\"customhouse\"";
		return;
	}
	if (e) {
		body_problem(r, e, &why, wait);
		return;
	}
	json_open_object(&w);
	write_who(&w, &in.who);
	write_session(&w, r->arena, &in);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
	r->reply.cookie = guard_cookie(r, in.secret);
}

void sign_in_claim(struct request *r)
{
	static const char *const members[] = {"secret", "login", "password", NULL};
	const struct json *o = body_read(r, members);
	struct span secret, login, password;
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	enum err e;

	if (!o || !body_text(r, o, "secret", &secret) || !body_text(r, o, "login", &login) ||
	    !body_text(r, o, "password", &password))
		return;
	e = hub_claim(r->hub, r->arena, secret, login, password, &why);
	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_put(&w, "login", login);
	json_close_object(&w);
	request_reply_json(r, 201, &text);
}

/* ?everywhere=yes: all sessions of this person. */
void sign_out_post(struct request *r)
{
	const char *everywhere = r->query(r, "everywhere");
	struct cause why = {0};
	enum err e = hub_sign_out(r->hub, r->session->secret,
				  everywhere && !strcmp(everywhere, "yes"), &why);

	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	request_reply(r, 204, NULL, SPAN(""));
	r->reply.cookie = guard_no_cookie(r);
}

void me_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	json_open_object(&w);
	write_who(&w, r->who);
	json_put_bool(&w, "token", r->who->token);
	if (r->session)
		write_session(&w, r->arena, r->session);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

void password_put(struct request *r)
{
	static const char *const members[] = {"old", "new", NULL};
	const struct json *o = body_read(r, members);
	struct span old, password;
	struct cause why = {0};
	unsigned wait;
	enum err e;

	if (!o || !body_text(r, o, "old", &old) || !body_text(r, o, "new", &password))
		return;
	e = hub_change_password(r->hub, r->session->secret, old, password, &wait, &why);
	if (e)
		body_problem(r, e, &why, wait);
	else
		request_reply(r, 204, NULL, SPAN(""));
}

/* ---- tokens ---- */

enum { TOKEN_DAYS = 90, TOKEN_DAYS_MOST = 400 };

static void list_tokens(struct request *r, struct span login)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct token *t;
	uint32_t n;
	enum err e = hub_list_tokens(r->hub, r->arena, r->who, login, &t, &n, &why);

	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_name(&w, "tokens");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put(&w, "id", t[i].id);
		json_put(&w, "name", t[i].name);
		people_write_scopes(&w, t[i].scopes);
		people_write_moment(&w, r->arena, "made_at", t[i].made_at);
		people_write_moment(&w, r->arena, "expires_at", t[i].expires_at);
		if (t[i].used_on.n)
			json_put(&w, "used_on", t[i].used_on);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

static bool read_scopes(struct request *r, const struct who_list *list, unsigned *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < list->n; i++) {
		unsigned scope = scope_by_name(list->v[i]);

		if (!scope) {
			problem_reply(r, PROBLEM_INVALID, "there is no scope \"%.*s\"",
				      SPAN_ARG(list->v[i]));
			return false;
		}
		*ret |= scope;
	}
	return true;
}

static bool read_days(struct request *r, const struct json *o, int64_t *ret)
{
	*ret = TOKEN_DAYS;
	if (!json_get(o, "days") ||
	    (!json_get_int(o, "days", ret) && *ret >= 1 && *ret <= TOKEN_DAYS_MOST))
		return true;
	problem_reply(r, PROBLEM_INVALID, "days is a number from 1 to %d", TOKEN_DAYS_MOST);
	return false;
}

static void add_token(struct request *r, struct span login)
{
	static const char *const members[] = {"name", "scopes", "days", NULL};
	const struct json *o = body_read(r, members);
	struct token t = {.login = login};
	struct who_list scopes = {0};
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct span secret, id;
	struct cause why = {0};
	int64_t days;
	bool there;
	enum err e;

	if (!o || !body_text(r, o, "name", &t.name) ||
	    !body_list_if(r, o, "scopes", &scopes, &there) || !read_scopes(r, &scopes, &t.scopes) ||
	    !read_days(r, o, &days))
		return;
	t.expires_at = clock_now() + days * MICROS_A_DAY - 60 * INT64_C(1000000);
	e = hub_add_token(r->hub, r->arena, r->who, &t, &secret, &id, &why);
	if (e) {
		body_problem(r, e, &why, 0);
		return;
	}
	json_open_object(&w);
	json_put(&w, "id", id);
	json_put(&w, "token", secret);
	people_write_moment(&w, r->arena, "expires_at", t.expires_at);
	json_close_object(&w);
	request_reply_json(r, 201, &text);
}

static void revoke_token(struct request *r, struct span login, struct span id)
{
	struct cause why = {0};
	enum err e = hub_revoke_token(r->hub, r->arena, r->who, login, id, &why);

	if (e)
		body_problem(r, e, &why, 0);
	else
		request_reply(r, 204, NULL, SPAN(""));
}

void tokens_get(struct request *r)
{
	list_tokens(r, r->who->user);
}

void token_post(struct request *r)
{
	add_token(r, r->who->user);
}

void token_delete(struct request *r)
{
	revoke_token(r, r->who->user, r->reference);
}

/* The operator's: of anybody. */
void local_tokens_get(struct request *r)
{
	list_tokens(r, r->reference);
}

void local_token_post(struct request *r)
{
	add_token(r, r->reference);
}

void local_token_delete(struct request *r)
{
	revoke_token(r, r->reference, span_of(r->query(r, "id")));
}
