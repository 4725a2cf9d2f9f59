#include "hub/settle/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { CREW_MAX = 4 }; /* what there is to do besides deciding keeps no more of them busy */

struct crew {
	pthread_mutex_t lock;
	pthread_cond_t added, done;
	struct crew_task *first, **last;
	unsigned running; /* tasks that some thread has begun */
	bool stopping;
	unsigned threads;
	pthread_t thread[CREW_MAX];
};

/* Does the first task that nobody has begun. Called and left with the lock held. */
static void run_first(struct crew *c)
{
	struct crew_task *t = c->first;

	c->first = t->next;
	if (!c->first)
		c->last = &c->first;
	c->running++;
	pthread_mutex_unlock(&c->lock);
	t->run(t->context);
	pthread_mutex_lock(&c->lock);
	c->running--;
	t->done = true;
	pthread_cond_signal(&c->done); /* only the owner waits for it */
}

static void *helper(void *context)
{
	struct crew *c = context;

	pthread_mutex_lock(&c->lock);
	while (!c->stopping) {
		if (c->first)
			run_first(c);
		else
			pthread_cond_wait(&c->added, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

unsigned crew_size(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors < 1 ? 0 : (unsigned)processors - 1;
}

struct crew *crew_start(unsigned wanted)
{
	struct crew *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->added, NULL);
	pthread_cond_init(&c->done, NULL);
	c->last = &c->first;
	while (c->threads < wanted && c->threads < CREW_MAX &&
	       !pthread_create(&c->thread[c->threads], NULL, helper, c))
		c->threads++;
	return c;
}

void crew_stop(struct crew *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	BUG_ON(c->first || c->running);
	c->stopping = true;
	pthread_cond_broadcast(&c->added);
	pthread_mutex_unlock(&c->lock);
	while (c->threads > 0)
		pthread_join(c->thread[--c->threads], NULL);
	pthread_cond_destroy(&c->added);
	pthread_cond_destroy(&c->done);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

void crew_add(struct crew *c, struct crew_task *t)
{
	t->next = NULL;
	t->done = false;
	pthread_mutex_lock(&c->lock);
	*c->last = t;
	c->last = &t->next;
	pthread_cond_signal(&c->added);
	pthread_mutex_unlock(&c->lock);
}

void crew_finish(struct crew *c, struct crew_task *t)
{
	pthread_mutex_lock(&c->lock);
	while (!t->done) {
		BUG_ON(!c->first && !c->running); /* it was never added */
		if (c->first)
			run_first(c);
		else
			pthread_cond_wait(&c->done, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
}

void crew_finish_all(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	while (c->first || c->running) {
		if (c->first)
			run_first(c);
		else
			pthread_cond_wait(&c->done, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
}
