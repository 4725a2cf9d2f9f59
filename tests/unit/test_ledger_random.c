/* Random sequences of postings against a model that knows nothing of double entry: it counts what each case and holder has. */
#include "base/prng.h"
#include "ledger/ledger.h"

#include "unit.h"

enum { HOLDERS = 4, CASES = 3, NAMES = 4, STEPS = 400, SEEDS = 40 };

static const struct ledger_currency currency = {{"XLD", 3, 0}, 2};
static const char *const holder_name[HOLDERS] = {"LF1", "LF2", "LF9", "BANK"};
static const char *const levy_name[NAMES] = {"A00", "A10", "B00", "VAT"};

/* One case, counted plainly. */
struct plain_case {
	int debtor;
	int64_t levy[NAMES];
	int64_t paid[HOLDERS];
	int order[HOLDERS], payers; /* who paid, in the order of the first payment */
	int64_t money[HOLDERS];     /* set aside */
	int asides[HOLDERS], aside_count;
	int64_t guarantee; /* of BANK, one a case */
};
struct plain {
	int64_t prepaid[HOLDERS], cash;
	struct plain_case c[CASES];
};

struct world {
	struct arena *arena;
	struct prng random;
	struct ledger_book book;
	struct case_account c[CASES];
	struct plain plain;
	DICT_LIST(struct posting) all;
	uint32_t taken, refused;
	uint32_t done[POSTINGS];
};

static struct span name(int holder)
{
	return span_of(holder_name[holder]);
}

/* ---- the model ---- */

static int64_t sum(const int64_t *v, int n)
{
	int64_t s = 0;

	for (int i = 0; i < n; i++)
		s += v[i];
	return s;
}

static int64_t open_of(const struct plain_case *c)
{
	const int64_t open = sum(c->levy, NAMES) - sum(c->paid, HOLDERS);

	return open > 0 ? open : 0;
}

static void list_add(int *list, int *n, int holder)
{
	for (int i = 0; i < *n; i++)
		if (list[i] == holder)
			return;
	list[(*n)++] = holder;
}

static void list_remove(int *list, int *n, int holder)
{
	int k = 0;

	for (int i = 0; i < *n; i++)
		if (list[i] != holder)
			list[k++] = list[i];
	*n = k;
}

static void plain_pay(struct plain_case *c, int holder, int64_t minor)
{
	list_add(c->order, &c->payers, holder);
	c->paid[holder] += minor;
}

/* One unit after the other, from the last payer. */
static void plain_give_back(struct plain *p, struct plain_case *c, int64_t minor)
{
	for (; minor > 0; minor--) {
		const int last = c->order[c->payers - 1];

		c->paid[last]--;
		p->prepaid[last]++;
		if (!c->paid[last])
			c->payers--;
	}
}

/* The largest remainders get what the division leaves, the earlier levy first. */
static void plain_split(const int64_t *weight, int64_t total, int64_t *part)
{
	const int64_t all = sum(weight, NAMES);
	int64_t rest[NAMES], left = total;

	for (int i = 0; i < NAMES; i++) {
		part[i] = total * weight[i] / all;
		rest[i] = total * weight[i] % all;
		left -= part[i];
	}
	for (; left > 0; left--) {
		int best = 0;

		for (int i = 1; i < NAMES; i++)
			if (rest[i] > rest[best])
				best = i;
		part[best]++;
		rest[best] = -1;
	}
}

/* ---- comparing ---- */

static void want(const struct world *w, struct span holder, const char *account, int64_t minor)
{
	const int64_t got = ledger_get(&w->book, holder, span_of(account), currency.code);

	if (got != minor)
		fail_msg("%.*s/%s: %lld, not %lld", SPAN_ARG(holder), account, (long long)got,
			 (long long)minor);
}

