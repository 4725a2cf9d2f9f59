/* How the payload of an event lies in the store. Not for callers of the store but for store_compress(), in store.h. */
#ifndef CUSTOMHOUSE_STORE_PAYLOAD_H
#define CUSTOMHOUSE_STORE_PAYLOAD_H

#include "base/arena.h"
#include "base/span.h"

/* The column `compression`. A number keeps its meaning for ever; a better dictionary is a new number and a file of its own. */
enum payload_compression {
	PAYLOAD_PLAIN = 0,
	PAYLOAD_ZSTD_1 = 1,                   /* one frame of zstd, with payload-1.dict */
	PAYLOAD_COMPRESSION = PAYLOAD_ZSTD_1, /* what is written now */
};

/* Any thread. p == NULL: it is better kept plain, or there is no memory. */
struct span payload_compress(struct arena *a, struct span payload);
/* Any thread. A plain payload is given back as it is, without a copy. ERR_FORMAT: these bytes are damaged, or would be longer
 * than LIMIT_PAYLOAD_BYTES; ERR_NOMEM, ERR_LIMIT: of the arena. */
enum err payload_expand(struct arena *a, int64_t compression, struct span stored,
			struct span *ret) MUST_CHECK;

#endif
