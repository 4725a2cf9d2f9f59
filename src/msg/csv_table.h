/* Tables of declarations: encodings, delimiters and columns. Private to msg/.
 *
 * Spreadsheets write what they like: UTF-8 with and without a mark, UTF-16, Windows-1252; commas, semicolons, tabs, bars. All of
 * it is told from the bytes. */
#ifndef CUSTOMHOUSE_MSG_CSV_TABLE_H
#define CUSTOMHOUSE_MSG_CSV_TABLE_H

#include "base/arena.h"
#include "dict/dict.h"

/* Is it UTF-16, by its mark or its first character? */
bool csv_is_utf16(struct span bytes);
/* The bytes as UTF-8 without a mark: from UTF-16, or, where they are not UTF-8, from Windows-1252. What is no character becomes
 * U+FFFD. In a where it differs from bytes. p == NULL: memory ended. */
struct span csv_to_utf8(struct arena *a, struct span bytes);
/* The delimiter that stands most often in the first row; a comma when none does. */
char csv_delimiter(struct span utf8);

struct csv_column {
	struct span name;
	const struct dict_field *field; /* NULL: no column of a declaration */
	bool item;                      /* of the row's goods item */
	bool qualifier;                 /* the currency, unit or format of the value */
	struct span pointer; /* "/shipment/terms/code"; of an item's value what follows its index */
	int other; /* of a value: the column of its qualifier, and the other way; -1: none */
};

/* What a column's name means; the name is kept. Inside arena_run(). */
struct csv_column csv_column_of(struct arena *a, struct span name);
/* Pairs values with their qualifiers. Inside arena_run(). */
void csv_pair_columns(struct arena *a, struct csv_column *columns, uint32_t n);
/* The name of the column of a value: pointer as above. Inside arena_run(). */
struct span csv_column_name(struct arena *a, bool item, struct span pointer,
			    const struct dict_field *f, bool qualifier);
/* How many named columns there are, and their names in the template's order. */
uint32_t csv_named_columns(void);
struct span csv_named_column(uint32_t i);
/* Does the row name columns of a declaration? */
bool csv_names_columns(struct span row, char delimiter);

#endif
