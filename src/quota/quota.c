#include "quota/quota.h"

static const char *const states[QUOTA_STATES] = {
    [QUOTA_CLOSED] = "closed",       [QUOTA_SUSPENDED] = "suspended", [QUOTA_BLOCKED] = "blocked",
    [QUOTA_EXHAUSTED] = "exhausted", [QUOTA_CRITICAL] = "critical",   [QUOTA_OPEN] = "open",
};

const char *quota_state_name(enum quota_state s)
{
	return states[s];
}

enum quota_state quota_state_by_name(struct span s)
{
	enum quota_state i = 0;

	while (i < QUOTA_STATES && !span_is(s, states[i]))
		i++;
	return i;
}

int64_t quota_left(const struct ref_quota *q, const struct quota_account *a)
{
	return q->volume - a->taken; /* both are at least zero: it fits */
}

enum quota_state quota_counted(const struct ref_quota *q, const struct quota_account *a)
{
	if (quota_left(q, a) <= 0)
		return QUOTA_EXHAUSTED;
	switch (q->critical) {
	case CRITICAL_ALWAYS:
		return QUOTA_CRITICAL;
	case CRITICAL_NEVER:
		return QUOTA_OPEN;
	case CRITICAL_AUTO:
		break;
	}
	return (__int128)a->taken * 100 >= (__int128)q->volume * q->threshold ? QUOTA_CRITICAL
									      : QUOTA_OPEN;
}

enum quota_state quota_state(const struct refset *r, const struct ref_quota *q,
			     const struct quota_account *a, int32_t day)
{
	if (!q)
		return QUOTA_CLOSED;
	if (ref_quota_stop(r, q->order, STOP_SUSPENSION, day))
		return QUOTA_SUSPENDED;
	if (ref_quota_stop(r, q->order, STOP_BLOCKING, day))
		return QUOTA_BLOCKED;
	return quota_counted(q, a);
}

int64_t quota_of_parent(const struct ref_quota *sub, int64_t granted)
{
	const __int128 whole = (__int128)granted * sub->coefficient;
	const __int128 v = whole / QUOTA_MILLION + (whole % QUOTA_MILLION != 0);

	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

int64_t quota_within_parent(const struct ref_quota *sub, int64_t parent_left)
{
	const __int128 v = (__int128)parent_left * QUOTA_MILLION / sub->coefficient;

	return parent_left <= 0 ? 0 : v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

static bool is_sound(const struct quota_hold *h)
{
	return h->asked >= 0 && h->granted >= 0 && h->granted <= h->asked;
}

static bool count(int64_t *to, int64_t less, int64_t more)
{
	const __int128 v = (__int128)*to - less + more;

	if (v < 0 || v > INT64_MAX)
		return false;
	*to = (int64_t)v;
	return true;
}

static int64_t requested(const struct quota_hold *h)
{
	return h->decided ? 0 : h->asked - h->granted;
}

bool quota_move(const struct quota_account *before, const struct quota_hold *was,
		const struct quota_hold *becomes, struct quota_account *after)
{
	struct quota_account a = *before;

	if (!is_sound(was) || !is_sound(becomes) ||
	    !count(&a.taken, was->granted, becomes->granted) ||
	    !count(&a.requested, requested(was), requested(becomes)))
		return false;
	*after = a;
	return true;
}

bool quota_share(int64_t left, const int64_t *asked, uint32_t n, struct money *ret_granted)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		if (__builtin_add_overflow(sum, asked[i], &sum))
			return false;
	if (left < 0)
		left = 0;
	if (sum > left)
		return !money_apportion((struct money){left}, asked, n, ret_granted);
	for (uint32_t i = 0; i < n; i++)
		ret_granted[i].minor = asked[i];
	return true;
}
