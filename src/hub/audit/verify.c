/* Verify: is the store what the hub made of it? Chains, signed roots inside and outside, versions, and
 * (verify_case.c) projections and draws. */
#include "hub/audit/verify.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/directories.h"

void verify_fault(struct verify *v, struct span office, int64_t seq, struct span reference,
		  const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	v->report->differences++;
	if (v->report->fault)
		v->report->fault(v->report->context, office, seq, reference, text);
}

/* ---- chains and the roots inside ---- */

/* The walk along one office's chain. */
struct chain {
	struct verify *v;
	struct span office;
	struct hash before;
	int64_t seq;
	struct store_root *roots; /* of the hub's own chain */
	uint32_t root_count, next_root;
	struct hash root_before;
	const struct verify_heads *heads; /* of any other: as the hub's chain notes them */
	uint32_t next_head;
};

static void check_root(struct chain *c, const struct store_root *r, const struct hash *chain)
{
	struct verify *v = c->v;
	struct span bytes = house_root_bytes(v->once, r);

	if (!sign_verify(v->h->keys.sign_public, bytes.p, bytes.n, &r->signature))
		verify_fault(v, c->office, r->seq, SPAN(""), "the signature of this root is wrong");
	if (!hash_equal(&r->previous, &c->root_before))
		verify_fault(
		    v, c->office, r->seq, SPAN(""),
		    "this root does not follow the one before it: a root was removed or replaced");
	if (chain && !hash_equal(&r->chain, chain))
		verify_fault(
		    v, c->office, r->seq, SPAN(""),
		    "the chain is not the one that was signed here: it was computed again");
	c->root_before = hash_bytes(bytes.p, bytes.n);
}

/* Signed heads of the hub's chain, and heads that it notes of the others, against the chain itself. */
static void check_head(struct chain *c, const struct event *e)
{
	const struct store_head *head;

	while (c->next_root < c->root_count && c->roots[c->next_root].seq < e->seq)
		check_root(c, &c->roots[c->next_root++], NULL);
	if (c->next_root < c->root_count && c->roots[c->next_root].seq == e->seq)
		check_root(c, &c->roots[c->next_root++], &e->chain);
	while (c->heads && c->next_head < c->heads->list.n &&
	       c->heads->list.v[c->next_head].seq < e->seq)
		c->next_head++;
	if (!c->heads || c->next_head == c->heads->list.n ||
	    c->heads->list.v[c->next_head].seq != e->seq)
		return;
	head = &c->heads->list.v[c->next_head++];
	if (!hash_equal(&head->chain, &e->chain))
		verify_fault(
		    c->v, c->office, e->seq, e->reference,
		    "the chain is not the one that was signed here: it was computed again");
}

/* What the hub's chain notes of the other chains. */
static void note_heads(struct verify *v, const struct event *e)
{
	const struct json *list;
	struct codec_fault fault;

	if (!span_is(e->kind, "heads") || !e->payload.p)
		return;
	if (json_read(v->once, e->payload, &list, &fault)) {
		verify_fault(v, e->office, e->seq, SPAN(""), "the heads noted here cannot be read");
		return;
	}
	for (const struct json *j = list->first; j; j = j->next) {
		struct span office = json_get_text(j, "office");
		struct verify_heads *heads = map_get(&v->heads, office);
		struct store_head *head;

		if (!heads) {
			heads = ARENA_NEW(v->whole, struct verify_heads);
			map_put(&v->heads, span_copy(v->whole, office), heads);
		}
		head = arena_push(v->whole, (void **)&heads->list.v, &heads->list.n,
				  &heads->list.room, sizeof(*head));
		if (json_get_int(j, "seq", &head->seq) ||
		    hash_from_hex(json_get_text(j, "chain"), &head->chain))
			verify_fault(v, e->office, e->seq, SPAN(""),
				     "the heads noted here cannot be read");
	}
}

