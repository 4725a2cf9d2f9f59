#include "calendar.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"

#define BASE "tests/golden/packs/lanes"

/* ---- the clock, in place of base/clock.c ---- */

static _Atomic int64_t offset, steady_offset;

static int64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME) + offset;
}

int64_t clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC) + steady_offset;
}

void random_bytes(void *p, size_t n)
{
	BUG_ON(getrandom(p, n, 0) != (ssize_t)n);
}

void calendar_set(const char *moment)
{
	int64_t at;

	assert_int_equal(moment_parse(span_of(moment), &at), ERR_NONE);
	offset = at - read_clock(CLOCK_REALTIME);
}

void calendar_pass(int64_t seconds)
{
	steady_offset += seconds * 1000000;
}

/* ---- packs ---- */

static void write_file(const char *folder, const char *name, struct span bytes)
{
	char path[CALENDAR_FOLDER + 300];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	if (!out || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out))
		fail_msg("%s cannot be written", path);
}

static struct span edited(struct arena *a, const char *name, struct span bytes,
			  const struct calendar_edit *edit, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(edit[i].file, name))
			continue;
		if (edit[i].from)
			bytes = fixture_replaced(a, bytes, span_of(edit[i].from),
						 span_of(edit[i].lines));
		else
			bytes = span_of(arena_print(a, "%.*s%s", SPAN_ARG(bytes), edit[i].lines));
	}
	return bytes;
}

void calendar_pack(char ret_folder[CALENDAR_FOLDER], const struct calendar_edit *edit, uint32_t n)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	const char *base = fixture_path(a, BASE);
	DIR *folder = opendir(base);
	struct dirent *each;

	snprintf(ret_folder, CALENDAR_FOLDER, "/tmp/customhouse-pack.XXXXXX");
	assert_non_null(mkdtemp(ret_folder));
	assert_non_null(folder);
	while ((each = readdir(folder))) {
		if (each->d_name[0] == '.')
			continue;
		write_file(ret_folder, each->d_name,
			   edited(a, each->d_name,
				  fixture_read(a, arena_print(a, "%s/%s", base, each->d_name)),
				  edit, n));
	}
	closedir(folder);
	arena_free(a);
}

void calendar_remove(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *each;
	char path[CALENDAR_FOLDER + 300];

	assert_non_null(d);
	while ((each = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", folder, each->d_name);
		if (each->d_name[0] != '.')
			assert_int_equal(remove(path), 0);
	}
	closedir(d);
	assert_int_equal(rmdir(folder), 0);
}
