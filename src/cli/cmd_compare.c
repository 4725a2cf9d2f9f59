/* compare: against what another system decided. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "cli/input.h"
#include "cli/talk.h"
#include "hub/audit/shadow.h"
#include "hub/hub.h"
#include "hub/inforce.h"
#include "hub/people/people.h"
#include "hub/settle/record.h"

enum { TABLE_BYTES = 1 << 30 }; /* of what the other system exported */

struct comparing {
	const struct args *args;
	struct clearing *clearing;
	struct arena *once;  /* of one declaration */
	struct arena *table; /* of the other system's decisions */
	struct comparison comparison;
	struct progress progress;
	int32_t day;
	int status;
	/* the declaration that is being decided */
	struct submission submission;
	struct text report;
};

/* ---- the table ---- */

/* Everything that is in a file; NULL: too large, not readable, or no memory. Released with free(). */
static char *read_whole(FILE *in, size_t *ret_n)
{
	size_t n = 0, room = 1 << 20;
	char *p = malloc(room);

	if (!p)
		return NULL;
	while (!feof(in) && !ferror(in) && n < TABLE_BYTES) {
		if (n == room) {
			char *more = realloc(p, room * 2);

			if (!more)
				break;
			p = more;
			room *= 2;
		}
		n += fread(p + n, 1, room - n, in);
	}
	if (feof(in)) {
		*ret_n = n;
		return p;
	}
	free(p);
	return NULL;
}

static bool read_file(struct comparing *c, const char *path, struct span *ret)
{
	FILE *in = fopen(path, "re");
	size_t n = 0;
	char *p = in ? read_whole(in, &n) : NULL;

	if (!p)
		say(c->args, "%s: %s", path, in ? "too large, or not readable" : strerror(errno));
	if (in)
		fclose(in);
	if (!p)
		return false;
	*ret = (struct span){arena_try(c->table, n + 1), (uint32_t)n, 1};
	if (ret->p && n)
		memcpy((char *)(uintptr_t)ret->p, p, n);
	free(p);
	return true;
}

static bool read_table(struct comparing *c, const char *path)
{
	struct codec_fault fault;
	struct span bytes = {0};
	enum err e;

	if (!read_file(c, path, &bytes))
		return false;
	e = bytes.p ? comparison_open(c->table, bytes, &c->comparison, &fault) : ERR_NOMEM;
	if (e)
		say(c->args, "%s:%u:%u: %s", path, bytes.p ? fault.line : 1,
		    bytes.p ? fault.column : 1, bytes.p ? fault.text : "no memory");
	return !e;
}

/* ---- the declarations ---- */

/* Noon of a day in the country's own time. */
static int64_t moment_of(const struct comparing *c, int32_t day)
{
	int32_t zone = ref_zone_minutes(clearing_inforce(c->clearing)->ref);

	return (int64_t)day * MICROS_A_DAY + MICROS_A_DAY / 2 - (int64_t)zone * 60 * 1000000;
}

static void take_decision(void *context)
{
	struct comparing *c = context;
	const struct json *decision;
	struct codec_fault fault;

	/* The hub wrote it: it reads. */
	BUG_ON(json_read(c->once, c->submission.outcome.decision, &decision, &fault));
	comparison_take(&c->comparison, decision);
}

/* The trader's reference, for the day on which they decided. */
static bool day_of_theirs(struct comparing *c, struct span message, int32_t *ret)
{
	struct message *m = arena_try(c->once, sizeof(*m));
	struct findings f;
	struct codec_fault fault;

	return m && !msg_read_with(c->once, message, NULL, hub_directories(), m, &f, &fault) &&
	       comparison_day(&c->comparison, m->declaration.trader_reference, ret);
}

static void compare_one(struct comparing *c, struct span message, const char *file)
{
	struct span raw = {message.p, message.n, 1};
	const struct outcome *o = &c->submission.outcome;
	int32_t day = c->day;
	bool dated, given = args_has(c->args, OPTION_ON);
	char place[300];

	arena_reset(c->once);
	dated = day_of_theirs(c, raw, &day);
	arena_reset(c->once);
	c->submission = (struct submission){.raw = raw, .arena = c->once};
	clearing_decide(c->clearing, &c->submission,
			dated || given ? moment_of(c, day) : clock_now());
	if (o->decision.p && !arena_run(c->once, take_decision, c))
		return;
	snprintf(place, sizeof(place), "%.200s:%u", file, message.line);
	comparison_unreadable(&c->comparison, span_of(place), span_of(o->cause.text));
}

static void write_report(void *context)
{
	struct comparing *c = context;

	c->report = text_in(c->once);
	comparison_write(&c->report, &c->comparison, for_people(c->args));
}

