/* mkiso: makes a pack's tables of countries and currencies from Debian's iso-codes and a table of names of our own.
 *
 *   mkiso countries  ISO_3166-1.json NAMES.csv FROM  > packs/NAME/countries.csv
 *   mkiso currencies ISO_4217.json   NAMES.csv FROM  > packs/NAME/currencies.csv
 *
 * NAMES.csv (tools/country-names.csv, tools/currency-digits.csv) adds what iso-codes does not say: French names, decimals of
 * the minor unit, better English names, and codes outside the standard. FROM is the first day of every row.
 *
 * A build tool: reads trusted files and stops at the first fault.
 * Links with: -ljansson */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { MAX_ENTRIES = 512, MAX_LINE = 512, MAX_COLUMNS = 4, TEXT = 160 };

struct entry {
	char code[4];
	bool standard; /* in the ISO table */
	bool left_out; /* digits "-": nobody trades in it */
	char digits[4];
	char english[TEXT], french[TEXT];
};

static struct {
	const char *array, *code, *standard;
	bool digits;
} const kinds[] = {
    {"3166-1", "alpha_2", "ISO 3166-1", false},
    {"4217", "alpha_3", "ISO 4217", true},
};

static struct entry entries[MAX_ENTRIES];
static size_t count;

static _Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mkiso: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void copy(char *to, size_t room, const char *from)
{
	size_t n = strlen(from);

	if (n >= room)
		die("\"%s\" is too long", from);
	memcpy(to, from, n + 1);
}

/* The entry of a code; a new one when there is none. */
static struct entry *entry_of(const char *code)
{
	struct entry *e;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(entries[i].code, code))
			return &entries[i];
	if (count == MAX_ENTRIES)
		die("more than %d codes", MAX_ENTRIES);
	e = &entries[count++];
	copy(e->code, sizeof(e->code), code);
	copy(e->digits, sizeof(e->digits), "2");
	return e;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void read_standard(const char *path, const char *array, const char *code_key)
{
	json_error_t fault;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault), *list, *row;
	size_t i;

	if (!root)
		die("%s:%d: %s", path, fault.line, fault.text);
	list = json_object_get(root, array);
	if (!json_is_array(list))
		die("%s: no list \"%s\"", path, array);
	json_array_foreach(list, i, row)
	{
		const char *code = text_of(row, code_key), *name = text_of(row, "common_name");
		struct entry *e;

		if (!name)
			name = text_of(row, "name");
		if (!code || !name)
			die("%s: entry %zu has no %s or name", path, i + 1, code_key);
		e = entry_of(code);
		e->standard = true;
		copy(e->english, sizeof(e->english), name);
	}
	json_decref(root);
}

/* Our own tables need no quotes: a comma always separates. */
static int split(char *line, char *column[MAX_COLUMNS])
{
	int n = 0;

	line[strcspn(line, "\n")] = 0;
	while (n < MAX_COLUMNS) {
		column[n++] = line;
		line = strchr(line, ',');
		if (!line)
			return n;
		*line++ = 0;
	}
	return MAX_COLUMNS + 1;
}

static void take_names(const char *path, int number, char *column[MAX_COLUMNS], bool digits)
{
	struct entry *e = entry_of(column[0]);
	char **name = column + (digits ? 2 : 1);

	if (digits && column[1][0]) {
		e->left_out = !strcmp(column[1], "-");
		copy(e->digits, sizeof(e->digits), column[1]);
	}
	if (name[0][0])
		copy(e->english, sizeof(e->english), name[0]);
	copy(e->french, sizeof(e->french), name[1]);
	if (!e->english[0])
		die("%s:%d: code \"%s\" is not of the standard and has no name", path, number,
		    column[0]);
}

static void read_names(const char *path, bool digits)
{
	char line[MAX_LINE], *column[MAX_COLUMNS];
	FILE *f = fopen(path, "r");
	bool header = true;

	if (!f)
		die("cannot read %s", path);
	for (int number = 1; fgets(line, sizeof(line), f); number++) {
		if (line[0] == '#')
			continue;
		if (split(line, column) != (digits ? 4 : 3))
			die("%s:%d: wrong number of columns", path, number);
		if (!header)
			take_names(path, number, column, digits);
		header = false;
	}
	fclose(f);
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->code, ((const struct entry *)b)->code);
}

/* RFC 4180: quoted when it holds a comma or a quote. */
static void print_field(const char *s)
{
	if (!strpbrk(s, ",\"")) {
		fputs(s, stdout);
		return;
	}
	putchar('"');
	for (; *s; s++) {
		if (*s == '"')
			putchar('"');
		putchar(*s);
	}
	putchar('"');
}

static void print_table(const char *standard, bool digits, const char *from)
{
	printf(
	    "# Made by tools/mkiso.c from Debian's iso-codes; script/generate makes it again.\n");
	printf("code,name_en,name_fr,%sfrom,to,source\n", digits ? "digits," : "");
	for (size_t i = 0; i < count; i++) {
		const struct entry *e = &entries[i];

		if (e->left_out)
			continue;
		printf("%s,", e->code);
		print_field(e->english);
		putchar(',');
		print_field(e->french[0] ? e->french : e->english);
		if (digits)
			printf(",%s", e->digits);
		printf(",%s,,%s%s\n", from, e->standard ? "" : "code outside ", standard);
	}
}

int main(int argc, char **argv)
{
	bool currencies = argc > 1 && !strcmp(argv[1], "currencies");

	if (argc != 5 || (!currencies && strcmp(argv[1], "countries") != 0))
		die("use: mkiso countries|currencies ISO.json NAMES.csv FROM");
	read_standard(argv[2], kinds[currencies].array, kinds[currencies].code);
	read_names(argv[3], kinds[currencies].digits);
	qsort(entries, count, sizeof(entries[0]), by_code);
	print_table(kinds[currencies].standard, kinds[currencies].digits, argv[4]);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write");
	return 0;
}
