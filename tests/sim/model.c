/* The life of a case once more, from docs/case-life.md and docs/case-tables.md alone. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#define IN_CONTROL "documents inspection "
#define IN_HERE    "accepted selected " IN_CONTROL "assessed "
#define IN_WAITING IN_HERE "queried detained "
#define IN_EVERY   "lodged " IN_WAITING "released exited seized abandoned cancelled destroyed sold "

#define T ROLE_TRADER
#define B ROLE_BROKER
#define O ROLE_OFFICER
#define S ROLE_SUPERVISOR
#define C ROLE_CASHIER

/* The table of acts: who, where, refused as. */
static const struct rule {
	const char *act;
	unsigned who;
	const char *where, *refused;
} rules[] = {
    {"abandon", T | B, IN_WAITING, "reason-missing"},
    {"amend", T | B, "lodged " IN_HERE "released", "control-announced"},
    {"appeal", T | B, IN_EVERY, "nothing-to-appeal appeal-waits reason-missing"},
    {"approve-refund", C | S, IN_EVERY,
     "amount-differs no-refund same-person-examiner same-person-judge same-person-reassessor"},
    {"ask", T | B, IN_WAITING "released", "control-not-announced request-waits"},
    {"cancel", T | B, "lodged " IN_HERE "released", "control-announced"},
    {"check-documents", O | S, "documents",
     "code-missing irregularity-open not-examiner result-missing"},
    {"close", O | S, IN_CONTROL "detained", "no-irregularity reason-missing reply-open"},
    {"confirm-reroute", O | S, "lodged " IN_WAITING,
     "irregularity-open no-proposal same-person-proposer"},
    {"correct", O | S, "accepted " IN_CONTROL "assessed detained released exited",
     "reason-missing same-person-examiner until-missing"},
    {"decide-appeal", S, IN_EVERY,
     "no-appeal reason-missing reduction-wrong same-person-examiner same-person-judge "
     "same-person-reassessor"},
    {"destroy", S, "abandoned seized", "seizure-overturned appeal-waits reason-missing"},
    {"detain", O | S, IN_HERE "queried released", "reason-missing"},
    {"discharge", O | S | C, IN_EVERY, "unpaid no-security"},
    {"examine", O | S, IN_CONTROL,
     "code-missing no-inspection irregularity-open not-examiner result-missing"},
    {"exit", ROLE_CARRIER | O, "released", ""},
    {"grant", O | S, IN_WAITING "released exited", "irregularity-open goods-gone no-request"},
    {"lift-detention", O | S, "detained", "reason-missing"},
    {"lift-hold", O | S | ROLE_AGENCY, "lodged " IN_WAITING,
     "no-such-hold hold-missing hold-of-others"},
    {"pay", T | B | C, "lodged " IN_WAITING "released exited",
     "amount-excess amount-missing nothing-to-pay"},
    {"place-hold", O | S | ROLE_AGENCY, "lodged " IN_WAITING,
     "already-released hold-missing hold-of-others hold-stands reason-missing"},
    {"present", T | B | ROLE_CARRIER | O, "lodged", ""},
    {"query", O | S, IN_CONTROL, "not-examiner reason-missing"},
    {"refuse", O | S, IN_WAITING "released exited", "reason-missing no-request"},
    {"refuse-reroute", O | S, "lodged " IN_WAITING, "no-proposal same-person-proposer"},
    {"release", O | S, IN_CONTROL, "irregularity-open not-examiner"},
    {"reply", T | B, "queried", "reason-missing"},
    {"reply-correction", T | B, IN_EVERY, "no-right-of-reply"},
    {"reroute", O | S, "lodged " IN_HERE,
     "irregularity-open lane-missing proposal-waits reason-missing"},
    {"restore", S, "seized", "reason-missing"},
    {"secure", O | C, "lodged " IN_WAITING,
     "already-released amount-missing amount-short nothing-to-pay until-missing"},
    {"seize", S, IN_WAITING "released", "code-missing reason-missing"},
    {"sell", S, "abandoned seized", "seizure-overturned appeal-waits reason-missing"},
    {"take-over", S, "selected " IN_CONTROL "queried detained",
     "reason-missing who-missing examiner-reassessed"},
    {"withdraw-query", O | S, "queried", ""},
};
#undef T
#undef B
#undef O
#undef S
#undef C

