#include "quota_world.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

#define FIRST_DAY "2031-03-10T10:00:00Z"

enum { CLOCK_SECONDS = 6 }; /* more than the hub's clock leaves between two runs */

/* 0900: first come first served; 0901: the same, a part of 0902; 0903: by the day; 0904: the first, critical from half of it on,
 * with stops; 0905: by the day, a part of 0906, which is by the day. Kilograms. Coffee bears 1 % within. */
static const struct calendar_edit world[] = {
    {"codes.csv", NULL,
     "declaration_type,IMB,IMB,IMB,2000-01-01,,test\n"
     "declaration_type,IMD,IMD,IMD,2000-01-01,,test\n"
     "declaration_type,IMX,IMX,IMX,2000-01-01,,test\n"},
    {"pack.csv", "random_ppm,250000", "random_ppm,0"},
    {"pack.csv", NULL, "supplementary_document,MRN\n"},
    {"measures.csv", "reference,from,to,source", "reference,quota,from,to,source"},
    {"measures.csv", ",2000-01-01,", ",,2000-01-01,"},
    {"measures.csv", NULL,
     "Q0,DUT,0901,*,,,,1%,,,0900,2000-01-01,,test\n"
     "Q1,DUT,0901,*,,,,1%,,,0901,2000-01-01,,test\n"
     "Q2,DUT,0901,*,,,,1%,,,0902,2000-01-01,,test\n"
     "Q3,DUT,0901,*,,,,1%,,,0903,2000-01-01,,test\n"
     "Q4,DUT,0901,*,,,,1%,,,0904,2000-01-01,,test\n"
     "Q5,DUT,0901,*,,,,1%,,,0905,2000-01-01,,test\n"
     "Q6,DUT,0901,*,,,,1%,,,0906,2000-01-01,,test\n"},
};

static const char quotas[] =
    "quota,unit,volume,scheme,threshold,critical,parent,coefficient,name_en,name_fr,from,to,"
    "source\n"
    "0900,kg,50000,first,90,never,,,A,A,2031-01-01,2031-12-31,test\n"
    "0901,kg,30000,first,90,never,0902,0.5,B,B,2031-01-01,2031-12-31,test\n"
    "0902,kg,20000,first,90,never,,,C,C,2031-01-01,2031-12-31,test\n"
    "0903,kg,1000,day,90,auto,,,D,D,2031-01-01,2031-12-31,test\n"
    "0904,kg,1000,first,50,auto,,,E,E,2031-01-01,2031-12-31,test\n"
    "0905,kg,300,day,90,never,0906,1,F,F,2031-01-01,2031-12-31,test\n"
    "0906,kg,1000,day,90,never,,,G,G,2031-01-01,2031-12-31,test\n";

static const char stops[] = "quota,kind,reason_en,reason_fr,from,to,source\n"
			    "0904,suspension,A,A,2031-04-10,2031-04-11,test\n"
			    "0904,blocking,B,B,2031-04-20,2031-04-21,test\n";

static void write_table(const struct quota_world *w, const char *name, const char *rows)
{
	char path[CALENDAR_FOLDER + 32];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", w->pack, name);
	out = fopen(path, "w");
	assert_true(out && fputs(rows, out) >= 0 && !fclose(out));
}

void quota_world_begin(struct quota_world *w)
{
	*w = (struct quota_world){.arena = arena_new(LIMIT_ARENA_BYTES)};
	calendar_set(FIRST_DAY);
	calendar_pack(w->pack, world, ARRAY_LEN(world));
	write_table(w, "quotas.csv", quotas);
	write_table(w, "quota_stops.csv", stops);
	fixture_new(&w->f, w->pack);
}

void quota_world_end(struct quota_world *w)
{
	fixture_sound(&w->f);
	fixture_remove(&w->f);
	calendar_remove(w->pack);
	arena_free(w->arena);
}

static struct outcome send(struct quota_world *w, struct span raw)
{
	struct outcome o = fixture_submit(&w->f, w->arena, raw, "ann", "");

	assert_int_equal(o.kind, OUTCOME_NEW);
	return o;
}

static struct span coffee(struct quota_world *w, const char *quota, int64_t kg, const char *type)
{
	struct arena *a = w->arena;
	struct span raw = fixture_template(a, "tests/golden/messages/01-coffee.json");

