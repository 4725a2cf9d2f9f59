/* What rules ask of the past: rates, first times, counts and sums over days, the usual prices; and how it is said to officers.
 *
 * All of it stands in the facts of the decision (model/history.h): nothing is looked up here. */
#include "risk/history.h"
#include "risk/room.h"

/* Of fewer prices than that nothing usual can be said. */
enum { PRICES_LEAST = 10, MILLION = 1000000, THOUSAND = 1000 };

/* ---- which histories a signal reads ---- */

static bool kind_of_signal(enum signal s, enum history_kind *ret)
{
	static const struct {
		enum signal signal;
		enum history_kind kind;
	} of[] = {
	    {SIGNAL_declarant_rate, HISTORY_DECLARANT},
	    {SIGNAL_declaration_office_rate, HISTORY_OFFICE},
	    {SIGNAL_exporter_first_time, HISTORY_EXPORTER},
	    {SIGNAL_exporter_rate, HISTORY_EXPORTER},
	    {SIGNAL_importer_rate, HISTORY_IMPORTER},
	    {SIGNAL_item_chapter_rate, HISTORY_CHAPTER},
	    {SIGNAL_item_commodity_rate, HISTORY_COMMODITY},
	    {SIGNAL_item_first_time, HISTORY_PAIR},
	    {SIGNAL_item_heading_rate, HISTORY_HEADING},
	    {SIGNAL_item_importer_rate, HISTORY_PAIR},
	    {SIGNAL_item_origin_rate, HISTORY_ORIGIN},
	    {SIGNAL_item_price_deviation, HISTORY_PRICES},
	    {SIGNAL_item_price_median, HISTORY_PRICES},
	    {SIGNAL_item_prices, HISTORY_PRICES},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(of); i++)
		if (of[i].signal == s) {
			*ret = of[i].kind;
			return true;
		}
	return false;
}

bool past_is_asked(const struct operand *o)
{
	enum history_kind k;

	return o->kind == OF_PAST ||
	       (o->kind == OF_SIGNAL && (kind_of_signal((enum signal)o->signal, &k) ||
					 o->signal == SIGNAL_importer_first_time ||
					 o->signal == SIGNAL_declarant_first_time));
}

static void add_number(int32_t *v, uint32_t *n, int32_t number)
{
	for (uint32_t i = 0; i < *n; i++)
		if (v[i] == number)
			return;
	BUG_ON(*n == HISTORY_WINDOWS); /* past_parse() */
	v[(*n)++] = number;
}

void past_note(struct history_asked *to, const struct operand *o)
{
	const struct past *p = o->of;
	enum history_kind k;

	if (o->kind == OF_SIGNAL && kind_of_signal((enum signal)o->signal, &k))
		to->kind[k] = true;
	if (o->kind != OF_PAST)
		return;
	to->kind[p->of] = true;
	if (p->what == PAST_QUANTILE) {
		add_number(to->permille, &to->permille_count, p->number);
		return;
	}
	to->window_kind[p->of] = true;
	add_number(to->days, &to->days_count, p->number);
}

/* ---- reading ---- */

static const struct history_fact *fact(struct subject *s, enum history_kind k)
{
	struct span subject;

	if (s->past_known & 1u << k)
		return s->past[k];
	s->past_known |= 1u << k;
	s->past[k] = NULL;
	if (k >= HISTORY_FIRST_OF_ITEM && !s->item)
		return NULL;
	if (s->facts->history_at)
		return s->past[k] = s->facts->history_at[facts_history_place(k, s->index)];
	if (!s->facts->history.n)
		return NULL;
	subject = history_subject(s->arena, k, s->d, s->item, s->facts->office);
	if (subject.n)
		s->past[k] = facts_history(s->facts, subject);
	return s->past[k];
}

static bool is_decimal(struct value *v, int64_t units, uint8_t scale)
{
	v->number = decimal_of(units, scale);
	return true;
}

