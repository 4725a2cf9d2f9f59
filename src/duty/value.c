/* Customs value: Agreement on Implementation of Article VII of GATT 1994 (WTO valuation agreement).
 *
 * Method 1 (Article 1) takes the price, brings it into national currency (Article 9), adds what Article 8 lists and takes off
 * what its note to Article 1 leaves out. Whether freight and insurance to the border belong to it, Article 8.2 leaves to each
 * country: the pack's basis (CIF or FOB) says so, and the terms of delivery say whether the price holds them already. Exports
 * are valued FOB.
 *
 * Costs of the whole shipment are split over its items in proportion to their price; an item that is valued by another method
 * weighs with the value that it declares, and its share is shown and not used. */
#include "duty/assess.h"
#include "duty/incoterm.h"

enum charge_class {
	CHARGE_ADDITION,
	CHARGE_DEDUCTION,
	CHARGE_FREIGHT,
	CHARGE_INSURANCE,
	CHARGE_CLASSES,
	CHARGE_UNKNOWN
};

static const char *const class_label[CHARGE_CLASSES] = {"additions", "deductions", "freight",
							"insurance"};
static const char *const class_label_one[CHARGE_CLASSES] = {"addition", "deduction", "freight",
							    "insurance"};

/* What happens to the costs of a class. */
enum charge_use { USE_ADD, USE_DEDUCT, USE_NONE };

struct valuation {
	struct assess *s;
	bool cif;
	const struct incoterm *terms; /* NULL: none, or unknown */
	bool has_lists;               /* the pack names its classes of charges */
	enum charge_use use[CHARGE_CLASSES];
	int64_t header[CHARGE_CLASSES]; /* totals of the whole shipment */
	bool header_set[CHARGE_CLASSES];
	struct money *shares[CHARGE_CLASSES]; /* of each item */
	int64_t *price;                       /* of each item; weight of its shares */
	int64_t weight;                       /* sum of price */
	bool even;                            /* all prices are zero: equal shares */
	bool unused_reported;
};

static bool by_method_one(const struct goods_item *i)
{
	return i->valuation_method.n == 0 || span_is(i->valuation_method, "1");
}

static bool listed(const struct valuation *v, const char *list, struct span code)
{
	return ref_code(v->s->r, span_of(list), code, v->s->day) != NULL;
}

/* Lists of the pack, or, where it has none, the convention of the declaration's data model: codes in A add, codes in B deduct. */
static enum charge_class classify(const struct valuation *v, struct span code)
{
	if (v->has_lists) {
		if (listed(v, "charge_freight", code))
			return CHARGE_FREIGHT;
		if (listed(v, "charge_insurance", code))
			return CHARGE_INSURANCE;
		if (listed(v, "charge_addition", code))
			return CHARGE_ADDITION;
		return listed(v, "charge_deduction", code) ? CHARGE_DEDUCTION : CHARGE_UNKNOWN;
	}
	if (code.n && code.p[0] == 'A')
		return CHARGE_ADDITION;
	return code.n && code.p[0] == 'B' ? CHARGE_DEDUCTION : CHARGE_UNKNOWN;
}

static enum charge_use cost_use(const struct valuation *v, bool in_price)
{
	if (v->cif)
		return in_price ? USE_NONE : USE_ADD;
	return in_price ? USE_DEDUCT : USE_NONE;
}

static void begin_valuation(struct valuation *v)
{
	const struct trade_terms *t = &v->s->d->shipment.terms;
	const struct refset *r = v->s->r;

	v->cif = v->s->direction != DIRECTION_EXPORT && ref_values_cif(r);
	v->terms = incoterm(t->code, v->s->day);
	v->has_lists =
	    ref_has_list(r, SPAN("charge_addition")) || ref_has_list(r, SPAN("charge_deduction")) ||
	    ref_has_list(r, SPAN("charge_freight")) || ref_has_list(r, SPAN("charge_insurance"));
	v->use[CHARGE_ADDITION] = USE_ADD;
	v->use[CHARGE_DEDUCTION] = USE_DEDUCT;
	v->use[CHARGE_FREIGHT] = cost_use(v, v->terms && v->terms->carriage);
	v->use[CHARGE_INSURANCE] = cost_use(v, v->terms && v->terms->insurance);
}

