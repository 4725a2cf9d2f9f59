/* XML 1.0 with namespaces, streamed: libxml2's SAX2 behind a small face, with our bounds.
 *
 * No DTD (a DOCTYPE is refused, so neither internal nor external entities exist), no network, no XInclude. Refused with the
 * place: what is not well-formed, encodings that do not decode, nesting deeper than LIMIT_DEPTH, more than LIMIT_ATTRIBUTES
 * attributes on an element, more than 256 namespaces declared at once, one text or attribute value longer than 1 MiB.
 * Columns are libxml2's: they count characters. */
#ifndef CUSTOMHOUSE_CODEC_XML_H
#define CUSTOMHOUSE_CODEC_XML_H

#include "codec/json.h" /* struct codec_fault */

struct xml_attribute {
	struct span name, space;
	struct span value; /* UTF-8, character references and predefined entities resolved */
};

/* What the caller does with each token; false stops the parse (xml_read returns ERR_LIMIT). line: where the start tag ends.
 * All text is valid UTF-8, whatever the document's encoding. Spans live only during the call: copy what is kept, with
 * arena_try (these run inside libxml2: never call arena_alloc or leave by longjmp). */
struct xml_handler {
	bool (*open)(void *context, struct span name, struct span space,
		     const struct xml_attribute *attributes, uint32_t n, uint32_t line);
	bool (*close)(void *context, struct span name);
	bool (*text)(void *context, struct span piece); /* may come in pieces; also CDATA */
	void *context;
};

/* Parses a whole document. a only receives the fault's text. ERR_FORMAT with the place, ERR_LIMIT, ERR_NOMEM. */
enum err xml_read(struct arena *a, struct span bytes, const struct xml_handler *handler,
		  struct codec_fault *ret_fault) MUST_CHECK;

/* Once per process, before threads and before anything else touches libxml2: its memory goes through counted functions from
 * here on. A second call does nothing. */
void xml_start(void);

/* For the torture tests: allocation number n from now that libxml2 makes on this thread fails; 0 switches it off. */
void xml_fail_at(uint64_t n);

/* Writer helpers: text with & < > and, in attributes, quotes escaped; control characters that XML 1.0 cannot carry become
 * U+FFFD. */
void xml_escape(struct text *t, struct span s, bool attribute);

#endif
