/* Which names the hub answers to, and which pages may act here. */
#ifndef CUSTOMHOUSE_HTTP_HOST_H
#define CUSTOMHOUSE_HTTP_HOST_H

#include "http/request.h"

struct tls;

enum { HOST_NAMES = 16 };

/* The names that the operator gave, with a comma between. ERR_USAGE: one is no host name, or there are too many. */
enum err host_check_names(const char *names, struct cause *why) MUST_CHECK;

/* A browser must not be talked into reaching us for somebody else. Host may be localhost (which a foreign name server cannot
 * point here), an address in numbers, or a name of ours: one of `names`; where there are none (NULL), one of the certificate's.
 * *ret_ours: it is a name of ours. From any thread. */
bool host_sound(const char *host, const char *names, const struct tls *tls, bool *ret_ours);

/* No page of another site: Origin, when it is sent, is this Host. secure: it came over TLS, and so did the page. */
bool host_origin_sound(const char *origin, const char *host, bool secure);

#endif
