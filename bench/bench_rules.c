/* rules: what a set of rules costs a declaration of one item, on one core.
 *
 *   bench-rules                figures for 200, 2,000 and 20,000 rules
 *   bench-rules emit DIR N     writes N rules and the declarations for other engines, and what ours hit (bench/rules.sh)
 *
 * Rules and declarations are made up from a seed: beginnings of codes, countries, offices, importers, masses and values, two to
 * four comparisons a rule. Times are the best of several rounds, because a round can only be too slow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "risk/risk.h"

enum { RECORDS = 20000, ROUNDS = 5, COUNTRIES = 40, OFFICES = 20, IMPORTERS = 5000, CODES = 2000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-rules: %s\n", what);
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t seed;

/* 0..n-1 (xorshift64). */
static uint32_t pick(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed % n);
}

/* ---- declarations ---- */

struct record {
	char code[12], origin[4], from[4], office[12], importer[12];
	uint32_t mass, value;
	struct declaration d;
	struct goods_item item;
	struct classification classification;
	struct origin country;
	struct item_value worth;
};

static void country(char *to)
{
	uint32_t n = pick(COUNTRIES);

	to[0] = (char)('A' + n / 8);
	to[1] = (char)('A' + n % 8);
	to[2] = 0;
}

static void code(char *to, size_t room, uint32_t n)
{
	snprintf(to, room, "%08u", (n * 49979693U + 1000000U) % 100000000U);
}

static void make_record(struct record *r)
{
	code(r->code, sizeof(r->code), pick(CODES));
	country(r->origin);
	country(r->from);
	snprintf(r->office, sizeof(r->office), "XT%03u", pick(OFFICES));
	snprintf(r->importer, sizeof(r->importer), "P%u", pick(IMPORTERS));
	r->mass = 1 + pick(20000);
	r->value = 10 + pick(1000000);
	r->classification = (struct classification){.id = span_of(r->code)};
	r->country = (struct origin){.country = span_of(r->origin)};
	r->item = (struct goods_item){.commodity = {.classifications = {&r->classification, 1, 1},
						    .net_mass.value = decimal_of(r->mass, 0)},
				      .origins = {&r->country, 1, 1}};
	r->worth = (struct item_value){.customs_value = {(int64_t)r->value * 100}};
	r->d = (struct declaration){.type = SPAN("IMA"),
				    .office = span_of(r->office),
				    .shipment = {.items = {&r->item, 1, 1},
						 .export_country = span_of(r->from),
						 .importer.id = span_of(r->importer)}};
}

/* ---- rules ---- */

/* What a made-up rule asks; an empty text, and a mass or value of 0, ask nothing. */
struct made {
	char prefix[12], from[4], not_origin[4], office[12], importer[12];
	char origin[3][4];
	uint32_t mass_above, value_below, value_from;
};

static void prefix_of(struct made *m, uint32_t digits)
{
	code(m->prefix, sizeof(m->prefix), pick(CODES));
	m->prefix[digits] = 0;
}

static struct made make_rule(uint32_t i)
{
	struct made m;

	memset(&m, 0, sizeof(m));
	switch (i % 5) {
	case 0:
		prefix_of(&m, 4);
		country(m.from);
		break;
	case 1:
		prefix_of(&m, 6);
		m.mass_above = pick(20000);
		break;
	case 2:
		snprintf(m.importer, sizeof(m.importer), "P%u", pick(IMPORTERS));
		m.value_below = 1 + pick(1000000);
		break;
	case 3:
		prefix_of(&m, 4);
		for (int k = 0; k < 3; k++)
			country(m.origin[k]);
		m.value_from = 1 + pick(500000);
		break;
	default:
		prefix_of(&m, 2);
		snprintf(m.office, sizeof(m.office), "XT%03u", pick(OFFICES));
		m.mass_above = pick(20000);
		country(m.not_origin);
		break;
	}
	return m;
}

