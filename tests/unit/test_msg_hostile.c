/* Every format of declarations, and every checked one, under failing memory, too little memory, messages cut off anywhere and
 * bytes changed anywhere: an error with its place, or findings; never a crash, and nothing half read. A format that is added is
 * held to it at once: its sample is what it writes of a declaration. */
#include "base/limits.h"
#include "msg/cargo.h"
#include "msg_case.h"

static const char declaration[] =
    "{\"envelope\":{\"country\":\"XL\"},\"function\":\"9\",\"trader_reference\":\"T-1\",\"type\":"
    "\"IMA\","
    "\"office\":\"XLHAR001\",\"invoice_total\":{\"value\":\"300.00\",\"currency\":\"EUR\"},"
    "\"gross_mass\":{\"value\":\"37.5\",\"unit\":\"KGM\"},\"exporter\":{\"name\":\"Zoë & Söhne\","
    "\"address\":{\"line\":\"1 Quay, "
    "\\\"North\\\"\"}},\"shipment\":{\"consignment\":{\"containers\":[{"
    "\"sequence\":\"1\",\"id\":\"CSQU3054383\"}]},\"items\":[{\"sequence\":\"1\",\"documents\":[{"
    "\"category\":\"N\",\"type\":\"380\",\"id\":\"INV;1\"}],\"commodity\":{\"description\":\"Lamps+"
    "shades\","
    "\"classifications\":[{\"id\":\"94052000\",\"type\":\"TSP\"}],\"gross_mass\":{\"value\":\"12."
    "5\","
    "\"unit\":\"KGM\"}},\"procedures\":[{\"requested\":\"40\",\"previous\":\"00\"}]},{\"sequence\":"
    "\"2\","
    "\"commodity\":{\"description\":\"=Lamps\"},\"statements\":[{\"text\":\"a\\nb\"}]}]}}";

static const char arrival[] =
    "<n:CC007C PhaseID=\"NCTS5.0\" xmlns:n=\"http://ncts.dgtaxud.ec\"><messageSender>S"
    "</messageSender><messageRecipient>R</messageRecipient><preparationDateAndTime>"
    "2026-01-05T07:15:00</preparationDateAndTime><hat/><TransitOperation><MRN>nonsense</MRN>"
    "</TransitOperation><Authorisation><sequenceNumber>0</sequenceNumber></Authorisation>"
    "</n:CC007C>";

static const char passengers[] =
    "UNB+UNOC:3+S+R+261123:0600+1'UNH+1+PAXLST:D:21B:UN'BGM+745'TDT+20+XA1'LOC+125+ZZAAA'"
    "DTM+189:202611230600:203'NAD+FL+++DOE:J?'ANE'ATT+2++F'DOC+99+X1'XXX+1'CNT+42:1'UNT+10+1'"
    "UNZ+1+1'";

static const char report[] =
    "{\"cargo_report\":{\"function\":\"9\",\"more\":[1],\"conveyance\":{\"journey\":\"V1\"},"
    "\"bills\":[{\"id\":\"BL1\",\"gross_mass\":{\"value\":\"x\"},\"items\":[{\"sequence\":\"1\"}]}]"
    "}}";

struct read {
	struct message message;
	struct cargo_message cargo;
	struct findings findings;
	struct codec_fault fault;
	enum err err;
};

static void read_as(struct arena *a, const struct msg_format *f, struct span bytes, struct read *r)
{
	memset(r, 0, sizeof(*r));
	if (f->check)
		r->err = msg_check(a, bytes, f, &r->findings, &r->fault);
	else if (f->read_cargo)
		r->err = msg_read_cargo(a, bytes, f, &r->cargo, &r->findings, &r->fault);
	else
		r->err = msg_read(a, bytes, f, &r->message, &r->findings, &r->fault);
	if (r->err && (!r->fault.line || !r->fault.column || !r->fault.text || !*r->fault.text))
		fail_msg("%s: %s without a place or a reason", f->id, err_name(r->err));
	assert_true(r->findings.list.n <= LIMIT_FINDINGS + 1);
	assert_true(r->message.unmapped.n <= LIMIT_UNMAPPED);
}

