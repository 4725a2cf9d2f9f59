/* Replay: decide every stored decision again, from its own log, and compare the bytes. */
#include <stdio.h>

#include "base/limits.h"
#include "hub/house.h"
#include "hub/redecide.h"

/* Input, amended declaration and decision of a case stand one behind the other in the chain of its office: the walk
 * keeps the last ones. */
struct walk {
	struct arena *kept, *once; /* payloads that wait; the work on one decision */
	struct versions *versions;
	struct audit_report *report;
	struct evidence evidence;
	struct span reference;
	int64_t version;
	struct cause why;
};

static void found(struct walk *w, const struct event *e, const char *text)
{
	w->report->differences++;
	if (w->report->fault)
		w->report->fault(w->report->context, e->office, e->seq, e->reference, text);
}

static void where_they_differ(struct walk *w, const struct event *e, struct span now)
{
	struct span then = w->evidence.decision;
	uint32_t i = 0, from;

	while (i < now.n && i < then.n && now.p[i] == then.p[i])
		i++;
	from = i > 40 ? i - 40 : 0;
	snprintf(w->why.text, sizeof(w->why.text),
		 "differs at byte %u: stored ...%.*s, now ...%.*s", i,
		 (int)(then.n - from < 90 ? then.n - from : 90), then.p + from,
		 (int)(now.n - from < 90 ? now.n - from : 90), now.p + from);
	found(w, e, w->why.text);
}

static void compare(struct walk *w, const struct event *e)
{
	const struct inforce *inforce;
	const struct json *decision;
	struct codec_fault fault;
	struct span now;

	w->why = (struct cause){0};
	w->report->looked_at++;
	if (!span_equal(e->reference, w->reference) || e->version != w->version ||
	    !w->evidence.input.p) {
		found(w, e, "the log does not hold the input of this decision");
		return;
	}
	w->evidence.decision = e->payload;
	if (json_read(w->once, e->payload, &decision, &fault)) {
		found(w, e, "the stored decision cannot be read");
		return;
	}
	if (versions_of(w->versions, decision, &inforce, &w->why) ||
	    redecide(w->once, &w->evidence, inforce, &now, &w->why)) {
		found(w, e, w->why.text);
		return;
	}
	if (!span_equal(now, e->payload))
		where_they_differ(w, e, now);
}

struct step {
	struct walk *walk;
	const struct event *event;
};

static void take_step(void *context)
{
	struct walk *w = ((struct step *)context)->walk;
	const struct event *e = ((struct step *)context)->event;

	if (span_is(e->kind, "input")) {
		arena_reset(w->kept);
		w->evidence = (struct evidence){0};
		w->reference = (struct span){arena_copy(w->kept, e->reference.p, e->reference.n),
					     e->reference.n, 0};
		w->version = e->version;
		if (e->payload.p)
			w->evidence.input = (struct span){
			    arena_copy(w->kept, e->payload.p, e->payload.n), e->payload.n, 0};
	} else if (span_is(e->kind, "declaration") && e->payload.p) {
		w->evidence.amended =
		    (struct span){arena_copy(w->kept, e->payload.p, e->payload.n), e->payload.n, 0};
	} else if (span_is(e->kind, "decision") && e->payload.p) {
		arena_reset(w->once);
		compare(w, e);
		if (w->report->progress && w->report->looked_at % 1000 == 0)
			w->report->progress(w->report->context, w->report->looked_at, 0);
	}
}

static enum err take(void *context, const struct event *e, struct cause *why)
{
	struct step s = {context, e};
	enum err err = arena_run(s.walk->kept, take_step, &s);

	return err ? fail(why, err, "no memory to replay %.*s", SPAN_ARG(e->reference)) : ERR_NONE;
}

enum err hub_replay(struct hub *h, int64_t since, struct audit_report *report, struct cause *why)
{
	struct walk w = {.kept = arena_new(LIMIT_ARENA_BYTES),
			 .once = arena_new((size_t)LIMIT_ARENA_BYTES * 2),
			 .versions = versions_new(h->store),
			 .report = report};
	struct store_range range = {.from_at = since};
	enum err e = ERR_NOMEM;

	if (w.kept && w.once && w.versions)
		e = store_scan_events(h->store, &range, take, &w, why);
	else
		fail(why, e, "no memory to replay");
	versions_free(w.versions);
	arena_free(w.kept);
	arena_free(w.once);
	return e;
}
