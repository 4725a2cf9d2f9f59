/* Histories as they were on each day, built again in memory from a chronicle, with the same rows and the same arithmetic that the
 * hub keeps them by (risk/history.h): so what a set asks is right as of each day, whether anybody asked for it then or not.
 *
 * Days come in order. While a day lasts, any number of threads ask for facts of it and note what happens on it; when it is over,
 * the notes become part of the rows. So nothing of a day reaches a fact of the same day, whatever the order.
 *
 * It knows what the log says. A hub that followed its log late, in a flood, decided with less; and what was erased since is known
 * to rows that the hub keeps, and not here. */
#ifndef CUSTOMHOUSE_HUB_CHRONICLE_PAST_H
#define CUSTOMHOUSE_HUB_CHRONICLE_PAST_H

#include "hub/chronicle/chronicle.h"

struct past;

enum { PAST_THREADS = 8 };

/* asked lives as long. threads: that ask, note and turn, at most PAST_THREADS. NULL: no memory. */
struct past *past_open(const struct chronicle *c, const struct history_asked *asked,
		       uint32_t threads);
void past_close(struct past *p);

/* Does it ask anything? If not, there is nothing to note and nothing to turn. */
bool past_is_asked_for(const struct past *p);

/* A day begins: facts of the day before are gone. One thread. */
void past_begin_day(struct past *p, int32_t day);
/* What was known of a subject when the day began; NULL: nobody asks about its kind, or it is number 0. Valid for the day. Any of
 * the threads, by its number. ERR_DB: a row cannot be read, which is a bug of this program. */
enum err past_fact(struct past *p, uint32_t thread, chronicle_text subject,
		   const struct history_fact **ret) MUST_CHECK;

/* What happens on the day, at an office. One thread at a time for each office. */
enum err past_note_case(struct past *p, uint32_t office, const struct chronicle_case *c) MUST_CHECK;
enum err past_note_control(struct past *p, uint32_t office,
			   const struct chronicle_event *e) MUST_CHECK;
/* The day is over: its part of the notes becomes part of the rows. Each thread once, at the same time, when nobody asks. */
enum err past_turn(struct past *p, uint32_t thread) MUST_CHECK;

/* Behind past_turn() of all threads, by one. */
void past_forget_notes(struct past *p);

#endif