/* A message of the format; empty: it has none that can be made here. */
static struct span sample(struct arena *a, const struct msg_format *f)
{
	if (f->check)
		return span_of(span_is(span_of(f->id), "ncts") ? arrival : passengers);
	if (f->read_cargo)
		return span_is(span_of(f->id), "cargo-json") ? span_of(report) : (struct span){0};
	if (f->carries != MSG_DECLARATIONS || !f->reads || !f->writes)
		return (struct span){0};
	return msg_case_write(a, f->id, &msg_case_good(a, declaration)->message);
}

typedef void attack(struct arena *a, const struct msg_format *f, struct span bytes);

static void for_each_format(void **state, attack *run)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	uint32_t n, attacked = 0;
	const struct msg_format *const *all = msg_formats(&n);

	xml_start();
	for (uint32_t i = 0; i < n; i++) {
		struct span bytes = sample(*state, all[i]);

		attacked += bytes.n > 0;
		if (bytes.n)
			run(a, all[i], bytes);
	}
	assert_true(attacked >= 6);
	arena_free(a);
}

static uint32_t fail_each(struct arena *a, const struct msg_format *f, struct span bytes,
			  void (*switch_on)(uint64_t n))
{
	struct read r;

	for (uint32_t n = 1;; n++) {
		arena_reset(a);
		switch_on(n);
		read_as(a, f, bytes, &r);
		switch_on(0);
		if (r.err == ERR_NONE)
			return n - 1;
		if (r.err != ERR_NOMEM)
			fail_msg("%s, allocation %u: %s %s", f->id, n, err_name(r.err),
				 r.fault.text);
		assert_false(r.message.declaration.head.present || r.cargo.report.head.present);
	}
}

static void fail_arena(struct arena *a, const struct msg_format *f, struct span bytes)
{
	assert_true(fail_each(a, f, bytes, arena_fail_at) > 5);
}

static void fail_libxml2(struct arena *a, const struct msg_format *f, struct span bytes)
{
	if (bytes.p[0] == '<')
		assert_true(fail_each(a, f, bytes, xml_fail_at) > 3);
}

static void run_short(struct arena *a, const struct msg_format *f, struct span bytes)
{
	struct read *r = test_malloc(sizeof(*r));

	(void)a;
	for (size_t cap = 4 << 10; cap < 512 << 10; cap += 3777) {
		struct arena *small = arena_new(cap);

		read_as(small, f, bytes, r);
		if (r->err != ERR_NONE && r->err != ERR_LIMIT)
			fail_msg("%s, %zu bytes: %s", f->id, cap, err_name(r->err));
		arena_free(small);
	}
	test_free(r);
}

/* A copy without anything behind it, so that the sanitizer sees the first byte too many. */
static void read_exactly(struct arena *a, const struct msg_format *f, const char *p, size_t n)
{
	char *copy = test_malloc(n ? n : 1);
	struct span bytes = {copy, (uint32_t)n, 0};
	uint32_t count;
	const struct msg_format *const *all = msg_formats(&count);
	struct read r;

	memcpy(copy, p, n);
	for (uint32_t i = 0; i < count; i++)
		if (all[i]->recognises)
			all[i]->recognises(bytes);
	arena_reset(a);
	read_as(a, f, bytes, &r);
	test_free(copy);
}

static void cut_off(struct arena *a, const struct msg_format *f, struct span bytes)
{
	for (size_t n = 0; n < bytes.n; n++)
		read_exactly(a, f, bytes.p, n);
}

