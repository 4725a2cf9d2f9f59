/* Numbers of references. One process takes them as it needs them, in the transaction that uses them. Several nodes would wait for
 * one another's commits: each takes a range now and then, and what it has not used when it stops is never used. */
#include "base/date.h"
#include "hub/house.h"

enum { RANGE = 1024 };

int64_t house_year(const struct batch *b)
{
	int year, month, day;

	day_split(day_of(b->now, ref_zone_minutes(b->inforce->ref)), &year, &month, &day);
	return year;
}

static enum err take_range(struct hub *h, int64_t year, struct cause *why)
{
	enum err e = store_take_numbers(h->store, HUB_OFFICE, year, RANGE, &h->range_next, why);

	if (e)
		return e;
	h->range_year = year;
	h->range_left = RANGE;
	h->range_fresh = true;
	return ERR_NONE;
}

enum err house_take_numbers(struct hub *h, int64_t year, uint32_t n, int64_t *ret_first,
			    struct cause *why)
{
	enum err e = ERR_NONE;

	BUG_ON(n > RANGE);
	if (!h->node)
		return store_take_numbers(h->store, HUB_OFFICE, year, n, ret_first, why);
	if (h->range_year != year || h->range_left < n)
		e = take_range(h, year, why);
	if (e)
		return e;
	*ret_first = h->range_next;
	h->range_next += n;
	h->range_left -= n;
	return ERR_NONE;
}
