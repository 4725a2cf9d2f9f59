#include "cli/deciding.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "cli/input.h"
#include "hub/inforce.h"

struct showing {
	struct text *to;
	struct span message;
	const struct msg_format *format; /* of what is no declaration */
	deciding_other *other;
	const struct args *args;
	const struct outcome *outcome;
	struct place place;
	deciding_show *show;
	int status;
};

static void show_one(void *context)
{
	struct showing *s = context;

	s->status = s->format ? s->other(s->to, s->args, s->format, s->message, s->place)
			      : s->show(s->to, s->args, s->outcome, s->place);
}

/* The format of what is neither a declaration nor an answer; NULL otherwise. */
static const struct msg_format *other_format(struct span message)
{
	const struct msg_format *f = msg_recognise_any(message);

	return f && (f->check || f->read_cargo) ? f : NULL;
}

struct deciding {
	deciding_show *show;
	deciding_other *other;
	struct edi_learned *learned; /* of the file's cutter */
	struct progress progress;
};

static int decide_one(const struct args *a, struct clearing *c, struct arena *arena,
		      struct span message, const char *file, int64_t now, const struct deciding *d)
{
	struct place place = {file, message.line};
	struct submission s = {
	    .raw = {message.p, message.n, 1}, .learned = d->learned, .arena = arena};
	struct text text = text_in(arena);
	struct showing showing = {.to = &text,
				  .message = s.raw,
				  .format = d->other ? other_format(message) : NULL,
				  .other = d->other,
				  .args = a,
				  .outcome = &s.outcome,
				  .place = place,
				  .show = d->show,
				  .status = EXIT_FAILED};

	arena_reset(arena);
	if (!showing.format) {
		clearing_decide(c, &s, now);
		outcome_say(a, &s.outcome, place);
	}
	if (arena_run(arena, show_one, &showing)) {
		say(a, "%s:%u: what there is to say of this needs more memory than one may take",
		    file, message.line);
		return EXIT_FAILED;
	}
	return put(a, text.p, text.n) ? showing.status : EXIT_FAILED;
}

static int decide_all(const struct args *a, struct clearing *c, int64_t now, struct deciding *d)
{
	struct arena *arena = arena_new(LIMIT_ARENA_BYTES);
	struct cause why = {0};
	struct span message;
	struct input in;
	const char *file;
	int status = EXIT_DONE;

	if (!arena || input_open(a, &in, &why)) {
		say(a, "no memory");
		arena_free(arena);
		return EXIT_FAILED;
	}
	d->learned = in.cutter->learned;
	while (input_next(&in, &message, &file)) {
		int one = decide_one(a, c, arena, message, file, now, d);

		if (one > status)
			status = one;
		progress_show(&d->progress, in.size ? in.read - in.rest.n : in.read, in.size);
	}
	progress_clear(&d->progress);
	if (in.unreadable && status < EXIT_UNREADABLE)
		status = EXIT_UNREADABLE;
	input_close(&in);
	arena_free(arena);
	return status;
}

/* Noon of --on in the country's own time, or now. */
static int64_t moment_of(const struct args *a, const struct clearing *c, int32_t day)
{
	int32_t zone = ref_zone_minutes(clearing_inforce(c)->ref);

	if (!args_has(a, OPTION_ON))
		return clock_now();
	return (int64_t)day * MICROS_A_DAY + MICROS_A_DAY / 2 - (int64_t)zone * 60 * 1000000;
}

int deciding_run(const struct args *a, deciding_show *show, deciding_other *other)
{
	struct deciding d = {.show = show, .other = other, .progress = {.what = a->verb->name}};
	const char *pack = args_value(a, OPTION_PACK, "packs/landfall");
	struct arena *arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	struct pack_faults faults = {.arena = arena};
	struct cause why = {0};
	struct clearing *c;
	int32_t day = 0;
	int status;

	if (!args_count(a, 1, INT32_MAX) || args_day(a, OPTION_ON, &day, &why)) {
		arena_free(arena);
		return why.err ? args_refuse(a, &why) : EXIT_UNREADABLE;
	}
	if (!arena || clearing_open(pack, &c, &faults, &why)) {
		status = say_failed(a, &why);
		arena_free(arena);
		return status;
	}
	status = decide_all(a, c, moment_of(a, c, day), &d);
	clearing_close(c);
	arena_free(arena);
	return put_all(a, status);
}
