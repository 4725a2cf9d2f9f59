/* What changed from one archive of a pack to another: rows of its tables, rules of its rule files. */
#ifndef CUSTOMHOUSE_CLI_PACK_DIFF_H
#define CUSTOMHOUSE_CLI_PACK_DIFF_H

#include "base/text.h"

/* Appends a line for each row or rule that was added, removed or changed, file by file; as JSON:
 *     {"file","change":"added|removed|changed","key","before":{column:value},"after":{...}}   (of rules, the texts)
 * or as text for people. A row is the same row where its keys are the same: what names it, and the day from which it holds.
 * Adds to *differences. ERR_FORMAT: an archive or a table cannot be read. Inside arena_run(). */
enum err pack_diff(struct text *to, struct span before, struct span after, bool json,
		   uint32_t *differences) MUST_CHECK;

#endif