const char *const sim_acts[] = {
    "abandon",
    "appeal",
    "approve-refund",
    "check-documents",
    "close",
    "correct",
    "confirm-reroute",
    "decide-appeal",
    "destroy",
    "detain",
    "discharge",
    "examine",
    "exit",
    "grant",
    "lift-detention",
    "lift-hold",
    "pay",
    "place-hold",
    "present",
    "query",
    "refuse",
    "release",
    "refuse-reroute",
    "reply",
    "reply-correction",
    "reroute",
    "restore",
    "secure",
    "seize",
    "sell",
    "take-over",
    "withdraw-query",
    NULL,
};

static const char *const states[] = {"abandoned",  "accepted", "assessed",  "cancelled",
				     "destroyed",  "detained", "documents", "exited",
				     "inspection", "lodged",   "queried",   "rejected",
				     "released",   "seized",   "selected",  "sold"};

const char *sim_state(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (span_is(name, states[i]))
			return states[i];
	return NULL;
}

bool sim_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

bool sim_is_over(const char *state)
{
	return sim_word("abandoned cancelled destroyed exited rejected sold", state);
}

static bool is_aside(const char *state)
{
	return sim_word("queried detained seized", state);
}

static bool was_released(const struct sim_case *c)
{
	return sim_word("released exited", is_aside(c->state) ? c->behind : c->state);
}

static int64_t unpaid(const struct sim_case *c)
{
	return c->due > c->paid ? c->due - c->paid : 0;
}

/* ---- refusals ---- */

/* Holds that are placed and lifted by hand: a permit's by customs; an agency's by the agency, which customs may call in. */
static bool is_hold_of(const struct sim_do *d, const char *hold)
{
	bool customs = d->roles & (ROLE_OFFICER | ROLE_SUPERVISOR);

	if (is(hold, "permit"))
		return customs;
	return is(hold, "agency") &&
	       (d->roles & ROLE_AGENCY || (customs && is(d->act, "place-hold")));
}

static unsigned hold_bit(const char *hold)
{
	return !hold                 ? 0
	       : is(hold, "permit")  ? SIM_PERMIT
	       : is(hold, "agency")  ? SIM_AGENCY
	       : is(hold, "payment") ? SIM_PAYMENT
				     : SIM_DOCUMENTS;
}

static bool by_is(const struct sim_do *d, const char *login)
{
	return login[0] && is(sim_people[d->by].login, login);
}

static bool holds_refuse(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	if (is(why, "hold-missing"))
		return !d->hold || !sim_word("permit agency", d->hold);
	if (is(why, "hold-of-others"))
		return d->hold && !is_hold_of(d, d->hold);
	if (is(why, "hold-stands"))
		return !d->hold || c->holds & hold_bit(d->hold);
	/* no-such-hold: none is named, or one that does not stand */
	return !(c->holds & hold_bit(d->hold));
}

static bool persons_refuse(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	if (is(why, "not-examiner"))
		return !by_is(d, c->examiner);
	if (is(why, "same-person-examiner"))
		return by_is(d, c->examiner);
	if (is(why, "same-person-judge"))
		return by_is(d, c->judge);
	if (is(why, "same-person-proposer"))
		return by_is(d, c->proposer);
	if (is(why, "same-person-reassessor"))
		return by_is(d, c->reassessor);
	return d->who && c->reassessor[0] && is(d->who, c->reassessor); /* examiner-reassessed */
}

