/* Quotas through a whole hub: random claims, amendments and cancellations beside a checker that knows nothing of the program but
 * what it answered, and one day's claims shared when the day is over. QUOTA_OPS says how many operations there are. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/prng.h"
#include "calendar.h"
#include "codec/xml.h"
#include "store/store.h"

#define FIRST_DAY  "2031-03-10T10:00:00Z"
#define SECOND_DAY "2031-03-11T10:00:00Z"

enum { VOLUME = 50000, CASES = 100000 };

/* 0900: first come first served; 0901: the same, a part of 0902; 0903: by the day. Kilograms. Coffee bears 1 % within. */
static const struct calendar_edit world[] = {
    {"codes.csv", NULL, "declaration_type,IMD,IMD,IMD,2000-01-01,,test\n"},
    {"measures.csv", "reference,from,to,source", "reference,quota,from,to,source"},
    {"measures.csv", ",2000-01-01,", ",,2000-01-01,"},
    {"measures.csv", NULL,
     "Q0,DUT,0901,*,,,,1%,,,0900,2000-01-01,,test\n"
     "Q1,DUT,0901,*,,,,1%,,,0901,2000-01-01,,test\n"
     "Q2,DUT,0901,*,,,,1%,,,0902,2000-01-01,,test\n"
     "Q3,DUT,0901,*,,,,1%,,,0903,2000-01-01,,test\n"},
};

static const char quotas[] =
    "quota,unit,volume,scheme,threshold,critical,parent,coefficient,name_en,name_fr,from,to,"
    "source\n"
    "0900,kg,50000,first,90,never,,,A,A,2031-01-01,2031-12-31,test\n"
    "0901,kg,30000,first,90,never,0902,0.5,B,B,2031-01-01,2031-12-31,test\n"
    "0902,kg,20000,first,90,never,,,C,C,2031-01-01,2031-12-31,test\n"
    "0903,kg,1000,day,90,auto,,,D,D,2031-01-01,2031-12-31,test\n";

struct world {
	char pack[CALENDAR_FOLDER];
	struct fixture f;
	struct arena *arena;
	unsigned number;
};

static void begin(struct world *w)
{
	char path[CALENDAR_FOLDER + 16];
	FILE *out;

	*w = (struct world){.arena = arena_new(LIMIT_ARENA_BYTES)};
	calendar_set(FIRST_DAY);
	calendar_pack(w->pack, world, ARRAY_LEN(world));
	snprintf(path, sizeof(path), "%s/quotas.csv", w->pack);
	out = fopen(path, "w");
	assert_true(out && fputs(quotas, out) >= 0 && !fclose(out));
	fixture_new(&w->f, w->pack);
}

static void end(struct world *w)
{
	fixture_sound(&w->f);
	fixture_remove(&w->f);
	calendar_remove(w->pack);
	arena_free(w->arena);
}

static struct outcome send(struct world *w, struct span raw)
{
	struct outcome o = fixture_submit(&w->f, w->arena, raw, "ann", "");

	assert_int_equal(o.kind, OUTCOME_NEW);
	return o;
}

static struct outcome claim(struct world *w, const char *quota, int64_t kg, const char *type)
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
	raw = fixture_replaced(a, raw, SPAN("G-01"), span_of(arena_print(a, "Q-%u", ++w->number)));
	return send(w, raw);
}

static struct outcome amend(struct world *w, struct span reference, int64_t kg)
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

static struct outcome cancel(struct world *w, struct span reference)
{
	return send(w, span_of(arena_print(
			   w->arena,
			   "{\"function\":\"13\",\"type\":\"INV\",\"trader_reference\":\"C-%u\","
			   "\"movement_reference\":\"%.*s\",\"declarant\":{\"id\":\"XV100000002\"},"
			   "\"amendments\":[{\"reason\":\"1\"}]}",
			   ++w->number, SPAN_ARG(reference))));
}

/* What a decision grants, in kilograms times a million; -1: it names no quota. */
static int64_t granted(struct world *w, const struct outcome *o)
{
	const struct json *uses = fixture_member(w->arena, o->decision, "quotas");
	int64_t v = -1;

	if (uses && uses->first && json_get_int(uses->first, "granted", &v))
		fail_msg("no amount is granted");
	return v;
}

/* ---- the checker: what anybody could count with a pencil ---- */

static const char *const orders[] = {"0900", "0901", "0902"};
enum { ORDERS = 3, MILLION = 1000000 };

struct pencil {
	struct {
		char reference[32];
		uint32_t order;
		int64_t kg, got; /* got: millionths */
		bool alive;
	} c[CASES];
	uint32_t n;
	int64_t left[ORDERS]; /* millionths */
};

/* Half a kilogram of 0902 for each of 0901. */
static int64_t above(int64_t v)
{
	return (v + 1) / 2;
}

static int64_t may_have(const struct pencil *p, uint32_t order, int64_t asked)
{
	int64_t most = p->left[order];

	if (order == 1 && p->left[2] * 2 < most)
		most = p->left[2] * 2;
	return asked < most ? asked : most;
}

