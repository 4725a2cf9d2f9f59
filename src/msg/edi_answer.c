#include "msg/edi_answer.h"

#include "base/date.h"
#include "msg/edi.h"

struct writer {
	struct arena *arena;
	struct edifact_writer w;
	const struct edi_answer *a;
	uint32_t message; /* its number in the answer */
};

static const struct span nothing = {"", 0, 0};

static struct span number(struct writer *w, uint64_t n)
{
	return span_of(arena_print(w->arena, "%llu", (unsigned long long)n));
}

/* Up to so many characters. */
static struct span cut(struct span s, uint32_t most)
{
	uint32_t i = 0, n = 0;

	for (; i < s.n; i++)
		if (((uint8_t)s.p[i] & 0xc0) != 0x80 && n++ == most)
			break;
	s.n = i;
	return s;
}

static void begin_segment(struct writer *w, const char *tag)
{
	edifact_open_segment(&w->w, tag);
}

static void part(struct writer *w, struct span s)
{
	edifact_component(&w->w, s);
}

static void element(struct writer *w, struct span s)
{
	edifact_element(&w->w, s);
}

static void end_segment(struct writer *w)
{
	edifact_close_segment(&w->w);
}

static void begin_message(struct writer *w, struct span type, struct span version,
			  struct span release)
{
	w->w.segments = 0;
	begin_segment(w, "UNH");
	element(w, number(w, w->message));
	part(w, type);
	part(w, version);
	part(w, release);
	element(w, SPAN("UN"));
	end_segment(w);
}

static void end_message(struct writer *w)
{
	begin_segment(w, "UNT");
	element(w, number(w, w->w.segments + 1u));
	element(w, number(w, w->message));
	end_segment(w);
}

/* A moment in the form of 2379: 203 is CCYYMMDDHHMM. */
static struct span moment(struct writer *w, int64_t at)
{
	int year, month, day;
	int64_t minutes = at % MICROS_A_DAY / 60000000;

	day_split(day_of(at, 0), &year, &month, &day);
	return span_of(arena_print(w->arena, "%04d%02d%02d%02d%02d", year, month, day,
				   (int)(minutes / 60), (int)(minutes % 60)));
}

/* ---- CONTRL ---- */

static bool has_errors(const struct edi_reply *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (r->findings[i].code && r->findings[i].severity == SEVERITY_ERROR)
			return true;
	return r->rejected;
}

/* Which segment, and which element of it. */
static void put_place(struct writer *w, const struct edi_reply *r)
{
	uint32_t last = 0, groups = 0, details = 0;

	for (uint32_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];

		if (!f->code || f->severity != SEVERITY_ERROR || !f->segment)
			continue;
		if (f->segment != last || !last) {
			if (++groups > 999)
				return;
			details = 0;
			begin_segment(w, "UCS");
			element(w, number(w, f->segment));
			if (!f->element)
				element(w, number(w, f->code));
			end_segment(w);
			last = f->segment;
		}
		if (!f->element || ++details > 99)
			continue;
		begin_segment(w, "UCD");
		element(w, number(w, f->code));
		part(w, number(w, f->element));
		if (f->component)
			part(w, number(w, f->component));
		edifact_element_end(&w->w);
		end_segment(w);
	}
}

static void put_reply(struct writer *w, const struct edi_reply *r)
{
	bool errors = has_errors(r);

	begin_segment(w, "UCM");
	element(w, cut(r->reference, 14));
	for (unsigned i = 0; i < 4; i++)
		part(w, cut(r->type[i], i ? 3 : 6));
	edifact_element_end(&w->w);
	element(w, errors ? SPAN("4") : SPAN("7"));
	if (r->code)
		element(w, number(w, r->code));
	end_segment(w);
	put_place(w, r);
}

static void write_contrl(struct writer *w)
{
	const struct edi_envelope *e = w->a->envelope;
	bool four = e->version >= 4;

	begin_message(w, SPAN("CONTRL"), four ? SPAN("4") : SPAN("D"),
		      four ? SPAN("1") : SPAN("3"));
	begin_segment(w, "UCI");
	element(w, cut(edi_name_span(&e->reference), 14));
	part(w, edi_name_span(&e->sender));
	element(w, edi_name_span(&e->sender_qualifier));
	part(w, edi_name_span(&e->recipient));
	element(w, edi_name_span(&e->recipient_qualifier));
	element(w, e->faults ? SPAN("4") : SPAN("7"));
	if (e->faults) {
		element(w, number(w, e->fault[0].code));
		element(w, span_of(e->fault[0].tag));
	}
	end_segment(w);
	for (uint32_t i = 0; i < w->a->count && !e->faults; i++)
		put_reply(w, &w->a->replies[i]);
	end_message(w);
}

/* ---- CUSRES ---- */

