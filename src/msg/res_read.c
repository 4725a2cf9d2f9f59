/* Reading answers in the XML of the WCO Data Model. Writing: fmt_wco_res.c.
 *
 * The names of the open elements, from Response inward, make a path; a table says what begins at a path and what a value there
 * means. The callbacks run inside libxml2, so they never leave: false stops the parse, and the arena says why. What needs
 * more than a copy (places as JSON pointers, which kind of answer it is) is done afterwards. */
#include <stddef.h>

#include "base/date.h"
#include "base/limits.h"
#include "codec/xml.h"
#include "model/finding.h" /* NO_VALUE */
#include "msg/res.h"

enum { PATH_BYTES = 512, VALUE_FIRST = 256 };

struct reader {
	struct arena *arena;
	struct responses *to;
	/* what is being filled; NULL: none */
	struct response *response;
	struct response_note *note;
	struct place_step *step;
	struct response_tax *tax;
	struct response_payment *payment;
	uint32_t item;
	bool echoed; /* the answer's own part is done: what follows repeats the declaration */
	/* the open elements */
	uint32_t depth, ends[LIMIT_DEPTH + 1], n;
	char path[PATH_BYTES];
	uint32_t line;
	/* the value of the innermost one */
	char *value;
	uint32_t value_n, value_room;
	bool leaf;
	struct span qualifier, name; /* its attributes: currency or unit; the code in full */
	struct span root;
	uint32_t root_line;
};

/* ---- values ---- */

enum value_kind {
	VALUE_TEXT,
	VALUE_CODE,
	VALUE_TIME,
	VALUE_AMOUNT,
	VALUE_QUANTITY,
	VALUE_DECIMAL,
	VALUE_NUMBER
};
enum target { IN_MESSAGE, IN_RESPONSE, IN_NOTE, IN_STEP, IN_TAX, IN_PAYMENT, IN_READER, IN_STATUS };

struct leaf {
	const char *path;
	enum value_kind kind;
	enum target target;
	size_t offset;
};

#define NOTE(member)    IN_NOTE, offsetof(struct response_note, member)
#define OF(member)      IN_RESPONSE, offsetof(struct response, member)
#define PAYMENT(member) IN_PAYMENT, offsetof(struct response_payment, member)
#define STEP(member)    IN_STEP, offsetof(struct place_step, member)
#define TAX(member)     IN_TAX, offsetof(struct response_tax, member)
#define META(member)    IN_MESSAGE, offsetof(struct responses, member)
#define TIME            "/DateTimeString"
#define REMARK          "Response/AdditionalInformation"
#define AMENDMENT       "Response/Amendment"
#define ERROR           "Response/Error"
#define DECLARATION     "Response/Declaration"
#define TOTAL           DECLARATION "/DutyTaxFee"
#define ITEM            DECLARATION "/GoodsShipment/GovernmentAgencyGoodsItem"
#define DUTY            ITEM "/Commodity/DutyTaxFee"

