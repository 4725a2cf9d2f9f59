/* tariff: an official tariff, from the form in which it is published. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "cli/tariff_check.h"
#include "cli/tariff_origin.h"
#include "cli/tariff_quotas.h"
#include "hub/inforce.h"
#include "tariff/pack_out.h"
#include "tariff/plain_csv.h"
#include "tariff/uk_json.h"
#include "tariff/us_hts.h"

/* A national tariff of 64 MiB with its measures as a pack. */
enum { ARENA_BYTES = 2040u << 20, FILES = 50000 };

/* How the README.md of a folder begins that this verb may write over. */
static const char made_here[] = "# Imported tariff\n";

static const struct {
	const char *name;
	enum err (*read)(struct tariff *t, struct span bytes, struct codec_fault *ret_fault);
	bool several; /* files make one tariff */
} importers[] = {{"csv", plain_csv_read, false},
		 {"uk-json", uk_json_read, true},
		 {"us-hts", us_hts_read, false}};

struct importing {
	const struct args *args;
	struct arena *arena;
	const char *path;   /* that is being read */
	struct span *bytes; /* of each file */
	struct tariff tariff;
	struct progress progress;
	uint32_t importer;
	struct codec_fault fault;
	enum err err;
	struct text report, summary, lost, readme;
	/* with --out */
	const char *folder;
	struct pack_out out;
	struct span archive[PACK_PARTS];
	struct pack_faults faults;
	struct cause why;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The whole file; false: said why. */
static bool read_file(struct importing *i, struct span *ret)
{
	FILE *f = strcmp(i->path, "-") ? fopen(i->path, "rbe") : stdin;
	size_t room = LIMIT_PACK_FILE_BYTES + 1, n;
	char *p;

	if (!f) {
		say(i->args, "%s: %s", i->path, strerror(errno));
		return false;
	}
	/* many small files: no more than each has */
	if (!fseek(f, 0, SEEK_END)) {
		long end = ftell(f);

		if (end >= 0 && (size_t)end < room)
			room = (size_t)end + 1;
		rewind(f);
	}
	p = arena_try(i->arena, room);
	n = p ? fread(p, 1, room, f) : 0;
	if (!p || ferror(f) || n > LIMIT_PACK_FILE_BYTES)
		say(i->args, "%s: %s", i->path,
		    n > LIMIT_PACK_FILE_BYTES ? "a tariff may have at most 64 MiB"
					      : "cannot be read");
	else
		*ret = (struct span){p, (uint32_t)n, 1};
	if (f != stdin)
		fclose(f);
	return ret->p;
}

/* All files; false: said why. */
static bool read_files(struct importing *i)
{
	uint32_t n = (uint32_t)(i->args->operands - 1);

	i->bytes = arena_try(i->arena, n * sizeof(*i->bytes));
	for (uint32_t k = 0; i->bytes && k < n; k++) {
		i->path = i->args->operand[k + 1];
		if (!read_file(i, &i->bytes[k]))
			return false;
	}
	return i->bytes;
}

static const char *name_of(const struct importing *i)
{
	return arena_print(i->arena, "%s %s", importers[i->importer].name, base_name(i->path));
}

static void show(void *context, int64_t done, int64_t total)
{
	struct importing *i = context;

	progress_show(&i->progress, done, total);
}

/* The base pack's files, all parts together. */
static enum err open_base(struct importing *i)
{
	const char *base = args_value(i->args, OPTION_PACK, "packs/landfall");
	struct pack_file *files[PACK_PARTS] = {NULL}, *all;
	uint32_t n[PACK_PARTS] = {0}, total = 0;
	enum err e = pack_read_folder(i->arena, base, i->archive, &i->faults, &i->why);

