/* Write-off in a batch: what a declaration's facts say of accounts, and what its case holds and has opened from then on. */
#include "hub/stock/writeoff.h"

#include "base/date.h"
#include "hub/stock/measures.h"

/* The accounts of one name, as the batch's decisions so far leave them. */
struct known {
	struct store_stock *row;
	uint32_t n;
	int64_t (*taken)[STOCK_MEASURES]; /* of each row: reserved and used */
};

/* ---- the event ---- */

static void put_open(struct json_writer *w, const struct store_stock *k)
{
	json_open_object(w);
	json_put(w, "account", k->account);
	json_put(w, "kind", k->kind);
	json_put(w, "holder", k->consignee);
	json_put(w, "goods", k->goods);
	json_put(w, "unit", k->unit);
	json_put(w, "from", k->from_day);
	json_put(w, "until", k->until_day);
	json_put_int(w, "measured", k->measured);
	writeoff_put_measures(w, "granted", k->granted);
	json_close_object(w);
}

static struct span write_event(struct arena *a, const struct writeoff_said *s)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_name(&w, "holds");
	json_open_array(&w);
	for (uint32_t i = 0; i < s->holds; i++) {
		json_open_object(&w);
		json_put(&w, "account", s->hold[i].account);
		json_put(&w, "carrier", s->hold[i].carrier);
		json_put(&w, "stage", s->hold[i].stage);
		writeoff_put_measures(&w, "amount", s->hold[i].amount);
		json_close_object(&w);
	}
	json_close_array(&w);
	if (s->opens) {
		json_name(&w, "opens");
		json_open_array(&w);
		for (uint32_t i = 0; i < s->opens; i++)
			put_open(&w, &s->open[i]);
		json_close_array(&w);
	}
	json_close_object(&w);
	return text_as_span(&t);
}

static bool read_open(const struct json *j, struct store_stock *ret)
{
	*ret = (struct store_stock){.account = json_get_text(j, "account"),
				    .carrier = SPAN(""),
				    .kind = json_get_text(j, "kind"),
				    .consignee = json_get_text(j, "holder"),
				    .goods = json_get_text(j, "goods"),
				    .unit = json_get_text(j, "unit"),
				    .from_day = json_get_text(j, "from"),
				    .until_day = json_get_text(j, "until")};
	return !json_get_int(j, "measured", &ret->measured) &&
	       writeoff_read_measures(json_get(j, "granted"), ret->granted);
}

enum err writeoff_read_event(struct arena *a, struct span payload, struct writeoff_said *ret)
{
	const struct json *j, *holds, *opens;
	struct codec_fault fault;

	if (json_read(a, payload, &j, &fault) || !json_get(j, "holds"))
		return ERR_FORMAT;
	holds = json_get(j, "holds");
	opens = json_get(j, "opens");
	*ret = (struct writeoff_said){
	    .hold = ARENA_ARRAY(a, struct store_stock_hold, holds->count + 1),
	    .open = ARENA_ARRAY(a, struct store_stock, (opens ? opens->count : 0) + 1)};
	for (const struct json *h = holds->first; h; h = h->next) {
		struct store_stock_hold *one = &ret->hold[ret->holds++];

		*one = (struct store_stock_hold){.account = json_get_text(h, "account"),
						 .carrier = json_get_text(h, "carrier"),
						 .stage = json_get_text(h, "stage")};
		if (!writeoff_read_measures(json_get(h, "amount"), one->amount))
			return ERR_FORMAT;
	}
	for (const struct json *o = opens ? opens->first : NULL; o; o = o->next)
		if (!read_open(o, &ret->open[ret->opens++]))
			return ERR_FORMAT;
	return ERR_NONE;
}

