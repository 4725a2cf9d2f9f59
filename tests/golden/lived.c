#include "lived.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/life/account.h"
#include "hub/life/act.h"
#include "hub/life/cases.h"
#include "hub/life/roster.h"
#include "hub/notices/notices.h"
#include "msg/msg.h"

#define HOUR ((int64_t)3600 * 1000000)

enum { NOTICES_ONCE = 20 };

static const char reason[] = "as customs said";

/* ---- people ---- */

static struct who person(struct lived *l, const char *login, unsigned roles)
{
	return (struct who){.user = span_of(login),
			    .roles = roles,
			    .scopes = SCOPE_ALL,
			    .offices = {l->one_office, 1}};
}

static void staff(struct lived *l, struct span office)
{
	l->office = l->one_office[0] = office;
	l->officer[0] = person(l, "olga", ROLE_OFFICER);
	l->officer[1] = person(l, "otto", ROLE_OFFICER);
	l->supervisor = person(l, "sue", ROLE_SUPERVISOR);
	l->cashier = person(l, "carl", ROLE_CASHIER);
}

/* Who declares stands for the companies that the message names; the carrier for another. */
static void trade(struct lived *l, const struct declaration *d)
{
	static const struct span carriers[] = {SPAN("CARRIER")};
	const struct span named[] = {d->shipment.importer.id, d->declarant.id};
	uint32_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (named[i].n && !(n && span_equal(l->parties[0], named[i])))
			l->parties[n++] = named[i];
	if (!n)
		fail_msg("%s: nobody declares", l->name);
	l->party = l->parties[0];
	l->trader = (struct who){.user = SPAN("tess"),
				 .roles = ROLE_TRADER,
				 .scopes = SCOPE_ALL,
				 .parties = {l->parties, n}};
	l->carrier = (struct who){.user = SPAN("cora"),
				  .roles = ROLE_CARRIER,
				  .scopes = SCOPE_ALL,
				  .parties = {carriers, 1}};
}

static void set_roster(struct lived *l, int64_t until)
{
	struct cause why = {0};

	for (size_t i = 0; i < ARRAY_LEN(l->officer); i++) {
		const struct roster_entry entry = {.office = l->office,
						   .login = l->officer[i].user,
						   .present_until = until,
						   .skills = SPAN("documents inspection"),
						   .conflicts = SPAN("")};

		if (hub_set_roster(l->fixture->hub, &l->supervisor, &entry, &why))
			fail_msg("%s: roster: %s", l->name, why.text);
	}
}

/* ---- looking ---- */

static const struct json *status(struct lived *l, const struct who *who)
{
	struct text t = text_in(l->arena);
	struct cause why = {0};
	struct codec_fault fault;
	const struct json *j;
	const struct hub_look look = {.who = who,
				      .reference = l->reference,
				      .purpose = PURPOSE_READ,
				      .request = SPAN("lived")};

	if (hub_write_status(l->fixture->hub, &t, &look, &why))
		fail_msg("%s: status for %.*s: %s", l->name, SPAN_ARG(who->user), why.text);
	assert_int_equal(json_read(l->arena, text_as_span(&t), &j, &fault), ERR_NONE);
	return j;
}

static bool lists(const struct json *list, const char *word)
{
	for (const struct json *v = list ? list->first : NULL; v; v = v->next)
		if (span_is(v->text, word))
			return true;
	return false;
}

bool lived_is(const struct lived *l, const char *state)
{
	return span_is(json_get_text(l->status, "state"), state);
}

bool lived_asks(const struct lived *l, const char *act)
{
	return lists(json_get(l->status, "next"), act);
}

bool lived_stands(const struct lived *l, const char *state)
{
	return span_is(json_get_text(l->inside, "state"), state);
}

bool lived_holds(const struct lived *l, const char *hold)
{
	return lists(json_get(l->inside, "holds"), hold);
}

bool lived_is_secured(const struct lived *l)
{
	return json_get(l->inside, "secured_until") != NULL;
}

int64_t lived_version(const struct lived *l)
{
	int64_t v = 0;

	assert_int_equal(json_get_int(l->status, "version", &v), ERR_NONE);
	return v;
}