static bool money_refuses(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	bool secures = is(d->act, "secure");
	/* Nothing named means all of it. */
	int64_t open = unpaid(c) - (secures ? c->secured : 0);
	int64_t amount = d->amount >= 0                 ? d->amount
			 : is(d->act, "decide-appeal")  ? 0
			 : is(d->act, "approve-refund") ? c->refund
							: open;

	if (is(why, "amount-excess"))
		return amount > unpaid(c);
	if (is(why, "amount-missing"))
		return amount <= 0;
	if (is(why, "amount-short"))
		return amount < open;
	if (is(why, "amount-differs"))
		return amount != c->refund;
	if (is(why, "reduction-wrong"))
		return d->accepted ? amount > c->due : amount != 0;
	if (is(why, "nothing-to-pay"))
		return open <= 0;
	if (is(why, "no-refund"))
		return !c->refund;
	if (is(why, "no-security"))
		return !c->secured;
	return unpaid(c) > 0; /* unpaid */
}

static bool values_refuse(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	bool is_check = sim_word("check-documents examine", d->act);

	if (is(why, "reason-missing"))
		return !d->reason;
	if (is(why, "code-missing"))
		return !d->code && !(is_check && d->result && is(d->result, "clean"));
	if (is(why, "result-missing"))
		return !d->result;
	if (is(why, "lane-missing"))
		return !d->lane || d->lane == c->lane;
	if (is(why, "who-missing"))
		return !d->who;
	/* until-missing */
	return d->until <= d->now ||
	       d->until < (is(d->act, "correct") ? c->reply_by : c->secured_until);
}

static bool irregularity_refuses(const struct sim_case *c, const struct sim_do *d)
{
	bool is_check = sim_word("check-documents examine", d->act);

	/* More may be found; a lane may be raised, not lowered. */
	if (is_check && (!d->result || is(d->result, "irregular")))
		return false;
	if (is(d->act, "reroute") && !(d->lane && d->lane < c->lane))
		return false;
	return c->irregular;
}

static bool case_refuses(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	if (is(why, "irregularity-open"))
		return irregularity_refuses(c, d);
	if (is(why, "control-announced"))
		return c->notified;
	if (is(why, "control-not-announced"))
		return !c->notified;
	if (is(why, "nothing-to-appeal"))
		return !c->adverse;
	if (is(why, "appeal-waits"))
		return is(c->appeal, "lodged");
	if (is(why, "no-appeal"))
		return !is(c->appeal, "lodged");
	if (is(why, "seizure-overturned"))
		return is(c->state, "seized") && is(c->appeal, "upheld");
	if (is(why, "no-irregularity"))
		return !c->irregular;
	if (is(why, "reply-open"))
		return c->reply_by != 0;
	if (is(why, "no-right-of-reply"))
		return !c->reply_by || d->now >= c->reply_by;
	if (is(why, "no-inspection"))
		return !(c->holds & SIM_INSPECTION);
	if (is(why, "goods-gone"))
		return c->cancels && is(c->state, "exited");
	if (is(why, "no-request"))
		return !c->request[0];
	if (is(why, "request-waits"))
		return c->request[0] != 0;
	if (is(why, "already-released"))
		return was_released(c);
	if (is(why, "no-proposal"))
		return !c->proposer[0];
	return c->proposer[0] && d->lane && d->lane < c->lane; /* proposal-waits */
}

static bool refuses(const struct sim_case *c, const struct sim_do *d, const char *why)
{
	if (sim_word("hold-missing hold-of-others hold-stands no-such-hold", why))
		return holds_refuse(c, d, why);
	if (sim_word("not-examiner same-person-examiner same-person-judge same-person-proposer "
		     "same-person-reassessor examiner-reassessed",
		     why))
		return persons_refuse(c, d, why);
	if (sim_word("amount-excess amount-missing amount-short amount-differs reduction-wrong "
		     "nothing-to-pay no-refund no-security unpaid",
		     why))
		return money_refuses(c, d, why);
	if (sim_word(
		"reason-missing code-missing result-missing lane-missing who-missing until-missing",
		why))
		return values_refuse(c, d, why);
	return case_refuses(c, d, why);
}

static const struct rule *rule_of(const char *act)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (is(rules[i].act, act))
			return &rules[i];
	return NULL;
}

