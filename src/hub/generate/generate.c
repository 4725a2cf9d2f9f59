#include "hub/generate/generate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/prng.h"
#include "hub/generate/generate_spoil.h"
#include "hub/generate/generate_tables.h"

enum { TRADERS = 64, ITEMS_MOST = 12, PER_CENT = 10000 };

/* One more member of a list: its place, zeroed. */
#define ADD(arena, list)                                                                           \
	arena_push((arena), (void **)&(list).v, &(list).n, &(list).room, sizeof(*(list).v))

/* Goods that can be declared, by code. */
struct goods {
	const struct ref_commodity *commodity;
	const struct trade_chapter *chapter;
};

struct trader {
	struct span id, name;
	uint8_t from, to; /* chapters */
	uint32_t weight;
	struct span agent; /* empty: declares itself */
	uint32_t supplier; /* which of the firms of a country it buys from */
};

struct offices {
	DICT_LIST(const struct ref_code *) by_mode[3]; /* of sea, air, land */
};

struct generator {
	struct arena *arena;
	const struct refset *ref;
	int32_t day;
	uint64_t seed;
	DICT_LIST(struct goods) goods;
	struct trader traders[TRADERS];
	uint32_t trader_weight;
	struct offices offices;
	DICT_LIST(const struct ref_code *) neighbours; /* countries with a code of no ISO country */
	struct span no_preference;
	uint32_t items_most;
};

/* One declaration in the making. */
struct making {
	const struct generator *g;
	struct arena *arena;
	struct prng prng;
	uint64_t n;
	struct declaration *d;
	const struct trader *trader;
	bool export;
	char mode;            /* s, a, r */
	struct span partner;  /* country at the other end */
	struct span place;    /* in it */
	struct span currency; /* of the invoice */
	unsigned digits;
	struct span invoice, transport_document;
	bool fob;
};

static struct span print(struct arena *a, const char *format, ...) PRINTF(2, 3);
static struct span print(struct arena *a, const char *format, ...)
{
	char text[200];
	va_list v;
	int n;

	va_start(v, format);
	n = vsnprintf(text, sizeof(text), format, v);
	va_end(v);
	if (n < 0 || n >= (int)sizeof(text))
		n = (int)sizeof(text) - 1;
	return (struct span){arena_copy(a, text, (size_t)n), (uint32_t)n, 0};
}

/* ---- what the pack has ---- */

static bool pack_has(const struct generator *g, const char *list, struct span code)
{
	struct span name = span_of(list);

	return !ref_has_list(g->ref, name) || ref_code(g->ref, name, code, g->day);
}

struct first {
	int32_t day;
	struct span code;
};

static bool take_first(void *context, const struct ref_code *c)
{
	struct first *f = context;

	if (ref_holds(c->dates, f->day))
		f->code = c->code;
	return f->code.n == 0;
}

/* The code, or, where the pack's list has no such code, the first that it has. */
static struct span code_of(const struct generator *g, const char *list, const char *code)
{
	struct first f = {g->day, {0}};

	if (pack_has(g, list, span_of(code)))
		return span_of(code);
	ref_each_code(g->ref, span_of(list), take_first, &f);
	return f.code;
}

static const struct trade_chapter *chapter_of(struct span code)
{
	unsigned number;

	if (code.n < 4)
		return NULL;
	number = (unsigned)(code.p[0] - '0') * 10 + (unsigned)(code.p[1] - '0');
	for (uint32_t i = 0; i < ARRAY_LEN(trade_chapters); i++)
		if (trade_chapters[i].chapter == number)
			return &trade_chapters[i];
	return NULL;
}

static bool take_goods(void *context, const struct ref_commodity *c)
{
	struct generator *g = context;
	const struct trade_chapter *chapter = chapter_of(c->code);
	struct goods *new;

	/* Current has no mass, and no packages. */
	if (!c->declarable || !ref_holds(c->dates, g->day) || !chapter || span_is(c->unit, "KWH"))
		return true;
	new = ADD(g->arena, g->goods);
	*new = (struct goods){c, chapter};
	return true;
}

static int by_code(const void *x, const void *y)
{
	return span_compare(((const struct goods *)x)->commodity->code,
			    ((const struct goods *)y)->commodity->code);
}

