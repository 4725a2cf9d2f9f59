/* People and programs that may use the hub: who they are, how they sign in, what they may see.
 *
 * Every function checks what `by` may do: ERR_DENIED, with a text for the sender. Each change is one transaction: the row, and
 * an event of kind "person", "token" or "authority" in the hub's own chain that says who changed what, without secrets; it holds
 * for the next request. Only the owner of a store signs in and changes (ERR_UNSUPPORTED otherwise). Results lie in the arena,
 * which is not left. Moments are microseconds UTC. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_PEOPLE_H
#define CUSTOMHOUSE_HUB_PEOPLE_PEOPLE_H

#include "base/arena.h"
#include "base/map.h"
#include "hub/hub.h"
#include "model/who.h"

/* Who comes by the unix socket or the command line: whoever runs the hub's process may do what it may. Never by TCP. */
const struct who *who_operator(void);

/* ---- people.c ---- */

struct person {
	struct span login, name;
	unsigned roles;
	struct who_list offices, parties;
	struct span agency;
	bool disabled;
	bool
	    must_change; /* the password was given to them: nothing else until they choose their own */
	int64_t created_at, changed_at;
};

/* Members that are NULL stay as they are. */
struct person_change {
	const struct span *name, *agency;
	const unsigned *roles;
	const struct who_list *offices, *parties;
	const bool *disabled;
};

/* For administrators; for the administrator of a company (ROLE_COMPANY) of and about its own people only: others are not found.
 * Makes a person. *ret_password: a first password, told once. ERR_CONFLICT: the login is taken; ERR_FORMAT: roles, offices and
 * parties that do not go together, or a login that is none. */
enum err hub_add_person(struct hub *h, struct arena *a, const struct who *by,
			const struct person *p, struct span *ret_password,
			struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. Disabling ends every session; tokens rest while it lasts. */
enum err hub_change_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			   const struct person_change *change, struct cause *why) MUST_CHECK;
/* A new first password, and the end of every session. */
enum err hub_reset_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			  struct span *ret_password, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err hub_get_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			struct person *ret, struct cause *why) MUST_CHECK;
/* By login, behind `after`. */
enum err hub_list_people(struct hub *h, struct arena *a, const struct who *by, struct span after,
			 uint32_t limit, struct person **ret, uint32_t *ret_count,
			 struct cause *why) MUST_CHECK;

/* ---- sign_in.c ---- */

/* While a store has nobody: a secret for the terminal, by which whoever reads it makes the first administrator, once. Only its
 * hash is kept, in memory; that of nodes is made of their keys, and the same for all. False: there are people. */
enum { CLAIM_BYTES = 48 };
bool hub_open_claim(struct hub *h, char ret[CLAIM_BYTES]);
/* ERR_DENIED: not that secret, or used. */
enum err hub_claim(struct hub *h, struct arena *a, struct span secret, struct span login,
		   struct span password, struct cause *why) MUST_CHECK;

struct sign_in {
	struct span login, password;
	struct span address;  /* where it comes from, as the server sees it */
	struct span previous; /* the session that the browser sent; it ends. May be empty */
	struct span request;  /* id of the request, for the note of accesses */
};

struct signed_in {
	struct who who;
	struct span secret; /* of the session: for the cookie */
	struct span csrf;   /* to be sent back as a header with what changes something */
	int64_t expires_at;
	bool must_change;
};

/* ERR_DENIED: login or password is wrong, or the person is disabled: the same text, and the same work, for each.
 * ERR_BUSY: too many failures or too much at once; *ret_wait: seconds until it may work. */
enum err hub_sign_in(struct hub *h, struct arena *a, const struct sign_in *s, struct signed_in *ret,
		     unsigned *ret_wait, struct cause *why) MUST_CHECK;
/* What an identity provider's word makes of somebody, but for the login. */
struct vouched {
	struct person as; /* without roles: nobody is made */
	/* whom the hub knows becomes that too, and is refused without roles. Not an administrator: no provider makes or unmakes
	 * those. Else only whom the hub does not know */
	bool follows;
};

