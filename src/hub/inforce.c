#include "hub/inforce.h"

#include "base/hash.h"
#include "base/limits.h"

struct load {
	struct inforce *to;
	const struct span *archive;
	struct pack_faults *faults;
	enum err err;
};

static void load(void *context)
{
	struct load *l = context;
	struct inforce *to = l->to;

	for (int i = 0; i < PACK_PARTS; i++) {
		struct span s = l->archive[i];
		struct hash h = hash_bytes(s.p, s.n);

		to->archive[i] = span_copy(to->arena, s);
		hash_hex(&h, to->hash[i]);
	}
	l->err = ref_load(to->arena, to->archive[PACK_TABLES], to->archive[PACK_LISTS], &to->ref,
			  l->faults);
	if (l->err)
		return;
	l->err = risk_compile(to->arena, to->archive[PACK_RULES], to->ref, &to->rules, l->faults);
}

static enum err refuse(struct inforce *i, struct cause *why, enum err e)
{
	inforce_release(i);
	switch (e) {
	case ERR_FORMAT:
		return fail(why, e, "the pack has faults: run `customhouse pack check` on it");
	case ERR_LIMIT:
		return fail(why, e, "the pack is larger than this program allows");
	default:
		return fail(why, e, "no memory to load the pack");
	}
}

enum err inforce_load(const struct span archive[PACK_PARTS], struct inforce **ret,
		      struct pack_faults *faults, struct cause *why)
{
	struct arena *own = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct inforce *to = NULL;
	struct load l = {.archive = archive, .faults = faults};
	enum err e;

	if (own)
		to = arena_try(own, sizeof(*to));
	if (!to) {
		arena_free(own);
		return fail(why, ERR_NOMEM, "no memory to load the pack");
	}
	to->arena = own;
	to->holders = 1;
	to->index_arena = NULL;
	to->index = NULL;
	pthread_mutex_init(&to->building, NULL);
	l.to = to;
	e = arena_run(own, load, &l);
	if (!e)
		e = l.err;
	if (e)
		return refuse(to, why, e);
	*ret = to;
	return ERR_NONE;
}

struct inforce *inforce_hold(struct inforce *i)
{
	i->holders++;
	return i;
}

void inforce_release(struct inforce *i)
{
	if (!i || --i->holders)
		return;
	arena_free(i->index_arena);
	pthread_mutex_destroy(&i->building);
	arena_free(i->arena);
}

static void build_index(void *context)
{
	struct inforce *i = context;

	i->index = search_build(i->index_arena, i->ref);
}

const struct search_index *inforce_index(struct inforce *i)
{
	const struct search_index *index;

	pthread_mutex_lock(&i->building);
	if (!i->index_arena)
		i->index_arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	if (i->index_arena && !i->index && arena_run(i->index_arena, build_index, i))
		i->index = NULL;
	index = i->index;
	pthread_mutex_unlock(&i->building);
	return index;
}
