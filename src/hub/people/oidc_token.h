/* Reading and judging an ID token of an identity provider: a function of its arguments. OpenID Connect Core 1.0, 2 and 3.1.3.7;
 * RFC 7515 (signatures), RFC 7517 (keys), RFC 7518 (algorithms), RFC 8725 (what goes wrong with them).
 *
 * RS256, PS256 and ES256 alone: no "none", no HMAC (whose key the provider's public key could be taken for). The algorithm must
 * fit the key that the provider publishes under the token's kid, whatever the token says of itself. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_OIDC_TOKEN_H
#define CUSTOMHOUSE_HUB_PEOPLE_OIDC_TOKEN_H

#include "base/arena.h"
#include "base/span.h"

enum {
	OIDC_TOKEN_BYTES = 16 << 10,
	OIDC_KEYS_BYTES = 64 << 10, /* what the provider publishes of its keys */
	OIDC_KEYS = 50,
	OIDC_SKEW = 60,         /* seconds that two clocks may differ */
	OIDC_AGE = 600,         /* seconds after which a token that was just asked for is none */
	OIDC_LOGIN_BYTES = 200, /* of the claim that names somebody */
	OIDC_GROUPS = 500,      /* that one is in; more are a fault */
};

/* What the token must say. */
struct oidc_wanted {
	struct span issuer, client, nonce;
	const char *claim;  /* that names the login */
	const char *groups; /* that lists groups: texts, or one; NULL: they are not asked for */
	int64_t now;        /* seconds since 1970 */
};

/* Whom it names. */
struct oidc_named {
	struct span login;
	const struct span *group; /* may be none; where the claim is missing, too */
	uint32_t groups;
};

/* base64url without padding (RFC 7515, 2), one way to write each. ERR_FORMAT, ERR_NOMEM. */
enum err oidc_base64url_read(struct arena *a, struct span s, struct span *ret) MUST_CHECK;

/* *ret: what the claims say, in a. keys: the provider's JWK set.
 *   ERR_NOT_FOUND  the keys hold none of the token's kid: they may be old
 *   ERR_DENIED     signature or claims do not hold: the text says which, without the token's contents
 *   ERR_FORMAT     token or keys are not written as they must be
 *   ERR_LIMIT, ERR_NOMEM */
enum err oidc_token_check(struct arena *a, struct span keys, struct span token,
			  const struct oidc_wanted *wanted, struct oidc_named *ret,
			  struct cause *why) MUST_CHECK;

#endif