static void check_event(struct chain *c, const struct event *e)
{
	struct verify *v = c->v;

	arena_reset(v->once);
	v->report->looked_at++;
	if (v->report->progress && v->report->looked_at % 10000 == 0)
		v->report->progress(v->report->context, v->report->looked_at, 0);
	if (e->seq != c->seq + 1)
		verify_fault(v, c->office, e->seq, e->reference, "events %lld to %lld are missing",
			     (long long)c->seq + 1, (long long)e->seq - 1);
	switch (event_verify(e, &c->before)) {
	case EVENT_SOUND:
		break;
	case EVENT_PAYLOAD_CHANGED:
		verify_fault(v, c->office, e->seq, e->reference,
			     "the %.*s was changed after it was stored", SPAN_ARG(e->kind));
		break;
	case EVENT_CHAIN_BROKEN:
		if (e->seq == c->seq + 1)
			verify_fault(
			    v, c->office, e->seq, e->reference,
			    "this row was changed after it was stored: the chain breaks here");
		break;
	}
	c->before = e->chain;
	c->seq = e->seq;
	check_head(c, e);
	note_heads(v, e);
	verify_case_event(v, e);
	verify_document_event(v, e);
	verify_range_event(v, e);
	verify_guarantee_event(v, e);
	verify_cargo_event(v, e);
	verify_message_event(v, e);
	verify_outcomes_event(v, e);
	verify_quota_event(v, e);
	verify_money_event(v, e);
	verify_travel_event(v, e);
	verify_announcement_event(v, e);
}

struct step {
	struct chain *chain;
	const struct event *event;
};

static void take_step(void *context)
{
	struct step *s = context;

	check_event(s->chain, s->event);
}

static enum err take(void *context, const struct event *e, struct cause *why)
{
	struct step s = {context, e};
	const struct audit_report *report = s.chain->v->report;
	enum err err;

	if (report->stop && *report->stop)
		return fail(why, ERR_BUSY, "it was stopped");
	err = arena_run(s.chain->v->whole, take_step, &s);
	return err ? fail(why, err, "no memory to verify") : ERR_NONE;
}

static void check_end(struct chain *c)
{
	bool hub = span_equal(c->office, HUB_OFFICE);
	int64_t signed_seq = 0;

	if (hub && c->root_count)
		signed_seq = c->roots[c->root_count - 1].seq;
	else if (c->heads && c->heads->list.n)
		signed_seq = c->heads->list.v[c->heads->list.n - 1].seq;
	if (signed_seq < c->seq)
		verify_fault(c->v, c->office, c->seq, SPAN(""), "the newest events are not signed");
	if (signed_seq > c->seq)
		verify_fault(
		    c->v, c->office, c->seq, SPAN(""),
		    "the chain ends at event %lld, but event %lld was signed: its tail was cut off",
		    (long long)c->seq, (long long)signed_seq);
}

static enum err check_chain(struct verify *v, struct span office, struct cause *why)
{
	struct chain c = {.v = v, .office = office, .heads = map_get(&v->heads, office)};
	struct store_range range = {.office = office, .from_at = INT64_MIN};
	enum err e = ERR_NONE;

	if (span_equal(office, HUB_OFFICE))
		e = store_list_roots(v->store, v->whole, office, &c.roots, &c.root_count, why);
	v->in_case = false;
	if (!e)
		e = store_scan_events(v->store, &range, take, &c, why);
	if (!e)
		check_end(&c);
	return e;
}

static bool is_listed(struct span office, const struct span *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(list[i], office))
			return true;
	return false;
}

/* The hub's own chain first: it notes the heads of all others. */
static enum err check_chains(struct verify *v, struct cause *why)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(v->store, v->whole, &office, &n, why);

	if (!e)
		e = check_chain(v, HUB_OFFICE, why);
	for (uint32_t i = 0; i < n && !e; i++)
		if (!span_equal(office[i], HUB_OFFICE))
			e = check_chain(v, office[i], why);
	/* An office without an event is not listed: what is noted of it was cut off whole. */
	for (uint32_t i = 0; i < v->heads.size && !e; i++)
		if (v->heads.slots[i].value && !is_listed(v->heads.slots[i].key, office, n))
			e = check_chain(v, v->heads.slots[i].key, why);
	return e;
}

/* ---- the roots outside ---- */

static bool read_hash(const struct json *line, const char *name, struct hash *ret)
{
	return hash_from_hex(json_get_text(line, name), ret) == ERR_NONE;
}

static bool read_signature(struct span s, struct signature *ret)
{
	struct hash half[2];

	if (s.n != 128 || hash_from_hex((struct span){s.p, 64, 0}, &half[0]) ||
	    hash_from_hex((struct span){s.p + 64, 64, 0}, &half[1]))
		return false;
	memcpy(ret->byte, half, 64);
	return true;
}