static bool take_office(void *context, const struct ref_code *c)
{
	struct generator *g = context;
	int mode = span_is(c->kind, "seaport")   ? 0
		   : span_is(c->kind, "airport") ? 1
		   : span_is(c->kind, "border")  ? 2
						 : -1;

	if (mode >= 0 && ref_holds(c->dates, g->day))
		*(const struct ref_code **)ADD(g->arena, g->offices.by_mode[mode]) = c;
	return true;
}

/* ISO 3166 leaves the codes that begin with X to users: a pack's invented neighbours. */
static bool take_neighbour(void *context, const struct ref_code *c)
{
	struct generator *g = context;

	if (c->code.n == 2 && c->code.p[0] == 'X' && !span_equal(c->code, ref_country(g->ref)) &&
	    ref_holds(c->dates, g->day))
		*(const struct ref_code **)ADD(g->arena, g->neighbours) = c;
	return true;
}

/* ---- traders ---- */

struct listed {
	struct generator *g;
	DICT_LIST(struct span) ids;
};

static bool take_listed(void *context, struct span value, struct ref_dates dates)
{
	struct listed *l = context;

	if (ref_holds(dates, l->g->day) && span_starts(value, ref_country(l->g->ref)))
		*(struct span *)ADD(l->g->arena, l->ids) = value;
	return true;
}

static int by_text(const void *x, const void *y)
{
	return span_compare(*(const struct span *)x, *(const struct span *)y);
}

/* Importers that the pack's own lists name, if it has lists of these names: so that rules about them have something to find. */
static struct listed listed_importers(struct generator *g)
{
	static const char *const lists[] = {"trusted-importers", "watched-importers"};
	struct listed l = {.g = g};

	for (uint32_t i = 0; i < ARRAY_LEN(lists); i++)
		ref_each_listed(g->ref, span_of(lists[i]), take_listed, &l);
	if (l.ids.n)
		qsort(l.ids.v, l.ids.n, sizeof(*l.ids.v), by_text);
	return l;
}

static void make_trader(struct generator *g, struct prng *p, uint32_t i, const struct listed *l)
{
	struct trader *t = &g->traders[i];
	uint32_t business = i % ARRAY_LEN(businesses);
	uint64_t first = prng_below(p, ARRAY_LEN(firm_first));
	uint64_t agent = prng_below(p, 12);
	uint32_t weight = businesses[business].weight;

	t->from = businesses[business].from;
	t->to = businesses[business].to;
	t->name = print(g->arena, "%s %s", firm_first[first], businesses[business].second_word);
	t->id = i < l->ids.n
		    ? l->ids.v[i]
		    : print(g->arena, "%.*s2%011u", SPAN_ARG(ref_country(g->ref)), 1000 + i * 17);
	if (agent < 9)
		t->agent = print(g->arena, "%.*s3%011u", SPAN_ARG(ref_country(g->ref)),
				 100 + (unsigned)agent * 13);
	t->supplier = (uint32_t)prng_below(p, 1000);
	/* A few firms move most goods, as everywhere. */
	t->weight = weight * (1 + 12 / (1 + i / 4));
	if (i < l->ids.n)
		t->weight = weight / 4 + 1;
	g->trader_weight += t->weight;
}

struct generator *generator_new(struct arena *a, const struct refset *r, int32_t day, uint64_t seed)
{
	struct generator *g = ARENA_NEW(a, struct generator);
	struct prng p = prng_of(seed, 0);
	struct listed listed;

	*g = (struct generator){
	    .arena = a, .ref = r, .day = day, .seed = seed, .items_most = ITEMS_MOST};
	ref_each_commodity(r, take_goods, g);
	ref_each_code(r, SPAN("office"), take_office, g);
	ref_each_code(r, SPAN("country"), take_neighbour, g);
	if (!g->goods.n || !g->offices.by_mode[0].n)
		return NULL;
	qsort(g->goods.v, g->goods.n, sizeof(*g->goods.v), by_code);
	g->no_preference = code_of(g, "preference_none", "100");
	listed = listed_importers(g);
	for (uint32_t i = 0; i < TRADERS; i++)
		make_trader(g, &p, i, &listed);
	return g;
}

/* ---- parties and places ---- */

