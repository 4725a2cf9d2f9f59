/* Reading a body that is a JSON object. A member that is not named is refused: nobody sets what they were not asked for. */
#ifndef CUSTOMHOUSE_HTTP_BODY_H
#define CUSTOMHOUSE_HTTP_BODY_H

#include "http/request.h"

/* members: names, ends with NULL. NULL: a problem was left. Inside arena_run(). */
const struct json *body_read(struct request *r, const char *const *members);

/* A member that must be there, as text. false: a problem was left. */
bool body_text(struct request *r, const struct json *o, const char *name, struct span *ret);
/* One that may be: *ret_there says. An array of texts, a truth likewise. */
bool body_text_if(struct request *r, const struct json *o, const char *name, struct span *ret,
		  bool *ret_there);
bool body_list_if(struct request *r, const struct json *o, const char *name, struct who_list *ret,
		  bool *ret_there);
bool body_bool_if(struct request *r, const struct json *o, const char *name, bool *ret,
		  bool *ret_there);

/* A whole number of the query from 0 to most; *ret stays where it is not sent. */
bool query_number(struct request *r, const char *name, int64_t most, int64_t *ret);
/* A problem for what the hub's people functions answered; wait: seconds for ERR_BUSY. */
void body_problem(struct request *r, enum err e, const struct cause *why, unsigned wait);

#endif
