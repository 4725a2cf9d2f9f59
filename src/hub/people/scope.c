/* Who may see what, and in whose name: the one place that says so.
 *
 *   auditor, operator     every case, all of it
 *   officer, supervisor   the cases of their offices
 *   cashier               what the trader sees, of the cases of their offices
 *   trader, broker        what the trader sees, of the cases that one of their companies holds, declared or lodged
 *   carrier               of every case whose reference it knows, whether goods may go
 *   agency                what the trader sees, of the cases that it was called in for
 *   others                no case: an analyst works with figures, an administrator with people
 *
 * Figures of control name no case: analysts and auditors see those of all offices, supervisors those of one of theirs.
 *
 * In a shadow (hub/audit/shadow.h) all but auditors and the operator see of a case what its sender was told, and no lists.
 *
 * Cargo reports and messages that are kept are seen by who handed them in, the officers of their office, and auditors.
 *
 * What somebody may not see is looked for in the same way as what is not there: by the rows of their own companies or offices. */
#include "base/clock.h"
#include "hub/house.h"
#include "hub/people/people_room.h"

const char *view_name(enum view v)
{
	static const char *const names[] = {"none", "carrier", "trader", "officer", "auditor"};

	return names[v];
}

static const char *purpose_name(enum purpose p)
{
	static const char *const names[] = {"read",    "explain", "document", "act",   "list",
					    "account", "roster",  "overdue",  "cargo", "stock",
					    "message", "travel",  "figures"};

	return names[p];
}

struct asking {
	struct store *store;
	struct arena *arena;
	const struct who *who;
	struct span reference;
	struct store_declaration *row;
	enum view view;
};

/* Sees it in this way, if it is at this office. Every office is asked, so that the time tells nothing. */
static enum err ask_office(struct asking *q, struct span office, enum view view, struct cause *why)
{
	struct store_declaration row;
	enum err e = store_get_declaration(q->store, q->arena, office, q->reference, &row, why);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	if (view > q->view) {
		*q->row = row;
		q->view = view;
	}
	return ERR_NONE;
}

static enum err ask_all_offices(struct asking *q, enum view view, struct cause *why)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(q->store, q->arena, &office, &n, why);

	for (uint32_t i = 0; i < n && !e; i++)
		e = ask_office(q, office[i], view, why);
	return e;
}

static enum err ask_own_offices(struct asking *q, enum view view, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < q->who->offices.n && !e; i++)
		e = ask_office(q, q->who->offices.v[i], view, why);
	return e;
}

static enum err ask_parties(struct asking *q, struct cause *why)
{
	struct span office = {"", 0, 0};
	struct store_case_party row;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < q->who->parties.n && !e; i++) {
		e = store_get_case_party(q->store, q->arena, q->who->parties.v[i], q->reference,
					 &row, why);
		if (!e)
			office = row.office;
		else if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	return e || !office.n ? e : ask_office(q, office, VIEW_TRADER, why);
}

struct span scope_agency(struct arena *a, struct span agency)
{
	return span_of(arena_print(a, "agency/%.*s", SPAN_ARG(agency)));
}

struct naming {
	struct arena *arena;
	struct span agency;
};

static void name_agency(void *context)
{
	struct naming *n = context;

	n->agency = scope_agency(n->arena, n->agency);
}

static enum err ask_agency(struct asking *q, struct cause *why)
{
	struct naming n = {q->arena, q->who->agency};
	struct store_case_party row;
	enum err e = arena_run(q->arena, name_agency, &n);

	if (!e)
		e = store_get_case_party(q->store, q->arena, n.agency, q->reference, &row, why);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	return ask_office(q, row.office, VIEW_TRADER, why);
}

static enum err ask(struct asking *q, struct cause *why)
{
	const struct who *who = q->who;
	enum err e = ERR_NONE;

	if (people_operator(who) || who_is(who, ROLE_AUDITOR))
		return ask_all_offices(q, VIEW_AUDITOR, why);
	if (who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR))
		e = ask_own_offices(q, VIEW_OFFICER, why);
	else if (who_is(who, ROLE_CASHIER))
		e = ask_own_offices(q, VIEW_TRADER, why);
	if (!e && who_is(who, ROLE_TRADER | ROLE_BROKER))
		e = who_has_every_party(who) ? ask_all_offices(q, VIEW_TRADER, why)
					     : ask_parties(q, why);
	if (!e && who_is(who, ROLE_AGENCY) && who->agency.n)
		e = ask_agency(q, why);
	if (!e && q->view == VIEW_NONE && who_is(who, ROLE_CARRIER))
		e = ask_all_offices(q, VIEW_CARRIER, why);
	return e;
}

