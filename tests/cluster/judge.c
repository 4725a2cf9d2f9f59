/* judge: compares what clients were told (flood.c's history) with what may be told. It knows nothing of the hub but this:
 *
 *   - a trader's reference belongs to one case: whoever sends the same message hears the same movement reference, and once
 *     there is an answer, the same answer to the byte;
 *   - two trader's references of declarations never share a movement reference;
 *   - the version of a case is a register that grows. A write is acknowledged with the version it made. Histories are
 *     linearizable: what begins after an answer that named version n is told n or more; no answer names a version that no
 *     write can have made by then; nobody is told that a case is missing of which somebody had been told before.
 *   - when every message was answered in the end, each version up to the highest was acknowledged to somebody: one that was not
 *     is a message that was decided twice.
 *
 *   judge HISTORY... [--stored FILE]     (-: standard input)
 *
 * --stored: what the store holds in the end, a line a case: "trader's-reference movement-reference version", blanks between. No
 * acknowledged case or version may be missing there, nothing may be there twice, and nothing that nobody sent.
 *
 * Prints one line a fault, at most 20, then one JSON line of figures: attempts, answers, attempts without one, acknowledged
 * writes, and, in milliseconds, the longest time between two acknowledged writes and the longest from a write's first attempt to
 * its answer. Exit status 1 when there is a fault, 2 when a file cannot be read. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 96, FAULTS_SHOWN = 20 };

struct attempt {
	int version;
	long status;
	char op[8], key[NAME_BYTES], reference[NAME_BYTES];
	int64_t began, ended;
	uint64_t digest;
};

struct stored {
	char key[NAME_BYTES], reference[NAME_BYTES];
	int version;
};

static struct attempt *all;
static struct stored *kept;
static size_t count, kept_count, faults;

static void __attribute__((format(printf, 1, 2))) fault(const char *format, ...)
{
	va_list args;

	if (faults++ >= FAULTS_SHOWN)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void *grow(void *p, size_t n, size_t size)
{
	/* At powers of two only. */
	if (n & (n - 1))
		return p;
	p = realloc(p, (n ? 2 * n : 1) * size);
	if (!p) {
		perror("judge");
		exit(2);
	}
	return p;
}

/* A line's fields, parted by blanks. false: there are not as many, or one is too long. */
static bool cut(char *text, char *field[], int wanted)
{
	char *rest = text, *word;
	int n = 0;

	while ((word = strtok_r(n ? NULL : text, " \n", &rest))) {
		if (n == wanted || strlen(word) >= NAME_BYTES)
			return false;
		field[n++] = word;
	}
	return n == wanted;
}

static void copy_name(char *to, const char *from)
{
	memcpy(to, from, strlen(from) + 1);
}

static bool take_attempt(char *text)
{
	struct attempt a = {0};
	char *f[9];

	if (!cut(text, f, 9) || strlen(f[1]) >= sizeof(a.op))
		return false;
	copy_name(a.op, f[1]);
	copy_name(a.key, f[2]);
	copy_name(a.reference, f[6]);
	a.began = strtoll(f[3], NULL, 10);
	a.ended = strtoll(f[4], NULL, 10);
	a.status = strtol(f[5], NULL, 10);
	a.version = (int)strtol(f[7], NULL, 10);
	a.digest = strtoull(f[8], NULL, 16);
	all = grow(all, count, sizeof(*all));
	all[count++] = a;
	return true;
}

static bool take_stored(char *text)
{
	struct stored s = {0};
	char *f[3];

	if (!cut(text, f, 3))
		return false;
	copy_name(s.key, f[0]);
	copy_name(s.reference, f[1]);
	s.version = (int)strtol(f[2], NULL, 10);
	kept = grow(kept, kept_count, sizeof(*kept));
	kept[kept_count++] = s;
	return true;
}

static bool read_lines(const char *path, bool (*take)(char *text))
{
	FILE *in = strcmp(path, "-") != 0 ? fopen(path, "r") : stdin;
	char *text = NULL;
	size_t room = 0;
	bool good = in != NULL;

	while (good && getline(&text, &room, in) > 0)
		good = take(text);
	free(text);
	if (in && in != stdin)
		fclose(in);
	return good;
}

static bool is(const struct attempt *a, const char *op)
{
	return !strcmp(a->op, op);
}

/* Of a message that was taken: 201 with its case. */
static bool acknowledged(const struct attempt *a)
{
	return !is(a, "read") && a->status / 100 == 2 && a->version > 0;
}

static int by_key(const void *x, const void *y)
{
	const struct attempt *a = x, *b = y;
	int order = strcmp(a->key, b->key);

	return order ? order : (a->began > b->began) - (a->began < b->began);
}