static void choose_trader(struct making *m)
{
	uint64_t at = prng_below(&m->prng, m->g->trader_weight);
	uint32_t i = 0;

	while (at >= m->g->traders[i].weight)
		at -= m->g->traders[i++].weight;
	m->trader = &m->g->traders[i];
}

/* The invoice's currency must have a rate; else dollars, else the country's own. */
static void choose_currency(struct making *m, const char *currency)
{
	const char *word[] = {currency, "USD"};
	struct decimal rate;
	struct ref_dates d;
	const struct ref_code *c;
	int64_t per;

	m->currency = ref_currency(m->g->ref);
	for (uint32_t i = 0; i < ARRAY_LEN(word); i++)
		if (!ref_rate(m->g->ref, span_of(word[i]), m->g->day, INT32_MAX, &rate, &per, &d)) {
			m->currency = span_of(word[i]);
			break;
		}
	c = ref_code(m->g->ref, SPAN("currency"), m->currency, m->g->day);
	m->digits = c ? c->digits : 2;
}

static void choose_partner(struct making *m, const struct trade_chapter *chapter)
{
	uint64_t neighbour = prng_below(&m->prng, 100), which;
	struct span origins = span_of(chapter->origins), one = {0};
	uint32_t i = 0;

	if (neighbour < 7 && m->g->neighbours.n) {
		const struct ref_code *c =
		    m->g->neighbours.v[prng_below(&m->prng, m->g->neighbours.n)];

		m->partner = c->code;
		m->place = c->name.en;
		m->mode = m->g->offices.by_mode[2].n ? 'r' : 's';
		choose_currency(m, "USD");
		return;
	}
	/* Earlier ones send more. */
	which = prng_below(&m->prng, (uint64_t)(origins.n + 1) / 3);
	which = prng_below(&m->prng, which + 1);
	for (uint64_t j = 0; j <= which; j++)
		one = span_cut(&origins, ' ');
	while (i < ARRAY_LEN(trade_places) - 1 && !span_is(one, trade_places[i].country))
		i++;
	m->partner = span_of(trade_places[i].country);
	m->place = span_of(trade_places[i].place);
	m->mode = trade_places[i].mode;
	/* What costs much and weighs little flies. */
	if (chapter->price_low >= 3000 && m->g->offices.by_mode[1].n)
		m->mode = 'a';
	choose_currency(m, trade_places[i].currency);
}

static const struct ref_code *choose_office(struct making *m)
{
	int mode = m->mode == 'a' ? 1 : m->mode == 'r' ? 2 : 0;
	uint32_t n = m->g->offices.by_mode[mode].n;
	uint64_t first, second;

	if (!n) {
		mode = 0;
		m->mode = 's';
		n = m->g->offices.by_mode[0].n;
	}
	/* Offices are listed with the large ones first. */
	first = prng_below(&m->prng, n);
	second = prng_below(&m->prng, n);
	return m->g->offices.by_mode[mode].v[first < second ? first : second];
}

static void put_foreign_party(struct making *m, struct party *p, uint32_t number)
{
	uint32_t first = number % (uint32_t)ARRAY_LEN(firm_first),
		 second = number / 7 % (uint32_t)ARRAY_LEN(firm_second);

	p->head.present = true;
	p->name = print(m->arena, "%s %s %.*s", firm_first[first], firm_second[second],
			SPAN_ARG(m->partner));
	p->address.head.present = true;
	p->address.city = m->place;
	p->address.country = m->partner;
	p->address.line = print(m->arena, "%u Dock Street", 1 + number % 180);
}

static void put_id(struct party *p, struct span id, struct span name)
{
	p->head.present = true;
	p->id = id;
	p->name = name;
}

static void put_parties(struct making *m)
{
	struct declaration *d = m->d;
	const struct trader *t = m->trader;

	d->declarant.head.present = true;
	d->declarant.id = t->agent.n ? t->agent : t->id;
	if (t->agent.n) {
		d->agent.head.present = true;
		d->agent.id = t->agent;
		d->agent.status = code_of(m->g, "representation", "2");
	}
	if (m->export) {
		put_id(&d->exporter, t->id, t->name);
		put_foreign_party(m, &d->shipment.consignee,
				  t->supplier + (uint8_t)m->partner.p[0] % 5);
	} else {
		put_foreign_party(m, &d->exporter, t->supplier + (uint8_t)m->partner.p[1] % 5);
		put_id(&d->shipment.importer, t->id, t->name);
	}
}