/* ---- the same for many ---- */

struct looking_ahead {
	struct store *store;
	struct arena *arena;
	DICT_LIST(struct store_case_key) cases, parties;
};

static void look_at(struct looking_ahead *l, const struct span *office, uint32_t n,
		    struct span reference)
{
	for (uint32_t i = 0; i < n; i++)
		*(struct store_case_key *)arena_push(l->arena, (void **)&l->cases.v, &l->cases.n,
						     &l->cases.room, sizeof(*l->cases.v)) =
		    (struct store_case_key){office[i], reference};
}

static void look_for_party(struct looking_ahead *l, struct span party, struct span reference)
{
	*(struct store_case_key *)arena_push(l->arena, (void **)&l->parties.v, &l->parties.n,
					     &l->parties.room, sizeof(*l->parties.v)) =
	    (struct store_case_key){party, reference};
}

/* As ask(), without its answers. */
static enum err look_ahead(struct looking_ahead *l, const struct scope_looking *q,
			   struct cause *why)
{
	const struct who *who = q->who;
	const bool trades = who_is(who, ROLE_TRADER | ROLE_BROKER),
		   everywhere = people_operator(who) || who_is(who, ROLE_AUDITOR | ROLE_CARRIER) ||
				(trades && who_has_every_party(who));
	struct span *office;
	uint32_t n;
	enum err e = ERR_NONE;

	if (everywhere) {
		e = store_ahead_offices(l->store, l->arena, &office, &n, why);
		if (!e)
			look_at(l, office, n, q->reference);
		return e;
	}
	if (who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER))
		look_at(l, who->offices.v, who->offices.n, q->reference);
	for (uint32_t i = 0; i < who->parties.n && trades; i++)
		look_for_party(l, who->parties.v[i], q->reference);
	if (who_is(who, ROLE_AGENCY) && who->agency.n)
		look_for_party(l, scope_agency(l->arena, who->agency), q->reference);
	return ERR_NONE;
}

/* The offices that the cases of parties lie at. */
static enum err follow_parties(struct looking_ahead *l, struct cause *why)
{
	enum err e = store_ahead_case_parties(l->store, l->arena, l->parties.v, l->parties.n, why);

	for (uint32_t i = 0; i < l->parties.n && !e; i++) {
		struct store_case_party row;

		e = store_get_case_party(l->store, l->arena, l->parties.v[i].office,
					 l->parties.v[i].reference, &row, why);
		if (!e)
			look_at(l, &row.office, 1, row.reference);
		else if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	return e;
}

enum err scope_ahead(struct store *s, struct arena *a, const struct scope_looking *looking,
		     uint32_t n, struct store_case_key **ret, uint32_t *ret_count,
		     struct cause *why)
{
	struct looking_ahead l = {.store = s, .arena = a};
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++)
		e = look_ahead(&l, &looking[i], why);
	if (!e && l.parties.n)
		e = follow_parties(&l, why);
	if (!e && l.cases.n)
		e = store_ahead_declarations(s, a, l.cases.v, l.cases.n, why);
	if (e)
		return e;
	*ret = l.cases.v;
	*ret_count = l.cases.n;
	return ERR_NONE;
}

/* ---- one ---- */

/* What was decided is nobody's to act on, and neither officers nor traders are told of it. */
static enum view in_shadow(enum view v, enum purpose purpose)
{
	const bool reads = purpose == PURPOSE_READ || purpose == PURPOSE_EXPLAIN;

	return reads && v >= VIEW_TRADER ? VIEW_TRADER : VIEW_NONE;
}

enum err scope_case(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		    struct span reference, enum purpose purpose, struct span request,
		    struct store_declaration *ret_row, enum view *ret, struct cause *why)
{
	/* cppcheck-suppress ctuuninitvar ; it is only written to */
	struct asking q = {s, a, who, reference, ret_row, VIEW_NONE};
	struct store_access note = {.login = who->user,
				    .at = clock_now(),
				    .reference = reference,
				    .purpose = span_of(purpose_name(purpose)),
				    .request = request};
	enum err e = ask(&q, why);

