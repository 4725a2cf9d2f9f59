/* What is written off, by chance: permits, goods in a warehouse, the declarations that take of them; lodged several at once,
 * paid, amended, cancelled, by a hub that is killed. The model keeps, of each account, its limits and what each case took,
 * and says by addition what must be refused; it never calls src/stock. */
#include <string.h>

#include "base/limits.h"
#include "codec/json.h"
#include "deeds.h"
#include "hub/people/people.h"
#include "hub/stock/permits.h"

enum {
	PERMITS = 5,
	ENTRIES = 40,
	CASES = 4000,
	WAREHOUSE_PPM = 5000, /* packs/landfall/write_off.csv */
	PACKAGES_OF_ENTRY = 320,
	KILOGRAMS_OF_ENTRY = 19200,
	GROSS = 60000,
};

enum what { REGISTER, IMPORT, ENTER, LEAVE, PAY, CANCEL, AMEND };
enum number { OF, PACKAGES, KILOGRAMS, SERIAL, CASE };

struct account {
	bool there;
	int64_t packages, kilograms; /* -1: no limit */
	int64_t ppm;                 /* tolerance of the mass */
	char reference[24];          /* an entry's */
};
struct taking {
	int account; /* index: permits, then entries */
	int64_t packages, kilograms;
	enum { TAKEN_NOTHING, TAKEN_RESERVED, TAKEN_USED } stage;
	char reference[24];
};
struct model {
	struct account account[PERMITS + ENTRIES];
	struct taking taking[CASES];
	int entries, cases;
	int64_t serial;
};

static char *import_text, *enter_text, *leave_text, *cancel_text, *amend_text;
static const struct span offices[] = {{"XLHAR001", 8, 0}};

static struct model *model_of(const struct deeds *w)
{
	return w->model;
}

/* ---- the model ---- */

/* What all but one case took. */
static void taken_beside(const struct model *m, int account, int beside, int64_t *ret_packages,
			 int64_t *ret_kilograms)
{
	*ret_packages = *ret_kilograms = 0;
	for (int i = 0; i < m->cases; i++)
		if (i != beside && m->taking[i].account == account &&
		    m->taking[i].stage != TAKEN_NOTHING) {
			*ret_packages += m->taking[i].packages;
			*ret_kilograms += m->taking[i].kilograms;
		}
}

static bool fits(const struct model *m, int account, int beside, int64_t packages,
		 int64_t kilograms)
{
	const struct account *a = &m->account[account];
	int64_t p, k;

	taken_beside(m, account, beside, &p, &k);
	return a->there && (a->packages < 0 || p + packages <= a->packages) &&
	       (a->kilograms < 0 || (k + kilograms) * 1000000 <= a->kilograms * (1000000 + a->ppm));
}

/* ---- what is asked next ---- */

static struct deed *next_deed(struct deeds *w, enum what what)
{
	struct deed *d = &w->deed[w->deeds++];

	d->what = (int)what;
	d->declares = what == IMPORT || what == ENTER || what == LEAVE;
	d->number[SERIAL] = ++model_of(w)->serial;
	return d;
}

static void plan_taking(struct deeds *w)
{
	const struct model *m = model_of(w);
	const bool leaves = m->entries && deeds_lot(w, 2);
	struct deed *d = next_deed(w, leaves ? LEAVE : IMPORT);

	d->number[OF] = leaves ? PERMITS + (int64_t)deeds_lot(w, (uint64_t)m->entries)
			       : (int64_t)deeds_lot(w, PERMITS);
	d->number[PACKAGES] = 1 + (int64_t)deeds_lot(w, leaves ? 160 : 40);
	d->number[KILOGRAMS] = 1 + (int64_t)deeds_lot(w, leaves ? 9000 : 3000);
	if (leaves && !deeds_lot(w, 6)) { /* about what is left */
		int64_t p, k;

		taken_beside(m, (int)d->number[OF], -1, &p, &k);
		d->number[PACKAGES] = PACKAGES_OF_ENTRY - p + (int64_t)deeds_lot(w, 2);
		d->number[KILOGRAMS] = KILOGRAMS_OF_ENTRY - k + (int64_t)deeds_lot(w, 200);
		/* the tolerance lets more be taken than was granted, and no goods weigh less than nothing */
		d->number[PACKAGES] = d->number[PACKAGES] < 1 ? 1 : d->number[PACKAGES];
		d->number[KILOGRAMS] = d->number[KILOGRAMS] < 1 ? 1 : d->number[KILOGRAMS];
	}
}

