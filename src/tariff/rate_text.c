/* By recursive descent over the text in small letters, with blanks folded:
 *
 *   rate      = "free" [ "," anything ] | reference [ ( "+" | "plus" | "minus" ) percent ] | sum [ "but not less than" term ]
 *   sum       = term { ( "+" | "less" ) term }
 *   term      = percent [ part ] | amount ( "each" | "/" [ count ] unit )
 *   amount    = number "¢" | "$" number
 */
#include "tariff/rate_text.h"

#include "base/limits.h"

/* Units by the words in which a schedule says them. A blank stands for any number of blanks. A phrase that begins like another
 * stands before it. */
static const struct {
	const char *phrase, *code;
} units[] = {
    {"kg on drained weight", "KGM_DRAINED"},
    {"kg on contents and container", "KGM_WITH_CONTAINER"},
    {"kg on entire contents of container", "KGM_CONTENTS"},
    {"kg of total sugars", "KGM_SUGARS"},
    {"kg on lead content", "KGM_LEAD"},
    {"kg on copper content", "KGM_COPPER"},
    {"kg on zinc content", "KGM_ZINC"},
    {"kg on molybdenum content", "KGM_MOLYBDENUM"},
    {"kg on tungsten content", "KGM_TUNGSTEN"},
    {"kg on magnesium content", "KGM_MAGNESIUM"},
    {"kg on manganese content", "KGM_MANGANESE"},
    {"kg for each degree under 100 degrees ( and fractions of a degree in proportion )",
     "KGM_DEGREES_UNDER_100"},
    {"kg on silicon content", "KGM_SILICON"},
    {"kg, including weight of container", "KGM_WITH_CONTAINER"},
    {"kg", "kg"},
    {"clean kg", "KGM_CLEAN"},
    {"t, including weight of container", "TNE_WITH_CONTAINER"},
    {"t", "TNE"},
    {"liter on ethyl alcohol content", "LPA"},
    {"liter", "LTR"},
    {"pf. liter on ethyl alcohol content", "PFL"},
    {"pf. liter", "PFL"},
    {"pf .liter", "PFL"},
    {"bbl", "BLL"},
    {"doz. prs.", "DPR"},
    {"doz.", "DZN"},
    {"doz", "DZN"},
    {"pr.", "NPR"},
    {"prs.", "NPR"},
    {"gross lines", "GRL"},
    {"line / gross", "GRL"},
    {"gross", "GRO"},
    {"thousand", "MIL"},
    {"article", "NAR"},
    {"head", "NAR"},
    {"jewel over 7", "JWL_OVER_7"},
    {"jewel", "JWL"},
    {"carat", "CTM"},
    {"m2 of recording surface", "MTK_RECORDING"},
    {"lin. m", "MTR"},
    {"m2", "MTK"},
    {"m3", "MTQ"},
    {"m", "MTR"},
    {"g", "GRM"},
    {"pack", "NMP"},
};

