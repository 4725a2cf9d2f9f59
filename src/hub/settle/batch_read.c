/* What a batch reads before it decides: what each message says of itself, what stands under its key, the case a
 * request speaks of, histories. */
#include <stdlib.h>

#include "base/date.h"
#include "hub/history/history.h"
#include "hub/house.h"
#include "hub/life/transfers.h"
#include "hub/node/node.h"
#include "hub/people/people_room.h"
#include "hub/quota/quotas.h"
#include "hub/stock/writeoff.h"
#include "ledger/ledger.h"

static struct span first_of(struct span a, struct span b, struct span c)
{
	return a.n ? a : b.n ? b : c;
}

static struct span joined(struct arena *a, const char *role, struct span id)
{
	return id.n ? span_of(arena_print(a, "%s/%.*s", role, SPAN_ARG(id)))
		    : (struct span){"", 0, 0};
}

/* The key under which the same message is recognised. A request may carry the reference of its original, so it has a
 * key of its own. */
static struct span key_of(struct arena *a, const struct job *j)
{
	const struct declaration *d = &j->message.declaration;
	char hex[65];

	if (j->submission->key.n)
		return span_of(arena_print(a, "key/%.*s", SPAN_ARG(j->submission->key)));
	hash_hex(&j->hash, hex);
	if (!d->trader_reference.n)
		return span_of(arena_print(a, "sha256/%s", hex));
	if (d->movement_reference.n && j->asked != FUNCTION_ORIGINAL)
		return span_of(
		    arena_print(a, "request/%.*s/%s", SPAN_ARG(d->movement_reference), hex));
	return d->trader_reference;
}

/* The office whose chain the case lies in: as declared when the pack knows it that day, else the pack's default. */
static struct span office_of(const struct declaration *d, const struct refset *r, int32_t day)
{
	struct span declared = first_of(d->office, d->presentation_office, d->supervising_office);

	if (declared.n && ref_code(r, SPAN("office"), declared, day))
		return declared;
	return ref_setting(r, "default_office").n ? ref_setting(r, "default_office") : SPAN("MAIN");
}

struct span batch_holder(struct arena *a, const struct declaration *d)
{
	return declaration_direction(d) == DIRECTION_EXPORT
		   ? joined(a, "exporter", d->exporter.id)
		   : joined(a, "importer", d->shipment.importer.id);
}

static void describe(void *context)
{
	struct job *j = context;
	struct arena *a = j->submission->arena;
	const struct declaration *d = &j->message.declaration;
	struct facts *f = &j->facts;
	const struct inforce *in = j->inforce;

	*f = (struct facts){.received_at = j->received_at,
			    .version = 1,
			    .request = SPAN(""),
			    .previous = SPAN(""),
			    .case_key = SPAN(""),
			    .case_input = SPAN("")};
	f->legal_day = day_of(j->received_at, ref_zone_minutes(in->ref));
	f->office = office_of(d, in->ref, f->legal_day);
	/* of who is signed in, lodge_enter() says it */
	f->sender = first_of(j->submission->authored ? j->submission->authored->login
						     : j->submission->sender,
			     first_of(d->submitter.id, d->agent.id, d->declarant.id), SPAN(""));
	f->key = key_of(a, j);
	f->holder = batch_holder(a, d);
	f->goods = f->holder.n && j->asked == FUNCTION_ORIGINAL ? house_goods(a, d) : SPAN("");
	f->declarant_holder = joined(a, "declarant", d->declarant.id);
	f->awaited = j->asked == FUNCTION_ORIGINAL && !flow_type_is_presented(d->type);
}

/* What is known of a case is read after its office is entered. A job of an office that another node settles is told so. */
static enum err enter_office(struct batch *b, struct job *j, struct span code, bool *ret_fresh,
			     struct cause *why)
{
	struct cause elsewhere = {0};
	enum err e = house_enter(b->h, code, &j->office, ret_fresh, &elsewhere);

	if (e == ERR_ELSEWHERE) {
		j->submission->outcome =
		    (struct outcome){.kind = OUTCOME_FAILED, .cause = elsewhere};
		j->settled = true;
		return ERR_NONE;
	}
	if (e)
		*why = elsewhere;
	return e;
}

