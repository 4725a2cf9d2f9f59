/* The chains: appending sealed events, signing heads. Runs in the writer's thread.
 *
 * Each batch notes the new heads of the offices that it touched in the hub's own chain, and signs the head of that: one signature
 * speaks for every chain, and whoever keeps the newest one outside can tell whether any of them was shortened or written anew. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "hub/history/history.h"
#include "hub/house.h"
#include "hub/node/node.h"

struct office *house_office(struct hub *h, struct span code)
{
	struct office *o;

	for (uint32_t i = 0; i < h->office_count; i++)
		if (span_is(code, h->offices[i].code))
			return &h->offices[i];
	if (h->office_count == OFFICES_MAX || code.n >= sizeof(o->code))
		return NULL;
	o = &h->offices[h->office_count++];
	*o = (struct office){.day = INT32_MIN, .hour = INT64_MIN};
	memcpy(o->code, code.p, code.n);
	return o;
}

enum err house_read_office(struct hub *h, struct office *o, struct cause *why)
{
	struct store_root root;
	enum err e;

	if (h->node && !o->locked) {
		e = span_is(HUB_OFFICE, o->code) ? node_enter_hub(h->node, o, why)
						 : node_enter(h->node, o, why);
		if (e)
			return e;
	}
	if (o->known)
		return ERR_NONE;
	e = store_get_head(h->store, span_of(o->code), &o->head, why);
	if (e)
		return e;
	e = store_get_root(h->store, h->batch_arena, span_of(o->code), &root, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	o->root = (struct hash){{0}};
	if (!e) {
		struct span bytes = house_root_bytes(h->batch_arena, &root);

		o->root = hash_bytes(bytes.p, bytes.n);
	}
	o->known = true;
	return ERR_NONE;
}

enum err house_lock_known(struct hub *h, const struct span *code, uint32_t n, struct cause *why)
{
	struct office **o = ARENA_ARRAY(h->batch_arena, struct office *, (size_t)n + 1);
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct office *of = house_office(h, code[i]);
		uint32_t k = 0;

		while (k < count && o[k] != of)
			k++;
		if (of && k == count)
			o[count++] = of;
	}
	return node_lock_known(h->node, o, count, why);
}

enum err house_enter(struct hub *h, struct span code, struct office **ret, bool *ret_fresh,
		     struct cause *why)
{
	struct office *o = house_office(h, code);
	enum err e;

	if (!o) {
		(void)fail(why, ERR_LIMIT, "more offices than one hub keeps");
		return ERR_LIMIT;
	}
	e = house_read_office(h, o, why);
	if (!e && o->fresh) /* what was read of it before was another node's */
		store_forget_ahead(h->store);
	if (!e) {
		*ret = o;
		*ret_fresh = o->fresh;
	}
	return e;
}

enum err house_enter_case(struct hub *h, struct arena *a, struct store_declaration *row,
			  struct cause *why)
{
	struct office *o;
	bool fresh;
	enum err e = house_enter(h, row->office, &o, &fresh, why);

	return e || !fresh
		   ? e
		   : store_get_declaration(h->store, a, row->office, row->reference, row, why);
}

/* Salts come from the kernel a few hundred at a time. */
static void take_salt(struct hub *h, uint8_t salt[EVENT_SALT_BYTES])
{
	if (h->salts_left == 0) {
		random_bytes(h->salts, sizeof(h->salts));
		h->salts_left = SALTS;
	}
	memcpy(salt, h->salts[--h->salts_left], EVENT_SALT_BYTES);
}

enum err house_append(struct hub *h, struct office *o, struct event *e, const struct hash *content,
		      struct cause *why)
{
	enum err err;

	BUG_ON(h->node && !o->locked);
	e->office = span_of(o->code);
	e->seq = o->head.seq + 1;
	take_salt(h, e->salt);
	if (content)
		event_seal_content(e, content, &o->head.chain);
	else
		event_seal(e, &o->head.chain);
	err = store_append_event(h->store, e, why);
	if (err)
		return err;
	o->head = (struct store_head){e->seq, e->chain};
	o->touched = true;
	return ERR_NONE;
}

struct span house_root_bytes(struct arena *a, const struct store_root *r)
{
	char chain[65], previous[65];

	hash_hex(&r->chain, chain);
	hash_hex(&r->previous, previous);
	return span_of(arena_print(a, "customhouse root 1\n%.*s\n%.*s\n%lld\n%s\n%s\n%lld\n",
				   SPAN_ARG(r->office), SPAN_ARG(r->day), (long long)r->seq, chain,
				   previous, (long long)r->at));
}

