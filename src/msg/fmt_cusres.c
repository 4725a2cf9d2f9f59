/* Reading answers in UN/EDIFACT CUSRES, in all directories. Writing: edi_answer.c. */
#include "base/date.h"
#include "base/limits.h"
#include "codec/xml.h"
#include "msg/edi.h"
#include "msg/formats.h"
#include "msg/res.h"

/* What the segment under way belongs to. */
enum part { PART_HEAD, PART_ERROR, PART_TAX, PART_PAYMENT };

struct reader {
	struct arena *arena;
	struct responses *to;
	struct edifact *edifact;
	const struct edifact_set *directories;
	struct codec_fault *fault;
	enum err err;
	struct edifact_check check;
	const struct edifact_segment *s;
	/* of the message under way */
	bool inside; /* in a CUSRES */
	uint32_t messages, first;
	enum part part;
	struct response
	    head; /* what all responses of the message share; its remarks, errors, taxes */
};

/* ---- values ---- */

static struct span value(struct reader *r, unsigned element, unsigned component)
{
	const struct edifact_value *v = edifact_find(r->s, element, component);
	struct span raw = edifact_raw(r->s, v), s;

	if (!raw.n)
		return (struct span){"", 0, r->s->line};
	s = edifact_text(r->arena, r->edifact->charset, r->edifact->signs.release, raw,
			 v->released != 0);
	if (!s.p)
		arena_leave(r->arena);
	/* the segment's bytes are the reader's */
	return (struct span){arena_copy(r->arena, s.p, s.n), s.n, r->s->line};
}

static struct decimal number(struct reader *r, unsigned element, unsigned component)
{
	struct span s = value(r, element, component);
	char *comma = s.n ? memchr(s.p, ',', s.n) : NULL;
	struct decimal d = {0};

	if (comma)
		*comma = '.';
	if (!s.n || decimal_parse(s, &d))
		d.set = false;
	return d;
}

/* Components one behind the other. */
static struct span joined(struct reader *r, unsigned element, unsigned from, unsigned to)
{
	struct text t = text_in(r->arena);

	for (unsigned c = from; c <= to; c++)
		text_span(&t, value(r, element, c));
	return t.n ? text_as_span(&t) : (struct span){"", 0, 0};
}

static void *push(struct reader *r, void *list, size_t size)
{
	struct dict_list *l = list;

	return arena_push(r->arena, &l->v, &l->n, &l->room, size);
}

/* A segment that nothing here has a place for, as it was sent. */
static void keep(struct reader *r)
{
	struct unmapped *u;
	struct text path = text_in(r->arena);

	if (r->to->unmapped.n >= LIMIT_UNMAPPED) {
		r->to->unmapped_cut = true;
		return;
	}
	text_print(&path, "CUSRES %u/%.*s", r->messages, SPAN_ARG(r->s->tag));
	u = push(r, &r->to->unmapped, sizeof(*u));
	*u = (struct unmapped){text_as_span(&path), joined(r, 1, 1, 5), r->s->line};
}

/* ---- segments ---- */

/* What 7365 calls it. A second acceptance is that of what is due. */
static enum response_kind kind_of(struct span code, bool accepted)
{
	static const struct {
		const char *code;
		enum response_kind kind;
	} kinds[] = {{"1", RESPONSE_ACCEPTED},           {"2", RESPONSE_REJECTED},
		     {"4", RESPONSE_RELEASED},           {"5", RESPONSE_EXAMINATION},
		     {"6", RESPONSE_DOCUMENTS_REQUIRED}, {"7", RESPONSE_DETAINED},
		     {"15", RESPONSE_AMENDED},           {"17", RESPONSE_RECEIVED},
		     {"30", RESPONSE_QUERIED},           {"33", RESPONSE_REQUEST_DENIED}};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (span_is(code, kinds[i].code))
			return i == 0 && accepted ? RESPONSE_TAX_DUE : kinds[i].kind;
	return RESPONSE_KINDS;
}

static void take_indicator(struct reader *r, struct span code)
{
	bool accepted = false;
	struct response *one;

	if (!code.n)
		return;
	for (uint32_t i = r->first; i < r->to->list.n; i++)
		accepted |= r->to->list.v[i].kind == RESPONSE_ACCEPTED;
	one = push(r, &r->to->list, sizeof(*one));
	*one = (struct response){.kind = kind_of(code, accepted), .function = code};
}

static bool take_reference(struct reader *r)
{
	const struct span qualifier = value(r, 1, 1);

	if (r->part != PART_HEAD)
		return false;
	if (span_is(qualifier, "ABT") || span_is(qualifier, "AFB"))
		r->head.movement_reference = value(r, 1, 2);
	else if (span_is(qualifier, "ABE") || span_is(qualifier, "ABO"))
		r->head.trader_reference = value(r, 1, 2);
	else
		return false;
	return true;
}

