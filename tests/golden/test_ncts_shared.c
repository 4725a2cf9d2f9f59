/* Transit messages: transit in the shared data (CUSTOMHOUSE_SHARED), skipped where that is absent.
 *
 * Our tables give the verdict that libxml2 gives with the schemas, on every file, and on thousands of copies in which something was
 * taken out, doubled, moved, renamed or written otherwise. */
#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "codec/xml.h"
#include "msg/msg.h"
#include "unit.h"

enum { MUTATIONS = 400, NODES = 2000 };

static char folder[1024];

static void quiet(void *context, const char *format, ...)
{
	(void)context, (void)format;
}

static xmlSchemaPtr schema_of(const char *message)
{
	char path[1200];
	xmlSchemaParserCtxtPtr parser;
	xmlSchemaPtr s;

	snprintf(path, sizeof(path), "%s/xsd-phase5/%s.xsd", folder, message);
	parser = xmlSchemaNewParserCtxt(path);
	xmlSchemaSetParserErrors(parser, quiet, quiet, NULL);
	s = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	assert_non_null(s);
	return s;
}

static bool schema_says(xmlSchemaPtr schema, xmlDocPtr doc)
{
	xmlSchemaValidCtxtPtr c = xmlSchemaNewValidCtxt(schema);
	int got;

	xmlSchemaSetValidErrors(c, quiet, quiet, NULL);
	got = xmlSchemaValidateDoc(c, doc);
	xmlSchemaFreeValidCtxt(c);
	assert_true(got >= 0);
	return got == 0;
}

static bool we_say(struct arena *a, struct span bytes, struct findings *f)
{
	const struct msg_format *format = msg_recognise_any(bytes);
	struct codec_fault fault;

	assert_non_null(format);
	assert_string_equal(format->id, "ncts");
	if (msg_check(a, bytes, format, f, &fault))
		fail_msg("%u:%u: %s", fault.line, fault.column, fault.text);
	assert_true(f->errors == f->list.n || f->cut);
	return f->errors == 0;
}

/* Every element below the root, in document order. */
static uint32_t elements_of(xmlNodePtr n, xmlNodePtr *to, uint32_t count)
{
	for (n = n->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || count == NODES)
			continue;
		to[count++] = n;
		count = elements_of(n, to, count);
	}
	return count;
}

static void mutate(xmlDocPtr doc, struct prng *r)
{
	static const char *const values[] = {"",
					     "0",
					     "1",
					     "999999999999",
					     "GB1234567890123J12",
					     "é",
					     " x ",
					     "-1",
					     "1.5",
					     "2026-02-30",
					     "A",
					     "AB",
					     "0.0000",
					     "01",
					     "2026-02-03T04:05:06",
					     "GB",
					     "a\nb",
					     "00",
					     "1234567.1234567"};
	static xmlNodePtr node[NODES];
	uint32_t n = elements_of(xmlDocGetRootElement(doc), node, 0);
	xmlNodePtr one = node[prng_below(r, n)], other;

	switch (prng_below(r, 6)) {
	case 0:
		xmlUnlinkNode(one);
		xmlFreeNode(one);
		return;
	case 1:
		for (int64_t times = prng_between(r, 1, 12); times; times--)
			xmlAddNextSibling(one, xmlCopyNode(one, 1));
		return;
	case 2:
		other = xmlNextElementSibling(one);
		if (other)
			xmlAddNextSibling(other, one);
		return;
	case 3:
		xmlNodeSetName(one, (const xmlChar *)"other");
		return;
	case 4:
		xmlAddChild(one, xmlNewNode(NULL, (const xmlChar *)"more"));
		return;
	default:
		if (!xmlFirstElementChild(one))
			xmlNodeSetContent(
			    one, (const xmlChar *)values[prng_below(r, ARRAY_LEN(values))]);
		return;
	}
}

static void compare(struct arena *a, xmlSchemaPtr schema, xmlDocPtr doc, const char *what)
{
	xmlChar *text;
	int n;
	struct findings f;
	bool ours, theirs;

	xmlDocDumpMemory(doc, &text, &n);
	ours = we_say(a, (struct span){(const char *)text, (uint32_t)n, 1}, &f);
	/* as read again: the tree's own may hold what its text does not */
	doc = xmlReadMemory((const char *)text, n, NULL, NULL, XML_PARSE_NONET);
	theirs = schema_says(schema, doc);
	xmlFreeDoc(doc);
	if (ours != theirs)
		fputs((const char *)text, stderr);
	if (ours != theirs)
		fail_msg("%s: we say %s (%s %.*s), the schema %s", what, ours ? "valid" : "invalid",
			 f.list.n ? finding_id(f.list.v[0].rule) : "",
			 SPAN_ARG(f.list.n ? f.list.v[0].pointer : SPAN("")),
			 theirs ? "valid" : "invalid");
	xmlFree(text);
}

static void compare_file(struct arena *a, const char *name, xmlSchemaPtr schema,
			 uint32_t *ret_files)
{
	char path[1400];
	xmlDocPtr doc;

	snprintf(path, sizeof(path), "%s/messages/%s", folder, name);
	doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
	if (!doc)
		return;
	++*ret_files;
	arena_reset(a);
	compare(a, schema, doc, name);
	for (uint32_t i = 0; i < MUTATIONS; i++) {
		struct prng r = prng_of(*ret_files, i);
		xmlDocPtr copy = xmlCopyDoc(doc, 1);
		char what[300];

		arena_reset(a);
		mutate(copy, &r);
		if (i % 3 == 0)
			mutate(copy, &r);
		snprintf(what, sizeof(what), "%.200s, mutation %u", name, i);
		compare(a, schema, copy, what);
		xmlFreeDoc(copy);
	}
	xmlFreeDoc(doc);
}

static void test_verdicts(void **state)
{
	const char *shared = getenv("CUSTOMHOUSE_SHARED");
	struct arena *a = arena_new((size_t)64 << 20);
	uint32_t files = 0;
	struct dirent *e;
	DIR *d;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/transit", shared ? shared : "");
	d = opendir(folder);
	if (!d) {
		arena_free(a);
		print_message("# no transit messages: CUSTOMHOUSE_SHARED is not there\n");
		skip();
	}
	closedir(d);
	for (int i = 0; i < 2; i++) {
		const char *message = i ? "cc015c" : "cc007c";
		xmlSchemaPtr schema = schema_of(message);
		char path[1200];

		snprintf(path, sizeof(path), "%s/messages", folder);
		d = opendir(path);
		assert_non_null(d);
		while ((e = readdir(d)))
			if (!strncmp(e->d_name, message, 6) && strstr(e->d_name, ".xml"))
				compare_file(a, e->d_name, schema, &files);
		closedir(d);
		xmlSchemaFree(schema);
	}
	print_message("# %u files, %u verdicts\n", files, files * (MUTATIONS + 1));
	assert_true(files >= 14);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdicts),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
