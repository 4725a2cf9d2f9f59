#include "hub/audit/compare.h"

#include "base/date.h"
#include "base/limits.h"
#include "codec/csv.h"
#include "hub/hub.h"
#include "model/facts.h"
#include "msg/res.h"

struct tax {
	int64_t item;
	struct span levy, amount;
	bool met; /* ours has it too */
};

/* What the table says of one declaration. */
struct compare_theirs {
	struct span reference, outcome, lane, total, currency;
	int32_t day;
	bool has_day, met;
	DICT_LIST(struct tax) taxes;
};

static const char *const kinds[COMPARE_KINDS] = {
    [COMPARE_OUTCOME] = "outcome",
    [COMPARE_LANE] = "lane",
    [COMPARE_TOTAL] = "total",
    [COMPARE_TAX] = "tax-amount",
    [COMPARE_TAX_HERE] = "tax-only-here",
    [COMPARE_TAX_THERE] = "tax-only-there",
    [COMPARE_NO_OUTCOME] = "no-outcome",
    [COMPARE_NO_DECLARATION] = "no-declaration",
    [COMPARE_UNREADABLE] = "unreadable",
    [COMPARE_AMBIGUOUS] = "ambiguous",
};

const char *compare_kind_id(enum compare_kind k)
{
	return kinds[k];
}

/* ---- their table ---- */

enum column { REFERENCE, OUTCOME, LANE, TOTAL, CURRENCY, ITEM, LEVY, AMOUNT, DAY, COLUMNS };

static const char *const columns[COLUMNS] = {"reference", "outcome", "lane",   "total", "currency",
					     "item",      "levy",    "amount", "day"};

static const char NO_OUTCOME[] = "an outcome is accepted or rejected",
		  NO_LANE[] = "a lane is green, yellow, blue, red or none",
		  NO_AMOUNT[] = "this is no amount", NO_DAY[] = "this is no day",
		  NO_LEVY[] = "a levy has an amount", NO_ITEM[] = "an item has a number";

struct opening {
	struct comparison *c;
	struct span bytes;
	struct codec_fault *fault;
	int at[COLUMNS];
	struct csv csv;
	enum err err;
};

static struct span cell(const struct opening *o, enum column c)
{
	const struct span none = {0};

	return o->at[c] < 0 ? none : span_trim(o->csv.fields[o->at[c]]);
}

static bool bad_cell(struct opening *o, enum column c, const char *text)
{
	*o->fault = (struct codec_fault){o->csv.row_line, o->csv.field_column[o->at[c]], text};
	o->err = ERR_FORMAT;
	return false;
}

/* What is known of a reference, from the first time that it is named. */
static struct compare_theirs *theirs_of(struct comparison *c, struct span reference)
{
	struct compare_theirs *t = map_get(&c->theirs, reference), **slot;

	if (t)
		return t;
	t = ARENA_NEW(c->arena, struct compare_theirs);
	t->reference = reference;
	map_put(&c->theirs, reference, t);
	slot = arena_push(c->arena, (void **)&c->order.v, &c->order.n, &c->order.room,
			  sizeof(struct compare_theirs *));
	*slot = t;
	return t;
}

static bool is_outcome(struct span s)
{
	return !s.n || span_is(s, "accepted") || span_is(s, "rejected");
}

static bool is_lane(struct span s)
{
	return !s.n || span_is(s, "none") || lane_by_name(s) != LANE_NONE;
}

