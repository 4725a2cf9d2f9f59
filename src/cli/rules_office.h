/* rules propose, export, import, keys, trust, distrust: through the hub that owns the store. */
#ifndef CUSTOMHOUSE_CLI_RULES_OFFICE_H
#define CUSTOMHOUSE_CLI_RULES_OFFICE_H

#include "cli/cli.h"

/* false: the first operand is none of them. */
bool rules_office(const struct args *a, int *ret_status);

#endif