	raw =
	    fixture_replaced(a, raw, SPAN("\"net_mass\""),
			     span_of(arena_print(a,
						 "\"duties\":[{\"type\":\"DUT\",\"quota\":\"%s\"}],"
						 "\"net_mass\"",
						 quota)));
	raw = fixture_replaced(a, raw, SPAN("\"90\""),
			       span_of(arena_print(a, "\"%lld\"", (long long)kg)));
	raw = fixture_replaced(a, raw, SPAN("\"95\""), SPAN("\"99999\""));
	raw = fixture_replaced(a, raw, SPAN("\"IMA\""), span_of(arena_print(a, "\"%s\"", type)));
	return fixture_replaced(a, raw, SPAN("G-01"), span_of(arena_print(a, "Q-%u", ++w->number)));
}

struct outcome quota_world_claim(struct quota_world *w, const char *quota, int64_t kg,
				 const char *type)
{
	return send(w, coffee(w, quota, kg, type));
}

struct outcome quota_world_complete(struct quota_world *w, struct span reference, const char *quota,
				    int64_t kg)
{
	static const char earlier[] = "\"transaction\": \"11\",";

	return send(w, fixture_replaced(
			   w->arena, coffee(w, quota, kg, "IMX"), span_of(earlier),
			   span_of(arena_print(
			       w->arena, "%s\"previous\": [{\"id\": \"%.*s\", \"type\": \"MRN\"}],",
			       earlier, SPAN_ARG(reference)))));
}

struct outcome quota_world_amend(struct quota_world *w, struct span reference, int64_t kg)
{
	return send(
	    w, span_of(arena_print(
		   w->arena,
		   "{\"function\":\"13\",\"type\":\"COR\",\"trader_reference\":\"A-%u\","
		   "\"movement_reference\":\"%.*s\",\"declarant\":{\"id\":\"XV100000002\"},"
		   "\"amendments\":[{\"reason\":\"2\",\"pointers\":[{\"section\":\"42A\"},"
		   "{\"section\":\"67A\"},{\"sequence\":\"1\",\"section\":\"68A\"},{\"section\":"
		   "\"23A\"},{\"section\":\"65A\",\"tag\":\"128\"}]}],\"shipment\":{\"items\":[{"
		   "\"sequence\":\"1\",\"commodity\":{\"net_mass\":{\"value\":\"%lld\"}}}]}}",
		   ++w->number, SPAN_ARG(reference), (long long)kg)));
}

struct outcome quota_world_cancel(struct quota_world *w, struct span reference)
{
	return send(w, span_of(arena_print(
			   w->arena,
			   "{\"function\":\"13\",\"type\":\"INV\",\"trader_reference\":\"C-%u\","
			   "\"movement_reference\":\"%.*s\",\"declarant\":{\"id\":\"XV100000002\"},"
			   "\"amendments\":[{\"reason\":\"1\"}]}",
			   ++w->number, SPAN_ARG(reference))));
}

static int64_t used(struct quota_world *w, const struct outcome *o, const char *member)
{
	const struct json *uses = fixture_member(w->arena, o->decision, "quotas");
	int64_t v = -1;

	if (uses && uses->first && json_get_int(uses->first, member, &v))
		fail_msg("no amount is %s", member);
	return v;
}

int64_t quota_world_granted(struct quota_world *w, const struct outcome *o)
{
	return used(w, o, "granted");
}

int64_t quota_world_applied(struct quota_world *w, const struct outcome *o)
{
	return used(w, o, "applied");
}

struct store_declaration quota_world_row_of(struct quota_world *w, struct span reference)
{
	struct store_declaration row = {.version = 0};
	struct cause why = {0};
	struct store *s;

	if (store_open(fixture_where(&w->f), &(struct store_options){.mode = STORE_READ}, &s,
		       &why) ||
	    store_get_declaration(s, w->arena, SPAN("XV001"), reference, &row, &why))
		fail_msg("%s", why.text);
	store_close(s);
	return row;
}

void quota_world_let_clock_run(struct quota_world *w)
{
	calendar_pass(CLOCK_SECONDS);
	(void)quota_world_cancel(w,
				 SPAN("31XV01000000999Z")); /* is refused, and wakes the writer */
}

void quota_world_wait_for_version(struct quota_world *w, struct span reference, int64_t version)
{
	for (int tries = 0; tries < 100; tries++) {
		if (quota_world_row_of(w, reference).version == version)
			return;
		quota_world_let_clock_run(w);
	}
	fail_msg("%.*s has no version %lld", SPAN_ARG(reference), (long long)version);
}