/* State and next of a status or of a notice's body, as one text. */
static struct span view(struct lived *l, const struct json *j)
{
	struct text t = text_in(l->arena);
	const struct json *next = json_get(j, "next");

	assert_non_null(next);
	text_span(&t, json_get_text(j, "state"));
	for (const struct json *v = next->first; v; v = v->next) {
		text_char(&t, ' ');
		text_span(&t, v->text);
	}
	return text_as_span(&t);
}

/* One a line, each once for as long as it lasts. */
static void add_view(struct text *views, struct span v)
{
	struct span last = NO_VALUE, rest = text_as_span(views);

	while (rest.n)
		last = span_cut(&rest, '\n');
	if (span_equal(last, v))
		return;
	text_span(views, v);
	text_char(views, '\n');
}

/* An amount as it is written. */
static struct span due_text(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	assert_non_null(v);
	return v->text;
}

/* ---- being told ---- */

static bool has_text(struct span in, const char *what)
{
	struct span wanted = span_of(what);

	for (uint32_t i = 0; i + wanted.n <= in.n; i++)
		if (span_starts((struct span){in.p + i, in.n - i, 0}, wanted))
			return true;
	return false;
}

/* The one notice that came says what the status says; what is due only where that changed. */
static void read_notice(struct lived *l, const struct notice *n, const char *what, bool due_changed)
{
	static const char *const inside[] = {"\"lane\"",  "\"holds\"", "\"examiner\"", "\"path\"",
					     "\"score\"", "olga",      "otto"};
	struct codec_fault fault;
	const struct json *body, *due;

	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		if (has_text(n->body, inside[i]))
			fail_msg("%s: the trader reads %.*s", l->name, SPAN_ARG(n->body));
	assert_true(span_equal(n->reference, l->reference));
	assert_int_equal(n->version, lived_version(l));
	assert_int_equal(json_read(l->arena, n->body, &body, &fault), ERR_NONE);
	due = json_get(body, "due");
	if (!span_equal(view(l, body), view(l, l->status)) || (due != NULL) != due_changed ||
	    (due && !span_equal(due_text(due, "amount"), due_text(l->status, "due"))))
		fail_msg("%s: after %s the status says '%.*s', the notice %.*s", l->name, what,
			 SPAN_ARG(view(l, l->status)), SPAN_ARG(n->body));
	assert_span(n->kind, arena_print(l->arena, "declaration.%.*s",
					 SPAN_ARG(json_get_text(body, "state"))));
	l->newest = n->id;
	l->notices++;
	text_char(&l->told, ' ');
	text_span(&l->told, json_get_text(body, "state"));
}

/* What came of the last message or act. told: it speaks to the trader also where nothing changes. */
static void follow(struct lived *l, const char *what, bool told)
{
	const struct json *before = l->status;
	struct cause why = {0};
	struct notice *n;
	uint32_t count;
	bool due_changed;

	l->status = status(l, &l->trader);
	l->inside = status(l, &l->officer[0]);
	due_changed = before && !span_equal(due_text(before, "due"), due_text(l->status, "due"));
	told |= due_changed || (before && !span_equal(view(l, before), view(l, l->status)));
	if (hub_list_notices(l->fixture->hub, l->arena, l->party, l->newest, NOTICES_ONCE, &n,
			     &count, &why))
		fail_msg("%s: notices: %s", l->name, why.text);
	if (count != told)
		fail_msg("%s: after %s, now '%.*s', %u notices; the first is %.*s", l->name, what,
			 SPAN_ARG(view(l, l->status)), count, SPAN_ARG(count ? n->body : NO_VALUE));
	if (count)
		read_notice(l, n, what, due_changed);
	add_view(&l->views, view(l, l->status));
}

