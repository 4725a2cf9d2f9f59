/* Signing in with a password, and out. A guess costs a slow hash, one at a time for the whole hub, whether there is such a person
 * or not; who guesses wrong too often waits before the next one is looked at. */
#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/node/follow.h"
#include "hub/people/people_room.h"

enum {
	WAITING_MAX = 16, /* for the slow hash; one more is told to come back */
	ADDRESS_FREE =
	    20, /* failures of an address that cost it nothing: many people may share one */
	SECOND = 1000000,
	SIGN_IN_ARENA = 1 << 20,
};

/* ---- a password, tried ---- */

struct attempt {
	struct span login, password, address;
	struct store_person person; /* out */
	unsigned wait;              /* out, seconds */
};

static unsigned seconds_of(int64_t wait)
{
	return (unsigned)((wait + SECOND - 1) / SECOND);
}

/* Under the lock of the slow hash. */
static enum err try_password(struct people *p, struct arena *a, struct attempt *t,
			     struct cause *why)
{
	uint64_t login = lockout_key("login", t->login),
		 address = lockout_key("address", t->address);
	int64_t now = clock_steady(), wait = lockout_wait(p->lockout, login, now),
		wait_address = lockout_wait(p->lockout, address, now);
	bool known, right;

	if (wait_address > wait)
		wait = wait_address;
	if (wait) {
		t->wait = seconds_of(wait);
		p->held_up++;
		return fail(why, ERR_BUSY, "too many failed attempts: wait %u seconds", t->wait);
	}
	known = !directory_get_person(p->directory, a, t->login, &t->person);
	right = password_matches(known && !t->person.disabled ? t->person.secret : SPAN(""),
				 t->password);
	p->hashed++;
	if (right) {
		lockout_passed(p->lockout, login);
		return ERR_NONE;
	}
	now = clock_steady();
	lockout_failed(p->lockout, login, LOCKOUT_FREE, now);
	lockout_failed(p->lockout, address, ADDRESS_FREE, now);
	p->refused++;
	/* Never the login: people type their password there by mistake. */
	log_event("sign-in.refused", "address=%.*s", SPAN_ARG(t->address));
	return fail(why, ERR_DENIED, "login or password is wrong");
}

static enum err attempt(struct people *p, struct arena *a, struct attempt *t, struct cause *why)
{
	enum err e;

	if (p->waiting++ >= WAITING_MAX) {
		p->waiting--;
		t->wait = 1;
		return fail(why, ERR_BUSY, "too many people sign in at once: try again");
	}
	pthread_mutex_lock(&p->hashing);
	e = try_password(p, a, t, why);
	pthread_mutex_unlock(&p->hashing);
	p->waiting--;
	return e;
}

/* ---- sessions ---- */

static struct hash hash_of(struct span secret)
{
	return hash_bytes(secret.p, secret.n);
}

/* What a page of ours sends back as a header, which a page of another site cannot know. */
static enum err csrf_of(struct arena *a, struct span secret, struct span *ret)
{
	const struct span pieces[] = {SPAN("customhouse csrf\n"), secret};
	struct hash h = hash_pieces(pieces, ARRAY_LEN(pieces));
	char hex[65];

	hash_hex(&h, hex);
	return people_copy(a, span_of(hex), ret);
}

static enum err begin_session(struct hub *h, struct arena *a, const struct sign_in *s,
			      const struct store_person *person, struct signed_in *ret,
			      struct cause *why)
{
	struct store_session session = {.login = person->login}, *old;
	struct change c = {.session = &session, .sweep = true};
	char secret[SECRET_BYTES];
	struct hash previous = hash_of(s->previous);
	uint32_t n, keep = 0;
	enum err e = directory_list_sessions(h->people->directory, a, person->login, &old, &n);

	people_secret("", secret, &session.sha256);
	session.begun_at = session.seen_at = clock_now();
	if (!e)
		e = people_copy(a, span_of(secret), &ret->secret);
	if (!e)
		e = csrf_of(a, ret->secret, &ret->csrf);
	if (!e)
		e = directory_who(a, person, &ret->who);
	if (e)
		return fail(why, e, "no memory");
	/* The one that the browser had, and the oldest beyond the bound. */
	for (uint32_t i = 0; i < n; i++)
		if ((s->previous.n && hash_equal(&previous, &old[i].sha256)) ||
		    i + SESSIONS_EACH <= n)
			old[keep++] = old[i];
	c.end_sessions = old;
	c.ends = keep;
	ret->must_change = person->must_change;
	ret->expires_at = session.begun_at + (int64_t)SESSION_SECONDS * SECOND;
	return people_commit(h, &c, why);
}

