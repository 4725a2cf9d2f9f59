/* tariff import --from uk-origin: rules of origin as their country publishes them. */
#ifndef CUSTOMHOUSE_CLI_TARIFF_ORIGIN_H
#define CUSTOMHOUSE_CLI_TARIFF_ORIGIN_H

#include "cli/cli.h"

/* The files that the operands behind the first name. */
int tariff_origin(const struct args *a);

#endif