static const struct rate_unit names[] = {
    {"BLL", "Barrel of oil", "Baril de pétrole"},
    {"CTM", "Metric carat", "Carat métrique"},
    {"DPR", "Dozen pairs", "Douzaine de paires"},
    {"DZN", "Dozen", "Douzaine"},
    {"GRL", "Gross of lines", "Grosse de lignes"},
    {"GRM", "Gram", "Gramme"},
    {"GRO", "Gross", "Grosse"},
    {"JWL", "Jewel of a movement", "Rubis d’un mouvement"},
    {"JWL_OVER_7", "Jewel of a movement over seven", "Rubis d’un mouvement au-delà de sept"},
    {"KGM_CLEAN", "Kilogram of clean fibre", "Kilogramme de fibre propre"},
    {"KGM_CONTENTS", "Kilogram of all that the container holds",
     "Kilogramme de tout le contenu du récipient"},
    {"KGM_COPPER", "Kilogram of copper in the goods", "Kilogramme de cuivre contenu"},
    {"KGM_DEGREES_UNDER_100", "Kilogram and degree of polarisation under 100",
     "Kilogramme et degré de polarisation sous 100"},
    {"KGM_DRAINED", "Kilogram of drained weight", "Kilogramme égoutté"},
    {"KGM_LEAD", "Kilogram of lead in the goods", "Kilogramme de plomb contenu"},
    {"KGM_MAGNESIUM", "Kilogram of magnesium in the goods", "Kilogramme de magnésium contenu"},
    {"KGM_MANGANESE", "Kilogram of manganese in the goods", "Kilogramme de manganèse contenu"},
    {"KGM_MOLYBDENUM", "Kilogram of molybdenum in the goods", "Kilogramme de molybdène contenu"},
    {"KGM_SILICON", "Kilogram of silicon in the goods", "Kilogramme de silicium contenu"},
    {"KGM_SUGARS", "Kilogram of all sugars in the goods", "Kilogramme de sucres totaux"},
    {"KGM_TUNGSTEN", "Kilogram of tungsten in the goods", "Kilogramme de tungstène contenu"},
    {"KGM_WITH_CONTAINER", "Kilogram with the container", "Kilogramme avec le récipient"},
    {"KGM_ZINC", "Kilogram of zinc in the goods", "Kilogramme de zinc contenu"},
    {"LPA", "Litre of pure alcohol", "Litre d’alcool pur"},
    {"LTR", "Litre", "Litre"},
    {"MIL", "Thousand", "Millier"},
    {"MTK", "Square metre", "Mètre carré"},
    {"MTK_RECORDING", "Square metre of recording surface",
     "Mètre carré de surface d’enregistrement"},
    {"MTQ", "Cubic metre", "Mètre cube"},
    {"MTR", "Metre", "Mètre"},
    {"NAR", "Number of articles", "Nombre d’articles"},
    {"NMP", "Number of packs", "Nombre de paquets"},
    {"NPR", "Number of pairs", "Nombre de paires"},
    {"PFL", "Proof litre", "Litre preuve"},
    {"TNE", "Tonne", "Tonne"},
    {"TNE_WITH_CONTAINER", "Tonne with the container", "Tonne avec le récipient"},
};

/* The one part of the value that expressions of a pack know. */
static const char retail_price[] = "retail";

/* Parts of the value that a per cent is of. NULL: all of it. */
static const struct {
	const char *phrase, *part;
} parts[] = {
    {"on the entire set", NULL},
    {"ad valorem", NULL},
    {"on the case and strap, band or bracelet", "CASE_AND_STRAP"},
    {"on case and strap, band or bracelet", "CASE_AND_STRAP"},
    {"on the case", "CASE"},
    {"on the movement and case", "MOVEMENT_AND_CASE"},
    {"on the movement", "MOVEMENT"},
    {"on the strap, band or bracelet", "STRAP"},
    {"on the battery", "BATTERY"},
    {"on the apparatus", "APPARATUS"},
    {"on the value of the lead content", "LEAD"},
    {"on the value of the rifle", "RIFLE"},
    {"on the value of the telescopic sight, if any", "SIGHT"},
    {"on the value of the telescopic sight", "SIGHT"},
    {"of the fair retail value", retail_price},
    {"of the cost of such goods or repairs", "REPAIRS"},
};

/* How texts begin that name another line's rate or a rule in words. */
static const char *const references[] = {
    "the duty provided for in the applicable subheading",
    "the duty provided in the applicable subheading",
    "the duty rate provided in such subheading",
    "the duty rate provided in the applicable subheading",
};
/* The same, with anything behind them. */
static const char *const rules[] = {
    "the rate applicable ",
    "the rate of duty applicable ",
    "rate applicable ",
    "no change",
    "no additional duty",
    "see ",
    "a duty upon ",
    "a duty equal ",
    "a duty ( ",
};

enum { TERMS = 5 };

struct term {
	bool percent, minus;
	struct decimal rate, count;
	const char *unit, *part;
};

struct reader {
	char text[RATE_TEXT_BYTES + 1];
	const char *at; /* ends with NUL */
	struct term sum[TERMS], least;
	uint32_t terms;
	bool has_least;
};

