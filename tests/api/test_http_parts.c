/* What the server decides from the words of a request: its route, its language, where it may listen. */
#include <stdio.h>
#include <unistd.h>

#include "http/host.h"
#include "http/language.h"
#include "http/listen.h"
#include "http/rate.h"
#include "http/route.h"
#include "unit.h"

static void test_routes(void **state)
{
	static const struct {
		const char *method, *path;
		bool local;
		enum route_found found;
		const char *what; /* the pattern, or what is allowed */
	} cases[] = {
	    {"GET", "/", false, ROUTE_FOUND, "/"},
	    {"HEAD", "/healthz", false, ROUTE_FOUND, "/healthz"},
	    {"GET", "/api/v1/declarations/26XL01", false, ROUTE_FOUND,
	     "/api/v1/declarations/{ref}"},
	    {"GET", "/api/v1/declarations/%32%36XL01", false, ROUTE_FOUND,
	     "/api/v1/declarations/{ref}"},
	    {"GET", "/api/v1/declarations/26XL01/explanation", false, ROUTE_FOUND,
	     "/api/v1/declarations/{ref}/explanation"},
	    {"GET", "/api/v1/declarations", false, ROUTE_NO_METHOD, "POST, OPTIONS"},
	    {"POST", "/healthz", false, ROUTE_NO_METHOD, "GET, HEAD, OPTIONS"},
	    {"get", "/healthz", false, ROUTE_NO_METHOD, "GET, HEAD, OPTIONS"},
	    {"GET", "", false, ROUTE_NO_PATH, ""},
	    {"GET", "//", false, ROUTE_NO_PATH, ""},
	    {"GET", "/api/", false, ROUTE_NO_PATH, ""},
	    {"GET", "/%61pi", false, ROUTE_NO_PATH, ""},
	    {"GET", "/api/v1/declarations/", false, ROUTE_NO_PATH, ""},
	    {"GET", "/api/v1/declarations/a%2fb", false, ROUTE_NO_PATH, ""},
	    {"GET", "/api/v1/declarations/a%20b", false, ROUTE_NO_PATH, ""},
	    {"GET", "/api/v1/declarations/a/b", false, ROUTE_NO_PATH, ""},
	    {"GET", "/trader", false, ROUTE_FOUND, "/trader"},
	    {"GET", "/trader/declarations/26XL1/x", false, ROUTE_FOUND, "/trader/{rest}"},
	    {"GET", "/trader/", false, ROUTE_NO_PATH, ""},
	    {"GET", "/traders", false, ROUTE_NO_PATH, ""},
	    {"POST", "/desk/x", false, ROUTE_NO_METHOD, "GET, HEAD, OPTIONS"},
	    {"GET", "/local/v1/status", false, ROUTE_NO_PATH, ""},
	    {"GET", "/local/v1/status", true, ROUTE_FOUND, "/local/v1/status"},
	    {"DELETE", "/local/v1/packs", false, ROUTE_NO_PATH, ""},
	    {"DELETE", "/local/v1/packs", true, ROUTE_NO_METHOD, "POST, OPTIONS"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct route_match m;

		assert_int_equal(route_find(span_of(cases[i].method), span_of(cases[i].path),
					    cases[i].local, &m),
				 cases[i].found);
		assert_string_equal(m.route ? m.route->pattern : m.allow, cases[i].what);
	}
}

static void test_a_reference_is_decoded_and_bounded(void **state)
{
	struct route_match m;
	char path[400] = "/api/v1/declarations/";

	(void)state;
	assert_int_equal(route_find(SPAN("GET"), SPAN("/api/v1/declarations/%41-b.%63"), false, &m),
			 ROUTE_FOUND);
	assert_string_equal(m.reference, "A-b.c");
	assert_int_equal(m.reference_bytes, 5);
	memset(path + strlen(path), 'x', ROUTE_REFERENCE_BYTES);
	assert_int_equal(route_find(SPAN("GET"), span_of(path), false, &m), ROUTE_NO_PATH);
	path[strlen(path) - 1] = 0;
	assert_int_equal(route_find(SPAN("GET"), span_of(path), false, &m), ROUTE_FOUND);
	assert_int_equal(m.reference_bytes, ROUTE_REFERENCE_BYTES - 1);
}

static void test_paths_that_are_none(void **state)
{
	static const char *const unsound[] = {"",     "/%00", "/%",   "/%4",   "/%zz",
					      "/%0a", "/%7f", "/a b", "/\x01", "/\xc3\xa9"};
	static const char *const sound[] = {"/", "/%20", "/a%2Fb", "/~x;y='1'", "*"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unsound); i++)
		assert_false(route_path_sound(span_of(unsound[i])));
	for (size_t i = 0; i < ARRAY_LEN(sound); i++)
		assert_true(route_path_sound(span_of(sound[i])));
}

