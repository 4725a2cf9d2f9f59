/* What people want next: mostly something that makes sense, one time in five anything. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/life/account.h"
#include "hub/life/guarantee.h"
#include "hub/life/roster.h"

const struct sim_person sim_people[] = {
    {"trader", ROLE_TRADER | ROLE_BROKER},
    {"stranger", ROLE_TRADER},
    {"ofelia", ROLE_OFFICER},
    {"oskar", ROLE_OFFICER},
    {"olga", ROLE_OFFICER},
    {"otto", ROLE_OFFICER},
    {"sofia", ROLE_SUPERVISOR},
    {"sven", ROLE_SUPERVISOR},
    {"sara", ROLE_OFFICER | ROLE_SUPERVISOR},
    {"carlo", ROLE_CASHIER},
    {"chiara", ROLE_CASHIER | ROLE_OFFICER},
    {"kurt", ROLE_CARRIER},
    {"agnes", ROLE_AGENCY},
    {"agatha", ROLE_AGENCY | ROLE_OFFICER},
};
const int sim_people_count = ARRAY_LEN(sim_people);

#define HOUR INT64_C(3600000000)

static uint64_t below(struct sim_world *w, uint64_t n)
{
	return prng_below(&w->prng, n);
}

static bool chance(struct sim_world *w, unsigned per_cent)
{
	return below(w, 100) < per_cent;
}

unsigned sim_roles(const struct sim_case *c, int person)
{
	unsigned roles = sim_people[person].roles;

	if (roles == ROLE_AGENCY)
		return c->called_in ? roles : 0;
	if (roles & (ROLE_OFFICER | ROLE_SUPERVISOR))
		return roles & (ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER | ROLE_AGENCY);
	if (roles & (ROLE_CASHIER | ROLE_CARRIER))
		return roles;
	return person == SIM_TRADER ? roles : 0;
}

static int person_by_login(const char *login)
{
	for (int i = 0; i < sim_people_count; i++)
		if (!strcmp(sim_people[i].login, login))
			return i;
	return -1;
}

static int any_person(struct sim_world *w, unsigned roles)
{
	int i;

	do
		i = (int)below(w, (uint64_t)sim_people_count);
	while (!(sim_people[i].roles & roles));
	return i;
}

struct sim_party *sim_party(struct sim_world *w, const char *id)
{
	for (int i = 0; i < w->parties; i++)
		if (!strcmp(w->party[i].id, id))
			return &w->party[i];
	if (w->parties == SIM_PARTIES)
		sim_fail("more parties than the simulation has room for");
	snprintf(w->party[w->parties].id, SIM_NAME, "%s", id);
	w->party[w->parties].promised = -1;
	return &w->party[w->parties++];
}

/* ---- messages ---- */

#define POINTER(rest)                                                                              \
	"{\"section\":\"42A\"},{\"section\":\"67A\"},{\"sequence\":\"1\",\"section\":\"68A\"}"     \
	"," rest

/* A change to one item, as a message; on a few of them the declaration is then wrong. */
static void write_change(struct sim *s, const struct sim_case *c, char *to, size_t size)
{
	static const struct {
		const char *pointer, *value;
	} change[] = {
	    {POINTER("{\"section\":\"23A\",\"tag\":\"137\"}"),
	     "\"commodity\":{\"description\":\"The same goods, described in other words\"}"},
	    {POINTER("{\"section\":\"23A\"},{\"section\":\"65A\",\"tag\":\"128\"}"),
	     "\"commodity\":{\"net_mass\":{\"value\":\"1\",\"unit\":\"KGM\"}}"},
	    {POINTER("{\"section\":\"23A\"},{\"section\":\"65A\",\"tag\":\"128\"}"),
	     "\"commodity\":{\"net_mass\":{\"value\":\"999999999\",\"unit\":\"KGM\"}}"},
	    {POINTER("{\"section\":\"99Z\"}"), "\"commodity\":{\"description\":\"Nowhere\"}"},
	};
	unsigned which = (unsigned)below(s->w, 12);

	which = which < 5 ? 0 : which < 10 ? 1 : which - 8;
	snprintf(to, size,
		 "{\"function\":\"13\",\"trader_reference\":\"C%llu-%llu\",\"movement_reference\":"
		 "\"%s\",\"type\":\"COR\",\"amendments\":[{\"reason\":\"2\",\"pointers\":[%s]}],"
		 "\"shipment\":{\"items\":[{\"sequence\":\"1\",%s}]}}",
		 (unsigned long long)s->w->seed, (unsigned long long)s->w->serial++, c->reference,
		 change[which].pointer, change[which].value);
}

