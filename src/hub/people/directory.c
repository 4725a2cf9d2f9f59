#include "hub/people/directory.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/date.h"
#include "hub/people/people_room.h"

enum {
	BUCKETS = 1 << 14,
	SECOND = 1000000,
	NOTE_SECONDS = 60, /* how often a session that is used is noted in the store */
	TEXTS = 7,
};

/* What is kept is a row and its texts in one piece of memory. */
struct held_person {
	struct store_person row;
	char text[];
};

struct held_key {
	struct held_key *next;
	struct hash sha256;
	bool token;
	struct store_session session; /* which of the two, `token` says */
	struct store_token as_token;
	int64_t noted_at;
	int32_t noted_day;
	char text[];
};

struct directory {
	pthread_mutex_t lock;
	struct held_person **person; /* by login; room for PEOPLE_MAX */
	uint32_t people;
	struct held_key *bucket[BUCKETS];
};

struct directory_change {
	struct held_person *person;
	struct held_key *key;
};

/* ---- copies ---- */

struct texts {
	struct span *text[TEXTS];
	uint32_t n;
};

static struct texts person_texts(struct store_person *p)
{
	return (struct texts){
	    {&p->login, &p->name, &p->roles, &p->offices, &p->parties, &p->agency, &p->secret}, 7};
}

static struct texts token_texts(struct store_token *t)
{
	return (struct texts){{&t->id, &t->login, &t->name, &t->scopes, &t->used_on}, 5};
}

/* A token's day of use is filled in later: it always has room for one. */
enum { DAY_BYTES = 10 };

static size_t texts_size(const struct texts *t)
{
	size_t n = DAY_BYTES;

	for (uint32_t i = 0; i < t->n; i++)
		n += t->text[i]->n;
	return n;
}

/* Moves the texts of a row that was copied to where there is room for them. */
static void texts_move(const struct texts *t, char *to)
{
	for (uint32_t i = 0; i < t->n; i++) {
		struct span *s = t->text[i];

		if (s->n)
			memcpy(to, s->p, s->n);
		*s = (struct span){to, s->n, 0};
		to += s->n;
	}
}

static enum err texts_copy(struct arena *a, const struct texts *t)
{
	char *to = arena_try(a, texts_size(t));

	if (!to)
		return people_no_room(a);
	texts_move(t, to);
	return ERR_NONE;
}

/* ---- looking, under the lock ---- */

