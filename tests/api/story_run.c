#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "flow/flow.h"
#include "msg/cargo.h"
#include "story_room.h"

const char *story_zero(struct story *s, struct span t)
{
	return arena_copy(s->arena, t.p ? t.p : "", t.n);
}

/* ---- labels and times ---- */

struct label *story_label(struct story *s, struct span name)
{
	for (struct label *l = s->labels; l; l = l->next)
		if (span_equal(l->name, name))
			return l;
	return NULL;
}

static void keep(struct story *s, struct span name, struct span value, struct span trader_reference)
{
	struct label *l = story_label(s, name);

	if (!l) {
		l = ARENA_NEW(s->arena, struct label);
		l->next = s->labels;
		s->labels = l;
	}
	l->name = name;
	l->value = value;
	l->trader_reference = trader_reference;
}

/* {+3s}: in three seconds; {today}, {today-2}: a day; else a label. False: no such. */
static bool put_meant(struct story *s, struct text *t, struct span name)
{
	const char *text = story_zero(s, name);
	struct label *l;

	if (*text == '+') {
		moment_write(t, clock_now() + (int64_t)strtoul(text + 1, NULL, 10) * 1000000);
		return true;
	}
	if (span_starts(name, SPAN("today"))) {
		day_write(t, day_of(clock_now(), 0) + (int32_t)strtol(text + 5, NULL, 10));
		return true;
	}
	l = story_label(s, name);
	if (l)
		text_span(t, l->value);
	return l;
}

static bool is_name(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789+-", s.p[i]))
			return false;
	return s.n;
}

static struct span filled(struct story *s, struct span line)
{
	struct text t = text_in(s->arena);

	for (uint32_t i = 0; i < line.n; i++) {
		const char *end = line.p[i] == '{' ? memchr(line.p + i, '}', line.n - i) : NULL;
		struct span name = {line.p + i + 1, end ? (uint32_t)(end - line.p) - i - 1 : 0, 0};

		if (!end || !is_name(name)) {
			text_char(&t, line.p[i]);
			continue;
		}
		if (!put_meant(s, &t, name))
			SAY(s, "there is no label %.*s", SPAN_ARG(name));
		i += name.n + 1;
	}
	return text_as_span(&t);
}

/* ---- calls ---- */

static const char *token_of(struct story *s, struct span login)
{
	for (struct person_of_story *p = s->people; p; p = p->next)
		if (span_is(login, p->login))
			return p->token;
	if (!span_is(login, "nobody"))
		SAY(s, "there is no person %.*s in the cast", SPAN_ARG(login));
	return NULL;
}

bool story_call(struct story *s, const struct call *c, struct reply *ret)
{
	s->calls++;
	if (http_call(s->arena, s->port, c, ret))
		return true;
	SAY(s, "%s %s: no answer", c->method, c->path);
	return false;
}

static const char *new_key(struct story *s)
{
	return arena_print(s->arena, "story-%u", ++s->keys);
}

static bool same_answer(struct story *s, const struct reply *a, const struct reply *b)
{
	return span_equal(story_plain(s->arena, a, NULL, 0), story_plain(s->arena, b, NULL, 0));
}

static bool has_text(struct span s, const char *text)
{
	return memmem(s.p, s.n, text, strlen(text));
}

/* The same body with another reference, amount or reason. */
static struct span other_body(struct story *s, struct span body)
{
	struct span place = SPAN("/reason"), value = SPAN("for another reason");
	const struct json *v;
	struct codec_fault fault;

	if (json_read(s->arena, body, &v, &fault))
		return body;
	if (has_text(body, "\"declaration\""))
		place = SPAN("/declaration/trader_reference");
	else if (!has_text(body, "\"act\"") && has_text(body, "\"trader_reference\""))
		place = SPAN("/trader_reference");
	if (has_text(body, "\"amount\"")) {
		place = SPAN("/amount");
		value = SPAN("0.02");
	}
	(void)json_set(s->arena, (struct json *)(uintptr_t)v, place,
		       json_text_value(s->arena, value));
	return json_written(s->arena, v);
}