/* Another price, and the sum of the invoices with it: another duty. Only where there is one item. */
static bool write_price(struct sim *s, const struct sim_case *c, char *to, size_t size)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct message m;
	const struct goods_item *item;
	unsigned long long price = 100 + (unsigned long long)below(s->w, 100000), serial;
	bool one;

	sim_message(s, c->n, a, &m);
	item = m.declaration.shipment.items.v;
	one = m.declaration.shipment.items.n == 1;
	serial = s->w->serial++;
	if (one)
		snprintf(
		    to, size,
		    "{\"function\":\"13\",\"trader_reference\":\"C%llu-%llu\","
		    "\"movement_reference\":\"%s\",\"type\":\"COR\",\"amendments\":[{\"reason\":"
		    "\"2\",\"pointers\":[" POINTER("{\"section\":\"23A\"},{\"section\":\"79A\","
						   "\"tag\":\"112\"}") "]},{"
								       "\"reason\":\"2\","
								       "\"pointers\":[{\"section\":"
								       "\"42A\",\"tag\":\"109\"}]}]"
								       ","
								       "\"invoice_total\":{"
								       "\"value\":\"%llu.00\","
								       "\"currency\":\"%.*s\"},"
								       "\"shipment\":{\"items\":[{"
								       "\"sequence\":\"1\","
								       "\"commodity\":{\"price\":{"
								       "\"value\":\"%llu.00\","
								       "\"currency\":\"%.*s\"}}}]}"
								       "}",
		    (unsigned long long)s->w->seed, serial, c->reference, price,
		    SPAN_ARG(item->commodity.price.currency), price,
		    SPAN_ARG(item->commodity.price.currency));
	arena_free(a);
	return one;
}

static void write_amendment(struct sim *s, const struct sim_case *c, char *to, size_t size)
{
	if (!chance(s->w, 50) || !write_price(s, c, to, size))
		write_change(s, c, to, size);
}

/* ---- acts ---- */

static int64_t some_amount(struct sim_world *w, const struct sim_case *c, const char *act)
{
	int64_t open = c->due > c->paid ? c->due - c->paid : 0;

	if (!strcmp(act, "approve-refund"))
		return chance(w, 40) ? -1 : c->refund + (int64_t)chance(w, 10) + (c->refund == 0);
	if (!strcmp(act, "decide-appeal"))
		return chance(w, 40) ? -1 : 1 + (int64_t)below(w, (uint64_t)c->due + 2);
	if (chance(w, 50) || !open)
		return -1;
	return chance(w, 12) ? open + 1 : 1 + (int64_t)below(w, (uint64_t)open);
}

static int someone(struct sim_world *w, const struct sim_case *c, const char *act)
{
	if (sim_word("check-documents examine query release", act) && c->examiner[0] &&
	    chance(w, 70))
		return person_by_login(c->examiner);
	return (int)below(w, (uint64_t)sim_people_count);
}

static struct sim_do think(struct sim_world *w, const struct sim_case *c, bool alone)
{
	static const char *const results[] = {"clean", "clean", "irregular", NULL};
	static const char *const holds[] = {"permit", "permit", "agency", "payment", "documents"};
	const char *act;
	struct sim_do d;
	int acts = 0;

	while (sim_acts[acts])
		acts++;
	act = sim_acts[below(w, (uint64_t)acts)];
	d = (struct sim_do){
	    .act = act,
	    .by = someone(w, c, act),
	    .reason = chance(w, 95) ? "because of what was found" : NULL,
	    .code = chance(w, 92) ? "M12" : NULL,
	    .who = chance(w, 95) ? sim_people[any_person(w, ROLE_OFFICER)].login : NULL,
	    .result = results[below(w, 12) % 7 % 4],
	    .hold = holds[below(w, ARRAY_LEN(holds))],
	    .lane = (int)below(w, 40) ? 1 + (int)below(w, 4) : 0,
	    .amount = some_amount(w, c, act),
	    .until = w->now + (chance(w, 94) ? (int64_t)(1 + below(w, 400)) : -1) * HOUR,
	    .accepted = chance(w, 50),
	    .guarantee = chance(w, 40),
	    .now = w->now};
	d.roles = sim_roles(c, d.by);
	d.prepaid = sim_party(w, c->holder)->prepaid;
	d.left = sim_left(w, c->holder);
	if (!alone && sim_word("pay secure", act))
		d.by = person_by_login("carlo"), d.roles = ROLE_CASHIER, d.act = "pay";
	return d;
}

