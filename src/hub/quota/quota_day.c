#include "hub/quota/quota_day.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/life/authored.h"
#include "hub/node/node.h"
#include "hub/quota/quotas.h"

enum { CLAIMS_LISTED = 500, CASES_TOLD = QUOTA_CASES_TOLD };

static struct span today_text(struct batch *b)
{
	struct text t = text_in(b->h->batch_arena);

	day_write(&t, day_of(b->now, ref_zone_minutes(b->inforce->ref)));
	return text_as_span(&t);
}

/* ---- sharing ---- */

/* One day's claims of one period of a quota. */
struct sharing {
	struct batch *batch;
	const struct refset *ref;
	const struct ref_quota *q, *parent;
	struct span parent_period;
	struct store_quota_hold *claim;
	uint32_t n;
	int64_t left;
};

/* A grant is rounded up where it is taken of the parent: where that can happen, one unit for each claim is left there. */
static enum err find_left(struct sharing *s, struct span period, struct cause *why)
{
	struct store_quota row;
	int64_t above;
	enum err e = quota_account_of(s->batch, s->q->order, period, &row, why);

	if (e)
		return e;
	s->left = quota_left(s->q, &(struct quota_account){row.taken, row.requested});
	if (!s->parent)
		return ERR_NONE;
	e = quota_account_of(s->batch, s->parent->order, s->parent_period, &row, why);
	if (e)
		return e;
	above = quota_left(s->parent, &(struct quota_account){row.taken, row.requested});
	if (s->q->coefficient % QUOTA_MILLION)
		above -= s->n;
	above = quota_within_parent(s->q, above);
	s->left = s->left < above ? s->left : above;
	return ERR_NONE;
}

/* By the scheme: in proportion, or in the order of their coming (claims that a suspension kept waiting). What a claim holds
 * already it keeps. */
static bool grant(const struct sharing *s, struct money *ret)
{
	int64_t left = s->left > 0 ? s->left : 0;
	int64_t *asked = ARENA_ARRAY(s->batch->h->batch_arena, int64_t, s->n + 1);

	for (uint32_t i = 0; i < s->n; i++)
		asked[i] = s->claim[i].asked - s->claim[i].granted;
	if (s->q->scheme == QUOTA_DAY)
		return quota_share(left, asked, s->n, ret);
	for (uint32_t i = 0; i < s->n; i++) {
		ret[i].minor = asked[i] < left ? asked[i] : left;
		left -= ret[i].minor;
	}
	return true;
}

static const struct store_quota_hold *above(const struct sharing *s, const struct quota_holds *own)
{
	return s->parent ? quota_hold_of(own, s->parent->order, s->parent_period, s->q->order)
			 : NULL;
}

static enum err put_grant(struct sharing *s, uint32_t i, int64_t more, struct quota_moves *moves,
			  struct cause *why)
{
	const struct store_quota_hold *was = &s->claim[i], *up;
	struct store_quota_hold becomes = *was, becomes_up;
	struct quota_holds own;
	enum err e = store_list_quota_holds(s->batch->h->store, s->batch->h->batch_arena,
					    was->office, was->reference, &own.v, &own.n, why);

	if (e)
		return e;
	becomes.way = SPAN("granted");
	becomes.granted += more;
	e = quota_move_hold(s->batch, s->ref, was, &becomes, moves, why);
	up = above(s, &own);
	if (e || !up)
		return e;
	becomes_up = *up;
	becomes_up.way = SPAN("now");
	becomes_up.granted = quota_of_parent(s->q, becomes.granted);
	return quota_move_hold(s->batch, s->ref, up, &becomes_up, moves, why);
}

static enum err share(struct sharing *s, const struct store_quota_hold *of,
		      struct quota_moves *moves, struct cause *why)
{
	struct money *got;
	enum err e =
	    store_list_day_quota_holds(s->batch->h->store, s->batch->h->batch_arena, of->quota,
				       of->period, of->day, &s->claim, &s->n, why);

	if (!e)
		e = find_left(s, of->period, why);
	if (e)
		return e;
	got = ARENA_ARRAY(s->batch->h->batch_arena, struct money, s->n + 1);
	if (!grant(s, got)) {
		log_event("quota.share",
			  "quota=%.*s day=%.*s detail=\"what is asked does not fit\"",
			  SPAN_ARG(of->quota), SPAN_ARG(of->day));
		return ERR_NONE;
	}
	for (uint32_t i = 0; i < s->n && !e; i++)
		e = put_grant(s, i, got[i].minor, moves, why);
	return e;
}

