/* Sockets that wait for clients. */
#ifndef CUSTOMHOUSE_HTTP_LISTEN_H
#define CUSTOMHOUSE_HTTP_LISTEN_H

#include "base/base.h"

/* ADDR:PORT or [ADDR]:PORT in numbers ("localhost" is understood), loopback only unless `anywhere`. Port 0 is any free one;
 * *ret_port says which. ERR_USAGE: not written so; ERR_DENIED: not a loopback address; ERR_BUSY: in use; ERR_IO. */
enum err listen_tcp(const char *where, bool anywhere, int *ret_fd, uint16_t *ret_port,
		    struct cause *why) MUST_CHECK;

/* The same, of the way it is written and where it leads alone: nothing is opened. */
enum err listen_check(const char *where, bool anywhere, struct cause *why) MUST_CHECK;

/* A socket at path that only this user may open. What a dead process left there is replaced. ERR_USAGE: the path is too long;
 * ERR_BUSY: somebody answers there; ERR_CONFLICT: something else than a socket lies there; ERR_IO. */
enum err listen_unix(const char *path, int *ret_fd, struct cause *why) MUST_CHECK;

/* The address of the other end, in numbers; "local" for a socket that has none. */
struct sockaddr;
void listen_address(const struct sockaddr *a, char *ret, size_t room);

/* Asks the machine for so many open descriptors, and logs when it gives fewer. */
void listen_raise(unsigned wanted);

#endif