static void want_party(struct batch *b, struct span holder)
{
	if (!holder.n || map_get(&b->parties, holder))
		return;
	map_put(&b->parties, holder, ARENA_NEW(b->h->batch_arena, struct store_party));
	b->holders[b->holder_count++] = holder;
}

static enum err fetch_parties(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_party *row = arena_try(a, sizeof(*row) * (b->holder_count + 1));
	enum err e = row ? store_get_parties(b->h->store, a, b->holders, b->holder_count, row, why)
			 : ERR_NOMEM;

	for (uint32_t i = 0; i < b->holder_count && !e; i++)
		*(struct store_party *)map_get(&b->parties, b->holders[i]) = row[i];
	return e;
}

struct names {
	struct span *v;
	uint32_t n, room;
};

static void add_name(struct arena *a, struct names *to, struct span name)
{
	*(struct span *)arena_push(a, (void **)&to->v, &to->n, &to->room, sizeof(*to->v)) = name;
}

/* What a job will read under a lock; accounts of what is written off among them apart, too. */
static enum err name_locks(struct batch *b, const struct job *j, struct names *id,
			   struct names *account, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct span *name = NULL;
	uint32_t n = 0;
	enum err e = writeoff_locks(b, j, &name, &n, why);

	add_name(a, id, life_party(j->facts.holder));
	add_name(a, id, life_party(j->facts.declarant_holder));
	add_name(a, id, j->facts.sender);
	for (uint32_t i = 0; i < n && !e; i++) {
		add_name(a, id, name[i]);
		add_name(a, account, name[i]);
	}
	n = 0;
	if (!e)
		e = quotas_locks(b, j, &name, &n, why);
	for (uint32_t i = 0; i < n && !e; i++)
		add_name(a, id, name[i]);
	return e;
}

/* Nodes that settle cases of the same companies wait for one another here, before any is decided, and each in the same order:
 * none waits for one that waits for it. The senders are among them, as they are told. What is asked of accounts behind their
 * locks is asked at once. */
static enum err lock_holders(struct batch *b, struct cause *why)
{
	struct names id = {0}, account = {0};
	enum err e = ERR_NONE;

	if (!b->h->node)
		return ERR_NONE;
	for (const struct job *j = b->first; j && !e; j = j->next)
		if (!j->err && !j->settled)
			e = name_locks(b, j, &id, &account, why);
	if (!e && id.n)
		qsort(id.v, id.n, sizeof(*id.v), span_order);
	for (uint32_t i = 0; i < id.n && !e; i++)
		e = house_lock_holder(b, id.v[i], why);
	return e || !account.n ? e
			       : store_ahead_stock_lists(b->h->store, b->h->batch_arena, account.v,
							 account.n, why);
}

enum err batch_read_event(struct store *s, struct arena *a, const struct store_declaration *row,
			  int64_t seq, struct span *ret, struct cause *why)
{
	const struct store_case_key of = {row->office, row->reference};
	struct event event;
	enum err e = store_get_event_of(s, a, &of, seq, &event, why);

	if (!e)
		*ret = event.payload;
	return e == ERR_NOT_FOUND ? fail(why, ERR_DB, "the log of %.*s lacks event %lld",
					 SPAN_ARG(row->office), (long long)seq)
				  : e;
}

/* The row of a request stands under a number of its own and does not say whether it was rejected; its answer names the case, and
 * does. */
static void take_answer(struct arena *a, struct outcome *o)
{
	struct codec_fault fault;
	const struct json *v;

	o->accepted = false;
	if (json_read(a, o->answer, &v, &fault))
		return;
	o->accepted = !span_is(json_get_text(v, "state"), "rejected");
	o->reference = json_get_text(v, "reference");
}

/* The outcome that was stored for these bytes. A case that was amended since keeps the outcome of its first version
 * for its first message. */
static enum err repeat(struct batch *b, struct job *j, const struct store_declaration *row,
		       struct cause *why)
{
	struct submission *s = j->submission;
	int64_t decision = row->decision_seq, answer = row->answer_seq;
	enum err e;

