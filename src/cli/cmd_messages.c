/* messages: those that are checked and kept, as a list, one with what was found, or one's bytes. */
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/talk.h"

static void put_query(struct text *to, char *mark, const char *name, const char *value)
{
	if (!value)
		return;
	text_print(to, "%c%s=", *mark, name);
	talk_escape(to, value);
	*mark = '&';
}

static void put_path(const struct args *a, struct text *to)
{
	char mark = '?';

	text_string(to, "/api/v1/messages");
	if (a->operands) {
		text_char(to, '/');
		talk_escape(to, a->operand[0]);
		text_string(to, args_has(a, OPTION_ORIGINAL) ? "/original" : "");
		return;
	}
	put_query(to, &mark, "office", args_value(a, OPTION_OFFICE, NULL));
	put_query(to, &mark, "party", args_value(a, OPTION_PARTY, NULL));
	put_query(to, &mark, "type", args_value(a, OPTION_TYPE, NULL));
	put_query(to, &mark, "after", args_value(a, OPTION_AFTER, NULL));
	put_query(to, &mark, "limit", "200");
}

/* A stranger's bytes, as they came. */
static bool ask_bytes(struct talk *t)
{
	struct codec_fault fault;
	struct cause why = {0};

	if (local_request(t->line, t->method, t->path, text_as_span(&t->body), NULL, t->arena,
			  &t->reply, &why)) {
		t->status = say_failed(t->args, &why);
		return false;
	}
	if (t->reply.kind == LOCAL_DONE)
		return true;
	if (!json_read(t->arena, t->reply.body, &t->answer, &fault))
		say(t->args, "%.*s", SPAN_ARG(json_get_text(t->answer, "detail")));
	t->status = t->reply.kind == LOCAL_FAILED ? EXIT_FAILED : EXIT_NO;
	return false;
}

static void ask(void *context)
{
	struct talk *t = context;
	const bool bytes = args_has(t->args, OPTION_ORIGINAL);
	struct text path = text_in(t->arena);

	t->method = "GET";
	t->body = text_in(t->arena);
	put_path(t->args, &path);
	if (path.n >= sizeof(t->path)) {
		say(t->args, "what is asked is too long");
		t->status = EXIT_UNREADABLE;
		return;
	}
	memcpy(t->path, path.p, path.n);
	t->path[path.n] = 0;
	if (bytes ? !ask_bytes(t) : !talk_ask(t))
		return;
	put(t->args, t->reply.body.p, t->reply.body.n);
	if (!bytes)
		put(t->args, "\n", 1);
}

int cmd_messages(const struct args *a)
{
	struct talk t = {.args = a};
	struct cause why = {0};

	if (!args_count(a, 0, 1))
		return EXIT_UNREADABLE;
	if (args_has(a, OPTION_ORIGINAL) && !a->operands) {
		fail(&why, ERR_USAGE, "messages: --original wants a REFERENCE");
		return args_refuse(a, &why);
	}
	t.arena = arena_new(LIMIT_ARENA_BYTES);
	if (!t.arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	if (talk_open(&t, &why)) {
		t.status = say_failed(a, &why);
	} else if (arena_run(t.arena, ask, &t)) {
		say(a, "no memory");
		t.status = EXIT_FAILED;
	}
	talk_close(&t);
	arena_free(t.arena);
	return put_all(a, t.status);
}
