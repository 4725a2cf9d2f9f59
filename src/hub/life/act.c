#include "hub/life/act.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "hub/audit/shadow.h"
#include "hub/life/act_record.h"
#include "hub/life/act_step.h"
#include "hub/life/authored.h"

/* ---- reading what was asked ---- */

struct asked {
	struct chore chore;
	struct hub *hub;
	struct action *action;
	struct hash hash; /* of the bytes */
	struct flow_do given;
	struct span amount;             /* as written: how many decimals there are, the pack says */
	const struct json *declaration; /* correct: the amendment */
	struct span agency;             /* place-hold: which one is called in */
	struct span view;               /* the answer, in the batch's memory until COMMIT */
};

static enum err unreadable(struct action *x, const char *name, const char *what)
{
	x->outcome = ACTION_UNREADABLE;
	return fail(&x->cause, ERR_FORMAT, "%s: %s", name, what);
}

static enum err read_text(struct action *x, const struct json *v, struct span *ret)
{
	if (v->kind != JSON_STRING || v->text.n > LIMIT_ACT_TEXT_BYTES ||
	    (v->text.n && memchr(v->text.p, 0, v->text.n)))
		return unreadable(x, "member", "a text of a bounded length is wanted");
	*ret = v->text;
	return ERR_NONE;
}

static enum err read_result(struct action *x, struct span s, enum flow_result *ret)
{
	*ret = span_is(s, "clean")       ? RESULT_CLEAN
	       : span_is(s, "irregular") ? RESULT_IRREGULAR
					 : RESULT_NONE;
	return *ret == RESULT_NONE ? unreadable(x, "result", "it is clean or irregular") : ERR_NONE;
}

static enum err read_member(struct asked *q, const struct json *v)
{
	struct action *x = q->action;
	struct flow_do *d = &q->given;
	struct span s = {0};
	enum err e;

	if (span_is(v->name, "declaration")) {
		q->declaration = v;
		return v->kind == JSON_OBJECT
			   ? ERR_NONE
			   : unreadable(x, "declaration", "an amendment message is wanted");
	}
	if (span_is(v->name, "accepted")) {
		d->accepted = v->kind == JSON_TRUE;
		return v->kind == JSON_TRUE || v->kind == JSON_FALSE
			   ? ERR_NONE
			   : unreadable(x, "accepted", "it is true or false");
	}
	e = read_text(x, v, &s);
	if (e)
		return e;
	if (span_is(v->name, "act")) {
		d->act = flow_act_by_name(s);
		return d->act == FLOW_ACTS ? unreadable(x, "act", "there is no such act")
					   : ERR_NONE;
	}
	if (span_is(v->name, "reason"))
		d->reason = s;
	else if (span_is(v->name, "code"))
		d->code = s;
	else if (span_is(v->name, "officer"))
		d->who = s;
	else if (span_is(v->name, "guarantee"))
		d->guarantee = s;
	else if (span_is(v->name, "agency"))
		q->agency = s;
	else if (span_is(v->name, "amount"))
		q->amount = s;
	else if (span_is(v->name, "result"))
		return read_result(x, s, &d->result);
	else if (span_is(v->name, "lane"))
		return (d->lane = lane_by_name(s)) == LANE_NONE
			   ? unreadable(x, "lane", "there is no such lane")
			   : ERR_NONE;
	else if (span_is(v->name, "hold"))
		return (d->hold = flow_hold_by_name(s))
			   ? ERR_NONE
			   : unreadable(x, "hold", "there is no such hold");
	else if (span_is(v->name, "until"))
		return moment_parse(s, &d->until)
			   ? unreadable(x, "until",
					"a moment such as 2026-12-31T12:00:00Z is wanted")
			   : ERR_NONE;
	else
		return unreadable(x, "member", "an act has no member of this name");
	return ERR_NONE;
}

/* Acts that come with a message of the trader (amend, cancel, ask), or from the hub itself. */
static const bool not_by_hand[FLOW_ACTS] = {
    [ACT_LODGE] = true, [ACT_AMEND] = true,    [ACT_CANCEL] = true,
    [ACT_ASK] = true,   [ACT_ALLOCATE] = true, [ACT_LAPSE] = true};

