#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"

void say(const struct args *a, const char *format, ...)
{
	va_list v;

	fflush(stdout);
	fprintf(stderr, "customhouse %s: ", a->verb->name);
	va_start(v, format);
	vfprintf(stderr, format, v);
	va_end(v);
	fputc('\n', stderr);
}

static int status_of(enum err e)
{
	switch (e) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_USAGE:
	case ERR_FORMAT:
	case ERR_UNSUPPORTED:
		return EXIT_UNREADABLE;
	case ERR_RETRY:
	case ERR_BUSY:
	case ERR_LIMIT:
	case ERR_NOMEM:
	case ERR_IO:
	case ERR_DB:
	case ERR_DENIED:
	case ERR_CONFLICT:
	case ERR_UNCERTAIN:
	case ERR_ELSEWHERE:
	case ERR_NOT_FOUND:
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

int say_failed(const struct args *a, const struct cause *why)
{
	say(a, "%s", why->text[0] ? why->text : err_name(why->err));
	return status_of(why->err ? why->err : ERR_IO);
}

/* Once is enough, and a reader that went away (| head) is told nothing. */
static void say_unwritable(const struct args *a)
{
	static bool said;

	if (!said && errno != EPIPE)
		fprintf(stderr, "customhouse %s: standard output cannot be written: %s\n",
			a->verb->name, strerror(errno));
	said = true;
}

bool put(const struct args *a, const char *p, size_t n)
{
	if (!n || fwrite(p, 1, n, stdout) == n)
		return true;
	say_unwritable(a);
	return false;
}

int put_all(const struct args *a, int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	say_unwritable(a);
	return EXIT_FAILED;
}

bool for_people(const struct args *a)
{
	return !args_has(a, OPTION_JSON) && isatty(STDOUT_FILENO);
}

void put_pack_faults(const struct args *a, const char *folder, const struct pack_faults *f)
{
	(void)a;
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct pack_fault *x = &f->list.v[i];

		printf("%s/%.*s:%u:%u: %s: %s\n", folder, SPAN_ARG(x->file), x->line, x->column,
		       x->rule, x->text);
	}
	if (f->cut)
		printf("%s: there are more faults; correct these first\n", folder);
}

enum { PROGRESS_EVERY = 100000, PROGRESS_WIDTH = 30 };

void progress_show(struct progress *p, int64_t done, int64_t total)
{
	int64_t now = clock_steady();
	int filled = total > 0 ? (int)(done * PROGRESS_WIDTH / total) : 0;

	if (!isatty(STDERR_FILENO) || (p->shown && now - p->shown_at < PROGRESS_EVERY))
		return;
	p->shown_at = now;
	p->shown = true;
	if (filled > PROGRESS_WIDTH)
		filled = PROGRESS_WIDTH;
	if (total > 0)
		fprintf(stderr, "\r%s [%.*s%*s] %3d %%", p->what, filled,
			"##############################", PROGRESS_WIDTH - filled, "",
			(int)(done >= total ? 100 : done * 100 / total));
	else
		fprintf(stderr, "\r%s %lld", p->what, (long long)done);
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r\033[K");
	p->shown = false;
}
