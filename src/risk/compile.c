#include <stdlib.h>

#include "risk/room.h"

/* ---- tests in a row ---- */

/* A condition becomes tests, each of which names where to go on when it holds and when it does not: and, or and not are only
 * ways, and nothing is looked at that cannot matter. Tests are laid down from the last to the first, so that every way leads to
 * one that already has its place. */
struct compiler {
	struct arena *arena;
	const struct refset *ref;
	struct map lists; /* name -> struct text_set: one for all rules that name the list */
	DICT_LIST(struct test) tests;
	struct map asked;  /* what a test asks, as text -> struct asked */
	uint32_t slots[2]; /* of the declaration, of an item */
	bool per_item;     /* of the tests that are being laid down */
	bool of_rule;      /* they are a rule's, not an aggregate's */
};

/* A question, and the first test that asks it. The second makes it worth remembering. */
struct asked {
	uint32_t first;
	uint32_t slot;
};

static bool count_value(void *context, struct span value, struct ref_dates dates)
{
	(void)value;
	(void)dates;
	++*(uint32_t *)context;
	return true;
}

static bool add_value(void *context, struct span value, struct ref_dates dates)
{
	text_set_add(context, value, dates);
	return true;
}

static struct text_set list_set(struct compiler *c, struct span name)
{
	struct text_set *set = map_get(&c->lists, name);
	uint32_t n = 0;

	if (set)
		return *set;
	set = ARENA_NEW(c->arena, struct text_set);
	ref_each_listed(c->ref, name, count_value, &n);
	*set = text_set_for(c->arena, n);
	ref_each_listed(c->ref, name, add_value, set);
	map_put(&c->lists, name, set);
	return *set;
}

static struct text_set values_set(struct compiler *c, const struct node *n)
{
	struct text_set set = text_set_for(c->arena, n->value_count);

	for (uint32_t i = 0; i < n->value_count; i++)
		text_set_add(&set, n->values[i], (struct ref_dates){INT32_MIN, INT32_MAX});
	return set;
}

/* Questions that cost more than to remember what came of them. */
static bool is_dear(const struct test *t)
{
	return t->operator== IN_TEXTS || t->operator== CONTAINS || t->operator== HAS_DOCUMENT ||
	    t->of.kind == OF_PATH;
}

/* What a test asks, in so many bytes: the same text, the same question. */
static struct span question(struct compiler *c, const struct test *t, const struct node *n,
			    bool per_item)
{
	struct text q = text_in(c->arena);

	text_print(&q, "%d %u %u %u ", per_item, t->operator, t->of.kind, t->of.signal);
	if (t->of.kind == OF_PATH) /* one for each name, see find_field() */
		text_print(&q, "%p ", t->of.of);
	if (n->list.n)
		text_print(&q, "list %.*s", SPAN_ARG(n->list));
	else if (t->of.type == TYPE_TEXT || t->operator== HAS_DOCUMENT)
		text_print(&q, "text %.*s", SPAN_ARG(t->text));
	else
		text_print(&q, "number %lld %u", (long long)t->number.units, t->number.scale);
	return text_as_span(&q);
}

/* Does what the test says depend on the item? */
static bool asks_item(const struct compiler *c, const struct node *n)
{
	return n->of_item || (n->of_documents && c->per_item);
}

/* The second test of a question gives both a slot, and each that follows the same. */
static void share(struct compiler *c, const struct node *n, uint32_t at)
{
	struct test *t = &c->tests.v[at];
	bool per_item = asks_item(c, n);
	struct asked *asked;
	struct span q;

	if (!c->of_rule || !is_dear(t) || t->other || n->value_count || t->operator== IN_NUMBERS)
		return;
	q = question(c, t, n, per_item);
	asked = map_get(&c->asked, q);
	if (!asked) {
		asked = ARENA_NEW(c->arena, struct asked);
		*asked = (struct asked){at, NO_SLOT};
		map_put(&c->asked, q, asked);
		return;
	}
	if (asked->slot == NO_SLOT) {
		asked->slot = c->slots[per_item]++;
		c->tests.v[asked->first].slot = asked->slot;
		c->tests.v[asked->first].per_item = per_item;
	}
	t->slot = asked->slot;
	t->per_item = per_item;
}

