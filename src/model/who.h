/* Who acts: the person, program or part of the hub that a request, an act or an event comes from, and what it may do.
 *
 * A role says what somebody is to customs; a scope says how much of that a token of theirs may use. Somebody who is signed in
 * with a password has every scope that the roles give. */
#ifndef CUSTOMHOUSE_MODEL_WHO_H
#define CUSTOMHOUSE_MODEL_WHO_H

#include "base/span.h"

/* A set of roles is the sum of their bits. */
enum role {
	ROLE_TRADER = 1 << 0,        /* lodges for its own company */
	ROLE_BROKER = 1 << 1,        /* lodges for traders that gave it an authority */
	ROLE_OFFICER = 1 << 2,       /* checks and examines, at its offices */
	ROLE_SUPERVISOR = 1 << 3,    /* answers for the officers of its offices */
	ROLE_CASHIER = 1 << 4,       /* takes money, at its offices */
	ROLE_CARRIER = 1 << 5,       /* presents goods and takes them out */
	ROLE_ANALYST = 1 << 6,       /* works with figures, not with cases */
	ROLE_AUDITOR = 1 << 7,       /* reads everything, changes nothing */
	ROLE_AGENCY = 1 << 8,        /* another authority, for the holds that are its own */
	ROLE_ADMINISTRATOR = 1 << 9, /* people and settings, not cases */
	ROLE_HUB = 1 << 10,          /* the hub itself: deadlines, draws of lots; never a person */
	ROLE_TARIFF = 1 << 11,       /* proposes and approves editions of the tariff */
	ROLE_COMPANY =
	    1 << 12, /* beside a role of trade: makes and ends the people of its own company */
};
enum { ROLES = 13 };

/* "officer"; role is one bit. NULL: no such role. */
const char *role_name(unsigned role);
/* 0: no such role. */
unsigned role_by_name(struct span name);

enum scope {
	SCOPE_READ = 1 << 0,   /* look at what the roles let one see */
	SCOPE_SUBMIT = 1 << 1, /* hand in declarations and documents */
	SCOPE_ACT = 1 << 2,    /* everything else that moves a case on */
	SCOPE_PAY = 1 << 3,
	SCOPE_ADMIN = 1 << 4,  /* people and settings */
	SCOPE_AUDIT = 1 << 5,  /* who looked at what */
	SCOPE_TARIFF = 1 << 6, /* editions of the tariff */
};
enum { SCOPES = 7, SCOPE_ALL = (1 << SCOPES) - 1 };

const char *scope_name(unsigned scope);
unsigned scope_by_name(struct span name);

struct who_list {
	const struct span *v;
	uint32_t n;
};

/* Lies, with all that it points at, in the memory of the request. */
struct who {
	struct span user; /* login: the name under which events and accesses are kept */
	unsigned roles;
	unsigned scopes;
	struct who_list offices; /* officers, supervisors, cashiers: only these; empty for others */
	/* ids of the traders whom a trader's user belongs to, of a broker's or carrier's own company; "*": a gateway, which may
	 * hand in for everybody because it signs its users in itself */
	struct who_list parties;
	struct span agency; /* of ROLE_AGENCY; else empty */
	bool token;         /* a program with an API token, not a person with a password */
};

static inline bool who_is(const struct who *w, unsigned roles)
{
	return (w->roles & roles) != 0;
}

bool who_has_office(const struct who *w, struct span office);
/* An empty id is nobody's. */
bool who_has_party(const struct who *w, struct span party);
/* A gateway. */
bool who_has_every_party(const struct who *w);

#endif
