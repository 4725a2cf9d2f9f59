/* rules: lay out, check and describe risk rules, without a store. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/rules_office.h"
#include "codec/json.h"
#include "hub/inforce.h"
#include "risk/risk.h"

struct rules_work {
	const struct args *args;
	struct arena *arena;
	struct span file;
	struct text out;
	struct pack_file files[LIMIT_PACK_FILES];
	uint32_t n;
	struct inforce *with;
	struct pack_faults faults;
	enum err err;
};

/* false: said why. */
static bool read_rules(struct rules_work *w, const char *path, struct span *ret)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	char *piece = arena_try(w->arena, LIMIT_PACK_FILE_BYTES);
	size_t n = f && piece ? fread(piece, 1, LIMIT_PACK_FILE_BYTES, f) : 0;
	bool whole = f && piece && !ferror(f) && n < LIMIT_PACK_FILE_BYTES;

	if (!f)
		say(w->args, "%s: %s", path, strerror(errno));
	else if (!whole)
		say(w->args, "%s: cannot be read, or is larger than 64 MiB", path);
	if (f && f != stdin)
		fclose(f);
	*ret = (struct span){piece, (uint32_t)n, 1};
	return whole;
}

/* Prints what a step wrote; the step is run in the arena. */
static int print_step(struct rules_work *w, void (*step)(void *context))
{
	w->out = text_in(w->arena);
	if (arena_run(w->arena, step, w)) {
		say(w->args, "no memory");
		return EXIT_FAILED;
	}
	put(w->args, w->out.p, w->out.n);
	return put_all(w->args, EXIT_DONE);
}

/* ---- format ---- */

static void lay_out(void *context)
{
	struct rules_work *w = context;

	risk_format(&w->out, w->arena, w->file);
}

static int format(struct rules_work *w)
{
	const struct args *a = w->args;
	int status;

	if (!args_count(a, 2, 2) || !read_rules(w, a->operand[1], &w->file))
		return EXIT_UNREADABLE;
	status = print_step(w, lay_out);
	if (!status && args_has(a, OPTION_CHECK) && !span_equal(text_as_span(&w->out), w->file))
		status = EXIT_NO;
	return status;
}

/* ---- check ---- */

static void compile(void *context)
{
	struct rules_work *w = context;
	const struct ruleset *set;

	w->err = risk_compile(w->arena, pack_archive(w->arena, w->files, w->n), w->with->ref, &set,
			      &w->faults);
}

static void put_faults(const struct pack_faults *f)
{
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct pack_fault *x = &f->list.v[i];

		printf("%.*s:%u:%u: %s: %s\n", SPAN_ARG(x->file), x->line, x->column, x->rule,
		       x->text);
	}
	if (f->cut)
		puts("there are more faults; correct these first");
}

/* A file is called as it will be in the folder of a pack: each by another name. false: said why. */
static bool name_file(struct rules_work *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span name = span_of(!strcmp(path, "-") ? "stdin.rules" : slash ? slash + 1 : path);

	if (pack_part_of(name) != PACK_RULES) {
		say(w->args, "%s: a file of rules is called NAME.rules", path);
		return false;
	}
	for (uint32_t i = 0; i < w->n; i++) {
		if (span_equal(w->files[i].name, name)) {
			say(w->args, "%s: another file has this name", path);
			return false;
		}
	}
	w->files[w->n].name = name;
	return true;
}

/* The pack's tables and lists, which rules are checked against; its own rules do not count. */
static int with_pack(struct rules_work *w)
{
	const char *folder = args_value(w->args, OPTION_PACK, "packs/landfall");
	struct pack_faults faults = {.arena = w->arena};
	struct span archive[PACK_PARTS];
	struct cause why = {0};
	enum err e = pack_read_folder(w->arena, folder, archive, &faults, &why);

	archive[PACK_RULES] = (struct span){"", 0, 0};
	if (!e)
		e = inforce_load(archive, &w->with, &faults, &why);
	if (!e)
		return EXIT_DONE;
	put_pack_faults(w->args, folder, &faults);
	return say_failed(w->args, &why);
}

