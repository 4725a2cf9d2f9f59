/* What offices tell everybody, against the log: the list has the newest version of each, and as many versions as the log. */
#include "hub/announce/announcements.h"
#include "hub/audit/verify.h"
#include "store/store_announcement.h"

void verify_announcement_event(struct verify *v, const struct event *e)
{
	const struct json *said;
	struct codec_fault fault;
	struct store_announcement row;
	int64_t number;

	if (!span_equal(e->kind, ANNOUNCEMENT_KIND))
		return;
	v->announcements_wanted++;
	if (!e->payload.p)
		return;
	if (json_read(v->once, e->payload, &said, &fault) ||
	    json_get_int(said, "number", &number)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "this announcement cannot be read");
		return;
	}
	if (store_get_announcement(v->store, v->once, e->office, number, &row, NULL) ||
	    row.version < e->version ||
	    (row.version == e->version &&
	     (!span_equal(row.body, e->payload) || row.at != e->at ||
	      !span_equal(row.author, e->actor) ||
	      !span_equal(row.from, json_get_text(said, "from")) ||
	      !(json_get(said, "to") ? span_equal(row.to_day, json_get_text(said, "to"))
				     : span_is(row.to_day, "9999-12-31")))))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the list of announcements does not say what the log says");
}

static enum err count_versions(void *context, const struct store_announcement *n, struct cause *why)
{
	(void)why;
	*(int64_t *)context += n->version;
	return ERR_NONE;
}

enum err verify_announcements(struct verify *v, struct cause *why)
{
	int64_t versions = 0;
	enum err e = store_scan_announcements(v->store, count_versions, &versions, why);

	if (!e && versions != v->announcements_wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of announcements has %lld versions, the log %lld",
			     (long long)versions, (long long)v->announcements_wanted);
	return e;
}
