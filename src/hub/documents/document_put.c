/* Documents come in, are judged by the scanner, are erased: each an event and a change of the row in one transaction, as a chore
 * of the settle writer. The caller's thread waits; a document's bytes go from its buffer to the database and nowhere else. */
#include "base/limits.h"
#include "hub/documents/document_room.h"
#include "hub/documents/scanner.h"

/* ---- a chore that somebody waits for ---- */

struct errand {
	struct chore chore;
	struct arena *arena; /* the caller's; the result lies in it */
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool finished;
	enum err err;
	struct cause why;
	struct hub_document *to; /* the result: in the batch's arena, then in the caller's */
};

static bool keep(struct arena *a, struct span *s)
{
	char *copy = arena_try(a, s->n + 1);

	if (copy && s->n)
		memcpy(copy, s->p, s->n);
	s->p = copy;
	return copy != NULL;
}

/* On the writer's thread, after COMMIT: what the result points at is gone with the batch. */
static void finish(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct errand *x = (struct errand *)c;
	struct hub_document *d = x->to;

	(void)h;
	if (why)
		x->why = *why;
	if (!e && d &&
	    !(keep(x->arena, &d->reference) && keep(x->arena, &d->name) &&
	      keep(x->arena, &d->type) && keep(x->arena, &d->pointer) && keep(x->arena, &d->by)))
		e = fail(&x->why, ERR_NOMEM, "it is stored, but there is no memory for the answer");
	pthread_mutex_lock(&x->lock);
	x->err = e;
	x->finished = true;
	pthread_cond_signal(&x->done);
	pthread_mutex_unlock(&x->lock);
}

static enum err run_errand(struct hub *h, struct errand *x, struct cause *why)
{
	x->chore.entry.kind = ENTRY_CHORE;
	x->chore.done = finish;
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->done, NULL);
	if (settle_enqueue(h, &x->chore.entry))
		return fail(why, ERR_BUSY, "the hub is stopping or has more waiting than it takes");
	pthread_mutex_lock(&x->lock);
	while (!x->finished)
		pthread_cond_wait(&x->done, &x->lock);
	pthread_mutex_unlock(&x->lock);
	pthread_cond_destroy(&x->done);
	pthread_mutex_destroy(&x->lock);
	if (x->err && why)
		*why = x->why;
	return x->err;
}

/* An event of a case, in its office's chain. */
static enum err append(struct batch *b, const struct store_document *d, const char *kind,
		       struct span actor, struct span payload, struct cause *why)
{
	struct office *o = house_office(b->h, d->office);
	struct event e = {.kind = span_of(kind),
			  .reference = d->reference,
			  .version = d->version,
			  .at = b->now,
			  .actor = actor,
			  .payload = payload};
	enum err err = o ? house_read_office(b->h, o, why)
			 : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	return err ? err : house_append(b->h, o, &e, NULL, why);
}

/* ---- a document comes in ---- */

struct upload {
	struct errand errand;
	struct hub *hub;
	const struct document_asker *by;
	const struct document_upload *given;

	/* as the caller's thread found it; the writer looks again */
	struct store_declaration row;
	enum view view;
	bool found, closed;

	enum document_outcome outcome;
	bool moved; /* the case has a newer version: begin again */
};

