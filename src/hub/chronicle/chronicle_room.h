/* What the files of this room share. Nobody outside includes this.
 *
 *   chronicle.c        opening: the file, its index, what of it still holds
 *   chronicle_build.c  the log -> groups of cases -> blocks, in order, on several threads
 *   chronicle_case.c   one decided message -> its columns and its case
 *   chronicle_read.c   blocks -> cases and declarations, one after the other */
#ifndef CUSTOMHOUSE_HUB_CHRONICLE_CHRONICLE_ROOM_H
#define CUSTOMHOUSE_HUB_CHRONICLE_CHRONICLE_ROOM_H

#include "base/map.h"
#include "codec/compress.h"
#include "hub/chronicle/chronicle.h"
#include "hub/house.h"

/* ---- the file ----
 *
 * A head, then blocks. All numbers are the machine's own: another machine makes its own file. */
enum { CHRONICLE_MAGIC = 0x43484331 };
struct chronicle_head {
	char name[24]; /* "customhouse chronicle 1" */
	uint32_t order;
	int32_t zone_minutes;
	struct hash fields; /* of the names of all columns */
};

struct chronicle_block_head {
	uint32_t magic, bytes; /* of what follows */
	struct hash hash;      /* of it */
};

/* Streams of a block behind those of the columns. */
enum { STREAM_CASES, STREAM_EVENTS, STREAMS_MORE };

struct chronicle_stream_at {
	uint32_t stream, length, stored; /* stored == length: as it is, or else compressed */
};

struct chronicle_block {
	uint64_t at; /* in the file, of the bytes */
	uint32_t bytes;
	struct hash hash;
	uint32_t office;
	int64_t last; /* event that it goes up to */
	struct hash chain;
	uint32_t cases, events;
	int32_t first_day, last_day; /* of both */
	uint32_t streams;
	struct chronicle_stream_at *stream;
	uint64_t streams_at; /* in the bytes */
};

struct chronicle {
	struct hub *hub;
	struct arena *arena;
	struct compressor *compressor;
	int fd;
	int32_t zone_minutes;
	const char *map; /* of the file, when it is whole */
	uint64_t size;
	struct columns columns;
	DICT_LIST(struct chronicle_office) offices;
	DICT_LIST(struct span) texts; /* by number */
	struct map by_text;           /* -> number + 0 */
	struct cause why;
};

struct span chronicle_text_at(const struct chronicle *c, chronicle_text t);
/* Numbers a text; the text is copied. 0 of the empty one. Inside arena_run() of c->arena. */
chronicle_text chronicle_intern(struct chronicle *c, struct span text);
uint32_t chronicle_office_number(struct chronicle *c, struct span code);
/* Takes a block's index in. made: by this process, which has numbered its texts. false: it is none. Inside arena_run() of
 * c->arena. */
bool chronicle_index(struct chronicle *c, const char *bytes, uint64_t at,
		     const struct chronicle_block_head *head, bool made);

/* chronicle_build.c: adds what the log has gone on by. *ret_stale: what is there holds what was erased since. */
enum err chronicle_extend(struct chronicle *c, const struct chronicle_options *o, bool *ret_stale,
			  struct cause *why) MUST_CHECK;

/* ---- chronicle_case.c ---- */

/* What a case needs that is numbered in order later. */
struct chronicle_texts {
	struct span holder, declarant_holder, tables;
	struct span *subject, *purpose;
};
struct chronicle_made {
	enum { MADE_NOTHING, MADE_CASE, MADE_EVENT } what;
	struct chronicle_case c;
	struct chronicle_texts texts;
	struct chronicle_event e;
	bool cancels;  /* a decision that cancels: the event says so */
	bool released; /* a decision that releases */
	bool control;  /* an act with a result */
	bool release;  /* an act that releases */
	bool cancel;   /* an act that cancels */
};
struct chronicle_raw {
	bool decision; /* or else an act */
	int64_t seq, at, version;
	struct span reference;
	struct span message; /* p NULL: it is asked for */
	struct span payload;
};
/* Whoever is asked for messages that need the store: by one thread at a time. */
struct chronicle_source {
	pthread_mutex_t lock;
	struct store *store;
};
struct chronicle_making {
	const struct chronicle *chronicle;
	struct chronicle_source *source;
	struct span office;
	struct arena *once;
	struct columns_out *out;
	struct arena *arena; /* of what is made */
	struct cause *why;
};
enum err chronicle_make(struct chronicle_making *m, const struct chronicle_raw *raw,
			struct chronicle_made *ret) MUST_CHECK;

#endif
