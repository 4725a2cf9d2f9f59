/* Passwords: how they are kept, and which are taken. NIST SP 800-63B, 5.1.1.2: length, and not among the commonest; no rules of
 * composition, no expiry. Argon2id (RFC 9106) by libsodium. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_PASSWORD_H
#define CUSTOMHOUSE_HUB_PEOPLE_PASSWORD_H

#include "base/span.h"

enum {
	PASSWORD_BYTES_MIN = 12,
	PASSWORD_BYTES_MAX = 256,
	PASSWORD_HASH_BYTES = 128,
	PASSWORD_MADE_BYTES = 24, /* with the NUL */
	PASSWORD_MEMORY = 32 << 20,
};

/* Why this password is not taken, for people; NULL: it is. login: it may not be that. */
const char *password_fault(struct span password, struct span login);
/* About a tenth of a second and PASSWORD_MEMORY bytes: one at a time, the caller sees to that. ERR_NOMEM. */
enum err password_hash(struct span password, char ret[PASSWORD_HASH_BYTES]) MUST_CHECK;
/* Costs the same whether it matches or not. An empty hash stands for nobody: one that no password matches is tried instead. */
bool password_matches(struct span hash, struct span password);
/* A random one of 100 bits, in groups that can be read aloud. */
void password_make(char ret[PASSWORD_MADE_BYTES]);

#endif
