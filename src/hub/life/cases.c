#include "hub/life/cases.h"

#include "base/clock.h"
#include "hub/house.h"
#include "hub/life/act.h"
#include "hub/life/act_record.h"
#include "hub/life/transfers.h"
#include "hub/life/worklist.h"

struct showing {
	struct hub *hub;
	struct arena *arena;
	struct json_writer json;
	const struct who *who;
	const struct hub_look *look;
	const struct case_page *page;
	const struct worklist *work; /* of an office; its cases, or with no page their counts */
	enum view view;              /* of a list */
	struct span party;           /* whose list; an agency's name */
	bool list;                   /* of many cases, with the patience of who asks */
	const struct patience *patience;
	int64_t now;
	struct ledger_currency currency;
	struct store *store;
	enum err err;
	struct cause *why;
};

static bool is_inside(enum view v)
{
	return v == VIEW_OFFICER || v == VIEW_AUDITOR;
}

static void put_minor(struct showing *s, const char *name, int64_t minor)
{
	json_put_decimal(&s->json, name,
			 money_to_decimal((struct money){minor}, s->currency.digits));
}

static void put_text(struct json_writer *w, const char *name, struct span v)
{
	if (v.n)
		json_put(w, name, v);
}

/* What somebody with these roles may do now: never for a trader. */
static void put_acts(struct showing *s, const struct flow_case *c, unsigned in)
{
	enum flow_act act[FLOW_ACTS];
	const unsigned roles = s->who->roles & in;
	uint32_t n = flow_for_officer(c, s->who->user, roles, s->now, act);

	json_name(&s->json, "acts");
	json_open_array(&s->json);
	for (uint32_t i = 0; i < n; i++)
		json_cstring(&s->json, flow_act_name(act[i]));
	json_close_array(&s->json);
}

static void put_inside(struct showing *s, const struct life *l)
{
	struct json_writer *w = &s->json;
	const struct flow_case *c = &l->now;

	json_put(w, "office", l->row.office);
	put_text(w, "party", l->party);
	json_put_int(w, "items", l->row.items);
	life_write_inside(w, c);
	if (c->irregular)
		json_put_bool(w, "irregular", true);
	put_minor(s, "secured", c->secured);
	if (c->guaranteed)
		put_minor(s, "guaranteed", c->guaranteed);
	put_minor(s, "refund", c->refund);
	put_text(w, "request", c->request);
	put_text(w, "proposer", c->proposer);
	if (c->proposed != LANE_NONE)
		json_put_c(w, "proposed", lane_name(c->proposed));
	put_text(w, "reassessor", c->reassessor);
	if (c->appeal != APPEAL_NONE)
		json_put_c(w, "appeal", flow_appeal_name(c->appeal));
	json_put_moment(w, "secured_until", c->secured_until);
	put_acts(s, c, act_roles_in(VIEW_OFFICER, s->who, l->row.office));
}

/* What the trader sees, and for a cashier the money, for an agency whether it is waited for. */
static void put_beside(struct showing *s, const struct life *l)
{
	struct json_writer *w = &s->json;
	const unsigned roles = act_roles_in(VIEW_TRADER, s->who, l->row.office);

	if (!(roles & (ROLE_CASHIER | ROLE_AGENCY)))
		return;
	json_put(w, "office", l->row.office);
	put_text(w, "party", l->party);
	if (roles & ROLE_CASHIER) {
		put_minor(s, "secured", l->now.secured);
		put_minor(s, "refund", l->now.refund);
		json_put_moment(w, "secured_until", l->now.secured_until);
	} else {
		json_name(w, "holds");
		life_write_holds(w, l->now.holds & HOLD_AGENCY);
	}
	put_acts(s, &l->now, roles);
}

/* Was it made from the key of the first message, or of its bytes? Then the answer tells what the trader calls the case. */
static bool is_made(struct span trader_reference)
{
	return span_starts(trader_reference, SPAN("key/")) ||
	       span_starts(trader_reference, SPAN("sha256/"));
}

