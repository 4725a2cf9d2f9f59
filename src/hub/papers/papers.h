/* Papers that the hub gives out, and whether a paper that somebody holds is one of them.
 *
 * A paper is not stored: what stands on it follows from the log, which is kept. It has a code, by which anybody asks at /check:
 *
 *     T2-4QK7-0ZC3-M9XD-7TPV
 *
 * a letter (which paper), a number (which one of the case: its version, its first or second release, how many payments; of an
 * account the moment of its newest movement), both in base 32 (Crockford's digits: no I, L, O, U), and 80 bits of an
 * HMAC-SHA-256 over letter, number and the reference that is printed beside the code, under a key that is made from the hub's
 * seal.key for this use alone. So
 *   - reading a paper writes nothing, a replica can give it out, and the same paper always has the same code;
 *   - nobody makes a code without the key: 2^80 codes to try for one reference, and each guess asks the hub (http/papers.c
 *     bounds how often);
 *   - whoever asks with a wrong code learns nothing, not even whether there is such a reference: it is checked first.
 * Random codes that are stored would be a table to keep, to erase and to replicate, and a write for each look. The price: with
 * another seal.key (keys.h) papers of before are no longer known, and one code alone cannot be called back; but what a check
 * says is what stands now, so nothing false can be shown with it. */
#ifndef CUSTOMHOUSE_HUB_PAPERS_PAPERS_H
#define CUSTOMHOUSE_HUB_PAPERS_PAPERS_H

#include "hub/hub.h"
#include "hub/people/people.h"

enum paper_of {
	PAPER_OF_RELEASE, /* goods may go */
	PAPER_OF_PAYMENT, /* what was paid for a declaration */
	PAPER_OF_TAX,     /* what is due on it, line by line */
	PAPER_OF_ACCOUNT, /* what a party owes and has prepaid */
};
enum { PAPERS_OF = 4 };
/* "release-note", "receipt", "tax-notice", "statement" */
const char *paper_name(enum paper_of p);

/* The newest paper of this kind of a case, as facts: {"paper","code","reference","at","version","authority","office",
 * "office_name","trader_reference","importer","declarant","items","currency","amount", ...}, and of its kind "goods", "taxes",
 * "payments". For who sees the case as its trader does, or more. language "fr": names of the pack in French, else in English.
 *   ERR_NOT_FOUND  no such case for them, or what the paper says was erased
 *   ERR_CONFLICT   the case has no such paper: it is not released, or nothing was paid; or the hub is a shadow */
enum err hub_write_paper(struct hub *h, struct text *to, const struct hub_look *look,
			 enum paper_of of, struct span language, struct cause *why) MUST_CHECK;
/* Which papers a case has now: {"reference","papers":[{"paper","code","at"}]}. */
enum err hub_write_papers(struct hub *h, struct text *to, const struct hub_look *look,
			  struct cause *why) MUST_CHECK;
/* The statement of a party's account, with its newest 200 movements: {"paper","code","reference","at","authority","currency",
 * "due","prepaid","security","movements":[...],"earlier":true}. Whose it is to see: as of hub_write_account(). */
enum err hub_write_statement(struct hub *h, struct text *to, const struct who *by,
			     struct span party, struct span request, struct span language,
			     const struct patience *patience, struct cause *why) MUST_CHECK;

/* What anybody learns who has a paper in hand: {"paper","code","reference","at","standing", ...}, with the facts that stand on
 * the paper, but names of people and goods. standing: "stands"; "replaced", by a newer version or later movements; "withdrawn":
 * the case was cancelled, or the goods may no longer go; "refunded": of what was paid, "refunded" was given back; "erased".
 * ERR_NOT_FOUND: the hub gave out no paper with this code and reference. */
enum err hub_check_paper(struct hub *h, struct text *to, struct span reference, struct span code,
			 struct span language, const struct patience *patience,
			 struct cause *why) MUST_CHECK;

#endif
