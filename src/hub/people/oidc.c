#include "hub/people/oidc.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/log.h"
#include "codec/json.h"
#include "hub/notices/push_rules.h"
#include "hub/people/oidc_token.h"
#include "hub/people/people_room.h"

#define CALLBACK "/api/v1/sign-in/oidc/callback"

enum {
	SETTINGS_BYTES = 64 << 10,
	ANSWER_BYTES = 64 << 10, /* of anything that the provider says */
	CODE_BYTES = 2000,
	PATIENCE_MS = 10000, /* what one question to the provider may take */
	CONNECT_MS = 5000,
	SETTINGS_ARENA = 1 << 20,
	GROUPS_MAX = 200, /* that settings give roles to */
};
#define MINUTE     INT64_C(60000000)
#define KEEP_PAGES (60 * MINUTE)
#define KEEP_KEYS  (10 * MINUTE)

struct answer {
	size_t n;
	char bytes[ANSWER_BYTES];
};

/* What being in a group of the provider's makes of somebody. */
struct group {
	struct span name;
	struct person as;
};

struct oidc {
	struct arena *arena; /* of the settings */
	struct span issuer, client, secret;
	const char *discovery, *redirect, *scope, *claim, *authorities; /* URLs, and files */
	const char *home;                                               /* of the hub */
	const char *groups_claim; /* NULL: groups mean nothing here */
	struct group *group;
	uint32_t groups;
	bool local;
	struct person
	    made_as; /* people whom the hub does not know; without roles: nobody is made */

	pthread_mutex_t lock;      /* guards what follows; held while the provider is asked */
	int64_t pages_at, keys_at; /* clock_steady(); 0: never */
	char authorize[HOOK_URL_BYTES + 1], token[HOOK_URL_BYTES + 1], keys[HOOK_URL_BYTES + 1];
	char leave[HOOK_URL_BYTES + 1]; /* where one signs out; empty: nowhere */
	struct answer jwks;
};

/* ---- settings ---- */

static enum err read_text(struct arena *a, const char *path, bool secret, struct span *ret,
			  struct cause *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = arena_alloc(a, SETTINGS_BYTES + 1);
	ssize_t n = -1;
	struct stat st;
	enum err e = ERR_NONE;

	if (fd >= 0 && !fstat(fd, &st)) {
		if (secret && st.st_mode & 077)
			e = fail(why, ERR_DENIED, "%s: others may read this: chmod 0600", path);
		else
			n = read(fd, bytes, SETTINGS_BYTES + 1);
	}
	if (!e && n < 0)
		e = fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	if (!e && (n == 0 || n > SETTINGS_BYTES))
		e = fail(why, ERR_FORMAT, "%s: empty, or too long", path);
	if (fd >= 0)
		close(fd);
	*ret = (struct span){bytes, e ? 0 : (uint32_t)n, 0};
	return e;
}

static const char *text_or(struct arena *a, const struct json *o, const char *name,
			   const char *otherwise)
{
	const struct json *v = json_get(o, name);

	if (!v || v->kind != JSON_STRING || !v->text.n || memchr(v->text.p, 0, v->text.n))
		return otherwise;
	return arena_copy(a, v->text.p, v->text.n);
}

static bool known(struct span name)
{
	static const char *const members[] = {
	    "issuer",  "client_id", "client_secret_file", "redirect", "scope",       "login_claim",
	    "ca_file", "local",     "new_people",         "groups",   "groups_claim"};

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (span_is(name, members[i]))
			return true;
	return false;
}

static struct who_list list_of(struct arena *a, const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);
	struct who_list list = {NULL, 0};
	struct span *words;

	if (!v || v->kind != JSON_ARRAY || !v->count)
		return list;
	words = arena_alloc(a, v->count * sizeof(*words));
	for (const struct json *w = v->first; w; w = w->next)
		words[list.n++] = w->kind == JSON_STRING ? w->text : SPAN("");
	list.v = words;
	return list;
}

/* {"roles", "offices", "parties"}; what names the setting, and never which roles nobody gets by it. */
static enum err read_person(struct oidc *o, const struct json *v, const char *what, unsigned never,
			    struct person *ret, struct cause *why)
{
	struct who_list roles = list_of(o->arena, v, "roles");
	struct cause fault = {0};
	enum err e;

