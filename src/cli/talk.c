#include "cli/talk.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "http/http.h"
#include "hub/hub.h"

enum { SOCKET_BYTES = 108 };

static enum err own(struct talk *t, const char *where, struct cause *why)
{
	char socket[SOCKET_BYTES];
	struct hub_options o = {.where = where,
				.database = args_value(t->args, OPTION_DATABASE, NULL),
				.mode = HUB_OWN,
				.pack = args_value(t->args, OPTION_PACK, "packs/landfall"),
				.socket = socket};
	enum err e;

	if (snprintf(socket, sizeof(socket), "%s/hub.sock", where) >= (int)sizeof(socket))
		return fail(why, ERR_USAGE, "--data %s: the path is too long for a socket in it",
			    where);
	e = hub_open(&o, &t->hub, why);
	if (!e)
		e = http_start(t->hub, &(struct http_options){.socket = socket}, &t->server, why);
	return e;
}

static enum err open_line(struct talk *t, struct cause *why)
{
	const char *where = args_value(t->args, OPTION_DATA, "customhouse-data");
	struct cause nobody = {0};
	enum err e = own(t, where, why);

	if (!e)
		return local_open(where, &t->line, why);
	/* The owner's cause says who it is: it stays when that one takes no requests. */
	if (e == ERR_BUSY && !local_open(where, &t->line, &nobody)) {
		*why = (struct cause){0};
		return ERR_NONE;
	}
	return e;
}

enum err talk_open(struct talk *t, struct cause *why)
{
	enum err e = open_line(t, why);

	if (!e && t->token)
		local_identify(t->line, t->token);
	return e;
}

void talk_close(struct talk *t)
{
	local_close(t->line);
	http_stop(t->server);
	hub_close(t->hub);
}

bool talk_ask(struct talk *t)
{
	struct codec_fault fault;
	struct cause why = {0};

	if (local_request(t->line, t->method, t->path, text_as_span(&t->body), NULL, t->arena,
			  &t->reply, &why) ||
	    (t->reply.body.n && json_read(t->arena, t->reply.body, &t->answer, &fault))) {
		if (!why.err)
			fail(&why, ERR_IO, "the hub's reply is not JSON");
		t->status = say_failed(t->args, &why);
		return false;
	}
	if (t->reply.kind == LOCAL_DONE)
		return true;
	say(t->args, "%.*s", SPAN_ARG(json_get_text(t->answer, "detail")));
	t->status = t->reply.kind == LOCAL_FAILED ? EXIT_FAILED : EXIT_NO;
	return false;
}

bool talk_read_token(const struct args *a, char ret[TALK_TOKEN_BYTES])
{
	const char *path = args_value(a, OPTION_TOKEN_FILE, "");
	FILE *f = fopen(path, "r");
	bool read = f && fgets(ret, TALK_TOKEN_BYTES, f);

	if (f)
		fclose(f);
	if (!read) {
		say(a, "%s: no token can be read there", path);
		return false;
	}
	ret[strcspn(ret, "\r\n")] = 0;
	for (const char *c = ret; *c; c++)
		read &= *c > ' ' && *c <= '~';
	if (!read || !*ret)
		say(a, "%s: its first line is no token", path);
	return read && *ret;
}

void talk_escape(struct text *to, const char *s)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s; s++) {
		if (strchr(plain, *s))
			text_char(to, *s);
		else
			text_print(to, "%%%02X", (unsigned)(unsigned char)*s);
	}
}
