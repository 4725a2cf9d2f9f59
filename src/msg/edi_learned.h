/* What reading messages of EDIFACT learned from segments before: for a segment of a shape, at a place of a mapping, which of its
 * values tell the row, and for each row which value goes into which field. Kept from one message to the next; it changes how fast
 * a message is read, and nothing of what comes of it. A fixed size: what is new takes the place of what is old. Private to msg/.
 *
 * The mappings and directories outlive it. */
#ifndef CUSTOMHOUSE_MSG_EDI_LEARNED_H
#define CUSTOMHOUSE_MSG_EDI_LEARNED_H

#include "codec/edifact_shapes.h"
#include "msg/edi_map.h"

enum { EDI_SITES = 256, EDI_FILLS = 256, EDI_TELLING = 3 };

/* Segments of one shape in one level of a mapping. */
struct edi_site {
	const struct edi_map *map; /* NULL: free */
	uint64_t shape;
	uint64_t stamp; /* of this site, which its fills have */
	uint32_t tag;
	uint16_t level; /* row that opened it */
	bool opens;     /* the segment opens a group */
	bool tells;     /* at most EDI_TELLING values are looked at to know the row */
	uint8_t n;
	uint8_t value[EDI_TELLING]; /* which ones of the segment */
};

/* A value and the field that it goes to. */
struct edi_put {
	uint8_t item; /* of the row */
	uint8_t value;
	uint8_t qualifier;             /* EDI_NO_VALUE: none */
	bool spread;                   /* over several values */
	const struct dict_field *leaf; /* NULL: not by edi_fill's short way */
};
enum { EDI_NO_VALUE = 0xff };

/* What a segment fills, whose telling values are these. */
struct edi_fill {
	uint64_t stamp; /* of its site; 0: free */
	uint64_t key[EDI_TELLING];
	uint16_t row;  /* EDI_NO_ROW: none fits */
	bool complete; /* every value has a place */
	uint8_t n;
	struct edi_put put[EDI_ROW_ITEMS];
};

/* Zeroed at first. */
struct edi_learned {
	struct edifact_shapes shapes;
	uint64_t stamps;
	struct edi_site site[EDI_SITES];
	struct edi_fill fill[EDI_FILLS];
};

/* A segment at a level. */
struct edi_where {
	const struct edi_map *map;
	uint32_t tag;
	uint16_t level;
	bool opens;
};

/* The site of a segment; NULL: a new one. */
const struct edi_site *edi_site(const struct edi_learned *l, const struct edi_where *w,
				const struct edifact_segment *s);
/* The same, made; first: the first row of its tag in the level. */
const struct edi_site *edi_site_learn(struct edi_learned *l, const struct edi_where *w,
				      uint16_t first, const struct edifact_segment *s);
/* What is known of a segment of the site; a new one has no stamp yet: the caller finds the row, and edi_fill_learn() does the
 * rest. NULL: its row is told by too many values, or by one that is too long. */
struct edi_fill *edi_fill(struct edi_learned *l, const struct edi_site *site,
			  const struct edifact_segment *s);
/* class: that the row's fields lie in; NULL: its members are plain values. row: EDI_NO_ROW when none fits. */
void edi_fill_learn(struct edi_fill *f, const struct edi_site *site, uint16_t row,
		    const struct dict_class *class, const struct edifact_segment *s);

#endif