	for (const struct json *m = v->first; v->kind == JSON_OBJECT && m; m = m->next)
		if (!span_is(m->name, "roles") && !span_is(m->name, "offices") &&
		    !span_is(m->name, "parties"))
			return fail(why, ERR_FORMAT, "%s has roles, offices and parties", what);
	for (uint32_t i = 0; i < roles.n; i++) {
		unsigned role = role_by_name(roles.v[i]);

		if (!role || role & (never | ROLE_HUB))
			return fail(why, ERR_FORMAT,
				    "%s: nobody becomes \"%.*s\" without somebody who says so",
				    what, SPAN_ARG(roles.v[i]));
		ret->roles |= role;
	}
	ret->offices = list_of(o->arena, v, "offices");
	ret->parties = list_of(o->arena, v, "parties");
	ret->login = SPAN("somebody");
	e = people_check(ret, &fault);
	return e ? fail(why, e, "%s: %s", what, fault.text) : ERR_NONE;
}

/* What a person becomes whom the provider knows and the hub does not. */
static enum err read_new(struct oidc *o, const struct json *v, struct cause *why)
{
	return read_person(o, v, "new_people", ROLE_ADMINISTRATOR | ROLE_AUDITOR, &o->made_as, why);
}

static enum err read_groups(struct oidc *o, const struct json *v, struct cause *why)
{
	enum err e = ERR_NONE;

	if (v->kind != JSON_OBJECT || !v->count || v->count > GROUPS_MAX)
		return fail(
		    why, ERR_FORMAT,
		    "groups: 1 to %d groups of the provider's, each with roles, offices and "
		    "parties",
		    GROUPS_MAX);
	o->group = arena_alloc(o->arena, v->count * sizeof(*o->group));
	for (const struct json *g = v->first; g && !e; g = g->next) {
		struct group *to = &o->group[o->groups++];

		*to = (struct group){.name = g->name};
		e = read_person(o, g, arena_print(o->arena, "groups: \"%.*s\"", SPAN_ARG(g->name)),
				ROLE_ADMINISTRATOR, &to->as, why);
	}
	return e;
}

static enum err check_addresses(const struct oidc *o, const char *base, struct cause *why)
{
	enum push_reach reach;
	enum err e = push_check_url(o->issuer, o->local, &reach, why);
	struct span s = span_of(base);

	if (e)
		return e;
	/* The code travels by it; in the clear only where nobody is on the way. */
	if (s.n > HOOK_URL_BYTES / 2 || (s.n && s.p[s.n - 1] == '/') ||
	    (!span_starts(s, SPAN("https://")) && !span_starts(s, SPAN("http://localhost")) &&
	     !span_starts(s, SPAN("http://127.0.0.1"))))
		return fail(why, ERR_FORMAT,
			    "redirect: the address of the hub as browsers know it, such as "
			    "https://customs.example");
	return ERR_NONE;
}

static enum err take_settings(struct oidc *o, const struct json *v, struct cause *why)
{
	const char *secret_file = text_or(o->arena, v, "client_secret_file", NULL),
		   *base = text_or(o->arena, v, "redirect", NULL);
	const struct json *local = json_get(v, "local"), *made = json_get(v, "new_people"),
			  *groups = json_get(v, "groups");
	enum err e;

	for (const struct json *m = v->first; m; m = m->next)
		if (!known(m->name))
			return fail(why, ERR_FORMAT, "there is no setting \"%.*s\"",
				    SPAN_ARG(m->name));
	o->issuer = span_of(text_or(o->arena, v, "issuer", ""));
	o->client = span_of(text_or(o->arena, v, "client_id", ""));
	o->claim = text_or(o->arena, v, "login_claim", "preferred_username");
	o->scope = text_or(o->arena, v, "scope", "openid profile");
	o->authorities = text_or(o->arena, v, "ca_file", NULL);
	o->local = local && local->kind == JSON_TRUE;
	if (!o->issuer.n || !o->client.n || !secret_file || !base)
		return fail(why, ERR_FORMAT,
			    "issuer, client_id, client_secret_file and redirect must be given");
	e = check_addresses(o, base, why);
	if (!e)
		e = read_text(o->arena, secret_file, true, &o->secret, why);
	if (!e && made && groups)
		e = fail(why, ERR_FORMAT, "new_people or groups: one says what somebody becomes");
	if (!e && made)
		e = read_new(o, made, why);
	if (!e && groups)
		e = read_groups(o, groups, why);
	if (e)
		return e;
	o->secret = span_trim(o->secret);
	o->groups_claim = groups ? text_or(o->arena, v, "groups_claim", "groups") : NULL;
	o->redirect = arena_print(o->arena, "%s" CALLBACK, base);
	o->home = arena_print(o->arena, "%s/", base);
	o->discovery =
	    arena_print(o->arena, "%.*s%s.well-known/openid-configuration", SPAN_ARG(o->issuer),
			o->issuer.p[o->issuer.n - 1] == '/' ? "" : "/");
	return ERR_NONE;
}