/* One key's messages, first attempt first. */
static void judge_key(const struct attempt *a, size_t n)
{
	const struct attempt *first = NULL;

	for (size_t i = 0; i < n; i++) {
		if (is(&a[i], "read") || !acknowledged(&a[i]))
			continue;
		if (!first) {
			first = &a[i];
		} else if (strcmp(first->reference, a[i].reference) ||
			   first->version != a[i].version) {
			fault("%s was decided twice: %s version %d, then %s version %d", a[i].key,
			      first->reference, first->version, a[i].reference, a[i].version);
		} else if (first->digest != a[i].digest) {
			fault("%s got another answer when it was sent again (%s)", a[i].key,
			      a[i].reference);
		}
	}
	if (!first)
		return;
	for (size_t i = 0; i < n; i++)
		if (!is(&a[i], "read") && a[i].began > first->ended && a[i].status / 100 == 4 &&
		    a[i].status != 429)
			fault("%s was acknowledged, and refused with %ld when it was sent again",
			      a[i].key, a[i].status);
}

static void each_key(void (*judge)(const struct attempt *a, size_t n))
{
	size_t from = 0;

	qsort(all, count, sizeof(*all), by_key);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && !strcmp(all[i].key, all[from].key))
			continue;
		judge(all + from, i - from);
		from = i;
	}
}

/* ---- each case as a register ---- */

struct event {
	char reference[NAME_BYTES], key[NAME_BYTES];
	/* of the whole write: its first attempt, and the end of the one that was answered */
	int64_t began, ended;
	int version;
	bool writes;
};

static struct event *event;
static size_t events;

static void add_event(const struct attempt *a, int64_t from, bool writes, int version)
{
	struct event e = {.began = from, .ended = a->ended, .version = version, .writes = writes};

	copy_name(e.reference, a->reference);
	copy_name(e.key, a->key);
	event = grow(event, events, sizeof(*event));
	event[events++] = e;
}

/* Reads name the case by their key. A write counts from its first attempt; a repeat is no write and tells nothing of now. */
static void collect(const struct attempt *a, size_t n)
{
	const struct attempt *first = NULL;

	for (size_t i = 0; i < n; i++) {
		if (is(&a[i], "read")) {
			struct attempt read = a[i];

			copy_name(read.reference, read.key);
			if (read.status == 200 || read.status == 404)
				add_event(&read, read.began, false,
					  read.status == 200 ? read.version : 0);
			continue;
		}
		if (!first)
			first = &a[i];
		if (!is(&a[i], "repeat") && acknowledged(&a[i])) {
			add_event(&a[i], first->began, true, a[i].version);
			return;
		}
	}
}

static int by_reference(const void *x, const void *y)
{
	const struct event *a = x, *b = y;
	int order = strcmp(a->reference, b->reference);

	if (order)
		return order;
	return (a->ended > b->ended) - (a->ended < b->ended);
}

/* Versions that were known to be there when this began: the highest that an answer named which had come before. */
static void judge_register(const struct event *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int known = 0;

		for (size_t j = 0; j < n && e[j].ended < e[i].began; j++)
			if (e[j].version > known)
				known = e[j].version;
		if (!e[i].writes && e[i].version < known)
			fault("%s: version %d had been told, a later reading says %d",
			      e[i].reference, known, e[i].version);
		if (e[i].writes && e[i].version <= known)
			fault("%s: version %d had been told before %s began, which made version %d",
			      e[i].reference, known, e[i].key, e[i].version);
		for (size_t j = 0; j < n && !e[i].writes; j++)
			if (e[j].writes && e[j].version == e[i].version && e[j].began > e[i].ended)
				fault("%s: version %d was told before anybody wrote it",
				      e[i].reference, e[i].version);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && e[i].writes; j++)
			if (e[j].writes && e[j].version == e[i].version)
				fault("%s: %s and %s both made version %d", e[i].reference,
				      e[i].key, e[j].key, e[i].version);
}

/* Messages that were never answered: whether they were decided nobody can tell. */
static size_t open_keys;

static void count_open(const struct attempt *a, size_t n)
{
	bool answered = false;

	for (size_t i = 0; i < n; i++)
		answered |= is(&a[i], "read") ||
			    (a[i].status && a[i].status / 100 != 5 && a[i].status != 429);
	open_keys += !answered;
}

static void judge_gaps(const struct event *e, size_t n)
{
	int highest = 0;

	for (size_t i = 0; i < n; i++)
		if (e[i].version > highest)
			highest = e[i].version;
	for (int version = 1; version <= highest && !open_keys; version++) {
		bool written = false;

		for (size_t i = 0; i < n; i++)
			written |= e[i].writes && e[i].version == version;
		if (!written)
			fault("%s: version %d was acknowledged to nobody: a message was decided "
			      "twice",
			      e->reference, version);
	}
}

static int by_stored_reference(const void *x, const void *y)
{
	return strcmp(((const struct stored *)x)->reference, ((const struct stored *)y)->reference);
}