/* The same key and bytes again: the same answer, and nothing done twice. Other bytes under that key: a conflict. */
static void repeat(struct story *s, const struct call *c, const struct reply *first)
{
	struct call again = *c;
	struct reply r;

	if (s->said || !c->key || first->status != 201 || !story_call(s, &again, &r))
		return;
	if (r.status != 200 || !span_equal(r.body, first->body)) {
		SAY(s, "repeated with the same key: expected 200 and the same answer, got %u %.*s",
		    r.status, SPAN_ARG(r.body));
		return;
	}
	if (first->json && span_is(json_get_text(first->json, "state"), "rejected"))
		return;
	again.body = other_body(s, c->body);
	if (!story_call(s, &again, &r))
		return;
	if (r.status != 409 || !r.json ||
	    !span_is(json_get_text(r.json, "type"), "/api#problem-conflict"))
		SAY(s,
		    "other bytes under the same key: expected 409 and the problem conflict, got "
		    "%u %.*s",
		    r.status, SPAN_ARG(r.body));
}

/* What was refused changes nothing: refused again, for the same reason. */
static void refuse_again(struct story *s, const struct call *c, const struct reply *first)
{
	struct reply r;

	if (s->said || first->status < 400 || !story_call(s, c, &r))
		return;
	if (r.status != first->status || !same_answer(s, first, &r))
		SAY(s, "refused, and asked again: expected %u %.*s, got %u %.*s", first->status,
		    SPAN_ARG(first->body), r.status, SPAN_ARG(r.body));
}

/* ---- what is expected ---- */

struct span story_word(struct words *w, uint32_t *at)
{
	return *at < w->n ? w->v[(*at)++] : (struct span){0};
}

bool story_word_is(const struct words *w, uint32_t *at, const char *word)
{
	if (*at >= w->n || !span_is(w->v[*at], word))
		return false;
	(*at)++;
	return true;
}

static bool value_is(struct story *s, const struct json *v, struct span word)
{
	if (word.n && *word.p == '"')
		return (v->kind == JSON_STRING || v->kind == JSON_NUMBER) &&
		       span_equal(v->text, word_text(word));
	return span_equal(json_written(s->arena, v), word);
}

static bool value_has(struct story *s, const struct json *v, struct span word)
{
	struct span text = word_text(word);

	if (v->kind == JSON_STRING)
		return memmem(v->text.p, v->text.n, text.p, text.n);
	if (v->kind == JSON_OBJECT)
		return json_get(v, story_zero(s, text));
	for (const struct json *x = v->first; x; x = x->next)
		if (value_is(s, x, word))
			return true;
	return false;
}

static bool any(struct story *s, const struct found *f, struct span word, bool whole)
{
	for (uint32_t i = 0; i < f->n; i++)
		if (value_is(s, f->v[i], word) || (!whole && value_has(s, f->v[i], word)))
			return true;
	return false;
}

static struct span shown(struct step *p, const struct found *f)
{
	if (!f->n)
		return SPAN("nothing");
	return json_written(p->story->arena, f->v[0]);
}

