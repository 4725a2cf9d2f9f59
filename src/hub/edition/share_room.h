/* What the files of share.h have in common. */
#ifndef CUSTOMHOUSE_HUB_EDITION_SHARE_ROOM_H
#define CUSTOMHOUSE_HUB_EDITION_SHARE_ROOM_H

#include "hub/edition/share.h"

struct trusted_key {
	struct span key, name, by;
	int64_t at;
	bool trusted;
};

/* Those that are trusted now, in a. */
enum err share_trusted(struct hub *h, struct arena *a, struct trusted_key **ret, uint32_t *ret_n,
		       struct cause *why) MUST_CHECK;
/* NULL: it is none of them. */
const struct trusted_key *share_find(const struct trusted_key *v, uint32_t n, struct span key);

/* Small hexadecimal digits, two for each of n bytes; false: others, or another number of them. */
bool share_unhex(struct span s, uint8_t *ret, uint32_t n);

/* An event in the hub's own chain. */
enum err share_note(struct hub *h, const struct who *by, struct span kind, struct span reference,
		    struct span payload, struct cause *why) MUST_CHECK;

#endif
