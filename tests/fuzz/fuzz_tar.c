/* Any bytes as an archive of tar: what is found lies within it, a refusal says why, and files that are written are read again. */
#include "codec/tar.h"
#include "fuzz.h"

enum { MOST = 40, NAME_BYTES = 99 };

struct reading {
	struct arena *arena;
	struct span bytes;
};

static bool within(struct span whole, struct span part)
{
	return part.p >= whole.p && part.p <= whole.p + whole.n &&
	       part.n <= (size_t)(whole.p + whole.n - part.p);
}

static void write_again(struct reading *r, const struct tar_file *v, uint32_t n)
{
	struct text text = text_in(r->arena);
	struct tar_file *again;
	const char *why = NULL;
	uint32_t found;

	for (uint32_t i = 0; i < n; i++)
		tar_put(&text, v[i].name, v[i].bytes);
	tar_end(&text);
	BUG_ON(tar_read(r->arena, text_as_span(&text), MOST, &again, &found, &why) || found != n);
	for (uint32_t i = 0; i < n; i++)
		BUG_ON(!span_equal(v[i].name, again[i].name) ||
		       !span_equal(v[i].bytes, again[i].bytes));
}

static void read_archive(void *context)
{
	struct reading *r = context;
	struct tar_file *v = NULL;
	const char *why = NULL;
	uint32_t n = 0;
	bool plain = true;
	enum err e = tar_read(r->arena, r->bytes, MOST, &v, &n, &why);

	BUG_ON(e && e != ERR_LIMIT && (e != ERR_FORMAT || !why));
	if (e)
		return;
	BUG_ON(n > MOST);
	for (uint32_t i = 0; i < n; i++) {
		BUG_ON(!within(r->bytes, v[i].bytes));
		BUG_ON(!v[i].name.n || memchr(v[i].name.p, '/', v[i].name.n));
		plain = plain && v[i].name.n <= NAME_BYTES;
	}
	if (plain)
		write_again(r, v, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r = {fuzz_arena(), fuzz_span(data, size)};
	enum err e = arena_run(r.arena, read_archive, &r);

	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
