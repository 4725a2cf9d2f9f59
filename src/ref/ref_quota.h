/* Tariff quotas of a pack: quotas.csv and quota_stops.csv (docs/tariff.md, "Quotas"). How much is left of one is no matter of the
 * pack: the hub keeps it (quota/quota.h).
 *
 * Law: Regulation (EU) 2015/2447, articles 49 to 54 (first come first served by the date of acceptance, critical status,
 * blocking), which other countries' tariffs follow; GATT article XIII (allocation). */
#ifndef CUSTOMHOUSE_REF_REF_QUOTA_H
#define CUSTOMHOUSE_REF_REF_QUOTA_H

#include "ref/ref.h"

enum { QUOTA_MILLION = 1000000 };

enum quota_scheme {
	QUOTA_FIRST, /* first come first served, by acceptance */
	QUOTA_DAY,   /* what one legal day asks for is shared in proportion once the day is over */
};
/* "first", "day" */
const char *quota_scheme_name(enum quota_scheme s);

enum quota_critical {
	CRITICAL_AUTO,   /* from a share of the volume on */
	CRITICAL_ALWAYS, /* from the first unit on */
	CRITICAL_NEVER,
};

/* One period of a quota. Quantities are millionths of its unit. */
struct ref_quota {
	struct span order; /* order number */
	struct span unit;  /* "kg" or a unit code; "value": national money */
	int64_t volume;    /* > 0 */
	enum quota_scheme scheme;
	enum quota_critical critical;
	int64_t threshold; /* per cent of the volume from which on it is critical */
	struct span
	    parent; /* of a sub-quota: what is taken of this one is taken of the parent, too */
	int64_t coefficient; /* millionths: how many units of the parent one unit of this is */
	struct ref_text name;
	struct ref_dates dates; /* the period; always has an end */
	struct span source;
	uint32_t line;
	const struct ref_quota *next;      /* same order number, other period */
	const struct ref_quota *following; /* in file order */
};

enum quota_stop_kind {
	STOP_BLOCKING,   /* nothing is granted to what is accepted in these days */
	STOP_SUSPENSION, /* what is accepted in these days waits until they are over */
};
struct ref_quota_stop {
	struct span order;
	enum quota_stop_kind kind;
	struct ref_text reason;
	struct ref_dates dates;
	struct span source;
	uint32_t line;
	const struct ref_quota_stop *next;
};

/* Does the pack define it on any day? */
bool ref_quota_defined(const struct refset *r, struct span order);
/* The period that a day lies in; NULL: the pack defines none. */
const struct ref_quota *ref_quota(const struct refset *r, struct span order, int32_t day);
/* The one that begins on a day; NULL. */
const struct ref_quota *ref_quota_from(const struct refset *r, struct span order, int32_t first);
/* NULL: nothing of this kind stands on that day. */
const struct ref_quota_stop *ref_quota_stop(const struct refset *r, struct span order,
					    enum quota_stop_kind kind, int32_t day);
/* All periods, in file order, through ->following; NULL: the pack defines no quotas. */
const struct ref_quota *ref_quotas(const struct refset *r);
/* All stops of an order number, through ->next, in no order; NULL. */
const struct ref_quota_stop *ref_quota_stops(const struct refset *r, struct span order);

#endif
