/* base/hash against the published vectors: FIPS 180-4, RFC 4231, RFC 8032. */
#include "unit.h"

#include <stdio.h>

#include "base/hash.h"

static void must_be(struct hash h, const char *hex)
{
	char got[65];

	hash_hex(&h, got);
	assert_string_equal(got, hex);
}

static void test_sha256(void **state)
{
	static char million[1000000];
	struct span pieces[3] = {SPAN("a"), {NULL, 0, 0}, SPAN("bc")};

	(void)state;
	must_be(hash_bytes("", 0),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	must_be(hash_bytes("abc", 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	must_be(hash_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof(million));
	must_be(hash_bytes(million, sizeof(million)),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	must_be(hash_pieces(pieces, 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	must_be(hash_pieces(NULL, 0),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void must_hmac(int key_byte, size_t key_bytes, int data_byte, size_t data_bytes,
		      const char *hex)
{
	uint8_t key[131];
	char data[64];

	memset(key, key_byte, sizeof(key));
	memset(data, data_byte, sizeof(data));
	must_be(hash_hmac(key, key_bytes, (struct span[]){{data, (uint32_t)data_bytes, 0}}, 1),
		hex);
}

static void test_hmac(void **state)
{
	struct span want[2] = {SPAN("what do ya want "), SPAN("for nothing?")};
	struct span larger = SPAN("This is a test using a larger than block-size key and a larger "
				  "than block-size data. The key "
				  "needs to be hashed before being used by the HMAC algorithm.");
	struct span first = SPAN("Test Using Larger Than Block-Size Key - Hash Key First");
	uint8_t key[131], counting[25];

	(void)state;
	memset(key, 0x0b, sizeof(key));
	must_be(hash_hmac(key, 20, (struct span[]){SPAN("Hi There")}, 1),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	must_be(hash_hmac((const uint8_t *)"Jefe", 4, want, 2),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	must_hmac(0xaa, 20, 0xdd, 50,
		  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	for (uint8_t i = 0; i < sizeof(counting); i++)
		counting[i] = (uint8_t)(i + 1);
	{
		char data[50];

		memset(data, 0xcd, sizeof(data));
		must_be(hash_hmac(counting, sizeof(counting),
				  (struct span[]){{data, sizeof(data), 0}}, 1),
			"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	}
	memset(key, 0xaa, sizeof(key));
	must_be(hash_hmac(key, 131, &first, 1),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	must_be(hash_hmac(key, 131, &larger, 1),
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

static void test_hexadecimal(void **state)
{
	struct hash h = hash_bytes("abc", 3), back = {0};
	char hex[65];

	(void)state;
	hash_hex(&h, hex);
	assert_int_equal(hash_from_hex(span_of(hex), &back), ERR_NONE);
	assert_true(hash_equal(&h, &back));
	back.byte[31] ^= 1;
	assert_false(hash_equal(&h, &back));
	assert_int_equal(hash_from_hex((struct span){hex, 63, 0}, &back), ERR_FORMAT);
	hex[5] = 'G';
	assert_int_equal(hash_from_hex(span_of(hex), &back), ERR_FORMAT);
	hex[5] = 'A';
	assert_int_equal(hash_from_hex(span_of(hex), &back), ERR_FORMAT);
}

/* Bytes of a test vector written as hexadecimal digits. */
static void from_hex(const char *hex, uint8_t *ret, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		ret[i] = (uint8_t)byte;
	}
}

static const struct {
	const char *seed, *public_key, *message, *signature;
	size_t message_bytes;
} ed25519[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe2465514143"
     "8e7a100b",
     0},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d2916"
     "12bb0c00",
     1},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027bece"
     "ea1ec40a",
     2},
};

static void test_ed25519(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ed25519); i++) {
		uint8_t seed[32], want_key[32], key[32], message[2] = {0};
		struct signature want, got;

		from_hex(ed25519[i].seed, seed, 32);
		from_hex(ed25519[i].public_key, want_key, 32);
		from_hex(ed25519[i].message, message, ed25519[i].message_bytes);
		from_hex(ed25519[i].signature, want.byte, 64);
		assert_int_equal(sign_public_key(seed, key), ERR_NONE);
		assert_memory_equal(key, want_key, 32);
		assert_int_equal(sign_bytes(seed, message, ed25519[i].message_bytes, &got),
				 ERR_NONE);
		assert_memory_equal(got.byte, want.byte, 64);
		assert_true(sign_verify(key, message, ed25519[i].message_bytes, &got));
		got.byte[7] ^= 1;
		assert_false(sign_verify(key, message, ed25519[i].message_bytes, &got));
		message[0] ^= 1;
		assert_false(sign_verify(
		    key, message, ed25519[i].message_bytes ? ed25519[i].message_bytes : 1, &want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sha256),
	    cmocka_unit_test(test_hmac),
	    cmocka_unit_test(test_hexadecimal),
	    cmocka_unit_test(test_ed25519),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
