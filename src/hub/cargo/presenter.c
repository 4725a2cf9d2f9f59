#include "hub/cargo/presenter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/cargo/cargo_room.h"

enum {
	ARRIVALS_MAX = 64,
	NAME_BYTES = 40,
	TRIES_MAX = 10,
	PAUSE_SECONDS =
	    3, /* as long as a node is silent before it is held for gone (node/watch.h) */
};

struct arrival {
	char office[NAME_BYTES], report[NAME_BYTES];
	unsigned tries;
	int64_t at; /* clock_steady(): when its turn comes */
};

struct presenter {
	struct hub *h;
	pthread_t thread;
	struct arena *arena;  /* the thread's own */
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct arrival arrival[ARRIVALS_MAX];
	uint32_t n;
	bool stopping;
};

/* How many could not be presented; at least 1 when nothing could be read. */
static uint32_t present(struct presenter *p, const struct arrival *of)
{
	struct cause why = {0};
	struct store_cargo row;
	uint32_t presented = 0, waiting = 1;
	struct store *s;
	enum err e;

	arena_reset(p->arena);
	e = house_open_reader(p->h, &s, &why);
	if (!e) {
		e = store_get_cargo(s, p->arena, span_of(of->office), span_of(of->report), &row,
				    &why);
		house_close_reader(p->h, s);
	}
	if (!e)
		e = cargo_present(p->h, p->arena, &row, &presented, &waiting, &why);
	if (e || presented)
		log_event("arrival.presented", "report=%s cases=%u waiting=%u detail=\"%s\"",
			  of->report, presented, waiting, why.text);
	return waiting;
}

/* The one whose turn comes first; n when there is none. */
static uint32_t next_of(const struct presenter *p)
{
	uint32_t next = p->n;

	for (uint32_t i = 0; i < p->n; i++)
		if (next == p->n || p->arrival[i].at < p->arrival[next].at)
			next = i;
	return next;
}

/* Under the lock, until something is due. false: it is to stop. */
static bool wait_for_one(struct presenter *p, struct arrival *ret)
{
	while (!p->stopping) {
		const uint32_t next = next_of(p);
		struct timespec at;

		if (next == p->n) {
			pthread_cond_wait(&p->wake, &p->lock);
			continue;
		}
		if (p->arrival[next].at <= clock_steady()) {
			*ret = p->arrival[next];
			p->arrival[next] = p->arrival[--p->n];
			return true;
		}
		at = (struct timespec){.tv_sec = (time_t)(p->arrival[next].at / 1000000),
				       .tv_nsec = (long)(p->arrival[next].at % 1000000) * 1000};
		pthread_cond_timedwait(&p->wake, &p->lock, &at);
	}
	return false;
}

/* Under the lock. */
static bool put(struct presenter *p, const struct arrival *a)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (!strcmp(p->arrival[i].office, a->office) &&
		    !strcmp(p->arrival[i].report, a->report)) {
			p->arrival[i] = *a;
			return true;
		}
	if (p->n == ARRIVALS_MAX)
		return false;
	p->arrival[p->n++] = *a;
	return true;
}

static void *run(void *context)
{
	struct presenter *p = context;
	struct arrival a;

	pthread_mutex_lock(&p->lock);
	while (wait_for_one(p, &a)) {
		bool again, kept = true;

		pthread_mutex_unlock(&p->lock);
		again = present(p, &a) && ++a.tries < TRIES_MAX;
		a.at = clock_steady() + (int64_t)PAUSE_SECONDS * 1000000;
		pthread_mutex_lock(&p->lock);
		if (again)
			kept = put(p, &a);
		if (!kept)
			log_event("arrival.dropped", "report=%s", a.report);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

enum err presenter_start(struct hub *h, struct cause *why)
{
	struct presenter *p = calloc(1, sizeof(*p));
	pthread_condattr_t steady;

	if (!p)
		return fail(why, ERR_NOMEM, "no memory for the presenter");
	p->h = h;
	p->arena = arena_new(LIMIT_ARENA_BYTES);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &steady);
	pthread_condattr_destroy(&steady);
	if (!p->arena || pthread_create(&p->thread, NULL, run, p)) {
		presenter_free(p);
		return fail(why, ERR_NOMEM, "no thread for the presenter");
	}
	h->presenter = p;
	return ERR_NONE;
}

void presenter_stop(struct presenter *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
}

void presenter_free(struct presenter *p)
{
	if (!p)
		return;
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	arena_free(p->arena);
	free(p);
}

void presenter_note(struct presenter *p, struct span office, struct span report)
{
	struct arrival a = {.at = clock_steady()};
	bool kept;

	if (!p || office.n >= sizeof(a.office) || report.n >= sizeof(a.report))
		return;
	memcpy(a.office, office.p, office.n);
	memcpy(a.report, report.p, report.n);
	pthread_mutex_lock(&p->lock);
	kept = put(p, &a);
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (!kept)
		log_event("arrival.dropped", "report=%s", a.report);
}
