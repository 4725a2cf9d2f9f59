#include "cli/rules_office.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/office.h"
#include "codec/tar.h"
#include "hub/inforce.h"

enum part_flags {
	OF_FILES = 1,  /* the other operands are files of rules, or lists.csv */
	OF_BUNDLE = 2, /* the other one is a bundle */
	OF_KEY = 4,    /* a public key */
	OF_NUMBER = 8, /* the number of a candidate, if there is one */
	REASONED = 16, /* --reason and --valid-from go along */
	NAMED = 32,    /* --name is the body */
	ANYBODY = 64,  /* the operator may: no token is wanted */
};

static const struct part {
	const char *name, *method, *path, *behind;
	unsigned flags;
	int operands; /* at least; behind the first */
} parts[] = {
    {"distrust", "DELETE", "/api/v1/trusted-keys/", "", OF_KEY, 1},
    {"export", "POST", "/api/v1/packs", "/export", OF_NUMBER, 0},
    {"import", "POST", "/api/v1/packs/import", "", OF_BUNDLE | REASONED, 1},
    {"keys", "GET", "/api/v1/trusted-keys", "", ANYBODY, 0},
    {"propose", "POST", "/api/v1/packs/rules", "", OF_FILES | REASONED, 1},
    {"trust", "PUT", "/api/v1/trusted-keys/", "", OF_KEY | NAMED, 1},
};

struct asking {
	struct talk talk; /* first */
	const struct part *part;
	bool failed; /* it was said why */
};

/* ---- what is sent ---- */

static struct span read_file(struct asking *x, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	char *p = arena_alloc(x->talk.arena, LIMIT_PACK_FILE_BYTES);
	size_t n = f ? fread(p, 1, LIMIT_PACK_FILE_BYTES, f) : 0;

	x->failed = !f || ferror(f) || n == LIMIT_PACK_FILE_BYTES;
	if (!f)
		say(x->talk.args, "%s: %s", path, strerror(errno));
	else if (x->failed)
		say(x->talk.args, "%s: cannot be read, or is larger than 64 MiB", path);
	if (f && f != stdin)
		fclose(f);
	return (struct span){p, (uint32_t)n, 0};
}

static void put_files(struct asking *x)
{
	const struct args *a = x->talk.args;

	for (int i = 1; i < a->operands && !x->failed; i++) {
		const char *slash = strrchr(a->operand[i], '/');
		struct span name = span_of(slash ? slash + 1 : a->operand[i]), bytes;

		bytes = read_file(x, a->operand[i]);
		if (!x->failed)
			tar_put(&x->talk.body, name, bytes);
	}
	tar_end(&x->talk.body);
}

static void put_body(struct asking *x)
{
	const struct args *a = x->talk.args;
	struct json_writer w = json_to(&x->talk.body);

	if (x->part->flags & OF_FILES)
		put_files(x);
	if (x->part->flags & OF_BUNDLE)
		text_span(&x->talk.body, read_file(x, a->operand[1]));
	if (!(x->part->flags & NAMED))
		return;
	json_open_object(&w);
	json_put_c(&w, "name", args_value(a, OPTION_NAME, ""));
	json_close_object(&w);
}

static bool set_path(struct asking *x)
{
	const struct args *a = x->talk.args;
	struct text path = text_in(x->talk.arena);
	char before = '?';

	text_string(&path, x->part->path);
	if (x->part->flags & OF_KEY)
		talk_escape(&path, a->operand[1]);
	if (x->part->flags & OF_NUMBER && a->operands > 1)
		text_print(&path, "/%s", a->operand[1]);
	text_string(&path, x->part->behind);
	if (x->part->flags & REASONED) {
		office_put_option(&path, a, OPTION_REASON, "reason", &before);
		office_put_option(&path, a, OPTION_VALID_FROM, "valid-from", &before);
	}
	return office_set_path(&x->talk, x->part->method, &path);
}

/* ---- what comes ---- */

/* Places of faults, as `rules check` says them. */
static void put_faults(const struct talk *t)
{
	const struct json *faults = json_get(t->answer, "faults");

	for (const struct json *f = faults ? faults->first : NULL; f; f = f->next) {
		int64_t line = 0, column = 0;

		if (json_get_int(f, "line", &line) || json_get_int(f, "column", &column))
			line = 0;
		printf("%.*s:%lld:%lld: %.*s: %.*s\n", SPAN_ARG(json_get_text(f, "file")),
		       (long long)line, (long long)column, SPAN_ARG(json_get_text(f, "rule")),
		       SPAN_ARG(json_get_text(f, "text")));
	}
}

static void ask(void *context)
{
	struct asking *x = context;
	struct talk *t = &x->talk;

	if (!set_path(x))
		return;
	put_body(x);
	if (x->failed) {
		t->status = EXIT_UNREADABLE;
		return;
	}
	if (!talk_ask(t)) {
		if (t->answer)
			put_faults(t);
		return;
	}
	put(t->args, t->reply.body.p, t->reply.body.n);
	put(t->args, "\n", 1);
}

static bool sound(const struct args *a, const struct part *part)
{
	const int most = part->flags & OF_FILES    ? LIMIT_PACK_FILES
			 : part->flags & OF_NUMBER ? 2
						   : part->operands + 1;

	if (!args_count(a, part->operands + 1, most))
		return false;
	if (part->flags & OF_NUMBER && a->operands > 1 && !office_is_candidate(a, a->operand[1]))
		return false;
	if (!(part->flags & ANYBODY) && !args_has(a, OPTION_TOKEN_FILE)) {
		say(a,
		    "rules %s wants --token-file: an analyst does it, or, of keys, an "
		    "administrator, with a token of theirs",
		    part->name);
		return false;
	}
	return true;
}

static int open_and_run(const struct args *a, const struct part *part)
{
	char token[TALK_TOKEN_BYTES];
	struct asking x = {.talk = {.args = a}, .part = part};

	if (!sound(a, part))
		return EXIT_UNREADABLE;
	if (!office_open(&x.talk, token))
		return x.talk.status;
	return office_close(&x.talk, office_run(&x.talk, ask, &x));
}

bool rules_office(const struct args *a, int *ret_status)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (strcmp(a->operand[0], parts[i].name))
			continue;
		*ret_status = open_and_run(a, &parts[i]);
		return true;
	}
	return false;
}
