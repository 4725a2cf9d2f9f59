/* msg_read() of EDIFACT over any bytes. */
#include "fuzz_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_one_message(data, size, "cusdec");
}