static uint32_t emit_test(struct compiler *c, const struct node *n, uint32_t if_true,
			  uint32_t if_false)
{
	struct test *t =
	    arena_push(c->arena, (void **)&c->tests.v, &c->tests.n, &c->tests.room, sizeof(*t));

	*t = n->test;
	t->slot = NO_SLOT;
	t->if_true = if_true;
	t->if_false = if_false;
	if (t->operator== IN_TEXTS)
		t->texts = n->list.n ? list_set(c, n->list) : values_set(c, n);
	share(c, n, c->tests.n - 1);
	return c->tests.n - 1;
}

/* Lays down n and returns its first test. As deep as the rule has comparisons and parentheses (RULE_TESTS, RULE_NESTING). */
static uint32_t emit(struct compiler *c, const struct node *n, uint32_t if_true, uint32_t if_false)
{
	uint32_t right;

	switch (n->kind) {
	case NODE_TEST:
		break;
	case NODE_AND:
		right = emit(c, n->right, if_true, if_false);
		return emit(c, n->left, right, if_false);
	case NODE_OR:
		right = emit(c, n->right, if_true, if_false);
		return emit(c, n->left, if_true, right);
	case NODE_NOT:
		return emit(c, n->left, if_false, if_true);
	}
	return emit_test(c, n, if_true, if_false);
}

/* What must all hold, one by one. */
struct parts {
	const struct node *v[RULE_TESTS];
	uint32_t n;
};

static void take_apart(const struct node *n, struct parts *ret)
{
	if (n->kind == NODE_AND) {
		take_apart(n->left, ret);
		take_apart(n->right, ret);
	} else {
		ret->v[ret->n++] = n;
	}
}

/* Cheap questions first. No question changes anything, so their order does not matter. */
static uint32_t cost(const struct node *n)
{
	if (n->kind != NODE_TEST)
		return cost(n->left) + (n->right ? cost(n->right) : 0);
	if (n->test.of.kind == OF_AGGREGATE || n->test.of.kind == OF_PAST || n->test.other)
		return 20;
	if (n->test.of.kind == OF_PATH)
		return 5;
	switch ((enum operator)n->test.operator) {
	case IS_EQUAL:
	case IS_UNEQUAL:
	case IS_LESS:
	case IS_AT_MOST:
	case IS_MORE:
	case IS_AT_LEAST:
	case STARTS:
		return 1;
	case IN_TEXTS:
		return 3;
	case IN_NUMBERS:
		return 1 + n->test.numbers.n / 4;
	case CONTAINS:
		return 4;
	case HAS_DOCUMENT:
		return 6;
	}
	return 1;
}

static void cheap_first(struct parts *p)
{
	for (uint32_t i = 1; i < p->n; i++) {
		const struct node *n = p->v[i];
		uint32_t j = i;

		for (; j > 0 && cost(p->v[j - 1]) > cost(n); j--)
			p->v[j] = p->v[j - 1];
		p->v[j] = n;
	}
}

/* Lays down those of the parts that are, or are not, about the declaration alone. */
static uint32_t emit_parts(struct compiler *c, const struct parts *p, bool per_item, bool gate)
{
	uint32_t at = GOES_HIT;

	for (uint32_t i = p->n; i-- > 0;) {
		const struct node *n = p->v[i];
		/* For a rule about items, documents are the header's and the item's. */
		bool alone = !per_item || (!n->of_item && !n->of_documents);

		if (alone == gate)
			at = emit(c, n, at, GOES_MISS);
	}
	return at;
}

static struct rule compile_rule(struct compiler *c, const struct parsed_rule *r)
{
	bool per_item = r->about.per_item;
	struct rule ret = {.dates = r->about.dates, .per_item = per_item};
	struct parts parts = {.n = 0};

	c->per_item = per_item;
	c->of_rule = true;
	take_apart(r->when, &parts);
	cheap_first(&parts);
	ret.body = emit_parts(c, &parts, per_item, false);
	ret.gate = emit_parts(c, &parts, per_item, true);
	return ret;
}

/* What items must meet to count. Its tests are the aggregate's alone: it is asked once for a declaration. */
static void compile_aggregate(struct compiler *c, struct aggregate *a)
{
	c->per_item = true;
	c->of_rule = false;
	a->at = a->where ? emit(c, a->where, GOES_HIT, GOES_MISS) : GOES_HIT;
}

