/* Declarations that come later than what they speak of: numbers used on paper, and what completes a simplified declaration. */
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "calendar.h"
#include "codec/xml.h"
#include "hub/life/act.h"
#include "hub/life/contingency.h"
#include "hub/life/supplementary.h"

#define START   "2031-03-10T10:00:00Z"
#define OFFICE  SPAN("XV001")
#define HOLDER  "XV100000001"
#define EARLIER "\"transaction\": \"11\","

static const struct calendar_edit world[] = {
    {"codes.csv", NULL,
     "declaration_type,IMB,IMB,IMB,2000-01-01,,test\n"
     "declaration_type,IME,IME,IME,2000-01-01,,test\n"
     "declaration_type,IMX,IMX,IMX,2000-01-01,,test\n"},
    {"offices.csv", NULL, "XV003,New harbour,Nouveau port,seaport,2000-01-01,,test\n"},
    {"pack.csv", "random_ppm,250000", "random_ppm,0"},
    {"pack.csv", NULL, "supplementary_document,MRN\n"},
};

struct world {
	char pack[CALENDAR_FOLDER];
	struct fixture f;
	struct arena *arena;
	unsigned lodged;
};

static void begin(struct world *w)
{
	*w = (struct world){.arena = arena_new(LIMIT_ARENA_BYTES)};
	calendar_set(START);
	calendar_pack(w->pack, world, ARRAY_LEN(world));
	fixture_new(&w->f, w->pack);
}

static void end(struct world *w)
{
	fixture_sound(&w->f);
	fixture_remove(&w->f);
	calendar_remove(w->pack);
	arena_free(w->arena);
}

static struct span with(struct world *w, struct span raw, const char *from, const char *to)
{
	struct span after = fixture_replaced(w->arena, raw, span_of(from), span_of(to));

	if (span_equal(raw, after))
		fail_msg("no %s in %.*s", from, SPAN_ARG(raw));
	return after;
}

static struct outcome submit(struct world *w, struct span raw)
{
	struct outcome o = fixture_submit(&w->f, w->arena, raw, "ann", "");

	assert_int_equal(o.kind, OUTCOME_NEW);
	return o;
}

/* Coffee of a type, each time under another reference of the trader's. */
static struct span coffee(struct world *w, const char *type)
{
	struct span raw = fixture_template(w->arena, "tests/golden/messages/01-coffee.json");

	if (strcmp(type, "IMA") != 0)
		raw = with(w, raw, "\"IMA\"", arena_print(w->arena, "\"%s\"", type));
	return with(w, raw, "\"G-01\"", arena_print(w->arena, "\"T-%u\"", ++w->lodged));
}

static struct span completing(struct world *w, struct span reference)
{
	return with(w, coffee(w, "IMX"), EARLIER,
		    arena_print(w->arena,
				EARLIER "\"previous\": [{\"id\": \"%.*s\", \"type\": \"MRN\"}],",
				SPAN_ARG(reference)));
}

static struct outcome request(struct world *w, const char *type, struct span reference)
{
	return submit(w, span_of(arena_print(
			     w->arena,
			     "{\"function\":\"13\",\"trader_reference\":\"R-%u\",\"type\":\"%s\","
			     "\"movement_reference\":\"%.*s\",\"amendments\":[{\"reason\":\"1\"}]}",
			     ++w->lodged, type, SPAN_ARG(reference))));
}

static struct span fact(struct world *w, const struct outcome *o, const char *name)
{
	return json_get_text(fixture_member(w->arena, o->decision, "facts"), name);
}

static void assert_refused(struct world *w, struct span raw, const char *rule)
{
	struct outcome o = submit(w, raw);

	assert_false(o.accepted);
	if (!fixture_found(w->arena, o.decision, rule))
		fail_msg("no %s in %.*s", rule, SPAN_ARG(o.answer));
}

static struct outcome accept(struct world *w, struct span raw)
{
	struct outcome o = submit(w, raw);

	if (!o.accepted)
		fail_msg("%.*s", SPAN_ARG(o.answer));
	return o;
}

/* How many wait past their day, of a trader or (empty) of everybody. */
static uint32_t overdue(struct world *w, const char *party, struct span *ret_first)
{
	struct cause why = {0};
	struct obligation *list;
	uint32_t n;

	if (hub_list_overdue(w->f.hub, w->arena, who_operator(), span_of(party), SPAN("test"),
			     &list, &n, &why))
		fail_msg("%s", why.text);
	if (n && ret_first)
		*ret_first = list[0].reference;
	return n;
}

/* ---- simplified and supplementary ---- */

