#include "hub/settle/reference.h"

#include <stdio.h>

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static int value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* ISO/IEC 7064 hybrid system MOD 37,36 over n characters; '\0' for a character outside the alphabet. */
static char check_character(const char *p, uint32_t n)
{
	int x = 36;

	for (uint32_t i = 0; i < n; i++) {
		int v = value_of(p[i]);

		if (v < 0)
			return 0;
		x = (x + v) % 36;
		x = (x ? x : 36) * 2 % 37;
	}
	return alphabet[(37 - x) % 36];
}

enum err reference_write(int year, struct span country, struct span shard, int64_t number,
			 char ret[REFERENCE_LENGTH + 1])
{
	if (country.n != 2 || shard.n != 2 || number < 1 || number > 999999999)
		return ERR_LIMIT;
	snprintf(ret, REFERENCE_LENGTH + 1, "%02d%.2s%.2s%09d", year % 100, country.p, shard.p,
		 (int)number);
	ret[REFERENCE_LENGTH - 1] = check_character(ret, REFERENCE_LENGTH - 1);
	ret[REFERENCE_LENGTH] = 0;
	return ret[REFERENCE_LENGTH - 1] ? ERR_NONE : ERR_FORMAT;
}

bool reference_valid(struct span s)
{
	return s.n == REFERENCE_LENGTH && s.p[REFERENCE_LENGTH - 1] &&
	       s.p[REFERENCE_LENGTH - 1] == check_character(s.p, REFERENCE_LENGTH - 1);
}
