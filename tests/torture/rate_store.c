/* How many cases a second one core stores.
 *
 *     rate_store DIR [CASES [GROUP [BEFORE]]]
 *
 * Each case is what the settle writer stores of one declaration: three events (input 600 bytes, decision 1300, answer 400, which
 * is what 17 kB come to compressed; these are random and stay as they are), one row of the projection, one party's history, after
 * the look-ups that the decision needs. The store holds the projection of BEFORE cases already, for the keys of traders come in
 * no order and a grown index is what they cost. DIR should be empty and on a real disk. The hashes are not computed: they are not
 * the store's work. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "store/store.h"

enum { SENDERS = 300, HOLDERS = 5000, GROUP_MAX = 1024 };

static const struct part {
	const char *kind;
	uint32_t bytes;
} parts[] = {{"input", 600}, {"decision", 1300}, {"answer", 400}};

struct run {
	struct arena *arena;
	uint32_t first, group; /* the batch */
	int64_t seq;
	char payload[4000];
};

static uint64_t scatter(uint64_t n)
{
	n *= UINT64_C(0x9e3779b97f4a7c15);
	n ^= n >> 29;
	n *= UINT64_C(0xbf58476d1ce4e5b9);
	return n ^ n >> 32;
}

static struct span print(struct run *r, const char *format, unsigned long long n)
{
	char text[80];
	int length = snprintf(text, sizeof(text), format, n);
	char *copy = arena_try(r->arena, sizeof(text));

	BUG_ON(!copy || length < 0);
	memcpy(copy, text, (size_t)length);
	return (struct span){copy, (uint32_t)length, 0};
}

static struct store_declaration make_case(struct run *r, uint32_t n)
{
	return (struct store_declaration){
	    .office = SPAN("LF001"),
	    .reference = print(r, "26LFA%09llu7", n),
	    .version = 1,
	    .sender = print(r, "BROKER%04llu", scatter(n) % SENDERS),
	    .trader_reference = print(r, "TR-%012llx", scatter(n + 7) >> 16),
	    .input_sha256 =
		SPAN("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
	    .type = SPAN("IM"),
	    .state = n % 20 ? SPAN("released") : SPAN("held"),
	    .lane = n % 10 ? SPAN("green") : SPAN("red"),
	    .holder = print(r, "LFTIN%08llu", scatter(n + 3) % HOLDERS),
	    .items = 5,
	    .currency = SPAN("LFD"),
	    .total_minor = 123456,
	    .day = print(r, "2026-11-%02llu", 1 + n / 20000 % 28),
	    .decided_at = 1800000000000000 + n,
	    .input_seq = r->seq + 1,
	    .decision_seq = r->seq + 2,
	    .answer_seq = r->seq + 3,
	};
}

static enum err append_case(struct store *s, struct run *r, const struct store_declaration *d,
			    struct cause *why)
{
	enum err err = ERR_NONE;

	for (uint32_t i = 0; !err && i < ARRAY_LEN(parts); i++) {
		const struct event e = {
		    .office = d->office,
		    .seq = ++r->seq,
		    .kind = span_of(parts[i].kind),
		    .reference = d->reference,
		    .version = 1,
		    .at = d->decided_at,
		    .actor = d->sender,
		    .payload = {r->payload, parts[i].bytes, 0},
		};

		err = store_append_event(s, &e, why);
	}
	return err;
}

static enum err settle(struct store *s, void *context, struct cause *why)
{
	struct run *r = context;
	struct store_declaration *cases = arena_try(r->arena, r->group * sizeof(*cases));
	struct store_trader_key *keys = arena_try(r->arena, r->group * sizeof(*keys));
	struct store_declarations *found = arena_try(r->arena, r->group * sizeof(*found));
	struct span *holders = arena_try(r->arena, r->group * sizeof(*holders));
	struct store_party *parties = arena_try(r->arena, r->group * sizeof(*parties));
	enum err err;