/* ---- how the goods travel ---- */

/* ISO 6346: the check digit of an owner, a serial number and its letters' values. */
static struct span container_number(struct making *m)
{
	static const char *const owners[] = {"LFCU", "BWSU", "HGTU", "OCNU"};
	uint64_t owner = prng_below(&m->prng, ARRAY_LEN(owners)),
		 serial = prng_below(&m->prng, 1000000);
	char text[12];
	unsigned sum = 0;

	snprintf(text, sizeof(text), "%s%06u", owners[owner], (unsigned)serial);
	for (unsigned i = 0; i < 10; i++) {
		unsigned letter = (unsigned)(text[i] - 'A');

		sum += (i < 4 ? 10 + letter + (letter + 9) / 10 : (unsigned)(text[i] - '0')) << i;
	}
	return print(m->arena, "%s%u", text, sum % 11 % 10);
}

static void put_container(struct making *m)
{
	struct consignment *k = &m->d->shipment.consignment;
	struct container *c = ADD(m->arena, k->containers);
	struct seal *s;

	k->containerised = SPAN("1");
	c->head.present = true;
	c->sequence = decimal_of(1, 0);
	c->id = container_number(m);
	s = ADD(m->arena, c->seals);
	s->head.present = true;
	s->sequence = decimal_of(1, 0);
	s->id = print(m->arena, "%.*s%06u", SPAN_ARG(m->partner),
		      (unsigned)prng_below(&m->prng, 1000000));
}

static void put_transport(struct making *m, const struct ref_code *office)
{
	struct shipment *s = &m->d->shipment;
	struct transport_means *t = m->export ? &s->consignment.departure : &s->consignment.arrival;
	unsigned number = (unsigned)prng_below(&m->prng, 900000);
	static const char *const flags[] = {"PA", "LR", "MT", "SG"};
	const char *mode = m->mode == 'a' ? "4" : m->mode == 'r' ? "3" : "1";
	uint64_t flag = prng_below(&m->prng, ARRAY_LEN(flags));

	s->consignment.head.present = t->head.present = m->d->border_transport.head.present = true;
	m->d->border_transport.mode = code_of(m->g, "transport_mode", mode);
	m->d->border_transport.nationality =
	    m->mode == 's' && pack_has(m->g, "country", span_of(flags[flag])) ? span_of(flags[flag])
									      : m->partner;
	t->id_type = m->mode == 'a' ? SPAN("40") : m->mode == 'r' ? SPAN("30") : SPAN("10");
	t->id = m->mode == 'a' ? print(m->arena, "LF%u", 100 + number % 900)
		: m->mode == 'r'
		    ? print(m->arena, "%.*sR%05u", SPAN_ARG(m->partner), number % 100000)
		    : print(m->arena, "%u", 9100000 + number);
	s->consignment.location.head.present = true;
	s->consignment.location.name =
	    print(m->arena, "%.*s-%u", SPAN_ARG(office->code), 1 + number % 6);
	s->consignment.location.type = SPAN("A");
	s->consignment.location.address.head.present = true;
	s->consignment.location.address.type = SPAN("U");
	s->consignment.location.address.country = ref_country(m->g->ref);
	s->consignment.containerised = SPAN("0");
	if (m->mode == 's')
		put_container(m);
}

/* ---- documents ---- */

static void put_document(struct making *m, struct goods_item *i, struct span code, struct span id)
{
	struct document *x;

	if (code.n < 2 || !pack_has(m->g, "document_type", code))
		return;
	for (uint32_t j = 0; j < i->documents.n; j++)
		if (i->documents.v[j].type.n == code.n - 1 &&
		    !memcmp(i->documents.v[j].type.p, code.p + 1, code.n - 1))
			return;
	x = ADD(m->arena, i->documents);
	x->head.present = true;
	x->category = (struct span){code.p, 1, 0};
	x->type = (struct span){code.p + 1, code.n - 1, 0};
	x->id = id;
	x->status = code_of(m->g, "document_status", "AC");
}

/* Licences, certificates: numbers of their own. */
static void put_licence(struct making *m, struct goods_item *i, struct span code)
{
	struct span id =
	    print(m->arena, "%.*s-%07u", SPAN_ARG(code), (unsigned)prng_below(&m->prng, 10000000));

	put_document(m, i, code, id);
}

