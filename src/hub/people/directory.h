/* Who may use the hub, in memory: every person, session and token of the store, so that a request is known without a read, and
 * a change holds from the moment that its transaction is on disk.
 *
 * * The writer's thread changes it, after COMMIT; any thread asks. Secrets are here, as in the store, only as hashes. Inside
 * the hub: callers use hub/people/people.h. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_DIRECTORY_H
#define CUSTOMHOUSE_HUB_PEOPLE_DIRECTORY_H

#include "base/arena.h"
#include "model/who.h"
#include "store/store.h"

struct directory;

enum {
	SESSION_IDLE_SECONDS = 30 * 60, /* without a request: signed out */
	SESSION_SECONDS = 12 * 3600,    /* in any case */
	SESSIONS_EACH = 16,             /* of one person; one more ends the oldest */
	TOKENS_EACH = 64,
	PEOPLE_MAX = 100000,
};

/* Reads all of it. */
enum err directory_open(struct store *s, int64_t now, struct directory **ret,
			struct cause *why) MUST_CHECK;
/* The same for one that stands: everything is read again. */
enum err directory_read_again(struct directory *c, struct store *s, int64_t now,
			      struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void directory_close(struct directory *c);
uint32_t directory_people(struct directory *c);
/* How many who are not disabled have one of these roles. */
uint32_t directory_count(struct directory *c, unsigned roles);

/* ---- asking: copies lie in the arena, which is not left; ERR_NOMEM, ERR_LIMIT: it has no room ---- */

/* ERR_NOT_FOUND. */
enum err directory_get_person(struct directory *c, struct arena *a, struct span login,
			      struct store_person *ret) MUST_CHECK;
/* Those of whom `keep` is true; NULL: all. It is asked under the directory's lock. */
struct directory_filter {
	bool (*keep)(const struct store_person *p, const void *context);
	const void *context;
};
enum err directory_list_people(struct directory *c, struct arena *a, struct span after,
			       uint32_t limit, const struct directory_filter *filter,
			       struct store_person **ret, uint32_t *ret_count) MUST_CHECK;
uint32_t directory_count_of(struct directory *c, const struct directory_filter *filter);
/* What a row says, as who acts; every scope that the roles give. */
enum err directory_who(struct arena *a, const struct store_person *p, struct who *ret) MUST_CHECK;
unsigned directory_scopes(unsigned roles);
unsigned directory_read_roles(struct span names);

/* A session that holds now. *ret_note: it was not noted for a while that it is used: hand it to the log of accesses. */
enum err directory_find_session(struct directory *c, struct arena *a, const struct hash *sha256,
				int64_t now, struct store_session *ret,
				struct store_person *ret_person, bool *ret_note) MUST_CHECK;
/* A token that holds now. *ret_note: its first use on this day. */
enum err directory_find_token(struct directory *c, struct arena *a, const struct hash *sha256,
			      int64_t now, struct store_token *ret, struct store_person *ret_person,
			      bool *ret_note) MUST_CHECK;
/* Those of a person, the oldest first. */
enum err directory_list_sessions(struct directory *c, struct arena *a, struct span login,
				 struct store_session **ret, uint32_t *ret_count) MUST_CHECK;
enum err directory_list_tokens(struct directory *c, struct arena *a, struct span login,
			       struct store_token **ret, uint32_t *ret_count) MUST_CHECK;

/* ---- changing. Room is made before the transaction, so that what is on disk is never missing here ---- */

struct directory_change;

/* A change to be made once it is on disk. NULL: no memory. directory_apply() or directory_drop() takes it. */
struct directory_change *directory_put_person(const struct store_person *p);
struct directory_change *directory_put_session(const struct store_session *v);
struct directory_change *directory_put_token(const struct store_token *t);
void directory_apply(struct directory *c, struct directory_change *change);
void directory_drop(struct directory_change *change);
void directory_end(struct directory *c, const struct hash *sha256); /* a session or token */
/* Forgets sessions that no longer hold. */
void directory_sweep(struct directory *c, int64_t now);

#endif
