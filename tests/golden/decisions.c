/* Golden decisions: what older commits decided, decided again by this one, byte for byte.
 *
 *   decisions check DIR                replays every decision of the corpus (what the tests run)
 *   decisions keep DIR PACK FILE...    decides FILEs, declarations and cargo reports, in a fresh store and adds them to the
 *                                      corpus; in a FILE, @last@ stands for the reference of the newest declaration that was
 *                                      accepted, so that it can be amended
 *
 * DIR/HASH.archive are the versions that were in force, whole; DIR/NAME.jsonl hold one {"input","amended","decision"} a line,
 * each base64. A corpus only grows. When decide() must change, its change is dated or takes a new format, and the lines here
 * stay what they are. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/limits.h"
#include "codec/xml.h"
#include "hub/audit/redecide.h"
#include "hub/cargo/cargo.h"
#include "hub/cargo/cargo_decide.h"
#include "hub/hub.h"
#include "hub/settle/any.h"
#include "store/store.h"

static int passed, failed;

static _Noreturn void die(const char *what, const char *detail)
{
	fprintf(stderr, "decisions: %s: %s\n", what, detail);
	exit(2);
}

static struct span read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	size_t room = (size_t)LIMIT_PACK_BYTES / 4, n;
	char *p = malloc(room);

	if (!in || !p)
		die(path, strerror(errno));
	n = fread(p, 1, room, in);
	fclose(in);
	return (struct span){p, (uint32_t)n, 1};
}

/* ---- check ---- */

struct corpus {
	const char *directory;
	struct inforce
	    *inforce; /* the versions of the line before: lines of one kind stand together */
};

static struct inforce *load(const struct corpus *c, const struct json *versions)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct pack_faults faults = {.arena = a};
	struct span archive[PACK_PARTS];
	struct cause why = {0};
	struct inforce *loaded;

	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%.*s.archive", c->directory,
			 SPAN_ARG(json_get_text(versions, pack_part_name(p))));
		archive[p] = read_file(path);
	}
	if (inforce_load(archive, &loaded, &faults, &why))
		die("a version does not load any more", why.text);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		free((char *)(uintptr_t)archive[p].p);
	arena_free(a);
	return loaded;
}

static void choose_versions(struct corpus *c, const struct json *decision)
{
	const struct json *versions = json_get(decision, "versions");
	bool same = c->inforce != NULL;

	for (enum pack_part p = 0; same && p < PACK_PARTS; p++)
		same = span_is(json_get_text(versions, pack_part_name(p)), c->inforce->hash[p]);
	if (same)
		return;
	inforce_release(c->inforce);
	c->inforce = load(c, versions);
}

static struct span decoded(struct arena *a, const struct json *line, const char *name)
{
	struct span text = json_get_text(line, name), ret = {NULL, 0, 0};

	if (text.n && base64_read(a, text, &ret))
		die("a line of the corpus is not base64", name);
	return ret;
}

/* A declaration's, or a cargo report's. */
static bool same_again(struct arena *a, const struct evidence *ev, const struct inforce *in,
		       struct span then, struct span *ret_now, struct cause *why)
{
	const enum err e = json_get(ev->decision, "cargo_report")
			       ? cargo_redecide(a, ev->input, ev->decision, NULL, in, ret_now, why)
			       : redecide(a, ev, in, ret_now, why);

	return !e && span_equal(*ret_now, then);
}

static void check_line(struct corpus *c, const char *file, int number, struct span text)
{
	struct arena *a = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	const struct json *line;
	struct codec_fault fault;
	struct cause why = {0};
	struct evidence ev;
	struct span now = {"", 0, 0}, then;

	if (json_read(a, text, &line, &fault))
		die(file, fault.text);
	ev = (struct evidence){.input = decoded(a, line, "input"),
			       .amended = decoded(a, line, "amended")};
	then = decoded(a, line, "decision");
	if (json_read(a, then, &ev.decision, &fault))
		die(file, fault.text);
	choose_versions(c, ev.decision);
	if (same_again(a, &ev, c->inforce, then, &now, &why)) {
		passed++;
	} else {
		failed++;
		printf("not ok - %s line %d: %s\n# stored: %.*s\n# now:    %.*s\n", file, number,
		       why.text, SPAN_ARG(then), SPAN_ARG(now));
	}
	arena_free(a);
}

static void check_file(struct corpus *c, const char *name)
{
	char path[4096];
	struct span rest;
	char *whole;
	int number = 0;

	snprintf(path, sizeof(path), "%s/%s", c->directory, name);
	rest = read_file(path);
	whole = (char *)(uintptr_t)rest.p;
	while (rest.n) {
		struct span line = span_cut(&rest, '\n');

		number++;
		if (line.n)
			check_line(c, name, number, line);
	}
	free(whole);
}