/* Signs in s->login, whom an identity provider vouches for (oidc.h). ERR_DENIED: nobody whom the hub lets in, or disabled;
 * ERR_FORMAT: the hub has no such logins, or the roles do not go together. */
enum err hub_sign_in_vouched(struct hub *h, struct arena *a, const struct sign_in *s,
			     const struct vouched *v, struct signed_in *ret,
			     struct cause *why) MUST_CHECK;
/* Ends the session, or everything that its person is signed in with. Ending what is ended already is fine. */
enum err hub_sign_out(struct hub *h, struct span secret, bool everywhere,
		      struct cause *why) MUST_CHECK;
/* Ends all other sessions. ERR_DENIED: not the old one; ERR_FORMAT: too short, or among the commonest. ERR_BUSY as above. */
enum err hub_change_password(struct hub *h, struct span session, struct span old,
			     struct span password, unsigned *ret_wait,
			     struct cause *why) MUST_CHECK;

/* Whose session or token this secret is. ERR_NOT_FOUND: nobody's, or no longer. Reads memory only. */
enum err hub_who_of_session(struct hub *h, struct arena *a, struct span secret,
			    struct signed_in *ret) MUST_CHECK;
enum err hub_who_of_token(struct hub *h, struct arena *a, struct span secret,
			  struct who *ret) MUST_CHECK;

/* ---- tokens.c ---- */

struct token {
	struct span id; /* public: to revoke it by */
	struct span login, name;
	unsigned scopes;
	int64_t made_at, expires_at;
	struct span used_on; /* day of its last use; empty: never */
};

/* For oneself, or, as the operator, for anybody. *ret_secret is told once. ERR_FORMAT: scopes beyond the roles, or a date. */
enum err hub_add_token(struct hub *h, struct arena *a, const struct who *by, const struct token *t,
		       struct span *ret_secret, struct span *ret_id, struct cause *why) MUST_CHECK;
