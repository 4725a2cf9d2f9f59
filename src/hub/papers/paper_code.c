/* The codes of papers (papers.h). */
#include <sodium.h>
#include <string.h>

#include "hub/papers/papers_room.h"

enum { MAC_DIGITS = 16, NUMBER_DIGITS = 13 };

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char letters[PAPERS_OF] = {
    [PAPER_OF_RELEASE] = 'N',
    [PAPER_OF_PAYMENT] = 'P',
    [PAPER_OF_TAX] = 'T',
    [PAPER_OF_ACCOUNT] = 'S',
};

const char *paper_name(enum paper_of p)
{
	static const char *const names[PAPERS_OF] = {
	    [PAPER_OF_RELEASE] = "release-note",
	    [PAPER_OF_PAYMENT] = "receipt",
	    [PAPER_OF_TAX] = "tax-notice",
	    [PAPER_OF_ACCOUNT] = "statement",
	};

	return names[p];
}

static uint32_t write_number(int64_t number, char ret[NUMBER_DIGITS])
{
	char back[NUMBER_DIGITS];
	uint32_t n = 0;

	BUG_ON(number < 0);
	do {
		back[n++] = digits[number % 32];
		number /= 32;
	} while (number);
	for (uint32_t i = 0; i < n; i++)
		ret[i] = back[n - 1 - i];
	return n;
}

/* 80 bits, with a key of its own for this use. */
static void write_mac(const struct hub *h, struct paper_id id, struct span reference,
		      char ret[MAC_DIGITS])
{
	struct hash key = hash_hmac(h->keys.seal, sizeof(h->keys.seal),
				    (struct span[]){SPAN("customhouse paper 1")}, 1),
		    made;
	char number[NUMBER_DIGITS];
	const struct span piece[] = {{&letters[id.of], 1, 0},
				     {number, write_number(id.number, number), 0},
				     SPAN("\n"),
				     reference};

	made = hash_hmac(key.byte, sizeof(key.byte), piece, ARRAY_LEN(piece));
	sodium_memzero(&key, sizeof(key));
	for (unsigned i = 0; i < MAC_DIGITS; i++) {
		const unsigned bit = 5 * i, at = bit / 8;
		const unsigned two = (unsigned)made.byte[at] << 8 | made.byte[at + 1];

		ret[i] = digits[two >> (11 - bit % 8) & 31];
	}
}

void paper_code_write(const struct hub *h, struct paper_id id, struct span reference,
		      char ret[PAPER_CODE_ROOM])
{
	char mac[MAC_DIGITS];
	uint32_t n = 0;

	write_mac(h, id, reference, mac);
	ret[n++] = letters[id.of];
	n += write_number(id.number, ret + n);
	for (unsigned i = 0; i < MAC_DIGITS; i++) {
		if (i % 4 == 0)
			ret[n++] = '-';
		ret[n++] = mac[i];
	}
	ret[n] = 0;
}

/* The digits that somebody may have meant; what people put between them is left out. 0: too many, or no digit. */
static uint32_t tidy(struct span code, char ret[PAPER_CODE_ROOM])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (n) /* the first is the letter */
			c = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
		if (n == PAPER_CODE_ROOM || !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return 0;
		ret[n++] = c;
	}
	return n;
}

static bool read_number(const char *p, uint32_t n, int64_t *ret)
{
	uint64_t number = 0;

	for (uint32_t i = 0; i < n; i++) {
		const char *digit = memchr(digits, p[i], sizeof(digits) - 1);

		if (!digit || number >> 58)
			return false;
		number = number * 32 + (uint64_t)(digit - digits);
	}
	*ret = (int64_t)number;
	return n && (n == 1 || p[0] != '0');
}

bool paper_code_read(const struct hub *h, struct span code, struct span reference,
		     struct paper_id *ret)
{
	char text[PAPER_CODE_ROOM], mac[MAC_DIGITS];
	struct paper_id id = {0};
	uint32_t n = tidy(code, text);
	const char *letter = n ? memchr(letters, text[0], PAPERS_OF) : NULL;

	if (!letter || n < MAC_DIGITS + 2 || n > MAC_DIGITS + 1 + NUMBER_DIGITS ||
	    !read_number(text + 1, n - 1 - MAC_DIGITS, &id.number))
		return false;
	id.of = (enum paper_of)(letter - letters);
	write_mac(h, id, reference, mac);
	if (sodium_memcmp(mac, text + n - MAC_DIGITS, MAC_DIGITS) != 0)
		return false;
	*ret = id;
	return true;
}
