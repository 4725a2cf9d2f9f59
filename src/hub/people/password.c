#include "hub/people/password.h"

#include <sodium.h>
#include <strings.h>

#include "base/clock.h"

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "as libsodium writes it");

enum { PASSES = 3, GROUPS = 4, GROUP = 5, FEWEST_DIFFERENT = 5 };

/* Nobody's: of random bytes that were thrown away. Its cost is that of password_hash(). */
#define NOBODY                                                                                     \
	"$argon2id$v=19$m=32768,t=3,p=1$5v2mf39T5Z0VYfT5n0WAKg$"                                   \
	"TjA1xieJ4NiJcdpc85Kdhzix2oczyICO0DGf3FQlKBE"

/* The commonest that are long enough to be taken otherwise, and what people here would think of first. Lower case. */
static const char *const commonest[] = {
    "000000000000",
    "1111111111111",
    "111111111111",
    "121212121212",
    "123123123123",
    "123456123456",
    "123456654321",
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789123",
    "1234567891011",
    "123456789abc",
    "123qweasdzxc",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "222222222222",
    "987654321000",
    "a1b2c3d4e5f6",
    "aaaaaaaaaaaa",
    "abc123abc123",
    "abcdefghijkl",
    "abcdefghijklm",
    "administrator",
    "administrator1",
    "asdfghjkl123",
    "asdfghjkl;'",
    "basketball12",
    "changemenow1",
    "changemenow!",
    "correcthorsebatterystaple",
    "customhouse1",
    "customhouse12",
    "customhouse123",
    "customscustoms",
    "footballfootball",
    "helloworld12",
    "helloworld123",
    "iloveyou1234",
    "iloveyouiloveyou",
    "letmeinletmein",
    "liverpool123",
    "loveyouforever",
    "manchester12",
    "michaeljordan",
    "mypassword12",
    "mypassword123",
    "passw0rd1234",
    "password0000",
    "password1111",
    "password1234",
    "password12345",
    "password123456",
    "password123!",
    "passwordpassword",
    "princess1234",
    "q1w2e3r4t5y6",
    "qazwsxedcrfv",
    "qwerqwerqwer",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiop[]",
    "qwertyuiopas",
    "qwertyuiopasdfghjkl",
    "sunshine1234",
    "superman1234",
    "trustno1trustno1",
    "unknownunknown",
    "welcome12345",
    "welcome123456",
    "welcomewelcome",
    "zaq12wsxcde3",
    "zxcvbnm12345",
};

static uint32_t characters(struct span s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}

static uint32_t different(struct span s)
{
	bool seen[256] = {false};
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		n += !seen[(unsigned char)s.p[i]];
		seen[(unsigned char)s.p[i]] = true;
	}
	return n;
}

static bool same_letters(struct span s, const char *text)
{
	return s.n == strlen(text) && !strncasecmp(s.p, text, s.n);
}

const char *password_fault(struct span password, struct span login)
{
	if (characters(password) < PASSWORD_BYTES_MIN)
		return "a password has at least 12 characters";
	if (password.n > PASSWORD_BYTES_MAX)
		return "a password has at most 256 bytes";
	if (memchr(password.p, 0, password.n))
		return "a password holds no zero byte";
	if (different(password) < FEWEST_DIFFERENT)
		return "this password repeats itself: take another";
	if (login.n == password.n && !strncasecmp(login.p, password.p, login.n))
		return "a password is not the login";
	for (size_t i = 0; i < ARRAY_LEN(commonest); i++)
		if (same_letters(password, commonest[i]))
			return "this password is among the commonest: take another";
	return NULL;
}

enum err password_hash(struct span password, char ret[PASSWORD_HASH_BYTES])
{
	return crypto_pwhash_str_alg(ret, password.p, password.n, PASSES, PASSWORD_MEMORY,
				     crypto_pwhash_ALG_ARGON2ID13)
		   ? ERR_NOMEM
		   : ERR_NONE;
}

bool password_matches(struct span hash, struct span password)
{
	char text[PASSWORD_HASH_BYTES] = NOBODY;

	if (hash.n >= sizeof(text))
		return false;
	if (hash.n) {
		memset(text, 0, sizeof(text));
		memcpy(text, hash.p, hash.n);
	}
	return crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) == 0 &&
	       hash.n;
}

/* 32 letters and digits that nobody takes for another: five bits each. */
void password_make(char ret[PASSWORD_MADE_BYTES])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	uint8_t random[GROUPS * GROUP];
	char *to = ret;

	_Static_assert(GROUPS * (GROUP + 1) == PASSWORD_MADE_BYTES, "groups with a hyphen between");
	random_bytes(random, sizeof(random));
	for (int i = 0; i < GROUPS * GROUP; i++) {
		if (i && i % GROUP == 0)
			*to++ = '-';
		*to++ = letters[random[i] & 31];
	}
	*to = 0;
	sodium_memzero(random, sizeof(random));
}
