#include "hub/settle/interchange.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "hub/cargo/cargo.h"
#include "hub/settle/any.h"
#include "hub/settle/record.h"
#include "msg/cut.h"
#include "msg/edi_answer.h"

enum { SLOTS = 16 }; /* messages under way at once: they share commits */

/* One message under way. */
struct slot {
	struct submission s;
	struct arena *arena;
	struct settling *all;
	uint32_t index;
	char key[65];
	bool busy, finished;
	bool relayed; /* other nodes were asked */
};

/* What came of one message. */
struct entry {
	enum outcome_kind kind;
	bool answered;
};

struct settling {
	struct hub *hub;
	struct interchange *x;
	struct edi_envelope envelope;
	struct msg_cutter cutter;
	struct edi_reply *replies;
	struct entry *entries;
	uint32_t count;
	bool failed; /* memory ended: nothing more is begun */
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct slot slot[SLOTS];
	struct text text;
	struct edi_answer answer;
	enum message_kind kind; /* of those that are under way */
	struct arena *kept;     /* what the answer says of messages that are done */
	struct slot *at;        /* whose answer is being read */
};

static void on_done(struct submission *s)
{
	struct slot *slot = s->context;

	pthread_mutex_lock(&slot->all->lock);
	slot->finished = true;
	pthread_cond_signal(&slot->all->done);
	pthread_mutex_unlock(&slot->all->lock);
}

/* All that are under way and that other nodes settle are handed over together. */
static void relay_slots(struct settling *a)
{
	struct submission *list[SLOTS] = {NULL};
	uint32_t n = 0;

	for (unsigned i = 0; i < SLOTS; i++) {
		struct slot *slot = &a->slot[i];

		pthread_mutex_lock(&a->lock);
		while (slot->busy && !slot->finished)
			pthread_cond_wait(&a->done, &a->lock);
		pthread_mutex_unlock(&a->lock);
		if (slot->busy && !slot->relayed && relay_wanted(&slot->s))
			list[n++] = &slot->s;
	}
	relay_settle(a->hub, a->x->relay, list, n);
	for (uint32_t i = 0; i < n; i++)
		((struct slot *)list[i]->context)->relayed = true;
}

static uint32_t member(const struct json *j, const char *name)
{
	int64_t value;

	return json_get_int(j, name, &value) || value < 0 || value > UINT32_MAX ? 0
										: (uint32_t)value;
}

/* Errors of the syntax, from the stored answer: what CONTRL lists. */
static void read_findings(struct arena *a, const struct json *answer, struct edi_reply *r)
{
	const struct json *list = json_get(answer, "findings");
	DICT_LIST(struct finding) found = {NULL, 0, 0};

	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct finding *f;

		if (!member(j, "code") || !span_is(json_get_text(j, "severity"), "error"))
			continue;
		f = arena_push(a, (void **)&found.v, &found.n, &found.room, sizeof(*found.v));
		*f = (struct finding){.severity = SEVERITY_ERROR,
				      .segment = member(j, "segment"),
				      .element = (uint16_t)member(j, "element"),
				      .component = (uint16_t)member(j, "component"),
				      .code = (uint16_t)member(j, "code")};
	}
	r->findings = found.v;
	r->count = found.n;
}

/* What of a stored answer the sender is told. Inside arena_run() of the slot's arena. */
static void read_answer(void *context)
{
	struct settling *a = context;
	struct slot *slot = a->at;
	struct edi_reply *r = &a->replies[slot->index];
	struct responses *said = ARENA_NEW(slot->arena, struct responses);
	struct text text = text_in(slot->arena);
	struct codec_fault fault;
	const struct json *stored;

	if (json_read(slot->arena, slot->s.outcome.answer, &stored, &fault))
		return;
	a->entries[slot->index].answered = true;
	read_findings(slot->arena, stored, r);
	/* Of what is kept CONTRL says all there is to say. */
	if (span_is(json_get_text(stored, "asked"), "message"))
		return;
	if (answer_to_responses(slot->arena, stored, a->x->language, said))
		edi_write_cusres(&text, &a->answer, r, said, slot->index + 2);
	r->cusres = text_as_span(&text);
}

/* A copy that outlives the slot's message. */
static bool keep(struct settling *a, const void **p, size_t n)
{
	void *copy = n ? arena_try(a->kept, n) : NULL;

	if (copy)
		memcpy(copy, *p, n);
	*p = copy;
	return copy || !n;
}

