/* What the files behind hub/people/people.h share. Not for callers. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_PEOPLE_ROOM_H
#define CUSTOMHOUSE_HUB_PEOPLE_PEOPLE_ROOM_H

#include "hub/house.h"
#include "hub/people/directory.h"
#include "hub/people/lockout.h"
#include "hub/people/password.h"
#include "hub/people/people.h"

/* Who looked at what, on its way into the store: access.c. */
struct note;
struct notes {
	struct chore chore;         /* first: the writer hands it back */
	struct note *first, **last; /* wait */
	struct note *writing;       /* in the batch that is under way, or in one that failed */
	uint32_t count;
	bool on_its_way, failed;
	pthread_cond_t quiet;
};

struct people {
	struct directory *directory;
	/* one change at a time, from what it is read of to its COMMIT: no change is made to what another has just changed */
	pthread_mutex_t changing;
	pthread_mutex_t hashing; /* one slow hash at a time; guards lockout too */
	struct lockout *lockout;
	atomic_uint waiting; /* for the slow hash */
	atomic_llong hashed, passed, refused, held_up;
	pthread_mutex_t lock; /* guards what follows; never held over a wait for the writer */
	struct hash claim;
	bool claimable;
	struct notes notes;
};

/* HUB_OWN: before the writer starts. */
enum err people_open(struct hub *h, struct cause *why) MUST_CHECK;
/* Before the writer stops: what was noted reaches the store. */
void people_finish(struct hub *h);
void people_close(struct hub *h);

/* The people of an owner; ERR_UNSUPPORTED elsewhere. */
enum err people_of(struct hub *h, struct people **ret, struct cause *why) MUST_CHECK;
/* ERR_DENIED unless one of these roles, or the operator. */
enum err people_demand(const struct who *by, unsigned roles, struct cause *why) MUST_CHECK;
bool people_operator(const struct who *who);

/* A change of people: rows, and an event that tells of it. What is NULL or empty is left out. */
struct store_shelf;
struct change {
	const struct store_person *person;
	int64_t
	    based_on; /* with a person: when it was changed last, as it was read; 0: it is new */
	const struct store_session *session;
	const struct store_token *token;
	struct store_authority *authority; /* an id of 0 becomes the number of the event */
	const struct hash *end_token;
	const struct store_shelf *shelf; /* of one company and kind; an empty body takes away */
	uint32_t shelved;
	const struct store_session *end_sessions;
	uint32_t ends;
	const struct hash *spare; /* a session that does not end with the others */
	bool sweep;               /* sessions that are over leave the store */

	struct span kind, actor; /* of the event; kind empty: none */
	/* writes the members of its payload; inside arena_run() */
	void (*describe)(const struct change *c, struct json_writer *w);
	const char *what; /* "add", "change", ... */
};
/* Commits it, then makes it hold. Waits. The caller has p->changing. */
enum err people_commit(struct hub *h, struct change *c, struct cause *why) MUST_CHECK;

/* shelf.c: puts and takes away, in the transaction. ERR_LIMIT: the company keeps too much. */
enum err shelf_write(struct store *s, const struct store_shelf *v, uint32_t n,
		     struct cause *why) MUST_CHECK;

/* Why there is no room in an arena; never ERR_NONE. */
static inline enum err people_no_room(const struct arena *a)
{
	enum err e = arena_failure(a);

	return e ? e : ERR_NOMEM;
}

/* The text of a login, role and so on as the store keeps it; the arena is not left. */
enum err people_join(struct arena *a, const struct who_list *list, struct span *ret) MUST_CHECK;
enum err people_copy(struct arena *a, struct span s, struct span *ret) MUST_CHECK;
/* Names of the bits, with a blank between. At most 100 bytes. */
void people_names(unsigned bits, unsigned n, const char *(*name)(unsigned), char ret[120]);

/* 2026-11-22 */
void people_day(int32_t day, char ret[11]);

/* A secret of 256 bits, and its hash. */
enum { SECRET_BYTES = 80 };
void people_secret(const char *prefix, char ret[SECRET_BYTES], struct hash *ret_hash);

/* people.c; the caller has p->changing. spare: the session that goes on. */
enum err people_set_password(struct hub *h, struct arena *a, const struct store_person *row,
			     struct span password, const struct hash *spare,
			     struct cause *why) MUST_CHECK;
enum err people_add_first(struct hub *h, struct arena *a, struct span login, struct span password,
			  struct cause *why) MUST_CHECK;

/* company.c: who may change whom. An administrator everybody, a company's own administrator its colleagues: people of no other
 * company than its own and of no role that it has not itself. */
struct directory_filter;
bool people_colleague(const struct who *by, const struct store_person *row);
/* NULL: `by` sees everybody whom its roles let it see at all. *ret lies with the caller. */
const struct directory_filter *people_filter(const struct who *by, struct directory_filter *ret);
/* ERR_NOT_FOUND: somebody whom `by` has nothing to do with, as if there were nobody. */
enum err people_may_change(const struct who *by, const struct store_person *row,
			   struct cause *why) MUST_CHECK;
/* ERR_DENIED: no company's administrator makes such a person; ERR_LIMIT: its company has as many as it may. fresh: one more. */
enum err people_may_make(struct hub *h, const struct who *by, const struct person *p, bool fresh,
			 struct cause *why) MUST_CHECK;

/* ERR_FORMAT: roles, offices and parties that do not go together, or a login that is none. */
enum err people_check(const struct person *p, struct cause *why) MUST_CHECK;
/* Somebody whom an identity provider vouches for, as they now stand; the caller has p->changing. They have no password; a first
 * one that they never used ends. ERR_DENIED: whom the hub does not know or who gets no roles, where that is asked for; who is
 * disabled. */
enum err people_vouched(struct hub *h, struct arena *a, struct span login, const struct vouched *v,
			struct store_person *ret, struct cause *why) MUST_CHECK;

/* access.c */
enum err access_note(struct hub *h, const struct store_access *v, struct cause *why) MUST_CHECK;
/* That a session or token is used: not worth a failure. */
void access_note_session(struct hub *h, const struct store_session *v);
void access_note_token(struct hub *h, const struct store_token *t);
void notes_open(struct notes *n);
void notes_finish(struct hub *h);
void notes_close(struct notes *n);

#endif
