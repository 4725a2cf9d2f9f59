/* Users for the tests of the API, with tokens: "gateway", who may hand in for everybody and sees what every trader sees, and
 * "officer", an officer and supervisor of the offices below. A store that was served before knows them. */
#ifndef CUSTOMHOUSE_TESTS_API_TEST_USERS_H
#define CUSTOMHOUSE_TESTS_API_TEST_USERS_H

#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/people/people.h"

/* A token of the person; NULL: said why not. */
static inline const char *test_token(struct hub *h, struct arena *a, const struct person *p,
				     unsigned scopes)
{
	const struct token t = {.login = p->login,
				.name = SPAN("tests"),
				.scopes = scopes,
				.expires_at = clock_now() + 10 * MICROS_A_DAY};
	struct span secret, id;
	struct cause why = {0};
	enum err e = hub_add_person(h, a, who_operator(), p, &secret, &why);

	if (e == ERR_CONFLICT)
		why = (struct cause){0};
	if (!e || e == ERR_CONFLICT)
		e = hub_add_token(h, a, who_operator(), &t, &secret, &id, &why);
	if (!e)
		return secret.p;
	fprintf(stderr, "no token for %.*s: %s\n", SPAN_ARG(p->login), why.text);
	return NULL;
}

/* Prints "port N token TOKEN officer TOKEN". */
static inline bool test_say_ready(struct hub *h, unsigned port)
{
	const struct span everybody = SPAN("*"), office[] = {SPAN("LF001"), SPAN("XLHAR001"),
							     SPAN("XLSOU002"), SPAN("XLGUL003")};
	const struct person gateway = {.login = SPAN("gateway"),
				       .roles = ROLE_BROKER,
				       .parties = {&everybody, 1}},
			    officer = {.login = SPAN("officer"),
				       .roles = ROLE_OFFICER | ROLE_SUPERVISOR,
				       .offices = {office, ARRAY_LEN(office)}};
	struct arena *a = arena_new(1 << 20);
	const char *one =
	    a ? test_token(h, a, &gateway, SCOPE_READ | SCOPE_SUBMIT | SCOPE_ACT) : NULL;
	const char *other =
	    a ? test_token(h, a, &officer, SCOPE_READ | SCOPE_SUBMIT | SCOPE_ACT) : NULL;

	if (one && other)
		printf("port %u token %s officer %s\n", port, one, other);
	fflush(stdout);
	arena_free(a);
	return one && other;
}

#endif
