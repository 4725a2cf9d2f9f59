/* Signing in through an administration's identity provider: OpenID Connect, authorization code flow with PKCE (OpenID Connect
 * Core 1.0, 3.1; RFC 7636, S256). The provider says who somebody is. What they may do stands with the person here; or, where
 * the settings give roles to groups of the provider's, follows from those at each sign-in.
 *
 * The browser keeps one secret, the ticket, in a cookie while it is away; state, nonce and PKCE's verifier are hashes of it, so
 * the hub remembers nothing of who is on the way. Documents of the provider are kept for an hour, its keys for ten minutes, and
 * asked for again when a token names a key that is not among them. One thread at a time asks. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_OIDC_H
#define CUSTOMHOUSE_HUB_PEOPLE_OIDC_H

#include "base/arena.h"
#include "hub/people/people.h"

struct oidc;

enum { OIDC_TICKET_SECONDS = 600 };

/* Reads the settings (docs/operations.md); asks nobody yet. ERR_IO: a file cannot be read; ERR_DENIED: others may read the
 * client's secret, or an address is none that may be called; ERR_FORMAT: a member is missing, unknown or not what it must be;
 * ERR_NOMEM. */
enum err oidc_open(const char *file, struct oidc **ret, struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void oidc_close(struct oidc *o);

/* Where to send the browser, and the ticket that it is to bring back. ERR_BUSY: the provider does not answer, or not as it must:
 * the text is for the log. ERR_NOMEM, ERR_LIMIT. May wait for the provider; leaves through the arena. */
enum err oidc_begin(struct oidc *o, struct arena *a, struct span *ret_ticket,
		    const char **ret_location, struct cause *why) MUST_CHECK;

/* Where to send the browser to sign out at the provider, too (OpenID Connect RP-Initiated Logout 1.0), and come back to the hub.
 * ERR_NOT_FOUND: the provider offers none; the rest as oidc_begin(). */
enum err oidc_leave(struct oidc *o, struct arena *a, const char **ret_location,
		    struct cause *why) MUST_CHECK;

struct oidc_return {
	struct span ticket, state, code; /* as the browser brings them */
};

/* Signs in whom the provider names. s: as for hub_sign_in(), login and password empty.
 *   ERR_DENIED  the ticket is old or not this state's, the token does not hold, or the hub does not know the person: the text is
 *               for the log, because it may say why a token was refused
 *   ERR_BUSY    the provider does not answer, or not as it must
 * and as hub_sign_in(). May wait for the provider; leaves through the arena. */
enum err oidc_finish(struct oidc *o, struct hub *h, struct arena *a, const struct oidc_return *back,
		     const struct sign_in *s, struct signed_in *ret, struct cause *why) MUST_CHECK;

#endif