/* Who wants to move a case on, and not only to try things, does not end it in its first hours. */
static bool is_rash(struct sim_world *w, const char *act)
{
	return sim_word("abandon seize destroy sell detain exit", act) && chance(w, 80);
}

static void write_act(struct sim *s, const struct sim_case *c, struct sim_op *op)
{
	const struct sim_do *d = &op->d;
	struct arena *a = arena_new(1 << 16);
	struct text until = text_in(a);
	char *p = op->raw, *end = op->raw + SIM_RAW;

	p += snprintf(p, (size_t)(end - p), "{\"act\":\"%s\"", d->act);
	if (d->reason)
		p += snprintf(p, (size_t)(end - p), ",\"reason\":\"%s\"", d->reason);
	if (d->code)
		p += snprintf(p, (size_t)(end - p), ",\"code\":\"%s\"", d->code);
	if (d->who && !strcmp(d->act, "take-over"))
		p += snprintf(p, (size_t)(end - p), ",\"officer\":\"%s\"", d->who);
	if (d->result && sim_word("check-documents examine", d->act))
		p += snprintf(p, (size_t)(end - p), ",\"result\":\"%s\"", d->result);
	if (d->hold && sim_word("place-hold lift-hold", d->act))
		p += snprintf(p, (size_t)(end - p), ",\"hold\":\"%s\"", d->hold);
	if (d->hold && !strcmp(d->hold, "agency") && !strcmp(d->act, "place-hold"))
		p += snprintf(p, (size_t)(end - p), ",\"agency\":\"plants\"");
	if (d->lane && !strcmp(d->act, "reroute"))
		p += snprintf(p, (size_t)(end - p), ",\"lane\":\"%s\"",
			      lane_name((enum lane)d->lane));
	if (d->amount > 0)
		p += snprintf(p, (size_t)(end - p), ",\"amount\":\"%lld.%02lld\"",
			      (long long)d->amount / 100, (long long)d->amount % 100);
	if (sim_word("reply-correction decide-appeal", d->act))
		p += snprintf(p, (size_t)(end - p), ",\"accepted\":%s",
			      d->accepted ? "true" : "false");
	if (sim_word("secure correct", d->act)) {
		moment_write(&until, d->until);
		p += snprintf(p, (size_t)(end - p), ",\"until\":\"%.*s\"",
			      SPAN_ARG(text_as_span(&until)));
	}
	if (d->guarantee && !strcmp(d->act, "secure"))
		p += snprintf(p, (size_t)(end - p), ",\"guarantee\":\"G-%s\"", c->holder);
	if (!strcmp(d->act, "correct")) {
		p += snprintf(p, (size_t)(end - p), ",\"declaration\":");
		write_amendment(s, c, p, (size_t)(end - p));
		p += strlen(p);
	}
	p += snprintf(p, (size_t)(end - p), "}");
	op->raw_n = (uint32_t)(p - op->raw);
	arena_free(a);
}

static void plan_act(struct sim *s, struct sim_op *op, bool alone)
{
	struct sim_world *w = s->w;
	const struct sim_case *c = &w->cases[op->on];
	const char *why[SIM_REASONS];
	bool any = chance(w, 15);

	op->kind = SIM_ACT;
	op->d = think(w, c, alone);
	for (int i = 0; !any && i < 300; i++) {
		if (op->d.roles && !sim_refused(c, &op->d, why) && !is_rash(w, op->d.act))
			break;
		op->d = think(w, c, alone);
	}
	write_act(s, c, op);
}

static void plan_change(struct sim *s, struct sim_op *op)
{
	struct sim_world *w = s->w;
	const struct sim_case *c = &w->cases[op->on];

	op->kind = SIM_CHANGE;
	op->d = (struct sim_do){.by = SIM_TRADER,
				.roles = sim_people[SIM_TRADER].roles,
				.amount = -1,
				.now = w->now,
				.cancels = chance(w, 15)};
	if (op->d.cancels)
		snprintf(
		    op->raw, SIM_RAW,
		    "{\"function\":\"13\",\"trader_reference\":\"C%llu-%llu\","
		    "\"movement_reference\":\"%s\",\"type\":\"INV\",\"amendments\":[{\"reason\":"
		    "\"1\"}]}",
		    (unsigned long long)w->seed, (unsigned long long)w->serial++, c->reference);
	else
		write_amendment(s, c, op->raw, SIM_RAW);
	op->raw_n = (uint32_t)strlen(op->raw);
}

