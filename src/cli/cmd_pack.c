/* pack: check, load and compare country packs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/local_client.h"
#include "cli/pack_diff.h"
#include "cli/pack_office.h"
#include "hub/edition/changes.h"
#include "hub/hub.h"
#include "hub/inforce.h"

/* ---- check ---- */

static void write_faults(struct json_writer *w, const struct pack_faults *f)
{
	json_open_array(w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct pack_fault *x = &f->list.v[i];

		json_open_object(w);
		json_put(w, "file", x->file);
		json_put_int(w, "line", x->line);
		json_put_int(w, "column", x->column);
		json_put_c(w, "rule", x->rule);
		json_put_c(w, "text", x->text);
		json_close_object(w);
	}
	json_close_array(w);
}

struct report {
	struct text *to;
	const char *folder;
	const struct pack_faults *faults;
	const struct inforce *pack; /* NULL: it has faults */
};

static void write_report(void *context)
{
	struct report *r = context;
	struct json_writer w = json_to(r->to);

	json_open_object(&w);
	json_put_c(&w, "folder", r->folder);
	for (enum pack_part p = 0; r->pack && p < PACK_PARTS; p++)
		json_put_c(&w, pack_part_name(p), r->pack->hash[p]);
	json_name(&w, "faults");
	write_faults(&w, r->faults);
	json_close_object(&w);
	text_char(r->to, '\n');
}

static void put_report(const struct args *a, struct arena *arena, struct report *r)
{
	struct text text = text_in(arena);

	r->to = &text;
	if (!args_has(a, OPTION_JSON))
		put_pack_faults(a, r->folder, r->faults);
	else if (arena_run(arena, write_report, r))
		say(a, "no memory");
	else
		put(a, text.p, text.n);
	r->to = NULL;
}

static int check(const struct args *a, struct arena *arena)
{
	struct pack_faults faults = {.arena = arena};
	struct report r = {.folder = a->operand[1], .faults = &faults};
	struct span archive[PACK_PARTS];
	struct inforce *pack = NULL;
	struct cause why = {0};
	enum err e = pack_read_folder(arena, r.folder, archive, &faults, &why);

	if (!e)
		e = inforce_load(archive, &pack, &faults, &why);
	if (e && !faults.list.n)
		return say_failed(a, &why) > EXIT_UNREADABLE ? EXIT_FAILED : EXIT_UNREADABLE;
	if (!faults.list.n)
		r.pack = pack;
	put_report(a, arena, &r);
	if (!e)
		inforce_release(pack);
	if (faults.list.n)
		say(a, "%s: %u faults%s", r.folder, faults.list.n, faults.cut ? " and more" : "");
	return faults.list.n ? EXIT_NO : EXIT_DONE;
}

/* ---- load ---- */

static void say_loaded(const struct args *a, const char *folder, bool unchanged)
{
	const char *from = args_value(a, OPTION_VALID_FROM, NULL);

	if (for_people(a) && from && !unchanged)
		printf("%s is in force from %s on\n", folder, from);
	else if (for_people(a))
		printf("%s %s\n", folder, unchanged ? "is in force already" : "is in force now");
	else
		printf("{\"loaded\":%s}\n", unchanged ? "false" : "true");
}

struct asking {
	const struct args *args;
	const char *folder;
	struct text body;
};

static void write_asking(void *context)
{
	struct asking *x = context;
	struct json_writer w = json_to(&x->body);

	json_open_object(&w);
	json_put_c(&w, "folder", x->folder);
	if (args_has(x->args, OPTION_VALID_FROM))
		json_put_c(&w, "from", args_value(x->args, OPTION_VALID_FROM, ""));
	if (args_has(x->args, OPTION_REASON))
		json_put_c(&w, "reason", args_value(x->args, OPTION_REASON, ""));
	json_close_object(&w);
}

