#include "hub/life/act_step.h"

#include "hub/life/act_record.h"
#include "hub/life/allocate.h"
#include "hub/life/guarantee.h"
#include "hub/life/supplementary.h"
#include "hub/life/transfers.h"
#include "hub/notices/notices.h"
#include "hub/quota/quotas.h"
#include "hub/stock/writeoff.h"

/* ---- money: what an act of flow/ means to the ledger ---- */

/* What is charged now, scaled to another sum, levy by levy, to the last unit: an appeal lowers the whole, not one levy. */
static enum err scaled(struct arena *a, const struct levy_sums *now, int64_t sum,
		       struct levy_sums *ret, struct cause *why)
{
	uint32_t n = now->list.n;
	int64_t *weight = ARENA_ARRAY(a, int64_t, n);
	struct money *part = ARENA_ARRAY(a, struct money, n);

	*ret = (struct levy_sums){0};
	if (!sum || !n)
		return ERR_NONE;
	for (uint32_t i = 0; i < n; i++)
		weight[i] = now->list.v[i].minor;
	if (money_apportion((struct money){sum}, weight, n, part))
		return fail(why, ERR_LIMIT, "the reduction cannot be split over the levies");
	for (uint32_t i = 0; i < n; i++) {
		struct levy_sum *c;

		if (!part[i].minor)
			continue;
		c = arena_push(a, (void **)&ret->list.v, &ret->list.n, &ret->list.room, sizeof(*c));
		*c = (struct levy_sum){now->list.v[i].levy, part[i].minor};
	}
	return ERR_NONE;
}

/* Who owes what is due. A case that names nobody is its own debtor: a cashier may still take the money. */
static struct span debtor_of(const struct life *l)
{
	return l->party.n ? l->party : l->row.reference;
}

/* The debt goes from one debtor to another. Money did not move yet: name_holder() in settle/batch_decide.c bars that. */
static enum err change_debtor(struct act_step *s, struct arena *a,
			      const struct case_account *account, struct posting *ret,
			      struct cause *why)
{
	const struct case_account fresh = {.holder = debtor_of(&s->life),
					   .currency = account->currency};
	enum err e = ledger_reverse(a, account, &s->before, why);

	return e ? e : ledger_raise(a, &fresh, s->levies, ret, why);
}

static enum err recharge(struct act_step *s, struct arena *a, const struct case_account *account,
			 int64_t due, struct posting *ret, struct cause *why)
{
	struct levy_sums levies;
	enum err e;

	if (s->levies && account->due && !span_equal(account->holder, debtor_of(&s->life)))
		return change_debtor(s, a, account, ret, why);
	if (s->levies)
		return account->due
			   ? ledger_reraise(a, account, s->levies, OVERPAID_STAYS, ret, why)
			   : ledger_raise(a, account, s->levies, ret, why);
	e = scaled(a, &account->raised, due, &levies, why);
	return e ? e : ledger_reraise(a, account, &levies, OVERPAID_STAYS, ret, why);
}

static enum err secure(struct act_step *s, const struct case_account *account, int64_t prepaid,
		       int64_t minor, struct posting *ret, struct cause *why)
{
	struct arena *a = s->batch->h->batch_arena;
	struct surety by;
	int64_t left;
	enum err e;

	if (!s->given.guarantee.n)
		return ledger_secure(a, account, s->payer, prepaid, minor, ret, why);
	e = guarantee_find(s->batch, s->life.party, s->given.guarantee, s->given.until, &by, &left,
			   why);
	by.minor = minor;
	return e ? e : ledger_secure_by_guarantee(a, account, &by, left, ret, why);
}

/* The posting that follows from before and after; none: no money moves. */
static enum err money_of(struct act_step *s, const struct flow_case *after, struct posting *ret,
			 struct cause *why)
{
	struct arena *a = s->batch->h->batch_arena;
	const struct flow_case *before = &s->life.now;
	struct case_account account;
	int64_t paid = after->paid - before->paid, secured = after->secured - before->secured,
		prepaid = 0;
	enum err e;

	*ret = s->before = (struct posting){0};
	if (after->due == before->due && !s->levies && !paid && !secured)
		return ERR_NONE;
	e = transfers_of_case(s->batch->h->store, a, s->life.row.office, s->life.row.reference,
			      &account, why);
	if (e)
		return e;
	if (!account.holder.n) {
		account.holder = debtor_of(&s->life);
		account.currency = transfers_currency(s->inforce);
	}
	if (after->due != before->due || s->levies) /* the same sum may be of other levies */
		return recharge(s, a, &account, after->due, ret, why);
	if (s->payer.n && (paid > 0 || secured > 0))
		e = transfers_prepaid(s->batch, s->payer, account.currency.code, &prepaid, why);
	if (e)
		return e;
	if (paid > 0 && secured < 0)
		return ledger_call(a, &account, paid, ret, why);
	if (paid > 0)
		return s->payer.n ? ledger_pay(a, &account, s->payer, prepaid, paid, ret, why)
				  : ledger_receive(a, &account, paid, ret, why);
	if (paid < 0)
		return ledger_refund(a, &account, -paid, ret, why);
	if (secured > 0)
		return secure(s, &account, prepaid, secured, ret, why);
	return ledger_discharge(a, &account, ret, why);
}

