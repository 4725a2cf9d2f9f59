/* Messages of the EU's transit system as tables. Private to msg/. */
#ifndef CUSTOMHOUSE_MSG_NCTS_H
#define CUSTOMHOUSE_MSG_NCTS_H

#include "base/span.h"

/* NCTS_LINE keeps its blanks, all others have them collapsed. */
enum ncts_base { NCTS_TOKEN, NCTS_LINE, NCTS_DATE, NCTS_MOMENT, NCTS_DECIMAL, NCTS_INTEGER };

enum { NCTS_PATTERNS = 3 };

/* A kind of value: what is 0 or NULL bounds nothing. */
struct ncts_type {
	enum ncts_base base;
	const char *pattern[NCTS_PATTERNS]; /* of XML Schema; all must match */
	const char *values;                 /* it is one of these; a bar between */
	const char *least, *most;           /* of a number */
	uint16_t length_least, length_most; /* characters */
	uint8_t digits;
	uint8_t decimals; /* behind the point, and one more: 1 is none */
};

/* An element or, with @ before its name, an attribute; in document order, those within it behind it, one deeper. */
struct ncts_element {
	const char *name;
	uint8_t depth;
	uint16_t least, most; /* how often it stands there */
	uint16_t type;        /* from 1; 0: it holds elements */
};

struct ncts_message {
	const char *name;
	const struct ncts_element *elements;
	uint16_t n;
};

#endif