/* One word of a list: points into a store of words that lives for ever. */
static const char *next_word(const char **list)
{
	static const char *const words[] = {
	    "already-released",
	    "amount-differs",
	    "amount-excess",
	    "amount-missing",
	    "amount-short",
	    "appeal-waits",
	    "code-missing",
	    "control-announced",
	    "control-not-announced",
	    "examiner-reassessed",
	    "goods-gone",
	    "hold-missing",
	    "hold-of-others",
	    "hold-stands",
	    "irregularity-open",
	    "lane-missing",
	    "no-appeal",
	    "no-inspection",
	    "no-irregularity",
	    "no-proposal",
	    "no-refund",
	    "no-request",
	    "no-right-of-reply",
	    "no-security",
	    "no-such-hold",
	    "not-examiner",
	    "nothing-to-appeal",
	    "nothing-to-pay",
	    "proposal-waits",
	    "reason-missing",
	    "reduction-wrong",
	    "reply-open",
	    "request-waits",
	    "result-missing",
	    "same-person-examiner",
	    "same-person-judge",
	    "same-person-proposer",
	    "same-person-reassessor",
	    "seizure-overturned",
	    "unpaid",
	    "until-missing",
	    "who-missing",
	};
	const char *at = *list + strspn(*list, " ");
	size_t n = strcspn(at, " ");

	*list = at + n;
	for (size_t i = 0; n && i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) == n && !memcmp(words[i], at, n))
			return words[i];
	if (n)
		sim_fail("the model has no refusal %.*s", (int)n, at);
	return NULL;
}

/* What the ledger says besides: nobody pays or secures more than is prepaid, or left of a guarantee. A cashier who is paid takes
 * new money. */
static bool ledger_refuses(const struct sim_case *c, const struct sim_do *d)
{
	int64_t amount = d->amount;

	if (is(d->act, "pay") && d->roles & ROLE_CASHIER)
		return false;
	if (!sim_word("pay secure", d->act))
		return false;
	if (amount < 0)
		amount = unpaid(c) - (is(d->act, "secure") ? c->secured : 0);
	return amount > (is(d->act, "secure") && d->guarantee ? d->left : d->prepaid);
}

int sim_refused(const struct sim_case *c, const struct sim_do *d, const char *ret[SIM_REASONS])
{
	const struct rule *r = rule_of(d->act);
	const char *list = r->refused, *word;
	int n = 0;

	if (!(r->who & d->roles)) {
		ret[0] = "role";
		return 1;
	}
	if (!sim_word(r->where, c->state)) {
		ret[0] = "state";
		return 1;
	}
	while ((word = next_word(&list)))
		if (refuses(c, d, word))
			ret[n++] = word;
	if (!n && ledger_refuses(c, d))
		ret[n++] = "money";
	return n;
}

/* ---- effects ---- */

static void copy(char to[SIM_NAME], const char *from)
{
	snprintf(to, SIM_NAME, "%s", from ? from : "");
}

static unsigned lane_holds(int lane)
{
	return lane == LANE_RED ? SIM_CONTROL : lane == LANE_YELLOW ? SIM_DOCUMENTS : 0u;
}

static const char *resting(const struct sim_case *c)
{
	return c->holds & SIM_PRESENTATION                      ? "lodged"
	       : c->holds & SIM_CONTROL && !c->examiner[0]      ? "selected"
	       : c->holds & SIM_DOCUMENTS                       ? "documents"
	       : c->holds & SIM_INSPECTION                      ? "inspection"
	       : c->holds & (unsigned)(SIM_PERMIT | SIM_AGENCY) ? "accepted"
	       : c->holds & SIM_PAYMENT                         ? "assessed"
								: "released";
}