static int print_report(struct comparing *c)
{
	arena_reset(c->once);
	if (arena_run(c->once, write_report, c) || !put(c->args, c->report.p, c->report.n))
		return EXIT_FAILED;
	if (c->comparison.kind[COMPARE_UNREADABLE].differences)
		return EXIT_UNREADABLE;
	return comparison_is_clean(&c->comparison) ? EXIT_DONE : EXIT_NO;
}

static int compare_all(struct comparing *c)
{
	struct cause why = {0};
	struct span message;
	struct input in;
	const char *file;
	bool unreadable;
	int status;

	if (input_open(c->args, &in, &why))
		return say_failed(c->args, &why);
	while (input_next(&in, &message, &file)) {
		compare_one(c, message, file);
		progress_show(&c->progress,
			      in.size ? in.read - in.rest.n : (int64_t)c->comparison.declarations,
			      in.size);
	}
	progress_clear(&c->progress);
	unreadable = in.unreadable;
	input_close(&in);
	comparison_close(&c->comparison);
	status = print_report(c);
	return unreadable && status != EXIT_FAILED ? EXIT_UNREADABLE : status;
}

static int with_pack(struct comparing *c)
{
	const char *pack = args_value(c->args, OPTION_PACK, "packs/landfall");
	struct arena *arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	struct pack_faults faults = {.arena = arena};
	struct cause why = {0};
	int status;

	if (!arena || clearing_open(pack, &c->clearing, &faults, &why))
		status = say_failed(c->args, &why);
	else
		status = compare_all(c);
	clearing_close(c->clearing);
	arena_free(arena);
	return status;
}

/* ---- a hub in shadow ---- */

static void send_table(void *context)
{
	struct talk *t = context;

	if (talk_ask(t))
		t->status = EXIT_DONE;
}

/* What the other system decided, to the hub that owns the store, or by this process where nobody does. */
static int send_outcomes(struct comparing *c, const char *path)
{
	struct talk t = {.args = c->args,
			 .arena = c->once,
			 .method = "POST",
			 .path = "/api/v1/outcomes",
			 .status = EXIT_FAILED};
	struct cause why = {0};
	struct span bytes = {0};

	if (!read_file(c, path, &bytes))
		return EXIT_UNREADABLE;
	t.body = (struct text){.arena = c->once, .p = (char *)(uintptr_t)bytes.p, .n = bytes.n};
	if (!bytes.p || talk_open(&t, &why))
		t.status = say_failed(c->args, &why);
	else if (arena_run(c->once, send_table, &t))
		say(c->args, "no memory");
	talk_close(&t);
	return t.status;
}

static int read_store(struct comparing *c, bool report)
{
	struct hub_options o = {.where = args_value(c->args, OPTION_DATA, "customhouse-data"),
				.database = args_value(c->args, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct cause why = {0};
	struct hub *h;
	enum err e = hub_open(&o, &h, &why);

	if (e)
		return say_failed(c->args, &why);
	e = hub_get_differences(h, c->table, who_operator(), NULL, &c->comparison, &why);
	hub_close(h);
	if (e)
		return say_failed(c->args, &why);
	return report ? print_report(c) : EXIT_DONE;
}

/* Of a store that is none, or no shadow, nothing is made. */
static int with_store(struct comparing *c, const char *table)
{
	int status = read_store(c, !table);

	if (table && status == EXIT_DONE)
		status = send_outcomes(c, table);
	return table && status == EXIT_DONE ? read_store(c, true) : status;
}

int cmd_compare(const struct args *a)
{
	const char *table = args_value(a, OPTION_OUTCOMES, NULL);
	const bool shadow = args_has(a, OPTION_DATA) || args_has(a, OPTION_DATABASE);
	struct comparing *c;
	struct cause why = {0};
	int status = EXIT_FAILED;

	if (!args_count(a, !shadow, shadow ? 0 : INT32_MAX))
		return EXIT_UNREADABLE;
	if (!table && !shadow) {
		fail(&why, ERR_USAGE, "say what the other system decided with --outcomes FILE");
		return args_refuse(a, &why);
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	c->args = a;
	c->progress.what = "compare";
	c->once = arena_new(LIMIT_ARENA_BYTES);
	c->table = arena_new((size_t)TABLE_BYTES * 8);
	if (args_day(a, OPTION_ON, &c->day, &why))
		status = args_refuse(a, &why);
	else if (!c->once || !c->table)
		say(a, "no memory");
	else if (shadow)
		status = with_store(c, table);
	else
		status = read_table(c, table) ? with_pack(c) : EXIT_UNREADABLE;
	arena_free(c->table);
	arena_free(c->once);
	free(c);
	return put_all(a, status);
}
