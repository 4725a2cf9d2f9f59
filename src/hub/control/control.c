#include "hub/control/control.h"

#include "base/limits.h"
#include "hub/control/figures.h"
#include "hub/house.h"
#include "hub/people/people.h"
#include "hub/targeting.h"

struct asking {
	struct hub *hub;
	const struct control_order *order;
	struct control_figures figures;
	struct arena *once;
	struct inforce *in;
	struct text *to;
	enum err err;
	struct cause *why;
};

static enum err count_all(struct asking *x)
{
	struct control_figures *f = &x->figures;
	struct span *office;
	uint32_t n;
	enum err e;

	if (x->order->office.n)
		return control_count(f, x->order->office, x->once, x->why);
	e = store_list_offices(f->store, f->arena, &office, &n, x->why);
	for (uint32_t i = 0; i < n && !e; i++)
		if (!span_equal(office[i], HUB_OFFICE))
			e = control_count(f, office[i], x->once, x->why);
	return e;
}

static void run(void *context)
{
	struct asking *x = context;
	struct json_writer w = json_to(x->to);

	x->err = count_all(x);
	if (!x->err)
		control_write(&w, &x->figures, x->order, ref_currency(x->in->ref),
			      ref_digits(x->in->ref));
}

static enum err in_snapshot(struct store *s, void *context, struct cause *why)
{
	struct asking *x = context;
	enum err e;

	x->figures.store = s;
	x->figures.versions = versions_new(s);
	if (!x->figures.versions)
		return fail(why, ERR_NOMEM, "no memory for the versions of the rules");
	x->why = why;
	e = arena_run(x->figures.arena, run, x);
	versions_free(x->figures.versions);
	return e ? fail(why, e, "this is more than one answer may hold: ask for fewer days")
		 : x->err;
}

static enum err read_all(struct asking *x, struct cause *why)
{
	struct store *s = NULL;
	enum err e = house_open_lister(x->hub, x->order->patience, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, in_snapshot, x, why);
	house_close_lister(x->hub, s);
	return e;
}

/* That of the hub, or, where it only reads a store, the one that is in force there. The caller lets it go. */
static enum err pack_of(struct hub *h, struct inforce **ret, struct cause *why)
{
	struct arena *a;
	struct span archive[PACK_PARTS];
	struct pack_faults faults = {0};
	enum err e;

	*ret = house_inforce(h);
	if (*ret)
		return ERR_NONE;
	a = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory to load a pack");
	faults.arena = a;
	e = hub_get_pack(h, a, archive, why);
	if (!e)
		e = inforce_load(archive, ret, &faults, why);
	arena_free(a);
	return e;
}

static enum err check(const struct control_order *o, struct cause *why)
{
	if (o->from > o->to)
		return fail(why, ERR_FORMAT, "from is a day after to");
	if (o->to - o->from >= CONTROL_DAYS_MAX)
		return fail(why, ERR_FORMAT, "ask for %d days at most", CONTROL_DAYS_MAX);
	return ERR_NONE;
}

enum err hub_write_control(struct hub *h, struct text *to, const struct who *who,
			   const struct control_order *order, struct span request,
			   struct cause *why)
{
	struct text text = text_in(to->arena);
	struct asking x = {.hub = h,
			   .order = order,
			   .figures = {.arena = to->arena,
				       .cleared = targeting_cleared(who),
				       .from = order->from,
				       .to = order->to},
			   .to = &text};
	enum err e = check(order, why);

	if (!e)
		e = scope_figures(h, who, order->office, request, why);
	if (e)
		return e;
	e = pack_of(h, &x.in, why);
	if (e)
		return e;
	x.figures.rules = x.in->rules;
	x.once = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	e = x.once ? read_all(&x, why) : fail(why, ERR_NOMEM, "no memory to read cases");
	arena_free(x.once);
	inforce_release(x.in);
	if (!e)
		*to = text;
	return e;
}
