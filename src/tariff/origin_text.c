#include "tariff/origin_text.h"

#include <string.h>

enum { DEPTH_MAX = 4, RULE_BYTES_MAX = 4000, MARK_BYTES = 8 };

/* ---- marks ---- */

/* Entities that the sources use; others stay as they are, and are not understood. */
static const struct {
	const char *name, *means;
} entities[] = {{"&nbsp;", " "}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"\u00a0", " "}};

static uint32_t skip_entity(struct span s, uint32_t at, char *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		const size_t n = strlen(entities[i].name);

		if (s.n - at >= n && !memcmp(s.p + at, entities[i].name, n)) {
			*ret = *entities[i].means;
			return (uint32_t)n;
		}
	}
	return 0;
}

/* The end of what begins with one sign at `at` and ends with another, or `at`. */
static uint32_t behind(struct span s, uint32_t at, char ends)
{
	const char *end = memchr(s.p + at, ends, s.n - at);

	return end ? (uint32_t)(end - s.p) + 1 : at;
}

static void put_char(struct text *t, char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == '\n' || c == '\r' || c == '\t')
		c = ' ';
	if (c == ' ' && (!t->n || t->p[t->n - 1] == ' '))
		return;
	text_char(t, c);
}

struct span origin_text_plain(struct arena *a, struct span s)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < s.n;) {
		char c = s.p[i];
		uint32_t n = c == '<' ? behind(s, i, '>') - i : 0;

		if (!n && c == ']' && i + 1 < s.n && s.p[i + 1] == '(')
			n = behind(s, i + 1, ')') - i;
		if (n) {
			i += n;
			continue;
		}
		n = skip_entity(s, i, &c);
		i += n ? n : 1;
		if (n || !strchr("*[]{}", c) || !c)
			put_char(&t, c);
	}
	while (t.n && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '.' || t.p[t.n - 1] == ';'))
		t.n--;
	return text_as_span(&t);
}

/* ---- sentences ---- */

/* "The value of the good" of these agreements leaves the international shipment out: free on board (Comprehensive and Progressive
 * Agreement for Trans-Pacific Partnership, articles 3.1 and 3.5). */
#define LISTED    "{: - a) | }"
#define NO_CHANGE "no change in tariff classification required"

