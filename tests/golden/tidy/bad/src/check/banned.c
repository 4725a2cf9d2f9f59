#include "check/check.h"

void banned(char *to, const char *from)
{
	strcpy(to, from);
	sprintf (to, "%s", from);
	free(to);
	printf("%s", getenv("HOME"));
	return atoi(from) + time(NULL);
}