enum err hub_list_tokens(struct hub *h, struct arena *a, const struct who *by, struct span login,
			 struct token **ret, uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND: no such token of theirs. */
enum err hub_revoke_token(struct hub *h, struct arena *a, const struct who *by, struct span login,
			  struct span id, struct cause *why) MUST_CHECK;

/* ---- authorities.c: a trader lets a broker lodge in its name, for a time (RKC general annex, standard 8.1) ---- */

struct authority {
	int64_t id;
	struct span party, broker;      /* ids */
	struct span from_day, to_day;   /* both within */
	struct span granted_by;         /* login */
	int64_t granted_at, revoked_at; /* 0: not revoked */
};

enum err hub_grant_authority(struct hub *h, struct arena *a, const struct who *by,
			     const struct authority *grant, int64_t *ret_id,
			     struct cause *why) MUST_CHECK;
/* Those that `by` gave or was given. */
enum err hub_list_authorities(struct hub *h, struct arena *a, const struct who *by,
			      struct authority **ret, uint32_t *ret_count,
			      struct cause *why) MUST_CHECK;
enum err hub_revoke_authority(struct hub *h, struct arena *a, const struct who *by, int64_t id,
			      struct cause *why) MUST_CHECK;

/* ---- scope.c: what may be seen (hub/view.h); every read and every act passes here ---- */

struct store_case_key;
struct store_declaration;
struct store;

/* The name under which an agency's cases stand in the list of parties' cases. Inside arena_run(). */
struct span scope_agency(struct arena *a, struct span agency);

/* How much of the case with this reference `who` may see, and its row (in the arena). ERR_NOT_FOUND: nothing of it, or there is
 * none: the same work for both. Notes the access, also of what was not found; request is the id of the request, for the note.
 * s: the connection to read by; may stand in a snapshot or batch. */
enum err scope_case(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		    struct span reference, enum purpose purpose, struct span request,
		    struct store_declaration *ret_row, enum view *ret,
		    struct cause *why) MUST_CHECK;

/* How a list is shown: an office's cases, or, where office is empty, a party's cases or its account (purpose). VIEW_NONE: not
 * theirs. Notes the look. */
enum err scope_list(struct hub *h, const struct who *who, struct span office, struct span party,
		    enum purpose purpose, struct span request, enum view *ret,
		    struct cause *why) MUST_CHECK;

/* May they see what control finds and misses, at an office or, where it is empty, at all? Notes the look. ERR_DENIED. */
enum err scope_figures(struct hub *h, const struct who *who, struct span office,
		       struct span request, struct cause *why) MUST_CHECK;

struct store_cargo;
/* The same for a cargo report: its sender and carrier, the officers of its office. */
enum err scope_cargo(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		     struct span reference, enum purpose purpose, struct span request,
		     struct store_cargo *ret_row, enum view *ret, struct cause *why) MUST_CHECK;

struct store_message;
/* The same for a message that is kept: its sender, the officers of its office. */
enum err scope_message(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		       struct span reference, enum purpose purpose, struct span request,
		       struct store_message *ret_row, enum view *ret, struct cause *why) MUST_CHECK;

/* May who be told what this party, or, where it is empty, what the officers of this office are told? */
bool scope_notices(const struct who *who, struct span party, struct span office);

/* What scope_case() will be asked: where a case is looked for, for somebody, read ahead for many at once. *ret: those
 * places, of which most have no such case. Inside arena_run(). */
struct scope_looking {
	const struct who *who;
	struct span reference;
};
enum err scope_ahead(struct store *s, struct arena *a, const struct scope_looking *looking,
		     uint32_t n, struct store_case_key **ret, uint32_t *ret_count,
		     struct cause *why) MUST_CHECK;

/* What scope_lodge() will be asked, for many at once: the authorities that these parties gave to companies of who are read into
 * known, a map in a. Inside arena_run(). */
struct scope_wanted {
	const struct who *who;
	struct span party, day;
};
enum err scope_know(struct store *s, struct arena *a, const struct scope_wanted *wanted, uint32_t n,
		    struct map *known, struct cause *why) MUST_CHECK;
/* May who hand in in the name of these companies: each is its own, or gave one of its own an authority that holds on the day?
 * Ids that are empty are not looked at. known: what was read of authorities before; the rest is asked for.
 * *ret_as: the company of theirs that does so. ERR_DENIED, with a text for the sender. */
enum err scope_lodge(struct store *s, struct arena *a, const struct map *known,
		     const struct who *who, const struct span *party, uint32_t n, struct span day,
		     struct span *ret_as, struct cause *why) MUST_CHECK;

/* The same for a cargo report: carriers and brokers, for the carrier that it names. */
enum err scope_report(struct store *s, struct arena *a, const struct map *known,
		      const struct who *who, struct span carrier, struct span day,
		      struct span *ret_as, struct cause *why) MUST_CHECK;

/* In whose name who hands in a message that is kept: the company of theirs that the message says sends it, or else their first;
 * for a gateway and the operator, whoever it says. ERR_DENIED, with a text for the sender. */
enum err scope_keep(const struct who *who, struct span said, struct span *ret_as,
		    struct cause *why) MUST_CHECK;

/* ---- access.c: who looked at what ---- */

struct access {
	int64_t id, at;
	struct span login, office, reference; /* office empty: nothing was found */
	struct span purpose, view, request;
};

struct access_page {
	struct span login, reference; /* empty: any */
	int64_t before;               /* an id; 0: from the newest on */
	uint32_t limit;
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};

/* The newest first. For auditors. */
enum err hub_list_accesses(struct hub *h, struct arena *a, const struct who *by,
			   const struct access_page *page, struct access **ret, uint32_t *ret_count,
			   struct cause *why) MUST_CHECK;

#endif