static bool is_refusal(enum err e)
{
	return e == ERR_CONFLICT || e == ERR_LIMIT || e == ERR_USAGE;
}

/* ---- who is told ---- */

/* What a trader may know: the public word, what is asked of it, the words of what was decided about it, and what is due where
 * that changed. r NULL: the first decision, which has its answer. */
static struct span public_body(struct batch *b, const struct act_record *r,
			       const struct flow_view *v)
{
	const struct refset *ref = b->inforce->ref;
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	if (r)
		act_write_told(&w, &r->given);
	life_write_view(&w, v);
	if (r && r->before.due != r->after.due) {
		json_name(&w, "due");
		json_open_object(&w);
		json_put_decimal(&w, "amount",
				 money_to_decimal((struct money){r->after.due}, ref_digits(ref)));
		json_put(&w, "currency", ref_currency(ref));
		json_close_object(&w);
	}
	json_close_object(&w);
	return text_as_span(&t);
}

static enum err tell_party(struct batch *b, const struct life *l, struct span party,
			   const struct act_record *r, const struct flow_view *v, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const struct notice n = {
	    .party = party,
	    .office = l->row.office,
	    .reference = l->row.reference,
	    .version = l->now.version,
	    .kind = span_of(arena_print(a, "declaration.%s", v->state)),
	    .at = b->now,
	    .body = public_body(b, r, v),
	};

	return party.n ? notices_put(b, &n, why) : ERR_NONE;
}

/* Officers hear of every state that the case passes, and of an act that leaves it where it is: a colleague looks at it. */
static enum err tell_office(struct batch *b, const struct life *l, const char *act,
			    const struct flow_path *path, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct text body = text_in(a);
	struct json_writer w = json_to(&body);
	struct notice n = {.officers = true,
			   .office = l->row.office,
			   .reference = l->row.reference,
			   .version = l->now.version,
			   .at = b->now};
	enum err e = ERR_NONE;

	json_open_object(&w);
	json_put_c(&w, "act", act);
	life_write_inside(&w, &l->now);
	json_close_object(&w);
	n.body = text_as_span(&body);
	for (uint32_t i = 0; !e && (i < path->n || i == 0); i++) {
		const enum flow_state s = path->n ? path->state[i] : l->now.state;

		n.kind = span_of(arena_print(a, "case.%s", flow_state_name(s)));
		e = notices_put(b, &n, why);
	}
	return e;
}

static enum err tell(struct batch *b, const struct life *l, const struct act_record *r,
		     struct cause *why)
{
	struct flow_view was = flow_public(&r->before, b->now), is = flow_public(&l->now, b->now);
	enum err e = ERR_NONE;

	if (!flow_view_equal(&was, &is) || act_is_told(r->given.act) ||
	    r->before.due != r->after.due) {
		e = tell_party(b, l, l->party, r, &is, why);
		if (!e && !span_equal(l->row.sender, l->party))
			e = tell_party(b, l, l->row.sender, r, &is, why);
	}
	return e ? e : tell_office(b, l, flow_act_name(r->given.act), &r->path, why);
}

static enum err tell_guarantor(struct act_step *s, const struct surety *by, int64_t minor,
			       struct cause *why)
{
	struct arena *a = s->batch->h->batch_arena;
	const struct refset *ref = s->batch->inforce->ref;
	struct text body = text_in(a);
	struct json_writer w = json_to(&body);
	struct notice n = {.party = by->holder,
			   .office = s->life.row.office,
			   .reference = s->life.row.reference,
			   .version = s->life.now.version,
			   .kind = SPAN("guarantee.called"),
			   .at = s->batch->now};
	enum err e;

	json_open_object(&w);
	json_put(&w, "guarantee", by->guarantee);
	json_put_decimal(&w, "amount", money_to_decimal((struct money){minor}, ref_digits(ref)));
	json_put(&w, "currency", ref_currency(ref));
	json_close_object(&w);
	n.body = text_as_span(&body);
	e = notices_put(s->batch, &n, why);
	n.party = SPAN("");
	n.officers = true;
	return e ? e : notices_put(s->batch, &n, why);
}

/* A security whose day passed: money was taken; who promised to pay is asked to, and the officers know it. */
static enum err call_guarantors(struct act_step *s, const struct act_record *r, struct cause *why)
{
	struct case_account account;
	int64_t open = r->after.due - r->after.paid;
	enum err e;

