/* What the pusher (push.c) goes by: how long to wait, what to sign, whom not to call. Functions of their arguments. */
#ifndef CUSTOMHOUSE_HUB_NOTICES_PUSH_RULES_H
#define CUSTOMHOUSE_HUB_NOTICES_PUSH_RULES_H

#include "base/hash.h"
#include "base/prng.h"

struct sockaddr;

/* Microseconds to wait after so many failed attempts (1: the first failed): `first`, doubled each time up to `last`, then a
 * quarter off or on, drawn from r, so that receivers that were away together are not called together. At most `last`. */
int64_t push_delay(uint32_t attempts, int64_t first, int64_t last, struct prng *r);

/* The header's value: t=UNIX,v1=HMAC-SHA256(secret, UNIX "." body) in hexadecimal digits. The secret's characters are the key.
 * unix: seconds since 1970. */
enum { PUSH_SIGNATURE_BYTES = 100 };
void push_signature(struct span secret, int64_t unix, struct span body,
		    char ret[PUSH_SIGNATURE_BYTES]);

/* Which addresses may be called. */
enum push_reach {
	PUSH_PUBLIC,   /* of the public internet alone */
	PUSH_LOCAL,    /* and of this machine and of private networks (RFC 1918, RFC 4193) */
	PUSH_LOOPBACK, /* of this machine alone: where nothing is encrypted */
};
/* May this address be called? Asked of each one that a name resolved to, when the connection is made, so that a name which points
 * elsewhere a moment later does not help. Never link-local ones, where clouds keep their secrets, nor anything that is not
 * unicast; an IPv4 address inside an IPv6 one is looked at itself. IANA's special-purpose registries (RFC 6890). */
bool push_address_sound(const struct sockaddr *a, enum push_reach reach);

enum { HOOK_URL_BYTES = 1000 };
/* Is this a URL that a hook may have? https; http only where local is allowed and the host is this machine. No user, no password,
 * no fragment; an address in numbers must be one that may be called. ERR_FORMAT or ERR_DENIED, with a text for the sender.
 * *ret_reach: what may be called for it. */
enum err push_check_url(struct span url, bool local, enum push_reach *ret_reach,
			struct cause *why) MUST_CHECK;

#endif
