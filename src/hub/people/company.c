/* The administrator of a company: makes, changes and ends the people of that company, so that nobody at customs has to, and
 * nobody in the company lends a password. Nothing can be given that its giver has not: no other company, no other role. */
#include "hub/people/people_room.h"

enum { COMPANY_PEOPLE_MAX = 500 };

static bool only_company(const struct who *by)
{
	return !people_operator(by) && who_is(by, ROLE_COMPANY) &&
	       !who_is(by, ROLE_ADMINISTRATOR | ROLE_AUDITOR);
}

/* Of a gateway's "*" too only itself: it signs in people whom the hub does not know. */
static bool has(const struct who *by, struct span party)
{
	for (uint32_t i = 0; i < by->parties.n; i++)
		if (span_equal(by->parties.v[i], party) && !span_is(party, "*"))
			return true;
	return false;
}

bool people_colleague(const struct who *by, const struct store_person *row)
{
	unsigned roles = directory_read_roles(row->roles);
	struct span rest = row->parties;

	if (!roles || roles & ~by->roles || !rest.n)
		return false;
	while (rest.n)
		if (!has(by, span_cut(&rest, ' ')))
			return false;
	return true;
}

static bool keep(const struct store_person *row, const void *context)
{
	return people_colleague(context, row);
}

const struct directory_filter *people_filter(const struct who *by, struct directory_filter *ret)
{
	if (!only_company(by))
		return NULL;
	*ret = (struct directory_filter){keep, by};
	return ret;
}

enum err people_may_change(const struct who *by, const struct store_person *row, struct cause *why)
{
	return only_company(by) && !people_colleague(by, row)
		   ? fail(why, ERR_NOT_FOUND, "there is no such person")
		   : ERR_NONE;
}

enum err people_may_make(struct hub *h, const struct who *by, const struct person *p, bool fresh,
			 struct cause *why)
{
	const struct directory_filter colleagues = {keep, by};

	if (!only_company(by))
		return ERR_NONE;
	if (p->roles & ~by->roles)
		return fail(why, ERR_DENIED, "nobody gives a role that they have not themselves");
	for (uint32_t i = 0; i < p->parties.n; i++)
		if (!has(by, p->parties.v[i]))
			return fail(why, ERR_DENIED, "only for your own company");
	if (fresh && directory_count_of(h->people->directory, &colleagues) >= COMPANY_PEOPLE_MAX)
		return fail(why, ERR_LIMIT, "a company has at most %d people", COMPANY_PEOPLE_MAX);
	return ERR_NONE;
}
