#include "risk/history.h"

#include <stdlib.h>

/* ---- decay ---- */

/* 2^32 * 2^(-k/180), to the nearest: a whole half life is a shift. */
static const int64_t decay_by_day[HISTORY_HALF_LIFE] = {
    // clang-format off
	4294967296, 4278459964, 4262016076, 4245635389, 4229317660, 4213062646, 4196870107,
	4180739803, 4164671494, 4148664943, 4132719911, 4116836162, 4101013462, 4085251574,
	4069550266, 4053909305, 4038328458, 4022807494, 4007346185, 3991944299, 3976601609,
	3961317888, 3946092908, 3930926444, 3915818271, 3900768165, 3885775903, 3870841262,
	3855964022, 3841143960, 3826380858, 3811674497, 3797024659, 3782431126, 3767893682,
	3753412111, 3738986199, 3724615732, 3710300496, 3696040279, 3681834871, 3667684060,
	3653587636, 3639545391, 3625557115, 3611622603, 3597741646, 3583914040, 3570139579,
	3556418059, 3542749276, 3529133029, 3515569114, 3502057330, 3488597478, 3475189358,
	3461832771, 3448527519, 3435273404, 3422070230, 3408917802, 3395815924, 3382764401,
	3369763041, 3356811651, 3343910038, 3331058012, 3318255381, 3305501956, 3292797547,
	3280141967, 3267535027, 3254976542, 3242466323, 3230004187, 3217589947, 3205223421,
	3192904424, 3180632775, 3168408290, 3156230789, 3144100091, 3132016017, 3119978386,
	3107987022, 3096041745, 3084142378, 3072288746, 3060480672, 3048717982, 3037000500,
	3025328053, 3013700469, 3002117574, 2990579197, 2979085167, 2967635313, 2956229465,
	2944867455, 2933549114, 2922274274, 2911042767, 2899854428, 2888709091, 2877606589,
	2866546760, 2855529437, 2844554459, 2833621662, 2822730884, 2811881964, 2801074741,
	2790309055, 2779584745, 2768901654, 2758259622, 2747658491, 2737098106, 2726578308,
	2716098942, 2705659852, 2695260885, 2684901885, 2674582698, 2664303173, 2654063156,
	2643862496, 2633701041, 2623578641, 2613495145, 2603450405, 2593444270, 2583476593,
	2573547226, 2563656022, 2553802834, 2543987515, 2534209921, 2524469906, 2514767326,
	2505102037, 2495473896, 2485882760, 2476328486, 2466810934, 2457329961, 2447885428,
	2438477194, 2429105119, 2419769066, 2410468894, 2401204467, 2391975647, 2382782298,
	2373624282, 2364501464, 2355413709, 2346360881, 2337342848, 2328359475, 2319410628,
	2310496176, 2301615985, 2292769925, 2283957864, 2275179671, 2266435216, 2257724370,
	2249047003, 2240402987, 2231792194, 2223214495, 2214669764, 2206157874, 2197678699,
	2189232112, 2180817990, 2172436206, 2164086637, 2155769159,
    // clang-format on
};

int64_t history_decay(int64_t weight, int64_t days)
{
	int64_t halves = days / HISTORY_HALF_LIFE;

	if (days <= 0 || weight <= 0)
		return weight;
	if (halves >= 63)
		return 0;
	return (int64_t)(((__int128)weight * decay_by_day[days % HISTORY_HALF_LIFE]) >> 32) >>
	       halves;
}

/* ---- prices ---- */

enum { PRICE_SCALE = 6, PRICE_DIGITS_FROM = 100, PRICE_STEPS = 900 };

uint16_t history_price_pack(struct decimal price)
{
	__int128 v = (__int128)price.units * decimal_power10(PRICE_SCALE);
	uint32_t shift = 0;

	BUG_ON(price.units <= 0);
	for (unsigned i = 0; i < price.scale; i++)
		v /= 10;
	for (; v >= PRICE_DIGITS_FROM + PRICE_STEPS; shift++)
		v /= 10;
	/* what is less than 0.000100 is as good as that */
	if (v < PRICE_DIGITS_FROM)
		v = PRICE_DIGITS_FROM;
	return (uint16_t)(shift * PRICE_STEPS + (uint32_t)(v - PRICE_DIGITS_FROM));
}