static enum err read_act(struct asked *q)
{
	struct action *x = q->action;
	const struct json *body;
	struct codec_fault fault = {0};
	enum err e = json_read(x->arena, x->raw, &body, &fault);

	if (e) {
		x->outcome = ACTION_UNREADABLE;
		return fail(&x->cause, ERR_FORMAT, "%s",
			    fault.text ? fault.text : "this is no JSON");
	}
	if (body->kind != JSON_OBJECT)
		return unreadable(x, "body", "an act is an object");
	q->given.act = FLOW_ACTS;
	for (const struct json *v = body->first; v && !e; v = v->next)
		e = read_member(q, v);
	if (e)
		return e;
	if (q->given.act == FLOW_ACTS)
		return unreadable(x, "act", "it is missing");
	if ((q->given.act == ACT_CORRECT) != (q->declaration != NULL))
		return unreadable(x, "declaration", "a correction has one, and nothing else has");
	if (q->given.guarantee.n && q->given.act != ACT_SECURE)
		return unreadable(x, "guarantee", "what is secured is, and nothing else");
	if (q->given.act == ACT_PLACE_HOLD && q->given.hold == HOLD_AGENCY && !x->who->agency.n &&
	    !q->agency.n)
		return unreadable(x, "agency", "say which agency is called in");
	return not_by_hand[q->given.act] ? unreadable(x, "act", "this one is not done by hand")
					 : ERR_NONE;
}

static bool has_scope(const struct who *w, enum flow_act act)
{
	return (w->scopes & (act == ACT_PAY || act == ACT_SECURE ? SCOPE_PAY : SCOPE_ACT)) != 0;
}

/* ---- the answer ---- */

static void write_officers(struct json_writer *w, const struct act_record *r)
{
	life_write_inside(w, &r->after);
	json_name(w, "path");
	act_write_path(w, &r->path);
}

static struct span write_answer(struct arena *a, const struct act_record *r, struct span reference,
				enum view view)
{
	struct text t = text_in(a), at = text_in(a);
	struct json_writer w = json_to(&t);
	struct flow_view public = flow_public(&r->after, r->given.at);

	moment_write(&at, r->given.at);
	json_open_object(&w);
	json_put(&w, "reference", reference);
	json_put_c(&w, "act", flow_act_name(r->given.act));
	json_put(&w, "at", text_as_span(&at));
	json_put_int(&w, "version", r->after.version);
	if (view == VIEW_OFFICER || view == VIEW_AUDITOR)
		write_officers(&w, r);
	else
		life_write_view(&w, &public);
	json_close_object(&w);
	return text_as_span(&t);
}

/* ---- in the batch ---- */

static enum err repeat(struct batch *b, struct asked *q, const struct store_act_key *k,
		       enum view view, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct codec_fault fault;
	const struct json *payload;
	struct act_record r;
	struct event event;
	enum err e;

	if (!hash_equal(&k->sha256, &q->hash) || !span_equal(k->reference, q->action->reference)) {
		q->action->outcome = ACTION_CONFLICT;
		return ERR_NONE;
	}
	e = store_get_event(b->h->store, a, k->office, k->seq, &event, why);
	if (!e)
		e = json_read(a, event.payload, &payload, &fault);
	if (!e)
		e = act_record_read(payload, event.at, &r);
	if (e)
		return fail(why, ERR_DB, "the event of an act cannot be read");
	q->action->outcome = ACTION_REPEATED;
	q->view = write_answer(a, &r, k->reference, view);
	return ERR_NONE;
}

static enum err read_amount(struct batch *b, struct asked *q, const struct flow_case *c)
{
	unsigned digits = ref_digits(b->inforce->ref);
	struct decimal d;
	struct money m;

	q->given.amount = 0;
	if (!q->amount.n) { /* all that is open */
		if (q->given.act == ACT_PAY || q->given.act == ACT_SECURE)
			q->given.amount =
			    c->due - c->paid - (q->given.act == ACT_SECURE ? c->secured : 0);
		else if (q->given.act == ACT_APPROVE_REFUND)
			q->given.amount = c->refund;
		return ERR_NONE;
	}
	if (decimal_parse(q->amount, &d) || money_from_decimal(d, digits, ROUND_DOWN, &m) ||
	    m.minor <= 0 || decimal_compare(money_to_decimal(m, digits), d))
		return unreadable(q->action, "amount",
				  "an amount above zero, in decimals of the currency, is wanted");
	q->given.amount = m.minor;
	return ERR_NONE;
}

