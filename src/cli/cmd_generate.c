/* generate: a synthetic trade stream. */
#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "codec/edifact.h"
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
	uint64_t seed, count, items, n;
	struct msg_bulk bulk;
	struct text text;
};

static void begin(void *context)
{
	struct generating *g = context;

	g->generator = generator_new(g->arena, g->ref, g->day, g->seed);
	if (g->generator && g->items)
		generator_limit_items(g->generator, (uint32_t)g->items);
}

static void make_one(void *context)
{
	struct generating *g = context;
	struct message m;

	g->text = text_in(g->once);
	generator_make(g->generator, g->n, g->once, &m);
	msg_write_bulk(&g->text, g->format, &g->bulk, &m);
}

static void end_file(void *context)
{
	struct generating *g = context;

	g->text = text_in(g->once);
	msg_write_bulk(&g->text, g->format, &g->bulk, NULL);
}

/* What one step has written. */
static int put_step(struct generating *g, void (*step)(void *context))
{
	arena_reset(g->once);
	if (!arena_run(g->once, step, g))
		return put(g->args, g->text.p, g->text.n) ? EXIT_DONE : EXIT_FAILED;
	say(g->args, "no memory");
	return EXIT_FAILED;
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
		if (put_step(g, make_one))
			return EXIT_FAILED;
		progress_show(&p, (int64_t)g->n, (int64_t)g->count);
	}
	progress_clear(&p);
	return put_step(g, end_file);
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

/* --items and --messages, which need not be given. */
static enum err read_sizes(struct generating *g, struct cause *why)
{
	const struct args *a = g->args;
	uint64_t most = LIMIT_INTERCHANGE_MESSAGES;
	enum err e = ERR_NONE;

	if (args_has(a, OPTION_ITEMS))
		e = args_number(a, OPTION_ITEMS, &g->items, why);
	if (!e && args_has(a, OPTION_MESSAGES))
		e = args_number(a, OPTION_MESSAGES, &most, why);
	if (e)
		return e;
	g->bulk.charset_id = span_of(args_value(a, OPTION_CHARSET, ""));
	if (g->bulk.charset_id.n && edifact_charset_by_id(g->bulk.charset_id) == EDIFACT_CHARSETS)
		return fail(why, ERR_USAGE, "--charset: from UNOA to UNOL, UNOW, UNOX or UNOY");
	if (args_has(a, OPTION_ITEMS) && (g->items < 1 || g->items > LIMIT_ITEMS))
		return fail(why, ERR_USAGE, "--items: from 1 to %u", (unsigned)LIMIT_ITEMS);
	if (most < 1 || most > UINT32_MAX)
		return fail(why, ERR_USAGE, "--messages: from 1 to %u", UINT32_MAX);
	g->bulk.most = (uint32_t)most;
	return ERR_NONE;
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
	if (!e)
		e = read_sizes(g, why);
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
