/* hub: the parts that sign-in is made of: waits that grow, passwords, people in memory. The API
 * from outside: tests/api/http_signin.sh. */
#include "store_dir.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "hub/people/people_room.h"

#define SECOND INT64_C(1000000)

/* ---- lock-out ---- */

static void test_each_further_failure_waits_twice_as_long(void **state)
{
	struct lockout *l = calloc(1, sizeof(*l));
	const uint64_t key = lockout_key("login", SPAN("ann"));
	int64_t now = 1000 * SECOND, wanted = 1;

	(void)state;
	assert_non_null(l);
	for (int i = 1; i < LOCKOUT_FREE; i++) {
		lockout_failed(l, key, LOCKOUT_FREE, now);
		assert_int_equal(lockout_wait(l, key, now), 0);
	}
	for (int i = 0; i < 16; i++) {
		lockout_failed(l, key, LOCKOUT_FREE, now);
		assert_int_equal(lockout_wait(l, key, now), wanted * SECOND);
		assert_int_equal(lockout_wait(l, key, now + wanted * SECOND - 1), 1);
		assert_int_equal(lockout_wait(l, key, now + wanted * SECOND), 0);
		now += wanted * SECOND;
		wanted = wanted * 2 < LOCKOUT_SECONDS_MAX ? wanted * 2 : LOCKOUT_SECONDS_MAX;
	}
	assert_int_equal(wanted, LOCKOUT_SECONDS_MAX);
	free(l);
}

static void test_success_and_a_day_forget(void **state)
{
	struct lockout *l = calloc(1, sizeof(*l));
	const uint64_t key = lockout_key("login", SPAN("ann"));
	const int64_t day = (int64_t)LOCKOUT_FORGET_SECONDS * SECOND;

	(void)state;
	assert_non_null(l);
	for (int i = 0; i < 8; i++)
		lockout_failed(l, key, LOCKOUT_FREE, 0);
	assert_true(lockout_wait(l, key, 0) > 0);
	lockout_passed(l, key);
	assert_int_equal(lockout_wait(l, key, 0), 0);
	for (int i = 0; i < 8; i++)
		lockout_failed(l, key, LOCKOUT_FREE, 0);
	lockout_failed(l, key, LOCKOUT_FREE, day + 1);
	assert_int_equal(lockout_wait(l, key, day + 1), 0); /* the first of a new count */
	free(l);
}

static void test_who_is_locked_out_is_not_crowded_out(void **state)
{
	struct lockout *l = calloc(1, sizeof(*l));
	const uint64_t key = lockout_key("login", SPAN("ann"));

	(void)state;
	assert_non_null(l);
	assert_true(lockout_key("login", SPAN("a")) != lockout_key("address", SPAN("a")));
	for (int i = 0; i < 12; i++)
		lockout_failed(l, key, LOCKOUT_FREE, 0);
	/* one failure each of as many others as the table holds, many times over */
	for (int i = 0; i < 20 * LOCKOUT_SETS * LOCKOUT_WAYS; i++) {
		char name[20];

		snprintf(name, sizeof(name), "login%d", i);
		lockout_failed(l, lockout_key("login", span_of(name)), LOCKOUT_FREE, 1);
	}
	assert_true(lockout_wait(l, key, 1) > 60 * SECOND);
	free(l);
}

/* ---- passwords ---- */