void sim_settle(struct sim_case *c)
{
	c->holds &= ~(unsigned)SIM_PAYMENT;
	if (unpaid(c) > c->secured && !was_released(c) && !sim_is_over(c->state))
		c->holds |= SIM_PAYMENT;
	c->refund = c->paid > c->due ? c->paid - c->due : 0;
	if (!is_aside(c->state) && !sim_is_over(c->state) && !is(c->state, "released"))
		c->state = c->behind = sim_state(span_of(resting(c)));
	if (was_released(c) || (c->presented && c->holds & SIM_CONTROL))
		c->notified = true;
}

static void aside(struct sim_case *c, const char *state)
{
	if (!is_aside(c->state))
		c->behind = c->state;
	c->state = state;
}

/* Goods that were released stay so; else the holds say where it rests. */
static void back(struct sim_case *c)
{
	c->state = c->behind = sim_state(span_of(resting(c)));
}

static void end(struct sim_case *c, const char *state)
{
	c->state = c->behind = state;
	c->holds = 0;
	c->due = c->reply_by = 0;
	c->irregular = c->cancels = false;
	c->proposer[0] = c->request[0] = 0;
	c->proposed = 0;
}

static void raise_lane(struct sim_case *c, int lane)
{
	if (lane <= c->lane)
		return;
	if (!was_released(c))
		c->holds |= lane_holds(lane) & ~lane_holds(c->lane);
	c->lane = lane;
	c->proposer[0] = 0;
	c->proposed = 0;
}

static void put_version(struct sim_case *c, const struct sim_version *v)
{
	c->version = v->version;
	c->due = v->due;
	raise_lane(c, v->lane);
}

static void adverse(struct sim_case *c)
{
	c->adverse = true;
	if (!is(c->appeal, "lodged"))
		c->appeal = "none";
}

static void apply_check(struct sim_case *c, const struct sim_do *d, unsigned hold)
{
	if (is(d->result, "clean"))
		c->holds &= ~hold;
	else
		c->irregular = true;
}

static void apply_reroute(struct sim_case *c, const struct sim_do *d)
{
	if (d->lane > c->lane) {
		raise_lane(c, d->lane);
		return;
	}
	copy(c->proposer, sim_people[d->by].login);
	c->proposed = d->lane;
}

static void apply_confirm(struct sim_case *c)
{
	c->holds &= ~(lane_holds(c->lane) & ~lane_holds(c->proposed));
	c->lane = c->proposed;
	c->proposed = 0;
	c->proposer[0] = 0;
}

static void apply_lapse(struct sim_case *c, int64_t now)
{
	if (c->reply_by && now >= c->reply_by) {
		c->reply_by = 0;
		c->irregular = false;
	}
	if (c->secured_until && now >= c->secured_until) {
		int64_t money = c->secured - c->guaranteed;
		int64_t called = unpaid(c) < money ? unpaid(c) : money;

		c->paid += called;
		c->secured -= called;
		c->secured_until = 0;
		c->provisional = false;
	}
}

/* Who decides, and what by: correction, request, appeal, seizure. */
static bool apply_decision(struct sim_case *c, const struct sim_do *d, const struct sim_version *v)
{
	const char *by = d->by >= 0 ? sim_people[d->by].login : "";

	if (is(d->act, "correct")) {
		put_version(c, v);
		copy(c->reassessor, by);
		c->reply_by = d->until;
		adverse(c);
	} else if (is(d->act, "grant")) {
		bool cancels = c->cancels;

		c->request[0] = 0;
		c->cancels = false;
		copy(c->judge, by);
		if (cancels)
			end(c, "cancelled");
		else
			put_version(c, v);
	} else if (is(d->act, "refuse")) {
		c->request[0] = 0;
		c->cancels = false;
		copy(c->judge, by);
		adverse(c);
	} else if (is(d->act, "seize")) {
		copy(c->judge, by);
		adverse(c);
		aside(c, "seized");
	} else if (is(d->act, "appeal")) {
		c->appeal = "lodged";
		c->adverse = false;
	} else if (is(d->act, "decide-appeal")) {
		c->appeal = d->accepted ? "upheld" : "dismissed";
		c->due -= d->amount > 0 ? d->amount : 0;
		copy(c->judge, by);
	} else {
		return false;
	}
	return true;
}