/* What the trader looks up later is what it read on the way. */
static void check_history(struct lived *l)
{
	struct text t = text_in(l->arena), views = text_in(l->arena);
	const struct hub_look look = {.who = &l->trader,
				      .reference = l->reference,
				      .purpose = PURPOSE_READ,
				      .request = SPAN("lived")};
	struct cause why = {0};
	struct codec_fault fault;
	const struct json *j;

	if (hub_write_history(l->fixture->hub, &t, &look, &why))
		fail_msg("%s: history: %s", l->name, why.text);
	assert_int_equal(json_read(l->arena, text_as_span(&t), &j, &fault), ERR_NONE);
	j = json_get(j, "history");
	assert_non_null(j);
	for (const struct json *line = j->first; line; line = line->next)
		add_view(&views, view(l, line));
	if (!span_equal(text_as_span(&views), text_as_span(&l->views)))
		fail_msg("%s: the history says\n%.*snot\n%.*s", l->name, (int)views.n, views.p,
			 (int)l->views.n, l->views.p);
}

/* ---- messages ---- */

static struct outcome submit(struct lived *l, struct span raw, const char *key, bool accepted)
{
	struct submission s = {
	    .raw = raw, .who = &l->trader, .key = span_of(key), .arena = l->arena};

	hub_submit_wait(l->fixture->hub, &s);
	if (s.outcome.kind != OUTCOME_NEW || s.outcome.accepted != accepted)
		fail_msg("%s: outcome %d: %s%.*s", l->name, (int)s.outcome.kind,
			 s.outcome.cause.text, SPAN_ARG(s.outcome.answer));
	l->done++;
	return s.outcome;
}

static struct declaration read_declaration(struct lived *l, struct span raw)
{
	struct findings f;
	struct message m;
	struct codec_fault fault;

	if (msg_read(l->arena, raw, NULL, &m, &f, &fault))
		fail_msg("%s: %s", l->name, fault.text);
	return m.declaration;
}

/* The office that the hub will take the case to: the one named, or the pack's. */
static struct span office_of(struct lived *l, const struct outcome *o)
{
	return json_get_text(fixture_member(l->arena, o->decision, "facts"), "office");
}

struct outcome lived_begin(struct lived *l, struct span raw, bool roster)
{
	struct declaration d = read_declaration(l, raw);
	struct cause why = {0};
	struct notice *n;
	struct outcome o;
	uint32_t count;

	l->told = text_in(l->arena);
	l->views = text_in(l->arena);
	trade(l, &d);
	do {
		if (hub_list_notices(l->fixture->hub, l->arena, l->party, l->newest,
				     NOTICES_PAGE_MAX, &n, &count, &why))
			fail_msg("%s: notices: %s", l->name, why.text);
		if (count)
			l->newest = n[count - 1].id;
	} while (count);
	o = submit(l, raw, l->name, true);
	l->reference = o.reference;
	staff(l, office_of(l, &o));
	/* Who sends it reads the answer, which is no notice; the importer may be somebody else. */
	follow(l, "the declaration", d.shipment.importer.id.n > 0);
	l->roster = roster;
	if (roster) { /* whoever waited is given an examiner at once */
		set_roster(l, clock_now() + HOUR);
		follow(l, "the roster", false);
	}
	return o;
}

void lived_end(struct lived *l)
{
	check_history(l);
	if (l->roster)
		set_roster(l, 1);
}

struct outcome lived_hand_in(struct lived *l, struct span raw)
{
	struct outcome o = submit(l, raw, "", true);

	follow(l, "a message", false);
	return o;
}

struct outcome lived_misclassify(struct lived *l, struct span raw)
{
	struct declaration d = read_declaration(l, raw);
	struct span code = NO_VALUE;
	struct outcome o;

	assert_true(d.shipment.items.n > 0);
	if (d.shipment.items.v[0].commodity.classifications.n)
		code = d.shipment.items.v[0].commodity.classifications.v[0].id;
	o = submit(l, fixture_replaced(l->arena, raw, code, SPAN("99999999")),
		   arena_print(l->arena, "%s-wrong", l->name), false);
	assert_false(span_equal(o.reference, l->reference));
	if (!has_text(o.answer, "/commodity/classifications"))
		fail_msg("%s: not for its classification: %.*s", l->name, SPAN_ARG(o.answer));
	follow(l, "another declaration", false);
	return o;
}