const struct rate_unit *rate_unit(uint32_t i)
{
	return i < ARRAY_LEN(names) ? &names[i] : NULL;
}

const char *rate_kind_name(enum rate_kind k)
{
	static const char *const kinds[RATE_KINDS] = {"free",     "ad_valorem", "specific",
						      "compound", "other",      "not_understood"};

	return kinds[k];
}

/* Small letters; blanks, line ends and no-break blanks as one blank; small 2 and 3 as digits. */
static bool fold(struct reader *r, struct span s)
{
	uint32_t n = 0;

	if (s.n > RATE_TEXT_BYTES)
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\xc2' && i + 1 < s.n && strchr("\xa0\xb2\xb3", s.p[i + 1]) &&
		    s.p[i + 1]) {
			char wide = s.p[++i];

			c = ' ';
			if (wide != '\xa0')
				c = wide == '\xb2' ? '2' : '3';
		}
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c == ' ' && (!n || r->text[n - 1] == ' '))
			continue;
		r->text[n++] = c;
	}
	while (n && r->text[n - 1] == ' ')
		n--;
	r->text[n] = 0;
	r->at = r->text;
	return !memchr(r->text, 0, n);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Takes a phrase if the text goes on with it, whole words. */
static bool take(struct reader *r, const char *phrase)
{
	const char *p = r->at, *w = phrase;

	while (*p == ' ')
		p++;
	for (; *w; w++) {
		if (*w == ' ') {
			while (*p == ' ')
				p++;
			continue;
		}
		if (*p != *w)
			return false;
		p++;
	}
	if (w > phrase && is_letter(w[-1]) && is_letter(*p))
		return false;
	r->at = p;
	return true;
}

static bool at_end(const struct reader *r)
{
	const char *p = r->at;

	while (*p == ' ' || *p == '.')
		p++;
	return !*p;
}

/* A number, in which commas may part thousands. */
static bool read_number(struct reader *r, struct decimal *ret)
{
	char digits[40];
	uint32_t n = 0;
	const char *p = r->at;

	while (*p == ' ')
		p++;
	for (; ((*p >= '0' && *p <= '9') || *p == '.' || *p == ',') && n < sizeof(digits); p++) {
		if (*p == ',' && (p[1] < '0' || p[1] > '9'))
			break;
		if (*p != ',')
			digits[n++] = *p;
	}
	if (!n || n == sizeof(digits))
		return false;
	/* ".5" is written so in places */
	if (digits[0] == '.' && n < sizeof(digits) - 1) {
		memmove(digits + 1, digits, n++);
		digits[0] = '0';
	}
	if (decimal_parse((struct span){digits, n, 0}, ret))
		return false;
	r->at = p;
	return true;
}

static bool read_unit(struct reader *r, struct term *t)
{
	if (take(r, "each")) {
		t->unit = "NAR";
		return true;
	}
	if (!take(r, "/"))
		return false;
	if (read_number(r, &t->count)) {
		if (decimal_is_zero(t->count))
			return false;
		take(r, "pins");
		t->unit = "NAR";
		return true;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(units); i++)
		if (take(r, units[i].phrase)) {
			t->unit = units[i].code;
			return true;
		}
	return false;
}

/* Cents are hundredths of the currency. */
static bool cents(struct decimal *d)
{
	if (d->scale > LIMIT_NUMBER_SCALE - 2)
		return false;
	d->scale = (uint8_t)(d->scale + 2);
	while (d->scale && d->units % 10 == 0) {
		d->units /= 10;
		d->scale--;
	}
	return true;
}

static bool read_term(struct reader *r, struct term *ret)
{
	struct term t = {0};
	bool dollars = take(r, "$");

	if (!read_number(r, &t.rate))
		return false;
	if (!dollars && (take(r, "%") || take(r, "percent"))) {
		t.percent = true;
		for (uint32_t i = 0; i < ARRAY_LEN(parts); i++)
			if (take(r, parts[i].phrase)) {
				t.part = parts[i].part;
				break;
			}
	} else if (!dollars && (!take(r, "\xc2\xa2") || !cents(&t.rate))) {
		return false;
	} else if (!read_unit(r, &t)) {
		return false;
	}
	*ret = t;
	return true;
}

