#include "base/patience.h"

#include "base/clock.h"

enum err patience_look(const struct patience *p, struct cause *why)
{
	if (p->until && clock_steady() >= p->until)
		return fail(why, ERR_BUSY,
			    "this took longer than its limit. Ask for less, or at another time");
	if (p->gone && p->gone(p->context))
		return fail(why, ERR_BUSY, "nobody waits for this any more");
	return ERR_NONE;
}