/* That somebody came in is told before they hear of it. */
static enum err note_sign_in(struct hub *h, const struct sign_in *s,
			     const struct store_person *person, struct cause *why)
{
	const struct store_access note = {.login = person->login,
					  .at = clock_now(),
					  .purpose = SPAN("sign-in"),
					  .part = SPAN("none"),
					  .request = s->request};

	h->people->passed++;
	return access_note(h, &note, why);
}

enum err hub_sign_in(struct hub *h, struct arena *a, const struct sign_in *s, struct signed_in *ret,
		     unsigned *ret_wait, struct cause *why)
{
	struct attempt t = {.login = s->login, .password = s->password, .address = s->address};
	struct people *p;
	enum err e = people_of(h, &p, why);

	*ret_wait = 0;
	if (!e)
		e = attempt(p, a, &t, why);
	*ret_wait = t.wait;
	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	/* Disabled, or given another password, while the hash was computed: then this one is no longer right. */
	if (directory_get_person(p->directory, a, s->login, &t.person) || t.person.disabled)
		e = fail(why, ERR_DENIED, "login or password is wrong");
	else
		e = begin_session(h, a, s, &t.person, ret, why);
	pthread_mutex_unlock(&p->changing);
	return e ? e : note_sign_in(h, s, &t.person, why);
}

enum err hub_sign_in_vouched(struct hub *h, struct arena *a, const struct sign_in *s,
			     const struct vouched *v, struct signed_in *ret, struct cause *why)
{
	struct store_person person;
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = people_vouched(h, a, s->login, v, &person, why);
	if (!e)
		e = begin_session(h, a, s, &person, ret, why);
	pthread_mutex_unlock(&p->changing);
	return e ? e : note_sign_in(h, s, &person, why);
}

enum err hub_who_of_session(struct hub *h, struct arena *a, struct span secret,
			    struct signed_in *ret)
{
	struct hash sha256 = hash_of(secret);
	struct store_session session;
	struct store_person person;
	bool note = false;
	enum err e = h->people ? ERR_NONE : ERR_NOT_FOUND;

	if (!e)
		e = directory_find_session(h->people->directory, a, &sha256, clock_now(), &session,
					   &person, &note);
	if (e == ERR_NOT_FOUND && h->node && !follow_look_up(h, &sha256))
		e = directory_find_session(h->people->directory, a, &sha256, clock_now(), &session,
					   &person, &note);
	if (!e)
		e = directory_who(a, &person, &ret->who);
	if (!e)
		e = csrf_of(a, secret, &ret->csrf);
	if (e)
		return e;
	if (note)
		access_note_session(h, &session);
	ret->secret = secret;
	ret->expires_at = session.begun_at + (int64_t)SESSION_SECONDS * SECOND;
	ret->must_change = person.must_change;
	return ERR_NONE;
}

enum err hub_who_of_token(struct hub *h, struct arena *a, struct span secret, struct who *ret)
{
	struct hash sha256 = hash_of(secret);
	struct store_person person;
	struct store_token token;
	struct span scopes;
	unsigned mask = 0;
	bool note = false;
	enum err e = h->people ? ERR_NONE : ERR_NOT_FOUND;

	if (!e)
		e = directory_find_token(h->people->directory, a, &sha256, clock_now(), &token,
					 &person, &note);
	if (e == ERR_NOT_FOUND && h->node && !follow_look_up(h, &sha256))
		e = directory_find_token(h->people->directory, a, &sha256, clock_now(), &token,
					 &person, &note);
	if (!e)
		e = directory_who(a, &person, ret);
	if (e)
		return e;
	if (note)
		access_note_token(h, &token);
	for (scopes = token.scopes; scopes.n;)
		mask |= scope_by_name(span_cut(&scopes, ' '));
	/* Roles that were taken away since take their scopes along. A token does not wait for its owner's new password. */
	ret->scopes = directory_scopes(ret->roles) & mask;
	ret->token = true;
	return ERR_NONE;
}

enum err hub_sign_out(struct hub *h, struct span secret, bool everywhere, struct cause *why)
{
	struct hash sha256 = hash_of(secret);
	struct store_session session, *all = &session;
	struct store_person person;
	struct change c = {0};
	struct arena *a;
	bool note;
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (e)
		return e;
	a = arena_new(SIGN_IN_ARENA);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_lock(&p->changing);
	e = directory_find_session(p->directory, a, &sha256, clock_now(), &session, &person, &note);
	c.ends = 1;
	if (!e && everywhere)
		e = directory_list_sessions(p->directory, a, person.login, &all, &c.ends);
	c.end_sessions = all;
	if (!e)
		e = people_commit(h, &c, why);
	pthread_mutex_unlock(&p->changing);
	arena_free(a);
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

/* ---- the password ---- */

static enum err change_password(struct hub *h, struct arena *a, struct span session,
				struct span old, struct span password, unsigned *ret_wait,
				struct cause *why)
{
	struct hash sha256 = hash_of(session);
	struct people *p = h->people;
	struct attempt t = {.password = old};
	struct store_session found;
	struct store_person person;
	const char *fault;
	bool note;
	enum err e =
	    directory_find_session(p->directory, a, &sha256, clock_now(), &found, &person, &note);

