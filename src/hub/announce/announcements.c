#include "hub/announce/announcements.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/audit/shadow.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "store/store_announcement.h"

#define WITHOUT_END SPAN("9999-12-31")

const char *const announcement_languages[ANNOUNCEMENT_LANGUAGES] = {"en", "fr", "ar"};

/* ---- writing one ---- */

struct announcing {
	const struct who *by;
	const struct announcement_ask *ask;
	struct span office;
	int64_t number; /* 0: a new one */
	char *id;
	struct cause refused; /* err set: nothing was stored */
};

/* "XLHAR001-7" */
static bool read_id(struct span id, struct span *ret_office, int64_t *ret_number)
{
	uint32_t dash = id.n;
	struct decimal d;

	while (dash && id.p[dash - 1] != '-')
		dash--;
	if (dash < 2 || id.n >= ANNOUNCEMENT_ID_BYTES ||
	    decimal_parse((struct span){id.p + dash, id.n - dash, 0}, &d) || d.scale ||
	    d.units < 1 || d.units > INT32_MAX)
		return false;
	*ret_office = (struct span){id.p, dash - 1, 0};
	*ret_number = d.units;
	return true;
}

static enum err check_text(struct span s, uint32_t most, const char *name, const char *language,
			   struct cause *why)
{
	if (s.n > most)
		return fail(why, ERR_USAGE, "%s_%s has at most %u bytes", name, language, most);
	for (uint32_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\n')
			return fail(why, ERR_USAGE, "%s_%s is plain text", name, language);
	return ERR_NONE;
}

static enum err check_texts(const struct announcement_ask *ask, struct cause *why)
{
	enum err e = ERR_NONE;

	if (!ask->title[0].n || !ask->text[0].n)
		return fail(why, ERR_USAGE, "title_en and text_en are wanted");
	for (int i = 0; i < ANNOUNCEMENT_LANGUAGES && !e; i++) {
		if (!ask->title[i].n != !ask->text[i].n)
			return fail(why, ERR_USAGE,
				    "a title in %s needs its text, and a text its title",
				    announcement_languages[i]);
		e = check_text(ask->title[i], ANNOUNCEMENT_TITLE_BYTES, "title",
			       announcement_languages[i], why);
		if (!e)
			e = check_text(ask->text[i], ANNOUNCEMENT_TEXT_BYTES, "text",
				       announcement_languages[i], why);
	}
	return e;
}

/* before: the version that stands; NULL: a new one. */
static enum err check_days(struct batch *b, const struct announcement_ask *ask,
			   const struct store_announcement *before, struct store_announcement *n,
			   struct cause *why)
{
	const int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	struct text text = text_in(b->h->batch_arena);
	int32_t from = today, to = INT32_MAX;

	if (before && !ask->from.n)
		n->from = before->from;
	else if (ask->from.n && day_parse(ask->from, &from))
		return fail(why, ERR_USAGE, "from is a day, such as 2026-11-22");
	else if (from < today && !(before && span_equal(ask->from, before->from)))
		return fail(why, ERR_USAGE, "nothing is announced of a day that is over");
	if (!n->from.n) {
		day_write(&text, from);
		n->from = text_as_span(&text);
	}
	if (ask->to.n && day_parse(ask->to, &to))
		return fail(why, ERR_USAGE, "to is a day, such as 2026-11-22");
	if (to < today - 1)
		return fail(why, ERR_USAGE, "to is yesterday or later");
	n->to_day = ask->to.n ? ask->to : WITHOUT_END;
	return ERR_NONE;
}

static struct span write_body(struct batch *b, const struct announcement_ask *ask,
			      const struct store_announcement *n)
{
	struct text text = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&text);
	char name[16];

