/* UN/EDIFACT syntax (ISO 9735, versions 1 to 4): bytes to segments and values, streaming in constant memory, and back.
 *
 * The reader finds segments, elements, repetitions and components and says where each stands; what they mean is not its matter.
 * It knows UNA, the default service characters, those of level B without UNA (the control characters IS1, IS3, IS4), and the
 * repetition separator, which exists from syntax version 4 on. Line ends between segments are skipped. Several interchanges may
 * follow one another: a UNA, or its absence, holds up to the next UNB.
 *
 * Finding the service characters goes 32 or 16 bytes at a time where the machine has instructions for it (chosen once, at run
 * time); every way gives the same tokens. No peer in Debian reads EDIFACT, hence our own.
 *
 * Bytes come in one of two ways: edifact_over() looks at bytes that lie in memory whole; edifact_stream() gets a window that the
 * caller fills. The largest segment is LIMIT_SEGMENT_BYTES, and a window holds twice that. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_H
#define CUSTOMHOUSE_CODEC_EDIFACT_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"

/* Service characters. repetition is 0 where the syntax version has none. */
struct edifact_signs {
	char component, element, decimal, release, repetition, terminator;
};

/* What a scanner looks for: the signs and line feeds, up to eight different bytes. Private to codec/. */
struct edifact_signal {
	uint8_t byte[8];
	unsigned count;
	uint8_t release;
	bool releases;     /* there is a release sign */
	bool counts_lines; /* line feeds are looked for to be counted: even released ones */
	uint8_t low[16],
	    high[16]; /* a bit a byte of the set, by its halves: both have it for the byte alone */
};

/* Writes where service characters that are not released stand in p[0..n), counted from p, and gives how many there are; stop has
 * room for n + 64. *carry: the first byte is released; on return, the one behind. A released line feed is still one. */
typedef uint32_t edifact_scan_fn(const struct edifact_signal *s, const uint8_t *p, size_t n,
				 uint32_t *stop, bool *carry);

/* How texts are encoded: UNB's syntax identifier (0001). */
enum edifact_charset {
	EDIFACT_UNOA, /* capitals */
	EDIFACT_UNOB, /* capitals and small letters */
	EDIFACT_UNOC, /* ISO 8859-1 */
	EDIFACT_UNOD, /* ISO 8859-2 */
	EDIFACT_UNOE, /* ISO 8859-5 */
	EDIFACT_UNOF, /* ISO 8859-7 */
	EDIFACT_UNOG, /* ISO 8859-3 */
	EDIFACT_UNOH, /* ISO 8859-4 */
	EDIFACT_UNOI, /* ISO 8859-6 */
	EDIFACT_UNOJ, /* ISO 8859-8 */
	EDIFACT_UNOK, /* ISO 8859-9 */
	EDIFACT_UNOL, /* ISO 8859-15 */
	EDIFACT_UNOW, /* ISO 10646 in UTF-8 */
	EDIFACT_UNOX, /* ISO 2022: only what it says without escape sequences */
	EDIFACT_UNOY, /* ISO 10646; here in UTF-8, as everybody sends it */
	EDIFACT_CHARSETS,
};
/* EDIFACT_CHARSETS when there is no such identifier. */
enum edifact_charset edifact_charset_by_id(struct span id);
const char *edifact_charset_id(enum edifact_charset c);

/* One value: a stand-alone element or a component. */
struct edifact_value {
	uint32_t at; /* bytes behind the segment's first */
	uint32_t n;  /* bytes as sent, release characters among them */
	/* element 0 is the tag; repeats and components count from 0 */
	uint16_t element, repeat, component;
	uint16_t released; /* not 0: release characters stand in it */
};

struct edifact_segment {
	const char *p;   /* its first byte; valid until the next call */
	uint32_t bytes;  /* without the terminator */
	uint32_t line;   /* where it begins, 1 for the first */
	uint64_t offset; /* of its first byte in all that was read */
	uint64_t number; /* 1 for the first one that was read, UNA not counted */
	const struct edifact_value *values;
	uint32_t count;
	/* Which values there are and which of them are empty: two segments of one shape have their values at the same places.
	 * 0: more values than a shape can tell (EDIFACT_SHAPE_VALUES, the tag among them). */
	uint64_t shape;
	struct span tag;
};
enum { EDIFACT_SHAPE_VALUES = 21 };

