#include <stdlib.h>

#include "risk/room.h"

/* ---- purposes of draws ---- */

static const struct span purpose_random = {"random", 6, 0};

/* Lanes with an expected rate, the most control first. */
static const struct topped_up {
	enum lane lane;
	struct span purpose;
} topped_up[] = {
    {LANE_RED, {"rate:red", 8, 0}},
    {LANE_YELLOW, {"rate:yellow", 11, 0}},
    {LANE_BLUE, {"rate:blue", 9, 0}},
};

enum { MILLION = 1000000, THOUSAND = 1000 };

uint32_t risk_draw_max(const struct ruleset *s)
{
	return s->count + 1 + (uint32_t)ARRAY_LEN(topped_up);
}

uint32_t risk_draw_purposes(const struct ruleset *s, int32_t day, struct span *purposes)
{
	uint32_t n = 0;

	purposes[n++] = purpose_random;
	for (uint32_t i = 0; i < ARRAY_LEN(topped_up); i++)
		if (ref_lane(s->ref, topped_up[i].lane, day)->expected_ppm > 0)
			purposes[n++] = topped_up[i].purpose;
	for (uint32_t i = 0; i < s->count; i++)
		if (s->about[i].rate_ppm < MILLION && ref_holds(s->about[i].dates, day))
			purposes[n++] = s->about[i].id;
	return n;
}

static bool drawn(const struct facts *f, struct span purpose, int64_t rate_ppm)
{
	const struct draw *d = facts_draw(f, purpose);

	return d && draw_within(d->value, rate_ppm);
}

/* ---- which rules hit ---- */

/* What one rule hit: the first items, in order, and how many in all. */
struct hit {
	uint32_t item;
	struct hit *next;
};
struct hits {
	uint32_t rule, count;
	uint32_t last_item;
	struct hit *first, *last;
};

/* Hits by rule: a table that grows, because most declarations hit few of many rules. */
struct hit_table {
	struct hits **slots; /* a power of two, at least half of it empty */
	uint32_t size, n;
};

struct selecting {
	struct subject subject;
	const struct ruleset *rules;
	struct hit_table hits;
	struct selection *to;
	/* Rules whose dates and whose questions about the declaration alone were looked at, and those that passed. */
	uint64_t asked[RULE_WORDS], open[RULE_WORDS];
	DICT_LIST(uint32_t)
	every; /* rules about items that some value of the declaration makes possible */
};

static struct hits **hit_slot(const struct hit_table *t, uint32_t rule)
{
	uint32_t i = rule * UINT32_C(2654435761) >> 7 & (t->size - 1);

	while (t->slots[i] && t->slots[i]->rule != rule)
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static void grow(struct arena *a, struct hit_table *t)
{
	struct hit_table larger = {.size = t->size ? t->size * 2 : 16, .n = t->n};

	larger.slots = ARENA_ARRAY(a, struct hits *, larger.size);
	for (uint32_t i = 0; i < t->size; i++)
		if (t->slots[i])
			*hit_slot(&larger, t->slots[i]->rule) = t->slots[i];
	*t = larger;
}

static struct hits *hits_of(struct selecting *s, uint32_t rule)
{
	struct hit_table *t = &s->hits;
	struct hits **slot;

