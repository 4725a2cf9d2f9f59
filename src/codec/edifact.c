#include "codec/edifact.h"

#include <stddef.h>

#include "codec/edifact_scan.h"

/* What a stop is. Below STOP_TERMINATOR: ends a value, and another one of the segment follows. */
enum stop_kind {
	STOP_COMPONENT,
	STOP_ELEMENT,
	STOP_REPETITION,
	STOP_TERMINATOR,
	STOP_RELEASE,
	STOP_LINE,
};

/* Where a value stands, packed as its place: what a stop keeps of the place before, and what it adds. */
#define PLACE(element, repeat, component)                                                          \
	((uint64_t)(element) | (uint64_t)(repeat) << 16 | (uint64_t)(component) << 32)
static const uint64_t keeps[] = {
    [STOP_COMPONENT] = PLACE(0xffff, 0xffff, 0xffff),
    [STOP_ELEMENT] = PLACE(0xffff, 0, 0),
    [STOP_REPETITION] = PLACE(0xffff, 0xffff, 0),
};
static const uint64_t adds[] = {
    [STOP_COMPONENT] = PLACE(0, 0, 1),
    [STOP_ELEMENT] = PLACE(1, 0, 0),
    [STOP_REPETITION] = PLACE(0, 1, 0),
};
#define RELEASED (UINT64_C(1) << 48)

enum { UNA_BYTES = 9 };

const char *edifact_fault_text(enum edifact_fault f)
{
	switch (f) {
	case EDIFACT_FAULT_NONE:
		break;
	case EDIFACT_FAULT_UNA:
		return "UNA names service characters that cannot be";
	case EDIFACT_FAULT_END:
		return "the text ends inside a segment";
	case EDIFACT_FAULT_RELEASE:
		return "the text ends behind a release character";
	case EDIFACT_FAULT_SEGMENT:
		return "a segment is longer than a segment may be";
	case EDIFACT_FAULT_VALUES:
		return "a segment has more elements than a segment may have";
	}
	return "";
}

struct edifact_signs edifact_default_signs(int version)
{
	return (struct edifact_signs){':', '+', '.', '?', version >= 4 ? '*' : 0, '\''};
}

/* ---- signs ---- */

/* Takes the signs of an interchange into use: what lies behind r->from is looked at anew. */
static void use_signs(struct edifact *r)
{
	const struct edifact_signs *s = &r->signs;
	struct edifact_signal signal = {.count = 0};

	if (s->release) {
		edifact_signal_add(&signal, s->release);
		r->kind[(uint8_t)s->release] = STOP_RELEASE;
		signal.release = (uint8_t)s->release;
		signal.releases = true;
	}
	r->kind['\n'] = STOP_LINE;
	edifact_signal_add(&signal, '\n');
	signal.counts_lines = s->terminator != '\n';
	if (s->repetition) {
		edifact_signal_add(&signal, s->repetition);
		r->kind[(uint8_t)s->repetition] = STOP_REPETITION;
	}
	edifact_signal_add(&signal, s->component);
	r->kind[(uint8_t)s->component] = STOP_COMPONENT;
	edifact_signal_add(&signal, s->element);
	r->kind[(uint8_t)s->element] = STOP_ELEMENT;
	edifact_signal_add(&signal, s->terminator);
	r->kind[(uint8_t)s->terminator] = STOP_TERMINATOR;
	r->signal = signal;
	r->scanned = r->from;
	r->stop_i = r->stop_n = 0;
	r->carry = false;
}

static bool is_sign(char c)
{
	return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) &&
	       c != ' ' && c != '\r' && (unsigned char)c < 0x7f && c != 0;
}

/* Six characters behind UNA. A blank in the place of release or repetition: there is none. */
static bool take_una(struct edifact *r, const char *p)
{
	struct edifact_signs s = {p[0], p[1], p[2], p[3], p[4], p[5]};

	if (s.release == ' ')
		s.release = 0;
	if (!is_sign(s.component) || !is_sign(s.element) || !is_sign(s.terminator) ||
	    s.component == s.element || s.component == s.terminator || s.element == s.terminator ||
	    s.component == '\n' || s.element == '\n')
		return false;
	if (s.release && (!is_sign(s.release) || s.release == '\n' || s.release == s.component ||
			  s.release == s.element || s.release == s.terminator))
		return false;
	r->signs = s;
	r->una_repetition = s.repetition;
	r->signs.repetition = 0;
	return true;
}

/* The repetition sign of syntax version 4, which is known when UNB was read. */
static void take_repetition(struct edifact *r)
{
	char c = r->una ? r->una_repetition : r->signs.component == ':' ? '*' : 0;
	const struct edifact_signs *s = &r->signs;

	if (r->version < 4 || !is_sign(c) || c == '\n' || c == s->component || c == s->element ||
	    c == s->release || c == s->terminator)
		return;
	r->signs.repetition = c;
	use_signs(r);
}

