/* What payloads have in common, as it lies in the program (tools/embed.c): one of each kind, of our own example country. What
 * was compressed with it is read only with it, so the file never changes. */
#ifndef CUSTOMHOUSE_STORE_PAYLOAD_ASSET_H
#define CUSTOMHOUSE_STORE_PAYLOAD_ASSET_H

#include "base/span.h"

struct span asset_payload_1_dict(void);

#endif