static void check_outside(struct verify *v, struct span text)
{
	struct store_root r = {0};
	const struct json *line;
	struct codec_fault fault;
	struct event e;
	struct span bytes;
	enum err err;

	if (json_read(v->once, text, &line, &fault) || json_get_int(line, "seq", &r.seq) ||
	    json_get_int(line, "at", &r.at) || !read_hash(line, "chain", &r.chain) ||
	    !read_hash(line, "previous", &r.previous) ||
	    !read_signature(json_get_text(line, "signature"), &r.signature)) {
		verify_fault(v, SPAN(""), text.line, SPAN(""),
			     "a line of the file of roots outside cannot be read");
		return;
	}
	r.office = json_get_text(line, "office");
	r.day = json_get_text(line, "day");
	bytes = house_root_bytes(v->once, &r);
	if (!sign_verify(v->h->keys.sign_public, bytes.p, bytes.n, &r.signature)) {
		verify_fault(v, r.office, r.seq, SPAN(""),
			     "a root in the file outside has a wrong signature");
		return;
	}
	err = store_get_event(v->store, v->once, r.office, r.seq, &e, NULL);
	if (err == ERR_NOT_FOUND)
		verify_fault(v, r.office, r.seq, SPAN(""),
			     "event %lld was signed and is gone: the chain's tail was cut off, or "
			     "an older store was put back",
			     (long long)r.seq);
	else if (!err && !hash_equal(&e.chain, &r.chain))
		verify_fault(v, r.office, r.seq, SPAN(""),
			     "the chain is not the one in the file of roots outside: history was "
			     "written anew");
}

static const char *roots_path(const struct verify *v)
{
	return v->options->roots ? v->options->roots : v->h->roots;
}

struct outside {
	struct verify *v;
	struct span line;
};

static void outside_line(void *context)
{
	struct outside *o = context;

	arena_reset(o->v->once);
	check_outside(o->v, o->line);
}

/* The file is small for years (one line an office a second at most); read line by line. A last line without its end
 * was being written, and what was added since the snapshot speaks of events that are not in it. */
static enum err check_outside_file(struct verify *v, struct cause *why)
{
	const char *path = roots_path(v);
	int64_t left = v->roots_bytes;
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	uint32_t number = 0;
	enum err e = ERR_NONE;

	if (!in)
		return errno == ENOENT && !v->options->roots
			   ? ERR_NONE
			   : fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	while (!e && (n = getline(&line, &room, in)) > 0 && (left -= n) >= 0) {
		struct outside o = {v, {line, (uint32_t)n, ++number}};

		if (line[n - 1] == '\n')
			e = arena_run(v->once, outside_line, &o);
	}
	free(line);
	fclose(in);
	return e ? fail(why, e, "no memory to read %s", path) : ERR_NONE;
}

/* ---- versions ---- */

static enum err check_versions(struct verify *v, struct cause *why)
{
	struct store_activation *a;
	uint32_t n;
	enum err e = store_list_activations(v->store, v->whole, &a, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct cause detail = {0};
		struct event event;
		struct span bytes;
		char hex[65];

		arena_reset(v->once);
		hash_hex(&a[i].hash, hex);
		if (store_get_version(v->store, v->once, a[i].kind, &a[i].hash, &bytes, &detail))
			verify_fault(v, HUB_OFFICE, a[i].seq, SPAN(""),
				     "the %.*s version %s that was in force is gone or changed",
				     SPAN_ARG(a[i].kind), hex);
		if (store_get_event(v->store, v->once, HUB_OFFICE, a[i].seq, &event, &detail) ||
		    !span_is(event.kind, "activation") || !event.payload.p ||
		    !memmem(event.payload.p, event.payload.n, hex, 64))
			verify_fault(v, HUB_OFFICE, a[i].seq, SPAN(""),
				     "the log does not know the activation of %.*s version %s",
				     SPAN_ARG(a[i].kind), hex);
	}
	return e;
}

