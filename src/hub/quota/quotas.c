#include "hub/quota/quotas.h"

#include <stdlib.h>

#include "base/date.h"

/* A period of a quota, as the batch's decisions so far leave it. */
struct known {
	struct quota_account account;
};

/* ---- what is claimed ---- */

struct claims {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *ref;
	DICT_LIST(struct span) orders; /* that the pack defines, by bytes; each once */
};

static void collect(void *context)
{
	struct claims *c = context;
	struct map seen = map_in(c->arena);

	for (uint32_t i = 0; i < c->d->shipment.items.n; i++) {
		const struct commodity *goods = &c->d->shipment.items.v[i].commodity;

		for (uint32_t k = 0; k < goods->duties.n; k++) {
			const struct span order = goods->duties.v[k].quota;

			if (!order.n || !ref_quota_defined(c->ref, order) || map_get(&seen, order))
				continue;
			map_put(&seen, order, c);
			*(struct span *)arena_push(c->arena, (void **)&c->orders.v, &c->orders.n,
						   &c->orders.room, sizeof(struct span)) = order;
		}
	}
	if (c->orders.n)
		qsort(c->orders.v, c->orders.n, sizeof(struct span), span_order);
}

static enum err claims_of(const struct job *j, const struct declaration *d, struct claims *ret,
			  struct cause *why)
{
	*ret = (struct claims){
	    .arena = j->submission->arena, .d = d, .ref = j->inforce->ref, .orders = {0}};
	if (!ref_quotas(ret->ref))
		return ERR_NONE;
	return arena_run(ret->arena, collect, ret)
		   ? fail(why, ERR_NOMEM, "no memory to read what quotas are claimed")
		   : ERR_NONE;
}

/* Every period of a quota has the same lock, and so every parent that one of them names. */
static uint32_t locks_of(struct arena *a, const struct refset *r, struct span order,
			 struct span *ret)
{
	uint32_t n = 0;

	ret[n++] = quota_lock(a, order);
	for (const struct ref_quota *q = ref_quotas(r); q; q = q->following)
		if (q->parent.n && span_equal(q->order, order)) {
			ret[n++] = quota_lock(a, q->parent);
			break;
		}
	return n;
}

static enum err locks_of_case(struct batch *b, const struct store_case_key *key, struct span **ret,
			      uint32_t *ret_n, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_quota_hold *hold;
	uint32_t n;
	enum err e =
	    store_list_quota_holds(b->h->store, a, key->office, key->reference, &hold, &n, why);

	if (e)
		return e;
	*ret = ARENA_ARRAY(a, struct span, (size_t)n + 1);
	for (uint32_t i = 0; i < n; i++)
		(*ret)[(*ret_n)++] = quota_lock(a, hold[i].quota);
	return ERR_NONE;
}

enum err quotas_ahead(struct batch *b, const struct store_case_key *key, uint32_t n,
		      struct cause *why)
{
	return n && b->h->node
		   ? store_ahead_quota_holds(b->h->store, b->h->batch_arena, key, n, why)
		   : ERR_NONE;
}

enum err quotas_ahead_locked(struct batch *b, const struct store_case_key *key, uint32_t n,
			     struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_case_key *holds = ARENA_ARRAY(a, struct store_case_key, (size_t)n + 1);
	DICT_LIST(struct span) lock = {0};
	uint32_t k = 0;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && b->h->node && !e; i++) {
		struct span *of = NULL;
		uint32_t count = 0;

		e = locks_of_case(b, &key[i], &of, &count, why);
		if (count)
			holds[k++] = key[i];
		for (uint32_t m = 0; m < count; m++)
			*(struct span *)arena_push(a, (void **)&lock.v, &lock.n, &lock.room,
						   sizeof(*lock.v)) = of[m];
	}
	if (lock.n)
		qsort(lock.v, lock.n, sizeof(*lock.v), span_order);
	for (uint32_t i = 0; i < lock.n && !e; i++)
		e = house_lock_holder(b, lock.v[i], why);
	return e ? e : quotas_ahead(b, holds, k, why);
}

