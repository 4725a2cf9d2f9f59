#include "cli/outcome.h"

#include "hub/settle/record.h"

void outcome_write_trouble(struct text *to, const char *kind, struct place place, uint32_t column,
			   const char *text)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_name(&w, kind);
	json_open_object(&w);
	json_put_c(&w, "file", place.file);
	json_put_int(&w, "line", place.line);
	if (column)
		json_put_int(&w, "column", column);
	json_put_c(&w, "text", text);
	json_close_object(&w);
	json_close_object(&w);
	text_char(to, '\n');
}

static void write_record(struct text *to, const struct outcome *o, struct span language)
{
	const struct json *decision;
	struct codec_fault fault;

	/* The hub wrote it: it reads. */
	BUG_ON(json_read(to->arena, o->decision, &decision, &fault));
	record_render(to, decision, o->decided_at, language);
	text_char(to, '\n');
}

/* The line of the file, of a line of the message. */
static uint32_t line_in_file(struct place place, uint32_t line)
{
	return place.line + (line ? line - 1 : 0);
}

int outcome_write(struct text *to, const struct outcome *o, struct place place,
		  struct span language)
{
	struct place at = {place.file, line_in_file(place, o->fault.line)};

	switch (o->kind) {
	case OUTCOME_NEW:
	case OUTCOME_REPEATED:
		write_record(to, o, language);
		return o->accepted ? EXIT_DONE : EXIT_NO;
	case OUTCOME_CONFLICT:
		outcome_write_trouble(to, "conflict", place, 0, o->cause.text);
		return EXIT_NO;
	case OUTCOME_DENIED:
		outcome_write_trouble(to, "denied", place, 0, o->cause.text);
		return EXIT_NO;
	case OUTCOME_UNREADABLE:
		outcome_write_trouble(to, "unreadable", at, o->fault.column, o->cause.text);
		return EXIT_UNREADABLE;
	case OUTCOME_FAILED:
		outcome_write_trouble(to, "failed", place, 0, o->cause.text);
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

void outcome_say(const struct args *a, const struct outcome *o, struct place place)
{
	switch (o->kind) {
	case OUTCOME_NEW:
	case OUTCOME_REPEATED:
		break;
	case OUTCOME_UNREADABLE:
		say(a, "%s:%u:%u: %s", place.file, line_in_file(place, o->fault.line),
		    o->fault.column, o->cause.text);
		break;
	case OUTCOME_CONFLICT:
	case OUTCOME_DENIED:
	case OUTCOME_FAILED:
		say(a, "%s:%u: %s", place.file, place.line, o->cause.text);
		break;
	}
}