/* What the newest event of the case says. Inside arena_run() of the batch. */
static enum err read_said(struct batch *b, struct span office, struct span reference,
			  struct writeoff_said *ret, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct event *events;
	uint32_t n;
	enum err e = store_list_events_of(b->h->store, a, office, reference, WRITEOFF_KIND, &events,
					  &n, why);

	*ret = (struct writeoff_said){0};
	if (e || !n)
		return e;
	if (writeoff_read_event(a, events[n - 1].payload, ret))
		return fail(why, ERR_DB, "what %.*s holds cannot be read", SPAN_ARG(reference));
	for (uint32_t i = 0; i < ret->holds; i++) {
		ret->hold[i].office = office;
		ret->hold[i].reference = reference;
	}
	for (uint32_t i = 0; i < ret->opens; i++) {
		ret->open[i].office = office;
		ret->open[i].source = reference;
	}
	return ERR_NONE;
}

static const struct store_stock_hold *hold_of(const struct writeoff_said *h, struct span account,
					      struct span carrier)
{
	for (uint32_t i = 0; i < h->holds; i++)
		if (span_equal(h->hold[i].account, account) &&
		    span_equal(h->hold[i].carrier, carrier))
			return &h->hold[i];
	return NULL;
}

static const struct store_stock *open_of(const struct writeoff_said *h, struct span account)
{
	for (uint32_t i = 0; i < h->opens; i++)
		if (span_equal(h->open[i].account, account))
			return &h->open[i];
	return NULL;
}

static bool writes_off(const struct refset *r)
{
	return ref_write_off(r).n || ref_write_offs(r);
}

/* ---- facts ---- */

struct describing {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *ref;
	int32_t day;
	struct writeoff_wants wants;
};

static void describe(void *context)
{
	struct describing *q = context;

	writeoff_wants(q->arena, q->d, q->ref, q->day, &q->wants);
}

/* Of what it takes and what it has opened. */
static enum err locks_of_case(struct batch *b, struct span office, struct span reference,
			      struct span **ret, uint32_t *ret_n, struct cause *why)
{
	struct writeoff_said said;
	enum err e = read_said(b, office, reference, &said, why);

	if (e)
		return e;
	*ret = ARENA_ARRAY(b->h->batch_arena, struct span, said.holds + said.opens + 1);
	for (uint32_t i = 0; i < said.holds; i++)
		(*ret)[(*ret_n)++] = said.hold[i].account;
	for (uint32_t i = 0; i < said.opens; i++)
		(*ret)[(*ret_n)++] = said.open[i].account;
	return ERR_NONE;
}

enum err writeoff_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
			struct cause *why)
{
	struct describing q = {
	    .arena = j->submission->arena,
	    .d = &j->message.declaration,
	    .ref = j->inforce->ref,
	    .day = j->facts.legal_day,
	};
	enum err e;

	*ret_n = 0;
	if (!writes_off(q.ref))
		return ERR_NONE;
	if (j->has_before)
		return locks_of_case(b, j->before.office, j->before.reference, ret, ret_n, why);
	if (j->asked != FUNCTION_ORIGINAL)
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
	e = store_list_stock(b->h->store, a, account, STORE_CARRIERS_MAX, &k->row, &k->n, why);
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
	struct batch *batch;
	struct job *job;
	const struct describing *described;
	struct known **known;       /* of each want */
	struct store_stock *opened; /* rows of accounts that the case opened */
	uint32_t opened_count;
	const struct writeoff_said *own;
};

/* The facts outlive the batch: what they say is copied. */
static struct span kept(struct arena *a, struct span s)
{
	return s.n ? span_copy(a, s) : SPAN("");
}

static struct stock_fact *add_fact(struct noting *q, struct span account, struct span carrier,
				   const char *state)
{
	struct facts *f = &q->job->facts;
	struct stock_fact *k = arena_push(q->job->submission->arena, (void **)&f->stock.v,
					  &f->stock.n, &f->stock.room, sizeof(*k));

	*k = (struct stock_fact){.account = account,
				 .carrier = carrier,
				 .state = span_of(state),
				 .unit = SPAN(""),
				 .holder = SPAN(""),
				 .goods = SPAN(""),
				 .from_day = SPAN(""),
				 .until_day = SPAN("")};
	return k;
}

