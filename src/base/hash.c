#include "base/hash.h"

/* The one-call SHA-256 state is deprecated in OpenSSL 3 but costs a quarter of an EVP context for short texts, and a declaration
 * is hashed a dozen times. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

struct hash hash_bytes(const void *p, size_t n)
{
	struct hash h;
	SHA256_CTX c;

	SHA256_Init(&c);
	SHA256_Update(&c, p, n);
	SHA256_Final(h.byte, &c);
	return h;
}

struct hash hash_pieces(const struct span *pieces, size_t n)
{
	struct hash h;
	SHA256_CTX c;

	SHA256_Init(&c);
	for (size_t i = 0; i < n; i++)
		SHA256_Update(&c, pieces[i].p, pieces[i].n);
	SHA256_Final(h.byte, &c);
	return h;
}

_Static_assert(sizeof(SHA256_CTX) == sizeof(((struct hash_stream *)0)->state),
	       "the state fits the face of base/hash.h");

void hash_start(struct hash_stream *s)
{
	SHA256_CTX c;

	SHA256_Init(&c);
	memcpy(s->state, &c, sizeof(c));
}

void hash_add(struct hash_stream *s, const void *p, size_t n)
{
	SHA256_CTX c;

	memcpy(&c, s->state, sizeof(c));
	SHA256_Update(&c, p, n);
	memcpy(s->state, &c, sizeof(c));
}

struct hash hash_finish(struct hash_stream *s)
{
	struct hash h;
	SHA256_CTX c;

	memcpy(&c, s->state, sizeof(c));
	SHA256_Final(h.byte, &c);
	return h;
}

_Static_assert(sizeof(SHA256_CTX) <= sizeof(((struct hmac_key *)0)->inner),
	       "a state fits its room");

/* RFC 2104 over the state above. */
void hmac_key_set(struct hmac_key *k, const uint8_t *key, size_t key_bytes)
{
	uint8_t pad[64] = {0};
	SHA256_CTX c;

	if (key_bytes > sizeof(pad))
		memcpy(pad, hash_bytes(key, key_bytes).byte, sizeof(struct hash));
	else
		memcpy(pad, key, key_bytes);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	SHA256_Init(&c);
	SHA256_Update(&c, pad, sizeof(pad));
	memcpy(k->inner, &c, sizeof(c));
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	SHA256_Init(&c);
	SHA256_Update(&c, pad, sizeof(pad));
	memcpy(k->outer, &c, sizeof(c));
	OPENSSL_cleanse(pad, sizeof(pad));
	OPENSSL_cleanse(&c, sizeof(c));
}

struct hash hmac_with(const struct hmac_key *k, const struct span *pieces, size_t n)
{
	struct hash h;
	SHA256_CTX c;

	memcpy(&c, k->inner, sizeof(c));
	for (size_t i = 0; i < n; i++)
		SHA256_Update(&c, pieces[i].p, pieces[i].n);
	SHA256_Final(h.byte, &c);
	memcpy(&c, k->outer, sizeof(c));
	SHA256_Update(&c, h.byte, sizeof(h.byte));
	SHA256_Final(h.byte, &c);
	OPENSSL_cleanse(&c, sizeof(c));
	return h;
}

struct hash hash_hmac(const uint8_t *key, size_t key_bytes, const struct span *pieces, size_t n)
{
	struct hmac_key k;
	struct hash h;

	hmac_key_set(&k, key, key_bytes);
	h = hmac_with(&k, pieces, n);
	OPENSSL_cleanse(&k, sizeof(k));
	return h;
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
	return CRYPTO_memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}

void hash_hex(const struct hash *h, char ret[65])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(h->byte); i++) {
		ret[i * 2] = digit[h->byte[i] >> 4];
		ret[i * 2 + 1] = digit[h->byte[i] & 15];
	}
	ret[64] = 0;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

enum err hash_from_hex(struct span s, struct hash *ret)
{
	struct hash h;

	if (s.n != 64)
		return ERR_FORMAT;
	for (size_t i = 0; i < sizeof(h.byte); i++) {
		int high = hex_value(s.p[i * 2]), low = hex_value(s.p[i * 2 + 1]);

		if (high < 0 || low < 0)
			return ERR_FORMAT;
		h.byte[i] = (uint8_t)(high << 4 | low);
	}
	*ret = h;
	return ERR_NONE;
}

enum err sign_public_key(const uint8_t seed[32], uint8_t ret_public[32])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	size_t n = 32;
	bool ok = key && EVP_PKEY_get_raw_public_key(key, ret_public, &n) == 1;

	EVP_PKEY_free(key);
	return ok ? ERR_NONE : ERR_FORMAT;
}

enum err sign_bytes(const uint8_t seed[32], const void *p, size_t n, struct signature *ret)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t size = sizeof(ret->byte);
	bool ok = key && c && EVP_DigestSignInit(c, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestSign(c, ret->byte, &size, p, n) == 1;

	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return ok ? ERR_NONE : ERR_FORMAT;
}

bool sign_verify(const uint8_t public_key[32], const void *p, size_t n, const struct signature *s)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, 32);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok = key && c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestVerify(c, s->byte, sizeof(s->byte), p, n) == 1;

	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return ok;
}
