#include "tariff/us_hts.h"

#include "base/limits.h"
#include "base/map.h"
#include "codec/csv.h"

enum column { NUMBER, INDENT, TEXT, UNIT, GENERAL, SPECIAL, COLUMN_2, COLUMNS };
static const char *const column_names[COLUMNS] = {"HTS Number",           "Indent",
						  "Description",          "Unit of Quantity",
						  "General Rate of Duty", "Special Rate of Duty",
						  "Column 2 Rate of Duty"};

enum { DEPTH = 32, LINE_DIGITS = 8, CHAPTERS = 100, PROGRESS_ROWS = 4096 };

/* The rates of a row; texts that say nothing are empty. */
struct rates {
	struct span general, special, column_2;
	bool coded; /* the row has a number, so that its measures are inherited through that */
};

struct reading {
	struct tariff *t;
	struct csv csv;
	int at[COLUMNS];
	struct rates above[DEPTH + 1]; /* by depth; of the row read last at each */
	uint32_t depth;                /* of the row read last */
	struct map seen, lines;        /* code -> commodity; first eight digits -> line */
	struct map programmes;         /* symbols that measures name already */
	struct map claims;             /* "code symbol" of measures */
	bool chapter[CHAPTERS];
	uint32_t last; /* index + 1 of the commodity read last: declarable while none is below it */
};

static const struct {
	const char *symbol, *area, *members, *name_en, *name_fr;
} programmes[] = {
#define PROGRAMME(symbol, area, members, name_en, name_fr)                                         \
	{symbol, area, members, name_en, name_fr},
#include "tariff/us_hts_programmes.def"
#undef PROGRAMME
};

/* Column 2: general note 3(b), and Public Law 117-110. */
static const char column_2_area[] = "US_COLUMN_2", column_2_members[] = "BY CU KP RU";

static const struct {
	const char *words, *code;
} units[] = {{"No.", "NAR"},       {"Dz Pcs", "DZN"},   {"bbl", "BLL"},       {"carat", "CTM"},
	     {"doz. prs.", "DPR"}, {"doz.", "DZN"},     {"g", "GRM"},         {"gross", "GRO"},
	     {"liters", "LTR"},    {"m", "MTR"},        {"m2", "MTK"},        {"m\xc2\xb2", "MTK"},
	     {"m3", "MTQ"},        {"pcs", "NAR"},      {"pf.liters", "PFL"}, {"prs.", "NPR"},
	     {"t", "TNE"},         {"thousands", "MIL"}};

static struct span field(const struct reading *r, enum column c)
{
	return r->csv.fields[r->at[c]];
}

/* The digits of a number of the schedule ("0101.21.00"): 4, 6, 8 or 10; empty when it is none. */
static struct span digits_of(struct arena *a, struct span s)
{
	char *to = arena_alloc(a, s.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			continue;
		if (s.p[i] < '0' || s.p[i] > '9' || n == 10)
			return (struct span){0};
		to[n++] = s.p[i];
	}
	if (n < 4 || n % 2)
		return (struct span){0};
	return (struct span){to, n, s.line};
}

/* The first unit of the list that is not the mass, which every declaration has. */
static struct span supplementary_unit(struct span list)
{
	while (list.n) {
		struct span word = span_trim(span_cut(&list, ','));

		while (word.n && strchr("[\"", word.p[0]))
			word.p++, word.n--;
		while (word.n && strchr("]\"", word.p[word.n - 1]))
			word.n--;
		for (uint32_t i = 0; i < ARRAY_LEN(units); i++)
			if (span_is(word, units[i].words))
				return span_of(units[i].code);
	}
	return (struct span){0};
}

static struct span without_colon(struct span s)
{
	s = span_trim(s);
	while (s.n > 1 && s.p[s.n - 1] == ':')
		s.n--;
	return s;
}

