#include "hub/people/oidc_token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/base64.h"
#include "codec/json.h"

enum {
	RSA_BITS_LEAST = 2048,
	RSA_BITS_MOST = 8192, /* larger ones only cost time */
	EXPONENT_BYTES = 8,
	COORDINATE_BYTES = 32, /* of P-256 */
};

enum algorithm { RS256, PS256, ES256, ALGORITHMS };
static const struct {
	const char *name, *key;
} algorithms[ALGORITHMS] = {
    [RS256] = {"RS256", "RSA"}, [PS256] = {"PS256", "RSA"}, [ES256] = {"ES256", "EC"}};

/* ---- reading ---- */

enum err oidc_base64url_read(struct arena *a, struct span s, struct span *ret)
{
	const uint32_t padded = (s.n + 3) / 4 * 4;
	char *text = arena_try(a, padded + 1u);

	if (!text)
		return arena_failure(a);
	for (uint32_t i = 0; i < padded; i++) {
		const char c = i < s.n ? s.p[i] : '=';

		if (i < s.n && (c == '+' || c == '/' || c == '='))
			return ERR_FORMAT;
		text[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	return base64_read(a, (struct span){text, padded, s.line}, ret);
}

struct token {
	const struct json *head, *claims;
	struct span content;   /* that was signed */
	struct span signature; /* bytes */
};

static enum err read_object(struct arena *a, struct span text, const struct json **ret,
			    struct cause *why)
{
	struct codec_fault fault = {0};
	enum err e = json_read(a, text, ret, &fault);

	if (e)
		return fail(why, e, "not JSON: %s", fault.text ? fault.text : "no memory");
	return (*ret)->kind == JSON_OBJECT ? ERR_NONE : fail(why, ERR_FORMAT, "no JSON object");
}

static enum err read_token(struct arena *a, struct span text, struct token *ret, struct cause *why)
{
	struct span rest = text, part[3] = {{0}}, head = {0}, claims = {0};
	enum err e = ERR_NONE;

	if (!text.n || text.n > OIDC_TOKEN_BYTES)
		return fail(why, ERR_LIMIT, "the ID token has 1 to %d bytes", OIDC_TOKEN_BYTES);
	for (int i = 0; i < 3; i++)
		part[i] = span_cut(&rest, '.');
	if (rest.p || !part[1].n || !part[2].n)
		return fail(why, ERR_FORMAT, "the ID token is not of three parts");
	ret->content = (struct span){text.p, part[0].n + 1 + part[1].n, 0};
	e = oidc_base64url_read(a, part[0], &head);
	if (!e)
		e = oidc_base64url_read(a, part[1], &claims);
	if (!e)
		e = oidc_base64url_read(a, part[2], &ret->signature);
	if (e)
		return fail(why, e, "a part of the ID token is not base64url");
	e = read_object(a, head, &ret->head, why);
	return e ? e : read_object(a, claims, &ret->claims, why);
}

/* ---- the key ---- */

/* A key that may have signed with this algorithm. What the provider says of it must agree. */
static bool key_fits(const struct json *key, enum algorithm algorithm)
{
	const struct span use = json_get_text(key, "use"), alg = json_get_text(key, "alg");

	return span_is(json_get_text(key, "kty"), algorithms[algorithm].key) &&
	       (!json_get(key, "use") || span_is(use, "sig")) &&
	       (!json_get(key, "alg") || span_is(alg, algorithms[algorithm].name));
}

/* By kid; a token without one is signed with the only key that fits. */
static enum err find_key(const struct json *set, const struct json *head, enum algorithm algorithm,
			 const struct json **ret, struct cause *why)
{
	const struct json *keys = json_get(set, "keys"), *kid = json_get(head, "kid");
	uint32_t n = 0;

	if (!keys || keys->kind != JSON_ARRAY || keys->count > OIDC_KEYS)
		return fail(why, ERR_FORMAT, "the provider's keys are no JWK set, or too many");
	if (kid && kid->kind != JSON_STRING)
		return fail(why, ERR_FORMAT, "the kid of the ID token is no text");
	for (const struct json *k = keys->first; k; k = k->next) {
		if (kid && !span_equal(json_get_text(k, "kid"), kid->text))
			continue;
		if (!key_fits(k, algorithm))
			continue;
		*ret = k;
		n++;
	}
	if (n > 1)
		return fail(why, ERR_DENIED, "several keys of the provider fit the ID token");
	return n ? ERR_NONE
		 : fail(why, ERR_NOT_FOUND,
			"the provider publishes no key for the ID token's kid and algorithm");
}

static EVP_PKEY *key_of(OSSL_PARAM_BLD *b, const char *type)
{
	OSSL_PARAM *p = OSSL_PARAM_BLD_to_param(b);
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!p || !c || EVP_PKEY_fromdata_init(c) != 1 ||
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, p) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(c);
	OSSL_PARAM_free(p);
	return key;
}

static EVP_PKEY *rsa_key(struct span n, struct span e)
{
	BIGNUM *modulus = BN_bin2bn((const unsigned char *)n.p, (int)n.n, NULL),
	       *exponent = BN_bin2bn((const unsigned char *)e.p, (int)e.n, NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (modulus && exponent && b && BN_num_bits(modulus) >= RSA_BITS_LEAST &&
	    BN_num_bits(modulus) <= RSA_BITS_MOST && BN_is_odd(exponent) && !BN_is_one(exponent) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, modulus) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, exponent))
		key = key_of(b, "RSA");
	OSSL_PARAM_BLD_free(b);
	BN_free(modulus);
	BN_free(exponent);
	return key;
}