static void test_language(void **state)
{
	static const struct {
		const char *accept, *language, *texts;
	} cases[] = {
	    {NULL, "en", "en"},
	    {"", "en", "en"},
	    {"fr", "fr", "fr"},
	    {"FR-ca", "fr", "fr"},
	    {"en;q=0.5, fr", "fr", "fr"},
	    {"en, fr", "en", "en"},
	    {"fr;q=0.7,en;q=0.8", "en", "en"},
	    {"fr;q=0.799 , en;q=0.8", "en", "en"},
	    {"de, fr;q=0.1", "fr", "fr"},
	    {"fr;q=0, en;q=0.1", "en", "en"},
	    {"fr;q=0", "en", "en"},
	    {"*", "en", "en"},
	    {"de", "de", "en"},
	    {"de;q=0.5, pt-BR", "pt", "en"},
	    {"fr;q=x", "en", "en"},
	    {",,;;,=", "en", "en"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct span chosen = language_choose(cases[i].accept);

		if (!span_is(chosen, cases[i].language))
			fail_msg("%s: %.*s", cases[i].accept ? cases[i].accept : "none",
				 SPAN_ARG(chosen));
		assert_string_equal(language_of_texts(chosen), cases[i].texts);
	}
}

static void test_listens_on_this_machine_only(void **state)
{
	static const struct {
		const char *where;
		enum err err;
	} refused[] = {
	    {"0.0.0.0:0", ERR_DENIED},      {"[::]:0", ERR_DENIED},
	    {"192.0.2.1:80", ERR_DENIED},   {"8080", ERR_USAGE},
	    {"127.0.0.1", ERR_USAGE},       {"127.0.0.1:", ERR_USAGE},
	    {"127.0.0.1:65536", ERR_USAGE}, {"127.0.0.1:-1", ERR_USAGE},
	    {"example.org:80", ERR_USAGE},  {":80", ERR_USAGE},
	};
	struct cause why;
	char again[32];
	uint16_t port;
	int fd, other;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		why = (struct cause){0};
		assert_int_equal(listen_tcp(refused[i].where, false, &fd, &port, &why),
				 refused[i].err);
		assert_true(strlen(why.text) > 10);
	}
	assert_int_equal(listen_tcp("127.0.0.1:0", false, &fd, &port, &why), ERR_NONE);
	assert_true(port > 0);
	snprintf(again, sizeof(again), "localhost:%u", port);
	assert_int_equal(listen_tcp(again, false, &other, &port, &why), ERR_BUSY);
	close(fd);
}

static void test_names_and_origins(void **state)
{
	static const struct {
		const char *host, *names;
		bool sound, ours;
	} hosts[] = {
	    {NULL, NULL, true, false},
	    {"localhost:8080", NULL, true, false},
	    {"LOCALHOST", NULL, true, false},
	    {"127.0.0.1:8080", NULL, true, false},
	    {"[::1]:8080", NULL, true, false},
	    {"hub.example", NULL, false, false},
	    {"localhost.example", NULL, false, false},
	    {"hub.example:8443", "a.example,hub.example", true, true},
	    {"Hub.Example", "hub.example", true, true},
	    {"hub.example.", "hub.example", false, false},
	    {"ahub.example", "hub.example", false, false},
	    {"hub.example,b.example", "hub.example,b.example", false, false},
	    {"127.0.0.1.example", "hub.example", false, false},
	    {"localhost", "hub.example", true, false},
	};
	static const char *const none[] = {"", ",", "a,", "a b", "10.0.0.1", "a/b", "a:1", "*.a"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		bool ours;

		assert_int_equal(host_sound(hosts[i].host, hosts[i].names, NULL, &ours),
				 hosts[i].sound);
		assert_int_equal(ours, hosts[i].ours);
	}
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_int_equal(host_check_names(none[i], NULL), ERR_USAGE);
	assert_int_equal(host_check_names("hub.example,HUB-2.example", NULL), ERR_NONE);
	assert_int_equal(host_check_names("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p", NULL), ERR_NONE);
	assert_int_equal(host_check_names("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", NULL), ERR_USAGE);
	assert_true(host_origin_sound(NULL, "a.example", true));
	assert_true(host_origin_sound("https://a.example:1", "a.example:1", true));
	assert_false(host_origin_sound("https://a.example", "a.example:1", true));
	assert_false(host_origin_sound("http://a.example", "a.example", true));
	assert_true(host_origin_sound("http://a.example", "a.example", false));
	assert_false(host_origin_sound("null", "a.example", false));
	assert_false(host_origin_sound("http://a.example", NULL, false));
}

