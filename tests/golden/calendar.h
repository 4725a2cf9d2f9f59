/* Tests whose days pass when they say so: a clock of their own in place of base/clock.c, and packs made for them. */
#ifndef CUSTOMHOUSE_TESTS_CALENDAR_H
#define CUSTOMHOUSE_TESTS_CALENDAR_H

#include "fixture.h"

/* From now on it is this moment; the seconds go on: "2031-03-10T10:00:00Z". Later than the real one, or those who wait for a moment
 * would not sleep. */
void calendar_set(const char *moment);

/* So many seconds of the steady clock are over at once: what the hub does every few seconds it does when it is next woken. */
void calendar_pass(int64_t seconds);

/* One change to a copy of a pack: lines added at the end of a table, or, with from, every such text replaced by lines. */
struct calendar_edit {
	const char *file, *from, *lines;
};
enum { CALENDAR_FOLDER = 64 };
/* Copies tests/golden/packs/lanes into a fresh folder under /tmp, changed. */
void calendar_pack(char ret_folder[CALENDAR_FOLDER], const struct calendar_edit *edit, uint32_t n);
/* Removes it. */
void calendar_remove(const char *folder);

#endif
