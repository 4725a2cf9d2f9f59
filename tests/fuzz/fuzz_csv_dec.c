/* msg_read() of tables over any bytes, and cutting them. */
#include "codec/csv.h"
#include "fuzz_cut.h"
#include "fuzz_msg.h"
#include "msg/csv_table.h"

/* The delimiter is that of the first row: it must be there whole. */
static uint32_t first_row(struct span s)
{
	uint32_t lines, n = csv_row_extent(s, csv_delimiter(s), &lines);

	return n ? n : s.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = fuzz_span(data, size);

	fuzz_check_cut("csv", s, first_row(s));
	return fuzz_one_message(data, size, "csv");
}
