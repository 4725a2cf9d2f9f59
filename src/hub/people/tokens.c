/* API tokens: what a program signs in with. Told once, kept as a hash, bound to scopes and to an end. */
#include "base/clock.h"
#include "base/date.h"
#include "hub/people/people_room.h"

enum { TOKEN_NAME_BYTES = 100, TOKEN_ID_BYTES = 16, TOKEN_DAYS_MAX = 400 };

/* Whose tokens `by` may speak of: their own; the operator, everybody's. A token makes no tokens. */
static enum err may(const struct who *by, struct span login, struct cause *why)
{
	if (people_operator(by) || (!by->token && by->scopes && span_equal(by->user, login)))
		return ERR_NONE;
	return fail(why, ERR_DENIED, "a person who is signed in manages their own tokens");
}

static void describe(const struct change *c, struct json_writer *w)
{
	json_put(w, "login", c->token->login);
	json_put(w, "id", c->token->id);
	json_put(w, "scopes", c->token->scopes);
}

static void describe_end(const struct change *c, struct json_writer *w)
{
	char hex[65];

	hash_hex(c->end_token, hex);
	json_put(w, "id", (struct span){hex, TOKEN_ID_BYTES, 0});
}

static enum err check(const struct token *t, unsigned may_have, int64_t now, struct cause *why)
{
	if (!t->name.n || t->name.n > TOKEN_NAME_BYTES || !span_valid_utf8(t->name))
		return fail(why, ERR_FORMAT, "a token has a name of 1 to %d bytes",
			    TOKEN_NAME_BYTES);
	if (!t->scopes || t->scopes & ~may_have)
		return fail(why, ERR_FORMAT, "the roles do not give these scopes");
	if (t->expires_at <= now || t->expires_at > now + TOKEN_DAYS_MAX * MICROS_A_DAY)
		return fail(why, ERR_FORMAT, "a token ends within %d days", TOKEN_DAYS_MAX);
	return ERR_NONE;
}

/* The caller has p->changing. */
static enum err add(struct hub *h, struct arena *a, const struct who *by, const struct token *t,
		    struct span *ret_secret, struct span *ret_id, struct cause *why)
{
	struct directory *directory = h->people->directory;
	struct store_token row = {.login = t->login,
				  .name = t->name,
				  .made_at = clock_now(),
				  .expires_at = t->expires_at};
	struct change c = {.kind = SPAN("token"),
			   .actor = by->user,
			   .describe = describe,
			   .what = "add",
			   .token = &row};
	char secret[SECRET_BYTES], scopes[120], hex[65];
	struct store_person person;
	struct store_token *all;
	uint32_t n;
	enum err e = directory_get_person(directory, a, t->login, &person);

	if (e)
		return fail(why, e, "there is no such person");
	e = check(t, directory_scopes(directory_read_roles(person.roles)), row.made_at, why);
	if (e)
		return e;
	e = directory_list_tokens(directory, a, t->login, &all, &n);
	if (!e && n >= TOKENS_EACH)
		return fail(why, ERR_LIMIT, "a person has at most %d tokens: revoke some",
			    TOKENS_EACH);
	people_secret("ch_", secret, &row.sha256);
	people_names(t->scopes, SCOPES, scope_name, scopes);
	hash_hex(&row.sha256, hex);
	row.scopes = span_of(scopes);
	if (!e)
		e = people_copy(a, span_of(secret), ret_secret);
	if (!e)
		e = people_copy(a, (struct span){hex, TOKEN_ID_BYTES, 0}, ret_id);
	if (e)
		return fail(why, e, "no memory");
	row.id = *ret_id;
	return people_commit(h, &c, why);
}

enum err hub_add_token(struct hub *h, struct arena *a, const struct who *by, const struct token *t,
		       struct span *ret_secret, struct span *ret_id, struct cause *why)
{
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (!e)
		e = may(by, t->login, why);
	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = add(h, a, by, t, ret_secret, ret_id, why);
	pthread_mutex_unlock(&p->changing);
	return e;
}

static unsigned read_scopes(struct span names)
{
	unsigned scopes = 0;

	while (names.n)
		scopes |= scope_by_name(span_cut(&names, ' '));
	return scopes;
}

enum err hub_list_tokens(struct hub *h, struct arena *a, const struct who *by, struct span login,
			 struct token **ret, uint32_t *ret_count, struct cause *why)
{
	struct store_token *row = NULL;
	struct people *p;
	struct token *v;
	enum err e = people_of(h, &p, why);

	if (!e)
		e = may(by, login, why);
	if (e)
		return e;
	e = directory_list_tokens(p->directory, a, login, &row, ret_count);
	v = e ? NULL : arena_try(a, sizeof(*v) * (*ret_count + 1));
	if (!v)
		return fail(why, people_no_room(a), "no memory for a list of tokens");
	for (uint32_t i = 0; i < *ret_count; i++)
		v[i] = (struct token){.id = row[i].id,
				      .login = row[i].login,
				      .name = row[i].name,
				      .scopes = read_scopes(row[i].scopes),
				      .made_at = row[i].made_at,
				      .expires_at = row[i].expires_at,
				      .used_on = row[i].used_on};
	*ret = v;
	return ERR_NONE;
}

/* The caller has p->changing. */
static enum err revoke(struct hub *h, struct arena *a, const struct who *by, struct span login,
		       struct span id, struct cause *why)
{
	struct change c = {
	    .kind = SPAN("token"), .actor = by->user, .describe = describe_end, .what = "revoke"};
	struct store_token *row;
	uint32_t n;
	enum err e = directory_list_tokens(h->people->directory, a, login, &row, &n);

	if (e)
		return fail(why, e, "no memory");
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(row[i].id, id))
			c.end_token = &row[i].sha256;
	return c.end_token ? people_commit(h, &c, why)
			   : fail(why, ERR_NOT_FOUND, "there is no such token");
}

enum err hub_revoke_token(struct hub *h, struct arena *a, const struct who *by, struct span login,
			  struct span id, struct cause *why)
{
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (!e)
		e = may(by, login, why);
	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = revoke(h, a, by, login, id, why);
	pthread_mutex_unlock(&p->changing);
	return e;
}
