#include <stdlib.h>

#include "base/limits.h"
#include "ref/loader.h"

struct opened {
	struct pack_file *files;
	uint32_t n;
};

static bool open_part(struct loader *l, struct span archive, enum pack_part part,
		      struct opened *ret)
{
	*ret = (struct opened){0};
	if (part == PACK_LISTS && !archive.n)
		return true;
	if (!pack_open(l->arena, archive, &ret->files, &ret->n))
		return true;
	LOAD_FAULT(l, 0, 0, "archive.format", "the archive of part \"%s\" cannot be read",
		   pack_part_name(part));
	return false;
}

static bool is_table(struct span name, enum pack_part part)
{
	for (uint32_t i = 0; i < TABLES; i++)
		if (span_is(name, tables[i].file))
			return pack_part_of(name) == part;
	return false;
}

static void refuse_strangers(struct loader *l, const struct opened *o, enum pack_part part)
{
	for (uint32_t i = 0; i < o->n; i++) {
		if (is_table(o->files[i].name, part))
			continue;
		l->file = o->files[i].name;
		LOAD_FAULT(l, 0, 0, "file.unknown", "a pack has no such table");
	}
}

static const struct pack_file *file_named(const struct opened *o, const char *name)
{
	for (uint32_t i = 0; i < o->n; i++)
		if (span_is(o->files[i].name, name))
			return &o->files[i];
	return NULL;
}

static void read_table(struct loader *l, const struct table *t, const struct opened *parts)
{
	const struct opened *part = &parts[pack_part_of(span_of(t->file))];
	const struct pack_file *file = file_named(part, t->file);

	l->file = span_of(t->file);
	if (file) {
		table_read(l, t, file->bytes);
	} else if (t->required) {
		l->unread[t - tables] = true;
		LOAD_FAULT(l, 0, 0, "file.missing", "this table is missing");
	}
}

static struct refset *new_set(struct arena *a)
{
	struct refset *s = ARENA_NEW(a, struct refset);
	struct map empty = map_in(a);

	s->settings = s->lists = s->rates = s->commodities = s->areas = empty;
	s->quota_periods = s->quota_stops = empty;
	s->conditions = s->footnotes = s->regulations = s->measure_types = s->components = empty;
	s->procedures = s->measures = s->permits = s->value_lists = s->origin = empty;
	return s;
}

/* By place, so that a person can go through a file from top to bottom. */
static int by_place(const void *a, const void *b)
{
	const struct pack_fault *x = a, *y = b;
	int file = span_compare(x->file, y->file);

	if (file)
		return file;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	file = strcmp(x->rule, y->rule);
	return file ? file : strcmp(x->text, y->text);
}

/* Reads everything into l->set. */
static void load_tables(struct loader *l, struct span tables_archive, struct span lists_archive)
{
	struct opened parts[PACK_PARTS] = {0};
	struct pack_faults *faults = l->faults;
	uint32_t before = faults->list.n;

	l->set = new_set(l->arena);
	l->measures.by_key = l->expressions = l->corrections = map_in(l->scratch);
	l->rates.by_key = l->corrected_rates.by_key = map_in(l->scratch);
	if (open_part(l, tables_archive, PACK_TABLES, &parts[PACK_TABLES]) &&
	    open_part(l, lists_archive, PACK_LISTS, &parts[PACK_LISTS])) {
		refuse_strangers(l, &parts[PACK_TABLES], PACK_TABLES);
		refuse_strangers(l, &parts[PACK_LISTS], PACK_LISTS);
		for (uint32_t i = 0; i < TABLES; i++)
			read_table(l, &tables[i], parts);
		if (!l->unread[TABLE_PACK])
			settings_read(l);
	}
	if (faults->list.n > before)
		qsort(faults->list.v + before, faults->list.n - before, sizeof(*faults->list.v),
		      by_place);
}

struct loading {
	struct loader *l;
	struct span tables, lists;
	enum err scratch;
};

static void load_with_scratch(void *context)
{
	struct loading *x = context;

	load_tables(x->l, x->tables, x->lists);
}

static void load(void *context)
{
	struct loading *x = context;

	x->scratch = arena_run(x->l->scratch, load_with_scratch, x);
}

/* What only loading needs, some half of it, lies in an arena of its own, which has to go however loading ends: memory of the
 * snapshot's arena that ends leaves load() for here, and only then what called us. */
enum err ref_load(struct arena *a, struct span tables_archive, struct span lists_archive,
		  const struct refset **ret, struct pack_faults *faults)
{
	struct loader *l = ARENA_NEW(a, struct loader);
	struct loading x = {.l = l, .tables = tables_archive, .lists = lists_archive};
	enum err e;

	l->arena = a;
	l->faults = faults;
	l->scratch = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	if (!l->scratch)
		return ERR_NOMEM;
	e = arena_run(a, load, &x);
	arena_free(l->scratch);
	l->scratch = NULL;
	if (e)
		arena_leave(a);
	if (x.scratch)
		return x.scratch;
	if (l->faulty)
		return ERR_FORMAT;
	*ret = l->set;
	return ERR_NONE;
}