static struct span given_reference(struct showing *s, const struct store_declaration *row,
				   struct span answer)
{
	const struct json *j;
	struct codec_fault fault;

	if (!is_made(row->trader_reference))
		return row->trader_reference;
	return answer.p && !json_read(s->arena, answer, &j, &fault)
		   ? json_get_text(j, "trader_reference")
		   : SPAN("");
}

static void put_case(struct showing *s, const struct life *l, struct span answer, enum view view)
{
	struct json_writer *w = &s->json;
	struct flow_view public = flow_public(&l->now, s->now);
	bool gone = l->now.state == FLOW_RELEASED || l->now.state == FLOW_EXITED;

	json_put(w, "reference", l->row.reference);
	if (view == VIEW_CARRIER) {
		json_put_c(w, "state", gone ? "released" : "held");
		return;
	}
	json_put(w, "trader_reference", given_reference(s, &l->row, answer));
	json_put(w, "type", l->row.type);
	json_put_int(w, "version", l->now.version);
	if (is_inside(view))
		put_inside(s, l);
	else
		life_write_view(w, &public);
	if (view == VIEW_TRADER)
		put_beside(s, l);
	put_minor(s, "due", l->now.due);
	put_minor(s, "paid", l->now.paid);
	json_put(w, "currency", s->currency.code);
	json_put_moment(w, "reply_by", l->now.reply_by);
	json_put_moment(w, "decided_at", l->row.decided_at);
}

/* ---- one case ---- */

static enum err find(struct showing *s, struct life *ret, enum view *ret_view)
{
	struct store_declaration row;
	enum err e = scope_case(s->hub, s->store, s->arena, s->who, s->look->reference,
				s->look->purpose, s->look->request, &row, ret_view, s->why);

	if (!e && (span_is(row.state, "request") || *ret_view == VIEW_NONE ||
		   (s->hub->shadow && *ret_view < VIEW_AUDITOR)))
		return ERR_NOT_FOUND;
	return e ? e : life_of(s->store, s->arena, &row, ret, s->why);
}

static void show_status(void *context)
{
	struct showing *s = context;
	struct span answer = {0};
	struct life l;
	enum view view;

	s->err = find(s, &l, &view);
	if (!s->err && is_made(l.row.trader_reference))
		s->err =
		    batch_read_event(s->store, s->arena, &l.row, l.row.answer_seq, &answer, s->why);
	if (s->err)
		return;
	json_open_object(&s->json);
	put_case(s, &l, answer, view);
	json_close_object(&s->json);
}

/* What the trader was told last. */
struct told {
	struct flow_view view;
	int64_t due;
};

/* given: of the act that led here; NULL: the decision. */
static void put_public_line(struct showing *s, int64_t at, const struct flow_case *c,
			    const struct flow_do *given, struct told *last)
{
	struct flow_view v = flow_public(c, at);

	if (last->view.state && flow_view_equal(&v, &last->view) && c->due == last->due &&
	    !(given && act_is_told(given->act)))
		return;
	*last = (struct told){v, c->due};
	json_open_object(&s->json);
	json_put_moment(&s->json, "at", at);
	json_put_int(&s->json, "version", c->version);
	if (given)
		act_write_told(&s->json, given);
	life_write_view(&s->json, &v);
	put_minor(s, "due", c->due);
	json_close_object(&s->json);
}

static void put_act_line(struct showing *s, const struct event *e, const struct json *payload,
			 const struct act_record *r)
{
	struct json_writer *w = &s->json;

	json_open_object(w);
	json_put_moment(w, "at", e->at);
	json_put_int(w, "version", r->after.version);
	json_put_c(w, "act", flow_act_name(r->given.act));
	json_put(w, "by", r->given.by);
	json_name(w, "roles");
	act_write_roles(w, r->given.roles);
	json_name(w, "given");
	json_value(w, json_get(payload, "given"));
	json_name(w, "path");
	act_write_path(w, &r->path);
	life_write_inside(w, &r->after);
	json_close_object(w);
}