/* # stands for a number, @ for a chapter or a heading; a bar parts words of which one stands there, in braces. */
static const struct {
	const char *says, *rule;
} sentences[] = {
    {"{manufacture|production} from {non-originating |}materials of any heading", "any"},
    {"{manufacture|production} from {non-originating |}materials of any {sub|}heading, except "
     "{that|those} of the {product|good|same heading as the product}",
     "change heading"},
    {"{manufacture|production} from {non-originating |}materials of any heading, except that of "
     "the {product|good}. however, {non-originating |}materials of the same heading as the "
     "{product|good} may be used, provided that their total value does not exceed #% of the "
     "ex-works price{ (exw)|} of the {product|good}",
     "change heading allowing #%"},
    {"manufacture in which the value of all the {non-originating |}materials used does not exceed "
     "#% of the {ex-works|ex- work|ex-work} price{ (exw)|} of the {product|good}",
     "max #%"},
    {"{cth: |}all non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 4-digit level (tariff heading)",
     "change heading"},
    {"{ctsh: |}all non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 6-digit level ({tariff |}subheading)",
     "change subheading"},
    {"{cc: |}all non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 2-digit level (chapter)",
     "change chapter"},
    {"cth", "change heading"},
    {"ctsh", "change subheading"},
    {"cc", "change chapter"},
    {"a change from any other {chapter|heading|subheading}", "change $"},
    {"a maximum of #% of the ex-works price (exw) is made up of non-originating parts (maxnom)",
     "max #%"},
    {"{the maximum value of non-originating materials (maxnom) cannot exceed|maxnom} #% "
     "{of the ex-works price (exw) of the good|(exw)}",
     "max #%"},
    {"your goods contain a regional value content (rvc) of at least #% of the free on board (fob) "
     "cost of the goods",
     "content #% build-down fob"},
    {"rvc #% (fob)", "content #% build-down fob"},
    {"{wo: |}all {goods must be|the goods are} wholly obtained", "wholly-obtained"},
    {"wholly obtained", "wholly-obtained"},
    {"{manufacture|production} in which all the materials of {chapter|chapters|heading|headings} @ "
     "used {are|must be} wholly obtained{ in the country or territory|}",
     "wholly-obtained of @"},
    {"{weaving|fabric formation}", "process WEAVING"},
    {"{making-up|making- up|making up}{, including cutting of fabric|, including cutting| "
     "including "
     "cutting of fabric| (including cutting)|}",
     "process MAKING_UP"},
    {"{printing|printing (as standalone operation)}", "process PRINTING_ALONE"},
    {"manufacture from materials of any heading, except that of the {product|good} and of heading "
     "@",
     "change heading except @"},
    {"{cth: |}all non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 4-digit level (tariff heading) except from {heading|"
     "chapter|headings of chapter} @",
     "change heading except @"},
    {"{chemical reaction|a chemical reaction|a chemical reaction is undergone}",
     "process CHEMICAL_REACTION"},
    {"{cth: |}all non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 4-digit level (tariff heading) except from "
     "non-originating materials of {heading|chapter} @",
     "change heading except @"},
    {"manufacture: - from materials of any heading, except that of the {product|good}, and - in "
     "which the value of all the materials used does not exceed #% of the ex-works price of the "
     "{product|good}",
     "change heading and max #%"},
    {"a change to a good from any other {chapter|heading|subheading}", "change $"},
    {"a change to a good from any other heading, except from {heading|chapter} @",
     "change heading except @"},
    {"a change to a good from any other chapter, except from {heading|chapter} @",
     "change chapter except @"},
    {"a change to a good from any other subheading, except from {subheading|heading|chapter} @",
     "change subheading except @"},
    {NO_CHANGE " for a good, provided there is a regional value content of not less than" LISTED
	       "#% under the {build-up|build-down} method",
     "content #% $ fob"},
    {"- {b|c}) #% under the {build-up|build-down} method", "content #% $ fob"},
    {"- {b|c}) #% under the net cost method", "content #% net-cost"},
    {"- {b|c}) #% under the focused value method taking into account only the non-originating "
     "materials of {chapter|heading|subheading} @",
     "content #% focused fob of @"},
    {"a chemical reaction, purification, mixing and blending, production of standard materials, a "
     "change in particle size, isomer separation, or biotechnological processing is undergone",
     "process CHEMICAL_REACTION or process PURIFICATION or process MIXING or process "
     "STANDARD_MATERIALS or process PARTICLE_SIZE or process ISOMER_SEPARATION or process "
     "BIOTECHNOLOGY"},
    {"dyeing", "process DYEING"},
    {"yarn dyeing", "process YARN_DYEING"},
    {"{coating|flocking|knitting|laminating|finishing|tufting|twisting|braiding}", "process $"},
    {"spinning{ of natural fibres| of natural or man-made staple fibres| of man-made staple "
     "fibres|}",
     "process SPINNING"},
    {"extrusion of man-made {fibres|filament yarn|staple fibres}", "process EXTRUSION"},
};

struct match {
	struct span number, codes, word;
};

static uint32_t number_length(struct span s)
{
	uint32_t n = 0;

	while (n < s.n &&
	       ((s.p[n] >= '0' && s.p[n] <= '9') ||
		(s.p[n] == '.' && n + 1 < s.n && s.p[n + 1] >= '0' && s.p[n + 1] <= '9')))
		n++;
	return n;
}

static bool matches(const char *p, const char *end, struct span s, struct match *m);

