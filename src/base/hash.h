/* SHA-256 and HMAC-SHA256 (libcrypto), Ed25519 signatures, and text forms of bytes. */
#ifndef CUSTOMHOUSE_BASE_HASH_H
#define CUSTOMHOUSE_BASE_HASH_H

#include "base/span.h"

struct hash {
	uint8_t byte[32];
};

/* SHA-256 of one or several pieces, in order. Never fails. */
struct hash hash_bytes(const void *p, size_t n);
struct hash hash_pieces(const struct span *pieces, size_t n);
/* HMAC-SHA-256 (RFC 2104) with a key that is used often: set once, then half the work a message. As secret as the key. */
struct hmac_key {
	_Alignas(8) uint8_t inner[112], outer[112]; /* libcrypto's states behind the two pads */
};
void hmac_key_set(struct hmac_key *k, const uint8_t *key, size_t key_bytes);
struct hash hmac_with(const struct hmac_key *k, const struct span *pieces, size_t n);
/* The same for one message. */
struct hash hash_hmac(const uint8_t *key, size_t key_bytes, const struct span *pieces, size_t n);

/* SHA-256 of what comes piece by piece: hash_start(), any number of hash_add(), hash_finish(). */
struct hash_stream {
	uint64_t state[14];
};
void hash_start(struct hash_stream *s);
void hash_add(struct hash_stream *s, const void *p, size_t n);
struct hash hash_finish(struct hash_stream *s);

bool hash_equal(const struct hash *a, const struct hash *b);

/* 64 lower-case hexadecimal digits and a NUL. */
void hash_hex(const struct hash *h, char ret[65]);
enum err hash_from_hex(struct span s, struct hash *ret) MUST_CHECK;

/* Ed25519: a 32-byte seed makes the key pair; signatures are 64 bytes. ERR_FORMAT: not a key. */
struct signature {
	uint8_t byte[64];
};
enum err sign_public_key(const uint8_t seed[32], uint8_t ret_public[32]) MUST_CHECK;
enum err sign_bytes(const uint8_t seed[32], const void *p, size_t n,
		    struct signature *ret) MUST_CHECK;
bool sign_verify(const uint8_t public_key[32], const void *p, size_t n, const struct signature *s);

#endif
