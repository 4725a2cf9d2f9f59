/* Papers: what a hub gives people to hold in their hands, drawn as PDF with Pango and Cairo. What stands on a paper is an
 * argument, in the language and direction that the caller chose; this room only lays it out: a head, facts, tables, sums,
 * remarks, and on every page the code by which anybody can ask whether the paper is the hub's (hub/papers/).
 *
 * The same paper gives the same bytes wherever the same versions of the libraries and the same fonts are: no clock, no locale,
 * nothing made by chance. Letters of every script are shaped, lines run from right to left where the language does, and
 * whatever else runs the other way is isolated (Unicode UAX #9), so that no name can turn the text around it.
 *
 * The libraries are opened when the first paper is drawn: a hub that draws none has none of them in its memory, and one on
 * whose machine they are missing does all but this. They are no part of what the program is linked with. */
#ifndef CUSTOMHOUSE_PAPER_PAPER_H
#define CUSTOMHOUSE_PAPER_PAPER_H

#include "base/arena.h"
#include "base/text.h"

enum { PAPER_COLUMNS = 8, PAPER_ROWS = 2000, PAPER_TEXT_BYTES = 600 };

enum paper_way {
	PAPER_TEXT, /* in the direction that its letters have */
	PAPER_CODE, /* a code, a number, a formula: from left to right in every language */
};

struct paper_fact {
	struct span label, value;
	enum paper_way way;
};

struct paper_column {
	struct span head;
	uint32_t share; /* of the width, relative to the others'; not 0 */
	enum paper_way way;
	bool end; /* at the end of its column, as amounts stand */
};

struct paper_table {
	struct span title;
	const struct paper_column *column;
	uint32_t columns; /* 1 to PAPER_COLUMNS */
	const struct span *
	    cell; /* rows * columns; where a text is longer than PAPER_TEXT_BYTES, it ends in dots */
	uint32_t rows; /* at most PAPER_ROWS */
};

struct paper {
	struct span language; /* "en", "ar" */
	bool rtl;
	struct span authority, title, office;
	/* when the paper came about: "2026-11-22T07:15:00Z". What the file says of its own making */
	struct span made_at;
	const struct paper_fact *fact;
	uint32_t facts;
	const struct paper_table *table;
	uint32_t tables;
	const struct paper_fact *sum; /* the sums below, the last in bold */
	uint32_t sums;
	const struct span *remark;
	uint32_t remarks;
	/* the code, what to do with it, and the address that the square stands for; empty: no square */
	struct span code_label, code, code_help, address;
	struct span page_label; /* "Page", before "1 / 2" */
};

/* The bytes of the file, in a. Any thread; one paper is drawn at a time. Outside and inside arena_run().
 *   ERR_UNSUPPORTED  the machine lacks the libraries, or a font with the letters of the language: the cause names what
 *   ERR_LIMIT        more rows or columns than a paper has, or bytes than a may hold
 *   ERR_NOMEM */
enum err paper_draw(struct arena *a, const struct paper *p, struct span *ret_pdf,
		    struct cause *why) MUST_CHECK;

/* The square that stands for a text, as the path of a picture in SVG (SVG 2, 9.3), one unit a module: behind what *to has, whose
 * arena is running. Errors as of paper_draw(). */
enum err paper_square(struct text *to, struct span text, int *ret_width,
		      struct cause *why) MUST_CHECK;

#endif