enum err quotas_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
		      struct cause *why)
{
	struct claims c;
	enum err e;

	*ret_n = 0;
	if (j->has_before)
		return locks_of_case(
		    b, &(struct store_case_key){j->before.office, j->before.reference}, ret, ret_n,
		    why);
	if (j->asked != FUNCTION_ORIGINAL)
		return ERR_NONE;
	e = claims_of(j, &j->message.declaration, &c, why);
	if (e)
		return e;
	*ret = ARENA_ARRAY(b->h->batch_arena, struct span, 2 * (size_t)c.orders.n + 1);
	for (uint32_t i = 0; i < c.orders.n; i++)
		*ret_n += locks_of(b->h->batch_arena, c.ref, c.orders.v[i], *ret + *ret_n);
	return ERR_NONE;
}

/* ---- facts ---- */

static struct span day_text(struct arena *a, int32_t day)
{
	struct text t = text_in(a);

	day_write(&t, day);
	return text_as_span(&t);
}

static struct span known_key(struct arena *a, struct span order, struct span period)
{
	return span_of(arena_print(a, "%.*s\n%.*s", SPAN_ARG(order), SPAN_ARG(period)));
}

/* Locks the quota and reads it, once a batch. */
static enum err know(struct batch *b, const struct ref_quota *q, struct known **ret,
		     struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const struct span period = day_text(a, q->dates.from);
	const struct span key = known_key(a, q->order, period);
	struct store_quota row;
	enum err e;

	*ret = map_get(&b->quotas, key);
	if (*ret)
		return ERR_NONE;
	e = house_lock_holder(b, quota_lock(a, q->order), why);
	if (!e)
		e = quota_account_of(b, q->order, period, &row, why);
	if (e)
		return e;
	*ret = ARENA_NEW(a, struct known);
	(*ret)->account = (struct quota_account){row.taken, row.requested};
	map_put(&b->quotas, key, *ret);
	return ERR_NONE;
}

/* What rests on a quota and, of a sub-quota, its parent. Amounts of own holds are in the quota's unit and the parent's. */
struct standing {
	const struct refset *ref;
	const struct ref_quota *q, *parent;
	struct quota_account account, parent_account;
	int64_t own, own_of_parent; /* granted to the case already */
	int64_t own_requested;
	int64_t held; /* of own: for good */
	bool decided; /* the case holds something that was decided */
	int64_t
	    promised; /* to other claims of the declaration: of the parent, or of a quota that has none */
	int32_t today;
	bool awaited;  /* its place in the queue waits for the goods */
	bool confirms; /* the hub says what was decided: nothing more is given */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t left_for(const struct standing *s)
{
	int64_t left = quota_left(s->q, &s->account) + s->own, above;

	if (s->parent) {
		above = quota_left(s->parent, &s->parent_account) + s->own_of_parent;
		left = least(left, quota_within_parent(s->q, above - s->promised));
	} else {
		left -= s->promised;
	}
	return left > s->held ? left : s->held;
}

static enum quota_state state_of(const struct standing *s)
{
	enum quota_state own = quota_state(s->ref, s->q, &s->account, s->today), above;

	if (!s->q->parent.n)
		return own;
	above = quota_state(s->ref, s->parent, &s->parent_account, s->today);
	return own < above ? own : above; /* they stand in the order of what goes first */
}

static enum quota_way way_of(const struct standing *s, enum quota_state state)
{
	if (s->awaited || s->confirms)
		return QUOTA_NOT;
	switch (state) {
	case QUOTA_CLOSED:
	case QUOTA_BLOCKED:
	case QUOTA_EXHAUSTED:
		return QUOTA_NOT;
	case QUOTA_SUSPENDED:
		return QUOTA_LATER;
	case QUOTA_CRITICAL:
	case QUOTA_OPEN:
	case QUOTA_STATES:
		break;
	}
	if (s->q->scheme == QUOTA_DAY) /* one claim a day; what was shared is not asked for again */
		return s->decided ? QUOTA_NOT : QUOTA_LATER;
	if (s->account.requested > s->own_requested) /* claims of a suspension go before */
		return QUOTA_LATER;
	return state == QUOTA_CRITICAL ? QUOTA_SECURED : QUOTA_NOW;
}

static struct quota_fact fact_of(const struct standing *s)
{
	const enum quota_state state = state_of(s);
	enum quota_way way = way_of(s, state);
	const bool given = way == QUOTA_NOW || way == QUOTA_SECURED;
	int64_t balance = given ? left_for(s) : s->held;

