/* Writing answers in the XML of the WCO Data Model 3.6 (urn:wco:datamodel:WCO:RES-DMS:2). Reading: res_read.c.
 *
 * Elements stand in the order of the schema. Codes that are longer than the schema allows are cut, and stand in full in the
 * attribute `name` that its type has for that; texts are cut; numbers and times that do not fit are left out. */
#include "base/date.h"
#include "base/limits.h"
#include "codec/xml.h"
#include "model/finding.h" /* NO_VALUE */
#include "msg/formats.h"
#include "msg/res.h"

#define RESPONSE_SPACE "urn:wco:datamodel:WCO:RES-DMS:2"
#define TYPES_SPACE    "urn:wco:datamodel:WCO:Response_DS:DMS:2"
#define METADATA_SPACE "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"

/* Longest texts of the schema, in characters. */
enum {
	SIZE_FLAG = 3, /* types, sections, statuses */
	SIZE_TAG = 4,
	SIZE_ERROR = 8,
	SIZE_VERSION = 9,
	SIZE_CODE = 17,
	SIZE_REFERENCE = 35,
	SIZE_AGENCY = 70,
	SIZE_MOVEMENT = 70,
	SIZE_TEXT = 512,
	AMOUNT_DIGITS = 16,
	AMOUNT_SCALE = 3,
	QUANTITY_SCALE = 6,
};

struct writer {
	struct text *to;
	uint32_t depth;
};

static void new_line(struct writer *w)
{
	text_char(w->to, '\n');
	for (uint32_t i = 0; i < w->depth; i++)
		text_char(w->to, '\t');
}

static void begin_tag(struct writer *w, const char *name)
{
	new_line(w);
	text_print(w->to, "<%s>", name);
	w->depth++;
}

static void end_tag(struct writer *w, const char *name)
{
	w->depth--;
	new_line(w);
	text_print(w->to, "</%s>", name);
}

/* At most `most` characters of s. */
static struct span shortened(struct span s, uint32_t most)
{
	uint32_t characters = 0, i = 0;

	while (i < s.n) {
		if (((uint8_t)s.p[i] & 0xc0) != 0x80 && ++characters > most)
			break;
		i++;
	}
	s.n = i;
	return s;
}

static void put(struct writer *w, const char *name, struct span value)
{
	if (!value.n)
		return;
	new_line(w);
	text_print(w->to, "<%s>", name);
	xml_escape(w->to, value, false);
	text_print(w->to, "</%s>", name);
}

/* An identifier: a part of one would be another one, so that one too long is left out. */
static void put_id(struct writer *w, const char *name, struct span value, uint32_t most)
{
	if (shortened(value, most).n == value.n)
		put(w, name, value);
}

/* A code; full: what it stands for, or empty. */
static void put_code(struct writer *w, const char *name, struct span code, struct span full,
		     uint32_t most)
{
	struct span cut = shortened(code, most);

	if (!code.n)
		return;
	if (cut.n < code.n)
		full = code;
	new_line(w);
	text_print(w->to, "<%s", name);
	if (full.n) {
		text_string(w->to, " name=\"");
		xml_escape(w->to, full, true);
		text_char(w->to, '"');
	}
	text_char(w->to, '>');
	xml_escape(w->to, cut, false);
	text_print(w->to, "</%s>", name);
}

