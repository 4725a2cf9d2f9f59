/* Interchanges of EDIFACT as files: which message they begin with, and one message after the other. */
#include "base/limits.h"
#include "msg/cut.h"
#include "msg/edi.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span past_blanks(struct span s)
{
	while (s.n && is_blank(s.p[0]))
		s.p++, s.n--;
	return s;
}

/* Those that hold behind UNA, or without it. */
struct edi_signs edi_signs_of(struct span s)
{
	if (s.n >= 9 && memcmp(s.p, "UNA", 3) == 0)
		return (struct edi_signs){s.p[4], s.p[3], s.p[6] == ' ' ? 0 : s.p[6], s.p[8]};
	if (s.n >= 4 && memcmp(s.p, "UNB\x1d", 4) == 0)
		return (struct edi_signs){0x1d, 0x1f, 0, 0x1c};
	return (struct edi_signs){'+', ':', '?', '\''};
}

/* Where the segment that s begins with ends: behind its terminator; 0: not in these bytes. */
static uint32_t segment_end(struct span s, const struct edi_signs *g)
{
	uint32_t from = 0;

	while (from < s.n) {
		const char *p = memchr(s.p + from, g->terminator, s.n - from);
		uint32_t at, releases = 0;

		if (!p)
			return 0;
		at = (uint32_t)(p - s.p);
		while (g->release && releases < at && s.p[at - 1 - releases] == g->release)
			releases++;
		if (releases % 2 == 0)
			return at + 1;
		from = at + 1;
	}
	return 0;
}

static bool has_tag(struct span s, const char *tag, const struct edi_signs *g)
{
	return s.n > 3 && memcmp(s.p, tag, 3) == 0 &&
	       (s.p[3] == g->element || s.p[3] == g->component || s.p[3] == g->terminator);
}

static struct span skip(struct span s, uint32_t n)
{
	return (struct span){s.p + n, s.n - n, 0};
}

struct span edi_segment(struct span *rest, const struct edi_signs *g)
{
	struct span s = past_blanks(*rest);
	uint32_t end;

	if (span_starts(s, SPAN("UNA")) && s.n >= 9)
		s = past_blanks(skip(s, 9));
	end = segment_end(s, g);
	*rest = skip(s, end);
	s.n = end ? end - 1 : 0;
	return s;
}

bool edi_begins(struct span bytes, const char *message)
{
	struct span s = past_blanks(bytes);
	struct edi_signs g;
	bool una;

	if (span_starts(s, SPAN("\xef\xbb\xbf")))
		s = past_blanks(skip(s, 3));
	g = edi_signs_of(s);
	una = span_starts(s, SPAN("UNA"));
	if (una && s.n >= 9)
		s = past_blanks(skip(s, 9));
	if (!has_tag(s, "UNB", &g))
		return false;
	for (unsigned i = 0; i < 3; i++) {
		uint32_t end = segment_end(s, &g);

		if (!end)
			return false;
		s = past_blanks(skip(s, end));
		if (!has_tag(s, "UNH", &g))
			continue;
		s.n = s.n > 100 ? 100 : s.n;
		span_cut(&s, g.element);
		span_cut(&s, g.element);
		return s.p && span_starts(s, span_of(message)) && s.n > 6 && s.p[6] == g.component;
	}
	return false;
}

/* ---- cutting ---- */

/* What stands before every message, as kept: signs of the interchange at its beginning. */
static bool keep_head(struct msg_cutter *c, struct span s)
{
	if (s.n > sizeof(c->head) - c->head_n)
		return false;
	memcpy(c->head + c->head_n, s.p, s.n);
	c->head_n += s.n;
	return true;
}

static struct span head_of(const struct msg_cutter *c)
{
	return (struct span){c->head, c->head_n, 0};
}

/* The head without a group's UNG: UNA and UNB alone. */
static void drop_group(struct msg_cutter *c)
{
	struct edi_signs g = edi_signs_of(head_of(c));
	struct span s = head_of(c);
	uint32_t una = span_starts(s, SPAN("UNA")) ? 9 : 0;

	c->head_n = una + segment_end(skip(s, una), &g);
}

