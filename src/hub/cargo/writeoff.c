/* Bills in a batch: what a declaration's facts say of them, and what its case holds from then on. */
#include "hub/cargo/writeoff.h"

#include "hub/cargo/measures.h"

enum { CARRIERS_MAX = 100 }; /* of one number of a bill */

/* The accounts of one name, as the batch's decisions so far leave them. */
struct known {
	struct store_stock *row;
	uint32_t n;
	int64_t (*taken)[STOCK_MEASURES]; /* of each row: reserved and used */
};

/* What a case holds. */
struct holds {
	struct store_stock_hold *v;
	uint32_t n;
};

/* ---- the event ---- */

static struct span write_event(struct arena *a, const struct holds *h)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_name(&w, "holds");
	json_open_array(&w);
	for (uint32_t i = 0; i < h->n; i++) {
		json_open_object(&w);
		json_put(&w, "account", h->v[i].account);
		json_put(&w, "carrier", h->v[i].carrier);
		json_put(&w, "stage", h->v[i].stage);
		writeoff_put_measures(&w, "amount", h->v[i].amount);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	return text_as_span(&t);
}

enum err writeoff_read_event(struct arena *a, struct span payload, struct store_stock_hold **ret,
			     uint32_t *ret_n)
{
	DICT_LIST(struct store_stock_hold) list = {0};
	const struct json *j;
	struct codec_fault fault;

	if (json_read(a, payload, &j, &fault) || !json_get(j, "holds"))
		return ERR_FORMAT;
	for (const struct json *h = json_get(j, "holds")->first; h; h = h->next) {
		struct store_stock_hold *one =
		    arena_push(a, (void **)&list.v, &list.n, &list.room, sizeof(*one));

		*one = (struct store_stock_hold){.account = json_get_text(h, "account"),
						 .carrier = json_get_text(h, "carrier"),
						 .stage = json_get_text(h, "stage")};
		if (!writeoff_read_measures(json_get(h, "amount"), one->amount))
			return ERR_FORMAT;
	}
	*ret = list.v;
	*ret_n = list.n;
	return ERR_NONE;
}

/* What the newest event of the case says. Inside arena_run() of the batch. */
static enum err read_holds(struct batch *b, struct span office, struct span reference,
			   struct holds *ret, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct event *events;
	uint32_t n;
	enum err e = store_list_events_of(b->h->store, a, office, reference, SPAN("stock"), &events,
					  &n, why);

	*ret = (struct holds){0};
	if (e || !n)
		return e;
	if (writeoff_read_event(a, events[n - 1].payload, &ret->v, &ret->n))
		return fail(why, ERR_DB, "what %.*s holds cannot be read", SPAN_ARG(reference));
	for (uint32_t i = 0; i < ret->n; i++) {
		ret->v[i].office = office;
		ret->v[i].reference = reference;
	}
	return ERR_NONE;
}

static const struct store_stock_hold *hold_of(const struct holds *h, struct span account,
					      struct span carrier)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (span_equal(h->v[i].account, account) && span_equal(h->v[i].carrier, carrier))
			return &h->v[i];
	return NULL;
}

/* ---- facts ---- */

struct describing {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *ref;
	struct writeoff_wants wants;
};

static void describe(void *context)
{
	struct describing *q = context;

	writeoff_wants(q->arena, q->d, q->ref, &q->wants);
}

enum err writeoff_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
			struct cause *why)
{
	struct describing q = {
	    .arena = j->submission->arena, .d = &j->message.declaration, .ref = j->inforce->ref};
	enum err e;

	*ret_n = 0;
	if (!ref_write_off(q.ref).n || j->asked != FUNCTION_ORIGINAL)
		return ERR_NONE;
	e = arena_run(q.arena, describe, &q);
	if (e)
		return fail(why, e, "no memory to read what is written off");
	*ret = ARENA_ARRAY(b->h->batch_arena, struct span, q.wants.list.n + 1);
	for (uint32_t i = 0; i < q.wants.list.n; i++)
		(*ret)[(*ret_n)++] = q.wants.list.v[i].account;
	return ERR_NONE;
}

