/* One store, one owner: the process that may write to a store in a directory holds a lock on DIR/owner.lock, and says in it
 * who it is and where it listens. The kernel lets go of the lock when the process ends, however it ends, so nothing stale can
 * refuse a start. */
#ifndef CUSTOMHOUSE_DB_DB_OWNER_H
#define CUSTOMHOUSE_DB_DB_OWNER_H

#include "base/base.h"

enum { DB_SOCKET_BYTES = 108 }; /* what a sockaddr_un holds, with its NUL */

struct db_owner {
	int fd;
};

struct db_owner_note {
	int64_t pid;
	char socket[DB_SOCKET_BYTES]; /* empty: it takes no requests */
};

/* Takes the lock, making the directory when it is missing, and notes this process with its socket (NULL: none). Released with
 * db_owner_release(), or by the end of the process. ERR_BUSY: another process, named in the cause, owns it. ERR_IO. ERR_USAGE: a
 * socket path that is too long or holds a line end. */
enum err db_owner_take(const char *dir, const char *socket, struct db_owner *ret,
		       struct cause *why) MUST_CHECK;
void db_owner_release(struct db_owner *owner);

/* Who owns the store now. ERR_NOT_FOUND (without a cause): nobody. pid is 0 while the owner is just starting. */
enum err db_owner_read(const char *dir, struct db_owner_note *ret, struct cause *why) MUST_CHECK;

#endif
