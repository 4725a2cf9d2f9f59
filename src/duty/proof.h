/* Writes the steps of proofs: each an equation "LABEL: EXPRESSION = RESULT (RULE)" that a reader, or a machine, can check by
 * hand.
 *
 *   exchange: 1000.00 USD * 1.25 XLD / 1 USD = 1250.00 XLD
 *   I10: 1000.00 XLD * 7.5% + 12 l * 2.10 XLD / 1 l = 100.20 XLD (half-up)
 *   share of freight: 100.00 XLD * 50.00 XLD / 150.00 XLD = 33.33 XLD (apportioned)
 *
 * Expressions hold numbers with or without a unit, a per cent sign, + - * /, parentheses, min(a, b) and max(a, b); units cancel
 * like numbers, so the unit of the result follows. The rule names a rounding ("half-up", "half-up to 0.05"); a step without one
 * is exact; "apportioned" is within one minor unit of the quotient, and all shares of a whole add up to it (money_apportion).
 *
 * This is the hot path of an assessment, so there is no printf: numbers and texts go straight into one buffer that all steps
 * share. */
#ifndef CUSTOMHOUSE_DUTY_PROOF_H
#define CUSTOMHOUSE_DUTY_PROOF_H

#include "model/assessment.h"

struct proof_writer {
	struct text text;
	struct span currency; /* national */
	unsigned digits;      /* of the national currency */
};

/* Room for n more bytes. Writers below keep within what they ask for. */
static inline char *proof_room(struct proof_writer *w, size_t n)
{
	return w->text.room - w->text.n >= n ? w->text.p + w->text.n : text_room(&w->text, n);
}

static inline void proof_put(struct proof_writer *w, const char *p, size_t n)
{
	if (n) {
		memcpy(proof_room(w, n), p, n);
		w->text.n += n;
	}
}

static inline void proof_span(struct proof_writer *w, struct span s)
{
	if (s.n == 3) /* a currency, a levy: the usual case, and no call */
		proof_put(w, s.p, 3);
	else
		proof_put(w, s.p, s.n);
}

#define PROOF_PUT(w, literal) proof_put((w), (literal), sizeof(literal) - 1)

void proof_number(struct proof_writer *w, int64_t units, unsigned scale);
/* Number, blank, unit. */
void proof_quantity(struct proof_writer *w, struct decimal number, struct span unit);
/* National money with its currency. */
void proof_money(struct proof_writer *w, int64_t minor);

/* A step is what is written between these two. */
static inline size_t proof_begin(const struct proof_writer *w)
{
	return w->text.n;
}
void proof_end(struct proof_writer *w, size_t begin, struct proof *to);

/* " = RESULT" and the rule, if one was needed: exact says that it was not. step: minor units that are rounded to. */
void proof_result(struct proof_writer *w, int64_t minor, enum rounding how, int64_t step,
		  bool exact);

#endif