/* Somebody with several roles acts in those by which the case is seen: an officer who also trades is no officer of its goods. */
unsigned act_roles_in(enum view view, const struct who *w, struct span office)
{
	switch (view) {
	case VIEW_CARRIER:
		return ROLE_CARRIER;
	case VIEW_TRADER: /* as which a cashier sees the cases of its office, and an agency those it was called in for */
		if (who_is(w, ROLE_AGENCY))
			return ROLE_AGENCY;
		return who_is(w, ROLE_CASHIER) && who_has_office(w, office)
			   ? ROLE_CASHIER
			   : ROLE_TRADER | ROLE_BROKER;
	case VIEW_OFFICER:
		return ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER | ROLE_AGENCY;
	case VIEW_AUDITOR:
	case VIEW_NONE:
		return 0;
	}
	return 0;
}

/* Whose money it is: a cashier takes it; a broker pays from its own account, unless the case is its own. */
static struct span payer_of(const struct who *w, unsigned roles, enum flow_act act,
			    const struct life *l)
{
	if (roles & ROLE_CASHIER && act == ACT_PAY)
		return (struct span){"", 0, 0};
	if (who_has_party(w, l->party) || !w->parties.n)
		return l->party.n ? l->party : l->row.reference;
	return w->parties.v[0];
}

static enum err keep_key(struct batch *b, const struct asked *q, const struct act_step *s,
			 struct cause *why)
{
	const struct action *x = q->action;

	return x->key.n ? store_put_act_key(b->h->store,
					    &(struct store_act_key){s->life.row.office,
								    x->who->user, x->key,
								    x->reference, q->hash, s->seq},
					    why)
			: ERR_NONE;
}

/* An agency sees the cases that it was called in for, from then on. */
static enum err call_in(struct batch *b, const struct asked *q, const struct act_step *s,
			struct cause *why)
{
	const struct who *who = q->action->who;
	struct span agency = who->agency.n ? who->agency : q->agency;
	const struct store_case_party row = {scope_agency(b->h->batch_arena, agency),
					     s->life.row.reference, s->life.row.office};

	return q->given.act == ACT_PLACE_HOLD && q->given.hold == HOLD_AGENCY
		   ? store_put_case_party(b->h->store, &row, why)
		   : ERR_NONE;
}

static enum err act_now(struct batch *b, struct asked *q, const struct store_declaration *row,
			enum view view, struct cause *why)
{
	struct action *x = q->action;
	struct act_step s = {.batch = b, .inforce = b->inforce};
	struct act_record r;
	enum err e = life_of(b->h->store, b->h->batch_arena, row, &s.life, why);

	if (e || read_amount(b, q, &s.life.now))
		return e;
	if (q->given.act == ACT_PRESENT && authored_decides(b->inforce->ref, row->type)) {
		fail(&x->cause, ERR_BUSY, "a pack came in force meanwhile: send it again");
		return ERR_NONE; /* ACTION_FAILED */
	}
	s.office = house_office(b->h, row->office);
	s.given = q->given;
	s.given.by = x->who->user;
	s.given.roles = x->who->roles & act_roles_in(view, x->who, row->office);
	s.given.at = b->now;
	s.payer = payer_of(x->who, s.given.roles, s.given.act, &s.life);
	r.given = s.given;
	e = act_step(&s, why);
	if (e)
		return e;
	x->refusal = s.refusal;
	if (s.refusal != REFUSED_NOTHING || s.money.err) {
		x->outcome = ACTION_REFUSED;
		x->cause = s.money;
		return ERR_NONE;
	}
	r.after = s.life.now;
	r.path = s.path;
	x->outcome = ACTION_DONE;
	q->view = write_answer(b->h->batch_arena, &r, x->reference, view);
	e = call_in(b, q, &s, why);
	return e ? e : keep_key(b, q, &s, why);
}

