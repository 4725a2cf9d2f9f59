/* tariff quotas, tariff claims: what is left of quotas in a store, and who holds how much. */
#ifndef CUSTOMHOUSE_CLI_TARIFF_QUOTAS_H
#define CUSTOMHOUSE_CLI_TARIFF_QUOTAS_H

#include "cli/cli.h"

/* "quotas [ORDER]", "claims ORDER". false: it is another part of the verb. */
bool tariff_quotas(const struct args *a, int *ret_status);

#endif
