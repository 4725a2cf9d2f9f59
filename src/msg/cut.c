#include "msg/cut.h"

#include "base/limits.h"
#include "msg/edi_learned.h"
#include "msg/formats.h"

/* The length of the JSON value that s begins with, by its brackets; 0 when it does not end, or is nested past what a
 * reader takes. *ret_open: more bytes may end it. */
static uint32_t json_extent(struct span s, bool *ret_open)
{
	uint32_t depth = 0;
	bool quoted = false;

	*ret_open = false;
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
	*ret_open = true;
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

void msg_advance(struct span *s, uint32_t n)
{
	s->line += lines_in(s->p, n);
	s->p += n;
	s->n -= n;
}

/* To where a message begins: over blanks. false: there are only blanks. */
static bool skip_blanks(struct span *rest)
{
	struct span trimmed = span_trim(*rest);

	if (rest->line == 0)
		rest->line = 1;
	if (trimmed.n)
		msg_advance(rest, (uint32_t)(trimmed.p - rest->p));
	return trimmed.n;
}

enum msg_cut msg_cut_json(struct msg_cutter *c, struct span *rest, bool last,
			  struct span *ret_message)
{
	bool open = true;
	uint32_t n = 0;

	(void)c;
	if (!skip_blanks(rest))
		return last ? MSG_CUT_END : MSG_CUT_MORE;
	if (rest->p[0] == '{')
		n = json_extent(*rest, &open);
	if (n == 0 && open && !last)
		return MSG_CUT_MORE;
	if (n == 0) {
		n = broken_extent(*rest);
		if (n == rest->n && !last)
			return MSG_CUT_MORE;
	}
	*ret_message = (struct span){rest->p, n, rest->line};
	msg_advance(rest, n);
	return MSG_CUT_ONE;
}

/* All that is left. */
static enum msg_cut cut_all(struct span *rest, bool last, struct span *ret_message)
{
	if (rest->line == 0)
		rest->line = 1;
	if (!last)
		return MSG_CUT_MORE;
	if (span_trim(*rest).n == 0)
		return MSG_CUT_END;
	/* Blanks belong to it: in some encodings they are halves of characters. */
	*ret_message = *rest;
	*rest = (struct span){rest->p + rest->n, 0, rest->line};
	return MSG_CUT_ONE;
}

static bool begins_object(struct span s)
{
	s = span_trim(s);
	return s.n && s.p[0] == '{';
}

bool msg_next(struct span *rest, struct span *ret_message)
{
	if (begins_object(*rest))
		return msg_cut_json(NULL, rest, true, ret_message) == MSG_CUT_ONE;
	return cut_all(rest, true, ret_message) == MSG_CUT_ONE;
}

enum err msg_cutter_open(struct msg_cutter *c)
{
	struct arena *a = arena_new(2 * (size_t)LIMIT_MESSAGE_BYTES);
	struct arena *whole = arena_new(2 * (size_t)LIMIT_MESSAGE_BYTES);

	struct arena *kept = arena_new(2 * sizeof(struct edi_learned));

	memset(c, 0, sizeof(*c));
	c->arena = a;
	c->whole = whole;
	c->kept = kept;
	c->learned = kept ? arena_try(kept, sizeof(*c->learned)) : NULL;
	if (a && whole && c->learned)
		return ERR_NONE;
	msg_cutter_close(c);
	return ERR_NOMEM;
}

void msg_cutter_close(struct msg_cutter *c)
{
	arena_free(c->arena);
	arena_free(c->whole);
	arena_free(c->kept);
	c->arena = c->whole = c->kept = NULL;
	c->learned = NULL;
}

void msg_cutter_reset(struct msg_cutter *c)
{
	arena_reset(c->arena);
	arena_reset(c->whole);
	c->format = NULL;
	c->head_n = c->head_lines = 0;
	c->converted = (struct span){0};
	c->cut = 0;
}

enum msg_cut msg_cut(struct msg_cutter *c, struct span *rest, bool last, struct span *ret_message)
{
	enum msg_cut got;

	arena_reset(c->arena);
	if (rest->line == 0)
		rest->line = 1;
	if (!c->format && !c->cut)
		c->format = msg_recognise_any(*rest);
	/* What is not recognised yet may be the first few bytes of something. */
	if (!c->format && !last && rest->n < LIMIT_MESSAGE_BYTES)
		return MSG_CUT_MORE;
	if (!c->format || !c->format->cut)
		got = cut_all(rest, last, ret_message);
	else
		got = c->format->cut(c, rest, last, ret_message);
	c->cut += got == MSG_CUT_ONE;
	return got;
}