/* One house has 2^64 addresses of IPv6, and may ask no oftener than one of IPv4. */
static void test_a_network_is_one_address(void **state)
{
	struct rate *r;

	(void)state;
	assert_int_equal(rate_open(1, &r, NULL), ERR_NONE);
	for (int i = 0; i < RATE_BURST_SECONDS; i++) {
		char address[48];

		snprintf(address, sizeof(address), "2001:db8:7:1::%x", i + 1);
		assert_int_equal(rate_take_address(r, address, 0), 0);
	}
	assert_int_not_equal(rate_take_address(r, "2001:db8:7:1:ffff::9", 0), 0);
	assert_int_equal(rate_take_address(r, "2001:db8:7:2::1", 0), 0);
	for (int i = 0; i < RATE_BURST_SECONDS; i++)
		assert_int_equal(rate_take_address(r, "::ffff:192.0.2.1", 0), 0);
	assert_int_not_equal(rate_take_address(r, "::ffff:192.0.2.1", 0), 0);
	assert_int_equal(rate_take_address(r, "::ffff:192.0.2.2", 0), 0);
	assert_int_equal(rate_take_address(r, "192.0.2.1", 0), 0);
	assert_int_equal(rate_take_address(r, "local", 0), 0);
	rate_close(r);
}

static void test_a_bucket_fills_as_fast_as_it_is_said(void **state)
{
	const int64_t second = 1000000;
	struct rate *r;
	int64_t now = 5 * second;

	(void)state;
	assert_int_equal(rate_open(2, &r, NULL), ERR_NONE);
	for (int i = 0; i < 2 * RATE_BURST_SECONDS; i++)
		assert_int_equal(rate_take(r, "user", SPAN("ann"), now), 0);
	assert_int_equal(rate_take(r, "user", SPAN("ann"), now), 1);
	assert_int_equal(rate_take(r, "user", SPAN("bob"), now), 0);
	assert_int_equal(rate_take(r, "address", SPAN("ann"), now), 0);
	assert_int_equal(rate_take(r, "user", SPAN("ann"), now + second / 2), 0);
	assert_int_equal(rate_take(r, "user", SPAN("ann"), now + second / 2), 1);
	/* a long rest gives a full bucket, and no more */
	now += 1000 * second;
	for (int i = 0; i < 2 * RATE_BURST_SECONDS; i++)
		assert_int_equal(rate_take(r, "user", SPAN("ann"), now), 0);
	assert_int_equal(rate_take(r, "user", SPAN("ann"), now), 1);
	rate_close(r);
	assert_int_equal(rate_open(0, &r, NULL), ERR_NONE);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rate_take(r, "user", SPAN("ann"), now), 0);
	rate_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_routes),
	    cmocka_unit_test(test_a_reference_is_decoded_and_bounded),
	    cmocka_unit_test(test_paths_that_are_none),
	    cmocka_unit_test(test_language),
	    cmocka_unit_test(test_a_network_is_one_address),
	    cmocka_unit_test(test_a_bucket_fills_as_fast_as_it_is_said),
	    cmocka_unit_test(test_listens_on_this_machine_only),
	    cmocka_unit_test(test_names_and_origins),
	};

	return cmocka_run_group_tests_name("http_parts", tests, NULL, NULL);
}