static enum err know(struct batch *b, struct span account, struct known **ret, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct known *k = map_get(&b->stock, account);
	enum err e;

	*ret = k;
	if (k)
		return ERR_NONE;
	e = house_lock_holder(b, account, why);
	if (e)
		return e;
	k = ARENA_NEW(a, struct known);
	e = store_list_stock(b->h->store, a, account, CARRIERS_MAX, &k->row, &k->n, why);
	if (e)
		return e;
	k->taken = arena_alloc(a, sizeof(*k->taken) * (k->n + 1));
	for (uint32_t i = 0; i < k->n; i++)
		for (int m = 0; m < STOCK_MEASURES; m++)
			k->taken[i][m] = k->row[i].reserved[m] + k->row[i].used[m];
	map_put(&b->stock, account, k);
	*ret = k;
	return ERR_NONE;
}

/* Which of several carriers' bills is meant; UINT32_MAX: nobody can tell, or there is none. */
static uint32_t row_meant(const struct known *k, struct span carrier)
{
	if (k->n == 1)
		return 0;
	for (uint32_t i = 0; i < k->n; i++)
		if (carrier.n && span_equal(k->row[i].carrier, carrier))
			return i;
	return UINT32_MAX;
}

struct noting {
	struct job *job;
	const struct describing *described;
	struct known **known; /* of each want */
	const struct holds *own;
};

/* The facts outlive the batch: what they say is copied. */
static struct span kept(struct arena *a, struct span s)
{
	return (struct span){arena_copy(a, s.p, s.n), s.n, 0};
}

static void note(void *context)
{
	struct noting *q = context;
	struct facts *f = &q->job->facts;
	struct arena *a = q->job->submission->arena;
	const struct writeoff_wants *w = &q->described->wants;
	const struct span carrier = q->described->d->carriage.carrier.id;

	f->stock.v = NULL;
	f->stock.n = f->stock.room = 0;
	if (w->shared) {
		struct stock_fact *k =
		    arena_push(a, (void **)&f->stock.v, &f->stock.n, &f->stock.room, sizeof(*k));

		*k = (struct stock_fact){
		    .account = SPAN(""), .carrier = SPAN(""), .state = SPAN("shared")};
	}
	for (uint32_t i = 0; i < w->list.n; i++) {
		const struct known *known = q->known[i];
		const uint32_t at = row_meant(known, carrier);
		const struct store_stock *row = at == UINT32_MAX ? NULL : &known->row[at];
		const struct store_stock_hold *own =
		    row ? hold_of(q->own, row->account, row->carrier) : NULL;
		struct stock_fact *k =
		    arena_push(a, (void **)&f->stock.v, &f->stock.n, &f->stock.room, sizeof(*k));

		*k = (struct stock_fact){
		    .account = w->list.v[i].account,
		    .carrier = row ? kept(a, row->carrier) : SPAN(""),
		    .state = row        ? SPAN("known")
			     : known->n ? SPAN("ambiguous")
					: SPAN("unknown"),
		    .measured = row ? row->measured : 0,
		};
		for (int m = 0; row && m < STOCK_MEASURES; m++) {
			k->granted[m] = row->granted[m];
			k->taken[m] = known->taken[at][m] - (own ? own->amount[m] : 0);
		}
	}
}

enum err writeoff_read(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why)
{
	struct describing q = {.arena = j->submission->arena, .d = d, .ref = j->inforce->ref};
	struct noting n = {.job = j, .described = &q};
	struct holds own = {0};
	enum err e = ERR_NONE;

	if (!ref_write_off(q.ref).n || j->asked == FUNCTION_CANCELLATION)
		return ERR_NONE;
	if (j->has_before)
		e = read_holds(b, j->before.office, j->before.reference, &own, why);
	if (!e && arena_run(q.arena, describe, &q))
		e = fail(why, ERR_NOMEM, "no memory to read what is written off");
	if (e)
		return e;
	n.own = &own;
	n.known = ARENA_ARRAY(b->h->batch_arena, struct known *, q.wants.list.n + 1);
	for (uint32_t i = 0; i < q.wants.list.n && !e; i++)
		e = know(b, q.wants.list.v[i].account, &n.known[i], why);
	if (!e && arena_run(q.arena, note, &n))
		e = fail(why, ERR_NOMEM, "no memory for what is written off");
	j->own_holds = own.v;
	j->own_hold_count = own.n;
	j->wants = q.wants.list.v;
	j->want_count = q.wants.list.n;
	return e;
}

