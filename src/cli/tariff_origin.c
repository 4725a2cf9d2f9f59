#include "cli/tariff_origin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "tariff/uk_origin.h"

enum { ARENA_BYTES = 2040u << 20, NAME_BYTES = 16 };

struct importing {
	const struct args *args;
	struct uk_origin origin;
	struct span bytes;
	struct codec_fault fault;
	enum err err;
};

/* The file's name without its end, in capital letters: the agreement's code in the table. */
static struct span agreement_of(struct arena *a, const char *path)
{
	const char *name = strrchr(path, '/');
	struct text t = text_in(a);

	for (name = name ? name + 1 : path; *name && *name != '.' && t.n < NAME_BYTES; name++)
		text_char(&t, *name >= 'a' && *name <= 'z'   ? (char)(*name - 'a' + 'A')
			      : *name >= '0' && *name <= '9' ? *name
			      : *name >= 'A' && *name <= 'Z' ? *name
							     : '_');
	return text_as_span(&t);
}

static void run(void *context)
{
	struct importing *i = context;

	i->err = uk_origin_read(&i->origin, i->bytes, &i->fault);
}

struct naming {
	struct importing *i;
	const char *path;
	int32_t day;
};

static void name(void *context)
{
	struct naming *n = context;
	struct uk_origin *u = &n->i->origin;
	const char *slash = strrchr(n->path, '/');
	struct text t = text_in(u->arena);

	day_write(&t, n->day);
	u->from = text_as_span(&t);
	u->agreement = agreement_of(u->arena, n->path);
	u->name = slash ? slash + 1 : n->path;
}

static bool read_file(struct importing *i, const char *path)
{
	FILE *f = fopen(path, "rbe");
	struct stat st;
	bool done = f && !fstat(fileno(f), &st) && st.st_size <= LIMIT_PACK_FILE_BYTES;
	char *p = done ? arena_try(i->origin.arena, (size_t)st.st_size + 1) : NULL;

	done = p && fread(p, 1, (size_t)st.st_size, f) == (size_t)st.st_size;
	if (!done)
		say(i->args, "%s: %s", path, errno ? strerror(errno) : "cannot be read");
	else
		i->bytes = (struct span){p, (uint32_t)st.st_size, 1};
	if (f)
		fclose(f);
	return done;
}

static bool write_file(const struct args *a, const char *path, const struct text *head,
		       const struct text *t)
{
	FILE *f = fopen(path, "wbe");
	bool done = f && (!head || fwrite(head->p, 1, head->n, f) == head->n) &&
		    (!t->n || fwrite(t->p, 1, t->n, f) == t->n);

	if (f && fclose(f))
		done = false;
	if (!done)
		say(a, "%s: %s", path, strerror(errno));
	return done;
}

struct heading {
	struct text text;
};

static void make_heading(void *context)
{
	struct heading *h = context;

	text_string(&h->text, "# Made by `customhouse tariff import --from uk-origin`.\n"
			      "agreement,commodity,part,rule,part_en,part_fr,from,to,source\n");
}

/* The table alone: agreements, proofs and the codes of processes are the pack's to say. */
static bool write_table(const struct importing *i, const char *folder)
{
	struct heading h = {text_in(i->origin.arena)};
	char path[4096];

	if (mkdir(folder, 0777) && errno != EEXIST) {
		say(i->args, "%s: %s", folder, strerror(errno));
		return false;
	}
	return snprintf(path, sizeof(path), "%s/origin_rules.csv", folder) < (int)sizeof(path) &&
	       !arena_run(i->origin.arena, make_heading, &h) &&
	       write_file(i->args, path, &h.text, &i->origin.table);
}

static int put_all_of(const struct importing *i)
{
	const struct uk_origin *u = &i->origin;
	const char *report = args_value(i->args, OPTION_REPORT, NULL);
	const char *folder = args_value(i->args, OPTION_OUT, NULL);

	if ((report && !write_file(i->args, report, NULL, &u->report)) ||
	    (folder && !write_table(i, folder)))
		return EXIT_FAILED;
	printf(
	    for_people(i->args)
		? "%u sets of rules, %u of them understood whole\n%u rules, %u understood, %u not\n"
		: "{\"sets\":%u,\"sets_understood\":%u,\"rules\":%u,\"understood\":%u,"
		  "\"not_understood\":%u}\n",
	    u->sets, u->sets_understood, u->rules, u->rules_understood,
	    u->rules - u->rules_understood);
	return EXIT_DONE;
}

static int read_all(struct importing *i, int32_t day)
{
	struct uk_origin *u = &i->origin;

	u->report = text_in(u->arena);
	u->table = text_in(u->arena);
	for (int k = 1; k < i->args->operands; k++) {
		const char *path = i->args->operand[k];
		struct naming n = {i, path, day};

		errno = 0;
		if (!read_file(i, path))
			return EXIT_UNREADABLE;
		if (arena_run(u->arena, name, &n) || arena_run(u->arena, run, i)) {
			say(i->args, "%s: no memory for rules of this size", path);
			return EXIT_FAILED;
		}
		if (i->err) {
			say(i->args, "%s:%u:%u: %s", path, i->fault.line, i->fault.column,
			    i->fault.text);
			return EXIT_UNREADABLE;
		}
	}
	return put_all_of(i);
}

int tariff_origin(const struct args *a)
{
	struct importing i = {.args = a};
	int32_t day = day_of(clock_now(), 0);
	struct cause why = {0};
	int status = EXIT_FAILED;

	if (args_day(a, OPTION_VALID_FROM, &day, &why))
		return args_refuse(a, &why);
	i.origin.arena = arena_new(ARENA_BYTES);
	if (i.origin.arena)
		status = read_all(&i, day);
	arena_free(i.origin.arena);
	return status;
}
