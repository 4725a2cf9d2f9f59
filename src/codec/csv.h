/* Comma-separated tables (RFC 4180, UTF-8), row by row with places: the files of a country pack.
 *
 * The first row names the columns. Lines that begin with # and empty lines are skipped, as is a byte-order mark, which
 * spreadsheets write. A field in quotes may hold commas, doubled quotes and line ends. Blanks (and tabs) around a field are
 * dropped, inside quotes they are kept. Lines end with LF or CR LF. */
#ifndef CUSTOMHOUSE_CODEC_CSV_H
#define CUSTOMHOUSE_CODEC_CSV_H

#include "codec/json.h" /* struct codec_fault */

struct csv {
	struct arena *arena;
	char delimiter;
	struct span rest;
	uint32_t line;    /* of what comes next */
	uint32_t columns; /* of the header */
	struct span *names;
	/* The current row; the array is reused by the next csv_next(), the texts live on in the arena or the input. */
	struct span *fields;
	uint32_t *field_column; /* 1-based byte column where each field begins */
	uint32_t row_line;      /* where the current row begins */
	bool ragged;            /* rows may have fewer fields than the header: the rest is empty */
};

/* Reads the header row. bytes must outlive the reader. ERR_FORMAT (with the place): no header, a column without a name, a
 * name twice, or what csv_next() says; ERR_LIMIT: more than LIMIT_CSV_COLUMNS. Runs inside arena_run() (it may leave). */
enum err csv_open(struct arena *a, struct span bytes, struct csv *ret,
		  struct codec_fault *ret_fault) MUST_CHECK;
/* The same for a table with another delimiter (a comma, a semicolon, a tab, a bar) and up to `most` columns. */
enum err csv_open_as(struct arena *a, struct span bytes, char delimiter, uint32_t most,
		     struct csv *ret, struct codec_fault *ret_fault) MUST_CHECK;
/* The next row into c->fields. ERR_NOT_FOUND at the end; ERR_FORMAT for a row with another number of fields than the header,
 * an unfinished quote (all behind it is lost), a quote inside a field that has none around it, text behind a closing quote,
 * invalid UTF-8 or a control character other than tab; ERR_LIMIT for a field of more than LIMIT_CSV_FIELD_BYTES. The reader
 * then stands behind the bad row and may go on. */
enum err csv_next(struct csv *c, struct codec_fault *ret_fault) MUST_CHECK;
/* The index of a column by name, or -1. */
int csv_column(const struct csv *c, const char *name);

/* How many bytes from the start of s its first row takes, with its line end and the blank and comment lines before it; 0 when it
 * does not end in s. *ret_lines: how many lines those are. */
uint32_t csv_row_extent(struct span s, char delimiter, uint32_t *ret_lines);

/* The field of one row with this index, without quotes around it and as written in them; empty when there is none. */
struct span csv_raw_field(struct span row, char delimiter, uint32_t index);

/* Appends one field, in quotes where it must have them. */
void csv_put(struct text *t, struct span field, char delimiter);

#endif