	if (e)
		return fail(why, ERR_DENIED, "nobody is signed in");
	fault = password_fault(password, person.login);
	if (!fault && span_equal(old, password))
		fault = "the new password is the old one";
	if (fault)
		return fail(why, ERR_FORMAT, "%s", fault);
	t.login = t.address = person.login;
	e = attempt(p, a, &t, why);
	*ret_wait = t.wait;
	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = directory_get_person(p->directory, a, person.login, &t.person);
	if (!e)
		e = people_set_password(h, a, &t.person, password, &sha256, why);
	pthread_mutex_unlock(&p->changing);
	return e;
}

enum err hub_change_password(struct hub *h, struct span session, struct span old,
			     struct span password, unsigned *ret_wait, struct cause *why)
{
	struct people *p;
	struct arena *a;
	enum err e = people_of(h, &p, why);

	*ret_wait = 0;
	if (e)
		return e;
	a = arena_new(SIGN_IN_ARENA);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory");
	e = change_password(h, a, session, old, password, ret_wait, why);
	arena_free(a);
	return e;
}

/* ---- the first administrator ---- */

/* Behind a proxy nobody chooses the node that is asked: all of them have the same secret, made of their keys. */
static void claim_of_nodes(const struct hub *h, char ret[SECRET_BYTES], struct hash *ret_hash)
{
	const struct span piece = SPAN("the first administrator");
	struct hash bytes;
	char hex[65];

	hub_mark_peer(h, &piece, 1, hex);
	BUG_ON(hash_from_hex(span_of(hex), &bytes));
	sodium_bin2base64(ret, SECRET_BYTES, bytes.byte, sizeof(bytes.byte),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	*ret_hash = hash_bytes(ret, strlen(ret));
}

bool hub_open_claim(struct hub *h, char ret[CLAIM_BYTES])
{
	struct people *p = h->people;
	char secret[SECRET_BYTES];
	struct hash hash;

	if (!p || directory_people(p->directory))
		return false;
	if (h->node)
		claim_of_nodes(h, secret, &hash);
	else
		people_secret("", secret, &hash);
	pthread_mutex_lock(&p->lock);
	p->claim = hash;
	p->claimable = true;
	pthread_mutex_unlock(&p->lock);
	BUG_ON(strlen(secret) >= CLAIM_BYTES);
	memcpy(ret, secret, strlen(secret) + 1);
	return true;
}

static enum err take_anybody(void *context, const struct store_person *p, struct cause *why)
{
	(void)context, (void)p, (void)why;
	return ERR_CONFLICT;
}

/* Is nobody there, at no node? *ret is then true. */
static enum err is_nobody_there(struct hub *h, bool *ret, struct cause *why)
{
	struct store *s;
	enum err e = ERR_NONE;

	*ret = !directory_people(h->people->directory);
	if (!*ret || !h->node)
		return ERR_NONE;
	e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_scan_people(s, take_anybody, NULL, why);
	house_close_reader(h, s);
	*ret = !e;
	return e == ERR_CONFLICT ? ERR_NONE : e;
}

/* The caller has p->changing, so that two who know the secret are not both first. */
static enum err claim(struct hub *h, struct arena *a, struct span secret, struct span login,
		      struct span password, struct cause *why)
{
	struct people *p = h->people;
	struct hash given = hash_of(secret);
	const char *fault;
	bool fits, nobody;
	enum err e = is_nobody_there(h, &nobody, why);

	if (e)
		return e;
	pthread_mutex_lock(&p->lock);
	fits = p->claimable && hash_equal(&p->claim, &given);
	pthread_mutex_unlock(&p->lock);
	if (!fits || !nobody)
		return fail(why, ERR_DENIED, "this secret is not the hub's, or was used");
	fault = password_fault(password, login);
	if (fault)
		return fail(why, ERR_FORMAT, "%s", fault);
	e = people_add_first(h, a, login, password, why);
	if (e)
		return e;
	pthread_mutex_lock(&p->lock);
	p->claimable = false;
	pthread_mutex_unlock(&p->lock);
	return ERR_NONE;
}

enum err hub_claim(struct hub *h, struct arena *a, struct span secret, struct span login,
		   struct span password, struct cause *why)
{
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = claim(h, a, secret, login, password, why);
	pthread_mutex_unlock(&p->changing);
	return e;
}