static void note_want(struct noting *q, const struct writeoff_want *w, const struct known *known)
{
	struct arena *a = q->job->submission->arena;
	const uint32_t at = row_meant(known, q->described->d->carriage.carrier.id);
	const struct store_stock *row = at == UINT32_MAX ? NULL : &known->row[at];
	const struct store_stock_hold *own =
	    row ? hold_of(q->own, row->account, row->carrier) : NULL;
	const bool waits = row && span_starts(row->account, SPAN("stock/")) && !row->from_day.n;
	struct stock_fact *k = add_fact(q, w->account, row ? kept(a, row->carrier) : SPAN(""),
					waits      ? "waiting"
					: row      ? "known"
					: known->n ? "ambiguous"
						   : "unknown");

	if (!row)
		return;
	k->measured = row->measured;
	for (int m = 0; m < STOCK_MEASURES; m++) {
		k->granted[m] = row->granted[m];
		k->taken[m] = known->taken[at][m] - (own ? own->amount[m] : 0);
	}
	if (!w->row) /* a bill: its consignee is nobody's to hold it by */
		return;
	k->unit = kept(a, row->unit);
	k->goods = kept(a, row->goods);
	k->holder = ref_write_off_of_document(w->row->kind) ? kept(a, row->consignee) : SPAN("");
	k->from_day = kept(a, row->from_day);
	k->until_day = kept(a, row->until_day);
}

static void note(void *context)
{
	struct noting *q = context;
	struct facts *f = &q->job->facts;
	const struct writeoff_wants *w = &q->described->wants;

	f->stock.v = NULL;
	f->stock.n = f->stock.room = 0;
	if (w->shared)
		(void)add_fact(q, SPAN(""), SPAN(""), "shared");
	for (uint32_t i = 0; i < w->list.n; i++)
		note_want(q, &w->list.v[i], q->known[i]);
	for (uint32_t i = 0; i < q->opened_count; i++) {
		const struct store_stock *row = &q->opened[i];
		const struct known *known = map_get(&q->batch->stock, row->account);
		struct stock_fact *k =
		    add_fact(q, kept(q->job->submission->arena, row->account), SPAN(""), "own");

		k->measured = row->measured;
		for (int m = 0; m < STOCK_MEASURES; m++) {
			k->granted[m] = row->granted[m];
			k->taken[m] = known && known->n ? known->taken[0][m]
							: row->reserved[m] + row->used[m];
		}
	}
}

/* Accounts that the case opened, and that others take of. */
static enum err read_opened(struct batch *b, struct noting *q, struct cause *why)
{
	enum err e = ERR_NONE;

	q->opened = ARENA_ARRAY(b->h->batch_arena, struct store_stock, q->own->opens + 1);
	for (uint32_t i = 0; i < q->own->opens && !e; i++) {
		struct known *k = NULL;

		e = know(b, q->own->open[i].account, &k, why);
		if (e || !k->n)
			continue;
		for (int m = 0; m < STOCK_MEASURES; m++)
			if (k->taken[0][m]) {
				q->opened[q->opened_count++] = k->row[0];
				break;
			}
	}
	return e;
}

enum err writeoff_read(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why)
{
	struct describing q = {.arena = j->submission->arena,
			       .d = d,
			       .ref = j->inforce->ref,
			       .day = j->facts.legal_day};
	struct noting n = {.batch = b, .job = j, .described = &q};
	struct writeoff_said own = {0};
	enum err e = ERR_NONE;

	if (!writes_off(q.ref))
		return ERR_NONE;
	if (j->has_before)
		e = read_said(b, j->before.office, j->before.reference, &own, why);
	/* a cancellation declares no goods: it takes nothing, and would close what the case opened */
	if (!e && j->asked != FUNCTION_CANCELLATION && arena_run(q.arena, describe, &q))
		e = fail(why, ERR_NOMEM, "no memory to read what is written off");
	if (e)
		return e;
	n.own = &own;
	n.known = ARENA_ARRAY(b->h->batch_arena, struct known *, q.wants.list.n + 1);
	for (uint32_t i = 0; i < q.wants.list.n && !e; i++)
		e = know(b, q.wants.list.v[i].account, &n.known[i], why);
	if (!e)
		e = read_opened(b, &n, why);
	if (!e && arena_run(q.arena, note, &n))
		e = fail(why, ERR_NOMEM, "no memory for what is written off");
	if (j->asked == FUNCTION_CANCELLATION)
		return e;
	j->own_holds = own.hold;
	j->own_hold_count = own.holds;
	j->own_opens = own.open;
	j->own_open_count = own.opens;
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
		if (span_equal(j->facts.stock.v[i].account, account) &&
		    !span_is(j->facts.stock.v[i].state, "own"))
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

struct moving {
	struct office *office;
	struct span reference, actor;
	int64_t version;
	const struct refset *ref;
	int32_t day; /* of the pack's rows */
};

static enum err get_account(struct batch *b, struct span account, struct span carrier,
			    struct store_stock *ret, struct cause *why)
{
	enum err e = house_lock_holder(b, account, why);

