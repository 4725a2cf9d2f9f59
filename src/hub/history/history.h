/* Histories: what past cases say of who trades, of goods and of places (docs/histories.md).
 *
 * The rows are a fold of the log: each event of an office, in the order of its chain, leaves notes about subjects, and a row sums
 * up the notes of one subject at one office. Nothing of it is done while a declaration waits: the writer follows the log a step
 * at a time, at its clock, when nothing else is to be done, and once more before the first decision of a day. A decision of a day
 * reads only what was known before that day, and what it read is written into it; so how far the log was followed can be seen in
 * what a decision says, and never changes what a stored one means.
 *
 * A row belongs to the node that has its office; a decision reads the rows of all offices. */
#ifndef CUSTOMHOUSE_HUB_HISTORY_HISTORY_H
#define CUSTOMHOUSE_HUB_HISTORY_HISTORY_H

#include "hub/house.h"
#include "risk/history.h"

/* ---- notes.c: what the log says of subjects ---- */

enum history_note_kind { NOTE_DECLARED, NOTE_CONTROL, NOTE_PRICE };
struct history_note {
	enum history_note_kind kind;
	struct span subject;
	int32_t day;
	int64_t minor;            /* NOTE_DECLARED */
	bool examined, irregular; /* NOTE_CONTROL */
	struct decimal price;     /* NOTE_PRICE */
	int64_t seq;              /* of the event that says so */
};
/* What an accepted first version declares of one chapter. */
struct history_codes {
	struct store_case_codes row;
	int64_t seq;
};

struct history_reading {
	/* set by the caller */
	struct store *store;
	struct arena *arena; /* of the notes */
	struct arena *once;  /* emptied again and again */
	int32_t zone_minutes;
	struct span office;
	int64_t after, last; /* events behind after, up to last */
	uint32_t most;       /* so many events at most, and then up to a decision */
	/* what was found */
	DICT_LIST(struct history_note) notes;
	DICT_LIST(struct history_codes) codes;
	int64_t done; /* all events up to this one were read */
	bool more;    /* it stopped because of most */
	int64_t unreadable, erased;
};
/* Reads on. Inside arena_run() of r->arena. */
enum err history_read_log(struct history_reading *r, struct cause *why) MUST_CHECK;
/* The notes that an act with a result leaves, alone; none, when its case was found so before. Empties both arenas. */
enum err history_read_control(struct history_reading *r, struct span reference, int64_t seq,
			      int64_t at, struct cause *why) MUST_CHECK;
void history_apply(struct history_row *row, const struct history_note *n);

/* ---- codes.c ---- */

/* The commodity codes of a declaration, a row of each chapter, behind r->codes. Inside arena_run() of r->arena. */
void history_read_codes(struct history_reading *r, const struct declaration *d,
			struct span reference, int64_t seq);

/* ---- follow.c: rows, kept in step with the log ---- */

/* While others wait, rows may be so many events of an office behind its log: less than is caught up with before a day's first
 * decision, and the more there are, the fewer rows are written. */
enum { HISTORY_LAG = 8000 };
/* One step for each office that this hub settles and whose log is more than lag events ahead; *ret_more: there is more to do.
 * Inside arena_run() of the batch. */
enum err history_follow(struct batch *b, int64_t lag, bool *ret_more, struct cause *why) MUST_CHECK;

/* ---- know.c: what decisions are told ---- */

/* What the writer remembers of the rows for one day. */
struct history_memory {
	struct arena *arena, *once;
	struct map facts; /* subject -> struct history_fact */
	int32_t day;
	char rules[65];
	bool swept; /* this day's batches found the log followed, as far as that may take */
	int sweeps; /* how often they tried */
};
struct history_memory *history_open(void); /* NULL: no memory */
void history_close(struct history_memory *m);
void history_forget(struct history_memory *m);

/* For all declarations of a batch at once: what history_facts() will ask. Inside arena_run() of the batch. */
enum err history_know(struct batch *b, struct cause *why) MUST_CHECK;
/* Fills in what the job's facts say of the past; d: what is decided about. Outside arena_run() of the submission. */
enum err history_facts(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why) MUST_CHECK;

#endif