	if (e)
		return e;
	if (h->shadow && q.view < VIEW_AUDITOR)
		q.view = in_shadow(q.view, purpose);
	note.part = span_of(view_name(q.view));
	note.office = q.view ? ret_row->office : SPAN("");
	e = access_note(h, &note, why);
	if (e)
		return e;
	*ret = q.view;
	return q.view ? ERR_NONE : ERR_NOT_FOUND;
}

/* Of what is no case, and carriers hand in, too. */
static bool is_report(enum purpose p)
{
	return p == PURPOSE_CARGO || p == PURPOSE_MESSAGE;
}

static enum view view_of_office(const struct who *who, struct span office, enum purpose purpose)
{
	if (who_is(who, ROLE_AUDITOR) ||
	    ((is_report(purpose) || purpose == PURPOSE_STOCK) && people_operator(who)))
		return VIEW_AUDITOR;
	if (!who_has_office(who, office))
		return VIEW_NONE;
	if (who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR))
		return VIEW_OFFICER;
	return who_is(who, ROLE_CASHIER) && purpose != PURPOSE_ROSTER && !is_report(purpose) &&
		       purpose != PURPOSE_STOCK
		   ? VIEW_TRADER
		   : VIEW_NONE;
}

static enum view view_of_party(const struct who *who, struct span party, enum purpose purpose)
{
	if (purpose == PURPOSE_ACCOUNT && who_is(who, ROLE_CASHIER | ROLE_AUDITOR))
		return VIEW_TRADER;
	if (purpose == PURPOSE_OVERDUE &&
	    (people_operator(who) || who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_AUDITOR)))
		return VIEW_OFFICER;
	if (is_report(purpose) && people_operator(who))
		return VIEW_OFFICER;
	if (purpose == PURPOSE_MESSAGE && who_is(who, ROLE_AGENCY) && party.n &&
	    span_equal(party, who->agency))
		return VIEW_TRADER;
	if (is_report(purpose))
		return who_is(who, ROLE_TRADER | ROLE_BROKER | ROLE_CARRIER) &&
			       who_has_party(who, party)
			   ? VIEW_TRADER
			   : VIEW_NONE;
	if (purpose == PURPOSE_STOCK && who_is(who, ROLE_AGENCY) && party.n &&
	    span_equal(party, who->agency))
		return VIEW_OFFICER;
	if (purpose == PURPOSE_LIST && who_is(who, ROLE_AGENCY))
		return party.n && span_equal(party, who->agency) ? VIEW_TRADER : VIEW_NONE;
	return who_is(who, ROLE_TRADER | ROLE_BROKER) && who_has_party(who, party) ? VIEW_TRADER
										   : VIEW_NONE;
}

enum err scope_list(struct hub *h, const struct who *who, struct span office, struct span party,
		    enum purpose purpose, struct span request, enum view *ret, struct cause *why)
{
	const enum view seen =
	    office.n ? view_of_office(who, office, purpose) : view_of_party(who, party, purpose);
	const enum view view = h->shadow && seen < VIEW_AUDITOR ? VIEW_NONE : seen;
	const struct store_access note = {.login = who->user,
					  .at = clock_now(),
					  .office = office.n ? office : SPAN(""),
					  .reference = party.n ? party : SPAN(""),
					  .purpose = span_of(purpose_name(purpose)),
					  .part = span_of(view_name(view)),
					  .request = request};
	enum err e = access_note(h, &note, why);

	if (!e)
		*ret = view;
	return e;
}

enum err scope_figures(struct hub *h, const struct who *who, struct span office,
		       struct span request, struct cause *why)
{
	const bool may = people_operator(who) || who_is(who, ROLE_AUDITOR | ROLE_ANALYST) ||
			 (who_is(who, ROLE_SUPERVISOR) && office.n && who_has_office(who, office));
	const struct store_access note = {.login = who->user,
					  .at = clock_now(),
					  .office = office.n ? office : SPAN(""),
					  .reference = SPAN(""),
					  .purpose = span_of(purpose_name(PURPOSE_FIGURES)),
					  .part =
					      span_of(view_name(may ? VIEW_AUDITOR : VIEW_NONE)),
					  .request = request};
	enum err e = access_note(h, &note, why);

	return e || may
		   ? e
		   : fail(why, ERR_DENIED,
			  "figures of control are for analysts and auditors, and for supervisors "
			  "of one of their offices");
}