struct opening {
	struct oidc *o;
	const char *file;
	struct cause *why;
	enum err err;
};

static void read_settings(void *context)
{
	struct opening *x = context;
	const struct json *v = NULL;
	struct codec_fault fault = {0};
	struct cause why = {0};
	struct span text;

	x->err = read_text(x->o->arena, x->file, false, &text, x->why);
	if (x->err)
		return;
	x->err = json_read(x->o->arena, text, &v, &fault);
	if (x->err || v->kind != JSON_OBJECT) {
		x->err = fail(x->why, ERR_FORMAT, "%s:%u: %s", x->file, fault.line,
			      fault.text ? fault.text : "not a JSON object");
		return;
	}
	x->err = take_settings(x->o, v, &why);
	if (x->err)
		fail(x->why, x->err, "%s: %s", x->file, why.text);
}

enum err oidc_open(const char *file, struct oidc **ret, struct cause *why)
{
	struct oidc *o = calloc(1, sizeof(*o));
	struct opening x = {o, file, why, ERR_NONE};
	enum err e;

	if (!o)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_init(&o->lock, NULL);
	o->arena = arena_new(SETTINGS_ARENA);
	e = o->arena ? arena_run(o->arena, read_settings, &x) : ERR_NOMEM;
	if (e || x.err) {
		oidc_close(o);
		return e ? fail(why, e, "%s: no memory", file) : x.err;
	}
	*ret = o;
	return ERR_NONE;
}

void oidc_close(struct oidc *o)
{
	if (!o)
		return;
	arena_free(o->arena);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

/* ---- asking the provider ---- */

struct question {
	const struct oidc *o;
	const char *url, *form; /* form NULL: GET */
	enum push_reach reach;
	struct answer *answer;
	bool refused, too_long;
};

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct question *q = context;

	(void)purpose;
	q->refused = !push_address_sound(&a->addr, q->reach);
	return q->refused ? CURL_SOCKET_BAD
			  : socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t take(char *bytes, size_t size, size_t n, void *context)
{
	struct question *q = context;

	n *= size;
	q->too_long = n > sizeof(q->answer->bytes) - q->answer->n;
	if (q->too_long)
		return 0;
	memcpy(q->answer->bytes + q->answer->n, bytes, n);
	q->answer->n += n;
	return n;
}

static bool set_options(CURL *c, struct question *q)
{
	bool sound = !curl_easy_setopt(c, CURLOPT_URL, q->url) &&
		     !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
		     !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
		     !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
		     !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) &&
		     !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS) &&
		     !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) &&
		     !curl_easy_setopt(c, CURLOPT_USERAGENT, "customhouse/" CUSTOMHOUSE_VERSION) &&
		     !curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
		     !curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, q) &&
		     !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) &&
		     !curl_easy_setopt(c, CURLOPT_WRITEDATA, q);

	if (q->form)
		sound = sound && !curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->form);
	if (q->o->authorities)
		sound = sound && !curl_easy_setopt(c, CURLOPT_CAINFO, q->o->authorities);
	return sound;
}

static enum err ask(const struct oidc *o, const char *url, const char *form, struct answer *ret,
		    struct cause *why)
{
	struct question q = {.o = o, .url = url, .form = form, .answer = ret};
	enum err e = push_check_url(span_of(url), o->local, &q.reach, why);
	CURL *c = e ? NULL : curl_easy_init();
	CURLcode code;
	long status = 0;

	if (e)
		return e;
	ret->n = 0;
	if (!c || !set_options(c, &q)) {
		curl_easy_cleanup(c);
		return fail(why, ERR_NOMEM, "no memory to ask the provider");
	}
	code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(c);
	if (q.refused)
		return fail(why, ERR_BUSY, "%s: the hub does not call the address of this name",
			    url);
	if (q.too_long)
		return fail(why, ERR_BUSY, "%s: the answer is too long", url);
	if (code)
		return fail(why, ERR_BUSY, "%s: %s", url, curl_easy_strerror(code));
	return status == 200 ? ERR_NONE
			     : fail(why, ERR_BUSY, "%s: status %ld instead of 200", url, status);
}

