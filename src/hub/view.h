/* How much of a case somebody sees, and what for. */
#ifndef CUSTOMHOUSE_HUB_VIEW_H
#define CUSTOMHOUSE_HUB_VIEW_H

enum view {
	VIEW_NONE,    /* there is no such case, as far as they are told */
	VIEW_CARRIER, /* that there is one, and whether goods may go */
	VIEW_TRADER,  /* the stored answer */
	VIEW_OFFICER, /* the record */
	VIEW_AUDITOR, /* the record, and everything around it */
};
const char *view_name(enum view v);

enum purpose {
	PURPOSE_READ,
	PURPOSE_EXPLAIN,
	PURPOSE_DOCUMENT, /* a document of the case, or their list */
	PURPOSE_ACT,
	PURPOSE_LIST,    /* cases of an office, or of a party */
	PURPOSE_ACCOUNT, /* a party's money */
	PURPOSE_ROSTER,  /* who examines at an office */
	PURPOSE_OVERDUE, /* what waits to be completed: of a party, or of those that the reader sees */
	PURPOSE_CARGO,   /* a cargo report; bills of an office, or of a party */
	PURPOSE_STOCK,   /* permits, goods under a procedure */
	PURPOSE_MESSAGE, /* a message that is kept, or their list */
	PURPOSE_TRAVEL,  /* a traveller's declaration */
	PURPOSE_FIGURES, /* what control finds and misses: no case */
};

#endif
