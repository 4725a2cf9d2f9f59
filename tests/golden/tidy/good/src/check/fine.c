#include "check/check.h"
#include <stdint.h>
#include "base/text.h"
#include "dict/dict.h"
#include "model/declaration.h"
#include "ref/ref.h"

/* double, float, strcpy(), TODO #12: words in a comment; "SELECT 1 FROM t" in one too. */
static const char *const words = "double strcpy( free( /home is no path /* nor is this a comment";
static const char slashes[] = "// SELECT is not at the beginning";
static const char quote = '"', escaped = '\'', digits = 1'000; /* tidy has to find the end of each */

static int helper(struct list *l)
{
	l->free(l);
	l.read(l);
	my_strcpy(l);
	strcpy_(l);
	return l->time + sizeof(l->open);
}

static int
split_over_lines(void)
{
	return helper(0);
}
