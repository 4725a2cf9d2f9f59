#include "risk/room.h"

struct scanner scanner_for(struct arena *a, struct span bytes)
{
	const char *p = bytes.p ? bytes.p : "";

	return (struct scanner){a, p, p + bytes.n, p, 1, false};
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool in_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* Dates are scanned as numbers: who asks for a date reads it so. */
static bool in_number(char c)
{
	return is_digit(c) || c == '.' || c == '-';
}

static void skip_line(struct scanner *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
}

/* Past blanks, line ends and remarks, which begin with '#'. */
static void skip_blanks(struct scanner *s)
{
	for (; s->p < s->end; s->p++) {
		if (*s->p == '#')
			skip_line(s);
		if (s->p == s->end)
			return;
		if (*s->p == '\n') {
			s->line++;
			s->line_start = s->p + 1;
			s->line_begun = false;
		} else if (*s->p != ' ' && *s->p != '\t' && *s->p != '\r') {
			return;
		}
	}
}

static void bad(struct token *t, const char *why)
{
	t->kind = TOKEN_BAD;
	t->text = span_of(why);
}

static void scan_while(struct scanner *s, struct token *t, enum token_kind kind, bool (*in)(char))
{
	const char *from = s->p++;

	while (s->p < s->end && in(*s->p))
		s->p++;
	t->kind = kind;
	t->text = (struct span){from, (uint32_t)(s->p - from), t->line};
}

/* What stands between quotes on one line, where two quotes in a row mean one. */
static void scan_text(struct scanner *s, struct token *t)
{
	const char *from = ++s->p;
	char *copy;
	uint32_t n = 0;

	while (s->p < s->end && *s->p != '\n' &&
	       (*s->p != '"' || (s->p + 1 < s->end && s->p[1] == '"')))
		s->p += *s->p == '"' ? 2 : 1;
	if (s->p == s->end || *s->p == '\n') {
		bad(t, "the text has no closing quote on its line");
		return;
	}
	if (s->p - from > RULE_TEXT_BYTES) {
		s->p++;
		bad(t, "the text is longer than 500 bytes");
		return;
	}
	copy = arena_alloc(s->arena, (size_t)(s->p - from) + 1);
	t->kind = TOKEN_TEXT;
	for (; from < s->p; from++) {
		if ((uint8_t)*from < ' ' || *from == 0x7f)
			bad(t, "the text holds a control character");
		copy[n++] = *from;
		from += *from == '"';
	}
	s->p++;
	if (t->kind == TOKEN_TEXT)
		t->text = (struct span){copy, n, t->line};
}

static void scan_sign(struct scanner *s, struct token *t)
{
	bool two = s->end - s->p >= 2 && s->p[1] == '=' && memchr("<>!", *s->p, 3);

	if (!two && !memchr("=<>(),%*", *s->p, 8)) {
		s->p++;
		while (s->p < s->end && (*s->p & 0xc0) == 0x80)
			s->p++; /* the rest of one character */
		bad(t, "this character has no meaning here");
		return;
	}
	t->kind = TOKEN_SIGN;
	t->text = (struct span){s->p, two ? 2 : 1, t->line};
	s->p += t->text.n;
}

static void scan_token(struct scanner *s, struct token *t)
{
	if (is_letter(*s->p))
		scan_while(s, t, TOKEN_WORD, in_word);
	else if (is_digit(*s->p) ||
		 ((*s->p == '-' || *s->p == '+') && s->end - s->p > 1 && is_digit(s->p[1])))
		scan_while(s, t, TOKEN_NUMBER, in_number);
	else if (*s->p == '"')
		scan_text(s, t);
	else
		scan_sign(s, t);
}

struct token scan(struct scanner *s)
{
	struct token t = {.kind = TOKEN_END};

	skip_blanks(s);
	t.line = s->line;
	t.column = (uint32_t)(s->p - s->line_start) + 1;
	t.first = !s->line_begun;
	t.raw.p = s->p;
	s->line_begun = true;
	if (s->p < s->end)
		scan_token(s, &t);
	t.raw.n = (uint32_t)(s->p - t.raw.p);
	return t;
}
