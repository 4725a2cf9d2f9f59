#include "hub/edition/rules_trial.h"

#include "base/hash.h"
#include "base/limits.h"
#include "hub/house.h"
#include "hub/life/act_record.h"

/* More keys of one kind than that are a sign of something else. */
enum { KEYS_MAX = 1000000 };

const char *trial_by_name(enum trial_by by)
{
	static const char *const names[TRIAL_BYS] = {[TRIAL_OFFICE] = "office",
						     [TRIAL_TRADER] = "trader",
						     [TRIAL_SIZE] = "size",
						     [TRIAL_ORIGIN] = "origin"};

	return names[by];
}

struct trying {
	struct hub *hub;
	struct rules_trial *t;
	const struct ruleset *rules;
	/* of one case */
	const struct trade_case *c;
	struct assessment assessed;
	struct selection now;
	enum lane then;
	enum flow_result result;
	int64_t due;
};

static bool is_control(enum lane l)
{
	return l >= LANE_YELLOW;
}

/* ---- what stood in the decision ---- */

static bool read_assessment(struct trying *x)
{
	return decision_read_assessment(x->c->arena, x->c->decision,
					x->c->message.declaration.shipment.items.n,
					ref_digits(x->t->with->ref), &x->assessed);
}

static bool has_draw(const struct facts *f, struct span purpose)
{
	return facts_draw(f, purpose) != NULL;
}

static uint64_t trial_draw(struct arena *a, struct span reference, struct span purpose)
{
	struct text t = text_in(a);
	struct hash h;
	uint64_t v = 0;

	text_print(&t, "customhouse trial\n%.*s", SPAN_ARG(reference));
	text_char(&t, '\0');
	text_span(&t, purpose);
	h = hash_bytes(t.p, t.n);
	for (int i = 0; i < 8; i++)
		v = v << 8 | h.byte[i];
	return v;
}

/* Draws for what the candidate asks and nobody drew then; none where there were none, as for the decision. */
static struct facts with_draws(const struct trying *x)
{
	struct arena *a = x->c->arena;
	struct facts f = x->c->facts;
	struct span *purpose;
	struct draw *v;
	uint32_t n;

	if (!f.draws.n)
		return f;
	purpose = ARENA_ARRAY(a, struct span, risk_draw_max(x->rules));
	n = risk_draw_purposes(x->rules, f.legal_day, purpose);
	v = ARENA_ARRAY(a, struct draw, f.draws.n + n);
	memcpy(v, f.draws.v, f.draws.n * sizeof(*v));
	f.draws.v = v;
	for (uint32_t i = 0; i < n; i++)
		if (!has_draw(&x->c->facts, purpose[i]))
			v[f.draws.n++] =
			    (struct draw){purpose[i], trial_draw(a, f.draw_reference, purpose[i])};
	return f;
}

/* What control found, by the last act that says it. Only cases that were selected were controlled. */
static enum err read_result(struct trying *x, struct cause *why)
{
	const struct facts *f = &x->c->facts;
	struct event *event = NULL;
	uint32_t n = 0;
	enum err e;

	x->result = RESULT_NONE;
	if (x->then <= LANE_GREEN)
		return ERR_NONE;
	e = store_list_events_of(x->hub->store, x->c->arena, f->office, f->reference, SPAN("act"),
				 &event, &n, why);
	for (uint32_t i = 0; i < n && !e; i++) {
		struct act_record r;
		struct codec_fault fault;
		const struct json *j;

		if (event[i].payload.p && !json_read(x->c->arena, event[i].payload, &j, &fault) &&
		    !act_record_read(j, event[i].at, &r) && r.given.result != RESULT_NONE)
			x->result = r.given.result;
	}
	return e;
}

/* ---- counting ---- */

static struct trial_row *row_of(struct rules_trial *t, enum trial_by by, struct span key)
{
	struct trial_rows *rows = &t->by[by];
	struct trial_row *row = map_get(&rows->by_key, key);

	if (row || rows->list.n == KEYS_MAX)
		return row;
	row = ARENA_NEW(t->arena, struct trial_row);
	row->key = span_copy(t->arena, key);
	map_put(&rows->by_key, row->key, row);
	*(struct trial_row **)arena_push(t->arena, (void **)&rows->list.v, &rows->list.n,
					 &rows->list.room, sizeof(row)) = row;
	return row;
}

static void count_result(const struct trying *x, struct trial_row *row)
{
	bool kept = is_control(x->now.lane);

	row->irregular += x->result == RESULT_IRREGULAR;
	row->irregular_kept += x->result == RESULT_IRREGULAR && kept;
	row->clean += x->result == RESULT_CLEAN;
	row->clean_kept += x->result == RESULT_CLEAN && kept;
}

static void count_in(const struct trying *x, struct trial_row *row)
{
	if (!row)
		return; /* a key too many */
	row->declarations++;
	row->lane_then[x->then]++;
	row->lane_now[x->now.lane]++;
	if (is_control(x->then)) {
		row->then++;
		row->due_then += x->due;
	}
	if (is_control(x->now.lane)) {
		row->now++;
		row->due_now += x->due;
	}
	count_result(x, row);
}

static struct span size_of_trader(const struct facts *f)
{
	int64_t n = f->importer.declared;

	return span_of(n == 0     ? "0"
		       : n < 10   ? "1-9"
		       : n < 100  ? "10-99"
		       : n < 1000 ? "100-999"
				  : "1000-");
}