	for (enum pack_part p = 0; !e && p < PACK_PARTS; p++) {
		e = pack_open(i->arena, i->archive[p], &files[p], &n[p]);
		total += n[p];
	}
	if (e)
		return fail(&i->why, e, "%s: is no pack", base);
	all = ARENA_ARRAY(i->arena, struct pack_file, total + 1);
	i->out.base = all;
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		for (uint32_t k = 0; k < n[p]; k++)
			all[i->out.files++] = files[p][k];
	return ERR_NONE;
}

/* The pack in memory, and as archives to be checked. */
static void make_pack(struct importing *i)
{
	struct pack_file *part;

	i->out.levy = span_of(args_value(i->args, OPTION_LEVY, ""));
	i->err = open_base(i);
	if (!i->err)
		i->err = pack_out_make(&i->tariff, &i->out, &i->why);
	if (i->err)
		return;
	part = ARENA_ARRAY(i->arena, struct pack_file, i->out.n);
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		uint32_t n = 0;

		for (uint32_t k = 0; k < i->out.n; k++)
			if (pack_part_of(i->out.file[k].name) == p)
				part[n++] = i->out.file[k];
		i->archive[p] = pack_archive(i->arena, part, n);
	}
	i->readme = text_in(i->arena);
	text_print(
	    &i->readme,
	    "%s\nMade by `customhouse tariff import` from %s: %u measures. Everything that is "
	    "not the tariff is of the pack that it was made on.\n",
	    made_here, i->tariff.name, i->out.measures);
}

static void run_import(void *context)
{
	struct importing *i = context;

	i->tariff = (struct tariff){.arena = i->arena, .progress = show, .context = i};
	for (int k = 1; !i->err && k < i->args->operands; k++) {
		i->path = i->args->operand[k];
		i->tariff.name = name_of(i);
		i->err = importers[i->importer].read(&i->tariff, i->bytes[k - 1], &i->fault);
		if (importers[i->importer].several)
			show(i, k, i->args->operands - 1);
	}
	if (i->err || i->tariff.refused)
		return;
	if (i->folder)
		make_pack(i);
	i->report = text_in(i->arena);
	tariff_report(&i->tariff, &i->report);
	i->lost = text_in(i->arena);
	tariff_lost(&i->tariff, &i->lost);
	i->summary = text_in(i->arena);
	tariff_summary(&i->tariff, &i->summary);
}

/* False: said why. */
static bool write_file(const struct args *a, const char *path, const char *p, size_t n)
{
	FILE *f = fopen(path, "wbe");
	bool done = f && fwrite(p, 1, n, f) == n;

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
	       i->folder ? i->out.measures : t->measures.n, t->left.n);
	if (i->folder)
		printf(
		    "%s: %u other rows of the base kept, %u dropped with their goods or measures\n",
		    i->folder, i->out.kept, i->out.dropped);
}

/* A folder that does not exist, is empty, or was written by this verb before. False: said why. */
static bool may_write_folder(const struct importing *i)
{
	char path[4096], begin[sizeof(made_here)] = "";
	FILE *f;

	if (!mkdir(i->folder, 0777))
		return true;
	if (errno == EEXIST && !rmdir(i->folder))
		return !mkdir(i->folder, 0777);
	if (snprintf(path, sizeof(path), "%s/README.md", i->folder) >= (int)sizeof(path))
		return false;
	f = fopen(path, "rbe");
	if (f && fread(begin, 1, sizeof(begin) - 1, f) < sizeof(begin) - 1)
		begin[0] = 0;
	if (f)
		fclose(f);
	if (!strcmp(begin, made_here))
		return true;
	say(i->args, "%s: stands there, and is no folder that an import made: name a new one",
	    i->folder);
	return false;
}

static bool write_pack(const struct importing *i)
{
	char path[4096];

	if (!may_write_folder(i))
		return false;
	for (uint32_t k = 0; k < i->out.n; k++) {
		const struct pack_file *f = &i->out.file[k];

		if (snprintf(path, sizeof(path), "%s/%.*s", i->folder, SPAN_ARG(f->name)) >=
		    (int)sizeof(path))
			return false;
		if (!write_file(i->args, path, f->bytes.p, f->bytes.n))
			return false;
	}
	return snprintf(path, sizeof(path), "%s/README.md", i->folder) < (int)sizeof(path) &&
	       write_file(i->args, path, i->readme.p, i->readme.n);
}

