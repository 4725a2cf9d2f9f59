#include "model/cargo.h"

enum cargo_function cargo_function(const struct cargo_report *r)
{
	if (span_is(r->function, "9"))
		return CARGO_ORIGINAL;
	if (span_is(r->function, "5"))
		return CARGO_REPLACE;
	if (span_is(r->function, "1"))
		return CARGO_WITHDRAW;
	return CARGO_UNKNOWN;
}
