/* What other nodes change of what this one keeps in memory: people, sessions, tokens, packs, quarantine, hooks. Whoever changes
 * it says so in the same transaction, in the order of commits; every node reads on from where it was, twice a second. So what is
 * revoked at one node is refused at all others a second later at the most, and a session that is not known here yet is looked for
 * in the store before anybody is sent away. */
#ifndef CUSTOMHOUSE_HUB_NODE_FOLLOW_H
#define CUSTOMHOUSE_HUB_NODE_FOLLOW_H

#include "base/hash.h"
#include "hub/house.h"

struct node;

/* Kinds of news, and their keys. */
#define NEWS_ARRIVAL                                                                               \
	"arrival" /* "OFFICE REFERENCE" of a cargo report: cases of other nodes wait for its goods */
#define NEWS_HOOKS      "hooks"  /* none: the list of hooks has changed */
#define NEWS_KEY        "key"    /* a session's or token's SHA-256: it began, changed or ended */
#define NEWS_PACK       "pack"   /* none */
#define NEWS_PERSON     "person" /* login */
#define NEWS_QUARANTINE "quarantine" /* SHA-256 */
#define NEWS_RESUME     "resume"     /* "NUMBER PARTY" of a hook */

/* Says it, in the writer's transaction. With one node: nothing. Locks the hub's own chain, so it comes late in a batch. */
enum err follow_tell(struct hub *h, const char *kind, struct span key,
		     struct cause *why) MUST_CHECK;
enum err follow_tell_hash(struct hub *h, const char *kind, const struct hash *key,
			  struct cause *why) MUST_CHECK;

/* The node's thread: before anything is read into memory, where to read on from; then, what is new. */
enum err follow_begin(struct node *n, struct store *s, struct cause *why) MUST_CHECK;
enum err follow_news(struct node *n, struct cause *why) MUST_CHECK;
/* Wakes streams and hooks of parties that other nodes told something. */
enum err follow_notices(struct node *n, struct cause *why) MUST_CHECK;

/* A session or token that is not known here, from the store. ERR_NOT_FOUND: it is not there either, or too many were looked for
 * in this second. */
enum err follow_look_up(struct hub *h, const struct hash *sha256) MUST_CHECK;

#endif