static enum err run(struct batch *b, struct chore *c, struct cause *why)
{
	struct asked *q = (struct asked *)c;
	struct action *x = q->action;
	struct store_declaration row;
	struct store_act_key key;
	enum view view;
	enum err e;

	x->outcome = ACTION_FAILED;
	x->refusal = REFUSED_NOTHING;
	x->cause = (struct cause){0};
	e = scope_case(b->h, b->h->store, b->h->batch_arena, x->who, x->reference, PURPOSE_ACT,
		       x->request, &row, &view, why);
	if (e == ERR_NOT_FOUND || (!e && (span_is(row.state, "request") || view == VIEW_NONE))) {
		x->outcome = ACTION_NOT_FOUND;
		return ERR_NONE;
	}
	if (!e)
		e = house_enter_case(b->h, b->h->batch_arena, &row, why);
	if (!e && x->key.n) {
		e = store_get_act_key(b->h->store, b->h->batch_arena, row.office, x->who->user,
				      x->key, &key, why);
		if (!e)
			return repeat(b, q, &key, view, why);
		if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	return e ? e : act_now(b, q, &row, view, why);
}

static void wants(const struct chore *c, struct chore_wants *ret)
{
	const struct asked *q = (const struct asked *)c;
	const struct action *x = q->action;

	*ret = (struct chore_wants){x->who, x->reference, x->key,
				    q->given.act == ACT_PAY || q->given.act == ACT_SECURE};
}

static void done(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct asked *q = (struct asked *)c;
	struct action *x = q->action;

	(void)h;
	x->answer = (struct span){0};
	if (e) {
		x->outcome = ACTION_FAILED;
		x->cause = *why;
	} else if (q->view.n) {
		char *copy = arena_try(x->arena, q->view.n);

		if (copy)
			memcpy(copy, q->view.p, q->view.n);
		x->answer = (struct span){copy, copy ? q->view.n : 0, 0};
	}
	x->done(x);
}

/* ---- the door ---- */

void hub_act(struct hub *h, struct action *x)
{
	struct asked *q = arena_try(x->arena, sizeof(*q));

	x->outcome = ACTION_FAILED;
	x->refusal = REFUSED_NOTHING;
	x->answer = (struct span){0};
	x->cause = (struct cause){0};
	if (!q) {
		fail(&x->cause, ERR_NOMEM, "no memory to read the act");
		x->done(x);
		return;
	}
	*q = (struct asked){
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = run, .wants = wants, .done = done},
	    .hub = h,
	    .action = x,
	    .hash = hash_bytes(x->raw.p, x->raw.n)};
	if (read_act(q)) {
		x->done(x);
		return;
	}
	if (shadow_refuse(h, &x->cause)) {
		x->outcome = ACTION_BARRED;
		x->done(x);
		return;
	}
	if (!has_scope(x->who, q->given.act)) {
		x->outcome = ACTION_DENIED;
		x->done(x);
		return;
	}
	if (q->given.act == ACT_CORRECT || q->given.act == ACT_GRANT ||
	    (q->given.act == ACT_PRESENT && authored_presents(h, x))) {
		authored_submit(h, &(struct authoring){x, q->given.act, q->declaration,
						       q->given.reason, q->given.until});
		return;
	}
	if (settle_enqueue(h, &q->chore.entry)) {
		fail(&x->cause, ERR_BUSY,
		     "the hub is stopping or has more waiting than it takes: send it again in a "
		     "moment");
		x->done(x);
	}
}

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool finished;
};

static void wake(struct action *x)
{
	struct waiting *w = x->context;

	pthread_mutex_lock(&w->lock);
	w->finished = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
}

void hub_act_wait(struct hub *h, struct action *x)
{
	struct waiting w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

	x->done = wake;
	/* cppcheck-suppress autoVariables ; it is waited for below, and forgotten */
	x->context = &w;
	hub_act(h, x);
	pthread_mutex_lock(&w.lock);
	while (!w.finished)
		pthread_cond_wait(&w.done, &w.lock);
	pthread_mutex_unlock(&w.lock);
	x->context = NULL;
}
