/* model/columns: what comes back is what was put in, as far as it is asked for; streams that were cut are found. */
#include "model/columns.h"

#include <stdio.h>
#include <stdlib.h>

#include "msg/msg.h"
#include "unit.h"

static const char *const files[] = {"import-simple.json", "export.json", "import-preference.json",
				    "import-errors.json"};

struct world {
	struct arena *arena;
	struct message message[ARRAY_LEN(files)];
	struct columns columns;
	struct columns_out out;
};

static void read_example(struct world *w, uint32_t i)
{
	char path[400], *bytes = arena_alloc(w->arena, 1 << 20);
	struct findings findings;
	struct codec_fault fault;
	FILE *f;

	snprintf(path, sizeof(path), "%s/examples/%s", getenv("CUSTOMHOUSE_ROOT"), files[i]);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(
	    msg_read(w->arena, (struct span){bytes, (uint32_t)fread(bytes, 1, (1 << 20) - 1, f), 0},
		     NULL, &w->message[i], &findings, &fault),
	    ERR_NONE);
	fclose(f);
}

static void put_in(void *context)
{
	struct world *w = context;

	w->columns = columns_of_declaration(w->arena);
	columns_begin(&w->columns, w->arena, &w->out);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++)
		columns_add(&w->columns, &w->out, &w->message[i].declaration);
}

static int open_world(void **state)
{
	static struct world w;

	w.arena = arena_new(LIMIT_ARENA_BYTES);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++)
		read_example(&w, i);
	assert_int_equal(arena_run(w.arena, put_in, &w), ERR_NONE);
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	arena_free(((struct world *)*state)->arena);
	return 0;
}

static struct columns_in reader(struct world *w, const bool *wanted)
{
	struct columns_in in = {.wanted = wanted};

	in.stream = ARENA_ARRAY(w->arena, struct columns_stream, w->columns.n);
	for (uint32_t i = 0; i < w->columns.n; i++)
		if (w->out.says[i])
			in.stream[i] = (struct columns_stream){(const uint8_t *)w->out.stream[i].p,
							       (const uint8_t *)w->out.stream[i].p +
								   w->out.stream[i].n};
	return in;
}

static void whole(void *context)
{
	struct world *w = context;
	bool *wanted = ARENA_ARRAY(w->arena, bool, w->columns.n);
	struct columns_in in;

	memset(wanted, true, w->columns.n);
	in = reader(w, wanted);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++) {
		struct message m = w->message[i];
		struct text before = text_in(w->arena), after = text_in(w->arena);

		msg_write_json(&before, &w->message[i]);
		columns_next(&w->columns, &in, w->arena, &m.declaration);
		msg_write_json(&after, &m);
		assert_true(span_equal(text_as_span(&before), text_as_span(&after)));
	}
	assert_false(in.bad);
}

static void test_all_of_it_comes_back(void **state)
{
	assert_int_equal(arena_run(((struct world *)*state)->arena, whole, *state), ERR_NONE);
}

static void some(void *context)
{
	struct world *w = context;
	bool *wanted = ARENA_ARRAY(w->arena, bool, w->columns.n);
	struct columns_in in;

	assert_true(columns_want(&w->columns, SPAN("shipment.items.commodity.net_mass"), wanted));
	assert_true(columns_want(&w->columns, SPAN("declarant.id"), wanted));
	assert_false(columns_want(&w->columns, SPAN("shipment.item"), wanted));
	assert_false(columns_want(&w->columns, SPAN("declarant.id.x"), wanted));
	in = reader(w, wanted);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++) {
		const struct declaration *d = &w->message[i].declaration;
		struct declaration got;

		columns_next(&w->columns, &in, w->arena, &got);
		assert_true(span_equal(got.declarant.id, d->declarant.id));
		assert_null(got.trader_reference.p);
		assert_int_equal(got.shipment.items.n, d->shipment.items.n);
		for (uint32_t k = 0; k < d->shipment.items.n; k++) {
			const struct commodity *x = &got.shipment.items.v[k].commodity;

			assert_int_equal(x->net_mass.value.units,
					 d->shipment.items.v[k].commodity.net_mass.value.units);
			assert_null(x->description.p);
		}
	}
	assert_false(in.bad);
}

static void test_what_is_asked_for_comes_back(void **state)
{
	assert_int_equal(arena_run(((struct world *)*state)->arena, some, *state), ERR_NONE);
}

/* Each stream cut by a byte: reading never goes beyond it. */
static void cut(void *context)
{
	struct world *w = context;
	bool *wanted = ARENA_ARRAY(w->arena, bool, w->columns.n);

	memset(wanted, true, w->columns.n);
	for (uint32_t i = 1; i < w->columns.n; i++) {
		struct columns_in in = reader(w, wanted);
		struct declaration got;

		if (!in.stream[i].p)
			continue;
		in.stream[i].end--;
		for (uint32_t k = 0; k < ARRAY_LEN(files); k++)
			columns_next(&w->columns, &in, w->arena, &got);
		assert_true(in.bad);
	}
}

static void test_a_cut_stream_is_found(void **state)
{
	assert_int_equal(arena_run(((struct world *)*state)->arena, cut, *state), ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_of_it_comes_back),
	    cmocka_unit_test(test_what_is_asked_for_comes_back),
	    cmocka_unit_test(test_a_cut_stream_is_found),
	};

	return cmocka_run_group_tests_name("model_columns", tests, open_world, close_world);
}
