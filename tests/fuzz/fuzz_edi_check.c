/* msg_check() of messages of EDIFACT over any bytes, whatever type they are of. */
#include "fuzz.h"
#include "msg/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings f;
	struct codec_fault fault = {0};
	enum err e;

	e = msg_check(fuzz_arena(), fuzz_span(data, size), msg_format_by_id(SPAN("edifact")), &f,
		      &fault);
	BUG_ON(e && (!fault.line || !fault.column || !fault.text || !*fault.text));
	for (uint32_t i = 0; !e && i < f.list.n; i++) {
		BUG_ON(!span_valid_utf8(f.list.v[i].pointer));
		for (uint32_t j = 0; j < f.list.v[i].values; j++)
			BUG_ON(!span_valid_utf8(f.list.v[i].value[j]));
	}
	return 0;
}
