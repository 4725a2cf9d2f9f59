/* mkdict: makes everything that follows from a dictionary, such as src/dict/declaration.dict.
 *
 *   mkdict TABLE structs  > src/dict/declaration_gen.h
 *   mkdict TABLE tables   > src/dict/declaration_gen.c
 *   mkdict TABLE page     > docs/declaration.md
 *   mkdict TABLE schema   > docs/declaration.schema.json
 *   mkdict TABLE json     > docs/formats/json.md        every value with its place
 *   mkdict TABLE xml      > docs/formats/wco-dec.md     and its XML path
 *
 * A table may begin with `use OTHER`: the classes of that table, in the same folder, can be kinds of its fields. The last class
 * is what a message is.
 *
 * A build tool: reads one trusted file, stops at the first fault with its line. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLASSES = 96, MAX_FIELDS = 64, MAX_LINE = 512 };

struct field {
	char name[40], kind[40], size[16], many[8], element[80], id[120], list[40], title[200];
	int of; /* index of its class, or -1 */
};

struct class
{
	char name[40], id[8], title[200];
	struct field field[MAX_FIELDS];
	int count;
	bool used; /* of another table: made from that */
};

static struct class class[MAX_CLASSES];
static int classes, line_number;
static const char *table;        /* file name */
static char stem[40], title[40]; /* "cargo", "cargo report" */

static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s:%d: ", table, line_number);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* The next word of *p into to. */
static void word(char **p, char *to, size_t room)
{
	size_t n;

	*p += strspn(*p, " \t");
	n = strcspn(*p, " \t\n");
	if (!n || n >= room)
		die("a column is missing or too long near \"%.20s\"", *p);
	memcpy(to, *p, n);
	to[n] = 0;
	*p += n;
}

static void rest(char *p, char *to, size_t room)
{
	p += strspn(p, " \t");
	p[strcspn(p, "\n")] = 0;
	if (!*p || strlen(p) >= room)
		die("the title is missing or too long");
	memcpy(to, p, strlen(p) + 1);
}

static int find_class(const char *name)
{
	for (int i = 0; i < classes; i++)
		if (!strcmp(class[i].name, name))
			return i;
	return -1;
}

