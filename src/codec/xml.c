#include "codec/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

enum {
	TEXT_MAX = 1 << 20,          /* bytes of one text or attribute value */
	NAMESPACES_MAX = 256,        /* declared at once: libxml2 searches them one by one */
	CONTEXT_NAME_BYTES = 1 << 18 /* of names that a kept context may remember */
};

struct reader {
	const struct xml_handler *handler;
	xmlParserCtxtPtr context;
	struct span bytes; /* not yet given to libxml2 */
	uint32_t depth;
	uint32_t text_bytes;  /* of the text that is being read, in pieces */
	const xmlChar *space; /* the namespace seen last, and its length: libxml2 interns it */
	uint32_t space_bytes;
	enum err err;
	uint32_t line, column;
	char text[200];
};

/* What libxml2 needs to find without being told: its allocator and some of its complaints get no context. No
 * result depends on it. */
static _Thread_local struct {
	/* libxml2 2.9 reports some allocations that failed as a syntax error, and a message must not be called malformed
	 * because the machine was short of memory. */
	bool starved;
	uint64_t fail_countdown;
	xmlParserCtxtPtr kept; /* making one costs a fifth of reading a declaration */
	struct reader *current;
} thread;

static struct {
	pthread_key_t kept_key; /* frees thread.kept when the thread ends */
	bool started;
} process;

void xml_fail_at(uint64_t n)
{
	thread.fail_countdown = n;
}

static bool must_fail(void)
{
	if (thread.fail_countdown == 0 || --thread.fail_countdown > 0)
		return false;
	thread.starved = true;
	return true;
}

static void *counted_malloc(size_t bytes)
{
	/* tidy: allow malloc because libxml2 brings its own memory; this is where it gets it */
	void *p = must_fail() ? NULL : malloc(bytes);

	thread.starved |= !p;
	return p;
}

static void *counted_realloc(void *old, size_t bytes)
{
	/* tidy: allow realloc because libxml2 brings its own memory; this is where it gets it */
	void *p = must_fail() ? NULL : realloc(old, bytes);

	thread.starved |= !p;
	return p;
}

static char *counted_strdup(const char *s)
{
	/* tidy: allow strdup because libxml2 brings its own memory; this is where it gets it */
	char *p = must_fail() ? NULL : strdup(s);

	thread.starved |= !p;
	return p;
}

/* Where the parser stands now, as the fault; the first one wins. */
static void refuse(struct reader *r, enum err e, struct span words)
{
	int line = xmlSAX2GetLineNumber(r->context), column = xmlSAX2GetColumnNumber(r->context);

	if (r->err)
		return;
	r->err = e;
	r->line = line > 0 ? (uint32_t)line : 1;
	r->column = column > 0 ? (uint32_t)column : 1;
	if (words.n >= sizeof(r->text))
		words.n = sizeof(r->text) - 1;
	words.n = span_utf8_prefix(words);
	memcpy(r->text, words.n ? words.p : "", words.n);
	r->text[words.n] = 0;
}

static void stop(struct reader *r, enum err e, const char *text)
{
	refuse(r, e, span_of(text));
	xmlStopParser(r->context);
}

/* libxml2's own words, up to the line end; behind it stand bytes of the input. */
static void on_error(void *context, xmlErrorPtr error)
{
	struct reader *r = context;
	struct span words = span_of(error->message);

	if (error->level >= XML_ERR_ERROR)
		refuse(r, error->code == XML_ERR_NO_MEMORY ? ERR_NOMEM : ERR_FORMAT,
		       span_trim(span_cut(&words, '\n')));
}

/* Nothing of libxml2 ever prints. */
static void on_stray_error(void *unused, xmlErrorPtr error)
{
	(void)unused;
	if (thread.current)
		on_error(thread.current, error);
}

static struct span span_of_xml(const xmlChar *s)
{
	return span_of((const char *)s);
}

