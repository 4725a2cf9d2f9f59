/* The program: finds the verb and runs it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/edifact_dir.h"
#include "codec/xml.h"

static int refuse_verb(const char *name)
{
	fprintf(stderr, "customhouse: there is no verb %s; `customhouse help` lists them\n", name);
	return EXIT_UNREADABLE;
}

static int run_verb(const struct verb *v, int argc, char **argv)
{
	struct cause why = {0};
	struct args a = {0};
	int status;

	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], "--help")) {
			a = (struct args){
			    .verb = cli_verb("help"), .operand = &argv[-1], .operands = 1};
			return a.verb->run(&a);
		}
	if (args_read(v, argc, argv, &a, &why))
		return args_refuse(&a, &why);
	status = edifact_dir_open(&a);
	if (status == EXIT_DONE)
		status = v->run(&a);
	edifact_dir_close();
	return status;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";
	const struct verb *v;

	/* A reader that goes away (| head) is an error of a write, not the end of a hub. */
	signal(SIGPIPE, SIG_IGN);
	xml_start();
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	else if (!strcmp(name, "--version"))
		name = "version";
	v = cli_verb(name);
	if (!v)
		return refuse_verb(name);
	return run_verb(v, argc > 2 ? argc - 2 : 0, argv + (argc > 1 ? 2 : 1));
}
