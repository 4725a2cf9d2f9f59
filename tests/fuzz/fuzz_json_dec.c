/* msg_read() of JSON over any bytes, and msg_next(), whose pieces are the file. */
#include "fuzz_msg.h"
#include "msg/cut.h"

static void check_pieces(struct span file)
{
	const char *behind = file.p;
	struct span rest = file, one;

	while (msg_next(&rest, &one)) {
		BUG_ON(!one.n || one.p < behind || one.p + one.n > file.p + file.n || !one.line);
		BUG_ON(one.p + one.n != rest.p);
		behind = rest.p;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_pieces(fuzz_span(data, size));
	return fuzz_one_message(data, size, "json");
}
