/* bench: where the time of one declaration goes, on this machine. script/bench measures the whole house; this needs nothing but
 * the program. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "check/check.h"
#include "cli/cli.h"
#include "cli/outcome.h"
#include "duty/duty.h"
#include "hub/generate/generate.h"
#include "hub/settle/decision.h"
#include "msg/msg.h"

enum { ITEMS = 5, RULES = 200, ROUND_MICROS = 300000, BATCHES = 12 };

struct bench {
	const struct args *args;
	struct arena *arena, *once;
	const struct inforce *pack;
	struct inforce with_rules; /* the pack, with RULES rules */
	struct facts facts;
	struct message message; /* of ITEMS items, without an error */
	struct span json, xml;
	struct assessment assessed;
	uint8_t sink;  /* what must not be optimised away */
	int64_t nanos; /* of the last measurement, for one declaration */
};

/* Many rules of the kinds that packs have: by commodity, origin, value and history. None is by a list, which the pack may not
 * have. */
static struct span many_rules(struct arena *a)
{
	struct text t = text_in(a);

	for (unsigned i = 0; i < RULES; i++)
		text_print(&t,
			   "rule B%03u \"Bench %u\"\n  from 2020-01-01 to 2099-12-31 owner "
			   "\"bench\" secrecy officer\n"
			   "  when item.commodity starts \"%02u\" and item.origin = \"C%c\" and "
			   "item.unit_price < %u.50 and "
			   "importer.declared < %u\n  then yellow 10%% weight 10\n  because \"For "
			   "the measurement.\"\n\n",
			   i, i, 1 + i % 97, 'A' + (char)(i % 26), 1 + i % 50, i);
	return text_as_span(&t);
}

static struct span archive_of(struct arena *a, const char *name, struct span bytes)
{
	struct pack_file f = {span_of(name), bytes};

	return pack_archive(a, &f, 1);
}

static void prepare(void *context)
{
	struct bench *b = context;
	struct pack_faults faults = {.arena = b->arena};
	struct generator *g =
	    generator_new(b->arena, b->pack->ref, b->facts.legal_day, UINT64_C(20260105));
	struct text json = text_in(b->arena), xml = text_in(b->arena);
	struct findings f;

	if (!g)
		return;
	b->with_rules = *b->pack;
	BUG_ON(risk_compile(b->arena, archive_of(b->arena, "bench.rules", many_rules(b->arena)),
			    b->pack->ref, &b->with_rules.rules, &faults));
	for (uint64_t n = 1; n < 10000 && !b->json.n; n++) {
		struct assessment assessed = {0};

		generator_make(g, n, b->arena, &b->message);
		f = findings_for(b->arena, &dict_declaration, &b->message.declaration);
		if (b->message.declaration.shipment.items.n != ITEMS)
			continue;
		check_declaration(&b->message.declaration, b->pack->ref, &b->facts, &f);
		duty_assess(b->arena, &b->message.declaration, b->pack->ref, &b->facts, &assessed,
			    &f);
		if (f.errors)
			continue;
		b->assessed = assessed;
		msg_write_json(&json, &b->message);
		msg_format_by_id(SPAN("wco-dec"))->write(&xml, &b->message, NULL);
		b->json = text_as_span(&json);
		b->xml = text_as_span(&xml);
	}
}

/* ---- the parts ---- */

static void read_bytes(struct bench *b, struct span bytes)
{
	struct message m;
	struct findings f;
	struct codec_fault fault;

	BUG_ON(msg_read(b->once, bytes, NULL, &m, &f, &fault));
}

static void read_json(struct bench *b)
{
	read_bytes(b, b->json);
}

static void read_xml(struct bench *b)
{
	read_bytes(b, b->xml);
}

static void hash_input(struct bench *b)
{
	struct hash h = hash_bytes(b->json.p, b->json.n);

	b->sink ^= h.byte[0];
}

