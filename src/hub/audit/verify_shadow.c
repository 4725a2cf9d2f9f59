/* What another system decided, and how it differs, against the log: what it said of each reference is what it said last, and the
 * two decisions, compared again, differ as is told. */
#include "hub/audit/shadow.h"
#include "hub/audit/verify.h"

/* What was said last of a reference. */
struct said {
	struct span theirs;
	bool has_row;
};

void verify_outcomes_event(struct verify *v, const struct event *e)
{
	const struct json *all;
	struct codec_fault fault;

	if (!span_is(e->kind, "outcomes"))
		return;
	if (!e->payload.p || json_read(v->once, e->payload, &all, &fault)) {
		verify_fault(v, e->office, e->seq, SPAN(""),
			     "what the other system decided cannot be read");
		return;
	}
	for (const struct json *j = all->first; j; j = j->next) {
		struct said *s = map_get(&v->outcomes, j->name);
		struct text t = text_in(v->whole);
		struct json_writer w = json_to(&t);

		json_value(&w, j);
		if (!s) {
			s = ARENA_NEW(v->whole, struct said);
			map_put(&v->outcomes, span_copy(v->whole, j->name), s);
		}
		s->theirs = text_as_span(&t);
	}
}

static bool same_differences(const struct store_difference *a, uint32_t n,
			     const struct store_difference *b, uint32_t m)
{
	uint32_t same = 0;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < m; k++)
			same += span_equal(a[i].kind, b[k].kind) &&
				a[i].differences == b[k].differences &&
				span_equal(a[i].examples, b[k].examples);
	return n == m && same == n;
}

struct judging {
	struct verify *v;
	const struct store_outcome *row;
	struct span decision;
	const struct store_difference *there;
	uint32_t n;
	bool same;
};

/* Both decisions, compared again. Inside arena_run(v->once). */
static void judge_again(void *context)
{
	struct judging *j = context;
	struct store_difference now[COMPARE_KINDS];
	struct store_outcome again = *j->row;
	const struct json *read;
	struct codec_fault fault;
	uint32_t n;

	/* What cannot be read is said where it stands. */
	j->same = j->decision.p && json_read(j->v->once, j->decision, &read, &fault);
	if (j->same)
		return;
	n = shadow_judge(j->v->once, &again, j->decision, NO_VALUE, now);
	j->same = again.standing == j->row->standing && same_differences(now, n, j->there, j->n);
}

static enum err check_row(void *context, const struct store_outcome *row, struct cause *why)
{
	struct verify *v = context;
	struct said *s = map_get(&v->outcomes, row->reference);
	struct store_difference *there;
	struct event event = {.payload = {0}};
	struct judging j;
	uint32_t n = 0;
	enum err e = ERR_NONE;

	if (s)
		s->has_row = true;
	arena_reset(v->once);
	if (row->movement.n)
		e = store_get_event(v->store, v->once, row->office, row->decision_seq, &event, why);
	if (!e)
		e = store_get_differences(v->store, v->once, row->reference, &there, &n, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || (row->movement.n && (!span_is(event.kind, "decision") ||
				      !span_equal(event.reference, row->movement)))) {
		verify_fault(v, row->office, row->decision_seq, row->movement,
			     "the log does not know this decision of \"%.*s\"",
			     SPAN_ARG(row->reference));
		return ERR_NONE;
	}
	if (row->movement.n && !event.payload.p)
		return ERR_NONE; /* erased: what was found of it stays as it was */
	if (!span_equal(row->theirs, s ? s->theirs : SPAN(""))) {
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list does not say what the other system said of \"%.*s\"",
			     SPAN_ARG(row->reference));
		return ERR_NONE;
	}
	/* Of a reference that two cases have, the log does not tell which came first. */
	if (row->standing == STANDING_AMBIGUOUS)
		return ERR_NONE;
	j = (struct judging){v, row, event.payload, there, n, false};
	e = arena_run(v->once, judge_again, &j);
	if (!e && !j.same)
		verify_fault(v, row->office, row->decision_seq, row->movement,
			     "the differences from the other system are not those that there are "
			     "of \"%.*s\"",
			     SPAN_ARG(row->reference));
	return e ? fail(why, e, "no memory to compare") : ERR_NONE;
}

enum err verify_outcomes(struct verify *v, struct cause *why)
{
	enum err e = store_scan_outcomes(v->store, check_row, v, why);

	for (uint32_t i = 0; !e && i < v->outcomes.size; i++) {
		const struct said *s = v->outcomes.slots[i].value;

		if (s && !s->has_row)
			verify_fault(v, SPAN(""), 0, SPAN(""),
				     "the list does not have what the other system said of "
				     "\"%.*s\"",
				     SPAN_ARG(v->outcomes.slots[i].key));
	}
	return e;
}
