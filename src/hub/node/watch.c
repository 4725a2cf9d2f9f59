#include "hub/node/watch.h"

#include <string.h>

static struct watch_peer *find(struct watch *w, struct span name)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (span_is(name, w->peer[i].name))
			return &w->peer[i];
	return NULL;
}

const struct watch_peer *watch_find(const struct watch *w, struct span name)
{
	return find((struct watch *)(uintptr_t)w, name);
}

static void copy(char *to, size_t room, struct span from)
{
	const uint32_t n = from.n < room ? from.n : (uint32_t)room - 1;

	if (n)
		memcpy(to, from.p, n);
	to[n] = 0;
}

static void see_one(struct watch *w, const struct store_node *row, int64_t now)
{
	struct watch_peer *p = find(w, row->name);

	if (!p) {
		if (w->n == NODES_MAX || row->name.n > NODE_NAME_BYTES)
			return;
		p = &w->peer[w->n++];
		*p = (struct watch_peer){.run = -1};
		copy(p->name, sizeof(p->name), row->name);
	}
	if (p->run != row->run || p->beat != row->beat)
		p->changed_at = now;
	p->run = row->run;
	p->beat = row->beat;
	copy(p->address, sizeof(p->address), row->address);
}

void watch_see(struct watch *w, const struct store_node *row, uint32_t n, int64_t now)
{
	if (w->looked_at && now - w->looked_at > (int64_t)WATCH_BLIND_MS * 1000)
		for (uint32_t i = 0; i < w->n; i++)
			w->peer[i].changed_at = now;
	for (uint32_t i = 0; i < n; i++)
		see_one(w, &row[i], now);
	w->looked_at = now;
}

bool watch_lives(const struct watch *w, struct span name, int64_t run)
{
	const struct watch_peer *p = watch_find(w, name);

	return p && p->run == run && p->address[0] &&
	       w->looked_at - p->changed_at <= (int64_t)WATCH_SILENCE_MS * 1000;
}
