/* XML formats that a table maps to the dictionary: one row for each element, read and written by the same walk. Private to msg/.
 *
 * path: the names of the elements from the root's children inward, with / between; * behind a name that repeats. pointer: where
 * the value lies in the declaration; a * stands for the index of the repeated element around it, in order; [type=X] is the
 * member of a list whose field type says X, and makes one where there is none. */
#ifndef CUSTOMHOUSE_MSG_XML_MAP_H
#define CUSTOMHOUSE_MSG_XML_MAP_H

#include "codec/json.h" /* struct codec_fault */
#include "msg/decode.h"

/* What an element holds of the value. */
enum xml_part {
	XML_VALUE,
	XML_KILOGRAMS, /* a quantity, always in KGM */
	XML_QUALIFIER, /* the currency or unit of the value that another row has */
	XML_FIRST,     /* its first character; what follows is in XML_REST */
	XML_REST,
	XML_FLAG,  /* True and False for 1 and 0 */
	XML_LINES, /* a name, and on further lines what `second` holds */
	XML_PAIR,  /* two characters, and behind them what `second` holds */
	XML_CODE,  /* three characters; a fourth before them is what `second` holds */
};

/* For which declarations a row holds. */
enum xml_when { XML_ALWAYS, XML_IMPORT, XML_EXPORT };

struct xml_row {
	const char *path, *pointer, *second;
	enum xml_part part;
	enum xml_when when;
};

struct xml_table {
	const char *root;
	const struct xml_row
	    *rows; /* in the order of the document: rows with the same beginning stand together */
	uint32_t n;
	const char *type_path; /* of the element whose text begins with EX for an export */
};

/* Reads one document into a declaration. What no row maps, and what stands once too often, is kept as unmapped; an element that
 * is empty, or holds an element `null`, says nothing. Leaves through the arena when memory ends. ERR_UNSUPPORTED: another
 * root. */
enum err xml_map_read(struct arena *a, struct span bytes, const struct xml_table *t,
		      struct decoder *d, struct codec_fault *ret_fault) MUST_CHECK;
/* Appends the document; what the table has no row for is left out. Inside arena_run(). */
void xml_map_write(struct text *to, const struct xml_table *t, const struct declaration *d);
/* Is the first element of these bytes, UTF-8 or UTF-16, this root? */
bool xml_map_recognises(struct span bytes, const char *root);
/* For tests: the row's pointer with 0 for each * and selector; NULL field: the table is wrong. */
const struct dict_field *xml_map_field(struct arena *a, const char *pointer);

#endif
