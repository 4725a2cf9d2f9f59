/* decide: what one declaration costs on one core, step by step, without any store.
 *
 *   bench-decide [FILE...]     WCO XML or JSON declarations for the pack packs/landfall; without any:
 *   examples/import-preference.*
 *
 * The rules are those of the pack, repeated with other codes until there are at least 200. Times are the best of
 * several rounds, because a round can only be too slow. */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/limits.h"
#include "check/check.h"
#include "codec/xml.h"
#include "duty/duty.h"
#include "hub/settle/decision.h"
#include "msg/msg.h"

enum { RULES = 200, ROUNDS = 7, FILES_MAX = 1000 };

static _Noreturn void die(const char *what, const char *detail)
{
	fprintf(stderr, "bench-decide: %s: %s\n", what, detail);
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void print(const char *name, double value, const char *unit, const char *aim)
{
	printf("{\"name\":\"decide.%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value, unit);
	if (aim)
		printf(",\"aim\":\"%s\"", aim);
	puts("}");
}

/* ---- the versions, with 200 rules ---- */

/* The rules once more, under other ids and about other codes: a digit of each quoted code turns. */
static void repeat_rules(struct text *to, struct span rules, unsigned copy)
{
	bool quoted = false;

	for (uint32_t i = 0; i < rules.n; i++) {
		char c = rules.p[i];

		if (c == '"')
			quoted = !quoted;
		if (!quoted && rules.n - i > 5 && !memcmp(rules.p + i, "rule ", 5) &&
		    (i == 0 || rules.p[i - 1] == '\n')) {
			text_print(to, "rule X%u", copy);
			i += 4;
		} else if (quoted && copy && c >= '0' && c <= '9' && i && rules.p[i - 1] >= '0' &&
			   rules.p[i - 1] <= '9') {
			text_char(to, (char)('0' + ((unsigned)(c - '0') + copy) % 10));
		} else {
			text_char(to, c);
		}
	}
	text_char(to, '\n');
}

struct set_up {
	struct arena *arena;
	struct span *archive;
};

static void add_rules(void *context)
{
	struct set_up *s = context;
	struct text all = text_in(s->arena);
	struct pack_file *file;
	uint32_t n;

	if (pack_open(s->arena, s->archive[PACK_RULES], &file, &n) || n != 1)
		die("rules", "the pack's rules are not one file");
	for (unsigned copy = 0; copy < (RULES + 29) / 30; copy++)
		repeat_rules(&all, file->bytes, copy);
	file->bytes = text_as_span(&all);
	s->archive[PACK_RULES] = pack_archive(s->arena, file, 1);
}

static struct inforce *load(void)
{
	struct arena *a = arena_new((size_t)LIMIT_PACK_BYTES);
	struct pack_faults faults = {.arena = a};
	struct span archive[PACK_PARTS];
	struct set_up s = {a, archive};
	struct cause why = {0};
	struct inforce *i;

	if (pack_read_folder(a, "packs/landfall", archive, &faults, &why) ||
	    arena_run(a, add_rules, &s) || inforce_load(archive, &i, &faults, &why))
		die("packs/landfall", faults.list.n ? faults.list.v[0].text : why.text);
	if (risk_rule_count(i->rules) < RULES)
		die("rules", "fewer than 200");
	return i;
}

/* ---- the steps ---- */

struct run {
	struct arena *arena;
	const struct inforce *inforce;
	struct span raw;
	struct message message;
	struct findings findings, as_read;
	struct facts facts;
	struct assessment assessment;
	struct selection selection;
	struct decision decision;
	size_t bytes;
};

static void step_check(void *context)
{
	struct run *r = context;

	r->findings = r->as_read;
	check_declaration(&r->message.declaration, r->inforce->ref, &r->facts, &r->findings);
}

static void step_duty(void *context)
{
	struct run *r = context;

	duty_assess(r->arena, &r->message.declaration, r->inforce->ref, &r->facts, &r->assessment,
		    &r->findings);
}

static void step_risk(void *context)
{
	struct run *r = context;

	risk_select(r->arena, &r->message.declaration, &r->assessment, r->inforce->ref,
		    r->inforce->rules, &r->facts, &r->selection);
}

static void step_decide(void *context)
{
	struct run *r = context;

	r->findings = r->as_read;
	decide(r->arena,
	       &(struct decision_input){.raw = r->raw,
					.message = &r->message,
					.asked = FUNCTION_ORIGINAL,
					.findings = &r->findings},
	       &r->facts, r->inforce, &r->decision);
}

static void step_write(void *context)
{
	struct run *r = context;
	struct text t = text_in(r->arena);

	decision_write(&t, &r->decision);
	r->bytes = t.n;
}

/* Microseconds of a step, the best of the rounds.. */
static double measure(struct run *r, void (*step)(void *context))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		for (int i = 0; i < 2000; i++) {
			if (arena_run(r->arena, step, r))
				die("arena", "no memory");
			if (i % 100 == 99) { /* steps lean on what reading left: begin anew */
				struct codec_fault fault;

				arena_reset(r->arena);
				if (msg_read(r->arena, r->raw, NULL, &r->message, &r->as_read,
					     &fault))
					die("read", fault.text);
				if (arena_run(r->arena, step_check, r) ||
				    arena_run(r->arena, step_duty, r) ||
				    arena_run(r->arena, step_risk, r) ||
				    arena_run(r->arena, step_decide, r))
					die("arena", "no memory");
			}
		}
		if (now() - began < best)
			best = now() - began;
	}
	return best / 2000 * 1e6;
}

