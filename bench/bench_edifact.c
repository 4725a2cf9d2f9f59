/* EDIFACT: interchanges of CUSDEC, some 40 segments a message, the same bytes for the same seed. Tokens by every way that the
 * machine has, and messages to declarations, checked against the directory. Rates are of processor time.
 *
 *   bench-edifact [MEGABYTES]      --write FILE: the interchange, for peers */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/prng.h"
#include "codec/edifact.h"
#include "msg/cut.h"

static struct edifact reader;

static double processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the interchange ---- */

struct bytes {
	char *p;
	size_t n, room;
};

static void put(struct bytes *b, const char *format, ...) PRINTF(2, 3);
static void put(struct bytes *b, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	b->n += (size_t)vsnprintf(b->p + b->n, b->room - b->n, format, values);
	va_end(values);
}

/* One goods item: thirteen segments. */
static void put_item(struct bytes *b, struct prng *r, unsigned item)
{
	unsigned mass = (unsigned)prng_below(r, 90000) + 10,
		 price = (unsigned)prng_below(r, 9000000);

	put(b, "CST+%u+%08u::ZZZ+40::ZZZ+00::ZZZ+1::ZZZ+TSP::ZZZ'", item,
	    (unsigned)prng_below(r, 99999999));
	put(b, "FTX+AAA+++Goods of kind %u?, new?: packed as sold'", (unsigned)prng_below(r, 5000));
	put(b, "LOC+27+%c%c++1'", (char)('A' + prng_below(r, 26)), (char)('A' + prng_below(r, 26)));
	put(b, "MEA+AAF+AAB+KGM:%u'MEA+AAF+AAA+KGM:%u'", mass, mass * 9 / 10);
	put(b, "PAC+%u++CT::ZZZ'PCI++LOT %u'", (unsigned)prng_below(r, 900) + 1,
	    (unsigned)prng_below(r, 100000));
	put(b, "MOA+66:%u.%02u:EUR'", price / 100, price % 100);
	put(b, "RFF+HS:%04u:TRC'RFF+AAQ:CSQU%07u'", (unsigned)prng_below(r, 9999),
	    (unsigned)prng_below(r, 9999999));
	put(b, "DOC+380::ZZZ:N+INV-%u::AC'DOC+705::ZZZ:N+BL%u::AC'",
	    (unsigned)prng_below(r, 1000000), (unsigned)prng_below(r, 1000000));
	put(b, "TAX+1+CUD::ZZZ+100::ZZZ++F::ZZZ'");
}

static void put_message(struct bytes *b, struct prng *r, unsigned number)
{
	put(b, "UNH+%u+CUSDEC:D:96B:UN'BGM+929:::IMA+BENCH-%u+9'", number, number);
	put(b, "LOC+22+XLHAR001'LOC+35+BR'LOC+28+XL'DTM+148:202601%02u:102'",
	    1 + (unsigned)prng_below(r, 28));
	put(b, "EQD+CN+CSQU%07u'TDT+11++1+++++%07u:::MV EXAMPLE:PA'",
	    (unsigned)prng_below(r, 9999999), (unsigned)prng_below(r, 9999999));
	put(b,
	    "NAD+DT+XL%09u'NAD+IM+XL%09u++Example Trading Co+Harbour Street "
	    "%u+Harbourgate++20457+XL'",
	    (unsigned)prng_below(r, 999999999), (unsigned)prng_below(r, 999999999),
	    (unsigned)prng_below(r, 200));
	put(b, "MOA+39:%u.00:EUR'UNS+D'", (unsigned)prng_below(r, 1000000));
	put_item(b, r, 1);
	put_item(b, r, 2);
	put(b, "UNS+S'CNT+5:2'UNT+%u+%u'", 12 + 2 * 13 + 3, number);
}

static struct bytes make(size_t size)
{
	struct bytes b = {malloc(size + 65536), 0, size + 65536};
	struct prng r = prng_of(1, 1);
	unsigned n = 0;

	BUG_ON(!b.p);
	put(&b, "UNB+UNOC:3+BENCH+CUSTOMS+260101:1200+1'");
	while (b.n < size)
		put_message(&b, &r, ++n);
	put(&b, "UNZ+%u+1'", n);
	return b;
}

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

/* Cut, checked, into declarations: none has an error of form. */
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
		BUG_ON(msg_read(a, message, NULL, &m, &f, &fault) || f.errors);
		BUG_ON(m.declaration.shipment.items.n != 2);
		n++;
	}
	start = processor_seconds() - start;
	msg_cutter_close(c);
	free(c);
	arena_free(a);
	*ret_messages = (double)n / start;
	return (double)b->n / 1e6 / start;
}

int main(int argc, char **argv)
{
	size_t megabytes = argc == 2 ? strtoul(argv[1], NULL, 10) : 100;
	struct bytes b = make(megabytes * 1000000);
	double messages, rate;
	char name[60];

	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		FILE *f = fopen(argv[2], "wb");

		if (!f || fwrite(b.p, 1, b.n, f) != b.n || fclose(f))
			return 1;
		return 0;
	}
	for (uint32_t i = 0; edifact_scan_name(i); i++) {
		snprintf(name, sizeof(name), "edifact tokens, %s", edifact_scan_name(i));
		figure(name, token_rate(&b, i), "MB/s");
	}
	rate = declaration_rate(&b, &messages);
	figure("edifact to declarations, checked", rate, "MB/s");
	figure("edifact messages to declarations", messages, "1/s");
	free(b.p);
	return 0;
}
