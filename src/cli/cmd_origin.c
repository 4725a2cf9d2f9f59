/* origin: do goods originate under an agreement, and what does its rule still need to know? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "hub/hub.h"
#include "hub/inforce.h"
#include "origin/origin_json.h"

struct asking {
	const struct args *args;
	struct arena *arena;
	const struct refset *ref;
	int32_t day;
	struct span answers; /* bytes of the file; p NULL: none */
	struct origin_ask ask;
	struct text text;
	struct cause why;
	enum err err;
};

/* The whole file; false: said why. */
static bool read_answers(struct asking *k)
{
	const char *path = args_value(k->args, OPTION_ANSWERS, NULL);
	FILE *f;
	char *p;
	size_t n;

	if (!path)
		return true;
	f = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	if (!f) {
		say(k->args, "%s: %s", path, strerror(errno));
		return false;
	}
	p = arena_try(k->arena, LIMIT_ORIGIN_BYTES + 1);
	n = p ? fread(p, 1, LIMIT_ORIGIN_BYTES + 1, f) : 0;
	if (!p || ferror(f) || n > LIMIT_ORIGIN_BYTES) {
		say(k->args, "%s: %s", path,
		    n > LIMIT_ORIGIN_BYTES ? "answers have at most 64 KiB" : "cannot be read");
		p = NULL;
	}
	if (f != stdin)
		fclose(f);
	k->answers = (struct span){p, (uint32_t)n, 1};
	return p;
}

static enum err take_file(struct asking *k)
{
	const struct json *o;
	struct codec_fault fault;

	if (!k->answers.p)
		return ERR_NONE;
	if (json_read(k->arena, k->answers, &o, &fault))
		return fail(&k->why, ERR_USAGE, "%s:%u:%u: %s",
			    args_value(k->args, OPTION_ANSWERS, ""), fault.line, fault.column,
			    fault.text);
	return origin_answers(&k->ask, o, &k->why);
}

static enum err take_operands(struct asking *k)
{
	enum err e = ERR_NONE;

	for (int i = 1; !e && i < k->args->operands; i++) {
		struct span value = span_of(k->args->operand[i]);
		struct span name = span_cut(&value, '=');

		e = value.p && span_valid_utf8(value)
			? origin_answer(&k->ask, name, value, &k->why)
			: fail(&k->why, ERR_USAGE, "%s: an answer is NAME=VALUE",
			       k->args->operand[i]);
	}
	return e;
}

static void run_check(void *context)
{
	struct asking *k = context;
	const struct args *a = k->args;

	origin_ask_open(&k->ask, k->arena);
	k->ask.agreement = span_of(args_value(a, OPTION_AGREEMENT, ""));
	k->ask.language = span_of(args_value(a, OPTION_LANG, "en"));
	k->ask.indent = for_people(a);
	k->ask.facts.commodity = span_of(a->operand[0]);
	k->ask.facts.country = span_of(args_value(a, OPTION_ORIGIN, ""));
	k->ask.facts.day = k->day;
	k->text = text_in(k->arena);
	k->err = take_file(k);
	if (!k->err)
		k->err = take_operands(k);
	if (!k->err)
		k->err = origin_write(&k->ask, k->ref, &k->text, &k->why);
	text_char(&k->text, '\n');
}

static int check(struct asking *k)
{
	k->day = day_of(clock_now(), ref_zone_minutes(k->ref));
	if (args_day(k->args, OPTION_ON, &k->day, &k->why))
		return args_refuse(k->args, &k->why);
	if (!read_answers(k))
		return EXIT_UNREADABLE;
	if (arena_run(k->arena, run_check, k)) {
		say(k->args, "no memory for these answers");
		return EXIT_FAILED;
	}
	if (k->err)
		return args_refuse(k->args, &k->why);
	if (!put(k->args, k->text.p, k->text.n))
		return EXIT_FAILED;
	return k->ask.preference == ORIGIN_NO ? EXIT_NO : EXIT_DONE;
}

static int with_pack(struct asking *k)
{
	const char *pack = args_value(k->args, OPTION_PACK, "packs/landfall");
	struct pack_faults faults = {.arena = k->arena};
	struct clearing *c;
	int status;

	if (clearing_open(pack, &c, &faults, &k->why)) {
		put_pack_faults(k->args, pack, &faults);
		return say_failed(k->args, &k->why);
	}
	k->ref = clearing_inforce(c)->ref;
	status = check(k);
	clearing_close(c);
	return status;
}

int cmd_origin(const struct args *a)
{
	struct asking k = {.args = a};
	int status = EXIT_FAILED;

	if (!args_count(a, 1, 1 + LIMIT_ORIGIN_MATERIALS + LIMIT_ORIGIN_PROCESSES))
		return EXIT_UNREADABLE;
	k.arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (k.arena)
		status = with_pack(&k);
	arena_free(k.arena);
	return put_all(a, status);
}