static void compare_balances(const struct world *w)
{
	const struct plain *p = &w->plain;
	int64_t guarantees = 0;

	for (int h = 0; h < HOLDERS; h++) {
		int64_t due = 0, security = 0;

		for (int k = 0; k < CASES; k++) {
			if (p->c[k].debtor == h)
				due += sum(p->c[k].levy, NAMES) - sum(p->c[k].paid, HOLDERS);
			security += p->c[k].money[h];
		}
		want(w, name(h), "due", due);
		want(w, name(h), "prepaid", -p->prepaid[h]);
		want(w, name(h), "security", -security);
	}
	for (int l = 0; l < NAMES; l++) {
		int64_t revenue = 0;

		for (int k = 0; k < CASES; k++)
			revenue += p->c[k].levy[l];
		want(w, LEDGER_TREASURY, arena_print(w->arena, "revenue/%s", levy_name[l]),
		     -revenue);
	}
	for (int k = 0; k < CASES; k++) {
		want(w, name(HOLDERS - 1), arena_print(w->arena, "guarantee/G%d", k),
		     -p->c[k].guarantee);
		guarantees += p->c[k].guarantee;
	}
	want(w, LEDGER_TREASURY, "guarantees", guarantees);
	want(w, LEDGER_TREASURY, "cash", p->cash);
}

static void compare_cases(const struct world *w)
{
	for (int k = 0; k < CASES; k++) {
		const struct plain_case *p = &w->plain.c[k];
		const struct case_account *c = &w->c[k];

		assert_true(c->due == sum(p->levy, NAMES));
		assert_true(c->paid == sum(p->paid, HOLDERS));
		assert_true(c->secured == sum(p->money, HOLDERS) + p->guarantee);
		assert_int_equal(c->payers.n, p->payers);
		for (uint32_t i = 0; i < c->payers.n; i++) {
			assert_true(span_equal(c->payers.v[i].holder, name(p->order[i])));
			assert_true(c->payers.v[i].minor == p->paid[p->order[i]]);
		}
	}
}

/* What the books are for: all balances of a currency add up to zero, and none stands on the wrong side. */
static void balanced(const struct ledger_book *book)
{
	int64_t total = 0;

	for (uint32_t i = 0; i < book->pages.n; i++)
		for (uint32_t k = 0; k < book->pages.v[i]->balances.n; k++) {
			const struct ledger_balance *b = &book->pages.v[i]->balances.v[k];

			total += b->minor;
			assert_true(ledger_balance_sound(book->pages.v[i]->holder, b));
		}
	assert_true(total == 0);
}

/* ---- steps ---- */

/* What came of it must be what the model expected; a posting is then taken. NULL: it belongs to no case. */
static bool settle(struct world *w, struct case_account *c, enum err e, bool expected,
		   const struct posting *p)
{
	struct posting *kept;
	struct cause why = {0};

	if ((e == ERR_NONE) != expected)
		fail_msg("step %u: %s, expected %s", w->taken + w->refused, err_name(e),
			 expected ? "to be taken" : "a refusal");
	if (e) {
		w->refused++;
		return false;
	}
	w->taken++;
	w->done[p->kind]++;
	if (ledger_post(&w->book, p, &why) || (c && ledger_case_add(w->arena, c, p, &why)))
		fail_msg("step %u: %s", w->taken, why.text);
	kept = arena_push(w->arena, (void **)&w->all.v, &w->all.n, &w->all.room, sizeof(*kept));
	*kept = *p;
	return true;
}

/* Small amounts, so that limits are met often; now and then none, or less. */
static int64_t amount(struct world *w)
{
	return prng_chance(&w->random, 20000) ? prng_between(&w->random, -1, 0)
					      : prng_between(&w->random, 1, 90);
}

static void step_levies(struct world *w, int k)
{
	struct plain_case *p = &w->plain.c[k];
	const bool reverse = prng_chance(&w->random, 150000),
		   back = reverse || prng_chance(&w->random, 500000);
	const bool first = !sum(p->levy, NAMES) && !sum(p->paid, HOLDERS);
	struct levy_sums s = {0};
	int64_t next[NAMES] = {0}, overpaid;
	struct posting posting;
	enum err e;

	for (int l = 0; l < NAMES && !reverse; l++) {
		struct levy_sum *v;

		next[l] = prng_chance(&w->random, 300000) ? 0 : prng_between(&w->random, 1, 70);
		if (!next[l])
			continue;
		v = arena_push(w->arena, (void **)&s.list.v, &s.list.n, &s.list.room, sizeof(*v));
		*v = (struct levy_sum){span_of(levy_name[l]), next[l]};
	}
	if (reverse)
		e = ledger_reverse(w->arena, &w->c[k], &posting, NULL);
	else if (first)
		e = ledger_raise(w->arena, &w->c[k], &s, &posting, NULL);
	else
		e = ledger_reraise(w->arena, &w->c[k], &s, back ? OVERPAID_RETURNS : OVERPAID_STAYS,
				   &posting, NULL);
	if (!settle(w, &w->c[k], e, true, &posting))
		return;
	memcpy(p->levy, next, sizeof(next));
	overpaid = sum(p->paid, HOLDERS) - sum(p->levy, NAMES);
	if (back && overpaid > 0)
		plain_give_back(&w->plain, p, overpaid);
}