static EVP_PKEY *ec_key(struct span x, struct span y)
{
	unsigned char point[1 + 2 * COORDINATE_BYTES] = {4}; /* not compressed: SEC 1, 2.3.3 */
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (x.n == COORDINATE_BYTES && y.n == COORDINATE_BYTES) {
		memcpy(point + 1, x.p, x.n);
		memcpy(point + 1 + x.n, y.p, y.n);
		if (b &&
		    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
		    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point,
						     sizeof(point)))
			key = key_of(b, "EC");
	}
	OSSL_PARAM_BLD_free(b);
	return key;
}

static enum err read_key(struct arena *a, const struct json *k, enum algorithm algorithm,
			 EVP_PKEY **ret, struct cause *why)
{
	const bool ec = algorithm == ES256;
	struct span one = {0}, two = {0};
	enum err e = oidc_base64url_read(a, json_get_text(k, ec ? "x" : "n"), &one);

	if (!e)
		e = oidc_base64url_read(a, json_get_text(k, ec ? "y" : "e"), &two);
	if (e)
		return fail(why, e, "the provider's key is not base64url");
	if (ec)
		*ret = span_is(json_get_text(k, "crv"), "P-256") ? ec_key(one, two) : NULL;
	else
		*ret = one.n <= RSA_BITS_MOST / 8 && two.n <= EXPONENT_BYTES ? rsa_key(one, two)
									     : NULL;
	return *ret ? ERR_NONE
		    : fail(why, ERR_FORMAT,
			   "the provider's key is none of P-256, or of RSA with %d to %d bits",
			   RSA_BITS_LEAST, RSA_BITS_MOST);
}

/* ---- the signature ---- */

