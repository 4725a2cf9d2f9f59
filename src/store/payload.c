#include "store/payload.h"

#include <pthread.h>

#include "base/limits.h"
#include "codec/compress.h"
#include "store/payload_asset.h"

/* A shorter one gains less than it costs. */
enum { SHORT = 128 };

static struct compressor *zstd_1; /* NULL: there was no memory for it */

/* Made of constants, once, and kept while the process lives: every store of it uses the same. */
static void make(void)
{
	zstd_1 = compressor_new(asset_payload_1_dict());
}

static struct compressor *compressor(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make);
	return zstd_1;
}

struct span payload_compress(struct arena *a, struct span payload)
{
	struct compressor *c = payload.n < SHORT ? NULL : compressor();

	return c ? compress(c, a, payload) : (struct span){NULL, 0, 0};
}

enum err payload_expand(struct arena *a, int64_t compression, struct span stored, struct span *ret)
{
	struct compressor *c;

	if (compression == PAYLOAD_PLAIN || !stored.p) {
		*ret = stored;
		return ERR_NONE;
	}
	if (compression != PAYLOAD_ZSTD_1)
		return ERR_FORMAT;
	c = compressor();
	return c ? decompress(c, a, stored, LIMIT_PAYLOAD_BYTES, ret) : ERR_NOMEM;
}