/* Tells, once, that a declared cost was not added because the price holds it, or that nobody can know whether it does. */
static void report_cost(struct valuation *v, enum charge_class c, const void *place, int64_t minor)
{
	const struct trade_terms *t = &v->s->d->shipment.terms;

	if ((c != CHARGE_FREIGHT && c != CHARGE_INSURANCE) || !minor || v->unused_reported)
		return;
	if (!v->terms)
		assess_find(v->s, FINDING_DUTY_TERMS_UNKNOWN, &t->code,
			    t->code.n ? t->code : SPAN("-"), NO_VALUE, NO_VALUE);
	else if (v->cif && v->use[c] == USE_NONE)
		assess_find(v->s, FINDING_DUTY_IN_PRICE, place, t->code, NO_VALUE, NO_VALUE);
	else
		return;
	v->unused_reported = true;
}

static bool add_to(struct valuation *v, int64_t *sum, int64_t minor, const void *place)
{
	int64_t total;

	if (!__builtin_add_overflow(*sum, minor, &total)) {
		*sum = total;
		return true;
	}
	assess_stop(v->s, FINDING_DUTY_OVERFLOW, place, NO_VALUE, NO_VALUE, NO_VALUE);
	return false;
}

/* One declared cost in national currency, with its class. */
static bool read_cost(struct valuation *v, const struct amount *a, enum charge_class c,
		      struct proof *proof, int64_t *ret)
{
	if (!assess_exchange(v->s, a, class_label_one[c], proof, ret))
		return false;
	report_cost(v, c, a, *ret);
	return true;
}

static bool read_charge(struct valuation *v, const struct charge *charge, struct proof *proof,
			enum charge_class *ret_class, int64_t *ret)
{
	*ret_class = classify(v, charge->type);
	if (*ret_class == CHARGE_UNKNOWN) {
		assess_stop(v->s, FINDING_DUTY_CHARGE_UNKNOWN, &charge->type,
			    charge->type.n ? charge->type : SPAN("-"), NO_VALUE, NO_VALUE);
		return false;
	}
	return charge->amount.value.set && read_cost(v, &charge->amount, *ret_class, proof, ret);
}

/* Totals of the costs of the whole shipment, by class; their exchange is proven with the first item. */
static void sum_header(struct valuation *v)
{
	const struct shipment *sh = &v->s->d->shipment;
	struct proof *proof = &v->s->ret->values[0].proof;
	enum charge_class c;
	int64_t minor;

	if (sh->freight.value.set && read_cost(v, &sh->freight, CHARGE_FREIGHT, proof, &minor)) {
		v->header[CHARGE_FREIGHT] = minor;
		v->header_set[CHARGE_FREIGHT] = minor != 0;
	}
	for (uint32_t i = 0; i < sh->charges.n; i++) {
		const struct charge *charge = &sh->charges.v[i];
		int64_t before;

		if (!read_charge(v, charge, proof, &c, &minor) || !minor)
			continue;
		before = v->header[c];
		if (!add_to(v, &v->header[c], minor, &charge->amount))
			return;
		if (v->header_set[c]) {
			struct proof_writer *w = &v->s->proof;
			size_t begin = proof_begin(w);

			proof_span(w, span_of(class_label[c]));
			PROOF_PUT(w, ": ");
			proof_money(w, before);
			PROOF_PUT(w, " + ");
			proof_money(w, minor);
			proof_result(w, v->header[c], ROUND_DOWN, 1, true);
			proof_end(w, begin, proof);
		}
		v->header_set[c] = true;
	}
}

/* Prices of all items in national currency: the weights of every share. */
static void read_prices(struct valuation *v)
{
	for (uint32_t i = 0; i < v->s->n; i++) {
		const struct goods_item *item = &v->s->items[i];
		const struct amount *price = &item->commodity.price;
		bool declared = !by_method_one(item) || !price->value.set;
		const char *label = "price";

		if (declared) {
			price = &item->customs_value;
			label = by_method_one(item) ? "value, as declared without a price"
						    : "value, as declared by its method";
		}
		if (!price->value.set)
			assess_stop(v->s, FINDING_DUTY_VALUE_MISSING, price,
				    item->valuation_method.n ? item->valuation_method : SPAN("1"),
				    NO_VALUE, NO_VALUE);
		else
			v->s->valued[i] =
			    assess_exchange(v->s, price, label, &v->s->ret->values[i].proof,
					    &v->price[i]) &&
			    add_to(v, &v->weight, v->price[i], price);
		if (!v->s->valued[i])
			v->price[i] = 0;
	}
	v->even = v->weight == 0;
}

