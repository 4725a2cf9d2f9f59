/* Stories: tests of the API as people of customs would tell them. scenario.c runs them; stories/README.md tells the language. */
#ifndef CUSTOMHOUSE_TESTS_API_STORY_H
#define CUSTOMHOUSE_TESTS_API_STORY_H

#include "codec/json.h"

/* ---- story_http.c: a small client, one connection a request ---- */

struct call {
	const char *method, *path, *token, *key, *type, *accept;
	struct span body; /* p NULL: none */
};

struct reply {
	unsigned status;
	struct span head, body;
	const struct json *json; /* NULL: the body is none */
};

/* False: no connection, or what came is no answer. */
bool http_call(struct arena *a, unsigned port, const struct call *c, struct reply *ret);

/* ---- story_json.c: places in JSON ---- */

/* All values at a path: names and numbers with / between; * is every child, [name=text] every child that has this member. */
struct found {
	const struct json **v;
	uint32_t n, room;
};
void json_collect(struct arena *a, const struct json *root, struct span path, struct found *ret);
/* Puts a value at a path, and makes objects and lists on the way. value NULL: takes it away. False: the path leads nowhere. */
bool json_set(struct arena *a, struct json *root, struct span path, const struct json *value);
const struct json *json_text_value(struct arena *a, struct span text);
struct span json_written(struct arena *a, const struct json *v);

struct replaced {
	struct span from, to;
};
/* The body without what may differ between two cases or two requests: ids of requests, moments and the texts named. */
struct span story_plain(struct arena *a, const struct reply *r, const struct replaced *v,
			uint32_t n);

/* ---- story_line.c: one step ---- */

struct words {
	struct span *v; /* quotes are still there */
	uint32_t n, room;
};
void words_cut(struct arena *a, struct span line, struct words *ret);
/* Without its quotes, where it stands in some. */
struct span word_text(struct span word);

/* ---- story_run.c: a hub, its people, and the steps of one story ---- */

struct label {
	struct span name, value;
	struct span trader_reference; /* of what was handed in; empty: another label */
	struct label *next;
};

struct person_of_story {
	const char *login, *token;
	struct span line; /* of the cast: another file may have the same */
	struct person_of_story *next;
};

/* What the stories did, for the count at the end. */
struct tally {
	bool done[64], refused_act[64], refused[64];
};

struct story {
	struct arena *arena;
	unsigned port;
	const char *dir; /* of the stories and their messages */
	const char *root;
	struct person_of_story *people;
	struct label *labels;
	struct tally *tally;
	uint32_t keys;       /* that were given so far */
	uint32_t calls;      /* requests made */
	const char *said;    /* why the step failed; NULL: it did not */
	const char *watcher; /* token of an auditor, who notes what was done to each case */
};

/* One step. s->said is set when it did not go as told. */
void story_step(struct story *s, struct span line);
/* What was done to the cases of the story goes to the tally. */
void story_watch(struct story *s);

#endif
