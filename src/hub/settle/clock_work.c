/* What the hub does by itself when time passes: deadlines of cases, goods and quotas whose day is over, histories that the
 * log is ahead of.
 * The writer runs it between batches, at most every few seconds unless there is more to do; a deadline that passed while the hub
 * stood still is met at the next start. */
#include "base/log.h"
#include "hub/history/history.h"
#include "hub/life/act_step.h"
#include "hub/quota/quota_day.h"
#include "hub/stock/overdue.h"

enum { LAPSES_AT_ONCE = 200 };

static enum err lapse_one(struct batch *b, const struct store_life *due, struct cause *why)
{
	struct act_step s = {.batch = b, .inforce = b->inforce};
	struct cause elsewhere = {0};
	struct store_declaration row;
	bool
	    fresh; /* the act is refused where another node was here between the list and the lease */
	enum err e = house_enter(b->h, due->office, &s.office, &fresh, &elsewhere);

	if (e == ERR_ELSEWHERE)
		return ERR_NONE; /* that node's clock goes, too */
	if (e) {
		*why = elsewhere;
		return e;
	}
	e = store_get_declaration(b->h->store, b->h->batch_arena, due->office, due->reference, &row,
				  why);
	if (!e)
		e = life_of(b->h->store, b->h->batch_arena, &row, &s.life, why);
	if (e)
		return e;
	s.given =
	    (struct flow_do){.act = ACT_LAPSE, .by = SPAN("hub"), .roles = ROLE_HUB, .at = b->now};
	e = act_step(&s, why);
	if (!e && s.money.err)
		log_event("lapse.money", "reference=%.*s detail=\"%s\"", SPAN_ARG(row.reference),
			  s.money.text);
	return e;
}

enum err clock_work(struct batch *b, struct chore *c, struct cause *why)
{
	struct store_life *due;
	uint32_t n;
	enum err e = store_list_due_lives(b->h->store, b->h->batch_arena, b->now, LAPSES_AT_ONCE,
					  &due, &n, why);

	(void)c;
	b->h->clock_again = false;
	for (uint32_t i = 0; !e && i < n; i++)
		e = lapse_one(b, &due[i], why);
	if (!e)
		e = history_follow(b, b->n ? HISTORY_LAG : 0, &b->h->clock_again, why);
	if (!e)
		e = overdue_tell(b, &b->h->clock_again, why);
	if (!e)
		e = quota_day_note(b, why);
	return e ? e : quota_day_share(b, why); /* last: it writes the hub's own chain */
}

void clock_worked(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	(void)c;
	if (e) {
		h->clock_again = false; /* on a full disk it would run hot */
		log_event("clock.failed", "error=%s detail=\"%s\"", err_name(e), why->text);
	} else {
		quota_day_tell(h);
	}
}