static void split_header(struct valuation *v)
{
	int64_t *weights = v->price;
	uint32_t n = v->s->n;

	if (v->even) {
		weights = ARENA_ARRAY(v->s->arena, int64_t, n);
		for (uint32_t i = 0; i < n; i++)
			weights[i] = 1;
	}
	for (int c = 0; c < CHARGE_CLASSES; c++) {
		if (!v->header_set[c] || v->use[c] == USE_NONE)
			continue;
		v->shares[c] = ARENA_ARRAY(v->s->arena, struct money, n);
		if (money_apportion((struct money){v->header[c]}, weights, n, v->shares[c])) {
			assess_stop(v->s, FINDING_DUTY_OVERFLOW, &v->s->d->shipment, NO_VALUE,
				    NO_VALUE, NO_VALUE);
			v->shares[c] = NULL;
		}
	}
}

/* The sum that makes a customs value, kept until all of its parts have their own steps. */
struct sum {
	int64_t total;
	struct text text;
	bool fits;
};

static void sum_part(struct valuation *v, struct sum *sum, int64_t minor, bool minus)
{
	struct proof_writer part = {
	    .text = sum->text, .currency = v->s->currency, .digits = v->s->digits};

	if (minus ? __builtin_sub_overflow(sum->total, minor, &sum->total)
		  : __builtin_add_overflow(sum->total, minor, &sum->total))
		sum->fits = false;
	if (part.text.n)
		proof_put(&part, minus ? " - " : " + ", 3);
	proof_money(&part, minor);
	sum->text = part.text;
}

static void add_share(struct valuation *v, uint32_t i, int c, struct sum *sum)
{
	struct proof_writer *w = &v->s->proof;
	size_t begin = proof_begin(w);

	PROOF_PUT(w, "share of ");
	proof_span(w, span_of(class_label[c]));
	if (!sum)
		PROOF_PUT(w, ", not used");
	PROOF_PUT(w, ": ");
	proof_money(w, v->header[c]);
	PROOF_PUT(w, " * ");
	if (v->even) {
		PROOF_PUT(w, "1 / ");
		proof_number(w, v->s->n, 0);
	} else {
		proof_money(w, v->price[i]);
		PROOF_PUT(w, " / ");
		proof_money(w, v->weight);
	}
	proof_result(w, v->shares[c][i].minor, ROUND_DOWN, 1, true);
	PROOF_PUT(w, " (apportioned)");
	proof_end(w, begin, &v->s->ret->values[i].proof);
	if (sum)
		sum_part(v, sum, v->shares[c][i].minor, v->use[c] == USE_DEDUCT);
}

static void add_charges(struct valuation *v, uint32_t i, struct sum *sum)
{
	const struct goods_item *item = &v->s->items[i];
	struct proof *proof = &v->s->ret->values[i].proof;
	enum charge_class c;
	int64_t minor;

	for (uint32_t k = 0; k < item->charges.n; k++)
		if (read_charge(v, &item->charges.v[k], proof, &c, &minor) && minor &&
		    v->use[c] != USE_NONE)
			sum_part(v, sum, minor, v->use[c] == USE_DEDUCT);
}

static void label_terms(struct valuation *v)
{
	struct proof_writer *w = &v->s->proof;

	PROOF_PUT(w, "customs value (method 1, ");
	if (v->cif)
		PROOF_PUT(w, "CIF");
	else
		PROOF_PUT(w, "FOB");
	if (v->terms) {
		PROOF_PUT(w, "; ");
		proof_put(w, v->terms->code, 3);
		if (v->terms->insurance)
			PROOF_PUT(w, " price holds freight and insurance");
		else if (v->terms->carriage)
			PROOF_PUT(w, " price holds freight");
		else
			PROOF_PUT(w, " price holds neither freight nor insurance");
	}
	PROOF_PUT(w, "): ");
}

