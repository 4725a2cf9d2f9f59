/* user: who may use the hub. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/talk.h"
#include "codec/json.h"

/* ---- what is asked ---- */

static void put_words(struct json_writer *w, const struct talk *t, const char *name,
		      enum option_key key)
{
	struct span rest = span_of(args_value(t->args, key, ""));

	if (!args_has(t->args, key))
		return;
	json_name(w, name);
	json_open_array(w);
	/* "-" is the empty list: an option needs a value. */
	while (rest.n && !span_is(rest, "-"))
		json_string(w, span_cut(&rest, ','));
	json_close_array(w);
}

static void put_text(struct json_writer *w, const struct talk *t, const char *name,
		     enum option_key key)
{
	if (args_has(t->args, key))
		json_put_c(w, name, args_value(t->args, key, ""));
}

static void put_person(struct json_writer *w, const struct talk *t)
{
	put_text(w, t, "name", OPTION_NAME);
	put_words(w, t, "roles", OPTION_ROLES);
	put_words(w, t, "offices", OPTION_OFFICES);
	put_words(w, t, "parties", OPTION_PARTIES);
	put_text(w, t, "agency", OPTION_AGENCY);
}

static const char *login_of(const struct talk *t)
{
	return t->args->operand[1];
}

static bool path(struct talk *t, const char *method, const char *before, const char *behind)
{
	const char *login = t->args->operands > 1 ? login_of(t) : "";

	t->method = method;
	for (const char *c = login; *c; c++) {
		if (*c > ' ' && *c <= '~' && !strchr("/?#%", *c))
			continue;
		say(t->args, "%s is no login", login);
		t->status = EXIT_UNREADABLE;
		return false;
	}
	if (snprintf(t->path, sizeof(t->path), "%s%s%s", before, login, behind) <
	    (int)sizeof(t->path))
		return true;
	say(t->args, "the login is too long");
	t->status = EXIT_UNREADABLE;
	return false;
}

static void put_line(const struct talk *t, struct span line)
{
	if (put(t->args, line.p, line.n))
		put(t->args, "\n", 1);
}

static void add(struct talk *t)
{
	struct json_writer w = json_to(&t->body);

	json_open_object(&w);
	json_put_c(&w, "login", login_of(t));
	put_person(&w, t);
	json_close_object(&w);
	t->method = "POST";
	snprintf(t->path, sizeof(t->path), "/api/v1/people");
	if (!talk_ask(t))
		return;
	say(t->args, "%s is in; the first password, told once:", login_of(t));
	put_line(t, json_get_text(t->answer, "password"));
}

static void change(struct talk *t)
{
	struct json_writer w = json_to(&t->body);
	const char *what = t->args->operand[0];

	json_open_object(&w);
	if (!strcmp(what, "change"))
		put_person(&w, t);
	else
		json_put_bool(&w, "disabled", !strcmp(what, "disable"));
	json_close_object(&w);
	if (path(t, "PATCH", "/api/v1/people/", "") && talk_ask(t))
		say(t->args, "%s: done, from the next request on", login_of(t));
}

static void reset(struct talk *t)
{
	if (!path(t, "POST", "/api/v1/people/", "/password") || !talk_ask(t))
		return;
	say(t->args, "%s is signed out; the new password, told once:", login_of(t));
	put_line(t, json_get_text(t->answer, "password"));
}

static void token(struct talk *t)
{
	struct json_writer w = json_to(&t->body);
	uint64_t days = 90;
	struct cause why = {0};

	if (args_number(t->args, OPTION_DAYS, &days, &why)) {
		t->status = args_refuse(t->args, &why);
		return;
	}
	json_open_object(&w);
	json_put_c(&w, "name", args_value(t->args, OPTION_NAME, "command line"));
	put_words(&w, t, "scopes", OPTION_SCOPES);
	json_put_int(&w, "days", days > 9999 ? 9999 : (int64_t)days);
	json_close_object(&w);
	if (!path(t, "POST", "/local/v1/people/", "/tokens") || !talk_ask(t))
		return;
	say(t->args,
	    "token %.*s of %s, until %.*s; told once:", SPAN_ARG(json_get_text(t->answer, "id")),
	    login_of(t), SPAN_ARG(json_get_text(t->answer, "expires_at")));
	put_line(t, json_get_text(t->answer, "token"));
}

static void revoke(struct talk *t)
{
	const char *id = t->args->operand[2];
	char behind[60];

	if (strspn(id, "0123456789abcdef") != strlen(id) || strlen(id) > 32) {
		say(t->args, "%s is no token's id", id);
		t->status = EXIT_UNREADABLE;
		return;
	}
	snprintf(behind, sizeof(behind), "/tokens?id=%s", id);
	if (path(t, "DELETE", "/local/v1/people/", behind) && talk_ask(t))
		say(t->args, "%s: revoked", id);
}

static void put_rows(struct talk *t, const char *list)
{
	const struct json *rows = json_get(t->answer, list);

	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next) {
		struct text line = text_in(t->arena);
		struct json_writer w = json_to(&line);

		json_value(&w, row);
		put_line(t, text_as_span(&line));
	}
}

static void tokens(struct talk *t)
{
	if (path(t, "GET", "/local/v1/people/", "/tokens") && talk_ask(t))
		put_rows(t, "tokens");
}

static void list(struct talk *t)
{
	const struct json *people, *last = NULL;
	char after[TALK_PATH_BYTES] = "";

	do {
		t->method = "GET";
		snprintf(t->path, sizeof(t->path), "/api/v1/people?limit=1000&after=%.64s", after);
		if (!talk_ask(t))
			return;
		put_rows(t, "people");
		people = json_get(t->answer, "people");
		last = NULL;
		for (const struct json *p = people ? people->first : NULL; p; p = p->next)
			last = p;
		if (last)
			snprintf(after, sizeof(after), "%.*s",
				 SPAN_ARG(json_get_text(last, "login")));
	} while (people && people->count == 1000);
}

/* ---- the verb ---- */

static const struct part {
	const char *name;
	int operands;
	void (*run)(struct talk *t);
} parts[] = {{"add", 2, add},       {"change", 2, change}, {"disable", 2, change},
	     {"enable", 2, change}, {"list", 1, list},     {"reset", 2, reset},
	     {"revoke", 3, revoke}, {"token", 2, token},   {"tokens", 2, tokens}};

struct call {
	const struct part *part;
	struct talk *talk;
};

static void run_part(void *context)
{
	struct call *c = context;

	c->talk->body = text_in(c->talk->arena);
	c->part->run(c->talk);
}

static int run(const struct args *a, const struct part *part)
{
	struct talk t = {.args = a, .arena = arena_new(LIMIT_ARENA_BYTES)};
	struct call c = {part, &t};
	struct cause why = {0};

	if (!t.arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	if (talk_open(&t, &why)) {
		t.status = say_failed(a, &why);
	} else if (arena_run(t.arena, run_part, &c)) {
		say(a, "no memory");
		t.status = EXIT_FAILED;
	}
	talk_close(&t);
	arena_free(t.arena);
	return put_all(a, t.status);
}

int cmd_user(const struct args *a)
{
	struct cause why = {0};

	if (!args_count(a, 1, 3))
		return EXIT_UNREADABLE;
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!strcmp(a->operand[0], parts[i].name))
			return args_count(a, parts[i].operands, parts[i].operands)
				   ? run(a, &parts[i])
				   : EXIT_UNREADABLE;
	fail(&why, ERR_USAGE,
	     "user %s: say add, change, disable, enable, list, reset, revoke, token or tokens",
	     a->operand[0]);
	return args_refuse(a, &why);
}
