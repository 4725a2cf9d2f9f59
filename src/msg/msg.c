#include "msg/msg.h"

#include "base/limits.h"
#include "msg/cargo.h"
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
	case MSG_CHECKED:
		return "checked only";
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

const struct msg_format *msg_cargo_format_by_type(struct span content_type)
{
	struct span type = span_trim(span_cut(&content_type, ';'));

	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->read_cargo && type.n && is_type_of(formats[i], type))
			return formats[i];
	return NULL;
}

const struct msg_format *msg_recognise_cargo(struct span bytes)
{
	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->read_cargo && formats[i]->recognises(bytes))
			return formats[i];
	return NULL;
}

const struct msg_format *msg_recognise_checked(struct span bytes)
{
	const struct msg_format *f = msg_recognise_any(bytes);

	return f && f->check ? f : NULL;
}

const struct msg_format *msg_checked_format_by_type(struct span content_type)
{
	struct span type = span_trim(span_cut(&content_type, ';'));

	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->check && type.n && is_type_of(formats[i], type))
			return formats[i];
	return NULL;
}

void msg_write_bulk(struct text *to, const struct msg_format *format, struct msg_bulk *b,
		    const struct message *m_or_null)
{
	BUG_ON(!b->most);
	if (format->write_bulk)
		format->write_bulk(to, b, m_or_null);
	else if (m_or_null)
		format->write(to, m_or_null, NULL);
	if (to->n && to->p[to->n - 1] != '\n')
		text_char(to, '\n');
}

/* What msg_read() and msg_read_cargo() hand through arena_run(). */
struct reading {
	struct arena *arena;
	struct span bytes;
	const struct msg_format *format;
	struct message *message;     /* or */
	struct cargo_message *cargo; /* or neither: it is checked */
	const struct edifact_set *directories;
	struct msg_heading *heading;
	struct findings *findings;
	struct codec_fault *fault;
	enum err err;
};

static void run(void *context)
{
	struct reading *r = context;

	if (!r->cargo && !r->message)
		r->err = r->format->check(r->arena, r->bytes, r->directories, r->heading,
					  r->findings, r->fault);
	else if (r->cargo)
		r->err = r->format->read_cargo(r->arena, r->bytes, r->cargo, r->findings, r->fault);
	else
		r->err = r->format->read(r->arena, r->bytes, r->message, r->findings, r->fault);
}

/* ERR_LIMIT, ERR_UNSUPPORTED before anything is read. */
static enum err refuse_early(const struct reading *r)
{
	*r->fault = (struct codec_fault){1, 1, ""};
	if (r->bytes.n > LIMIT_MESSAGE_BYTES) {
		r->fault->text = "the message is longer than a message may be";
		return ERR_LIMIT;
	}
	if (!r->format) {
		r->fault->text = "the bytes are in no format that is known here";
		return ERR_UNSUPPORTED;
	}
	return ERR_NONE;
}

/* Reads; whatever ends it otherwise than well is returned. */
static enum err read_one(struct reading *r)
{
	enum err e = arena_run(r->arena, run, r);

	if (e)
		*r->fault = (struct codec_fault){
		    1, 1,
		    e == ERR_LIMIT ? "the message needs more memory than one request may take"
				   : "no memory"};
	return e ? e : r->err;
}

enum err msg_read(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		  struct message *ret, struct findings *ret_findings, struct codec_fault *ret_fault)
{
	return msg_read_next(a, bytes, format_or_null, NULL, NULL, ret, ret_findings, ret_fault);
}

enum err msg_read_with(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		       const struct edifact_set *directories, struct message *ret,
		       struct findings *ret_findings, struct codec_fault *ret_fault)
{
	return msg_read_next(a, bytes, format_or_null, directories, NULL, ret, ret_findings,
			     ret_fault);
}

enum err msg_read_next(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		       const struct edifact_set *directories, struct edi_learned *learned,
		       struct message *ret, struct findings *ret_findings,
		       struct codec_fault *ret_fault)
{
	struct reading r = {.arena = a,
			    .bytes = bytes,
			    .format = format_or_null,
			    .message = ret,
			    .findings = ret_findings,
			    .fault = ret_fault};
	enum err e;

	*ret = (struct message){0};
	*ret_findings = findings_for(a, &dict_declaration, &ret->declaration);
	if (!r.format && bytes.n <= LIMIT_MESSAGE_BYTES)
		r.format = msg_recognise(bytes);
	e = refuse_early(&r);
	if (e)
		return e;
	ret->format = span_of(r.format->id);
	ret->directories = directories;
	ret->learned = learned;
	e = read_one(&r);
	ret->learned = NULL;
	if (e) {
		/* Half a message is worth nothing: the fault says all. */
		*ret = (struct message){.format = ret->format};
		*ret_findings = findings_for(a, &dict_declaration, &ret->declaration);
	}
	return e;
}

enum err msg_read_cargo(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
			struct cargo_message *ret, struct findings *ret_findings,
			struct codec_fault *ret_fault)
{
	return msg_read_cargo_with(a, bytes, format_or_null, NULL, ret, ret_findings, ret_fault);
}

enum err msg_read_cargo_with(struct arena *a, struct span bytes,
			     const struct msg_format *format_or_null,
			     const struct edifact_set *directories, struct cargo_message *ret,
			     struct findings *ret_findings, struct codec_fault *ret_fault)
{
	struct reading r = {.arena = a,
			    .bytes = bytes,
			    .format = format_or_null,
			    .cargo = ret,
			    .findings = ret_findings,
			    .fault = ret_fault};
	enum err e;

	*ret = (struct cargo_message){0};
	*ret_findings = findings_for(a, &dict_cargo_report, &ret->report);
	if (!r.format && bytes.n <= LIMIT_MESSAGE_BYTES)
		r.format = msg_recognise_cargo(bytes);
	e = refuse_early(&r);
	if (e)
		return e;
	ret->format = span_of(r.format->id);
	ret->directories = directories;
	e = read_one(&r);
	if (e) {
		*ret = (struct cargo_message){.format = ret->format};
		*ret_findings = findings_for(a, &dict_cargo_report, &ret->report);
	}
	return e;
}

enum err msg_check(struct arena *a, struct span bytes, const struct msg_format *format,
		   struct findings *ret_findings, struct codec_fault *ret_fault)
{
	struct msg_heading heading;

	return msg_check_with(a, bytes, format, NULL, &heading, ret_findings, ret_fault);
}

enum err msg_check_with(struct arena *a, struct span bytes, const struct msg_format *format,
			const struct edifact_set *directories, struct msg_heading *ret,
			struct findings *ret_findings, struct codec_fault *ret_fault)
{
	struct reading r = {.arena = a,
			    .bytes = bytes,
			    .format = format,
			    .directories = directories,
			    .heading = ret,
			    .findings = ret_findings,
			    .fault = ret_fault};
	enum err e = refuse_early(&r);

	*ret = (struct msg_heading){.type = SPAN("")};
	*ret_findings = findings_for(a, NULL, NULL);
	return e ? e : read_one(&r);
}
