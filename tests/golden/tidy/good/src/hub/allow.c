void f(char *to)
{
	strcat(to, "x"); /* tidy: allow strcat because this is the test of an allowance */
	/* tidy: allow banned because an allowance may also stand before its line */
	strcat(to, "x");
}