	if (2 * t->n >= t->size)
		grow(s->subject.arena, t);
	slot = hit_slot(t, rule);
	if (!*slot) {
		*slot = ARENA_NEW(s->subject.arena, struct hits);
		(*slot)->rule = rule;
		t->n++;
	}
	return *slot;
}

/* Items come in their order, and a rule may come twice for one of them. */
static void hit(struct selecting *s, uint32_t rule, uint32_t item)
{
	struct hits *h = hits_of(s, rule);
	struct hit *new;

	if (h->count && h->last_item == item)
		return;
	h->last_item = item;
	if (h->count++ >= LIMIT_REASON_ITEMS)
		return;
	new = ARENA_NEW(s->subject.arena, struct hit);
	new->item = item;
	if (h->last)
		h->last->next = new;
	else
		h->first = new;
	h->last = new;
}

/* Does the rule hold on the day, and does all hold that it asks about the declaration alone? Looked at once. */
static bool is_open(struct selecting *s, uint32_t rule)
{
	const struct rule *r = &s->rules->rules[rule];

	if (!bit_is(s->asked, rule)) {
		bit_set(s->asked, rule);
		if (ref_holds(r->dates, s->subject.facts->legal_day) &&
		    condition_holds(&s->subject, r->gate))
			bit_set(s->open, rule);
	}
	return bit_is(s->open, rule);
}

static void try_rule(void *context, uint32_t rule)
{
	struct selecting *s = context;
	struct arena *a = s->subject.arena;

	if (bit_is(s->asked, rule) || !is_open(s, rule))
		return;
	if (s->rules->rules[rule].per_item)
		*(uint32_t *)arena_push(a, (void **)&s->every.v, &s->every.n, &s->every.room,
					sizeof(rule)) = rule;
	else if (condition_holds(&s->subject, s->rules->rules[rule].body))
		hit(s, rule, UINT32_MAX);
}

static void try_declaration(struct selecting *s)
{
	const struct rule_index *x = &s->rules->index;

	for (uint32_t i = 0; i < x->used_of_declaration; i++)
		index_visit(&s->subject, x->used[i], try_rule, s);
	for (uint32_t i = 0; i < x->whole_always.n; i++)
		try_rule(s, x->whole_always.v[i]);
}

static void try_on_item(void *context, uint32_t rule)
{
	struct selecting *s = context;

	if (is_open(s, rule) && condition_holds(&s->subject, s->rules->rules[rule].body))
		hit(s, rule, s->subject.index);
}

static void try_item(struct selecting *s, uint32_t item)
{
	const struct rule_index *x = &s->rules->index;

	subject_item(&s->subject, item);
	for (uint32_t i = x->used_of_declaration; i < x->used_count; i++)
		index_visit(&s->subject, x->used[i], try_on_item, s);
	for (uint32_t i = 0; i < x->item_always.n; i++)
		try_on_item(s, x->item_always.v[i]);
	for (uint32_t i = 0; i < s->every.n; i++)
		try_on_item(s, s->every.v[i]);
}

/* ---- lane, score, reasons ---- */

static struct reason *give(struct selecting *s, enum reason_kind kind, struct span id,
			   enum lane lane, struct span text)
{
	struct selection *to = s->to;
	struct reason *new = select_reason(s->subject.arena, to, kind, id, lane, text);

	if (to->lane < lane)
		to->lane = lane;
	return new;
}

static void select_random(struct selecting *s, const struct refset *r)
{
	if (drawn(s->subject.facts, purpose_random, ref_random_ppm(r)))
		give(s, REASON_RANDOM, purpose_random, LANE_RED,
		     SPAN("Random selection: any accepted declaration may be examined."))
		    ->drawn = true;
}

/* Items that are not listed are counted on the last that is. */
static struct span text_of_last(struct selecting *s, struct span text, uint32_t more)
{
	struct text t = text_in(s->subject.arena);

	text_span(&t, text);
	text_print(&t, " (and %u more %s)", more, more == 1 ? "item" : "items");
	return text_as_span(&t);
}

static struct span past_of(struct selecting *s, uint32_t rule, uint32_t item)
{
	const struct rule *r = &s->rules->rules[rule];

	if (!r->past_count)
		return (struct span){NULL, 0, 0};
	if (item != UINT32_MAX)
		subject_item(&s->subject, item);
	return past_say(&s->subject, r->past, r->past_count);
}

static void give_rule(struct selecting *s, const struct risk_rule *rule, const struct hits *h)
{
	bool always = rule->rate_ppm == MILLION;
	bool within = !always && drawn(s->subject.facts, rule->id, rule->rate_ppm);
	enum lane lane = always || within ? rule->lane : LANE_NONE;
	struct reason *reason = NULL;

	for (const struct hit *i = h->first; i; i = i->next) {
		reason = give(s, REASON_RULE, rule->id, lane, rule->text);
		reason->item = i->item;
		reason->weight = rule->weight;
		reason->drawn = within;
		reason->note = rule->note;
		reason->past = past_of(s, h->rule, i->item);
	}
	if (reason && h->count > LIMIT_REASON_ITEMS)
		reason->text = text_of_last(s, rule->text, h->count - LIMIT_REASON_ITEMS);
}

static int by_rule(const void *a, const void *b)
{
	const struct hits *x = *(struct hits *const *)a, *y = *(struct hits *const *)b;

	return (x->rule > y->rule) - (x->rule < y->rule);
}

/* Those that hit, in the order of their ids. */
static struct hits **in_order(const struct selecting *s)
{
	struct hits **ret = ARENA_ARRAY(s->subject.arena, struct hits *, s->hits.n);
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->hits.size; i++)
		if (s->hits.slots[i])
			ret[n++] = s->hits.slots[i];
	qsort(ret, n, sizeof(struct hits *), by_rule);
	return ret;
}