	/* nothing more is given, but what was granted and waits to be confirmed stays the case's */
	if (way == QUOTA_NOT && s->own > s->held && !s->awaited) {
		way = QUOTA_SECURED;
		balance = s->own;
	}

	return (struct quota_fact){.order = s->q->order,
				   .period = s->q->dates.from,
				   .state = s->awaited ? SPAN("awaited")
						       : span_of(quota_state_name(state)),
				   .way = way,
				   .balance = balance,
				   .held = s->held};
}

static struct quota_fact closed(struct span order)
{
	return (struct quota_fact){
	    .order = order, .period = INT32_MIN, .state = SPAN("closed"), .way = QUOTA_NOT};
}

struct quota_fact quotas_fact(const struct refset *r, struct span order, int32_t day,
			      const struct store_quota *row, const struct store_quota *parent,
			      int64_t *ret_left)
{
	struct standing s = {.ref = r,
			     .q = ref_quota(r, order, day),
			     .account = {row->taken, row->requested},
			     .parent_account = {parent->taken, parent->requested},
			     .today = day};

	*ret_left = 0;
	if (!s.q)
		return closed(order);
	if (s.q->parent.n)
		s.parent = ref_quota(r, s.q->parent, day);
	*ret_left = left_for(&s);
	return fact_of(&s);
}

/* What the case holds of it, and for good: what was critical is confirmed when its day is over. */
static void take_own(struct batch *b, const struct quota_holds *own, struct standing *s)
{
	struct arena *a = b->h->batch_arena;
	const struct span period = day_text(a, s->q->dates.from);
	const struct store_quota_hold *h = quota_hold_of(own, s->q->order, period, SPAN(""));
	const struct quota_hold counted = quota_hold_counted(h);
	bool final;

	s->own = counted.granted;
	s->own_requested = counted.decided ? 0 : counted.asked - counted.granted;
	final =
	    h && !(span_is(h->way, "secured") && span_compare(h->day, day_text(a, s->today)) >= 0);
	if (final)
		s->held = h->granted;
	s->decided = h && !span_is(h->way, "later");
	s->confirms = s->confirms && s->decided && final;
	h = s->parent ? quota_hold_of(own, s->parent->order, day_text(a, s->parent->dates.from),
				      s->q->order)
		      : NULL;
	s->own_of_parent = h ? h->granted : 0;
}

/* What the facts before this one may take of a parent, beyond what the case holds of it through them: one declaration may claim
 * a quota and its sub-quotas. */
static int64_t promised(struct batch *b, const struct refset *r, const struct quota_fact *fact,
			uint32_t n, const struct quota_holds *own, const struct ref_quota *of)
{
	const struct span period = day_text(b->h->batch_arena, of->dates.from);
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct ref_quota *q = ref_quota_from(r, fact[i].order, fact[i].period);
		const struct store_quota_hold *h;
		int64_t more;

		if (!q || !span_equal(q->parent, of->order))
			continue;
		h = quota_hold_of(own, of->order, period, q->order);
		more = quota_of_parent(q, fact[i].balance) - (h ? h->granted : 0);
		if (more > 0 && __builtin_add_overflow(sum, more, &sum))
			return INT64_MAX;
	}
	return sum;
}