/* A case that ended before it was worth proving anything. Where it stands is told by its life, once it has one. */
static enum err is_closed(struct store *s, struct arena *a, const struct store_declaration *row,
			  bool *ret, struct cause *why)
{
	struct store_life life = {.state = row->state};
	enum err e = store_get_life(s, a, row->office, row->reference, &life, why);

	*ret = span_is(life.state, "rejected") || span_is(life.state, "cancelled");
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

static bool may_put(const struct who *w, enum view v)
{
	const unsigned traders = ROLE_TRADER | ROLE_BROKER,
		       customs = ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_AGENCY;

	if (v == VIEW_OFFICER)
		return who_is(w, customs) && (w->scopes & (SCOPE_SUBMIT | SCOPE_ACT));
	return v == VIEW_TRADER && who_is(w, traders) && (w->scopes & SCOPE_SUBMIT);
}

/* Does the pointer lead to something that the declaration says? */
static bool leads_somewhere(const struct declaration *d, struct span pointer)
{
	const struct dict_field *field;
	const void *value = dict_find(&dict_declaration, d, pointer, &field);

	if (!value || !field)
		return value != NULL;
	/* A list may be named whole, or one of its members; both have the field. */
	if (field->list && pointer.n >= field->length &&
	    !memcmp(pointer.p + pointer.n - field->length, field->name, field->length))
		return ((const struct dict_list *)value)->n > 0;
	return dict_says(field, value);
}

static enum err find_place(struct store *s, void *context, struct cause *why)
{
	struct upload *u = context;
	struct arena *a = u->errand.arena;
	struct message message;
	enum err e = document_case(u->hub, s, a, u->by, PURPOSE_ACT, &u->row, &u->view, why);

	if (!e)
		e = is_closed(s, a, &u->row, &u->closed, why);
	u->found = u->given->pointer.n == 0;
	if (e || u->found || u->closed)
		return e;
	e = house_message_of(s, a, &u->row, &message, why);
	if (!e)
		u->found = leads_somewhere(&message.declaration, u->given->pointer);
	return e;
}

/* Everything that can be said without the writer. */
static enum err look_first(struct upload *u, struct cause *why)
{
	const struct document_upload *given = u->given;
	struct store *s;
	enum err e = house_open_reader(u->hub, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, find_place, u, why);
	house_close_reader(u->hub, s);
	if (e)
		return e;
	if (!may_put(u->by->who, u->view))
		return fail(why, ERR_DENIED, "you may not hand in documents of this case");
	u->outcome = DOCUMENT_NEW;
	if (u->closed)
		u->outcome = DOCUMENT_CLOSED;
	else if (!given->type->is(given->bytes))
		u->outcome = DOCUMENT_BAD_TYPE;
	else if (!document_name_sound(given->name, given->type))
		u->outcome = DOCUMENT_BAD_NAME;
	else if (!u->found)
		u->outcome = DOCUMENT_NO_PLACE;
	return ERR_NONE;
}

static struct span write_event(struct arena *a, const struct store_document *d)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);
	char hex[65];

	hash_hex(&d->sha256, hex);
	json_open_object(&w);
	json_put_int(&w, "number", d->number);
	json_put(&w, "name", d->name);
	json_put(&w, "type", d->type);
	json_put_int(&w, "bytes", d->bytes);
	json_put_c(&w, "sha256", hex);
	json_put(&w, "pointer", d->pointer);
	json_put(&w, "state", d->state);
	json_close_object(&w);
	return text_as_span(&t);
}

/* The row of what came in, but for its number. */
static struct store_document new_row(const struct batch *b, const struct upload *u)
{
	const bool scanned = scanner_is_there(b->h);

	return (struct store_document){
	    .office = u->row.office,
	    .reference = u->row.reference,
	    .version = u->row.version,
	    .sha256 = u->given->sha256,
	    .name = u->given->name,
	    .type = span_of(u->given->type->media),
	    .bytes = u->given->bytes.n,
	    .pointer = u->given->pointer,
	    .state =
		span_of(document_state_name(scanned ? DOCUMENT_QUARANTINED : DOCUMENT_UNSCANNED)),
	    .actor = u->by->who->user,
	    .at = b->now,
	};
}

/* Looks through one side's documents: the one that is there already, or the next number. */
static const struct store_document *
look_through(struct upload *u, const struct store_document *rows, uint32_t n, int64_t *ret_number)
{
	const bool customs = u->view != VIEW_TRADER;
	int64_t bytes = 0;
	uint32_t count = 0;

	*ret_number = customs ? DOCUMENT_CUSTOMS_FROM : 1;
	for (uint32_t i = 0; i < n; i++) {
		const struct store_document *d = &rows[i];

		if ((d->number >= DOCUMENT_CUSTOMS_FROM) != customs)
			continue;
		*ret_number = d->number + 1;
		count++;
		if (span_is(d->state, document_state_name(DOCUMENT_ERASED)))
			continue;
		bytes += d->bytes;
		if (hash_equal(&d->sha256, &u->given->sha256) &&
		    span_equal(d->pointer, u->given->pointer))
			return d;
	}
	/* Erased ones count as documents, so that numbers stay below those of the other side. */
	if (count >= LIMIT_DOCUMENTS || bytes + u->given->bytes.n > LIMIT_CASE_DOCUMENT_BYTES)
		u->outcome = DOCUMENT_FULL;
	return NULL;
}