/* (irregular + weight * base) / (controlled + weight), in a million, rounded down; both counts in thousandths. */
bool past_rate(struct subject *s, enum history_kind k, struct value *v)
{
	const struct history_fact *h = fact(s, k);
	int64_t weight = s->rules->history_weight;
	__int128 share;

	if (!h)
		return false;
	share = (__int128)h->irregular_recent * MILLION +
		(__int128)weight * THOUSAND * s->rules->irregular_ppm;
	return is_decimal(
	    v, (int64_t)(share / ((__int128)h->examined_recent + (__int128)weight * THOUSAND)), 6);
}

bool past_first(struct subject *s, enum history_kind k, struct value *v)
{
	const struct history_fact *h = fact(s, k);

	return h && is_decimal(v, h->declared == 0, 0);
}

bool past_price(struct subject *s, enum past_price what, struct value *v)
{
	const struct history_fact *h = fact(s, HISTORY_PRICES);

	if (!h)
		return false;
	if (what == PRICE_COUNT)
		return is_decimal(v, h->prices, 0);
	if (h->prices < PRICES_LEAST)
		return false;
	v->number = what == PRICE_MEDIAN ? h->median : h->deviation;
	return true;
}

/* Today's are known of the two whose history is locked while they are decided about. */
static const struct party_history *today_of(const struct subject *s, enum history_kind k)
{
	return k == HISTORY_IMPORTER    ? &s->facts->importer
	       : k == HISTORY_DECLARANT ? &s->facts->declarant
					: NULL;
}

static const struct history_window *window(const struct history_fact *h, int32_t days)
{
	for (uint32_t i = 0; i < h->windows.n; i++)
		if (h->windows.v[i].days == days)
			return &h->windows.v[i];
	return NULL;
}