static void add_chapter(struct reading *r, struct span code)
{
	uint32_t n = (uint32_t)(code.p[0] - '0') * 10 + (uint32_t)(code.p[1] - '0');
	struct tariff_commodity *c;

	if (r->chapter[n])
		return;
	r->chapter[n] = true;
	c = TARIFF_PUSH(r->t, commodities);
	c->code = (struct span){code.p, 2, code.line};
	c->text_en = span_of(arena_print(r->t->arena, "Chapter %u", n));
	c->text_fr = span_of(arena_print(r->t->arena, "Chapitre %u", n));
}

/* False: the number stands twice. */
static bool add_commodity(struct reading *r, struct span code)
{
	struct tariff_commodity *c;

	add_chapter(r, code);
	if (map_get(&r->seen, code))
		return false;
	if (r->last) {
		struct tariff_commodity *before = &r->t->commodities.v[r->last - 1];

		before->declarable = !span_starts(code, before->code);
	}
	c = TARIFF_PUSH(r->t, commodities);
	c->code = code;
	c->text_en = without_colon(field(r, TEXT));
	if (!c->text_en.n)
		c->text_en = code;
	c->unit = supplementary_unit(field(r, UNIT));
	r->last = r->t->commodities.n;
	map_put(&r->seen, code, (void *)(uintptr_t)code.p);
	return true;
}

static struct tariff_rate read_rate(struct reading *r, struct span text)
{
	return (struct tariff_rate){.text = text, .rate = rate_text_read(r->t->arena, text, "USD")};
}

/* "RATE (SYMBOLS) RATE (SYMBOLS)". */
static struct tariff_special *read_special(struct reading *r, struct span text)
{
	struct tariff_special *first = NULL, **end = &first;

	while ((text = span_trim(text)).n) {
		struct tariff_special *new = ARENA_NEW(r->t->arena, struct tariff_special);
		struct span piece = text;
		struct span rate = span_trim(span_cut(&text, '('));

		if (text.p) {
			new->programmes = span_trim(span_cut(&text, ')'));
			piece.n = text.p ? (uint32_t)(text.p - piece.p) : piece.n;
		}
		rate.line = piece.line;
		new->rate = read_rate(r, rate);
		*end = new;
		end = &new->next;
		text.line = piece.line;
	}
	return first;
}

/* ---- measures ---- */

static struct tariff_measure *add_measure(struct reading *r, struct span commodity,
					  const struct tariff_rate *rate, const char *area)
{
	struct tariff_measure *m = TARIFF_PUSH(r->t, measures);

	*m = (struct tariff_measure){.commodity = commodity,
				     .area = span_of(area),
				     .expression = rate->rate.expression,
				     .line = rate->text.line};
	return m;
}

static void add_area(struct tariff *t, const char *code, const char *members, const char *name_en,
		     const char *name_fr)
{
	for (uint32_t i = 0; i < t->areas.n; i++)
		if (span_is(t->areas.v[i].code, code))
			return;
	*TARIFF_PUSH(t, areas) = (struct tariff_area){span_of(code), span_of(members),
						      span_of(name_en), span_of(name_fr)};
}

static const char *why_not(const struct rate_text *r)
{
	if (r->kind == RATE_NOT_UNDERSTOOD)
		return "the rate is not understood";
	if (!r->expression.n)
		return "the rate is that of another line, or a rule in words";
	return "the rate is for parts of the value, which declarations do not have";
}

/* The preference that claims programme i, and its countries. */
static void name_programme(struct reading *r, uint32_t i)
{
	struct span symbol = span_of(programmes[i].symbol);

	if (map_put(&r->programmes, symbol, r))
		return;
	*TARIFF_PUSH(r->t, codes) =
	    (struct tariff_code){SPAN("preference"), symbol, span_of(programmes[i].name_en),
				 span_of(programmes[i].name_fr)};
	if (span_starts(span_of(programmes[i].area), SPAN("US_")))
		add_area(r->t, programmes[i].area, programmes[i].members, programmes[i].name_en,
			 programmes[i].name_fr);
}

