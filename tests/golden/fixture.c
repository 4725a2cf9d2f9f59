#include "fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"

/* ---- the hub ---- */

static unsigned made;

void fixture_open(struct fixture *c)
{
	struct arena *a = arena_new(1 << 20);
	struct hub_options o = {.where = c->directory,
				.database = c->url[0] ? c->url : NULL,
				.mode = HUB_OWN,
				.pack = fixture_path(a, c->pack)};
	struct cause why = {0};

	if (hub_open(&o, &c->hub, &why))
		fail_msg("%s: %s", err_name(why.err), why.text);
	arena_free(a);
}

void fixture_new(struct fixture *c, const char *pack)
{
	*c = (struct fixture){.directory = "/tmp/customhouse-case.XXXXXX", .pack = pack};
	assert_non_null(mkdtemp(c->directory));
	if (postgres_wanted())
		assert_true(postgres_make(c->number = ++made, c->url));
	fixture_open(c);
}

void fixture_close(struct fixture *c)
{
	hub_close(c->hub);
	c->hub = NULL;
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *where)
{
	(void)s, (void)type, (void)where;
	return remove(path);
}

void fixture_remove(struct fixture *c)
{
	fixture_close(c);
	if (c->directory[0])
		nftw(c->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (c->url[0])
		assert_true(postgres_drop(c->number));
}

/* ---- files ---- */

char *fixture_path(struct arena *a, const char *path)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");

	return path[0] == '/' ? arena_print(a, "%s", path)
			      : arena_print(a, "%s/%s", root ? root : ".", path);
}

struct span fixture_read(struct arena *a, const char *path)
{
	struct text t = text_in(a);
	FILE *in = fopen(path, "rb");
	size_t n;

	if (!in)
		fail_msg("%s cannot be read", path);
	do {
		char *to = text_room(&t, 65536);

		n = fread(to, 1, 65536, in);
		t.n += n;
	} while (n);
	fclose(in);
	return (struct span){t.p, (uint32_t)t.n, 1};
}

struct span fixture_template(struct arena *a, const char *path)
{
	struct span rest = fixture_read(a, fixture_path(a, path));
	int32_t today = day_of(clock_now(), 0);
	struct text t = text_in(a);

	while (rest.p) {
		text_span(&t, span_cut(&rest, '@'));
		if (!rest.p)
			break;
		/* "day" or "day-10" stands between two signs */
		day_write(&t, today + atoi(span_cut(&rest, '@').p + strlen("day")));
	}
	return (struct span){t.p, (uint32_t)t.n, 1};
}

struct span fixture_replaced(struct arena *a, struct span text, struct span from, struct span to)
{
	struct text t = text_in(a);

	assert_true(from.n > 0);
	for (uint32_t i = 0; i < text.n;) {
		struct span here = {text.p + i, text.n - i, 0};

		if (span_starts(here, from)) {
			text_span(&t, to);
			i += from.n;
		} else {
			text_char(&t, text.p[i++]);
		}
	}
	return (struct span){t.p, (uint32_t)t.n, 1};
}

/* ---- submitting ---- */

struct outcome fixture_submit(struct fixture *c, struct arena *a, struct span raw,
			      const char *sender, const char *key)
{
	struct submission s = {
	    .raw = raw, .sender = span_of(sender), .key = span_of(key), .arena = a};

	hub_submit_wait(c->hub, &s);
	return s.outcome;
}

/* ---- auditing ---- */

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	(void)context;
	print_error("%.*s %lld %.*s: %s\n", SPAN_ARG(office), (long long)seq, SPAN_ARG(reference),
		    text);
}

struct fixture_audit fixture_sound(const struct fixture *c)
{
	struct hub_options o = {
	    .where = c->directory, .database = c->url[0] ? c->url : NULL, .mode = HUB_READ};
	struct audit_report replay = {.fault = on_fault}, verify = {.fault = on_fault};
	struct cause why = {0};
	struct hub *h = NULL;

	if (hub_open(&o, &h, &why) || hub_replay(h, INT64_MIN, &replay, &why) ||
	    hub_verify(h, &(struct verify_options){0}, &verify, &why))
		fail_msg("%s: %s", err_name(why.err), why.text);
	hub_close(h);
	assert_int_equal(replay.differences, 0);
	assert_int_equal(verify.differences, 0);
	return (struct fixture_audit){replay.looked_at, verify.looked_at};
}

const struct json *fixture_member(struct arena *a, struct span decision, const char *name)
{
	struct codec_fault fault;
	const struct json *j = NULL;

	if (json_read(a, decision, &j, &fault))
		fail_msg("%u:%u %s", fault.line, fault.column, fault.text);
	return json_get(j, name);
}

bool fixture_found(struct arena *a, struct span decision, const char *rule)
{
	const struct json *list = fixture_member(a, decision, "findings");

	for (const struct json *f = list ? list->first : NULL; f; f = f->next)
		if (span_is(json_get_text(f, "rule"), rule))
			return true;
	return false;
}