static void change_bytes(struct arena *a, const struct msg_format *f, struct span bytes)
{
	static const char odd[] = {0,    '<', '"', '\\', '\x80', '9', '{',
				   '\'', '+', ',', '\n', '/',    '*'};
	char *copy = test_malloc(bytes.n);

	memcpy(copy, bytes.p, bytes.n);
	for (size_t i = 0; i < bytes.n; i++) {
		copy[i] = odd[i % sizeof(odd)];
		read_exactly(a, f, copy, bytes.n);
		copy[i] = bytes.p[i];
	}
	test_free(copy);
}

/* The same piece over and over, up to the bound of a message: time and findings stay bounded. */
static void repeat(struct arena *a, const struct msg_format *f, struct span bytes)
{
	static const char *const pieces[] = {"<Item>", "<a>",     "\"", ",\n",
					     "A,B\n",  "{\"a\":", "[",  "'+"};
	struct text t;
	struct read r;

	for (uint32_t i = 0; i < ARRAY_LEN(pieces); i++) {
		uint32_t from = bytes.n / 2;
		struct arena *big = arena_new((size_t)8 << 20);

		t = text_in(big);
		text_add(&t, bytes.p, from);
		while (t.n < 1 << 20)
			text_string(&t, pieces[i]);
		text_add(&t, bytes.p + from, bytes.n - from);
		arena_reset(a);
		read_as(a, f, text_as_span(&t), &r);
		arena_free(big);
	}
}

static void test_every_allocation_fails_once(void **state)
{
	for_each_format(state, fail_arena);
}

static void test_every_allocation_of_libxml2_fails_once(void **state)
{
	for_each_format(state, fail_libxml2);
}

static void test_memory_runs_out_anywhere(void **state)
{
	for_each_format(state, run_short);
}

static void test_cut_off_at_every_byte(void **state)
{
	for_each_format(state, cut_off);
}

static void test_every_byte_changed(void **state)
{
	for_each_format(state, change_bytes);
}

static void test_pieces_repeated(void **state)
{
	for_each_format(state, repeat);
}

/* Segments that open groups, again and again, a group inside a group, trailers that lie: what is said of it is bounded. */
static void test_interchanges_that_lie(void **state)
{
	static const struct {
		const char *id, *message, *piece;
	} cases[] = {
	    {"cusdec", "CUSDEC", "CST+1'"},
	    {"cusdec", "CUSDEC", "NAD+CN'RFF+ABE:1'"},
	    {"cuscar", "CUSCAR", "CNI+1'RFF+BM:1'GID+1'"},
	    {"cusrep", "CUSREP", "TDT+20'LOC+5'"},
	    {"cusdec", "CUSDEC", "UNH+1+CUSDEC:D:96B:UN'"},
	    {"cuscar", "CUSCAR", "UNG+CUSCAR'"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct text t = text_in(*state);
		struct read r;

		text_print(&t,
			   "UNB+UNOC:3+A+B+260101:1200+7'UNG+%s+A+B+260101:1200+G+UN+D:96B'"
			   "UNG+%s+A+B+260101:1200+G+UN+D:96B'UNH+1+%s:D:96B:UN'BGM+929'",
			   cases[i].message, cases[i].message, cases[i].message);
		for (unsigned k = 0; k < 20000; k++)
			text_string(&t, cases[i].piece);
		text_string(&t, "UNT+1000000+2'UNE+999999+X'UNE+1+G'UNZ+1000000+8'");
		read_as(*state, msg_format_by_id(span_of(cases[i].id)), text_as_span(&t), &r);
		assert_true(r.err || r.findings.list.n > 1);
		arena_reset(*state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_allocation_fails_once),
	    arena_test(test_every_allocation_of_libxml2_fails_once),
	    arena_test(test_memory_runs_out_anywhere),
	    arena_test(test_cut_off_at_every_byte),
	    arena_test(test_every_byte_changed),
	    arena_test(test_pieces_repeated),
	    arena_test(test_interchanges_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
