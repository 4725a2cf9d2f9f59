/* The parts of load-mixed: what it sends (mixed.c), and what stands beside it (mixed_beside.c): open event streams, and a
 * receiver of hooks that takes connections and never answers. */
#ifndef CUSTOMHOUSE_BENCH_MIXED_H
#define CUSTOMHOUSE_BENCH_MIXED_H

#include <stdio.h>
#include <stdlib.h>

struct beside_figures {
	unsigned open;         /* streams that are open now */
	unsigned ended;        /* streams that were open and are not */
	unsigned long notices; /* that they brought */
	unsigned calls;        /* connections that the receiver took */
};

/* Says what failed and why (errno), and ends the program. */
static inline _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

/* A connected socket to the hub. */
int hub_socket(int port);

/* The receiver, on a port of its own: returns the port. */
int beside_receive(void);
/* After beside_receive(): opens `n` streams in turn for the parties and returns when all were greeted. A thread reads them from
 * then on, and is the receiver's. */
void beside_start(int port, const char *token, char *const *parties, unsigned party_count,
		  unsigned n);
struct beside_figures beside_read(void);

#endif
