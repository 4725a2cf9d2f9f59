#include "hub/node/relay.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/cargo/cargo.h"
#include "hub/node/node.h"
#include "hub/settle/any.h"

enum {
	TRY_SECONDS = 15, /* as long as a single request is tried; http/forward.c */
	PAUSE_FIRST_MS = 100,
	PAUSE_MAX_MS = 1000,
	ADDRESS_BYTES = 200,
};

bool relay_wanted(const struct submission *s)
{
	return s->outcome.kind == OUTCOME_FAILED && s->outcome.cause.err == ERR_ELSEWHERE;
}

/* The address stands before the first blank of the cause. */
static void address_of(const struct submission *s, char ret[ADDRESS_BYTES])
{
	const char *text = s->outcome.cause.text;

	snprintf(ret, ADDRESS_BYTES, "%.*s", (int)strcspn(text, " "), text);
}

/* ---- several at once, waited for ---- */

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t finished;
	uint32_t left;
};

static void finish(struct submission *s)
{
	struct waiting *w = s->context;

	pthread_mutex_lock(&w->lock);
	if (!--w->left)
		pthread_cond_signal(&w->finished);
	pthread_mutex_unlock(&w->lock);
}

static void submit_all(struct hub *h, struct submission *const *s, uint32_t n)
{
	struct waiting w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, n};

	for (uint32_t i = 0; i < n; i++) {
		s[i]->done = finish;
		/* cppcheck-suppress autoVariables ; it is waited for below, and forgotten */
		s[i]->context = &w;
		hub_submit_any(h, s[i]);
	}
	pthread_mutex_lock(&w.lock);
	while (w.left)
		pthread_cond_wait(&w.finished, &w.lock);
	pthread_mutex_unlock(&w.lock);
	for (uint32_t i = 0; i < n; i++)
		hub_follow(h, s[i]);
}

void relay_take(struct hub *h, struct submission *s, uint32_t n)
{
	struct submission *list[RELAY_MANY];

	BUG_ON(n > RELAY_MANY);
	for (uint32_t i = 0; i < n; i++)
		list[i] = &s[i];
	submit_all(h, list, n);
}

/* ---- asking the others ---- */

/* One node is asked for all that it settles. */
static void ask_nodes(struct hub *h, const struct relay *r, struct submission *const *s, uint32_t n)
{
	char address[RELAY_MANY][ADDRESS_BYTES];
	bool asked[RELAY_MANY] = {false};

	for (uint32_t i = 0; i < n; i++)
		address_of(s[i], address[i]);
	for (uint32_t i = 0; i < n; i++) {
		struct submission *same[RELAY_MANY];
		uint32_t count = 0;

		if (asked[i])
			continue;
		for (uint32_t k = i; k < n; k++)
			if (!strcmp(address[k], address[i])) {
				asked[k] = true;
				same[count++] = s[k];
			}
		if (hub_peer_lives(h, address[i]))
			r->send(r, address[i], same, count);
	}
}

static uint32_t keep_wanted(struct submission **s, uint32_t n)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		if (relay_wanted(s[i]))
			s[k++] = s[i];
	return k;
}

void relay_settle(struct hub *h, const struct relay *r, struct submission *const *s, uint32_t n)
{
	const int64_t until = clock_steady() + (int64_t)TRY_SECONDS * 1000000;
	struct submission *left[RELAY_MANY];
	void (*done[RELAY_MANY])(struct submission *) = {0};
	void *context[RELAY_MANY] = {0};
	int pause = PAUSE_FIRST_MS;
	uint32_t k;

	BUG_ON(n > RELAY_MANY);
	for (uint32_t i = 0; i < n; i++) {
		left[i] = s[i];
		done[i] = s[i]->done;
		context[i] = s[i]->context;
	}
	k = hub_is_node(h) && r ? keep_wanted(left, n) : 0;
	while (k) {
		ask_nodes(h, r, left, k);
		k = keep_wanted(left, k);
		if (!k || clock_steady() + pause * INT64_C(1000) >= until)
			break;
		(void)poll(NULL, 0, pause);
		pause = 2 * pause < PAUSE_MAX_MS ? 2 * pause : PAUSE_MAX_MS;
		/* who has the office now, or does this node? */
		submit_all(h, left, k);
		k = keep_wanted(left, k);
	}
	for (uint32_t i = 0; i < n; i++) {
		s[i]->done = done[i];
		s[i]->context = context[i];
	}
}
