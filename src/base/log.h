/* One line of the operator's log: an event name and key=value pairs, to standard error. The edge logs, once; libraries do not.
 * Never personal data: references and request ids, not names. */
#ifndef CUSTOMHOUSE_BASE_LOG_H
#define CUSTOMHOUSE_BASE_LOG_H

#include "base/base.h"

/* log_event("declaration.stored", "reference=%s items=%u", ...): adds the time. Thread-safe; one write a line. */
void log_event(const char *event, const char *format, ...) PRINTF(2, 3);
/* Silences log_event (tests). */
void log_quiet(bool quiet);

#endif
