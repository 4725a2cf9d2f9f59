/* Characters of EDIFACT texts: what a charset has, and texts as UTF-8 and back. */
#include "codec/charset_gen.h"
#include "codec/edifact.h"
#include "codec/eight.h"

static const struct {
	const char *id;
	unsigned allows; /* classes of ASCII */
} charsets[EDIFACT_CHARSETS] = {
#define LEVEL_A (EDIFACT_DIGIT | EDIFACT_MARK | EDIFACT_CAPITAL | EDIFACT_BASIC)
#define ASCII   (LEVEL_A | EDIFACT_SMALL | EDIFACT_GRAPHIC)
    [EDIFACT_UNOA] = {"UNOA", LEVEL_A}, [EDIFACT_UNOB] = {"UNOB", LEVEL_A | EDIFACT_SMALL},
    [EDIFACT_UNOC] = {"UNOC", ASCII},   [EDIFACT_UNOD] = {"UNOD", ASCII},
    [EDIFACT_UNOE] = {"UNOE", ASCII},   [EDIFACT_UNOF] = {"UNOF", ASCII},
    [EDIFACT_UNOG] = {"UNOG", ASCII},   [EDIFACT_UNOH] = {"UNOH", ASCII},
    [EDIFACT_UNOI] = {"UNOI", ASCII},   [EDIFACT_UNOJ] = {"UNOJ", ASCII},
    [EDIFACT_UNOK] = {"UNOK", ASCII},   [EDIFACT_UNOL] = {"UNOL", ASCII},
    [EDIFACT_UNOW] = {"UNOW", ASCII},   [EDIFACT_UNOX] = {"UNOX", ASCII},
    [EDIFACT_UNOY] = {"UNOY", ASCII},
};

static const uint8_t class_of[256] = {
    [0 ... 0x1f] = EDIFACT_CONTROL,
    [' ' ... '"'] = EDIFACT_BASIC,
    ['#' ... '$'] = EDIFACT_GRAPHIC,
    ['%' ... '+'] = EDIFACT_BASIC,
    [',' ... '.'] = EDIFACT_MARK,
    ['/'] = EDIFACT_BASIC,
    ['0' ... '9'] = EDIFACT_DIGIT,
    [':' ... '?'] = EDIFACT_BASIC,
    ['@'] = EDIFACT_GRAPHIC,
    ['A' ... 'Z'] = EDIFACT_CAPITAL,
    ['[' ... '^'] = EDIFACT_GRAPHIC,
    ['_'] =
	EDIFACT_BASIC, /* of levels A and B from syntax version 4 on; nobody is harmed by it before */
    ['`'] = EDIFACT_GRAPHIC,
    ['a' ... 'z'] = EDIFACT_SMALL,
    ['{' ... '~'] = EDIFACT_GRAPHIC,
    [0x7f] = EDIFACT_CONTROL,
    [0x80 ... 0xff] = EDIFACT_HIGH,
};

enum edifact_charset edifact_charset_by_id(struct span id)
{
	for (unsigned i = 0; i < EDIFACT_CHARSETS; i++)
		if (id.n == 4 && memcmp(id.p, charsets[i].id, 4) == 0)
			return (enum edifact_charset)i;
	return EDIFACT_CHARSETS;
}

const char *edifact_charset_id(enum edifact_charset c)
{
	return c < EDIFACT_CHARSETS ? charsets[c].id : "";
}

unsigned edifact_classes(const char *p, size_t n)
{
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		all |= class_of[(uint8_t)p[i]];
	return all;
}

/* Eight bytes at a time: which have the high bit, are below 0x20, or are 0x7f. */
static uint64_t unprintable(uint64_t x)
{
	uint64_t low = ~EIGHT_HIGH;
	uint64_t del = ((x ^ EIGHT(0x7f)) & low) + low; /* high bit: is not 0x7f */

	return (x | ~(((x & low) + EIGHT(0x60)) & del)) & EIGHT_HIGH;
}

bool edifact_printable(const char *p, size_t n)
{
	const unsigned char *from = (const unsigned char *)p;
	uint64_t bad = 0, x = EIGHT(' ');

	if (n >= 8) {
		for (size_t i = 0; i + 8 < n; i += 8)
			bad |= unprintable(eight_load(from + i));
		return !(bad | unprintable(eight_load(from + n - 8)));
	}
	for (size_t i = 0; i < n; i++)
		x = x << 8 | from[i];
	return !unprintable(x);
}

bool edifact_plain(enum edifact_charset c, const char *p, size_t n)
{
	if (c >= EDIFACT_UNOC)
		return edifact_printable(p, n);
	return (edifact_classes(p, n) & ~charsets[c].allows) == 0;
}

