#include "model/assessment.h"

const char *tax_state_name(enum tax_state s)
{
	switch (s) {
	case TAX_DUE:
		return "due";
	case TAX_SUSPENDED:
		return "suspended";
	case TAX_RELIEVED:
		return "relieved";
	}
	return "due";
}