static void step_money(struct world *w, int holder)
{
	const int64_t minor = amount(w);
	const bool out = prng_chance(&w->random, 300000);
	int64_t *prepaid = &w->plain.prepaid[holder];
	struct posting p;
	enum err e = out ? ledger_withdraw(w->arena, &currency, name(holder),
					   ledger_prepaid(&w->book, name(holder), currency.code),
					   minor, &p, NULL)
			 : ledger_deposit(w->arena, &currency, name(holder), minor, &p, NULL);

	if (!settle(w, NULL, e, minor > 0 && (!out || minor <= *prepaid), &p))
		return;
	*prepaid += out ? -minor : minor;
	w->plain.cash += out ? -minor : minor;
}

static void step_pay(struct world *w, int k, int holder)
{
	struct plain_case *c = &w->plain.c[k];
	const int64_t minor = amount(w);
	struct posting p;
	const enum err e =
	    ledger_pay(w->arena, &w->c[k], name(holder),
		       ledger_prepaid(&w->book, name(holder), currency.code), minor, &p, NULL);

	if (!settle(w, &w->c[k], e,
		    minor > 0 && minor <= open_of(c) && minor <= w->plain.prepaid[holder], &p))
		return;
	w->plain.prepaid[holder] -= minor;
	plain_pay(c, holder, minor);
}

static void step_receive(struct world *w, int k)
{
	struct plain_case *c = &w->plain.c[k];
	const int64_t minor = amount(w);
	struct posting p;
	const enum err e = ledger_receive(w->arena, &w->c[k], minor, &p, NULL);

	if (!settle(w, &w->c[k], e, minor > 0 && minor <= open_of(c), &p))
		return;
	w->plain.cash += minor;
	plain_pay(c, c->debtor, minor);
}

static void step_secure(struct world *w, int k, int holder)
{
	struct plain_case *c = &w->plain.c[k];
	const int64_t minor = amount(w);
	struct posting p;
	const bool guaranteed = prng_chance(&w->random, 400000);
	const enum err e =
	    guaranteed ? ledger_secure_by_guarantee(
			     w->arena, &w->c[k],
			     &(struct surety){name(HOLDERS - 1),
					      span_of(arena_print(w->arena, "G%d", k)), minor},
			     minor, &p, NULL)
		       : ledger_secure(w->arena, &w->c[k], name(holder),
				       ledger_prepaid(&w->book, name(holder), currency.code), minor,
				       &p, NULL);

	if (!settle(w, &w->c[k], e, minor > 0 && (guaranteed || minor <= w->plain.prepaid[holder]),
		    &p))
		return;
	if (guaranteed) {
		c->guarantee += minor;
		return;
	}
	list_add(c->asides, &c->aside_count, holder);
	w->plain.prepaid[holder] -= minor;
	c->money[holder] += minor;
}

static void step_call(struct world *w, int k)
{
	struct plain_case *c = &w->plain.c[k];
	int64_t minor = amount(w);
	struct posting p;
	const enum err e = ledger_call(w->arena, &w->c[k], minor, &p, NULL);

	if (!settle(w, &w->c[k], e,
		    minor > 0 && minor <= open_of(c) && minor <= sum(c->money, HOLDERS), &p))
		return;
	for (; minor > 0; minor--) {
		const int first = c->asides[0];

		c->money[first]--;
		plain_pay(c, first, 1);
		if (!c->money[first])
			list_remove(c->asides, &c->aside_count, first);
	}
}

