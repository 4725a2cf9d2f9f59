/* What nodes know one another by, and what operators are shown of them. */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"
#include "hub/node/node.h"
#include "hub/people/people_room.h"

enum { PIECES_MAX = 12 };

bool hub_is_node(const struct hub *h)
{
	return h->node != NULL;
}

bool hub_peer_lives(struct hub *h, const char *address)
{
	struct node *n = h->node;
	bool lives = false;

	pthread_mutex_lock(&n->lock);
	for (uint32_t i = 0; i < n->watch.n && !lives; i++) {
		const struct watch_peer *p = &n->watch.peer[i];

		lives = !strcmp(p->address, address) &&
			watch_lives(&n->watch, span_of(p->name), p->run);
	}
	pthread_mutex_unlock(&n->lock);
	return lives;
}

static enum err holder_of_push(const struct node *n, struct cause *why)
{
	for (uint32_t i = 0; i < n->leases; i++) {
		const struct node_lease *l = &n->lease[i];
		const struct watch_peer *p = watch_find(&n->watch, span_of(l->node));

		if (span_equal(span_of(l->office), DUTY_PUSH) && p &&
		    watch_lives(&n->watch, span_of(l->node), l->run))
			return fail(why, ERR_ELSEWHERE, "%s has what is under way (node %s)",
				    p->address, l->node);
	}
	return ERR_NONE; /* nobody has anything under way */
}

enum err hub_has_long_work(struct hub *h, struct cause *why)
{
	struct node *n = h->node;
	enum err e = ERR_NONE;

	if (!n || atomic_load(&n->has_push))
		return ERR_NONE;
	pthread_mutex_lock(&n->lock);
	e = holder_of_push(n, why);
	pthread_mutex_unlock(&n->lock);
	return e;
}

/* With a key of its own for this use. */
static struct hash mac(const struct hub *h, const struct span *pieces, size_t n)
{
	struct hash key = hash_hmac(h->keys.seal, sizeof(h->keys.seal),
				    (struct span[]){SPAN("customhouse peer 1")}, 1),
		    made;
	struct span all[2 * PIECES_MAX];

	BUG_ON(n > PIECES_MAX);
	for (size_t i = 0; i < n; i++) {
		all[2 * i] = pieces[i];
		all[2 * i + 1] = SPAN("\n");
	}
	made = hash_hmac(key.byte, sizeof(key.byte), all, 2 * n);
	sodium_memzero(&key, sizeof(key));
	return made;
}

void hub_mark_peer(const struct hub *h, const struct span *pieces, size_t n, char ret[65])
{
	const struct hash made = mac(h, pieces, n);

	hash_hex(&made, ret);
}

bool hub_check_peer(const struct hub *h, const struct span *pieces, size_t n, struct span mark)
{
	struct hash given, made;

	if (!h->node || hash_from_hex(mark, &given))
		return false;
	made = mac(h, pieces, n);
	return !sodium_memcmp(given.byte, made.byte, sizeof(made.byte));
}

/* ---- for operators ---- */

static void write_nodes(struct json_writer *w, const struct node *n)
{
	json_name(w, "nodes");
	json_open_array(w);
	for (uint32_t i = 0; i < n->watch.n; i++) {
		const struct watch_peer *p = &n->watch.peer[i];

		json_open_object(w);
		json_put_c(w, "name", p->name);
		json_put_c(w, "address", p->address);
		json_put_int(w, "run", p->run);
		json_put_int(w, "beat", p->beat);
		json_put_bool(w, "lives", watch_lives(&n->watch, span_of(p->name), p->run));
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_leases(struct json_writer *w, const struct node *n)
{
	json_name(w, "leases");
	json_open_array(w);
	for (uint32_t i = 0; i < n->leases; i++) {
		const struct node_lease *l = &n->lease[i];

		if (!l->epoch)
			continue; /* the hub's own chain is nobody's */
		json_open_object(w);
		json_put_c(w, "office", l->office);
		json_put_int(w, "epoch", l->epoch);
		json_put_c(w, "node", l->node);
		json_put_int(w, "run", l->run);
		json_close_object(w);
	}
	json_close_array(w);
}

enum err hub_write_nodes(struct hub *h, const struct who *by, struct text *to, struct cause *why)
{
	struct json_writer w = json_to(to);
	struct node *n = h->node;
	enum err e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_AUDITOR, why);

	if (e)
		return e;
	if (!n)
		return fail(why, ERR_NOT_FOUND, "this hub is the only one of its store");
	/* the text's arena may be left meanwhile, and then the lock would stay: room is made first */
	(void)text_room(to, 512 + (size_t)NODES_MAX * 512 + (size_t)LEASES_MAX * 400);
	pthread_mutex_lock(&n->lock);
	json_open_object(&w);
	json_put_c(&w, "node", n->name);
	json_put_int(&w, "run", n->run);
	json_put_bool(&w, "ready", node_is_ready(n));
	write_nodes(&w, n);
	write_leases(&w, n);
	json_close_object(&w);
	pthread_mutex_unlock(&n->lock);
	return ERR_NONE;
}
