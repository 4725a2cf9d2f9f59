/* The random draw: nobody can steer it, and an auditor can check it.
 *
 * Each day has a secret key. Before the first draw the hub commits to it, together with the rates that hold that day:
 *     rate       = "random=PPM pack=SHA256 rules=SHA256"   (the hashes fix every percentage)
 *     commitment = SHA-256("customhouse draw 1\n" day "\n" rate "\n" key)
 * A movement's draw for a purpose is the first 8 bytes, big-endian, of HMAC-SHA-256(key, reference 0x00 purpose).
 * The reference is issued by the hub, so a trader cannot choose it; the key is sealed, so nobody can look ahead.
 * When rates change during a day, a new key is committed to as "2026-11-22.2". */
#ifndef CUSTOMHOUSE_HUB_SETTLE_DRAW_H
#define CUSTOMHOUSE_HUB_SETTLE_DRAW_H

#include "hub/inforce.h"
#include "hub/keys.h"
#include "store/store.h"

struct draw_key {
	char day[20]; /* 2026-11-22, or 2026-11-22.2 */
	char rate[200];
	uint8_t key[DRAW_KEY_BYTES];
	struct hmac_key hmac; /* of key */
	char commitment[65];
	bool fresh;      /* made by the last draw_key_for(): not yet committed to in the store */
	int64_t made_at; /* when fresh */
};

void draw_rate(const struct inforce *i, char ret[200]);
struct hash draw_commitment(struct span day, struct span rate, const uint8_t key[DRAW_KEY_BYTES]);
uint64_t draw_value(const struct hmac_key *key, struct span reference, struct span purpose);

/* The key for a civil day under the rates in force: the one already in the store, or a new one (fresh), which the
 * caller stores in the batch that first uses it. Errors as store_, and ERR_DENIED when a stored key was sealed by
 * another hub. */
enum err draw_key_for(struct store *s, struct arena *a, const struct keys *keys, struct span day,
		      const struct inforce *i, int64_t now, struct draw_key *ret,
		      struct cause *why) MUST_CHECK;
/* The row to store for a key; its texts lie in k, the sealed key in a. ERR_NOMEM. */
enum err draw_key_row(struct arena *a, const struct keys *keys, const struct draw_key *k,
		      struct store_day_key *ret, struct cause *why) MUST_CHECK;

/* Makes every draw that a movement needs, in a. Inside arena_run(). */
void draw_all(struct arena *a, const struct draw_key *k, const struct inforce *i, int32_t legal_day,
	      struct facts *facts);

#endif