static void plan_on_case(struct deeds *w, enum what what)
{
	const struct model *m = model_of(w);
	struct deed *d;
	int at;

	for (int tries = 0; tries < 20 && m->cases; tries++) {
		at = (int)deeds_lot(w, (uint64_t)m->cases);
		if (m->taking[at].stage != TAKEN_RESERVED)
			continue;
		d = next_deed(w, what);
		d->number[CASE] = at;
		d->number[KILOGRAMS] = 1 + (int64_t)deeds_lot(w, 6000);
		return;
	}
	plan_taking(w);
}

static void plan(struct deeds *w)
{
	struct model *m = model_of(w);
	const uint64_t lot = deeds_lot(w, 20);
	struct deed *d;

	if (lot < 3 || !m->account[lot % PERMITS].there) {
		d = next_deed(w, REGISTER);
		d->number[OF] = (int64_t)(lot % PERMITS);
		d->number[PACKAGES] = (int64_t)deeds_lot(w, 400);
		d->number[KILOGRAMS] = deeds_lot(w, 4) ? (int64_t)deeds_lot(w, 30000) : -1;
		return;
	}
	if (lot < 5 && m->entries < ENTRIES) {
		next_deed(w, ENTER);
		return;
	}
	if (lot < 11) {
		plan_on_case(w, lot < 7 ? PAY : lot < 9 ? CANCEL : AMEND);
		return;
	}
	if (m->cases + DEEDS_AT_ONCE > CASES)
		deeds_fail(w, "more cases than the model keeps");
	for (uint64_t n = 1 + deeds_lot(w, DEEDS_AT_ONCE); n; n--)
		plan_taking(w);
}

/* ---- handing in ---- */

static void put_number(struct text *t, int64_t v)
{
	text_int(t, v);
}

static const char *number_text(struct arena *a, int64_t v)
{
	struct text t = text_in(a);

	put_number(&t, v);
	text_char(&t, '\0');
	return t.p;
}

static struct span describe(struct deeds *w, const struct deed *d, struct arena *a)
{
	const struct model *m = model_of(w);
	const char *packages = number_text(a, d->number[PACKAGES]);
	const char *kilograms = number_text(a, d->number[KILOGRAMS]);
	const char *serial = arena_print(a, "D-%lld", (long long)d->number[SERIAL]);
	const char *named = d->what == IMPORT ? arena_print(a, "LIC-%lld", (long long)d->number[OF])
					      : m->account[d->number[OF]].reference;
	const char *const of_import[] = {"320",   packages,        "19200", kilograms, "19368",
					 "60000", "STORY-LICENCE", serial,  "LIC-1",   named,
					 NULL};
	const char *const of_enter[] = {"STORY-ENTER", serial, NULL};
	const char *const of_leave[] = {"\"160\"",
					arena_print(a, "\"%s\"", packages),
					"\"9600\"",
					arena_print(a, "\"%s\"", kilograms),
					"\"9684\"",
					"\"60000\"",
					"STORY-LEAVE",
					serial,
					"26XL010000000014",
					named,
					NULL};
	const char *of_case = m->taking[d->number[CASE]].reference;
	const char *const of_change[] = {"\"movement_reference\": \"\"",
					 arena_print(a, "\"movement_reference\": \"%s\"", of_case),
					 "STORY-CANCEL",
					 serial,
					 "STORY-MASS",
					 serial,
					 "\"19000\"",
					 arena_print(a, "\"%s\"", kilograms),
					 NULL};

