#include "hub/travel/travels.h"

#include "base/clock.h"
#include "base/date.h"
#include "hub/audit/shadow.h"
#include "hub/travel/travel_room.h"

/* ---- the code ---- */

static void make_code(char ret[TRAVEL_CODE_BYTES])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t byte[15];
	uint32_t n = 0;

	random_bytes(byte, sizeof(byte));
	ret[n++] = 'V';
	for (size_t i = 0; i < sizeof(byte); i++) {
		if ((i + 1) % 4 == 0)
			ret[n++] = '-';
		ret[n++] = digits[byte[i] & 31];
	}
	ret[n] = 0;
}

/* As people type it; false: it cannot be one. */
static bool read_code(struct span s, char ret[TRAVEL_CODE_BYTES])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		c = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
		if (n == TRAVEL_CODE_BYTES - 1 ||
		    !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return false;
		if (n % 5 == 4)
			ret[n++] = '-';
		ret[n++] = c;
	}
	ret[n] = 0;
	return n == TRAVEL_CODE_BYTES - 1 && ret[0] == 'V';
}

/* ---- rules and sums ---- */

struct showing {
	struct hub *hub;
	struct inforce *inforce;
	struct store *store;
	struct arena *arena;
	struct json_writer json;
	struct span language;
	const struct travel_party *party;
	struct cause *why;
	enum err err;
	/* of one case */
	const struct who *who;
	struct span request;
	char code[TRAVEL_CODE_BYTES];
};

static struct span named(const struct showing *s, struct ref_text t)
{
	return span_is(s->language, "fr") && t.fr.n ? t.fr : t.en;
}

static int32_t today(const struct showing *s)
{
	return day_of(clock_now(), ref_zone_minutes(s->inforce->ref));
}

struct listing {
	struct showing *s;
	int32_t day;
};

/* Where travellers come in: not at offices inland. */
static bool write_office(void *context, const struct ref_code *c)
{
	struct listing *l = context;

	if (!ref_holds(c->dates, l->day) || span_is(c->kind, "inland") || span_is(c->kind, "post"))
		return true;
	json_open_object(&l->s->json);
	json_put(&l->s->json, "code", c->code);
	json_put(&l->s->json, "name", named(l->s, c->name));
	json_close_object(&l->s->json);
	return true;
}

static void put_quantity(struct json_writer *w, const char *name, struct decimal d)
{
	if (d.set)
		json_put_decimal(w, name, d);
}

static void write_rule(struct showing *s, const struct ref_travel *t)
{
	static const char *const classes[] = {"amount", "value", "money", "controlled"};
	struct json_writer *w = &s->json;

	json_open_object(w);
	json_put(w, "goods", t->goods);
	json_put_c(w, "class", classes[t->kind]);
	json_put(w, "unit", t->unit);
	put_quantity(w, "adult", t->adult);
	put_quantity(w, "child", t->child);
	put_quantity(w, "most", t->most);
	if (t->rate_text.n)
		json_put(w, "rate", t->rate_text);
	json_put(w, "name", named(s, t->name));
	json_put(w, "note", named(s, t->note));
	json_put(w, "source", t->source);
	json_close_object(w);
}

static void write_rules(void *context)
{
	struct showing *s = context;
	struct text day = text_in(s->arena);
	struct listing l = {s, today(s)};
	struct json_writer *w = &s->json;

	day_write(&day, l.day);
	json_open_object(w);
	json_put(w, "day", text_as_span(&day));
	json_put(w, "currency", ref_currency(s->inforce->ref));
	json_name(w, "offices");
	json_open_array(w);
	ref_each_code(s->inforce->ref, SPAN("office"), write_office, &l);
	json_close_array(w);
	json_name(w, "goods");
	json_open_array(w);
	for (const struct ref_travel *t = ref_travel(s->inforce->ref); t; t = t->next)
		if (ref_holds(t->dates, l.day))
			write_rule(s, t);
	json_close_array(w);
	json_close_object(w);
}

