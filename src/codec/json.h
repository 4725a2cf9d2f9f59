/* JSON (RFC 8259), read whole into an arena and written to a text. Exact: a number stays the text it was written as.
 *
 * Refused, with the place: duplicate names in one object, invalid UTF-8, lone surrogates, nesting deeper than LIMIT_DEPTH,
 * more than LIMIT_JSON_VALUES values, anything behind the value, a byte-order mark. NUL in a string is kept as data (\u0000
 * is legal JSON; callers that cannot hold it must say so). */
#ifndef CUSTOMHOUSE_CODEC_JSON_H
#define CUSTOMHOUSE_CODEC_JSON_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/span.h"
#include "base/text.h"

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_kind kind;
	uint32_t line;      /* where the value begins, 1 for the first line */
	struct span name;   /* decoded member name, inside an object */
	struct span text;   /* string: decoded; number: exactly as written. .line is set */
	struct json *first; /* array, object: children in order */
	struct json *next;
	uint32_t count; /* of children */
	uint32_t at;    /* byte offset of the value, in an object of its name */
};

/* Where and why a text could not be read: what every codec leaves. */
struct codec_fault {
	uint32_t line, column; /* 1-based; column counts bytes */
	const char *text;      /* English, in the arena or static */
};

/* Reads one JSON value. Strings without escapes point into bytes, which must outlive the result. ERR_FORMAT with the place in
 * *ret_fault; ERR_LIMIT likewise; ERR_NOMEM. Call inside arena_run() or not: it never leaves by itself (uses arena_try). */
enum err json_read(struct arena *a, struct span bytes, const struct json **ret,
		   struct codec_fault *ret_fault) MUST_CHECK;

/* The member, or NULL (also when o is NULL or no object). */
const struct json *json_get(const struct json *o, const char *name);
/* The text of a string member; an empty span when there is none. */
struct span json_get_text(const struct json *o, const char *name);
/* A number member written as a whole number (no point, no exponent) that fits int64. ERR_NOT_FOUND, ERR_FORMAT. */
enum err json_get_int(const struct json *o, const char *name, int64_t *ret) MUST_CHECK;

/* How deep a writer nests: a value that was read, inside as much again around it. */
enum { JSON_WRITER_DEPTH = 128 };

/* The writer: compact, members in the order written, escapes only what must be. Misuse (a name outside an object, a value
 * without one inside, a close that does not match, more than JSON_WRITER_DEPTH levels) is a bug. */
struct json_writer {
	struct text *text;
	uint32_t depth;
	uint64_t objects[JSON_WRITER_DEPTH / 64]; /* a bit a level: is it an object? */
	bool comma;                               /* the next value needs one before it */
	bool indent; /* people read it: one member a line, two blanks a level */
	bool named;  /* a name was just written: the next value follows it on the same line */
};

static inline struct json_writer json_to(struct text *t)
{
	return (struct json_writer){.text = t};
}

void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
void json_name(struct json_writer *w, const char *name);
void json_name_span(struct json_writer *w, struct span name);
void json_string(struct json_writer *w, struct span s); /* must be valid UTF-8 */
void json_cstring(struct json_writer *w, const char *s);
void json_int(struct json_writer *w, int64_t v);
void json_bool(struct json_writer *w, bool v);
void json_null(struct json_writer *w);
/* As a string: amounts are decimal text, never JSON numbers. null when not set. */
void json_decimal(struct json_writer *w, struct decimal d);
void json_raw(struct json_writer *w, struct span json); /* a value already written as JSON */
/* Name and value in one line of code. */
void json_put(struct json_writer *w, const char *name, struct span s);
void json_put_c(struct json_writer *w, const char *name, const char *s);
void json_put_int(struct json_writer *w, const char *name, int64_t v);
void json_put_bool(struct json_writer *w, const char *name, bool v);
void json_put_decimal(struct json_writer *w, const char *name, struct decimal d);
/* A moment (base/date.h) as ISO text; 0, which is none: nothing. */
void json_put_moment(struct json_writer *w, const char *name, int64_t at);
/* Writes a value that was read, in its order. */
void json_value(struct json_writer *w, const struct json *v);

#endif
