/* Any bytes: as what a damaged store gives, they end in an answer within bounds; as a text, they come back as they went in. */
#include "codec/compress.h"
#include "fuzz.h"

enum { MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct compressor *c;
	struct arena *a = fuzz_arena();
	const struct span given = fuzz_span(data, size);
	struct span small, back;
	enum err err;

	if (!c)
		c = compressor_new(SPAN("{\"reference\":\"\",\"taxes\":[{\"item\":1}]}"));
	BUG_ON(!c);
	err = decompress(c, a, given, MAX, &back);
	BUG_ON(err && err != ERR_FORMAT);
	BUG_ON(!err && (!back.n || back.n > MAX));
	small = compress(c, a, given);
	if (!small.p)
		return 0;
	BUG_ON(small.n > given.n - given.n / 8);
	if (given.n <= MAX)
		BUG_ON(decompress(c, a, small, MAX, &back) || !span_equal(back, given));
	return 0;
}