static void add_taken(struct batch *b, struct span account, struct span carrier,
		      const int64_t amount[STOCK_MEASURES], int sign)
{
	struct known *k = map_get(&b->stock, account);

	for (uint32_t i = 0; k && i < k->n; i++)
		for (int m = 0; span_equal(k->row[i].carrier, carrier) && m < STOCK_MEASURES; m++)
			k->taken[i][m] += sign * amount[m];
}

static const struct stock_fact *fact_of(const struct job *j, struct span account)
{
	for (uint32_t i = 0; i < j->facts.stock.n; i++)
		if (span_equal(j->facts.stock.v[i].account, account))
			return &j->facts.stock.v[i];
	return NULL;
}

void writeoff_take(struct batch *b, const struct job *j)
{
	for (uint32_t i = 0; i < j->own_hold_count; i++)
		add_taken(b, j->own_holds[i].account, j->own_holds[i].carrier,
			  j->own_holds[i].amount, -1);
	for (uint32_t i = 0; i < j->want_count; i++) {
		const struct stock_fact *f = fact_of(j, j->wants[i].account);

		if (f && span_is(f->state, "known"))
			add_taken(b, f->account, f->carrier, j->wants[i].amount.of, 1);
	}
}

/* ---- what is held ---- */

/* A case beside its way, at a query or in detention, is where it stood before. */
static enum stock_stage stage_of(const struct flow_case *c)
{
	const enum flow_state s =
	    c->state == FLOW_QUERIED || c->state == FLOW_DETAINED ? c->behind : c->state;

	switch (s) {
	case FLOW_ABANDONED:
	case FLOW_DESTROYED:
	case FLOW_EXITED:
	case FLOW_RELEASED:
	case FLOW_SEIZED:
	case FLOW_SOLD:
		return STOCK_USED;
	case FLOW_CANCELLED:
	case FLOW_REJECTED:
		return STOCK_NOTHING;
	case FLOW_ACCEPTED:
	case FLOW_ASSESSED:
	case FLOW_DETAINED:
	case FLOW_DOCUMENTS:
	case FLOW_INSPECTION:
	case FLOW_LODGED:
	case FLOW_PAID:
	case FLOW_QUERIED:
	case FLOW_SELECTED:
	case FLOW_STATES:
		break;
	}
	return STOCK_RESERVED;
}

static struct stock_hold hold_from(const struct store_stock_hold *h)
{
	struct stock_hold r = {STOCK_NOTHING, {{0}}};

	if (!h || !stock_stage_by_name(h->stage.p, h->stage.n, &r.stage))
		return r;
	memcpy(r.amount.of, h->amount, sizeof(r.amount.of));
	return r;
}

/* One account: from what the case held to what it holds. */
static enum err move_one(struct batch *b, const struct store_stock_hold *was,
			 const struct store_stock_hold *becomes, const struct stock_tolerance *t,
			 struct cause *why)
{
	const struct store_stock_hold *any = becomes ? becomes : was;
	const struct stock_hold from = hold_from(was), to = hold_from(becomes);
	struct stock_account account, after;
	enum stock_measure m;
	struct store_stock row;
	enum err e = house_lock_holder(b, any->account, why);

	if (!e)
		e = store_get_stock(b->h->store, b->h->batch_arena, any->account, any->carrier,
				    &row, why);
	if (e)
		return e == ERR_NOT_FOUND
			   ? fail(why, ERR_DB, "the account %.*s is gone", SPAN_ARG(any->account))
			   : e;
	account = measures_account(&row);
	if (stock_move(&account, t, &from, &to, &after, &m) != STOCK_DONE)
		return fail(why, ERR_CONFLICT, "%.*s allowed this and then did not",
			    SPAN_ARG(any->account));
	measures_to_row(&after, &row);
	e = store_put_stock(b->h->store, &row, why);
	if (e)
		return e;
	return becomes ? store_put_stock_hold(b->h->store, becomes, why)
		       : store_remove_stock_hold(b->h->store, was, why);
}