/* Does the pack let these claims be decided today? */
static bool begin_sharing(struct batch *b, const struct store_quota_hold *of, struct sharing *ret)
{
	const int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	int32_t first;
	struct text t = text_in(b->h->batch_arena);

	*ret = (struct sharing){.batch = b, .ref = b->inforce->ref};
	if (day_parse(of->period, &first))
		return false;
	ret->q = ref_quota_from(ret->ref, of->quota, first);
	if (!ret->q || ref_quota_stop(ret->ref, of->quota, STOP_SUSPENSION, today))
		return false;
	if (!ret->q->parent.n)
		return true;
	ret->parent = ref_quota(ret->ref, ret->q->parent, first);
	if (!ret->parent || ref_quota_stop(ret->ref, ret->q->parent, STOP_SUSPENSION, today))
		return false;
	day_write(&t, ret->parent->dates.from);
	ret->parent_period = text_as_span(&t);
	return true;
}

static bool same_day(const struct store_quota_hold *a, const struct store_quota_hold *b)
{
	return span_equal(a->quota, b->quota) && span_equal(a->period, b->period) &&
	       span_equal(a->day, b->day);
}

/* All locks come before the first move, in the order of their names. */
static enum err lock_all(struct batch *b, const struct store_quota_hold *due, uint32_t n,
			 struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct map parents = map_in(a), seen = map_in(a);
	DICT_LIST(struct span) id = {0};
	enum err e = ERR_NONE;

	for (const struct ref_quota *q = ref_quotas(b->inforce->ref); q; q = q->following)
		if (q->parent.n)
			map_put(&parents, q->order, (void *)(uintptr_t)q);
	for (uint32_t i = 0; i < n; i++) {
		const struct ref_quota *q = map_get(&parents, due[i].quota);
		const struct span of[] = {due[i].quota, q ? q->parent : due[i].quota};

		for (uint32_t k = 0; k < ARRAY_LEN(of); k++) {
			if (map_get(&seen, of[k]))
				continue;
			map_put(&seen, of[k], b);
			*(struct span *)arena_push(a, (void **)&id.v, &id.n, &id.room,
						   sizeof(*id.v)) = quota_lock(a, of[k]);
		}
	}
	if (id.n)
		qsort(id.v, id.n, sizeof(*id.v), span_order);
	for (uint32_t i = 0; i < id.n && !e; i++)
		e = house_lock_holder(b, id.v[i], why);
	return e;
}

static enum err append(struct batch *b, const struct quota_moves *moves, struct cause *why)
{
	struct office *o = house_office(b->h, HUB_OFFICE);
	struct event event = {
	    .kind = SPAN("quota-day"), .reference = SPAN(""), .at = b->now, .actor = SPAN("hub")};
	enum err e = o ? house_read_office(b->h, o, why) : ERR_LIMIT;

	event.payload = quota_write_moves(b->h->batch_arena, moves);
	return e ? e : house_append(b->h, o, &event, NULL, why);
}

enum err quota_day_share(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct quota_moves moves = {0};
	struct store_quota_hold *due;
	uint32_t n;
	enum err e = store_list_due_quota_holds(b->h->store, a, SPAN("later"), today_text(b),
						CLAIMS_LISTED, &due, &n, why);

	if (!e && n)
		e = lock_all(b, due, n, why);
	for (uint32_t i = 0; i < n && !e; i++) {
		struct sharing s;

		if ((i && same_day(&due[i - 1], &due[i])) || due[i].sub.n ||
		    !begin_sharing(b, &due[i], &s))
			continue;
		e = share(&s, &due[i], &moves, why);
	}
	return e || !moves.list.n ? e : append(b, &moves, why);
}

/* ---- telling ---- */