/* Those that the condition asks for. As deep as it is. */
static void compile_aggregates(struct compiler *c, const struct node *n, bool *done)
{
	struct aggregate *a[2] = {NULL, NULL};

	if (n->kind != NODE_TEST) {
		compile_aggregates(c, n->left, done);
		if (n->right)
			compile_aggregates(c, n->right, done);
		return;
	}
	if (n->test.of.kind == OF_AGGREGATE)
		a[0] = (struct aggregate *)(uintptr_t)n->test.of.of;
	if (n->test.other && n->test.other->of.kind == OF_AGGREGATE)
		a[1] = (struct aggregate *)(uintptr_t)n->test.other->of.of;
	for (uint32_t i = 0; i < ARRAY_LEN(a); i++) {
		if (!a[i] || done[a[i]->index])
			continue;
		done[a[i]->index] = true;
		compile_aggregate(c, a[i]);
	}
}

/* ---- what is asked of histories ---- */

struct asking_past {
	struct arena *arena;
	struct ruleset *set;
	DICT_LIST(const struct operand *) list; /* of one rule */
};

static void note_past(struct asking_past *x, const struct node *n);

static void note_operand(struct asking_past *x, const struct operand *o)
{
	if (o->kind == OF_AGGREGATE) {
		const struct aggregate *a = o->of;

		note_operand(x, &a->of);
		if (a->where)
			note_past(x, a->where);
		return;
	}
	reads_note(x->arena, x->set, o);
	if (!past_is_asked(o))
		return;
	past_note(&x->set->asked, o);
	*(const struct operand **)arena_push(x->arena, (void **)&x->list.v, &x->list.n,
					     &x->list.room, sizeof(o)) = o;
}

/* As deep as the rule has comparisons and parentheses; aggregates do not stand in aggregates. */
static void note_past(struct asking_past *x, const struct node *n)
{
	if (n->kind != NODE_TEST) {
		note_past(x, n->left);
		if (n->right)
			note_past(x, n->right);
		return;
	}
	note_operand(x, &n->test.of);
	if (n->test.other)
		note_operand(x, &n->test.other->of);
}

static void ask_past(struct arena *a, struct ruleset *s, struct rule *r, const struct node *when)
{
	struct asking_past x = {.arena = a, .set = s};

	note_past(&x, when);
	r->past = x.list.v;
	r->past_count = x.list.n;
}

const struct history_asked *risk_history_asked(const struct ruleset *s)
{
	return &s->asked;
}

/* ---- which lists a rule asks ---- */

struct listing {
	struct arena *arena;
	DICT_LIST(struct span) list; /* of one rule, each once */
};

static void note_list(struct listing *x, struct span name)
{
	for (uint32_t i = 0; i < x->list.n; i++)
		if (span_equal(x->list.v[i], name))
			return;
	*(struct span *)arena_push(x->arena, (void **)&x->list.v, &x->list.n, &x->list.room,
				   sizeof(name)) = name;
}

/* As deep as note_past() goes. */
static void note_lists(struct listing *x, const struct node *n)
{
	if (n->kind != NODE_TEST) {
		note_lists(x, n->left);
		if (n->right)
			note_lists(x, n->right);
		return;
	}
	if (n->list.n)
		note_list(x, n->list);
	if (n->test.of.kind == OF_AGGREGATE && ((const struct aggregate *)n->test.of.of)->where)
		note_lists(x, ((const struct aggregate *)n->test.of.of)->where);
}

static void list_lists(struct arena *a, struct risk_rule *about, const struct node *when)
{
	struct listing x = {.arena = a};

	note_lists(&x, when);
	about->lists = x.list.v;
	about->list_count = x.list.n;
}

/* ---- the set ---- */

static int by_id(const void *a, const void *b)
{
	const struct parsed_rule *x = a, *y = b;

	return span_compare(x->about.id, y->about.id);
}

static struct ruleset *set_of(struct parsed *p)
{
	struct arena *a = p->arena;
	struct compiler c = {.arena = a, .ref = p->ref, .lists = map_in(a), .asked = map_in(a)};
	struct ruleset *s = ARENA_NEW(a, struct ruleset);
	bool *done = ARENA_ARRAY(a, bool, p->aggregate_count + 1);
	const struct node **when = ARENA_ARRAY(a, const struct node *, p->rules.n + 1);

