/* What the check of messages learned from segments before: files repeat few shapes of segments (a hundred or two), and what a
 * directory says of one, it says of the next one of that shape. Kept from one message to the next; it changes how fast the check
 * is, and nothing of what it says: whatever is not plainly right goes the long way of edifact_check.c, which says what is wrong.
 *
 * A fixed size, whatever a stranger sends: what is new takes the place of what is old. The directories outlive it. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_SHAPES_H
#define CUSTOMHOUSE_CODEC_EDIFACT_SHAPES_H

#include "codec/edifact_tables.h"

struct edifact_check;
struct edifact_segment;

enum { EDIFACT_SHAPES = 256, EDIFACT_SHAPES_CODES = 1024, EDIFACT_SHAPES_WAYS = 256 };

/* What a value of a shape must be. */
struct edifact_shape_value {
	const struct edifact_element *element;
	uint8_t value; /* which one of the segment */
	bool coded;    /* in the element's list: no list of somebody else stands beside it */
};

/* A shape of a segment in which nothing is missing, and nothing too many. */
struct edifact_shape {
	const struct edifact_segment_table *table; /* NULL: free */
	uint64_t shape;
	bool repeats; /* there are repetition signs: syntax version 4 */
	uint8_t n;
	struct edifact_shape_value v[21];
};

/* A code that is known. */
struct edifact_shape_code {
	const struct edifact_element *element;
	uint64_t key;
};

/* From a node of a message to the next, nothing mandatory between them. */
struct edifact_way {
	const struct edifact_message *message; /* NULL: free */
	uint32_t tag;                          /* edifact_tag_key() */
	uint16_t from, to;
	uint16_t segment;
	bool again; /* the group begins once more */
};

struct edifact_shapes {
	struct edifact_shape shape[EDIFACT_SHAPES];
	struct edifact_shape_code code[EDIFACT_SHAPES_CODES];
	struct edifact_way way[EDIFACT_SHAPES_WAYS];
};

/* 0: not three bytes. */
static inline uint32_t edifact_tag_key(struct span tag)
{
	const unsigned char *p = (const unsigned char *)tag.p;

	return tag.n == 3 ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

/* A place among a power of two of them. */
static inline uint32_t edifact_shapes_place(uint64_t a, uint64_t b, uint32_t places)
{
	uint64_t x = a ^ b * UINT64_C(0x9e3779b97f4a7c15);

	/* Whatever is told in the upper half alone must reach the bits that are taken. */
	x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(x >> 40) & (places - 1);
}

/* Are the values of the segment, which is printable, what the table wants? false: it is not known here. */
bool edifact_shapes_pass(const struct edifact_check *c, const struct edifact_directory *d,
			 const struct edifact_segment_table *t, const struct edifact_segment *s);
/* The values of the segment were found right the long way. */
void edifact_shapes_learn(const struct edifact_check *c, const struct edifact_directory *d,
			  const struct edifact_segment_table *t, const struct edifact_segment *s);

/* The way from the node that the check is at to that of a segment; NULL: not known here. */
const struct edifact_way *edifact_shapes_way(const struct edifact_check *c, uint32_t tag);
void edifact_shapes_learn_way(const struct edifact_check *c, const struct edifact_way *w);

#endif
