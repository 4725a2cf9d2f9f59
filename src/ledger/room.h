/* Inside the ledger: what its files share. Not for callers. */
#ifndef CUSTOMHOUSE_LEDGER_ROOM_H
#define CUSTOMHOUSE_LEDGER_ROOM_H

#include "ledger/ledger.h"

/* Which balances may stand in an account. */
enum side { SIDE_BOTH, SIDE_CREDIT, SIDE_DEBIT };

const char *room_account_name(enum account a);
enum side room_account_side(enum account a);

/* An amount as the ledger takes it: > 0, at most LIMIT_NUMBER_DIGITS digits. */
enum err room_check_amount(int64_t minor, struct cause *why) MUST_CHECK;
enum err room_check_party(struct span holder, struct cause *why) MUST_CHECK;

/* An empty posting of a kind. */
struct posting room_posting(enum posting_kind k, const struct ledger_currency *currency);
/* One more transfer. part: the levy or guarantee, where the account has one. */
struct end {
	struct span holder;
	enum account account;
	struct span part;
};
void room_move(struct arena *a, struct posting *p, struct end debit, struct end credit,
	       int64_t minor);

#endif