static struct span origin_of(const struct trying *x)
{
	const struct declaration *d = &x->c->message.declaration;
	struct span origin = {"", 0, 0};

	if (d->shipment.items.n)
		origin = goods_item_origin(&d->shipment.items.v[0], false);
	return origin.n ? origin : SPAN("-");
}

static void count_rules(const struct trying *x)
{
	struct span before = {"", 0, 0};

	for (uint32_t i = 0; i < x->now.reasons.n; i++) {
		const struct reason *r = &x->now.reasons.v[i];
		const struct risk_rule *rule;
		struct trial_rule *of;

		if (r->kind != REASON_RULE || span_equal(r->id, before))
			continue;
		before = r->id;
		rule = risk_rule_find(x->rules, r->id);
		BUG_ON(!rule);
		of = &x->t->rules[rule - risk_rule_at(x->rules, 0)];
		of->hits++;
		of->selected += r->lane > LANE_GREEN;
		of->irregular += x->result == RESULT_IRREGULAR;
		of->clean += x->result == RESULT_CLEAN;
	}
}

static struct span copy(const struct rules_trial *t, struct span s)
{
	return span_copy(t->arena, s);
}

static struct span reasons_of(const struct trying *x)
{
	struct text t = text_in(x->t->arena);
	struct span before = {"", 0, 0};

	for (uint32_t i = 0; i < x->now.reasons.n; i++) {
		const struct reason *r = &x->now.reasons.v[i];

		if (r->lane <= LANE_GREEN || span_equal(r->id, before))
			continue;
		before = r->id;
		text_print(&t, "%s%.*s", t.n ? " " : "", SPAN_ARG(r->id));
	}
	return text_as_span(&t);
}

/* The first that come are shown; irregular ones that would be lost come before all others. */
static void keep_example(const struct trying *x)
{
	struct rules_trial *t = x->t;
	bool gained = is_control(x->now.lane);
	struct trial_change *v = gained ? t->gained : t->lost;
	uint32_t *n = gained ? &t->gained_count : &t->lost_count, at = *n;

	if (gained == is_control(x->then))
		return;
	if (at == TRIAL_EXAMPLES) {
		if (x->result != RESULT_IRREGULAR)
			return;
		for (at = 0; at < TRIAL_EXAMPLES && v[at].irregular;)
			at++;
		if (at == TRIAL_EXAMPLES)
			return;
	} else {
		++*n;
	}
	v[at] = (struct trial_change){.reference = copy(t, x->c->facts.reference),
				      .office = copy(t, x->c->facts.office),
				      .rules = reasons_of(x),
				      .then = x->then,
				      .now = x->now.lane,
				      .irregular = x->result == RESULT_IRREGULAR};
}

static void count(void *context)
{
	const struct trying *x = context;
	struct rules_trial *t = x->t;
	const struct facts *f = &x->c->facts;

	count_in(x, &t->total);
	count_in(x, row_of(t, TRIAL_OFFICE, f->office));
	count_in(x, row_of(t, TRIAL_TRADER, f->holder.n ? f->holder : SPAN("-")));
	count_in(x, row_of(t, TRIAL_SIZE, size_of_trader(f)));
	count_in(x, row_of(t, TRIAL_ORIGIN, origin_of(x)));
	count_rules(x);
	keep_example(x);
}

static enum err take(struct trying *x, struct trade_case *c, struct cause *why)
{
	struct facts facts;
	enum err e;

	x->c = c;
	if (!read_assessment(x)) {
		x->t->incomplete++;
		return ERR_NONE;
	}
	x->due = x->assessed.total_due.minor;
	x->then = lane_by_name(json_get_text(c->decision, "lane"));
	facts = with_draws(x);
	risk_select(c->arena, &c->message.declaration, &x->assessed, x->t->with->ref, x->rules,
		    &facts, &x->now);
	e = read_result(x, why);
	if (!e)
		e = arena_run(x->t->arena, count, x);
	return e ? fail(why, e, "no memory for the report") : ERR_NONE;
}

static void prepare(void *context)
{
	struct trying *x = context;
	struct rules_trial *t = x->t;

	x->rules = risk_from_ever(t->arena, t->with->rules);
	t->rules = ARENA_ARRAY(t->arena, struct trial_rule, risk_rule_count(x->rules) + 1);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++)
		t->by[by].by_key = map_in(t->arena);
}

/* trade's context is the caller's, for its progress. */
struct watching {
	struct trying *trying;
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
};

static enum err take_one(void *context, struct trade_case *c, struct cause *why)
{
	return take(((struct watching *)context)->trying, c, why);
}

static void pass_on(void *context, int64_t done, int64_t total)
{
	const struct watching *w = context;

	w->progress(w->context, done, total);
}

enum err hub_try_rules(struct hub *h, struct rules_trial *t, struct cause *why)
{
	struct trying x = {.hub = h, .t = t};
	struct watching w = {&x, t->trade.progress, t->trade.context};
	enum err e;

	t->arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	e = t->arena ? arena_run(t->arena, prepare, &x) : ERR_NOMEM;
	if (e)
		return fail(why, e, "no memory to try rules");
	t->trade.take = take_one;
	t->trade.context = &w;
	if (w.progress)
		t->trade.progress = pass_on;
	e = hub_walk_trade(h, &t->trade, why);
	t->trade.progress = w.progress;
	t->trade.context = w.context;
	return e;
}

void rules_trial_free(struct rules_trial *t)
{
	arena_free(t->arena);
	t->arena = NULL;
}