static enum err read_answer(struct arena *a, const struct answer *answer, const char *url,
			    const struct json **ret, struct cause *why)
{
	struct codec_fault fault;
	char *copy = arena_try(a, ANSWER_BYTES); /* under the lock nobody leaves */

	if (!copy)
		return fail(why, arena_failure(a), "no memory");
	memcpy(copy, answer->bytes, answer->n);
	if (json_read(a, (struct span){copy, (uint32_t)answer->n, 0}, ret, &fault) ||
	    (*ret)->kind != JSON_OBJECT)
		return fail(why, ERR_BUSY, "%s: the answer is no JSON object", url);
	return ERR_NONE;
}

static bool take_url(const struct oidc *o, const struct json *v, const char *name,
		     char to[HOOK_URL_BYTES + 1])
{
	const struct span url = json_get_text(v, name);
	enum push_reach reach;

	if (push_check_url(url, o->local, &reach, NULL))
		return false;
	memcpy(to, url.p, url.n);
	to[url.n] = 0;
	return true;
}

/* The provider's own document (OpenID Connect Discovery 1.0, 4). The caller has the lock. */
static enum err know_pages(struct oidc *o, struct arena *a, struct answer *room, struct cause *why)
{
	const int64_t now = clock_steady();
	const struct json *v = NULL;
	enum err e;

	if (o->pages_at && now - o->pages_at < KEEP_PAGES)
		return ERR_NONE;
	e = ask(o, o->discovery, NULL, room, why);
	if (!e)
		e = read_answer(a, room, o->discovery, &v, why);
	if (e)
		return e;
	/* Or another provider's document could speak for this one. */
	if (!span_equal(json_get_text(v, "issuer"), o->issuer))
		return fail(why, ERR_BUSY, "%s: speaks of another issuer", o->discovery);
	if (!take_url(o, v, "authorization_endpoint", o->authorize) ||
	    !take_url(o, v, "token_endpoint", o->token) || !take_url(o, v, "jwks_uri", o->keys))
		return fail(why, ERR_BUSY, "%s: lacks an address that the hub may call",
			    o->discovery);
	/* Not every provider has one (OpenID Connect RP-Initiated Logout 1.0, 2.1). */
	if (!take_url(o, v, "end_session_endpoint", o->leave))
		o->leave[0] = 0;
	o->pages_at = now;
	return ERR_NONE;
}

/* The caller has the lock. */
static enum err know_keys(struct oidc *o, bool again, struct answer *room, struct cause *why)
{
	const int64_t now = clock_steady();
	enum err e;

	if (!again && o->keys_at && now - o->keys_at < KEEP_KEYS)
		return ERR_NONE;
	e = ask(o, o->keys, NULL, room, why);
	if (e)
		return e;
	o->jwks = *room;
	o->keys_at = now;
	return ERR_NONE;
}

/* A copy of the keys, as they are or as they are now. */
static enum err get_keys(struct oidc *o, struct arena *a, bool again, struct span *ret,
			 struct cause *why)
{
	struct answer *room = ARENA_NEW(a, struct answer);
	char *copy = arena_alloc(a, ANSWER_BYTES);
	enum err e;

	pthread_mutex_lock(&o->lock);
	e = know_keys(o, again, room, why);
	if (!e)
		memcpy(copy, o->jwks.bytes, o->jwks.n);
	*ret = (struct span){copy, (uint32_t)o->jwks.n, 0};
	pthread_mutex_unlock(&o->lock);
	return e;
}

/* ---- what belongs to one ticket ---- */

/* As base64url: 43 characters. */
static struct span hash_text(struct arena *a, const struct hash *h)
{
	struct text t = text_in(a);

	base64_write(&t, h->byte, sizeof(h->byte));
	t.n--; /* the padding */
	for (size_t i = 0; i < t.n; i++)
		t.p[i] = t.p[i] == '+' ? '-' : t.p[i] == '/' ? '_' : t.p[i];
	return text_as_span(&t);
}

static struct span derive(struct arena *a, const char *what, struct span ticket)
{
	const struct span pieces[] = {SPAN("customhouse oidc "), span_of(what), SPAN("\n"), ticket};
	struct hash h = hash_pieces(pieces, ARRAY_LEN(pieces));

