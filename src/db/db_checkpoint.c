#include "db/db_checkpoint.h"

#include <sqlite3.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/log.h"

struct db_checkpoint {
	sqlite3 *handle; /* the thread's */
	const char *path;
	int asked_at; /* the writer's: frames in the log when it asked last */
	bool failing; /* the thread's: that was logged */
	pthread_t thread;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t wake, passed;
	uint64_t asked,
	    done; /* passes; one that was under way when another was asked for does not count for it */
	bool full, stopping;
};

/* PASSIVE takes what it can get and waits for nobody. BUSY: somebody else is carrying over, or repairing, at this moment. */
static void pass(struct db_checkpoint *c)
{
	const int code =
	    sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if (code == SQLITE_OK && c->failing)
		log_event("checkpoint.recovered", "path=%s", c->path);
	else if (code != SQLITE_OK && code != SQLITE_BUSY && !c->failing)
		log_event("checkpoint.failed",
			  "path=%s code=%d error=\"%s\" detail=\"the log cannot be carried over "
			  "into the file and grows; nothing is lost; look at the disk and its "
			  "space\"",
			  c->path, code, sqlite3_errmsg(c->handle));
	if (code != SQLITE_BUSY)
		c->failing = code != SQLITE_OK;
}

static void *carry_over(void *context)
{
	struct db_checkpoint *c = context;

	pthread_mutex_lock(&c->lock);
	while (!c->stopping) {
		const uint64_t asked = c->asked;

		if (asked == c->done) {
			pthread_cond_wait(&c->wake, &c->lock);
			continue;
		}
		pthread_mutex_unlock(&c->lock);
		pass(c);
		pthread_mutex_lock(&c->lock);
		c->done = asked;
		pthread_cond_signal(&c->passed);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void let_go(struct db_checkpoint *c)
{
	BUG_ON(sqlite3_close(c->handle) != SQLITE_OK);
	pthread_cond_destroy(&c->passed);
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* Signals are for the threads of the program, which know what to do with them. */
static int start_without_signals(struct db_checkpoint *c)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&c->thread, NULL, carry_over, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

enum err db_checkpoint_start(struct sqlite3 *handle, const char *path, struct db_checkpoint **ret,
			     struct cause *why)
{
	struct db_checkpoint *c = calloc(1, sizeof(*c));

	if (!c) {
		BUG_ON(sqlite3_close(handle) != SQLITE_OK);
		return fail(why, ERR_NOMEM, "%s: no memory to carry the log over", path);
	}
	*c = (struct db_checkpoint){.handle = handle,
				    .path = path,
				    .lock = PTHREAD_MUTEX_INITIALIZER,
				    .wake = PTHREAD_COND_INITIALIZER,
				    .passed = PTHREAD_COND_INITIALIZER};
	if (start_without_signals(c)) {
		let_go(c);
		return fail(why, ERR_NOMEM, "%s: no thread to carry the log over", path);
	}
	*ret = c;
	return ERR_NONE;
}

void db_checkpoint_stop(struct db_checkpoint *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	let_go(c);
}

void db_checkpoint_written(struct db_checkpoint *c, int frames)
{
	if (frames < c->asked_at)
		c->asked_at = 0; /* the log began anew */
	if (frames - c->asked_at < DB_CHECKPOINT_ASK)
		return;
	c->asked_at = frames;
	pthread_mutex_lock(&c->lock);
	c->asked++;
	c->full = frames >= DB_CHECKPOINT_WAIT;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

void db_checkpoint_wait(struct db_checkpoint *c)
{
	pthread_mutex_lock(&c->lock);
	while (c->full && c->done != c->asked)
		pthread_cond_wait(&c->passed, &c->lock);
	c->full = false;
	pthread_mutex_unlock(&c->lock);
}
