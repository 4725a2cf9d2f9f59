/* Real messages of the WCO Data Model 3.6: wco-dec in the shared data (CUSTOMHOUSE_SHARED), skipped where that is
 * absent.
 *
 * Every declaration decodes without an error finding; every value of its XML, counted by libxml2's tree and not by us,
 * is in the model or listed; written again it is valid against the schema and reads as the same; and every pointer of
 * every amendment resolves in the declaration that it amends. */
#include <ftw.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>

#include "msg_case.h"

enum { FILES_MAX = 1000, DECLARATIONS = 130, MALFORMED = 3, ANSWERS = 206 };

static char folder[1024];
static char *files[FILES_MAX];
static uint32_t file_count;

static int add_file(const char *path, const struct stat *s, int type, struct FTW *where)
{
	size_t n = strlen(path);

	(void)s, (void)where;
	if (type == FTW_F && n > 4 && !strcmp(path + n - 4, ".xml") && !strstr(path, "/schemas/")) {
		assert_true(file_count < FILES_MAX);
		files[file_count] = strdup(path);
		assert_non_null(files[file_count++]);
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct span slurp(struct arena *a, const char *path)
{
	struct text t = text_in(a);
	FILE *in = fopen(path, "rb");
	size_t n;

	assert_non_null(in);
	do {
		char *to = text_room(&t, 65536);

		n = fread(to, 1, 65536, in);
		t.n += n;
	} while (n);
	fclose(in);
	return text_as_span(&t);
}

static struct msg_case *read_file(struct arena *a, const char *path)
{
	return msg_case_read(a, slurp(a, path));
}

/* ---- every file ---- */

static void test_every_file_has_its_answer(void **state)
{
	uint32_t declarations = 0, malformed = 0, answers = 0;

	for (uint32_t i = 0; i < file_count; i++) {
		struct msg_case *c = read_file(*state, files[i]);

		if (c->err == ERR_NONE) {
			declarations++;
			if (c->findings.errors || strstr(files[i], "/malformed/"))
				fail_msg("%s:\n%.*s", files[i],
					 SPAN_ARG(msg_case_findings(*state, c)));
		} else if (c->err == ERR_FORMAT) {
			malformed++;
			if (!strstr(files[i], "/malformed/") || c->fault.line < 2 ||
			    !c->fault.column)
				fail_msg("%s: %u:%u", files[i], c->fault.line, c->fault.column);
		} else {
			answers++;
			if (c->err != ERR_UNSUPPORTED ||
			    !strstr(c->fault.text, "Declaration is expected"))
				fail_msg("%s: %s %s", files[i], err_name(c->err), c->fault.text);
		}
		arena_reset(*state);
	}
	assert_int_equal(declarations, DECLARATIONS);
	assert_int_equal(malformed, MALFORMED);
	assert_int_equal(answers, ANSWERS);
}

/* ---- every value ---- */

static bool is_blank(const xmlNode *n)
{
	return xmlIsBlankNode((xmlNode *)(uintptr_t)n);
}

/* Values below an element: texts, and attributes that are not about schemas. */
static uint32_t count_values(const xmlNode *e)
{
	uint32_t n = 0;

	for (const xmlAttr *a = e->properties; a; a = a->next)
		n += xmlStrcmp(a->name, (const xmlChar *)"schemaLocation") != 0;
	for (const xmlNode *c = e->children; c; c = c->next) {
		if (c->type == XML_ELEMENT_NODE)
			n += count_values(c);
		else if ((c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) &&
			 !is_blank(c))
			n++;
	}
	return n;
}

/* Values of the model: one each, and one more for a currency, a unit, a format. */
static bool count_leaf(void *context, const struct dict_field *f, const void *value,
		       const void *parent)
{
	uint32_t *n = context;

	(void)parent;
	++*n;
	if (f->kind == DICT_AMOUNT)
		*n += ((const struct amount *)value)->currency.n > 0;
	if (f->kind == DICT_QUANTITY)
		*n += ((const struct quantity *)value)->unit.n > 0;
	if (f->kind == DICT_DATETIME)
		*n += ((const struct datetime *)value)->format.n > 0;
	return true;
}

static void test_every_value_is_somewhere(void **state)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < file_count; i++) {
		struct span bytes = slurp(*state, files[i]);
		struct msg_case *c = msg_case_read(*state, bytes);
		uint32_t ours = c->message.unmapped.n, theirs;
		xmlDoc *doc;

		if (c->err)
			continue;
		doc = xmlReadMemory(bytes.p, (int)bytes.n, NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOBLANKS);
		assert_non_null(doc);
		theirs = count_values(xmlDocGetRootElement(doc));
		xmlFreeDoc(doc);
		dict_visit(&dict_declaration, &c->message.declaration, count_leaf, &ours);
		dict_visit(&dict_envelope, &c->message.envelope, count_leaf, &ours);
		if (ours != theirs)
			fail_msg("%s: %u values in the XML, %u in the model and the list", files[i],
				 theirs, ours);
		all += ours;
		arena_reset(*state);
	}
	print_message("# %u values\n", all);
}

