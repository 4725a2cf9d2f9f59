/* Who examines at an office: present, able, in conflict with whom. Cases are allocated from it (hub/life/allocate.h). */
#ifndef CUSTOMHOUSE_HUB_LIFE_ROSTER_H
#define CUSTOMHOUSE_HUB_LIFE_ROSTER_H

#include "hub/people/people.h"

struct roster_entry {
	struct span office, login;
	int64_t present_until; /* microseconds UTC; in the past: absent */
	struct span skills;    /* "documents inspection", or one of them */
	struct span conflicts; /* ids of parties with a blank between */
};

enum { ROSTER_PRESENT_HOURS = 16, ROSTER_TEXT_BYTES = 2000 };

/* Writes one entry: an officer says for itself that it is present, for at most ROSTER_PRESENT_HOURS, or gone; a supervisor of the
 * office says everything of its officers. Cases that wait are then allocated. ERR_DENIED, ERR_FORMAT. Noted as an event of kind
 * "roster" in the chain of the office. */
enum err hub_set_roster(struct hub *h, const struct who *by, const struct roster_entry *entry,
			struct cause *why) MUST_CHECK;
/* The officers of an office, in a; for its officers, supervisors and auditors. Noted. ERR_DENIED. */
enum err hub_list_roster(struct hub *h, struct arena *a, const struct who *by, struct span office,
			 struct span request, struct roster_entry **ret, uint32_t *ret_n,
			 struct cause *why) MUST_CHECK;

#endif