/* ---- lodging ---- */

static void plan_lodging(struct sim *s, struct sim_op *op)
{
	struct sim_world *w = s->w;
	struct sim_case *c = &w->cases[w->n];
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct message m;
	const struct declaration *d = &m.declaration;

	*c =
	    (struct sim_case){.n = (uint64_t)w->n + 1, .state = "", .behind = "", .appeal = "none"};
	sim_message(s, c->n, a, &m);
	snprintf(c->office, sizeof(c->office), "%.*s", SPAN_ARG(d->office));
	snprintf(c->holder, sizeof(c->holder), "%.*s",
		 SPAN_ARG(declaration_direction(d) == DIRECTION_EXPORT ? d->exporter.id
								       : d->shipment.importer.id));
	snprintf(c->declarant, sizeof(c->declarant), "%.*s", SPAN_ARG(d->declarant.id));
	c->presented = d->type.n == 3 && memchr("ABCXYZ", d->type.p[2], 6);
	arena_free(a);
	op->kind = SIM_LODGE;
	op->on = w->n++;
	op->d = (struct sim_do){.by = SIM_TRADER, .now = w->now};
	op->key[0] = 0; /* the trader's reference is the key */
}

/* A case that no other operation of the step is about; -1: there is none. */
static int free_case(struct sim_world *w, bool accepted)
{
	for (int tries = 0; w->n && tries < 40; tries++) {
		int on = (int)below(w, (uint64_t)w->n);
		bool taken = accepted ? !w->cases[on].accepted : !w->cases[on].lodged;

		for (int i = 0; i < w->ops; i++)
			taken |= w->op[i].on == on;
		if (!taken)
			return on;
	}
	return -1;
}

static bool plan_again(struct sim *s, struct sim_op *op)
{
	struct sim_world *w = s->w;

	if (chance(w, 40)) {
		op->on = free_case(w, false);
		op->kind = SIM_AGAIN;
		op->of = SIM_LODGE;
		op->d = (struct sim_do){.by = SIM_TRADER, .now = w->now};
		op->key[0] = 0;
		return op->on >= 0;
	}
	for (int i = 0; i < w->ops; i++)
		if (w->op[i].on == w->last.on)
			return false;
	if (!w->has_last)
		return false;
	*op = w->last;
	op->of = op->kind;
	op->before = op->answer;
	memcpy(op->named, w->last.reference, sizeof(op->named));
	op->kind = SIM_AGAIN;
	if (op->of == SIM_ACT && chance(w, 30)) {
		op->kind = SIM_OTHER_BYTES;
		op->raw[op->raw_n++] = ' ';
	}
	return true;
}

static bool plan_one(struct sim *s, struct sim_op *op, bool alone)
{
	struct sim_world *w = s->w;
	uint64_t what = below(w, 100);

	*op = (struct sim_op){0};
	snprintf(op->key, sizeof(op->key), "K%llu", (unsigned long long)w->serial++);
	if (w->n < SIM_CASES && (what < 20 || w->n < 3)) {
		plan_lodging(s, op);
		return true;
	}
	if (what < 30)
		return plan_again(s, op);
	op->on = free_case(w, true);
	if (op->on < 0)
		return false;
	if (what < 42)
		plan_change(s, op);
	else
		plan_act(s, op, alone);
	return true;
}

void sim_plan(struct sim *s, int ops)
{
	struct sim_world *w = s->w;

	w->ops = 0;
	for (int i = 0; i < ops; i++)
		if (plan_one(s, &w->op[w->ops], ops == 1))
			w->ops++;
}

/* ---- the cashier's window, the roster ---- */

int64_t sim_left(struct sim_world *w, const char *id)
{
	int64_t used = 0;
	const struct sim_party *p = sim_party(w, id);

	for (int i = 0; i < w->n; i++)
		if (w->cases[i].accepted && !strcmp(w->cases[i].holder, id))
			used += w->cases[i].guaranteed;
	if (p->promised < 0)
		return -1;
	return p->promised > used ? p->promised - used : 0;
}

/* Once, and again with more or less. */
static void promise(struct sim *s, const struct who *cashier, const char *office,
		    struct sim_party *p)
{
	int64_t minor = (int64_t)below(s->w, 4000000);
	char amount[40], reference[SIM_NAME + 2];
	struct guarantee_entry entry;
	struct cause why = {0};
	enum err e;

