/* The postings of a case: from its account, and what is asked for, to transfers. */
#include "base/limits.h"
#include "ledger/room.h"

static struct end due_of(const struct case_account *c)
{
	return (struct end){c->holder, ACCOUNT_DUE, {0}};
}

static struct end prepaid_of(struct span holder)
{
	return (struct end){holder, ACCOUNT_PREPAID, {0}};
}

static struct end revenue_of(struct span levy)
{
	return (struct end){LEDGER_TREASURY, ACCOUNT_REVENUE, levy};
}

static enum err check_case(const struct case_account *c, struct cause *why)
{
	if (!c->currency.code.n)
		return fail(why, ERR_USAGE, "a case without a currency");
	return room_check_party(c->holder, why);
}

/* The sum of levies; they must be as ledger_levies() makes them. */
static enum err add_up(const struct levy_sums *c, int64_t *ret, struct cause *why)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < c->list.n; i++) {
		const struct levy_sum *v = &c->list.v[i];
		enum err e = room_check_amount(v->minor, why);

		if (e)
			return e;
		BUG_ON(i && span_compare(v[-1].levy, v->levy) >= 0);
		if (__builtin_add_overflow(sum, v->minor, &sum))
			return fail(why, ERR_LIMIT, "the sum of the levies does not fit");
	}
	*ret = sum;
	return ERR_NONE;
}

/* ---- what goes back ---- */

/* The way back through those who paid, the last first. */
struct way_back {
	const struct case_account *c;
	uint32_t next; /* payers before this one are left */
	int64_t left;  /* of the payer that is next */
};

static struct way_back way_back(const struct case_account *c)
{
	const uint32_t n = c->payers.n;

	return (struct way_back){c, n, n ? c->payers.v[n - 1].minor : 0};
}

static void give_back(struct arena *a, struct posting *p, struct way_back *w, struct end from,
		      int64_t minor)
{
	while (minor > 0) {
		int64_t part = minor < w->left ? minor : w->left;

		BUG_ON(!w->next); /* what the payers paid adds up to c->paid */
		room_move(a, p, from, prepaid_of(w->c->payers.v[w->next - 1].holder), part);
		minor -= part;
		w->left -= part;
		if (!w->left && --w->next)
			w->left = w->c->payers.v[w->next - 1].minor;
	}
}

/* ---- raising ---- */

/* What is raised becomes `levies`, levy by levy. */
static void post_difference(struct arena *a, struct posting *p, const struct case_account *c,
			    const struct levy_sums *levies)
{
	const struct levy_sum *old = c->raised.list.v, *new = levies->list.v;
	uint32_t i = 0, k = 0;

	while (i < c->raised.list.n || k < levies->list.n) {
		const int order = i == c->raised.list.n ? 1
				  : k == levies->list.n ? -1
							: span_compare(old[i].levy, new[k].levy);
		const struct span levy = order > 0 ? new[k].levy : old[i].levy;
		/* both are at least zero: the difference fits */
		const int64_t more =
		    (order >= 0 ? new[k].minor : 0) - (order <= 0 ? old[i].minor : 0);

		if (more > 0)
			room_move(a, p, due_of(c), revenue_of(levy), more);
		if (more < 0)
			room_move(a, p, revenue_of(levy), due_of(c), -more);
		i += order <= 0;
		k += order >= 0;
	}
}

enum err ledger_raise(struct arena *a, const struct case_account *c, const struct levy_sums *levies,
		      struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_RAISE, &c->currency);
	int64_t due = 0;
	enum err e = check_case(c, why);

	if (!e)
		e = add_up(levies, &due, why);
	if (!e && (c->due || c->paid))
		e = fail(why, ERR_CONFLICT, "this case has been raised already");
	if (e)
		return e;
	post_difference(a, &p, c, levies);
	*ret = p;
	return ERR_NONE;
}

static enum err change(struct arena *a, enum posting_kind kind, const struct case_account *c,
		       const struct levy_sums *levies, enum overpaid overpaid, struct posting *ret,
		       struct cause *why)
{
	struct posting p = room_posting(kind, &c->currency);
	struct way_back back = way_back(c);
	int64_t due = 0;
	enum err e = check_case(c, why);

