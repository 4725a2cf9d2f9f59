#include "ref/loader.h"

/* One key of pack.csv. read() stores the value, or refuses it. */
struct wanted {
	const char *key;
	bool (*read)(struct refset *s, struct span value);
	const char *expected;
	enum reference refers;
	bool optional;
};

static bool any_of(struct span value, const char *words, int *ret_index)
{
	struct span rest = span_of(words), word;

	for (int i = 0; (word = next_word(&rest)).n; i++)
		if (span_equal(word, value)) {
			*ret_index = i;
			return true;
		}
	return false;
}

static bool whole_within(struct span value, int64_t min, int64_t max, int64_t *ret)
{
	struct decimal d;

	if (decimal_parse(value, &d) || d.scale || d.units < min || d.units > max)
		return false;
	*ret = d.units;
	return true;
}

static bool read_name(struct refset *s, struct span value)
{
	(void)s;
	return value.n > 0;
}

static bool read_country(struct refset *s, struct span value)
{
	s->country = value;
	return value.n > 0;
}

static bool read_currency(struct refset *s, struct span value)
{
	s->currency = value;
	return value.n > 0;
}

/* Civil time lies between twelve hours west and fourteen east. */
static bool read_zone(struct refset *s, struct span value)
{
	int64_t minutes;

	if (!whole_within(value, -12 * 60, 14 * 60, &minutes))
		return false;
	s->zone_minutes = (int32_t)minutes;
	return true;
}

static bool read_valuation(struct refset *s, struct span value)
{
	s->cif = span_is(value, "CIF");
	return s->cif || span_is(value, "FOB");
}

static bool read_shard(struct refset *s, struct span value)
{
	int64_t number;

	s->shard = value;
	return value.n == 2 && value.p[0] >= '0' && value.p[0] <= '9' &&
	       whole_within(value, 0, 99, &number);
}

/* Two small letters each. */
static bool read_languages(struct refset *s, struct span value)
{
	struct span word;
	uint32_t n = 0;

	(void)s;
	while ((word = next_word(&value)).n) {
		if (word.n != 2 || word.p[0] < 'a' || word.p[0] > 'z' || word.p[1] < 'a' ||
		    word.p[1] > 'z')
			return false;
		n++;
	}
	return n > 0;
}

static bool read_random(struct refset *s, struct span value)
{
	return whole_within(value, 0, 1000000, &s->random_ppm);
}

static bool read_missed_hits(struct refset *s, struct span value)
{
	return whole_within(value, 0, 1000, &s->missed_hits);
}

static bool read_yellow_days(struct refset *s, struct span value)
{
	return whole_within(value, 0, 366, &s->yellow_days);
}

static bool read_rounding(struct refset *s, struct span value)
{
	int index;

	if (!any_of(value, "half-up half-even down up", &index))
		return false;
	s->rounding = (enum rounding)index; /* the words stand in the enum's order */
	return true;
}

static bool read_moment(struct refset *s, enum legal_date which, struct span value)
{
	int index;

	if (!any_of(value, "lodgement acceptance presentation", &index))
		return false;
	s->dates[which] = (enum ref_moment)index; /* the words stand in the enum's order */
	return true;
}

static bool read_exchange_date(struct refset *s, struct span value)
{
	return read_moment(s, DATE_EXCHANGE, value);
}

static bool read_quota_date(struct refset *s, struct span value)
{
	return read_moment(s, DATE_QUOTA, value);
}

static bool read_statistics_date(struct refset *s, struct span value)
{
	return read_moment(s, DATE_STATISTICS, value);
}

static bool read_tariff_date(struct refset *s, struct span value)
{
	return read_moment(s, DATE_TARIFF, value);
}

enum { DAYS_MAX = 366 };

static bool read_contingency_days(struct refset *s, struct span value)
{
	return whole_within(value, 0, DAYS_MAX, &s->contingency_days);
}

static bool read_supplementary_days(struct refset *s, struct span value)
{
	return whole_within(value, 0, DAYS_MAX, &s->supplementary_days);
}

static bool read_supplementary_document(struct refset *s, struct span value)
{
	s->supplementary_document = value;
	return value.n > 0;
}

/* Codes of documents that are written off. */
static bool read_write_off(struct refset *s, struct span value)
{
	s->write_off = value;
	return value.n > 0;
}

static bool read_write_off_mass(struct refset *s, struct span value)
{
	return whole_within(value, 0, 1000000, &s->write_off_mass_ppm);
}

