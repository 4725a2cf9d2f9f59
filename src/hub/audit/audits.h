/* Replay and verify, asked for by an auditor while the hub works: one at a time, in a thread and with connections of its own, and
 * its result kept until the next. The same as the verbs `replay` and `verify`, which need no hub. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_AUDITS_H
#define CUSTOMHOUSE_HUB_AUDIT_AUDITS_H

#include "hub/people/people.h"

struct audits;

enum audit_kind { AUDIT_REPLAY, AUDIT_VERIFY };
enum { AUDIT_FAULTS_KEPT = 200 };

/* ERR_DENIED: no auditor; ERR_BUSY: one is running. *ret_id: 1, 2 ... since the hub was started. */
enum err hub_start_audit(struct hub *h, const struct who *by, enum audit_kind kind, int64_t *ret_id,
			 struct cause *why) MUST_CHECK;

/* Read from the replica, where there is one; from the primary while that does not answer, as "detail" says.
 * {"id","kind","state":"running|done|failed","started_at","ended_at","looked_at","differences","detail",
 * "faults":[{"office","seq","reference","text"}]}, at most AUDIT_FAULTS_KEPT of them. ERR_NOT_FOUND: no such audit, or not the
 * newest. ERR_DENIED. */
enum err hub_write_audit(struct hub *h, struct text *to, const struct who *by, int64_t id,
			 struct cause *why) MUST_CHECK;

/* The newest, if it runs, ends soon, as "failed"; a question that it waits for is stopped. ERR_DENIED; ERR_NOT_FOUND: no such
 * audit, or not the newest. */
enum err hub_stop_audit(struct hub *h, const struct who *by, int64_t id,
			struct cause *why) MUST_CHECK;

/* hub_close(): stops what runs, and waits for it. NULL is allowed. */
void audits_stop(struct audits *a);

#endif
