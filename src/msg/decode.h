/* What every reader does with a value once it knows its field: bounds, numbers, dates, findings with their place, and
 * the list of what the model has no place for. Private to msg/.
 *
 * A reader walks its own syntax and keeps the decoder in step: decode_enter() where a class begins, decode_leave() where
 * it ends, decode_value() for each leaf. Nothing here leaves by arena_run()'s way out: it also works inside a foreign
 * library's callback. Every bool is false only when memory ended, and arena_failure() says why. Texts that are handed in
 * are kept, not copied. */
#ifndef CUSTOMHOUSE_MSG_DECODE_H
#define CUSTOMHOUSE_MSG_DECODE_H

#include "model/cargo.h"
#include "model/declaration.h"
#include "model/finding.h"

enum {
	DECODE_DEPTH = 16, /* classes within classes: twice what the dictionary has */
	DECODE_UNMAPPED_FINDINGS =
	    100, /* one for each unmapped value, up to here: the list in the message goes on */
	DECODE_PATH_BYTES = 1024,  /* of a path to an unmapped value; a longer one is cut */
	DECODE_EXCERPT_BYTES = 80, /* of a faulty value that a finding repeats */
};

/* One class that is being filled. */
struct decode_step {
	const struct dict_class *class;
	void *object;
	/* that it is the value of; NULL for the declaration itself */
	const struct dict_field *field;
	uint32_t index; /* in the field's list */
};

struct decoder {
	struct arena *arena;
	/* what is filled: a declaration, in its message, or a cargo report (then message is NULL) */
	struct message *message;
	const struct dict_class *root;
	void *object;
	struct kept_unmapped *unmapped;
	struct edi_learned *learned;           /* of messages before; NULL: nothing */
	const struct edifact_set *directories; /* of the message, and */
	struct span *directory;                /* where it says which */
	struct findings *findings;
	uint32_t depth;
	uint32_t unmapped_findings;
	struct decode_step step[DECODE_DEPTH];
};

struct decoder decode_into(struct arena *a, struct message *m, struct findings *f);
struct decoder decode_cargo_into(struct arena *a, struct cargo_message *m, struct findings *f);

/* The class that is being filled. */
static inline struct decode_step *decode_here(struct decoder *d)
{
	BUG_ON(!d->depth);
	return &d->step[d->depth - 1];
}

/* Begins to fill a class that lies in the message itself: the declaration or cargo report, or the envelope. */
void decode_enter_root(struct decoder *d, uint32_t line);
void decode_enter_envelope(struct decoder *d, uint32_t line);
/* Begins to fill the class that is the value of f, in the current one; for a list, a new member. */
bool decode_enter(struct decoder *d, const struct dict_field *f, uint32_t line) MUST_CHECK;
/* Ends the current class: says which required fields it lacks. */
bool decode_leave(struct decoder *d) MUST_CHECK;

/* Goes from the root to where the value at a JSON pointer lies, and makes the classes and members on the way; the next
 * decode_value() of the field that is returned fills it. For formats whose order is not that of the model. The pointer must be
 * one of the dictionary, its indexes below each list's bound (decode_pointer_ok()); a plain list's index is not looked at:
 * members are appended. "/envelope/..." leads into the envelope. NULL: memory ended. */
const struct dict_field *decode_goto(struct decoder *d, struct span pointer,
				     uint32_t line) MUST_CHECK;
/* The field that a pointer names, where decode_goto() can go there and finds a value, no class; NULL otherwise. */
const struct dict_field *decode_pointer_ok(const struct dict_class *root, struct span pointer);
/* After decode_goto(): takes out classes and members in which nothing was said, and says which required fields are missing;
 * but a member without its number gets that of its position. Nothing may be filled afterwards. */
bool decode_finish(struct decoder *d) MUST_CHECK;

/* Is there no room for one more value of a list? */
bool decode_full(struct decoder *d, const struct dict_field *f);

/* A leaf of the current class. value.line is where it stands. qualifier: currency, unit or format of the time, or empty.
 * An empty value says nothing. What cannot be read becomes a finding and stays unset; what is too long becomes a finding
 * and is kept. */
bool decode_value(struct decoder *d, const struct dict_field *f, struct span value,
		  struct span qualifier) MUST_CHECK;

/* A finding about a field of the current class (NULL: about the class; outside any class: about the message). */
bool decode_finding(struct decoder *d, enum finding_rule rule, const struct dict_field *f,
		    uint32_t line, struct span v1, struct span v2) MUST_CHECK;
/* Keeps a value that the model has no place for. path lies in the arena. quiet: a finding has already spoken of it. */
bool decode_unmapped(struct decoder *d, struct span path, struct span value, uint32_t line,
		     bool quiet) MUST_CHECK;

/* The name of a field as a span. */
static inline struct span decode_name(const struct dict_field *f)
{
	return (struct span){f->name, f->length, 0};
}

/* A short text on the stack: what does not fit is cut off. */
struct decode_line {
	uint32_t n;
	char p[DECODE_PATH_BYTES];
};
void decode_line_add(struct decode_line *l, struct span s);
void decode_line_number(struct decode_line *l, uint32_t value);
/* A copy in the arena, cut between characters; p == NULL when memory ended. */
struct span decode_line_copy(struct decoder *d, const struct decode_line *l);
/* A number as text, in the arena; p == NULL when memory ended. */
struct span decode_number_text(struct decoder *d, uint32_t value);

/* The beginning of a text, short enough to be repeated in a finding. */
struct span decode_excerpt(struct span s);
/* A copy in the arena, NUL behind it; p == NULL when memory ended. */
struct span decode_copy(struct decoder *d, struct span s);

#endif
