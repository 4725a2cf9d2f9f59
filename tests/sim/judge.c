/* What came of an operation, beside what the model says; then the case in the store, beside the model's. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "hub/house.h"
#include "hub/life/transfers.h"

static const char *const outcome_names[] = {"failed",   "unreadable", "new",
					    "repeated", "conflict",   "denied"};
static const char *const action_names[] = {"failed", "unreadable", "not found", "denied",
					   "barred", "refused",    "faulty",    "conflict",
					   "done",   "repeated"};

/* ---- what the hub keeps ---- */

static const struct json *read_json(struct arena *a, struct span bytes)
{
	struct codec_fault fault = {0};
	const struct json *j = NULL;

	if (json_read(a, bytes, &j, &fault))
		sim_fail("stored JSON cannot be read: %s: %.*s", fault.text, SPAN_ARG(bytes));
	return j;
}

static int64_t minor_of(struct span amount)
{
	struct decimal d;
	struct money m;

	if (decimal_parse(amount, &d) || money_from_decimal(d, 2, ROUND_DOWN, &m))
		sim_fail("no amount: %.*s", SPAN_ARG(amount));
	return m.minor;
}

/* Every tax line has its proof, and those that are due add up to the total. */
static int64_t check_taxes(const struct sim_case *c, const struct json *decision)
{
	const struct json *taxes = json_get(decision, "taxes"),
			  *total = json_get(decision, "total");
	int64_t sum = 0, said;

	for (const struct json *t = taxes ? taxes->first : NULL; t; t = t->next) {
		const struct json *proof = json_get(t, "proof");

		if (!proof || !proof->first || !json_get_text(t, "measure").n)
			sim_fail("%s: a tax line has no proof", c->reference);
		if (span_is(json_get_text(t, "state"), "due"))
			sum += minor_of(json_get_text(t, "amount"));
	}
	said = total ? minor_of(json_get_text(total, "amount")) : 0;
	if (sum != said)
		sim_fail("%s: the tax lines come to %lld, the total says %lld", c->reference,
			 (long long)sum, (long long)said);
	return said;
}

/* The newest version, as its decision says. */
static struct sim_version read_version(struct sim *s, const struct sim_case *c)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct hub_look look = {.who = who_operator(),
				.reference = span_of(c->reference),
				.purpose = PURPOSE_READ,
				.request = SPAN("sim")};
	struct sim_version v = {0};
	const struct json *decision;
	struct hub_case found;
	struct cause why = {0};

	if (hub_get_case(s->hub, a, &look, &found, &why))
		sim_fail("%s was acknowledged and is not there: %s", c->reference, why.text);
	decision = read_json(a, found.decision);
	v.version = found.version;
	v.lane = (int)lane_by_name(json_get_text(decision, "lane"));
	v.due = check_taxes(c, decision);
	arena_free(a);
	return v;
}

static const struct json *read_life(struct store *s, struct arena *a, const struct sim_case *c)
{
	struct store_life life;
	struct cause why = {0};

	if (store_get_life(s, a, span_of(c->office), span_of(c->reference), &life, &why))
		sim_fail("%s has no life in the store: %s", c->reference, why.text);
	return read_json(a, life.body);
}

/* ---- examiners ---- */

static bool may_examine(const struct sim_world *w, const struct sim_case *c,
			const struct sim_roster *r)
{
	return !strcmp(r->office, c->office) && r->until > w->now &&
	       (!(c->holds & SIM_DOCUMENTS) || r->documents) &&
	       (!(c->holds & SIM_INSPECTION) || r->inspection) && strcmp(r->conflict, c->holder) &&
	       strcmp(sim_people[r->who].login, c->reassessor);
}

/* Whom the hub named must be one who may, and there must be somebody when one may. */
static void adopt_examiner(const struct sim_world *w, struct sim_case *c, struct span named)
{
	bool any = false, one = false;

	if (strcmp(c->state, "selected") || c->examiner[0])
		return;
	for (int i = 0; i < w->rosters; i++) {
		if (!may_examine(w, c, &w->roster[i]))
			continue;
		any = true;
		one |= span_is(named, sim_people[w->roster[i].who].login);
	}
	if (any != (named.n > 0) || (named.n && !one))
		sim_fail("%s waits for an examiner, %s could be named, and '%.*s' is", c->reference,
			 any ? "somebody" : "nobody", SPAN_ARG(named));
	if (!named.n)
		return;
	snprintf(c->examiner, SIM_NAME, "%.*s", SPAN_ARG(named));
	sim_settle(c);
}

/* ---- comparing ---- */

static void same_text(const struct sim_case *c, const struct json *life, const char *name,
		      const char *ours)
{
	struct span theirs = json_get_text(life, name);

	if (!span_is(theirs, ours))
		sim_fail("%s: %s is '%.*s' in the store, '%s' in the model (%s)", c->reference,
			 name, SPAN_ARG(theirs), ours, c->state);
}

