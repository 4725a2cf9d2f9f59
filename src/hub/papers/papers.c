/* What all papers share: the question's connection, and how their facts begin. */
#include "hub/papers/papers.h"

#include "base/limits.h"
#include "hub/life/transfers.h"
#include "hub/papers/papers_room.h"

void papers_put_minor(struct papers *p, const char *name, int64_t minor)
{
	json_put_decimal(&p->json, name,
			 money_to_decimal((struct money){minor}, ref_digits(p->inforce->ref)));
}

void papers_begin(struct papers *p, struct paper_id id, struct span reference, int64_t at)
{
	char code[PAPER_CODE_ROOM];

	paper_code_write(p->hub, id, reference, code);
	json_put_c(&p->json, "paper", paper_name(id.of));
	json_put_c(&p->json, "code", code);
	json_put(&p->json, "reference", reference);
	json_put_moment(&p->json, "at", at);
	json_put(&p->json, "authority", ref_setting(p->inforce->ref, "name"));
	json_put_int(&p->json, "zone_minutes", ref_zone_minutes(p->inforce->ref));
}

struct asked {
	struct papers *papers;
	enum err (*ask)(struct papers *p, void *context);
	void *context;
	enum err err;
};

static void run(void *context)
{
	struct asked *x = context;

	json_open_object(&x->papers->json);
	x->err = x->ask(x->papers, x->context);
	if (!x->err)
		json_close_object(&x->papers->json);
}

static enum err in_snapshot(struct store *store, void *context, struct cause *why)
{
	struct asked *x = context;
	enum err e;

	x->papers->store = store;
	x->papers->why = why;
	e = arena_run(x->papers->arena, run, x);
	return e ? fail(why, e, "a paper needs more memory than one request may take") : x->err;
}

enum err papers_ask(struct papers *p, struct text *to, const struct patience *patience,
		    enum err (*ask)(struct papers *p, void *context), void *context,
		    struct cause *why)
{
	struct asked x = {.papers = p, .ask = ask, .context = context};
	struct text text = text_in(to->arena);
	struct store *store;
	enum err e;

	p->inforce = house_inforce(p->hub);
	if (!p->inforce)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	p->arena = to->arena;
	p->json = json_to(&text);
	e = patience ? house_open_lister(p->hub, patience, &store, why)
		     : house_open_reader(p->hub, &store, why);
	if (!e) {
		e = store_snapshot(store, in_snapshot, &x, why);
		if (patience)
			house_close_lister(p->hub, store);
		else
			house_close_reader(p->hub, store);
	}
	inforce_release(p->inforce);
	if (!e)
		*to = text;
	return e;
}

/* ---- checking ---- */

struct checking {
	struct paper_id id;
	struct span reference;
};

static enum err check(struct papers *p, void *context)
{
	const struct checking *c = context;

	return c->id.of == PAPER_OF_ACCOUNT ? paper_account_check(p, c->id, c->reference)
					    : paper_case_check(p, c->id, c->reference);
}

enum err hub_check_paper(struct hub *h, struct text *to, struct span reference, struct span code,
			 struct span language, const struct patience *patience, struct cause *why)
{
	struct papers p = {.hub = h, .language = language};
	struct checking c = {.reference = reference};

	if (h->shadow || reference.n > LIMIT_REFERENCE_BYTES ||
	    !paper_code_read(h, code, reference, &c.id))
		return ERR_NOT_FOUND;
	return papers_ask(&p, to, patience, check, &c, why);
}
