/* What the files of hub/travel/ share. Not for others. */
#ifndef CUSTOMHOUSE_HUB_TRAVEL_TRAVEL_ROOM_H
#define CUSTOMHOUSE_HUB_TRAVEL_TRAVEL_ROOM_H

#include "hub/house.h"
#include "hub/travel/travels.h"

/* All that a declaration rests on. */
struct travel_case {
	struct travel_ask ask;
	int32_t day;
	struct span draw_day, commitment;
	uint64_t draw;
};

/* travel_write.c: the payload of its event: the one form. ERR_USAGE, ERR_LIMIT: as travel_assess(). Inside arena_run(). */
enum err travel_write(struct text *to, const struct travel_case *c, const struct inforce *i,
		      struct cause *why) MUST_CHECK;
/* Reads what travel_write() wrote. ERR_FORMAT. */
enum err travel_read(const struct json *payload, struct travel_case *ret) MUST_CHECK;

/* The members "day" to "lines" of an open object, for people. */
enum err travel_show(struct json_writer *w, const struct refset *r, int32_t day,
		     const struct travel_party *party, struct span language,
		     struct cause *why) MUST_CHECK;

/* The same of what was declared: as it stands in its event, whatever is in force now. */
void travel_show_stored(struct json_writer *w, const struct refset *r, const struct json *payload,
			struct span language);

#endif