/* /path VALUE, has VALUE, lacks VALUE, is there, is missing, count N. */
static void expect_at(struct step *p, struct span path)
{
	struct story *s = p->story;
	struct found f = {0};
	bool good;
	struct span verb = story_word(&p->after, &p->at), word = verb;

	json_collect(s->arena, p->reply.json, path, &f);
	if (span_is(verb, "has") || span_is(verb, "lacks") || span_is(verb, "is") ||
	    span_is(verb, "count") || span_is(verb, "not"))
		word = story_word(&p->after, &p->at);
	if (!word.n) {
		SAY(s, "%.*s: nothing is expected there", SPAN_ARG(path));
		return;
	}
	if (span_is(verb, "has"))
		good = any(s, &f, word, false);
	else if (span_is(verb, "lacks"))
		good = !any(s, &f, word, false);
	else if (span_is(verb, "is"))
		good = span_is(word, "there") ? f.n > 0 : f.n == 0;
	else if (span_is(verb, "count"))
		good = f.n == strtoul(story_zero(s, word), NULL, 10);
	else if (span_is(verb, "not"))
		good = f.n && !any(s, &f, word, true);
	else
		good = any(s, &f, word, true);
	if (!good)
		SAY(s, "%.*s: expected %.*s%s%.*s, got %.*s (%u) in %u %.*s", SPAN_ARG(path),
		    SPAN_ARG(verb), word.p == verb.p ? "" : " ", word.p == verb.p ? 0 : (int)word.n,
		    word.p, SPAN_ARG(shown(p, &f)), f.n, p->reply.status, SPAN_ARG(p->reply.body));
}

static void expect_text(struct step *p, struct span in)
{
	struct story *s = p->story;
	bool has = story_word_is(&p->after, &p->at, "has");
	struct span text;

	if (!has && !story_word_is(&p->after, &p->at, "lacks")) {
		SAY(s, "text: has or lacks?");
		return;
	}
	text = word_text(story_word(&p->after, &p->at));
	if (!text.n || has != (memmem(in.p, in.n, text.p, text.n) != NULL))
		SAY(s, "text: expected that it %s %.*s, got %.*s", has ? "has" : "lacks",
		    SPAN_ARG(text), SPAN_ARG(in));
}

static void expect_problem(struct step *p, struct span id)
{
	struct story *s = p->story;
	struct span type = p->reply.json ? json_get_text(p->reply.json, "type") : (struct span){0};

	if (!span_is(type, arena_print(s->arena, "/api#problem-%.*s", SPAN_ARG(id))))
		SAY(s, "expected the problem %.*s, got %u %.*s", SPAN_ARG(id), p->reply.status,
		    SPAN_ARG(p->reply.body));
}

static void expect_refused(struct step *p, struct span id)
{
	struct story *s = p->story;
	struct span got =
	    p->reply.json ? json_get_text(p->reply.json, "refusal") : (struct span){0};

	if (!span_equal(got, id))
		SAY(s, "expected that it is refused as %.*s, got %u %.*s", SPAN_ARG(id),
		    p->reply.status, SPAN_ARG(p->reply.body));
}

static void keep_found(struct step *p)
{
	struct story *s = p->story;
	struct span name = story_word(&p->after, &p->at), path = story_word(&p->after, &p->at);
	struct found f = {0};

	json_collect(s->arena, p->reply.json, path, &f);
	if (f.n)
		keep(s, name, f.v[0]->text, (struct span){0});
	else
		SAY(s, "keep %.*s: nothing at %.*s in %.*s", SPAN_ARG(name), SPAN_ARG(path),
		    SPAN_ARG(p->reply.body));
}

static void expect(struct step *p)
{
	struct story *s = p->story;
	struct span status;

	p->at = 0;
	status = story_word(&p->after, &p->at);
	if (status.n != 3 || strtoul(story_zero(s, status), NULL, 10) != p->reply.status)
		SAY(s, "expected the status %.*s, got %u %.*s", SPAN_ARG(status), p->reply.status,
		    SPAN_ARG(p->reply.body));
	while (!s->said && p->at < p->after.n) {
		struct span word = story_word(&p->after, &p->at);

		if (span_is(word, "problem"))
			expect_problem(p, story_word(&p->after, &p->at));
		else if (span_is(word, "refused"))
			expect_refused(p, story_word(&p->after, &p->at));
		else if (span_is(word, "text"))
			expect_text(p, p->reply.body);
		else if (span_is(word, "head"))
			expect_text(p, p->reply.head);
		else if (span_is(word, "keep"))
			keep_found(p);
		else
			expect_at(p, word);
	}
}

/* ---- bodies ---- */

