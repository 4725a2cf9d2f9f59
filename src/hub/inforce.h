/* The versions in force: a pack's tables, lists and rules, loaded and compiled once and shared until the last reader lets go. */
#ifndef CUSTOMHOUSE_HUB_INFORCE_H
#define CUSTOMHOUSE_HUB_INFORCE_H

#include <pthread.h>

#include "ref/ref.h"
#include "ref/search.h"
#include "risk/risk.h"

struct inforce {
	struct arena *arena;
	const struct refset *ref;
	const struct ruleset *rules;
	struct span archive[PACK_PARTS]; /* in arena */
	char hash[PACK_PARTS][65];       /* SHA-256 of each, hexadecimal */
	_Atomic int holders;
	/* of the nomenclature, built by whoever searches first; see inforce_index() */
	pthread_mutex_t building;
	struct arena *index_arena;
	const struct search_index *index;
};

/* Loads and compiles; copies the archives. The caller holds the result and lets it go with inforce_release().
 * ERR_FORMAT: the faults say why (in their own arena). ERR_LIMIT, ERR_NOMEM. */
enum err inforce_load(const struct span archive[PACK_PARTS], struct inforce **ret,
		      struct pack_faults *faults, struct cause *why) MUST_CHECK;
struct inforce *inforce_hold(struct inforce *i);
void inforce_release(struct inforce *i);
/* For any thread. NULL: no memory. */
const struct search_index *inforce_index(struct inforce *i);

/* Reads the files of a pack folder and makes its three archives, in a. ERR_IO, ERR_NOT_FOUND, ERR_LIMIT. Files that
 * belong to no part, other than *.md, are faults. */
enum err pack_read_folder(struct arena *a, const char *path, struct span ret_archive[PACK_PARTS],
			  struct pack_faults *faults, struct cause *why) MUST_CHECK;

#endif
