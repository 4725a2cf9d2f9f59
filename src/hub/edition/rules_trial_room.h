/* What the files of a trial of rules share: rules_trial.c reads the past, day by day, on several threads; trial_select.c selects
 * one declaration again; trial_count.c counts what came of it. */
#ifndef CUSTOMHOUSE_HUB_EDITION_RULES_TRIAL_ROOM_H
#define CUSTOMHOUSE_HUB_EDITION_RULES_TRIAL_ROOM_H

#include "hub/edition/rules_trial.h"
#include "hub/house.h"

/* What became of a case later, of those that something became of. */
struct trial_fate {
	int64_t stands; /* decision that is the case's; 0: the first */
	int64_t released_at;
	bool cancelled;
	enum flow_result result; /* of the last control */
};

/* Of holders, what they declared today before a case (struct party_history). */
struct trial_today {
	int64_t count[2], minor[2];
};

/* One office, in its order. One thread at a time has it. */
struct trial_office {
	uint32_t number;
	struct span code;
	struct chronicle_reader *cases, *events, *sizes;
	/* by how much the candidate's lanes of a day differ from those of then */
	int32_t day;
	int64_t more[LANE_RED + 1];
	/* minutes of officers in an hour: by the candidate's lanes, and by those of then */
	int64_t hour, minutes_now, minutes_then;
	struct trial_change gained[TRIAL_EXAMPLES], lost[TRIAL_EXAMPLES];
	uint32_t gained_count, lost_count;
	DICT_LIST(struct trial_today) today; /* of the day's cases, in order */
	uint32_t at;                         /* the next of them */
};

/* What one thread counts. */
struct trial_tally {
	struct arena *arena;
	struct trial_row total;
	struct trial_rows by[TRIAL_BYS];
	struct trial_rule *rules;
	int64_t incomplete, taken;
};

/* Draws that the candidate wants on a day. */
struct trial_purposes {
	int32_t day;
	bool known;
	struct span *name;
	chronicle_text *number; /* by which decisions may have drawn for it; 0: none did */
	uint32_t n;
};

struct trial_thread {
	struct trial_run *run;
	uint32_t number;
	struct arena *once;   /* of one case */
	struct arena *longer; /* of purposes */
	struct trial_tally tally;
	struct trial_purposes purposes;
	struct facts facts;
	enum err err;
	struct cause why;
};

struct trial_run {
	struct rules_trial *t;
	struct hub *hub;
	const struct ruleset *rules;
	struct chronicle *chronicle;
	struct past *past;
	const bool *wanted; /* columns */
	struct map fates;   /* reference -> struct trial_fate */
	chronicle_text tables;
	bool asks_today;
	struct trial_office *offices;
	uint32_t office_count;
	struct trial_thread thread[PAST_THREADS];
	uint32_t threads;
	int32_t day;
	pthread_mutex_t seeing;
};

/* One case, selected again. */
struct trial_case {
	struct trial_thread *thread;
	struct trial_office *office;
	const struct chronicle_case *c;
	const struct trial_fate *fate; /* NULL: nothing became of it */
	struct declaration d;
	struct assessment assessed;
	struct facts facts;
	struct selection now;
	bool counts; /* it stands, and lies in the period */
};

/* trial_select.c. Inside arena_run() of thread->once, but for what may fail with an error. */
enum err trial_facts(struct trial_case *x, struct cause *why) MUST_CHECK;
void trial_select(struct trial_case *x);

/* trial_count.c. Inside arena_run() of the tally's arena. */
void trial_begin_tally(struct trial_tally *y, uint32_t rules);
void trial_count(const struct trial_case *x);
/* Adds up what the threads and the offices have. Inside arena_run() of t->arena. */
void trial_add_up(struct trial_run *r);

static inline bool trial_is_control(enum lane l)
{
	return l >= LANE_YELLOW;
}

#endif