	json_open_object(&w);
	json_put_int(&w, "number", n->number);
	json_put(&w, "from", n->from);
	if (ask->to.n)
		json_put(&w, "to", n->to_day);
	for (int i = 0; i < ANNOUNCEMENT_LANGUAGES; i++) {
		if (!ask->title[i].n)
			continue;
		snprintf(name, sizeof(name), "title_%s", announcement_languages[i]);
		json_put(&w, name, ask->title[i]);
		snprintf(name, sizeof(name), "text_%s", announcement_languages[i]);
		json_put(&w, name, ask->text[i]);
	}
	json_close_object(&w);
	return text_as_span(&text);
}

/* The number and version of what is written. */
static enum err place(struct batch *b, struct announcing *q, struct store_announcement *ret_before,
		      struct store_announcement *n, struct cause *why)
{
	struct store *s = b->h->store;
	enum err e;

	if (!q->number) {
		e = store_last_announcement(s, q->office, &n->number, why);
		n->number++;
		n->version = 1;
		return e;
	}
	e = store_get_announcement(s, b->h->batch_arena, q->office, q->number, ret_before, why);
	if (e == ERR_NOT_FOUND) {
		fail(&q->refused, ERR_NOT_FOUND, "there is no such announcement");
		return ERR_NONE;
	}
	n->number = q->number;
	n->version = e ? 0 : ret_before->version + 1;
	if (!e && n->version > ANNOUNCEMENT_VERSIONS)
		fail(&q->refused, ERR_CONFLICT,
		     "it was corrected too often: end it, and write another");
	return e;
}

static enum err announce(struct batch *b, void *context, struct cause *why)
{
	struct announcing *q = context;
	struct store_announcement before = {0},
				  n = {.office = q->office, .at = b->now, .author = q->by->user};
	const int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	char reference[32];
	struct event event = {.kind = ANNOUNCEMENT_KIND, .at = b->now, .actor = q->by->user};
	struct office *o;
	bool fresh;
	enum err e;

	q->refused = (struct cause){0};
	if (!q->number && !ref_code(b->inforce->ref, SPAN("office"), q->office, today)) {
		fail(&q->refused, ERR_USAGE, "there is no such office");
		return ERR_NONE;
	}
	e = house_enter(b->h, q->office, &o, &fresh, why);
	if (!e)
		e = place(b, q, &before, &n, why);
	if (e || q->refused.err ||
	    check_days(b, q->ask, q->number ? &before : NULL, &n, &q->refused))
		return e;
	n.body = write_body(b, q->ask, &n);
	snprintf(reference, sizeof(reference), "ANNOUNCEMENT-%lld", (long long)n.number);
	snprintf(q->id, ANNOUNCEMENT_ID_BYTES, "%.*s-%lld", SPAN_ARG(q->office),
		 (long long)n.number);
	event.reference = span_of(reference);
	event.version = n.version;
	event.payload = n.body;
	e = store_put_announcement(b->h->store, &n, why);
	return e ? e : house_append(b->h, o, &event, NULL, why);
}

enum err hub_announce(struct hub *h, const struct who *by, const struct announcement_ask *ask,
		      char ret_id[ANNOUNCEMENT_ID_BYTES], struct cause *why)
{
	struct announcing q = {.by = by, .ask = ask, .office = ask->office, .id = ret_id};
	enum err e;

	if (ask->id.n && !read_id(ask->id, &q.office, &q.number))
		return fail(why, ERR_NOT_FOUND, "there is no such announcement");
	if (!people_operator(by) && !(who_is(by, ROLE_SUPERVISOR) && who_has_office(by, q.office)))
		return fail(why, ERR_DENIED, "a supervisor of the office writes its announcements");
	e = check_texts(ask, why);
	if (e)
		return e;
	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	e = settle_errand(h, announce, &q, why);
	if (!e && q.refused.err) {
		*why = q.refused;
		e = q.refused.err;
	}
	return e;
}

/* ---- reading them ---- */

struct listing {
	struct hub *hub;
	struct inforce *inforce;
	struct store *store;
	struct arena *arena;
	struct text *to;
	struct span after, language;
	struct cause *why;
	enum err err;
};