/* "{one|two|}": each in turn, with what stands behind. */
static bool matches_one_of(const char *p, const char *end, struct span s, struct match *m)
{
	const char *close = memchr(p, '}', (size_t)(end - p));

	while (p <= close) {
		const char *bar = p;
		struct match tried = *m;
		uint32_t n;

		while (bar < close && *bar != '|')
			bar++;
		n = (uint32_t)(bar - p);
		if (s.n >= n && !memcmp(s.p, p, n)) {
			tried.word = (struct span){s.p, n, 0};
			if (matches(close + 1, end, (struct span){s.p + n, s.n - n, 0}, &tried)) {
				*m = tried;
				return true;
			}
		}
		p = bar + 1;
	}
	return false;
}

static bool matches(const char *p, const char *end, struct span s, struct match *m)
{
	for (; p < end; p++) {
		uint32_t n = 1;

		if (*p == '{')
			return matches_one_of(p + 1, end, s, m);
		if (*p == '#' || *p == '@') {
			n = number_length(s);
			if (!n)
				return false;
			*(*p == '#' ? &m->number : &m->codes) = (struct span){s.p, n, 0};
		} else if (!s.n || *s.p != *p) {
			return false;
		}
		s = (struct span){s.p + n, s.n - n, 0};
	}
	return !s.n;
}

static bool are_digits(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* The rule's words, with what was found in the text; false: a code that is none. */
static bool put_rule(struct text *t, const char *rule, const struct match *m)
{
	for (; *rule; rule++) {
		if (*rule == '#') {
			text_span(t, m->number);
		} else if (*rule == '@') {
			if (!are_digits(m->codes) || m->codes.n > 6 || m->codes.n == 3 ||
			    m->codes.n == 5)
				return false;
			if (m->codes.n == 1) /* chapter 7 */
				text_char(t, '0');
			text_span(t, m->codes);
		} else if (*rule == '$') {
			const bool process = t->n && t->p[0] == 'p';

			for (uint32_t i = 0; i < m->word.n; i++)
				text_char(t, process ? (char)(m->word.p[i] - 'a' + 'A')
						     : m->word.p[i]);
		} else {
			text_char(t, *rule);
		}
	}
	return true;
}

static struct span read_sentence(struct arena *a, struct span s)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		const char *says = sentences[i].says;
		struct match m = {0};
		struct text t = text_in(a);

		if (matches(says, says + strlen(says), s, &m) &&
		    put_rule(&t, sentences[i].rule, &m))
			return text_as_span(&t);
	}
	return SPAN("");
}

/* ---- the goods of a rule ---- */

/* Takes a word and a blank off the beginning. */
static bool skip(struct span *s, const char *word)
{
	const uint32_t n = (uint32_t)strlen(word);

	if (!span_starts(*s, span_of(word)))
		return false;
	*s = (struct span){s->p + n, s->n - n, 0};
	return true;
}

static bool skip_code(struct span *s, struct span *ret)
{
	uint32_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*ret = (struct span){s->p, n, 0};
	*s = (struct span){s->p + n, s->n - n, 0};
	return n == 2 || n == 4 || n == 6;
}

static bool skip_kind(struct span *s)
{
	return skip(s, "subheading ") || skip(s, "heading ") || skip(s, "chapter ");
}

/* "heading 0101 to heading 0106", "subheading 030431 through 030439", "heading 0901" */
static bool skip_goods(struct span *s, struct span *ret_first, struct span *ret_last)
{
	if (!skip_kind(s) || !skip_code(s, ret_first))
		return false;
	*ret_last = *ret_first;
	if (!skip(s, " to ") && !skip(s, " through "))
		return true;
	skip_kind(s);
	return skip_code(s, ret_last) && ret_last->n == ret_first->n;
}

enum { HEADING_DIGITS = 4 };

/* The last code under one: a nought as fifth or sixth digit says that it is not divided further (HS Convention), so 210390 is
 * all of 21039, and 081400 all of 0814. */
