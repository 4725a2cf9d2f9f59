/* The account of a case: what its postings have come to, and the levies of a version. */
#include "base/limits.h"
#include "ledger/room.h"

/* ---- levies ---- */

/* Adds minor, which may be negative, to the charge of a levy; a charge that comes to nothing goes. */
static enum err add_levy(struct arena *a, struct levy_sums *c, struct span levy, int64_t minor,
			 struct cause *why)
{
	uint32_t at = 0;
	struct levy_sum *v;

	while (at < c->list.n && span_compare(c->list.v[at].levy, levy) < 0)
		at++;
	if (at == c->list.n || !span_equal(c->list.v[at].levy, levy)) {
		arena_push(a, (void **)&c->list.v, &c->list.n, &c->list.room, sizeof(*v));
		v = c->list.v;
		memmove(&v[at + 1], &v[at], (c->list.n - 1 - at) * sizeof(*v));
		v[at] = (struct levy_sum){levy, 0};
	}
	v = c->list.v;
	if (__builtin_add_overflow(v[at].minor, minor, &v[at].minor))
		return fail(why, ERR_LIMIT, "the levy %.*s does not fit", SPAN_ARG(levy));
	if (v[at].minor == 0) {
		c->list.n--;
		memmove(&v[at], &v[at + 1], (c->list.n - at) * sizeof(*v));
	}
	return ERR_NONE;
}

enum err ledger_levies(struct arena *a, const struct assessment *s, struct levy_sums *ret,
		       struct cause *why)
{
	struct levy_sums c = {0};
	int64_t sum = 0;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < s->lines.n && !e; i++)
		if (s->lines.v[i].state == TAX_DUE && s->lines.v[i].amount.minor)
			e = add_levy(a, &c, s->lines.v[i].levy, s->lines.v[i].amount.minor, why);
	for (uint32_t i = 0; i < c.list.n && !e; i++) {
		if (c.list.v[i].minor < 0)
			e = fail(why, ERR_USAGE, "the levy %.*s comes to less than zero",
				 SPAN_ARG(c.list.v[i].levy));
		else if (__builtin_add_overflow(sum, c.list.v[i].minor, &sum))
			e = fail(why, ERR_LIMIT, "the sum of the levies does not fit");
	}
	if (!e && c.list.n > LIMIT_LEVIES)
		e = fail(why, ERR_LIMIT, "more than %d levies", LIMIT_LEVIES);
	if (!e && sum != s->total_due.minor)
		e = fail(why, ERR_USAGE, "the tax lines do not add up to the total that is due");
	if (!e)
		*ret = c;
	return e;
}

/* ---- adding a posting ---- */

int64_t ledger_case_open(const struct case_account *c)
{
	return c->due > c->paid ? c->due - c->paid : 0;
}

int64_t ledger_case_overpaid(const struct case_account *c)
{
	return c->paid > c->due ? c->paid - c->due : 0;
}

struct adding {
	struct arena *arena;
	struct case_account c;
	struct cause *why;
};

static enum err does_not_follow(struct adding *d, const char *what)
{
	return fail(d->why, ERR_CONFLICT, "this posting does not follow from those before: %s",
		    what);
}

/* *total += minor, which must stay within 0 .. INT64_MAX. */
static enum err count(struct adding *d, int64_t *total, int64_t minor, const char *what)
{
	int64_t sum;

	if (__builtin_add_overflow(*total, minor, &sum))
		return fail(d->why, ERR_LIMIT, "what a case comes to does not fit");
	if (sum < 0)
		return does_not_follow(d, what);
	*total = sum;
	return ERR_NONE;
}

static enum err charge(struct adding *d, struct span levy, int64_t minor)
{
	static const char what[] = "it takes back more than was raised";
	struct levy_sums *raised = &d->c.raised;
	enum err e = add_levy(d->arena, raised, levy, minor, d->why);

	for (uint32_t i = 0; i < raised->list.n && !e; i++)
		if (raised->list.v[i].minor < 0)
			e = does_not_follow(d, what);
	return e ? e : count(d, &d->c.due, minor, what);
}

static enum err paid(struct adding *d, struct span holder, int64_t minor)
{
	static const char what[] = "it gives back more than was paid";
	struct payer *v = d->c.payers.v;
	uint32_t i = 0;
	enum err e;

	while (i < d->c.payers.n && !span_equal(v[i].holder, holder))
		i++;
	if (i == d->c.payers.n) {
		v = arena_push(d->arena, (void **)&d->c.payers.v, &d->c.payers.n, &d->c.payers.room,
			       sizeof(*v));
		v->holder = holder;
	}
	v = d->c.payers.v;
	e = count(d, &v[i].minor, minor, what);
	if (!e && v[i].minor == 0) {
		d->c.payers.n--;
		memmove(&v[i], &v[i + 1], (d->c.payers.n - i) * sizeof(*v));
	}
	return e ? e : count(d, &d->c.paid, minor, what);
}

