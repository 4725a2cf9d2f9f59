#include "hub/decision.h"

#include "check/check.h"
#include "duty/duty.h"
#include "risk/risk.h"

/* A request about a case (a cancellation, a notice of presentation) has no goods of its own to assess. */
static bool has_goods(enum message_function asked)
{
	return asked == FUNCTION_ORIGINAL || asked == FUNCTION_AMENDMENT ||
	       asked == FUNCTION_UNKNOWN;
}

void decide(struct arena *a, const struct decision_input *in, const struct facts *facts,
	    const struct inforce *inforce, struct decision *ret)
{
	const struct declaration *d = &in->message->declaration;
	struct decision r = {
	    .input = in->hash,
	    .input_bytes = in->raw.n,
	    .message = in->message,
	    .asked = in->asked,
	    .facts = facts,
	    .inforce = inforce,
	    .findings = in->findings,
	};

	check_declaration(d, inforce->ref, facts, r.findings);
	if (has_goods(in->asked))
		duty_assess(a, d, inforce->ref, facts, &r.assessment, r.findings);
	r.accepted = r.findings->errors == 0;
	if (r.accepted && has_goods(in->asked))
		risk_select(a, d, &r.assessment, inforce->ref, inforce->rules, facts, &r.selection);
	r.step =
	    flow_after_decision(r.accepted, in->asked, r.selection.lane, r.assessment.total_due);
	*ret = r;
}