/* What one row adds: empty cells say nothing, later rows repeat or complete. */
static bool take_row(struct opening *o)
{
	struct arena *a = o->c->arena;
	struct span reference = cell(o, REFERENCE), item = cell(o, ITEM), day = cell(o, DAY);
	struct compare_theirs *t;
	struct decimal number = {0};
	struct tax *tax;

	if (!reference.n)
		return bad_cell(o, REFERENCE, "a row without a reference");
	if (!is_outcome(cell(o, OUTCOME)))
		return bad_cell(o, OUTCOME, NO_OUTCOME);
	if (!is_lane(cell(o, LANE)))
		return bad_cell(o, LANE, NO_LANE);
	t = theirs_of(o->c, reference);
	t->outcome = cell(o, OUTCOME).n ? cell(o, OUTCOME) : t->outcome;
	t->lane = cell(o, LANE).n ? cell(o, LANE) : t->lane;
	t->total = cell(o, TOTAL).n ? cell(o, TOTAL) : t->total;
	t->currency = cell(o, CURRENCY).n ? cell(o, CURRENCY) : t->currency;
	if (t->total.n && decimal_parse(t->total, &number))
		return bad_cell(o, TOTAL, NO_AMOUNT);
	if (day.n && day_parse(day, &t->day))
		return bad_cell(o, DAY, NO_DAY);
	t->has_day |= day.n > 0;
	if (!cell(o, LEVY).n)
		return true;
	if (!cell(o, AMOUNT).n || decimal_parse(cell(o, AMOUNT), &number))
		return bad_cell(o, LEVY, NO_LEVY);
	if (item.n && (decimal_parse(item, &number) || number.scale))
		return bad_cell(o, ITEM, NO_ITEM);
	tax = arena_push(a, (void **)&t->taxes.v, &t->taxes.n, &t->taxes.room, sizeof(*tax));
	*tax = (struct tax){item.n ? number.units : 0, cell(o, LEVY), cell(o, AMOUNT), false};
	return true;
}

static char delimiter_of(struct span bytes)
{
	struct span line = span_cut(&bytes, '\n');

	if (memchr(line.p, ';', line.n))
		return ';';
	return memchr(line.p, '\t', line.n) ? '\t' : ',';
}

/* ---- the same as JSON ---- */

/* A text, or a number as it was written. */
static struct span value_of(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);
	const struct span none = {0};

	return v && (v->kind == JSON_STRING || v->kind == JSON_NUMBER) ? v->text : none;
}

static const char *add_tax(struct comparison *c, struct compare_theirs *t, const struct json *j)
{
	struct span levy = value_of(j, "levy"), amount = value_of(j, "amount"),
		    item = value_of(j, "item");
	struct decimal number = {0};
	struct tax *tax;

	if (!levy.n || !amount.n || decimal_parse(amount, &number))
		return NO_LEVY;
	if (item.n && (decimal_parse(item, &number) || number.scale))
		return NO_ITEM;
	tax = arena_push(c->arena, (void **)&t->taxes.v, &t->taxes.n, &t->taxes.room, sizeof(*tax));
	*tax = (struct tax){item.n ? number.units : 0, levy, amount, false};
	return NULL;
}

static const char *add(struct comparison *c, struct compare_theirs *t, const struct json *j)
{
	const struct json *taxes = json_get(j, "taxes");
	struct span day = value_of(j, "day");
	struct decimal number;
	const char *fault = NULL;

	t->outcome = value_of(j, "outcome");
	t->lane = value_of(j, "lane");
	t->total = value_of(j, "total");
	t->currency = value_of(j, "currency");
	if (!is_outcome(t->outcome))
		return NO_OUTCOME;
	if (!is_lane(t->lane))
		return NO_LANE;
	if (t->total.n && decimal_parse(t->total, &number))
		return NO_AMOUNT;
	t->has_day = day.n > 0;
	if (day.n && day_parse(day, &t->day))
		return NO_DAY;
	t->taxes.n = 0;
	for (const struct json *x = taxes ? taxes->first : NULL; x && !fault; x = x->next)
		fault = add_tax(c, t, x);
	return fault;
}

enum err comparison_add(struct comparison *c, struct span reference, const struct json *theirs,
			const char **ret_fault)
{
	static const char *const names[] = {"reference", "outcome", "lane", "total",
					    "currency",  "taxes",   "day"};
	const char *fault = NULL;

	for (const struct json *m = theirs->first; m && !fault; m = m->next) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(names) && !known; i++)
			known = span_is(m->name, names[i]);
		if (!known)
			fault = "a member that is none of reference, outcome, lane, total, "
				"currency, day, taxes";
	}
	if (!fault)
		fault = add(c, theirs_of(c, reference), theirs);
	*ret_fault = fault;
	return fault ? ERR_FORMAT : ERR_NONE;
}

