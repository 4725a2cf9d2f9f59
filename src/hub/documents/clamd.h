/* The client's side of the ClamAV daemon (clamd), as its manual clamd(8) writes it: command INSTREAM in its z form over a unix
 * socket. The bytes go in pieces, each with its length before it (4 bytes, big-endian), and end with a length of 0; one answer
 * ends with a NUL. One connection a document. */
#ifndef CUSTOMHOUSE_HUB_DOCUMENTS_CLAMD_H
#define CUSTOMHOUSE_HUB_DOCUMENTS_CLAMD_H

#include "base/span.h"

struct clamd {
	const char *path; /* of its socket */
	int stop; /* a descriptor: readable when nobody waits for the answer any more; -1: none */
	int timeout; /* milliseconds that the daemon may leave us without a move */
};

enum { CLAMD_SIGNATURE_BYTES = 128 };

struct clamd_verdict {
	bool infected;
	char signature[CLAMD_SIGNATURE_BYTES]; /* printable ASCII; empty unless infected */
};

/* ERR_NOT_FOUND: nobody listens at the path. ERR_IO: it hung up or stood still. ERR_FORMAT: it answered that it did not look, or
 * what nobody understands. ERR_BUSY: stop. */
enum err clamd_scan(const struct clamd *c, struct span bytes, struct clamd_verdict *ret,
		    struct cause *why) MUST_CHECK;

#endif