static const struct leaf leaves[] = {
    {"MetaData/ResponsibleCountryCode", VALUE_TEXT, META(country)},
    {"MetaData/ResponsibleAgencyName", VALUE_TEXT, META(agency)},
    {"Response/FunctionCode", VALUE_TEXT, OF(function)},
    {"Response/FunctionalReferenceID", VALUE_TEXT, OF(exchange)},
    {"Response/IssueDateTime" TIME, VALUE_TIME, OF(issued_at)},
    {REMARK "/StatementCode", VALUE_CODE, NOTE(code)},
    {REMARK "/StatementDescription", VALUE_TEXT, NOTE(text)},
    {REMARK "/LimitDateTime" TIME, VALUE_TIME, NOTE(limit_at)},
    {REMARK "/StatementTypeCode", VALUE_TEXT, NOTE(type)},
    {REMARK "/Pointer/SequenceNumeric", VALUE_NUMBER, STEP(number)},
    {REMARK "/Pointer/DocumentSectionCode", VALUE_TEXT, STEP(section)},
    {REMARK "/Pointer/TagID", VALUE_TEXT, STEP(tag)},
    {AMENDMENT "/ChangeReasonCode", VALUE_CODE, NOTE(code)},
    {AMENDMENT "/Pointer/SequenceNumeric", VALUE_NUMBER, STEP(number)},
    {AMENDMENT "/Pointer/DocumentSectionCode", VALUE_TEXT, STEP(section)},
    {AMENDMENT "/Pointer/TagID", VALUE_TEXT, STEP(tag)},
    {ERROR "/Description", VALUE_TEXT, NOTE(text)},
    {ERROR "/ValidationCode", VALUE_CODE, NOTE(code)},
    {ERROR "/Pointer/SequenceNumeric", VALUE_NUMBER, STEP(number)},
    {ERROR "/Pointer/DocumentSectionCode", VALUE_TEXT, STEP(section)},
    {ERROR "/Pointer/TagID", VALUE_TEXT, STEP(tag)},
    {"Response/Status/NameCode", VALUE_TEXT, IN_STATUS, 0},
    {"Response/Status/ReleaseDateTime" TIME, VALUE_TIME, OF(released_at)},
    {DECLARATION "/AcceptanceDateTime" TIME, VALUE_TIME, OF(accepted_at)},
    {DECLARATION "/CancellationDateTime" TIME, VALUE_TIME, OF(cancelled_at)},
    {DECLARATION "/FunctionalReferenceID", VALUE_TEXT, OF(trader_reference)},
    {DECLARATION "/ID", VALUE_TEXT, OF(movement_reference)},
    {DECLARATION "/RejectionDateTime" TIME, VALUE_TIME, OF(rejected_at)},
    {DECLARATION "/VersionID", VALUE_TEXT, OF(version)},
    {TOTAL "/Payment/ReferenceID", VALUE_TEXT, PAYMENT(reference)},
    {TOTAL "/Payment/TaxAssessedAmount", VALUE_AMOUNT, PAYMENT(assessed)},
    {TOTAL "/Payment/DueDateTime" TIME, VALUE_TIME, PAYMENT(due_at)},
    {TOTAL "/Payment/PaymentAmount", VALUE_AMOUNT, PAYMENT(payable)},
    {ITEM "/SequenceNumeric", VALUE_NUMBER, IN_READER, offsetof(struct reader, item)},
    {DUTY "/AdValoremTaxBaseAmount", VALUE_AMOUNT, TAX(base)},
    {DUTY "/DeductAmount", VALUE_AMOUNT, TAX(deducted)},
    {DUTY "/DutyRegimeCode", VALUE_CODE, TAX(regime)},
    {DUTY "/SpecificTaxBaseQuantity", VALUE_QUANTITY, TAX(quantity)},
    {DUTY "/TaxRateNumeric", VALUE_DECIMAL, TAX(rate)},
    {DUTY "/TypeCode", VALUE_CODE, TAX(levy)},
    {DUTY "/Payment/TaxAssessedAmount", VALUE_AMOUNT, TAX(assessed)},
    {DUTY "/Payment/PaymentAmount", VALUE_AMOUNT, TAX(payable)},
};

static void *object_of(struct reader *r, enum target t)
{
	switch (t) {
	case IN_MESSAGE:
		return r->to;
	case IN_RESPONSE:
	case IN_STATUS:
		return r->response;
	case IN_NOTE:
		return r->note;
	case IN_STEP:
		return r->step;
	case IN_TAX:
		return r->tax;
	case IN_PAYMENT:
		return r->payment;
	case IN_READER:
		return r;
	}
	return NULL;
}

static struct span copy(struct reader *r, struct span s)
{
	char *p = arena_try(r->arena, (size_t)s.n + 1);

	if (p && s.n)
		memcpy(p, s.p, s.n);
	return (struct span){p, s.n, r->line};
}

static void *push(struct reader *r, void *list, size_t size)
{
	struct dict_list *l = list;

	return arena_try_push(r->arena, &l->v, &l->n, &l->room, size);
}

static bool keep_unmapped(struct reader *r, struct span value)
{
	struct span path = copy(r, (struct span){r->path, r->n, 0});
	struct unmapped *u;

	BUG_ON(!r->to);
	if (r->to->unmapped.n >= LIMIT_UNMAPPED) {
		r->to->unmapped_cut = true;
		return true;
	}
	u = path.p ? push(r, &r->to->unmapped, sizeof(*u)) : NULL;
	if (u)
		*u = (struct unmapped){path, value, r->line};
	return u != NULL;
}

/* The code as it was before it was cut to fit, where the attribute has it so; a name of another kind stays a name. */
static void set_code(struct reader *r, const struct leaf *l, struct span *at, struct span value)
{
	*at = value;
	if (r->name.n > value.n && span_starts(r->name, value))
		*at = r->name;
	else if (l->target == IN_NOTE)
		r->note->name = r->name;
}

static bool set_number(struct span value, uint32_t *ret)
{
	struct decimal d;

	if (decimal_parse(value, &d) || d.scale || d.units < 0 || d.units > 99999)
		return false;
	*ret = (uint32_t)d.units;
	return true;
}