	snprintf(amount, sizeof(amount), "%lld.%02lld", (long long)minor / 100,
		 (long long)minor % 100);
	snprintf(reference, sizeof(reference), "G-%s", p->id);
	entry = (struct guarantee_entry){.party = span_of(p->id),
					 .reference = span_of(reference),
					 .guarantor = SPAN("BANK"),
					 .amount = span_of(amount),
					 .until = SPAN("2036-12-31"),
					 .office = span_of(office)};
	do
		e = hub_put_guarantee(s->hub, cashier, &entry, &why);
	while (sim_elsewhere(s, e, &why));
	if (e)
		sim_fail("the guarantee of %s is refused: %s", p->id, why.text);
	p->promised = minor;
}

void sim_deposit(struct sim *s)
{
	struct sim_world *w = s->w;
	int on = free_case(w, true), by = any_person(w, ROLE_CASHIER);
	int64_t minor = 1 + (int64_t)below(w, 2000000);
	bool out = chance(w, 20), repeated = false;
	char amount[40], key[40];
	struct sim_party *p;
	struct span room[2] = {0};
	struct cause why = {0};
	struct who who;
	enum err e;

	w->ops = 0;
	if (on < 0)
		return;
	p = sim_party(w, w->cases[on].holder);
	who = sim_who(s, by, &w->cases[on], room);
	for (int i = 0; i < w->parties; i++)
		if (chance(w, 30))
			promise(s, &who, w->cases[on].office, &w->party[i]);
	snprintf(amount, sizeof(amount), "%lld.%02lld", (long long)minor / 100,
		 (long long)minor % 100);
	snprintf(key, sizeof(key), "D%llu", (unsigned long long)w->serial++);
	for (int again = 0; again < 2; again++) {
		do
			e = hub_move_cash(s->hub, &who,
					  &(struct cash){.party = span_of(p->id),
							 .office = span_of(w->cases[on].office),
							 .amount = span_of(amount),
							 .out = out,
							 .key = span_of(key)},
					  &repeated, &why);
		while (sim_elsewhere(s, e, &why));
		if (out && p->prepaid < minor && !again) {
			if (e != ERR_CONFLICT)
				sim_fail("more paid out than was there: %s", why.text);
			return;
		}
		if (e || repeated != (again == 1))
			sim_fail("cash %s of %s: %s, repeated %d: %s", amount, p->id, err_name(e),
				 repeated, why.text);
		if (!again) {
			p->prepaid += out ? -minor : minor;
			w->cash += out ? -minor : minor;
		}
	}
}

static struct sim_roster *roster_of(struct sim_world *w, const char *office, int who)
{
	for (int i = 0; i < w->rosters; i++)
		if (w->roster[i].who == who && !strcmp(w->roster[i].office, office))
			return &w->roster[i];
	if (w->rosters == SIM_ROSTER)
		return NULL;
	w->roster[w->rosters] = (struct sim_roster){.who = who};
	memccpy(w->roster[w->rosters].office, office, 0, sizeof(w->roster->office));
	return &w->roster[w->rosters++];
}

void sim_set_roster(struct sim *s)
{
	struct sim_world *w = s->w;
	int on = free_case(w, true), by = any_person(w, ROLE_SUPERVISOR);
	struct span room[2] = {0};
	struct cause why = {0};
	char conflict[SIM_NAME] = "";
	struct roster_entry entry;
	struct sim_roster *r;
	struct who who;
	enum err e;

	w->ops = 0;
	r = on < 0 ? NULL : roster_of(w, w->cases[on].office, any_person(w, ROLE_OFFICER));
	if (!r)
		return;
	r->until = w->now + ((int64_t)below(w, 18) - 2) * HOUR;
	r->documents = chance(w, 85);
	r->inspection = chance(w, 75);
	if (chance(w, 20))
		memcpy(conflict, w->cases[on].holder, sizeof(conflict));
	memcpy(r->conflict, conflict, sizeof(conflict));
	who = sim_who(s, by, &w->cases[on], room);
	entry = (struct roster_entry){.office = span_of(r->office),
				      .login = span_of(sim_people[r->who].login),
				      .present_until = r->until,
				      .skills = span_of(r->documents && r->inspection
							    ? "documents inspection"
							: r->documents  ? "documents"
							: r->inspection ? "inspection"
									: ""),
				      .conflicts = span_of(r->conflict)};
	do
		e = hub_set_roster(s->hub, &who, &entry, &why);
	while (sim_elsewhere(s, e, &why));
	if (e)
		sim_fail("the roster is refused: %s", why.text);
	sim_allocate_waiting(s, r->office);
}
