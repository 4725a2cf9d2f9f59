/* Part of edifact.sh: a file of interchanges of CUSDEC, as tokens by every way that the machine has, and as declarations,
 * checked against the directory. Rates are of processor time, the best of three rounds.
 *
 *   measure-edifact FILE */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codec/edifact.h"
#include "msg/cut.h"

static struct edifact reader;

static double processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct bytes {
	const char *p;
	size_t n;
};

/* ---- measuring ---- */

static void figure(const char *name, double value, const char *unit)
{
	printf("{\"name\": \"%s\", \"value\": %.1f, \"unit\": \"%s\"}\n", name, value, unit);
	fflush(stdout);
}

static double token_rate(const struct bytes *b, uint32_t way)
{
	double best = 0;

	for (unsigned round = 0; round < 3; round++) {
		double start = processor_seconds(), rate;
		struct edifact_segment s;
		uint64_t values = 0;

		edifact_over(&reader, b->p, b->n);
		edifact_scan_by(&reader, way);
		while (edifact_next(&reader, &s) == ERR_NONE)
			values += s.count;
		BUG_ON(!values);
		rate = (double)b->n / 1e6 / (processor_seconds() - start);
		best = rate > best ? rate : best;
	}
	return best;
}

/* Cut, checked, into declarations. */
static double declaration_rate(const struct bytes *b, double *ret_messages)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct msg_cutter *c = malloc(sizeof(*c));
	struct span rest = {b->p, (uint32_t)b->n, 1}, message;
	double start = processor_seconds();
	uint64_t n = 0;

	BUG_ON(!a || !c || msg_cutter_open(c));
	while (msg_cut(c, &rest, true, &message) == MSG_CUT_ONE) {
		struct message m;
		struct findings f;
		struct codec_fault fault;

		arena_reset(a);
		BUG_ON(msg_read_next(a, message, NULL, NULL, c->learned, &m, &f, &fault));
		/* The stream has traders' mistakes; what the directory says is none of them. */
		for (uint32_t i = 0; i < f.list.n; i++)
			BUG_ON(f.list.v[i].code);
		BUG_ON(!m.declaration.shipment.items.n);
		n++;
	}
	start = processor_seconds() - start;
	msg_cutter_close(c);
	free(c);
	arena_free(a);
	*ret_messages = (double)n / start;
	return (double)b->n / 1e6 / start;
}

static struct bytes map_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) || st.st_size <= 0 || st.st_size > UINT32_MAX)
		return (struct bytes){NULL, 0};
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	return (struct bytes){p == MAP_FAILED ? NULL : p, (size_t)st.st_size};
}

int main(int argc, char **argv)
{
	struct bytes b = {NULL, 0};
	double messages = 0, rate = 0;
	char name[60];

	if (argc == 2)
		b = map_file(argv[1]);
	if (!b.p) {
		fprintf(stderr, "measure-edifact FILE: at most 4 GiB of CUSDEC\n");
		return 2;
	}
	for (uint32_t i = 0; edifact_scan_name(i); i++) {
		snprintf(name, sizeof(name), "edifact.tokens-%s", edifact_scan_name(i));
		figure(name, token_rate(&b, i), "MB/s");
	}
	for (unsigned round = 0; round < 3; round++) {
		double one_messages, one = declaration_rate(&b, &one_messages);

		rate = one > rate ? one : rate;
		messages = one_messages > messages ? one_messages : messages;
	}
	figure("edifact.declarations", rate, "MB/s");
	figure("edifact.messages", messages, "1/s");
	return 0;
}
