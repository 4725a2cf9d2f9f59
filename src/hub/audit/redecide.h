/* Deciding a stored case again, from its own log: what replay and verify share. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_REDECIDE_H
#define CUSTOMHOUSE_HUB_AUDIT_REDECIDE_H

#include "hub/settle/decision.h"
#include "store/store.h"

/* Versions that were loaded, by their hashes. */
struct versions;
struct versions *versions_new(struct store *s);
void versions_free(struct versions *v);
/* The versions that a decision names, loaded once. ERR_NOT_FOUND: the store lacks one of them. Owned by v. */
enum err versions_of(struct versions *v, const struct json *decision, const struct inforce **ret,
		     struct cause *why) MUST_CHECK;

/* The bytes that a decision rests on. */
struct evidence {
	struct span input;           /* as received */
	struct span amended;         /* the declaration after an amendment, or p == NULL */
	const struct json *decision; /* as stored */
	/* that the message is read by, beside those built in; NULL: none */
	const struct edifact_set *directories;
	bool unnamed; /* of before decisions named it: the one that comes out does not either */
};
/* Decides again, in a: *ret are the bytes that come out. ERR_FORMAT: the stored decision or its input cannot be read
 * any more (the cause says what). */
enum err redecide(struct arena *a, const struct evidence *ev, const struct inforce *i,
		  struct span *ret, struct cause *why) MUST_CHECK;

#endif
