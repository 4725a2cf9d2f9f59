/* Keeping a message: checked on the caller's thread, stored in a batch, answered after COMMIT. */
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "hub/house.h"
#include "hub/messages/message_check.h"
#include "hub/messages/messages.h"
#include "hub/people/people_room.h"
#include "hub/settle/any.h"
#include "hub/settle/reference.h"

enum { SAME_KEY_MAX = 100 };

struct keeping {
	struct chore chore;
	struct hub *hub;
	struct submission *s;
	struct message_check check;

	/* of one attempt, in the batch */
	struct office *office;
	struct span check_bytes, answer_bytes;
	bool settled; /* outcome is known */
};

/* ---- who and where ---- */

/* Names of a stranger's end before they are longer than a key. */
static struct span bounded(struct span s)
{
	if (s.n > LIMIT_REFERENCE_BYTES) {
		s.n = LIMIT_REFERENCE_BYTES;
		s.n = span_utf8_prefix(s);
	}
	return s.p ? s : SPAN("");
}

/* The office that it is addressed to, where its recipient is one. */
static struct span office_of(const struct keeping *k, const struct refset *r)
{
	const struct span to = k->check.heading.recipient;
	const int32_t day = day_of(k->check.facts.received_at, ref_zone_minutes(r));

	if (to.n && ref_code(r, SPAN("office"), to, day))
		return to;
	return ref_setting(r, "default_office").n ? ref_setting(r, "default_office") : SPAN("MAIN");
}

static struct span key_of(struct arena *a, const struct keeping *k)
{
	char hex[65];

	if (k->s->key.n)
		return span_of(arena_print(a, "key/%.*s", SPAN_ARG(k->s->key)));
	hash_hex(&k->check.input, hex);
	return span_of(arena_print(a, "sha256/%s", hex));
}

static void name_sender(struct keeping *k)
{
	struct cause why = {0};
	struct message_facts *f = &k->check.facts;

	if (scope_keep(k->s->who, bounded(k->check.heading.sender), &f->sender, &why)) {
		k->s->outcome = (struct outcome){.kind = OUTCOME_DENIED, .cause = why};
		k->settled = true;
	}
	f->login = k->s->who->user;
}

/* ---- what stands under the sender's key ---- */

struct telling {
	struct keeping *k;
	struct span check; /* as stored; p NULL: as it is written now */
};

static void tell(void *context)
{
	struct telling *t = context;
	struct keeping *k = t->k;
	struct text check = text_in(k->s->arena), answer = text_in(k->s->arena);
	const struct json *j;
	struct codec_fault fault;

	if (t->check.p)
		text_span(&check, t->check);
	else
		message_check_write(&check, &k->check);
	k->check_bytes = text_as_span(&check);
	if (json_read(k->s->arena, k->check_bytes, &j, &fault))
		return;
	message_answer_write(&answer, j);
	k->answer_bytes = text_as_span(&answer);
}

static enum err set_outcome(struct keeping *k, enum outcome_kind kind, struct span stored,
			    const struct store_message *row, struct cause *why)
{
	struct telling t = {k, stored};

	if (arena_run(k->s->arena, tell, &t) || !k->answer_bytes.p)
		return fail(why, ERR_NOMEM, "no memory for the answer");
	k->s->outcome = (struct outcome){.kind = kind,
					 .accepted = span_is(row->state, "accepted"),
					 .reference = span_try_copy(k->s->arena, row->reference),
					 .decided_at = row->at,
					 .decision = k->check_bytes,
					 .answer = k->answer_bytes};
	k->settled = true;
	return ERR_NONE;
}

static enum err repeat(struct batch *b, struct keeping *k, const struct store_message *row,
		       struct cause *why)
{
	struct event event;
	enum err e = store_get_event(b->h->store, b->h->batch_arena, row->office, row->check_seq,
				     &event, why);

	if (!e && !event.payload.p)
		e = fail(why, ERR_NOT_FOUND, "what was found of this message was erased");
	return e ? e : set_outcome(k, OUTCOME_REPEATED, event.payload, row, why);
}

static void conflict(struct keeping *k, const struct store_message *row)
{
	struct outcome *o = &k->s->outcome;

	*o = (struct outcome){.kind = OUTCOME_CONFLICT,
			      .reference = span_try_copy(k->s->arena, row->reference)};
	fail(&o->cause, ERR_CONFLICT, "other bytes were kept under this key as %.*s",
	     SPAN_ARG(row->reference));
	k->settled = true;
}

/* A key under which nothing sound stands may be used again. */
static enum err find_same(struct batch *b, struct keeping *k, struct cause *why)
{
	const struct message_facts *f = &k->check.facts;
	const struct store_trader_key key = {f->office, f->sender, f->key};
	struct store_message *row;
	uint32_t n;
	enum err e =
	    store_find_messages(b->h->store, b->h->batch_arena, &key, SAME_KEY_MAX, &row, &n, why);

	for (uint32_t i = n; i > 0 && !e && !k->settled; i--)
		if (hash_equal(&row[i - 1].sha256, &k->check.input))
			e = repeat(b, k, &row[i - 1], why);
	for (uint32_t i = n; i > 0 && !e && !k->settled; i--)
		if (span_is(row[i - 1].state, "accepted"))
			conflict(k, &row[i - 1]);
	return e;
}