static void put_permits(struct making *m, struct goods_item *i, struct span code)
{
	enum direction direction = m->export ? DIRECTION_EXPORT : DIRECTION_IMPORT;

	for (uint32_t n = 0; n <= code.n; n += 2)
		for (const struct ref_permit *p =
			 ref_permits(m->g->ref, (struct span){code.p, n, 0});
		     p; p = p->next)
			if (ref_holds(p->dates, m->g->day) &&
			    (p->direction == DIRECTION_UNKNOWN || p->direction == direction) &&
			    ref_area_has(m->g->ref, p->area, m->partner, m->g->day))
				put_licence(m, i, p->document);
}

/* The preference that the tariff has for these goods of this origin, or NULL. */
static const struct ref_measure *find_preference(const struct making *m, struct span code)
{
	for (uint32_t n = code.n; n >= 2; n -= 2)
		for (const struct ref_measure *x =
			 ref_measures(m->g->ref, (struct span){code.p, n, 0});
		     x; x = x->next)
			if (x->preference.n && x->levy->kind == LEVY_DUTY &&
			    ref_holds(x->dates, m->g->day) && !x->reference.n &&
			    ref_area_has(m->g->ref, x->area, m->partner, m->g->day) &&
			    (!x->exclude.n ||
			     !ref_area_has(m->g->ref, x->exclude, m->partner, m->g->day)))
				return x;
	return NULL;
}

static void put_origin(struct making *m, struct goods_item *i, struct span country,
		       const char *type)
{
	struct origin *o = ADD(m->arena, i->origins);

	o->head.present = true;
	o->country = country;
	o->type = span_of(type);
}

static void put_duty_claim(struct making *m, struct goods_item *i, struct span code)
{
	const struct ref_measure *preference = find_preference(m, code);
	struct duty_line *l = ADD(m->arena, i->commodity.duties);
	bool claims = prng_chance(&m->prng, 65 * PER_CENT);

	put_origin(m, i, m->partner, "1");
	l->head.present = true;
	l->type = preference ? preference->levy->code : code_of(m->g, "levy", "CUD");
	l->payment_method = code_of(m->g, "payment_method", "E");
	l->preference = m->g->no_preference;
	if (!preference || !claims)
		return;
	l->preference = preference->preference;
	put_origin(m, i, m->partner, "2");
	if (preference->document.n)
		put_licence(m, i, preference->document);
}

/* ---- goods ---- */

static const struct goods *choose_goods(struct making *m)
{
	const struct generator *g = m->g;
	uint32_t weight = 0, from = 0, to = 0;
	uint64_t at;

	for (uint32_t i = 0; i < ARRAY_LEN(trade_chapters); i++)
		if (trade_chapters[i].chapter >= m->trader->from &&
		    trade_chapters[i].chapter <= m->trader->to)
			weight += trade_chapters[i].weight;
	at = prng_below(&m->prng, weight ? weight : 1);
	for (uint32_t i = 0; i < ARRAY_LEN(trade_chapters); i++) {
		const struct trade_chapter *c = &trade_chapters[i];

		if (c->chapter < m->trader->from || c->chapter > m->trader->to)
			continue;
		if (at >= c->weight) {
			at -= c->weight;
			continue;
		}
		while (from < g->goods.n && g->goods.v[from].chapter->chapter < c->chapter)
			from++;
		to = from;
		while (to < g->goods.n && g->goods.v[to].chapter == c)
			to++;
		break;
	}
	/* A chapter that this tariff leaves empty. */
	if (to <= from)
		return &g->goods.v[prng_below(&m->prng, g->goods.n)];
	return &g->goods.v[from + prng_below(&m->prng, to - from)];
}

/* US cents as minor units of the invoice's currency. */
static int64_t from_cents(const struct making *m, int64_t cents)
{
	struct decimal dollar, own;
	struct ref_dates dates;
	int64_t dollar_per, own_per, amount;

	if (ref_rate(m->g->ref, SPAN("USD"), m->g->day, INT32_MAX, &dollar, &dollar_per, &dates) ||
	    ref_rate(m->g->ref, m->currency, m->g->day, INT32_MAX, &own, &own_per, &dates) ||
	    decimal_rescale(dollar, 6, ROUND_HALF_UP, &dollar) ||
	    decimal_rescale(own, 6, ROUND_HALF_UP, &own) || own.units == 0 ||
	    mul_div(cents, dollar.units * own_per, own.units * dollar_per, ROUND_HALF_UP, &amount))
		amount = cents;
	/* Cents are two digits; the currency may have none, or three. */
	for (unsigned i = 2; i > m->digits; i--)
		amount /= 10;
	for (unsigned i = 2; i < m->digits; i++)
		amount *= 10;
	return amount > 0 ? amount : 1;
}

