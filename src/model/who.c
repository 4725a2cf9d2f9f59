#include "model/who.h"

static const char *const role_names[ROLES] = {
    "trader",
    "broker",
    "officer",
    "supervisor",
    "cashier",
    "carrier",
    "analyst",
    "auditor",
    "agency",
    "administrator",
    "hub",
    "tariff",
    "company-administrator",
};
static const char *const scope_names[SCOPES] = {"read",  "submit", "act",   "pay",
						"admin", "audit",  "tariff"};

static const char *name_of(const char *const *names, unsigned n, unsigned bit)
{
	for (unsigned i = 0; i < n; i++)
		if (bit == 1u << i)
			return names[i];
	return NULL;
}

static unsigned bit_of(const char *const *names, unsigned n, struct span name)
{
	for (unsigned i = 0; i < n; i++)
		if (span_is(name, names[i]))
			return 1u << i;
	return 0;
}

const char *role_name(unsigned role)
{
	return name_of(role_names, ROLES, role);
}

unsigned role_by_name(struct span name)
{
	return bit_of(role_names, ROLES, name);
}

const char *scope_name(unsigned scope)
{
	return name_of(scope_names, SCOPES, scope);
}

unsigned scope_by_name(struct span name)
{
	return bit_of(scope_names, SCOPES, name);
}

static bool holds(const struct who_list *list, struct span wanted)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (span_equal(list->v[i], wanted))
			return true;
	return false;
}

bool who_has_office(const struct who *w, struct span office)
{
	return office.n && holds(&w->offices, office);
}

bool who_has_every_party(const struct who *w)
{
	return holds(&w->parties, SPAN("*"));
}

bool who_has_party(const struct who *w, struct span party)
{
	return party.n && (holds(&w->parties, party) || who_has_every_party(w));
}
