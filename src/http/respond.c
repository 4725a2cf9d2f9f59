/* The answer goes out: status, headers, body. Knows libmicrohttpd, as server.c does. */
#include <stdio.h>

#include "http/exchange.h"
#include "http/stream.h"

static const struct {
	const char *name, *value;
} always[] = {
    {"X-Content-Type-Options", "nosniff"},
    /* With no-referrer a browser says "Origin: null" of a form of ours, which is refused. */
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "            \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#define POLICY_FILE "sandbox; default-src 'none'; frame-ancestors 'none'"
#define POLICY_DATA "default-src 'none'; frame-ancestors 'none'"

static void add(struct MHD_Response *m, const char *name, const char *value)
{
	/* A header that finds no memory is left out: the answer matters more. */
	if (value && MHD_add_response_header(m, name, value) != MHD_YES)
		return;
}

static void add_headers(struct MHD_Response *m, const struct exchange *x)
{
	const struct reply *reply = &x->request.reply;
	char seconds[12];

	add(m, "Content-Type", reply->content_type);
	add(m, "X-Request-Id", x->request.id);
	add(m, "Cache-Control",
	    reply->keep == KEEP_FOR_GOOD ? "public, max-age=31536000, immutable"
	    : reply->keep == KEEP_ASK    ? "no-cache"
					 : "no-store");
	if (reply->encoding) {
		add(m, "Content-Encoding", reply->encoding);
		add(m, "Vary", "Accept-Encoding");
	}
	add(m, "Content-Security-Policy",
	    reply->page         ? POLICY_PAGE
	    : reply->attachment ? POLICY_FILE
				: POLICY_DATA);
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		add(m, always[i].name, always[i].value);
	add(m, "Content-Disposition", reply->attachment);
	add(m, "Customhouse-Document-State", reply->document_state);
	add(m, "Location", reply->location);
	add(m, "Allow", reply->allow);
	add(m, "WWW-Authenticate", reply->authenticate);
	add(m, "Set-Cookie", reply->cookie);
	add(m, "Set-Cookie", reply->ticket);
	if (x->request.forwarded)
		add(m, "Customhouse-Elsewhere", x->request.elsewhere);
	if (x->request.named)
		add(m, "Strict-Transport-Security", "max-age=31536000");
	if (reply->language) {
		add(m, "Content-Language", reply->language);
		add(m, "Vary", "Accept, Accept-Language");
	}
	if (reply->retry_after) {
		snprintf(seconds, sizeof(seconds), "%u", reply->retry_after);
		add(m, "Retry-After", seconds);
	}
	if (x->close || x->server->stopping)
		add(m, "Connection", "close");
}

enum MHD_Result exchange_respond(struct exchange *x)
{
	const struct reply *reply = &x->request.reply;
	struct MHD_Response *m;
	enum MHD_Result result;

	BUG_ON(!reply->status);
	/* The library takes a pointer that it may write to, and does not. */
	m = reply->stream
		? stream_response(reply->stream, x->connection)
		: MHD_create_response_from_buffer(reply->body.n, (void *)(uintptr_t)reply->body.p,
						  MHD_RESPMEM_PERSISTENT);
	if (!m)
		return MHD_NO;
	x->streams = reply->stream != NULL;
	x->request.reply.stream = NULL;
	add_headers(m, x);
	result = MHD_queue_response(x->connection, reply->status, m);
	MHD_destroy_response(m);
	x->step = STEP_SENT;
	return result;
}
