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

/* A request must speak of a case that the hub found, and its pointers of places that are there. */
static void check_request(const struct declaration *d, const struct facts *facts,
			  enum message_function asked, struct findings *f)
{
	if (asked == FUNCTION_ORIGINAL || asked == FUNCTION_UNKNOWN)
		return;
	if (!facts->previous.n && d->movement_reference.n)
		finding_add(f, FINDING_REQUEST_REFERENCE_UNKNOWN, &d->movement_reference,
			    d->movement_reference, NO_VALUE, NO_VALUE);
	if (facts->bad_pointer.n)
		finding_add(f, FINDING_REQUEST_POINTER, NULL, facts->bad_pointer, NO_VALUE,
			    NO_VALUE);
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

	check_request(d, facts, in->asked, r.findings);
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
