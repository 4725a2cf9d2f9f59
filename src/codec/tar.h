/* Archives of tar (POSIX.1-1988 ustar, and what GNU tar writes), read in memory. Only regular files, and only their names
 * without the
 * folders: nothing is ever written to a disk. Compressed archives are none: what they would grow to is not known beforehand. */
#ifndef CUSTOMHOUSE_CODEC_TAR_H
#define CUSTOMHOUSE_CODEC_TAR_H

#include "base/arena.h"
#include "base/span.h"
#include "base/text.h"

struct tar_file {
	struct span name, bytes; /* point into the archive */
};

/* The files, in the order of the archive; folders and remarks (pax headers) are left out. ERR_FORMAT: *ret_text says why
 * (static);
 * ERR_LIMIT: more files than most. Runs inside arena_run() (it may leave). */
enum err tar_read(struct arena *a, struct span bytes, uint32_t most, struct tar_file **ret,
		  uint32_t *ret_n, const char **ret_text) MUST_CHECK;

/* Adds a regular file, whose name has at most 99 bytes; tar_end() comes last. The same files give the same bytes. Inside
 * arena_run(). */
void tar_put(struct text *to, struct span name, struct span bytes);
void tar_end(struct text *to);

#endif
