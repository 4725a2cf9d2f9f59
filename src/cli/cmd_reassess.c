/* reassess: who owes or is owed what under another tariff. */
#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "codec/json.h"
#include "hub/audit/reassess.h"
#include "hub/edition/revenue.h"

struct showing {
	const struct args *args;
	struct arena *arena;
};

static bool show_line(void *context, struct span json)
{
	const struct showing *s = context;

	return put(s->args, json.p, json.n) && put(s->args, "\n", 1);
}

struct summing {
	const struct reassessment *r;
	struct text *to;
};

static void put_minor(struct json_writer *w, struct text *scratch, const char *name, struct money m,
		      unsigned digits)
{
	scratch->n = 0;
	money_write(scratch, m, digits);
	json_put(w, name, text_as_span(scratch));
}

static void write_summary(void *context)
{
	const struct summing *s = context;
	const struct reassessment *r = s->r;
	struct json_writer w = json_to(s->to);
	struct text scratch = text_in(s->to->arena);

	json_open_object(&w);
	json_put_int(&w, "looked_at", r->looked_at);
	json_put_int(&w, "differing", r->differing);
	json_put_int(&w, "unreadable", r->unreadable);
	json_put_int(&w, "erased", r->erased);
	put_minor(&w, &scratch, "owes", r->owes, r->digits);
	put_minor(&w, &scratch, "owed", r->owed, r->digits);
	json_put_c(&w, "currency", r->currency);
	json_close_object(&w);
	text_char(s->to, '\n');
}

/* The pack of --pack, or what is in force in the store today. */
static enum err load_pack(const struct args *a, struct arena *arena, struct hub *h,
			  struct inforce **ret, struct cause *why)
{
	const char *folder = args_value(a, OPTION_PACK, NULL);
	struct pack_faults faults = {.arena = arena};
	struct span archive[PACK_PARTS];
	enum err e = folder ? pack_read_folder(arena, folder, archive, &faults, why)
			    : hub_get_pack(h, arena, archive, why);

	if (!e)
		e = inforce_load(archive, ret, &faults, why);
	if (e && folder)
		put_pack_faults(a, folder, &faults);
	return e;
}

static enum err reassess(const struct args *a, struct arena *arena, struct reassessment *r,
			 struct cause *why)
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct inforce *with = NULL;
	struct hub *h = NULL;
	int32_t day = 0;
	enum err e = args_day(a, OPTION_SINCE, &day, why);

	if (!e)
		e = hub_open(&o, &h, why);
	if (!e)
		e = load_pack(a, arena, h, &with, why);
	r->with = with;
	r->since = args_has(a, OPTION_SINCE) ? day * MICROS_A_DAY : INT64_MIN;
	if (!e)
		e = hub_reassess(h, r, why);
	hub_close(h);
	inforce_release(with);
	return e;
}

/* ---- the sums ---- */

enum { ROWS_FOR_PEOPLE = 20 };

static void show_progress(void *context, int64_t done, int64_t total)
{
	progress_show(context, done, total);
}

struct writing {
	const struct args *args;
	const struct revenue *r;
	struct text text;
};

static void write_revenue(void *context)
{
	struct writing *w = context;

	w->text = text_in(w->r->arena);
	if (args_has(w->args, OPTION_CSV))
		revenue_write_csv(&w->text, w->r);
	else if (for_people(w->args))
		revenue_write_text(&w->text, w->r, ROWS_FOR_PEOPLE);
	else
		revenue_write(&w->text, w->r, UINT32_MAX);
}

static int put_revenue(const struct args *a, const struct revenue *r)
{
	struct writing w = {a, r, {0}};

	if (arena_run(r->arena, write_revenue, &w)) {
		say(a, "no memory for the report");
		return EXIT_FAILED;
	}
	put(a, w.text.p, w.text.n);
	return r->total.before == r->total.after && !r->left_out.list.n ? EXIT_DONE : EXIT_NO;
}

static int simulate(const struct args *a, struct arena *arena)
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct progress bar = {.what = "simulating"};
	struct revenue r = {.trade = {.from = INT32_MIN,
				      .to = INT32_MAX,
				      .progress = show_progress,
				      .context = &bar},
			    .as_of = INT32_MIN};
	struct inforce *with = NULL;
	struct cause why = {0};
	struct hub *h = NULL;
	int status;
	enum err e = args_day(a, OPTION_SINCE, &r.trade.from, &why);

	if (!e)
		e = args_day(a, OPTION_AS_OF, &r.as_of, &why);
	if (!e)
		e = hub_open(&o, &h, &why);
	if (!e)
		e = load_pack(a, arena, h, &with, &why);
	r.with = with;
	if (!e)
		e = hub_simulate_revenue(h, &r, &why);
	progress_clear(&bar);
	status = e ? say_failed(a, &why) : put_revenue(a, &r);
	revenue_free(&r);
	hub_close(h);
	inforce_release(with);
	return status;
}

/* ---- the cases ---- */

static int list_cases(const struct args *a, struct arena *arena)
{
	struct showing s = {a, arena};
	struct reassessment r = {.line = show_line, .context = &s};
	struct text text = text_in(arena);
	struct summing summing = {&r, &text};
	struct cause why = {0};

	if (reassess(a, arena, &r, &why) || arena_run(arena, write_summary, &summing))
		return say_failed(a, &why);
	put(a, text.p, text.n);
	return r.differing ? EXIT_NO : EXIT_DONE;
}

int cmd_reassess(const struct args *a)
{
	struct arena *arena;
	struct cause why = {0};
	int status;

	if (!args_count(a, 0, 0))
		return EXIT_UNREADABLE;
	if (!args_has(a, OPTION_REVENUE) &&
	    (args_has(a, OPTION_AS_OF) || args_has(a, OPTION_CSV))) {
		fail(&why, ERR_USAGE, "--as-of and --csv are for --revenue");
		return args_refuse(a, &why);
	}
	arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	status = args_has(a, OPTION_REVENUE) ? simulate(a, arena) : list_cases(a, arena);
	arena_free(arena);
	return put_all(a, status);
}
