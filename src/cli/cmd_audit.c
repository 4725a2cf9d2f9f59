/* replay and verify: what an auditor asks of a store. */
#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "hub/hub.h"

struct audit {
	const struct args *args;
	struct progress progress;
	struct arena *arena; /* for one line */
};

struct fault {
	struct audit *audit;
	struct text *to;
	struct span office, reference;
	int64_t seq;
	const char *text;
};

static void write_fault(void *context)
{
	struct fault *f = context;
	struct json_writer w = json_to(f->to);

	json_open_object(&w);
	json_put(&w, "office", f->office);
	json_put_int(&w, "seq", f->seq);
	json_put(&w, "reference", f->reference);
	/* A text may quote damaged bytes. */
	json_put_c(&w, "text",
		   span_valid_utf8(span_of(f->text)) ? f->text : "the stored bytes are no text");
	json_close_object(&w);
	text_char(f->to, '\n');
}

static void put_fault(void *context, struct span office, int64_t seq, struct span reference,
		      const char *text)
{
	struct audit *v = context;
	struct text to = text_in(v->arena);
	struct fault f = {v, &to, office, reference, seq, text};

	progress_clear(&v->progress);
	if (for_people(v->args)) {
		printf("%.*s:%lld: %.*s%s%s\n", SPAN_ARG(office), (long long)seq,
		       SPAN_ARG(reference), reference.n ? ": " : "", text);
		return;
	}
	arena_reset(v->arena);
	if (!span_valid_utf8(office) || !span_valid_utf8(reference))
		f.office = f.reference = SPAN("");
	if (arena_run(v->arena, write_fault, &f))
		say(v->args, "%s", text);
	else
		put(v->args, to.p, to.n);
}

static void show_progress(void *context, int64_t done, int64_t total)
{
	progress_show(&((struct audit *)context)->progress, done, total);
}

static int conclude(const struct args *a, const struct audit_report *r, const char *looked_at,
		    const char *wrong)
{
	if (for_people(a))
		printf("%lld %s, %lld %s\n", (long long)r->looked_at, looked_at,
		       (long long)r->differences, wrong);
	else
		printf("{\"looked_at\":%lld,\"differences\":%lld", (long long)r->looked_at,
		       (long long)r->differences);
	if (!for_people(a) && r->erased)
		printf(",\"erased\":%lld", (long long)r->erased);
	if (!for_people(a))
		printf("}\n");
	if (for_people(a) && r->erased)
		printf("%lld erased as the law asks; explain tells when, by whom and why\n",
		       (long long)r->erased);
	return put_all(a, r->differences ? EXIT_NO : EXIT_DONE);
}

static enum err replay(struct hub *h, const struct args *a, struct audit_report *r,
		       struct cause *why)
{
	int32_t day = 0;
	enum err e = args_day(a, OPTION_SINCE, &day, why);

	if (e)
		return e;
	return hub_replay(h, args_has(a, OPTION_SINCE) ? day * MICROS_A_DAY : INT64_MIN, r, why);
}

static enum err verify(struct hub *h, const struct args *a, struct audit_report *r,
		       struct cause *why)
{
	struct verify_options o = {.roots = args_value(a, OPTION_ROOTS, NULL),
				   .auditor_key = args_value(a, OPTION_AUDITOR_KEY, NULL)};

	return hub_verify(h, &o, r, why);
}

static int audit(const struct args *a, const char *looked_at, const char *wrong,
		 enum err (*run)(struct hub *h, const struct args *a, struct audit_report *r,
				 struct cause *why))
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	struct audit v = {a, {.what = a->verb->name}, arena_new(LIMIT_ARENA_BYTES)};
	struct audit_report r = {.fault = put_fault, .progress = show_progress, .context = &v};
	struct cause why = {0};
	struct hub *h = NULL;
	enum err e;

	if (!args_count(a, 0, 0)) {
		arena_free(v.arena);
		return EXIT_UNREADABLE;
	}
	e = v.arena ? hub_open(&o, &h, &why) : fail(&why, ERR_NOMEM, "no memory");
	if (!e)
		e = run(h, a, &r, &why);
	progress_clear(&v.progress);
	hub_close(h);
	arena_free(v.arena);
	return e ? put_all(a, say_failed(a, &why)) : conclude(a, &r, looked_at, wrong);
}

int cmd_replay(const struct args *a)
{
	return audit(a, "decisions decided again", "differ", replay);
}

/* Keys instead of faults. */
static int put_day_keys(const struct args *a)
{
	struct hub_options o = {.where = args_value(a, OPTION_DATA, "customhouse-data"),
				.database = args_value(a, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	const char *key = args_value(a, OPTION_AUDITOR_KEY, NULL);
	struct arena *arena = arena_new(LIMIT_ARENA_BYTES);
	struct cause why = {0};
	struct hub *h = NULL;
	struct text to;
	enum err e;

	if (!args_count(a, 0, 0) || !key) {
		if (!key)
			say(a, "--draw-keys wants --auditor-key FILE, which opens them");
		arena_free(arena);
		return EXIT_UNREADABLE;
	}
	e = arena ? hub_open(&o, &h, &why) : fail(&why, ERR_NOMEM, "no memory");
	to = arena ? text_in(arena) : (struct text){0};
	if (!e)
		e = hub_write_day_keys(h, &to, key, &why);
	if (!e)
		put(a, to.p, to.n);
	hub_close(h);
	arena_free(arena);
	return put_all(a, e ? say_failed(a, &why) : EXIT_DONE);
}

int cmd_verify(const struct args *a)
{
	if (args_has(a, OPTION_DRAW_KEYS))
		return put_day_keys(a);
	return audit(a, "events looked at", "faults", verify);
}