/* The schema knows the years 2000 to 2099. */
static void put_time(struct writer *w, const char *name, int64_t moment)
{
	int32_t day = day_of(moment, 0);
	int64_t seconds = moment / 1000000 - (int64_t)day * 86400;
	int year, month, dom;

	day_split(day, &year, &month, &dom);
	if (moment <= 0 || year < 2000 || year > 2099)
		return;
	begin_tag(w, name);
	new_line(w);
	text_print(
	    w->to,
	    "<ds:DateTimeString formatCode=\"304\">%04d%02d%02d%02d%02d%02dZ</ds:DateTimeString>",
	    year, month, dom, (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
	end_tag(w, name);
}

static bool fits(struct decimal d, uint8_t scale)
{
	int64_t most = decimal_power10(AMOUNT_DIGITS);

	return d.set && d.scale <= scale && d.units < most && d.units > -most;
}

static void put_number(struct writer *w, const char *name, struct decimal d, const char *attribute,
		       struct span qualifier)
{
	new_line(w);
	text_print(w->to, "<%s", name);
	if (qualifier.n) {
		text_print(w->to, " %s=\"", attribute);
		xml_escape(w->to, qualifier, true);
		text_char(w->to, '"');
	}
	text_char(w->to, '>');
	decimal_write(w->to, d);
	text_print(w->to, "</%s>", name);
}

static void put_amount(struct writer *w, const char *name, struct amount a)
{
	if (fits(a.value, AMOUNT_SCALE))
		put_number(w, name, a.value, "currencyID", a.currency);
}

/* ---- places and remarks ---- */

static void put_step(struct writer *w, const struct place_step *s)
{
	begin_tag(w, "Pointer");
	if (s->number) {
		new_line(w);
		text_print(w->to, "<SequenceNumeric>%u</SequenceNumeric>", s->number);
	}
	put_id(w, "DocumentSectionCode", s->section, SIZE_FLAG);
	put_id(w, "TagID", s->tag, SIZE_TAG);
	end_tag(w, "Pointer");
}

/* The steps of a note, or those of its pointer. A remark about nothing in particular has none. */
static void put_place(struct writer *w, const struct response_note *n, bool always)
{
	struct place_path p = n->place;

	if (!p.steps.n && (n->pointer.n || always))
		p = place_of_pointer(w->to->arena, n->pointer);
	for (uint32_t i = 0; i < p.steps.n; i++)
		put_step(w, &p.steps.v[i]);
}

static void put_remark(struct writer *w, const struct response_note *n)
{
	begin_tag(w, "AdditionalInformation");
	put_code(w, "StatementCode", n->code, n->name, SIZE_CODE);
	put(w, "StatementDescription", shortened(n->text, SIZE_TEXT));
	put_time(w, "LimitDateTime", n->limit_at);
	put_code(w, "StatementTypeCode", n->type, NO_VALUE, SIZE_FLAG);
	put_place(w, n, false);
	end_tag(w, "AdditionalInformation");
}

static void put_amendment(struct writer *w, const struct response_note *n)
{
	begin_tag(w, "Amendment");
	put_code(w, "ChangeReasonCode", n->code, n->name, SIZE_FLAG);
	put_place(w, n, true);
	end_tag(w, "Amendment");
}

static void put_error(struct writer *w, const struct response_note *n)
{
	begin_tag(w, "Error");
	put(w, "Description", shortened(n->text, SIZE_TEXT));
	put_code(w, "ValidationCode", n->code, n->name, SIZE_ERROR);
	put_place(w, n, true);
	end_tag(w, "Error");
}

/* ---- duties and taxes ---- */

static void put_tax(struct writer *w, const struct response_tax *t)
{
	begin_tag(w, "DutyTaxFee");
	put_amount(w, "AdValoremTaxBaseAmount", t->base);
	put_amount(w, "DeductAmount", t->deducted);
	put_code(w, "DutyRegimeCode", t->regime, NO_VALUE, SIZE_FLAG);
	if (fits(t->quantity.value, QUANTITY_SCALE))
		put_number(w, "SpecificTaxBaseQuantity", t->quantity.value, "unitCode",
			   t->quantity.unit);
	if (t->rate.set)
		put_number(w, "TaxRateNumeric", t->rate, "", NO_VALUE);
	put_code(w, "TypeCode", t->levy, NO_VALUE, SIZE_FLAG);
	begin_tag(w, "Payment");
	put_amount(w, "TaxAssessedAmount", t->assessed);
	put_amount(w, "PaymentAmount", t->payable);
	end_tag(w, "Payment");
	end_tag(w, "DutyTaxFee");
}

/* Lines of one item that stand together become one goods item. */
static void put_taxes(struct writer *w, const struct response *r)
{
	if (!r->taxes.n)
		return;
	begin_tag(w, "GoodsShipment");
	for (uint32_t i = 0; i < r->taxes.n;) {
		uint32_t item = r->taxes.v[i].item;

		begin_tag(w, "GovernmentAgencyGoodsItem");
		new_line(w);
		text_print(w->to, "<SequenceNumeric>%u</SequenceNumeric>", item);
		begin_tag(w, "Commodity");
		for (; i < r->taxes.n && r->taxes.v[i].item == item; i++)
			put_tax(w, &r->taxes.v[i]);
		end_tag(w, "Commodity");
		end_tag(w, "GovernmentAgencyGoodsItem");
	}
	end_tag(w, "GoodsShipment");
}

static void put_payment(struct writer *w, const struct response_payment *p)
{
	begin_tag(w, "DutyTaxFee");
	begin_tag(w, "Payment");
	put_id(w, "ReferenceID", p->reference, SIZE_REFERENCE);
	put_amount(w, "TaxAssessedAmount", p->assessed);
	put_time(w, "DueDateTime", p->due_at);
	put_amount(w, "PaymentAmount", p->payable);
	end_tag(w, "Payment");
	end_tag(w, "DutyTaxFee");
}

/* ---- the message ---- */

static void put_status(struct writer *w, const struct response *r)
{
	if (!response_status(r->kind) && !r->released_at)
		return;
	begin_tag(w, "Status");
	if (response_status(r->kind)) {
		new_line(w);
		text_print(w->to, "<NameCode>%u</NameCode>", response_status(r->kind));
	}
	put_time(w, "ReleaseDateTime", r->released_at);
	end_tag(w, "Status");
}

static void put_declaration(struct writer *w, const struct response *r)
{
	begin_tag(w, "Declaration");
	put_time(w, "AcceptanceDateTime", r->accepted_at);
	put_time(w, "CancellationDateTime", r->cancelled_at);
	put_id(w, "FunctionalReferenceID", r->trader_reference, SIZE_REFERENCE);
	put_id(w, "ID", r->movement_reference, SIZE_MOVEMENT);
	put_time(w, "RejectionDateTime", r->rejected_at);
	put_id(w, "VersionID", r->version, SIZE_VERSION);
	for (uint32_t i = 0; i < r->payments.n; i++)
		put_payment(w, &r->payments.v[i]);
	put_taxes(w, r);
	end_tag(w, "Declaration");
}

static void put_response(struct writer *w, const struct response *r)
{
	BUG_ON(r->kind >= RESPONSE_KINDS);
	new_line(w);
	text_string(w->to, "<Response xmlns=\"" RESPONSE_SPACE "\" xmlns:ds=\"" TYPES_SPACE "\">");
	w->depth++;
	new_line(w);
	text_print(w->to, "<FunctionCode>%02u</FunctionCode>", response_function(r->kind));
	put_id(w, "FunctionalReferenceID", r->exchange, SIZE_REFERENCE);
	put_time(w, "IssueDateTime", r->issued_at);
	for (uint32_t i = 0; i < r->remarks.n; i++)
		put_remark(w, &r->remarks.v[i]);
	for (uint32_t i = 0; i < r->amendments.n; i++)
		put_amendment(w, &r->amendments.v[i]);
	for (uint32_t i = 0; i < r->errors.n; i++)
		put_error(w, &r->errors.v[i]);
	put_status(w, r);
	put_declaration(w, r);
	end_tag(w, "Response");
}

void msg_write_responses(struct text *to, const struct responses *r)
{
	struct writer w = {.to = to};

	text_string(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<md:MetaData xmlns:md=\"" METADATA_SPACE "\">");
	w.depth++;
	put(&w, "md:WCODataModelVersionCode", SPAN("3.6"));
	put(&w, "md:WCOTypeName", SPAN("RES"));
	put(&w, "md:ResponsibleCountryCode", shortened(r->country, 2));
	put(&w, "md:ResponsibleAgencyName", shortened(r->agency, SIZE_AGENCY));
	for (uint32_t i = 0; i < r->list.n; i++)
		put_response(&w, &r->list.v[i]);
	text_string(to, "\n</md:MetaData>\n");
}

const struct msg_format fmt_wco_res = {
    .id = "wco-res",
    .title = "WCO Data Model response, XML",
    .version = "3.6",
    .messages = "RES: answers to a declaration",
    .content_type = "application/xml",
    .also = "text/xml",
    .suffix = ".xml",
    .carries = MSG_ANSWERS,
    .reads = true,
    .writes = true,
};