static enum err fact_for(struct batch *b, const struct job *j, struct span order,
			 const struct quota_holds *own, struct quota_fact *fact, uint32_t n,
			 struct cause *why)
{
	struct quota_fact *ret = &fact[n];
	const struct refset *r = j->inforce->ref;
	const int32_t day = facts_day(&j->facts, DATE_QUOTA);
	struct standing s = {
	    .ref = r,
	    .q = ref_quota(r, order, day),
	    .today = day_of(j->facts.received_at, ref_zone_minutes(r)),
	    .awaited = j->facts.awaited && ref_date(r, DATE_QUOTA) != MOMENT_LODGEMENT,
	    .confirms = j->submission->authored && j->submission->authored->allots};
	struct known *known = NULL, *above = NULL;
	enum err e;

	*ret = closed(order);
	if (!s.q)
		return ERR_NONE;
	if (s.q->parent.n)
		s.parent = ref_quota(r, s.q->parent, day);
	e = know(b, s.q, &known, why);
	if (!e && s.parent)
		e = know(b, s.parent, &above, why);
	if (e)
		return e;
	s.account = known->account;
	s.promised = promised(b, r, fact, n, own, s.parent ? s.parent : s.q);
	if (above)
		s.parent_account = above->account;
	take_own(b, own, &s);
	*ret = fact_of(&s);
	return ERR_NONE;
}

struct noting {
	struct job *job;
	const struct quota_fact *fact;
	uint32_t n;
};

/* The facts outlive the batch. Orders lie in the message, states are constants. */
static void note(void *context)
{
	struct noting *q = context;
	struct facts *f = &q->job->facts;

	f->quotas.v = NULL;
	f->quotas.n = f->quotas.room = 0;
	for (uint32_t i = 0; i < q->n; i++)
		*(struct quota_fact *)arena_push(q->job->submission->arena, (void **)&f->quotas.v,
						 &f->quotas.n, &f->quotas.room,
						 sizeof(*f->quotas.v)) = q->fact[i];
}

/* Before the quotas are locked, to know which; they are read again behind the locks, as a day may be shared meanwhile. */
static enum err read_own(struct batch *b, const struct store_declaration *row,
			 struct quota_holds *ret, struct cause *why)
{
	enum err e = store_list_quota_holds(b->h->store, b->h->batch_arena, row->office,
					    row->reference, &ret->v, &ret->n, why);
	bool waited = false;

	for (uint32_t i = 0; i < ret->n && !e; i++) {
		const struct span lock = quota_lock(b->h->batch_arena, ret->v[i].quota);

		waited |= b->h->node && !map_get(&b->locked, lock);
		e = house_lock_holder(b, lock, why);
	}
	if (e || !waited)
		return e;
	store_forget_quota_holds(b->h->store, row->office, row->reference);
	return store_list_quota_holds(b->h->store, b->h->batch_arena, row->office, row->reference,
				      &ret->v, &ret->n, why);
}

/* ---- a simplified declaration, and what completes it ----
 *
 * Both are one declaration (Regulation (EU) 952/2013, article 167(4)): what the simplified one holds, or waits for, passes to the
 * supplementary one, in its place among the claims, and back when that is withdrawn. */

static enum err read_own_of(struct batch *b, struct span reference, struct quota_holds *ret,
			    struct cause *why)
{
	struct store_declaration row;
	enum err e = house_find_case(b->h->store, b->h->batch_arena, reference, &row, why);

	*ret = (struct quota_holds){0};
	return e == ERR_NOT_FOUND ? ERR_NONE : e ? e : read_own(b, &row, ret, why);
}

/* What the case held before this version: its own, or that of the case that it completes. */
static enum err read_before(struct batch *b, const struct job *j, struct quota_holds *ret,
			    struct cause *why)
{
	*ret = (struct quota_holds){0};
	if (j->has_before)
		return read_own(b, &j->before, ret, why);
	return j->facts.completes.n ? read_own_of(b, j->facts.completes, ret, why) : ERR_NONE;
}