static bool take_answer(struct settling *a, struct slot *slot)
{
	struct edi_reply *r = &a->replies[slot->index];

	a->at = slot;
	return !arena_run(slot->arena, read_answer, a) &&
	       keep(a, (const void **)&r->findings, r->count * sizeof(*r->findings)) &&
	       keep(a, (const void **)&r->cusres.p, r->cusres.n);
}

/* What a slot's submission came to, into the entry. */
static void harvest(struct settling *a, struct slot *slot)
{
	const struct outcome *o = &slot->s.outcome;

	if (relay_wanted(&slot->s) && !slot->relayed)
		relay_slots(a);
	hub_follow(a->hub, &slot->s);
	a->entries[slot->index] = (struct entry){.kind = o->kind};
	a->x->decided += o->kind == OUTCOME_NEW;
	a->x->repeated += o->kind == OUTCOME_REPEATED;
	if (o->kind == OUTCOME_NEW || o->kind == OUTCOME_REPEATED) {
		a->failed |= !take_answer(a, slot);
	} else {
		a->x->refused++;
	}
	slot->busy = slot->finished = false;
	arena_reset(slot->arena);
}

/* A slot that is free, after waiting for one where all are busy. */
static struct slot *free_slot(struct settling *a)
{
	struct slot *found = NULL;

	pthread_mutex_lock(&a->lock);
	while (!found) {
		for (unsigned i = 0; i < SLOTS && !found; i++)
			if (!a->slot[i].busy || a->slot[i].finished)
				found = &a->slot[i];
		if (!found)
			pthread_cond_wait(&a->done, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	if (found->busy)
		harvest(a, found);
	return found;
}

/* Until nothing is under way. */
static void drain(struct settling *a)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		struct slot *slot = &a->slot[i];

		pthread_mutex_lock(&a->lock);
		while (slot->busy && !slot->finished)
			pthread_cond_wait(&a->done, &a->lock);
		pthread_mutex_unlock(&a->lock);
		if (slot->busy)
			harvest(a, slot);
	}
}

/* What comes of a message is there before one of another kind is begun: a declaration finds the bills that were reported before
 * it. */
static void keep_order(struct settling *a, struct span message)
{
	const enum message_kind kind = message_kind_of(message, NULL);

	if (kind == MESSAGE_KEPT)
		return;
	if (kind != a->kind)
		drain(a);
	a->kind = kind;
}

/* Sender, interchange and message name a message for good. */
static void make_key(const struct settling *a, const struct edi_reply *r, char ret[65])
{
	const struct span pieces[] = {edi_name_span(&a->envelope.sender), SPAN("\n"),
				      edi_name_span(&a->envelope.reference), SPAN("\n"),
				      r->reference};
	struct hash h = hash_pieces(pieces, ARRAY_LEN(pieces));

	hash_hex(&h, ret);
}

/* The header's texts lie in the slot: they are kept for the answer. */
static void keep_header(struct settling *a, struct edi_reply *r, struct span message)
{
	struct span *texts[] = {&r->reference, &r->type[0], &r->type[1], &r->type[2], &r->type[3]};

	edi_read_header(message, r);
	for (unsigned i = 0; i < ARRAY_LEN(texts); i++) {
		uint32_t n = texts[i]->n < 35 ? texts[i]->n : 35;
		char *copy = n ? arena_try(a->x->arena, n) : NULL;

		if (copy)
			memcpy(copy, texts[i]->p, n);
		*texts[i] = (struct span){copy, copy ? n : 0, 0};
	}
}

static void begin(struct settling *a, struct span message)
{
	struct slot *slot;
	char *copy;

	keep_order(a, message);
	slot = free_slot(a);
	if (!slot->arena)
		slot->arena = arena_new(LIMIT_ARENA_BYTES);
	copy = slot->arena ? arena_try(slot->arena, message.n) : NULL;
	a->failed |= !copy;
	if (a->failed)
		return;
	memcpy(copy, message.p, message.n);
	slot->all = a;
	slot->index = a->count;
	slot->s = (struct submission){.raw = {copy, message.n, 1},
				      .who = a->x->who,
				      .learned = a->cutter.learned,
				      .arena = slot->arena,
				      .done = on_done,
				      .context = slot};
	keep_header(a, &a->replies[a->count], slot->s.raw);
	make_key(a, &a->replies[a->count], slot->key);
	slot->s.key = span_of(slot->key);
	slot->busy = true;
	slot->relayed = false;
	a->count++;
	hub_submit_any(a->hub, &slot->s);
}

