/* Answers to an interchange of EDIFACT: one interchange, with a CONTRL on the syntax of all messages and a CUSRES for each that
 * was decided. Every answer is a message of the directory that the question was in. */
#ifndef CUSTOMHOUSE_MSG_EDI_ANSWER_H
#define CUSTOMHOUSE_MSG_EDI_ANSWER_H

#include "model/finding.h"
#include "model/response.h"
#include "msg/edi_envelope.h"

/* What CONTRL says of one message. */
struct edi_reply {
	struct span reference; /* UNH 0062 */
	struct span type[4];   /* of UNH S009 */
	bool rejected;
	enum edifact_error_code code;   /* why, as a whole; 0: not said */
	const struct finding *findings; /* those with a code of 0085 are listed */
	uint32_t count;
	struct span cusres; /* edi_write_cusres(); empty: none */
};

struct edi_answer {
	const struct edi_envelope *envelope; /* of the question */
	int64_t now;
	const struct edifact_set *directories; /* beside those that are built in; NULL: none */
	struct span us;                        /* where the question names no recipient */
	const struct edi_reply *replies;
	uint32_t count;
};

/* Appends a CUSRES, for cusres of the reply: what was said of one message, whose number in the answer is `place`, from 2 on (one
 * is CONTRL). Messages are written one by one so that thousands need not lie in memory as records. Inside arena_run(). */
void edi_write_cusres(struct text *to, const struct edi_answer *a, const struct edi_reply *r,
		      const struct responses *said, uint32_t place);
/* Appends the interchange: CONTRL, and each CUSRES that was written. Inside arena_run(). */
void edi_write_answer(struct text *to, const struct edi_answer *a);

/* What UNH of a message that was cut off says: reference and type, as sent, up to a few bytes. */
void edi_read_header(struct span message, struct edi_reply *ret);

#endif
