/* The directories that are built in: what tools/mkedifact.c prints at build time. Private to codec/. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_BUILTIN_H
#define CUSTOMHOUSE_CODEC_EDIFACT_BUILTIN_H

#include "codec/edifact_tables.h"

/* By version, "service" last. */
extern const struct edifact_directory *const edifact_builtin_table[];
extern const uint32_t edifact_builtin_count;

#endif