/* What the case that completed this one holds. ret->n 0: none did. */
static enum err read_lent(struct batch *b, struct job *j, struct quota_holds *ret,
			  struct cause *why)
{
	struct store_obligation o;
	enum err e;

	*ret = (struct quota_holds){0};
	if (!j->has_before || !j->before.holder.n || !ref_supplementary_document(j->inforce->ref).n)
		return ERR_NONE;
	e = store_get_obligation(b->h->store, b->h->batch_arena, life_party(j->before.holder),
				 j->before.reference, &o, why);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	j->quotas_lent = o.completed_by.n > 0;
	return j->quotas_lent ? read_own_of(b, o.completed_by, ret, why) : ERR_NONE;
}

/* A version of a case that was completed: it has what the other one was granted, and no more. */
static void lend(struct batch *b, struct quota_fact *fact, const struct quota_holds *lent)
{
	const struct store_quota_hold *h =
	    fact->period == INT32_MIN
		? NULL
		: quota_hold_of(lent, fact->order, day_text(b->h->batch_arena, fact->period),
				SPAN(""));

	fact->way = QUOTA_NOT;
	fact->balance = fact->held = h ? h->granted : 0;
}

enum err quotas_read(struct batch *b, struct job *j, const struct declaration *d, struct cause *why)
{
	struct noting n = {.job = j};
	struct quota_holds own = {0}, lent = {0};
	struct quota_fact *fact;
	struct claims c;
	enum err e;

	if (j->asked == FUNCTION_CANCELLATION)
		return ERR_NONE;
	e = claims_of(j, d, &c, why);
	if (!e)
		e = read_before(b, j, &own, why);
	j->own_quotas = own.v;
	j->own_quota_count = own.n;
	if (!e && c.orders.n)
		e = read_lent(b, j, &lent, why);
	if (e || !c.orders.n)
		return e;
	fact = ARENA_ARRAY(b->h->batch_arena, struct quota_fact, c.orders.n);
	/* sub-quotas first: what they may take of their parent is not promised to it */
	for (uint32_t i = 0; i < 2 * c.orders.n && !e; i++) {
		const struct span order = c.orders.v[i % c.orders.n];
		const struct ref_quota *q =
		    ref_quota(c.ref, order, facts_day(&j->facts, DATE_QUOTA));

		if ((q && q->parent.n) != (i < c.orders.n))
			continue;
		e = fact_for(b, j, order, &own, fact, n.n, why);
		if (!e && j->quotas_lent)
			lend(b, &fact[n.n], &lent);
		n.n++;
	}
	n.fact = fact;
	if (!e && arena_run(j->submission->arena, note, &n))
		e = fail(why, ERR_NOMEM, "no memory for the quotas that are claimed");
	return e;
}

/* ---- what is held ---- */

/* "nothing": the case came to nothing, and its goods did not enter. */
static const char *stage_of(const struct flow_case *c)
{
	const enum flow_state s =
	    c->state == FLOW_QUERIED || c->state == FLOW_DETAINED || c->state == FLOW_SEIZED
		? c->behind
		: c->state;

	switch (s) {
	case FLOW_EXITED:
	case FLOW_RELEASED:
		return "used";
	case FLOW_ABANDONED:
	case FLOW_CANCELLED:
	case FLOW_DESTROYED:
	case FLOW_REJECTED:
	case FLOW_SOLD:
		return "nothing";
	case FLOW_ACCEPTED:
	case FLOW_ASSESSED:
	case FLOW_DETAINED:
	case FLOW_DOCUMENTS:
	case FLOW_INSPECTION:
	case FLOW_LODGED:
	case FLOW_PAID:
	case FLOW_QUERIED:
	case FLOW_SEIZED:
	case FLOW_SELECTED:
	case FLOW_STATES:
		break;
	}
	return "reserved";
}

/* What the decision gives of one quota. */
struct given {
	int64_t asked, granted, applied;
};