static void check_and_assess(struct bench *b)
{
	struct findings f = findings_for(b->once, &dict_declaration, &b->message.declaration);
	struct assessment s;

	check_declaration(&b->message.declaration, b->pack->ref, &b->facts, &f);
	duty_assess(b->once, &b->message.declaration, b->pack->ref, &b->facts, &s, &f);
}

static void run_rules(struct bench *b)
{
	struct selection s;

	risk_select(b->once, &b->message.declaration, &b->assessed, b->with_rules.ref,
		    b->with_rules.rules, &b->facts, &s);
}

static void decide_whole(struct bench *b)
{
	struct findings f = findings_for(b->once, &dict_declaration, &b->message.declaration);
	struct decision_input in = {
	    .raw = b->json, .message = &b->message, .asked = FUNCTION_ORIGINAL, .findings = &f};
	struct text text = text_in(b->once);
	struct decision d;

	decide(b->once, &in, &b->facts, &b->with_rules, &d);
	decision_write(&text, &d);
}

struct part {
	const char *name, *what;
	void (*run)(struct bench *b);
};

static const struct part parts[] = {
    {"hash", "hash the message (JSON)", hash_input},
    {"decode-json", "read JSON", read_json},
    {"decode-xml", "read XML of the WCO Data Model", read_xml},
    {"check-duty", "check, and compute duty", check_and_assess},
    {"rules", "select by 200 rules", run_rules},
    {"decide", "decide whole: the two before, and write the decision", decide_whole},
};

struct repeating {
	struct bench *bench;
	const struct part *part;
};

static void repeat(void *context)
{
	struct repeating *r = context;

	r->part->run(r->bench);
}

static enum err measure(struct bench *b, const struct part *p)
{
	int64_t began = clock_steady(), now = began, n = 0;
	struct repeating r = {b, p};

	while (now - began < ROUND_MICROS) {
		for (int i = 0; i < 50; i++, n++) {
			arena_reset(b->once);
			/* Reading has a run of its own. */
			if (p->run == read_json || p->run == read_xml)
				p->run(b);
			else if (arena_run(b->once, repeat, &r))
				return ERR_NOMEM;
		}
		now = clock_steady();
	}
	b->nanos = (now - began) * 1000 / n;
	return ERR_NONE;
}

/* ---- a durable commit ---- */

struct batch_of {
	struct submission submission[LIMIT_BATCH];
	_Atomic uint32_t done;
};

static void settled(struct submission *s)
{
	++*(_Atomic uint32_t *)s->context;
}

/* One full batch; returns when all of it is on disk. */
static enum err submit_batch(struct bench *b, struct hub *h, struct generator *g,
			     struct batch_of *all, uint64_t *n)
{
	all->done = 0;
	for (uint32_t i = 0; i < LIMIT_BATCH; i++) {
		struct submission *s = &all->submission[i];
		struct text t = text_in(b->arena);
		struct message m;

		generator_make(g, ++*n, b->arena, &m);
		msg_write_json(&t, &m);
		*s = (struct submission){.raw = {t.p, (uint32_t)t.n, 1},
					 .arena = arena_new(LIMIT_ARENA_BYTES),
					 .done = settled,
					 .context = (void *)&all->done};
		if (!s->arena)
			return ERR_NOMEM;
	}
	int64_t began = clock_steady();
	for (uint32_t i = 0; i < LIMIT_BATCH; i++)
		hub_submit(h, &all->submission[i]);
	while (all->done < LIMIT_BATCH)
		usleep(100);
	b->nanos += (clock_steady() - began) * 1000 / LIMIT_BATCH;
	for (uint32_t i = 0; i < LIMIT_BATCH; i++)
		arena_free(all->submission[i].arena);
	return ERR_NONE;
}

struct committing {
	struct bench *bench;
	struct hub *hub;
	enum err err;
};

