/* The rules of bench/rules.sh as one would write them in C by hand: hand.h is one `if` for each, made by bench_rules.c. Prints
 * declarations a second of processor time, the best of several rounds.
 *
 *   hand RECORDS.csv HITS */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct record {
	char code[12], origin[4], from[4], office[12], importer[12];
	uint32_t mass, value;
};

enum { RECORDS = 100000, HITS = 20000, ROUNDS = 5 };

static struct record records[RECORDS];
static uint32_t hits[HITS];

static __attribute__((noinline)) uint32_t match(const struct record *r)
{
	uint32_t n = 0;

#include "hand.h"
	return n;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The next field of a line of CSV without quotes. */
static const char *field(char **at)
{
	char *from = *at, *end = from + strcspn(from, ",\n");

	*at = *end ? end + 1 : end;
	*end = 0;
	return from;
}

static void read_record(char *line, struct record *r)
{
	snprintf(r->code, sizeof(r->code), "%s", field(&line));
	snprintf(r->origin, sizeof(r->origin), "%s", field(&line));
	snprintf(r->from, sizeof(r->from), "%s", field(&line));
	snprintf(r->office, sizeof(r->office), "%s", field(&line));
	snprintf(r->importer, sizeof(r->importer), "%s", field(&line));
	r->mass = (uint32_t)strtoul(field(&line), NULL, 10);
	r->value = (uint32_t)strtoul(field(&line), NULL, 10);
}

int main(int argc, char **argv)
{
	FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL,
	     *out = argc == 3 ? fopen(argv[2], "w") : NULL;
	double best = 1e9;
	uint64_t all = 0;
	char line[200];
	uint32_t n = 0;

	if (!in || !out)
		return 2;
	while (n < RECORDS && fgets(line, sizeof(line), in))
		read_record(line, &records[n++]);
	for (int round = 0; round < ROUNDS; round++) {
		double began = now();

		for (uint32_t i = 0; i < n; i++)
			all += match(&records[i]);
		if (now() - began < best)
			best = now() - began;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t found = match(&records[i]);

		fprintf(out, "%u", i);
		for (uint32_t k = 0; k < found; k++)
			fprintf(out, " %u", hits[k]);
		fputc('\n', out);
	}
	fprintf(stderr, "%llu hits\n", (unsigned long long)all);
	printf("%.0f\n", n / best);
	return fclose(out) != 0;
}
