/* What comes after the rules: many that hit and missed their draws select all the same; what officers have no time for gives way
 * to what is worth more, and a yellow lane that nobody came to may end, where nothing but revenue is at stake. */
#include "base/date.h"
#include "risk/room.h"

enum { THOUSAND = 1000, HOURS = 24 };

struct reason *select_reason(struct arena *a, struct selection *to, enum reason_kind kind,
			     struct span id, enum lane lane, struct span text)
{
	struct reason *new =
	    arena_push(a, (void **)&to->reasons.v, &to->reasons.n, &to->reasons.room, sizeof(*new));

	*new =
	    (struct reason){.kind = kind, .id = id, .lane = lane, .item = UINT32_MAX, .text = text};
	return new;
}

/* The rule behind the reason; NULL: it is none of a rule, or of a rule that stands before it already, for another item. */
static const struct risk_rule *rule_of(const struct ruleset *rules, const struct selection *s,
				       uint32_t i)
{
	const struct reason *r = &s->reasons.v[i];

	if (r->kind != REASON_RULE)
		return NULL;
	if (i && s->reasons.v[i - 1].kind == REASON_RULE &&
	    span_equal(s->reasons.v[i - 1].id, r->id))
		return NULL;
	return risk_rule_find(rules, r->id);
}

/* ---- rules that missed their draws ---- */

static bool missed(const struct risk_rule *rule, const struct reason *r)
{
	return rule && r->lane == LANE_NONE;
}

void select_missed(struct arena *a, const struct refset *ref, const struct ruleset *rules,
		   const struct facts *facts, struct selection *to)
{
	enum lane lane = LANE_NONE;
	int64_t n = 0;

	if (!ref_missed_hits(ref) || to->lane > LANE_GREEN || !facts->draws.n)
		return;
	for (uint32_t i = 0; i < to->reasons.n; i++) {
		const struct risk_rule *rule = rule_of(rules, to, i);

		if (!missed(rule, &to->reasons.v[i]))
			continue;
		n++;
		lane = rule->lane > lane ? rule->lane : lane;
	}
	if (n < ref_missed_hits(ref))
		return;
	select_reason(a, to, REASON_MISSED, SPAN("missed"), lane,
		      span_of(arena_print(a, "%lld rules hit, and none was drawn.", (long long)n)));
	to->lane = lane;
}

/* ---- what stands whatever happens ---- */

/* Of many that missed, one that guards more than revenue is enough. */
static bool missed_guard_more(const struct ruleset *rules, const struct selection *s)
{
	for (uint32_t i = 0; i < s->reasons.n; i++) {
		const struct risk_rule *rule = rule_of(rules, s, i);

		if (missed(rule, &s->reasons.v[i]) && rule->purpose != PURPOSE_REVENUE)
			return true;
	}
	return false;
}

static bool gives_way(const struct ruleset *rules, const struct selection *s,
		      const struct reason *r)
{
	const struct risk_rule *rule;

	switch (r->kind) {
	case REASON_RULE:
		rule = risk_rule_find(rules, r->id);
		return rule && rule->purpose == PURPOSE_REVENUE;
	case REASON_MISSED:
		return !missed_guard_more(rules, s);
	case REASON_RANDOM:
	case REASON_RATE:
	case REASON_BEFORE:
		return false;
	case REASON_CAPACITY:
		return true;
	}
	return false;
}

static enum lane bound_of(const struct ruleset *rules, const struct selection *s)
{
	enum lane bound = LANE_GREEN;

	for (uint32_t i = 0; i < s->reasons.n; i++) {
		const struct reason *r = &s->reasons.v[i];

		if (r->lane > bound && !gives_way(rules, s, r))
			bound = r->lane;
	}
	return bound;
}

void select_ease(const struct refset *ref, const struct ruleset *rules, struct selection *to)
{
	to->ease_days =
	    to->lane == LANE_YELLOW && bound_of(rules, to) <= LANE_BLUE ? ref_yellow_days(ref) : 0;
}

/* ---- officers' time ---- */

