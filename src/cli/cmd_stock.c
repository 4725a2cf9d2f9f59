/* stock: permits that declarations write off, and goods that stay under a procedure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/talk.h"

enum { FILE_BYTES = 1 << 16 };

struct asking {
	struct talk talk;
	struct span entry; /* register: the permit as JSON; p NULL: nothing is registered */
	struct text path;
};

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       memchr("-._~", c, 4);
}

/* As a part of an address (RFC 3986, 2.1). */
static void put_escaped(struct text *to, struct span s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		if (is_plain(s.p[i]))
			text_char(to, s.p[i]);
		else
			text_print(to, "%%%02X", (unsigned)(unsigned char)s.p[i]);
	}
}

static void put_query(struct text *to, char *mark, const char *name, const char *value)
{
	if (!value)
		return;
	text_char(to, *mark);
	text_string(to, name);
	text_char(to, '=');
	put_escaped(to, span_of(value));
	*mark = '&';
}

/* "C400/W-1" is a permit, anything else the reference of a declaration. */
static void put_one(struct asking *q, struct span what)
{
	struct span number = what;
	const struct span document = span_cut(&number, '/');

	if (!number.n) {
		text_string(&q->path, "/api/v1/stock/");
		put_escaped(&q->path, what);
		return;
	}
	text_string(&q->path, "/api/v1/permits/");
	put_escaped(&q->path, document);
	text_string(&q->path, "?number=");
	put_escaped(&q->path, number);
}

static void put_list(struct asking *q)
{
	const struct args *a = q->talk.args;
	char mark = '?';

	text_string(&q->path,
		    args_value(a, OPTION_PERMITS, NULL) ? "/api/v1/permits" : "/api/v1/stock");
	put_query(&q->path, &mark, "office", args_value(a, OPTION_OFFICE, NULL));
	put_query(&q->path, &mark, "party", args_value(a, OPTION_PARTY, NULL));
	put_query(&q->path, &mark, "agency", args_value(a, OPTION_AGENCY, NULL));
	put_query(&q->path, &mark, "after", args_value(a, OPTION_AFTER, NULL));
	put_query(&q->path, &mark, "overdue", args_value(a, OPTION_OVERDUE, NULL) ? "yes" : NULL);
	text_string(&q->path, mark == '?' ? "?limit=200" : "&limit=200");
}

static void ask(void *context)
{
	struct asking *q = context;
	struct talk *t = &q->talk;

	q->path = text_in(t->arena);
	t->method = q->entry.p ? "POST" : "GET";
	t->body = text_in(t->arena);
	if (q->entry.p) {
		text_string(&q->path, "/api/v1/permits/");
		put_escaped(&q->path, span_of(t->args->operand[1]));
		text_span(&t->body, q->entry);
	} else if (t->args->operands) {
		put_one(q, span_of(t->args->operand[0]));
	} else {
		put_list(q);
	}
	if (q->path.n >= sizeof(t->path)) {
		say(t->args, "what is asked is too long");
		t->status = EXIT_UNREADABLE;
		return;
	}
	memcpy(t->path, q->path.p, q->path.n);
	t->path[q->path.n] = 0;
	if (!talk_ask(t))
		return;
	put(t->args, t->reply.body.p, t->reply.body.n);
	put(t->args, "\n", 1);
}

/* A small file, whole, with a NUL behind it; *ret_n its bytes. NULL: said why. */
static char *read_small(const struct args *a, const char *path, char *to, size_t *ret_n)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	bool fits;

	*ret_n = f ? fread(to, 1, FILE_BYTES, f) : 0;
	fits = f && !ferror(f) && *ret_n < FILE_BYTES;
	if (f && f != stdin)
		fclose(f);
	if (!fits) {
		say(a, "%s: cannot be read, or is larger than 64 KiB", path);
		return NULL;
	}
	to[*ret_n] = 0;
	return to;
}

static int run(struct asking *q)
{
	struct talk *t = &q->talk;
	struct cause why = {0};

	t->arena = arena_new(LIMIT_ARENA_BYTES);
	if (!t->arena) {
		say(t->args, "no memory");
		return EXIT_FAILED;
	}
	if (talk_open(t, &why)) {
		t->status = say_failed(t->args, &why);
	} else if (arena_run(t->arena, ask, q)) {
		say(t->args, "no memory");
		t->status = EXIT_FAILED;
	}
	talk_close(t);
	arena_free(t->arena);
	return put_all(t->args, t->status);
}

int cmd_stock(const struct args *a)
{
	struct asking q = {.talk = {.args = a}};
	const bool registers = a->operands && !strcmp(a->operand[0], "register");
	const char *token_file = args_value(a, OPTION_TOKEN_FILE, NULL);
	char *token = malloc(FILE_BYTES), *entry = malloc(FILE_BYTES);
	int status = EXIT_UNREADABLE;
	size_t n = 0;

	if (!token || !entry) {
		say(a, "no memory");
		status = EXIT_FAILED;
	} else if (!args_count(a, registers ? 3 : 0, registers ? 3 : 1)) {
		/* it was said */
	} else if (registers && !token_file) {
		say(a, "register wants --token-file: a token of an officer of the office or of an "
		       "agency (customhouse user token LOGIN --scopes act)");
	} else if (!token_file || read_small(a, token_file, token, &n)) {
		if (token_file) {
			token[strcspn(token, "\r\n")] = 0;
			q.talk.token = token;
		}
		if (!registers || read_small(a, a->operand[2], entry, &n)) {
			if (registers)
				q.entry = (struct span){entry, (uint32_t)n, 1};
			status = run(&q);
		}
	}
	free(token);
	free(entry);
	return status;
}