/* Where the login stands, or would. */
static uint32_t place_of(const struct directory *c, struct span login)
{
	uint32_t low = 0, high = c->people;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (span_compare(c->person[mid]->row.login, login) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct held_person *person_of(const struct directory *c, struct span login)
{
	uint32_t i = place_of(c, login);

	return i < c->people && span_equal(c->person[i]->row.login, login) ? c->person[i] : NULL;
}

static struct held_key **bucket_of(struct directory *c, const struct hash *sha256)
{
	/* The first bytes of a SHA-256 are as good as any hash of it. */
	return &c->bucket[(sha256->byte[0] | sha256->byte[1] << 8) % BUCKETS];
}

static struct held_key *key_of(struct directory *c, const struct hash *sha256)
{
	struct held_key *k = *bucket_of(c, sha256);

	while (k && !hash_equal(&k->sha256, sha256))
		k = k->next;
	return k;
}

static enum err copy_person(struct arena *a, const struct held_person *p, struct store_person *ret)
{
	struct texts texts;

	*ret = p->row;
	texts = person_texts(ret);
	return texts_copy(a, &texts);
}

static bool session_holds(const struct store_session *v, int64_t now)
{
	return now - v->seen_at < (int64_t)SESSION_IDLE_SECONDS * SECOND &&
	       now - v->begun_at < (int64_t)SESSION_SECONDS * SECOND;
}

/* ---- asking ---- */

uint32_t directory_people(struct directory *c)
{
	uint32_t n;

	pthread_mutex_lock(&c->lock);
	n = c->people;
	pthread_mutex_unlock(&c->lock);
	return n;
}

enum err directory_get_person(struct directory *c, struct arena *a, struct span login,
			      struct store_person *ret)
{
	struct held_person *p;
	enum err e = ERR_NOT_FOUND;

	pthread_mutex_lock(&c->lock);
	p = person_of(c, login);
	if (p)
		e = copy_person(a, p, ret);
	pthread_mutex_unlock(&c->lock);
	return e;
}

enum err directory_list_people(struct directory *c, struct arena *a, struct span after,
			       uint32_t limit, const struct directory_filter *filter,
			       struct store_person **ret, uint32_t *ret_count)
{
	struct store_person *row = arena_try(a, sizeof(*row) * (limit + 1));
	enum err e = row ? ERR_NONE : people_no_room(a);
	uint32_t i, n = 0;

	if (e)
		return e;
	pthread_mutex_lock(&c->lock);
	i = place_of(c, after);
	if (i < c->people && after.n && span_equal(c->person[i]->row.login, after))
		i++;
	for (; i < c->people && n < limit && !e; i++)
		if (!filter || filter->keep(&c->person[i]->row, filter->context))
			e = copy_person(a, c->person[i], &row[n++]);
	pthread_mutex_unlock(&c->lock);
	*ret = row;
	*ret_count = n;
	return e;
}

/* The words of a text, as a list. */
static enum err split(struct arena *a, struct span text, struct who_list *ret)
{
	struct span rest = text, *v;
	uint32_t n = text.n ? 1 : 0;

	for (uint32_t i = 0; i < text.n; i++)
		n += text.p[i] == ' ';
	v = arena_try(a, sizeof(*v) * (n + 1));
	if (!v)
		return people_no_room(a);
	for (uint32_t i = 0; i < n; i++)
		v[i] = span_cut(&rest, ' ');
	*ret = (struct who_list){v, n};
	return ERR_NONE;
}

uint32_t directory_count_of(struct directory *c, const struct directory_filter *filter)
{
	uint32_t n = 0;

	pthread_mutex_lock(&c->lock);
	for (uint32_t i = 0; i < c->people; i++)
		n += filter->keep(&c->person[i]->row, filter->context);
	pthread_mutex_unlock(&c->lock);
	return n;
}

uint32_t directory_count(struct directory *c, unsigned roles)
{
	uint32_t n = 0;

	pthread_mutex_lock(&c->lock);
	for (uint32_t i = 0; i < c->people; i++)
		n += !c->person[i]->row.disabled &&
		     (directory_read_roles(c->person[i]->row.roles) & roles);
	pthread_mutex_unlock(&c->lock);
	return n;
}

unsigned directory_read_roles(struct span names)
{
	unsigned roles = 0;

	while (names.n)
		roles |= role_by_name(span_cut(&names, ' '));
	return roles;
}

unsigned directory_scopes(unsigned roles)
{
	const unsigned customs = ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER;
	unsigned scopes = SCOPE_READ;

	if (roles & (ROLE_TRADER | ROLE_BROKER))
		scopes |= SCOPE_SUBMIT | SCOPE_ACT | SCOPE_PAY;
	if (roles & (customs | ROLE_CARRIER | ROLE_AGENCY))
		scopes |= SCOPE_ACT;
	if (roles & (ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_AGENCY | ROLE_CARRIER))
		scopes |= SCOPE_SUBMIT; /* documents; a carrier: cargo reports */
	if (roles & ROLE_CASHIER)
		scopes |= SCOPE_PAY;
	if (roles & (ROLE_ADMINISTRATOR | ROLE_COMPANY))
		scopes |= SCOPE_ADMIN;
	if (roles & ROLE_AUDITOR)
		scopes |= SCOPE_AUDIT;
	if (roles & (ROLE_TARIFF | ROLE_ANALYST)) /* rules and lists are parts of an edition */
		scopes |= SCOPE_TARIFF;
	return scopes;
}

enum err directory_who(struct arena *a, const struct store_person *p, struct who *ret)
{
	enum err e;

	*ret = (struct who){.user = p->login, .agency = p->agency};
	ret->roles = directory_read_roles(p->roles);
	/* Whose password was given to them does nothing but choose another. */
	ret->scopes = p->must_change ? 0 : directory_scopes(ret->roles);
	e = split(a, p->offices, &ret->offices);
	return e ? e : split(a, p->parties, &ret->parties);
}

enum err directory_find_session(struct directory *c, struct arena *a, const struct hash *sha256,
				int64_t now, struct store_session *ret,
				struct store_person *ret_person, bool *ret_note)
{
	struct held_person *p;
	struct held_key *k;
	enum err e = ERR_NOT_FOUND;

	pthread_mutex_lock(&c->lock);
	k = key_of(c, sha256);
	p = k && !k->token ? person_of(c, k->session.login) : NULL;
	if (p && !p->row.disabled && session_holds(&k->session, now)) {
		k->session.seen_at = now;
		*ret_note = now - k->noted_at > (int64_t)NOTE_SECONDS * SECOND;
		if (*ret_note)
			k->noted_at = now;
		e = copy_person(a, p, ret_person);
		*ret = k->session;
		ret->login = ret_person->login;
	}
	pthread_mutex_unlock(&c->lock);
	return e;
}

static void set_used_on(struct held_key *k, int32_t day)
{
	char text[11];

	people_day(day, text);
	memcpy((char *)(uintptr_t)k->as_token.used_on.p, text, DAY_BYTES);
	k->as_token.used_on.n = DAY_BYTES;
}

static enum err copy_token(struct arena *a, const struct held_key *k, struct store_token *ret)
{
	struct texts texts;

	*ret = k->as_token;
	texts = token_texts(ret);
	return texts_copy(a, &texts);
}

enum err directory_find_token(struct directory *c, struct arena *a, const struct hash *sha256,
			      int64_t now, struct store_token *ret, struct store_person *ret_person,
			      bool *ret_note)
{
	int32_t day = day_of(now, 0);
	struct held_person *p;
	struct held_key *k;
	enum err e = ERR_NOT_FOUND;

	*ret_note = false;
	pthread_mutex_lock(&c->lock);
	k = key_of(c, sha256);
	p = k && k->token && now < k->as_token.expires_at ? person_of(c, k->as_token.login) : NULL;
	if (p && !p->row.disabled) {
		*ret_note = k->noted_day != day;
		if (*ret_note)
			set_used_on(k, day);
		k->noted_day = day;
		e = copy_person(a, p, ret_person);
		if (!e)
			e = copy_token(a, k, ret);
	}
	pthread_mutex_unlock(&c->lock);
	return e;
}

/* Walks the whole table: only people who manage their own keys wait for it. */
static uint32_t keys_of(struct directory *c, struct span login, bool token, struct held_key **to,
			uint32_t room)
{
	uint32_t n = 0;

	for (uint32_t b = 0; b < BUCKETS; b++)
		for (struct held_key *k = c->bucket[b]; k && n < room; k = k->next)
			if (k->token == token &&
			    span_equal(token ? k->as_token.login : k->session.login, login))
				to[n++] = k;
	return n;
}

static int64_t begun_at(const struct held_key *k)
{
	return k->token ? k->as_token.made_at : k->session.begun_at;
}

static void oldest_first(struct held_key **v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct held_key *k = v[i];
		uint32_t j = i;

		for (; j && begun_at(v[j - 1]) > begun_at(k); j--)
			v[j] = v[j - 1];
		v[j] = k;
	}
}

enum { KEYS_MAX = 2 * TOKENS_EACH };

enum err directory_list_sessions(struct directory *c, struct arena *a, struct span login,
				 struct store_session **ret, uint32_t *ret_count)
{
	struct store_session *row = arena_try(a, sizeof(*row) * KEYS_MAX);
	struct held_key *found[KEYS_MAX];
	uint32_t n;

	if (!row)
		return people_no_room(a);
	pthread_mutex_lock(&c->lock);
	n = keys_of(c, login, false, found, KEYS_MAX);
	oldest_first(found, n);
	for (uint32_t i = 0; i < n; i++) {
		row[i] = found[i]->session;
		row[i].login = login;
	}
	pthread_mutex_unlock(&c->lock);
	*ret = row;
	*ret_count = n;
	return ERR_NONE;
}

enum err directory_list_tokens(struct directory *c, struct arena *a, struct span login,
			       struct store_token **ret, uint32_t *ret_count)
{
	struct store_token *row = arena_try(a, sizeof(*row) * KEYS_MAX);
	struct held_key *found[KEYS_MAX];
	enum err e = row ? ERR_NONE : people_no_room(a);
	uint32_t n;

	if (e)
		return e;
	pthread_mutex_lock(&c->lock);
	n = keys_of(c, login, true, found, KEYS_MAX);
	oldest_first(found, n);
	for (uint32_t i = 0; i < n && !e; i++)
		e = copy_token(a, found[i], &row[i]);
	pthread_mutex_unlock(&c->lock);
	*ret = row;
	*ret_count = n;
	return e;
}

/* ---- changing ---- */

static struct directory_change *change_of(struct held_person *p, struct held_key *k)
{
	struct directory_change *change = p || k ? calloc(1, sizeof(*change)) : NULL;

	if (!change) {
		free(p);
		free(k);
		return NULL;
	}
	*change = (struct directory_change){p, k};
	return change;
}

struct directory_change *directory_put_person(const struct store_person *p)
{
	struct store_person copy = *p;
	struct texts texts = person_texts(&copy);
	struct held_person *held = calloc(1, sizeof(*held) + texts_size(&texts));

	if (held) {
		texts_move(&texts, held->text);
		held->row = copy;
	}
	return change_of(held, NULL);
}

struct directory_change *directory_put_session(const struct store_session *v)
{
	struct held_key *held = calloc(1, sizeof(*held) + v->login.n + 1);

	if (held) {
		held->sha256 = v->sha256;
		held->session = *v;
		held->noted_at = v->seen_at;
		memcpy(held->text, v->login.p, v->login.n);
		held->session.login.p = held->text;
	}
	return change_of(NULL, held);
}

struct directory_change *directory_put_token(const struct store_token *t)
{
	struct store_token copy = *t;
	struct texts texts = token_texts(&copy);
	struct held_key *held = calloc(1, sizeof(*held) + texts_size(&texts));
	int32_t day;

	if (held) {
		/* The day of use stands last, with room behind it. */
		texts_move(&texts, held->text);
		held->token = true;
		held->sha256 = t->sha256;
		held->as_token = copy;
		held->noted_day = t->used_on.n && !day_parse(t->used_on, &day) ? day : INT32_MIN;
	}
	return change_of(NULL, held);
}

void directory_drop(struct directory_change *change)
{
	if (!change)
		return;
	free(change->person);
	free(change->key);
	free(change);
}

static struct held_person *place_person(struct directory *c, struct held_person *p)
{
	uint32_t i = place_of(c, p->row.login);
	struct held_person *was = NULL;

	if (i < c->people && span_equal(c->person[i]->row.login, p->row.login)) {
		was = c->person[i];
	} else {
		BUG_ON(c->people == PEOPLE_MAX); /* whoever adds people asks first */
		memmove(&c->person[i + 1], &c->person[i],
			(c->people - i) * sizeof(struct held_person *));
		c->people++;
	}
	c->person[i] = p;
	return was;
}

static struct held_key *place_key(struct directory *c, struct held_key *k)
{
	struct held_key **at = bucket_of(c, &k->sha256), *was;

	for (; *at && !hash_equal(&(*at)->sha256, &k->sha256); at = &(*at)->next)
		;
	was = *at;
	k->next = was ? was->next : NULL;
	*at = k;
	return was;
}

void directory_apply(struct directory *c, struct directory_change *change)
{
	struct directory_change was = {0};

	pthread_mutex_lock(&c->lock);
	if (change->person)
		was.person = place_person(c, change->person);
	if (change->key)
		was.key = place_key(c, change->key);
	pthread_mutex_unlock(&c->lock);
	free(was.person);
	free(was.key);
	free(change);
}

void directory_end(struct directory *c, const struct hash *sha256)
{
	struct held_key **at, *was;

	pthread_mutex_lock(&c->lock);
	for (at = bucket_of(c, sha256); *at && !hash_equal(&(*at)->sha256, sha256);
	     at = &(*at)->next)
		;
	was = *at;
	if (was)
		*at = was->next;
	pthread_mutex_unlock(&c->lock);
	free(was);
}

void directory_sweep(struct directory *c, int64_t now)
{
	pthread_mutex_lock(&c->lock);
	for (uint32_t b = 0; b < BUCKETS; b++) {
		struct held_key **at = &c->bucket[b], *k;

		while ((k = *at)) {
			if (k->token || session_holds(&k->session, now)) {
				at = &k->next;
				continue;
			}
			*at = k->next;
			free(k);
		}
	}
	pthread_mutex_unlock(&c->lock);
}

/* ---- opening ---- */

struct reading {
	struct directory *directory;
	int64_t now;
};

static enum err take(struct reading *r, struct directory_change *change, struct cause *why)
{
	if (!change)
		return fail(why, ERR_NOMEM, "no memory for the list of people");
	directory_apply(r->directory, change);
	return ERR_NONE;
}

static enum err take_person(void *context, const struct store_person *p, struct cause *why)
{
	struct reading *r = context;

	if (r->directory->people == PEOPLE_MAX)
		return fail(why, ERR_LIMIT, "the store holds more than %d people", PEOPLE_MAX);
	return take(context, directory_put_person(p), why);
}

/* Sessions and tokens that are over stay in the store until they are swept, and out of memory. */
static enum err take_session(void *context, const struct store_session *v, struct cause *why)
{
	struct reading *r = context;

	return session_holds(v, r->now) ? take(r, directory_put_session(v), why) : ERR_NONE;
}

static enum err take_token(void *context, const struct store_token *t, struct cause *why)
{
	return take(context, directory_put_token(t), why);
}

enum err directory_open(struct store *s, int64_t now, struct directory **ret, struct cause *why)
{
	struct directory *c = calloc(1, sizeof(*c));
	struct reading r = {c, now};
	enum err e;

	if (!c) {
		(void)fail(why, ERR_NOMEM, "no memory for the list of people");
		return ERR_NOMEM;
	}
	pthread_mutex_init(&c->lock, NULL);
	c->person = calloc(PEOPLE_MAX, sizeof(struct held_person *));
	e = c->person ? store_scan_people(s, take_person, &r, why)
		      : fail(why, ERR_NOMEM, "no memory for the list of people");
	if (!e)
		e = store_scan_sessions(s, take_session, &r, why);
	if (!e)
		e = store_scan_tokens(s, take_token, &r, why);
	if (e) {
		directory_close(c);
		return e;
	}
	*ret = c;
	return ERR_NONE;
}

enum err directory_read_again(struct directory *c, struct store *s, int64_t now, struct cause *why)
{
	struct directory *read, was = {.people = 0};
	enum err e = directory_open(s, now, &read, why);

	if (e)
		return e;
	pthread_mutex_lock(&c->lock);
	was.person = c->person;
	was.people = c->people;
	c->person = read->person;
	c->people = read->people;
	for (uint32_t b = 0; b < BUCKETS; b++) {
		struct held_key *k = c->bucket[b];

		c->bucket[b] = read->bucket[b];
		read->bucket[b] = k;
	}
	pthread_mutex_unlock(&c->lock);
	read->person = was.person;
	read->people = was.people;
	directory_close(read);
	return ERR_NONE;
}

void directory_close(struct directory *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; c->person && i < c->people; i++)
		free(c->person[i]);
	free(c->person);
	for (uint32_t b = 0; b < BUCKETS; b++) {
		while (c->bucket[b]) {
			struct held_key *k = c->bucket[b];

			c->bucket[b] = k->next;
			free(k);
		}
	}
	pthread_mutex_destroy(&c->lock);
	free(c);
}