struct decimal history_price_unpack(uint16_t packed)
{
	unsigned shift = packed / PRICE_STEPS;
	int64_t digits = PRICE_DIGITS_FROM + packed % PRICE_STEPS;

	/* beyond 9 * 10^12 no price comes, and no more than that is kept of one */
	return decimal_of(shift > 15 ? INT64_MAX : digits * decimal_power10(shift), PRICE_SCALE);
}

static void add_price(struct history_prices *p, uint16_t packed)
{
	if (p->n == HISTORY_PRICES_MAX)
		memmove(p->v, p->v + 1, --p->n * sizeof(p->v[0]));
	p->v[p->n++] = packed;
}

/* ---- a row ---- */

void history_begin(struct history_row *r)
{
	*r = (struct history_row){.day = INT32_MIN};
}

/* Bits behind the point of a weight. */
enum { WEIGHT = 16 };

static void forget_days(struct history_row *r)
{
	uint32_t old = 0;

	while (old < r->day_count && r->days[old].day <= r->day - HISTORY_DAYS)
		old++;
	r->day_count -= old;
	memmove(r->days, r->days + old, r->day_count * sizeof(r->days[0]));
}

/* A later day begins: what its day before added joins what was before. */
static void turn(struct history_row *r, int32_t day)
{
	int64_t passed = r->day == INT32_MIN ? 0 : (int64_t)day - r->day;

	if (r->day != INT32_MIN && day <= r->day)
		return;
	r->examined_recent =
	    history_decay(r->examined_recent + (r->today.examined << WEIGHT), passed);
	r->irregular_recent =
	    history_decay(r->irregular_recent + (r->today.irregular << WEIGHT), passed);
	r->before.declared += r->today.declared;
	r->before.examined += r->today.examined;
	r->before.irregular += r->today.irregular;
	r->today = (struct history_counts){0};
	for (uint32_t i = 0; i < r->prices_today.n; i++)
		add_price(&r->prices_before, r->prices_today.v[i]);
	r->prices_today.n = 0;
	r->day = day;
	forget_days(r);
}

static int64_t add_up(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

void history_declare(struct history_row *r, int32_t day, int64_t minor)
{
	struct history_day *last;

	turn(r, day);
	r->today.declared++;
	last = r->day_count ? &r->days[r->day_count - 1] : NULL;
	if (!last || last->day != r->day) {
		last = &r->days[r->day_count++];
		*last = (struct history_day){.day = r->day};
	}
	last->count++;
	last->minor = add_up(last->minor, minor > 0 ? minor : 0);
}

void history_control(struct history_row *r, int32_t day, bool examined, bool irregular)
{
	turn(r, day);
	r->today.examined += examined;
	r->today.irregular += irregular;
}

void history_price(struct history_row *r, int32_t day, struct decimal price)
{
	turn(r, day);
	if (price.set && price.units > 0)
		add_price(&r->prices_today, history_price_pack(price));
}

/* ---- bytes: numbers without sign in groups of seven bits, the lowest first ---- */

enum { ROW_FORMAT = 1 };

static void put(struct text *t, int64_t value)
{
	uint64_t v = (uint64_t)value;

	BUG_ON(value < 0);
	for (; v >= 128; v >>= 7)
		text_char(t, (char)(uint8_t)(v | 128));
	text_char(t, (char)(uint8_t)v);
}

struct reader {
	const uint8_t *p, *end;
	bool bad;
};

static int64_t get(struct reader *r, int64_t most)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		if (r->p == r->end)
			break;
		v |= (uint64_t)(*r->p & 127) << shift;
		if (!(*r->p++ & 128)) {
			if (v > (uint64_t)most)
				break;
			return (int64_t)v;
		}
	}
	r->bad = true;
	return 0;
}