static bool take_moment(struct reader *r)
{
	int32_t day;
	int64_t at = 0;

	if (r->part != PART_HEAD || !span_is(value(r, 1, 1), "137") ||
	    trade_time_parse(value(r, 1, 2), value(r, 1, 3), &day, &at))
		return false;
	r->head.issued_at = at;
	return true;
}

static bool take_text(struct reader *r)
{
	const struct span subject = value(r, 1, 1), text = joined(r, 4, 1, 5);
	struct response_note *n;

	if (r->part == PART_HEAD) {
		n = push(r, &r->head.remarks, sizeof(*n));
		*n = (struct response_note){.text = text};
		return true;
	}
	if (r->part != PART_ERROR)
		return false;
	n = &r->head.errors.v[r->head.errors.n - 1];
	if (span_is(subject, "AAO") && !n->text.n)
		n->text = text;
	else if (span_is(subject, "AAP") && !n->pointer.n)
		n->pointer = text;
	else
		return false;
	return true;
}

static void take_error(struct reader *r)
{
	struct response_note *n = push(r, &r->head.errors, sizeof(*n));

	*n = (struct response_note){0};
	r->part = PART_ERROR;
}

/* 5283: 1 is a levy of an item, all else a sum. */
static void take_tax(struct reader *r)
{
	struct response_tax *t;
	struct decimal item;

	if (!span_is(value(r, 1, 1), "1")) {
		struct response_payment *p = push(r, &r->head.payments, sizeof(*p));

		*p = (struct response_payment){0};
		r->part = PART_PAYMENT;
		return;
	}
	t = push(r, &r->head.taxes, sizeof(*t));
	*t = (struct response_tax){.levy = value(r, 2, 1), .rate = number(r, 5, 4)};
	item = number(r, 4, 1);
	if (item.set && !item.scale && item.units > 0 && item.units <= 99999)
		t->item = (uint32_t)item.units;
	r->part = PART_TAX;
}

static bool take_amount(struct reader *r)
{
	const struct span qualifier = value(r, 1, 1);
	const struct amount a = {.value = number(r, 1, 2), .currency = value(r, 1, 3)};

	if (!a.value.set)
		return false;
	if (r->part == PART_TAX && span_is(qualifier, "56"))
		r->head.taxes.v[r->head.taxes.n - 1].base = a;
	else if (r->part == PART_TAX && span_is(qualifier, "55"))
		r->head.taxes.v[r->head.taxes.n - 1].payable = a;
	else if (r->part == PART_PAYMENT && span_is(qualifier, "176"))
		r->head.payments.v[r->head.payments.n - 1].payable = a;
	else
		return false;
	return true;
}

/* false: there is no place for it. */
static bool take(struct reader *r)
{
	const struct span tag = r->s->tag;

	if (span_is(tag, "BGM"))
		r->head.exchange = value(r, 2, 1);
	else if (span_is(tag, "DTM"))
		return take_moment(r);
	else if (span_is(tag, "FTX"))
		return take_text(r);
	else if (span_is(tag, "GIS"))
		take_indicator(r, value(r, 1, 1));
	else if (span_is(tag, "GEI"))
		take_indicator(r, value(r, 2, 1));
	else if (span_is(tag, "RFF"))
		return take_reference(r);
	else if (span_is(tag, "ERP"))
		take_error(r);
	else if (span_is(tag, "ERC") && r->part == PART_ERROR)
		r->head.errors.v[r->head.errors.n - 1].code = value(r, 1, 1);
	else if (span_is(tag, "TAX"))
		take_tax(r);
	else if (span_is(tag, "MOA"))
		return take_amount(r);
	else
		return span_is(tag, "UNH") || span_is(tag, "UNS") || span_is(tag, "UNT");
	return true;
}

/* ---- the message ---- */

static void on_error(void *context, const struct edifact_error *e)
{
	struct reader *r = context;

	if (r->err || e->code == EDIFACT_INVALID_VALUE)
		return;
	r->err = ERR_FORMAT;
	*r->fault = (struct codec_fault){e->line, e->column ? e->column : 1,
					 arena_print(r->arena, "%s %u, %u.%u: %s", e->tag,
						     e->segment, e->element, e->component,
						     edifact_error_text(e->code))};
}