static void add_special(struct reading *r, struct span commodity, const struct tariff_special *s)
{
	struct span rest = s->programmes;

	if (!s->rate.rate.calculable || !rest.n) {
		tariff_leave(r->t, s->rate.text.line, 0, s->rate.text,
			     rest.n ? why_not(&s->rate.rate)
				    : "a special rate that names no programme");
		return;
	}
	while (rest.n) {
		struct span symbol = span_trim(span_cut(&rest, ','));
		uint32_t i = 0;

		while (i < ARRAY_LEN(programmes) && !span_is(symbol, programmes[i].symbol))
			i++;
		if (!symbol.n)
			continue;
		if (i == ARRAY_LEN(programmes)) {
			tariff_leave(r->t, s->rate.text.line, 0, symbol,
				     "no programme of the special column has this symbol");
			continue;
		}
		if (map_put(&r->claims,
			    span_of(arena_print(r->t->arena, "%.*s %.*s", SPAN_ARG(commodity),
						SPAN_ARG(symbol))),
			    r)) {
			tariff_leave(r->t, s->rate.text.line, 0, symbol,
				     "the programme has another rate in this line already");
			continue;
		}
		name_programme(r, i);
		add_measure(r, commodity, &s->rate, programmes[i].area)->preference = symbol;
	}
}

static void add_measures(struct reading *r, struct span code, const struct rates *rates)
{
	struct tariff_rate rate = read_rate(r, rates->general);

	if (rates->general.n && rate.rate.calculable)
		add_measure(r, code, &rate, "*");
	else if (rates->general.n)
		tariff_leave(r->t, rates->general.line, 0, rates->general, why_not(&rate.rate));
	for (const struct tariff_special *s = read_special(r, rates->special); s; s = s->next)
		add_special(r, code, s);
	rate = read_rate(r, rates->column_2);
	if (rates->column_2.n && rate.rate.calculable) {
		add_measure(r, code, &rate, column_2_area);
		add_area(r->t, column_2_area, column_2_members, "Rates of column 2",
			 "Taux de la colonne 2");
	} else if (rates->column_2.n) {
		tariff_leave(r->t, rates->column_2.line, 0, rates->column_2, why_not(&rate.rate));
	}
}

/* ---- rows ---- */

/* The nearest row above that says a general rate; NULL. */
static const struct rates *inherited(const struct reading *r, uint32_t depth)
{
	for (uint32_t i = depth; i-- > 0;)
		if (r->above[i].general.n)
			return &r->above[i];
	return NULL;
}

static void take_line(struct reading *r, struct span code, const struct rates *rates, bool own)
{
	struct span eight = {code.p, LINE_DIGITS, code.line};
	/* An index and one, as pointer: the list moves while it grows. */
	uintptr_t known = (uintptr_t)map_get(&r->lines, eight);
	struct tariff_line *l;

	if (!known) {
		*TARIFF_PUSH(r->t, lines) = (struct tariff_line){.code = eight, .line = code.line};
		known = r->t->lines.n;
		map_put(&r->lines, eight, (void *)known);
	}
	l = &r->t->lines.v[known - 1];
	if (!rates || (l->general.text.n && (!own || !l->inherited)))
		return;
	l->general = read_rate(r, rates->general);
	l->special = read_special(r, rates->special);
	l->column_2 = (struct tariff_rate){0};
	if (rates->column_2.n)
		l->column_2 = read_rate(r, rates->column_2);
	l->inherited = !own;
}

static bool row_depth(struct span s, uint32_t *ret)
{
	struct decimal d;

	if (decimal_parse(s, &d) || d.scale || d.units < 0 || d.units > DEPTH)
		return false;
	*ret = (uint32_t)d.units;
	return true;
}

static void forget_deeper(struct reading *r, uint32_t depth)
{
	for (uint32_t i = depth; i <= DEPTH; i++)
		r->above[i] = (struct rates){0};
}

