/* One step of a case, as it is stored: an append-only row in the hash chain of its office.
 *
 *   payload_hash = SHA-256(salt | SHA-256(payload))
 * *  chain        = SHA-256(chain before | office | kind | reference | actor | seq | version | at | payload_hash)
 *
 * each text with its length before it (8 bytes, big-endian), numbers as 8 bytes, big-endian. The payload and its
 * salt lie outside the chained bytes: they can be erased when the law says, and the chain still verifies, while a
 * salted hash tells nothing of what was erased. */
#ifndef CUSTOMHOUSE_MODEL_EVENT_H
#define CUSTOMHOUSE_MODEL_EVENT_H

#include "base/hash.h"
#include "base/span.h"

enum { EVENT_SALT_BYTES = 16 };

struct event {
	struct span office; /* whose chain; "HUB" for what concerns no single office */
	int64_t seq;        /* 1, 2, 3 ... within the office, without a gap */
	struct span kind;   /* input, decision, answer, activation, day-key ... (model/event.def) */
	struct span reference; /* the case, or empty */
	int64_t version;       /* of the case: 1, 2 ...; 0 where there is none */
	int64_t at;            /* microseconds UTC */
	struct span actor;     /* who caused it: a sender's id, "hub", later a user's id */
	struct span payload;   /* p == NULL once erased */
	/* Of one that is to be appended: the payload as store_compress() made it; p == NULL: not done yet. Never read back. */
	struct span compressed;
	uint8_t salt[EVENT_SALT_BYTES];
	struct hash payload_hash;
	struct hash chain;
};

/* Fills payload_hash and chain from the other fields and the chain hash before it (32 zero bytes before the first). */
void event_seal(struct event *e, const struct hash *before);
/* The same where the SHA-256 of the payload is known already. */
void event_seal_content(struct event *e, const struct hash *content, const struct hash *before);
/* Is the row what event_seal() made of it? An erased payload is not looked at. */
enum event_fault {
	EVENT_SOUND,
	EVENT_PAYLOAD_CHANGED,
	EVENT_CHAIN_BROKEN
} event_verify(const struct event *e, const struct hash *before);

#endif