/* An unknown charset is read as what everybody can: ASCII, or else UTF-8. */
static bool is_utf8(enum edifact_charset c)
{
	return c == EDIFACT_UNOW || c == EDIFACT_UNOY || c == EDIFACT_CHARSETS;
}

static bool has_upper_half(enum edifact_charset c)
{
	return c >= EDIFACT_UNOC && c <= EDIFACT_UNOL;
}

bool edifact_allows(enum edifact_charset c, unsigned classes)
{
	unsigned allows = c == EDIFACT_CHARSETS ? ASCII : charsets[c].allows;

	return (classes & ~(allows | EDIFACT_HIGH)) == 0;
}

/* The code point of a byte from 128 on; 0: none. */
static unsigned upper_code(enum edifact_charset c, uint8_t byte)
{
	return has_upper_half(c) && byte >= 0xa0 ? upper_half[c][byte - 0xa0] : 0;
}

bool edifact_encoded(enum edifact_charset c, struct span raw)
{
	if (is_utf8(c))
		return span_valid_utf8(raw);
	for (uint32_t i = 0; i < raw.n; i++)
		if ((uint8_t)raw.p[i] >= 0x80 && !upper_code(c, (uint8_t)raw.p[i]))
			return false;
	return true;
}

bool edifact_shifts(const struct edifact *r, const struct edifact_segment *s)
{
	return r->charset == EDIFACT_UNOX &&
	       (memchr(s->p, 0x1b, s->bytes) || memchr(s->p, 0x0e, s->bytes) ||
		memchr(s->p, 0x0f, s->bytes));
}

uint32_t edifact_length(enum edifact_charset c, struct span raw, bool released, char release)
{
	uint32_t n = 0;
	bool utf8 = is_utf8(c);

	if (!released && !utf8)
		return raw.n;
	for (uint32_t i = 0; i < raw.n; i++) {
		if (released && raw.p[i] == release && i + 1 < raw.n)
			i++;
		n += !utf8 || ((uint8_t)raw.p[i] & 0xc0) != 0x80;
	}
	return n;
}

enum { REPLACEMENT = 0xfffd };

/* Well-formed UTF-8 as it is, every other byte as U+FFFD. */
static char *put_valid(char *to, struct span s)
{
	while (s.n) {
		uint32_t good = span_utf8_prefix(s);

		memcpy(to, s.p, good);
		to += good;
		if (good == s.n)
			break;
		to = utf8_put(to, REPLACEMENT);
		s.p += good + 1;
		s.n -= good + 1;
	}
	return to;
}

static struct span unreleased(struct arena *a, char release, struct span raw)
{
	char *to = arena_try(a, raw.n + 1u);
	struct span ret = {to, 0, raw.line};

	for (uint32_t i = 0; to && i < raw.n; i++) {
		if (raw.p[i] == release && i + 1 < raw.n)
			i++;
		to[ret.n++] = raw.p[i];
	}
	return ret;
}

struct span edifact_text(struct arena *a, enum edifact_charset c, char release, struct span raw,
			 bool released)
{
	char *to, *begin;

	if (!raw.n)
		return (struct span){"", 0, raw.line};
	if (released)
		raw = unreleased(a, release, raw);
	if (!raw.p || !(edifact_classes(raw.p, raw.n) & EDIFACT_HIGH) ||
	    (is_utf8(c) && span_valid_utf8(raw)))
		return raw;
	begin = to = arena_try(a, 3 * (size_t)raw.n);
	if (!to)
		return (struct span){NULL, 0, 0};
	if (is_utf8(c)) {
		to = put_valid(to, raw);
	} else {
		for (uint32_t i = 0; i < raw.n; i++) {
			uint8_t byte = (uint8_t)raw.p[i];
			unsigned code = byte < 0x80 ? byte : upper_code(c, byte);

			to = utf8_put(to, code || byte == 0 ? code : REPLACEMENT);
		}
	}
	return (struct span){begin, (uint32_t)(to - begin), raw.line};
}

/* ---- writing ---- */

struct edifact_writer edifact_to(struct text *to, enum edifact_charset c, int version)
{
	return (struct edifact_writer){
	    .to = to, .signs = edifact_default_signs(version), .charset = c};
}

void edifact_write_una(struct edifact_writer *w)
{
	const struct edifact_signs *s = &w->signs;

	text_string(w->to, "UNA");
	text_char(w->to, s->component);
	text_char(w->to, s->element);
	text_char(w->to, s->decimal);
	text_char(w->to, s->release ? s->release : ' ');
	text_char(w->to, s->repetition ? s->repetition : ' ');
	text_char(w->to, s->terminator);
	if (w->lines)
		text_char(w->to, '\n');
}

