/* Reading the packs in force, for those who compare. */
#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"

struct reading {
	struct arena *arena;
	struct span *archive;
};

static enum err read_parts(struct store *s, void *context, struct cause *why)
{
	struct reading *r = context;
	struct text day = text_in(r->arena);
	enum err e = ERR_NONE;

	day_write(&day, day_of(clock_now(), 0));
	for (enum pack_part p = 0; p < PACK_PARTS && !e; p++) {
		struct span kind = span_of(pack_part_name(p));
		struct store_activation now;

		e = store_get_in_force(s, r->arena, kind, text_as_span(&day), INT64_MAX, &now, why);
		if (!e)
			e = store_get_version(s, r->arena, kind, &now.hash, &r->archive[p], why);
	}
	return e == ERR_NOT_FOUND ? fail(why, e, "no pack is in force in this store") : e;
}

enum err hub_get_pack(struct hub *h, struct arena *a, struct span ret_archive[PACK_PARTS],
		      struct cause *why)
{
	struct reading r = {a, ret_archive};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, read_parts, &r, why);
	house_close_reader(h, s);
	return e;
}