	if (!e)
		e = store_get_stock(b->h->store, b->h->batch_arena, account, carrier, ret, why);
	return e;
}

/* One account: from what the case held to what it holds. */
static enum err move_one(struct batch *b, const struct moving *q,
			 const struct store_stock_hold *was, const struct store_stock_hold *becomes,
			 struct cause *why)
{
	const struct store_stock_hold *any = becomes ? becomes : was;
	const struct stock_hold from = hold_from(was), to = hold_from(becomes);
	struct stock_account account, after;
	struct stock_tolerance t;
	enum stock_measure m;
	struct store_stock row;
	enum err e = get_account(b, any->account, any->carrier, &row, why);

	if (e)
		return e == ERR_NOT_FOUND
			   ? fail(why, ERR_DB, "the account %.*s is gone", SPAN_ARG(any->account))
			   : e;
	account = measures_account(&row);
	t = writeoff_tolerance_of(q->ref, row.kind, q->day);
	if (stock_move(&account, &t, &from, &to, &after, &m) != STOCK_DONE)
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

static bool same_open(const struct store_stock *a, const struct store_stock *b)
{
	return a && b && span_equal(a->kind, b->kind) && span_equal(a->consignee, b->consignee) &&
	       span_equal(a->goods, b->goods) && span_equal(a->unit, b->unit) &&
	       span_equal(a->from_day, b->from_day) && span_equal(a->until_day, b->until_day) &&
	       a->measured == b->measured && !memcmp(a->granted, b->granted, sizeof(a->granted));
}

/* An account of the case's own goods is opened, or says something else from now on. */
static enum err open_one(struct batch *b, const struct store_stock *says, struct cause *why)
{
	static const struct stock_tolerance none;
	struct store_stock row = *says;
	struct stock_account account = {0}, after;
	struct stock_amount granted;
	enum stock_measure m;
	struct store_stock stood;
	enum err e = get_account(b, says->account, says->carrier, &stood, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	row.opened_at = b->now;
	if (!e) {
		row.opened_at = stood.opened_at;
		memcpy(row.reserved, stood.reserved, sizeof(row.reserved));
		memcpy(row.used, stood.used, sizeof(row.used));
	}
	if (!e)
		account = measures_account(&stood);
	memcpy(granted.of, says->granted, sizeof(granted.of));
	if (stock_grant(&account, &none, (unsigned)says->measured, &granted, &after, &m) !=
	    STOCK_DONE)
		return fail(why, ERR_CONFLICT, "%.*s allowed this and then did not",
			    SPAN_ARG(says->account));
	measures_to_row(&after, &row);
	return store_put_stock(b->h->store, &row, why);
}

static enum err close_one(struct batch *b, const struct store_stock *k, struct cause *why)
{
	struct stock_account account;
	struct store_stock row;
	enum err e = get_account(b, k->account, k->carrier, &row, why);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	account = measures_account(&row);
	if (!stock_untouched(&account))
		return fail(why, ERR_CONFLICT, "others have taken of %.*s", SPAN_ARG(k->account));
	return store_remove_stock(b->h->store, k->account, k->carrier, why);
}

static enum err reopen_all(struct batch *b, const struct writeoff_said *was,
			   const struct writeoff_said *becomes, bool *changed, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < was->opens && !e; i++)
		if (!open_of(becomes, was->open[i].account)) {
			*changed = true;
			e = close_one(b, &was->open[i], why);
		}
	for (uint32_t i = 0; i < becomes->opens && !e; i++)
		if (!same_open(open_of(was, becomes->open[i].account), &becomes->open[i])) {
			*changed = true;
			e = open_one(b, &becomes->open[i], why);
		}
	return e;
}

/* Inside arena_run() of the batch. */
static enum err move_all(struct batch *b, const struct moving *q, const struct writeoff_said *was,
			 const struct writeoff_said *becomes, struct cause *why)
{
	struct event event = {.kind = WRITEOFF_KIND,
			      .reference = q->reference,
			      .version = q->version,
			      .at = b->now,
			      .actor = q->actor};
	bool changed = false;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < was->holds && !e; i++) {
		if (hold_of(becomes, was->hold[i].account, was->hold[i].carrier))
			continue;
		changed = true;
		e = move_one(b, q, &was->hold[i], NULL, why);
	}
	for (uint32_t i = 0; i < becomes->holds && !e; i++) {
		const struct store_stock_hold *before =
		    hold_of(was, becomes->hold[i].account, becomes->hold[i].carrier);

		if (same(before, &becomes->hold[i]))
			continue;
		changed = true;
		e = move_one(b, q, before, &becomes->hold[i], why);
	}
	if (!e)
		e = reopen_all(b, was, becomes, &changed, why);
	if (e || !changed)
		return e;
	event.payload = write_event(b->h->batch_arena, becomes);
	return house_append(b->h, q->office, &event, NULL, why);
}

/* Goods are there to be taken from the day on which they were released into the procedure. */
static bool is_released(const struct flow_case *c)
{
	const enum flow_state s =
	    c->state == FLOW_QUERIED || c->state == FLOW_DETAINED ? c->behind : c->state;

	return s == FLOW_RELEASED || s == FLOW_EXITED;
}

static struct span iso(struct arena *a, int32_t day)
{
	struct text t = text_in(a);