	return hash_text(a, &h);
}

/* base64url(SHA-256(verifier)): RFC 7636, 4.2. */
static struct span challenge(struct arena *a, struct span verifier)
{
	struct hash h = hash_bytes(verifier.p, verifier.n);

	return hash_text(a, &h);
}

static bool same(struct span a, struct span b)
{
	struct hash x = hash_bytes(a.p, a.n), y = hash_bytes(b.p, b.n);

	return hash_equal(&x, &y);
}

/* "SECONDS.SECRET": the browser cannot make an old one young without changing what is derived from it. */
static bool ticket_young(struct span ticket, int64_t now)
{
	struct span rest = ticket, seconds = span_cut(&rest, '.');
	int64_t at = 0;

	if (!seconds.n || seconds.n > 12 || rest.n < 43)
		return false;
	for (uint32_t i = 0; i < seconds.n; i++) {
		if (seconds.p[i] < '0' || seconds.p[i] > '9')
			return false;
		at = at * 10 + (seconds.p[i] - '0');
	}
	return at <= now && now - at <= OIDC_TICKET_SECONDS;
}

/* name=value of a form or query, encoded (RFC 3986, 2.3). */
static void put(struct text *t, const char *name, struct span value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	if (t->n && t->p[t->n - 1] != '?' && t->p[t->n - 1] != '&')
		text_char(t, '&');
	text_print(t, "%s=", name);
	for (uint32_t i = 0; i < value.n; i++) {
		if (memchr(plain, value.p[i], sizeof(plain) - 1))
			text_char(t, value.p[i]);
		else
			text_print(t, "%%%02X", (unsigned)(unsigned char)value.p[i]);
	}
}

enum err oidc_begin(struct oidc *o, struct arena *a, struct span *ret_ticket,
		    const char **ret_location, struct cause *why)
{
	struct answer *room = ARENA_NEW(a, struct answer);
	struct text t = text_in(a);
	char secret[SECRET_BYTES];
	struct hash unused;
	struct span ticket;
	enum err e;

	pthread_mutex_lock(&o->lock);
	e = know_pages(o, a, room, why);
	if (!e)
		memcpy(room->bytes, o->authorize, sizeof(o->authorize));
	pthread_mutex_unlock(&o->lock);
	if (e)
		return e;
	people_secret("", secret, &unused);
	ticket = span_of(arena_print(a, "%lld.%s", (long long)(clock_now() / 1000000), secret));
	text_string(&t, room->bytes);
	text_char(&t, strchr(room->bytes, '?') ? '&' : '?');
	put(&t, "response_type", SPAN("code"));
	put(&t, "client_id", o->client);
	put(&t, "redirect_uri", span_of(o->redirect));
	put(&t, "scope", span_of(o->scope));
	put(&t, "state", derive(a, "state", ticket));
	put(&t, "nonce", derive(a, "nonce", ticket));
	put(&t, "code_challenge", challenge(a, derive(a, "verifier", ticket)));
	put(&t, "code_challenge_method", SPAN("S256"));
	text_char(&t, 0);
	*ret_ticket = ticket;
	*ret_location = t.p;
	return ERR_NONE;
}

enum err oidc_leave(struct oidc *o, struct arena *a, const char **ret_location, struct cause *why)
{
	struct answer *room = ARENA_NEW(a, struct answer);
	struct text t = text_in(a);
	enum err e;

	pthread_mutex_lock(&o->lock);
	e = know_pages(o, a, room, why);
	if (!e)
		memcpy(room->bytes, o->leave, sizeof(o->leave));
	pthread_mutex_unlock(&o->lock);
	if (!e && !room->bytes[0])
		e = fail(why, ERR_NOT_FOUND, "the identity provider has no page to sign out");
	if (e)
		return e;
	text_string(&t, room->bytes);
	text_char(&t, strchr(room->bytes, '?') ? '&' : '?');
	put(&t, "client_id", o->client);
	put(&t, "post_logout_redirect_uri", span_of(o->home));
	text_char(&t, 0);
	*ret_location = t.p;
	return ERR_NONE;
}

/* The code for a token (OpenID Connect Core 1.0, 3.1.3). The secret goes into the form, which every provider takes. */
static enum err get_token(struct oidc *o, struct arena *a, const struct oidc_return *back,
			  struct span *ret, struct cause *why)
{
	struct answer *room = ARENA_NEW(a, struct answer);
	char *url = arena_alloc(a, sizeof(o->token));
	struct text form = text_in(a);
	const struct json *v = NULL;
	enum err e;

