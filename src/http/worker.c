#include "http/worker.h"

#include <pthread.h>
#include <stdlib.h>

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct work *first, **last;
	uint32_t queued, room, threads;
	bool stopping;
	pthread_t thread[WORKERS];
};

static struct work *next_work(struct workers *w)
{
	struct work *work;

	pthread_mutex_lock(&w->lock);
	while (!w->first && !w->stopping)
		pthread_cond_wait(&w->wake, &w->lock);
	work = w->first;
	if (work) {
		w->first = work->next;
		w->queued--;
		if (!w->first)
			w->last = &w->first;
	}
	pthread_mutex_unlock(&w->lock);
	return work;
}

static void *worker(void *context)
{
	struct work *work;

	while ((work = next_work(context)))
		work->run(work);
	return NULL;
}

enum err workers_start(uint32_t threads, uint32_t queue, struct workers **ret, struct cause *why)
{
	struct workers *w = calloc(1, sizeof(*w));

	if (!w)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	BUG_ON(threads > WORKERS);
	w->last = &w->first;
	w->room = queue;
	for (; w->threads < threads; w->threads++) {
		if (pthread_create(&w->thread[w->threads], NULL, worker, w)) {
			workers_stop(w);
			return fail(why, ERR_NOMEM, "no threads for the server");
		}
	}
	*ret = w;
	return ERR_NONE;
}

enum err workers_take(struct workers *w, struct work *work)
{
	enum err e = ERR_BUSY;

	work->next = NULL;
	pthread_mutex_lock(&w->lock);
	if (w->queued < w->room) {
		*w->last = work;
		w->last = &work->next;
		w->queued++;
		e = ERR_NONE;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	return e;
}

void workers_stop(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	for (uint32_t i = 0; i < w->threads; i++)
		pthread_join(w->thread[i], NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
