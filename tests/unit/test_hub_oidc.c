/* hub: ID tokens, signed here with keys made here. What holds, and every way not to. */
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/limits.h"
#include "hub/people/oidc_token.h"
#include "unit.h"

#define NOW    1795305600
#define ISSUER "https://id.example/realms/customs"

static struct arena *arena;
static EVP_PKEY *rsa, *other_rsa, *small_rsa, *ec, *p384;

/* ---- what a provider does ---- */

static const char *encode(const void *p, size_t n)
{
	struct text t = text_in(arena);

	base64_write(&t, p, n);
	while (t.n && t.p[t.n - 1] == '=')
		t.n--;
	for (size_t i = 0; i < t.n; i++)
		t.p[i] = t.p[i] == '+' ? '-' : t.p[i] == '/' ? '_' : t.p[i];
	return arena_copy(arena, t.p, t.n);
}

static const char *number(EVP_PKEY *key, const char *name, int width)
{
	unsigned char bytes[1024];
	BIGNUM *n = NULL;
	const char *text;

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
	if (!width)
		width = BN_num_bytes(n);
	assert_int_equal(BN_bn2binpad(n, bytes, width), width);
	text = encode(bytes, (size_t)width);
	BN_free(n);
	return text;
}

/* A key as it is published; more: further members. */
static const char *rsa_jwk(EVP_PKEY *key, const char *kid, const char *more)
{
	return arena_print(arena, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}",
			   kid, number(key, OSSL_PKEY_PARAM_RSA_N, 0),
			   number(key, OSSL_PKEY_PARAM_RSA_E, 0), more);
}

static const char *ec_jwk(EVP_PKEY *key, const char *kid, const char *curve, int width)
{
	return arena_print(
	    arena, "{\"kty\":\"EC\",\"kid\":\"%s\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}", kid,
	    curve, number(key, OSSL_PKEY_PARAM_EC_PUB_X, width),
	    number(key, OSSL_PKEY_PARAM_EC_PUB_Y, width));
}

static struct span set_of(const char *one, const char *two)
{
	return span_of(arena_print(arena, "{\"keys\":[%s%s%s]}", one, *two ? "," : "", two));
}

static struct span all_keys(void)
{
	return set_of(rsa_jwk(rsa, "r", ",\"use\":\"sig\""), ec_jwk(ec, "e", "P-256", 32));
}

static const char *sign(EVP_PKEY *key, const char *algorithm, const char *content)
{
	unsigned char signature[1024], raw[64];
	const unsigned char *der = signature;
	size_t n = sizeof(signature);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *settings;
	ECDSA_SIG *numbers;

	assert_int_equal(EVP_DigestSignInit(c, &settings, EVP_sha256(), NULL, key), 1);
	if (!strcmp(algorithm, "PS256")) {
		EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
	}
	assert_int_equal(
	    EVP_DigestSign(c, signature, &n, (const unsigned char *)content, strlen(content)), 1);
	EVP_MD_CTX_free(c);
	if (strcmp(algorithm, "ES256") != 0)
		return encode(signature, n);
	numbers = d2i_ECDSA_SIG(NULL, &der, (long)n);
	BN_bn2binpad(ECDSA_SIG_get0_r(numbers), raw, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(numbers), raw + 32, 32);
	ECDSA_SIG_free(numbers);
	return encode(raw, sizeof(raw));
}

static struct span token_of(EVP_PKEY *key, const char *algorithm, const char *head,
			    const char *claims)
{
	const char *content =
	    arena_print(arena, "%s.%s", encode(head, strlen(head)), encode(claims, strlen(claims)));

	return span_of(arena_print(arena, "%s.%s", content, sign(key, algorithm, content)));
}

#define HEAD_RS "{\"alg\":\"RS256\",\"kid\":\"r\"}"
#define SOUND                                                                                      \
	"\"iss\":\"" ISSUER "\",\"aud\":\"hub\",\"sub\":\"4711\",\"preferred_username\":\"ann\","  \
	"\"nonce\":\"n-1\",\"iat\":1795305590,\"exp\":1795305900"
#define CLAIMS "{" SOUND "}"

static struct oidc_named named; /* by the newest token that held */

