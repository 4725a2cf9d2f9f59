/* A message against its directory: segments where they may stand and as often, elements present, of the right form and length,
 * codes that are in their list. What is wrong is said in the codes of UN/EDIFACT 0085, which CONTRL carries, with its place. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_CHECK_H
#define CUSTOMHOUSE_CODEC_EDIFACT_CHECK_H

#include "codec/edifact.h"
#include "codec/edifact_tables.h"

/* Codes of 0085 that are used here. */
enum edifact_error_code {
	EDIFACT_VERSION_UNKNOWN = 2, /* syntax version or level */
	EDIFACT_INVALID_VALUE = 12,
	EDIFACT_MISSING = 13,
	EDIFACT_NOT_HERE = 15,       /* a segment where it may not stand */
	EDIFACT_TOO_MANY_PARTS = 16, /* more constituents than there are */
	EDIFACT_NO_AGREEMENT = 17,   /* a message or directory that is not known */
	EDIFACT_UNSPECIFIED = 18,
	EDIFACT_BAD_SIGN = 20, /* a character that cannot be a service character */
	EDIFACT_BAD_CHARACTER = 21,
	EDIFACT_DUPLICATE = 26, /* sent before, and with other bytes */
	EDIFACT_REFERENCE_DIFFERS = 28,
	EDIFACT_COUNT_DIFFERS = 29,
	EDIFACT_GROUPS_MIXED = 30, /* messages inside and outside of groups */
	EDIFACT_EMPTY_LEVEL = 32,  /* a group or an interchange that holds nothing */
	EDIFACT_STRAY = 33,        /* outside of a message, a group or an interchange */
	EDIFACT_TOO_MANY_SEGMENTS = 35,
	EDIFACT_TOO_MANY_GROUPS = 36,
	EDIFACT_WRONG_KIND = 37, /* letters where digits stand, and the like */
	EDIFACT_NO_DIGIT = 38,   /* none before the decimal sign */
	EDIFACT_TOO_LONG = 39,
	EDIFACT_TOO_SHORT = 40,
	EDIFACT_CHARSET_UNKNOWN = 46,
};
/* A short English text; never NULL. */
const char *edifact_error_text(enum edifact_error_code code);

/* One thing that is wrong. Positions count from 1; 0: as a whole. */
struct edifact_error {
	enum edifact_error_code code;
	uint32_t segment; /* in its message: UNH is 1 */
	uint16_t element; /* position in the segment; repeats in a syntax before 4 count */
	uint16_t component;
	uint32_t line;
	uint32_t column;   /* bytes from the segment's first, from 1 */
	char tag[4];       /* of the segment, or the one that is missing */
	struct span value; /* as sent, up to a few bytes; of a missing element, empty */
	uint32_t number;   /* of the data element or composite, 0: none */
	uint32_t limit;    /* of a length or a number of times */
};

/* Told of every error, in order. */
typedef void edifact_error_fn(void *context, const struct edifact_error *e);

/* The check of one message. The tables outlive it. */
struct edifact_check {
	const struct edifact_directory *directory;
	const struct edifact_message *message;
	enum edifact_charset charset;
	struct edifact_signs signs;
	int version;
	edifact_error_fn *error;
	void *context;
	struct edifact_shapes
	    *shapes; /* what was learned before (edifact_shapes.h); NULL: nothing */
	/* private: */
	uint32_t segment;                    /* position in the message of the one under way */
	uint16_t node;                       /* that the last segment stood at; EDIFACT_TOP: none */
	uint32_t times;                      /* that it stood there */
	uint32_t group_times[EDIFACT_DEPTH]; /* of the groups that are open, outermost first */
	uint16_t last_over;                  /* node that was said to stand too often */
	uint32_t errors;
	bool printable; /* every byte of the segment may stand in a text of the charset */
};

/* charset, signs and version are the reader's when UNH was read. */
void edifact_check_open(struct edifact_check *c, const struct edifact_directory *d,
			const struct edifact_message *m, const struct edifact *reader,
			edifact_error_fn *error, void *context);
/* The next segment, UNH and UNT among them. The node of the message that it stands at (index from the message's first node), or
 * EDIFACT_TOP when it may not stand here. */
uint16_t edifact_check_segment(struct edifact_check *c, const struct edifact_segment *s);
/* The elements of a segment alone: of UNB and the like, from the service directory. */
void edifact_check_values(struct edifact_check *c, const struct edifact_directory *d,
			  const struct edifact_segment_table *t, const struct edifact_segment *s);
/* Does a list of the sender's own, or another agency's, stand beside value i, a code: 1131 or 3055 behind it in the composite? */
bool edifact_own_list(const struct edifact_directory *d, const struct edifact_slot *slot,
		      const struct edifact_segment *s, uint32_t i);
/* Behind UNT, or where the message was cut off: what is missing. */
void edifact_check_close(struct edifact_check *c);

/* The table's slot of an element's position in a segment, and which of its repeats: in a syntax before 4 a slot that may stand
 * several times takes as many positions. NULL: there are not so many. */
const struct edifact_slot *edifact_slot_of(const struct edifact_directory *d,
					   const struct edifact_segment_table *t, int version,
					   unsigned element, unsigned *ret_repeat);

#endif
