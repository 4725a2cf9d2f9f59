/* What another set of rules would have selected: past declarations selected with it again, and the difference told. Without
 * effect: decisions stay what they were.
 *
 * The log is read in order, by days (hub/chronicle/), and histories are built again as it goes: what the candidate asks of the
 * past is right as of each day, whether the rules of then asked for it or not. The lanes that an office gave on a day, and the
 * time of officers in an hour, are those of the candidate. How often a party was selected and found irregular is what the
 * decision says: the candidate's other selections were made by nobody. Values and what is due are those of the decision.
 *
 * A rule of the candidate holds from ever to its last day. Where it asks for a percentage that was not drawn for then, the draw
 * is the first 8 bytes of SHA-256("customhouse trial\n" reference 0x00 purpose): the same in every trial, and of no use to
 * foretell a real one. What would have been found in declarations that nobody controlled is not estimated. Officers and
 * auditors only. */
#ifndef CUSTOMHOUSE_HUB_EDITION_RULES_TRIAL_H
#define CUSTOMHOUSE_HUB_EDITION_RULES_TRIAL_H

#include "base/map.h"
#include "hub/chronicle/past.h"
#include "hub/edition/trade.h"
#include "hub/inforce.h"

/* Control before release: yellow or red. */
struct trial_row {
	struct span key;
	int64_t declarations;
	int64_t then, now; /* of them selected for control, by the decision and by the candidate */
	int64_t lane_now[LANE_RED + 1], lane_then[LANE_RED + 1];
	/* of those that were controlled: found irregular, and how many of these the candidate selects; found clean, likewise */
	int64_t irregular, irregular_kept, clean, clean_kept;
	int64_t due_then, due_now; /* duties and taxes of what is selected */
};
struct trial_rows {
	struct map by_key;
	DICT_LIST(struct trial_row *) list;
};

enum trial_by {
	TRIAL_OFFICE,
	TRIAL_TRADER, /* "importer/ID", "exporter/ID" */
	TRIAL_SIZE, /* of the trader: declarations accepted before, "0", "1-9", "10-99", "100-999", "1000-" */
	TRIAL_ORIGIN, /* of the first item */
	TRIAL_BYS
};
const char *trial_by_name(enum trial_by by);

/* A candidate's rule: how it did. */
struct trial_rule {
	int64_t hits, selected, irregular, clean;
};

/* A declaration that comes out otherwise. */
struct trial_change {
	struct span reference, office,
	    rules; /* ids of the candidate's rules that select it, a blank between */
	enum lane then, now;
	bool irregular;
};
enum { TRIAL_EXAMPLES = 20 };

/* A declaration as it was selected, for tests. */
struct trial_seen {
	const struct chronicle_case *c;
	const struct facts *facts;
	const struct selection *selection;
};

struct rules_trial {
	/* set by the caller */
	const struct inforce
	    *with; /* the candidate's rules, with the tables and lists that they are about */
	struct trade trade; /* from, to, stop, progress with its context */
	/* One at a time. NULL: nobody asks */
	void (*see)(void *context, const struct trial_seen *s);
	void *see_context;
	/* what was found; lies in arena */
	struct arena *arena;
	struct trial_row total;
	struct trial_rows by[TRIAL_BYS];
	struct trial_rule *rules; /* as risk_rule_at() has them */
	struct trial_change gained[TRIAL_EXAMPLES], lost[TRIAL_EXAMPLES];
	uint32_t gained_count, lost_count; /* of the examples */
	int64_t incomplete;                /* decisions without an assessment: in no sum */
};

/* h was opened with HUB_READ. ERR_BUSY: it was stopped. What was found stays until rules_trial_free(). */
enum err hub_try_rules(struct hub *h, struct rules_trial *t, struct cause *why) MUST_CHECK;
void rules_trial_free(struct rules_trial *t);

/* As JSON, rows of each kind by how much changes for them, at most `most`; and for people. Inside arena_run(). */
void rules_trial_write(struct text *to, const struct rules_trial *t, uint32_t most);
void rules_trial_write_text(struct text *to, const struct rules_trial *t);

#endif
