#include "hub/notices/hooks.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"
#include "hub/house.h"
#include "hub/node/follow.h"
#include "hub/notices/push.h"
#include "hub/notices/push_rules.h"

enum { PARTY_BYTES = 256 };

#define COUNTER_PREFIX "hook/"
#define SECRET_PREFIX  "chs_"

struct span hook_context(struct arena *a, const struct store_hook *row)
{
	return span_of(arena_print(a, "hook %lld\n%.*s\n%.*s", (long long)row->id,
				   SPAN_ARG(row->party), SPAN_ARG(row->url)));
}

/* Four letters that say what it is to whoever finds it, and 32 random bytes. */
static void make_secret(char ret[HOOK_SECRET_BYTES + 1])
{
	struct hash random;

	random_bytes(random.byte, sizeof(random.byte));
	memcpy(ret, SECRET_PREFIX, 4);
	hash_hex(&random, ret + 4);
}

static struct hook hook_of(const struct store_hook *row)
{
	return (struct hook){.id = row->id,
			     .url = row->url,
			     .active = span_is(row->state, "active"),
			     .taken = row->taken,
			     .attempts = row->attempts,
			     .next_at = row->next_at,
			     .last_error = row->last_error,
			     .made_at = row->made_at};
}

/* ---- adding ---- */

struct adding {
	struct hub *h;
	struct arena *arena;
	int64_t after;
	struct store_hook row;
	char *secret;
	struct cause *why;
	enum err err;
};

static enum err check_room(struct adding *g)
{
	struct store_hook *rows;
	uint32_t n, all;
	enum err e = store_list_hooks(g->h->store, g->arena, g->row.party, &rows, &n, g->why);

	if (!e && n >= LIMIT_HOOKS)
		e = fail(g->why, ERR_LIMIT, "a party has at most %d hooks", LIMIT_HOOKS);
	if (!e)
		e = store_list_hooks(g->h->store, g->arena, (struct span){NULL, 0, 0}, &rows, &all,
				     g->why);
	if (!e && all >= LIMIT_HOOKS_ALL)
		e = fail(g->why, ERR_LIMIT, "the hub has at most %d hooks in all", LIMIT_HOOKS_ALL);
	return e;
}

static void add(void *context)
{
	struct adding *g = context;
	struct store *s = g->h->store;
	struct span counter =
	    span_of(arena_print(g->arena, COUNTER_PREFIX "%.*s", SPAN_ARG(g->row.party)));

	g->err = check_room(g);
	if (!g->err)
		g->err = store_take_numbers(s, counter, 0, 1, &g->row.id, g->why);
	if (!g->err && g->after < 0)
		g->err = store_newest_notice(s, g->row.party, &g->row.taken, g->why);
	if (g->err)
		return;
	if (g->after >= 0)
		g->row.taken = g->after;
	g->row.sealed = keys_seal_secret(g->arena, &g->h->keys, hook_context(g->arena, &g->row),
					 span_of(g->secret));
	g->err = store_add_hook(s, &g->row, g->why);
	if (!g->err)
		g->err = follow_tell(g->h, NEWS_HOOKS, SPAN(""), g->why);
}

static enum err add_hook(struct store *s, void *context, struct cause *why)
{
	struct adding *g = context;
	enum err e;

	(void)s; /* the writer's own */
	g->why = why;
	e = arena_run(g->arena, add, g);
	return e ? fail(why, e, "no memory for a hook") : g->err;
}

static enum err add_control(struct hub *h, void *context, struct cause *why)
{
	return house_commit(h, add_hook, context, why);
}

enum err hub_add_hook(struct hub *h, struct arena *a, struct span party, struct span url,
		      int64_t after, struct hook *ret, char ret_secret[HOOK_SECRET_BYTES + 1],
		      struct cause *why)
{
	char secret[HOOK_SECRET_BYTES + 1];
	struct adding g = {
	    .h = h,
	    .arena = a,
	    .after = after,
	    .row = {.party = party, .url = url, .state = SPAN("active"), .made_at = clock_now()},
	    .secret = secret,
	};
	enum push_reach reach;
	enum err e;

	if (!h->pusher)
		return fail(why, ERR_UNSUPPORTED, "this process delivers to no hooks");
	e = push_check_url(url, h->push_local, &reach, why);
	if (e)
		return e;
	make_secret(secret);
	e = settle_control(h, add_control, &g, why);
	if (e)
		return e;
	push_changed(h->pusher);
	*ret = hook_of(&g.row);
	memcpy(ret_secret, secret, sizeof(secret));
	return ERR_NONE;
}

