/* Makes the man pages from the tables of the command line, which this includes: `mkman customhouse` prints customhouse(1),
 * `mkman VERB` customhouse-VERB(1). script/generate runs it. */
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name, *synopsis, *line, *text;
} verbs[] = {
#define CMD(verb, synopsis, line, text) {#verb, synopsis, line, text},
#include "../src/cli/cmds.def"
#undef CMD
};

static const struct {
	const char *name, *argument, *help, *verbs;
} options[] = {
#define OPTION(key, name, argument, help, verbs) {name, argument, help, verbs},
#include "../src/cli/options.def"
#undef OPTION
};

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Text as roff: a hyphen that people may copy stays one, and no line of it is a request. */
static void put(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int first = i == 0 || s[i - 1] == '\n';

		if (first && (s[i] == '.' || s[i] == '\''))
			fputs("\\&", stdout);
		if (s[i] == '-')
			fputs("\\-", stdout);
		else if (s[i] == '\\')
			fputs("\\e", stdout);
		else
			putchar(s[i]);
	}
}

static void put_string(const char *s)
{
	put(s, strlen(s));
}

static void put_text(const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t n = end ? (size_t)(end - text) : strlen(text);

		if (!strncmp(text, "    ", 4)) {
			printf(".PP\n.nf\n.RS\n");
			put(text + 4, n - 4);
			printf("\n.RE\n.fi\n");
		} else {
			printf(".PP\n");
			put(text, n);
			putchar('\n');
		}
		text += n + (end ? 2 : 0);
	}
}

static void put_title(const char *name)
{
	printf(".\\\" Made by tools/mkman.c from src/cli/cmds.def and options.def: change those, "
	       "then run script/generate.\n");
	printf(".TH %s 1 \"\" Customhouse \"Customhouse manual\"\n.SH NAME\n%s \\- ", name, name);
}

/* Is the verb one of the words? */
static int takes(const char *verbs, const char *verb)
{
	size_t n = strlen(verb);

	for (const char *at = verbs; (at = strstr(at, verb)); at += n)
		if ((at == verbs || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return 1;
	return 0;
}

static void put_options(const char *verb)
{
	int any = 0;

	for (size_t i = 0; i < LEN(options); i++) {
		if (!takes(options[i].verbs, verb))
			continue;
		if (!any++)
			printf(".SH OPTIONS\n");
		printf(".TP\n.B \\-\\-");
		put_string(options[i].name);
		if (options[i].argument[0])
			printf(" \\fI%s\\fR", options[i].argument);
		putchar('\n');
		put_string(options[i].help);
		printf(".\n");
	}
}

static void put_statuses(void)
{
	static const char *const statuses[] = {
	    "Done.",
	    "Done, and the answer is no: something was rejected, is faulty, or differs.",
	    "Input could not be read, or the command line makes no sense.",
	    "The store or the machine refused.",
	};

	printf(".SH EXIT STATUS\n");
	for (size_t i = 0; i < LEN(statuses); i++)
		printf(".TP\n.B %zu\n%s\n", i, statuses[i]);
}

static void put_verb(size_t i)
{
	char name[64];

	snprintf(name, sizeof(name), "customhouse-%s", verbs[i].name);
	put_title(name);
	put_string(verbs[i].line);
	printf("\n.SH SYNOPSIS\n.B customhouse %s\n", verbs[i].name);
	put_string(verbs[i].synopsis);
	printf("\n.SH DESCRIPTION\n");
	put_text(verbs[i].text);
	put_options(verbs[i].name);
	put_statuses();
	printf(".SH SEE ALSO\n.BR customhouse (1)\n");
}

static void put_program(void)
{
	put_title("customhouse");
	put_string("an open hub for a border");
	printf("\n.SH SYNOPSIS\n.B customhouse\n.I VERB\n[\\fIOPTION\\fR...] "
	       "[\\fIFILE\\fR...]\n.SH DESCRIPTION\n");
	put_text("Customhouse receives what crosses a border, decides what happens next, and "
		 "proves every decision. A country is a folder of "
		 "dated tables, the pack; what was received and decided is a store in a data "
		 "directory, which one process owns at a time.\n\n"
		 "Output for programs is JSON on standard output, diagnostics go to standard "
		 "error. FILE may be - for standard input.");
	printf(".SH VERBS\n");
	for (size_t i = 0; i < LEN(verbs); i++) {
		printf(".TP\n.BR customhouse\\-%s (1)\n", verbs[i].name);
		put_string(verbs[i].line);
		putchar('\n');
	}
	put_statuses();
	printf(".SH FILES\n.TP\n.I customhouse\\-data\nThe data directory unless \\-\\-data names "
	       "another.\n"
	       ".TP\n.I DIR/customhouse.db\nThe store.\n.TP\n.I DIR/keys\nThe keys of the hub.\n"
	       ".TP\n.I DIR/roots.log\nSigned roots of the log, to be copied to another machine.\n"
	       ".TP\n.I DIR/hub.sock\nWhere the hub that owns the store takes local requests.\n");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "customhouse")) {
		put_program();
		return 0;
	}
	for (size_t i = 0; argc == 2 && i < LEN(verbs); i++)
		if (!strcmp(argv[1], verbs[i].name)) {
			put_verb(i);
			return 0;
		}
	fprintf(stderr, "usage: mkman customhouse | mkman VERB\n");
	return 2;
}