	BUG_ON(!cases || !keys || !found || !holders || !parties);
	for (uint32_t i = 0; i < r->group; i++) {
		cases[i] = make_case(r, r->first + i);
		keys[i] = (struct store_trader_key){cases[i].office, cases[i].sender,
						    cases[i].trader_reference};
		holders[i] = cases[i].holder;
	}
	err = store_find_declarations(s, r->arena, keys, r->group, found, why);
	if (!err)
		err = store_get_parties(s, r->arena, holders, r->group, parties, why);
	for (uint32_t i = 0; !err && i < r->group; i++) {
		err = append_case(s, r, &cases[i], why);
		if (!err)
			err = store_put_declaration(s, &cases[i], why);
		parties[i].declared++;
		parties[i].first_day = parties[i].last_day = cases[i].day;
		if (!err)
			err = store_put_party(s, &parties[i], why);
	}
	return err;
}

/* What this process has handed to the kernel to write. */
static double bytes_written(void)
{
	unsigned long long bytes = 0;
	char line[80];
	FILE *in = fopen("/proc/self/io", "r");

	while (in && fgets(line, sizeof(line), in))
		(void)sscanf(line, "wchar: %llu", &bytes);
	if (in)
		fclose(in);
	return (double)bytes;
}

static enum err grow(struct store *s, void *context, struct cause *why)
{
	struct run *r = context;
	enum err err = ERR_NONE;

	for (uint32_t i = 0; !err && i < r->group; i++) {
		struct store_declaration d;

		if (i % 256 == 0)
			arena_reset(r->arena);
		d = make_case(r, r->first + i);
		err = store_put_declaration(s, &d, why);
	}
	return err;
}

static int compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int run(struct store *s, struct run *r, uint32_t cases, struct cause *why)
{
	const uint32_t batches = cases / r->group;
	int64_t *took = calloc(batches + 1, sizeof(*took));
	const int64_t began = clock_steady();
	const double cpu = cpu_seconds(), written = bytes_written(),
		     all = (double)batches * r->group;
	double seconds;
	int64_t p50, p99;
	struct rusage usage;

	BUG_ON(!took || !batches);
	for (uint32_t i = 0; i < batches; i++) {
		const int64_t start = clock_steady();

		arena_reset(r->arena);
		if (store_batch(s, settle, r, why)) {
			fprintf(stderr, "%s\n", why->text);
			free(took);
			return 1;
		}
		took[i] = clock_steady() - start;
		r->first += r->group;
	}
	seconds = (double)(clock_steady() - began) / 1e6;
	qsort(took, batches, sizeof(*took), compare);
	p50 = took[batches / 2];
	p99 = took[batches - 1 - batches / 100];
	getrusage(RUSAGE_SELF, &usage);
	printf("%.0f cases in groups of %u: %.0f a second, CPU %.1f us and %.1f kB written a case, "
	       "batch p50 %.1f ms, p99 %.1f ms, worst %.1f ms, resident %ld MiB\n",
	       all, r->group, all / seconds, (cpu_seconds() - cpu) * 1e6 / all,
	       (bytes_written() - written) / 1e3 / all, (double)p50 / 1e3, (double)p99 / 1e3,
	       (double)took[batches - 1] / 1e3, usage.ru_maxrss / 1024);
	free(took);
	return 0;
}

int main(int argc, char **argv)
{
	static struct run r;
	const struct store_options options = {.mode = STORE_OWN, .now = clock_now()};
	const uint32_t cases = argc > 2 ? (uint32_t)atoi(argv[2]) : 100000;
	const uint32_t before = argc > 4 ? (uint32_t)atoi(argv[4]) : 0;
	struct cause why = {0};
	struct store *s;
	int status = 0;

	if (argc < 2) {
		fprintf(stderr, "rate_store DIR [CASES [GROUP [BEFORE]]]\n");
		return 2;
	}
	r.group = argc > 3 ? (uint32_t)atoi(argv[3]) : 128;
	r.arena = arena_new(16 << 20);
	BUG_ON(!r.arena || r.group < 1 || r.group > GROUP_MAX);
	random_bytes(r.payload, sizeof(r.payload));
	if (store_open(argv[1], &options, &s, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	while (r.first < before && !status) {
		const uint32_t group = r.group;

		r.group = before - r.first < 20000 ? before - r.first : 20000;
		status = store_batch(s, grow, &r, &why) != ERR_NONE;
		r.first += r.group;
		r.group = group;
	}
	if (status)
		fprintf(stderr, "%s\n", why.text);
	else
		status = run(s, &r, cases, &why);
	store_close(s);
	arena_free(r.arena);
	return status;
}
