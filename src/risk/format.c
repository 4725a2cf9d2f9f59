/* Laying out a rule file from its tokens: the words stay as they are, what stands between them becomes regular. */
#include "risk/room.h"

enum { LINE_BYTES = 130, CLAUSE_INDENT = 2, CONDITION_INDENT = 4 };

struct layout {
	struct text *to;
	struct text piece; /* words that stay on one line */
	size_t column;
	uint32_t indent;     /* of a line that goes on */
	bool any, in_rule;   /* something stands in the file; in a rule */
	bool broken;         /* a remark ended the line */
	bool glued;          /* no blank before the next token */
	bool apart;          /* the next rule has a blank line before it */
	struct token before; /* the last token */
};

static void start_line(struct layout *l, uint32_t indent)
{
	if (l->any)
		text_char(l->to, '\n');
	l->any = true;
	l->broken = false;
	l->column = indent;
	for (uint32_t i = 0; i < indent; i++)
		text_char(l->to, ' ');
}

/* Puts what was collected onto the line, or, where it does not fit, onto the next. */
static void flush(struct layout *l)
{
	bool begins = l->column == 0 || l->to->p[l->to->n - 1] == ' ';

	if (!l->piece.n)
		return;
	if (l->broken || (!begins && l->column + 1 + l->piece.n > LINE_BYTES)) {
		start_line(l, l->indent);
	} else if (!begins) {
		text_char(l->to, ' ');
		l->column++;
	}
	text_add(l->to, l->piece.p, l->piece.n);
	l->column += l->piece.n;
	l->piece.n = 0;
}

static void put_remark(struct layout *l, struct span remark, bool on_line, bool apart)
{
	while (remark.n && (remark.p[remark.n - 1] == ' ' || remark.p[remark.n - 1] == '\t' ||
			    remark.p[remark.n - 1] == '\r'))
		remark.n--;
	flush(l);
	if (on_line && l->any) {
		text_string(l->to, "  ");
	} else {
		if (apart && l->any)
			text_char(l->to, '\n');
		start_line(l, on_line || !l->in_rule ? 0 : l->indent);
	}
	l->any = true;
	text_span(l->to, remark);
	l->broken = true;
}

/* What stands between two tokens: blanks, and remarks up to the end of their lines. */
static void put_remarks(struct layout *l, const char *p, const char *end, bool next_is_rule)
{
	uint32_t lines = 0;

	for (; p < end; p++) {
		struct span remark = {p, 0, 0};

		lines += *p == '\n';
		if (*p != '#')
			continue;
		while (p < end && *p != '\n')
			p++;
		remark.n = (uint32_t)(p - remark.p);
		if (next_is_rule && lines)
			l->in_rule = false;
		put_remark(l, remark, lines == 0 && l->any,
			   lines > 1 || (lines && !l->in_rule && l->before.kind != TOKEN_END));
		l->before.kind =
		    TOKEN_END; /* a blank line after a rule, none between its remarks */
		lines = p < end;
	}
	l->apart = lines > 1 || l->before.kind != TOKEN_END;
}

static bool is_clause(const struct token *t)
{
	static const char *const words[] = {"because", "from", "note", "then", "when"};

	for (uint32_t i = 0; t->kind == TOKEN_WORD && i < ARRAY_LEN(words); i++)
		if (span_is(t->text, words[i]))
			return true;
	return false;
}

static bool is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && span_is(t->text, word);
}

static bool is_sign(const struct token *t, const char *signs)
{
	return t->kind == TOKEN_SIGN && t->text.n == 1 && strchr(signs, t->text.p[0]);
}

/* Words before a parenthesis of their own. */
static bool is_call(const struct token *t)
{
	return t->kind == TOKEN_WORD && !is_word(t, "in") && !is_word(t, "and") &&
	       !is_word(t, "or") && !is_word(t, "not") && !is_word(t, "when") &&
	       !is_word(t, "where");
}

static void put_token(struct layout *l, const struct token *t, const struct token *before)
{
	bool begins = t->first && is_word(t, "rule");
	bool clause = l->in_rule && is_clause(t) && !is_word(before, "rule");

	if (begins || clause || is_word(t, "and") || is_word(t, "or"))
		flush(l);
	if (begins) {
		if (l->any && l->apart)
			text_char(l->to, '\n');
		start_line(l, 0);
	} else if (clause) {
		start_line(l, CLAUSE_INDENT);
	}
	if (begins || clause)
		l->in_rule = true;
	l->indent = CONDITION_INDENT;
	if (l->piece.n && !is_sign(before, "(") && !is_sign(t, ",)%") &&
	    !(is_sign(t, "(") && is_call(before)))
		text_char(&l->piece, ' ');
	text_span(&l->piece, t->raw);
}

void risk_format(struct text *to, struct arena *a, struct span rules)
{
	struct scanner s = scanner_for(a, rules);
	struct layout l = {.to = to, .piece = text_in(a), .before = {.kind = TOKEN_END}};
	struct token before = {.kind = TOKEN_END};
	const char *at = s.p;

	for (;;) {
		struct token t = scan(&s);

		put_remarks(&l, at, t.raw.p,
			    t.kind == TOKEN_END || (t.first && is_word(&t, "rule")));
		if (t.kind == TOKEN_END)
			break;
		put_token(&l, &t, &before);
		at = t.raw.p + t.raw.n;
		l.before = before = t;
	}
	flush(&l);
	if (l.any)
		text_char(to, '\n');
}