static void test_which_passwords_are_taken(void **state)
{
	static const struct {
		const char *password;
		bool taken;
	} cases[] = {
	    {"", false},
	    {"eleven char", false},
	    {"twelve chars", true},
	    {"no rule of composition", true},
	    {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", false}, /* 7 characters */
	    {"Password1234", false},
	    {"PASSWORDPASSWORD", false},
	    {"ababababababab", false},
	    {"ann@example.org", false}, /* the login */
	    {"correct battery horse", true},
	};
	char long_one[PASSWORD_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!password_fault(span_of(cases[i].password), SPAN("ann@example.org")) !=
		    cases[i].taken)
			fail_msg("\"%s\"", cases[i].password);
	for (size_t i = 0; i < sizeof(long_one); i++)
		long_one[i] = (char)('a' + i % 20);
	assert_null(password_fault((struct span){long_one, PASSWORD_BYTES_MAX, 0}, SPAN("a")));
	assert_non_null(
	    password_fault((struct span){long_one, PASSWORD_BYTES_MAX + 1, 0}, SPAN("a")));
	assert_non_null(password_fault((struct span){"twelve\0chars", 12, 0}, SPAN("a")));
}

static void test_hashes_match_only_their_password(void **state)
{
	char one[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES], made[2][PASSWORD_MADE_BYTES];

	(void)state;
	assert_int_equal(password_hash(SPAN("a long password"), one), ERR_NONE);
	assert_int_equal(password_hash(SPAN("a long password"), again), ERR_NONE);
	assert_string_not_equal(one, again); /* salted */
	assert_non_null(strstr(one, "$argon2id$"));
	assert_true(password_matches(span_of(one), SPAN("a long password")));
	assert_false(password_matches(span_of(one), SPAN("a long passwore")));
	assert_false(password_matches(span_of(one), SPAN("")));
	assert_false(password_matches(SPAN(""), SPAN("a long password"))); /* nobody's */
	assert_false(password_matches(SPAN(""), SPAN("")));
	password_make(made[0]);
	password_make(made[1]);
	assert_string_not_equal(made[0], made[1]);
	assert_null(password_fault(span_of(made[0]), SPAN("ann")));
}

/* ---- people in memory ---- */

static struct directory *directory_of(struct store_dir *d)
{
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct directory *c;

	assert_int_equal(directory_open(s, STORE_NOW, &c, NULL), ERR_NONE);
	store_close(s);
	return c;
}

static void put_person(struct directory *c, const char *login, const char *roles, bool disabled)
{
	struct directory_change *change =
	    directory_put_person(&(struct store_person){.login = span_of(login),
							.roles = span_of(roles),
							.offices = SPAN("XL1 XL2"),
							.disabled = disabled});

	assert_non_null(change);
	directory_apply(c, change);
}

static void test_sessions_and_tokens_hold_as_long_as_they_may(void **state)
{
	struct directory *c = directory_of(*state);
	struct arena *a = arena_new(1 << 20);
	const struct store_session session = {{{1}}, SPAN("ann"), 0, 0};
	const struct store_token token = {
	    {{2}}, SPAN("id"), SPAN("ann"), SPAN("t"), SPAN("read act"), 0, 100 * SECOND, SPAN("")};
	const int64_t idle = (int64_t)SESSION_IDLE_SECONDS * SECOND,
		      most = (int64_t)SESSION_SECONDS * SECOND;
	struct store_session v;
	struct store_person p;
	struct store_token t;
	struct who who;
	bool note;

	put_person(c, "ann", "officer supervisor", false);
	put_person(c, "aaa", "auditor", false);
	put_person(c, "bob", "auditor", false);
	directory_apply(c, directory_put_session(&session));
	directory_apply(c, directory_put_token(&token));
	assert_int_equal(directory_find_session(c, a, &session.sha256, idle - 1, &v, &p, &note), 0);
	assert_true(note);
	assert_int_equal(directory_who(a, &p, &who), ERR_NONE);
	assert_int_equal(who.roles, ROLE_OFFICER | ROLE_SUPERVISOR);
	assert_true(who_has_office(&who, SPAN("XL2")) && !who_has_office(&who, SPAN("XL")));
	/* every use begins the idle time anew, up to the end */
	for (int64_t at = idle; at < most; at += idle / 2)
		assert_int_equal(directory_find_session(c, a, &session.sha256, at, &v, &p, &note),
				 ERR_NONE);
	assert_int_equal(directory_find_session(c, a, &session.sha256, most, &v, &p, &note),
			 ERR_NOT_FOUND);
	assert_int_equal(directory_find_token(c, a, &session.sha256, 1, &t, &p, &note),
			 ERR_NOT_FOUND); /* a session is no token */
	assert_int_equal(directory_find_token(c, a, &token.sha256, 1, &t, &p, &note), ERR_NONE);
	assert_true(note && span_is(t.used_on, "1970-01-01"));
	assert_int_equal(directory_find_token(c, a, &token.sha256, 2, &t, &p, &note), ERR_NONE);
	assert_false(note); /* once a day */
	assert_int_equal(directory_find_token(c, a, &token.sha256, 100 * SECOND, &t, &p, &note),
			 ERR_NOT_FOUND);
	put_person(c, "ann", "officer", true);
	assert_int_equal(directory_find_token(c, a, &token.sha256, 3, &t, &p, &note),
			 ERR_NOT_FOUND);
	put_person(c, "ann", "officer", false);
	assert_int_equal(directory_find_token(c, a, &token.sha256, 3, &t, &p, &note), ERR_NONE);
	directory_end(c, &token.sha256);
	assert_int_equal(directory_find_token(c, a, &token.sha256, 3, &t, &p, &note),
			 ERR_NOT_FOUND);
	assert_int_equal(directory_people(c), 3);
	arena_free(a);
	directory_close(c);
}

static void test_an_idle_session_ends(void **state)
{
	struct directory *c = directory_of(*state);
	struct arena *a = arena_new(1 << 20);
	const struct store_session session = {{{1}}, SPAN("ann"), 0, 0};
	const int64_t idle = (int64_t)SESSION_IDLE_SECONDS * SECOND;
	struct store_session v;
	struct store_person p;
	bool note;

	put_person(c, "ann", "auditor", false);
	directory_apply(c, directory_put_session(&session));
	assert_int_equal(directory_find_session(c, a, &session.sha256, idle, &v, &p, &note),
			 ERR_NOT_FOUND);
	/* and what an earlier moment finds is gone once it was swept */
	directory_sweep(c, idle);
	assert_int_equal(directory_find_session(c, a, &session.sha256, 1, &v, &p, &note),
			 ERR_NOT_FOUND);
	arena_free(a);
	directory_close(c);
}

static void test_roles_give_scopes(void **state)
{
	(void)state;
	assert_int_equal(directory_scopes(ROLE_AUDITOR), SCOPE_READ | SCOPE_AUDIT);
	assert_int_equal(directory_scopes(ROLE_ADMINISTRATOR), SCOPE_READ | SCOPE_ADMIN);
	assert_int_equal(directory_scopes(ROLE_ANALYST), SCOPE_READ | SCOPE_TARIFF);
	assert_true(directory_scopes(ROLE_CARRIER) & SCOPE_SUBMIT);
	assert_false(directory_scopes(ROLE_CASHIER) & SCOPE_SUBMIT);
	for (unsigned role = 0; role < ROLES; role++) {
		assert_int_equal(role_by_name(span_of(role_name(1u << role))), 1u << role);
		assert_int_equal(directory_read_roles(span_of(role_name(1u << role))), 1u << role);
	}
	for (unsigned scope = 0; scope < SCOPES; scope++)
		assert_int_equal(scope_by_name(span_of(scope_name(1u << scope))), 1u << scope);
	assert_int_equal(role_by_name(SPAN("root")), 0);
	assert_null(role_name(ROLE_TRADER | ROLE_BROKER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_further_failure_waits_twice_as_long),
	    cmocka_unit_test(test_success_and_a_day_forget),
	    cmocka_unit_test(test_who_is_locked_out_is_not_crowded_out),
	    cmocka_unit_test(test_which_passwords_are_taken),
	    cmocka_unit_test(test_hashes_match_only_their_password),
	    cmocka_unit_test_setup_teardown(test_sessions_and_tokens_hold_as_long_as_they_may,
					    store_dir_make, store_dir_remove),
	    cmocka_unit_test_setup_teardown(test_an_idle_session_ends, store_dir_make,
					    store_dir_remove),
	    cmocka_unit_test(test_roles_give_scopes),
	};

	log_quiet(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
