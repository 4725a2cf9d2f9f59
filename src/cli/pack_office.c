#include "cli/pack_office.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/office.h"
#include "codec/tar.h"
#include "hub/inforce.h"

enum part_flags {
	OF_NUMBER = 1, /* the second operand is a candidate's number */
	OF_FOLDER = 2, /* or a folder */
	IN_A_NAME = 4, /* a token says whose */
	REASONED = 8,  /* --reason goes along */
	WAITS = 16,    /* until a simulation has ended */
};

static const struct part {
	const char *name, *method, *path; /* path: behind the number */
	unsigned flags;
} parts[] = {
    {"approve", "POST", "/approval", OF_NUMBER | IN_A_NAME | REASONED},
    {"list", "GET", "", 0},
    {"propose", "POST", "", OF_FOLDER | IN_A_NAME | REASONED},
    {"refuse", "POST", "/refusal", OF_NUMBER | IN_A_NAME | REASONED},
    {"show", "GET", "", OF_NUMBER},
    {"simulate", "POST", "/simulation", OF_NUMBER | IN_A_NAME | WAITS},
    {"withdraw", "POST", "/withdrawal", OF_NUMBER | IN_A_NAME | REASONED},
};

struct asking {
	struct talk talk; /* first */
	const struct part *part;
	struct span archive[PACK_PARTS]; /* to be proposed */
};

/* The folder's files as one archive of tar. false: it was said why not. */
static bool put_archive(struct asking *x)
{
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		struct pack_file *file;
		uint32_t n;

		if (pack_open(x->talk.arena, x->archive[p], &file, &n)) {
			say(x->talk.args, "the pack is larger than this program allows");
			x->talk.status = EXIT_UNREADABLE;
			return false;
		}
		for (uint32_t i = 0; i < n; i++)
			tar_put(&x->talk.body, file[i].name, file[i].bytes);
	}
	tar_end(&x->talk.body);
	return true;
}

static bool set_path(struct asking *x, const char *method, const char *behind)
{
	const struct args *a = x->talk.args;
	struct text path = text_in(x->talk.arena);
	char before = '?';

	text_string(&path, "/api/v1/packs");
	if (x->part->flags & OF_NUMBER)
		text_print(&path, "/%s", a->operand[1]);
	text_string(&path, behind);
	if (x->part->flags & REASONED)
		office_put_option(&path, a, OPTION_REASON, "reason", &before);
	if (x->part->flags & OF_FOLDER)
		office_put_option(&path, a, OPTION_VALID_FROM, "valid-from", &before);
	if (x->part->flags & WAITS && !strcmp(method, "POST")) {
		office_put_option(&path, a, OPTION_SINCE, "since", &before);
		office_put_option(&path, a, OPTION_AS_OF, "as-of", &before);
	}
	return office_set_path(&x->talk, method, &path);
}

/* Places of faults, as `pack check` says them. */
static void put_faults(const struct talk *t)
{
	const struct json *faults = json_get(t->answer, "faults");

	for (const struct json *f = faults ? faults->first : NULL; f; f = f->next) {
		int64_t line = 0;

		if (json_get_int(f, "line", &line))
			line = 0;
		printf("%s/%.*s:%lld: %.*s: %.*s\n", t->args->operand[1],
		       SPAN_ARG(json_get_text(f, "file")), (long long)line,
		       SPAN_ARG(json_get_text(f, "rule")), SPAN_ARG(json_get_text(f, "text")));
	}
}

static void put_answer(const struct talk *t)
{
	put(t->args, t->reply.body.p, t->reply.body.n);
	put(t->args, "\n", 1);
}

/* Until it has ended: what the candidate then says of it. */
static void wait_for_end(struct asking *x)
{
	struct progress bar = {.what = "simulating"};
	struct talk *t = &x->talk;
	bool runs = true;

	while (runs) {
		int64_t done = 0;

		nanosleep(&(struct timespec){.tv_nsec = 200 * 1000 * 1000}, NULL);
		if (!set_path(x, "GET", "/simulation") || !talk_ask(t))
			return;
		runs = span_is(json_get_text(t->answer, "state"), "running");
		if (!json_get_int(t->answer, "done", &done))
			progress_show(&bar, done, 0);
	}
	progress_clear(&bar);
	if (!span_is(json_get_text(t->answer, "state"), "done")) {
		say(t->args, "the simulation was %.*s %.*s",
		    SPAN_ARG(json_get_text(t->answer, "state")),
		    SPAN_ARG(json_get_text(t->answer, "detail")));
		t->status = EXIT_FAILED;
		return;
	}
	if (set_path(x, "GET", "") && talk_ask(t))
		put_answer(t);
}

static void ask(void *context)
{
	struct asking *x = context;
	struct talk *t = &x->talk;

	if (!set_path(x, x->part->method, x->part->path))
		return;
	if (x->part->flags & OF_FOLDER && !put_archive(x))
		return;
	if (!talk_ask(t)) {
		if (t->answer)
			put_faults(t);
		return;
	}
	if (x->part->flags & WAITS)
		wait_for_end(x);
	else
		put_answer(t);
}

static int run(struct asking *x)
{
	const struct args *a = x->talk.args;
	struct pack_faults faults = {.arena = x->talk.arena};
	struct cause why = {0};

	if (x->part->flags & OF_FOLDER &&
	    pack_read_folder(x->talk.arena, a->operand[1], x->archive, &faults, &why))
		return say_failed(a, &why);
	if (faults.list.n) {
		put_pack_faults(a, a->operand[1], &faults);
		return EXIT_NO;
	}
	return office_run(&x->talk, ask, x);
}

static int open_and_run(const struct args *a, const struct part *part)
{
	const int wanted = part->flags & (OF_NUMBER | OF_FOLDER) ? 2 : 1;
	char token[TALK_TOKEN_BYTES];
	struct asking x = {.talk = {.args = a}, .part = part};

	if (!args_count(a, wanted, wanted))
		return EXIT_UNREADABLE;
	if (part->flags & OF_NUMBER && !office_is_candidate(a, a->operand[1]))
		return EXIT_UNREADABLE;
	if (part->flags & IN_A_NAME && !args_has(a, OPTION_TOKEN_FILE)) {
		say(a,
		    "pack %s wants --token-file: somebody of the tariff office does it with a "
		    "token of theirs (customhouse user token LOGIN --scopes tariff)",
		    part->name);
		return EXIT_UNREADABLE;
	}
	return office_open(&x.talk, token) ? office_close(&x.talk, run(&x)) : x.talk.status;
}

bool pack_office(const struct args *a, int *ret_status)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (strcmp(a->operand[0], parts[i].name))
			continue;
		*ret_status = open_and_run(a, &parts[i]);
		return true;
	}
	return false;
}
