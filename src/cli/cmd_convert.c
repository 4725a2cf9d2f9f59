/* convert: declarations from any format into one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/input.h"
#include "cli/outcome.h"
#include "hub/hub.h"
#include "msg/convert.h"

enum { LOST_SAID = 50 }; /* lines about one message on standard error; --lost has all */

struct converting {
	const struct args *args;
	const struct msg_format *to;
	struct arena *arena;
	FILE *lost;
	struct place place;
	struct conversion one;
	struct text report; /* on what was lost */
	char header[65536]; /* of the table that was written last */
	uint32_t header_n;
	char reference[4 * LIMIT_REFERENCE_BYTES]; /* of the declaration that was written last */
	uint32_t reference_n;
	uint64_t done;
};

/* ---- what was lost ---- */

static uint32_t line_in_file(const struct converting *c, uint32_t line)
{
	return line ? c->place.line + line - 1 : c->place.line;
}

static void say_lost(const struct converting *c)
{
	for (uint32_t i = 0; i < c->one.lost.n && i < LOST_SAID; i++) {
		const struct lost *l = &c->one.lost.v[i];

		fprintf(stderr, "%s:%u: %s: %.*s: %.*s\n", c->place.file, line_in_file(c, l->line),
			l->unmapped ? "not part of a declaration" : "lost", SPAN_ARG(l->place),
			SPAN_ARG(l->value));
	}
	if (c->one.lost.n > LOST_SAID)
		fprintf(stderr, "%s:%u: %u more values are lost; --lost FILE lists all\n",
			c->place.file, c->place.line, c->one.lost.n - LOST_SAID);
}

