/* risk: random rules over random declarations, against an evaluator that knows no gates, no index and no order of tests: it walks
 * the condition as it was made. */
#include "risk_case.h"

enum { RULES = 60, ROUNDS = 60, DECLARATIONS = 12 };

/* What a comparison of the test can be, and what it means. A negative pick is a missing value. */
static const char *const codes[] = {"24022000", "24012010", "85171300", "02071400", "9", "1"};
static const char *const countries[] = {"XM", "XN", "XS", "XT"};
static const char *const offices[] = {"XT001", "XT002"};

struct world {
	int code[4], origin[4], mass[4]; /* of each item; mass in kilograms */
	int country, office, items;
};

struct atom {
	const char *text;
	bool (*means)(const struct world *w, int item);
	bool of_item;
};

static const char *code_of(const struct world *w, int item)
{
	return w->code[item] < 0 ? NULL : codes[w->code[item]];
}

static bool code_starts(const struct world *w, int item, const char *prefix)
{
	const char *code = code_of(w, item);

	return code && strncmp(code, prefix, strlen(prefix)) == 0;
}

static bool starts_24(const struct world *w, int item)
{
	return code_starts(w, item, "24");
}

static bool starts_2402(const struct world *w, int item)
{
	return code_starts(w, item, "2402");
}

static bool starts_2(const struct world *w, int item)
{
	return code_starts(w, item, "2");
}

static bool starts_9(const struct world *w, int item)
{
	return code_starts(w, item, "9");
}

static bool is_1(const struct world *w, int item)
{
	return w->code[item] == 5;
}

static bool is_not_phone(const struct world *w, int item)
{
	return w->code[item] >= 0 && w->code[item] != 2;
}

static bool in_two(const struct world *w, int item)
{
	return w->code[item] == 3 || w->code[item] == 4;
}

static bool in_codes(const struct world *w, int item)
{
	return w->code[item] == 0 || w->code[item] == 2;
}

static bool above_3(const struct world *w, int item)
{
	const char *code = code_of(w, item);

	return code && strcmp(code, "3") > 0;
}

static bool origin_xm(const struct world *w, int item)
{
	return w->origin[item] == 0;
}

static bool origin_hub(const struct world *w, int item)
{
	return w->origin[item] == 0 || w->origin[item] == 1;
}

static bool heavy(const struct world *w, int item)
{
	return w->mass[item] > 5;
}

static bool light(const struct world *w, int item)
{
	return w->mass[item] >= 0 && w->mass[item] <= 2;
}

static bool from_xn(const struct world *w, int item)
{
	(void)item;
	return w->country == 1;
}

static bool from_hub(const struct world *w, int item)
{
	(void)item;
	return w->country == 0 || w->country == 1;
}

static bool first_office(const struct world *w, int item)
{
	(void)item;
	return w->office == 0;
}

static bool several(const struct world *w, int item)
{
	(void)item;
	return w->items > 1;
}

static bool two_of_24(const struct world *w, int item)
{
	int n = 0;

	(void)item;
	for (int i = 0; i < w->items; i++)
		n += code_starts(w, i, "24");
	return n > 1;
}

static bool six_in_all(const struct world *w, int item)
{
	int sum = 0;

	(void)item;
	for (int i = 0; i < w->items; i++)
		sum += w->mass[i] > 0 && code_starts(w, i, "2") ? w->mass[i] : 0;
	return sum > 6;
}

static bool two_origins(const struct world *w, int item)
{
	int seen = 0;

	(void)item;
	for (int i = 0; i < w->items; i++)
		seen |= w->origin[i] < 0 ? 0 : 1 << w->origin[i];
	return __builtin_popcount((unsigned)seen) >= 2;
}

static bool heaviest(const struct world *w, int item)
{
	for (int i = 0; i < w->items; i++)
		if (w->mass[i] > w->mass[item])
			return false;
	return w->mass[item] >= 0;
}

static bool heavy_for_its_items(const struct world *w, int item)
{
	return w->mass[item] >= 0 && 2 * w->mass[item] > 3 * w->items;
}

static const struct atom atoms[] = {
    {"count(where item.commodity starts \"24\") > 1", two_of_24, false},
    {"sum(item.net_mass where item.commodity starts \"2\") > 6", six_in_all, false},
    {"distinct(item.origin) >= 2", two_origins, false},
    {"item.net_mass = max(item.net_mass)", heaviest, true},
    {"item.net_mass > 1.5 * declaration.items", heavy_for_its_items, true},
    {"item.origins.country = \"XM\"", origin_xm, true},
    {"item.origins.country in list \"hubs\"", origin_hub, true},
    {"declaration.shipment.export_country = \"XN\"", from_xn, false},
    {"item.commodity starts \"24\"", starts_24, true},
    {"item.commodity starts \"2402\"", starts_2402, true},
    {"item.commodity starts \"2\"", starts_2, true},
    {"item.commodity starts \"9\"", starts_9, true},
    {"item.commodity = \"1\"", is_1, true},
    {"item.commodity != \"85171300\"", is_not_phone, true},
    {"item.commodity in (\"9\", \"02071400\")", in_two, true},
    {"item.commodity in list \"codes\"", in_codes, true},
    {"item.commodity > \"3\"", above_3, true},
    {"item.origin = \"XM\"", origin_xm, true},
    {"item.origin in list \"hubs\"", origin_hub, true},
    {"item.net_mass > 5.0", heavy, true},
    {"item.net_mass <= 2", light, true},
    {"declaration.export_country = \"XN\"", from_xn, false},
    {"declaration.export_country in list \"hubs\"", from_hub, false},
    {"declaration.office = \"XT001\"", first_office, false},
    {"declaration.items > 1", several, false},
};

