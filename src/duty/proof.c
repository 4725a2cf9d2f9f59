#include "duty/proof.h"

void proof_number(struct proof_writer *w, int64_t units, unsigned scale)
{
	char buffer[40], *end = buffer + sizeof(buffer);
	char *begin = text_number_before(end, units, scale);

	proof_put(w, begin, (size_t)(end - begin));
}

void proof_quantity(struct proof_writer *w, struct decimal number, struct span unit)
{
	proof_number(w, number.units, number.scale);
	PROOF_PUT(w, " ");
	proof_span(w, unit);
}

void proof_money(struct proof_writer *w, int64_t minor)
{
	proof_quantity(w, decimal_of(minor, (uint8_t)w->digits), w->currency);
}

void proof_end(struct proof_writer *w, size_t begin, struct proof *to)
{
	struct span *step = arena_push(w->text.arena, (void **)&to->steps.v, &to->steps.n,
				       &to->steps.room, sizeof(*step));

	/* The buffer may move when it grows; the arena keeps what earlier steps point into. */
	*step = (struct span){w->text.p + begin, (uint32_t)(w->text.n - begin), 0};
}

static struct span rounding_name(enum rounding how)
{
	switch (how) {
	case ROUND_HALF_UP:
		return SPAN("half-up");
	case ROUND_HALF_EVEN:
		return SPAN("half-even");
	case ROUND_DOWN:
		return SPAN("down");
	case ROUND_UP:
		return SPAN("up");
	}
	return SPAN("");
}

void proof_result(struct proof_writer *w, int64_t minor, enum rounding how, int64_t step,
		  bool exact)
{
	PROOF_PUT(w, " = ");
	proof_money(w, minor);
	if (exact)
		return;
	PROOF_PUT(w, " (");
	proof_span(w, rounding_name(how));
	if (step != 1) {
		PROOF_PUT(w, " to ");
		proof_number(w, step, w->digits);
	}
	PROOF_PUT(w, ")");
}
