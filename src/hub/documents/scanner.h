/* The virus scanner: a thread of its own that takes documents that wait, the oldest reference of an office first, gives their
 * bytes to a ClamAV daemon and has the settle writer store what that found. Where the daemon is away, hangs or dies, documents go
 * on waiting, and the thread tries again: after a second, then twice as long each time up to five minutes, or when the next
 * document comes.
 *
 * Documents that came while the hub had no scanner are looked through too, once it has one. */
#ifndef CUSTOMHOUSE_HUB_DOCUMENTS_SCANNER_H
#define CUSTOMHOUSE_HUB_DOCUMENTS_SCANNER_H

#include "base/base.h"

struct hub;

/* path: of the daemon's socket; the caller's, and outlives the hub. The daemon need not be there yet. */
enum err scanner_start(struct hub *h, const char *path, struct cause *why) MUST_CHECK;
/* Leaves what it is at: that document goes on waiting. Without a scanner, nothing. Before settle_stop(). */
void scanner_stop(struct hub *h);
/* h->scanner, after scanner_stop() and after the writer, which may still call scanner_wake(). NULL is allowed. */
struct scanner;
void scanner_free(struct scanner *x);
bool scanner_is_there(const struct hub *h);
/* A document waits. Without a scanner, nothing. */
void scanner_wake(struct hub *h);

#endif