static void settle_all(struct settling *a)
{
	struct span rest = a->x->raw, message;

	rest.line = 1;
	while (!a->failed && a->count < a->envelope.messages &&
	       msg_cut(&a->cutter, &rest, true, &message) == MSG_CUT_ONE)
		begin(a, message);
	drain(a);
	for (unsigned i = 0; i < SLOTS; i++)
		arena_free(a->slot[i].arena);
}

/* ---- the answer ---- */

static enum edifact_error_code code_of(const struct entry *e)
{
	switch (e->kind) {
	case OUTCOME_CONFLICT:
		return EDIFACT_DUPLICATE;
	case OUTCOME_DENIED:
	case OUTCOME_UNREADABLE:
		return EDIFACT_NO_AGREEMENT;
	case OUTCOME_FAILED:
	case OUTCOME_NEW:
	case OUTCOME_REPEATED:
		break;
	}
	return EDIFACT_UNSPECIFIED;
}

static void write_answer(void *context)
{
	struct settling *a = context;

	for (uint32_t i = 0; i < a->count; i++) {
		a->replies[i].rejected = !a->entries[i].answered;
		a->replies[i].code = a->entries[i].answered ? 0 : code_of(&a->entries[i]);
	}
	a->answer.replies = a->replies;
	a->answer.count = a->count;
	a->text = text_in(a->x->arena);
	edi_write_answer(&a->text, &a->answer);
}

/* ---- the whole ---- */

static enum err look_at(struct settling *a, struct cause *why)
{
	struct edifact *reader = arena_try(a->x->arena, sizeof(*reader));
	struct interchange *x = a->x;
	uint32_t line;
	size_t n;
	enum err e;

	if (!reader)
		return fail(why, ERR_NOMEM, "no memory for an interchange");
	e = edi_envelope_read(&a->envelope, reader, x->raw.p, x->raw.n, &line);
	if (!a->envelope.interchanges)
		return fail(why, ERR_UNSUPPORTED, "this is no interchange: no segment UNB");
	if (e)
		edi_envelope_broken(&a->envelope, reader);
	if (a->envelope.interchanges > 1)
		return fail(why, ERR_UNSUPPORTED, "hand in one interchange at a time");
	x->messages = (uint32_t)a->envelope.messages;
	if (a->envelope.messages > LIMIT_INTERCHANGE_MESSAGES)
		return fail(why, ERR_LIMIT, "an interchange has at most %d messages",
			    LIMIT_INTERCHANGE_MESSAGES);
	n = a->envelope.messages ? (size_t)a->envelope.messages : 1;
	a->replies = arena_try(x->arena, n * sizeof(*a->replies));
	a->entries = arena_try(x->arena, n * sizeof(*a->entries));
	if (!a->replies || !a->entries)
		return fail(why, ERR_NOMEM, "no memory for an interchange");
	return ERR_NONE;
}

static enum err work(struct settling *a, struct cause *why)
{
	enum err e = look_at(a, why);

	if (e)
		return e;
	a->x->sound = a->envelope.faults == 0;
	if (a->x->sound)
		settle_all(a);
	if (a->failed)
		return fail(why, ERR_NOMEM,
			    "no memory for all answers: send the interchange again, and what was "
			    "decided is answered");
	e = arena_run(a->x->arena, write_answer, a);
	if (e)
		return fail(why, e, "the answer to the interchange is too long");
	a->x->answer = text_as_span(&a->text);
	return ERR_NONE;
}

enum err hub_interchange(struct hub *h, struct interchange *x, struct cause *why)
{
	struct settling *a = arena_try(x->arena, sizeof(*a));
	enum err e;

	if (!a)
		return fail(why, ERR_NOMEM, "no memory for an interchange");
	a->hub = h;
	a->x = x;
	a->answer = (struct edi_answer){.envelope = &a->envelope,
					.now = clock_now(),
					.directories = hub_directories(),
					.us = SPAN("CUSTOMHOUSE")};
	a->kept = arena_new(LIMIT_ARENA_BYTES);
	if (!a->kept)
		return fail(why, ERR_NOMEM, "no memory for an interchange");
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->done, NULL);
	e = msg_cutter_open(&a->cutter);
	if (!e) {
		e = work(a, why);
		msg_cutter_close(&a->cutter);
	} else {
		fail(why, e, "no memory for an interchange");
	}
	pthread_cond_destroy(&a->done);
	pthread_mutex_destroy(&a->lock);
	arena_free(a->kept);
	return e;
}