static bool simple(const char *kind)
{
	static const char *const kinds[] = {"text",   "code",     "id",      "number",
					    "amount", "quantity", "datetime"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

static void read_field(char *p)
{
	struct class *c = &class[classes - 1];
	struct field *f;

	if (!classes || c->count == MAX_FIELDS)
		die("a field outside a class, or too many");
	f = &c->field[c->count++];
	word(&p, f->name, sizeof(f->name));
	word(&p, f->kind, sizeof(f->kind));
	word(&p, f->size, sizeof(f->size));
	word(&p, f->many, sizeof(f->many));
	word(&p, f->element, sizeof(f->element));
	word(&p, f->id, sizeof(f->id));
	word(&p, f->list, sizeof(f->list));
	rest(p, f->title, sizeof(f->title));
	f->of = simple(f->kind) ? -1 : find_class(f->kind);
	if (f->of < 0 && !simple(f->kind))
		die("kind %s is neither simple nor a class above", f->kind);
	if (!strchr("1?*", f->many[0]) || (f->many[0] == '*' && atoi(f->many + 1) < 1))
		die("how many is 1, ? or *N, not %s", f->many);
	for (int i = 0; i < c->count - 1; i++)
		if (!strcmp(c->field[i].name, f->name))
			die("%s stands twice in %s", f->name, c->name);
}

static void read_table(const char *path);

/* The classes of another table of the same folder. */
static void use_table(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/'), *here = table;
	char other[MAX_LINE] = "";
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0, n = strcspn(name, "\n");
	int line = line_number;

	if (classes || folder + n >= sizeof(other))
		die("`use` stands before all classes, with the name of a table");
	memcpy(other, path, folder);
	memcpy(other + folder, name, n);
	table = other;
	line_number = 0;
	read_table(other);
	for (int i = 0; i < classes; i++)
		class[i].used = true;
	table = here;
	line_number = line;
}

static void read_table(const char *path)
{
	FILE *in = fopen(path, "r");
	char text[MAX_LINE];

	if (!in) {
		perror(path);
		exit(1);
	}
	while (fgets(text, sizeof(text), in)) {
		char *p = text;

		line_number++;
		if (text[0] == '#' || text[strspn(text, " \t\n")] == 0)
			continue;
		if (text[0] == '\t') {
			read_field(p);
			continue;
		}
		if (!strncmp(text, "use ", 4)) {
			use_table(path, text + 4);
			continue;
		}
		if (strncmp(text, "class ", 6) || classes == MAX_CLASSES)
			die("a line begins with `class`, a tab or #");
		p += 6;
		word(&p, class[classes].name, sizeof(class[classes].name));
		word(&p, class[classes].id, sizeof(class[classes].id));
		rest(p, class[classes].title, sizeof(class[classes].title));
		classes++;
	}
	fclose(in);
}

static const char *dash(const char *s)
{
	return strcmp(s, "-") ? s : "";
}

static const char *c_type(const struct field *f)
{
	static char name[64];

	if (f->of >= 0)
		snprintf(name, sizeof(name), "struct %s", class[f->of].name);
	else if (!strcmp(f->kind, "number"))
		return "struct decimal";
	else if (strcmp(f->kind, "text") && strcmp(f->kind, "code") && strcmp(f->kind, "id"))
		snprintf(name, sizeof(name), "struct %s", f->kind);
	else
		return "struct span";
	return name;
}

static void put_structs(void)
{
	char upper[40] = "";

	for (size_t i = 0; stem[i]; i++)
		upper[i] = (char)toupper((unsigned char)stem[i]);
	printf("/* Made by tools/mkdict.c from %s: change that, then run script/generate. */\n",
	       table);
	printf("#ifndef CUSTOMHOUSE_DICT_%s_GEN_H\n#define CUSTOMHOUSE_DICT_%s_GEN_H\n\n", upper,
	       upper);
	puts("// clang-format off");
	for (int i = 0; i < classes; i++) {
		const struct class *c = &class[i];

		if (c->used)
			continue;
		printf("\n/* %s */\nstruct %s {\n\tstruct dict_head head;\n", c->title, c->name);
		for (int j = 0; j < c->count; j++) {
			const struct field *f = &c->field[j];

			if (f->many[0] == '*')
				printf("\tDICT_LIST(%s) %s; /* %s */\n", c_type(f), f->name,
				       f->title);
			else
				printf("\t%s %s; /* %s */\n", c_type(f), f->name, f->title);
		}
		puts("};");
	}
	puts("");
	for (int i = 0; i < classes; i++)
		if (!class[i].used)
			printf("extern const struct dict_class dict_%s;\n", class[i].name);
	puts("\n#endif");
}

static void put_field(const struct class *c, const struct field *f)
{
	const char *kind = f->of >= 0 ? "class" : f->kind, *size = f->size,
		   *dot = strchr(f->size, '.');
	bool overrides = f->of >= 0 && strchr(f->id, ':');
	char id[120], upper[16] = "";

	for (size_t i = 0; kind[i] && i + 1 < sizeof(upper); i++)
		upper[i] = (char)toupper((unsigned char)kind[i]);
	snprintf(id, sizeof(id), "%s", dash(f->id));
	if (overrides)
		id[strcspn(id, ":")] = 0;
	printf("\t{.name = \"%s\", .length = %zu, .kind = DICT_%s, ", f->name, strlen(f->name),
	       upper);
	if (f->many[0] == '*')
		printf(".list = true, .max = %d, ", atoi(f->many + 1));
	if (f->many[0] == '1')
		printf(".required = true, ");
	if (strcmp(size, "-"))
		printf(".size = %d, ", atoi(size + (size[0] == 'n')));
	if (dot)
		printf(".scale = %d, ", atoi(dot + 1));
	printf("\n\t .offset = offsetof(struct %s, %s), ", c->name, f->name);
	if (f->of >= 0)
		printf(".of = &dict_%s, ", f->kind);
	printf(".wco_id = \"%s\", .wco_ids = \"%s\", .code_list = \"%s\",\n\t .title = \"%s\"},\n",
	       id, overrides ? strchr(f->id, ':') + 1 : "", dash(f->list), f->title);
}

/* The element at depth `level` of a path A[id]/B/C, and its id or nothing, into to and id; false when the path ends before. */
static bool path_step(const char *path, int level, char *to, char *id)
{
	size_t n;

	for (; level > 0; level--) {
		path = strchr(path, '/');
		if (!path)
			return false;
		path++;
	}
	n = strcspn(path, "/[");
	memcpy(to, path, n);
	to[n] = 0;
	*id = 0;
	if (path[n] == '[') {
		size_t length = strcspn(path + n + 1, "]");

		if (length > 7)
			die("the id in %s is too long", path);
		memcpy(id, path + n + 1, length);
		id[length] = 0;
	}
	return true;
}

static bool is_last(const char *path, int level)
{
	for (; level > 0 && path; level--) {
		path = strchr(path, '/');
		path = path ? path + 1 : NULL;
	}
	return path && !strchr(path, '/');
}

/* Number of fields from `from` on that share the wrapper at this level. */
static int same_wrapper(const struct class *c, int from, int end, int level)
{
	char first[80], other[80], id[8];
	int n = 1;

	path_step(c->field[from].element, level, first, id);
	while (from + n < end && !is_last(c->field[from + n].element, level) &&
	       path_step(c->field[from + n].element, level, other, id) && !strcmp(first, other))
		n++;
	return n;
}

/* The table of elements at one level of one class; wrappers first print the tables below them. */
static void put_elements(const struct class *c, int from, int end, int level, const char *label)
{
	int count = 0;

	for (int i = from; i < end;) {
		char name[80], id[8], below[200];
		int n = 1;

		if (!strcmp(c->field[i].element, "-") || is_last(c->field[i].element, level)) {
			i++;
			continue;
		}
		path_step(c->field[i].element, level, name, id);
		n = same_wrapper(c, i, end, level);
		snprintf(below, sizeof(below), "%s_%s", label, name);
		put_elements(c, i, i + n, level + 1, below);
		i += n;
	}
	printf("static const struct dict_element elements_%s[] = {\n", label);
	for (int i = from; i < end;) {
		char name[80], id[8];
		int n = 1;

		if (!strcmp(c->field[i].element, "-")) {
			i++;
			continue;
		}
		path_step(c->field[i].element, level, name, id);
		if (is_last(c->field[i].element, level)) {
			printf("\t{\"%s\", %zu, \"\", &fields_%s[%d], NULL, 0},\n", name,
			       strlen(name), c->name, i);
		} else {
			n = same_wrapper(c, i, end, level);
			printf("\t{\"%s\", %zu, \"%s\", NULL, elements_%s_%s, "
			       "ARRAY_LEN(elements_%s_%s)},\n",
			       name, strlen(name), id, label, name, label, name);
		}
		i += n;
		count++;
	}
	puts("};");
	if (count > 64)
		die("%s has more than 64 elements: readers count on a bit for each", label);
}

/* A bit for each field that must be given, and for each that is a class. */
static void put_masks(const struct class *c)
{
	uint64_t required = 0, classes_in = 0;

	if (c->count > 64)
		die("%s has more than 64 fields: readers count on a bit for each", c->name);
	for (int i = 0; i < c->count; i++) {
		required |= (uint64_t)(c->field[i].many[0] == '1') << i;
		classes_in |= (uint64_t)(c->field[i].of >= 0) << i;
	}
	printf("0x%llx, 0x%llx", (unsigned long long)required, (unsigned long long)classes_in);
}

static bool has_elements(const struct class *c)
{
	for (int i = 0; i < c->count; i++)
		if (strcmp(c->field[i].element, "-"))
			return true;
	return false;
}

static void put_tables(void)
{
	printf("/* Made by tools/mkdict.c from %s: change that, then run script/generate. */\n",
	       table);
	puts("#include \"dict/dict.h\"\n\n// clang-format off");
	for (int i = 0; i < classes; i++) {
		const struct class *c = &class[i];

		if (c->used)
			continue;
		printf("\nstatic const struct dict_field fields_%s[] = {\n", c->name);
		for (int j = 0; j < c->count; j++)
			put_field(c, &c->field[j]);
		puts("};");
		if (!has_elements(c)) {
			printf("const struct dict_class dict_%s = {\n\t\"%s\", \"%s\", "
			       "\"%s\",\n\tsizeof(struct %s), "
			       "ARRAY_LEN(fields_%s), 0, ",
			       c->name, c->name, dash(c->id), c->title, c->name, c->name);
			put_masks(c);
			printf(", fields_%s, NULL\n};\n", c->name);
			continue;
		}
		put_elements(c, 0, c->count, 0, c->name);
		printf("const struct dict_class dict_%s = {\n\t\"%s\", \"%s\", "
		       "\"%s\",\n\tsizeof(struct %s), "
		       "ARRAY_LEN(fields_%s), ARRAY_LEN(elements_%s), ",
		       c->name, c->name, dash(c->id), c->title, c->name, c->name, c->name);
		put_masks(c);
		printf(", fields_%s, elements_%s\n};\n", c->name, c->name);
	}
}

/* Is the class a kind of some field that the table's own classes reach? */
static bool is_reached(const struct class *c)
{
	if (!c->used)
		return true;
	for (int i = 0; i < classes; i++)
		for (int j = 0; j < class[i].count; j++)
			if (class[i].field[j].of == c - class && is_reached(&class[i]))
				return true;
	return false;
}

static void put_page(void)
{
	bool declaration = !strcmp(stem, "declaration");

	printf("# The %s, field by field\n\n", declaration ? stem : "cargo report");
	printf("Made from `%s` by `script/generate`. Names are ours; the ", table);
	fputs("element and number columns map them to "
	      "the WCO Data Model 3.6 declaration. In JSON every field has the name of its first "
	      "column; numbers, amounts and quantities are "
	      "decimal text; an amount is `{\"value\", \"currency\"}`, a quantity `{\"value\", "
	      "\"unit\"}`, a time `{\"text\", \"format\"}`. ",
	      stdout);
	if (declaration)
		puts("The technical header is the member `envelope` of the declaration. A[12A]/B "
		     "is the "
		     "element B inside a wrapping element A, "
		     "which pointers of an amendment call 12A.\n");
	else
		puts("In JSON the report is the member `cargo_report` of an object.\n");
	for (int i = classes - 1; i >= 0; i--) {
		const struct class *c = &class[i];

		if (c->used && !is_reached(c))
			continue;
		printf("## %s\n\n%s%s%s.\n\n", c->name, c->title, *dash(c->id) ? ", class " : "",
		       dash(c->id));
		puts("| field | what it is | kind | size | how many | XML element | number | code "
		     "list |");
		puts("|---|---|---|---|---|---|---|---|");
		for (int j = 0; j < c->count; j++) {
			const struct field *f = &c->field[j];

			printf("| `%s` | %s | ", f->name, f->title);
			if (f->of >= 0)
				printf("[%s](#%s)", f->kind, f->kind);
			else
				printf("%s", f->kind);
			printf(" | %s | %s%s | %s | %s | %s |\n", dash(f->size),
			       f->many[0] == '*' ? "up to " : "",
			       f->many[0] == '*' ? f->many + 1
						 : (f->many[0] == '1' ? "1" : "0 or 1"),
			       f->element, dash(f->id), dash(f->list));
		}
		puts("");
	}
}

static void put_schema_type(const struct field *f)
{
	if (f->of >= 0)
		printf("{\"$ref\": \"#/$defs/%s\"}", f->kind);
	else if (!strcmp(f->kind, "number"))
		printf("{\"$ref\": \"#/$defs/decimal\"}");
	else if (!strcmp(f->kind, "amount") || !strcmp(f->kind, "quantity") ||
		 !strcmp(f->kind, "datetime"))
		printf("{\"$ref\": \"#/$defs/%s\"}", f->kind);
	else
		printf("{\"type\": \"string\", \"maxLength\": %s}", f->size);
}

static void put_schema_class(const struct class *c, bool last)
{
	bool first = true;

	printf("    \"%s\": {\"type\": \"object\", \"description\": \"%s\", "
	       "\"additionalProperties\": false,\n",
	       c->name, c->title);
	for (int j = 0; j < c->count; j++)
		if (c->field[j].many[0] == '1') {
			printf("%s\"%s\"", first ? "      \"required\": [" : ", ",
			       c->field[j].name);
			first = false;
		}
	if (!first)
		puts("],");
	puts("      \"properties\": {");
	if (!strcmp(c->name, "declaration"))
		puts("        \"envelope\": {\"$ref\": \"#/$defs/envelope\"},");
	for (int j = 0; j < c->count; j++) {
		const struct field *f = &c->field[j];

		printf("        \"%s\": ", f->name);
		if (f->many[0] == '*') {
			printf("{\"type\": \"array\", \"maxItems\": %s, \"items\": ", f->many + 1);
			put_schema_type(f);
			putchar('}');
		} else {
			put_schema_type(f);
		}
		puts(j + 1 < c->count ? "," : "");
	}
	printf("      }}%s\n", last ? "" : ",");
}

static void put_schema(void)
{
	const char *root = class[classes - 1].name;
	int last = classes - 1;

	puts("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",");
	printf("  \"title\": \"Customhouse %s\",\n", title);
	if (!strcmp(stem, "declaration"))
		puts("  \"$ref\": \"#/$defs/declaration\",\n  \"$defs\": {");
	else
		printf("  \"type\": \"object\", \"additionalProperties\": false, \"required\": "
		       "[\"%s\"],\n  \"properties\": {\"%s\": {\"$ref\": \"#/$defs/%s\"}},\n"
		       "  \"$defs\": {\n",
		       root, root, root);
	puts("    \"decimal\": {\"type\": \"string\", \"pattern\": "
	     "\"^[-+]?[0-9]{1,18}([.][0-9]{1,9})?$\"},");
	puts("    \"amount\": {\"type\": \"object\", \"additionalProperties\": false, "
	     "\"required\": [\"value\"], \"properties\": "
	     "{\"value\": {\"$ref\": \"#/$defs/decimal\"}, \"currency\": {\"type\": \"string\", "
	     "\"maxLength\": 3}}},");
	puts("    \"quantity\": {\"type\": \"object\", \"additionalProperties\": false, "
	     "\"required\": [\"value\"], \"properties\": "
	     "{\"value\": {\"$ref\": \"#/$defs/decimal\"}, \"unit\": {\"type\": \"string\", "
	     "\"maxLength\": 12}}},");
	puts("    \"datetime\": {\"type\": \"object\", \"additionalProperties\": false, "
	     "\"required\": [\"text\"], \"properties\": "
	     "{\"text\": {\"type\": \"string\", \"maxLength\": 35}, \"format\": {\"type\": "
	     "\"string\", \"maxLength\": 3}}},");
	for (int i = 0; i < classes; i++)
		if (is_reached(&class[i]))
			put_schema_class(&class[i], i == last);
	puts("  }\n}");
}

/* ---- a page of every value with its place in a format ---- */

enum { MAX_PATH = 400 };

/* How often a value may stand there in all: lists within lists multiply, which nobody needs to know. */
static const char *often(const struct field *f, bool in_list)
{
	if (f->many[0] == '*')
		return in_list ? "several in each" : "several";
	if (in_list)
		return f->many[0] == '1' ? "1 in each" : "0 or 1 in each";
	return f->many[0] == '1' ? "1" : "0 or 1";
}

/* "A[12A]/B" without what stands in brackets. */
static void put_element_path(char *to, size_t room, const char *element)
{
	size_t n = strlen(to);

	for (bool inside = false; *element && n + 1 < room; element++) {
		inside |= *element == '[';
		if (!inside)
			to[n++] = *element;
		inside &= *element != ']';
	}
	to[n] = 0;
}

static void put_places(const struct class *c, const char *pointer, const char *xml, bool in_list,
		       bool with_xml)
{
	for (int i = 0; i < c->count; i++) {
		const struct field *f = &c->field[i];
		bool list = f->many[0] == '*';
		char here[MAX_PATH], path[MAX_PATH];

		snprintf(here, sizeof(here), "%s/%s%s", pointer, f->name, list ? "/N" : "");
		snprintf(path, sizeof(path), "%s/", xml);
		put_element_path(path, sizeof(path), f->element);
		if (list)
			snprintf(path + strlen(path), sizeof(path) - strlen(path), "[N]");
		if (f->of >= 0) {
			put_places(&class[f->of], here, path, in_list || list, with_xml);
			continue;
		}
		printf("| `%s` |", here);
		if (with_xml)
			printf(" `%s` |", path);
		printf(" %s %s | %s | %s |\n", f->kind, f->size, often(f, in_list), f->title);
	}
}

static void put_format(bool with_xml)
{
	const struct class *root = &class[classes - 1];
	bool cargo = strcmp(stem, "declaration") != 0;

	printf("# %s\n\nMade from `%s` by `script/generate`: every value with its place. N counts "
	       "members%s.\n\n",
	       with_xml ? "WCO Data Model declaration, XML"
	       : cargo  ? "Cargo report, JSON"
			: "Declaration, JSON",
	       table, with_xml ? ", from 0 in the pointer and from 1 in the path" : " from 0");
	if (with_xml)
		puts("Elements are known by their local names: senders disagree about namespaces. "
		     "Written, the message is "
		     "valid against the schema of urn:wco:datamodel:WCO:DEC-DMS:2. An amount has "
		     "its currency in the attribute "
		     "`currencyID`, a quantity its unit in `unitCode`, a time its format in "
		     "`formatCode` of the element "
		     "`DateTimeString` in it. What has no place here is kept and listed. Function "
		     "9 is a new declaration, 13 a request "
		     "about one: its type says which (COR, INV, GPN).\n");
	else
		printf("[The schema](../%s.schema.json) says the same for programs, [the "
		       "dictionary](../%s.md) what each "
		       "class is. JSON Lines, one message a line, is the form for many. Numbers "
		       "are decimal text, and JSON "
		       "numbers are read too; times are as written, with the code of their "
		       "format.\n\n",
		       stem, stem);
	printf("| place | %skind and size | how many | what it is |\n|---|%s---|---|---|\n",
	       with_xml ? "XML path | " : "", with_xml ? "---|" : "");
	if (!cargo)
		put_places(&class[find_class("envelope")], "/envelope", "MetaData", false,
			   with_xml);
	put_places(root, cargo ? "/cargo_report" : "", "Declaration", false, with_xml);
}

/* "src/dict/cargo.dict": the stem is cargo. */
static void name_table(const char *path)
{
	const char *slash = strrchr(path, '/');

	table = path;
	snprintf(stem, sizeof(stem), "%s", slash ? slash + 1 : path);
	stem[strcspn(stem, ".")] = 0;
	snprintf(title, sizeof(title), "%s", strcmp(stem, "cargo") ? stem : "cargo report");
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: mkdict TABLE structs|tables|page|schema|json|xml\n", stderr);
		return 2;
	}
	name_table(argv[1]);
	read_table(argv[1]);
	if (!strcmp(argv[2], "structs"))
		put_structs();
	else if (!strcmp(argv[2], "tables"))
		put_tables();
	else if (!strcmp(argv[2], "page"))
		put_page();
	else if (!strcmp(argv[2], "schema"))
		put_schema();
	else if (!strcmp(argv[2], "json"))
		put_format(false);
	else if (!strcmp(argv[2], "xml"))
		put_format(true);
	else
		return 2;
	return 0;
}
