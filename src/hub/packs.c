/* Packs: what is in force, and putting another in force while the hub runs. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "hub/audit/shadow.h"
#include "hub/house.h"
#include "hub/node/follow.h"
#include "hub/people/people_room.h"

struct inforce *house_inforce(struct hub *h)
{
	struct inforce *i;

	pthread_mutex_lock(&h->lock);
	i = h->inforce ? inforce_hold(h->inforce) : NULL;
	pthread_mutex_unlock(&h->lock);
	return i;
}

static void replace(struct hub *h, struct inforce *with, int32_t day)
{
	struct inforce *old;

	pthread_mutex_lock(&h->lock);
	old = h->inforce;
	h->inforce = with;
	h->inforce_day = day;
	pthread_mutex_unlock(&h->lock);
	inforce_release(old);
}

static bool same(const struct inforce *i, const struct store_activation now[PACK_PARTS])
{
	char hex[65];

	for (enum pack_part p = 0; i && p < PACK_PARTS; p++) {
		hash_hex(&now[p].hash, hex);
		if (strcmp(hex, i->hash[p]))
			return false;
	}
	return i != NULL;
}

/* Loads the versions that the store says are in force on a day. */
static enum err load_day(struct hub *h, struct arena *a, int32_t day, struct cause *why)
{
	struct store_activation now[PACK_PARTS];
	struct span archive[PACK_PARTS];
	struct pack_faults faults = {.arena = a};
	struct inforce *loaded;
	char text[11];
	int y, m, d;
	enum err e;

	day_split(day, &y, &m, &d);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", y, m, d);
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		e = store_get_in_force(h->store, a, span_of(pack_part_name(p)), span_of(text),
				       INT64_MAX, &now[p], why);
		if (e)
			return e == ERR_NOT_FOUND
				   ? fail(why, e,
					  "no pack is in force on %s: give one with --pack, or "
					  "load one with `customhouse pack load`",
					  text)
				   : e;
	}
	if (same(h->inforce, now)) {
		h->inforce_day = day;
		return ERR_NONE;
	}
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		e = store_get_version(h->store, a, span_of(pack_part_name(p)), &now[p].hash,
				      &archive[p], why);
		if (e)
			return e == ERR_NOT_FOUND
				   ? fail(why, ERR_DB, "the store lacks the %s version in force",
					  pack_part_name(p))
				   : e;
	}
	e = inforce_load(archive, &loaded, &faults, why);
	if (!e)
		replace(h, loaded, day);
	return e;
}

enum err packs_in_force(struct hub *h, int32_t day, struct cause *why)
{
	struct arena *a;
	enum err e;

	if (h->inforce && h->inforce_day == day)
		return ERR_NONE;
	a = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!a)
		return fail(why, ERR_NOMEM, "no memory to load the pack");
	e = load_day(h, a, day, why);
	arena_free(a);
	return e;
}

enum err packs_today(struct hub *h, struct cause *why)
{
	const int64_t now = clock_now();
	const int32_t day = day_of(now, 0);
	struct cause none = {0};
	enum err e = packs_in_force(h, day, &none);

	/* The country is ahead, and this is the first day of its first pack. */
	if (e == ERR_NOT_FOUND)
		e = packs_in_force(h, day + 1, why);
	else if (e && why)
		*why = none;
	return e ? e : packs_in_force(h, day_of(now, ref_zone_minutes(h->inforce->ref)), why);
}

static struct span write_activation(const struct pack_activation *v, enum pack_part part)
{
	struct text t = text_in(v->arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "kind", pack_part_name(part));
	json_put_c(&w, "hash", v->pack->hash[part]);
	json_put_c(&w, "from_day", v->day);
	if (v->candidate)
		json_put_int(&w, "candidate", v->candidate);
	if (v->reason.n)
		json_put(&w, "reason", v->reason);
	json_close_object(&w);
	return text_as_span(&t);
}

static enum err activate_part(struct pack_activation *v, enum pack_part part, struct cause *why)
{
	struct hub *h = v->h;
	struct span kind = span_of(pack_part_name(part)), bytes = v->pack->archive[part];
	struct hash hash = hash_bytes(bytes.p, bytes.n);
	struct office *o = house_office(h, HUB_OFFICE);
	struct event e = {.kind = SPAN("activation"),
			  .reference = SPAN(""),
			  .at = v->now,
			  .actor = v->actor.n ? v->actor : SPAN("operator")};
	struct store_activation row = {
	    .kind = kind, .hash = hash, .from_day = span_of(v->day), .at = v->now};
	enum err err = o ? house_read_office(h, o, why) : ERR_LIMIT;

	e.payload = write_activation(v, part);
	if (!err)
		err = store_put_version(h->store, kind, &hash, bytes, v->now, why);
	if (!err)
		err = house_append(h, o, &e, NULL, why);
	row.seq = e.seq;
	return err ? err : store_put_activation(h->store, &row, why);
}

enum err packs_activate(struct pack_activation *v, struct cause *why)
{
	enum err e = v->h->node ? follow_tell(v->h, NEWS_PACK, SPAN(""), why) : ERR_NONE;

