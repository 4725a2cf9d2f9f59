/* duty: the tariff of a pack, searched, shown and calculated. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/tariff_text.h"
#include "codec/json.h"
#include "hub/hub.h"
#include "hub/tariff/ask.h"

struct asking {
	const struct args *args;
	struct arena *arena;
	struct tariff_query query;
	struct tariff_ask ask;
	struct cause why;
	struct text answer;
	enum err err;
};

static struct span option_of(const struct args *a, enum option_key key)
{
	return span_of(args_value(a, key, ""));
}

static bool is_code(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	return s.n > 0;
}

/* Operands are one code, or words to look for. */
static void read_query(struct asking *x)
{
	const struct args *a = x->args;
	struct text words = text_in(x->arena);

	x->query = (struct tariff_query){
	    .commodity = option_of(a, OPTION_COMMODITY),
	    .origin = option_of(a, OPTION_ORIGIN),
	    .destination = option_of(a, OPTION_DESTINATION),
	    .value = option_of(a, OPTION_VALUE),
	    .currency = option_of(a, OPTION_CURRENCY),
	    .freight = option_of(a, OPTION_FREIGHT),
	    .insurance = option_of(a, OPTION_INSURANCE),
	    .retail = option_of(a, OPTION_RETAIL),
	    .terms = option_of(a, OPTION_TERMS),
	    .procedure = option_of(a, OPTION_PROCEDURE),
	    .quantity = option_of(a, OPTION_QUANTITY),
	    .additional = option_of(a, OPTION_ADDITIONAL),
	    .document = option_of(a, OPTION_DOCUMENT),
	    .on = option_of(a, OPTION_ON),
	    .known = option_of(a, OPTION_KNOWN),
	    .language = option_of(a, OPTION_LANG),
	};
	for (int i = 0; i < a->operands; i++) {
		if (words.n)
			text_char(&words, ' ');
		text_string(&words, a->operand[i]);
	}
	x->query.words = text_as_span(&words);
	if (!x->query.commodity.n && is_code(x->query.words))
		x->query.commodity = x->query.words;
}

static void ask(void *context)
{
	struct asking *x = context;
	struct text raw = text_in(x->arena);
	const struct json *read;
	struct codec_fault fault;

	read_query(x);
	x->ask.query = &x->query;
	x->err = x->query.value.n       ? tariff_duty(&x->ask, &raw)
		 : x->query.commodity.n ? tariff_commodity(&x->ask, &raw)
					: tariff_search(&x->ask, &raw);
	if (x->err)
		return;
	if (!isatty(STDOUT_FILENO) && !args_has(x->args, OPTION_EXPLAIN)) {
		x->answer = raw;
		text_char(&x->answer, '\n');
		return;
	}
	BUG_ON(json_read(x->arena, text_as_span(&raw), &read, &fault));
	tariff_text(&x->answer, read);
}

static int answer(struct asking *x)
{
	if (arena_run(x->arena, ask, x)) {
		say(x->args, "the answer needs more memory than one may take");
		return EXIT_FAILED;
	}
	if (x->err == ERR_NOT_FOUND) {
		say(x->args, "%s", x->why.text);
		return EXIT_NO;
	}
	if (x->err)
		return x->err == ERR_USAGE ? args_refuse(x->args, &x->why)
					   : say_failed(x->args, &x->why);
	put(x->args, x->answer.p, x->answer.n);
	return put_all(x->args, EXIT_DONE);
}

static enum err load(const char *folder, struct inforce **ret, struct pack_faults *faults,
		     struct cause *why)
{
	struct span archive[PACK_PARTS];
	enum err e = pack_read_folder(faults->arena, folder, archive, faults, why);

	return e ? e : inforce_load(archive, ret, faults, why);
}

/* What is in force in a store today, with its balances. */
static enum err load_store(struct asking *x, struct hub **ret, struct pack_faults *faults)
{
	const struct hub_options o = {.where = args_value(x->args, OPTION_DATA, "customhouse-data"),
				      .database = args_value(x->args, OPTION_DATABASE, NULL),
				      .mode = HUB_READ};
	struct span archive[PACK_PARTS];
	enum err e = hub_open(&o, ret, &x->why);

	if (!e)
		e = hub_get_pack(*ret, faults->arena, archive, &x->why);
	if (!e)
		e = inforce_load(archive, &x->ask.inforce, faults, &x->why);
	x->ask.hub = *ret;
	return e;
}

static enum err open_tariff(struct asking *x, struct hub **ret, struct pack_faults *faults)
{
	const char *folder = args_value(x->args, OPTION_PACK, "packs/landfall");
	const bool store = args_has(x->args, OPTION_DATA) || args_has(x->args, OPTION_DATABASE);
	enum err e =
	    store ? load_store(x, ret, faults) : load(folder, &x->ask.inforce, faults, &x->why);

	if (e)
		put_pack_faults(x->args, store ? "the store" : folder, faults);
	return e;
}

int cmd_duty(const struct args *a)
{
	struct hub *hub = NULL;
	struct arena *arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	struct pack_faults faults = {.arena = arena};
	struct asking x = {.args = a, .arena = arena};
	int status;

	if (!a->operands && !args_has(a, OPTION_COMMODITY)) {
		fail(&x.why, ERR_USAGE, "say a code, or words to look for");
		arena_free(arena);
		return args_refuse(a, &x.why);
	}
	if (args_has(a, OPTION_PACK) &&
	    (args_has(a, OPTION_DATA) || args_has(a, OPTION_DATABASE))) {
		fail(&x.why, ERR_USAGE, "ask a pack (--pack) or a store (--data): not both");
		arena_free(arena);
		return args_refuse(a, &x.why);
	}
	if (!arena || open_tariff(&x, &hub, &faults)) {
		status = say_failed(a, &x.why);
		hub_close(hub);
		arena_free(arena);
		return status;
	}
	x.answer = text_in(arena);
	x.ask.arena = arena;
	x.ask.now = clock_now();
	x.ask.why = &x.why;
	status = answer(&x);
	inforce_release(x.ask.inforce);
	hub_close(hub);
	arena_free(arena);
	return status;
}
