/* tidy: the laws of the house that a compiler does not know (PRINCIPLES.md), checked on the text of the tree.
 *
 *   git ls-files | tidy
 *
 * Reads file names from standard input, one a line, relative to the top of the tree, and prints each fault as
 * `file:line: rule: message`. Exit status 0: none; 1: faults; 2: a file could not be read.
 *
 * A line that must break a rule says so, on the same line or in a comment on the line before it, naming the rule or the word:
 *   / * tidy: allow <word> because <reason> * /
 * An allowance that is not needed is itself a fault.
 *
 * The laws stand in tidy_laws.h. It works on characters, strings and comments, not on a syntax tree: quick, and right for code
 * that clang-format has laid out. It uses nothing of src/, so that it runs when src/ does not build. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tidy_laws.h"

/* ---- one file in memory ---- */

enum kind {
	CODE,
	COMMENT,
	STRING, /* between the quotes of a string or character */
};

struct allowance {
	char word[40];
	bool used;
};

struct fault {
	uint32_t line;
	char rule[24];
	char text[200];
};

struct source {
	const char *path;
	enum room room;
	bool c; /* .c or .h: the checks of C apply */
	bool generated;
	char *text;
	uint8_t *kind; /* of each byte of text */
	size_t n;
	size_t *start; /* of each line, one more than there are lines */
	uint32_t lines;
	struct allowance *allow; /* of each line */
	struct fault *faults;
	uint32_t count, room_for;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "tidy: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *must(void *p)
{
	if (!p)
		die("memory");
	return p;
}

static uint32_t line_at(const struct source *s, size_t at)
{
	uint32_t low = 0, high = s->lines;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (s->start[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool allowed_on(struct source *s, uint32_t line, const char *rule, const char *word)
{
	struct allowance *a = &s->allow[line];

	if (line >= s->lines || !a->word[0] || (strcmp(a->word, rule) && strcmp(a->word, word)))
		return false;
	a->used = true;
	return true;
}

/* Notes a fault on a line (counted from 0), unless the line or the one before it allows the rule or the word. */
__attribute__((format(printf, 5, 6))) static void
fault(struct source *s, uint32_t line, const char *rule, const char *word, const char *format, ...)
{
	struct fault *f;
	va_list args;

	if (allowed_on(s, line, rule, word) || (line > 0 && allowed_on(s, line - 1, rule, word)))
		return;
	if (s->count == s->room_for) {
		s->room_for = s->room_for ? s->room_for * 2 : 16;
		s->faults = must(realloc(s->faults, s->room_for * sizeof(*s->faults)));
	}
	f = &s->faults[s->count++];
	f->line = line + 1;
	snprintf(f->rule, sizeof(f->rule), "%s", rule);
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
}

/* ---- reading: bytes, lines, kinds ---- */

static bool ends_with(const char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);

	return n >= m && !strcmp(text + n - m, tail);
}

static bool starts_with(const char *text, const char *head)
{
	return !strncmp(text, head, strlen(head));
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The end of a string or character constant that opens at i; marks what is inside. */
static size_t mark_quoted(struct source *s, size_t i)
{
	char quote = s->text[i++];

	while (i < s->n && s->text[i] != quote && s->text[i] != '\n') {
		s->kind[i] = STRING;
		if (s->text[i] == '\\' && i + 1 < s->n)
			s->kind[++i] = STRING;
		i++;
	}
	return i < s->n ? i + 1 : i;
}

static size_t mark_comment(struct source *s, size_t i, const char *end)
{
	const char *stop = strstr(s->text + i + 2, end);
	size_t to = stop ? (size_t)(stop - s->text) + (end[0] == '*' ? 2 : 0) : s->n;

	memset(s->kind + i, COMMENT, to - i);
	return to;
}

static void mark_kinds(struct source *s)
{
	size_t i = 0;

	while (i < s->n) {
		const char *p = s->text + i;

		if (p[0] == '/' && p[1] == '*')
			i = mark_comment(s, i, "*/");
		else if (p[0] == '/' && p[1] == '/')
			i = mark_comment(s, i, "\n");
		else if (p[0] == '"' ||
			 (p[0] == '\'' && (i == 0 || !isxdigit((unsigned char)p[-1]))))
			i = mark_quoted(s, i);
		else
			i++;
	}
}

static void find_lines(struct source *s)
{
	uint32_t lines = 0;

	for (size_t i = 0; i < s->n; i++)
		lines += s->text[i] == '\n';
	lines += s->n && s->text[s->n - 1] != '\n';
	s->lines = lines;
	s->start = must(calloc(lines + 2, sizeof(*s->start)));
	s->allow = must(calloc(lines + 2, sizeof(*s->allow)));
	lines = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->text[i] == '\n')
			s->start[++lines] = i + 1;
	s->start[s->lines] = s->n;
}

static void read_whole(struct source *s)
{
	FILE *in = fopen(s->path, "rb");
	size_t room = 1 << 16, got;

	if (!in)
		die(s->path);
	s->text = must(malloc(room));
	while ((got = fread(s->text + s->n, 1, room - s->n - 1, in)) > 0) {
		s->n += got;
		if (room - s->n == 1)
			s->text = must(realloc(s->text, room *= 2));
	}
	if (ferror(in))
		die(s->path);
	fclose(in);
	s->text[s->n] = 0;
	s->kind = must(calloc(s->n + 1, 1));
}

/* The line without its end, as a NUL-terminated copy that is good until the next call. */
static const char *line_text(const struct source *s, uint32_t line)
{
	static char copy[4096];
	size_t n = s->start[line + 1] - s->start[line];

	while (n &&
	       (s->text[s->start[line] + n - 1] == '\n' || s->text[s->start[line] + n - 1] == '\r'))
		n--;
	if (n >= sizeof(copy))
		n = sizeof(copy) - 1;
	memcpy(copy, s->text + s->start[line], n);
	copy[n] = 0;
	return copy;
}

/* Which room a path is in. An unknown folder of src/ is a fault: its place in the layers must be decided here. */
static enum room room_of(const char *path, bool *known)
{
	*known = true;
	if (!starts_with(path, "src/"))
		return YARD;
	path += 4;
	for (enum room r = 0; r < YARD; r++) {
		size_t n = strlen(rooms[r].name);

		if (!strncmp(path, rooms[r].name, n) && path[n] == '/')
			return r;
	}
	*known = false;
	return YARD;
}

static void read_allowances(struct source *s)
{
	static const char mark[] = "tidy: allow ", because[] = " because ";

	for (const char *p = s->text; (p = strstr(p, mark)) != NULL;) {
		uint32_t line = line_at(s, (size_t)(p - s->text));
		struct allowance *a = &s->allow[line];
		size_t n;

		p += sizeof(mark) - 1;
		for (n = 0; in_word(p[n]) || p[n] == '-'; n++)
			;
		if (n == 0)
			continue; /* it speaks about allowances */
		if (n < sizeof(a->word) && starts_with(p + n, because) &&
		    isalnum((unsigned char)p[n + sizeof(because) - 1]))
			memcpy(a->word, p, n);
		else
			fault(s, line, "allowance", "",
			      "an allowance names one word and says `because` and why");
	}
}

/* ---- checks of any text file ---- */

static void check_blanks(struct source *s)
{
	for (uint32_t i = 0; i < s->lines; i++) {
		size_t end = s->start[i + 1];

		if (end && s->text[end - 1] == '\n')
			end--;
		if (end > s->start[i] && strchr(" \t\r", s->text[end - 1]))
			fault(s, i, "blanks", "", "blanks at the end of the line");
	}
	if (s->n && s->text[s->n - 1] != '\n')
		fault(s, s->lines - 1, "blanks", "", "the last line has no end");
	if (s->n > 1 && s->text[s->n - 1] == '\n' && s->text[s->n - 2] == '\n')
		fault(s, s->lines - 1, "blanks", "", "empty lines at the end of the file");
}

static void check_machine_paths(struct source *s)
{
	for (size_t k = 0; k < sizeof(machine_paths) / sizeof(machine_paths[0]); k++)
		for (const char *p = s->text; (p = strstr(p, machine_paths[k])) != NULL; p++)
			if (p == s->text || (!in_word(p[-1]) && !strchr("./-}~*$)", p[-1])))
				fault(s, line_at(s, (size_t)(p - s->text)), "machine-path",
				      machine_paths[k], "%s is a path of somebody's machine",
				      machine_paths[k]);
}

static bool word_at(const struct source *s, size_t at, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(s->text + at, word, n) && !in_word(s->text[at + n]) &&
	       (at == 0 || !in_word(s->text[at - 1]));
}

/* Work left to do has an issue: "TODO #12: ...". */
static void check_work_left(struct source *s)
{
	static const char *const marks[] = {"TODO", "FIXME", "XXX"};

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
			uint32_t line;
			const char *number;

			if (s->kind[i] != COMMENT || !word_at(s, i, marks[k]))
				continue;
			line = line_at(s, i);
			number = strchr(line_text(s, line), '#');
			if (!number || !isdigit((unsigned char)number[1]))
				fault(s, line, "work-left", marks[k],
				      "%s without the number of its issue (#12)", marks[k]);
		}
}

/* ---- checks of C ---- */

/* Columns of the line up to byte end: a tab goes to the next multiple of 8, an UTF-8 character is one. */
static uint32_t columns(const struct source *s, size_t from, size_t end)
{
	uint32_t column = 0;

	for (size_t i = from; i < end; i++) {
		if (s->text[i] == '\t')
			column += TAB - column % TAB;
		else if (((unsigned char)s->text[i] & 0xc0) != 0x80)
			column++;
	}
	return column;
}

static bool off_for_tables(const char *line, bool off)
{
	if (strstr(line, "clang-format off"))
		return true;
	return off && !strstr(line, "clang-format on");
}

static void check_lengths(struct source *s)
{
	bool table = false;

	for (uint32_t i = 0; i < s->lines; i++) {
		size_t end = s->start[i + 1], code = s->start[i];

		table = off_for_tables(line_text(s, i), table);
		if (end > s->start[i] && s->text[end - 1] == '\n')
			end--;
		for (size_t k = s->start[i]; k < end; k++)
			if (s->kind[k] != COMMENT && !isspace((unsigned char)s->text[k]))
				code = k + 1;
		if (columns(s, s->start[i], end) > MAX_COMMENT_COLUMNS)
			fault(s, i, "line-length", "", "%u columns; at most %d, comment included",
			      columns(s, s->start[i], end), MAX_COMMENT_COLUMNS);
		else if (!table && columns(s, s->start[i], code) > MAX_CODE_COLUMNS)
			fault(s, i, "line-length", "", "%u columns of code; at most %d",
			      columns(s, s->start[i], code), MAX_CODE_COLUMNS);
	}
	if (s->lines > MAX_FILE_LINES)
		fault(s, 0, "file-length", "", "%u lines; at most %d: a file is one room", s->lines,
		      MAX_FILE_LINES);
}

/* clang-format puts the braces of a function, and of nothing else, alone in column 0. */
static void check_functions(struct source *s)
{
	uint32_t open = 0;
	bool inside = false;

	for (uint32_t i = 0; i < s->lines; i++) {
		const char *line = line_text(s, i);

		if (s->kind[s->start[i]] != CODE)
			continue;
		if (!strcmp(line, "{")) {
			inside = true;
			open = i;
		} else if (inside && !strcmp(line, "}")) {
			inside = false;
			if (i - open + 1 > MAX_FUNCTION_LINES)
				fault(s, open, "function-length", "", "%u lines; at most %d",
				      i - open + 1, MAX_FUNCTION_LINES);
		}
	}
}

static bool guard_line(const struct source *s, uint32_t line, const char *directive,
		       const char *name)
{
	char wanted[300];

	snprintf(wanted, sizeof(wanted), "%s %s", directive, name);
	return line < s->lines && !strcmp(line_text(s, line), wanted);
}

/* CUSTOMHOUSE_BASE_ARENA_H for src/base/arena.h. */
static void check_guard(struct source *s)
{
	const char *path = starts_with(s->path, "src/") ? s->path + 4 : s->path;
	char name[256];
	size_t n;

	if (!strcmp(path, "include/customhouse.h"))
		path = ".h";
	n = (size_t)snprintf(name, sizeof(name), "CUSTOMHOUSE_%s", path[0] == '.' ? "H" : path);
	for (size_t i = 0; i < n && i < sizeof(name); i++)
		name[i] = in_word(name[i]) ? (char)toupper((unsigned char)name[i]) : '_';
	for (uint32_t i = 0; i < s->lines; i++) {
		if (s->kind[s->start[i]] != CODE || s->text[s->start[i]] != '#')
			continue;
		if (!guard_line(s, i, "#ifndef", name) || !guard_line(s, i + 1, "#define", name))
			break;
		return;
	}
	fault(s, 0, "guard", "", "the include guard is to be %s", name);
}

static void check_header(struct source *s, uint32_t line, const char *header, bool quoted)
{
	char path[256];
	enum room to;
	bool known;

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const char *h = headers[i].header;

		if ((ends_with(h, "/") ? starts_with(header, h) : !strcmp(header, h)) &&
		    !(headers[i].allowed & ONLY(s->room)))
			fault(s, line, "header", header, "%s is not for this room", header);
	}
	if (!quoted || s->room == YARD)
		return;
	if (!strchr(header, '/')) {
		fault(s, line, "include", header, "\"%s\": include by path from src/", header);
		return;
	}
	snprintf(path, sizeof(path), "src/%s", header);
	to = room_of(path, &known);
	if (known && !(rooms[s->room].may_include & ONLY(to)))
		fault(s, line, "layer", rooms[to].name, "%s may not include %s (\"%s\")",
		      rooms[s->room].name, rooms[to].name, header);
}

static void check_includes(struct source *s)
{
	for (uint32_t i = 0; i < s->lines; i++) {
		const char *p = line_text(s, i);
		char header[200], close;
		size_t n;

		if (s->kind[s->start[i]] != CODE || *p != '#')
			continue;
		p += 1 + strspn(p + 1, " \t");
		if (!starts_with(p, "include"))
			continue;
		p += 7 + strspn(p + 7, " \t");
		if (*p != '"' && *p != '<')
			continue;
		close = *p == '"' ? '"' : '>';
		n = strcspn(p + 1, close == '"' ? "\"" : ">");
		snprintf(header, sizeof(header), "%.*s", (int)n, p + 1);
		check_header(s, i, header, close == '"');
	}
}

/* True when the word at `at` of n bytes is called, as a plain function. */
static bool is_call(const struct source *s, size_t at, size_t n)
{
	size_t after = at + n + strspn(s->text + at + n, " \t");

	if (s->text[after] != '(')
		return false;
	if (at > 0 && s->text[at - 1] == '.')
		return false;
	return at < 2 || s->text[at - 1] != '>' || s->text[at - 2] != '-';
}

static void check_word(struct source *s, size_t at, size_t n)
{
	char word[64];

	if (n >= sizeof(word))
		return;
	memcpy(word, s->text + at, n);
	word[n] = 0;
	if ((!strcmp(word, "float") || !strcmp(word, "double")) && !(FLOATING & ONLY(s->room)))
		fault(s, line_at(s, at), "float", word,
		      "%s: amounts are exact (base/money.h, base/decimal.h)", word);
	if (starts_with(word, "MHD_") && !((ONLY(HTTP) | ONLY(YARD)) & ONLY(s->room)))
		fault(s, line_at(s, at), "http", word, "%s: HTTP stands only in http/", word);
	for (size_t i = 0; i < sizeof(banned) / sizeof(banned[0]); i++)
		if (!strcmp(word, banned[i].name) && !(banned[i].allowed & ONLY(s->room)) &&
		    is_call(s, at, n))
			fault(s, line_at(s, at), "banned", word, "%s(): %s", word,
			      banned[i].instead);
}

static void check_words(struct source *s)
{
	for (size_t i = 0; i < s->n;) {
		size_t n = 0;

		while (s->kind[i + n] == CODE && in_word(s->text[i + n]))
			n++;
		if (n && !isdigit((unsigned char)s->text[i]))
			check_word(s, i, n);
		i += n ? n : 1;
	}
}

static void check_statements(struct source *s)
{
	for (size_t i = 1; i < s->n; i++) {
		size_t at = i;

		if (s->kind[i] != STRING || s->kind[i - 1] == STRING || s->text[i - 1] != '"')
			continue;
		while (isspace((unsigned char)s->text[at]))
			at++;
		for (size_t k = 0; k < sizeof(statements) / sizeof(statements[0]); k++)
			if (starts_with(s->text + at, statements[k].verb) &&
			    !(statements[k].allowed & ONLY(s->room)))
				fault(s, line_at(s, i), "sql", "sql",
				      "statements stand only in store/: \"%s...\"",
				      statements[k].verb);
	}
}

/* A word, or what ends with a bracket; not as a part of a longer one. */
static bool sql_word_at(const char *text, size_t at, const char *word)
{
	const size_t n = strlen(word);

	return !strncmp(text + at, word, n) &&
	       (at == 0 || !in_word(word[0]) || !in_word(text[at - 1])) &&
	       (!in_word(word[n - 1]) || word[n - 1] == '_' || !in_word(text[at + n]));
}

static void check_trap(struct source *s, size_t at)
{
	for (size_t k = 0; k < sizeof(sql_traps) / sizeof(sql_traps[0]); k++) {
		const char *word = sql_traps[k].word, *behind = sql_traps[k].behind;

		if (!sql_word_at(s->text, at, word))
			continue;
		if (behind && at >= strlen(behind) &&
		    !strncmp(s->text + at - strlen(behind), behind, strlen(behind)))
			continue;
		/* the one cast that both do alike */
		if (!strcmp(word, "CAST(") && starts_with(s->text + at, "CAST(SUM("))
			continue;
		fault(s, line_at(s, at), "sql-trap", "sql-trap", "%s: %s", word, sql_traps[k].why);
	}
}

/* SQLite numbers parameters as they appear: a new one is one more than the greatest before it. Where a macro stands among the
 * pieces of a statement, it may hold the first ones. */
static void check_parameter(struct source *s, size_t at, bool macro, unsigned long *greatest)
{
	const unsigned long n = strtoul(s->text + at + 1, NULL, 10);

	if (n == 0 || (n > *greatest + 1 && !(macro && *greatest == 0)))
		fault(s, line_at(s, at), "sql-trap", "sql-trap",
		      "$%lu: parameters appear in ascending order, from $1 on", n);
	if (n > *greatest)
		*greatest = n;
}

static void check_traps(struct source *s)
{
	unsigned long greatest = 0;
	bool macro = false;

	if (!(ONLY(STORE) & ONLY(s->room)))
		return;
	for (size_t i = 0; i < s->n; i++) {
		const char c = s->text[i];

		if (s->kind[i] == CODE && strchr(";,{=(", c))
			greatest = 0, macro = false;
		else if (s->kind[i] == CODE && in_word(c))
			macro = true;
		if (s->kind[i] != STRING)
			continue;
		check_trap(s, i);
		if (c == '$' && isdigit((unsigned char)s->text[i + 1]))
			check_parameter(s, i, macro, &greatest);
	}
}

/* A pure room keeps nothing between two calls: its statics are constants. */
static void check_state(struct source *s)
{
	if (!((BLIND | ONLY(REF)) & ONLY(s->room)))
		return;
	for (uint32_t i = 0; i < s->lines; i++) {
		const char *line = line_text(s, i), *p = line + strspn(line, " \t");
		size_t n = strcspn(p, "=;[");

		if (s->kind[s->start[i]] != CODE || !starts_with(p, "static ") || !p[n])
			continue;
		if (memchr(p, '(', n) || strstr(line, "const ") || strstr(line, "static inline"))
			continue;
		fault(s, i, "state", "static", "a pure room keeps no state: const, or an argument");
	}
}

/* ---- lists ---- */

/* Rows NAME(first, ...) of a .def file ascend by their first argument, unless a comment with `order: ...` says why not. */
static void check_sorted(struct source *s)
{
	char before[256] = "", name[256];

	for (size_t i = 0; i + 6 < s->n; i++)
		if (s->kind[i] == COMMENT && starts_with(s->text + i, "order: "))
			return;
	for (uint32_t i = 0; i < s->lines; i++) {
		const char *line = line_text(s, i);
		size_t n = 0;

		while (isupper((unsigned char)line[n]) || isdigit((unsigned char)line[n]) ||
		       line[n] == '_')
			n++;
		if (n == 0 || line[n] != '(' || s->kind[s->start[i]] != CODE)
			continue;
		/* The macro's name leads the key, so each kind of row has an order of its own. */
		snprintf(name, sizeof(name), "%.*s", (int)(n + strcspn(line + n, ",)")), line);
		if (!strncmp(name, before, n + 1) && strcmp(name, before) <= 0)
			fault(s, i, "order", "order", "%s does not come after %s", name + n + 1,
			      before + n + 1);
		memcpy(before, name, sizeof(before));
	}
}

/* ---- the whole ---- */

static bool is_text(const char *path)
{
	static const char *const endings[] = {".c",    ".h",     ".def", ".md",   ".build", ".sh",
					      ".dict", ".rules", ".js",  ".html", ".css",   ".json",
					      ".yaml", ".yml",   ".txt", ".inc"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_with(path, endings[i]))
			return true;
	return starts_with(path, "script/") || starts_with(path, ".ci/");
}

static void check_c(struct source *s)
{
	check_work_left(s);
	check_includes(s);
	check_words(s);
	check_statements(s);
	check_traps(s);
	check_state(s);
	if (s->generated)
		return;
	check_lengths(s);
	check_functions(s);
	if (ends_with(s->path, ".h"))
		check_guard(s);
}

static int by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->text, y->text);
}

