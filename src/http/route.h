/* Which handler a path belongs to. */
#ifndef CUSTOMHOUSE_HTTP_ROUTE_H
#define CUSTOMHOUSE_HTTP_ROUTE_H

#include "base/span.h"

struct request;

enum route_flags {
	OPEN = 0,
	LOCAL = 1 << 0,
	SLOW = 1 << 1,
	BODY = 1 << 2,
	LARGE = 1 << 3,
	PASSWORD = 1 << 4,
	PUBLIC = 1 << 5,
	SESSION = 1 << 6,
	ANYONE = 1 << 7,
	SUBMITS = 1 << 8,
	PAYS = 1 << 9,
	ADMINISTERS = 1 << 10,
	AUDITS = 1 << 11,
	AWAY = 1 << 12,
	PEER = 1 << 13,
	TARIFFS = 1 << 14,
	WHOLE = 1 << 15,
};

struct route {
	const char *method; /* "GET", "POST" ... */
	const char *pattern;
	void (*handle)(struct request *r);
	unsigned flags;
};

/* All of them, in the order of routes.def. */
const struct route *routes(uint32_t *ret_n);

enum route_found {
	ROUTE_FOUND,
	ROUTE_NO_PATH,
	ROUTE_NO_METHOD, /* the path takes others: allow names them */
};

enum { ROUTE_ALLOW_BYTES = 60, ROUTE_REFERENCE_BYTES = 100 };

struct route_match {
	const struct route *route;
	char allow[ROUTE_ALLOW_BYTES];         /* "GET, HEAD, OPTIONS" */
	char reference[ROUTE_REFERENCE_BYTES]; /* {ref} of the path, decoded */
	int64_t number;                        /* {number} of the path */
	uint32_t reference_bytes;
};

/* path is as it was sent, without the query. local: the unix socket's routes count too. */
enum route_found route_find(struct span method, struct span path, bool local,
			    struct route_match *ret);

/* Is the path made of printable ASCII without a blank, and each %-escape of two hexadecimal digits that are not those of a
 * control character? Whatever else arrives is refused before anything looks at it. */
bool route_path_sound(struct span path);

#endif
