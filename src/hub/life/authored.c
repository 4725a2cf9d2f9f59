#include "hub/life/authored.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"
#include "hub/life/supplementary.h"

struct author {
	struct submission submission;
	struct authored by;
	struct action *action;
	enum view view;
};

/* ---- the answer ---- */

struct telling {
	const struct action *action;
	int64_t at;
	struct text text;
};

/* A carrier learns whether the goods may go, and no amount. */
static void write_for_carrier(void *context)
{
	struct telling *t = context;
	struct json_writer w = json_to(&t->text);
	struct text at = text_in(t->text.arena);
	const struct json *answer, *version;
	struct codec_fault fault;

	if (json_read(t->text.arena, t->action->answer, &answer, &fault))
		return;
	version = json_get(answer, "version");
	moment_write(&at, t->at);
	json_open_object(&w);
	json_put(&w, "reference", json_get_text(answer, "reference"));
	json_put_c(&w, "act", flow_act_name(ACT_PRESENT));
	json_put(&w, "at", text_as_span(&at));
	if (version) {
		json_name(&w, "version");
		json_value(&w, version);
	}
	json_put(&w, "state", json_get_text(answer, "state"));
	json_name(&w, "next");
	json_value(&w, json_get(answer, "next"));
	json_close_object(&w);
}

static void tell_carrier(struct action *x, int64_t at)
{
	struct telling t = {.action = x, .at = at, .text = text_in(x->arena)};

	if (!x->answer.n)
		return;
	x->answer.n = 0;
	if (!arena_run(x->arena, write_for_carrier, &t))
		x->answer = text_as_span(&t.text);
}

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
	if (a->view == VIEW_CARRIER)
		tell_carrier(x, s->outcome.decided_at);
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
				      .at = clock_now(),
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

static bool sees_enough(enum view view, enum flow_act act)
{
	return view == VIEW_OFFICER ||
	       (act == ACT_PRESENT && (view == VIEW_CARRIER || view == VIEW_TRADER));
}

/* Was it done before under this key? Then its answer is the one that was stored right before the event of the act. */
static enum err find_before(struct store *s, const struct author *a, const struct life *l,
			    struct cause *why)
{
	struct action *x = a->action;
	const struct hash asked = hash_bytes(x->raw.p, x->raw.n);
	struct store_act_key k;
	struct event *answer;
	int64_t at = 0;
	uint32_t n = 0;
	enum err e =
	    x->key.n ? store_get_act_key(s, x->arena, l->row.office, x->who->user, x->key, &k, why)
		     : ERR_NOT_FOUND;

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	if (!hash_equal(&k.sha256, &asked) || !span_equal(k.reference, x->reference)) {
		x->outcome = ACTION_CONFLICT;
		return ERR_NONE;
	}
	e = store_list_events_of(s, x->arena, l->row.office, x->reference, SPAN("answer"), &answer,
				 &n, why);
	if (e)
		return e;
	for (uint32_t i = 0; i < n && answer[i].seq < k.seq; i++) {
		x->answer = answer[i].payload;
		at = answer[i].at;
	}
	if (a->view == VIEW_CARRIER)
		tell_carrier(x, at);
	x->outcome = ACTION_REPEATED;
	return ERR_NONE;
}

static enum err prepare(struct hub *h, struct store *s, const struct authoring *in,
			struct author *a, struct cause *why)
{
	struct action *x = in->action;
	struct life l;
	enum err e = scope_case(h, s, x->arena, x->who, x->reference, PURPOSE_ACT, x->request,
				&l.row, &a->view, why);

	if (e == ERR_NOT_FOUND || (!e && !sees_enough(a->view, in->act))) {
		x->outcome = ACTION_NOT_FOUND;
		return ERR_NOT_FOUND;
	}
	if (!e)
		e = life_of(s, x->arena, &l.row, &l, why);
	if (e)
		return e;
	e = find_before(s, a, &l, why);
	if (e || x->outcome == ACTION_REPEATED || x->outcome == ACTION_CONFLICT)
		return e ? e : ERR_CONFLICT;
	a->by =
	    (struct authored){.login = x->who->user,
			      .roles = x->who->roles & act_roles_in(a->view, x->who, l.row.office),
			      .reason = in->reason,
			      .request = in->act == ACT_GRANT ? l.now.request : SPAN(""),
			      .until = in->until,
			      .key = x->key,
			      .asked = hash_bytes(x->raw.p, x->raw.n)};
	x->refusal = weigh(a, &l, in->act);
	if (x->refusal != REFUSED_NOTHING) {
		x->outcome = ACTION_REFUSED;
		return ERR_CONFLICT;
	}
	return in->act == ACT_GRANT ? read_request(s, x->arena, &l, &a->submission.raw, why)
				    : ERR_NONE;
}

/* ---- the message ---- */

struct writing {
	const struct authoring *in;
	struct text text;
};

/* Its own reference makes one notice of presentation differ from the next: the same act under the same key is the same one. */
static void write_presentation(struct json_writer *w, const struct action *x)
{
	char number[32];
	struct span seed = x->key;

	if (!seed.n)
		seed = (struct span){
		    number,
		    (uint32_t)snprintf(number, sizeof(number), "%lld", (long long)clock_now()), 0};
	authored_write_presentation(w, seed, x->reference);
}

void authored_write_presentation(struct json_writer *w, struct span seed, struct span reference)
{
	const struct hash h = hash_bytes(seed.p, seed.n);
	char hex[65];

	hash_hex(&h, hex);
	json_open_object(w);
	json_put_c(w, "function", "13");
	json_put(w, "trader_reference", (struct span){hex, 32, 0});
	json_put_c(w, "type", "GPN");
	json_put(w, "movement_reference", reference);
	json_close_object(w);
}

static void write_message(void *context)
{
	struct writing *w = context;
	struct json_writer json = json_to(&w->text);

	if (w->in->act == ACT_PRESENT)
		write_presentation(&json, w->in->action);
	else
		json_value(&json, w->in->declaration);
}

bool authored_decides(const struct refset *r, struct span type)
{
	return ref_dates_wait(r) || ref_write_off(r).n ||
	       (ref_supplementary_document(r).n && type_is_simplified(type));
}

bool authored_presents(struct hub *h, const struct action *x)
{
	struct inforce *in = house_inforce(h);
	struct store_declaration row = {.type = SPAN("")};
	struct cause why = {0};
	struct store *s;
	bool presents = false;

	if (in && !house_open_reader(h, &s, &why)) {
		presents = !house_find_case(s, x->arena, x->reference, &row, &why) &&
			   authored_decides(in->ref, row.type);
		house_close_reader(h, s);
	}
	inforce_release(in);
	return presents;
}

void authored_submit(struct hub *h, const struct authoring *in)
{
	struct action *x = in->action;
	struct author *a = arena_try(x->arena, sizeof(*a));
	struct writing w = {in, text_in(x->arena)};
	struct store *s;
	enum err e = a ? house_open_reader(h, &s, &x->cause) : ERR_NOMEM;

	if (!e) {
		*a = (struct author){.action = x};
		e = prepare(h, s, in, a, &x->cause);
		house_close_reader(h, s);
	}
	if (!e && in->act != ACT_GRANT) {
		e = arena_run(x->arena, write_message, &w);
		a->submission.raw = text_as_span(&w.text);
	}
	if (e) {
		if (!x->cause.err && x->outcome != ACTION_REPEATED)
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