/* false: the value is not what it should be. */
static bool set_value(struct reader *r, const struct leaf *l, char *at, struct span value)
{
	struct amount *amount = (void *)at;
	struct quantity *quantity = (void *)at;
	int32_t day;

	switch (l->kind) {
	case VALUE_TEXT:
		*(struct span *)(void *)at = value;
		return true;
	case VALUE_CODE:
		set_code(r, l, (void *)at, value);
		return true;
	case VALUE_TIME: /* some senders leave the code of the format out */
		return !trade_time_parse(value, r->qualifier.n ? r->qualifier : SPAN("304"), &day,
					 (void *)at);
	case VALUE_AMOUNT:
		amount->currency = r->qualifier;
		return !decimal_parse(value, &amount->value);
	case VALUE_QUANTITY:
		quantity->unit = r->qualifier;
		return !decimal_parse(value, &quantity->value);
	case VALUE_DECIMAL:
		return !decimal_parse(value, (void *)at);
	case VALUE_NUMBER:
		return set_number(value, (void *)at);
	}
	return false;
}

static const struct leaf *find_leaf(const struct reader *r)
{
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
		if (strlen(leaves[i].path) == r->n && !memcmp(leaves[i].path, r->path, r->n))
			return &leaves[i];
	return NULL;
}

static bool take_value(struct reader *r)
{
	const struct leaf *l = find_leaf(r);
	char *object = l ? object_of(r, l->target) : NULL;
	struct span value = span_trim((struct span){r->value, r->value_n, 0});
	struct span *status;

	r->value_n = 0;
	if (!value.n)
		return true;
	value = copy(r, value);
	if (!value.p)
		return false;
	if (object && l->target == IN_STATUS) {
		status = push(r, &r->response->statuses, sizeof(*status));
		if (status)
			*status = value;
		return status != NULL;
	}
	return (object && set_value(r, l, object + l->offset, value)) || keep_unmapped(r, value);
}

/* ---- elements ---- */

static bool is_path(const struct reader *r, const char *path)
{
	return strlen(path) == r->n && !memcmp(path, r->path, r->n);
}

static bool begin_response(struct reader *r)
{
	r->response = push(r, &r->to->list, sizeof(*r->response));
	r->echoed = false;
	return r->response != NULL;
}

static bool begin_note(struct reader *r, void *list)
{
	r->note = push(r, list, sizeof(*r->note));
	return r->note != NULL;
}

static bool begin_step(struct reader *r)
{
	r->step = push(r, &r->note->place.steps, sizeof(*r->step));
	return r->step != NULL;
}

static bool begin_tax(struct reader *r)
{
	r->tax = push(r, &r->response->taxes, sizeof(*r->tax));
	if (r->tax)
		r->tax->item = r->item;
	return r->tax != NULL;
}

/* What begins where the path now ends. */
static bool begin(struct reader *r)
{
	if (is_path(r, "Response"))
		return begin_response(r);
	if (!r->response)
		return true;
	if (is_path(r, REMARK))
		return begin_note(r, &r->response->remarks);
	if (is_path(r, AMENDMENT))
		return begin_note(r, &r->response->amendments);
	if (is_path(r, ERROR))
		return begin_note(r, &r->response->errors);
	if (is_path(r, REMARK "/Pointer") || is_path(r, AMENDMENT "/Pointer") ||
	    is_path(r, ERROR "/Pointer"))
		return begin_step(r);
	if (is_path(r, ITEM))
		r->item = 0;
	if (is_path(r, DUTY))
		return begin_tax(r);
	if (is_path(r, TOTAL)) {
		r->payment = push(r, &r->response->payments, sizeof(*r->payment));
		return r->payment != NULL;
	}
	return true;
}

/* A path that is too long is cut: it is in no table then, nor is any below it. */
static void add_name(struct reader *r, struct span name)
{
	uint32_t room;

	if (span_is(name, "Response")) /* the message's own path ends where an answer begins */
		r->n = 0;
	if (r->n && r->n < PATH_BYTES)
		r->path[r->n++] = '/';
	room = PATH_BYTES - r->n;
	if (name.n < room)
		room = name.n;
	if (room)
		memcpy(r->path + r->n, name.p, room);
	r->n += room;
}

/* The second Declaration of an answer repeats what was declared: none of it is an answer. */
static void mark_echo(struct reader *r)
{
	if (!r->response || !is_path(r, DECLARATION))
		return;
	if (r->echoed)
		r->path[r->n++] = '+';
	r->echoed = true;
}