static void same_number(const struct sim_case *c, const struct json *life, const char *name,
			int64_t ours)
{
	int64_t theirs = 0;

	if (json_get(life, name) && json_get_int(life, name, &theirs))
		sim_fail("%s: %s is no number", c->reference, name);
	if (theirs != ours)
		sim_fail("%s: %s is %lld in the store, %lld in the model (%s)", c->reference, name,
			 (long long)theirs, (long long)ours, c->state);
}

static void same_flag(const struct sim_case *c, const struct json *life, const char *name,
		      bool ours)
{
	const struct json *v = json_get(life, name);
	bool theirs = v && v->kind == JSON_TRUE;

	if (theirs != ours)
		sim_fail("%s: %s is %d in the store, %d in the model (%s)", c->reference, name,
			 theirs, ours, c->state);
}

static void same_holds(const struct sim_case *c, const struct json *life)
{
	static const char *const names[] = {"agency",  "documents", "inspection",
					    "payment", "permit",    "presentation"};
	const struct json *list = json_get(life, "holds");
	unsigned theirs = 0;

	for (const struct json *h = list ? list->first : NULL; h; h = h->next)
		for (unsigned i = 0; i < ARRAY_LEN(names); i++)
			theirs |= (unsigned)span_is(h->text, names[i]) << i;
	if (theirs != c->holds)
		sim_fail("%s: holds are %#x in the store, %#x in the model (%s)", c->reference,
			 theirs, c->holds, c->state);
}

static void same_life(const struct sim_case *c, const struct json *life)
{
	same_text(c, life, "state", c->state);
	same_text(c, life, "behind", c->behind == c->state ? "" : c->behind);
	same_holds(c, life);
	same_text(c, life, "lane", lane_name((enum lane)c->lane));
	same_number(c, life, "version", c->version);
	same_flag(c, life, "presented", c->presented);
	same_flag(c, life, "notified", c->notified);
	same_flag(c, life, "provisional", c->provisional);
	same_flag(c, life, "irregular", c->irregular);
	same_flag(c, life, "adverse", c->adverse);
	same_flag(c, life, "cancels", c->cancels);
	same_number(c, life, "due_minor", c->due);
	same_number(c, life, "paid_minor", c->paid);
	same_number(c, life, "secured_minor", c->secured);
	same_number(c, life, "guaranteed_minor", c->guaranteed);
	same_number(c, life, "refund_minor", c->refund);
	same_number(c, life, "reply_by", c->reply_by);
	same_number(c, life, "secured_until", c->secured_until);
	same_text(c, life, "examiner", c->examiner);
	same_text(c, life, "reassessor", c->reassessor);
	same_text(c, life, "judge", c->judge);
	same_text(c, life, "proposer", c->proposer);
	same_text(c, life, "proposed", c->proposed ? lane_name((enum lane)c->proposed) : "");
	same_text(c, life, "request", c->request);
	same_text(c, life, "appeal", strcmp(c->appeal, "none") ? c->appeal : "");
}

/* The account of the case, and the accounts of its holder over all of its cases. */
static void same_money(const struct sim *s, struct store *store, struct arena *a,
		       const struct sim_case *c)
{
	struct span holder = span_of(c->holder);
	int64_t due = 0, secured = 0;
	struct store_balances all;
	struct case_account account;
	struct cause why = {0};

	if (transfers_of_case(store, a, span_of(c->office), span_of(c->reference), &account,
			      &why) ||
	    store_get_balances(store, a, &holder, 1, &all, &why))
		sim_fail("%s: its money cannot be read: %s", c->reference, why.text);
	if (account.due != c->due || account.paid != c->paid || account.secured != c->secured)
		sim_fail(
		    "%s: due, paid, secured are %lld %lld %lld in the ledger, %lld %lld %lld in "
		    "the model (%s)",
		    c->reference, (long long)account.due, (long long)account.paid,
		    (long long)account.secured, (long long)c->due, (long long)c->paid,
		    (long long)c->secured, c->state);
	for (int i = 0; i < s->w->n; i++) {
		const struct sim_case *other = &s->w->cases[i];

		if (!other->accepted || strcmp(other->holder, c->holder))
			continue;
		due += other->due - other->paid;
		secured += other->secured - other->guaranteed;
	}
	for (uint32_t i = 0; i < all.count; i++) {
		const struct store_balance *b = &all.row[i];
		int64_t ours = span_is(b->account, "due") ? due
			       : span_is(b->account, "prepaid")
				   ? -sim_party(s->w, c->holder)->prepaid
				   : -secured;

		if (b->minor != ours)
			sim_fail("%s: %.*s is %lld in the store, %lld in the model", c->holder,
				 SPAN_ARG(b->account), (long long)b->minor, (long long)ours);
	}
}