static enum view view_of_cargo(const struct who *who, const struct store_cargo *row)
{
	if (people_operator(who) || who_is(who, ROLE_AUDITOR))
		return VIEW_AUDITOR;
	if (who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR) && who_has_office(who, row->office))
		return VIEW_OFFICER;
	return who_is(who, ROLE_CARRIER | ROLE_BROKER | ROLE_TRADER) &&
		       (who_has_party(who, row->sender) || who_has_party(who, row->carrier))
		   ? VIEW_TRADER
		   : VIEW_NONE;
}

/* What lies under a reference at one of the offices, of a kind that has its own table. */
struct sight {
	const struct who *who;
	struct span reference;
	/* Keeps what there is at the office, if more may be seen of it than of what was found before. ERR_NOT_FOUND: nothing. */
	enum err (*look)(struct sight *x, struct store *s, struct arena *a, struct span office,
			 struct cause *why);
	void *row; /* what is found, a row of the kind */
	struct span office;
	enum view view;
};

/* Every office is asked, so that the time tells nothing. */
static enum err look_everywhere(struct hub *h, struct store *s, struct arena *a, struct sight *x,
				struct store_access *note, struct cause *why)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(s, a, &office, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		e = x->look(x, s, a, office[i], why);
		if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	if (e)
		return e;
	note->login = x->who->user;
	note->at = clock_now();
	note->reference = x->reference;
	note->part = span_of(view_name(x->view));
	note->office = x->view ? x->office : SPAN("");
	e = access_note(h, note, why);
	return e || x->view ? e : ERR_NOT_FOUND;
}

static enum err look_cargo(struct sight *x, struct store *s, struct arena *a, struct span office,
			   struct cause *why)
{
	struct store_cargo row;
	enum err e = store_get_cargo(s, a, office, x->reference, &row, why);

	if (!e && view_of_cargo(x->who, &row) > x->view) {
		*(struct store_cargo *)x->row = row;
		x->office = row.office;
		x->view = view_of_cargo(x->who, &row);
	}
	return e;
}

enum err scope_cargo(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		     struct span reference, enum purpose purpose, struct span request,
		     struct store_cargo *ret_row, enum view *ret, struct cause *why)
{
	struct store_access note = {.purpose = span_of(purpose_name(purpose)), .request = request};
	struct sight x = {.who = who, .reference = reference, .look = look_cargo, .row = ret_row};
	enum err e = look_everywhere(h, s, a, &x, &note, why);

	*ret = x.view;
	return e;
}

static enum view view_of_message(const struct who *who, const struct store_message *row)
{
	if (people_operator(who) || who_is(who, ROLE_AUDITOR))
		return VIEW_AUDITOR;
	if (who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR) && who_has_office(who, row->office))
		return VIEW_OFFICER;
	return view_of_party(who, row->sender, PURPOSE_MESSAGE);
}

static enum err look_message(struct sight *x, struct store *s, struct arena *a, struct span office,
			     struct cause *why)
{
	struct store_message row;
	enum err e = store_get_message(s, a, office, x->reference, &row, why);

	if (!e && view_of_message(x->who, &row) > x->view) {
		*(struct store_message *)x->row = row;
		x->office = row.office;
		x->view = view_of_message(x->who, &row);
	}
	return e;
}

enum err scope_message(struct hub *h, struct store *s, struct arena *a, const struct who *who,
		       struct span reference, enum purpose purpose, struct span request,
		       struct store_message *ret_row, enum view *ret, struct cause *why)
{
	struct store_access note = {.purpose = span_of(purpose_name(purpose)), .request = request};
	struct sight x = {.who = who, .reference = reference, .look = look_message, .row = ret_row};
	enum err e = look_everywhere(h, s, a, &x, &note, why);

	*ret = x.view;
	return e;
}

bool scope_notices(const struct who *who, struct span party, struct span office)
{
	if (people_operator(who))
		return true;
	return party.n ? who_has_party(who, party)
		       : who_is(who, ROLE_OFFICER | ROLE_SUPERVISOR) && who_has_office(who, office);
}

/* ---- handing in ---- */

static struct span authority_key(struct arena *a, struct span party, struct span broker,
				 struct span day)
{
	return span_of(
	    arena_print(a, "%.*s\n%.*s\n%.*s", SPAN_ARG(party), SPAN_ARG(broker), SPAN_ARG(day)));
}

enum err scope_know(struct store *s, struct arena *a, const struct scope_wanted *wanted, uint32_t n,
		    struct map *known, struct cause *why)
{
	struct store_authority *row;
	uint32_t k = 0;
	enum err e;