struct span lived_harmless(struct lived *l)
{
	return span_of(arena_print(
	    l->arena,
	    "{\"function\":\"13\",\"trader_reference\":\"%s-%u\",\"type\":\"COR\","
	    "\"movement_reference\":\"%.*s\",\"amendments\":[{\"reason\":\"1\",\"pointers\":["
	    "{\"section\":\"42A\"},{\"section\":\"67A\"},{\"sequence\":\"1\",\"section\":\"68A\"},"
	    "{\"section\":\"23A\",\"tag\":\"137\"}]}],\"shipment\":{\"items\":[{\"sequence\":\"1\","
	    "\"commodity\":{\"description\":\"the same, in other words %u\"}}]}}",
	    l->name, l->done, SPAN_ARG(l->reference), l->done));
}

/* ---- acts ---- */

static void act(struct lived *l, const struct who *who, bool told, const char *name,
		const char *members)
{
	struct action x = {.reference = l->reference,
			   .raw =
			       span_of(arena_print(l->arena, "{\"act\":\"%s\"%s}", name, members)),
			   .key = span_of(arena_print(l->arena, "%s-%u", l->name, ++l->done)),
			   .who = who,
			   .request = SPAN("lived"),
			   .arena = l->arena};

	hub_act_wait(l->fixture->hub, &x);
	if (x.outcome != ACTION_DONE)
		fail_msg("%s: %s: outcome %d: %s %s %.*s", l->name, name, (int)x.outcome,
			 x.outcome == ACTION_REFUSED && x.refusal ? flow_refusal_text(x.refusal)
								  : "",
			 x.cause.text, SPAN_ARG(x.answer));
	follow(l, name, told);
}

static const char *because(struct lived *l, const char *more)
{
	return arena_print(l->arena, ",\"reason\":\"%s\"%s", reason, more);
}

static const struct who *examiner(const struct lived *l)
{
	struct span login = json_get_text(l->inside, "examiner");

	return span_equal(login, l->officer[1].user) ? &l->officer[1] : &l->officer[0];
}

static const struct who *another(const struct lived *l)
{
	return examiner(l) == &l->officer[0] ? &l->officer[1] : &l->officer[0];
}

void lived_present(struct lived *l)
{
	act(l, &l->carrier, false, "present", "");
}

void lived_ask_control(struct lived *l, enum lane lane)
{
	enum lane now = lane_by_name(json_get_text(l->inside, "lane"));

	if (now < lane)
		act(l, &l->officer[0], false, "reroute",
		    because(l, arena_print(l->arena, ",\"lane\":\"%s\"", lane_name(lane))));
}

void lived_control(struct lived *l, bool finish)
{
	if (lived_stands(l, "selected"))
		act(l, &l->supervisor, false, "take-over", because(l, ",\"officer\":\"otto\""));
	if (lived_stands(l, "documents"))
		act(l, examiner(l), false, "check-documents", ",\"result\":\"clean\"");
	if (finish && lived_stands(l, "inspection"))
		act(l, examiner(l), false, "examine", ",\"result\":\"clean\"");
}

void lived_pay(struct lived *l)
{
	if (lived_asks(l, "pay"))
		act(l, &l->cashier, false, "pay", "");
	if (lived_is_secured(l))
		act(l, &l->cashier, false, "discharge", "");
}

void lived_secure(struct lived *l)
{
	struct text until = text_in(l->arena);
	struct cause why = {0};
	struct cash c = {.party = l->party,
			 .office = l->office,
			 .amount = due_text(l->status, "due"),
			 .key = span_of(l->name)};
	bool repeated;

	if (hub_move_cash(l->fixture->hub, &l->cashier, &c, &repeated, &why))
		fail_msg("%s: deposit: %s", l->name, why.text);
	assert_false(repeated);
	moment_write(&until, clock_now() + 24 * HOUR);
	act(l, &l->officer[0], false, "secure",
	    arena_print(l->arena, ",\"until\":\"%.*s\"", (int)until.n, until.p));
}

void lived_grant(struct lived *l)
{
	act(l, another(l), true, "grant", "");
}

void lived_correct(struct lived *l)
{
	struct text until = text_in(l->arena);

	moment_write(&until, clock_now() + 24 * HOUR);
	act(l, another(l), true, "correct",
	    because(l, arena_print(l->arena, ",\"until\":\"%.*s\",\"declaration\":%.*s",
				   (int)until.n, until.p, SPAN_ARG(lived_harmless(l)))));
}
