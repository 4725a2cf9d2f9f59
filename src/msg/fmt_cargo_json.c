/* Cargo reports in canonical JSON: an object whose one member, cargo_report, is the report, in the names of the dictionary.
 * docs/cargo.md describes it field by field, docs/cargo.schema.json for machines. */
#include "base/limits.h"
#include "msg/cargo.h"
#include "msg/formats.h"
#include "msg/json_dict.h"

#define MEMBER "cargo_report"

static enum err cargo_json_read(struct arena *a, struct span bytes, struct cargo_message *ret,
				struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_cargo_into(a, ret, f);
	const struct json *root, *report;
	enum err e = json_read(a, bytes, &root, ret_fault);

	if (e)
		return e;
	report = root->kind == JSON_OBJECT ? json_get(root, MEMBER) : NULL;
	if (!report || report->kind != JSON_OBJECT) {
		*ret_fault = (struct codec_fault){
		    root->line, 1, "a cargo report is an object with the one member cargo_report"};
		return ERR_UNSUPPORTED;
	}
	for (const struct json *m = root->first; m; m = m->next) {
		char *path = arena_print(a, "/%.*s", SPAN_ARG(m->name));

		if (m != report && !decode_unmapped(&d, span_of(path), m->text, m->line, false))
			arena_leave(a);
	}
	if (msg_json_fill(&d, report, "/" MEMBER))
		return ERR_NONE;
	*ret_fault = (struct codec_fault){report->line, 1,
					  "no member of the object is a field of a cargo report"};
	return ERR_UNSUPPORTED;
}

/* By its member: it is the first, as it is the only one. */
static bool cargo_json_recognises(struct span bytes)
{
	bytes = span_trim(bytes);
	if (!bytes.n || bytes.p[0] != '{')
		return false;
	bytes = span_trim((struct span){bytes.p + 1, bytes.n - 1, 0});
	return span_starts(bytes, SPAN("\"" MEMBER "\""));
}

static void cargo_json_write(struct text *to, const struct cargo_message *m)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_name(&w, MEMBER);
	json_open_object(&w);
	msg_json_class(&w, &dict_cargo_report, &m->report);
	json_close_object(&w);
	json_close_object(&w);
}

const struct msg_format fmt_cargo_json = {
    .id = "cargo-json",
    .title = "Customhouse cargo report, JSON",
    .version = "1",
    .messages = "cargo report: new (function 9), instead of one (5), withdrawn (1)",
    .content_type = "application/json",
    .also = "application/x-ndjson application/jsonl",
    .suffix = ".json",
    .carries = MSG_CARGO_REPORTS,
    .reads = true,
    .writes = true,
    .recognises = cargo_json_recognises,
    .cut = msg_cut_json,
    .read_cargo = cargo_json_read,
    .write_cargo = cargo_json_write,
};
