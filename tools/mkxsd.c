/* mkxsd: the structure of messages from their XML schemas, as tables: names, order, cardinality, and the facets of values. No
 * text of a schema is taken.
 *
 * mkxsd FOLDER MESSAGE...  > src/msg/ncts_gen.h      FOLDER/message.xsd; the schemas are the European Commission's
 *
 * A build tool. It knows what these schemas use, and stops at anything else: sequences of elements and groups, simple types that
 * restrict one another, one attribute of the root. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_FILES = 64,
	MAX_TYPES = 600,
	MAX_LEVELS = 6,
	MAX_TEXT = 6000,
	PATTERN = 1500,
	VALUES = 3000
};

struct type {
	char name[80];
	char text[MAX_TEXT]; /* its initialiser */
};

static xmlDocPtr file[MAX_FILES];
static char file_name[MAX_FILES][80];
static int files, types;
static struct type type[MAX_TYPES];
static const char *folder;

static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mkxsd: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static bool is(xmlNodePtr n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name);
}

/* The value of an attribute, in the document; NULL where there is none. A value with an entity would be in parts. */
static const char *attribute(xmlNodePtr n, const char *name)
{
	xmlAttrPtr a = xmlHasProp(n, (const xmlChar *)name);

	if (!a)
		return NULL;
	if (!a->children)
		return "";
	if (a->children->next || a->children->type != XML_TEXT_NODE)
		die("the attribute %s holds an entity", name);
	return (const char *)a->children->content;
}

/* A schema and what it includes. */
static void load(const char *name)
{
	char path[600];
	xmlNodePtr n;

	for (int i = 0; i < files; i++)
		if (!strcmp(file_name[i], name))
			return;
	if (files == MAX_FILES)
		die("too many files");
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(file_name[files], sizeof(file_name[files]), "%s", name);
	file[files] = xmlReadFile(path, NULL, XML_PARSE_NONET);
	if (!file[files])
		die("%s cannot be read", path);
	n = xmlDocGetRootElement(file[files++])->children;
	for (; n; n = n->next)
		if (is(n, "include"))
			load(attribute(n, "schemaLocation"));
}

static void unload(void)
{
	while (files)
		xmlFreeDoc(file[--files]);
}

/* Appends to a text in an array of this size; what does not fit stops the program. */
static void append(char *to, size_t room, const char *s)
{
	size_t n = strlen(to), more = strlen(s);

	if (n + more >= room)
		die("\"%s\" is too long", s);
	memcpy(to + n, s, more + 1);
}

/* The definition of this kind with this name. */
static xmlNodePtr find(const char *kind, const char *name)
{
	for (int i = 0; i < files; i++)
		for (xmlNodePtr n = xmlDocGetRootElement(file[i])->children; n; n = n->next)
			if (is(n, kind) && attribute(n, "name") &&
			    !strcmp(attribute(n, "name"), name))
				return n;
	return NULL;
}

static void add(char *to, const char *format, ...)
{
	size_t n = strlen(to);
	va_list args;

	va_start(args, format);
	if (vsnprintf(to + n, MAX_TEXT - n, format, args) >= (int)(MAX_TEXT - n))
		die("a type is too long");
	va_end(args);
}

/* A C string, with a bar between several. */
static void add_string(char *to, const char *s)
{
	for (; *s; s++) {
		if (*s == '\\' || *s == '"')
			add(to, "\\");
		add(to, "%c", *s);
	}
}

struct facets {
	char patterns[MAX_LEVELS][PATTERN]; /* of each level: alternatives */
	int levels;
	char values[VALUES]; /* of an enumeration, a bar between */
	char least[32], most[32];
	int length_least, length_most, digits, decimals;
	char base[40];
};