	if (!e && v->shadow)
		e = shadow_begin(v->h, v->now, why);
	for (enum pack_part p = 0; p < PACK_PARTS && !e; p++)
		e = activate_part(v, p, why);
	return e;
}

void packs_activated(struct pack_activation *v)
{
	if (!v->later)
		replace(v->h, inforce_hold((struct inforce *)(uintptr_t)v->pack),
			v->h->inforce_day);
	v->h->inforce_day = INT32_MIN; /* the next batch asks the store what the day has */
}

static enum err activate(struct store *s, void *context, struct cause *why)
{
	struct pack_activation *v = context;
	enum err e = packs_activate(v, why);

	(void)s; /* the writer's own, v->h->store */
	return e ? e : house_sign_roots(v->h, v->now, why);
}

/* In the writer's thread: the activation, and the pack from then on. */
static enum err activate_now(struct hub *h, void *context, struct cause *why)
{
	struct pack_activation *v = context;
	enum err e;

	v->now = clock_now();
	e = house_commit(h, activate, v, why);
	if (!e)
		packs_activated(v);
	return e;
}

static void first_fault(const struct pack_faults *f, struct cause *why)
{
	const struct pack_fault *x = f->list.n ? &f->list.v[0] : NULL;

	if (!x)
		return;
	if (why)
		why->err = ERR_NONE;
	fail(why, ERR_FORMAT,
	     "%.*s:%u:%u: %s: %s (%u faults; `customhouse pack check` lists them all)",
	     SPAN_ARG(x->file), x->line, x->column, x->rule, x->text, f->list.n);
}

/* Reads, checks and compiles a folder; puts it in force for today on. */
static enum err load_folder(struct arena *a, const char *folder, struct inforce **ret,
			    struct pack_faults *faults, struct cause *why)
{
	struct span archive[PACK_PARTS];
	enum err e = pack_read_folder(a, folder, archive, faults, why);

	if (!e)
		e = inforce_load(archive, ret, faults, why);
	if (!e && faults->list.n) {
		inforce_release(*ret);
		e = ERR_FORMAT;
	}
	if (e == ERR_FORMAT)
		first_fault(faults, why);
	return e;
}

/* What was decided stays decided: no day that has begun to be decided gets another pack, but today. */
enum err packs_set_day(struct pack_activation *v, int32_t from, struct cause *why)
{
	int32_t today = day_of(clock_now(), ref_zone_minutes(v->pack->ref));
	int y, m, d;

	if (from != PACK_FROM_TODAY && from < today)
		return fail(why, ERR_USAGE, "the day from which the pack should hold has passed");
	v->later = from > today;
	day_split(v->later ? from : today, &y, &m, &d);
	snprintf(v->day, sizeof(v->day), "%04d-%02d-%02d", y, m, d);
	return ERR_NONE;
}

/* Where there are people, the tariff is theirs: whoever runs the hub's process says why it comes from them, and, where two can
 * do it, not at all. Between these two looks somebody may come in; that the loading is an event shows it. */
static enum err may_load(struct hub *h, struct span reason, struct cause *why)
{
	if (!h->people || !directory_people(h->people->directory))
		return ERR_NONE;
	if (directory_count(h->people->directory, ROLE_TARIFF) >= 2)
		return fail(why, ERR_DENIED,
			    "the tariff office decides what comes in force: `customhouse pack "
			    "propose`, and another of them `pack approve`");
	return reason.n ? ERR_NONE
			: fail(why, ERR_DENIED,
			       "the hub has people: two with the role tariff propose and approve "
			       "a pack; as long as there are none, say why with --reason");
}

enum err hub_activate_pack(struct hub *h, struct arena *a, const char *folder, int32_t from,
			   struct span reason, struct pack_faults *faults, bool *ret_unchanged,
			   struct cause *why)
{
	struct pack_activation v = {.h = h, .arena = a, .reason = reason};
	struct inforce *loaded, *now;
	enum err e = load_folder(a, folder, &loaded, faults, why);

	if (e)
		return e;
	v.pack = loaded;
	e = packs_set_day(&v, from, why);
	now = house_inforce(h);
	*ret_unchanged = !v.later && now && !memcmp(now->hash, loaded->hash, sizeof(now->hash));
	inforce_release(now);
	if (!e && !*ret_unchanged)
		e = may_load(h, reason, why);
	if (!e && !*ret_unchanged)
		e = settle_control(h, activate_now, &v, why);
	inforce_release(loaded);
	return e;
}

enum err packs_seed(struct hub *h, const char *folder, bool shadow, struct cause *why)
{
	struct arena *a = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	struct pack_activation v = {.h = h, .arena = a, .shadow = shadow};
	struct pack_faults faults = {.arena = a};
	struct inforce *loaded;
	enum err e;

	if (!a)
		return fail(why, ERR_NOMEM, "no memory to load the pack");
	e = load_folder(a, folder, &loaded, &faults, why);
	if (!e) {
		v.pack = loaded;
		e = packs_set_day(&v, PACK_FROM_TODAY, why);
		if (!e)
			e = activate_now(h, &v, why);
		inforce_release(loaded);
	}
	arena_free(a);
	return e;
}