/* What a kind of answer is called in 7365. */
static const char *indicator_of(enum response_kind k)
{
	switch (k) {
	case RESPONSE_ACCEPTED:
	case RESPONSE_TAX_DUE:
	case RESPONSE_TAX_FINAL:
	case RESPONSE_TAX_PROVISIONAL:
		return "1";
	case RESPONSE_REJECTED:
		return "2";
	case RESPONSE_CLEARED:
	case RESPONSE_RELEASED:
		return "4";
	case RESPONSE_EXAMINATION:
		return "5";
	case RESPONSE_DOCUMENTS_REQUIRED:
		return "6";
	case RESPONSE_DETAINED:
		return "7";
	case RESPONSE_AMENDED:
		return "15";
	case RESPONSE_RECEIVED:
		return "17";
	case RESPONSE_QUERIED:
		return "30";
	case RESPONSE_REQUEST_DENIED:
		return "33";
	case RESPONSE_AWAITING_EXIT:
	case RESPONSE_CANCELLED:
	case RESPONSE_EXITED:
	case RESPONSE_HANDLED_OUTSIDE:
	case RESPONSE_REQUEST_GRANTED:
	case RESPONSE_KINDS:
		break;
	}
	return "32";
}

/* A free text in up to five components. */
static void put_free_text(struct writer *w, const char *subject, struct span code, struct span s)
{
	begin_segment(w, "FTX");
	element(w, span_of(subject));
	element(w, nothing);
	part(w, cut(code, 3));
	if (code.n) {
		part(w, nothing);
		part(w, SPAN("ZZZ"));
	}
	edifact_element_end(&w->w);
	for (unsigned i = 0; i < 5; i++) {
		struct span piece = cut(s, 70);

		part(w, piece);
		s.p += piece.n;
		s.n -= piece.n;
	}
	edifact_element_end(&w->w);
	end_segment(w);
}

static void put_reference(struct writer *w, const char *qualifier, struct span s)
{
	if (!s.n)
		return;
	begin_segment(w, "RFF");
	part(w, span_of(qualifier));
	element(w, cut(s, 35));
	end_segment(w);
}

static void put_amount(struct writer *w, const char *qualifier, struct amount a)
{
	struct text t = text_in(w->arena);

	if (!a.value.set)
		return;
	decimal_write(&t, a.value);
	begin_segment(w, "MOA");
	part(w, span_of(qualifier));
	part(w, text_as_span(&t));
	element(w, cut(a.currency, 3));
	end_segment(w);
}

/* Everything that customs say of the goods as one word: GIS, and GEI in the directories that have it instead. */
static void put_indicator(struct writer *w, const struct edifact_directory *d, enum response_kind k)
{
	bool gis = edifact_segment_find(d, SPAN("GIS")) >= 0;

	begin_segment(w, gis ? "GIS" : "GEI");
	if (!gis)
		element(w, SPAN("4"));
	element(w, span_of(indicator_of(k)));
	end_segment(w);
}

static void put_error(struct writer *w, const struct response_note *n)
{
	begin_segment(w, "ERP");
	element(w, SPAN("1"));
	end_segment(w);
	begin_segment(w, "ERC");
	part(w, cut(n->code, 8));
	part(w, nothing);
	element(w, SPAN("ZZZ"));
	end_segment(w);
	put_free_text(w, "AAO", nothing, n->text);
	if (n->pointer.n)
		put_free_text(w, "AAP", nothing, n->pointer);
}

static void put_tax(struct writer *w, const struct response_tax *t)
{
	struct text rate = text_in(w->arena);

	if (t->rate.set)
		decimal_write(&rate, t->rate);
	begin_segment(w, "TAX");
	element(w, SPAN("1"));
	part(w, cut(t->levy, 3));
	part(w, nothing);
	element(w, SPAN("ZZZ"));
	element(w, nothing);
	element(w, t->item ? number(w, t->item) : nothing);
	part(w, nothing);
	part(w, nothing);
	part(w, nothing);
	element(w, cut(text_as_span(&rate), 17));
	end_segment(w);
	put_amount(w, "56", t->base);
	put_amount(w, "55", t->payable);
}

enum { MOST_TEXTS = 9, MOST_GROUPS = 99 };

/* Where customs and the sender keep it: a declaration's numbers, or those of a report on cargo. */
static void put_references(struct writer *w, const struct edi_reply *r, const struct response *last)
{
	const bool declaration = span_is(r->type[0], "CUSDEC");

	put_reference(w, declaration ? "ABT" : "AFB", last->movement_reference);
	put_reference(w, declaration ? "ABE" : "ABO", last->trader_reference);
}