/* ---- written again ---- */

static void test_written_again_is_valid_and_the_same(void **state)
{
	char *path = arena_print(*state, "%s/schemas/declaration.xsd", folder);
	xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(path);
	xmlSchema *schema = parser ? xmlSchemaParse(parser) : NULL;
	xmlSchemaValidCtxt *valid = schema ? xmlSchemaNewValidCtxt(schema) : NULL;

	assert_non_null(valid);
	for (uint32_t i = 0; i < file_count; i++) {
		struct msg_case *c = read_file(*state, files[i]), *again;
		struct span xml, json;
		xmlDoc *doc;

		if (c->err)
			continue;
		xml = msg_case_write(*state, "wco-dec", &c->message);
		json = msg_case_json(*state, &c->message);
		doc = xmlReadMemory(xml.p, (int)xml.n, NULL, NULL, XML_PARSE_NONET);
		if (!doc || xmlSchemaValidateDoc(valid, doc) != 0)
			fail_msg("%s: written again, it is not valid", files[i]);
		xmlFreeDoc(doc);
		again = msg_case_read(*state, xml);
		assert_int_equal(again->err, 0);
		assert_same_span(msg_case_json(*state, &again->message), json);
		again = msg_case_read(*state, json);
		assert_int_equal(again->err, 0);
		assert_same_span(msg_case_write(*state, "wco-dec", &again->message), xml);
		arena_reset(*state);
	}
	xmlSchemaFreeValidCtxt(valid);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
}

/* ---- amendments ---- */

/* The declaration that a request speaks of: the first new one of its scenario. */
static struct msg_case *original_of(struct arena *a, const char *path)
{
	const char *scenario = strstr(path, "/scenarios/") + strlen("/scenarios/");
	size_t n = (size_t)(strchr(scenario, '/') - path);

	for (uint32_t i = 0; i < file_count; i++) {
		struct msg_case *c;

		if (strncmp(files[i], path, n + 1) != 0)
			continue;
		c = read_file(a, files[i]);
		if (!c->err && declaration_function(&c->message.declaration) == FUNCTION_ORIGINAL)
			return c;
	}
	return NULL;
}

static void check_request(struct arena *a, const char *path, const struct declaration *request,
			  uint32_t *ret_pointers)
{
	struct msg_case *original = original_of(a, path);
	struct declaration after;
	const char *place;
	uint32_t bad;

	if (!original)
		fail_msg("%s: its scenario has no declaration", path);
	declaration_amend(a, &original->message.declaration, request, &after, &bad, &place);
	if (bad)
		fail_msg("%s: %u pointers lead nowhere, the first is %s", path, bad, place);
	for (uint32_t i = 0; i < request->amendments.n; i++)
		*ret_pointers += request->amendments.v[i].pointers.n > 0;
}

static void test_every_pointer_resolves(void **state)
{
	uint32_t requests = 0, paths = 0, functions[FUNCTION_PRESENTATION + 1] = {0};

	for (uint32_t i = 0; i < file_count; i++) {
		struct msg_case *c = read_file(*state, files[i]);

		if (!c->err) {
			functions[declaration_function(&c->message.declaration)]++;
			if (span_is(c->message.declaration.function, "13")) {
				check_request(*state, files[i], &c->message.declaration, &paths);
				requests++;
			}
		}
		arena_reset(*state);
	}
	assert_int_equal(requests, 17);
	assert_int_equal(functions[FUNCTION_AMENDMENT], 14);
	assert_int_equal(functions[FUNCTION_CANCELLATION], 1);
	assert_int_equal(functions[FUNCTION_PRESENTATION], 2);
	assert_int_equal(functions[FUNCTION_UNKNOWN], 0);
	print_message("# %u requests, %u paths\n", requests, paths);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_file_has_its_answer),
	    arena_test(test_every_value_is_somewhere),
	    arena_test(test_written_again_is_valid_and_the_same),
	    arena_test(test_every_pointer_resolves),
	};
	const char *named = getenv("CUSTOMHOUSE_SHARED"), *top = getenv("CUSTOMHOUSE_ROOT");
	int failed;

	if (named)
		snprintf(folder, sizeof(folder), "%s/wco-dec", named);
	else
		snprintf(folder, sizeof(folder), "%s/../shared/data/wco-dec", top ? top : ".");
	if (nftw(folder, add_file, 16, FTW_PHYS) != 0 || file_count == 0) {
		printf("1..0 # SKIP no shared data at %s\n", folder);
		return 77;
	}
	qsort(files, file_count, sizeof(*files), by_name);
	xml_start();
	failed = cmocka_run_group_tests_name("wco_shared", tests, NULL, NULL);
	while (file_count)
		free(files[--file_count]);
	return failed;
}
