/* generate: a synthetic trade stream. */
#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "hub/generate/generate.h"
#include "hub/hub.h"
#include "hub/inforce.h"
#include "msg/msg.h"

struct generating {
	const struct args *args;
	struct arena *arena, *once; /* of the generator; of one declaration */
	const struct refset *ref;
	const struct msg_format *format;
	struct generator *generator;
	int32_t day;
	uint64_t seed, count, n;
	struct text text;
};

static void begin(void *context)
{
	struct generating *g = context;

	g->generator = generator_new(g->arena, g->ref, g->day, g->seed);
}

static void make_one(void *context)
{
	struct generating *g = context;
	struct message m;

	g->text = text_in(g->once);
	generator_make(g->generator, g->n, g->once, &m);
	g->format->write(&g->text, &m, NULL);
	if (!g->text.n || g->text.p[g->text.n - 1] != '\n')
		text_char(&g->text, '\n');
}

static int make_all(struct generating *g)
{
	const struct args *a = g->args;
	struct progress p = {.what = "generate"};

	if (arena_run(g->arena, begin, g) || !g->generator) {
		say(a, "this pack has no tariff or no office on that day: nothing can be declared");
		return EXIT_FAILED;
	}
	for (g->n = 1; g->n <= g->count; g->n++) {
		arena_reset(g->once);
		if (arena_run(g->once, make_one, g)) {
			say(a, "no memory");
			return EXIT_FAILED;
		}
		if (!put(a, g->text.p, g->text.n))
			return EXIT_FAILED;
		progress_show(&p, (int64_t)g->n, (int64_t)g->count);
	}
	progress_clear(&p);
	return EXIT_DONE;
}

static int with_pack(struct generating *g)
{
	const struct args *a = g->args;
	struct pack_faults faults = {.arena = g->arena};
	struct cause why = {0};
	struct clearing *c;
	int status;

	if (clearing_open(args_value(a, OPTION_PACK, "packs/landfall"), &c, &faults, &why))
		return say_failed(a, &why);
	g->ref = clearing_inforce(c)->ref;
	status = make_all(g);
	clearing_close(c);
	return status;
}

static enum err read_args(struct generating *g, struct cause *why)
{
	const struct args *a = g->args;
	const char *format = args_value(a, OPTION_FORMAT, "json");
	enum err e = day_parse(span_of(args_value(a, OPTION_DATE, "2026-01-05")), &g->day);

	if (e)
		return fail(why, ERR_USAGE,
			    "--date %s: give a day of the calendar, such as 2026-01-05",
			    a->value[OPTION_DATE]);
	if (!args_has(a, OPTION_DECLARATIONS) || !args_has(a, OPTION_SEED))
		return fail(why, ERR_USAGE,
			    "say how many with --declarations, and which with --seed");
	e = args_number(a, OPTION_DECLARATIONS, &g->count, why);
	if (!e)
		e = args_number(a, OPTION_SEED, &g->seed, why);
	g->format = msg_format_by_id(span_of(format));
	if (!e && (!g->format || !g->format->writes || g->format->carries != MSG_DECLARATIONS))
		e = fail(why, ERR_USAGE,
			 "--format %s: no format of this name can be written; `customhouse "
			 "formats` lists them",
			 format);
	return e;
}

int cmd_generate(const struct args *a)
{
	struct generating g = {.args = a};
	struct cause why = {0};
	int status = EXIT_FAILED;

	if (!args_count(a, 0, 0))
		return EXIT_UNREADABLE;
	if (read_args(&g, &why))
		return args_refuse(a, &why);
	g.arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	g.once = arena_new(LIMIT_ARENA_BYTES);
	if (g.arena && g.once)
		status = with_pack(&g);
	arena_free(g.once);
	arena_free(g.arena);
	return put_all(a, status);
}
