#include "cli/office.h"

#include <string.h>

#include "base/limits.h"

enum { NUMBER_DIGITS = 18 };

bool office_is_candidate(const struct args *a, const char *operand)
{
	const size_t n = strlen(operand);

	if (n && n < NUMBER_DIGITS && strspn(operand, "0123456789") == n)
		return true;
	say(a, "%s: the number of a candidate is wanted", operand);
	return false;
}

void office_put_option(struct text *to, const struct args *a, enum option_key key, const char *name,
		       char *before)
{
	if (!args_has(a, key))
		return;
	text_print(to, "%c%s=", *before, name);
	talk_escape(to, args_value(a, key, ""));
	*before = '&';
}

bool office_set_path(struct talk *t, const char *method, const struct text *path)
{
	if (path->n >= sizeof(t->path)) {
		say(t->args, "the reason is too long");
		t->status = EXIT_UNREADABLE;
		return false;
	}
	memcpy(t->path, path->p, path->n);
	t->path[path->n] = 0;
	t->method = method;
	t->body = text_in(t->arena);
	return true;
}

bool office_open(struct talk *t, char token[TALK_TOKEN_BYTES])
{
	t->status = EXIT_UNREADABLE;
	if (args_has(t->args, OPTION_TOKEN_FILE)) {
		if (!talk_read_token(t->args, token))
			return false;
		t->token = token;
	}
	t->arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	if (!t->arena) {
		say(t->args, "no memory");
		t->status = EXIT_FAILED;
		return false;
	}
	t->status = EXIT_DONE;
	return true;
}

int office_run(struct talk *t, void (*ask)(void *context), void *context)
{
	struct cause why = {0};

	if (talk_open(t, &why)) {
		t->status = say_failed(t->args, &why);
	} else if (arena_run(t->arena, ask, context)) {
		say(t->args, "no memory");
		t->status = EXIT_FAILED;
	}
	talk_close(t);
	return t->status;
}

int office_close(struct talk *t, int status)
{
	arena_free(t->arena);
	return put_all(t->args, status);
}
