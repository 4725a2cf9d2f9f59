#include "hub/control/figures.h"

#include <stdlib.h>

#include "base/date.h"
#include "hub/targeting.h"

const char *control_channel_name(enum control_channel c)
{
	static const char *const names[CONTROL_CHANNELS] = {"manual", "rule", "random", "rate",
							    "missed"};

	return names[c];
}

struct counting {
	struct control_figures *f;
	struct arena *once;
	struct map rates; /* name of a day's key -> where its rate stands in rate[] */
	struct map days;  /* a day -> its one rate; MIXED */
	int64_t *rate;
	const struct control_case *c;
	const struct inforce *in;
	int64_t minutes;
	enum err err;
	struct cause *why;
};

/* ---- rates of the draw ---- */

enum { MIXED = -1, NO_RATE = -2, DAY_CHARS = 10 };

static int64_t rate_of(struct span text)
{
	const struct span head = SPAN("random=");
	int64_t v = 0;

	if (!span_starts(text, head))
		return NO_RATE;
	for (uint32_t i = head.n; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		v = v < 100000000 ? v * 10 + (text.p[i] - '0') : v;
	return v <= 1000000 ? v : NO_RATE;
}

/* A day has a key for each set of rates that held on it: "2026-11-22", "2026-11-22.2". */
static void read_rates(struct counting *x, const struct store_day_key *key, uint32_t n)
{
	struct arena *a = x->f->arena;

	x->rates = map_in(a);
	x->days = map_in(a);
	x->rate = ARENA_ARRAY(a, int64_t, 2 * (size_t)n + 1);
	for (uint32_t i = 0; i < n; i++) {
		struct span day = key[i].day;
		int64_t *of, *one = &x->rate[2 * i];

		one[0] = one[1] = rate_of(key[i].rate);
		map_put(&x->rates, day, &one[0]);
		day.n = day.n > DAY_CHARS ? DAY_CHARS : day.n;
		of = map_get(&x->days, day);
		if (!of)
			map_put(&x->days, day, &one[1]);
		else if (*of != one[0])
			*of = MIXED;
	}
}

/* The stratum of a rate; NULL: there are too many. */
static struct missed_stratum *stratum_of(struct control_figures *f, int64_t rate)
{
	for (uint32_t i = 0; i < f->strata; i++)
		if (f->stratum[i].rate_ppm == rate)
			return &f->stratum[i];
	if (f->strata == MISSED_STRATA_MAX)
		return NULL;
	f->stratum[f->strata] = (struct missed_stratum){.rate_ppm = rate};
	return &f->stratum[f->strata++];
}

/* ---- rows ---- */

static struct control_row *row_of(struct counting *x, struct control_rows *rows, struct span id)
{
	struct arena *a = x->f->arena;
	struct control_row *row = map_get(&rows->by_id, id);

	if (row)
		return row;
	if (rows->list.n == CONTROL_KEYS_MAX) {
		x->err = fail(x->why, ERR_LIMIT, "more rows than can be told: ask for fewer days");
		return NULL;
	}
	row = ARENA_NEW(a, struct control_row);
	*row = (struct control_row){.id = {arena_copy(a, id.p, id.n), id.n, 0}};
	map_put(&rows->by_id, row->id, row);
	*(struct control_row **)arena_push(a, (void **)&rows->list.v, &rows->list.n,
					   &rows->list.room, sizeof(row)) = row;
	return row;
}

static bool is_controlled(const struct control_case *c)
{
	return c->checked || c->examined;
}

static void add_found(int64_t *to, int64_t found)
{
	if (__builtin_add_overflow(*to, found, to))
		*to = found < 0 ? INT64_MIN : INT64_MAX;
}

static void count_in(const struct counting *x, struct control_row *row)
{
	const struct control_case *c = x->c;

	if (!row)
		return;
	row->selected++;
	if (!is_controlled(c))
		return;
	row->controlled++;
	row->irregular += c->irregular;
	add_found(&row->found, c->found);
	if (!x->minutes)
		return;
	row->timed++;
	row->minutes += x->minutes;
	add_found(&row->found_timed, c->found);
}

/* Names that a case was counted under already: it counts once in each row. */
struct named {
	struct map seen;
};

static bool is_new(struct named *n, struct arena *a, const char *of, struct span id)
{
	const struct span key = span_of(arena_print(a, "%s/%.*s", of, SPAN_ARG(id)));

	if (map_get(&n->seen, key))
		return false;
	map_put(&n->seen, key, n);
	return true;
}

static void count_rule(struct counting *x, struct named *n, struct span id)
{
	struct control_figures *f = x->f;
	const struct risk_rule *rule = risk_rule_find(x->in->rules, id);

	if (!f->cleared && targeting_is_secret(f->rules, id)) {
		if (is_new(n, x->once, "rule", SPAN("restricted")))
			count_in(x, row_of(x, &f->rules_by, SPAN("restricted")));
		return;
	}
	if (is_new(n, x->once, "rule", id))
		count_in(x, row_of(x, &f->rules_by, id));
	for (uint32_t i = 0; rule && i < rule->list_count; i++)
		if (is_new(n, x->once, "list", rule->lists[i]))
			count_in(x, row_of(x, &f->lists, rule->lists[i]));
}

static void count_channel(struct counting *x, struct named *n, enum control_channel c)
{
	if (is_new(n, x->once, "channel", span_of(control_channel_name(c))))
		count_in(x, &x->f->channel[c]);
}

/* What asked for control of it, before release. */
static void count_reasons(struct counting *x, struct named *n)
{
	const struct json *reasons = json_get(x->c->selecting, "reasons");

	for (const struct json *r = reasons ? reasons->first : NULL; r; r = r->next) {
		const struct span of = json_get_text(r, "kind"), id = json_get_text(r, "id");

		if (lane_by_name(json_get_text(r, "lane")) < LANE_YELLOW)
			continue;
		if (span_is(of, "rule")) {
			count_channel(x, n, CHANNEL_RULE);
			count_rule(x, n, id);
		} else if (span_is(of, "random")) {
			count_channel(x, n, CHANNEL_RANDOM);
		} else if (span_is(of, "rate")) {
			count_channel(x, n, CHANNEL_RATE);
		} else if (span_is(of, "missed")) {
			count_channel(x, n, CHANNEL_MISSED);
		}
	}
}

static void count_selected(struct counting *x)
{
	struct control_figures *f = x->f;
	const struct control_case *c = x->c;
	const struct span month = {c->day.p, c->day.n > 7 ? 7 : c->day.n, 0};
	struct named n = {map_in(x->once)};

	if (!c->selecting && !c->manual)
		return;
	count_in(x, &f->total);
	count_in(x, row_of(x, &f->offices, c->office));
	count_in(x, row_of(x, &f->months, month));
	if (c->manual)
		count_channel(x, &n, CHANNEL_MANUAL);
	if (c->selecting)
		count_reasons(x, &n);
}

/* ---- what is missed ---- */

static bool drew_random(const struct json *decision)
{
	const struct json *reasons = json_get(decision, "reasons");

	for (const struct json *r = reasons ? reasons->first : NULL; r; r = r->next)
		if (span_is(json_get_text(r, "kind"), "random"))
			return true;
	return false;
}

/* An examination that was asked for and not made is none, whatever the documents said; but what they showed is known. */
static bool is_answered(const struct control_case *c)
{
	return c->examined || c->irregular;
}

static void count_code(struct counting *x, struct span id)
{
	struct control_figures *f = x->f;
	struct control_code *of = map_get(&f->codes, id);

	if (!of && f->code_list.n == CONTROL_KEYS_MAX)
		return;
	if (!of) {
		of = ARENA_NEW(f->arena, struct control_code);
		*of = (struct control_code){.id = {arena_copy(f->arena, id.p, id.n), id.n, 0}};
		map_put(&f->codes, of->id, of);
		*(struct control_code **)arena_push(f->arena, (void **)&f->code_list.v,
						    &f->code_list.n, &f->code_list.room,
						    sizeof(of)) = of;
	}
	of->irregular++;
}

static void count_chapter(struct counting *x, struct named *n, struct span id)
{
	struct control_figures *f = x->f;
	struct control_chapter *of = map_get(&f->chapters, id);

	if (!is_new(n, x->once, "chapter", id))
		return;
	if (!of && f->chapter_list.n == CONTROL_KEYS_MAX)
		return;
	if (!of) {
		of = ARENA_NEW(f->arena, struct control_chapter);
		*of = (struct control_chapter){.id = {arena_copy(f->arena, id.p, id.n), id.n, 0}};
		map_put(&f->chapters, of->id, of);
		*(struct control_chapter **)arena_push(f->arena, (void **)&f->chapter_list.v,
						       &f->chapter_list.n, &f->chapter_list.room,
						       sizeof(of)) = of;
	}
	of->answered++;
	of->irregular += x->c->irregular;
	add_found(&of->found, x->c->found);
}

static void count_answer(struct counting *x, const struct declaration *d)
{
	struct named n = {map_in(x->once)};

	if (x->c->irregular)
		count_code(x, x->c->code.n ? x->c->code : SPAN("-"));
	for (uint32_t i = 0; i < d->shipment.items.n; i++) {
		struct span code = goods_item_code(x->once, &d->shipment.items.v[i]);

		if (code.n >= 2)
			count_chapter(x, &n, (struct span){code.p, 2, 0});
	}
}

static void count_pick(struct counting *x, struct missed_stratum *s)
{
	const struct control_case *c = x->c;
	struct control_pick pick;

	x->err = control_pick(c, x->f->store, x->in, &pick, x->why);
	if (x->err)
		return;
	if (!pick.known) {
		x->f->erased++;
		return;
	}
	if (pick.otherwise >= LANE_YELLOW)
		return; /* it would have been controlled all the same */
	s->population++;
	s->picked++;
	if (is_answered(c)) {
		missed_add_answer(s, c->irregular, c->found);
		count_answer(x, pick.declaration);
	} else if (c->waits) {
		x->f->waiting++;
	}
}

static struct missed_stratum *stratum_for(struct counting *x, const int64_t *rate, int64_t n)
{
	struct missed_stratum *s;

	if (!rate || *rate < 0) {
		x->f->without_rate += n;
		return NULL;
	}
	s = stratum_of(x->f, *rate);
	if (!s)
		x->err = fail(x->why, ERR_LIMIT,
			      "the rate of the draw changed too often: ask for fewer days");
	return s;
}

/* The rate is that of its own draw; but a day whose others cannot be told apart is left out whole. */
static void count_missed(struct counting *x)
{
	const struct control_case *c = x->c;
	const struct span key = c->facts.draw_day,
			  day = {key.p, key.n > DAY_CHARS ? DAY_CHARS : key.n, 0};
	const int64_t *of_day = key.n ? map_get(&x->days, day) : NULL,
		      *rate = key.n ? map_get(&x->rates, key) : NULL;
	const bool random = drew_random(c->first);
	struct missed_stratum *s;

	if (c->selecting && !random)
		return;
	s = stratum_for(x, of_day && *of_day != MIXED ? rate : NULL, 1);
	if (!s)
		return;
	if (random) {
		count_pick(x, s);
		return;
	}
	s->population++;
	if (c->irregular) {
		s->elsewhere++;
		add_found(&s->found_elsewhere, c->found);
	}
}

static enum err take(void *context, const struct control_case *c, struct cause *why)
{
	struct counting *x = context;
	enum err e =
	    versions_of(x->f->versions, c->selecting ? c->selecting : c->first, &x->in, why);

	if (e == ERR_NOT_FOUND || e == ERR_FORMAT) {
		x->f->unreadable++;
		*why = (struct cause){0};
		return ERR_NONE;
	}
	if (e)
		return e;
	x->c = c;
	x->minutes = control_minutes(c, x->in);
	count_selected(x);
	if (!x->err)
		e = versions_of(x->f->versions, c->first, &x->in, why);
	if (!e && !x->err)
		count_missed(x);
	return e ? e : x->err;
}

/* ---- an office ---- */

/* Those that nobody looked at: only how many, by day. */
static void count_others(struct counting *x, const struct store_declaration_count *row, uint32_t n)
{
	for (uint32_t i = 0; i < n && !x->err; i++) {
		const int64_t *rate = map_get(&x->days, row[i].day);
		struct missed_stratum *s = stratum_for(x, rate, row[i].count);

		if (s)
			s->population += row[i].count;
	}
}

static struct span day_text(struct arena *a, int32_t day)
{
	struct text t = text_in(a);

	day_write(&t, day);
	return text_as_span(&t);
}

static enum err prepare(struct counting *x, const struct store_declaration_days *of)
{
	struct control_figures *f = x->f;
	/* keys of the last day end in a full stop and a number, which are before this */
	const struct span beyond = span_of(arena_print(f->arena, "%.*s/", SPAN_ARG(of->last)));
	struct store_declaration_count *row = NULL;
	struct store_day_key *key = NULL;
	uint32_t n = 0;
	enum err e = store_list_day_keys(f->store, f->arena, of->first, beyond, &key, &n, x->why);

	if (e)
		return e;
	read_rates(x, key, n);
	e = store_count_uncontrolled(f->store, f->arena, of, &row, &n, x->why);
	if (e)
		return e;
	count_others(x, row, n);
	return x->err;
}

static void begin(struct control_figures *f)
{
	if (f->chapters.arena)
		return;
	f->chapters = map_in(f->arena);
	f->codes = map_in(f->arena);
	f->rules_by.by_id = map_in(f->arena);
	f->lists.by_id = map_in(f->arena);
	f->offices.by_id = map_in(f->arena);
	f->months.by_id = map_in(f->arena);
}

enum err control_count(struct control_figures *f, struct span office, struct arena *once,
		       struct cause *why)
{
	struct counting x = {.f = f, .once = once, .why = why};
	struct control_walk walk = {.store = f->store, .take = take, .context = &x, .once = once};
	enum err e;

	begin(f);
	walk.of = (struct store_declaration_days){office, day_text(f->arena, f->from),
						  day_text(f->arena, f->to)};
	e = prepare(&x, &walk.of);
	if (!e)
		e = control_walk(&walk, why);
	f->unreadable += walk.unreadable;
	return e;
}