static struct json *read_file(struct story *s, struct span name)
{
	struct text t = text_in(s->arena);
	const struct json *v;
	struct codec_fault fault = {0};
	FILE *in = NULL;
	char piece[8192];
	size_t n;

	for (int i = 0; i < 2 && !in; i++)
		in = fopen(i ? arena_print(s->arena, "%s/examples/%.*s", s->root, SPAN_ARG(name))
			     : arena_print(s->arena, "%s/messages/%.*s", s->dir, SPAN_ARG(name)),
			   "r");
	if (!in) {
		SAY(s, "there is no message %.*s", SPAN_ARG(name));
		return NULL;
	}
	while ((n = fread(piece, 1, sizeof(piece), in)) > 0)
		text_add(&t, piece, n);
	fclose(in);
	if (json_read(s->arena, text_as_span(&t), &v, &fault)) {
		SAY(s, "%.*s: %s", SPAN_ARG(name), fault.text);
		return NULL;
	}
	return (struct json *)(uintptr_t)v;
}

static void change_message(struct step *p, struct json *m, bool with)
{
	struct story *s = p->story;
	struct span path = story_word(&p->words, &p->at), value = {0};
	const struct json *v = NULL;
	struct codec_fault fault = {0};

	if (with)
		value = story_word(&p->words, &p->at);
	if (with && *value.p == '"')
		v = json_text_value(s->arena, word_text(value));
	else if (with && json_read(s->arena, value, &v, &fault))
		SAY(s, "%.*s is neither a text nor JSON", SPAN_ARG(value));
	if (!s->said && !json_set(s->arena, m, path, v))
		SAY(s, "%.*s leads nowhere in the message", SPAN_ARG(path));
}

static const char *reference_of(struct step *p, struct span label)
{
	struct label *l = story_label(p->story, label);

	if (!l)
		SAY(p->story, "there is no label %.*s", SPAN_ARG(label));
	return l ? story_zero(p->story, l->value) : "";
}

/* A request is about the case that its movement reference names. */
static void about_case(struct step *p, struct json *m, struct span label)
{
	const char *reference = reference_of(p, label);

	(void)json_set(p->story->arena, m, SPAN("/movement_reference"),
		       json_text_value(p->story->arena, span_of(reference)));
}

/* FILE [with PATH VALUE] [without PATH] [about LABEL] [as LABEL] [in xml] [key KEY] */
static struct json *read_message(struct step *p, struct span file)
{
	struct story *s = p->story;
	struct json *m = read_file(s, file);

	while (m && !s->said && p->at < p->words.n) {
		struct span word = story_word(&p->words, &p->at);

		if (span_is(word, "with"))
			change_message(p, m, true);
		else if (span_is(word, "without"))
			change_message(p, m, false);
		else if (span_is(word, "as"))
			p->label = story_word(&p->words, &p->at);
		else if (span_is(word, "about"))
			about_case(p, m, story_word(&p->words, &p->at));
		else if (span_is(word, "in") && story_word_is(&p->words, &p->at, "xml"))
			p->call.accept = "application/xml";
		else if (span_is(word, "in") && story_word_is(&p->words, &p->at, "edifact"))
			p->call.type = "application/edifact";
		else if (span_is(word, "key"))
			p->call.key = story_zero(s, story_word(&p->words, &p->at));
		else
			SAY(s, "%.*s: not known here", SPAN_ARG(word));
	}
	return s->said ? NULL : m;
}

