/* Signing in through an identity provider: out to it, and back. A browser's business; programs use tokens. */
#include "hub/people/oidc.h"

#include "base/log.h"
#include "http/body.h"
#include "http/guard.h"
#include "http/problem.h"
#include "http/server.h"

/* Whoever comes from the provider's page is on a way that another site began: the session's cookie (SameSite=Strict) is sent only
 * from a page of ours on. This is that page. It leads to where this person works, and nowhere that a request could name; the app
 * there knows where somebody was (web/src/app/session.ts). */
#define PAGE(path)                                                                                 \
	"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"                          \
	"<meta http-equiv=\"refresh\" content=\"0;url=" path "\">\n<title>Customhouse</title>\n"   \
	"<p>You are signed in. <a href=\"" path "\">Go on</a></p>\n</html>\n"

static struct span page_for(const struct who *who)
{
	return who->roles & (ROLE_TRADER | ROLE_BROKER) ? SPAN(PAGE("/trader"))
							: SPAN(PAGE("/desk"));
}

static bool is_offered(struct request *r)
{
	if (!r->server->oidc)
		problem_reply(r, PROBLEM_NOT_FOUND, "this hub has no identity provider");
	return r->server->oidc != NULL;
}

/* Why, in full, is for the operator: what a provider says or a token lacks is nothing for whoever tries tokens. */
static void refuse(struct request *r, enum err e, const struct cause *why)
{
	log_event("sign-in.provider", "error=%s address=%s request=%s detail=\"%s\"", err_name(e),
		  r->address, r->id, why->text);
	if (e == ERR_DENIED || e == ERR_FORMAT)
		problem_reply(r, PROBLEM_DENIED,
			      "the hub does not let you in by this sign-in; its operator finds "
			      "the reason in the log");
	else if (e == ERR_BUSY)
		problem_reply(r, PROBLEM_PROVIDER, "try again, or sign in with a password");
	else
		body_problem(r, e, why, 0);
}

void oidc_get(struct request *r)
{
	struct cause why = {0};
	struct span ticket;
	const char *location;
	enum err e;

	if (!is_offered(r))
		return;
	e = oidc_begin(r->server->oidc, r->arena, &ticket, &location, &why);
	if (e) {
		refuse(r, e, &why);
		return;
	}
	request_reply(r, 302, NULL, SPAN(""));
	r->reply.location = location;
	r->reply.ticket = guard_ticket(r, ticket);
}

void oidc_callback(struct request *r)
{
	struct sign_in s = {.address = span_of(r->address),
			    .previous = guard_session_of(r),
			    .request = span_of(r->id)};
	struct oidc_return back = {.ticket = guard_ticket_of(r)};
	struct signed_in in;
	struct cause why = {0};
	struct span error;
	enum err e = ERR_NONE;

	if (!is_offered(r) || !request_query(r, "state", &back.state) ||
	    !request_query(r, "code", &back.code) || !request_query(r, "error", &error))
		return;
	if (error.n && error.n <= 60)
		e = fail(&why, ERR_DENIED, "the provider refused");
	if (!e)
		e = oidc_finish(r->server->oidc, r->hub, r->arena, &back, &s, &in, &why);
	if (e) {
		refuse(r, e, &why);
	} else {
		request_reply(r, 200, "text/html; charset=utf-8", page_for(&in.who));
		r->reply.page = true;
		r->reply.cookie = guard_cookie(r, in.secret);
	}
	r->reply.ticket = guard_no_ticket(r); /* it served once */
}

/* Behind signing out here: whoever shares the machine is not let in again by a session at the provider. */
void oidc_sign_out(struct request *r)
{
	struct cause why = {0};
	const char *location;
	enum err e;

	if (!is_offered(r))
		return;
	e = oidc_leave(r->server->oidc, r->arena, &location, &why);
	if (e == ERR_NOT_FOUND) {
		problem_reply(r, PROBLEM_NOT_FOUND, "%s", why.text);
	} else if (e) {
		refuse(r, e, &why);
	} else {
		request_reply(r, 302, NULL, SPAN(""));
		r->reply.location = location;
	}
}