static struct span last_under(struct arena *a, struct span code)
{
	char *v = arena_copy(a, code.p, code.n);

	for (uint32_t i = code.n; i > HEADING_DIGITS && v[i - 1] == '0'; i--)
		v[i - 1] = '9';
	return (struct span){v, code.n, 0};
}

struct span origin_text_own_goods(struct arena *a, struct span plain, struct span low,
				  struct span high)
{
	static const char of[] = "a good of ";
	const char *at = plain.n ? memmem(plain.p, plain.n, of, sizeof(of) - 1) : NULL;
	struct span rest, first, last;

	if (!at)
		return plain;
	rest = (struct span){at + sizeof(of) - 1,
			     plain.n - (uint32_t)(at - plain.p) - (uint32_t)(sizeof(of) - 1), 0};
	if (!skip_goods(&rest, &first, &last))
		return plain;
	last = last_under(a, last);
	if (low.n < first.n || high.n < last.n || memcmp(low.p, first.p, first.n) < 0 ||
	    memcmp(high.p, last.p, last.n) > 0)
		return plain;
	return span_of(
	    arena_print(a, "%.*sa good%.*s", (int)(at - plain.p), plain.p, SPAN_ARG(rest)));
}

bool origin_text_continues(struct span plain)
{
	return span_starts(plain, SPAN("- "));
}

bool origin_text_lists(struct span plain)
{
	return span_starts(plain, SPAN(NO_CHANGE));
}

/* ---- sentences that are joined ---- */

/* The looser join first: "a or b combined with c" is a, or b with c. */
static const struct {
	const char *word, *join;
} joins[] = {
    {" or ", " or "},
    {"; or ", " or "},
    {", or ", " or "},
    {", in each case accompanied by ", " and "},
    {", combined with ", " and "},
    {", accompanied by ", " and "},
    {" and ", " and "},
    {" combined with ", " and "},
    {" accompanied by ", " and "},
    {" preceded by ", " and "},
    /* "weaving accompanied by dyeing or by coating": what accompanies is one of the two */
    {" or by ", " or "},
    {" or with ", " or "},
};

/* A text may be cut in many ways: so many are tried. */
struct joining {
	struct arena *arena;
	int left;
};
enum { CUTS_MAX = 2000 };

static struct span read_joined(struct joining *q, struct span s, int depth);

static struct span join_at(struct joining *q, struct span s, uint32_t at, size_t join, int depth)
{
	const uint32_t n = (uint32_t)strlen(joins[join].word);
	struct span left, right;

	if (q->left-- <= 0)
		return SPAN("");
	left = read_joined(q, (struct span){s.p, at, 0}, depth + 1);
	if (!left.n)
		return left;
	right = read_joined(q, (struct span){s.p + at + n, s.n - at - n, 0}, depth + 1);
	if (!right.n || left.n + right.n > RULE_BYTES_MAX)
		return SPAN("");
	return span_of(arena_print(q->arena, "(%.*s)%s(%.*s)", SPAN_ARG(left), joins[join].join,
				   SPAN_ARG(right)));
}

static struct span read_joined(struct joining *q, struct span s, int depth)
{
	struct span r = read_sentence(q->arena, s);

	for (size_t j = 0; j < ARRAY_LEN(joins) && !r.n && depth < DEPTH_MAX; j++) {
		const size_t n = strlen(joins[j].word);

		for (uint32_t i = 1; i + n < s.n && !r.n; i++)
			if (!memcmp(s.p + i, joins[j].word, n))
				r = join_at(q, s, i, j, depth);
	}
	return r;
}

struct span origin_text_rule(struct arena *a, struct span plain)
{
	struct joining q = {a, CUTS_MAX};

	return plain.n && plain.n <= RULE_BYTES_MAX ? read_joined(&q, plain, 0) : SPAN("");
}