	if (row->version > 1 && !span_is(row->state, "request")) {
		struct event *events;
		uint32_t n;

		e = store_list_events(b->h->store, s->arena, row->office, row->reference, &events,
				      &n, why);
		for (uint32_t i = 0; !e && i < n; i++) {
			if (events[i].version == 1 && span_is(events[i].kind, "decision"))
				decision = events[i].seq;
			if (events[i].version == 1 && span_is(events[i].kind, "answer"))
				answer = events[i].seq;
		}
		if (e)
			return e;
	}
	s->outcome = (struct outcome){.kind = OUTCOME_REPEATED,
				      .reference = row->reference,
				      .decided_at = row->decided_at,
				      .accepted = !span_is(row->state, "rejected")};
	e = batch_read_event(b->h->store, s->arena, row, decision, &s->outcome.decision, why);
	if (!e)
		e = batch_read_event(b->h->store, s->arena, row, answer, &s->outcome.answer, why);
	if (!e && !s->outcome.answer.p) {
		batch_conflict(j, row->reference);
		return ERR_NONE;
	}
	if (!e && span_is(row->state, "request"))
		take_answer(s->arena, &s->outcome);
	j->settled = !e;
	return e;
}

void batch_conflict(struct job *j, struct span reference)
{
	struct outcome *o = &j->submission->outcome;

	o->kind = OUTCOME_CONFLICT;
	o->reference = reference;
	fail(&o->cause, ERR_CONFLICT,
	     "another message with the reference \"%.*s\" was accepted as %.*s",
	     SPAN_ARG(j->facts.key), SPAN_ARG(reference));
	j->settled = true;
}

/* The same bytes give the stored outcome; other bytes conflict with a case that was not rejected. */
static enum err compare_stored(struct batch *b, struct job *j,
			       const struct store_declarations *rows, struct cause *why)
{
	const struct store_declaration *standing = NULL;
	char hex[65];

	hash_hex(&j->hash, hex);
	for (uint32_t i = rows->count; i > 0; i--) {
		const struct store_declaration *row = &rows->row[i - 1];

		if (span_is(row->input_sha256, hex))
			return repeat(b, j, row, why);
		if (!span_is(row->state, "rejected"))
			standing = row;
	}
	if (standing)
		batch_conflict(j, standing->reference);
	return ERR_NONE;
}

static enum err fetch_stored(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_trader_key *key = arena_try(a, sizeof(*key) * (b->n + 1));
	struct store_declarations *rows = arena_try(a, sizeof(*rows) * (b->n + 1));
	struct job *j;
	uint32_t i = 0;
	enum err e;

	if (!key || !rows)
		return ERR_NOMEM;
	for (j = b->first; j; j = j->next)
		key[i++] =
		    (struct store_trader_key){j->facts.office, j->facts.sender, j->facts.key};
	e = store_find_declarations(b->h->store, a, key, b->n, rows, why);
	for (j = b->first, i = 0; j && !e; j = j->next, i++)
		if (!j->err && !j->settled)
			e = compare_stored(b, j, &rows[i], why);
	return e;
}

/* The goods of a batch that their holders lodged before: the decisions of then, whose draws they keep. */
static enum err fetch_goods(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_goods *goods = arena_try(a, sizeof(*goods) * ((size_t)b->n + 1));
	struct store_event_key *key = arena_try(a, sizeof(*key) * ((size_t)b->n + 1));
	struct event *decision = arena_try(a, sizeof(*decision) * ((size_t)b->n + 1));
	struct job **of = arena_try(a, sizeof(struct job *) * ((size_t)b->n + 1));
	uint32_t n = 0, known = 0;
	enum err e;

	if (!goods || !key || !decision || !of)
		return ERR_NOMEM;
	for (struct job *j = b->first; j; j = j->next)
		if (!j->err && !j->settled && !j->has_before && j->facts.goods.n) {
			goods[n] = (struct store_goods){.holder = j->facts.holder,
							.goods = j->facts.goods};
			of[n++] = j;
		}
	e = store_find_goods(b->h->store, a, goods, n, why);
	for (uint32_t i = 0; i < n && !e; i++)
		if (goods[i].decision_seq) {
			key[known] =
			    (struct store_event_key){goods[i].office, goods[i].decision_seq};
			of[known++] = of[i];
		}
	if (!e && known)
		e = store_get_events(b->h->store, a, key, known, decision, why);
	for (uint32_t i = 0; i < known && !e; i++)
		of[i]->decision_of_goods = decision[i].payload;
	return e;
}

