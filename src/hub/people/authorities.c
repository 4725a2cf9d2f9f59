/* Authorities: a trader names a broker who may lodge for it, from one day to another (RKC general annex, standards 8.1 and 8.2:
 * third parties act for another on the terms of the law; here the other says so first). */
#include "base/clock.h"
#include "base/date.h"
#include "hub/people/people_room.h"

enum { PARTY_BYTES_MAX = 40, AUTHORITY_DAYS_MAX = 1100 };

static void describe(const struct change *c, struct json_writer *w)
{
	json_put(w, "party", c->authority->party);
	json_put(w, "broker", c->authority->broker);
	json_put(w, "from", c->authority->from_day);
	json_put(w, "to", c->authority->to_day);
	if (c->authority->revoked_at)
		json_put_int(w, "id", c->authority->id);
}

static bool id_sound(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n && s.n <= PARTY_BYTES_MAX && !span_is(s, "*");
}

static enum err check(const struct authority *v, struct cause *why)
{
	int32_t from, to;

	if (!id_sound(v->party) || !id_sound(v->broker) || span_equal(v->party, v->broker))
		return fail(why, ERR_FORMAT, "party and broker are ids of two companies");
	if (day_parse(v->from_day, &from) || day_parse(v->to_day, &to))
		return fail(why, ERR_FORMAT, "from and to are days, such as 2026-11-22");
	if (to < from || to - from > AUTHORITY_DAYS_MAX)
		return fail(why, ERR_FORMAT, "an authority lasts from 1 to %d days",
			    AUTHORITY_DAYS_MAX);
	return ERR_NONE;
}

/* Only a trader's own user gives its authority; a gateway's does not, for it signs in people whom the hub does not know. */
static enum err may_give(const struct who *by, struct span party, struct cause *why)
{
	if (people_operator(by) ||
	    (who_is(by, ROLE_TRADER) && who_has_party(by, party) && !who_has_every_party(by)))
		return ERR_NONE;
	return fail(why, ERR_DENIED, "a trader gives authority for its own company");
}

enum err hub_grant_authority(struct hub *h, struct arena *a, const struct who *by,
			     const struct authority *grant, int64_t *ret_id, struct cause *why)
{
	struct store_authority row = {.party = grant->party,
				      .broker = grant->broker,
				      .from_day = grant->from_day,
				      .to_day = grant->to_day,
				      .granted_by = by->user,
				      .granted_at = clock_now()};
	struct change c = {.kind = SPAN("authority"),
			   .actor = by->user,
			   .describe = describe,
			   .what = "grant",
			   .authority = &row};
	struct people *p;
	enum err e = people_of(h, &p, why);

	(void)a;
	if (!e)
		e = may_give(by, grant->party, why);
	if (!e)
		e = check(grant, why);
	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = people_commit(h, &c, why);
	pthread_mutex_unlock(&p->changing);
	*ret_id = row.id;
	return e;
}

static enum err add_rows(struct arena *a, const struct store_authority *row, uint32_t n,
			 struct authority **to, uint32_t *count)
{
	struct authority *v = arena_try(a, sizeof(*v) * (*count + n + 1));

	if (!v)
		return people_no_room(a);
	if (*count)
		memcpy(v, *to, *count * sizeof(*v));
	for (uint32_t i = 0; i < n; i++)
		v[*count + i] = (struct authority){.id = row[i].id,
						   .party = row[i].party,
						   .broker = row[i].broker,
						   .from_day = row[i].from_day,
						   .to_day = row[i].to_day,
						   .granted_by = row[i].granted_by,
						   .granted_at = row[i].granted_at,
						   .revoked_at = row[i].revoked_at};
	*to = v;
	*count += n;
	return ERR_NONE;
}

enum err hub_list_authorities(struct hub *h, struct arena *a, const struct who *by,
			      struct authority **ret, uint32_t *ret_count, struct cause *why)
{
	struct authority *v = NULL;
	struct store_authority *row;
	uint32_t n, count = 0;
	struct store *s;
	enum err e = people_demand(by, ROLE_TRADER | ROLE_BROKER, why);

	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	for (uint32_t i = 0; i < by->parties.n && !e; i++) {
		e = store_list_authorities(s, a, by->parties.v[i], SPAN(""), &row, &n, why);
		if (!e)
			e = add_rows(a, row, n, &v, &count);
		if (!e)
			e = store_list_authorities(s, a, SPAN(""), by->parties.v[i], &row, &n, why);
		if (!e)
			e = add_rows(a, row, n, &v, &count);
	}
	house_close_reader(h, s);
	*ret = v;
	*ret_count = count;
	return e;
}

/* One of theirs to revoke: either side may end it. ERR_NOT_FOUND. */
static enum err find(struct hub *h, struct arena *a, const struct who *by, int64_t id,
		     struct store_authority *ret, struct cause *why)
{
	struct authority *v;
	uint32_t n;
	enum err e = hub_list_authorities(h, a, by, &v, &n, why);

	for (uint32_t i = 0; !e && i < n; i++) {
		if (v[i].id != id)
			continue;
		*ret = (struct store_authority){v[i].party,      v[i].id,        v[i].broker,
						v[i].from_day,   v[i].to_day,    v[i].granted_by,
						v[i].granted_at, v[i].revoked_at};
		return ERR_NONE;
	}
	return e ? e : fail(why, ERR_NOT_FOUND, "there is no such authority");
}

enum err hub_revoke_authority(struct hub *h, struct arena *a, const struct who *by, int64_t id,
			      struct cause *why)
{
	struct store_authority row = {0};
	struct change c = {.kind = SPAN("authority"),
			   .actor = by->user,
			   .describe = describe,
			   .what = "revoke",
			   .authority = &row};
	struct people *p;
	enum err e = people_of(h, &p, why);

	if (e)
		return e;
	pthread_mutex_lock(&p->changing);
	e = find(h, a, by, id, &row, why);
	if (!e && !row.revoked_at) {
		row.revoked_at = clock_now();
		e = people_commit(h, &c, why);
	}
	pthread_mutex_unlock(&p->changing);
	return e;
}