/* ---- listing ---- */

static enum err list_hooks(struct store *s, struct arena *a, struct span party, struct hook **ret,
			   uint32_t *ret_n, struct cause *why)
{
	struct store_hook *rows;
	struct hook *hooks;
	uint32_t n;
	enum err e = store_list_hooks(s, a, party, &rows, &n, why);

	if (e)
		return e;
	hooks = arena_try(a, (n + 1) * sizeof(*hooks));
	if (!hooks)
		return fail(why, ERR_NOMEM, "no memory for a list of hooks");
	for (uint32_t i = 0; i < n; i++)
		hooks[i] = hook_of(&rows[i]);
	*ret = hooks;
	*ret_n = n;
	return ERR_NONE;
}

enum err hub_list_hooks(struct hub *h, struct arena *a, struct span party, struct hook **ret,
			uint32_t *ret_n, struct cause *why)
{
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = list_hooks(s, a, party, ret, ret_n, why);
	house_close_reader(h, s);
	return e;
}

static enum err list_dead(struct store *s, struct arena *a, const struct store_dead_page *page,
			  struct dead_letter **ret, uint32_t *ret_n, struct cause *why)
{
	struct store_dead_letter *rows;
	struct dead_letter *letters;
	struct hook *hooks;
	uint32_t n = 0, hook_count = 0;
	bool found = false;
	enum err e = list_hooks(s, a, page->party, &hooks, &hook_count, why);

	for (uint32_t i = 0; i < hook_count && !e; i++)
		found |= hooks[i].id == page->hook;
	if (!e && !found)
		e = ERR_NOT_FOUND;
	if (!e)
		e = store_list_dead_letters(s, a, page, &rows, &n, why);
	if (e)
		return e;
	letters = arena_try(a, (n + 1) * sizeof(*letters));
	if (!letters)
		return fail(why, ERR_NOMEM, "no memory for a list of dead letters");
	for (uint32_t i = 0; i < n; i++)
		letters[i] =
		    (struct dead_letter){rows[i].notice, rows[i].reason, rows[i].at, rows[i].again};
	*ret = letters;
	*ret_n = n;
	return ERR_NONE;
}

enum err hub_list_dead_letters(struct hub *h, struct arena *a, struct span party, int64_t id,
			       int64_t after, uint32_t limit, struct dead_letter **ret,
			       uint32_t *ret_n, struct cause *why)
{
	const struct store_dead_page page = {party, id, after, limit};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = list_dead(s, a, &page, ret, ret_n, why);
	house_close_reader(h, s);
	return e;
}

/* ---- changing ---- */

struct changing {
	struct hub *h;
	struct span party;
	int64_t id, letters;
};

static enum err remove_hook(struct store *s, void *context, struct cause *why)
{
	const struct changing *c = context;
	enum err e = store_remove_hook(s, c->party, c->id, why);

	return e ? e : follow_tell(c->h, NEWS_HOOKS, SPAN(""), why);
}

static enum err remove_control(struct hub *h, void *context, struct cause *why)
{
	return house_commit(h, remove_hook, context, why);
}

enum err hub_remove_hook(struct hub *h, struct span party, int64_t id, struct cause *why)
{
	struct changing c = {h, party, id, 0};
	enum err e = settle_control(h, remove_control, &c, why);

	if (!e)
		push_changed(h->pusher);
	return e;
}

static enum err replay_hook(struct store *s, void *context, struct cause *why)
{
	struct changing *c = context;

	char key[32 + PARTY_BYTES];
	int n = snprintf(key, sizeof(key), "%lld %.*s", (long long)c->id, SPAN_ARG(c->party));
	enum err e = store_replay_hook(s, c->party, c->id, &c->letters, why);

	/* no party's id is longer than a declaration's field */
	return e || n >= (int)sizeof(key) ? e : follow_tell(c->h, NEWS_RESUME, span_of(key), why);
}

static enum err replay_control(struct hub *h, void *context, struct cause *why)
{
	return house_commit(h, replay_hook, context, why);
}

enum err hub_replay_hook(struct hub *h, struct span party, int64_t id, int64_t *ret_letters,
			 struct cause *why)
{
	struct changing c = {h, party, id, 0};
	enum err e = settle_control(h, replay_control, &c, why);

	if (e)
		return e;
	push_resume(h->pusher, party, id);
	*ret_letters = c.letters;
	return ERR_NONE;
}
