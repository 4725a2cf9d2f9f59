/* A pack for a test: a folder of the tree, of which single files may be exchanged before it is loaded. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_REF_PACK_H
#define CUSTOMHOUSE_TESTS_UNIT_REF_PACK_H

#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "ref/ref.h"

struct test_pack {
	struct arena *arena;
	struct pack_file files[32];
	uint32_t n;
	struct span archive[PACK_PARTS];
	const struct refset *set;
	struct pack_faults faults;
	enum err err;
};

/* A file of the tree, named from its top. */
static inline struct span tree_file(struct arena *a, const char *folder, const char *name)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char path[4096];
	char *bytes;
	long size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%s", root ? root : ".", folder, name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("cannot read %s", path);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	bytes = arena_try(a, (size_t)size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)size, f), size);
	fclose(f);
	return (struct span){bytes, (uint32_t)size, 0};
}

static inline struct span test_copy(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	char *copy = arena_try(a, n + 1);

	assert_non_null(copy);
	memcpy(copy, text, n);
	return (struct span){copy, (uint32_t)n, 0};
}

/* Every file of a folder, named from the top of the tree, that belongs to a pack. */
static inline struct test_pack test_pack_folder(struct arena *a, const char *folder)
{
	struct test_pack p = {.arena = a, .faults = {.arena = a}};
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char path[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", root ? root : ".", folder);
	dir = opendir(path);
	if (!dir)
		fail_msg("cannot read %s", path);
	while ((entry = readdir(dir))) {
		if (pack_part_of(span_of(entry->d_name)) == PACK_PARTS)
			continue;
		assert_true(p.n < ARRAY_LEN(p.files));
		p.files[p.n].name = test_copy(a, entry->d_name);
		p.files[p.n++].bytes = tree_file(a, folder, entry->d_name);
	}
	closedir(dir);
	return p;
}

/* The same of tests/golden/packs/NAME. */
static inline struct test_pack test_pack(struct arena *a, const char *name)
{
	char folder[256];

	snprintf(folder, sizeof(folder), "tests/golden/packs/%s", name);
	return test_pack_folder(a, folder);
}

/* Gives a file other text; NULL takes it away; a new name adds it. */
static inline void test_pack_set(struct test_pack *p, const char *name, const char *text)
{
	uint32_t i = 0;

	while (i < p->n && !span_is(p->files[i].name, name))
		i++;
	if (!text) {
		assert_true(i < p->n);
		p->files[i] = p->files[--p->n];
		return;
	}
	assert_true(i < ARRAY_LEN(p->files));
	if (i == p->n)
		p->n++;
	p->files[i] = (struct pack_file){span_of(name), test_copy(p->arena, text)};
}

static inline void test_pack_join(struct test_pack *p, enum pack_part part)
{
	struct pack_file files[32];
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n; i++)
		if (pack_part_of(p->files[i].name) == part)
			files[n++] = p->files[i];
	p->archive[part] = n || part == PACK_TABLES ? pack_archive(p->arena, files, n) : SPAN("");
}

static inline void test_pack_run(void *context)
{
	struct test_pack *p = context;

	if (!p->archive[PACK_TABLES].p) {
		test_pack_join(p, PACK_TABLES);
		test_pack_join(p, PACK_LISTS);
	}
	p->err = ref_load(p->arena, p->archive[PACK_TABLES], p->archive[PACK_LISTS], &p->set,
			  &p->faults);
}

static inline enum err test_pack_load(struct test_pack *p)
{
	enum err e = arena_run(p->arena, test_pack_run, p);

	return e ? e : p->err;
}

/* "file:line:column: rule: text", a line each. */
static inline void test_pack_print(void *context)
{
	struct test_pack *p = context;
	struct text t = text_in(p->arena);

	for (uint32_t i = 0; i < p->faults.list.n; i++) {
		const struct pack_fault *f = &p->faults.list.v[i];

		text_print(&t, "%.*s:%u:%u: %s: %s\n", SPAN_ARG(f->file), f->line, f->column,
			   f->rule, f->text);
	}
	text_char(&t, '\0');
	p->archive[PACK_RULES] = (struct span){t.p, (uint32_t)t.n - 1, 0};
}

static inline struct span test_pack_faults(struct test_pack *p)
{
	assert_int_equal(arena_run(p->arena, test_pack_print, p), ERR_NONE);
	return p->archive[PACK_RULES];
}

static inline const struct refset *test_pack_good(struct test_pack *p)
{
	if (test_pack_load(p))
		fail_msg("the pack is refused:\n%s", test_pack_faults(p).p);
	assert_non_null(p->set);
	return p->set;
}

static inline int32_t test_day(const char *iso)
{
	int32_t day = 0;

	assert_int_equal(day_parse(span_of(iso), &day), ERR_NONE);
	return day;
}

#endif