/* ---- keeping ---- */

static enum err name_message(struct batch *b, struct keeping *k, struct cause *why)
{
	const struct refset *r = b->inforce->ref;
	const int year = (int)house_year(b);
	char *number = arena_alloc(b->h->batch_arena, REFERENCE_LENGTH + 1);
	int64_t next;
	enum err e = house_take_numbers(b->h, year, 1, &next, why);

	if (e)
		return e;
	e = reference_write(year, ref_country(r), ref_shard(r), next, number);
	k->check.facts.reference = (struct span){number, REFERENCE_LENGTH, 0};
	return e ? fail(why, e, "reference numbers of %d are used up", year) : ERR_NONE;
}

static enum err append(struct batch *b, struct keeping *k, const char *kind, struct span payload,
		       const struct hash *content, int64_t *ret_seq, struct cause *why)
{
	struct event e = {.kind = span_of(kind),
			  .reference = k->check.facts.reference,
			  .version = 1,
			  .at = b->now,
			  .actor = k->check.facts.sender,
			  .payload = payload};
	enum err err = house_append(b->h, k->office, &e, content, why);

	*ret_seq = e.seq;
	return err;
}

static enum err store(struct batch *b, struct keeping *k, struct cause *why)
{
	const struct message_check *c = &k->check;
	struct store_message row = {
	    .office = c->facts.office,
	    .reference = c->facts.reference,
	    .sender = c->facts.sender,
	    .key = c->facts.key,
	    .actor = c->facts.login,
	    .format = span_of(c->format->id),
	    .type = c->heading.type,
	    .state = message_accepted(c) ? SPAN("accepted") : SPAN("rejected"),
	    .sha256 = c->input,
	    .bytes = (int64_t)c->input_bytes,
	    .at = b->now,
	};
	enum err e = set_outcome(k, OUTCOME_NEW, NO_VALUE, &row, why);

	if (!e)
		e = append(b, k, "message-input", k->s->raw, &c->input, &row.input_seq, why);
	if (!e)
		e = append(b, k, "message-check", k->check_bytes, NULL, &row.check_seq, why);
	return e ? e : store_add_message(b->h->store, &row, why);
}

static enum err keep(struct batch *b, struct chore *c, struct cause *why)
{
	struct keeping *k = (struct keeping *)c;
	struct message_facts *f = &k->check.facts;
	bool fresh;
	enum err e;

	k->settled = false;
	k->check_bytes = k->answer_bytes = NO_VALUE;
	f->office = office_of(k, b->inforce->ref);
	f->key = key_of(b->h->batch_arena, k);
	e = house_enter(b->h, f->office, &k->office, &fresh, why);
	if (!e)
		name_sender(k);
	if (!e && !k->settled)
		e = find_same(b, k, why);
	if (e || k->settled)
		return e;
	e = name_message(b, k, why);
	return e ? e : store(b, k, why);
}

/* After COMMIT, on the writer's thread. */
static void done(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct submission *s = ((struct keeping *)c)->s;

	if (e) {
		s->outcome = (struct outcome){.kind = OUTCOME_FAILED, .cause = *why};
		h->elsewhere += e == ERR_ELSEWHERE; /* settle.c counts what failed */
	} else if (s->outcome.kind == OUTCOME_NEW) {
		*(s->outcome.accepted ? &h->accepted : &h->rejected) += 1;
	} else if (s->outcome.kind == OUTCOME_REPEATED) {
		h->repeated++;
	} else if (s->outcome.kind == OUTCOME_CONFLICT) {
		h->conflicts++;
	} else {
		h->denied++;
	}
	s->done(s);
}

void hub_keep_message(struct hub *h, struct submission *s)
{
	struct keeping *k = arena_try(s->arena, sizeof(*k));
	struct hash hash;
	enum err e = ERR_UNSUPPORTED;

	if (!k) {
		h->submitted++;
		submit_without_memory(s);
		return;
	}
	if (!submit_begin(h, s, &hash))
		return;
	if (!s->who)
		s->who = who_operator();
	*k = (struct keeping){.chore = {.entry = {.kind = ENTRY_CHORE}, .run = keep, .done = done},
			      .hub = h,
			      .s = s,
			      .check = {.input = hash,
					.input_bytes = s->raw.n,
					.format = msg_recognise_checked(s->raw),
					.facts = {.received_at = clock_now()}}};
	s->outcome = (struct outcome){.kind = OUTCOME_FAILED};
	if (k->check.format) {
		inflight_enter(h->inflight, s->raw);
		e = msg_check_with(s->arena, s->raw, k->check.format, hub_directories(),
				   &k->check.heading, &k->check.findings, &s->outcome.fault);
		inflight_leave(h->inflight);
	} else {
		s->outcome.fault = (struct codec_fault){
		    1, 1, "this is no message of those that are checked and kept"};
	}
	if (e) {
		submit_unreadable(h, s, e);
		return;
	}
	submit_enqueue(h, s, &k->chore.entry);
}

void hub_keep_message_wait(struct hub *h, struct submission *s)
{
	submit_wait(h, s, hub_keep_message);
}