	if (r->given.act != ACT_LAPSE || r->before.secured_until == r->after.secured_until ||
	    !r->after.guaranteed || open <= 0)
		return ERR_NONE;
	e = transfers_of_case(s->batch->h->store, s->batch->h->batch_arena, s->life.row.office,
			      s->life.row.reference, &account, why);
	for (uint32_t i = 0; i < account.sureties.n && !e && open > 0; i++) {
		const struct surety *by = &account.sureties.v[i];
		const int64_t minor = by->minor < open ? by->minor : open;

		if (!by->guarantee.n)
			continue;
		e = tell_guarantor(s, by, minor, why);
		open -= minor;
	}
	return e;
}

/* ---- the event and the projections ---- */

static enum err append_act(struct act_step *s, const struct act_record *r, struct cause *why)
{
	struct text payload = text_in(s->batch->h->batch_arena);
	struct event e = {.kind = SPAN("act"),
			  .reference = s->life.row.reference,
			  .version = r->after.version,
			  .at = r->given.at,
			  .actor = r->given.by};
	enum err err;

	act_record_write(&payload, r);
	e.payload = text_as_span(&payload);
	err = house_append(s->batch->h, s->office, &e, NULL, why);
	s->seq = e.seq;
	return err;
}

enum err act_step(struct act_step *s, struct cause *why)
{
	struct act_record r = {.given = s->given, .before = s->life.now};
	struct posting money;
	enum err e;

	s->money = (struct cause){0};
	s->refusal = flow_act(&r.before, &r.given, &r.after, &r.path);
	if (s->refusal != REFUSED_NOTHING)
		return ERR_NONE;
	e = money_of(s, &r.after, &money, &s->money);
	if (e && is_refusal(e))
		return ERR_NONE;
	if (e) {
		*why = s->money;
		return e;
	}
	e = append_act(s, &r, why);
	if (!e && s->before.transfers.n)
		e = transfers_put(s->batch, s->office, s->life.row.reference, r.after.version,
				  r.given.by, &s->before, why);
	if (!e && money.transfers.n)
		e = transfers_put(s->batch, s->office, s->life.row.reference, r.after.version,
				  r.given.by, &money, why);
	s->path = r.path;
	s->life.now = r.after;
	s->life.seq = s->seq;
	if (!e)
		e = tell(s->batch, &s->life, &r, why);
	if (!e)
		e = call_guarantors(s, &r, why);
	if (!e)
		e = life_put(s->batch->h->store, s->batch->h->batch_arena, &s->life, why);
	if (!e)
		e = writeoff_follow(s->batch, s->office, &s->life, &r.before, &r.given,
				    s->inforce->ref, why);
	if (!e)
		e = quotas_follow(s->batch, s->office, &s->life, &r.before, &r.given,
				  s->inforce->ref, why);
	if (!e && supplementary_over(r.after.state) && !supplementary_over(r.before.state))
		e = supplementary_end(s->batch, &s->life, why);
	return e ? e : allocate(s->batch, s->inforce, s->office, &s->life, why);
}

/* ---- the first step ---- */

static enum err raise_debt(struct batch *b, struct office *o, const struct inforce *in,
			   const struct life *l, const struct assessment *assessed,
			   struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct case_account account = {.holder = debtor_of(l), .currency = transfers_currency(in)};
	struct levy_sums levies;
	struct posting p;
	enum err e;

	if (!l->now.due)
		return ERR_NONE;
	e = ledger_levies(a, assessed, &levies, why);
	if (!e)
		e = ledger_raise(a, &account, &levies, &p, why);
	return e ? e
		 : transfers_put(b, o, l->row.reference, l->row.version, l->row.sender, &p, why);
}

enum err act_begin(struct batch *b, struct office *o, const struct inforce *in,
		   const struct store_declaration *row, const struct assessment *assessed,
		   int64_t ease_days, struct cause *why)
{
	struct life l = {.row = *row, .party = life_party(row->holder), .seq = row->decision_seq};
	struct flow_view public;
	struct flow_path path;
	enum err e;

	l.now = life_begin(row, ease_days, &path);
	e = life_put(b->h->store, b->h->batch_arena, &l, why);
	/* Who sent it reads the answer; its holder may be somebody else, and officers hear of what waits for them. */
	public = flow_public(&l.now, b->now);
	if (!e)
		e = tell_party(b, &l, l.party, NULL, &public, why);
	if (!e && l.now.holds & HOLDS_CONTROL)
		e = tell_office(b, &l, "lodge", &path, why);
	if (!e)
		e = raise_debt(b, o, in, &l, assessed, why);
	return e ? e : allocate(b, in, o, &l, why);
}
