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
	struct hit *first, *last;
	uint32_t count;
};

struct selecting {
	struct subject subject;
	const struct ruleset *rules;
	struct hits *hits; /* by rule; NULL while none hit */
	struct selection *to;
	/* Rules about items whose dates and whose questions about the declaration alone were looked at, and those that passed. */
	uint64_t asked[RULE_WORDS], open[RULE_WORDS];
};

static void hit(struct selecting *s, uint32_t rule, uint32_t item)
{
	struct arena *a = s->subject.arena;
	struct hits *h;
	struct hit *new;

	if (!s->hits)
		s->hits = ARENA_ARRAY(a, struct hits, s->rules->count);
	h = &s->hits[rule];
	if (h->count++ >= LIMIT_REASON_ITEMS)
		return;
	new = ARENA_NEW(a, struct hit);
	new->item = item;
	if (h->last)
		h->last->next = new;
	else
		h->first = new;
	h->last = new;
}

/* Does the rule hold on the day, and does all hold that it asks about the declaration alone? */
static bool passes(struct selecting *s, uint32_t rule)
{
	const struct rule *r = &s->rules->rules[rule];

	return ref_holds(r->dates, s->subject.facts->legal_day) &&
	       condition_holds(&s->subject, r->gate);
}

static void try_declaration(struct selecting *s)
{
	for (uint32_t w = 0; w < s->rules->words; w++) {
		for (uint64_t left = s->rules->whole[w]; left; left &= left - 1) {
			uint32_t rule = w * 64 + (uint32_t)__builtin_ctzll(left);

			if (passes(s, rule))
				hit(s, rule, UINT32_MAX);
		}
	}
}

static void ask(struct selecting *s, uint32_t word, uint64_t new)
{
	s->asked[word] |= new;
	for (; new; new &= new - 1) {
		uint32_t rule = word * 64 + (uint32_t)__builtin_ctzll(new);

		if (passes(s, rule))
			bit_set(s->open, rule);
	}
}

static void try_item(struct selecting *s, uint32_t item)
{
	const struct value *code;
	const uint64_t *candidates;

	subject_item(&s->subject, item);
	code = subject_value(&s->subject, SIGNAL_item_commodity);
	candidates = s->rules->chapter[code ? chapter_of(code->text) : CHAPTER_OTHER];
	for (uint32_t w = 0; w < s->rules->words; w++) {
		ask(s, w, candidates[w] & ~s->asked[w]);
		for (uint64_t left = candidates[w] & s->open[w]; left; left &= left - 1) {
			uint32_t rule = w * 64 + (uint32_t)__builtin_ctzll(left);

			if (condition_holds(&s->subject, s->rules->rules[rule].body))
				hit(s, rule, item);
		}
	}
}

/* ---- lane, score, reasons ---- */

static struct reason *give(struct selecting *s, enum reason_kind kind, struct span id,
			   enum lane lane, struct span text)
{
	struct selection *to = s->to;
	struct reason *new = arena_push(s->subject.arena, (void **)&to->reasons.v, &to->reasons.n,
					&to->reasons.room, sizeof(*new));

	*new =
	    (struct reason){.kind = kind, .id = id, .lane = lane, .item = UINT32_MAX, .text = text};
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
	}
	if (reason && h->count > LIMIT_REASON_ITEMS)
		reason->text = text_of_last(s, rule->text, h->count - LIMIT_REASON_ITEMS);
}

/* 1000 * (1 - product of (1 - weight / 1000)) over the rules that hit, each once, in the order of ids. What is left of the
 * product is kept in units of 10^-12 and rounded down at each step; the score is rounded to the nearest, half up. */
static void select_by_rules(struct selecting *s)
{
	const int64_t one = INT64_C(1000000000000);
	int64_t left = one;

	for (uint32_t i = 0; s->hits && i < s->rules->count; i++) {
		if (!s->hits[i].count)
			continue;
		give_rule(s, &s->rules->about[i], &s->hits[i]);
		left = left * (THOUSAND - s->rules->about[i].weight) / THOUSAND;
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
	/* Not zeroed whole: values are written before they are read, and most are never asked for. */
	s.rules = rules;
	s.hits = NULL;
	s.to = &to;
	memset(s.asked, 0, rules->words * sizeof(*s.asked));
	memset(s.open, 0, rules->words * sizeof(*s.open));
	memset(s.subject.state, 0, sizeof(s.subject.state));
	s.subject.arena = a;
	s.subject.d = d;
	s.subject.assessed = assessed;
	s.subject.facts = facts;
	s.subject.rules = rules;
	s.subject.item = NULL;
	s.subject.index = UINT32_MAX;
	select_random(&s, r);
	try_declaration(&s);
	for (uint32_t i = 0; i < d->shipment.items.n; i++)
		try_item(&s, i);
	select_by_rules(&s);
	select_by_rate(&s, r);
	select_before(&s);
	*ret = to;
}