	pthread_mutex_lock(&o->lock);
	e = know_pages(o, a, room, why);
	memcpy(url, o->token, sizeof(o->token));
	pthread_mutex_unlock(&o->lock);
	if (e)
		return e;
	put(&form, "grant_type", SPAN("authorization_code"));
	put(&form, "code", back->code);
	put(&form, "redirect_uri", span_of(o->redirect));
	put(&form, "code_verifier", derive(a, "verifier", back->ticket));
	put(&form, "client_id", o->client);
	put(&form, "client_secret", o->secret);
	text_char(&form, 0);
	e = ask(o, url, form.p, room, why);
	if (!e)
		e = read_answer(a, room, url, &v, why);
	if (e)
		return e;
	*ret = json_get_text(v, "id_token");
	return ret->n ? ERR_NONE : fail(why, ERR_BUSY, "%s: no id_token in the answer", url);
}

static enum err judge(struct oidc *o, struct arena *a, struct span token, struct span ticket,
		      struct oidc_named *ret, struct cause *why)
{
	const struct oidc_wanted wanted = {.issuer = o->issuer,
					   .client = o->client,
					   .nonce = derive(a, "nonce", ticket),
					   .claim = o->claim,
					   .groups = o->groups_claim,
					   .now = clock_now() / 1000000};
	struct span keys;
	struct cause first = {0};
	enum err e = get_keys(o, a, false, &keys, why);

	if (e)
		return e;
	e = oidc_token_check(a, keys, token, &wanted, ret, &first);
	if (e == ERR_NOT_FOUND) { /* perhaps its keys have changed */
		first = (struct cause){0};
		e = get_keys(o, a, true, &keys, why);
		if (e)
			return e;
		e = oidc_token_check(a, keys, token, &wanted, ret, &first);
	}
	return e ? fail(why, e == ERR_NOMEM ? e : ERR_DENIED, "%s", first.text) : ERR_NONE;
}

static struct who_list joined(struct arena *a, struct who_list x, struct who_list y)
{
	struct span *v = arena_alloc(a, ((size_t)x.n + y.n + 1) * sizeof(*v));
	uint32_t n = 0;

	for (uint32_t i = 0; i < x.n; i++)
		v[n++] = x.v[i];
	for (uint32_t i = 0; i < y.n; i++) {
		bool there = false;

		for (uint32_t k = 0; k < n && !there; k++)
			there = span_equal(v[k], y.v[i]);
		if (!there)
			v[n++] = y.v[i];
	}
	return (struct who_list){v, n};
}

/* All that their groups make of somebody together; nothing where none of them stands in the settings. */
static struct person by_groups(const struct oidc *o, struct arena *a,
			       const struct oidc_named *named)
{
	struct person all = {.roles = 0};

	for (uint32_t i = 0; i < o->groups; i++) {
		const struct group *g = &o->group[i];
		bool among = false;

		for (uint32_t k = 0; k < named->groups && !among; k++)
			among = span_equal(named->group[k], g->name);
		if (!among)
			continue;
		all.roles |= g->as.roles;
		all.offices = joined(a, all.offices, g->as.offices);
		all.parties = joined(a, all.parties, g->as.parties);
	}
	return all;
}

enum err oidc_finish(struct oidc *o, struct hub *h, struct arena *a, const struct oidc_return *back,
		     const struct sign_in *s, struct signed_in *ret, struct cause *why)
{
	struct vouched vouched = {.as = o->made_as};
	struct sign_in who = *s;
	struct oidc_named named;
	struct span token;
	enum err e;

	if (!ticket_young(back->ticket, clock_now() / 1000000) ||
	    !same(back->state, derive(a, "state", back->ticket)))
		return fail(why, ERR_DENIED, "no sign-in of this browser waits for this answer");
	if (!back->code.n || back->code.n > CODE_BYTES)
		return fail(why, ERR_DENIED, "the provider sent no code");
	e = get_token(o, a, back, &token, why);
	if (!e)
		e = judge(o, a, token, back->ticket, &named, why);
	if (e)
		return e;
	who.login = named.login;
	if (o->groups)
		vouched = (struct vouched){.as = by_groups(o, a, &named), .follows = true};
	return hub_sign_in_vouched(h, a, &who, &vouched, ret, why);
}
