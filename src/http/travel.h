/* Travellers over HTTP: for the API and for the page. */
#ifndef CUSTOMHOUSE_HTTP_TRAVEL_H
#define CUSTOMHOUSE_HTTP_TRAVEL_H

#include "http/request.h"
#include "hub/travel/travels.h"

/* Keeps a declaration. It costs its address as much as 20 requests. false: a problem was left. Inside arena_run(). */
bool travel_declare(struct request *r, const struct travel_ask *ask,
		    char ret_code[TRAVEL_CODE_BYTES]) MUST_CHECK;

#endif
