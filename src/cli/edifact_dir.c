/* Directories of EDIFACT beside those that are built in: every *.edt of a folder, by name, so that one may rest on another. */
#include "cli/edifact_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/edifact_tables.h"
#include "hub/hub.h"

enum { FILES = 64, FILE_BYTES = 1 << 20, ARENA_BYTES = 256 << 20, PATH_BYTES = 4096 };

struct folder {
	const struct args *args;
	const char *path;
	struct arena *arena;
	char *name[FILES];
	uint32_t n;
	const struct edifact_directory *in_use[FILES];
	struct edifact_set set;
	/* the file that is being read */
	struct span text;
	struct edifact_directory *made;
	const char *fault;
	uint32_t line;
	enum err err;
};

static bool is_table(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && name[0] != '.' && !strcmp(name + n - 4, ".edt");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list(struct folder *f, DIR *d)
{
	const struct dirent *e;

	while ((e = readdir(d)) != NULL) {
		if (!is_table(e->d_name))
			continue;
		if (f->n == FILES) {
			say(f->args, "%s: more than %d tables", f->path, FILES);
			return false;
		}
		f->name[f->n] = strdup(e->d_name);
		if (!f->name[f->n++])
			return false;
	}
	qsort(f->name, f->n, sizeof(*f->name), by_name);
	return true;
}

static void read_one(void *context)
{
	struct folder *f = context;

	f->err = edifact_directory_add(f->arena, f->text, &f->set, f->made, &f->line, &f->fault);
	if (!f->err)
		hub_name_directory(f->arena, f->made);
}

/* One name stands for one directory, now and when a decision is replayed. */
static bool is_known(const struct edifact_set *set, const char *version)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (!strcmp(set->v[i]->version, version))
			return true;
	return edifact_builtin(span_of(version)) || !strcmp(version, "service");
}

static bool load(struct folder *f, const char *path)
{
	FILE *in = fopen(path, "rbe");
	char *p = in ? arena_try(f->arena, FILE_BYTES) : NULL;
	size_t n = p ? fread(p, 1, FILE_BYTES, in) : 0;
	bool whole = p && !ferror(in) && n < FILE_BYTES;

	if (in)
		fclose(in);
	if (!whole) {
		say(f->args, "%s: %s", path, p ? "not readable, or too large" : strerror(errno));
		return false;
	}
	f->text = (struct span){p, (uint32_t)n, 1};
	f->made = arena_try(f->arena, sizeof(*f->made));
	if (!f->made || arena_run(f->arena, read_one, f)) {
		say(f->args, "%s: no memory for a table of this size", path);
		return false;
	}
	if (f->err) {
		say(f->args, "%s:%u: %s", path, f->line, f->fault);
		return false;
	}
	if (is_known(&f->set, f->made->version)) {
		say(f->args, "%s:1: there is a directory %s already", path, f->made->version);
		return false;
	}
	return true;
}

static bool load_all(struct folder *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		char path[PATH_BYTES];

		if (snprintf(path, sizeof(path), "%s/%s", f->path, f->name[i]) >=
			(int)sizeof(path) ||
		    !load(f, path))
			return false;
		f->in_use[i] = f->made;
		f->set = (struct edifact_set){f->in_use, i + 1};
	}
	return true;
}

/* Kept to the end of the verb, as hub_use_directories() wants. */
static struct folder *open_folder;

static int use_folder(const struct args *a, const char *path, DIR *d)
{
	struct folder *f = calloc(1, sizeof(*f));
	bool ok;

	if (f)
		f->arena = arena_new(ARENA_BYTES);
	if (!f || !f->arena) {
		free(f);
		say(a, "no memory");
		return EXIT_FAILED;
	}
	f->args = a;
	f->path = path;
	open_folder = f;
	ok = list(f, d) && load_all(f);
	hub_use_directories(&f->set);
	for (uint32_t i = 0; i < f->n; i++)
		free(f->name[i]);
	return ok ? EXIT_DONE : EXIT_UNREADABLE;
}

int edifact_dir_open(const struct args *a)
{
	const char *given = args_value(a, OPTION_EDIFACT, NULL);
	char path[PATH_BYTES];
	int status = EXIT_DONE;
	DIR *d;

	if (!cli_takes(a->verb, OPTION_EDIFACT))
		return EXIT_DONE;
	if (!given && !cli_takes(a->verb, OPTION_DATA))
		return EXIT_DONE;
	if (snprintf(path, sizeof(path), "%s%s",
		     given ? given : args_value(a, OPTION_DATA, "customhouse-data"),
		     given ? "" : "/edifact") >= (int)sizeof(path))
		return EXIT_UNREADABLE;
	d = opendir(path);
	if (!d && !given && (errno == ENOENT || errno == ENOTDIR))
		return EXIT_DONE;
	if (!d) {
		say(a, "%s: %s", path, strerror(errno));
		return EXIT_UNREADABLE;
	}
	status = use_folder(a, path, d);
	closedir(d);
	return status;
}

void edifact_dir_close(void)
{
	hub_use_directories(NULL);
	if (open_folder)
		arena_free(open_folder->arena);
	free(open_folder);
	open_folder = NULL;
}
