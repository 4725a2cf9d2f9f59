/* Reading a message of a test: text in, model and findings out. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_MSG_CASE_H
#define CUSTOMHOUSE_TESTS_UNIT_MSG_CASE_H

#include "codec/xml.h"
#include "msg/msg.h"
#include "unit.h"

struct msg_case {
	struct message message;
	struct findings findings;
	struct codec_fault fault;
	enum err err;
};

static inline struct msg_case *msg_case_read(struct arena *a, struct span bytes)
{
	struct msg_case *c = ARENA_NEW(a, struct msg_case);

	xml_start();
	c->err = msg_read(a, bytes, NULL, &c->message, &c->findings, &c->fault);
	return c;
}

/* The same with what a cutter learned of messages before. */
static inline struct msg_case *msg_case_read_next(struct arena *a, struct span bytes,
						  struct edi_learned *learned)
{
	struct msg_case *c = ARENA_NEW(a, struct msg_case);

	c->err = msg_read_next(a, bytes, NULL, NULL, learned, &c->message, &c->findings, &c->fault);
	return c;
}

static inline struct msg_case *msg_case_good(struct arena *a, const char *text)
{
	struct msg_case *c = msg_case_read(a, span_of(text));

	if (c->err)
		fail_msg("%u:%u %s", c->fault.line, c->fault.column, c->fault.text);
	return c;
}

/* The findings as text, one a line: id pointer:line values. */
static inline struct span msg_case_findings(struct arena *a, const struct msg_case *c)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < c->findings.list.n; i++) {
		const struct finding *f = &c->findings.list.v[i];

		text_print(&t, "%s %.*s:%u", finding_id(f->rule), SPAN_ARG(f->pointer), f->line);
		for (uint32_t j = 0; j < f->values; j++)
			text_print(&t, " [%.*s]", SPAN_ARG(f->value[j]));
		text_char(&t, '\n');
	}
	return text_as_span(&t);
}

/* What the model had no place for, one a line: path=value:line. */
static inline struct span msg_case_unmapped(struct arena *a, const struct msg_case *c)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < c->message.unmapped.n; i++) {
		const struct unmapped *u = &c->message.unmapped.v[i];

		text_print(&t, "%.*s=%.*s:%u\n", SPAN_ARG(u->path), SPAN_ARG(u->value), u->line);
	}
	return text_as_span(&t);
}

static inline struct span msg_case_json(struct arena *a, const struct message *m)
{
	struct text t = text_in(a);

	msg_write_json(&t, m);
	return text_as_span(&t);
}

/* The message in a format, as bytes. */
static inline struct span msg_case_write(struct arena *a, const char *format,
					 const struct message *m)
{
	struct text t = text_in(a);

	msg_format_by_id(span_of(format))->write(&t, m, NULL);
	return text_as_span(&t);
}

#define assert_same_span(a, b)                                                                     \
	do {                                                                                       \
		struct span a_ = (a), b_ = (b);                                                    \
		if (!span_equal(a_, b_))                                                           \
			fail_msg("%.*s\n---- differs from ----\n%.*s", SPAN_ARG(a_),               \
				 SPAN_ARG(b_));                                                    \
	} while (0)

#endif