/* Is it this node's case, and does the case allow it now? */
static enum err is_ours(struct batch *b, const struct store_quota_hold *h, bool *ret,
			struct cause *why)
{
	struct flow_do given = {
	    .act = ACT_ALLOT, .by = SPAN("hub"), .roles = ROLE_HUB, .at = b->now, .applied = true};
	struct cause elsewhere = {0};
	struct store_declaration row;
	struct flow_case after;
	struct flow_path path;
	struct office *o;
	struct life l;
	bool fresh;
	enum err e = house_enter(b->h, h->office, &o, &fresh, &elsewhere);

	*ret = false;
	if (e == ERR_ELSEWHERE)
		return ERR_NONE;
	if (e) {
		*why = elsewhere;
		return e;
	}
	e = store_get_declaration(b->h->store, b->h->batch_arena, h->office, h->reference, &row,
				  why);
	if (!e)
		e = life_of(b->h->store, b->h->batch_arena, &row, &l, why);
	if (e)
		return e;
	given.version = l.now.version + 1;
	given.due = l.now.due;
	given.lane = l.now.lane;
	*ret = flow_act(&l.now, &given, &after, &path) == REFUSED_NOTHING;
	return ERR_NONE;
}

static enum err note(struct batch *b, const struct store_quota_hold *h, struct cause *why)
{
	struct quota_told *t = &b->h->quota_told;
	bool ours;
	enum err e;

	for (uint32_t i = 0; i < t->n; i++)
		if (span_is(h->reference, t->reference[i]))
			return ERR_NONE;
	e = is_ours(b, h, &ours, why);
	if (e || !ours || h->reference.n >= sizeof(t->reference[0]))
		return e;
	memcpy(t->reference[t->n], h->reference.p, h->reference.n);
	t->reference[t->n][h->reference.n] = 0;
	snprintf(t->day[t->n], sizeof(t->day[0]), "%.*s", SPAN_ARG(h->day));
	t->n++;
	return ERR_NONE;
}

enum err quota_day_note(struct batch *b, struct cause *why)
{
	static const char *const ways[] = {"granted", "secured"};
	struct quota_told *t = &b->h->quota_told;
	enum err e = ERR_NONE;

	t->n = 0;
	for (uint32_t w = 0; w < ARRAY_LEN(ways) && !e; w++) {
		struct store_quota_hold *due;
		uint32_t n;

		e = store_list_due_quota_holds(b->h->store, b->h->batch_arena, span_of(ways[w]),
					       today_text(b), CLAIMS_LISTED, &due, &n, why);
		for (uint32_t i = 0; i < n && !e && t->n < CASES_TOLD; i++)
			if (!due[i].sub.n)
				e = note(b, &due[i], why);
	}
	return e;
}

struct telling {
	struct submission submission;
	struct authored by;
	const char *reference, *day;
};

static void told(struct submission *s)
{
	const struct outcome *o = &s->outcome;

	if (!o->accepted || (o->kind != OUTCOME_NEW && o->kind != OUTCOME_REPEATED))
		log_event("quota.untold", "detail=\"%s\"",
			  o->cause.err ? o->cause.text : "the version has errors");
	arena_free(s->arena);
}

static void write_message(void *context)
{
	struct telling *t = context;
	struct arena *a = t->submission.arena;
	struct text text = text_in(a);
	struct json_writer w = json_to(&text);

	/* the same grant is the same message, however often it is told */
	authored_write_presentation(&w,
				    span_of(arena_print(a, "quota %s %s", t->reference, t->day)),
				    span_of(t->reference));
	t->submission.raw = text_as_span(&text);
}

static void tell(struct hub *h, const char *reference, const char *day)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct telling *t = a ? arena_try(a, sizeof(*t)) : NULL;

	if (!t) {
		arena_free(a);
		return; /* the next clock finds it again */
	}
	*t = (struct telling){.reference = reference, .day = day};
	t->by = (struct authored){
	    .login = SPAN("hub"), .roles = ROLE_HUB, .reason = SPAN("quota"), .allots = true};
	t->submission = (struct submission){
	    .sender = t->by.login, .authored = &t->by, .arena = a, .done = told, .context = h};
	if (arena_run(a, write_message, t))
		arena_free(a);
	else
		hub_submit(h, &t->submission);
}

void quota_day_tell(struct hub *h)
{
	for (uint32_t i = 0; i < h->quota_told.n; i++)
		tell(h, h->quota_told.reference[i], h->quota_told.day[i]);
	h->quota_told.n = 0;
}