/* From UNH to behind UNT, or to where another message, the end of a group or of the interchange begins without it. 0: more is
 * needed. */
static uint32_t message_end(struct span s, const struct edi_signs *g, bool last)
{
	uint32_t at = 0;

	for (bool first = true;; first = false) {
		struct span here = past_blanks(skip(s, at));
		uint32_t end;

		if (!first && (has_tag(here, "UNH", g) || has_tag(here, "UNE", g) ||
			       has_tag(here, "UNZ", g) || has_tag(here, "UNB", g)))
			return at;
		end = segment_end(here, g);
		if (!end)
			return last ? s.n : 0;
		at = (uint32_t)(here.p - s.p) + end;
		if (has_tag(here, "UNT", g))
			return at;
	}
}

/* The message behind its envelope. */
static enum msg_cut give(struct msg_cutter *c, struct span *rest, uint32_t n, struct span *ret)
{
	char *p = arena_try(c->arena, (size_t)c->head_n + n);

	if (!p)
		return MSG_CUT_END;
	memcpy(p, c->head, c->head_n);
	memcpy(p + c->head_n, rest->p, n);
	*ret = (struct span){p, c->head_n + n, rest->line};
	msg_advance(rest, n);
	return MSG_CUT_ONE;
}

/* All that is left: bytes that are no interchange, for the reader to say so. */
static enum msg_cut give_rest(struct span *rest, bool last, struct span *ret)
{
	if (!last)
		return MSG_CUT_MORE;
	*ret = *rest;
	msg_advance(rest, rest->n);
	return MSG_CUT_ONE;
}

enum msg_cut edi_cut(struct msg_cutter *c, struct span *rest, bool last, struct span *ret_message)
{
	for (;;) {
		struct span s = past_blanks(*rest);
		struct edi_signs g = edi_signs_of(head_of(c));
		uint32_t end;
		bool una;

		if (!c->cut && !c->head_n && span_starts(s, SPAN("\xef\xbb\xbf")))
			s = past_blanks(skip(s, 3));
		msg_advance(rest, (uint32_t)(s.p - rest->p));
		if (!rest->n)
			return last ? MSG_CUT_END : MSG_CUT_MORE;
		if (rest->n < 9 && !last)
			return MSG_CUT_MORE;
		una = span_starts(*rest, SPAN("UNA"));
		if (una || span_starts(*rest, SPAN("UNB"))) {
			struct span head = past_blanks(skip(*rest, una && rest->n >= 9 ? 9 : 0));

			g = edi_signs_of(*rest);
			end = segment_end(head, &g);
			if (!end)
				return give_rest(rest, last, ret_message);
			c->head_n = 0;
			if ((una && !keep_head(c, (struct span){rest->p, 9, 0})) ||
			    !keep_head(c, (struct span){head.p, end, 0}))
				return give_rest(rest, true, ret_message);
			msg_advance(rest, (uint32_t)(head.p - rest->p) + end);
			continue;
		}
		if (!c->head_n)
			return give_rest(rest, last, ret_message);
		if (has_tag(*rest, "UNH", &g)) {
			end = message_end(*rest, &g, last);
			return end ? give(c, rest, end, ret_message) : MSG_CUT_MORE;
		}
		end = segment_end(*rest, &g);
		if (!end)
			return give_rest(rest, last, ret_message);
		if (has_tag(*rest, "UNG", &g)) {
			drop_group(c);
			if (!keep_head(c, (struct span){rest->p, end, 0}))
				return give_rest(rest, true, ret_message);
		} else if (has_tag(*rest, "UNE", &g)) {
			drop_group(c);
		} else if (!has_tag(*rest, "UNZ", &g)) {
			/* A segment that stands nowhere: the reader says so. */
			return give(c, rest, end, ret_message);
		}
		msg_advance(rest, end);
	}
}