static int check(struct rules_work *w)
{
	const struct args *a = w->args;
	int status;

	if (!args_count(a, 2, LIMIT_PACK_FILES))
		return EXIT_UNREADABLE;
	for (int i = 1; i < a->operands; i++) {
		if (!name_file(w, a->operand[i]) ||
		    !read_rules(w, a->operand[i], &w->files[w->n].bytes))
			return EXIT_UNREADABLE;
		w->n++;
	}
	status = with_pack(w);
	if (status)
		return status;
	w->faults.arena = w->arena;
	if (arena_run(w->arena, compile, w)) {
		say(a, "no memory");
		status = EXIT_FAILED;
	} else if (w->err) {
		put_faults(&w->faults);
		status = EXIT_NO;
	}
	inforce_release(w->with);
	return put_all(a, status);
}

/* ---- fields ---- */

static void put_field(void *context, const struct risk_field *f)
{
	struct json_writer *w = context;

	json_open_object(w);
	json_put(w, "name", f->name);
	json_put_c(w, "type", f->type);
	json_put_c(w, "about", f->about);
	json_put_bool(w, "several", f->several);
	json_put_c(w, "title", f->title);
	json_close_object(w);
}

static void put_words(struct json_writer *w, const char *name, const char *const *words)
{
	json_name(w, name);
	json_open_array(w);
	for (; *words; words++)
		json_cstring(w, *words);
	json_close_array(w);
}

static void put_fields(void *context)
{
	static const char *const clauses[] = {
	    "rule",      "from", "to",   "owner",  "review", "purpose", "secrecy", "office",
	    "direction", "when", "then", "weight", "harm",   "because", "note",    NULL};
	static const char *const operators[] = {"=",  "!=",     "<",        "<=", ">",
						">=", "starts", "contains", "in", NULL};
	static const char *const words[] = {"and", "or",    "not",  "list", "document",
					    "has", "where", "days", NULL};
	static const char *const calls[] = {"count", "sum", "min", "max", "distinct", NULL};
	static const char *const histories[] = {"count", "sum", "band", NULL};
	static const char *const subjects[] = {"importer",
					       "declarant",
					       "exporter",
					       "declaration.office",
					       "item.chapter",
					       "item.heading",
					       "item.commodity",
					       "item.origin",
					       "importer and item.commodity",
					       NULL};
	struct rules_work *r = context;
	struct json_writer w = json_to(&r->out);

	json_open_object(&w);
	put_words(&w, "clauses", clauses);
	put_words(&w, "operators", operators);
	put_words(&w, "words", words);
	put_words(&w, "aggregates", calls);
	put_words(&w, "histories", histories);
	put_words(&w, "subjects", subjects);
	json_name(&w, "fields");
	json_open_array(&w);
	risk_each_field(r->arena, put_field, &w);
	json_close_array(&w);
	json_close_object(&w);
	text_char(&r->out, '\n');
}

static int fields(struct rules_work *w)
{
	return args_count(w->args, 1, 1) ? print_step(w, put_fields) : EXIT_UNREADABLE;
}

int cmd_rules(const struct args *a)
{
	struct arena *arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct rules_work *w = arena ? arena_try(arena, sizeof(*w)) : NULL;
	const char *what = a->operands ? a->operand[0] : "";
	int status = EXIT_UNREADABLE;

	if (a->operands && rules_office(a, &status)) {
		arena_free(arena);
		return status;
	}
	if (!w) {
		say(a, "no memory");
		arena_free(arena);
		return EXIT_FAILED;
	}
	w->args = a;
	w->arena = arena;
	if (!strcmp(what, "format"))
		status = format(w);
	else if (!strcmp(what, "check"))
		status = check(w);
	else if (!strcmp(what, "fields"))
		status = fields(w);
	else
		say(a, "say check, fields, format, propose, export, import, keys, trust or "
		       "distrust first: see `customhouse help rules`");
	arena_free(arena);
	return status;
}
