/* Files of docs/ that lie in the program. assets.c, made by tools/embed.c from the list in meson.build, defines them. */
#ifndef CUSTOMHOUSE_HTTP_ASSET_H
#define CUSTOMHOUSE_HTTP_ASSET_H

#include "base/span.h"

struct span asset_cargo_schema_json(void);
struct span asset_declaration_schema_json(void);
struct span asset_openapi_json(void);

#endif
