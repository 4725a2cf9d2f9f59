/* The pusher: one thread that delivers notices to hooks.
 *
 * Each hook gets its notices in order, one at a time; at most 32 are on their way in all, of them at most half to hooks
 * whose last attempt failed, so that receivers that hang slow nobody. A 2xx is a receipt; anything else is tried again, later
 * each time, and at last becomes a dead letter. A hook with three dead letters in a row is stopped. Redirects are not followed,
 * bodies of answers are thrown away.
 *
 * What was taken is written to the store a moment later, in groups, through the settle writer. A crash between the two delivers
 * again; a notice's number tells. */
#ifndef CUSTOMHOUSE_HUB_NOTICES_PUSH_H
#define CUSTOMHOUSE_HUB_NOTICES_PUSH_H

#include "base/span.h"

struct hub;
struct pusher;

/* 0 stands for what is usual, named behind. Times are microseconds. */
struct push_options {
	bool local; /* receivers on this machine (also http) and in private networks are called */
	int64_t first_delay; /* 1 s */
	int64_t last_delay;  /* 1 h */
	uint32_t tries;      /* 24; then a dead letter */
	int64_t patience;    /* 10 s: what one attempt may take */
	int64_t note_delay;  /* 0.1 s: how long what was taken may stay unwritten */
	int64_t keep;        /* 30 days: how long notices and dead letters are kept */
};

/* Becomes h->pusher. After the settle writer. */
enum err push_start(struct hub *h, const struct push_options *options,
		    struct cause *why) MUST_CHECK;
/* Cuts what is on its way, writes what was taken. The settle writer must still run. NULL is allowed. */
void push_stop(struct pusher *p);
/* After push_stop(), and after everybody who may still call what follows. NULL is allowed. */
void push_free(struct pusher *p);

/* From any thread. A hook was added or removed; its dead letters are to be delivered again. NULL is allowed. */
void push_changed(struct pusher *p);
void push_resume(struct pusher *p, struct span party, int64_t hook);

/* Since start; [1]: of officers' streams, which nobody outside may count. */
struct push_figures {
	int64_t delivered[2], failed[2], dead[2];
	int64_t waiting[2]; /* hooks that have something to take */
};
void push_get_figures(struct pusher *p, struct push_figures *ret);

#endif