static struct given given_of(const struct job *j, struct span order)
{
	const struct assessment *s = &j->decision.assessment;
	struct given g = {0};

	/* more than fits was refused by the sum of the balance; what is asked beyond is not kept */
	for (uint32_t i = 0; i < s->quotas.n; i++)
		if (span_equal(s->quotas.v[i].order, order)) {
			if (__builtin_add_overflow(g.asked, s->quotas.v[i].asked, &g.asked))
				g.asked = INT64_MAX;
			g.granted += s->quotas.v[i].granted;
			g.applied += s->quotas.v[i].applied;
		}
	return g;
}

static enum quota_way way_held(const struct quota_fact *f, const struct given *g)
{
	if (f->way == QUOTA_LATER && g->granted < g->asked)
		return QUOTA_LATER;
	return f->way == QUOTA_SECURED && g->applied < g->granted ? QUOTA_SECURED : QUOTA_NOW;
}

static void add_hold(struct batch *b, const struct job *j, const struct quota_holds *own,
		     const struct quota_fact *f, struct quota_holds *to)
{
	struct arena *a = b->h->batch_arena;
	const struct refset *r = j->inforce->ref;
	const struct given g = given_of(j, f->order);
	const enum quota_way way = way_held(f, &g);
	const struct ref_quota *q = ref_quota_from(r, f->order, f->period);
	const struct store_quota_hold *before;
	struct store_quota_hold h;

	if (!q || (way != QUOTA_LATER && !g.granted))
		return;
	h = (struct store_quota_hold){
	    .quota = f->order,
	    .period = day_text(a, f->period),
	    .office = span_of(j->office->code),
	    .reference = j->facts.reference,
	    .sub = SPAN(""),
	    .day = day_text(a, j->has_before ? day_of(j->facts.received_at, ref_zone_minutes(r))
					     : facts_day(&j->facts, DATE_QUOTA)),
	    .at = j->facts.received_at,
	    .stage = SPAN("reserved"),
	    .way = span_of(quota_way_name(way)),
	    .asked = g.asked,
	    .granted = g.granted};
	/* who asks for no more keeps the place */
	before = quota_hold_of(own, h.quota, h.period, h.sub);
	if (before && before->asked >= h.asked) {
		h.day = before->day;
		h.at = before->at;
	}
	to->v[to->n++] = h;
	if (!q->parent.n || !ref_quota(r, q->parent, q->dates.from))
		return;
	h.sub = h.quota;
	h.quota = q->parent;
	h.period = day_text(a, ref_quota(r, q->parent, q->dates.from)->dates.from);
	h.asked = quota_of_parent(q, h.asked);
	h.granted = quota_of_parent(q, h.granted);
	to->v[to->n++] = h;
}

static void holds_given(struct batch *b, const struct job *j, const struct quota_holds *own,
			struct quota_holds *ret)
{
	ret->n = 0;
	ret->v = ARENA_ARRAY(b->h->batch_arena, struct store_quota_hold,
			     2 * (size_t)j->facts.quotas.n + 1);
	for (uint32_t i = 0; i < j->facts.quotas.n && !j->quotas_lent; i++)
		add_hold(b, j, own, &j->facts.quotas.v[i], ret);
}

static void count_known(struct batch *b, const struct store_quota_hold *h, bool takes)
{
	struct known *k = map_get(&b->quotas, known_key(b->h->batch_arena, h->quota, h->period));
	const struct quota_hold none = quota_hold_counted(NULL), counted = quota_hold_counted(h);

	if (k)
		(void)quota_move(&k->account, takes ? &none : &counted, takes ? &counted : &none,
				 &k->account);
}

void quotas_take(struct batch *b, const struct job *j)
{
	const struct quota_holds own = {j->own_quotas, j->own_quota_count};
	struct quota_holds now;

	if (!own.n && !j->facts.quotas.n)
		return;
	holds_given(b, j, &own, &now);
	for (uint32_t i = 0; i < own.n; i++)
		count_known(b, &own.v[i], false);
	for (uint32_t i = 0; i < now.n; i++)
		count_known(b, &now.v[i], true);
}

