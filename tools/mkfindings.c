/* Prints docs/checks.md: every finding with its texts, what each business check looks at, and what a pack may set.
 *
 *   mkfindings src/dict/findings.def src/check/checks.def src/check/settings.def
 *
 * Reads the lists as texts, not as C, so that a page is never older than its list. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 1000, MAX_ARGUMENTS = 5, MAX_BYTES = 1 << 20 };

struct row {
	char *argument[MAX_ARGUMENTS];
};

struct list {
	struct row row[MAX_ROWS];
	int n;
};

static void stop(const char *what, const char *where)
{
	fprintf(stderr, "mkfindings: %s: %s\n", where, what);
	exit(1);
}

static char *read_file(const char *path)
{
	char *text = malloc(MAX_BYTES);
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f || !text)
		stop("cannot read", path);
	n = fread(text, 1, MAX_BYTES - 1, f);
	if (n == MAX_BYTES - 1)
		stop("too long", path);
	fclose(f);
	text[n] = '\0';
	return text;
}

/* Takes one string literal, its escapes resolved; returns where it ends. */
static const char *take_string(const char *p, char **to)
{
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\')
			p++;
		*(*to)++ = *p;
	}
	return *p ? p + 1 : p;
}

/* Takes one argument: strings that follow one another become one; other text loses its blanks at both ends. */
static const char *take_argument(const char *p, char *to)
{
	char *begin = to;
	int depth = 0;

	while (*p && (depth || (*p != ',' && *p != ')'))) {
		if (*p == '"') {
			p = take_string(p, &to);
			continue;
		}
		depth += (*p == '(') - (*p == ')');
		if (!isspace((unsigned char)*p) ||
		    (to > begin && !isspace((unsigned char)to[-1]) && p[1] != '"'))
			*to++ = isspace((unsigned char)*p) ? ' ' : *p;
		p++;
	}
	while (to > begin && to[-1] == ' ' && depth == 0 && to - begin > 1)
		to--;
	*to = '\0';
	return p;
}

/* Every row NAME(...) that begins a line. */
static void read_list(const char *path, const char *name, struct list *list)
{
	const char *p = read_file(path);
	size_t n = strlen(name);

	for (; p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		struct row *row = &list->row[list->n];

		if (strncmp(p, name, n) != 0 || p[n] != '(')
			continue;
		if (list->n++ == MAX_ROWS)
			stop("too many rows", path);
		p += n;
		for (int i = 0; i < MAX_ARGUMENTS && *p && (i == 0 || *p == ','); i++) {
			row->argument[i] = malloc(strlen(p) + 1);
			if (!row->argument[i])
				stop("no memory", path);
			p = take_argument(p + 1, row->argument[i]);
		}
	}
}

static const struct row *find(const struct list *list, const char *name)
{
	for (int i = 0; i < list->n; i++)
		if (!strcmp(list->row[i].argument[0], name))
			return &list->row[i];
	return NULL;
}

/* A cell of a table: no bar may end it, and < is no tag. */
static void cell(const char *text)
{
	putchar(' ');
	for (; *text; text++) {
		if (*text == '|' || *text == '<' || *text == '*')
			putchar('\\');
		putchar(*text);
	}
	fputs(" |", stdout);
}

static void small(const char *text)
{
	putchar(' ');
	for (; *text; text++)
		putchar(*text == '_' ? '-' : tolower((unsigned char)*text));
}

static void when(const char *flags)
{
	static const struct {
		const char *flag, *words;
	} known[] = {
	    {"ON_ANY", "every message"},
	    {"ON_ORIGINAL", "declarations"},
	    {"ON_REQUESTS", "requests about a case"},
	    {"ON_AMENDMENT", "amendments"},
	    {"ON_CANCELLATION", "cancellations"},
	    {"ON_PRESENTATION", "presentations"},
	    {"ON_IMPORT", "import only"},
	    {"ON_EXPORT", "export only"},
	    {"IF_FULL", "full data only"},
	};
	const char *comma = " ";

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(flags, known[i].flag)) {
			printf("%s%s", comma, known[i].words);
			comma = ", ";
		}
	fputs(" |", stdout);
}

/* "REQUIRED(goods_item, commodity.net_mass)" as words. */
static void how(const char *kind)
{
	static const struct {
		const char *name, *words;
	} kinds[] = {
	    {"REQUIRED_LIST(", "has members"},     {"REQUIRED(", "is given"},
	    {"NEEDS(", "with it, the other"},      {"POSITIVE(", "above zero"},
	    {"NOT_FUTURE(", "not after tomorrow"}, {"FORM(", "written as"},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].name);
		const char *member = strstr(kind, ", ");

		if (strncmp(kind, kinds[i].name, n) != 0 || !member)
			continue;
		printf(" %s: `%.*s` |", kinds[i].words, (int)strcspn(member + 2, ")"), member + 2);
		return;
	}
	fputs(" a rule of its own |", stdout);
}

static void print_checks(const struct list *findings, const struct list *checks)
{
	puts("## Business checks\n");
	puts("| finding | severity | looks at each | in | how | text | texte "
	     "|\n|---|---|---|---|---|---|---|");
	for (int i = 0; i < checks->n; i++) {
		char *const *c = checks->row[i].argument;
		const struct row *f = find(findings, c[0]);

		if (!f)
			stop("a check without a finding", c[0]);
		printf("| `%s` |", f->argument[1]);
		small(f->argument[2]);
		fputs(" |", stdout);
		small(c[1]);
		fputs(" |", stdout);
		when(c[2]);
		how(c[3]);
		cell(f->argument[3]);
		cell(f->argument[4]);
		putchar('\n');
	}
}

static void print_others(const struct list *findings, const struct list *checks)
{
	puts("\n## Other findings\n\nOf readers, of valuation and duty, and of writers.\n");
	puts("| finding | severity | text | texte |\n|---|---|---|---|");
	for (int i = 0; i < findings->n; i++) {
		char *const *f = findings->row[i].argument;

		if (find(checks, f[0]))
			continue;
		printf("| `%s` |", f[1]);
		small(f[2]);
		fputs(" |", stdout);
		cell(f[3]);
		cell(f[4]);
		putchar('\n');
	}
}

static void print_settings(const struct list *settings)
{
	puts("\n## What a pack may set\n\nA row of `pack.csv` with one of these keys replaces the "
	     "default. Unless it says otherwise, a value is a set "
	     "of words with blanks\nbetween them.\n");
	puts("| key | what it is | default |\n|---|---|---|");
	for (int i = 0; i < settings->n; i++) {
		char *const *s = settings->row[i].argument;

		printf("| `%s` |", s[0]);
		cell(s[2]);
		cell(s[1]);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	static struct list findings, checks, settings;

	if (argc != 4)
		stop("usage: mkfindings findings.def checks.def settings.def", "arguments");
	read_list(argv[1], "FINDING", &findings);
	read_list(argv[2], "CHECK", &checks);
	read_list(argv[3], "SETTING", &settings);
	puts("# Findings and checks\n\nMade from `src/dict/findings.def`, `src/check/checks.def` "
	     "and `src/check/settings.def` by `script/generate`. A "
	     "finding has a public id that\nnever changes its meaning; `{1}` `{2}` `{3}` are the "
	     "values that it gives. A pack sets another severity, or "
	     "switches a check off, in\n`checks.csv`.\n");
	print_checks(&findings, &checks);
	print_others(&findings, &checks);
	print_settings(&settings);
	return 0;
}