/* Through the hub that owns the store. */
static int load_there(const struct args *a, struct arena *arena, struct local_client *c,
		      const char *folder)
{
	struct local_reply reply;
	struct cause why = {0};
	const struct json *j, *unchanged;
	struct codec_fault fault;
	struct asking asking = {a, folder, text_in(arena)};

	if (arena_run(arena, write_asking, &asking))
		return say_failed(a, &(struct cause){ERR_NOMEM, "no memory"});
	if (local_post(c, "/local/v1/packs", text_as_span(&asking.body), NULL, arena, &reply,
		       &why) ||
	    json_read(arena, reply.body, &j, &fault)) {
		if (!why.err)
			fail(&why, ERR_IO, "the hub's reply is not JSON");
		return say_failed(a, &why);
	}
	if (reply.kind == LOCAL_DONE) {
		unchanged = json_get(j, "unchanged");
		say_loaded(a, folder, unchanged && unchanged->kind == JSON_TRUE);
		return EXIT_DONE;
	}
	for (const struct json *f = json_get(j, "faults") ? json_get(j, "faults")->first : NULL; f;
	     f = f->next) {
		int64_t line = 0, column = 0;

		if (json_get_int(f, "line", &line) || json_get_int(f, "column", &column))
			column = 0;
		printf("%s/%.*s:%lld:%lld: %.*s: %.*s\n", folder,
		       SPAN_ARG(json_get_text(f, "file")), (long long)line, (long long)column,
		       SPAN_ARG(json_get_text(f, "rule")), SPAN_ARG(json_get_text(f, "text")));
	}
	say(a, "%.*s", SPAN_ARG(json_get_text(j, "detail")));
	return json_get(j, "faults") ? EXIT_NO : EXIT_FAILED;
}

static int load_here(const struct args *a, struct arena *arena, struct hub *h, const char *folder)
{
	struct pack_faults faults = {.arena = arena};
	struct cause why = {0};
	bool unchanged;
	int32_t from = PACK_FROM_TODAY;
	enum err e = args_day(a, OPTION_VALID_FROM, &from, &why);

	if (!e)
		e = hub_activate_pack(h, arena, folder, from,
				      span_of(args_value(a, OPTION_REASON, "")), &faults,
				      &unchanged, &why);

	if (e && faults.list.n) {
		put_pack_faults(a, folder, &faults);
		say(a, "%s: %u faults; nothing changed", folder, faults.list.n);
		return EXIT_NO;
	}
	if (e)
		return say_failed(a, &why);
	say_loaded(a, folder, unchanged);
	return EXIT_DONE;
}

static int load(const struct args *a, struct arena *arena)
{
	const char *where = args_value(a, OPTION_DATA, "customhouse-data");
	/* The hub that owns the store may stand in another folder. */
	char *folder = realpath(a->operand[1], NULL);
	struct hub_options o = {.where = where,
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_OWN,
				.pack = folder};
	struct cause why = {0}, nobody = {0};
	struct local_client *c;
	struct hub *h;
	enum err e;
	int status;

	if (!folder) {
		say(a, "%s: %s", a->operand[1], strerror(errno));
		return EXIT_UNREADABLE;
	}
	e = hub_open(&o, &h, &why);
	if (!e) {
		status = load_here(a, arena, h, folder);
		hub_close(h);
	} else if (e == ERR_BUSY && !local_open(where, &c, &nobody)) {
		status = load_there(a, arena, c, folder);
		local_close(c);
	} else {
		status = say_failed(a, &why);
	}
	free(folder);
	return status;
}

/* ---- diff ---- */

static enum err read_in_force(const struct args *a, struct arena *arena,
			      struct span archive[PACK_PARTS], struct cause *why)
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct hub *h;
	enum err e = hub_open(&o, &h, why);

	if (e)
		return e;
	e = hub_get_pack(h, arena, archive, why);
	hub_close(h);
	return e;
}

struct diff {
	const struct args *args;
	struct arena *arena;
	struct text text;
	struct span before[PACK_PARTS], after[PACK_PARTS];
	uint32_t differences;
	bool unreadable;
};

static void run_diff(void *context)
{
	struct diff *d = context;

	d->text = text_in(d->arena);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		if (pack_diff(&d->text, d->before[p], d->after[p], !for_people(d->args),
			      &d->differences))
			d->unreadable = true;
}

/* ---- the rates that differ, and the trade that they concern ---- */

enum { RATES_FOR_PEOPLE = 40 };

struct comparing {
	const struct args *args;
	struct inforce *before, *after;
	struct revenue revenue;
	struct changes changes;
	struct progress bar;
	struct text text;
	enum err err;
};

static void show_progress(void *context, int64_t done, int64_t total)
{
	progress_show(context, done, total);
}

static void run_comparing(void *context)
{
	struct comparing *x = context;

	x->err = changes_find(&x->changes);
	x->text = text_in(x->changes.arena);
	if (for_people(x->args))
		changes_write_text(&x->text, &x->changes, RATES_FOR_PEOPLE);
	else
		changes_write(&x->text, &x->changes, UINT32_MAX);
}

