/* Declarations in columns: each field of the dictionary in a stream of its own, in the order of the declarations, so that who
 * asks about a few fields of very many declarations reads those alone.
 *
 * Streams of one group of declarations are written together and read from the first on. What a declaration does not say takes a
 * zero; a field that none of the group says takes nothing. Lines are not kept. Texts that are read point into the streams.
 * Pure. */
#ifndef CUSTOMHOUSE_MODEL_COLUMNS_H
#define CUSTOMHOUSE_MODEL_COLUMNS_H

#include "model/declaration.h"

/* A field on its way from the declaration. Number 0 is the declaration itself. */
struct column {
	const struct dict_field *field; /* NULL: the declaration */
	uint32_t first, count;          /* the columns of its class */
};
/* All of the dictionary, in its order: immutable, for any number of threads. Inside arena_run(). */
struct columns {
	struct column *v;
	uint32_t n;
};
struct columns columns_of_declaration(struct arena *a);
/* Marks the column of a field, by its names from the declaration on with a full stop between, such as
 * "shipment.items.commodity.net_mass", and those on the way to it. A class is marked with nothing in it: how many there are.
 * false: the dictionary has no such field. wanted: one for each column. */
bool columns_want(const struct columns *c, struct span path, bool *wanted);

/* Streams that are being written: one for each column, in order. Inside arena_run(). */
struct columns_out {
	struct text *stream;
	bool *says; /* false: nothing in it says anything, and it need not be kept */
};
void columns_begin(const struct columns *c, struct arena *a, struct columns_out *ret);
void columns_add(const struct columns *c, struct columns_out *to, const struct declaration *d);

/* Streams that are being read: p NULL or empty: a column that says nothing, or is not wanted. */
struct columns_in {
	struct columns_stream {
		const uint8_t *p, *end;
	} * stream;
	const bool *wanted;
	bool bad; /* a stream ended in the middle */
};
/* The next declaration, as far as it is wanted. Lists lie in a. Inside arena_run(). */
void columns_next(const struct columns *c, struct columns_in *from, struct arena *a,
		  struct declaration *ret);

/* Numbers without sign in groups of seven bits, the lowest first; numbers with one with the sign in the lowest bit. */
void columns_put_count(struct text *t, uint64_t v);
void columns_put_number(struct text *t, int64_t v);
void columns_put_text(struct text *t, struct span s); /* keeps p NULL apart from empty */
uint64_t columns_get_count(struct columns_stream *s, bool *bad);
int64_t columns_get_number(struct columns_stream *s, bool *bad);
struct span columns_get_text(struct columns_stream *s, bool *bad);

#endif