static void take_row(struct reading *r)
{
	struct span number = field(r, NUMBER), code = {0};
	struct rates rates = {.general = span_trim(field(r, GENERAL)),
			      .special = span_trim(field(r, SPECIAL)),
			      .column_2 = span_trim(field(r, COLUMN_2))};
	bool own = rates.general.n;
	const struct rates *of_line = own ? &rates : NULL;
	uint32_t depth;

	if (!row_depth(field(r, INDENT), &depth)) {
		tariff_leave(r->t, r->csv.row_line, 0, field(r, INDENT),
			     "the indent is not a number from 0 to 32");
		return;
	}
	if (!of_line)
		of_line = inherited(r, depth);
	forget_deeper(r, depth);
	if (number.n) {
		code = digits_of(r->t->arena, number);
		if (!code.n || !add_commodity(r, code)) {
			tariff_leave(r->t, r->csv.row_line, 0, number,
				     code.n ? "the number stands in the schedule already"
					    : "this is no number of 4, 6, 8 or 10 digits");
			return;
		}
		rates.coded = true;
		if (code.n >= LINE_DIGITS)
			take_line(r, code, of_line, own);
		if (own)
			add_measures(r, code, &rates);
		else if (of_line && !of_line->coded)
			add_measures(r, code, of_line);
	}
	/* What a row without number says holds for those below that have one; they hand it on by their own numbers. */
	if (number.n && !own && of_line && !of_line->coded) {
		rates = *of_line;
		rates.coded = true;
	}
	r->above[depth] = rates;
}

static enum err open_table(struct reading *r, struct span bytes, struct codec_fault *fault)
{
	enum err e = csv_open(r->t->arena, bytes, &r->csv, fault);

	if (e)
		return e;
	for (enum column c = 0; c < COLUMNS; c++) {
		r->at[c] = csv_column(&r->csv, column_names[c]);
		if (r->at[c] >= 0)
			continue;
		*fault = (struct codec_fault){
		    1, 1, arena_print(r->t->arena, "there is no column \"%s\"", column_names[c])};
		return ERR_FORMAT;
	}
	return ERR_NONE;
}

static void count_lines(struct tariff *t)
{
	for (uint32_t i = 0; i < t->lines.n; i++) {
		struct tariff_line *l = &t->lines.v[i];

		if (l->general.text.n) {
			t->rates[l->general.rate.kind]++;
			continue;
		}
		t->without_rate++;
		l->general.rate = (struct rate_text){.kind = RATE_OTHER};
	}
}

static void add_units(struct tariff *t)
{
	const struct rate_unit *u;

	for (uint32_t i = 0; (u = rate_unit(i)); i++)
		*TARIFF_PUSH(t, codes) = (struct tariff_code){
		    SPAN("unit"), span_of(u->code), span_of(u->name_en), span_of(u->name_fr)};
}

enum err us_hts_read(struct tariff *t, struct span bytes, struct codec_fault *ret_fault)
{
	struct reading *r = ARENA_NEW(t->arena, struct reading);
	enum err e;

	r->t = t;
	r->seen = r->lines = r->programmes = r->claims = map_in(t->arena);
	e = open_table(r, bytes, ret_fault);
	while (!e && !(e = csv_next(&r->csv, ret_fault))) {
		if (t->rows++ == LIMIT_PACK_ROWS) {
			*ret_fault = (struct codec_fault){r->csv.row_line, 1,
							  "more rows than a pack may have"};
			return ERR_LIMIT;
		}
		if (t->progress && t->rows % PROGRESS_ROWS == 0)
			t->progress(t->context, bytes.n - r->csv.rest.n, bytes.n);
		take_row(r);
	}
	if (e != ERR_NOT_FOUND)
		return e;
	if (r->last)
		t->commodities.v[r->last - 1].declarable = true;
	count_lines(t);
	add_units(t);
	return ERR_NONE;
}