void edifact_open_segment(struct edifact_writer *w, const char *tag)
{
	text_string(w->to, tag);
	w->elements = 1;
	w->components = w->repeats = 0;
}

/* The separators that waited for a value. */
static void put_separators(struct edifact_writer *w)
{
	for (; w->elements; w->elements--)
		text_char(w->to, w->signs.element);
	for (; w->repeats; w->repeats--)
		text_char(w->to, w->signs.repetition);
	for (; w->components; w->components--)
		text_char(w->to, w->signs.component);
}

/* The first character of s, which is UTF-8, and how many bytes it has. */
static uint32_t first_code(struct span s, unsigned *ret_bytes)
{
	uint8_t b = (uint8_t)s.p[0];
	unsigned n = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
	uint32_t code = n == 1 ? b : b & (0x7fu >> n);

	if (n > s.n)
		n = s.n;
	for (unsigned i = 1; i < n; i++)
		code = code << 6 | ((uint8_t)s.p[i] & 0x3f);
	*ret_bytes = n;
	return code;
}

/* The byte that stands for a code point from 128 on; 0: none. */
static uint8_t byte_of(enum edifact_charset c, uint32_t code)
{
	for (unsigned i = 0; has_upper_half(c) && i < 96; i++)
		if (upper_half[c][i] == code)
			return (uint8_t)(0xa0 + i);
	return 0;
}

bool edifact_carries(enum edifact_charset c, struct span utf8)
{
	unsigned classes = edifact_classes(utf8.p, utf8.n), bytes;

	if (!edifact_allows(c, classes))
		return false;
	if (!(classes & EDIFACT_HIGH) || is_utf8(c))
		return true;
	for (; utf8.n; utf8.p += bytes, utf8.n -= bytes) {
		uint32_t code = first_code(utf8, &bytes);

		if (code >= 0x80 && !byte_of(c, code))
			return false;
	}
	return true;
}

static bool is_sign_of(const struct edifact_signs *s, char c)
{
	return c == s->component || c == s->element || c == s->terminator || c == s->release ||
	       c == s->repetition;
}

/* A character of ASCII: as it is, released, or as a question mark. */
static void put_ascii(struct edifact_writer *w, char c)
{
	unsigned class = class_of[(uint8_t)c];

	if (!edifact_allows(w->charset, class)) {
		w->lost++;
		c = '?';
	}
	if (is_sign_of(&w->signs, c) && w->signs.release)
		text_char(w->to, w->signs.release);
	text_char(w->to, c);
}

/* What stands for a typographic sign where a charset has none: better than a question mark. */
static char plain_sign(uint32_t code)
{
	switch (code) {
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x201c:
	case 0x201d:
		return '"';
	case 0x2010 ... 0x2015:
		return '-';
	default:
		return '?';
	}
}

static void put_text(struct edifact_writer *w, struct span s)
{
	unsigned bytes;

	for (; s.n; s.p += bytes, s.n -= bytes) {
		uint32_t code = first_code(s, &bytes);
		uint8_t byte;

		if (code < 0x20 || code == 0x7f) {
			w->lost++;
			continue;
		}
		if (code < 0x80) {
			put_ascii(w, (char)code);
			continue;
		}
		if (is_utf8(w->charset)) {
			text_add(w->to, s.p, bytes);
			continue;
		}
		byte = byte_of(w->charset, code);
		if (byte) {
			text_char(w->to, (char)byte);
		} else {
			w->lost++;
			put_ascii(w, plain_sign(code));
		}
	}
}

void edifact_component(struct edifact_writer *w, struct span utf8)
{
	if (utf8.n) {
		put_separators(w);
		put_text(w, utf8);
	}
	w->components++;
}

void edifact_element_end(struct edifact_writer *w)
{
	w->elements++;
	w->components = w->repeats = 0;
}

void edifact_repeat_end(struct edifact_writer *w)
{
	BUG_ON(!w->signs.repetition);
	w->repeats++;
	w->components = 0;
}

void edifact_element(struct edifact_writer *w, struct span utf8)
{
	edifact_component(w, utf8);
	edifact_element_end(w);
}

void edifact_close_segment(struct edifact_writer *w)
{
	text_char(w->to, w->signs.terminator);
	if (w->lines)
		text_char(w->to, '\n');
	w->elements = w->components = w->repeats = 0;
	w->segments++;
}
