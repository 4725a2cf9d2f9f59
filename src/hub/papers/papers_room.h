/* What the files of hub/papers/ share. Not for others. */
#ifndef CUSTOMHOUSE_HUB_PAPERS_PAPERS_ROOM_H
#define CUSTOMHOUSE_HUB_PAPERS_PAPERS_ROOM_H

#include "hub/house.h"
#include "hub/papers/papers.h"

/* Which paper: of what, and which one of them. number >= 0 */
struct paper_id {
	enum paper_of of;
	int64_t number;
};

enum { PAPER_CODE_ROOM = 48 };

/* paper_code.c */
void paper_code_write(const struct hub *h, struct paper_id id, struct span reference,
		      char ret[PAPER_CODE_ROOM]);
/* As people type it: small letters, blanks, O for 0, I and L for 1. false: no code that this hub made for the reference. */
bool paper_code_read(const struct hub *h, struct span code, struct span reference,
		     struct paper_id *ret);

/* A question that is being answered, inside arena_run() of its arena. */
struct papers {
	struct hub *hub;
	struct store *store;
	struct arena *arena;
	struct inforce *inforce;
	struct json_writer json;
	struct span language;
	struct cause *why;
};
void papers_put_minor(struct papers *p, const char *name, int64_t minor);
/* {"paper","code","reference","at","authority"}: how each begins */
void papers_begin(struct papers *p, struct paper_id id, struct span reference, int64_t at);
/* Opens the question's connection, asks in one snapshot, and closes it. */
enum err papers_ask(struct papers *p, struct text *to, const struct patience *patience,
		    enum err (*ask)(struct papers *p, void *context), void *context,
		    struct cause *why) MUST_CHECK;

/* paper_case.c: a paper of a case for who checks it. ERR_NOT_FOUND. */
enum err paper_case_check(struct papers *p, struct paper_id id, struct span reference) MUST_CHECK;
/* paper_account.c */
enum err paper_account_check(struct papers *p, struct paper_id id, struct span party) MUST_CHECK;

#endif
