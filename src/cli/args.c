#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "cli/cli.h"

const struct verb cli_verbs[] = {
#define CMD(verb, synopsis, line, text) {#verb, cmd_##verb, synopsis, line, text},
#include "cli/cmds.def"
#undef CMD
    {NULL, NULL, NULL, NULL, NULL},
};

const struct option cli_options[OPTION_KEYS] = {
#define OPTION(key, name, argument, help, verbs) [OPTION_##key] = {name, argument, help, verbs},
#include "cli/options.def"
#undef OPTION
};

const struct verb *cli_verb(const char *name)
{
	for (const struct verb *v = cli_verbs; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	return NULL;
}

bool cli_takes(const struct verb *v, enum option_key key)
{
	struct span verbs = span_of(cli_options[key].verbs);

	while (verbs.n)
		if (span_is(span_cut(&verbs, ' '), v->name))
			return true;
	return false;
}

/* OPTION_KEYS: the verb takes none of this name. */
static enum option_key find_option(const struct verb *v, struct span name)
{
	enum option_key key = 0;

	while (key < OPTION_KEYS && (!span_is(name, cli_options[key].name) || !cli_takes(v, key)))
		key++;
	return key;
}

/* One option, which may take the word behind it. */
static enum err read_option(struct args *a, int argc, char **argv, int *at, struct cause *why)
{
	const char *word = argv[*at] + 2, *equals = strchr(word, '=');
	struct span name = {word, (uint32_t)(equals ? equals - word : (long)strlen(word)), 0};
	enum option_key key = find_option(a->verb, name);
	const struct option *o = &cli_options[key];

	if (key == OPTION_KEYS)
		return fail(why, ERR_USAGE, "there is no option --%.*s", SPAN_ARG(name));
	if (a->value[key])
		return fail(why, ERR_USAGE, "--%s is given twice: leave one", o->name);
	if (!o->argument[0]) {
		if (equals)
			return fail(why, ERR_USAGE, "--%s takes no value", o->name);
		a->value[key] = "";
	} else if (equals) {
		a->value[key] = equals + 1;
	} else if (*at + 1 < argc) {
		a->value[key] = argv[++*at];
	} else {
		return fail(why, ERR_USAGE, "--%s needs a value: --%s %s", o->name, o->name,
			    o->argument);
	}
	if (o->argument[0] && !a->value[key][0])
		return fail(why, ERR_USAGE, "--%s needs a value that is not empty: --%s %s",
			    o->name, o->name, o->argument);
	return ERR_NONE;
}

enum err args_read(const struct verb *verb, int argc, char **argv, struct args *ret,
		   struct cause *why)
{
	struct args a = {.verb = verb, .operand = argv};
	bool options = true;

	for (int i = 0; i < argc; i++) {
		enum err e = ERR_NONE;

		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (options && !strncmp(argv[i], "--", 2))
			e = read_option(&a, argc, argv, &i, why);
		else if (options && argv[i][0] == '-' && argv[i][1])
			e = fail(why, ERR_USAGE,
				 "there is no option %s (options have long names; a file whose "
				 "name begins with - goes behind --)",
				 argv[i]);
		else
			argv[a.operands++] = argv[i];
		if (e) {
			ret->verb = verb;
			return e;
		}
	}
	*ret = a;
	return ERR_NONE;
}

const char *args_value(const struct args *a, enum option_key key, const char *otherwise)
{
	return a->value[key] ? a->value[key] : otherwise;
}

bool args_has(const struct args *a, enum option_key key)
{
	return a->value[key] != NULL;
}

enum err args_number(const struct args *a, enum option_key key, uint64_t *ret, struct cause *why)
{
	const char *s = a->value[key];
	uint64_t n = 0;

	if (!s)
		return ERR_NONE;
	for (const char *p = s; *p; p++) {
		if (*p < '0' || *p > '9' || __builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return fail(why, ERR_USAGE, "--%s %s: give a whole number",
				    cli_options[key].name, s);
	}
	*ret = n;
	return ERR_NONE;
}

enum err args_day(const struct args *a, enum option_key key, int32_t *ret, struct cause *why)
{
	const char *s = a->value[key];

	if (s && day_parse(span_of(s), ret))
		return fail(why, ERR_USAGE,
			    "--%s %s: give a day of the calendar, such as 2026-01-05",
			    cli_options[key].name, s);
	return ERR_NONE;
}

int args_refuse(const struct args *a, const struct cause *why)
{
	fprintf(stderr, "customhouse %s: %s\nusage: customhouse %s %s\n", a->verb->name, why->text,
		a->verb->name, a->verb->synopsis);
	return EXIT_UNREADABLE;
}

bool args_count(const struct args *a, int least, int most)
{
	struct cause why = {0};

	if (a->operands >= least && a->operands <= most)
		return true;
	if (a->operands > most)
		fail(&why, ERR_USAGE, "%s: one word too many", a->operand[most]);
	else
		fail(&why, ERR_USAGE, "something is missing");
	args_refuse(a, &why);
	return false;
}