/* The heads of the offices that this batch touched, as the hub's own chain notes them. */
static struct span write_heads(struct hub *h, struct arena *a)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_array(&w);
	for (uint32_t i = 0; i < h->office_count; i++) {
		const struct office *o = &h->offices[i];
		char chain[65];

		if (!o->touched || span_is(HUB_OFFICE, o->code))
			continue;
		hash_hex(&o->head.chain, chain);
		json_open_object(&w);
		json_put_c(&w, "office", o->code);
		json_put_int(&w, "seq", o->head.seq);
		json_put_c(&w, "chain", chain);
		json_close_object(&w);
	}
	json_close_array(&w);
	return text_as_span(&t);
}

static enum err sign_head(struct hub *h, struct office *o, int64_t now, struct cause *why)
{
	struct text day = text_in(h->batch_arena);
	struct store_root r = {span_of(o->code), o->head.seq, {NULL, 0, 0}, o->head.chain,
			       o->root,          {{0}},       now};
	struct span bytes;
	enum err e;

	day_write(&day, day_of(now, 0));
	r.day = text_as_span(&day);
	bytes = house_root_bytes(h->batch_arena, &r);
	if (sign_bytes(h->keys.sign_seed, bytes.p, bytes.n, &r.signature))
		return fail(why, ERR_IO, "the signing key does not sign");
	e = store_put_root(h->store, &r, why);
	if (!e)
		o->root = hash_bytes(bytes.p, bytes.n);
	return e;
}

enum err house_sign_roots(struct hub *h, int64_t now, struct cause *why)
{
	struct office *hub = house_office(h, HUB_OFFICE);
	struct event heads = {
	    .kind = SPAN("heads"), .reference = SPAN(""), .at = now, .actor = SPAN("hub")};
	enum err e;

	if (!hub)
		return fail(why, ERR_LIMIT, "more offices than one hub keeps");
	heads.payload = write_heads(h, h->batch_arena);
	if (heads.payload.n == 2 && !hub->touched)
		return ERR_NONE; /* nothing was added */
	e = house_read_office(h, hub, why);
	if (!e && heads.payload.n > 2)
		e = house_append(h, hub, &heads, NULL, why);
	return e ? e : sign_head(h, hub, now, why);
}

/* One line of the file outside. */
static bool write_root(struct hub *h, int fd, struct office *o)
{
	char chain[65], previous[65];
	struct store_root r;
	struct text line = text_in(h->batch_arena);

	if (store_get_root(h->store, h->batch_arena, span_of(o->code), &r, NULL))
		return false;
	hash_hex(&r.chain, chain);
	hash_hex(&r.previous, previous);
	text_print(&line,
		   "{\"office\":\"%s\",\"day\":\"%.*s\",\"seq\":%lld,\"chain\":\"%s\",\"previous\":"
		   "\"%s\",\"at\":%lld,\"signature\":\"",
		   o->code, SPAN_ARG(r.day), (long long)r.seq, chain, previous, (long long)r.at);
	text_hex(&line, r.signature.byte, sizeof(r.signature.byte));
	text_string(&line, "\"}\n");
	return write(fd, line.p, line.n) == (ssize_t)line.n;
}

struct roots {
	struct hub *h;
	int fd;
	bool ok;
};

static void write_newest(void *context)
{
	struct roots *r = context;
	struct office *o = house_office(r->h, HUB_OFFICE);

	if (o && o->known && o->head.seq && o->outside != o->head.seq) {
		r->ok = write_root(r->h, r->fd, o);
		o->outside = o->head.seq;
	}
}

void house_write_roots(struct hub *h, int64_t now, bool force)
{
	struct roots r = {h, -1, true};

	if (!force && now - h->roots_written_at < 1000000)
		return;
	h->roots_written_at = now;
	r.fd = open(h->roots, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (r.fd < 0 || arena_run(h->batch_arena, write_newest, &r))
		r.ok = false;
	if (r.fd >= 0)
		r.ok = (!force || fsync(r.fd) == 0) && close(r.fd) == 0 && r.ok;
	if (!r.ok)
		log_event("roots.failed", "path=%s error=\"%s\"", h->roots, strerror(errno));
}

bool house_has_touched(const struct hub *h)
{
	for (uint32_t i = 0; i < h->office_count; i++)
		if (h->offices[i].touched)
			return true;
	return false;
}

void house_forget(struct hub *h)
{
	for (uint32_t i = 0; i < h->office_count; i++) {
		struct office *o = &h->offices[i];

		o->known = o->touched = o->locked = false;
		o->day = INT32_MIN;
		o->hour = INT64_MIN;
		if (o->fresh) /* it was taken in the transaction that is not */
			o->epoch = 0;
		o->fresh = false;
	}
	h->draw.day[0] = 0;
	if (h->history) /* what it read may not have been stored */
		history_forget(h->history);
	if (h->range_fresh)
		h->range_left = 0;
	h->range_fresh = false;
}
