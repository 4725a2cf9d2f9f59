/* Prints C source that holds files: for docs/openapi.json a function asset_openapi_json(). The assembler takes in the bytes,
 * which is many times faster than a table of numbers in C. A comment holds a checksum of them: a file that changes gives other
 * source, without which the build would see nothing to do.
 *
 *   embed HEADER FILE... >assets.c
 *
 * The header declares the functions. A relative path is one from where the compiler runs. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void print_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	for (const char *c = slash ? slash + 1 : path; *c; c++)
		putchar(isalnum((unsigned char)*c) ? *c : '_');
}

/* A template with @ for the file's name and $ for its path. */
static void print_asset(const char *path)
{
	const char *template = "extern const char @_begin[], @_end[];\n"
			       "__asm__(\".section .rodata\\n\"\n"
			       "\t\".global @_begin\\n.global @_end\\n\"\n"
			       "\t\"@_begin:\\n.incbin \\\"$\\\"\\n\"\n"
			       "\t\"@_end:\\n.byte 0\\n.previous\\n\");\n"
			       "struct span asset_@(void)\n"
			       "{\n"
			       "\treturn (struct span){@_begin, (uint32_t)(@_end - @_begin), 0};\n"
			       "}\n";

	for (const char *c = template; *c; c++) {
		if (*c == '@')
			print_name(path);
		else if (*c == '$')
			fputs(path, stdout);
		else
			putchar(*c);
	}
}

/* FNV-1a, 64 bits. */
static int print_checksum(const char *path)
{
	uint64_t sum = UINT64_C(14695981039346656037);
	FILE *in = fopen(path, "rb");
	int c;

	if (!in)
		return -1;
	while ((c = getc(in)) != EOF)
		sum = (sum ^ (unsigned)c) * UINT64_C(1099511628211);
	printf("/* %016llx */\n", (unsigned long long)sum);
	return fclose(in);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		printf("#include \"%s\"\n\n", argv[1]);
	for (int i = 2; i < argc; i++) {
		if (strpbrk(argv[i], "\"\\\n")) {
			fprintf(stderr, "embed: %s: a quote in a path\n", argv[i]);
			return 1;
		}
		if (print_checksum(argv[i])) {
			perror(argv[i]);
			return 1;
		}
		print_asset(argv[i]);
	}
	return fflush(stdout) != 0;
}
