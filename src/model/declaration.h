/* A declaration as the engines see it: what one message said, whatever its format.
 *
 * The structs come from the dictionary (dict/declaration.dict). Everything lies in one arena; texts point into it or
 * into the message. Immutable once read: an amendment makes a new one. */
#ifndef CUSTOMHOUSE_MODEL_DECLARATION_H
#define CUSTOMHOUSE_MODEL_DECLARATION_H

#include "base/arena.h"
#include "dict/dict.h"

/* Something the message held and the model has no place for: kept and listed, never dropped in silence. */
struct unmapped {
	struct span path; /* in the format's own words: Declaration/Foo, /shipment/foo */
	struct span value;
	uint32_t line;
};

struct kept_unmapped {
	struct unmapped *v;
	uint32_t n, room;
	bool cut; /* there were more than LIMIT_UNMAPPED */
};

struct edi_learned;
struct edifact_set;

struct message {
	struct span format; /* id of formats.def, such as "wco-dec" */
	struct envelope envelope;
	struct declaration declaration;
	struct kept_unmapped unmapped;
	/* EDIFACT: directories that it is read with, beside those that are built in (codec/); NULL: none */
	const struct edifact_set *directories;
	struct edi_learned *learned; /* while it is read: msg_read_next() */
	/* and the name of the one of them that it was read by: 64 hexadecimal digits; empty: one that is built in */
	struct span directory;
};

enum direction { DIRECTION_UNKNOWN, DIRECTION_IMPORT, DIRECTION_EXPORT, DIRECTION_TRANSIT };

/* What the message asks for. */
enum message_function {
	FUNCTION_UNKNOWN,
	FUNCTION_ORIGINAL,     /* function 9: a new declaration */
	FUNCTION_AMENDMENT,    /* function 13, type COR: a change to a case */
	FUNCTION_CANCELLATION, /* function 13, type INV; or COR with reason 1 and no new values */
	FUNCTION_PRESENTATION, /* function 13, type GPN: the goods are here */
};

/* "import", "export", "transit", or "". */
const char *direction_name(enum direction d);
enum direction declaration_direction(const struct declaration *d);
enum message_function declaration_function(const struct declaration *d);

/* The commodity code of an item: the tariff code and its further digits joined, digits only. Of several
 * classifications the one of type TSP, HS or no type comes first, one of type TRC or GN that is all digits is
 * appended for TRC only. Empty when there is none. */
struct span goods_item_code(struct arena *a, const struct goods_item *i);
/* The code of a document as one word: category and type joined (C + 506 = C506). */
struct span document_code(struct arena *a, const struct document *d);
/* Country of origin that a preference may rely on (type 2), or else the non-preferential one (type 1 or none). Empty
 * when missing. */
struct span goods_item_origin(const struct goods_item *i, bool preferential);

/* Applies an amendment to what is in force: every pointer path of the request is resolved in `before`, and takes the
 * request's value (or is removed where the request has none). Neither input changes. ret_bad counts pointers that
 * lead nowhere; the first is described in ret_place (NULL when none). Inside arena_run(). */
void declaration_amend(struct arena *a, const struct declaration *before,
		       const struct declaration *request, struct declaration *ret,
		       uint32_t *ret_bad, const char **ret_place);

#endif