static void put_counts(struct text *t, const struct history_counts *c)
{
	put(t, c->declared);
	put(t, c->examined);
	put(t, c->irregular);
}

static void get_counts(struct reader *r, struct history_counts *ret)
{
	ret->declared = get(r, INT64_MAX);
	ret->examined = get(r, INT64_MAX);
	ret->irregular = get(r, INT64_MAX);
}

static void put_prices(struct text *t, const struct history_prices *p)
{
	put(t, p->n);
	for (uint32_t i = 0; i < p->n; i++)
		put(t, p->v[i]);
}

static void get_prices(struct reader *r, struct history_prices *ret)
{
	ret->n = (uint32_t)get(r, HISTORY_PRICES_MAX);
	for (uint32_t i = 0; i < ret->n; i++)
		ret->v[i] = (uint16_t)get(r, UINT16_MAX);
}

/* Days stand as how long before the row's they were. */
void history_write(struct text *to, const struct history_row *r)
{
	BUG_ON(r->day < 0);
	put(to, ROW_FORMAT);
	put(to, r->day);
	put_counts(to, &r->before);
	put_counts(to, &r->today);
	put(to, r->examined_recent);
	put(to, r->irregular_recent);
	put(to, r->day_count);
	for (uint32_t i = 0; i < r->day_count; i++) {
		put(to, r->day - r->days[i].day);
		put(to, r->days[i].count);
		put(to, r->days[i].minor);
	}
	put_prices(to, &r->prices_before);
	put_prices(to, &r->prices_today);
}

enum err history_read(struct span bytes, struct history_row *ret)
{
	struct reader r = {(const uint8_t *)bytes.p, (const uint8_t *)bytes.p + bytes.n, false};

	if (!bytes.p || get(&r, INT64_MAX) != ROW_FORMAT)
		return ERR_FORMAT;
	ret->day = (int32_t)get(&r, INT32_MAX);
	get_counts(&r, &ret->before);
	get_counts(&r, &ret->today);
	ret->examined_recent = get(&r, INT64_MAX);
	ret->irregular_recent = get(&r, INT64_MAX);
	ret->day_count = (uint32_t)get(&r, HISTORY_DAYS);
	for (uint32_t i = 0; i < ret->day_count; i++) {
		ret->days[i].day = ret->day - (int32_t)get(&r, HISTORY_DAYS);
		ret->days[i].count = get(&r, INT64_MAX);
		ret->days[i].minor = get(&r, INT64_MAX);
	}
	get_prices(&r, &ret->prices_before);
	get_prices(&r, &ret->prices_today);
	return r.bad || r.p != r.end ? ERR_FORMAT : ERR_NONE;
}

/* ---- as of a day ---- */

static int32_t thousandths(int64_t weight)
{
	__int128 v = (__int128)weight * 1000 >> WEIGHT;

	return v > INT32_MAX ? INT32_MAX : (int32_t)v;
}

/* What the day itself added counts only when that day is over. */
static void sum_counts(const struct history_row *r, int32_t day, struct history_fact *to,
		       int64_t recent[2])
{
	bool over = r->day < day;
	int64_t passed = over ? (int64_t)day - r->day : 0;
	struct history_counts add = over ? r->today : (struct history_counts){0};

	to->declared += r->before.declared + add.declared;
	to->examined += r->before.examined + add.examined;
	to->irregular += r->before.irregular + add.irregular;
	recent[0] += history_decay(r->examined_recent + (add.examined << WEIGHT), passed);
	recent[1] += history_decay(r->irregular_recent + (add.irregular << WEIGHT), passed);
}

static void sum_window(const struct history_row *r, int32_t day, struct history_window *to)
{
	for (uint32_t i = 0; i < r->day_count; i++) {
		if (r->days[i].day >= day || r->days[i].day <= day - to->days)
			continue;
		to->count += r->days[i].count;
		to->minor = add_up(to->minor, r->days[i].minor);
	}
}

