/* The chronicle: what a store's log says of past declarations, in the form that simulations read: in columns, a thousand
 * declarations to a block, so that a million of them are selected again in seconds.
 *
 * It is made from the log and can be thrown away at any time. It lies in the data directory (simulation.cache), or, where that
 * cannot be written or another process has it, in a file without a name for as long as it is open. It is never trusted: each
 * block names the hash of the chain up to its last event, which must be the store's; each is hashed itself; what the log has
 * gone on by is added before it is read; and one that holds what was erased since is made anew.
 *
 * Several nodes: each office's blocks follow its chain, whoever settles it. */
#ifndef CUSTOMHOUSE_HUB_CHRONICLE_CHRONICLE_H
#define CUSTOMHOUSE_HUB_CHRONICLE_CHRONICLE_H

#include <stdatomic.h>

#include "flow/flow.h"
#include "hub/hub.h"
#include "model/columns.h"
#include "model/facts.h"

#define CHRONICLE_FILE "simulation.cache"

/* A number that stands for a text; 0: none. */
typedef uint32_t chronicle_text;

enum {
	CHRONICLE_OF_WHOLE = HISTORY_FIRST_OF_ITEM,
	CHRONICLE_OF_ITEM = HISTORY_KINDS - HISTORY_FIRST_OF_ITEM
};

/* A decision on an accepted declaration, without what was declared. Lists lie in the reader's arena. */
struct chronicle_case {
	int64_t seq, at, version;
	int32_t day; /* of at, in the country */
	/* it counts in histories: the first version, not a request */
	bool declares;
	bool complete; /* it was assessed */
	struct span reference, draw_reference;
	int64_t received_at;
	int32_t legal_day;
	chronicle_text holder, declarant_holder;
	struct party_history importer, declarant; /* without today's */
	int64_t office_day[LANE_RED + 1], hour_taken;
	enum lane lane_before, lane;
	chronicle_text tables; /* that were in force: their hash */
	int64_t total_due, total_value;
	uint32_t items; /* of the declaration */
	int64_t *value; /* customs value of each, minor units; 0 where it was not assessed */
	uint32_t values;
	/* subjects: of the declaration by kind, then of each item by kind */
	chronicle_text *subject;
	int64_t *price; /* of a kilogram, of each item, four decimals; 0: none */
	uint32_t draws;
	chronicle_text *purpose;
	uint64_t *draw;
};

enum chronicle_word {
	CHRONICLE_CONTROL, /* a control's first result, or its first irregular one, with subjects */
	CHRONICLE_RESULT,  /* any result: the last holds */
	CHRONICLE_STANDS,  /* the decision with this number is the case's from here on */
	CHRONICLE_CANCELLED,  /* the case is */
	CHRONICLE_RELEASED,   /* its goods are */
	CHRONICLE_ERASED,     /* a declaration that is not there any more */
	CHRONICLE_UNREADABLE, /* one that this program cannot read */
	CHRONICLE_WORDS
};
struct chronicle_event {
	enum chronicle_word word;
	int64_t seq, at;
	int32_t day;
	struct span reference;
	enum flow_result result;  /* CHRONICLE_RESULT */
	bool examined, irregular; /* CHRONICLE_CONTROL */
	chronicle_text *subject;  /* likewise; 0 past the last */
	uint32_t subjects;
};

struct chronicle_office {
	struct span code;
	uint32_t block_count;
	struct chronicle_block **block;
};

struct chronicle;

struct chronicle_options {
	void (*progress)(void *context, int64_t done,
			 int64_t total); /* events; NULL: nobody asks */
	void *context;
	const atomic_bool *stop; /* ends soon, with ERR_BUSY. NULL: never */
};
/* Of a hub that was opened with HUB_READ, with all that its log has now. */
enum err chronicle_open(struct hub *h, const struct chronicle_options *o, struct chronicle **ret,
			struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void chronicle_close(struct chronicle *c);
/* Removes the file: it may hold what was erased. */
void chronicle_remove(const struct hub *h);

const struct columns *chronicle_columns(const struct chronicle *c);
uint32_t chronicle_offices(const struct chronicle *c);
struct span chronicle_office(const struct chronicle *c, uint32_t i);
uint32_t chronicle_texts(const struct chronicle *c); /* numbers are below */
struct span chronicle_text_of(const struct chronicle *c, chronicle_text t);
/* 0: it has none. */
chronicle_text chronicle_number_of(const struct chronicle *c, struct span text);
/* The first and the last day of anything; false: there is nothing. */
bool chronicle_days(const struct chronicle *c, int32_t *ret_first, int32_t *ret_last);

/* Reads an office from its beginning, in the order of its chain. Cases and their columns are read by themselves, so what is
 * not asked for costs nothing. One thread at a time; any number of readers. */
struct chronicle_reader;
/* wanted: columns of declarations, one for each; NULL: none. events: they are read, or else the cases. */
struct chronicle_reader *chronicle_read(const struct chronicle *c, uint32_t office,
					const bool *wanted, bool events, struct cause *why);
void chronicle_read_end(struct chronicle_reader *r);
/* Blocks whose last day lies before are passed over. Before the first is read. */
void chronicle_skip_to(struct chronicle_reader *r, int32_t day);
/* The day of the next one; INT32_MAX: there is none. Any error ends the reading. */
enum err chronicle_next_day(struct chronicle_reader *r, int32_t *ret, struct cause *why) MUST_CHECK;
/* The next one. Texts are valid until the next chronicle_next_day(); lists lie in a. Inside arena_run() of a. */
void chronicle_next_case(struct chronicle_reader *r, struct arena *a, struct chronicle_case *ret);
void chronicle_next_event(struct chronicle_reader *r, struct arena *a, struct chronicle_event *ret);
/* What was declared in the case that was read last. Inside arena_run() of a. */
void chronicle_declared(struct chronicle_reader *r, struct arena *a, struct declaration *ret);

#endif
