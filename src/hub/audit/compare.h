/* Beside an old system: what it decided about declarations, from a table, against what is decided of the same here, without
 * effect.
 *
 * The table has a row for each declaration, or for each of its taxes. Columns: reference (the trader's), and any of outcome
 * (accepted, rejected), lane, total, currency, item, levy, amount, day (on which it was decided). What a column does not say is
 * not compared; amounts are compared as numbers. JSON Lines say the same, an object for each declaration with members of these
 * names; item, levy and amount are those of the objects in the array `taxes`. Answers that the
 * other system sent, as RES of the WCO Data Model or CUSRES, serve too. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_COMPARE_H
#define CUSTOMHOUSE_HUB_AUDIT_COMPARE_H

#include "base/arena.h"
#include "base/map.h"
#include "codec/json.h"
#include "dict/dict.h" /* DICT_LIST */

enum compare_kind {
	COMPARE_OUTCOME, /* accepted there, rejected here, or the other way */
	COMPARE_LANE,
	COMPARE_TOTAL,          /* of what is due */
	COMPARE_TAX,            /* a levy of an item: another amount */
	COMPARE_TAX_HERE,       /* a levy of an item that only we have */
	COMPARE_TAX_THERE,      /* or only they */
	COMPARE_NO_OUTCOME,     /* a declaration of which the table says nothing */
	COMPARE_NO_DECLARATION, /* a row about a declaration that was not handed in */
	COMPARE_UNREADABLE,     /* a declaration that cannot be read here */
	COMPARE_AMBIGUOUS,      /* two cases of ours have the same reference: neither is compared */
	COMPARE_KINDS
};
const char *compare_kind_id(enum compare_kind k);

enum { COMPARE_EXAMPLES = 5 };

struct compare_example {
	struct span reference, there, here;
	int64_t item; /* 0: none */
	struct span levy;
};

struct comparison {
	struct arena *arena; /* holds the table and the examples */
	struct map theirs;   /* reference: struct compare_theirs */
	DICT_LIST(struct compare_theirs *) order;
	uint64_t declarations, same;
	struct {
		uint64_t differences, declarations;
		struct compare_example example[COMPARE_EXAMPLES];
		uint32_t examples;
	} kind[COMPARE_KINDS];
};

/* Reads the table; bytes must outlive the comparison. ERR_FORMAT with the place; ERR_LIMIT, ERR_NOMEM. Runs its own
 * arena_run(). */
enum err comparison_open(struct arena *a, struct span bytes, struct comparison *ret,
			 struct codec_fault *ret_fault) MUST_CHECK;
/* Those that the table speaks of, in its order. */
uint32_t comparison_count(const struct comparison *c);
struct span comparison_reference(const struct comparison *c, uint32_t i);
/* What it says of one, as an object that can be read again; without the reference. */
void comparison_write_theirs(struct json_writer *w, const struct comparison *c, uint32_t i);
/* One more, from such an object; texts point into it. ERR_FORMAT with what is wrong of it. Inside arena_run(). */
enum err comparison_add(struct comparison *c, struct span reference, const struct json *theirs,
			const char **ret_fault) MUST_CHECK;
/* The day on which they decided; false: the table does not say. */
bool comparison_day(struct comparison *c, struct span reference, int32_t *ret);
/* Takes one decision of ours (as decision_write() wrote it, read). Where memory ends, examples are left out; nothing is
 * miscounted. */
void comparison_take(struct comparison *c, const struct json *decision);
/* The same by a reference that the decision need not have. */
void comparison_take_as(struct comparison *c, struct span reference, const struct json *decision);
/* A declaration that could not be read: where it stood, and why. */
void comparison_unreadable(struct comparison *c, struct span place, struct span why);
/* After the last: what the table has beyond. */
void comparison_close(struct comparison *c);
/* Two of ours have one reference: `here` and `there`. */
void comparison_ambiguous(struct comparison *c, struct span reference, struct span there,
			  struct span here);
/* The examples of a kind as an array, and back: added to what is there. Inside arena_run(). */
void comparison_write_examples(struct json_writer *w, const struct comparison *c,
			       enum compare_kind k);
void comparison_read_examples(struct comparison *c, enum compare_kind k, struct span reference,
			      const struct json *list);
/* Is everything the same? */
bool comparison_is_clean(const struct comparison *c);
/* The report: JSON for programs, text for people. Inside arena_run(). */
void comparison_write(struct text *to, const struct comparison *c, bool people);

#endif
