#include "http/request.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"

#include "http/problem.h"

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

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Into to, which has room for all of it. false: an escape that is none, or that of a NUL. */
static bool decode(const char *sent, char *to, uint32_t *ret_n)
{
	*ret_n = 0;
	for (const char *c = sent; *c; c++) {
		int high, low;

		if (*c != '%') {
			to[(*ret_n)++] = *c == '+' ? ' ' : *c;
			continue;
		}
		high = hex_digit(c[1]);
		low = high < 0 ? -1 : hex_digit(c[2]);
		if (low < 0 || (high | low) == 0)
			return false;
		to[(*ret_n)++] = (char)(high << 4 | low);
		c += 2;
	}
	return true;
}

bool request_is_here(struct request *r)
{
	struct cause why = {0};

	/* what was passed on is not passed on again: it is answered by what is here */
	if (r->forwarded || hub_has_long_work(r->hub, &why) == ERR_NONE)
		return true;
	problem_of_cause(r, &why);
	return false;
}

bool request_query(struct request *r, const char *name, struct span *ret)
{
	const char *sent = r->query(r, name);
	char *to;

	*ret = (struct span){0};
	if (!sent)
		return true;
	to = arena_alloc(r->arena, strlen(sent) + 1);
	ret->p = to;
	if (decode(sent, to, &ret->n) && span_valid_utf8(*ret))
		return true;
	problem_reply(r, PROBLEM_BAD_REQUEST, "%s in the query is not percent-encoded UTF-8", name);
	return false;
}

bool request_reason(struct request *r, struct span *ret)
{
	if (!request_query(r, "reason", ret))
		return false;
	*ret = span_trim(*ret);
	if (ret->n && ret->n <= LIMIT_REASON_BYTES)
		return true;
	problem_reply(r, PROBLEM_BAD_REQUEST, "reason is a text of 1 to %d bytes",
		      LIMIT_REASON_BYTES);
	return false;
}

static bool id_sound(const char *id)
{
	size_t n = strlen(id);

	if (n < 1 || n > REQUEST_ID_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
			    id[i]))
			return false;
	return true;
}

void request_set_id(struct request *r)
{
	const char *sent = r->header(r, "X-Request-Id");
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[16];

	if (sent && id_sound(sent)) {
		memcpy(r->id, sent, strlen(sent) + 1);
		return;
	}
	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		r->id[2 * i] = digits[bytes[i] >> 4];
		r->id[2 * i + 1] = digits[bytes[i] & 15];
	}
	r->id[2 * sizeof(bytes)] = 0;
}