void verify_directory(struct verify *v, const struct event *e, const struct json *decision)
{
	const struct span name = directories_of(decision);
	struct cause why = {0};
	struct span bytes;
	struct hash h;

	if (!name.n)
		return;
	if (!map_get(&v->directories, name)) {
		struct arena *a = arena_new(LIMIT_ARENA_BYTES);
		const bool there =
		    a && !hash_from_hex(name, &h) &&
		    !store_get_version(v->store, a, DIRECTORY_KIND, &h, &bytes, &why);

		arena_free(a);
		map_put(&v->directories, span_copy(v->whole, name),
			there ? v : (void *)&v->directories);
	}
	if (map_get(&v->directories, name) != v)
		verify_fault(v, e->office, e->seq, e->reference,
			     "the directory %.*s that it was read by is gone or changed",
			     SPAN_ARG(name));
}

/* ---- all of it ---- */

static enum err all(struct store *s, void *context, struct cause *why)
{
	struct verify *v = context;
	enum err e;

	v->store = s;
	v->day_keys = map_in(v->whole);
	v->heads = map_in(v->whole);
	v->parties = map_in(v->whole);
	v->documents = map_in(v->whole);
	v->guarantees = map_in(v->whole);
	v->cargo = map_in(v->whole);
	v->holds = map_in(v->whole);
	v->directories = map_in(v->whole);
	v->messages = map_in(v->whole);
	v->outcomes = map_in(v->whole);
	v->permits = map_in(v->whole);
	v->stock = map_in(v->whole);
	v->quotas = map_in(v->whole);
	v->erased = map_in(v->whole);
	v->case_parties = map_in(v->whole);
	v->erasures = map_in(v->whole);
	v->obligations = map_in(v->whole);
	v->completes = map_in(v->whole);
	v->over = map_in(v->whole);
	e = verify_day_keys(v, why);
	if (!e)
		e = check_chains(v, why);
	if (!e)
		verify_erasures(v);
	if (!e)
		e = check_outside_file(v, why);
	if (!e)
		e = check_versions(v, why);
	if (!e)
		e = verify_documents(v, why);
	if (!e)
		e = verify_later(v, why);
	if (!e)
		e = verify_announcements(v, why);
	if (!e)
		e = verify_guarantees(v, why);
	if (!e)
		e = verify_cargo(v, why);
	if (!e)
		e = verify_messages(v, why);
	if (!e)
		e = verify_outcomes(v, why);
	if (!e)
		e = verify_quotas(v, why);
	if (!e)
		e = verify_histories(v, why);
	if (!e)
		e = verify_projections(v, why);
	return e ? e : verify_money_end(v, why);
}

static void read_auditor_key(struct verify *v)
{
	char path[4200];

	if (v->options->auditor_key)
		snprintf(path, sizeof(path), "%s", v->options->auditor_key);
	else
		snprintf(path, sizeof(path), "%s/keys/auditor.key", v->h->where);
	v->has_auditor = keys_read_file(path, v->auditor, NULL) == ERR_NONE;
}

/* How much of the file outside speaks of events that the snapshot, which is taken after this, has. */
static int64_t roots_so_far(const struct verify *v)
{
	struct stat st;

	if (v->options->roots_bytes)
		return v->options->roots_bytes;
	return stat(roots_path(v), &st) ? 0 : st.st_size;
}

enum err hub_verify(struct hub *h, const struct verify_options *options,
		    struct audit_report *report, struct cause *why)
{
	struct verify v = {.h = h,
			   .options = options,
			   .report = report,
			   .whole = arena_new((size_t)4 << 30),
			   .once = arena_new(LIMIT_ARENA_BYTES)};
	struct cause damage = {0};
	enum err e = v.whole && v.once ? ERR_NONE : fail(why, ERR_NOMEM, "no memory to verify");

	if (!e && !h->has_keys)
		e = fail(why, ERR_NOT_FOUND,
			 "%s/keys/signing.pub is not there, so no signature can be checked: put "
			 "keys/ back beside the store",
			 h->where);
	v.roots_bytes = roots_so_far(&v);
	read_auditor_key(&v);
	if (!e && options->auditor_key && !v.has_auditor)
		e = fail(why, ERR_NOT_FOUND, "%s: no auditor's key of 64 hexadecimal digits",
			 options->auditor_key);
	if (!e && store_check(h->store, &damage))
		verify_fault(&v, SPAN(""), 0, SPAN(""), "the database file is damaged: %s",
			     damage.text);
	if (!e)
		e = store_snapshot(h->store, all, &v, why);
	arena_free(v.whole);
	arena_free(v.once);
	return e;
}