static bool read_write_off_packages(struct refset *s, struct span value)
{
	return whole_within(value, 0, 1000000, &s->write_off_packages_ppm);
}

/* clang-format off */
#define SOME_DAYS "a whole number from 0 to 366"
#define A_MOMENT "one of: lodgement acceptance presentation"
static const struct wanted settings[] = {
	{"contingency_days", read_contingency_days, SOME_DAYS, REFERS_NOTHING, true},
	{"country",      read_country,   "two capital letters",                      REFERS_COUNTRY, false},
	{"currency",     read_currency,  "three capital letters",                    REFERS_CURRENCY, false},
	{"exchange_date", read_exchange_date, A_MOMENT, REFERS_NOTHING, true},
	{"languages",    read_languages, "languages of two letters, such as en fr",  REFERS_NOTHING, false},
	{"name",         read_name,      "a text",                                   REFERS_NOTHING, false},
	{"quota_date", read_quota_date, A_MOMENT, REFERS_NOTHING, true},
	{"random_ppm",   read_random,    "a whole number from 0 to 1000000",         REFERS_NOTHING, false},
	{"rounding",     read_rounding,  "one of: half-up half-even down up",        REFERS_NOTHING, false},
	{"selection_missed_hits", read_missed_hits, "a whole number from 0 to 1000", REFERS_NOTHING, true},
	{"shard",        read_shard,     "two digits",                               REFERS_NOTHING, false},
	{"statistics_date", read_statistics_date, A_MOMENT, REFERS_NOTHING, true},
	{"supplementary_days", read_supplementary_days, SOME_DAYS, REFERS_NOTHING, true},
	{"supplementary_document", read_supplementary_document, "a document code", REFERS_NOTHING, true},
	{"tariff_date", read_tariff_date, A_MOMENT, REFERS_NOTHING, true},
	{"valuation",    read_valuation, "CIF or FOB",                               REFERS_NOTHING, false},
	{"write_off", read_write_off, "codes of documents, with blanks between", REFERS_NOTHING, true},
	{"write_off_mass_ppm", read_write_off_mass, "a whole number from 0 to 1000000", REFERS_NOTHING, true},
	{"write_off_packages_ppm", read_write_off_packages, "a whole number from 0 to 1000000", REFERS_NOTHING, true},
	{"yellow_to_blue_days", read_yellow_days, SOME_DAYS, REFERS_NOTHING, true},
	{"zone_minutes", read_zone,      "a whole number from -720 to 840",          REFERS_NOTHING, false},
};
/* clang-format on */

static void read_setting(struct loader *l, const struct wanted *w)
{
	const struct setting *s = map_get(&l->set->settings, span_of(w->key));
	struct field f;

	if (!s && w->optional)
		return;
	if (!s) {
		LOAD_FAULT(l, 0, 0, "setting.missing", "key \"%s\" is missing", w->key);
		return;
	}
	f = (struct field){.text = s->value, .line = s->line, .column = s->column};
	if (!w->read(l->set, s->value))
		FIELD_FAULT(l, &f, "setting.value", "%s \"%.*s\" must be %s", w->key,
			    QUOTE_ARG(s->value), w->expected);
	else if (w->refers != REFERS_NOTHING)
		reference_check(l, &f, s->value, w->refers);
}

/* Amounts of money are counted in the national currency's minor unit, for all time: its digits cannot change. (A country that
 * changes its money takes a new code.) */
static void read_digits(struct loader *l)
{
	const struct code_list *currencies = map_get(&l->set->lists, SPAN("currency"));
	const struct ref_code *c =
	    currencies ? map_get(&currencies->codes, l->set->currency) : NULL;
	const struct setting *s = map_get(&l->set->settings, SPAN("currency"));

	if (!c)
		return;
	l->set->digits = c->digits;
	for (const struct ref_code *other = c->next; other; other = other->next)
		if (other->digits != c->digits) {
			LOAD_FAULT(
			    l, s->line, s->column, "currency.digits",
			    "the minor unit of the national currency may not change over time");
			return;
		}
}

void settings_read(struct loader *l)
{
	l->file = span_of(tables[TABLE_PACK].file);
	l->set->contingency_days = l->set->supplementary_days = 10;
	for (uint32_t i = 0; i < ARRAY_LEN(settings); i++)
		read_setting(l, &settings[i]);
	read_digits(l);
}