static enum err put_new(struct batch *b, struct upload *u, int64_t number, struct cause *why)
{
	struct store_document d = new_row(b, u);
	enum err e;

	d.number = number;
	e = append(b, &d, "document", d.actor, write_event(b->h->batch_arena, &d), why);
	if (!e)
		e = store_put_document(b->h->store, &d, u->given->bytes, why);
	return e ? e : document_of_row(&d, u->errand.to, why);
}

static enum err run_upload(struct batch *b, struct chore *c, struct cause *why)
{
	struct upload *u = (struct upload *)c;
	struct arena *a = b->h->batch_arena;
	const struct store_document *same;
	struct store_declaration now;
	struct store_document *rows;
	int64_t number;
	uint32_t n;
	struct office *o;
	bool fresh;
	enum err e = house_enter(b->h, u->row.office, &o, &fresh, why);

	if (!e)
		e = store_get_declaration(b->h->store, a, u->row.office, u->row.reference, &now,
					  why);
	if (!e)
		e = is_closed(b->h->store, a, &now, &u->closed, why);
	if (e)
		return e;
	u->outcome = u->closed ? DOCUMENT_CLOSED : DOCUMENT_NEW;
	u->moved = now.version != u->row.version;
	if (u->moved || u->closed)
		return ERR_NONE;
	e = store_list_documents(b->h->store, a, u->row.office, u->row.reference, &rows, &n, why);
	if (e)
		return e;
	same = look_through(u, rows, n, &number);
	if (same) {
		u->outcome = DOCUMENT_REPEATED;
		return document_of_row(same, u->errand.to, why);
	}
	return u->outcome == DOCUMENT_NEW ? put_new(b, u, number, why) : ERR_NONE;
}

/* Once: u->moved when the case changed between the look and the writer. */
static enum err put_once(struct hub *h, struct upload *u, struct hub_document *ret,
			 struct cause *why)
{
	enum err e = look_first(u, why);

	if (e || u->outcome != DOCUMENT_NEW)
		return e;
	*ret = (struct hub_document){0};
	u->errand.chore.run = run_upload;
	u->errand.to = ret;
	u->errand.finished = false;
	return run_errand(h, &u->errand, why);
}

enum err hub_put_document(struct hub *h, struct arena *a, const struct document_asker *by,
			  const struct document_upload *given, enum document_outcome *ret_outcome,
			  struct hub_document *ret, struct cause *why)
{
	struct upload u = {.hub = h, .by = by, .given = given, .errand.arena = a};
	enum err e = ERR_NONE;
	int tries = 3;

	BUG_ON(!given->bytes.n || given->bytes.n > LIMIT_DOCUMENT_BYTES);
	if (given->pointer.n > LIMIT_POINTER_BYTES || !span_valid_utf8(given->pointer)) {
		*ret_outcome = DOCUMENT_NO_PLACE;
		return ERR_NONE;
	}
	do {
		u.moved = false;
		e = put_once(h, &u, ret, why);
	} while (!e && u.moved && --tries);
	if (!e && u.moved)
		e = fail(why, ERR_BUSY, "the case keeps changing: send it again in a moment");
	if (!e)
		*ret_outcome = u.outcome;
	if (!e && u.outcome == DOCUMENT_NEW)
		scanner_wake(h);
	return e;
}

/* ---- what the scanner found ---- */

struct verdict {
	struct errand errand;
	const struct store_document *of;
	enum document_state verdict;
	struct span signature;
};

static enum err run_verdict(struct batch *b, struct chore *c, struct cause *why)
{
	struct verdict *v = (struct verdict *)c;
	const struct span state = span_of(document_state_name(v->verdict));
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	struct store_document d;
	struct office *o;
	bool fresh;
	enum err e = house_enter(b->h, v->of->office, &o, &fresh, why);

	if (!e)
		e = store_get_document(b->h->store, b->h->batch_arena, v->of->office,
				       v->of->reference, v->of->number, &d, why);
	if (e)
		return e;
	if (!span_equal(d.state, v->of->state))
		return ERR_NONE; /* erased while it was looked through */
	json_open_object(&w);
	json_put_int(&w, "number", d.number);
	json_put(&w, "state", state);
	if (v->signature.n)
		json_put(&w, "signature", v->signature);
	json_close_object(&w);
	e = append(b, &d, "scan", SPAN("hub"), text_as_span(&t), why);
	return e ? e
		 : store_set_document_state(b->h->store, d.office, d.reference, d.number, state,
					    why);
}

