#include "stock/stock.h"

#include <string.h>

enum { MILLION = 1000000 };

const char *stock_measure_name(enum stock_measure m)
{
	static const char *const names[STOCK_MEASURES] = {"packages", "mass", "value", "quantity"};

	return names[m];
}

static const char *const stages[] = {"nothing", "reserved", "used"};

const char *stock_stage_name(enum stock_stage s)
{
	return stages[s];
}

bool stock_stage_by_name(const char *name, size_t n, enum stock_stage *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(stages); i++)
		if (strlen(stages[i]) == n && !memcmp(stages[i], name, n)) {
			*ret = (enum stock_stage)i;
			return true;
		}
	return false;
}

static bool is_measured(const struct stock_account *a, enum stock_measure m)
{
	return (a->measured >> m & 1) != 0;
}

static int64_t within(__int128 v)
{
	return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

static __int128 limit(const struct stock_account *a, const struct stock_tolerance *t,
		      enum stock_measure m)
{
	return a->granted.of[m] + (__int128)a->granted.of[m] * t->ppm[m] / MILLION;
}

static __int128 taken(const struct stock_account *a, enum stock_measure m)
{
	return (__int128)a->reserved.of[m] + a->used.of[m];
}

int64_t stock_left(const struct stock_account *a, const struct stock_tolerance *t,
		   const struct stock_hold *mine, enum stock_measure m)
{
	if (!is_measured(a, m))
		return INT64_MAX;
	return within(limit(a, t, m) - taken(a, m) + mine->amount.of[m]);
}

/* Adds a hold to where it is counted, or takes it away. false: no number holds it, or it was never there. */
static bool count(struct stock_account *a, const struct stock_hold *h, enum stock_measure m,
		  bool takes)
{
	int64_t *to = h->stage == STOCK_USED ? &a->used.of[m] : &a->reserved.of[m];
	const int64_t amount = h->stage == STOCK_NOTHING ? 0 : h->amount.of[m];
	const __int128 sum = (__int128)*to + (takes ? amount : -(__int128)amount);

	if (amount < 0 || sum < 0 || sum > INT64_MAX)
		return false;
	*to = (int64_t)sum;
	return true;
}

enum stock_refusal stock_move(const struct stock_account *before, const struct stock_tolerance *t,
			      const struct stock_hold *was, const struct stock_hold *becomes,
			      struct stock_account *after, enum stock_measure *ret_measure)
{
	struct stock_account a = *before;
	enum stock_measure m;

	*after = *before;
	for (m = 0; m < STOCK_MEASURES; m++) {
		*ret_measure = m;
		if (becomes->amount.of[m] > was->amount.of[m] &&
		    becomes->amount.of[m] > stock_left(before, t, was, m))
			return STOCK_OVER;
		if (!count(&a, was, m, false) || !count(&a, becomes, m, true))
			return STOCK_TOO_MUCH;
	}
	*after = a;
	return STOCK_DONE;
}

enum stock_refusal stock_grant(const struct stock_account *before, const struct stock_tolerance *t,
			       unsigned measured, const struct stock_amount *granted,
			       struct stock_account *after, enum stock_measure *ret_measure)
{
	struct stock_account a = *before;
	enum stock_measure m;

	*after = *before;
	a.granted = *granted;
	a.measured = measured;
	for (m = 0; m < STOCK_MEASURES; m++) {
		*ret_measure = m;
		if (granted->of[m] < 0)
			return STOCK_TOO_MUCH;
		if (is_measured(&a, m) && taken(&a, m) > limit(&a, t, m) &&
		    (!is_measured(before, m) || limit(&a, t, m) < limit(before, t, m)))
			return STOCK_OVER;
	}
	*after = a;
	return STOCK_DONE;
}

bool stock_untouched(const struct stock_account *a)
{
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (a->reserved.of[m] || a->used.of[m])
			return false;
	return true;
}

bool stock_open(const struct stock_account *a)
{
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (is_measured(a, m) && a->used.of[m] < a->granted.of[m])
			return true;
	return false;
}
