/* The directory of a store. For the files of this room only. */
#ifndef CUSTOMHOUSE_DB_DB_DIR_H
#define CUSTOMHOUSE_DB_DB_DIR_H

#include "base/base.h"

enum { DB_PATH_BYTES = 4096 };

/* Makes a directory that only its owner reads, and returns when it would survive a power cut; nothing when it is there.
 * ERR_IO. */
enum err db_dir_make(const char *dir, struct cause *why) MUST_CHECK;
/* dir/name. ERR_USAGE when that is too long. */
enum err db_dir_path(const char *dir, const char *name, char ret[DB_PATH_BYTES],
		     struct cause *why) MUST_CHECK;

#endif