/* As `pack check` does. */
static int check_pack(struct importing *i)
{
	struct inforce *pack;
	enum err e = inforce_load(i->archive, &pack, &i->faults, &i->why);

	if (!e)
		inforce_release(pack);
	if (e && !i->faults.list.n)
		return say_failed(i->args, &i->why);
	put_pack_faults(i->args, i->folder, &i->faults);
	if (e)
		say(i->args, "%s: the pack has %u faults%s", i->folder, i->faults.list.n,
		    i->faults.cut ? " and more" : "");
	return e ? EXIT_NO : EXIT_DONE;
}

static int write_all(struct importing *i)
{
	const char *report = args_value(i->args, OPTION_REPORT, NULL);
	const char *lost = args_value(i->args, OPTION_LOST, NULL);

	if (report && !write_file(i->args, report, i->report.p, i->report.n))
		return EXIT_FAILED;
	if (lost && !write_file(i->args, lost, i->lost.p, i->lost.n))
		return EXIT_FAILED;
	if (i->folder && !write_pack(i))
		return EXIT_FAILED;
	put_summary(i);
	return i->folder ? check_pack(i) : EXIT_DONE;
}

/* Cells that cannot stand: nothing is made of such a table. */
static int put_refused(const struct importing *i)
{
	for (uint32_t k = 0; k < i->tariff.left.n; k++) {
		const struct tariff_left *x = &i->tariff.left.v[k];

		printf("%s:%u:%u: %s: \"%.*s\"\n", i->path, x->line, x->column, x->why,
		       SPAN_ARG(x->text));
	}
	say(i->args, "%s: %u cells cannot stand; nothing was made", i->path, i->tariff.left.n);
	return EXIT_NO;
}

static int import(struct importing *i)
{
	enum err e;

	if (!read_files(i))
		return EXIT_UNREADABLE;
	i->progress.what = "importing";
	e = arena_run(i->arena, run_import, i);
	progress_clear(&i->progress);
	if (e) {
		say(i->args, "%s: no memory for a tariff of this size", i->path);
		return EXIT_FAILED;
	}
	if (i->err && i->why.err)
		return say_failed(i->args, &i->why);
	if (i->err) {
		say(i->args, "%s:%u:%u: %s", i->path, i->fault.line, i->fault.column,
		    i->fault.text);
		return EXIT_UNREADABLE;
	}
	if (i->tariff.refused)
		return put_refused(i);
	return write_all(i);
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
	fail(&why, ERR_USAGE, "--from: say csv, uk-json, uk-origin or us-hts");
	args_refuse(i->args, &why);
	return false;
}

int cmd_tariff(const struct args *a)
{
	struct importing *i;
	struct cause why = {0};
	int status = EXIT_FAILED;

	if (tariff_quotas(a, &status))
		return status;
	if (!args_count(a, 2, FILES + 1))
		return EXIT_UNREADABLE;
	if (!strcmp(a->operand[0], "check"))
		return args_count(a, 2, 2) ? put_all(a, tariff_check(a)) : EXIT_UNREADABLE;
	if (strcmp(a->operand[0], "import")) {
		fail(&why, ERR_USAGE, "tariff %s: say check, import, quotas or claims",
		     a->operand[0]);
		return args_refuse(a, &why);
	}
	if (!strcmp(args_value(a, OPTION_FROM, ""), "uk-origin"))
		return put_all(a, tariff_origin(a));
	i = calloc(1, sizeof(*i));
	if (!i)
		return EXIT_FAILED;
	i->args = a;
	i->folder = args_value(a, OPTION_OUT, NULL);
	i->out.from = day_of(clock_now(), 0);
	if (!choose_importer(i) || (!importers[i->importer].several && !args_count(a, 2, 2))) {
		status = EXIT_UNREADABLE;
	} else if (args_day(a, OPTION_VALID_FROM, &i->out.from, &why)) {
		status = args_refuse(a, &why);
	} else {
		i->arena = arena_new(ARENA_BYTES);
		i->faults.arena = i->arena;
		if (i->arena)
			status = import(i);
		arena_free(i->arena);
	}
	free(i);
	return put_all(a, status);
}
