/* A trial: what checks and the tariff say of a message, for whoever prepares one. Nothing is stored, nothing of anybody's is
 * read, and risk has no part in what comes back: whoever tries often learns nothing of how goods are selected. */
#include "hub/settle/trial.h"

#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"
#include "hub/settle/record.h"

struct trial {
	struct submission *submission;
	const struct inforce *inforce;
	struct message message;
	struct findings findings;
	struct span language;
	struct text *to;
	int64_t now;
};

static const struct json *parsed(struct arena *a, const struct text *t)
{
	const struct json *value;
	struct codec_fault fault;

	BUG_ON(json_read(a, text_as_span(t), &value, &fault));
	return value;
}

static void conclude(void *context)
{
	struct trial *t = context;
	const struct submission *s = t->submission;
	const struct facts facts = {
	    .received_at = t->now,
	    .legal_day = day_of(t->now, ref_zone_minutes(t->inforce->ref)),
	    .version = 1,
	    .office = SPAN(""),
	    .reference = SPAN(""),
	    .sender = SPAN(""),
	    .key = SPAN(""),
	};
	struct text bare = text_in(s->arena), declaration = text_in(s->arena);
	struct json_writer w = json_to(&bare);
	struct decision d;

	decide(s->arena,
	       &(struct decision_input){s->raw, hash_bytes(s->raw.p, s->raw.n), &t->message, NULL,
					declaration_function(&t->message.declaration),
					&t->findings},
	       &facts, t->inforce, &d);
	msg_write_json(&declaration, &t->message);
	json_open_object(&w);
	json_put(&w, "format", t->message.format);
	json_put_bool(&w, "sound", d.accepted);
	decision_put_findings(&w, d.findings);
	decision_put_taxes(&w, &d, false);
	json_name(&w, "declaration");
	json_value(&w, parsed(s->arena, &declaration));
	json_close_object(&w);
	answer_render(t->to, parsed(s->arena, &bare), t->language);
}

static void unreadable(struct outcome *o, enum err e)
{
	o->kind = e == ERR_NOMEM ? OUTCOME_FAILED : OUTCOME_UNREADABLE;
	fail(&o->cause, e, "%s",
	     o->fault.text ? o->fault.text : "this is not a declaration in a known format");
}

void hub_try(struct hub *h, struct submission *s, struct span language, struct text *to)
{
	struct inforce *inforce = house_inforce(h);
	struct trial t = {.submission = s,
			  .inforce = inforce,
			  .language = language,
			  .to = to,
			  .now = clock_now()};
	struct outcome *o = &s->outcome;
	enum err e;

	*o = (struct outcome){.kind = OUTCOME_NEW, .reference = SPAN("")};
	if (!inforce) {
		o->kind = OUTCOME_FAILED;
		fail(&o->cause, ERR_NOT_FOUND, "no pack is in force");
		return;
	}
	e = msg_read_with(s->arena, s->raw, s->format, hub_directories(), &t.message, &t.findings,
			  &o->fault);
	if (e) {
		unreadable(o, e);
	} else {
		e = arena_run(s->arena, conclude, &t);
		if (e) {
			o->kind = OUTCOME_FAILED;
			fail(&o->cause, e, "this declaration needs more memory than one may take");
		}
	}
	inforce_release(inforce);
}
