/* Requests: messages that speak of a case lodged before. Finding it, and the declaration that stands in it. */
#include "hub/house.h"

enum err house_find_case(struct store *s, struct arena *a, struct span reference,
			 struct store_declaration *ret, struct cause *why)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(s, a, &office, &n, why);

	if (e)
		return e;
	for (uint32_t i = 0; i < n; i++) {
		e = store_get_declaration(s, a, office[i], reference, ret, why);
		if (e != ERR_NOT_FOUND)
			return e;
	}
	return ERR_NOT_FOUND;
}

/* The event that holds the declaration of the newest accepted version: "declaration" (an amended one) or "input" (as
 * received). */
static const struct event *newest(const struct event *events, uint32_t n, int64_t version)
{
	const struct event *found = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct event *e = &events[i];

		if (e->version > version || !e->payload.p)
			continue;
		if (span_is(e->kind, "declaration") ||
		    (span_is(e->kind, "input") && e->version == 1))
			found = e;
	}
	return found;
}

enum err house_message_of(struct store *s, struct arena *a, const struct store_declaration *row,
			  struct message *ret, struct cause *why)
{
	struct findings findings;
	struct codec_fault fault;
	const struct event *from;
	struct event *events;
	uint32_t n;
	enum err e = store_list_events(s, a, row->office, row->reference, &events, &n, why);

	if (e)
		return e;
	from = newest(events, n, row->version);
	if (!from)
		return fail(why, ERR_NOT_FOUND, "the declaration of %.*s was erased",
			    SPAN_ARG(row->reference));
	return msg_read_with(a, from->payload, NULL, hub_directories(), ret, &findings, &fault);
}
