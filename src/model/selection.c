#include "model/selection.h"

const char *reason_kind_name(enum reason_kind k)
{
	switch (k) {
	case REASON_RANDOM:
		return "random";
	case REASON_RULE:
		return "rule";
	case REASON_MISSED:
		return "missed";
	case REASON_RATE:
		return "rate";
	case REASON_CAPACITY:
		return "capacity";
	case REASON_BEFORE:
		return "before";
	}
	return "rule";
}
