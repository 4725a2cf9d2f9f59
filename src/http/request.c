#include "http/request.h"

#include <string.h>

void request_reply(struct request *r, unsigned status, const char *content_type, struct span body)
{
	r->reply = (struct reply){.status = status, .content_type = content_type, .body = body};
}

void request_reply_json(struct request *r, unsigned status, const struct text *body)
{
	request_reply(r, status, "application/json", text_as_span(body));
}

/* Quality values are not weighed: there are two kinds of content at most, and every client that has a wish names it first. */
bool request_prefers(const struct request *r, const char *type, const char *before)
{
	const char *accept = r->header(r, "Accept"), *wanted, *other;

	if (!accept)
		return false;
	wanted = strstr(accept, type);
	other = strstr(accept, before);
	return wanted && (!other || wanted < other);
}