static enum err check_as(struct span keys, struct span token, const char *claim, int64_t now,
			 struct span *ret_login, struct cause *why)
{
	const struct oidc_wanted wanted = {.issuer = SPAN(ISSUER),
					   .client = SPAN("hub"),
					   .nonce = SPAN("n-1"),
					   .claim = claim,
					   .groups = "groups",
					   .now = now};
	enum err e = oidc_token_check(arena, keys, token, &wanted, &named, why);

	if (!e)
		*ret_login = named.login;
	return e;
}

static void expect(struct span keys, struct span token, enum err wanted, const char *text)
{
	struct span login = SPAN("");
	struct cause why = {0};

	assert_int_equal(check_as(keys, token, "preferred_username", NOW, &login, &why), wanted);
	if (wanted)
		assert_non_null(strstr(why.text, text));
	else
		assert_true(span_is(login, text));
}

static int make_keys(void **state)
{
	(void)state;
	arena = arena_new(LIMIT_ARENA_BYTES);
	rsa = EVP_RSA_gen(2048);
	other_rsa = EVP_RSA_gen(2048);
	small_rsa = EVP_RSA_gen(1024);
	ec = EVP_EC_gen("P-256");
	p384 = EVP_EC_gen("P-384");
	return !(arena && rsa && other_rsa && small_rsa && ec && p384);
}

static int free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(other_rsa);
	EVP_PKEY_free(small_rsa);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(p384);
	arena_free(arena);
	return 0;
}

/* ---- what holds ---- */

static void test_each_algorithm(void **state)
{
	(void)state;
	expect(all_keys(), token_of(rsa, "RS256", HEAD_RS, CLAIMS), ERR_NONE, "ann");
	expect(all_keys(), token_of(rsa, "PS256", "{\"alg\":\"PS256\",\"kid\":\"r\"}", CLAIMS),
	       ERR_NONE, "ann");
	expect(all_keys(), token_of(ec, "ES256", "{\"alg\":\"ES256\",\"kid\":\"e\"}", CLAIMS),
	       ERR_NONE, "ann");
	/* without a kid, where one key fits */
	expect(all_keys(), token_of(ec, "ES256", "{\"alg\":\"ES256\"}", CLAIMS), ERR_NONE, "ann");
}

/* ---- algorithms and keys ---- */

static void test_the_algorithm_is_not_the_senders_choice(void **state)
{
	const char *head, *content;
	const struct span published = span_of(number(rsa, OSSL_PKEY_PARAM_RSA_N, 0));
	struct span pieces[1];
	struct hash h;

	(void)state;
	/* none, with and without a signature */
	for (int i = 0; i < 2; i++) {
		head = i ? "{\"alg\":\"none\",\"kid\":\"r\"}" : "{\"alg\":\"None\",\"kid\":\"r\"}";
		content = arena_print(arena, "%s.%s", encode(head, strlen(head)),
				      encode(CLAIMS, strlen(CLAIMS)));
		expect(all_keys(), span_of(arena_print(arena, "%s.", content)), ERR_FORMAT,
		       "three parts");
		expect(all_keys(), span_of(arena_print(arena, "%s.AAAA", content)), ERR_DENIED,
		       "none of RS256");
	}
	/* HMAC with what is published as its key */
	head = "{\"alg\":\"HS256\",\"kid\":\"r\"}";
	content =
	    arena_print(arena, "%s.%s", encode(head, strlen(head)), encode(CLAIMS, strlen(CLAIMS)));
	pieces[0] = span_of(content);
	h = hash_hmac((const uint8_t *)published.p, published.n, pieces, 1);
	expect(all_keys(), span_of(arena_print(arena, "%s.%s", content, encode(h.byte, 32))),
	       ERR_DENIED, "none of RS256");
	/* an algorithm that is not the key's */
	expect(all_keys(), token_of(rsa, "RS256", "{\"alg\":\"ES256\",\"kid\":\"r\"}", CLAIMS),
	       ERR_NOT_FOUND, "no key");
	expect(all_keys(), token_of(ec, "ES256", "{\"alg\":\"RS256\",\"kid\":\"e\"}", CLAIMS),
	       ERR_NOT_FOUND, "no key");
	expect(all_keys(), token_of(rsa, "PS256", HEAD_RS, CLAIMS), ERR_DENIED, "signature");
	expect(set_of(rsa_jwk(rsa, "r", ",\"alg\":\"PS256\""), ""),
	       token_of(rsa, "RS256", HEAD_RS, CLAIMS), ERR_NOT_FOUND, "no key");
	expect(set_of(rsa_jwk(rsa, "r", ",\"use\":\"enc\""), ""),
	       token_of(rsa, "RS256", HEAD_RS, CLAIMS), ERR_NOT_FOUND, "no key");
	expect(all_keys(),
	       token_of(rsa, "RS256", "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"x\"]}", CLAIMS),
	       ERR_DENIED, "crit");
	/* a key that the token brings along is nobody's */
	expect(all_keys(),
	       token_of(other_rsa, "RS256",
			arena_print(arena, "{\"alg\":\"RS256\",\"kid\":\"r\",\"jwk\":%s}",
				    rsa_jwk(other_rsa, "r", "")),
			CLAIMS),
	       ERR_DENIED, "signature");
}