static void put_history(struct showing *s, const struct life *l, enum view view,
			const struct event *events, uint32_t n)
{
	struct told last = {.due = 0};
	struct flow_case first = life_begin(&l->row, 0, NULL);
	bool began = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct event *e = &events[i];
		const struct json *payload;
		struct codec_fault fault;
		struct act_record r;

		if (!began && span_is(e->kind, "decision") && !is_inside(view)) {
			began = true;
			put_public_line(s, e->at, &first, NULL, &last);
		}
		if (!span_is(e->kind, "act") || !e->payload.p ||
		    json_read(s->arena, e->payload, &payload, &fault) ||
		    act_record_read(payload, e->at, &r))
			continue;
		if (is_inside(view))
			put_act_line(s, e, payload, &r);
		else
			put_public_line(s, e->at, &r.after, &r.given, &last);
	}
}

/* The row of the first version, for where the case began: the newest row may be of another. */
static enum err first_row(struct showing *s, struct life *l, const struct event *events, uint32_t n)
{
	const struct json *d, *total;
	struct codec_fault fault;
	struct decimal amount;

	for (uint32_t i = 0; i < n; i++) {
		if (events[i].version != 1 || !span_is(events[i].kind, "decision") ||
		    !events[i].payload.p)
			continue;
		if (json_read(s->arena, events[i].payload, &d, &fault))
			break;
		total = json_get(d, "total");
		if (decimal_parse(json_get_text(total, "amount"), &amount))
			break;
		l->row.state = json_get_text(d, "state");
		l->row.lane = json_get_text(d, "lane");
		l->row.type = json_get_text(json_get(d, "declaration"), "type");
		l->row.total_minor = amount.units;
		return ERR_NONE;
	}
	return fail(s->why, ERR_DB, "the first decision of the case cannot be read");
}

static void show_history(void *context)
{
	struct showing *s = context;
	struct event *events;
	struct life l;
	enum view view;
	uint32_t n;

	s->err = find(s, &l, &view);
	if (!s->err && view == VIEW_CARRIER)
		s->err = ERR_NOT_FOUND;
	if (!s->err)
		s->err = store_list_events(s->store, s->arena, l.row.office, l.row.reference,
					   &events, &n, s->why);
	if (!s->err)
		s->err = first_row(s, &l, events, n);
	if (s->err)
		return;
	json_open_object(&s->json);
	json_put(&s->json, "reference", l.row.reference);
	json_name(&s->json, "history");
	json_open_array(&s->json);
	put_history(s, &l, view, events, n);
	json_close_array(&s->json);
	json_close_object(&s->json);
}

/* ---- lists ---- */

/* What an index cannot tell: what a deadline is for, and what holds a case. */
static bool is_listed(const struct showing *s, const struct life *l)
{
	if (span_is(s->page->money, "secured"))
		return l->now.secured > 0;
	if (span_is(s->page->money, "refund"))
		return l->now.refund > 0;
	return !s->page->waiting.n || l->now.holds & HOLD_AGENCY;
}

static enum err put_listed(struct showing *s, const struct store_case *c, enum view view)
{
	struct life l;
	enum err e = life_from(s->arena, &c->row, c->life_seq, c->life, &l, s->why);

	if (e || !is_listed(s, &l))
		return e;
	json_open_object(&s->json);
	put_case(s, &l, c->answer, view);
	json_close_object(&s->json);
	return ERR_NONE;
}

static enum err put_page(struct showing *s, const struct store_case *c, uint32_t n, enum view view)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; !e && i < n; i++)
		if (!span_is(c[i].row.state, "request")) /* no case of its own */
			e = put_listed(s, &c[i], view);
	return e;
}

static enum err list_keys(struct showing *s, struct store_work **ret, uint32_t *ret_n)
{
	const struct store_worklist *l = &s->work->list;

	return s->work->refunds
		   ? store_list_refunds(s->store, s->arena, l->office, l->after.reference, l->limit,
					ret, ret_n, s->why)
		   : store_list_work(s->store, s->arena, l, ret, ret_n, s->why);
}