	switch ((enum what)d->what) {
	case IMPORT:
		return deeds_filled(a, import_text, of_import);
	case ENTER:
		return deeds_filled(a, enter_text, of_enter);
	case LEAVE:
		return deeds_filled(a, leave_text, of_leave);
	case CANCEL:
	case AMEND:
		return deeds_filled(a, d->what == CANCEL ? cancel_text : amend_text, of_change);
	case REGISTER:
	case PAY:
		break;
	}
	return (struct span){0};
}

static void land(struct deed *d, const struct outcome *o)
{
	deed_landed(d, o->accepted, o->reference, o->answer.n ? o->answer : span_of(o->cause.text));
}

static void pay(struct deeds *w, struct hub *h, struct deed *d)
{
	deeds_pay(h, d, span_of(model_of(w)->taking[d->number[CASE]].reference), d->number[SERIAL]);
}

static void register_permit(struct hub *h, struct deed *d)
{
	const struct who olga = {.user = SPAN("olga"),
				 .roles = ROLE_OFFICER,
				 .scopes = SCOPE_ALL,
				 .offices = {offices, 1}};
	char name[24], packages[24], kilograms[24];
	struct cause why = {0};
	struct permit_entry p = {
	    .document = SPAN("L110"), .holder = SPAN("XL200000000018"), .office = offices[0]};
	enum err e;

	snprintf(name, sizeof(name), "LIC-%lld", (long long)d->number[OF]);
	snprintf(packages, sizeof(packages), "%lld", (long long)d->number[PACKAGES]);
	snprintf(kilograms, sizeof(kilograms), "%lld", (long long)d->number[KILOGRAMS]);
	p.number = span_of(name);
	p.packages = span_of(packages);
	if (d->number[KILOGRAMS] >= 0)
		p.mass = span_of(kilograms);
	e = hub_put_permit(h, &olga, &p, &why);
	deed_landed(d, !e, SPAN(""), span_of(why.text));
}

static void begin(struct deeds *w, struct hub *h, struct deed *d)
{
	if (d->what == REGISTER)
		register_permit(h, d);
	else if (d->what == PAY)
		pay(w, h, d);
	else
		deeds_submit(w, h, d, describe, land);
}

/* ---- what must come of it ---- */

static void expect(struct deeds *w, const struct deed *d, bool accepted)
{
	if (d->accepted != accepted)
		deeds_fail(
		    w,
		    "deed %d of %lld, %lld packages, %lld kg: the model says %s, the hub: %.250s",
		    d->what, (long long)d->number[OF], (long long)d->number[PACKAGES],
		    (long long)d->number[KILOGRAMS], accepted ? "yes" : "no", d->why);
}

static void judge_registration(struct deeds *w, const struct deed *d)
{
	struct model *m = model_of(w);
	struct account *a = &m->account[d->number[OF]];
	int64_t p, k;
	bool well;

	taken_beside(m, (int)d->number[OF], -1, &p, &k);
	/* what is taken already may not grow scarcer than it is */
	well = (p <= d->number[PACKAGES] || (a->there && d->number[PACKAGES] >= a->packages)) &&
	       (d->number[KILOGRAMS] < 0 || k <= d->number[KILOGRAMS] ||
		(a->kilograms >= 0 && d->number[KILOGRAMS] >= a->kilograms));
	expect(w, d, well);
	if (!well)
		return;
	*a = (struct account){
	    .there = true, .packages = d->number[PACKAGES], .kilograms = d->number[KILOGRAMS]};
}

static void judge_taking(struct deeds *w, const struct deed *d)
{
	struct model *m = model_of(w);
	const bool well =
	    fits(m, (int)d->number[OF], -1, d->number[PACKAGES], d->number[KILOGRAMS]);
	struct taking *t = &m->taking[m->cases];

	expect(w, d, well);
	if (!well)
		return;
	m->cases++;
	*t = (struct taking){.account = (int)d->number[OF],
			     .packages = d->number[PACKAGES],
			     .kilograms = d->number[KILOGRAMS],
			     .stage = TAKEN_RESERVED};
	memcpy(t->reference, d->reference, sizeof(t->reference));
}

