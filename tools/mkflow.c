/* Prints docs/case-tables.md: states, holds, acts and refusals of a case, from the lists in src/flow, which this includes.
 * script/generate runs it. */
#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

enum {
#define STATE(name, id, end, title) STATE_##name,
#include "../src/flow/states.def"
#undef STATE
};

static const struct {
	const char *id, *title;
	int ends;
} states[] = {
#define true 1
#define false 0
#define STATE(name, id, end, title) {id, title, end},
#include "../src/flow/states.def"
#undef STATE
#undef true
#undef false
};

static const struct {
	const char *id, *lifted;
} holds[] = {
#define HOLD(name, id, act, lifted) {id, lifted},
#include "../src/flow/holds.def"
#undef HOLD
};

enum {
#define REFUSAL(NAME, name, id, kind, text) REFUSED_##NAME,
#include "../src/flow/refusals.def"
#undef REFUSAL
};

static const struct {
	const char *id, *kind, *text;
} refusals[] = {
#define REFUSAL(NAME, name, id, kind, text) {id, #kind, text},
#include "../src/flow/refusals.def"
#undef REFUSAL
};

static const struct {
	const char *id, *who; /* who: as it is written in the list */
	uint32_t where;
	uint64_t refused_if;
	const char *title;
} acts[] = {
#define IN(state)                                          (1u << STATE_##state)
#define IF(refusal)                                        (UINT64_C(1) << REFUSED_##refusal)
#define ACT(NAME, name, id, who, where, refused_if, title) {id, #who, where, refused_if, title},
#include "../src/flow/acts.def"
#undef ACT
};

static void print_states(void)
{
	puts("## States\n\n| state | | the case is over |\n|---|---|---|");
	for (size_t i = 0; i < LEN(states); i++)
		printf("| `%s` | %s | %s |\n", states[i].id, states[i].title,
		       states[i].ends ? "yes" : "");
}

static void print_holds(void)
{
	puts("\n## Holds\n\n| hold | who lifts it |\n|---|---|");
	for (size_t i = 0; i < LEN(holds); i++)
		printf("| `%s` | %s |\n", holds[i].id, holds[i].lifted);
}

/* "BY(TRADER) | BY(BROKER)" as words. */
static void print_who(const char *who)
{
	for (; *who; who++) {
		if (who[0] == 'B' && who[1] == 'Y' && who[2] == '(') {
			who += 2;
			continue;
		}
		if (isupper((unsigned char)*who))
			putchar(tolower((unsigned char)*who));
		else if (*who == '|')
			printf("or ");
		else if (*who == ' ')
			putchar(' ');
		if (*who == '|')
			who++;
	}
}

static void print_where(uint32_t where)
{
	const char *comma = "";

	if (where == (EVERY)) {
		printf("every state but rejected");
		return;
	}
	for (size_t i = 0; i < LEN(states); i++)
		if (where >> i & 1) {
			printf("%s%s", comma, states[i].id);
			comma = ", ";
		}
	if (!where)
		printf("nowhere");
}

static void print_acts(void)
{
	puts("\n## Acts\n\n| act | what it does | who | in the states | refused as |"
	     "\n|---|---|---|---|---|");
	for (size_t a = 0; a < LEN(acts); a++) {
		const char *comma = "";

		printf("| `%s` | %s | ", acts[a].id, acts[a].title);
		print_who(acts[a].who);
		printf(" | ");
		print_where(acts[a].where);
		printf(" | ");
		for (size_t r = 0; r < LEN(refusals); r++)
			if (acts[a].refused_if >> r & 1) {
				printf("%s`%s`", comma, refusals[r].id);
				comma = " ";
			}
		puts(" |");
	}
}

static void print_refusals(void)
{
	static const struct {
		const char *kind, *words;
	} kinds[] = {
	    {"ROLE", "the person may not"},    {"STATE", "not as the case stands"},
	    {"PERSON", "another person must"}, {"MISSING", "a value is missing or wrong"},
	    {"AMOUNT", "an amount is"},
	};

	puts("\n## Refusals\n\n| refusal | kind | text |\n|---|---|---|");
	for (size_t k = 0; k < LEN(kinds); k++)
		for (size_t r = 0; r < LEN(refusals); r++) {
			const char *a = refusals[r].kind, *b = kinds[k].kind;

			while (*a && *a == *b)
				a++, b++;
			if (*a == *b)
				printf("| `%s` | %s | %s |\n", refusals[r].id, kinds[k].words,
				       refusals[r].text);
		}
}

int main(void)
{
	puts("# States, holds, acts and refusals of a case\n\nMade from the lists in `src/flow` by "
	     "`script/generate`; [case-life.md](case-life.md) tells what they mean together. The "
	     "ids "
	     "are public.\n");
	print_states();
	print_holds();
	print_acts();
	print_refusals();
	return 0;
}
