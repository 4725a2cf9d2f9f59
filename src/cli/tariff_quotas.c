#include "cli/tariff_quotas.h"

#include <string.h>

#include "base/limits.h"
#include "cli/talk.h"

static void ask(void *context)
{
	struct talk *t = context;
	const struct args *a = t->args;
	struct text path = text_in(t->arena);

	text_string(&path, "/api/v1/tariff/quotas");
	if (a->operands > 1) {
		text_char(&path, '/');
		talk_escape(&path, a->operand[1]);
	}
	if (!strcmp(a->operand[0], "claims"))
		text_string(&path, "/claims");
	if (path.n >= sizeof(t->path)) {
		say(a, "what is asked is too long");
		t->status = EXIT_UNREADABLE;
		return;
	}
	memcpy(t->path, path.p, path.n);
	t->path[path.n] = 0;
	t->method = "GET";
	t->body = text_in(t->arena);
	if (!talk_ask(t))
		return;
	put(a, t->reply.body.p, t->reply.body.n);
	put(a, "\n", 1);
}

static int run(const struct args *a)
{
	struct talk t = {.args = a, .arena = arena_new(LIMIT_ARENA_BYTES)};
	char token[TALK_TOKEN_BYTES];
	struct cause why = {0};

	if (args_has(a, OPTION_TOKEN_FILE)) {
		if (!talk_read_token(a, token)) {
			arena_free(t.arena);
			return EXIT_UNREADABLE;
		}
		t.token = token;
	}
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

bool tariff_quotas(const struct args *a, int *ret_status)
{
	const bool claims = a->operands > 0 && !strcmp(a->operand[0], "claims");

	if (!claims && (!a->operands || strcmp(a->operand[0], "quotas") != 0))
		return false;
	*ret_status = args_count(a, claims ? 2 : 1, 2) ? run(a) : EXIT_UNREADABLE;
	return true;
}
