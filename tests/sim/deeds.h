/* Random operations on one hub, in a process that is killed between and amid them, beside a model that is simpler than the hub: a
 * small companion of sim.h for what has balances (write-off; quotas may use it as well). HACKING.md says how.
 *
 * A world lies in memory that is shared between processes. The parent kills the child that runs the hub at moments that are
 * nobody's to choose; the next child hands in again what was on its way, in the same order. So whatever is handed in must
 * be known again: a declaration by its trader's reference, an act by its key, a registration by saying the same. Operations
 * follow from the seed, and what must come of each from the model; when the process dies changes neither.
 *
 * Over PostgreSQL the process may have several hubs, nodes on one database. Each deed then goes to one of them, by lot, and
 * to the next while its office is another's; now and then a node stops, so that its offices go to others, and begins again. */
#ifndef CUSTOMHOUSE_TESTS_SIM_DEEDS_H
#define CUSTOMHOUSE_TESTS_SIM_DEEDS_H

#include "base/prng.h"
#include "hub/hub.h"
#include "postgres_room.h"

enum { DEEDS_AT_ONCE = 5, DEED_NUMBERS = 6, DEED_BYTES = 64, DEEDS_NODES = 8 };

struct deed {
	int what;
	int64_t number[DEED_NUMBERS];
	/* handed in together with its neighbours, as one batch; else, or of several nodes, alone */
	bool declares;
	/* what came of it */
	bool done, accepted, elsewhere;
	char reference[24];
	char why[300];
};

struct deeds {
	uint64_t seed, count, next;   /* of deeds */
	int nodes;                    /* 0: one hub */
	struct hub *hub[DEEDS_NODES]; /* of the child; one that has stopped: NULL */
	struct prng prng;
	struct deed deed[DEEDS_AT_ONCE];
	int deeds;
	bool in_flight; /* they were planned, and not judged yet */
	bool over;
	bool changing; /* deeds or model: nobody kills the process meanwhile */
	unsigned kills, refused, stops, handed_on;
	char directory[64], pack[96], url[POSTGRES_URL_BYTES], failure[1000];
	void *model; /* shared too */
};

/* A table of the country's pack: lines added at its end, or (whole) all of it. */
struct deeds_table {
	const char *file, *text;
	bool whole;
};

/* What a program tests. model_bytes: of its model, which begins as zeros. */
struct deeds_kind {
	const char *name;
	size_t model_bytes;
	/* The next deeds, into w->deed: all of them declare, or there is one. */
	void (*plan)(struct deeds *w);
	/* Hands one in. One that declares: submits, and calls deed_landed() from done(); else it has landed when this returns.
	 * Before that deed_elsewhere() says whether it is another node's. */
	void (*begin)(struct deeds *w, struct hub *h, struct deed *d);
	/* Compares what came of it with what the model says, and lets the model follow. */
	void (*judge)(struct deeds *w, const struct deed *d);
	/* Compares the hub's balances with the model's. */
	void (*compare)(struct deeds *w, struct hub *h);
	const struct deeds_table
	    *table; /* the last has no file; NULL: the country of the stories */
	/* The world begins, in a process before any hub opens; NULL: nothing is to be done */
	void (*enter)(struct deeds *w);
};

void deed_landed(struct deed *d, bool accepted, struct span reference, struct span why);
/* Whether this cause says that another node settles it: then it is handed in there. */
void deed_elsewhere(struct deed *d, const struct cause *why);
/* Says what is wrong and ends the process. */
_Noreturn void deeds_fail(struct deeds *w, const char *format, ...) PRINTF(2, 3);
/* 0 .. n - 1 */
uint64_t deeds_lot(struct deeds *w, uint64_t n);
/* A file of tests/api/stories/messages, NUL behind it; lives as long as the process. */
char *deeds_file(const char *name);

/* The text with each word of the list replaced by the next; NULL ends it. Inside arena_run(). */
struct span deeds_filled(struct arena *a, const char *from, const char *const *words);
/* Hands in the message that text() writes. One that declares: returns at once. land() ends with deed_landed(). */
void deeds_submit(struct deeds *w, struct hub *h, struct deed *d,
		  struct span (*text)(struct deeds *w, const struct deed *d, struct arena *a),
		  void (*land)(struct deed *d, const struct outcome *o));
/* A cashier of every office takes what is due of a case; each serial is another act. Calls deed_landed(). */
void deeds_pay(struct hub *h, struct deed *d, struct span reference, int64_t serial);

/* FIRST COUNT DEEDS [NODES]: so many worlds. The exit status of the program; prints TAP. */
int deeds_main(int argc, char **argv, const struct deeds_kind *kind);

#endif