	for (uint32_t i = 0; i < n; i++)
		k += wanted[i].who->parties.n;
	row = ARENA_ARRAY(a, struct store_authority, (size_t)k + 1);
	k = 0;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t p = 0; p < wanted[i].who->parties.n; p++) {
			const struct span broker = wanted[i].who->parties.v[p];
			const struct span key =
			    authority_key(a, wanted[i].party, broker, wanted[i].day);

			if (map_get(known, key))
				continue;
			row[k] = (struct store_authority){
			    .party = wanted[i].party, .broker = broker, .from_day = wanted[i].day};
			map_put(known, key, &row[k++]);
		}
	e = k ? store_find_authorities(s, a, row, k, why) : ERR_NONE;
	return e;
}

struct lodging {
	struct store *store;
	struct arena *arena;
	const struct map *known;
	const struct who *who;
	struct span day;
};

static enum err ask_authority(const struct lodging *l, struct span party, struct span broker,
			      struct cause *why)
{
	const struct store_authority *known =
	    map_get(l->known, authority_key(l->known->arena, party, broker, l->day));
	struct store_authority row;

	if (known)
		return known->id ? ERR_NONE : ERR_NOT_FOUND;
	return store_find_authority(l->store, l->arena, party, broker, l->day, &row, why);
}

static enum err find_authority(const struct lodging *l, struct span party, struct span *ret_as,
			       struct cause *why)
{
	enum err e = ERR_NOT_FOUND;

	for (uint32_t i = 0; i < l->who->parties.n && e == ERR_NOT_FOUND; i++) {
		e = ask_authority(l, party, l->who->parties.v[i], why);
		if (!e)
			*ret_as = l->who->parties.v[i];
	}
	return e;
}

static enum err lodge_for(const struct lodging *l, const struct span *party, uint32_t n,
			  unsigned by_authority, struct span *ret_as, struct cause *why)
{
	const struct who *who = l->who;
	struct span own = {"", 0, 0}, through = {"", 0, 0};
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < n && !e; i++) {
		if (!party[i].n)
			continue;
		if (who_has_party(who, party[i])) {
			if (!own.n)
				own = party[i];
			continue;
		}
		e = who_is(who, by_authority) ? find_authority(l, party[i], &through, why)
					      : ERR_NOT_FOUND;
		if (e == ERR_NOT_FOUND)
			e = fail(why, ERR_DENIED,
				 "%.*s is not your company and has given you no authority for %.*s",
				 SPAN_ARG(party[i]), SPAN_ARG(l->day));
	}
	*ret_as = through.n ? through : own.n ? own : who->parties.n ? who->parties.v[0] : own;
	return e;
}

enum err scope_report(struct store *s, struct arena *a, const struct map *known,
		      const struct who *who, struct span carrier, struct span day,
		      struct span *ret_as, struct cause *why)
{
	const struct lodging l = {s, a, known, who, day};

	if (!who_is(who, ROLE_CARRIER | ROLE_BROKER))
		return fail(why, ERR_DENIED, "carriers and brokers hand in cargo reports");
	return lodge_for(&l, &carrier, 1, ROLE_CARRIER | ROLE_BROKER, ret_as, why);
}

enum err scope_keep(const struct who *who, struct span said, struct span *ret_as, struct cause *why)
{
	if (people_operator(who) ||
	    (who_has_every_party(who) && who_is(who, ROLE_TRADER | ROLE_BROKER | ROLE_CARRIER)))
		*ret_as = said;
	else if (who_is(who, ROLE_TRADER | ROLE_BROKER | ROLE_CARRIER) && who->parties.n)
		*ret_as = who_has_party(who, said) ? said : who->parties.v[0];
	else if (who_is(who, ROLE_AGENCY) && who->agency.n)
		*ret_as = who->agency;
	else
		return fail(why, ERR_DENIED,
			    "traders, brokers, carriers and agencies hand in messages");
	return ERR_NONE;
}

enum err scope_lodge(struct store *s, struct arena *a, const struct map *known,
		     const struct who *who, const struct span *party, uint32_t n, struct span day,
		     struct span *ret_as, struct cause *why)
{
	const struct lodging l = {s, a, known, who, day};

	if (!who_is(who, ROLE_TRADER | ROLE_BROKER))
		return fail(why, ERR_DENIED, "traders and brokers hand in declarations");
	return lodge_for(&l, party, n, ROLE_BROKER, ret_as, why);
}
