/* Prints the page of docs/formats for a mapping of an EDIFACT message: mkedipage MAP TITLE-MESSAGE
 *
 * Each value of the mapping with its place in the dictionary, its segment, element and component, and how often. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 5, LINE = 1000 };

static char path[DEPTH + 1][200];    /* pointer of the class of each row that is open */
static char segments[DEPTH + 1][80]; /* and its segments, from the outermost group */

static void put_class(char *to, const char *class)
{
	const char *end = strchr(class, '[');
	size_t n = end ? (size_t)(end - class) : strlen(class);

	snprintf(to + strlen(to), 200 - strlen(to), "/%.*s%s", (int)n, class, end ? "/*" : "");
}

/* "4.1-2:name+" of a row: one line of the table. */
static void put_item(const char *item, const char *pointer, const char *segment, const char *when,
		     int list)
{
	const char *colon = strpbrk(item, ":@");
	char field[120];
	size_t n = colon ? strcspn(colon + 1, "+|") : 0;

	if (!colon || n >= sizeof(field))
		return;
	memcpy(field, colon + 1, n);
	field[n] = 0;
	printf("| `%s%s%s` | %s%s | `%.*s` |%s%s |\n", pointer, strcmp(field, ".") ? "/" : "",
	       strcmp(field, ".") ? field : "", segment, when,
	       item[0] == '#' ? 8 : (int)(colon - item), item[0] == '#' ? "position" : item,
	       *colon == '@' && item[0] != '#' ? " currency, unit or format" : "",
	       list ? " repeats" : "");
}

static void put_row(char *line)
{
	size_t depth = strspn(line, "\t");
	char *words[40], when[120] = "";
	const char *tag;
	char *rest = NULL;
	size_t n = 0;
	int list = 0;

	for (char *w = strtok_r(line + depth, " \n", &rest); w && n < 40;
	     w = strtok_r(NULL, " \n", &rest))
		words[n++] = w;
	if (!n || depth > DEPTH - 1)
		return;
	tag = words[0] + (words[0][0] == '<');
	path[depth][0] = 0;
	if (depth)
		memcpy(path[depth], path[depth - 1], sizeof(path[depth]));
	if (depth) {
		char around[80];

		memcpy(around, segments[depth - 1], sizeof(around));
		snprintf(segments[depth], sizeof(segments[depth]), "%.70s/%.3s", around, tag);
	} else {
		snprintf(segments[depth], sizeof(segments[depth]), "%.3s", tag);
	}
	for (size_t i = 1; i < n; i++) {
		if (words[i][0] == '@') {
			put_class(path[depth], words[i] + 1);
			list |= strchr(words[i], '[') != NULL;
		} else if (strchr(words[i], '=') && !strpbrk(words[i], ":@")) {
			snprintf(when + strlen(when), sizeof(when) - strlen(when), "%s%s",
				 *when ? ", " : " with ", words[i]);
		}
	}
	if (words[0][0] == '<')
		snprintf(when + strlen(when), sizeof(when) - strlen(when), " (read only)");
	for (size_t i = 1; i < n; i++)
		if (words[i][0] != '@')
			put_item(words[i], path[depth], segments[depth], when, list);
}

int main(int argc, char **argv)
{
	FILE *f = argc == 3 ? fopen(argv[1], "r") : NULL;
	char line[LINE];

	if (!f) {
		fprintf(stderr, "mkedipage MAP MESSAGE\n");
		return 1;
	}
	printf("# UN/EDIFACT %s\n\nMade from `%s` by `script/generate`. How the syntax, the "
	       "directories and interchanges are treated: "
	       "[../edifact.md](../edifact.md).\n\nDirectories D.96B, D.01B, D.05B, D.12B, D.16B "
	       "and D.21B; a message of another "
	       "one is checked against the next later. Written: D.21B, in ISO 8859-1 (UNOC, syntax "
	       "3) or, where that does not do, "
	       "UTF-8 (UNOY, syntax 4). Segments and elements without a row are kept with the "
	       "message and listed as findings of "
	       "severity info. *Element* is element.component; `a-b`: a text that is spread over "
	       "components.\n\n"
	       "| value | segment | element | |\n|---|---|---|---|\n",
	       argv[2], argv[1]);
	while (fgets(line, sizeof(line), f))
		if (line[0] != '#' && strncmp(line, "map ", 4) != 0)
			put_row(line);
	fclose(f);
	return fflush(stdout) ? 1 : 0;
}