static void compare(struct sim *s, struct sim_case *c, bool money)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct cause why = {0};
	const struct json *life;
	struct store *store;

	if (house_open_reader(s->hub, &store, &why))
		sim_fail("the store cannot be read: %s", why.text);
	life = read_life(store, a, c);
	adopt_examiner(s->w, c, json_get_text(life, "examiner"));
	same_life(c, life);
	if (money)
		same_money(s, store, a, c);
	house_close_reader(s->hub, store);
	arena_free(a);
}

void sim_compare(struct sim *s, struct sim_case *c)
{
	if (c->accepted)
		compare(s, c, true);
}

void sim_compare_all(struct sim *s)
{
	for (int i = 0; i < s->w->n; i++)
		if (s->w->cases[i].accepted)
			compare(s, &s->w->cases[i], true);
}

/* ---- what the hub does by itself ---- */

void sim_lapse_all(struct sim *s)
{
	struct sim_do d = {.act = "lapse", .by = -1, .now = s->w->now};

	for (int i = 0; i < s->w->n; i++) {
		struct sim_case *c = &s->w->cases[i];

		if (!c->accepted)
			continue;
		sim_apply(c, &d, NULL);
		compare(s, c, false);
	}
}

void sim_allocate_waiting(struct sim *s, const char *office)
{
	for (int i = 0; i < s->w->n; i++) {
		struct sim_case *c = &s->w->cases[i];

		if (c->accepted && !strcmp(c->office, office))
			compare(s, c, false);
	}
}

/* ---- outcomes ---- */

static void unexpected(const struct sim_op *op, const struct sim_case *c, const char *got,
		       const char *wanted)
{
	sim_fail("%s %s (%s) by %s: %s (%s), the model says %s; due %lld, paid %lld, secured %lld, "
		 "prepaid %lld; %.*s",
		 c->reference,
		 op->kind == SIM_LODGE ? "lodging"
		 : op->d.act           ? op->d.act
				       : "change",
		 c->state, sim_people[op->d.by].login, got, op->why, wanted, (long long)c->due,
		 (long long)c->paid, (long long)c->secured,
		 (long long)sim_party(sim_world, c->holder)->prepaid, (int)op->raw_n, op->raw);
}

static void follow(struct sim *s, struct sim_case *c, const struct sim_do *d,
		   const struct sim_version *v)
{
	struct sim_party *p = sim_party(s->w, c->holder);
	const struct sim_case before = *c;

	sim_apply(c, d, v);
	if (sim_word("pay", d->act)) {
		if (d->roles & ROLE_CASHIER)
			s->w->cash += c->paid - before.paid;
		else
			p->prepaid -= c->paid - before.paid;
	} else if (sim_word("secure discharge", d->act)) {
		p->prepaid -= c->secured - c->guaranteed - (before.secured - before.guaranteed);
	} else if (sim_word("approve-refund", d->act)) {
		p->prepaid += before.paid - c->paid;
	}
}

static void judge_lodging(struct sim *s, const struct sim_op *op, bool resent)
{
	struct sim_case *c = &s->w->cases[op->on];
	struct sim_version v;

	if (op->outcome == OUTCOME_REPEATED && c->lodged) {
		if (strcmp(op->reference, c->reference) || !hash_equal(&op->answer, &c->answer))
			sim_fail("%s: the same bytes got another answer, or %s", c->reference,
				 op->reference);
		return;
	}
	if (c->lodged ||
	    (op->outcome != OUTCOME_NEW && !(resent && op->outcome == OUTCOME_REPEATED)))
		unexpected(op, c, outcome_names[op->outcome], c->lodged ? "repeated" : "new");
	c->lodged = true;
	c->answer = op->answer;
	snprintf(c->reference, sizeof(c->reference), "%s", op->reference);
	for (int i = 0; i < s->w->n; i++)
		if (i != op->on && !strcmp(s->w->cases[i].reference, c->reference))
			sim_fail("%s was given to two cases", c->reference);
	c->accepted = op->accepted && c->holder[0];
	if (!c->accepted)
		return;
	v = read_version(s, c);
	sim_begin(c, c->presented, &v);
	(void)sim_party(s->w, c->holder);
}

/* The number of a request that waits, as the store has it: the model cannot know it. */
static void read_request(struct sim *s, const struct sim_case *c, char ret[24])
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct cause why = {0};
	struct store *store;

	if (house_open_reader(s->hub, &store, &why))
		sim_fail("the store cannot be read: %s", why.text);
	snprintf(ret, 24, "%.*s", SPAN_ARG(json_get_text(read_life(store, a, c), "request")));
	house_close_reader(s->hub, store);
	arena_free(a);
	if (!ret[0])
		sim_fail("%s: the request that was accepted does not wait", c->reference);
}