/* ES256 signs two numbers of 32 bytes (RFC 7518, 3.4); libcrypto reads them as DER. */
static bool der_of(struct span raw, unsigned char ret[80], size_t *ret_n)
{
	const unsigned char *p = (const unsigned char *)raw.p;
	ECDSA_SIG *s = ECDSA_SIG_new();
	BIGNUM *one, *two;
	int n = 0;

	if (!s || raw.n != 2 * COORDINATE_BYTES) {
		ECDSA_SIG_free(s);
		return false;
	}
	one = BN_bin2bn(p, COORDINATE_BYTES, NULL);
	two = BN_bin2bn(p + COORDINATE_BYTES, COORDINATE_BYTES, NULL);
	if (one && two && ECDSA_SIG_set0(s, one, two)) {
		n = i2d_ECDSA_SIG(s, &ret); /* at most 72 bytes */
	} else {
		BN_free(one);
		BN_free(two);
	}
	ECDSA_SIG_free(s);
	*ret_n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool signature_holds(const struct token *t, EVP_PKEY *key, enum algorithm algorithm)
{
	unsigned char der[80];
	const unsigned char *signature = (const unsigned char *)t->signature.p;
	size_t n = t->signature.n;
	EVP_PKEY_CTX *settings = NULL;
	EVP_MD_CTX *c;
	bool holds;

	if (algorithm == ES256) {
		if (!der_of(t->signature, der, &n))
			return false;
		signature = der;
	}
	c = EVP_MD_CTX_new();
	holds = c && EVP_DigestVerifyInit(c, &settings, EVP_sha256(), NULL, key) == 1;
	if (holds && algorithm == PS256)
		holds = EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1;
	holds = holds && EVP_DigestVerify(c, signature, n, (const unsigned char *)t->content.p,
					  t->content.n) == 1;
	EVP_MD_CTX_free(c);
	return holds;
}

static enum err check_signature(struct arena *a, const struct token *t, struct span keys,
				struct cause *why)
{
	const struct span alg = json_get_text(t->head, "alg");
	enum algorithm algorithm = 0;
	const struct json *set, *found = NULL;
	EVP_PKEY *key = NULL;
	bool holds;
	enum err e;

	while (algorithm < ALGORITHMS && !span_is(alg, algorithms[algorithm].name))
		algorithm++;
	if (algorithm == ALGORITHMS)
		return fail(why, ERR_DENIED,
			    "the ID token is signed with none of RS256, PS256 and ES256");
	if (json_get(t->head, "crit"))
		return fail(why, ERR_DENIED, "the ID token demands an extension (crit)");
	if (keys.n > OIDC_KEYS_BYTES)
		return fail(why, ERR_LIMIT, "the provider's keys have more than %d bytes",
			    OIDC_KEYS_BYTES);
	e = read_object(a, keys, &set, why);
	if (!e)
		e = find_key(set, t->head, algorithm, &found, why);
	if (!e)
		e = read_key(a, found, algorithm, &key, why);
	if (e)
		return e;
	holds = signature_holds(t, key, algorithm);
	EVP_PKEY_free(key);
	return holds ? ERR_NONE
		     : fail(why, ERR_DENIED, "the signature of the ID token does not hold");
}

/* ---- what it says ---- */

static enum err check_audience(const struct json *claims, struct span client, struct cause *why)
{
	const struct json *aud = json_get(claims, "aud"), *azp = json_get(claims, "azp");
	bool among = aud && aud->kind == JSON_STRING && span_equal(aud->text, client);
	uint32_t n = 1;

	if (aud && aud->kind == JSON_ARRAY) {
		n = aud->count;
		for (const struct json *v = aud->first; v; v = v->next)
			among |= v->kind == JSON_STRING && span_equal(v->text, client);
	}
	if (!among)
		return fail(why, ERR_DENIED, "the ID token is for another client (aud)");
	if ((azp || n > 1) && !span_equal(json_get_text(claims, "azp"), client))
		return fail(why, ERR_DENIED, "the ID token was given to another client (azp)");
	return ERR_NONE;
}

static enum err check_times(const struct json *claims, int64_t now, struct cause *why)
{
	int64_t ends, made, begins = 0;

	if (json_get_int(claims, "exp", &ends) || json_get_int(claims, "iat", &made) ||
	    (json_get(claims, "nbf") && json_get_int(claims, "nbf", &begins)))
		return fail(why, ERR_FORMAT, "exp, iat or nbf of the ID token is no whole number");
	if (ends <= now - OIDC_SKEW)
		return fail(why, ERR_DENIED, "the ID token has expired");
	if (made > now + OIDC_SKEW || begins > now + OIDC_SKEW)
		return fail(why, ERR_DENIED,
			    "the ID token is of a time to come: the clocks differ");
	if (made < now - OIDC_AGE)
		return fail(why, ERR_DENIED, "the ID token was made long ago");
	return ERR_NONE;
}

static enum err read_groups(struct arena *a, const struct json *claims, const char *name,
			    struct oidc_named *ret, struct cause *why)
{
	const struct json *v = name ? json_get(claims, name) : NULL;
	const uint32_t n = v && v->kind == JSON_ARRAY ? v->count : 1;
	struct span *group;

	if (!v || (v->kind != JSON_ARRAY && v->kind != JSON_STRING))
		return ERR_NONE; /* of no group */
	if (n > OIDC_GROUPS)
		return fail(why, ERR_LIMIT, "the ID token lists more than %d groups", OIDC_GROUPS);
	group = arena_try(a, sizeof(*group) * (n + 1));
	if (!group)
		return fail(why, ERR_NOMEM, "no memory");
	if (v->kind == JSON_STRING)
		group[ret->groups++] = v->text;
	for (const struct json *g = v->kind == JSON_ARRAY ? v->first : NULL; g; g = g->next)
		if (g->kind == JSON_STRING)
			group[ret->groups++] = g->text;
	ret->group = group;
	return ERR_NONE;
}

static enum err check_claims(struct arena *a, const struct json *claims,
			     const struct oidc_wanted *wanted, struct oidc_named *ret,
			     struct cause *why)
{
	struct oidc_named named = {.group = NULL};
	const struct span login = json_get_text(claims, wanted->claim);
	const struct json *verified = json_get(claims, "email_verified");
	enum err e;

	if (!wanted->issuer.n || !span_equal(json_get_text(claims, "iss"), wanted->issuer))
		return fail(why, ERR_DENIED, "the ID token is of another issuer (iss)");
	e = check_audience(claims, wanted->client, why);
	if (!e)
		e = check_times(claims, wanted->now, why);
	if (e)
		return e;
	if (!wanted->nonce.n || !span_equal(json_get_text(claims, "nonce"), wanted->nonce))
		return fail(why, ERR_DENIED, "the ID token answers another sign-in (nonce)");
	if (!json_get_text(claims, "sub").n)
		return fail(why, ERR_FORMAT, "the ID token names nobody (sub)");
	if (!login.n || login.n > OIDC_LOGIN_BYTES)
		return fail(why, ERR_DENIED, "the ID token has no claim %s of 1 to %d bytes",
			    wanted->claim, OIDC_LOGIN_BYTES);
	/* An address that nobody proved is anybody's. */
	if (!strcmp(wanted->claim, "email") && (!verified || verified->kind != JSON_TRUE))
		return fail(why, ERR_DENIED, "the provider has not verified the address (email)");
	named.login = login;
	e = read_groups(a, claims, wanted->groups, &named, why);
	if (!e)
		*ret = named;
	return e;
}

enum err oidc_token_check(struct arena *a, struct span keys, struct span token,
			  const struct oidc_wanted *wanted, struct oidc_named *ret,
			  struct cause *why)
{
	struct token t = {0};
	enum err e = read_token(a, token, &t, why);

	if (!e)
		e = check_signature(a, &t, keys, why);
	return e ? e : check_claims(a, t.claims, wanted, ret, why);
}