/* Each part of a rule, in one engine's words, with what joins them. */
struct words {
	const char *prefix, *from, *not_origin, *office, *importer, *origins, *mass, *below, *least;
	const char *join;
};

static const struct words ours = {
    "item.commodity starts \"%s\"", "declaration.export_country = \"%s\"",
    "item.origin != \"%s\"",        "declaration.office = \"%s\"",
    "importer.id = \"%s\"",         "item.origin in (\"%s\", \"%s\", \"%s\")",
    "item.net_mass > %u",           "item.customs_value < %u",
    "item.customs_value >= %u",     " and "};
static const struct words in_c = {
    "!strncmp(r->code, \"%s\", sizeof(\"%s\") - 1)",
    "!strcmp(r->from, \"%s\")",
    "strcmp(r->origin, \"%s\")",
    "!strcmp(r->office, \"%s\")",
    "!strcmp(r->importer, \"%s\")",
    "(!strcmp(r->origin, \"%s\") || !strcmp(r->origin, \"%s\") || !strcmp(r->origin, \"%s\"))",
    "r->mass > %u",
    "r->value < %u",
    "r->value >= %u",
    " && "};
/* Members of one JSON object, that the peers make their rules of. */
static const struct words in_json = {
    "\"prefix\": \"%s\"",     "\"from\": \"%s\"",
    "\"not_origin\": \"%s\"", "\"office\": \"%s\"",
    "\"importer\": \"%s\"",   "\"origins\": [\"%s\", \"%s\", \"%s\"]",
    "\"mass_above\": %u",     "\"value_below\": %u",
    "\"value_from\": %u",     ", "};
static const struct words in_clips = {
    "(code ?c&:(eq (sub-string 1 (str-length \"%s\") ?c) \"%s\"))",
    "(from \"%s\")",
    "(origin ~\"%s\")",
    "(office \"%s\")",
    "(importer \"%s\")",
    "(origin \"%s\"|\"%s\"|\"%s\")",
    "(mass ?m&:(> ?m %u))",
    "(value ?v&:(< ?v %u))",
    "(value ?w&:(>= ?w %u))",
    " "};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"

static void part_text(FILE *f, const struct words *w, const char *format, const char *a, bool *any)
{
	if (!*a)
		return;
	fputs(*any ? w->join : "", f);
	fprintf(f, format, a, a);
	*any = true;
}

static void part_number(FILE *f, const struct words *w, const char *format, uint32_t a, bool *any)
{
	if (!a)
		return;
	fputs(*any ? w->join : "", f);
	fprintf(f, format, a);
	*any = true;
}

static void write_parts(FILE *f, const struct words *w, const struct made *m)
{
	bool any = false;

	part_text(f, w, w->prefix, m->prefix, &any);
	part_text(f, w, w->from, m->from, &any);
	part_text(f, w, w->office, m->office, &any);
	part_text(f, w, w->importer, m->importer, &any);
	part_text(f, w, w->not_origin, m->not_origin, &any);
	if (*m->origin[0]) {
		fputs(any ? w->join : "", f);
		fprintf(f, w->origins, m->origin[0], m->origin[1], m->origin[2]);
		any = true;
	}
	part_number(f, w, w->mass, m->mass_above, &any);
	part_number(f, w, w->below, m->value_below, &any);
	part_number(f, w, w->least, m->value_from, &any);
}

#pragma GCC diagnostic pop

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f)
		die("cannot write a file");
	return f;
}

/* ---- ours ---- */

struct bench {
	struct arena *arena, *once;
	const struct refset *ref;
	const struct ruleset *rules;
	struct span text;
	struct record *records;
	const struct record *now;
	struct facts facts;
	struct selection got;
};

