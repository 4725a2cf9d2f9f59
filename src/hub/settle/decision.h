/* A decision: what the hub concluded of one message, with everything that led to it. The one record that is stored,
 * replayed and explained.
 *
 * decide() is pure: message, facts and versions in; the same decision out, on every machine and in every build.
 * decision_write() is its one form (JSON, format DECISION_FORMAT), byte for byte; replay compares those bytes. Texts
 * for people, the program's name and the time it took are not in it: they belong to the record around it
 * (hub/settle/record.h). */
#ifndef CUSTOMHOUSE_HUB_SETTLE_DECISION_H
#define CUSTOMHOUSE_HUB_SETTLE_DECISION_H

#include "base/hash.h"
#include "codec/json.h"
#include "flow/flow.h"
#include "hub/inforce.h"
#include "hub/settle/origin_claim.h"
#include "model/assessment.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/selection.h"

/* Version of the decision's own form. A change of what decide() concludes or of how it is written takes a new number;
 * the writer of every older one stays. */
enum { DECISION_FORMAT = 1 };

struct decision {
	struct hash input; /* of the bytes that were received */
	uint64_t input_bytes;
	const struct message *message; /* after an amendment: the declaration as it now stands */
	enum message_function asked;
	const struct facts *facts;
	const struct inforce *inforce;
	struct findings *findings;
	struct origin_claims origin;
	struct assessment assessment; /* zeroed when there was nothing to assess */
	struct selection selection;
	struct flow_step step;
	/* what the trader is told of the case; not part of the decision's bytes. A request's is set by whoever knows the case */
	struct flow_view view;
	bool accepted;
};

/* What the request said and where its declaration came from. */
struct decision_input {
	struct span raw;  /* the bytes received */
	struct hash hash; /* of raw */
	/* the declaration to be decided: the message, or the amended one */
	const struct message *message;
	/* of an amendment: what the message itself said; else NULL */
	const struct declaration *request;
	enum message_function asked; /* by the message */
	struct findings *findings;   /* of reading; decide() adds to them */
};

/* Decides. Everything it makes lies in a. Inside arena_run(). */
void decide(struct arena *a, const struct decision_input *in, const struct facts *facts,
	    const struct inforce *inforce, struct decision *ret);

/* The decision's bytes. */
void decision_write(struct text *to, const struct decision *d);

/* Parts that the decision and the trader's answer share. */
void decision_put_findings(struct json_writer *w, const struct findings *f);
void decision_put_taxes(struct json_writer *w, const struct decision *d, bool proof);

/* The facts of a stored decision, for replay. ERR_FORMAT: not a decision of a known format. Inside arena_run(). */
enum err decision_read_facts(struct arena *a, const struct json *decision,
			     struct facts *ret) MUST_CHECK;
/* Values and sums of a stored decision on so many items, as far as selection asks for them; digits: of the national currency,
 * which never change. false: it was not assessed whole. Inside arena_run(). */
bool decision_read_assessment(struct arena *a, const struct json *decision, uint32_t items,
			      unsigned digits, struct assessment *ret) MUST_CHECK;

#endif
