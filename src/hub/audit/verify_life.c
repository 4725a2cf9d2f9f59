/* The lives of cases against the log: each act does again what it did, follows from what stood before it, and the newest is what
 * the table of lives says. Inside arena_run(v->whole); what concerns one event lies in v->once. */
#include "hub/audit/verify.h"
#include "hub/life/act_record.h"
#include "hub/life/life.h"

static struct span body_of(struct arena *a, const struct flow_case *c)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	life_write(&w, c);
	return text_as_span(&t);
}

/* Compares the row with the case after this event, when no newer event is behind it. */
static void compare_life(struct verify *v, const struct event *e, const struct flow_case *c)
{
	struct store_life row;
	enum err err = store_get_life(v->store, v->once, e->office, e->reference, &row, NULL);

	if (err == ERR_NOT_FOUND)
		verify_fault(v, e->office, e->seq, e->reference,
			     "the log has this case, the list of lives does not");
	else if (!err && (row.seq < e->seq ||
			  (row.seq == e->seq && (!span_equal(row.body, body_of(v->once, c)) ||
						 !span_is(row.state, flow_state_name(c->state)) ||
						 !span_is(row.lane, lane_name(c->lane)) ||
						 !span_equal(row.examiner, c->examiner)))))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the list of lives does not say what the log says");
}

void verify_life_begin(struct verify *v, const struct event *e, int64_t ease_days,
		       const struct store_declaration *row)
{
	struct flow_case c = life_begin(row, ease_days, NULL);

	v->lives_wanted++;
	compare_life(v, e, &c);
}

static bool read_act(struct verify *v, const struct event *e, struct act_record *ret)
{
	const struct json *j;
	struct codec_fault fault;

	return !json_read(v->once, e->payload, &j, &fault) && !act_record_read(j, e->at, ret);
}

/* The case before the first act: as its first decision left it. */
static bool began(struct verify *v, const struct event *e, struct flow_case *ret)
{
	const struct json *d, *total;
	struct codec_fault fault;
	struct decimal amount;
	struct store_declaration row = {.state = SPAN("accepted")};
	int64_t ease_days = 0;

	if (json_read(v->once, e->payload, &d, &fault))
		return false;
	total = json_get(d, "total");
	if (decimal_parse(json_get_text(total, "amount"), &amount))
		return false;
	row.state = json_get_text(d, "state");
	row.lane = json_get_text(d, "lane");
	row.type = json_get_text(json_get(d, "declaration"), "type");
	row.total_minor = amount.units;
	row.decided_at = e->at;
	if (json_get(d, "ease_days") && json_get_int(d, "ease_days", &ease_days))
		return false;
	*ret = life_begin(&row, ease_days, NULL);
	return true;
}

/* What stood before this act: after the act before it, or after the first decision. An erased payload tells nothing. */
static bool before(struct verify *v, const struct event *e, struct flow_case *ret)
{
	const struct event *last = NULL;
	struct act_record r;
	struct event *list;
	uint32_t n;

	if (store_list_events(v->store, v->once, e->office, e->reference, &list, &n, NULL))
		return false;
	for (uint32_t i = 0; i < n && list[i].seq < e->seq; i++)
		if (list[i].payload.p &&
		    (span_is(list[i].kind, "act") ||
		     (span_is(list[i].kind, "decision") && list[i].version == 1 && !last)))
			last = &list[i];
	if (!last)
		return false;
	if (span_is(last->kind, "decision"))
		return began(v, last, ret);
	if (!read_act(v, last, &r))
		return false;
	*ret = r.after;
	return true;
}

void verify_life_act(struct verify *v, const struct event *e)
{
	struct flow_case stood;
	struct act_record r;

	if (!read_act(v, e, &r)) {
		verify_fault(v, e->office, e->seq, e->reference, "the stored act cannot be read");
		return;
	}
	if (!act_record_replays(v->once, &r))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the act, done again, does something else");
	if (!before(v, e, &stood) ||
	    !span_equal(body_of(v->once, &stood), body_of(v->once, &r.before)))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the act does not follow from what stood before it");
	compare_life(v, e, &r.after);
	verify_later_act(v, e, r.after.state);
}

static enum err count_life(void *context, const struct store_life *l, struct cause *why)
{
	(void)l, (void)why;
	++*(int64_t *)context;
	return ERR_NONE;
}

enum err verify_life_end(struct verify *v, struct cause *why)
{
	int64_t rows = 0;
	enum err e = store_scan_lives(v->store, count_life, &rows, why);

	if (!e && rows != v->lives_wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of lives has %lld rows, the log %lld accepted cases",
			     (long long)rows, (long long)v->lives_wanted);
	return e;
}