/* What is wrong with bytes that are no segments. */
enum edifact_fault {
	EDIFACT_FAULT_NONE,
	EDIFACT_FAULT_UNA,     /* service characters that are letters, digits or alike */
	EDIFACT_FAULT_END,     /* the bytes end inside a segment */
	EDIFACT_FAULT_RELEASE, /* they end behind a release character */
	EDIFACT_FAULT_SEGMENT, /* a segment is longer than LIMIT_SEGMENT_BYTES */
	EDIFACT_FAULT_VALUES,  /* it has more than LIMIT_SEGMENT_VALUES values */
};
const char *edifact_fault_text(enum edifact_fault f);

enum { EDIFACT_STOPS = 4096, EDIFACT_WINDOW = 4 * LIMIT_SEGMENT_BYTES };

/* A reader. All of it is private but signs, version, charset, fault and the numbers of what was read last. */
struct edifact {
	struct edifact_signs signs;
	int version;                  /* of the syntax, from UNB; 0: not known yet */
	enum edifact_charset charset; /* EDIFACT_CHARSETS: UNB names none that is known */
	bool una;                     /* the interchange began with one */
	enum edifact_fault fault;

	char *window; /* NULL: over bytes in memory */
	const char *p;
	size_t n, room;
	bool last;       /* no bytes follow */
	uint64_t before; /* bytes that left the window */
	uint64_t number;
	uint32_t line;
	size_t from;    /* where the segment under way begins */
	size_t value;   /* where its current value begins */
	uint64_t place; /* of the current value: element, repeat and component packed */
	uint64_t shape; /* of the values so far */
	bool released;
	uint32_t count;     /* of its values */
	size_t scanned;     /* stops are known up to here */
	size_t base;        /* that stops are counted from */
	bool carry;         /* the next byte is released */
	bool open, between; /* a segment is under way; an interchange may begin */
	uint32_t stop_n, stop_i;
	uint32_t line_feeds; /* inside the segment under way */
	char una_repetition; /* what UNA says, of use when the syntax version is known */
	bool first;          /* nothing was read yet */
	edifact_scan_fn *scan;
	struct edifact_signal signal;
	uint8_t kind[256];
	uint32_t stop[EDIFACT_STOPS + 64]; /* scanners write whole groups */
	struct edifact_value values[LIMIT_SEGMENT_VALUES];
};

/* Over bytes in memory; they outlive the reader. *r need not be cleared before, here and with edifact_stream(). */
void edifact_over(struct edifact *r, const char *p, size_t n);
/* With a window of EDIFACT_WINDOW bytes, at first empty: edifact_next() gives ERR_RETRY when it wants more. */
void edifact_stream(struct edifact *r, char *window);
/* Where the next bytes belong, and how many fit: at least one. Moves what is still needed to the front. */
char *edifact_room(struct edifact *r, size_t *ret_n);
/* n bytes were put there; last: there will be no more. */
void edifact_filled(struct edifact *r, size_t n, bool last);

/* The next segment. ERR_NOT_FOUND: the end; ERR_RETRY: fill the window; ERR_FORMAT, ERR_LIMIT: r->fault says what, at
 * edifact_offset() and r->line; reading is then over. */
enum err edifact_next(struct edifact *r, struct edifact_segment *ret) MUST_CHECK;
/* Bytes that lie before what is read next. */
uint64_t edifact_offset(const struct edifact *r);

/* The value at a place of a segment, counted from 1 for elements and components as positions in messages are; n is 0 where there
 * is none. As sent. */
const struct edifact_value *edifact_find(const struct edifact_segment *s, unsigned element,
					 unsigned component);
static inline struct span edifact_raw(const struct edifact_segment *s,
				      const struct edifact_value *v)
{
	return v ? (struct span){s->p + v->at, v->n, s->line} : (struct span){"", 0, s->line};
}

