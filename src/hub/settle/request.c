/* Requests: messages that speak of a case lodged before. Finding it, and the declaration that stands in it. */
#include "hub/directories.h"
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

struct naming {
	struct arena *arena;
	struct span decision, name;
};

static void read_name(void *context)
{
	struct naming *n = context;
	const struct json *j;
	struct codec_fault fault;

	if (!json_read(n->arena, n->decision, &j, &fault))
		n->name = directories_of(j);
}

/* The directory that the message was read by, as the decision on it says. What an amendment made is in the hub's own form. */
static enum err directory_of(struct store *s, struct arena *a, const struct event *events,
			     uint32_t n, const struct event *from, const struct edifact_set **ret,
			     struct cause *why)
{
	struct naming named = {a, NO_VALUE, SPAN("")};

	*ret = NULL;
	if (!span_is(from->kind, "input"))
		return ERR_NONE;
	for (uint32_t i = 0; i < n; i++)
		if (span_is(events[i].kind, "decision") && events[i].version == from->version)
			named.decision = events[i].payload;
	if (!named.decision.p || !memmem(named.decision.p, named.decision.n, "\"directory\":", 12))
		return ERR_NONE;
	if (arena_run(a, read_name, &named))
		return fail(why, ERR_NOMEM, "no memory to read a decision");
	return directories_named(s, named.name, ret, why);
}

enum err house_message_of(struct store *s, struct arena *a, const struct store_declaration *row,
			  struct message *ret, struct cause *why)
{
	const struct edifact_set *directories;
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
	e = directory_of(s, a, events, n, from, &directories, why);
	return e ? e : msg_read_with(a, from->payload, NULL, directories, ret, &findings, &fault);
}
