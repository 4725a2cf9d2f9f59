#include "hub/settle/decision.h"

#include "check/check.h"
#include "duty/duty.h"
#include "hub/life/contingency.h"
#include "hub/life/supplementary.h"
#include "hub/stock/writeoff.h"
#include "risk/risk.h"

/* Are there goods to assess? A cancellation has none; an amendment and a notice of presentation have those of their case, and
 * none when it is not known. */
static bool has_goods(enum message_function asked, const struct facts *facts)
{
	if (asked == FUNCTION_AMENDMENT || asked == FUNCTION_PRESENTATION)
		return facts->previous.n > 0;
	return asked == FUNCTION_ORIGINAL || asked == FUNCTION_UNKNOWN;
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
	if (facts->barred.n)
		finding_add(f, FINDING_REQUEST_STATE, &d->movement_reference, facts->barred,
			    NO_VALUE, NO_VALUE);
	if (facts->bad_pointer.n)
		finding_add(f, FINDING_REQUEST_POINTER, NULL, facts->bad_pointer, NO_VALUE,
			    NO_VALUE);
}

static bool has_error_at(const struct findings *f, uint32_t n, struct span pointer)
{
	for (uint32_t i = 0; i < n; i++)
		if (f->list.v[i].severity == SEVERITY_ERROR &&
		    span_equal(f->list.v[i].pointer, pointer))
			return true;
	return false;
}

/* What cannot be assessed because of a value that a check refused needs no second finding about that value. */
static void drop_repeated(struct findings *f, uint32_t checked)
{
	uint32_t kept = checked;

	for (uint32_t i = checked; i < f->list.n; i++) {
		const struct finding *x = &f->list.v[i];

		if (x->severity == SEVERITY_ERROR && has_error_at(f, checked, x->pointer))
			f->errors--;
		else
			f->list.v[kept++] = *x;
	}
	f->list.n = kept;
}

/* Of a new case. */
static struct flow_view view_of(const struct decision *d, const struct facts *facts)
{
	struct flow_case c = flow_begin(d->accepted, !facts->awaited, d->selection.lane,
					d->assessment.total_due.minor, NULL);

	return flow_public(&c, facts->received_at);
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
	uint32_t checked;

	if (in->request) {
		r.findings->object = in->request;
		check_declaration(in->request, inforce->ref, facts, r.findings);
	}
	check_request(in->request ? in->request : d, facts, in->asked, r.findings);
	r.findings->object = d;
	check_declaration(d, inforce->ref, facts, r.findings);
	contingency_find(d, facts, r.findings);
	supplementary_find(d, inforce->ref, facts, r.findings);
	writeoff_find(a, d, inforce->ref, facts, r.findings);
	if (has_goods(in->asked, facts))
		origin_claims_find(a, d, inforce->ref, facts, r.findings, &r.origin);
	checked = r.findings->list.n;
	if (has_goods(in->asked, facts))
		duty_assess(a, d, inforce->ref, facts, &r.assessment, r.findings);
	drop_repeated(r.findings, checked);
	r.accepted = r.findings->errors == 0;
	if (r.accepted && has_goods(in->asked, facts))
		risk_select(a, d, &r.assessment, inforce->ref, inforce->rules, facts, &r.selection);
	r.step =
	    flow_after_decision(r.accepted, in->asked, r.selection.lane, r.assessment.total_due);
	if (r.accepted && facts->awaited && in->asked != FUNCTION_CANCELLATION)
		r.step = (struct flow_step){FLOW_LODGED, r.step.holds | HOLD_PRESENTATION};
	r.view = view_of(&r, facts);
	*ret = r;
}