static void judge(struct deeds *w, const struct deed *d)
{
	struct model *m = model_of(w);
	struct taking *t = &m->taking[d->number[CASE]];
	struct account *a;
	bool well;

	switch ((enum what)d->what) {
	case REGISTER:
		judge_registration(w, d);
		return;
	case IMPORT:
	case LEAVE:
		judge_taking(w, d);
		return;
	case ENTER:
		expect(w, d, true);
		a = &m->account[PERMITS + m->entries++];
		*a = (struct account){.there = true,
				      .packages = PACKAGES_OF_ENTRY,
				      .kilograms = KILOGRAMS_OF_ENTRY,
				      .ppm = WAREHOUSE_PPM};
		memcpy(a->reference, d->reference, sizeof(a->reference));
		return;
	case PAY:
		expect(w, d, true);
		t->stage = TAKEN_USED;
		return;
	case CANCEL:
		expect(w, d, true);
		t->stage = TAKEN_NOTHING;
		return;
	case AMEND:
		well = fits(m, t->account, (int)d->number[CASE], t->packages, d->number[KILOGRAMS]);
		expect(w, d, well);
		if (well)
			t->kilograms = d->number[KILOGRAMS];
		return;
	}
}

/* ---- balances ---- */

static int64_t number_of(const struct json *o, const char *part, const char *measure)
{
	struct decimal d;

	return decimal_parse(json_get_text(json_get(o, part), measure), &d)
		   ? -1
		   : d.units / decimal_power10(d.scale);
}

struct looking {
	struct deeds *w;
	struct hub *hub;
	int account;
	struct arena *arena;
};

static void compare_one(void *context)
{
	struct looking *q = context;
	const struct model *m = model_of(q->w);
	const struct account *a = &m->account[q->account];
	const bool permit = q->account < PERMITS;
	struct text text = text_in(q->arena);
	struct cause why = {0};
	const struct json *j;
	struct codec_fault fault;
	static const char *const parts[] = {"reserved", "used"};

	if (hub_write_stock_account(q->hub, &text, who_operator(), permit ? SPAN("L110") : SPAN(""),
				    permit ? span_of(arena_print(q->arena, "LIC-%d", q->account))
					   : span_of(a->reference),
				    SPAN("sim"), &why) ||
	    json_read(q->arena, text_as_span(&text), &j, &fault))
		deeds_fail(q->w, "account %d cannot be read: %s", q->account, why.text);
	j = json_get(j, "accounts")->first;
	for (int i = 0; i < 2; i++) {
		int64_t p = 0, k = 0;

		for (int n = 0; n < m->cases; n++)
			if (m->taking[n].account == q->account &&
			    (int)m->taking[n].stage == TAKEN_RESERVED + i) {
				p += m->taking[n].packages;
				k += m->taking[n].kilograms;
			}
		if (number_of(j, parts[i], "packages") != p ||
		    (a->kilograms >= 0 && number_of(j, parts[i], "mass") != k))
			deeds_fail(
			    q->w, "account %d: %lld packages and %lld kg are %s, the hub says %.*s",
			    q->account, (long long)p, (long long)k, parts[i],
			    (int)(text.n < 500 ? text.n : 500), text.p);
	}
}

static void compare(struct deeds *w, struct hub *h)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);

	for (int i = 0; i < PERMITS + ENTRIES; i++) {
		struct looking q = {w, h, i, a};

		if (!model_of(w)->account[i].there)
			continue;
		arena_reset(a);
		if (arena_run(a, compare_one, &q))
			deeds_fail(w, "no memory to look at an account");
	}
	arena_free(a);
}

int main(int argc, char **argv)
{
	static const struct deeds_kind kind = {.name = "writeoff",
					       .model_bytes = sizeof(struct model),
					       .plan = plan,
					       .begin = begin,
					       .judge = judge,
					       .compare = compare};

	import_text = deeds_file("import-licence.json");
	enter_text = deeds_file("enter-warehouse.json");
	leave_text = deeds_file("leave-warehouse.json");
	cancel_text = deeds_file("cancel.json");
	amend_text = deeds_file("amend-mass.json");
	return deeds_main(argc, argv, &kind);
}
