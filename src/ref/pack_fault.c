#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "ref/loader.h"

enum { TEXT_BYTES = 300, QUOTE_BYTES = 60 };

static struct span cut_at(struct span s, uint32_t n)
{
	if (s.n > n)
		s.n = n;
	s.n = span_utf8_prefix(s);
	return s;
}

struct span fault_quote(struct span s)
{
	return cut_at(s, QUOTE_BYTES);
}

void pack_fault(struct pack_faults *f, struct span file, uint32_t line, uint32_t column,
		const char *rule, const char *format, ...)
{
	struct pack_fault *new;
	char text[TEXT_BYTES];
	struct span s;
	va_list args;

	if (f->list.n == LIMIT_PACK_FAULTS) {
		f->cut = true;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	s = cut_at(span_of(text), sizeof(text));
	new = arena_push(f->arena, (void **)&f->list.v, &f->list.n, &f->list.room, sizeof(*new));
	/* a name read from an archive goes with it: whoever loads in vain has only the faults left */
	file.p = arena_copy(f->arena, file.n ? file.p : "", file.n);
	*new = (struct pack_fault){file, line, column, rule, arena_copy(f->arena, s.p, s.n)};
}