static int64_t add_up(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

bool past_value(struct subject *s, const struct past *p, struct value *v)
{
	const struct history_fact *h = fact(s, p->of);
	const struct party_history *today = today_of(s, p->of);
	const struct history_window *w;

	if (!h)
		return false;
	if (p->what == PAST_QUANTILE) {
		for (uint32_t i = 0; i < h->quantiles.n && h->prices >= PRICES_LEAST; i++)
			if (h->quantiles.v[i].permille == p->number) {
				v->number = h->quantiles.v[i].price;
				return true;
			}
		return false;
	}
	w = window(h, p->number);
	if (!w)
		return false;
	if (p->what == PAST_COUNT)
		return is_decimal(v, add_up(w->count, today ? today->today : 0), 0);
	v->number =
	    money_to_decimal((struct money){add_up(w->minor, today ? today->today_minor : 0)},
			     ref_digits(s->rules->ref));
	return true;
}

/* ---- grammar: count(importer, 30 days), sum(importer and item.commodity, 7 days), band(0.25) ---- */

static const struct {
	const char *word;
	enum history_kind kind;
} subjects[] = {
    {"declarant", HISTORY_DECLARANT},  {"declaration.office", HISTORY_OFFICE},
    {"exporter", HISTORY_EXPORTER},    {"importer", HISTORY_IMPORTER},
    {"item.chapter", HISTORY_CHAPTER}, {"item.commodity", HISTORY_COMMODITY},
    {"item.heading", HISTORY_HEADING}, {"item.origin", HISTORY_ORIGIN},
};

static bool subject_by_word(const struct parser *p, enum history_kind *ret)
{
	for (uint32_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (parser_at_word(p, subjects[i].word)) {
			*ret = subjects[i].kind;
			return true;
		}
	return false;
}

/* Sums and counts over items look the same up to what stands behind the first word in the parentheses. */
bool past_is_next(const struct parser *at)
{
	struct parser p = *at;
	enum history_kind k;

	if (parser_at_word(&p, "band"))
		return true;
	if (!parser_take_word(&p, "count") && !parser_take_word(&p, "sum"))
		return false;
	if (!parser_take_sign(&p, "(") || !subject_by_word(&p, &k))
		return false;
	parser_advance(&p);
	return parser_at_sign(&p, ",") || parser_at_word(&p, "and");
}

static bool whole_number(const struct token *t, int64_t least, int64_t most, unsigned scale,
			 int32_t *ret)
{
	struct decimal d, exact;

	if (t->kind != TOKEN_NUMBER || decimal_parse(t->text, &d) ||
	    decimal_rescale(d, (uint8_t)scale, ROUND_DOWN, &exact) ||
	    decimal_compare(d, exact) != 0 || exact.units < least || exact.units > most)
		return false;
	*ret = (int32_t)exact.units;
	return true;
}

static bool take_subject(struct parser *p, struct past *ret)
{
	if (!subject_by_word(p, &ret->of))
		return parser_expected(p, "importer, declarant, exporter, declaration.office or "
					  "item.commodity, chapter, heading or origin");
	parser_advance(p);
	if (!parser_take_word(p, "and"))
		return true;
	if (ret->of != HISTORY_IMPORTER || !parser_take_word(p, "item.commodity"))
		return parser_expected(p, "importer and item.commodity");
	ret->of = HISTORY_PAIR;
	return true;
}

static bool take_days(struct parser *p, struct past *ret)
{
	struct token t = p->now;

	if (!parser_take_sign(p, ","))
		return parser_expected(p, "a comma");
	t = p->now;
	if (t.kind != TOKEN_NUMBER)
		return parser_expected(p, "a number of days");
	parser_advance(p);
	if (!whole_number(&t, 1, HISTORY_DAYS, 0, &ret->number)) {
		FAULT(p, &t, "rule.number", "\"%.*s\" is not a whole number of days from 1 to %d",
		      QUOTE(t.text), HISTORY_DAYS);
		ret->number = 1;
	}
	return parser_take_word(p, "days") || parser_take_word(p, "day") ||
	       parser_expected(p, "the word days");
}

static bool take_share(struct parser *p, struct past *ret)
{
	struct token t = p->now;

	if (t.kind != TOKEN_NUMBER)
		return parser_expected(p, "a number from 0 to 1");
	parser_advance(p);
	if (!whole_number(&t, 0, THOUSAND, 3, &ret->number)) {
		FAULT(p, &t, "rule.number",
		      "\"%.*s\" is not a number from 0 to 1 with at most three decimals",
		      QUOTE(t.text));
		ret->number = 0;
	}
	return true;
}

/* Facts of a decision hold what its rules ask for: that has a bound. */
static void count_numbers(struct parser *p, const struct token *t, const struct past *x)
{
	int32_t *v = x->what == PAST_QUANTILE ? p->to->past_permille : p->to->past_days;
	uint32_t *n =
	    x->what == PAST_QUANTILE ? &p->to->past_permille_count : &p->to->past_days_count;

	for (uint32_t i = 0; i < *n; i++)
		if (v[i] == x->number)
			return;
	if (*n < HISTORY_WINDOWS)
		v[(*n)++] = x->number;
	else
		FAULT(p, t, "rule.limit", "a pack may ask for no more than %d different %s",
		      HISTORY_WINDOWS,
		      x->what == PAST_QUANTILE ? "parts of a band" : "numbers of days");
}

bool past_parse(struct parser *p, struct operand *ret, bool *ret_of_item)
{
	struct past *x = ARENA_NEW(p->to->arena, struct past);
	struct token t = p->now;
	bool good;

	*x = (struct past){.what = parser_at_word(p, "band")    ? PAST_QUANTILE
				   : parser_at_word(p, "count") ? PAST_COUNT
								: PAST_SUM,
			   .of = HISTORY_PRICES};
	parser_advance(p);
	if (!parser_take_sign(p, "("))
		return parser_expected(p, "an opening parenthesis");
	good = x->what == PAST_QUANTILE ? take_share(p, x) : take_subject(p, x) && take_days(p, x);
	if (!good)
		return false;
	count_numbers(p, &t, x);
	*ret = (struct operand){OF_PAST, TYPE_NUMBER, 0, x};
	*ret_of_item = x->of >= HISTORY_FIRST_OF_ITEM;
	return parser_take_sign(p, ")") || parser_expected(p, "a closing parenthesis");
}

/* ---- in words ---- */

static const char *const whose[HISTORY_KINDS] = {
    [HISTORY_IMPORTER] = "the importer",
    [HISTORY_DECLARANT] = "the declarant",
    [HISTORY_EXPORTER] = "the exporter",
    [HISTORY_OFFICE] = "the office",
    [HISTORY_CHAPTER] = "this chapter",
    [HISTORY_HEADING] = "this heading",
    [HISTORY_COMMODITY] = "this code",
    [HISTORY_ORIGIN] = "this origin",
    [HISTORY_PAIR] = "the importer with this code",
    [HISTORY_PRICES] = "this code and origin",
};

static void begin_part(struct text *t)
{
	if (t->n)
		text_string(t, "; ");
}

static void say_price(struct subject *s, struct text *t)
{
	const struct history_fact *h = fact(s, HISTORY_PRICES);
	const struct value *v = subject_value(s, SIGNAL_item_unit_price);
	struct decimal shown = h ? h->median : (struct decimal){0};
	__int128 price, median, percent;

	if (!h || !v || h->prices < PRICES_LEAST || h->median.units <= 0)
		return;
	price = (__int128)v->number.units * decimal_power10((unsigned)(6 - v->number.scale));
	median = h->median.units;
	percent = price * 100 / median - 100;
	if (percent > 1000000)
		percent = 1000000;
	begin_part(t);
	text_print(t, "unit price %lld %% %s the usual one for this code and origin (median ",
		   (long long)(percent < 0 ? -percent : percent), percent < 0 ? "below" : "above");
	while (shown.scale > 2 && shown.units % 10 == 0) {
		shown.units /= 10;
		shown.scale--;
	}
	decimal_write(t, shown);
	text_print(t, ", n = %lld)", (long long)h->prices);
}

static void say_rate(struct subject *s, struct text *t, enum history_kind k)
{
	const struct history_fact *h = fact(s, k);
	struct value v;

	if (!h || !past_rate(s, k, &v))
		return;
	begin_part(t);
	text_print(t, "%lld of %lld controlled cases of %s irregular, rate %lld.%lld %%",
		   (long long)h->irregular, (long long)h->examined, whose[k],
		   (long long)(v.number.units / 10000), (long long)(v.number.units / 1000 % 10));
}

static void say_value(struct subject *s, struct text *t, const struct past *p)
{
	struct value v;

	if (p->what == PAST_QUANTILE) {
		say_price(s, t);
		return;
	}
	if (!past_value(s, p, &v))
		return;
	begin_part(t);
	if (p->what == PAST_COUNT)
		text_print(t, "%lld declarations of %s", (long long)v.number.units, whose[p->of]);
	else
		text_print(t, "goods of %s worth ", whose[p->of]);
	if (p->what == PAST_SUM)
		decimal_write(t, v.number);
	text_print(t, " in %d days", (int)p->number);
}

static void say_signal(struct subject *s, struct text *t, enum signal signal)
{
	const struct value *v = subject_value(s, signal);
	enum history_kind k =
	    signal == SIGNAL_declarant_first_time ? HISTORY_DECLARANT : HISTORY_IMPORTER;

	(void)kind_of_signal(signal, &k);
	if (k == HISTORY_PRICES) {
		say_price(s, t);
	} else if (signals[signal].type != TYPE_FLAG) {
		say_rate(s, t, k);
	} else if (v && v->number.units) {
		begin_part(t);
		text_print(t, "first declaration of %s", whose[k]);
	}
}

struct span past_say(struct subject *s, const struct operand *const *asked, uint32_t n)
{
	struct text t = text_in(s->arena);
	bool priced = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct operand *o = asked[i];
		const struct past *p = o->of;
		enum history_kind k = HISTORY_KINDS;
		bool price = o->kind == OF_PAST ? p->of == HISTORY_PRICES
						: kind_of_signal((enum signal)o->signal, &k) &&
						      k == HISTORY_PRICES;

		if (price && priced)
			continue;
		priced |= price;
		if (o->kind == OF_PAST)
			say_value(s, &t, p);
		else
			say_signal(s, &t, (enum signal)o->signal);
	}
	return text_as_span(&t);
}