static void take(struct pencil *p, uint32_t order, int64_t v, int sign)
{
	p->left[order] -= sign * v;
	if (order == 1)
		p->left[2] -= sign * above(v);
	for (uint32_t i = 0; i < ORDERS; i++)
		if (p->left[i] < 0)
			fail_msg("more was granted of %s than there is", orders[i]);
}

static void must_grant(struct world *w, struct pencil *p, uint32_t i, const struct outcome *o)
{
	const int64_t want = may_have(p, p->c[i].order, p->c[i].kg * MILLION);

	if (granted(w, o) != want)
		fail_msg("%s of %lld kg of %s: %lld are granted, %lld could be", p->c[i].reference,
			 (long long)p->c[i].kg, orders[p->c[i].order], (long long)granted(w, o),
			 (long long)want);
	p->c[i].got = want;
	take(p, p->c[i].order, want, 1);
}

static void step(struct world *w, struct pencil *p, struct prng *r)
{
	const uint64_t dice = prng_below(r, 100);
	const uint32_t i = p->n && dice >= 40 ? (uint32_t)prng_below(r, p->n) : p->n;
	struct outcome o;

	if (i == p->n || !p->c[i].alive) {
		p->c[p->n].order = (uint32_t)prng_below(r, ORDERS);
		p->c[p->n].kg = prng_between(r, 1, 9000);
		o = claim(w, orders[p->c[p->n].order], p->c[p->n].kg, "IMD");
		assert_true(o.accepted);
		snprintf(p->c[p->n].reference, sizeof(p->c[0].reference), "%.*s",
			 SPAN_ARG(o.reference));
		p->c[p->n].alive = true;
		must_grant(w, p, p->n++, &o);
		return;
	}
	take(p, p->c[i].order, p->c[i].got, -1);
	if (dice < 75) {
		p->c[i].kg = prng_between(r, 1, 9000);
		o = amend(w, span_of(p->c[i].reference), p->c[i].kg);
		assert_true(o.accepted);
		must_grant(w, p, i, &o);
		return;
	}
	o = cancel(w, span_of(p->c[i].reference));
	assert_true(o.accepted);
	p->c[i].alive = false;
}

static void test_nobody_shares_the_last_kilogram(void **state)
{
	const char *ops = getenv("QUOTA_OPS");
	const long n = ops ? atol(ops) : 200;
	struct prng r = prng_of(41, 0);
	struct pencil *p = calloc(1, sizeof(*p));
	struct world w;

	(void)state;
	assert_non_null(p);
	begin(&w);
	p->left[0] = (int64_t)VOLUME * MILLION;
	p->left[1] = (int64_t)30000 * MILLION;
	p->left[2] = (int64_t)20000 * MILLION;
	for (long i = 0; i < n && p->n < CASES; i++) {
		step(&w, p, &r);
		arena_reset(w.arena);
		if (i % 250 == 249) { /* what lies in memory is not what counts */
			fixture_close(&w.f);
			fixture_open(&w.f);
		}
	}
	end(&w);
	free(p);
}

/* ---- a day ---- */

static struct store_declaration row_of(struct world *w, struct span reference)
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

static void wait_for_version(struct world *w, struct span reference, int64_t version)
{
	for (int tries = 0; tries < 600; tries++) {
		if (row_of(w, reference).version == version)
			return;
		poll(NULL, 0, 100);
	}
	fail_msg("%.*s has no version %lld", SPAN_ARG(reference), (long long)version);
}

/* 1000 kg are there, and 600, 900 and 500 asked for; the last is withdrawn in time. */
static void test_a_day_is_shared(void **state)
{
	struct world w;
	struct outcome one, two, three;
	int64_t full, part;

	(void)state;
	begin(&w);
	one = claim(&w, "0903", 600, "IMD");
	two = claim(&w, "0903", 900, "IMD");
	three = claim(&w, "0903", 500, "IMD");
	assert_int_equal(granted(&w, &one), 0);
	assert_true(fixture_found(w.arena, two.decision, "duty.quota-waits"));
	assert_true(cancel(&w, three.reference).accepted);
	full = row_of(&w, one.reference).total_minor;
	fixture_sound(&w.f);
	calendar_set(SECOND_DAY);
	wait_for_version(&w, one.reference, 2);
	wait_for_version(&w, two.reference, 2);
	/* what is granted lowers the duty, and the rest bears the other one */
	part = row_of(&w, one.reference).total_minor;
	assert_true(part < full);
	assert_int_equal(row_of(&w, three.reference).version, 2); /* its cancellation's */
	/* nothing is left, and who asks for more keeps what was granted */
	one = claim(&w, "0903", 10, "IMD");
	assert_true(fixture_found(w.arena, one.decision, "duty.quota-exhausted"));
	one = amend(&w, two.reference, 950);
	assert_true(one.accepted);
	assert_int_equal(granted(&w, &one), 600 * (int64_t)MILLION);
	end(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nobody_shares_the_last_kilogram),
	    cmocka_unit_test(test_a_day_is_shared),
	};

	xml_start();
	return postgres_missing() ? 0 : cmocka_run_group_tests_name("quotas", tests, NULL, NULL);
}
