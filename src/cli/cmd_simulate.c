/* simulate: what other rules would have selected. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "hub/edition/rules_trial.h"

struct simulating {
	const struct args *args;
	struct arena *arena;
	struct pack_file file;
	struct span archive[PACK_PARTS];
	struct inforce *with;
	struct rules_trial trial;
	struct progress bar;
	struct text out;
};

/* ---- the candidate ---- */

static enum err read_candidate(struct simulating *s, struct cause *why)
{
	const char *path = args_value(s->args, OPTION_RULES, NULL);
	FILE *f = path ? fopen(path, "rbe") : NULL;
	char *p = f ? arena_try(s->arena, LIMIT_PACK_FILE_BYTES) : NULL;
	size_t n = p ? fread(p, 1, LIMIT_PACK_FILE_BYTES, f) : 0;
	bool whole = p && !ferror(f) && n < LIMIT_PACK_FILE_BYTES;

	if (f)
		fclose(f);
	if (!path)
		return fail(why, ERR_USAGE, "--rules FILE says which rules to try");
	if (!f)
		return fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	if (!whole)
		return fail(why, ERR_IO, "%s: cannot be read, or is larger than 64 MiB", path);
	s->file = (struct pack_file){SPAN("candidate.rules"), {p, (uint32_t)n, 1}};
	return ERR_NONE;
}

static void join_candidate(void *context)
{
	struct simulating *s = context;

	s->archive[PACK_RULES] = pack_archive(s->arena, &s->file, 1);
}

/* The tables and lists of --pack, or of what is in force in the store today, with the candidate's rules. */
static enum err load_candidate(struct simulating *s, struct hub *h, struct cause *why)
{
	const char *folder = args_value(s->args, OPTION_PACK, NULL);
	struct pack_faults faults = {.arena = s->arena};
	enum err e = folder ? pack_read_folder(s->arena, folder, s->archive, &faults, why)
			    : hub_get_pack(h, s->arena, s->archive, why);

	if (!e)
		e = arena_run(s->arena, join_candidate, s);
	if (!e)
		e = inforce_load(s->archive, &s->with, &faults, why);
	for (uint32_t i = 0; e && i < faults.list.n; i++) {
		const struct pack_fault *x = &faults.list.v[i];

		printf("%.*s:%u:%u: %s: %s\n", SPAN_ARG(x->file), x->line, x->column, x->rule,
		       x->text);
	}
	return e;
}

/* ---- the report ---- */

static void show_progress(void *context, int64_t done, int64_t all)
{
	progress_show(context, done, all);
}

static void write_report(void *context)
{
	struct simulating *s = context;

	s->out = text_in(s->trial.arena);
	if (for_people(s->args))
		rules_trial_write_text(&s->out, &s->trial);
	else
		rules_trial_write(&s->out, &s->trial, UINT32_MAX);
}

static enum err simulate(struct simulating *s, struct cause *why)
{
	struct hub_options o = {.where = args_value(s->args, OPTION_DATA, "customhouse-data"),
				.database = args_value(s->args, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct hub *h = NULL;
	enum err e = read_candidate(s, why);

	if (!e)
		e = args_day(s->args, OPTION_FROM_DAY, &s->trial.trade.from, why);
	if (!e)
		e = args_day(s->args, OPTION_TO_DAY, &s->trial.trade.to, why);
	if (!e)
		e = hub_open(&o, &h, why);
	if (!e)
		e = load_candidate(s, h, why);
	s->trial.with = s->with;
	if (!e)
		e = hub_try_rules(h, &s->trial, why);
	progress_clear(&s->bar);
	if (!e && arena_run(s->trial.arena, write_report, s))
		e = fail(why, ERR_NOMEM, "no memory for the report");
	if (!e)
		put(s->args, s->out.p, s->out.n);
	rules_trial_free(&s->trial);
	hub_close(h);
	inforce_release(s->with);
	return e;
}

int cmd_simulate(const struct args *a)
{
	struct simulating s = {.args = a,
			       .arena = arena_new((size_t)LIMIT_PACK_BYTES * 2),
			       .bar = {.what = "simulating"}};
	struct cause why = {0};
	int status;

	if (!s.arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	s.trial.trade = (struct trade){
	    .from = INT32_MIN, .to = INT32_MAX, .progress = show_progress, .context = &s.bar};
	if (!args_count(a, 0, 0))
		status = EXIT_UNREADABLE;
	else if (!simulate(&s, &why))
		status = put_all(a, EXIT_DONE);
	else
		status = why.err == ERR_USAGE ? args_refuse(a, &why) : say_failed(a, &why);
	arena_free(s.arena);
	return status;
}
