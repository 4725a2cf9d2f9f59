/* Directories of UN/EDIFACT as tables: which segments a message has, in what order and how often; what they consist of; how long
 * and of what kind each element is; which codes it may have. Structural facts alone, no text of a directory.
 *
 * A directory is written as text, one fact a line (docs/edifact.md): the files in tables/ are built in, and
 * edifact_import() makes others from the texts that the United Nations publish. Tables that are built in are constant. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_TABLES_H
#define CUSTOMHOUSE_CODEC_EDIFACT_TABLES_H

#include "base/arena.h"
#include "base/span.h"
#include "base/text.h"

enum edifact_kind { EDIFACT_A, EDIFACT_N, EDIFACT_AN };

struct edifact_element {
	uint16_t number; /* 1001 */
	uint8_t kind;    /* enum edifact_kind */
	uint8_t min;
	uint16_t max;     /* characters; of a number, digits */
	uint16_t codes;   /* 0: any */
	uint32_t code_at; /* in the directory's codes */
};

/* One component of a composite, or an element that stands alone. */
struct edifact_part {
	uint16_t element; /* its index */
	bool mandatory;
};

/* One position of a segment. */
struct edifact_slot {
	uint16_t number; /* 106 of C106, or the element's */
	char class;      /* C or S: a composite; 0: an element that stands alone */
	bool mandatory;
	uint8_t repeat; /* how often it may stand: in a syntax before 4, in as many positions */
	uint8_t parts;
	uint16_t part_at;
};

struct edifact_segment_table {
	char tag[4];
	uint16_t slots;
	uint16_t slot_at;
};

/* A segment or a segment group of a message, in the order of the message; what a group holds follows it. */
struct edifact_node {
	uint16_t segment; /* its index; of a group, that of its first segment */
	uint16_t group;   /* number of the group; 0: a segment */
	uint16_t end;     /* index behind it and what it holds, from the message's first node */
	uint16_t parent;  /* of the group around it; EDIFACT_TOP: none */
	bool mandatory;
	uint32_t max;
};
enum { EDIFACT_TOP = 0xffff };

struct edifact_message {
	char name[8]; /* CUSDEC */
	uint16_t nodes;
	uint16_t node_at;
};

struct edifact_directory {
	/* 96B; with the association's code behind it where it is a variant: 96B:XL1; "service" for the segments of the syntax */
	char version[16];
	const struct edifact_element *elements;
	const struct edifact_part *parts;
	const struct edifact_slot *slots;
	const struct edifact_segment_table *segments; /* sorted by tag */
	const struct edifact_node *nodes;
	const struct edifact_message *messages; /* sorted by name */
	/* first to last character from the highest byte on; sorted in each element */
	const uint64_t *codes;
	uint32_t element_n, part_n, slot_n, segment_n, node_n, message_n, code_n;
	/* of its whole text (edifact_directory_write()), where whoever adds it has said so; empty of those built in */
	char sha256[65];
};

enum {
	EDIFACT_CODE_BYTES = 8, /* longest code */
	EDIFACT_SLOTS = 64,     /* of a segment, repeats not counted */
	EDIFACT_PARTS = 64,     /* of a composite */
	EDIFACT_DEPTH = 16,     /* groups in groups */
};

/* Those that are built in, from the files in tables/. NULL when there is none of the version. */
const struct edifact_directory *edifact_builtin(struct span version);
const struct edifact_directory *const *edifact_builtins(uint32_t *ret_n);
/* Directories that stand beside those that are built in. */
struct edifact_set {
	const struct edifact_directory *const *v;
	uint32_t n;
};
/* The directory of a version, or, where the association's code (0057) names a variant of it in the set, that one; NULL: there is
 * none. more may be NULL. */
const struct edifact_directory *edifact_directory_find(const struct edifact_set *more,
						       struct span version,
						       struct span association);
/* The segments of the syntax itself, and CONTRL. */
const struct edifact_directory *edifact_service(void);

const struct edifact_message *edifact_message_find(const struct edifact_directory *d,
						   struct span name);
/* -1: there is none. */
int edifact_segment_find(const struct edifact_directory *d, struct span tag);
uint64_t edifact_code_key(struct span code);
bool edifact_code_known(const struct edifact_directory *d, const struct edifact_element *e,
			struct span code);

/* Reads the text of a directory. In the arena, which it may leave: inside arena_run(). ERR_FORMAT: *ret_line and *ret_fault say
 * where and what. */
enum err edifact_directory_read(struct arena *a, struct span text, struct edifact_directory *ret,
				uint32_t *ret_line, const char **ret_fault) MUST_CHECK;

/* Writes a directory as text. Inside arena_run(). */
void edifact_directory_write(struct text *to, const struct edifact_directory *d);
/* Reads a directory that may rest on another: a line "base 96B" takes over all facts of D.96B, and those that the text gives
 * replace the ones of the same name. A base is built in, or one of the set (NULL: none). Each message must begin with UNH and
 * end with UNT. Inside arena_run(). Errors as edifact_directory_read(). */
enum err edifact_directory_add(struct arena *a, struct span text, const struct edifact_set *more,
			       struct edifact_directory *ret, uint32_t *ret_line,
			       const char **ret_fault) MUST_CHECK;

/* One file of a directory as the United Nations publish it. */
struct edifact_source {
	struct span name; /* EDSD.01B, CUSDEC_D.01B; a path before it does no harm */
	struct span bytes;
};

/* Makes the text of a directory from the files EDSD or TRSD, EDCD or TRCD, EDED or TRED, UNCL... and the messages that are among
 * the sources; others are not looked at. Inside arena_run(). ERR_FORMAT: *ret_fault says what is wrong, or what is missing. */
enum err edifact_import(struct arena *a, const struct edifact_source *sources, uint32_t n,
			struct text *to, const char **ret_fault) MUST_CHECK;

#endif
