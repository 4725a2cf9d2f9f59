/* explain: why a stored declaration was decided as it was. */
#include "base/limits.h"
#include "cli/cli.h"
#include "hub/hub.h"
#include "hub/people/people.h"
#include "hub/settle/record.h"

struct explaining {
	struct text *to;
	const struct hub_case *of;
	struct span record;
	enum reader reader;
	struct span language;
	bool damaged;
};

static void explain(void *context)
{
	struct explaining *e = context;
	const struct json *record;
	struct codec_fault fault;

	if (json_read(e->to->arena, e->record, &record, &fault))
		e->damaged = true;
	else
		explain_render(e->to, record, e->reader, e->language);
	if (!e->damaged && e->reader != READER_TRADER)
		explain_erasure(e->to, e->of);
}

static enum err read_case(const struct args *a, struct arena *arena, int64_t version,
			  struct hub_case *ret, struct cause *why)
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct hub_look look = {.who = who_operator(), .purpose = PURPOSE_EXPLAIN};
	struct hub *h;
	enum err e = hub_open(&o, &h, why);

	if (e)
		return e;
	look.reference = span_of(a->operand[0]);
	look.version = version;
	e = hub_get_case(h, arena, &look, ret, why);
	if (e == ERR_NOT_FOUND)
		fail(why, e, "%s holds no case %s%s", o.database ? "the database" : o.where,
		     a->operand[0], version ? " of this version" : "");
	hub_close(h);
	return e;
}

static int explain_case(const struct args *a, struct arena *arena, int64_t version,
			enum reader reader)
{
	struct cause why = {0};
	struct hub_case found;
	struct text text = text_in(arena);
	struct explaining e = {.to = &text,
			       .of = &found,
			       .reader = reader,
			       .language = span_of(args_value(a, OPTION_LANG, "en"))};

	if (read_case(a, arena, version, &found, &why))
		return say_failed(a, &why);
	e.record = reader == READER_TRADER ? found.answer : found.decision;
	if (!e.record.p && found.erasure.n) {
		say(a,
		    "what was kept of this declaration beside its accounts was erased, as the law "
		    "asks");
		return EXIT_FAILED;
	}
	if (arena_run(arena, explain, &e)) {
		say(a, "the explanation needs more memory than one may take");
		return EXIT_FAILED;
	}
	if (e.damaged) {
		say(a, "the stored record is damaged: run `customhouse verify`");
		return EXIT_FAILED;
	}
	put(a, text.p, text.n);
	return put_all(a, EXIT_DONE);
}

int cmd_explain(const struct args *a)
{
	struct arena *arena;
	struct cause why = {0};
	enum reader reader;
	uint64_t version = 0;
	int status;

	if (!args_count(a, 1, 1))
		return EXIT_UNREADABLE;
	if (args_number(a, OPTION_VERSION, &version, &why))
		return args_refuse(a, &why);
	if (version > INT32_MAX ||
	    reader_by_name(span_of(args_value(a, OPTION_FOR, "officer")), &reader)) {
		fail(&why, ERR_USAGE,
		     "--for is officer, auditor or trader; --version a small number");
		return args_refuse(a, &why);
	}
	arena = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	if (!arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	status = explain_case(a, arena, (int64_t)version, reader);
	arena_free(arena);
	return status;
}
