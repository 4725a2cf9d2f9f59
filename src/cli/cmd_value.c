/* value: a customs value, worked out from a sheet. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "hub/tariff/value_sheet.h"

enum { SHEET_BYTES = 1 << 20 };

struct working {
	struct arena *arena;
	struct inforce *with;
	struct span sheet;
	struct text answer;
	struct cause why;
	enum err err;
};

static void work(void *context)
{
	struct working *w = context;

	w->err = value_sheet(w->arena, w->with, w->sheet, clock_now(), &w->answer, &w->why);
	if (!w->err)
		text_char(&w->answer, '\n');
}

/* false: said why. */
static bool read_file(const struct args *a, struct working *w)
{
	const char *path = a->operand[0];
	FILE *f = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	char *p = f ? arena_try(w->arena, SHEET_BYTES + 1) : NULL;
	size_t n = p ? fread(p, 1, SHEET_BYTES + 1, f) : 0;
	bool whole = p && !ferror(f) && n <= SHEET_BYTES;

	if (!f)
		say(a, "%s: %s", path, strerror(errno));
	else if (!whole)
		say(a, "%s: %s", path,
		    n > SHEET_BYTES ? "a sheet may have at most 1 MiB" : "cannot be read");
	if (f && f != stdin)
		fclose(f);
	w->sheet = (struct span){p, (uint32_t)n, 1};
	return whole;
}

static int answer(const struct args *a, struct working *w)
{
	const char *folder = args_value(a, OPTION_PACK, "packs/landfall");
	struct pack_faults faults = {.arena = w->arena};
	struct span archive[PACK_PARTS];
	enum err e;

	if (!read_file(a, w))
		return EXIT_UNREADABLE;
	e = pack_read_folder(w->arena, folder, archive, &faults, &w->why);
	if (!e)
		e = inforce_load(archive, &w->with, &faults, &w->why);
	if (e) {
		put_pack_faults(a, folder, &faults);
		return say_failed(a, &w->why);
	}
	w->answer = text_in(w->arena);
	e = arena_run(w->arena, work, w);
	inforce_release(w->with);
	if (e) {
		say(a, "the sheet needs more memory than one may take");
		return EXIT_FAILED;
	}
	if (w->err) {
		say(a, "%s: %s", a->operand[0], w->why.text);
		return EXIT_UNREADABLE;
	}
	put(a, w->answer.p, w->answer.n);
	return put_all(a, EXIT_DONE);
}

int cmd_value(const struct args *a)
{
	struct working w = {.arena = arena_new((size_t)LIMIT_PACK_BYTES * 2)};
	int status = EXIT_FAILED;

	if (!w.arena)
		say(a, "no memory");
	else if (!args_count(a, 1, 1))
		status = EXIT_UNREADABLE;
	else
		status = answer(a, &w);
	arena_free(w.arena);
	return status;
}
