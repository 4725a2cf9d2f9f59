#include "hub/audit/redecide.h"

#include <stdlib.h>

#include "base/limits.h"
#include "hub/hub.h"
#include "hub/inforce.h"
#include "msg/msg.h"

enum { VERSIONS_MAX = 64 };

struct versions {
	struct store *store;
	struct inforce *loaded[VERSIONS_MAX]; /* the newest first */
	uint32_t n;
};

struct versions *versions_new(struct store *s)
{
	struct versions *v = calloc(1, sizeof(*v));

	if (v)
		v->store = s;
	return v;
}

void versions_free(struct versions *v)
{
	if (!v)
		return;
	for (uint32_t i = 0; i < v->n; i++)
		inforce_release(v->loaded[i]);
	free(v);
}

static bool is(const struct inforce *i, const struct json *names)
{
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		if (!span_is(json_get_text(names, pack_part_name(p)), i->hash[p]))
			return false;
	return true;
}

static enum err load(struct versions *v, struct arena *a, const struct json *names,
		     struct inforce **ret, struct cause *why)
{
	struct span archive[PACK_PARTS];
	struct pack_faults faults = {.arena = a};

	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		struct span name = json_get_text(names, pack_part_name(p));
		struct hash h;
		enum err e;

		if (hash_from_hex(name, &h))
			return fail(why, ERR_FORMAT, "the decision names no %s version",
				    pack_part_name(p));
		e = store_get_version(v->store, a, span_of(pack_part_name(p)), &h, &archive[p],
				      why);
		if (e)
			return e == ERR_NOT_FOUND
				   ? fail(why, e, "the %s version %.*s is not in the store",
					  pack_part_name(p), SPAN_ARG(name))
				   : e;
	}
	return inforce_load(archive, ret, &faults, why);
}

enum err versions_of(struct versions *v, const struct json *decision, const struct inforce **ret,
		     struct cause *why)
{
	const struct json *names = json_get(decision, "versions");
	struct inforce *loaded = NULL;
	struct arena *a;
	enum err e;

	for (uint32_t i = 0; i < v->n; i++)
		if (is(v->loaded[i], names)) {
			*ret = v->loaded[i];
			return ERR_NONE;
		}
	a = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory to load a pack");
	e = load(v, a, names, &loaded, why);
	arena_free(a);
	if (e)
		return e;
	if (v->n == VERSIONS_MAX)
		inforce_release(v->loaded[--v->n]);
	memmove(v->loaded + 1, v->loaded, v->n++ * sizeof(v->loaded[0]));
	v->loaded[0] = loaded;
	*ret = loaded;
	return ERR_NONE;
}

struct again {
	struct arena *arena;
	const struct evidence *evidence;
	const struct inforce *inforce;
	struct message message, amended;
	struct findings findings;
	enum message_function asked;
	struct span out;
	enum err err;
	struct cause *why;
};

static void decide_again(void *context)
{
	struct again *g = context;
	const struct evidence *ev = g->evidence;
	struct text out = text_in(g->arena);
	struct decision d;
	struct facts facts;

	if (decision_read_facts(g->arena, ev->decision, &facts)) {
		g->err = fail(g->why, ERR_FORMAT, "the stored decision cannot be read");
		return;
	}
	decide(g->arena,
	       &(struct decision_input){ev->input, hash_bytes(ev->input.p, ev->input.n),
					ev->amended.p ? &g->amended : &g->message,
					ev->amended.p ? &g->message.declaration : NULL, g->asked,
					&g->findings},
	       &facts, g->inforce, &d);
	decision_write(&out, &d);
	g->out = text_as_span(&out);
}

enum err redecide(struct arena *a, const struct evidence *ev, const struct inforce *i,
		  struct span *ret, struct cause *why)
{
	struct again g = {.arena = a, .evidence = ev, .inforce = i, .why = why};
	struct findings amended_findings;
	struct codec_fault fault;
	enum err e =
	    msg_read_with(a, ev->input, NULL, ev->directories, &g.message, &g.findings, &fault);

	if (!e && ev->amended.p)
		e = msg_read(a, ev->amended, NULL, &g.amended, &amended_findings, &fault);
	if (e)
		return fail(why, e, "the stored message cannot be read: %s",
			    fault.text ? fault.text : err_name(e));
	if (ev->unnamed)
		g.message.directory = SPAN("");
	g.amended.format = g.message.format;
	g.amended.directory = g.message.directory;
	g.asked = declaration_function(&g.message.declaration);
	e = arena_run(a, decide_again, &g);
	if (e)
		return fail(why, e, "no memory to decide again");
	if (!g.err)
		*ret = g.out;
	return g.err;
}
