/* What the files that run a step share. */
#ifndef CUSTOMHOUSE_TESTS_API_STORY_ROOM_H
#define CUSTOMHOUSE_TESTS_API_STORY_ROOM_H

#include "story.h"

/* Says why a step failed; the first reason counts. */
#define SAY(s, ...) ((s)->said = (s)->said ? (s)->said : arena_print((s)->arena, __VA_ARGS__))

struct step {
	struct story *story;
	struct span who;
	struct words words; /* of what is done */
	struct words after; /* of what is expected */
	uint32_t at;        /* the word that is read next */
	struct call call;
	struct reply reply;
	struct span label; /* of what is handed in; empty: none */
	struct span trader_reference;
};

/* The next word, and on; empty behind the last. */
struct span story_word(struct words *w, uint32_t *at);
/* On, if the next word is this one. */
bool story_word_is(const struct words *w, uint32_t *at, const char *word);
/* Fails where words are left. */
void story_end(struct step *p);
/* NULL: there is none. */
struct label *story_label(struct story *s, struct span name);
bool story_call(struct story *s, const struct call *c, struct reply *ret);
/* With a NUL behind it. */
const char *story_zero(struct story *s, struct span t);

/* ---- story_see.c ---- */

void story_finds_nothing(struct step *p);
void story_cannot_tell(struct step *p);

#endif