/* The highest version that anybody was told, against the store. */
static void judge_kept(const struct event *e, size_t n)
{
	const struct stored *s;
	struct stored wanted;
	int highest = 0;

	for (size_t i = 0; i < n; i++)
		if (e[i].version > highest)
			highest = e[i].version;
	copy_name(wanted.reference, e->reference);
	s = bsearch(&wanted, kept, kept_count, sizeof(*kept), by_stored_reference);
	if (highest && !s)
		fault("%s was told and is not in the store", e->reference);
	else if (highest && (s->version < highest || (s->version > highest && !open_keys)))
		fault("%s: version %d was told, the store holds %d", e->reference, highest,
		      s->version);
}

static void each_register(void (*judge)(const struct event *e, size_t n))
{
	size_t from = 0;

	qsort(event, events, sizeof(*event), by_reference);
	for (size_t i = 1; i <= events; i++) {
		if (i < events && !strcmp(event[i].reference, event[from].reference))
			continue;
		judge(event + from, i - from);
		from = i;
	}
}

/* ---- what the store holds ---- */

static int by_stored_key(const void *x, const void *y)
{
	return strcmp(((const struct stored *)x)->key, ((const struct stored *)y)->key);
}

static int find_key(const void *key, const void *attempt)
{
	return strcmp(key, ((const struct attempt *)attempt)->key);
}

static void judge_stored_key(const struct attempt *a, size_t n)
{
	struct stored wanted, *s;

	for (size_t i = 0; i < n; i++) {
		if (!is(&a[i], "submit") || !acknowledged(&a[i]))
			continue;
		copy_name(wanted.key, a[i].key);
		s = bsearch(&wanted, kept, kept_count, sizeof(*kept), by_stored_key);
		if (!s)
			fault("%s was acknowledged as %s and is not in the store", a[i].key,
			      a[i].reference);
		else if (strcmp(s->reference, a[i].reference) != 0)
			fault("%s was acknowledged as %s and is stored as %s", a[i].key,
			      a[i].reference, s->reference);
		return;
	}
}

static void judge_stored(void)
{
	qsort(kept, kept_count, sizeof(*kept), by_stored_key);
	for (size_t i = 1; i < kept_count; i++)
		if (!strcmp(kept[i - 1].key, kept[i].key))
			fault("%s is in the store twice, as %s and %s", kept[i].key,
			      kept[i - 1].reference, kept[i].reference);
	each_key(judge_stored_key);
	for (size_t i = 0; i < kept_count; i++)
		if (!bsearch(kept[i].key, all, count, sizeof(*all), find_key))
			fault("%s is in the store and nobody sent it", kept[i].key);
	qsort(kept, kept_count, sizeof(*kept), by_stored_reference);
	each_register(judge_kept);
}

/* ---- figures ---- */

static int by_end(const void *x, const void *y)
{
	const struct event *a = x, *b = y;

	return (a->ended > b->ended) - (a->ended < b->ended);
}

static void print_figures(void)
{
	size_t answers = 0, unanswered = 0, writes = 0;
	int64_t pause = 0, longest = 0, last = 0;

	for (size_t i = 0; i < count; i++) {
		answers += all[i].status && all[i].status / 100 != 5;
		unanswered += !all[i].status || all[i].status / 100 == 5;
	}
	qsort(event, events, sizeof(*event), by_end);
	for (size_t i = 0; i < events; i++) {
		if (!event[i].writes)
			continue;
		writes++;
		if (last && event[i].ended - last > pause)
			pause = event[i].ended - last;
		last = event[i].ended;
		if (event[i].ended - event[i].began > longest)
			longest = event[i].ended - event[i].began;
	}
	printf("{\"attempts\":%zu,\"answers\":%zu,\"unanswered\":%zu,\"writes\":%zu,\"pause_ms\":"
	       "%" PRId64 ",\"longest_ms\":%" PRId64 ",\"faults\":%zu}\n",
	       count, answers, unanswered, writes, pause / 1000, longest / 1000, faults);
}

int main(int argc, char **argv)
{
	bool with_store = false;

	for (int i = 1; i < argc; i++) {
		bool stored = !strcmp(argv[i], "--stored") && i + 1 < argc;
		const char *path = argv[stored ? ++i : i];

		with_store |= stored;
		if (!read_lines(path, stored ? take_stored : take_attempt)) {
			fprintf(stderr, "judge: %s cannot be read\n", path);
			return 2;
		}
	}
	if (!count) {
		fputs("judge: there is no history\n", stderr);
		return 2;
	}
	each_key(judge_key);
	each_key(collect);
	each_key(count_open);
	each_register(judge_register);
	each_register(judge_gaps);
	if (with_store)
		judge_stored();
	print_figures();
	return faults > 0;
}