/* Method 1: price, additions and deductions. */
static bool value_item(struct valuation *v, uint32_t i)
{
	struct item_value *value = &v->s->ret->values[i];
	struct proof_writer *w = &v->s->proof;
	struct sum sum = {.text = text_in(v->s->arena), .fits = true};
	char room[512]; /* enough but for long lists of charges */
	size_t begin;

	sum.text.p = room;
	sum.text.room = sizeof(room);
	sum_part(v, &sum, v->price[i], false);
	add_charges(v, i, &sum);
	for (int c = 0; c < CHARGE_CLASSES; c++)
		if (v->shares[c] && v->shares[c][i].minor)
			add_share(v, i, c, &sum);
	if (!sum.fits) {
		assess_stop(v->s, FINDING_DUTY_OVERFLOW, &v->s->items[i].commodity.price, NO_VALUE,
			    NO_VALUE, NO_VALUE);
		return false;
	}
	if (sum.total < 0) {
		assess_stop(v->s, FINDING_DUTY_NEGATIVE, &v->s->items[i].charges,
			    assess_money_text(v->s, sum.total), NO_VALUE, NO_VALUE);
		return false;
	}
	begin = proof_begin(w);
	label_terms(v);
	proof_put(w, sum.text.p, sum.text.n);
	proof_result(w, sum.total, ROUND_DOWN, 1, true);
	proof_end(w, begin, &value->proof);
	value->customs_value.minor = sum.total;
	return true;
}

/* Methods 2 to 6 (Articles 2, 3, 5, 6, 7), and values that come without a price: as declared. */
static bool take_declared(struct valuation *v, uint32_t i)
{
	struct item_value *value = &v->s->ret->values[i];
	struct proof_writer *w = &v->s->proof;
	struct span method = v->s->items[i].valuation_method;
	size_t begin;

	for (int c = 0; c < CHARGE_CLASSES; c++)
		if (v->shares[c] && v->shares[c][i].minor)
			add_share(v, i, c, NULL);
	begin = proof_begin(w);
	PROOF_PUT(w, "customs value (as declared");
	if (method.n == 1 && method.p[0] >= '2' && method.p[0] <= '6') {
		PROOF_PUT(w, ", method ");
		proof_span(w, method);
	}
	PROOF_PUT(w, "): ");
	proof_money(w, v->price[i]);
	proof_result(w, v->price[i], ROUND_DOWN, 1, true);
	proof_end(w, begin, &value->proof);
	value->customs_value.minor = v->price[i];
	return true;
}

static void statistical_value(struct valuation *v, uint32_t i)
{
	struct item_value *value = &v->s->ret->values[i];
	const struct amount *declared = &v->s->items[i].statistical_value;
	struct proof_writer *w = &v->s->proof;
	int64_t minor = value->customs_value.minor;
	bool stated = declared->value.set &&
		      assess_exchange(v->s, declared, "statistical", &value->proof, &minor);
	size_t begin = proof_begin(w);

	value->statistical_value.minor = minor;
	if (stated)
		PROOF_PUT(w, "statistical value (as declared): ");
	else
		PROOF_PUT(w, "statistical value (as customs value): ");
	proof_money(w, minor);
	proof_result(w, minor, ROUND_DOWN, 1, true);
	proof_end(w, begin, &value->proof);
}

/* A value that the declarant computed under method 1 is only compared. */
static void compare_value(struct valuation *v, uint32_t i)
{
	const struct goods_item *item = &v->s->items[i];
	int64_t ours = v->s->ret->values[i].customs_value.minor, theirs;

	if (!item->customs_value.value.set || !item->commodity.price.value.set ||
	    !by_method_one(item))
		return;
	if (assess_exchange(v->s, &item->customs_value, NULL, NULL, &theirs) && theirs != ours)
		assess_find(v->s, FINDING_DUTY_VALUE_DIFFERS, &item->customs_value,
			    assess_money_text(v->s, theirs), assess_money_text(v->s, ours),
			    NO_VALUE);
}

void assess_values(struct assess *s)
{
	struct valuation v = {.s = s};
	int64_t total = 0;

	begin_valuation(&v);
	v.price = ARENA_ARRAY(s->arena, int64_t, s->n);
	read_prices(&v);
	sum_header(&v);
	split_header(&v);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct goods_item *item = &s->items[i];

		if (!s->valued[i])
			continue;
		s->valued[i] = by_method_one(item) && item->commodity.price.value.set
				   ? value_item(&v, i)
				   : take_declared(&v, i);
		if (!s->valued[i])
			continue;
		statistical_value(&v, i);
		compare_value(&v, i);
		if (!add_to(&v, &total, s->ret->values[i].customs_value.minor, item))
			return;
	}
	s->ret->total_value.minor = total;
}
