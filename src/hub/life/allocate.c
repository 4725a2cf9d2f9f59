#include "hub/life/allocate.h"

#include "hub/life/act_step.h"

/* Is it one of the words? */
static bool has_word(struct span words, struct span word)
{
	while (words.n) {
		if (span_equal(span_cut(&words, ' '), word))
			return true;
	}
	return false;
}

static bool is_able(const struct store_roster *r, unsigned holds)
{
	return (!(holds & HOLD_DOCUMENTS) || has_word(r->skills, SPAN("documents"))) &&
	       (!(holds & HOLD_INSPECTION) || has_word(r->skills, SPAN("inspection")));
}

bool allocate_may(const struct store_roster *r, const struct life *l, int64_t now)
{
	return r->present_until > now && is_able(r, l->now.holds) &&
	       (!l->party.n || !has_word(r->conflicts, l->party)) &&
	       !span_equal(r->login, l->now.reassessor);
}

/* Who is in the lot, in the order of logins. */
struct lot {
	const struct store_roster **who;
	uint32_t n;
	struct text names;
};

static void gather(struct lot *lot, struct arena *a, const struct store_roster *roster, uint32_t n,
		   const struct life *l, int64_t now)
{
	lot->who = ARENA_ARRAY(a, const struct store_roster *, n + 1);
	lot->n = 0;
	lot->names = text_in(a);
	text_string(&lot->names, "drawn among");
	for (uint32_t i = 0; i < n; i++) {
		if (!allocate_may(&roster[i], l, now))
			continue;
		lot->who[lot->n++] = &roster[i];
		text_string(&lot->names, " ");
		text_span(&lot->names, roster[i].login);
	}
}

/* Of an office, read once a batch. */
static enum err roster_of(struct batch *b, struct span office, const struct store_roster_list **ret,
			  struct cause *why)
{
	enum err e = map_get(&b->rosters, office) ? ERR_NONE : allocate_know(b, &office, 1, why);

	*ret = map_get(&b->rosters, office);
	return e;
}

enum err allocate_know(struct batch *b, const struct span *office, uint32_t n, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_roster_list *list = ARENA_ARRAY(a, struct store_roster_list, (size_t)n + 1);
	enum err e = store_list_rosters(b->h->store, a, office, n, list, why);

	for (uint32_t i = 0; i < n && !e; i++)
		map_put(&b->rosters, office[i], &list[i]);
	return e;
}

void allocate_forget(struct batch *b)
{
	b->rosters = map_in(b->h->batch_arena);
}

enum err allocate(struct batch *b, const struct inforce *in, struct office *o, const struct life *l,
		  struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct act_step s = {.batch = b, .inforce = in, .office = o, .life = *l};
	const struct store_roster_list *roster;
	struct lot lot;
	uint64_t value;
	enum err e;

	if (l->now.state != FLOW_SELECTED || l->now.examiner.n)
		return ERR_NONE;
	e = roster_of(b, l->row.office, &roster, why);
	if (e || !roster->n)
		return e;
	gather(&lot, a, roster->row, roster->n, l, b->now);
	if (!lot.n)
		return ERR_NONE;
	value = draw_value(&b->h->draw.hmac, l->row.reference, SPAN("examiner"));
	s.given = (struct flow_do){
	    .act = ACT_ALLOCATE,
	    .by = SPAN("hub"),
	    .roles = ROLE_HUB,
	    .at = b->now,
	    .who = lot.who[(uint64_t)(((unsigned __int128)value * lot.n) >> 64)]->login,
	    .reason = text_as_span(&lot.names),
	};
	return act_step(&s, why);
}

enum { WAITING_AT_ONCE = 200 };

static enum err allocate_listed(struct batch *b, struct office *o, const struct store_life *waiting,
				uint32_t n, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; !e && i < n; i++) {
		struct store_declaration row;
		struct life l;

		e = store_get_declaration(b->h->store, a, waiting[i].office, waiting[i].reference,
					  &row, why);
		if (!e)
			e = life_of(b->h->store, a, &row, &l, why);
		if (!e)
			e = allocate(b, b->inforce, o, &l, why);
	}
	return e;
}

/* The lane that asks for most first, and in it who waits longest. */
enum err allocate_waiting(struct batch *b, struct span office, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct office *o = house_office(b->h, office);
	uint32_t left = WAITING_AT_ONCE;
	enum err e = o ? house_read_office(b->h, o, why) : ERR_LIMIT;

	for (int lane = LANE_RED; !e && left && lane >= LANE_NONE; lane--) {
		const struct store_life of = {.office = office,
					      .state = span_of(flow_state_name(FLOW_SELECTED)),
					      .lane = span_of(lane_name((enum lane)lane))};
		struct store_life *waiting;
		uint32_t n;

		e = store_list_lives(b->h->store, a, &of, left, &waiting, &n, why);
		if (!e)
			e = allocate_listed(b, o, waiting, n, why);
		left -= e ? 0 : n;
	}
	return e;
}