/* An interchange begins at r->from: its signs, and past UNA. false: UNA is nonsense. */
static bool begin_interchange(struct edifact *r)
{
	const char *p = r->p + r->from;
	size_t n = r->n - r->from;

	memset(r->kind, STOP_LINE, sizeof(r->kind));
	r->version = 0;
	r->charset = EDIFACT_CHARSETS;
	r->una = n >= UNA_BYTES && memcmp(p, "UNA", 3) == 0;
	r->between = false;
	if (r->una) {
		if (!take_una(r, p + 3))
			return false;
		r->from += UNA_BYTES;
	} else if (n > 3 && memcmp(p, "UNB\x1d", 4) == 0) {
		r->signs = (struct edifact_signs){0x1f, 0x1d, '.', 0, 0, 0x1c};
	} else {
		r->signs = edifact_default_signs(0);
	}
	use_signs(r);
	return true;
}

/* What UNB says of the interchange. */
static void read_unb(struct edifact *r, const struct edifact_segment *s)
{
	struct span id = edifact_raw(s, edifact_find(s, 1, 1));
	struct span version = edifact_raw(s, edifact_find(s, 1, 2));

	r->charset = edifact_charset_by_id(id);
	if (version.n == 1 && version.p[0] >= '1' && version.p[0] <= '9')
		r->version = version.p[0] - '0';
	take_repetition(r);
}

/* ---- opening and filling ---- */

static void start(struct edifact *r)
{
	/* What stops and values hold is written before it is read: they are most of the reader, and lie behind the rest. */
	memset(r, 0, offsetof(struct edifact, stop));
	r->signs = edifact_default_signs(0);
	r->scan = edifact_best_scan();
	r->line = 1;
	r->between = r->first = true;
	r->charset = EDIFACT_CHARSETS;
}

void edifact_over(struct edifact *r, const char *p, size_t n)
{
	start(r);
	r->p = n ? p : "";
	r->n = n;
	r->last = true;
}

void edifact_stream(struct edifact *r, char *window)
{
	start(r);
	r->p = r->window = window;
	r->n = 0;
	r->last = false;
}

char *edifact_room(struct edifact *r, size_t *ret_n)
{
	BUG_ON(!r->window);
	if (r->from > 0) {
		memmove(r->window, r->window + r->from, r->n - r->from);
		r->before += r->from;
		r->n -= r->from;
		r->value -= r->open ? r->from : 0;
		r->scanned -= r->from;
		r->base -= r->from; /* may wrap: stops are added to it */
		r->from = 0;
	}
	*ret_n = EDIFACT_WINDOW - r->n;
	BUG_ON(*ret_n == 0);
	return r->window + r->n;
}

void edifact_filled(struct edifact *r, size_t n, bool last)
{
	r->n += n;
	r->last = last;
}

uint64_t edifact_offset(const struct edifact *r)
{
	return r->before + r->from;
}

/* ---- segments ---- */

static enum err refuse(struct edifact *r, enum edifact_fault f)
{
	r->fault = f;
	return f == EDIFACT_FAULT_SEGMENT || f == EDIFACT_FAULT_VALUES ? ERR_LIMIT : ERR_FORMAT;
}

/* Over line ends and blanks between segments. Stops among them are line feeds. */
static void skip_blanks(struct edifact *r)
{
	size_t from = r->from, n = r->n;
	const char *p = r->p;

	for (; from < n && (unsigned char)p[from] <= ' '; from++) {
		char c = p[from];

		if (c != '\r' && c != '\n' && c != ' ' && c != '\t')
			break;
		r->line += c == '\n';
	}
	r->from = from;
	while (r->stop_i < r->stop_n && r->base + r->stop[r->stop_i] < from)
		r->stop_i++;
	if (r->scanned < r->from) {
		r->scanned = r->from;
		r->carry = false;
	}
}

/* To the first byte of the next segment. */
static enum err begin_segment(struct edifact *r)
{
	skip_blanks(r);
	if (r->first && r->n - r->from >= 3 && memcmp(r->p + r->from, "\xef\xbb\xbf", 3) == 0) {
		r->from += 3; /* the byte-order mark of an editor */
		skip_blanks(r);
	}
	if (r->n - r->from < UNA_BYTES && !r->last)
		return ERR_RETRY;
	if (r->n == r->from)
		return ERR_NOT_FOUND;
	r->first = false;
	if (r->between || (r->n - r->from >= UNA_BYTES && memcmp(r->p + r->from, "UNA", 3) == 0)) {
		if (!begin_interchange(r))
			return refuse(r, EDIFACT_FAULT_UNA);
		return ERR_BUSY; /* blanks may follow UNA: once more */
	}
	r->open = true;
	r->value = r->from;
	r->place = 0;
	r->shape = 1;
	r->count = 0;
	return ERR_NONE;
}

/* Three bits a value behind a leading 1: what ends it, and whether it is there. */
_Static_assert(3 * EDIFACT_SHAPE_VALUES < 64 && STOP_TERMINATOR < 4, "shapes");