static void open_lines(struct opening *o)
{
	struct span rest = o->bytes;
	uint32_t line = 0;

	while (rest.n && !o->err) {
		struct span text = span_trim(span_cut(&rest, '\n'));
		const char *fault = "an object with the reference of a declaration is wanted";
		const struct json *j;
		struct span reference;

		line++;
		if (!text.n)
			continue;
		o->err = json_read(o->c->arena, text, &j, o->fault);
		if (o->err) {
			o->fault->line = line;
			return;
		}
		reference = span_trim(value_of(j, "reference"));
		o->err = reference.n ? comparison_add(o->c, reference, j, &fault) : ERR_FORMAT;
		if (o->err)
			*o->fault = (struct codec_fault){line, 1, fault};
	}
}

/* ---- the same as answers that the other system sent ---- */

/* What an answer says of the declaration as a whole: nothing, where it only asks for something. */
static struct span outcome_of(enum response_kind k)
{
	switch (k) {
	case RESPONSE_REJECTED:
		return SPAN("rejected");
	case RESPONSE_ACCEPTED:
	case RESPONSE_AMENDED:
	case RESPONSE_AWAITING_EXIT:
	case RESPONSE_CLEARED:
	case RESPONSE_DETAINED:
	case RESPONSE_DOCUMENTS_REQUIRED:
	case RESPONSE_EXAMINATION:
	case RESPONSE_EXITED:
	case RESPONSE_RELEASED:
	case RESPONSE_TAX_DUE:
	case RESPONSE_TAX_FINAL:
	case RESPONSE_TAX_PROVISIONAL:
		return SPAN("accepted");
	case RESPONSE_CANCELLED:
	case RESPONSE_HANDLED_OUTSIDE:
	case RESPONSE_QUERIED:
	case RESPONSE_RECEIVED:
	case RESPONSE_REQUEST_DENIED:
	case RESPONSE_REQUEST_GRANTED:
	case RESPONSE_KINDS:
		break;
	}
	return SPAN("");
}

static struct span decimal_text(struct arena *a, struct decimal d)
{
	struct text t = text_in(a);

	decimal_write(&t, d);
	return text_as_span(&t);
}

/* Later answers about a declaration add to earlier ones; taxes are said anew. */
static void add_response(struct comparison *c, const struct response *r)
{
	struct compare_theirs *t = theirs_of(c, span_trim(r->trader_reference));
	const struct span outcome = outcome_of(r->kind);
	const int64_t at = r->accepted_at ? r->accepted_at : r->issued_at;

	t->outcome = outcome.n ? outcome : t->outcome;
	if (at && !t->has_day) {
		t->day = day_of(at, 0);
		t->has_day = true;
	}
	for (uint32_t i = 0; i < r->payments.n; i++) {
		if (!r->payments.v[i].payable.value.set)
			continue;
		t->total = decimal_text(c->arena, r->payments.v[i].payable.value);
		t->currency = r->payments.v[i].payable.currency;
	}
	if (r->taxes.n)
		t->taxes.n = 0;
	for (uint32_t i = 0; i < r->taxes.n; i++) {
		const struct response_tax *x = &r->taxes.v[i];
		const struct decimal amount =
		    x->assessed.value.set ? x->assessed.value : x->payable.value;
		struct tax *tax;

		if (!amount.set || !x->levy.n)
			continue;
		tax = arena_push(c->arena, (void **)&t->taxes.v, &t->taxes.n, &t->taxes.room,
				 sizeof(*tax));
		*tax = (struct tax){x->item, x->levy, decimal_text(c->arena, amount), false};
	}
}

static void open_answers(struct opening *o)
{
	struct responses *all = ARENA_NEW(o->c->arena, struct responses);

	o->err = msg_read_any_responses(o->c->arena, o->bytes, hub_directories(), all, o->fault);
	if (o->err == ERR_UNSUPPORTED)
		o->err = ERR_FORMAT;
	for (uint32_t i = 0; i < all->list.n && !o->err; i++)
		if (span_trim(all->list.v[i].trader_reference).n)
			add_response(o->c, &all->list.v[i]);
}

uint32_t comparison_count(const struct comparison *c)
{
	return c->order.n;
}

struct span comparison_reference(const struct comparison *c, uint32_t i)
{
	return c->order.v[i]->reference;
}

static void put_if(struct json_writer *w, const char *name, struct span s)
{
	if (s.n)
		json_put(w, name, s);
}