static struct span space_span(struct reader *r, const xmlChar *uri)
{
	if (!uri)
		return (struct span){0};
	if (uri != r->space) {
		r->space = uri;
		r->space_bytes = (uint32_t)strlen((const char *)uri);
	}
	return (struct span){(const char *)uri, r->space_bytes, 0};
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, where the value begins, where it ends. */
static bool read_attributes(struct reader *r, const xmlChar **from, uint32_t n,
			    struct xml_attribute *to)
{
	for (uint32_t i = 0; i < n; i++, from += 5) {
		size_t bytes = (size_t)(from[4] - from[3]);

		if (bytes > TEXT_MAX) {
			stop(r, ERR_LIMIT, "an attribute's value is too long");
			return false;
		}
		to[i].name = span_of_xml(from[0]);
		to[i].space = space_span(r, from[2]);
		to[i].value = (struct span){(const char *)from[3], (uint32_t)bytes, 0};
	}
	return true;
}

/* libxml2 2.9 goes on behind an error, and hands some text on even then. */
static bool is_over(struct reader *r)
{
	if (r->err)
		xmlStopParser(r->context);
	return r->err != ERR_NONE;
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		    int namespaces, const xmlChar **declared, int attributes, int defaulted,
		    const xmlChar **attribute)
{
	struct reader *r = context;
	struct xml_attribute list[LIMIT_ATTRIBUTES];
	uint32_t n = (uint32_t)attributes;

	(void)prefix, (void)namespaces, (void)declared, (void)defaulted;
	if (is_over(r))
		return;
	r->text_bytes = 0;
	if (r->depth++ == LIMIT_DEPTH)
		stop(r, ERR_LIMIT, "nested too deeply");
	else if (n > LIMIT_ATTRIBUTES)
		stop(r, ERR_LIMIT, "too many attributes on one element");
	else if (r->context->nsNr > 2 * NAMESPACES_MAX)
		stop(r, ERR_LIMIT, "too many namespaces");
	else if (read_attributes(r, attribute, n, list) &&
		 !r->handler->open(r->handler->context, span_of_xml(name), space_span(r, uri), list,
				   n, (uint32_t)r->context->input->line))
		stop(r, ERR_LIMIT, "the reader of this message stopped here");
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reader *r = context;

	(void)prefix, (void)uri;
	if (is_over(r))
		return;
	r->text_bytes = 0;
	r->depth--;
	if (!r->handler->close(r->handler->context, span_of_xml(name)))
		stop(r, ERR_LIMIT, "the reader of this message stopped here");
}

static void on_text(void *context, const xmlChar *text, int n)
{
	struct reader *r = context;

	if (is_over(r))
		return;
	/* No sum can overflow: a message is at most 4 GiB long, and a piece is refused once the text before it is too long. */
	r->text_bytes += (uint32_t)n;
	if (r->text_bytes > TEXT_MAX)
		stop(r, ERR_LIMIT, "a text is too long");
	else if (!r->handler->text(r->handler->context,
				   (struct span){(const char *)text, (uint32_t)n, 0}))
		stop(r, ERR_LIMIT, "the reader of this message stopped here");
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	stop(context, ERR_FORMAT, "a document type declaration is not allowed");
}

/* Gives libxml2 the next bytes. It reads a whole start tag, and compares each attribute with every other, before it calls
 * on_open(): so this is where a tag without measure is cut off, in any encoding. maxatts counts five entries an attribute
 * and doubles. */
static int on_more(void *context, char *to, int room)
{
	struct reader *r = context;
	uint32_t n = room < 0 ? 0 : (uint32_t)room;

	if (r->context->maxatts > 5 * 4 * LIMIT_ATTRIBUTES)
		refuse(r, ERR_LIMIT, SPAN("too many attributes on one element"));
	else if (r->context->nsNr > 2 * NAMESPACES_MAX)
		refuse(r, ERR_LIMIT, SPAN("too many namespaces"));
	if (r->err)
		return 0;
	if (n > r->bytes.n)
		n = r->bytes.n;
	memcpy(to, n ? r->bytes.p : "", n);
	r->bytes.p += n;
	r->bytes.n -= n;
	return (int)n;
}

static void discard(void *context)
{
	xmlFreeParserCtxt(context);
}

static void drop_kept(void)
{
	discard(thread.kept);
	thread.kept = NULL;
	pthread_setspecific(process.kept_key, NULL);
}

/* The thread's context, ready; NULL when the machine gives no memory. */
static xmlParserCtxtPtr take_context(void)
{
	xmlSAXHandler *sax;

	if (thread.kept)
		return thread.kept;
	thread.kept = xmlNewParserCtxt();
	if (!thread.kept)
		return NULL;
	if (pthread_setspecific(process.kept_key, thread.kept)) {
		drop_kept();
		return NULL;
	}
	sax = thread.kept->sax;
	*sax = (xmlSAXHandler){
	    .initialized = XML_SAX2_MAGIC,
	    .internalSubset = on_doctype,
	    .startElementNs = on_open,
	    .endElementNs = on_close,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .serror = on_error,
	};
	return thread.kept;
}

/* A context is kept for the next message unless this one left it in a state that costs the next one something. */
static void give_back(struct reader *r)
{
	if (r->err || xmlDictGetUsage(r->context->dict) > CONTEXT_NAME_BYTES)
		drop_kept();
}

static enum err leave_fault(struct arena *a, const struct reader *r, struct codec_fault *ret_fault)
{
	size_t n = strlen(r->text);
	char *text = arena_try(a, n + 1);

