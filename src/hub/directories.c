#include "hub/directories.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/edifact_tables.h"
#include "hub/house.h"

enum { NAMED_MAX = 64, NAMED_BYTES = 256 << 20 };

/* One that something stored names, alone in a set: what else is there now was not when it was read by. */
struct named {
	struct arena *arena; /* NULL: it is one of those in use */
	struct edifact_directory made;
	const struct edifact_directory *one;
	struct edifact_set set;
	/* while it is read */
	struct span text;
	uint32_t line;
	const char *fault;
	enum err err;
};

static const struct edifact_set *in_use;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct named *known[NAMED_MAX];
static uint32_t known_n;

void hub_name_directory(struct arena *a, struct edifact_directory *d)
{
	struct text t = text_in(a);
	struct hash h;

	edifact_directory_write(&t, d);
	h = hash_bytes(t.p, t.n);
	hash_hex(&h, d->sha256);
}

void hub_use_directories(const struct edifact_set *set_or_null)
{
	pthread_mutex_lock(&lock);
	for (uint32_t i = 0; i < known_n; i++) {
		arena_free(known[i]->arena);
		free(known[i]);
	}
	known_n = 0;
	in_use = set_or_null;
	pthread_mutex_unlock(&lock);
}

const struct edifact_set *hub_directories(void)
{
	return in_use;
}

struct span directories_of(const struct json *decision)
{
	return json_get_text(json_get(decision, "versions"), "directory");
}

static void read_text(void *context)
{
	struct named *n = context;

	n->err = edifact_directory_read(n->arena, n->text, &n->made, &n->line, &n->fault);
}

static enum err read_stored(struct store *s, struct span sha256, struct named *n, struct cause *why)
{
	struct hash h;
	enum err e;

	if (hash_from_hex(sha256, &h))
		return fail(why, ERR_FORMAT, "%.*s is no name of a directory", SPAN_ARG(sha256));
	n->arena = arena_new(NAMED_BYTES);
	if (!n->arena)
		return fail(why, ERR_NOMEM, "no memory for a directory");
	e = store_get_version(s, n->arena, DIRECTORY_KIND, &h, &n->text, why);
	if (e)
		return e == ERR_NOT_FOUND ? fail(why, e, "the directory %.*s is not in the store",
						 SPAN_ARG(sha256))
					  : e;
	if (arena_run(n->arena, read_text, n))
		return fail(why, ERR_NOMEM, "no memory for a directory");
	if (n->err)
		return fail(why, n->err, "the directory %.*s, line %u: %s", SPAN_ARG(sha256),
			    n->line, n->fault);
	hash_hex(&h, n->made.sha256);
	n->one = &n->made;
	return ERR_NONE;
}

static enum err find(struct store *s, struct span sha256, const struct edifact_set **ret,
		     struct cause *why)
{
	struct named *n;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < known_n; i++)
		if (span_is(sha256, known[i]->one->sha256)) {
			*ret = &known[i]->set;
			return ERR_NONE;
		}
	if (known_n == NAMED_MAX)
		return fail(why, ERR_LIMIT, "more than %d directories are asked for", NAMED_MAX);
	n = calloc(1, sizeof(*n));
	if (!n)
		return fail(why, ERR_NOMEM, "no memory for a directory");
	for (uint32_t i = 0; in_use && i < in_use->n && !n->one; i++)
		if (span_is(sha256, in_use->v[i]->sha256))
			n->one = in_use->v[i];
	if (!n->one)
		e = read_stored(s, sha256, n, why);
	if (e) {
		arena_free(n->arena);
		free(n);
		return e;
	}
	n->set = (struct edifact_set){&n->one, 1};
	known[known_n++] = n;
	*ret = &n->set;
	return ERR_NONE;
}

enum err directories_named(struct store *s, struct span sha256, const struct edifact_set **ret,
			   struct cause *why)
{
	enum err e;

	*ret = NULL;
	if (!sha256.n)
		return ERR_NONE;
	pthread_mutex_lock(&lock);
	e = find(s, sha256, ret, why);
	pthread_mutex_unlock(&lock);
	return e;
}

/* ---- into the store ---- */

struct keeping {
	struct hub *hub;
	struct arena *arena;
	const struct edifact_directory *d;
	struct span text;
};

static void write_text(void *context)
{
	struct keeping *k = context;
	struct text t = text_in(k->arena);

	edifact_directory_write(&t, k->d);
	k->text = text_as_span(&t);
}

static enum err put_all(struct store *s, void *context, struct cause *why)
{
	struct keeping *k = context;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < in_use->n && !e; i++) {
		struct span there;
		struct hash h;

		k->d = in_use->v[i];
		BUG_ON(hash_from_hex(span_of(k->d->sha256), &h));
		arena_reset(k->arena);
		e = store_get_version(s, k->arena, DIRECTORY_KIND, &h, &there, why);
		if (e != ERR_NOT_FOUND)
			continue;
		e = arena_run(k->arena, write_text, k);
		e = e ? fail(why, e, "no memory to keep a directory")
		      : store_put_version(s, DIRECTORY_KIND, &h, k->text, clock_now(), why);
	}
	return e;
}

enum err directories_keep(struct hub *h, struct cause *why)
{
	struct keeping k = {.hub = h};
	enum err e;

	if (!in_use || !in_use->n)
		return ERR_NONE;
	k.arena = arena_new(NAMED_BYTES);
	if (!k.arena)
		return fail(why, ERR_NOMEM, "no memory to keep directories");
	e = house_commit(h, put_all, &k, why);
	arena_free(k.arena);
	return e;
}