static void assess(void *context)
{
	struct showing *s = context;

	json_open_object(&s->json);
	s->err = travel_show(&s->json, s->inforce->ref, today(s), s->party, s->language, s->why);
	if (!s->err)
		json_close_object(&s->json);
}

static enum err show(struct showing *s, struct text *to, void (*how)(void *), struct cause *why)
{
	struct text text = text_in(to->arena);
	enum err e;

	s->inforce = house_inforce(s->hub);
	if (!s->inforce)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	s->arena = to->arena;
	s->json = json_to(&text);
	s->why = why;
	e = arena_run(to->arena, how, s);
	if (e)
		fail(why, e, "no memory for what travellers ask");
	inforce_release(s->inforce);
	if (!e)
		e = s->err;
	if (!e)
		*to = text;
	return e;
}

enum err hub_write_travel_rules(struct hub *h, struct text *to, struct span language,
				struct cause *why)
{
	struct showing s = {.hub = h, .language = language};

	return show(&s, to, write_rules, why);
}

enum err hub_assess_travel(struct hub *h, struct text *to, const struct travel_party *party,
			   struct span language, struct cause *why)
{
	struct showing s = {.hub = h, .language = language, .party = party};

	return show(&s, to, assess, why);
}

/* ---- declaring ---- */

struct declaring {
	const struct travel_ask *ask;
	char *code;
	struct cause refused; /* err set: nothing was stored */
};

static enum err check_places(struct batch *b, const struct travel_ask *a, int32_t day,
			     struct cause *why)
{
	const struct refset *r = b->inforce->ref;

	if (!ref_code(r, SPAN("office"), a->office, day))
		return fail(why, ERR_USAGE, "there is no such office");
	if (!ref_code(r, SPAN("country"), a->from, day))
		return fail(why, ERR_USAGE, "there is no such country");
	return ERR_NONE;
}

/* Counts what an office takes of strangers in a day. The numbers of its counters are years elsewhere, days here. */
static enum err count_in(struct batch *b, struct span office, int32_t day, struct cause *refused,
			 struct cause *why)
{
	int year, month, dom;
	int64_t number;
	enum err e;

	day_split(day, &year, &month, &dom);
	e = store_take_numbers(b->h->store, office, (year * 100 + month) * 100 + dom, 1, &number,
			       why);
	if (!e && number > TRAVEL_A_DAY)
		fail(refused, ERR_USAGE,
		     "this office takes no more declarations here today: declare at the exit");
	return e;
}

static enum err declare(struct batch *b, void *context, struct cause *why)
{
	struct declaring *d = context;
	struct hub *h = b->h;
	struct travel_case c = {.ask = *d->ask,
				.day = day_of(b->now, ref_zone_minutes(b->inforce->ref)),
				.draw_day = span_of(h->draw.day),
				.commitment = span_of(h->draw.commitment)};
	struct text payload = text_in(h->batch_arena);
	struct event event = {
	    .kind = TRAVEL_KIND, .version = 1, .at = b->now, .actor = SPAN("traveller")};
	struct office *o;
	bool fresh;
	enum err e;

	d->refused = (struct cause){0};
	if (check_places(b, d->ask, c.day, &d->refused))
		return ERR_NONE;
	make_code(d->code);
	event.reference = span_of(d->code);
	c.draw = draw_value(&h->draw.hmac, event.reference, TRAVEL_DRAW);
	e = travel_write(&payload, &c, b->inforce, &d->refused);
	if (e)
		return e == ERR_USAGE || e == ERR_LIMIT ? ERR_NONE : e;
	e = house_enter(h, d->ask->office, &o, &fresh, why);
	if (!e)
		e = count_in(b, d->ask->office, c.day, &d->refused, why);
	if (e || d->refused.err)
		return e;
	event.payload = text_as_span(&payload);
	return house_append(h, o, &event, NULL, why);
}

