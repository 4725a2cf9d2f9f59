#include <assert.h>

void banned(char *p)
{
	assert(p);
	p = malloc(1);
	system(strtok(p, ","));
}
