/* tariff check: the validation report of a pack's tariff. */
#ifndef CUSTOMHOUSE_CLI_TARIFF_CHECK_H
#define CUSTOMHOUSE_CLI_TARIFF_CHECK_H

#include "cli/cli.h"

/* The pack that the second operand names. */
int tariff_check(const struct args *a);

#endif