enum err hub_declare_travel(struct hub *h, const struct travel_ask *ask,
			    char ret_code[TRAVEL_CODE_BYTES], struct cause *why)
{
	struct declaring d = {.ask = ask, .code = ret_code};
	enum err e;

	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	e = settle_errand(h, declare, &d, why);
	if (!e && d.refused.err) {
		*why = d.refused;
		e = ERR_USAGE;
	}
	return e;
}

/* ---- looking ---- */

struct found {
	struct span office;
	struct event declared, passed;
	bool has_passed;
};

/* In one office's chain. */
static enum err find_at(struct store *s, struct arena *a, struct span office, struct span code,
			struct found *ret, struct cause *why)
{
	struct event *event;
	uint32_t n;
	bool there = false;
	enum err e = store_list_events(s, a, office, code, &event, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		if (span_equal(event[i].kind, TRAVEL_KIND) && event[i].payload.p) {
			ret->declared = event[i];
			ret->office = office;
			there = true;
		} else if (span_equal(event[i].kind, TRAVEL_PASSED) && event[i].payload.p) {
			ret->passed = event[i];
			ret->has_passed = true;
		}
	}
	return e ? e : there ? ERR_NONE : ERR_NOT_FOUND;
}

/* Every office is asked, so that the time tells nothing. */
static enum err find(struct store *s, struct arena *a, struct span code, struct found *ret,
		     struct cause *why)
{
	struct span *office;
	uint32_t n;
	bool there = false;
	enum err e = store_list_offices(s, a, &office, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		e = find_at(s, a, office[i], code, ret, why);
		there = there || !e;
		e = e == ERR_NOT_FOUND ? ERR_NONE : e;
	}
	return e ? e : there ? ERR_NONE : ERR_NOT_FOUND;
}

static void put_look(struct json_writer *w, const struct json *payload, const struct found *f,
		     struct arena *a)
{
	const struct json *picked = json_get(payload, "picked"), *passed;
	const bool red = span_is(json_get_text(payload, "lane"), "red"),
		   random = picked && picked->kind == JSON_TRUE;
	struct codec_fault fault;

	json_put_bool(w, "look", red || random);
	json_name(w, "why");
	json_open_array(w);
	if (red)
		json_cstring(w, "declared");
	if (random)
		json_cstring(w, "random");
	json_close_array(w);
	if (f->has_passed && !json_read(a, f->passed.payload, &passed, &fault)) {
		json_put(w, "result", json_get_text(passed, "result"));
		json_put(w, "note", json_get_text(passed, "note"));
		json_put(w, "by", f->passed.actor);
	}
}

static void put_place(struct showing *s, const struct travel_case *c)
{
	const struct ref_code *office =
	    ref_code(s->inforce->ref, SPAN("office"), c->ask.office, c->day);

	json_put(&s->json, "code", span_of(s->code));
	json_put(&s->json, "office", c->ask.office);
	if (office)
		json_put(&s->json, "office_name", named(s, office->name));
	json_put(&s->json, "from", c->ask.from);
	json_put_int(&s->json, "adults", c->ask.party.adults);
	json_put_int(&s->json, "children", c->ask.party.children);
	json_put_int(&s->json, "zone_minutes", ref_zone_minutes(s->inforce->ref));
}

static enum err write_case(struct showing *s, const struct found *f, bool inside)
{
	struct json_writer *w = &s->json;
	const struct json *payload;
	struct codec_fault fault;
	struct travel_case c;

	if (json_read(s->arena, f->declared.payload, &payload, &fault) || travel_read(payload, &c))
		return fail(s->why, ERR_DB, "a traveller's declaration cannot be read");
	json_open_object(w);
	put_place(s, &c);
	json_put_moment(w, "at", f->declared.at);
	if (f->has_passed)
		json_put_moment(w, "passed_at", f->passed.at);
	if (inside)
		put_look(w, payload, f, s->arena);
	travel_show_stored(w, s->inforce->ref, payload, s->language);
	json_close_object(w);
	return ERR_NONE;
}

