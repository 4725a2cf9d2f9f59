/* check: findings only. */
#include "cli/deciding.h"
#include "hub/settle/decision.h"
#include "hub/settle/record.h"
#include "msg/cargo.h"

/* The findings with their texts, from the record: what is shown is what a record says. */
static const struct json *read_record(struct arena *a, const struct outcome *o,
				      struct span language)
{
	const struct json *decision, *record;
	struct text t = text_in(a);
	struct codec_fault fault;

	BUG_ON(json_read(a, o->decision, &decision, &fault));
	record_render(&t, decision, o->decided_at, language);
	BUG_ON(json_read(a, text_as_span(&t), &record, &fault));
	return record;
}

static int64_t line_of(const struct json *finding, struct place place)
{
	int64_t line;

	if (json_get_int(finding, "line", &line) || line == 0)
		return place.line;
	return place.line + line - 1;
}

static bool is_error(const struct json *finding)
{
	return span_is(json_get_text(finding, "severity"), "error");
}

static void write_lines(struct text *to, const struct json *findings, struct place place)
{
	for (const struct json *f = findings->first; f; f = f->next) {
		struct span pointer = json_get_text(f, "pointer");
		int64_t column;

		text_print(to, "%s:%lld", place.file, (long long)line_of(f, place));
		if (!json_get_int(f, "column", &column))
			text_print(to, ":%lld", (long long)column);
		text_print(to, ": %.*s %.*s %.*s: %.*s\n", SPAN_ARG(json_get_text(f, "severity")),
			   SPAN_ARG(json_get_text(f, "rule")),
			   SPAN_ARG(pointer.n ? pointer : SPAN("/")),
			   SPAN_ARG(json_get_text(f, "text")));
	}
}

static void write_json(struct text *to, const struct json *record, const struct json *findings,
		       struct place place)
{
	struct json_writer w = json_to(to);
	const struct json *declaration = json_get(record, "declaration");

	json_open_object(&w);
	json_put_c(&w, "file", place.file);
	json_put_int(&w, "line", place.line);
	json_put(&w, "trader_reference", json_get_text(declaration, "trader_reference"));
	json_name(&w, "findings");
	json_value(&w, findings);
	json_close_object(&w);
	text_char(to, '\n');
}

static int show_findings(struct text *to, const struct args *a, const struct outcome *o,
			 struct place place)
{
	struct span language = span_of(args_value(a, OPTION_LANG, "en"));
	const struct json *record, *findings;

	/* On standard error it was said already. */
	if (!o->decision.p)
		return o->kind == OUTCOME_UNREADABLE ? EXIT_UNREADABLE : EXIT_FAILED;
	record = read_record(to->arena, o, language);
	findings = json_get(record, "findings");
	if (args_has(a, OPTION_JSON))
		write_json(to, record, findings, place);
	else
		write_lines(to, findings, place);
	for (const struct json *f = findings->first; f; f = f->next)
		if (is_error(f))
			return EXIT_NO;
	return EXIT_DONE;
}

/* ---- what is no declaration ---- */

/* Reads it for its findings alone. */
static enum err find(struct arena *a, const struct msg_format *format, struct span message,
		     struct findings *ret, struct span *ret_reference,
		     struct codec_fault *ret_fault)
{
	struct cargo_message *m = ARENA_NEW(a, struct cargo_message);
	struct msg_heading heading;
	enum err e;

	*ret_reference = (struct span){"", 0, 0};
	if (format->check)
		return msg_check_with(a, message, format, hub_directories(), &heading, ret,
				      ret_fault);
	e = msg_read_cargo_with(a, message, format, hub_directories(), m, ret, ret_fault);
	if (m->report.reference.p)
		*ret_reference = m->report.reference;
	return e;
}

/* The findings with their texts, as a record has them. */
static const struct json *render(struct arena *a, const struct findings *f, struct span reference,
				 struct span language)
{
	struct text t = text_in(a), rendered = text_in(a);
	struct json_writer w = json_to(&t);
	const struct json *bare, *record;
	struct codec_fault fault;

	json_open_object(&w);
	json_name(&w, "declaration");
	json_open_object(&w);
	json_put(&w, "trader_reference", reference);
	json_close_object(&w);
	decision_put_findings(&w, f);
	json_close_object(&w);
	BUG_ON(json_read(a, text_as_span(&t), &bare, &fault));
	record_render(&rendered, bare, 0, language);
	BUG_ON(json_read(a, text_as_span(&rendered), &record, &fault));
	return record;
}

static int show_other(struct text *to, const struct args *a, const struct msg_format *format,
		      struct span message, struct place place)
{
	struct span language = span_of(args_value(a, OPTION_LANG, "en")), reference;
	const struct json *record;
	struct findings found;
	struct codec_fault fault;

	if (find(to->arena, format, message, &found, &reference, &fault)) {
		say(a, "%s:%u:%u: %s", place.file, place.line + fault.line - 1, fault.column,
		    fault.text);
		return EXIT_UNREADABLE;
	}
	record = render(to->arena, &found, reference, language);
	if (args_has(a, OPTION_JSON))
		write_json(to, record, json_get(record, "findings"), place);
	else
		write_lines(to, json_get(record, "findings"), place);
	return found.errors ? EXIT_NO : EXIT_DONE;
}

int cmd_check(const struct args *a)
{
	return deciding_run(a, show_findings, show_other);
}