static double measure_read(struct run *r)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		for (int i = 0; i < 2000; i++) {
			struct codec_fault fault;

			arena_reset(r->arena);
			if (msg_read(r->arena, r->raw, NULL, &r->message, &r->as_read, &fault))
				die("read", fault.text);
		}
		if (now() - began < best)
			best = now() - began;
	}
	return best / 2000 * 1e6;
}

/* libxml2 alone over the same bytes: its SAX2 events, nobody listening. */
static double measure_bare(struct span raw)
{
	xmlSAXHandler nobody = {.initialized = XML_SAX2_MAGIC};
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		for (int i = 0; i < 2000; i++)
			if (xmlSAXUserParseMemory(&nobody, NULL, raw.p, (int)raw.n))
				die("libxml2", "does not parse");
		if (now() - began < best)
			best = now() - began;
	}
	return best / 2000 * 1e6;
}

static struct span read_file(const char *path)
{
	static char *buffer;
	FILE *in = fopen(path, "r");
	size_t n;

	buffer = malloc(LIMIT_MESSAGE_BYTES);
	if (!in || !buffer)
		die(path, "cannot be read");
	n = fread(buffer, 1, LIMIT_MESSAGE_BYTES, in);
	fclose(in);
	return (struct span){buffer, (uint32_t)n, 1};
}

static void one_file(const char *path, const struct inforce *inforce)
{
	struct run r = {
	    .arena = arena_new(LIMIT_ARENA_BYTES), .inforce = inforce, .raw = read_file(path)};
	double check, duty, risk, whole, read, write;
	int32_t day;

	if (day_from(2026, 11, 22, &day))
		die("day", "");
	r.facts = (struct facts){.version = 1,
				 .legal_day = day,
				 .office = SPAN("XLHAR001"),
				 .reference = SPAN("26XL01000000001Y")};
	read = measure_read(&r);
	if (arena_run(r.arena, step_check, &r) || arena_run(r.arena, step_duty, &r))
		die("arena", "no memory");
	check = measure(&r, step_check);
	duty = measure(&r, step_duty);
	risk = measure(&r, step_risk);
	whole = measure(&r, step_decide);
	write = measure(&r, step_write);
	fprintf(stderr, "%s: %u bytes, %u items, decision of %zu bytes\n", path, r.raw.n,
		r.message.declaration.shipment.items.n, r.bytes);
	print("read", read, "us", NULL);
	if (span_is(r.message.format, "wco-dec"))
		print("read-of-bare-sax", read / measure_bare(r.raw), "ratio", "<= 1.5");
	print("check", check, "us", NULL);
	print("duty", duty, "us", NULL);
	print("risk-200-rules", risk, "us", NULL);
	print("decide", whole, "us", NULL);
	print("decide-rate", 1e6 / whole, "declarations/s", ">= 50000");
	print("write", write, "us", NULL);
	arena_free(r.arena);
}

int main(int argc, char **argv)
{
	struct inforce *i;

	xml_start();
	i = load();
	if (argc == 1) {
		one_file("examples/import-preference.xml", i);
		one_file("examples/import-preference.json", i);
	}
	for (int n = 1; n < argc; n++)
		one_file(argv[n], i);
	inforce_release(i);
	return 0;
}