static struct pack_file tables[] = {
    {SPAN("pack.csv"), SPAN("key,value\nname,B\ncountry,XT\ncurrency,XTD\nzone_minutes,0\n"
			    "valuation,CIF\nshard,07\nlanguages,en\nrandom_ppm,0\n"
			    "rounding,half-up\n")},
    {SPAN("offices.csv"),
     SPAN("code,name_en,name_fr,kind,from,to,source\nXT001,a,,border,2000-01-01,,t\n")},
    {SPAN("countries.csv"), SPAN("code,name_en,name_fr,from,to,source\nXT,a,,2000-01-01,,t\n")},
    {SPAN("currencies.csv"),
     SPAN("code,name_en,name_fr,digits,from,to,source\nXTD,a,,2,2000-01-01,,t\n")},
    {SPAN("codes.csv"), SPAN("list,code,name_en,name_fr,from,to,source\n")},
    {SPAN("nomenclature.csv"), SPAN("code,declarable,unit,text_en,text_fr,from,to,source\n")},
    {SPAN("levies.csv"), SPAN("code,kind,order,bases,inclusive,rounding,round_to,direction,name_en,"
			      "name_fr,from,to,source\n")},
    {SPAN("measures.csv"), SPAN("id,levy,commodity,area,exclude,preference,procedure,expression,"
				"document,reference,from,to,source\n")},
    {SPAN("procedures.csv"), SPAN("requested,previous,direction,effect,relieved,documents,name_en,"
				  "name_fr,from,to,source\n")},
    {SPAN("lanes.csv"),
     SPAN("lane,expected_ppm,name_en,name_fr,meaning_en,meaning_fr,from,to,source\n"
	  "green,0,g,,g,,2000-01-01,,t\nblue,0,b,,b,,2000-01-01,,t\n"
	  "yellow,0,y,,y,,2000-01-01,,t\nred,0,r,,r,,2000-01-01,,t\n")},
};

static void load(void *context)
{
	struct bench *b = context;
	struct pack_file lists = {SPAN("lists.csv"), SPAN("list,value,from,to,source\n")};
	struct pack_file rules = {SPAN("bench.rules"), b->text};
	struct pack_faults faults = {.arena = b->arena};

	if (ref_load(b->arena, pack_archive(b->arena, tables, (uint32_t)ARRAY_LEN(tables)),
		     pack_archive(b->arena, &lists, 1), &b->ref, &faults) ||
	    risk_compile(b->arena, pack_archive(b->arena, &rules, 1), b->ref, &b->rules, &faults))
		die(faults.list.n ? faults.list.v[0].text : "the rules do not compile");
}

static void select_one(void *context)
{
	struct bench *b = context;
	struct assessment assessed = {
	    .values = (struct item_value *)(uintptr_t)&b->now->worth, .items = 1, .complete = true};

	b->facts.office = b->now->d.office;
	risk_select(b->once, &b->now->d, &assessed, b->ref, b->rules, &b->facts, &b->got);
}

static void select_record(struct bench *b, uint32_t i)
{
	b->now = &b->records[i];
	arena_reset(b->once);
	if (arena_run(b->once, select_one, b))
		die("no memory");
}

static char *make_rules(uint32_t n)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die("no memory");
	seed = 1;
	for (uint32_t i = 0; i < n; i++) {
		struct made m = make_rule(i);

		fprintf(f, "rule R%05u \"r\" from 2026-01-01 owner \"bench\" when ", i);
		write_parts(f, &ours, &m);
		fputs(" then blue because \"bench\"\n", f);
	}
	fclose(f);
	return text;
}

static struct bench open_bench(uint32_t rules)
{
	struct bench b = {.arena = arena_new((size_t)1 << 30),
			  .once = arena_new(LIMIT_ARENA_BYTES),
			  .records = calloc(RECORDS, sizeof(*b.records)),
			  .facts.legal_day = 20580};

	if (!b.arena || !b.once || !b.records)
		die("no memory");
	b.text = span_of(make_rules(rules));
	if (arena_run(b.arena, load, &b))
		die("no memory");
	seed = 2;
	for (uint32_t i = 0; i < RECORDS; i++)
		make_record(&b.records[i]);
	return b;
}

