/* The hub's keys: what signs the roots of the log, and what seals the day's draw key.
 *
 * They lie in DIR/keys, readable by the hub's own user alone:
 *   signing.key, signing.pub   Ed25519, hexadecimal: roots, published counts
 *   seal.key                   opens the day keys again after a restart
 *   auditor.pub                X25519: every day key is sealed to it too
 *   auditor.key                its secret half, made at first start when no auditor.pub was put there before: hand
 *   it to the auditor and delete it here
 * An administrator of the machine can read what the hub's process can read: run the hub under a user of its own, and
 * put the auditor's own auditor.pub there before the first start. SECURITY.md says what this does and does not
 * protect. */
#ifndef CUSTOMHOUSE_HUB_KEYS_H
#define CUSTOMHOUSE_HUB_KEYS_H

#include "base/arena.h"
#include "base/hash.h"

enum { DRAW_KEY_BYTES = 32 };

struct keys {
	uint8_t sign_seed[32], sign_public[32];
	uint8_t seal[32];
	uint8_t auditor_public[32];
	bool can_sign; /* false: opened for reading, without the secret halves */
};

/* Has the data directory a key to sign with? */
bool keys_are_there(const char *directory);
/* Reads the keys of a data directory; makes what is missing when `create`. Without create only the public halves are needed.
 * ERR_IO, ERR_FORMAT, ERR_DENIED: a secret that others can read. */
enum err keys_open(const char *directory, bool create, struct keys *ret,
		   struct cause *why) MUST_CHECK;
void keys_forget(struct keys *k);

/* Seals a day key for the hub and for the auditor. The result lies in a; NULL span when memory ends. */
struct span keys_seal(struct arena *a, const struct keys *k, const uint8_t key[DRAW_KEY_BYTES]);
/* Opens it for the hub itself. ERR_DENIED: not sealed by this hub. */
enum err keys_unseal(const struct keys *k, struct span sealed,
		     uint8_t ret[DRAW_KEY_BYTES]) MUST_CHECK;
/* Opens it with the auditor's secret (32 bytes). ERR_DENIED. */
enum err keys_unseal_auditor(const uint8_t auditor_secret[32], struct span sealed,
			     uint8_t ret[DRAW_KEY_BYTES]) MUST_CHECK;
/* Seals a secret that others gave to the hub or got from it, for the hub alone, together with a context: what it belongs to,
 * without which it does not open. In a; NULL span when memory ends. */
struct span keys_seal_secret(struct arena *a, const struct keys *k, struct span context,
			     struct span secret);
/* ERR_DENIED: not sealed by this hub, or in another context. ERR_NOMEM. */
enum err keys_open_secret(struct arena *a, const struct keys *k, struct span context,
			  struct span sealed, struct span *ret) MUST_CHECK;
/* Reads 64 hexadecimal digits. */
enum err keys_read_file(const char *path, uint8_t ret[32], struct cause *why) MUST_CHECK;

#endif
