/* A header. */
#ifndef CUSTOMHOUSE_MODEL_GUARD_H
#define CUSTOMHOUSE_MODEL_GUARD_H

static inline int one(void)
{
	return 1;
}

#endif
