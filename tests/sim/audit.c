/* The whole store at the end of a seed, through a reader: replay, verify, and laws that are read off the log itself. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "hub/house.h"

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	sim_fail("%s finds: %.*s %lld %.*s: %s", (const char *)context, SPAN_ARG(office),
		 (long long)seq, SPAN_ARG(reference), text);
}

/* ---- what the log says of each act ---- */

struct scan {
	struct arena *a;
	uint64_t acts, first_versions;
	int64_t sum; /* of all balances */
};

static bool has(const struct json *list, const char *word)
{
	for (const struct json *v = list ? list->first : NULL; v; v = v->next)
		if (span_is(v->text, word))
			return true;
	return false;
}

static bool is_member(const struct json *o, const char *name, struct span text)
{
	struct span v = json_get_text(o, name);

	return v.n && span_equal(v, text);
}

/* Who decides is not who examined, corrected or decided before. */
static void check_persons(const struct event *e, struct span act, struct span by,
			  const struct json *before)
{
	bool judges = span_is(act, "decide-appeal") || span_is(act, "approve-refund");

	if (judges && (is_member(before, "examiner", by) || is_member(before, "reassessor", by) ||
		       is_member(before, "judge", by)))
		sim_fail("%.*s: %.*s by %.*s, who did something in the case that another must have "
			 "done",
			 SPAN_ARG(e->reference), SPAN_ARG(act), SPAN_ARG(by));
	if (span_is(act, "correct") && is_member(before, "examiner", by))
		sim_fail("%.*s: the examiner %.*s corrected", SPAN_ARG(e->reference), SPAN_ARG(by));
}

/* A lower lane has two people behind it, and control ends with its result or with them. */
static void check_control(const struct event *e, struct span act, struct span by,
			  const struct json *before, const struct json *after)
{
	enum lane was = lane_by_name(json_get_text(before, "lane")),
		  is = lane_by_name(json_get_text(after, "lane"));
	bool two = span_is(act, "confirm-reroute") && json_get_text(before, "proposer").n &&
		   !is_member(before, "proposer", by);
	bool done =
	    span_is(act, "check-documents") || span_is(act, "examine") || span_is(act, "release");
	bool ends = span_is(act, "abandon") || span_is(act, "cancel") || span_is(act, "grant") ||
		    span_is(act, "destroy") || span_is(act, "sell");
	const struct json *held = json_get(before, "holds"), *holds = json_get(after, "holds");

	if (is < was && !two)
		sim_fail("%.*s: %.*s by %.*s lowered the lane alone", SPAN_ARG(e->reference),
			 SPAN_ARG(act), SPAN_ARG(by));
	for (int i = 0; i < 2; i++) {
		const char *hold = i ? "inspection" : "documents";

		if (!has(held, hold) || has(holds, hold) || two || ends)
			continue;
		if (!done || !is_member(before, "examiner", by))
			sim_fail("%.*s: the hold %s went by %.*s of %.*s", SPAN_ARG(e->reference),
				 hold, SPAN_ARG(act), SPAN_ARG(by));
	}
	if (span_is(json_get_text(after, "state"), "released") && holds && holds->first)
		sim_fail("%.*s is released and held", SPAN_ARG(e->reference));
}

static enum err take_event(void *context, const struct event *e, struct cause *why)
{
	struct scan *s = context;
	struct codec_fault fault;
	const struct json *j, *before, *after;
	struct span act, by;

	(void)why;
	s->first_versions += span_is(e->kind, "input") && e->version == 1;
	if (!span_is(e->kind, "act"))
		return ERR_NONE;
	arena_reset(s->a);
	if (json_read(s->a, e->payload, &j, &fault))
		sim_fail("an act in the log cannot be read");
	s->acts++;
	before = json_get(j, "before");
	after = json_get(j, "after");
	act = json_get_text(j, "act");
	by = json_get_text(j, "by");
	check_persons(e, act, by, before);
	check_control(e, act, by, before, after);
	return ERR_NONE;
}

static enum err take_balance(void *context, const struct store_balance *b, struct cause *why)
{
	struct scan *s = context;

	(void)why;
	s->sum += b->minor;
	return ERR_NONE;
}

/* ---- the whole ---- */

static void scan(struct sim *s, struct hub *h)
{
	struct scan all = {.a = arena_new(LIMIT_ARENA_BYTES)};
	const struct store_range everything = {.from_at = INT64_MIN};
	struct cause why = {0};
	uint64_t lodged = s->w->strays;

	if (store_scan_events(h->store, &everything, take_event, &all, &why) ||
	    store_scan_balances(h->store, take_balance, &all, &why))
		sim_fail("the store cannot be read: %s", why.text);
	if (all.sum)
		sim_fail("the accounts add up to %lld", (long long)all.sum);
	for (int i = 0; i < s->w->n; i++)
		lodged += s->w->cases[i].lodged;
	if (lodged != all.first_versions)
		sim_fail("%llu cases were acknowledged, %llu are in the log",
			 (unsigned long long)lodged, (unsigned long long)all.first_versions);
	s->w->acts = all.acts;
	arena_free(all.a);
}

void sim_audit(struct sim *s)
{
	struct hub_options o = {.where = s->w->directory,
				.database = s->w->url[0] ? s->w->url : NULL,
				.mode = HUB_READ};
	struct audit_report replay = {.fault = on_fault, .context = "replay"},
			    verify = {.fault = on_fault, .context = "verify"};
	struct cause why = {0};
	struct hub *h = NULL;

	if (hub_open(&o, &h, &why) || hub_replay(h, INT64_MIN, &replay, &why) ||
	    hub_verify(h, &(struct verify_options){0}, &verify, &why))
		sim_fail("the audit stops: %s: %s", err_name(why.err), why.text);
	if (replay.differences || verify.differences)
		sim_fail("replay differs %lld times, verify %lld times",
			 (long long)replay.differences, (long long)verify.differences);
	scan(s, h);
	hub_close(h);
}
