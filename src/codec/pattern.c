#include "codec/pattern.h"

/* What must follow a group that has matched: another turn of it, or what stands behind it. On the stack of the one who tries. */
struct turn {
	const char *atom, *atom_end; /* the group, with its parentheses */
	const char *rest, *end;      /* of the sequence behind it */
	uint32_t least, most, count; /* turns so far */
	const char *from;            /* where this turn began: one that takes nothing is the last */
	const struct turn *next;     /* of the group around; NULL: the end of the text */
};

struct matcher {
	const char *text_end;
	uint32_t steps, depth;
};

static bool match_alternatives(struct matcher *m, const char *p, const char *end, const char *t,
			       const struct turn *next);
static bool match_sequence(struct matcher *m, const char *p, const char *end, const char *t,
			   const struct turn *next);

/* The next character of UTF-8; *t moves behind it. */
static uint32_t take(const char **t, const char *end)
{
	uint32_t c = (unsigned char)*(*t)++;

	if (c < 0xc0)
		return c;
	c &= c < 0xe0 ? 0x1f : c < 0xf0 ? 0x0f : 0x07;
	while (*t < end && ((unsigned char)**t & 0xc0) == 0x80)
		c = c << 6 | ((unsigned char)*(*t)++ & 0x3f);
	return c;
}

/* Unicode's separators: category Z. */
static bool is_separator(uint32_t c)
{
	return c == 0x20 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* An escape at p, behind the backslash: does the character fall under it? *p moves behind it. */
static bool escape_has(const char **p, uint32_t c)
{
	char kind = *(*p)++;
	bool latin;

	switch (kind) {
	case 'd':
		return c >= '0' && c <= '9';
	case 'n':
		return c == '\n';
	case 'r':
		return c == '\r';
	case 't':
		return c == '\t';
	case 'p':
	case 'P':
		latin = !strncmp(*p, "{IsBasicLatin}", 14);
		BUG_ON(!latin && strncmp(*p, "{Z}", 3));
		*p += latin ? 14 : 3;
		return (latin ? c < 0x80 : is_separator(c)) == (kind == 'p');
	default:
		BUG_ON((kind >= '0' && kind <= '9') || (kind >= 'a' && kind <= 'z') ||
		       (kind >= 'A' && kind <= 'Z'));
		return c == (unsigned char)kind;
	}
}

/* A class at p, behind its bracket. */
static bool class_has(const char *p, uint32_t c)
{
	bool negated = *p == '^', has = false;

	for (p += negated; *p != ']';) {
		uint32_t low, high;

		if (*p == '\\') {
			p++;
			has |= escape_has(&p, c);
			continue;
		}
		low = high = (unsigned char)*p++;
		if (*p == '-' && p[1] != ']') {
			high = (unsigned char)p[1];
			p += 2;
		}
		has |= c >= low && c <= high;
	}
	return has != negated;
}

/* Behind the atom that begins at p. */
static const char *atom_end(const char *p)
{
	uint32_t depth = 0;

	do {
		if (*p == '\\') {
			p++;
			if (*p == 'p' || *p == 'P')
				p = strchr(p, '}');
		} else if (*p == '[') {
			while (*p != ']')
				p += *p == '\\' ? 2 : 1;
		} else if (*p == '(') {
			depth++;
		} else if (*p == ')') {
			depth--;
		}
		BUG_ON(!p || !*p);
		p++;
	} while (depth);
	return p;
}

static const char *read_number(const char *p, uint32_t *ret)
{
	for (*ret = 0; *p >= '0' && *p <= '9'; p++)
		*ret = *ret * 10 + (uint32_t)(*p - '0');
	return p;
}

/* The quantifier at p, if one stands there; returns where it ends. */
static const char *quantifier(const char *p, uint32_t *ret_least, uint32_t *ret_most)
{
	*ret_least = *ret_most = 1;
	if (*p == '?') {
		*ret_least = 0;
	} else if (*p == '*' || *p == '+') {
		*ret_least = *p == '+';
		*ret_most = UINT32_MAX;
	} else if (*p == '{') {
		p = read_number(p + 1, ret_least);
		*ret_most = *ret_least;
		if (*p == ',')
			p = read_number(p + 1, ret_most);
		BUG_ON(*p != '}');
	} else {
		return p;
	}
	return p + 1;
}

static bool atom_has(const char *p, uint32_t c)
{
	if (*p == '.')
		return c != '\n' && c != '\r';
	if (*p == '[')
		return class_has(p + 1, c);
	if (*p == '\\') {
		p++;
		return escape_has(&p, c);
	}
	return c == (unsigned char)*p;
}

/* One character, as often as it goes, then as often as it must. */
static bool match_characters(struct matcher *m, const char *atom, uint32_t least, uint32_t most,
			     const char *rest, const char *end, const char *t,
			     const struct turn *next)
{
	uint32_t n = 0;

	while (n < most && t < m->text_end) {
		const char *after = t;

		if (!atom_has(atom, take(&after, m->text_end)))
			break;
		t = after;
		n++;
	}
	for (;; n--) {
		if (n < least || ++m->steps > PATTERN_STEPS)
			return false;
		if (match_sequence(m, rest, end, t, next))
			return true;
		if (n == 0)
			return false;
		/* back over one character */
		do
			t--;
		while (((unsigned char)*t & 0xc0) == 0x80);
	}
}

/* A group: another turn where there may be one, else what stands behind it. */
static bool match_turn(struct matcher *m, const struct turn *g, const char *t)
{
	struct turn again = *g;
	bool matched = false;

	if (++m->steps > PATTERN_STEPS || m->depth == PATTERN_DEPTH)
		return false;
	m->depth++;
	if (g->count < g->most && (g->count == 0 || t != g->from)) {
		again.count++;
		again.from = t;
		matched = match_alternatives(m, g->atom + 1, g->atom_end - 1, t, &again);
	}
	if (!matched && g->count >= g->least)
		matched = match_sequence(m, g->rest, g->end, t, g->next);
	m->depth--;
	return matched;
}

static bool match_sequence(struct matcher *m, const char *p, const char *end, const char *t,
			   const struct turn *next)
{
	const char *after, *rest;
	uint32_t least, most;

	if (p == end)
		return next ? match_turn(m, next, t) : t == m->text_end;
	after = atom_end(p);
	rest = quantifier(after, &least, &most);
	if (*p == '(') {
		struct turn g = {p, after, rest, end, least, most, 0, t, next};

		return match_turn(m, &g, t);
	}
	return match_characters(m, p, least, most, rest, end, t, next);
}

static bool match_alternatives(struct matcher *m, const char *p, const char *end, const char *t,
			       const struct turn *next)
{
	const char *from = p;

	while (p < end) {
		if (*p == '|') {
			if (match_sequence(m, from, p, t, next))
				return true;
			from = ++p;
		} else {
			p = atom_end(p);
		}
	}
	return match_sequence(m, from, end, t, next);
}

bool pattern_matches(const char *pattern, struct span text)
{
	const char *t = text.n ? text.p : "";
	struct matcher m = {.text_end = t + text.n};

	return match_alternatives(&m, pattern, pattern + strlen(pattern), t, NULL);
}
