/* Which rules a declaration, or one of its items, can hit at all.
 *
 * Of what must all hold for a rule to hit, the question that fewest declarations answer with yes stands for the rule: a text
 * that is equal to one, begins with one, or is in a list. A declaration then meets only the rules of the values that it has, and
 * those that ask no such question. So the time grows with the rules that come into question, not with all there are. */
#include <stdlib.h>

#include "risk/room.h"

/* ---- what stands for a rule ---- */

enum key_kind { KEY_PREFIX, KEY_WHOLE, KEY_LIST };
struct key {
	struct span text; /* or the name of a list */
	enum key_kind kind;
};

/* A condition cannot hold unless one of these does. */
struct keys {
	enum signal signal;
	uint32_t
	    cost; /* how many of a thousand have one, guessed; NO_KEYS: nothing stands for the condition */
	DICT_LIST(struct key) list;
};

enum { NO_KEYS = UINT32_MAX, KEYS_MAX = 2000, PREFIX_MAX = 63 };

/* How many of a thousand have one given value: a guess is enough, it only decides what is faster. */
static uint32_t cost_of_value(enum signal s, const struct key *k)
{
	static const uint32_t by_digits[] = {1000, 150, 30, 15, 6, 4, 2};

	switch (s) {
	case SIGNAL_declarant_id:
	case SIGNAL_importer_id:
	case SIGNAL_exporter_name:
		return 2;
	case SIGNAL_item_commodity:
		return k->text.n < ARRAY_LEN(by_digits) ? by_digits[k->text.n] : 1;
	case SIGNAL_declaration_export_country:
	case SIGNAL_exporter_country:
	case SIGNAL_item_origin:
		return 40;
	case SIGNAL_declaration_office:
	case SIGNAL_item_previous:
	case SIGNAL_item_procedure:
	case SIGNAL_declaration_incoterm:
		return 150;
	default:
		return 300;
	}
}

static struct keys no_keys(void)
{
	return (struct keys){.cost = NO_KEYS};
}

static void add_key(struct arena *a, struct keys *k, struct span text, enum key_kind kind)
{
	struct key *new =
	    arena_push(a, (void **)&k->list.v, &k->list.n, &k->list.room, sizeof(*new));

	new->text = text;
	new->kind = kind;
	k->cost += kind == KEY_LIST ? 200 : cost_of_value(k->signal, new);
}

static struct keys keys_of_test(struct arena *a, const struct node *n)
{
	const struct test *t = &n->test;
	struct keys k = {.signal = (enum signal)t->of.signal};

	if (t->of.kind != OF_SIGNAL || t->of.type != TYPE_TEXT || t->other)
		return no_keys();
	if (t->operator== IS_EQUAL) {
		add_key(a, &k, t->text, KEY_WHOLE);
	} else if (t->operator== STARTS) {
		struct span prefix = t->text;

		prefix.n = prefix.n > PREFIX_MAX ? PREFIX_MAX : prefix.n;
		add_key(a, &k, prefix, KEY_PREFIX);
	} else if (t->operator== IN_TEXTS && n->list.n) {
		add_key(a, &k, n->list, KEY_LIST);
	} else if (t->operator== IN_TEXTS) {
		for (uint32_t i = 0; i < n->value_count; i++)
			add_key(a, &k, n->values[i], KEY_WHOLE);
	} else {
		return no_keys();
	}
	return k;
}

static struct keys either(struct arena *a, const struct keys *left, const struct keys *right)
{
	struct keys k = *left;

	if (left->cost == NO_KEYS || right->cost == NO_KEYS || left->signal != right->signal ||
	    left->list.n + right->list.n > KEYS_MAX)
		return no_keys();
	for (uint32_t i = 0; i < right->list.n; i++)
		add_key(a, &k, right->list.v[i].text, right->list.v[i].kind);
	return k;
}

/* As deep as the rule has comparisons and parentheses (RULE_TESTS, RULE_NESTING). */
static struct keys keys_of(struct arena *a, const struct node *n)
{
	struct keys left, right;

	switch (n->kind) {
	case NODE_TEST:
		return keys_of_test(a, n);
	case NODE_NOT:
		return no_keys();
	case NODE_AND:
	case NODE_OR:
		break;
	}
	left = keys_of(a, n->left);
	right = keys_of(a, n->right);
	if (n->kind == NODE_OR)
		return either(a, &left, &right);
	return right.cost < left.cost ? right : left;
}

/* ---- building ---- */

struct entry {
	enum signal signal;
	struct key key;
	uint32_t rule;
};

struct builder {
	struct arena *arena;
	struct ruleset *set;
	const struct map *lists;
	DICT_LIST(struct entry) entries;
	DICT_LIST(uint32_t) whole, item; /* rules without keys */
};

static int by_key(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int c;

	if (a->signal != b->signal)
		return a->signal < b->signal ? -1 : 1;
	if (a->key.kind != b->key.kind)
		return a->key.kind < b->key.kind ? -1 : 1;
	c = span_compare(a->key.text, b->key.text);
	return c ? c : (a->rule > b->rule) - (a->rule < b->rule);
}

static void push_rule(struct builder *b, bool per_item, uint32_t rule)
{
	struct arena *a = b->arena;

	*(uint32_t *)(per_item ? arena_push(a, (void **)&b->item.v, &b->item.n, &b->item.room,
					    sizeof(rule))
			       : arena_push(a, (void **)&b->whole.v, &b->whole.n, &b->whole.room,
					    sizeof(rule))) = rule;
}