	day_write(&t, day);
	return text_as_span(&t);
}

/* What becomes of the accounts that a case opened, where the case stands now. */
static void open_from(struct batch *b, const struct moving *q, const struct flow_case *now,
		      const struct writeoff_said *was, const struct store_stock *opens, uint32_t n,
		      struct writeoff_said *ret)
{
	struct arena *a = b->h->batch_arena;
	const int32_t today = day_of(b->now, ref_zone_minutes(q->ref));

	ret->open = ARENA_ARRAY(a, struct store_stock, n + 1);
	ret->opens = 0;
	if (stage_of(now) == STOCK_NOTHING)
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct store_stock *k = &ret->open[ret->opens];
		const struct store_stock *stood = open_of(was, opens[i].account);
		const int64_t days = writeoff_days(q->ref, opens[i].kind, q->day);

		*k = opens[i];
		k->from_day = stood ? stood->from_day : SPAN("");
		k->until_day = stood ? stood->until_day : SPAN("");
		if (!k->from_day.n && is_released(now)) {
			k->from_day = iso(a, today);
			k->until_day = days ? iso(a, today + (int32_t)days) : SPAN("");
		}
		/* goods that were taken away before they were released never got there */
		ret->opens += k->from_day.n || stage_of(now) == STOCK_RESERVED;
	}
}

struct opening {
	struct arena *arena;
	const struct job *job;
	struct store_stock *open;
	uint32_t n;
};

static void describe_opens(void *context)
{
	struct opening *o = context;
	const struct job *j = o->job;
	const struct message *m = j->amended ? j->amended : &j->message;

	writeoff_opens(o->arena, &m->declaration, j->inforce->ref, &j->facts, &o->open, &o->n);
	for (uint32_t i = 0; i < o->n; i++)
		o->open[i].office = span_of(j->office->code);
}

static void know_account(struct batch *b, struct span account, struct span carrier,
			 struct store_case_key **key, uint32_t *n, uint32_t *room)
{
	*(struct store_case_key *)arena_push(b->h->batch_arena, (void **)key, n, room,
					     sizeof(**key)) =
	    (struct store_case_key){account, carrier};
}

enum err writeoff_know(struct batch *b, struct cause *why)
{
	struct store_case_key *key = NULL;
	uint32_t n = 0, room = 0;
	enum err e = ERR_NONE;

