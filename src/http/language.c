#include "http/language.h"

#include <string.h>
#include <strings.h>

/* The languages of dict/findings.def. */
static const char *const known[] = {"en", "fr"};

static const char *find(struct span tag)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (tag.n == strlen(known[i]) && !strncasecmp(tag.p, known[i], tag.n))
			return known[i];
	return NULL;
}

/* A primary subtag: letters, few. */
static bool is_tag(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if ((s.p[i] | 0x20) < 'a' || (s.p[i] | 0x20) > 'z')
			return false;
	return s.n >= 2 && s.n <= 8;
}

/* "q=0.8" as thousandths; 1000 when it is not there; 0 when it cannot be read: the client then did not ask for it soundly. */
static int quality(struct span parameters)
{
	struct span q = span_trim(parameters);
	int value, digit = 100;

	if (!q.n)
		return 1000;
	if (q.n < 3 || (q.p[0] | 0x20) != 'q' || q.p[1] != '=' || (q.p[2] != '0' && q.p[2] != '1'))
		return 0;
	value = q.p[2] == '1' ? 1000 : 0;
	for (uint32_t i = 4; i < q.n && i < 7 && value < 1000; i++, digit /= 10) {
		if (q.p[i] < '0' || q.p[i] > '9')
			return 0;
		value += (q.p[i] - '0') * digit;
	}
	return value;
}

struct span language_choose(const char *accept)
{
	struct span rest = span_of(accept), best = SPAN("en"), unknown = {0};
	int best_quality = 0, unknown_quality = 0;

	while (rest.p) {
		struct span parameters = span_cut(&rest, ','),
			    range = span_trim(span_cut(&parameters, ';')),
			    tag = span_cut(&range, '-');
		const char *language = span_is(tag, "*") ? "en" : find(tag);
		int q = quality(parameters);

		if (language && q > best_quality) {
			best = span_of(language);
			best_quality = q;
		} else if (!language && q > unknown_quality && is_tag(tag)) {
			unknown = tag;
			unknown_quality = q;
		}
	}
	return best_quality || !unknown_quality ? best : unknown;
}

unsigned language_among(const char *accept, const char *const *tags, unsigned n)
{
	struct span rest = span_of(accept);
	int best_quality = 0;
	unsigned best = 0;

	while (rest.p) {
		struct span parameters = span_cut(&rest, ','),
			    range = span_trim(span_cut(&parameters, ';')),
			    tag = span_cut(&range, '-');
		int q = quality(parameters);

		for (unsigned i = 0; i < n; i++) {
			if (tag.n == strlen(tags[i]) && !strncasecmp(tag.p, tags[i], tag.n) &&
			    q > best_quality) {
				best = i;
				best_quality = q;
			}
		}
	}
	return best;
}

const char *language_of_texts(struct span language)
{
	const char *found = find(language);

	return found ? found : "en";
}
