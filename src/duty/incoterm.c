#include "duty/incoterm.h"

#include "base/date.h"

static const struct incoterm terms[] = {
#define INCOTERM(code, year, carriage, insurance) {code, year, carriage, insurance},
#include "duty/incoterms.def"
#undef INCOTERM
};

const struct incoterm *incoterm(struct span code, int32_t day)
{
	int year, month, dom;

	if (code.n != 3)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		if (memcmp(terms[i].code, code.p, 3) != 0)
			continue;
		day_split(day, &year, &month, &dom);
		return year >= terms[i].year ? &terms[i] : NULL;
	}
	return NULL;
}