static enum err list_office(struct showing *s, struct span *ret_after)
{
	struct store_work *work;
	struct store_case *c;
	uint32_t n;
	enum err e = list_keys(s, &work, &n);

	if (!e)
		e = store_get_cases(s->store, s->arena, s->page->office, work, n, &c, s->why);
	if (!e)
		e = put_page(s, c, n, s->view);
	if (!e && n && n == s->page->limit)
		*ret_after = worklist_after(s->arena, s->work, &work[n - 1]);
	return e;
}

static enum err list_party(struct showing *s, struct span *ret_after)
{
	const struct case_page *p = s->page;
	struct span party =
	    who_is(s->who, ROLE_AGENCY) ? scope_agency(s->arena, s->party) : s->party;
	struct store_case *c;
	uint32_t n;
	enum err e = p->waiting.n ? store_list_cases_held(s->store, s->arena, party, p->after,
							  p->limit, &c, &n, s->why)
				  : store_list_cases_of(s->store, s->arena, party, p->after,
							p->limit, &c, &n, s->why);

	if (!e)
		e = put_page(s, c, n, VIEW_TRADER);
	if (!e && n && n == p->limit)
		*ret_after = c[n - 1].row.reference;
	return e;
}

/* Whose list is asked for; nobody's: an empty id. */
static struct span party_of(const struct who *who, const struct case_page *p)
{
	if (p->office.n)
		return SPAN("");
	if (who_is(who, ROLE_AGENCY))
		return who->agency;
	return p->party.n || !who->parties.n ? p->party : who->parties.v[0];
}

/* party apart, which traders may name, too. */
static bool is_filtered(const struct case_page *p)
{
	return p->state.n || p->lane.n || p->mine.n || p->examiner.n || p->commodity.n ||
	       p->since.n || p->until.n || p->order.n;
}

static enum err check_page(const struct case_page *p, struct cause *why)
{
	if (p->limit < 1 || p->limit > CASES_PAGE_MAX)
		return fail(why, ERR_FORMAT, "limit is 1 to %d", CASES_PAGE_MAX);
	if (p->mine.n && !span_is(p->mine, "yes"))
		return fail(why, ERR_FORMAT, "mine is yes, or left out");
	if (p->waiting.n && (!span_is(p->waiting, "yes") || p->office.n))
		return fail(why, ERR_FORMAT, "waiting is yes, for an agency, or left out");
	if (p->money.n && (!p->office.n || p->party.n || is_filtered(p)))
		return fail(why, ERR_FORMAT, "money is of an office, and of nothing else");
	if (!p->office.n && is_filtered(p))
		return fail(why, ERR_FORMAT, "say which office's cases are wanted");
	return ERR_NONE;
}

/* What a filter finds tells as much as what is shown: states and lanes are for those who see them. */
static enum err check_view(const struct who *who, const struct case_page *p, enum view view,
			   struct cause *why)
{
	if (view == VIEW_NONE)
		return fail(why, ERR_DENIED, "say an office of yours, or a party of yours");
	if (p->waiting.n && !who_is(who, ROLE_AGENCY))
		return fail(why, ERR_DENIED, "waiting is for agencies");
	if ((is_filtered(p) || (p->office.n && p->party.n)) && !is_inside(view))
		return fail(why, ERR_DENIED, "states and lanes are for officers");
	return ERR_NONE;
}

static void show_counts(void *context)
{
	struct showing *s = context;
	struct worklist own = *s->work;
	const struct store_worklist *l = &s->work->list;
	int64_t *all, *mine;

	own.list.examiner = s->who->user;
	s->err = store_count_work(s->store, s->arena, l, &all, s->why);
	if (!s->err)
		s->err = store_count_work(s->store, s->arena, &own.list, &mine, s->why);
	if (s->err)
		return;
	json_open_object(&s->json);
	json_name(&s->json, "counts");
	json_open_array(&s->json);
	for (uint32_t i = 0; i < l->states * l->lanes; i++) {
		if (!all[i])
			continue;
		json_open_object(&s->json);
		json_put(&s->json, "state", l->state[i / l->lanes]);
		json_put(&s->json, "lane", l->lane[i % l->lanes]);
		json_put_int(&s->json, "cases", all[i]);
		json_put_int(&s->json, "mine", mine[i]);
		json_close_object(&s->json);
	}
	json_close_array(&s->json);
	json_close_object(&s->json);
}