static void test_keys(void **state)
{
	const struct span token = token_of(rsa, "RS256", HEAD_RS, CLAIMS);

	(void)state;
	expect(all_keys(), token_of(other_rsa, "RS256", HEAD_RS, CLAIMS), ERR_DENIED, "signature");
	expect(set_of(rsa_jwk(rsa, "q", ""), ""), token, ERR_NOT_FOUND, "no key");
	expect(set_of("", ""), token, ERR_NOT_FOUND, "no key");
	expect(set_of(rsa_jwk(rsa, "r", ""), rsa_jwk(other_rsa, "r", "")), token, ERR_DENIED,
	       "several");
	expect(set_of(rsa_jwk(rsa, "a", ""), rsa_jwk(other_rsa, "b", "")),
	       token_of(rsa, "RS256", "{\"alg\":\"RS256\"}", CLAIMS), ERR_DENIED, "several");
	expect(set_of(rsa_jwk(small_rsa, "r", ""), ""),
	       token_of(small_rsa, "RS256", HEAD_RS, CLAIMS), ERR_FORMAT, "bits");
	expect(set_of(ec_jwk(p384, "e", "P-384", 48), ""),
	       token_of(ec, "ES256", "{\"alg\":\"ES256\",\"kid\":\"e\"}", CLAIMS), ERR_FORMAT,
	       "P-256");
	/* a point that is not on the curve */
	expect(set_of(ec_jwk(p384, "e", "P-256", 48), ""),
	       token_of(ec, "ES256", "{\"alg\":\"ES256\",\"kid\":\"e\"}", CLAIMS), ERR_FORMAT,
	       "P-256");
	expect(SPAN("{}"), token, ERR_FORMAT, "JWK set");
	expect(SPAN("[]"), token, ERR_FORMAT, "no JSON object");
	expect(SPAN("{"), token, ERR_FORMAT, "not JSON");
	expect(SPAN("{\"keys\":[1,null,{\"kid\":\"r\"}]}"), token, ERR_NOT_FOUND, "no key");
}

/* ---- claims ---- */

/* The claims with `from` replaced. */
static const char *with(const char *from, const char *to)
{
	const char *at = strstr(CLAIMS, from);

	assert_non_null(at);
	return arena_print(arena, "%.*s%s%s", (int)(at - CLAIMS), CLAIMS, to, at + strlen(from));
}

