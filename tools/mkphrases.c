/* Makes the table of the pages' texts from the catalogs in web/phrases, which the browser's scripts share.
 *
 *   mkphrases header en.json fr.json ar.json >phrases_gen.h
 *   mkphrases source en.json fr.json ar.json >phrases_gen.c
 *
 * A catalog is one JSON object of texts by key. The first is whole and says which keys there are; a text that another has not
 * is NULL. A key that only another has, or placeholders ({0}) that differ, are faults: exit status 1.
 *
 * A build tool: reads trusted files.
 * Links with: -ljansson */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { CATALOGS_MAX = 8 };

struct catalog {
	const char *path;
	char tag[8]; /* "en" */
	json_t *texts;
};

static bool faulty;

static void fault(const struct catalog *c, const char *key, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", c->path, key, what);
	faulty = true;
}

static void read_catalog(const char *path, struct catalog *to)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	json_error_t why;

	to->path = path;
	snprintf(to->tag, sizeof(to->tag), "%.*s", (int)strcspn(name, "."), name);
	to->texts = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(to->texts)) {
		fprintf(stderr, "%s:%d:%d: %s\n", path, why.line, why.column, why.text);
		exit(1);
	}
}

/* Which placeholders a text has, as bits. */
static unsigned placeholders(const char *s)
{
	unsigned bits = 0;

	for (; *s; s++)
		if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}')
			bits |= 1u << (s[1] - '0');
	return bits;
}

static void check(const struct catalog *first, const struct catalog *other)
{
	const char *key;
	json_t *value;

	json_object_foreach(other->texts, key, value)
	{
		const char *text = json_string_value(value),
			   *in_first = json_string_value(json_object_get(first->texts, key));

		if (!in_first)
			fault(other, key, "is no text of the first catalog");
		else if (!text || !*text)
			fault(other, key, "is no text");
		else if (placeholders(text) != placeholders(in_first))
			fault(other, key, "has other placeholders than the first catalog's");
	}
}

static void print_name(const char *key)
{
	fputs("PHRASE_", stdout);
	for (; *key; key++)
		putchar(isalnum((unsigned char)*key) ? *key : '_');
}

/* Bytes beyond ASCII as octal escapes of three digits, which end by themselves. */
static void print_text(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\' || c == '?')
			printf("\\%c", c);
		else if (c < ' ' || c > '~')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_header(const struct catalog *c, int n)
{
	const char *key;
	json_t *value;

	puts("/* Made by tools/mkphrases.c from web/phrases; script/generate makes it again. */\n"
	     "#ifndef CUSTOMHOUSE_HTTP_PHRASES_GEN_H\n#define CUSTOMHOUSE_HTTP_PHRASES_GEN_H\n\n"
	     "enum phrase {");
	json_object_foreach(c[0].texts, key, value)
	{
		putchar('\t');
		print_name(key);
		puts(",");
	}
	puts("\tPHRASES\n};\n\nenum page_language {");
	for (int i = 0; i < n; i++)
		printf("\tLANGUAGE_%s,\n", c[i].tag);
	puts("\tLANGUAGES\n};\n\n#endif");
}

static void print_source(const struct catalog *c, int n)
{
	const char *key;
	json_t *value;

	puts("/* Made by tools/mkphrases.c from web/phrases; script/generate makes it again. */\n"
	     "#include \"http/phrases.h\"\n\n// clang-format off\n"
	     "const char *const phrase_tags[LANGUAGES] = {");
	for (int i = 0; i < n; i++)
		printf("\t\"%s\",\n", c[i].tag);
	puts("};\n\nconst struct wording phrases[PHRASES] = {");
	json_object_foreach(c[0].texts, key, value)
	{
		fputs("\t{{", stdout);
		for (int i = 0; i < n; i++) {
			const char *text = json_string_value(json_object_get(c[i].texts, key));

			if (text)
				print_text(text);
			else
				fputs("NULL", stdout);
			fputs(i + 1 < n ? ", " : "}},\n", stdout);
		}
	}
	puts("};");
}

int main(int argc, char **argv)
{
	struct catalog catalogs[CATALOGS_MAX] = {0};
	int n = argc - 2;

	if (n < 1 || n > CATALOGS_MAX) {
		fputs("usage: mkphrases header|source CATALOG...\n", stderr);
		return 2;
	}
	for (int i = 0; i < n; i++)
		read_catalog(argv[i + 2], &catalogs[i]);
	for (int i = 0; i < n; i++)
		check(&catalogs[0], &catalogs[i]);
	if (!strcmp(argv[1], "header"))
		print_header(catalogs, n);
	else
		print_source(catalogs, n);
	for (int i = 0; i < n; i++)
		json_decref(catalogs[i].texts);
	return faulty;
}
