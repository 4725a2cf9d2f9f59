#include "model/facts.h"

static const char *const lane_names[] = {
    [LANE_NONE] = "none",     [LANE_GREEN] = "green", [LANE_BLUE] = "blue",
    [LANE_YELLOW] = "yellow", [LANE_RED] = "red",
};

const char *lane_name(enum lane l)
{
	return lane_names[l];
}

enum lane lane_by_name(struct span s)
{
	for (uint32_t i = 0; i < ARRAY_LEN(lane_names); i++)
		if (span_is(s, lane_names[i]))
			return (enum lane)i;
	return LANE_NONE;
}

const struct draw *facts_draw(const struct facts *f, struct span purpose)
{
	for (uint32_t i = 0; i < f->draws.n; i++)
		if (span_equal(f->draws.v[i].purpose, purpose))
			return &f->draws.v[i];
	return NULL;
}

void facts_add_history(struct arena *a, struct facts *f, const struct history_fact *h)
{
	struct history_fact *new;

	if (!f->history_by.arena)
		f->history_by = map_in(a);
	new = arena_push(a, (void **)&f->history.v, &f->history.n, &f->history.room, sizeof(*new));
	*new = *h;
	/* by its number: the list may move as it grows */
	map_put(&f->history_by, h->subject, (void *)(uintptr_t)f->history.n);
}

const struct history_fact *facts_history(const struct facts *f, struct span subject)
{
	uintptr_t at = f->history_by.count ? (uintptr_t)map_get(&f->history_by, subject) : 0;

	return at ? &f->history.v[at - 1] : NULL;
}

static const char *const way_names[] = {"not", "now", "secured", "later"};

const char *quota_way_name(enum quota_way w)
{
	return way_names[w];
}

bool quota_way_by_name(struct span s, enum quota_way *ret)
{
	for (uint32_t i = 0; i < ARRAY_LEN(way_names); i++)
		if (span_is(s, way_names[i])) {
			*ret = (enum quota_way)i;
			return true;
		}
	return false;
}

const struct quota_fact *facts_quota(const struct facts *f, struct span order)
{
	for (uint32_t i = 0; i < f->quotas.n; i++)
		if (span_equal(f->quotas.v[i].order, order))
			return &f->quotas.v[i];
	return NULL;
}

int32_t facts_day(const struct facts *f, enum legal_date which)
{
	return f->fixed_day[which] ? f->fixed_day[which] : f->legal_day;
}

void facts_fix_day(struct facts *f, enum legal_date which, int32_t day)
{
	f->fixed_day[which] = day == f->legal_day ? 0 : day;
}

const char *legal_date_name(enum legal_date which)
{
	static const char *const names[LEGAL_DATES] = {
	    [DATE_TARIFF] = "tariff_day",
	    [DATE_EXCHANGE] = "exchange_day",
	    [DATE_QUOTA] = "quota_day",
	    [DATE_STATISTICS] = "statistics_day",
	};

	return names[which];
}
