/* A case that is lived through a real hub: declared by its trader, moved on by the people of its office, each act through
 * hub_act_wait().
 *
 * After each message and each act the trader looks at the case and reads what it was told: one notice for each change of
 * what it may know or owes and for each act that speaks to it, no notice else, in the words of the status, and none with a
 * word that only officers may read. Everything that fails here fails the test. */
#ifndef CUSTOMHOUSE_TESTS_LIVED_H
#define CUSTOMHOUSE_TESTS_LIVED_H

#include "fixture.h"
#include "model/who.h"

struct lived {
	struct fixture *fixture;
	struct arena *arena; /* of the case; the hub's while something is done */
	const char *name;    /* for what fails */
	struct span reference, office, party;
	struct span one_office[1], parties[2];
	struct who trader, carrier, officer[2], supervisor, cashier;
	bool roster;
	int64_t newest;    /* number of the last notice that the trader read */
	unsigned done;     /* messages and acts so far */
	unsigned notices;  /* that the trader read */
	struct text told;  /* the states that the notices named, a blank before each */
	struct text views; /* what the trader saw, one a line */
	const struct json *status, *inside; /* as the trader and as an officer see it now */
};

/* Declares. The parties of the message are the trader's own companies. The outcome of the message, which the hub accepts.
 * roster: two officers are present, and the examiner is drawn; else nobody is. */
struct outcome lived_begin(struct lived *l, struct span raw, bool roster);
/* Looks the history up, which must say what the trader read on the way; officers who were present go home. */
void lived_end(struct lived *l);
/* A message of the trader about the case. */
struct outcome lived_hand_in(struct lived *l, struct span raw);
/* Another declaration, the same but for a commodity code that there is none of: it is refused for that, and is no news of the
 * case. */
struct outcome lived_misclassify(struct lived *l, struct span raw);
/* A request that changes the description of the first goods item, for a trader or an officer to send. */
struct span lived_harmless(struct lived *l);

/* ---- how it stands ---- */

/* Is this what the trader is told? */
bool lived_is(const struct lived *l, const char *state);
/* Is this asked of the trader next? */
bool lived_asks(const struct lived *l, const char *act);
/* For officers: does it stand in this state; does this hold the goods? */
bool lived_stands(const struct lived *l, const char *state);
bool lived_holds(const struct lived *l, const char *hold);
/* Does security stand in for payment? */
bool lived_is_secured(const struct lived *l);
int64_t lived_version(const struct lived *l);

/* ---- acts ---- */

/* The carrier tells that the goods are here. */
void lived_present(struct lived *l);
/* An officer asks for at least the control of this lane, which no rule did. */
void lived_ask_control(struct lived *l, enum lane lane);
/* The examiner finds the documents clean; then, finish, also the goods. */
void lived_control(struct lived *l, bool finish);
/* The cashier takes what is due, and gives security back. */
void lived_pay(struct lived *l);
/* A deposit of the trader becomes the security for what is due. */
void lived_secure(struct lived *l);
/* An officer who does not examine grants the request that waits. */
void lived_grant(struct lived *l);
/* Customs makes a version of its own. */
void lived_correct(struct lived *l);

#endif