static void test_a_simplified_declaration_is_completed_once(void **state)
{
	struct outcome simplified, first;
	struct span listed;
	struct world w;

	(void)state;
	begin(&w);
	simplified = accept(&w, coffee(&w, "IMB"));
	assert_span(fact(&w, &simplified, "complete_by"), "2031-03-20");
	(void)accept(&w, coffee(&w, "IMA"));
	calendar_set("2031-03-20T12:00:00Z");
	assert_int_equal(overdue(&w, "", NULL), 0);
	calendar_set("2031-03-21T12:00:00Z");
	assert_int_equal(overdue(&w, "", &listed), 1);
	assert_true(span_equal(listed, simplified.reference));
	assert_int_equal(overdue(&w, HOLDER, NULL), 1);
	assert_int_equal(overdue(&w, "XV100000099", NULL), 0);
	first = accept(&w, completing(&w, simplified.reference));
	assert_true(span_equal(fact(&w, &first, "completes"), simplified.reference));
	assert_int_equal(overdue(&w, "", NULL), 0);
	assert_refused(&w, completing(&w, simplified.reference), "supplementary.twice");
	fixture_sound(&w.f);
	/* what completed it is withdrawn: it waits again, and can be completed again */
	assert_true(request(&w, "INV", first.reference).accepted);
	assert_int_equal(overdue(&w, "", NULL), 1);
	fixture_sound(&w.f);
	(void)accept(&w, completing(&w, simplified.reference));
	assert_int_equal(overdue(&w, "", NULL), 0);
	end(&w);
}

static void test_only_ones_own_simplified_case_is_completed(void **state)
{
	struct outcome simplified, whole;
	struct world w;

	(void)state;
	begin(&w);
	simplified = accept(&w, coffee(&w, "IMB"));
	whole = accept(&w, coffee(&w, "IMA"));
	assert_refused(&w, coffee(&w, "IMX"), "supplementary.missing");
	assert_refused(&w, completing(&w, SPAN("31XV01000000999Z")), "supplementary.unknown");
	assert_refused(&w, completing(&w, whole.reference), "supplementary.type");
	assert_refused(&w, with(&w, completing(&w, simplified.reference), HOLDER, "XV100000009"),
		       "supplementary.unknown");
	(void)accept(&w, completing(&w, simplified.reference));
	end(&w);
}

static void test_what_was_cancelled_needs_no_completion(void **state)
{
	struct outcome simplified;
	struct world w;

	(void)state;
	begin(&w);
	simplified = accept(&w, coffee(&w, "IMB"));
	assert_true(request(&w, "INV", simplified.reference).accepted);
	calendar_set("2031-04-21T12:00:00Z");
	assert_int_equal(overdue(&w, "", NULL), 0);
	assert_refused(&w, completing(&w, simplified.reference), "supplementary.unknown");
	end(&w);
}

static void acted(struct action *x)
{
	sem_post(x->context);
}

static void act_and_wait(struct world *w, struct action *x)
{
	sem_t done;

	assert_int_equal(sem_init(&done, 0, 0), 0);
	x->done = acted;
	x->context = &done;
	hub_act(w->f.hub, x);
	while (sem_wait(&done))
		;
	sem_destroy(&done);
}

/* The days run from the presentation, whoever tells of it: here an officer, by an act. */
static void test_before_arrival_the_days_begin_with_the_goods(void **state)
{
	struct who_list offices = {(const struct span[]){OFFICE}, 1};
	struct who officer = {
	    .user = SPAN("olga"), .roles = ROLE_OFFICER, .scopes = SCOPE_ALL, .offices = offices};
	struct action x = {.raw = SPAN("{\"act\":\"present\"}"), .who = &officer};
	struct outcome simplified;
	struct world w;

	(void)state;
	begin(&w);
	simplified = accept(&w, coffee(&w, "IME"));
	assert_int_equal(fact(&w, &simplified, "complete_by").n, 0);
	assert_refused(&w, completing(&w, simplified.reference), "supplementary.type");
	calendar_set("2031-03-25T12:00:00Z");
	assert_int_equal(overdue(&w, "", NULL), 0);
	x.reference = simplified.reference;
	x.arena = arena_new(LIMIT_ARENA_BYTES);
	act_and_wait(&w, &x);
	if (x.outcome != ACTION_DONE)
		fail_msg("%d %s %.*s", (int)x.outcome, x.cause.text, SPAN_ARG(x.answer));
	act_and_wait(&w, &x);
	assert_int_equal(x.outcome, ACTION_REFUSED);
	arena_free(x.arena);
	calendar_set("2031-04-05T12:00:00Z");
	assert_int_equal(overdue(&w, "", NULL), 1);
	(void)accept(&w, completing(&w, simplified.reference));
	end(&w);
}

/* ---- contingency numbers ---- */

static struct span *reserve(struct world *w, uint32_t n)
{
	struct cause why = {0};
	struct span *list = NULL;

	if (hub_reserve_numbers(w->f.hub, w->arena, who_operator(), OFFICE, n, &list, &why))
		fail_msg("%s", why.text);
	return list;
}

