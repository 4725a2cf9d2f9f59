/* Keys of other administrations, and who trusts them. */
#include "base/clock.h"
#include "hub/edition/share_room.h"
#include "hub/house.h"
#include "hub/people/people_room.h"

#define TRUST_KIND SPAN("trust")
#define TRUST_OF   SPAN("trusted-keys")

/* ---- notes in the hub's own chain ---- */

struct note {
	struct hub *h;
	struct event event;
};

static enum err write_note(struct store *s, void *context, struct cause *why)
{
	struct note *n = context;
	struct office *o = house_office(n->h, HUB_OFFICE);
	enum err e = o ? house_read_office(n->h, o, why)
		       : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	(void)s;
	if (!e)
		e = house_append(n->h, o, &n->event, NULL, why);
	return e ? e : house_sign_roots(n->h, n->event.at, why);
}

static enum err note_now(struct hub *h, void *context, struct cause *why)
{
	struct note *n = context;

	n->event.at = clock_now();
	return house_commit(h, write_note, n, why);
}

enum err share_note(struct hub *h, const struct who *by, struct span kind, struct span reference,
		    struct span payload, struct cause *why)
{
	struct note n = {
	    .h = h,
	    .event = {.kind = kind, .reference = reference, .actor = by->user, .payload = payload}};

	return settle_control(h, note_now, &n, why);
}

/* ---- what is trusted ---- */

struct trusting {
	struct arena *a;
	struct event *event;
	uint32_t n;
};

static enum err read_events(struct store *s, void *context, struct cause *why)
{
	struct trusting *t = context;

	return store_list_events_of(s, t->a, HUB_OFFICE, TRUST_OF, TRUST_KIND, &t->event, &t->n,
				    why);
}

/* The newest word on each key; those that are trusted, in the order of their keys' first mention. */
static enum err gather(struct arena *a, const struct trusting *t, struct trusted_key **ret,
		       uint32_t *ret_n)
{
	struct trusted_key *v = arena_try(a, (t->n + 1) * sizeof(*v));
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; v && i < t->n; i++) {
		const struct json *j;
		struct codec_fault fault;
		struct span key;
		uint32_t at = 0;

		if (json_read(a, t->event[i].payload, &j, &fault))
			continue;
		key = json_get_text(j, "key");
		while (at < n && !span_equal(v[at].key, key))
			at++;
		n = at == n ? n + 1 : n;
		v[at] = (struct trusted_key){key, json_get_text(j, "name"), t->event[i].actor,
					     t->event[i].at,
					     span_is(json_get_text(j, "step"), "trusted")};
	}
	for (uint32_t i = 0; i < n; i++)
		if (v[i].trusted)
			v[kept++] = v[i];
	*ret = v;
	*ret_n = kept;
	return v ? ERR_NONE : ERR_NOMEM;
}

enum err share_trusted(struct hub *h, struct arena *a, struct trusted_key **ret, uint32_t *ret_n,
		       struct cause *why)
{
	struct trusting t = {.a = a};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, read_events, &t, why);
	house_close_reader(h, s);
	if (!e && gather(a, &t, ret, ret_n))
		e = fail(why, ERR_NOMEM, "no memory for the keys that are trusted");
	return e;
}

const struct trusted_key *share_find(const struct trusted_key *v, uint32_t n, struct span key)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(v[i].key, key))
			return &v[i];
	return NULL;
}

/* ---- trusting ---- */

static bool key_sound(struct span key)
{
	uint8_t ignored[SHARE_KEY_DIGITS / 2];

	return key.n == SHARE_KEY_DIGITS && share_unhex(key, ignored, sizeof(ignored));
}

static enum err change(struct hub *h, struct arena *a, const struct who *by, struct span key,
		       struct span name, const char *step, struct cause *why)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "step", step);
	json_put(&w, "key", key);
	json_put(&w, "name", name);
	json_close_object(&w);
	return share_note(h, by, TRUST_KIND, TRUST_OF, text_as_span(&t), why);
}

enum err hub_trust_key(struct hub *h, struct arena *a, const struct who *by, struct span key,
		       struct span name, struct cause *why)
{
	struct trusted_key *known;
	uint32_t n;
	enum err e = people_demand(by, ROLE_ADMINISTRATOR, why);

	if (e)
		return e;
	if (!key_sound(key))
		return fail(why, ERR_FORMAT, "a public key is %d hexadecimal digits, small letters",
			    SHARE_KEY_DIGITS);
	if (!name.n || name.n > SHARE_NAME_BYTES || !span_valid_utf8(name))
		return fail(why, ERR_FORMAT, "say whose key it is, in at most %d bytes",
			    SHARE_NAME_BYTES);
	e = share_trusted(h, a, &known, &n, why);
	if (!e && n >= SHARE_KEYS)
		e = fail(why, ERR_LIMIT, "more than %d keys", SHARE_KEYS);
	return e ? e : change(h, a, by, key, name, "trusted", why);
}

enum err hub_distrust_key(struct hub *h, struct arena *a, const struct who *by, struct span key,
			  struct cause *why)
{
	const struct trusted_key *found;
	struct trusted_key *known;
	uint32_t n;
	enum err e = people_demand(by, ROLE_ADMINISTRATOR, why);

	if (!e)
		e = share_trusted(h, a, &known, &n, why);
	if (e)
		return e;
	found = share_find(known, n, key);
	return found ? change(h, a, by, key, found->name, "withdrawn", why)
		     : fail(why, ERR_NOT_FOUND, "that key is not trusted");
}

enum err hub_write_trusted(struct hub *h, struct text *to, const struct who *by, struct cause *why)
{
	struct json_writer w = json_to(to);
	struct text own = text_in(to->arena);
	struct trusted_key *v;
	uint32_t n;
	enum err e =
	    people_demand(by, ROLE_ADMINISTRATOR | ROLE_ANALYST | ROLE_AUDITOR | ROLE_TARIFF, why);

	if (!e)
		e = share_trusted(h, to->arena, &v, &n, why);
	if (e)
		return e;
	text_hex(&own, h->keys.sign_public, sizeof(h->keys.sign_public));
	json_open_object(&w);
	json_put(&w, "own", text_as_span(&own));
	json_name(&w, "keys");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put(&w, "key", v[i].key);
		json_put(&w, "name", v[i].name);
		json_put(&w, "trusted_by", v[i].by);
		json_put_moment(&w, "trusted_at", v[i].at);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	return ERR_NONE;
}
