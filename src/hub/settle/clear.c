/* Clear: decide without storing, as if the message were the first of a fresh store. No hub, no keys, no history:
 * facts are empty and no draw is made, so only rules decide the lane; the record's draw is null and says so. */
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/house.h"
#include "hub/settle/record.h"

struct clearing {
	struct inforce *inforce;
};

enum err clearing_open(const char *pack, struct clearing **ret, struct pack_faults *faults,
		       struct cause *why)
{
	struct span archive[PACK_PARTS];
	struct clearing *c = calloc(1, sizeof(*c));
	enum err e;

	if (!c)
		return fail(why, ERR_NOMEM, "no memory");
	e = pack_read_folder(faults->arena, pack, archive, faults, why);
	if (!e)
		e = inforce_load(archive, &c->inforce, faults, why);
	if (!e && faults->list.n)
		e = fail(why, ERR_FORMAT, "the pack has faults: run `customhouse pack check %s`",
			 pack);
	if (e) {
		clearing_close(c);
		return e;
	}
	*ret = c;
	return ERR_NONE;
}

void clearing_close(struct clearing *c)
{
	if (!c)
		return;
	inforce_release(c->inforce);
	free(c);
}

const struct inforce *clearing_inforce(const struct clearing *c)
{
	return c->inforce;
}

struct clear {
	struct submission *submission;
	const struct inforce *inforce;
	struct message message;
	struct findings findings;
	int64_t now;
};

static void decide_alone(void *context)
{
	struct clear *c = context;
	struct submission *s = c->submission;
	struct facts f = {.received_at = c->now,
			  .version = 1,
			  .office = SPAN(""),
			  .reference = SPAN(""),
			  .sender = SPAN(""),
			  .key = SPAN("")};
	struct text decision = text_in(s->arena), answer = text_in(s->arena);
	enum message_function asked = declaration_function(&c->message.declaration);
	struct decision d;

	f.legal_day = day_of(c->now, ref_zone_minutes(c->inforce->ref));
	decide(s->arena,
	       &(struct decision_input){s->raw, hash_bytes(s->raw.p, s->raw.n), &c->message, NULL,
					asked, &c->findings},
	       &f, c->inforce, &d);
	decision_write(&decision, &d);
	answer_write(&answer, &d);
	s->outcome = (struct outcome){.kind = OUTCOME_NEW,
				      .accepted = d.accepted,
				      .reference = SPAN(""),
				      .decided_at = c->now,
				      .decision = text_as_span(&decision),
				      .answer = text_as_span(&answer)};
}

void clearing_decide(struct clearing *c, struct submission *s, int64_t now)
{
	struct clear one = {.submission = s, .inforce = c->inforce, .now = now};
	enum err e = msg_read_next(s->arena, s->raw, s->format, hub_directories(), s->learned,
				   &one.message, &one.findings, &s->outcome.fault);

	if (e) {
		s->outcome.kind = e == ERR_NOMEM ? OUTCOME_FAILED : OUTCOME_UNREADABLE;
		fail(&s->outcome.cause, e, "%s",
		     s->outcome.fault.text ? s->outcome.fault.text
					   : "this is not a declaration in a known format");
		return;
	}
	e = arena_run(s->arena, decide_alone, &one);
	if (e) {
		s->outcome.kind = OUTCOME_FAILED;
		fail(&s->outcome.cause, e, "this declaration needs more memory than one may take");
	}
}
