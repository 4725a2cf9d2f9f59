/* clear: decide without storing. */
#include "cli/deciding.h"
#include "hub/settle/record.h"

static int show_record(struct text *to, const struct args *a, const struct outcome *o,
		       struct place place)
{
	struct span language = span_of(args_value(a, OPTION_LANG, "en"));
	const struct json *decision;
	struct codec_fault fault;

	if (!args_has(a, OPTION_EXPLAIN) || !o->decision.p)
		return outcome_write(to, o, place, language);
	BUG_ON(json_read(to->arena, o->decision, &decision, &fault));
	explain_render(to, decision, READER_OFFICER, language);
	text_char(to, '\n');
	return o->accepted ? EXIT_DONE : EXIT_NO;
}

int cmd_clear(const struct args *a)
{
	return deciding_run(a, show_record, NULL);
}