static void close_bench(struct bench *b)
{
	free((char *)(uintptr_t)b->text.p);
	free(b->records);
	arena_free(b->arena);
	arena_free(b->once);
}

static double measure(uint32_t rules)
{
	struct bench b = open_bench(rules);
	double best = 1e9;
	uint64_t hits = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		hits = 0;
		for (uint32_t i = 0; i < RECORDS; i++) {
			select_record(&b, i);
			hits += b.got.reasons.n;
		}
		if (now() - began < best)
			best = now() - began;
	}
	fprintf(stderr, "%u rules: %.2f hits a declaration\n", rules, (double)hits / RECORDS);
	close_bench(&b);
	return RECORDS / best;
}

static void print(const char *name, double value, const char *unit, const char *aim)
{
	printf("{\"name\":\"rules.%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value, unit);
	if (aim)
		printf(",\"aim\":\"%s\"", aim);
	puts("}");
}

/* ---- for other engines ---- */

static void write_hits(struct bench *b, FILE *f)
{
	for (uint32_t i = 0; i < RECORDS; i++) {
		select_record(b, i);
		fprintf(f, "%u", i);
		for (uint32_t k = 0; k < b->got.reasons.n; k++)
			fprintf(f, " %d", atoi(b->got.reasons.v[k].id.p + 1));
		fputc('\n', f);
	}
}

static void write_records(const struct bench *b, FILE *csv, FILE *clips)
{
	for (uint32_t i = 0; i < RECORDS; i++) {
		const struct record *r = &b->records[i];

		fprintf(csv, "%s,%s,%s,%s,%s,%u,%u\n", r->code, r->origin, r->from, r->office,
			r->importer, r->mass, r->value);
		fprintf(clips,
			"(assert (rec (n %u) (code \"%s\") (origin \"%s\") (from \"%s\") "
			"(office \"%s\") (importer \"%s\") (mass %u) (value %u)))\n(run)\n"
			"(retract *)\n",
			i, r->code, r->origin, r->from, r->office, r->importer, r->mass, r->value);
	}
}

static void emit(const char *folder, uint32_t n)
{
	struct bench b = open_bench(n);
	FILE *hits = create(folder, "ours.hits"), *csv = create(folder, "records.csv");
	FILE *asserts = create(folder, "records.clp"), *c = create(folder, "hand.h");
	FILE *json = create(folder, "rules.json"), *clips = create(folder, "rules.clp");

	write_hits(&b, hits);
	write_records(&b, csv, asserts);
	seed = 1;
	fputs("[", json);
	for (uint32_t i = 0; i < n; i++) {
		struct made m = make_rule(i);

		fputs("if (", c);
		write_parts(c, &in_c, &m);
		fprintf(c, ") hits[n++] = %u;\n", i);
		fprintf(json, "%s{\"id\": %u, ", i ? ",\n" : "", i);
		write_parts(json, &in_json, &m);
		fputs("}", json);
		fprintf(clips, "(defrule r%u (rec (n ?n) ", i);
		write_parts(clips, &in_clips, &m);
		fprintf(clips, ") => (printout hits ?n \" %u\" crlf))\n", i);
	}
	fputs("]\n", json);
	if (fclose(hits) | fclose(csv) | fclose(asserts) | fclose(c) | fclose(json) | fclose(clips))
		die("cannot write a file");
	close_bench(&b);
}

int main(int argc, char **argv)
{
	double few, many;

	if (argc == 4 && !strcmp(argv[1], "emit")) {
		emit(argv[2], (uint32_t)atoi(argv[3]));
		return 0;
	}
	few = measure(200);
	print("declarations-200", few, "declarations/s", ">= 800000");
	print("declarations-2000", measure(2000), "declarations/s", NULL);
	many = measure(LIMIT_RULES);
	print("declarations-20000", many, "declarations/s", NULL);
	print("time-20000-of-200", few / many, "times", "<= 50");
	return 0;
}
