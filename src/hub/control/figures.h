/* What was counted of the cases of some days. Not for callers of the hub. */
#ifndef CUSTOMHOUSE_HUB_CONTROL_FIGURES_H
#define CUSTOMHOUSE_HUB_CONTROL_FIGURES_H

#include "base/map.h"
#include "hub/control/case.h"
#include "hub/control/control.h"
#include "risk/missed.h"

/* Of the cases that something selected for control. Money in minor units. */
struct control_row {
	struct span id;
	int64_t selected, controlled, irregular;
	int64_t found;
	/* of the controlled: those for whose control the pack gives minutes of officers, these minutes, and what they found */
	int64_t timed, minutes, found_timed;
};
struct control_rows {
	struct map by_id;
	DICT_LIST(struct control_row *) list;
};

/* Ways of being selected. A case may have several. */
enum control_channel {
	CHANNEL_MANUAL,
	CHANNEL_RULE,
	CHANNEL_RANDOM,
	CHANNEL_RATE,
	CHANNEL_MISSED,
	CONTROL_CHANNELS
};
const char *control_channel_name(enum control_channel c);

/* Random picks that came to a result, of which nothing else selected, with a chapter of the tariff. */
struct control_chapter {
	struct span id;
	int64_t answered, irregular, found;
};
/* What such picks were found to be. */
struct control_code {
	struct span id;
	int64_t irregular;
};
enum { CONTROL_KEYS_MAX = 20000 }; /* rows of one kind */

struct control_figures {
	/* set by the caller */
	struct arena *arena; /* all that is found lies in it */
	struct store *store;
	struct versions *versions;
	const struct ruleset *rules; /* in force: which rules are restricted */
	bool cleared;                /* for targeting */
	int32_t from, to;
	/* what was found */
	struct control_row total, channel[CONTROL_CHANNELS];
	struct control_rows rules_by, lists, offices, months;
	struct missed_stratum stratum[MISSED_STRATA_MAX];
	uint32_t strata;
	int64_t waiting; /* of the picks: their control has not come to a result yet, and may */
	struct map chapters, codes;
	DICT_LIST(struct control_chapter *) chapter_list;
	DICT_LIST(struct control_code *) code_list;
	/* in no figure: decisions that cannot be read; declarations of days with several rates of the draw, or without one; picks
	 * whose declarations were erased */
	int64_t unreadable, without_rate, erased;
};

/* Counts the cases of one office. once: emptied again and again. In a snapshot, inside arena_run() of the figures' arena.
 * ERR_LIMIT: there are more rows, or rates, than can be told. */
enum err control_count(struct control_figures *f, struct span office, struct arena *once,
		       struct cause *why) MUST_CHECK;
/* As JSON. digits, currency: of national money. Inside arena_run(). */
void control_write(struct json_writer *w, const struct control_figures *f,
		   const struct control_order *order, struct span currency, unsigned digits);

#endif