static int check(const char *directory)
{
	struct corpus c = {.directory = directory};
	struct dirent **entry;
	int n = scandir(directory, &entry, NULL, alphasort);

	if (n < 0)
		die(directory, strerror(errno));
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(entry[i]->d_name, '.');

		if (dot && !strcmp(dot, ".jsonl"))
			check_file(&c, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	inforce_release(c.inforce);
	printf("1..%d\n", passed + failed);
	for (int i = 0; i < passed; i++)
		printf("ok\n");
	return failed || !passed;
}

/* ---- keep ---- */

struct keeping {
	const char *directory;
	FILE *out;
	struct arena *arena;
	struct span input, amended;
	struct store *store;
};

static void put_member(FILE *out, struct arena *a, const char *name, struct span bytes,
		       const char *end)
{
	struct text t = text_in(a);

	base64_write(&t, bytes.p, bytes.n);
	fprintf(out, "\"%s\":\"%.*s\"%s", name, SPAN_ARG(text_as_span(&t)), end);
}

static struct span copied(struct keeping *k, struct span s)
{
	return (struct span){arena_copy(k->arena, s.p, s.n), s.n, 0};
}

static void take_event(void *context, const struct event *e)
{
	struct keeping *k = context;

	if (span_is(e->kind, "input") || span_is(e->kind, "cargo-input")) {
		k->input = copied(k, e->payload);
		k->amended = (struct span){"", 0, 0};
	} else if (span_is(e->kind, "declaration")) {
		k->amended = copied(k, e->payload);
	} else if (span_is(e->kind, "decision") || span_is(e->kind, "cargo-decision")) {
		fputs("{", k->out);
		put_member(k->out, k->arena, "input", k->input, ",");
		put_member(k->out, k->arena, "amended", k->amended, ",");
		put_member(k->out, k->arena, "decision", e->payload, "}\n");
	}
}

struct step {
	struct keeping *k;
	const struct event *event;
};

static void step(void *context)
{
	struct step *s = context;

	take_event(s->k, s->event);
}

static enum err take(void *context, const struct event *e, struct cause *why)
{
	struct step s = {context, e};

	(void)why;
	return arena_run(s.k->arena, step, &s);
}

static void keep_versions(struct keeping *k)
{
	struct store_activation *v;
	uint32_t n;

	if (store_list_activations(k->store, k->arena, &v, &n, NULL))
		die("activations", "cannot be read");
	for (uint32_t i = 0; i < n; i++) {
		char path[4096], hex[65];
		struct span bytes;
		FILE *out;

		hash_hex(&v[i].hash, hex);
		snprintf(path, sizeof(path), "%s/%s.archive", k->directory, hex);
		if (access(path, F_OK) == 0)
			continue;
		out = fopen(path, "w");
		if (!out ||
		    store_get_version(k->store, k->arena, v[i].kind, &v[i].hash, &bytes, NULL) ||
		    fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out))
			die(path, "cannot be written");
	}
}

/* The message with every @last@ replaced. */
static struct span with_reference(struct arena *a, struct span raw, const char *reference)
{
	struct text t = text_in(a);
	struct span mark = SPAN("@last@");

	for (uint32_t i = 0; i < raw.n;) {
		bool here = span_starts((struct span){raw.p + i, raw.n - i, 0}, mark);

		if (here)
			text_string(&t, reference);
		else
			text_char(&t, raw.p[i]);
		i += here ? mark.n : 1;
	}
	return (struct span){t.p, (uint32_t)t.n, 1};
}

static void decide_file(struct hub *h, const char *file, char last[32])
{
	struct span raw = read_file(file);
	struct arena *a = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	struct submission s = {.raw = with_reference(a, raw, last),
			       .arena = arena_new(LIMIT_ARENA_BYTES)};
	const struct outcome *o = &s.outcome;

	if (message_kind_of(s.raw, NULL) == MESSAGE_CARGO_REPORT)
		hub_submit_cargo_wait(h, &s);
	else
		hub_submit_wait(h, &s);
	if (o->kind != OUTCOME_NEW)
		fprintf(stderr, "left out %s: %s\n", file, o->cause.text);
	else if (o->accepted && message_kind_of(s.raw, NULL) == MESSAGE_DECLARATION)
		snprintf(last, 32, "%.*s", SPAN_ARG(o->reference));
	arena_free(s.arena);
	arena_free(a);
	free((char *)(uintptr_t)raw.p);
}

static int keep(const char *directory, const char *pack, char **files, int n)
{
	struct keeping k = {.directory = directory,
			    .arena = arena_new((size_t)LIMIT_ARENA_BYTES * 8),
			    .amended = {"", 0, 0}};
	char where[] = "/tmp/customhouse-golden.XXXXXX", path[4096], last[32] = "";
	struct cause why = {0};
	struct hub *h;

	if (!mkdtemp(where) ||
	    hub_open(&(struct hub_options){.where = where, .mode = HUB_OWN, .pack = pack}, &h,
		     &why))
		die("open", why.text);
	for (int i = 0; i < n; i++)
		decide_file(h, files[i], last);
	hub_close(h);
	snprintf(path, sizeof(path), "%s/%lld.jsonl", directory,
		 (long long)(clock_now() / 1000000));
	k.out = fopen(path, "w");
	if (!k.out ||
	    store_open(where, &(struct store_options){.mode = STORE_READ}, &k.store, &why) ||
	    store_scan_events(k.store, &(struct store_range){.from_at = INT64_MIN}, take, &k, &why))
		die(path, why.text);
	keep_versions(&k);
	store_close(k.store);
	arena_free(k.arena);
	printf("kept in %s; the store it came from is %s\n", path, where);
	return fclose(k.out) ? 2 : 0;
}

int main(int argc, char **argv)
{
	xml_start();
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(argv[2]);
	if (argc > 4 && !strcmp(argv[1], "keep"))
		return keep(argv[2], argv[3], argv + 4, argc - 4);
	die("usage", "decisions check DIR | keep DIR PACK FILE...");
}
