/* The schema of response messages, from the shared data (CUSTOMHOUSE_SHARED). Where that is absent every message holds. */
#ifndef CUSTOMHOUSE_TESTS_GOLDEN_RES_SCHEMA_H
#define CUSTOMHOUSE_TESTS_GOLDEN_RES_SCHEMA_H

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

struct res_schema {
	xmlSchema *schema; /* NULL: no shared data */
	xmlSchemaValidCtxt *valid;
};

/* The folder wco-dec of the shared data, in a; it may be absent. */
static inline const char *res_shared(struct arena *a)
{
	const char *named = getenv("CUSTOMHOUSE_SHARED"), *top = getenv("CUSTOMHOUSE_ROOT");

	if (named)
		return arena_print(a, "%s/wco-dec", named);
	return arena_print(a, "%s/../shared/data/wco-dec", top ? top : ".");
}

static inline struct res_schema res_schema_open(struct arena *a)
{
	const char *path = arena_print(a, "%s/schemas/notification.xsd", res_shared(a));
	struct res_schema s = {0};
	xmlSchemaParserCtxt *parser;

	if (access(path, R_OK) != 0) {
		print_message("# no %s: not validated\n", path);
		return s;
	}
	parser = xmlSchemaNewParserCtxt(path);
	assert_non_null(parser);
	s.schema = xmlSchemaParse(parser);
	assert_non_null(s.schema);
	s.valid = xmlSchemaNewValidCtxt(s.schema);
	assert_non_null(s.valid);
	xmlSchemaFreeParserCtxt(parser);
	return s;
}

static inline void res_schema_close(struct res_schema *s)
{
	xmlSchemaFreeValidCtxt(s->valid);
	xmlSchemaFree(s->schema);
}

static inline bool res_schema_holds(const struct res_schema *s, struct span bytes)
{
	xmlDoc *doc;
	int verdict;

	if (!s->schema)
		return true;
	doc = xmlReadMemory(bytes.p, (int)bytes.n, NULL, NULL, XML_PARSE_NONET);
	verdict = doc ? xmlSchemaValidateDoc(s->valid, doc) : -1;
	xmlFreeDoc(doc);
	return verdict == 0;
}

#endif