static void take_facet(xmlNodePtr n, struct facets *f, char *pattern, char *values)
{
	const char *v = attribute(n, "value");

	if (is(n, "pattern")) {
		append(pattern, PATTERN, *pattern ? "|(" : "(");
		append(pattern, PATTERN, v);
		append(pattern, PATTERN, ")");
	} else if (is(n, "enumeration")) {
		append(values, VALUES, *values ? "|" : "");
		append(values, VALUES, v + strspn(v, " "));
	} else if (is(n, "length")) {
		f->length_least = f->length_most = atoi(v);
	} else if (is(n, "minLength")) {
		if (!f->length_least)
			f->length_least = atoi(v);
	} else if (is(n, "maxLength")) {
		if (!f->length_most || atoi(v) < f->length_most)
			f->length_most = atoi(v);
	} else if (is(n, "minInclusive")) {
		if (!*f->least)
			snprintf(f->least, sizeof(f->least), "%s", v);
	} else if (is(n, "maxInclusive")) {
		if (!*f->most)
			snprintf(f->most, sizeof(f->most), "%s", v);
	} else if (is(n, "totalDigits")) {
		if (!f->digits)
			f->digits = atoi(v);
	} else if (is(n, "fractionDigits")) {
		if (!f->decimals)
			f->decimals = atoi(v) + 1;
	} else if (n->type == XML_ELEMENT_NODE && !is(n, "annotation")) {
		die("the facet %s is not known here", (const char *)n->name);
	}
}

/* Down to the primitive that the type restricts; what is nearer counts. */
static void collect(const char *name, struct facets *f)
{
	xmlNodePtr n = find("simpleType", name), r;
	char values[VALUES] = "";
	const char *base;

	if (!n)
		die("there is no type %s", name);
	for (r = n->children; r && !is(r, "restriction"); r = r->next)
		;
	if (!r || f->levels == MAX_LEVELS)
		die("%s is no restriction, or too deep", name);
	for (xmlNodePtr c = r->children; c; c = c->next)
		take_facet(c, f, f->patterns[f->levels], values);
	f->levels += *f->patterns[f->levels] != 0;
	if (!*f->values)
		append(f->values, VALUES, values);
	base = attribute(r, "base");
	if (!strncmp(base, "xs:", 3))
		snprintf(f->base, sizeof(f->base), "%s", base + 3);
	else
		collect(base, f);
}

static const char *base_name(const char *base)
{
	static const char *const names[][2] = {
	    {"token", "NCTS_TOKEN"},     {"normalizedString", "NCTS_LINE"},
	    {"date", "NCTS_DATE"},       {"dateTime", "NCTS_MOMENT"},
	    {"decimal", "NCTS_DECIMAL"}, {"integer", "NCTS_INTEGER"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i][0], base))
			return names[i][1];
	die("the primitive %s is not known here", base);
}

/* The number of a simple type's row. Types of the same facets share one. */
static int type_row(const char *name)
{
	struct facets *f = calloc(1, sizeof(*f));
	char text[MAX_TEXT] = "";

	collect(name, f);
	add(text, "{.base = %s", base_name(f->base));
	if (f->levels) {
		add(text, ", .pattern = {");
		for (int i = 0; i < f->levels; i++) {
			add(text, "%s\"", i ? ", " : "");
			add_string(text, f->patterns[i]);
			add(text, "\"");
		}
		add(text, "}");
	}
	if (*f->values)
		add(text, ", .values = \"%s\"", f->values);
	if (*f->least)
		add(text, ", .least = \"%s\"", f->least);
	if (*f->most)
		add(text, ", .most = \"%s\"", f->most);
	if (f->length_least)
		add(text, ", .length_least = %d", f->length_least);
	if (f->length_most)
		add(text, ", .length_most = %d", f->length_most);
	if (f->digits)
		add(text, ", .digits = %d", f->digits);
	if (f->decimals)
		add(text, ", .decimals = %d", f->decimals);
	add(text, "}");
	free(f);
	for (int i = 0; i < types; i++)
		if (!strcmp(type[i].text, text))
			return i + 1;
	if (types == MAX_TYPES)
		die("too many types");
	snprintf(type[types].name, sizeof(type[types].name), "%s", name);
	append(type[types].text, MAX_TEXT, text);
	return ++types;
}