static int by_size(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static struct decimal deviation_of(struct arena *a, const uint16_t *v, uint32_t n,
				   struct decimal median)
{
	int64_t *off = ARENA_ARRAY(a, int64_t, n);

	for (uint32_t i = 0; i < n; i++) {
		int64_t d = history_price_unpack(v[i]).units - median.units;

		off[i] = d < 0 ? -d : d;
	}
	qsort(off, n, sizeof(*off), by_value);
	return decimal_of(off[(n - 1) / 2], PRICE_SCALE);
}

static void sum_prices(struct arena *a, const struct history_row *const *rows, uint32_t n,
		       int32_t day, const struct history_asked *asked, struct history_fact *to)
{
	uint16_t *v = ARENA_ARRAY(a, uint16_t, (size_t)n * 2 * HISTORY_PRICES_MAX + 1);
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct history_prices *before = &rows[i]->prices_before,
					    *today = &rows[i]->prices_today;
		uint32_t own = rows[i]->day < day ? today->n : 0,
			 drop = before->n + own > HISTORY_PRICES_MAX
				    ? before->n + own - HISTORY_PRICES_MAX
				    : 0;

		for (uint32_t j = drop; j < before->n; j++)
			v[k++] = before->v[j];
		for (uint32_t j = 0; j < own; j++)
			v[k++] = today->v[j];
	}
	to->prices = k;
	if (!k)
		return;
	qsort(v, k, sizeof(*v), by_size);
	to->median = history_price_unpack(v[(k - 1) / 2]);
	to->deviation = deviation_of(a, v, k, to->median);
	to->quantiles.v = ARENA_ARRAY(a, struct history_quantile, asked->permille_count + 1);
	for (uint32_t i = 0; i < asked->permille_count; i++)
		to->quantiles.v[to->quantiles.n++] = (struct history_quantile){
		    asked->permille[i],
		    history_price_unpack(v[(uint64_t)asked->permille[i] * (k - 1) / 1000])};
}

void history_sum(struct arena *a, const struct history_row *const *rows, uint32_t n, int32_t day,
		 enum history_kind kind, const struct history_asked *asked,
		 struct history_fact *ret)
{
	struct history_fact f = {.subject = ret->subject};
	int64_t recent[2] = {0, 0};

	for (uint32_t i = 0; i < n; i++)
		sum_counts(rows[i], day, &f, recent);
	f.examined_recent = thousandths(recent[0]);
	f.irregular_recent = thousandths(recent[1]);
	if (kind == HISTORY_PRICES)
		sum_prices(a, rows, n, day, asked, &f);
	if (asked->window_kind[kind]) {
		f.windows.v = ARENA_ARRAY(a, struct history_window, asked->days_count + 1);
		for (uint32_t w = 0; w < asked->days_count; w++) {
			struct history_window *to = &f.windows.v[f.windows.n++];

			*to = (struct history_window){.days = asked->days[w]};
			for (uint32_t i = 0; i < n; i++)
				sum_window(rows[i], day, to);
		}
	}
	*ret = f;
}

/* ---- subjects ---- */

static struct span joined(struct arena *a, enum history_kind k, struct span x, struct span y)
{
	struct span role = span_of(history_kind_name(k));
	char *p = arena_alloc(a, role.n + x.n + y.n + 2), *to = p;

	if (!x.n)
		return (struct span){"", 0, 0};
	memcpy(to, role.p, role.n);
	to += role.n;
	*to++ = '/';
	memcpy(to, x.p, x.n);
	to += x.n;
	if (y.n) {
		*to++ = '/';
		memcpy(to, y.p, y.n);
		to += y.n;
	}
	return (struct span){p, (uint32_t)(to - p), 0};
}

static struct span holder(const struct declaration *d)
{
	return declaration_direction(d) == DIRECTION_EXPORT ? d->exporter.id
							    : d->shipment.importer.id;
}

/* Who is known by a name alone is kept by a number made of it, without what differs between two ways to write it: a name is
 * personal, and the rows outlive what may have to be erased. */
static struct span named(struct arena *a, struct span name, struct span country)
{
	uint64_t h = UINT64_C(14695981039346656037);
	char *hex = arena_alloc(a, 18);

