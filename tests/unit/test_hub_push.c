/* hub: what the pusher goes by. How long it waits, what it signs, whom it does not call. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "hub/notices/push_rules.h"
#include "unit.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)

static void test_delays_double_up_to_the_last(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct prng r = prng_of(seed, 0);
		int64_t middle = SECOND;

		for (uint32_t attempts = 1; attempts <= 24; attempts++) {
			const int64_t delay = push_delay(attempts, SECOND, HOUR, &r);

			assert_true(delay >= middle - middle / 4);
			assert_true(delay <= middle + middle / 4);
			assert_true(delay <= HOUR);
			middle = middle * 2 < HOUR ? middle * 2 : HOUR;
		}
	}
}

static void test_delays_differ_and_a_seed_gives_them_again(void **state)
{
	struct prng r = prng_of(7, 0), again = prng_of(7, 0);
	int64_t first = push_delay(5, SECOND, HOUR, &r), differing = 0;

	(void)state;
	assert_true(first == push_delay(5, SECOND, HOUR, &again));
	for (int i = 0; i < 50; i++)
		differing += push_delay(5, SECOND, HOUR, &r) != first;
	assert_true(differing > 45);
	/* more attempts than doublings fit into 64 bits */
	assert_true(push_delay(UINT32_MAX, SECOND, HOUR, &r) > HOUR / 2);
}

/* Made with: printf %s '1795305600.{"id":1}' | openssl dgst -sha256 -hmac chs_test */
static void test_the_signature_is_that_of_others(void **state)
{
	char signature[PUSH_SIGNATURE_BYTES];

	(void)state;
	push_signature(SPAN("chs_test"), 1795305600, SPAN("{\"id\":1}"), signature);
	assert_string_equal(signature,
			    "t=1795305600,v1="
			    "4110b6e58de4a4c14f72adfe7dadcb7423454fef27ec43bce62efc13f3a1f811");
	push_signature(SPAN("chs_test"), 1795305601, SPAN("{\"id\":1}"), signature);
	assert_null(
	    strstr(signature, "4110b6e58de4a4c14f72adfe7dadcb7423454fef27ec43bce62efc13f3a1f811"));
}

static bool sound(const char *text, enum push_reach reach)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return push_address_sound((const struct sockaddr *)&v4, reach);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return push_address_sound((const struct sockaddr *)&v6, reach);
}

/* First and last of each block, and the neighbours that are public. */
static const struct {
	const char *address;
	bool public, local, loopback;
} addresses[] = {
    {"0.0.0.0", false, false, false},
    {"0.255.255.255", false, false, false},
    {"1.0.0.0", true, true, false},
    {"9.255.255.255", true, true, false},
    {"10.0.0.0", false, true, false},
    {"10.255.255.255", false, true, false},
    {"11.0.0.0", true, true, false},
    {"100.63.255.255", true, true, false},
    {"100.64.0.0", false, false, false},
    {"100.127.255.255", false, false, false},
    {"100.128.0.0", true, true, false},
    {"127.0.0.0", false, true, true},
    {"127.0.0.1", false, true, true},
    {"127.255.255.255", false, true, true},
    {"128.0.0.0", true, true, false},
    {"169.253.255.255", true, true, false},
    {"169.254.0.0", false, false, false},
    {"169.254.169.254", false, false, false},
    {"169.255.0.0", true, true, false},
    {"172.15.255.255", true, true, false},
    {"172.16.0.0", false, true, false},
    {"172.31.255.255", false, true, false},
    {"172.32.0.0", true, true, false},
    {"192.0.0.0", false, false, false},
    {"192.0.1.0", true, true, false},
    {"192.0.2.1", false, false, false},
    {"192.88.99.1", false, false, false},
    {"192.167.255.255", true, true, false},
    {"192.168.0.0", false, true, false},
    {"192.168.255.255", false, true, false},
    {"192.169.0.0", true, true, false},
    {"198.17.255.255", true, true, false},
    {"198.18.0.0", false, false, false},
    {"198.19.255.255", false, false, false},
    {"198.20.0.0", true, true, false},
    {"198.51.100.7", false, false, false},
    {"203.0.113.7", false, false, false},
    {"223.255.255.255", true, true, false},
    {"224.0.0.1", false, false, false},
    {"240.0.0.1", false, false, false},
    {"255.255.255.255", false, false, false},
    {"::", false, false, false},
    {"::1", false, true, true},
    {"::2", false, false, false},
    {"::7f00:1", false, false, false},
    {"::ffff:127.0.0.1", false, true, true},
    {"::ffff:10.0.0.1", false, true, false},
    {"::ffff:169.254.169.254", false, false, false},
    {"::ffff:8.8.8.8", true, true, false},
    {"64:ff9b::a00:1", false, true, false},
    {"64:ff9b::808:808", true, true, false},
    {"64:ff9b:1::808:808", false, false, false},
    {"100::1", false, false, false},
    {"1fff::1", false, false, false},
    {"2000::1", true, true, false},
    {"2001::1", false, false, false},
    {"2001:1ff:ffff::1", false, false, false},
    {"2001:200::1", true, true, false},
    {"2001:db8::1", false, false, false},
    {"2001:db9::1", true, true, false},
    {"2002:808:808::1", true, true, false},
    {"2002:a00:1::1", false, true, false},
    {"2002:7f00:1::1", false, true, false},
    {"2606:4700::1", true, true, false},
    {"3ffe:ffff::1", true, true, false},
    {"3fff:fff::1", false, false, false},
    {"4000::1", false, false, false},
    {"fbff::1", false, false, false},
    {"fc00::1", false, true, false},
    {"fdff::1", false, true, false},
    {"fe80::1", false, false, false},
    {"fec0::1", false, false, false},
    {"ff02::1", false, false, false},
};

