#include <stdlib.h>

#include "base/limits.h"
#include "ref/ref.h"

static const char magic[] = "customhouse-pack 1\n";

enum { NAME_BYTES = 64 };

const char *pack_part_name(enum pack_part part)
{
	static const char *const names[] = {"pack", "rules", "lists", "none"};

	return names[part];
}

/* Names that mean the same on every file system and need no quoting in an archive or a report. */
static bool is_name(struct span s)
{
	if (s.n == 0 || s.n > NAME_BYTES || s.p[0] == '.' || s.p[0] == '-')
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

static bool ends_in(struct span s, const char *suffix)
{
	struct span end = span_of(suffix);

	return s.n > end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

enum pack_part pack_part_of(struct span file_name)
{
	if (!is_name(file_name))
		return PACK_PARTS;
	if (span_is(file_name, "lists.csv"))
		return PACK_LISTS;
	if (ends_in(file_name, ".rules"))
		return PACK_RULES;
	/* Any other table, also a misspelled one: ref_load() refuses names that it does not know. */
	return ends_in(file_name, ".csv") ? PACK_TABLES : PACK_PARTS;
}

static int by_name(const void *a, const void *b)
{
	const struct pack_file *x = a, *y = b;

	return span_compare(x->name, y->name);
}

struct span pack_archive(struct arena *a, struct pack_file *files, uint32_t n)
{
	struct text t = text_in(a);
	size_t total = sizeof(magic) - 1;

	if (n)
		qsort(files, n, sizeof(*files), by_name);
	for (uint32_t i = 0; i < n; i++) {
		BUG_ON(!is_name(files[i].name));
		BUG_ON(i && span_equal(files[i].name, files[i - 1].name));
		total += files[i].name.n + sizeof(" 4294967295\n") + files[i].bytes.n;
		BUG_ON(total > LIMIT_PACK_BYTES);
	}
	/* Exactly: a text that grows would double, and a pack may be large. */
	t.p = arena_alloc(a, total);
	t.room = total;
	text_string(&t, magic);
	for (uint32_t i = 0; i < n; i++) {
		text_span(&t, files[i].name);
		text_char(&t, ' ');
		text_int(&t, files[i].bytes.n);
		text_char(&t, '\n');
		text_span(&t, files[i].bytes);
	}
	return text_as_span(&t);
}

/* A length as text_int() writes it: only so do the same files always give the same bytes. */
static bool read_length(struct span s, uint32_t *ret)
{
	uint32_t value = 0;

	if (s.n == 0 || s.n > 9 || (s.p[0] == '0' && s.n > 1))
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(s.p[i] - '0');
	}
	*ret = value;
	return true;
}

static bool read_file(struct span *rest, struct pack_file *ret)
{
	struct span head = *rest;
	uint32_t n;

	/* Bounded, so that a hostile archive is not searched to its end for each file. */
	if (head.n > NAME_BYTES + 16)
		head.n = NAME_BYTES + 16;
	if (!head.n || !memchr(head.p, '\n', head.n))
		return false;
	head = span_cut(&head, '\n');
	rest->p += head.n + 1;
	rest->n -= head.n + 1;
	ret->name = span_cut(&head, ' ');
	if (!is_name(ret->name) || !read_length(head, &n) || n > rest->n)
		return false;
	ret->bytes = (struct span){rest->p, n, 1};
	rest->p += n;
	rest->n -= n;
	return true;
}

enum err pack_open(struct arena *a, struct span archive, struct pack_file **ret_files,
		   uint32_t *ret_n)
{
	DICT_LIST(struct pack_file) files = {0};
	struct span rest = archive;
	struct pack_file file, *new;

	if (archive.n > LIMIT_PACK_BYTES)
		return ERR_LIMIT;
	if (!span_starts(archive, SPAN(magic)))
		return ERR_FORMAT;
	rest.p += sizeof(magic) - 1;
	rest.n -= (uint32_t)sizeof(magic) - 1;
	while (rest.n) {
		if (files.n == LIMIT_PACK_FILES)
			return ERR_LIMIT;
		if (!read_file(&rest, &file))
			return ERR_FORMAT;
		if (files.n && span_compare(files.v[files.n - 1].name, file.name) >= 0)
			return ERR_FORMAT;
		new = arena_push(a, (void **)&files.v, &files.n, &files.room, sizeof(*new));
		*new = file;
	}
	*ret_files = files.v;
	*ret_n = files.n;
	return ERR_NONE;
}