/* name=value ... as an object. A value in quotes is a text, any other is JSON. */
static struct span read_members(struct step *p)
{
	struct story *s = p->story;
	struct text t = text_in(s->arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	while (p->at < p->words.n && memchr(p->words.v[p->at].p, '=', p->words.v[p->at].n)) {
		struct span value = story_word(&p->words, &p->at);
		struct span name = span_cut(&value, '=');

		json_name_span(&w, name);
		if (value.n && *value.p == '"')
			json_string(&w, word_text(value));
		else
			json_raw(&w, value);
	}
	if (story_word_is(&p->words, &p->at, "declaration")) {
		struct json *m = read_message(p, story_word(&p->words, &p->at));

		json_name(&w, "declaration");
		if (m)
			json_value(&w, m);
		else
			json_raw(&w, SPAN("null"));
	}
	json_close_object(&w);
	return text_as_span(&t);
}

void story_end(struct step *p)
{
	if (p->at < p->words.n)
		SAY(p->story, "%.*s: not known here", SPAN_ARG(p->words.v[p->at]));
}

/* ---- what somebody does ---- */

static void do_call(struct step *p)
{
	story_end(p);
	if (!p->story->said)
		story_call(p->story, &p->call, &p->reply);
}

/* Which act of flow/ a message of a trader came to, by the answer. */
static void note_message(struct story *s, const struct json *answer)
{
	static const struct {
		const char *asked;
		enum flow_act act;
	} acts[] = {{"declaration", ACT_LODGE},
		    {"amendment", ACT_AMEND},
		    {"cancellation", ACT_CANCEL},
		    {"presentation", ACT_PRESENT}};
	struct span asked = json_get_text(answer, "asked"), state = json_get_text(answer, "state");
	struct found f = {0};

	json_collect(s->arena, answer, SPAN("/findings/[rule=request.state]/text"), &f);
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (!span_is(asked, acts[i].asked))
			continue;
		if (span_is(state, "rejected"))
			s->tally->refused_act[acts[i].act] |= f.n > 0 || acts[i].act == ACT_LODGE;
		else
			s->tally->done[span_is(state, "requested") ? ACT_ASK : acts[i].act] = true;
	}
	for (unsigned i = 0; f.n && i < FLOW_REFUSALS; i++) {
		const char *id = flow_refusal_id((enum flow_refusal)i);

		if (id && value_has(s, f.v[0], span_of(arena_print(s->arena, "(%s)", id))))
			s->tally->refused[i] = true;
	}
	/* only who asks is told that a request waits */
	s->tally->refused_act[ACT_ASK] |= s->tally->refused[REFUSED_REQUEST_WAITS];
}

static void note_refusal(struct story *s, struct span act, const struct reply *r)
{
	enum flow_act a = flow_act_by_name(act);

	if (r->status == 201 && a != FLOW_ACTS)
		s->tally->done[a] = true;
	if (!r->json || !json_get(r->json, "refusal"))
		return;
	if (a != FLOW_ACTS)
		s->tally->refused_act[a] = true;
	for (unsigned i = 0; i < FLOW_REFUSALS; i++)
		if (span_is(json_get_text(r->json, "refusal"),
			    flow_refusal_id((enum flow_refusal)i)))
			s->tally->refused[i] = true;
}

static void do_posts(struct step *p)
{
	struct story *s = p->story;
	struct json *m = read_message(p, story_word(&p->words, &p->at));

	p->call.method = "POST";
	p->call.path = "/api/v1/declarations";
	p->call.type = "application/json";
	if (!m)
		return;
	if (!p->call.key)
		p->call.key = new_key(s);
	p->call.body = json_written(s->arena, m);
	do_call(p);
	if (p->reply.json)
		note_message(s, p->reply.json);
	repeat(s, &p->call, &p->reply);
	if (!s->said && p->label.n && p->reply.json)
		keep(s, p->label, json_get_text(p->reply.json, "reference"),
		     json_get_text(m, "trader_reference"));
}

/* The same bytes again give the same answer. */
static void report_again(struct story *s, const struct call *c, const struct reply *first)
{
	struct reply r;

	if (s->said || first->status != 201 || !story_call(s, c, &r))
		return;
	if (r.status != 200 || !span_equal(r.body, first->body))
		SAY(s, "reported again: expected 200 and the same answer, got %u %.*s", r.status,
		    SPAN_ARG(r.body));
}