/* A condition as it was made. */
struct made {
	enum { ATOM, AND, OR, NOT } kind;
	const struct atom *atom;
	const struct made *left, *right;
	bool of_item;
};

static uint64_t seed;

/* 0..n-1 (xorshift64). */
static int pick(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

static const struct made *make(struct arena *a, struct text *t, int depth)
{
	struct made *m = ARENA_NEW(a, struct made);
	int what = depth == 0 ? 0 : pick(8);

	if (what < 3) {
		m->kind = ATOM;
		m->atom = &atoms[pick((int)ARRAY_LEN(atoms))];
		m->of_item = m->atom->of_item;
		text_string(t, m->atom->text);
		return m;
	}
	m->kind = what == 7 ? NOT : what >= 5 ? OR : AND;
	text_string(t, m->kind == NOT ? "not (" : "(");
	m->left = make(a, t, depth - 1);
	if (m->kind != NOT) {
		text_string(t, m->kind == AND ? ") and (" : ") or (");
		m->right = make(a, t, depth - 1);
	}
	text_char(t, ')');
	m->of_item = m->left->of_item || (m->right && m->right->of_item);
	return m;
}

static bool means(const struct made *m, const struct world *w, int item)
{
	switch (m->kind) {
	case ATOM:
		return m->atom->means(w, item);
	case NOT:
		return !means(m->left, w, item);
	case AND:
		return means(m->left, w, item) && means(m->right, w, item);
	case OR:
		break;
	}
	return means(m->left, w, item) || means(m->right, w, item);
}

/* Rules in reverse order of their ids. */
static const char *make_rules(struct risk_case *c, const struct made *ret[RULES])
{
	struct text t = text_in(c->arena);

	for (int i = RULES - 1; i >= 0; i--) {
		text_print(&t, "rule R%02d \"r\" from 2026-01-01 owner \"us\" when ", i);
		ret[i] = make(c->arena, &t, 1 + pick(4));
		text_string(&t, " then red because \"y\"\n");
	}
	text_char(&t, '\0');
	return t.p;
}

static struct world make_declaration(struct risk_case *c)
{
	struct world w = {.items = pick(5), .country = pick(5) - 1, .office = pick(2)};

	c->d.shipment.items.n = (uint32_t)w.items;
	c->facts.office = span_of(offices[w.office]);
	c->d.shipment.export_country = span_of(w.country < 0 ? "" : countries[w.country]);
	for (int i = 0; i < w.items; i++) {
		struct goods_item *item = &c->items[i];

		w.code[i] = pick((int)ARRAY_LEN(codes) + 1) - 1;
		w.origin[i] = pick(5) - 1;
		w.mass[i] = pick(9) - 1;
		risk_case_code(c, (uint32_t)i, "");
		item->commodity.classifications.n = w.code[i] < 0 ? 0 : 1;
		item->commodity.classifications.v[0].id = span_of(code_of(&w, i));
		item->origins.v = ARENA_NEW(c->arena, struct origin);
		item->origins.n = 1;
		item->origins.v[0].country = span_of(w.origin[i] < 0 ? "" : countries[w.origin[i]]);
		item->commodity.net_mass.value = decimal_of(w.mass[i] < 0 ? 0 : w.mass[i], 0);
		item->commodity.net_mass.value.set = w.mass[i] >= 0;
	}
	return w;
}

static void assert_hits(struct risk_case *c, const struct made *const made[RULES],
			const struct world *w, const char *rules)
{
	const struct selection *s = risk_case_select(c);
	uint32_t at = 0;

	for (int r = 0; r < RULES; r++) {
		for (int i = 0; i < (made[r]->of_item ? w->items : 1); i++) {
			const struct reason *got = &s->reasons.v[at];
			uint32_t item = made[r]->of_item ? (uint32_t)i : UINT32_MAX;
			bool hit = at < s->reasons.n && atol((char *)got->id.p + 1) == r &&
				   got->item == item;

			if (hit != means(made[r], w, i))
				fail_msg("rule %d is %s item %d\n%s", r,
					 hit ? "wrong to hit" : "wrong not to hit", i, rules);
			at += hit;
		}
	}
	assert_int_equal(at, s->reasons.n);
}

static void play(void *context)
{
	struct risk_case *c = context;
	const struct made *made[RULES];
	const char *rules = make_rules(c, made);

	risk_case_good(c, rules);
	for (int i = 0; i < DECLARATIONS; i++) {
		struct world w = make_declaration(c);

		assert_hits(c, made, &w, rules);
	}
}

static void test_against_the_condition_as_made(void **state)
{
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		struct risk_case *c = risk_case(state);

		seed = round * UINT64_C(0x9e3779b97f4a7c15);
		play(c);
		arena_reset(*state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_against_the_condition_as_made),
	};

	return cmocka_run_group_tests_name("risk_oracle", tests, NULL, NULL);
}