static bool read_sum(struct reader *r)
{
	bool minus = false;

	do {
		if (r->terms == TERMS || !read_term(r, &r->sum[r->terms]))
			return false;
		r->sum[r->terms++].minus = minus;
		minus = take(r, "less");
	} while (minus || take(r, "+"));
	if (take(r, "but not less than") || take(r, "but not less")) {
		r->has_least = true;
		if (!read_term(r, &r->least))
			return false;
	}
	return at_end(r);
}

static bool read_reference(struct reader *r, struct rate_text *to)
{
	for (uint32_t i = 0; i < ARRAY_LEN(rules); i++)
		if (take(r, rules[i]))
			return true;
	for (uint32_t i = 0; i < ARRAY_LEN(references); i++) {
		struct decimal percent;
		bool minus;

		if (!take(r, references[i]))
			continue;
		if (at_end(r))
			return true;
		minus = take(r, "minus");
		if ((!minus && !take(r, "+") && !take(r, "plus")) || !read_number(r, &percent) ||
		    !take(r, "%") || !at_end(r))
			return false;
		if (minus)
			percent.units = -percent.units;
		to->percent = percent;
		return true;
	}
	return false;
}

static void write_term(struct text *t, const struct term *x, const char *currency)
{
	decimal_write(t, x->rate);
	if (x->percent) {
		text_char(t, '%');
		if (x->part)
			text_print(t, x->part == retail_price ? " %s" : " of %s", x->part);
		return;
	}
	text_print(t, " %s / ", currency);
	if (x->count.set) {
		decimal_write(t, x->count);
		text_char(t, ' ');
	}
	text_string(t, x->unit);
}

static enum rate_kind kind_of(const struct reader *r, struct rate_text *to)
{
	uint32_t whole = 0, of_parts = 0, amounts = 0, retail = 0;

	for (uint32_t i = 0; i < r->terms; i++) {
		const struct term *x = &r->sum[i];

		whole += x->percent && !x->part;
		of_parts += x->percent && x->part;
		retail += x->percent && x->part == retail_price;
		amounts += !x->percent;
		if (x->percent && !x->part)
			to->percent = x->rate;
	}
	if (whole > 1)
		to->percent = (struct decimal){0};
	to->calculable = of_parts == retail && r->terms <= 4 && !(r->has_least && r->least.part);
	if (of_parts)
		return r->terms > 1 ? RATE_COMPOUND : RATE_OTHER;
	if (amounts && whole)
		return RATE_COMPOUND;
	return amounts ? RATE_SPECIFIC : RATE_AD_VALOREM;
}

static void write_expression(struct arena *a, const struct reader *r, const char *currency,
			     struct rate_text *to)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < r->terms; i++) {
		if (i)
			text_string(&t, r->sum[i].minus ? " - " : " + ");
		write_term(&t, &r->sum[i], currency);
	}
	if (r->has_least) {
		text_string(&t, " min ");
		write_term(&t, &r->least, currency);
	}
	to->expression = text_as_span(&t);
}

struct rate_text rate_text_read(struct arena *a, struct span text, const char *currency)
{
	struct rate_text to = {.kind = RATE_NOT_UNDERSTOOD};
	struct reader r = {0};

	if (!fold(&r, text))
		return to;
	if (take(&r, "free") && (at_end(&r) || take(&r, ","))) {
		to.kind = RATE_FREE;
		to.percent = decimal_of(0, 0);
		to.expression = SPAN("free");
		to.calculable = true;
		return to;
	}
	r.at = r.text;
	if (read_reference(&r, &to)) {
		to.kind = RATE_OTHER;
		return to;
	}
	r.at = r.text;
	if (!read_sum(&r))
		return to;
	to.kind = kind_of(&r, &to);
	write_expression(a, &r, currency, &to);
	return to;
}