static enum err secured(struct adding *d, struct span holder, struct span guarantee, int64_t minor)
{
	static const char what[] = "it sets free more than was secured";
	struct surety *v = d->c.sureties.v;
	uint32_t i = 0;
	enum err e;

	while (i < d->c.sureties.n &&
	       !(span_equal(v[i].holder, holder) && span_equal(v[i].guarantee, guarantee)))
		i++;
	if (i == d->c.sureties.n) {
		v = arena_push(d->arena, (void **)&d->c.sureties.v, &d->c.sureties.n,
			       &d->c.sureties.room, sizeof(*v));
		v->holder = holder;
		v->guarantee = guarantee;
	}
	v = d->c.sureties.v;
	e = count(d, &v[i].minor, minor, what);
	if (!e && v[i].minor == 0) {
		d->c.sureties.n--;
		memmove(&v[i], &v[i + 1], (d->c.sureties.n - i) * sizeof(*v));
	}
	return e ? e : count(d, &d->c.secured, minor, what);
}

/* Every debt that a transfer touches is the debtor's; what stays with one holder stays with that holder. */
static enum err check_holders(struct adding *d, const struct transfer *t, enum account debit,
			      enum account credit)
{
	if ((debit == ACCOUNT_DUE && !span_equal(t->debit_holder, d->c.holder)) ||
	    (credit == ACCOUNT_DUE && !span_equal(t->credit_holder, d->c.holder)))
		return does_not_follow(d, "it is another's debt");
	if ((debit == ACCOUNT_SECURITY || credit == ACCOUNT_SECURITY) && credit != ACCOUNT_DUE &&
	    !span_equal(t->debit_holder, t->credit_holder))
		return does_not_follow(d, "it gives one party's security to another");
	return ERR_NONE;
}

/* ledger_check() has seen that the kind may do this. */
static enum err add_transfer(struct adding *d, const struct transfer *t)
{
	struct span from, to;
	const enum account debit = ledger_account_by_name(t->debit_holder, t->debit_account, &from);
	const enum account credit =
	    ledger_account_by_name(t->credit_holder, t->credit_account, &to);
	enum err e = check_holders(d, t, debit, credit);

	if (!e && credit == ACCOUNT_REVENUE)
		e = charge(d, to, t->minor);
	if (!e && debit == ACCOUNT_REVENUE)
		e = charge(d, from, -t->minor);
	if (!e && debit == ACCOUNT_SECURITY)
		e = secured(d, t->debit_holder, SPAN(""), -t->minor);
	if (!e && debit == ACCOUNT_GUARANTEE)
		e = secured(d, t->debit_holder, from, -t->minor);
	if (!e && credit == ACCOUNT_SECURITY)
		e = secured(d, t->credit_holder, SPAN(""), t->minor);
	if (!e && credit == ACCOUNT_GUARANTEE)
		e = secured(d, t->credit_holder, to, t->minor);
	if (!e && credit == ACCOUNT_DUE && debit != ACCOUNT_REVENUE)
		e = paid(d, debit == ACCOUNT_CASH ? t->credit_holder : t->debit_holder, t->minor);
	if (!e && credit == ACCOUNT_PREPAID && debit != ACCOUNT_SECURITY)
		e = paid(d, t->credit_holder, -t->minor);
	return e;
}

static void *copy_list(struct arena *a, const void *from, uint32_t n, size_t size)
{
	void *to = arena_array(a, size, n + 1);

	if (n)
		memcpy(to, from, n * size);
	return to;
}

#define COPY_LIST(arena, list)                                                                     \
	((list).v = copy_list((arena), (list).v, (list).n, sizeof(*(list).v)),                     \
	 (list).room = (list).n + 1)

enum err ledger_case_add(struct arena *a, struct case_account *ret_case, const struct posting *p,
			 struct cause *why)
{
	struct adding d = {a, *ret_case, why};
	enum err e = ledger_check(p, why);

	if (e || !p->transfers.n)
		return e;
	if (p->kind == POSTING_DEPOSIT || p->kind == POSTING_WITHDRAW)
		return does_not_follow(&d, "it belongs to no case");
	if (p->kind == POSTING_RAISE && !d.c.due && !d.c.paid)
		d.c.holder = p->transfers.v[0].debit_holder;
	if (!d.c.currency.code.n)
		d.c.currency = p->currency;
	if (!span_equal(d.c.currency.code, p->currency.code) ||
	    d.c.currency.digits != p->currency.digits)
		return does_not_follow(&d, "it is in another currency");
	COPY_LIST(a, d.c.raised.list);
	COPY_LIST(a, d.c.payers);
	COPY_LIST(a, d.c.sureties);
	for (uint32_t i = 0; i < p->transfers.n && !e; i++)
		e = add_transfer(&d, &p->transfers.v[i]);
	if (!e)
		*ret_case = d.c;
	return e;
}