/* 1000 * (1 - product of (1 - weight / 1000)) over the rules that hit, each once, in the order of ids. What is left of the
 * product is kept in units of 10^-12 and rounded down at each step; the score is rounded to the nearest, half up. */
static void select_by_rules(struct selecting *s)
{
	const int64_t one = INT64_C(1000000000000);
	struct hits **hits = s->hits.n ? in_order(s) : NULL;
	int64_t left = one;

	for (uint32_t i = 0; i < s->hits.n; i++) {
		const struct risk_rule *about = &s->rules->about[hits[i]->rule];

		give_rule(s, about, hits[i]);
		left = left * (THOUSAND - about->weight) / THOUSAND;
	}
	s->to->score = ((one - left) + one / THOUSAND / 2) / (one / THOUSAND);
}

/* The share of a lane in what the office accepted today, this declaration among all but not among the lane's: rounded down. */
static int64_t share_ppm(const struct facts *f, enum lane lane)
{
	__int128 all = 1;

	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		all += f->office_day[l];
	return all > 0 ? (int64_t)((__int128)f->office_day[lane] * MILLION / all) : 0;
}

/* What would be green fills up the lanes that have fewer than expected today. */
static void select_by_rate(struct selecting *s, const struct refset *r)
{
	const struct facts *f = s->subject.facts;

	if (s->to->lane > LANE_GREEN || f->lane_before > LANE_GREEN)
		return;
	for (uint32_t i = 0; i < ARRAY_LEN(topped_up); i++) {
		const struct topped_up *t = &topped_up[i];
		int64_t expected = ref_lane(r, t->lane, f->legal_day)->expected_ppm;
		int64_t missing = expected - share_ppm(f, t->lane);

		if (missing <= 0 || !drawn(f, t->purpose, missing))
			continue;
		give(s, REASON_RATE, t->purpose, t->lane,
		     SPAN("Fewer declarations than expected had this lane today."))
		    ->drawn = true;
		return;
	}
}

static void select_before(struct selecting *s)
{
	enum lane before = s->subject.facts->lane_before;

	if (before > s->to->lane)
		give(s, REASON_BEFORE, span_of(lane_name(before)), before,
		     SPAN("An earlier version of the declaration had this lane."));
}

void risk_select(struct arena *a, const struct declaration *d, const struct assessment *assessed,
		 const struct refset *r, const struct ruleset *rules, const struct facts *facts,
		 struct selection *ret)
{
	struct selection to = {.lane = LANE_GREEN};
	struct selecting s;

	BUG_ON(r != rules->ref);
	s.rules = rules;
	s.hits = (struct hit_table){NULL, 0, 0};
	s.to = &to;
	s.every.v = NULL;
	s.every.n = s.every.room = 0;
	memset(s.asked, 0, rules->words * sizeof(*s.asked));
	memset(s.open, 0, rules->words * sizeof(*s.open));
	subject_begin(&s.subject, a, d, assessed, facts, rules);
	select_random(&s, r);
	try_declaration(&s);
	for (uint32_t i = 0; i < d->shipment.items.n; i++)
		try_item(&s, i);
	select_by_rules(&s);
	select_missed(a, r, rules, facts, &to);
	select_by_rate(&s, r);
	select_by_capacity(a, r, rules, facts, assessed, &to);
	select_before(&s);
	select_ease(r, rules, &to);
	*ret = to;
}