	for (uint32_t i = 0; i < name.n + country.n; i++) {
		char c = i < name.n ? name.p[i] : country.p[i - name.n];

		if (c >= 'a' && c <= 'z')
			c = (char)(c & ~0x20);
		if (c != ' ' && c != '.' && c != ',')
			h = (h ^ (uint8_t)c) * UINT64_C(1099511628211);
	}
	hex[0] = '#';
	for (int i = 16; i > 0; i--, h >>= 4)
		hex[i] = "0123456789abcdef"[h & 15];
	return (struct span){hex, name.n ? 17 : 0, 0};
}

static struct span exporter(struct arena *a, const struct declaration *d)
{
	const struct span country = d->exporter.address.country.n
					? d->exporter.address.country
					: d->shipment.consignor.address.country;

	if (declaration_direction(d) == DIRECTION_EXPORT)
		return (struct span){"", 0, 0};
	if (d->exporter.id.n)
		return d->exporter.id;
	return named(a, d->exporter.name.n ? d->exporter.name : d->shipment.consignor.name,
		     country);
}

static struct span origin_of(const struct goods_item *i)
{
	struct span origin = goods_item_origin(i, false);

	return origin.n ? origin : goods_item_origin(i, true);
}

static struct span prefix(struct span code, uint32_t n)
{
	return code.n >= n ? (struct span){code.p, n, 0} : (struct span){"", 0, 0};
}

static const struct span nothing = {"", 0, 0};

/* Longer ones are nobody's: numbers and codes of a trade that is allowed are far shorter. */
enum { SUBJECT_PART_BYTES = 100 };

static struct span both(struct arena *a, enum history_kind k, struct span x, struct span y)
{
	bool whole = x.n && y.n && x.n <= SUBJECT_PART_BYTES && y.n <= SUBJECT_PART_BYTES;

	return whole ? joined(a, k, x, y) : nothing;
}

static struct span one(struct arena *a, enum history_kind k, struct span x)
{
	return x.n <= SUBJECT_PART_BYTES ? joined(a, k, x, nothing) : nothing;
}

struct span history_subject(struct arena *a, enum history_kind k, const struct declaration *d,
			    const struct goods_item *i, struct span office)
{
	switch (k) {
	case HISTORY_IMPORTER:
		return one(a, k, holder(d));
	case HISTORY_DECLARANT:
		return one(a, k, d->declarant.id);
	case HISTORY_EXPORTER:
		return one(a, k, exporter(a, d));
	case HISTORY_OFFICE:
		return one(a, k, office);
	case HISTORY_CHAPTER:
		return one(a, k, prefix(goods_item_code(a, i), 2));
	case HISTORY_HEADING:
		return one(a, k, prefix(goods_item_code(a, i), 4));
	case HISTORY_COMMODITY:
		return one(a, k, goods_item_code(a, i));
	case HISTORY_ORIGIN:
		return one(a, k, origin_of(i));
	case HISTORY_PAIR:
		return both(a, k, holder(d), goods_item_code(a, i));
	case HISTORY_PRICES:
		return both(a, k, goods_item_code(a, i), origin_of(i));
	case HISTORY_KINDS:
		break;
	}
	return nothing;
}

enum { UNIT_PRICE_SCALE = 4 };

/* A price too large for a number is as large as one can be. */
bool history_unit_price(struct money customs_value, unsigned digits, struct decimal mass,
			struct decimal *ret)
{
	struct decimal value = money_to_decimal(customs_value, digits);
	__int128 units, divisor;

	if (!mass.set || mass.units <= 0 || value.units < 0)
		return false;
	units =
	    (__int128)value.units * decimal_power10(UNIT_PRICE_SCALE) * decimal_power10(mass.scale);
	divisor = (__int128)mass.units * decimal_power10(value.scale);
	units = (2 * units + divisor) / (2 * divisor);
	*ret = decimal_of(units > INT64_MAX ? INT64_MAX : (int64_t)units, UNIT_PRICE_SCALE);
	return true;
}
