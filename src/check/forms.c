/* How identifiers are written. Each form_... function is named in checks.def. */
#include "check/room.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool digits(struct span s, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

/* Nothing but digits, capital letters and the characters of `also`. */
static bool capitals(struct span s, uint32_t from, const char *also)
{
	for (uint32_t i = from; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_upper(s.p[i]) && (!s.p[i] || !strchr(also, s.p[i])))
			return false;
	return true;
}

/* ISO 6346: three letters of the owner, one of U J Z, six digits, the check digit. */
bool form_container(struct span s)
{
	return s.n == 11 && is_upper(s.p[0]) && is_upper(s.p[1]) && is_upper(s.p[2]) &&
	       (s.p[3] == 'U' || s.p[3] == 'J' || s.p[3] == 'Z') && digits(s, 4, 11);
}

/* Four signs, each 0 or 1: relationship, restrictions, conditions, royalties (Agreement on customs valuation, Articles 1 and
 * 8). */
bool form_indicators(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '1')
			return false;
	return s.n == 4;
}

/* Two digits of the year, two letters of the country, then at least ten digits or capital letters. */
bool form_movement_reference(struct span s)
{
	return s.n >= 14 && digits(s, 0, 2) && is_upper(s.p[2]) && is_upper(s.p[3]) &&
	       capitals(s, 4, "");
}

/* Countries write their own; all avoid blanks and small letters. */
bool form_party_id(struct span s)
{
	return s.n >= 3 && capitals(s, 0, "-./");
}

bool form_trader_reference(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_upper(s.p[i]) && !is_lower(s.p[i]) &&
		    (!s.p[i] || !strchr("-_./:()", s.p[i])))
			return false;
	return true;
}

/* The WCO's unique consignment reference: the year's last digit, the country, the company and its own number; 35 characters at
 * most. */
bool form_ucr(struct span s)
{
	return s.n >= 4 && s.n <= 35 && is_digit(s.p[0]) && is_upper(s.p[1]) && is_upper(s.p[2]) &&
	       capitals(s, 3, "-():");
}
