#include "hub/hub.h"

static const struct edifact_set *in_use;

void hub_use_directories(const struct edifact_set *set_or_null)
{
	in_use = set_or_null;
}

const struct edifact_set *hub_directories(void)
{
	return in_use;
}
