#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *err_name(enum err e)
{
	switch (e) {
	case ERR_NONE:
		return "none";
	case ERR_RETRY:
		return "retry";
	case ERR_BUSY:
		return "busy";
	case ERR_LIMIT:
		return "limit";
	case ERR_NOMEM:
		return "no-memory";
	case ERR_IO:
		return "input-output";
	case ERR_DB:
		return "database";
	case ERR_DENIED:
		return "denied";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_FORMAT:
		return "format";
	case ERR_NOT_FOUND:
		return "not-found";
	case ERR_USAGE:
		return "usage";
	case ERR_UNSUPPORTED:
		return "unsupported";
	case ERR_UNCERTAIN:
		return "uncertain";
	case ERR_ELSEWHERE:
		return "elsewhere";
	}
	return "unknown";
}

enum err fail(struct cause *why, enum err e, const char *format, ...)
{
	if (why && why->err == ERR_NONE) {
		va_list args;

		va_start(args, format);
		vsnprintf(why->text, sizeof(why->text), format, args);
		va_end(args);
		why->err = e;
	}
	return e;
}

_Noreturn void bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "customhouse: bug at %s:%d: %s\n", file, line, what);
	abort();
}