	if (p->rules.n)
		qsort(p->rules.v, p->rules.n, sizeof(*p->rules.v), by_id);
	s->ref = p->ref;
	s->count = p->rules.n;
	s->words = (s->count + 63) / 64;
	s->about = ARENA_ARRAY(a, struct risk_rule, s->count + 1);
	s->rules = ARENA_ARRAY(a, struct rule, s->count + 1);
	for (uint32_t i = 0; i < s->count; i++) {
		s->about[i] = p->rules.v[i].about;
		when[i] = p->rules.v[i].when;
		compile_aggregates(&c, when[i], done);
		s->rules[i] = compile_rule(&c, &p->rules.v[i]);
		ask_past(a, s, &s->rules[i], when[i]);
		list_lists(a, &s->about[i], when[i]);
	}
	s->tests = c.tests.v;
	s->whole_slots = c.slots[false];
	s->item_slots = c.slots[true];
	s->aggregates = p->aggregate_count;
	index_build(a, s, when, &c.lists);
	return s;
}

/* Both come from pack.csv and speak of the country: how many examinations its base rate counts for, and that rate. */
enum { HISTORY_WEIGHT = 10, IRREGULAR_PPM = 20000 };

static int64_t setting(struct parsed *p, const char *key, int64_t otherwise, int64_t least)
{
	struct span s = ref_setting(p->ref, key);
	struct decimal d;

	if (!s.n)
		return otherwise;
	if (!decimal_parse(s, &d) && !d.scale && d.units >= least && d.units <= 1000000)
		return d.units;
	p->faulty = true;
	pack_fault(p->faults, SPAN("pack.csv"), s.line, 0, "setting.value",
		   "%s is not a whole number from %d to 1000000", key, (int)least);
	return otherwise;
}

enum err risk_compile(struct arena *a, struct span rules_archive, const struct refset *r,
		      const struct ruleset **ret, struct pack_faults *faults)
{
	struct parsed p = {.arena = a,
			   .ref = r,
			   .faults = faults,
			   .by_id = map_in(a),
			   .fields = map_in(a),
			   .aggregates = map_in(a)};
	int64_t history_weight = setting(&p, "risk_history_weight", HISTORY_WEIGHT, 1);
	int64_t irregular_ppm = setting(&p, "risk_irregular_ppm", IRREGULAR_PPM, 0);
	struct pack_file *files = NULL;
	struct ruleset *s;
	uint32_t n = 0;

	if (rules_archive.n && pack_open(a, rules_archive, &files, &n)) {
		pack_fault(faults, SPAN(""), 0, 0, "archive.format",
			   "the rules are no archive of rule files");
		return ERR_FORMAT;
	}
	for (uint32_t i = 0; i < n; i++)
		rules_parse(&p, files[i].name, files[i].bytes);
	if (p.faulty)
		return ERR_FORMAT;
	s = set_of(&p);
	s->history_weight = history_weight;
	s->irregular_ppm = irregular_ppm;
	*ret = s;
	return ERR_NONE;
}

const struct ruleset *risk_from_ever(struct arena *a, const struct ruleset *s)
{
	struct ruleset *ever = ARENA_NEW(a, struct ruleset);
	struct rule *rules = ARENA_ARRAY(a, struct rule, s->count + 1);
	struct risk_rule *about = ARENA_ARRAY(a, struct risk_rule, s->count + 1);

	*ever = *s;
	for (uint32_t i = 0; i < s->count; i++) {
		rules[i] = s->rules[i];
		about[i] = s->about[i];
		rules[i].dates.from = about[i].dates.from = INT32_MIN;
	}
	ever->rules = rules;
	ever->about = about;
	return ever;
}

uint32_t risk_rule_count(const struct ruleset *s)
{
	return s->count;
}

const struct risk_rule *risk_rule_at(const struct ruleset *s, uint32_t i)
{
	BUG_ON(i >= s->count);
	return &s->about[i];
}

const struct risk_rule *risk_rule_find(const struct ruleset *s, struct span id)
{
	uint32_t low = 0, high = s->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int c = span_compare(s->about[middle].id, id);

		if (c == 0)
			return &s->about[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
