/* What holds for cutting any bytes in a format: it ends, pieces are within bounds, and whether the file comes at once or in
 * parts, it is cut the same. */
#ifndef CUSTOMHOUSE_TESTS_FUZZ_FUZZ_CUT_H
#define CUSTOMHOUSE_TESTS_FUZZ_FUZZ_CUT_H

#include "fuzz.h"
#include "msg/cut.h"

/* Messages, and a number that depends on all of them. */
struct fuzz_pieces {
	uint64_t n, sum;
};

static inline struct fuzz_pieces fuzz_cut(const struct msg_format *f, struct span file,
					  uint32_t first, uint32_t step)
{
	static struct msg_cutter c;
	struct fuzz_pieces p = {0, 1469598103934665603u};
	struct span rest = {file.p, first < file.n ? first : file.n, 0}, one;

	if (!c.arena)
		BUG_ON(msg_cutter_open(&c));
	msg_cutter_reset(&c);
	c.format = f;
	for (;;) {
		bool last = rest.p + rest.n == file.p + file.n;
		enum msg_cut got = msg_cut(&c, &rest, last, &one);

		if (got == MSG_CUT_END)
			return p;
		if (got == MSG_CUT_ONE) {
			BUG_ON(!one.line || ++p.n > (uint64_t)file.n + 1);
			for (uint32_t i = 0; i < one.n; i++)
				p.sum = (p.sum ^ (uint8_t)one.p[i]) * 1099511628211u;
			p.sum += one.line;
			continue;
		}
		BUG_ON(last);
		step = step < (uint32_t)(file.p + file.n - rest.p) - rest.n
			   ? step
			   : (uint32_t)(file.p + file.n - rest.p) - rest.n;
		rest.n += step;
	}
}

/* first: how many bytes tell what the file is. */
static inline void fuzz_check_cut(const char *format, struct span file, uint32_t first)
{
	const struct msg_format *f = msg_format_by_id(span_of(format));
	struct fuzz_pieces whole = fuzz_cut(f, file, file.n, 1), parts;

	parts = fuzz_cut(f, file, first, file.n > 4096 ? 1023 : 7);
	BUG_ON(whole.n != parts.n || whole.sum != parts.sum);
}

#endif
