void f(char *to)
{
	gets(to);
}
