/* Guarantees against the log: each row is what its event registered, and no newer event is behind it. Inside
 * arena_run(v->whole). */
#include "hub/audit/verify.h"
#include "hub/life/guarantee.h"

void verify_guarantee_event(struct verify *v, const struct event *e)
{
	struct store_guarantee said, row;
	struct span key;
	enum err err;

	if (!span_is(e->kind, "guarantee"))
		return;
	if (!e->payload.p || guarantee_read(v->once, e->payload, &said, NULL)) {
		verify_fault(v, e->office, e->seq, SPAN(""), "this guarantee cannot be read");
		return;
	}
	key = span_of(
	    arena_print(v->whole, "%.*s\n%.*s", SPAN_ARG(said.party), SPAN_ARG(said.reference)));
	map_put(&v->guarantees, key, v);
	err = store_get_guarantee(v->store, v->once, said.party, said.reference, &row, NULL);
	/* Registered anew at another office: that one's chain has the event of the row. */
	if (!err && !span_equal(row.office, e->office))
		return;
	if (err || row.seq < e->seq ||
	    (row.seq == e->seq &&
	     (!span_equal(row.guarantor, said.guarantor) ||
	      !span_equal(row.currency, said.currency) || row.minor != said.minor ||
	      !span_equal(row.until_day, said.until_day))))
		verify_fault(v, e->office, e->seq, SPAN(""),
			     "the list of guarantees does not say what the log says of \"%.*s\"",
			     SPAN_ARG(said.reference));
}

/* A row whose event is another's, or none. */
static enum err check_row(void *context, const struct store_guarantee *g, struct cause *why)
{
	struct verify *v = context;
	struct event event;
	enum err e = store_get_event(v->store, v->once, g->office, g->seq, &event, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	v->guarantee_rows++;
	if (e || !span_is(event.kind, "guarantee"))
		verify_fault(v, g->office, g->seq, SPAN(""),
			     "the log does not know the guarantee \"%.*s\"",
			     SPAN_ARG(g->reference));
	return ERR_NONE;
}

enum err verify_guarantees(struct verify *v, struct cause *why)
{
	enum err e;

	arena_reset(v->once);
	e = store_scan_guarantees(v->store, check_row, v, why);
	if (!e && v->guarantee_rows != v->guarantees.count)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of guarantees has %lld rows, the log %u",
			     (long long)v->guarantee_rows, v->guarantees.count);
	return e;
}
