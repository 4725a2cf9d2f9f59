/* A cargo report as the engines see it: a conveyance, what it carries under which bills, and in which containers.
 *
 * The structs come from the dictionary (dict/cargo.dict). Everything lies in one arena; texts point into it or into the
 * message. Immutable once read. */
#ifndef CUSTOMHOUSE_MODEL_CARGO_H
#define CUSTOMHOUSE_MODEL_CARGO_H

#include "model/declaration.h" /* struct kept_unmapped */

struct cargo_message {
	struct span format; /* id of formats.def */
	struct cargo_report report;
	struct kept_unmapped unmapped;
	/* as of a declaration */
	const struct edifact_set *directories;
	struct span directory;
};

/* What the report asks for. */
enum cargo_function {
	CARGO_UNKNOWN,
	CARGO_ORIGINAL, /* function 9: a new report */
	CARGO_REPLACE,  /* function 5: instead of the one with the same reference */
	CARGO_WITHDRAW, /* function 1: the one with the same reference is void */
};
enum cargo_function cargo_function(const struct cargo_report *r);

#endif