/* How the tariff's unit measures a mass, in thousandths of the unit for each kilogram. */
static int64_t thousandths(struct span unit, uint32_t grams)
{
	if (span_is(unit, "NAR") || span_is(unit, "NPR"))
		return 1000 * 1000 / (int64_t)(grams ? grams : 500);
	for (uint32_t i = 0; i < ARRAY_LEN(trade_units); i++)
		if (span_is(unit, trade_units[i].unit))
			return trade_units[i].thousandths;
	return 1000;
}

struct figures {
	uint32_t price_low, price_high, grams;
};

static struct figures figures_of(const struct goods *k)
{
	struct figures f = {k->chapter->price_low, k->chapter->price_high, k->chapter->grams};
	struct span code = k->commodity->code;
	unsigned heading = 0;

	for (uint32_t i = 0; i < 4; i++)
		heading = heading * 10 + (unsigned)(code.p[i] - '0');
	for (uint32_t i = 0; i < ARRAY_LEN(trade_headings); i++)
		if (trade_headings[i].heading == heading) {
			f.price_low = trade_headings[i].price_low;
			f.price_high = trade_headings[i].price_high;
			f.grams = trade_headings[i].grams;
		}
	return f;
}

/* Between low and high, the small ones likelier. */
static int64_t skewed(struct prng *p, int64_t low, int64_t high)
{
	int64_t x = prng_between(p, low, high), y = prng_between(p, low, high);

	return x < y ? x : y;
}

static void put_quantities(struct making *m, struct goods_item *i, const struct goods *k)
{
	struct commodity *c = &i->commodity;
	struct figures f = figures_of(k);
	int64_t mass = skewed(&m->prng, k->chapter->mass_low, k->chapter->mass_high), pieces;
	int64_t cents = skewed(&m->prng, f.price_low, f.price_high), gross;

	/* Things that come by the piece weigh whole pieces. */
	if (f.grams >= 1000 &&
	    (span_is(k->commodity->unit, "NAR") || span_is(k->commodity->unit, "NPR"))) {
		pieces = mass * 1000 / f.grams;
		mass = (pieces ? pieces : 1) * f.grams / 1000;
	}
	gross = mass + mass / prng_between(&m->prng, 8, 40) + 1;
	c->net_mass = (struct quantity){decimal_of(mass, 0), SPAN("KGM")};
	c->gross_mass = (struct quantity){decimal_of(gross, 0), SPAN("KGM")};
	c->price = (struct amount){decimal_of(from_cents(m, mass * cents), (uint8_t)m->digits),
				   m->currency};
	if (k->commodity->unit.n) {
		int64_t units = mass * thousandths(k->commodity->unit, f.grams) / 1000;

		if (units < 1)
			units = 1;
		c->tariff_quantity = (struct quantity){decimal_of(units, 0), k->commodity->unit};
	}
}

/* Packages that the item's mass fills; returns how many. */
static int64_t put_packages(struct making *m, struct goods_item *i, const struct goods *k,
			    int64_t number)
{
	struct package *p = ADD(m->arena, i->packages);
	int64_t count = i->commodity.net_mass.value.units / k->chapter->package_kg + 1;

	p->head.present = true;
	p->sequence = decimal_of(1, 0);
	p->type = code_of(m->g, "package_type", k->chapter->package);
	p->count = decimal_of(count, 0);
	p->marks = print(m->arena, "%.3s %lld-%lld",
			 firm_first[m->trader->supplier % ARRAY_LEN(firm_first)], (long long)number,
			 (long long)(number + count - 1));
	return count;
}

static void put_procedure(struct making *m, struct goods_item *i, const char *requested,
			  const char *previous)
{
	struct procedure *p = ADD(m->arena, i->procedures);

	p->head.present = true;
	p->requested = span_of(requested);
	if (previous)
		p->previous = span_of(previous);
}