void comparison_write_theirs(struct json_writer *w, const struct comparison *c, uint32_t i)
{
	const struct compare_theirs *t = c->order.v[i];
	struct text day = text_in(w->text->arena);

	json_open_object(w);
	put_if(w, "outcome", t->outcome);
	put_if(w, "lane", t->lane);
	put_if(w, "total", t->total);
	put_if(w, "currency", t->currency);
	if (t->has_day) {
		day_write(&day, t->day);
		json_put(w, "day", text_as_span(&day));
	}
	if (t->taxes.n) {
		json_name(w, "taxes");
		json_open_array(w);
		for (uint32_t k = 0; k < t->taxes.n; k++) {
			json_open_object(w);
			if (t->taxes.v[k].item)
				json_put_int(w, "item", t->taxes.v[k].item);
			json_put(w, "levy", t->taxes.v[k].levy);
			json_put(w, "amount", t->taxes.v[k].amount);
			json_close_object(w);
		}
		json_close_array(w);
	}
	json_close_object(w);
}

static void open_it(void *context)
{
	struct opening *o = context;
	struct arena *a = o->c->arena;
	struct span head = span_trim(o->bytes);
	enum err e;

	/* A table that is none would be kept as what no JSON can say. EDIFACT has character sets of its own. */
	if (!span_starts(head, SPAN("UNA")) && !span_starts(head, SPAN("UNB")) &&
	    !span_valid_utf8(o->bytes)) {
		const uint32_t sound = span_utf8_prefix(o->bytes);
		uint32_t line = 1;

		for (uint32_t i = 0; i < sound; i++)
			line += o->bytes.p[i] == '\n';
		*o->fault = (struct codec_fault){line, 1, "this is no UTF-8"};
		o->err = ERR_FORMAT;
		return;
	}
	if (head.n && *head.p == '{') {
		open_lines(o);
		return;
	}
	if (head.n &&
	    (*head.p == '<' || span_starts(head, SPAN("UNA")) || span_starts(head, SPAN("UNB")))) {
		open_answers(o);
		return;
	}
	e = csv_open_as(a, o->bytes, o->bytes.n ? delimiter_of(o->bytes) : ',', LIMIT_CSV_COLUMNS,
			&o->csv, o->fault);

	o->err = e;
	if (e)
		return;
	o->csv.ragged = true;
	for (uint32_t i = 0; i < COLUMNS; i++)
		o->at[i] = csv_column(&o->csv, columns[i]);
	if (o->at[REFERENCE] < 0) {
		*o->fault = (struct codec_fault){1, 1, "there is no column reference"};
		o->err = ERR_FORMAT;
		return;
	}
	while ((e = csv_next(&o->csv, o->fault)) == ERR_NONE)
		if (!take_row(o))
			return;
	o->err = e == ERR_NOT_FOUND ? ERR_NONE : e;
}

enum err comparison_open(struct arena *a, struct span bytes, struct comparison *ret,
			 struct codec_fault *ret_fault)
{
	struct opening o = {.c = ret, .bytes = bytes, .fault = ret_fault};
	enum err e;

	*ret_fault = (struct codec_fault){1, 1, "the table needs too much memory"};
	*ret = (struct comparison){.arena = a, .theirs = map_in(a)};
	e = arena_run(a, open_it, &o);
	return e ? e : o.err;
}

bool comparison_day(struct comparison *c, struct span reference, int32_t *ret)
{
	const struct compare_theirs *t = map_get(&c->theirs, reference);

	if (t && t->has_day)
		*ret = t->day;
	return t && t->has_day;
}

/* ---- one difference ---- */

static void keep(struct arena *a, struct span *s)
{
	char *p = s->n ? arena_try(a, s->n) : NULL;

	if (p)
		memcpy(p, s->p, s->n);
	*s = (struct span){p, p ? s->n : 0, 0};
}

/* Counted always; the first ones are kept. */
static void differ(struct comparison *c, enum compare_kind k, struct compare_example e,
		   bool *counted)
{
	c->kind[k].differences++;
	c->kind[k].declarations += !counted[k];
	counted[k] = true;
	if (c->kind[k].examples == COMPARE_EXAMPLES)
		return;
	keep(c->arena, &e.reference);
	keep(c->arena, &e.there);
	keep(c->arena, &e.here);
	keep(c->arena, &e.levy);
	c->kind[k].example[c->kind[k].examples++] = e;
}