static void write_lost(void *context)
{
	struct converting *c = context;
	struct json_writer w = json_to(&c->report);

	json_open_object(&w);
	json_put_c(&w, "file", c->place.file);
	json_put_int(&w, "line", c->place.line);
	json_put(&w, "trader_reference", c->one.message.declaration.trader_reference);
	json_put(&w, "from", c->one.message.format);
	json_put_c(&w, "to", c->to->id);
	json_put_int(&w, "values", c->one.values);
	json_name(&w, "lost");
	json_open_array(&w);
	for (uint32_t i = 0; i < c->one.lost.n; i++) {
		const struct lost *l = &c->one.lost.v[i];

		json_open_object(&w);
		json_put(&w, l->unmapped ? "path" : "pointer", l->place);
		json_put(&w, "value", l->value);
		if (l->now.n)
			json_put(&w, "now", l->now);
		json_put_int(&w, "line", line_in_file(c, l->line));
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	text_char(&c->report, '\n');
}

static bool put_lost(struct converting *c)
{
	say_lost(c);
	if (!c->lost)
		return true;
	c->report = text_in(c->arena);
	if (arena_run(c->arena, write_lost, c)) {
		say(c->args, "%s:%u: the list of what is lost is too long", c->place.file,
		    c->place.line);
		return false;
	}
	return fwrite(c->report.p, 1, c->report.n, c->lost) == c->report.n;
}

/* ---- what was written ---- */

/* Under a row of column names that is the same as that before, another declaration needs none; it must have a number of its own,
 * which tells the two apart. */
static struct span without_header(struct converting *c, struct span text)
{
	struct span reference = c->one.message.declaration.trader_reference, rest = text;
	struct span header = span_cut(&rest, '\n');
	bool same =
	    header.n == c->header_n && header.n <= sizeof(c->header) &&
	    !memcmp(header.p, c->header, header.n) && reference.n && c->reference_n &&
	    !(reference.n == c->reference_n && !memcmp(reference.p, c->reference, reference.n));

	c->header_n = header.n <= sizeof(c->header) ? header.n : 0;
	memcpy(c->header, header.p, c->header_n);
	c->reference_n = reference.n <= sizeof(c->reference) ? reference.n : 0;
	if (c->reference_n)
		memcpy(c->reference, reference.p, reference.n);
	return same ? rest : text;
}

static bool put_message(struct converting *c)
{
	struct span text = text_as_span(&c->one.written);

	if (c->done && !c->to->cut) {
		say(c->args,
		    "%s:%u: a file of %s holds one declaration; convert this one by itself, or to "
		    "a "
		    "format that holds many",
		    c->place.file, c->place.line, c->to->id);
		return false;
	}
	if (!strcmp(c->to->content_type, "text/csv"))
		text = without_header(c, text);
	c->done++;
	return put(c->args, text.p, text.n) &&
	       (!text.n || text.p[text.n - 1] == '\n' || put(c->args, "\n", 1));
}

/* ---- one after the other ---- */

static int convert_one(struct converting *c, struct span message)
{
	struct codec_fault fault;
	enum err e;

	arena_reset(c->arena);
	e = msg_convert(c->arena, (struct span){message.p, message.n, 1}, NULL, hub_directories(),
			c->to, &c->one, &fault);
	if (e) {
		say(c->args, "%s:%u:%u: %s", c->place.file, line_in_file(c, fault.line),
		    fault.column, fault.text);
		return e == ERR_FORMAT || e == ERR_UNSUPPORTED ? EXIT_UNREADABLE : EXIT_FAILED;
	}
	if (!put_message(c) || (c->one.lost.n && !put_lost(c)))
		return EXIT_FAILED;
	return c->one.lost.n ? EXIT_NO : EXIT_DONE;
}

static int convert_all(struct converting *c)
{
	struct progress progress = {.what = "convert"};
	struct cause why = {0};
	struct span message;
	struct input in;
	int status = EXIT_DONE;

	if (input_open(c->args, &in, &why))
		return say_failed(c->args, &why);
	while (input_next(&in, &message, &c->place.file)) {
		int one;

		c->place.line = message.line;
		one = convert_one(c, message);
		if (one > status)
			status = one;
		progress_show(&progress, in.size ? in.read - in.rest.n : (int64_t)c->done, in.size);
	}
	progress_clear(&progress);
	if (in.unreadable && status < EXIT_UNREADABLE)
		status = EXIT_UNREADABLE;
	input_close(&in);
	return status;
}

static int close_lost(struct converting *c, int status)
{
	if (!c->lost || !fclose(c->lost))
		return status;
	say(c->args, "%s: %s", c->args->value[OPTION_LOST], strerror(errno));
	return EXIT_FAILED;
}

/* What the command line asks for; nothing is read yet. */
static int prepare(struct converting *c)
{
	const char *name = args_value(c->args, OPTION_TO, "");
	const char *lost = args_value(c->args, OPTION_LOST, NULL);

	c->to = msg_format_by_id(span_of(name));
	if (!c->to || !c->to->writes || c->to->carries != MSG_DECLARATIONS) {
		say(c->args,
		    "--to %s: no format of declarations of this name can be written; `customhouse "
		    "formats` lists them",
		    name);
		return EXIT_UNREADABLE;
	}
	/* A message as read, as written, and as read again. */
	c->arena = arena_new((size_t)LIMIT_ARENA_BYTES * 3);
	if (!c->arena) {
		say(c->args, "no memory");
		return EXIT_FAILED;
	}
	c->lost = lost ? fopen(lost, "we") : NULL;
	if (!lost || c->lost)
		return EXIT_DONE;
	say(c->args, "%s: %s", lost, strerror(errno));
	return EXIT_FAILED;
}

int cmd_convert(const struct args *a)
{
	struct converting *c;
	int status;

	if (!args_count(a, 1, INT32_MAX))
		return EXIT_UNREADABLE;
	c = calloc(1, sizeof(*c));
	if (!c) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	c->args = a;
	status = prepare(c);
	if (status == EXIT_DONE)
		status = close_lost(c, convert_all(c));
	arena_free(c->arena);
	free(c);
	return put_all(a, status);
}