static void put_complex(xmlNodePtr n, int depth);

static void put_element(xmlNodePtr n, int depth)
{
	const char *least = attribute(n, "minOccurs"), *most = attribute(n, "maxOccurs");
	const char *of = attribute(n, "type");
	xmlNodePtr complex = find("complexType", of);

	printf("\t{\"%s\", %d, %s, %s, %d},\n", attribute(n, "name"), depth, least ? least : "1",
	       most ? most : "1", complex ? 0 : type_row(of));
	if (complex)
		put_complex(complex, depth + 1);
}

static void put_sequence(xmlNodePtr sequence, int depth)
{
	for (xmlNodePtr n = sequence->children; n; n = n->next) {
		if (is(n, "element")) {
			put_element(n, depth);
		} else if (is(n, "group")) {
			xmlNodePtr group = find("group", attribute(n, "ref"));

			if (!group)
				die("there is no group %s", attribute(n, "ref"));
			put_complex(group, depth);
		} else if (n->type == XML_ELEMENT_NODE && !is(n, "annotation")) {
			die("%s in a sequence is not known here", (const char *)n->name);
		}
	}
}

static void put_complex(xmlNodePtr complex, int depth)
{
	for (xmlNodePtr n = complex->children; n; n = n->next) {
		if (is(n, "sequence"))
			put_sequence(n, depth);
		else if (n->type == XML_ELEMENT_NODE && !is(n, "annotation") && !is(n, "attribute"))
			die("%s in a complex type is not known here", (const char *)n->name);
	}
}

/* The root's attributes. */
static void put_attributes(xmlNodePtr complex)
{
	for (xmlNodePtr n = complex->children; n; n = n->next)
		if (is(n, "attribute"))
			printf("\t{\"@%s\", 1, %d, 1, %d},\n", attribute(n, "name"),
			       attribute(n, "use") && !strcmp(attribute(n, "use"), "required"),
			       type_row(attribute(n, "type")));
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: mkxsd FOLDER MESSAGE...\n", stderr);
		return 2;
	}
	folder = argv[1];
	puts("/* Made by tools/mkxsd.c from the schemas of NCTS phase 5; not by script/generate, "
	     "as these schemas are not in the "
	     "tree. */\n");
	puts("// clang-format off");
	for (int i = 2; i < argc; i++) {
		char name[80];
		xmlNodePtr root;

		snprintf(name, sizeof(name), "%s.xsd", argv[i]);
		load(name);
		for (char *p = name; (*p = *p == '.' ? 0 : (char)(*p & ~(*p >= 'a' ? 32 : 0))); p++)
			;
		root = find("element", name);
		if (!root)
			die("%s has no element %s", argv[i], name);
		root = find("complexType", attribute(root, "type"));
		if (!root)
			die("%s has no type", name);
		printf(
		    "static const struct ncts_element elements_%s[] = {\n\t{\"%s\", 0, 1, 1, 0},\n",
		    name, name);
		put_attributes(root);
		put_complex(root, 1);
		puts("};\n");
		unload();
	}
	puts("static const struct ncts_type types[] = {");
	for (int i = 0; i < types; i++)
		printf("\t%s, /* %s */\n", type[i].text, type[i].name);
	puts("};\n");
	puts("static const struct ncts_message messages[] = {");
	for (int i = 2; i < argc; i++) {
		char name[80];

		snprintf(name, sizeof(name), "%s", argv[i]);
		for (char *p = name; *p; p++)
			*p = (char)(*p & ~(*p >= 'a' ? 32 : 0));
		printf("\t{\"%s\", elements_%s, ARRAY_LEN(elements_%s)},\n", name, name, name);
	}
	puts("};");
	return 0;
}
