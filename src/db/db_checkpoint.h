/* SQLite's log is carried over into the file by a thread of its own, so that no commit waits while the file is written.
 *
 * SQLite begins its log anew only at a moment when all of it was carried over, and under a flood that moment does not come by
 * itself: more is written during each pass. So past a second length the writer waits, before its next transaction, for one
 * whole pass. That bounds the log: DB_CHECKPOINT_WAIT + DB_CHECKPOINT_ASK frames and one transaction, as long as the file can
 * be written and no reader keeps an old picture open (SQLite keeps what may still be read, whoever carries over).
 *
 * A pass that fails loses nothing, for the log still holds what it held; no commit fails for it. It is logged once, tried again
 * after DB_CHECKPOINT_ASK more frames, and logged again when it works. What is left at the end SQLite carries over when the
 * last connection is closed. */
#ifndef CUSTOMHOUSE_DB_DB_CHECKPOINT_H
#define CUSTOMHOUSE_DB_DB_CHECKPOINT_H

#include "base/base.h"

struct sqlite3;
struct db_checkpoint;

/* In frames: a frame is one page, of 4 kB, in the log. */
enum {
	DB_CHECKPOINT_ASK = 2000, /* so many since the last pass was asked for are worth the next */
	DB_CHECKPOINT_WAIT =
	    8000, /* the log is so long that the writer waits until it is carried over */
};

/* handle: an open connection that nobody else uses, which has read the file; the thread owns it from now on, also when this
 * fails. path is for messages and must live as long. ERR_NOMEM. */
enum err db_checkpoint_start(struct sqlite3 *handle, const char *path, struct db_checkpoint **ret,
			     struct cause *why) MUST_CHECK;
/* Lets a pass that is under way end, and closes the connection. NULL is allowed. */
void db_checkpoint_stop(struct db_checkpoint *c);

/* The writer's thread, after each commit: the log holds so many frames now. Does not wait. */
void db_checkpoint_written(struct db_checkpoint *c, int frames);
/* The writer's thread, before each writing transaction: waits when the log is too long. */
void db_checkpoint_wait(struct db_checkpoint *c);

#endif