static void judge_change(struct sim *s, const struct sim_op *op, bool resent)
{
	struct sim_case *c = &s->w->cases[op->on];
	struct sim_do d = op->d;
	struct sim_version v = {0};
	const char *why[SIM_REASONS];
	bool may;

	if (op->outcome != OUTCOME_NEW && !(resent && op->outcome == OUTCOME_REPEATED))
		unexpected(op, c, outcome_names[op->outcome], "new");
	d.act = d.cancels ? "cancel" : "amend";
	may = !sim_refused(c, &d, why);
	if (!may && c->notified) {
		d.act = "ask";
		may = !sim_refused(c, &d, why);
	}
	/* A version may have errors; a cancellation has none of its own. */
	if (op->accepted && !may)
		unexpected(op, c, "accepted", why[0]);
	if (!op->accepted && may && d.cancels)
		unexpected(op, c, "not accepted", d.act);
	if (!op->accepted) {
		/* of a case that was cancelled it is kept as a record of its own */
		s->w->strays += !strcmp(c->state, "cancelled");
		return;
	}
	if (!strcmp(d.act, "ask"))
		read_request(s, c, v.request);
	else if (!d.cancels)
		v = read_version(s, c);
	follow(s, c, &d, &v);
}

static bool listed(const char *name, const char *const *list, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

static void judge_act(struct sim *s, const struct sim_op *op, bool resent)
{
	struct sim_case *c = &s->w->cases[op->on];
	struct sim_do d = op->d;
	struct sim_version v = {0};
	const char *why[SIM_REASONS];
	int n;

	d.prepaid = sim_party(s->w, c->holder)->prepaid;
	d.left = sim_left(s->w, c->holder);
	n = d.roles ? sim_refused(c, &d, why) : 0;
	if (!d.roles || (op->outcome == ACTION_NOT_FOUND && sim_word("correct grant", d.act) &&
			 !(d.roles & (ROLE_OFFICER | ROLE_SUPERVISOR)))) {
		if (op->outcome != ACTION_NOT_FOUND)
			unexpected(op, c, action_names[op->outcome], "not found");
		return;
	}
	if (op->outcome == ACTION_REFUSED && n) {
		const char *said =
		    op->money ? "money" : flow_refusal_id((enum flow_refusal)op->refusal);

		if (!listed(said, why, n))
			unexpected(op, c, said, why[0]);
		s->w->refused++;
		return;
	}
	if (op->outcome == ACTION_FAULTY && !n && sim_word("correct grant", d.act))
		return;
	if (n || (op->outcome != ACTION_DONE && !(resent && op->outcome == ACTION_REPEATED)))
		unexpected(op, c,
			   op->outcome == ACTION_REFUSED
			       ? flow_refusal_id((enum flow_refusal)op->refusal)
			       : action_names[op->outcome],
			   n ? why[0] : "done");
	if (sim_word("correct", d.act) || (sim_word("grant", d.act) && !c->cancels))
		v = read_version(s, c);
	follow(s, c, &d, &v);
}

static void judge_again(struct sim *s, const struct sim_op *op)
{
	struct sim_case *c = &s->w->cases[op->on];
	bool act = op->of == SIM_ACT;
	const char *got = act ? action_names[op->outcome] : outcome_names[op->outcome];

	if (op->of == SIM_LODGE) {
		judge_lodging(s, op, false);
		return;
	}
	if (op->kind == SIM_OTHER_BYTES) {
		if (op->outcome != ACTION_CONFLICT)
			unexpected(op, c, got, "conflict");
		return;
	}
	if (op->outcome != (act ? (int)ACTION_REPEATED : (int)OUTCOME_REPEATED))
		unexpected(op, c, got, "repeated");
	if (!hash_equal(&op->answer, &op->before))
		unexpected(op, c, "another answer than before", "the same");
	if (!act && strcmp(op->reference, op->named) != 0)
		unexpected(op, c, op->reference, op->named);
}

void sim_judge(struct sim *s, const struct sim_op *op, bool resent)
{
	struct sim_world *w = s->w;

	switch (op->kind) {
	case SIM_LODGE:
		judge_lodging(s, op, resent);
		break;
	case SIM_CHANGE:
		judge_change(s, op, resent);
		break;
	case SIM_ACT:
		judge_act(s, op, resent);
		break;
	case SIM_AGAIN:
	case SIM_OTHER_BYTES:
		judge_again(s, op);
		break;
	}
	if ((op->kind == SIM_ACT && op->outcome == ACTION_DONE) ||
	    (op->kind == SIM_CHANGE && op->outcome == OUTCOME_NEW && op->accepted)) {
		w->last = *op;
		w->has_last = true;
	}
	w->ops_done++;
}