/* Does a text of UNOX change its character set? By the codes of ISO 2022: escape, shift out, shift in. What follows may be
 * two bytes a character, among them those of signs: such a text is not read here. */
bool edifact_shifts(const struct edifact *r, const struct edifact_segment *s);

/* ---- characters ---- */

/* What a run of bytes consists of, or-ed together: see edifact_classes(). */
enum {
	EDIFACT_DIGIT = 1,     /* 0-9 */
	EDIFACT_MARK = 2,      /* - . , : what else a number may hold */
	EDIFACT_CAPITAL = 4,   /* A-Z */
	EDIFACT_SMALL = 8,     /* a-z */
	EDIFACT_BASIC = 16,    /* other characters of levels A and B */
	EDIFACT_GRAPHIC = 32,  /* other characters of ASCII */
	EDIFACT_HIGH = 64,     /* 128 and above */
	EDIFACT_CONTROL = 128, /* control characters */
};
unsigned edifact_classes(const char *p, size_t n);
/* Only bytes from 0x20 to 0x7e? Then the run is the same text in every charset, as far as that has its characters. */
bool edifact_printable(const char *p, size_t n);
/* Only characters of ASCII that the charset has? Then each byte is a character, and every text of the run is as it should be. */
bool edifact_plain(enum edifact_charset c, const char *p, size_t n);
/* May a run of these classes, which is not EDIFACT_HIGH, stand in a text of this charset? */
bool edifact_allows(enum edifact_charset c, unsigned classes);
/* Is the run valid in the charset byte by byte: no unassigned code, UTF-8 well-formed? */
bool edifact_encoded(enum edifact_charset c, struct span raw);
/* Characters of a value: without release characters; in UTF-8 several bytes are one. */
uint32_t edifact_length(enum edifact_charset c, struct span raw, bool released, char release);

/* A value as UTF-8 without release characters. Points into raw where nothing had to change, or to new memory of the arena;
 * bytes that the charset has no character for become U+FFFD. p == NULL: the arena has no room (arena_failure()). */
struct span edifact_text(struct arena *a, enum edifact_charset c, char release, struct span raw,
			 bool released);

/* ---- writing ---- */

/* Writes segments; empty values at the end of an element or a segment are left out. */
struct edifact_writer {
	struct text *to;
	struct edifact_signs signs;
	enum edifact_charset charset;
	bool lines;                             /* each segment on a line of its own */
	uint32_t segments;                      /* written since edifact_begin_message() */
	uint32_t elements, components, repeats; /* separators that wait for a value */
	uint32_t
	    lost; /* characters that the charset has not: a ? stands for each, or a plain sign */
};

/* The default signs, with * for repetition from syntax version 4 on. */
struct edifact_signs edifact_default_signs(int version);
struct edifact_writer edifact_to(struct text *to, enum edifact_charset c, int version);
/* UNA with the writer's signs. */
void edifact_write_una(struct edifact_writer *w);
/* Begins a segment: what follows is element 1, component 1. */
void edifact_open_segment(struct edifact_writer *w, const char *tag);
/* A component of the current element, and moves on to the next one. utf8 without control characters (those are dropped). */
void edifact_component(struct edifact_writer *w, struct span utf8);
/* Ends the element. */
void edifact_element_end(struct edifact_writer *w);
/* Ends a repetition of the element; another follows. Needs a repetition sign. */
void edifact_repeat_end(struct edifact_writer *w);
/* A stand-alone element: component and end. */
void edifact_element(struct edifact_writer *w, struct span utf8);
void edifact_close_segment(struct edifact_writer *w);
/* Can the charset carry all of the text? */
bool edifact_carries(enum edifact_charset c, struct span utf8);

/* ---- for tests ---- */

/* The name of the way number i to find service characters that this machine has, the best one last; NULL behind it. */
const char *edifact_scan_name(uint32_t i);
/* A reader that was just opened takes that way. */
void edifact_scan_by(struct edifact *r, uint32_t i);

#endif
