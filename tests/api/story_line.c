#include "story.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* How long the word at the start of s is: blanks inside quotes, braces and brackets belong to it. */
static uint32_t word_length(struct span s)
{
	bool quoted = false;
	uint32_t i = 0, depth = 0;

	for (; i < s.n && (quoted || depth || !is_blank(s.p[i])); i++) {
		if (s.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && strchr("{[", s.p[i]))
			depth++;
		else if (!quoted && depth && strchr("}]", s.p[i]))
			depth--;
	}
	return i;
}

void words_cut(struct arena *a, struct span line, struct words *ret)
{
	struct span rest = span_trim(line);

	*ret = (struct words){0};
	while (rest.n) {
		struct span word = {rest.p, word_length(rest), 0};

		rest.p += word.n;
		rest.n -= word.n;
		rest = span_trim(rest);
		if (word.n > 1 && word.p[word.n - 1] == ',')
			word.n--;
		*(struct span *)arena_push(a, (void **)&ret->v, &ret->n, &ret->room,
					   sizeof(*ret->v)) = word;
	}
}

struct span word_text(struct span word)
{
	if (word.n >= 2 && *word.p == '"' && word.p[word.n - 1] == '"')
		return (struct span){word.p + 1, word.n - 2, 0};
	return word;
}
