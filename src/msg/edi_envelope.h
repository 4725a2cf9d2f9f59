/* The envelope of an interchange of EDIFACT: UNB, UNG, UNH nest, are closed, counted and named as they say. Looked at as a whole
 * before the first of its messages is settled; segments of messages are only counted by. */
#ifndef CUSTOMHOUSE_MSG_EDI_ENVELOPE_H
#define CUSTOMHOUSE_MSG_EDI_ENVELOPE_H

#include "codec/edifact_check.h"

enum { EDI_NAME_BYTES = 36, EDI_ENVELOPE_FAULTS = 20 };

/* A text of a header, as sent, cut at EDI_NAME_BYTES. */
struct edi_name {
	char p[EDI_NAME_BYTES];
	uint32_t n;
};

struct edi_envelope_fault {
	enum edifact_error_code code;
	char tag[4];
	uint64_t segment; /* number in the file, from 1 */
	uint32_t line;
};

struct edi_envelope {
	struct edi_name sender, sender_qualifier, recipient, recipient_qualifier, reference;
	enum edifact_charset charset;
	int version;
	uint64_t interchanges, groups, messages; /* in all */
	struct edi_envelope_fault fault[EDI_ENVELOPE_FAULTS];
	uint32_t faults; /* of which the first ones are kept */
	/* private: */
	struct edi_name group;
	uint64_t this_group; /* messages */
	uint64_t group_messages, interchange_messages, interchange_groups;
	bool in_interchange, in_group, in_message, shifts;
};

/* Do the first bytes of a file look like an interchange? */
bool edi_is_interchange(struct span begin);
/* The next segment; *e zeroed before the first. */
void edi_envelope_take(struct edi_envelope *e, const struct edifact *reader,
		       const struct edifact_segment *s);
/* The end of the bytes: what is still open. */
void edi_envelope_end(struct edi_envelope *e, const struct edifact *reader);
/* Reading ended with a fault of the reader's: one of the envelope. */
void edi_envelope_broken(struct edi_envelope *e, const struct edifact *reader);
/* Over bytes in memory: all of it. ERR_FORMAT, ERR_LIMIT: no segments from *ret_line on, which edifact_fault_text() names. */
enum err edi_envelope_read(struct edi_envelope *e, struct edifact *reader, const char *p, size_t n,
			   uint32_t *ret_line) MUST_CHECK;

static inline struct span edi_name_span(const struct edi_name *n)
{
	return (struct span){n->p, n->n, 0};
}

#endif