static inline void set_place(struct edifact_value *v, uint64_t place)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	/* It is packed as the value has it, which compilers do not see. */
	_Static_assert(offsetof(struct edifact_value, repeat) ==
			       offsetof(struct edifact_value, element) + 2 &&
			   offsetof(struct edifact_value, component) ==
			       offsetof(struct edifact_value, element) + 4 &&
			   offsetof(struct edifact_value, released) ==
			       offsetof(struct edifact_value, element) + 6,
		       "a place");
	memcpy((char *)v + offsetof(struct edifact_value, element), &place, sizeof(place));
#else
	v->element = (uint16_t)place;
	v->repeat = (uint16_t)(place >> 16);
	v->component = (uint16_t)(place >> 32);
	v->released = (uint16_t)(place >> 48);
#endif
}

/* Through the stops that are known. true: the segment ends at the stop before r->stop_i. */
static bool walk(struct edifact *r)
{
	const unsigned char *p = (const unsigned char *)r->p, *kinds = r->kind;
	const uint32_t *stop = r->stop + r->stop_i, *end = r->stop + r->stop_n;
	struct edifact_value *to = r->values + r->count, *last = r->values + LIMIT_SEGMENT_VALUES;
	size_t base = r->base, from = r->from, value = r->value;
	uint64_t place = r->place, shape = r->shape;
	unsigned kind = STOP_LINE;

	while (stop < end && to < last) {
		size_t at = base + *stop++;

		kind = kinds[p[at]];
		if (__builtin_expect(kind > STOP_TERMINATOR, 0)) {
			place |= kind == STOP_RELEASE ? RELEASED : 0;
			r->line_feeds += kind == STOP_LINE;
			continue;
		}
		to->at = (uint32_t)(value - from);
		to->n = (uint32_t)(at - value);
		set_place(to++, place);
		shape = shape << 3 | kind << 1 | (at > value);
		value = at + 1;
		if (kind == STOP_TERMINATOR)
			break;
		place = (place & keeps[kind]) + adds[kind];
	}
	r->stop_i = (uint32_t)(stop - r->stop);
	r->count = (uint32_t)(to - r->values);
	r->value = value;
	r->place = place;
	r->shape = shape;
	return kind == STOP_TERMINATOR;
}

static void scan_more(struct edifact *r)
{
	size_t n = r->n - r->scanned;

	if (n > EDIFACT_STOPS)
		n = EDIFACT_STOPS;
	r->base = r->scanned;
	r->stop_n = r->scan(&r->signal, (const uint8_t *)r->p + r->scanned, n, r->stop, &r->carry);
	r->stop_i = 0;
	r->scanned += n;
}

static void end_segment(struct edifact *r, struct edifact_segment *ret)
{
	struct edifact_segment s = {
	    .p = r->p + r->from,
	    .bytes = (uint32_t)(r->value - 1 - r->from),
	    .line = r->line,
	    .offset = r->before + r->from,
	    .number = ++r->number,
	    .values = r->values,
	    .count = r->count,
	    .shape = r->count <= EDIFACT_SHAPE_VALUES ? r->shape : 0,
	    .tag = {r->p + r->from, r->values[0].n, r->line},
	};

	r->line += r->line_feeds + (r->signs.terminator == '\n');
	r->line_feeds = 0;
	r->open = false;
	r->from = r->value;
	*ret = s;
	if (s.tag.n != 3 || s.tag.p[0] != 'U' || s.tag.p[1] != 'N')
		return;
	if (s.tag.p[2] == 'B' && r->version == 0)
		read_unb(r, ret);
	else if (s.tag.p[2] == 'Z')
		r->between = true;
}

/* Why the bytes that are there do not end the segment. */
static enum err no_end(struct edifact *r)
{
	if (r->n - r->from > LIMIT_SEGMENT_BYTES)
		return refuse(r, EDIFACT_FAULT_SEGMENT);
	if (!r->last)
		return ERR_RETRY;
	return refuse(r, r->carry ? EDIFACT_FAULT_RELEASE : EDIFACT_FAULT_END);
}

enum err edifact_next(struct edifact *r, struct edifact_segment *ret)
{
	while (!r->open) {
		enum err e = begin_segment(r);

		if (e && e != ERR_BUSY)
			return e;
	}
	while (!walk(r)) {
		if (r->count == LIMIT_SEGMENT_VALUES)
			return refuse(r, EDIFACT_FAULT_VALUES);
		if (r->scanned == r->n)
			return no_end(r);
		scan_more(r);
	}
	if (r->value - 1 - r->from > LIMIT_SEGMENT_BYTES)
		return refuse(r, EDIFACT_FAULT_SEGMENT);
	end_segment(r, ret);
	return ERR_NONE;
}

const struct edifact_value *edifact_find(const struct edifact_segment *s, unsigned element,
					 unsigned component)
{
	for (uint32_t i = 0; i < s->count; i++) {
		const struct edifact_value *v = &s->values[i];

		if (v->element > element)
			break;
		if (v->element == element && v->component + 1u == component && v->repeat == 0)
			return v;
	}
	return NULL;
}