/* What stands in the accounts of those who are about to owe. */
static enum err fetch_balances(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct span *holder = arena_try(a, sizeof(*holder) * ((size_t)b->n + 2));
	uint32_t n = 0;

	if (!holder)
		return ERR_NOMEM;
	for (const struct job *j = b->first; j; j = j->next)
		if (!j->err && !j->settled && j->facts.holder.n)
			holder[n++] = life_party(j->facts.holder);
	if (n)
		holder[n++] = LEDGER_TREASURY;
	return transfers_know(b, holder, n, why);
}

/* The authorities that senders of this batch may need, in one question. */
static enum err fetch_authorities(struct batch *b, struct cause *why)
{
	struct scope_wanted *wanted =
	    arena_try(b->h->batch_arena, sizeof(*wanted) * (2 * (size_t)b->n + 1));
	uint32_t n = 0;

	if (!wanted)
		return ERR_NOMEM;
	for (struct job *j = b->first; j; j = j->next)
		if (!j->err)
			n += lodge_wants(b, j, &wanted[n]);
	return scope_know(b->h->store, b->h->batch_arena, wanted, n, &b->authorities, why);
}

/* The case that a request speaks of, and the declaration that stands in it. */
static enum err fetch_before(struct batch *b, struct job *j, struct cause *why)
{
	struct arena *a = j->submission->arena;
	struct span reference = j->message.declaration.movement_reference;
	bool may = false, fresh = false;
	enum err e = ERR_NOT_FOUND;

	if (reference.n)
		e = house_find_case(b->h->store, a, reference, &j->before, why);
	if (e == ERR_NOT_FOUND ||
	    (!e && (span_is(j->before.state, "request") || span_is(j->before.state, "rejected"))))
		return ERR_NONE; /* the check of the reference says so to the sender, the same for every reason */
	if (!e)
		e = lodge_request(b, j, &may, why);
	if (e || !may)
		return e;
	e = enter_office(b, j, j->before.office, &fresh, why);
	if (!e && !j->settled && fresh)
		e = house_find_case(b->h->store, a, reference, &j->before, why);
	if (e || j->settled)
		return e;
	/* Also of a case that was cancelled: the message that did it may come again, and finds its answer under its key. */
	j->facts.office = j->before.office;
	if (span_is(j->before.state, "cancelled"))
		return ERR_NONE;
	j->has_before = true;
	if (!j->facts.holder.n) /* a notice that names nobody leaves the case to whom it belongs */
		j->facts.holder = j->before.holder;
	return ERR_NONE;
}

/* The offices that the batch's messages name: those that are this node's are locked in one question. */
static enum err lock_offices(struct batch *b, struct cause *why)
{
	struct span *code = arena_try(b->h->batch_arena, sizeof(*code) * (b->n + 1));
	uint32_t n = 0;

	if (!b->h->node)
		return ERR_NONE;
	if (!code)
		return ERR_NOMEM;
	for (const struct job *j = b->first; j; j = j->next)
		if (!j->err)
			code[n++] = j->facts.office;
	return house_lock_known(b->h, code, n, why);
}

static enum err enter(struct batch *b, struct job *j, struct cause *why)
{
	bool fresh;
	enum err e = lodge_enter(b, j, why);

	if (e || j->settled)
		return e;
	if (j->asked != FUNCTION_ORIGINAL && j->asked != FUNCTION_UNKNOWN)
		e = fetch_before(b, j, why);
	if (!e && !j->settled)
		e = enter_office(b, j, j->facts.office, &fresh, why);
	if (e || j->settled)
		return e;
	want_party(b, j->facts.holder);
	want_party(b, j->facts.declarant_holder);
	return ERR_NONE;
}

