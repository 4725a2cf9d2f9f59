#include "msg/edi_envelope.h"

bool edi_is_interchange(struct span begin)
{
	begin = span_trim(begin);
	if (span_starts(begin, SPAN("\xef\xbb\xbf")))
		begin = span_trim((struct span){begin.p + 3, begin.n - 3, 0});
	/* UNA has signs behind it, UNB one. */
	return begin.n > 3 &&
	       (span_starts(begin, SPAN("UNA")) || span_starts(begin, SPAN("UNB"))) &&
	       !(begin.p[3] >= 'A' && begin.p[3] <= 'z');
}

static void fault(struct edi_envelope *e, enum edifact_error_code code, const char *tag,
		  uint64_t segment, uint32_t line)
{
	if (e->faults < EDI_ENVELOPE_FAULTS) {
		struct edi_envelope_fault *f = &e->fault[e->faults];

		*f = (struct edi_envelope_fault){.code = code, .segment = segment, .line = line};
		memcpy(f->tag, tag, strnlen(tag, 3));
	}
	e->faults++;
}

static void say(struct edi_envelope *e, enum edifact_error_code code,
		const struct edifact_segment *s)
{
	char tag[4] = "";

	memcpy(tag, s->tag.p, s->tag.n < 3 ? s->tag.n : 3);
	fault(e, code, tag, s->number, s->line);
}

static void take_name(const struct edifact_segment *s, unsigned element, unsigned component,
		      struct edi_name *ret)
{
	struct span raw = edifact_raw(s, edifact_find(s, element, component));

	ret->n = raw.n < EDI_NAME_BYTES ? raw.n : EDI_NAME_BYTES;
	memcpy(ret->p, raw.p, ret->n);
}

/* A trailer: its count and its name against what was. */
static void check(struct edi_envelope *e, const struct edifact_segment *s, uint64_t counted,
		  const struct edi_name *name)
{
	struct span count = edifact_raw(s, edifact_find(s, 1, 1));
	struct edi_name again;
	uint64_t value = 0;

	for (uint32_t i = 0; i < count.n; i++)
		value = count.p[i] >= '0' && count.p[i] <= '9' && value < UINT32_MAX
			    ? 10 * value + (uint64_t)(count.p[i] - '0')
			    : UINT32_MAX;
	if (!count.n || value != counted)
		say(e, EDIFACT_COUNT_DIFFERS, s);
	take_name(s, 2, 1, &again);
	if (!span_equal(edi_name_span(&again), edi_name_span(name)))
		say(e, EDIFACT_REFERENCE_DIFFERS, s);
}

static void begin_interchange(struct edi_envelope *e, const struct edifact *reader,
			      const struct edifact_segment *s)
{
	if (e->in_interchange)
		say(e, EDIFACT_STRAY, s);
	if (e->interchanges++ == 0) {
		take_name(s, 2, 1, &e->sender);
		take_name(s, 2, 2, &e->sender_qualifier);
		take_name(s, 3, 1, &e->recipient);
		take_name(s, 3, 2, &e->recipient_qualifier);
		e->charset = reader->charset;
		e->version = reader->version;
	}
	take_name(s, 5, 1, &e->reference);
	if (!e->reference.n)
		say(e, EDIFACT_MISSING, s);
	if (reader->charset == EDIFACT_CHARSETS)
		say(e, EDIFACT_CHARSET_UNKNOWN, s);
	if (reader->version < 1 || reader->version > 4)
		say(e, EDIFACT_VERSION_UNKNOWN, s);
	e->in_interchange = true;
	e->in_group = e->in_message = false;
	e->interchange_messages = e->interchange_groups = e->group_messages = 0;
}

static void end_interchange(struct edi_envelope *e, const struct edifact_segment *s)
{
	if (!e->in_interchange || e->in_group || e->in_message) {
		say(e, EDIFACT_STRAY, s);
	} else {
		check(e, s, e->interchange_groups ? e->interchange_groups : e->interchange_messages,
		      &e->reference);
		if (!e->interchange_messages)
			say(e, EDIFACT_EMPTY_LEVEL, s);
		if (e->interchange_groups && e->group_messages != e->interchange_messages)
			say(e, EDIFACT_GROUPS_MIXED, s);
	}
	e->in_interchange = e->in_group = e->in_message = false;
}

static void begin_message(struct edi_envelope *e, const struct edifact_segment *s)
{
	if (!e->in_interchange || e->in_message)
		say(e, EDIFACT_STRAY, s);
	e->in_message = true;
	e->messages++;
	e->interchange_messages++;
	e->group_messages += e->in_group;
	e->this_group++;
}

static void begin_group(struct edi_envelope *e, const struct edifact_segment *s)
{
	if (!e->in_interchange || e->in_group || e->in_message)
		say(e, EDIFACT_STRAY, s);
	take_name(s, 5, 1, &e->group);
	e->in_group = true;
	e->this_group = 0;
	e->groups++;
	e->interchange_groups++;
}

static void end_group(struct edi_envelope *e, const struct edifact_segment *s)
{
	if (!e->in_group || e->in_message)
		say(e, EDIFACT_STRAY, s);
	else
		check(e, s, e->this_group, &e->group);
	e->in_group = e->in_message = false;
}

void edi_envelope_take(struct edi_envelope *e, const struct edifact *reader,
		       const struct edifact_segment *s)
{
	bool service = s->tag.n == 3 && s->tag.p[0] == 'U' && s->tag.p[1] == 'N';

	if (!e->shifts && edifact_shifts(reader, s)) {
		e->shifts = true;
		say(e, EDIFACT_CHARSET_UNKNOWN, s);
	}
	switch (service ? s->tag.p[2] : 0) {
	case 'B':
		begin_interchange(e, reader, s);
		break;
	case 'Z':
		end_interchange(e, s);
		break;
	case 'G':
		begin_group(e, s);
		break;
	case 'E':
		end_group(e, s);
		break;
	case 'H':
		begin_message(e, s);
		break;
	case 'T':
		if (!e->in_message)
			say(e, EDIFACT_STRAY, s);
		e->in_message = false;
		break;
	default:
		if (!e->in_message)
			say(e, EDIFACT_STRAY, s);
		break;
	}
}

void edi_envelope_end(struct edi_envelope *e, const struct edifact *reader)
{
	if (e->in_message)
		fault(e, EDIFACT_MISSING, "UNT", reader->number, reader->line);
	if (e->in_group)
		fault(e, EDIFACT_MISSING, "UNE", reader->number, reader->line);
	if (e->in_interchange || !e->interchanges)
		fault(e, EDIFACT_MISSING, e->interchanges ? "UNZ" : "UNB", reader->number,
		      reader->line);
}

void edi_envelope_broken(struct edi_envelope *e, const struct edifact *reader)
{
	bool sign = reader->fault == EDIFACT_FAULT_UNA;

	fault(e, sign ? EDIFACT_BAD_SIGN : EDIFACT_UNSPECIFIED, sign ? "UNA" : "",
	      reader->number + 1, reader->line);
}

enum err edi_envelope_read(struct edi_envelope *e, struct edifact *reader, const char *p, size_t n,
			   uint32_t *ret_line)
{
	struct edifact_segment s;
	enum err err;

	*e = (struct edi_envelope){.faults = 0};
	edifact_over(reader, p, n);
	while ((err = edifact_next(reader, &s)) == ERR_NONE)
		edi_envelope_take(e, reader, &s);
	*ret_line = reader->line;
	if (err != ERR_NOT_FOUND)
		return err;
	edi_envelope_end(e, reader);
	return ERR_NONE;
}