enum err document_settle_verdict(struct hub *h, const struct store_document *d,
				 enum document_state verdict, struct span signature,
				 struct cause *why)
{
	struct verdict v = {
	    .errand.chore.run = run_verdict, .of = d, .verdict = verdict, .signature = signature};

	return run_errand(h, &v.errand, why);
}

/* ---- an order to erase ---- */

struct erasure {
	struct errand errand;
	struct hub *hub;
	const struct document_asker *by;
	struct store_declaration row;
	int64_t number;
	struct span reason;
};

static enum err find_case(struct store *s, void *context, struct cause *why)
{
	struct erasure *x = context;
	enum view view;
	enum err e =
	    document_case(x->hub, s, x->errand.arena, x->by, PURPOSE_ACT, &x->row, &view, why);

	if (e || !document_seen(view, x->number))
		return e ? e : ERR_NOT_FOUND;
	if (view != VIEW_OFFICER || !who_is(x->by->who, ROLE_SUPERVISOR) ||
	    !(x->by->who->scopes & SCOPE_ACT))
		return fail(why, ERR_DENIED, "documents are erased on a supervisor's order");
	return ERR_NONE;
}

static enum err erase(struct batch *b, const struct store_document *d, struct span login,
		      struct span reason, struct cause *why)
{
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	enum err e;

	json_open_object(&w);
	json_put_int(&w, "number", d->number);
	json_put(&w, "reason", reason);
	json_close_object(&w);
	e = append(b, d, "erasure", login, text_as_span(&t), why);
	if (!e)
		e = store_erase_document_body(b->h->store, d->office, d->reference, d->number, why);
	if (e == ERR_NOT_FOUND)
		e = fail(why, ERR_DB, "a document lacks its bytes; run verify");
	return e ? e
		 : store_set_document_state(b->h->store, d->office, d->reference, d->number,
					    span_of(document_state_name(DOCUMENT_ERASED)), why);
}

enum err document_erase_all(struct batch *b, const struct store_declaration *row, struct span login,
			    struct span reason, struct cause *why)
{
	struct store_document *d;
	uint32_t n;
	enum err e = store_list_documents(b->h->store, b->h->batch_arena, row->office,
					  row->reference, &d, &n, why);

	for (uint32_t i = 0; i < n && !e; i++)
		if (!span_is(d[i].state, document_state_name(DOCUMENT_ERASED)))
			e = erase(b, &d[i], login, reason, why);
	return e;
}

static enum err run_erasure(struct batch *b, struct chore *c, struct cause *why)
{
	struct erasure *x = (struct erasure *)c;
	struct store_document d;
	struct office *o;
	bool fresh;
	enum err e = house_enter(b->h, x->row.office, &o, &fresh, why);

	if (!e)
		e = store_get_document(b->h->store, b->h->batch_arena, x->row.office,
				       x->row.reference, x->number, &d, why);
	if (!e && !span_is(d.state, document_state_name(DOCUMENT_ERASED)))
		e = erase(b, &d, x->by->who->user, x->reason, why);
	if (e)
		return e;
	d.state = span_of(document_state_name(DOCUMENT_ERASED));
	return document_of_row(&d, x->errand.to, why);
}

enum err hub_erase_document(struct hub *h, struct arena *a, const struct document_asker *by,
			    int64_t number, struct span reason, struct hub_document *ret,
			    struct cause *why)
{
	struct erasure x = {
	    .hub = h, .by = by, .number = number, .reason = reason, .errand.arena = a};
	struct store_document there;
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	BUG_ON(!reason.n || reason.n > LIMIT_REASON_BYTES || !span_valid_utf8(reason));
	if (e)
		return e;
	e = store_snapshot(s, find_case, &x, why);
	/* What is not there is no failure of a batch. */
	if (!e)
		e = store_get_document(s, a, x.row.office, x.row.reference, number, &there, why);
	house_close_reader(h, s);
	if (e)
		return e;
	*ret = (struct hub_document){0};
	x.errand.chore.run = run_erasure;
	x.errand.to = ret;
	return run_errand(h, &x.errand, why);
}