/* "2026-11-23.XLHAR001-7" */
static bool read_after(struct span after, struct store_announcement_page *page)
{
	struct span rest = after;
	int32_t day;

	if (!after.n)
		return true;
	page->from = span_cut(&rest, '.');
	return !day_parse(page->from, &day) && read_id(rest, &page->office, &page->number);
}

static void write_one(struct listing *l, struct json_writer *w, const struct store_announcement *n,
		      const struct json *body, int32_t day)
{
	const struct ref_code *office = ref_code(l->inforce->ref, SPAN("office"), n->office, day);
	char id[ANNOUNCEMENT_ID_BYTES];

	snprintf(id, sizeof(id), "%.*s-%lld", SPAN_ARG(n->office), (long long)n->number);
	json_open_object(w);
	json_put_c(w, "announcement", id);
	json_put(w, "office", n->office);
	if (office)
		json_put(w, "office_name",
			 span_is(l->language, "fr") && office->name.fr.n ? office->name.fr
									 : office->name.en);
	json_put_int(w, "version", n->version);
	json_put_moment(w, "at", n->at);
	for (const struct json *m = body->first; m; m = m->next) {
		if (span_is(m->name, "number"))
			continue;
		json_name_span(w, m->name);
		json_value(w, m);
	}
	json_close_object(w);
}

static enum err write_page(struct listing *l, const struct store_announcement *row, uint32_t n,
			   int32_t today)
{
	struct json_writer w = json_to(l->to);
	struct text day = text_in(l->arena), after = text_in(l->arena);
	const uint32_t shown = n > ANNOUNCEMENT_PAGE ? ANNOUNCEMENT_PAGE : n;

	day_write(&day, today);
	json_open_object(&w);
	json_put(&w, "day", text_as_span(&day));
	json_put_int(&w, "zone_minutes", ref_zone_minutes(l->inforce->ref));
	json_name(&w, "announcements");
	json_open_array(&w);
	for (uint32_t i = 0; i < shown; i++) {
		const struct json *body;
		struct codec_fault fault;

		if (json_read(l->arena, row[i].body, &body, &fault))
			return fail(l->why, ERR_DB, "an announcement cannot be read");
		write_one(l, &w, &row[i], body, today);
	}
	json_close_array(&w);
	if (shown < n) {
		text_print(&after, "%.*s.%.*s-%lld", SPAN_ARG(row[shown - 1].from),
			   SPAN_ARG(row[shown - 1].office), (long long)row[shown - 1].number);
		json_put(&w, "after", text_as_span(&after));
	}
	json_close_object(&w);
	return ERR_NONE;
}

static void list(void *context)
{
	struct listing *l = context;
	const int32_t today = day_of(clock_now(), ref_zone_minutes(l->inforce->ref));
	struct store_announcement_page page = {.limit = ANNOUNCEMENT_PAGE + 1};
	struct text day = text_in(l->arena);
	struct store_announcement *row;
	uint32_t n;

	day_write(&day, today);
	page.day = text_as_span(&day);
	if (!read_after(l->after, &page)) {
		l->err = fail(l->why, ERR_USAGE, "after is what the page before said");
		return;
	}
	l->err = store_page_announcements(l->store, l->arena, &page, &row, &n, l->why);
	if (!l->err)
		l->err = write_page(l, row, n, today);
}

enum err hub_write_announcements(struct hub *h, struct text *to, struct span after,
				 struct span language, struct cause *why)
{
	struct text text = text_in(to->arena);
	struct listing l = {.hub = h,
			    .arena = to->arena,
			    .to = &text,
			    .after = after,
			    .language = language,
			    .why = why};
	enum err e;

	l.inforce = house_inforce(h);
	if (!l.inforce)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	e = house_open_reader(h, &l.store, why);
	if (!e) {
		e = arena_run(to->arena, list, &l);
		house_close_reader(h, l.store);
		if (e)
			fail(why, e, "no memory for announcements");
		else
			e = l.err;
	}
	inforce_release(l.inforce);
	if (!e)
		*to = text;
	return e;
}
