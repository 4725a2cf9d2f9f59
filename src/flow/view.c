#include <string.h>

#include "flow/acts.h"
#include "flow/room.h"

uint32_t flow_for_officer(const struct flow_case *c, struct span by, unsigned roles, int64_t at,
			  enum flow_act ret[FLOW_ACTS])
{
	const unsigned without_values =
	    1u << REFUSAL_STATE | 1u << REFUSAL_ROLE | 1u << REFUSAL_PERSON;
	uint32_t n = 0;

	for (uint32_t a = 0; a < FLOW_ACTS; a++) {
		const struct flow_do wanted = {
		    .act = (enum flow_act)a, .by = by, .roles = roles, .at = at};

		if (!flow_refuse(c, &wanted, without_values))
			ret[n++] = (enum flow_act)a;
	}
	return n;
}

static void ask_for(struct flow_view *v, const char *act)
{
	v->next[v->n++] = act;
}

/* Of two controls only the first is asked for, so that yellow and red look alike until it is over. */
static const char *word(struct flow_view *v, const struct flow_case *c)
{
	switch (c->state) {
	case FLOW_SELECTED:
	case FLOW_DOCUMENTS:
	case FLOW_INSPECTION:
		if (c->holds & HOLD_DOCUMENTS) {
			ask_for(v, "present-documents");
			return "documents-required";
		}
		ask_for(v, "present-goods-for-examination");
		return "examination";
	case FLOW_QUERIED:
		ask_for(v, "reply");
		break;
	case FLOW_REJECTED:
		ask_for(v, "correct");
		break;
	case FLOW_RELEASED:
		ask_for(v, "take-goods");
		break;
	case FLOW_DETAINED:
		ask_for(v, "await-customs");
		break;
	case FLOW_ABANDONED:
	case FLOW_ACCEPTED:
	case FLOW_ASSESSED:
	case FLOW_CANCELLED:
	case FLOW_DESTROYED:
	case FLOW_EXITED:
	case FLOW_LODGED:
	case FLOW_PAID:
	case FLOW_SEIZED:
	case FLOW_SOLD:
	case FLOW_STATES:
		break;
	}
	return flow_state_name(c->state);
}

struct flow_view flow_public(const struct flow_case *c, int64_t now)
{
	struct flow_view v = {.state = "accepted"};

	if (c->state == FLOW_LODGED)
		ask_for(&v, "present-goods");
	else
		v.state = word(&v, c);
	if (c->due > c->paid && c->state != FLOW_SEIZED)
		ask_for(&v, "pay");
	if (c->state == FLOW_LODGED)
		return v;
	if (c->holds & HOLD_PERMIT)
		ask_for(&v, "show-permit");
	if (c->holds & HOLD_AGENCY)
		ask_for(&v, "await-agency");
	if (c->reply_by > now)
		ask_for(&v, "reply-correction");
	if (c->request.n)
		ask_for(&v, "await-decision");
	if (c->adverse && c->appeal != APPEAL_LODGED)
		ask_for(&v, "appeal");
	return v;
}

bool flow_view_equal(const struct flow_view *a, const struct flow_view *b)
{
	bool same = !strcmp(a->state, b->state) && a->n == b->n;

	for (uint32_t i = 0; same && i < a->n; i++)
		same = !strcmp(a->next[i], b->next[i]);
	return same;
}