static void show_cases(void *context)
{
	struct showing *s = context;
	struct span after = {0};

	json_open_object(&s->json);
	json_name(&s->json, "cases");
	json_open_array(&s->json);
	s->err = s->page->office.n ? list_office(s, &after) : list_party(s, &after);
	json_close_array(&s->json);
	if (after.n)
		json_put(&s->json, "after", after);
	json_close_object(&s->json);
}

/* ---- the doors ---- */

struct shown {
	struct showing *showing;
	void (*show)(void *context);
};

static enum err in_snapshot(struct store *store, void *context, struct cause *why)
{
	struct shown *x = context;
	enum err e;

	x->showing->store = store;
	x->showing->why = why;
	e = arena_run(x->showing->arena, x->show, x->showing);
	return e ? fail(why, e, "this is more than one answer may hold") : x->showing->err;
}

static enum err show(struct hub *h, struct text *to, struct showing *s, void (*how)(void *),
		     struct cause *why)
{
	struct inforce *in = house_inforce(h);
	struct text text = text_in(to->arena);
	struct shown x = {s, how};
	struct store *store = NULL;
	enum err e = !in       ? fail(why, ERR_NOT_FOUND, "no pack is in force")
		     : s->list ? house_open_lister(h, s->patience, &store, why)
			       : house_open_reader(h, &store, why);

	if (e) {
		inforce_release(in);
		return e;
	}
	s->hub = h;
	s->arena = to->arena;
	s->json = json_to(&text);
	s->now = clock_now();
	s->currency = transfers_currency(in);
	e = store_snapshot(store, in_snapshot, &x, why);
	if (s->list)
		house_close_lister(h, store);
	else
		house_close_reader(h, store);
	inforce_release(in);
	if (!e)
		*to = text;
	return e;
}

enum err hub_write_status(struct hub *h, struct text *to, const struct hub_look *look,
			  struct cause *why)
{
	struct showing s = {.who = look->who, .look = look};

	return show(h, to, &s, show_status, why);
}

enum err hub_write_history(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why)
{
	struct showing s = {.who = look->who, .look = look};

	return show(h, to, &s, show_history, why);
}

enum err hub_write_cases(struct hub *h, struct text *to, const struct who *who,
			 const struct case_page *page, struct span request, struct cause *why)
{
	struct worklist work;
	struct showing s = {.who = who,
			    .page = page,
			    .work = &work,
			    .list = true,
			    .patience = page->patience,
			    .party = party_of(who, page)};
	enum err e = check_page(page, why);

	if (!e && page->office.n)
		e = worklist_read(page, who->user, &work, why);
	if (!e)
		e = scope_list(h, who, page->office, s.party, PURPOSE_LIST, request, &s.view, why);
	if (!e)
		e = check_view(who, page, s.view, why);
	return e ? e : show(h, to, &s, show_cases, why);
}

enum err hub_write_case_counts(struct hub *h, struct text *to, const struct who *who,
			       struct span office, struct span request,
			       const struct patience *patience, struct cause *why)
{
	struct worklist work = {.list = {.states = 0}};
	struct showing s = {.who = who, .work = &work, .list = true, .patience = patience};
	enum err e = office.n
			 ? scope_list(h, who, office, SPAN(""), PURPOSE_LIST, request, &s.view, why)
			 : fail(why, ERR_FORMAT, "say which office's cases are to be counted");

	if (!e && !is_inside(s.view))
		e = fail(why, ERR_DENIED, "states and lanes are for officers of the office");
	worklist_of_open(office, &work);
	return e ? e : show(h, to, &s, show_counts, why);
}
