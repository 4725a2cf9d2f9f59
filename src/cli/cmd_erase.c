/* erase: what a case, or a message that is kept, holds of people, when the law says so; by two people, each with a token of
 * their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/talk.h"

static void erase(void *context)
{
	struct talk *t = context;
	struct text path = text_in(t->arena);
	struct span state;

	text_string(&path, args_has(t->args, OPTION_MESSAGE) ? "/api/v1/messages/"
							     : "/api/v1/declarations/");
	talk_escape(&path, t->args->operand[0]);
	text_string(&path, "/erasure?reason=");
	talk_escape(&path, args_value(t->args, OPTION_REASON, ""));
	if (path.n >= sizeof(t->path)) {
		say(t->args, "the reason is too long");
		t->status = EXIT_UNREADABLE;
		return;
	}
	memcpy(t->path, path.p, path.n);
	t->path[path.n] = 0;
	t->method = "POST";
	t->body = text_in(t->arena);
	if (!talk_ask(t))
		return;
	put(t->args, t->reply.body.p, t->reply.body.n);
	put(t->args, "\n", 1);
	state = json_get_text(t->answer, "state");
	say(t->args,
	    span_is(state, "ordered")
		? "%s: ordered. Nothing is erased yet: an auditor carries it out, with the same "
		  "command and a token of theirs"
	    : args_has(t->args, OPTION_MESSAGE)
		? "%s: erased. What was found of the message stays, and the chain verifies"
		: "%s: erased. The decision, the acts and the money stay, and the chain "
		  "verifies",
	    t->args->operand[0]);
}

int cmd_erase(const struct args *a)
{
	char token[TALK_TOKEN_BYTES];
	struct talk t = {.args = a, .token = token};
	struct cause why = {0};

	if (!args_count(a, 1, 1))
		return EXIT_UNREADABLE;
	if (!*args_value(a, OPTION_REASON, "")) {
		fail(&why, ERR_USAGE, "erase %s: say --reason", a->operand[0]);
		return args_refuse(a, &why);
	}
	if (!args_has(a, OPTION_TOKEN_FILE)) {
		say(a, "erase wants --token-file: a supervisor of the office orders it with a "
		       "token of theirs (customhouse user token LOGIN --scopes act), and an "
		       "auditor carries it out with one of theirs (--scopes audit)");
		return EXIT_UNREADABLE;
	}
	if (!talk_read_token(a, token))
		return EXIT_UNREADABLE;
	t.arena = arena_new(LIMIT_ARENA_BYTES);
	if (!t.arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	if (talk_open(&t, &why)) {
		t.status = say_failed(a, &why);
	} else if (arena_run(t.arena, erase, &t)) {
		say(a, "no memory");
		t.status = EXIT_FAILED;
	}
	talk_close(&t);
	arena_free(t.arena);
	return put_all(a, t.status);
}
