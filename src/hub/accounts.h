/* Who may use the hub, in memory: every person, session and token of the store, so that a request is known without a read, and
 * a change holds from the moment that its transaction is on disk.
 *
 * * The writer's thread changes it, after COMMIT; any thread asks. Secrets are here, as in the store, only as hashes. Inside
 * the hub: callers use hub/people.h. */
#ifndef CUSTOMHOUSE_HUB_ACCOUNTS_H
#define CUSTOMHOUSE_HUB_ACCOUNTS_H

#include "base/arena.h"
#include "model/who.h"
#include "store/store.h"

struct accounts;

enum {
	SESSION_IDLE_SECONDS = 30 * 60, /* without a request: signed out */
	SESSION_SECONDS = 12 * 3600,    /* in any case */
	SESSIONS_EACH = 16,             /* of one person; one more ends the oldest */
	TOKENS_EACH = 64,
	PEOPLE_MAX = 100000,
};

/* Reads all of it. */
enum err accounts_open(struct store *s, int64_t now, struct accounts **ret,
		       struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void accounts_close(struct accounts *c);
uint32_t accounts_people(struct accounts *c);

/* ---- asking: copies lie in the arena, which is not left; ERR_NOMEM, ERR_LIMIT: it has no room ---- */

/* ERR_NOT_FOUND. */
enum err accounts_get_person(struct accounts *c, struct arena *a, struct span login,
			     struct store_person *ret) MUST_CHECK;
enum err accounts_list_people(struct accounts *c, struct arena *a, struct span after,
			      uint32_t limit, struct store_person **ret,
			      uint32_t *ret_count) MUST_CHECK;
/* What a row says, as who acts; every scope that the roles give. */
enum err accounts_who(struct arena *a, const struct store_person *p, struct who *ret) MUST_CHECK;
unsigned accounts_scopes(unsigned roles);
unsigned accounts_read_roles(struct span names);

/* A session that holds now. *ret_note: it was not noted for a while that it is used: hand it to the log of accesses. */
enum err accounts_find_session(struct accounts *c, struct arena *a, const struct hash *sha256,
			       int64_t now, struct store_session *ret,
			       struct store_person *ret_person, bool *ret_note) MUST_CHECK;
/* A token that holds now. *ret_note: its first use on this day. */
enum err accounts_find_token(struct accounts *c, struct arena *a, const struct hash *sha256,
			     int64_t now, struct store_token *ret, struct store_person *ret_person,
			     bool *ret_note) MUST_CHECK;
/* Those of a person, the oldest first. */
enum err accounts_list_sessions(struct accounts *c, struct arena *a, struct span login,
				struct store_session **ret, uint32_t *ret_count) MUST_CHECK;
enum err accounts_list_tokens(struct accounts *c, struct arena *a, struct span login,
			      struct store_token **ret, uint32_t *ret_count) MUST_CHECK;

/* ---- changing. Room is made before the transaction, so that what is on disk is never missing here ---- */

struct accounts_change;

/* A change to be made once it is on disk. NULL: no memory. accounts_apply() or accounts_drop() takes it. */
struct accounts_change *accounts_put_person(const struct store_person *p);
struct accounts_change *accounts_put_session(const struct store_session *v);
struct accounts_change *accounts_put_token(const struct store_token *t);
void accounts_apply(struct accounts *c, struct accounts_change *change);
void accounts_drop(struct accounts_change *change);
void accounts_end(struct accounts *c, const struct hash *sha256); /* a session or token */
/* Forgets sessions that no longer hold. */
void accounts_sweep(struct accounts *c, int64_t now);

#endif