static bool apply_money(struct sim_case *c, const struct sim_do *d)
{
	if (is(d->act, "pay")) {
		c->paid += d->amount >= 0 ? d->amount : unpaid(c);
	} else if (is(d->act, "secure")) {
		int64_t minor = d->amount >= 0 ? d->amount : unpaid(c) - c->secured;

		c->secured += minor;
		c->guaranteed += d->guarantee ? minor : 0;
		c->secured_until = d->until;
		c->provisional = true;
	} else if (is(d->act, "discharge")) {
		c->secured = c->guaranteed = c->secured_until = 0;
		c->provisional = false;
	} else if (is(d->act, "approve-refund")) {
		c->paid -= c->refund;
	} else if (is(d->act, "lapse")) {
		apply_lapse(c, d->now);
	} else {
		return false;
	}
	return true;
}

/* What ends the life of a case, and what only puts it aside. */
static bool apply_place(struct sim_case *c, const struct sim_do *d)
{
	if (is(d->act, "abandon"))
		end(c, "abandoned");
	else if (is(d->act, "cancel"))
		end(c, "cancelled");
	else if (is(d->act, "destroy"))
		end(c, "destroyed");
	else if (is(d->act, "sell"))
		end(c, "sold");
	else if (is(d->act, "exit"))
		c->state = c->behind = "exited";
	else if (is(d->act, "query"))
		aside(c, "queried");
	else if (sim_word("reply withdraw-query lift-detention restore", d->act))
		back(c);
	else
		return false;
	return true;
}

static void apply_rest(struct sim_case *c, const struct sim_do *d, const struct sim_version *v)
{
	if (is(d->act, "amend")) {
		put_version(c, v);
	} else if (is(d->act, "ask")) {
		memcpy(c->request, v->request, sizeof(c->request));
		c->cancels = d->cancels;
	} else if (is(d->act, "check-documents")) {
		apply_check(c, d, SIM_DOCUMENTS);
	} else if (is(d->act, "examine")) {
		apply_check(c, d, SIM_INSPECTION);
	} else if (is(d->act, "close")) {
		c->irregular = false;
	} else if (is(d->act, "confirm-reroute")) {
		apply_confirm(c);
	} else if (is(d->act, "refuse-reroute")) {
		c->proposed = 0;
		c->proposer[0] = 0;
	} else if (is(d->act, "reroute")) {
		apply_reroute(c, d);
	} else if (is(d->act, "detain")) {
		c->notified = true;
		aside(c, "detained");
	} else if (is(d->act, "lift-hold")) {
		c->holds &= ~hold_bit(d->hold);
	} else if (is(d->act, "place-hold")) {
		c->holds |= hold_bit(d->hold);
		c->called_in |= is(d->hold, "agency");
	} else if (is(d->act, "present")) {
		c->presented = true;
		c->holds &= ~(unsigned)SIM_PRESENTATION;
	} else if (is(d->act, "release")) {
		c->holds &= ~(unsigned)SIM_CONTROL;
	} else if (is(d->act, "reply-correction")) {
		c->reply_by = 0;
		if (d->accepted)
			c->irregular = false;
	} else if (is(d->act, "take-over")) {
		copy(c->examiner, d->who);
	} else {
		sim_fail("the model does not know what %s does", d->act);
	}
}

void sim_apply(struct sim_case *c, const struct sim_do *d, const struct sim_version *v)
{
	if (!apply_decision(c, d, v) && !apply_money(c, d) && !apply_place(c, d))
		apply_rest(c, d, v);
	sim_settle(c);
}

void sim_begin(struct sim_case *c, bool presented, const struct sim_version *v)
{
	c->state = c->behind = "lodged";
	c->appeal = "none";
	c->lane = v->lane;
	c->version = 1;
	c->due = v->due;
	c->presented = presented;
	c->holds = lane_holds(v->lane) | (presented ? 0u : (unsigned)SIM_PRESENTATION);
	sim_settle(c);
}
