/* dict: every value has a place, and every place leads back to its value. */
#include "populate.h"

struct walk {
	struct arena *arena;
	const struct declaration *declaration;
	uint32_t leaves;
};

static bool there_and_back(void *context, const struct dict_field *f, const void *value,
			   const void *parent)
{
	struct walk *w = context;
	struct text pointer = text_in(w->arena);
	const struct dict_field *found_field;
	uint32_t line = 0;

	assert_true(dict_locate(&dict_declaration, w->declaration, value, &pointer, &line));
	assert_int_equal(line, dict_line(f, value));
	assert_ptr_equal(
	    dict_find(&dict_declaration, w->declaration, text_as_span(&pointer), &found_field),
	    value);
	assert_ptr_equal(found_field, f);
	if (f->list)
		assert_true((const char *)value >=
			    (char *)((struct dict_list *)dict_at(f, parent))->v);
	else
		assert_ptr_equal(dict_at(f, parent), value);
	w->leaves++;
	return true;
}

static void fill(struct arena *a, struct declaration *d, uint32_t members)
{
	struct populate p = {.arena = a, .members = members};

	populate_class(&p, &dict_declaration, d);
}

static void test_every_leaf_there_and_back(void **state)
{
	struct declaration *d = ARENA_NEW(*state, struct declaration);
	struct walk w = {*state, d, 0};

	fill(*state, d, 2);
	assert_true(dict_visit(&dict_declaration, d, there_and_back, &w));
	assert_true(w.leaves > 700);
}

static bool stop_at_ten(void *context, const struct dict_field *f, const void *value,
			const void *parent)
{
	(void)f, (void)value, (void)parent;
	return ++*(uint32_t *)context < 10;
}

static void test_visit_stops_and_skips_what_is_absent(void **state)
{
	struct declaration *d = ARENA_NEW(*state, struct declaration);
	uint32_t n = 0;

	assert_true(dict_visit(&dict_declaration, d, stop_at_ten, &n));
	assert_int_equal(n, 0);
	fill(*state, d, 1);
	assert_false(dict_visit(&dict_declaration, d, stop_at_ten, &n));
	assert_int_equal(n, 10);
}

#define assert_located(d, place, path, at_line)                                                    \
	do {                                                                                       \
		struct text pointer_ = text_in(*state);                                            \
		uint32_t line_;                                                                    \
		assert_true(dict_locate(&dict_declaration, (d), (place), &pointer_, &line_));      \
		assert_span(text_as_span(&pointer_), path);                                        \
		assert_int_equal(line_, at_line);                                                  \
	} while (0)

static void test_locates_classes_lists_and_missing_values(void **state)
{
	struct declaration *d = ARENA_NEW(*state, struct declaration);
	struct goods_item *item;

	fill(*state, d, 3);
	item = &d->shipment.items.v[1];
	item->commodity.head.line = 77;
	item->commodity.net_mass = (struct quantity){0};
	assert_located(d, d, "", d->head.line);
	assert_located(d, item, "/shipment/items/1", item->head.line);
	assert_located(d, &d->shipment.items, "/shipment/items", d->shipment.head.line);
	assert_located(d, &item->commodity.net_mass, "/shipment/items/1/commodity/net_mass", 77);
	assert_located(d, &item->commodity.dangerous.v[2],
		       "/shipment/items/1/commodity/dangerous/2",
		       item->commodity.dangerous.v[2].line);
	assert_located(d, &d->invoice_total.currency, "/invoice_total",
		       d->invoice_total.value.line);
}

static void test_addresses_outside_have_no_place(void **state)
{
	struct declaration *d = ARENA_NEW(*state, struct declaration),
			   *other = ARENA_NEW(*state, struct declaration);
	struct text pointer = text_in(*state);
	uint32_t line;

	fill(*state, d, 1);
	assert_false(dict_locate(&dict_declaration, d, &other->type, &pointer, &line));
	assert_false(dict_locate(&dict_declaration, d, &line, &pointer, &line));
	assert_int_equal(pointer.n, 0);
}

static void test_pointers_that_lead_nowhere(void **state)
{
	static const char *const bad[] = {
	    "type",
	    "/",
	    "/Type",
	    "/type/x",
	    "/shipment/",
	    "/shipment/items/3",
	    "/shipment/items/-1",
	    "/shipment/items/00001",
	    "/shipment/items/01",
	    "/shipment/items/x",
	    "/shipment/items/0/",
	    "/shipment/items/99999999999",
	    "/shipment/items//sequence",
	};
	struct declaration *d = ARENA_NEW(*state, struct declaration);
	const struct dict_field *f;

	fill(*state, d, 3);
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++)
		if (dict_find(&dict_declaration, d, span_of(bad[i]), &f))
			fail_msg("%s leads somewhere", bad[i]);
	assert_ptr_equal(dict_find(&dict_declaration, d, SPAN(""), &f), d);
	assert_null(f);
	assert_ptr_equal(dict_find(&dict_declaration, d, SPAN("/shipment/items"), &f),
			 &d->shipment.items);
	assert_string_equal(f->name, "items");
}

/* What readers count on in the generated tables. */
static void check_class(const struct dict_class *c)
{

	assert_true(c->element_count <= 64);
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];

		assert_int_equal(f->length, strlen(f->name));
		assert_ptr_equal(dict_field(c, span_of(f->name)), f);
		assert_true(f->offset + (f->list ? sizeof(struct dict_list) : dict_value_size(f)) <=
			    c->size);
		assert_true(!f->list || f->max > 0);
		assert_true(f->kind == DICT_CLASS || f->size > 0);
		assert_int_equal(f->required, c->required >> i & 1);
		assert_int_equal(f->kind == DICT_CLASS, c->classes >> i & 1);
		if (f->kind == DICT_CLASS)
			check_class(f->of);
	}
	assert_true(c->field_count == 64 || !((c->required | c->classes) >> c->field_count));
}

static void test_tables_hold_what_readers_count_on(void **state)
{
	(void)state;
	check_class(&dict_declaration);
	check_class(&dict_envelope);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_leaf_there_and_back),
	    arena_test(test_visit_stops_and_skips_what_is_absent),
	    arena_test(test_locates_classes_lists_and_missing_values),
	    arena_test(test_addresses_outside_have_no_place),
	    arena_test(test_pointers_that_lead_nowhere),
	    cmocka_unit_test(test_tables_hold_what_readers_count_on),
	};

	return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
