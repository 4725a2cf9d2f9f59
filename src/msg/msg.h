/* Messages: bytes to the model and back, one file a format, listed in formats.def.
 *
 * A format is recognised by content. Reading collects every finding with its place; only bytes that are not the
 * format at all (not well-formed) give an error instead. */
#ifndef CUSTOMHOUSE_MSG_MSG_H
#define CUSTOMHOUSE_MSG_MSG_H

#include "codec/json.h" /* struct codec_fault */
#include "model/cargo.h"
#include "model/declaration.h"
#include "model/finding.h"

/* What the messages of a format are. */
enum msg_carries {
	MSG_DECLARATIONS,
	MSG_ANSWERS, /* read and written by functions of their own (res.h): read and write are NULL here */
	MSG_CARGO_REPORTS, /* likewise: cargo.h */
	MSG_CHECKED,       /* messages that are checked against their definition, and not read */
};
const char *msg_carries_name(enum msg_carries c);

struct msg_cutter;
struct edifact_directory;

/* Who sends a message to whom, and which one it is, as its envelope says; empty where that does not. In the arena. */
struct msg_heading {
	struct span type;      /* "PAXLST", "CC015C" */
	struct span reference; /* of the message */
	struct span interchange;
	struct span sender, recipient;
	const struct edifact_directory
	    *directory; /* it was checked against; NULL: none of EDIFACT's */
};

/* What came of looking for the next message of a file. */
enum msg_cut {
	MSG_CUT_ONE,  /* there it is */
	MSG_CUT_MORE, /* it does not end in these bytes: come again with more */
	MSG_CUT_END,  /* there is none */
};

/* A file of many messages in the making: what is remembered from one to the next. Zeroed before the first, but for `most`. */
struct msg_bulk {
	uint32_t most; /* messages that stand in one interchange, at least 1 */
	struct span
	    charset_id; /* that interchanges are in; empty: the smallest that carries their texts */
	/* of the interchange that is open */
	uint32_t messages;
	unsigned charset;
	char reference[16];
};

struct msg_format {
	const char *id;           /* "wco-dec" */
	const char *title;        /* for people */
	const char *version;      /* of the standard; several with a comma between */
	const char *messages;     /* for people: which messages, and which functions of them */
	const char *content_type; /* what HTTP calls it */
	const char *also;         /* other names of that, with blanks between; NULL: none */
	const char *suffix;       /* of a file: ".xml" */
	enum msg_carries carries;
	bool reads, writes;
	/* By its first bytes: all of a message, or the beginning of a file. */
	bool (*recognises)(struct span bytes);
	/* Cuts the next message off a file that may hold several (cut.h); NULL: a file holds one. What is cut is a message of the
	 * format in itself, which can be stored and read alone. */
	enum msg_cut (*cut)(struct msg_cutter *c, struct span *rest, bool last,
			    struct span *ret_message);
	/* Reads one message, inside arena_run(): call msg_read(). *ret lies in a; texts may point into bytes. Findings
	 * about form go to f, whose object becomes the declaration. ERR_FORMAT: not well-formed, *ret_fault says where;
	 * ERR_UNSUPPORTED: well-formed, but no declaration. */
	enum err (*read)(struct arena *a, struct span bytes, struct message *ret,
			 struct findings *f, struct codec_fault *ret_fault);
	/* Appends the message; leaves through the arena when memory ends. lost (may be NULL) collects findings about
	 * what the format cannot carry. */
	void (*write)(struct text *to, const struct message *m, struct findings *lost);
	/* Appends one more message of a file of many, where something stands around them (an interchange); m NULL: the file
	 * ends. NULL where they stand one behind the other: call msg_write_bulk(). */
	void (*write_bulk)(struct text *to, struct msg_bulk *b, const struct message *m);
	/* The same for cargo reports. */
	enum err (*read_cargo)(struct arena *a, struct span bytes, struct cargo_message *ret,
			       struct findings *f, struct codec_fault *ret_fault);
	void (*write_cargo)(struct text *to, const struct cargo_message *m);
	/* MSG_CHECKED, and answers that can be checked without being read: what in the message contradicts its definition; a
	 * finding's pointer is the path in the format's own words. Inside arena_run(): call msg_check(). */
	enum err (*check)(struct arena *a, struct span bytes, const struct edifact_set *directories,
			  struct msg_heading *ret, struct findings *f,
			  struct codec_fault *ret_fault);
};

/* Every format, sorted by id. */
const struct msg_format *const *msg_formats(uint32_t *ret_n);
const struct msg_format *msg_format_by_id(struct span id);
/* Of declarations, by content; NULL when no format knows it. */
const struct msg_format *msg_recognise(struct span bytes);
/* By the first bytes of a file, whatever it carries; NULL when no format knows it. */
const struct msg_format *msg_recognise_any(struct span bytes);
/* Of declarations, by an HTTP content type (parameters ignored); NULL when unknown. */
const struct msg_format *msg_format_by_type(struct span content_type);

/* Recognises and reads: the one entry of hub/. Runs its own arena_run(). ret->declaration, findings and fault lie in a.
 * ERR_FORMAT, ERR_LIMIT, ERR_NOMEM, ERR_UNSUPPORTED with *ret_fault. */
enum err msg_read(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		  struct message *ret, struct findings *ret_findings,
		  struct codec_fault *ret_fault) MUST_CHECK;
/* The same, with directories of EDIFACT beside those that are built in (NULL: none). */
enum err msg_read_with(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		       const struct edifact_set *directories, struct message *ret,
		       struct findings *ret_findings, struct codec_fault *ret_fault) MUST_CHECK;

/* The same, a file's messages one by one: what its cutter (cut.h) learned of those before makes it faster. NULL: none. */
enum err msg_read_next(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
		       const struct edifact_set *directories, struct edi_learned *learned,
		       struct message *ret, struct findings *ret_findings,
		       struct codec_fault *ret_fault) MUST_CHECK;

/* Appends one more declaration of a file of many; NULL: the file ends. Each on lines of its own. Inside arena_run(). */
void msg_write_bulk(struct text *to, const struct msg_format *format, struct msg_bulk *b,
		    const struct message *m_or_null);

/* An empty table for declarations: the names of its columns, and a line that says what each is for. */
void msg_write_csv_template(struct text *to);

/* Of messages that are checked and not read, by content and by content type; NULL when it is another. */
const struct msg_format *msg_recognise_checked(struct span bytes);
const struct msg_format *msg_checked_format_by_type(struct span content_type);
/* Checks one message of a format that is checked. Runs its own arena_run(). Errors as msg_read(). */
enum err msg_check(struct arena *a, struct span bytes, const struct msg_format *format,
		   struct findings *ret_findings, struct codec_fault *ret_fault) MUST_CHECK;
/* The same, with directories of EDIFACT beside those that are built in (NULL: none), and whose message it is. */
enum err msg_check_with(struct arena *a, struct span bytes, const struct msg_format *format,
			const struct edifact_set *directories, struct msg_heading *ret,
			struct findings *ret_findings, struct codec_fault *ret_fault) MUST_CHECK;

/* A declaration as canonical JSON: fields in dictionary order, absent ones left out. The one form that everything
 * else is compared in. */
void msg_write_json(struct text *to, const struct message *m);

#endif
