/* help, version, formats: what the program says of itself. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "msg/msg.h"

enum { HELP_COLUMNS = 78 };

/* Breaks a paragraph into lines, each behind `indent` blanks; the first begins at column `at`. */
static void wrap(const char *text, size_t n, int indent, int at)
{
	const char *end = text + n;
	bool first = true;

	while (text < end) {
		const char *blank = memchr(text, ' ', (size_t)(end - text));
		int word = (int)((blank ? blank : end) - text);

		if (!first && at + 1 + word > HELP_COLUMNS) {
			printf("\n%*s", indent, "");
			at = indent;
			first = true;
		}
		printf("%s%.*s", first ? "" : " ", word, text);
		at += word + !first;
		first = false;
		text += word + (blank != NULL);
	}
	putchar('\n');
}

static void put_paragraphs(const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t n = end ? (size_t)(end - text) : strlen(text);

		putchar('\n');
		if (!strncmp(text, "    ", 4))
			printf("%.*s\n", (int)n, text);
		else
			wrap(text, n, 0, 0);
		text += n + (end ? 2 : 0);
	}
}

static void put_options(const struct verb *v)
{
	bool any = false;

	for (enum option_key key = 0; key < OPTION_KEYS; key++) {
		const struct option *o = &cli_options[key];
		int n;

		if (!cli_takes(v, key))
			continue;
		if (!any)
			printf("\nOptions:\n");
		any = true;
		n = printf("  --%s%s%s", o->name, o->argument[0] ? " " : "", o->argument);
		printf("%*s", n < 24 ? 24 - n : 1, "");
		wrap(o->help, strlen(o->help), 24, n < 24 ? 24 : n + 1);
	}
}

int cmd_help(const struct args *a)
{
	const struct verb *v;

	if (!args_count(a, 0, 1))
		return EXIT_UNREADABLE;
	if (a->operands == 0) {
		printf("Customhouse %s: an open hub for a border.\n\n", CUSTOMHOUSE_VERSION);
		for (v = cli_verbs; v->name; v++)
			printf("  %-10s %s\n", v->name, v->line);
		printf(
		    "\n`customhouse help VERB` tells more, and so does `man customhouse-VERB`.\n");
		return put_all(a, EXIT_DONE);
	}
	v = cli_verb(a->operand[0]);
	if (!v) {
		say(a, "there is no verb %s; `customhouse help` lists them", a->operand[0]);
		return EXIT_UNREADABLE;
	}
	printf("usage: customhouse %s %s\n", v->name, v->synopsis);
	put_paragraphs(v->text);
	put_options(v);
	return put_all(a, EXIT_DONE);
}

int cmd_version(const struct args *a)
{
	if (!args_count(a, 0, 0))
		return EXIT_UNREADABLE;
	printf("customhouse %s\n", CUSTOMHOUSE_VERSION);
	return put_all(a, EXIT_DONE);
}

static void put_format(void *context)
{
	struct text *t = ((void **)context)[0];
	const struct msg_format *f = ((void **)context)[1];
	struct json_writer w = json_to(t);

	json_open_object(&w);
	json_put_c(&w, "id", f->id);
	json_put_c(&w, "title", f->title);
	json_put_c(&w, "version", f->version);
	json_put_c(&w, "messages", f->messages);
	json_put_c(&w, "content_type", f->content_type);
	json_name(&w, "also");
	json_open_array(&w);
	for (struct span also = span_of(f->also); also.p;)
		json_string(&w, span_cut(&also, ' '));
	json_close_array(&w);
	json_put_bool(&w, "many_in_a_file", f->cut != NULL);
	json_put_c(&w, "carries", msg_carries_name(f->carries));
	json_put_bool(&w, "reads", f->reads);
	json_put_bool(&w, "writes", f->writes);
	json_close_object(&w);
	text_char(t, '\n');
}

static void write_template(void *context)
{
	msg_write_csv_template(context);
}

static int put_template(const struct args *a, struct arena *arena)
{
	const char *format = args_value(a, OPTION_TEMPLATE, "");
	struct text t = text_in(arena);

	if (strcmp(format, "csv")) {
		say(a, "--template %s: only csv is filled in by hand", format);
		return EXIT_UNREADABLE;
	}
	if (arena_run(arena, write_template, &t))
		return EXIT_FAILED;
	return put(a, t.p, t.n) ? EXIT_DONE : EXIT_FAILED;
}

int cmd_formats(const struct args *a)
{
	struct arena *arena = arena_new(LIMIT_ARENA_BYTES);
	uint32_t n;
	const struct msg_format *const *f = msg_formats(&n);
	int status = arena ? EXIT_DONE : EXIT_FAILED;

	if (!args_count(a, 0, 0))
		status = EXIT_UNREADABLE;
	if (status == EXIT_DONE && args_has(a, OPTION_TEMPLATE)) {
		status = put_template(a, arena);
		n = 0;
	}
	for (uint32_t i = 0; status == EXIT_DONE && i < n; i++) {
		struct text t = text_in(arena);

		if (for_people(a)) {
			printf("%-10s %-6s %-6s %s %s\n%26s%s\n", f[i]->id,
			       f[i]->reads ? "reads" : "", f[i]->writes ? "writes" : "",
			       f[i]->title, f[i]->version, "", f[i]->messages);
			continue;
		}
		if (arena_run(arena, put_format, (void *[]){&t, (void *)(uintptr_t)f[i]}))
			status = EXIT_FAILED;
		else
			put(a, t.p, t.n);
	}
	arena_free(arena);
	return put_all(a, status);
}