static void test_addresses(void **state)
{
	const struct sockaddr_un other = {.sun_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		const bool public = sound(addresses[i].address, PUSH_PUBLIC),
			   local = sound(addresses[i].address, PUSH_LOCAL),
			   loopback = sound(addresses[i].address, PUSH_LOOPBACK);

		if (public != addresses[i].public || local != addresses[i].local ||
		    loopback != addresses[i].loopback)
			fail_msg("%s: %d %d %d", addresses[i].address, public, local, loopback);
	}
	assert_false(push_address_sound((const struct sockaddr *)&other, PUSH_LOCAL));
}

static void test_urls(void **state)
{
	static const struct {
		const char *url;
		enum err strict, local;
	} cases[] = {
	    {"https://example.com", ERR_NONE, ERR_NONE},
	    {"https://example.com:8443/a/b?c=d&e=%20", ERR_NONE, ERR_NONE},
	    {"HTTPS://EXAMPLE.COM/", ERR_NONE, ERR_NONE},
	    {"https://8.8.8.8/", ERR_NONE, ERR_NONE},
	    {"https://[2606:4700::1]/", ERR_NONE, ERR_NONE},
	    {"https://localhost/", ERR_NONE, ERR_NONE}, /* a name: looked at when it is called */
	    {"http://example.com/", ERR_DENIED, ERR_DENIED},
	    {"http://8.8.8.8/", ERR_DENIED, ERR_DENIED},
	    {"http://10.0.0.1/", ERR_DENIED, ERR_DENIED},
	    {"http://localhost:9000/", ERR_DENIED, ERR_NONE},
	    {"http://localhost.example.com/", ERR_DENIED, ERR_DENIED},
	    {"http://127.0.0.1:9000/", ERR_DENIED, ERR_NONE},
	    {"http://[::1]:9000/", ERR_DENIED, ERR_NONE},
	    {"https://127.0.0.1/", ERR_DENIED, ERR_NONE},
	    {"https://10.0.0.1/", ERR_DENIED, ERR_NONE},
	    {"https://169.254.169.254/", ERR_DENIED, ERR_DENIED},
	    {"https://[fe80::1]/", ERR_DENIED, ERR_DENIED},
	    {"https://[fe80::1%25eth0]/", ERR_FORMAT, ERR_FORMAT},
	    {"https://[::ffff:169.254.169.254]/", ERR_DENIED, ERR_DENIED},
	    {"https://0x7f.1/", ERR_DENIED, ERR_NONE},
	    {"https://2852039166/", ERR_DENIED, ERR_DENIED}, /* 169.254.169.254 */
	    {"https://user@example.com/", ERR_FORMAT, ERR_FORMAT},
	    {"https://user:secret@example.com/", ERR_FORMAT, ERR_FORMAT},
	    {"https://example.com/#part", ERR_FORMAT, ERR_FORMAT},
	    {"https://", ERR_FORMAT, ERR_FORMAT},
	    {"example.com", ERR_FORMAT, ERR_FORMAT},
	    {"file:///etc/passwd", ERR_FORMAT, ERR_FORMAT},
	    {"gopher://example.com/", ERR_FORMAT, ERR_FORMAT},
	    {"https://example.com/\r\nX: y", ERR_FORMAT, ERR_FORMAT},
	    {"https://ex\xc3\xa4mple.com/", ERR_FORMAT, ERR_FORMAT},
	    {"", ERR_FORMAT, ERR_FORMAT},
	};
	char longest[HOOK_URL_BYTES + 2] = "https://example.com/";
	enum push_reach reach;
	struct cause why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err strict, local;

		why = (struct cause){0};
		strict = push_check_url(span_of(cases[i].url), false, &reach, &why);
		local = push_check_url(span_of(cases[i].url), true, &reach, NULL);
		if (strict != cases[i].strict || local != cases[i].local)
			fail_msg("%s: %s %s", cases[i].url, err_name(strict), err_name(local));
		assert_int_equal(strict != ERR_NONE, why.text[0] != 0);
	}
	memset(longest + strlen(longest), 'a', HOOK_URL_BYTES - strlen(longest));
	assert_int_equal(push_check_url(span_of(longest), false, &reach, &why), ERR_NONE);
	longest[HOOK_URL_BYTES] = 'a';
	assert_int_equal(push_check_url(span_of(longest), false, &reach, &why), ERR_FORMAT);
}

/* Where nothing is encrypted the receiver must be this machine, whatever the name resolves to. */
static void test_what_may_be_called_goes_with_the_url(void **state)
{
	enum push_reach reach;
	struct cause why = {0};

	(void)state;
	assert_int_equal(push_check_url(SPAN("http://localhost/"), true, &reach, &why), ERR_NONE);
	assert_int_equal(reach, PUSH_LOOPBACK);
	assert_int_equal(push_check_url(SPAN("https://localhost/"), true, &reach, &why), ERR_NONE);
	assert_int_equal(reach, PUSH_LOCAL);
	assert_int_equal(push_check_url(SPAN("https://localhost/"), false, &reach, &why), ERR_NONE);
	assert_int_equal(reach, PUSH_PUBLIC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_delays_double_up_to_the_last),
	    cmocka_unit_test(test_delays_differ_and_a_seed_gives_them_again),
	    cmocka_unit_test(test_the_signature_is_that_of_others),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_what_may_be_called_goes_with_the_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
