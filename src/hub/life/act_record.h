/* The event that an act is stored as, kind "act": what flow/ was given and what it made of it, so that it can be done again.
 *
 *     {"format":1,"act":"pay","by":"ann","roles":["trader"],"given":{"amount_minor":1200},
 *      "before":{...},"path":["paid","released"],"after":{...}}
 *
 * before and after are of life_write(). The moment is the event's own. A change of what flow_act() does takes a new format, and
 * the old way stays. */
#ifndef CUSTOMHOUSE_HUB_LIFE_ACT_RECORD_H
#define CUSTOMHOUSE_HUB_LIFE_ACT_RECORD_H

#include "codec/json.h"
#include "flow/flow.h"

enum { ACT_FORMAT = 1 };

struct act_record {
	struct flow_do given;
	struct flow_case before, after;
	struct flow_path path;
};

void act_record_write(struct text *to, const struct act_record *r);
/* at: of the event. Texts point into what was read. ERR_FORMAT. */
enum err act_record_read(const struct json *j, int64_t at, struct act_record *ret) MUST_CHECK;
/* Does flow_act() still make the same of it? Compares as written. Inside arena_run(). */
bool act_record_replays(struct arena *a, const struct act_record *r);

/* Acts that the trader is told of with their words: questions to it, and decisions against it or about what it asked for. Of all
 * others it sees what follows, and nothing of who did what. */
bool act_is_told(enum flow_act act);
/* Their members of an open object: act, reason, code, lane never. Nothing for other acts. */
void act_write_told(struct json_writer *w, const struct flow_do *d);

/* The names of roles, and of states passed, as arrays. */
void act_write_roles(struct json_writer *w, unsigned roles);
void act_write_path(struct json_writer *w, const struct flow_path *p);

#endif
