#include "http/host.h"

#include <strings.h>

#include "http/tls.h"

enum { NAME_BYTES = 253 }; /* of a host name: RFC 1035, 2.3.4 */

static bool name_sound(struct span name)
{
	bool letter = false;

	for (uint32_t i = 0; i < name.n; i++) {
		const char c = name.p[i];
		const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		letter |= is_letter;
		if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '.')
			return false;
	}
	return letter && name.n <= NAME_BYTES;
}

enum err host_check_names(const char *names, struct cause *why)
{
	struct span rest = span_of(names);
	unsigned n = 0;

	do {
		struct span name = span_cut(&rest, ',');

		if (!name_sound(name))
			return fail(why, ERR_USAGE,
				    "\"%.*s\" is no host name, such as customs.example",
				    SPAN_ARG(name));
		if (++n > HOST_NAMES)
			return fail(why, ERR_USAGE, "a hub has at most %d names", HOST_NAMES);
	} while (rest.p);
	return ERR_NONE;
}

static bool same_name(struct span a, struct span b)
{
	return a.n == b.n && !strncasecmp(a.p, b.p, a.n);
}

static bool listed(struct span host, const char *names)
{
	struct span rest = span_of(names);

	while (rest.n)
		if (same_name(host, span_cut(&rest, ',')))
			return true;
	return false;
}

static bool certified(struct span host, const struct tls *tls)
{
	char name[NAME_BYTES + 1];

	if (!name_sound(host))
		return false;
	memcpy(name, host.p, host.n);
	name[host.n] = 0;
	return tls_names(tls, name);
}

bool host_sound(const char *host, const char *names, const struct tls *tls, bool *ret_ours)
{
	struct span name = span_of(host);

	*ret_ours = false;
	if (!host || host[0] == '[')
		return true;
	name = span_cut(&name, ':');
	if (strspn(host, "0123456789.") == name.n || same_name(name, SPAN("localhost")))
		return true;
	*ret_ours = names ? listed(name, names) : tls && certified(name, tls);
	return *ret_ours;
}

bool host_origin_sound(const char *origin, const char *host, bool secure)
{
	const struct span scheme = secure ? SPAN("https://") : SPAN("http://");

	if (!origin)
		return true;
	return host && span_starts(span_of(origin), scheme) && !strcasecmp(origin + scheme.n, host);
}
