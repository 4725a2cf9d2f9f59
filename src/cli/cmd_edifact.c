/* edifact: directories of UN/EDIFACT as tables. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "codec/edifact_tables.h"

enum { SOURCES = 400, SOURCE_BYTES = 8 << 20, ARENA_BYTES = 512 << 20 };

struct importing {
	const struct args *args;
	struct arena *arena;
	struct edifact_source source[SOURCES];
	uint32_t n;
	struct text text;
	enum err err;
	const char *fault;
	uint32_t line;
};

static void read_file(struct importing *i, const char *path)
{
	FILE *f = i->n < SOURCES ? fopen(path, "rbe") : NULL;
	char *p = f ? arena_try(i->arena, SOURCE_BYTES) : NULL;
	size_t n = p ? fread(p, 1, SOURCE_BYTES, f) : 0;

	if (n && n < SOURCE_BYTES)
		i->source[i->n++] = (struct edifact_source){
		    span_of(arena_print(i->arena, "%s", path)), {p, (uint32_t)n, 0}};
	if (f)
		fclose(f);
}

/* The files of a directory's texts, and those in a folder messages within. false: there is no such folder. */
static bool read_folder(struct importing *i, const char *folder, bool deeper)
{
	DIR *d = opendir(folder);
	const struct dirent *e;

	if (!d)
		return false;
	while ((e = readdir(d)) != NULL) {
		const char *path = arena_print(i->arena, "%s/%s", folder, e->d_name);

		if (!strncmp(e->d_name, "EDSD", 4) || !strncmp(e->d_name, "EDCD", 4) ||
		    !strncmp(e->d_name, "EDED", 4) || !strncmp(e->d_name, "UNCL", 4) ||
		    !strncmp(e->d_name, "TRSD", 4) || !strncmp(e->d_name, "TRCD", 4) ||
		    !strncmp(e->d_name, "TRED", 4) || strstr(e->d_name, "_D."))
			read_file(i, path);
		else if (deeper && !strcmp(e->d_name, "messages"))
			read_folder(i, path, false);
	}
	closedir(d);
	return true;
}

/* Made, and read again: what is printed can be used. */
static void import(void *context)
{
	struct importing *i = context;
	struct edifact_directory made;

	i->text = text_in(i->arena);
	i->err = edifact_import(i->arena, i->source, i->n, &i->text, &i->fault);
	if (!i->err)
		i->err = edifact_directory_read(i->arena, text_as_span(&i->text), &made, &i->line,
						&i->fault);
}

static void gather(void *context)
{
	struct importing *i = context;

	if (!read_folder(i, i->args->operand[1], true)) {
		i->err = ERR_IO;
		i->fault = strerror(errno);
	}
}

static void show(void *context)
{
	struct importing *i = context;
	const struct edifact_directory *d = edifact_builtin(span_of(i->args->operand[1]));

	if (!d) {
		i->err = ERR_NOT_FOUND;
		i->fault = "no directory of this name is built in";
		return;
	}
	i->text = text_in(i->arena);
	edifact_directory_write(&i->text, d);
}

static void check(void *context)
{
	struct importing *i = context;
	struct edifact_directory made;

	read_file(i, i->args->operand[1]);
	i->err = ERR_IO;
	i->fault = "not readable, empty, or too large";
	if (!i->n)
		return;
	i->err =
	    edifact_directory_add(i->arena, i->source[0].bytes, NULL, &made, &i->line, &i->fault);
	if (i->err)
		i->fault = arena_print(i->arena, "line %u: %s", i->line, i->fault);
}

static const struct {
	const char *word;
	void (*steps[2])(void *context);
} acts[] = {{"check", {check}}, {"import", {gather, import}}, {"show", {show}}};

/* Runs the act that the first operand names. false: memory ended. */
static bool act(struct importing *i)
{
	for (unsigned k = 0; k < ARRAY_LEN(acts); k++) {
		if (strcmp(acts[k].word, i->args->operand[0]) != 0)
			continue;
		for (unsigned s = 0; s < 2 && acts[k].steps[s] && !i->err; s++)
			if (arena_run(i->arena, acts[k].steps[s], i))
				return false;
		return true;
	}
	i->err = ERR_USAGE;
	i->fault = "check, import and show are what can be done";
	return true;
}

int cmd_edifact(const struct args *a)
{
	struct importing *i;
	int status = EXIT_DONE;

	if (!args_count(a, 2, 2))
		return EXIT_UNREADABLE;
	i = calloc(1, sizeof(*i));
	if (i)
		i->arena = arena_new(ARENA_BYTES);
	if (!i || !i->arena) {
		free(i);
		say(a, "no memory");
		return EXIT_FAILED;
	}
	i->args = a;
	if (!act(i)) {
		say(a, "%s: no memory for a directory of this size", a->operand[1]);
		status = EXIT_FAILED;
	} else if (i->err) {
		say(a, "%s: %s", a->operand[1], i->fault);
		status = EXIT_UNREADABLE;
	} else if (!put(a, i->text.p, i->text.n)) {
		status = EXIT_FAILED;
	}
	arena_free(i->arena);
	free(i);
	return put_all(a, status);
}
