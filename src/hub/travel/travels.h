/* Travellers: what they may bring, what the rest costs, a code to show at the exit, and what the officer there is told.
 *
 * A traveller's declaration is a small case of its own. It has no name in it: where from, how many adults and children, which
 * goods. Its events lie in the chain of its office under its code:
 *   travel          what was declared, the versions it rests on, what follows of it, and its draw: replay does it again, and
 *                   verify looks at the draw
 *   travel-passage  an officer let them pass, and found what
 * The code is issued here by chance (75 bits), so that nobody guesses another's and nobody chooses their own draw.
 *
 * Which exit: red with something to declare, else green. Of those in the green exit chance picks some to be looked at, at the
 * rate and by the day's key of all random checks (settle/draw.h); it is told to the officer who reads the code, and to nobody
 * before. Source: Revised Kyoto Convention, specific annex J, chapter 1, recommended practice 5 (dual channel). */
#ifndef CUSTOMHOUSE_HUB_TRAVEL_TRAVELS_H
#define CUSTOMHOUSE_HUB_TRAVEL_TRAVELS_H

#include "hub/hub.h"
#include "hub/people/people.h"
#include "travel/travel.h"

enum { TRAVEL_CODE_BYTES = 20, TRAVEL_NOTE_BYTES = 300 };
/* "V7K3-9QXM-2D4T-0ZC3" and a NUL */
/* What strangers may write into one office's chain in a day, from however many addresses; and how long a code is good for, so
 * that nobody keeps a store of them for other rates and other journeys. */
enum { TRAVEL_A_DAY = 10000, TRAVEL_DAYS = 7 };

struct travel_ask {
	struct span office, from; /* of the exit; the country that they come from */
	struct travel_party party;
};

/* What may be brought today: {"day","currency","offices":[{"code","name"}],"goods":[{"goods","class","unit","adult","child",
 * "most","rate","name","note","source"}]}. language "fr": names of the pack in French, else in English. */
enum err hub_write_travel_rules(struct hub *h, struct text *to, struct span language,
				struct cause *why) MUST_CHECK;
/* What is free, what is due, and which exit: {"day","currency","exit":"green","total","lines":[{"goods","name","unit","brought",
 * "free","beyond","rate","amount","declare","formal","note","source"}]}. Stores nothing. ERR_USAGE: as travel_assess(). */
enum err hub_assess_travel(struct hub *h, struct text *to, const struct travel_party *party,
			   struct span language, struct cause *why) MUST_CHECK;
/* Keeps it, and gives the code. ERR_USAGE: also no such office or country, or it took as many as it takes in
 * a day; ERR_CONFLICT: a shadow. */
enum err hub_declare_travel(struct hub *h, const struct travel_ask *ask,
			    char ret_code[TRAVEL_CODE_BYTES], struct cause *why) MUST_CHECK;
/* As hub_assess_travel(), of what was declared under a code, with "code", "office", "office_name", "from", "adults", "children",
 * "at", and "passed_at" once they passed. For who == NULL, the traveller, who knows the code; for others, customs of the office
 * and auditors, with "look": whether they are to be looked at, and why ("declared", "random"), and "result". ERR_NOT_FOUND. */
enum err hub_write_travel(struct hub *h, struct text *to, const struct who *who, struct span code,
			  struct span language, struct span request, struct cause *why) MUST_CHECK;
/* An officer lets them pass. result: "passed", or "irregular" with a note. ERR_CONFLICT: they passed before, or the code
 * is too old; ERR_USAGE: another result, or a note that is missing or too long; ERR_NOT_FOUND: no such code for this officer. */
enum err hub_pass_travel(struct hub *h, const struct who *by, struct span code, struct span result,
			 struct span note, struct cause *why) MUST_CHECK;

/* ---- for replay and verify ---- */

#define TRAVEL_KIND   SPAN("travel")
#define TRAVEL_PASSED SPAN("travel-passage")
/* What the draw is for (settle/draw.h). */
#define TRAVEL_DRAW   SPAN("travel")

struct inforce;
/* The same declaration again, from its own payload, in *ret. Inside arena_run(). ERR_FORMAT: it cannot be read. */
enum err travel_redo(struct arena *a, const struct json *payload, const struct inforce *i,
		     struct span *ret, struct cause *why) MUST_CHECK;

#endif