static bool same(const struct store_stock_hold *a, const struct store_stock_hold *b)
{
	return a && b && span_equal(a->stage, b->stage) &&
	       !memcmp(a->amount, b->amount, sizeof(a->amount));
}

struct moving {
	struct office *office;
	struct span reference, actor;
	int64_t version;
	const struct refset *ref;
};

/* Inside arena_run() of the batch. */
static enum err move_all(struct batch *b, const struct moving *q, const struct holds *was,
			 const struct holds *becomes, struct cause *why)
{
	const struct stock_tolerance t = writeoff_tolerance(q->ref);
	struct event event = {.kind = SPAN("stock"),
			      .reference = q->reference,
			      .version = q->version,
			      .at = b->now,
			      .actor = q->actor};
	bool changed = false;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < was->n && !e; i++) {
		if (hold_of(becomes, was->v[i].account, was->v[i].carrier))
			continue;
		changed = true;
		e = move_one(b, &was->v[i], NULL, &t, why);
	}
	for (uint32_t i = 0; i < becomes->n && !e; i++) {
		const struct store_stock_hold *before =
		    hold_of(was, becomes->v[i].account, becomes->v[i].carrier);

		if (same(before, &becomes->v[i]))
			continue;
		changed = true;
		e = move_one(b, before, &becomes->v[i], &t, why);
	}
	if (e || !changed)
		return e;
	event.payload = write_event(b->h->batch_arena, becomes);
	return house_append(b->h, q->office, &event, NULL, why);
}

enum err writeoff_put(struct batch *b, struct job *j, const struct flow_case *now,
		      struct cause *why)
{
	const enum stock_stage stage = stage_of(now);
	const struct moving q = {j->office, j->facts.reference, j->facts.sender, j->facts.version,
				 j->inforce->ref};
	struct holds was = {0}, becomes = {0};
	enum err e = ERR_NONE;

	if (!j->want_count && !j->own_hold_count)
		return ERR_NONE;
	if (j->has_before) /* the act may have moved them */
		e = read_holds(b, span_of(j->office->code), j->facts.reference, &was, why);
	if (e)
		return e;
	becomes.v = ARENA_ARRAY(b->h->batch_arena, struct store_stock_hold, j->want_count + 1);
	for (uint32_t i = 0; i < j->want_count && stage != STOCK_NOTHING; i++) {
		const struct stock_fact *f = fact_of(j, j->wants[i].account);
		struct store_stock_hold *h = &becomes.v[becomes.n];

		if (!f || !span_is(f->state, "known"))
			continue;
		becomes.n++;
		*h = (struct store_stock_hold){.account = f->account,
					       .carrier = f->carrier,
					       .office = span_of(j->office->code),
					       .reference = j->facts.reference,
					       .stage = span_of(stock_stage_name(stage))};
		memcpy(h->amount, j->wants[i].amount.of, sizeof(h->amount));
	}
	return move_all(b, &q, &was, &becomes, why);
}

enum err writeoff_follow(struct batch *b, struct office *o, const struct life *l,
			 const struct flow_case *before, const struct flow_do *given,
			 const struct refset *r, struct cause *why)
{
	const enum stock_stage stage = stage_of(&l->now);
	const struct moving q = {o, l->row.reference, given->by, l->now.version, r};
	struct holds was, becomes = {0};
	enum err e;

	if (stage == stage_of(before))
		return ERR_NONE;
	e = read_holds(b, l->row.office, l->row.reference, &was, why);
	if (e || !was.n)
		return e;
	becomes.v = ARENA_ARRAY(b->h->batch_arena, struct store_stock_hold, was.n);
	for (uint32_t i = 0; i < was.n && stage != STOCK_NOTHING; i++) {
		becomes.v[becomes.n] = was.v[i];
		becomes.v[becomes.n++].stage = span_of(stock_stage_name(stage));
	}
	return move_all(b, &q, &was, &becomes, why);
}
