/* measure: figures of what the hub does. */
#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "codec/json.h"
#include "hub/control/control.h"
#include "hub/people/people.h"

struct measuring {
	const struct args *args;
	struct text answer, shown;
};

/* ---- for people ---- */

/* Millionths as a share: 0.1234 % in four places. */
static void show_ppm(struct text *to, int64_t ppm)
{
	text_print(to, "%" PRId64 ".%04" PRId64 " %%", ppm / 10000, ppm % 10000);
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = 0;

	return json_get_int(o, name, &v) ? 0 : v;
}

static void show_row(struct text *to, struct span id, const struct json *r)
{
	const struct span an_hour = json_get_text(r, "found_in_an_hour");
	struct text rate = text_in(to->arena);

	if (json_get(r, "hit_rate_ppm"))
		show_ppm(&rate, number(r, "hit_rate_ppm"));
	text_print(to, "%-26.*s %9" PRId64 " %10" PRId64 " %9" PRId64 " %10.*s %16.*s %14.*s\n",
		   SPAN_ARG(id), number(r, "selected"), number(r, "controlled"),
		   number(r, "irregular"), SPAN_ARG(text_as_span(&rate)),
		   SPAN_ARG(json_get_text(r, "found")), SPAN_ARG(an_hour));
}

static void show_rows(struct text *to, const struct json *answer, const char *rows,
		      const char *name)
{
	const struct json *v = json_get(answer, rows);

	if (!v || !v->first)
		return;
	text_print(to, "\n%-26s %9s %10s %9s %10s %16s %14s\n", rows, "selected", "controlled",
		   "irregular", "hit rate", "found", "in an hour");
	for (const struct json *r = v->first; r; r = r->next)
		show_row(to, json_get_text(r, name), r);
}

static void show_share(struct text *to, const char *what, const struct json *i)
{
	text_print(to, "%s ", what);
	show_ppm(to, number(i, "estimate_ppm"));
	text_string(to, ", between ");
	show_ppm(to, number(i, "low_ppm"));
	text_string(to, " and ");
	show_ppm(to, number(i, "high_ppm"));
	text_char(to, '\n');
}

static void show_missed(struct text *to, const struct json *m)
{
	const struct json *cases = json_get(m, "declarations"), *money = json_get(m, "money"),
			  *bounds = json_get(m, "bounds");

	text_print(to,
		   "\nwhat is missed: of %" PRId64 " declarations that nothing selected the draw "
		   "picked %" PRId64 "; %" PRId64 " were examined (%" PRId64 " skipped, %" PRId64
		   " waiting), %" PRId64 " irregular\n",
		   number(m, "population"), number(m, "picked"), number(m, "answered"),
		   number(m, "skipped"), number(m, "waiting"), number(m, "irregular"));
	if (!cases) {
		text_string(to, "  nothing can be said of the others\n");
		return;
	}
	show_share(to, "  irregular:", json_get(m, "share"));
	text_string(to, "  if all that were skipped were clean, or irregular: between ");
	show_ppm(to, number(bounds, "low_ppm"));
	text_string(to, " and ");
	show_ppm(to, number(bounds, "high_ppm"));
	text_print(to,
		   "\n  declarations that nobody finds: %" PRId64 ", between %" PRId64
		   " and %" PRId64 "\n",
		   number(cases, "estimate"), number(cases, "low"), number(cases, "high"));
	text_print(to, "  money that nobody finds: %.*s",
		   SPAN_ARG(json_get_text(money, "estimate")));
	if (json_get(money, "low"))
		text_print(to, ", between %.*s and %.*s\n", SPAN_ARG(json_get_text(money, "low")),
			   SPAN_ARG(json_get_text(money, "high")));
	else
		text_string(to, " (too few finds for an interval)\n");
	text_print(to, "  (95 %%; interval of the share: %.*s)\n",
		   SPAN_ARG(json_get_text(m, "interval")));
}

static void show(void *context)
{
	struct measuring *x = context;
	struct text *to = &x->shown;
	const struct json *answer;
	struct codec_fault fault;

	if (json_read(to->arena, text_as_span(&x->answer), &answer, &fault))
		return;
	text_print(to, "%.*s to %.*s, %.*s\n\n%-26s %9s %10s %9s %10s %16s %14s\n",
		   SPAN_ARG(json_get_text(answer, "from")), SPAN_ARG(json_get_text(answer, "to")),
		   SPAN_ARG(json_get_text(answer, "currency")), "", "selected", "controlled",
		   "irregular", "hit rate", "found", "in an hour");
	show_row(to, SPAN("all"), json_get(answer, "total"));
	show_rows(to, answer, "channels", "channel");
	show_rows(to, answer, "rules", "rule");
	show_rows(to, answer, "lists", "list");
	show_rows(to, answer, "offices", "office");
	show_rows(to, answer, "months", "month");
	show_missed(to, json_get(answer, "missed"));
}

/* ---- the question ---- */

static enum err read_order(const struct args *a, struct control_order *ret, struct cause *why)
{
	enum err e = ERR_NONE;

	*ret = (struct control_order){.office = span_of(args_value(a, OPTION_OFFICE, ""))};
	if (!args_has(a, OPTION_FROM_DAY) || !args_has(a, OPTION_TO_DAY))
		return fail(why, ERR_USAGE,
			    "--from DATE and --to DATE say which days are measured");
	e = args_day(a, OPTION_FROM_DAY, &ret->from, why);
	return e ? e : args_day(a, OPTION_TO_DAY, &ret->to, why);
}

static enum err measure(struct measuring *x, struct cause *why)
{
	struct hub_options o = {.where = args_value(x->args, OPTION_DATA, "customhouse-data"),
				.database = args_value(x->args, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct control_order order;
	struct hub *h = NULL;
	enum err e = read_order(x->args, &order, why);

	if (!e)
		e = hub_open(&o, &h, why);
	if (!e)
		e = hub_write_control(h, &x->answer, who_operator(), &order, SPAN(""), why);
	hub_close(h);
	if (!e && for_people(x->args))
		e = arena_run(x->shown.arena, show, x) ? fail(why, ERR_NOMEM, "no memory")
						       : ERR_NONE;
	return e;
}

int cmd_measure(const struct args *a)
{
	struct arena *arena = arena_new(LIMIT_ARENA_BYTES);
	struct measuring x = {.args = a, .answer = text_in(arena), .shown = text_in(arena)};
	struct cause why = {0};
	int status = EXIT_UNREADABLE;

	if (!arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	if (!args_count(a, 1, 1)) {
		status = EXIT_UNREADABLE;
	} else if (strcmp(a->operand[0], "control") != 0) {
		fail(&why, ERR_USAGE, "`control` is what can be measured");
		status = args_refuse(a, &why);
	} else if (measure(&x, &why)) {
		status = why.err == ERR_USAGE || why.err == ERR_FORMAT ? args_refuse(a, &why)
								       : say_failed(a, &why);
	} else {
		const struct text *out = for_people(a) ? &x.shown : &x.answer;

		put(a, out->p, out->n);
		if (!for_people(a))
			put(a, "\n", 1);
		status = put_all(a, EXIT_DONE);
	}
	arena_free(arena);
	return status;
}
