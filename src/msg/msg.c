#include "msg/msg.h"

#include "base/limits.h"
#include "msg/formats.h"

static const struct msg_format *const formats[] = {
#define FORMAT(name) &fmt_##name,
#include "msg/formats.def"
#undef FORMAT
};

const struct msg_format *const *msg_formats(uint32_t *ret_n)
{
	*ret_n = ARRAY_LEN(formats);
	return formats;
}

const char *msg_carries_name(enum msg_carries c)
{
	switch (c) {
	case MSG_DECLARATIONS:
		return "declarations";
	case MSG_ANSWERS:
		return "answers";
	case MSG_CARGO_REPORTS:
		return "cargo reports";
	}
	return "";
}

const struct msg_format *msg_format_by_id(struct span id)
{
	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (span_is(id, formats[i]->id))
			return formats[i];
	return NULL;
}

const struct msg_format *msg_recognise(struct span bytes)
{
	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->carries == MSG_DECLARATIONS && formats[i]->reads &&
		    formats[i]->recognises(bytes))
			return formats[i];
	return NULL;
}

const struct msg_format *msg_recognise_any(struct span bytes)
{
	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->recognises && formats[i]->recognises(bytes))
			return formats[i];
	return NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool equal_ignoring_case(struct span s, struct span text)
{
	if (s.n != text.n)
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (lower(s.p[i]) != lower(text.p[i]))
			return false;
	return true;
}

static bool is_type_of(const struct msg_format *f, struct span type)
{
	struct span also = span_of(f->also);

	if (equal_ignoring_case(type, span_of(f->content_type)))
		return true;
	while (also.p)
		if (equal_ignoring_case(type, span_cut(&also, ' ')))
			return true;
	return false;
}

const struct msg_format *msg_format_by_type(struct span content_type)
{
	struct span type = span_trim(span_cut(&content_type, ';'));

	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->carries == MSG_DECLARATIONS && type.n &&
		    is_type_of(formats[i], type))
			return formats[i];
	return NULL;
}

/* What msg_read() hands through arena_run(). */
struct reading {
	struct arena *arena;
	struct span bytes;
	const struct msg_format *format;
	struct message *message;
	struct findings *findings;
	struct codec_fault *fault;
	enum err err;
};

static void run(void *context)
{
	struct reading *r = context;

	r->err = r->format->read(r->arena, r->bytes, r->message, r->findings, r->fault);
}

enum err msg_read(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		  struct message *ret, struct findings *ret_findings, struct codec_fault *ret_fault)
{
	struct reading r = {a, bytes, format_or_null, ret, ret_findings, ret_fault, ERR_NONE};
	enum err e;

	*ret = (struct message){0};
	*ret_findings = findings_for(a, &dict_declaration, &ret->declaration);
	*ret_fault = (struct codec_fault){1, 1, ""};
	if (bytes.n > LIMIT_MESSAGE_BYTES) {
		ret_fault->text = "the message is longer than a message may be";
		return ERR_LIMIT;
	}
	if (!r.format)
		r.format = msg_recognise(bytes);
	if (!r.format) {
		ret_fault->text = "the bytes are in no format that is known here";
		return ERR_UNSUPPORTED;
	}
	ret->format = span_of(r.format->id);
	e = arena_run(a, run, &r);
	if (e || r.err) {
		/* Half a message is worth nothing: the fault says all. */
		*ret = (struct message){.format = ret->format};
		*ret_findings = findings_for(a, &dict_declaration, &ret->declaration);
	}
	if (e)
		*ret_fault = (struct codec_fault){
		    1, 1,
		    e == ERR_LIMIT ? "the message needs more memory than one request may take"
				   : "no memory"};
	return e ? e : r.err;
}
