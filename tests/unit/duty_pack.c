#include "duty_pack.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "proof_check.h"

static const char *root(void)
{
	const char *top = getenv("CUSTOMHOUSE_ROOT");

	return top ? top : ".";
}

struct span duty_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *bytes;
	long size;

	if (!f)
		return (struct span){NULL, 0, 0};
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	bytes = arena_try(a, (size_t)size + 1);
	if (!bytes || fread(bytes, 1, (size_t)size, f) != (size_t)size)
		size = 0;
	fclose(f);
	return (struct span){bytes, (uint32_t)size, 1};
}

struct span duty_tree_file(struct arena *a, const char *folder, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s/%s", root(), folder, name);
	return duty_file(a, path);
}

struct load {
	struct arena *arena;
	struct pack_file files[32];
	uint32_t n;
	const char *folder, *over;
	uint64_t shuffle; /* 0: rows stay in order */
	const struct refset *set;
	struct pack_faults faults;
	enum err err;
};

static void add_folder(struct load *l, const char *folder)
{
	char path[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", root(), folder);
	dir = opendir(path);
	BUG_ON(!dir);
	while ((entry = readdir(dir))) {
		struct span name = span_of(entry->d_name);
		uint32_t i = 0;

		if (pack_part_of(name) != PACK_TABLES)
			continue;
		while (i < l->n && !span_equal(l->files[i].name, name))
			i++;
		BUG_ON(i == ARRAY_LEN(l->files));
		l->n += i == l->n;
		l->files[i].name = (struct span){arena_copy(l->arena, name.p, name.n), name.n, 0};
		l->files[i].bytes = duty_tree_file(l->arena, folder, entry->d_name);
	}
	closedir(dir);
}

/* Rows behind the head, in another order. Rows of a line each; settings and the first row of a group stand where they stand. */
static void shuffle(struct load *l, struct pack_file *f)
{
	struct span rest = f->bytes, *row = ARENA_ARRAY(l->arena, struct span, f->bytes.n);
	char *to = arena_alloc(l->arena, f->bytes.n + 1);
	uint32_t n = 0, at = 0;

	if (span_is(f->name, "pack.csv") || span_is(f->name, "areas.csv"))
		return;
	while (rest.n) {
		struct span line = span_cut(&rest, '\n');

		if (line.n && line.p[0] != '#')
			row[n++] = line;
	}
	for (uint32_t i = n; i > 2; i--) {
		uint32_t k;
		struct span other = row[i - 1];

		l->shuffle = l->shuffle * UINT64_C(6364136223846793005) + 1442695040888963407;
		k = 1 + (uint32_t)(l->shuffle >> 33) % (i - 1);
		row[i - 1] = row[k];
		row[k] = other;
	}
	for (uint32_t i = 0; i < n; i++) {
		memcpy(to + at, row[i].p, row[i].n);
		at += row[i].n;
		to[at++] = '\n';
	}
	f->bytes = (struct span){to, at, 1};
}

static void load(void *context)
{
	struct load *l = context;

	add_folder(l, l->folder);
	if (l->over)
		add_folder(l, l->over);
	for (uint32_t i = 0; l->shuffle && i < l->n; i++)
		shuffle(l, &l->files[i]);
	l->err = ref_load(l->arena, pack_archive(l->arena, l->files, l->n), SPAN(""), &l->set,
			  &l->faults);
}

const struct refset *duty_pack_load(struct arena *a, const char *folder, const char *over)
{
	return duty_pack_shuffled(a, folder, over, 0);
}

const struct refset *duty_pack_shuffled(struct arena *a, const char *folder, const char *over,
					uint64_t seed)
{
	struct load l = {
	    .arena = a, .folder = folder, .over = over, .shuffle = seed, .faults = {.arena = a}};

	if (arena_run(a, load, &l))
		return NULL;
	for (uint32_t i = 0; i < l.faults.list.n; i++) {
		const struct pack_fault *f = &l.faults.list.v[i];

		fprintf(stderr, "%s: %.*s:%u:%u: %s: %s\n", folder, SPAN_ARG(f->file), f->line,
			f->column, f->rule, f->text);
	}
	return l.err ? NULL : l.set;
}

/* ---- proofs ---- */

/* Shares of one whole, told apart by label (and by measure, for levies). */
struct whole {
	struct span label, measure;
	__int128 total, parts; /* in millionths */
};

struct checking {
	const char *name;
	int steps;
	bool failed;
	struct whole wholes[64];
	uint32_t n;
};

static __int128 millionths(const struct proof_value *v)
{
	return v->over * 1000000 / v->under;
}

static struct span before_comma(struct span s)
{
	const char *comma = s.n ? memchr(s.p, ',', s.n) : NULL;

	return comma ? (struct span){s.p, (uint32_t)(comma - s.p), 0} : s;
}

static void note_share(struct checking *c, const struct proof_check *p, struct span measure)
{
	struct span label = before_comma(p->label);
	uint32_t i = 0;

	while (i < c->n && !(span_equal(c->wholes[i].label, label) &&
			     span_equal(c->wholes[i].measure, measure)))
		i++;
	if (i == c->n) {
		BUG_ON(c->n == ARRAY_LEN(c->wholes));
		c->wholes[c->n++] = (struct whole){label, measure, millionths(&p->first), 0};
	}
	c->wholes[i].parts += millionths(&p->result);
}

static void check_proof(struct checking *c, const struct proof *proof, struct span measure)
{
	struct proof_check p;

	for (uint32_t i = 0; i < proof->steps.n; i++) {
		proof_check(proof->steps.v[i], &p);
		c->steps++;
		if (p.fault) {
			fprintf(stderr, "%s: %s: %.*s\n", c->name, p.fault,
				SPAN_ARG(proof->steps.v[i]));
			c->failed = true;
		} else if (span_is(p.rule, "apportioned")) {
			note_share(c, &p, measure);
		}
	}
}

static void check_that(struct checking *c, bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s\n", c->name, what);
	c->failed = true;
}

int duty_proofs_check(const struct assessment *a, const char *name)
{
	struct checking c = {.name = name};
	int64_t due = 0, value = 0;

	for (uint32_t i = 0; i < a->items; i++) {
		check_proof(&c, &a->values[i].proof, SPAN(""));
		value += a->values[i].customs_value.minor;
	}
	for (uint32_t i = 0; i < a->lines.n; i++) {
		const struct tax_line *line = &a->lines.v[i];

		check_proof(&c, &line->proof, line->measure);
		check_that(&c, line->proof.steps.n > 0, "a line without proof");
		check_that(&c, line->amount.minor >= 0 || line->base.minor < 0,
			   "a negative amount");
		if (line->state == TAX_DUE)
			due += line->amount.minor;
	}
	for (uint32_t i = 0; i < c.n && a->complete; i++)
		check_that(&c, c.wholes[i].parts == c.wholes[i].total,
			   "shares do not add up to their whole");
	if (a->complete) {
		check_that(&c, due == a->total_due.minor, "lines do not add up to the total due");
		check_that(&c, value == a->total_value.minor,
			   "values do not add up to the total value");
	}
	return c.failed ? -1 : c.steps;
}