static enum err look(struct store *store, void *context, struct cause *why)
{
	struct showing *s = context;
	struct found f = {.has_passed = false};
	enum view view = VIEW_TRADER;
	enum err e = find(store, s->arena, span_of(s->code), &f, why);

	if (!e && s->who)
		e = scope_list(s->hub, s->who, f.office, span_of(s->code), PURPOSE_TRAVEL,
			       s->request, &view, why);
	if (!e && view < VIEW_TRADER)
		e = ERR_NOT_FOUND;
	return e ? e : write_case(s, &f, view >= VIEW_OFFICER);
}

static void show_case(void *context)
{
	struct showing *s = context;

	s->err = store_snapshot(s->store, look, s, s->why);
}

enum err hub_write_travel(struct hub *h, struct text *to, const struct who *who, struct span code,
			  struct span language, struct span request, struct cause *why)
{
	struct showing s = {.hub = h, .language = language, .who = who, .request = request};
	enum err e;

	if (!read_code(code, s.code))
		return ERR_NOT_FOUND;
	e = house_open_reader(h, &s.store, why);
	if (e)
		return e;
	e = show(&s, to, show_case, why);
	house_close_reader(h, s.store);
	return e;
}

/* ---- passing ---- */

struct passing {
	const struct who *by;
	struct span result, note;
	char code[TRAVEL_CODE_BYTES];
	struct cause refused;
};

static enum err pass(struct batch *b, void *context, struct cause *why)
{
	struct passing *q = context;
	struct arena *a = b->h->batch_arena;
	struct found f = {.has_passed = false};
	struct text payload = text_in(a);
	struct json_writer w = json_to(&payload);
	struct event event = {.kind = TRAVEL_PASSED,
			      .reference = span_of(q->code),
			      .version = 1,
			      .at = b->now,
			      .actor = q->by->user};
	struct office *o;
	bool fresh;
	enum err e = find(b->h->store, a, span_of(q->code), &f, why);

	q->refused = (struct cause){0};
	if (e == ERR_NOT_FOUND || (!e && !who_has_office(q->by, f.office))) {
		q->refused.err = ERR_NOT_FOUND;
		return ERR_NONE;
	}
	if (!e)
		e = house_enter(b->h, f.office, &o, &fresh, why);
	if (!e && fresh)
		e = find(b->h->store, a, span_of(q->code), &f, why);
	if (e)
		return e;
	if (f.has_passed) {
		fail(&q->refused, ERR_CONFLICT, "they have passed already");
		return ERR_NONE;
	}
	if (b->now > f.declared.at + TRAVEL_DAYS * MICROS_A_DAY) {
		fail(&q->refused, ERR_CONFLICT,
		     "the code is older than %d days: they declare again", TRAVEL_DAYS);
		return ERR_NONE;
	}
	json_open_object(&w);
	json_put(&w, "result", q->result);
	json_put(&w, "note", q->note);
	json_close_object(&w);
	event.payload = text_as_span(&payload);
	return house_append(b->h, o, &event, NULL, why);
}

enum err hub_pass_travel(struct hub *h, const struct who *by, struct span code, struct span result,
			 struct span note, struct cause *why)
{
	struct passing q = {.by = by, .result = result, .note = note};
	enum err e;

	if (!who_is(by, ROLE_OFFICER | ROLE_SUPERVISOR) || !read_code(code, q.code))
		return ERR_NOT_FOUND;
	if (!span_is(result, "passed") && !(span_is(result, "irregular") && note.n))
		return fail(why, ERR_USAGE, "passed, or irregular with a note of what was found");
	if (note.n > TRAVEL_NOTE_BYTES)
		return fail(why, ERR_USAGE, "a note has at most %d bytes", TRAVEL_NOTE_BYTES);
	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	e = settle_errand(h, pass, &q, why);
	if (!e && q.refused.err) {
		*why = q.refused;
		e = q.refused.err;
	}
	return e;
}
