/* A node that stops while its thread tells the pusher of its duty: what the thread speaks to is still there. The
 * window is held open by library calls that both sides make (--wrap). */
#include <curl/curl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/xml.h"
#include "fixture.h"
#include "hub/house.h"
#include "hub/node/node.h"

enum { HELD_OPEN_MICROSECONDS = 300000 };

static pthread_t own_thread;
static atomic_int inside;
static atomic_bool removed_under_somebody;
static sem_t entered;

CURLMcode __real_curl_multi_wakeup(CURLM *multi);
__attribute__((used)) CURLMcode __wrap_curl_multi_wakeup(CURLM *multi);
CURLMcode __real_curl_multi_cleanup(CURLM *multi);
__attribute__((used)) CURLMcode __wrap_curl_multi_cleanup(CURLM *multi);

/* The test's own thread opens and closes the hub; who else wakes the pusher is the node. */
CURLMcode __wrap_curl_multi_wakeup(CURLM *multi)
{
	CURLMcode code;

	if (pthread_equal(pthread_self(), own_thread))
		return __real_curl_multi_wakeup(multi);
	atomic_fetch_add(&inside, 1);
	sem_post(&entered);
	usleep(HELD_OPEN_MICROSECONDS);
	code = atomic_load(&removed_under_somebody) ? CURLM_OK : __real_curl_multi_wakeup(multi);
	atomic_fetch_sub(&inside, 1);
	return code;
}

CURLMcode __wrap_curl_multi_cleanup(CURLM *multi)
{
	if (atomic_load(&inside))
		atomic_store(&removed_under_somebody, true);
	return __real_curl_multi_cleanup(multi);
}

static struct hub *open_node(const struct fixture *c, const char *name, const char *where)
{
	struct node_options node = {.name = name, .address = "http://127.0.0.1:9"};
	struct push_options push = {.local = true};
	struct hub_options o = {
	    .where = where, .database = c->url, .mode = HUB_OWN, .node = &node, .push = &push};
	struct cause why = {0};
	struct hub *h;

	if (hub_open(&o, &h, &why))
		fail_msg("%s", why.text);
	return h;
}

static void test_stop_while_told(void **state)
{
	struct hub *before, *h;
	struct fixture c;
	char second[100], keys[120];

	(void)state;
	own_thread = pthread_self();
	assert_int_equal(sem_init(&entered, 0, 0), 0);
	fixture_new(&c, "packs/landfall");
	fixture_close(&c);
	/* Another node has the duty while this one begins, so that it comes when there is a pusher to be told. */
	before = open_node(&c, "n1", c.directory);
	while (!atomic_load(&before->node->has_push))
		usleep(1000);
	snprintf(second, sizeof(second), "%s/n2", c.directory);
	snprintf(keys, sizeof(keys), "%s/keys", second);
	assert_int_equal(mkdir(second, 0700), 0);
	assert_int_equal(symlink("../keys", keys), 0);
	h = open_node(&c, "n2", second);
	while (!sem_trywait(&entered)) /* what n1 was told, and both at their begin */
		;
	hub_close(before);
	while (sem_wait(&entered))
		;
	hub_close(h);
	assert_false(atomic_load(&removed_under_somebody));
	fixture_remove(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_stop_while_told)};

	if (postgres_missing())
		return 0;
	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