static void begin_message(struct reader *r)
{
	const struct span type = value(r, 2, 1), version = value(r, 2, 3);
	const struct edifact_directory *d;
	const struct edifact_message *m;
	bool near;

	if (!span_is(type, "CUSRES"))
		return;
	d = edi_directory_for(r->directories, version, value(r, 2, 5), &near);
	m = d ? edifact_message_find(d, type) : NULL;
	if (!m) {
		r->err = ERR_UNSUPPORTED;
		*r->fault = (struct codec_fault){r->s->line, 1,
						 "a CUSRES of a directory that is not known"};
		return;
	}
	edifact_check_open(&r->check, d, m, r->edifact, on_error, r);
	r->inside = true;
	r->messages++;
	r->first = r->to->list.n;
	r->part = PART_HEAD;
	r->head = (struct response){0};
}

/* An answer that says nothing by a code is an answer all the same. */
static void end_message(struct reader *r)
{
	struct response *one, *last;

	edifact_check_close(&r->check);
	r->inside = false;
	if (r->to->list.n == r->first) {
		one = push(r, &r->to->list, sizeof(*one));
		*one = (struct response){.kind = RESPONSE_KINDS, .function = SPAN("")};
	}
	for (uint32_t i = r->first; i < r->to->list.n; i++) {
		one = &r->to->list.v[i];
		one->movement_reference = r->head.movement_reference;
		one->trader_reference = r->head.trader_reference;
		one->issued_at = r->head.issued_at;
		if (one->kind == RESPONSE_ACCEPTED)
			one->accepted_at = one->issued_at;
		else if (one->kind == RESPONSE_REJECTED)
			one->rejected_at = one->issued_at;
	}
	one = &r->to->list.v[r->first];
	last = &r->to->list.v[r->to->list.n - 1];
	memcpy(&one->errors, &r->head.errors, sizeof(one->errors));
	memcpy(&last->remarks, &r->head.remarks, sizeof(last->remarks));
	memcpy(&last->taxes, &r->head.taxes, sizeof(last->taxes));
	memcpy(&last->payments, &r->head.payments, sizeof(last->payments));
	last->exchange = r->head.exchange;
}

static void take_segment(struct reader *r)
{
	uint16_t node;

	if (!r->inside && span_is(r->s->tag, "UNH"))
		begin_message(r);
	if (!r->inside || r->err)
		return;
	node = edifact_check_segment(&r->check, r->s);
	if (r->err)
		return;
	if (node == EDIFACT_TOP || !take(r))
		keep(r);
	if (span_is(r->s->tag, "UNT"))
		end_message(r);
}

static void read_all(void *context)
{
	struct reader *r = context;
	struct edifact_segment s;
	enum err e = ERR_NONE;

	r->s = &s;
	while (!r->err && (e = edifact_next(r->edifact, &s)) == ERR_NONE)
		take_segment(r);
	if (r->err)
		return;
	*r->fault = (struct codec_fault){r->edifact->line, 1, "no message CUSRES"};
	r->err = e != ERR_NOT_FOUND ? e
		 : r->inside        ? ERR_FORMAT
		 : !r->messages     ? ERR_UNSUPPORTED
				    : ERR_NONE;
	if (e != ERR_NOT_FOUND)
		r->fault->text = edifact_fault_text(r->edifact->fault);
	else if (r->inside)
		r->fault->text = "the message does not end: no UNT";
}

enum err msg_read_cusres(struct arena *a, struct span bytes, const struct edifact_set *directories,
			 struct responses *ret, struct codec_fault *ret_fault)
{
	struct edifact edifact;
	struct responses got = {.country = SPAN("")};
	struct reader r = {.arena = a,
			   .to = &got,
			   .edifact = &edifact,
			   .directories = directories,
			   .fault = ret_fault};
	enum err e;

	*ret_fault = (struct codec_fault){1, 1, "the message needs more memory than one may take"};
	if (bytes.n > LIMIT_MESSAGE_BYTES) {
		ret_fault->text = "larger than a message may be";
		return ERR_LIMIT;
	}
	edifact_over(&edifact, bytes.p, bytes.n);
	e = arena_run(a, read_all, &r);
	if (e || r.err)
		return e ? e : r.err;
	*ret = got;
	return ERR_NONE;
}

enum err msg_read_any_responses(struct arena *a, struct span bytes,
				const struct edifact_set *directories, struct responses *ret,
				struct codec_fault *ret_fault)
{
	const struct span head = span_trim(bytes);

	if (span_starts(head, SPAN("UNA")) || span_starts(head, SPAN("UNB")))
		return msg_read_cusres(a, bytes, directories, ret, ret_fault);
	return msg_read_responses(a, bytes, ret, ret_fault);
}

const struct msg_format fmt_cusres = {
    .id = "cusres",
    .title = "UN/EDIFACT CUSRES",
    .version = "D.96B, D.01B, D.05B, D.12B, D.16B, D.21B",
    .messages = "answers to a declaration or a cargo report",
    .content_type = "application/edifact",
    .suffix = ".edi",
    .carries = MSG_ANSWERS,
    .reads = true,
    .writes = true,
};
