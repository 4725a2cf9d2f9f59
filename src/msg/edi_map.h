/* Mappings between messages of EDIFACT and the model, as tables: maps/NAME.map, compiled at build time by tools/mkedimap.c.
 *
 * A row is a segment: its tag, the constants by which it is known among others of its tag, and the fields that its elements
 * hold. Rows that are indented stand in the group that the row above opens. The groups are known by the segments that open them,
 * so that one mapping serves all directories: where a directory has no such segment at the place, its row rests.
 *
 *   NAD @shipment/importer 1=IM 2.1:id 4.1-2:name
 *       COM 1.1:communication/id 1.2:communication/type
 *
 *   @path      the row's fields lie in the class there; @path[] one more member of the list for each such segment, @path[1] from
 *              the second member on (the first one stands elsewhere)
 *   E.C=text   a constant: the row is known by it;  E.C~text is written where the element has a value, and not looked at
 *   E.C:path   a field;  E.C-D:path a text that is spread over the components C to D;  + behind it: over several segments
 *   E.C@path   its currency, unit or format;  |text behind it: what is written where there is none
 *   #:path     a number that is not written: the member's position in its list, from 1
 *   <TAG       a row for reading alone;  TAG( one that opens a group, where the segment also stands outside of it
 * A path is made of names of the dictionary; 0 in it is the first member of a list; . is the member of a list of plain values. */
#ifndef CUSTOMHOUSE_MSG_EDI_MAP_H
#define CUSTOMHOUSE_MSG_EDI_MAP_H

#include "base/arena.h"
#include "dict/dict.h"

enum { EDI_PATH = 6, EDI_NO_ROW = 0xffff, EDI_ROW_ITEMS = 24 };

/* Indexes of fields in their classes, from the row's class inward. A list within is its first member. */
struct edi_path {
	uint8_t n;
	uint8_t step[EDI_PATH];
};

enum edi_item_kind {
	EDI_MATCH,    /* a constant by which the row is known */
	EDI_CONSTANT, /* a constant that is written beside a value */
	EDI_FIELD,
	EDI_QUALIFIER, /* of a field */
	EDI_POSITION,  /* the member's number */
};

struct edi_item {
	uint8_t kind;
	uint8_t element, component; /* from 1 */
	uint8_t to;                 /* last component of a text that is spread; else component */
	bool append;                /* goes on in another segment */
	uint8_t
	    pair; /* of a qualifier: its field's index in the row; of a field: its qualifier's, or itself */
	struct edi_path path;
	const char *text; /* constant, or default */
	uint8_t text_n;
};

struct edi_row {
	char tag[4];
	uint16_t parent; /* row; EDI_NO_ROW: outside of groups */
	uint16_t end;    /* behind it and the rows in its group */
	uint16_t next;   /* row of the same tag and parent behind it; EDI_NO_ROW: none */
	uint16_t item_at;
	uint8_t items;
	bool read_only;
	bool opens;    /* is the first segment of a group */
	bool list;     /* path leads to a list: a member a segment */
	uint8_t first; /* member that the row begins with */
	struct edi_path path;
};

struct edi_map {
	const char *message; /* CUSDEC */
	const struct edi_row *rows;
	const struct edi_item *items;
	uint32_t row_n, item_n;
};

/* Those that are built in. */
extern const struct edi_map edi_map_cuscar, edi_map_cusdec, edi_map_cusrep;

/* The class that a path leads to from c, or, where it ends in a value, its field in *ret_field. NULL: nowhere. */
const struct dict_class *edi_path_class(const struct dict_class *c, const struct edi_path *p,
					const struct dict_field **ret_field);

/* Reads the text of a mapping for a root class. Inside arena_run(). ERR_FORMAT: *ret_line, *ret_fault. */
enum err edi_map_read(struct arena *a, struct span text, const struct dict_class *root,
		      struct edi_map *ret, uint32_t *ret_line, const char **ret_fault) MUST_CHECK;

#endif
