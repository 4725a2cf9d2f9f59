#include "http/guard.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "http/problem.h"
#include "http/rate.h"
#include "http/route.h"
#include "http/server.h"
#include "hub/people/oidc.h"

#define SESSION_COOKIE "customhouse"
#define TICKET_COOKIE  "customhouse-oidc"
/* With this before its name a browser takes a cookie only for this host, all of it, and from an answer that came over TLS (RFC
 * 6265bis, 4.1.3.2): no neighbour can plant a session. */
#define SECURE         "__Host-"

enum {
	COOKIE_SECONDS = 12 * 3600
}; /* as long as the hub's session lasts; it ends earlier when nothing is done */

/* ---- the cookie ---- */

static const char *set_cookie(struct request *r, const char *name, struct span value, int seconds,
			      const char *site)
{
	return arena_print(r->arena, "%s%s=%.*s; Path=/; HttpOnly; SameSite=%s; Max-Age=%d%s",
			   r->secure ? SECURE : "", name, SPAN_ARG(value), site, seconds,
			   r->secure ? "; Secure" : "");
}

const char *guard_cookie(struct request *r, struct span secret)
{
	return set_cookie(r, SESSION_COOKIE, secret, COOKIE_SECONDS, "Strict");
}

const char *guard_no_cookie(struct request *r)
{
	return set_cookie(r, SESSION_COOKIE, SPAN(""), 0, "Strict");
}

const char *guard_ticket(struct request *r, struct span ticket)
{
	return set_cookie(r, TICKET_COOKIE, ticket, OIDC_TICKET_SECONDS, "Lax");
}

const char *guard_no_ticket(struct request *r)
{
	return set_cookie(r, TICKET_COOKIE, SPAN(""), 0, "Lax");
}

static struct span cookie_of(const struct request *r, const char *wanted)
{
	struct span rest = span_of(r->header(r, "Cookie"));

	while (rest.n) {
		struct span pair = span_trim(span_cut(&rest, ';')), name = span_cut(&pair, '=');

		if (r->secure && span_starts(name, SPAN(SECURE)))
			name.p += sizeof(SECURE) - 1, name.n -= (uint32_t)sizeof(SECURE) - 1;
		else if (r->secure)
			continue;
		if (span_is(name, wanted))
			return pair;
	}
	return SPAN("");
}

struct span guard_session_of(const struct request *r)
{
	return cookie_of(r, SESSION_COOKIE);
}

struct span guard_ticket_of(const struct request *r)
{
	return cookie_of(r, TICKET_COOKIE);
}

/* ---- problems ---- */

static void demand_sign_in(struct request *r, const char *challenge, const char *detail)
{
	problem_reply(r, PROBLEM_SIGN_IN, "%s", detail);
	r->reply.authenticate = challenge;
}

static bool within_rate(struct request *r)
{
	struct rate *rate = r->server->rate;
	int64_t now = clock_steady();
	unsigned wait = r->forwarded ? 0 /* it was counted where it came in */
			: r->who     ? rate_take(rate, "user", r->who->user, now)
				     : rate_take_address(rate, r->address, now);

	if (!wait)
		return true;
	problem_reply(r, PROBLEM_TOO_MANY, "wait %u seconds", wait);
	r->reply.retry_after = wait;
	return false;
}

/* ---- credentials ---- */

static bool take_token(struct request *r, const char *authorization)
{
	struct span secret = span_of(authorization), scheme = span_cut(&secret, ' ');
	struct who *who = ARENA_NEW(r->arena, struct who);

	secret = span_trim(secret);
	if (scheme.n == 6 && !strncasecmp(scheme.p, "Bearer", 6) && secret.n &&
	    !hub_who_of_token(r->hub, r->arena, secret, who)) {
		r->who = who;
		return true;
	}
	if (within_rate(r)) /* guesses are counted by address */
		demand_sign_in(r, "Bearer realm=\"customhouse\", error=\"invalid_token\"",
			       "the Authorization header names no token that holds");
	return false;
}

/* The header that a page of ours sends, and a page of another site cannot know. */
static bool csrf_sound(const struct request *r)
{
	struct span sent = span_of(r->header(r, "X-CSRF-Token"));
	struct hash given = hash_bytes(sent.p, sent.n),
		    wanted = hash_bytes(r->session->csrf.p, r->session->csrf.n);

	return hash_equal(&given, &wanted);
}

static bool take_session(struct request *r, struct span secret, bool unsafe)
{
	struct signed_in *session = ARENA_NEW(r->arena, struct signed_in);

	if (hub_who_of_session(r->hub, r->arena, secret, session)) {
		if (within_rate(r))
			demand_sign_in(r, "Bearer realm=\"customhouse\"",
				       "the session has ended: sign in again");
		return false;
	}
	r->session = session;
	r->who = &session->who;
	if (!unsafe || csrf_sound(r))
		return true;
	problem_reply(r, PROBLEM_CSRF, "X-CSRF-Token is not that of this session");
	return false;
}

/* ---- what a route wants ---- */

static unsigned scope_of(const struct route *route)
{
	static const struct {
		unsigned flag, scope;
	} wanted[] = {{SUBMITS, SCOPE_SUBMIT},
		      {PAYS, SCOPE_PAY},
		      {ADMINISTERS, SCOPE_ADMIN},
		      {AUDITS, SCOPE_AUDIT},
		      {TARIFFS, SCOPE_TARIFF}};

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (route->flags & wanted[i].flag)
			return wanted[i].scope;
	return strcmp(route->method, "GET") ? SCOPE_ACT : SCOPE_READ;
}

static void allow(struct request *r)
{
	unsigned flags = r->route->flags;

	if (flags & SESSION && !r->session)
		problem_reply(r, PROBLEM_DENIED,
			      "this needs a person who is signed in, not a token");
	else if (flags & SESSION || r->route->handle == me_get)
		return;
	else if (r->session && r->session->must_change)
		problem_reply(r, PROBLEM_DENIED,
			      "choose a password of your own first: PUT /api/v1/me/password");
	else if (flags & ANYONE)
		return;
	else if (!r->who || !(r->who->scopes & scope_of(r->route)))
		problem_reply(r, PROBLEM_DENIED, "this needs the scope %s",
			      scope_name(scope_of(r->route)));
}

void guard_request(struct request *r, const char *method)
{
	const char *authorization = r->header(r, "Authorization");
	struct span cookie = guard_session_of(r);
	bool known = false;

	/* Whoever names somebody there is that one, and no more. */
	if (r->local && !authorization) {
		r->who = who_operator();
		return;
	}
	if (r->route->flags & PUBLIC) {
		(void)within_rate(r);
		return;
	}
	if (authorization)
		known = take_token(r, authorization);
	else if (cookie.n)
		known = take_session(r, cookie, strcmp(method, "GET") && strcmp(method, "HEAD"));
	else if (within_rate(r))
		demand_sign_in(r, "Bearer realm=\"customhouse\"",
			       "send a token, or sign in: POST /api/v1/sign-in");
	if (known && within_rate(r))
		allow(r);
}
