/* Cargo reports as CUSCAR and CUSREP: what is written is read back the same, random reports too; what others write is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "codec/json.h"
#include "msg/cargo.h"
#include "msg/formats.h"
#include "unit.h"

static struct span read_as(struct arena *a, const struct msg_format *f, struct span bytes,
			   struct cargo_message *m)
{
	struct findings findings;
	struct codec_fault fault = {0};
	struct text t = text_in(a);
	enum err e = msg_read_cargo(a, bytes, f, m, &findings, &fault);

	if (e)
		fail_msg("%s: %s at %u: %.*s", f->id, fault.text, fault.line, SPAN_ARG(bytes));
	if (findings.errors)
		fail_msg("%s: %s %.*s of %.*s", f->id, finding_id(findings.list.v[0].rule),
			 SPAN_ARG(findings.list.v[0].pointer), SPAN_ARG(bytes));
	fmt_cargo_json.write_cargo(&t, m);
	return text_as_span(&t);
}

/* JSON -> model -> format -> model -> JSON: the same JSON. */
static void goes_round(struct arena *a, const struct msg_format *f, struct span json)
{
	struct cargo_message first, again;
	const struct span want = read_as(a, &fmt_cargo_json, json, &first);
	struct text edi = text_in(a);
	struct span got;

	f->write_cargo(&edi, &first);
	assert_ptr_equal(msg_recognise_cargo(text_as_span(&edi)), f);
	got = read_as(a, f, text_as_span(&edi), &again);
	if (!span_equal(want, got))
		fail_msg("%s\nwanted %.*s\ngot    %.*s\nof     %.*s", f->id, SPAN_ARG(want),
			 SPAN_ARG(got), (int)edi.n, edi.p);
}

/* ---- random reports, of what the mappings have a place for ---- */

struct maker {
	struct prng random;
	struct text t;
	struct json_writer w;
};

static bool some(struct maker *m)
{
	return prng_chance(&m->random, 600000);
}

static void text(struct maker *m, const char *name, uint32_t most)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.,-()/'+:?=";
	char s[100];
	uint32_t n = 1 + (uint32_t)prng_below(&m->random, most);

	for (uint32_t i = 0; i < n; i++)
		s[i] = letters[prng_below(&m->random, sizeof(letters) - 1)];
	s[0] = 'Q'; /* a blank at either end would be dropped */
	s[n - 1] = 'Z';
	json_put(&m->w, name, (struct span){s, n, 0});
}

static void maybe(struct maker *m, const char *name, uint32_t most)
{
	if (some(m))
		text(m, name, most);
}

static void number(struct maker *m, const char *name, uint32_t most)
{
	char s[20];

	snprintf(s, sizeof(s), "%u", 1 + (unsigned)prng_below(&m->random, most));
	json_put_c(&m->w, name, s);
}

static void amount(struct maker *m, const char *name, const char *unit)
{
	if (!some(m))
		return;
	json_name(&m->w, name);
	json_open_object(&m->w);
	number(m, "value", 90000);
	json_put_c(&m->w, "unit", unit);
	json_close_object(&m->w);
}

static void moment(struct maker *m, const char *name)
{
	char s[20];

	if (!some(m))
		return;
	snprintf(s, sizeof(s), "202601%02u", 1 + (unsigned)prng_below(&m->random, 28));
	json_name(&m->w, name);
	json_open_object(&m->w);
	json_put_c(&m->w, "text", s);
	json_put_c(&m->w, "format", "102");
	json_close_object(&m->w);
}

static void party(struct maker *m, const char *name)
{
	if (!some(m))
		return;
	json_name(&m->w, name);
	json_open_object(&m->w);
	text(m, "name", 60);
	maybe(m, "id", 17);
	if (some(m)) {
		json_name(&m->w, "address");
		json_open_object(&m->w);
		maybe(m, "city", 30);
		json_put_c(&m->w, "country", "XL");
		maybe(m, "line", 60);
		maybe(m, "postcode", 9);
		json_close_object(&m->w);
	}
	json_close_object(&m->w);
}

static void conveyance(struct maker *m, bool alone)
{
	json_name(&m->w, "conveyance");
	json_open_object(&m->w);
	text(m, "journey", 17);
	json_name(&m->w, "means");
	json_open_object(&m->w);
	maybe(m, "name", 35);
	text(m, "id", 9);
	json_put_c(&m->w, "nationality", "PA");
	json_put_c(&m->w, "mode", "1");
	json_close_object(&m->w);
	party(m, "carrier");
	if (alone)
		maybe(m, "master_name", 60);
	if (some(m)) {
		json_put_c(&m->w, "departure_place", "BRSSZ");
		moment(m, "departure_time");
	}
	json_put_c(&m->w, "arrival_place", "XLHAR");
	moment(m, "arrival_time");
	if (some(m))
		json_put_c(&m->w, "arrived", "1");
	if (alone && some(m)) {
		number(m, "crew", 900);
		number(m, "passengers", 900);
	}
	json_close_object(&m->w);
}

