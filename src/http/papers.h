/* Papers over HTTP: what is asked of the hub, and what it answers, for the routes and for the page /check. */
#ifndef CUSTOMHOUSE_HTTP_PAPERS_H
#define CUSTOMHOUSE_HTTP_PAPERS_H

#include "http/request.h"

/* What the hub says of a paper (hub_check_paper()). Whoever asks in vain has used up the requests of CHECK_COST: guesses are
 * bounded more closely than questions. ERR_BUSY: too many; *ret_wait: the seconds to wait. Inside arena_run(). */
enum { CHECK_COST = 10 };
enum err papers_check(struct request *r, struct span reference, struct span code,
		      struct span language, struct text *to, unsigned *ret_wait,
		      struct cause *why) MUST_CHECK;

#endif
