#include "hub/life/roster.h"

#include "base/clock.h"
#include "hub/life/allocate.h"

struct setting {
	const struct who *by;
	struct roster_entry entry;
};

static bool is_supervisor(const struct who *by, struct span office)
{
	return who_is(by, ROLE_SUPERVISOR) && who_has_office(by, office);
}

/* What stands there, or an entry without skills. */
static enum err standing(struct store *s, struct arena *a, const struct roster_entry *wanted,
			 struct store_roster *ret, struct cause *why)
{
	struct store_roster *row;
	uint32_t n;
	enum err e = store_list_roster(s, a, wanted->office, &row, &n, why);

	*ret = (struct store_roster){wanted->office, wanted->login, 0, SPAN(""), SPAN("")};
	for (uint32_t i = 0; !e && i < n; i++)
		if (span_equal(row[i].login, wanted->login))
			*ret = row[i];
	return e;
}

static enum err note(struct batch *b, const struct setting *q, const struct store_roster *r,
		     struct cause *why)
{
	struct office *o = house_office(b->h, r->office);
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	struct event event = {
	    .kind = SPAN("roster"), .reference = SPAN(""), .at = b->now, .actor = q->by->user};
	enum err e = o ? house_read_office(b->h, o, why) : ERR_LIMIT;

	json_open_object(&w);
	json_put(&w, "login", r->login);
	json_put_int(&w, "present_until", r->present_until);
	json_put(&w, "skills", r->skills);
	json_put(&w, "conflicts", r->conflicts);
	json_close_object(&w);
	event.payload = text_as_span(&t);
	return e ? e : house_append(b->h, o, &event, NULL, why);
}

static enum err set(struct batch *b, void *context, struct cause *why)
{
	const struct setting *q = context;
	struct store_roster row;
	struct office *o;
	bool fresh;
	enum err e = house_enter(b->h, q->entry.office, &o, &fresh, why);

	if (!e)
		e = standing(b->h->store, b->h->batch_arena, &q->entry, &row, why);
	if (e)
		return e;
	row.present_until = q->entry.present_until;
	if (is_supervisor(q->by, row.office)) {
		row.skills = q->entry.skills;
		row.conflicts = q->entry.conflicts;
	}
	e = store_put_roster(b->h->store, &row, why);
	allocate_forget(b);
	if (!e)
		e = note(b, q, &row, why);
	return e ? e : allocate_waiting(b, row.office, why);
}

/* The longest that an officer may say it is present for: whoever forgets to leave is gone by the next day. */
static bool too_long(int64_t until)
{
	return until > clock_now() + (int64_t)ROSTER_PRESENT_HOURS * 3600 * 1000000;
}

enum err hub_set_roster(struct hub *h, const struct who *by, const struct roster_entry *entry,
			struct cause *why)
{
	struct setting q = {by, *entry};
	bool self = who_is(by, ROLE_OFFICER) && who_has_office(by, entry->office) &&
		    span_equal(by->user, entry->login);

	if (!is_supervisor(by, entry->office) && !self)
		return fail(why, ERR_DENIED,
			    "officers say for themselves that they are present, supervisors for "
			    "the officers of their office");
	if (too_long(entry->present_until) || !entry->login.n ||
	    entry->skills.n + entry->conflicts.n > ROSTER_TEXT_BYTES)
		return fail(why, ERR_FORMAT,
			    "present for at most %d hours; skills and conflicts are short lists",
			    ROSTER_PRESENT_HOURS);
	return settle_errand(h, set, &q, why);
}

enum err hub_list_roster(struct hub *h, struct arena *a, const struct who *by, struct span office,
			 struct span request, struct roster_entry **ret, uint32_t *ret_n,
			 struct cause *why)
{
	struct store_roster *row;
	enum view view;
	struct store *s;
	enum err e = scope_list(h, by, office, SPAN(""), PURPOSE_ROSTER, request, &view, why);

	if (!e && view == VIEW_NONE)
		e = fail(why, ERR_DENIED, "the roster is its office's");
	if (e)
		return e;
	e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_list_roster(s, a, office, &row, ret_n, why);
	house_close_reader(h, s);
	*ret = e ? NULL : arena_try(a, sizeof(**ret) * (*ret_n + 1));
	if (!e && !*ret)
		return fail(why, ERR_NOMEM, "no memory for the roster");
	for (uint32_t i = 0; !e && i < *ret_n; i++)
		(*ret)[i] = (struct roster_entry){row[i].office, row[i].login, row[i].present_until,
						  row[i].skills, row[i].conflicts};
	return e;
}
