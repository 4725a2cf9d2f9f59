/* Texts made small and back: zstd (RFC 8878) with a dictionary of what such texts have in common, without which one of a few
 * kilobytes has little to refer to.
 *
 * A compressor is used by any number of threads at once. What it made is read only with the same dictionary. */
#ifndef CUSTOMHOUSE_CODEC_COMPRESS_H
#define CUSTOMHOUSE_CODEC_COMPRESS_H

#include "base/arena.h"
#include "base/span.h"

struct compressor;

/* NULL: no memory. The dictionary is copied. */
struct compressor *compressor_new(struct span dictionary);
/* Nobody may be using it. NULL is allowed. */
void compressor_free(struct compressor *c);

/* text made smaller, in the arena, by one eighth at least. p == NULL: it does not get so small, or there is no memory; whoever
 * asked keeps the text as it is. */
struct span compress(struct compressor *c, struct arena *a, struct span text);
/* The text again. ERR_FORMAT: not what compress() made, or longer than max; ERR_NOMEM, ERR_LIMIT: of the arena. */
enum err decompress(struct compressor *c, struct arena *a, struct span bytes, uint32_t max,
		    struct span *ret) MUST_CHECK;

#endif