	if (!e)
		e = add_up(levies, &due, why);
	if (e)
		return e;
	post_difference(a, &p, c, levies);
	if (overpaid == OVERPAID_RETURNS && c->paid > due)
		give_back(a, &p, &back, due_of(c), c->paid - due);
	*ret = p;
	return ERR_NONE;
}

enum err ledger_reraise(struct arena *a, const struct case_account *c,
			const struct levy_sums *levies, enum overpaid overpaid, struct posting *ret,
			struct cause *why)
{
	return change(a, POSTING_RERAISE, c, levies, overpaid, ret, why);
}

enum err ledger_reverse(struct arena *a, const struct case_account *c, struct posting *ret,
			struct cause *why)
{
	return change(a, POSTING_REVERSE, c, &(struct levy_sums){0}, OVERPAID_RETURNS, ret, why);
}

/* ---- paying ---- */

static enum err check_payer(const struct case_account *c, struct span payer, struct cause *why)
{
	bool known = c->payers.n < LIMIT_PAYERS;

	for (uint32_t i = 0; i < c->payers.n && !known; i++)
		known = span_equal(c->payers.v[i].holder, payer);
	return known ? ERR_NONE
		     : fail(why, ERR_LIMIT, "at most %d parties pay for one case", LIMIT_PAYERS);
}

static enum err check_payment(const struct case_account *c, struct span payer, int64_t minor,
			      struct cause *why)
{
	enum err e = check_case(c, why);

	if (!e)
		e = room_check_party(payer, why);
	if (!e)
		e = room_check_amount(minor, why);
	if (!e && minor > ledger_case_open(c))
		e = fail(why, ERR_CONFLICT, "this is more than the case still owes");
	return e ? e : check_payer(c, payer, why);
}

static enum err check_prepaid(int64_t prepaid, int64_t minor, struct cause *why)
{
	return minor <= prepaid ? ERR_NONE
				: fail(why, ERR_CONFLICT,
				       "the prepaid account has less than is to be taken from it");
}

enum err ledger_receive(struct arena *a, const struct case_account *c, int64_t minor,
			struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_RECEIVE, &c->currency);
	enum err e = check_payment(c, c->holder, minor, why);

	if (e)
		return e;
	room_move(a, &p, (struct end){LEDGER_TREASURY, ACCOUNT_CASH, {0}}, due_of(c), minor);
	*ret = p;
	return ERR_NONE;
}

enum err ledger_pay(struct arena *a, const struct case_account *c, struct span payer,
		    int64_t prepaid, int64_t minor, struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_PAY, &c->currency);
	enum err e = check_payment(c, payer, minor, why);

	if (!e)
		e = check_prepaid(prepaid, minor, why);
	if (e)
		return e;
	room_move(a, &p, prepaid_of(payer), due_of(c), minor);
	*ret = p;
	return ERR_NONE;
}

/* ---- security ---- */

static enum err check_security(const struct case_account *c, struct span surety, int64_t minor,
			       struct cause *why)
{
	enum err e = check_case(c, why);

	if (!e)
		e = room_check_party(surety, why);
	if (!e)
		e = room_check_amount(minor, why);
	if (!e && c->sureties.n >= LIMIT_PAYERS)
		e = fail(why, ERR_LIMIT, "a case has at most %d sureties", LIMIT_PAYERS);
	return e;
}

enum err ledger_secure(struct arena *a, const struct case_account *c, struct span surety,
		       int64_t prepaid, int64_t minor, struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_SECURE, &c->currency);
	enum err e = check_security(c, surety, minor, why);

	if (!e)
		e = check_prepaid(prepaid, minor, why);
	if (e)
		return e;
	room_move(a, &p, prepaid_of(surety), (struct end){surety, ACCOUNT_SECURITY, {0}}, minor);
	*ret = p;
	return ERR_NONE;
}

enum err ledger_secure_by_guarantee(struct arena *a, const struct case_account *c,
				    const struct surety *by, int64_t left, struct posting *ret,
				    struct cause *why)
{
	struct posting p = room_posting(POSTING_SECURE, &c->currency);
	enum err e = check_security(c, by->holder, by->minor, why);