static void commit_batches(void *context)
{
	struct committing *c = context;
	struct bench *b = c->bench;
	struct generator *g =
	    generator_new(b->arena, b->pack->ref, b->facts.legal_day, UINT64_C(7));
	struct batch_of *all = ARENA_NEW(b->arena, struct batch_of);
	uint64_t n = 0;

	b->nanos = 0;
	for (int i = 0; i < BATCHES && !c->err; i++)
		c->err = submit_batch(b, c->hub, g, all, &n);
	b->nanos /= BATCHES;
}

static void remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char inner[600];

	while (dir && (e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, e->d_name);
		if (unlink(inner) && errno == EISDIR)
			remove_folder(inner);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* In the folder where a store would lie: the disk is part of what is measured. */
static enum err measure_commit(struct bench *b, const char *pack, struct cause *why)
{
	char folder[] = "customhouse-bench-XXXXXX";
	struct hub_options o = {.where = folder, .mode = HUB_OWN, .pack = pack};
	struct committing c = {.bench = b};
	enum err e;

	if (!mkdtemp(folder))
		return fail(why, ERR_IO, "no temporary folder here: %s", strerror(errno));
	log_quiet(true);
	e = hub_open(&o, &c.hub, why);
	if (!e) {
		e = arena_run(b->arena, commit_batches, &c);
		e = e ? e : c.err;
		hub_close(c.hub);
	}
	log_quiet(false);
	remove_folder(folder);
	return e;
}

/* ---- the table ---- */

static void put_figure(const struct bench *b, const char *name, const char *what)
{
	if (for_people(b->args))
		printf("%-56s %8lld.%02lld us %10lld /s\n", what, (long long)(b->nanos / 1000),
		       (long long)(b->nanos % 1000 / 10),
		       (long long)(b->nanos ? 1000000000 / b->nanos : 0));
	else
		printf("{\"name\":\"bench-%s\",\"value\":%lld.%03lld,\"unit\":\"us\"}\n", name,
		       (long long)(b->nanos / 1000), (long long)(b->nanos % 1000));
	fflush(stdout);
}

static int run_all(struct bench *b, const char *pack)
{
	struct cause why = {0};

	if (arena_run(b->arena, prepare, b) || !b->json.n) {
		say(b->args, "this pack gives no declaration of %d items to measure with", ITEMS);
		return EXIT_FAILED;
	}
	if (for_people(b->args))
		printf(
		    "One declaration of %d items, %u bytes of JSON, %u bytes of XML; one core.\n\n",
		    ITEMS, b->json.n, b->xml.n);
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (measure(b, &parts[i])) {
			say(b->args, "no memory");
			return EXIT_FAILED;
		}
		put_figure(b, parts[i].name, parts[i].what);
	}
	if (measure_commit(b, pack, &why))
		return say_failed(b->args, &why);
	put_figure(b, "commit", "submit and commit, in batches of 256 of mixed sizes");
	return EXIT_DONE;
}

int cmd_bench(const struct args *a)
{
	const char *pack = args_value(a, OPTION_PACK, "packs/landfall");
	struct bench b = {.args = a,
			  .arena = arena_new((size_t)LIMIT_PACK_BYTES * 2),
			  .once = arena_new(LIMIT_ARENA_BYTES)};
	struct pack_faults faults = {.arena = b.arena};
	struct clearing *c = NULL;
	struct cause why = {0};
	int status = EXIT_FAILED;

	if (!args_count(a, 0, 0))
		status = EXIT_UNREADABLE;
	else if (!b.arena || !b.once)
		say(a, "no memory");
	else if (clearing_open(pack, &c, &faults, &why))
		status = say_failed(a, &why);
	else {
		b.pack = clearing_inforce(c);
		b.facts = (struct facts){.received_at = clock_now(),
					 .version = 1,
					 .office = SPAN("BENCH"),
					 .reference = SPAN("26XX00000000001"),
					 .sender = SPAN(""),
					 .key = SPAN("")};
		b.facts.legal_day = day_of(b.facts.received_at, ref_zone_minutes(b.pack->ref));
		status = run_all(&b, pack);
	}
	clearing_close(c);
	arena_free(b.once);
	arena_free(b.arena);
	return put_all(a, status);
}
