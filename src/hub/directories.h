/* Directories of EDIFACT that a user adds, by their names: what was read by one says which, and the store has it whole, so that
 * it is read again by the same one whatever the folder holds by then. Not for callers of the hub. */
#ifndef CUSTOMHOUSE_HUB_DIRECTORIES_H
#define CUSTOMHOUSE_HUB_DIRECTORIES_H

#include "codec/json.h"
#include "hub/hub.h"

struct store;

/* What the store calls them, of its versions. */
#define DIRECTORY_KIND SPAN("edifact")

/* The name that a stored decision has of the directory that its message was read by; empty: one that is built in. */
struct span directories_of(const struct json *decision);
/* The directory of a name, alone in a set; NULL of the empty name. It lives until hub_use_directories(). Any thread.
 * ERR_NOT_FOUND: the store has none of that name. */
enum err directories_named(struct store *s, struct span sha256, const struct edifact_set **ret,
			   struct cause *why) MUST_CHECK;
/* Stores those in use that the store lacks: before anything is read by them. */
enum err directories_keep(struct hub *h, struct cause *why) MUST_CHECK;

#endif
