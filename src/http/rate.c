#include "http/rate.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { SETS = 1024, WAYS = 8 };
#define SECOND INT64_C(1000000)

struct bucket {
	uint64_t key;  /* 0: free */
	int64_t level; /* millionths of a request */
	int64_t at;    /* when it stood so */
};

struct rate {
	pthread_mutex_t lock;
	int64_t a_second, full;
	struct bucket bucket[SETS][WAYS];
};

enum err rate_open(unsigned a_second, struct rate **ret, struct cause *why)
{
	struct rate *r = calloc(1, sizeof(*r));

	if (!r)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_init(&r->lock, NULL);
	r->a_second = a_second;
	r->full = (int64_t)a_second * RATE_BURST_SECONDS * SECOND;
	*ret = r;
	return ERR_NONE;
}

void rate_close(struct rate *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* Whoever has one address of IPv6 has the 2^64 that begin alike: they are one. Those that stand for one of IPv4 are not. */
static struct span network_of(struct span address, char room[INET6_ADDRSTRLEN])
{
	struct in6_addr a;

	if (address.n >= INET6_ADDRSTRLEN)
		return address;
	memcpy(room, address.p, address.n);
	room[address.n] = 0;
	if (inet_pton(AF_INET6, room, &a) != 1 || IN6_IS_ADDR_V4MAPPED(&a))
		return address;
	memset(a.s6_addr + 8, 0, 8);
	return inet_ntop(AF_INET6, &a, room, INET6_ADDRSTRLEN) ? span_of(room) : address;
}

static uint64_t key_of(const char *kind, struct span which)
{
	const struct span piece[] = {span_of(kind), SPAN("\n"), which};
	struct hash h = hash_pieces(piece, ARRAY_LEN(piece));
	uint64_t key;

	memcpy(&key, h.byte, sizeof(key));
	return key ? key : 1;
}

/* Its own bucket, or a full one in the place of who has not asked for longest. */
static struct bucket *bucket_of(struct rate *r, uint64_t key, int64_t now)
{
	struct bucket *set = r->bucket[key % SETS], *oldest = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (!set[i].key || (oldest->key && set[i].at < oldest->at))
			oldest = &set[i];
	}
	*oldest = (struct bucket){key, r->full, now};
	return oldest;
}

static unsigned take(struct rate *r, struct bucket *b, int64_t now)
{
	int64_t passed = now - b->at;

	if (passed > RATE_BURST_SECONDS * SECOND)
		passed = RATE_BURST_SECONDS * SECOND;
	b->at = now;
	b->level += passed * r->a_second;
	if (b->level > r->full)
		b->level = r->full;
	if (b->level >= SECOND) {
		b->level -= SECOND;
		return 0;
	}
	return (unsigned)((SECOND - b->level) / (r->a_second * SECOND)) + 1;
}

unsigned rate_take_address(struct rate *r, const char *address, int64_t now)
{
	char room[INET6_ADDRSTRLEN];

	return rate_take(r, "address", network_of(span_of(address), room), now);
}

unsigned rate_take(struct rate *r, const char *kind, struct span which, int64_t now)
{
	uint64_t key;
	unsigned wait;

	if (!r->a_second)
		return 0;
	key = key_of(kind, which);
	pthread_mutex_lock(&r->lock);
	wait = take(r, bucket_of(r, key, now), now);
	pthread_mutex_unlock(&r->lock);
	return wait;
}
