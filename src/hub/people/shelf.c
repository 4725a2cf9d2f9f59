#include "hub/people/shelf.h"

#include <string.h>

#include "base/clock.h"
#include "hub/people/people_room.h"
#include "store/store_shelf.h"

static const struct {
	const char *kind;
	int64_t most;
} shelves[] = {[SHELF_GOODS] = {"goods", SHELF_GOODS_MAX},
	       [SHELF_TEMPLATES] = {"templates", SHELF_TEMPLATES_MAX}};

/* Its own, as a trader or broker. A gateway ("*") signs its users in itself, and so keeps their shelves itself. */
static enum err may(const struct who *by, struct span party, struct cause *why)
{
	enum err e = people_demand(by, ROLE_TRADER | ROLE_BROKER, why);

	if (!e && (people_operator(by) || who_has_every_party(by) || !who_has_party(by, party)))
		e = fail(why, ERR_DENIED, "only for your own company");
	return e;
}

static bool name_sound(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.n && s.n <= SHELF_NAME_MAX && span_valid_utf8(s);
}

static void describe(const struct change *c, struct json_writer *w)
{
	uint32_t gone = 0;

	for (uint32_t i = 0; i < c->shelved; i++)
		gone += !c->shelf[i].body.n;
	json_put(w, "party", c->shelf[0].party);
	json_put(w, "shelf", c->shelf[0].kind);
	json_put_int(w, "put", c->shelved - gone);
	json_put_int(w, "removed", gone);
}

enum err shelf_write(struct store *s, const struct store_shelf *v, uint32_t n, struct cause *why)
{
	int64_t count = 0, most = shelves[SHELF_TEMPLATES].most;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++)
		e = v[i].body.n ? store_put_shelf(s, &v[i], why)
				: store_remove_shelf(s, &v[i], why);
	if (!e)
		e = store_count_shelf(s, v[0].party, v[0].kind, &count, why);
	if (span_is(v[0].kind, shelves[SHELF_GOODS].kind))
		most = shelves[SHELF_GOODS].most;
	if (!e && count > most)
		e = fail(why, ERR_LIMIT, "a company keeps at most %lld of these", (long long)most);
	return e;
}

static enum err change(struct hub *h, struct arena *a, const struct who *by, struct span party,
		       enum shelf shelf, const struct shelved *v, uint32_t n, struct cause *why)
{
	struct store_shelf *row = arena_try(a, n * sizeof(*row));
	struct change c = {.kind = SPAN("shelf"),
			   .actor = by->user,
			   .describe = describe,
			   .what = "change",
			   .shelf = row,
			   .shelved = n};

	if (!row)
		return fail(why, people_no_room(a), "no memory");
	for (uint32_t i = 0; i < n; i++) {
		if (!name_sound(v[i].name) || v[i].body.n > SHELF_BODY_MAX)
			return fail(why, ERR_FORMAT,
				    "a name has 1 to %d bytes without control characters, what it "
				    "names at most %d bytes",
				    SHELF_NAME_MAX, SHELF_BODY_MAX);
		row[i] = (struct store_shelf){.party = party,
					      .kind = span_of(shelves[shelf].kind),
					      .name = v[i].name,
					      .body = v[i].body,
					      .actor = by->user,
					      .changed_at = clock_now()};
	}
	return people_commit(h, &c, why);
}

enum err hub_change_shelf(struct hub *h, const struct who *by, struct span party, enum shelf shelf,
			  const struct shelved *v, uint32_t n, struct cause *why)
{
	struct people *p;
	struct arena *a;
	enum err e = people_of(h, &p, why);

	if (!e)
		e = may(by, party, why);
	if (!e && (!n || n > SHELF_CHANGES_MAX))
		e = fail(why, ERR_FORMAT, "from 1 to %d at once", SHELF_CHANGES_MAX);
	if (e)
		return e;
	a = arena_new(1 << 20);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory");
	e = change(h, a, by, party, shelf, v, n, why);
	arena_free(a);
	return e;
}

enum err hub_list_shelf(struct hub *h, struct arena *a, const struct who *by, struct span party,
			enum shelf shelf, struct span after, uint32_t limit, struct shelved **ret,
			uint32_t *ret_count, struct cause *why)
{
	const struct store_shelf of = {.party = party, .kind = span_of(shelves[shelf].kind)};
	struct store_shelf *row = NULL;
	struct shelved *v = NULL;
	struct store *s;
	enum err e = may(by, party, why);

	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_list_shelf(s, a, &of, after, limit, &row, ret_count, why);
	house_close_reader(h, s);
	if (e)
		return e;
	v = arena_try(a, (*ret_count + 1) * sizeof(*v));
	if (!v)
		return fail(why, people_no_room(a), "no memory");
	for (uint32_t i = 0; i < *ret_count; i++)
		v[i] = (struct shelved){row[i].name, row[i].body, row[i].actor, row[i].changed_at};
	*ret = v;
	return ERR_NONE;
}
