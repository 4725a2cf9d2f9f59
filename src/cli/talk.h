/* How a verb speaks to a hub: to the one that owns the store over its socket; where nobody owns it, this process does, for as
 * long as it takes, and speaks to itself: one way for both. */
#ifndef CUSTOMHOUSE_CLI_TALK_H
#define CUSTOMHOUSE_CLI_TALK_H

#include "cli/cli.h"
#include "cli/local_client.h"
#include "codec/json.h"

struct hub;
struct http_server;

enum { TALK_PATH_BYTES = 2400, TALK_TOKEN_BYTES = 300 };

struct talk {
	const struct args *args;
	struct arena *arena;
	const char *token; /* in whose name; NULL: the operator's. Lives as long */
	struct local_client *line;
	struct hub *hub; /* NULL: another process owns the store */
	struct http_server *server;

	/* what is asked, and what came of it */
	const char *method;
	char path[TALK_PATH_BYTES];
	struct text body;
	struct local_reply reply;
	const struct json *answer; /* NULL: it has none */
	int status;                /* of the process, where talk_ask() was false */
};

/* By --data, --database and --pack. Errors as hub_open() and local_open(). talk_close() follows in any case. */
enum err talk_open(struct talk *t, struct cause *why) MUST_CHECK;
void talk_close(struct talk *t);
/* Sends what was prepared; says what went wrong, then false. Inside arena_run() of its arena. */
bool talk_ask(struct talk *t);

/* The first line of the file of --token-file. false: it has none; that was said. */
bool talk_read_token(const struct args *a, char ret[TALK_TOKEN_BYTES]);
/* As a part of an address (RFC 3986, 2.1). Inside arena_run(). */
void talk_escape(struct text *to, const char *s);

#endif