	if (!text) {
		*ret_fault =
		    (struct codec_fault){r->line, r->column, "no memory to say what is wrong"};
		return arena_failure(a);
	}
	memcpy(text, r->text, n);
	*ret_fault = (struct codec_fault){r->line, r->column, text};
	return r->err;
}

enum err xml_read(struct arena *a, struct span bytes, const struct xml_handler *handler,
		  struct codec_fault *ret_fault)
{
	/* NOENT makes libxml2 resolve &amp; in attributes too. No other entity can exist: a document type is refused. */
	const int options = XML_PARSE_NONET | XML_PARSE_NOENT;
	struct reader r = {.handler = handler, .bytes = bytes, .line = 1, .column = 1};

	BUG_ON(!process.started);
	thread.starved = false;
	r.context = take_context();
	if (!r.context) {
		*ret_fault = (struct codec_fault){1, 1, "no memory"};
		return ERR_NOMEM;
	}
	thread.current = &r;
	r.context->userData = &r;
	xmlCtxtReadIO(r.context, on_more, NULL, &r, NULL, NULL, options);
	if (!r.context->wellFormed)
		refuse(&r, ERR_FORMAT, SPAN("the document is not well-formed"));
	if (thread.starved) {
		r.err = ERR_NONE; /* whatever it was taken for */
		refuse(&r, ERR_NOMEM, SPAN("no memory"));
	}
	thread.current = NULL;
	give_back(&r);
	return r.err ? leave_fault(a, &r, ret_fault) : ERR_NONE;
}

void xml_start(void)
{
	if (process.started)
		return;
	BUG_ON(xmlMemSetup(free, counted_malloc, counted_realloc, counted_strdup) != 0);
	BUG_ON(pthread_key_create(&process.kept_key, discard) != 0);
	xmlInitParser();
	xmlSetStructuredErrorFunc(NULL, on_stray_error);
	xmlThrDefSetStructuredErrorFunc(NULL, on_stray_error); /* for threads that come later */
	process.started = true;
}

#define UNKNOWN_CHARACTER "\xef\xbf\xbd" /* U+FFFD */

/* What a character needs to stand in XML 1.0, or NULL: itself. */
static const char *replacement(unsigned char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return attribute ? "&quot;" : NULL;
	case '\'':
		return attribute ? "&apos;" : NULL;
	case '\r':
		return "&#13;"; /* a reader would make it a line feed */
	case '\n':
		return attribute ? "&#10;" : NULL; /* a reader would make it a blank */
	case '\t':
		return attribute ? "&#9;" : NULL;
	}
	return c < 0x20 ? UNKNOWN_CHARACTER : NULL;
}

/* U+FFFE and U+FFFF. */
static bool is_noncharacter(const char *p, uint32_t n)
{
	return n >= 3 && p[0] == '\xef' && p[1] == '\xbf' && (p[2] == '\xbe' || p[2] == '\xbf');
}

void xml_escape(struct text *t, struct span s, bool attribute)
{
	uint32_t done = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		const char *instead = replacement((unsigned char)s.p[i], attribute);
		bool never = is_noncharacter(s.p + i, s.n - i);

		if (!instead && !never)
			continue;
		text_add(t, s.p + done, i - done);
		text_string(t, never ? UNKNOWN_CHARACTER : instead);
		i += never ? 2 : 0;
		done = i + 1;
	}
	if (s.n)
		text_add(t, s.p + done, s.n - done);
}
