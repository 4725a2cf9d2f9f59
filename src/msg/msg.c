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
	return c == MSG_ANSWERS ? "answers" : "declarations";
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

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool equal_ignoring_case(struct span s, const char *text)
{
	if (s.n != strlen(text))
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (lower(s.p[i]) != lower(text[i]))
			return false;
	return true;
}

const struct msg_format *msg_format_by_type(struct span content_type)
{
	struct span type = span_trim(span_cut(&content_type, ';'));

	for (uint32_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i]->carries == MSG_DECLARATIONS &&
		    equal_ignoring_case(type, formats[i]->content_type))
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
		ret_fault->text = "neither XML nor JSON";
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

/* ---- several messages in one file ---- */

/* The length of the JSON value that s begins with, by its brackets; 0 when it does not end, or is nested past what a
 * reader takes. */
static uint32_t json_extent(struct span s)
{
	uint32_t depth = 0;
	bool quoted = false;

	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted && c == '\n')
			return 0;
		else if (quoted)
			continue;
		else if ((c == '{' || c == '[') && ++depth > LIMIT_DEPTH)
			return 0;
		else if ((c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Up to the next line that begins an object: where reading may go on behind a broken one. */
static uint32_t broken_extent(struct span s)
{
	const char *p = memmem(s.p, s.n, "\n{", 2);

	return p ? (uint32_t)(p - s.p) + 1 : s.n;
}

static uint32_t lines_in(const char *p, uint32_t n)
{
	uint32_t lines = 0;

	for (const char *end = p + n; n && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		lines++;
	return lines;
}

static void advance(struct span *s, uint32_t n)
{
	s->line += lines_in(s->p, n);
	s->p += n;
	s->n -= n;
}

bool msg_next(struct span *rest, struct span *ret_message)
{
	struct span trimmed = span_trim(*rest);
	uint32_t n;

	if (rest->line == 0)
		rest->line = 1;
	if (trimmed.n == 0)
		return false;
	if (trimmed.p[0] != '{') {
		/* Anything but JSON is one message, its blanks with it: in some encodings they are halves of characters. */
		*ret_message = *rest;
		*rest = (struct span){rest->p + rest->n, 0, rest->line};
		return true;
	}
	advance(rest, (uint32_t)(trimmed.p - rest->p));
	n = json_extent(*rest);
	if (n == 0)
		n = broken_extent(*rest);
	*ret_message = (struct span){rest->p, n, rest->line};
	advance(rest, n);
	return true;
}