/* A cargo report in JSON, as CUSCAR. */
static struct span as_edifact(struct story *s, struct span json)
{
	struct text t = text_in(s->arena);
	struct cargo_message m;
	struct findings findings;
	struct codec_fault fault = {0};

	if (msg_read_cargo(s->arena, json, NULL, &m, &findings, &fault)) {
		SAY(s, "%s", fault.text);
		return json;
	}
	msg_format_by_id(SPAN("cuscar"))->write_cargo(&t, &m);
	return text_as_span(&t);
}

static void do_reports(struct step *p)
{
	struct story *s = p->story;
	struct json *m = read_message(p, story_word(&p->words, &p->at));

	p->call.method = "POST";
	p->call.path = "/api/v1/cargo-reports";
	if (!m)
		return;
	p->call.body = json_written(s->arena, m);
	if (p->call.type)
		p->call.body = as_edifact(s, p->call.body);
	else
		p->call.type = "application/json";
	do_call(p);
	report_again(s, &p->call, &p->reply);
	if (!s->said && p->label.n && p->reply.json)
		keep(s, p->label, json_get_text(p->reply.json, "reference"), (struct span){0});
}

static void do_does(struct step *p)
{
	struct story *s = p->story;
	struct span act = story_word(&p->words, &p->at), members;
	const char *reference;

	if (!story_word_is(&p->words, &p->at, "on"))
		SAY(s, "does ACT on LABEL");
	reference = reference_of(p, story_word(&p->words, &p->at));
	members = read_members(p);
	if (s->said)
		return;
	p->call.method = "POST";
	p->call.path = arena_print(s->arena, "/api/v1/declarations/%s/acts", reference);
	p->call.type = "application/json";
	p->call.key = new_key(s);
	p->call.body =
	    span_of(arena_print(s->arena, "{\"act\":\"%.*s\"%s%.*s", SPAN_ARG(act),
				members.n > 2 ? "," : "", (int)members.n - 1, members.p + 1));
	do_call(p);
	note_refusal(s, act, &p->reply);
	repeat(s, &p->call, &p->reply);
	refuse_again(s, &p->call, &p->reply);
}

static void do_sees(struct step *p)
{
	bool history = story_word_is(&p->words, &p->at, "history");

	if (history && !story_word_is(&p->words, &p->at, "of"))
		SAY(p->story, "sees history of LABEL");
	p->call.path = arena_print(p->story->arena, "/api/v1/declarations/%s/%s",
				   reference_of(p, story_word(&p->words, &p->at)),
				   history ? "history" : "status");
	do_call(p);
}

static const char *whole_path(struct story *s, struct span word)
{
	return *word.p == '/' ? story_zero(s, word)
			      : arena_print(s->arena, "/api/v1/%.*s", SPAN_ARG(word));
}

static void do_reads(struct step *p)
{
	p->call.path = whole_path(p->story, story_word(&p->words, &p->at));
	if (story_word_is(&p->words, &p->at, "in") && story_word_is(&p->words, &p->at, "xml"))
		p->call.accept = "application/xml";
	do_call(p);
}

static void do_sends(struct step *p)
{
	struct story *s = p->story;
	struct span method = story_word(&p->words, &p->at), path = story_word(&p->words, &p->at);

	if (!path.n) {
		SAY(s, "sends METHOD PATH");
		return;
	}
	p->call.method = story_zero(s, method);
	p->call.path = whole_path(s, path);
	if (story_word_is(&p->words, &p->at, "file")) {
		const struct json *m = read_message(p, story_word(&p->words, &p->at));

		if (!m)
			return;
		p->call.type = "application/json";
		p->call.body = json_written(s->arena, m);
	} else if (p->at < p->words.n) {
		p->call.type = "application/json";
		p->call.body = read_members(p);
	}
	if (path.n > 5 && !memcmp(path.p + path.n - 5, "/cash", 5))
		p->call.key = new_key(s);
	do_call(p);
	repeat(s, &p->call, &p->reply);
}

