/* What the integrity rules say of a tariff, written down: one form for the command line and for candidates. */
#ifndef CUSTOMHOUSE_HUB_EDITION_VALIDATION_H
#define CUSTOMHOUSE_HUB_EDITION_VALIDATION_H

#include "codec/json.h"
#include "ref/integrity.h"

/* The members "rules" (every rule by name, with how often it is broken), "faults" and "sound" of an object that is open. Inside
 * arena_run(). */
void validation_write(struct json_writer *w, const struct integrity *i);
/* "error", "warning" */
const char *validation_severity(enum integrity_severity s);

#endif