static void write_cusres(struct writer *w, const struct edi_reply *r, const struct responses *all,
			 const struct edifact_directory *d)
{
	const struct response *last = &all->list.v[all->list.n - 1];
	uint32_t texts = 0, errors = 0, taxes = 0;

	begin_message(w, SPAN("CUSRES"), SPAN("D"), span_of(d->version));
	begin_segment(w, "BGM");
	element(w, nothing);
	element(w, cut(last->exchange, 35));
	element(w, SPAN("11"));
	end_segment(w);
	begin_segment(w, "DTM");
	part(w, SPAN("137"));
	part(w, moment(w, last->issued_at ? last->issued_at : w->a->now));
	element(w, SPAN("203"));
	end_segment(w);
	for (uint32_t i = 0; i < all->list.n; i++)
		for (uint32_t k = 0; k < all->list.v[i].remarks.n && texts < MOST_TEXTS;
		     k++, texts++)
			put_free_text(w, "AAP", nothing,
				      all->list.v[i].remarks.v[k].text.n
					  ? all->list.v[i].remarks.v[k].text
					  : all->list.v[i].remarks.v[k].code);
	for (uint32_t i = 0; i < all->list.n && i < MOST_TEXTS; i++)
		put_indicator(w, d, all->list.v[i].kind);
	put_references(w, r, last);
	for (uint32_t i = 0; i < all->list.n; i++)
		for (uint32_t k = 0; k < all->list.v[i].errors.n && errors < MOST_GROUPS;
		     k++, errors++)
			put_error(w, &all->list.v[i].errors.v[k]);
	for (uint32_t i = 0; i < all->list.n; i++)
		for (uint32_t k = 0; k < all->list.v[i].taxes.n && taxes < MOST_GROUPS - 1;
		     k++, taxes++)
			put_tax(w, &all->list.v[i].taxes.v[k]);
	for (uint32_t i = 0; i < all->list.n; i++) {
		for (uint32_t k = 0; k < all->list.v[i].payments.n && taxes < MOST_GROUPS;
		     k++, taxes++) {
			begin_segment(w, "TAX");
			element(w, SPAN("4"));
			end_segment(w);
			put_amount(w, "176", all->list.v[i].payments.v[k].payable);
		}
	}
	end_message(w);
}

/* ---- the interchange ---- */

static void put_name(struct writer *w, struct span name, const struct edi_name *qualifier)
{
	part(w, cut(name, 35));
	element(w, edi_name_span(qualifier));
}

static struct writer writer_to(struct text *to, const struct edi_answer *a, uint32_t message)
{
	bool four = a->envelope->version >= 4;
	struct writer w = {.arena = to->arena, .a = a, .message = message};

	w.w = edifact_to(to, four ? EDIFACT_UNOY : EDIFACT_UNOC, four ? 4 : 3);
	w.w.lines = true;
	return w;
}

void edi_write_cusres(struct text *to, const struct edi_answer *a, const struct edi_reply *r,
		      const struct responses *said, uint32_t place)
{
	const struct edifact_directory *d =
	    edifact_directory_find(a->directories, r->type[2], SPAN(""));
	struct writer w = writer_to(to, a, place);

	/* Not every directory that somebody adds has all messages. */
	if (!d || !edifact_message_find(d, SPAN("CUSRES")))
		d = edifact_builtin(SPAN("21B"));
	if (said->list.n)
		write_cusres(&w, r, said, d);
}

/* What the CUSRES of all replies take together, to make room at once. */
static size_t bytes_of(const struct edi_answer *a)
{
	size_t n = 0;

	for (uint32_t i = 0; i < a->count; i++)
		n += a->replies[i].cusres.n;
	return n;
}

void edi_write_answer(struct text *to, const struct edi_answer *a)
{
	const struct edi_envelope *e = a->envelope;
	bool four = e->version >= 4;
	struct writer w = writer_to(to, a, 1);
	uint32_t messages = 1;
	struct span us = e->recipient.n ? edi_name_span(&e->recipient) : a->us;
	struct span at = moment(&w, a->now);

	begin_segment(&w, "UNB");
	part(&w, span_of(edifact_charset_id(w.w.charset)));
	element(&w, four ? SPAN("4") : SPAN("3"));
	put_name(&w, us, &e->recipient_qualifier);
	put_name(&w, e->sender.n ? edi_name_span(&e->sender) : SPAN("UNKNOWN"),
		 &e->sender_qualifier);
	part(&w, four ? (struct span){at.p, 8, 0} : (struct span){at.p + 2, 6, 0});
	element(&w, (struct span){at.p + 8, 4, 0});
	element(&w, e->reference.n ? cut(edi_name_span(&e->reference), 14) : SPAN("0"));
	end_segment(&w);
	write_contrl(&w);
	if (!e->faults)
		text_room(to, bytes_of(a) + 100);
	for (uint32_t i = 0; i < a->count && !e->faults; i++) {
		text_span(to, a->replies[i].cusres);
		messages += a->replies[i].cusres.n > 0;
	}
	begin_segment(&w, "UNZ");
	element(&w, number(&w, messages));
	element(&w, e->reference.n ? cut(edi_name_span(&e->reference), 14) : SPAN("0"));
	end_segment(&w);
}

void edi_read_header(struct span message, struct edi_reply *ret)
{
	struct span rest = message, s;
	struct edi_signs g = edi_signs_of(message);

	while ((s = edi_segment(&rest, &g)).n) {
		struct span type;

		if (!span_starts(s, SPAN("UNH")))
			continue;
		span_cut(&s, g.element);
		ret->reference = span_cut(&s, g.element);
		type = s.p ? span_cut(&s, g.element) : nothing;
		for (unsigned i = 0; i < 4 && type.p; i++)
			ret->type[i] = span_cut(&type, g.component);
		return;
	}
}
