/* tariff: an official tariff, from the form in which it is published. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "tariff/us_hts.h"

enum { ARENA_BYTES = 1 << 30 };

static const struct {
	const char *name;
	enum err (*read)(struct tariff *t, struct span bytes, struct codec_fault *ret_fault);
} importers[] = {{"us-hts", us_hts_read}};

struct importing {
	const struct args *args;
	struct arena *arena;
	const char *path;
	struct span bytes;
	struct tariff tariff;
	struct progress progress;
	uint32_t importer;
	struct codec_fault fault;
	enum err err;
	struct text report, summary;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The whole file; false: said why. */
static bool read_file(struct importing *i)
{
	FILE *f = strcmp(i->path, "-") ? fopen(i->path, "rbe") : stdin;
	char *p = f ? arena_try(i->arena, LIMIT_PACK_FILE_BYTES + 1) : NULL;
	size_t n = p ? fread(p, 1, LIMIT_PACK_FILE_BYTES + 1, f) : 0;
	bool whole = p && !ferror(f) && n <= LIMIT_PACK_FILE_BYTES;

	if (!f)
		say(i->args, "%s: %s", i->path, strerror(errno));
	else if (!whole)
		say(i->args, "%s: %s", i->path,
		    n > LIMIT_PACK_FILE_BYTES ? "a tariff may have at most 64 MiB"
					      : "cannot be read");
	if (f && f != stdin)
		fclose(f);
	i->bytes = (struct span){p, (uint32_t)n, 1};
	return whole;
}

static void show(void *context, int64_t done, int64_t total)
{
	struct importing *i = context;

	progress_show(&i->progress, done, total);
}

static void run_import(void *context)
{
	struct importing *i = context;

	i->tariff = (struct tariff){
	    .arena = i->arena,
	    .name = arena_print(i->arena, "%s %s", importers[i->importer].name, base_name(i->path)),
	    .progress = show,
	    .context = i};
	i->err = importers[i->importer].read(&i->tariff, i->bytes, &i->fault);
	if (i->err)
		return;
	i->report = text_in(i->arena);
	tariff_report(&i->tariff, &i->report);
	i->summary = text_in(i->arena);
	tariff_summary(&i->tariff, &i->summary);
}

/* False: said why. */
static bool write_file(const struct args *a, const char *path, const struct text *t)
{
	FILE *f = fopen(path, "wbe");
	bool done = f && fwrite(t->p, 1, t->n, f) == t->n;

	if (f && fclose(f))
		done = false;
	if (!done)
		say(a, "%s: %s", path, strerror(errno));
	return done;
}

static void put_summary(const struct importing *i)
{
	const struct tariff *t = &i->tariff;

	if (!for_people(i->args)) {
		put(i->args, i->summary.p, i->summary.n);
		return;
	}
	printf("%u rows, %u commodities, %u lines:\n", t->rows, t->commodities.n, t->lines.n);
	for (enum rate_kind k = 0; k < RATE_KINDS; k++)
		printf("%8u %s\n", t->rates[k], rate_kind_name(k));
	printf("%8u without a rate\n%u measures; %u texts left out\n", t->without_rate,
	       t->measures.n, t->left.n);
}

static int import(struct importing *i)
{
	const char *report = args_value(i->args, OPTION_REPORT, NULL);
	enum err e;

	if (!read_file(i))
		return EXIT_UNREADABLE;
	i->progress.what = "importing";
	e = arena_run(i->arena, run_import, i);
	progress_clear(&i->progress);
	if (e) {
		say(i->args, "%s: no memory for a tariff of this size", i->path);
		return EXIT_FAILED;
	}
	if (i->err) {
		say(i->args, "%s:%u:%u: %s", i->path, i->fault.line, i->fault.column,
		    i->fault.text);
		return EXIT_UNREADABLE;
	}
	if (report && !write_file(i->args, report, &i->report))
		return EXIT_FAILED;
	put_summary(i);
	return EXIT_DONE;
}

static bool choose_importer(struct importing *i)
{
	const char *from = args_value(i->args, OPTION_FROM, NULL);
	struct cause why = {0};

	for (uint32_t n = 0; from && n < ARRAY_LEN(importers); n++)
		if (!strcmp(importers[n].name, from)) {
			i->importer = n;
			return true;
		}
	fail(&why, ERR_USAGE, "--from: say us-hts");
	args_refuse(i->args, &why);
	return false;
}

int cmd_tariff(const struct args *a)
{
	struct importing i = {.args = a};
	struct cause why = {0};
	int status;

	if (!args_count(a, 2, 2))
		return EXIT_UNREADABLE;
	if (strcmp(a->operand[0], "import")) {
		fail(&why, ERR_USAGE, "tariff %s: say import", a->operand[0]);
		return args_refuse(a, &why);
	}
	if (!choose_importer(&i))
		return EXIT_UNREADABLE;
	i.path = a->operand[1];
	i.arena = arena_new(ARENA_BYTES);
	status = i.arena ? import(&i) : EXIT_FAILED;
	arena_free(i.arena);
	return put_all(a, status);
}