/* ---- moving ---- */

struct moving {
	struct office *office;
	struct span reference, actor;
	int64_t version;
	const struct refset *ref;
};

/* The hold of the same place that becomes another one; NULL: it is another case's, which gives it up. */
static const struct store_quota_hold *same_hold(const struct quota_holds *h,
						const struct store_quota_hold *of)
{
	const struct store_quota_hold *found = quota_hold_of(h, of->quota, of->period, of->sub);

	return found && span_equal(found->reference, of->reference) ? found : NULL;
}

/* What is given back goes first: what the same case takes elsewhere may need it. */
static enum err move_all(struct batch *b, const struct moving *q, const struct quota_holds *was,
			 const struct quota_holds *becomes, struct cause *why)
{
	struct event event = {.kind = SPAN("quota"),
			      .reference = q->reference,
			      .version = q->version,
			      .at = b->now,
			      .actor = q->actor};
	struct quota_moves moves = {0};
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < was->n && !e; i++)
		if (!same_hold(becomes, &was->v[i]))
			e = quota_move_hold(b, q->ref, &was->v[i], NULL, &moves, why);
	for (uint32_t i = 0; i < becomes->n && !e; i++) {
		const struct store_quota_hold *h = &becomes->v[i];

		e = quota_move_hold(b, q->ref, same_hold(was, h), h, &moves, why);
	}
	if (e || !moves.list.n)
		return e;
	event.payload = quota_write_moves(b->h->batch_arena, &moves);
	return house_append(b->h, q->office, &event, NULL, why);
}

static void set_stage(struct quota_holds *h, const char *stage)
{
	if (!strcmp(stage, "nothing"))
		h->n = 0;
	for (uint32_t i = 0; i < h->n; i++)
		h->v[i].stage = span_of(stage);
}

enum err quotas_put(struct batch *b, struct job *j, const struct flow_case *now, struct cause *why)
{
	const struct moving q = {j->office, j->facts.reference, j->facts.sender, j->facts.version,
				 j->inforce->ref};
	const struct quota_holds own = {j->own_quotas, j->own_quota_count};
	struct quota_holds was, becomes;
	enum err e;

	if (!own.n && !j->facts.quotas.n)
		return ERR_NONE;
	e = read_before(b, j, &was, why); /* the act may have moved them */
	if (e)
		return e;
	holds_given(b, j, &own, &becomes);
	set_stage(&becomes, stage_of(now));
	return move_all(b, &q, &was, &becomes, why);
}

/* What the decision of a case asked for, and what of it is charged by the quota's rate. */
struct claimed {
	struct arena *arena;
	struct span decision, completes;
	const struct json *uses;
};

static void read_claimed(void *context)
{
	struct claimed *c = context;
	const struct json *decision;
	struct codec_fault fault;
	struct facts f = {0};

	if (json_read(c->arena, c->decision, &decision, &fault))
		return;
	c->uses = json_get(decision, "quotas");
	if (!decision_read_facts(c->arena, decision, &f))
		c->completes = f.completes;
}

static enum err claimed_by(struct batch *b, const struct store_declaration *row,
			   struct claimed *ret, struct cause *why)
{
	enum err e;

	*ret = (struct claimed){.arena = b->h->batch_arena};
	e = batch_read_event(b->h->store, ret->arena, row, row->decision_seq, &ret->decision, why);
	if (!e)
		read_claimed(ret);
	return e;
}

static struct given claimed_of(const struct claimed *c, struct span order)
{
	struct given g = {0};

	for (const struct json *u = c->uses ? c->uses->first : NULL; u; u = u->next) {
		int64_t asked = 0, applied = 0;

		if (!span_equal(json_get_text(u, "quota"), order) ||
		    json_get_int(u, "asked", &asked) || json_get_int(u, "applied", &applied))
			continue;
		if (__builtin_add_overflow(g.asked, asked, &g.asked))
			g.asked = INT64_MAX;
		g.applied += applied;
	}
	return g;
}

