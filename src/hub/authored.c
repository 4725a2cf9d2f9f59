#include "hub/authored.h"

#include "hub/house.h"

struct author {
	struct submission submission;
	struct authored by;
	struct action *action;
};

/* What came of the version, as an outcome of the act. A version with errors is stored as a refused one, and told with its
 * findings. */
static void settled(struct submission *s)
{
	struct author *a = s->context;
	struct action *x = a->action;

	x->cause = s->outcome.cause;
	x->answer = s->outcome.answer;
	switch (s->outcome.kind) {
	case OUTCOME_NEW:
		x->outcome = s->outcome.accepted ? ACTION_DONE : ACTION_FAULTY;
		break;
	case OUTCOME_REPEATED:
		x->outcome = s->outcome.accepted ? ACTION_REPEATED : ACTION_FAULTY;
		break;
	case OUTCOME_UNREADABLE:
		x->outcome = ACTION_UNREADABLE;
		break;
	case OUTCOME_CONFLICT:
		x->outcome = ACTION_CONFLICT;
		break;
	case OUTCOME_DENIED:
	case OUTCOME_FAILED:
		x->outcome = ACTION_FAILED;
		break;
	}
	x->done(x);
}

/* The bytes of the request that waits. */
static enum err read_request(struct store *s, struct arena *a, const struct life *l,
			     struct span *ret, struct cause *why)
{
	struct store_declaration row;
	struct event event;
	enum err e = store_get_declaration(s, a, l->row.office, l->now.request, &row, why);

	if (!e)
		e = store_get_event(s, a, l->row.office, row.input_seq, &event, why);
	if (e)
		return fail(why, ERR_DB, "the request %.*s cannot be read",
			    SPAN_ARG(l->now.request));
	*ret = event.payload;
	return ERR_NONE;
}

/* Would flow allow it? Told before anything is stored; whoever comes between is met in the batch. */
static enum flow_refusal weigh(const struct author *a, const struct life *l, enum flow_act act)
{
	const struct flow_do given = {.act = act,
				      .by = a->by.login,
				      .roles = a->by.roles,
				      .at = a->by.until ? a->by.until - 1 : 0,
				      .reason = a->by.reason,
				      .until = a->by.until,
				      .lane = l->now.lane,
				      .applied = true,
				      .version = l->now.version + 1,
				      .due = l->now.due};
	struct flow_case after;
	struct flow_path path;

	return flow_act(&l->now, &given, &after, &path);
}

static enum err prepare(struct hub *h, struct store *s, const struct authoring *in,
			struct author *a, struct cause *why)
{
	struct action *x = in->action;
	struct life l;
	enum view view;
	enum err e = scope_case(h, s, x->arena, x->who, x->reference, PURPOSE_ACT, x->request,
				&l.row, &view, why);

	if (e == ERR_NOT_FOUND || (!e && view != VIEW_OFFICER)) {
		x->outcome = ACTION_NOT_FOUND;
		return ERR_NOT_FOUND;
	}
	if (!e)
		e = life_of(s, x->arena, &l.row, &l, why);
	if (e)
		return e;
	a->by = (struct authored){.login = x->who->user,
				  .roles = x->who->roles & (ROLE_OFFICER | ROLE_SUPERVISOR),
				  .reason = in->reason,
				  .request = in->declaration ? SPAN("") : l.now.request,
				  .until = in->until};
	x->refusal = weigh(a, &l, in->declaration ? ACT_CORRECT : ACT_GRANT);
	if (x->refusal != REFUSED_NOTHING) {
		x->outcome = ACTION_REFUSED;
		return ERR_CONFLICT;
	}
	return in->declaration ? ERR_NONE : read_request(s, x->arena, &l, &a->submission.raw, why);
}

struct writing {
	const struct json *declaration;
	struct text text;
};

static void write_message(void *context)
{
	struct writing *w = context;
	struct json_writer json = json_to(&w->text);

	json_value(&json, w->declaration);
}

void authored_submit(struct hub *h, const struct authoring *in)
{
	struct action *x = in->action;
	struct author *a = arena_try(x->arena, sizeof(*a));
	struct writing w = {in->declaration, text_in(x->arena)};
	struct store *s;
	enum err e = a ? house_open_reader(h, &s, &x->cause) : ERR_NOMEM;

	if (!e) {
		*a = (struct author){.action = x};
		e = prepare(h, s, in, a, &x->cause);
		house_close_reader(h, s);
	}
	if (!e && in->declaration) {
		e = arena_run(x->arena, write_message, &w);
		a->submission.raw = text_as_span(&w.text);
	}
	if (e) {
		if (!x->cause.err)
			fail(&x->cause, e, "the version cannot be made");
		x->done(x);
		return;
	}
	a->submission.sender = a->by.login;
	a->submission.key = x->key;
	a->submission.authored = &a->by;
	a->submission.arena = x->arena;
	a->submission.done = settled;
	a->submission.context = a;
	hub_submit(h, &a->submission);
}
