#include "hub/notices/push_rules.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

int64_t push_delay(uint32_t attempts, int64_t first, int64_t last, struct prng *r)
{
	int64_t delay = first;

	for (uint32_t i = 1; i < attempts && delay < last; i++)
		delay *= 2;
	if (delay > last)
		delay = last;
	delay += prng_between(r, -delay / 4, delay / 4);
	return delay < last ? delay : last;
}

void push_signature(struct span secret, int64_t unix, struct span body,
		    char ret[PUSH_SIGNATURE_BYTES])
{
	char at[24], hex[65];
	struct hash h;

	snprintf(at, sizeof(at), "%lld", (long long)unix);
	h = hash_hmac((const uint8_t *)secret.p, secret.n,
		      (struct span[]){span_of(at), SPAN("."), body}, 3);
	hash_hex(&h, hex);
	snprintf(ret, PUSH_SIGNATURE_BYTES, "t=%s,v1=%s", at, hex);
}

/* ---- addresses ---- */

struct range {
	uint32_t first;
	unsigned bits;
};

static bool within(uint32_t address, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (address >> (32 - r[i].bits) == r[i].first >> (32 - r[i].bits))
			return true;
	return false;
}

static bool v4_sound(uint32_t a, enum push_reach reach)
{
	static const struct range loopback[] = {{0x7f000000, 8}},
				  private[] = {{0x0a000000, 8}, {0xac100000, 12}, {0xc0a80000, 16}},
				  never[] = {
				      {0x00000000, 8},  /* this network */
				      {0x64400000, 10}, /* behind a carrier's translation */
				      {0xa9fe0000, 16}, /* link-local */
				      {0xc0000000, 24}, /* protocol assignments */
				      {0xc0000200, 24}, /* documentation, three times */
				      {0xc6336400, 24}, {0xcb007100, 24},
				      {0xc0586300, 24}, /* 6to4 relays */
				      {0xc6120000, 15}, /* benchmarks */
				      {0xe0000000, 3},  /* multicast, reserved, broadcast */
				  };
	const bool is_loopback = within(a, loopback, ARRAY_LEN(loopback));

	if (is_loopback || reach == PUSH_LOOPBACK)
		return is_loopback && reach != PUSH_PUBLIC;
	if (within(a, private, ARRAY_LEN(private)))
		return reach == PUSH_LOCAL;
	return !within(a, never, ARRAY_LEN(never));
}

static uint32_t four_bytes(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool v6_sound(const struct in6_addr *address, enum push_reach reach)
{
	static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b}; /* 64:ff9b::/96, RFC 6052 */
	const uint8_t *p = address->s6_addr;
	const uint32_t first = four_bytes(p);

	if (IN6_IS_ADDR_LOOPBACK(address))
		return reach != PUSH_PUBLIC;
	if (IN6_IS_ADDR_V4MAPPED(address) || !memcmp(p, translated, sizeof(translated)))
		return v4_sound(four_bytes(p + 12), reach);
	if (reach == PUSH_LOOPBACK)
		return false;
	if ((p[0] & 0xfe) == 0xfc) /* fc00::/7, a site's own */
		return reach == PUSH_LOCAL;
	if (first >> 16 == 0x2002) /* 2002::/16, 6to4 */
		return v4_sound(four_bytes(p + 2), reach);
	/* What is left must be global unicast, 2000::/3, without 2001::/23 (protocols, Teredo among them) and documentation. */
	return first >> 29 == 1 && first >> 9 != 0x20010000u >> 9 && first != 0x20010db8 &&
	       first >> 12 != 0x3fff0000u >> 12;
}

bool push_address_sound(const struct sockaddr *a, enum push_reach reach)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	/* The caller's bytes need not be aligned for these. */
	if (a->sa_family == AF_INET) {
		memcpy(&v4, a, sizeof(v4));
		return v4_sound(ntohl(v4.sin_addr.s_addr), reach);
	}
	if (a->sa_family == AF_INET6) {
		memcpy(&v6, a, sizeof(v6));
		return v6_sound(&v6.sin6_addr, reach);
	}
	return false;
}

/* ---- URLs ---- */

static bool has_part(CURLU *u, CURLUPart part)
{
	char *value = NULL;
	bool has = curl_url_get(u, part, &value, 0) == CURLUE_OK;

	curl_free(value);
	return has;
}

/* The host, when it is an address in numbers. false: it is a name. */
static bool read_address(const char *host, struct sockaddr_storage *ret)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	char bare[64];
	size_t n = strlen(host);

	*ret = (struct sockaddr_storage){0};
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		memcpy(ret, &v4, sizeof(v4));
		return true;
	}
	if (n < 3 || n - 2 >= sizeof(bare) || host[0] != '[')
		return false;
	memcpy(bare, host + 1, n - 2);
	bare[n - 2] = 0;
	if (inet_pton(AF_INET6, bare, &v6.sin6_addr) != 1)
		return false;
	memcpy(ret, &v6, sizeof(v6));
	return true;
}

static enum err check_parts(CURLU *u, const char *scheme, const char *host, bool local,
			    enum push_reach *ret, struct cause *why)
{
	const bool plain = !strcmp(scheme, "http");
	enum push_reach reach = local ? PUSH_LOCAL : PUSH_PUBLIC;
	struct sockaddr_storage address;
	const bool in_numbers = read_address(host, &address);

	if (!plain && strcmp(scheme, "https") != 0)
		return fail(why, ERR_FORMAT, "the URL must begin with https://");
	if (plain) {
		reach = PUSH_LOOPBACK;
		if (!local || (!in_numbers && strcmp(host, "localhost") != 0))
			return fail(why, ERR_DENIED,
				    "the URL must begin with https://: what is sent to it is not "
				    "for others to read");
	}
	if (has_part(u, CURLUPART_USER) || has_part(u, CURLUPART_PASSWORD) ||
	    has_part(u, CURLUPART_FRAGMENT) || has_part(u, CURLUPART_ZONEID))
		return fail(why, ERR_FORMAT,
			    "the URL must not hold a user, a password, a zone or a fragment");
	if (in_numbers && !push_address_sound((const struct sockaddr *)&address, reach))
		return fail(why, ERR_DENIED, "the hub does not call this address");
	*ret = reach;
	return ERR_NONE;
}

enum err push_check_url(struct span url, bool local, enum push_reach *ret_reach, struct cause *why)
{
	char text[HOOK_URL_BYTES + 1], *scheme = NULL, *host = NULL;
	CURLU *u;
	enum err e;

	if (!url.n || url.n > HOOK_URL_BYTES)
		return fail(why, ERR_FORMAT, "a URL has 1 to %d characters", HOOK_URL_BYTES);
	for (uint32_t i = 0; i < url.n; i++)
		if (url.p[i] <= 0x20 || url.p[i] > 0x7e)
			return fail(why, ERR_FORMAT,
				    "the URL holds a blank, a control or no ASCII character");
	memcpy(text, url.p, url.n);
	text[url.n] = 0;
	u = curl_url();
	if (!u)
		return fail(why, ERR_NOMEM, "no memory");
	if (curl_url_set(u, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) ||
	    curl_url_get(u, CURLUPART_HOST, &host, 0))
		e = fail(why, ERR_FORMAT, "this is not a URL such as https://example.com/hook");
	else
		e = check_parts(u, scheme, host, local, ret_reach, why);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return e;
}