static bool is_request(const struct job *j)
{
	return !j->err && j->asked != FUNCTION_ORIGINAL && j->asked != FUNCTION_UNKNOWN &&
	       j->message.declaration.movement_reference.n;
}

/* The offices that have such a case. */
static enum err lock_found(struct batch *b, const struct store_case_key *key, uint32_t n,
			   struct cause *why)
{
	struct span *code = ARENA_ARRAY(b->h->batch_arena, struct span, (size_t)n + 1);
	struct store_declaration row;
	uint32_t found = 0;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++) {
		e = store_get_declaration(b->h->store, b->h->batch_arena, key[i].office,
					  key[i].reference, &row, why);
		if (!e)
			code[found++] = row.office;
		else if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	return e ? e : house_lock_known(b->h, code, found, why);
}

/* The cases that requests speak of are looked for at every office: for all requests at once. */
static enum err find_cases(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_case_key *key;
	struct span *office;
	uint32_t offices, requests = 0, n = 0;
	enum err e;

	for (const struct job *j = b->first; j; j = j->next)
		requests += is_request(j);
	if (!requests || !b->h->node)
		return ERR_NONE;
	e = store_ahead_offices(b->h->store, a, &office, &offices, why);
	if (e)
		return e;
	key = ARENA_ARRAY(a, struct store_case_key, (size_t)requests * offices + 1);
	for (const struct job *j = b->first; j; j = j->next)
		for (uint32_t i = 0; i < offices && is_request(j); i++)
			key[n++] = (struct store_case_key){
			    office[i], j->message.declaration.movement_reference};
	e = store_ahead_declarations(b->h->store, a, key, n, why);
	return e ? e : lock_found(b, key, n, why);
}

/* What is asked of a case that a request changes: its offices are locked by now. */
static enum err know_cases(struct batch *b, struct store_case_key **ret, uint32_t *ret_n,
			   struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_case_key *key = ARENA_ARRAY(a, struct store_case_key, (size_t)b->n + 1);
	uint32_t n = 0;
	enum err e;

	for (const struct job *j = b->first; j && b->h->node; j = j->next)
		if (!j->err && !j->settled && j->has_before)
			key[n++] = (struct store_case_key){j->before.office, j->before.reference};
	*ret = key;
	*ret_n = n;
	if (!n)
		return ERR_NONE;
	e = store_ahead_lives(b->h->store, a, key, n, why);
	if (!e)
		e = store_ahead_events(b->h->store, a, key, n, SPAN(""), why);
	/* by themselves, too: what a case has moved is asked for when its own new events stand behind the others */
	if (!e)
		e = store_ahead_events(b->h->store, a, key, n, TRANSFERS_KIND, why);
	if (!e)
		e = store_ahead_events(b->h->store, a, key, n, WRITEOFF_KIND, why);
	return e ? e : quotas_ahead(b, key, n, why);
}

/* A server is asked a few questions for the whole batch, however many declarations and requests it has. */
enum err batch_read(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_case_key *changed = NULL;
	uint32_t n = 0;
	enum err e;

	b->holders = arena_try(a, sizeof(*b->holders) * (2 * b->n + 1));
	if (!b->holders)
		return ERR_NOMEM;
	for (struct job *j = b->first; j; j = j->next) {
		j->inforce = b->inforce;
		if (!j->err)
			j->err = arena_run(j->submission->arena, describe, j);
	}
	e = fetch_authorities(b, why);
	if (!e)
		e = lock_offices(b, why);
	if (!e)
		e = find_cases(b, why);
	for (struct job *j = b->first; j && !e; j = j->next)
		if (!j->err)
			e = enter(b, j, why);
	if (!e)
		e = know_cases(b, &changed, &n, why);
	if (!e)
		e = lock_holders(b, why);
	if (!e)
		e = quotas_ahead_locked(b, changed, n, why);
	if (!e)
		e = fetch_parties(b, why);
	if (!e)
		e = fetch_stored(b, why);
	if (!e)
		e = fetch_goods(b, why);
	if (!e)
		e = fetch_balances(b, why);
	return e ? e : history_know(b, why);
}
