#include "codec/compress.h"

#include <zstd.h>

#include <pthread.h>

enum {
	/* Level 1: with a dictionary, level 3 saves 4 % more and takes half as long again. */
	LEVEL = 1,
	KEPT = 8, /* contexts of each kind that wait for their next use */
};

struct compressor {
	struct arena *home; /* holds this struct */
	ZSTD_CDict *to;
	ZSTD_DDict *from;
	pthread_mutex_t lock; /* for what follows */
	ZSTD_CCtx *idle_to[KEPT];
	ZSTD_DCtx *idle_from[KEPT];
	uint32_t to_count, from_count;
};

struct compressor *compressor_new(struct span dictionary)
{
	struct arena *home = arena_new(4096);
	struct compressor *c = home ? arena_try(home, sizeof(*c)) : NULL;

	if (!c) {
		arena_free(home);
		return NULL;
	}
	c->home = home;
	pthread_mutex_init(&c->lock, NULL);
	c->to = ZSTD_createCDict(dictionary.p, dictionary.n, LEVEL);
	c->from = ZSTD_createDDict(dictionary.p, dictionary.n);
	if (c->to && c->from)
		return c;
	compressor_free(c);
	return NULL;
}

void compressor_free(struct compressor *c)
{
	if (!c)
		return;
	while (c->to_count)
		ZSTD_freeCCtx(c->idle_to[--c->to_count]);
	while (c->from_count)
		ZSTD_freeDCtx(c->idle_from[--c->from_count]);
	ZSTD_freeCDict(c->to);
	ZSTD_freeDDict(c->from);
	pthread_mutex_destroy(&c->lock);
	arena_free(c->home);
}

/* ---- contexts: one a use, kept for the next ---- */

static ZSTD_CCtx *take_to(struct compressor *c)
{
	ZSTD_CCtx *context = NULL;

	pthread_mutex_lock(&c->lock);
	if (c->to_count)
		context = c->idle_to[--c->to_count];
	pthread_mutex_unlock(&c->lock);
	return context ? context : ZSTD_createCCtx();
}

static void give_to(struct compressor *c, ZSTD_CCtx *context)
{
	pthread_mutex_lock(&c->lock);
	if (c->to_count < KEPT) {
		c->idle_to[c->to_count++] = context;
		context = NULL;
	}
	pthread_mutex_unlock(&c->lock);
	ZSTD_freeCCtx(context);
}

static ZSTD_DCtx *take_from(struct compressor *c)
{
	ZSTD_DCtx *context = NULL;

	pthread_mutex_lock(&c->lock);
	if (c->from_count)
		context = c->idle_from[--c->from_count];
	pthread_mutex_unlock(&c->lock);
	return context ? context : ZSTD_createDCtx();
}

static void give_from(struct compressor *c, ZSTD_DCtx *context)
{
	pthread_mutex_lock(&c->lock);
	if (c->from_count < KEPT) {
		c->idle_from[c->from_count++] = context;
		context = NULL;
	}
	pthread_mutex_unlock(&c->lock);
	ZSTD_freeDCtx(context);
}

/* ---- both ways ---- */

struct span compress(struct compressor *c, struct arena *a, struct span text)
{
	const struct span none = {NULL, 0, 0};
	const uint32_t room = text.n - text.n / 8;
	ZSTD_CCtx *context;
	size_t n;
	char *to;

	if (!text.n || !(context = take_to(c)))
		return none;
	to = arena_try(a, room);
	n = to ? ZSTD_compress_usingCDict(context, to, room, text.p, text.n, c->to) : 0;
	give_to(c, context);
	return to && !ZSTD_isError(n) ? (struct span){to, (uint32_t)n, 0} : none;
}

/* Exactly one frame, which says its length: what else zstd would read on from is nothing that compress() makes. */
static bool is_ours(struct span bytes, uint32_t max, uint32_t *ret_n)
{
	const unsigned long long n = ZSTD_getFrameContentSize(bytes.p, bytes.n);

	if (n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR || !n || n > max ||
	    ZSTD_findFrameCompressedSize(bytes.p, bytes.n) != bytes.n)
		return false;
	*ret_n = (uint32_t)n;
	return true;
}

enum err decompress(struct compressor *c, struct arena *a, struct span bytes, uint32_t max,
		    struct span *ret)
{
	ZSTD_DCtx *context;
	uint32_t want;
	size_t n;
	char *to;

	if (!is_ours(bytes, max, &want))
		return ERR_FORMAT;
	to = arena_try(a, want);
	if (!to)
		return arena_failure(a);
	context = take_from(c);
	if (!context)
		return ERR_NOMEM;
	n = ZSTD_decompress_usingDDict(context, to, want, bytes.p, bytes.n, c->from);
	give_from(c, context);
	if (ZSTD_isError(n) || n != want)
		return ERR_FORMAT;
	*ret = (struct span){to, want, 0};
	return ERR_NONE;
}
