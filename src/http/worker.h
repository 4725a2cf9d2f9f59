/* A few threads for requests that read the store or load a pack, so that those that serve connections never wait for a disk. */
#ifndef CUSTOMHOUSE_HTTP_WORKER_H
#define CUSTOMHOUSE_HTTP_WORKER_H

#include "base/base.h"

struct workers;

enum { WORKERS = 4, WORKERS_QUEUE = 512 };

/* A piece of work; the caller's, until run was called. */
struct work {
	struct work *next;
	void (*run)(struct work *w);
};

/* threads: at most WORKERS. queue: how many pieces may wait. */
enum err workers_start(uint32_t threads, uint32_t queue, struct workers **ret,
		       struct cause *why) MUST_CHECK;
/* ERR_BUSY: as many pieces wait as may; nothing was taken. */
enum err workers_take(struct workers *w, struct work *work) MUST_CHECK;
/* Finishes what was taken, then frees. NULL is allowed. */
void workers_stop(struct workers *w);

#endif
