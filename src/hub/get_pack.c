/* Reading the packs in force, for those who compare. */
#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"

struct reading {
	int32_t day;
	struct arena *arena;
	struct span *archive;
};

static enum err read_parts(struct store *s, void *context, struct cause *why)
{
	struct reading *r = context;
	struct text day = text_in(r->arena);
	enum err e = ERR_NONE;

	day_write(&day, r->day);
	for (enum pack_part p = 0; p < PACK_PARTS && !e; p++) {
		struct span kind = span_of(pack_part_name(p));
		struct store_activation now;

		e = store_get_in_force(s, r->arena, kind, text_as_span(&day), INT64_MAX, &now, why);
		if (!e)
			e = store_get_version(s, r->arena, kind, &now.hash, &r->archive[p], why);
	}
	return e == ERR_NOT_FOUND ? fail(why, e, "no pack is in force in this store") : e;
}

/* Which day it is, the pack's country says: it may be that of another zone. */
static enum err read_today(struct store *s, struct reading *r, struct cause *why)
{
	const int64_t now = clock_now();
	struct cause none = {0};
	struct pack_faults faults = {.arena = r->arena};
	struct inforce *loaded;
	enum err e = store_snapshot(s, read_parts, r, &none);

	if (e == ERR_NOT_FOUND) {
		r->day++; /* the country is ahead, and this is the first day of its first pack */
		e = store_snapshot(s, read_parts, r, why);
	} else if (e && why) {
		*why = none;
	}
	if (!e)
		e = inforce_load(r->archive, &loaded, &faults, why);
	if (e)
		return e;
	r->day = day_of(now, ref_zone_minutes(loaded->ref));
	inforce_release(loaded);
	return store_snapshot(s, read_parts, r, why);
}

enum err hub_get_pack(struct hub *h, struct arena *a, struct span ret_archive[PACK_PARTS],
		      struct cause *why)
{
	struct reading r = {day_of(clock_now(), 0), a, ret_archive};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = read_today(s, &r, why);
	house_close_reader(h, s);
	return e;
}