/* What the simplified case has again of a hold: no more than it asked for. */
static void give_back(struct quota_holds *to, const struct store_quota_hold *was,
		      const struct store_declaration *row, const struct given *g)
{
	struct store_quota_hold *h = &to->v[to->n];

	*h = *was;
	h->office = row->office;
	h->reference = row->reference;
	h->asked = least(was->asked, g->asked);
	h->granted = least(was->granted, g->asked);
	if (span_is(was->way, "now") || span_is(was->way, "granted"))
		h->way = h->granted == g->applied ? SPAN("now") : SPAN("granted");
	if (h->granted || span_is(h->way, "later"))
		to->n++;
}

/* The part of it that counts in its parent. */
static void give_back_above(struct quota_holds *to, const struct refset *r,
			    const struct store_quota_hold *was, const struct quota_holds *all)
{
	for (uint32_t i = 0; i < all->n; i++) {
		const struct store_quota_hold *up = &all->v[i];
		struct store_quota_hold *of = &to->v[to->n - 1], *h = &to->v[to->n];
		const struct ref_quota *q;
		int32_t first;

		if (!span_equal(up->sub, was->quota) || day_parse(was->period, &first))
			continue;
		q = ref_quota_from(r, was->quota, first);
		*h = *up;
		h->office = of->office;
		h->reference = of->reference;
		h->asked = q ? quota_of_parent(q, of->asked) : 0;
		h->granted = q ? quota_of_parent(q, of->granted) : 0;
		to->n++;
		return;
	}
}

/* A case that completed another one came to nothing: that one has it again, if its goods still count. */
static enum err back_to_simplified(struct batch *b, const struct life *l, const struct refset *r,
				   const struct quota_holds *was, struct quota_holds *becomes,
				   struct cause *why)
{
	struct store_declaration row;
	struct claimed mine, theirs;
	struct life simplified;
	enum err e = claimed_by(b, &l->row, &mine, why);

	becomes->n = 0;
	if (e || !mine.completes.n)
		return e;
	e = house_find_case(b->h->store, b->h->batch_arena, mine.completes, &row, why);
	if (!e)
		e = life_of(b->h->store, b->h->batch_arena, &row, &simplified, why);
	if (!e)
		e = claimed_by(b, &row, &theirs, why);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	becomes->v = ARENA_ARRAY(b->h->batch_arena, struct store_quota_hold, was->n + 1);
	for (uint32_t i = 0; i < was->n; i++) {
		const struct given g = claimed_of(&theirs, was->v[i].quota);
		const uint32_t n = becomes->n;

		if (was->v[i].sub.n || !g.asked)
			continue;
		give_back(becomes, &was->v[i], &row, &g);
		if (becomes->n > n)
			give_back_above(becomes, r, &was->v[i], was);
	}
	set_stage(becomes, stage_of(&simplified.now));
	return ERR_NONE;
}

enum err quotas_follow(struct batch *b, struct office *o, const struct life *l,
		       const struct flow_case *before, const struct flow_do *given,
		       const struct refset *r, struct cause *why)
{
	const struct moving q = {o, l->row.reference, given->by, l->now.version, r};
	const char *stage = stage_of(&l->now);
	struct quota_holds was, becomes;
	enum err e;

	if (!strcmp(stage, stage_of(before)))
		return ERR_NONE;
	e = read_own(b, &l->row, &was, why);
	if (e || !was.n)
		return e;
	becomes.n = was.n;
	becomes.v = ARENA_ARRAY(b->h->batch_arena, struct store_quota_hold, was.n);
	memcpy(becomes.v, was.v, sizeof(*becomes.v) * was.n);
	set_stage(&becomes, stage);
	if (!becomes.n)
		e = back_to_simplified(b, l, r, &was, &becomes, why);
	return e ? e : move_all(b, &q, &was, &becomes, why);
}