static bool take_attributes(struct reader *r, const struct xml_attribute *a, uint32_t n)
{
	r->qualifier = r->name = NO_VALUE;
	for (uint32_t i = 0; i < n; i++) {
		struct span *to = span_is(a[i].name, "currencyID") ||
					  span_is(a[i].name, "unitCode") ||
					  span_is(a[i].name, "formatCode")
				      ? &r->qualifier
				  : span_is(a[i].name, "name") ? &r->name
							       : NULL;

		if (!to)
			continue;
		*to = copy(r, span_trim(a[i].value));
		if (!to->p)
			return false;
	}
	return true;
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct reader *r = context;

	(void)space;
	if (!take_value(r))
		return false;
	r->line = line;
	if (!r->depth) {
		r->root = copy(r, name);
		r->root_line = line;
		if (!r->root.p)
			return false;
	}
	r->ends[r->depth++] = r->n;
	add_name(r, name);
	mark_echo(r);
	r->leaf = true;
	return take_attributes(r, attributes, n) && begin(r);
}

static bool on_text(void *context, struct span piece)
{
	struct reader *r = context;
	uint32_t need = r->value_n + piece.n, room = r->value_room ? r->value_room : VALUE_FIRST;
	char *grown;

	if (!r->leaf && !span_trim(piece).n)
		return true;
	while (room < need)
		room *= 2;
	if (room > r->value_room) {
		grown = arena_try(r->arena, room);
		if (!grown)
			return false;
		if (r->value_n)
			memcpy(grown, r->value, r->value_n);
		r->value = grown;
		r->value_room = room;
	}
	if (piece.n)
		memcpy(r->value + r->value_n, piece.p, piece.n);
	r->value_n = need;
	return true;
}

static bool on_close(void *context, struct span name)
{
	struct reader *r = context;
	bool ok = take_value(r);

	(void)name;
	if (is_path(r, "Response"))
		r->response = NULL, r->note = NULL, r->step = NULL, r->tax = NULL,
		r->payment = NULL;
	r->n = r->ends[--r->depth];
	r->leaf = false;
	return ok;
}

/* ---- afterwards ---- */

static unsigned code_of(struct span s)
{
	uint32_t n;

	return s.n && set_number(s, &n) ? n : 0;
}

static enum response_kind kind_of(const struct response *r)
{
	enum response_kind k = response_by_codes(code_of(r->function), 0);

	for (uint32_t i = 0; k == RESPONSE_KINDS && i < r->statuses.n; i++)
		k = response_by_codes(code_of(r->function), code_of(r->statuses.v[i]));
	return k;
}

static void find_pointers(struct arena *a, struct response_note *n, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct text t = text_in(a);

		if (place_to_pointer(&n[i].place, &t) && t.n)
			n[i].pointer = text_as_span(&t);
	}
}

/* ---- the message ---- */

struct reading {
	struct arena *arena;
	struct span bytes;
	struct responses *to;
	struct codec_fault *fault;
	enum err err;
};

static void run(void *context)
{
	struct reading *g = context;
	struct reader *r = ARENA_NEW(g->arena, struct reader);
	struct xml_handler handler = {on_open, on_close, on_text, r};

	r->arena = g->arena;
	r->to = g->to;
	g->err = xml_read(g->arena, g->bytes, &handler, g->fault);
	if (g->err == ERR_LIMIT && arena_failure(g->arena))
		arena_leave(g->arena);
	if (g->err)
		return;
	if (!g->to->list.n) {
		g->fault->line = r->root_line;
		g->fault->text = arena_print(
		    g->arena,
		    "the root element is %.*s; a Response is expected, bare or in MetaData",
		    r->root.n > 80 ? 80 : (int)r->root.n, r->root.p);
		g->err = ERR_UNSUPPORTED;
	}
	for (uint32_t i = 0; i < g->to->list.n; i++) {
		struct response *one = &g->to->list.v[i];

		one->kind = kind_of(one);
		find_pointers(g->arena, one->remarks.v, one->remarks.n);
		find_pointers(g->arena, one->amendments.v, one->amendments.n);
		find_pointers(g->arena, one->errors.v, one->errors.n);
	}
}

enum err msg_read_responses(struct arena *a, struct span bytes, struct responses *ret,
			    struct codec_fault *ret_fault)
{
	struct reading g = {a, bytes, ret, ret_fault, ERR_NONE};
	enum err e;

	*ret = (struct responses){0};
	*ret_fault = (struct codec_fault){1, 1, ""};
	if (bytes.n > LIMIT_MESSAGE_BYTES) {
		ret_fault->text = "the message is longer than a message may be";
		return ERR_LIMIT;
	}
	e = arena_run(a, run, &g);
	if (e)
		*ret_fault = (struct codec_fault){
		    1, 1,
		    e == ERR_LIMIT ? "the message needs more memory than one request may take"
				   : "no memory"};
	if (e || g.err)
		*ret = (struct responses){0};
	return e ? e : g.err;
}
