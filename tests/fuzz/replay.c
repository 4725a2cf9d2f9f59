/* Feeds every file of the directories that are named to a fuzz target: what fuzzing once found stays found, and what a seed
 * must not break stays whole. Exit status 1 when there is nothing to feed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static void die(const char *what, const char *path)
{
	fprintf(stderr, "replay: %s: %s\n", what, path);
	exit(1);
}

/* In memory of exactly its size, so that a sanitizer sees one byte too many. */
static void feed(const char *path, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	FILE *f = fopen(path, "rb");

	if (!data || !f || fread(data, 1, size, f) != size)
		die("cannot read", path);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static unsigned feed_directory(const char *directory)
{
	struct dirent **names;
	int n = scandir(directory, &names, NULL, alphasort);
	unsigned fed = 0;

	if (n < 0)
		die("cannot open", directory);
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", directory, names[i]->d_name);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			feed(path, (size_t)st.st_size);
			fed++;
		}
		free(names[i]);
	}
	free(names);
	return fed;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!feed_directory(argv[i]))
			die("no files", argv[i]);
	return argc > 1 ? 0 : 1;
}