/* What the newer edition would have brought to the store. */
static enum err simulate_trade(struct comparing *x, struct cause *why)
{
	struct hub_options o = {.where = args_value(x->args, OPTION_DATA, "customhouse-data"),
				.database = args_value(x->args, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct hub *h;
	enum err e = hub_open(&o, &h, why);

	if (e)
		return e;
	x->revenue.with = x->after;
	x->revenue.as_of = args_has(x->args, OPTION_AS_OF) ? x->changes.day : INT32_MIN;
	x->revenue.trade = (struct trade){
	    .from = INT32_MIN, .to = INT32_MAX, .progress = show_progress, .context = &x->bar};
	e = hub_simulate_revenue(h, &x->revenue, why);
	progress_clear(&x->bar);
	hub_close(h);
	x->changes.trade = &x->revenue;
	return e;
}

static enum err compare(struct comparing *x, const struct diff *d, struct pack_faults *faults,
			struct cause *why)
{
	enum err e = inforce_load(d->before, &x->before, faults, why);

	if (!e)
		e = inforce_load(d->after, &x->after, faults, why);
	if (e)
		return e;
	x->changes.before = x->before->ref;
	x->changes.after = x->after->ref;
	x->changes.day = day_of(clock_now(), ref_zone_minutes(x->after->ref));
	e = args_day(x->args, OPTION_AS_OF, &x->changes.day, why);
	if (!e && args_has(x->args, OPTION_TRADE))
		e = simulate_trade(x, why);
	if (!e)
		e = arena_run(x->changes.arena, run_comparing, x);
	return e ? e : x->err;
}

static int diff_rates(const struct diff *d, struct pack_faults *faults)
{
	struct comparing x = {
	    .args = d->args,
	    .changes = {.arena = d->arena, .scratch = arena_new(LIMIT_ARENA_BYTES)},
	    .bar = {.what = "simulating"}};
	struct cause why = {0};
	enum err e = x.changes.scratch ? compare(&x, d, faults, &why) : ERR_NOMEM;
	int status = EXIT_DONE;

	arena_free(x.changes.scratch);
	if (e) {
		put_pack_faults(d->args, "a pack", faults);
		if (!why.err)
			fail(&why, e, "no memory to compare the rates");
		status = say_failed(d->args, &why);
	} else {
		put(d->args, x.text.p, x.text.n);
		if (x.changes.rates.n || x.changes.added || x.changes.removed)
			status = EXIT_NO;
	}
	revenue_free(&x.revenue);
	inforce_release(x.before);
	inforce_release(x.after);
	return status;
}

static int diff(const struct args *a, struct arena *arena)
{
	struct diff d = {.args = a, .arena = arena};
	struct pack_faults faults = {.arena = arena};
	struct cause why = {0};
	const char *newer = a->operand[a->operands - 1];
	enum err e = a->operands == 3
			 ? pack_read_folder(arena, a->operand[1], d.before, &faults, &why)
			 : read_in_force(a, arena, d.before, &why);

	if (!e)
		e = pack_read_folder(arena, newer, d.after, &faults, &why);
	if (e)
		return say_failed(a, &why);
	if (args_has(a, OPTION_RATES) || args_has(a, OPTION_TRADE))
		return diff_rates(&d, &faults);
	if (arena_run(arena, run_diff, &d) || d.unreadable) {
		say(a, "a table cannot be read: `customhouse pack check` says why");
		return EXIT_UNREADABLE;
	}
	put(a, d.text.p, d.text.n);
	return d.differences ? EXIT_NO : EXIT_DONE;
}

int cmd_pack(const struct args *a)
{
	static const struct {
		const char *name;
		int operands_most;
		int (*run)(const struct args *a, struct arena *arena);
	} parts[] = {{"check", 2, check}, {"diff", 3, diff}, {"load", 2, load}};
	struct cause why = {0};

	int status;

	if (!args_count(a, 1, 3))
		return EXIT_UNREADABLE;
	if (pack_office(a, &status))
		return status;
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct arena *arena;

		if (strcmp(a->operand[0], parts[i].name))
			continue;
		if (!args_count(a, 2, parts[i].operands_most))
			return EXIT_UNREADABLE;
		arena = arena_new((size_t)LIMIT_PACK_BYTES * 3);
		status = arena ? parts[i].run(a, arena) : EXIT_FAILED;
		arena_free(arena);
		return put_all(a, status);
	}
	fail(&why, ERR_USAGE,
	     "pack %s: say check, load, diff, propose, approve, refuse, withdraw, "
	     "list, show or simulate",
	     a->operand[0]);
	return args_refuse(a, &why);
}