	for (const struct job *j = b->first; j && b->h->node; j = j->next) {
		/* the job's own arena is the crew's until it has written the job's texts */
		struct opening opening = {.arena = b->h->batch_arena, .job = j};

		if (j->err || j->settled || j->same || !j->decision.accepted)
			continue;
		for (uint32_t i = 0; i < j->want_count; i++) {
			const struct stock_fact *f = fact_of(j, j->wants[i].account);

			if (f && span_is(f->state, "known"))
				know_account(b, f->account, f->carrier, &key, &n, &room);
		}
		if (ref_write_offs(j->inforce->ref))
			describe_opens(&opening);
		for (uint32_t i = 0; i < opening.n; i++)
			know_account(b, opening.open[i].account, opening.open[i].carrier, &key, &n,
				     &room);
	}
	for (uint32_t i = 0; i < n && !e; i++)
		e = house_lock_holder(b, key[i].office, why);
	return e || !n ? e : store_ahead_stock(b->h->store, b->h->batch_arena, key, n, why);
}

enum err writeoff_put(struct batch *b, struct job *j, const struct flow_case *now,
		      struct cause *why)
{
	const enum stock_stage stage = stage_of(now);
	const struct moving q = {j->office,        j->facts.reference, j->facts.sender,
				 j->facts.version, j->inforce->ref,    j->facts.legal_day};
	struct writeoff_said was = {0}, becomes = {0};
	struct opening opening = {.arena = j->submission->arena, .job = j};
	enum err e = ERR_NONE;

	if (ref_write_offs(q.ref) && arena_run(j->submission->arena, describe_opens, &opening))
		return fail(why, ERR_NOMEM, "no memory for what is opened");
	if (!j->want_count && !j->own_hold_count && !opening.n && !j->own_open_count)
		return ERR_NONE;
	if (j->has_before) /* the act may have moved them */
		e = read_said(b, span_of(j->office->code), j->facts.reference, &was, why);
	if (e)
		return e;
	becomes.hold = ARENA_ARRAY(b->h->batch_arena, struct store_stock_hold, j->want_count + 1);
	for (uint32_t i = 0; i < j->want_count && stage != STOCK_NOTHING; i++) {
		const struct stock_fact *f = fact_of(j, j->wants[i].account);
		struct store_stock_hold *h = &becomes.hold[becomes.holds];

		if (!f || !span_is(f->state, "known"))
			continue;
		becomes.holds++;
		*h = (struct store_stock_hold){.account = f->account,
					       .carrier = f->carrier,
					       .office = span_of(j->office->code),
					       .reference = j->facts.reference,
					       .stage = span_of(stock_stage_name(stage))};
		memcpy(h->amount, j->wants[i].amount.of, sizeof(h->amount));
	}
	open_from(b, &q, now, &was, opening.open, opening.n, &becomes);
	return move_all(b, &q, &was, &becomes, why);
}

enum err writeoff_follow(struct batch *b, struct office *o, const struct life *l,
			 const struct flow_case *before, const struct flow_do *given,
			 const struct refset *r, struct cause *why)
{
	const enum stock_stage stage = stage_of(&l->now);
	const struct moving q = {
	    o, l->row.reference, given->by, l->now.version, r, day_of(b->now, ref_zone_minutes(r))};
	struct writeoff_said was, becomes = {0};
	enum err e;

	if (stage == stage_of(before) && is_released(&l->now) == is_released(before))
		return ERR_NONE;
	e = read_said(b, l->row.office, l->row.reference, &was, why);
	if (e || (!was.holds && !was.opens))
		return e;
	becomes.hold = ARENA_ARRAY(b->h->batch_arena, struct store_stock_hold, was.holds + 1);
	for (uint32_t i = 0; i < was.holds && stage != STOCK_NOTHING; i++) {
		becomes.hold[becomes.holds] = was.hold[i];
		becomes.hold[becomes.holds++].stage = span_of(stock_stage_name(stage));
	}
	open_from(b, &q, &l->now, &was, was.open, was.opens, &becomes);
	return move_all(b, &q, &was, &becomes, why);
}