/* What stood on paper that day under this number. day NULL: the day is left out. */
static struct span paper(struct world *w, struct span number, const char *day)
{
	return with(w, coffee(w, "IMA"), "\"function\": \"9\",",
		    day ? arena_print(w->arena,
				      "\"function\": \"9\", \"movement_reference\": \"%.*s\", "
				      "\"accepted_time\": {\"text\": \"%s\"},",
				      SPAN_ARG(number), day)
			: arena_print(w->arena,
				      "\"function\": \"9\", \"movement_reference\": \"%.*s\",",
				      SPAN_ARG(number)));
}

static void test_a_number_from_paper_keeps_its_day_and_serves_once(void **state)
{
	struct span *number;
	struct outcome o, other;
	struct world w;

	(void)state;
	begin(&w);
	number = reserve(&w, 3);
	assert_false(span_equal(number[0], number[1]));
	other = accept(&w, coffee(&w, "IMA")); /* what is issued now is none of them */
	for (int i = 0; i < 3; i++)
		assert_false(span_equal(other.reference, number[i]));
	calendar_set("2031-03-14T10:00:00Z");
	o = accept(&w, paper(&w, number[1], "2031-03-12"));
	assert_true(span_equal(o.reference, number[1]));
	assert_span(fact(&w, &o, "legal_day"), "2031-03-12");
	assert_refused(&w, paper(&w, number[1], "2031-03-12"), "contingency.used");
	/* one with errors does not use its number up */
	o = submit(&w, with(&w, paper(&w, number[2], "2031-03-12"), "\"US\"", "\"QQ\""));
	assert_false(o.accepted || span_equal(o.reference, number[2]));
	o = accept(&w, paper(&w, number[2], "2031-03-13"));
	assert_true(span_equal(o.reference, number[2]));
	end(&w);
}

static void test_a_day_that_cannot_be_is_refused(void **state)
{
	struct span *number;
	struct outcome o;
	struct world w;

	(void)state;
	begin(&w);
	number = reserve(&w, 1);
	calendar_set("2031-03-24T10:00:00Z");
	assert_refused(&w, paper(&w, *number, NULL), "contingency.time");
	assert_refused(&w, paper(&w, *number, "2031-03-25"), "contingency.time");
	assert_refused(&w, paper(&w, *number, "2031-03-13"), "contingency.time");
	assert_refused(&w, paper(&w, *number, "2031-03-09"), "contingency.time");
	assert_refused(&w, with(&w, paper(&w, *number, "2031-03-20"), "\"XV001\"", "\"XV003\""),
		       "contingency.office");
	o = accept(&w, paper(&w, SPAN("31XV01000000999Z"), "2031-03-20")); /* nobody reserved it */
	assert_false(span_is(o.reference, "31XV01000000999Z"));
	assert_span(fact(&w, &o, "legal_day"), "2031-03-24");
	(void)accept(&w, paper(&w, *number, "2031-03-14"));
	end(&w);
}

static void test_supervisors_of_the_office_reserve(void **state)
{
	struct who_list offices = {(const struct span[]){OFFICE}, 1};
	struct who by = {.user = SPAN("olga"), .roles = ROLE_OFFICER, .offices = offices};
	struct cause why = {0};
	struct span *list;
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(hub_reserve_numbers(w.f.hub, w.arena, &by, OFFICE, 1, &list, &why),
			 ERR_DENIED);
	by.roles = ROLE_SUPERVISOR;
	assert_int_equal(hub_reserve_numbers(w.f.hub, w.arena, &by, SPAN("XV003"), 1, &list, &why),
			 ERR_DENIED);
	assert_int_equal(hub_reserve_numbers(w.f.hub, w.arena, &by, OFFICE, 0, &list, &why),
			 ERR_FORMAT);
	assert_int_equal(hub_reserve_numbers(w.f.hub, w.arena, &by, OFFICE, CONTINGENCY_NUMBERS + 1,
					     &list, &why),
			 ERR_FORMAT);
	assert_int_equal(hub_reserve_numbers(w.f.hub, w.arena, &by, OFFICE, 1000, &list, &why),
			 ERR_NONE);
	end(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_simplified_declaration_is_completed_once),
	    cmocka_unit_test(test_only_ones_own_simplified_case_is_completed),
	    cmocka_unit_test(test_what_was_cancelled_needs_no_completion),
	    cmocka_unit_test(test_before_arrival_the_days_begin_with_the_goods),
	    cmocka_unit_test(test_a_number_from_paper_keeps_its_day_and_serves_once),
	    cmocka_unit_test(test_a_day_that_cannot_be_is_refused),
	    cmocka_unit_test(test_supervisors_of_the_office_reserve),
	};

	xml_start();
	return postgres_missing() ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