static void put_documents_of_procedure(struct making *m, struct goods_item *i,
				       const char *requested)
{
	const struct ref_procedure *p =
	    ref_procedure(m->g->ref, span_of(requested), SPAN("00"), m->g->day);
	struct span rest = p ? p->documents : NO_VALUE;

	while (rest.n) {
		struct span code = span_cut(&rest, ' ');

		put_licence(m, i, code);
	}
}

static int64_t put_item(struct making *m, const struct goods *k, const char *procedure,
			int64_t packages)
{
	struct shipment *s = &m->d->shipment;
	struct goods_item *i = ADD(m->arena, s->items);
	struct classification *c;
	struct span text = k->commodity->text.en;

	i->head.present = i->commodity.head.present = true;
	i->sequence = decimal_of(s->items.n, 0);
	put_document(m, i, SPAN("N380"), m->invoice);
	put_document(m, i,
		     m->mode == 'a'   ? SPAN("N740")
		     : m->mode == 'r' ? SPAN("N730")
				      : SPAN("N705"),
		     m->transport_document);
	i->commodity.description = text.n > 250 ? (struct span){text.p, 250, 0} : text;
	c = ADD(m->arena, i->commodity.classifications);
	c->head.present = true;
	c->id = k->commodity->code;
	c->type = SPAN("TSP");
	put_quantities(m, i, k);
	put_procedure(m, i, procedure, "00");
	if (pack_has(m->g, "additional_procedure", SPAN("000")))
		put_procedure(m, i, "000", NULL);
	put_documents_of_procedure(m, i, procedure);
	put_permits(m, i, k->commodity->code);
	if (m->export) {
		i->destination = m->partner;
		put_origin(m, i, ref_country(m->g->ref), "1");
	} else {
		i->valuation_method = code_of(m->g, "valuation_method", "1");
		i->valuation_indicators = SPAN("0000");
		put_duty_claim(m, i, k->commodity->code);
	}
	if (s->consignment.containers.n) {
		struct container *box = ADD(m->arena, i->commodity.containers);

		box->head.present = true;
		box->sequence = decimal_of(1, 0);
		box->id = s->consignment.containers.v[0].id;
	}
	return put_packages(m, i, k, packages + 1);
}

/* ---- the whole ---- */

static void put_header(struct making *m, const struct ref_code *office)
{
	struct declaration *d = m->d;
	bool ahead = prng_chance(&m->prng, 15 * PER_CENT);

	d->head.present = true;
	d->function = SPAN("9");
	d->trader_reference = print(m->arena, "S%llu-%06llu", (unsigned long long)m->g->seed,
				    (unsigned long long)m->n);
	d->type = code_of(m->g, "declaration_type",
			  m->export ? (ahead ? "EXD" : "EXA") : (ahead ? "IMD" : "IMA"));
	d->office = office->code;
	if (m->export)
		d->exit_office = office->code;
}

static void put_trade(struct making *m)
{
	struct shipment *s = &m->d->shipment;
	int32_t age = (int32_t)prng_between(&m->prng, 2, 40);
	struct text day = text_in(m->arena);
	int year, month, dom;

	s->head.present = true;
	s->transaction = code_of(m->g, "transaction", "11");
	s->invoice = m->invoice;
	day_split(m->g->day - age, &year, &month, &dom);
	text_print(&day, "%04d%02d%02d", year, month, dom);
	s->invoice_time.text = text_as_span(&day);
	s->invoice_time.format = SPAN("102");
	s->terms.head.present = true;
	m->fob = !m->export && prng_chance(&m->prng, 35 * PER_CENT);
	s->terms.code = code_of(m->g, "incoterm", m->export ? "FCA" : m->fob ? "FOB" : "CIF");
	s->terms.place_name = m->place;
	s->ucr.head.present = true;
	s->ucr.id =
	    print(m->arena, "%d%.*s%.*s-%06llu", year % 10, SPAN_ARG(ref_country(m->g->ref)),
		  SPAN_ARG(m->trader->id), (unsigned long long)m->n);
	if (m->export)
		s->destination = m->partner;
	else
		s->export_country = m->partner;
}