static void step_discharge(struct world *w, int k)
{
	struct plain_case *c = &w->plain.c[k];
	struct posting p;
	const enum err e = ledger_discharge(w->arena, &w->c[k], &p, NULL);

	if (!settle(w, &w->c[k], e, open_of(c) == 0, &p))
		return;
	for (int h = 0; h < HOLDERS; h++) {
		w->plain.prepaid[h] += c->money[h];
		c->money[h] = 0;
	}
	c->aside_count = 0;
	c->guarantee = 0;
}

static void step_refund(struct world *w, int k)
{
	struct plain_case *c = &w->plain.c[k];
	const int64_t minor = amount(w), paid = sum(c->paid, HOLDERS);
	int64_t overpaid = paid - sum(c->levy, NAMES), part[NAMES];
	struct posting p;
	const enum err e = ledger_refund(w->arena, &w->c[k], minor, &p, NULL);

	if (!settle(w, &w->c[k], e, minor > 0 && minor <= paid, &p))
		return;
	if (overpaid < 0)
		overpaid = 0;
	if (minor > overpaid) {
		plain_split(c->levy, minor - overpaid, part);
		for (int l = 0; l < NAMES; l++)
			c->levy[l] -= part[l];
	}
	plain_give_back(&w->plain, c, minor);
}

static void step(struct world *w)
{
	const int k = (int)prng_below(&w->random, CASES);
	const int holder = (int)prng_below(&w->random, HOLDERS);

	switch (prng_below(&w->random, 10)) {
	case 0:
		step_levies(w, k);
		return;
	case 1:
	case 2:
		step_money(w, holder);
		return;
	case 3:
	case 4:
		step_pay(w, k, holder);
		return;
	case 5:
		step_receive(w, k);
		return;
	case 6:
		step_secure(w, k, holder);
		return;
	case 7:
		step_call(w, k);
		return;
	case 8:
		step_discharge(w, k);
		return;
	default:
		step_refund(w, k);
		return;
	}
}

/* ---- sequences ---- */

/* Added up from the last to the first, the balances are the same. */
static void add_backwards(const struct world *w)
{
	struct ledger_book other = ledger_book_in(w->arena);
	struct cause why = {0};

	for (uint32_t i = w->all.n; i > 0; i--)
		if (ledger_add(&other, &w->all.v[i - 1], &why))
			fail_msg("posting %u: %s", i, why.text);
	for (uint32_t i = 0; i < w->book.pages.n; i++)
		for (uint32_t k = 0; k < w->book.pages.v[i]->balances.n; k++) {
			const struct ledger_balance *b = &w->book.pages.v[i]->balances.v[k];

			assert_true(ledger_get(&other, w->book.pages.v[i]->holder, b->account,
					       b->currency) == b->minor);
		}
}

struct run {
	struct arena *arena;
	uint64_t seed;
	uint32_t done[POSTINGS], refused;
};

static void sequence(void *context)
{
	struct run *r = context;
	struct world *w = ARENA_NEW(r->arena, struct world);

	w->arena = r->arena;
	w->random = prng_of(r->seed, 1);
	w->book = ledger_book_in(r->arena);
	for (int k = 0; k < CASES; k++) {
		w->plain.c[k].debtor = k % 2;
		w->c[k] = (struct case_account){.holder = name(k % 2), .currency = currency};
	}
	for (int i = 0; i < STEPS; i++) {
		step(w);
		compare_balances(w);
		compare_cases(w);
		balanced(&w->book);
	}
	add_backwards(w);
	for (int k = 0; k < POSTINGS; k++)
		r->done[k] += w->done[k];
	r->refused += w->refused;
}

static void test_any_sequence_leaves_what_a_plain_count_says(void **state)
{
	struct run r = {.arena = *state};

	for (r.seed = 1; r.seed <= SEEDS; r.seed++) {
		arena_reset(*state);
		if (arena_run(*state, sequence, &r))
			fail_msg("seed %llu: no memory", (unsigned long long)r.seed);
	}
	/* the sequences went everywhere */
	for (int k = 0; k < POSTINGS; k++)
		if (r.done[k] < 20)
			fail_msg("only %u of \"%s\"", r.done[k],
				 ledger_kind_name((enum posting_kind)k));
	assert_true(r.refused > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_any_sequence_leaves_what_a_plain_count_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