static void print_faults(struct source *s)
{
	for (uint32_t i = 0; i < s->lines; i++)
		if (s->allow[i].word[0] && !s->allow[i].used)
			fault(s, i, "allowance", "", "nothing here needs `allow %s`",
			      s->allow[i].word);
	if (s->count)
		qsort(s->faults, s->count, sizeof(*s->faults), by_line);
	for (uint32_t i = 0; i < s->count; i++)
		printf("%s:%u: %s: %s\n", s->path, s->faults[i].line, s->faults[i].rule,
		       s->faults[i].text);
}

/* A generated file says at its head that script/generate makes it: nobody lays it out or reads it whole. */
static bool is_generated(const struct source *s)
{
	for (uint32_t i = 0; i < s->lines && i < 5; i++)
		if (strstr(line_text(s, i), "script/generate"))
			return true;
	return false;
}

/* Returns how many faults the file has. */
static uint32_t check_file(const char *path)
{
	struct source s = {.path = path};
	uint32_t count;
	bool known;

	s.room = room_of(path, &known);
	s.c = ends_with(path, ".c") || ends_with(path, ".h");
	read_whole(&s);
	find_lines(&s);
	if (s.c || ends_with(path, ".def"))
		mark_kinds(&s);
	s.generated = is_generated(&s);
	read_allowances(&s);
	if (!known)
		fault(&s, 0, "layer", "", "an unknown room: give it a place in tools/tidy_laws.h");
	check_machine_paths(&s);
	if (!s.generated)
		check_blanks(&s);
	if (s.c)
		check_c(&s);
	if (ends_with(path, ".def"))
		check_sorted(&s);
	print_faults(&s);
	count = s.count;
	free(s.text);
	free(s.kind);
	free(s.start);
	free(s.allow);
	free(s.faults);
	return count;
}

int main(int argc, char **argv)
{
	char path[1024];
	uint32_t faults = 0;

	if (argc > 1) {
		fprintf(stderr, "usage: git ls-files | %s\n", argv[0]);
		return 2;
	}
	while (fgets(path, sizeof(path), stdin)) {
		const char *p = starts_with(path, "./") ? path + 2 : path;

		path[strcspn(path, "\n")] = 0;
		if (is_text(p))
			faults += check_file(p);
	}
	return faults ? 1 : 0;
}