	if (!e && (!by->guarantee.n || by->guarantee.n > LIMIT_REFERENCE_BYTES))
		e = fail(why, ERR_USAGE, "a guarantee has a reference of at most %d characters",
			 LIMIT_REFERENCE_BYTES);
	if (!e && by->minor > left)
		e = fail(why, ERR_CONFLICT, "less of the guarantee is left than is to be secured");
	if (e)
		return e;
	room_move(a, &p, (struct end){LEDGER_TREASURY, ACCOUNT_GUARANTEES, {0}},
		  (struct end){by->holder, ACCOUNT_GUARANTEE, by->guarantee}, by->minor);
	*ret = p;
	return ERR_NONE;
}

static int64_t money_set_aside(const struct case_account *c)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < c->sureties.n; i++)
		if (!c->sureties.v[i].guarantee.n)
			sum += c->sureties.v[i].minor; /* at most c->secured, which fits */
	return sum;
}

enum err ledger_call(struct arena *a, const struct case_account *c, int64_t minor,
		     struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_CALL, &c->currency);
	enum err e = check_payment(c, c->holder, minor, why);

	if (!e && minor > money_set_aside(c))
		e = fail(why, ERR_CONFLICT, "less money was set aside than is called for");
	for (uint32_t i = 0; i < c->sureties.n && !e && minor; i++) {
		const struct surety *s = &c->sureties.v[i];
		const int64_t part = minor < s->minor ? minor : s->minor;

		if (s->guarantee.n)
			continue;
		e = check_payer(c, s->holder, why);
		room_move(a, &p, (struct end){s->holder, ACCOUNT_SECURITY, {0}}, due_of(c), part);
		minor -= part;
	}
	if (!e)
		*ret = p;
	return e;
}

enum err ledger_discharge(struct arena *a, const struct case_account *c, struct posting *ret,
			  struct cause *why)
{
	struct posting p = room_posting(POSTING_DISCHARGE, &c->currency);
	enum err e = check_case(c, why);

	if (!e && ledger_case_open(c))
		e = fail(why, ERR_CONFLICT, "the case still owes what its security stands for");
	if (e)
		return e;
	for (uint32_t i = 0; i < c->sureties.n; i++) {
		const struct surety *s = &c->sureties.v[i];

		if (s->guarantee.n)
			room_move(a, &p, (struct end){s->holder, ACCOUNT_GUARANTEE, s->guarantee},
				  (struct end){LEDGER_TREASURY, ACCOUNT_GUARANTEES, {0}}, s->minor);
		else
			room_move(a, &p, (struct end){s->holder, ACCOUNT_SECURITY, {0}},
				  prepaid_of(s->holder), s->minor);
	}
	*ret = p;
	return ERR_NONE;
}

/* ---- giving back ---- */

/* Of what is charged, split over the levies in proportion to it. No part is more than its levy: minor is at most their sum. */
static enum err refund_levies(struct arena *a, struct posting *p, struct way_back *back,
			      int64_t minor, struct cause *why)
{
	const struct levy_sums *raised = &back->c->raised;
	const uint32_t n = raised->list.n;
	int64_t *weight = ARENA_ARRAY(a, int64_t, n + 1);
	struct money *part = ARENA_ARRAY(a, struct money, n + 1);
	enum err e;

	for (uint32_t i = 0; i < n; i++)
		weight[i] = raised->list.v[i].minor;
	e = money_apportion((struct money){minor}, weight, n, part);
	if (e)
		return fail(why, e, "what is given back cannot be split over the levies");
	for (uint32_t i = 0; i < n; i++)
		give_back(a, p, back, revenue_of(raised->list.v[i].levy), part[i].minor);
	return ERR_NONE;
}

enum err ledger_refund(struct arena *a, const struct case_account *c, int64_t minor,
		       struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_REFUND, &c->currency);
	struct way_back back = way_back(c);
	int64_t overpaid = ledger_case_overpaid(c);
	enum err e = check_case(c, why);

	if (!e)
		e = room_check_amount(minor, why);
	if (!e && minor > c->paid)
		e = fail(why, ERR_CONFLICT, "more is to be given back than was paid");
	if (e)
		return e;
	if (overpaid > minor)
		overpaid = minor;
	give_back(a, &p, &back, due_of(c), overpaid);
	if (minor > overpaid)
		e = refund_levies(a, &p, &back, minor - overpaid, why);
	if (!e)
		*ret = p;
	return e;
}