static void equipment(struct maker *m)
{
	json_name(&m->w, "equipment");
	json_open_array(&m->w);
	for (uint64_t i = 0, n = prng_below(&m->random, 3); i < n; i++) {
		char s[20];

		snprintf(s, sizeof(s), "%u", (unsigned)i + 1);
		json_open_object(&m->w);
		json_put_c(&m->w, "sequence", s);
		text(m, "id", 11);
		json_put_c(&m->w, "kind", "CN");
		json_put_c(&m->w, "fullness", "5");
		amount(m, "tare", "KGM");
		json_name(&m->w, "seals");
		json_open_array(&m->w);
		json_open_object(&m->w);
		json_put_c(&m->w, "sequence", "1");
		text(m, "id", 10);
		json_close_object(&m->w);
		json_close_array(&m->w);
		json_close_object(&m->w);
	}
	json_close_array(&m->w);
}

static void item(struct maker *m, unsigned sequence)
{
	char s[20];

	snprintf(s, sizeof(s), "%u", sequence);
	json_open_object(&m->w);
	json_put_c(&m->w, "sequence", s);
	maybe(m, "description", 90);
	if (some(m))
		json_put_c(&m->w, "commodity", "09011100");
	json_name(&m->w, "packages");
	json_open_array(&m->w);
	for (uint64_t i = 0, n = prng_below(&m->random, 3); i < n; i++) {
		json_open_object(&m->w);
		if (!i)
			maybe(m, "marks", 60);
		number(m, "count", 9000);
		json_put_c(&m->w, "type", "BG");
		json_close_object(&m->w);
	}
	json_close_array(&m->w);
	amount(m, "gross_mass", "KGM");
	amount(m, "net_mass", "KGM");
	amount(m, "volume", "MTQ");
	json_close_object(&m->w);
}

static void bills(struct maker *m)
{
	json_name(&m->w, "bills");
	json_open_array(&m->w);
	for (unsigned i = 0, n = (unsigned)prng_below(&m->random, 4); i < n; i++) {
		char s[20];

		snprintf(s, sizeof(s), "%u", i + 1);
		json_open_object(&m->w);
		json_put_c(&m->w, "sequence", s);
		text(m, "id", 35);
		json_put_c(&m->w, "type", prng_below(&m->random, 2) ? "705" : "703");
		party(m, "consignor");
		party(m, "consignee");
		party(m, "notify");
		if (some(m))
			json_put_c(&m->w, "loading", "BRSSZ");
		if (some(m))
			json_put_c(&m->w, "unloading", "XLHAR");
		if (some(m))
			number(m, "package_count", 90000);
		amount(m, "gross_mass", "KGM");
		amount(m, "volume", "MTQ");
		json_name(&m->w, "items");
		json_open_array(&m->w);
		for (unsigned k = 0, of = 1 + (unsigned)prng_below(&m->random, 3); k < of; k++)
			item(m, k + 1);
		json_close_array(&m->w);
		json_close_object(&m->w);
	}
	json_close_array(&m->w);
}

static struct span make(struct maker *m, bool alone)
{
	m->w = json_to(&m->t);
	json_open_object(&m->w);
	json_name(&m->w, "cargo_report");
	json_open_object(&m->w);
	json_put_c(&m->w, "function", "9");
	text(m, "reference", 35);
	json_put_c(&m->w, "type", "785");
	moment(m, "issue_time");
	json_put_c(&m->w, "office", "XLHAR001");
	party(m, "sender");
	party(m, "agent");
	conveyance(m, alone);
	if (!alone) {
		equipment(m);
		bills(m);
	}
	json_close_object(&m->w);
	json_close_object(&m->w);
	return text_as_span(&m->t);
}

struct round {
	struct arena *arena;
	struct prng random;
	bool alone;
};

static void one_round(void *context)
{
	struct round *r = context;
	struct maker m = {.random = r->random, .t = text_in(r->arena)};

	goes_round(r->arena, r->alone ? &fmt_cusrep : &fmt_cuscar, make(&m, r->alone));
}

static void test_random_reports_come_back(void **state)
{
	const char *said = getenv("CUSTOMHOUSE_CASES");
	const uint64_t cases = said ? strtoul(said, NULL, 10) : 1000;

	for (uint64_t i = 0; i < 2 * cases; i++) {
		struct round r = {*state, prng_of(11, i), i % 2 == 1};

		arena_reset(*state);
		assert_int_equal(arena_run(*state, one_round, &r), ERR_NONE);
	}
}

/* ---- what others write ---- */

static void test_a_bill_without_a_type_gets_one_by_its_transport(void **state)
{
	static const char message[] =
	    "UNB+UNOA:1+LINE+HUB+260119:1010+1'UNH+1+CUSCAR:D:96B:UN'BGM+85+M-1+9'"
	    "NAD+MS+XL7'TDT+20+AB652A+4++XL7:172+++9074729:146::STORM'"
	    "CNI+1+HLCU1'RFF+AAA:X'GID+1+10:BG'MEA+AAE+G+KGM:500'UNT+9+1'UNZ+1+1'";
	struct cargo_message m;
	struct findings findings;
	struct codec_fault fault = {0};

	assert_int_equal(msg_read_cargo(*state, span_of(message), NULL, &m, &findings, &fault),
			 ERR_NONE);
	assert_int_equal(m.report.bills.n, 1);
	assert_span(m.report.bills.v[0].id, "HLCU1");
	assert_span(m.report.bills.v[0].type, "740");
	assert_int_equal(m.report.bills.v[0].items.n, 1);
	assert_int_equal(m.report.bills.v[0].items.v[0].packages.v[0].count.units, 10);
	assert_span(m.report.conveyance.journey, "AB652A");
	assert_span(m.report.conveyance.means.name, "STORM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_random_reports_come_back),
	    arena_test(test_a_bill_without_a_type_gets_one_by_its_transport),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
