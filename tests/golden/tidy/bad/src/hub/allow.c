int a; /* tidy: allow strcpy because nothing needs it */
void f(char *to)
{
	strcat(to, "x"); /* tidy: allow strcat */
	strcat(to, "x"); /* tidy: allow banned because */
	strcat(to, "x"); /* tidy: allow strcpy because it is the wrong word */
}