/* Rounded down: also before 1970, and where the zone leads there. */
static int64_t hour_in_country(const struct refset *r, const struct facts *f)
{
	const int64_t local =
	    f->received_at + ref_zone_minutes(r) * (MICROS_AN_HOUR / 60); /* microseconds */

	return (local - (local % MICROS_AN_HOUR + MICROS_AN_HOUR) % MICROS_AN_HOUR) /
	       MICROS_AN_HOUR;
}

const struct ref_capacity *risk_capacity(const struct refset *r, const struct facts *facts,
					 int64_t *ret_hour)
{
	const int64_t hour = hour_in_country(r, facts);
	const int64_t of_day = (hour % HOURS + HOURS) % HOURS, day = (hour - of_day) / HOURS;
	/* 1970-01-01, day 0, was a Thursday */
	const int64_t weekday = ((day + 3) % 7 + 7) % 7 + 1;

	*ret_hour = hour;
	return ref_capacity(r, facts->office, (int)weekday, (int)of_day, facts->legal_day);
}

/* What is expected of the control, in minor units: the score is how likely it is to find something; what is due is at stake, and
 * so is the harm that the rules name, each by its own weight. */
static __int128 worth_of(const struct refset *ref, const struct ruleset *rules,
			 const struct assessment *assessed, const struct selection *s)
{
	__int128 worth = (__int128)assessed->total_due.minor * s->score;

	for (uint32_t i = 0; i < s->reasons.n; i++) {
		const struct risk_rule *rule = rule_of(rules, s, i);

		if (rule)
			worth +=
			    (__int128)rule->weight * rule->harm * decimal_power10(ref_digits(ref));
	}
	return worth / THOUSAND;
}

/* What a minute must be worth: nothing while the hour is untouched, all that the pack says when its last minute is asked for. */
static __int128 price_of(const struct refset *ref, const struct ref_capacity *c, int64_t taken)
{
	return c->minutes > 0
		   ? (__int128)c->worth * decimal_power10(ref_digits(ref)) * taken / c->minutes
		   : 0;
}

static void put_money(struct text *t, const struct refset *ref, __int128 minor)
{
	const int64_t most = INT64_C(999999999999999999);

	decimal_write(t, money_to_decimal((struct money){minor > most ? most : (int64_t)minor},
					  ref_digits(ref)));
}

static struct span why(struct arena *a, const struct refset *ref, const struct ref_capacity *c,
		       int64_t taken, enum lane asked, __int128 worth)
{
	struct text t = text_in(a);

	text_print(&t,
		   "Of %lld minutes of officers in this hour %lld are taken; %s takes %lld, and "
		   "each would be worth ",
		   (long long)c->minutes, (long long)taken, lane_name(asked),
		   (long long)c->control[asked]);
	put_money(&t, ref, worth / c->control[asked]);
	text_string(&t, " where ");
	put_money(&t, ref, price_of(ref, c, taken));
	text_string(&t, " is asked.");
	return text_as_span(&t);
}

void select_by_capacity(struct arena *a, const struct refset *ref, const struct ruleset *rules,
			const struct facts *facts, const struct assessment *assessed,
			struct selection *to)
{
	const enum lane asked = to->lane;
	enum lane least, lane = asked;
	const struct ref_capacity *c;
	__int128 worth;
	int64_t hour;

	if (asked <= LANE_BLUE)
		return;
	c = risk_capacity(ref, facts, &hour);
	least = bound_of(rules, to);
	least = least > LANE_BLUE ? least : LANE_BLUE;
	if (!c || least >= asked)
		return;
	worth = worth_of(ref, rules, assessed, to);
	while (lane > least && (facts->hour_taken > c->minutes - c->control[lane] ||
				worth < price_of(ref, c, facts->hour_taken) * c->control[lane]))
		lane--;
	if (lane == asked)
		return;
	select_reason(a, to, REASON_CAPACITY, SPAN("capacity"), lane,
		      why(a, ref, c, facts->hour_taken, asked, worth));
	to->lane = lane;
}
