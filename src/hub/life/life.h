/* The life of a case in the store: what flow/ works on, as a row of the table `life`, as a member of an act's event, and made
 * from its first decision when no act was done on it yet. */
#ifndef CUSTOMHOUSE_HUB_LIFE_LIFE_H
#define CUSTOMHOUSE_HUB_LIFE_LIFE_H

#include "codec/json.h"
#include "flow/flow.h"
#include "store/store.h"

/* As an object, its one form; a member that says nothing is left out. */
void life_write(struct json_writer *w, const struct flow_case *c);
/* Texts point into what was read. ERR_FORMAT: not of life_write(). */
enum err life_read(const struct json *j, struct flow_case *ret) MUST_CHECK;

/* Members of an open object. What a trader may know: state and next. */
void life_write_view(struct json_writer *w, const struct flow_view *v);
void life_write_next(struct json_writer *w, const struct flow_view *v);
/* What officers see: state, lane, holds, examiner. */
void life_write_inside(struct json_writer *w, const struct flow_case *c);

/* The names of holds, as an array. */
void life_write_holds(struct json_writer *w, unsigned holds);

struct life {
	struct store_declaration row; /* the newest decision of the case */
	struct span party; /* bare id of the holder, whose debt it is; empty: nobody is named */
	struct flow_case now;
	int64_t seq; /* of the event that made it so */
};
/* The life of a case whose row was read. ERR_FORMAT: the stored body cannot be read. Outside arena_run(). */
enum err life_of(struct store *s, struct arena *a, const struct store_declaration *row,
		 struct life *ret, struct cause *why) MUST_CHECK;
/* The same, when what the table of lives has was read too: seq 0 and no body where it has nothing. */
enum err life_from(struct arena *a, const struct store_declaration *row, int64_t seq,
		   struct span body, struct life *ret, struct cause *why) MUST_CHECK;
/* Its first step: what the decision makes of a new case; ease_days as it says. path may be NULL. */
struct flow_case life_begin(const struct store_declaration *row, int64_t ease_days,
			    struct flow_path *path);
/* "importer/X" -> "X" */
struct span life_party(struct span holder);
/* Writes it over what stood there. Inside arena_run(). */
enum err life_put(struct store *s, struct arena *a, const struct life *l,
		  struct cause *why) MUST_CHECK;

#endif
