/* What holds for a message in any bytes: reading ends in an error with a place or in a message within its bounds; and a
 * message that was read without an error finding is, written and read again in either format, the same. */
#ifndef CUSTOMHOUSE_TESTS_FUZZ_FUZZ_MSG_H
#define CUSTOMHOUSE_TESTS_FUZZ_FUZZ_MSG_H

#include <stdlib.h>

#include "codec/xml.h"
#include "fuzz.h"
#include "msg/msg.h"

struct fuzz_message {
	struct message message;
	struct findings findings;
	struct span json;
};

static inline bool fuzz_check_leaf(void *context, const struct dict_field *f, const void *value,
				   const void *parent)
{
	(void)parent;
	if (f->kind == DICT_TEXT || f->kind == DICT_CODE || f->kind == DICT_ID) {
		struct span s = *(const struct span *)value;

		BUG_ON(!s.n || !span_valid_utf8(s) || memchr(s.p, 0, s.n));
	}
	++*(uint32_t *)context;
	return true;
}

static inline void fuzz_check_message(const struct message *m, const struct findings *f)
{
	uint32_t leaves = 0;

	BUG_ON(f->list.n > LIMIT_FINDINGS + 1 || m->unmapped.n > LIMIT_UNMAPPED);
	BUG_ON(m->declaration.shipment.items.n > LIMIT_ITEMS);
	for (uint32_t i = 0; i < m->unmapped.n; i++)
		BUG_ON(!span_valid_utf8(m->unmapped.v[i].path) ||
		       !span_valid_utf8(m->unmapped.v[i].value));
	for (uint32_t i = 0; i < f->list.n; i++)
		BUG_ON(!span_valid_utf8(f->list.v[i].pointer));
	dict_visit(&dict_declaration, &m->declaration, fuzz_check_leaf, &leaves);
	dict_visit(&dict_envelope, &m->envelope, fuzz_check_leaf, &leaves);
}

static inline enum err fuzz_read(struct arena *a, struct span bytes,
				 const struct msg_format *format, struct fuzz_message *ret)
{
	struct codec_fault fault = {0};
	enum err e = msg_read(a, bytes, format, &ret->message, &ret->findings, &fault);

	BUG_ON(e && (!fault.line || !fault.column || !fault.text || !*fault.text));
	BUG_ON(e && e != ERR_FORMAT && e != ERR_LIMIT && e != ERR_UNSUPPORTED);
	return e;
}

struct fuzz_write {
	const struct msg_format *format;
	const struct message *message;
	struct text text;
};

static inline void fuzz_write_run(void *context)
{
	struct fuzz_write *w = context;

	w->format->write(&w->text, w->message, NULL);
}

/* false when there is no memory left for it. */
static inline bool fuzz_write(struct arena *a, const char *format, const struct message *m,
			      struct span *ret)
{
	struct fuzz_write w = {msg_format_by_id(span_of(format)), m, text_in(a)};

	if (arena_run(a, fuzz_write_run, &w))
		return false;
	*ret = text_as_span(&w.text);
	return true;
}

/* A control character becomes another sign in XML: then the two cannot be the same. */
static inline bool fuzz_holds_controls(struct span json)
{
	return memmem(json.p, json.n, "\\u00", 4) || memmem(json.p, json.n, "\\b", 2) ||
	       memmem(json.p, json.n, "\\f", 2) || memmem(json.p, json.n, "\xef\xbf", 2);
}

/* Every format reads what it writes; and what it wrote of what it wrote of that it reads as the same: once it may add what it
 * demands and was not said. */
static inline void fuzz_settles(struct arena *a, const struct message *m)
{
	uint32_t n;
	const struct msg_format *const *all = msg_formats(&n);

	for (uint32_t i = 0; i < n; i++) {
		struct fuzz_message again = {.message = *m};
		struct span bytes, json[3] = {{0}};
		uint32_t round = 0;

		if (all[i]->carries != MSG_DECLARATIONS || !all[i]->reads || !all[i]->writes)
			continue;
		for (; round < 3; round++)
			if (!fuzz_write(a, all[i]->id, &again.message, &bytes) ||
			    bytes.n > LIMIT_MESSAGE_BYTES ||
			    fuzz_read(a, bytes, all[i], &again) == ERR_LIMIT ||
			    !fuzz_write(a, "json", &again.message, &json[round]))
				break;
		BUG_ON(round == 3 && !span_equal(json[1], json[2]));
	}
}

static inline int fuzz_one_message(const uint8_t *data, size_t size, const char *format)
{
	struct arena *a = fuzz_arena();
	struct fuzz_message first, again;
	struct span xml, json, other;

	xml_start();
	if (fuzz_read(a, fuzz_span(data, size), msg_format_by_id(span_of(format)), &first))
		return 0;
	fuzz_check_message(&first.message, &first.findings);
	if (!fuzz_write(a, "json", &first.message, &json) ||
	    !fuzz_write(a, "wco-dec", &first.message, &xml))
		return 0;
	if (json.n > LIMIT_MESSAGE_BYTES ||
	    fuzz_read(a, json, msg_format_by_id(SPAN("json")), &again))
		return 0;
	BUG_ON(!fuzz_write(a, "json", &again.message, &other) || !span_equal(json, other));
	if (first.findings.errors || fuzz_holds_controls(json) || xml.n > LIMIT_MESSAGE_BYTES)
		return 0;
	fuzz_settles(a, &first.message);
	if (fuzz_read(a, xml, NULL, &again) == ERR_NONE)
		BUG_ON(!fuzz_write(a, "json", &again.message, &other) || !span_equal(json, other));
	return 0;
}

#endif
