/* Who a request comes from, and whether its route is open to them: before anything of its body is looked at. */
#ifndef CUSTOMHOUSE_HTTP_GUARD_H
#define CUSTOMHOUSE_HTTP_GUARD_H

#include "http/request.h"

/* Sets r->who and r->session; or leaves a problem: 401, 403 or 429. Inside arena_run(). */
void guard_request(struct request *r, const char *method);

/* The cookie of a session that begins (in r->arena), or of one that has ended. */
const char *guard_cookie(struct request *r, struct span secret);
const char *guard_no_cookie(struct request *r);
/* The cookie of somebody who is away at an identity provider (oidc.h), that ends it, and what the browser sent. It also comes
 * along when the provider's page leads here: SameSite=Lax. */
const char *guard_ticket(struct request *r, struct span ticket);
const char *guard_no_ticket(struct request *r);
struct span guard_ticket_of(const struct request *r);
/* The session's secret that the browser sent; empty: none. */
struct span guard_session_of(const struct request *r);

#endif
