/* The conveyance of a cargo report as UN/EDIFACT CUSREP, in all directories that are built in, by the mapping maps/cusrep.map. */
#include "msg/cargo.h"
#include "msg/edi.h"
#include "msg/formats.h"

static bool cusrep_recognises(struct span bytes)
{
	return edi_begins(bytes, "CUSREP");
}

static enum err cusrep_read(struct arena *a, struct span bytes, struct cargo_message *ret,
			    struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_cargo_into(a, ret, f);

	return edi_read(&d, &edi_map_cusrep, bytes, ret_fault);
}

static void cusrep_write(struct text *to, const struct cargo_message *m)
{
	edi_write_cargo(to, &edi_map_cusrep, m);
}

const struct msg_format fmt_cusrep = {
    .id = "cusrep",
    .title = "UN/EDIFACT CUSREP",
    .version = "D.96B, D.01B, D.05B, D.12B, D.16B, D.21B",
    .messages = "conveyance of a cargo report: new (function 9), instead of one (5), withdrawn (1)",
    .content_type = "application/edifact",
    .suffix = ".edi",
    .carries = MSG_CARGO_REPORTS,
    .reads = true,
    .writes = true,
    .recognises = cusrep_recognises,
    .cut = edi_cut,
    .read_cargo = cusrep_read,
    .write_cargo = cusrep_write,
};