static void do_uploads(struct step *p)
{
	struct story *s = p->story;
	struct span text = word_text(story_word(&p->words, &p->at));
	const char *reference = "", *place = "";
	struct reply again;

	if (!story_word_is(&p->words, &p->at, "to"))
		SAY(s, "uploads \"TEXT\" to LABEL");
	reference = reference_of(p, story_word(&p->words, &p->at));
	if (story_word_is(&p->words, &p->at, "at"))
		place = story_zero(s, story_word(&p->words, &p->at));
	p->call.method = "POST";
	p->call.path =
	    arena_print(s->arena, "/api/v1/declarations/%s/documents?pointer=%s", reference, place);
	p->call.type = "application/pdf";
	p->call.body = span_of(arena_print(s->arena, "%%PDF-1.7\n%.*s\n%%%%EOF\n", SPAN_ARG(text)));
	do_call(p);
	if (s->said || p->reply.status != 201 || !story_call(s, &p->call, &again))
		return;
	if (again.status != 200)
		SAY(s, "the same document again: expected 200, got %u %.*s", again.status,
		    SPAN_ARG(again.body));
}

/* Asks until it is as told; a minute at most. */
static void do_waits(struct step *p)
{
	struct story *s = p->story;

	if (story_word_is(&p->words, &p->at, "for"))
		p->call.path = whole_path(s, story_word(&p->words, &p->at));
	else
		SAY(s, "waits for PATH");
	for (int i = 0; i < 600 && !s->said; i++) {
		p->at = p->words.n; /* reading what is expected has moved it */
		do_call(p);
		expect(p);
		if (!s->said)
			return;
		if (i < 599)
			s->said = NULL;
		usleep(100000);
	}
}

/* ---- steps ---- */

static const struct {
	const char *verb;
	void (*run)(struct step *p);
	bool says_itself; /* nothing else is expected */
} verbs[] = {{"posts", do_posts, false},
	     {"does", do_does, false},
	     {"sees", do_sees, false},
	     {"reads", do_reads, false},
	     {"sends", do_sends, false},
	     {"uploads", do_uploads, false},
	     {"waits", do_waits, true},
	     {"reports", do_reports, false},
	     {"finds", story_finds_nothing, true},
	     {"cannot", story_cannot_tell, true}};

void story_step(struct story *s, struct span line)
{
	struct step p = {.story = s, .call = {.method = "GET"}};
	struct words all;
	uint32_t arrow = 0;
	struct span verb;

	s->said = NULL;
	words_cut(s->arena, filled(s, line), &all);
	while (arrow < all.n && !span_is(all.v[arrow], "->"))
		arrow++;
	p.words = (struct words){all.v, arrow, 0};
	if (arrow < all.n)
		p.after = (struct words){all.v + arrow + 1, all.n - arrow - 1, 0};
	p.who = story_word(&p.words, &p.at);
	verb = story_word(&p.words, &p.at);
	p.call.token = token_of(s, p.who);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (!span_is(verb, verbs[i].verb))
			continue;
		if (!s->said)
			verbs[i].run(&p);
		if (!verbs[i].says_itself && !s->said)
			expect(&p);
		return;
	}
	SAY(s, "%.*s: nobody can do this", SPAN_ARG(verb));
}

void story_watch(struct story *s)
{
	for (struct label *l = s->labels; l; l = l->next) {
		struct call c = {.method = "GET", .token = s->watcher};
		struct found f = {0};
		struct reply r;

		if (!l->trader_reference.n)
			continue;
		c.path =
		    arena_print(s->arena, "/api/v1/declarations/%.*s/history", SPAN_ARG(l->value));
		if (!http_call(s->arena, s->port, &c, &r) || r.status != 200)
			continue;
		json_collect(s->arena, r.json, SPAN("/history/*/act"), &f);
		for (uint32_t i = 0; i < f.n; i++) {
			enum flow_act a = flow_act_by_name(f.v[i]->text);

			if (a != FLOW_ACTS)
				s->tally->done[a] = true;
		}
	}
}
