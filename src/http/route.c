#include "http/route.h"

#include <stdio.h>
#include <string.h>

#include "http/request.h"

static const struct route table[] = {
#define DELETE(path, handler, flags) {"DELETE", path, handler, flags},
#define GET(path, handler, flags)    {"GET", path, handler, flags},
#define PATCH(path, handler, flags)  {"PATCH", path, handler, flags},
#define POST(path, handler, flags)   {"POST", path, handler, flags},
#define PUT(path, handler, flags)    {"PUT", path, handler, flags},
#include "http/routes.def"
#undef DELETE
#undef GET
#undef PATCH
#undef POST
#undef PUT
};

const struct route *routes(uint32_t *ret_n)
{
	*ret_n = ARRAY_LEN(table);
	return table;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character at *i, decoded, with *i left at its last byte; -1: no such escape. */
static int decoded(struct span s, uint32_t *i)
{
	int high, low;

	if (s.p[*i] != '%')
		return (unsigned char)s.p[*i];
	if (*i + 2 >= s.n)
		return -1;
	high = hex_digit(s.p[*i + 1]);
	low = hex_digit(s.p[*i + 2]);
	*i += 2;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool route_path_sound(struct span path)
{
	for (uint32_t i = 0; i < path.n; i++) {
		int c;

		if (path.p[i] <= 0x20 || path.p[i] > 0x7e)
			return false;
		c = decoded(path, &i);
		if (c < 0x20 || c == 0x7f)
			return false;
	}
	return path.n > 0;
}

/* A reference holds letters, digits and few signs; anything else, such as an encoded slash, names no case. */
static bool take_reference(struct span s, struct route_match *ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		int c = decoded(s, &i);

		if (c <= 0x20 || c >= 0x7f || c == '/' || n == sizeof(ret->reference) - 1)
			return false;
		ret->reference[n++] = (char)c;
	}
	ret->reference[n] = 0;
	ret->reference_bytes = n;
	return n > 0;
}

/* From 1 on, without zeros before it: one document has one path. */
static bool take_number(struct span s, struct route_match *ret)
{
	ret->number = 0;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < (i ? '0' : '1') || s.p[i] > '9')
			return false;
		ret->number = ret->number * 10 + (s.p[i] - '0');
	}
	return s.n > 0;
}

static bool matches_segment(struct span want, struct span have, struct route_match *ret)
{
	if (span_is(want, "{ref}"))
		return take_reference(have, ret);
	if (span_is(want, "{number}"))
		return have.n <= 9 && take_number(have, ret);
	return span_equal(want, have);
}

static bool matches(struct span pattern, struct span path, struct route_match *ret)
{
	while (pattern.p && path.p) {
		struct span want, have;

		if (span_is(pattern, "{rest}"))
			return path.n > 0;
		want = span_cut(&pattern, '/');
		have = span_cut(&path, '/');
		if (!matches_segment(want, have, ret))
			return false;
	}
	return !pattern.p && !path.p;
}

static void allow(struct route_match *m, const char *methods)
{
	size_t n = strlen(m->allow);

	snprintf(m->allow + n, sizeof(m->allow) - n, "%s%s", n ? ", " : "", methods);
}

enum route_found route_find(struct span method, struct span path, bool local,
			    struct route_match *ret)
{
	struct span wanted = span_is(method, "HEAD") ? SPAN("GET") : method;
	bool path_known = false;

	*ret = (struct route_match){0};
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct route *r = &table[i];

		if (((r->flags & LOCAL) && !local) || !matches(span_of(r->pattern), path, ret))
			continue;
		path_known = true;
		if (span_is(wanted, r->method)) {
			ret->route = r;
			return ROUTE_FOUND;
		}
		allow(ret, !strcmp(r->method, "GET") ? "GET, HEAD" : r->method);
	}
	if (!path_known)
		return ROUTE_NO_PATH;
	allow(ret, "OPTIONS");
	return ROUTE_NO_METHOD;
}
