#include "hub/edition/rules_trial_room.h"

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

void trial_begin_tally(struct trial_tally *y, uint32_t rules)
{
	y->rules = ARENA_ARRAY(y->arena, struct trial_rule, rules + 1);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++)
		y->by[by].by_key = map_in(y->arena);
}

static struct trial_row *row_of(struct arena *a, struct trial_rows *rows, struct span key)
{
	struct trial_row *row = map_get(&rows->by_key, key);

	if (row || rows->list.n == KEYS_MAX)
		return row;
	row = ARENA_NEW(a, struct trial_row);
	row->key = span_copy(a, key);
	map_put(&rows->by_key, row->key, row);
	*(struct trial_row **)arena_push(a, (void **)&rows->list.v, &rows->list.n, &rows->list.room,
					 sizeof(row)) = row;
	return row;
}

/* ---- one case ---- */

static enum flow_result result_of(const struct trial_case *x)
{
	/* only what was selected was controlled */
	return x->fate && x->c->lane > LANE_GREEN ? x->fate->result : RESULT_NONE;
}

static void count_in(const struct trial_case *x, struct trial_row *row)
{
	const enum lane then = x->c->lane, now = x->now.lane;
	const enum flow_result result = result_of(x);
	const bool kept = trial_is_control(now);

	if (!row)
		return; /* a key too many */
	row->declarations++;
	row->lane_then[then]++;
	row->lane_now[now]++;
	if (trial_is_control(then)) {
		row->then++;
		row->due_then += x->c->total_due;
	}
	if (kept) {
		row->now++;
		row->due_now += x->c->total_due;
	}
	row->irregular += result == RESULT_IRREGULAR;
	row->irregular_kept += result == RESULT_IRREGULAR && kept;
	row->clean += result == RESULT_CLEAN;
	row->clean_kept += result == RESULT_CLEAN && kept;
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

static struct span origin_of(const struct trial_case *x)
{
	struct span origin = {"", 0, 0};

	if (x->d.shipment.items.n)
		origin = goods_item_origin(&x->d.shipment.items.v[0], false);
	return origin.n ? origin : SPAN("-");
}

static void count_rules(const struct trial_case *x)
{
	const struct ruleset *rules = x->thread->run->rules;
	const enum flow_result result = result_of(x);
	struct span before = {"", 0, 0};

	for (uint32_t i = 0; i < x->now.reasons.n; i++) {
		const struct reason *r = &x->now.reasons.v[i];
		const struct risk_rule *rule;
		struct trial_rule *of;

		if (r->kind != REASON_RULE || span_equal(r->id, before))
			continue;
		before = r->id;
		rule = risk_rule_find(rules, r->id);
		BUG_ON(!rule);
		of = &x->thread->tally.rules[rule - risk_rule_at(rules, 0)];
		of->hits++;
		of->selected += r->lane > LANE_GREEN;
		of->irregular += result == RESULT_IRREGULAR;
		of->clean += result == RESULT_CLEAN;
	}
}

static struct span reasons_of(const struct trial_case *x, struct arena *a)
{
	struct text t = text_in(a);
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

/* Where one more example may stand: the first that come are shown, irregular ones that would be lost before all others.
 * TRIAL_EXAMPLES: nowhere. */
static uint32_t place_of(const struct trial_change *v, uint32_t *n, bool irregular)
{
	uint32_t at = 0;

	if (*n < TRIAL_EXAMPLES)
		return (*n)++;
	while (irregular && at < TRIAL_EXAMPLES && v[at].irregular)
		at++;
	return irregular ? at : TRIAL_EXAMPLES;
}

static void keep_example(const struct trial_case *x)
{
	struct trial_office *o = x->office;
	struct arena *a = x->thread->tally.arena;
	const bool gained = trial_is_control(x->now.lane);
	struct trial_change *v = gained ? o->gained : o->lost;
	uint32_t at;

	if (gained == trial_is_control(x->c->lane))
		return;
	at = place_of(v, gained ? &o->gained_count : &o->lost_count,
		      result_of(x) == RESULT_IRREGULAR);
	if (at == TRIAL_EXAMPLES)
		return;
	v[at] = (struct trial_change){.reference = span_copy(a, x->c->reference),
				      .office = o->code,
				      .rules = reasons_of(x, a),
				      .then = x->c->lane,
				      .now = x->now.lane,
				      .irregular = result_of(x) == RESULT_IRREGULAR};
}

void trial_count(const struct trial_case *x)
{
	struct trial_tally *y = &x->thread->tally;
	const struct facts *f = &x->facts;

	count_in(x, &y->total);
	count_in(x, row_of(y->arena, &y->by[TRIAL_OFFICE], f->office));
	count_in(x, row_of(y->arena, &y->by[TRIAL_TRADER], f->holder.n ? f->holder : SPAN("-")));
	count_in(x, row_of(y->arena, &y->by[TRIAL_SIZE], size_of_trader(f)));
	count_in(x, row_of(y->arena, &y->by[TRIAL_ORIGIN], origin_of(x)));
	count_rules(x);
	keep_example(x);
}

/* ---- all of them ---- */

static void add_row(struct trial_row *to, const struct trial_row *r)
{
	to->declarations += r->declarations;
	to->then += r->then;
	to->now += r->now;
	for (enum lane l = LANE_NONE; l <= LANE_RED; l++) {
		to->lane_now[l] += r->lane_now[l];
		to->lane_then[l] += r->lane_then[l];
	}
	to->irregular += r->irregular;
	to->irregular_kept += r->irregular_kept;
	to->clean += r->clean;
	to->clean_kept += r->clean_kept;
	to->due_then += r->due_then;
	to->due_now += r->due_now;
}

static void add_tally(struct rules_trial *t, uint32_t rules, const struct trial_tally *y)
{
	add_row(&t->total, &y->total);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++)
		for (uint32_t i = 0; i < y->by[by].list.n; i++) {
			const struct trial_row *r = y->by[by].list.v[i];
			struct trial_row *to = row_of(t->arena, &t->by[by], r->key);

			if (to)
				add_row(to, r);
		}
	for (uint32_t i = 0; i < rules; i++) {
		t->rules[i].hits += y->rules[i].hits;
		t->rules[i].selected += y->rules[i].selected;
		t->rules[i].irregular += y->rules[i].irregular;
		t->rules[i].clean += y->rules[i].clean;
	}
	t->incomplete += y->incomplete;
	t->trade.taken += y->taken;
}

/* Offices come in the order of their codes, so examples do not depend on which thread had which. */
static void add_examples(struct rules_trial *t, struct trial_change *to, uint32_t *n,
			 const struct trial_change *v, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = place_of(to, n, v[i].irregular);

		if (at == TRIAL_EXAMPLES)
			continue;
		to[at] = v[i];
		to[at].reference = span_copy(t->arena, v[i].reference);
		to[at].office = span_copy(t->arena, v[i].office);
		to[at].rules = span_copy(t->arena, v[i].rules);
	}
}

void trial_add_up(struct trial_run *r)
{
	struct rules_trial *t = r->t;

	for (uint32_t i = 0; i < r->threads; i++)
		add_tally(t, risk_rule_count(r->rules), &r->thread[i].tally);
	for (uint32_t i = 0; i < r->office_count; i++) {
		const struct trial_office *o = &r->offices[i];

		add_examples(t, t->gained, &t->gained_count, o->gained, o->gained_count);
		add_examples(t, t->lost, &t->lost_count, o->lost, o->lost_count);
	}
}
