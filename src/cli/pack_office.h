/* pack propose, approve, refuse, withdraw, list, show, simulate: candidates for the tariff, through the hub that owns the
 * store. */
#ifndef CUSTOMHOUSE_CLI_PACK_OFFICE_H
#define CUSTOMHOUSE_CLI_PACK_OFFICE_H

#include "cli/cli.h"

/* false: the first operand is none of them. */
bool pack_office(const struct args *a, int *ret_status);

#endif