static bool same_amount(struct span a, struct span b)
{
	struct decimal x, y;

	return !decimal_parse(a, &x) && !decimal_parse(b, &y) && decimal_compare(x, y) == 0;
}

/* Levies of ours that are due, against theirs. */
static void compare_taxes(struct comparison *c, struct compare_theirs *t,
			  const struct json *decision, bool *counted)
{
	const struct json *taxes = json_get(decision, "taxes");

	for (uint32_t i = 0; i < t->taxes.n; i++)
		t->taxes.v[i].met = false;
	for (const struct json *j = taxes ? taxes->first : NULL; j && t->taxes.n; j = j->next) {
		struct compare_example e = {.reference = t->reference,
					    .here = json_get_text(j, "amount"),
					    .levy = json_get_text(j, "type")};
		struct tax *found = NULL;

		if (json_get_int(j, "item", &e.item))
			e.item = 0;
		for (uint32_t i = 0; i < t->taxes.n && !found; i++)
			if (!t->taxes.v[i].met && t->taxes.v[i].item == e.item &&
			    span_equal(t->taxes.v[i].levy, e.levy))
				found = &t->taxes.v[i];
		if (!found) {
			if (!same_amount(e.here, SPAN("0")))
				differ(c, COMPARE_TAX_HERE, e, counted);
			continue;
		}
		found->met = true;
		e.there = found->amount;
		if (!same_amount(e.there, e.here))
			differ(c, COMPARE_TAX, e, counted);
	}
	for (uint32_t i = 0; i < t->taxes.n; i++) {
		const struct tax *x = &t->taxes.v[i];

		if (!x->met && !same_amount(x->amount, SPAN("0")))
			differ(c, COMPARE_TAX_THERE,
			       (struct compare_example){.reference = t->reference,
							.there = x->amount,
							.item = x->item,
							.levy = x->levy},
			       counted);
	}
}

static void compare_total(struct comparison *c, const struct compare_theirs *t,
			  const struct json *decision, bool *counted)
{
	const struct json *total = json_get(decision, "total");
	struct span amount = json_get_text(total, "amount");
	bool other = t->currency.n && !span_equal(t->currency, json_get_text(total, "currency"));

	if (t->total.n && (other || !same_amount(t->total, amount)))
		differ(c, COMPARE_TOTAL,
		       (struct compare_example){t->reference, t->total, amount, 0, {0}}, counted);
}

void comparison_take(struct comparison *c, const struct json *decision)
{
	comparison_take_as(c, json_get_text(json_get(decision, "declaration"), "trader_reference"),
			   decision);
}

void comparison_take_as(struct comparison *c, struct span reference, const struct json *decision)
{
	struct compare_theirs *t = map_get(&c->theirs, reference);
	bool rejected = span_is(json_get_text(decision, "state"), "rejected");
	struct span outcome = rejected ? SPAN("rejected") : SPAN("accepted");
	struct span lane = json_get_text(decision, "lane");
	bool counted[COMPARE_KINDS] = {false}, any = false;

	c->declarations++;
	if (!t) {
		differ(c, COMPARE_NO_OUTCOME, (struct compare_example){.reference = reference},
		       counted);
		return;
	}
	t->met = true;
	if (t->outcome.n && !span_equal(t->outcome, outcome))
		differ(c, COMPARE_OUTCOME,
		       (struct compare_example){reference, t->outcome, outcome, 0, {0}}, counted);
	if (t->lane.n && !span_equal(t->lane, lane))
		differ(c, COMPARE_LANE, (struct compare_example){reference, t->lane, lane, 0, {0}},
		       counted);
	if (!rejected) {
		compare_total(c, t, decision, counted);
		compare_taxes(c, t, decision, counted);
	}
	for (uint32_t i = 0; i < COMPARE_KINDS; i++)
		any |= counted[i];
	c->same += !any;
}

void comparison_unreadable(struct comparison *c, struct span place, struct span why)
{
	bool counted[COMPARE_KINDS] = {false};

	c->declarations++;
	differ(c, COMPARE_UNREADABLE, (struct compare_example){.reference = place, .here = why},
	       counted);
}