static void enter_rule(struct builder *b, const struct node *when, uint32_t rule)
{
	struct keys k = keys_of(b->arena, when);

	if (k.cost >= 1000) {
		push_rule(b, b->set->rules[rule].per_item, rule);
		return;
	}
	for (uint32_t i = 0; i < k.list.n; i++) {
		struct entry *e = arena_push(b->arena, (void **)&b->entries.v, &b->entries.n,
					     &b->entries.room, sizeof(*e));

		*e = (struct entry){k.signal, k.list.v[i], rule};
	}
}

/* A hash that can be had of every beginning of a text while it is read once: FNV-1a, folded. */
static uint32_t fold(uint64_t h, bool whole)
{
	return (uint32_t)(h ^ h >> 32) ^ (whole ? UINT32_C(0x9e3779b9) : 0);
}

static const uint64_t FNV_BASIS = UINT64_C(14695981039346656037);

static inline uint64_t fnv(uint64_t h, char c)
{
	return (h ^ (uint8_t)c) * UINT64_C(1099511628211);
}

static uint32_t key_hash(struct span s, bool whole)
{
	uint64_t h = FNV_BASIS;

	for (uint32_t i = 0; i < s.n; i++)
		h = fnv(h, s.p[i]);
	return fold(h, whole);
}

static void put_slot(struct signal_index *x, const struct key *k, struct postings rules)
{
	bool whole = k->kind == KEY_WHOLE;
	uint32_t hash = key_hash(k->text, whole), i = hash & (x->size - 1);

	while (x->slots[i].used)
		i = (i + 1) & (x->size - 1);
	x->slots[i] = (struct key_slot){k->text, hash, whole, true, rules};
	if (whole)
		x->whole = true;
	else
		x->prefixes |= UINT64_C(1) << k->text.n;
}

/* The entries of one key, from the first on. */
static uint32_t same_key(const struct entry *e, uint32_t n)
{
	uint32_t i = 1;

	while (i < n && e[i].signal == e->signal && e[i].key.kind == e->key.kind &&
	       span_equal(e[i].key.text, e->key.text))
		i++;
	return i;
}

/* All entries of one signal. */
static void build_signal(struct builder *b, struct signal_index *x, const struct entry *e,
			 uint32_t n)
{
	uint32_t *rules = ARENA_ARRAY(b->arena, uint32_t, n);

	x->size = 4;
	while (x->size <= 2 * n)
		x->size *= 2;
	x->slots = ARENA_ARRAY(b->arena, struct key_slot, x->size);
	x->lists = ARENA_ARRAY(b->arena, struct list_key, n);
	for (uint32_t i = 0, of = 0; i < n; i += of) {
		struct postings p = {rules + i, 0};

		of = same_key(e + i, n - i);
		for (uint32_t j = i; j < i + of; j++)
			if (!p.n || rules[i + p.n - 1] != e[j].rule)
				rules[i + p.n++] = e[j].rule;
		if (e[i].key.kind == KEY_LIST)
			x->lists[x->list_count++] = (struct list_key){
			    *(const struct text_set *)map_get(b->lists, e[i].key.text), p};
		else
			put_slot(x, &e[i].key, p);
	}
}

void index_build(struct arena *a, struct ruleset *s, const struct node *const *when,
		 const struct map *lists)
{
	struct builder b = {.arena = a, .set = s, .lists = lists};
	struct rule_index *x = &s->index;

	for (uint32_t i = 0; i < s->count; i++)
		enter_rule(&b, when[i], i);
	if (b.entries.n)
		qsort(b.entries.v, b.entries.n, sizeof(*b.entries.v), by_key);
	for (uint32_t i = 0, n = 0; i < b.entries.n; i += n) {
		enum signal signal = b.entries.v[i].signal;

		for (n = 1; i + n < b.entries.n && b.entries.v[i + n].signal == signal;)
			n++;
		build_signal(&b, &x->signal[signal], b.entries.v + i, n);
		x->used[x->used_count++] = signal;
		x->used_of_declaration += signal < SIGNAL_FIRST_OF_ITEM;
	}
	x->whole_always = (struct postings){b.whole.v, b.whole.n};
	x->item_always = (struct postings){b.item.v, b.item.n};
}

/* ---- asking ---- */

struct asking {
	void (*visit)(void *context, uint32_t rule);
	void *context;
};

static void visit_all(const struct asking *a, const struct postings *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		a->visit(a->context, p->v[i]);
}

static void look_up(const struct asking *a, const struct signal_index *x, struct span key,
		    uint32_t hash, bool whole)
{
	for (uint32_t i = hash & (x->size - 1); x->slots[i].used; i = (i + 1) & (x->size - 1)) {
		const struct key_slot *slot = &x->slots[i];

		if (slot->hash != hash || slot->whole != whole || !span_equal(slot->key, key))
			continue;
		visit_all(a, &slot->rules);
		return;
	}
}

void index_visit(struct subject *s, enum signal what, void (*visit)(void *context, uint32_t rule),
		 void *context)
{
	const struct signal_index *x = &s->rules->index.signal[what];
	struct asking a = {visit, context};
	struct value *v = subject_value(s, what);
	uint64_t h = FNV_BASIS;

	if (!v)
		return;
	for (uint32_t n = 0; n < v->text.n; n++) {
		if (!x->whole && x->prefixes >> n <= 1)
			break;
		h = fnv(h, v->text.p[n]);
		if (n < PREFIX_MAX && x->prefixes >> (n + 1) & 1)
			look_up(&a, x, (struct span){v->text.p, n + 1, 0}, fold(h, false), false);
	}
	if (x->whole)
		look_up(&a, x, v->text, fold(h, true), true);
	for (uint32_t i = 0; i < x->list_count; i++)
		if (text_set_holds(&x->lists[i].set, v, s->facts->legal_day))
			visit_all(&a, &x->lists[i].rules);
}