/* What the price leaves out, where it leaves out the transport. */
static void put_freight(struct making *m, int64_t price)
{
	struct shipment *s = &m->d->shipment;
	int64_t per_mille = prng_between(&m->prng, 25, 110);
	struct charge *insurance;

	if (!m->fob)
		return;
	s->freight = (struct amount){decimal_of(price * per_mille / 1000 + 1, (uint8_t)m->digits),
				     m->currency};
	insurance = ADD(m->arena, s->charges);
	insurance->head.present = true;
	insurance->type = code_of(m->g, "charge", "AP");
	insurance->amount =
	    (struct amount){decimal_of(price * 4 / 1000 + 1, (uint8_t)m->digits), m->currency};
}

static void put_totals(struct making *m, int64_t packages)
{
	struct declaration *d = m->d;
	int64_t gross = 0, price = 0;

	for (uint32_t i = 0; i < d->shipment.items.n; i++) {
		gross += d->shipment.items.v[i].commodity.gross_mass.value.units;
		price += d->shipment.items.v[i].commodity.price.value.units;
	}
	d->item_count = decimal_of(d->shipment.items.n, 0);
	d->invoice_total = (struct amount){decimal_of(price, (uint8_t)m->digits), m->currency};
	d->gross_mass = (struct quantity){decimal_of(gross, 0), SPAN("KGM")};
	d->package_count = decimal_of(packages, 0);
	put_freight(m, price);
}

/* Goods for a warehouse owe their duties later: somebody guarantees them. */
static void put_warehouse(struct making *m)
{
	struct declaration *d = m->d;
	struct guarantee *x = ADD(m->arena, d->guarantees);

	x->head.present = true;
	x->type = code_of(m->g, "guarantee_type", "1");
	x->id =
	    print(m->arena, "%.*sG%.*s", SPAN_ARG(ref_country(m->g->ref)), SPAN_ARG(m->trader->id));
	d->shipment.warehouse.head.present = true;
	d->shipment.warehouse.id = print(m->arena, "WH%04u", 100 + m->trader->supplier);
	d->shipment.warehouse.type = code_of(m->g, "warehouse_type", "R");
}

static const char *choose_procedure(struct making *m)
{
	bool warehouse = prng_chance(&m->prng, 3 * PER_CENT);

	if (m->export)
		return "10";
	if (warehouse && ref_procedure(m->g->ref, SPAN("71"), SPAN("00"), m->g->day)) {
		put_warehouse(m);
		return "71";
	}
	return "40";
}

static void put_items(struct making *m, const struct goods *first, const char *procedure)
{
	int64_t n = skewed(&m->prng, 1, m->g->items_most), packages = 0;

	for (int64_t i = 0; i < n; i++)
		packages += put_item(m, i ? choose_goods(m) : first, procedure, packages);
	put_totals(m, packages);
}

static void put_envelope(struct making *m, struct message *to)
{
	to->format = SPAN("json");
	to->envelope.head.present = true;
	to->envelope.model_version = SPAN("3.6");
	to->envelope.document_type = SPAN("DEC");
	to->envelope.country = ref_country(m->g->ref);
}

void generator_limit_items(struct generator *g, uint32_t most)
{
	BUG_ON(!most);
	g->items_most = most;
}

void generator_make(const struct generator *g, uint64_t n, struct arena *a, struct message *ret)
{
	struct making m = {.g = g, .arena = a, .prng = prng_of(g->seed, n), .n = n};
	const struct ref_code *office;
	const struct goods *first;

	*ret = (struct message){0};
	m.d = &ret->declaration;
	put_envelope(&m, ret);
	choose_trader(&m);
	m.export = prng_chance(&m.prng, 14 * PER_CENT);
	first = choose_goods(&m);
	choose_partner(&m, first->chapter);
	office = choose_office(&m);
	m.invoice =
	    print(a, "%.*s-%05u", SPAN_ARG(m.partner), (unsigned)prng_below(&m.prng, 100000));
	m.transport_document =
	    print(a, "%.*s%08u", SPAN_ARG(m.partner), (unsigned)prng_below(&m.prng, 100000000));
	put_header(&m, office);
	put_parties(&m);
	put_trade(&m);
	put_transport(&m, office);
	put_items(&m, first, choose_procedure(&m));
	if (prng_chance(&m.prng, 6 * PER_CENT))
		generator_spoil(&ret->declaration, &m.prng);
}