static void test_claims(void **state)
{
	static const struct {
		const char *from, *to;
		enum err err;
		const char *text;
	} cases[] = {
	    {"\"iss\":\"https", "\"iss\":\"http", ERR_DENIED, "iss"},
	    {"\"iss\":\"" ISSUER "\",", "", ERR_DENIED, "iss"},
	    {"customs\",\"aud", "customs/\",\"aud", ERR_DENIED, "iss"},
	    {"\"aud\":\"hub\"", "\"aud\":\"hub2\"", ERR_DENIED, "aud"},
	    {"\"aud\":\"hub\"", "\"aud\":[\"a\",\"b\"]", ERR_DENIED, "aud"},
	    {"\"aud\":\"hub\"", "\"aud\":[]", ERR_DENIED, "aud"},
	    {"\"aud\":\"hub\",", "", ERR_DENIED, "aud"},
	    {"\"aud\":\"hub\"", "\"aud\":[\"hub\"]", ERR_NONE, "ann"},
	    {"\"aud\":\"hub\"", "\"aud\":[\"hub\",\"b\"]", ERR_DENIED, "azp"},
	    {"\"aud\":\"hub\"", "\"aud\":[\"b\",\"hub\"],\"azp\":\"hub\"", ERR_NONE, "ann"},
	    {"\"aud\":\"hub\"", "\"aud\":\"hub\",\"azp\":\"b\"", ERR_DENIED, "azp"},
	    {"\"exp\":1795305900", "\"exp\":1795305540", ERR_DENIED, "expired"},
	    {"\"exp\":1795305900", "\"exp\":1795305541", ERR_NONE, "ann"},
	    {",\"exp\":1795305900", "", ERR_FORMAT, "exp"},
	    {"\"exp\":1795305900", "\"exp\":\"1795305900\"", ERR_FORMAT, "exp"},
	    {"\"exp\":1795305900", "\"exp\":1e99", ERR_FORMAT, "exp"},
	    {"\"exp\":1795305900", "\"exp\":-9223372036854775808", ERR_DENIED, "expired"},
	    {"\"iat\":1795305590", "\"iat\":1795305661", ERR_DENIED, "clocks"},
	    {"\"iat\":1795305590", "\"iat\":1795305660", ERR_NONE, "ann"},
	    {"\"iat\":1795305590", "\"iat\":1795304999", ERR_DENIED, "long ago"},
	    {"\"iat\":1795305590", "\"iat\":-9223372036854775808", ERR_DENIED, "long ago"},
	    {"\"iat\":1795305590", "\"iat\":9223372036854775807", ERR_DENIED, "clocks"},
	    {"\"iat\":1795305590,", "", ERR_FORMAT, "iat"},
	    {"\"iat\":", "\"nbf\":1795305661,\"iat\":", ERR_DENIED, "clocks"},
	    {"\"nonce\":\"n-1\"", "\"nonce\":\"n-2\"", ERR_DENIED, "nonce"},
	    {"\"nonce\":\"n-1\",", "", ERR_DENIED, "nonce"},
	    {"\"sub\":\"4711\",", "", ERR_FORMAT, "sub"},
	    {"\"preferred_username\":\"ann\",", "", ERR_DENIED, "preferred_username"},
	    {"\"preferred_username\":\"ann\"", "\"preferred_username\":[\"ann\"]", ERR_DENIED,
	     "preferred_username"},
	    {"\"iss\":", "\"nonce\":\"n-1\",\"iss\":", ERR_FORMAT, "not JSON"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(all_keys(),
		       token_of(rsa, "RS256", HEAD_RS, with(cases[i].from, cases[i].to)),
		       cases[i].err, cases[i].text);
}

static void test_an_address_is_verified(void **state)
{
	static const struct {
		const char *more;
		enum err err;
	} cases[] = {{"\"email_verified\":true", ERR_NONE},
		     {"\"email_verified\":false", ERR_DENIED},
		     {"\"email_verified\":\"true\"", ERR_DENIED},
		     {"\"x\":1", ERR_DENIED}};
	struct span login;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *claims = arena_print(
		    arena, "{" SOUND ",\"email\":\"ann@example.com\",%s}", cases[i].more);

		assert_int_equal(check_as(all_keys(), token_of(rsa, "RS256", HEAD_RS, claims),
					  "email", NOW, &login, NULL),
				 cases[i].err);
		if (!cases[i].err)
			assert_true(span_is(login, "ann@example.com"));
	}
}

/* ---- bytes ---- */

static void test_every_cut_and_every_flip_is_refused(void **state)
{
	const struct span keys = all_keys(), whole = token_of(rsa, "RS256", HEAD_RS, CLAIMS);
	struct span login;

	(void)state;
	for (uint32_t n = 0; n < whole.n; n += n < 40 || n + 400 > whole.n ? 1 : 13) {
		struct span cut = {whole.p, n, 0};

		assert_int_not_equal(check_as(keys, cut, "preferred_username", NOW, &login, NULL),
				     ERR_NONE);
	}
	for (uint32_t i = 0; i < whole.n; i++) {
		char *copy = arena_copy(arena, whole.p, whole.n);

		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		assert_int_not_equal(check_as(keys, (struct span){copy, whole.n, 0},
					      "preferred_username", NOW, &login, NULL),
				     ERR_NONE);
	}
}

static void test_bounds_and_forms(void **state)
{
	const struct span sound = token_of(rsa, "RS256", HEAD_RS, CLAIMS);
	char *huge = arena_alloc(arena, OIDC_KEYS_BYTES + 2);
	struct text many = text_in(arena);
	struct span bytes;

	(void)state;
	memset(huge, ' ', OIDC_KEYS_BYTES + 2);
	expect(all_keys(), (struct span){huge, OIDC_TOKEN_BYTES + 1, 0}, ERR_LIMIT, "bytes");
	expect((struct span){huge, OIDC_KEYS_BYTES + 1, 0}, sound, ERR_LIMIT, "bytes");
	text_string(&many, "{\"keys\":[{}");
	for (int i = 0; i < OIDC_KEYS; i++)
		text_string(&many, ",{}");
	text_string(&many, "]}");
	expect(text_as_span(&many), sound, ERR_FORMAT, "too many");
	expect(all_keys(), SPAN(""), ERR_LIMIT, "bytes");
	expect(all_keys(), SPAN("a.b"), ERR_FORMAT, "three parts");
	expect(all_keys(), span_of(arena_print(arena, "%.*s.e30", SPAN_ARG(sound))), ERR_FORMAT,
	       "three parts");
	expect(all_keys(), span_of(arena_print(arena, "%.*s=", SPAN_ARG(sound))), ERR_FORMAT,
	       "base64url");
	expect(all_keys(), span_of(arena_print(arena, " %.*s", SPAN_ARG(sound))), ERR_FORMAT,
	       "base64url");
	assert_int_equal(oidc_base64url_read(arena, SPAN("-_-_"), &bytes), ERR_NONE);
	assert_int_equal(bytes.n, 3);
	assert_int_equal(oidc_base64url_read(arena, SPAN("+/+/"), &bytes), ERR_FORMAT);
	assert_int_equal(oidc_base64url_read(arena, SPAN("QQ"), &bytes), ERR_NONE);
	assert_int_equal(oidc_base64url_read(arena, SPAN("QR"), &bytes), ERR_FORMAT);
	assert_int_equal(oidc_base64url_read(arena, SPAN("Q"), &bytes), ERR_FORMAT);
}

static void expect_groups(const char *member, uint32_t groups, const char *first)
{
	struct span login = SPAN("");
	const char *claims = arena_print(arena, "{" SOUND "%s}", member);

	assert_int_equal(check_as(all_keys(), token_of(rsa, "RS256", HEAD_RS, claims),
				  "preferred_username", NOW, &login, NULL),
			 ERR_NONE);
	assert_int_equal(named.groups, groups);
	assert_true(!groups || span_is(named.group[0], first));
}

static void test_groups(void **state)
{
	struct text many = text_in(arena);
	struct span login;
	struct cause why = {0};

	(void)state;
	expect_groups("", 0, NULL);
	expect_groups(",\"groups\":[]", 0, NULL);
	expect_groups(",\"groups\":[\"tills\",\"front\"]", 2, "tills");
	expect_groups(",\"groups\":\"tills\"", 1, "tills");
	expect_groups(",\"groups\":[7,null,\"front\",[\"tills\"]]", 1, "front");
	expect_groups(",\"groups\":{\"tills\":1}", 0, NULL);
	expect_groups(",\"groups\":true", 0, NULL);
	text_string(&many, "{" SOUND ",\"groups\":[\"a\"");
	for (int i = 0; i < OIDC_GROUPS; i++)
		text_string(&many, ",\"a\"");
	text_string(&many, "]}");
	text_char(&many, 0);
	assert_int_equal(check_as(all_keys(), token_of(rsa, "RS256", HEAD_RS, many.p),
				  "preferred_username", NOW, &login, &why),
			 ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_each_algorithm),
	    cmocka_unit_test(test_the_algorithm_is_not_the_senders_choice),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_claims),
	    cmocka_unit_test(test_an_address_is_verified),
	    cmocka_unit_test(test_every_cut_and_every_flip_is_refused),
	    cmocka_unit_test(test_bounds_and_forms),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