void comparison_ambiguous(struct comparison *c, struct span reference, struct span there,
			  struct span here)
{
	bool counted[COMPARE_KINDS] = {false};

	differ(c, COMPARE_AMBIGUOUS, (struct compare_example){reference, there, here, 0, {0}},
	       counted);
}

void comparison_close(struct comparison *c)
{
	for (uint32_t i = 0; i < c->order.n; i++) {
		const struct compare_theirs *t = c->order.v[i];
		bool counted[COMPARE_KINDS] = {false};

		if (!t->met)
			differ(c, COMPARE_NO_DECLARATION,
			       (struct compare_example){.reference = t->reference}, counted);
	}
}

bool comparison_is_clean(const struct comparison *c)
{
	for (uint32_t i = 0; i < COMPARE_KINDS; i++)
		if (c->kind[i].differences)
			return false;
	return true;
}

/* ---- the report ---- */

static void write_example(struct json_writer *w, const struct compare_example *e)
{
	json_open_object(w);
	json_put(w, "reference", e->reference.p ? e->reference : SPAN(""));
	if (e->item)
		json_put_int(w, "item", e->item);
	if (e->levy.n)
		json_put(w, "levy", e->levy);
	if (e->there.n)
		json_put(w, "there", e->there);
	if (e->here.n)
		json_put(w, "here", e->here);
	json_close_object(w);
}

void comparison_write_examples(struct json_writer *w, const struct comparison *c,
			       enum compare_kind k)
{
	json_open_array(w);
	for (uint32_t i = 0; i < c->kind[k].examples; i++)
		write_example(w, &c->kind[k].example[i]);
	json_close_array(w);
}

void comparison_read_examples(struct comparison *c, enum compare_kind k, struct span reference,
			      const struct json *list)
{
	for (const struct json *j = list->first; j && c->kind[k].examples < COMPARE_EXAMPLES;
	     j = j->next) {
		struct compare_example e = {.reference = reference,
					    .there = json_get_text(j, "there"),
					    .here = json_get_text(j, "here"),
					    .levy = json_get_text(j, "levy")};

		if (json_get_int(j, "item", &e.item))
			e.item = 0;
		c->kind[k].example[c->kind[k].examples++] = e;
	}
}

static void write_json(struct text *to, const struct comparison *c)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put_int(&w, "declarations", (int64_t)c->declarations);
	json_put_int(&w, "same", (int64_t)c->same);
	json_name(&w, "differences");
	json_open_array(&w);
	for (uint32_t i = 0; i < COMPARE_KINDS; i++) {
		if (!c->kind[i].differences)
			continue;
		json_open_object(&w);
		json_put_c(&w, "kind", kinds[i]);
		json_put_int(&w, "differences", (int64_t)c->kind[i].differences);
		json_put_int(&w, "declarations", (int64_t)c->kind[i].declarations);
		json_name(&w, "examples");
		comparison_write_examples(&w, c, (enum compare_kind)i);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	text_char(to, '\n');
}

static void write_text(struct text *to, const struct comparison *c)
{
	text_print(to, "%llu declarations, %llu decided the same\n",
		   (unsigned long long)c->declarations, (unsigned long long)c->same);
	for (uint32_t i = 0; i < COMPARE_KINDS; i++) {
		if (!c->kind[i].differences)
			continue;
		text_print(to, "\n%s: %llu, in %llu declarations\n", kinds[i],
			   (unsigned long long)c->kind[i].differences,
			   (unsigned long long)c->kind[i].declarations);
		for (uint32_t j = 0; j < c->kind[i].examples; j++) {
			const struct compare_example *e = &c->kind[i].example[j];

			text_print(to, "  %.*s", SPAN_ARG(e->reference));
			if (e->item)
				text_print(to, " item %lld", (long long)e->item);
			if (e->levy.n)
				text_print(to, " %.*s", SPAN_ARG(e->levy));
			if (e->there.n)
				text_print(to, " there %.*s", SPAN_ARG(e->there));
			if (e->here.n)
				text_print(to, " here %.*s", SPAN_ARG(e->here));
			text_char(to, '\n');
		}
	}
}

void comparison_write(struct text *to, const struct comparison *c, bool people)
{
	if (people)
		write_text(to, c);
	else
		write_json(to, c);
}
