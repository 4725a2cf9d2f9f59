/* Days and moments. A day is a number of days since 1970-01-01 (proleptic Gregorian); a moment is microseconds UTC since then.
 * The clock itself is read only in base/clock.h, and only hub/, http/ and cli/ may: everywhere else time is an argument. */
#ifndef CUSTOMHOUSE_BASE_DATE_H
#define CUSTOMHOUSE_BASE_DATE_H

#include "base/span.h"
#include "base/text.h"

#define DAY_MIN        (-719162) /* 0001-01-01 */
#define DAY_MAX        2932896   /* 9999-12-31 */
#define MICROS_A_DAY   INT64_C(86400000000)
#define MICROS_AN_HOUR (MICROS_A_DAY / 24)

/* "2026-11-22" to a day. ERR_FORMAT when it is not written so, or no such day is in the calendar. */
enum err day_parse(struct span s, int32_t *ret) MUST_CHECK;
/* Year, month, day to a day; ERR_FORMAT outside the calendar. */
enum err day_from(int year, int month, int day, int32_t *ret) MUST_CHECK;
void day_split(int32_t day, int *year, int *month, int *dom);
/* The same day of the month some months (0 to 12000) later; the last one of a month that is too short. DAY_MAX beyond the
 * calendar. */
int32_t day_months_after(int32_t day, int64_t months);
/* Ten characters: 2026-11-22. */
void day_write(struct text *t, int32_t day);

/* The civil day of a moment in a place that is offset_minutes east of Greenwich. */
int32_t day_of(int64_t moment, int32_t offset_minutes);
/* 2026-11-22T07:15:00.123456Z */
void moment_write(struct text *t, int64_t moment);
/* Reads what moment_write wrote; fraction optional. */
enum err moment_parse(struct span s, int64_t *ret) MUST_CHECK;

/* Date-times as trade messages write them, by the format code of UN/EDIFACT 2379: "102" CCYYMMDD, "203" CCYYMMDDHHMM, "204"
 * CCYYMMDDHHMMSS, "304" CCYYMMDDHHMMSSZZZ (zone as Z, +hh or +hhmm), "" for ISO 8601. Gives the civil day as written and, where a
 * time stands, the moment (as UTC; without a zone as if UTC). ERR_FORMAT: not so written or not in the calendar; ERR_UNSUPPORTED:
 * another format code. */
enum err trade_time_parse(struct span s, struct span format, int32_t *ret_day,
			  int64_t *ret_moment) MUST_CHECK;

#endif
