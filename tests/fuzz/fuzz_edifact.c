/* Segments of any bytes: every way of scanning gives the same, values tile their segment, texts become UTF-8, and what is written
 * again is read as the same. */
#include "codec/edifact.h"
#include "fuzz.h"

static struct edifact reader, other;
static char window[EDIFACT_WINDOW];

static void check_value(struct arena *a, const struct edifact_segment *s, uint32_t i)
{
	const struct edifact_value *v = &s->values[i];
	struct span raw = edifact_raw(s, v), text;
	char release = reader.signs.release;

	BUG_ON(v->at + v->n > s->bytes || (i + 1 == s->count && v->at + v->n != s->bytes));
	BUG_ON(i + 1 < s->count && s->values[i + 1].at != v->at + v->n + 1);
	text = edifact_text(a, reader.charset, release, raw, v->released);
	BUG_ON(!text.p || !span_valid_utf8(text));
	BUG_ON(edifact_length(reader.charset, raw, v->released, release) > raw.n);
}

static void check_same(const struct edifact_segment *x, const struct edifact_segment *y)
{
	BUG_ON(x->bytes != y->bytes || x->line != y->line || x->offset != y->offset ||
	       x->number != y->number || x->count != y->count);
	BUG_ON(memcmp(x->p, y->p, x->bytes) != 0);
	BUG_ON(memcmp(x->values, y->values, x->count * sizeof(*x->values)) != 0);
}

/* The other reader's next segment, from a window that is filled in pieces. */
static enum err next_streamed(const char **p, size_t *n, size_t piece, struct edifact_segment *ret)
{
	enum err e;

	while ((e = edifact_next(&other, ret)) == ERR_RETRY) {
		size_t room;
		char *to = edifact_room(&other, &room);
		size_t take = *n < piece ? *n : piece;

		BUG_ON(take > room);
		memcpy(to, *p, take);
		*p += take;
		*n -= take;
		edifact_filled(&other, take, *n == 0);
	}
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	const char *p = (const char *)data;
	size_t left = size, piece = size ? 1u + data[size - 1] : 1;
	struct edifact_segment s, t;
	enum err e, f;

	edifact_over(&reader, p, size);
	edifact_scan_by(&reader, 0);
	edifact_stream(&other, window);
	do {
		e = edifact_next(&reader, &s);
		f = next_streamed(&p, &left, piece, &t);
		BUG_ON(e != f || reader.fault != other.fault);
		if (e)
			break;
		check_same(&s, &t);
		for (uint32_t i = 0; i < s.count; i++)
			check_value(a, &s, i);
		arena_reset(a);
	} while (true);
	BUG_ON(e == ERR_NOT_FOUND ? reader.fault : !reader.fault);
	BUG_ON(edifact_offset(&reader) > size);
	return 0;
}
