#include "model/response.h"

static const struct {
	const char *id;
	unsigned function, status;
} kinds[RESPONSE_KINDS] = {
#define RESPONSE(name, id, function, status) [RESPONSE_##name] = {id, function, status},
#include "model/responses.def"
#undef RESPONSE
};

const char *response_id(enum response_kind k)
{
	return kinds[k].id;
}

enum response_kind response_by_id(struct span id)
{
	for (uint32_t i = 0; i < RESPONSE_KINDS; i++)
		if (span_is(id, kinds[i].id))
			return (enum response_kind)i;
	return RESPONSE_KINDS;
}

unsigned response_function(enum response_kind k)
{
	return kinds[k].function;
}

unsigned response_status(enum response_kind k)
{
	return kinds[k].status;
}

enum response_kind response_by_codes(unsigned function, unsigned status)
{
	for (uint32_t i = 0; i < RESPONSE_KINDS; i++)
		if (kinds[i].function == function &&
		    (!kinds[i].status || kinds[i].status == status))
			return (enum response_kind)i;
	return RESPONSE_KINDS;
}

void response_code(struct span rule, char ret[RESPONSE_CODE_BYTES + 1])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint32_t h = 2166136261u; /* FNV-1a */

	for (uint32_t i = 0; i < rule.n; i++)
		h = (h ^ (uint8_t)rule.p[i]) * 16777619u;
	ret[0] = 'C';
	ret[1] = 'H';
	for (int i = 2; i < RESPONSE_CODE_BYTES; i++, h >>= 5)
		ret[i] = digits[h & 31];
	ret[RESPONSE_CODE_BYTES] = 0;
}
